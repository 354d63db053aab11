//! Questions: which clicks, and how they are to be grouped.

use std::{collections::BTreeSet, sync::Arc};

use jiff::tz::TimeZone;
use model::{Class, Click, ClickId, LinkId, WorkspaceId};

use crate::{
    answer::Answer, block::Broken, columns::Columns, dimension::Dimension, filter::Filter, run,
    series::Unit,
};

/// A question about the clicks of a workspace.
#[derive(Clone, Debug)]
pub struct Query {
    pub workspace: WorkspaceId,
    /// Only these; all where there is none.
    pub links: Option<Arc<BTreeSet<LinkId>>>,
    /// The first millisecond since 1970 that is asked about.
    pub from: i64,
    /// The first that is not any more.
    pub to: i64,
    /// Whose clocks tell the hours and days of groups and filters.
    pub zone: TimeZone,
    /// A click has to pass all of them. None is by what links have: [`Filter::by_links`].
    pub filters: Vec<Filter>,
    /// Who is counted; others are only [left out](Answer::left_out).
    pub classes: Vec<Class>,
    pub group: Group,
    /// Whether visitors are counted as well, which takes longer.
    pub visitors: bool,
    /// Whether visitors are told apart one by one, however many they are, as a test of shares needs:
    /// an estimate that is 1.6 % off would look like a difference.
    pub exact: bool,
}

#[derive(Clone, Copy, Debug)]
pub enum Group {
    /// One row.
    Total,
    /// One row for each point of time, with those of no click, in order.
    Series(Unit),
    /// One row for each value, the most clicked first. Visitors are counted for as many values as
    /// there may be rows, and for [`VISITED`] at most.
    Breakdown { dimension: &'static Dimension, limit: usize },
    /// One row for each city of each country, the most clicked first, without visitors. Clicks of
    /// which either is not known have no row.
    Cities { limit: usize },
    /// One row for each hour of the week, in order, with those of no click.
    HourByDay,
}

/// For so many values of a breakdown visitors are counted.
pub const VISITED: usize = 1_000;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Unanswerable {
    #[error(transparent)]
    Broken(#[from] Broken),
    #[error("range: {0}")]
    Time(#[from] jiff::Error),
    #[error("range: it has more than 45,000 points of the series; choose a longer unit")]
    TooLong,
}

impl Query {
    /// All clicks of people in a range, counted as one.
    pub fn total(workspace: WorkspaceId, from: i64, to: i64) -> Query {
        Query {
            workspace,
            links: None,
            from,
            to,
            zone: TimeZone::UTC,
            filters: Vec::new(),
            classes: vec![Class::Person],
            group: Group::Total,
            visitors: true,
            exact: false,
        }
    }

    /// Asks these batches, which share no click, on so many threads at most.
    pub fn run<'a>(
        &self,
        batches: impl IntoIterator<Item = &'a Columns>,
        threads: usize,
    ) -> Result<Answer, Unanswerable> {
        run::run(self, batches.into_iter().collect(), threads)
    }

    /// The clicks of a batch that are asked about, one by one, by workspace, link and time. Of filters
    /// on clocks nothing is known.
    pub fn clicks<'a>(
        &'a self,
        batch: &'a Columns,
    ) -> impl Iterator<Item = Result<(Click<'a>, Option<ClickId>), Broken>> {
        let places = batch.places(self.workspace, self.links.as_deref());
        let clicks = places.into_iter().flatten().map(|place| batch.click(place));
        clicks.filter(|click| click.as_ref().map_or(true, |(click, _)| self.admits(click)))
    }

    fn admits(&self, click: &Click<'_>) -> bool {
        (self.from..self.to).contains(&click.at)
            && self.classes.contains(&click.class)
            && self.filters.iter().all(|filter| filter.admits(click))
    }

    /// The newest clicks of these batches that are asked about, `limit` at most, newest first, each
    /// with its id where it has one.
    pub fn newest<'a>(
        &self,
        batches: impl IntoIterator<Item = &'a Columns>,
        limit: usize,
        threads: usize,
    ) -> Result<Vec<(Click<'a>, Option<ClickId>)>, Unanswerable> {
        run::newest(self, batches.into_iter().collect(), limit, threads)
    }
}
