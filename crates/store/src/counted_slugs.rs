//! The counters of domains whose slugs are 1, 2, 3 and so on.

use futures_util::FutureExt;
use model::{DomainId, Result};

use crate::{Store, failure::Failure};

impl Store {
    /// The next number of a domain; nobody else ever gets it.
    pub async fn next_slug_number(&self, domain: DomainId) -> Result<i64> {
        let name = counter(domain);
        self.writer
            .write(move |tx| {
                let name = name.clone();
                async move {
                    let sql = "
                        insert into counters (name, value) values ($1, 1)
                        on conflict (name) do update set value = counters.value + 1
                        returning value";
                    let row = tx.conn.fetch_optional(sql, &[(&name).into()]).await?;
                    let missing = || Failure::internal("a counter without a row");
                    row.ok_or_else(missing)?.int("value")
                }
                .boxed()
            })
            .await
    }

    /// The last number that was given out; 0 where there was none.
    pub async fn last_slug_number(&self, domain: DomainId) -> Result<i64> {
        let sql = "select value from counters where name = $1";
        let row = self.db.read().await?.fetch_optional(sql, &[(&counter(domain)).into()]).await?;
        Ok(row.map(|row| row.int("value")).transpose()?.unwrap_or(0))
    }
}

pub(crate) fn counter(domain: DomainId) -> String {
    format!("slugs of {domain}")
}
