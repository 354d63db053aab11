//! What an analysis says, and why it is so.

use serde::Serialize;

use crate::Source;

/// Something about one rule that its author may not have meant.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The rule's index in the list.
    pub rule: usize,
    /// The place in its conditions, such as `all[1]`; empty for the whole.
    pub at: String,
    pub severity: Severity,
    pub kind: FindingKind,
    /// A whole sentence for the author, who counts rules from 1.
    pub message: String,
    pub proof: Proof,
    /// Whether it is so for every visitor whose facts are gathered; where not, it is so by what is
    /// usual, or of some visitors only, and the message says "may".
    pub certain: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// Some of what was written has no effect.
    Warning,
    /// Worth knowing, and may well be meant.
    Note,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum FindingKind {
    /// The rule's own conditions contradict each other.
    NeverMatches,
    /// Some part under `any` holds for nobody, or for nobody of whom the rest holds.
    NeverTrue,
    /// A condition is true for everyone, or for everyone of whom the others are.
    AlwaysTrue,
    /// A part under `any` holds only where another one does.
    AddsNothing,
    /// The same condition stands twice in one group.
    DuplicateCondition,
    /// An earlier rule has the same conditions.
    DuplicateRule,
    /// Earlier rules take everyone whom this one would.
    Shadowed,
    /// Earlier rules take everyone whom a listed value or a part under `any` would let through.
    PartlyShadowed,
    /// A rule that somebody wrote comes before one of a fixed shape, whatever their priorities.
    Overridden,
    /// No loaded source can tell what is asked.
    Unknowable,
}

/// Why a finding is so, for programs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Proof {
    /// The places of conditions that cannot hold together: one list for each way in which the rule
    /// could hold.
    Contradiction {
        conditions: Vec<Vec<String>>,
    },
    /// The places of tests that make this one true, or by being false where they stand under
    /// `not`; none where it is true by itself.
    Given {
        conditions: Vec<String>,
    },
    /// The place of the condition, of this rule or of another one, that asks the same.
    SameAs {
        rule: usize,
        at: String,
    },
    CoveredBy {
        /// The earlier rules, none of which could be left out.
        rules: Vec<usize>,
        /// For one rule alone: what makes each of its conditions true.
        because: Vec<Because>,
    },
    /// The listed values that earlier rules take; none where it is the whole part.
    Taken {
        values: Vec<String>,
        rules: Vec<usize>,
    },
    Before {
        rules: Vec<usize>,
        tier: u8,
    },
    Missing {
        field: String,
        source: Source,
    },
}

/// Why a condition of an earlier rule holds wherever this rule does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Because {
    /// The place in the earlier rule.
    pub condition: String,
    /// The places in this rule; none where it is true by itself.
    pub given: Vec<String>,
}
