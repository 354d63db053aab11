//! Destinations that would lead round in a circle.

use std::collections::HashSet;

use model::{Destination, Error, Link, LinkId, Result, fold_path};
use url::Url;

use crate::App;

/// Links of ours that one destination may pass through; longer chains are refused.
const MOST_HOPS: usize = 8;

/// Refuses a link that can lead back to itself through links of this server.
///
/// Rules may make the circle rare, but a visitor who meets it is lost, so any way counts.
pub(super) fn refuse(app: &App, link: &Link) -> Result<()> {
    let ways: Vec<(String, &Destination)> = places(link).collect();
    for (at, destination) in ways {
        let mut seen = HashSet::new();
        if leads_to(app, destination, link, &mut seen, MOST_HOPS) {
            return Err(Error::invalid(
                at,
                "leads back to this link: visitors would go round in a circle",
            ));
        }
    }
    Ok(())
}

/// Each destination of a link with its place in the wire's form.
fn places(link: &Link) -> impl Iterator<Item = (String, &Destination)> {
    let own = [("destination".to_owned(), &link.destination)].into_iter();
    let expired = link.expired_destination.iter().map(|d| ("expiredDestination".to_owned(), d));
    let rules =
        link.rules.iter().enumerate().flat_map(|(i, rule)| {
            rule.destinations().map(move |d| (format!("rules[{i}].action"), d))
        });
    own.chain(expired).chain(rules)
}

fn leads_to(
    app: &App,
    destination: &Destination,
    home: &Link,
    seen: &mut HashSet<LinkId>,
    hops: usize,
) -> bool {
    let Some(url) = destination.url().filter(|url| is_ours(app, url)) else { return false };
    let Some(hosted) = url.host_str().and_then(|host| app.routes.hosted(host)) else {
        return false;
    };
    let sensitive = hosted.domain.case_sensitive;
    let Some(key) = fold_path(url.path(), sensitive) else { return false };
    let is_home = |address: &model::Address| {
        address.domain == hosted.domain.id && address.slug.key(sensitive) == key
    };
    if home.addresses.iter().any(is_home) {
        return true;
    }
    let Some(route) = hosted.route(&key).filter(|route| route.link != home.id) else {
        return false;
    };
    if hops == 0 {
        return true;
    }
    let next = [&route.destination].into_iter().chain(&route.expired_destination);
    let mut next = next.chain(route.actions.iter().flat_map(|(_, action)| action.destinations()));
    seen.insert(route.link) && next.any(|way| leads_to(app, way, home, seen, hops - 1))
}

/// Whether a URL's host and port are where this server answers.
fn is_ours(app: &App, url: &Url) -> bool {
    let public = &app.config.public_url;
    let port = public.port_or_known_default();
    let known = url.host_str().is_some_and(|host| app.routes.domain(host).is_some());
    known && (url.port_or_known_default() == port || url.port().is_none())
}
