//! Agents of real traffic, held against what npm's bowser reads from them.

use std::fmt::Write;

use targeting::names;

use crate::{
    FACTS,
    tally::{Tally, grouped},
};

/// Made by `tests/accuracy/prepare.mjs`; `NOTICE` there says from what.
static AGENTS: &str = include_str!("../../../../tests/accuracy/agents.tsv");

/// Why the two differ. Of both, a text that ends in `*` is a beginning, and empty is "not told".
struct Reason {
    what: &'static str,
    bowser: &'static str,
    ours: &'static str,
    why: &'static str,
}

const fn reason(
    what: &'static str,
    bowser: &'static str,
    ours: &'static str,
    why: &'static str,
) -> Reason {
    Reason { what, bowser, ours, why }
}

const REASONS: &[Reason] = &[
    reason(
        BROWSER,
        "Chrome",
        "Chrome WebView",
        "We are finer: `; wv)`, or on older systems `Version/4.0` beside `Chrome/`, marks a page that an Android app shows inside itself, by Chrome's engine.",
    ),
    reason(
        BROWSER,
        "Safari",
        "Safari WebView",
        "We are finer: neither `Version/` nor `Safari/` is the mark of an app on iOS that shows a page inside itself.",
    ),
    reason(
        BROWSER,
        "Chrome",
        "DuckDuckGo",
        "We are right: `DuckDuckGo/5` names the browser, which is built on Chrome's engine.",
    ),
    reason(
        BROWSER,
        "Chrome",
        "Ecosia",
        "We are right: `Ecosia android@` names the browser, which is built on Chrome's engine.",
    ),
    reason(
        BROWSER,
        "Safari",
        "Snapchat",
        "We are right: the agent names the app, and of Safari it says `like`.",
    ),
    reason(
        BROWSER,
        "Safari",
        "Apple Mail",
        "Neither can know: a program on a Mac that shows a page inside itself, of which Mail is the most common.",
    ),
    reason(
        BROWSER,
        "Safari",
        "",
        "We are right: the agent is cut before it names a browser, and Safari does not run on Windows 10.",
    ),
    reason(
        SYSTEM_VERSION,
        "macOS 10.15*",
        "",
        "We are right: every browser on a Mac has said 10.15 since 2020, whatever it runs on, so the version is unknown.",
    ),
    reason(
        SYSTEM_VERSION,
        "Android 10",
        "",
        "We are right: `Android 10; K` is what Chrome says on every Android, so without hints the version is unknown.",
    ),
    reason(
        SYSTEM_VERSION,
        "iOS 18.*",
        "iOS 2*",
        "We are right: from iOS 26 on agents go on saying 18, and the version of Safari is the system's.",
    ),
    reason(
        SYSTEM_VERSION,
        "",
        "ChromeOS *",
        "We tell more: bowser does not read the version of ChromeOS.",
    ),
    reason(
        DEVICE,
        "",
        "desktop",
        "We tell more: ChromeOS runs on computers, of which bowser says nothing.",
    ),
];

const BROWSER: &str = "browser";
const BROWSER_VERSION: &str = "browser version";
const SYSTEM: &str = "system";
const SYSTEM_VERSION: &str = "system version";
const DEVICE: &str = "device class";
const UNEXPLAINED: &str = "Nobody has looked at these yet.";

pub(crate) fn section() -> String {
    let (tallies, visitors, agreeing) = compared();
    let mut text = "\
## Agents of real traffic

Against npm's bowser 2.15.0, a parser that shares nothing with ours: the agents of the 10,000 visitors
in npm's user-agents 2.1.198 and the 100 of top-user-agents 2.1.138. Both names of a browser or system
go through our table of spellings first; versions are compared as far as both go, and those of
browsers where both name the same one.

| | agents | agree | |
|---|---|---|---|
"
    .to_owned();
    tallies.iter().for_each(|tally| text.push_str(&tally.row()));
    writeln!(
        text,
        "\nWeighed by how many visitors sent each agent, browser, system and class of device all agree for\n\
         {} of {} visitors. Every disagreement, as what bowser says → what we say:",
        grouped(agreeing),
        grouped(visitors)
    )
    .unwrap();
    tallies.iter().for_each(|tally| text.push_str(&tally.reasons()));
    text
}

/// The five comparisons; how many visitors there were, and of how many all three names agree.
fn compared() -> ([Tally; 5], usize, usize) {
    let mut tallies = [BROWSER, BROWSER_VERSION, SYSTEM, SYSTEM_VERSION, DEVICE].map(Tally::new);
    let (mut visitors, mut agreeing) = (0, 0);
    for line in AGENTS.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [agent, seen, browser, version, os, os_version, device] = cells[..] else {
            panic!("seven cells, not {line}");
        };
        let seen: usize = seen.parse().unwrap();
        let facts = FACTS.agent(|name| (name == "user-agent").then_some(agent));
        let ours = facts.view();
        let said = |version: Option<targeting::Version>| {
            version.map(|version| version.to_string()).unwrap_or_default()
        };
        let browsers = (names::browser(browser), ours.browser.unwrap_or_default());
        let systems = (names::os(os), ours.os.unwrap_or_default());
        let devices = (device, ours.device.unwrap_or_default());
        let [named, versions, system, system_versions, class] = &mut tallies;
        let same = [
            compare(named, agent, browsers.0, browsers.1),
            compare(system, agent, systems.0, systems.1),
            compare(class, agent, devices.0, devices.1),
        ];
        if same[0] {
            compare(versions, agent, version, &said(ours.browser_version));
        }
        let with = |version: &str| match version {
            "" => String::new(),
            _ => format!("{} {version}", systems.1),
        };
        compare(system_versions, agent, &with(os_version), &with(&said(ours.os_version)));
        visitors += seen;
        if same == [true; 3] {
            agreeing += seen;
        }
    }
    (tallies, visitors, agreeing)
}

fn compare(tally: &mut Tally, agent: &str, bowser: &str, ours: &str) -> bool {
    // `1.5` and `1.5.0` are one version, and so is what has been cut to fewer parts.
    let parts = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
    let (long, short) = (parts(bowser), parts(ours));
    let same = bowser == ours
        || (!bowser.is_empty()
            && !ours.is_empty()
            && tally.what.ends_with("version")
            && long.iter().zip(&short).all(|(a, b)| a == b));
    let apart = (!same).then(|| {
        let told = |text: &str| if text.is_empty() { "-" } else { text }.to_owned();
        let why = REASONS.iter().find(|reason| reason.fits(tally.what, bowser, ours));
        let why = why.map_or(UNEXPLAINED, |reason| reason.why);
        (why, format!("{} → {}: {agent}", told(bowser), told(ours)))
    });
    tally.count(apart);
    same
}

impl Reason {
    fn fits(&self, what: &str, bowser: &str, ours: &str) -> bool {
        let fits = |pattern: &str, text: &str| match pattern.strip_suffix('*') {
            Some(beginning) => text.starts_with(beginning),
            None => text == pattern,
        };
        self.what == what && fits(self.bowser, bowser) && fits(self.ours, ours)
    }
}

#[test]
fn every_disagreement_has_its_reason_and_every_reason_its_disagreement() {
    let (tallies, ..) = compared();
    for tally in &tallies {
        assert_eq!(tally.apart.get(UNEXPLAINED), None, "{}", tally.what);
    }
    for reason in REASONS {
        let met = tallies.iter().any(|tally| tally.apart.contains_key(reason.why));
        assert!(met, "nobody disagrees any more: {}", reason.why);
    }
}
