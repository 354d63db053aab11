//! A link as Linquid reads and writes it. A campaign is a folder.

use jiff::Timestamp;
use model::{Change, Domain, Draft, Error, Link, Patch, Redirects, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    super::json::{self, Problems, Whole, nullable, present},
    rule::RuleView,
};
use crate::App;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CreateLink {
    destination_url: Option<String>,
    title: Option<String>,
    pub(super) short_code: Option<String>,
    campaign_id: Option<String>,
    pub(super) domain_id: Option<String>,
    expires_at: Option<String>,
    clicks_limit: Option<Whole>,
    pub(super) password: Option<String>,
    tags: Option<Vec<String>>,
    enabled: Option<bool>,
    description: Option<String>,
    redirect_behavior: Option<Behavior>,
    conversion_tracking: Option<bool>,
    /// An older name of `destinationUrl`.
    default_destination: Option<String>,
}

/// What is absent stays; `null` and an empty password remove.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct UpdateLink {
    #[serde(deserialize_with = "present")]
    destination_url: Option<String>,
    #[serde(deserialize_with = "nullable")]
    title: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    campaign_id: Option<Option<String>>,
    #[serde(deserialize_with = "present")]
    enabled: Option<bool>,
    #[serde(deserialize_with = "nullable")]
    expires_at: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    clicks_limit: Option<Option<Whole>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) password: Option<Option<String>>,
    #[serde(deserialize_with = "present")]
    tags: Option<Vec<String>>,
    #[serde(deserialize_with = "nullable")]
    description: Option<Option<String>>,
    #[serde(deserialize_with = "present")]
    redirect_behavior: Option<Behavior>,
    #[serde(deserialize_with = "present")]
    conversion_tracking: Option<bool>,
    #[serde(deserialize_with = "present")]
    default_destination: Option<String>,
}

/// Linquid's words for whom a link redirects.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Behavior {
    Auto,
    Always,
    RuleOnly,
    Never,
}

/// In the order of keys that Linquid's documentation shows; what another generation has of a link
/// follows where it was set, or where one link is asked for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LinkView {
    id: String,
    short_code: String,
    short_url: String,
    destination_url: String,
    title: Option<String>,
    campaign_id: Option<String>,
    enabled: bool,
    password_protected: bool,
    expires_at: Option<String>,
    clicks_limit: Option<u64>,
    tags: Vec<String>,
    created_at: String,
    updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_behavior: Option<Behavior>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversion_tracking: Option<bool>,
    #[serde(flatten)]
    whole: Option<Whereabouts>,
    #[serde(flatten)]
    figures: Option<Figures>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<Vec<RuleView>>,
}

/// What the older generation says of a link beside.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Whereabouts {
    default_destination: String,
    /// Nobody can read it back.
    password: Option<()>,
    redirect_domain: String,
    domain_id: String,
}

/// What is known of a link's visitors, for callers who may read statistics.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Figures {
    /// Of people.
    pub(super) clicks: i64,
    /// Visitors of each day, summed.
    pub(super) unique_clicks: u64,
    pub(super) conversions: i64,
    /// None where it came in several currencies.
    pub(super) revenue: Option<Value>,
    pub(super) last_clicked_at: Option<String>,
}

impl CreateLink {
    pub(super) fn draft(&self, domain: &Domain) -> Result<Draft> {
        let mut problems = Problems::default();
        let Some(url) = self.destination_url.as_ref().or(self.default_destination.as_ref()) else {
            return Err(Error::invalid("destinationUrl", "is required"));
        };
        let destination = problems.keep(json::destination("destinationUrl", url, domain));
        let expires_at = self.expires_at.as_deref().map(|text| json::time("expiresAt", text));
        let expires_at = problems.keep_any(expires_at);
        let limit = self.clicks_limit.map(|whole| json::count("clicksLimit", whole));
        let click_limit = problems.keep_any(limit);
        problems.finish()?;
        let Some(destination) = destination else {
            return Err(Error::internal("a link without problems lacks a destination"));
        };
        Ok(Draft {
            title: self.title.clone(),
            description: self.description.clone(),
            folder: self.campaign_id.clone(),
            tags: self.tags.clone().unwrap_or_default(),
            enabled: self.enabled.unwrap_or(true),
            redirects: self.redirect_behavior.map(Redirects::from).unwrap_or_default(),
            tracks_conversions: self.conversion_tracking.unwrap_or_default(),
            expires_at,
            click_limit,
            ..Draft::new(destination)
        })
    }
}

impl UpdateLink {
    pub(super) fn patch(&self, domain: &Domain) -> Result<Patch> {
        let mut problems = Problems::default();
        let destination = self.destination_url.as_deref().or(self.default_destination.as_deref());
        let destination = problems
            .keep_any(destination.map(|url| json::destination("destinationUrl", url, domain)));
        let expires_at: Change<Timestamp> = match &self.expires_at {
            None => Change::Keep,
            Some(None) => Change::Clear,
            Some(Some(text)) => {
                problems.keep(json::time("expiresAt", text)).map_or(Change::Keep, Change::Set)
            }
        };
        let click_limit = match self.clicks_limit {
            None => Change::Keep,
            Some(None) => Change::Clear,
            Some(Some(whole)) => {
                problems.keep(json::count("clicksLimit", whole)).map_or(Change::Keep, Change::Set)
            }
        };
        problems.finish()?;
        Ok(Patch {
            destination,
            title: self.title.clone().into(),
            description: self.description.clone().into(),
            folder: self.campaign_id.clone().into(),
            tags: self.tags.clone(),
            enabled: self.enabled,
            redirects: self.redirect_behavior.map(Redirects::from),
            tracks_conversions: self.conversion_tracking,
            expires_at,
            click_limit,
            ..Patch::default()
        })
    }
}

impl LinkView {
    pub(super) fn of(app: &App, link: &Link) -> LinkView {
        let behavior = Some(link.redirects).filter(|redirects| *redirects != Redirects::Auto);
        LinkView {
            id: link.id.plain("link"),
            short_code: link.address().slug.to_string(),
            short_url: app.short_url(link.address()),
            destination_url: link.destination.authored().to_owned(),
            title: link.title.clone(),
            campaign_id: link.folder.clone(),
            enabled: link.enabled,
            password_protected: link.password_hash.is_some(),
            expires_at: link.expires_at.map(json::iso),
            clicks_limit: link.click_limit,
            tags: link.tags.clone(),
            created_at: json::iso(link.created_at),
            updated_at: json::iso(link.updated_at),
            description: link.description.clone(),
            redirect_behavior: behavior.map(Behavior::from),
            conversion_tracking: link.tracks_conversions.then_some(true),
            whole: None,
            figures: None,
            rules: None,
        }
    }

    /// One link, with what the older generation says of it.
    pub(super) fn whole(
        app: &App,
        link: &Link,
        figures: Option<Figures>,
        rules: Option<Vec<RuleView>>,
    ) -> LinkView {
        LinkView {
            figures,
            rules,
            redirect_behavior: Some(link.redirects.into()),
            conversion_tracking: Some(link.tracks_conversions),
            whole: Some(Whereabouts {
                default_destination: link.destination.authored().to_owned(),
                password: None,
                redirect_domain: link.address().host.to_string(),
                domain_id: link.address().domain.plain("dom"),
            }),
            ..LinkView::of(app, link)
        }
    }
}

impl From<Behavior> for Redirects {
    fn from(behavior: Behavior) -> Redirects {
        match behavior {
            Behavior::Auto => Redirects::Auto,
            Behavior::Always => Redirects::Always,
            Behavior::RuleOnly => Redirects::RuleOnly,
            Behavior::Never => Redirects::Never,
        }
    }
}

impl From<Redirects> for Behavior {
    fn from(redirects: Redirects) -> Behavior {
        match redirects {
            Redirects::Auto => Behavior::Auto,
            Redirects::Always => Behavior::Always,
            Redirects::RuleOnly => Behavior::RuleOnly,
            Redirects::Never => Behavior::Never,
        }
    }
}
