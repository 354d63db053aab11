//! From the parts of a request to the facts about its visitor.
//!
//! [`Facts`] holds every source, once for the whole server. [`Facts::gather`] learns what a set of
//! [`Needs`] asks for and nothing more; what it returns lends the structures that rules read.

mod address;
mod agent;
mod bots;
mod geo;
mod ranges;

use std::{
    net::IpAddr,
    path::PathBuf,
    rc::Rc,
    sync::{Arc, LazyLock},
};

use arc_swap::Guard;
use targeting::{Agent, Needs, Network, Place, Source as NeedSource};

pub use address::{ForwardedHeader, Proxies, is_public};
pub use agent::{AgentFacts, Agents, BotFacts, Claims, HINTS, digest_of};
pub use geo::{Geo, Loaded, Problem as GeoProblem, Source as GeoSource, Wants};

/// All sources of facts about visitors.
pub struct Facts {
    pub proxies: Proxies,
    pub geo: Geo,
    agents: LazyLock<Agents>,
}

/// The parts of a request that facts are drawn from.
#[derive(Clone, Copy)]
pub struct Parts<'r> {
    /// The client's, after [`Proxies::client`]; none for a described visitor without one.
    pub address: Option<IpAddr>,
    /// Looks a header up by its lower-case name.
    pub header: &'r dyn Fn(&str) -> Option<&'r str>,
}

/// What was asked for of one visitor. What was not is unknown.
pub struct Gathered {
    needs: Needs,
    address: Option<IpAddr>,
    agent: Option<Rc<AgentFacts>>,
    geo: Guard<Arc<Loaded>>,
}

impl Facts {
    /// Cheap: files are read by [`Geo::reload_if_changed`], the tables of agents by
    /// [`Facts::warm`] or the first visitor who needs them.
    pub fn new(proxies: Proxies, geo_dir: Option<PathBuf>) -> Facts {
        Facts { proxies, geo: Geo::new(geo_dir), agents: LazyLock::new(Agents::new) }
    }

    /// Makes the tables of agents, so that no visitor waits for them. Takes about 0.3 s of
    /// one core and 26 MB; whoever needs them meanwhile waits for the rest of it.
    pub fn warm(&self) {
        LazyLock::force(&self.agents);
    }

    /// Learns what is needed of a visitor.
    pub fn gather(&self, needs: Needs, parts: Parts<'_>) -> Gathered {
        let agent = needs.has(NeedSource::Agent).then(|| self.agent(parts.header));
        Gathered { needs, address: parts.address, agent, geo: self.geo.loaded() }
    }

    /// What the headers say of their sender, from the cache where they were seen lately.
    pub fn agent<'r>(&self, header: impl Fn(&str) -> Option<&'r str>) -> Rc<AgentFacts> {
        self.agents.facts(&Claims::of(header))
    }
}

impl Gathered {
    /// Looks the address up each time: keep the answer.
    pub fn place(&self) -> Place<'_> {
        let wants = Wants {
            place: self.needs.has(NeedSource::Place),
            zone: self.needs.has(NeedSource::Zone),
            provider: self.needs.has(NeedSource::Provider),
        };
        let asked =
            [NeedSource::Country, NeedSource::Place, NeedSource::Zone, NeedSource::Provider];
        let address = self.address.filter(|_| asked.into_iter().any(|it| self.needs.has(it)));
        address.map_or_else(Place::default, |address| self.geo.place(address, wants))
    }

    /// Looks the address up each time: keep the answer.
    pub fn network(&self) -> Network {
        let address = self.address.filter(|_| self.needs.has(NeedSource::Ranges));
        address.map_or_else(Network::default, |address| self.geo.network(address))
    }

    pub fn agent(&self) -> Agent<'_> {
        self.agent.as_deref().map_or_else(Agent::default, AgentFacts::view)
    }

    /// All that the agent says; none where agents were not asked for.
    pub fn agent_facts(&self) -> Option<&AgentFacts> {
        self.agent.as_deref()
    }

    /// Why the visitor is taken for a program; none for a person, or where agents were not asked
    /// for.
    pub fn bot(&self) -> Option<&BotFacts> {
        self.agent_facts()?.bot.as_ref()
    }

    /// Whose crawler visits, by the address and whatever the agent says.
    pub fn crawler(&self) -> Option<&str> {
        self.geo.crawler(self.address?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gather(needs: &[NeedSource]) -> (Facts, Gathered) {
        let facts = Facts::new(Proxies::default(), None);
        let header = |name: &str| (name == "user-agent").then_some("curl/8.5.0");
        let parts = Parts { address: Some("52.95.110.1".parse().unwrap()), header: &header };
        let gathered = facts.gather(needs.iter().copied().collect(), parts);
        (facts, gathered)
    }

    #[test]
    fn what_is_not_asked_for_is_unknown_and_costs_nothing() {
        let (facts, gathered) = gather(&[NeedSource::Request, NeedSource::Clock]);
        assert!(gathered.place().country.is_none());
        assert!(gathered.network().datacenter.is_none());
        assert!(gathered.agent().bot.is_none());
        assert!(LazyLock::get(&facts.agents).is_none());
    }

    #[test]
    fn a_map_is_asked_for_a_zone_only_where_one_is_needed() {
        let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/demo");
        let facts = Facts::new(Proxies::default(), Some(demo.into()));
        facts.geo.reload_if_changed();
        let parts = Parts { address: Some("82.152.64.1".parse().unwrap()), header: &|_| None };
        let zone = |source| {
            let gathered = facts.gather(Needs::default().with(source), parts);
            gathered.place().timezone.map(str::to_owned)
        };
        assert_eq!(zone(NeedSource::Place), None);
        assert_eq!(zone(NeedSource::Zone).as_deref(), Some("Europe/London"));
    }

    #[test]
    fn what_is_asked_for_is_known() {
        let needs = [NeedSource::Agent, NeedSource::Country, NeedSource::Ranges];
        let (_, gathered) = gather(&needs);
        assert!(gathered.place().country.is_some());
        assert_eq!(gathered.network().datacenter, Some(true));
        assert_eq!((gathered.agent().bot, gathered.agent().crawler), (Some(true), Some(false)));
        assert_eq!(gathered.bot().map(|bot| bot.class), Some(bots::Class::HttpLibrary));
        assert_eq!(gathered.crawler(), None);
    }

    #[test]
    fn without_an_address_nothing_is_known_of_it() {
        let facts = Facts::new(Proxies::default(), None);
        let parts = Parts { address: None, header: &|_| None };
        let gathered = facts.gather(NeedSource::ALL.into_iter().collect(), parts);
        assert!(gathered.place().country.is_none() && gathered.network().vpn.is_none());
        assert_eq!(gathered.agent().bot, Some(true));
    }
}
