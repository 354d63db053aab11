//! A link as Short.io reads and writes it.

use jiff::Timestamp;
use model::{Change, Counted, Domain, Draft, Error, Link, Patch, Result, Status};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    super::json::{self, Problems, Whole, nullable},
    later,
    targets::{Shown, Targets},
};
use crate::App;

/// What a caller may say of a link, new or old; in an update, what is absent stays and `null`
/// removes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LinkBody {
    #[serde(rename = "originalURL")]
    pub original_url: Option<String>,
    pub domain: Option<String>,
    pub path: Option<String>,
    #[serde(default)]
    pub allow_duplicates: Option<bool>,
    #[serde(default, deserialize_with = "nullable")]
    title: Option<Option<String>>,
    tags: Option<Vec<String>>,
    #[serde(default, deserialize_with = "nullable")]
    folder_id: Option<Option<String>>,
    redirect_type: Option<Value>,
    #[serde(default, deserialize_with = "nullable")]
    expires_at: Option<Option<Value>>,
    #[serde(default, rename = "expiredURL", deserialize_with = "nullable")]
    expired_url: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    clicks_limit: Option<Option<Whole>>,
    #[serde(default, deserialize_with = "nullable")]
    password: Option<Option<String>>,
    archived: Option<bool>,
    #[serde(rename = "skipQS")]
    skip_qs: Option<bool>,
    #[serde(default, rename = "iphoneURL", deserialize_with = "nullable")]
    iphone_url: Option<Option<String>>,
    #[serde(default, rename = "androidURL", deserialize_with = "nullable")]
    android_url: Option<Option<String>>,
    #[serde(default, rename = "splitURL", deserialize_with = "nullable")]
    split_url: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    split_percent: Option<Option<Whole>>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// Keys that are not set are left out: the official SDK refuses `null` where it allows absence.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LinkView {
    #[serde(rename = "originalURL")]
    original_url: String,
    id_string: String,
    id: String,
    path: String,
    #[serde(rename = "shortURL")]
    short_url: String,
    #[serde(rename = "secureShortURL")]
    secure_short_url: String,
    #[serde(rename = "DomainId")]
    domain_id: i64,
    #[serde(rename = "FolderId", skip_serializing_if = "Option::is_none")]
    folder_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    tags: Vec<String>,
    archived: bool,
    has_password: bool,
    #[serde(rename = "skipQS")]
    skip_qs: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    #[serde(rename = "expiredURL", skip_serializing_if = "Option::is_none")]
    expired_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clicks_limit: Option<u64>,
    #[serde(rename = "iphoneURL", skip_serializing_if = "Option::is_none")]
    iphone_url: Option<String>,
    #[serde(rename = "androidURL", skip_serializing_if = "Option::is_none")]
    android_url: Option<String>,
    #[serde(rename = "splitURL", skip_serializing_if = "Option::is_none")]
    split_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    split_percent: Option<i64>,
    created_at: String,
    updated_at: String,
}

impl LinkBody {
    pub(super) fn draft(&self, domain: &Domain) -> Result<Draft> {
        let mut problems = Problems::default();
        let destination = match &self.original_url {
            Some(url) => json::destination("originalURL", url, domain),
            None => Err(Error::invalid("originalURL", "is required")),
        };
        let destination = problems.keep(destination);
        let rules = self.targets().drafts(domain, &mut problems);
        let patch = self.read(domain, &mut problems);
        problems.finish()?;
        let Some(destination) = destination else {
            return Err(Error::internal("a link without problems lacks a destination"));
        };
        let mut draft = Draft { rules, ..Draft::new(destination) };
        patch.title.apply(&mut draft.title);
        patch.folder.apply(&mut draft.folder);
        patch.expires_at.apply(&mut draft.expires_at);
        patch.expired_destination.apply(&mut draft.expired_destination);
        patch.click_limit.apply(&mut draft.click_limit);
        Ok(Draft {
            tags: patch.tags.unwrap_or_default(),
            status: patch.status,
            archived: patch.archived.unwrap_or(draft.archived),
            forward_query: patch.forward_query.unwrap_or(draft.forward_query),
            limit_counts: patch.limit_counts.unwrap_or(draft.limit_counts),
            ..draft
        })
    }

    /// Everything of an update but path, password and targets.
    pub(super) fn patch(&self, domain: &Domain) -> Result<Patch> {
        let mut problems = Problems::default();
        let destination = self.original_url.as_deref();
        let destination =
            problems.keep_any(destination.map(|url| json::destination("originalURL", url, domain)));
        let patch = self.read(domain, &mut problems);
        problems.finish()?;
        Ok(Patch { destination, ..patch })
    }

    pub(super) fn password(&self) -> Change<String> {
        text(&self.password)
    }

    pub(super) fn targets(&self) -> Targets {
        Targets {
            iphone: text(&self.iphone_url),
            android: text(&self.android_url),
            split_url: text(&self.split_url),
            split_percent: self.split_percent.into(),
        }
    }

    fn read(&self, domain: &Domain, problems: &mut Problems) -> Patch {
        problems.keep(later::refuse(&self.rest));
        let status = self.redirect_type.as_ref().map(redirect_type);
        let status = problems.keep_any(status);
        let expires_at = match &self.expires_at {
            None => Change::Keep,
            Some(None) => Change::Clear,
            Some(Some(value)) => problems.keep(moment(value)).map_or(Change::Keep, Change::Set),
        };
        let expired_destination = match text(&self.expired_url) {
            Change::Set(url) => {
                let url = json::destination("expiredURL", &url, domain);
                problems.keep(url).map_or(Change::Keep, Change::Set)
            }
            Change::Clear => Change::Clear,
            Change::Keep => Change::Keep,
        };
        let click_limit = match self.clicks_limit {
            None => Change::Keep,
            Some(None) => Change::Clear,
            Some(Some(whole)) => {
                problems.keep(json::count("clicksLimit", whole)).map_or(Change::Keep, Change::Set)
            }
        };
        // Short.io's limits count robots too.
        let limit_counts = matches!(click_limit, Change::Set(_)).then_some(Counted::Everyone);
        Patch {
            title: text(&self.title),
            tags: self.tags.clone(),
            folder: text(&self.folder_id),
            archived: self.archived,
            status,
            forward_query: self.skip_qs.map(|skip| !skip),
            expires_at,
            expired_destination,
            click_limit,
            limit_counts,
            ..Patch::default()
        }
    }
}

/// An empty text removes, as `null` does.
fn text(field: &Option<Option<String>>) -> Change<String> {
    match field {
        None => Change::Keep,
        Some(Some(text)) if !text.is_empty() => Change::Set(text.clone()),
        Some(_) => Change::Clear,
    }
}

/// A number in requests, a text in answers; both are read.
fn redirect_type(value: &Value) -> Result<Status> {
    let code = value.as_i64().or_else(|| value.as_str()?.parse().ok());
    Status::new("redirectType", code.unwrap_or_default())
}

/// Milliseconds since 1970, or ISO 8601.
fn moment(value: &Value) -> Result<Timestamp> {
    let invalid = || {
        let why = "must be milliseconds since 1970 or a time such as 2026-11-21T10:00:00.000Z";
        Error::invalid("expiresAt", why)
    };
    match (value.as_i64(), value.as_str()) {
        (Some(milliseconds), _) => Timestamp::from_millisecond(milliseconds).map_err(|_| invalid()),
        (_, Some(text)) => json::time("expiresAt", text).map_err(|_| invalid()),
        _ => Err(invalid()),
    }
}

impl LinkView {
    pub(super) fn of(app: &App, link: &Link) -> LinkView {
        let targets = Shown::of(link);
        let id = link.id.split("lnk");
        let short_url = app.short_url(link.address());
        let code = link.status.code();
        LinkView {
            original_url: link.destination.authored().to_owned(),
            id_string: id.clone(),
            id,
            path: link.address().slug.to_string(),
            secure_short_url: short_url.replacen("http://", "https://", 1),
            short_url,
            domain_id: link.address().domain.number(),
            folder_id: link.folder.clone(),
            title: link.title.clone(),
            tags: link.tags.clone(),
            archived: link.archived,
            has_password: link.password_hash.is_some(),
            skip_qs: !link.forward_query,
            // Short.io knows no 303.
            redirect_type: (code != 303).then(|| code.to_string()),
            expires_at: link.expires_at.map(json::iso),
            expired_url: link.expired_destination.as_ref().map(|url| url.authored().to_owned()),
            // A limit that counts people alone is nothing that Short.io could say.
            clicks_limit: link.click_limit.filter(|_| link.limit_counts == Counted::Everyone),
            iphone_url: targets.iphone,
            android_url: targets.android,
            split_url: targets.split_url,
            split_percent: targets.split_percent,
            created_at: json::iso(link.created_at),
            updated_at: json::iso(link.updated_at),
        }
    }
}
