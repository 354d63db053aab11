//! `/link_region`: where visitors of one region go.

use axum::{Json, extract::State};
use model::{Action, Domain, Error, Link, Result as Checked, Rule, RuleDraft, Stamp, Tier, What};
use serde::{Deserialize, Serialize};
use targeting::{Country, Region, Test, When};

use super::{
    super::json::{self, Problems},
    Authed, Body, Done, Place, Result, ShortIo, id,
    targets::target,
};
use crate::{App, ops};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRegion {
    country: String,
    region: String,
    #[serde(rename = "originalURL")]
    original_url: String,
}

/// The keys of Short.io's page in their order; those that other sources show follow.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RegionView {
    id: i64,
    #[serde(rename = "link_idString")]
    link: String,
    country: String,
    region: String,
    updated_at: String,
    created_at: String,
    name: &'static str,
    #[serde(rename = "linkIdString")]
    link_too: String,
    #[serde(rename = "LinkIdString")]
    link_as_well: String,
    #[serde(rename = "originalURL")]
    original_url: String,
}

/// A region that a country has.
#[derive(Serialize)]
pub(super) struct KnownRegion {
    id: String,
    name: &'static str,
}

/// Posting a region again replaces its destination and touches no other rule.
pub(super) async fn set(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(link, _): Place<ShortIo, String>,
    Body(body, _): Body<ShortIo, NewRegion>,
) -> Result<Json<RegionView>> {
    let link = id(&link, What::Link)?;
    let (link, rule) = ops::set_rule(&app, &caller, link, |domain| body.draft(domain)).await?;
    Ok(Json(RegionView::told(&link, &rule)?))
}

/// All of them or, where one is wrong, none.
pub(super) async fn set_many(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(link, _): Place<ShortIo, String>,
    Body(body, _): Body<ShortIo, Vec<NewRegion>>,
) -> Result<Json<Vec<RegionView>>> {
    let edit = |link: &mut Link, domain: &Domain, stamp: &Stamp<'_>| {
        let mut problems = Problems::default();
        let draft = |(i, one): (usize, &NewRegion)| {
            problems.keep(one.draft(domain).map_err(|error| error.under(&format!("[{i}]"))))
        };
        let drafts: Vec<RuleDraft> = body.iter().enumerate().filter_map(draft).collect();
        problems.finish()?;
        let set = |draft| link.set_rule(draft, stamp).cloned();
        drafts.into_iter().map(set).collect::<Checked<Vec<Rule>>>()
    };
    let link = id(&link, What::Link)?;
    let (link, rules) = ops::edit_link(&app, &caller, link, None, edit).await?;
    let views = rules.iter().map(|rule| RegionView::told(&link, rule));
    Ok(Json(views.collect::<Checked<_>>()?))
}

pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(link, _): Place<ShortIo, String>,
) -> Result<Json<Vec<RegionView>>> {
    let link = ops::link(&app, &caller, id(&link, What::Link)?).await?;
    Ok(Json(link.rules.iter().filter_map(|rule| RegionView::of(&link, rule)).collect()))
}

pub(super) async fn known(
    _: Authed<ShortIo>,
    Place(country, _): Place<ShortIo, String>,
) -> Result<Json<Vec<KnownRegion>>> {
    let view = |region: Region| KnownRegion { id: region.code().to_owned(), name: region.name() };
    Ok(Json(Region::of(read_country(&country)?).map(view).collect()))
}

pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place((link, country, region), _): Place<ShortIo, (String, String, String)>,
) -> Result<Json<Done>> {
    let region = read_region(&country, &region)?;
    let link = ops::link(&app, &caller, id(&link, What::Link)?).await?;
    let rule = link.rules.iter().find(|rule| region_of(rule) == Some(region));
    let rule = rule.ok_or(Error::NotFound(What::Rule))?;
    ops::remove_rule(&app, &caller, rule.id).await?;
    Ok(Json(Done { success: true, id_string: None }))
}

impl NewRegion {
    fn draft(&self, domain: &Domain) -> Checked<RuleDraft> {
        let mut problems = Problems::default();
        let region = problems.keep(read_region(&self.country, &self.region));
        let url = problems.keep(json::destination("originalURL", &self.original_url, domain));
        problems.finish()?;
        let (Some(region), Some(url)) = (region, url) else {
            return Err(Error::internal("a region without problems lacks a part"));
        };
        let when = When::test("region", "equals", region.to_string());
        let name = region.name().to_owned();
        Ok(RuleDraft { name, ..RuleDraft::new(Tier::Region, when, Action::Redirect(url)) })
    }
}

impl RegionView {
    /// None for a rule that is no region of Short.io's.
    fn of(link: &Link, rule: &Rule) -> Option<RegionView> {
        let region = region_of(rule)?;
        let id = link.id.split("lnk");
        Some(RegionView {
            id: rule.id.number(),
            link: id.clone(),
            country: region.country().to_string(),
            region: region.code().to_owned(),
            updated_at: json::iso(rule.updated_at),
            created_at: json::iso(rule.created_at),
            name: region.name(),
            link_too: id.clone(),
            link_as_well: id,
            original_url: target(rule)?.to_owned(),
        })
    }

    fn told(link: &Link, rule: &Rule) -> Checked<RegionView> {
        RegionView::of(link, rule).ok_or_else(|| Error::NotFound(What::Rule))
    }
}

fn region_of(rule: &Rule) -> Option<Region> {
    match &rule.when {
        When::Test(Test { field, operator, value: Some(value), timezone: None })
            if rule.tier == Tier::Region && field == "region" && operator == "equals" =>
        {
            Region::parse(value.as_str()?)
        }
        _ => None,
    }
}

fn read_country(code: &str) -> Checked<Country> {
    let invalid = || Error::invalid("country", format!("{code:?} is no ISO 3166-1 country code"));
    Country::parse(code).ok_or_else(invalid)
}

/// A code such as `NY`, the whole code or the name.
fn read_region(country: &str, region: &str) -> Checked<Region> {
    let country = read_country(country)?;
    let whole = Region::parse(region).filter(|region| region.country() == country);
    let found = Region::parse(&format!("{country}-{region}")).or(whole);
    found.or_else(|| Region::named(country, region)).ok_or_else(|| {
        let why =
            format!("{region:?} is no region of {country} in ISO 3166-2: write one such as \"NY\"");
        Error::invalid("region", why)
    })
}
