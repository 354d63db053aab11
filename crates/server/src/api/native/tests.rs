//! `/api/v1/links/{id}/tests`: saved example visitors, and what each must get.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use model::{Domain, Error, Example, Expected, Link, LinkId, LinkTest, RAW_KEYS, Stamp, What};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::{
    super::json::{self as wire, Problems},
    Authed, Body, MaybeBody, Native, Page, Params, Place, Result, created, cursor, cut, id,
    link::LinkBody,
    parameters::Paged,
    schema::{LinkTest as LinkTestView, LinkTestBody},
};
use crate::{
    App,
    ops::{self, Ran},
};

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LinkTestRun, example = json!({"passed": 1, "failed": 0, "data": []}))]
pub(super) struct TestRun {
    passed: usize,
    failed: usize,
    data: Vec<RanView>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RanTest, example = json!({
    "id": "test_000Yl3bWx", "name": "An American on an iPhone", "passed": true,
    "goesTo": "https://example.com/ios", "status": 302, "rule": "rule_000Yl3bWu", "misses": [],
    "because": "the rule \"iOS\" matches",
}))]
pub(super) struct RanView {
    id: String,
    name: String,
    passed: bool,
    goes_to: Option<String>,
    status: Option<u16>,
    rule: Option<String>,
    /// What was demanded and not got.
    misses: Vec<String>,
    /// Why the visitor gets what they get.
    because: String,
}

/// The tests of one link in a run of all.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "link": "lnk_0001_y3bWuA", "shortUrl": "http://localhost:8080/spring", "passed": 1,
    "failed": 0, "failures": [],
}))]
pub(super) struct LinkRun {
    link: String,
    short_url: String,
    passed: usize,
    failed: usize,
    failures: Vec<RanView>,
}

const PAGE: i64 = 50;
const LARGEST_PAGE: i64 = 200;
/// What a test holds beside its example.
const OWN_KEYS: &[&str] = &["id", "link", "name", "expect", "createdAt", "updatedAt"];

/// List the tests of a link
#[utoipa::path(
    get,
    operation_id = "listLinkTests",
    path = "/links/{link}/tests",
    tag = "Link tests",
    responses((status = 200, description = "as asked", body = Page<LinkTestView>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
) -> Result<Json<Page<Value>>> {
    let tests = ops::tests(&app, &caller, id(&link, What::Link)?).await?;
    Ok(Json(Page::whole(tests.iter().map(view).collect())))
}

/// Keep a test with a link
///
/// A visitor, and what they must get. A save that breaks a test is refused.
#[utoipa::path(
    post,
    operation_id = "createLinkTest",
    path = "/links/{link}/tests",
    tag = "Link tests",
    request_body = LinkTestBody,
    responses((status = 201, description = "made", body = LinkTestView)),
)]
pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
    Body(body, _): Body<Native, Value>,
) -> Result<Response> {
    let link = id(&link, What::Link)?;
    let read = Read::of(&body)?;
    let missing = |key: &'static str| Error::invalid(key, "is required");
    let name = read.name.ok_or_else(|| missing("name"))?;
    let example = read.example.ok_or_else(|| missing("visitor"))?;
    let expected = read.expected.ok_or_else(|| missing("expect"))?;
    let test = ops::create_test(&app, &caller, link, name, example, expected).await?;
    let path = format!("/api/v1/links/{}/tests/{}", link.split("lnk"), test.id.plain("test"));
    Ok(created(path, view(&test)))
}

/// Read a test
#[utoipa::path(
    get,
    operation_id = "getLinkTest",
    path = "/links/{link}/tests/{test}",
    tag = "Link tests",
    responses((status = 200, description = "as asked", body = LinkTestView)),
)]
pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place((link, test), _): Place<Native, (String, String)>,
) -> Result<Json<Value>> {
    let (link, test) = (id(&link, What::Link)?, id(&test, What::Test)?);
    Ok(Json(view(&ops::test(&app, &caller, link, test).await?)))
}

/// Change a test
///
/// Any key of the visitor puts a whole new visitor in the old one's place.
#[utoipa::path(
    patch,
    operation_id = "updateLinkTest",
    path = "/links/{link}/tests/{test}",
    tag = "Link tests",
    request_body = LinkTestBody,
    responses((status = 200, description = "as asked", body = LinkTestView)),
)]
pub(super) async fn update(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place((link, test), _): Place<Native, (String, String)>,
    Body(body, _): Body<Native, Value>,
) -> Result<Json<Value>> {
    let (link, test) = (id(&link, What::Link)?, id(&test, What::Test)?);
    let read = Read::of(&body)?;
    let edit = |test: &mut LinkTest| {
        test.name = read.name.unwrap_or(std::mem::take(&mut test.name));
        if let Some(example) = read.example {
            test.example = example;
        }
        if let Some(expected) = read.expected {
            test.expected = expected;
        }
        Ok(())
    };
    Ok(Json(view(&ops::edit_test(&app, &caller, link, test, edit).await?)))
}

/// Delete a test
#[utoipa::path(
    delete,
    operation_id = "deleteLinkTest",
    path = "/links/{link}/tests/{test}",
    tag = "Link tests",
    responses((status = 204, description = "done")),
)]
pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place((link, test), _): Place<Native, (String, String)>,
) -> Result<StatusCode> {
    let (link, test) = (id(&link, What::Link)?, id(&test, What::Test)?);
    ops::remove_test(&app, &caller, link, test).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Run the tests of a link
///
/// The body is a change of the link, as PATCH takes it, which is tried and not saved; without a
/// body, the link as it is.
#[utoipa::path(
    post,
    operation_id = "runLinkTests",
    path = "/links/{link}/tests/run",
    tag = "Link tests",
    request_body = Option<LinkBody>,
    responses((status = 200, description = "as asked", body = TestRun)),
)]
pub(super) async fn run(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
    MaybeBody(body): MaybeBody<LinkBody>,
) -> Result<Json<TestRun>> {
    let edit = |link: &mut Link, domain: &Domain, stamp: &Stamp<'_>| {
        body.patch(domain)?.apply(link, stamp)
    };
    let ran = ops::run_tests(&app, &caller, id(&link, What::Link)?, edit).await?;
    let data: Vec<RanView> = ran.iter().map(RanView::of).collect();
    let passed = data.iter().filter(|ran| ran.passed).count();
    Ok(Json(TestRun { passed, failed: data.len() - passed, data }))
}

/// Run the tests of all links
///
/// Page by page, the links that have tests, each with its failures alone.
#[utoipa::path(
    post,
    operation_id = "runAllLinkTests",
    path = "/tests/run",
    tag = "Link tests",
    params(Paged),
    responses((status = 200, description = "as asked", body = Page<LinkRun>)),
)]
pub(super) async fn run_all(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    params: Params,
) -> Result<Json<Page<LinkRun>>> {
    params.only(&["limit", "cursor"])?;
    let limit = params.whole("limit", 1..=LARGEST_PAGE)?.unwrap_or(PAGE);
    let after = cursor(&params, LinkId::parse)?;
    let mut all = ops::run_all_tests(&app, &caller, after, limit + 1).await?;
    let more = cut(&mut all, limit);
    let next = all.last().filter(|_| more).map(|(link, _)| link.id.split("lnk"));
    let data = all.iter().map(|(link, ran)| {
        let failures: Vec<RanView> =
            ran.iter().filter(|ran| !ran.misses.is_empty()).map(RanView::of).collect();
        LinkRun {
            link: link.id.split("lnk"),
            short_url: app.short_url(link.address()),
            passed: ran.len() - failures.len(),
            failed: failures.len(),
            failures,
        }
    });
    Ok(Json(Page { data: data.collect(), next }))
}

/// What a body says of a test; what it leaves out is none.
struct Read {
    name: Option<String>,
    example: Option<Example>,
    expected: Option<Expected>,
}

impl Read {
    fn of(body: &Value) -> model::Result<Read> {
        let Some(body) = body.as_object() else {
            return Err(Error::invalid(
                "",
                "must be an object with `name`, `visitor` and `expect`",
            ));
        };
        let mut problems = Problems::default();
        let name = body.get("name").map(|name| {
            let name = name.as_str().map(str::to_owned);
            name.ok_or_else(|| Error::invalid("name", "must be text"))
        });
        let expected = body
            .get("expect")
            .map(|expect| Expected::parse(expect).map_err(|error| error.under("expect")));
        let example: Map<String, Value> = body
            .iter()
            .filter(|(key, _)| !OWN_KEYS.contains(&key.as_str()))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        let known = |key: &str| ["visitor", "at"].contains(&key) || RAW_KEYS.contains(&key);
        for key in example.keys().filter(|key| !known(key)) {
            let why = "no such key: facts stand under `visitor`";
            problems.keep::<()>(Err(Error::invalid(key, why)));
        }
        problems.finish()?;
        let mut problems = Problems::default();
        let example = (!example.is_empty()).then(|| Example::parse(&Value::Object(example)));
        let read = Read {
            name: problems.keep_any(name),
            example: problems.keep_any(example),
            expected: problems.keep_any(expected),
        };
        problems.finish()?;
        Ok(read)
    }
}

fn view(test: &LinkTest) -> Value {
    let mut view = json!({
        "id": test.id.plain("test"), "link": test.link.split("lnk"), "name": test.name,
    });
    if let Value::Object(example) = test.example.wire() {
        for (key, value) in example {
            view[key] = value;
        }
    }
    view["expect"] = test.expected.wire();
    view["createdAt"] = json!(wire::iso(test.created_at));
    view["updatedAt"] = json!(wire::iso(test.updated_at));
    view
}

impl RanView {
    fn of(ran: &Ran) -> RanView {
        let got = ran.got.as_ref();
        RanView {
            id: ran.test.id.plain("test"),
            name: ran.test.name.clone(),
            passed: ran.misses.is_empty(),
            goes_to: got.and_then(|got| got.location.clone()),
            status: got.map(|got| got.status),
            rule: got.and_then(|got| got.rule).map(|rule| rule.plain("rule")),
            misses: ran.misses.clone(),
            because: ran.because.clone(),
        }
    }
}
