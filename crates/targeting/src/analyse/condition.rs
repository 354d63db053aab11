//! One test as the values on which it is true and those on which it is false.

use std::{collections::BTreeSet, rc::Rc};

use crate::{
    Comparison, Country, FieldRef, Kind, OPERATORS, OperatorRow, Test, check, kind, networks, text,
};

use super::{
    ordinal,
    ranges::Ranges,
    sentence,
    set::{Known, Set},
    texts::{Ask, Texts},
    variable::Variables,
};

/// A test that has been read.
#[derive(Debug)]
pub(super) struct Condition {
    pub(super) variable: usize,
    pub(super) field: FieldRef,
    /// Such as `Country is US`.
    pub(super) sentence: String,
    /// What it says where it is false, such as `Country is not US`.
    pub(super) denial: String,
    /// Whether it asks if anything is known at all.
    pub(super) exists: bool,
    /// Where it is true.
    pub(super) yes: Set,
    /// Where it is false; it is unknown wherever it is neither.
    pub(super) no: Set,
    /// Each of several listed values with the set that it alone stands for.
    pub(super) listed: Vec<(String, Set)>,
}

/// A list that is longer was not written by hand, and nobody would read of each of its values.
const MOST_LISTED: usize = 300;

impl Condition {
    /// None where the test cannot be read.
    pub(super) fn read(
        test: &Test,
        timezone: Option<&str>,
        variables: &mut Variables,
    ) -> Option<Condition> {
        let read = variables.of(test, timezone)?;
        let operator = OperatorRow::named(&test.operator)?;
        let texts = check::values(operator, test.value.as_ref()).ok()?;
        let kind = read.field.field().kind;
        let universe = variables.universe(read.variable);
        let fits = |texts: &[&str]| -> Option<Known> {
            let known = known(kind, operator.comparison, texts)?;
            Some(match (known, universe.all()) {
                (Known::Ranges(ranges), Known::Ranges(all)) if read.opposite => {
                    // Of two flags that are opposites the other one's true is this one's false.
                    let turned = ranges.iter().map(|(first, last)| (1 - last, 1 - first));
                    Known::Ranges(turned.collect::<Ranges>().and(&all))
                }
                (Known::Ranges(ranges), Known::Ranges(all)) => Known::Ranges(ranges.and(&all)),
                (known, _) => known,
            })
        };
        let borrowed: Vec<&str> = texts.iter().map(|text| &**text).collect();
        let is = if operator.comparison == Comparison::Exists {
            exists(&universe.all())
        } else {
            fits(&borrowed)?
        };
        let yes = Set::of(is);
        // Known and not this; what exists is false of is also whatever is unknown.
        let mut no = match yes.outside(universe).into_iter().next() {
            Some(outside) => outside,
            None => Set::of(universe.nothing()),
        };
        no.unknown &= operator.comparison == Comparison::Exists;
        let list = operator.comparison == Comparison::OneOf && !operator.negated;
        let mut listed = Vec::new();
        if list && (2..=MOST_LISTED).contains(&borrowed.len()) {
            for text in &borrowed {
                listed.push(((*text).to_owned(), Set::of(fits(&[text])?)));
            }
        }
        let (yes, no) = if operator.negated { (no, yes) } else { (yes, no) };
        let sentence = sentence::test(&read.field, operator, &borrowed);
        let opposite = OPERATORS.iter().find(|row| {
            let same = row.comparison == operator.comparison && row.arity == operator.arity;
            same && row.negated != operator.negated
        });
        let denial = match opposite {
            Some(opposite) => sentence::test(&read.field, opposite, &borrowed),
            None => format!("not: {sentence}"),
        };
        let exists = operator.comparison == Comparison::Exists;
        Some(Condition {
            variable: read.variable,
            field: read.field,
            sentence,
            denial,
            exists,
            yes,
            no,
            listed,
        })
    }

    pub(super) fn same(&self, other: &Condition) -> bool {
        self.variable == other.variable && self.yes == other.yes && self.no == other.no
    }
}

fn exists(all: &Known) -> Known {
    match all {
        Known::Ranges(ranges) => Known::Ranges(ranges.clone()),
        Known::Texts(_) => Known::Texts(Texts { yes: vec![Ask::NotEmpty], no: Vec::new() }),
    }
}

fn known(kind: Kind, comparison: Comparison, texts: &[&str]) -> Option<Known> {
    if comparison == Comparison::IsTrue {
        return Some(Known::Ranges(Ranges::span(1, 1)));
    }
    let points = |points: Option<Vec<u128>>| {
        Some(points?.into_iter().map(|point| (point, point)).collect::<Ranges>())
    };
    Some(Known::Ranges(match kind {
        Kind::Country => {
            let mut ordinals = Vec::new();
            for text in texts {
                let countries = kind::country(text).ok()?;
                let found = Country::all().filter(|country| countries.contains(*country));
                ordinals.extend(found.map(ordinal::country));
            }
            points(Some(ordinals))?
        }
        Kind::Continent => {
            let read = |text: &&str| kind::continent(text).ok().map(ordinal::continent);
            points(texts.iter().map(read).collect())?
        }
        Kind::Region => {
            let mut ordinals = Vec::new();
            for text in texts {
                ordinals.extend(kind::regions(text).ok()?.into_iter().filter_map(ordinal::region));
            }
            points(Some(ordinals))?
        }
        Kind::Flag => {
            points(texts.iter().map(|text| kind::flag(text).ok().map(u128::from)).collect())?
        }
        Kind::Number(numbers) => {
            let read = |text: &str| {
                let ordinal = ordinal::number(numbers.parse(text).ok()?, numbers.whole);
                Some((ordinal, ordinal))
            };
            order(comparison, texts, read)?
        }
        Kind::Version => {
            order(comparison, texts, |text| kind::version(text).ok().map(ordinal::versions))?
        }
        Kind::Date => order(comparison, texts, |text| {
            let day = ordinal::date(kind::date(text).ok()?);
            Some((day, day))
        })?,
        Kind::Address => {
            let nets: Option<Vec<_>> = texts.iter().map(|text| networks::parse(text)).collect();
            nets?.into_iter().flat_map(ordinal::addresses).collect()
        }
        Kind::Text | Kind::Name(_) | Kind::Domain | Kind::Languages => {
            let ask = ask(kind, comparison, texts)?;
            return Some(Known::Texts(Texts { yes: vec![ask], no: Vec::new() }));
        }
    }))
}

/// The values that compare so with a rule's, each of which stands for a span of ordinals.
fn order(
    comparison: Comparison,
    texts: &[&str],
    read: impl Fn(&str) -> Option<(u128, u128)>,
) -> Option<Ranges> {
    let spans: Option<Vec<(u128, u128)>> = texts.iter().map(|text| read(text)).collect();
    let spans = spans?;
    Some(match (comparison, spans.as_slice()) {
        (Comparison::Above, [(_, last)]) => match last.checked_add(1) {
            Some(next) => Ranges::span(next, u128::MAX),
            None => Ranges::none(),
        },
        (Comparison::Below, [(first, _)]) => match first.checked_sub(1) {
            Some(before) => Ranges::span(0, before),
            None => Ranges::none(),
        },
        (Comparison::Between, [(first, _), (_, last)]) => Ranges::span(*first, *last),
        (Comparison::OneOf, spans) => spans.iter().copied().collect(),
        _ => return None,
    })
}

fn ask(kind: Kind, comparison: Comparison, texts: &[&str]) -> Option<Ask> {
    let one = || texts.first().copied();
    let folded = |text: &str| text::fold(text).into_boxed_str();
    Some(match comparison {
        Comparison::Contains => Ask::Contains(folded(one()?)),
        Comparison::StartsWith => Ask::StartsWith(folded(one()?)),
        Comparison::EndsWith => Ask::EndsWith(folded(one()?)),
        Comparison::Matches => Ask::Matches(one()?.into()),
        Comparison::OneOf => {
            let mut words = BTreeSet::new();
            for text in texts {
                words.insert(match kind {
                    Kind::Name(names) => folded(kind::name(names, text).ok()?),
                    Kind::Domain => folded(&kind::domain(text).ok()?),
                    _ => folded(text),
                });
            }
            Ask::OneOf(Rc::new(words))
        }
        _ => return None,
    })
}
