//! What can go wrong with a statement, before it is known what that means to a caller.

use model::{Error, What};

pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why a statement or a transaction did not do its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The product's own refusal: not found, stale, taken.
    Refused(Error),
    /// A row with the same unique key is there already.
    Unique(Source),
    /// The database gave up this transaction for another one; the same transaction may do later.
    Again(Source),
    /// The database cannot be reached, or is shutting down.
    Unavailable(Source),
    /// There is no room for what was to be stored.
    Full(Source),
    Internal(Source),
}

/// SQLSTATEs, or their first two characters, of a server that does not serve just now.
///
/// Connection exceptions, wrong authorisation, insufficient resources, operator intervention,
/// system errors; no such database; a standby that takes no writes.
const POSTGRES_AWAY: &[&str] = &["08", "28", "53", "57", "58", "3D000", "25006"];
/// Serialisation failure and deadlock.
const POSTGRES_AGAIN: &[&str] = &["40001", "40P01"];
/// SQLite's primary codes for busy, locked, read-only, I/O error and cannot open.
const SQLITE_AWAY: &[i64] = &[5, 6, 8, 10, 14];
/// SQLSTATE's `disk_full`, and SQLite's code for it.
const FULL: &[&str] = &["53100", "13"];

impl Failure {
    pub(crate) fn internal(source: impl Into<Source>) -> Failure {
        Failure::Internal(source.into())
    }

    /// Whether nothing else will work on this connection either.
    pub(crate) fn ends_the_connection(&self) -> bool {
        matches!(self, Failure::Unavailable(_) | Failure::Full(_))
    }

    /// Whether the whole transaction is lost, and not only one statement of it.
    pub(crate) fn ends_the_group(&self) -> bool {
        matches!(self, Failure::Again(_) | Failure::Unavailable(_) | Failure::Full(_))
    }

    /// The same failure once more, for each of those whom it befell.
    pub(crate) fn copy(&self) -> Failure {
        match self {
            Failure::Again(source) | Failure::Unavailable(source) => {
                Failure::Unavailable(source.to_string().into())
            }
            Failure::Refused(Error::Unavailable(source)) => {
                Failure::Unavailable(source.to_string().into())
            }
            Failure::Full(source) => Failure::Full(source.to_string().into()),
            Failure::Refused(error) => Failure::Internal(error.to_string().into()),
            Failure::Unique(source) | Failure::Internal(source) => {
                Failure::Internal(source.to_string().into())
            }
        }
    }
}

/// Turns a clash with a unique key into [`Error::Taken`].
pub(crate) fn taken(what: What) -> impl FnOnce(Failure) -> Failure {
    move |failure| match failure {
        Failure::Unique(_) => Failure::Refused(Error::Taken(what)),
        other => other,
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Refused(error)
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Error {
        match failure {
            Failure::Refused(error) => error,
            Failure::Again(source) | Failure::Unavailable(source) => Error::Unavailable(source),
            Failure::Full(source) => Error::Full(source),
            Failure::Unique(source) | Failure::Internal(source) => Error::Internal(source),
        }
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Failure {
        let sqlx::Error::Database(database) = &error else {
            return match error {
                sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed
                | sqlx::Error::BeginFailed => Failure::Unavailable(error.into()),
                other => Failure::Internal(other.into()),
            };
        };
        let code = database.code().unwrap_or_default();
        // SQLSTATEs have five characters; SQLite's codes are numbers below 10,000.
        let away = match code.parse::<i64>() {
            Ok(number) if code.len() < 5 => SQLITE_AWAY.contains(&(number & 0xff)),
            _ => POSTGRES_AWAY.iter().any(|away| code.starts_with(away)),
        };
        if database.is_unique_violation() {
            Failure::Unique(error.into())
        } else if POSTGRES_AGAIN.contains(&code.as_ref()) {
            Failure::Again(error.into())
        } else if FULL.contains(&code.as_ref()) {
            Failure::Full(error.into())
        } else if away {
            Failure::Unavailable(error.into())
        } else {
            Failure::Internal(error.into())
        }
    }
}
