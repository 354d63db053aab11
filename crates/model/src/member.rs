//! People who work in a workspace, how they come in, and where they are signed in.

use jiff::Timestamp;
use unicode_normalization::UnicodeNormalization;

use crate::{
    Error, InvitationId, MemberId, Result, Scope, SessionId, WorkspaceId, credential::Credential,
};

/// Somebody with a password and a role.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    pub id: MemberId,
    pub workspace: WorkspaceId,
    /// In lower case; nobody else's. Who has none signs in with their name.
    pub email: Option<String>,
    pub name: String,
    pub role: Role,
    /// argon2id, in PHC form.
    pub password_hash: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What a member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Everything, keys and members too.
    Owner,
    /// Links, rules and folders.
    Editor,
    /// To look.
    Viewer,
}

/// A link by which somebody becomes a member, once.
#[derive(Clone, Debug, PartialEq)]
pub struct Invitation {
    pub id: InvitationId,
    pub workspace: WorkspaceId,
    pub hash: [u8; 32],
    pub role: Role,
    /// For whom it is, for people.
    pub note: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// Who became a member by it.
    pub member: Option<MemberId>,
}

/// Where a member is signed in.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    pub id: SessionId,
    pub member: MemberId,
    pub hash: [u8; 32],
    /// The browser's or program's own name, for people.
    pub agent: String,
    pub created_at: Timestamp,
    pub last_used_at: Timestamp,
    pub expires_at: Timestamp,
}

/// An invitation as its link carries it, such as `wi_…`.
pub type InvitationToken = Credential<Invitation>;
/// A session as its holder sends it, such as `ws_…`.
pub type SessionToken = Credential<Session>;

/// Every role with its name and what it may do; read in both directions.
pub const ROLES: &[(Role, &str, &[Scope])] = &[
    (Role::Owner, "owner", &[Scope::Admin]),
    (
        Role::Editor,
        "editor",
        &[
            Scope::LinksRead,
            Scope::LinksWrite,
            Scope::RulesRead,
            Scope::RulesWrite,
            Scope::DomainsRead,
            Scope::StatsRead,
        ],
    ),
    (
        Role::Viewer,
        "viewer",
        &[Scope::LinksRead, Scope::RulesRead, Scope::DomainsRead, Scope::StatsRead],
    ),
];

const LONGEST: usize = 254;

impl Role {
    pub fn name(self) -> &'static str {
        ROLES.iter().find(|(role, ..)| *role == self).map_or("", |(_, name, _)| name)
    }

    pub fn named(name: &str) -> Option<Role> {
        ROLES.iter().find(|(_, known, _)| *known == name).map(|(role, ..)| *role)
    }

    pub fn scopes(self) -> &'static [Scope] {
        ROLES.iter().find(|(role, ..)| *role == self).map_or(&[], |(.., scopes)| scopes)
    }
}

impl Member {
    /// What they sign in with, in the form in which it is kept and compared; nobody else's.
    pub fn login(&self) -> String {
        self.email.clone().unwrap_or_else(|| folded(&self.name))
    }

    /// That form of what somebody typed to sign in.
    pub fn typed_login(text: &str) -> Result<String> {
        if text.contains('@') {
            Member::email(text)
        } else {
            Member::name(text).map(|it| folded(&it))
        }
    }

    /// The form in which addresses are kept and compared; RFC 5321 allows 254 bytes.
    pub fn email(text: &str) -> Result<String> {
        let text = text.trim().to_lowercase();
        let well = text.len() <= LONGEST
            && !text.chars().any(|c| c.is_whitespace() || c.is_control())
            && text.split_once('@').is_some_and(|(user, host)| {
                !user.is_empty() && !host.is_empty() && !host.contains('@')
            });
        if well { Ok(text) } else { Err(Error::invalid("email", "must be an e-mail address")) }
    }

    /// A name as it is shown.
    pub fn name(text: &str) -> Result<String> {
        let text = text.trim();
        if text.is_empty() || LONGEST < text.len() || text.chars().any(char::is_control) {
            return Err(Error::invalid("name", format!("must be 1 to {LONGEST} bytes of text")));
        }
        Ok(text.to_owned())
    }

    /// A name of somebody without an e-mail address, who signs in with it: it must look like none.
    pub fn name_alone(text: &str) -> Result<String> {
        let name = Member::name(text)?;
        if name.contains('@') {
            return Err(Error::invalid("name", "must hold no @ where there is no e-mail address"));
        }
        Ok(name)
    }
}

/// One form for all ways to type a name.
fn folded(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    words.join(" ").nfkc().collect::<String>().to_lowercase()
}

impl Invitation {
    /// Whether somebody may still come in by it.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.member.is_none() && now < self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_a_name_and_the_next_one_does_less() {
        for (role, name, _) in ROLES {
            assert_eq!(Role::named(name), Some(*role));
            assert_eq!(role.name(), *name);
        }
        let (editor, viewer) = (Role::Editor.scopes(), Role::Viewer.scopes());
        assert!(viewer.iter().all(|scope| editor.contains(scope)));
        assert!(!editor.contains(&Scope::Admin) && !viewer.contains(&Scope::LinksWrite));
    }

    #[test]
    fn who_has_no_address_signs_in_with_their_name_however_it_is_typed() {
        let login = |text| Member::typed_login(text).unwrap();
        assert_eq!(login(" Zoë  LARS"), login("zoe\u{308} lars "));
        assert_eq!(login("Ann@Example.com"), "ann@example.com");
        assert!(Member::typed_login("").is_err() && Member::typed_login("a@").is_err());
        assert!(Member::name_alone("Ann").is_ok() && Member::name_alone("a@b").is_err());
    }

    #[test]
    fn addresses_are_compared_in_one_form() {
        assert_eq!(Member::email(" Ann@Example.COM ").unwrap(), "ann@example.com");
        for text in ["", "ann", "@example.com", "ann@", "a b@example.com", "a@b@c"] {
            assert!(Member::email(text).is_err(), "{text}");
        }
    }
}
