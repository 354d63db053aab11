//! Reading rules and facts: any JSON is read and echoed, or refused with a reason.

#![no_main]

use libfuzzer_sys::fuzz_target;
use targeting::{Described, Rules, When};

fuzz_target!(|text: &str| {
    let Ok(json) = serde_json::from_str(text) else { return };
    match When::parse(&json) {
        Ok(when) => {
            assert_eq!(serde_json::to_value(&when).unwrap(), json);
            let problems = when.check(Some("Europe/Berlin"));
            assert!(problems.iter().all(|problem| !problem.why.is_empty()));
            let rules = Rules::compile([(&when, Some("Europe/Berlin"))]);
            assert_eq!(rules.is_ok(), problems.is_empty());
        }
        Err(problems) => assert!(!problems.is_empty()),
    }
    if let Err(problems) = Described::parse(&json) {
        assert!(!problems.is_empty());
    }
});
