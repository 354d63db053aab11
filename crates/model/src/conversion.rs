//! What became of a click, as the destination reports it.

use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::{
    Class, Click, ClickId, Error, Id, LinkId, Result, RuleId, Stamp, WorkspaceId, error::problem,
};

pub type ConversionId = Id<Conversion>;

/// Something that a visitor did after a click. There is one of each click, event and order.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversion {
    pub id: ConversionId,
    pub workspace: WorkspaceId,
    pub link: LinkId,
    pub click: ClickId,
    /// What sent the visitor where they converted, as the click keeps it.
    pub revision: i64,
    pub rule: Option<RuleId>,
    pub variant: Option<u32>,
    /// Whether a person clicked, as far as anybody can tell.
    pub by_person: bool,
    /// The visitor's hash under the salt of the day of the click.
    pub visitor: Option<u64>,
    pub report: Report,
    pub clicked_at: Timestamp,
    pub created_at: Timestamp,
}

/// What a caller says of a conversion.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Such as `purchase`.
    pub event: String,
    /// Empty where none was named: then there is one of each event.
    pub order: String,
    pub amount: Option<Amount>,
    /// What is paid to whoever brought the visitor.
    pub payout: Option<Amount>,
    /// ISO 4217 code such as `EUR`, of both.
    pub currency: Option<String>,
    /// Whatever else the caller keeps with it.
    pub metadata: Map<String, Value>,
}

/// An amount of money, in ten-thousandths of its currency's unit: no currency has smaller parts,
/// and sums of whole numbers are exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(i64);

const PARTS: i64 = 10_000;
const DIGITS: usize = 4;
/// Units; ten-thousandths of so many are numbers that every JSON client reads exactly.
const MOST: i64 = 100_000_000_000;
const LONGEST_EVENT: usize = 100;
const LONGEST_ORDER: usize = 255;
const LONGEST_METADATA: usize = 4_096;

impl Report {
    /// An event, and nothing else said of it.
    pub fn of(event: &str) -> Report {
        Report {
            event: event.to_owned(),
            order: String::new(),
            amount: None,
            payout: None,
            currency: None,
            metadata: Map::new(),
        }
    }

    /// What cannot be, whoever said it.
    pub fn check(&self) -> Result<()> {
        let mut problems = Vec::new();
        if self.event.is_empty() || LONGEST_EVENT < self.event.len() {
            problems.push(problem("event", format!("must be 1 to {LONGEST_EVENT} bytes long")));
        }
        if LONGEST_ORDER < self.order.len() {
            let why = format!("must not be longer than {LONGEST_ORDER} bytes");
            problems.push(problem("orderId", why));
        }
        let is_code =
            |code: &String| code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
        if self.currency.as_ref().is_some_and(|code| !is_code(code)) {
            problems.push(problem("currency", "must be an ISO 4217 code such as EUR"));
        }
        if self.currency.is_none() && self.amount.or(self.payout).is_some() {
            problems.push(problem("currency", "is required beside an amount"));
        }
        if LONGEST_METADATA < Value::Object(self.metadata.clone()).to_string().len() {
            let why = format!("must not be longer than {LONGEST_METADATA} bytes");
            problems.push(problem("metadata", why));
        }
        if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
    }
}

impl Conversion {
    /// The conversion of a click that is stored.
    pub fn of(
        click: ClickId,
        record: &Click<'_>,
        report: Report,
        stamp: &Stamp<'_>,
    ) -> Result<Self> {
        report.check()?;
        let broken = || Error::internal("a click is stored with numbers that are no ids");
        let (rule, _) = record.outcome.rule().unzip();
        Ok(Conversion {
            id: ConversionId::next(stamp),
            workspace: WorkspaceId::new(record.workspace).ok_or_else(broken)?,
            link: LinkId::new(record.link).ok_or_else(broken)?,
            click,
            revision: record.revision,
            rule: rule.and_then(RuleId::new),
            variant: record.outcome.variant(),
            by_person: record.class == Class::Person,
            visitor: record.visitor,
            report,
            clicked_at: Timestamp::from_millisecond(record.at).map_err(Error::internal)?,
            created_at: stamp.now,
        })
    }
}

impl Amount {
    /// Reads `49.99`; four digits may follow the point.
    pub fn parse(at: &str, text: &str) -> Result<Amount> {
        let read = || {
            let (units, parts) = text.split_once('.').unwrap_or((text, ""));
            let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
            // `50.00000` is what some write for 50.
            let parts = parts.get(DIGITS..).map_or(Some(parts), |rest| {
                rest.bytes().all(|b| b == b'0').then(|| &parts[..DIGITS])
            })?;
            if units.is_empty() || !digits(units) || !digits(parts) {
                return None;
            }
            let units: i64 = units.parse().ok().filter(|units| *units < MOST)?;
            let parts: i64 = format!("{parts:0<DIGITS$}").parse().ok()?;
            Some(Amount(units * PARTS + parts))
        };
        let why = || format!("{text:?} is no amount such as 49.99");
        read().ok_or_else(|| Error::invalid(at, why()))
    }

    /// In ten-thousandths.
    pub fn parts(self) -> i64 {
        self.0
    }

    pub fn of_parts(parts: i64) -> Amount {
        Amount(parts)
    }

    /// The amount as a JSON number, which reads `49.99` and not what a float makes of it.
    pub fn number(self) -> Value {
        if self.0 % PARTS == 0 {
            (self.0 / PARTS).into()
        } else {
            (self.0 as f64 / PARTS as f64).into()
        }
    }
}

/// As few digits as say it, two where there are any after the point.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (units, parts) = (self.0 / PARTS, self.0 % PARTS);
        let parts = format!("{parts:04}");
        let longer = parts.trim_end_matches('0');
        match longer.len() {
            0 => write!(f, "{units}"),
            n => write!(f, "{units}.{}", &parts[..n.max(2)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(i64, &str, &str)>) {
        let amount = Amount::parse("amount", text).ok();
        let found =
            amount.map(|amount| (amount.0, amount.to_string(), amount.number().to_string()));
        assert_eq!(found, expected.map(|(n, text, json)| (n, text.to_owned(), json.to_owned())));
    }

    #[test]
    fn amounts_are_read_and_written_as_decimals() {
        check("49.99", Some((499_900, "49.99", "49.99")));
        check("0.1", Some((1_000, "0.10", "0.1")));
        check("50", Some((500_000, "50", "50")));
        check("50.", Some((500_000, "50", "50")));
        check("1.2345", Some((12_345, "1.2345", "1.2345")));
        check("1.234500", Some((12_345, "1.2345", "1.2345")));
        check(
            "99999999999.9999",
            Some((999_999_999_999_999, "99999999999.9999", "99999999999.9999")),
        );
        for text in ["", ".5", "-1", "+1", "1e3", "1,5", "1.23456", "100000000000", "é"] {
            check(text, None);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(parts in 0..MOST * PARTS) {
            let amount = Amount(parts);
            prop_assert_eq!(Amount::parse("", &amount.to_string()).unwrap(), amount);
            prop_assert_eq!(Amount::parse("", &amount.number().to_string()).unwrap(), amount);
        }
    }

    #[test]
    fn a_report_that_cannot_be_names_its_places() {
        let report = Report {
            order: "x".repeat(300),
            amount: Some(Amount(1)),
            metadata: Map::from_iter([("a".to_owned(), "x".repeat(5_000).into())]),
            ..Report::of("")
        };
        let Error::Invalid(problems) = report.check().unwrap_err() else { panic!() };
        let places: Vec<_> = problems.iter().map(|problem| problem.at.as_str()).collect();
        assert_eq!(places, ["event", "orderId", "currency", "metadata"]);
        let euro = |code: &str| Report { currency: Some(code.to_owned()), ..Report::of("sale") };
        assert!(euro("EUR").check().is_ok());
        assert!(euro("eur").check().is_err());
    }
}
