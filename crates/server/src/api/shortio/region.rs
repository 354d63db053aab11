//! `/link_region`: where visitors of one region go.

use axum::{Json, extract::State};
use model::{Domain, Error, Link, Result as Checked, Rule, RuleDraft, Tier};
use serde::{Deserialize, Serialize};
use targeting::{Country, Region, When};

use super::{
    super::json,
    Authed, Done, Place, Result, ShortIo,
    areas::{self, Area},
    targets::target,
};
use crate::App;

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
    areas::remove(&app, &caller, &link, |rule| region_of(rule) == Some(region)).await
}

/// Priorities: where one region lies in another, the narrower is asked first, whichever came first.
const NARROW: i64 = 1;
const WIDE: i64 = 2;

impl Area for NewRegion {
    type View = RegionView;

    fn draft(&self, domain: &Domain) -> Checked<RuleDraft> {
        let region = read_region(&self.country, &self.region);
        let (region, action) = areas::aimed(region, &self.original_url, domain)?;
        let when = When::test("region", "equals", region.to_string());
        let name = region.name().to_owned();
        let priority = Some(if region.parts().is_empty() { NARROW } else { WIDE });
        Ok(RuleDraft { name, priority, ..RuleDraft::new(Tier::Region, when, action) })
    }

    fn view(link: &Link, rule: &Rule) -> Option<RegionView> {
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
}

fn region_of(rule: &Rule) -> Option<Region> {
    Region::parse(areas::code(rule, Tier::Region, "region")?)
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
