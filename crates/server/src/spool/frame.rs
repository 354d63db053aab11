//! One record of a segment: `len u32 | CRC32C u32 | payload`, little-endian.

/// What a frame has before its payload.
pub(super) const HEAD_BYTES: usize = 8;

/// A longer payload is not recorded. A click is at most a fifth of it.
pub const PAYLOAD_BYTES: usize = 64 << 10;

/// What every checksum of a segment begins with.
///
/// Its random id goes in, so that no visitor can send bytes that pass for a frame where a reader
/// looks for the next whole one behind damage.
pub(super) fn seed(segment: u128) -> u32 {
    crc32c::crc32c(&segment.to_le_bytes())
}

pub(super) fn put(out: &mut Vec<u8>, seed: u32, payload: &[u8]) {
    let len = (payload.len() as u32).to_le_bytes();
    out.extend(len);
    out.extend(checksum(seed, len, payload).to_le_bytes());
    out.extend(payload);
}

/// How much of what stands at the beginning of some bytes is a frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Look<'a> {
    Whole(&'a [u8]),
    /// May be the beginning of a frame, of which more bytes would tell.
    Cut,
    Not,
}

pub(super) fn look(bytes: &[u8], seed: u32) -> Look<'_> {
    let Some((&len, rest)) = bytes.split_first_chunk() else { return Look::Cut };
    let Some((&sum, rest)) = rest.split_first_chunk() else { return Look::Cut };
    let payload = u32::from_le_bytes(len) as usize;
    if PAYLOAD_BYTES < payload {
        return Look::Not;
    }
    match rest.get(..payload) {
        None => Look::Cut,
        // The length is part of the sum, so that zeros are no frame.
        Some(payload) if checksum(seed, len, payload) == u32::from_le_bytes(sum) => {
            Look::Whole(payload)
        }
        Some(_) => Look::Not,
    }
}

fn checksum(seed: u32, len: [u8; 4], payload: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c_append(seed, &len), payload)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_whole_cut_or_none() {
        let mut bytes = Vec::new();
        put(&mut bytes, seed(1), b"click");
        assert_eq!(look(&bytes, seed(1)), Look::Whole(b"click"));
        assert_eq!(look(&bytes, seed(2)), Look::Not);
        for end in 0..bytes.len() {
            assert_eq!(look(&bytes[..end], seed(1)), Look::Cut);
        }
        assert_eq!(look(&[0; 64], seed(1)), Look::Not);
        assert_eq!(look(&[0xff; 64], seed(1)), Look::Not);
    }
}
