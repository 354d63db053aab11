//! Every link of this node, by host and slug.
//!
//! Readers never wait: links sit in a [table](super::table) that is searched without a lock, domains
//! in a list that is swapped whole. Writers (edits on this node, and the poll that brings those of
//! others) take turns.

use std::{
    collections::{BTreeSet, HashMap},
    ops::Deref,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use arc_swap::{ArcSwap, Guard};
use foldhash::fast::RandomState;
use jiff::tz::TimeZone;
use model::{Domain, DomainId, Host, Link, LinkId, Pixel, PixelId, fold_path};

use super::table::{Found, Place, Table};

/// The routing table of one node.
pub struct Routes {
    default: Host,
    serve_unknown_hosts: bool,
    table: Arc<Table>,
    domains: ArcSwap<Domains>,
    /// Held by whoever changes domains.
    turn: Mutex<()>,
    pixels: papaya::HashMap<PixelId, Arc<Pixel>>,
    /// Counts changes of domains and pixels; those of links are the table's.
    edits: AtomicU64,
    complete: AtomicBool,
}

#[derive(Default)]
struct Domains {
    all: Vec<Hosted>,
    by_host: HashMap<Host, usize, RandomState>,
    by_id: HashMap<DomainId, usize>,
}

/// A domain and its links.
#[derive(Clone)]
pub struct Hosted {
    pub domain: Arc<Domain>,
    /// The domain's zone, looked up once.
    pub zone: TimeZone,
    table: Arc<Table>,
}

/// A domain as somebody found it. Taking it writes nothing that other cores read.
pub struct Taken {
    domains: Guard<Arc<Domains>>,
    at: usize,
}

impl Routes {
    pub fn new(default: Host, serve_unknown_hosts: bool, table: Table) -> Routes {
        Routes {
            default,
            serve_unknown_hosts,
            table: Arc::new(table),
            domains: ArcSwap::default(),
            turn: Mutex::default(),
            pixels: papaya::HashMap::new(),
            edits: AtomicU64::new(0),
            complete: AtomicBool::new(false),
        }
    }

    /// Whether all links are loaded, so that an unknown slug is truly unknown.
    pub fn is_complete(&self) -> bool {
        self.complete.load(Ordering::Acquire) && !self.table.is_damaged()
    }

    pub fn set_complete(&self) {
        self.complete.store(true, Ordering::Release);
    }

    /// Forgets everything: what is here is another database's, or of a past that is not this one's.
    pub fn clear(&self) {
        let _turn = self.turn();
        self.complete.store(false, Ordering::Release);
        self.domains.store(Arc::default());
        self.pixels.pin().clear();
        self.table.clear();
    }

    /// The domain that a `Host` header means; none where unknown hosts are not served.
    pub fn hosted(&self, host: &str) -> Option<Taken> {
        let domains = self.domains.load();
        let default =
            || self.serve_unknown_hosts.then(|| domains.by_host.get(&self.default)).flatten();
        let at = domains.named(host).or_else(|| default().copied())?;
        Some(Taken { domains, at })
    }

    /// Whether a `Host` header means the default domain, which is the management host too.
    pub fn is_management(&self, host: &str) -> bool {
        let domains = self.domains.load();
        match domains.named(host) {
            Some(at) => domains.all[at].domain.host == self.default,
            None => self.serve_unknown_hosts,
        }
    }

    pub fn domain(&self, host: &str) -> Option<Arc<Domain>> {
        let domains = self.domains.load();
        domains.named(host).map(|at| domains.all[at].domain.clone())
    }

    pub fn domain_by_id(&self, id: DomainId) -> Option<Arc<Domain>> {
        let domains = self.domains.load();
        domains.by_id.get(&id).map(|&at| domains.all[at].domain.clone())
    }

    /// Every domain.
    pub fn domains(&self) -> Vec<Arc<Domain>> {
        self.domains.load().all.iter().map(|hosted| hosted.domain.clone()).collect()
    }

    /// The links of a domain, archived and disabled ones too. Goes through all links.
    pub fn links_of(&self, domain: DomainId) -> BTreeSet<LinkId> {
        self.table.links_on(domain)
    }

    /// The link at a slug of a domain, as the domain compares slugs.
    pub fn link_at(&self, domain: DomainId, key: &str) -> Option<LinkId> {
        self.table.find(domain, key).map(|route| route.link)
    }

    pub fn default_domain(&self) -> Option<Arc<Domain>> {
        self.domain(self.default.as_str())
    }

    /// Adds a domain, or takes over its changed settings; its links stay.
    pub fn put_domain(&self, domain: &Domain) {
        self.put_domains(std::slice::from_ref(domain));
    }

    /// [`put_domain`](Self::put_domain) for many, at the price of one.
    pub fn put_domains(&self, new: &[Domain]) {
        let _turn = self.turn();
        let old = self.domains.load();
        let is_known = |new: &&Domain| {
            old.all.iter().any(|known| known.domain.id == new.id && *known.domain == **new)
        };
        let new: Vec<&Domain> = new.iter().filter(|new| !is_known(new)).collect();
        if new.is_empty() {
            return;
        }
        // A host may be another domain's by now.
        let hosts: HashMap<&Host, DomainId> = new.iter().map(|new| (&new.host, new.id)).collect();
        let ids: HashMap<DomainId, &Host> = new.iter().map(|new| (new.id, &new.host)).collect();
        let stays = |known: &&Hosted| {
            !ids.contains_key(&known.domain.id) && !hosts.contains_key(&known.domain.host)
        };
        let mut all: Vec<Hosted> = old.all.iter().filter(stays).cloned().collect();
        all.extend(new.iter().filter(|new| hosts.get(&new.host) == Some(&new.id)).map(|&domain| {
            let table = Arc::clone(&self.table);
            Hosted { zone: domain.zone(), domain: Arc::new(domain.clone()), table }
        }));
        self.show(all);
    }

    pub fn remove_domain(&self, id: DomainId) {
        let _turn = self.turn();
        let old = self.domains.load();
        if old.by_id.contains_key(&id) {
            self.show(old.all.iter().filter(|known| known.domain.id != id).cloned().collect());
        }
    }

    /// Adds or replaces a link, unless a newer state of it is here already.
    pub fn put(&self, link: &Link) {
        let domains = self.domains.load();
        let place = |address: &model::Address| -> Option<Place> {
            let hosted = &domains.all[*domains.by_id.get(&address.domain)?];
            let key = address.slug.key(hosted.domain.case_sensitive);
            Some((address.domain, key.into()))
        };
        let places: Vec<Place> = link.addresses.iter().filter_map(place).collect();
        self.table.put(link, &places);
    }

    pub fn remove(&self, link: LinkId) {
        self.table.remove(link);
    }

    pub fn put_pixel(&self, pixel: &Pixel) {
        self.pixels.pin().insert(pixel.id, Arc::new(pixel.clone()));
        self.edits.fetch_add(1, Ordering::Release);
    }

    pub fn remove_pixel(&self, id: PixelId) {
        self.pixels.pin().remove(&id);
        self.edits.fetch_add(1, Ordering::Release);
    }

    /// Those of the pixels that were not deleted, in the same order.
    pub fn pixels(&self, ids: &[PixelId]) -> Vec<Arc<Pixel>> {
        let pixels = self.pixels.pin();
        ids.iter().filter_map(|id| pixels.get(id).cloned()).collect()
    }

    /// Every pixel.
    pub fn all_pixels(&self) -> Vec<Arc<Pixel>> {
        self.pixels.pin().values().cloned().collect()
    }

    /// How many links there are.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many changes there were since the start.
    pub fn edits(&self) -> u64 {
        self.edits.load(Ordering::Acquire).wrapping_add(self.table.edits())
    }

    pub fn table(&self) -> &Table {
        &self.table
    }

    fn show(&self, all: Vec<Hosted>) {
        let by_host = all.iter().enumerate().map(|(at, it)| (it.domain.host.clone(), at)).collect();
        let by_id = all.iter().enumerate().map(|(at, it)| (it.domain.id, at)).collect();
        self.domains.store(Arc::new(Domains { all, by_host, by_id }));
        self.edits.fetch_add(1, Ordering::Release);
    }

    fn turn(&self) -> std::sync::MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Domains {
    /// The domain that a `Host` header means. Nearly all are in canonical form, some but for the port.
    fn named(&self, host: &str) -> Option<usize> {
        let known = self.by_host.get(host);
        let known = known.or_else(|| self.by_host.get(Host::without_port(host)));
        known.or_else(|| self.by_host.get(&Host::parse(host).ok()?)).copied()
    }
}

impl Hosted {
    pub fn route(&self, key: &str) -> Option<Found> {
        self.table.find(self.domain.id, key)
    }

    /// Asks for the memory of the links at some raw paths.
    pub fn foresee<'p>(&self, paths: impl Iterator<Item = &'p str>) {
        let keys = paths.filter_map(|path| fold_path(path, self.domain.case_sensitive));
        self.table.foresee(keys.map(|key| self.table.hash(self.domain.id, &key)));
    }
}

impl Deref for Taken {
    type Target = Hosted;

    fn deref(&self) -> &Hosted {
        &self.domains.all[self.at]
    }
}
