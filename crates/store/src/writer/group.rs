//! One group of writes: a transaction, begun again where it does not go through.

use model::Happened;
use tracing::warn;

use super::{Answer, Job, Outcome, Run, Tx};
use crate::{
    db::{Conn, Db},
    failure::{Failure, Result},
    links::{
        insert::{self, Manner, NewLink},
        rows::Domains,
    },
    outbox::Outbox,
    own::Own,
};

/// What a writer has at hand for every group.
pub(super) struct Desk {
    pub(super) db: Db,
    pub(super) outbox: Outbox,
    pub(super) own: Own,
    pub(super) domains: Domains,
}

/// How often a transaction is tried that the database gave up for another one.
const TRIES: u32 = 4;

impl Desk {
    /// Forgets what was read in a transaction that came to nothing.
    pub(super) fn forget(&mut self) {
        self.outbox.forget();
        self.domains.forget();
    }
}

/// Writes a group, again where the database gave it up for another transaction, and where one of its
/// links kept all others from being stored.
pub(super) async fn write(
    desk: &mut Desk,
    mut kept: Option<Conn>,
    group: &mut [Job],
) -> Result<(Conn, Vec<Outcome>), (Option<Conn>, Failure)> {
    let (mut tries, mut manner) = (0, Manner::Hopeful);
    loop {
        tries += 1;
        let announced = group.iter().any(Job::is_announced);
        let mut tx =
            begin(desk, kept.take(), announced).await.map_err(|failure| (None, failure))?;
        let failure = match transaction(desk, &mut tx, manner, group).await {
            Ok(outcomes) => return Ok((tx.conn, outcomes)),
            Err(failure) => failure,
        };
        desk.forget();
        if !failure.ends_the_connection() && tx.conn.rollback().await.is_ok() {
            kept = Some(tx.conn);
        }
        let has_links = group.iter().any(|job| matches!(job, Job::Links { .. }));
        match failure {
            Failure::Again(why) if tries < TRIES => warn!("a transaction is written again: {why}"),
            failure if failure.ends_the_group() => return Err((kept, failure)),
            _ if has_links && manner == Manner::Hopeful => manner = Manner::Careful,
            failure => return Err((kept, failure)),
        }
    }
}

/// Begins on the connection of the last group where it still lives, else on a new one.
async fn begin(desk: &Desk, kept: Option<Conn>, announced: bool) -> Result<Tx> {
    let tx =
        |conn| Tx { conn, change: 0, webhooks: None, outbox: desk.outbox.clone(), outlives: false };
    if let Some(conn) = kept {
        let mut tx = tx(conn);
        if tx.begin(announced).await.is_ok() {
            return Ok(tx);
        }
    }
    let mut tx = tx(desk.db.write().await?);
    tx.begin(announced).await?;
    Ok(tx)
}

impl Tx {
    async fn begin(&mut self, announced: bool) -> Result<()> {
        if announced { self.raise_version().await } else { self.conn.begin().await }
    }

    /// Begins by raising the counter that every node watches. The row's lock makes writers commit in
    /// the order of their numbers, so whoever saw one number has seen all below it.
    async fn raise_version(&mut self) -> Result<()> {
        let sql = "
            update counters set value = value + 1 where name = 'version'
            returning value, (select w.value from counters w where w.name = 'webhooks') as webhooks";
        let row = self.conn.begin_with(sql).await?;
        let row = row.ok_or_else(|| Failure::internal("the version counter has no row"))?;
        self.change = row.int("value")?;
        self.webhooks = row.maybe_int("webhooks")?;
        Ok(())
    }
}

async fn transaction(
    desk: &mut Desk,
    tx: &mut Tx,
    manner: Manner,
    group: &mut [Job],
) -> Result<Vec<Outcome>> {
    let alone = group.len() == 1;
    let links = group.iter().flat_map(Job::links).collect::<Vec<_>>();
    let inserted = insert_links(&mut desk.domains, tx, &links, manner).await?;
    let mut others = Vec::new();
    for job in group.iter_mut() {
        if let Job::Other { run, .. } = job {
            others.push(if alone { Ok(run(tx).await?) } else { part(tx, run).await? });
        }
    }
    let made = inserted.iter().filter(|result| result.is_ok()).count();
    if made == 0 && group.iter().all(|job| matches!(job, Job::Links { .. })) {
        // Nothing is to be stored, so that nobody has to wait for the disk.
        tx.conn.rollback().await?;
        desk.domains.forget();
    } else {
        tx.conn.commit().await?;
    }
    let links_alone = !group.iter().any(|job| matches!(job, Job::Other { announced: true, .. }));
    if !links_alone {
        desk.domains.forget();
    } else if 0 < made {
        desk.domains.hold(tx.change);
    }
    let receipts = desk.own.receipts(tx.change, made, links_alone);
    let mut inserted = inserted.into_iter().map(|result| result.map(|()| receipts.one()));
    let mut others = others.into_iter();
    let outcome = |job: &Job| match job {
        Job::Links { links, .. } => {
            Some(Outcome::Links(inserted.by_ref().take(links.len()).collect()))
        }
        Job::Other { .. } => others.next().map(Outcome::Other),
        Job::Settle(_) | Job::Close(_) => None,
    };
    Ok(group.iter().filter_map(outcome).collect())
}

async fn insert_links(
    domains: &mut Domains,
    tx: &mut Tx,
    links: &[&NewLink],
    manner: Manner,
) -> Result<Vec<model::Result<()>>> {
    if links.is_empty() {
        return Ok(Vec::new());
    }
    let inserted = insert::all(&mut tx.conn, domains, tx.change, links, manner).await?;
    let made = links.iter().zip(&inserted).filter(|(_, result)| result.is_ok());
    let made: Vec<_> = made.map(|(new, _)| Happened::LinkCreated(new.link())).collect();
    tx.happened(&made).await?;
    Ok(inserted)
}

/// Runs one job of several so that its failure is its own.
async fn part(tx: &mut Tx, run: &mut Run) -> Result<model::Result<Answer>> {
    tx.conn.save().await?;
    match run(tx).await {
        Ok(answer) => {
            tx.conn.keep().await?;
            Ok(Ok(answer))
        }
        Err(failure) if failure.ends_the_group() => Err(failure),
        Err(failure) => {
            tx.conn.undo().await?;
            // What was set in that part is not any more.
            tx.outlives = false;
            Ok(Err(failure.into()))
        }
    }
}
