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
mod destination;
mod domain;
mod error;
mod host;
mod id;
mod key;
mod link;
mod revision;
mod rule;
mod slug;

pub use action::{Action, BLOCKS, Variant};
pub use caller::{Caller, SCOPES, Scope};
pub use click::{
    BadClickId, CLASSES, Class, Click, ClickId, Head, NetworkFlags, Outcome, Unreadable, Utm,
};
pub use destination::{Destination, Schemes};
pub use domain::{Domain, Workspace};
pub use error::{Error, Result, What};
pub use host::Host;
pub use id::{DomainId, Id, KeyId, LinkId, RuleId, Stamp, WorkspaceId, compose};
pub use key::{ApiKey, Key};
pub use link::{Address, Card, Change, Counted, Draft, Link, Patch, Status};
pub use revision::Revision;
pub use rule::{Rule, RuleDraft, RulePatch, Tier};
pub use slug::{RESERVED, Slug, fold_path};
