//! What one plan of a link changes of another.

use serde::Serialize;
use serde_json::{Value, json};

use crate::{Plan, Rule, Variant};

/// What turns one plan into another; positions count from 1, as people do.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diff {
    /// None where it is the same.
    pub destination: Option<KeyChange>,
    pub default_split: Option<KeyChange>,
    pub added: Vec<Placed>,
    pub removed: Vec<Placed>,
    pub changed: Vec<Changed>,
    /// The fewest rules that have to move, once those that came or went are left out.
    pub moved: Vec<Moved>,
}

/// A rule that stands in one of the plans alone, and where.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Placed {
    pub position: usize,
    pub rule: Value,
}

/// A rule that stands in both and differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Changed {
    pub id: String,
    pub name: String,
    /// In the later plan.
    pub position: usize,
    pub changes: Vec<KeyChange>,
}

/// One key's two values; null where it is not set.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KeyChange {
    #[serde(skip_serializing_if = "str::is_empty")]
    pub key: &'static str,
    pub from: Value,
    pub to: Value,
}

/// A rule that other rules which stayed have passed, or that has passed them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moved {
    pub id: String,
    pub name: String,
    pub from: usize,
    pub to: usize,
}

/// What of a rule is compared: what its author can set.
const KEYS: &[&str] =
    &["name", "description", "enabled", "tier", "priority", "timezone", "when", "action"];

impl Diff {
    pub fn between(from: &Plan, to: &Plan) -> Diff {
        let alone = |rules: &[Rule], others: &[Rule]| -> Vec<Placed> {
            let is_alone = |(_, rule): &(usize, &Rule)| place_of(rule, others).is_none();
            let placed = |(i, rule): (usize, &Rule)| Placed { position: i + 1, rule: rule.wire() };
            rules.iter().enumerate().filter(is_alone).map(placed).collect()
        };
        let changed = to.rules.iter().enumerate().filter_map(|(i, after)| {
            let before = &from.rules[place_of(after, &from.rules)?];
            let changes = changes(before, after);
            let (id, name) = (after.id.plain("rule"), after.name.clone());
            (!changes.is_empty()).then_some(Changed { id, name, position: i + 1, changes })
        });
        let split = |plan: &Plan| match plan.default_split.as_slice() {
            [] => Value::Null,
            variants => Variant::list_wire(variants),
        };
        Diff {
            destination: change(
                "",
                json!(from.destination.authored()),
                json!(to.destination.authored()),
            ),
            default_split: change("", split(from), split(to)),
            added: alone(&to.rules, &from.rules),
            removed: alone(&from.rules, &to.rules),
            changed: changed.collect(),
            moved: moved(&from.rules, &to.rules),
        }
    }

    /// Whether the plans are alike.
    pub fn is_empty(&self) -> bool {
        *self == Diff::default()
    }
}

fn place_of(rule: &Rule, rules: &[Rule]) -> Option<usize> {
    rules.iter().position(|other| other.id == rule.id)
}

fn changes(before: &Rule, after: &Rule) -> Vec<KeyChange> {
    let (before, after) = (before.wire(), after.wire());
    KEYS.iter().filter_map(|key| change(key, before[*key].clone(), after[*key].clone())).collect()
}

fn change(key: &'static str, from: Value, to: Value) -> Option<KeyChange> {
    (from != to).then_some(KeyChange { key, from, to })
}

/// The rules of both plans that do not belong to the longest run which kept its order.
fn moved(from: &[Rule], to: &[Rule]) -> Vec<Moved> {
    let common: Vec<(usize, usize)> = to
        .iter()
        .enumerate()
        .filter_map(|(after, rule)| Some((place_of(rule, from)?, after)))
        .collect();
    // For each rule the length of the longest rising run that ends with it, and its predecessor.
    let mut runs: Vec<(usize, Option<usize>)> = Vec::with_capacity(common.len());
    for (i, (before, _)) in common.iter().enumerate() {
        let best = (0..i).filter(|&j| common[j].0 < *before).max_by_key(|&j| runs[j].0);
        runs.push((best.map_or(0, |j| runs[j].0) + 1, best));
    }
    let mut stayed = vec![false; common.len()];
    let mut next = (0..common.len()).max_by_key(|&i| runs[i].0);
    while let Some(i) = next {
        stayed[i] = true;
        next = runs[i].1;
    }
    let one = |(before, after): (usize, usize)| {
        let rule = &to[after];
        Moved {
            id: rule.id.plain("rule"),
            name: rule.name.clone(),
            from: before + 1,
            to: after + 1,
        }
    };
    common.into_iter().zip(stayed).filter(|(_, stayed)| !stayed).map(|(it, _)| one(it)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Destination, Schemes};

    fn rule(id: i64, country: &str) -> Value {
        json!({"id": id.to_string(), "name": format!("to {country}"), "priority": id,
               "when": {"field": "country", "operator": "equals", "value": country},
               "action": {"redirect": "https://example.com/r"}, "createdAt": 0, "updatedAt": 0})
    }

    fn plan(destination: &str, rules: Vec<Value>) -> Plan {
        let rules = rules.into_iter().map(|mut rule| {
            rule["id"] = json!(format!("rule_00000000{}", rule["id"].as_str().unwrap()));
            Rule::from_stored(&rule).unwrap()
        });
        let destination = Destination::parse("", destination, Schemes::WEB).unwrap();
        Plan { destination, default_split: Vec::new(), rules: rules.collect() }
    }

    #[test]
    fn like_plans_differ_in_nothing() {
        let plan = plan("https://example.com/", vec![rule(1, "FR"), rule(2, "DE")]);
        assert!(Diff::between(&plan, &plan).is_empty());
    }

    #[test]
    fn rules_come_go_change_and_move() {
        let before = plan(
            "https://a.example/",
            vec![rule(1, "FR"), rule(2, "DE"), rule(3, "IT"), rule(4, "ES")],
        );
        let mut italy = rule(3, "AT");
        italy["timezone"] = json!("Europe/Vienna");
        let after =
            plan("https://b.example/", vec![rule(4, "ES"), rule(1, "FR"), italy, rule(5, "PL")]);
        let diff = Diff::between(&before, &after);
        let destination = diff.destination.clone().unwrap();
        assert_eq!(
            (destination.from, destination.to),
            (json!("https://a.example/"), json!("https://b.example/"))
        );
        assert_eq!((diff.added.len(), diff.added[0].position), (1, 4));
        assert_eq!((diff.removed.len(), diff.removed[0].position), (1, 2));
        let [changed] = diff.changed.as_slice() else { panic!("{diff:?}") };
        let keys: Vec<&str> = changed.changes.iter().map(|change| change.key).collect();
        assert_eq!((changed.position, keys), (3, vec!["name", "timezone", "when"]));
        assert_eq!(changed.changes[1].from, Value::Null);
        let [moved] = diff.moved.as_slice() else { panic!("{diff:?}") };
        assert_eq!((moved.name.as_str(), moved.from, moved.to), ("to ES", 4, 1));
    }

    #[test]
    fn only_the_fewest_moves_are_named() {
        let rules =
            |order: [i64; 5]| plan("https://a.example/", order.map(|i| rule(i, "FR")).to_vec());
        let diff = Diff::between(&rules([1, 2, 3, 4, 5]), &rules([2, 3, 1, 5, 4]));
        assert_eq!(diff.moved.len(), 2, "{diff:?}");
        assert!(diff.changed.is_empty() && diff.added.is_empty() && diff.removed.is_empty());
    }
}
