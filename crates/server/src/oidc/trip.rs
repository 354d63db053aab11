//! A member's way to their issuer and back: what they left with, in a signed cookie of ten minutes, so
//! that any node knows them again.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::page::Page;
use crate::visits::{self, Visits, same};

/// Random texts of one way, and where it goes on.
#[derive(Debug, PartialEq)]
pub struct Trip {
    /// Comes back in the address: it is the same browser that left.
    pub state: String,
    /// Comes back in the token: it was issued for this way.
    pub nonce: String,
    /// Shown with the code: whoever steals that alone has nothing (RFC 7636).
    pub verifier: String,
    /// Where they wanted to go.
    pub page: Page,
}

const COOKIE: &str = "wp_oidc";
const SECONDS: i64 = 600;
/// Hex digits of the signature: 128 bits.
const SIGNATURE: usize = 32;

impl Trip {
    pub fn new(page: Page, state: [u8; 16], nonce: [u8; 16], verifier: [u8; 32]) -> Trip {
        let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        Trip { state: encode(&state), nonce: encode(&nonce), verifier: encode(&verifier), page }
    }

    /// What the issuer is told of the verifier.
    pub fn challenge(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.as_bytes()))
    }

    /// `Set-Cookie`. Lax, since the way back begins on the issuer's page.
    pub fn cookie(&self, visits: &Visits, now: Timestamp, secure: bool) -> String {
        let until = now.as_second() + SECONDS;
        let page = BASE64_URL_SAFE_NO_PAD.encode(self.page.as_str());
        let body = format!("{until}.{}.{}.{}.{page}", self.state, self.nonce, self.verifier);
        let signature = sign(visits, &body);
        attributes(&format!("{body}.{signature}"), SECONDS, secure)
    }

    /// `Set-Cookie` at the end of a way.
    pub fn end(secure: bool) -> String {
        attributes("", 0, secure)
    }

    /// Who left not long ago with this state.
    pub fn read(visits: &Visits, cookies: &str, state: &str, now: Timestamp) -> Option<Trip> {
        let (body, signature) = visits::cookie(cookies, COOKIE)?.rsplit_once('.')?;
        if !same(signature, &sign(visits, body)) {
            return None;
        }
        let mut parts = body.split('.');
        let until: i64 = parts.next()?.parse().ok()?;
        let mut next = || parts.next().map(str::to_owned);
        let (left_with, nonce, verifier, page) = (next()?, next()?, next()?, next()?);
        let page = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(page).ok()?).ok()?;
        let trip = Trip { state: left_with, nonce, verifier, page: Page::inside(&page) };
        (now.as_second() < until && same(&trip.state, state)).then_some(trip)
    }
}

fn attributes(value: &str, age: i64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{COOKIE}={value}; Path=/app/oidc; Max-Age={age}; HttpOnly; SameSite=Lax{secure}")
}

fn sign(visits: &Visits, body: &str) -> String {
    visits.sign(&format!("{COOKIE}:{body}"), SIGNATURE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_left_is_known_for_ten_minutes_by_their_state() {
        let visits = Visits::new(b"key".to_vec());
        let at = |second: i64| Timestamp::from_second(1_800_000_000 + second).unwrap();
        let page = Page::inside("/app/stats?tag=\u{fc}");
        let trip = Trip::new(page, [1; 16], [2; 16], [3; 32]);
        let set = trip.cookie(&visits, at(0), true);
        assert!(set.ends_with("; Path=/app/oidc; Max-Age=600; HttpOnly; SameSite=Lax; Secure"));
        let pair = set.split(';').next().unwrap();
        let read = |pair: &str, state: &str, second| Trip::read(&visits, pair, state, at(second));
        assert_eq!(read(pair, &trip.state, 599).as_ref(), Some(&trip));
        assert_eq!(read(pair, &trip.state, 600), None);
        assert_eq!(read(pair, "another", 0), None);
        let forged = pair.replace(&trip.nonce, &trip.state);
        assert_eq!(read(&forged, &trip.state, 0), None);
        assert_eq!(read("", &trip.state, 0), None);
    }

    #[test]
    fn the_challenge_is_the_verifiers_as_the_rfc_has_it() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned();
        let page = Page::inside("");
        let trip = Trip { state: String::new(), nonce: String::new(), verifier, page };
        assert_eq!(trip.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
