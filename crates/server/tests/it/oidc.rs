//! Coming in by OpenID Connect, with an issuer on this machine.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
};

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value as Json, json};
use server::Settings;
use url::Url;

use crate::{
    accounts::{Visitor, member_with},
    client::{self, Request, Response},
    world::World,
};

/// An issuer that gives for a code, which is claims in base64url, a token with those claims.
struct Issuer {
    url: String,
}

const CLIENT: &str = "waypost";
const SECRET: &str = "a secret";

impl Issuer {
    fn start() -> Issuer {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (kind, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(kind, pkcs8.as_ref(), &random).unwrap();
        let own = url.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), &own, &pair);
            }
        });
        Issuer { url }
    }

    fn settings(&self, settings: &mut Settings, join: &str) {
        settings.fetch_networks = "127.0.0.1".to_owned();
        settings.oidc_issuer = self.url.clone();
        settings.oidc_client_id = CLIENT.to_owned();
        settings.oidc_client_secret = SECRET.to_owned();
        settings.oidc_name = "The works".to_owned();
        settings.oidc_join = join.to_owned();
    }
}

fn answer(mut stream: TcpStream, own: &str, pair: &EcdsaKeyPair) {
    let (head, body) = read(&mut stream);
    let path = head.split(' ').nth(1).unwrap();
    let answer = match path {
        "/.well-known/openid-configuration" => json!({
            "issuer": own, "authorization_endpoint": format!("{own}/authorize?tenant=1"),
            "token_endpoint": format!("{own}/token"), "jwks_uri": format!("{own}/keys"),
        }),
        "/keys" => {
            let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
            let (x, y) = (encode(x), encode(y));
            json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": "1", "x": x, "y": y}]})
        }
        "/token" => token(&head, &body, pair),
        other => panic!("nobody asks for {other}"),
    };
    let answer = answer.to_string();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
    let _ = write!(stream, "{head}content-length: {}\r\n\r\n{answer}", answer.len());
}

fn token(head: &str, body: &str, pair: &EcdsaKeyPair) -> Json {
    let known = BASE64_STANDARD.encode("waypost:a+secret");
    assert!(head.to_lowercase().contains("authorization: basic"), "{head}");
    assert!(head.contains(&known), "{head}");
    let form: Vec<_> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let field = |name: &str| form.iter().find(|(key, _)| key == name).unwrap().1.as_str();
    assert_eq!(field("grant_type"), "authorization_code");
    assert_eq!(field("redirect_uri"), "http://localhost:8080/app/oidc/callback");
    let code = BASE64_URL_SAFE_NO_PAD.decode(field("code")).unwrap();
    let claims: Json = serde_json::from_slice(&code).unwrap();
    let verifier = ring::digest::digest(&ring::digest::SHA256, field("code_verifier").as_bytes());
    assert_eq!(claims["challenge"], encode(verifier), "PKCE");
    let header = encode(json!({"alg": "ES256", "kid": "1"}).to_string());
    let signed = format!("{header}.{}", encode(claims.to_string()));
    let signature = pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
    json!({"access_token": "x", "id_token": format!("{signed}.{}", encode(signature))})
}

fn read(stream: &mut TcpStream) -> (String, String) {
    let (mut bytes, mut part) = (Vec::new(), [0; 4_096]);
    loop {
        let length = stream.read(&mut part).unwrap();
        bytes.extend_from_slice(&part[..length]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let wanted = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().unwrap())
        });
        if wanted.unwrap_or(0) <= body.len() {
            return (head.to_owned(), body.to_owned());
        }
    }
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn get(world: &World, target: &str, cookie: &str) -> Response {
    let headers = vec![("cookie".to_owned(), cookie.to_owned())];
    let (method, target) = ("GET".to_owned(), target.to_owned());
    client::send(world.address, &Request { method, target, headers, body: Vec::new() })
}

fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    response.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

/// Goes to the issuer and comes back with what it says of a person.
fn come_back(world: &World, issuer: &Issuer, change: &Json) -> Response {
    come_back_to(world, issuer, change, "")
}

/// The same for somebody who asked for a page.
fn come_back_to(world: &World, issuer: &Issuer, change: &Json, next: &str) -> Response {
    let gone = get(world, &format!("/app/oidc/start{next}"), "");
    assert_eq!(gone.status, 303, "{}", gone.body);
    let to = Url::parse(header(&gone, "location")).unwrap();
    assert!(to.as_str().starts_with(&format!("{}/authorize?tenant=1&", issuer.url)), "{to}");
    let asked = |name: &str| to.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    assert_eq!((asked("response_type"), asked("client_id")), ("code".into(), CLIENT.into()));
    #[expect(clippy::disallowed_methods, reason = "an issuer has a clock of its own")]
    let exp = jiff::Timestamp::now().as_second() + 300;
    let mut claims = json!({
        "iss": issuer.url, "aud": CLIENT, "exp": exp, "nonce": asked("nonce"),
        "challenge": asked("code_challenge"),
    });
    claims.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    let cookie = header(&gone, "set-cookie").split(';').next().unwrap();
    let code = encode(claims.to_string());
    let state = asked("state");
    let back = get(world, &format!("/app/oidc/callback?code={code}&state={state}"), cookie);
    let other = get(world, &format!("/app/oidc/callback?code={code}&state=other"), cookie);
    assert_eq!((other.status, header(&other, "set-cookie")), (400, ""), "another state");
    let other = get(world, &format!("/app/oidc/callback?code={code}&state={state}"), "");
    assert_eq!(other.status, 400, "another browser");
    back
}

/// Who is signed in by an answer's cookie.
fn me(world: &World, response: &Response) -> Json {
    assert_eq!((response.status, header(response, "location")), (303, "/app"), "{}", response.body);
    let cookie = header(response, "set-cookie");
    let token = cookie.strip_prefix("wp_session=").unwrap().split(';').next().unwrap();
    Visitor { to: world.address, token: Some(token) }.send("GET", "/me", &Json::Null).1
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_is_vouched_for_and_a_stranger_refused_on_sqlite() {
    let issuer = Issuer::start();
    let world = World::with(|settings| issuer.settings(settings, "")).await;
    vouched(&world, &issuer);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_is_vouched_for_and_a_stranger_refused_on_postgresql() {
    let issuer = Issuer::start();
    let with = |settings: &mut Settings| issuer.settings(settings, "");
    let Some(world) = World::with_on_postgres(with).await else { return };
    vouched(&world, &issuer);
    world.end().await;
}

fn vouched(world: &World, issuer: &Issuer) {
    tokio::task::block_in_place(|| {
        let nobody = Visitor { to: world.address, token: None };
        let (_, ways) = nobody.send("GET", "/accounts/ways", &Json::Null);
        let expected = json!({"name": "The works", "start": "/app/oidc/start"});
        assert_eq!(ways["openIdConnect"], expected);
        member_with(world, json!({"name": "Ann", "email": "ann@example.com"}));
        let ann = json!({"email": "Ann@Example.com", "email_verified": true});
        let me = me(world, &come_back(world, issuer, &ann));
        assert_eq!((&me["name"], &me["role"]), (&json!("Ann"), &json!("owner")));

        for (next, page) in [
            ("?next=%2Fapp%2Fstats%3Fcountry%3DDE", "/app/stats?country=DE"),
            ("?next=/app/links/lnk_1/rules", "/app/links/lnk_1/rules"),
            ("?next=https%3A%2F%2Fevil.example%2Fapp%2F", "/app"),
            ("?next=%2F%5Cevil.example%2Fapp%2F", "/app"),
            ("?next=/app/../one", "/app"),
        ] {
            let back = come_back_to(world, issuer, &ann, next);
            assert_eq!((back.status, header(&back, "location")), (303, page), "{next}");
        }

        let refused = |change: &Json, status: u16, why: &str| {
            let back = come_back(world, issuer, change);
            assert_eq!(back.status, status, "{}", back.body);
            assert!(back.body.contains(why), "{}", back.body);
            assert_eq!(header(&back, "set-cookie"), "");
        };
        let stranger = json!({"email": "eve@example.com", "email_verified": true});
        refused(&stranger, 403, "Nobody here has the address eve@example.com");
        let unverified = json!({"email": "ann@example.com", "email_verified": false});
        refused(&unverified, 403, "does not say that your e-mail address is verified");
        let nonce = json!({"email": "ann@example.com", "email_verified": true, "nonce": "x"});
        refused(&nonce, 502, "The works did not answer as it should");
        let sent = get(world, "/app/oidc/start", "");
        let cookie = header(&sent, "set-cookie").split(';').next().unwrap();
        let to = Url::parse(header(&sent, "location")).unwrap();
        let state = to.query_pairs().find(|(key, _)| key == "state").unwrap().1.into_owned();
        let back = format!("/app/oidc/callback?error=access_denied&state={state}");
        let back = get(world, &back, cookie);
        assert_eq!(back.status, 403, "{}", back.body);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_vouched_for_joins_where_the_operator_says_so() {
    let issuer = Issuer::start();
    let world = World::with(|settings| issuer.settings(settings, "viewer")).await;
    tokio::task::block_in_place(|| {
        let bob = json!({"email": "bob@example.com", "email_verified": true, "name": "Bob"});
        let first = me(&world, &come_back(&world, &issuer, &bob));
        assert_eq!((&first["name"], &first["role"]), (&json!("Bob"), &json!("viewer")));
        let again = me(&world, &come_back(&world, &issuer, &bob));
        assert_eq!(again["id"], first["id"]);
        let nobody = Visitor { to: world.address, token: None };
        let guess = json!({"email": "bob@example.com", "password": ""});
        assert_eq!(nobody.send("POST", "/sessions", &guess).0, 401);
    });
    world.end().await;
}
