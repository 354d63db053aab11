//! What is wrong with something that was sent, and where.

use std::fmt;

/// One thing that its author has to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The place, such as `all[1].value`; empty for the whole.
    pub at: String,
    /// What is wrong there, and what would be right.
    pub why: String,
}

impl Problem {
    pub fn new(at: impl Into<String>, why: impl Into<String>) -> Problem {
        Problem { at: at.into(), why: why.into() }
    }

    /// The same problem, seen from the thing that holds this one: `all[1].value` under
    /// `rules[0].when` is `rules[0].when.all[1].value`.
    pub fn under(self, parent: impl fmt::Display) -> Problem {
        let dot = if self.at.is_empty() || self.at.starts_with('[') { "" } else { "." };
        Problem { at: format!("{parent}{dot}{}", self.at), why: self.why }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.at.is_empty() {
            write!(f, "{}: ", self.at)?;
        }
        f.write_str(&self.why)
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_its_place() {
        let problem = Problem::new("value", "is missing");
        assert_eq!(problem.to_string(), "value: is missing");
        let problem = problem.under("all[1]").under(format_args!("rules[{}].when", 0));
        assert_eq!(problem.to_string(), "rules[0].when.all[1].value: is missing");
        assert_eq!(Problem::new("", "is no object").to_string(), "is no object");
        assert_eq!(Problem::new("", "is no object").under("when").at, "when");
        assert_eq!(Problem::new("[3]", "is no text").under("all").at, "all[3]");
    }
}
