//! How members prove who they are, with what only a program can make: codes and signatures.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicU8, Ordering},
};

use data_encoding::BASE32_NOPAD;
use model::InvitationToken;
use ring::hmac;
use serde_json::{Value as Json, json};
use server::start::{self, system_clock};
use store::Store;

use crate::{
    client::{self, Request, Response},
    world::World,
};

/// Somebody who sends JSON, with a credential or without.
pub(crate) struct Visitor<'v> {
    pub(crate) to: SocketAddr,
    pub(crate) token: Option<&'v str>,
}

impl Visitor<'_> {
    pub(crate) fn send(&self, method: &str, path: &str, body: &Json) -> (u16, Json) {
        let answer = self.ask(method, path, body);
        (answer.status, serde_json::from_str(&answer.body).unwrap_or_default())
    }

    fn ask(&self, method: &str, path: &str, body: &Json) -> Response {
        static CALLS: AtomicU8 = AtomicU8::new(0);
        let token = self.token.map(|it| ("authorization".to_owned(), format!("Bearer {it}")));
        // Each from a network of its own, for the tries of one are few.
        let from = format!("10.{}.0.1", CALLS.fetch_add(1, Ordering::Relaxed));
        let from = ("x-forwarded-for".to_owned(), from);
        let request = Request {
            method: method.to_owned(),
            target: format!("/api/v1{path}"),
            headers: token.into_iter().chain([from]).collect(),
            body: if body.is_null() { Vec::new() } else { body.to_string().into_bytes() },
        };
        client::send(self.to, &request)
    }
}

/// Makes a member, and answers the token of their session.
pub(crate) fn member(world: &World, name: &str) -> String {
    member_with(world, json!({ "name": name }))
}

/// The same with more than a name.
pub(crate) fn member_with(world: &World, mut body: Json) -> String {
    let owner = Visitor { to: world.address, token: Some(&world.key) };
    let (status, invitation) = owner.send("POST", "/invitations", &json!({"role": "owner"}));
    assert_eq!(status, 201, "{invitation}");
    let url = invitation["url"].as_str().unwrap();
    body["token"] = json!(url.split_once("token=").unwrap().1);
    body["password"] = json!("correct horse");
    let nobody = Visitor { to: world.address, token: None };
    let (status, signed_in) = nobody.send("POST", "/invitations/accept", &body);
    assert_eq!(status, 201, "{signed_in}");
    signed_in["token"].as_str().unwrap().to_owned()
}

/// The code of a half minute, counted from now.
fn code(secret: &str, from_now: i64) -> String {
    let secret = BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
    #[expect(clippy::disallowed_methods, reason = "an authenticator has a clock of its own")]
    let now = jiff::Timestamp::now().as_second();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &secret);
    let tag = hmac::sign(&key, &(now / 30 + from_now).to_be_bytes());
    let at = usize::from(tag.as_ref()[19] & 15);
    let four: [u8; 4] = tag.as_ref()[at..at + 4].try_into().unwrap();
    format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_start_makes_a_new_link_until_somebody_is_a_member() {
    let world = World::on_sqlite(false).await;
    let (store, clock) = (Store::open(&world.database).await.unwrap(), system_clock());
    let first = start::invite_first(&store, &clock).await.unwrap().unwrap();
    let second = start::invite_first(&store, &clock).await.unwrap().unwrap();
    tokio::task::block_in_place(|| {
        let nobody = Visitor { to: world.address, token: None };
        let check = |token: &InvitationToken| {
            nobody.send("POST", "/invitations/check", &json!({"token": token.reveal()}))
        };
        assert_eq!(check(&first).0, 404, "the link of the start before");
        let (status, open) = check(&second);
        assert_eq!((status, &open["role"]), (200, &json!("owner")));
        let owner = json!({"token": second.reveal(), "name": "Ann", "password": "correct horse"});
        assert_eq!(nobody.send("POST", "/invitations/accept", &owner).0, 201);
    });
    assert!(start::invite_first(&store, &clock).await.unwrap().is_none());
    store.close().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_asked_for_and_good_once_on_sqlite() {
    codes(World::on_sqlite(false).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_asked_for_and_good_once_on_postgresql() {
    let Some(world) = World::on_postgres(false).await else { return };
    codes(world).await;
}

async fn codes(world: World) {
    tokio::task::block_in_place(|| {
        let token = member(&world, "Ann");
        let ann = Visitor { to: world.address, token: Some(&token) };
        let nobody = Visitor { to: world.address, token: None };
        let sign_in = |code: Json| {
            let body = json!({"email": "ann", "password": "correct horse", "code": code});
            let (status, answer) = nobody.send("POST", "/sessions", &body);
            (status, answer["type"].as_str().unwrap_or_default().to_owned())
        };

        let password = json!({"password": "correct horse"});
        let (_, first) = ann.send("POST", "/me/totp", &password);
        let (status, begun) = ann.send("POST", "/me/totp", &password);
        assert_eq!(status, 201, "{begun}");
        assert_ne!(first["secret"], begun["secret"]);
        let secret = begun["secret"].as_str().unwrap();
        assert!(begun["uri"].as_str().unwrap().ends_with("&issuer=Waypost%20localhost"));
        // Not confirmed: not asked for.
        assert_eq!(sign_in(Json::Null).0, 201);

        let confirm = |code: String| ann.send("POST", "/me/totp/confirm", &json!({"code": code}));
        assert_eq!(confirm(code(secret, -9)).0, 422);
        let used = code(secret, 0);
        let (status, confirmed) = confirm(used.clone());
        assert_eq!(status, 200, "{confirmed}");
        let recovery = confirmed["recoveryCodes"].as_array().unwrap();
        assert_eq!(recovery.len(), 10);
        assert_eq!(confirm(code(secret, 0)).0, 404);
        assert_eq!(ann.send("POST", "/me/totp", &password).0, 409);
        assert_eq!(ann.send("GET", "/me", &Json::Null).1["totp"], true);

        let wanted = (401, "urn:waypost:code-wanted".to_owned());
        let wrong = (401, "urn:waypost:wrong-code".to_owned());
        assert_eq!(sign_in(Json::Null), wanted);
        assert_eq!(sign_in(json!(used)), wrong, "it was used to confirm");
        assert_eq!(sign_in(json!("mzxw-6ytb-ojtg-633c")), wrong);
        let next = code(secret, 1);
        assert_eq!(sign_in(json!(next)).0, 201);
        assert_eq!(sign_in(json!(next)), wrong);
        assert_eq!(sign_in(recovery[3].clone()).0, 201);
        assert_eq!(sign_in(recovery[3].clone()), wrong);

        let off = |password: &str| {
            let body = json!({"password": password, "code": recovery[4]});
            ann.send("DELETE", "/me/totp", &body).0
        };
        assert_eq!(off("wrong horse"), 422);
        assert_eq!(off("correct horse"), 204);
        assert_eq!(off("correct horse"), 404);
        assert_eq!(ann.send("GET", "/me", &Json::Null).1["totp"], false);
    });
    world.end().await;
}
