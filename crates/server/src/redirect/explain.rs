//! What a visitor would get, and why: the redirect's own decision, told instead of made.

use model::Outcome;
use targeting::{Described, Explanation};

use super::{Gate, Hosted, Request, Route, gates, visit::Visit};
use crate::App;

/// A decision and its reasons.
#[derive(Clone, Debug)]
pub struct Told {
    pub gate: Gate,
    pub outcome: Outcome,
    /// The URL; none where a page with `status` is shown.
    pub location: Option<String>,
    /// The destination as its author wrote it.
    pub authored: Option<String>,
    /// What keeps the visitor to one way of a split: `cookie` or `dailyHash`.
    pub sticky_by: Option<&'static str>,
    pub status: u16,
    pub rules: Explanation,
    /// The bot that the agent names, and its class.
    pub bot: Option<(String, &'static str)>,
}

/// Tells what the redirect would do; no click is kept, no limit used up. A `described` visitor is
/// known by what is said of them alone, else everything comes from the request.
pub fn explain(
    app: &App,
    hosted: &Hosted,
    route: &Route,
    request: &Request<'_>,
    described: Option<&Described>,
) -> Told {
    let tell = |visit: &Visit<'_>| told(visit, route);
    match described {
        Some(described) => Visit::describe(app, request, hosted, route, described, tell),
        None => Visit::meet(app, request, hosted, route, tell),
    }
}

fn told(visit: &Visit<'_>, route: &Route) -> Told {
    let gate = gates::check(route, visit.now());
    let (rules, way) = visit.explain();
    let bot = visit.bot().map(|(reason, class)| (reason.to_owned(), class));
    let (outcome, destination, status) = match gate {
        Gate::Open => match way.destination {
            Ok(to) if visit.fired(to).is_empty() => (way.outcome, Some(to), route.status_to(to)),
            Ok(to) => (way.outcome, Some(to), 200),
            Err(status) => (way.outcome, None, status),
        },
        Gate::Closed => (Outcome::NotFound, None, 404),
        Gate::Shut => (Outcome::Stayed, None, 204),
        Gate::Expired => match route.expired_destination.as_deref() {
            Some(to) => (Outcome::Expired, Some(to), 302),
            None => (Outcome::Gone, None, 410),
        },
    };
    Told {
        gate,
        outcome,
        location: destination.map(|to| visit.location(to, None)),
        authored: destination.map(|to| to.authored().to_owned()),
        sticky_by: outcome.variant().and(visit.sticky_by()),
        status,
        rules,
        bot,
    }
}
