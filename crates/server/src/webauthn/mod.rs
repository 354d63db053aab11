//! Passkeys: what a browser says of them, checked (W3C Web Authentication, level 3).
//!
//! Written here, over ring: the libraries for it bring OpenSSL or four more crates of cryptography, and
//! most of what they do is attestation, which nobody is asked for.
//!
//! **Invariant:** bytes in, verdict out; nothing here knows a clock, a database or a member.

mod cbor;
pub mod challenge;
mod key;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::digest;
use serde::Deserialize;

pub use self::key::ALGORITHMS;
use self::{cbor::Value, key::PublicKey};

/// For whom passkeys are made.
#[derive(Clone, Copy, Debug)]
pub struct Site<'s> {
    /// Such as `https://go.example.com`.
    pub origin: &'s str,
    /// The host of that.
    pub id: &'s str,
}

/// A key pair that a device has just made.
#[derive(Debug)]
pub struct Made {
    pub challenge: String,
    pub credential: Vec<u8>,
    /// In COSE's form.
    pub public_key: Vec<u8>,
    pub counter: u32,
}

/// That a device has signed.
#[derive(Debug)]
pub struct Signed {
    pub challenge: String,
    pub counter: u32,
    /// Whether the device has made sure, by a finger, a face or a number, whose it is.
    pub is_verified: bool,
}

/// What is asked and sent, as the browser tells its device.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

/// What the device says.
struct DeviceData<'d> {
    flags: u8,
    counter: u32,
    /// A new credential's id and public key.
    credential: Option<(&'d [u8], &'d [u8])>,
}

/// Bits of what the device says.
const PRESENT: u8 = 1;
const VERIFIED: u8 = 4;
const HAS_CREDENTIAL: u8 = 64;
/// Bytes of an id that are kept; the standard allows no more.
const LONGEST_ID: usize = 1_023;

/// Reads what a device made. Who vouches for the device is nobody's business, so that is not looked at.
pub fn made(site: Site<'_>, client: &[u8], attestation: &[u8]) -> Result<Made, &'static str> {
    let challenge = client_data(site, client, "webauthn.create")?;
    let (map, _) = cbor::read(attestation).ok_or("the attestation object is no CBOR")?;
    let device = map.get(&Value::Text("authData")).and_then(Value::bytes);
    let device = device_data(site, device.ok_or("the attestation object holds no authData")?)?;
    let (credential, public_key) = device.credential.ok_or("there is no new credential in it")?;
    if PublicKey::read(public_key).is_none() {
        return Err("the key is of no kind that was asked for");
    }
    let (credential, public_key) = (credential.to_vec(), public_key.to_vec());
    Ok(Made { challenge, credential, public_key, counter: device.counter })
}

/// Checks what a device signed with a key that it made before.
pub fn signed(
    site: Site<'_>,
    public_key: &[u8],
    client: &[u8],
    device: &[u8],
    signature: &[u8],
) -> Result<Signed, &'static str> {
    let challenge = client_data(site, client, "webauthn.get")?;
    let read = device_data(site, device)?;
    let hash = digest::digest(&digest::SHA256, client);
    let message = [device, hash.as_ref()].concat();
    let key = PublicKey::read(public_key).ok_or("the key that is kept cannot be read")?;
    if !key.signed(&message, signature) {
        return Err("the signature is not the key's");
    }
    Ok(Signed { challenge, counter: read.counter, is_verified: read.flags & VERIFIED != 0 })
}

/// The challenge that was signed, where it was signed for this site and this end.
fn client_data(site: Site<'_>, json: &[u8], end: &str) -> Result<String, &'static str> {
    let data: ClientData = serde_json::from_slice(json).map_err(|_| "clientDataJSON is no JSON")?;
    if data.r#type != end {
        return Err("it was signed for another end");
    }
    if data.origin != site.origin || data.cross_origin {
        return Err("it was signed for another site");
    }
    let challenge = BASE64_URL_SAFE_NO_PAD.decode(data.challenge.trim_end_matches('='));
    let challenge = challenge.ok().and_then(|bytes| String::from_utf8(bytes).ok());
    challenge.ok_or("the challenge is none of ours")
}

fn device_data<'d>(site: Site<'_>, bytes: &'d [u8]) -> Result<DeviceData<'d>, &'static str> {
    let broken = "the authenticator data breaks off";
    let (hash, rest) = bytes.split_at_checked(32).ok_or(broken)?;
    let (&[flags, a, b, c, d], rest) = rest.split_first_chunk().ok_or(broken)?;
    if hash != digest::digest(&digest::SHA256, site.id.as_bytes()).as_ref() {
        return Err("the device signed for another site");
    }
    if flags & PRESENT == 0 {
        return Err("nobody was at the device");
    }
    let credential = match flags & HAS_CREDENTIAL {
        0 => None,
        _ => Some(credential(rest).ok_or(broken)?),
    };
    Ok(DeviceData { flags, counter: u32::from_be_bytes([a, b, c, d]), credential })
}

/// A credential's id and its key, after 16 bytes that name the kind of device.
fn credential(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (_kind, rest) = bytes.split_at_checked(16)?;
    let (&[high, low], rest) = rest.split_first_chunk()?;
    let length = usize::from(u16::from_be_bytes([high, low]));
    let (id, rest) = rest.split_at_checked(length)?;
    let (_, after) = cbor::read(rest)?;
    let key = &rest[..rest.len() - after.len()];
    (0 < length && length <= LONGEST_ID).then_some((id, key))
}

#[cfg(test)]
mod tests;
