//! What was asked for where no link is.

use store::{Unmatched, UnmatchedOf};

use crate::harness::on_both;

#[tokio::test]
async fn few_slugs_are_kept_and_all_requests_are_counted() {
    on_both(async |world| {
        let domain = model::DomainId::new(77).unwrap();
        let of = |slug: &str, day: i64, times: i64| Unmatched {
            domain,
            day,
            slug: slug.to_owned(),
            workspace: world.workspace(),
            times,
        };
        let count = async |found: Vec<Unmatched>| {
            world.store.count_unmatched(found, 2).await.unwrap();
        };
        let told = async |from, to| {
            let of = UnmatchedOf { domain, from, to };
            let rows = world.store.unmatched(&of, 10).await.unwrap();
            rows.into_iter().map(|(slug, n)| format!("{slug}={n}")).collect::<Vec<_>>()
        };
        count(vec![of("often", 1, 5), of("once", 1, 1)]).await;
        count(vec![of("often", 1, 2), of("often", 2, 1)]).await;
        assert_eq!(told(1, 3).await, ["often=8", "once=1"]);
        // A third slug takes the place of the least wanted, whose requests go on being counted.
        count(vec![of("new", 1, 1)]).await;
        assert_eq!(told(1, 2).await, ["often=7", "=1", "new=1"]);
        count(vec![of("newer", 1, 3), of("", 1, 4)]).await;
        assert_eq!(told(1, 2).await, ["often=7", "=6", "newer=3"]);
        // One that was asked for less than all others has no place of its own.
        count(vec![of("late", 1, 2)]).await;
        assert_eq!(told(1, 2).await, ["=8", "often=7", "newer=3"]);
        let domains = world.store.unmatched_domains(world.workspace(), (1, 3)).await.unwrap();
        assert_eq!(domains, [(domain, 19)]);
        world.store.drop_unmatched_before(2).await.unwrap();
        assert_eq!(told(0, 9).await, ["often=1"]);
    })
    .await;
}
