//! `POST /api/links/create`.

use axum::{Json, extract::State};
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use model::{Caller, Destination, Domain, DomainId, Draft, Error, Link, RuleDraft, What};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use targeting::Problem;

use super::{
    super::json::{self, Problems, Whole},
    Result,
    rule::WireRule,
    token::Tokened,
};
use crate::{
    App,
    ops::{self, NewLink},
};

const MOST_URLS: usize = 10;

/// What BeLink answers where an address is none; our reason follows it.
const NOT_VALID: &str = "This url is not valid.";

#[derive(Deserialize)]
pub(super) struct CreateLinks {
    long_url: Option<String>,
    multiple_urls: Option<Vec<String>>,
    alias: Option<String>,
    domain_id: Option<Whole>,
    password: Option<String>,
    disabled: Option<bool>,
    title: Option<String>,
    description: Option<String>,
    tags: Option<Vec<String>>,
    expires_at: Option<String>,
    pixels: Option<Vec<Value>>,
    rules: Option<Vec<WireRule>>,
    r#type: Option<String>,
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Created {
    One { status: &'static str, link: Box<LinkView> },
    Many { status: &'static str, links: Vec<LinkView> },
}

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
    /// What was sent, where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<Vec<WireRule>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<String>>,
}

pub(super) async fn create(
    State(app): State<App>,
    Tokened(caller, body, _): Tokened<CreateLinks>,
) -> Result<Json<Created>> {
    let host = body.host(&app, &caller)?;
    let domain = ops::domain_named(&app, &caller, host.as_deref())?;
    let drafts = body.drafts(&domain)?;
    let mut links: Vec<Link> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        match ops::create_link(&app, &caller, body.new_link(host.as_deref()), |_| Ok(draft)).await {
            Ok(link) => links.push(link),
            Err(error) => {
                // One call makes all of its links or none.
                for link in links {
                    ops::delete_link(&app, &caller, link.id).await?;
                }
                return Err(error.into());
            }
        }
    }
    let mut views = links.iter().map(|link| LinkView::of(&app, link, &body));
    Ok(Json(match (&body.multiple_urls, views.next()) {
        (None, Some(link)) => Created::One { status: "success", link: Box::new(link) },
        (_, first) => {
            Created::Many { status: "success", links: first.into_iter().chain(views).collect() }
        }
    }))
}

impl CreateLinks {
    /// The host of a domain that was named; `null` and 0 mean the default one.
    fn host(&self, app: &App, caller: &Caller) -> model::Result<Option<String>> {
        let Some(Whole(number)) = self.domain_id.filter(|id| *id != Whole(0)) else {
            return Ok(None);
        };
        let unknown = || Error::invalid("domain_id", "The selected domain id is invalid.");
        let id = DomainId::new(number).ok_or_else(unknown)?;
        match ops::domain_by_id(app, caller, id) {
            Ok(domain) => Ok(Some(domain.host.to_string())),
            Err(Error::NotFound(What::Domain)) => Err(unknown()),
            Err(other) => Err(other),
        }
    }

    fn new_link<'a>(&'a self, host: Option<&'a str>) -> NewLink<'a> {
        fn filled(text: &Option<String>) -> Option<&str> {
            text.as_deref().filter(|text| !text.is_empty())
        }
        let slug = filled(&self.alias);
        NewLink { domain: host, slug, random_too: slug.is_some(), password: filled(&self.password) }
    }

    /// One draft for each link that is asked for; every one is checked before any is made.
    fn drafts(&self, domain: &Domain) -> model::Result<Vec<Draft>> {
        let mut problems = Problems::default();
        let destinations = self.destinations(domain, &mut problems);
        let rule = |(i, rule): (usize, &WireRule)| {
            problems.keep(rule.draft(domain).map_err(|error| error.under(&format!("rules[{i}]"))))
        };
        let rules: Vec<RuleDraft> =
            self.rules.iter().flatten().enumerate().filter_map(rule).collect();
        let expires_at = self.expires_at.as_deref().filter(|text| !text.is_empty());
        let expires_at = problems.keep_any(expires_at.map(moment));
        problems.keep(self.supported());
        problems.finish()?;
        let draft = |destination| Draft {
            title: self.title.clone(),
            description: self.description.clone(),
            tags: self.tags.clone().unwrap_or_default(),
            enabled: self.disabled != Some(true),
            expires_at,
            rules: rules.clone(),
            ..Draft::new(destination)
        };
        Ok(destinations.into_iter().map(draft).collect())
    }

    fn destinations(&self, domain: &Domain, problems: &mut Problems) -> Vec<Destination> {
        let mut refuse = |at: &str, why: &str| {
            problems.keep(Err::<(), _>(Error::invalid(at, why)));
            Vec::new()
        };
        let urls = match (&self.long_url, &self.multiple_urls) {
            (Some(_), Some(_)) => {
                return refuse(
                    "multiple_urls",
                    "The multiple urls field cannot be used together with long url.",
                );
            }
            (None, None) => return refuse("long_url", "The long url field is required."),
            (Some(text), None) => {
                return problems.keep(url("long_url", text, domain)).into_iter().collect();
            }
            (None, Some(urls)) => urls,
        };
        if urls.is_empty() {
            return refuse("multiple_urls", "The multiple urls field is required.");
        }
        if MOST_URLS < urls.len() {
            return refuse("multiple_urls", "The multiple urls may not have more than 10 items.");
        }
        if self.new_link(None).slug.is_some() {
            return refuse("alias", "An alias can name one link only, not multiple urls.");
        }
        let mut destinations: Vec<Destination> = Vec::new();
        let mut wrong: Vec<Problem> = Vec::new();
        for (i, text) in urls.iter().enumerate() {
            match url(&format!("multiple_urls[{i}]"), text, domain) {
                Ok(url) if destinations.contains(&url) => (),
                Ok(url) => destinations.push(url),
                Err(Error::Invalid(found)) => wrong.extend(found),
                Err(other) => wrong.push(Problem::new("multiple_urls", other.to_string())),
            }
        }
        if !wrong.is_empty() {
            wrong.insert(0, Problem::new("multiple_urls", "One of the urls is not valid."));
            problems.keep(Err::<(), _>(Error::Invalid(wrong)));
        }
        destinations
    }

    /// Refuses what this version does not act on.
    fn supported(&self) -> model::Result<()> {
        let mut wrong = Vec::new();
        if self.pixels.as_ref().is_some_and(|pixels| !pixels.is_empty()) {
            wrong.push(Problem::new("pixels", "Pixels are not supported by this version."));
        }
        if self.r#type.as_ref().is_some_and(|kind| kind != "direct") {
            wrong.push(Problem::new("type", "The selected type is invalid: use direct."));
        }
        if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
    }
}

/// A destination; what is none gets BeLink's own text, then the reason.
pub(super) fn url(at: &str, text: &str, domain: &Domain) -> model::Result<Destination> {
    json::destination(at, text, domain).map_err(|error| match error {
        Error::Invalid(mut problems) => {
            problems.insert(0, Problem::new(at, NOT_VALID));
            Error::Invalid(problems)
        }
        other => other,
    })
}

/// `2019-08-23 13:24:00`, or a day, in UTC.
fn moment(text: &str) -> model::Result<Timestamp> {
    let invalid =
        || Error::invalid("expires_at", "The expires at does not match the format Y-m-d H:i:s.");
    let time = DateTime::strptime("%Y-%m-%d %H:%M:%S", text);
    let time = time.or_else(|_| Date::strptime("%Y-%m-%d", text).map(DateTime::from));
    let zoned = time.and_then(|time| time.to_zoned(TimeZone::UTC)).map_err(|_| invalid())?;
    Ok(zoned.timestamp())
}

/// As BeLink writes times: UTC, without saying so.
fn written(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

impl LinkView {
    /// A link with an alias answers at a random hash too.
    fn of(app: &App, link: &Link, sent: &CreateLinks) -> LinkView {
        let address = link.address();
        let hash = link.addresses.last().unwrap_or(address);
        let domain = address.domain.number();
        LinkView {
            r#type: "direct",
            title: link.title.clone(),
            description: link.description.clone(),
            hash: hash.slug.to_string(),
            long_url: link.destination.authored().to_owned(),
            expires_at: link.expires_at.map(written),
            disabled: !link.enabled,
            user_id: link.workspace.number(),
            domain_id: sent.domain_id.filter(|id| *id == Whole(domain)).map(|_| domain),
            alias: (1 < link.addresses.len()).then(|| address.slug.to_string()),
            has_password: link.password_hash.is_some(),
            updated_at: written(link.updated_at),
            created_at: written(link.created_at),
            id: link.id.number(),
            short_url: app.short_url(address),
            rules: sent.rules.clone(),
            tags: sent.tags.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(moment(text).ok().map(written).as_deref(), expected, "{text}");
    }

    #[test]
    fn times_are_utc_with_or_without_a_clock() {
        check("2019-08-23 13:24:00", Some("2019-08-23 13:24:00"));
        check("2019-08-23", Some("2019-08-23 00:00:00"));
        for text in ["", "tomorrow", "2019-08-23T13:24:00Z", "2019-02-30", "2019-08-23 25:00:00"] {
            check(text, None);
        }
    }
}
