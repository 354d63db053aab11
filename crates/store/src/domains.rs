//! The hosts of short addresses.

use std::sync::Arc;

use futures_util::FutureExt;
use jiff::Timestamp;
use model::{
    Domain, DomainId, Error, EventKind, Happened, Host, Result, Status, What, WorkspaceId,
};
use sqlx::AssertSqlSafe;

use crate::{
    Store,
    counted_slugs::counter,
    db::{Arg, Row},
    failure::{self, taken},
    value,
    writer::Tx,
};

const COLUMNS: &str = "
    select id, workspace_id, host, root_url, not_found_url, expired_url, case_sensitive, timezone,
           default_status, app_schemes, settings, created_at, updated_at
    from domains";

impl Store {
    /// A host belongs to one workspace alone, so to every other it is taken.
    pub async fn insert_domain(&self, domain: &Domain) -> Result<()> {
        let domain = Arc::new(domain.clone());
        self.writer
            .announce(move |tx| {
                let domain = Arc::clone(&domain);
                async move {
                    let sql = "
                        insert into domains (id, workspace_id, host, root_url, not_found_url,
                                             expired_url, case_sensitive, timezone, default_status,
                                             app_schemes, settings, change, created_at,
                                             updated_at)
                        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
                    let schemes = value::to_list(&domain.app_schemes);
                    let settings = value::json(&domain.manner);
                    let args = [
                        domain.id.number().into(),
                        domain.workspace.number().into(),
                        domain.host.as_str().into(),
                        (&domain.root_url).into(),
                        (&domain.not_found_url).into(),
                        (&domain.expired_url).into(),
                        domain.case_sensitive.into(),
                        (&domain.timezone).into(),
                        i64::from(domain.default_status.code()).into(),
                        (&schemes).into(),
                        (&settings).into(),
                        tx.change.into(),
                        domain.created_at.as_millisecond().into(),
                        domain.updated_at.as_millisecond().into(),
                    ];
                    tx.conn.execute(sql, &args).await.map_err(taken(What::Domain))?;
                    tx.happened(&[Happened::DomainCreated(&domain)]).await
                }
                .boxed()
            })
            .await
    }

    /// Saves everything of a domain but its id, its workspace and when it was made, unless
    /// it was saved since `before` was read.
    pub async fn update_domain(&self, before: &Domain, after: &Domain) -> Result<()> {
        let (read_at, domain) = (before.updated_at, Arc::new(after.clone()));
        self.writer
            .announce(move |tx| {
                let domain = Arc::clone(&domain);
                async move {
                    let sql = "
                        update domains
                        set host = $3, root_url = $4, not_found_url = $5, expired_url = $6,
                            case_sensitive = $7, timezone = $8, default_status = $9,
                            app_schemes = $10, settings = $11, change = $12, updated_at = $13
                        where id = $1 and workspace_id = $2 and updated_at = $14";
                    let schemes = value::to_list(&domain.app_schemes);
                    let settings = value::json(&domain.manner);
                    let args = [
                        domain.id.number().into(),
                        domain.workspace.number().into(),
                        domain.host.as_str().into(),
                        (&domain.root_url).into(),
                        (&domain.not_found_url).into(),
                        (&domain.expired_url).into(),
                        domain.case_sensitive.into(),
                        (&domain.timezone).into(),
                        i64::from(domain.default_status.code()).into(),
                        (&schemes).into(),
                        (&settings).into(),
                        tx.change.into(),
                        domain.updated_at.as_millisecond().into(),
                        read_at.as_millisecond().into(),
                    ];
                    if tx.conn.execute(sql, &args).await.map_err(taken(What::Domain))? == 1 {
                        return tx.happened(&[Happened::DomainUpdated(&domain)]).await;
                    }
                    let sql = "select 1 as one from domains where id = $1 and workspace_id = $2";
                    let there = tx.conn.fetch_optional(sql, &args[..2]).await?;
                    Err(there.map_or(Error::NotFound(What::Domain), |_| Error::Stale).into())
                }
                .boxed()
            })
            .await
    }

    /// Removes a domain with its folders; false where links are on it still.
    pub async fn delete_domain(
        &self,
        workspace: WorkspaceId,
        id: DomainId,
        now: Timestamp,
    ) -> Result<bool> {
        self.writer
            .announce(move |tx| {
                async move {
                    let on_it = "select 1 as one from addresses where domain_id = $1 limit 1";
                    let domain = [id.number().into()];
                    if tx.conn.fetch_optional(on_it, &domain).await?.is_some() {
                        return Ok(false);
                    }
                    tell_of_deletion(tx, workspace, id, now).await?;
                    tx.conn.execute("delete from folders where domain_id = $1", &domain).await?;
                    let counter = counter(id);
                    let sql = "delete from counters where name = $1";
                    tx.conn.execute(sql, &[(&counter).into()]).await?;
                    let sql = "delete from domains where id = $1 and workspace_id = $2";
                    let args = [id.number().into(), workspace.number().into()];
                    if tx.conn.execute(sql, &args).await? == 0 {
                        return Err(Error::NotFound(What::Domain).into());
                    }
                    let sql = "insert into deleted_domains (id, change) values ($1, $2)";
                    tx.conn.execute(sql, &[id.number().into(), tx.change.into()]).await?;
                    Ok(true)
                }
                .boxed()
            })
            .await
    }

    /// The domains of every workspace that were deleted after the version counter stood at
    /// `change`.
    pub async fn domains_deleted_since(&self, change: i64) -> Result<Vec<DomainId>> {
        let sql = "select id from deleted_domains where $1 < change order by change, id";
        let rows = self.db.read().await?.fetch_all(sql, &[change.into()]).await?;
        Ok(rows.iter().map(|row| value::id(row.int("id")?)).collect::<failure::Result<_>>()?)
    }

    pub async fn domain(&self, workspace: WorkspaceId, id: DomainId) -> Result<Domain> {
        let args = [workspace.number().into(), id.number().into()];
        let found = self.select_domains("where workspace_id = $1 and id = $2", &args).await?;
        found.into_iter().next().ok_or(Error::NotFound(What::Domain))
    }

    /// The domains of a workspace, oldest first.
    pub async fn domains(&self, workspace: WorkspaceId) -> Result<Vec<Domain>> {
        self.select_domains("where workspace_id = $1 order by id", &[workspace.number().into()])
            .await
    }

    /// The domains of every workspace, oldest first.
    pub async fn all_domains(&self) -> Result<Vec<Domain>> {
        self.select_domains("order by id", &[]).await
    }

    /// The domains of every workspace that were written after the version counter stood at
    /// `change`.
    pub async fn domains_changed_since(&self, change: i64) -> Result<Vec<Domain>> {
        self.select_domains("where $1 < change order by id", &[change.into()]).await
    }

    async fn select_domains(&self, which: &'static str, args: &[Arg<'_>]) -> Result<Vec<Domain>> {
        let sql = AssertSqlSafe(format!("{COLUMNS} {which}"));
        let rows = self.db.read().await?.fetch_all(sql, args).await?;
        Ok(rows.iter().map(domain).collect::<failure::Result<_>>()?)
    }
}

/// Puts down that a domain goes, as it was.
async fn tell_of_deletion(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: DomainId,
    now: Timestamp,
) -> failure::Result<()> {
    if !tx.is_heard(workspace, EventKind::DomainDeleted).await? {
        return Ok(());
    }
    let sql = AssertSqlSafe(format!("{COLUMNS} where id = $1 and workspace_id = $2"));
    let args = [id.number().into(), workspace.number().into()];
    match tx.conn.fetch_optional(sql, &args).await? {
        Some(row) => tx.happened(&[Happened::DomainDeleted(&domain(&row)?, now)]).await,
        None => Ok(()),
    }
}

fn domain(row: &Row) -> failure::Result<Domain> {
    Ok(Domain {
        id: value::id(row.int("id")?)?,
        workspace: value::id(row.int("workspace_id")?)?,
        host: Host::parse(row.text("host")?).map_err(value::stored)?,
        root_url: value::owned(row.maybe_text("root_url")?),
        not_found_url: value::owned(row.maybe_text("not_found_url")?),
        expired_url: value::owned(row.maybe_text("expired_url")?),
        case_sensitive: row.truth("case_sensitive")?,
        timezone: row.text("timezone")?.to_owned(),
        default_status: Status::new("", row.int("default_status")?).map_err(value::stored)?,
        app_schemes: value::list(row.text("app_schemes")?)?,
        manner: value::from_json(row.text("settings")?)?,
        created_at: value::time(row.int("created_at")?)?,
        updated_at: value::time(row.int("updated_at")?)?,
    })
}
