//! The name of a click: where it lies in the spool, for ever.

use std::{fmt, str::FromStr};

/// Which segment of the spool a click was appended to, and at which byte.
///
/// Segments are random, so no two nodes and no two runs give the same id.
///
/// ```
/// # use model::ClickId;
/// let id = ClickId { segment: 0xabc, offset: 8 };
/// assert_eq!(id.to_string(), "clk_00000000000000000000000000000abc_8");
/// assert_eq!(id.to_string().parse(), Ok(id));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClickId {
    pub segment: u128,
    pub offset: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a click: expected `clk_`, 32 hexadecimal digits, `_` and an offset")]
pub struct BadClickId;

impl fmt::Display for ClickId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "clk_{:032x}_{:x}", self.segment, self.offset)
    }
}

impl FromStr for ClickId {
    type Err = BadClickId;

    fn from_str(text: &str) -> Result<ClickId, BadClickId> {
        let (segment, offset) =
            text.strip_prefix("clk_").and_then(|rest| rest.split_once('_')).ok_or(BadClickId)?;
        let id = ClickId {
            segment: u128::from_str_radix(segment, 16).map_err(|_| BadClickId)?,
            offset: u64::from_str_radix(offset, 16).map_err(|_| BadClickId)?,
        };
        // One id has one spelling: no signs, capitals or spare zeros, which the parser of integers
        // would let pass.
        if id.to_string() == text { Ok(id) } else { Err(BadClickId) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_id_is_read_back_from_its_text(segment: u128, offset: u64) {
            let id = ClickId { segment, offset };
            prop_assert_eq!(id.to_string().parse(), Ok(id));
        }

        #[test]
        fn any_text_is_an_id_or_refused(text in "(clk_)?[0-9a-fA-F+_]{0,60}") {
            if let Ok(id) = text.parse::<ClickId>() {
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        #[track_caller]
        fn check(text: &str) {
            assert_eq!(text.parse::<ClickId>(), Err(BadClickId), "{text}");
        }
        check("");
        check("clk_");
        check("clk_00000000000000000000000000000abc");
        check("clk_abc_8");
        check("clk_00000000000000000000000000000ABC_8");
        check("clk_00000000000000000000000000000abc_08");
        check("clk_00000000000000000000000000000abc_+8");
        check("lnk_00000000000000000000000000000abc_8");
        check("clk_00000000000000000000000000000abc_8 ");
        check("clk_00000000000000000000000000000abc_10000000000000000");
    }
}
