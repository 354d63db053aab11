//! What visitors were answered, against what is stored.

use std::{fmt, io::Write};

use crate::{database::Stored, load::Answers};

/// The outcome of a comparison.
pub(crate) struct Compared {
    pub(crate) answered: u64,
    unanswered: u64,
    /// Clicks whose answer never arrived, and which are stored: at most one for each request that
    /// was under way when a server was killed.
    pub(crate) unanswered_and_stored: u64,
    lost: Vec<u64>,
    doubled: Vec<u64>,
    strangers: u64,
    wrong: Vec<String>,
    rows: u64,
    total: i64,
}

impl Compared {
    pub(crate) fn of(answers: &Answers, stored: &Stored) -> Compared {
        let rows = |number: u64| stored.rows[usize::try_from(number).unwrap()];
        let of = |numbers: &[u64], which: fn(u8) -> bool| -> Vec<u64> {
            numbers.iter().copied().filter(|&number| which(rows(number))).collect()
        };
        let all = || (0u64..).zip(&stored.rows);
        Compared {
            answered: answers.answered.len() as u64,
            unanswered: answers.unanswered.len() as u64,
            unanswered_and_stored: of(&answers.unanswered, |rows| rows != 0).len() as u64,
            lost: of(&answers.answered, |rows| rows == 0),
            doubled: all().filter(|(_, rows)| 1 < **rows).map(|(number, _)| number).collect(),
            strangers: stored.strangers,
            wrong: answers.wrong.clone(),
            rows: stored.count(),
            total: stored.total,
        }
    }

    /// None missing, none twice, and the totals say the same.
    #[track_caller]
    pub(crate) fn assert_exact(&self) {
        assert!(self.lost.is_empty(), "{self}; lost are {:?}", few(&self.lost));
        self.assert_none_twice();
    }

    /// None twice, none from nowhere, no answer but redirects, and totals that are the rows'.
    #[track_caller]
    pub(crate) fn assert_none_twice(&self) {
        assert!(self.doubled.is_empty(), "{self}; doubled are {:?}", few(&self.doubled));
        assert_eq!(self.strangers, 0, "{self}");
        assert_eq!(self.wrong, [""; 0], "{self}");
        assert_eq!(self.total, i64::try_from(self.rows).unwrap(), "{self}");
        assert!(1_000 < self.answered, "{self}: too few to tell");
    }

    pub(crate) fn lost(&self) -> u64 {
        self.lost.len() as u64
    }

    /// Prints and [reports](report) what was compared.
    pub(crate) fn report(&self, what: &str) {
        report(&format!("{what}: {self}"));
    }
}

/// Prints a line, and appends it to the file that `WAYPOST_TEST_REPORT` names.
pub(crate) fn report(line: &str) {
    eprintln!("{line}");
    if let Ok(path) = std::env::var("WAYPOST_TEST_REPORT") {
        let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
        writeln!(file.unwrap(), "- {line}").unwrap();
    }
}

impl fmt::Display for Compared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} answered, {} lost, {} doubled; {} sent without an answer, {} of them stored",
            self.answered,
            self.lost.len(),
            self.doubled.len(),
            self.unanswered,
            self.unanswered_and_stored,
        )
    }
}

fn few(numbers: &[u64]) -> &[u64] {
    &numbers[..numbers.len().min(10)]
}
