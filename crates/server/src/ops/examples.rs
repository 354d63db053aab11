//! A few links to look at and try, on a domain of one's own.

use model::{Action, Caller, Destination, Domain, Draft, Link, Result, RuleDraft, Scope, Tier};
use targeting::When;

use super::creation::{NewLink, create_link};
use crate::App;

/// What an example shows.
struct Example {
    title: &'static str,
    /// The one rule: where visitors go of whom a field has a value.
    rule: Option<(Tier, &'static str, &'static str, &'static str)>,
}

const EXAMPLES: &[Example] = &[
    Example { title: "A short address", rule: None },
    Example {
        title: "By country",
        rule: Some((Tier::Country, "country", "US", "https://example.com/us")),
    },
    Example {
        title: "By system",
        rule: Some((Tier::Platform, "os", "iOS", "https://example.com/ios")),
    },
];

/// Makes the examples anew, whether or not somebody made them before.
pub async fn create_examples(app: &App, caller: &Caller, domain: &Domain) -> Result<Vec<Link>> {
    caller.may(Scope::LinksWrite)?;
    let mut links = Vec::with_capacity(EXAMPLES.len());
    for Example { title, rule } in EXAMPLES {
        let new = NewLink { domain: Some(domain.host.as_str()), ..NewLink::default() };
        let draft = |domain: &Domain| {
            let parse = |url| Destination::parse("destination", url, domain.schemes());
            let mut draft = Draft::new(parse("https://example.com/")?);
            draft.title = Some((*title).to_owned());
            draft.tags = vec!["example".to_owned()];
            if let Some((tier, field, value, to)) = rule {
                let when = When::test(field, "equals", *value);
                let rule = RuleDraft::new(*tier, when, Action::Redirect(parse(to)?));
                draft.rules = vec![RuleDraft { name: (*title).to_owned(), ..rule }];
            }
            Ok(draft)
        };
        links.push(create_link(app, caller, new, draft).await?);
    }
    Ok(links)
}
