//! As much of CBOR (RFC 8949) as devices write passkeys in: whole numbers, bytes, texts, lists, maps.

/// A value of those kinds; `Other` is a truth or a null.
#[derive(Debug, PartialEq)]
pub enum Value<'c> {
    Int(i64),
    Bytes(&'c [u8]),
    Text(&'c str),
    List(Vec<Value<'c>>),
    Map(Vec<(Value<'c>, Value<'c>)>),
    Other,
}

/// How deep values stand in values.
const DEEPEST: usize = 8;

/// The first value of some bytes, and what follows it; none where there is none that is whole.
pub fn read(bytes: &[u8]) -> Option<(Value<'_>, &[u8])> {
    read_at(bytes, 0)
}

impl<'c> Value<'c> {
    /// What a map has under a key.
    pub fn get(&self, wanted: &Value<'_>) -> Option<&Value<'c>> {
        let Value::Map(pairs) = self else { return None };
        pairs.iter().find(|(key, _)| key == wanted).map(|(_, value)| value)
    }

    pub fn bytes(&self) -> Option<&'c [u8]> {
        if let Value::Bytes(bytes) = self { Some(bytes) } else { None }
    }
}

fn read_at(bytes: &[u8], depth: usize) -> Option<(Value<'_>, &[u8])> {
    if DEEPEST < depth {
        return None;
    }
    let (kind, number, rest) = head(bytes)?;
    match kind {
        0 => Some((Value::Int(i64::try_from(number).ok()?), rest)),
        1 => Some((Value::Int(-1 - i64::try_from(number).ok()?), rest)),
        2 | 3 => {
            let (content, rest) = rest.split_at_checked(usize::try_from(number).ok()?)?;
            let text = || std::str::from_utf8(content).ok().map(Value::Text);
            let value = if kind == 2 { Value::Bytes(content) } else { text()? };
            Some((value, rest))
        }
        4 => {
            let (mut values, mut rest) = (Vec::new(), rest);
            for _ in 0..number {
                let (value, after) = read_at(rest, depth + 1)?;
                values.push(value);
                rest = after;
            }
            Some((Value::List(values), rest))
        }
        5 => {
            let (mut pairs, mut rest) = (Vec::new(), rest);
            for _ in 0..number {
                let (key, after) = read_at(rest, depth + 1)?;
                let (value, after) = read_at(after, depth + 1)?;
                pairs.push((key, value));
                rest = after;
            }
            Some((Value::Map(pairs), rest))
        }
        7 if (20..=23).contains(&number) => Some((Value::Other, rest)),
        _ => None,
    }
}

/// The kind of a value and the number in its head, which may follow in one to eight bytes.
fn head(bytes: &[u8]) -> Option<(u8, u64, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    let (kind, short) = (first >> 5, first & 31);
    let length = match short {
        0..=23 => return Some((kind, u64::from(short), rest)),
        24..=27 => 1 << (short - 24),
        _ => return None,
    };
    let (number, rest) = rest.split_at_checked(length)?;
    let number = number.iter().fold(0, |number, &byte| number << 8 | u64::from(byte));
    Some((kind, number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: Option<&Value<'_>>) {
        assert_eq!(read(bytes).map(|(value, _)| value).as_ref(), expected, "{bytes:02x?}");
    }

    #[test]
    fn values_read_as_the_rfc_writes_them() {
        check(&[0x17], Some(&Value::Int(23)));
        check(&[0x18, 0x64], Some(&Value::Int(100)));
        check(&[0x26], Some(&Value::Int(-7)));
        check(&[0x39, 0x01, 0x00], Some(&Value::Int(-257)));
        check(&[0x42, 1, 2], Some(&Value::Bytes(&[1, 2])));
        check(&[0x63, b'f', b'm', b't'], Some(&Value::Text("fmt")));
        let map = Value::Map(vec![(Value::Int(1), Value::List(vec![Value::Other]))]);
        check(&[0xa1, 0x01, 0x81, 0xf5], Some(&map));
        assert_eq!(read(&[0x01, 0x02]).unwrap().1, [0x02]);
    }

    #[test]
    fn what_is_broken_too_long_or_too_deep_is_none() {
        check(&[], None);
        check(&[0x42, 1], None);
        check(&[0x62, 0xff, 0xff], None);
        check(&[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], None);
        check(&[0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], None);
        check(&[0x5f, 0x41, 1, 0xff], None);
        check(&[0xfb, 0, 0, 0, 0, 0, 0, 0, 0], None);
        check(&[0x81; 9], None);
    }
}
