//! Where members are signed in.

use futures_util::FutureExt;
use jiff::Timestamp;
use model::{Error, Member, MemberId, Result, Session, SessionId, What};
use sqlx::AssertSqlSafe;

use crate::{
    Store,
    db::Row,
    failure::{self, Failure},
    members::{MEMBER, member},
    value,
};

const SESSION: &str = "select id, member_id, hash, agent, created_at, last_used_at, expires_at
                       from sessions";

impl Store {
    /// The session of whoever presents this id, and its member.
    pub async fn session(&self, id: SessionId) -> Result<Option<(Session, Member)>> {
        let mut conn = self.db.read().await?;
        let sql = AssertSqlSafe(format!("{SESSION} where id = $1"));
        let Some(row) = conn.fetch_optional(sql, &[id.number().into()]).await? else {
            return Ok(None);
        };
        let found = session(&row)?;
        let sql = AssertSqlSafe(format!("{MEMBER} where id = $1"));
        let row = conn.fetch_optional(sql, &[found.member.number().into()]).await?;
        Ok(row.as_ref().map(member).transpose()?.map(|member| (found, member)))
    }

    /// Where a member is signed in, newest first.
    pub async fn sessions(&self, member: MemberId) -> Result<Vec<Session>> {
        let sql = AssertSqlSafe(format!("{SESSION} where member_id = $1 order by id desc"));
        let rows = self.db.read().await?.fetch_all(sql, &[member.number().into()]).await?;
        Ok(rows.iter().map(session).collect::<failure::Result<_>>()?)
    }

    /// Signs a member in, and forgets their sessions that have ended.
    pub async fn insert_session(&self, new: &Session) -> Result<()> {
        let new = new.clone();
        self.writer
            .write(move |tx| {
                let new = new.clone();
                async move {
                    let created_at = new.created_at.as_millisecond();
                    let ended = "delete from sessions where member_id = $1 and expires_at <= $2";
                    let args = [new.member.number().into(), created_at.into()];
                    tx.conn.execute(ended, &args).await?;
                    let sql = "
                        insert into sessions (id, member_id, hash, agent, created_at, last_used_at,
                                              expires_at)
                        values ($1, $2, $3, $4, $5, $5, $6)";
                    let args = [
                        new.id.number().into(),
                        new.member.number().into(),
                        new.hash.as_slice().into(),
                        (&new.agent).into(),
                        created_at.into(),
                        new.expires_at.as_millisecond().into(),
                    ];
                    tx.conn.execute(sql, &args).await.map(drop)
                }
                .boxed()
            })
            .await
    }

    /// Notes that a session is used, and until when it lasts by that.
    pub async fn touch_session(
        &self,
        id: SessionId,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<()> {
        self.writer
            .write(move |tx| {
                async move {
                    let sql = "
                        update sessions set last_used_at = $2, expires_at = $3 where id = $1";
                    let (now, end) = (now.as_millisecond(), expires_at.as_millisecond());
                    tx.conn
                        .execute(sql, &[id.number().into(), now.into(), end.into()])
                        .await
                        .map(drop)
                }
                .boxed()
            })
            .await
    }

    /// Signs a member out everywhere.
    pub async fn delete_sessions(&self, member: MemberId) -> Result<()> {
        self.writer
            .write(move |tx| {
                async move {
                    let sql = "delete from sessions where member_id = $1";
                    tx.conn.execute(sql, &[member.number().into()]).await.map(drop)
                }
                .boxed()
            })
            .await
    }

    pub async fn delete_session(&self, member: MemberId, id: SessionId) -> Result<()> {
        self.writer
            .write(move |tx| {
                async move {
                    let sql = "delete from sessions where id = $1 and member_id = $2";
                    let args = [id.number().into(), member.number().into()];
                    match tx.conn.execute(sql, &args).await? {
                        0 => Err(Error::NotFound(What::Session).into()),
                        _ => Ok(()),
                    }
                }
                .boxed()
            })
            .await
    }
}

fn session(row: &Row) -> failure::Result<Session> {
    Ok(Session {
        id: value::id(row.int("id")?)?,
        member: value::id(row.int("member_id")?)?,
        hash: row.bytes("hash")?.try_into().map_err(Failure::internal)?,
        agent: row.text("agent")?.to_owned(),
        created_at: value::time(row.int("created_at")?)?,
        last_used_at: value::time(row.int("last_used_at")?)?,
        expires_at: value::time(row.int("expires_at")?)?,
    })
}
