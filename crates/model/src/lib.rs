//! What the product is about: links, the rules of a link, who may touch them, and what can go
//! wrong.
//!
//! **Invariant:** a value that exists has been checked. [`Slug`], [`Host`], [`Destination`] and the
//! like are private inside and have one constructor.
//!
//! **Invariant:** nothing here knows HTTP, SQL, a clock or a dice. Time, ids and chance come in as
//! values, and an edit is a pure function on a [`Link`].

mod action;
mod caller;
mod click;
mod conversion;
mod destination;
mod diff;
mod domain;
mod error;
mod example;
mod folder;
mod host;
mod id;
mod key;
mod link;
mod link_test;
mod manner;
mod parameters;
mod permission;
mod revision;
mod rule;
mod saved_draft;
mod slug;
mod tier;

pub use action::{Action, BLOCKS, Variant};
pub use caller::{Caller, SCOPES, Scope};
pub use click::{
    BadClickId, CLASSES, Class, Click, ClickId, Head, NetworkFlags, Outcome, Unreadable, Utm,
};
pub use conversion::{Amount, Conversion, ConversionId, Report};
pub use destination::{Destination, Schemes};
pub use diff::{Changed, Diff, KeyChange, Moved, Placed};
pub use domain::{Domain, Workspace};
pub use error::{Divergence, Error, Result, What};
pub use example::{Example, RAW_KEYS};
pub use folder::{Folder, FolderSettings};
pub use host::Host;
pub use id::{
    DomainId, Id, KeyId, LinkId, PermissionId, RuleId, Stamp, TestId, WorkspaceId, compose,
};
pub use key::{ApiKey, Key};
pub use link::{Address, Card, Change, Counted, Draft, Link, Patch, REDIRECTS, Redirects, Status};
pub use link_test::{Expected, Got, LinkTest};
pub use manner::{Https, Manner, Robots, SlugKind};
pub use parameters::Parameters;
pub use permission::Permission;
pub use revision::{Plan, Revision};
pub use rule::{Rule, RuleDraft, RulePatch};
pub use saved_draft::{Editor, SavedDraft};
pub use slug::{RESERVED, Slug, fold_path};
pub use tier::Tier;
