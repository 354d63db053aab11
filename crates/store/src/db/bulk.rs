//! Many rows at once: the one place where the two databases are fed differently.

use sqlx::{AssertSqlSafe, PgConnection};

use super::{Arg, Conn};
use crate::failure::{Failure, Result};

/// One click, ready to be stored.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClickRow<'a> {
    pub(crate) id: i64,
    pub(crate) workspace: i64,
    pub(crate) link: i64,
    pub(crate) at: i64,
    pub(crate) class: i64,
    pub(crate) payload: &'a [u8],
}

/// Rows of one statement; SQLite takes 32,766 placeholders and PostgreSQL 65,535.
const MOST_ROWS: usize = 128;
/// Up to here a text is prepared for each number of rows, since groups are mostly as small.
const FEW_ROWS: usize = 16;
/// Bytes of a COPY that are sent together.
const COPY_BUFFER: usize = 64 * 1024;

impl Conn {
    /// Runs `insert … values` with as many rows to a statement as it takes; `conflict`
    /// follows the rows, and `cells` appends the arguments of one.
    ///
    /// Beyond a few, the numbers of rows are powers of two, so that only a handful of texts is ever
    /// prepared.
    pub(crate) async fn insert<T>(
        &mut self,
        insert: &str,
        rows: &[T],
        conflict: &str,
        cells: impl for<'t> Fn(&'t T, &mut Vec<Arg<'t>>),
    ) -> Result<()> {
        let mut rest = rows;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(together(rest.len()));
            let mut args = Vec::new();
            now.iter().for_each(|row| cells(row, &mut args));
            let values = self.values(now.len(), args.len() / now.len());
            let sql = AssertSqlSafe(format!("{insert} values {values} {conflict}"));
            self.execute(sql, &args).await?;
            rest = later;
        }
        Ok(())
    }

    /// The placeholders of so many rows. To SQLite `$1` is a name, looked up among all others on
    /// every binding; thousands of them take longer than the insert.
    fn values(&self, rows: usize, columns: usize) -> String {
        match self {
            Conn::Sqlite(_) => {
                vec![format!("({})", vec!["?"; columns].join(", ")); rows].join(", ")
            }
            Conn::Postgres(_) => numbered(rows, columns),
        }
    }

    pub(crate) async fn insert_clicks(&mut self, rows: &[ClickRow<'_>]) -> Result<()> {
        if let Conn::Postgres(conn) = self {
            return copy_clicks(conn, rows).await;
        }
        let insert = "insert into clicks (id, workspace_id, link_id, at, class, payload)";
        self.insert(insert, rows, "", |row, args| {
            let ClickRow { id, workspace, link, at, class, payload } = *row;
            args.extend([id, workspace, link, at, class].map(Arg::from));
            args.push(Arg::from(payload));
        })
        .await
    }
}

/// How many of so many rows the next statement takes.
fn together(rows: usize) -> usize {
    match rows.min(MOST_ROWS) {
        few @ ..=FEW_ROWS => few,
        many => 1 << many.ilog2(),
    }
}

/// `($1, $2), ($3, $4)`.
fn numbered(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let cells: Vec<String> =
            (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
        format!("({})", cells.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

/// PostgreSQL's own bulk format: a header, rows of length-prefixed fields, a trailer.
async fn copy_clicks(conn: &mut PgConnection, rows: &[ClickRow<'_>]) -> Result<()> {
    let mut copy = conn
        .copy_in_raw(
            "copy clicks (id, workspace_id, link_id, at, class, payload)
             from stdin with (format binary)",
        )
        .await?;
    let mut buffer = Vec::with_capacity(COPY_BUFFER + 1024);
    // Signature, flags, length of the header's extension.
    buffer.extend_from_slice(b"PGCOPY\n\xff\r\n\0");
    buffer.extend_from_slice(&[0; 8]);
    for row in rows {
        let ClickRow { id, workspace, link, at, class, payload } = *row;
        buffer.extend_from_slice(&6_i16.to_be_bytes());
        for number in [id, workspace, link, at, class] {
            buffer.extend_from_slice(&8_i32.to_be_bytes());
            buffer.extend_from_slice(&number.to_be_bytes());
        }
        let len = i32::try_from(payload.len()).map_err(Failure::internal)?;
        buffer.extend_from_slice(&len.to_be_bytes());
        buffer.extend_from_slice(payload);
        if COPY_BUFFER <= buffer.len() {
            copy.send(buffer.as_slice()).await?;
            buffer.clear();
        }
    }
    buffer.extend_from_slice(&(-1_i16).to_be_bytes());
    copy.send(buffer.as_slice()).await?;
    copy.finish().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_texts_serve_all_numbers_of_rows() {
        let texts: std::collections::BTreeSet<usize> = (1..10_000).map(together).collect();
        assert_eq!(texts, (1..=16).chain([32, 64, 128]).collect());
        assert!((1..10_000).all(|rows| together(rows) <= rows));
    }

    #[test]
    fn placeholders_count_through_all_rows() {
        assert_eq!(numbered(1, 1), "($1)");
        assert_eq!(numbered(2, 3), "($1, $2, $3), ($4, $5, $6)");
    }
}
