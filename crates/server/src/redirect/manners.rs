//! What a domain wants of every answer: HTTPS, referrers, robots.

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
