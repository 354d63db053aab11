//! The dashboard as it is served: the page with its number, the files for ever.

use server::dashboard::{File, Files};

use crate::{
    client::{self, Request, Response},
    world::World,
};

const FILES: Files = &[
    File { path: "assets/main-3f2a.js", plain: b"alert(1)", brotli: Some(b"as Brotli") },
    File { path: "favicon.svg", plain: b"<svg/>", brotli: None },
    File {
        path: "index.html",
        plain: b"<meta name=\"csp-nonce\" content=\"__NONCE__\">",
        brotli: Some(b"never sent"),
    },
];

fn get(world: &World, target: &str, encoding: &str) -> Response {
    let headers = vec![("accept-encoding".to_owned(), encoding.to_owned())];
    let (method, target) = ("GET".to_owned(), target.to_owned());
    client::send(world.address, &Request { method, target, headers, body: Vec::new() })
}

fn header<'r>(response: &'r Response, name: &str) -> Option<&'r str> {
    response.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn nonce(page: &Response) -> &str {
    let start = page.body.strip_prefix("<meta name=\"csp-nonce\" content=\"").unwrap();
    start.strip_suffix("\">").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_address_is_the_page_with_a_number_of_its_own() {
    let world = World::that_shows(FILES).await;
    tokio::task::block_in_place(|| {
        let mut nonces = Vec::new();
        let addresses = ["/app", "/app/", "/app/links?q=a", "/app/index.html"];
        let tokens = ["/app/join?token=wi_x", "/app/setup/wi_x"];
        for address in addresses.iter().chain(&tokens) {
            let page = get(&world, address, "br");
            assert_eq!(page.status, 200, "{address}");
            assert_eq!(header(&page, "cache-control"), Some("no-store"));
            assert_eq!(header(&page, "content-encoding"), None);
            let nonce = nonce(&page);
            assert_eq!(nonce.len(), 22);
            let policy = header(&page, "content-security-policy").unwrap();
            assert!(policy.contains(&format!("style-src-elem 'self' 'nonce-{nonce}';")));
            assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
            nonces.push(nonce.to_owned());
        }
        let all = nonces.len();
        nonces.sort_unstable();
        nonces.dedup();
        assert_eq!(nonces.len(), all);
    });
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_kept_for_ever_and_sent_as_its_reader_likes() {
    let world = World::that_shows(FILES).await;
    tokio::task::block_in_place(|| {
        for (encoding, coded, body) in
            [("gzip, br", Some("br"), "as Brotli"), ("gzip", None, "alert(1)")]
        {
            let file = get(&world, "/app/assets/main-3f2a.js", encoding);
            assert_eq!((file.status, file.body.as_str()), (200, body));
            assert_eq!(header(&file, "content-encoding"), coded);
            assert_eq!(header(&file, "vary"), Some("accept-encoding"));
            assert_eq!(header(&file, "content-type"), Some("text/javascript; charset=utf-8"));
            let cache = header(&file, "cache-control");
            assert_eq!(cache, Some("public, max-age=31536000, immutable"));
        }
        let icon = get(&world, "/app/favicon.svg", "br");
        assert_eq!((icon.status, icon.body.as_str()), (200, "<svg/>"));
        assert_eq!(header(&icon, "cache-control"), Some("no-cache"));
        assert_eq!(get(&world, "/app/assets/main-0000.js", "br").status, 404);
    });
    world.end().await;
}
