//! Which source told a fact about an address: for explanations, never on the way of a redirect.

use std::net::IpAddr;

use targeting::{Field, Network, Place};

use super::{Fact, Loaded, Source, Wants};

/// A field of an address, the fact that a source must know to tell it, and how it is written.
type Row = (&'static str, &'static [Fact], fn(&Told<'_>) -> Option<String>);

/// All that sources tell of one address.
struct Told<'d> {
    place: Place<'d>,
    network: Network,
}

/// Every field that is told of an address, by the fields' own names.
const ROWS: &[Row] = &[
    ("country", &[Fact::Country], |told| text(told.place.country)),
    ("continent", &[Fact::Country], |told| text(told.place.continent)),
    ("region", &[Fact::Region], |told| text(told.place.region)),
    ("city", &[Fact::City], |told| text(told.place.city)),
    // Where no database has the zone, the built-in map knows it from the coordinates.
    ("timezone", &[Fact::Timezone, Fact::Coordinates], |told| text(told.place.timezone)),
    ("latitude", &[Fact::Coordinates], |told| text(told.place.latitude)),
    ("longitude", &[Fact::Coordinates], |told| text(told.place.longitude)),
    // Where no database has the provider, the name of the autonomous system stands for it.
    ("isp", &[Fact::Isp, Fact::Asn], |told| text(told.place.isp)),
    ("asn", &[Fact::Asn], |told| text(told.place.asn)),
    ("connectionType", &[Fact::Connection], |told| text(told.place.connection)),
    ("vpn", &[Fact::Anonymity], |told| text(told.network.vpn)),
    ("proxy", &[Fact::Anonymity], |told| text(told.network.proxy)),
    ("tor", &[Fact::Anonymity], |told| text(told.network.tor)),
    ("datacenter", &[Fact::Anonymity], |told| text(told.network.datacenter)),
];

impl Loaded {
    /// Whether some source can tell a field. True of fields that are told of no address.
    pub fn can_tell(&self, field: &str) -> bool {
        match ROWS.iter().find(|row| row.0 == field) {
            Some((_, facts, _)) => knows(&self.sources(), facts),
            None => true,
        }
    }

    /// [`can_tell`](Self::can_tell) of many fields.
    pub fn tells(&self) -> impl Fn(&Field) -> bool {
        let sources = self.sources();
        let told = ROWS.iter().filter(move |(_, facts, _)| knows(&sources, facts));
        let told: Vec<&str> = told.map(|row| row.0).collect();
        move |field| told.contains(&field.name) || ROWS.iter().all(|(name, ..)| *name != field.name)
    }

    /// The source that told a field of an address; none where nobody did.
    ///
    /// It is the last one that is needed: with the sources before it the answer is another, and
    /// with those after it the same.
    pub fn teller(&self, address: IpAddr, field: &str) -> Option<Source> {
        let (_, _, read) = ROWS.iter().find(|row| row.0 == field)?;
        let whole = read(&self.told(self.files.len(), true, address))?;
        let enough = |&n: &usize| read(&self.told(n, false, address)).as_ref() == Some(&whole);
        match (1..=self.files.len()).find(enough) {
            Some(n) => Some(self.files[n - 1].source()),
            None => Some(self.built_in(field)),
        }
    }

    /// What the first `n` files tell, with or without the built-in tables.
    fn told(&self, n: usize, built_in: bool, address: IpAddr) -> Told<'_> {
        let files = &self.files[..n];
        Told {
            place: self.place_by(files, built_in, address, Wants::ALL),
            network: self.network_by(files, built_in, address),
        }
    }

    fn built_in(&self, field: &str) -> Source {
        match field {
            "country" | "continent" => Loaded::countries(),
            "timezone" => Source {
                name: "built-in map of time zones".to_owned(),
                kind: "tzf".to_owned(),
                knows: vec![Fact::Timezone],
                built: None,
            },
            _ => self.networks(),
        }
    }
}

fn text(value: Option<impl ToString>) -> Option<String> {
    value.map(|value| value.to_string())
}

fn knows(sources: &[Source], facts: &[Fact]) -> bool {
    sources.iter().any(|source| source.knows.iter().any(|fact| facts.contains(fact)))
}

#[cfg(test)]
mod tests {
    use targeting::{FIELDS, Source as Gathered};

    use super::*;

    #[test]
    fn the_rows_are_the_fields_that_are_told_of_an_address() {
        let of_addresses = [
            Gathered::Country,
            Gathered::Place,
            Gathered::Zone,
            Gathered::Provider,
            Gathered::Ranges,
        ];
        let fields = FIELDS.iter().filter(|field| of_addresses.contains(&field.source));
        let mut names: Vec<&str> = fields.map(|field| field.name).collect();
        let mut rows: Vec<&str> = ROWS.iter().map(|row| row.0).collect();
        names.sort_unstable();
        rows.sort_unstable();
        assert_eq!(rows, names);
    }
}
