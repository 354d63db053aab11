//! Browsers that uap-core's expressions take for Safari, read by us.
//!
//! Every browser for iOS is built on Safari's engine and says so; only a mark of its own tells it
//! apart. A row stands for a browser, never for a single agent, and goes when the expressions learn
//! to read it.

use targeting::{Version, names};

/// The mark before the version, and the browser.
const MARKS: &[(&str, &str)] = &[
    // The expressions want a minor version, which `FxiOS/155` has not.
    ("FxiOS/", "Firefox iOS"),
    // Opera for iOS, once called Opera Touch, which the expressions do not know.
    ("OPT/", "Opera Touch"),
];

/// The browser behind what reads like Safari, under its canonical name; none where it is Safari.
pub(super) fn behind_safari(
    agent: &str,
    said: Option<&str>,
) -> Option<(&'static str, Option<Version>)> {
    if !said.is_some_and(|said| said.starts_with("Safari")) {
        return None;
    }
    MARKS.iter().find_map(|(mark, name)| {
        let (_, rest) = agent.split_once(mark)?;
        let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.');
        let version = rest[..end.unwrap_or(rest.len())].trim_end_matches('.');
        Some((names::browser(name), Version::parse(version)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(said: &str, tail: &str, expected: Option<&str>) {
        let agent = format!("Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) {tail}");
        let told = behind_safari(&agent, Some(said));
        let told = told.map(|(name, version)| {
            format!("{name} {}", version.map(|version| version.to_string()).unwrap_or_default())
        });
        assert_eq!(told.as_deref(), expected, "{agent}");
    }

    #[test]
    fn the_mark_and_its_version_are_read_wherever_they_stand() {
        let opera = "Version/26.6 Mobile/15E148 Safari/604.1 OPT/6.7.3";
        check("Safari", opera, Some("Opera 6.7.3"));
        check("Safari WebView", "FxiOS/155 Mobile/15E148 Version/26.4", Some("Firefox 155"));
        check("Safari", "FxiOS/156. Safari/604.1", Some("Firefox 156"));
        check("Safari", "OPT/", Some("Opera "));
    }

    #[test]
    fn safari_stays_safari_and_what_the_expressions_read_stays_read() {
        check("Safari", "Version/26.6 Mobile/15E148 Safari/604.1", None);
        check("Firefox", "FxiOS/155.0 Mobile/15E148 Safari/604.1", None);
    }
}
