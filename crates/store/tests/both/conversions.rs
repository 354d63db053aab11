//! Conversions: each once, and their sums.

use model::{Amount, ClickId, Conversion, ConversionId, LinkId, Report};
use store::{ConversionTotal, SplitClicks};

use crate::harness::{World, on_both};

fn amount(text: &str) -> Option<Amount> {
    Some(Amount::parse("", text).unwrap())
}

fn conversion(world: &World, number: i64, event: &str, money: Option<(&str, &str)>) -> Conversion {
    Conversion {
        id: ConversionId::new(number).unwrap(),
        workspace: world.workspace(),
        link: LinkId::new(7).unwrap(),
        click: ClickId { segment: 0xabc, offset: 64 },
        revision: 3,
        rule: None,
        variant: Some(1),
        by_person: true,
        visitor: Some(u64::MAX),
        report: Report {
            order: "A-1".to_owned(),
            amount: money.and_then(|(text, _)| amount(text)),
            currency: money.map(|(_, code)| code.to_owned()),
            metadata: [("a".to_owned(), 1.into())].into_iter().collect(),
            ..Report::of(event)
        },
        clicked_at: "2026-11-21T10:00:00Z".parse().unwrap(),
        created_at: "2026-11-21T11:00:00Z".parse().unwrap(),
    }
}

#[tokio::test]
async fn a_conversion_is_stored_once_and_read_back() {
    on_both(async |world| {
        let first = conversion(&world, 1, "sale", Some(("49.99", "EUR")));
        let insert = async |new: &Conversion| world.store.insert_conversion(new).await.unwrap();
        assert_eq!(insert(&first).await, (first.clone(), false));
        let again = conversion(&world, 2, "sale", Some(("1", "USD")));
        assert_eq!(insert(&again).await, (first.clone(), true));
        let other = Conversion {
            report: Report { order: "A-2".to_owned(), ..again.report.clone() },
            ..again
        };
        assert_eq!(insert(&other).await, (other.clone(), false));
        let listed = async |link, after, limit| {
            let workspace = world.workspace();
            world.store.conversions(workspace, link, after, limit).await.unwrap()
        };
        assert_eq!(listed(None, None, 10).await, [other.clone(), first.clone()]);
        assert_eq!(listed(Some(first.link), None, 1).await, std::slice::from_ref(&other));
        assert_eq!(listed(Some(first.link), Some(other.id), 10).await, [first]);
        assert_eq!(listed(LinkId::new(8), None, 10).await, []);
    })
    .await;
}

#[tokio::test]
async fn money_adds_up_to_the_last_part_by_currency() {
    on_both(async |world| {
        let all = [("0.1", "EUR"), ("0.2", "EUR"), ("5", "USD")];
        for (i, money) in all.into_iter().enumerate() {
            let new = conversion(&world, 10 + i as i64, &format!("sale {i}"), Some(money));
            world.store.insert_conversion(&new).await.unwrap();
        }
        let bare = conversion(&world, 20, "lead", None);
        world.store.insert_conversion(&bare).await.unwrap();
        let at = bare.created_at.as_millisecond();
        let totals = async |link, span| {
            let mut totals =
                world.store.conversion_totals(world.workspace(), link, span).await.unwrap();
            // The databases differ on where nulls go.
            totals.sort_by_key(|total| total.currency.clone());
            totals
        };
        let total = |currency: Option<&str>, conversions, sum| ConversionTotal {
            currency: currency.map(str::to_owned),
            conversions,
            amount: amount(sum).unwrap(),
            payout: Amount::default(),
        };
        let expected =
            [total(None, 1, "0"), total(Some("EUR"), 2, "0.3"), total(Some("USD"), 1, "5")];
        assert_eq!(totals(None, (at, at + 1)).await, expected);
        assert_eq!(totals(Some(bare.link), (0, i64::MAX)).await, expected);
        assert_eq!(totals(None, (0, at)).await, []);
        assert_eq!(totals(LinkId::new(8), (0, i64::MAX)).await, []);
    })
    .await;
}

#[tokio::test]
async fn visitors_who_convert_are_counted_once_a_day_by_their_way() {
    on_both(async |world| {
        let day = 24 * 3_600_000;
        let insert = async |number: i64, change: &dyn Fn(&mut Conversion)| {
            let mut new = conversion(&world, number, "sale", Some(("2.50", "EUR")));
            new.click.offset = number.unsigned_abs();
            new.visitor = Some(7);
            change(&mut new);
            world.store.insert_conversion(&new).await.unwrap();
            new.clicked_at.as_millisecond()
        };
        let at = insert(100, &|_| ()).await;
        insert(101, &|_| ()).await;
        insert(102, &|new| new.visitor = Some(8)).await;
        insert(103, &|new| new.clicked_at += jiff::SignedDuration::from_millis(day)).await;
        insert(104, &|new| new.variant = Some(0)).await;
        insert(105, &|new| new.report.event = "lead".to_owned()).await;
        // None of these is a person's of this split at this time.
        insert(106, &|new| new.by_person = false).await;
        insert(107, &|new| (new.visitor, new.variant) = (Some(9), None)).await;
        insert(108, &|new| (new.visitor, new.revision) = (Some(9), 2)).await;
        insert(109, &|new| (new.visitor, new.link) = (Some(9), LinkId::new(8).unwrap())).await;
        let rule = model::RuleId::new(4);
        insert(110, &|new| new.rule = rule).await;

        let clicks = SplitClicks {
            link: LinkId::new(7).unwrap(),
            rule: None,
            revisions: (3, 3),
            span: (at, at + 2 * day),
            event: Some("sale"),
        };
        let workspace = world.workspace();
        let count =
            async |clicks| world.store.converting_visitors(workspace, clicks).await.unwrap();
        assert_eq!(count(clicks).await, [(0, 1), (1, 3)]);
        assert_eq!(count(SplitClicks { span: (at, at + 1), ..clicks }).await, [(0, 1), (1, 2)]);
        assert_eq!(count(SplitClicks { rule, ..clicks }).await, [(1, 1)]);
        assert_eq!(count(SplitClicks { event: Some("none"), ..clicks }).await, []);
        let any = SplitClicks { event: None, ..clicks };
        let revenue = world.store.revenue_of_ways(workspace, any).await.unwrap();
        let euros = |text| ("EUR".to_owned(), amount(text).unwrap());
        let [(zero, one), (two, three)] = [euros("2.5"), euros("12.5")];
        assert_eq!(revenue, [(0, zero, one), (1, two, three)]);
        assert_eq!(world.store.converting_visitors(world.theirs.workspace, any).await.unwrap(), []);
    })
    .await;
}
