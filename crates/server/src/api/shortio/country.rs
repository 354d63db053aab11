//! `/link_country`: where visitors of one country go.

use axum::{Json, extract::State};
use model::{Domain, Error, Link, Result as Checked, Rule, RuleDraft, Tier};
use serde::{Deserialize, Serialize};
use targeting::{Country, When};

use super::{
    super::json,
    Authed, Done, Place, Result, ShortIo,
    areas::{self, Area},
    targets::target,
};
use crate::App;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCountry {
    country: String,
    #[serde(rename = "originalURL")]
    original_url: String,
}

/// The keys of Short.io's list in their order; other spellings of the link's id follow.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CountryView {
    id: i64,
    country: String,
    #[serde(rename = "originalURL")]
    original_url: String,
    created_at: String,
    updated_at: String,
    #[serde(rename = "link_idString")]
    link: String,
    #[serde(rename = "linkIdString")]
    link_too: String,
    #[serde(rename = "LinkIdString")]
    link_as_well: String,
}

pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place((link, country), _): Place<ShortIo, (String, String)>,
) -> Result<Json<Done>> {
    let code = read_code(&country)?;
    areas::remove(&app, &caller, &link, |rule| code_of(rule) == Some(code.as_str())).await
}

impl Area for NewCountry {
    type View = CountryView;

    fn draft(&self, domain: &Domain) -> Checked<RuleDraft> {
        let (code, action) = areas::aimed(read_code(&self.country), &self.original_url, domain)?;
        let name = Country::parse(&code).map_or_else(|| code.clone(), |it| it.name().to_owned());
        Ok(RuleDraft { name, ..RuleDraft::new(Tier::Country, when(&code), action) })
    }

    fn view(link: &Link, rule: &Rule) -> Option<CountryView> {
        let id = link.id.split("lnk");
        Some(CountryView {
            id: rule.id.number(),
            country: code_of(rule)?.to_owned(),
            original_url: target(rule)?.to_owned(),
            created_at: json::iso(rule.created_at),
            updated_at: json::iso(rule.updated_at),
            link: id.clone(),
            link_too: id.clone(),
            link_as_well: id,
        })
    }
}

fn when(code: &str) -> When {
    When::test("country", "equals", code)
}

fn code_of(rule: &Rule) -> Option<&str> {
    areas::code(rule, Tier::Country, "country")
}

/// A country's code, or one that stands for several, such as `EU`; in any case, `UK` for `GB`.
fn read_code(text: &str) -> Checked<String> {
    let code = Country::parse(text).map_or_else(|| text.to_uppercase(), |it| it.to_string());
    if when(&code).check(None).is_empty() {
        return Ok(code);
    }
    Err(Error::invalid("country", format!("{text:?} is no ISO 3166-1 country code")))
}
