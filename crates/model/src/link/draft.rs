//! What a caller may say of a new link.

use jiff::Timestamp;

use serde_json::{Map, Value};

use super::{Address, Card, Counted, Link, Redirects, Status};
use crate::{
    Destination, LinkId, Parameters, PixelId, Result, RuleDraft, Stamp, Variant, WorkspaceId,
};

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
    pub parameters: Parameters,
    /// None: as the domain does, where an operation asks it, else not.
    pub cloaked: Option<bool>,
    pub redirects: Redirects,
    pub tracks_conversions: bool,
    pub starts_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub expired_destination: Option<Destination>,
    pub delete_at: Option<Timestamp>,
    pub click_limit: Option<u64>,
    pub limit_counts: Counted,
    pub password_hash: Option<String>,
    pub card: Option<Card>,
    pub pixels: Vec<PixelId>,
    pub kept: Map<String, Value>,
    /// When it was made elsewhere, of a link that is brought over; none: now.
    pub created_at: Option<Timestamp>,
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
            parameters: Parameters::default(),
            cloaked: None,
            redirects: Redirects::Auto,
            tracks_conversions: false,
            starts_at: None,
            expires_at: None,
            expired_destination: None,
            delete_at: None,
            click_limit: None,
            limit_counts: Counted::People,
            password_hash: None,
            card: None,
            pixels: Vec::new(),
            kept: Map::new(),
            created_at: None,
            rules: Vec::new(),
        }
    }

    /// What another link like this one would be made of; its rules are new ones.
    pub fn like(link: &Link) -> Draft {
        Draft {
            destination: link.destination.clone(),
            default_split: link.default_split.clone(),
            title: link.title.clone(),
            description: link.description.clone(),
            tags: link.tags.clone(),
            folder: link.folder.clone(),
            enabled: link.enabled,
            archived: false,
            status: Some(link.status),
            forward_query: link.forward_query,
            parameters: link.parameters.clone(),
            cloaked: Some(link.cloaked),
            redirects: link.redirects,
            tracks_conversions: link.tracks_conversions,
            starts_at: link.starts_at,
            expires_at: link.expires_at,
            expired_destination: link.expired_destination.clone(),
            delete_at: link.delete_at,
            click_limit: link.click_limit,
            limit_counts: link.limit_counts,
            password_hash: link.password_hash.clone(),
            card: link.card.clone(),
            pixels: link.pixels.clone(),
            kept: link.kept.clone(),
            created_at: None,
            rules: link.rules.iter().map(RuleDraft::like).collect(),
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
            parameters: self.parameters,
            cloaked: self.cloaked.unwrap_or_default(),
            redirects: self.redirects,
            tracks_conversions: self.tracks_conversions,
            starts_at: self.starts_at,
            expires_at: self.expires_at,
            expired_destination: self.expired_destination,
            delete_at: self.delete_at,
            click_limit: self.click_limit,
            limit_counts: self.limit_counts,
            password_hash: self.password_hash,
            card: self.card,
            pixels: self.pixels,
            kept: self.kept,
            rules: Vec::new(),
            revision: 1,
            version: 1,
            created_at: self.created_at.unwrap_or(stamp.now),
            updated_at: stamp.now,
        };
        link.replace_rules(self.rules, stamp)?;
        link.check()?;
        Ok(link)
    }
}
