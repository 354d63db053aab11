//! What the ways of a split brought, as far as conversions tell.

use model::{Amount, LinkId, Result, RuleId, WorkspaceId};
use sqlx::AssertSqlSafe;

use crate::{
    Store,
    db::Arg,
    failure::{self, Failure},
};

/// Which conversions: those of clicks of people whom a split of a link sent somewhere.
#[derive(Clone, Copy, Debug)]
pub struct SplitClicks<'a> {
    pub link: LinkId,
    /// None: the link's own split.
    pub rule: Option<RuleId>,
    /// The first and the last revision that decided.
    pub revisions: (i64, i64),
    /// The first millisecond of the clicks, and the first that is none any more.
    pub span: (i64, i64),
    /// None: any.
    pub event: Option<&'a str>,
}

impl Store {
    /// For each way the different visitors of each UTC day who converted, by the day of their click.
    pub async fn converting_visitors(
        &self,
        workspace: WorkspaceId,
        clicks: SplitClicks<'_>,
    ) -> Result<Vec<(u32, u64)>> {
        let (which, args) = clicks.which(workspace);
        let sql = AssertSqlSafe(format!(
            "select variant, count(*) as visitors
             from (select distinct variant, visitor, clicked_at / 86400000 as day
                   from conversions where {which} and visitor is not null) as seen
             group by variant order by variant"
        ));
        let rows = self.db.read().await?.fetch_all(sql, &args).await?;
        let ways = rows.iter().map(|row| {
            let visitors = u64::try_from(row.int("visitors")?).map_err(Failure::internal)?;
            Ok((variant(row.int("variant")?)?, visitors))
        });
        Ok(ways.collect::<failure::Result<_>>()?)
    }

    /// For each way and currency what its conversions were worth.
    pub async fn revenue_of_ways(
        &self,
        workspace: WorkspaceId,
        clicks: SplitClicks<'_>,
    ) -> Result<Vec<(u32, String, Amount)>> {
        let (which, args) = clicks.which(workspace);
        // PostgreSQL sums bigints to a numeric; the cast gives both the same type.
        let sql = AssertSqlSafe(format!(
            "select variant, currency, cast(sum(amount) as bigint) as amount
             from conversions where {which} and currency is not null and amount is not null
             group by variant, currency order by variant, currency"
        ));
        let rows = self.db.read().await?.fetch_all(sql, &args).await?;
        let ways = rows.iter().map(|row| {
            let amount = Amount::of_parts(row.int("amount")?);
            Ok((variant(row.int("variant")?)?, row.text("currency")?.to_owned(), amount))
        });
        Ok(ways.collect::<failure::Result<_>>()?)
    }
}

impl<'a> SplitClicks<'a> {
    fn which(self, workspace: WorkspaceId) -> (String, Vec<Arg<'a>>) {
        let mut args = vec![workspace.number().into(), self.link.number().into()];
        args.extend([self.revisions.0, self.revisions.1, self.span.0, self.span.1].map(Arg::from));
        let mut which = "workspace_id = $1 and link_id = $2 and $3 <= revision and revision <= $4
                         and $5 <= clicked_at and clicked_at < $6 and person = 1
                         and variant is not null"
            .to_owned();
        match self.rule {
            Some(rule) => {
                args.push(rule.number().into());
                which.push_str(" and rule_id = $7");
            }
            None => which.push_str(" and rule_id is null"),
        }
        if let Some(event) = self.event {
            args.push(event.into());
            which.push_str(&format!(" and event = ${}", args.len()));
        }
        (which, args)
    }
}

fn variant(number: i64) -> failure::Result<u32> {
    u32::try_from(number).map_err(Failure::internal)
}
