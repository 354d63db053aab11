//! Conversions, each once.

use std::sync::Arc;

use futures_util::FutureExt;
use model::{
    Amount, ClickId, Conversion, ConversionId, Happened, LinkId, Report, Result, RuleId,
    WorkspaceId,
};
use sqlx::AssertSqlSafe;

use crate::{
    Store,
    db::Row,
    failure::{self, Failure},
    value,
};

/// How many conversions in a currency, and what they brought.
#[derive(Clone, Debug, PartialEq)]
pub struct ConversionTotal {
    /// None where no amount was named.
    pub currency: Option<String>,
    pub conversions: i64,
    pub amount: Amount,
    pub payout: Amount,
}

const COLUMNS: &str = "
    select id, workspace_id, link_id, segment, place, event, order_id, revision, rule_id, variant,
           amount, payout, currency, metadata, clicked_at, created_at, person, visitor
    from conversions";

impl Store {
    /// Stores a conversion, unless there is one of that click, event and order: then that stands.
    /// Answers the one that is stored, and whether it was there before.
    pub async fn insert_conversion(&self, new: &Conversion) -> Result<(Conversion, bool)> {
        let shared = Arc::new(new.clone());
        self.writer
            .write(move |tx| {
                let new = Arc::clone(&shared);
                async move {
                    let sql = "
                        insert into conversions (id, workspace_id, link_id, segment, place, event,
                                                 order_id, revision, rule_id, variant, amount,
                                                 payout, currency, metadata, clicked_at, created_at,
                                                 person, visitor)
                        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
                                $16, $17, $18)
                        on conflict (segment, place, event, order_id) do nothing";
                    let (segment, place) = place(new.click)?;
                    let report = &new.report;
                    let metadata = value::json(&report.metadata);
                    let args = [
                        new.id.number().into(),
                        new.workspace.number().into(),
                        new.link.number().into(),
                        (&segment).into(),
                        place.into(),
                        (&report.event).into(),
                        (&report.order).into(),
                        new.revision.into(),
                        new.rule.map(RuleId::number).into(),
                        new.variant.map(i64::from).into(),
                        report.amount.map(Amount::parts).into(),
                        report.payout.map(Amount::parts).into(),
                        (&report.currency).into(),
                        (&metadata).into(),
                        new.clicked_at.as_millisecond().into(),
                        new.created_at.as_millisecond().into(),
                        new.by_person.into(),
                        new.visitor.map(u64::cast_signed).into(),
                    ];
                    match tx.conn.execute(sql, &args).await? {
                        0 => Ok(()),
                        _ => tx.happened(&[Happened::ConversionCreated(&new)]).await,
                    }
                }
                .boxed()
            })
            .await?;
        let sql = AssertSqlSafe(format!(
            "{COLUMNS} where segment = $1 and place = $2 and event = $3 and order_id = $4"
        ));
        let (segment, place) = place(new.click)?;
        let (event, order) = (&new.report.event, &new.report.order);
        let args = [(&segment).into(), place.into(), event.into(), order.into()];
        let row = self.db.read().await?.fetch_optional(sql, &args).await?;
        let missing = || Failure::internal("a conversion that was stored is not there");
        let stored = conversion(&row.ok_or_else(missing)?)?;
        let known = stored.id != new.id;
        Ok((stored, known))
    }

    /// A page of conversions, of one link or of all, newest first, those after `after`.
    pub async fn conversions(
        &self,
        workspace: WorkspaceId,
        link: Option<LinkId>,
        after: Option<ConversionId>,
        limit: i64,
    ) -> Result<Vec<Conversion>> {
        let after = after.map_or(i64::MAX, ConversionId::number);
        let mut args = vec![workspace.number().into(), after.into(), limit.into()];
        let mut of_link = "";
        if let Some(link) = link {
            args.push(link.number().into());
            of_link = "and link_id = $4";
        }
        let sql = AssertSqlSafe(format!(
            "{COLUMNS} where workspace_id = $1 and id < $2 {of_link} order by id desc limit $3"
        ));
        let rows = self.db.read().await?.fetch_all(sql, &args).await?;
        Ok(rows.iter().map(conversion).collect::<failure::Result<_>>()?)
    }

    /// What became of some clicks, oldest first.
    pub async fn conversions_of(&self, clicks: &[ClickId]) -> Result<Vec<Conversion>> {
        let mut conn = self.db.read().await?;
        let mut found = Vec::new();
        for click in clicks {
            let (segment, place) = place(*click)?;
            let sql = format!("{COLUMNS} where segment = $1 and place = $2 order by id");
            let args = [(&segment).into(), place.into()];
            let rows = conn.fetch_all(AssertSqlSafe(sql), &args).await?;
            for row in &rows {
                found.push(conversion(row)?);
            }
        }
        Ok(found)
    }

    /// What conversions came in a span of milliseconds, of one link or of all, by currency.
    pub async fn conversion_totals(
        &self,
        workspace: WorkspaceId,
        link: Option<LinkId>,
        (from, to): (i64, i64),
    ) -> Result<Vec<ConversionTotal>> {
        let mut args = vec![workspace.number().into(), from.into(), to.into()];
        let mut of_link = "";
        if let Some(link) = link {
            args.push(link.number().into());
            of_link = "and link_id = $4";
        }
        // PostgreSQL sums bigints to a numeric; the cast gives both the same type.
        let sql = AssertSqlSafe(format!(
            "select currency, count(*) as conversions,
                    cast(coalesce(sum(amount), 0) as bigint) as amount,
                    cast(coalesce(sum(payout), 0) as bigint) as payout
             from conversions
             where workspace_id = $1 and $2 <= created_at and created_at < $3 {of_link}
             group by currency order by currency"
        ));
        let rows = self.db.read().await?.fetch_all(sql, &args).await?;
        let total = |row: &Row| {
            Ok(ConversionTotal {
                currency: value::owned(row.maybe_text("currency")?),
                conversions: row.int("conversions")?,
                amount: Amount::of_parts(row.int("amount")?),
                payout: Amount::of_parts(row.int("payout")?),
            })
        };
        Ok(rows.iter().map(total).collect::<failure::Result<_>>()?)
    }
}

/// A click's segment and place, as they are stored.
fn place(click: ClickId) -> failure::Result<(String, i64)> {
    let place = i64::try_from(click.offset).map_err(Failure::internal)?;
    Ok((format!("{:032x}", click.segment), place))
}

fn conversion(row: &Row) -> failure::Result<Conversion> {
    let variant = row.maybe_int("variant")?.map(u32::try_from).transpose();
    Ok(Conversion {
        id: value::id(row.int("id")?)?,
        workspace: value::id(row.int("workspace_id")?)?,
        link: value::id(row.int("link_id")?)?,
        click: ClickId {
            segment: u128::from_str_radix(row.text("segment")?, 16).map_err(Failure::internal)?,
            offset: u64::try_from(row.int("place")?).map_err(Failure::internal)?,
        },
        revision: row.int("revision")?,
        rule: row.maybe_int("rule_id")?.map(value::id).transpose()?,
        variant: variant.map_err(Failure::internal)?,
        by_person: row.truth("person")?,
        visitor: row.maybe_int("visitor")?.map(i64::cast_unsigned),
        report: Report {
            event: row.text("event")?.to_owned(),
            order: row.text("order_id")?.to_owned(),
            amount: row.maybe_int("amount")?.map(Amount::of_parts),
            payout: row.maybe_int("payout")?.map(Amount::of_parts),
            currency: value::owned(row.maybe_text("currency")?),
            metadata: value::from_json(row.text("metadata")?)?,
        },
        clicked_at: value::time(row.int("clicked_at")?)?,
        created_at: value::time(row.int("created_at")?)?,
    })
}
