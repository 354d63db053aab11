//! One visitor at one link: what is known of them, and where they go.

use std::{
    cell::RefCell,
    sync::{Arc, LazyLock},
    time::Instant,
};

use jiff::Timestamp;
use model::{Action, Class, Click, ClickId, Destination, Outcome, Pixel, Redirects, Variant};
use targeting::{Described, Explanation, Needs, Source, Split, Trace, Visitor};

use super::{Answer, Hosted, Request, Route, SCANNED, answer, pages, pixels, sealed};
use crate::{
    App,
    app::random_bytes,
    clicks::Turn,
    conversion,
    visitor::{AgentFacts, BotFacts, Parts},
    visits::{self, mix},
};

/// A visitor at a link.
pub(super) struct Visit<'v> {
    pub(super) app: &'v App,
    pub(super) route: &'v Route,
    pub(super) visitor: Visitor<'v>,
    /// None for a visitor who is only described.
    pub(super) agent: Option<&'v AgentFacts>,
    pub(super) class: Class,
    pub(super) is_head: bool,
    is_secure: bool,
    turn: Option<&'v RefCell<Turn>>,
    /// The cookie's number; none where there may be no cookie.
    number: Option<u64>,
    /// The day's hash of the visitor.
    pub(super) hash: Option<u64>,
    /// When what is known of the visitor began to be gathered; none of whom is only described.
    pub(super) begun: Option<Instant>,
}

/// Where a visitor goes, and by which rule.
pub(super) struct Way<'r> {
    pub(super) outcome: Outcome,
    /// None: a page with this status, without going anywhere.
    pub(super) destination: Result<&'r Destination, u16>,
}

/// What a click keeps of every visitor, whatever the rules read.
static KEPT: LazyLock<Needs> = LazyLock::new(|| {
    [Source::Agent, Source::Country, Source::Place, Source::Provider, Source::Ranges]
        .into_iter()
        .collect()
});

/// The status of an answer that leads nowhere and shows nothing.
const STAY: u16 = 204;

impl<'v> Visit<'v> {
    /// Learns what the rules and the click need of whoever asks, and lends it to `look`.
    pub(super) fn meet<T>(
        app: &App,
        request: &Request<'_>,
        hosted: &Hosted,
        route: &Route,
        look: impl FnOnce(&Visit<'_>) -> T,
    ) -> T {
        let begun = Some(Instant::now());
        let header = look_up(|name: &str| (request.header)(name));
        let parts = Parts { address: Some(request.address), header: &header };
        let facts = app.facts.gather(route.needs.and(*KEPT), parts);
        let digest = facts.agent_facts().map(|agent| agent.digest);
        let hash = digest.and_then(|it| app.visits.hash(request.now, request.address, it));
        let (history, lot) = if route.reads_history() {
            let lot = digest.and_then(|it| app.visits.lot(request.now, request.address, it));
            let fresh = lot.unwrap_or_else(|| u64::from_le_bytes(random_bytes()));
            (app.visits.read(&header, fresh), lot)
        } else {
            (visits::Visit { returning: None, number: None }, None)
        };
        let dice = history.number.or(lot);
        let agent = facts.agent_facts();
        let visitor = Visitor {
            now: request.now,
            zone: &hosted.zone,
            address: Some(request.address),
            header: &header,
            query: request.query,
            place: facts.place(),
            network: facts.network(),
            agent: facts.agent(),
            returning: history.returning,
            seed: dice.map(|dice| mix(dice, route.link.number().unsigned_abs())),
            described: None,
        };
        look(&Visit {
            app,
            route,
            visitor,
            agent,
            class: class(&header, agent),
            is_head: request.is_head,
            is_secure: request.is_secure,
            turn: request.turn,
            number: history.number,
            hash,
            begun,
        })
    }

    /// A visitor of whom nothing is known but what somebody says.
    pub(super) fn describe<T>(
        app: &App,
        request: &Request<'_>,
        hosted: &Hosted,
        route: &Route,
        described: &Described,
        look: impl FnOnce(&Visit<'_>) -> T,
    ) -> T {
        let visitor = Visitor {
            query: request.query,
            described: Some(described),
            ..Visitor::nobody(request.now, &hosted.zone)
        };
        let (is_head, is_secure) = (request.is_head, request.is_secure);
        let (agent, number, hash, begun) = (None, None, None, None);
        let (class, turn) = (Class::Person, None);
        look(&Visit {
            app,
            route,
            visitor,
            agent,
            class,
            is_head,
            is_secure,
            turn,
            number,
            hash,
            begun,
        })
    }

    /// Keeps a click, and answers its id where somebody is to be told it.
    pub(super) fn keep(&self, click: &Click<'_>) -> Option<ClickId> {
        match self.turn {
            Some(turn) if self.route.tracks_conversions => {
                turn.borrow_mut().add_now(click, &self.app.clicks)
            }
            Some(turn) => {
                turn.borrow_mut().add(click);
                None
            }
            None => self.app.clicks.record(click),
        }
    }

    /// The bot that the agent names, and its class.
    pub(super) fn bot(&self) -> Option<(&str, &'static str)> {
        self.bot_facts().map(|bot| (&*bot.reason, bot.class.name()))
    }

    pub(super) fn bot_facts(&self) -> Option<&BotFacts> {
        self.agent?.bot.as_ref()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.visitor.now
    }

    /// A header of the request.
    pub(super) fn header(&self, name: &str) -> &str {
        (self.visitor.header)(name).unwrap_or_default()
    }

    pub(super) fn is_preview(&self) -> bool {
        self.class == Class::Preview
    }

    /// Asks the rules, keeps the click, and answers. On the `management` host pixels fire apart from
    /// what else stands there.
    pub(super) fn decide(&self, management: bool) -> Answer {
        let mut trace = Trace::default();
        let rule = self.route.rules.decide_traced(&self.visitor, &mut trace);
        let way = self.way(rule);
        let click = self.record(way.outcome, trace.as_bytes());
        match way.destination {
            Ok(destination) => {
                let told = click.filter(|_| self.route.tracks_conversions);
                match self.fired(destination).as_slice() {
                    [] => self.redirect(destination, self.route.status, told),
                    fired => {
                        let location = self.location(destination, told);
                        let page = pixels::page(fired, &location, management);
                        Answer { cookie: self.cookie(), ..page }
                    }
                }
            }
            Err(STAY) => Answer::new(STAY),
            Err(status) => pages::blocked(status),
        }
    }

    /// The same decision with its reasons. No click is kept.
    pub(super) fn explain(&self) -> (Explanation, Way<'_>) {
        let explanation = self.route.rules.explain(&self.visitor);
        let way = self.way(explanation.winner);
        (explanation, way)
    }

    /// Where the visitors of the rule at an index go; without a rule, the link's own split or
    /// destination.
    fn way(&self, rule: Option<usize>) -> Way<'_> {
        let Some((id, action)) = rule.and_then(|i| self.route.actions.get(i)) else {
            return self.way_of_all_others();
        };
        let rule = id.number();
        match action {
            Action::Redirect(destination) => {
                Way { outcome: Outcome::Rule { rule, variant: None }, destination: Ok(destination) }
            }
            Action::Split(variants) => {
                let (variant, destination) = self.pick(variants, rule);
                let outcome = Outcome::Rule { rule, variant: Some(variant) };
                Way { outcome, destination: Ok(destination) }
            }
            Action::Block(status) => {
                Way { outcome: Outcome::Blocked { rule }, destination: Err(*status) }
            }
        }
    }

    fn way_of_all_others(&self) -> Way<'_> {
        if self.route.redirects == Redirects::RuleOnly {
            return Way { outcome: Outcome::Stayed, destination: Err(STAY) };
        }
        if self.route.default_split.is_empty() {
            return Way { outcome: Outcome::Destination, destination: Ok(&self.route.destination) };
        }
        // No rule has the number 0, so that this split's dice are its own.
        let (variant, destination) = self.pick(&self.route.default_split, 0);
        Way { outcome: Outcome::Split { variant }, destination: Ok(destination) }
    }

    /// The visitor's variant of a split, which `turn` tells from the link's others.
    fn pick<'r>(&self, variants: &'r [Variant], turn: i64) -> (u32, &'r Destination) {
        let weights = variants.iter().map(|variant| variant.weight);
        let i = Split::pick(weights, dice(self.visitor.seed, turn));
        (u32::try_from(i).unwrap_or_default(), &variants[i].destination)
    }

    /// What keeps the visitor to one way of a split; none where nothing is known of them.
    pub(super) fn sticky_by(&self) -> Option<&'static str> {
        // Of a cookie that is only offered nobody knows whether it will be kept.
        if self.visitor.returning == Some(true) {
            return Some("cookie");
        }
        self.hash.map(|_| "dailyHash")
    }

    /// The URL that leads to a destination, which may be told the click.
    pub(super) fn location(&self, destination: &Destination, click: Option<ClickId>) -> String {
        let forwarded = self.route.forward_query.then_some(self.visitor.query);
        // The mark of our own codes is nothing that a destination was meant to get.
        let forwarded = forwarded.filter(|query| *query != SCANNED);
        let query = self.route.parameters.before(forwarded);
        let query = match click {
            Some(click) => Some(conversion::told(&self.app.visits, click, query.as_deref()).into()),
            None => query,
        };
        destination.location(&self.visitor, query.as_deref()).into_owned()
    }

    /// The pixels that fire before a destination: for people who do not ask not to be known, and where
    /// a redirect would lead there.
    pub(super) fn fired(&self, destination: &Destination) -> Vec<Arc<Pixel>> {
        let route = self.route;
        let fires = !route.pixels.is_empty()
            && route.status_to(destination) == route.status
            && self.class == Class::Person
            && !self.is_head
            && !visits::asks_not(self.visitor.header);
        if fires { self.app.routes.pixels(&route.pixels) } else { Vec::new() }
    }

    fn cookie(&self) -> Option<String> {
        self.number.map(|number| self.app.visits.cookie(number, self.is_secure))
    }

    /// The answer that leads to a destination, which may be told the click.
    pub(super) fn redirect(
        &self,
        destination: &Destination,
        status: u16,
        told: Option<ClickId>,
    ) -> Answer {
        let location = self.location(destination, told);
        let answer = if let Some((text, iv)) = destination.sealed() {
            sealed::page(text, iv)
        } else if destination.is_app() {
            pages::open_app(&location)
        } else if self.route.cloaked {
            pages::frame(&location, self.route.title.as_deref())
        } else {
            Answer::redirect(status, location)
        };
        let cache = if self.route.is_cacheable { answer::BRIEFLY } else { answer::NEVER };
        Answer { cookie: self.cookie(), cache, ..answer }
    }
}

/// Says of a closure that it is a look-up of headers, whose answers may live shorter than the
/// request; Rust does not find that by itself.
fn look_up<'s, F: Fn(&str) -> Option<&'s str>>(header: F) -> F {
    header
}

fn class<'h>(header: &dyn Fn(&str) -> Option<&'h str>, agent: Option<&AgentFacts>) -> Class {
    if is_prefetch(header) {
        return Class::Prefetch;
    }
    let bot = agent.and_then(|agent| agent.bot.as_ref());
    bot.map_or(Class::Person, |bot| bot.class.of_click())
}

/// What browsers say of a request that their user has not made.
fn is_prefetch<'h>(header: &dyn Fn(&str) -> Option<&'h str>) -> bool {
    ["sec-purpose", "purpose", "x-purpose", "x-moz"].into_iter().any(|name| {
        header(name).is_some_and(|value| value.contains("prefetch") || value.contains("preview"))
    })
}

/// A split's dice: the visitor's at the link, turned anew for each split.
fn dice(seed: Option<u64>, turn: i64) -> u64 {
    mix(seed.unwrap_or_default(), turn.unsigned_abs())
}
