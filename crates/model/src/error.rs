//! Everything that can go wrong, in the product's own terms.

use std::fmt;

use serde::Serialize;
use targeting::Problem;

use crate::Diff;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Every way in which an operation can fail.
///
/// Each API dialect turns these into its own status codes and envelope with one exhaustive
/// `match`, so a new variant does not compile until every dialect has said how it reads there.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0} not found")]
    NotFound(What),
    #[error("{0} is already taken")]
    Taken(What),
    /// What was sent holds values that cannot be; each problem names its place.
    #[error("{}", list(.0))]
    Invalid(Vec<Problem>),
    /// What was sent cannot be read at all: broken JSON, not UTF-8.
    #[error("{0}")]
    Malformed(String),
    /// The body is larger than this many bytes.
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    /// The body did not come in time.
    #[error("the body was not sent in time")]
    Late,
    /// The link or the draft was saved by someone else since it was read.
    #[error("it has changed meanwhile: read it again and repeat the edit")]
    Stale,
    /// A call of the same name was begun and is not answered yet.
    #[error("the first call with this idempotency key is still under way: ask again in a second")]
    UnderWay,
    /// A draft was begun from a revision that is no longer the link's.
    #[error(
        "the draft was begun from revision {}, and the link is at revision {} now",
        .0.base, .0.revision
    )]
    Diverged(Box<Divergence>),
    /// What was to be saved breaks tests of its link; each problem names its test and says why.
    #[error("the save would break {}: {}", count(.0.len(), "link test"), list(.0))]
    FailedTests(Vec<Problem>),
    #[error("an API key is required, and none that is known was sent")]
    Unauthenticated,
    /// What a member signs in with or their password is not right.
    #[error("no member has this name or e-mail address and this password")]
    WrongPassword,
    /// The password of a member is right, and a code of their authenticator has to come with it.
    #[error("a code of your authenticator is wanted too, or a recovery code, in `code`")]
    CodeWanted,
    #[error("this code is not the one of now, or it was used already")]
    WrongCode,
    #[error("this passkey is not known here, or what it signed is not right")]
    WrongPasskey,
    /// A browser sent its cookie along, and not for a page of ours.
    #[error("a browser's cookie is taken from pages of this server only: send `Authorization`")]
    CrossSite,
    #[error("the scope {0} is needed for this")]
    Forbidden(&'static str),
    /// A key for some domains asks for what concerns them all.
    #[error("this key is for some domains only, and this concerns all of them")]
    Confined,
    /// Too many tries; seconds until the next may be made.
    #[error("too many tries: wait {0} s")]
    TooMany(u64),
    /// What is needed cannot be reached now (the database); trying again later may do.
    #[error("the database cannot be reached just now")]
    Unavailable(#[source] Source),
    /// The database's disk has no room: links go on redirecting, and nothing can be saved.
    #[error("the disk is full, and nothing was saved: make room, and try again")]
    Full(#[source] Source),
    /// Something of ours broke; the source is for the log, never for a caller.
    #[error("internal error")]
    Internal(#[source] Source),
}

pub(crate) type Source = Box<dyn std::error::Error + Send + Sync>;

/// How a draft and its link went apart.
#[derive(Debug, Serialize)]
pub struct Divergence {
    /// The revision that the draft was begun from.
    pub base: i64,
    /// The link's revision now.
    pub revision: i64,
    /// What the draft changes of its base.
    pub draft: Diff,
    /// What others have changed of the same base meanwhile.
    pub link: Diff,
}

/// What was not found, or is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Link,
    Slug,
    Domain,
    Rule,
    Key,
    Workspace,
    Revision,
    Click,
    Draft,
    Test,
    Permission,
    Folder,
    Tag,
    Pixel,
    Member,
    Invitation,
    Session,
    Authenticator,
    Passkey,
    ForeignId,
    Webhook,
    Delivery,
    Path,
}

impl Error {
    /// One problem at one place.
    pub fn invalid(at: impl Into<String>, why: impl Into<String>) -> Error {
        Error::Invalid(vec![problem(at, why)])
    }

    pub fn internal(source: impl Into<Source>) -> Error {
        Error::Internal(source.into())
    }

    /// The same error, said of places under `parent` (such as `rules[2]`).
    #[must_use]
    pub fn under(self, parent: &str) -> Error {
        match self {
            Error::Invalid(problems) => {
                Error::Invalid(problems.into_iter().map(|problem| problem.under(parent)).collect())
            }
            other => other,
        }
    }
}

impl From<Vec<Problem>> for Error {
    fn from(problems: Vec<Problem>) -> Error {
        Error::Invalid(problems)
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            What::Link => "link",
            What::Slug => "slug",
            What::Domain => "domain",
            What::Rule => "rule",
            What::Key => "key",
            What::Workspace => "workspace",
            What::Revision => "revision",
            What::Click => "click",
            What::Draft => "draft",
            What::Test => "test",
            What::Permission => "permission",
            What::Folder => "folder",
            What::Tag => "tag",
            What::Pixel => "pixel",
            What::Member => "member",
            What::Invitation => "invitation",
            What::Session => "session",
            What::Authenticator => "authenticator",
            What::Passkey => "passkey",
            What::ForeignId => "foreign id",
            What::Webhook => "webhook",
            What::Delivery => "delivery",
            What::Path => "path",
        })
    }
}

pub(crate) fn problem(at: impl Into<String>, why: impl Into<String>) -> Problem {
    Problem { at: at.into(), why: why.into() }
}

fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("one {noun}") } else { format!("{n} {noun}s") }
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
