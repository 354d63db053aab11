//! A link as BeLink shows it.

use jiff::Timestamp;
use model::Link;
use serde::Serialize;
use serde_json::Value;

use super::{
    body::{LinkBody, is_utm},
    pixels::PixelView,
    reference::Named,
    rule::{self, WireRule},
};
use crate::App;

/// In the order of keys that dgLnk's page shows.
#[derive(Serialize)]
pub(super) struct LinkView {
    r#type: &'static str,
    title: Option<String>,
    description: Option<String>,
    hash: String,
    long_url: String,
    expires_at: Option<String>,
    disabled: bool,
    user_id: i64,
    domain_id: Option<i64>,
    alias: Option<String>,
    has_password: bool,
    updated_at: String,
    created_at: String,
    id: i64,
    short_url: String,
    #[serde(flatten)]
    rest: Rest,
}

/// What follows after the keys of dgLnk's page.
#[derive(Serialize)]
#[serde(untagged)]
enum Rest {
    /// What was sent, where it was.
    Echo {
        #[serde(skip_serializing_if = "Option::is_none")]
        rules: Option<Vec<WireRule>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        tags: Option<Vec<String>>,
    },
    Later(Box<Later>),
}

/// What BeLink's later generation shows as well.
#[derive(Serialize)]
struct Later {
    active: bool,
    /// Always null: no picture is taken of a destination.
    image: Value,
    activates_at: Option<String>,
    expiration_clicks: Option<u64>,
    utm: Option<String>,
    clicks_count: i64,
    /// When the last click came. Lists leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    clicked_at: Option<Option<String>>,
    /// Always null: what was deleted is not shown.
    deleted_at: Value,
    rules: Vec<WireRule>,
    tags: Vec<Named>,
    pixels: Vec<PixelView>,
    groups: Vec<Named>,
}

/// As BeLink writes times: UTC, without saying so.
pub(super) fn written(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

impl LinkView {
    /// The answer to the call of dgLnk's page.
    pub(super) fn echo(app: &App, link: &Link, sent: &LinkBody) -> LinkView {
        let domain = link.address().domain.number();
        let rest = Rest::Echo { rules: sent.rules.clone(), tags: sent.tags() };
        LinkView::with(app, link, Some(domain).filter(|domain| sent.names(*domain)), rest)
    }

    /// A link with its clicks; `clicked_at` is left out where it is none.
    pub(super) fn later(
        app: &App,
        link: &Link,
        clicks: i64,
        clicked_at: Option<Option<Timestamp>>,
    ) -> LinkView {
        let utm = link.parameters.iter().filter(|(name, _)| is_utm(name));
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let utm = query.extend_pairs(utm).finish();
        let later = Later {
            active: link.enabled,
            image: Value::Null,
            activates_at: link.starts_at.map(written),
            expiration_clicks: link.click_limit.filter(|_| rule::after(link).is_none()),
            utm: Some(utm).filter(|utm| !utm.is_empty()),
            clicks_count: clicks,
            clicked_at: clicked_at.map(|time| time.map(written)),
            deleted_at: Value::Null,
            rules: WireRule::all(link),
            tags: link.tags.iter().map(|tag| Named::of(tag)).collect(),
            pixels: app
                .routes
                .pixels(&link.pixels)
                .iter()
                .map(|pixel| PixelView::from(&**pixel))
                .collect(),
            groups: link.folder.iter().map(|name| Named::of(name)).collect(),
        };
        let default = app.routes.default_domain().map(|domain| domain.id);
        let domain = Some(link.address().domain).filter(|domain| Some(*domain) != default);
        LinkView::with(app, link, domain.map(model::Id::number), Rest::Later(Box::new(later)))
    }

    /// A link with an alias answers at a random hash too.
    fn with(app: &App, link: &Link, domain_id: Option<i64>, rest: Rest) -> LinkView {
        let address = link.address();
        let hash = link.addresses.last().unwrap_or(address);
        LinkView {
            r#type: if link.cloaked { "frame" } else { "direct" },
            title: link.title.clone(),
            description: link.description.clone(),
            hash: hash.slug.to_string(),
            long_url: link.destination.authored().to_owned(),
            expires_at: link.expires_at.map(written),
            disabled: !link.enabled,
            user_id: link.workspace.number(),
            domain_id,
            alias: (1 < link.addresses.len()).then(|| address.slug.to_string()),
            has_password: link.password_hash.is_some(),
            updated_at: written(link.updated_at),
            created_at: written(link.created_at),
            id: link.id.number(),
            short_url: app.short_url(address),
            rest,
        }
    }
}
