//! One message as Standard Webhooks has it: three headers, and a signature over two of them and the
//! body. <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use model::{EventId, Webhook, WebhookSecret};
use sha2::Sha256;

use crate::outward::Message;

/// A secret as it is shown, once, and as libraries take it.
pub fn spell(secret: &WebhookSecret) -> String {
    format!("whsec_{}", BASE64_STANDARD.encode(secret.0))
}

/// The message of an event, with a signature for each secret that is valid.
pub(super) fn sign(webhook: &Webhook, id: EventId, now: Timestamp, body: String) -> Message {
    let (id, seconds) = (id.plain("evt"), now.as_second());
    let signatures: Vec<String> =
        webhook.secrets(now).map(|secret| signature(secret, &id, seconds, &body)).collect();
    let headers = vec![
        ("webhook-id", id),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", signatures.join(" ")),
    ];
    Message { headers, body: body.into() }
}

/// `v1,` and the HMAC in base64.
fn signature(secret: &WebhookSecret, id: &str, seconds: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret.0).expect("HMAC takes keys of any length");
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use model::WebhookState;

    use super::*;

    fn now() -> Timestamp {
        "2026-11-22T10:00:00Z".parse().unwrap()
    }

    fn webhook(old: Option<(WebhookSecret, Timestamp)>) -> Webhook {
        Webhook {
            id: model::Id::new(1).unwrap(),
            workspace: model::Id::new(2).unwrap(),
            url: Webhook::read_url("https://example.com/").unwrap(),
            events: None,
            description: String::new(),
            state: WebhookState::Active,
            secret: WebhookSecret([1; 32]),
            old_secret: old,
            failing_since: None,
            created_at: now(),
            updated_at: now(),
        }
    }

    /// Each value was made by `Webhook(secret).sign(id, timestamp, body)` of the Python library
    /// standardwebhooks 1.1.0.
    #[test]
    fn signatures_are_those_of_the_standards_own_library() {
        let sign = |secret: [u8; 32], body| {
            signature(&WebhookSecret(secret), "evt_000000001", 1_795_341_600, body)
        };
        assert_eq!(
            spell(&WebhookSecret([1; 32])),
            "whsec_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
        );
        assert_eq!(
            sign([1; 32], r#"{"type":"webhook.test"}"#),
            "v1,kkhZjYsEjLcAI9c3HYOxvMI8e675tBuuCRjJcn67b5Q="
        );
        assert_eq!(
            sign([255; 32], r#"{"title":"Café ☕"}"#),
            "v1,YxqAsdM78rv4lo1bgen0mTByFgQ6bO0MGIz/Fp+Sbpo="
        );
    }

    #[test]
    fn the_old_secret_signs_too_while_it_is_valid() {
        let signatures = |old: Option<(WebhookSecret, Timestamp)>| {
            let id = EventId::new(1).unwrap();
            let message = sign(&webhook(old), id, now(), "{}".to_owned());
            assert_eq!(message.headers[0], ("webhook-id", "evt_000000001".to_owned()));
            assert_eq!(message.headers[1], ("webhook-timestamp", now().as_second().to_string()));
            message.headers[2].1.split(' ').map(str::to_owned).collect::<Vec<_>>()
        };
        let old = WebhookSecret([2; 32]);
        let alone = signatures(None);
        let both = signatures(Some((old, now() + SignedDuration::from_secs(1))));
        assert_eq!((alone.len(), both.len()), (1, 2));
        assert_eq!(both[0], alone[0]);
        assert_eq!(both[1], signature(&old, "evt_000000001", now().as_second(), "{}"));
        assert_eq!(signatures(Some((old, now()))), alone);
    }
}
