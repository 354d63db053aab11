//! API keys: what is kept of them, and what they may do.

use jiff::Timestamp;

use crate::{Credential, DomainId, KeyId, Scope, WorkspaceId};

/// What is kept of a key; the key itself is shown once and never stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    pub id: KeyId,
    pub workspace: WorkspaceId,
    pub name: String,
    pub hash: [u8; 32],
    pub scopes: Vec<Scope>,
    /// The only domains that there are for it; none: all of the workspace.
    pub domains: Option<Vec<DomainId>>,
    pub expires_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

/// A key as its holder sends it, such as `wp_…`.
pub type ApiKey = Credential<Key>;

impl Key {
    /// Whether the key may be used at a time.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}
