//! What a person reads in a terminal.

use std::{fmt::Write as _, io::IsTerminal as _};

use jiff::Timestamp;
use model::{Caller, Example, Scope, Who};
use serde_json::Value;
use tokio::signal::unix::{Signal, SignalKind, signal};
use url::Url;

use crate::{
    cli::{Explain, say},
    ops,
    start::{self, Running, system_clock, with_sources},
};

/// Logs to standard error, so that standard output stays for answers.
pub(crate) fn log(filter: &str) -> Result<(), String> {
    let filter = tracing_subscriber::EnvFilter::try_new(filter)
        .map_err(|e| format!("WAYPOST_LOG: {filter:?} is no log filter: {e}"))?;
    let logger = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Colours are for people, not for files and journals.
    let logger = if std::io::stderr().is_terminal() { logger } else { logger.with_ansi(false) };
    logger.try_init().map_err(|e| format!("could not start logging: {e}"))
}

/// What is shown to somebody who has just begun.
#[derive(Debug)]
pub(crate) struct Newcomer {
    /// The first key, where there was none.
    pub key: Option<String>,
    /// The link to become the first member, where there is nobody.
    pub setup: Option<String>,
}

/// What a newcomer needs: where it is, a key, and a line to paste.
pub(crate) fn welcome(running: &Running, newcomer: &Newcomer) {
    let base = running.app.config.public_url.as_str().trim_end_matches('/').to_owned();
    say(&format!("Waypost {} listens on {}", env!("CARGO_PKG_VERSION"), running.address));
    say("");
    say(&format!("  dashboard  {base}/app"));
    say(&format!("  API        {base}/api/v1"));
    if let Some(setup) = &newcomer.setup {
        say("");
        say("Open this to choose a name and a password, and you are in (good once, for 7 days):");
        say("");
        say(&format!("  {setup}"));
        say("");
    }
    let Some(key) = &newcomer.key else {
        say("");
        say("  a new key: waypost key create NAME");
        return;
    };
    say(&format!("  API key    {key}"));
    say("             (made on this first start, and shown only now)");
    say("");
    say("Make a link that sends iPhones elsewhere:");
    say("");
    say(&format!(
        r#"curl -X POST {base}/api/v1/links -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' -d '{{"slug":"hello","destination":"https://example.com/","rules":[{{"name":"iPhones","when":{{"field":"os","operator":"equals","value":"iOS"}},"action":{{"redirect":"https://example.com/iphone"}}}}]}}'"#
    ));
    say("");
    say(&format!("Then open {base}/hello"));
}

/// What asks a server to end: from when this is made on, it no longer ends the process by itself.
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    pub(crate) fn catch() -> Result<Signals, String> {
        let catch = |kind| signal(kind).map_err(|e| format!("could not watch for signals: {e}"));
        let (terminate, interrupt) = (SignalKind::terminate(), SignalKind::interrupt());
        Ok(Signals { terminate: catch(terminate)?, interrupt: catch(interrupt)? })
    }

    /// Returns when somebody wants the server to end.
    pub(crate) async fn wait(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => (),
            _ = self.interrupt.recv() => (),
        }
    }
}

/// One key in one line.
pub(crate) fn key_line(key: &model::Key, now: Timestamp) -> String {
    let state = match (key.revoked_at, key.expires_at) {
        (Some(at), _) => format!("revoked {at:.0}"),
        (None, Some(at)) if at <= now => format!("expired {at:.0}"),
        (None, Some(at)) => format!("until {at:.0}"),
        (None, None) => "live".to_owned(),
    };
    let used =
        key.last_used_at.map_or_else(|| "never used".to_owned(), |at| format!("used {at:.0}"));
    let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.name()).collect();
    format!("{}  {}  [{}]  {state}, {used}", key.id.plain("key"), key.name, scopes.join(" "))
}

/// `waypost explain`: the redirect's own decision, condition by condition.
pub(crate) async fn explain(asked: Explain) -> Result<(), String> {
    let config = asked.settings.resolve()?;
    let url = Url::parse(&asked.url).map_err(|e| format!("{:?} is no URL: {e}", asked.url))?;
    let app = start::look(config, system_clock()).await?;
    let host = url.host_str().unwrap_or_default();
    let hosted = app.routes.hosted(host).ok_or_else(|| format!("no domain {host}"))?;
    let key = model::fold_path(url.path(), hosted.domain.case_sensitive);
    let route = key.and_then(|key| hosted.route(&key));
    let route = route.ok_or_else(|| format!("no link at {}", asked.url))?;
    let mut headers = asked.headers;
    headers.push(("user-agent".to_owned(), asked.user_agent));
    let url = Some(format!("?{}", url.query().unwrap_or_default()));
    let example = Example::Raw { ip: asked.ip, headers, url, at: asked.at };
    let name = "the command line".to_owned();
    let scopes = vec![Scope::Admin];
    let (workspace, who) = (route.workspace, Who::Operator);
    let caller = Caller { workspace, who, name, scopes, domains: None, insists: false };
    let explained =
        ops::explain(&app, &caller, route.link, &example).await.map_err(|e| with_sources(&e))?;
    say(&explanation(&explained)?);
    Ok(())
}

/// An explanation as a tree of lines.
fn explanation(explained: &ops::Explained) -> Result<String, String> {
    let mut text = String::new();
    let to = explained.goes_to.as_deref().unwrap_or("a page");
    let by = match &explained.rule {
        Some(id) => {
            let rule = explained.rules.iter().find(|rule| rule.id == *id);
            format!("by rule {:?} ({id})", rule.map(|rule| rule.name.as_str()).unwrap_or_default())
        }
        None => "no rule matched".to_owned(),
    };
    let _ = writeln!(text, "goes to {to}  {}, {by}", explained.status);
    if let Some(variant) = explained.variant {
        let by = match explained.variant_by {
            Some("cookie") => "kept to it by their cookie",
            Some(_) => "kept to it by the day's hash of address and agent",
            None => "as an example: nothing tells this visitor from others",
        };
        let _ = writeln!(text, "split: way {}, {by}", variant + 1);
    }
    let gate = serde_json::to_value(explained.gates.state).map_err(|e| e.to_string())?;
    let password = if explained.gates.password { ", a password is asked for first" } else { "" };
    let _ = writeln!(text, "gates: {}{password}", gate.as_str().unwrap_or_default());
    if let Some(bot) = &explained.bot {
        let _ = writeln!(text, "bot: {} ({})", bot.name, bot.class);
    }
    for (i, rule) in explained.rules.iter().enumerate() {
        let unreached = rule.unreached_because.as_deref();
        let unreached = unreached.map(|why| format!("  not reached: {why}")).unwrap_or_default();
        let _ = writeln!(text, "rule {} {:?}{unreached}", i + 1, rule.name);
        if let Some(when) = &rule.when {
            let when = serde_json::to_value(when).map_err(|e| e.to_string())?;
            condition(&mut text, &when, 1, !unreached.is_empty());
        }
    }
    Ok(text.trim_end().to_owned())
}

/// `told` is whether it was said already why this is not looked at.
fn condition(text: &mut String, when: &Value, depth: usize, told: bool) {
    let mark = match when["outcome"].as_str() {
        Some("true") => "✓",
        Some("false") => "✗",
        Some(_) => "?",
        None => "–",
    };
    let skipped = match when["passedOverBecause"].as_str() {
        Some(why) if !told => format!("  (not looked at: {why})"),
        _ => String::new(),
    };
    let told = told || !skipped.is_empty();
    let indent = "  ".repeat(depth);
    for group in ["all", "any"] {
        if let Some(parts) = when[group].as_array() {
            let _ = writeln!(text, "{indent}{mark} {group} of{skipped}");
            parts.iter().for_each(|part| condition(text, part, depth + 1, told));
            return;
        }
    }
    if when["not"].is_object() {
        let _ = writeln!(text, "{indent}{mark} not{skipped}");
        condition(text, &when["not"], depth + 1, told);
        return;
    }
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let value = match &when["value"] {
        Value::Null => String::new(),
        value => format!(" {value}"),
    };
    let (field, operator) = (word(&when["field"]), word(&when["operator"]));
    let (saw, from) = (word(&when["saw"]), word(&when["from"]["text"]));
    let _ = writeln!(text, "{indent}{mark} {field} {operator}{value}  saw {saw} ({from}){skipped}");
}
