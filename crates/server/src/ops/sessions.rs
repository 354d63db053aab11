//! Where members are signed in.

use std::net::IpAddr;

use jiff::SignedDuration;
use model::{
    Caller, Error, Member, MemberId, Proofs, Result, Role, Session, SessionId, SessionToken, What,
    Who,
};
use subtle::ConstantTimeEq;

use super::{authenticators::take_code, members::long_enough};
use crate::{App, app::random_below_62, password::Guarded};

/// A member who has just come in, with the token for the only time.
#[derive(Debug)]
pub struct SignedIn {
    pub member: Member,
    pub session: Session,
    pub token: SessionToken,
}

/// A session ends so long after it was used last.
const IDLE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How exactly that is noted, so that not every call is a write.
const NOTED: SignedDuration = SignedDuration::from_hours(1);
const LONGEST_AGENT: usize = 300;

/// The member of a session, who may do what their role lets them.
pub(super) async fn caller(app: &App, token: &SessionToken) -> Result<Caller> {
    let found = app.store.session(token.id()).await?;
    let (session, member) = found.ok_or(Error::Unauthenticated)?;
    let matches: bool = session.hash.ct_eq(&token.hash()).into();
    let now = app.now();
    if !matches || session.expires_at <= now {
        return Err(Error::Unauthenticated);
    }
    if NOTED < now.duration_since(session.last_used_at) {
        let end = now.checked_add(IDLE).map_err(Error::internal)?;
        app.store.touch_session(session.id, now, end).await?;
    }
    Ok(Caller {
        workspace: member.workspace,
        who: Who::Member(member.id, session.id),
        name: member.name,
        scopes: member.role.scopes().to_vec(),
        domains: None,
        insists: false,
    })
}

/// What somebody says to come in.
#[derive(Clone, Copy, Debug)]
pub struct SignIn<'s> {
    /// An e-mail address or a name.
    pub login: &'s str,
    pub password: &'s str,
    /// Of their authenticator, or a recovery code, where they have one.
    pub code: Option<&'s str>,
}

/// Signs a member in. Tries are few for a name and for a network, whether there is such a member
/// or not, and both take the same time.
pub async fn sign_in(
    app: &App,
    SignIn { login, password, code }: SignIn<'_>,
    from: IpAddr,
    agent: &str,
) -> Result<SignedIn> {
    let login = Member::typed_login(login).map_err(|_| Error::WrongPassword)?;
    let known = app.store.member_of_login(&login).await?;
    let hash = match &known {
        Some(member) => member.password_hash.as_str(),
        None => NOBODYS,
    };
    let guarded = Guarded::login(&login);
    let fits = app.passwords.verify(guarded, from, password, hash, app.now()).await?;
    let member = known.filter(|_| fits).ok_or(Error::WrongPassword)?;
    take_code(app, &member, code, from).await?;
    begin(app, member, agent).await
}

/// Signs in whom somebody vouches for that the operator trusts with it: the member of that address,
/// or a new one of the given role. Their password and codes are not asked for.
pub async fn sign_in_vouched(
    app: &App,
    (email, name): (&str, Option<&str>),
    join: Option<Role>,
    agent: &str,
) -> Result<SignedIn> {
    let email = Member::email(email)?;
    if let Some(member) = app.store.member_of_login(&email).await? {
        return begin(app, member, agent).await;
    }
    let role = join.ok_or(Error::NotFound(What::Member))?;
    let workspace = app.store.first_workspace().await?;
    let stamp = app.stamp();
    let member = Member {
        id: MemberId::next(&stamp),
        workspace: workspace.ok_or(Error::NotFound(What::Workspace))?.id,
        name: Member::name(name.unwrap_or(&email)).unwrap_or_else(|_| email.clone()),
        email: Some(email),
        role,
        password_hash: NOBODYS.to_owned(),
        created_at: stamp.now,
        updated_at: stamp.now,
    };
    app.store.insert_vouched_member(&member).await?;
    begin(app, member, agent).await
}

/// Gives the caller another password, which signs them out everywhere and in here anew. It takes the
/// old one, for whoever finds a session left open is not yet the member.
pub async fn change_password(
    app: &App,
    caller: &Caller,
    (old, new): (&str, &str),
    from: IpAddr,
    agent: &str,
) -> Result<SignedIn> {
    let known = member(app, caller).await?;
    knows_password(app, &known, old, from, "oldPassword").await?;
    long_enough(new)?;
    let password_hash = app.passwords.hash(new).await?;
    let changed = Member { password_hash, updated_at: app.now(), ..known };
    app.store.update_member(&changed).await?;
    app.store.delete_sessions(changed.id).await?;
    begin(app, changed, agent).await
}

/// The hash of a password that nobody knows, of members who have none, and checked where there is no
/// member, with the cost of all others.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGtub3dzIGl0$\
CTFhFdXPJO1aFaMaO6Mm5c8y7cJapHArIVoKwbWXqf8";

/// Begins a session of a member.
pub(super) async fn begin(app: &App, member: Member, agent: &str) -> Result<SignedIn> {
    let stamp = app.stamp();
    let token = SessionToken::new(SessionId::next(&stamp), random_below_62());
    let agent: String = agent.chars().filter(|c| !c.is_control()).take(LONGEST_AGENT).collect();
    let session = Session {
        id: token.id(),
        member: member.id,
        hash: token.hash(),
        agent,
        created_at: stamp.now,
        last_used_at: stamp.now,
        expires_at: stamp.now.checked_add(IDLE).map_err(Error::internal)?,
    };
    app.store.insert_session(&session).await?;
    Ok(SignedIn { member, session, token })
}

/// Refuses, at a key of what was sent, whoever does not know a member's password.
pub(super) async fn knows_password(
    app: &App,
    member: &Member,
    password: &str,
    from: IpAddr,
    at: &str,
) -> Result<()> {
    let guarded = Guarded::login(&member.login());
    let hash = &member.password_hash;
    match app.passwords.verify(guarded, from, password, hash, app.now()).await? {
        true => Ok(()),
        false => Err(Error::invalid(at, "is not your password")),
    }
}

/// The caller, where that is a member, and the name of the workspace.
pub async fn myself(app: &App, caller: &Caller) -> Result<(Option<(Member, Proofs)>, String)> {
    let workspaces = app.store.workspaces().await?;
    let workspace = workspaces.into_iter().find(|it| it.id == caller.workspace);
    let workspace = workspace.ok_or(Error::NotFound(What::Workspace))?;
    let member = match caller.who {
        Who::Member(id, _) => {
            let member = app.store.member(caller.workspace, id).await?;
            Some((member, app.store.proofs(id).await?))
        }
        Who::Key(_) | Who::Operator => None,
    };
    Ok((member, workspace.name))
}

/// Where the caller is signed in.
pub async fn sessions(app: &App, caller: &Caller) -> Result<Vec<Session>> {
    let now = app.now();
    let all = app.store.sessions(member_id(caller)?).await?;
    Ok(all.into_iter().filter(|session| now < session.expires_at).collect())
}

/// Ends one of the caller's own sessions.
pub async fn sign_out(app: &App, caller: &Caller, id: SessionId) -> Result<()> {
    app.store.delete_session(member_id(caller)?, id).await
}

/// Ends the session of this call.
pub async fn sign_out_here(app: &App, caller: &Caller) -> Result<()> {
    let id = current(caller).ok_or(Error::NotFound(What::Session))?;
    sign_out(app, caller, id).await
}

/// The session of this call; keys have none.
pub fn current(caller: &Caller) -> Option<SessionId> {
    match caller.who {
        Who::Member(_, session) => Some(session),
        Who::Key(_) | Who::Operator => None,
    }
}

/// The member who calls; keys are none.
pub(super) async fn member(app: &App, caller: &Caller) -> Result<Member> {
    match caller.who {
        Who::Member(id, _) => app.store.member(caller.workspace, id).await,
        Who::Key(_) | Who::Operator => Err(Error::NotFound(What::Member)),
    }
}

/// Keys have no sessions.
fn member_id(caller: &Caller) -> Result<MemberId> {
    match caller.who {
        Who::Member(id, _) => Ok(id),
        Who::Key(_) | Who::Operator => Err(Error::NotFound(What::Session)),
    }
}
