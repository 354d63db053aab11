//! Everything that is kept, in SQLite or in PostgreSQL.
//!
//! **Invariant:** this crate alone knows SQL, and no statement of it exists in two versions.
//!
//! **Invariant:** what belongs to a workspace is asked for with that workspace, and to any other it
//! is "not found".
//!
//! **Invariant:** every write goes through one queue, [`writer`], and is durable when it is
//! answered.

mod authenticators;
mod batches;
mod blocks;
mod click_totals;
mod clicks;
mod conversions;
mod copies;
mod counted_slugs;
mod db;
mod deliveries;
mod domains;
mod drafts;
mod experiments;
mod failure;
mod folders;
mod foreign_ids;
mod kept_clicks;
mod keys;
mod limits;
mod link_tests;
mod links;
mod members;
mod nodes;
mod outbox;
mod own;
mod passkeys;
mod permissions;
mod pixels;
mod preferences;
mod replies;
mod revisions;
mod routes;
mod secrets;
mod sessions;
mod tags;
mod tail;
mod unmatched;
mod value;
mod webhooks;
mod workspaces;
mod writer;

use model::Result;

pub use batches::{RecentClick, clicks};
pub use blocks::{Block, Firsts, Known, NewBlock, NewClicks};
pub use conversions::ConversionTotal;
pub use copies::Contents;
pub use db::{Hints, OpenError};
pub use deliveries::{Taken, Tried};
pub use experiments::SplitClicks;
pub use kept_clicks::Until;
pub use links::{By, Filter, Key, Order, Place, STATES, State};
pub use nodes::{NODES, Offset};
pub use outbox::Told;
pub use own::Stored;
pub use replies::{Begun, CallName, Reply};
pub use tail::{After, BadTail, Sealed, Tail};
pub use unmatched::{Unmatched, UnmatchedOf};

use db::Db;
use outbox::Outbox;
use own::Own;
use writer::Writer;

/// The product's database. Clones are the same database.
#[derive(Clone, Debug)]
pub struct Store {
    db: Db,
    /// For what an API call waits for.
    writer: Writer,
    /// For clicks and the like, so that where the database can, they do not queue with API calls.
    clicks: Writer,
    outbox: Outbox,
    own: Own,
}

impl Store {
    /// Opens `sqlite://waypost.db`, `sqlite:///var/lib/waypost.db` or `postgres://…`, as it is:
    /// see [`migrate`](Self::migrate). Needs a tokio runtime to write on.
    ///
    /// SQLite's file is made with its folder; PostgreSQL need not be up yet.
    pub async fn open(url: &str) -> Result<Store, OpenError> {
        let db = Db::open(url).await?;
        let (outbox, own) = (Outbox::default(), Own::default());
        let hinter = db.hinter();
        let start = || Writer::start(db.clone(), outbox.clone(), own.clone(), hinter.clone());
        let writer = start();
        let clicks = if db.has_parallel_writers() { start() } else { writer.clone() };
        Ok(Store { db, writer, clicks, outbox, own })
    }

    /// Brings the tables up to date and names what was done; several processes may do so at once.
    pub async fn migrate(&self) -> Result<Vec<String>> {
        Ok(self.db.migrate().await?)
    }

    /// Whether the database answers and has our tables.
    pub async fn ping(&self) -> Result<()> {
        self.version().await.map(drop)
    }

    /// Hears that some process changed something, as a rule; see [`Hints`].
    pub fn hints(&self) -> Hints {
        self.db.hints()
    }

    /// Writes what is queued and closes every connection.
    pub async fn close(&self) {
        self.writer.close().await;
        self.clicks.close().await;
        self.db.close().await;
    }
}
