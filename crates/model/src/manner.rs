//! How a domain's links are made and answered, as far as no link says otherwise.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{AppLinks, Error, Result};

/// Settings that few domains change; kept as one JSON object, where what is absent is the default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Manner {
    /// How the slugs that nobody chose are made.
    pub slugs: SlugKind,
    /// Whether destinations see where a visitor came from.
    pub hides_referrer: bool,
    /// Whether new links show their destination in a frame.
    pub cloaks: bool,
    pub https: Https,
    /// Whether short URLs are shown with `https:` whatever the server's own scheme.
    pub https_links: bool,
    pub robots: Robots,
    /// Whether scans of QR codes are told from other clicks.
    pub marks_qr: bool,
    /// Whether links that have expired are deleted.
    pub purges_expired: bool,
    /// Which apps open the links.
    pub app_links: AppLinks,
    /// What clients of other services keep here; we hand it back and do nothing by it.
    pub kept: Map<String, Value>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SlugKind {
    /// Seven letters and digits.
    #[default]
    Random,
    /// 1, 2, 3 and so on, in base 62.
    Counted,
    Four,
    Eight,
    Ten,
    /// So many that nobody guesses one.
    Secret,
}

/// What a visitor without HTTPS gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Https {
    /// The same as with it.
    #[default]
    Optional,
    /// A redirect to the same address by HTTPS.
    Redirected,
    /// That, and browsers are told never to come without it again.
    Strict,
}

/// What search engines are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Robots {
    Allowed,
    /// They may come, and should not list what they find.
    #[default]
    NoIndex,
    Disallowed,
}

/// Bytes of JSON that others may keep in one place.
const MOST_KEPT: usize = 16 * 1024;

impl Default for Manner {
    fn default() -> Manner {
        Manner {
            slugs: SlugKind::default(),
            hides_referrer: false,
            cloaks: false,
            https: Https::default(),
            https_links: false,
            robots: Robots::default(),
            marks_qr: true,
            purges_expired: false,
            app_links: AppLinks::default(),
            kept: Map::new(),
        }
    }
}

impl SlugKind {
    /// How many random characters; none where they are counted.
    pub fn length(self) -> Option<usize> {
        match self {
            SlugKind::Random => Some(7),
            SlugKind::Counted => None,
            SlugKind::Four => Some(4),
            SlugKind::Eight => Some(8),
            SlugKind::Ten => Some(10),
            SlugKind::Secret => Some(22),
        }
    }
}

/// What is kept for others has to stay small.
pub(crate) fn check_kept(kept: &Map<String, Value>) -> Result<()> {
    let size = kept.iter().map(|(key, value)| key.len() + value.to_string().len()).sum::<usize>();
    if size <= MOST_KEPT {
        return Ok(());
    }
    Err(Error::invalid("", format!("must not hold more than {MOST_KEPT} bytes of further keys")))
}
