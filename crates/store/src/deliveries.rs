//! Events on their way to webhooks: taken by one node at a time, and kept until they are old.

use std::{collections::HashSet, sync::Arc};

use futures_util::FutureExt;
use jiff::Timestamp;
use model::{
    Attempt, Delivery, DeliveryState, Error, Event, EventId, EventKind, Next, Result, Webhook,
    WebhookId, WebhookState, What, WorkspaceId,
};
use sqlx::AssertSqlSafe;

use crate::{
    Store,
    db::Row,
    failure::{self, Failure},
    value, webhooks,
};

/// What a node has taken upon itself until a moment.
#[derive(Debug)]
pub struct Taken {
    pub webhook: Webhook,
    pub until: Timestamp,
    /// Oldest first, each with how often it was tried.
    pub events: Vec<(Event, i64)>,
}

/// How an attempt went.
#[derive(Clone, Debug)]
pub struct Tried {
    pub event: EventId,
    pub attempt: Attempt,
    pub next: Next,
}

const COLUMNS: &str = "
    select d.webhook_id, d.event_id, e.kind, d.state, d.attempts, d.next_at, d.last_at,
           d.last_status, d.last_error, d.created_at
    from deliveries d join events e on e.id = d.event_id";

impl Store {
    /// The active webhooks of every workspace for which something is due and free to be taken.
    pub async fn webhooks_due(&self, now: Timestamp) -> Result<Vec<WebhookId>> {
        let sql = "
            select id from webhooks w
            where w.state = $1 and exists (
                select 1 from deliveries d
                where d.webhook_id = w.id and d.state = 0 and d.next_at <= $2
                  and d.taken_until <= $2)
            order by id";
        let args = [WebhookState::Active.name().into(), now.as_millisecond().into()];
        let rows = self.db.read().await?.fetch_all(sql, &args).await?;
        Ok(rows.iter().map(|row| value::id(row.int("id")?)).collect::<failure::Result<_>>()?)
    }

    /// Takes what is due for a webhook, oldest first and at most `limit`, so that no other node does
    /// until `until`. None where the webhook is told nothing.
    pub async fn take_deliveries(
        &self,
        webhook: WebhookId,
        now: Timestamp,
        until: Timestamp,
        limit: i64,
    ) -> Result<Option<Taken>> {
        self.writer
            .write(move |tx| {
                async move {
                    let Some(webhook) = webhooks::active(&mut tx.conn, webhook).await? else {
                        return Ok(None);
                    };
                    let (id, now) = (webhook.id.number(), now.as_millisecond());
                    // What another node took while this statement waited for it is left out.
                    let sql = "
                        update deliveries set taken_until = $3
                        where webhook_id = $1 and state = 0 and taken_until <= $2 and event_id in (
                            select event_id from deliveries
                            where webhook_id = $1 and state = 0 and next_at <= $2
                              and taken_until <= $2
                            order by next_at, event_id limit $4)
                        returning event_id";
                    let lease = until.as_millisecond();
                    let args = [id.into(), now.into(), lease.into(), limit.into()];
                    let rows = tx.conn.fetch_all(sql, &args).await?;
                    let ours: HashSet<i64> = rows
                        .iter()
                        .map(|row| row.int("event_id"))
                        .collect::<failure::Result<_>>()?;
                    let sql = "
                        select e.id, e.kind, e.body, d.attempts
                        from deliveries d join events e on e.id = d.event_id
                        where d.webhook_id = $1 and d.state = 0 and d.taken_until = $2
                        order by d.next_at, d.event_id";
                    let rows = tx.conn.fetch_all(sql, &[id.into(), lease.into()]).await?;
                    let events = rows.iter().map(|row| Ok((event(row)?, row.int("attempts")?)));
                    let mut events: Vec<(Event, i64)> = events.collect::<failure::Result<_>>()?;
                    events.retain(|(event, _)| ours.contains(&event.id.number()));
                    Ok(Some(Taken { webhook, until, events }))
                }
                .boxed()
            })
            .await
    }

    /// Stores how attempts at deliveries went that were taken until `until`, and what that says of
    /// their webhook: `end` is the state in which it is told nothing more.
    pub async fn store_attempts(
        &self,
        webhook: WebhookId,
        until: Timestamp,
        tried: Vec<Tried>,
        end: Option<WebhookState>,
    ) -> Result<()> {
        let tried = Arc::new(tried);
        self.writer
            .write(move |tx| {
                let tried = Arc::clone(&tried);
                async move {
                    let id = webhook.number();
                    for Tried { event, attempt, next } in tried.iter() {
                        let sql = "
                            update deliveries
                            set state = $4, next_at = coalesce($5, next_at), last_at = $6,
                                last_status = $7, last_error = $8, attempts = attempts + 1,
                                taken_until = 0
                            where webhook_id = $1 and event_id = $2 and taken_until = $3";
                        let (state, next_at) = match next {
                            Next::Delivered => (DeliveryState::Delivered, None),
                            Next::Again(at) => (DeliveryState::Pending, Some(*at)),
                            Next::Failed => (DeliveryState::Failed, None),
                        };
                        let args = [
                            id.into(),
                            event.number().into(),
                            until.as_millisecond().into(),
                            state.number().into(),
                            value::milliseconds(next_at).into(),
                            attempt.at.as_millisecond().into(),
                            attempt.status.map(i64::from).into(),
                            (&attempt.error).into(),
                        ];
                        tx.conn.execute(sql, &args).await?;
                    }
                    let through = tried.iter().any(|tried| tried.attempt.is_through());
                    let first = tried.iter().map(|tried| tried.attempt.at).min();
                    let sql = match through {
                        true => "update webhooks set failing_since = null where id = $1",
                        false => {
                            "update webhooks set failing_since = coalesce(failing_since, $2)
                             where id = $1"
                        }
                    };
                    let args = [id.into(), value::milliseconds(first).into()];
                    let args = if through { &args[..1] } else { &args };
                    tx.conn.execute(sql, args).await?;
                    let Some(end) = end else { return Ok(()) };
                    let sql = "
                        update webhooks set state = $2, updated_at = updated_at + 1
                        where id = $1 and state = $3";
                    let active = WebhookState::Active.name();
                    let args = [id.into(), end.name().into(), active.into()];
                    tx.conn.execute(sql, &args).await?;
                    webhooks::changed(&mut tx.conn).await
                }
                .boxed()
            })
            .await
    }

    /// Sends something again, as if it had never been tried.
    pub async fn replay_delivery(
        &self,
        workspace: WorkspaceId,
        webhook: WebhookId,
        event: EventId,
        now: Timestamp,
    ) -> Result<()> {
        self.writer
            .write(move |tx| {
                async move {
                    let sql = "
                        update deliveries set state = 0, attempts = 0, next_at = $4
                        where workspace_id = $1 and webhook_id = $2 and event_id = $3";
                    let (workspace, webhook) = (workspace.number(), webhook.number());
                    let (event, now) = (event.number(), now.as_millisecond());
                    let args = [workspace.into(), webhook.into(), event.into(), now.into()];
                    match tx.conn.execute(sql, &args).await? {
                        0 => Err(Error::NotFound(What::Delivery).into()),
                        _ => Ok(()),
                    }
                }
                .boxed()
            })
            .await
    }

    /// Sends again what failed and happened at `since` or later; how much that is.
    pub async fn replay_failed(
        &self,
        workspace: WorkspaceId,
        webhook: WebhookId,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<u64> {
        self.writer
            .write(move |tx| {
                async move {
                    let sql = "
                        update deliveries set state = 0, attempts = 0, next_at = $4
                        where workspace_id = $1 and webhook_id = $2 and state = 2
                          and $3 <= created_at";
                    let (workspace, webhook) = (workspace.number(), webhook.number());
                    let (since, now) = (since.as_millisecond(), now.as_millisecond());
                    let args = [workspace.into(), webhook.into(), since.into(), now.into()];
                    tx.conn.execute(sql, &args).await
                }
                .boxed()
            })
            .await
    }

    /// A page of a webhook's deliveries, of one state or of all, newest first, those after `after`.
    pub async fn deliveries(
        &self,
        workspace: WorkspaceId,
        webhook: WebhookId,
        state: Option<DeliveryState>,
        after: Option<EventId>,
        limit: i64,
    ) -> Result<Vec<Delivery>> {
        let (workspace, webhook) = (workspace.number(), webhook.number());
        let after = after.map_or(i64::MAX, EventId::number);
        let args = [workspace.into(), webhook.into(), after.into(), limit.into()];
        // Spelled out, so that the index of that state alone can be used.
        let of_state = state.map(|state| format!("and d.state = {}", state.number()));
        let sql = AssertSqlSafe(format!(
            "{COLUMNS} where d.workspace_id = $1 and d.webhook_id = $2 and d.event_id < $3 {}
             order by d.event_id desc limit $4",
            of_state.unwrap_or_default()
        ));
        let rows = self.db.read().await?.fetch_all(sql, &args).await?;
        Ok(rows.iter().map(delivery).collect::<failure::Result<_>>()?)
    }

    pub async fn delivery(
        &self,
        workspace: WorkspaceId,
        webhook: WebhookId,
        event: EventId,
    ) -> Result<Delivery> {
        let sql = AssertSqlSafe(format!(
            "{COLUMNS} where d.workspace_id = $1 and d.webhook_id = $2 and d.event_id = $3"
        ));
        let (workspace, webhook) = (workspace.number(), webhook.number());
        let args = [workspace.into(), webhook.into(), event.number().into()];
        let row = self.db.read().await?.fetch_optional(sql, &args).await?;
        row.as_ref().map(delivery).transpose()?.ok_or(Error::NotFound(What::Delivery))
    }

    /// What a webhook is told by a delivery, as it is signed and sent.
    pub async fn delivery_body(
        &self,
        workspace: WorkspaceId,
        webhook: WebhookId,
        event: EventId,
    ) -> Result<String> {
        let sql = "
            select e.body from deliveries d join events e on e.id = d.event_id
            where d.workspace_id = $1 and d.webhook_id = $2 and d.event_id = $3";
        let (workspace, webhook) = (workspace.number(), webhook.number());
        let args = [workspace.into(), webhook.into(), event.number().into()];
        let row = self.db.read().await?.fetch_optional(sql, &args).await?;
        let row = row.ok_or(Error::NotFound(What::Delivery))?;
        Ok(row.text("body")?.to_owned())
    }

    /// How many deliveries of all workspaces wait, and how many have failed.
    pub async fn count_deliveries(&self) -> Result<(i64, i64)> {
        let sql = "
            select (select count(*) from deliveries where state = 0) as waiting,
                   (select count(*) from deliveries where state = 2) as failed";
        let row = self.db.read().await?.fetch_optional(sql, &[]).await?;
        let row = row.ok_or_else(|| Failure::internal("a count is no row"))?;
        Ok((row.int("waiting")?, row.int("failed")?))
    }

    /// Forgets what happened before a moment, and what became of it.
    pub async fn drop_events_before(&self, end: Timestamp) -> Result<()> {
        self.writer
            .write(move |tx| {
                async move {
                    for sql in [
                        "delete from deliveries where created_at < $1",
                        "delete from events where created_at < $1",
                    ] {
                        tx.conn.execute(sql, &[end.as_millisecond().into()]).await?;
                    }
                    Ok(())
                }
                .boxed()
            })
            .await
    }
}

fn event(row: &Row) -> failure::Result<Event> {
    Ok(Event {
        id: value::id(row.int("id")?)?,
        kind: kind(row)?,
        body: row.text("body")?.to_owned(),
    })
}

fn kind(row: &Row) -> failure::Result<EventKind> {
    let name = row.text("kind")?;
    let unknown = || Failure::internal(format!("{name:?} is stored as an event's kind"));
    EventKind::named(name).ok_or_else(unknown)
}

fn delivery(row: &Row) -> failure::Result<Delivery> {
    let number = row.int("state")?;
    let unknown = || Failure::internal(format!("{number} is stored as a delivery's state"));
    let state = DeliveryState::numbered(number).ok_or_else(unknown)?;
    let next_at = value::time(row.int("next_at")?)?;
    let status = row.maybe_int("last_status")?.map(u16::try_from).transpose();
    let status = status.map_err(Failure::internal)?;
    let error = value::owned(row.maybe_text("last_error")?);
    let last_at = value::maybe_time(row.maybe_int("last_at")?)?;
    Ok(Delivery {
        webhook: value::id(row.int("webhook_id")?)?,
        event: value::id(row.int("event_id")?)?,
        kind: kind(row)?,
        state,
        attempts: row.int("attempts")?,
        next_at: Some(next_at).filter(|_| state == DeliveryState::Pending),
        last: last_at.map(|at| Attempt { at, status, error }),
        created_at: value::time(row.int("created_at")?)?,
    })
}
