//! Folders of one name, on whichever domains they are.

use model::{Folder, FolderSettings};

use crate::harness::{now, on_both};

#[tokio::test]
async fn the_folders_of_a_name_are_forgotten_in_their_own_workspace() {
    on_both(async |world| {
        let store = &world.store;
        let folder = |domain: &model::Domain, name| {
            let settings = FolderSettings::default();
            Folder::new(domain.workspace, domain.id, name, settings, now()).unwrap()
        };
        let (old, other) = (folder(&world.ours, "old"), folder(&world.ours, "other"));
        let theirs = folder(&world.theirs, "old");
        for folder in [&old, &other, &theirs] {
            store.insert_folder(folder).await.unwrap();
        }
        store.delete_folders(world.workspace(), "old").await.unwrap();
        assert_eq!(store.folders(world.workspace(), world.ours.id).await.unwrap(), [other]);
        let found = store.folders(world.theirs.workspace, world.theirs.id).await.unwrap();
        assert_eq!(found, [theirs]);
    })
    .await;
}
