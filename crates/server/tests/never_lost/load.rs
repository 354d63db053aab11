//! Visitors: many connections that click as fast as they are answered.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::Instant,
};

/// The numbers of the requests of a test; each is sent once.
pub(crate) type Numbers = Arc<AtomicU64>;

/// How many links the visitors click.
pub(crate) const LINKS: u64 = 100;
/// How many visitors there are.
pub(crate) const CONNECTIONS: usize = 64;

/// Visitors who are clicking.
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    visitors: JoinSet<Answers>,
}

/// What became of the requests that were sent.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    /// Answered by a redirect, which the visitor has received whole.
    pub(crate) answered: Vec<u64>,
    /// Sent, at least in part, and not answered.
    pub(crate) unanswered: Vec<u64>,
    /// Heads of answers that were no redirect.
    pub(crate) wrong: Vec<String>,
    /// How long the slowest answer took.
    pub(crate) slowest: Duration,
}

impl Load {
    /// Begins to click on `/load-0` to `/load-99`.
    pub(crate) fn begin(to: SocketAddr, numbers: &Numbers) -> Load {
        Load::paced(to, numbers, Duration::ZERO)
    }

    /// Begins with a pause of each visitor after each answer.
    pub(crate) fn paced(to: SocketAddr, numbers: &Numbers, pause: Duration) -> Load {
        let stop = Arc::new(AtomicBool::new(false));
        let mut visitors = JoinSet::new();
        for _ in 0..CONNECTIONS {
            visitors.spawn(visit(to, numbers.clone(), stop.clone(), pause));
        }
        Load { stop, visitors }
    }

    /// Lets each visitor finish what they are at.
    pub(crate) async fn end(mut self) -> Answers {
        self.stop.store(true, Relaxed);
        let mut all = Answers::default();
        while let Some(answers) = self.visitors.join_next().await {
            all.add(answers.unwrap());
        }
        all
    }
}

impl Answers {
    pub(crate) fn add(&mut self, more: Answers) {
        self.answered.extend(more.answered);
        self.unanswered.extend(more.unanswered);
        self.wrong.extend(more.wrong);
        self.slowest = self.slowest.max(more.slowest);
    }
}

async fn visit(
    to: SocketAddr,
    numbers: Numbers,
    stop: Arc<AtomicBool>,
    pause: Duration,
) -> Answers {
    let mut answers = Answers::default();
    while !stop.load(Relaxed) {
        match TcpStream::connect(to).await {
            Ok(stream) => click(stream, &numbers, (&stop, pause), &mut answers).await,
            Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    }
    answers
}

/// Clicks on one connection until that ends, or the test does.
async fn click(
    mut stream: TcpStream,
    numbers: &Numbers,
    (stop, pause): (&AtomicBool, Duration),
    to: &mut Answers,
) {
    let mut answer = Vec::new();
    while !stop.load(Relaxed) {
        let number = numbers.fetch_add(1, Relaxed);
        let request = format!(
            "GET /load-{}?utm_content={number} HTTP/1.1\r\nhost: localhost\r\n\
             user-agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n\
             accept-language: de-DE,de;q=0.9\r\nreferer: https://news.example/today\r\n\r\n",
            number % LINKS
        );
        let began = Instant::now();
        let sent = stream.write_all(request.as_bytes()).await;
        if sent.is_err() || !receive(&mut stream, &mut answer).await {
            to.unanswered.push(number);
            return;
        }
        to.slowest = to.slowest.max(began.elapsed());
        if answer.starts_with(b"HTTP/1.1 302 ") {
            to.answered.push(number);
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
        } else {
            to.wrong.push(String::from_utf8_lossy(&answer).into_owned());
            return;
        }
    }
}

/// Reads one answer, at least its head. False where the connection ended before.
///
/// Redirects have no body; whoever gets a page asks nothing more on that connection.
pub(crate) async fn receive(stream: &mut TcpStream, answer: &mut Vec<u8>) -> bool {
    answer.clear();
    while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
        if !matches!(stream.read_buf(answer).await, Ok(read) if read != 0) {
            return false;
        }
    }
    true
}
