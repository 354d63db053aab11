//! Passkeys of a device that is made here, with real keys and signatures.

use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair},
};
use serde_json::json;

use super::*;

const SITE: Site<'_> = Site { origin: "https://go.example.com", id: "go.example.com" };

fn client(end: &str, origin: &str) -> Vec<u8> {
    let challenge = BASE64_URL_SAFE_NO_PAD.encode("a challenge");
    json!({"type": end, "challenge": challenge, "origin": origin}).to_string().into_bytes()
}

/// What a device says, with a credential where a key is given.
fn device(id: &str, flags: u8, counter: u32, key: Option<&[u8]>) -> Vec<u8> {
    let mut data = digest::digest(&digest::SHA256, id.as_bytes()).as_ref().to_vec();
    data.push(flags);
    data.extend(counter.to_be_bytes());
    if let Some(key) = key {
        data.extend([0; 16]);
        data.extend([0, 3, b'i', b'd', b'1']);
        data.extend(key);
    }
    data
}

fn attestation(device: &[u8]) -> Vec<u8> {
    let mut bytes = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
    bytes.extend(u16::try_from(device.len()).unwrap().to_be_bytes());
    bytes.extend(device);
    bytes
}

fn es256(pair: &EcdsaKeyPair) -> Vec<u8> {
    let point = pair.public_key().as_ref();
    let (x, y) = point[1..].split_at(32);
    [b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", x, b"\x22\x58\x20", y].concat()
}

fn pair() -> EcdsaKeyPair {
    let (random, kind) = (SystemRandom::new(), &ECDSA_P256_SHA256_ASN1_SIGNING);
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(kind, pkcs8.as_ref(), &random).unwrap()
}

fn message(device: &[u8], client: &[u8]) -> Vec<u8> {
    [device, digest::digest(&digest::SHA256, client).as_ref()].concat()
}

#[test]
fn a_device_makes_a_key_and_signs_with_it() {
    let pair = pair();
    let (key, said) = (es256(&pair), client("webauthn.create", SITE.origin));
    // An extension follows the key.
    let data = device(SITE.id, 0xc5, 0, Some(&[&key[..], b"\xa0"].concat()));
    let made = made(SITE, &said, &attestation(&data)).unwrap();
    assert_eq!((made.challenge.as_str(), made.credential.as_slice()), ("a challenge", &b"id1"[..]));
    assert_eq!((made.public_key.as_slice(), made.counter), (key.as_slice(), 0));

    let (said, data) = (client("webauthn.get", SITE.origin), device(SITE.id, 5, 7, None));
    let signature = pair.sign(&SystemRandom::new(), &message(&data, &said)).unwrap();
    let checked = signed(SITE, &made.public_key, &said, &data, signature.as_ref()).unwrap();
    assert_eq!((checked.challenge.as_str(), checked.counter), ("a challenge", 7));
    assert!(checked.is_verified);
    let other = device(SITE.id, 5, 8, None);
    let refused = signed(SITE, &made.public_key, &said, &other, signature.as_ref());
    assert_eq!(refused.unwrap_err(), "the signature is not the key's");
}

#[test]
fn an_edwards_key_does_as_well() {
    let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    let pair = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap();
    let x = pair.public_key().as_ref();
    let key = [b"\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20", x].concat();
    let (said, data) = (client("webauthn.get", SITE.origin), device(SITE.id, 1, 0, None));
    let signature = pair.sign(&message(&data, &said));
    let checked = signed(SITE, &key, &said, &data, signature.as_ref()).unwrap();
    assert!(!checked.is_verified);
}

#[track_caller]
fn check_refused(said: &[u8], data: &[u8], expected: &str) {
    assert_eq!(made(SITE, said, &attestation(data)).unwrap_err(), expected);
}

#[test]
fn what_was_made_for_somebody_else_is_refused() {
    let key = es256(&pair());
    let said = client("webauthn.create", SITE.origin);
    let data = device(SITE.id, 0x41, 0, Some(&key));
    assert!(made(SITE, &said, &attestation(&data)).is_ok());
    let phished = client("webauthn.create", "https://go.example.com.evil.example");
    check_refused(&phished, &data, "it was signed for another site");
    check_refused(&client("webauthn.get", SITE.origin), &data, "it was signed for another end");
    let elsewhere = device("evil.example", 0x41, 0, Some(&key));
    check_refused(&said, &elsewhere, "the device signed for another site");
    let alone = device(SITE.id, 0x40, 0, Some(&key));
    check_refused(&said, &alone, "nobody was at the device");
    check_refused(&said, &device(SITE.id, 1, 0, None), "there is no new credential in it");
    check_refused(&said, &data[..data.len() - 1], "the authenticator data breaks off");
    check_refused(b"{", &data, "clientDataJSON is no JSON");
    // COSE's number of secp256k1, which was not asked for.
    let odd = [&key[..4], b"\x38\x2e", &key[5..]].concat();
    let odd = device(SITE.id, 0x41, 0, Some(&odd));
    check_refused(&said, &odd, "the key is of no kind that was asked for");
}
