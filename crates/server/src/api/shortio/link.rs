//! A link as Short.io reads and writes it.

use jiff::Timestamp;
use model::{
    Change, Counted, Domain, Draft, Error, Link, Parameters, Patch, Result, Stamp, Status,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    super::json::{self, Problems, Whole, nullable},
    kept,
    targets::{Shown, Targets},
};
use crate::App;

/// What a caller may say of a link, new or old; in an update, what is absent stays and `null`
/// removes.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LinkBody {
    #[serde(rename = "originalURL")]
    pub original_url: Option<String>,
    pub domain: Option<String>,
    pub path: Option<String>,
    #[serde(default)]
    pub allow_duplicates: Option<bool>,
    #[serde(default, deserialize_with = "nullable")]
    pub title: Option<Option<String>>,
    tags: Option<Vec<String>>,
    #[serde(default, deserialize_with = "nullable")]
    pub folder_id: Option<Option<String>>,
    redirect_type: Option<Value>,
    #[serde(default, deserialize_with = "nullable")]
    expires_at: Option<Option<Value>>,
    #[serde(default, rename = "expiredURL", deserialize_with = "nullable")]
    expired_url: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    clicks_limit: Option<Option<Whole>>,
    #[serde(default, deserialize_with = "nullable")]
    ttl: Option<Option<Value>>,
    created_at: Option<Value>,
    cloaking: Option<bool>,
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
    #[serde(default, deserialize_with = "nullable")]
    utm_source: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    utm_medium: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    utm_campaign: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    utm_term: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    utm_content: Option<Option<String>>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// Short.io's names of query parameters.
pub(super) const UTM: &[(&str, &str)] = &[
    ("utmSource", "utm_source"),
    ("utmMedium", "utm_medium"),
    ("utmCampaign", "utm_campaign"),
    ("utmTerm", "utm_term"),
    ("utmContent", "utm_content"),
];

/// What of a link is kept for Short.io's clients without being acted on.
const KEPT: &[kept::Key] = &[
    ("integrationAdroll", Value::is_string),
    ("integrationFB", Value::is_string),
    ("integrationGA", Value::is_string),
    ("integrationGTM", Value::is_string),
    ("integrationTT", Value::is_string),
    ("passwordContact", Value::is_boolean),
];

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
    cloaking: bool,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<String>,
    /// UTM parameters, and what is kept.
    #[serde(flatten)]
    rest: Map<String, Value>,
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
        let created_at = self.created_at.as_ref().map(|it| moment("createdAt", it));
        let created_at = problems.keep_any(created_at);
        let patch = self.read(domain, &mut problems);
        problems.finish()?;
        let Some(destination) = destination else {
            return Err(Error::internal("a link without problems lacks a destination"));
        };
        let mut draft = Draft { rules, created_at, ..Draft::new(destination) };
        self.mark(&mut draft.parameters, &mut draft.kept)?;
        patch.delete_at.apply(&mut draft.delete_at);
        patch.title.apply(&mut draft.title);
        patch.folder.apply(&mut draft.folder);
        patch.expires_at.apply(&mut draft.expires_at);
        patch.expired_destination.apply(&mut draft.expired_destination);
        patch.click_limit.apply(&mut draft.click_limit);
        Ok(Draft {
            tags: patch.tags.unwrap_or_default(),
            status: patch.status,
            cloaked: patch.cloaked,
            archived: patch.archived.unwrap_or(draft.archived),
            forward_query: patch.forward_query.unwrap_or(draft.forward_query),
            limit_counts: patch.limit_counts.unwrap_or(draft.limit_counts),
            ..draft
        })
    }

    /// Changes what is neither in a draft nor in a patch: a link's UTM parameters, and what is kept.
    pub(super) fn mark(
        &self,
        parameters: &mut Parameters,
        kept: &mut Map<String, Value>,
    ) -> Result<()> {
        let utm = [
            &self.utm_source,
            &self.utm_medium,
            &self.utm_campaign,
            &self.utm_term,
            &self.utm_content,
        ];
        for ((_, name), field) in UTM.iter().zip(utm) {
            match text(field) {
                Change::Keep => (),
                Change::Clear => parameters.set(name, None),
                Change::Set(value) => parameters.set(name, Some(&value)),
            }
        }
        kept::change(KEPT, &self.rest, kept)
    }

    /// Applies an update of everything but path and password.
    pub(super) fn apply(&self, link: &mut Link, domain: &Domain, stamp: &Stamp<'_>) -> Result<()> {
        self.mark(&mut link.parameters, &mut link.kept)?;
        if let Some(value) = &self.created_at {
            link.created_at = moment("createdAt", value)?;
        }
        self.patch(domain)?.apply(link, stamp)?;
        self.targets().apply(link, domain, stamp)
    }

    /// Everything of an update but path, password, targets and marks.
    fn patch(&self, domain: &Domain) -> Result<Patch> {
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

    fn targets(&self) -> Targets {
        Targets {
            iphone: text(&self.iphone_url),
            android: text(&self.android_url),
            split_url: text(&self.split_url),
            split_percent: self.split_percent.into(),
        }
    }

    fn read(&self, domain: &Domain, problems: &mut Problems) -> Patch {
        let status = self.redirect_type.as_ref().map(redirect_type);
        let status = problems.keep_any(status);
        let expires_at = time("expiresAt", &self.expires_at, problems);
        let delete_at = time("ttl", &self.ttl, problems);
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
            cloaked: self.cloaking,
            expires_at,
            delete_at,
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

fn time(at: &str, field: &Option<Option<Value>>, problems: &mut Problems) -> Change<Timestamp> {
    match field {
        None => Change::Keep,
        Some(None) => Change::Clear,
        Some(Some(Value::String(text))) if text.is_empty() => Change::Clear,
        Some(Some(value)) => problems.keep(moment(at, value)).map_or(Change::Keep, Change::Set),
    }
}

/// Milliseconds since 1970, or ISO 8601. Numbers of the last century are refused: whoever sends one
/// means seconds, or how long something is to last.
fn moment(at: &str, value: &Value) -> Result<Timestamp> {
    let invalid = || {
        let why = "must be milliseconds since 1970 or a time such as 2026-11-21T10:00:00.000Z";
        Error::invalid(at, why)
    };
    let milliseconds = value.as_i64().filter(|&milliseconds| CENTURY <= milliseconds);
    match (milliseconds, value.as_str()) {
        (Some(milliseconds), _) => Timestamp::from_millisecond(milliseconds).map_err(|_| invalid()),
        (_, Some(text)) => json::time(at, text).map_err(|_| invalid()),
        _ => Err(invalid()),
    }
}

/// 2000-01-01 in milliseconds since 1970.
const CENTURY: i64 = 946_684_800_000;

/// The parameters that Short.io has names for.
pub(super) fn utm(parameters: &Parameters) -> impl Iterator<Item = (String, Value)> {
    UTM.iter().filter_map(|&(key, name)| Some((key.to_owned(), parameters.get(name)?.into())))
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
            cloaking: link.cloaked,
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
            ttl: link.delete_at.map(json::iso),
            rest: utm(&link.parameters).chain(kept::shown(KEPT, &link.kept)).collect(),
            created_at: json::iso(link.created_at),
            updated_at: json::iso(link.updated_at),
        }
    }
}
