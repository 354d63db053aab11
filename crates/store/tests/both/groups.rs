//! Many writers at once.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use model::{Error, Key, KeyId, Link, What};
use sqlx::{Connection, Executor, PgConnection};

use crate::harness::{now, on_both, url};

#[tokio::test(flavor = "multi_thread")]
async fn a_clash_is_its_own_callers_alone() {
    on_both(async |world| {
        world.stored(["taken"]).await;
        let before = world.store.version().await.unwrap();
        let slug = |i| if i == 42 { "Taken".to_owned() } else { format!("s{i}") };
        let links: Vec<Link> = (0..100).map(|i| world.link(&slug(i))).collect();
        let results =
            join_all(links.iter().map(|link| world.store.insert_link(link, "tester"))).await;
        for (i, (result, link)) in results.into_iter().zip(&links).enumerate() {
            if i == 42 {
                assert!(matches!(result, Err(Error::Taken(What::Slug))), "{result:?}");
                continue;
            }
            result.unwrap();
            assert_eq!(world.store.link(world.workspace(), link.id).await.unwrap(), *link);
        }
        let raised = world.store.version().await.unwrap() - before;
        assert!(raised < 50, "{raised} transactions for 100 links");
    })
    .await;
}

#[tokio::test]
async fn one_batch_stores_what_can_be_and_names_the_rest() {
    on_both(async |world| {
        world.stored(["taken"]).await;
        let mut links: Vec<Link> = (0..300).map(|i| world.link(&format!("s{i}"))).collect();
        links[7] = world.link("taken");
        links[150] = world.link("S149");
        links[299].addresses[0].domain = world.theirs.id;
        let results = world.store.insert_links(&links, "tester").await;
        let failed: Vec<(usize, &Error)> =
            results.iter().enumerate().filter_map(|(i, r)| Some((i, r.as_ref().err()?))).collect();
        assert!(
            matches!(
                failed.as_slice(),
                [
                    (7, Error::Taken(What::Slug)),
                    (150, Error::Taken(What::Slug)),
                    (299, Error::NotFound(What::Domain)),
                ]
            ),
            "{failed:?}"
        );
        let filter = store::Filter::default();
        let count = world.store.count_links(world.workspace(), &filter).await.unwrap();
        assert_eq!(count, 298);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn different_writes_of_one_group_do_not_disturb_each_other() {
    on_both(async |world| {
        let [first, second] = world.stored(["first", "second"]).await;
        let edited = |link: &Link| {
            let mut after = link.clone();
            after.destination = url("https://edited.example/");
            after.edited(link, link.updated_at);
            after
        };
        let (first_after, second_after) = (edited(&first), edited(&second));
        let stale = Link { version: 9, ..second.clone() };
        let new = world.link("new");
        let store = &world.store;
        let (a, b, c, d, e) = tokio::join!(
            store.update_link(&first, &first_after, "editor"),
            store.update_link(&stale, &second_after, "editor"),
            store.insert_link(&new, "tester"),
            store.delete_link(world.workspace(), world.id(), first.created_at),
            store.insert_domain(&world.ours),
        );
        a.unwrap();
        assert!(matches!(b, Err(Error::Stale)), "{b:?}");
        c.unwrap();
        assert!(matches!(d, Err(Error::NotFound(What::Link))), "{d:?}");
        assert!(matches!(e, Err(Error::Taken(What::Domain))), "{e:?}");
        assert_eq!(store.link(world.workspace(), first.id).await.unwrap(), first_after);
        assert_eq!(store.link(world.workspace(), second.id).await.unwrap(), second);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_callers_take_exactly_as_many_clicks_as_there_are() {
    on_both(async |world| {
        let link = world.id();
        let take = || world.store.take_click(world.workspace(), link, 10);
        let taken = join_all((0..64).map(|_| take())).await;
        assert_eq!(taken.into_iter().filter(|taken| *taken.as_ref().unwrap()).count(), 10);
        assert!(!take().await.unwrap());
        assert_eq!(world.store.clicks_taken(world.workspace(), link).await.unwrap(), 10);
        assert!(world.store.take_click(world.workspace(), link, 11).await.unwrap(), "raised");
        assert!(!world.store.take_click(world.workspace(), world.id(), 0).await.unwrap());
    })
    .await;
}

/// PostgreSQL alone cuts connections and gives up one of two transactions that wait for each other.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_was_cut_is_replaced() {
    on_both(async |world| {
        if world.url.starts_with("sqlite") {
            return;
        }
        world.stored(["before"]).await;
        let cut = "select pg_terminate_backend(pid) from pg_stat_activity
                   where datname = current_database() and pid <> pg_backend_pid() and $1 = 0";
        world.run(cut, 0).await;
        let [after] = world.stored(["after"]).await;
        assert_eq!(world.store.link(world.workspace(), after.id).await.unwrap(), after);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_was_given_up_is_written_again() {
    on_both(async |world| {
        if world.url.starts_with("sqlite") {
            return;
        }
        let (first, second) = (world.id(), world.id());
        for id in [first, second] {
            let key = Key {
                id,
                workspace: world.workspace(),
                name: "k".to_owned(),
                hash: [0; 32],
                scopes: Vec::new(),
                domains: None,
                expires_at: None,
                created_at: now(),
                last_used_at: None,
                revoked_at: None,
            };
            world.store.insert_key(&key).await.unwrap();
        }
        let mut other = PgConnection::connect(&world.url).await.unwrap();
        let lock = |id: KeyId| {
            sqlx::query("update keys set name = 'other' where id = $1").bind(id.number())
        };
        other.execute("begin; set local deadlock_timeout = '60s'").await.unwrap();
        lock(second).execute(&mut other).await.unwrap();
        // Ours takes the first and waits for the second, then the other waits for the first.
        let used = [(first, now()), (second, now())];
        let ours = world.store.touch_keys(&used);
        let theirs = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            lock(first).execute(&mut other).await.unwrap();
            other.execute("commit").await.unwrap();
        };
        let (ours, ()) = tokio::join!(ours, theirs);
        ours.unwrap();
        for id in [first, second] {
            let key = world.store.key(id).await.unwrap().unwrap();
            assert_eq!((key.name.as_str(), key.last_used_at), ("other", Some(now())));
        }
    })
    .await;
}

/// Sixteen callers share transactions, so together they are faster than one after the other; how
/// much is printed.
#[tokio::test(flavor = "multi_thread")]
async fn sixteen_callers_share_transactions() {
    on_both(async |world| {
        const CALLERS: usize = 16;
        const EACH: usize = 60;
        let links: Vec<Vec<Link>> = (0..CALLERS)
            .map(|caller| (0..EACH).map(|i| world.link(&format!("c{caller}-{i}"))).collect())
            .collect();
        let before = world.store.version().await.unwrap();
        let start = Instant::now();
        let callers = links.into_iter().map(|links| {
            let store = world.store.clone();
            tokio::spawn(async move {
                for link in &links {
                    store.insert_link(link, "tester").await.unwrap();
                }
            })
        });
        for caller in join_all(callers).await {
            caller.unwrap();
        }
        let rate = (CALLERS * EACH) as f64 / start.elapsed().as_secs_f64();
        let groups = world.store.version().await.unwrap() - before;
        eprintln!("{rate:.0} links/s by {CALLERS} callers in {groups} transactions");
        assert!(groups < (CALLERS * EACH / 2) as i64, "{groups}");
    })
    .await;
}

/// An import is stored whole, in several transactions; how fast is printed.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_goes_in_several_transactions() {
    on_both(async |world| {
        const MANY: usize = 3_000;
        let links: Vec<Link> = (0..MANY).map(|i| world.link(&format!("s{i}"))).collect();
        let before = world.store.version().await.unwrap();
        let start = Instant::now();
        for result in world.store.insert_links(&links, "tester").await {
            result.unwrap();
        }
        let rate = MANY as f64 / start.elapsed().as_secs_f64();
        eprintln!("{rate:.0} links/s in bulk");
        assert_eq!(world.store.version().await.unwrap() - before, 3);
        let last = links.last().unwrap();
        assert_eq!(world.store.link(world.workspace(), last.id).await.unwrap(), *last);
    })
    .await;
}
