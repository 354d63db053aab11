//! What every node follows: the version counter, and the links that changed with it.

use model::{Link, LinkId, Result};

use crate::{
    Store,
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
    /// From (0, none) on these are all links. A page shorter than `limit` is the last one.
    pub async fn changes_since(
        &self,
        change: i64,
        after: Option<LinkId>,
        limit: i64,
    ) -> Result<Vec<(i64, LinkId, Option<Link>)>> {
        let sql = select("where (l.change, l.id) > ($1, $2) order by l.change, l.id limit $3");
        // Without an id, everything of `change` itself is known.
        let after = after.map_or(i64::MAX, LinkId::number);
        let args = [change.into(), after.into(), limit.into()];
        let rows = self.db.read().await?.fetch_all(sql, &args).await?;
        let changes = rows.iter().map(|row| {
            let link = match row.maybe_int("deleted_at")? {
                Some(_) => None,
                None => Some(crate::links::link(row)?),
            };
            Ok((row.int("change")?, value::id(row.int("id")?)?, link))
        });
        Ok(changes.collect::<failure::Result<_>>()?)
    }
}
