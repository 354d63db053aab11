//! `/link_country`: where visitors of one country go.

use axum::{Json, extract::State};
use model::{Action, Domain, Error, Link, Result as Checked, Rule, RuleDraft, Stamp, Tier, What};
use serde::{Deserialize, Serialize};
use targeting::{Country, Test, When};

use super::{
    super::json::{self, Problems},
    Authed, Body, Done, Place, Result, ShortIo, id,
    targets::target,
};
use crate::{App, ops};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCountry {
    country: String,
    #[serde(rename = "originalURL")]
    original_url: String,
}

/// The keys of Short.io's list in their order; other spellings of the link's id follow.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CountryView {
    id: i64,
    country: String,
    #[serde(rename = "originalURL")]
    original_url: String,
    created_at: String,
    updated_at: String,
    #[serde(rename = "link_idString")]
    link: String,
    #[serde(rename = "linkIdString")]
    link_too: String,
    #[serde(rename = "LinkIdString")]
    link_as_well: String,
}

/// Posting a country again replaces its destination and touches no other rule.
pub(super) async fn set(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(link, _): Place<ShortIo, String>,
    Body(body, _): Body<ShortIo, NewCountry>,
) -> Result<Json<CountryView>> {
    let link = id(&link, What::Link)?;
    let (link, rule) = ops::set_rule(&app, &caller, link, |domain| body.draft(domain)).await?;
    Ok(Json(CountryView::told(&link, &rule)?))
}

/// All of them or, where one is wrong, none.
pub(super) async fn set_many(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(link, _): Place<ShortIo, String>,
    Body(body, _): Body<ShortIo, Vec<NewCountry>>,
) -> Result<Json<Vec<CountryView>>> {
    let edit = |link: &mut Link, domain: &Domain, stamp: &Stamp<'_>| {
        let mut problems = Problems::default();
        let draft = |(i, one): (usize, &NewCountry)| {
            problems.keep(one.draft(domain).map_err(|error| error.under(&format!("[{i}]"))))
        };
        let drafts: Vec<RuleDraft> = body.iter().enumerate().filter_map(draft).collect();
        problems.finish()?;
        let set = |draft| link.set_rule(draft, stamp).cloned();
        drafts.into_iter().map(set).collect::<Checked<Vec<Rule>>>()
    };
    let link = id(&link, What::Link)?;
    let (link, rules) = ops::edit_link(&app, &caller, link, None, edit).await?;
    let views = rules.iter().map(|rule| CountryView::told(&link, rule));
    Ok(Json(views.collect::<Checked<_>>()?))
}

pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(link, _): Place<ShortIo, String>,
) -> Result<Json<Vec<CountryView>>> {
    let link = ops::link(&app, &caller, id(&link, What::Link)?).await?;
    Ok(Json(link.rules.iter().filter_map(|rule| CountryView::of(&link, rule)).collect()))
}

pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place((link, country), _): Place<ShortIo, (String, String)>,
) -> Result<Json<Done>> {
    let code = read_code(&country)?;
    let link = ops::link(&app, &caller, id(&link, What::Link)?).await?;
    let rule = link.rules.iter().find(|rule| code_of(rule) == Some(code.as_str()));
    let rule = rule.ok_or(Error::NotFound(What::Rule))?;
    ops::remove_rule(&app, &caller, rule.id).await?;
    Ok(Json(Done { success: true, id_string: None }))
}

impl NewCountry {
    fn draft(&self, domain: &Domain) -> Checked<RuleDraft> {
        let mut problems = Problems::default();
        let code = problems.keep(read_code(&self.country));
        let url = problems.keep(json::destination("originalURL", &self.original_url, domain));
        problems.finish()?;
        let (Some(code), Some(url)) = (code, url) else {
            return Err(Error::internal("a country without problems lacks a part"));
        };
        let name = Country::parse(&code).map_or_else(|| code.clone(), |it| it.name().to_owned());
        let action = Action::Redirect(url);
        Ok(RuleDraft { name, ..RuleDraft::new(Tier::Country, when(&code), action) })
    }
}

impl CountryView {
    /// None for a rule that is no country of Short.io's.
    fn of(link: &Link, rule: &Rule) -> Option<CountryView> {
        let id = link.id.split("lnk");
        Some(CountryView {
            id: rule.id.number(),
            country: code_of(rule)?.to_owned(),
            original_url: target(rule)?.to_owned(),
            created_at: json::iso(rule.created_at),
            updated_at: json::iso(rule.updated_at),
            link: id.clone(),
            link_too: id.clone(),
            link_as_well: id,
        })
    }

    fn told(link: &Link, rule: &Rule) -> Checked<CountryView> {
        CountryView::of(link, rule).ok_or(Error::NotFound(What::Rule))
    }
}

fn when(code: &str) -> When {
    When::test("country", "equals", code)
}

fn code_of(rule: &Rule) -> Option<&str> {
    match &rule.when {
        When::Test(Test { field, operator, value: Some(value), timezone: None })
            if rule.tier == Tier::Country && field == "country" && operator == "equals" =>
        {
            value.as_str()
        }
        _ => None,
    }
}

/// A country's code, or one that stands for several, such as `EU`; in any case, `UK` for `GB`.
fn read_code(text: &str) -> Checked<String> {
    let code = Country::parse(text).map_or_else(|| text.to_uppercase(), |it| it.to_string());
    if when(&code).check(None).is_empty() {
        return Ok(code);
    }
    Err(Error::invalid("country", format!("{text:?} is no ISO 3166-1 country code")))
}
