//! The few pages that visitors see instead of a redirect.
//!
//! **Invariant:** no script and no picture; what people wrote is only ever text. Nothing is from
//! another host but what a cloaked link frames. The content security policy of every page says so
//! again. The page that fires pixels is another: [`super::pixels`].

use std::borrow::Cow;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use model::{Card, Destination};

use super::{Answer, Route};

/// The one style of all pages; small, and in both colour schemes.
pub(super) const STYLE: &str = "\
body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto 0;padding:0 1rem;\
color:#171b21;background:#f5f6f8}\
h1{font-size:1.25rem}a,button{color:#0b6b74}code{overflow-wrap:anywhere}\
.url{display:block;margin:.5rem 0;padding:.5rem .75rem;border-radius:6px;background:#e6e9ee}\
.go{display:inline-block;padding:.5rem .75rem;border-radius:6px;background:#0b6b74;color:#fff;\
text-decoration:none}ul{padding:0;list-style:none}\
input,button{font:inherit;padding:.5rem .75rem;border-radius:6px;border:1px solid #77818f}\
button{background:#0b6b74;color:#fff;border-color:#0b6b74}.bad{color:#b3261e}\
@media(prefers-color-scheme:dark){body{color:#e9ecf1;background:#11141a}a{color:#4fc3cc}\
.url{background:#1d222b}.go{background:#4fc3cc;color:#07272b}\
input{background:#191d23;color:inherit}button{background:#4fc3cc;color:#07272b}.bad{color:#ff8f85}}";

/// `Content-Security-Policy` of every page, which brings its one style along.
pub const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; \
base-uri 'none'; frame-ancestors 'none'";

/// The policy of a page that frames a destination.
const FRAMING: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-src http: https:; \
base-uri 'none'; frame-ancestors 'none'";

/// A whole page in the one style.
pub fn page(title: &str, body: &Markup) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { h1 { (title) } (body) } }
        }
    }
    .into_string()
}

/// A page with a title and a sentence.
pub fn message(status: u16, title: &str, sentence: &str) -> Answer {
    Answer::page(status, page(title, &html! { p { (sentence) } }))
}

pub(super) fn not_found() -> Answer {
    message(
        404,
        "There is no such link",
        "Check the address for a typing error: a letter may be missing.",
    )
}

pub(super) fn gone() -> Answer {
    message(410, "This link has expired", "Whoever gave it to you may have a newer one.")
}

pub(super) fn blocked(status: u16) -> Answer {
    let title = match status {
        403 => "This link is not for you",
        410 => "This link is no longer here",
        451 => "This link is unavailable for legal reasons",
        _ => "There is no such link",
    };
    message(status, title, "Its owner decided where it may be opened.")
}

pub(super) fn try_again() -> Answer {
    let page =
        message(503, "Just a moment", "The links are still being loaded. Try again in a second.");
    Answer { retry_after: Some(1), ..page }
}

pub(super) fn root() -> Answer {
    message(200, "Short links live here", "Every address on this host leads somewhere else.")
}

/// `/app` of a binary that was built without the dashboard.
pub fn app_missing() -> Answer {
    let body = html! {
        p { "This binary was built without the dashboard. The API, the links and the documentation \
             work all the same." }
        p { "To build it in, run " code { "make run" } " in the source folder, or " code { "cargo \
             build --release" } " once " code { "dashboard/dist" } " is there." }
    };
    Answer::page(200, page("The dashboard is not in this build", &body))
}

/// Where a link leads. It is shown, never followed.
pub(super) fn preview(route: &Route) -> Answer {
    let shown = |destination: &Destination| html! { code.url { (destination.authored()) } };
    let ways = route.actions.iter().flat_map(|(_, action)| action.destinations());
    let ways: Vec<&Destination> = ways.collect();
    let body = html! {
        @if let Some(title) = &route.title { p { (title) } }
        @for way in route.defaults() { (shown(way)) }
        @if !ways.is_empty() {
            p { "Some visitors are sent elsewhere:" }
            ul { @for way in ways { li { (shown(way)) } } }
        }
        @if route.defaults().next().is_some()
            && !route.destination.varies() && route.destination.is_web() {
            p { a.go rel="noreferrer noopener nofollow" href=(route.destination.authored()) { "Go there" } }
        }
    };
    Answer::page(200, page("Where this link leads", &body))
}

pub(super) fn hidden_preview() -> Answer {
    message(200, "This link asks for a password", "Where it leads is shown to those who know it.")
}

pub(super) fn nowhere() -> Answer {
    message(200, "This link leads nowhere", "Its owner has it redirect nobody.")
}

/// The form that asks for a link's password; `problem` tells what was wrong with the last try.
pub(super) fn password(problem: Option<&str>) -> Answer {
    let body = html! {
        @if let Some(problem) = problem { p.bad role="alert" { (problem) } }
        form method="post" {
            label for="password" { "Password" } " "
            input #password type="password" name="password" required autofocus
                autocomplete="current-password" maxlength="250";
            " " button { "Open" }
        }
    };
    Answer::page(
        if problem.is_some() { 401 } else { 200 },
        page("This link asks for a password", &body),
    )
}

/// An app is opened by a page, never by a header.
pub(super) fn open_app(location: &str) -> Answer {
    let body = html! {
        p { a href=(location) { "Open the app" } }
        p { code { (location) } }
    };
    Answer::page(200, page("This link opens an app", &body))
}

/// A destination under the short address.
pub(super) fn frame(location: &str, title: Option<&str>) -> Answer {
    let title = title.unwrap_or_default();
    let html = html! {
        (DOCTYPE)
        html {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                title { (title) }
                style { (PreEscaped("html,body,iframe{margin:0;width:100%;height:100%;border:0}")) }
            }
            body { iframe src=(location) title=(title) allowfullscreen {} }
        }
    };
    Answer { policy: Some(FRAMING.into()), ..Answer::page(200, html.into_string()) }
}

/// What a link-preview bot reads.
pub(super) fn card(card: &Card, route: &Route) -> Answer {
    let title = card.title.as_deref().or(route.title.as_deref()).unwrap_or_default();
    let meta = |property: &str, content: Option<&str>| {
        html! { @if let Some(content) = content { meta property=(property) content=(content); } }
    };
    let html = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { (title) }
                (meta("og:title", Some(title)))
                (meta("og:description", card.description.as_deref()))
                (meta("og:image", card.image.as_deref()))
                @if !card.properties.iter().any(|(name, _)| name == "twitter:card") {
                    meta name="twitter:card" content="summary_large_image";
                }
                @for (name, value) in &card.properties {
                    @if name.starts_with("twitter:") {
                        meta name=(name) content=(value);
                    } @else {
                        (meta(&namespaced(name), Some(value)))
                    }
                }
            }
            body { p { a href=(route.destination.authored()) { (title) } } }
        }
    };
    Answer::page(200, html.into_string())
}

/// The namespaces that stand for themselves; all other properties are Open Graph's own.
const NAMESPACES: &[&str] = &["article:", "book:", "music:", "og:", "product:", "profile:"];
/// Open Graph has a namespace for films and a property for a page's film, both named `video`.
const FILMS: &[&str] =
    &["actor", "director", "duration", "release_date", "series", "tag", "writer"];

fn namespaced(name: &str) -> Cow<'_, str> {
    let film = name.strip_prefix("video:").and_then(|rest| rest.split(':').next());
    let known = NAMESPACES.iter().any(|space| name.starts_with(space))
        || film.is_some_and(|word| FILMS.contains(&word));
    if known { name.into() } else { format!("og:{name}").into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_graphs_own_properties_get_its_prefix() {
        for (name, expected) in [
            ("title", "og:title"),
            ("image:width", "og:image:width"),
            ("video", "og:video"),
            ("video:actor:role", "video:actor:role"),
            ("article:tag", "article:tag"),
            ("og:title", "og:title"),
        ] {
            assert_eq!(namespaced(name), expected);
        }
    }
}
