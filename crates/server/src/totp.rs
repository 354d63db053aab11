//! Codes of authenticator apps, six digits each half minute (RFC 6238), and codes for who lost theirs.

use data_encoding::BASE32_NOPAD;
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use ring::hmac;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

pub type Secret = [u8; 20];

/// Seconds that a code is shown.
const SECONDS: i64 = 30;
const DIGITS: usize = 6;

/// The half minute whose code this is: the one of now, or for clocks that differ and people who type
/// slowly the one before or after.
pub fn step_of(secret: &Secret, typed: &str, now: Timestamp) -> Option<i64> {
    let step = now.as_second().div_euclid(SECONDS);
    let typed: String = typed.split_whitespace().collect();
    let fits = |step: &i64| bool::from(code(secret, *step).as_bytes().ct_eq(typed.as_bytes()));
    [step, step - 1, step + 1].into_iter().find(fits)
}

/// Whether something typed is a code of an app by its looks, and else a recovery code.
pub fn is_code(typed: &str) -> bool {
    let mut typed = typed.chars().filter(|c| !c.is_whitespace());
    typed.clone().count() == DIGITS && typed.all(|c| c.is_ascii_digit())
}

fn code(secret: &Secret, step: i64) -> String {
    // What every app takes, and no weakness of SHA-1 concerns an HMAC with it.
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let at = usize::from(tag[tag.len() - 1] & 15);
    let four = [tag[at] & 127, tag[at + 1], tag[at + 2], tag[at + 3]];
    format!("{:06}", u32::from_be_bytes(four) % 1_000_000)
}

/// The secret as people type it.
pub fn spelled(secret: &Secret) -> String {
    BASE32_NOPAD.encode(secret)
}

/// What a QR code says to an app.
pub fn uri(secret: &Secret, issuer: &str, login: &str) -> String {
    let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let (issuer, login) = (encode(issuer), encode(login));
    format!("otpauth://totp/{issuer}:{login}?secret={}&issuer={issuer}", spelled(secret))
}

/// A recovery code, such as `mzxw-6ytb-oi5d-ue2x`.
pub fn recovery_code(random: [u8; 10]) -> String {
    let text = BASE32_NOPAD.encode(&random).to_lowercase();
    let groups: Vec<&str> = (0..4).map(|i| &text[4 * i..4 * (i + 1)]).collect();
    groups.join("-")
}

/// What is kept of a recovery code, however it is typed: 80 random bits need no slow hash.
pub fn recovery_hash(typed: &str) -> [u8; 32] {
    let plain: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
    Sha256::digest(plain.to_ascii_lowercase().as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the secret, the times, and the last six digits of the codes.
    const SECRET: &Secret = b"12345678901234567890";
    const CODES: &[(i64, &str)] = &[
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];

    #[test]
    fn the_codes_are_those_of_the_rfc() {
        for (second, expected) in CODES {
            assert_eq!(code(SECRET, second / SECONDS), *expected);
        }
    }

    #[test]
    fn a_code_is_good_for_a_step_before_and_after() {
        let at = |second| Timestamp::from_second(second).unwrap();
        for second in [30, 59, 60, 89] {
            assert_eq!(step_of(SECRET, " 287 082", at(second)), Some(1), "{second}");
        }
        assert_eq!(step_of(SECRET, "287082", at(119)), None);
        assert_eq!(step_of(SECRET, "", at(59)), None);
        assert!(is_code("287 082") && !is_code("28708") && !is_code("mzxw-6ytb-oi5d-ue2x"));
    }

    #[test]
    fn an_app_reads_the_uri() {
        let uri = uri(SECRET, "Waypost go.example.com", "ann@example.com");
        let name = "Waypost%20go%2Eexample%2Ecom";
        let start = format!("otpauth://totp/{name}:ann%40example%2Ecom?secret=");
        assert_eq!(uri, format!("{start}GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer={name}"));
    }

    #[test]
    fn a_recovery_code_is_known_however_it_is_typed() {
        let code = recovery_code(*b"foobarfoob");
        assert_eq!(code, "mzxw-6ytb-ojtg-633c");
        assert_eq!(recovery_hash(&code), recovery_hash(" MZXW6YTB OJTG633C\n"));
        assert_ne!(recovery_hash(&code), recovery_hash("mzxw-6ytb-ojtg-633d"));
    }
}
