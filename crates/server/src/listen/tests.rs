//! Claims about connections, over real sockets with limits of a fraction of a second.

mod bodies;

use std::{convert::Infallible, time::Instant};

use http_body_util::Full;
use hyper::service::service_fn;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::*;

/// Long enough that nothing but a broken server reaches it.
const PATIENCE: Duration = Duration::from_secs(20);

/// The length of the answer to `/long`: more than the kernel's buffers take.
const LONG: usize = 64 << 20;

/// Limits that nothing reaches, for tests that lower one.
fn lax() -> Limits {
    Limits {
        header: PATIENCE,
        idle: PATIENCE,
        write: PATIENCE,
        grace: PATIENCE,
        ..Limits::default()
    }
}

const SHORT: Duration = Duration::from_millis(200);

struct Server {
    address: SocketAddr,
    stop: CancellationToken,
    serving: JoinHandle<()>,
}

impl Server {
    /// Answers with the path, to `/slow` after three times [`SHORT`] and to `/never` never.
    async fn start(limits: Limits, tls: Option<Arc<ServerConfig>>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let service = |_, is_tls| {
            service_fn(move |request: Request<TimedBody>| async move {
                let path = request.uri().path();
                let mut body = Bytes::from(format!("{}{path}", if is_tls { "tls" } else { "" }));
                match path {
                    "/slow" => sleep(3 * SHORT).await,
                    "/never" => std::future::pending().await,
                    "/long" => body = vec![b'x'; LONG].into(),
                    _ => {}
                }
                Ok::<_, Infallible>(Response::new(Full::new(body)))
            })
        };
        let serving = tokio::spawn(serve(listener, tls, limits, service, stop.clone()));
        Server { address, stop, serving }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn stopped(self) {
        self.stop.cancel();
        timeout(PATIENCE, self.serving).await.unwrap().unwrap();
    }
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n")
}

async fn send(stream: &mut TcpStream, bytes: &str) {
    stream.write_all(bytes.as_bytes()).await.unwrap();
}

/// Reads one answer with a body; its first line and its body.
async fn answer(stream: &mut (impl AsyncRead + Unpin)) -> (String, String) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(timeout(PATIENCE, stream.read_u8()).await.unwrap().unwrap());
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    let length = head.split("content-length: ").nth(1).unwrap().lines().next().unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    stream.read_exact(&mut body).await.unwrap();
    (head.lines().next().unwrap().to_owned(), String::from_utf8(body).unwrap())
}

/// Everything up to the end of the connection, however it ends.
async fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut rest = Vec::new();
    let _ = timeout(PATIENCE, stream.read_to_end(&mut rest)).await.expect("it is closed");
    rest
}

#[track_caller]
fn check_closed_after(since: Instant, least: Duration) {
    let took = since.elapsed();
    assert!(least <= took && took < PATIENCE / 2, "{took:?}");
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_closed() {
    let server = Server::start(Limits { header: SHORT, ..lax() }, None).await;
    let begin = Instant::now();
    assert_eq!(rest(&mut server.connect().await).await, b"");
    check_closed_after(begin, SHORT);
    server.stopped().await;
}

#[tokio::test]
async fn a_header_that_dribbles_is_closed_on_a_new_connection_and_on_an_idle_one() {
    let server = Server::start(Limits { header: SHORT, ..lax() }, None).await;
    for requests_before in 0..2 {
        let mut stream = server.connect().await;
        for _ in 0..requests_before {
            send(&mut stream, &get("/a")).await;
            assert_eq!(answer(&mut stream).await.1, "/a");
        }
        let begin = Instant::now();
        let (mut read, mut write) = stream.into_split();
        let dribble = tokio::spawn(async move {
            while write.write_all(b"G").await.is_ok() {
                sleep(SHORT / 10).await;
            }
        });
        let mut got = Vec::new();
        let _ = timeout(PATIENCE, read.read_to_end(&mut got)).await.expect("it is closed");
        assert_eq!(got, b"");
        check_closed_after(begin, SHORT);
        dribble.abort();
    }
    server.stopped().await;
}

#[tokio::test]
async fn an_idle_connection_is_kept_for_the_idle_time_and_not_the_headers() {
    let limits = Limits { header: SHORT, idle: 3 * SHORT, ..lax() };
    let server = Server::start(limits, None).await;
    let mut stream = server.connect().await;
    send(&mut stream, &get("/a")).await;
    answer(&mut stream).await;
    sleep(2 * SHORT).await;
    send(&mut stream, &get("/b")).await;
    assert_eq!(answer(&mut stream).await.1, "/b");
    let begin = Instant::now();
    assert_eq!(rest(&mut stream).await, b"");
    check_closed_after(begin, 2 * SHORT);
    server.stopped().await;
}

#[tokio::test]
async fn a_request_may_take_longer_than_any_limit_on_idling() {
    let limits = Limits { header: SHORT, idle: SHORT, write: SHORT, ..lax() };
    let server = Server::start(limits, None).await;
    let mut stream = server.connect().await;
    send(&mut stream, &get("/slow")).await;
    assert_eq!(answer(&mut stream).await.1, "/slow");
    server.stopped().await;
}

#[tokio::test]
async fn a_client_that_does_not_read_is_closed() {
    let server = Server::start(Limits { write: SHORT, ..lax() }, None).await;
    let mut stream = server.connect().await;
    send(&mut stream, &get("/long")).await;
    sleep(4 * SHORT).await;
    assert!(rest(&mut stream).await.len() < LONG);

    let mut reader = server.connect().await;
    send(&mut reader, &get("/long")).await;
    assert_eq!(answer(&mut reader).await.1.len(), LONG);
    server.stopped().await;
}

#[tokio::test]
async fn too_many_and_too_long_headers_are_refused() {
    let server = Server::start(lax(), None).await;
    let with_headers = |count: usize, length: usize| {
        let header = format!("a: {}\r\n", "x".repeat(length));
        format!("GET /a HTTP/1.1\r\nhost: x\r\n{}\r\n", header.repeat(count - 1))
    };
    let first_line = async |request: String| {
        let mut stream = server.connect().await;
        let _ = stream.write_all(request.as_bytes()).await;
        let mut line = [0; 12];
        timeout(PATIENCE, stream.read_exact(&mut line)).await.unwrap().unwrap();
        String::from_utf8(line.to_vec()).unwrap()
    };
    assert_eq!(first_line(with_headers(64, 1)).await, "HTTP/1.1 200");
    assert_eq!(first_line(with_headers(65, 1)).await, "HTTP/1.1 431");
    assert_eq!(first_line(with_headers(60, 200)).await, "HTTP/1.1 200");
    assert_eq!(first_line(with_headers(60, 400)).await, "HTTP/1.1 431");
    assert_eq!(first_line(with_headers(2, 17 << 10)).await, "HTTP/1.1 431");
    assert_eq!(first_line(format!("GET /{} HT", "x".repeat(17 << 10))).await, "HTTP/1.1 431");
    assert_eq!(first_line("GET / HTTP/1.1\r\nhost : x\r\n\r\n".to_owned()).await, "HTTP/1.1 400");
    server.stopped().await;
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let server = Server::start(Limits { idle: SHORT, ..lax() }, None).await;
    let mut stream = server.connect().await;
    let paths: Vec<_> = (0..50).map(|n| format!("/{n}")).collect();
    let requests: String = paths.iter().map(|path| get(path)).collect();
    send(&mut stream, &requests).await;
    for path in paths {
        assert_eq!(answer(&mut stream).await.1, path);
    }
    server.stopped().await;
}

#[tokio::test]
async fn more_connections_than_the_limit_wait_for_their_turn() {
    let server = Server::start(Limits { connections: 2, ..lax() }, None).await;
    let mut streams = Vec::new();
    for _ in 0..3 {
        let mut stream = server.connect().await;
        send(&mut stream, &get("/a")).await;
        streams.push(stream);
    }
    let mut third = streams.pop().unwrap();
    for stream in &mut streams {
        assert_eq!(answer(stream).await.1, "/a");
    }
    assert!(timeout(SHORT, third.read_u8()).await.is_err());
    streams.pop();
    assert_eq!(answer(&mut third).await.1, "/a");
    server.stopped().await;
}

#[tokio::test]
async fn stopping_answers_what_is_in_flight_and_closes_the_rest() {
    let server = Server::start(lax(), None).await;
    let (mut silent, mut idle, mut busy) =
        (server.connect().await, server.connect().await, server.connect().await);
    send(&mut idle, &get("/a")).await;
    answer(&mut idle).await;
    send(&mut busy, &get("/slow")).await;
    sleep(SHORT).await;

    let address = server.address;
    let begin = Instant::now();
    let stopped = tokio::spawn(server.stopped());
    assert_eq!(rest(&mut silent).await, b"");
    assert_eq!(rest(&mut idle).await, b"");
    assert!(TcpStream::connect(address).await.is_err());
    assert_eq!(answer(&mut busy).await.1, "/slow");
    assert_eq!(rest(&mut busy).await, b"");
    stopped.await.unwrap();
    check_closed_after(begin, SHORT);
}

#[tokio::test]
async fn stopping_does_not_wait_longer_than_the_grace() {
    let server = Server::start(Limits { grace: SHORT, ..lax() }, None).await;
    let mut stream = server.connect().await;
    send(&mut stream, &get("/never")).await;
    sleep(SHORT / 2).await;
    let begin = Instant::now();
    server.stopped().await;
    check_closed_after(begin, SHORT);
    assert_eq!(rest(&mut stream).await, b"");
}

/// A server's settings, and a client's that trusts it and speaks one protocol.
fn encrypted(protocol: &[u8]) -> (Arc<ServerConfig>, tokio_rustls::TlsConnector) {
    let dir = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (cert, key) = (dir.path().join("cert.pem"), dir.path().join("key.pem"));
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();

    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let mut client = ClientConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    client.alpn_protocols = vec![protocol.to_vec()];
    (tls(&cert, &key).unwrap(), Arc::new(client).into())
}

async fn connect_tls(
    server: &Server,
    connector: &tokio_rustls::TlsConnector,
) -> tokio_rustls::client::TlsStream<TcpStream> {
    let name = ServerName::try_from("localhost").unwrap();
    connector.connect(name, server.connect().await).await.unwrap()
}

#[tokio::test]
async fn http_1_is_spoken_over_tls_where_the_client_wants_it() {
    let (config, connector) = encrypted(b"http/1.1");
    let server = Server::start(lax(), Some(config)).await;
    let mut stream = connect_tls(&server, &connector).await;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    stream.write_all(get("/a").as_bytes()).await.unwrap();
    assert_eq!(answer(&mut stream).await.1, "tls/a");
    server.stopped().await;
}

#[tokio::test]
async fn a_handshake_that_does_not_end_is_closed() {
    let (config, _) = encrypted(b"h2");
    let server = Server::start(Limits { header: SHORT, ..lax() }, Some(config)).await;
    let begin = Instant::now();
    assert_eq!(rest(&mut server.connect().await).await, b"");
    check_closed_after(begin, SHORT);
    server.stopped().await;
}

async fn connect_h2(
    server: &Server,
    connector: &tokio_rustls::TlsConnector,
) -> (h2::client::SendRequest<Bytes>, JoinHandle<Result<(), h2::Error>>) {
    let stream = connect_tls(server, connector).await;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (requests, connection) = h2::client::handshake(stream).await.unwrap();
    (requests, tokio::spawn(connection))
}

fn get_h2(path: &str) -> Request<()> {
    Request::get(format!("https://localhost{path}")).body(()).unwrap()
}

#[tokio::test]
async fn http_2_is_spoken_over_tls_and_an_idle_connection_is_closed() {
    let (config, connector) = encrypted(b"h2");
    let limits = Limits { header: SHORT, idle: SHORT, ..lax() };
    let server = Server::start(limits, Some(config)).await;
    let (requests, connection) = connect_h2(&server, &connector).await;
    let begin = Instant::now();
    for path in ["/a", "/slow"] {
        let mut requests = requests.clone().ready().await.unwrap();
        let (answer, _) = requests.send_request(get_h2(path), true).unwrap();
        let mut body = timeout(PATIENCE, answer).await.unwrap().unwrap().into_body();
        assert_eq!(body.data().await.unwrap().unwrap(), format!("tls{path}"));
    }
    let _ = timeout(PATIENCE, connection).await.expect("it is closed");
    check_closed_after(begin, 4 * SHORT);
    server.stopped().await;
}

/// An HTTP/2 frame.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let mut frame = (payload.len() as u32).to_be_bytes()[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;

#[tokio::test]
async fn a_client_that_resets_again_and_again_is_closed() {
    let (config, connector) = encrypted(b"h2");
    let server = Server::start(lax(), Some(config)).await;
    let mut stream = connect_tls(&server, &connector).await;
    let mut sent = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    sent.extend(frame(SETTINGS, 0, 0, b""));
    for id in (1..200).step_by(2) {
        // `GET / https localhost` by the static table of HPACK; the whole header, the whole request.
        sent.extend(frame(HEADERS, 0x5, id, b"\x82\x84\x87\x41\x09localhost"));
        sent.extend(frame(RST_STREAM, 0, id, &8u32.to_be_bytes()));
    }
    stream.write_all(&sent).await.unwrap();

    let mut head = [0; 9];
    let reason = loop {
        timeout(PATIENCE, stream.read_exact(&mut head)).await.unwrap().unwrap();
        let mut payload = vec![0; usize::from(head[1]) << 8 | usize::from(head[2])];
        stream.read_exact(&mut payload).await.unwrap();
        if head[3] == GOAWAY {
            break u32::from_be_bytes(payload[4..8].try_into().unwrap());
        }
    };
    assert_eq!(h2::Reason::from(reason), h2::Reason::ENHANCE_YOUR_CALM);
    server.stopped().await;
}
