//! What past clicks tell of the fields that conditions ask for.

use std::borrow::Cow;

use jiff::Timestamp;
use targeting::{Again, FieldRef, Outcome, Source};

use crate::{dimension::Dimension, value::Value};

/// How a field is told by what clicks keep.
pub(super) struct Kept {
    /// As conditions name it.
    field: &'static str,
    pub(super) dimension: &'static str,
    /// The field that the kept value is one of; the asked one may follow from it.
    stated: &'static str,
    tells: Tells,
}

#[derive(Clone, Copy, PartialEq)]
enum Tells {
    /// A click without a value is one of whose visitor it was not known, or was empty.
    All,
    /// As [`All`](Tells::All), unless it is so long that it may have been cut.
    Short,
    /// The first of several: enough where that fits, and else not.
    First,
    /// Whether it is a program's, by the click's class.
    Bot,
    /// As [`Bot`](Tells::Bot), but not which kind of program.
    Crawler,
    /// Only what is there: it was not looked for unless the rules of then asked.
    Asked,
}

/// Texts of this length may have been cut between two characters.
const CUT: usize = 512 - 3;

/// Every field that clicks tell, but for clocks.
static KEPT: &[Kept] = &[
    all("country", "country"),
    Kept { field: "continent", dimension: "country", stated: "country", tells: Tells::All },
    all("region", "region"),
    all("city", "city"),
    all("asn", "asn"),
    all("isp", "isp"),
    all("vpn", "vpn"),
    all("proxy", "proxy"),
    all("tor", "tor"),
    all("datacenter", "datacenter"),
    all("deviceType", "device"),
    all("os", "os"),
    all("osVersion", "osVersion"),
    all("browser", "browser"),
    all("browserVersion", "browserVersion"),
    all("deviceBrand", "brand"),
    kept("language", "language", Tells::First),
    kept("bot", "class", Tells::Bot),
    kept("isCrawler", "class", Tells::Crawler),
    kept("referrer", "referrer", Tells::Short),
    kept("referrerDomain", "referrerDomain", Tells::Short),
    kept("utmSource", "utmSource", Tells::Short),
    kept("utmMedium", "utmMedium", Tells::Short),
    kept("utmCampaign", "utmCampaign", Tells::Short),
    kept("utmTerm", "utmTerm", Tells::Short),
    kept("utmContent", "utmContent", Tells::Short),
    kept("query.utm_source", "utmSource", Tells::Short),
    kept("query.utm_medium", "utmMedium", Tells::Short),
    kept("query.utm_campaign", "utmCampaign", Tells::Short),
    kept("query.utm_term", "utmTerm", Tells::Short),
    kept("query.utm_content", "utmContent", Tells::Short),
    kept("isReturning", "returning", Tells::Asked),
    Kept {
        field: "isNewVisitor",
        dimension: "returning",
        stated: "isReturning",
        tells: Tells::Asked,
    },
];

const fn all(field: &'static str, dimension: &'static str) -> Kept {
    kept(field, dimension, Tells::All)
}

const fn kept(field: &'static str, dimension: &'static str, tells: Tells) -> Kept {
    Kept { field, dimension, stated: field, tells }
}

impl Kept {
    /// How a field is told; none where it is not, or by the clock.
    pub(super) fn of(field: &FieldRef) -> Option<&'static Kept> {
        let name = field.name();
        KEPT.iter().find(|row| row.field == name)
    }

    pub(super) fn column(&self) -> Option<&'static Dimension> {
        Dimension::named(self.dimension)
    }

    /// What an inquiry said of a visitor whose click kept this value; none where it cannot be told.
    pub(super) fn tell(
        &self,
        again: &Again,
        inquiry: usize,
        value: Option<&Value>,
    ) -> Option<Outcome> {
        let text: Option<Cow<'_, str>> = value.map(|value| match value {
            Value::Text(text) => Cow::Borrowed(&**text),
            other => Cow::Owned(other.to_string()),
        });
        let text = text.as_deref();
        let ask = |text| {
            let fact = Option::map(text, |text| (self.stated, text));
            again.outcome(inquiry, fact, Timestamp::UNIX_EPOCH)
        };
        match (self.tells, text) {
            (Tells::Short, Some(text)) if CUT <= text.len() => None,
            (Tells::All | Tells::Short, text) => Some(ask(text)),
            (Tells::First, None) => Some(ask(None)),
            (Tells::First, first) => Some(ask(first)).filter(|it| *it == Outcome::True),
            (Tells::Bot | Tells::Crawler, Some("person")) => Some(ask(Some("false"))),
            (Tells::Bot, Some("bot" | "preview")) => Some(ask(Some("true"))),
            (Tells::Bot | Tells::Crawler, _) | (Tells::Asked, None) => None,
            (Tells::Asked, text) => Some(ask(text)),
        }
    }
}

/// The name of what is missing where an inquiry of this field cannot be told.
pub(super) fn missing(field: &FieldRef) -> Cow<'static, str> {
    match field.field().source {
        // The moment is kept; in which zone it was read is not.
        Source::Clock => Cow::Borrowed("timezone"),
        _ => field.name(),
    }
}

#[cfg(test)]
mod tests {
    use targeting::{Field, When};

    use super::*;

    #[test]
    fn every_row_names_a_field_and_a_column() {
        for row in KEPT {
            for name in [row.field, row.stated] {
                assert!(Field::parse(name).is_some(), "{name}");
            }
            assert!(row.column().is_some_and(Dimension::has_column), "{}", row.field);
        }
    }

    #[track_caller]
    fn check(when: &When, value: impl Into<Option<Value>>, expected: Option<Outcome>) {
        let value = value.into();
        let again = Again::compile([(when, None)]).unwrap();
        let kept = Kept::of(again.inquiries()[0].field()).unwrap();
        assert_eq!(kept.tell(&again, 0, value.as_ref()), expected, "{when:?} {value:?}");
    }

    fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    #[test]
    fn what_a_click_keeps_tells_an_outcome_or_that_it_cannot() {
        use Outcome::{False, True, Unknown};
        let us = When::test("country", "equals", "US");
        check(&us, text("US"), Some(True));
        check(&us, text("DE"), Some(False));
        check(&us, None, Some(Unknown));
        check(&When::test("continent", "equals", "EU"), text("DE"), Some(True));
        let german = When::test("language", "equals", "de");
        check(&german, text("de-AT"), Some(True));
        // Another of the visitor's languages may fit.
        check(&german, text("fr"), None);
        check(&german, None, Some(False));
        let bot = When::test("bot", "is_true", true);
        check(&bot, text("person"), Some(False));
        check(&bot, text("preview"), Some(True));
        check(&bot, text("prefetch"), None);
        let crawler = When::test("isCrawler", "is_true", true);
        check(&crawler, text("person"), Some(False));
        check(&crawler, text("bot"), None);
        let back = When::test("isNewVisitor", "is_true", true);
        check(&back, Value::Flag(true), Some(False));
        check(&back, None, None);
        let from = When::test("referrer", "contains", "x");
        check(&from, text("https://x.example/"), Some(True));
        check(&from, None, Some(False));
        check(&from, text(&"y".repeat(510)), None);
        check(&When::test("query.utm_source", "equals", "mail"), text("mail"), Some(True));
        check(&When::test("osVersion", "greater_than", "17"), text("18.1"), Some(True));
    }
}
