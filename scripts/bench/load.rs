//! A client that sends prepared requests at a fixed rate, or as fast as answers come, and tells how
//! long the answers took.
//!
//! `load PORT CONNECTIONS RATE SECONDS STATUS FILE`: the file holds requests, each closed by a zero
//! byte. A rate of 0 is as fast as answers come, each request once at most. At a fixed rate each
//! connection has a timetable. An answer's time counts from when its request was due, even where the
//! answer before was late and it could not be sent yet, so that a server which stops for a moment
//! cannot hide it (coordinated omission). Where it is this client that woke up too late, it counts
//! from when the request was sent. Every answer is awaited, and one with another status is an error.
//!
//! Built by `rustc` alone. Prints one line of JSON with times in microseconds, and to the standard error
//! why the first connection failed that did.

use std::{
    env, fs,
    io::{self, Read, Write},
    net::TcpStream,
    process::ExitCode,
    sync::{
        Arc, Barrier,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

struct Plan {
    port: u16,
    connections: usize,
    /// Requests a second of all connections together; 0 for as many as can be.
    rate: f64,
    lasts: Duration,
    /// The digits that every answer's status must have.
    status: String,
    requests: Vec<Vec<u8>>,
    next: AtomicUsize,
    all_connected: Barrier,
}

/// What one connection saw.
#[derive(Default)]
struct Seen {
    answers: usize,
    /// Of those after the warm-up.
    micros: Vec<u32>,
    error: Option<String>,
}

/// What comes before is not timed: connections are new, and caches cold.
const WARM_UP: Duration = Duration::from_millis(500);
/// How long an answer may take before the connection gives up.
const PATIENCE: Duration = Duration::from_secs(30);

fn main() -> ExitCode {
    let Some(plan) = read_arguments() else {
        eprintln!("usage: load PORT CONNECTIONS RATE SECONDS STATUS FILE");
        return ExitCode::from(2);
    };
    let plan = Arc::new(plan);
    let run = |number| {
        let plan = plan.clone();
        thread::spawn(move || {
            let mut seen = Seen::default();
            seen.error = connection(&plan, number, &mut seen).err().map(|error| error.to_string());
            seen
        })
    };
    let threads: Vec<_> = (0..plan.connections).map(run).collect();
    plan.all_connected.wait();
    let begun = Instant::now();
    let seen: Vec<Seen> = threads.into_iter().filter_map(|thread| thread.join().ok()).collect();
    print(&seen, plan.connections, begun.elapsed());
    ExitCode::SUCCESS
}

fn read_arguments() -> Option<Plan> {
    let [port, connections, rate, seconds, status, file] =
        env::args().skip(1).collect::<Vec<_>>().try_into().ok()?;
    let connections = connections.parse().ok()?;
    let requests = fs::read(file).ok()?;
    let requests = requests.split(|byte| *byte == 0).filter(|text| !text.is_empty());
    Some(Plan {
        port: port.parse().ok()?,
        connections,
        rate: rate.parse().ok()?,
        lasts: Duration::try_from_secs_f64(seconds.parse().ok()?).ok()?,
        status,
        requests: requests.map(<[u8]>::to_vec).collect(),
        next: AtomicUsize::new(0),
        all_connected: Barrier::new(connections + 1),
    })
}

fn connection(plan: &Plan, number: usize, seen: &mut Seen) -> io::Result<()> {
    let stream = TcpStream::connect(("127.0.0.1", plan.port)).and_then(|stream| {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(stream)
    });
    // Before anything can fail, or the others would wait for ever.
    plan.all_connected.wait();
    let mut stream = stream?;
    if plan.rate == 0.0 {
        race(plan, &mut stream, seen)
    } else {
        pace(plan, number, &mut stream, seen)
    }
}

/// Sends the next request of all as soon as the answer before is here.
fn race(plan: &Plan, stream: &mut TcpStream, seen: &mut Seen) -> io::Result<()> {
    let ends = Instant::now() + plan.lasts;
    let mut held = Vec::new();
    while Instant::now() < ends {
        let Some(request) = plan.requests.get(plan.next.fetch_add(1, Relaxed)) else { break };
        let sent = Instant::now();
        exchange(plan, stream, request, &mut held)?;
        seen.answers += 1;
        seen.micros.push(micros(sent.elapsed()));
    }
    Ok(())
}

/// Sends by a timetable, each connection a little after the one before.
fn pace(plan: &Plan, number: usize, stream: &mut TcpStream, seen: &mut Seen) -> io::Result<()> {
    let every = Duration::from_secs_f64(plan.connections as f64 / plan.rate);
    let begun = Instant::now();
    let ends = begun + WARM_UP + plan.lasts;
    let mut due = begun + every.mul_f64(number as f64 / plan.connections as f64);
    let mut turn = number * plan.requests.len() / plan.connections;
    let mut held = Vec::new();
    while due < ends {
        let now = Instant::now();
        let counts_from = if now < due {
            thread::sleep(due - now);
            Instant::now()
        } else {
            // The answer before was late, and so is this request.
            due
        };
        exchange(plan, stream, &plan.requests[turn], &mut held)?;
        seen.answers += 1;
        if begun + WARM_UP <= due {
            seen.micros.push(micros(counts_from.elapsed()));
        }
        turn = (turn + 1) % plan.requests.len();
        due += every;
    }
    Ok(())
}

/// Sends a request and reads its answer to the end. `held` is read into.
fn exchange(
    plan: &Plan,
    stream: &mut TcpStream,
    request: &[u8],
    held: &mut Vec<u8>,
) -> io::Result<()> {
    stream.write_all(request)?;
    held.clear();
    let mut chunk = [0; 65_536];
    loop {
        let read = stream.read(&mut chunk)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        held.extend_from_slice(&chunk[..read]);
        if is_whole(held) {
            break;
        }
    }
    if held.get(9..12) == Some(plan.status.as_bytes()) {
        return Ok(());
    }
    Err(io::Error::other(String::from_utf8_lossy(&held[..held.len().min(300)]).into_owned()))
}

/// Whether the head is there, and as much of a body as it tells of.
fn is_whole(held: &[u8]) -> bool {
    let Some(head) = held.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let length = held[..head].split(|byte| *byte == b'\n').find_map(|line| {
        let line = std::str::from_utf8(line).ok()?;
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    head + 4 + length.unwrap_or(0) <= held.len()
}

fn micros(time: Duration) -> u32 {
    time.as_micros().try_into().unwrap_or(u32::MAX)
}

fn print(seen: &[Seen], connections: usize, lasted: Duration) {
    let answers: usize = seen.iter().map(|seen| seen.answers).sum();
    let errors = seen.iter().filter(|seen| seen.error.is_some()).count() + connections - seen.len();
    if let Some(error) = seen.iter().find_map(|seen| seen.error.as_deref()) {
        eprintln!("{error}");
    }
    let mut all: Vec<u32> = seen.iter().flat_map(|seen| &seen.micros).copied().collect();
    all.sort_unstable();
    let part = |part: f64| {
        all.get(((all.len() as f64 * part) as usize).min(all.len().saturating_sub(1)))
            .copied()
            .unwrap_or(0)
    };
    println!(
        r#"{{"answers":{answers},"seconds":{:.3},"errors":{errors},"timed":{},"p50":{},"p90":{},"p99":{},"p999":{},"most":{}}}"#,
        lasted.as_secs_f64(),
        all.len(),
        part(0.5),
        part(0.9),
        part(0.99),
        part(0.999),
        part(1.0),
    );
}
