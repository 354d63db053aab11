//! Claims about the door, over real sockets with limits of a fraction of a second.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, channel},
    },
    time::{Duration, Instant},
};

use door::{Door, Handed, Limits, Request, Service, Verdict};
use tokio::sync::Semaphore;

/// Long enough that nothing but a broken door reaches it.
const PATIENCE: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(300);
/// Longer than what the kernel takes for a client that does not read.
const LONG: usize = 16 << 20;

/// Answers with what was committed before, and with the path.
#[derive(Default)]
struct Echo {
    begun: bool,
    waiting: usize,
    committed: Arc<AtomicUsize>,
}

impl Service for Echo {
    fn begin(&mut self) {
        self.begun = true;
    }

    fn answer(&mut self, request: &Request<'_>, out: &mut Vec<u8>) -> Verdict {
        assert!(self.begun, "a turn begins before it answers");
        match request.path {
            "/other" => return Verdict::HandOver,
            "/panic" => {
                out.extend_from_slice(b"half an answer");
                panic!("on purpose");
            }
            "/long" => out.resize(out.len() + LONG, b'x'),
            path => {
                out.extend_from_slice(path.as_bytes());
                out.extend_from_slice(if request.is_head { b"(head)\n" } else { b"\n" });
            }
        }
        self.waiting += 1;
        Verdict::Answered
    }

    fn commit(&mut self) {
        self.committed.fetch_add(std::mem::take(&mut self.waiting), Ordering::SeqCst);
    }
}

struct House {
    door: Door,
    address: SocketAddr,
    handed: Receiver<Handed>,
    committed: Arc<AtomicUsize>,
    places: Arc<Semaphore>,
}

impl House {
    fn open(limits: Limits, places: usize) -> House {
        let listeners = door::listen("127.0.0.1:0".parse().unwrap(), 2).unwrap();
        let address = listeners[0].local_addr().unwrap();
        let (hand_over, handed) = channel();
        let committed = Arc::new(AtomicUsize::new(0));
        let places = Arc::new(Semaphore::new(places));
        let service = |_| Echo { committed: committed.clone(), ..Echo::default() };
        let hand_over = move |it| hand_over.send(it).unwrap();
        let door = Door::open(listeners, limits, &places, service, hand_over).unwrap();
        House { door, address, handed, committed, places }
    }

    fn lax() -> House {
        House::open(lax(), 100)
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }
}

fn lax() -> Limits {
    let (header, idle, write, grace) = (PATIENCE, PATIENCE, PATIENCE, PATIENCE);
    Limits { header, idle, write, grace, header_bytes: 1_000 }
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n")
}

fn send(stream: &mut TcpStream, text: &str) {
    stream.write_all(text.as_bytes()).unwrap();
}

#[track_caller]
fn expect(stream: &mut TcpStream, expected: &str) {
    let mut bytes = vec![0; expected.len()];
    stream.read_exact(&mut bytes).unwrap();
    assert_eq!(String::from_utf8_lossy(&bytes), expected);
}

/// Everything up to the end of the connection, however it ends.
fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut rest = Vec::new();
    if let Err(error) = stream.read_to_end(&mut rest) {
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "it is closed");
    }
    rest
}

#[track_caller]
fn check_closed_after(stream: &mut TcpStream, since: Instant, least: Duration) {
    rest(stream);
    let took = since.elapsed();
    assert!(least <= took && took < PATIENCE / 2, "{took:?}");
}

#[test]
fn requests_are_answered_in_order_one_by_one_and_many_at_once() {
    let house = House::lax();
    let mut stream = house.connect();
    for path in ["/a", "/b?c"] {
        send(&mut stream, &get(path));
        expect(&mut stream, &format!("{}\n", path.split('?').next().unwrap()));
    }
    let many: String = (0..5_000).map(|i| get(&format!("/{i}"))).collect();
    let answers: String = (0..5_000).map(|i| format!("/{i}\n")).collect();
    let mut writing = stream.try_clone().unwrap();
    let sender = std::thread::spawn(move || send(&mut writing, &many));
    expect(&mut stream, &answers);
    sender.join().unwrap();
    send(&mut stream, "HEAD /h HTTP/1.1\r\nhost: x\r\n\r\n");
    expect(&mut stream, "/h(head)\n");
    house.door.close();
}

#[test]
fn an_answer_leaves_after_it_is_committed() {
    let house = House::lax();
    let mut stream = house.connect();
    for answered in 1..200 {
        send(&mut stream, &get("/a"));
        expect(&mut stream, "/a\n");
        assert!(answered <= house.committed.load(Ordering::SeqCst));
    }
}

#[test]
fn a_request_may_come_in_pieces() {
    let house = House::lax();
    let mut stream = house.connect();
    for byte in (get("/ab") + &get("/c")).bytes() {
        stream.write_all(&[byte]).unwrap();
        std::thread::sleep(Duration::from_micros(200));
    }
    expect(&mut stream, "/ab\n/c\n");
}

#[test]
fn what_is_not_plain_is_handed_over_with_what_was_read() {
    let house = House::lax();
    for (asked, behind) in [
        ("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", ""),
        ("GET /other HTTP/1.1\r\nHost: x\r\n\r\n", "GET /next HTTP/1.1\r\n"),
        ("no HTTP at all\r\n\r\n", ""),
    ] {
        let mut stream = house.connect();
        send(&mut stream, &(get("/before") + asked + behind));
        expect(&mut stream, "/before\n");
        let mut handed = house.handed.recv_timeout(PATIENCE).unwrap();
        assert_eq!(String::from_utf8_lossy(&handed.read), format!("{asked}{behind}"));
        assert_eq!(handed.peer, stream.local_addr().unwrap());
        // The stream goes on behind what was read.
        handed.stream.set_nonblocking(false).unwrap();
        send(&mut stream, "more");
        let mut more = [0; 4];
        handed.stream.read_exact(&mut more).unwrap();
        assert_eq!(&more, b"more");
        assert_eq!(house.places.available_permits(), 99, "what is handed over keeps its place");
    }
}

#[test]
fn a_header_that_is_too_long_is_handed_over_before_its_end() {
    let house = House::lax();
    let mut stream = house.connect();
    send(&mut stream, &format!("GET / HTTP/1.1\r\nA: {}", "a".repeat(2_000)));
    assert!(1_000 <= house.handed.recv_timeout(PATIENCE).unwrap().read.len());
}

#[test]
fn whoever_closes_gets_the_answer_first() {
    let house = House::lax();
    let mut stream = house.connect();
    send(&mut stream, "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert_eq!(rest(&mut stream), b"/a\n");
    let mut stream = house.connect();
    send(&mut stream, &get("/b"));
    stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(rest(&mut stream), b"/b\n");
}

#[test]
fn nothing_is_answered_behind_a_request_that_ends_the_connection_however_much_comes() {
    const MANY: usize = 20_000;
    let last = "GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let text = [&get("/a").repeat(MANY), last, &get("/c").repeat(MANY)].concat();
    for _ in 0..20 {
        let house = House::lax();
        let mut stream = house.connect();
        stream.set_nodelay(true).unwrap();
        // In pieces, so that more comes while the door is at it. It fails once the door has closed.
        let _ = text.as_bytes().chunks(4_096).try_for_each(|piece| stream.write_all(piece));
        rest(&mut stream);
        assert_eq!(house.committed.load(Ordering::SeqCst), MANY + 1);
    }
}

#[test]
fn whoever_asked_for_much_and_sends_no_more_gets_all_of_it() {
    let house = House::lax();
    let mut stream = house.connect();
    send(&mut stream, &get("/long").repeat(3));
    stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(rest(&mut stream).len(), 3 * LONG);
}

#[test]
fn a_mistake_of_the_service_costs_one_connection() {
    let house = House::lax();
    let (mut careful, mut careless) = (house.connect(), house.connect());
    send(&mut careless, &(get("/a") + &get("/panic") + &get("/b")));
    assert_eq!(rest(&mut careless), b"/a\n");
    send(&mut careful, &get("/c"));
    expect(&mut careful, "/c\n");
}

#[test]
fn slow_clients_are_cut_off() {
    let house = House::open(Limits { header: SHORT, ..lax() }, 100);
    let begun = Instant::now();
    let mut silent = house.connect();
    let mut slow = house.connect();
    send(&mut slow, "GET / HT");
    check_closed_after(&mut silent, begun, SHORT);
    check_closed_after(&mut slow, begun, SHORT);
    // A header that goes on byte by byte has one limit as a whole.
    let mut dribbling = house.connect();
    send(&mut dribbling, &get("/a"));
    expect(&mut dribbling, "/a\n");
    let begun = Instant::now();
    while dribbling.write_all(b"G").is_ok() {
        std::thread::sleep(SHORT / 10);
        assert!(begun.elapsed() < PATIENCE, "it is never closed");
    }
}

#[test]
fn idle_clients_are_let_go_and_busy_ones_are_not() {
    let house = House::open(Limits { idle: SHORT, ..lax() }, 100);
    let (mut idle, mut busy) = (house.connect(), house.connect());
    send(&mut idle, &get("/a"));
    expect(&mut idle, "/a\n");
    let begun = Instant::now();
    while begun.elapsed() < 3 * SHORT {
        send(&mut busy, &get("/b"));
        expect(&mut busy, "/b\n");
        std::thread::sleep(SHORT / 10);
    }
    check_closed_after(&mut idle, begun, SHORT);
    send(&mut busy, &get("/b"));
    expect(&mut busy, "/b\n");
}

#[test]
fn a_long_answer_waits_for_its_reader_as_long_as_bytes_are_taken() {
    let house = House::open(Limits { write: SHORT, ..lax() }, 100);
    let mut reader = house.connect();
    send(&mut reader, &(get("/long") + &get("/after")));
    let mut chunk = vec![0; 256 << 10];
    let mut read = 0;
    while read < LONG {
        let rest = chunk.len().min(LONG - read);
        read += reader.read(&mut chunk[..rest]).unwrap();
        std::thread::sleep(Duration::from_millis(5));
    }
    expect(&mut reader, "/after\n");
    let mut stalled = house.connect();
    send(&mut stalled, &get("/long"));
    std::thread::sleep(4 * SHORT);
    assert!(rest(&mut stalled).len() < LONG);
}

#[test]
fn connections_above_the_places_wait_for_one() {
    let house = House::open(lax(), 1);
    let mut first = house.connect();
    send(&mut first, &get("/a"));
    expect(&mut first, "/a\n");
    let mut second = house.connect();
    send(&mut second, &get("/b"));
    second.set_read_timeout(Some(SHORT)).unwrap();
    assert!(second.read(&mut [0; 1]).is_err());
    drop(first);
    second.set_read_timeout(Some(PATIENCE)).unwrap();
    expect(&mut second, "/b\n");
}

#[test]
fn closing_sends_what_was_answered_and_takes_no_more() {
    let house = House::lax();
    let mut idle = house.connect();
    let mut reader = house.connect();
    send(&mut idle, &get("/a"));
    expect(&mut idle, "/a\n");
    send(&mut reader, &get("/long"));
    reader.read_exact(&mut [0]).unwrap();
    let closing = std::thread::spawn(move || house.door.close());
    assert_eq!(rest(&mut idle), b"");
    assert_eq!(rest(&mut reader).len(), LONG - 1);
    closing.join().unwrap();
    assert!(TcpStream::connect(house.address).is_err());
}
