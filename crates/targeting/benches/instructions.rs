//! Runs one scenario for callgrind to count: `instructions SCENARIO decide|traced|explain`.
//!
//! Without a scenario it lists them all; `scripts/instructions.sh` runs each.

#![expect(clippy::print_stdout, reason = "a script reads the list")]

mod scenarios;

use std::hint::black_box;

use targeting::{Explanation, Rules, Trace, Visitor};

/// How often the counted function runs; the script divides by it.
const TIMES: usize = 100;

fn main() {
    // `cargo bench` adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let [name, what] = &*arguments else {
        for scenario in scenarios::ALL {
            for what in ["decide", "traced", "explain"] {
                println!("{}\t{what}", scenario.name);
            }
        }
        return;
    };
    let scenario =
        scenarios::ALL.iter().find(|scenario| scenario.name == name).expect("a scenario's name");
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
