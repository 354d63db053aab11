//! How long a replay of one link's clicks takes.
//!
//! `cargo bench -p statistics --bench replay`; before it `CLICKS=10000000` for so many instead of a
//! million.
#![expect(clippy::print_stdout, reason = "its table is what it is for")]

#[path = "ask/data.rs"]
mod data;

use std::{
    error::Error,
    time::{Duration, Instant},
};

use model::{Click, Id, Outcome, Plan};
use serde_json::{Value, json};
use statistics::{Builder, Columns, Query, Replay, Watch};
use targeting::{Rules, Trace};

/// Each replay is run so often; the fastest is told.
const TIMES: usize = 7;

fn main() -> Result<(), Box<dyn Error>> {
    let clicks = std::env::var("CLICKS").ok().map_or(Ok(1_000_000), |clicks| clicks.parse())?;
    let old = plan(&[
        rule(1, &test("country", "in", &json!(["US", "CA"]))),
        rule(
            2,
            &json!({"all": [test("deviceType", "equals", &json!("mobile")),
                               test("header.x-app", "equals", &json!("beta"))]}),
        ),
        rule(3, &test("referrerDomain", "equals", &json!("site-1.example"))),
    ])?;
    let columns = clicked(clicks, &old)?;
    println!("{:<44} {:>10} {:>10} {:>10}", "ms", "first", "1 thread", "2 threads");
    let country = rule(1, &test("country", "in", &json!(["US", "MX"])));
    let clock = json!({"field": "hour", "operator": "between", "value": [9, 17],
                       "timezone": "Europe/Berlin"});
    let long = test("referrer", "contains", &json!("articles"));
    let app = rule(2, &test("header.x-app", "equals", &json!("beta")));
    let version = rule(
        4,
        &json!({"all": [test("deviceType", "equals", &json!("mobile")),
                                         test("osVersion", "greater_than", &json!(12))]}),
    );
    for (name, rules) in [
        ("one country", vec![country.clone()]),
        ("a header and four facts", vec![country.clone(), app, version]),
        ("a clock", vec![country.clone(), rule(5, &clock)]),
        ("a piece of the referrer", vec![country, rule(5, &long)]),
    ] {
        replay(name, &columns, &old, &plan(&rules)?)?;
    }
    Ok(())
}

fn test(field: &str, operator: &str, value: &Value) -> Value {
    json!({"field": field, "operator": operator, "value": value})
}

fn rule(id: i64, when: &Value) -> Value {
    json!({
        "id": id.to_string(), "name": "", "priority": id, "when": when,
        "action": {"redirect": format!("https://example.com/{id}")},
    })
}

fn plan(rules: &[Value]) -> Result<Plan, Box<dyn Error>> {
    Ok(Plan::read(&json!({"destination": "https://example.com/", "rules": rules}).to_string())?)
}

/// The clicks of one link, as blocks that nobody has read yet.
fn clicked(clicks: usize, plan: &Plan) -> Result<Vec<bytes::Bytes>, Box<dyn Error>> {
    let whens: Vec<_> = plan.rules.iter().map(|rule| (&rule.when, None)).collect();
    let rules = Rules::compile(whens).map_err(|_| "rules that compile")?;
    let mut blocks = Vec::new();
    for from in (0..clicks).step_by(Builder::FULL) {
        let mut builder = Builder::default();
        for nth in from..clicks.min(from + Builder::FULL) {
            let drawn = data::drawn(nth, clicks);
            let click = drawn.click();
            let mut trace = Trace::default();
            let taken = decide(&rules, &click, &mut trace);
            let outcome = match taken {
                Some(i) => Outcome::Rule { rule: plan.rules[i].id.number(), variant: None },
                None => Outcome::Destination,
            };
            let trace = trace.as_bytes();
            let click = Click { link: data::HOT_LINK, revision: 1, outcome, trace, ..click };
            builder.push(&click, Some(drawn.id));
        }
        blocks.push(builder.columns().encode()?.into());
    }
    Ok(blocks)
}

/// What the rules made of a click of whose visitor this alone was known; none sent the header.
fn decide(rules: &Rules, click: &Click<'_>, trace: &mut Trace) -> Option<usize> {
    let text = |name: &str| (name == "referer").then_some(click.referrer?);
    let country = click.country.as_ref().and_then(|code| std::str::from_utf8(code).ok());
    rules.decide_traced(
        &targeting::Visitor {
            now: jiff::Timestamp::UNIX_EPOCH,
            zone: &jiff::tz::TimeZone::UTC,
            address: None,
            header: &text,
            query: "",
            place: targeting::Place {
                country: country.and_then(targeting::Country::parse),
                ..Default::default()
            },
            network: Default::default(),
            agent: targeting::Agent { device: click.device, ..Default::default() },
            returning: None,
            seed: None,
            described: None,
        },
        trace,
    )
}

fn replay(
    name: &str,
    blocks: &[bytes::Bytes],
    old: &Plan,
    new: &Plan,
) -> Result<(), Box<dyn Error>> {
    let workspace = Id::new(1).ok_or("an id")?;
    let query = Query::total(workspace, data::END - 91 * 86_400_000, data::END);
    let decoded = || -> Result<Vec<Columns>, _> {
        blocks.iter().map(|block| Columns::decode(block.clone())).collect()
    };
    let run = |columns: &[Columns], threads: usize| -> Result<(Duration, String), Box<dyn Error>> {
        let start = Instant::now();
        let revisions = Replay::revisions(&query, columns, threads)?;
        let past = revisions.iter().map(|revision| (*revision, old));
        let replay = Replay::new(new, past, false, 10);
        let found = replay.run(&query, columns, threads, &Watch::default())?;
        Ok((start.elapsed(), format!("{:?}", found.total())))
    };
    // The first has the columns to decode.
    let (first, total) = run(&decoded()?, 2)?;
    let columns = decoded()?;
    let mut fastest = [Duration::MAX; 2];
    for threads in [1, 2] {
        for _ in 0..TIMES {
            let (taken, _) = run(&columns, threads)?;
            fastest[threads - 1] = fastest[threads - 1].min(taken);
        }
    }
    let ms = |taken: Duration| taken.as_secs_f64() * 1_000.0;
    let [one, two] = fastest.map(ms);
    println!("{name:<44} {:>10.1} {one:>10.1} {two:>10.1}  {total}", ms(first));
    Ok(())
}
