//! Writing a block.

use std::sync::Arc;

use parquet::{
    basic::{Compression, Encoding},
    data_type::{BoolType, ByteArray, ByteArrayType, Int64Type},
    file::{
        properties::{EnabledStatistics, WriterProperties},
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::types::ColumnPath,
};

use super::{Broken, schema};
use crate::{
    column::Column,
    columns::Columns,
    dimension::{DIMENSIONS, Kind},
    value::Value,
};

type Result<T> = std::result::Result<T, Broken>;
type Group<'a, 'f> = SerializedRowGroupWriter<'a, &'f mut Vec<u8>>;

/// The bytes of a block.
pub(crate) fn encode(columns: &Columns) -> Result<Vec<u8>> {
    let mut sealed = Vec::new();
    let mut file =
        SerializedFileWriter::new(&mut sealed, schema::schema()?, Arc::new(properties()))?;
    let mut group = file.next_row_group()?;

    let runs = columns.runs();
    let ends = runs.iter().skip(1).map(|run| run.start).chain([columns.len()]);
    let workspaces: Vec<i64> = runs
        .iter()
        .zip(ends)
        .flat_map(|(run, end)| std::iter::repeat_n(run.workspace, end - run.start))
        .collect();
    numbers(&mut group, &workspaces)?;
    numbers(&mut group, &columns.times()?.iter().collect::<Vec<_>>())?;
    let visitors = columns.visitors()?;
    some_numbers(
        &mut group,
        visitors.iter().map(|&visitor| (visitor != 0).then_some(visitor as i64)),
    )?;
    bytes(&mut group, columns.traces()?)?;
    let ids = columns.ids()?;
    bytes(&mut group, &ids.segments)?;
    numbers(&mut group, &ids.offsets.iter().map(|&offset| offset as i64).collect::<Vec<_>>())?;

    for dimension in DIMENSIONS.iter().filter(|dimension| dimension.has_column()) {
        let column = columns.dimension(dimension)?;
        match dimension.kind {
            Kind::Text => texts(&mut group, column)?,
            Kind::Number | Kind::Id => {
                let numbers = (0..columns.len()).map(|click| match column.value(click) {
                    Some(Value::Number(number)) => Some(*number),
                    _ => None,
                });
                some_numbers(&mut group, numbers)?;
            }
            Kind::Flag => flags(&mut group, column)?,
        }
    }
    group.close()?;
    file.close()?;
    let checksum = crc32c::crc32c(&sealed);
    sealed.extend(checksum.to_le_bytes());
    Ok(sealed)
}

fn properties() -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_created_by("waypost".to_owned())
        .set_compression(Compression::LZ4_RAW)
        // One page a column, so that its dictionary and its codes are all there is.
        .set_data_page_row_count_limit(usize::MAX)
        .set_data_page_size_limit(usize::MAX)
        .set_dictionary_page_size_limit(usize::MAX)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_column_statistics_enabled(ColumnPath::from(schema::TIME), EnabledStatistics::Chunk)
        .set_offset_index_disabled(true);
    for (name, encoding) in [
        (schema::TIME, Encoding::DELTA_BINARY_PACKED),
        (schema::OFFSET, Encoding::DELTA_BINARY_PACKED),
        (schema::VISITOR, Encoding::PLAIN),
    ] {
        properties = properties
            .set_column_dictionary_enabled(ColumnPath::from(name), false)
            .set_column_encoding(ColumnPath::from(name), encoding);
    }
    // Hashes are as random as anything can be.
    properties
        .set_column_compression(ColumnPath::from(schema::VISITOR), Compression::UNCOMPRESSED)
        .build()
}

fn numbers(group: &mut Group<'_, '_>, numbers: &[i64]) -> Result<()> {
    let mut column = next(group)?;
    column.typed::<Int64Type>().write_batch(numbers, None, None)?;
    Ok(column.close()?)
}

fn some_numbers(
    group: &mut Group<'_, '_>,
    numbers: impl Iterator<Item = Option<i64>>,
) -> Result<()> {
    let (values, levels) = present(numbers);
    let mut column = next(group)?;
    column.typed::<Int64Type>().write_batch(&values, Some(&levels), None)?;
    Ok(column.close()?)
}

fn texts(group: &mut Group<'_, '_>, texts: &Column) -> Result<()> {
    let arrays = texts.values.iter().map(|value| match value {
        Value::Text(text) => ByteArray::from(&**text),
        Value::Flag(_) | Value::Number(_) => ByteArray::from(value.to_string().as_str()),
    });
    coded(group, texts, &arrays.collect::<Vec<_>>())
}

fn bytes(group: &mut Group<'_, '_>, bytes: &Column<Box<[u8]>>) -> Result<()> {
    let arrays = bytes.values.iter().map(|bytes| ByteArray::from(bytes.to_vec()));
    coded(group, bytes, &arrays.collect::<Vec<_>>())
}

fn coded<T>(group: &mut Group<'_, '_>, column: &Column<T>, arrays: &[ByteArray]) -> Result<()> {
    let array = |code: u32| code.checked_sub(1).map(|value| arrays[value as usize].clone());
    let (values, levels) = present(column.codes.iter().map(array));
    let mut column = next(group)?;
    column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)?;
    Ok(column.close()?)
}

fn flags(group: &mut Group<'_, '_>, flags: &Column) -> Result<()> {
    let flags = (0..flags.codes.len()).map(|click| match flags.value(click) {
        Some(Value::Flag(flag)) => Some(*flag),
        _ => None,
    });
    let (values, levels) = present(flags);
    let mut column = next(group)?;
    column.typed::<BoolType>().write_batch(&values, Some(&levels), None)?;
    Ok(column.close()?)
}

/// The values that there are, and for each click 1 where there is one.
fn present<T>(values: impl Iterator<Item = Option<T>>) -> (Vec<T>, Vec<i16>) {
    let (mut present, mut levels) = (Vec::new(), Vec::new());
    for value in values {
        levels.push(i16::from(value.is_some()));
        present.extend(value);
    }
    (present, levels)
}

fn next<'a>(
    group: &'a mut Group<'_, '_>,
) -> Result<parquet::file::writer::SerializedColumnWriter<'a>> {
    group.next_column()?.ok_or(Broken::Absent)
}
