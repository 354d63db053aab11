//! The hosts that short addresses live on, and the workspace that owns them.

use jiff::{Timestamp, tz::TimeZone};
use url::Url;

use crate::{
    Destination, DomainId, Error, Host, Manner, Result, Schemes, Status, WorkspaceId,
    destination::is_dangerous, manner::check_kept,
};

/// A tenant: everything belongs to one, and to any other it is "not found".
#[derive(Clone, Debug, PartialEq)]
pub struct Workspace {
    pub id: WorkspaceId,
    pub name: String,
    pub created_at: Timestamp,
}

/// A host of short addresses, with what holds for all links on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Domain {
    pub id: DomainId,
    pub workspace: WorkspaceId,
    pub host: Host,
    /// Where `/` leads; none: a plain page.
    pub root_url: Option<String>,
    /// Where an unknown slug leads; none: 404.
    pub not_found_url: Option<String>,
    /// Where an expired link without an expired destination of its own leads; none: 410.
    pub expired_url: Option<String>,
    /// Whether `Spring` and `spring` are two slugs. Cannot be changed once links exist.
    pub case_sensitive: bool,
    /// The IANA zone of time rules where neither rule nor visitor names one.
    pub timezone: String,
    pub default_status: Status,
    /// App schemes, such as `myapp`, that destinations on this domain may use.
    pub app_schemes: Vec<String>,
    pub manner: Manner,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// App schemes of one domain.
const MOST_SCHEMES: usize = 50;

impl Domain {
    /// A domain with the settings that suit most.
    pub fn new(id: DomainId, workspace: WorkspaceId, host: Host, now: Timestamp) -> Domain {
        Domain {
            id,
            workspace,
            host,
            root_url: None,
            not_found_url: None,
            expired_url: None,
            case_sensitive: false,
            timezone: "UTC".to_owned(),
            default_status: Status::default(),
            app_schemes: Vec::new(),
            manner: Manner::default(),
            created_at: now,
            updated_at: now,
        }
    }

    /// What no domain may have.
    pub fn check(&self) -> Result<()> {
        for (at, url) in [
            ("rootUrl", &self.root_url),
            ("notFoundUrl", &self.not_found_url),
            ("expiredUrl", &self.expired_url),
        ] {
            if let Some(url) = url {
                Destination::parse(at, url, Schemes::WEB)?;
            }
        }
        if self.root_url.as_deref().is_some_and(|url| self.is_root(url)) {
            let why = "leads back to itself: visitors would go round in a circle";
            return Err(Error::invalid("rootUrl", why));
        }
        check_kept(&self.manner.kept)?;
        self.manner.app_links.check()?;
        if TimeZone::get(&self.timezone).is_err() {
            return Err(Error::invalid(
                "timezone",
                format!("{:?} is no IANA time zone such as Europe/Berlin", self.timezone),
            ));
        }
        let plain = |scheme: &String| {
            let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"+-.".contains(&b);
            scheme.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
                && scheme.bytes().all(inner)
        };
        if MOST_SCHEMES < self.app_schemes.len() {
            return Err(Error::invalid(
                "appSchemes",
                format!("must not be more than {MOST_SCHEMES}"),
            ));
        }
        for (i, scheme) in self.app_schemes.iter().enumerate() {
            let is_web = ["http", "https"].contains(&scheme.as_str());
            let twice = self.app_schemes[..i].contains(scheme);
            if !plain(scheme) || is_dangerous(scheme) || is_web || twice {
                let why = "must be an app's scheme such as myapp, and stand once";
                return Err(Error::invalid(format!("appSchemes[{i}]"), why));
            }
        }
        Ok(())
    }

    /// Whether a URL is the domain's own root. At a port of its own, something else may answer.
    fn is_root(&self, url: &str) -> bool {
        let Ok(url) = Url::parse(url) else { return false };
        url.host_str() == Some(self.host.as_str()) && url.port().is_none() && url.path() == "/"
    }

    pub fn schemes(&self) -> Schemes<'_> {
        Schemes::Listed(&self.app_schemes)
    }

    /// The zone of the domain; UTC where the zone database lost the name.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.timezone).unwrap_or(TimeZone::UTC)
    }
}
