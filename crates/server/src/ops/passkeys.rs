//! Passkeys: how members make them, and come in by them.

use std::net::IpAddr;

use model::{Caller, Error, Member, Passkey, PasskeyId, Result};

use super::sessions::{SignedIn, begin, member};
use crate::{
    App,
    app::random_bytes,
    config::Config,
    password::Guarded,
    webauthn::{
        self, Site,
        challenge::{self, Purpose},
    },
};

/// What a browser is told to make a passkey.
#[derive(Debug)]
pub struct NewPasskey {
    pub challenge: String,
    pub member: Member,
    /// What the member has already, so that no device makes a second one.
    pub known: Vec<Passkey>,
}

/// What a device signed, as its browser says it.
#[derive(Clone, Copy, Debug)]
pub struct Assertion<'a> {
    pub credential: &'a [u8],
    pub client: &'a [u8],
    pub device: &'a [u8],
    pub signature: &'a [u8],
    /// Whose the device takes the passkey for.
    pub user: Option<&'a [u8]>,
}

/// Passkeys of one member.
const MOST: usize = 20;

pub async fn begin_passkey(app: &App, caller: &Caller) -> Result<NewPasskey> {
    let member = member(app, caller).await?;
    let known = app.store.passkeys(member.id).await?;
    let challenge =
        challenge::make(&app.visits, Purpose::Add(member.id), app.now(), random_bytes());
    Ok(NewPasskey { challenge, member, known })
}

/// Keeps what a device made in answer to [`begin_passkey`].
pub async fn add_passkey(
    app: &App,
    caller: &Caller,
    name: &str,
    (client, attestation): (&[u8], &[u8]),
) -> Result<Passkey> {
    let member = member(app, caller).await?;
    let name = Passkey::name(name)?;
    let refused = |why: &str| Error::invalid("credential", why);
    let origin = origin(&app.config);
    let made = webauthn::made(site(app, &origin), client, attestation).map_err(refused)?;
    let stamp = app.stamp();
    let until = challenge::until(&app.visits, Purpose::Add(member.id), &made.challenge, stamp.now);
    let over = "answers no challenge of the last five minutes: begin again";
    let until = until.ok_or_else(|| refused(over))?;
    if MOST <= app.store.passkeys(member.id).await?.len() {
        return Err(refused("is one too many: 20 are the most"));
    }
    let passkey = Passkey {
        id: PasskeyId::next(&stamp),
        member: member.id,
        credential: made.credential,
        public_key: made.public_key,
        counter: made.counter,
        name,
        created_at: stamp.now,
        last_used_at: None,
    };
    match app.store.insert_passkey(&passkey, made.challenge.as_bytes(), until).await? {
        true => Ok(passkey),
        false => Err(refused(over)),
    }
}

/// The passkeys of the caller.
pub async fn passkeys(app: &App, caller: &Caller) -> Result<Vec<Passkey>> {
    app.store.passkeys(member(app, caller).await?.id).await
}

pub async fn delete_passkey(app: &App, caller: &Caller, id: PasskeyId) -> Result<()> {
    app.store.delete_passkey(member(app, caller).await?.id, id).await
}

/// A challenge for whoever it may be: the device knows whose passkeys it has.
pub fn begin_passkey_sign_in(app: &App) -> String {
    challenge::make(&app.visits, Purpose::SignIn, app.now(), random_bytes())
}

/// Signs a member in by what their device signed. That alone is two proofs where the device made sure
/// whose it is, so no code is asked for; where it did not, and a code is asked for beside the password,
/// it is not enough.
pub async fn sign_in_by_passkey(
    app: &App,
    said: Assertion<'_>,
    from: IpAddr,
    agent: &str,
) -> Result<SignedIn> {
    let now = app.now();
    app.passwords.admit(Guarded::Passkeys, from, now)?;
    let known = app.store.passkey_of(said.credential).await?;
    let (passkey, member) = known.ok_or(Error::WrongPasskey)?;
    let refused = |why: &str| {
        tracing::info!(passkey.id = %passkey.id.plain("psk"), "refused a passkey: {why}");
        Error::WrongPasskey
    };
    let (site_origin, key) = (origin(&app.config), &passkey.public_key);
    let site = site(app, &site_origin);
    let signed = webauthn::signed(site, key, said.client, said.device, said.signature);
    let signed = signed.map_err(refused)?;
    if said.user.is_some_and(|user| user != handle(&member)) {
        return Err(refused("the device takes it for somebody else's"));
    }
    let until = challenge::until(&app.visits, Purpose::SignIn, &signed.challenge, now);
    let until = until.ok_or_else(|| refused("it answers no challenge of the last five minutes"))?;
    if !signed.is_verified && app.store.proofs(member.id).await?.totp {
        return Err(refused("the device did not make sure whose it is"));
    }
    let used = Passkey { counter: signed.counter, ..passkey.clone() };
    if !app.store.use_passkey(&used, signed.challenge.as_bytes(), (now, until)).await? {
        return Err(refused("the challenge was answered before, or the device was copied"));
    }
    begin(app, member, agent).await
}

/// By what a device knows a member: nothing that tells others who it is.
pub fn handle(member: &Member) -> [u8; 8] {
    member.id.number().to_be_bytes()
}

/// Whether browsers let passkeys be made for the public URL: not for an address, nor without TLS.
pub fn takes_passkeys(config: &Config) -> bool {
    let is_name = matches!(config.public_url.host(), Some(url::Host::Domain(_)));
    let is_safe = config.public_url.scheme() == "https" || config.host.as_str() == "localhost";
    is_name && is_safe
}

fn origin(config: &Config) -> String {
    config.public_url.origin().ascii_serialization()
}

fn site<'s>(app: &'s App, origin: &'s str) -> Site<'s> {
    Site { origin, id: app.config.host.as_str() }
}
