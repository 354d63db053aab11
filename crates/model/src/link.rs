//! A short address, where it leads, and the rules that lead elsewhere.

mod card;
mod draft;
mod patch;
mod redirects;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::{
    Destination, DomainId, Error, Host, LinkId, Parameters, PixelId, Plan, Result, Revision, Rule,
    RuleDraft, RuleId, RulePatch, Slug, Stamp, Tier, Variant, WorkspaceId, folder::LONGEST_FOLDER,
    manner::check_kept,
};

pub use card::Card;
pub use draft::Draft;
pub use patch::{Change, Patch};
pub use redirects::{REDIRECTS, Redirects};

/// A link with its rules: loaded, checked and saved together.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    pub id: LinkId,
    pub workspace: WorkspaceId,
    /// At least one; the first is the one that is shown.
    pub addresses: Vec<Address>,
    pub destination: Destination,
    /// Where visitors go whom no rule matches, each keeping to one way. While it is empty they go
    /// to the destination, which is also what is shown where a split cannot be said.
    pub default_split: Vec<Variant>,
    pub title: Option<String>,
    pub description: Option<String>,
    pub tags: Vec<String>,
    pub folder: Option<String>,
    pub enabled: bool,
    pub archived: bool,
    pub status: Status,
    /// Whether a click's query is appended to the destination.
    pub forward_query: bool,
    /// What is added to every destination of the link.
    pub parameters: Parameters,
    /// Whether the destination is shown in a frame, under the short address.
    pub cloaked: bool,
    pub redirects: Redirects,
    /// Whether destinations are told which click led to them, so that they can report what became
    /// of it.
    pub tracks_conversions: bool,
    pub starts_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub expired_destination: Option<Destination>,
    /// When the link is deleted by itself.
    pub delete_at: Option<Timestamp>,
    pub click_limit: Option<u64>,
    pub limit_counts: Counted,
    /// In PHC form (`$argon2id$…`).
    pub password_hash: Option<String>,
    /// What link-preview bots are shown instead of a redirect.
    pub card: Option<Card>,
    /// What fires for the people who pass; one that was deleted fires no more.
    pub pixels: Vec<PixelId>,
    /// What clients of other services keep here; we hand it back and do nothing by it.
    pub kept: Map<String, Value>,
    /// In the order in which they are tried.
    pub rules: Vec<Rule>,
    /// The number of the newest revision.
    pub revision: i64,
    /// How often it was saved: two edits of one state cannot both be.
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// One place where a link answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Address {
    pub domain: DomainId,
    pub host: Host,
    pub slug: Slug,
}

/// Whom a click limit counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Counted {
    #[default]
    People,
    Everyone,
}

/// The status of a link's redirect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status(u16);

const MOST_RULES: usize = 1_000;
const MOST_TAGS: usize = 100;
const MOST_PIXELS: usize = 20;
/// Bytes of a tag.
pub const LONGEST_TAG: usize = 100;
const LONGEST_TEXT: usize = 2_000;

impl Link {
    /// The address that is shown.
    pub fn address(&self) -> &Address {
        &self.addresses[0]
    }

    /// Adds a rule; without a priority, last in its tier.
    pub fn add_rule(&mut self, draft: RuleDraft, stamp: &Stamp<'_>) -> Result<&Rule> {
        let problems = draft.check();
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        if MOST_RULES <= self.rules.len() {
            return Err(Error::invalid("rules", format!("must not be more than {MOST_RULES}")));
        }
        let priority = draft.priority.unwrap_or_else(|| self.last_priority(draft.tier));
        let rule = draft.into_rule(priority, None, stamp);
        let id = rule.id;
        self.rules.push(rule);
        self.sort();
        self.rule(id)
    }

    /// Sets where the visitors of one condition go within a tier, whether or not there is a rule
    /// for it yet. All other rules stay as they are.
    pub fn set_rule(&mut self, draft: RuleDraft, stamp: &Stamp<'_>) -> Result<&Rule> {
        let same = |rule: &&mut Rule| rule.tier == draft.tier && rule.when == draft.when;
        let Some(rule) = self.rules.iter_mut().find(same) else {
            return self.add_rule(draft, stamp);
        };
        let id = rule.id;
        if rule.action != draft.action {
            rule.action = draft.action;
            rule.updated_at = stamp.now;
        }
        self.rule(id)
    }

    /// Puts a whole list in the place of all rules; those that carry a known id stay that rule.
    pub fn replace_rules(&mut self, drafts: Vec<RuleDraft>, stamp: &Stamp<'_>) -> Result<()> {
        if MOST_RULES < drafts.len() {
            return Err(Error::invalid("rules", format!("must not be more than {MOST_RULES}")));
        }
        let old = std::mem::take(&mut self.rules);
        let mut problems = Vec::new();
        for (i, draft) in drafts.into_iter().enumerate() {
            let at = format!("rules[{i}]");
            problems.extend(draft.check().into_iter().map(|problem| problem.under(&at)));
            let known = draft.id.map(|id| old.iter().find(|rule| rule.id == id));
            let listed_before = |id: RuleId| self.rules.iter().any(|rule| rule.id == id);
            let known = match known {
                Some(None) => {
                    problems.push(crate::error::problem(
                        format!("{at}.id"),
                        "no rule of this link has it",
                    ));
                    None
                }
                Some(Some(rule)) if listed_before(rule.id) => {
                    problems.push(crate::error::problem(
                        format!("{at}.id"),
                        "stands twice in the list",
                    ));
                    None
                }
                Some(known) => known,
                None => None,
            };
            let priority = draft.priority.unwrap_or_else(|| self.last_priority(draft.tier));
            self.rules.push(draft.into_rule(priority, known, stamp));
        }
        if !problems.is_empty() {
            self.rules = old;
            return Err(Error::Invalid(problems));
        }
        self.sort();
        Ok(())
    }

    pub fn edit_rule(&mut self, id: RuleId, patch: RulePatch, now: Timestamp) -> Result<&Rule> {
        let rule = self.rules.iter_mut().find(|rule| rule.id == id);
        patch.apply(rule.ok_or(Error::NotFound(crate::What::Rule))?, now)?;
        self.sort();
        self.rule(id)
    }

    pub fn remove_rule(&mut self, id: RuleId) -> Result<Rule> {
        let at = self.rules.iter().position(|rule| rule.id == id);
        Ok(self.rules.remove(at.ok_or(Error::NotFound(crate::What::Rule))?))
    }

    pub fn rule(&self, id: RuleId) -> Result<&Rule> {
        self.rules.iter().find(|rule| rule.id == id).ok_or(Error::NotFound(crate::What::Rule))
    }

    /// Every destination that the link can lead to.
    pub fn destinations(&self) -> impl Iterator<Item = &Destination> {
        let of_split = self.default_split.iter().map(|variant| &variant.destination);
        let of_rules = self.rules.iter().flat_map(Rule::destinations);
        let own = [&self.destination].into_iter().chain(&self.expired_destination);
        own.chain(of_split).chain(of_rules)
    }

    /// Where it sends whom.
    pub fn plan(&self) -> Plan {
        Plan {
            destination: self.destination.clone(),
            default_split: self.default_split.clone(),
            rules: self.rules.clone(),
        }
    }

    /// Puts a plan that was checked when it was saved in the place of the present one.
    pub fn follow(&mut self, plan: Plan) {
        self.destination = plan.destination;
        self.default_split = plan.default_split;
        self.rules = plan.rules;
    }

    /// Counts an edit: a new version, and a new revision where destination or rules differ.
    pub fn edited(&mut self, before: &Link, now: Timestamp) {
        self.version = before.version + 1;
        self.updated_at = now;
        if Revision::body(self) != Revision::body(before) {
            self.revision = before.revision + 1;
        }
    }

    /// What no edit may lead to.
    pub fn check(&self) -> Result<()> {
        let mut problems = Vec::new();
        let mut refuse = |at: &str, why: String| problems.push(crate::error::problem(at, why));
        for (at, text, longest) in [
            ("title", &self.title, LONGEST_TEXT),
            ("description", &self.description, LONGEST_TEXT),
            ("folder", &self.folder, LONGEST_FOLDER),
        ] {
            if text.as_ref().is_some_and(|text| longest < text.len()) {
                refuse(at, format!("must not be longer than {longest} bytes"));
            }
        }
        if MOST_TAGS < self.tags.len() {
            refuse("tags", format!("must not be more than {MOST_TAGS}"));
        }
        if let Some(i) = self.tags.iter().position(|t| t.is_empty() || LONGEST_TAG < t.len()) {
            refuse(&format!("tags[{i}]"), format!("must be 1 to {LONGEST_TAG} bytes long"));
        }
        if MOST_PIXELS < self.pixels.len() {
            refuse("pixels", format!("must not be more than {MOST_PIXELS}"));
        }
        if self.click_limit == Some(0) {
            refuse("clickLimit", "must be at least 1".to_owned());
        }
        if self.starts_at.zip(self.expires_at).is_some_and(|(start, end)| end <= start) {
            refuse("expiresAt", "must be after startsAt".to_owned());
        }
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        self.card.as_ref().map_or(Ok(()), Card::check)?;
        self.parameters.check()?;
        check_kept(&self.kept)
    }

    fn last_priority(&self, tier: Tier) -> i64 {
        let last =
            self.rules.iter().filter(|rule| rule.tier == tier).map(|rule| rule.priority).max();
        last.unwrap_or(0) + 1
    }

    fn sort(&mut self) {
        self.rules.sort_by_key(|rule| (rule.tier, rule.priority, rule.id));
    }
}

impl Status {
    const ALL: [u16; 5] = [301, 302, 303, 307, 308];

    pub fn new(at: &str, code: i64) -> Result<Status> {
        let known = u16::try_from(code).ok().filter(|code| Status::ALL.contains(code));
        known.map(Status).ok_or_else(|| Error::invalid(at, "must be 301, 302, 303, 307 or 308"))
    }

    pub fn code(self) -> u16 {
        self.0
    }

    /// 301 and 308: browsers and caches may keep them for good.
    pub fn is_permanent(self) -> bool {
        matches!(self.0, 301 | 308)
    }
}

impl Default for Status {
    fn default() -> Status {
        Status(302)
    }
}

#[cfg(test)]
mod tests;
