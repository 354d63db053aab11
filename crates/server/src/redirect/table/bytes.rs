//! Numbers and texts as bytes, and back.

/// Where records are written to.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub bytes: Vec<u8>,
}

/// What is left to be read of a record. What is not there, or could not have been written, is none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'b> {
    bytes: &'b [u8],
}

impl Writer {
    /// Seven bits a byte, the lowest first; all bytes but the last have their highest bit set.
    pub fn number(&mut self, mut number: u64) {
        while 0x7f < number {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    /// Small ones of either sign are short.
    pub fn signed(&mut self, number: i64) {
        self.number((number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned());
    }

    /// Eight bytes, whatever the number.
    pub fn fixed(&mut self, number: i64) {
        self.bytes.extend(number.to_le_bytes());
    }

    pub fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes.extend(text.as_bytes());
    }

    /// An empty text is not the same as none.
    pub fn maybe_text(&mut self, text: Option<&str>) {
        self.number(text.map_or(0, |text| text.len() as u64 + 1));
        self.bytes.extend(text.unwrap_or_default().as_bytes());
    }

    pub fn list<T>(&mut self, items: &[T], write: impl Fn(&mut Writer, &T)) {
        self.number(items.len() as u64);
        for item in items {
            write(self, item);
        }
    }
}

impl<'b> Reader<'b> {
    pub fn new(bytes: &'b [u8]) -> Reader<'b> {
        Reader { bytes }
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    pub fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    pub fn fixed(&mut self) -> Option<i64> {
        let (number, rest) = self.bytes.split_first_chunk()?;
        self.bytes = rest;
        Some(i64::from_le_bytes(*number))
    }

    pub fn text(&mut self) -> Option<&'b str> {
        let length = self.number()?;
        self.take(length)
    }

    pub fn maybe_text(&mut self) -> Option<Option<&'b str>> {
        match self.number()? {
            0 => Some(None),
            more => self.take(more - 1).map(Some),
        }
    }

    pub fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = usize::try_from(self.number()?).ok()?;
        // Every item has a byte at least: a count beyond that would only take memory.
        if self.bytes.len() < count {
            return None;
        }
        (0..count).map(|_| read(self)).collect()
    }

    /// What is read where `is_there`.
    pub fn maybe<T>(
        &mut self,
        is_there: bool,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<Option<T>> {
        if is_there { read(self).map(Some) } else { Some(None) }
    }

    fn take(&mut self, length: u64) -> Option<&'b str> {
        let (text, rest) = self.bytes.split_at_checked(usize::try_from(length).ok()?)?;
        self.bytes = rest;
        str::from_utf8(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_reads_back(
            number: u64,
            signed: i64,
            text in ".*",
            maybe in proptest::option::of(".*"),
            list: Vec<i64>,
        ) {
            let mut to = Writer::default();
            to.number(number);
            to.signed(signed);
            to.fixed(signed);
            to.text(&text);
            to.maybe_text(maybe.as_deref());
            to.list(&list, |to, item| to.signed(*item));
            let mut from = Reader::new(&to.bytes);
            prop_assert_eq!(from.number(), Some(number));
            prop_assert_eq!((from.signed(), from.fixed()), (Some(signed), Some(signed)));
            prop_assert_eq!(from.text(), Some(&*text));
            prop_assert_eq!(from.maybe_text(), Some(maybe.as_deref()));
            prop_assert_eq!(from.list(Reader::signed), Some(list));
            prop_assert!(from.is_empty());
        }
    }

    #[test]
    fn small_numbers_are_short() {
        for (number, expected) in [(0, 1), (-64, 1), (63, 1), (64, 2), (i64::MIN, 10)] {
            let mut to = Writer::default();
            to.signed(number);
            assert_eq!(to.bytes.len(), expected, "{number}");
        }
    }
}
