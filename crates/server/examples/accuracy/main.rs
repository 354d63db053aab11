//! Prints `docs/accuracy.md`: what Waypost says of visitors, held against what others say.
//!
//! `scripts/accuracy.sh` runs it with the path of uap-core's whole corpus, which is too long to keep
//! here. All else that is compared lies in the repository, so the tests see to it that the
//! document says what is so today.

#![expect(clippy::unwrap_used, reason = "a report that cannot be made may panic")]

mod agents;
mod corpus;
mod crawlers;
mod databases;
mod tally;

use std::{
    env, fs,
    io::{self, Write},
    process::ExitCode,
    sync::LazyLock,
};

use server::visitor::{Facts, Proxies};

const BEGINNING: &str = "\
# How true the facts are

<!-- Made by `make accuracy`. Do not edit: change what it tells of and make it anew. -->

What Waypost says of visitors, held against what others say of them. `make accuracy` writes this page
(it needs Node and the network); `make test` fails where the page no longer says what is so.
";

/// Made once: it takes seconds without optimisation.
static FACTS: LazyLock<Facts> = LazyLock::new(|| Facts::new(Proxies::default(), None));

/// The sections that are made of what lies in the repository.
const SECTIONS: [fn() -> String; 3] = [agents::section, crawlers::section, databases::section];

fn main() -> io::Result<ExitCode> {
    let path =
        env::args_os().nth(1).expect("the path of uap-core's corpus, as prepare.mjs made it");
    let corpus = corpus::section(&fs::read_to_string(path)?);
    let mut out = io::stdout().lock();
    write!(out, "{BEGINNING}\n{}", corpus.text)?;
    SECTIONS.iter().try_for_each(|section| write!(out, "\n{}", section()))?;
    Ok(if corpus.whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[test]
fn the_document_says_what_is_so() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/accuracy.md");
    let document = fs::read_to_string(path).unwrap();
    assert!(document.starts_with(BEGINNING), "run make accuracy");
    for section in SECTIONS {
        let section = section();
        assert!(document.contains(&section), "run make accuracy; it is now\n\n{section}");
    }
}
