//! The parameter by which a destination learns which click led to it.

use model::ClickId;

use crate::visits::{self, Visits};

/// Linquid's name for it, which its clients' pages and networks look for.
pub const PARAMETER: &str = "lw_cid";

/// Hex digits of the signature: 64 bits, so that nobody finds another click's by trying.
const SIGNATURE: usize = 16;

/// The query with the click's id at its end; one that came with the click is another click's.
pub fn told(visits: &Visits, click: ClickId, query: Option<&str>) -> String {
    let mut told = String::with_capacity(query.map_or(0, str::len) + 80);
    let is_other = |pair: &&str| pair.split('=').next() != Some(PARAMETER);
    for pair in query.unwrap_or_default().split('&').filter(is_other) {
        if !pair.is_empty() {
            told.push_str(pair);
            told.push('&');
        }
    }
    told.push_str(PARAMETER);
    told.push('=');
    told.push_str(&signed(visits, click));
    told
}

/// A click's id as destinations are told it: `clk_….<signature>`.
fn signed(visits: &Visits, click: ClickId) -> String {
    let signature = visits.sign(&format!("{PARAMETER}:{click}"), SIGNATURE);
    format!("{click}.{signature}")
}

/// The click that somebody names who was told it; none where it was not we who told.
pub fn read_signed(visits: &Visits, text: &str) -> Option<ClickId> {
    let click = text.split_once('.')?.0.parse().ok()?;
    visits::same(text, &signed(visits, click)).then_some(click)
}

/// The click that somebody names whom we trust, who may have its id from a list of clicks.
pub fn read(visits: &Visits, text: &str) -> Option<ClickId> {
    text.parse().ok().or_else(|| read_signed(visits, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLICK: ClickId = ClickId { segment: 0xabc, offset: 16 };

    fn visits() -> Visits {
        Visits::new(b"a key".to_vec())
    }

    #[test]
    fn a_told_click_is_read_back_and_no_other() {
        let told = told(&visits(), CLICK, None);
        let text = told.strip_prefix("lw_cid=").unwrap();
        assert_eq!(read_signed(&visits(), text), Some(CLICK));
        let other = text.replacen("abc_10", "abc_20", 1);
        assert_eq!(read_signed(&visits(), &other), None);
        assert_eq!(read(&visits(), &other), None);
        assert_eq!(read_signed(&visits(), &CLICK.to_string()), None);
        assert_eq!(read(&visits(), &CLICK.to_string()), Some(CLICK));
    }

    #[test]
    fn the_rest_of_the_query_stays_as_it_is() {
        let told = told(&visits(), CLICK, Some("a=%20+b&lw_cid=clk_old&&c"));
        assert!(told.starts_with("a=%20+b&c&lw_cid=clk_0"), "{told}");
    }
}
