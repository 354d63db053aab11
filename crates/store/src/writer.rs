//! Groups what many callers write into one transaction.
//!
//! A task owns the writing connection. It takes whatever waits in its queue, writes all of it in
//! one transaction, and answers each caller when that is durable: sixteen callers share one fsync
//! and one raise of the version counter, and a caller alone waits for nobody.

mod group;

use std::{any::Any, time::Duration};

use futures_util::future::{BoxFuture, FutureExt};
use model::Error;
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use self::group::{Desk, write};
use crate::{
    db::{Conn, Db, Hinter, PATIENCE},
    failure::{Failure, Result},
    links::{insert::NewLink, rows::Domains},
    outbox::Outbox,
    own::{Own, Stored},
};

/// The way into the queue.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Job>,
}

/// The transaction of a group.
pub(crate) struct Tx {
    pub(crate) conn: Conn,
    /// The version counter as this transaction raised it; 0 where it did not.
    pub(crate) change: i64,
    /// The webhooks' counter, where it was read.
    pub(crate) webhooks: Option<i64>,
    pub(crate) outbox: Outbox,
    /// Whether its commit waits for the log.
    outlives: bool,
}

/// What a caller wants written. It may run more than once, until its transaction is through.
enum Job {
    /// Links of one caller. Those of the whole group are inserted together.
    Links {
        links: Vec<NewLink>,
        reply: oneshot::Sender<Vec<model::Result<Stored>>>,
    },
    Other {
        announced: bool,
        run: Run,
        reply: oneshot::Sender<model::Result<Answer>>,
    },
    /// After this, nothing that was deleted lies in a log any more.
    Settle(oneshot::Sender<model::Result<()>>),
    /// Write what waits, then close the connection.
    Close(oneshot::Sender<()>),
}

type Answer = Box<dyn Any + Send>;
type Run = Box<dyn for<'t> FnMut(&'t mut Tx) -> BoxFuture<'t, Result<Answer>> + Send>;

/// What became of one job of a transaction that is through.
enum Outcome {
    Links(Vec<model::Result<Stored>>),
    Other(model::Result<Answer>),
}

/// Jobs that can wait before callers have to.
const QUEUE: usize = 1_024;
/// Jobs of one transaction.
const MOST: usize = 256;
/// A transaction that takes longer than this has lost its database.
const LONGEST: Duration = Duration::from_secs(30);

impl Tx {
    /// Has the commit wait until it is in the log: see [`Conn::outlive_a_crash`]. For the whole
    /// group, it is asked for once.
    pub(crate) async fn outlive_a_crash(&mut self) -> Result<()> {
        if !self.outlives {
            self.conn.outlive_a_crash().await?;
            self.outlives = true;
        }
        Ok(())
    }
}

impl Writer {
    /// Starts the task; it ends when the last writer is dropped.
    pub(crate) fn start(db: Db, outbox: Outbox, own: Own, hinter: Hinter) -> Writer {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let desk = Desk { db, outbox, own, domains: Domains::default() };
        tokio::spawn(serve(desk, hinter, jobs));
        Writer { queue }
    }

    /// Writes something that changes what a redirect may answer: [`Tx::change`] is set.
    pub(crate) async fn announce<T: Send + 'static>(
        &self,
        run: impl for<'t> FnMut(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
    ) -> model::Result<T> {
        self.run(true, run).await
    }

    /// Writes something that no redirect depends on.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        run: impl for<'t> FnMut(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
    ) -> model::Result<T> {
        self.run(false, run).await
    }

    pub(crate) async fn insert_links(&self, links: Vec<NewLink>) -> Vec<model::Result<Stored>> {
        let count = links.len();
        let (reply, answer) = oneshot::channel();
        if let Err(error) = self.send(Job::Links { links, reply }).await {
            let failure = Failure::from(error);
            return (0..count).map(|_| Err(failure.copy().into())).collect();
        }
        answer.await.unwrap_or_else(|_| (0..count).map(|_| Err(gone())).collect())
    }

    /// Empties the database's log, as far as the database has one of its own.
    pub(crate) async fn settle(&self) -> model::Result<()> {
        let (reply, answer) = oneshot::channel();
        self.send(Job::Settle(reply)).await?;
        answer.await.map_err(|_| gone())?
    }

    /// Writes what waits and closes the connection; whoever writes afterwards is refused.
    pub(crate) async fn close(&self) {
        let (reply, closed) = oneshot::channel();
        if self.queue.send(Job::Close(reply)).await.is_ok() {
            // An error means that the task is gone, and the connection with it.
            let _ = closed.await;
        }
    }

    async fn run<T: Send + 'static>(
        &self,
        announced: bool,
        mut run: impl for<'t> FnMut(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
    ) -> model::Result<T> {
        let run: Run =
            Box::new(move |tx| run(tx).map(|done| done.map(|t| Box::new(t) as _)).boxed());
        let (reply, answer) = oneshot::channel();
        self.send(Job::Other { announced, run, reply }).await?;
        let answer = answer.await.map_err(|_| gone())??;
        Ok(*answer.downcast().expect("a job answers with the type that it was made for"))
    }

    async fn send(&self, job: Job) -> model::Result<()> {
        match timeout(PATIENCE, self.queue.send(job)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(gone()),
            Err(_) => Err(Error::Unavailable("too many writes are waiting".into())),
        }
    }
}

async fn serve(mut desk: Desk, hinter: Hinter, mut jobs: mpsc::Receiver<Job>) {
    let mut kept = None;
    let mut group = Vec::with_capacity(MOST);
    let (mut settling, mut closing) = (Vec::new(), Vec::new());
    while 0 < jobs.recv_many(&mut group, MOST).await {
        for job in group.extract_if(.., |job| !job.is_write()) {
            match job {
                Job::Settle(reply) => settling.push(reply),
                Job::Close(reply) => {
                    jobs.close();
                    closing.push(reply);
                }
                Job::Links { .. } | Job::Other { .. } => (),
            }
        }
        if !group.is_empty() {
            let announced = group.iter().any(Job::is_announced);
            kept = serve_group(&mut desk, kept, &mut group).await;
            if announced {
                hinter.hint();
            }
        }
        for reply in settling.drain(..) {
            // Nobody waits any more where this fails.
            let _ = reply.send(settle(&desk.db, &mut kept).await.map_err(Error::from));
        }
    }
    drop(kept);
    for reply in closing {
        let _ = reply.send(());
    }
}

/// Writes a group, answers it, and gives the connection back where it is sound.
async fn serve_group(desk: &mut Desk, kept: Option<Conn>, group: &mut Vec<Job>) -> Option<Conn> {
    // The connection goes into the transaction and comes back only from a sound one, so that
    // giving up in the middle closes it.
    let written = timeout(LONGEST, write(desk, kept, group)).await;
    match written.unwrap_or_else(|_| Err((None, Failure::Unavailable("no answer".into())))) {
        Ok((conn, outcomes)) => {
            answer(group.drain(..), outcomes);
            Some(conn)
        }
        Err((conn, failure)) => {
            desk.forget();
            refuse(group.drain(..), failure);
            conn
        }
    }
}

async fn settle(db: &Db, kept: &mut Option<Conn>) -> Result<()> {
    let mut conn = match kept.take() {
        Some(conn) => conn,
        None => db.write().await?,
    };
    conn.settle().await?;
    *kept = Some(conn);
    Ok(())
}

fn answer(group: impl Iterator<Item = Job>, outcomes: Vec<Outcome>) {
    for (job, outcome) in group.zip(outcomes) {
        // A caller who went away in the meantime is nobody's loss: what it asked for is written.
        match (job, outcome) {
            (Job::Links { reply, .. }, Outcome::Links(results)) => drop(reply.send(results)),
            (Job::Other { reply, .. }, Outcome::Other(result)) => drop(reply.send(result)),
            _ => (),
        }
    }
}

/// Tells everybody of a group that nothing of it was written. One alone hears the failure itself.
fn refuse(group: impl ExactSizeIterator<Item = Job>, failure: Failure) {
    let copy = failure.copy();
    let mut own = (group.len() == 1).then_some(failure);
    for job in group {
        let mut error = || Error::from(own.take().unwrap_or_else(|| copy.copy()));
        match job {
            Job::Links { links, reply } => {
                drop(reply.send(links.iter().map(|_| Err(error())).collect()));
            }
            Job::Other { reply, .. } => drop(reply.send(Err(error()))),
            Job::Settle(_) | Job::Close(_) => (),
        }
    }
}

fn gone() -> Error {
    Error::Unavailable("the database was closed".into())
}

impl Job {
    fn is_announced(&self) -> bool {
        match self {
            Job::Links { .. } => true,
            Job::Other { announced, .. } => *announced,
            Job::Settle(_) | Job::Close(_) => false,
        }
    }

    fn is_write(&self) -> bool {
        matches!(self, Job::Links { .. } | Job::Other { .. })
    }

    fn links(&self) -> &[NewLink] {
        match self {
            Job::Links { links, .. } => links,
            Job::Other { .. } | Job::Settle(_) | Job::Close(_) => &[],
        }
    }
}
