//! What Waypost says of visitors, one JSON object a line on both sides.
//!
//! A visitor is `{"headers": {"user-agent": "…"}, "address": "192.0.2.1"}` with lower-case names of
//! headers; both parts may be left out. The one argument, if any, is a folder of geo files.

use std::{
    collections::HashMap,
    env,
    io::{self, BufRead, Write},
    net::IpAddr,
    path::PathBuf,
};

use serde::Deserialize;
use serde_json::{Value, json};
use server::visitor::{Facts, Parts, Proxies};
use targeting::Source;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Visitor {
    #[serde(default)]
    headers: HashMap<String, String>,
    address: Option<IpAddr>,
}

fn main() -> io::Result<()> {
    let facts = Facts::new(Proxies::default(), env::args_os().nth(1).map(PathBuf::from));
    facts.geo.reload_if_changed();
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let visitor: Visitor = serde_json::from_str(&line?)?;
        writeln!(out, "{}", told(&facts, &visitor))?;
    }
    out.flush()
}

fn told(facts: &Facts, visitor: &Visitor) -> Value {
    let header = |name: &str| visitor.headers.get(name).map(String::as_str);
    let parts = Parts { address: visitor.address, header: &header };
    let gathered = facts.gather(Source::ALL.into_iter().collect(), parts);
    let (agent, place, network) = (gathered.agent(), gathered.place(), gathered.network());
    let bot = gathered.bot().map(|bot| json!({ "class": bot.class.name(), "why": bot.reason }));
    json!({
        "device": agent.device,
        "os": agent.os,
        "osVersion": agent.os_version.map(|version| version.to_string()),
        "browser": agent.browser,
        "browserVersion": agent.browser_version.map(|version| version.to_string()),
        "brand": agent.brand,
        "bot": bot,
        "crawler": gathered.crawler(),
        "country": place.country.map(|country| country.to_string()),
        "region": place.region.map(|region| region.to_string()),
        "city": place.city,
        "timezone": place.timezone,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "isp": place.isp,
        "connectionType": place.connection,
        "asn": place.asn,
        "vpn": network.vpn,
        "proxy": network.proxy,
        "tor": network.tor,
        "datacenter": network.datacenter,
    })
}
