//! Passwords of links and members: hashed slowly, tried rarely; a link's is remembered for an hour.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use jiff::Timestamp;
use model::{Error, LinkId, MemberId, Result};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::visits::{Visits, cookie, same};

/// Hashes and checks passwords, never more than two at a time: each takes 19 MiB.
pub struct Passwords {
    permits: Arc<Semaphore>,
    tries: Mutex<HashMap<(Guarded, Option<Prefix>), Tries>>,
}

/// What a password opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Guarded {
    Link(LinkId),
    /// The beginning of the SHA-256 of what a member signs in with, whether there is such a member or
    /// not.
    Member([u8; 8]),
    /// Codes of a member's authenticator.
    Codes(MemberId),
    /// Whoever vouches for members by OpenID Connect.
    Issuer,
    /// All passkeys.
    Passkeys,
    /// All invitations: whether one is good is asked without its being used.
    Invitations,
}

/// Tries since a moment.
struct Tries {
    since: Timestamp,
    count: u32,
}

/// An address' network: /24 or /64, since an attacker has many addresses of one.
type Prefix = [u8; 8];

const AT_ONCE: usize = 2;
const LONGEST: usize = 250;
/// Tries of one network on one thing in [`WINDOW`] seconds.
const OF_ONE: u32 = 10;
/// Cheap tries of one network on one thing in as long.
const OF_CHEAP: u32 = 60;
const WINDOW: i64 = 15 * 60;
/// Tries of everybody on one thing in an hour.
const OF_ALL: u32 = 100;
const HOUR: i64 = 3_600;
/// Links and networks that are remembered at most; beyond, the outdated are forgotten.
const REMEMBERED: usize = 10_000;
const SIGNATURE: usize = 32;

impl Guarded {
    pub fn login(login: &str) -> Guarded {
        let hash: [u8; 32] = Sha256::digest(login.as_bytes()).into();
        Guarded::Member(std::array::from_fn(|i| hash[i]))
    }
}

impl Default for Passwords {
    fn default() -> Passwords {
        Passwords { permits: Arc::new(Semaphore::new(AT_ONCE)), tries: Mutex::default() }
    }
}

impl Passwords {
    /// The password's argon2id hash in PHC form.
    pub async fn hash(&self, password: &str) -> Result<String> {
        if password.is_empty() || LONGEST < password.len() {
            return Err(Error::invalid("password", format!("must be 1 to {LONGEST} bytes long")));
        }
        let password = password.to_owned();
        self.slowly(move || {
            let hash: PasswordHash = Argon2::default()
                .hash_password(password.as_bytes())
                .map_err(|e| Error::internal(e.to_string()))?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether a password fits a hash. Asked too often, it is [`Error::TooMany`] before any work.
    pub async fn verify(
        &self,
        what: Guarded,
        from: IpAddr,
        password: &str,
        hash: &str,
        now: Timestamp,
    ) -> Result<bool> {
        self.count_code(what, from, now)?;
        if LONGEST < password.len() {
            return Ok(false);
        }
        let (password, hash) = (password.to_owned(), hash.to_owned());
        self.slowly(move || {
            let hash = PasswordHash::new(&hash).map_err(|e| Error::internal(e.to_string()))?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await
    }

    /// Counts a try of a code, which are as few as those of a password.
    pub fn count_code(&self, what: Guarded, from: IpAddr, now: Timestamp) -> Result<()> {
        self.count(what, Some(prefix(from)), OF_ONE, WINDOW, now)?;
        self.count(what, None, OF_ALL, HOUR, now)
    }

    /// Counts a try that costs nothing but itself: a network's own are few, and no one network's tries
    /// take anything from others.
    pub fn admit(&self, what: Guarded, from: IpAddr, now: Timestamp) -> Result<()> {
        self.count(what, Some(prefix(from)), OF_CHEAP, WINDOW, now)
    }

    async fn slowly<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit = self.permits.clone().acquire_owned().await.map_err(Error::internal)?;
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        })
        .await
        .map_err(Error::internal)?
    }

    fn count(
        &self,
        what: Guarded,
        prefix: Option<Prefix>,
        most: u32,
        seconds: i64,
        now: Timestamp,
    ) -> Result<()> {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        let age = |tries: &Tries| now.as_second() - tries.since.as_second();
        if REMEMBERED <= tries.len() {
            tries.retain(|_, tries| age(tries) < HOUR);
        }
        let known = tries.entry((what, prefix)).or_insert(Tries { since: now, count: 0 });
        if seconds <= age(known) {
            *known = Tries { since: now, count: 0 };
        }
        known.count = known.count.saturating_add(1);
        let wait = seconds - age(known);
        if most < known.count { Err(Error::TooMany(wait.unsigned_abs())) } else { Ok(()) }
    }
}

/// The name of the cookie that remembers a link's password.
fn cookie_name(link: LinkId) -> String {
    format!("wp_p{link}")
}

/// `Set-Cookie` for a visitor who knew the password; void when the password changes.
pub fn pass(visits: &Visits, link: LinkId, hash: &str, now: Timestamp, secure: bool) -> String {
    let until = now.as_second() + HOUR;
    let signature = sign(visits, link, hash, until);
    let secure = if secure { "; Secure" } else { "" };
    let name = cookie_name(link);
    format!("{name}={until}.{signature}; Path=/; Max-Age={HOUR}; HttpOnly; SameSite=Lax{secure}")
}

/// Whether a `Cookie` header proves that its sender knew the link's password within the hour.
pub fn passed(visits: &Visits, link: LinkId, hash: &str, now: Timestamp, cookies: &str) -> bool {
    let value = cookie(cookies, &cookie_name(link)).and_then(|value| value.split_once('.'));
    let Some((until, signature)) = value else { return false };
    let Ok(until) = until.parse::<i64>() else { return false };
    now.as_second() < until && same(signature, &sign(visits, link, hash, until))
}

fn sign(visits: &Visits, link: LinkId, hash: &str, until: i64) -> String {
    visits.sign(&format!("wp_p:{link}:{until}:{hash}"), SIGNATURE)
}

fn prefix(address: IpAddr) -> Prefix {
    let mut prefix = [0; 8];
    match address {
        IpAddr::V4(address) => prefix[..3].copy_from_slice(&address.octets()[..3]),
        IpAddr::V6(address) => prefix.copy_from_slice(&address.octets()[..8]),
    }
    prefix
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn link() -> LinkId {
        LinkId::new(7).unwrap()
    }

    #[tokio::test]
    async fn a_password_fits_its_hash_alone() {
        let passwords = Passwords::default();
        let hash = passwords.hash("open sesame").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let from = "192.0.2.1".parse().unwrap();
        assert!(
            passwords
                .verify(Guarded::Link(link()), from, "open sesame", &hash, at(0))
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .verify(Guarded::Link(link()), from, "open barley", &hash, at(0))
                .await
                .unwrap()
        );
        assert!(passwords.hash("").await.is_err());
    }

    #[test]
    fn a_network_has_ten_tries_and_a_link_a_hundred() {
        let passwords = Passwords::default();
        let network = |n: u8| Some([n; 8]);
        for _ in 0..OF_ONE {
            passwords.count(Guarded::Link(link()), network(1), OF_ONE, WINDOW, at(0)).unwrap();
        }
        let refused = passwords.count(Guarded::Link(link()), network(1), OF_ONE, WINDOW, at(60));
        assert!(matches!(refused, Err(Error::TooMany(840))), "{refused:?}");
        passwords.count(Guarded::Link(link()), network(2), OF_ONE, WINDOW, at(60)).unwrap();
        passwords.count(Guarded::Link(link()), network(1), OF_ONE, WINDOW, at(WINDOW)).unwrap();
    }

    #[test]
    fn a_pass_is_good_for_an_hour_of_one_link_and_password() {
        let visits = Visits::new(b"key".to_vec());
        let set = pass(&visits, link(), "hash", at(0), false);
        let pair = set.split(';').next().unwrap();
        assert!(passed(&visits, link(), "hash", at(HOUR - 1), pair));
        assert!(!passed(&visits, link(), "hash", at(HOUR), pair));
        assert!(!passed(&visits, link(), "other", at(0), pair));
        assert!(!passed(
            &visits,
            LinkId::new(8).unwrap(),
            "hash",
            at(0),
            &pair.replace("wp_p7", "wp_p8")
        ));
        assert!(!passed(&visits, link(), "hash", at(0), "wp_p7=x.y"));
    }
}
