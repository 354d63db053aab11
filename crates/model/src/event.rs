//! What happens in a workspace that others may want to hear of.

use jiff::Timestamp;

use crate::{Conversion, Domain, Id, Link, WorkspaceId};

pub type EventId = Id<Event>;

/// Something that happened, as everybody is told it who asked to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub id: EventId,
    pub kind: EventKind,
    /// JSON, as it stood when it happened.
    pub body: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    LinkCreated,
    LinkUpdated,
    LinkDeleted,
    DomainCreated,
    DomainUpdated,
    DomainDeleted,
    ConversionCreated,
}

/// Every kind of event with its name and what it says; read in both directions.
pub const EVENTS: &[(EventKind, &str, &str)] = &[
    (EventKind::LinkCreated, "link.created", "A link was made."),
    (
        EventKind::LinkUpdated,
        "link.updated",
        "A link was changed: its settings, its rules, by a draft that was published, by being \
         archived or brought back.",
    ),
    (EventKind::LinkDeleted, "link.deleted", "A link was deleted, by somebody or by its own end."),
    (EventKind::DomainCreated, "domain.created", "A domain was added."),
    (EventKind::DomainUpdated, "domain.updated", "A domain's settings were changed."),
    (EventKind::DomainDeleted, "domain.deleted", "A domain was removed."),
    (EventKind::ConversionCreated, "conversion.created", "It was reported what became of a click."),
];

/// Something that happens, with what it happens to.
#[derive(Clone, Copy, Debug)]
pub enum Happened<'a> {
    LinkCreated(&'a Link),
    /// The link as it is from now on.
    LinkUpdated(&'a Link),
    /// The link as it was, and when it went.
    LinkDeleted(&'a Link, Timestamp),
    DomainCreated(&'a Domain),
    DomainUpdated(&'a Domain),
    DomainDeleted(&'a Domain, Timestamp),
    ConversionCreated(&'a Conversion),
}

impl EventKind {
    pub fn name(self) -> &'static str {
        EVENTS.iter().find(|(kind, ..)| *kind == self).map_or("", |(_, name, _)| name)
    }

    pub fn named(name: &str) -> Option<EventKind> {
        EVENTS.iter().find(|(_, known, _)| *known == name).map(|(kind, ..)| *kind)
    }
}

impl Happened<'_> {
    pub fn kind(&self) -> EventKind {
        match self {
            Happened::LinkCreated(_) => EventKind::LinkCreated,
            Happened::LinkUpdated(_) => EventKind::LinkUpdated,
            Happened::LinkDeleted(..) => EventKind::LinkDeleted,
            Happened::DomainCreated(_) => EventKind::DomainCreated,
            Happened::DomainUpdated(_) => EventKind::DomainUpdated,
            Happened::DomainDeleted(..) => EventKind::DomainDeleted,
            Happened::ConversionCreated(_) => EventKind::ConversionCreated,
        }
    }

    /// When it happened.
    pub fn at(&self) -> Timestamp {
        match self {
            Happened::LinkCreated(link) => link.created_at,
            Happened::LinkUpdated(link) => link.updated_at,
            Happened::DomainCreated(domain) => domain.created_at,
            Happened::DomainUpdated(domain) => domain.updated_at,
            Happened::LinkDeleted(_, at) | Happened::DomainDeleted(_, at) => *at,
            Happened::ConversionCreated(conversion) => conversion.created_at,
        }
    }

    pub fn workspace(&self) -> WorkspaceId {
        match self {
            Happened::LinkCreated(link)
            | Happened::LinkUpdated(link)
            | Happened::LinkDeleted(link, _) => link.workspace,
            Happened::DomainCreated(domain)
            | Happened::DomainUpdated(domain)
            | Happened::DomainDeleted(domain, _) => domain.workspace,
            Happened::ConversionCreated(conversion) => conversion.workspace,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_is_read_by_its_name() {
        for &(kind, name, about) in EVENTS {
            assert_eq!((EventKind::named(name), kind.name()), (Some(kind), name));
            assert!(about.ends_with('.'), "{name}");
        }
        assert_eq!(EventKind::named("link"), None);
    }

    #[test]
    fn the_document_lists_every_event() {
        let document = include_str!("../../../docs/webhooks.md");
        for (_, name, about) in EVENTS {
            let row = format!("| `{name}` | {about} |");
            assert!(document.contains(&row), "docs/webhooks.md lacks the row {row}");
        }
    }
}
