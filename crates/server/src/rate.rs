//! How many calls everybody may make: a bucket for each, which is refilled evenly.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv6Addr},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use jiff::Timestamp;
use model::KeyId;
use quick_cache::sync::Cache;

/// So many calls in a second, a minute or an hour; all of them may come at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    calls: u32,
    /// Microseconds after which one more may be made.
    each: i64,
}

/// What everybody has left on this node.
pub struct Calls {
    rate: Rate,
    /// When each bucket is full again, in microseconds since 1970. Who has been quiet for the
    /// longest is forgotten first, with a bucket that is full by then.
    full: Cache<Who, Arc<AtomicI64>>,
}

/// Whose calls are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    Key(KeyId),
    /// A caller of one call that is dear, by the id of the key or the member.
    Caller(i64),
    /// An address, of version 6 its network: who has one has 2⁶⁴ of them.
    Network(IpAddr),
}

/// What is left after a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Left {
    pub limit: u32,
    pub remaining: u32,
    /// In seconds since 1970: when as many calls as ever may be made.
    pub full_at: i64,
    /// The call was one too many; so many seconds later it is not.
    pub wait: Option<u64>,
}

/// Callers that are remembered: some 10 MB.
const REMEMBERED: usize = 100_000;
/// The most calls of a rate, so that each takes a microsecond at least.
const MOST: u32 = 1_000_000;
const SECOND: i64 = 1_000_000;

impl Rate {
    /// Reads `600/minute`.
    pub fn parse(text: &str) -> Option<Rate> {
        let (calls, unit) = text.split_once('/')?;
        let units = [("second", 1), ("minute", 60), ("hour", 3_600)];
        let (_, seconds) = units.into_iter().find(|(name, _)| *name == unit.trim())?;
        let calls = calls.trim().parse().ok().filter(|calls| (1..=MOST).contains(calls))?;
        Some(Rate::of(calls, seconds))
    }

    /// So many calls in so many seconds.
    pub const fn of(calls: u32, seconds: i64) -> Rate {
        Rate { calls, each: seconds * SECOND / calls as i64 }
    }
}

impl Calls {
    pub fn new(rate: Rate) -> Calls {
        Calls { rate, full: Cache::new(REMEMBERED) }
    }

    /// Takes a call, if there is one left. However many ask at once, none is one too many.
    pub fn take(&self, who: Who, now: Timestamp) -> Left {
        let Rate { calls, each } = self.rate;
        let now = now.as_microsecond();
        let most = now + each * i64::from(calls);
        let Ok(bucket) = self.full.get_or_insert_with(&who, || Ok::<_, Infallible>(Arc::default()));
        // A clock that was set back leaves nobody with less than an empty bucket.
        let known = |full: i64| full.clamp(now, most);
        let after = |full: i64| Some(known(full) + each).filter(|full| *full <= most);
        let keep = |full: i64| Some(after(full).unwrap_or_else(|| known(full)));
        let (Ok(before) | Err(before)) =
            bucket.fetch_update(Ordering::Relaxed, Ordering::Relaxed, keep);
        let (full, wait) = match after(before) {
            Some(full) => (full, None),
            None => (known(before), Some(seconds(known(before) + each - most).max(1))),
        };
        Left {
            limit: calls,
            remaining: u32::try_from((most - full) / each).unwrap_or_default(),
            full_at: seconds(full),
            wait: wait.map(i64::unsigned_abs),
        }
    }
}

/// Whole seconds, rounded up.
fn seconds(microseconds: i64) -> i64 {
    (microseconds + SECOND - 1).div_euclid(SECOND)
}

impl Who {
    pub fn at(address: IpAddr) -> Who {
        Who::Network(match address.to_canonical() {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);

    fn later(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(NOW.as_millisecond() + milliseconds).unwrap()
    }

    fn who(number: i64) -> Who {
        Who::Key(KeyId::new(number).unwrap())
    }

    #[test]
    fn a_rate_is_calls_in_a_unit_of_time() {
        assert_eq!(Rate::parse("600/minute"), Some(Rate { calls: 600, each: 100_000 }));
        assert_eq!(Rate::parse("1/hour"), Some(Rate { calls: 1, each: 3_600_000_000 }));
        for text in ["", "600", "0/minute", "-1/second", "600/day", "2000000/second", "x/hour"] {
            assert_eq!(Rate::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_bucket_empties_and_is_refilled_evenly() {
        let calls = Calls::new(Rate::of(3, 6));
        let left = |at| calls.take(who(1), later(at));
        assert_eq!([left(0), left(0), left(0)].map(|left| left.remaining), [2, 1, 0]);
        let refused = left(500);
        let expected = Left { limit: 3, remaining: 0, full_at: NOW.as_second() + 6, wait: Some(2) };
        assert_eq!(refused, expected);
        assert_eq!(left(2_000).wait, None);
        assert!(left(2_001).wait.is_some());
        // What is never asked for does not pile up.
        assert_eq!(left(1_000_000).remaining, 2);
    }

    #[test]
    fn everybody_has_a_bucket_of_their_own() {
        let calls = Calls::new(Rate::of(1, 60));
        assert!(calls.take(who(1), NOW).wait.is_none());
        assert!(calls.take(who(2), NOW).wait.is_none());
        assert_eq!(calls.take(who(1), NOW).wait, Some(60));
    }

    #[test]
    fn a_clock_that_is_set_back_costs_no_more_than_the_whole_bucket() {
        let calls = Calls::new(Rate::of(2, 2));
        calls.take(who(1), later(3_600_000));
        let back = calls.take(who(1), NOW);
        assert_eq!((back.wait, back.remaining), (Some(1), 0));
        assert!(calls.take(who(1), later(1_000)).wait.is_none());
    }

    #[test]
    fn many_who_ask_at_once_get_no_call_too_many() {
        let calls = Calls::new(Rate::of(1_000, 3_600));
        let allowed = || (0..500).filter(|_| calls.take(who(1), NOW).wait.is_none()).count();
        let total: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(allowed)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(total, 1_000);
    }

    #[test]
    fn memory_is_bounded_however_many_ask() {
        let calls = Calls::new(Rate::of(1, 60));
        for number in 0..3 * REMEMBERED as i64 {
            calls.take(who(number), NOW);
        }
        assert!(calls.full.len() <= REMEMBERED);
    }

    #[test]
    fn addresses_of_one_network_are_one() {
        let at = |text: &str| Who::at(text.parse().unwrap());
        assert_eq!(at("2001:db8:1:2::1"), at("2001:db8:1:2:ffff::9"));
        assert_ne!(at("2001:db8:1:2::1"), at("2001:db8:1:3::1"));
        assert_eq!(at("::ffff:192.0.2.1"), at("192.0.2.1"));
        assert_ne!(at("192.0.2.1"), at("192.0.2.2"));
    }
}
