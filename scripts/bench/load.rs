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
//! One thread looks at all connections in turn: handing each to a thread of its own took as much of a
//! CPU as the servers under test, and then measured itself. It rests when nothing has happened, some
//! 60 µs, which is how exact its times are.
//!
//! Built by `rustc` alone. Prints one line of JSON with times in microseconds, and to the standard error
//! why the first connection failed that did.

use std::{
    env, fs, hint,
    io::{self, ErrorKind, Read, Write},
    net::TcpStream,
    process::ExitCode,
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
}

/// What came of it.
#[derive(Default)]
struct Seen {
    answers: usize,
    /// How long those after the warm-up took, in microseconds.
    times: Vec<u32>,
    errors: Vec<String>,
}

struct Connection {
    stream: TcpStream,
    /// When the next request is to be sent.
    due: Instant,
    /// Which one it is.
    turn: usize,
    /// When the answer that is awaited began to count; none where none is.
    counts_from: Option<Instant>,
    /// Whether the answer before came when this request was due already.
    is_late: bool,
    held: Vec<u8>,
}

/// What comes before is not timed: connections are new, and caches cold.
const WARM_UP: Duration = Duration::from_millis(500);
/// How long an answer may take before the connection is given up.
const PATIENCE: Duration = Duration::from_secs(30);
/// As short as a rest can be.
const REST: Duration = Duration::from_micros(1);

fn main() -> ExitCode {
    let Some(plan) = read_arguments() else {
        eprintln!("usage: load PORT CONNECTIONS RATE SECONDS STATUS FILE");
        return ExitCode::from(2);
    };
    let begun = Instant::now();
    let (seen, begun) = run(&plan).unwrap_or_else(|error| {
        (Seen { errors: vec![error.to_string()], ..Seen::default() }, begun)
    });
    if let Some(error) = seen.errors.first() {
        eprintln!("{error}");
    }
    print(seen, begun.elapsed());
    ExitCode::SUCCESS
}

fn read_arguments() -> Option<Plan> {
    let [port, connections, rate, seconds, status, file] =
        env::args().skip(1).collect::<Vec<_>>().try_into().ok()?;
    let requests = fs::read(file).ok()?;
    let requests = requests.split(|byte| *byte == 0).filter(|text| !text.is_empty());
    Some(Plan {
        port: port.parse().ok()?,
        connections: connections.parse().ok()?,
        rate: rate.parse().ok()?,
        lasts: Duration::try_from_secs_f64(seconds.parse().ok()?).ok()?,
        status,
        requests: requests.map(<[u8]>::to_vec).collect(),
    })
}

/// What was seen, and when it began.
fn run(plan: &Plan) -> io::Result<(Seen, Instant)> {
    let streams = (0..plan.connections).map(|_| {
        let stream = TcpStream::connect(("127.0.0.1", plan.port))?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        Ok(stream)
    });
    let streams: Vec<TcpStream> = streams.collect::<io::Result<_>>()?;
    let begun = Instant::now();
    let all = plan.connections as f64;
    let is_race = plan.rate == 0.0;
    let every = if is_race { Duration::ZERO } else { Duration::from_secs_f64(all / plan.rate) };
    let connection = |(number, stream)| Connection {
        stream,
        // Each a little after the one before.
        due: begun + every.mul_f64(number as f64 / all),
        turn: if is_race { number } else { number * plan.requests.len() / plan.connections },
        counts_from: None,
        is_late: false,
        held: Vec::new(),
    };
    let mut connections: Vec<Connection> =
        streams.into_iter().enumerate().map(connection).collect();
    let timed_from = if is_race { begun } else { begun + WARM_UP };
    let ends = timed_from + plan.lasts;
    let (mut seen, mut next) = (Seen::default(), plan.connections);
    let mut chunk = vec![0; 1 << 18];

    while !connections.is_empty() {
        let mut is_idle = true;
        connections.retain_mut(|connection| {
            let stepped = connection.step(plan, &mut chunk, ends);
            match stepped {
                Ok(Step::Nothing) => return true,
                Ok(Step::Sent) => (),
                Ok(Step::Answered(took)) => {
                    seen.answers += 1;
                    if timed_from <= connection.due {
                        seen.times.push(took.as_micros().try_into().unwrap_or(u32::MAX));
                    }
                    if is_race {
                        connection.due = Instant::now();
                        connection.turn = next;
                        next += 1;
                    } else {
                        connection.due += every;
                        connection.is_late = connection.due < Instant::now();
                        connection.turn = (connection.turn + 1) % plan.requests.len();
                    }
                }
                Ok(Step::Done) => return false,
                Err(error) => {
                    seen.errors.push(error.to_string());
                    return false;
                }
            }
            is_idle = false;
            true
        });
        if is_idle && is_race {
            hint::spin_loop();
        } else if is_idle {
            thread::sleep(REST);
        }
    }
    Ok((seen, begun))
}

enum Step {
    Nothing,
    Sent,
    Answered(Duration),
    /// There is nothing left to send.
    Done,
}

impl Connection {
    /// Sends what is due, or takes what has come.
    fn step(&mut self, plan: &Plan, chunk: &mut [u8], ends: Instant) -> io::Result<Step> {
        let Some(counts_from) = self.counts_from else {
            let now = Instant::now();
            if now < self.due && self.due < ends {
                return Ok(Step::Nothing);
            }
            let request = plan.requests.get(self.turn).filter(|_| self.due < ends);
            let Some(request) = request else { return Ok(Step::Done) };
            self.counts_from = Some(if self.is_late { self.due } else { now });
            self.held.clear();
            self.send(request)?;
            return Ok(Step::Sent);
        };
        match self.stream.read(chunk) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(read) => self.held.extend_from_slice(&chunk[..read]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                let is_lost = PATIENCE < counts_from.elapsed();
                return if is_lost { Err(ErrorKind::TimedOut.into()) } else { Ok(Step::Nothing) };
            }
            Err(error) => return Err(error),
        }
        if !is_whole(&self.held) {
            return Ok(Step::Nothing);
        }
        if self.held.get(9..12) != Some(plan.status.as_bytes()) {
            let head = &self.held[..self.held.len().min(300)];
            return Err(io::Error::other(String::from_utf8_lossy(head).into_owned()));
        }
        self.counts_from = None;
        Ok(Step::Answered(counts_from.elapsed()))
    }

    /// Sends all of a request, however long it is.
    fn send(&mut self, mut rest: &[u8]) -> io::Result<()> {
        while !rest.is_empty() {
            match self.stream.write(rest) {
                Ok(sent) => rest = &rest[sent..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(REST),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Whether the head is there, and as much of a body as it tells of.
fn is_whole(held: &[u8]) -> bool {
    let Some(head) = held.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let length = held[..head].split(|byte| *byte == b'\n').find_map(|line| {
        let (name, value) = std::str::from_utf8(line).ok()?.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    head + 4 + length.unwrap_or(0) <= held.len()
}

fn print(mut seen: Seen, lasted: Duration) {
    seen.times.sort_unstable();
    let last = seen.times.len().saturating_sub(1);
    let part = |part: f64| {
        let place = (seen.times.len() as f64 * part) as usize;
        seen.times.get(place.min(last)).copied().unwrap_or(0)
    };
    let (answers, errors) = (seen.answers, seen.errors.len());
    println!(
        r#"{{"answers":{answers},"seconds":{:.3},"errors":{errors},"p50":{},"p90":{},"p99":{},"p999":{},"most":{}}}"#,
        lasted.as_secs_f64(),
        part(0.5),
        part(0.9),
        part(0.99),
        part(0.999),
        part(1.0),
    );
}
