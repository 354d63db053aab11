//! uap-core's labelled agents, read by us: the labels must survive our names, cuts and exceptions.

use std::sync::LazyLock;

use super::{tests::AGENTS, *};

/// An agent with the labels that it has, `-` where the corpus does not say, and what we read.
struct Case {
    agent: &'static str,
    browser: [&'static str; 2],
    os: [&'static str; 2],
    device: [&'static str; 2],
    facts: AgentFacts,
}

/// Read once for all tests: it takes seconds without optimisation.
static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let corpus = include_str!("../../../../../data/agents/corpus.tsv");
    corpus.lines().skip(1).map(case).collect()
});

fn case(line: &'static str) -> Case {
    let cells: Vec<&str> = line.split('\t').collect();
    let [agent, browser, version, os, os_version, device, brand] = cells[..] else {
        panic!("seven cells, not {line}");
    };
    let facts = AGENTS.read(&Claims::of(|name| (name == "user-agent").then_some(agent)));
    let (browser, os, device) = ([browser, version], [os, os_version], [device, brand]);
    Case { agent, browser, os, device, facts }
}

/// Whether a name and version are those of a label. Labels have three parts of a version at most.
fn is(name: Option<&str>, version: Option<Version>, label: &str, label_version: &str) -> bool {
    let version = version.map(|version| version.to_string()).unwrap_or_default();
    let expected = Version::parse(label_version).map(|v| v.to_string()).unwrap_or_default();
    name.unwrap_or("Other") == label && version.starts_with(&expected)
}

#[test]
fn every_labelled_browser_and_system_is_told() {
    let mut counts = [0, 0];
    let mut wrong = Vec::new();
    for case in &*CASES {
        let [name, version] = case.browser;
        if name != "-" {
            counts[0] += 1;
            if !is(
                case.facts.browser.as_deref(),
                case.facts.browser_version,
                names::browser(name),
                version,
            ) {
                wrong.push(case.agent);
            }
        }
        let [name, version] = case.os;
        if name != "-" {
            counts[1] += 1;
            let frozen = is_frozen(case.agent);
            let version = if frozen { "" } else { version };
            if !is(case.facts.os.as_deref(), case.facts.os_version, names::os(name), version) {
                wrong.push(case.agent);
            }
        }
    }
    assert_eq!(wrong, Vec::<&str>::new());
    assert_eq!(counts, [1_459, 464]);
}

#[test]
fn every_labelled_brand_is_told_and_no_device_of_a_person_is_a_bot() {
    let mut count = 0;
    let mut wrong = Vec::new();
    for case in &*CASES {
        let [device, maker] = case.device;
        // Spiders have a maker too, of that name; WhatsApp on a phone fetches for its previews.
        if device == "-" || maker == "Spider" || case.agent.starts_with("WhatsApp") {
            continue;
        }
        count += 1;
        if case.facts.brand != brand(maker) || case.facts.bot.is_some() {
            wrong.push(case.agent);
        }
    }
    assert_eq!(wrong, Vec::<&str>::new());
    assert!(1_900 < count, "{count}");
}
