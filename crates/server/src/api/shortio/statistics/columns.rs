//! `…/top`: the clicks of a link or domain by the values of one column.

use axum::{Json, extract::State};
use model::{Caller, Error, LinkId, What};
use serde::Serialize;
use statistics::Answer;

use super::{
    super::{Authed, MaybeBody, Params, Place, Result, ShortIo, id},
    Body, Period,
    asked::{Asked, Question},
    of_domain, of_link,
    tops::{self, COLUMNS, breakdown, classes, values},
};
use crate::{App, ops};

/// Rows of one column, and the most that anybody gets.
const ROWS: usize = 10;
const MOST_ROWS: usize = 1_000;

#[derive(Serialize)]
pub(in super::super) struct Row {
    column: String,
    #[serde(rename = "displayName")]
    shown: String,
    score: u64,
}

pub(in super::super) async fn link_top(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(text, _): Place<ShortIo, String>,
    params: Params,
    MaybeBody(body, _): Body,
) -> Result<Json<Vec<Row>>> {
    let asked = Asked::new(&params, body);
    let question = of_link(&app, &caller, &asked, &text).await?;
    Ok(Json(top(&app, &caller, &asked, &question).await?))
}

pub(in super::super) async fn domain_top(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(text, _): Place<ShortIo, String>,
    params: Params,
    MaybeBody(body, _): Body,
) -> Result<Json<Vec<Row>>> {
    let asked = Asked::new(&params, body);
    let question = of_domain(&app, &caller, &asked, id(&text, What::Domain)?, Period::Last30)?;
    Ok(Json(top(&app, &caller, &asked, &question).await?))
}
/// The rows of one column, those that begin with the prefix.
async fn top(
    app: &App,
    caller: &Caller,
    asked: &Asked,
    Question { query, .. }: &Question,
) -> model::Result<Vec<Row>> {
    let column = asked.text("column")?.ok_or_else(|| Error::invalid("column", "is required"))?;
    let Some((column, dimension)) = COLUMNS.iter().find(|(known, _)| *known == column) else {
        let names: Vec<_> = COLUMNS.iter().map(|row| row.0).collect();
        return Err(Error::invalid("column", format!("must be one of {}", names.join(", "))));
    };
    let limit = asked.limit(ROWS, MOST_ROWS)?;
    let prefix = asked.text("prefix")?.unwrap_or_default();
    let Some(dimension) = dimension else { return Ok(Vec::new()) };
    // What begins otherwise, and what is not known, is left out afterwards.
    let asked_for = if prefix.is_empty() { limit + 1 } else { usize::MAX };
    let answer = ops::ask(app, caller, breakdown(query, dimension, asked_for)?).await?;
    let named = match *column {
        "human" => {
            let (all, people) = classes(&answer);
            let rows = [("true".to_owned(), people), ("false".to_owned(), all - people)];
            rows.into_iter().filter(|(_, clicks)| *clicks != 0).collect()
        }
        "path" => paths(app, caller, &answer, limit).await?,
        _ => values(&answer).collect::<Vec<_>>(),
    };
    let rows = named.into_iter().filter(|(value, _)| {
        (!value.is_empty() || *column == "refhost") && value.starts_with(prefix)
    });
    let row = |(value, score): (String, u64)| Row {
        shown: tops::shown(column, &value),
        column: value,
        score,
    };
    Ok(rows.take(limit).map(row).collect())
}

/// What stands after the host of each link, instead of its number.
async fn paths(
    app: &App,
    caller: &Caller,
    answer: &Answer,
    limit: usize,
) -> model::Result<Vec<(String, u64)>> {
    let mut named = Vec::new();
    for (number, clicks) in values(answer).take(limit.max(MOST_ROWS)) {
        let Some(id) = LinkId::parse(&number) else { continue };
        match ops::clicked_link(app, caller, id).await {
            Ok(link) => named.push((format!("/{}", link.address().slug), clicks)),
            // It was deleted this very moment.
            Err(Error::NotFound(_)) => (),
            Err(error) => return Err(error),
        }
    }
    Ok(named)
}
