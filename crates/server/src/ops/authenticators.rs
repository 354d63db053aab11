//! Codes of members' authenticator apps, beside their password.

use std::net::IpAddr;

use model::{Authenticator, Caller, Error, Member, Result, What};

use super::sessions::{knows_password, member};
use crate::{App, app::random_bytes, password::Guarded, totp};

/// What somebody puts into their app, shown for the only time.
#[derive(Debug)]
pub struct NewAuthenticator {
    /// In base 32.
    pub secret: String,
    /// The same as `otpauth:`, for a QR code.
    pub uri: String,
}

/// Recovery codes that are made at once.
const RECOVERY_CODES: usize = 10;

/// Begins an authenticator for the caller. It takes their password, for whoever finds a session left
/// open is not yet the member; no code is asked for until the first one was right.
pub async fn begin_authenticator(
    app: &App,
    caller: &Caller,
    password: &str,
    from: IpAddr,
) -> Result<NewAuthenticator> {
    let member = member(app, caller).await?;
    knows_password(app, &member, password, from, "password").await?;
    let secret = random_bytes();
    let new =
        Authenticator { member: member.id, secret, step: None, created_at: app.now(), since: None };
    app.store.begin_authenticator(&new).await?;
    let issuer = format!("Waypost {}", app.config.host);
    let uri = totp::uri(&secret, &issuer, &member.login());
    Ok(NewAuthenticator { secret: totp::spelled(&secret), uri })
}

/// Asks for a code from now on whenever the caller signs in, since the app's first was right; the
/// recovery codes are shown now or never.
pub async fn confirm_authenticator(
    app: &App,
    caller: &Caller,
    code: &str,
    from: IpAddr,
) -> Result<Vec<String>> {
    let member = member(app, caller).await?;
    let now = app.now();
    app.passwords.count_code(Guarded::Codes(member.id), from, now)?;
    let begun = app.store.authenticator(member.id).await?.filter(|it| it.since.is_none());
    let mut begun = begun.ok_or(Error::NotFound(What::Authenticator))?;
    let step = totp::step_of(&begun.secret, code, now);
    begun.step = Some(step.ok_or_else(|| Error::invalid("code", "is not the one of now"))?);
    let codes: Vec<String> =
        (0..RECOVERY_CODES).map(|_| totp::recovery_code(random_bytes())).collect();
    let hashes = codes.iter().map(|code| totp::recovery_hash(code)).collect();
    app.store.confirm_authenticator(&begun, now, hashes).await?;
    Ok(codes)
}

/// Asks the caller for no codes any more; it takes their password and a last code.
pub async fn delete_authenticator(
    app: &App,
    caller: &Caller,
    (password, code): (&str, &str),
    from: IpAddr,
) -> Result<()> {
    let member = member(app, caller).await?;
    if !app.store.proofs(member.id).await?.totp {
        return Err(Error::NotFound(What::Authenticator));
    }
    knows_password(app, &member, password, from, "password").await?;
    match take_code(app, &member, Some(code), from).await {
        Err(Error::WrongCode) => Err(Error::invalid("code", Error::WrongCode.to_string())),
        Err(error) => Err(error),
        Ok(()) => app.store.delete_authenticator(member.id).await,
    }
}

/// Asks for a code where a member has an authenticator. Each is good once, on whichever node.
pub(super) async fn take_code(
    app: &App,
    member: &Member,
    code: Option<&str>,
    from: IpAddr,
) -> Result<()> {
    let known = app.store.authenticator(member.id).await?;
    let Some(known) = known.filter(|it| it.since.is_some()) else { return Ok(()) };
    let code = code.ok_or(Error::CodeWanted)?;
    let now = app.now();
    app.passwords.count_code(Guarded::Codes(member.id), from, now)?;
    let taken = if totp::is_code(code) {
        match totp::step_of(&known.secret, code, now) {
            Some(step) => app.store.use_step(member.id, step).await?,
            None => false,
        }
    } else {
        app.store.use_recovery_code(member.id, totp::recovery_hash(code)).await?
    };
    if taken { Ok(()) } else { Err(Error::WrongCode) }
}
