//! A link as our own API reads it.

use model::{
    Card, Change, Counted, Destination, Domain, Draft, Error, Parameters, Patch, PixelId,
    REDIRECTS, Redirects, Result, RuleDraft, Status, Variant,
};
use serde::{Deserialize, Serialize, de::IgnoredAny};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    super::json::{self, Problems, Whole, nullable, present},
    schema::{CardView, NewRule, Variant as VariantView},
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
    /// Whom the link redirects: `auto` and `always` everybody, `ruleOnly` those whom a rule matches,
    /// `never` nobody.
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    redirect_behavior: Option<String>,
    /// Whether destinations are told the id of the click, by which conversions are noted.
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    conversion_tracking: Option<bool>,
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
pub(super) enum CountedView {
    People,
    Everyone,
}

impl LinkBody {
    /// Reads a new link for a domain, collecting all that is wrong.
    pub(super) fn draft(&self, domain: &Domain) -> Result<Draft> {
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
            redirects: patch.redirects.unwrap_or(draft.redirects),
            tracks_conversions: patch.tracks_conversions.unwrap_or(draft.tracks_conversions),
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
        let redirects = problems.keep_any(self.redirect_behavior.as_deref().map(redirects));
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
            redirects,
            tracks_conversions: self.conversion_tracking,
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

fn redirects(name: &str) -> Result<Redirects> {
    Redirects::named(name).ok_or_else(|| {
        let names: Vec<_> = REDIRECTS.iter().map(|row| row.2).collect();
        Error::invalid("redirectBehavior", format!("must be one of {}", names.join(", ")))
    })
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
