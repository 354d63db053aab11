//! Tracking pixels, and the links that name them.

use model::{Error, Pixel, PixelKind, Tag, What};

use crate::harness::{World, now, on_both};

fn pixel(world: &World, code: &str) -> Pixel {
    Pixel {
        id: world.id(),
        workspace: world.workspace(),
        name: "Größe".to_owned(),
        tag: Tag::parse(PixelKind::Facebook, code).unwrap(),
        created_at: now(),
        updated_at: now(),
    }
}

#[tokio::test]
async fn pixels_come_back_as_they_were_saved() {
    on_both(async |world| {
        let (store, ours) = (&world.store, world.workspace());
        let (first, second) = (pixel(&world, "11111"), pixel(&world, "22222"));
        for pixel in [&first, &second] {
            store.insert_pixel(pixel).await.unwrap();
        }
        assert_eq!(store.pixels(ours).await.unwrap(), [first.clone(), second.clone()]);
        let image = Tag::parse(PixelKind::Image, "https://example.com/p.gif?a=b").unwrap();
        let edited = Pixel { name: "Other".to_owned(), tag: image, ..first.clone() };
        store.update_pixel(&first, &edited).await.unwrap();
        // Who read it before that has to read it again.
        let late = store.update_pixel(&first, &first).await;
        assert!(matches!(late, Err(Error::Stale)), "{late:?}");
        assert_eq!(store.pixel(ours, first.id).await.unwrap(), edited);
        store.delete_pixel(ours, second.id, now()).await.unwrap();
        assert_eq!(store.pixels(ours).await.unwrap(), [edited]);
        for gone in [
            store.pixel(ours, second.id).await.map(drop),
            store.update_pixel(&second, &second).await,
            store.delete_pixel(ours, second.id, now()).await,
        ] {
            assert!(matches!(gone, Err(Error::NotFound(What::Pixel))), "{gone:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn another_workspaces_pixels_are_not_found() {
    on_both(async |world| {
        let (store, theirs) = (&world.store, world.theirs.workspace);
        let ours = pixel(&world, "11111");
        store.insert_pixel(&ours).await.unwrap();
        let stolen = Pixel { workspace: theirs, ..ours.clone() };
        for tried in [
            store.pixel(theirs, ours.id).await.map(drop),
            store.update_pixel(&stolen, &stolen).await,
            store.delete_pixel(theirs, ours.id, now()).await,
        ] {
            assert!(matches!(tried, Err(Error::NotFound(What::Pixel))), "{tried:?}");
        }
        assert_eq!(store.pixels(theirs).await.unwrap(), []);
        assert_eq!(store.pixel(world.workspace(), ours.id).await.unwrap(), ours);
    })
    .await;
}

#[tokio::test]
async fn every_node_hears_of_a_pixel_and_of_its_end() {
    on_both(async |world| {
        let store = &world.store;
        let new = pixel(&world, "11111");
        let before = store.version().await.unwrap();
        store.insert_pixel(&new).await.unwrap();
        let made = store.version().await.unwrap();
        let changes = store.pixels_changed_since(before).await.unwrap();
        assert_eq!(changes, [(new.id, Some(new.clone()))]);
        assert_eq!(store.pixels_changed_since(made).await.unwrap(), []);
        store.delete_pixel(new.workspace, new.id, now()).await.unwrap();
        assert_eq!(store.pixels_changed_since(made).await.unwrap(), [(new.id, None)]);
    })
    .await;
}

#[tokio::test]
async fn a_link_keeps_its_pixels_in_their_order() {
    on_both(async |world| {
        let (store, ours) = (&world.store, world.workspace());
        let mut link = world.link("fires");
        link.pixels = vec![world.id(), world.id()];
        store.insert_link(&link, "tester").await.unwrap();
        assert_eq!(store.link(ours, link.id).await.unwrap(), link);
        let mut after = link.clone();
        after.pixels.reverse();
        after.edited(&link, now());
        assert_eq!(after.revision, link.revision);
        store.update_link(&link, &after, "tester").await.unwrap();
        assert_eq!(store.link(ours, link.id).await.unwrap(), after);
    })
    .await;
}
