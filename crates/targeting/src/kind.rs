//! What a field's values are: how a rule's are read, and which operators fit.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::{
    Comparison, Continent, Country, Numbers, OPERATORS, OperatorRow, Region, Version,
    check::Check,
    country::Countries,
    names::Names,
    networks,
    ordered::{OrderCheck, Ordered},
    request,
    text::{self, Shape, TextCheck},
};

#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Country,
    Continent,
    Region,
    Text,
    /// Text with one canonical name for many spellings.
    Name(&'static Names),
    /// A host, which its parents stand for too.
    Domain,
    Languages,
    Flag,
    Number(&'static Numbers),
    Version,
    Address,
    Date,
}

/// The length of one text in a rule, in bytes.
const LONGEST_TEXT: usize = 2_048;

impl Kind {
    /// The name that the API gives it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Country => "country",
            Kind::Continent => "continent",
            Kind::Region => "region",
            Kind::Text => "text",
            Kind::Name(_) => "name",
            Kind::Domain => "domain",
            Kind::Languages => "language",
            Kind::Flag => "flag",
            Kind::Number(_) => "number",
            Kind::Version => "version",
            Kind::Address => "address",
            Kind::Date => "date",
        }
    }

    /// The values that an editor can offer; none where there are too many to list.
    pub fn choices(self) -> Vec<&'static str> {
        match self {
            Kind::Continent => Continent::ALL.map(Continent::as_str).to_vec(),
            Kind::Name(names) => names.all().collect(),
            Kind::Flag => vec!["true", "false"],
            _ => Vec::new(),
        }
    }

    /// The operators that fit, in the table's order.
    pub fn operators(self) -> impl Iterator<Item = &'static OperatorRow> {
        OPERATORS.iter().filter(move |row| self.comparisons().contains(&row.comparison))
    }

    pub(crate) fn comparisons(self) -> &'static [Comparison] {
        use Comparison::{
            Above, Below, Between, Contains, EndsWith, Exists, IsTrue, Matches, OneOf, StartsWith,
        };
        match self {
            Kind::Country | Kind::Continent | Kind::Region | Kind::Address => &[OneOf, Exists],
            Kind::Text | Kind::Name(_) | Kind::Domain | Kind::Languages => {
                &[OneOf, Contains, StartsWith, EndsWith, Matches, Exists]
            }
            Kind::Flag => &[IsTrue, OneOf, Exists],
            Kind::Number(_) | Kind::Version | Kind::Date => &[OneOf, Above, Below, Between, Exists],
        }
    }

    /// Reads a rule's values once and for all.
    ///
    /// # Errors
    ///
    /// What is wrong with each value that cannot be read.
    pub(crate) fn check(
        self,
        comparison: Comparison,
        texts: &[Cow<'_, str>],
    ) -> Result<Check, Vec<String>> {
        match comparison {
            Comparison::Exists => return Ok(Check::Exists),
            Comparison::IsTrue => return Ok(Check::Flags { yes: true, no: false }),
            _ => (),
        }
        Ok(match self {
            Kind::Country => countries(&each(texts, country)?),
            Kind::Continent => {
                let bits = each(texts, continent)?.into_iter().map(|found| 1 << found as u8);
                Check::Continents(bits.fold(0, |set: u8, bit: u8| set | bit))
            }
            Kind::Region => {
                let mut regions = each(texts, regions)?.concat();
                regions.sort_unstable();
                regions.dedup();
                Check::Regions(regions.into_boxed_slice())
            }
            Kind::Text => Check::Text(text_check(comparison, texts, plain)?, Shape::Whole),
            Kind::Name(names) => {
                let check =
                    text_check(comparison, texts, |text| name(names, text).map(Cow::Borrowed))?;
                Check::Text(check, Shape::Whole)
            }
            Kind::Domain => Check::Text(text_check(comparison, texts, domain)?, Shape::Domain),
            Kind::Languages => Check::Text(text_check(comparison, texts, plain)?, Shape::Tag),
            Kind::Flag => {
                let flags = each(texts, flag)?;
                Check::Flags { yes: flags.contains(&true), no: flags.contains(&false) }
            }
            Kind::Number(numbers) => {
                Check::Numbers(order(comparison, each(texts, |text| numbers.parse(text))?)?)
            }
            Kind::Version => Check::Versions(order(comparison, each(texts, version)?)?),
            Kind::Date => Check::Dates(order(comparison, each(texts, date)?)?),
            Kind::Address => {
                Check::Addresses(Box::new(each(texts, network)?.into_iter().collect()))
            }
        })
    }
}

/// Reads every value, or says what is wrong with each that cannot be read.
fn each<T>(
    texts: &[Cow<'_, str>],
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<T>, Vec<String>> {
    let (mut values, mut wrong) = (Vec::with_capacity(texts.len()), Vec::new());
    for text in texts {
        match read(text) {
            Ok(value) => values.push(value),
            Err(why) => wrong.push(why),
        }
    }
    if wrong.is_empty() { Ok(values) } else { Err(wrong) }
}

fn order<T: Ordered>(comparison: Comparison, values: Vec<T>) -> Result<OrderCheck<T>, Vec<String>> {
    match (comparison, values.as_slice()) {
        (Comparison::Above, [bound]) => Ok(OrderCheck::Above(*bound)),
        (Comparison::Below, [bound]) => Ok(OrderCheck::Below(*bound)),
        (Comparison::Between, [low, high]) if high.sort(*low).is_lt() => {
            Err(vec!["must hold the lower value first".to_owned()])
        }
        (Comparison::Between, [low, high]) => Ok(OrderCheck::Between(*low, *high)),
        _ => Ok(OrderCheck::one_of(values)),
    }
}

fn text_check<'t>(
    comparison: Comparison,
    texts: &'t [Cow<'_, str>],
    whole: impl Fn(&'t str) -> Result<Cow<'t, str>, String>,
) -> Result<TextCheck, Vec<String>> {
    if let Some(text) = texts.iter().find(|text| LONGEST_TEXT < text.len()) {
        return Err(vec![format!("holds a text of {} bytes, over {LONGEST_TEXT}", text.len())]);
    }
    let piece = |piece: &str| match piece {
        "" => Err(vec!["must not be empty, since everything would fit".to_owned()]),
        piece => Ok(text::fold(piece).into_boxed_str()),
    };
    match (comparison, texts) {
        (Comparison::Contains, [text]) => Ok(TextCheck::Contains(piece(text)?)),
        (Comparison::StartsWith, [text]) => Ok(TextCheck::StartsWith(piece(text)?)),
        (Comparison::EndsWith, [text]) => Ok(TextCheck::EndsWith(piece(text)?)),
        (Comparison::Matches, [text]) => TextCheck::matches(text).map_err(|why| vec![why]),
        _ => {
            let (mut words, mut wrong) = (Vec::with_capacity(texts.len()), Vec::new());
            for text in texts {
                match whole(text) {
                    Ok(word) => words.push(word),
                    Err(why) => wrong.push(why),
                }
            }
            if wrong.is_empty() { Ok(TextCheck::one_of(words)) } else { Err(wrong) }
        }
    }
}

fn countries(groups: &[Countries]) -> Check {
    let mut set = Countries::default();
    for group in groups {
        set.merge(group);
    }
    match set.single() {
        Some(country) => Check::Country(country),
        None => Check::Countries(Box::new(set)),
    }
}

pub(crate) fn country(text: &str) -> Result<Countries, String> {
    let code = text.trim();
    let found = Country::parse(code).map(|country| Countries::from_iter([country]));
    found.or_else(|| Countries::group(code)).ok_or_else(|| {
        let named = Country::all().find(|country| country.name().eq_ignore_ascii_case(code));
        let hint = named.map_or("a code such as \"US\"".to_owned(), |found| format!("\"{found}\""));
        format!("{text:?} is no ISO 3166-1 country code: write {hint}")
    })
}

pub(crate) fn continent(text: &str) -> Result<Continent, String> {
    let found = Continent::parse(text.trim());
    found.ok_or_else(|| format!("{text:?} is no continent such as \"EU\" or \"Europe\""))
}

/// The regions that a rule's value names and all that lie in them: who is in West Berkshire is in
/// England.
pub(crate) fn regions(text: &str) -> Result<Vec<Region>, String> {
    let mut found = Region::meant_by(text);
    if found.is_empty() {
        return Err(format!(
            "{text:?} is no region of ISO 3166-2: write a code such as \"NY\" or \"US-NY\", or a \
             name such as \"New York\""
        ));
    }
    let parts: Vec<Region> = found.iter().flat_map(|region| region.parts()).copied().collect();
    found.extend(parts);
    Ok(found)
}

fn plain(text: &str) -> Result<Cow<'_, str>, String> {
    Ok(Cow::Borrowed(text))
}

pub(crate) fn name<'t>(names: &Names, text: &'t str) -> Result<&'t str, String> {
    if names.closed && names.listed(text).is_none() {
        let all: Vec<_> = names.all().collect();
        return Err(format!("{text:?} is none of {}", all.join(", ")));
    }
    Ok(names.canonical(text))
}

/// Takes a whole address or `*.example.com` for the host that is meant.
pub(crate) fn domain(text: &str) -> Result<Cow<'_, str>, String> {
    let host = request::host(text.trim());
    Ok(Cow::Borrowed(host.strip_prefix("*.").unwrap_or(host)))
}

pub(crate) fn flag(text: &str) -> Result<bool, String> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("true") {
        return Ok(true);
    }
    let no = text.eq_ignore_ascii_case("false");
    no.then_some(false).ok_or_else(|| format!("{text:?} is neither true nor false"))
}

pub(crate) fn version(text: &str) -> Result<Version, String> {
    Version::parse(text).ok_or_else(|| format!("{text:?} is no version such as 17 or 17.4.1"))
}

pub(crate) fn date(text: &str) -> Result<Date, String> {
    text.trim().parse().map_err(|_| format!("{text:?} is no date such as 2026-11-21"))
}

fn network(text: &str) -> Result<ipnet::IpNet, String> {
    networks::parse(text)
        .ok_or_else(|| format!("{text:?} is no address and no network such as 10.0.0.0/8"))
}
