//! "Whoever meets this goes there."

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use targeting::{Problem, When};

use crate::{
    Action, Destination, Error, Result, RuleId, Schemes, Stamp, Tier, action::read_action,
    error::problem,
};

/// One rule of a link.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub id: RuleId,
    pub name: String,
    pub description: Option<String>,
    pub enabled: bool,
    pub tier: Tier,
    /// Lower goes first within a tier; of two alike, the older one.
    pub priority: i64,
    /// The IANA zone of this rule's time tests; none: the visitor's, else the domain's.
    pub timezone: Option<String>,
    pub when: When,
    pub action: Action,
    /// The rule of another link that this one was copied from, and is edited together with by
    /// callers who ask for that.
    pub origin: Option<RuleId>,
    /// What clients of other services said that nothing else keeps; we hand it back.
    pub kept: Map<String, Value>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What a caller may say of a rule; every dialect's rules become these.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleDraft {
    /// The rule of the link that this one stands for, where a whole list is replaced.
    pub id: Option<RuleId>,
    pub name: String,
    pub description: Option<String>,
    pub enabled: bool,
    pub tier: Tier,
    /// None: last in its tier.
    pub priority: Option<i64>,
    pub timezone: Option<String>,
    pub when: When,
    pub action: Action,
    pub origin: Option<RuleId>,
    /// None: what the rule that this one stands for keeps.
    pub kept: Option<Map<String, Value>>,
}

/// What a caller may change of a rule.
#[derive(Clone, Debug, Default)]
pub struct RulePatch {
    pub name: Option<String>,
    pub description: Option<Option<String>>,
    pub enabled: Option<bool>,
    pub priority: Option<i64>,
    pub timezone: Option<Option<String>>,
    pub when: Option<When>,
    pub action: Option<Action>,
    pub kept: Option<Map<String, Value>>,
}

const LONGEST_NAME: usize = 255;
const PRIORITIES: std::ops::RangeInclusive<i64> = -1_000_000_000..=1_000_000_000;
const KEYS: &[&str] =
    &["id", "name", "description", "enabled", "tier", "priority", "timezone", "when", "action"];

impl RuleDraft {
    /// A rule of `tier` with nothing said but what it is for.
    pub fn new(tier: Tier, when: When, action: Action) -> RuleDraft {
        RuleDraft {
            id: None,
            name: String::new(),
            description: None,
            enabled: true,
            tier,
            priority: None,
            timezone: None,
            when,
            action,
            origin: None,
            kept: None,
        }
    }

    /// What another rule like this one would be made of.
    pub fn like(rule: &Rule) -> RuleDraft {
        RuleDraft {
            id: None,
            name: rule.name.clone(),
            description: rule.description.clone(),
            enabled: rule.enabled,
            tier: rule.tier,
            priority: Some(rule.priority),
            timezone: rule.timezone.clone(),
            when: rule.when.clone(),
            action: rule.action.clone(),
            origin: None,
            kept: Some(rule.kept.clone()),
        }
    }

    /// Reads the wire's form of a rule; every problem names its place within the rule.
    pub fn parse(value: &Value, schemes: Schemes<'_>) -> Result<RuleDraft> {
        let Some(rule) = value.as_object() else {
            return Err(Error::invalid("", "must be an object with `when` and `action`"));
        };
        let mut problems: Vec<Problem> = unknown_keys(rule, KEYS);
        let read = Reader { rule, schemes };
        let id = read.id(&mut problems);
        let patch = read.patch(&mut problems);
        for key in ["when", "action"] {
            if !rule.contains_key(key) {
                problems.push(problem(key, "is required"));
            }
        }
        let tier = match rule.get("tier") {
            None | Some(Value::Null) => Some(Tier::Authored),
            Some(tier) => tier.as_i64().and_then(Tier::numbered),
        };
        if tier.is_none() {
            problems.push(problem("tier", "must be a whole number from 0 to 4"));
        }
        match (tier, patch.when, patch.action) {
            (Some(tier), Some(when), Some(action)) if problems.is_empty() => Ok(RuleDraft {
                id,
                name: patch.name.unwrap_or_default(),
                description: patch.description.flatten(),
                enabled: patch.enabled.unwrap_or(true),
                tier,
                priority: patch.priority,
                timezone: patch.timezone.flatten(),
                when,
                action,
                origin: None,
                kept: None,
            }),
            _ => Err(Error::Invalid(problems)),
        }
    }

    /// What cannot be, whichever dialect said it.
    pub(crate) fn check(&self) -> Vec<Problem> {
        check(&self.name, self.priority, self.timezone.as_deref(), &self.when)
    }

    pub(crate) fn into_rule(self, priority: i64, known: Option<&Rule>, stamp: &Stamp<'_>) -> Rule {
        let rule = Rule {
            id: known.map_or_else(|| RuleId::next(stamp), |rule| rule.id),
            name: self.name,
            description: self.description,
            enabled: self.enabled,
            tier: self.tier,
            priority,
            timezone: self.timezone,
            when: self.when,
            action: self.action,
            origin: self.origin.or(known.and_then(|rule| rule.origin)),
            kept: self.kept.or(known.map(|rule| rule.kept.clone())).unwrap_or_default(),
            created_at: known.map_or(stamp.now, |rule| rule.created_at),
            updated_at: known.map_or(stamp.now, |rule| rule.updated_at),
        };
        match known {
            Some(known) if *known != rule => Rule { updated_at: stamp.now, ..rule },
            _ => rule,
        }
    }
}

impl RulePatch {
    /// Reads the wire's form of a change; a key that is absent changes nothing.
    pub fn parse(value: &Value, schemes: Schemes<'_>) -> Result<RulePatch> {
        let Some(rule) = value.as_object() else {
            return Err(Error::invalid("", "must be an object"));
        };
        let known: Vec<&str> =
            KEYS.iter().copied().filter(|key| !matches!(*key, "id" | "tier")).collect();
        let mut problems = unknown_keys(rule, &known);
        let patch = Reader { rule, schemes }.patch(&mut problems);
        if problems.is_empty() { Ok(patch) } else { Err(Error::Invalid(problems)) }
    }

    pub(crate) fn apply(self, rule: &mut Rule, now: Timestamp) -> Result<()> {
        let before = rule.clone();
        rule.name = self.name.unwrap_or(std::mem::take(&mut rule.name));
        rule.description = self.description.unwrap_or(rule.description.take());
        rule.enabled = self.enabled.unwrap_or(rule.enabled);
        rule.priority = self.priority.unwrap_or(rule.priority);
        rule.timezone = self.timezone.unwrap_or(rule.timezone.take());
        if let Some(when) = self.when {
            rule.when = when;
        }
        if let Some(action) = self.action {
            rule.action = action;
        }
        if let Some(kept) = self.kept {
            rule.kept = kept;
        }
        let problems = check(&rule.name, Some(rule.priority), rule.timezone.as_deref(), &rule.when);
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        if before != *rule {
            rule.updated_at = now;
        }
        Ok(())
    }
}

impl Rule {
    /// The rule as our own API shows it; what is rarely set stands only where it is.
    pub fn wire(&self) -> Value {
        let mut rule = json!({
            "id": self.id.plain("rule"), "name": self.name, "enabled": self.enabled,
            "priority": self.priority, "when": self.when, "action": self.action.wire(),
        });
        for (key, value) in [("description", &self.description), ("timezone", &self.timezone)] {
            if let Some(value) = value {
                rule[key] = json!(value);
            }
        }
        if self.tier != Tier::Authored {
            rule["tier"] = json!(self.tier as i64);
        }
        rule
    }

    /// [`wire`](Self::wire) with all that it leaves out: how revisions keep it.
    pub(crate) fn stored(&self) -> Value {
        let mut rule = self.wire();
        if let Some(origin) = self.origin {
            rule["origin"] = json!(origin.number());
        }
        if !self.kept.is_empty() {
            rule["kept"] = json!(self.kept);
        }
        rule["createdAt"] = json!(self.created_at.as_millisecond());
        rule["updatedAt"] = json!(self.updated_at.as_millisecond());
        rule
    }

    pub(crate) fn from_stored(value: &Value) -> Result<Rule> {
        let mut wire = value.clone();
        let mut take = |key: &str| wire.as_object_mut().and_then(|rule| rule.shift_remove(key));
        let origin = take("origin").as_ref().and_then(Value::as_i64).and_then(RuleId::new);
        let kept = match take("kept") {
            Some(Value::Object(kept)) => kept,
            _ => Map::new(),
        };
        let mut time = |key: &str| {
            let time = take(key);
            let time = time.as_ref().and_then(Value::as_i64).unwrap_or_default();
            Timestamp::from_millisecond(time).map_err(Error::internal)
        };
        let (created_at, updated_at) = (time("createdAt")?, time("updatedAt")?);
        let draft = RuleDraft::parse(&wire, Schemes::AsSaved)?;
        let missing = || Error::internal("a stored rule without id or priority");
        Ok(Rule {
            id: draft.id.ok_or_else(missing)?,
            priority: draft.priority.ok_or_else(missing)?,
            name: draft.name,
            description: draft.description,
            enabled: draft.enabled,
            tier: draft.tier,
            timezone: draft.timezone,
            when: draft.when,
            action: draft.action,
            origin,
            kept,
            created_at,
            updated_at,
        })
    }

    /// Every destination that the rule can lead to.
    pub fn destinations(&self) -> impl Iterator<Item = &Destination> {
        self.action.destinations()
    }
}

/// Reads a rule's keys, collecting problems.
struct Reader<'r> {
    rule: &'r Map<String, Value>,
    schemes: Schemes<'r>,
}

impl Reader<'_> {
    fn patch(&self, problems: &mut Vec<Problem>) -> RulePatch {
        RulePatch {
            name: self.read("name", "must be a text", problems, text),
            description: self.optional("description", problems),
            enabled: self.read("enabled", "must be true or false", problems, Value::as_bool),
            priority: self.read("priority", "must be a whole number", problems, whole),
            timezone: self.optional("timezone", problems),
            when: self.rule.get("when").and_then(|when| {
                let read = When::parse(when).and_then(|when| match self.schemes {
                    // It was checked when it was saved; a zone that is gone since is no reason
                    // to lose the link.
                    Schemes::AsSaved => Ok(when),
                    Schemes::Listed(_) => {
                        let zone = self.rule.get("timezone").and_then(Value::as_str);
                        let found = when.check(zone);
                        if found.is_empty() { Ok(when) } else { Err(found) }
                    }
                });
                let at = |problem: Problem| problem.under("when");
                read.map_err(|found| problems.extend(found.into_iter().map(at))).ok()
            }),
            action: self.rule.get("action").and_then(|action| {
                match read_action(action, self.schemes) {
                    Ok(action) => Some(action),
                    Err(Error::Invalid(found)) => {
                        problems.extend(found.into_iter().map(|problem| problem.under("action")));
                        None
                    }
                    Err(other) => {
                        problems.push(problem("action", other.to_string()));
                        None
                    }
                }
            }),
            kept: None,
        }
    }

    fn id(&self, problems: &mut Vec<Problem>) -> Option<RuleId> {
        self.read("id", "must be the id of a rule, such as rule_01BmQ7xKz", problems, |id| {
            RuleId::parse(id.as_str()?)
        })
    }

    /// An absent or null key is none.
    fn read<T>(
        &self,
        key: &str,
        why: &str,
        problems: &mut Vec<Problem>,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.rule.get(key).filter(|value| !value.is_null())?;
        let read = read(value);
        if read.is_none() {
            problems.push(problem(key, why));
        }
        read
    }

    /// Absent: leave; null: clear.
    fn optional(&self, key: &str, problems: &mut Vec<Problem>) -> Option<Option<String>> {
        match self.rule.get(key)? {
            Value::Null => Some(None),
            _ => self.read(key, "must be a text or null", problems, text).map(Some),
        }
    }
}

pub(crate) fn unknown_keys(object: &Map<String, Value>, known: &[&str]) -> Vec<Problem> {
    let unknown = object.keys().filter(|key| !known.contains(&key.as_str()));
    unknown
        .map(|key| problem(key, format!("no such key; known are {}", known.join(", "))))
        .collect()
}

fn check(name: &str, priority: Option<i64>, timezone: Option<&str>, when: &When) -> Vec<Problem> {
    let mut problems: Vec<Problem> =
        when.check(timezone).into_iter().map(|problem| problem.under("when")).collect();
    if LONGEST_NAME < name.len() {
        problems.push(problem("name", format!("must not be longer than {LONGEST_NAME} bytes")));
    }
    if priority.is_some_and(|priority| !PRIORITIES.contains(&priority)) {
        problems.push(problem("priority", "must be between -1000000000 and 1000000000"));
    }
    problems
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// `1` and `1.0` alike: JavaScript does not tell them apart.
fn whole(value: &Value) -> Option<i64> {
    let float = || value.as_f64().filter(|n| n.fract() == 0.0 && n.abs() < 1e15).map(|n| n as i64);
    value.as_i64().or_else(float)
}
