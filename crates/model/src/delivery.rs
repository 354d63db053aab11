//! One event on its way to one webhook: how it went, and when it is tried again.

use jiff::{SignedDuration, Timestamp};

use crate::{EventId, EventKind, WebhookId, WebhookState};

/// An event and a webhook.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    pub webhook: WebhookId,
    pub event: EventId,
    pub kind: EventKind,
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next; none where it is not.
    pub next_at: Option<Timestamp>,
    pub last: Option<Attempt>,
    pub created_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    Pending,
    Delivered,
    /// It was tried as often as it is.
    Failed,
}

/// Every state with its name and the number that is stored; read in both directions.
pub const DELIVERY_STATES: &[(DeliveryState, &str, i64)] = &[
    (DeliveryState::Pending, "pending", 0),
    (DeliveryState::Delivered, "delivered", 1),
    (DeliveryState::Failed, "failed", 2),
];

/// One attempt at a delivery.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    pub at: Timestamp,
    /// None where nobody answered.
    pub status: Option<u16>,
    /// Why it did not get through.
    pub error: Option<String>,
}

/// What becomes of a delivery after an attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Next {
    Delivered,
    /// It is tried again at this moment.
    Again(Timestamp),
    Failed,
}

/// The pauses before each further attempt, which Standard Webhooks recommends.
/// <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>
const PAUSES: [SignedDuration; 9] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(5),
    SignedDuration::from_hours(10),
    SignedDuration::from_hours(14),
    SignedDuration::from_hours(20),
    SignedDuration::from_hours(24),
];
/// Nobody has us wait longer than this.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24);
/// By how much of itself a pause is longer at most, so that what failed together does not come
/// back together.
const JITTER: f64 = 0.2;
/// After so long without anything that got through, a webhook is left alone.
const GIVEN_UP: SignedDuration = SignedDuration::from_hours(5 * 24);

impl Attempt {
    pub fn is_through(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// Whether the receiver says that it wants nothing more, ever.
    pub fn is_unwanted(&self) -> bool {
        self.status == Some(410)
    }

    /// What follows, where `before` attempts were made already. `wanted` is how long the receiver
    /// asks us to wait, `dice` a number from 0 to 1.
    pub fn next(&self, before: i64, wanted: Option<SignedDuration>, dice: f64) -> Next {
        if self.is_through() {
            return Next::Delivered;
        }
        if self.is_unwanted() {
            return Next::Failed;
        }
        let pause = usize::try_from(before).ok().and_then(|before| PAUSES.get(before));
        let Some(pause) = pause else { return Next::Failed };
        let pause = pause.mul_f64(1.0 + JITTER * dice);
        let asks = matches!(self.status, Some(429 | 503));
        let wanted = wanted.filter(|_| asks).unwrap_or_default().min(LONGEST_WAIT);
        Next::Again(self.at + pause.max(wanted))
    }
}

/// The state in which a webhook is told nothing more after these attempts, if it has come to that.
/// Nothing had got through to it since `failing_since`.
pub fn end_of_webhook(
    failing_since: Option<Timestamp>,
    attempts: &[&Attempt],
) -> Option<WebhookState> {
    if attempts.iter().any(|attempt| attempt.is_unwanted()) {
        return Some(WebhookState::Gone);
    }
    if attempts.iter().any(|attempt| attempt.is_through()) {
        return None;
    }
    let (since, last) = failing_since.zip(attempts.iter().map(|attempt| attempt.at).max())?;
    (GIVEN_UP <= last.duration_since(since)).then_some(WebhookState::Failing)
}

impl DeliveryState {
    pub fn name(self) -> &'static str {
        self.row().1
    }

    pub fn named(name: &str) -> Option<DeliveryState> {
        DELIVERY_STATES.iter().find(|(_, known, _)| *known == name).map(|(state, ..)| *state)
    }

    pub fn number(self) -> i64 {
        self.row().2
    }

    pub fn numbered(number: i64) -> Option<DeliveryState> {
        DELIVERY_STATES.iter().find(|(.., known)| *known == number).map(|(state, ..)| *state)
    }

    fn row(self) -> &'static (DeliveryState, &'static str, i64) {
        DELIVERY_STATES
            .iter()
            .find(|(state, ..)| *state == self)
            .expect("a test finds every state in the table")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> Timestamp {
        "2026-11-22T10:00:00Z".parse().unwrap()
    }

    fn answered(status: u16) -> Attempt {
        Attempt { at: at(), status: Some(status), error: None }
    }

    #[track_caller]
    fn check(status: u16, before: i64, wanted: i64, dice: f64, expected: Option<i64>) {
        let wanted = SignedDuration::from_secs(wanted);
        let next = answered(status).next(before, Some(wanted), dice);
        let expected = expected.map(|seconds| at() + SignedDuration::from_secs(seconds));
        assert_eq!(next, expected.map_or(Next::Failed, Next::Again));
    }

    #[test]
    fn every_state_is_read_by_name_and_number() {
        for &(state, name, number) in DELIVERY_STATES {
            assert_eq!((state.name(), state.number()), (name, number));
            assert_eq!(DeliveryState::named(name), Some(state));
            assert_eq!(DeliveryState::numbered(number), Some(state));
        }
    }

    #[test]
    fn any_2xx_is_through_and_nothing_else() {
        for status in [200, 202, 204, 299] {
            assert_eq!(answered(status).next(0, None, 0.0), Next::Delivered);
        }
        for status in [199, 301, 302, 400, 404, 500] {
            assert!(matches!(answered(status).next(0, None, 0.0), Next::Again(_)), "{status}");
        }
        let silent = Attempt { at: at(), status: None, error: Some("it takes too long".into()) };
        assert!(matches!(silent.next(0, None, 0.0), Next::Again(_)));
    }

    #[test]
    fn pauses_grow_as_the_standard_has_them_and_end() {
        let seconds = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
        for (before, expected) in (0..).zip(seconds) {
            check(500, before, 0, 0.0, Some(expected));
            check(500, before, 0, 1.0, Some(expected + expected / 5));
        }
        check(500, 9, 0, 0.0, None);
        check(500, -1, 0, 0.0, None);
    }

    #[test]
    fn a_receiver_that_asks_for_time_gets_it_within_reason() {
        check(429, 0, 60, 0.0, Some(60));
        check(503, 0, 60, 0.0, Some(60));
        check(503, 1, 60, 0.0, Some(300));
        check(429, 0, 999_999, 0.0, Some(86_400));
        check(500, 0, 60, 0.0, Some(5));
    }

    #[test]
    fn who_is_gone_is_asked_no_more() {
        check(410, 0, 0, 0.0, None);
        assert!(answered(410).is_unwanted() && !answered(404).is_unwanted());
    }

    #[test]
    fn five_days_of_silence_are_enough() {
        let five = at() + SignedDuration::from_hours(5 * 24);
        let attempt = |at, status| Attempt { at, status, error: None };
        let silent = attempt(five, None);
        assert_eq!(end_of_webhook(None, &[&silent]), None);
        assert_eq!(end_of_webhook(Some(at()), &[]), None);
        let before = attempt(five - SignedDuration::from_millis(1), Some(500));
        assert_eq!(end_of_webhook(Some(at()), &[&before]), None);
        let failing = Some(WebhookState::Failing);
        assert_eq!(end_of_webhook(Some(at()), &[&before, &silent]), failing);
        let through = attempt(five, Some(204));
        assert_eq!(end_of_webhook(Some(at()), &[&silent, &through]), None);
        let gone = attempt(at(), Some(410));
        assert_eq!(end_of_webhook(None, &[&through, &gone]), Some(WebhookState::Gone));
    }
}
