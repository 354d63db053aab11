//! Who asks, and what they may do.

use crate::{Error, KeyId, Result, WorkspaceId};

/// The holder of a key, acting in one workspace.
#[derive(Clone, Debug, PartialEq)]
pub struct Caller {
    pub workspace: WorkspaceId,
    pub key: KeyId,
    /// The key's name: the author of revisions.
    pub name: String,
    pub scopes: Vec<Scope>,
    /// Whether this call is meant even where it breaks link tests.
    pub insists: bool,
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
];

impl Caller {
    /// The first line of every operation: `admin` may do everything.
    pub fn may(&self, scope: Scope) -> Result<()> {
        let allowed = self.scopes.iter().any(|held| held.allows(scope));
        if allowed { Ok(()) } else { Err(Error::Forbidden(scope.name())) }
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
            key: KeyId::new(2).unwrap(),
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
    }
}
