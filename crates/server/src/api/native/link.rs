//! A link as our own API reads and writes it.

use model::{
    Address, Card, Change, Counted, Destination, Domain, Draft, Error, Link, Parameters, Patch,
    PixelId, Result, RuleDraft, Status, Variant,
};
use serde::{Deserialize, Serialize, de::IgnoredAny};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    super::json::{self, Problems, Whole, nullable, present},
    schema::{CardView, NewRule, Rule, Variant as VariantView},
};
use crate::{
    App,
    ops::{self, Warning},
};

/// What a caller may say of a link, new or old.
///
/// The keys that only we set are accepted and mean nothing, so that what was read can be sent back.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = LinkChange, example = json!({
    "slug": "spring", "destination": "https://example.com/", "tags": ["mail"],
    "expiresAt": "2027-01-01T00:00:00.000Z",
}))]
pub(super) struct LinkBody {
    /// A host of `GET /api/v1/domains`; the default domain unless it is said. Cannot be changed.
    pub(super) domain: Option<String>,
    /// What stands behind the host, in one or several segments; the domain makes one where it is
    /// left out.
    pub(super) slug: Option<String>,
    /// Where the link leads where no rule says otherwise: http, https, or an app scheme that the
    /// domain allows. `{country}`, `{query.ref}` and the like stand for what is known of the visitor.
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    destination: Option<String>,
    /// For you; visitors see it on the preview page.
    #[serde(deserialize_with = "nullable")]
    title: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    description: Option<Option<String>>,
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    tags: Option<Vec<String>>,
    #[serde(deserialize_with = "nullable")]
    folder: Option<Option<String>>,
    /// A link that is not enabled is 404.
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    enabled: Option<bool>,
    /// An archived link is 404 as well, and out of the way.
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    archived: Option<bool>,
    /// 301, 302, 303, 307 or 308.
    #[serde(deserialize_with = "present")]
    #[schema(nullable = false, value_type = Option<i64>)]
    status: Option<Whole>,
    /// Whether the visitor's query is appended to the destination's.
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    forward_query: Option<bool>,
    /// Query parameters that are added to every destination, by name.
    #[serde(deserialize_with = "present")]
    #[schema(nullable = false, value_type = Option<BTreeMap<String, String>>)]
    parameters: Option<Parameters>,
    /// Whether the destination is shown in a frame under the short address.
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    cloaked: Option<bool>,
    /// When the link is deleted by itself.
    #[serde(deserialize_with = "nullable")]
    #[schema(format = DateTime)]
    delete_at: Option<Option<String>>,
    /// Before this moment the link is 404.
    #[serde(deserialize_with = "nullable")]
    #[schema(format = DateTime)]
    starts_at: Option<Option<String>>,
    /// From this moment on the link has expired.
    #[serde(deserialize_with = "nullable")]
    #[schema(format = DateTime)]
    expires_at: Option<Option<String>>,
    /// Where an expired link leads; without one to its domain's, else 410.
    #[serde(deserialize_with = "nullable")]
    expired_destination: Option<Option<String>>,
    /// After so many clicks the link has expired.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<i64>, minimum = 0)]
    click_limit: Option<Option<Whole>>,
    /// Whom the limit counts.
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    limit_counts: Option<CountedView>,
    /// All rules, in the place of those that there are.
    #[serde(deserialize_with = "present")]
    #[schema(nullable = false, value_type = Option<Vec<NewRule>>)]
    rules: Option<Vec<Value>>,
    /// Where those go whom no rule matches, by weight, instead of `destination`.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<Vec<VariantView>>)]
    default_split: Option<Option<Value>>,
    /// What visitors must know; it is stored as an argon2id hash and never shown.
    #[serde(deserialize_with = "nullable")]
    pub(super) password: Option<Option<String>>,
    /// What link-preview bots are shown.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<CardView>)]
    card: Option<Option<Card>>,
    /// Ids of the pixels that are fired for people on their way.
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    pixels: Option<Vec<String>>,
    #[schema(ignore)]
    #[serde(rename = "id")]
    _id: Option<IgnoredAny>,
    #[schema(ignore)]
    #[serde(rename = "shortUrl")]
    _short_url: Option<IgnoredAny>,
    #[schema(ignore)]
    #[serde(rename = "hasPassword")]
    _has_password: Option<IgnoredAny>,
    #[schema(ignore)]
    #[serde(rename = "revision")]
    _revision: Option<IgnoredAny>,
    #[schema(ignore)]
    #[serde(rename = "clicks")]
    _clicks: Option<IgnoredAny>,
    #[schema(ignore)]
    #[serde(rename = "createdAt")]
    _created_at: Option<IgnoredAny>,
    #[schema(ignore)]
    #[serde(rename = "updatedAt")]
    _updated_at: Option<IgnoredAny>,
    #[schema(ignore)]
    #[serde(rename = "shortUrls")]
    _short_urls: Option<IgnoredAny>,
    #[schema(ignore)]
    #[serde(rename = "warnings")]
    _warnings: Option<IgnoredAny>,
}

#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Counted, example = json!("people"))]
enum CountedView {
    People,
    Everyone,
}

/// The contract's keys in the contract's order; what few links have follows where it is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Link, example = json!({
    "id": "lnk_0001_y3bWuA", "domain": "localhost", "slug": "spring",
    "shortUrl": "http://localhost:8080/spring", "destination": "https://example.com/",
    "title": null, "description": null, "tags": ["mail"], "folder": null, "enabled": true,
    "archived": false, "status": 302, "forwardQuery": true, "startsAt": null, "expiresAt": null,
    "expiredDestination": null, "clickLimit": null, "limitCounts": "people",
    "hasPassword": false, "rules": [], "revision": 1, "clicks": 1204,
    "createdAt": "2026-11-21T10:00:00.000Z", "updatedAt": "2026-11-21T10:00:00.000Z",
}))]
pub(super) struct LinkView<'l> {
    id: String,
    domain: &'l str,
    slug: &'l str,
    short_url: String,
    destination: &'l str,
    title: Option<&'l str>,
    description: Option<&'l str>,
    tags: &'l [String],
    folder: Option<&'l str>,
    enabled: bool,
    archived: bool,
    status: u16,
    forward_query: bool,
    starts_at: Option<String>,
    expires_at: Option<String>,
    expired_destination: Option<&'l str>,
    click_limit: Option<u64>,
    limit_counts: CountedView,
    has_password: bool,
    /// In the order in which they are tried.
    #[schema(value_type = Vec<Rule>)]
    rules: Vec<Value>,
    revision: i64,
    /// Clicks of people.
    clicks: i64,
    created_at: String,
    updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<VariantView>>)]
    default_split: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<CardView>)]
    card: Option<&'l Card>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<BTreeMap<String, String>>)]
    parameters: Option<&'l Parameters>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cloaked: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    delete_at: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pixels: Vec<String>,
    /// All addresses, where there is more than one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    short_urls: Vec<String>,
    /// In answers to saves alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    warnings: Option<Vec<Warning>>,
}

impl LinkBody {
    /// Reads a new link for a domain, collecting all that is wrong.
    pub(super) fn draft(self, domain: &Domain) -> Result<Draft> {
        let Some(destination) = &self.destination else {
            return Err(Error::invalid("destination", "is required"));
        };
        let mut problems = Problems::default();
        let destination = problems.keep(json::destination("destination", destination, domain));
        let patch = self.read(domain, &mut problems);
        problems.finish()?;
        let Some(destination) = destination else {
            return Err(Error::invalid("destination", "is required"));
        };
        let draft = Draft::new(destination);
        Ok(Draft {
            default_split: patch.default_split.unwrap_or_default(),
            title: value(patch.title),
            description: value(patch.description),
            tags: patch.tags.unwrap_or_default(),
            folder: value(patch.folder),
            enabled: patch.enabled.unwrap_or(draft.enabled),
            archived: patch.archived.unwrap_or(draft.archived),
            status: patch.status,
            forward_query: patch.forward_query.unwrap_or(draft.forward_query),
            parameters: patch.parameters.unwrap_or_default(),
            cloaked: patch.cloaked,
            delete_at: value(patch.delete_at),
            starts_at: value(patch.starts_at),
            expires_at: value(patch.expires_at),
            expired_destination: value(patch.expired_destination),
            click_limit: value(patch.click_limit),
            limit_counts: patch.limit_counts.unwrap_or(draft.limit_counts),
            card: value(patch.card),
            pixels: patch.pixels.unwrap_or_default(),
            rules: patch.rules.unwrap_or_default(),
            ..draft
        })
    }

    /// Reads a change of a link on a domain, collecting all that is wrong.
    pub(super) fn patch(&self, domain: &Domain) -> Result<Patch> {
        let mut problems = Problems::default();
        let destination = destination_of(self.destination.as_deref(), domain, &mut problems);
        let patch = self.read(domain, &mut problems);
        problems.finish()?;
        Ok(Patch { destination, ..patch })
    }

    /// [`patch`](Self::patch) of a link that stays on its domain.
    pub(super) fn patch_on(&self, domain: &Domain) -> Result<Patch> {
        if self.domain.as_deref().is_some_and(|host| host != domain.host.as_str()) {
            return Err(Error::invalid("domain", "cannot be changed: make another link"));
        }
        self.patch(domain)
    }

    /// Everything but the destination and the password.
    fn read(&self, domain: &Domain, problems: &mut Problems) -> Patch {
        let time = |at, time: &Option<Option<String>>, problems: &mut Problems| match time {
            None => Change::Keep,
            Some(None) => Change::Clear,
            Some(Some(text)) => {
                problems.keep(json::time(at, text)).map_or(Change::Keep, Change::Set)
            }
        };
        let starts_at = time("startsAt", &self.starts_at, problems);
        let expires_at = time("expiresAt", &self.expires_at, problems);
        let delete_at = time("deleteAt", &self.delete_at, problems);
        let expired =
            |text: &String| problems.keep(json::destination("expiredDestination", text, domain));
        let expired_destination = changed(&self.expired_destination, expired);
        let limit = |whole: &Whole| problems.keep(json::count("clickLimit", *whole));
        let click_limit = changed(&self.click_limit, limit);
        let status = self.status.map(|Whole(code)| Status::new("status", code));
        let status = problems.keep_any(status);
        let rules = self.rules.as_ref().map(|rules| rule_drafts(rules, domain, problems));
        let pixels = self.pixels.as_ref().map(|ids| pixel_ids(ids, problems));
        let default_split = split_of(self.default_split.as_ref(), domain, problems);
        Patch {
            destination: None,
            default_split,
            title: self.title.clone().into(),
            description: self.description.clone().into(),
            tags: self.tags.clone(),
            folder: self.folder.clone().into(),
            enabled: self.enabled,
            archived: self.archived,
            status,
            forward_query: self.forward_query,
            parameters: self.parameters.clone(),
            cloaked: self.cloaked,
            delete_at,
            starts_at,
            expires_at,
            expired_destination,
            click_limit,
            limit_counts: self.limit_counts.map(Counted::from),
            password_hash: Change::Keep,
            card: self.card.clone().into(),
            pixels,
            rules,
        }
    }
}

/// The destination of a change.
pub(super) fn destination_of(
    text: Option<&str>,
    domain: &Domain,
    problems: &mut Problems,
) -> Option<Destination> {
    problems.keep_any(text.map(|text| json::destination("destination", text, domain)))
}

/// The default split of a change; null takes it away.
pub(super) fn split_of(
    split: Option<&Option<Value>>,
    domain: &Domain,
    problems: &mut Problems,
) -> Option<Vec<Variant>> {
    match split? {
        None => Some(Vec::new()),
        Some(list) => problems.keep(Variant::parse_list("defaultSplit", list, domain.schemes())),
    }
}

pub(super) fn rule_drafts(
    rules: &[Value],
    domain: &Domain,
    problems: &mut Problems,
) -> Vec<RuleDraft> {
    let draft = |(i, rule): (usize, &Value)| {
        let draft = RuleDraft::parse(rule, domain.schemes());
        problems.keep(draft.map_err(|error| error.under(&format!("rules[{i}]"))))
    };
    rules.iter().enumerate().filter_map(draft).collect()
}

fn pixel_ids(texts: &[String], problems: &mut Problems) -> Vec<PixelId> {
    let read = |(i, text): (usize, &String)| {
        let id = PixelId::parse(text);
        problems
            .keep(id.ok_or_else(|| Error::invalid(format!("pixels[{i}]"), "no pixel has this id")))
    };
    texts.iter().enumerate().filter_map(read).collect()
}

/// An optional field's change, as far as its value can be read.
fn changed<T, U>(field: &Option<Option<T>>, read: impl FnOnce(&T) -> Option<U>) -> Change<U> {
    match field {
        None => Change::Keep,
        Some(None) => Change::Clear,
        Some(Some(value)) => read(value).map_or(Change::Keep, Change::Set),
    }
}

fn value<T>(change: Change<T>) -> Option<T> {
    let mut value = None;
    change.apply(&mut value);
    value
}

impl<'l> LinkView<'l> {
    pub(super) fn of(app: &App, link: &'l Link, clicks: i64) -> LinkView<'l> {
        let urls = |addresses: &[Address]| addresses.iter().map(|it| app.short_url(it)).collect();
        LinkView {
            id: link.id.split("lnk"),
            domain: link.address().host.as_str(),
            slug: link.address().slug.as_str(),
            short_url: app.short_url(link.address()),
            destination: link.destination.authored(),
            title: link.title.as_deref(),
            description: link.description.as_deref(),
            tags: &link.tags,
            folder: link.folder.as_deref(),
            enabled: link.enabled,
            archived: link.archived,
            status: link.status.code(),
            forward_query: link.forward_query,
            starts_at: link.starts_at.map(json::iso),
            expires_at: link.expires_at.map(json::iso),
            expired_destination: link.expired_destination.as_ref().map(Destination::authored),
            click_limit: link.click_limit,
            limit_counts: link.limit_counts.into(),
            has_password: link.password_hash.is_some(),
            rules: link.rules.iter().map(model::Rule::wire).collect(),
            revision: link.revision,
            clicks,
            created_at: json::iso(link.created_at),
            updated_at: json::iso(link.updated_at),
            default_split: Some(&link.default_split)
                .filter(|split| !split.is_empty())
                .map(|split| Variant::list_wire(split)),
            card: link.card.as_ref(),
            parameters: Some(&link.parameters).filter(|parameters| !parameters.is_empty()),
            cloaked: link.cloaked,
            delete_at: link.delete_at.map(json::iso),
            pixels: app
                .routes
                .pixels(&link.pixels)
                .iter()
                .map(|pixel| pixel.id.plain("pixel"))
                .collect(),
            short_urls: if 1 < link.addresses.len() { urls(&link.addresses) } else { Vec::new() },
            warnings: None,
        }
    }

    /// The link as it was just saved, with what may not have been meant.
    pub(super) fn saved(app: &App, link: &'l Link, clicks: i64) -> LinkView<'l> {
        LinkView { warnings: Some(ops::warnings(app, link)), ..LinkView::of(app, link, clicks) }
    }
}

impl From<Counted> for CountedView {
    fn from(counted: Counted) -> CountedView {
        match counted {
            Counted::People => CountedView::People,
            Counted::Everyone => CountedView::Everyone,
        }
    }
}

impl From<CountedView> for Counted {
    fn from(counted: CountedView) -> Counted {
        match counted {
            CountedView::People => Counted::People,
            CountedView::Everyone => Counted::Everyone,
        }
    }
}
