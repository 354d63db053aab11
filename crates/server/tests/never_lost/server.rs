//! The real server, as a process that can be killed.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex},
    thread::JoinHandle,
};

use rustix::process::{Pid, Signal, kill_process};

use crate::{client, load::LINKS};

/// A server and what it has to say.
pub(crate) struct Server {
    child: Child,
    /// None until it is ready.
    address: Option<SocketAddr>,
    key: Option<String>,
    data_dir: PathBuf,
    log: Arc<Mutex<Vec<String>>>,
    reader: Option<JoinHandle<()>>,
    /// Held, or what it prints would fail.
    stdout: BufReader<ChildStdout>,
}

impl Server {
    /// Starts a server and waits until it redirects.
    pub(crate) fn start(data_dir: &Path, database_url: &str) -> Server {
        Server::start_with(data_dir, database_url, &[])
    }

    /// Starts a server with further settings, by their variables.
    pub(crate) fn start_with(
        data_dir: &Path,
        database_url: &str,
        settings: &[(&str, &str)],
    ) -> Server {
        let mut server = Server::spawn_with(data_dir, database_url, settings);
        server.wait_until_ready();
        server
    }

    /// Starts a server and waits for nothing.
    pub(crate) fn spawn_with(
        data_dir: &Path,
        database_url: &str,
        settings: &[(&str, &str)],
    ) -> Server {
        // A file that grows too large is an error then, as a full disk is, and no end of the
        // process.
        let mut child = Command::new("sh")
            .args(["-c", "trap '' XFSZ; exec \"$0\" serve", env!("CARGO_BIN_EXE_waypost")])
            .env("WAYPOST_LISTEN", "127.0.0.1:0")
            .env("WAYPOST_DATABASE_URL", database_url)
            .env("WAYPOST_DATA_DIR", data_dir)
            .env("WAYPOST_FETCH_NETWORKS", "127.0.0.1/32")
            .env("WAYPOST_LOG", "info")
            .env("NO_COLOR", "1")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let log = Arc::new(Mutex::new(Vec::new()));
        let reader = std::thread::spawn({
            let log = log.clone();
            move || {
                for line in stderr.lines().map_while(Result::ok) {
                    log.lock().unwrap().push(line);
                }
            }
        });
        let (address, key, data_dir) = (None, None, data_dir.to_owned());
        Server { child, address, key, data_dir, log, reader: Some(reader), stdout }
    }

    fn wait_until_ready(&mut self) {
        let mut line = String::new();
        loop {
            line.clear();
            let read = self.stdout.read_line(&mut line).unwrap();
            assert_ne!(read, 0, "the server did not start:\n{}", self.log().join("\n"));
            let text = line.trim();
            if let Some((_, address)) = text.split_once(" listens on ") {
                self.address = Some(address.parse().unwrap());
            }
            if let Some(key) = text.strip_prefix("API key ") {
                self.key = Some(key.trim().to_owned());
            }
            if text.starts_with("a new key:") || text.starts_with("Then open") {
                return;
            }
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address.unwrap()
    }

    /// Makes the links that a [`Load`](crate::load::Load) clicks.
    pub(crate) fn make_links(&self) {
        for link in 0..LINKS {
            self.make_link(&format!(
                r#"{{"slug":"load-{link}","destination":"https://example.com/{link}"}}"#
            ));
        }
    }

    /// A key; only the first server of a database has one.
    pub(crate) fn key(&self) -> &str {
        self.key.as_ref().unwrap()
    }

    /// Makes a link, and tells its id.
    pub(crate) fn make_link(&self, body: &str) -> String {
        let response = self.make("/api/v1/links", body);
        let link: serde_json::Value = serde_json::from_str(&response.body).unwrap();
        link["id"].as_str().unwrap().to_owned()
    }

    /// Makes a thing of our own API.
    pub(crate) fn make(&self, path: &str, body: &str) -> client::Response {
        let response = self.call("POST", path, body);
        assert_eq!(response.status, 201, "{response:?}");
        response
    }

    /// Calls the API with the key that the first server of a database has.
    pub(crate) fn call(&self, method: &str, target: &str, body: &str) -> client::Response {
        let key = self.key();
        let headers = [
            ("authorization", format!("Bearer {key}")),
            ("content-type", "application/json".to_owned()),
        ];
        let request = client::Request {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: headers.map(|(name, value)| (name.to_owned(), value)).to_vec(),
            body: body.as_bytes().to_vec(),
        };
        client::send(self.address(), &request)
    }

    /// Gives it the key of an earlier server of its database.
    pub(crate) fn lend_key(&mut self, of: &Server) {
        self.key.clone_from(&of.key);
    }

    /// A value off `/metrics`.
    pub(crate) fn metric(&self, name: &str) -> u64 {
        let request = client::Request {
            method: "GET".to_owned(),
            target: "/metrics".to_owned(),
            ..client::Request::default()
        };
        let page = client::send(self.address(), &request).body;
        let value = page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        value.unwrap_or_else(|| panic!("no {name} in:\n{page}")).parse().unwrap()
    }

    /// What it has logged so far.
    pub(crate) fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    /// How often a line with this text was logged.
    pub(crate) fn logged(&self, text: &str) -> usize {
        self.log().iter().filter(|line| line.contains(text)).count()
    }

    /// The segments that wait in its folder.
    pub(crate) fn segments(&self) -> usize {
        let entries = std::fs::read_dir(self.data_dir.join("spool")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name());
        names.filter(|name| name.to_string_lossy().ends_with(".seg")).count()
    }

    pub(crate) fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end, and waits until it has.
    pub(crate) fn terminate(&mut self) -> ExitStatus {
        kill_process(self.pid(), Signal::TERM).unwrap();
        let status = self.child.wait().unwrap();
        self.reader.take().map(JoinHandle::join);
        status
    }
}

impl Drop for Server {
    /// A test that failed leaves no server behind, and shows what it said.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let ended = self.child.wait();
        if std::thread::panicking() {
            eprintln!("the server ended with {ended:?} and had said:\n{}", self.log().join("\n"));
        }
    }
}
