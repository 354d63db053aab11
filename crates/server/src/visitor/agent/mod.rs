//! What a visitor's `User-Agent` and Client Hints say.

#[cfg(test)]
mod corpus;
mod device;
mod hints;
mod missed;
mod recent;

use std::{rc::Rc, sync::Arc};

use quick_cache::{DefaultHashBuilder, sync::Cache};
use targeting::{Version, names};
use ua_parser::{Extractor, Regexes, device as hardware, os, user_agent};

use super::bots::{Bots, Class};
use crate::visits::digest;

pub use hints::{Claims, HEADERS as HINTS};

static REGEXES: &str = include_str!("../../../../../data/agents/regexes.json");

/// Agents repeat: most visitors of a day send one of a few thousand.
const CACHED_AGENTS: usize = 10_000;

/// Everything that is read from agents, with what was read lately.
///
/// Making it takes about 0.3 s of one core, on two of them half of that, and 26 MB; use adds up to 30 MB of automata that are built as
/// agents come, so there is one, made off the request path.
pub struct Agents {
    extractor: Extractor<'static>,
    bots: Bots,
    cache: Cache<hints::OwnedClaims, Arc<AgentFacts>>,
    /// Keyed by chance, since visitors choose what is hashed.
    hasher: DefaultHashBuilder,
}

/// What one agent says of its visitor; names are the canonical ones of [`names`].
#[derive(Clone, Debug, Default)]
pub struct AgentFacts {
    /// `mobile`, `tablet`, `desktop`, `tv`, `console` or `bot`.
    pub device: Option<&'static str>,
    pub os: Option<Box<str>>,
    pub os_version: Option<Version>,
    pub browser: Option<Box<str>>,
    pub browser_version: Option<Version>,
    pub brand: Option<Box<str>>,
    /// The versions as clicks keep them, written once for all visits.
    pub os_version_text: Option<Box<str>>,
    pub browser_version_text: Option<Box<str>>,
    /// What stands for the agent where visitors are told apart.
    pub digest: u64,
    /// None for a person.
    pub bot: Option<BotFacts>,
}

/// Why an agent is taken for a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BotFacts {
    pub class: Class,
    /// What gave it away, such as `Googlebot/` or `no user agent`.
    pub reason: Box<str>,
}

impl AgentFacts {
    pub fn view(&self) -> targeting::Agent<'_> {
        targeting::Agent {
            device: self.device,
            os: self.os.as_deref(),
            os_version: self.os_version,
            browser: self.browser.as_deref(),
            browser_version: self.browser_version,
            brand: self.brand.as_deref(),
            bot: Some(self.bot.is_some()),
            crawler: Some(self.bot.as_ref().is_some_and(|bot| bot.class.crawls())),
        }
    }
}

impl Agents {
    pub fn new() -> Agents {
        let regexes: Regexes<'static> =
            serde_json::from_str(REGEXES).expect("the embedded expressions are whole");
        // Devices take about as long as all else together, so two cores are done in half the time.
        let (others, devices) = std::thread::scope(|scope| {
            let Regexes { user_agent_parsers, os_parsers, device_parsers } = regexes;
            let others =
                scope.spawn(|| (browsers(user_agent_parsers), systems(os_parsers), Bots::new()));
            let devices = devices(device_parsers);
            (others.join().expect("the embedded list of bots is whole"), devices)
        });
        let (browsers, systems, bots) = others;
        let whole = "the embedded expressions compile";
        let (ua, os) = (browsers.expect(whole), systems.expect(whole));
        let extractor = Extractor { ua, os, dev: devices.expect(whole) };
        let (cache, hasher) = (Cache::new(CACHED_AGENTS), DefaultHashBuilder::default());
        Agents { extractor, bots, cache, hasher }
    }

    /// The facts of an agent, from the cache where it was seen lately.
    pub fn facts(&self, claims: &Claims<'_>) -> Rc<AgentFacts> {
        recent::facts(&self.hasher, claims, || {
            if let Some(facts) = self.cache.get(claims) {
                return facts;
            }
            let facts = Arc::new(self.read(claims));
            self.cache.insert(claims.keep(), Arc::clone(&facts));
            facts
        })
    }

    fn read(&self, claims: &Claims<'_>) -> AgentFacts {
        let facts = self.understand(claims);
        let text = |version: Option<Version>| version.map(|it| it.to_string().into());
        AgentFacts {
            os_version_text: text(facts.os_version),
            browser_version_text: text(facts.browser_version),
            digest: digest(claims.agent),
            ..facts
        }
    }

    fn understand(&self, claims: &Claims<'_>) -> AgentFacts {
        if claims.agent.is_empty() {
            let reason = "no user agent".into();
            let bot = Some(BotFacts { class: Class::Other, reason });
            return AgentFacts { bot, ..AgentFacts::default() };
        }
        let (os, os_version) = self.os(claims);
        let (browser, browser_version) = self.browser(claims);
        let hardware = self.extractor.dev.extract(claims.agent);
        let family = hardware.as_ref().map(|hardware| &*hardware.device);
        if let Some(bot) = self.bot(claims, family == Some("Spider")) {
            let (device, brand, bot) = (Some("bot"), None, Some(bot));
            let known = AgentFacts {
                device,
                os,
                os_version,
                browser,
                browser_version,
                brand,
                bot,
                ..AgentFacts::default()
            };
            return known;
        }
        let brand = match claims.model() {
            Some(model) => self.brand_of_model(model),
            None => hardware.and_then(|hardware| brand(hardware.brand.as_deref()?)),
        };
        let device = device::class(claims, os.as_deref(), brand.as_deref());
        AgentFacts {
            device,
            os,
            os_version,
            browser,
            browser_version,
            brand,
            ..AgentFacts::default()
        }
    }

    fn bot(&self, claims: &Claims<'_>, spider: bool) -> Option<BotFacts> {
        let mut texts = [claims.agent, claims.brand_list()].into_iter();
        let listed = texts.find_map(|text| self.bots.find(text));
        if let Some(bot) = listed {
            return Some(BotFacts { class: bot.class, reason: bot.name.into() });
        }
        spider.then(|| BotFacts { class: Class::Other, reason: "reads like a spider".into() })
    }

    fn os(&self, claims: &Claims<'_>) -> (Option<Box<str>>, Option<Version>) {
        // `Other` is the corpus's word for "no system", which an expression or two gives as well.
        let found = self.extractor.os.extract(claims.agent).filter(|os| os.os != "Other");
        let said = found.as_ref().map(|os| names::os(&os.os));
        if let Some(disguise) = device::disguised(claims.agent)
            && said != Some(disguise.os)
        {
            return (Some(disguise.os.into()), None);
        }
        // `Linux` is also what the hints say of televisions and the like, whose agents know better.
        let hinted = claims.platform().filter(|hint| *hint != "Linux" || said.is_none());
        let os = hinted.or(said);
        if let Some(version) = claims.platform_version().filter(|_| hinted.is_some()) {
            return (os.map(Box::from), Some(version));
        }
        let version =
            found.as_ref().filter(|_| hinted.is_none() || hinted == said).and_then(|os| {
                version([os.major.as_deref(), os.minor.as_deref(), os.patch.as_deref(), None])
            });
        let version = match os {
            Some("iOS") => ios_version(claims.agent, version),
            Some("macOS" | "Android") if is_frozen(claims.agent) => None,
            _ => version,
        };
        (os.map(Box::from), version)
    }

    fn browser(&self, claims: &Claims<'_>) -> (Option<Box<str>>, Option<Version>) {
        let found = self.extractor.ua.extract(claims.agent);
        let said = found.as_ref().map(|ua| names::browser(&ua.family));
        let brands = claims.brands().map(|(name, version)| (names::browser(name), version));
        let hinted = brands.filter(|(name, _)| *name != "Chromium").last();
        // An app around Chrome names itself in the agent; the hints name only what it is built on.
        if let Some((name, version)) = hinted
            && said.is_none_or(|said| said == "Chrome" || said == name)
        {
            return (Some(name.into()), version);
        }
        if let Some((name, version)) = missed::behind_safari(claims.agent, said) {
            return (Some(name.into()), version);
        }
        let version =
            found.as_ref().and_then(|ua| version([ua.major, ua.minor, ua.patch, ua.patch_minor]));
        (said.map(Box::from), version)
    }

    /// Asks the expressions as if the model stood in an agent, where frozen ones say only `K`.
    fn brand_of_model(&self, model: &str) -> Option<Box<str>> {
        let agent = format!("Mozilla/5.0 (Linux; Android 10; {model} Build/0) AppleWebKit/537.36");
        let hardware = self.extractor.dev.extract(&agent)?;
        brand(hardware.brand.as_deref()?)
    }
}

/// What stands for the agent of a header where visitors are told apart.
pub fn digest_of(agent: &str) -> u64 {
    digest(Claims::of(|name| (name == "user-agent").then_some(agent)).agent)
}

impl Default for Agents {
    fn default() -> Agents {
        Agents::new()
    }
}

type Parsed<T> = Result<T, ua_parser::Error>;

fn browsers(list: Vec<user_agent::Parser<'static>>) -> Parsed<user_agent::Extractor<'static>> {
    Ok(user_agent::Builder::new().push_all(list)?.build()?)
}

fn systems(list: Vec<os::Parser<'static>>) -> Parsed<os::Extractor<'static>> {
    Ok(os::Builder::new().push_all(list)?.build()?)
}

fn devices(list: Vec<hardware::Parser<'static>>) -> Parsed<hardware::Extractor<'static>> {
    Ok(hardware::Builder::new().push_all(list)?.build()?)
}

/// The maker's name; none for the expressions' words for "some maker".
fn brand(name: &str) -> Option<Box<str>> {
    match name {
        "" | "Other" | "Spider" | "Unknown" => None,
        "XiaoMi" => Some("Xiaomi".into()),
        _ if name.starts_with("Generic") => None,
        _ => Some(name.into()),
    }
}

/// The numbers up to the first part that is none. A part may itself have dots: `8.1` of Windows.
fn version(parts: [Option<&str>; 4]) -> Option<Version> {
    let numbers = parts.into_iter().map_while(|part| part.filter(|p| Version::parse(p).is_some()));
    Version::parse(&numbers.collect::<Vec<_>>().join("."))
}

/// Whether the agent's system version is the one that every newer one claims to be.
fn is_frozen(agent: &str) -> bool {
    ["Android 10; K)", "Mac OS X 10_15_7", "Mac OS X 10.15;"]
        .iter()
        .any(|mark| agent.contains(mark))
}

/// From iOS 26 on, agents go on saying 18, and Safari's own version is the system's.
fn ios_version(agent: &str, said: Option<Version>) -> Option<Version> {
    let safari = agent.split_once(" Version/").and_then(|(_, rest)| rest.split(' ').next());
    let safari = safari.and_then(|text| Some((Version::parse(text)?, major(text)?)));
    let frozen = said.and_then(|said| major(&said.to_string())) == Some(18);
    safari.filter(|(_, major)| frozen && 26 <= *major).map(|(version, _)| version).or(said)
}

fn major(version: &str) -> Option<u32> {
    version.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests;
