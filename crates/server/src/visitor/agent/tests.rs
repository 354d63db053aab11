//! Claims about single agents: what is told of them, and that nothing makes reading fail.

use std::sync::LazyLock;

use proptest::{collection::vec, prelude::*, sample::select};

use super::*;

/// One for all tests: it takes seconds without optimisation.
pub(super) static AGENTS: LazyLock<Agents> = LazyLock::new(Agents::new);

const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, \
                      like Gecko) Chrome/142.0.0.0 Safari/537.36";
const REDUCED: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like \
                       Gecko) Chrome/142.0.0.0 Mobile Safari/537.36";

fn facts(agent: &str, hints: &[(&str, &str)]) -> Rc<AgentFacts> {
    let hint = |name: &str| hints.iter().find(|(hint, _)| *hint == name).map(|(_, v)| *v);
    let header = |name: &str| if name == "user-agent" { Some(agent) } else { hint(name) };
    AGENTS.facts(&Claims::of(header))
}

/// Device, system, browser and brand, with `-` for unknown.
fn told(facts: &AgentFacts) -> String {
    let with = |name: Option<&str>, version: Option<Version>| match (name, version) {
        (Some(name), Some(version)) => format!("{name} {version}"),
        (name, _) => name.unwrap_or("-").to_owned(),
    };
    let view = facts.view();
    let os = with(view.os, view.os_version);
    let browser = with(view.browser, view.browser_version);
    let brand = view.brand.unwrap_or("-");
    format!("{}, {os}, {browser}, {brand}", view.device.unwrap_or("-"))
}

#[track_caller]
fn check(agent: &str, hints: &[(&str, &str)], expected: &str) {
    assert_eq!(told(&facts(agent, hints)), expected, "{agent}");
}

#[test]
fn common_agents_are_read() {
    check(CHROME, &[], "desktop, Windows 10, Chrome 142.0.0.0, -");
    check(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, \
         like Gecko) Version/17.4.1 Mobile/15E148 Safari/604.1",
        &[],
        "mobile, iOS 17.4.1, Safari 17.4.1, Apple",
    );
    check(
        "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like \
         Gecko) CriOS/120.0.6099.101 Mobile/15E148 Safari/604.1",
        &[],
        "tablet, iOS 16.6, Chrome 120.0.6099.101, Apple",
    );
    check(
        "Mozilla/5.0 (Linux; Android 13; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) \
         SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36",
        &[],
        "mobile, Android 13, Samsung Internet 23.0, Samsung",
    );
    check(
        "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
        &[],
        "desktop, Linux, Firefox 144.0, -",
    );
    check(
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) \
         Chrome/142.0.0.0 Safari/537.36",
        &[],
        "desktop, ChromeOS 14541.0.0, Chrome 142.0.0.0, -",
    );
}

#[test]
fn frozen_versions_are_unknown_unless_hints_tell() {
    check(REDUCED, &[], "mobile, Android, Chrome 142.0.0.0, -");
    let hints = [
        ("sec-ch-ua-platform", "\"Android\""),
        ("sec-ch-ua-platform-version", "\"15.0.0\""),
        ("sec-ch-ua-mobile", "?1"),
        ("sec-ch-ua-model", "\"Pixel 9\""),
    ];
    check(REDUCED, &hints, "mobile, Android 15.0.0, Chrome 142.0.0.0, Google");
    let mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, \
               like Gecko) Version/18.1 Safari/605.1.15";
    check(mac, &[], "desktop, macOS, Safari 18.1, Apple");
    let new = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 \
               (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1";
    check(new, &[], "mobile, iOS 26.1, Safari 26.1, Apple");
}

#[test]
fn hints_name_what_the_agent_hides() {
    let hints = [
        ("sec-ch-ua", r#""Chromium";v="142", "Brave";v="142", "Not_A Brand";v="99""#),
        ("sec-ch-ua-platform", "\"Windows\""),
        ("sec-ch-ua-platform-version", "\"15.0.0\""),
    ];
    check(CHROME, &hints, "desktop, Windows 11, Brave 142, -");
    let tablet = REDUCED.replace("Mobile ", "");
    check(&tablet, &[("sec-ch-ua-mobile", "?0")], "tablet, Android, Chrome 142.0.0.0, -");
}

#[test]
fn devices_have_their_class() {
    let device = |agent: &str| facts(agent, &[]).device;
    let tv = "Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) \
              76.0.3809.146/6.0 TV Safari/537.36";
    assert_eq!(device(tv), Some("tv"));
    let console = "Mozilla/5.0 (PlayStation; PlayStation 5/2.26) AppleWebKit/605.1.15 (KHTML, \
                   like Gecko) Version/13.0 Safari/605.1.15";
    assert_eq!(device(console), Some("console"));
    let laptop = "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.1; Tablet PC 2.0)";
    assert_eq!(device(laptop), Some("desktop"));
    assert_eq!(device("Dalvik/2.1.0 (Linux; U; Android 13; SM-G991B)"), Some("mobile"));
    assert_eq!(device("Googlebot/2.1 (+http://www.google.com/bot.html)"), Some("bot"));
    assert_eq!(device("no such thing"), None);
}

#[test]
fn browsers_that_the_expressions_miss_are_told() {
    let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1_2 like Mac OS X) AppleWebKit/605.1.15 \
                 (KHTML, like Gecko)";
    let firefox = format!("{phone} FxiOS/155 Mobile/15E148 Version/26.4");
    check(&firefox, &[], "mobile, iOS 17.1.2, Firefox 155, Apple");
    let opera = format!("{phone} Version/17.1 Mobile/15E148 Safari/604.1 OPT/6.7.3");
    check(&opera, &[], "mobile, iOS 17.1.2, Opera 6.7.3, Apple");
}

proptest! {
    // Reading takes a millisecond without optimisation.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_headers_make_reading_fail(
        agent in hostile(), hints in proptest::array::uniform6(hostile()),
    ) {
        let header = |name: &str| match HINTS.iter().position(|hint| *hint == name) {
            Some(i) => Some(&*hints[i]),
            None => Some(&*agent),
        };
        let claims = Claims::of(header);
        let facts = AGENTS.facts(&claims);
        prop_assert_eq!(facts.view().bot, Some(facts.bot.is_some()));
        prop_assert!(claims.agent.len() <= 1_024);
        prop_assert!(facts.browser.as_ref().is_none_or(|browser| browser.len() <= 1_024));
        // What was kept is found again, however it is cut.
        prop_assert!(Rc::ptr_eq(&facts, &AGENTS.facts(&claims)));
    }
}

/// What nobody's browser sends: pieces of agents and hints in any order, quotes that never end,
/// and all of it up to 100 KB long.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = select(
        &[
            "Mozilla/5.0 (",
            ")",
            "Android ",
            "10; K)",
            "Version/",
            "26.",
            "999999999999999999999",
            "OPT/",
            "FxiOS/",
            "Puffin/",
            "Mac OS X ",
            "iPhone OS 18_",
            "Chrome/",
            "\"",
            "\\",
            ",",
            ";v=",
            "Not A Brand",
            "Windows",
            "?1",
            "é",
            "\u{10ffff}",
            "\0",
            " ",
        ][..],
    );
    let short = vec(pieces, 0..40).prop_map(|pieces| pieces.concat());
    let long = (short.clone(), select(&[1_000, 1_024, 100_000][..]))
        .prop_map(|(text, most)| text.repeat(most / text.len().max(1)));
    prop_oneof![3 => short, 1 => long, 1 => any::<String>()]
}

#[test]
fn who_sends_no_agent_is_a_bot_of_unknown_make() {
    let facts = facts("", &[]);
    assert_eq!(told(&facts), "-, -, -, -");
    assert_eq!(facts.bot.as_ref().map(|bot| &*bot.reason), Some("no user agent"));
    assert_eq!((facts.view().bot, facts.view().crawler), (Some(true), Some(false)));
}

#[test]
fn hints_can_give_a_bot_away() {
    let brands = r#""HeadlessChrome";v="142", "Chromium";v="142""#;
    let facts = facts(CHROME, &[("sec-ch-ua", brands)]);
    assert_eq!(facts.bot.as_ref().map(|bot| bot.class), Some(Class::BrowserAutomation));
}

#[test]
fn facts_come_from_the_cache_the_second_time() {
    let (first, second) = (facts(CHROME, &[]), facts(CHROME, &[]));
    assert!(Rc::ptr_eq(&first, &second));
    assert!(!Rc::ptr_eq(&first, &facts(CHROME, &[("sec-ch-ua-mobile", "?0")])));
}
