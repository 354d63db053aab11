//! Destinations that lead round in a circle through links of this server.
//!
//! A circle is *refused* where some visitors are certain to go round: each way of the link itself
//! (its destination or split, its expired destination, the action of a rule that is on) counts as
//! taken by somebody, and from there on only links that have no rule and send everyone on. It is
//! *warned of* where another link would have to meet a rule, be expired or be off first: then its
//! owner may well have meant that nobody goes round.

use std::collections::HashSet;

use model::{Destination, Error, Host, Link, LinkId, Result, fold_path};
use url::Url;

use crate::{App, redirect::Route};

/// A way from a link back to itself.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Circle {
    /// The place of the way within the link.
    pub(super) at: String,
    /// The short URLs that it passes, the link's own last.
    pub(super) through: Vec<String>,
}

/// Links of ours that one destination may pass through for certain; longer chains are refused.
const MOST_HOPS: usize = 8;

/// Refuses a link from which some visitors are certain to come back to it.
pub(super) fn refuse(app: &App, link: &Link) -> Result<()> {
    match circles(app, link, Edges::Certain).next() {
        Some(Circle { at, .. }) => {
            Err(Error::invalid(at, "leads back to this link: visitors would go round in a circle"))
        }
        None => Ok(()),
    }
}

/// The ways by which visitors may come back to a link, where other links' rules let them.
pub(super) fn possible<'a>(app: &'a App, link: &'a Link) -> impl Iterator<Item = Circle> + 'a {
    circles(app, link, Edges::Possible)
}

/// Which ways of other links are followed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Edges {
    Certain,
    Possible,
}

fn circles<'a>(app: &'a App, link: &'a Link, edges: Edges) -> impl Iterator<Item = Circle> + 'a {
    ways(link).filter_map(move |(at, destination)| {
        let mut walk = Walk { app, home: link, edges, seen: HashSet::new(), through: Vec::new() };
        let circle = walk.comes_back(destination, MOST_HOPS);
        circle.then_some(Circle { at, through: walk.through })
    })
}

/// Each way that the link sends anybody now, with its place in the wire's form.
fn ways(link: &Link) -> impl Iterator<Item = (String, &Destination)> {
    let whole =
        link.default_split.is_empty().then(|| ("destination".to_owned(), &link.destination));
    let split = link.default_split.iter().enumerate();
    let split = split.map(|(i, variant)| (format!("defaultSplit[{i}]"), &variant.destination));
    let expired = link.expired_destination.iter().map(|d| ("expiredDestination".to_owned(), d));
    let rules = link.rules.iter().enumerate().filter(|(_, rule)| rule.enabled);
    let rules = rules
        .flat_map(|(i, rule)| rule.destinations().map(move |d| (format!("rules[{i}].action"), d)));
    whole.into_iter().chain(split).chain(expired).chain(rules)
}

struct Walk<'a> {
    app: &'a App,
    home: &'a Link,
    edges: Edges,
    seen: HashSet<LinkId>,
    through: Vec<String>,
}

impl Walk<'_> {
    fn comes_back(&mut self, destination: &Destination, hops: usize) -> bool {
        // Nearly all lead elsewhere, and need no parsing to say so.
        let host = destination.authority().map(Host::without_port);
        if host.is_none_or(|host| self.app.routes.domain(host).is_none()) {
            return false;
        }
        let Some(url) = destination.url().filter(|url| is_ours(self.app, url)) else {
            return false;
        };
        let Some(hosted) = url.host_str().and_then(|host| self.app.routes.hosted(host)) else {
            return false;
        };
        let sensitive = hosted.domain.case_sensitive;
        let Some(key) = fold_path(url.path(), sensitive) else { return false };
        let is_home = |address: &model::Address| {
            address.domain == hosted.domain.id && address.slug.key(sensitive) == key
        };
        self.through.push(plain(&url));
        if self.home.addresses.iter().any(is_home) {
            return true;
        }
        let route = hosted.route(&key).filter(|route| route.link != self.home.id);
        let back = route.is_some_and(|route| self.goes_on(&route, hops));
        if !back {
            self.through.pop();
        }
        back
    }

    fn goes_on(&mut self, route: &Route, hops: usize) -> bool {
        let certain = route.enabled && route.rules.is_empty();
        if self.edges == Edges::Certain && !certain {
            return false;
        }
        if hops == 0 {
            return self.edges == Edges::Certain;
        }
        if !self.seen.insert(route.link) {
            return false;
        }
        let of_rules = route.actions.iter().flat_map(|(_, action)| action.destinations());
        let other = route.expired_destination.as_deref().into_iter().chain(of_rules);
        let other = other.filter(|_| self.edges == Edges::Possible);
        let ways: Vec<&Destination> = route.defaults().chain(other).collect();
        ways.into_iter().any(|way| self.comes_back(way, hops - 1))
    }
}

/// The URL without what comes after its path.
fn plain(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

/// Whether a URL's host and port are where this server answers.
fn is_ours(app: &App, url: &Url) -> bool {
    let public = &app.config.public_url;
    let port = public.port_or_known_default();
    let known = url.host_str().is_some_and(|host| app.routes.domain(host).is_some());
    known && (url.port_or_known_default() == port || url.port().is_none())
}
