//! A field of the tests alone, to show that its row is all that a field is.
//!
//! In tests it stands at the end of [`FIELDS`](crate::FIELDS), so every test that walks the table
//! tries it; `docs/fields.md` quotes it.

use crate::{Field, Group, Kind, Source, Value};

// The row:
pub(crate) const SAVES_DATA: Field = Field {
    name: "savesData",
    label: "Saves data",
    help: "Whether the visitor's browser asks for less data.",
    group: Group::Device,
    kind: Kind::Flag,
    source: Source::Request,
    example: "true",
    read: |visitor, _| Value::Flag((visitor.header)("save-data") == Some("on")),
};
// That is all.

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::SAVES_DATA;
    use crate::{
        Analysed, Described, Known, Needs, Rules, Source, Visitor, When, analyse, fixture,
    };

    fn rules(when: &When) -> Rules {
        Rules::compile([(when, None)]).unwrap()
    }

    #[test]
    fn the_row_alone_is_parsed_compiled_decided_and_explained() {
        let json = json!({"all": [{"field": "savesData", "operator": "is_true"}]});
        let when = When::parse(&json).unwrap();
        let rules = rules(&when);
        let saver =
            Visitor { header: &|name| (name == "save-data").then_some("on"), ..fixture::nobody() };
        assert_eq!(rules.needs(), Needs::default().with(Source::Request));
        assert_eq!(rules.decide(&saver), Some(0));
        assert_eq!(rules.decide(&fixture::nobody()), None);
        let explained = serde_json::to_value(rules.explain(&saver).beside([&when])).unwrap();
        let test = &explained["rules"][0]["all"][0];
        assert_eq!((&test["saw"], &test["source"]), (&json!("true"), &json!("request")));
    }

    #[test]
    fn mistakes_descriptions_and_analysis_know_the_row_too() {
        let wrong = When::test("savesData", "equals", "maybe").check(None);
        assert_eq!(wrong[0].to_string(), r#"value: "maybe" is neither true nor false"#);
        let wrong = When::test("savesData", "greater_than", 1).check(None);
        assert_eq!(
            wrong[0].to_string(),
            r#"operator: "greater_than" does not fit field "savesData""#
        );
        let described = Described::parse(&json!({"savesData": true})).unwrap();
        let stated = Visitor { described: Some(&described), ..fixture::nobody() };
        let yes = When::test("savesData", "is_true", Json::Null);
        assert_eq!(rules(&yes).decide(&stated), Some(0));
        let both = When::All { all: vec![yes, When::test("savesData", "equals", false)] };
        let rule = Analysed { when: &both, timezone: None, tier: 0, enabled: true };
        let message = &analyse(&[rule], &Known::everything())[0].message;
        assert!(message.starts_with("This rule can never match"), "{message}");
        assert_eq!(SAVES_DATA.name, "savesData");
    }
}
