//! The agents that one thread saw lately, in front of the cache that all threads share: a look-up
//! there takes a lock and counts in memory that other cores write to.

use std::{cell::RefCell, hash::BuildHasher, rc::Rc, sync::Arc};

use quick_cache::{DefaultHashBuilder, Equivalent};

use super::{AgentFacts, Claims, hints::OwnedClaims};

thread_local! {
    static RECENT: RefCell<Recent> = const { RefCell::new(Recent(Vec::new())) };
}

/// Each at one of the two places that its hash says, if no two came to them since. What was found
/// or added last comes first.
struct Recent(Vec<[Option<Known>; 2]>);

struct Known {
    claims: OwnedClaims,
    facts: Rc<AgentFacts>,
}

/// Pairs of places. A site's visitors of a day share about a thousand agents, which take half a
/// megabyte; full, it would be two.
const PAIRS: usize = 2_048;

/// This thread's facts of who claims this, or else those of the others.
///
/// Facts follow from the claims alone, so it does not matter who read them.
pub(super) fn facts(
    hasher: &DefaultHashBuilder,
    claims: &Claims<'_>,
    others: impl FnOnce() -> Arc<AgentFacts>,
) -> Rc<AgentFacts> {
    RECENT.with_borrow_mut(|Recent(pairs)| {
        if pairs.is_empty() {
            pairs.resize_with(PAIRS, Default::default);
        }
        let pair = &mut pairs[hasher.hash_one(claims.gist()) as usize % PAIRS];
        let [first, _] = pair;
        if let Some(facts) = first.as_ref().and_then(|known| known.facts(claims)) {
            return facts;
        }
        pair.swap(0, 1);
        let [first, _] = pair;
        if let Some(facts) = first.as_ref().and_then(|known| known.facts(claims)) {
            return facts;
        }
        // A copy, so that no two cores count in the same memory.
        let facts = Rc::new(AgentFacts::clone(&others()));
        *first = Some(Known { claims: claims.keep(), facts: Rc::clone(&facts) });
        facts
    })
}

impl Known {
    #[inline]
    fn facts(&self, claims: &Claims<'_>) -> Option<Rc<AgentFacts>> {
        claims.equivalent(&self.claims).then(|| Rc::clone(&self.facts))
    }
}
