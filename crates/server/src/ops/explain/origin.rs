//! Where the values that conditions read come from.

use std::{net::IpAddr, sync::Arc};

use arc_swap::Guard;
use jiff::Timestamp;
use model::Example;
use serde::Serialize;
use serde_json::Value;
use targeting::{ExplainedTest, Field, Source};
use utoipa::ToSchema;

use super::iso;
use crate::{
    App,
    visitor::{self, HINTS, Loaded, Wants, is_public},
    visits::{COOKIE, cookie},
};

/// Where one value came from, or why there is none.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"kind": "header", "name": "user-agent", "text": "the header user-agent"}))]
pub struct Origin {
    pub kind: Kind,
    /// The header, cookie, parameter, file, table or time zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When a database was built.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub built_at: Option<String>,
    /// All of it, for people.
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OriginKind, example = "header")]
pub enum Kind {
    /// Somebody said so.
    Stated,
    /// A described visitor of whom it was not said.
    NotStated,
    /// The request's own address.
    Address,
    Header,
    /// The query of the clicked address.
    Query,
    Cookie,
    /// A file of the geo folder.
    File,
    /// A table that the server carries.
    BuiltIn,
    Clock,
    /// The hash of the day.
    Hash,
    /// No source could tell.
    Nobody,
}

/// All that an example's values can come from.
pub(super) struct Origins<'a> {
    geo: Guard<Arc<Loaded>>,
    example: &'a Example,
    address: Option<IpAddr>,
    headers: &'a [(String, String)],
    /// The domain's time zone.
    domain_zone: String,
    now: Timestamp,
}

impl<'a> Origins<'a> {
    pub(super) fn of(
        app: &App,
        example: &'a Example,
        domain_zone: String,
        now: Timestamp,
    ) -> Origins<'a> {
        let (address, headers) = match example {
            Example::Described { .. } => (None, &[][..]),
            Example::Raw { ip, headers, .. } => (*ip, headers.as_slice()),
        };
        Origins { geo: app.facts.geo.loaded(), example, address, headers, domain_zone, now }
    }

    /// `zone` is the one that the test or its rule names.
    pub(super) fn of_test(&self, test: &ExplainedTest, zone: Option<&str>) -> Origin {
        if test.stated {
            return Origin::plain(Kind::Stated, "stated");
        }
        if let Source::Clock = test.source {
            return self.clock(zone);
        }
        if let Some(stated) = self.implied(&test.field) {
            return Origin::plain(Kind::Stated, &format!("follows from the stated {stated}"));
        }
        if let Example::Described { .. } = self.example {
            return Origin::plain(Kind::NotStated, "not stated of this visitor");
        }
        match test.source {
            Source::Request => self.request(&test.field),
            Source::Agent => self.agent(),
            Source::Country | Source::Place | Source::Zone | Source::Provider | Source::Ranges => {
                self.of_address(&test.field)
            }
            Source::History => self.history(),
            Source::Seed => self.seed(),
            Source::Clock => self.clock(zone),
        }
    }

    fn request(&self, field: &str) -> Origin {
        let parameter = Field::parse(field).map(|field| field.parameter().to_owned());
        let parameter = parameter.unwrap_or_default();
        match field {
            "ip" => Origin::plain(Kind::Address, "the address of the request"),
            "referrer" | "referrerDomain" => self.header("referer"),
            "language" => self.header("accept-language"),
            _ if field.starts_with("header.") => self.header(&parameter),
            _ if field.starts_with("cookie.") => {
                Origin::named(Kind::Cookie, &parameter, &format!("cookie {parameter}"))
            }
            _ if field.starts_with("query.") => query(&parameter),
            _ => query(&snake(field)),
        }
    }

    fn header(&self, name: &str) -> Origin {
        let missing = if self.sent(name).is_none() { ", which was not sent" } else { "" };
        Origin::named(Kind::Header, name, &format!("header {name}{missing}"))
    }

    /// The agent is read from one header, and from the hints of browsers that froze it.
    fn agent(&self) -> Origin {
        let hints: Vec<&str> =
            HINTS.iter().copied().filter(|name| self.sent(name).is_some()).collect();
        if hints.is_empty() {
            return self.header("user-agent");
        }
        let text = format!("headers user-agent, {}", hints.join(", "));
        Origin::named(Kind::Header, "user-agent", &text)
    }

    fn of_address(&self, field: &str) -> Origin {
        let Some(address) = self.address else {
            return Origin::plain(Kind::Nobody, "no address was given");
        };
        if !is_public(address) {
            return Origin::plain(Kind::Nobody, "the address is not on the internet");
        }
        match self.geo.teller(address, field) {
            Some(source) => Origin::source(&source, self.now),
            None if !self.geo.can_tell(field) => {
                Origin::plain(Kind::Nobody, &format!("no loaded source tells {field}"))
            }
            None => Origin::plain(Kind::Nobody, "no source knows it of this address"),
        }
    }

    fn clock(&self, zone: Option<&str>) -> Origin {
        let visitors = || match self.example {
            Example::Described { wire, .. } => {
                wire.get("timezone").and_then(Value::as_str).map(str::to_owned)
            }
            Example::Raw { .. } => {
                let wants = Wants { zone: true, place: true, provider: false };
                let place = self.address.map(|address| self.geo.place(address, wants));
                place.and_then(|place| place.timezone).map(str::to_owned)
            }
        };
        let (zone, whose) = match (zone, visitors()) {
            (Some(zone), _) => (zone.to_owned(), "the rule's zone"),
            (None, Some(zone)) => (zone, "the visitor's zone"),
            (None, None) => (self.domain_zone.clone(), "the domain's zone"),
        };
        let text = format!("clock at {} in {zone}, {whose}", iso(self.now));
        Origin::named(Kind::Clock, &zone, &text)
    }

    fn history(&self) -> Origin {
        if let Some(refusal) = self.refusal() {
            let text = format!("not asked, since the visitor sends {refusal}");
            return Origin::named(Kind::Nobody, refusal, &text);
        }
        let cookies = self.sent("cookie").unwrap_or_default();
        let missing = if cookie(cookies, COOKIE).is_some() { "" } else { ", which was not sent" };
        Origin::named(Kind::Cookie, COOKIE, &format!("cookie {COOKIE}{missing}"))
    }

    fn seed(&self) -> Origin {
        match self.refusal() {
            Some(_) => Origin::plain(Kind::Hash, "the day's hash of address and agent"),
            None => self.history(),
        }
    }

    /// The header by which the visitor asks not to be known.
    fn refusal(&self) -> Option<&'static str> {
        let asks = |name: &&str| self.sent(name).is_some_and(|value| value.trim() == "1");
        ["sec-gpc", "dnt"].into_iter().find(asks)
    }

    /// The stated field from which another follows.
    fn implied(&self, field: &str) -> Option<&'static str> {
        let Example::Described { wire, .. } = self.example else { return None };
        let by = FOLLOWS.iter().filter(|(of, _)| *of == field).map(|(_, by)| *by);
        by.into_iter().find(|by| wire.contains_key(*by))
    }

    fn sent(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Fields that follow from other stated ones.
const FOLLOWS: &[(&str, &str)] = &[
    ("country", "region"),
    ("continent", "country"),
    ("continent", "region"),
    ("referrerDomain", "referrer"),
    ("isReturning", "isNewVisitor"),
    ("isNewVisitor", "isReturning"),
];

fn query(name: &str) -> Origin {
    Origin::named(Kind::Query, name, &format!("parameter {name} of the clicked address"))
}

/// `utm_source` for `utmSource`.
fn snake(field: &str) -> String {
    let mut name = String::with_capacity(field.len() + 1);
    for c in field.chars() {
        if c.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
}

impl Origin {
    fn plain(kind: Kind, text: &str) -> Origin {
        Origin { kind, name: None, built_at: None, text: text.to_owned() }
    }

    fn named(kind: Kind, name: &str, text: &str) -> Origin {
        Origin { name: Some(name.to_owned()), ..Origin::plain(kind, text) }
    }

    fn source(source: &visitor::GeoSource, now: Timestamp) -> Origin {
        let built_in = source.name.starts_with("built-in");
        let kind = if built_in { Kind::BuiltIn } else { Kind::File };
        let called = if built_in { String::new() } else { format!(" ({})", source.kind) };
        let age = source.built.map(|built| {
            let days = (now.as_second() - built.as_second()).max(0) / 86_400;
            format!(", built {}, {days} days old", built.strftime("%Y-%m-%d"))
        });
        let text = format!("{}{called}{}", source.name, age.unwrap_or_default());
        Origin { built_at: source.built.map(iso), ..Origin::named(kind, &source.name, &text) }
    }
}

#[cfg(test)]
mod tests {
    use targeting::FIELDS;

    use super::*;

    #[test]
    fn parameters_are_spelled_as_in_an_address() {
        assert_eq!(snake("utmSource"), "utm_source");
        for field in FIELDS.iter().filter(|field| field.name.starts_with("utm")) {
            assert!(snake(field.name).starts_with("utm_"), "{}", field.name);
        }
    }

    #[test]
    fn what_follows_and_from_what_are_fields() {
        for (of, by) in FOLLOWS {
            for name in [of, by] {
                assert!(FIELDS.iter().any(|field| field.name == *name), "{name}");
            }
        }
    }

    #[test]
    fn a_file_says_how_old_it_is() {
        let source = visitor::GeoSource {
            name: "city.mmdb".to_owned(),
            kind: "GeoLite2-City".to_owned(),
            knows: Vec::new(),
            built: "2026-10-01T00:00:00Z".parse().ok(),
        };
        let origin = Origin::source(&source, "2026-11-22T10:00:00Z".parse().unwrap());
        assert_eq!(origin.text, "city.mmdb (GeoLite2-City), built 2026-10-01, 52 days old");
        assert_eq!(
            (origin.kind, origin.built_at.as_deref()),
            (Kind::File, Some("2026-10-01T00:00:00.000Z"))
        );
    }
}
