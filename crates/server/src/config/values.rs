//! The values of single settings: read, or refused in a line that names the variable.

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
};

use ipnet::IpNet;
use jiff::SignedDuration;
use model::Host;
use url::Url;

use crate::{rate::Rate, spool::Durable, visitor::ForwardedHeader};

pub(super) fn bad(variable: &str, value: &str, why: &str) -> String {
    format!("{variable}: {value:?} {why}")
}

pub(super) fn public(text: &str) -> Result<(Url, Host), String> {
    let no = || bad("WAYPOST_PUBLIC_URL", text, "is no address such as https://go.example.com");
    let url = Url::parse(text).map_err(|_| no())?;
    let bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
    if !matches!(url.scheme(), "http" | "https") || !bare || !url.username().is_empty() {
        return Err(no());
    }
    let host = Host::parse(url.host_str().unwrap_or_default()).map_err(|_| no())?;
    Ok((url, host))
}

/// The folder of the database, or one of our own beside PostgreSQL.
pub(super) fn data_dir(text: &str, database_url: &str) -> Result<PathBuf, String> {
    if !text.is_empty() {
        return Ok(PathBuf::from(text));
    }
    if let Some(path) = sqlite_file(database_url) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        return Ok(folder.unwrap_or(Path::new(".")).to_owned());
    }
    if database_url.starts_with("postgres://") || database_url.starts_with("postgresql://") {
        return Ok(PathBuf::from("waypost-data"));
    }
    // The value may hold a password, so it is not repeated.
    Err("WAYPOST_DATABASE_URL: must start with sqlite:// or postgres://".to_owned())
}

pub(super) fn sqlite_file(database_url: &str) -> Option<PathBuf> {
    let path = database_url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    path.split('?').next().map(PathBuf::from)
}

/// A whole number of `MiB` or `GiB`.
pub(super) fn size(variable: &str, text: &str) -> Result<u64, String> {
    let units = [("MiB", 20), ("GiB", 30)];
    let number = units.iter().find_map(|(unit, shift)| Some((text.strip_suffix(unit)?, shift)));
    let bytes = number.and_then(|(number, shift)| {
        number.trim().parse::<u64>().ok()?.checked_mul(1 << shift).filter(|bytes| *bytes != 0)
    });
    bytes.ok_or_else(|| bad(variable, text, "is no size such as 512MiB or 16GiB"))
}

pub(super) fn durable(text: &str) -> Result<Durable, String> {
    match text {
        "process" => Ok(Durable::Process),
        "power" => Ok(Durable::Power),
        other => Err(bad("WAYPOST_DURABLE", other, "is neither `process` nor `power`")),
    }
}

/// A number of days; none for 0.
pub(super) fn days(variable: &str, text: &str) -> Result<Option<SignedDuration>, String> {
    let days = text.trim().parse::<u16>();
    let days = days.map_err(|_| bad(variable, text, "is no number of days such as 90"))?;
    Ok((days != 0).then(|| SignedDuration::from_hours(i64::from(days) * 24)))
}

pub(super) fn rate(text: &str) -> Result<Option<Rate>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let why = "is no rate such as 600/minute (or /second, /hour)";
    Rate::parse(text).map(Some).ok_or_else(|| bad("WAYPOST_RATE_LIMIT", text, why))
}

pub(super) fn geo_dir(text: &str) -> Result<Option<PathBuf>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let folder = PathBuf::from(text);
    if !folder.is_dir() {
        return Err(bad("WAYPOST_GEO_DIR", text, "is no folder"));
    }
    Ok(Some(folder))
}

pub(super) fn networks(variable: &str, text: &str) -> Result<Vec<IpNet>, String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let network = |part: &str| {
        let net = part.parse().or_else(|_| part.parse::<IpAddr>().map(IpNet::from));
        net.map_err(|_| bad(variable, part, "is no network such as 10.0.0.0/8"))
    };
    parts.map(network).collect()
}

pub(super) fn trusted(text: &str) -> Result<Vec<IpNet>, String> {
    let networks = networks("WAYPOST_TRUSTED_PROXIES", text)?;
    if let Some(net) = networks.iter().find(|net| net.prefix_len() == 0) {
        // Then everybody could say whatever address they like.
        let why = "trusts every address: name the proxies' own networks";
        return Err(bad("WAYPOST_TRUSTED_PROXIES", &net.to_string(), why));
    }
    Ok(networks)
}

pub(super) fn forwarded_header(text: &str) -> Result<ForwardedHeader, String> {
    ForwardedHeader::parse(text).ok_or_else(|| {
        bad("WAYPOST_FORWARDED_HEADER", text, "is neither X-Forwarded-For nor Forwarded")
    })
}

pub(super) fn tls(cert: &str, key: &str) -> Result<Option<(PathBuf, PathBuf)>, String> {
    match (cert, key) {
        ("", "") => Ok(None),
        ("", _) => Err("WAYPOST_TLS_CERT: must be set where WAYPOST_TLS_KEY is".to_owned()),
        (_, "") => Err("WAYPOST_TLS_KEY: must be set where WAYPOST_TLS_CERT is".to_owned()),
        (cert, key) => Ok(Some((PathBuf::from(cert), PathBuf::from(key)))),
    }
}
