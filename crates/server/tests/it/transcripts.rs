//! Every transcript, on both databases.

use std::path::{Path, PathBuf};

use crate::{transcript, world::World};

#[tokio::test(flavor = "multi_thread")]
async fn every_transcript_holds_on_sqlite() {
    replay_all(async |geo| Some(World::on_sqlite(geo).await)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_transcript_holds_on_postgresql() {
    replay_all(World::on_postgres).await;
}

/// The one file whose server has geo databases; the others know countries alone.
const WITH_GEO: &str = "redirect-facts.txt";

/// Each file gets a server and a database of its own.
async fn replay_all(world: impl AsyncFn(bool) -> Option<World>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "no transcripts in {}", folder.display());
    let mut failures = Vec::new();
    for file in files {
        let Some(world) = world(file.ends_with(WITH_GEO)).await else { return };
        let told = tokio::task::block_in_place(|| transcript::replay(&world, &file));
        world.end().await;
        failures.extend(told);
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n\n"));
}
