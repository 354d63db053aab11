//! Answers to calls that may be sent again.

use futures_util::FutureExt;
use jiff::Timestamp;
use model::Result;

use crate::{Store, db::Row, failure, value};

/// Which call it is: whose, and how they named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallName {
    /// The SHA-256 of the caller's credential.
    pub owner: [u8; 32],
    pub name: String,
}

/// A call that was begun before.
#[derive(Clone, Debug, PartialEq)]
pub struct Begun {
    /// The SHA-256 of what was asked then.
    pub call: Vec<u8>,
    /// None while it is under way.
    pub reply: Option<Reply>,
}

/// What was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    pub status: u16,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// As the server sealed it.
    pub body: Vec<u8>,
}

impl Store {
    /// Begins a call, or tells that it was begun before. What was begun before `lost` and never
    /// answered was cut short, and is begun anew.
    pub async fn begin_call(
        &self,
        call: &CallName,
        hash: [u8; 32],
        now: Timestamp,
        lost: Timestamp,
    ) -> Result<Option<Begun>> {
        let call = call.clone();
        self.writer
            .write(move |tx| {
                let call = call.clone();
                async move {
                    let sql = "
                        insert into replies (owner, name, call, created_at)
                        values ($1, $2, $3, $4)
                        on conflict (owner, name) do update
                            set call = excluded.call, created_at = excluded.created_at
                            where replies.status is null and replies.created_at < $5";
                    let args = [
                        call.owner.as_slice().into(),
                        (&call.name).into(),
                        hash.as_slice().into(),
                        now.as_millisecond().into(),
                        lost.as_millisecond().into(),
                    ];
                    if tx.conn.execute(sql, &args).await? == 1 {
                        return Ok(None);
                    }
                    let sql = "
                        select call, status, headers, body from replies
                        where owner = $1 and name = $2";
                    let args = [call.owner.as_slice().into(), (&call.name).into()];
                    let row = tx.conn.fetch_optional(sql, &args).await?;
                    row.as_ref().map(begun).transpose()
                }
                .boxed()
            })
            .await
    }

    /// Keeps the answer of a call that was begun.
    pub async fn finish_call(&self, call: &CallName, reply: Reply) -> Result<()> {
        let (call, reply) = (call.clone(), reply);
        self.writer
            .write(move |tx| {
                let (call, reply) = (call.clone(), reply.clone());
                async move {
                    let sql = "
                        update replies set status = $3, headers = $4, body = $5
                        where owner = $1 and name = $2";
                    let headers = value::json(&reply.headers);
                    let args = [
                        call.owner.as_slice().into(),
                        (&call.name).into(),
                        i64::from(reply.status).into(),
                        (&headers).into(),
                        reply.body.as_slice().into(),
                    ];
                    tx.conn.execute(sql, &args).await.map(drop)
                }
                .boxed()
            })
            .await
    }

    /// Forgets a call that did nothing, so that it may be tried again.
    pub async fn forget_call(&self, call: &CallName) -> Result<()> {
        let call = call.clone();
        self.writer
            .write(move |tx| {
                let call = call.clone();
                async move {
                    let sql = "delete from replies where owner = $1 and name = $2";
                    let args = [call.owner.as_slice().into(), (&call.name).into()];
                    tx.conn.execute(sql, &args).await.map(drop)
                }
                .boxed()
            })
            .await
    }

    /// Drops what was begun before a moment.
    pub async fn drop_replies_before(&self, end: Timestamp) -> Result<()> {
        self.writer
            .write(move |tx| {
                async move {
                    let sql = "delete from replies where created_at < $1";
                    tx.conn.execute(sql, &[end.as_millisecond().into()]).await.map(drop)
                }
                .boxed()
            })
            .await
    }
}

fn begun(row: &Row) -> failure::Result<Begun> {
    let reply = match row.maybe_int("status")? {
        None => None,
        Some(status) => Some(Reply {
            status: u16::try_from(status).map_err(failure::Failure::internal)?,
            headers: value::from_json(row.maybe_text("headers")?.unwrap_or("[]"))?,
            body: row.maybe_bytes("body")?.unwrap_or_default().to_vec(),
        }),
    };
    Ok(Begun { call: row.bytes("call")?.to_vec(), reply })
}
