//! What happens to the visitors whom a rule matches.

use serde_json::{Value, json};

use crate::{Destination, Error, Result, Schemes, error::problem, rule::unknown_keys};

/// Where a rule's visitors go, or that they go nowhere.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    Redirect(Destination),
    /// Each visitor keeps to one variant, by weight.
    Split(Vec<Variant>),
    /// A page with this status, one of [`BLOCKS`].
    Block(u16),
}

/// One way of a split.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Its share is its weight of the sum of all.
    pub weight: u32,
    pub destination: Destination,
}

/// The statuses that a block may answer.
pub const BLOCKS: &[u16] = &[403, 404, 410, 451];
const MOST_VARIANTS: usize = 100;
const HEAVIEST: u32 = 1_000_000;

impl Action {
    pub fn destinations(&self) -> impl Iterator<Item = &Destination> {
        let (one, many) = match self {
            Action::Redirect(destination) => (Some(destination), [].as_slice()),
            Action::Split(variants) => (None, variants.as_slice()),
            Action::Block(_) => (None, [].as_slice()),
        };
        one.into_iter().chain(many.iter().map(|variant| &variant.destination))
    }

    /// `{"redirect":"…"}`, `{"split":[{"weight":60,"redirect":"…"}]}` or `{"block":404}`.
    pub fn wire(&self) -> Value {
        match self {
            Action::Redirect(destination) => json!({ "redirect": destination.authored() }),
            Action::Split(variants) => json!({ "split": Variant::list_wire(variants) }),
            Action::Block(status) => json!({ "block": status }),
        }
    }
}

impl Variant {
    /// Reads a list of variants such as `[{"weight":60,"redirect":"…"}]`; `at` is its place.
    pub fn parse_list(at: &str, value: &Value, schemes: Schemes<'_>) -> Result<Vec<Variant>> {
        let Some(list) = value.as_array().filter(|list| (1..=MOST_VARIANTS).contains(&list.len()))
        else {
            return Err(Error::invalid(at, format!("must list 1 to {MOST_VARIANTS} variants")));
        };
        let mut problems = Vec::new();
        let mut variants = Vec::with_capacity(list.len());
        for (i, item) in list.iter().enumerate() {
            match variant(item, schemes) {
                Ok(variant) => variants.push(variant),
                Err(Error::Invalid(found)) => {
                    let at = format!("{at}[{i}]");
                    problems.extend(found.into_iter().map(|problem| problem.under(&at)));
                }
                Err(other) => return Err(other),
            }
        }
        if problems.is_empty() && variants.iter().all(|variant| variant.weight == 0) {
            problems.push(problem(at, "must give one variant a weight above 0"));
        }
        if problems.is_empty() { Ok(variants) } else { Err(Error::Invalid(problems)) }
    }

    /// The list as our own API shows it.
    pub fn list_wire(variants: &[Variant]) -> Value {
        let one = |v: &Variant| json!({ "weight": v.weight, "redirect": v.destination.authored() });
        variants.iter().map(one).collect()
    }
}

/// Reads the wire's form of an action.
pub(crate) fn read_action(value: &Value, schemes: Schemes<'_>) -> Result<Action> {
    let Some((key, what)) =
        value.as_object().filter(|o| o.len() == 1).and_then(|o| o.iter().next())
    else {
        return Err(Error::invalid("", "must hold one of `redirect`, `split` or `block`"));
    };
    match key.as_str() {
        "redirect" => Ok(Action::Redirect(redirect("redirect", what, schemes)?)),
        "split" => Variant::parse_list("split", what, schemes).map(Action::Split),
        "block" => {
            let status = what.as_u64().and_then(|n| u16::try_from(n).ok());
            let status = status.filter(|status| BLOCKS.contains(status));
            status
                .map(Action::Block)
                .ok_or_else(|| Error::invalid("block", "must be 403, 404, 410 or 451"))
        }
        other => Err(Error::invalid(other, "no such action: use `redirect`, `split` or `block`")),
    }
}

fn redirect(at: &str, value: &Value, schemes: Schemes<'_>) -> Result<Destination> {
    let Some(text) = value.as_str() else {
        return Err(Error::invalid(at, "must be a URL"));
    };
    Destination::parse(at, text, schemes)
}

fn variant(value: &Value, schemes: Schemes<'_>) -> Result<Variant> {
    let Some(object) = value.as_object() else {
        return Err(Error::invalid("", "must be an object with `weight` and `redirect`"));
    };
    let problems = unknown_keys(object, &["weight", "redirect"]);
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let weight = object.get("weight").and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok());
    let Some(weight) = weight.filter(|&weight| weight <= HEAVIEST) else {
        return Err(Error::invalid(
            "weight",
            format!("must be a whole number from 0 to {HEAVIEST}"),
        ));
    };
    let destination =
        redirect("redirect", object.get("redirect").unwrap_or(&Value::Null), schemes)?;
    Ok(Variant { weight, destination })
}
