//! The tags of a workspace's links.

use std::collections::{BTreeMap, BTreeSet};

use model::{DomainId, LinkId, Result, WorkspaceId};

use crate::{Store, db::Row, failure, value};

impl Store {
    /// The links that have each tag.
    pub async fn links_by_tag(
        &self,
        workspace: WorkspaceId,
    ) -> Result<BTreeMap<String, BTreeSet<LinkId>>> {
        let sql = "select tag, link_id from link_tags where workspace_id = $1";
        let rows = self.db.read().await?.fetch_all(sql, &[workspace.number().into()]).await?;
        let mut tags: BTreeMap<String, BTreeSet<LinkId>> = BTreeMap::new();
        for row in rows {
            let link = value::id(row.int("link_id")?)?;
            tags.entry(row.text("tag")?.to_owned()).or_default().insert(link);
        }
        Ok(tags)
    }

    /// Every tag by name, and how many links have it: those on some domains, or on all.
    pub async fn tags(
        &self,
        workspace: WorkspaceId,
        domains: Option<&[DomainId]>,
    ) -> Result<Vec<(String, i64)>> {
        let read = |row: &Row| Ok((row.text("tag")?.to_owned(), row.int("n")?));
        let mut conn = self.db.read().await?;
        let Some(domains) = domains else {
            let sql = "
                select tag, count(*) as n from link_tags where workspace_id = $1
                group by tag order by tag";
            let rows = conn.fetch_all(sql, &[workspace.number().into()]).await?;
            return Ok(rows.iter().map(read).collect::<failure::Result<_>>()?);
        };
        // A link is shown on one domain, so that none is counted twice.
        let sql = "
            select t.tag, count(*) as n
            from link_tags t join addresses a on a.link_id = t.link_id and a.position = 0
            where t.workspace_id = $1 and a.domain_id = $2
            group by t.tag";
        let mut tags = BTreeMap::new();
        for domain in domains {
            let args = [workspace.number().into(), domain.number().into()];
            for row in conn.fetch_all(sql, &args).await? {
                let (tag, n) = read(&row)?;
                *tags.entry(tag).or_default() += n;
            }
        }
        Ok(tags.into_iter().collect())
    }
}
