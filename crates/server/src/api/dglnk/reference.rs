//! How BeLink names what belongs to a link: by a number, by a name, or by the whole thing as it was
//! answered, so that what was read can be sent back.

use std::fmt;

use model::Id;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, IgnoredAny, MapAccess, Visitor},
};
use sha2::{Digest, Sha256};

/// `7`, or `{"id":7,…}`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Reference(pub i64);

/// `"sale"`, or `{"name":"sale",…}`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Name(pub String);

/// What has nothing but a name here, with the number that BeLink's clients look for.
#[derive(Serialize)]
pub(super) struct Named {
    pub(super) id: i64,
    pub(super) name: String,
}

impl Named {
    pub(super) fn of(name: &str) -> Named {
        Named { id: number(name), name: name.to_owned() }
    }
}

/// The number of a name, the same for ever: 48 bits of its SHA-256.
pub(super) fn number(name: &str) -> i64 {
    let hash: [u8; 32] = Sha256::digest(name.as_bytes()).into();
    hash.iter().take(6).fold(0, |number, &byte| number << 8 | i64::from(byte))
}

struct ReferenceVisitor;
struct NameVisitor;

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Reference, D::Error> {
        deserializer.deserialize_any(ReferenceVisitor)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name, D::Error> {
        deserializer.deserialize_any(NameVisitor)
    }
}

impl<'de> Visitor<'de> for ReferenceVisitor {
    type Value = Reference;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Reference, E> {
        self.visit_i64(i64::try_from(number).unwrap_or(-1))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Reference, E> {
        Ok(Reference(number))
    }

    /// Ids in any dialect's spelling.
    fn visit_str<E: Error>(self, text: &str) -> Result<Reference, E> {
        Ok(Reference(Id::<()>::parse(text).map_or(-1, Id::number)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Reference, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<String>()? {
            if key == "id" {
                found = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        found.ok_or_else(|| Error::missing_field("id"))
    }
}

impl<'de> Visitor<'de> for NameVisitor {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Name, E> {
        Ok(Name(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Name, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<String>()? {
            if key == "name" {
                found = Some(Name(map.next_value()?));
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        found.ok_or_else(|| Error::missing_field("name"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_can_be_sent_back() {
        let read: Vec<Reference> =
            serde_json::from_str(r#"[7,{"name":"a","id":8},"9","pixel_00000000A"]"#).unwrap();
        assert_eq!(read, [7, 8, 9, 10].map(Reference));
        let read: Vec<Name> = serde_json::from_str(r#"["a",{"id":8,"name":"b"}]"#).unwrap();
        assert_eq!(read, ["a", "b"].map(|name| Name(name.to_owned())));
        assert!(serde_json::from_str::<Reference>("{}").is_err());
    }

    #[test]
    fn a_name_has_one_number_which_javascript_can_hold() {
        assert_eq!(number("sale"), number("sale"));
        assert_ne!(number("sale"), number("Sale"));
        assert!((0..1 << 48).contains(&number("größe")));
    }
}
