//! Tracking pixels.

use std::sync::Arc;

use futures_util::FutureExt;
use jiff::Timestamp;
use model::{Error, Pixel, PixelId, PixelKind, Result, Tag, What, WorkspaceId};
use sqlx::AssertSqlSafe;

use crate::{
    Store,
    db::Row,
    failure::{self, Failure, taken},
    value,
};

const COLUMNS: &str = "
    select id, workspace_id, name, kind, code, created_at, updated_at, deleted_at from pixels";

impl Store {
    pub async fn insert_pixel(&self, pixel: &Pixel) -> Result<()> {
        let pixel = Arc::new(pixel.clone());
        self.writer
            .announce(move |tx| {
                let pixel = Arc::clone(&pixel);
                async move {
                    let sql = "
                        insert into pixels (id, workspace_id, name, kind, code, change, created_at,
                                            updated_at)
                        values ($1, $2, $3, $4, $5, $6, $7, $8)";
                    let args = [
                        pixel.id.number().into(),
                        pixel.workspace.number().into(),
                        (&pixel.name).into(),
                        pixel.tag.kind().name().into(),
                        pixel.tag.code().into(),
                        tx.change.into(),
                        pixel.created_at.as_millisecond().into(),
                        pixel.updated_at.as_millisecond().into(),
                    ];
                    tx.conn.execute(sql, &args).await.map_err(taken(What::Pixel))?;
                    Ok(())
                }
                .boxed()
            })
            .await
    }

    /// Saves a pixel's name and tag, unless one of these was changed since `before` was read.
    pub async fn update_pixel(&self, before: &Pixel, after: &Pixel) -> Result<()> {
        let pixels = Arc::new((before.clone(), after.clone()));
        self.writer
            .announce(move |tx| {
                let pixels = Arc::clone(&pixels);
                async move {
                    let (before, pixel) = &*pixels;
                    let sql = "
                        update pixels
                        set name = $3, kind = $4, code = $5, change = $6, updated_at = $7
                        where id = $1 and workspace_id = $2 and deleted_at is null
                          and name = $8 and kind = $9 and code = $10";
                    let args = [
                        pixel.id.number().into(),
                        pixel.workspace.number().into(),
                        (&pixel.name).into(),
                        pixel.tag.kind().name().into(),
                        pixel.tag.code().into(),
                        tx.change.into(),
                        pixel.updated_at.as_millisecond().into(),
                        (&before.name).into(),
                        before.tag.kind().name().into(),
                        before.tag.code().into(),
                    ];
                    if tx.conn.execute(sql, &args).await? == 1 {
                        return Ok(());
                    }
                    let sql = "
                        select 1 as one from pixels
                        where id = $1 and workspace_id = $2 and deleted_at is null";
                    let there = tx.conn.fetch_optional(sql, &args[..2]).await?;
                    Err(there.map_or(Error::NotFound(What::Pixel), |_| Error::Stale).into())
                }
                .boxed()
            })
            .await
    }

    pub async fn delete_pixel(
        &self,
        workspace: WorkspaceId,
        id: PixelId,
        now: Timestamp,
    ) -> Result<()> {
        self.writer
            .announce(move |tx| {
                async move {
                    let sql = "
                        update pixels set deleted_at = $3, updated_at = $3, change = $4
                        where id = $1 and workspace_id = $2 and deleted_at is null";
                    let (id, workspace) = (id.number(), workspace.number());
                    let now = now.as_millisecond();
                    let args = [id.into(), workspace.into(), now.into(), tx.change.into()];
                    match tx.conn.execute(sql, &args).await? {
                        0 => Err(Error::NotFound(What::Pixel).into()),
                        _ => Ok(()),
                    }
                }
                .boxed()
            })
            .await
    }

    pub async fn pixel(&self, workspace: WorkspaceId, id: PixelId) -> Result<Pixel> {
        let sql = AssertSqlSafe(format!(
            "{COLUMNS} where id = $1 and workspace_id = $2 and deleted_at is null"
        ));
        let args = [id.number().into(), workspace.number().into()];
        let row = self.db.read().await?.fetch_optional(sql, &args).await?;
        row.as_ref().map(pixel).transpose()?.ok_or(Error::NotFound(What::Pixel))
    }

    /// The pixels of a workspace, oldest first.
    pub async fn pixels(&self, workspace: WorkspaceId) -> Result<Vec<Pixel>> {
        let sql = AssertSqlSafe(format!(
            "{COLUMNS} where workspace_id = $1 and deleted_at is null order by id"
        ));
        let rows = self.db.read().await?.fetch_all(sql, &[workspace.number().into()]).await?;
        Ok(rows.iter().map(pixel).collect::<failure::Result<_>>()?)
    }

    /// The pixels of every workspace that were written after a value of the version counter: the id,
    /// and the pixel, or none where it was deleted or a newer version wrote it.
    pub async fn pixels_changed_since(&self, change: i64) -> Result<Vec<(PixelId, Option<Pixel>)>> {
        let sql = AssertSqlSafe(format!("{COLUMNS} where $1 < change"));
        let rows = self.db.read().await?.fetch_all(sql, &[change.into()]).await?;
        let changes = rows.iter().map(|row| {
            let gone = row.maybe_int("deleted_at")?.is_some();
            Ok((value::id(row.int("id")?)?, pixel(row).ok().filter(|_| !gone)))
        });
        Ok(changes.collect::<failure::Result<_>>()?)
    }
}

fn pixel(row: &Row) -> failure::Result<Pixel> {
    let kind = row.text("kind")?;
    let kind = PixelKind::named(kind)
        .ok_or_else(|| Failure::internal(format!("{kind:?} is stored as a kind of pixel")))?;
    Ok(Pixel {
        id: value::id(row.int("id")?)?,
        workspace: value::id(row.int("workspace_id")?)?,
        name: row.text("name")?.to_owned(),
        tag: Tag::parse(kind, row.text("code")?).map_err(value::stored)?,
        created_at: value::time(row.int("created_at")?)?,
        updated_at: value::time(row.int("updated_at")?)?,
    })
}
