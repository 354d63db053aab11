//! What a caller may say of a new link.

use jiff::Timestamp;

use super::{Address, Card, Counted, Link, Status};
use crate::{Destination, LinkId, Result, RuleDraft, Stamp, Variant, WorkspaceId};

/// What a caller may say of a new link; every dialect's create request becomes one of these.
#[derive(Clone, Debug)]
pub struct Draft {
    pub destination: Destination,
    pub default_split: Vec<Variant>,
    pub title: Option<String>,
    pub description: Option<String>,
    pub tags: Vec<String>,
    pub folder: Option<String>,
    pub enabled: bool,
    pub archived: bool,
    /// None: the domain's default.
    pub status: Option<Status>,
    pub forward_query: bool,
    pub starts_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub expired_destination: Option<Destination>,
    pub click_limit: Option<u64>,
    pub limit_counts: Counted,
    pub password_hash: Option<String>,
    pub card: Option<Card>,
    pub rules: Vec<RuleDraft>,
}

impl Draft {
    pub fn new(destination: Destination) -> Draft {
        Draft {
            destination,
            default_split: Vec::new(),
            title: None,
            description: None,
            tags: Vec::new(),
            folder: None,
            enabled: true,
            archived: false,
            status: None,
            forward_query: true,
            starts_at: None,
            expires_at: None,
            expired_destination: None,
            click_limit: None,
            limit_counts: Counted::People,
            password_hash: None,
            card: None,
            rules: Vec::new(),
        }
    }

    /// Checks everything that needs no database; the only way to a new [`Link`].
    pub fn into_link(
        self,
        workspace: WorkspaceId,
        addresses: Vec<Address>,
        default_status: Status,
        stamp: &Stamp<'_>,
    ) -> Result<Link> {
        let mut link = Link {
            id: LinkId::next(stamp),
            workspace,
            addresses,
            destination: self.destination,
            default_split: self.default_split,
            title: self.title,
            description: self.description,
            tags: self.tags,
            folder: self.folder,
            enabled: self.enabled,
            archived: self.archived,
            status: self.status.unwrap_or(default_status),
            forward_query: self.forward_query,
            starts_at: self.starts_at,
            expires_at: self.expires_at,
            expired_destination: self.expired_destination,
            click_limit: self.click_limit,
            limit_counts: self.limit_counts,
            password_hash: self.password_hash,
            card: self.card,
            rules: Vec::new(),
            revision: 1,
            version: 1,
            created_at: stamp.now,
            updated_at: stamp.now,
        };
        link.replace_rules(self.rules, stamp)?;
        link.check()?;
        Ok(link)
    }
}
