use model::{Click, Head, Id};
use store::Store;
use tempfile::TempDir;

use super::*;

const MINUTE: i64 = 60_000;

async fn empty() -> (Store, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/waypost.db", folder.path().display());
    let store = Store::open(&url).await.unwrap();
    store.migrate().await.unwrap();
    (store, folder)
}

/// Stores clicks of a segment, a hundred places apart: link and minute of each.
async fn store_clicks(store: &Store, segment: u128, clicks: &[(i64, i64)]) {
    let records = clicks.iter().map(|&(link, minute)| {
        let click = Click { workspace: 1, link, at: minute * MINUTE, ..Click::default() };
        record(&click)
    });
    let records: Vec<Bytes> = records.collect();
    let batch: Vec<(u64, &[u8])> = (0..).step_by(100).zip(records.iter().map(|it| &**it)).collect();
    store.record_clicks(segment, &batch, 0, 1_000, false).await.unwrap();
}

#[tokio::test]
async fn a_links_clicks_are_listed_newest_first_wherever_they_are() {
    let (store, _folder) = empty().await;
    // Two segments whose clicks lie between each other, and two clicks of one moment.
    store_clicks(&store, 7, &[(2, 1), (2, 5), (3, 6), (2, 3)]).await;
    store_clicks(&store, 8, &[(2, 4), (2, 3), (2, 2)]).await;
    let id = |segment, offset| ClickId { segment, offset };
    let newest = [id(7, 100), id(8, 0), id(8, 100), id(7, 300), id(8, 200), id(7, 0)];
    let (ours, theirs): (WorkspaceId, WorkspaceId) = (Id::new(1).unwrap(), Id::new(2).unwrap());
    let link: LinkId = Id::new(2).unwrap();
    let archive = Archive::default();
    let list = |workspace, before, limit| archive.clicks(&store, (workspace, link), before, limit);
    for sealed in [0, 3, 2] {
        if sealed != 0 {
            seal(&store, sealed).await.unwrap();
        }
        let all = list(ours, None, 99).await.unwrap();
        assert_eq!(all.iter().map(|(_, id, _)| *id).collect::<Vec<_>>(), newest, "{sealed}");
        assert!(all.iter().all(|(at, _, record)| Head::read(record).unwrap().at == *at));
        // Page by page, each click once.
        let (mut paged, mut before) = (Vec::new(), None);
        loop {
            let page = list(ours, before, 2).await.unwrap();
            let Some((at, id, _)) = page.last() else { break };
            before = Some((*at, *id));
            paged.extend(page.into_iter().map(|(_, id, _)| id));
        }
        assert_eq!(paged, newest, "{sealed}");
        assert!(list(theirs, None, 9).await.unwrap().is_empty());
    }
    assert!(!store.blocks().await.unwrap().is_empty());
}
