//! One link shared with one key.

use jiff::Timestamp;

use crate::{KeyId, LinkId, PermissionId, WorkspaceId};

/// Lets a key read, change and delete one link, whatever its scopes.
#[derive(Clone, Debug, PartialEq)]
pub struct Permission {
    pub id: PermissionId,
    pub workspace: WorkspaceId,
    pub link: LinkId,
    pub key: KeyId,
    pub created_at: Timestamp,
}
