//! Every link of this node, by host and slug.
//!
//! Readers never wait: links sit in maps without locks, domains in one that is swapped whole.
//! Writers (edits on this node, and the poll that brings those of others) take turns.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use arc_swap::ArcSwap;
use jiff::tz::TimeZone;
use model::{Domain, DomainId, Host, Link, LinkId, Pixel, PixelId};

use super::Route;

/// The routing table of one node.
pub struct Routes {
    default: Host,
    serve_unknown_hosts: bool,
    domains: ArcSwap<Domains>,
    /// Where each link answers, to take it away again.
    places: Mutex<HashMap<LinkId, Places>>,
    pixels: papaya::HashMap<PixelId, Arc<Pixel>>,
    complete: AtomicBool,
}

#[derive(Default)]
struct Domains {
    by_host: HashMap<Host, Arc<Hosted>>,
    by_id: HashMap<DomainId, Host>,
}

/// A domain and its links.
pub struct Hosted {
    pub domain: Arc<Domain>,
    /// The domain's zone, looked up once.
    pub zone: TimeZone,
    slugs: Arc<Slugs>,
}

type Slugs = papaya::HashMap<Box<str>, Arc<Route>>;

struct Places {
    version: i64,
    addresses: Vec<(DomainId, Box<str>)>,
}

impl Routes {
    pub fn new(default: Host, serve_unknown_hosts: bool) -> Routes {
        Routes {
            default,
            serve_unknown_hosts,
            domains: ArcSwap::default(),
            places: Mutex::default(),
            pixels: papaya::HashMap::new(),
            complete: AtomicBool::new(false),
        }
    }

    /// Whether all links are loaded, so that an unknown slug is truly unknown.
    pub fn is_complete(&self) -> bool {
        self.complete.load(Ordering::Acquire)
    }

    pub fn set_complete(&self) {
        self.complete.store(true, Ordering::Release);
    }

    /// The domain that a `Host` header means; none where unknown hosts are not served.
    pub fn hosted(&self, host: &str) -> Option<Arc<Hosted>> {
        let domains = self.domains.load();
        let default =
            || self.serve_unknown_hosts.then(|| domains.by_host.get(&self.default)).flatten();
        domains.named(host).or_else(default).cloned()
    }

    /// Whether a `Host` header means the default domain, which is the management host too.
    pub fn is_management(&self, host: &str) -> bool {
        match self.domains.load().named(host) {
            Some(hosted) => hosted.domain.host == self.default,
            None => self.serve_unknown_hosts,
        }
    }

    pub fn domain(&self, host: &str) -> Option<Arc<Domain>> {
        self.domains.load().named(host).map(|hosted| hosted.domain.clone())
    }

    pub fn domain_by_id(&self, id: DomainId) -> Option<Arc<Domain>> {
        let domains = self.domains.load();
        let host = domains.by_id.get(&id)?;
        domains.by_host.get(host).map(|hosted| hosted.domain.clone())
    }

    /// The links of a domain, archived and disabled ones too.
    pub fn links_of(&self, domain: DomainId) -> BTreeSet<LinkId> {
        let domains = self.domains.load();
        let hosted = domains.by_id.get(&domain).and_then(|host| domains.by_host.get(host));
        hosted.into_iter().flat_map(|hosted| hosted.links()).collect()
    }

    /// The link at a slug of a domain, as the domain compares slugs.
    pub fn link_at(&self, domain: DomainId, key: &str) -> Option<LinkId> {
        let domains = self.domains.load();
        let hosted = domains.by_id.get(&domain).and_then(|host| domains.by_host.get(host))?;
        hosted.slugs.pin().get(key).map(|route| route.link)
    }

    pub fn default_domain(&self) -> Option<Arc<Domain>> {
        self.domains.load().by_host.get(&self.default).map(|hosted| hosted.domain.clone())
    }

    /// Adds a domain, or takes over its changed settings; its links stay.
    pub fn put_domain(&self, domain: &Domain) {
        let _turn = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let old = self.domains.load();
        let known = old.by_host.get(&domain.host);
        if known.is_some_and(|known| *known.domain == *domain) {
            return;
        }
        let slugs = known.map_or_else(Arc::default, |known| known.slugs.clone());
        let hosted =
            Arc::new(Hosted { zone: domain.zone(), domain: Arc::new(domain.clone()), slugs });
        let mut domains = Domains { by_host: old.by_host.clone(), by_id: old.by_id.clone() };
        domains.by_id.insert(domain.id, domain.host.clone());
        domains.by_host.insert(domain.host.clone(), hosted);
        self.domains.store(Arc::new(domains));
    }

    /// Adds or replaces a link, unless a newer state of it is here already.
    pub fn put(&self, link: &Link) {
        let route = Arc::new(Route::compile(link));
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let old = places.get(&link.id);
        if old.is_some_and(|old| link.version < old.version) {
            return;
        }
        let domains = self.domains.load();
        let mut addresses = Vec::with_capacity(link.addresses.len());
        for address in &link.addresses {
            let Some(hosted) = domains.by_host.get(&address.host) else { continue };
            let key = address.slug.key(hosted.domain.case_sensitive).into_boxed_str();
            hosted.slugs.pin().insert(key.clone(), route.clone());
            addresses.push((address.domain, key));
        }
        if let Some(old) = old {
            let gone = old.addresses.iter().filter(|place| !addresses.contains(place));
            gone.for_each(|place| take(&domains, place, link.id));
        }
        places.insert(link.id, Places { version: link.version, addresses });
    }

    pub fn remove(&self, link: LinkId) {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let domains = self.domains.load();
        if let Some(old) = places.remove(&link) {
            old.addresses.iter().for_each(|place| take(&domains, place, link));
        }
    }

    pub fn put_pixel(&self, pixel: &Pixel) {
        self.pixels.pin().insert(pixel.id, Arc::new(pixel.clone()));
    }

    pub fn remove_pixel(&self, id: PixelId) {
        self.pixels.pin().remove(&id);
    }

    /// Those of the pixels that were not deleted, in the same order.
    pub fn pixels(&self, ids: &[PixelId]) -> Vec<Arc<Pixel>> {
        let pixels = self.pixels.pin();
        ids.iter().filter_map(|id| pixels.get(id).cloned()).collect()
    }

    pub fn len(&self) -> usize {
        self.places.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Domains {
    /// The domain that a `Host` header means. Nearly all are in canonical form but for the port.
    fn named(&self, host: &str) -> Option<&Arc<Hosted>> {
        let exact = self.by_host.get(Host::without_port(host));
        exact.or_else(|| self.by_host.get(&Host::parse(host).ok()?))
    }
}

/// Takes a link away from a place, unless another took the place meanwhile.
fn take(domains: &Domains, (domain, key): &(DomainId, Box<str>), link: LinkId) {
    let hosted = domains.by_id.get(domain).and_then(|host| domains.by_host.get(host));
    if let Some(hosted) = hosted {
        let slugs = hosted.slugs.pin();
        if slugs.get(key).is_some_and(|route| route.link == link) {
            slugs.remove(key);
        }
    }
}

impl Hosted {
    fn links(&self) -> Vec<LinkId> {
        self.slugs.pin().values().map(|route| route.link).collect()
    }

    pub fn route(&self, key: &str) -> Option<Arc<Route>> {
        self.slugs.pin().get(key).cloned()
    }
}
