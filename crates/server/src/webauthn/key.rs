//! Public keys of passkeys, as COSE writes them (RFC 9053), and what they signed.

use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};

use super::cbor::{self, Value};

/// A key of one of the [`ALGORITHMS`].
pub enum PublicKey<'k> {
    /// A point of P-256, uncompressed.
    Es256([u8; 65]),
    Ed25519(&'k [u8]),
    Rs256 {
        n: &'k [u8],
        e: &'k [u8],
    },
}

/// COSE's numbers of what we check, the best first: ES256, EdDSA, and RS256 for older Windows.
pub const ALGORITHMS: [i64; 3] = [-7, -8, -257];

/// Names in a key's map.
const KIND: Value<'_> = Value::Int(1);
const ALGORITHM: Value<'_> = Value::Int(3);

impl<'k> PublicKey<'k> {
    /// None where it is none of ours, or broken.
    pub fn read(cose: &'k [u8]) -> Option<PublicKey<'k>> {
        let (map, _) = cbor::read(cose)?;
        let part = |number: i64| map.get(&Value::Int(number));
        let is = |value: Option<&Value<'_>>, number| value == Some(&Value::Int(number));
        match (map.get(&KIND)?, map.get(&ALGORITHM)?) {
            (Value::Int(2), Value::Int(-7)) if is(part(-1), 1) => {
                let (x, y) = (part(-2)?.bytes()?, part(-3)?.bytes()?);
                let point = [&[4], x, y].concat();
                Some(PublicKey::Es256(point.try_into().ok()?))
            }
            (Value::Int(1), Value::Int(-8)) if is(part(-1), 6) => {
                Some(PublicKey::Ed25519(part(-2)?.bytes().filter(|x| x.len() == 32)?))
            }
            (Value::Int(3), Value::Int(-257)) => {
                Some(PublicKey::Rs256 { n: part(-1)?.bytes()?, e: part(-2)?.bytes()? })
            }
            _ => None,
        }
    }

    /// Whether it was this key that signed a message.
    pub fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let checked = match self {
            PublicKey::Es256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature)
            }
            PublicKey::Ed25519(x) => UnparsedPublicKey::new(&ED25519, x).verify(message, signature),
            PublicKey::Rs256 { n, e } => {
                let key = RsaPublicKeyComponents { n, e };
                key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
        };
        checked.is_ok()
    }
}
