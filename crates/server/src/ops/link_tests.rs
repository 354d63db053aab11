//! The example visitors that are saved with a link, and whether each gets what it must.

use model::{
    Caller, Domain, Error, Example, Expected, Got, Link, LinkId, LinkTest, Result, RuleId, Scope,
    Stamp, TestId, What,
};
use targeting::Problem;

use super::{domains, explain, links::own};
use crate::App;

/// A test that was run.
#[derive(Clone, Debug)]
pub struct Ran {
    pub test: LinkTest,
    /// None where the example no longer fits the link.
    pub got: Option<Got>,
    /// What was demanded and not got; empty where the test passed.
    pub misses: Vec<String>,
    /// Why the visitor gets what they get, in one sentence.
    pub because: String,
}

/// Tests of one link.
const MOST: usize = 100;

pub async fn tests(app: &App, caller: &Caller, link: LinkId) -> Result<Vec<LinkTest>> {
    caller.may(Scope::RulesRead)?;
    let link = own(app, caller, link).await?.id;
    app.store.link_tests(caller.workspace, link).await
}

pub async fn test(app: &App, caller: &Caller, link: LinkId, id: TestId) -> Result<LinkTest> {
    caller.may(Scope::RulesRead)?;
    of_link(app, caller, link, id).await
}

/// Saves a new test of a link. It may fail at once; only saves of the link are refused.
pub async fn create_test(
    app: &App,
    caller: &Caller,
    link: LinkId,
    name: String,
    example: Example,
    expected: Expected,
) -> Result<LinkTest> {
    caller.may(Scope::RulesWrite)?;
    let link = own(app, caller, link).await?;
    if MOST <= app.store.link_tests(caller.workspace, link.id).await?.len() {
        return Err(Error::invalid("", format!("a link has at most {MOST} tests")));
    }
    let stamp = app.stamp();
    let test = LinkTest {
        id: TestId::next(&stamp),
        workspace: caller.workspace,
        link: link.id,
        name,
        example,
        expected,
        created_at: stamp.now,
        updated_at: stamp.now,
    };
    save(app, &link, &test).await?;
    Ok(test)
}

pub async fn edit_test(
    app: &App,
    caller: &Caller,
    link: LinkId,
    id: TestId,
    edit: impl FnOnce(&mut LinkTest) -> Result<()>,
) -> Result<LinkTest> {
    caller.may(Scope::RulesWrite)?;
    let mut test = of_link(app, caller, link, id).await?;
    edit(&mut test)?;
    test.updated_at = app.now();
    let link = own(app, caller, link).await?;
    save(app, &link, &test).await?;
    Ok(test)
}

pub async fn remove_test(app: &App, caller: &Caller, link: LinkId, id: TestId) -> Result<()> {
    caller.may(Scope::RulesWrite)?;
    let test = of_link(app, caller, link, id).await?;
    app.store.delete_link_test(caller.workspace, test.id).await
}

/// Runs a link's tests against the link as `edit` would make it; nothing is saved.
pub async fn run_tests(
    app: &App,
    caller: &Caller,
    id: LinkId,
    edit: impl Fn(&mut Link, &Domain, &Stamp<'_>) -> Result<()>,
) -> Result<Vec<Ran>> {
    caller.may(Scope::RulesRead)?;
    let mut link = own(app, caller, id).await?;
    let domain = domains::by_id(app, link.address().domain)?;
    edit(&mut link, &domain, &app.stamp())?;
    run(app, &link).await
}

/// Runs all tests of a page of the workspace's links that have any, in the order of their ids.
pub async fn run_all_tests(
    app: &App,
    caller: &Caller,
    after: Option<LinkId>,
    limit: i64,
) -> Result<Vec<(Link, Vec<Ran>)>> {
    caller.may(Scope::RulesRead)?;
    let mut all = Vec::new();
    for id in app.store.tested_links(caller.workspace, after, limit).await? {
        match own(app, caller, id).await {
            Ok(link) => {
                let ran = run(app, &link).await?;
                all.push((link, ran));
            }
            // Deleted since the page was read.
            Err(Error::NotFound(_)) => (),
            Err(other) => return Err(other),
        }
    }
    Ok(all)
}

/// Refuses a save that changes where a link sends whom and that one of its tests fails, unless
/// the caller insists.
pub(super) async fn guard(app: &App, caller: &Caller, before: &Link, after: &Link) -> Result<()> {
    if before.revision == after.revision || caller.insists {
        return Ok(());
    }
    let ran = run(app, after).await?;
    let failed: Vec<Problem> =
        ran.iter().filter(|ran| !ran.misses.is_empty()).map(problem).collect();
    if failed.is_empty() { Ok(()) } else { Err(Error::FailedTests(failed)) }
}

fn problem(ran: &Ran) -> Problem {
    let Ran { test, misses, because, .. } = ran;
    let why = format!("{:?} {}: {because}", test.name, misses.join(" and "));
    Problem { at: format!("tests.{}", test.id.plain("test")), why }
}

async fn run(app: &App, link: &Link) -> Result<Vec<Ran>> {
    let tests = app.store.link_tests(link.workspace, link.id).await?;
    Ok(tests.into_iter().map(|test| run_one(app, link, test)).collect())
}

fn run_one(app: &App, link: &Link, test: LinkTest) -> Ran {
    match explain::outcome(app, link, &test.example) {
        Ok((told, because)) => {
            let rule = told.outcome.rule().and_then(|(rule, _)| RuleId::new(rule));
            let got =
                Got { location: told.location, authored: told.authored, rule, status: told.status };
            Ran { misses: test.expected.misses(&got), got: Some(got), because, test }
        }
        Err(error) => {
            let misses = vec!["cannot be tried".to_owned()];
            Ran { test, got: None, misses, because: error.to_string() }
        }
    }
}

/// Saves a test whose example can be tried at the link.
async fn save(app: &App, link: &Link, test: &LinkTest) -> Result<()> {
    test.check()?;
    explain::outcome(app, link, &test.example)?;
    app.store.save_link_test(test).await
}

async fn of_link(app: &App, caller: &Caller, link: LinkId, id: TestId) -> Result<LinkTest> {
    let test = app.store.link_test(caller.workspace, id).await?;
    if test.link == link { Ok(test) } else { Err(Error::NotFound(What::Test)) }
}
