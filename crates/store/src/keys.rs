//! API keys, by their hashes.

use std::sync::Arc;

use futures_util::FutureExt;
use jiff::Timestamp;
use model::{DomainId, Error, Key, KeyId, Result, Scope, What, WorkspaceId};
use sqlx::AssertSqlSafe;

use crate::{
    Store,
    db::Row,
    failure::{self, Failure, taken},
    value,
};

const COLUMNS: &str = "
    select id, workspace_id, name, hash, scopes, expires_at, created_at, last_used_at, revoked_at,
           domains, change
    from keys";

impl Store {
    pub async fn insert_key(&self, key: &Key) -> Result<()> {
        let key = Arc::new(key.clone());
        self.writer
            .announce(move |tx| {
                let key = Arc::clone(&key);
                async move {
                    let sql = "
                        insert into keys (id, workspace_id, name, hash, scopes, expires_at,
                                          created_at, last_used_at, revoked_at, domains, change)
                        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
                    let domains = key.domains.as_deref().map(numbers);
                    let scopes = names(&key);
                    let args = [
                        key.id.number().into(),
                        key.workspace.number().into(),
                        (&key.name).into(),
                        key.hash.as_slice().into(),
                        (&scopes).into(),
                        value::milliseconds(key.expires_at).into(),
                        key.created_at.as_millisecond().into(),
                        value::milliseconds(key.last_used_at).into(),
                        value::milliseconds(key.revoked_at).into(),
                        (&domains).into(),
                        tx.change.into(),
                    ];
                    tx.conn.execute(sql, &args).await.map_err(taken(What::Key))?;
                    Ok(())
                }
                .boxed()
            })
            .await
    }

    /// The key of whoever presents this id, whichever workspace it is for: nobody knows that yet.
    pub async fn key(&self, id: KeyId) -> Result<Option<Key>> {
        let sql = AssertSqlSafe(format!("{COLUMNS} where id = $1"));
        let row = self.db.read().await?.fetch_optional(sql, &[id.number().into()]).await?;
        Ok(row.as_ref().map(key).transpose()?)
    }

    /// The keys of every workspace that were written after the version counter stood at `change`,
    /// each with what it stood at then.
    pub async fn keys_changed_since(&self, change: i64) -> Result<Vec<(i64, Key)>> {
        let sql = AssertSqlSafe(format!("{COLUMNS} where $1 < change order by change, id"));
        let rows = self.db.read().await?.fetch_all(sql, &[change.into()]).await?;
        let keys = rows.iter().map(|row| Ok((row.int("change")?, key(row)?)));
        Ok(keys.collect::<failure::Result<_>>()?)
    }

    /// The keys of a workspace, revoked ones too, oldest first.
    pub async fn keys(&self, workspace: WorkspaceId) -> Result<Vec<Key>> {
        let sql = AssertSqlSafe(format!("{COLUMNS} where workspace_id = $1 order by id"));
        let rows = self.db.read().await?.fetch_all(sql, &[workspace.number().into()]).await?;
        Ok(rows.iter().map(key).collect::<failure::Result<_>>()?)
    }

    /// Changes what a key is called, what it may do, where, and until when, unless one of these was
    /// changed since `before` was read.
    pub async fn update_key(&self, before: &Key, after: &Key) -> Result<()> {
        let keys = Arc::new((before.clone(), after.clone()));
        self.writer
            .announce(move |tx| {
                let keys = Arc::clone(&keys);
                async move {
                    let (before, key) = &*keys;
                    let sql = "
                        update keys
                        set name = $3, scopes = $4, expires_at = $5, domains = $6, change = $7
                        where id = $1 and workspace_id = $2 and name = $8 and scopes = $9
                          and expires_at is not distinct from $10
                          and domains is not distinct from $11";
                    let (scopes, known_scopes) = (names(key), names(before));
                    let domains = key.domains.as_deref().map(numbers);
                    let known_domains = before.domains.as_deref().map(numbers);
                    let args = [
                        key.id.number().into(),
                        key.workspace.number().into(),
                        (&key.name).into(),
                        (&scopes).into(),
                        value::milliseconds(key.expires_at).into(),
                        (&domains).into(),
                        tx.change.into(),
                        (&before.name).into(),
                        (&known_scopes).into(),
                        value::milliseconds(before.expires_at).into(),
                        (&known_domains).into(),
                    ];
                    if tx.conn.execute(sql, &args).await? == 1 {
                        return Ok(());
                    }
                    let sql = "select 1 as one from keys where id = $1 and workspace_id = $2";
                    let there = tx.conn.fetch_optional(sql, &args[..2]).await?;
                    Err(there.map_or(Error::NotFound(What::Key), |_| Error::Stale).into())
                }
                .boxed()
            })
            .await
    }

    /// A key that is revoked already keeps the time when it was.
    pub async fn revoke_key(
        &self,
        workspace: WorkspaceId,
        id: KeyId,
        now: Timestamp,
    ) -> Result<()> {
        self.writer
            .announce(move |tx| {
                async move {
                    let sql = "
                        update keys set revoked_at = coalesce(revoked_at, $3), change = $4
                        where id = $1 and workspace_id = $2";
                    let now = now.as_millisecond();
                    let args = [
                        id.number().into(),
                        workspace.number().into(),
                        now.into(),
                        tx.change.into(),
                    ];
                    match tx.conn.execute(sql, &args).await? {
                        0 => Err(Error::NotFound(What::Key).into()),
                        _ => Ok(()),
                    }
                }
                .boxed()
            })
            .await
    }

    /// Notes when keys were last used; a note that comes late never goes back in time.
    pub async fn touch_keys(&self, used: &[(KeyId, Timestamp)]) -> Result<()> {
        let mut used = used.to_vec();
        // Two nodes that lock the same rows in the same order do not wait for each other for ever.
        used.sort_unstable();
        let used = Arc::new(used);
        self.clicks
            .write(move |tx| {
                let used = Arc::clone(&used);
                async move {
                    let sql = "
                        update keys set last_used_at = $2
                        where id = $1 and (last_used_at is null or last_used_at < $2)";
                    for (id, at) in used.iter() {
                        let args = [id.number().into(), at.as_millisecond().into()];
                        tx.conn.execute(sql, &args).await?;
                    }
                    Ok(())
                }
                .boxed()
            })
            .await
    }
}

fn names(key: &Key) -> String {
    let names: Vec<String> = key.scopes.iter().map(|scope| scope.name().to_owned()).collect();
    value::to_list(&names)
}

fn numbers(domains: &[DomainId]) -> String {
    value::json(&domains.iter().map(|domain| domain.number()).collect::<Vec<i64>>())
}

fn key(row: &Row) -> failure::Result<Key> {
    // A scope that a newer version gave and this one does not know is a thing it cannot do.
    let scopes =
        value::list(row.text("scopes")?)?.iter().filter_map(|name| Scope::named(name)).collect();
    Ok(Key {
        id: value::id(row.int("id")?)?,
        workspace: value::id(row.int("workspace_id")?)?,
        name: row.text("name")?.to_owned(),
        hash: row.bytes("hash")?.try_into().map_err(Failure::internal)?,
        scopes,
        domains: row.maybe_text("domains")?.map(domains).transpose()?,
        expires_at: value::maybe_time(row.maybe_int("expires_at")?)?,
        created_at: value::time(row.int("created_at")?)?,
        last_used_at: value::maybe_time(row.maybe_int("last_used_at")?)?,
        revoked_at: value::maybe_time(row.maybe_int("revoked_at")?)?,
    })
}

fn domains(json: &str) -> failure::Result<Vec<DomainId>> {
    value::from_json::<Vec<i64>>(json)?.into_iter().map(value::id).collect()
}
