//! A snapshot is what it was, or it is refused.

use std::{
    os::unix::fs::{MetadataExt, PermissionsExt},
    sync::atomic::{AtomicI64, Ordering},
};

use model::{
    Address, Destination, DomainId, Draft, Host, PixelId, PixelKind, Schemes, Slug, Stamp, Status,
    Tag, WorkspaceId,
};

use super::*;
use crate::{app::random_bytes, redirect::Routes};

const URL: &str = "postgres://me:secret@db.example/waypost?sslmode=require";
const DATABASE: Identity = [5; 16];

fn now() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

fn domain(id: i64, host: &str, case_sensitive: bool) -> Domain {
    let (id, workspace) = (DomainId::new(id).unwrap(), WorkspaceId::new(2).unwrap());
    let mut domain = Domain::new(id, workspace, Host::parse(host).unwrap(), now());
    domain.case_sensitive = case_sensitive;
    domain.manner.hides_referrer = case_sensitive;
    domain.root_url = Some("https://example.com/".to_owned());
    domain
}

fn pixel() -> Pixel {
    Pixel {
        id: PixelId::new(9).unwrap(),
        workspace: WorkspaceId::new(2).unwrap(),
        name: "ad".to_owned(),
        tag: Tag::parse(PixelKind::Facebook, "1234567").unwrap(),
        created_at: now(),
        updated_at: now(),
    }
}

fn put(routes: &Routes, domain: &Domain, slug: &str) {
    static NEXT: AtomicI64 = AtomicI64::new(100);
    let next_id = || NEXT.fetch_add(1, Ordering::Relaxed);
    let stamp = Stamp { now: now(), next_id: &next_id };
    let address = Address {
        domain: domain.id,
        host: domain.host.clone(),
        slug: Slug::parse(slug, false).unwrap(),
    };
    let to = Destination::parse("", &format!("https://example.com/{slug}"), Schemes::WEB).unwrap();
    let link = Draft::new(to).into_link(domain.workspace, vec![address], Status::default(), &stamp);
    routes.put(&link.unwrap());
}

fn routes() -> Routes {
    let table = Table::new(random_bytes());
    let routes = Routes::new(Host::parse("localhost").unwrap(), true, table);
    let (one, two) = (domain(1, "localhost", false), domain(2, "go.example", true));
    routes.put_domains(&[one.clone(), two.clone()]);
    routes.put_pixel(&pixel());
    put(&routes, &one, "Spring");
    put(&routes, &two, "Spring");
    routes
}

fn lay(folder: &Path, routes: &Routes) -> u64 {
    let salts = vec![Salt { day: 20_454, value: [3; 16] }];
    let secrets = Secrets { database: DATABASE, key: vec![4; 32], salts };
    secrets.write(&folder.join(SECRETS)).unwrap();
    let head = head::Head::new(&known_by(URL), &DATABASE, 77, now(), routes);
    file::write(folder, head, routes.table()).unwrap()
}

#[test]
fn a_snapshot_reads_back_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = lay(folder.path(), &routes());
    let file = std::fs::metadata(folder.path().join(FILE)).unwrap();
    assert_eq!((file.len(), file.permissions().mode() & 0o777), (bytes, 0o600));
    let read = Snapshots::new(folder.path(), URL).read().unwrap();
    assert_eq!((read.database, read.change, read.written_at), (DATABASE, 77, now()));
    assert_eq!(read.domains, [domain(1, "localhost", false), domain(2, "go.example", true)]);
    assert_eq!(read.pixels, [pixel()]);
    assert_eq!((read.key, read.salts[0].value), (vec![4; 32], [3; 16]));
    let routes = Routes::new(Host::parse("localhost").unwrap(), true, read.table);
    routes.put_domains(&read.domains);
    assert_eq!(routes.len(), 2);
    let found = |host: &str, key: &str| routes.hosted(host).unwrap().route(key).is_some();
    assert!(found("localhost", "spring") && found("go.example", "Spring"));
    assert!(!found("localhost", "Spring") && !found("go.example", "spring"));
}

#[test]
fn what_was_cut_anywhere_is_left_aside() {
    let folder = tempfile::tempdir().unwrap();
    lay(folder.path(), &routes());
    let path = folder.path().join(FILE);
    let whole = std::fs::read(&path).unwrap();
    for cut in 0..whole.len() {
        std::fs::write(&path, &whole[..cut]).unwrap();
        let read = file::read(&path, &known_by(URL));
        assert!(read.is_err(), "cut after {cut} of {} bytes", whole.len());
    }
    assert!(Snapshots::new(folder.path(), URL).read().is_none());
    assert!(!path.exists() && folder.path().join(ASIDE).exists());
}

#[test]
fn no_flipped_bit_is_believed() {
    let folder = tempfile::tempdir().unwrap();
    lay(folder.path(), &routes());
    let path = folder.path().join(FILE);
    let whole = std::fs::read(&path).unwrap();
    assert!(file::read(&path, &known_by(URL)).is_ok());
    for at in 0..whole.len() {
        let mut broken = whole.clone();
        broken[at] ^= 1 << (at % 8);
        std::fs::write(&path, &broken).unwrap();
        assert!(file::read(&path, &known_by(URL)).is_err(), "byte {at} of {}", whole.len());
    }
}

#[test]
fn a_snapshot_of_another_database_is_not_used() {
    let folder = tempfile::tempdir().unwrap();
    let read = |url: &str| {
        lay(folder.path(), &routes());
        Snapshots::new(folder.path(), url).read().is_some()
    };
    assert!(read(URL));
    // Who asks and how is not what is asked.
    assert!(read("postgres://you@db.example/waypost"));
    for url in ["postgres://db.example/other", "postgres://other.example/waypost", "sqlite://x.db"]
    {
        assert!(!read(url), "{url}");
    }
    assert!(read(URL));
    let other = Secrets { database: [6; 16], key: Vec::new(), salts: Vec::new() };
    other.write(&folder.path().join(SECRETS)).unwrap();
    lay(folder.path(), &routes());
    other.write(&folder.path().join(SECRETS)).unwrap();
    assert!(Snapshots::new(folder.path(), URL).read().is_none());
}

#[test]
fn a_new_snapshot_takes_the_place_of_the_old_one_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let routes = routes();
    lay(folder.path(), &routes);
    let before = std::fs::metadata(folder.path().join(FILE)).unwrap().ino();
    // What a start that was killed left behind.
    std::fs::write(folder.path().join(BESIDE), b"half").unwrap();
    put(&routes, &domain(1, "localhost", false), "later");
    lay(folder.path(), &routes);
    assert_ne!(std::fs::metadata(folder.path().join(FILE)).unwrap().ino(), before);
    assert!(!folder.path().join(BESIDE).exists());
    assert_eq!(Snapshots::new(folder.path(), URL).read().unwrap().table.len(), 3);
}
