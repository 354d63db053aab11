//! Requests of ours to other servers: one client for all of them, which no link can turn against the
//! networks that this server stands in.
//!
//! **Invariant:** a connection is made to an address that [`Guard`] has judged, and to no other: names
//! are resolved here, once a hop, and the address that was judged is the one that is connected to. No
//! proxy of the environment is asked.

mod guard;
mod hop;
mod page;
#[cfg(test)]
mod tests;

use std::{
    io,
    net::{IpAddr, SocketAddr, ToSocketAddrs},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use jiff::Timestamp;
use rustls::{ClientConfig, RootCertStore};
use tokio::{sync::Semaphore, time::timeout};
use url::{Host, Url};

use crate::rate::{Calls, Rate, Who};

pub use guard::Guard;
pub use page::About;

/// The one client.
pub struct Outward {
    guard: Guard,
    resolve: Resolve,
    tls: Arc<ClientConfig>,
    turns: Arc<Semaphore>,
    messages: Semaphore,
    previews: Calls,
}

/// Finds the addresses of a name; a test brings its own names.
type Resolve = Arc<dyn Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync>;

/// Why a page could not be had. The same words whatever stands at the address, so that nobody learns
/// from them which doors of a network are open.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("only http and https are asked, without a password, and never http after https")]
    Url,
    #[error("the address is none that may be asked")]
    Forbidden,
    #[error("the name has no address")]
    Unresolved,
    #[error("it leads elsewhere more than {REDIRECTS} times")]
    Redirects,
    #[error("it answers with status {0}")]
    Status(u16),
    #[error("it answers in a compressed form that was not asked for")]
    Compressed,
    #[error("it cannot be reached")]
    Unreachable,
    #[error("it takes too long")]
    Late,
}

/// What stood at the end of all redirects.
#[derive(Debug)]
pub(crate) struct Fetched {
    pub url: Url,
    pub status: u16,
    pub content_type: Option<String>,
    /// What was read of it, at most [`LARGEST`] bytes.
    pub body: Vec<u8>,
}

/// A page as whoever is about to link to it wants to see it.
#[derive(Debug, Default)]
pub struct Preview {
    /// None where nothing answered.
    pub status: Option<u16>,
    /// Where all redirects end; none where that was not reached.
    pub url: Option<Url>,
    pub about: About,
    pub image: Option<Url>,
    pub icon: Option<Url>,
    /// Why there is no page.
    pub problem: Option<String>,
}

/// What somebody is told who asked to be.
#[derive(Debug)]
pub(crate) struct Message {
    pub headers: Vec<(&'static str, String)>,
    /// JSON.
    pub body: Bytes,
}

/// What they say to that.
#[derive(Debug)]
pub(crate) struct Reply {
    pub status: u16,
    /// When they want to hear of it again, as they wrote it.
    pub retry_after: Option<String>,
}

/// The whole of a request, redirects included.
pub(crate) const LONGEST: Duration = Duration::from_secs(5);
/// Bytes that are read of a body; nothing is ever decompressed.
const LARGEST: usize = 256 * 1024;
const REDIRECTS: usize = 5;
/// Requests at the same time; more wait within their own time.
const AT_ONCE: usize = 16;
/// Messages at the same time: they have turns of their own, so that no slow receiver keeps somebody
/// waiting who makes a link.
const MESSAGES_AT_ONCE: usize = 64;
/// Previews that one caller may ask for.
const PREVIEWS: Rate = Rate::of(60, 60);
/// How many addresses of one name are tried.
const TRIED: usize = 3;

impl Outward {
    pub fn new(guard: Guard) -> Outward {
        let system = |name: &str, port| Ok((name, port).to_socket_addrs()?.collect());
        // Mozilla's roots are built in rather than read from the system: they are the same on every
        // machine, a bare container has none, and what only a private root vouches for stands in
        // networks that are not asked anyway.
        let roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        Outward::with(guard, Arc::new(system), roots)
    }

    fn with(guard: Guard, resolve: Resolve, roots: RootCertStore) -> Outward {
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(ring)
            .with_safe_default_protocol_versions()
            .expect("ring has ciphers for both versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Outward {
            guard,
            resolve,
            tls: Arc::new(tls),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            messages: Semaphore::new(MESSAGES_AT_ONCE),
            previews: Calls::new(PREVIEWS),
        }
    }

    /// Refuses a URL that will never be asked, as far as that can be told without looking up its name:
    /// what that stands for may change, and is judged each time.
    pub(crate) fn check(&self, url: &Url) -> Result<(), Refusal> {
        let (host, port) = parts(url)?;
        match host {
            Host::Ipv4(address) => self.permitted([(address, port).into()].to_vec()).map(drop),
            Host::Ipv6(address) => self.permitted([(address, port).into()].to_vec()).map(drop),
            Host::Domain(_) => Ok(()),
        }
    }

    /// Tells somebody something; where they send us elsewhere, we do not go. The time is counted from
    /// when it is our turn.
    pub(crate) async fn tell(&self, url: &Url, message: &Message) -> Result<Reply, Refusal> {
        let _turn = self.messages.acquire().await.map_err(|_| Refusal::Unreachable)?;
        let whole = async {
            let addresses = self.addresses(url).await?;
            hop::tell(&self.tls, url, &addresses, message).await
        };
        timeout(LONGEST, whole).await.unwrap_or(Err(Refusal::Late))
    }

    /// Submits a form on somebody's behalf whom the settings name, and reads what comes back; where
    /// they send us elsewhere, we do not go.
    pub(crate) async fn submit(
        &self,
        url: &Url,
        authorization: Option<&str>,
        form: String,
    ) -> Result<Vec<u8>, Refusal> {
        let whole = async {
            let _turn = self.turns.acquire().await.map_err(|_| Refusal::Unreachable)?;
            let addresses = self.addresses(url).await?;
            match hop::submit(&self.tls, url, &addresses, authorization, form).await? {
                hop::Answer::Page(page) => Ok(page.body),
                hop::Answer::Elsewhere(_) => Err(Refusal::Redirects),
            }
        };
        timeout(LONGEST, whole).await.unwrap_or(Err(Refusal::Late))
    }

    /// The title and description of a page; nothing of one that cannot be had in time.
    pub async fn about(&self, url: &Url, within: Duration) -> About {
        match self.get(url, page::is_enough, within).await {
            Ok(fetched) => About::read(fetched.content_type.as_deref(), &fetched.body),
            Err(why) => {
                tracing::debug!(host = url.host_str(), "could not read a page: {why}");
                About::default()
            }
        }
    }

    /// What stands at a URL, as far as it can be had in time.
    pub async fn preview(&self, url: &Url, within: Duration) -> Preview {
        match self.get(url, page::is_enough, within).await {
            Ok(page) => {
                let about = About::read(page.content_type.as_deref(), &page.body);
                let picture = |href: &Option<String>| {
                    let url = page.url.join(href.as_deref()?).ok()?;
                    matches!(url.scheme(), "http" | "https").then_some(url)
                };
                let (image, icon) = (picture(&about.image), picture(&about.icon));
                let (status, url) = (Some(page.status), Some(page.url));
                Preview { status, url, about, image, icon, problem: None }
            }
            Err(why) => {
                let status = if let Refusal::Status(status) = why { Some(status) } else { None };
                Preview { status, problem: Some(why.to_string()), ..Preview::default() }
            }
        }
    }

    /// Takes one of the previews that a caller may ask for in a minute; else the seconds to wait.
    pub fn take_preview(&self, who: i64, now: Timestamp) -> Result<(), u64> {
        self.previews.take(Who::Caller(who), now).wait.map_or(Ok(()), Err)
    }

    /// Reads a page, until `enough` of it is read: that is asked about the end of what has come.
    pub(crate) async fn get(
        &self,
        url: &Url,
        enough: fn(&[u8]) -> bool,
        within: Duration,
    ) -> Result<Fetched, Refusal> {
        let whole = async {
            let _turn = self.turns.acquire().await.map_err(|_| Refusal::Unreachable)?;
            self.follow(url.clone(), enough).await
        };
        timeout(within.min(LONGEST), whole).await.unwrap_or(Err(Refusal::Late))
    }

    async fn follow(&self, mut url: Url, enough: fn(&[u8]) -> bool) -> Result<Fetched, Refusal> {
        for _ in 0..=REDIRECTS {
            let addresses = self.addresses(&url).await?;
            match hop::ask(&self.tls, &url, &addresses, enough).await? {
                hop::Answer::Page(page) => return Ok(page),
                hop::Answer::Elsewhere(location) => {
                    let next = url.join(&location).map_err(|_| Refusal::Url)?;
                    if url.scheme() == "https" && next.scheme() != "https" {
                        return Err(Refusal::Url);
                    }
                    url = next;
                }
            }
        }
        Err(Refusal::Redirects)
    }

    /// The addresses of a URL that may be connected to. An address that is spelled in an odd way
    /// (`0x7f.1`, `2130706433`) has been read as what it is when the URL was parsed.
    async fn addresses(&self, url: &Url) -> Result<Vec<SocketAddr>, Refusal> {
        let (host, port) = parts(url)?;
        let found = match host {
            Host::Ipv4(address) => vec![(address, port).into()],
            Host::Ipv6(address) => vec![(address, port).into()],
            Host::Domain(name) => self.named(name, port).await?,
        };
        self.permitted(found)
    }

    /// What a name stands for; nothing where it stands for nothing, or nobody knows in time.
    pub async fn look_up(&self, name: &str) -> Vec<IpAddr> {
        match timeout(LONGEST, self.named(name, 0)).await {
            Ok(Ok(found)) => {
                let mut found: Vec<IpAddr> = found.iter().map(SocketAddr::ip).collect();
                found.dedup();
                found
            }
            Ok(Err(_)) | Err(_) => Vec::new(),
        }
    }

    fn permitted(&self, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Refusal> {
        let permitted: Vec<SocketAddr> =
            found.into_iter().filter(|to| self.guard.permits(*to)).take(TRIED).collect();
        if permitted.is_empty() { Err(Refusal::Forbidden) } else { Ok(permitted) }
    }

    /// The system's resolver cannot be hurried: who stops waiting leaves its thread behind for a while.
    async fn named(&self, name: &str, port: u16) -> Result<Vec<SocketAddr>, Refusal> {
        let (resolve, name) = (self.resolve.clone(), name.to_owned());
        let found = tokio::task::spawn_blocking(move || resolve(&name, port)).await;
        let found = found.map_err(|_| Refusal::Unresolved)?.map_err(|_| Refusal::Unresolved)?;
        if found.is_empty() { Err(Refusal::Unresolved) } else { Ok(found) }
    }
}

/// The host and the port of a URL that may be asked at all.
fn parts(url: &Url) -> Result<(Host<&str>, u16), Refusal> {
    let bare = url.username().is_empty() && url.password().is_none();
    if !matches!(url.scheme(), "http" | "https") || !bare {
        return Err(Refusal::Url);
    }
    let port = url.port_or_known_default().ok_or(Refusal::Url)?;
    Ok((url.host().ok_or(Refusal::Url)?, port))
}
