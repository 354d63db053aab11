//! Passkeys of members, and the challenges that they have answered.

use futures_util::FutureExt;
use jiff::Timestamp;
use model::{Error, Member, MemberId, Passkey, PasskeyId, Result, What};
use sqlx::AssertSqlSafe;

use crate::{
    Store,
    db::{Conn, Row},
    failure::{self, Failure, taken},
    members::{MEMBER, member},
    value,
};

const PASSKEY: &str = "select id, member_id, credential, public_key, counter, name, created_at,
                              last_used_at
                       from passkeys";

impl Store {
    /// The passkeys of a member, oldest first.
    pub async fn passkeys(&self, member: MemberId) -> Result<Vec<Passkey>> {
        let sql = AssertSqlSafe(format!("{PASSKEY} where member_id = $1 order by id"));
        let rows = self.db.read().await?.fetch_all(sql, &[member.number().into()]).await?;
        Ok(rows.iter().map(passkey).collect::<failure::Result<_>>()?)
    }

    /// The passkey of whoever presents this credential, and its member.
    pub async fn passkey_of(&self, credential: &[u8]) -> Result<Option<(Passkey, Member)>> {
        let mut conn = self.db.read().await?;
        let sql = AssertSqlSafe(format!("{PASSKEY} where credential = $1"));
        let Some(row) = conn.fetch_optional(sql, &[credential.into()]).await? else {
            return Ok(None);
        };
        let found = passkey(&row)?;
        let sql = AssertSqlSafe(format!("{MEMBER} where id = $1"));
        let row = conn.fetch_optional(sql, &[found.member.number().into()]).await?;
        Ok(row.as_ref().map(member).transpose()?.map(|member| (found, member)))
    }

    /// Keeps a passkey that was made in answer to a challenge; false where that was answered before.
    pub async fn insert_passkey(
        &self,
        new: &Passkey,
        challenge: &[u8],
        until: Timestamp,
    ) -> Result<bool> {
        let (new, challenge) = (new.clone(), challenge.to_vec());
        self.writer
            .write(move |tx| {
                let (new, challenge) = (new.clone(), challenge.clone());
                async move {
                    if !answer(&mut tx.conn, &challenge, new.created_at, until).await? {
                        return Ok(false);
                    }
                    let sql = "
                        insert into passkeys (id, member_id, credential, public_key, counter, name,
                                              created_at)
                        values ($1, $2, $3, $4, $5, $6, $7)";
                    let args = [
                        new.id.number().into(),
                        new.member.number().into(),
                        new.credential.as_slice().into(),
                        new.public_key.as_slice().into(),
                        i64::from(new.counter).into(),
                        (&new.name).into(),
                        new.created_at.as_millisecond().into(),
                    ];
                    tx.conn.execute(sql, &args).await.map_err(taken(What::Passkey))?;
                    Ok(true)
                }
                .boxed()
            })
            .await
    }

    /// Notes that a passkey answered a challenge; false where that was answered before, or where the
    /// device has counted on meanwhile, as a copy of it would not.
    pub async fn use_passkey(
        &self,
        used: &Passkey,
        challenge: &[u8],
        (now, until): (Timestamp, Timestamp),
    ) -> Result<bool> {
        let (id, counter, challenge) = (used.id, i64::from(used.counter), challenge.to_vec());
        self.writer
            .write(move |tx| {
                let challenge = challenge.clone();
                async move {
                    if !answer(&mut tx.conn, &challenge, now, until).await? {
                        return Ok(false);
                    }
                    let sql = "
                        update passkeys set counter = $2, last_used_at = $3
                        where id = $1 and (counter < $2 or (counter = 0 and $2 = 0))";
                    let args = [id.number().into(), counter.into(), now.as_millisecond().into()];
                    Ok(tx.conn.execute(sql, &args).await? != 0)
                }
                .boxed()
            })
            .await
    }

    pub async fn delete_passkey(&self, member: MemberId, id: PasskeyId) -> Result<()> {
        self.writer
            .write(move |tx| {
                async move {
                    let sql = "delete from passkeys where id = $1 and member_id = $2";
                    let args = [id.number().into(), member.number().into()];
                    match tx.conn.execute(sql, &args).await? {
                        0 => Err(Error::NotFound(What::Passkey).into()),
                        _ => Ok(()),
                    }
                }
                .boxed()
            })
            .await
    }
}

/// Notes that a challenge is answered, until it is over by itself; false where it was before.
async fn answer(
    conn: &mut Conn,
    challenge: &[u8],
    now: Timestamp,
    until: Timestamp,
) -> failure::Result<bool> {
    let over = "delete from used_challenges where expires_at <= $1";
    conn.execute(over, &[now.as_millisecond().into()]).await?;
    let sql = "
        insert into used_challenges (challenge, expires_at) values ($1, $2)
        on conflict (challenge) do nothing";
    let args = [challenge.into(), until.as_millisecond().into()];
    Ok(conn.execute(sql, &args).await? != 0)
}

fn passkey(row: &Row) -> failure::Result<Passkey> {
    Ok(Passkey {
        id: value::id(row.int("id")?)?,
        member: value::id(row.int("member_id")?)?,
        credential: row.bytes("credential")?.to_vec(),
        public_key: row.bytes("public_key")?.to_vec(),
        counter: row.int("counter")?.try_into().map_err(Failure::internal)?,
        name: row.text("name")?.to_owned(),
        created_at: value::time(row.int("created_at")?)?,
        last_used_at: value::maybe_time(row.maybe_int("last_used_at")?)?,
    })
}
