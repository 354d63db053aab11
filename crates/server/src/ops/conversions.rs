//! Conversions: what became of clicks.

use model::{
    Caller, Click, ClickId, Conversion, ConversionId, Error, LinkId, Report, Result, Scope, What,
};
use store::ConversionTotal;

use super::{clicks, links::own};
use crate::App;

/// Notes what became of a click. One of the same click, event and order that is there already
/// stands, and is answered with `true`.
pub async fn convert(
    app: &App,
    caller: &Caller,
    click: ClickId,
    report: Report,
) -> Result<(Conversion, bool)> {
    caller.may(Scope::ConversionsWrite)?;
    report.check()?;
    app.clicks.flush(clicks::PATIENCE).await;
    let record = clicks::click(app, caller, click).await?;
    note(app, click, &record, report).await
}

/// Notes what the page that a click led to says of it, which anybody may read and repeat: an event
/// and no money.
///
/// Nobody asks for a key here, since a page has none that it could keep. Whoever calls this has
/// seen to it that the click was told by us ([`crate::conversion::read_signed`]).
pub async fn convert_by_page(app: &App, click: ClickId, event: &str) -> Result<Conversion> {
    let report = Report::of(event);
    report.check()?;
    app.clicks.flush(clicks::PATIENCE).await;
    let record = match app.store.click_of_any(click).await? {
        Some(record) => record,
        None => {
            let found = app.archive.find(&app.store, click).await?;
            found.ok_or(Error::NotFound(What::Click))?
        }
    };
    Ok(note(app, click, &record, report).await?.0)
}

/// A page of conversions, of one link or of all, newest first, those after `after`.
pub async fn conversions(
    app: &App,
    caller: &Caller,
    link: Option<LinkId>,
    after: Option<ConversionId>,
    limit: i64,
) -> Result<Vec<Conversion>> {
    caller.may(Scope::StatsRead)?;
    of_theirs(app, caller, link).await?;
    app.store.conversions(caller.workspace, link, after, limit).await
}

/// What conversions came in a span of milliseconds, of one link or of all, by currency.
pub async fn conversion_totals(
    app: &App,
    caller: &Caller,
    link: Option<LinkId>,
    span: (i64, i64),
) -> Result<Vec<ConversionTotal>> {
    caller.may(Scope::StatsRead)?;
    of_theirs(app, caller, link).await?;
    app.store.conversion_totals(caller.workspace, link, span).await
}

/// Who sees some domains alone asks about one link.
async fn of_theirs(app: &App, caller: &Caller, link: Option<LinkId>) -> Result<()> {
    match (&caller.domains, link) {
        (None, _) => Ok(()),
        (Some(_), Some(link)) => own(app, caller, link).await.map(drop),
        (Some(_), None) => {
            Err(Error::invalid("link", "is required of a key that is for some domains alone"))
        }
    }
}

async fn note(
    app: &App,
    click: ClickId,
    record: &[u8],
    report: Report,
) -> Result<(Conversion, bool)> {
    let read = Click::decode(record).map_err(Error::internal)?;
    let new = Conversion::of(click, &read, report, &app.stamp())?;
    app.store.insert_conversion(&new).await
}
