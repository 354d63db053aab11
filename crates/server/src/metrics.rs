//! What is counted for `/metrics`, in one table.
//!
//! Labels are few and fixed, so that no stream of odd requests makes the page grow.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use metrics::{Counter, Gauge, Key, Label, Level, Metadata, Recorder};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::App;

/// The counters of one server.
pub struct Metrics {
    handle: PrometheusHandle,
    answers: Vec<(u16, Counter)>,
    gauges: Vec<(Gauge, Read)>,
    handed: AtomicU64,
}

/// Reads a value off the server.
type Read = fn(&App) -> f64;

/// Each status that a short address can answer with.
const STATUSES: &[u16] =
    &[200, 204, 301, 302, 303, 307, 308, 401, 403, 404, 405, 410, 413, 429, 451, 503];

/// Each value that is read when somebody asks: name, help, and where it comes from.
const GAUGES: &[(&str, &str, Read)] = &[
    ("waypost_links", "Links that this node can redirect.", |app| app.routes.len() as f64),
    (
        "waypost_clicks_unrecorded",
        "Clicks since the start that could not be written to the spool.",
        |app| app.clicks.spool().unrecorded() as f64,
    ),
    ("waypost_clicks_failing", "1 while clicks cannot be written to the spool.", |app| {
        f64::from(u8::from(app.clicks.spool().failing()))
    }),
    (
        "waypost_clicks_unsynced",
        "Clicks since the start that the disk failed to sync: a power failure may take those that \
         are not in the database yet.",
        |app| app.clicks.spool().unsure() as f64,
    ),
    (
        "waypost_clicks_unreadable",
        "Records since the start that were left out, as they are no clicks.",
        |app| app.clicks.spool().unreadable() as f64,
    ),
    (
        "waypost_spool_waiting_bytes",
        "Bytes of clicks in the spool that are not in the database yet.",
        |app| app.clicks.spool().waiting() as f64,
    ),
    (
        "waypost_spool_reserve_bytes",
        "Bytes of the disk that are set aside for clicks that come when it is full.",
        |app| app.clicks.spool().reserved() as f64,
    ),
    (
        "waypost_spool_damaged_bytes",
        "Bytes of the spool since the start that were no whole click.",
        |app| app.clicks.spool().damaged() as f64,
    ),
    (
        "waypost_click_blocks_damaged",
        "Blocks of clicks that were damaged when they were read last: answers leave them out.",
        |app| app.archive.damaged() as f64,
    ),
    (
        "waypost_database_damaged",
        "1 if the database was looked through after a hard stop, and found damaged.",
        |app| f64::from(u8::from(app.damaged.load(Relaxed))),
    ),
    (
        "waypost_clock_offset_seconds",
        "How far this machine's clock is ahead of the database's, by which the node goes.",
        |app| app.clock.ahead() as f64 / 1_000.0,
    ),
    ("waypost_unmatched", "Requests since the start for slugs that no link has.", |app| {
        app.unmatched.total() as f64
    }),
    ("waypost_click_streams", "Streams of clicks that are open.", |app| app.live.seats() as f64),
    (
        "waypost_connections_handed",
        "Connections since the start that asked the loops of the door for more than a redirect.",
        |app| app.metrics.handed.load(Relaxed) as f64,
    ),
    (
        "waypost_webhooks_waiting",
        "Messages to webhooks, of all nodes, that are not through yet.",
        |app| app.webhooks.waiting() as f64,
    ),
    (
        "waypost_webhooks_failed",
        "Messages to webhooks, of all nodes and the last 30 days, that were tried in vain to the end.",
        |app| app.webhooks.failed() as f64,
    ),
    (
        "waypost_links_loaded",
        "1 once all links are loaded, so that an unknown slug is answered 404.",
        |app| f64::from(u8::from(app.routes.is_complete())),
    ),
];

const ANSWERS: &str = "waypost_answers_total";
const METADATA: Metadata<'static> = Metadata::new("waypost", Level::INFO, None);

/// Answers that are counted together, so that cores do not write the same counters all the time.
#[derive(Default)]
pub struct Answered([u64; STATUSES.len()]);

impl Answered {
    /// Counts an answer at a short address.
    pub fn count(&mut self, status: u16) {
        if let Some(place) = STATUSES.iter().position(|known| *known == status) {
            self.0[place] += 1;
        }
    }
}

impl Metrics {
    pub fn new() -> Metrics {
        let recorder = PrometheusBuilder::new().build_recorder();
        let answers = STATUSES.iter().map(|&status| {
            let key = Key::from_parts(ANSWERS, vec![Label::new("status", status.to_string())]);
            (status, recorder.register_counter(&key, &METADATA))
        });
        let answers = answers.collect();
        recorder.describe_counter(
            ANSWERS.into(),
            None,
            "Answers at short addresses by status.".into(),
        );
        let gauges = GAUGES.iter().map(|&(name, help, read)| {
            recorder.describe_gauge(name.into(), None, help.into());
            (recorder.register_gauge(&Key::from_name(name), &METADATA), read)
        });
        let gauges = gauges.collect();
        Metrics { handle: recorder.handle(), answers, gauges, handed: AtomicU64::new(0) }
    }

    /// Counts an answer at a short address.
    pub fn answered(&self, status: u16) {
        if let Some((_, counter)) = self.answers.iter().find(|(known, _)| *known == status) {
            counter.increment(1);
        }
    }

    /// Takes over what was counted.
    pub fn answered_many(&self, answered: &mut Answered) {
        let counted = std::mem::take(answered).0;
        for ((_, counter), count) in self.answers.iter().zip(counted) {
            if 0 < count {
                counter.increment(count);
            }
        }
    }

    /// Counts a connection that the door handed over.
    pub fn handed(&self) {
        self.handed.fetch_add(1, Relaxed);
    }

    /// The page in Prometheus' text form.
    pub fn render(&self, app: &App) -> String {
        for (gauge, read) in &self.gauges {
            gauge.set(read(app));
        }
        self.handle.render()
    }
}

impl Default for Metrics {
    fn default() -> Metrics {
        Metrics::new()
    }
}
