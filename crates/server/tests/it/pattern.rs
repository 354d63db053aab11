//! Expected texts with named holes: `<rule:rule>` is any rule's id, and from then on that one.

use std::collections::HashMap;

use regex::Regex;

/// What was caught in holes, by name.
pub(crate) type Caught = HashMap<String, String>;

/// The shapes that a hole may have.
const KINDS: &[(&str, &str)] = &[
    ("any", ".+?"),
    ("dom", "dom_[0-9A-Za-z]{9}"),
    ("evt", "evt_[0-9A-Za-z]{9}"),
    ("hook", "hook_[0-9A-Za-z]{9}"),
    ("int", "[0-9]+"),
    ("key", "key_[0-9A-Za-z]{9}"),
    ("link", "link_[0-9A-Za-z]{9}"),
    ("lnk", "lnk_[0-9A-Za-z]{4}_[0-9A-Za-z]{5}"),
    ("pixel", "pixel_[0-9A-Za-z]{9}"),
    ("rule", "rule_[0-9A-Za-z]{9}"),
    ("secret", "wp_[0-9A-Za-z]{47}"),
    ("second", "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"),
    ("slug", "[0-9A-Za-z]{7}"),
    ("time", r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z"),
];

/// Compares byte for byte outside the holes, and keeps what is in them.
pub(crate) fn matches(expected: &str, actual: &str, caught: &mut Caught) -> Result<(), String> {
    let mut pattern = "(?s)^".to_owned();
    // The holes of this text that are open still, each with its kind; a nameless one has no name.
    let mut holes: Vec<(&str, &str)> = Vec::new();
    for part in parts(expected) {
        let hole = match part {
            Part::Text(text) => {
                pattern.push_str(&regex::escape(text));
                continue;
            }
            Part::Hole(hole) => hole,
        };
        let name = hole.split(':').next().unwrap_or_default();
        if let Some(value) = caught.get(name) {
            pattern.push_str(&regex::escape(value));
            continue;
        }
        let (name, kind) =
            match (hole.split_once(':'), holes.iter().find(|(known, _)| *known == hole)) {
                (Some(named), _) => named,
                (None, Some(again)) => *again,
                (None, None) => ("", hole),
            };
        let shape = KINDS.iter().find(|(known, _)| *known == kind);
        let (_, shape) = shape.ok_or_else(|| format!("nothing was caught as <{hole}>"))?;
        pattern.push_str(&format!("({shape})"));
        holes.push((name, kind));
    }
    pattern.push('$');
    let regex = Regex::new(&pattern).unwrap();
    let differs = || format!("expected {expected}\n     got {actual}");
    let found = regex.captures(actual).ok_or_else(differs)?;
    for ((name, _), value) in holes.into_iter().zip(found.iter().skip(1)) {
        let value = value.unwrap().as_str();
        if name.is_empty() {
            continue;
        }
        let first = caught.entry(name.to_owned()).or_insert_with(|| value.to_owned());
        if first != value {
            return Err(format!("<{name}> was {first} and is {value}"));
        }
    }
    Ok(())
}

/// Fills what was caught into a text that is sent; `<a*3>` is `aaa`.
pub(crate) fn fill(text: &str, caught: &Caught) -> Result<String, String> {
    let fill = |part| match part {
        Part::Text(text) => Ok(text.to_owned()),
        Part::Hole(hole) => match (caught.get(hole), hole.rsplit_once('*')) {
            (Some(value), _) => Ok(value.clone()),
            (None, Some((text, times))) => Ok(text.repeat(times.parse().unwrap())),
            (None, None) => Err(format!("nothing was caught as <{hole}>")),
        },
    };
    parts(text).into_iter().map(fill).collect()
}

enum Part<'t> {
    Text(&'t str),
    Hole(&'t str),
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let (mut parts, mut rest) = (Vec::new(), text);
    while let Some((before, after)) = rest.split_once('<') {
        let (hole, after) = after.split_once('>').unwrap_or_else(|| panic!("an open < in {text}"));
        parts.extend([Part::Text(before), Part::Hole(hole)]);
        rest = after;
    }
    parts.push(Part::Text(rest));
    parts
}

#[test]
fn a_hole_takes_its_shape_once_and_the_same_text_again() {
    let mut caught = Caught::new();
    matches(r#"{"id":"<id:rule>","n":<int>}"#, r#"{"id":"rule_000000001","n":7}"#, &mut caught)
        .unwrap();
    assert_eq!(caught["id"], "rule_000000001");
    assert!(matches("<id:rule>", "rule_000000002", &mut caught).is_err());
    assert!(matches("<id>", "rule_000000001", &mut caught).is_ok());
    assert!(matches("<int>", "x", &mut caught).is_err());
    assert!(matches("a", "ab", &mut caught).is_err());
    assert!(matches("<s:slug>=<s>", "abcdefg=abcdefg", &mut caught).is_ok());
    assert!(matches("<t:slug>=<t>", "abcdefg=abcdefh", &mut caught).is_err());
    assert_eq!(fill("<id>/<ab*2>", &caught).unwrap(), "rule_000000001/abab");
    assert!(fill("<nothing>", &caught).is_err());
}
