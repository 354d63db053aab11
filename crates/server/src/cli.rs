//! The command line.

use std::{
    io::Write,
    net::IpAddr,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use jiff::Timestamp;
use model::{KeyId, ROLES, Role, SCOPES, Scope};
use store::Contents;

use crate::{
    App, archive, backup,
    config::{Config, Settings},
    dashboard, join, priority,
    start::{self, system_clock, with_sources},
    terminal,
};

/// A self-hosted smart-link server: short links whose rules send each visitor where they should go.
#[derive(Parser)]
#[command(name = "waypost", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start the server
    Serve(Box<Settings>),
    /// Bring the database's tables up to date (`serve` does it too)
    Migrate(Box<Settings>),
    /// Make, list and revoke API keys
    Key {
        #[command(subcommand)]
        command: KeyCommand,
    },
    /// Invite people
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Write out what is kept
    Export {
        #[command(subcommand)]
        command: ExportCommand,
    },
    /// Copy everything into one file, while a server may run, and look it through
    Backup {
        /// A new file: a SQLite database with which a server can start
        file: PathBuf,
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// Show what a visitor of a short link gets, and why
    Explain(Box<Explain>),
}

#[derive(Subcommand)]
enum KeyCommand {
    /// Make a key; it is printed once, alone on the last line
    Create {
        /// What the key is for
        name: String,
        /// What it may do, repeated for several: admin, links:read, links:write, …
        #[arg(long = "scope", default_value = "admin", value_parser = scope)]
        scopes: Vec<Scope>,
        /// When it stops working, such as 2027-01-01T00:00:00Z
        #[arg(long)]
        expires: Option<Timestamp>,
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// List keys; what they are is not stored
    List {
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// End a key at once
    Revoke {
        /// The id that `key list` shows
        #[arg(value_parser = key_id)]
        id: KeyId,
        #[command(flatten)]
        settings: Box<Settings>,
    },
}

#[derive(Subcommand)]
enum UserCommand {
    /// Invite somebody; the link, good once and for a week, is printed alone on the last line
    Create {
        /// Who it is for
        name: String,
        /// What they may do: owner, editor or viewer
        #[arg(long, default_value = "owner", value_parser = role)]
        role: Role,
        #[command(flatten)]
        settings: Box<Settings>,
    },
}

#[derive(Subcommand)]
enum ExportCommand {
    /// Write all clicks as Parquet files, while a server may run
    Clicks {
        /// A new or empty folder
        folder: PathBuf,
        #[command(flatten)]
        settings: Box<Settings>,
    },
}

#[derive(clap::Args)]
pub(crate) struct Explain {
    /// The short link, such as <http://localhost:8080/spring?utm_source=mail>
    pub url: String,
    /// The visitor's address
    #[arg(long)]
    pub ip: Option<IpAddr>,
    /// The visitor's User-Agent
    #[arg(long, default_value = "")]
    pub user_agent: String,
    /// Another header of the request, repeated for several: `Accept-Language: de`
    #[arg(long = "header", value_parser = header)]
    pub headers: Vec<(String, String)>,
    /// The moment of the click; now unless given
    #[arg(long)]
    pub at: Option<Timestamp>,
    #[command(flatten)]
    pub settings: Settings,
}

/// Runs what the command line asks for.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = match runtime.enable_all().on_thread_start(priority::stand_back).build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("could not start: {error}")),
    };
    match runtime.block_on(run(cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => fail(&why),
    }
}

async fn run(command: Command) -> Result<(), String> {
    match command {
        Command::Serve(settings) => serve(settings.resolve()?).await,
        Command::Migrate(settings) => migrate(&settings.resolve()?).await,
        Command::Key { command } => key(command).await,
        Command::User { command: UserCommand::Create { name, role, settings } } => {
            invite(settings.resolve()?, &name, role).await
        }
        Command::Export { command: ExportCommand::Clicks { folder, settings } } => {
            export_clicks(&settings.resolve()?, &folder).await
        }
        Command::Backup { file, settings } => back_up(&settings.resolve()?, &file).await,
        Command::Explain(explain) => terminal::explain(*explain).await,
    }
}

async fn serve(config: Config) -> Result<(), String> {
    terminal::log(&config.log)?;
    // Before there is anything to end in order.
    let signals = terminal::Signals::catch()?;
    let running = start::start(config, dashboard::EMBEDDED).await?;
    // A task, as whatever asks the database is, so that no thread of SQLite's comes from this one.
    let newcomer =
        tokio::spawn(newcomer(running.app.clone())).await.map_err(|e| e.to_string())??;
    terminal::welcome(&running, &newcomer);
    signals.wait().await;
    tracing::info!("stopping: finishing what is under way");
    running.shutdown().await;
    Ok(())
}

/// A key where there is none yet, and a link to become the first member where there is nobody, so
/// that a newcomer can begin.
async fn newcomer(app: App) -> Result<terminal::Newcomer, String> {
    if !app.reach.is_reached() {
        // Whoever has a snapshot has begun already.
        return Ok(terminal::Newcomer { key: None, setup: None });
    }
    let (store, clock) = (&app.store, &app.clock.shared());
    let workspace = store.first_workspace().await.map_err(|e| with_sources(&e))?;
    let keys = match workspace {
        Some(workspace) => store.keys(workspace.id).await.map_err(|e| with_sources(&e))?,
        None => Vec::new(),
    };
    let key = match keys.is_empty() {
        true => {
            let key = start::make_key(store, clock, "first key", vec![Scope::Admin], None).await;
            Some(key.map_err(|e| with_sources(&e))?.reveal().to_owned())
        }
        false => None,
    };
    let setup = start::invite_first(store, clock).await.map_err(|e| with_sources(&e))?;
    let setup = setup.map(|token| join::setup_url(&app.config, &token));
    Ok(terminal::Newcomer { key, setup })
}

async fn migrate(config: &Config) -> Result<(), String> {
    let store = store::Store::open(&config.database_url)
        .await
        .map_err(|e| format!("WAYPOST_DATABASE_URL: {e}"))?;
    let applied = store.migrate().await.map_err(|e| with_sources(&e))?;
    for name in &applied {
        say(&format!("applied {name}"));
    }
    if applied.is_empty() {
        say("nothing to do: the tables are up to date");
    }
    Ok(())
}

async fn export_clicks(config: &Config, folder: &Path) -> Result<(), String> {
    let trouble = |e: std::io::Error| format!("cannot use {}: {e}", folder.display());
    std::fs::create_dir_all(folder).map_err(trouble)?;
    if std::fs::read_dir(folder).map_err(trouble)?.next().is_some() {
        return Err(format!("{} is not empty: name another folder", folder.display()));
    }
    let store = start::open_store(config, &system_clock()).await?;
    let mut clicks = 0;
    let exported = archive::export(&store, folder, |file| {
        clicks += file.clicks;
        say(&format!("{}: {} clicks", file.name, file.clicks));
    });
    let damaged =
        exported.await.map_err(|e| format!("could not write all clicks: {}", with_sources(&e)))?;
    say(&format!("{clicks} clicks in all, in {}", folder.display()));
    if damaged.is_empty() {
        return Ok(());
    }
    let blocks: Vec<String> = damaged.iter().map(ToString::to_string).collect();
    Err(format!("left out what is in damaged blocks: {}", blocks.join(", ")))
}

async fn back_up(config: &Config, file: &Path) -> Result<(), String> {
    let Contents { links, clicks } = backup::backup(config, file).await?;
    say(&format!("{}: {links} links and {clicks} clicks, whole", file.display()));
    Ok(())
}

async fn invite(config: Config, name: &str, role: Role) -> Result<(), String> {
    let clock = system_clock();
    let store = start::open_store(&config, &clock).await?;
    let token = start::make_invitation(&store, &clock, name, role).await;
    let token = token.map_err(|e| with_sources(&e))?;
    say(&format!("whoever opens this link becomes {} of the workspace, once:", role.name()));
    say(&join::url(&config, &token));
    Ok(())
}

async fn key(command: KeyCommand) -> Result<(), String> {
    let clock = system_clock();
    match command {
        KeyCommand::Create { name, scopes, expires, settings } => {
            let store = start::open_store(&settings.resolve()?, &clock).await?;
            let key = start::make_key(&store, &clock, &name, scopes, expires).await;
            say(key.map_err(|e| with_sources(&e))?.reveal());
        }
        KeyCommand::List { settings } => {
            let store = start::open_store(&settings.resolve()?, &clock).await?;
            for workspace in store.workspaces().await.map_err(|e| with_sources(&e))? {
                for key in store.keys(workspace.id).await.map_err(|e| with_sources(&e))? {
                    say(&terminal::key_line(&key, clock()));
                }
            }
        }
        KeyCommand::Revoke { id, settings } => {
            let store = start::open_store(&settings.resolve()?, &clock).await?;
            for workspace in store.workspaces().await.map_err(|e| with_sources(&e))? {
                match store.revoke_key(workspace.id, id, clock()).await {
                    Err(model::Error::NotFound(_)) => (),
                    done => {
                        done.map_err(|e| with_sources(&e))?;
                        say(&format!("revoked {}", id.plain("key")));
                        return Ok(());
                    }
                }
            }
            return Err(format!("no key {}: `waypost key list` shows all", id.plain("key")));
        }
    }
    Ok(())
}

/// One line on standard output.
pub(crate) fn say(line: &str) {
    // A closed pipe (`| head`) is no trouble of ours.
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn fail(why: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "waypost: {why}");
    ExitCode::FAILURE
}

fn scope(text: &str) -> Result<Scope, String> {
    let names = || SCOPES.iter().map(|(_, name)| *name).collect::<Vec<_>>().join(", ");
    Scope::named(text).ok_or_else(|| format!("known are {}", names()))
}

fn role(text: &str) -> Result<Role, String> {
    let names = || ROLES.iter().map(|(_, name, _)| *name).collect::<Vec<_>>().join(", ");
    Role::named(text).ok_or_else(|| format!("known are {}", names()))
}

fn key_id(text: &str) -> Result<KeyId, String> {
    KeyId::parse(text).ok_or_else(|| "is no id such as key_01BmQ7xKz".to_owned())
}

fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("write it as `Name: value`")?;
    Ok((name.trim().to_lowercase(), value.trim().to_owned()))
}
