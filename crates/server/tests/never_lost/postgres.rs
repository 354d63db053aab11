//! A PostgreSQL of a test's own, which can be stopped without harm to other tests.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use tempfile::TempDir;

pub(crate) struct Postgres {
    /// A superuser's.
    pub(crate) url: String,
    script: Child,
    words: Option<ChildStdin>,
    echo: BufReader<ChildStdout>,
    _folder: TempDir,
}

impl Postgres {
    pub(crate) fn start() -> Postgres {
        let folder = tempfile::tempdir().unwrap();
        let mut script = Command::new("bash")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/never_lost/postgres.sh"))
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let words = script.stdin.take();
        let echo = BufReader::new(script.stdout.take().unwrap());
        let mut postgres = Postgres { url: String::new(), script, words, echo, _folder: folder };
        postgres.url = postgres.line();
        assert!(postgres.url.starts_with("postgres://"), "PostgreSQL did not start");
        postgres
    }

    /// Has it do what one of the script's words says.
    pub(crate) fn tell(&mut self, word: &str) {
        writeln!(self.words.as_mut().unwrap(), "{word}").unwrap();
        assert_eq!(self.line(), word);
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.echo.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // The end of its input ends the script, and that PostgreSQL.
        self.words.take();
        let _ = self.script.wait();
    }
}
