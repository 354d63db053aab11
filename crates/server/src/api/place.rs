//! Places in a request, in the words of the dialect that it was written in.

use model::Error;
use targeting::Problem;

/// The model's words for a place, each with a dialect's.
pub(super) type Words = [(&'static str, &'static str)];

/// A problem's place as the dialect spells it; the first row that begins the place wins.
pub(super) fn spelled(at: &str, words: &Words) -> String {
    let rest = |word: &str| {
        at.strip_prefix(word).filter(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    let found = words.iter().find_map(|(ours, theirs)| Some((theirs, rest(ours)?)));
    found.map_or_else(|| at.to_owned(), |(theirs, rest)| format!("{theirs}{rest}"))
}

/// The whole failure as one text, its places spelled as the dialect does.
pub(super) fn sentence(error: &Error, words: &Words) -> String {
    let Error::Invalid(problems) = error else {
        return error.to_string();
    };
    let spell = |problem: &Problem| {
        Problem { at: spelled(&problem.at, words), why: problem.why.clone() }.to_string()
    };
    problems.iter().map(spell).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_spelled_as_the_dialect_does() {
        let words = &[("when.all", "conditions"), ("when", "conditions"), ("slug", "path")];
        assert_eq!(spelled("when.all[1].value", words), "conditions[1].value");
        assert_eq!(spelled("when.field", words), "conditions.field");
        assert_eq!(spelled("slug", words), "path");
        assert_eq!(spelled("slugs", words), "slugs");
        assert_eq!(spelled("", words), "");
    }
}
