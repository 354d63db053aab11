//! A link as the hot path holds it: checked, compiled and ready.

use std::sync::Arc;

use jiff::Timestamp;
use model::{
    Action, Card, Counted, Destination, Link, LinkId, Parameters, PixelId, Redirects, RuleId,
    Variant, WorkspaceId,
};
use prefetch_index::prefetch_index;
use targeting::{Needs, Rules, Source};

use super::{hints, prefetch};

/// One compiled link.
#[derive(Debug)]
pub struct Route {
    pub link: LinkId,
    pub workspace: WorkspaceId,
    pub version: i64,
    pub revision: i64,
    /// Neither disabled nor archived.
    pub enabled: bool,
    pub starts_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub expired_destination: Option<Box<Destination>>,
    pub delete_at: Option<Timestamp>,
    pub click_limit: Option<u64>,
    pub limit_counts: Counted,
    pub password_hash: Option<Box<str>>,
    pub card: Option<Box<Card>>,
    pub title: Option<Box<str>>,
    pub destination: Destination,
    /// Takes the destination's place; empty where there is none.
    pub default_split: Box<[Variant]>,
    pub status: u16,
    pub forward_query: bool,
    pub parameters: Parameters,
    pub cloaked: bool,
    /// What fires for the people who pass, by the ids under which [`Routes`](super::Routes) has it.
    pub pixels: Box<[PixelId]>,
    pub redirects: Redirects,
    /// Whether destinations are told the click's id.
    pub tracks_conversions: bool,
    /// The enabled rules, in the order in which they are tried.
    pub rules: Arc<Rules>,
    /// What each of `rules` does.
    pub actions: Box<[(RuleId, Action)]>,
    /// What has to be learnt before the rules can be asked and the templates filled.
    pub needs: Needs,
    /// The Client Hints that browsers are asked to send the next time.
    pub accept_ch: Option<&'static str>,
    /// Whether a shared cache may keep the answer for a while.
    pub is_cacheable: bool,
}

/// Rules of a link whose actions are asked for ahead: most links have no more.
const FORESEEN: usize = 8;

impl Route {
    /// Compiles a link.
    pub fn compile(link: Link) -> Route {
        let rules = Arc::new(rules(&link));
        Route::with_rules(link, rules)
    }

    /// Compiles a link whose [`rules`] are compiled already.
    pub(super) fn with_rules(link: Link, rules: Arc<Rules>) -> Route {
        let accept_ch = hints::accept(&link);
        let is_cacheable = is_cacheable(&link);
        let slots = link.destinations().flat_map(Destination::slots);
        let needs = slots.fold(rules.needs(), |needs, slot| needs.and(slot.needs()));
        let live = link.rules.into_iter().filter(|rule| rule.enabled).take(rules.len());
        let actions: Box<[_]> = live.map(|rule| (rule.id, rule.action)).collect();
        let splits = actions.iter().any(|(_, action)| matches!(action, Action::Split(_)));
        let needs =
            if splits || !link.default_split.is_empty() { needs.with(Source::Seed) } else { needs };
        Route {
            link: link.id,
            workspace: link.workspace,
            version: link.version,
            revision: link.revision,
            enabled: link.enabled && !link.archived,
            starts_at: link.starts_at,
            expires_at: link.expires_at,
            expired_destination: link.expired_destination.map(Box::new),
            delete_at: link.delete_at,
            click_limit: link.click_limit,
            limit_counts: link.limit_counts,
            password_hash: link.password_hash.map(Box::from),
            card: link.card.map(Box::new),
            title: link.title.map(Box::from),
            destination: link.destination,
            default_split: link.default_split.into(),
            status: link.status.code(),
            forward_query: link.forward_query,
            parameters: link.parameters,
            cloaked: link.cloaked,
            pixels: link.pixels.into(),
            redirects: link.redirects,
            tracks_conversions: link.tracks_conversions,
            accept_ch,
            is_cacheable,
            rules,
            actions,
            needs,
        }
    }

    /// Asks for the memory of the route's own fields, for as many as make sure that all of it is asked for.
    pub(super) fn prefetch(&self) {
        let Route { link, revision, starts_at, expires_at, delete_at, click_limit, .. } = self;
        let Route { card, destination, parameters, pixels, rules, actions, needs, .. } = self;
        prefetch(link);
        prefetch(revision);
        prefetch(starts_at);
        prefetch(expires_at);
        prefetch(delete_at);
        prefetch(click_limit);
        prefetch(card);
        prefetch(destination);
        prefetch(parameters);
        prefetch(pixels);
        prefetch(rules);
        prefetch(actions);
        prefetch(needs);
    }

    /// Asks for the memory of what the rules do, whose place the route's own has to be there for.
    pub(super) fn prefetch_actions(&self) {
        (0..self.actions.len().min(FORESEEN)).for_each(|at| prefetch_index(&self.actions, at));
        prefetch_index(self.destination.base().as_bytes(), 0);
    }

    /// Asks for the memory of the addresses that rules lead to, whose places the actions have to be there
    /// for.
    pub(super) fn prefetch_texts(&self) {
        for (_, action) in self.actions.iter().take(FORESEEN) {
            if let Action::Redirect(destination) = action {
                prefetch_index(destination.base().as_bytes(), 0);
            }
        }
    }

    /// Every destination that the link itself can lead to where no rule decides.
    pub fn defaults(&self) -> impl Iterator<Item = &Destination> {
        let leads = matches!(self.redirects, Redirects::Auto | Redirects::Always);
        let split = self.default_split.iter().map(|variant| &variant.destination);
        let whole = self.default_split.is_empty().then_some(&self.destination);
        whole.into_iter().chain(split).filter(move |_| leads)
    }

    /// The status with which visitors are led to a destination; pages that lead there are 200.
    pub fn status_to(&self, destination: &Destination) -> u16 {
        let by_page = self.cloaked || destination.is_app() || destination.sealed().is_some();
        if by_page { 200 } else { self.status }
    }

    /// Whether the visitor's cookie is read, and so may be set.
    pub fn reads_history(&self) -> bool {
        self.needs.has(Source::History) || self.needs.has(Source::Seed)
    }
}

/// Compiles the enabled rules of a link. A saved link compiles; if one does not (a time zone that is no
/// longer known), it goes on leading to its own destination and the log says why.
pub(super) fn rules(link: &Link) -> Rules {
    let rules = link.rules.iter().filter(|rule| rule.enabled);
    let rules = Rules::compile(rules.map(|rule| (&rule.when, rule.timezone.as_deref())));
    rules.unwrap_or_else(|problems| {
        let why = problems.first().map(ToString::to_string).unwrap_or_default();
        tracing::error!(link.id = %link.id, "rules of link {} do not compile: {why}", link.id);
        Rules::default()
    })
}

/// Only a link that asks for it by a permanent status and whose answer never varies. A cached
/// answer is no click, so this is the owner's choice.
fn is_cacheable(link: &Link) -> bool {
    link.status.is_permanent()
        && link.rules.is_empty()
        && link.default_split.is_empty()
        && link.click_limit.is_none()
        && link.password_hash.is_none()
        && link.starts_at.is_none()
        && link.expires_at.is_none()
        && link.delete_at.is_none()
        && !link.cloaked
        && link.pixels.is_empty()
        && !link.tracks_conversions
        && matches!(link.redirects, Redirects::Auto | Redirects::Always)
        && link.destination.sealed().is_none()
        && link.card.is_none()
        && !link.destination.varies()
        && !link.forward_query
}
