//! `/api/v1/links/{link}/experiments`: what the ways of a link's splits bring.

use axum::{Json, extract::State};
use model::{Amount, What};
use serde::Serialize;
use statistics::experiment::{Interval, Judged, Ratio};
use utoipa::ToSchema;

use super::{
    super::json::{self as wire, iso},
    Authed, Native, Page, Params, Place, Result, id,
};
use crate::{
    App,
    ops::{self, Asked, Experiment, Way},
};

/// A split of a link, and what was seen of it since its ways and weights are what they are.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Experiment, example = json!({
    "rule": null, "ruleName": null, "revision": 3, "since": "2026-11-01T10:00:00.000Z",
    "from": "2026-11-01T10:00:00.000Z", "to": "2026-11-22T10:00:00.000Z",
    "variants": [
        {"variant": 0, "weight": 50, "redirect": "https://example.com/a", "clicks": 5120,
         "visitors": 5000, "conversions": 250, "rate": 0.05, "interval": [0.0412, 0.0601],
         "difference": null, "revenue": []},
        {"variant": 1, "weight": 50, "redirect": "https://example.com/b", "clicks": 5133,
         "visitors": 5010, "conversions": 255, "rate": 0.0509, "interval": [0.042, 0.0611],
         "difference": [-0.0133, 0.015], "revenue": [{"currency": "EUR", "amount": "199.90"}]},
    ],
    "sampleRatio": {"eValue": 0.14, "pValue": 1.0, "isOff": false,
        "detail": "As far as can be told, the visitors come to the variants as the weights say."},
    "finding": "The interval of every difference includes 0: nothing is shown yet.",
}))]
pub(super) struct ExperimentView {
    /// The rule that leads to the split; null: the link's own split.
    rule: Option<String>,
    /// What that rule is called.
    rule_name: Option<String>,
    /// The revision since which the split is as it is.
    revision: i64,
    /// When that was saved.
    since: String,
    /// The first moment that is counted.
    from: String,
    /// The first that is not any more.
    to: String,
    /// In the order of the split.
    variants: Vec<VariantView>,
    sample_ratio: RatioView,
    /// What the differences say, in sentences. It never names a winner.
    finding: String,
}

/// What one way of a split brought. Bots are counted nowhere.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ExperimentVariant, example = json!({
    "variant": 1, "weight": 50, "redirect": "https://example.com/b", "clicks": 5133,
    "visitors": 5010, "conversions": 255, "rate": 0.0509, "interval": [0.042, 0.0611],
    "difference": [-0.0133, 0.015], "revenue": [{"currency": "EUR", "amount": "199.90"}],
}))]
pub(super) struct VariantView {
    variant: usize,
    weight: u32,
    redirect: String,
    clicks: u64,
    /// Different visitors of each UTC day, summed: who comes on two days counts twice.
    visitors: u64,
    /// Those of these visitors who converted, by the day of their click.
    conversions: u64,
    /// The share of visitors who converted; null without visitors.
    rate: Option<f64>,
    /// Where the true rate lies: with a chance of 95 % at all looks at once.
    interval: [f64; 2],
    /// By how much the true rate lies above that of variant 0, null for that itself: with a chance of
    /// 95 % for all variants at all looks at once.
    difference: Option<[f64; 2]>,
    /// What conversions were worth, by currency.
    revenue: Vec<RevenueView>,
}

/// An amount of a currency.
#[derive(Serialize, ToSchema)]
#[schema(as = Revenue, example = json!({"currency": "EUR", "amount": "199.90"}))]
pub(super) struct RevenueView {
    currency: String,
    amount: String,
}

/// Whether visitors come to the variants as the weights say.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SampleRatio, example = json!({
    "eValue": 0.14, "pValue": 1.0, "isOff": false,
    "detail": "As far as can be told, the visitors come to the variants as the weights say.",
}))]
pub(super) struct RatioView {
    /// How much better other shares explain the visitors than the weights do.
    e_value: f64,
    /// The chance of seeing as much at any look although the weights are right, at most.
    p_value: f64,
    /// Whether that is 0.01 or less.
    is_off: bool,
    /// What it says, in a sentence.
    detail: &'static str,
}

/// Read a link's experiments
///
/// Each split of the link as it is now, counted since its ways and weights are so. The intervals hold
/// whenever one looks, so that stopping once something shows is no mistake.
#[utoipa::path(
    get,
    operation_id = "listExperiments",
    path = "/links/{link}/experiments",
    tag = "Statistics",
    params(
        ("from" = Option<String>, Query, description = "A moment; since the split is as it is, unless it is said.", example = "2026-11-01T00:00:00Z"),
        ("to" = Option<String>, Query, description = "The first moment that is left out; now, unless it is said.", example = "2026-12-01T00:00:00Z"),
        ("event" = Option<String>, Query, description = "The event that is a conversion; any, unless it is said.", example = "purchase"),
    ),
    responses((status = 200, description = "as asked", body = Page<ExperimentView>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
    params: Params,
) -> Result<Json<Page<ExperimentView>>> {
    params.only(&["from", "to", "event"])?;
    let time = |name| params.get(name).map(|text| wire::time(name, text)).transpose();
    let event = params.get("event").map(str::to_owned);
    let asked = Asked { from: time("from")?, to: time("to")?, event };
    let found = ops::experiments(&app, &caller, id(&link, What::Link)?, &asked).await?;
    Ok(Json(Page::whole(found.into_iter().map(ExperimentView::from).collect())))
}

impl From<Experiment> for ExperimentView {
    fn from(experiment: Experiment) -> ExperimentView {
        let Experiment { rule, revision, since, from, to, ways, report } = experiment;
        let (rule, rule_name) = rule.map(|(id, name)| (id.plain("rule"), name)).unzip();
        let ways = ways.into_iter().zip(report.ways).enumerate();
        ExperimentView {
            rule,
            rule_name,
            revision,
            since: iso(since),
            from: iso(from),
            to: iso(to),
            variants: ways.map(|(place, (way, judged))| variant(place, way, &judged)).collect(),
            sample_ratio: RatioView::of(report.ratio, report.ratio_says),
            finding: report.finding,
        }
    }
}

fn variant(place: usize, way: Way, judged: &Judged) -> VariantView {
    let money =
        |(currency, amount): (String, Amount)| RevenueView { currency, amount: amount.to_string() };
    VariantView {
        variant: place,
        weight: way.variant.weight,
        redirect: way.variant.destination.authored().to_owned(),
        clicks: way.clicks,
        visitors: way.counts.visitors,
        conversions: way.counts.conversions,
        rate: judged.rate.map(rounded),
        interval: ends(judged.interval),
        difference: judged.difference.map(ends),
        revenue: way.revenue.into_iter().map(money).collect(),
    }
}

impl RatioView {
    fn of(ratio: Ratio, says: &'static str) -> RatioView {
        RatioView {
            e_value: rounded(ratio.e_value),
            p_value: rounded(ratio.p_value),
            is_off: ratio.is_off(),
            detail: says,
        }
    }
}

fn ends(interval: Interval) -> [f64; 2] {
    [rounded(interval.low), rounded(interval.high)]
}

/// To a millionth: what follows is no knowledge.
fn rounded(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}
