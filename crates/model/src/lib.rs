//! What the product is about: links, the rules of a link, who may touch them, and what can go
//! wrong.
//!
//! **Invariant:** a value that exists has been checked. [`Slug`], [`Host`], [`Destination`] and the
//! like are private inside and have one constructor.
//!
//! **Invariant:** nothing here knows HTTP, SQL, a clock or a dice. Time, ids and chance come in as
//! values, and an edit is a pure function on a [`Link`].

mod action;
mod app_links;
mod caller;
mod click;
mod conversion;
mod credential;
mod delivery;
mod destination;
mod diff;
mod domain;
mod error;
mod event;
mod example;
mod folder;
mod foreign_id;
mod host;
mod id;
mod key;
mod link;
mod link_test;
mod manner;
mod member;
mod parameters;
mod permission;
mod pixel;
mod proof;
mod revision;
mod rule;
mod saved_draft;
mod slug;
mod tier;
mod webhook;

pub use action::{Action, BLOCKS, Variant};
pub use app_links::AppLinks;
pub use caller::{Caller, SCOPES, Scope, Who};
pub use click::{
    BadClickId, CLASSES, Class, Click, ClickId, Head, NetworkFlags, Outcome, Unreadable, Utm,
};
pub use conversion::{Amount, Conversion, ConversionId, Report};
pub use credential::{Credential, Shown};
pub use delivery::{Attempt, DELIVERY_STATES, Delivery, DeliveryState, Next, end_of_webhook};
pub use destination::{Destination, Schemes};
pub use diff::{Changed, Diff, KeyChange, Moved, Placed};
pub use domain::{Domain, Workspace};
pub use error::{Divergence, Error, Result, What};
pub use event::{EVENTS, Event, EventId, EventKind, Happened};
pub use example::{Example, RAW_KEYS};
pub use folder::{Folder, FolderSettings};
pub use foreign_id::{ForeignId, SERVICES};
pub use host::Host;
pub use id::{
    DomainId, Id, InvitationId, KeyId, LinkId, MemberId, PermissionId, PixelId, RuleId, SessionId,
    Stamp, TestId, WorkspaceId, compose,
};
pub use key::{ApiKey, Key};
pub use link::{
    Address, Card, Change, Counted, Draft, LONGEST_TAG, Link, Patch, REDIRECTS, Redirects, Status,
};
pub use link_test::{Expected, Got, LinkTest};
pub use manner::{Https, Manner, Robots, SlugKind};
pub use member::{Invitation, InvitationToken, Member, ROLES, Role, Session, SessionToken};
pub use parameters::Parameters;
pub use permission::Permission;
pub use pixel::{PIXELS, Pixel, PixelKind, PixelRow, Tag};
pub use proof::{Authenticator, Passkey, PasskeyId, Proofs};
pub use revision::{Plan, Revision};
pub use rule::{Rule, RuleDraft, RulePatch};
pub use saved_draft::{Editor, SavedDraft};
pub use slug::{RESERVED, Slug, fold_path};
pub use tier::Tier;
pub use webhook::{WEBHOOK_STATES, Webhook, WebhookId, WebhookSecret, WebhookState, hears};
