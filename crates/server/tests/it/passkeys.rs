//! Passkeys of a device that is made here: how a member makes one, and comes in by it.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::{
    digest,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value as Json, json};

use crate::{
    accounts::{Visitor, member},
    world::World,
};

/// A device with one key, which counts.
struct Device {
    pair: EcdsaKeyPair,
    id: &'static str,
}

/// The origin of the world's public URL, and its host.
const ORIGIN: &str = "http://localhost:8080";
const HOST: &str = "localhost";

impl Device {
    fn new(id: &'static str) -> Device {
        let (random, kind) = (SystemRandom::new(), &ECDSA_P256_SHA256_ASN1_SIGNING);
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        Device { pair: EcdsaKeyPair::from_pkcs8(kind, pkcs8.as_ref(), &random).unwrap(), id }
    }

    /// What `toJSON()` gives of a new credential.
    fn make(&self, options: &Json) -> Json {
        let (x, y) = self.pair.public_key().as_ref()[1..].split_at(32);
        let key = [b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", x, b"\x22\x58\x20", y].concat();
        let length = u8::try_from(self.id.len()).unwrap();
        let mut data = device_data(0x45, 0);
        data.extend([&[0; 17][..], &[length], self.id.as_bytes(), &key].concat());
        let mut attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        attestation.push(u8::try_from(data.len()).unwrap());
        attestation.extend(data);
        json!({
            "id": encode(self.id), "rawId": encode(self.id), "type": "public-key",
            "authenticatorAttachment": "platform", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encode(client_data("webauthn.create", ORIGIN, options)),
                "attestationObject": encode(attestation), "transports": ["internal"],
            },
        })
    }

    /// What `toJSON()` gives of a signature.
    fn sign(&self, options: &Json, flags: u8, counter: u32, origin: &str) -> Json {
        let (client, data) =
            (client_data("webauthn.get", origin, options), device_data(flags, counter));
        let message = [&data, digest::digest(&digest::SHA256, client.as_bytes()).as_ref()].concat();
        let signature = self.pair.sign(&SystemRandom::new(), &message).unwrap();
        json!({
            "id": encode(self.id), "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encode(client), "authenticatorData": encode(data),
                "signature": encode(signature), "userHandle": null,
            },
        })
    }
}

fn client_data(end: &str, origin: &str, options: &Json) -> String {
    let challenge = &options["publicKey"]["challenge"];
    json!({"type": end, "challenge": challenge, "origin": origin, "crossOrigin": false}).to_string()
}

fn device_data(flags: u8, counter: u32) -> Vec<u8> {
    let mut data = digest::digest(&digest::SHA256, HOST.as_bytes()).as_ref().to_vec();
    data.push(flags);
    data.extend(counter.to_be_bytes());
    data
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_comes_in_by_a_passkey_on_sqlite() {
    passkeys(World::on_sqlite(false).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_comes_in_by_a_passkey_on_postgresql() {
    let Some(world) = World::on_postgres(false).await else { return };
    passkeys(world).await;
}

async fn passkeys(world: World) {
    tokio::task::block_in_place(|| {
        let token = member(&world, "Ann");
        let ann = Visitor { to: world.address, token: Some(&token) };
        let nobody = Visitor { to: world.address, token: None };
        let device = Device::new("laptop");

        let (_, options) = ann.send("POST", "/me/passkeys/begin", &Json::Null);
        assert_eq!(options["publicKey"]["rp"]["id"], HOST);
        let body = json!({"name": "Laptop", "credential": device.make(&options)});
        let (status, made) = ann.send("POST", "/me/passkeys", &body);
        assert_eq!((status, &made["name"]), (201, &json!("Laptop")), "{made}");
        let (status, again) = ann.send("POST", "/me/passkeys", &body);
        assert_eq!((status, &again["errors"][0]["at"]), (422, &json!("credential")), "{again}");
        let (_, options) = ann.send("POST", "/me/passkeys/begin", &Json::Null);
        assert_eq!(options["publicKey"]["excludeCredentials"][0]["id"], encode("laptop"));
        let other = member(&world, "Eve");
        let eve = Visitor { to: world.address, token: Some(&other) };
        let stolen = json!({"name": "x", "credential": Device::new("eve").make(&options)});
        assert_eq!(eve.send("POST", "/me/passkeys", &stolen).0, 422, "Ann's challenge");
        assert_eq!(ann.send("GET", "/me", &Json::Null).1["passkeys"], 1);

        let begin = || nobody.send("POST", "/sessions/passkey/begin", &Json::Null).1;
        let come = |credential: Json| {
            nobody.send("POST", "/sessions/passkey", &json!({"credential": credential}))
        };
        let options = begin();
        let signed = device.sign(&options, 5, 1, ORIGIN);
        let (status, signed_in) = come(signed.clone());
        assert_eq!((status, &signed_in["member"]["name"]), (201, &json!("Ann")), "{signed_in}");
        assert_eq!(come(signed).0, 401, "a challenge is answered once");
        assert_eq!(come(device.sign(&begin(), 5, 1, ORIGIN)).0, 401, "a copy counts no further");
        assert_eq!(come(device.sign(&begin(), 5, 2, ORIGIN)).0, 201);
        assert_eq!(come(device.sign(&begin(), 5, 3, "https://evil.example")).0, 401);
        assert_eq!(come(Device::new("laptop").sign(&begin(), 5, 4, ORIGIN)).0, 401, "its key");
        assert_eq!(come(Device::new("phone").sign(&begin(), 5, 1, ORIGIN)).0, 401, "unknown");
        let mut broken = device.sign(&begin(), 5, 9, ORIGIN);
        broken["response"]["signature"] = json!("%");
        let (status, broken) = come(broken);
        let at = &broken["errors"][0]["at"];
        assert_eq!((status, at), (422, &json!("credential.response.signature")));
        let mut theirs = device.sign(&begin(), 5, 9, ORIGIN);
        theirs["response"]["userHandle"] = json!(encode([0; 8]));
        assert_eq!(come(theirs).0, 401, "the device takes it for another's");

        let path = format!("/me/passkeys/{}", made["id"].as_str().unwrap());
        let (_, list) = ann.send("GET", "/me/passkeys", &Json::Null);
        assert!(list["data"][0]["lastUsedAt"].is_string(), "{list}");
        assert_eq!(eve.send("DELETE", &path, &Json::Null).0, 404);
        assert_eq!(ann.send("DELETE", &path, &Json::Null).0, 204);
        assert_eq!(come(device.sign(&begin(), 5, 10, ORIGIN)).0, 401);

        let (_, options) = ann.send("POST", "/me/passkeys/begin", &Json::Null);
        let body = json!({"name": "Laptop", "credential": device.make(&options)});
        assert_eq!(ann.send("POST", "/me/passkeys", &body).0, 201);
        let path =
            format!("/members/{}", ann.send("GET", "/me", &Json::Null).1["id"].as_str().unwrap());
        assert_eq!(eve.send("DELETE", &path, &Json::Null).0, 204);
        assert_eq!(come(device.sign(&begin(), 5, 10, ORIGIN)).0, 401, "nobody's");
    });
    world.end().await;
}
