//! What a caller may change of a link.

use jiff::Timestamp;

use super::{Card, Counted, Link, Redirects, Status};
use crate::{Destination, Parameters, PixelId, Result, RuleDraft, Stamp, Variant};

/// What a caller may change of a link; every dialect's update request becomes one of these.
#[derive(Clone, Debug, Default)]
pub struct Patch {
    pub destination: Option<Destination>,
    /// An empty one takes the split away.
    pub default_split: Option<Vec<Variant>>,
    pub title: Change<String>,
    pub description: Change<String>,
    pub tags: Option<Vec<String>>,
    pub folder: Change<String>,
    pub enabled: Option<bool>,
    pub archived: Option<bool>,
    pub status: Option<Status>,
    pub forward_query: Option<bool>,
    pub parameters: Option<Parameters>,
    pub cloaked: Option<bool>,
    pub redirects: Option<Redirects>,
    pub tracks_conversions: Option<bool>,
    pub starts_at: Change<Timestamp>,
    pub expires_at: Change<Timestamp>,
    pub expired_destination: Change<Destination>,
    pub delete_at: Change<Timestamp>,
    pub click_limit: Change<u64>,
    pub limit_counts: Option<Counted>,
    pub password_hash: Change<String>,
    pub card: Change<Card>,
    pub pixels: Option<Vec<PixelId>>,
    /// The whole list; a rule without id is new, one that is not listed goes.
    pub rules: Option<Vec<RuleDraft>>,
}

/// Leave an optional field, set it, or empty it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Change<T> {
    #[default]
    Keep,
    Clear,
    Set(T),
}

impl Patch {
    pub fn apply(self, link: &mut Link, stamp: &Stamp<'_>) -> Result<()> {
        fn set<T>(field: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *field = value;
            }
        }
        set(&mut link.destination, self.destination);
        set(&mut link.default_split, self.default_split);
        self.title.apply(&mut link.title);
        self.description.apply(&mut link.description);
        set(&mut link.tags, self.tags);
        self.folder.apply(&mut link.folder);
        set(&mut link.enabled, self.enabled);
        set(&mut link.archived, self.archived);
        set(&mut link.status, self.status);
        set(&mut link.forward_query, self.forward_query);
        set(&mut link.parameters, self.parameters);
        set(&mut link.cloaked, self.cloaked);
        set(&mut link.redirects, self.redirects);
        set(&mut link.tracks_conversions, self.tracks_conversions);
        self.starts_at.apply(&mut link.starts_at);
        self.expires_at.apply(&mut link.expires_at);
        self.expired_destination.apply(&mut link.expired_destination);
        self.delete_at.apply(&mut link.delete_at);
        self.click_limit.apply(&mut link.click_limit);
        set(&mut link.limit_counts, self.limit_counts);
        self.password_hash.apply(&mut link.password_hash);
        self.card.apply(&mut link.card);
        set(&mut link.pixels, self.pixels);
        if let Some(rules) = self.rules {
            link.replace_rules(rules, stamp)?;
        }
        link.check()
    }
}

impl<T> Change<T> {
    pub fn apply(self, field: &mut Option<T>) {
        match self {
            Change::Keep => (),
            Change::Clear => *field = None,
            Change::Set(value) => *field = Some(value),
        }
    }
}

impl<T> From<Option<Option<T>>> for Change<T> {
    /// Absent, `null`, or a value: how a JSON patch says it.
    fn from(field: Option<Option<T>>) -> Change<T> {
        match field {
            None => Change::Keep,
            Some(None) => Change::Clear,
            Some(Some(value)) => Change::Set(value),
        }
    }
}
