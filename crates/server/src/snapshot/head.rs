//! What a snapshot says of itself, and all of it that is no link: JSON, since it is small.

use jiff::Timestamp;
use model::{Domain, DomainId, Host, Manner, Pixel, PixelId, PixelKind, Status, Tag, WorkspaceId};
use serde::{Deserialize, Serialize};

use super::{Identity, Snapshot, secrets::Secrets};
use crate::redirect::{Routes, Table};

#[derive(Serialize, Deserialize)]
pub(super) struct Head {
    /// What the database's address is known by.
    pub address: String,
    pub database: Identity,
    change: i64,
    written_at: i64,
    domains: Vec<WrittenDomain>,
    pixels: Vec<WrittenPixel>,
    pub parts: Parts,
}

/// The parts of the file before the head, in their order.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Parts {
    pub seed: [u8; 16],
    pub by_address: Part,
    pub by_link: Part,
    pub slots: Part,
    pub chunks: Vec<WrittenChunk>,
}

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct Part {
    pub bytes: u64,
    /// CRC-32C.
    pub sum: u32,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct WrittenChunk {
    pub number: u32,
    pub live: usize,
    pub part: Part,
}

#[derive(Serialize, Deserialize)]
struct WrittenDomain {
    id: i64,
    workspace: i64,
    host: String,
    root_url: Option<String>,
    not_found_url: Option<String>,
    expired_url: Option<String>,
    case_sensitive: bool,
    timezone: String,
    default_status: u16,
    app_schemes: Vec<String>,
    manner: Manner,
    created_at: i64,
    updated_at: i64,
}

#[derive(Serialize, Deserialize)]
struct WrittenPixel {
    id: i64,
    workspace: i64,
    name: String,
    kind: String,
    code: String,
    created_at: i64,
    updated_at: i64,
}

impl Head {
    pub fn new(
        address: &str,
        database: &Identity,
        change: i64,
        now: Timestamp,
        routes: &Routes,
    ) -> Head {
        Head {
            address: address.to_owned(),
            database: *database,
            change,
            written_at: now.as_millisecond(),
            domains: routes.domains().iter().map(|domain| WrittenDomain::of(domain)).collect(),
            pixels: routes.all_pixels().iter().map(|pixel| WrittenPixel::of(pixel)).collect(),
            parts: Parts::default(),
        }
    }

    pub fn into_snapshot(self, table: Table, secrets: Secrets) -> Option<Snapshot> {
        Some(Snapshot {
            database: self.database,
            change: self.change,
            written_at: Timestamp::from_millisecond(self.written_at).ok()?,
            domains: self.domains.into_iter().map(WrittenDomain::read).collect::<Option<_>>()?,
            pixels: self.pixels.into_iter().map(WrittenPixel::read).collect::<Option<_>>()?,
            table,
            key: secrets.key,
            salts: secrets.salts,
        })
    }
}

impl WrittenDomain {
    fn of(domain: &Domain) -> WrittenDomain {
        WrittenDomain {
            id: domain.id.number(),
            workspace: domain.workspace.number(),
            host: domain.host.to_string(),
            root_url: domain.root_url.clone(),
            not_found_url: domain.not_found_url.clone(),
            expired_url: domain.expired_url.clone(),
            case_sensitive: domain.case_sensitive,
            timezone: domain.timezone.clone(),
            default_status: domain.default_status.code(),
            app_schemes: domain.app_schemes.clone(),
            manner: domain.manner.clone(),
            created_at: domain.created_at.as_millisecond(),
            updated_at: domain.updated_at.as_millisecond(),
        }
    }

    fn read(self) -> Option<Domain> {
        Some(Domain {
            id: DomainId::new(self.id)?,
            workspace: WorkspaceId::new(self.workspace)?,
            host: Host::parse(&self.host).ok()?,
            root_url: self.root_url,
            not_found_url: self.not_found_url,
            expired_url: self.expired_url,
            case_sensitive: self.case_sensitive,
            timezone: self.timezone,
            default_status: Status::new("", self.default_status.into()).ok()?,
            app_schemes: self.app_schemes,
            manner: self.manner,
            created_at: Timestamp::from_millisecond(self.created_at).ok()?,
            updated_at: Timestamp::from_millisecond(self.updated_at).ok()?,
        })
    }
}

impl WrittenPixel {
    fn of(pixel: &Pixel) -> WrittenPixel {
        WrittenPixel {
            id: pixel.id.number(),
            workspace: pixel.workspace.number(),
            name: pixel.name.clone(),
            kind: pixel.tag.kind().name().to_owned(),
            code: pixel.tag.code().to_owned(),
            created_at: pixel.created_at.as_millisecond(),
            updated_at: pixel.updated_at.as_millisecond(),
        }
    }

    fn read(self) -> Option<Pixel> {
        Some(Pixel {
            id: PixelId::new(self.id)?,
            workspace: WorkspaceId::new(self.workspace)?,
            name: self.name,
            tag: Tag::parse(PixelKind::named(&self.kind)?, &self.code).ok()?,
            created_at: Timestamp::from_millisecond(self.created_at).ok()?,
            updated_at: Timestamp::from_millisecond(self.updated_at).ok()?,
        })
    }
}
