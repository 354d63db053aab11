//! Which facts the loaded sources can tell.

use crate::{FIELDS, Field, Source};

/// Which fields somebody could learn at present.
#[derive(Clone, Debug, Default)]
pub struct Known {
    missing: Vec<&'static str>,
}

impl Known {
    /// Every field.
    pub fn everything() -> Known {
        Known::default()
    }

    /// The fields of which this is true.
    pub fn of(can_tell: impl Fn(&Field) -> bool) -> Known {
        let missing = FIELDS.iter().filter(|field| !can_tell(field));
        Known { missing: missing.map(|field| field.name).collect() }
    }

    pub(super) fn tells(&self, field: &Field) -> bool {
        !self.missing.contains(&field.name)
    }
}

/// What would have to be loaded, with its article.
pub(super) fn cure(source: Source) -> &'static str {
    match source {
        Source::Country => "a country database",
        Source::Place | Source::Zone => "a city database",
        Source::Provider => "a database of providers",
        Source::Ranges => "a list of networks",
        Source::Agent => "the tables of agents",
        Source::Request | Source::Clock | Source::History | Source::Seed => "a source",
    }
}
