//! Webhooks: whom each workspace tells what happens in it.

use std::sync::Arc;

use futures_util::FutureExt;
use model::{Error, Result, Webhook, WebhookId, WebhookSecret, WebhookState, What, WorkspaceId};
use sqlx::AssertSqlSafe;

use crate::{
    Store,
    db::{Arg, Conn, Row},
    failure::{self, Failure, taken},
    outbox, value,
};

const COLUMNS: &str = "
    select id, workspace_id, url, events, description, state, secret, old_secret, old_secret_until,
           failing_since, created_at, updated_at
    from webhooks";

impl Store {
    pub async fn insert_webhook(&self, webhook: &Webhook) -> Result<()> {
        let webhook = Arc::new(webhook.clone());
        self.writer
            .write(move |tx| {
                let webhook = Arc::clone(&webhook);
                async move {
                    let sql = "
                        insert into webhooks (id, workspace_id, url, events, description, state,
                                              secret, old_secret, old_secret_until, failing_since,
                                              updated_at, created_at)
                        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
                    let events = events(&webhook);
                    let mut args = cells(&webhook, &events).to_vec();
                    args.push(webhook.created_at.as_millisecond().into());
                    tx.conn.execute(sql, &args).await.map_err(taken(What::Webhook))?;
                    changed(&mut tx.conn).await
                }
                .boxed()
            })
            .await
    }

    /// Saves everything of a webhook but its id, its workspace and when it was made, unless it was
    /// saved since `before` was read.
    pub async fn update_webhook(&self, before: &Webhook, after: &Webhook) -> Result<()> {
        let (read_at, webhook) = (before.updated_at, Arc::new(after.clone()));
        self.writer
            .write(move |tx| {
                let webhook = Arc::clone(&webhook);
                async move {
                    let sql = "
                        update webhooks
                        set url = $3, events = $4, description = $5, state = $6, secret = $7,
                            old_secret = $8, old_secret_until = $9, failing_since = $10,
                            updated_at = $11
                        where id = $1 and workspace_id = $2 and updated_at = $12";
                    let events = events(&webhook);
                    let mut args = cells(&webhook, &events).to_vec();
                    args.push(read_at.as_millisecond().into());
                    if tx.conn.execute(sql, &args).await? == 1 {
                        return changed(&mut tx.conn).await;
                    }
                    let sql = "select 1 as one from webhooks where id = $1 and workspace_id = $2";
                    let there = tx.conn.fetch_optional(sql, &args[..2]).await?;
                    Err(there.map_or(Error::NotFound(What::Webhook), |_| Error::Stale).into())
                }
                .boxed()
            })
            .await
    }

    /// Removes a webhook, and what was on its way to it.
    pub async fn delete_webhook(&self, workspace: WorkspaceId, id: WebhookId) -> Result<()> {
        self.writer
            .write(move |tx| {
                async move {
                    let args = [id.number().into(), workspace.number().into()];
                    let sql = "delete from webhooks where id = $1 and workspace_id = $2";
                    if tx.conn.execute(sql, &args).await? == 0 {
                        return Err(Error::NotFound(What::Webhook).into());
                    }
                    let sql = "delete from deliveries where webhook_id = $1 and workspace_id = $2";
                    tx.conn.execute(sql, &args).await?;
                    changed(&mut tx.conn).await
                }
                .boxed()
            })
            .await
    }

    pub async fn webhook(&self, workspace: WorkspaceId, id: WebhookId) -> Result<Webhook> {
        let sql = AssertSqlSafe(format!("{COLUMNS} where id = $1 and workspace_id = $2"));
        let args = [id.number().into(), workspace.number().into()];
        let row = self.db.read().await?.fetch_optional(sql, &args).await?;
        row.as_ref().map(webhook).transpose()?.ok_or(Error::NotFound(What::Webhook))
    }

    /// The webhooks of a workspace, oldest first.
    pub async fn webhooks(&self, workspace: WorkspaceId) -> Result<Vec<Webhook>> {
        let sql = AssertSqlSafe(format!("{COLUMNS} where workspace_id = $1 order by id"));
        let rows = self.db.read().await?.fetch_all(sql, &[workspace.number().into()]).await?;
        Ok(rows.iter().map(webhook).collect::<failure::Result<_>>()?)
    }
}

/// Has every transaction from now on read the webhooks again.
pub(crate) async fn changed(conn: &mut Conn) -> failure::Result<()> {
    let sql = "update counters set value = value + 1 where name = 'webhooks'";
    conn.execute(sql, &[]).await.map(drop)
}

/// The webhook of whichever workspace, where it is told anything.
pub(crate) async fn active(conn: &mut Conn, id: WebhookId) -> failure::Result<Option<Webhook>> {
    let sql = AssertSqlSafe(format!("{COLUMNS} where id = $1 and state = $2"));
    let args = [id.number().into(), WebhookState::Active.name().into()];
    conn.fetch_optional(sql, &args).await?.as_ref().map(webhook).transpose()
}

fn events(webhook: &Webhook) -> Option<String> {
    let names = |kinds: &Vec<model::EventKind>| {
        value::to_list(&kinds.iter().map(|kind| kind.name().to_owned()).collect::<Vec<_>>())
    };
    webhook.events.as_ref().map(names)
}

/// The columns from `id` to `updated_at`.
fn cells<'a>(webhook: &'a Webhook, events: &'a Option<String>) -> [Arg<'a>; 11] {
    let (old, until) = webhook.old_secret.as_ref().map(|(old, until)| (old, *until)).unzip();
    [
        webhook.id.number().into(),
        webhook.workspace.number().into(),
        webhook.url.as_str().into(),
        events.into(),
        (&webhook.description).into(),
        webhook.state.name().into(),
        webhook.secret.0.as_slice().into(),
        Arg::Bytes(old.map(|old| old.0.as_slice())),
        value::milliseconds(until).into(),
        value::milliseconds(webhook.failing_since).into(),
        webhook.updated_at.as_millisecond().into(),
    ]
}

fn webhook(row: &Row) -> failure::Result<Webhook> {
    let state = row.text("state")?;
    let unknown = || Failure::internal(format!("{state:?} is stored as a webhook's state"));
    let old = row.maybe_bytes("old_secret")?.map(secret).transpose()?;
    Ok(Webhook {
        id: value::id(row.int("id")?)?,
        workspace: value::id(row.int("workspace_id")?)?,
        url: Webhook::read_url(row.text("url")?).map_err(value::stored)?,
        events: row.maybe_text("events")?.map(outbox::kinds).transpose()?,
        description: row.text("description")?.to_owned(),
        state: WebhookState::named(state).ok_or_else(unknown)?,
        secret: secret(row.bytes("secret")?)?,
        old_secret: old.zip(value::maybe_time(row.maybe_int("old_secret_until")?)?),
        failing_since: value::maybe_time(row.maybe_int("failing_since")?)?,
        created_at: value::time(row.int("created_at")?)?,
        updated_at: value::time(row.int("updated_at")?)?,
    })
}

fn secret(bytes: &[u8]) -> failure::Result<WebhookSecret> {
    bytes.try_into().map(WebhookSecret).map_err(Failure::internal)
}
