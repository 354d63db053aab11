//! Members of workspaces, and the invitations by which they come.

use futures_util::FutureExt;
use jiff::Timestamp;
use model::{Error, Invitation, InvitationId, Member, MemberId, Result, Role, What, WorkspaceId};
use sqlx::AssertSqlSafe;

use crate::{
    Store,
    authenticators::delete_authenticator,
    db::{Conn, Row},
    failure::{self, Failure, taken},
    value,
};

pub(crate) const MEMBER: &str =
    "select id, workspace_id, email, name, role, password_hash, created_at,
                             updated_at from members";
const INVITATION: &str = "select id, workspace_id, hash, role, note, created_at, expires_at,
                                 member_id from invitations";

impl Store {
    /// The members of a workspace, oldest first.
    pub async fn members(&self, workspace: WorkspaceId) -> Result<Vec<Member>> {
        let sql = AssertSqlSafe(format!("{MEMBER} where workspace_id = $1 order by id"));
        let rows = self.db.read().await?.fetch_all(sql, &[workspace.number().into()]).await?;
        Ok(rows.iter().map(member).collect::<failure::Result<_>>()?)
    }

    pub async fn member(&self, workspace: WorkspaceId, id: MemberId) -> Result<Member> {
        let sql = AssertSqlSafe(format!("{MEMBER} where id = $1 and workspace_id = $2"));
        let args = [id.number().into(), workspace.number().into()];
        let row = self.db.read().await?.fetch_optional(sql, &args).await?;
        row.map_or(Err(Error::NotFound(What::Member)), |row| Ok(member(&row)?))
    }

    /// Who signs in with this, whichever workspace they are of: nobody knows that yet.
    pub async fn member_of_login(&self, login: &str) -> Result<Option<Member>> {
        let sql = AssertSqlSafe(format!("{MEMBER} where email = $1"));
        let row = self.db.read().await?.fetch_optional(sql, &[login.into()]).await?;
        Ok(row.as_ref().map(member).transpose()?)
    }

    /// Whether anybody is a member of anything yet.
    pub async fn has_members(&self) -> Result<bool> {
        let sql = "select 1 from members limit 1";
        Ok(self.db.read().await?.fetch_optional(sql, &[]).await?.is_some())
    }

    /// Makes a member by an invitation that is open, which is closed by that.
    pub async fn insert_member(
        &self,
        new: &Member,
        invitation: InvitationId,
        now: Timestamp,
    ) -> Result<()> {
        let new = new.clone();
        self.writer
            .write(move |tx| {
                let new = new.clone();
                async move {
                    let sql = "
                        update invitations set member_id = $1
                        where id = $2 and member_id is null and $3 < expires_at";
                    let (id, now) = (new.id.number(), now.as_millisecond());
                    let args = [id.into(), invitation.number().into(), now.into()];
                    if tx.conn.execute(sql, &args).await? == 0 {
                        return Err(Error::NotFound(What::Invitation).into());
                    }
                    insert_member(&mut tx.conn, &new).await
                }
                .boxed()
            })
            .await
    }

    /// Makes a member whom somebody vouches for.
    pub async fn insert_vouched_member(&self, new: &Member) -> Result<()> {
        let new = new.clone();
        self.writer
            .write(move |tx| {
                let new = new.clone();
                async move { insert_member(&mut tx.conn, &new).await }.boxed()
            })
            .await
    }

    /// Changes a member's name, role and password. One owner stays.
    pub async fn update_member(&self, new: &Member) -> Result<()> {
        let new = new.clone();
        self.writer
            .write(move |tx| {
                let new = new.clone();
                async move {
                    let sql = "
                        update members
                        set name = $3, role = $4, password_hash = $5, updated_at = $6, email = $7
                        where id = $1 and workspace_id = $2";
                    let login = new.login();
                    let args = [
                        new.id.number().into(),
                        new.workspace.number().into(),
                        (&new.name).into(),
                        new.role.name().into(),
                        (&new.password_hash).into(),
                        new.updated_at.as_millisecond().into(),
                        (&login).into(),
                    ];
                    let done = tx.conn.execute(sql, &args).await.map_err(taken(What::Member));
                    if done? == 0 {
                        return Err(Error::NotFound(What::Member).into());
                    }
                    one_owner(&mut tx.conn, new.workspace).await
                }
                .boxed()
            })
            .await
    }

    /// Takes a member, their sessions and their proofs away. One owner stays.
    pub async fn delete_member(&self, workspace: WorkspaceId, id: MemberId) -> Result<()> {
        self.writer
            .write(move |tx| {
                async move {
                    let args = [id.number().into(), workspace.number().into()];
                    let known = "select 1 from members where id = $1 and workspace_id = $2";
                    if tx.conn.fetch_optional(known, &args).await?.is_none() {
                        return Err(Error::NotFound(What::Member).into());
                    }
                    delete_authenticator(&mut tx.conn, id).await?;
                    let own = "delete from preferences where owner_id = $1 and workspace_id = $2";
                    tx.conn.execute(own, &args).await?;
                    for of in ["delete from passkeys", "delete from sessions"] {
                        let sql = AssertSqlSafe(format!("{of} where member_id = $1"));
                        tx.conn.execute(sql, &args[..1]).await?;
                    }
                    tx.conn.execute("delete from members where id = $1", &args[..1]).await?;
                    one_owner(&mut tx.conn, workspace).await
                }
                .boxed()
            })
            .await
    }

    /// The invitations of a workspace, newest first.
    pub async fn invitations(&self, workspace: WorkspaceId) -> Result<Vec<Invitation>> {
        let sql = AssertSqlSafe(format!("{INVITATION} where workspace_id = $1 order by id desc"));
        let rows = self.db.read().await?.fetch_all(sql, &[workspace.number().into()]).await?;
        Ok(rows.iter().map(invitation).collect::<failure::Result<_>>()?)
    }

    /// The invitation of whoever presents this id.
    pub async fn invitation(&self, id: InvitationId) -> Result<Option<Invitation>> {
        let sql = AssertSqlSafe(format!("{INVITATION} where id = $1"));
        let row = self.db.read().await?.fetch_optional(sql, &[id.number().into()]).await?;
        Ok(row.as_ref().map(invitation).transpose()?)
    }

    pub async fn insert_invitation(&self, new: &Invitation) -> Result<()> {
        let new = new.clone();
        self.writer
            .write(move |tx| {
                let new = new.clone();
                async move {
                    let sql = "
                        insert into invitations (id, workspace_id, hash, role, note, created_at,
                                                 expires_at)
                        values ($1, $2, $3, $4, $5, $6, $7)";
                    let args = [
                        new.id.number().into(),
                        new.workspace.number().into(),
                        new.hash.as_slice().into(),
                        new.role.name().into(),
                        (&new.note).into(),
                        new.created_at.as_millisecond().into(),
                        new.expires_at.as_millisecond().into(),
                    ];
                    tx.conn.execute(sql, &args).await.map(drop)
                }
                .boxed()
            })
            .await
    }

    pub async fn delete_invitation(&self, workspace: WorkspaceId, id: InvitationId) -> Result<()> {
        self.writer
            .write(move |tx| {
                async move {
                    let sql = "delete from invitations where id = $1 and workspace_id = $2";
                    let args = [id.number().into(), workspace.number().into()];
                    match tx.conn.execute(sql, &args).await? {
                        0 => Err(Error::NotFound(What::Invitation).into()),
                        _ => Ok(()),
                    }
                }
                .boxed()
            })
            .await
    }
}

async fn insert_member(conn: &mut Conn, new: &Member) -> failure::Result<()> {
    let sql = "
        insert into members (id, workspace_id, email, name, role, password_hash, created_at,
                             updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $7)";
    let login = new.login();
    let args = [
        new.id.number().into(),
        new.workspace.number().into(),
        (&login).into(),
        (&new.name).into(),
        new.role.name().into(),
        (&new.password_hash).into(),
        new.created_at.as_millisecond().into(),
    ];
    conn.execute(sql, &args).await.map(drop).map_err(taken(What::Member))
}

/// A workspace that had an owner keeps one.
async fn one_owner(conn: &mut Conn, workspace: WorkspaceId) -> failure::Result<()> {
    let sql = "select 1 from members where workspace_id = $1 and role = $2";
    let args = [workspace.number().into(), Role::Owner.name().into()];
    match conn.fetch_optional(sql, &args).await? {
        Some(_) => Ok(()),
        None => Err(Error::invalid("role", "one owner has to stay").into()),
    }
}

fn role(row: &Row) -> failure::Result<Role> {
    // A role that a newer version gave and this one does not know may do the least.
    Ok(Role::named(row.text("role")?).unwrap_or(Role::Viewer))
}

/// The column `email` holds what they sign in with; what has no @ is the folded name of somebody
/// without an address.
pub(crate) fn member(row: &Row) -> failure::Result<Member> {
    let login = row.text("email")?;
    Ok(Member {
        id: value::id(row.int("id")?)?,
        workspace: value::id(row.int("workspace_id")?)?,
        email: login.contains('@').then(|| login.to_owned()),
        name: row.text("name")?.to_owned(),
        role: role(row)?,
        password_hash: row.text("password_hash")?.to_owned(),
        created_at: value::time(row.int("created_at")?)?,
        updated_at: value::time(row.int("updated_at")?)?,
    })
}

fn invitation(row: &Row) -> failure::Result<Invitation> {
    Ok(Invitation {
        id: value::id(row.int("id")?)?,
        workspace: value::id(row.int("workspace_id")?)?,
        hash: row.bytes("hash")?.try_into().map_err(Failure::internal)?,
        role: role(row)?,
        note: row.text("note")?.to_owned(),
        created_at: value::time(row.int("created_at")?)?,
        expires_at: value::time(row.int("expires_at")?)?,
        member: row.maybe_int("member_id")?.map(value::id).transpose()?,
    })
}
