//! Columns: a batch of clicks, a column for each thing that is asked about them.

use std::{collections::BTreeSet, ops::Range, sync::OnceLock};

use model::{Class, Click, ClickId, LinkId, WorkspaceId};

use crate::{
    block::{Block, Broken},
    builder::Builder,
    column::Column,
    dimension::{DIMENSIONS, Dimension, Source},
    times::{Quarters, Times},
    value::Value,
    visitors::Marks,
};

/// Clicks sorted by workspace, link and time.
///
/// Those of a sealed block are decoded column by column, when a question first names one, and kept:
/// whoever holds this holds the cache. See [`Columns::bytes`] for what that takes.
#[derive(Debug)]
pub struct Columns {
    clicks: usize,
    /// The times of the first and of the last click; of none where there is no click.
    span: Option<(i64, i64)>,
    runs: Vec<Run>,
    /// What is not decoded yet.
    block: Option<Block>,
    times: OnceLock<Times>,
    /// What times and visitors come to for most questions, made when one asks first.
    quarters: OnceLock<Option<Quarters>>,
    visitors: OnceLock<Vec<u64>>,
    marks: OnceLock<Marks>,
    dimensions: Vec<OnceLock<Column>>,
    traces: OnceLock<Column<Box<[u8]>>>,
    ids: OnceLock<Ids>,
}

/// Where the clicks of a link begin; they end where the next run does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) workspace: i64,
    pub(crate) link: i64,
    pub(crate) start: usize,
}

/// The ids of clicks.
#[derive(Debug)]
pub(crate) struct Ids {
    /// Sixteen bytes each, the highest first.
    pub(crate) segments: Column<Box<[u8]>>,
    pub(crate) offsets: Vec<u64>,
}

impl Run {
    /// The runs of clicks that are sorted already, given the workspace and the link of each.
    pub(crate) fn all(keys: impl Iterator<Item = (i64, i64)>) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for (start, (workspace, link)) in keys.enumerate() {
            if runs.last().is_none_or(|run| (run.workspace, run.link) != (workspace, link)) {
                runs.push(Run { workspace, link, start });
            }
        }
        runs
    }
}

impl Columns {
    /// Columns of which none is to be decoded.
    pub(crate) fn whole(
        runs: Vec<Run>,
        times: Times,
        visitors: Vec<u64>,
        dimensions: impl Iterator<Item = Option<Column>>,
        traces: Column<Box<[u8]>>,
        ids: Ids,
    ) -> Columns {
        Columns {
            clicks: times.len(),
            span: times.iter().min().zip(times.iter().max()),
            runs,
            block: None,
            times: times.into(),
            quarters: OnceLock::new(),
            visitors: visitors.into(),
            marks: OnceLock::new(),
            dimensions: dimensions
                .map(|column| column.map_or_else(OnceLock::new, Into::into))
                .collect(),
            traces: traces.into(),
            ids: ids.into(),
        }
    }

    /// Opens what [`Columns::encode`] wrote; nothing but the runs of links is decoded yet.
    pub fn decode(sealed: impl Into<bytes::Bytes>) -> Result<Columns, Broken> {
        let block = Block::open(&sealed.into())?;
        let (runs, links) = block.runs()?;
        let link = Dimension::named("link").ok_or(Broken::Absent)?;
        let mut dimensions: Vec<_> = DIMENSIONS.iter().map(|_| OnceLock::new()).collect();
        dimensions[link.index()] = links.into();
        Ok(Columns {
            clicks: block.clicks(),
            span: block.span()?,
            runs,
            block: Some(block),
            times: OnceLock::new(),
            quarters: OnceLock::new(),
            visitors: OnceLock::new(),
            marks: OnceLock::new(),
            dimensions,
            traces: OnceLock::new(),
            ids: OnceLock::new(),
        })
    }

    /// Seals the clicks: the bytes of a block.
    pub fn encode(&self) -> Result<Vec<u8>, Broken> {
        crate::block::encode(self)
    }

    /// How many clicks there are.
    pub fn len(&self) -> usize {
        self.clicks
    }

    pub fn is_empty(&self) -> bool {
        self.clicks == 0
    }

    /// The times of the first and of the last click, in milliseconds since 1970.
    pub fn span(&self) -> Option<(i64, i64)> {
        self.span
    }

    /// When the earliest click of some classes came; none where there is none.
    pub fn first(&self, of: impl Fn(Class) -> bool) -> Result<Option<i64>, Broken> {
        let classes = self.dimension(Dimension::named("class").ok_or(Broken::Absent)?)?;
        let class = |value: &Value| match value {
            Value::Text(name) => Class::named(name),
            Value::Flag(_) | Value::Number(_) => None,
        };
        // As of a click that is read alone: whose class is not known counts as a person.
        let is_asked = |class: Option<Class>| of(class.unwrap_or_default());
        let asked: Vec<bool> = std::iter::once(is_asked(None))
            .chain(classes.values.iter().map(|value| is_asked(class(value))))
            .collect();
        let times = self.times()?.iter().zip(classes.codes.iter());
        Ok(times.filter(|(_, code)| asked[*code as usize]).map(|(at, _)| at).min())
    }

    /// A click as it was pushed, with its id where it had one.
    ///
    /// # Panics
    ///
    /// Where `place` is not below [`Columns::len`].
    pub fn click(&self, place: usize) -> Result<(Click<'_>, Option<ClickId>), Broken> {
        assert!(place < self.clicks, "{place} is not below the {} clicks there are", self.clicks);
        let mut click = Click { at: self.times()?.get(place), ..Click::default() };
        let run = self.runs.partition_point(|run| run.start <= place) - 1;
        click.workspace = self.runs[run].workspace;
        for dimension in DIMENSIONS {
            if let Source::Column { write, .. } = dimension.source
                && let Some(value) = self.dimension(dimension)?.value(place)
            {
                write(&mut click, value.borrowed());
            }
        }
        click.visitor = Some(self.visitors()?[place]).filter(|visitor| *visitor != 0);
        click.trace = self.traces()?.value(place).map_or(&[], |trace| trace);
        Ok((click, self.id(place)?))
    }

    /// The id of a click, where it had one.
    pub(crate) fn id(&self, place: usize) -> Result<Option<ClickId>, Broken> {
        let ids = self.ids()?;
        let segment = ids.segments.value(place).and_then(|segment| (**segment).try_into().ok());
        Ok(segment.map(|segment| ClickId {
            segment: u128::from_be_bytes(segment),
            offset: ids.offsets[place],
        }))
    }

    /// The place of the click with this id, where it is here.
    pub fn find(&self, id: ClickId) -> Result<Option<usize>, Broken> {
        let ids = self.ids()?;
        let segment = id.segment.to_be_bytes();
        let code = ids.segments.values.iter().position(|value| **value == segment);
        Ok(code.and_then(|code| {
            (0..self.clicks).find(|&place| {
                ids.offsets[place] == id.offset
                    && ids.segments.codes.get(place) as usize == code + 1
            })
        }))
    }

    /// Where the clicks of some visitors of a workspace are, told by their hashes, of which none is 0.
    pub fn of_visitors(
        &self,
        workspace: WorkspaceId,
        visitors: &[u64],
    ) -> Result<Vec<usize>, Broken> {
        let hashes = self.visitors()?;
        let places = self.places(workspace, None).into_iter().flatten();
        Ok(places.filter(|place| visitors.contains(&hashes[*place])).collect())
    }

    /// The clicks that are to stay, in their order; how many go.
    pub fn retain(
        &self,
        stays: impl Fn(&Click<'_>, Option<ClickId>) -> bool,
    ) -> Result<(Columns, usize), Broken> {
        let mut builder = Builder::default();
        for place in 0..self.clicks {
            let (click, id) = self.click(place)?;
            if stays(&click, id) {
                builder.push(&click, id);
            }
        }
        Ok((builder.columns(), self.clicks - builder.len()))
    }

    /// The clicks of a segment, from one offset up to another.
    pub fn of_segment(
        &self,
        segment: u128,
        offsets: Range<u64>,
    ) -> Result<Vec<(Click<'_>, ClickId)>, Broken> {
        let ids = self.ids()?;
        let name = segment.to_be_bytes();
        let Some(code) = ids.segments.values.iter().position(|value| **value == name) else {
            return Ok(Vec::new());
        };
        let is_it = |place: &usize| {
            offsets.contains(&ids.offsets[*place])
                && ids.segments.codes.get(*place) as usize == code + 1
        };
        let click = |place| {
            let (click, _) = self.click(place)?;
            Ok((click, ClickId { segment, offset: ids.offsets[place] }))
        };
        (0..self.clicks).filter(is_it).map(click).collect()
    }

    /// The values that clicks of this batch have, for whoever offers them to choose from; none where
    /// only a clock tells.
    pub fn values(&self, dimension: &Dimension) -> Result<&[Value], Broken> {
        Ok(if dimension.clock().is_none() { &self.dimension(dimension)?.values } else { &[] })
    }

    /// Where the clicks of a workspace are, or those of some of its links; in order, with nothing
    /// between two that touch.
    pub fn places(
        &self,
        workspace: WorkspaceId,
        links: Option<&BTreeSet<LinkId>>,
    ) -> Vec<Range<usize>> {
        let workspace = workspace.number();
        let from = self.runs.partition_point(|run| run.workspace < workspace);
        let to = self.runs.partition_point(|run| run.workspace <= workspace);
        let runs = &self.runs[from..to];
        let end = self.runs.get(to).map_or(self.clicks, |run| run.start);
        let Some(links) = links else {
            return runs.first().map(|first| first.start..end).into_iter().collect();
        };
        let mut places: Vec<Range<usize>> = Vec::new();
        let mut add = |run: usize| {
            let start = runs[run].start;
            let end = runs.get(run + 1).map_or(end, |next| next.start);
            match places.last_mut() {
                Some(last) if last.end == start => last.end = end,
                _ => places.push(start..end),
            }
        };
        // Whichever are fewer are looked for among the others.
        if links.len() <= runs.len() {
            let found = |link: &LinkId| runs.binary_search_by_key(&link.number(), |run| run.link);
            links.iter().filter_map(|link| found(link).ok()).for_each(&mut add);
        } else {
            let asked = |run: &Run| LinkId::new(run.link).is_some_and(|link| links.contains(&link));
            (0..runs.len()).filter(|&run| asked(&runs[run])).for_each(&mut add);
        }
        places
    }

    /// Bytes in memory: the sealed ones, and each column that is decoded by now.
    pub fn bytes(&self) -> Vec<(&'static str, usize)> {
        let mut bytes = vec![
            ("sealed", self.block.as_ref().map_or(0, Block::bytes)),
            ("runs", self.runs.len() * size_of::<Run>()),
            ("time", self.times.get().map_or(0, Times::bytes)),
            (
                "quarter",
                self.quarters.get().into_iter().flatten().map(|it| 2 * it.after.len()).sum(),
            ),
            ("visitor", self.visitors.get().map_or(0, |visitors| 8 * visitors.len())),
            ("visitor's mark", self.marks.get().map_or(0, Marks::bytes)),
        ];
        bytes.extend(
            DIMENSIONS
                .iter()
                .zip(&self.dimensions)
                .map(|(dimension, column)| (dimension.name, column.get().map_or(0, Column::bytes))),
        );
        bytes.push(("trace", self.traces.get().map_or(0, |traces| traces.codes.bytes())));
        let ids = self.ids.get();
        bytes.push(("id", ids.map_or(0, |ids| ids.segments.codes.bytes() + 8 * ids.offsets.len())));
        bytes
    }

    pub(crate) fn runs(&self) -> &[Run] {
        &self.runs
    }

    pub(crate) fn times(&self) -> Result<&Times, Broken> {
        self.decoded(&self.times, Block::times)
    }

    pub(crate) fn visitors(&self) -> Result<&[u64], Broken> {
        self.decoded(&self.visitors, Block::visitors).map(Vec::as_slice)
    }

    pub(crate) fn quarters(&self) -> Result<Option<&Quarters>, Broken> {
        if let Some(quarters) = self.quarters.get() {
            return Ok(quarters.as_ref());
        }
        let quarters = self.times()?.quarters();
        Ok(self.quarters.get_or_init(|| quarters).as_ref())
    }

    /// What questions need to know of visitors, for which their hashes need not stay.
    pub(crate) fn marks(&self) -> Result<&Marks, Broken> {
        if let Some(marks) = self.marks.get() {
            return Ok(marks);
        }
        let marks = match self.visitors.get() {
            Some(hashes) => Marks::new(hashes),
            None => Marks::new(&self.block.as_ref().ok_or(Broken::Absent)?.visitors()?),
        };
        Ok(self.marks.get_or_init(|| marks))
    }

    /// The column of a dimension that is not read off the clock.
    pub(crate) fn dimension(&self, dimension: &Dimension) -> Result<&Column, Broken> {
        let column = &self.dimensions[dimension.index()];
        if let Source::Derived { of, read } = dimension.source {
            if let Some(column) = column.get() {
                return Ok(column);
            }
            let of = Dimension::named(of).ok_or(Broken::Absent)?;
            let derived = self.dimension(of)?.derived(read);
            return Ok(column.get_or_init(|| derived));
        }
        self.decoded(column, |block| block.dimension(dimension))
    }

    pub(crate) fn traces(&self) -> Result<&Column<Box<[u8]>>, Broken> {
        self.decoded(&self.traces, Block::traces)
    }

    pub(crate) fn ids(&self) -> Result<&Ids, Broken> {
        self.decoded(&self.ids, Block::ids)
    }

    /// What is here already, or is decoded now. Two threads may do so at once; one of them wins.
    fn decoded<'a, T>(
        &'a self,
        column: &'a OnceLock<T>,
        decode: impl FnOnce(&Block) -> Result<T, Broken>,
    ) -> Result<&'a T, Broken> {
        if let Some(column) = column.get() {
            return Ok(column);
        }
        let block = self.block.as_ref().ok_or(Broken::Absent)?;
        let decoded = decode(block)?;
        Ok(column.get_or_init(|| decoded))
    }
}

/// Two batches are the same if their clicks are.
impl PartialEq for Columns {
    fn eq(&self, other: &Columns) -> bool {
        self.clicks == other.clicks
            && (0..self.clicks).all(|place| match (self.click(place), other.click(place)) {
                (Ok(ours), Ok(theirs)) => ours == theirs,
                _ => false,
            })
    }
}
