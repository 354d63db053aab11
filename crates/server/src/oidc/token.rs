//! ID tokens (OpenID Connect Core, section 3.1.3.7): who signed one, for whom, and whom it speaks of.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::{Deserialize, de::DeserializeOwned};

/// What a token has to say.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'e> {
    pub issuer: &'e str,
    pub client: &'e str,
    pub nonce: &'e str,
}

/// Whom a token speaks of.
#[derive(Debug, Deserialize)]
pub struct Claims {
    iss: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    nonce: Option<String>,
    email: Option<String>,
    #[serde(default)]
    email_verified: Truth,
    pub name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// Some issuers write it as text.
#[derive(Debug, Default, Deserialize)]
#[serde(untagged)]
enum Truth {
    #[default]
    Unsaid,
    Bool(bool),
    Text(String),
}

/// The keys of an issuer (RFC 7517).
#[derive(Debug, Deserialize)]
pub struct Keys {
    keys: Vec<Key>,
}

#[derive(Debug, Deserialize)]
struct Key {
    kty: String,
    kid: Option<String>,
    r#use: Option<String>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
}

/// How far an issuer's clock may be behind, in seconds.
const LEEWAY: i64 = 60;

/// Reads a token that one of these keys signed. `none` and keys that both sides know are no signatures
/// here, whatever the token says.
pub fn verify(
    token: &str,
    keys: &Keys,
    expected: Expected<'_>,
    now: Timestamp,
) -> Result<Claims, &'static str> {
    let (signed, signature) = token.rsplit_once('.').ok_or("the token has no three parts")?;
    let (header, body) = signed.split_once('.').ok_or("the token has no three parts")?;
    let header: Header = json(header).ok_or("the token's header cannot be read")?;
    let signature = bytes(signature).ok_or("the token's signature cannot be read")?;
    let fits = |key: &&Key| {
        let named = header.kid.is_none() || key.kid.is_none() || header.kid == key.kid;
        named && key.r#use.as_deref() != Some("enc")
    };
    let signs = |key: &Key| key.signed(&header.alg, signed.as_bytes(), &signature) == Some(true);
    if !keys.keys.iter().filter(fits).any(signs) {
        return Err("no key of the issuer signed the token");
    }
    let claims: Claims = json(body).ok_or("the token's claims cannot be read")?;
    if claims.iss != expected.issuer {
        return Err("the token is another issuer's");
    }
    let for_us = match &claims.aud {
        Audience::One(one) => one == expected.client,
        Audience::Many(many) => many.iter().any(|one| one == expected.client),
    };
    if !for_us || claims.azp.as_deref().is_some_and(|azp| azp != expected.client) {
        return Err("the token is for somebody else");
    }
    if claims.exp.saturating_add(LEEWAY) <= now.as_second() {
        return Err("the token is over");
    }
    if claims.nonce.as_deref() != Some(expected.nonce) {
        return Err("the token was issued for another sign-in");
    }
    Ok(claims)
}

impl Claims {
    /// The address that the issuer knows to be theirs.
    pub fn verified_email(&self) -> Option<&str> {
        let verified = match &self.email_verified {
            Truth::Bool(verified) => *verified,
            Truth::Text(text) => text == "true",
            Truth::Unsaid => false,
        };
        self.email.as_deref().filter(|_| verified)
    }
}

impl Key {
    /// None where it is a key of another kind.
    fn signed(&self, algorithm: &str, message: &[u8], signature: &[u8]) -> Option<bool> {
        let part = |part: &Option<String>| bytes(part.as_deref()?);
        match (algorithm, self.kty.as_str()) {
            ("RS256", "RSA") => {
                let key = RsaPublicKeyComponents { n: part(&self.n)?, e: part(&self.e)? };
                Some(key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok())
            }
            ("ES256", "EC") if self.crv.as_deref() == Some("P-256") => {
                let point = [vec![4], part(&self.x)?, part(&self.y)?].concat();
                let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
                Some(key.verify(message, signature).is_ok())
            }
            _ => None,
        }
    }
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}

fn json<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&bytes(part)?).ok()
}

#[cfg(test)]
mod tests {
    use ring::{
        rand::SystemRandom,
        signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
    };
    use serde_json::{Value, json};

    use super::*;

    const EXPECTED: Expected<'_> =
        Expected { issuer: "https://id.example.com", client: "waypost", nonce: "n" };

    fn pair() -> EcdsaKeyPair {
        let (kind, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        EcdsaKeyPair::from_pkcs8(kind, pkcs8.as_ref(), &random).unwrap()
    }

    fn keys(pair: &EcdsaKeyPair, change: &Value) -> Keys {
        let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
        let encode = |part| BASE64_URL_SAFE_NO_PAD.encode(part);
        let mut key = json!({
            "kty": "EC", "crv": "P-256", "kid": "k", "use": "sig", "x": encode(x), "y": encode(y),
        });
        key.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        serde_json::from_value(json!({ "keys": [{"kty": "oct", "kid": "k"}, key] })).unwrap()
    }

    fn sign(pair: &EcdsaKeyPair, header: &Value, change: &Value) -> String {
        let mut claims = json!({
            "iss": "https://id.example.com", "aud": "waypost", "exp": 1_800_000_300, "nonce": "n",
            "email": "ann@example.com", "email_verified": true,
        });
        claims.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let encode = |part: &Value| BASE64_URL_SAFE_NO_PAD.encode(part.to_string());
        let signed = format!("{}.{}", encode(header), encode(&claims));
        let signature = pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }

    #[track_caller]
    fn check(change: &Value, expected: Result<Option<&str>, &str>) {
        let pair = pair();
        let token = sign(&pair, &json!({"alg": "ES256", "kid": "k"}), change);
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let read = verify(&token, &keys(&pair, &json!({})), EXPECTED, now);
        let read = read.map(|claims| claims.verified_email().map(str::to_owned));
        assert_eq!(read.as_ref().map(Option::as_deref).map_err(|why| *why), expected);
    }

    #[test]
    fn a_token_tells_a_verified_address() {
        check(&json!({}), Ok(Some("ann@example.com")));
        check(&json!({"aud": ["other", "waypost"], "azp": "waypost"}), Ok(Some("ann@example.com")));
        check(&json!({"email_verified": "true"}), Ok(Some("ann@example.com")));
        check(&json!({"email_verified": false}), Ok(None));
        check(&json!({"email_verified": null}), Ok(None));
        check(&json!({"email": null}), Ok(None));
    }

    #[test]
    fn a_token_for_another_end_is_refused() {
        check(&json!({"iss": "https://evil.example"}), Err("the token is another issuer's"));
        check(&json!({"aud": "other"}), Err("the token is for somebody else"));
        check(&json!({"aud": ["waypost", "b"], "azp": "b"}), Err("the token is for somebody else"));
        check(&json!({"exp": 1_799_999_940}), Err("the token is over"));
        check(&json!({"nonce": "m"}), Err("the token was issued for another sign-in"));
        check(&json!({"nonce": null}), Err("the token was issued for another sign-in"));
    }

    #[test]
    fn nobody_but_the_issuer_signs() {
        let (pair, other) = (pair(), pair());
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let refused = |token: &str, keys: &Keys| {
            assert!(verify(token, keys, EXPECTED, now).is_err(), "{token}");
        };
        let own = json!({"alg": "ES256", "kid": "k"});
        refused(&sign(&other, &own, &json!({})), &keys(&pair, &json!({})));
        for header in [json!({"alg": "none"}), json!({"alg": "HS256"}), json!({"alg": "RS256"})] {
            refused(&sign(&pair, &header, &json!({})), &keys(&pair, &json!({})));
        }
        let token = sign(&pair, &own, &json!({}));
        refused(&token, &keys(&pair, &json!({"kid": "other"})));
        refused(&token, &keys(&pair, &json!({"use": "enc"})));
        refused(&token[..token.len() - 2], &keys(&pair, &json!({})));
        refused("a.b", &keys(&pair, &json!({})));
    }

    /// RFC 7515, appendix A.2.
    #[test]
    fn an_rsa_signature_of_the_rfc_is_right() {
        let n = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
        let signed = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let signature = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
        let key: Key = serde_json::from_value(json!({"kty": "RSA", "n": n, "e": "AQAB"})).unwrap();
        let signature = bytes(signature).unwrap();
        assert_eq!(key.signed("RS256", signed.as_bytes(), &signature), Some(true));
        assert_eq!(key.signed("RS256", &signed.as_bytes()[1..], &signature), Some(false));
        assert_eq!(key.signed("ES256", signed.as_bytes(), &signature), None);
    }
}
