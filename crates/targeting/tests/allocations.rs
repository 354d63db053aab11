//! A decision takes no memory from the heap while what the visitor sent is ASCII.

#[path = "../benches/scenarios/mod.rs"]
mod scenarios;

use targeting::{Trace, Visitor};

#[test]
fn deciding_allocates_nothing() {
    for scenario in scenarios::ALL {
        // A parameter with an escape is decoded, and what is decoded has to lie somewhere.
        let query = "utm_source=News-Letter&utm_campaign=winter";
        let (rules, visitor) = (scenario.rules(), Visitor { query, ..scenario.visitor() });
        // The first time a table is filled.
        let decided = rules.decide(&visitor);
        let mut trace = Trace::default();
        let counted = allocation_counter::measure(|| {
            assert_eq!(rules.decide(&visitor), decided);
            assert_eq!(rules.decide_traced(&visitor, &mut trace), decided);
        });
        assert_eq!(counted.count_total, 0, "{}", scenario.name);
        assert!(!trace.is_empty());
    }
}

#[test]
fn the_counter_counts() {
    let counted = allocation_counter::measure(|| drop(std::hint::black_box(vec![1, 2, 3])));
    assert_eq!(counted.count_total, 1);
}
