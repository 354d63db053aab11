//! One record of a geo database, in whichever of the known schemas it is written.
//!
//! MaxMind and DB-IP nest (`country.iso_code`, `city.names.en`); ip-location-db and IPinfo are flat
//! (`country_code`, `city`), and the same key holds a map in one and a text in the other. So all of
//! them are read into one flat [`Record`] of values of any type, and the accessors say where a fact
//! may stand.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer,
    },
};
use targeting::{Continent, Country, Network, Region, names};

/// The values of the keys that are read, with `location` and `traits` laid flat.
#[derive(Debug, Default)]
pub(super) struct Record<'d> {
    country: Value<'d>,
    country_code: Value<'d>,
    continent: Value<'d>,
    continent_code: Value<'d>,
    subdivisions: Subdivisions<'d>,
    region: Value<'d>,
    region_code: Value<'d>,
    city: Value<'d>,
    latitude: Value<'d>,
    longitude: Value<'d>,
    timezone: Value<'d>,
    isp: Value<'d>,
    asn: Value<'d>,
    as_name: Value<'d>,
    connection_type: Value<'d>,
    vpn: Value<'d>,
    proxy: Value<'d>,
    residential_proxy: Value<'d>,
    tor: Value<'d>,
    hosting: Value<'d>,
    /// The sum of the others in MaxMind's anonymity databases.
    anonymous: Value<'d>,
}

impl<'d> Record<'d> {
    /// The value under a key; none for a key that nothing is read from.
    fn slot(&mut self, key: &str) -> Option<&mut Value<'d>> {
        Some(match key {
            "country" => &mut self.country,
            "country_code" => &mut self.country_code,
            "continent" => &mut self.continent,
            "continent_code" => &mut self.continent_code,
            "region" | "state1" => &mut self.region,
            "region_code" => &mut self.region_code,
            "city" => &mut self.city,
            "latitude" | "lat" => &mut self.latitude,
            "longitude" | "lng" => &mut self.longitude,
            "timezone" | "time_zone" => &mut self.timezone,
            "isp" => &mut self.isp,
            "asn" | "autonomous_system_number" => &mut self.asn,
            "as_name" | "autonomous_system_organization" => &mut self.as_name,
            "connection_type" => &mut self.connection_type,
            "vpn" | "is_anonymous_vpn" => &mut self.vpn,
            "proxy" | "is_public_proxy" => &mut self.proxy,
            "is_residential_proxy" => &mut self.residential_proxy,
            "tor" | "is_tor_exit_node" => &mut self.tor,
            "hosting" | "is_hosting_provider" => &mut self.hosting,
            "is_anonymous" => &mut self.anonymous,
            _ => return None,
        })
    }

    pub(super) fn country(&self) -> Option<Country> {
        let codes = [self.country_code.text(), self.country.code(), self.country.text()];
        codes.into_iter().flatten().find_map(Country::parse)
    }

    pub(super) fn continent(&self) -> Option<Continent> {
        let codes = [self.continent_code.text(), self.continent.code(), self.continent.text()];
        codes.into_iter().flatten().find_map(Continent::parse)
    }

    /// The narrowest subdivision that ISO lists.
    pub(super) fn region(&self) -> Option<Region> {
        let country = self.country()?;
        let Subdivisions { wide, narrow } = &self.subdivisions;
        let nested = [narrow, wide].into_iter().flatten().find_map(|part| {
            let coded = part.iso_code.and_then(|code| Region::coded(country, code));
            coded.or_else(|| Region::named(country, part.names.en?))
        });
        nested
            .or_else(|| Region::coded(country, self.region_code.text()?))
            .or_else(|| Region::named(country, self.region.text()?))
    }

    pub(super) fn city(&self) -> Option<&'d str> {
        self.city.text().or(self.city.english())
    }

    pub(super) fn timezone(&self) -> Option<&'d str> {
        self.timezone.text()
    }

    /// Degrees north and east.
    pub(super) fn coordinates(&self) -> Option<(f64, f64)> {
        let (latitude, longitude) = (self.latitude.number()?, self.longitude.number()?);
        let on_earth = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
        on_earth.then_some((latitude, longitude))
    }

    pub(super) fn isp(&self) -> Option<&'d str> {
        self.isp.text()
    }

    /// A number, or IPinfo's `AS174`.
    pub(super) fn asn(&self) -> Option<u32> {
        match self.asn {
            Value::Number(number) => {
                let asn = number as u32;
                (f64::from(asn) == number).then_some(asn)
            }
            Value::Text(text) => text.strip_prefix("AS").unwrap_or(text).parse().ok(),
            _ => None,
        }
    }

    pub(super) fn as_name(&self) -> Option<&'d str> {
        self.as_name.text()
    }

    /// Under the name that rules use; none for one that nobody knows.
    pub(super) fn connection(&self) -> Option<&'static str> {
        names::CONNECTIONS.listed(self.connection_type.text()?)
    }

    /// What an anonymity database says: an absent flag means no.
    pub(super) fn network(&self) -> Network {
        Network {
            vpn: Some(self.vpn.flag()),
            proxy: Some(self.proxy.flag() || self.residential_proxy.flag()),
            tor: Some(self.tor.flag()),
            datacenter: Some(self.hosting.flag()),
        }
    }

    /// Whether the record has any flag, so that its database is about anonymity.
    pub(super) fn has_flags(&self) -> bool {
        let flags = [&self.vpn, &self.proxy, &self.residential_proxy, &self.tor, &self.hosting];
        let mut flags = flags.into_iter().chain([&self.anonymous]);
        flags.any(|flag| !matches!(flag, Value::Nothing))
    }
}

/// A value of any type. What cannot be a fact is `Nothing`.
#[derive(Debug, Default)]
enum Value<'d> {
    #[default]
    Nothing,
    Text(&'d str),
    Number(f64),
    Flag(bool),
    Named(Named<'d>),
}

/// What MaxMind says of a place.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Named<'d> {
    #[serde(borrow)]
    iso_code: Option<&'d str>,
    #[serde(borrow)]
    code: Option<&'d str>,
    #[serde(borrow)]
    names: Names<'d>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Names<'d> {
    #[serde(borrow)]
    en: Option<&'d str>,
}

/// The last two of the list: the narrowest, and the one around it.
#[derive(Debug, Default)]
struct Subdivisions<'d> {
    wide: Option<Named<'d>>,
    narrow: Option<Named<'d>>,
}

impl<'d> Value<'d> {
    fn text(&self) -> Option<&'d str> {
        match self {
            Value::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            Value::Text(text) => text.parse().ok(),
            _ => None,
        }
    }

    fn flag(&self) -> bool {
        matches!(self, Value::Flag(true) | Value::Text("true" | "1"))
    }

    fn code(&self) -> Option<&'d str> {
        match self {
            Value::Named(named) => named.iso_code.or(named.code),
            _ => None,
        }
    }

    fn english(&self) -> Option<&'d str> {
        match self {
            Value::Named(named) => named.names.en,
            _ => None,
        }
    }
}

impl<'de: 'd, 'd> Deserialize<'de> for Record<'d> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut record = Record::default();
        Fill(&mut record).deserialize(deserializer)?;
        Ok(record)
    }
}

/// Takes the keys of a map into a record, and those of the maps in it that only group.
struct Fill<'r, 'd>(&'r mut Record<'d>);

impl<'de: 'd, 'd> DeserializeSeed<'de> for Fill<'_, 'd> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de: 'd, 'd> Visitor<'de> for Fill<'_, 'd> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(key) = map.next_key::<&str>()? {
            match key {
                "location" | "traits" => map.next_value_seed(Fill(self.0))?,
                "subdivisions" => self.0.subdivisions = map.next_value()?,
                _ => match self.0.slot(key) {
                    Some(slot) => *slot = map.next_value()?,
                    None => {
                        map.next_value::<IgnoredAny>()?;
                    }
                },
            }
        }
        Ok(())
    }
}

impl<'de: 'd, 'd> Deserialize<'de> for Value<'d> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::Text(text))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value<'de>, E> {
        Ok(Value::Flag(flag))
    }

    fn visit_f32<E>(self, number: f32) -> Result<Value<'de>, E> {
        // Five decimals are a metre, and all that 32 bits hold: 11.575, not 11.574999809265137.
        Ok(Value::Number((f64::from(number) * 1e5).round() / 1e5))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value<'de>, E> {
        Ok(Value::Number(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value<'de>, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value<'de>, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_u128<E>(self, _: u128) -> Result<Value<'de>, E> {
        Ok(Value::Nothing)
    }

    fn visit_bytes<E>(self, _: &[u8]) -> Result<Value<'de>, E> {
        Ok(Value::Nothing)
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Value<'de>, S::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Nothing)
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Value<'de>, M::Error> {
        Named::deserialize(MapAccessDeserializer::new(map)).map(Value::Named)
    }
}

impl<'de: 'd, 'd> Deserialize<'de> for Subdivisions<'d> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(LastTwo)
    }
}

struct LastTwo;

impl<'de> Visitor<'de> for LastTwo {
    type Value = Subdivisions<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of subdivisions")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Self::Value, S::Error> {
        let mut last = Subdivisions::default();
        while let Some(part) = seq.next_element()? {
            last = Subdivisions { wide: last.narrow, narrow: Some(part) };
        }
        Ok(last)
    }
}
