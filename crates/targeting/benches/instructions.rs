//! Runs one scenario for callgrind to count: `instructions SCENARIO decide|traced|explain|analyse`.
//!
//! Without a scenario it lists them all; `scripts/instructions.sh` runs each.

#![expect(clippy::print_stdout, reason = "a script reads the list")]

mod scenarios;

use std::hint::black_box;

use scenarios::Scenario;
use targeting::{Analysed, Explanation, Finding, Known, Rules, Trace, Visitor, analyse};

/// How often the counted function runs; the script divides by it.
const TIMES: usize = 100;
/// What is analysed, too; of places, which hang together, and of many rules.
const ANALYSED: &[&str] = &["four rules of places", "ten rules", "hundred countries"];

fn main() {
    // `cargo bench` adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let [name, what] = &*arguments else {
        for scenario in scenarios::ALL {
            for what in ["decide", "traced", "explain"] {
                println!("{}\t{what}", scenario.name);
            }
        }
        ANALYSED.iter().for_each(|name| println!("{name}\tanalyse"));
        return;
    };
    let scenario =
        scenarios::ALL.iter().find(|scenario| scenario.name == name).expect("a scenario's name");
    if what == "analyse" {
        return analysis(scenario);
    }
    let (rules, visitor) = (scenario.rules(), scenario.visitor());
    let last = Some(rules.len() - 1);
    // Once uncounted, for what is made when it is first needed.
    assert_eq!(rules.decide(&visitor), last, "{name}");
    for _ in 0..TIMES {
        let (rules, visitor) = (black_box(&rules), black_box(&visitor));
        match what.as_str() {
            "decide" => drop(black_box(counted_decide(rules, visitor))),
            "traced" => drop(black_box(counted_traced(rules, visitor))),
            _ => drop(black_box(counted_explain(rules, visitor))),
        }
    }
}

fn analysis(scenario: &Scenario) {
    let whens = scenario.parsed();
    let authored = |when| Analysed { when, timezone: None, tier: 0, enabled: true };
    let rules: Vec<Analysed<'_>> = whens.iter().map(authored).collect();
    let known = Known::everything();
    assert_eq!(analyse(&rules, &known), [], "{}", scenario.name);
    for _ in 0..TIMES {
        drop(black_box(counted_analyse(black_box(&rules), &known)));
    }
}

#[inline(never)]
fn counted_decide(rules: &Rules, visitor: &Visitor<'_>) -> Option<usize> {
    rules.decide(visitor)
}

/// As the redirect asks.
#[inline(never)]
fn counted_traced(rules: &Rules, visitor: &Visitor<'_>) -> (Option<usize>, Trace) {
    let mut trace = Trace::default();
    (rules.decide_traced(visitor, &mut trace), trace)
}

#[inline(never)]
fn counted_explain(rules: &Rules, visitor: &Visitor<'_>) -> Explanation {
    rules.explain(visitor)
}

/// As saving a link does.
#[inline(never)]
fn counted_analyse(rules: &[Analysed<'_>], known: &Known) -> Vec<Finding> {
    analyse(rules, known)
}
