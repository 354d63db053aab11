//! The example visitors that are saved with links.

use std::sync::Arc;

use futures_util::FutureExt;
use model::{Error, Example, Expected, LinkId, LinkTest, Result, TestId, What, WorkspaceId};
use serde_json::Value;

use crate::{
    Store,
    db::Row,
    failure::{self, Failure},
    value,
};

const COLUMNS: &str =
    "select id, link_id, workspace_id, name, example, expected, created_at, updated_at";

impl Store {
    /// The tests of a link, oldest first.
    pub async fn link_tests(&self, workspace: WorkspaceId, link: LinkId) -> Result<Vec<LinkTest>> {
        let sql = "
            from link_tests where link_id = $1 and workspace_id = $2 and exists
                (select 1 from links l where l.id = link_tests.link_id and l.deleted_at is null)
            order by id";
        let args = [link.number().into(), workspace.number().into()];
        self.tests(sql, &args).await
    }

    /// The links of a workspace that have tests, in the order of their ids, those after `after`.
    pub async fn tested_links(
        &self,
        workspace: WorkspaceId,
        after: Option<LinkId>,
        limit: i64,
    ) -> Result<Vec<LinkId>> {
        let sql = "
            select distinct t.link_id from link_tests t join links l on l.id = t.link_id
            where t.workspace_id = $1 and t.link_id > $2 and l.deleted_at is null
            order by t.link_id limit $3";
        let after = after.map_or(-1, LinkId::number);
        let args = [workspace.number().into(), after.into(), limit.into()];
        let rows = self.db.read().await?.fetch_all(sql, &args).await?;
        let ids = rows.iter().map(|row| value::id(row.int("link_id")?));
        Ok(ids.collect::<failure::Result<_>>()?)
    }

    pub async fn link_test(&self, workspace: WorkspaceId, id: TestId) -> Result<LinkTest> {
        let sql = "from link_tests where id = $1 and workspace_id = $2";
        let found = self.tests(sql, &[id.number().into(), workspace.number().into()]).await?;
        found.into_iter().next().ok_or(Error::NotFound(What::Test))
    }

    /// Saves a new test of a link, or a test again under the id that it has.
    pub async fn save_link_test(&self, test: &LinkTest) -> Result<()> {
        let test = Arc::new(test.clone());
        self.writer
            .write(move |tx| {
                let test = Arc::clone(&test);
                async move {
                    let sql = "
                        insert into link_tests (id, link_id, workspace_id, name, example, expected,
                                                created_at, updated_at)
                        select $1, id, workspace_id, $4, $5, $6, $7, $8 from links
                        where id = $2 and workspace_id = $3 and deleted_at is null
                        on conflict (id) do update
                        set name = excluded.name, example = excluded.example,
                            expected = excluded.expected, updated_at = excluded.updated_at
                        where link_tests.link_id = excluded.link_id";
                    let (example, expected) =
                        (test.example.wire().to_string(), test.expected.wire().to_string());
                    let args = [
                        test.id.number().into(),
                        test.link.number().into(),
                        test.workspace.number().into(),
                        (&test.name).into(),
                        (&example).into(),
                        (&expected).into(),
                        test.created_at.as_millisecond().into(),
                        test.updated_at.as_millisecond().into(),
                    ];
                    match tx.conn.execute(sql, &args).await? {
                        0 => Err(Error::NotFound(What::Link).into()),
                        _ => Ok(()),
                    }
                }
                .boxed()
            })
            .await
    }

    pub async fn delete_link_test(&self, workspace: WorkspaceId, id: TestId) -> Result<()> {
        self.writer
            .write(move |tx| {
                async move {
                    let sql = "delete from link_tests where id = $1 and workspace_id = $2";
                    let args = [id.number().into(), workspace.number().into()];
                    match tx.conn.execute(sql, &args).await? {
                        0 => Err(Error::NotFound(What::Test).into()),
                        _ => Ok(()),
                    }
                }
                .boxed()
            })
            .await
    }

    async fn tests(&self, which: &str, args: &[crate::db::Arg<'_>]) -> Result<Vec<LinkTest>> {
        let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} {which}"));
        let rows = self.db.read().await?.fetch_all(sql, args).await?;
        Ok(rows.iter().map(test).collect::<failure::Result<_>>()?)
    }
}

fn test(row: &Row) -> failure::Result<LinkTest> {
    let json = |column: &str| -> failure::Result<Value> {
        serde_json::from_str(row.text(column)?).map_err(Failure::internal)
    };
    Ok(LinkTest {
        id: value::id(row.int("id")?)?,
        link: value::id(row.int("link_id")?)?,
        workspace: value::id(row.int("workspace_id")?)?,
        name: row.text("name")?.to_owned(),
        example: Example::parse(&json("example")?).map_err(value::stored)?,
        expected: Expected::parse(&json("expected")?).map_err(value::stored)?,
        created_at: value::time(row.int("created_at")?)?,
        updated_at: value::time(row.int("updated_at")?)?,
    })
}
