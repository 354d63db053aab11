//! What every node follows: the version counter, and the links that changed with it.

use model::{Link, LinkId, Result};
use tracing::error;

use crate::{
    Store,
    db::Row,
    failure::{self, Failure},
    links::select,
    value,
};

impl Store {
    /// The version counter: higher after every write that changes what a redirect may answer.
    pub async fn version(&self) -> Result<i64> {
        let sql = "select value from counters where name = 'version'";
        let row = self.db.read().await?.fetch_optional(sql, &[]).await?;
        let missing = || Failure::internal("the version counter has no row");
        Ok(row.ok_or_else(missing)?.int("value")?)
    }

    /// The links of every workspace that were written after (`change`, `after`), in that order:
    /// the counter's value, the id, and the link, or none where it was deleted.
    ///
    /// From (0, none) on these are all links. A page shorter than `limit` is the last one. A link
    /// that cannot be read, since a newer version wrote it, is passed over, so that it keeps its
    /// old route and all others are heard of.
    pub async fn changes_since(
        &self,
        change: i64,
        after: Option<LinkId>,
        limit: i64,
    ) -> Result<Vec<(i64, LinkId, Option<Link>)>> {
        // Without an id, everything of `change` itself is known.
        let mut at = (change, after.map_or(i64::MAX, LinkId::number));
        let mut changes = Vec::new();
        loop {
            let sql = select("where (l.change, l.id) > ($1, $2) order by l.change, l.id limit $3");
            let wanted = limit - changes.len() as i64;
            let args = [at.0.into(), at.1.into(), wanted.into()];
            let rows = self.db.read().await?.fetch_all(sql, &args).await?;
            for row in &rows {
                at = (row.int("change")?, row.int("id")?);
                if let Some(link) = readable(row)? {
                    changes.push((at.0, value::id(at.1)?, link));
                }
            }
            if (rows.len() as i64) < wanted || limit <= changes.len() as i64 {
                return Ok(changes);
            }
        }
    }
}

/// The link of a row, or that it was deleted; none where it cannot be read.
fn readable(row: &Row) -> failure::Result<Option<Option<Link>>> {
    if row.maybe_int("deleted_at")?.is_some() {
        return Ok(Some(None));
    }
    match crate::links::link(row) {
        Ok(link) => Ok(Some(Some(link))),
        Err(why) => {
            let id = row.int("id")?;
            let why = model::Error::from(why);
            error!(link.id = id, "could not read link {id}, its route stays as it was: {why:?}");
            Ok(None)
        }
    }
}
