//! Things and places in failures, in the words of the dialect that was spoken.

use model::{Error, What};
use targeting::Problem;

/// A dialect's words for the model's.
pub(super) struct Words {
    /// What it calls the things that were not found or are taken; the others it calls as we do.
    pub things: &'static [(What, &'static str)],
    /// How it spells places, by their beginnings; the first row that begins a place wins.
    pub places: &'static [(&'static str, &'static str)],
}

impl Words {
    /// A problem's place as the dialect spells it.
    pub(super) fn place(&self, at: &str) -> String {
        let rest = |word: &str| {
            at.strip_prefix(word).filter(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let found = self.places.iter().find_map(|(ours, theirs)| Some((theirs, rest(ours)?)));
        found.map_or_else(|| at.to_owned(), |(theirs, rest)| format!("{theirs}{rest}"))
    }

    /// The whole failure as one text.
    pub(super) fn sentence(&self, error: &Error) -> String {
        match error {
            Error::Invalid(problems) => {
                let spell = |problem: &Problem| {
                    Problem::new(self.place(&problem.at), &problem.why).to_string()
                };
                problems.iter().map(spell).collect::<Vec<_>>().join("; ")
            }
            Error::NotFound(what) | Error::Taken(what) => {
                let named = self.things.iter().find(|(ours, _)| ours == what);
                let (ours, theirs) = (what.to_string(), named.map(|(_, theirs)| *theirs));
                error.to_string().replacen(&ours, theirs.unwrap_or(&ours), 1)
            }
            other => other.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: Words = Words {
        things: &[(What::Slug, "path")],
        places: &[("when.all", "conditions"), ("when", "conditions"), ("slug", "path")],
    };

    #[test]
    fn a_place_is_spelled_as_the_dialect_does() {
        assert_eq!(WORDS.place("when.all[1].value"), "conditions[1].value");
        assert_eq!(WORDS.place("when.field"), "conditions.field");
        assert_eq!(WORDS.place("slug"), "path");
        assert_eq!(WORDS.place("slugs"), "slugs");
        assert_eq!(WORDS.place(""), "");
    }

    #[test]
    fn a_thing_is_called_as_the_dialect_does() {
        assert_eq!(WORDS.sentence(&Error::Taken(What::Slug)), "path is already taken");
        assert_eq!(WORDS.sentence(&Error::NotFound(What::Slug)), "path not found");
        assert_eq!(WORDS.sentence(&Error::NotFound(What::Link)), "link not found");
    }
}
