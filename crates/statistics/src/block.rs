//! A sealed block: the columns as a Parquet file, followed by a checksum of it.
//!
//! Every text and number is dictionary-coded, so that decoding a column is unpacking its codes; the
//! times are differences. Why Parquet, and what it costs: `docs/decisions/0005-click-blocks.md`.

mod pages;
mod schema;
mod write;

use bytes::Bytes;
use parquet::{
    basic::Type as Physical,
    column::reader::ColumnReader,
    errors::ParquetError,
    file::{
        metadata::ColumnChunkMetaData,
        reader::{FileReader, SerializedFileReader},
        statistics::Statistics,
    },
};

pub(crate) use write::encode;

use crate::{
    column::Column,
    columns::{Ids, Run},
    dimension::Dimension,
    times::Times,
    value::Value,
};

/// Bytes of the checksum (CRC-32C, little-endian) after the file.
const CHECKSUM: usize = 4;

/// Why a block cannot be read, or not be made.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    #[error("click block: its checksum does not fit its {0} bytes")]
    Checksum(usize),
    #[error("click block: {0}")]
    Parquet(#[from] ParquetError),
    #[error("click block: column `{0}` is missing or is not what we write")]
    Column(&'static str),
    #[error("click block: a column is not there")]
    Absent,
}

type Result<T> = std::result::Result<T, Broken>;

/// A block of which the footer is read.
pub(crate) struct Block {
    file: SerializedFileReader<Bytes>,
    bytes: usize,
}

impl Block {
    pub(crate) fn open(sealed: &Bytes) -> Result<Block> {
        let bytes = sealed.len();
        let file = SerializedFileReader::new(file(sealed)?)?;
        if file.num_row_groups() != 1 {
            return Err(Broken::Column("time"));
        }
        Ok(Block { file, bytes })
    }

    pub(crate) fn clicks(&self) -> usize {
        usize::try_from(self.file.metadata().row_group(0).num_rows()).unwrap_or(0)
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The times of the first and of the last click.
    pub(crate) fn span(&self) -> Result<Option<(i64, i64)>> {
        if self.clicks() == 0 {
            return Ok(None);
        }
        match self.chunk(schema::TIME)?.1.statistics() {
            Some(Statistics::Int64(span)) => {
                let span = span.min_opt().copied().zip(span.max_opt().copied());
                span.map(Some).ok_or(Broken::Column(schema::TIME))
            }
            _ => Err(Broken::Column(schema::TIME)),
        }
    }

    /// Where each link's clicks begin, and the column of links.
    pub(crate) fn runs(&self) -> Result<(Vec<Run>, Column)> {
        let workspaces = self.column(schema::WORKSPACE)?;
        let links = self.column(schema::LINK)?;
        let number = |column: &Column, click| match column.value(click) {
            Some(Value::Number(number)) => *number,
            _ => 0,
        };
        let codes = workspaces.codes.iter().zip(links.codes.iter());
        let (mut runs, mut before): (Vec<Run>, _) = (Vec::new(), None);
        for (start, codes) in codes.enumerate() {
            if before.replace(codes) != Some(codes) {
                let (workspace, link) = (number(&workspaces, start), number(&links, start));
                runs.push(Run { workspace, link, start });
            }
        }
        let key = |run: &Run| (run.workspace, run.link);
        let sorted = runs.is_sorted_by(|one, next| key(one) < key(next));
        if sorted { Ok((runs, links)) } else { Err(Broken::Column(schema::LINK)) }
    }

    pub(crate) fn times(&self) -> Result<Times> {
        self.numbers(schema::TIME).map(Times::new)
    }

    pub(crate) fn visitors(&self) -> Result<Vec<u64>> {
        let visitors = self.numbers(schema::VISITOR)?;
        Ok(visitors.into_iter().map(|visitor| visitor as u64).collect())
    }

    /// Nothing is known of a dimension that came into the table after the block was sealed.
    pub(crate) fn dimension(&self, dimension: &Dimension) -> Result<Column> {
        match self.place(dimension.name) {
            Some(_) => self.column(dimension.name),
            None => Ok(Column::unknown(self.clicks())),
        }
    }

    pub(crate) fn traces(&self) -> Result<Column<Box<[u8]>>> {
        let (place, chunk) = self.chunk(schema::TRACE)?;
        pages::bytes(schema::TRACE, self.pages(place)?, chunk, self.clicks())
    }

    pub(crate) fn ids(&self) -> Result<Ids> {
        let (place, chunk) = self.chunk(schema::SEGMENT)?;
        let segments = pages::bytes(schema::SEGMENT, self.pages(place)?, chunk, self.clicks())?;
        let offsets = self.numbers(schema::OFFSET)?;
        Ok(Ids { segments, offsets: offsets.into_iter().map(|offset| offset as u64).collect() })
    }

    fn column(&self, name: &'static str) -> Result<Column> {
        let (place, chunk) = self.chunk(name)?;
        pages::values(name, self.pages(place)?, chunk, self.clicks())
    }

    /// The numbers of a column without a dictionary, 0 where there is none.
    fn numbers(&self, name: &'static str) -> Result<Vec<i64>> {
        let (place, chunk) = self.chunk(name)?;
        let optional = 0 < chunk.column_descr().max_def_level();
        let group = self.file.get_row_group(0)?;
        let ColumnReader::Int64ColumnReader(mut reader) = group.get_column_reader(place)? else {
            return Err(Broken::Column(name));
        };
        let (mut levels, mut values) = (Vec::new(), Vec::with_capacity(self.clicks()));
        let read = reader.read_records(
            self.clicks(),
            optional.then_some(&mut levels),
            None,
            &mut values,
        )?;
        if read.0 != self.clicks() {
            return Err(Broken::Column(name));
        }
        if values.len() == self.clicks() {
            return Ok(values);
        }
        let mut values = values.into_iter();
        let present = levels.iter().map(|level| if *level == 0 { None } else { values.next() });
        Ok(present.map(Option::unwrap_or_default).collect())
    }

    fn chunk(&self, name: &'static str) -> Result<(usize, &ColumnChunkMetaData)> {
        let place = self.place(name).ok_or(Broken::Column(name))?;
        Ok((place, self.file.metadata().row_group(0).column(place)))
    }

    fn place(&self, name: &str) -> Option<usize> {
        let chunks = self.file.metadata().row_group(0).columns();
        chunks.iter().position(|chunk| chunk.column_descr().name() == name)
    }

    fn pages(&self, place: usize) -> Result<pages::Pages> {
        Ok(self.file.get_row_group(0)?.get_column_page_reader(place)?)
    }
}

impl std::fmt::Debug for Block {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Block").field("clicks", &self.clicks()).field("bytes", &self.bytes).finish()
    }
}

/// The Parquet file in a sealed block, which any tool reads.
pub fn file(sealed: &Bytes) -> Result<Bytes> {
    let damaged = Broken::Checksum(sealed.len());
    let Some(end) = sealed.len().checked_sub(CHECKSUM) else {
        return Err(damaged);
    };
    let file = sealed.slice(..end);
    if crc32c::crc32c(&file).to_le_bytes() == sealed[end..] { Ok(file) } else { Err(damaged) }
}

/// Whether a column's values are stored as this type.
fn is(chunk: &ColumnChunkMetaData, physical: Physical) -> bool {
    chunk.column_type() == physical
}

#[cfg(test)]
mod tests {
    use model::Click;

    use super::*;
    use crate::{Builder, Kind, Source};

    #[test]
    fn nothing_is_known_of_a_dimension_that_a_block_is_too_old_for() {
        let mut builder = Builder::default();
        builder.push(&Click::default(), None);
        let block = Block::open(&builder.columns().encode().unwrap().into()).unwrap();
        let source = Source::Column { read: |_| None, write: |_, _| {} };
        let mood = Dimension { name: "mood", label: "Mood", kind: Kind::Text, source };
        assert_eq!(block.dimension(&mood).unwrap().value(0), None);
    }
}
