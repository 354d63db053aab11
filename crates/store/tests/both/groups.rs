//! Many writers at once.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use model::{Domain, Error, Key, KeyId, Link, What};
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

#[tokio::test]
async fn whatever_is_wrong_with_one_link_is_its_own() {
    on_both(async |world| {
        let [taken] = world.stored(["taken"]).await;
        let mut links: Vec<Link> = (0..40).map(|i| world.link(&format!("s{i}"))).collect();
        links[3] = world.link("taken");
        links[11].title = Some("\0".to_owned());
        links[20].addresses[0].domain = world.theirs.id;
        links[31].rules[0].id = taken.rules[0].id;
        links[39].id = taken.id;
        let results = world.store.insert_links(&links, "tester").await;
        for (i, (result, link)) in results.iter().zip(&links).enumerate() {
            match i {
                3 => assert!(matches!(result, Err(Error::Taken(What::Slug))), "{result:?}"),
                11 => assert!(matches!(result, Err(Error::Invalid(_))), "{result:?}"),
                20 => assert!(matches!(result, Err(Error::NotFound(What::Domain))), "{result:?}"),
                31 => assert!(matches!(result, Err(Error::Taken(What::Rule))), "{result:?}"),
                39 => assert!(matches!(result, Err(Error::Taken(What::Link))), "{result:?}"),
                _ => {
                    assert!(result.is_ok(), "{i}: {result:?}");
                    let stored = world.store.link(world.workspace(), link.id).await.unwrap();
                    assert_eq!(stored, *link);
                }
            }
        }
        // What could not be stored left nothing behind: its slug is free, and so are its rules.
        let again = [11, 31].map(|i| {
            let slug = links[i].address().slug.clone();
            world.link(slug.as_str())
        });
        for result in world.store.insert_links(&again, "tester").await {
            result.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_link_got_in_vain_is_free_for_the_next_one() {
    on_both(async |world| {
        world.stored(["taken"]).await;
        let both = world.link_on(&world.ours, &["fresh", "taken"]);
        let next = world.link("fresh");
        let results = world.store.insert_links(&[both, next.clone()], "tester").await;
        assert!(matches!(results[0], Err(Error::Taken(What::Slug))), "{results:?}");
        assert!(results[1].is_ok(), "{results:?}");
        assert_eq!(world.store.link(world.workspace(), next.id).await.unwrap(), next);
    })
    .await;
}

#[tokio::test]
async fn a_group_of_which_nothing_can_be_stored_raises_no_version() {
    on_both(async |world| {
        world.stored(["taken"]).await;
        let before = world.store.version().await.unwrap();
        let links = [world.link("taken"), world.link("TAKEN")];
        for result in world.store.insert_links(&links, "tester").await {
            assert!(matches!(result, Err(Error::Taken(What::Slug))), "{result:?}");
        }
        assert_eq!(world.store.version().await.unwrap(), before);
    })
    .await;
}

/// A writer remembers how domains compare slugs, and another process may change that.
#[tokio::test]
async fn a_domain_that_changed_meanwhile_compares_slugs_its_new_way() {
    on_both(async |world| {
        world.stored(["Spring"]).await;
        let clash = world.store.insert_link(&world.link("SPRING"), "tester").await;
        assert!(matches!(clash, Err(Error::Taken(What::Slug))), "{clash:?}");
        let other = store::Store::open(&world.url).await.unwrap();
        let minds = Domain { case_sensitive: true, ..world.ours.clone() };
        other.update_domain(&world.ours, &minds).await.unwrap();
        other.close().await;
        world.store.insert_link(&world.link("SPRING"), "tester").await.unwrap();
        let clash = world.store.insert_link(&world.link("SPRING"), "tester").await;
        assert!(matches!(clash, Err(Error::Taken(What::Slug))), "{clash:?}");
    })
    .await;
}

#[tokio::test]
async fn links_that_are_in_memory_are_not_read_back() {
    on_both(async |world| {
        let store = &world.store;
        let seen = store.version().await.unwrap();
        let links = ["a", "b"].map(|slug| world.link(slug));
        let stored = store.insert_links(&links, "tester").await;
        let (newest, mut stored) = (store.version().await.unwrap(), stored.into_iter());
        assert!(seen < newest);
        stored.next().unwrap().unwrap().is_in_memory();
        assert_eq!(store.known_from(seen), seen, "one of them is not there yet");
        stored.next().unwrap().unwrap().is_in_memory();
        assert_eq!(store.known_from(seen), newest);
        // Whatever else is changed is read, and so is what comes after it.
        let other = store::Store::open(&world.url).await.unwrap();
        other.insert_link(&world.link("c"), "another node").await.unwrap().is_in_memory();
        other.close().await;
        store.insert_link(&world.link("d"), "tester").await.unwrap().is_in_memory();
        assert_eq!(store.known_from(newest), newest);
    })
    .await;
}

/// PostgreSQL alone has several nodes.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_hears_that_another_changed_something() {
    on_both(async |world| {
        if world.url.starts_with("sqlite") {
            return;
        }
        let other = store::Store::open(&world.url).await.unwrap();
        let mut hints = other.hints();
        // What is changed before it listens is not heard of.
        let mut hear = async || {
            for _ in 0..20 {
                world.stored([&*format!("s{}", world.id::<()>().number())]).await;
                if tokio::time::timeout(Duration::from_secs(5), hints.next()).await.is_ok() {
                    return;
                }
            }
            panic!("20 changes, and no hint");
        };
        hear().await;
        hear().await;
        // It does not mind that its connection is cut.
        let cut = "select pg_terminate_backend(pid) from pg_stat_activity
                   where query like 'LISTEN%' and datname = current_database() and $1 = 0";
        world.run(cut, 0).await;
        hear().await;
        hear().await;
        other.close().await;
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
