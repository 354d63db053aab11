//! How fast links are made, one by one and in bulk, each stored for good when it is answered.
//!
//! The real server on an empty database is asked over connections that stay open, for so many
//! seconds and in so many rounds, and is then killed. Whatever it had answered must be in the
//! database with all its parts. What comes out are rows of a table in Markdown; how much of the
//! machine others took meanwhile stands in the last column.
//!
//! `SECONDS_EACH`, `ROUNDS`, `ONLY` (words that a row's name must hold), `POSTGRES` (a superuser's URL;
//! without one SQLite alone is asked) and `SERVER` (another build of the program) change what is run.

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on may panic")]
#![expect(clippy::print_stdout, reason = "its output is the table")]

mod client;
mod database;
mod processor;
mod server;

use std::{fmt::Write, time::Duration};

use client::{Asked, Made};
use database::Database;
use processor::Times;
use server::Server;

/// One row of the table: who asks for what.
struct Way {
    name: &'static str,
    path: &'static str,
    connections: usize,
    /// Links of one call.
    links: u64,
    /// The body of the call whose first link has this number.
    body: fn(number: u64, links: u64) -> String,
}

const WAYS: &[Way] = &[
    Way {
        name: "one by one",
        path: "/api/v1/links",
        connections: 16,
        links: 1,
        body: |number, _| plain(number),
    },
    Way {
        name: "one by one, all parts",
        path: "/api/v1/links",
        connections: 16,
        links: 1,
        body: |number, _| full(number),
    },
    Way { name: "alone", path: "/api/v1/links", connections: 1, links: 1, body: |n, _| plain(n) },
    Way {
        name: "bulk",
        path: "/api/v1/links/bulk",
        connections: 4,
        links: 1_000,
        body: |number, links| {
            let all: Vec<String> = (number..number + links).map(plain).collect();
            format!(r#"{{"links":[{}]}}"#, all.join(","))
        },
    },
    Way {
        name: "bulk, as Short.io",
        path: "/links/bulk",
        connections: 4,
        links: 1_000,
        body: |number, links| {
            let link = |n| format!(r#"{{"originalURL":"https://example.com/{n}"}}"#);
            let all: Vec<String> = (number..number + links).map(link).collect();
            let all = all.join(",");
            format!(r#"{{"domain":"localhost","allowDuplicates":true,"links":[{all}]}}"#)
        },
    },
];

/// What is run of each way before it counts.
const WARM_UP: Duration = Duration::from_millis(500);

/// What one round of one way came to.
struct Round {
    per_second: f64,
    /// Processor time of one link, in microseconds: the server's and PostgreSQL's.
    server: f64,
    database: f64,
    /// How long one call took, in milliseconds.
    median: f64,
    slowest: f64,
    /// What of the machine's processors others had.
    others: f64,
}

fn main() {
    let setting = |name: &str, usual| std::env::var(name).map_or(usual, |it| it.parse().unwrap());
    let (seconds, rounds) = (setting("SECONDS_EACH", 3), setting("ROUNDS", 3));
    let only = std::env::var("ONLY").unwrap_or_default();
    let postgres = std::env::var("POSTGRES").ok();
    println!(
        "| links made | a second: least, median, most | server, µs a link | database, µs a link \
         | a call, ms: median, 99 of 100 | others had |\n|---|---|---|---|---|---|"
    );
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for (kind, on) in [("SQLite", None), ("PostgreSQL", postgres.as_deref())] {
        if kind == "PostgreSQL" && on.is_none() {
            continue;
        }
        for way in WAYS {
            let name = format!("{kind}, {}", way.name);
            if !only.split_whitespace().all(|word| name.contains(word)) {
                continue;
            }
            let time = Duration::from_secs(seconds);
            let all = (0..rounds).map(|_| runtime.block_on(round(way, on, time))).collect();
            println!("{}", row(&name, all));
        }
    }
}

async fn round(way: &Way, postgres: Option<&str>, time: Duration) -> Round {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::make(folder.path(), postgres).await;
    let server = Server::start(folder.path(), &database.url);
    let asked = Asked::new(way, &server);
    let mut made = asked.during(WARM_UP).await;
    let before = Times::now(server.id(), &database.processes().await);
    let counted = asked.during(time).await;
    let after = Times::now(server.id(), &database.processes().await);
    server.kill();
    let spent = after.since(&before);
    let links = counted.ids.len() as f64;
    let round = Round {
        per_second: links / counted.time.as_secs_f64(),
        server: spent.server.as_secs_f64() * 1e6 / links,
        database: spent.database.as_secs_f64() * 1e6 / links,
        median: counted.slower_than(0.5),
        slowest: counted.slower_than(0.99),
        others: spent.others(),
    };
    made.ids.extend(counted.ids);
    database.assert_has(&made).await;
    database.drop().await;
    round
}

fn row(name: &str, mut all: Vec<Round>) -> String {
    all.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    let middle = |of: fn(&Round) -> f64| {
        let mut all: Vec<f64> = all.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    let mut row = format!("| {name} ");
    let [least, most] = [&all[0], &all[all.len() - 1]].map(|round| round.per_second);
    let median = middle(|round| round.per_second);
    write!(row, "| {least:.0}, **{median:.0}**, {most:.0} ").unwrap();
    write!(row, "| {:.0} | {:.0} ", middle(|it| it.server), middle(|it| it.database)).unwrap();
    write!(row, "| {:.1}, {:.1} ", middle(|it| it.median), middle(|it| it.slowest)).unwrap();
    write!(row, "| {:.0} % |", middle(|it| it.others) * 100.0).unwrap();
    row
}

/// What somebody types who wants an address shortened.
fn plain(number: u64) -> String {
    format!(r#"{{"destination":"https://example.com/{number}"}}"#)
}

/// What a campaign's link has.
fn full(number: u64) -> String {
    format!(
        r#"{{"slug":"spring-{number}","destination":"https://example.com/{number}",
            "title":"Spring {number}","tags":["spring","mail"],"rules":[
            {{"name":"Phones","when":{{"all":[
                {{"field":"deviceType","operator":"equals","value":"mobile"}},
                {{"field":"country","operator":"in","value":["US","CA"]}}]}},
              "action":{{"redirect":"https://m.example.com/{number}"}}}},
            {{"name":"Night","when":{{"all":[
                {{"field":"hour","operator":"between","value":[0,5]}}]}},
              "action":{{"redirect":"https://night.example.com/{number}"}}}}]}}"#
    )
}

impl Made {
    /// How long all calls but a few took at most, in milliseconds.
    fn slower_than(&self, share: f64) -> f64 {
        let mut all = self.calls.clone();
        all.sort_unstable();
        let place = (all.len() as f64 * share) as usize;
        all[place.min(all.len() - 1)].as_secs_f64() * 1e3
    }
}
