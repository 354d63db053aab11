//! The page that somebody asked for before they had to sign in.

use url::Url;

/// A page of the dashboard, as a path and a query: whatever an address asked for, this leads to no
/// other host, and to nothing of this one but the dashboard.
#[derive(Debug, PartialEq)]
pub struct Page(String);

/// Where nothing else is asked for.
const HOME: &str = "/app";
/// More than any page of ours has; the cookie that carries it holds 4,096 bytes.
const LONGEST: usize = 2_000;
/// Whoever was sent back to one of these would have to leave again.
const DOORS: [&str; 2] = ["/app/oidc/", "/app/sign-in"];

impl Page {
    /// What was asked for; the first page where that is none of the dashboard's.
    pub fn inside(asked: &str) -> Page {
        Page(parse(asked).unwrap_or_else(|| HOME.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Read as browsers read it, so that what they would make of `/\\host` or `/app/..` is known here.
fn parse(asked: &str) -> Option<String> {
    let here = Url::parse("http://here.invalid/").ok()?;
    let url = here.join(asked).ok()?;
    let path = url.path();
    let is_ours = path == HOME || path.starts_with("/app/") && !path.contains("//");
    if url.origin() != here.origin() || !is_ours || DOORS.iter().any(|it| path.starts_with(it)) {
        return None;
    }
    let page = url.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    (page.len() <= LONGEST).then_some(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(asked: &str, page: &str) {
        assert_eq!(Page::inside(asked).as_str(), page, "{asked:?}");
    }

    #[test]
    fn a_page_of_the_dashboard_is_gone_on_to() {
        check("/app/links/lnk_1/rules", "/app/links/lnk_1/rules");
        check(
            "/app/stats?country=DE,AT&device!=desktop",
            "/app/stats?country=DE,AT&device!=desktop",
        );
        check("/app/links?q=caf\u{e9} \"x\"", "/app/links?q=caf%C3%A9%20%22x%22");
        check("/app", "/app");
    }

    #[test]
    fn nothing_leads_out_of_it() {
        for asked in [
            "",
            "https://evil.example/app/links",
            "//evil.example/app/links",
            "/\\evil.example/app/",
            "\\\\evil.example/app/",
            "/\t/evil.example/app/",
            "javascript:alert(1)",
            "data:text/html,/app/",
            "http:evil.example/app/",
            "http://here.invalid@evil.example/app/",
            "/app/../spring",
            "/app/%2e%2e/spring",
            "/app/%2E./spring",
            "/app/..\\spring",
            "/app//evil.example",
            "/apple",
            "/spring",
            "/app/oidc/start",
            "/app/sign-in?next=/app/links",
            "/app/links\r\nset-cookie: a=b/../../../x",
        ] {
            check(asked, HOME);
        }
        check(&format!("/app/links?q={}", "x".repeat(LONGEST)), HOME);
        check("/app/links\r\nset-cookie: a=b", "/app/linksset-cookie:%20a=b");
    }
}
