//! Many rows at once: the one place where the two databases are fed differently.

use sqlx::{Arguments, AssertSqlSafe, PgConnection, postgres::PgArguments};

use super::{Arg, Conn, Row, check};
use crate::failure::{Failure, Result};

/// Rows of one statement; SQLite takes 32,766 placeholders. Beyond a few, the numbers of rows are powers of
/// two, so that only a handful of texts is ever prepared.
const MOST_ROWS: usize = 128;
/// Rows of one statement of PostgreSQL, to which they are columns.
const MOST_UNNESTED: usize = 1_024;
/// Up to here a text is prepared for each number of rows, since groups are mostly as small.
const FEW_ROWS: usize = 16;

/// Rows of one table.
#[derive(Debug)]
pub(crate) struct Rows<'a> {
    /// Ends before `values`.
    insert: &'static str,
    /// What follows the rows.
    conflict: &'static str,
    columns: usize,
    cells: Vec<Arg<'a>>,
}

impl<'a> Rows<'a> {
    /// A row for each of `all`; `cells` appends what stands in it.
    pub(crate) fn new<T>(
        insert: &'static str,
        all: &'a [T],
        cells: impl Fn(&'a T, &mut Vec<Arg<'a>>),
    ) -> Rows<'a> {
        let mut args = Vec::new();
        all.iter().for_each(|it| cells(it, &mut args));
        let columns = args.len().checked_div(all.len()).unwrap_or(0);
        Rows { insert, conflict: "", columns, cells: args }
    }

    pub(crate) fn on_conflict(self, conflict: &'static str) -> Rows<'a> {
        Rows { conflict, ..self }
    }

    /// How many rows these are.
    pub(crate) fn len(&self) -> usize {
        self.cells.len().checked_div(self.columns).unwrap_or(0)
    }
}

impl Conn {
    /// Inserts rows, as many to a statement as it takes, and tells how many were inserted.
    pub(crate) async fn insert(&mut self, rows: &Rows<'_>) -> Result<u64> {
        let (mut from, mut inserted) = (0, 0);
        while from < rows.len() {
            let now = self.together(rows.len() - from);
            inserted += match self {
                Conn::Sqlite(_) => {
                    let sql = AssertSqlSafe(rows.marked(now));
                    self.execute(sql, rows.some(from, now)).await?
                }
                Conn::Postgres(conn) => {
                    let mut args = PgArguments::default();
                    let sql = rows.unnested(from, now, &mut args)?;
                    run(conn, sql, args).await?
                }
            };
            from += now;
        }
        Ok(inserted)
    }

    /// Inserts into several tables at once, whose rows are equally many: one question to the database
    /// instead of one for each. Where it fails, some rows may be there: all of the transaction, or of
    /// its part, has to be taken back.
    pub(crate) async fn insert_into_all<const N: usize>(
        &mut self,
        tables: [&Rows<'_>; N],
    ) -> Result<()> {
        let count = tables.first().map_or(0, |rows| rows.len());
        let mut from = 0;
        while from < count {
            let now = self.together(count - from);
            match self {
                // SQLite need not be able to take back a statement alone, for which it would copy every
                // page that it changes.
                Conn::Sqlite(_) => {
                    let marked =
                        |rows: &Rows<'_>| rows.marked(now).replacen("insert", "insert or fail", 1);
                    let sql = AssertSqlSafe(tables.map(marked).join("; "));
                    let args = tables.map(|rows| rows.some(from, now)).concat();
                    self.execute(sql, &args).await?;
                }
                // PostgreSQL takes arguments for one statement alone, which may hold others.
                Conn::Postgres(conn) => {
                    let (mut sql, mut args) = (String::new(), PgArguments::default());
                    for (i, rows) in tables.iter().enumerate() {
                        let text = rows.unnested(from, now, &mut args)?;
                        match i {
                            _ if i + 1 == N => sql.push_str(&format!(" {text}")),
                            0 => sql.push_str(&format!("with t{i} as ({text})")),
                            _ => sql.push_str(&format!(", t{i} as ({text})")),
                        }
                    }
                    run(conn, sql, args).await?;
                }
            }
            from += now;
        }
        Ok(())
    }

    /// How many of so many rows the next statement takes.
    fn together(&self, rows: usize) -> usize {
        match self {
            Conn::Sqlite(_) => together(rows),
            Conn::Postgres(_) => rows.min(MOST_UNNESTED),
        }
    }

    /// The rows of `select`, which ends in `in`, for as many numbers to a statement as it takes.
    pub(crate) async fn fetch_among(&mut self, select: &str, numbers: &[i64]) -> Result<Vec<Row>> {
        let (mut rest, mut found) = (numbers, Vec::new());
        while !rest.is_empty() {
            let (now, later) = rest.split_at(together(rest.len()));
            let values = match self {
                Conn::Sqlite(_) => marked(now.len(), 1),
                Conn::Postgres(_) => numbered(now.len()),
            };
            let args: Vec<Arg<'_>> = now.iter().copied().map(Arg::from).collect();
            let sql = AssertSqlSafe(format!("{select} (values {values})"));
            found.extend(self.fetch_all(sql, &args).await?);
            rest = later;
        }
        Ok(found)
    }
}

impl<'a> Rows<'a> {
    /// The cells of some of the rows.
    fn some(&self, from: usize, count: usize) -> &[Arg<'a>] {
        &self.cells[from * self.columns..(from + count) * self.columns]
    }

    /// The statement for so many rows.
    fn marked(&self, count: usize) -> String {
        format!("{} values {} {}", self.insert, marked(count, self.columns), self.conflict)
    }

    /// The statement for any number of rows, whose arguments are columns: PostgreSQL plans it once.
    fn unnested(&self, from: usize, count: usize, args: &mut PgArguments) -> Result<String> {
        let some = self.some(from, count);
        check(some)?;
        let first = args.len() + 1;
        for column in 0..self.columns {
            let cells = some.iter().skip(column).step_by(self.columns);
            let bound = match some[column] {
                Arg::Int(_) => args.add(ints(cells)),
                Arg::Text(_) => args.add(texts(cells)),
                Arg::Bytes(_) => args.add(bytes(cells)),
            };
            bound.map_err(Failure::Internal)?;
        }
        let places: Vec<String> =
            (first..first + self.columns).map(|place| format!("${place}")).collect();
        let places = places.join(", ");
        Ok(format!("{} select * from unnest({places}) {}", self.insert, self.conflict))
    }
}

// Each column holds one kind of values.
fn ints<'c>(cells: impl Iterator<Item = &'c Arg<'c>>) -> Vec<Option<i64>> {
    cells.map(|cell| if let Arg::Int(value) = cell { *value } else { None }).collect()
}

fn texts<'c>(cells: impl Iterator<Item = &'c Arg<'c>>) -> Vec<Option<&'c str>> {
    cells.map(|cell| if let Arg::Text(value) = cell { *value } else { None }).collect()
}

fn bytes<'c>(cells: impl Iterator<Item = &'c Arg<'c>>) -> Vec<Option<&'c [u8]>> {
    cells.map(|cell| if let Arg::Bytes(value) = cell { *value } else { None }).collect()
}

async fn run(conn: &mut PgConnection, sql: String, args: PgArguments) -> Result<u64> {
    let query = sqlx::query_with(AssertSqlSafe(sql), args);
    Ok(Box::pin(query.execute(conn)).await?.rows_affected())
}

/// How many of so many rows the next statement takes.
fn together(rows: usize) -> usize {
    match rows.min(MOST_ROWS) {
        few @ ..=FEW_ROWS => few,
        many => 1 << many.ilog2(),
    }
}

/// `(?, ?), (?, ?)`. To SQLite `$1` is a name, looked up among all others on every binding; thousands of
/// them take longer than the insert.
fn marked(rows: usize, columns: usize) -> String {
    vec![format!("({})", vec!["?"; columns].join(", ")); rows].join(", ")
}

/// `($1), ($2)`.
fn numbered(rows: usize) -> String {
    (1..=rows).map(|row| format!("(${row})")).collect::<Vec<_>>().join(", ")
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
    fn each_row_has_its_placeholders() {
        assert_eq!(numbered(2), "($1), ($2)");
        assert_eq!(marked(2, 3), "(?, ?, ?), (?, ?, ?)");
    }
}
