//! The agents that one thread saw lately, in front of the cache that all threads share: a look-up
//! there takes a lock and counts in memory that other cores write to.

use std::{cell::RefCell, sync::Arc};

use quick_cache::Equivalent;

use super::{AgentFacts, Claims, hints::OwnedClaims};

thread_local! {
    static RECENT: RefCell<Recent> = const { RefCell::new(Recent(Vec::new())) };
}

/// Each at the place that its hash says, if none came to it since.
struct Recent(Vec<Option<Known>>);

struct Known {
    claims: OwnedClaims,
    facts: Arc<AgentFacts>,
}

/// A site's visitors of a day share about a thousand agents, which meet seldom here. Those take half
/// a megabyte; full, it would be two.
const PLACES: usize = 4_096;

/// This thread's facts of who claims this, by the hash of that, or else those of the others.
///
/// Facts follow from the claims alone, so it does not matter who read them.
pub(super) fn facts(
    hash: u64,
    claims: &Claims<'_>,
    others: impl FnOnce() -> Arc<AgentFacts>,
) -> Arc<AgentFacts> {
    RECENT.with_borrow_mut(|Recent(places)| {
        if places.is_empty() {
            places.resize_with(PLACES, || None);
        }
        // The low bits; the cache of all threads takes others for its own places.
        let place = &mut places[hash as usize % PLACES];
        match place {
            Some(known) if claims.equivalent(&known.claims) => Arc::clone(&known.facts),
            _ => {
                // A copy, so that no two cores count in the same memory.
                let facts = Arc::new(AgentFacts::clone(&others()));
                *place = Some(Known { claims: claims.keep(), facts: Arc::clone(&facts) });
                facts
            }
        }
    })
}
