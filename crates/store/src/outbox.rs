//! What happens, put down for those who want to hear of it in the transaction in which it happens.
//!
//! **Invariant:** whatever changes a link, a domain or a conversion says so here, so that no caller
//! can forget it: an event is stored if and only if its change is.

use std::{
    fmt,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use jiff::Timestamp;
use model::{EventId, EventKind, Happened, WebhookState, WorkspaceId, hears};

use crate::{
    Store,
    db::{Arg, Row, Rows},
    failure::{Failure, Result},
    value,
    writer::Tx,
};

/// What happened, in the words in which it is told.
#[derive(Clone, Debug)]
pub struct Told {
    pub id: EventId,
    /// JSON.
    pub body: String,
}

/// Finds the words for what happens; none while the server stops.
pub type Teller = dyn Fn(&Happened<'_>) -> Option<Told> + Send + Sync;

/// Shared by everybody who writes to a database.
#[derive(Clone, Default)]
pub(crate) struct Outbox(Arc<Parts>);

#[derive(Default)]
struct Parts {
    teller: OnceLock<Box<Teller>>,
    known: Mutex<Option<Known>>,
}

/// The active webhooks of all workspaces, as they were at a value of their counter.
struct Known {
    counter: i64,
    listeners: Arc<[Listener]>,
}

struct Listener {
    webhook: i64,
    workspace: WorkspaceId,
    events: Option<Vec<EventKind>>,
}

/// One event and one who hears of it.
struct Letter {
    webhook: i64,
    event: i64,
    workspace: i64,
    at: Timestamp,
}

impl Store {
    /// From now on what happens is put down in these words; before that nothing is, as on the
    /// command line. Said once, before the first call is answered.
    pub fn tell(&self, teller: impl Fn(&Happened<'_>) -> Option<Told> + Send + Sync + 'static) {
        // Whoever was faster said the same.
        let _ = self.outbox.0.teller.set(Box::new(teller));
    }
}

impl Outbox {
    /// Forgets what was read in a transaction that came to nothing.
    pub(crate) fn forget(&self) {
        *self.0.known.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn known(&self, counter: i64) -> Option<Arc<[Listener]>> {
        let known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
        let current = known.as_ref().filter(|known| known.counter == counter);
        current.map(|known| Arc::clone(&known.listeners))
    }

    fn remember(&self, counter: i64, listeners: &Arc<[Listener]>) {
        let known = Known { counter, listeners: Arc::clone(listeners) };
        *self.0.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
    }
}

impl Tx {
    /// Puts down what this transaction makes happen, once for each webhook that hears of it.
    pub(crate) async fn happened(&mut self, all: &[Happened<'_>]) -> Result<()> {
        let listeners = self.listeners().await?;
        if listeners.is_empty() {
            return Ok(());
        }
        let outbox = self.outbox.clone();
        let Some(teller) = outbox.0.teller.get() else { return Ok(()) };
        let (mut events, mut letters) = (Vec::new(), Vec::new());
        for happened in all {
            let hears = |listener: &&Listener| {
                hears(listener.workspace, listener.events.as_deref(), happened)
            };
            let mut heard = listeners.iter().filter(hears).peekable();
            if heard.peek().is_none() {
                continue;
            }
            let told = teller(happened).ok_or_else(stopping)?;
            let (event, workspace) = (told.id.number(), happened.workspace().number());
            letters.extend(heard.map(|listener| Letter {
                webhook: listener.webhook,
                event,
                workspace,
                at: happened.at(),
            }));
            events.push((told, happened));
        }
        let insert = "insert into events (id, workspace_id, kind, body, created_at)";
        self.conn.insert(&Rows::new(insert, &events, event_cells)).await?;
        let insert = "
            insert into deliveries (webhook_id, event_id, workspace_id, created_at, next_at, state,
                                    attempts, taken_until)";
        self.conn.insert(&Rows::new(insert, &letters, letter_cells)).await.map(drop)
    }

    /// Whether somebody hears of something, so that it is worth finding out more about it.
    pub(crate) async fn is_heard(
        &mut self,
        workspace: WorkspaceId,
        kind: EventKind,
    ) -> Result<bool> {
        let is_theirs = |listener: &Listener| {
            let all = listener.events.as_ref();
            listener.workspace == workspace && all.is_none_or(|all| all.contains(&kind))
        };
        Ok(self.listeners().await?.iter().any(is_theirs))
    }

    /// The active webhooks. They are read again only where one was changed since: that is told by a
    /// number which most transactions have read anyway, with the version counter.
    async fn listeners(&mut self) -> Result<Arc<[Listener]>> {
        let counter = match self.webhooks {
            Some(counter) => counter,
            None => {
                let sql = "select value from counters where name = 'webhooks'";
                let row = self.conn.fetch_optional(sql, &[]).await?;
                row.ok_or_else(|| Failure::internal("the webhooks have no counter"))?
                    .int("value")?
            }
        };
        self.webhooks = Some(counter);
        if let Some(known) = self.outbox.known(counter) {
            return Ok(known);
        }
        let sql = "select id, workspace_id, events from webhooks where state = $1 order by id";
        let rows = self.conn.fetch_all(sql, &[WebhookState::Active.name().into()]).await?;
        let listeners: Arc<[Listener]> = rows.iter().map(listener).collect::<Result<_>>()?;
        self.outbox.remember(counter, &listeners);
        Ok(listeners)
    }
}

fn event_cells<'t>((told, happened): &'t (Told, &Happened<'_>), args: &mut Vec<Arg<'t>>) {
    args.extend_from_slice(&[told.id.number().into(), happened.workspace().number().into()]);
    args.extend_from_slice(&[happened.kind().name().into(), (&told.body).into()]);
    args.push(happened.at().as_millisecond().into());
}

fn letter_cells<'t>(letter: &'t Letter, args: &mut Vec<Arg<'t>>) {
    let Letter { webhook, event, workspace, at } = *letter;
    let at = at.as_millisecond();
    args.extend([webhook, event, workspace, at, at, 0, 0, 0].map(Arg::from));
}

fn listener(row: &Row) -> Result<Listener> {
    Ok(Listener {
        webhook: row.int("id")?,
        workspace: value::id(row.int("workspace_id")?)?,
        events: row.maybe_text("events")?.map(kinds).transpose()?,
    })
}

/// Kinds of events by their names; those of a newer version are none that we could tell.
pub(crate) fn kinds(names: &str) -> Result<Vec<EventKind>> {
    let known = value::list(names)?;
    Ok(known.iter().filter_map(|name| EventKind::named(name)).collect())
}

fn stopping() -> Failure {
    model::Error::Unavailable("the server stops".into()).into()
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outbox")
    }
}
