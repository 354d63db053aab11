//! The hot path: one address in, one answer out.
//!
//! **Invariant:** a redirect never waits for the database. Links with a click limit are the one
//! exception, and [`answer`] says so by handing back [`Limited`] instead of waiting itself.
//!
//! **Invariant:** nothing here knows which server asks: [`Request`] and [`Answer`] are plain data.

mod answer;
mod explain;
mod gates;
mod hints;
mod kept;
mod manners;
mod pages;
mod pixels;
pub mod proof;
mod route;
mod routes;
mod sealed;
mod table;
mod visit;

use std::{cell::RefCell, net::IpAddr};

use jiff::Timestamp;
use model::{Counted, LinkId, Outcome, Redirects, WorkspaceId, fold_path};
use prefetch_index::prefetch_index;

pub use answer::{Answer, Body, Common};
pub use explain::{Told, explain};
pub use gates::Gate;
pub use kept::SCANNED;
pub use manners::APP_LINKS;
pub use pages::{POLICY, app_missing, message, page};
pub use route::Route;
pub use routes::{Hosted, Routes};
pub use table::Table;
pub(crate) use table::{Chunk, FORMAT, Frozen};

use crate::{App, clicks::Turn, password};
use visit::Visit;

/// What is asked for, as any server can say it.
#[derive(Clone, Copy)]
pub struct Request<'r> {
    /// HEAD is answered like GET, and is no click.
    pub is_head: bool,
    /// The `Host` header, as sent.
    pub host: &'r str,
    /// The raw path.
    pub path: &'r str,
    /// The raw query, without its `?`; empty where there is none.
    pub query: &'r str,
    /// Looks a header up by its lower-case name.
    pub header: &'r dyn Fn(&str) -> Option<&'r str>,
    /// The client's, seen through the trusted proxies.
    pub address: IpAddr,
    /// Whether the visitor came by HTTPS, so that cookies may say so.
    pub is_secure: bool,
    pub now: Timestamp,
    /// Where the click waits until the answers of a turn are all made; none: it is kept at once.
    pub turn: Option<&'r RefCell<Turn>>,
}

/// Whether one more click of a limited link may pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permit {
    /// Nobody asked the database yet.
    Unasked,
    Granted,
    /// The limit is reached.
    Refused,
}

/// The link has a click limit: the database must be asked to take one click off it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limited {
    pub workspace: WorkspaceId,
    pub link: LinkId,
    pub limit: u64,
}

/// Answers a visitor. Total: whatever is asked, there is an answer.
pub fn answer(app: &App, request: &Request<'_>, permit: Permit) -> Result<Answer, Limited> {
    let Some(hosted) = app.routes.hosted(request.host) else {
        return Ok(pages::not_found());
    };
    let manner = &hosted.domain.manner;
    if request.path == proof::PATH {
        return Ok(proof::answer(app, request));
    }
    if APP_LINKS.contains(&request.path) {
        return Ok(manners::app_links(manner, request.path).unwrap_or_else(pages::not_found));
    }
    if let Some(elsewhere) = manners::to_https(&hosted.domain, request) {
        return Ok(elsewhere);
    }
    let answer = at(app, &hosted, request, permit)?;
    Ok(manners::mind(manner, answer, request.is_secure))
}

/// What stands at a path of a domain.
fn at(
    app: &App,
    hosted: &Hosted,
    request: &Request<'_>,
    permit: Permit,
) -> Result<Answer, Limited> {
    let path = request.path;
    match path {
        "/" | "" => return Ok(answer::to(hosted.domain.root_url.as_deref(), pages::root)),
        "/robots.txt" => return Ok(Answer::text(manners::robots(&hosted.domain.manner))),
        _ => (),
    }
    let preview = path.strip_suffix('+');
    let key = fold_path(preview.unwrap_or(path), hosted.domain.case_sensitive);
    let Some(route) = key.as_deref().and_then(|key| hosted.route(key)) else {
        return Ok(unknown(app, hosted, key.as_deref(), request.now));
    };
    if preview.is_some() {
        return Ok(preview_page(&route, hosted, request));
    }
    visit(app, request, hosted, &route, permit)
}

/// The link that asks for a password at an address, and the hash that the password must fit.
pub fn locked(app: &App, host: &str, path: &str, now: Timestamp) -> Option<(LinkId, String)> {
    let hosted = app.routes.hosted(host)?;
    let key = fold_path(path, hosted.domain.case_sensitive)?;
    let route = hosted.route(&key)?;
    let open = gates::check(&route, now) == Gate::Open;
    Some((route.link, route.password_hash.as_deref().filter(|_| open)?.to_owned()))
}

pub fn wrong_password() -> Answer {
    pages::password(Some("That is not the password."))
}

pub fn too_many_passwords(seconds: u64) -> Answer {
    let page = message(429, "Too many tries", "Wait a while before you try another password.");
    Answer { retry_after: Some(seconds), ..page }
}

/// What cannot be known for sure is neither a redirect nor a 404.
pub fn unavailable() -> Answer {
    pages::try_again()
}

/// Asks for the memory that a value begins in, and does not wait for it.
fn prefetch<T>(value: &T) {
    prefetch_index(std::slice::from_ref(value), 0);
}

/// No link has the address; while not all are loaded nobody can say so.
fn unknown(app: &App, hosted: &Hosted, slug: Option<&str>, now: Timestamp) -> Answer {
    if !app.routes.is_complete() {
        return pages::try_again();
    }
    app.unmatched.count(&hosted.domain, slug, now);
    answer::to(hosted.domain.not_found_url.as_deref(), pages::not_found)
}

/// Where a link leads, without going there. What a gate hides, this hides too.
fn preview_page(route: &Route, hosted: &Hosted, request: &Request<'_>) -> Answer {
    match gates::check(route, request.now) {
        Gate::Open if route.password_hash.is_none() => pages::preview(route),
        Gate::Open => pages::hidden_preview(),
        Gate::Shut => pages::nowhere(),
        Gate::Closed => answer::to(hosted.domain.not_found_url.as_deref(), pages::not_found),
        Gate::Expired => pages::gone(),
    }
}

fn visit(
    app: &App,
    request: &Request<'_>,
    hosted: &Hosted,
    route: &Route,
    permit: Permit,
) -> Result<Answer, Limited> {
    match gates::check(route, request.now) {
        Gate::Closed => Ok(answer::to(hosted.domain.not_found_url.as_deref(), pages::not_found)),
        Gate::Expired => {
            Visit::meet(app, request, hosted, route, |visit| Ok(expired(visit, hosted, route)))
        }
        Gate::Shut => Visit::meet(app, request, hosted, route, |visit| {
            visit.record(Outcome::Stayed, &[]);
            Ok(Answer::new(204))
        }),
        Gate::Open => Visit::meet(app, request, hosted, route, |visit| {
            let answer = open(app, visit, hosted, route, permit)?;
            Ok(Answer { accept_ch: route.accept_ch, ..answer })
        }),
    }
}

/// A link whose time or clicks are over.
fn expired(visit: &Visit<'_>, hosted: &Hosted, route: &Route) -> Answer {
    if let Some(destination) = &route.expired_destination {
        visit.record(Outcome::Expired, &[]);
        return visit.redirect(destination, 302, None);
    }
    let elsewhere = hosted.domain.expired_url.as_deref();
    visit.record(if elsewhere.is_some() { Outcome::Expired } else { Outcome::Gone }, &[]);
    answer::to(elsewhere, pages::gone)
}

/// The gates that depend on who asks, and then the rules.
fn open(
    app: &App,
    visit: &Visit<'_>,
    hosted: &Hosted,
    route: &Route,
    permit: Permit,
) -> Result<Answer, Limited> {
    let card = route.card.as_ref().filter(|_| route.redirects != Redirects::Always);
    if let Some(card) = card.filter(|_| visit.is_preview()) {
        visit.record(Outcome::Card, &[]);
        return Ok(pages::card(card, route));
    }
    if let Some(hash) = &route.password_hash
        && !password::passed(&app.visits, route.link, hash, visit.now(), visit.header("cookie"))
    {
        return Ok(pages::password(None));
    }
    if let Some(limit) = route.click_limit.filter(|_| visit.uses_up(route.limit_counts)) {
        match permit {
            Permit::Unasked => {
                return Err(Limited { workspace: route.workspace, link: route.link, limit });
            }
            Permit::Refused => return Ok(expired(visit, hosted, route)),
            Permit::Granted => (),
        }
    }
    Ok(visit.decide(app.manages(&hosted.domain)))
}

impl Visit<'_> {
    /// Whether the visit counts against a limit: neither HEAD nor looking ahead ever does.
    fn uses_up(&self, counted: Counted) -> bool {
        let looks_ahead = matches!(self.class, model::Class::Prefetch | model::Class::Preview);
        let is_person = self.class == model::Class::Person;
        !self.is_head && !looks_ahead && (is_person || counted == Counted::Everyone)
    }
}
