//! A limit of clicks is a limit, whoever asks which node at the same moment, and whoever is killed
//! then.

use std::{
    net::SocketAddr,
    sync::{
        Arc, RwLock,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    thread::JoinHandle,
    time::Duration,
};

use tempfile::TempDir;
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    database::Database,
    kills::moment,
    ledger::report,
    load::{CONNECTIONS, receive},
    long,
    postgres::Postgres,
    server::Server,
};

const NODES: usize = 3;
/// Until all visitors of one link are refused, while nodes and their database come and go.
const PATIENCE: Duration = Duration::from_secs(120);
/// Between one trouble and the next, in milliseconds.
const REST: std::ops::Range<u64> = 0..500;

/// Where the nodes listen; another place after each start, and none meanwhile.
type Addresses = Arc<RwLock<[Option<SocketAddr>; NODES]>>;

/// Links that have the same limit.
#[derive(Clone, Copy)]
struct Trial {
    limit: u64,
    links: usize,
}

/// Nodes on one database.
struct Nodes {
    servers: [Server; NODES],
    folders: [TempDir; NODES],
    addresses: Addresses,
    database: String,
}

/// What befalls the nodes, one thing after the other, until it is told to end.
struct Trouble {
    ending: Arc<AtomicBool>,
    /// Kills of nodes, and crashes of PostgreSQL.
    happened: Arc<[AtomicUsize; 2]>,
    /// Gives back what would end the nodes if it were dropped.
    thread: Option<JoinHandle<(Nodes, Option<Postgres>)>>,
}

/// What the visitors of one link got.
#[derive(Debug, Default)]
struct Tally {
    /// Redirects that arrived.
    served: u64,
    /// Requests whose answer never arrived: their click may be used up.
    unanswered: u64,
    /// Answers that neither redirect nor refuse, since nobody can know: their click may be, too.
    unavailable: u64,
    wrong: Vec<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn no_node_serves_one_too_many_whoever_is_killed() {
    let Some(database) = Database::postgres().await else { return };
    let many = |short, asked| if long() { asked } else { short };
    let trials = [(1, many(100, 1_000)), (10, many(100, 1_000)), (1_000, many(5, 1_000))]
        .map(|(limit, links)| Trial { limit, links });
    let nodes = Nodes::start(&database.url, &trials);
    let addresses = nodes.addresses.clone();
    let trouble = Trouble::begin(nodes, None);
    for trial in trials {
        trial.run(&addresses, &trouble).await;
    }
    let [kills, _] = trouble.end();
    assert!(2 < kills, "{kills} kills are too few to tell");
    database.drop().await;
}

/// Its commits wait for no disk, so a crash takes back some; those of a limit wait.
#[tokio::test(flavor = "multi_thread")]
async fn a_crash_of_postgresql_gives_no_click_back() {
    if Database::no_postgres() {
        return;
    }
    let postgres = Postgres::start();
    let database = Database::on(&postgres.url).await;
    // More than are used up.
    let trial = Trial { limit: 1_000, links: 200 };
    let nodes = Nodes::start(&database.url, &[trial]);
    // What was made just now would go with the crash, as cold.rs says.
    sleep(Duration::from_secs(2)).await;
    let addresses = nodes.addresses.clone();
    let trouble = Trouble::begin(nodes, Some(postgres));
    let crashes = if long() { 20 } else { 3 };
    trial.run_until(&addresses, &trouble, |[_, crashed]| crashes <= crashed).await;
    trouble.end();
}

impl Trial {
    fn slug(self, link: usize) -> String {
        format!("few-{}-{link}", self.limit)
    }

    async fn run(self, addresses: &Addresses, trouble: &Trouble) {
        self.run_until(addresses, trouble, |_| false).await;
    }

    /// Uses up link after link, until that suffices or none is left.
    async fn run_until(
        self,
        addresses: &Addresses,
        trouble: &Trouble,
        suffices: impl Fn([usize; 2]) -> bool,
    ) {
        let Trial { limit, links } = self;
        let before = trouble.happened();
        let (mut used, mut served, mut all) = (0, 0, Tally::default());
        while used < links && !suffices(trouble.happened()) {
            let slug = self.slug(used);
            let tally = timeout(PATIENCE, use_up(addresses, &slug)).await;
            let tally = tally.unwrap_or_else(|_| panic!("/{slug} is not used up"));
            tally.assert_limited(limit);
            used += 1;
            served += tally.served;
            all.add(tally);
        }
        let missing = limit * used as u64 - served;
        let [kills, crashes] = trouble.happened();
        let (kills, crashes) = (kills - before[0], crashes - before[1]);
        report(&format!(
            "{used} links with a limit of {limit} on {NODES} nodes, {kills} of them killed, \
             PostgreSQL crashed {crashes} times: 0 redirects too many, {missing} too few; {} sent \
             without an answer, {} answered 503",
            all.unanswered, all.unavailable
        ));
    }
}

impl Nodes {
    /// Starts all, when the links are made.
    fn start(database: &str, trials: &[Trial]) -> Nodes {
        let folders = [(); NODES].map(|()| tempfile::tempdir().unwrap());
        let first = Server::start(folders[0].path(), database);
        for trial in trials {
            let links: Vec<usize> = (0..trial.links).collect();
            for some in links.chunks(500) {
                let link = |link: &usize| {
                    format!(
                        r#"{{"slug":"{}","destination":"https://example.com/","clickLimit":{},"limitCounts":"everyone"}}"#,
                        trial.slug(*link),
                        trial.limit
                    )
                };
                let links: Vec<String> = some.iter().map(link).collect();
                let body = format!(r#"{{"links":[{}]}}"#, links.join(","));
                let made = first.call("POST", "/api/v1/links/bulk", &body);
                assert!(made.body.contains(r#""failed":0"#), "{made:?}");
            }
        }
        let [second, third] = [1, 2].map(|node| Server::start(folders[node].path(), database));
        let servers = [first, second, third];
        let addresses = Arc::new(RwLock::new(servers.each_ref().map(|it| Some(it.address()))));
        Nodes { servers, folders, addresses, database: database.to_owned() }
    }

    /// Kills one and starts it again.
    fn kill(&mut self, node: usize) {
        self.addresses.write().unwrap()[node] = None;
        self.servers[node].kill();
        self.servers[node] = Server::start(self.folders[node].path(), &self.database);
        self.addresses.write().unwrap()[node] = Some(self.servers[node].address());
    }
}

impl Trouble {
    /// Begins to kill nodes at random, and, every other time, has PostgreSQL crash, where there is
    /// one that may.
    fn begin(mut nodes: Nodes, mut postgres: Option<Postgres>) -> Trouble {
        let (ending, happened) = (Arc::<AtomicBool>::default(), Arc::<[AtomicUsize; 2]>::default());
        let thread = std::thread::spawn({
            let (ending, happened) = (ending.clone(), happened.clone());
            move || {
                for turn in 1.. {
                    std::thread::sleep(moment(REST));
                    if ending.load(Relaxed) {
                        break;
                    }
                    match &mut postgres {
                        Some(postgres) if turn % 2 == 0 => {
                            postgres.tell("crash");
                            postgres.tell("start");
                            happened[1].fetch_add(1, Relaxed);
                        }
                        _ => {
                            let random = getrandom::u64().unwrap();
                            nodes.kill(usize::try_from(random % NODES as u64).unwrap());
                            happened[0].fetch_add(1, Relaxed);
                        }
                    }
                }
                (nodes, postgres)
            }
        });
        Trouble { ending, happened, thread: Some(thread) }
    }

    fn happened(&self) -> [usize; 2] {
        self.happened.each_ref().map(|count| count.load(Relaxed))
    }

    /// Ends it and the nodes, and tells how often it came.
    fn end(self) -> [usize; 2] {
        self.happened()
    }
}

impl Drop for Trouble {
    /// A test that failed leaves no node behind, and shows what each said.
    fn drop(&mut self) {
        self.ending.store(true, Relaxed);
        let ended = self.thread.take().map(JoinHandle::join);
        if !std::thread::panicking() {
            assert!(matches!(ended, Some(Ok(_))), "a node did not start again");
        }
    }
}

/// Sends visitors to a link, over all nodes, until each of them is refused.
async fn use_up(addresses: &Addresses, slug: &str) -> Tally {
    let mut visitors = JoinSet::new();
    for visitor in 0..CONNECTIONS {
        visitors.spawn(visit(addresses.clone(), slug.to_owned(), visitor));
    }
    let mut all = Tally::default();
    while let Some(one) = visitors.join_next().await {
        all.add(one.unwrap());
    }
    all
}

/// Asks one node after the other, each as long as it answers.
async fn visit(addresses: Addresses, slug: String, visitor: usize) -> Tally {
    let mut tally = Tally::default();
    let request = format!("GET /{slug} HTTP/1.1\r\nhost: localhost\r\n\r\n");
    for node in (visitor..).map(|turn| turn % NODES) {
        let to = addresses.read().unwrap()[node];
        let connected = match to {
            Some(address) => TcpStream::connect(address).await.ok(),
            None => None,
        };
        let Some(mut stream) = connected else {
            sleep(Duration::from_millis(5)).await;
            continue;
        };
        let mut answer = Vec::new();
        loop {
            let sent = stream.write_all(request.as_bytes()).await;
            if sent.is_err() || !receive(&mut stream, &mut answer).await {
                tally.unanswered += 1;
                break;
            }
            match answer.get(9..12) {
                Some(b"302") => tally.served += 1,
                Some(b"410") => return tally,
                Some(b"503") => {
                    tally.unavailable += 1;
                    sleep(Duration::from_millis(20)).await;
                    break;
                }
                _ => {
                    tally.wrong.push(String::from_utf8_lossy(&answer).into_owned());
                    return tally;
                }
            }
        }
    }
    tally
}

impl Tally {
    fn add(&mut self, more: Tally) {
        let Tally { served, unanswered, unavailable, wrong } = more;
        self.served += served;
        self.unanswered += unanswered;
        self.unavailable += unavailable;
        self.wrong.extend(wrong);
    }

    /// None too many, and no more too few than there were requests of which nobody knows.
    #[track_caller]
    fn assert_limited(&self, limit: u64) {
        assert_eq!(self.wrong, [""; 0]);
        assert!(self.served <= limit, "{self:?} of {limit}");
        assert!(limit <= self.served + self.unanswered + self.unavailable, "{self:?} of {limit}");
    }
}
