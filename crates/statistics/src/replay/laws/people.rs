//! People who click, and what a plan does with them.

use jiff::{Timestamp, tz::TimeZone};
use model::{Action, Class, Click, NetworkFlags, Outcome, Plan, Rule, Utm};
use proptest::{collection::vec, option, prelude::*};
use targeting::{Agent, Country, Network, Place, Rules, Source, Split, Trace, Version, Visitor};

use crate::replay::Goes;

/// A visitor, with what a click keeps of them and what it does not.
#[derive(Clone, Debug)]
pub(super) struct Person {
    at: i64,
    country: Option<&'static str>,
    device: Option<&'static str>,
    version: Option<&'static str>,
    referrer: &'static str,
    query: &'static str,
    languages: &'static str,
    header: Option<&'static str>,
    is_bot: bool,
    vpn: Option<bool>,
    zone: Option<&'static str>,
    is_home: bool,
    returning: Option<bool>,
    seeds: [u64; 2],
}

/// Up to forty people.
pub(super) fn people() -> impl Strategy<Value = Vec<Person>> {
    let one = |list: &'static [&'static str]| prop::sample::select(list.to_vec());
    let facts = (
        0_i64..4_000_000_000,
        option::of(one(&["US", "DE", "FR", "BR"])),
        option::of(one(&["mobile", "desktop"])),
        option::of(one(&["17", "17.4", "18.1.2"])),
        one(&["", "https://www.a.example/x", "https://b.example/"]),
        one(&["", "utm_source=mail", "utm_source=ads&x=1"]),
        one(&["", "de-DE,en", "en,de", "fr"]),
        option::of(one(&["beta", "x"])),
    );
    let hidden = (
        any::<bool>(),
        option::of(any::<bool>()),
        option::of(one(&["Asia/Tokyo", "America/Lima"])),
        any::<bool>(),
        option::of(any::<bool>()),
        any::<[u64; 2]>(),
    );
    let person =
        (facts, hidden).prop_map(|(facts, (is_bot, vpn, zone, is_home, returning, seeds))| {
            let (second, country, device, version, referrer, query, languages, header) = facts;
            Person {
                at: second * 1_000 + 7,
                country,
                device,
                version,
                referrer,
                query,
                languages,
                header,
                is_bot,
                vpn,
                zone,
                is_home,
                returning,
                seeds,
            }
        });
    vec(person, 1..40)
}

/// A plan, compiled.
pub(super) struct Ruled<'p> {
    plan: &'p Plan,
    live: Vec<&'p Rule>,
    rules: Rules,
    /// Whether visitors are asked whether they came before.
    asks: bool,
}

impl<'p> Ruled<'p> {
    pub(super) fn new(plan: &'p Plan) -> Ruled<'p> {
        let live: Vec<_> = plan.rules.iter().filter(|rule| rule.enabled).collect();
        let whens = live.iter().map(|rule| (&rule.when, rule.timezone.as_deref()));
        let rules = Rules::compile(whens).unwrap();
        let splits = live.iter().any(|rule| matches!(rule.action, Action::Split(_)));
        let draws = splits || !plan.default_split.is_empty();
        let needs = rules.needs();
        let asks = draws || needs.has(Source::History) || needs.has(Source::Seed);
        Ruled { plan, live, rules, asks }
    }
}

/// What a plan does with a visitor, as the redirect decides it.
pub(super) struct Decided {
    pub(super) outcome: Outcome,
    pub(super) goes: Goes,
    trace: Trace,
    returning: Option<bool>,
}

impl Person {
    pub(super) fn meets(&self, Ruled { plan, live, rules, asks }: &Ruled<'_>) -> Decided {
        let returning = self.returning.filter(|_| *asks);
        let seed = self.seeds[usize::from(returning.is_some())];
        let header = |name: &str| match name {
            "referer" => Some(self.referrer),
            "accept-language" => Some(self.languages),
            "x-app" => self.header,
            _ => None,
        };
        let address = if self.is_home { "10.1.1.1" } else { "192.0.2.1" };
        let visitor = Visitor {
            now: Timestamp::from_millisecond(self.at).unwrap(),
            zone: &TimeZone::UTC,
            address: Some(address.parse().unwrap()),
            header: &header,
            query: self.query,
            place: Place {
                country: self.country.and_then(Country::parse),
                timezone: self.zone,
                ..Place::default()
            },
            network: Network { vpn: self.vpn, ..Network::default() },
            agent: Agent {
                device: if self.is_bot { Some("bot") } else { self.device },
                os_version: self.version.and_then(Version::parse),
                bot: Some(self.is_bot),
                ..Agent::default()
            },
            returning,
            seed: Some(seed),
            described: None,
        };
        let mut trace = Trace::default();
        let winner = rules.decide_traced(&visitor, &mut trace).map(|i| live[i]);
        let pick = |variants: &[model::Variant], turn: i64| {
            let weights = variants.iter().map(|variant| variant.weight);
            Split::pick(weights, seed.wrapping_mul(2 * turn as u64 + 1))
        };
        let to = |it: &model::Destination| Goes::To(it.authored().into());
        let (outcome, goes) = match winner.map(|rule| (rule.id.number(), &rule.action)) {
            None if plan.default_split.is_empty() => (Outcome::Destination, to(&plan.destination)),
            None => {
                let variant = pick(&plan.default_split, 0);
                let goes = to(&plan.default_split[variant].destination);
                (Outcome::Split { variant: variant as u32 }, goes)
            }
            Some((rule, Action::Redirect(it))) => (Outcome::Rule { rule, variant: None }, to(it)),
            Some((rule, Action::Block(status))) => (Outcome::Blocked { rule }, Goes::Page(*status)),
            Some((rule, Action::Split(variants))) => {
                let variant = pick(variants, rule);
                let goes = to(&variants[variant].destination);
                (Outcome::Rule { rule, variant: Some(variant as u32) }, goes)
            }
        };
        Decided { outcome, goes, trace, returning }
    }

    /// The click that is kept of a visit.
    pub(super) fn click<'a>(&'a self, decided: &'a Decided) -> Click<'a> {
        let some = |text: &'a str| Some(text).filter(|text| !text.is_empty());
        let source = self.query.strip_prefix("utm_source=");
        Click {
            at: self.at,
            workspace: 1,
            link: 5,
            revision: 1,
            outcome: decided.outcome,
            class: if self.is_bot { Class::Bot } else { Class::Person },
            country: self.country.map(|code| code.as_bytes().try_into().unwrap()),
            device: if self.is_bot { Some("bot") } else { self.device },
            os_version: self.version,
            language: some(self.languages.split(',').next().unwrap()),
            referrer: some(self.referrer),
            referrer_domain: some(match self.referrer {
                "" => "",
                other => other
                    .trim_start_matches("https://")
                    .trim_start_matches("www.")
                    .split('/')
                    .next()
                    .unwrap(),
            }),
            utm: Utm { source: source.map(|it| it.split('&').next().unwrap()), ..Utm::default() },
            network: NetworkFlags { vpn: self.vpn, ..NetworkFlags::default() },
            returning: decided.returning,
            trace: decided.trace.as_bytes(),
            ..Click::default()
        }
    }
}
