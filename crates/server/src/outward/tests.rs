//! The client against real servers on this machine, and against every way to lead it astray.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
};

use super::*;
use crate::visitor::{Facts, Proxies};

/// A server on 127.0.0.1 that answers every request with what `answer` makes of its path.
struct Server {
    address: SocketAddr,
    /// The requests, as they came.
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn start(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Server { address: listener.local_addr().unwrap(), asked: Arc::default() };
        let asked = server.asked.clone();
        let answer = Arc::new(answer);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, asked.clone(), answer.clone()));
            }
        });
        server
    }

    fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address)).unwrap()
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// After `…` in an answer, the server goes on for ever with what follows it.
async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    asked: Arc<Mutex<Vec<String>>>,
    answer: Arc<impl Fn(&str) -> String>,
) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => request.push(byte),
            Err(_) => return,
        }
    }
    let request = String::from_utf8(request).unwrap();
    let path = request.split(' ').nth(1).unwrap().to_owned();
    asked.lock().unwrap().push(request);
    let answer = answer(&path);
    let (once, for_ever) = answer.split_once('…').unwrap_or((&answer, ""));
    let _ = stream.write_all(once.as_bytes()).await;
    while !for_ever.is_empty() && stream.write_all(for_ever.as_bytes()).await.is_ok() {}
    let _ = stream.shutdown().await;
}

fn page(title: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<title>{title}</title>")
}

fn redirect(to: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
}

/// A client that may ask this machine by 127.0.0.1 and nothing else that is not public, and knows
/// the names of `names`.
fn client(names: impl Fn(&str, u16) -> Vec<SocketAddr> + Send + Sync + 'static) -> Outward {
    let guard = Guard::opening(vec!["127.0.0.1/32".parse().unwrap()]);
    Outward::with(guard, Arc::new(move |name, port| Ok(names(name, port))), RootCertStore::empty())
}

fn nameless() -> Outward {
    client(|name, _| panic!("{name} was looked up"))
}

async fn title(client: &Outward, url: &Url) -> Result<Option<String>, Refusal> {
    let page = client.get(url, page::is_enough, LONGEST).await?;
    Ok(About::read(page.content_type.as_deref(), &page.body).title)
}

async fn refusal(client: &Outward, url: &Url) -> Refusal {
    title(client, url).await.expect_err(url.as_str())
}

#[tokio::test]
async fn a_page_is_read_where_its_redirects_end() {
    let server = Server::start(|path| match path {
        "/a?b=c" => redirect("d"),
        "/d" => redirect("/e?f=g%20h"),
        _ => page("End"),
    })
    .await;
    let found = title(&nameless(), &server.url("/a?b=c#f")).await.unwrap();
    assert_eq!(found.as_deref(), Some("End"));
    assert!(server.asked()[2].starts_with("GET /e?f=g%20h HTTP/1.1\r\n"));
    let first = &server.asked()[0];
    assert!(first.starts_with("GET /a?b=c HTTP/1.1\r\n"), "{first}");
    assert!(first.contains(&format!("\r\nhost: {}\r\n", server.address)), "{first}");
    assert!(first.contains("\r\naccept-encoding: identity\r\n"), "{first}");
}

#[tokio::test]
async fn this_machine_and_its_networks_are_not_asked_however_they_are_spelled() {
    let outward = Outward::new(Guard::default());
    for address in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "017700000001",
        "0177.0.0.1",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
        "%31%32%37.0.0.1",
        "127.0.0.1.",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "0",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "10.0.0.1",
        "0xa9fea9fe",
        "169.254.169.254",
        "192.168.0.1",
        "[fd00:ec2::254]",
    ] {
        for scheme in ["http", "https"] {
            let url = Url::parse(&format!("{scheme}://{address}/")).unwrap();
            let why = refusal(&outward, &url).await;
            assert!(matches!(why, Refusal::Forbidden | Refusal::Unresolved), "{address}: {why}");
            let is_name = address.to_lowercase().starts_with("localhost");
            assert!(is_name || matches!(why, Refusal::Forbidden), "{address}: {why}");
        }
    }
}

#[tokio::test]
async fn a_server_that_nobody_opened_never_hears_of_us() {
    let server = Server::start(|_| page("Secret")).await;
    let closed = Outward::new(Guard::default());
    let why = refusal(&closed, &server.url("/")).await;
    assert!(matches!(why, Refusal::Forbidden), "{why}");
    assert_eq!(server.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn a_name_is_worth_what_its_addresses_are() {
    let server = Server::start(|_| page("Here")).await;
    let port = server.address.port();
    let at = move |ip: &str| SocketAddr::new(ip.parse().unwrap(), port);
    let outward = client(move |name, _| match name {
        "inside.example" => vec![at("10.0.0.1"), at("::ffff:192.168.0.1"), at("fd00::1")],
        "both.example" => vec![at("10.0.0.1"), at("127.0.0.1")],
        _ => Vec::new(),
    });
    let url = |name: &str| Url::parse(&format!("http://{name}:{port}/")).unwrap();
    assert!(matches!(refusal(&outward, &url("inside.example")).await, Refusal::Forbidden));
    assert!(matches!(refusal(&outward, &url("none.example")).await, Refusal::Unresolved));
    let found = title(&outward, &url("both.example")).await.unwrap();
    assert_eq!(found.as_deref(), Some("Here"));
    let host = format!("\r\nhost: both.example:{port}\r\n");
    assert!(server.asked()[0].contains(&host), "{:?}", server.asked());
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_asked_once_a_hop() {
    let server = Server::start(|path| match path {
        "/" => redirect("/again"),
        _ => page("Rebound"),
    })
    .await;
    let port = server.address.port();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let outward = client(move |_, _| {
        let inside = count.fetch_add(1, Ordering::Relaxed) % 2 == 1;
        let ip = if inside { "127.0.0.2" } else { "127.0.0.1" };
        vec![SocketAddr::new(ip.parse().unwrap(), port)]
    });
    let url = Url::parse(&format!("http://flips.example:{port}/")).unwrap();
    assert!(matches!(refusal(&outward, &url).await, Refusal::Forbidden));
    assert_eq!((asked.load(Ordering::Relaxed), server.asked().len()), (2, 1));
}

#[tokio::test]
async fn redirects_are_judged_like_the_first_address() {
    for (to, expected) in [
        ("http://169.254.169.254/latest/meta-data/", "Forbidden"),
        ("http://[::ffff:10.0.0.1]/", "Forbidden"),
        ("//0x7f000002/", "Forbidden"),
        ("http://8.8.8.8:22/", "Forbidden"),
        ("file:///etc/passwd", "Url"),
        ("gopher://127.0.0.1:6379/_", "Url"),
        ("http://user:secret@127.0.0.1/", "Url"),
        ("http://", "Url"),
        ("/", "Redirects"),
    ] {
        let server = Server::start(move |_| redirect(to)).await;
        let why = refusal(&nameless(), &server.url("/")).await;
        assert_eq!(format!("{why:?}"), expected, "{to}");
        let most = if expected == "Redirects" { REDIRECTS + 1 } else { 1 };
        assert_eq!(server.asked().len(), most, "{to}");
    }
}

#[tokio::test]
async fn what_is_large_slow_or_compressed_costs_little() {
    let endless =
        Server::start(|_| format!("HTTP/1.1 200 OK\r\n\r\n<title>Big…{}", "x".repeat(65_536)))
            .await;
    let page = nameless().get(&endless.url("/"), page::is_enough, LONGEST).await.unwrap();
    assert_eq!(page.body.len(), LARGEST);
    let silent = Server::start(|_| "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n".to_owned()).await;
    assert_eq!(title(&nameless(), &silent.url("/")).await.unwrap(), None);

    let stuck = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", stuck.local_addr().unwrap())).unwrap();
    let began = Instant::now();
    let within = Duration::from_millis(200);
    let why = nameless().get(&url, page::is_enough, within).await.unwrap_err();
    assert!(matches!(why, Refusal::Late), "{why}");
    assert!(began.elapsed() < Duration::from_secs(2));
    assert_eq!(nameless().about(&url, within).await, About::default());

    let zipped =
        Server::start(|_| "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n\x1f".to_owned()).await;
    assert!(matches!(refusal(&nameless(), &zipped.url("/")).await, Refusal::Compressed));
    let head =
        Server::start(|_| format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "x".repeat(99_999))).await;
    assert!(matches!(refusal(&nameless(), &head.url("/")).await, Refusal::Unreachable));
    let missing = Server::start(|_| "HTTP/1.1 404 No\r\n\r\n<title>no</title>".to_owned()).await;
    assert!(matches!(refusal(&nameless(), &missing.url("/")).await, Refusal::Status(404)));
}

#[tokio::test]
async fn a_message_goes_to_the_very_address_and_nowhere_else() {
    let server = Server::start(|path| match path {
        "/moved" => redirect("/elsewhere"),
        "/busy" => "HTTP/1.1 503 Busy\r\nretry-after: 7\r\n\r\n".to_owned(),
        _ => "HTTP/1.1 200 OK\r\n\r\n…x".to_owned(),
    })
    .await;
    let port = server.address.port();
    let at = move |ip: &str| SocketAddr::new(ip.parse().unwrap(), port);
    let outward = client(move |name, _| match name {
        "inside.example" => vec![at("10.0.0.1"), at("::1")],
        _ => vec![at("127.0.0.1")],
    });
    let headers = vec![("webhook-id", "evt_1".to_owned())];
    let message = Message { headers, body: Bytes::from_static(b"") };
    let tell = async |url: &str| {
        let reply = outward.tell(&Url::parse(url).unwrap(), &message).await;
        reply.map(|reply| (reply.status, reply.retry_after))
    };
    let url = |path: &str| format!("http://named.example:{port}{path}");
    // The rest of an endless answer is nobody's to read.
    assert_eq!(tell(&url("/a?b=c")).await.unwrap(), (200, None));
    assert_eq!(tell(&url("/moved")).await.unwrap(), (302, None));
    assert_eq!(tell(&url("/busy")).await.unwrap(), (503, Some("7".to_owned())));
    let why = tell(&format!("http://inside.example:{port}/")).await.unwrap_err();
    assert!(matches!(why, Refusal::Forbidden), "{why}");
    assert_eq!(server.asked().len(), 3);
    let first = &server.asked()[0];
    assert!(first.starts_with("POST /a?b=c HTTP/1.1\r\n"), "{first}");
    assert!(first.contains("\r\nwebhook-id: evt_1\r\n"), "{first}");
    for (text, fine) in [
        (url("/"), true),
        (format!("http://127.0.0.1:{port}/"), true),
        ("https://8.8.8.8/".to_owned(), true),
        ("https://8.8.8.8:22/".to_owned(), false),
        ("http://127.0.0.2/".to_owned(), false),
        ("http://[::ffff:10.0.0.1]/".to_owned(), false),
        ("ftp://8.8.8.8/".to_owned(), false),
    ] {
        assert_eq!(outward.check(&Url::parse(&text).unwrap()).is_ok(), fine, "{text}");
    }
}

#[test]
fn we_know_ourselves_for_a_program() {
    let facts = Facts::new(Proxies::default(), None);
    let agent = facts.agent(|name| (name == "user-agent").then_some(hop::AGENT));
    assert!(agent.bot.is_some(), "{agent:?}");
}

#[tokio::test]
async fn https_is_asked_by_name_and_its_certificate_is_checked() {
    let made = rcgen::generate_simple_self_signed(["page.example".to_owned()]).unwrap();
    let (cert, key) = (made.cert.der().clone(), made.signing_key.serialize_der());
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![cert.clone()],
            rustls_pki_types::PrivateKeyDer::try_from(key).unwrap(),
        )
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(stream) = acceptor.accept(stream).await else { continue };
            let answer = |path: &str| match path {
                "/down" => redirect("http://127.0.0.1/"),
                _ => page("Sealed"),
            };
            serve(stream, Arc::default(), Arc::new(answer)).await;
        }
    });
    let mut roots = RootCertStore::empty();
    roots.add(cert).unwrap();
    let guard = Guard::opening(vec!["127.0.0.1/32".parse().unwrap()]);
    let names: Resolve = Arc::new(move |_, _| Ok(vec![address]));
    let trusting = Outward::with(guard.clone(), names.clone(), roots);
    let url = |name: &str, path: &str| {
        Url::parse(&format!("https://{name}:{}{path}", address.port())).unwrap()
    };
    let found = title(&trusting, &url("page.example", "/")).await.unwrap();
    assert_eq!(found.as_deref(), Some("Sealed"));
    assert!(matches!(refusal(&trusting, &url("page.example", "/down")).await, Refusal::Url));
    assert!(matches!(refusal(&trusting, &url("other.example", "/")).await, Refusal::Unreachable));
    let doubting = Outward::with(guard, names, RootCertStore::empty());
    assert!(matches!(refusal(&doubting, &url("page.example", "/")).await, Refusal::Unreachable));
}
