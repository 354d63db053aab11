//! Claims about answers that wait for the disk: none leaves too early, and many share one sync.

use std::{
    task::{Poll, Waker},
    time::Duration,
};

use super::*;

/// A slow disk, which notes how much of each file it has.
#[derive(Default)]
struct Slow {
    syncs: AtomicUsize,
    /// Lengths by inode.
    has: Mutex<HashMap<u64, u64>>,
}

impl Disk for Arc<Slow> {
    fn create(&self, path: &Path) -> io::Result<File> {
        Files.create(path)
    }

    fn reserve(&self, _file: &File, _len: u64) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<usize> {
        Files.write(file, bytes)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        let file = file.metadata()?;
        std::thread::sleep(Duration::from_millis(1));
        self.syncs.fetch_add(1, Relaxed);
        self.has.lock().unwrap().insert(file.ino(), file.len());
        Ok(())
    }

    fn room(&self, _dir: &Path) -> io::Result<u64> {
        Ok(0)
    }
}

fn durable(dir: &Path, durable: Durable) -> (Arc<Spool>, Arc<Slow>) {
    let disk = Arc::new(Slow::default());
    let disks = Box::new(disk.clone());
    let spool = Spool::on(disks, (1 << 20, u64::MAX), dir, 2, ids(0)).unwrap();
    (Arc::new(spool.durable(durable)), disk)
}

/// Whether the disk has a click.
fn has(dir: &Path, disk: &Slow, id: model::ClickId) -> bool {
    let file = dir.join(segment::name(id.segment)).metadata().unwrap();
    disk.has.lock().unwrap().get(&file.ino()).is_some_and(|len| id.offset < *len)
}

#[test]
fn nobody_waits_unless_clicks_are_to_outlive_the_power() {
    let dir = tempfile::tempdir().unwrap();
    let (spool, _) = durable(dir.path(), Durable::Process);
    spool.append(0, b"click").unwrap();
    assert_eq!(spool.unsynced(), None);
}

#[test]
fn an_answer_waits_for_what_came_before_it_and_for_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let (spool, _) = durable(dir.path(), Durable::Power);
    assert_eq!(spool.unsynced(), None);
    spool.append(0, b"first").unwrap();
    let first = spool.unsynced().unwrap();
    spool.append_many(1, &[b"second", b"third"]);
    let third = spool.unsynced().unwrap();
    assert!(first < third);
    assert_eq!(spool.poll_synced(first, Waker::noop()), Poll::Pending);
    spool.sync();
    assert_eq!(spool.poll_synced(third, Waker::noop()), Poll::Ready(()));
    assert_eq!(spool.unsynced(), None);
    // What could not be recorded is nothing to wait for.
    assert_eq!(spool.append(0, &vec![0; frame::PAYLOAD_BYTES + 1]), None);
    assert_eq!(spool.unsynced(), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_answers_share_a_sync_and_none_leaves_before_it() {
    const THREADS: usize = 8;
    const TASKS: usize = 56;
    const EACH: usize = 20;
    let folder = tempfile::tempdir().unwrap();
    let (spool, disk) = durable(folder.path(), Durable::Power);
    let syncing = tokio::spawn(keep_synced(spool.clone(), Duration::from_secs(60)));
    let append = {
        let (dir, spool, disk) = (folder.path().to_owned(), spool.clone(), disk.clone());
        move |writer: usize| {
            let id = spool.append(writer, &click(writer)).unwrap();
            let mark = spool.unsynced();
            (mark, move || assert!(has(&dir, &disk, id), "{id} was answered too early"))
        }
    };
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..TASKS {
        let (append, spool) = (append.clone(), spool.clone());
        tasks.spawn(async move {
            for _ in 0..EACH {
                let (mark, assert_synced) = append.clone()(writer);
                if let Some(mark) = mark {
                    spool.synced(mark).await;
                }
                assert_synced();
            }
        });
    }
    for writer in 0..THREADS {
        let (append, spool) = (append.clone(), spool.clone());
        tasks.spawn_blocking(move || {
            for _ in 0..EACH {
                let (mark, assert_synced) = append.clone()(writer);
                if let Some(mark) = mark {
                    spool.wait_synced(mark);
                }
                assert_synced();
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    syncing.abort();
    let (clicks, syncs) = ((THREADS + TASKS) * EACH, disk.syncs.load(Relaxed));
    assert!(syncs < clicks / 4, "{syncs} syncs for {clicks} clicks");
    assert_eq!(spool.unsynced(), None);
}
