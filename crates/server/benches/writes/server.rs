//! The real server, as a process that can be killed.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) key: String,
    /// Held, or what it prints would fail.
    _stdout: BufReader<ChildStdout>,
}

impl Server {
    /// Starts a server on an empty database and waits until it answers.
    pub(crate) fn start(folder: &Path, database_url: &str) -> Server {
        let program = std::env::var("SERVER");
        let program = program.as_deref().unwrap_or(env!("CARGO_BIN_EXE_waypost"));
        let mut child = Command::new(program)
            .arg("serve")
            .env("WAYPOST_LISTEN", "127.0.0.1:0")
            .env("WAYPOST_DATABASE_URL", database_url)
            .env("WAYPOST_DATA_DIR", folder)
            .env("WAYPOST_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let (mut address, mut key, mut line) = (None, None, String::new());
        while !line.starts_with("Then open") {
            line.clear();
            assert_ne!(stdout.read_line(&mut line).unwrap(), 0, "the server did not start");
            if let Some((_, text)) = line.trim().split_once(" listens on ") {
                address = Some(text.parse().unwrap());
            }
            if let Some(text) = line.trim().strip_prefix("API key ") {
                key = Some(text.trim().to_owned());
            }
        }
        Server { child, address: address.unwrap(), key: key.unwrap(), _stdout: stdout }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`, by dropping it.
    pub(crate) fn kill(self) {}
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
