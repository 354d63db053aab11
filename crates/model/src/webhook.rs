//! Webhooks: whom a workspace tells what happens in it.

use std::fmt;

use jiff::Timestamp;
use url::Url;

use crate::{Error, EventKind, Happened, Id, Result, WorkspaceId};

pub type WebhookId = Id<Webhook>;

/// An address that is told of events.
#[derive(Clone, Debug, PartialEq)]
pub struct Webhook {
    pub id: WebhookId,
    pub workspace: WorkspaceId,
    pub url: Url,
    /// The kinds of events that it hears of; none: all, those of the future too.
    pub events: Option<Vec<EventKind>>,
    pub description: String,
    pub state: WebhookState,
    pub secret: WebhookSecret,
    /// The secret before that, and until when it signs too.
    pub old_secret: Option<(WebhookSecret, Timestamp)>,
    /// Since when nothing has got through.
    pub failing_since: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What messages are signed with; whoever knows it can speak for us.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct WebhookSecret(pub [u8; 32]);

/// Whether a webhook is told anything, and if not, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookState {
    Active,
    /// Somebody said so.
    Disabled,
    /// Its address answered 410: nobody is there any more.
    Gone,
    /// Nothing got through for days.
    Failing,
}

/// Every state with its name; read in both directions.
pub const WEBHOOK_STATES: &[(WebhookState, &str)] = &[
    (WebhookState::Active, "active"),
    (WebhookState::Disabled, "disabled"),
    (WebhookState::Gone, "gone"),
    (WebhookState::Failing, "failing"),
];

const LONGEST_URL: usize = 2_048;
const LONGEST_DESCRIPTION: usize = 255;

impl Webhook {
    /// An address that can be told something at all; whether it may be asked is the server's affair.
    pub fn read_url(text: &str) -> Result<Url> {
        let no = |why: &str| Error::invalid("url", why);
        if LONGEST_URL < text.len() {
            return Err(no(&format!("must not be longer than {LONGEST_URL} bytes")));
        }
        let url =
            Url::parse(text.trim()).map_err(|_| no("must be an address such as https://…"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(no("must begin with https:// or http://"));
        }
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(no("must hold no user, password or fragment"));
        }
        Ok(url)
    }

    pub fn check(&self) -> Result<()> {
        if LONGEST_DESCRIPTION < self.description.len() {
            let why = format!("must not be longer than {LONGEST_DESCRIPTION} bytes");
            return Err(Error::invalid("description", why));
        }
        if self.events.as_ref().is_some_and(Vec::is_empty) {
            return Err(Error::invalid("events", "must name one at least; null is all"));
        }
        Ok(())
    }

    /// The secrets that sign at a moment, the newest first.
    pub fn secrets(&self, now: Timestamp) -> impl Iterator<Item = &WebhookSecret> {
        let old = self.old_secret.as_ref().filter(|(_, until)| now < *until);
        std::iter::once(&self.secret).chain(old.map(|(secret, _)| secret))
    }
}

/// Whether a webhook of a workspace, with its choice of events, is told of what happens.
pub fn hears(
    workspace: WorkspaceId,
    events: Option<&[EventKind]>,
    happened: &Happened<'_>,
) -> bool {
    workspace == happened.workspace() && events.is_none_or(|all| all.contains(&happened.kind()))
}

impl WebhookState {
    pub fn name(self) -> &'static str {
        WEBHOOK_STATES.iter().find(|(state, _)| *state == self).map_or("", |(_, name)| name)
    }

    pub fn named(name: &str) -> Option<WebhookState> {
        WEBHOOK_STATES.iter().find(|(_, known)| *known == name).map(|(state, _)| *state)
    }
}

/// No log ever shows one.
impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_read_by_its_name() {
        for &(state, name) in WEBHOOK_STATES {
            assert_eq!((WebhookState::named(name), state.name()), (Some(state), name));
        }
    }

    #[test]
    fn what_cannot_be_told_anything_is_refused() {
        for text in [
            "",
            "example.com",
            "/hook",
            "ftp://example.com/",
            "https://",
            "https://me:secret@example.com/",
            "https://example.com/#part",
            &format!("https://example.com/{}", "x".repeat(2_048)),
        ] {
            let error = Webhook::read_url(text).expect_err(text);
            assert!(error.to_string().starts_with("url: "), "{error}");
        }
        let url = Webhook::read_url(" https://example.com:8443/a?b=c ").unwrap();
        assert_eq!(url.as_str(), "https://example.com:8443/a?b=c");
    }
}
