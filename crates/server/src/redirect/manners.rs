//! What a domain wants of every answer: HTTPS, referrers, robots; and the files that say so.

use model::{Domain, Https, Manner, Robots};

use super::{Answer, Request, answer};

/// Half a year, as the preload list's keepers advise to begin with.
const STRICT: &str = "max-age=15768000";

/// The redirect to the same address by HTTPS, where the domain wants one.
pub(super) fn to_https(domain: &Domain, request: &Request<'_>) -> Option<Answer> {
    if domain.manner.https == Https::Optional || request.is_secure {
        return None;
    }
    let mut location = format!("https://{}{}", domain.host, request.path);
    if !request.query.is_empty() {
        location.push('?');
        location.push_str(request.query);
    }
    Some(Answer::redirect(308, location))
}

pub(super) fn mind(manner: &Manner, answer: Answer, is_secure: bool) -> Answer {
    let strict = manner.https == Https::Strict && is_secure;
    Answer {
        referrer: if manner.hides_referrer { answer::NO_REFERRER } else { answer.referrer },
        robots: answer.robots.filter(|_| manner.robots != Robots::Allowed),
        https: strict.then_some(STRICT),
        ..answer
    }
}

/// `/robots.txt`. Who may not list what they find has to come and read that.
pub(super) fn robots(manner: &Manner) -> &'static str {
    match manner.robots {
        Robots::Allowed | Robots::NoIndex => "User-agent: *\nDisallow:\n",
        Robots::Disallowed => "User-agent: *\nDisallow: /\n",
    }
}

/// Where devices ask which apps open a domain's links: Apple's, then Google's.
pub const APP_LINKS: [&str; 2] =
    ["/.well-known/apple-app-site-association", "/.well-known/assetlinks.json"];

/// The file at such a path, if the domain has one. Neither asker follows a redirect, so there is none
/// to HTTPS either.
pub(super) fn app_links(manner: &Manner, path: &str) -> Option<Answer> {
    let [apple, _] = APP_LINKS;
    let links = &manner.app_links;
    let file = if path == apple { &links.apple } else { &links.android };
    file.as_ref().map(|file| Answer::json(file.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minded(manner: &Manner, is_secure: bool) -> Answer {
        mind(manner, Answer::redirect(302, "https://example.com/".to_owned()), is_secure)
    }

    #[test]
    fn browsers_are_told_to_come_by_https_where_they_did() {
        let strict = || Manner { https: Https::Strict, ..Manner::default() };
        assert_eq!(minded(&strict(), true).https, Some(STRICT));
        assert_eq!(minded(&strict(), false).https, None);
        assert_eq!(minded(&Manner { https: Https::Redirected, ..strict() }, true).https, None);
    }

    #[test]
    fn robots_are_kept_from_listing_unless_they_may() {
        for (robots, header, file) in [
            (Robots::Allowed, None, "Disallow:\n"),
            (Robots::NoIndex, Some("noindex"), "Disallow:\n"),
            (Robots::Disallowed, Some("noindex"), "Disallow: /\n"),
        ] {
            let manner = Manner { robots, ..Manner::default() };
            assert!(super::robots(&manner).ends_with(file), "{robots:?}");
            assert_eq!(minded(&manner, false).robots, header, "{robots:?}");
        }
    }
}
