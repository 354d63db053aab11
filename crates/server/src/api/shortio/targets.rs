//! `iphoneURL`, `androidURL` and `splitURL`: rules of fixed shape.

use model::{Action, Change, Domain, Error, Link, Result, Rule, RuleDraft, RulePatch, Stamp, Tier};
use targeting::{Test, When};

use super::super::json::{self, Problems, Whole};

/// What a request says of a link's targets.
#[derive(Clone, Debug, Default)]
pub(super) struct Targets {
    pub iphone: Change<String>,
    pub android: Change<String>,
    pub split_url: Change<String>,
    /// Of 100 visitors, how many are split off.
    pub split_percent: Change<Whole>,
}

/// What a link says of them.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Shown {
    pub iphone: Option<String>,
    pub android: Option<String>,
    pub split_url: Option<String>,
    pub split_percent: Option<i64>,
}

const IPHONE: &str = "iOS";
const ANDROID: &str = "Android";
const HALF: i64 = 50;

impl Targets {
    /// The rules of a new link.
    pub(super) fn drafts(&self, domain: &Domain, problems: &mut Problems) -> Vec<RuleDraft> {
        let mut drafts = Vec::new();
        for (at, os, change) in self.platforms() {
            if let Change::Set(url) = change {
                drafts.extend(problems.keep(platform(at, os, url, domain)));
            }
        }
        match (&self.split_url, &self.split_percent) {
            (Change::Set(url), percent) => {
                let percent = match percent {
                    Change::Set(Whole(percent)) => *percent,
                    Change::Keep | Change::Clear => HALF,
                };
                drafts.extend(problems.keep(split(percent, url, domain)));
            }
            (_, Change::Set(_)) => {
                problems.keep(Err::<(), _>(without_url()));
            }
            _ => (),
        }
        drafts
    }

    /// Changes the targets of a link and none of its other rules.
    pub(super) fn apply(&self, link: &mut Link, domain: &Domain, stamp: &Stamp<'_>) -> Result<()> {
        for (at, os, change) in self.platforms() {
            match change {
                Change::Keep => (),
                Change::Set(url) => {
                    link.set_rule(platform(at, os, url, domain)?, stamp)?;
                }
                Change::Clear => {
                    if let Some(rule) = platform_of(link, os) {
                        link.remove_rule(rule.id)?;
                    }
                }
            }
        }
        self.apply_split(link, domain, stamp)
    }

    fn apply_split(&self, link: &mut Link, domain: &Domain, stamp: &Stamp<'_>) -> Result<()> {
        let known = link.rules.iter().find_map(|rule| Some((rule.id, split_of(rule)?)));
        let known = known.map(|(id, (percent, url))| (id, percent, url.to_owned()));
        let percent = match self.split_percent {
            Change::Set(Whole(percent)) => Some(percent),
            Change::Keep | Change::Clear => None,
        };
        match (&self.split_url, known) {
            (Change::Keep, None) if percent.is_some() => Err(without_url()),
            (Change::Keep, known) if known.is_none() || percent.is_none() => Ok(()),
            (Change::Clear, Some((id, ..))) => link.remove_rule(id).map(drop),
            (Change::Clear, None) => Ok(()),
            (change, known) => {
                let url = match (change, &known) {
                    (Change::Set(url), _) => url.as_str(),
                    (_, Some((.., url))) => url.as_str(),
                    (_, None) => return Ok(()),
                };
                let before = known.as_ref().map(|(_, percent, _)| *percent);
                let draft = split(percent.or(before).unwrap_or(HALF), url, domain)?;
                let Some((id, ..)) = known else {
                    return link.add_rule(draft, stamp).map(drop);
                };
                let (when, action) = (Some(draft.when), Some(draft.action));
                link.edit_rule(id, RulePatch { when, action, ..RulePatch::default() }, stamp.now)
                    .map(drop)
            }
        }
    }

    fn platforms(&self) -> [(&'static str, &'static str, &Change<String>); 2] {
        [("iphoneURL", IPHONE, &self.iphone), ("androidURL", ANDROID, &self.android)]
    }
}

impl Shown {
    /// What this dialect can say of a link's rules; it says nothing of others.
    pub(super) fn of(link: &Link) -> Shown {
        let platform = |os| platform_of(link, os).and_then(target).map(str::to_owned);
        let split = link.rules.iter().find_map(split_of);
        Shown {
            iphone: platform(IPHONE),
            android: platform(ANDROID),
            split_percent: split.map(|(percent, _)| percent),
            split_url: split.map(|(_, url)| url.to_owned()),
        }
    }
}

/// Where an enabled rule of one destination leads.
pub(super) fn target(rule: &Rule) -> Option<&str> {
    match &rule.action {
        Action::Redirect(destination) if rule.enabled => Some(destination.authored()),
        _ => None,
    }
}

fn is_os(os: &str) -> When {
    When::test("os", "equals", os)
}

fn platform(at: &str, os: &str, url: &str, domain: &Domain) -> Result<RuleDraft> {
    let action = Action::Redirect(json::destination(at, url, domain)?);
    let name = os.to_owned();
    Ok(RuleDraft { name, ..RuleDraft::new(Tier::Platform, is_os(os), action) })
}

fn platform_of<'l>(link: &'l Link, os: &str) -> Option<&'l Rule> {
    let when = is_os(os);
    link.rules.iter().find(|rule| rule.tier == Tier::Platform && rule.when == when)
}

/// The split's share by percentile, so that the link's own destination stays where it is said once.
fn split(percent: i64, url: &str, domain: &Domain) -> Result<RuleDraft> {
    if !(1..=100).contains(&percent) {
        return Err(Error::invalid("splitPercent", "must be a whole number from 1 to 100"));
    }
    let action = Action::Redirect(json::destination("splitURL", url, domain)?);
    let when = When::test("percentile", "less_than", percent);
    Ok(RuleDraft { name: "Split".to_owned(), ..RuleDraft::new(Tier::Split, when, action) })
}

fn split_of(rule: &Rule) -> Option<(i64, &str)> {
    let When::Test(Test { field, operator, value: Some(value), timezone: None }) = &rule.when
    else {
        return None;
    };
    let shaped = rule.tier == Tier::Split && field == "percentile" && operator == "less_than";
    let percent = value.as_i64().filter(|_| shaped)?;
    Some((percent, target(rule)?))
}

fn without_url() -> Error {
    Error::invalid("splitPercent", "means nothing without splitURL")
}
