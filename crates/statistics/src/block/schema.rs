//! The columns of a block's file: a few of their own, and one for each dimension that has one.

use std::sync::Arc;

use parquet::{
    basic::{LogicalType, Repetition, TimeUnit, Type as Physical},
    errors::Result,
    schema::types::{Type, TypePtr},
};

use crate::dimension::{DIMENSIONS, Kind};

pub(super) const WORKSPACE: &str = "workspace";
pub(super) const TIME: &str = "time";
pub(super) const VISITOR: &str = "visitor";
pub(super) const TRACE: &str = "trace";
pub(super) const SEGMENT: &str = "segment";
pub(super) const OFFSET: &str = "offset";
/// The dimension by which clicks are sorted.
pub(super) const LINK: &str = "link";

/// In the order in which they are written.
pub(super) fn schema() -> Result<TypePtr> {
    let milliseconds = LogicalType::timestamp(true, TimeUnit::MILLIS);
    let unsigned = LogicalType::integer(64, false);
    let mut columns = vec![
        required(WORKSPACE, Physical::INT64, None)?,
        required(TIME, Physical::INT64, Some(milliseconds))?,
        optional(VISITOR, Physical::INT64, Some(unsigned.clone()))?,
        optional(TRACE, Physical::BYTE_ARRAY, None)?,
        optional(SEGMENT, Physical::BYTE_ARRAY, None)?,
        required(OFFSET, Physical::INT64, Some(unsigned))?,
    ];
    for dimension in DIMENSIONS.iter().filter(|dimension| dimension.has_column()) {
        columns.push(match dimension.kind {
            Kind::Text => {
                optional(dimension.name, Physical::BYTE_ARRAY, Some(LogicalType::String))?
            }
            Kind::Number | Kind::Id => optional(dimension.name, Physical::INT64, None)?,
            Kind::Flag => optional(dimension.name, Physical::BOOLEAN, None)?,
        });
    }
    Type::group_type_builder("click").with_fields(columns).build().map(Arc::new)
}

fn required(name: &str, physical: Physical, meaning: Option<LogicalType>) -> Result<TypePtr> {
    column(name, physical, meaning, Repetition::REQUIRED)
}

fn optional(name: &str, physical: Physical, meaning: Option<LogicalType>) -> Result<TypePtr> {
    column(name, physical, meaning, Repetition::OPTIONAL)
}

fn column(
    name: &str,
    physical: Physical,
    meaning: Option<LogicalType>,
    repetition: Repetition,
) -> Result<TypePtr> {
    let column = Type::primitive_type_builder(name, physical)
        .with_repetition(repetition)
        .with_logical_type(meaning);
    column.build().map(Arc::new)
}
