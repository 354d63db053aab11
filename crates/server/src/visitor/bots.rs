//! Which agents are programs that visit by themselves, by the crawler list.
//!
//! The list is 1,504 expressions. One automaton looks for a piece of text that each of them needs,
//! and only the expressions whose piece occurs are tried; a set of all expressions would take a
//! hundred times as long.

use std::{borrow::Cow, sync::OnceLock};

use aho_corasick::AhoCorasick;
use regex::Regex;
use regex_syntax::hir::{Hir, HirKind};
use serde::Deserialize;

static LIST: &str = include_str!("../../../../data/crawlers/crawlers.json");

/// What a bot visits for; `data/crawlers` has one or two for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    SearchEngine,
    AiCrawler,
    Seo,
    Archiver,
    Academic,
    Advertising,
    /// Fetches a page once, to show a card of it in a chat or a post.
    Preview,
    Monitoring,
    FeedReader,
    Scanner,
    BrowserAutomation,
    HttpLibrary,
    /// Says that it is a program, and no list knows what for.
    Other,
}

struct Row {
    class: Class,
    /// The list's tag, and how we write the class.
    tag: &'static str,
    name: &'static str,
    /// Whether it collects pages, so that links are visited that nobody clicked.
    crawls: bool,
}

const fn row(class: Class, tag: &'static str, name: &'static str, crawls: bool) -> Row {
    Row { class, tag, name, crawls }
}

/// In the order in which a bot with two tags takes its class.
const CLASSES: &[Row] = &[
    row(Class::Preview, "social-preview", "preview", false),
    row(Class::AiCrawler, "ai-crawler", "ai-crawler", true),
    row(Class::SearchEngine, "search-engine", "search-engine", true),
    row(Class::Archiver, "archiver", "archiver", true),
    row(Class::Academic, "academic", "academic", true),
    row(Class::Seo, "seo", "seo", true),
    row(Class::Advertising, "advertising", "advertising", true),
    row(Class::Monitoring, "monitoring", "monitoring", false),
    row(Class::FeedReader, "feed-reader", "feed-reader", false),
    row(Class::Scanner, "scanner", "scanner", false),
    row(Class::BrowserAutomation, "browser-automation", "browser-automation", false),
    row(Class::HttpLibrary, "http-library", "http-library", false),
    row(Class::Other, "", "other", false),
];

impl Class {
    /// As clicks and explanations write it, such as `search-engine`.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// How clicks of such a bot are counted.
    pub fn of_click(self) -> model::Class {
        if self == Class::Preview { model::Class::Preview } else { model::Class::Bot }
    }

    pub fn crawls(self) -> bool {
        self.row().crawls
    }

    fn row(self) -> &'static Row {
        let row = CLASSES.iter().find(|row| row.class == self);
        row.expect("every class has its row, as a test checks")
    }
}

/// The crawler list, ready to be searched.
pub struct Bots {
    entries: Vec<Entry>,
    pieces: AhoCorasick,
    /// The entry that each piece belongs to.
    owners: Vec<u16>,
}

/// A bot of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bot<'b> {
    /// The list's expression, bare of its escapes.
    pub name: &'b str,
    pub class: Class,
}

struct Entry {
    name: Box<str>,
    class: Class,
    /// None where the piece says it all.
    expression: Option<Expression>,
}

/// An expression that is compiled when its piece first occurs: most never do.
struct Expression {
    text: Cow<'static, str>,
    compiled: OnceLock<Regex>,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(borrow)]
    pattern: Cow<'static, str>,
    tags: Vec<&'static str>,
}

impl Bots {
    pub fn new() -> Bots {
        let listed: Vec<Listed> =
            serde_json::from_str(LIST).expect("the embedded list is whole, as the tests read it");
        let mut entries = Vec::with_capacity(listed.len());
        let mut pieces = Vec::new();
        let mut owners = Vec::new();
        for (i, Listed { pattern, tags }) in (0..).zip(listed) {
            let hir = regex_syntax::parse(&pattern).expect("each listed expression is one");
            let needed = needed(&hir).expect("each listed expression needs some text");
            owners.extend(needed.iter().map(|_| i));
            pieces.extend(needed.into_iter().map(<[u8]>::to_vec));
            let plain = matches!(hir.kind(), HirKind::Literal(_));
            entries.push(Entry {
                name: pattern.replace('\\', "").into(),
                class: class(&tags),
                expression: (!plain)
                    .then(|| Expression { text: pattern, compiled: OnceLock::new() }),
            });
        }
        let pieces = AhoCorasick::new(pieces).expect("the pieces are few and short");
        Bots { entries, pieces, owners }
    }

    /// The first bot of the list that an agent claims to be.
    pub fn find(&self, agent: &str) -> Option<Bot<'_>> {
        let hits = self.pieces.find_overlapping_iter(agent);
        let hits = hits.map(|hit| self.owners[hit.pattern().as_usize()]);
        let mut found: Option<u16> = None;
        for owner in hits {
            let earlier = found.is_none_or(|found| owner < found);
            if earlier && self.entries[usize::from(owner)].is(agent) {
                found = Some(owner);
            }
        }
        let entry = &self.entries[usize::from(found?)];
        Some(Bot { name: &entry.name, class: entry.class })
    }
}

impl Default for Bots {
    fn default() -> Bots {
        Bots::new()
    }
}

impl Entry {
    fn is(&self, agent: &str) -> bool {
        let Some(expression) = &self.expression else { return true };
        let compile = || Regex::new(&expression.text).expect("each listed expression is one");
        expression.compiled.get_or_init(compile).is_match(agent)
    }
}

fn class(tags: &[&str]) -> Class {
    let row = CLASSES.iter().find(|row| tags.contains(&row.tag));
    row.map_or(Class::Other, |row| row.class)
}

/// Texts of which one must occur wherever the expression matches; none where nothing must.
fn needed(hir: &Hir) -> Option<Vec<&[u8]>> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(vec![&literal.0]),
        HirKind::Capture(capture) => needed(&capture.sub),
        HirKind::Repetition(repeated) if 0 < repeated.min => needed(&repeated.sub),
        // The set whose shortest text is longest: it is met by chance most seldom.
        HirKind::Concat(parts) => parts.iter().filter_map(needed).max_by_key(|set| shortest(set)),
        HirKind::Alternation(choices) => {
            let sets = choices.iter().map(needed).collect::<Option<Vec<_>>>()?;
            Some(sets.concat())
        }
        HirKind::Empty | HirKind::Class(_) | HirKind::Look(_) | HirKind::Repetition(_) => None,
    }
}

fn shortest(set: &[&[u8]]) -> usize {
    set.iter().map(|text| text.len()).min().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Example {
        pattern: String,
        agents: Vec<String>,
    }

    #[test]
    fn every_class_has_one_row() {
        for row in CLASSES {
            assert_eq!(CLASSES.iter().filter(|other| other.class == row.class).count(), 1);
            assert_eq!(row.class.name(), row.name);
        }
        let listed: Vec<Listed> = serde_json::from_str(LIST).unwrap();
        for tag in listed.iter().flat_map(|entry| &entry.tags) {
            assert!(CLASSES.iter().any(|row| row.tag == *tag), "no class for {tag}");
        }
    }

    #[test]
    fn every_example_of_the_list_is_found() {
        let examples = include_str!("../../../../data/crawlers/examples.json");
        let examples: Vec<Example> = serde_json::from_str(examples).unwrap();
        let bots = Bots::new();
        let mut count = 0;
        for Example { pattern, agents } in examples {
            for agent in agents {
                assert!(bots.find(&agent).is_some(), "{pattern} misses {agent}");
                count += 1;
            }
        }
        assert_eq!(count, 2_123);
    }

    #[test]
    fn the_pieces_find_what_the_expressions_find() {
        let listed: Vec<Listed> = serde_json::from_str(LIST).unwrap();
        let bots = Bots::new();
        // Every twentieth agent: trying all expressions one by one is slow.
        let corpus = include_str!("../../../../data/agents/corpus.tsv");
        let all: Vec<Regex> = listed.iter().map(|e| Regex::new(&e.pattern).unwrap()).collect();
        for line in corpus.lines().step_by(20) {
            let agent = line.split('\t').next().unwrap();
            let expected = all.iter().position(|expression| expression.is_match(agent));
            let expected = expected.map(|i| listed[i].pattern.replace('\\', ""));
            assert_eq!(bots.find(agent).map(|bot| bot.name), expected.as_deref(), "{agent}");
        }
    }

    #[test]
    fn bots_have_their_class() {
        let bots = Bots::new();
        let class = |agent| bots.find(agent).map(|bot| bot.class);
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like \
                      Gecko) Chrome/142.0.0.0 Safari/537.36";
        assert_eq!(class(chrome), None);
        for person in
            ["(speedy;HTC;PG06100;2.2/FRF91)", "mk-mk; Lucky Ultra Sonic U8650", "sprd-L008/1.0"]
        {
            assert_eq!(class(person), None);
        }
        assert_eq!(class("Googlebot/2.1"), Some(Class::SearchEngine));
        assert_eq!(class("Mozilla/5.0 (compatible; GPTBot/1.2)"), Some(Class::AiCrawler));
        assert_eq!(class("Slackbot-LinkExpanding 1.0"), Some(Class::Preview));
        assert_eq!(class("facebookexternalhit/1.1"), Some(Class::Preview));
        assert_eq!(class("WhatsApp/2.23.20.0"), Some(Class::Preview));
        assert_eq!(class("curl/8.5.0"), Some(Class::HttpLibrary));
        assert!(Class::SearchEngine.crawls());
        assert!(!Class::Preview.crawls());
    }
}
