//! What happens, as webhooks are told it: each thing in the form in which this API shows it.

use jiff::Timestamp;
use model::{Happened, WebhookId};
use serde_json::{Value, json};

use super::{
    super::json::iso, conversions::ConversionView, domains::DomainView, link_view::LinkView,
};
use crate::App;

/// The body of a message.
pub(crate) fn event_body(app: &App, happened: &Happened<'_>) -> String {
    let data = match happened {
        Happened::LinkCreated(link)
        | Happened::LinkUpdated(link)
        | Happened::LinkDeleted(link, _) => {
            let mut view = json!(LinkView::of(app, link, 0));
            // How often it was clicked is no part of what happened, and would cost a question.
            view.as_object_mut().map(|view| view.shift_remove("clicks"));
            view
        }
        Happened::DomainCreated(domain)
        | Happened::DomainUpdated(domain)
        | Happened::DomainDeleted(domain, _) => json!(DomainView::from((*domain).clone())),
        Happened::ConversionCreated(conversion) => json!(ConversionView::of(conversion)),
    };
    body(happened.kind().name(), happened.at(), &data)
}

/// The body of a message that says nothing but that it came.
pub(crate) fn test_body(webhook: WebhookId, now: Timestamp) -> String {
    body("webhook.test", now, &json!({ "webhook": webhook.plain("hook") }))
}

fn body(kind: &str, at: Timestamp, data: &Value) -> String {
    json!({ "type": kind, "timestamp": iso(at), "data": data }).to_string()
}
