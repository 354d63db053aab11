//! Authenticator apps of members, their recovery codes, and which proofs a member has.

use futures_util::FutureExt;
use jiff::Timestamp;
use model::{Authenticator, Error, MemberId, Proofs, Result, What};

use crate::{
    Store,
    db::{Conn, Row},
    failure::{self, Failure},
    value,
};

impl Store {
    pub async fn authenticator(&self, member: MemberId) -> Result<Option<Authenticator>> {
        let sql = "
            select member_id, secret, step, created_at, since from authenticators
            where member_id = $1";
        let row = self.db.read().await?.fetch_optional(sql, &[member.number().into()]).await?;
        Ok(row.as_ref().map(authenticator).transpose()?)
    }

    /// Keeps a new one, until its first code in place of one that had none either.
    pub async fn begin_authenticator(&self, new: &Authenticator) -> Result<()> {
        let new = new.clone();
        self.writer
            .write(move |tx| {
                let new = new.clone();
                async move {
                    let sql = "
                        insert into authenticators (member_id, secret, created_at)
                        values ($1, $2, $3)
                        on conflict (member_id) do update
                        set secret = excluded.secret, created_at = excluded.created_at
                        where authenticators.since is null";
                    let args = [
                        new.member.number().into(),
                        new.secret.as_slice().into(),
                        new.created_at.as_millisecond().into(),
                    ];
                    match tx.conn.execute(sql, &args).await? {
                        0 => Err(Error::Taken(What::Authenticator).into()),
                        _ => Ok(()),
                    }
                }
                .boxed()
            })
            .await
    }

    /// Asks for codes from now on, the first of which was right, and keeps the hashes of the recovery
    /// codes.
    pub async fn confirm_authenticator(
        &self,
        confirmed: &Authenticator,
        now: Timestamp,
        recovery: Vec<[u8; 32]>,
    ) -> Result<()> {
        let confirmed = confirmed.clone();
        self.writer
            .write(move |tx| {
                let (confirmed, recovery) = (confirmed.clone(), recovery.clone());
                async move {
                    let member = confirmed.member.number();
                    let sql = "
                        update authenticators set since = $3, step = $4
                        where member_id = $1 and secret = $2 and since is null";
                    let args = [
                        member.into(),
                        confirmed.secret.as_slice().into(),
                        now.as_millisecond().into(),
                        confirmed.step.into(),
                    ];
                    if tx.conn.execute(sql, &args).await? == 0 {
                        return Err(Error::NotFound(What::Authenticator).into());
                    }
                    for hash in &recovery {
                        let sql = "insert into recovery_codes (member_id, hash) values ($1, $2)";
                        tx.conn.execute(sql, &[member.into(), hash.as_slice().into()]).await?;
                    }
                    Ok(())
                }
                .boxed()
            })
            .await
    }

    /// Takes a code of a half minute; false where that one or a later one was taken before.
    pub async fn use_step(&self, member: MemberId, step: i64) -> Result<bool> {
        self.writer
            .write(move |tx| {
                async move {
                    let sql = "
                        update authenticators set step = $2
                        where member_id = $1 and (step is null or step < $2)";
                    let args = [member.number().into(), step.into()];
                    Ok(tx.conn.execute(sql, &args).await? != 0)
                }
                .boxed()
            })
            .await
    }

    /// Takes a recovery code; false where there is none of this hash, or no longer.
    pub async fn use_recovery_code(&self, member: MemberId, hash: [u8; 32]) -> Result<bool> {
        self.writer
            .write(move |tx| {
                async move {
                    let sql = "delete from recovery_codes where member_id = $1 and hash = $2";
                    let args = [member.number().into(), hash.as_slice().into()];
                    Ok(tx.conn.execute(sql, &args).await? != 0)
                }
                .boxed()
            })
            .await
    }

    /// Asks for no codes any more.
    pub async fn delete_authenticator(&self, member: MemberId) -> Result<()> {
        self.writer
            .write(move |tx| {
                async move { delete_authenticator(&mut tx.conn, member).await }.boxed()
            })
            .await
    }

    pub async fn proofs(&self, member: MemberId) -> Result<Proofs> {
        let sql = "
            select (select count(*) from authenticators
                    where member_id = $1 and since is not null) as totp,
                   (select count(*) from passkeys where member_id = $1) as passkeys";
        let row = self.db.read().await?.fetch_optional(sql, &[member.number().into()]).await?;
        let row = row.ok_or_else(|| Error::internal("a count has no row"))?;
        Ok(Proofs { totp: row.int("totp")? != 0, passkeys: row.int("passkeys")? })
    }
}

/// Deletes the recovery codes with it.
pub(crate) async fn delete_authenticator(conn: &mut Conn, member: MemberId) -> failure::Result<()> {
    let args = [member.number().into()];
    conn.execute("delete from recovery_codes where member_id = $1", &args).await?;
    conn.execute("delete from authenticators where member_id = $1", &args).await.map(drop)
}

fn authenticator(row: &Row) -> failure::Result<Authenticator> {
    Ok(Authenticator {
        member: value::id(row.int("member_id")?)?,
        secret: row.bytes("secret")?.try_into().map_err(Failure::internal)?,
        step: row.maybe_int("step")?,
        created_at: value::time(row.int("created_at")?)?,
        since: value::maybe_time(row.maybe_int("since")?)?,
    })
}
