//! A disk without room.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use model::Error;
use store::Store;

use crate::harness::now;

/// A file system of 3 MiB; gone again when dropped.
struct Disk(PathBuf);

impl Disk {
    /// None where this user may mount none.
    fn mount(at: &Path) -> Option<Disk> {
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=3m", "waypost-test"])
            .arg(at)
            .output();
        mount.is_ok_and(|mount| mount.status.success()).then(|| Disk(at.to_owned()))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test]
async fn a_full_disk_is_said_to_be_full_and_room_mends_it() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::mount(folder.path()) else {
        eprintln!("not tested: a file system of its own cannot be mounted here");
        return;
    };
    let store = Store::open(&format!("sqlite://{}/waypost.db", disk.0.display())).await.unwrap();
    store.migrate().await.unwrap();
    let filler = disk.0.join("filler");
    fs::write(&filler, vec![0; 1 << 20]).unwrap();

    let write = |day| store.salt(day, now(), || vec![0; 100_000]);
    let mut written = 0;
    let full = loop {
        match write(written).await {
            Ok(_) => written += 1,
            Err(error) => break error,
        }
        assert!(written < 100, "the disk never got full");
    };
    assert!(matches!(full, Error::Full(_)), "{full:?}");
    assert!(matches!(write(written).await, Err(Error::Full(_))));
    // What was stored is there, and what was not is stored once there is room.
    assert_eq!(store.salt(0, now(), Vec::new).await.unwrap().len(), 100_000);
    fs::remove_file(filler).unwrap();
    assert_eq!(write(written).await.unwrap().len(), 100_000);
    store.close().await;
}
