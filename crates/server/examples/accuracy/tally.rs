//! How often two agree, and why not where they do not.

use std::{collections::BTreeMap, fmt::Write};

pub(crate) struct Tally {
    pub(crate) what: &'static str,
    pub(crate) cases: usize,
    pub(crate) agreed: usize,
    /// What is disagreed on, by the sentence that says why.
    pub(crate) apart: BTreeMap<&'static str, Vec<String>>,
}

impl Tally {
    pub(crate) fn new(what: &'static str) -> Tally {
        Tally { what, cases: 0, agreed: 0, apart: BTreeMap::new() }
    }

    /// Counts one case; `apart` is why they do not agree, and on what.
    pub(crate) fn count(&mut self, apart: Option<(&'static str, String)>) {
        self.cases += 1;
        match apart {
            None => self.agreed += 1,
            Some((why, what)) => self.apart.entry(why).or_default().push(what),
        }
    }

    /// A row of a table: what, cases, agreed, per cent.
    pub(crate) fn row(&self) -> String {
        let Tally { what, cases, agreed, .. } = self;
        format!("| {what} | {} | {} | {} |\n", grouped(*cases), grouped(*agreed), self.percent())
    }

    /// Cut and not rounded, so that only all of them are 100 %.
    fn percent(&self) -> String {
        let hundredths = self.agreed * 10_000 / self.cases.max(1);
        format!("{}.{:02} %", hundredths / 100, hundredths % 100)
    }

    /// Each reason with all that it stands for.
    pub(crate) fn reasons(&self) -> String {
        let mut text = String::new();
        for (why, cases) in &self.apart {
            writeln!(text, "\n**{}, {}.** {why}\n\n```text", self.what, cases.len()).unwrap();
            cases.iter().for_each(|case| writeln!(text, "{case}").unwrap());
            text.push_str("```\n");
        }
        text
    }
}

/// `16,124` for 16124.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let places = digits.char_indices().map(|(i, digit)| {
        let comma = i != 0 && (digits.len() - i).is_multiple_of(3);
        format!("{}{digit}", if comma { "," } else { "" })
    });
    places.collect()
}

#[test]
fn thousands_are_grouped_and_only_all_is_a_hundred_per_cent() {
    assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    let tally = Tally { cases: 20_000, agreed: 19_999, ..Tally::new("x") };
    assert_eq!(tally.row(), "| x | 20,000 | 19,999 | 99.99 % |\n");
}
