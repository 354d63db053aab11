//! Bots by the crawler list, people who are none, and crawlers known by their address.

use std::{fmt::Write, net::IpAddr};

use serde::Deserialize;

use crate::{FACTS, tally::Tally};

static EXAMPLES: &str = include_str!("../../../../data/crawlers/examples.json");
static PEOPLE: &str = include_str!("../../../../tests/accuracy/agents.tsv");

/// What the list's own tests hold to be a person's browser.
const PERSON: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like \
                      Gecko) obsidian/1.5.3 Chrome/114.0.5735.289 Electron/25.8.1 Safari/537.36";

const MISSED: &str = "Missed.";
const TAKEN: &str = "A person taken for a bot.";

/// Addresses that crawlers are known to come from, as operators' own pages and many servers' logs
/// name them, and who is known to be there: nobody where our ranges lack them.
const ADDRESSES: &[(&str, &str, Option<&str>)] = &[
    ("Googlebot", "66.249.66.1", Some("Googlebot")),
    ("Bingbot", "13.66.139.10", Some("Bingbot")),
    ("Bingbot", "157.55.39.1", None),
    ("Applebot", "17.241.208.161", Some("Applebot")),
    ("DuckDuckBot", "20.191.45.212", Some("DuckDuckBot")),
    ("GPTBot", "52.230.152.1", Some("GPTBot")),
    ("ClaudeBot", "216.73.216.1", Some("ClaudeBot")),
    ("PerplexityBot", "3.224.62.45", Some("PerplexityBot")),
    ("Meta", "69.63.176.13", Some("Meta")),
    ("Amazonbot", "3.81.194.188", Some("Amazonbot")),
    ("Common Crawl", "18.97.9.168", Some("Common Crawl")),
    ("Internet Archive", "207.241.226.1", Some("Internet Archive")),
    ("nobody: Amazon AWS", "52.95.110.1", None),
    ("nobody: Cloudflare", "1.1.1.1", None),
    ("nobody: Deutsche Telekom", "91.0.0.1", None),
    ("nobody: not on the internet", "10.0.0.1", None),
];

#[derive(Deserialize)]
struct Listed {
    agents: Vec<String>,
}

pub(crate) fn section() -> String {
    let (examples, people) = told();
    let mut text = "\
## Crawlers

The list is PyPI's crawler-user-agents 1.67.0. Its examples must be bots; people must not: the list's
own counter-example and all agents of real traffic above. Where an expression of the list takes people
for bots, ours is a narrower one that still takes its examples (`data/refresh.py` names each). One asks
for a phone, its build and a version of an app, since the list's own would take for a bot everybody who
has one of three makers' phones; whoever has that very app on that very phone is still taken for one.

| | agents | right | |
|---|---|---|---|
"
    .to_owned();
    for tally in [&examples, &people] {
        text.push_str(&tally.row());
    }
    for tally in [&examples, &people] {
        text.push_str(&tally.reasons());
    }
    text.push_str(
        "
An agent can claim to be any crawler; an address cannot. Where an operator publishes its addresses, we
know its crawlers by them, whatever the agent says. The ranges are those of PyPI's iporigin 1.1.2, and
they are not whole: some of Bingbot's count as Microsoft Azure's.

| whose | address | known as |
|---|---|---|
",
    );
    let geo = FACTS.geo.loaded();
    for (whose, address, _) in ADDRESSES {
        let known = geo.crawler(address.parse::<IpAddr>().unwrap()).unwrap_or("-");
        writeln!(text, "| {whose} | {address} | {known} |").unwrap();
    }
    text
}

/// How many of the list's examples are bots, and how many people are none.
fn told() -> (Tally, Tally) {
    let is_bot =
        |agent: &str| FACTS.agent(|name| (name == "user-agent").then_some(agent)).bot.is_some();
    let listed: Vec<Listed> = serde_json::from_str(EXAMPLES).unwrap();
    let mut examples = Tally::new("examples of bots");
    for agent in listed.iter().flat_map(|entry| &entry.agents) {
        examples.count((!is_bot(agent)).then(|| (MISSED, agent.clone())));
    }
    let mut people = Tally::new("agents of people");
    let seen = PEOPLE.lines().skip(1).filter_map(|line| line.split('\t').next());
    for agent in seen.chain([PERSON]) {
        people.count(is_bot(agent).then(|| (TAKEN, agent.to_owned())));
    }
    (examples, people)
}

#[test]
fn every_example_is_a_bot_and_no_person_is() {
    let (examples, people) = told();
    assert_eq!((examples.cases, examples.agreed), (2_123, 2_123));
    assert_eq!(people.apart.get(TAKEN), None);
}

#[test]
fn crawlers_are_known_by_their_addresses_and_nobody_else_is() {
    let geo = FACTS.geo.loaded();
    for (whose, address, known) in ADDRESSES {
        assert_eq!(geo.crawler(address.parse::<IpAddr>().unwrap()), *known, "{whose} {address}");
    }
}
