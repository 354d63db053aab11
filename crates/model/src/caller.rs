//! Who asks, and what they may do.

use crate::{DomainId, Error, KeyId, MemberId, Result, SessionId, WorkspaceId};

/// Somebody acting in one workspace.
#[derive(Clone, Debug, PartialEq)]
pub struct Caller {
    pub workspace: WorkspaceId,
    pub who: Who,
    /// The key's name or the member's: the author of revisions.
    pub name: String,
    pub scopes: Vec<Scope>,
    /// The only domains that there are for the caller; none: all of the workspace.
    pub domains: Option<Vec<DomainId>>,
    /// Whether this call is meant even where it breaks link tests.
    pub insists: bool,
}

/// By what a caller is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Key(KeyId),
    /// A member, and where they are signed in.
    Member(MemberId, SessionId),
    /// The operator at the command line.
    Operator,
}

/// One thing that a key can be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Admin,
    LinksRead,
    LinksWrite,
    /// To make links and nothing else: for keys that the public can read, as in a web page.
    LinksCreate,
    RulesRead,
    RulesWrite,
    DomainsRead,
    DomainsWrite,
    StatsRead,
    /// To report what became of clicks and nothing else: for keys that other companies hold.
    ConversionsWrite,
    WebhooksRead,
    WebhooksWrite,
}

/// Every scope with its name; read in both directions.
pub const SCOPES: &[(Scope, &str)] = &[
    (Scope::Admin, "admin"),
    (Scope::LinksRead, "links:read"),
    (Scope::LinksWrite, "links:write"),
    (Scope::LinksCreate, "links:create"),
    (Scope::RulesRead, "rules:read"),
    (Scope::RulesWrite, "rules:write"),
    (Scope::DomainsRead, "domains:read"),
    (Scope::DomainsWrite, "domains:write"),
    (Scope::StatsRead, "stats:read"),
    (Scope::ConversionsWrite, "conversions:write"),
    (Scope::WebhooksRead, "webhooks:read"),
    (Scope::WebhooksWrite, "webhooks:write"),
];

impl Caller {
    /// The first line of every operation: `admin` may do everything.
    pub fn may(&self, scope: Scope) -> Result<()> {
        if !self.scopes.iter().any(|held| held.allows(scope)) {
            return Err(Error::Forbidden(scope.name()));
        }
        if scope == Scope::Admin { self.may_everywhere() } else { Ok(()) }
    }

    /// What concerns the whole workspace is no affair of who has some of its domains.
    pub fn may_everywhere(&self) -> Result<()> {
        if self.domains.is_none() { Ok(()) } else { Err(Error::Confined) }
    }

    /// Whether a domain and its links are there for the caller.
    pub fn sees(&self, domain: DomainId) -> bool {
        self.domains.as_ref().is_none_or(|domains| domains.contains(&domain))
    }
}

impl Scope {
    fn allows(self, asked: Scope) -> bool {
        self == Scope::Admin
            || self == asked
            || (self == Scope::LinksWrite && asked == Scope::LinksCreate)
    }

    pub fn name(self) -> &'static str {
        SCOPES.iter().find(|(scope, _)| *scope == self).map_or("", |(_, name)| name)
    }

    pub fn named(name: &str) -> Option<Scope> {
        SCOPES.iter().find(|(_, known)| *known == name).map(|(scope, _)| *scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_may_do_what_its_scopes_say() {
        let caller = |scopes: &[Scope]| Caller {
            workspace: WorkspaceId::new(1).unwrap(),
            who: Who::Key(KeyId::new(2).unwrap()),
            domains: None,
            name: "test".to_owned(),
            scopes: scopes.to_vec(),
            insists: false,
        };
        for &(scope, name) in SCOPES {
            assert_eq!(Scope::named(name), Some(scope));
            assert!(caller(&[Scope::Admin]).may(scope).is_ok());
            assert!(caller(&[scope]).may(scope).is_ok());
            assert!(caller(&[]).may(scope).is_err());
        }
        assert!(caller(&[Scope::LinksRead]).may(Scope::LinksWrite).is_err());
        assert!(caller(&[Scope::LinksWrite]).may(Scope::LinksCreate).is_ok());
        assert!(caller(&[Scope::LinksCreate]).may(Scope::LinksWrite).is_err());
        let domain = DomainId::new(3).unwrap();
        let narrow = Caller { domains: Some(vec![domain]), ..caller(&[Scope::Admin]) };
        assert!(narrow.may(Scope::LinksWrite).is_ok() && narrow.sees(domain));
        assert!(narrow.may(Scope::Admin).is_err() && !narrow.sees(DomainId::new(4).unwrap()));
    }
}
