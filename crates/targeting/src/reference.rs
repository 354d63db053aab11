//! Deciding as plainly as it can be written, for the laws to compare with how it is done.

use crate::{Outcome, Visitor, When, compile::compile, rules::Node};

/// The first rule that holds, and the outcomes of the tests that were looked at.
pub(crate) fn decide(whens: &[When], visitor: &Visitor<'_>) -> (Option<usize>, Vec<Outcome>) {
    let mut seen = Vec::new();
    let holds = |when: &When| {
        let node = compile(when, None).ok().unwrap();
        ask(&node, visitor, &mut seen) == Outcome::True
    };
    (whens.iter().position(holds), seen)
}

fn ask(node: &Node, visitor: &Visitor<'_>, seen: &mut Vec<Outcome>) -> Outcome {
    match node {
        Node::All(nodes) => Outcome::all(nodes.iter().map(|node| ask(node, visitor, seen))),
        Node::Any(nodes) => Outcome::any(nodes.iter().map(|node| ask(node, visitor, seen))),
        Node::Not(node) => !ask(node, visitor, seen),
        Node::Leaf(leaf) => {
            let holds = leaf.check.holds(&leaf.field.read(visitor));
            let outcome = Outcome::from(holds.map(|holds| holds != leaf.operator.negated));
            seen.push(outcome);
            outcome
        }
    }
}
