//! What a click keeps: everything that is asked about it later, and never the visitor's address.

mod id;
mod record;

pub use id::{BadClickId, ClickId};
pub use record::{Head, Unreadable};

/// One click, as it is appended to the spool and as it comes back from there.
///
/// **Invariant:** nothing here tells who the visitor is: there is no field for an address, a
/// cookie, or a header's value, and [`visitor`](Click::visitor) is salted anew each day.
///
/// The text is borrowed from the request on the way in and from the record on the way out. A text
/// that is not known is none, never empty.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Click<'a> {
    /// Milliseconds since 1970 in UTC.
    pub at: i64,
    pub workspace: i64,
    /// 0 where no link has the address.
    pub link: i64,
    /// The revision of the link's rules that decided; 0 where there is no link.
    pub revision: i64,
    pub outcome: Outcome,
    pub class: Class,
    /// Why the class is not [`Class::Person`]: the bot's name, or the header that says "prefetch".
    pub reason: Option<&'a str>,

    /// ISO 3166-1 code such as `FR`.
    pub country: Option<[u8; 2]>,
    /// ISO 3166-2 code such as `US-NY`.
    pub region: Option<&'a str>,
    /// The English name.
    pub city: Option<&'a str>,
    pub asn: Option<u32>,
    pub isp: Option<&'a str>,
    pub network: NetworkFlags,

    /// `mobile`, `tablet`, `desktop`, `tv`, `console` or `bot`.
    pub device: Option<&'a str>,
    pub os: Option<&'a str>,
    /// As many components as were sent, such as `17.4`.
    pub os_version: Option<&'a str>,
    pub browser: Option<&'a str>,
    pub browser_version: Option<&'a str>,
    pub brand: Option<&'a str>,
    /// The language that the visitor prefers, such as `pt-BR`.
    pub language: Option<&'a str>,

    pub referrer: Option<&'a str>,
    pub referrer_domain: Option<&'a str>,
    pub utm: Utm<'a>,
    /// Whether the link was reached by its QR code.
    pub qr: bool,

    /// Whether the visitor came before; none where nobody may know.
    pub returning: Option<bool>,
    /// The visitor's hash under the salt of the day.
    pub visitor: Option<u64>,
    /// How long it took from the request to the decision, in microseconds.
    pub took: Option<u32>,
    /// The decision's trace, two bits for each condition looked at; empty where there is none.
    pub trace: &'a [u8],
}

/// The campaign that the clicked address names.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Utm<'a> {
    pub source: Option<&'a str>,
    pub medium: Option<&'a str>,
    pub campaign: Option<&'a str>,
    pub term: Option<&'a str>,
    pub content: Option<&'a str>,
}

/// What the network ranges said of the visitor's address; none where no source was loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NetworkFlags {
    pub vpn: Option<bool>,
    pub proxy: Option<bool>,
    pub tor: Option<bool>,
    pub datacenter: Option<bool>,
}

/// Who or what clicked. Only people are counted unless somebody asks for more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    #[default]
    Person,
    /// A program that visits by itself: crawler, monitor, HTTP library.
    Bot,
    /// A program that draws a preview of a link that somebody posted.
    Preview,
    /// A browser that fetches ahead of its user.
    Prefetch,
}

/// Each class, its number in a record and in the database, and its name on the wire.
pub const CLASSES: &[(Class, u8, &str)] = &[
    (Class::Person, 0, "person"),
    (Class::Bot, 1, "bot"),
    (Class::Preview, 2, "preview"),
    (Class::Prefetch, 3, "prefetch"),
];

impl Class {
    pub fn number(self) -> u8 {
        self.row().1
    }

    pub fn name(self) -> &'static str {
        self.row().2
    }

    pub fn numbered(number: u8) -> Option<Class> {
        CLASSES.iter().find(|row| row.1 == number).map(|row| row.0)
    }

    pub fn named(name: &str) -> Option<Class> {
        CLASSES.iter().find(|row| row.2 == name).map(|row| row.0)
    }

    fn row(self) -> &'static (Class, u8, &'static str) {
        CLASSES.iter().find(|row| row.0 == self).expect("a test finds every class in the table")
    }
}

/// Where a click went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// To the link's own destination: no rule held.
    #[default]
    Destination,
    /// To a variant of the link's own split, counted from 0: no rule held.
    Split { variant: u32 },
    /// Where a rule leads; the variant counts from 0 in a split, and is none without one.
    Rule { rule: i64, variant: Option<u32> },
    /// Nowhere: a rule answered with a status page.
    Blocked { rule: i64 },
    /// Nowhere: no such link, or a disabled, archived or not yet active one.
    NotFound,
    /// To the destination of an expired or used-up link.
    Expired,
    /// Nowhere: expired or used up, without a destination for that.
    Gone,
    /// To the form that asks for the link's password.
    Password,
    /// To the card that previews show.
    Card,
    /// Nowhere: the link redirects nobody, or nobody whom no rule matches.
    Stayed,
}

impl Outcome {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Destination => "destination",
            Outcome::Split { .. } => "split",
            Outcome::Rule { .. } => "rule",
            Outcome::Blocked { .. } => "blocked",
            Outcome::NotFound => "notFound",
            Outcome::Expired => "expired",
            Outcome::Gone => "gone",
            Outcome::Password => "password",
            Outcome::Card => "card",
            Outcome::Stayed => "stayed",
        }
    }

    /// The rule that decided, and which of its variants.
    pub fn rule(self) -> Option<(i64, Option<u32>)> {
        match self {
            Outcome::Rule { rule, variant } => Some((rule, variant)),
            Outcome::Blocked { rule } => Some((rule, None)),
            Outcome::Destination
            | Outcome::Split { .. }
            | Outcome::NotFound
            | Outcome::Expired
            | Outcome::Gone
            | Outcome::Password
            | Outcome::Card
            | Outcome::Stayed => None,
        }
    }

    /// Which way of a split, of a rule's or of the link's own.
    pub fn variant(self) -> Option<u32> {
        match self {
            Outcome::Split { variant } => Some(variant),
            other => other.rule().and_then(|(_, variant)| variant),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_is_one_row_of_the_table_and_is_found_by_number_and_name() {
        for class in [Class::Person, Class::Bot, Class::Preview, Class::Prefetch] {
            assert_eq!(CLASSES.iter().filter(|row| row.0 == class).count(), 1);
            assert_eq!(Class::numbered(class.number()), Some(class));
            assert_eq!(Class::named(class.name()), Some(class));
        }
        assert_eq!(Class::numbered(CLASSES.len() as u8), None);
        assert_eq!(Class::named("Person"), None);
    }
}
