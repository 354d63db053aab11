//! Rules that several links have in common, compiled once.
//!
//! Who makes many links makes them after a few patterns: the same conditions, and other destinations. One
//! copy of such conditions stays in the processor's cache where thousands would not.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use foldhash::fast::RandomState;
use model::Link;
use targeting::Rules;

use super::{bytes::Writer, record::condition};
use crate::redirect::route;

/// Compiled rules that some link still has, by their conditions in bytes.
#[derive(Debug, Default)]
pub(super) struct SharedRules(Mutex<Known>);

#[derive(Debug)]
struct Known {
    rules: HashMap<Box<[u8]>, Weak<Rules>, RandomState>,
    /// How many there may be before those that no link has any more are looked for.
    most: usize,
}

const FEWEST: usize = 64;

impl Default for Known {
    fn default() -> Known {
        Known { rules: HashMap::default(), most: FEWEST }
    }
}

impl SharedRules {
    /// The compiled rules of a link, and how many bytes of conditions they were compiled from for this
    /// link; none where another link has them already.
    pub fn of(&self, link: &Link) -> (Arc<Rules>, usize) {
        let key = key(link);
        if let Some(rules) = self.known().rules.get(&*key).and_then(Weak::upgrade) {
            return (rules, 0);
        }
        // Not under the lock: somebody else may compile the same meanwhile, which does no harm.
        let rules = Arc::new(route::rules(link));
        let mut known = self.known();
        let bytes = key.len();
        known.rules.insert(key, Arc::downgrade(&rules));
        if known.most < known.rules.len() {
            known.rules.retain(|_, rules| rules.strong_count() != 0);
            known.most = FEWEST.max(2 * known.rules.len());
        }
        (rules, bytes)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the enabled rules of a link ask, as bytes that tell any two apart.
fn key(link: &Link) -> Box<[u8]> {
    let mut to = Writer::default();
    for rule in link.rules.iter().filter(|rule| rule.enabled) {
        to.maybe_text(rule.timezone.as_deref());
        condition::write(&mut to, &rule.when);
    }
    to.bytes.into()
}

#[cfg(test)]
mod tests {
    use model::{Destination, Draft, Schemes};
    use serde_json::{Value, json};

    use super::*;
    use crate::redirect::table::record::tests::{make, rule};

    fn link(id: i64, rules: &[Value]) -> Link {
        let destination = format!("https://example.com/{id}");
        let destination = Destination::parse("", &destination, Schemes::WEB).unwrap();
        let rules = rules.iter().map(rule).collect();
        make(id, Draft { rules, ..Draft::new(destination) })
    }

    fn hour(zone: Option<&str>, enabled: bool, to: &str) -> Value {
        let when = json!({"field": "hour", "operator": "equals", "value": 9});
        let (zone, to) = (json!(zone), format!("https://example.com/{to}"));
        json!({"when": when, "timezone": zone, "enabled": enabled, "action": {"redirect": to}})
    }

    #[test]
    fn the_same_conditions_are_compiled_once_whatever_they_lead_to() {
        let shared = SharedRules::default();
        let (first, own) = shared.of(&link(1, &[hour(None, true, "a")]));
        assert!(first.len() == 1 && 0 < own);
        let off = hour(Some("Asia/Tokyo"), false, "c");
        let (second, own) = shared.of(&link(2, &[off, hour(None, true, "b")]));
        assert!(Arc::ptr_eq(&first, &second) && own == 0);
        let (other, own) = shared.of(&link(3, &[hour(Some("Asia/Tokyo"), true, "a")]));
        assert!(!Arc::ptr_eq(&first, &other) && 0 < own);
        let (twice, _) = shared.of(&link(4, &[hour(None, true, "a"), hour(None, true, "a")]));
        assert_eq!(twice.len(), 2);
    }

    #[test]
    fn rules_that_no_link_has_any_more_are_forgotten() {
        let shared = SharedRules::default();
        for id in 1..=10 * FEWEST as i64 {
            let when = json!({"field": "query.id", "operator": "equals", "value": id.to_string()});
            let to = "https://example.com/";
            shared.of(&link(id, &[json!({"when": when, "action": {"redirect": to}})]));
        }
        assert!(shared.known().rules.len() <= 2 * FEWEST);
    }
}
