//! Every way in which a condition can compare, one row each.

/// One way to compare a field with a rule's value.
#[derive(Debug)]
pub struct OperatorRow {
    /// Its name in JSON. Databases hold it: never rename one.
    pub name: &'static str,
    /// Its name on the dashboard, read between the field and the value.
    pub label: &'static str,
    /// One sentence for the rule editor and the documentation.
    pub help: &'static str,
    pub arity: Arity,
    pub comparison: Comparison,
    /// Whether it is true where the comparison is false; unknown stays unknown.
    pub negated: bool,
}

/// How many values an operator takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// A value that is sent all the same is kept and has no meaning.
    None,
    One,
    /// An array; a single value is read as an array of one.
    Many,
    /// An array of the lowest and the highest value.
    Two,
}

/// What an operator asks, before it is negated. A field's [`Kind`](crate::Kind) says which it can
/// answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Is it one of these?
    OneOf,
    Contains,
    StartsWith,
    EndsWith,
    Matches,
    Above,
    Below,
    /// Is it neither below the first nor above the second?
    Between,
    IsTrue,
    /// Is it known and not empty? Never unknown, as `IS NOT NULL` in SQL.
    Exists,
}

pub static OPERATORS: &[OperatorRow] = &[
    OperatorRow {
        name: "equals",
        label: "is",
        help: "The visitor's value is this one.",
        arity: Arity::One,
        comparison: Comparison::OneOf,
        negated: false,
    },
    OperatorRow {
        name: "not_equals",
        label: "is not",
        help: "The visitor's value is known and is not this one.",
        arity: Arity::One,
        comparison: Comparison::OneOf,
        negated: true,
    },
    OperatorRow {
        name: "contains",
        label: "contains",
        help: "This text occurs in the visitor's value.",
        arity: Arity::One,
        comparison: Comparison::Contains,
        negated: false,
    },
    OperatorRow {
        name: "not_contains",
        label: "does not contain",
        help: "The visitor's value is known and this text does not occur in it.",
        arity: Arity::One,
        comparison: Comparison::Contains,
        negated: true,
    },
    OperatorRow {
        name: "in",
        label: "is one of",
        help: "The visitor's value is one of these.",
        arity: Arity::Many,
        comparison: Comparison::OneOf,
        negated: false,
    },
    OperatorRow {
        name: "not_in",
        label: "is none of",
        help: "The visitor's value is known and is none of these.",
        arity: Arity::Many,
        comparison: Comparison::OneOf,
        negated: true,
    },
    OperatorRow {
        name: "greater_than",
        label: "is greater than",
        help: "The visitor's value is greater than this one.",
        arity: Arity::One,
        comparison: Comparison::Above,
        negated: false,
    },
    OperatorRow {
        name: "less_than",
        label: "is less than",
        help: "The visitor's value is less than this one.",
        arity: Arity::One,
        comparison: Comparison::Below,
        negated: false,
    },
    OperatorRow {
        name: "is_true",
        label: "is true",
        help: "It is true of the visitor.",
        arity: Arity::None,
        comparison: Comparison::IsTrue,
        negated: false,
    },
    OperatorRow {
        name: "is_false",
        label: "is false",
        help: "It is known to be false of the visitor.",
        arity: Arity::None,
        comparison: Comparison::IsTrue,
        negated: true,
    },
    OperatorRow {
        name: "starts_with",
        label: "starts with",
        help: "The visitor's value begins with this text.",
        arity: Arity::One,
        comparison: Comparison::StartsWith,
        negated: false,
    },
    OperatorRow {
        name: "ends_with",
        label: "ends with",
        help: "The visitor's value ends with this text.",
        arity: Arity::One,
        comparison: Comparison::EndsWith,
        negated: false,
    },
    OperatorRow {
        name: "matches",
        label: "matches",
        help: "This regular expression, in the syntax of Rust's regex crate and without regard \
               to case, matches some part of the visitor's value.",
        arity: Arity::One,
        comparison: Comparison::Matches,
        negated: false,
    },
    OperatorRow {
        name: "between",
        label: "is between",
        help: "The visitor's value lies between these two or is one of them.",
        arity: Arity::Two,
        comparison: Comparison::Between,
        negated: false,
    },
    OperatorRow {
        name: "exists",
        label: "is known",
        help: "The visitor's value is known and not empty; this is never unknown.",
        arity: Arity::None,
        comparison: Comparison::Exists,
        negated: false,
    },
];

impl OperatorRow {
    pub fn named(name: &str) -> Option<&'static OperatorRow> {
        OPERATORS.iter().find(|operator| operator.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_help_is_one_sentence() {
        for (i, operator) in OPERATORS.iter().enumerate() {
            let twice = OPERATORS[..i].iter().any(|other| other.name == operator.name);
            assert!(!twice, "{} stands twice", operator.name);
            let sentences = operator.help.matches(". ").count();
            assert!(operator.help.ends_with('.') && sentences == 0, "{}", operator.help);
        }
    }

    #[test]
    fn no_two_operators_ask_the_same() {
        for (i, operator) in OPERATORS.iter().enumerate() {
            let asks = |row: &OperatorRow| (row.comparison, row.negated, row.arity);
            let same = OPERATORS[..i].iter().find(|other| asks(other) == asks(operator));
            assert!(same.is_none(), "{} asks what {same:?} asks", operator.name);
        }
    }
}
