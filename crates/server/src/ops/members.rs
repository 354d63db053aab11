//! Members of a workspace, and how they come in.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use model::{
    Caller, Error, Invitation, InvitationId, InvitationToken, Member, MemberId, Result, Role,
    Scope, Stamp, What, WorkspaceId,
};
use subtle::ConstantTimeEq;

use super::sessions::{self, SignedIn};
use crate::{App, app::random_below_62, password::Guarded};

/// What somebody says who becomes a member.
#[derive(Clone, Copy, Debug)]
pub struct NewMember<'n> {
    /// Who has none signs in with their name.
    pub email: Option<&'n str>,
    pub name: &'n str,
    pub password: &'n str,
}

/// How long an invitation is open.
const OPEN: SignedDuration = SignedDuration::from_hours(7 * 24);
const LONGEST_NOTE: usize = 200;
/// Characters of a password; short ones are guessed.
const SHORTEST_PASSWORD: usize = 10;

pub async fn members(app: &App, caller: &Caller) -> Result<Vec<Member>> {
    caller.may(Scope::Admin)?;
    app.store.members(caller.workspace).await
}

/// Changes a member's name or role. One owner stays.
pub async fn edit_member(
    app: &App,
    caller: &Caller,
    id: MemberId,
    name: Option<&str>,
    role: Option<Role>,
) -> Result<Member> {
    let all = members(app, caller).await?;
    let mut member = all.into_iter().find(|member| member.id == id).ok_or(NO_MEMBER)?;
    if let Some(name) = name {
        let checked = if member.email.is_some() { Member::name } else { Member::name_alone };
        member.name = checked(name)?;
    }
    member.role = role.unwrap_or(member.role);
    member.updated_at = app.now();
    app.store.update_member(&member).await?;
    Ok(member)
}

/// Takes a member away and signs them out. What they made stays. One owner stays.
pub async fn delete_member(app: &App, caller: &Caller, id: MemberId) -> Result<()> {
    caller.may(Scope::Admin)?;
    app.store.delete_member(caller.workspace, id).await
}

pub async fn invitations(app: &App, caller: &Caller) -> Result<Vec<Invitation>> {
    caller.may(Scope::Admin)?;
    app.store.invitations(caller.workspace).await
}

/// Invites somebody; the answer holds the token for the only time.
pub async fn create_invitation(
    app: &App,
    caller: &Caller,
    role: Role,
    note: &str,
) -> Result<(Invitation, InvitationToken)> {
    caller.may(Scope::Admin)?;
    let new = new_invitation(caller.workspace, role, note, &app.stamp())?;
    app.store.insert_invitation(&new.0).await?;
    Ok(new)
}

/// An invitation that nobody has stored yet.
pub fn new_invitation(
    workspace: WorkspaceId,
    role: Role,
    note: &str,
    stamp: &Stamp<'_>,
) -> Result<(Invitation, InvitationToken)> {
    let note = note.trim();
    if LONGEST_NOTE < note.len() {
        return Err(Error::invalid("note", format!("must be {LONGEST_NOTE} bytes at most")));
    }
    let token = InvitationToken::new(InvitationId::next(stamp), random_below_62());
    let invitation = Invitation {
        id: token.id(),
        workspace,
        hash: token.hash(),
        role,
        note: note.to_owned(),
        created_at: stamp.now,
        expires_at: stamp.now.checked_add(OPEN).map_err(Error::internal)?,
        member: None,
    };
    Ok((invitation, token))
}

pub async fn delete_invitation(app: &App, caller: &Caller, id: InvitationId) -> Result<()> {
    caller.may(Scope::Admin)?;
    app.store.delete_invitation(caller.workspace, id).await
}

/// The invitation of a token, as long as it is good. Nobody asks for long who asks in vain.
pub async fn check_invitation(app: &App, token: &str, from: IpAddr) -> Result<Invitation> {
    let now = app.now();
    app.passwords.admit(Guarded::Invitations, from, now)?;
    open(app, token, now).await
}

/// Makes whoever holds an invitation a member, once, and signs them in. Asked without a key: the
/// token is what lets them.
pub async fn accept_invitation(
    app: &App,
    token: &str,
    new: &NewMember<'_>,
    agent: &str,
) -> Result<SignedIn> {
    let now = app.now();
    let invitation = open(app, token, now).await?;
    let email = new.email.map(Member::email).transpose()?;
    let name = if email.is_some() { Member::name(new.name) } else { Member::name_alone(new.name) };
    long_enough(new.password)?;
    let mut member = Member {
        id: MemberId::next(&app.stamp()),
        workspace: invitation.workspace,
        email,
        name: name?,
        role: invitation.role,
        password_hash: String::new(),
        created_at: now,
        updated_at: now,
    };
    // Before the slow hash; the database says it again.
    if app.store.member_of_login(&member.login()).await?.is_some() {
        return Err(Error::Taken(What::Member));
    }
    member.password_hash = app.passwords.hash(new.password).await?;
    app.store.insert_member(&member, invitation.id, now).await?;
    sessions::begin(app, member, agent).await
}

/// Refuses a password that is soon guessed.
pub(super) fn long_enough(password: &str) -> Result<()> {
    if SHORTEST_PASSWORD <= password.chars().count() {
        return Ok(());
    }
    Err(Error::invalid("password", format!("must be {SHORTEST_PASSWORD} characters at least")))
}

/// The invitation of a token; one that was used or is over is as good as none.
async fn open(app: &App, token: &str, now: Timestamp) -> Result<Invitation> {
    let token = InvitationToken::parse(token.trim()).ok_or(NO_INVITATION)?;
    let known = app.store.invitation(token.id()).await?.ok_or(NO_INVITATION)?;
    let matches: bool = known.hash.ct_eq(&token.hash()).into();
    if matches && known.is_open(now) { Ok(known) } else { Err(NO_INVITATION) }
}

const NO_MEMBER: Error = Error::NotFound(What::Member);
const NO_INVITATION: Error = Error::NotFound(What::Invitation);
