//! A column's pages: its dictionary, and the codes of its clicks as they lie in the file.
//!
//! Parquet's own readers give a value for each click. We want its code, which is what is stored.

use parquet::{
    basic::{Encoding, Type as Physical},
    column::page::{Page, PageReader},
    file::metadata::ColumnChunkMetaData,
};

use super::{Broken, is};
use crate::{codes::NONE, column::Column, value::Value};

pub(super) type Pages = Box<dyn PageReader>;

type Result<T> = std::result::Result<T, Broken>;

/// A column of texts, numbers or flags.
pub(super) fn values(
    name: &'static str,
    pages: Pages,
    chunk: &ColumnChunkMetaData,
    clicks: usize,
) -> Result<Column> {
    if is(chunk, Physical::BOOLEAN) {
        let (codes, _) = read(name, pages, chunk, clicks)?;
        let flags = vec![Value::Flag(false), Value::Flag(true)];
        return Column::checked(&codes, flags).ok_or(Broken::Column(name));
    }
    let (codes, dictionary) = read(name, pages, chunk, clicks)?;
    let values = if is(chunk, Physical::INT64) {
        let (numbers, []) = dictionary.as_chunks() else {
            return Err(Broken::Column(name));
        };
        numbers.iter().map(|number| Value::Number(i64::from_le_bytes(*number))).collect()
    } else {
        let text = |bytes| std::str::from_utf8(bytes).map(|text| Value::Text(text.into()));
        let texts = arrays(&dictionary).map(|array| text(array?).ok());
        texts.collect::<Option<_>>().ok_or(Broken::Column(name))?
    };
    Column::checked(&codes, values).ok_or(Broken::Column(name))
}

/// A column of bytes.
pub(super) fn bytes(
    name: &'static str,
    pages: Pages,
    chunk: &ColumnChunkMetaData,
    clicks: usize,
) -> Result<Column<Box<[u8]>>> {
    let (codes, dictionary) = read(name, pages, chunk, clicks)?;
    let values = arrays(&dictionary).map(|array| array.map(Box::from)).collect::<Option<_>>();
    values.and_then(|values| Column::checked(&codes, values)).ok_or(Broken::Column(name))
}

/// Our codes of all clicks, and the bytes of the dictionary.
fn read(
    name: &'static str,
    mut pages: Pages,
    chunk: &ColumnChunkMetaData,
    clicks: usize,
) -> Result<(Vec<u32>, Vec<u8>)> {
    let optional = 0 < chunk.column_descr().max_def_level();
    let (mut codes, mut dictionary) = (Vec::with_capacity(clicks), Vec::new());
    while let Some(page) = pages.get_next_page()? {
        match page {
            Page::DictionaryPage { buf, .. } => dictionary = buf.to_vec(),
            Page::DataPage { buf, num_values, encoding, .. } => {
                let clicks = num_values as usize;
                let page = data(&buf, clicks, optional, encoding);
                codes.extend(page.ok_or(Broken::Column(name))?);
            }
            Page::DataPageV2 { .. } => return Err(Broken::Column(name)),
        }
    }
    if codes.len() == clicks { Ok((codes, dictionary)) } else { Err(Broken::Column(name)) }
}

/// The codes of a page of so many clicks.
fn data(page: &[u8], clicks: usize, optional: bool, encoding: Encoding) -> Option<Vec<u32>> {
    let (levels, values) = if optional {
        let (length, rest) = page.split_first_chunk()?;
        let (levels, values) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        (hybrid(levels, 1, clicks)?, values)
    } else {
        (vec![1; clicks], page)
    };
    let present = levels.iter().filter(|level| **level != 0).count();
    let stored = match encoding {
        _ if present == 0 => Vec::new(),
        Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY => {
            let (width, codes) = values.split_first()?;
            hybrid(codes, (*width).into(), present)?
        }
        // Of what we write only flags have no dictionary.
        Encoding::PLAIN => packed(values, 1, present)?,
        _ => return None,
    };
    if present == clicks {
        return Some(stored.into_iter().map(|code| code.saturating_add(1)).collect());
    }
    let mut next = 0;
    let code = |level: u32| {
        if level == 0 {
            return NONE;
        }
        next += 1;
        stored[next - 1].saturating_add(1)
    };
    Some(levels.into_iter().map(code).collect())
}

/// So many integers of `width` bits as runs and packed groups of eight, which Parquet calls the
/// hybrid encoding.
fn hybrid(mut input: &[u8], width: u32, count: usize) -> Option<Vec<u32>> {
    if u32::BITS < width {
        return None;
    }
    let mut integers = Vec::with_capacity(count);
    while integers.len() < count {
        let header = varint(&mut input)?;
        let left = count - integers.len();
        let length = (header >> 1) as usize;
        if header & 1 == 0 {
            let (value, rest) = input.split_at_checked(width.div_ceil(8) as usize)?;
            input = rest;
            let mut bytes = [0; 4];
            bytes[..value.len()].copy_from_slice(value);
            integers.resize(integers.len() + length.min(left), u32::from_le_bytes(bytes));
            if length == 0 {
                return None;
            }
        } else {
            let size = length.checked_mul(width as usize)?;
            // The last group may be cut where its integers end.
            let (groups, rest) = input.split_at(size.min(input.len()));
            input = rest;
            let count = length.checked_mul(8)?.min(left);
            if count == 0 {
                return None;
            }
            integers.extend(packed(groups, width, count)?);
        }
    }
    Some(integers)
}

/// So many integers of `width` bits, the lowest bit first.
fn packed(bytes: &[u8], width: u32, count: usize) -> Option<Vec<u32>> {
    if width == 0 {
        return Some(vec![0; count]);
    }
    if bytes.len() < (count.checked_mul(width as usize)?).div_ceil(8) {
        return None;
    }
    let mask = (1_u64 << width) - 1;
    let integer = |nth: usize| {
        let bit = nth * width as usize;
        let rest = &bytes[bit / 8..];
        let word = rest.first_chunk().copied().unwrap_or_else(|| {
            let mut last = [0; 8];
            last[..rest.len()].copy_from_slice(rest);
            last
        });
        (u64::from_le_bytes(word) >> (bit % 8) & mask) as u32
    };
    Some((0..count).map(integer).collect())
}

fn varint(input: &mut &[u8]) -> Option<u32> {
    let mut number = 0_u32;
    for shift in (0..u32::BITS).step_by(7) {
        let (byte, rest) = input.split_first()?;
        *input = rest;
        number |= u32::from(byte & 0x7f).checked_shl(shift)?;
        if *byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// Byte arrays, each after its length; a none where they end too early.
fn arrays(mut input: &[u8]) -> impl Iterator<Item = Option<&[u8]>> {
    std::iter::from_fn(move || {
        if input.is_empty() {
            return None;
        }
        let array = input
            .split_first_chunk()
            .and_then(|(length, rest)| rest.split_at_checked(u32::from_le_bytes(*length) as usize));
        let (array, rest) = array.map_or((None, &[][..]), |(array, rest)| (Some(array), rest));
        input = rest;
        Some(array)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Bit by bit, the lowest first.
    fn pack(integers: &[u32], width: u32) -> Vec<u8> {
        let mut bytes = vec![0; (integers.len() * width as usize).div_ceil(8)];
        for (nth, integer) in integers.iter().enumerate() {
            for bit in (0..width).filter(|bit| integer >> bit & 1 == 1) {
                let place = nth * width as usize + bit as usize;
                bytes[place / 8] |= 1 << (place % 8);
            }
        }
        bytes
    }

    proptest! {
        #[test]
        fn integers_of_every_width_are_unpacked(
            width in 1..=u32::BITS, integers in prop::collection::vec(any::<u32>(), 0..40),
        ) {
            let cut = |integer: u32| integer & (u32::MAX >> (u32::BITS - width));
            let integers: Vec<u32> = integers.into_iter().map(cut).collect();
            let bytes = pack(&integers, width);
            prop_assert_eq!(packed(&bytes, width, integers.len()), Some(integers.clone()));
            if let Some((_, short)) = bytes.split_last() {
                prop_assert_eq!(packed(short, width, integers.len()), None);
            }
        }

        #[test]
        fn any_bytes_are_integers_or_none(input: Vec<u8>, width in 0_u32..40, count in 0_usize..99) {
            let integers = hybrid(&input, width, count);
            prop_assert!(integers.is_none_or(|integers| integers.len() == count));
        }
    }

    #[test]
    fn runs_and_groups_take_turns() {
        // Three of 5 (a run), then eight packed in three bits each.
        let mut input = vec![3 << 1, 5, 1 << 1 | 1];
        input.extend(pack(&[0, 1, 2, 3, 4, 5, 6, 7], 3));
        assert_eq!(hybrid(&input, 3, 10), Some(vec![5, 5, 5, 0, 1, 2, 3, 4, 5, 6]));
        assert_eq!(hybrid(&input, 3, 12), None);
    }
}
