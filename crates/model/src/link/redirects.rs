//! Whom a link redirects at all.

/// Whom a link redirects. Whoever stays gets an answer without a body, and is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Redirects {
    /// Everybody, but for programs that are shown the link's card.
    #[default]
    Auto,
    /// Those programs too.
    Always,
    /// Whoever meets a rule; all others stay.
    RuleOnly,
    /// Nobody, and no rule is asked.
    Never,
}

/// Each way, its number in the database, and its name on our wire.
pub const REDIRECTS: &[(Redirects, i64, &str)] = &[
    (Redirects::Auto, 0, "auto"),
    (Redirects::Always, 1, "always"),
    (Redirects::RuleOnly, 2, "ruleOnly"),
    (Redirects::Never, 3, "never"),
];

impl Redirects {
    pub fn number(self) -> i64 {
        self.row().1
    }

    pub fn name(self) -> &'static str {
        self.row().2
    }

    pub fn numbered(number: i64) -> Option<Redirects> {
        REDIRECTS.iter().find(|row| row.1 == number).map(|row| row.0)
    }

    pub fn named(name: &str) -> Option<Redirects> {
        REDIRECTS.iter().find(|row| row.2 == name).map(|row| row.0)
    }

    fn row(self) -> &'static (Redirects, i64, &'static str) {
        REDIRECTS.iter().find(|row| row.0 == self).expect("a test finds every way in the table")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_is_one_row_and_is_found_by_number_and_name() {
        for way in [Redirects::Auto, Redirects::Always, Redirects::RuleOnly, Redirects::Never] {
            assert_eq!(REDIRECTS.iter().filter(|row| row.0 == way).count(), 1);
            assert_eq!(Redirects::numbered(way.number()), Some(way));
            assert_eq!(Redirects::named(way.name()), Some(way));
        }
        assert_eq!(Redirects::named("rule_only"), None);
    }
}
