//! uap-core's own corpus: what its labels say, what its expressions say, and what rules see of it.

use targeting::{Version, names};
use ua_parser::{Extractor, Regexes};

use crate::{FACTS, tally::Tally};

static REGEXES: &str = include_str!("../../../../data/agents/regexes.json");

pub(crate) struct Section {
    pub(crate) text: String,
    /// Whether nothing differs but for a stated reason.
    pub(crate) whole: bool,
}

/// A line of `prepare.mjs`: a kind, an agent, and three parts of a label, of which browsers and
/// systems have two.
struct Case<'c> {
    kind: &'c str,
    agent: &'c str,
    family: &'c str,
    /// The version's first three parts; of a device, its maker.
    second: &'c str,
    model: &'c str,
}

const FROZEN: &str =
    "On purpose: the version is the one that every newer system claims to be, so it is unknown.";
const PREVIEW: &str =
    "On purpose: the apps of chats fetch a page for its preview, which is no click of a person.";
const PINGBACK: &str =
    "The label is wrong: a blog asks whether it was linked to, and the brand is part of its name.";
const MISREAD: &str = "Wrong.";

/// Programs that uap-core labels with the maker of a device, and why they are bots.
const BOTS: [(&str, &str); 2] = [("WhatsApp", PREVIEW), ("WordPress/", PINGBACK)];

pub(crate) fn section(corpus: &str) -> Section {
    let regexes: Regexes<'static> = serde_json::from_str(REGEXES).unwrap();
    let expressions = Extractor::try_from(regexes).unwrap();
    let kinds = ["browser", "system", "device"];
    let mut raw = kinds.map(Tally::new);
    let mut seen = ["browser", "system", "maker of a device"].map(Tally::new);
    let mut spiders = Tally::new("spider");
    for case in corpus.lines().map(Case::read) {
        let at = kinds.iter().position(|kind| *kind == case.kind).unwrap();
        raw[at].count((!case.is_read_by(&expressions)).then(|| (MISREAD, case.agent.to_owned())));
        let tally = if case.is_spider() { &mut spiders } else { &mut seen[at] };
        tally.count(case.misread().map(|why| (why, case.agent.to_owned())));
    }
    let mut text = "\
## uap-core's corpus

All labelled agents of uap-core, as ua-parser 0.2.2 carries it: the expressions as we load them, whole
(browser and system with three parts of the version; device with maker and model).

| | agents | as labelled | |
|---|---|---|---|
"
    .to_owned();
    raw.iter().for_each(|tally| text.push_str(&tally.row()));
    text.push_str(
        "
And what rules see, after our names for browsers and systems, our exceptions, and the crawler list:

| | agents | as labelled | |
|---|---|---|---|
",
    );
    let all = seen.iter().chain([&spiders]);
    all.clone().for_each(|tally| text.push_str(&tally.row()));
    all.for_each(|tally| text.push_str(&tally.reasons()));
    let mut tallies = raw.iter().chain(&seen).chain([&spiders]);
    Section { text, whole: tallies.all(|tally| !tally.apart.contains_key(MISREAD)) }
}

impl<'c> Case<'c> {
    fn read(line: &'c str) -> Case<'c> {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or_default();
        Case { kind: cell(), agent: cell(), family: cell(), second: cell(), model: cell() }
    }

    fn is_spider(&self) -> bool {
        self.kind == "device" && self.second == "Spider"
    }

    /// Whether the expressions give the agent its label, to the letter.
    fn is_read_by(&self, expressions: &Extractor<'_>) -> bool {
        let joined = |parts: [Option<&str>; 3]| {
            parts.into_iter().map_while(|part| part).collect::<Vec<_>>().join(".")
        };
        let (family, second, model) = match self.kind {
            "browser" => expressions.ua.extract(self.agent).map(|found| {
                let version = joined([found.major, found.minor, found.patch]);
                (found.family.into_owned(), version, String::new())
            }),
            "system" => expressions.os.extract(self.agent).map(|found| {
                let parts = [&found.major, &found.minor, &found.patch].map(|part| part.as_deref());
                (found.os.to_string(), joined(parts), String::new())
            }),
            _ => expressions.dev.extract(self.agent).map(|found| {
                let [brand, model] = [found.brand, found.model].map(Option::unwrap_or_default);
                (found.device.into_owned(), brand.into_owned(), model.into_owned())
            }),
        }
        .unwrap_or_else(|| ("Other".to_owned(), String::new(), String::new()));
        (&*family, &*second, &*model) == (self.family, self.second, self.model)
    }

    /// Why the facts are not those of the label, where they are not.
    fn misread(&self) -> Option<&'static str> {
        let facts = FACTS.agent(|name| (name == "user-agent").then_some(self.agent));
        let ours = facts.view();
        let (name, label, version) = match self.kind {
            "browser" => (ours.browser, names::browser(self.family), ours.browser_version),
            "system" => (ours.os, names::os(self.family), ours.os_version),
            _ if self.is_spider() => return facts.bot.is_none().then_some(MISREAD),
            _ if facts.bot.is_some() => {
                let known = BOTS.iter().find(|(beginning, _)| self.agent.starts_with(beginning));
                return Some(known.map_or(MISREAD, |(_, why)| why));
            }
            _ => return (ours.brand != maker(self.second)).then_some(MISREAD),
        };
        let label = (label != "Other").then_some(label);
        let version = version.map(|version| version.to_string()).unwrap_or_default();
        let expected = Version::parse(self.second).map(|v| v.to_string()).unwrap_or_default();
        if name != label {
            return Some(MISREAD);
        }
        let frozen = version.is_empty() && ["10", "10.15", "10.15.7"].contains(&&*expected);
        (!version.starts_with(&expected)).then_some(if frozen { FROZEN } else { MISREAD })
    }
}

/// The label's maker as rules name it; none for the corpus's words for "some maker".
fn maker(label: &str) -> Option<&str> {
    match label {
        "" | "Other" | "Unknown" => None,
        "XiaoMi" => Some("Xiaomi"),
        _ => (!label.starts_with("Generic")).then_some(label),
    }
}
