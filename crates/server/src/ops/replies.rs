//! Calls that may be sent again: the first is done, every further one gets its answer.

use jiff::SignedDuration;
use model::{Error, Result};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest, Sha256};
use store::{CallName, Reply};

use crate::{App, app::random_bytes};

/// What is to be done with a call that carries a name of its own.
#[derive(Debug)]
pub enum Repeated {
    /// It is to be done, and its answer to be told to [`finish_call`].
    First(Ticket),
    /// It was done.
    Again(Reply),
}

/// A call under way.
#[derive(Debug)]
pub struct Ticket {
    call: CallName,
    key: [u8; 32],
}

/// How long answers are kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// A call without an answer after so long was cut short, and may be done again.
const LOST: SignedDuration = SignedDuration::from_secs(90);
const LONGEST: usize = 255;

/// Begins a call that its caller named `name`; `asked` is all of what it asks for.
pub async fn begin_call(
    app: &App,
    credential: &str,
    name: &str,
    asked: &[&[u8]],
) -> Result<Repeated> {
    let at = "Idempotency-Key";
    if name.is_empty() || LONGEST < name.len() {
        return Err(Error::invalid(at, format!("must be 1 to {LONGEST} bytes long")));
    }
    let owner = Sha256::digest(credential.as_bytes()).into();
    let call = CallName { owner, name: name.to_owned() };
    let ticket = Ticket { call, key: key(credential) };
    // What was asked may name a visitor's address, which a bare hash would give away to whoever tries
    // all of them.
    let mut hash = Sha256::new_with_prefix(ticket.key);
    for part in asked {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let hash: [u8; 32] = hash.finalize().into();
    let now = app.now();
    match app.store.begin_call(&ticket.call, hash, now, now - LOST).await? {
        None => Ok(Repeated::First(ticket)),
        Some(begun) if begun.call != hash => {
            Err(Error::invalid(at, "was used for another call within the last 24 hours"))
        }
        Some(begun) => match begun.reply {
            None => Err(Error::UnderWay),
            Some(reply) => {
                let body = ticket.open(&reply.body).ok_or_else(unreadable)?;
                Ok(Repeated::Again(Reply { body, ..reply }))
            }
        },
    }
}

/// Keeps the answer of a call; none where it did nothing and may be tried again.
pub async fn finish_call(app: &App, ticket: Ticket, reply: Option<Reply>) -> Result<()> {
    match reply {
        Some(reply) => {
            let body = ticket.seal(&reply.body).ok_or_else(unreadable)?;
            app.store.finish_call(&ticket.call, Reply { body, ..reply }).await
        }
        None => app.store.forget_call(&ticket.call).await,
    }
}

/// Drops answers that are kept no longer.
pub async fn drop_replies(app: &App) -> Result<()> {
    app.store.drop_replies_before(app.now() - KEPT).await
}

/// An answer may hold a new API key, of which only the hash may lie in the database: so answers are
/// sealed with a key that only who holds the caller's credential can make.
fn key(credential: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"waypost reply");
    hash.update(credential.as_bytes());
    hash.finalize().into()
}

impl Ticket {
    fn cipher(&self) -> Option<LessSafeKey> {
        UnboundKey::new(&CHACHA20_POLY1305, &self.key).ok().map(LessSafeKey::new)
    }

    fn seal(&self, body: &[u8]) -> Option<Vec<u8>> {
        let nonce = random_bytes::<NONCE_LEN>();
        let mut sealed = body.to_vec();
        let name = Aad::from(self.call.name.as_bytes());
        let unique = Nonce::assume_unique_for_key(nonce);
        self.cipher()?.seal_in_place_append_tag(unique, name, &mut sealed).ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let mut body = sealed.to_vec();
        let name = Aad::from(self.call.name.as_bytes());
        let unique = Nonce::assume_unique_for_key(*nonce);
        let length = self.cipher()?.open_in_place(unique, name, &mut body).ok()?.len();
        body.truncate(length);
        Some(body)
    }
}

fn unreadable() -> Error {
    Error::internal("an answer that was kept cannot be read")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_opens_for_who_got_it_alone() {
        let ticket = |credential: &str, name: &str| Ticket {
            call: CallName { owner: [0; 32], name: name.to_owned() },
            key: key(credential),
        };
        let sealed = ticket("wp_a", "order-1").seal(b"secret").unwrap();
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        assert_eq!(ticket("wp_a", "order-1").open(&sealed).unwrap(), b"secret");
        assert_eq!(ticket("wp_b", "order-1").open(&sealed), None);
        assert_eq!(ticket("wp_a", "order-2").open(&sealed), None);
        assert_eq!(ticket("wp_a", "order-1").open(&sealed[..5]), None);
    }
}
