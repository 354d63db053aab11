//! What `/link_country` and `/link_region` do alike: where visitors of one area go.

use axum::{Json, extract::State};
use model::{
    Action, Caller, Domain, Error, Link, Result as Checked, Rule, RuleDraft, Stamp, Tier, What,
};
use serde::{Serialize, de::DeserializeOwned};
use targeting::{Test, When};

use super::{
    super::json::{self, Problems},
    Authed, Body, Done, Place, Result, ShortIo, link_id,
};
use crate::{App, ops};

/// A country or a region with its destination, as a request names it.
pub(super) trait Area: DeserializeOwned + Send + Sync + 'static {
    type View: Serialize;

    /// The rule that leads its visitors there.
    fn draft(&self, domain: &Domain) -> Checked<RuleDraft>;

    /// None for a rule that is no such area of Short.io's.
    fn view(link: &Link, rule: &Rule) -> Option<Self::View>;
}

/// Posting an area again replaces its destination and touches no other rule.
pub(super) async fn set<A: Area>(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(link, _): Place<ShortIo, String>,
    Body(area, _): Body<ShortIo, A>,
) -> Result<Json<A::View>> {
    let link = link_id(&app, &caller, &link).await?;
    let (link, rule) = ops::set_rule(&app, &caller, link, |domain| area.draft(domain)).await?;
    Ok(Json(told::<A>(&link, &rule)?))
}

/// All of them or, where one is wrong, none.
pub(super) async fn set_many<A: Area>(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(link, _): Place<ShortIo, String>,
    Body(areas, _): Body<ShortIo, Vec<A>>,
) -> Result<Json<Vec<A::View>>> {
    let edit = |link: &mut Link, domain: &Domain, stamp: &Stamp<'_>| {
        let mut problems = Problems::default();
        let draft = |(i, area): (usize, &A)| {
            problems.keep(area.draft(domain).map_err(|error| error.under(&format!("[{i}]"))))
        };
        let drafts: Vec<RuleDraft> = areas.iter().enumerate().filter_map(draft).collect();
        problems.finish()?;
        let set = |draft| link.set_rule(draft, stamp).cloned();
        drafts.into_iter().map(set).collect::<Checked<Vec<Rule>>>()
    };
    let link = link_id(&app, &caller, &link).await?;
    let (link, rules) = ops::edit_rules(&app, &caller, link, edit).await?;
    let views = rules.iter().map(|rule| told::<A>(&link, rule));
    Ok(Json(views.collect::<Checked<_>>()?))
}

pub(super) async fn list<A: Area>(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(link, _): Place<ShortIo, String>,
) -> Result<Json<Vec<A::View>>> {
    let link = ops::link(&app, &caller, link_id(&app, &caller, &link).await?).await?;
    Ok(Json(link.rules.iter().filter_map(|rule| A::view(&link, rule)).collect()))
}

/// Removes the one rule that `is_it`.
pub(super) async fn remove(
    app: &App,
    caller: &Caller,
    link: &str,
    is_it: impl Fn(&Rule) -> bool,
) -> Result<Json<Done>> {
    let remove = |link: &mut Link, _: &Domain, _: &Stamp<'_>| {
        let rule = link.rules.iter().find(|rule| is_it(rule)).map(|rule| rule.id);
        link.remove_rule(rule.ok_or(Error::NotFound(What::Rule))?).map(drop)
    };
    ops::edit_rules(app, caller, link_id(app, caller, link).await?, remove).await?;
    Ok(Json(Done::DONE))
}

/// The area that was read and its destination, or what is wrong with either.
pub(super) fn aimed<T>(
    area: Checked<T>,
    original_url: &str,
    domain: &Domain,
) -> Checked<(T, Action)> {
    let mut problems = Problems::default();
    let area = problems.keep(area);
    let url = problems.keep(json::destination("originalURL", original_url, domain));
    problems.finish()?;
    let both = area.zip(url.map(Action::Redirect));
    both.ok_or_else(|| Error::internal("an area without problems lacks a part"))
}

/// The code of the area that a rule of this tier asks for.
pub(super) fn code<'r>(rule: &'r Rule, tier: Tier, asked: &str) -> Option<&'r str> {
    match &rule.when {
        When::Test(Test { field, operator, value: Some(value), timezone: None })
            if rule.tier == tier && field == asked && operator == "equals" =>
        {
            value.as_str()
        }
        _ => None,
    }
}

fn told<A: Area>(link: &Link, rule: &Rule) -> Checked<A::View> {
    A::view(link, rule).ok_or(Error::NotFound(What::Rule))
}
