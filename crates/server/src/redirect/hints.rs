//! Which Client Hints a link asks browsers for.
//!
//! Chromium keeps what `Accept-CH` asks for under the origin that sent it, and sends those hints
//! from the next request to that origin on, by HTTPS alone. So the first visit of a browser is
//! decided by what it tells unasked, and the site that a redirect leads to learns nothing from our
//! asking. `Critical-CH` would have the browser ask again at once: a second round for each new
//! visitor, and one click counted as two.

use model::{Destination, Link};
use targeting::When;

/// All of them or none: an origin's last `Accept-CH` replaces the one before, and the links of a
/// host share it.
const ACCEPT: &str = "Sec-CH-UA-Platform-Version, Sec-CH-UA-Model, Sec-CH-UA-Full-Version-List";

/// The fields that such a hint tells and that the agent hides: Chromium froze the system's version
/// and the model in it, and all but the first number of its own version.
const HIDDEN: [&str; 3] = ["osVersion", "deviceBrand", "browserVersion"];

/// What a link's answers ask for; none where neither a rule nor a template reads what it would tell.
pub(super) fn accept(link: &Link) -> Option<&'static str> {
    let mut rules = link.rules.iter().filter(|rule| rule.enabled);
    let mut slots = link.destinations().flat_map(Destination::slots);
    let asks =
        rules.any(|rule| reads(&rule.when)) || slots.any(|slot| HIDDEN.contains(&&*slot.name()));
    asks.then_some(ACCEPT)
}

fn reads(when: &When) -> bool {
    match when {
        When::Test(test) => HIDDEN.contains(&test.field.as_str()),
        group => group.parts().iter().any(reads),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use targeting::Field;

    use super::*;
    use crate::visitor::HINTS;

    #[track_caller]
    fn check(when: &Value, expected: bool) {
        assert_eq!(reads(&When::parse(when).unwrap()), expected, "{when}");
    }

    #[test]
    fn only_what_agents_hide_is_asked_for() {
        let test = |field| json!({"field": field, "operator": "equals", "value": "1"});
        for field in HIDDEN {
            assert!(Field::parse(field).is_some(), "{field}");
            check(&test(field), true);
            check(&json!({"any": [test("os"), {"not": test(field)}]}), true);
        }
        for field in ["os", "browser", "deviceType", "country", "query.osVersion"] {
            check(&json!({"all": [test(field)]}), false);
        }
    }

    #[test]
    fn what_is_asked_for_is_read() {
        for hint in ACCEPT.split(", ") {
            assert!(HINTS.contains(&hint.to_ascii_lowercase().as_str()), "{hint}");
        }
    }
}
