//! The settings: as they were typed, and as they were understood.
//!
//! [`Settings`] is the one table of all of them: flag, variable, default and help. The README's
//! table is checked against it.

mod values;

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
use ipnet::IpNet;
use jiff::SignedDuration;
use model::Host;
use url::Url;

use self::values::{
    bad, data_dir, days, durable, forwarded_header, geo_dir, networks, public, rate, size,
    sqlite_file, tls, trusted,
};
use crate::{
    oidc::settings::{Issuer, Typed},
    rate::Rate,
    spool::Durable,
    visitor::Proxies,
};

/// The settings as they were typed; each is a flag and a variable.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// Address and port to listen on
    #[arg(long, env = "WAYPOST_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// Where everything is kept: `sqlite://FILE` (made with its folder) or `postgres://…`
    #[arg(
        long,
        env = "WAYPOST_DATABASE_URL",
        default_value = "sqlite://waypost.db",
        hide_env_values = true
    )]
    pub database_url: String,
    /// The address that visitors see; its host is the default short domain
    #[arg(long, env = "WAYPOST_PUBLIC_URL", default_value = "http://localhost:8080")]
    pub public_url: String,
    /// Folder whose `*.mmdb` files and network lists tell places and networks (none: countries only)
    #[arg(long, env = "WAYPOST_GEO_DIR", default_value = "")]
    pub geo_dir: String,
    /// Networks of the proxies in front, comma-separated; from others no forwarding header is read
    #[arg(long, env = "WAYPOST_TRUSTED_PROXIES", default_value = "")]
    pub trusted_proxies: String,
    /// The one forwarding header that is read: `X-Forwarded-For` or `Forwarded`
    #[arg(long, env = "WAYPOST_FORWARDED_HEADER", default_value = "X-Forwarded-For")]
    pub forwarded_header: String,
    /// Folder of clicks on their way to the database and of the snapshot (empty: the database's folder)
    #[arg(long, env = "WAYPOST_DATA_DIR", default_value = "")]
    pub data_dir: String,
    /// How large that folder gets at most; beyond, clicks are counted as lost and not kept
    #[arg(long, env = "WAYPOST_SPOOL_SIZE", default_value = "16GiB")]
    pub spool_size: String,
    /// What an answered click survives: the end of the `process`, or of the `power` too
    #[arg(long, env = "WAYPOST_DURABLE", default_value = "process")]
    pub durable: String,
    /// How much memory stored clicks take that were asked about; the rest is read again when needed
    #[arg(long, env = "WAYPOST_STATISTICS_MEMORY", default_value = "1GiB")]
    pub statistics_memory: String,
    /// How many days single clicks of people are kept; what they add up to stays (0: for ever)
    #[arg(long, env = "WAYPOST_CLICK_DAYS", default_value = "0")]
    pub click_days: String,
    /// How many days those of bots, previews and prefetches are (0: for ever; empty: as people's)
    #[arg(long, env = "WAYPOST_BOT_DAYS", default_value = "")]
    pub bot_days: String,
    /// How many days conversions are kept (0: for ever)
    #[arg(long, env = "WAYPOST_CONVERSION_DAYS", default_value = "0")]
    pub conversion_days: String,
    /// How many API calls each key may make, such as `600/minute` (empty: any number)
    #[arg(long, env = "WAYPOST_RATE_LIMIT", default_value = "")]
    pub rate_limit: String,
    /// Certificate chain in PEM; with a key, HTTPS and HTTP/2 are spoken
    #[arg(long, env = "WAYPOST_TLS_CERT", default_value = "")]
    pub tls_cert: String,
    /// Private key in PEM
    #[arg(long, env = "WAYPOST_TLS_KEY", default_value = "")]
    pub tls_key: String,
    /// What an unknown `Host` is taken for: `default` (the default domain) or `404`
    #[arg(long, env = "WAYPOST_UNKNOWN_HOST", default_value = "default")]
    pub unknown_host: String,
    /// Whether dgLnk's API asks a destination for the title that was not sent: `on` or `off`
    #[arg(long, env = "WAYPOST_FETCH_TITLES", default_value = "on")]
    pub fetch_titles: String,
    /// Networks of your own that may be asked for pages too (none: the public internet alone)
    #[arg(long, env = "WAYPOST_FETCH_NETWORKS", default_value = "")]
    pub fetch_networks: String,
    /// Who vouches for members by OpenID Connect, such as `https://id.example.com` (empty: nobody)
    #[arg(long, env = "WAYPOST_OIDC_ISSUER", default_value = "")]
    pub oidc_issuer: String,
    /// What it knows this server by; the way back is PUBLIC_URL/app/oidc/callback
    #[arg(long, env = "WAYPOST_OIDC_CLIENT_ID", default_value = "")]
    pub oidc_client_id: String,
    /// The secret that goes with it
    #[arg(long, env = "WAYPOST_OIDC_CLIENT_SECRET", default_value = "", hide_env_values = true)]
    pub oidc_client_secret: String,
    /// Its name on the sign-in page (empty: its host)
    #[arg(long, env = "WAYPOST_OIDC_NAME", default_value = "")]
    pub oidc_name: String,
    /// What becomes of whom it vouches for and nobody invited: `viewer` or `editor` (empty: refused)
    #[arg(long, env = "WAYPOST_OIDC_JOIN", default_value = "")]
    pub oidc_join: String,
    /// How much is logged: error, warn, info, debug, or a filter such as `info,sqlx=warn`
    #[arg(long, env = "WAYPOST_LOG", default_value = "info")]
    pub log: String,
}

/// The settings as they were understood.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    pub database_url: String,
    pub public_url: Url,
    /// The default short domain.
    pub host: Host,
    pub geo_dir: Option<PathBuf>,
    pub proxies: Proxies,
    pub data_dir: PathBuf,
    /// How many bytes of clicks may wait for the database.
    pub spool_bytes: u64,
    pub durable: Durable,
    /// How many bytes of stored clicks stay in memory between questions about them.
    pub statistics_bytes: u64,
    pub keep: Kept,
    /// How many API calls each key may make; none for any number.
    pub rate_limit: Option<Rate>,
    /// Certificate and key.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Whether an unknown host is answered like the default domain.
    pub serve_unknown_hosts: bool,
    /// Whether destinations are asked for titles that were not sent.
    pub fetch_titles: bool,
    /// Networks that may be asked although they are not the public internet.
    pub fetch_networks: Vec<IpNet>,
    /// Who vouches for members.
    pub oidc: Option<Issuer>,
    pub log: String,
}

/// How long what visitors leave is kept; none for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Single clicks of people.
    pub people: Option<SignedDuration>,
    /// Those of bots, previews and prefetches.
    pub bots: Option<SignedDuration>,
    pub conversions: Option<SignedDuration>,
}

impl Config {
    /// The file that holds everything, where it is one.
    pub fn database_file(&self) -> Option<PathBuf> {
        sqlite_file(&self.database_url)
    }
}

impl Settings {
    /// Understands the settings; what cannot be is said in one line that names the variable.
    pub fn resolve(&self) -> Result<Config, String> {
        let listen = self.listen.parse().map_err(|_| {
            bad("WAYPOST_LISTEN", &self.listen, "is no address and port such as 127.0.0.1:8080")
        })?;
        let (public_url, host) = public(&self.public_url)?;
        Ok(Config {
            listen,
            data_dir: data_dir(&self.data_dir, &self.database_url)?,
            database_url: self.database_url.clone(),
            public_url,
            host,
            geo_dir: geo_dir(&self.geo_dir)?,
            proxies: Proxies {
                trusted: trusted(&self.trusted_proxies)?,
                header: forwarded_header(&self.forwarded_header)?,
            },
            spool_bytes: size("WAYPOST_SPOOL_SIZE", &self.spool_size)?,
            durable: durable(&self.durable)?,
            statistics_bytes: size("WAYPOST_STATISTICS_MEMORY", &self.statistics_memory)?,
            keep: self.kept()?,
            rate_limit: rate(&self.rate_limit)?,
            tls: tls(&self.tls_cert, &self.tls_key)?,
            serve_unknown_hosts: match self.unknown_host.as_str() {
                "default" => true,
                "404" => false,
                other => {
                    return Err(bad(
                        "WAYPOST_UNKNOWN_HOST",
                        other,
                        "is neither `default` nor `404`",
                    ));
                }
            },
            fetch_titles: match self.fetch_titles.as_str() {
                "on" => true,
                "off" => false,
                other => {
                    return Err(bad("WAYPOST_FETCH_TITLES", other, "is neither `on` nor `off`"));
                }
            },
            fetch_networks: networks("WAYPOST_FETCH_NETWORKS", &self.fetch_networks)?,
            oidc: Issuer::resolve(Typed {
                issuer: self.oidc_issuer.trim(),
                client_id: &self.oidc_client_id,
                client_secret: &self.oidc_client_secret,
                name: self.oidc_name.trim(),
                join: &self.oidc_join,
            })?,
            log: self.log.clone(),
        })
    }

    fn kept(&self) -> Result<Kept, String> {
        let people = days("WAYPOST_CLICK_DAYS", &self.click_days)?;
        Ok(Kept {
            people,
            bots: match self.bot_days.trim() {
                "" => people,
                bot_days => days("WAYPOST_BOT_DAYS", bot_days)?,
            },
            conversions: days("WAYPOST_CONVERSION_DAYS", &self.conversion_days)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::{Args as _, Command};

    use super::*;

    fn settings(change: impl FnOnce(&mut Settings)) -> Settings {
        let matches = Settings::augment_args(Command::new("waypost")).get_matches_from(["waypost"]);
        let mut settings = <Settings as clap::FromArgMatches>::from_arg_matches(&matches).unwrap();
        change(&mut settings);
        settings
    }

    #[track_caller]
    fn check_refused(change: impl FnOnce(&mut Settings), expected: &str) {
        assert_eq!(settings(change).resolve().unwrap_err(), expected);
    }

    #[test]
    fn the_defaults_are_those_of_the_contract() {
        let config = settings(|_| ()).resolve().unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.host.as_str(), "localhost");
        assert_eq!(config.data_dir, Path::new("."));
        assert_eq!((config.spool_bytes, config.keep.people), (16 << 30, None));
        assert!(config.proxies.trusted.is_empty() && config.tls.is_none());
    }

    #[test]
    fn clicks_of_bots_are_kept_as_long_as_peoples_where_nothing_is_said() {
        let kept = |click: &str, bot: &str| {
            let config = settings(|s| (s.click_days, s.bot_days) = (click.into(), bot.into()));
            let Kept { people, bots, .. } = config.resolve().unwrap().keep;
            (people.map(|kept| kept.as_hours() / 24), bots.map(|kept| kept.as_hours() / 24))
        };
        assert_eq!(kept("0", ""), (None, None));
        assert_eq!(kept("90", ""), (Some(90), Some(90)));
        assert_eq!(kept("90", "0"), (Some(90), None));
        assert_eq!(kept("0", "7"), (None, Some(7)));
    }

    #[test]
    fn a_bad_setting_is_named_in_one_line() {
        check_refused(
            |s| s.listen = "nowhere".to_owned(),
            "WAYPOST_LISTEN: \"nowhere\" is no address and port such as 127.0.0.1:8080",
        );
        check_refused(
            |s| s.public_url = "ftp://x".to_owned(),
            "WAYPOST_PUBLIC_URL: \"ftp://x\" is no address such as https://go.example.com",
        );
        check_refused(
            |s| s.database_url = "mysql://u:secret@h/d".to_owned(),
            "WAYPOST_DATABASE_URL: must start with sqlite:// or postgres://",
        );
        check_refused(
            |s| s.trusted_proxies = "10.0.0.0/8, 0.0.0.0/0".to_owned(),
            "WAYPOST_TRUSTED_PROXIES: \"0.0.0.0/0\" trusts every address: name the proxies' own networks",
        );
        check_refused(
            |s| s.trusted_proxies = "10.0.0.0/33".to_owned(),
            "WAYPOST_TRUSTED_PROXIES: \"10.0.0.0/33\" is no network such as 10.0.0.0/8",
        );
        check_refused(
            |s| s.forwarded_header = "X-Real-IP".to_owned(),
            "WAYPOST_FORWARDED_HEADER: \"X-Real-IP\" is neither X-Forwarded-For nor Forwarded",
        );
        check_refused(
            |s| s.geo_dir = "/no/such".to_owned(),
            "WAYPOST_GEO_DIR: \"/no/such\" is no folder",
        );
        check_refused(
            |s| s.fetch_titles = "yes".to_owned(),
            "WAYPOST_FETCH_TITLES: \"yes\" is neither `on` nor `off`",
        );
        check_refused(
            |s| s.fetch_networks = "10.0.0.0/8,intranet".to_owned(),
            "WAYPOST_FETCH_NETWORKS: \"intranet\" is no network such as 10.0.0.0/8",
        );
        for size in ["0GiB", "16", "MiB", "99999999999GiB"] {
            check_refused(
                |s| s.spool_size = size.to_owned(),
                &format!("WAYPOST_SPOOL_SIZE: {size:?} is no size such as 512MiB or 16GiB"),
            );
        }
        check_refused(
            |s| s.durable = "yes".to_owned(),
            "WAYPOST_DURABLE: \"yes\" is neither `process` nor `power`",
        );
        check_refused(
            |s| s.rate_limit = "600".to_owned(),
            "WAYPOST_RATE_LIMIT: \"600\" is no rate such as 600/minute (or /second, /hour)",
        );
        check_refused(
            |s| s.tls_cert = "x.pem".to_owned(),
            "WAYPOST_TLS_KEY: must be set where WAYPOST_TLS_CERT is",
        );
    }

    #[test]
    fn the_data_folder_is_the_databases() {
        let folder = |url: &str| data_dir("", url).unwrap();
        assert_eq!(folder("sqlite:///var/lib/waypost/w.db"), Path::new("/var/lib/waypost"));
        assert_eq!(folder("sqlite://data/w.db?mode=rwc"), Path::new("data"));
        assert_eq!(folder("postgres://h/d"), Path::new("waypost-data"));
    }

    /// The README's table, row by row: flag, variable, default.
    #[test]
    fn the_readme_lists_every_setting() {
        let readme = include_str!("../../../README.md");
        for arg in Settings::augment_args(Command::new("waypost")).get_arguments() {
            let flag = arg.get_long().unwrap();
            let variable = arg.get_env().unwrap().to_string_lossy();
            let default = arg.get_default_values().first().map(|value| value.to_string_lossy());
            let default = default.filter(|value| !value.is_empty());
            let default = default.map_or_else(|| "–".to_owned(), |value| format!("`{value}`"));
            let row = format!("| `{variable}` | `--{flag}` | {default} |");
            assert!(readme.contains(&row), "README.md lacks the row {row}");
        }
    }
}
