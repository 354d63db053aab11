//! The class of device that an agent stands for.

use super::hints::Claims;

const TELEVISIONS: &[&str] = &[
    "AFTA",
    "AFTB",
    "AFTG",
    "AFTK",
    "AFTM",
    "AFTN",
    "AFTR",
    "AFTS",
    "AFTT",
    "Android TV",
    "AndroidTV",
    "Apple TV",
    "AppleTV",
    "BRAVIA",
    "Chromecast",
    "CrKey",
    "DTV",
    "GoogleTV",
    "Google TV",
    "HbbTV",
    "InettvBrowser",
    "Large Screen",
    "MIBOX",
    "MiTV",
    "NETTV",
    "NetCast",
    "Opera TV",
    "PhilipsTV",
    "Roku",
    "SMART-TV",
    "Smart TV",
    "Smart-TV",
    "SmartTV",
    "TV Safari",
    "Viera",
    "VIERA",
    "Web0S",
    "webOS.TV",
    "tvOS",
];

const CONSOLES: &[&str] = &["Nintendo", "PLAYSTATION", "PlayStation", "Xbox"];

const TABLETS: &[&str] = &[
    "Kindle",
    "Nexus 10",
    "Nexus 7",
    "Nexus 9",
    "Opera Tablet",
    "PlayBook",
    "SM-T",
    "SM-X",
    "iPad",
];

const PHONES: &[&str] = &[
    "Apple Watch",
    "BB10",
    "BlackBerry",
    "IEMobile",
    "J2ME",
    "KAIOS",
    "KaiOS",
    "MIDP",
    "Mobile",
    "Nokia",
    "Opera Mini",
    "Opera Mobi",
    "Series60",
    "Smartphone",
    "Symbian",
    "UP.Browser",
    "Windows CE",
    "Windows Phone",
    "iPhone",
    "iPod",
    "watchOS",
];

const COMPUTERS: &[&str] =
    &["Windows", "macOS", "Linux", "ChromeOS", "FreeBSD", "OpenBSD", "NetBSD", "Solaris"];

/// `mobile`, `tablet`, `desktop`, `tv` or `console`; none where nothing tells.
///
/// `os` is the canonical name of the system. The exceptional classes go first: a television or a
/// console names a common system too.
pub(super) fn class(claims: &Claims<'_>, os: Option<&str>) -> Option<&'static str> {
    let agent = claims.agent;
    let has = |tokens: &[&str]| tokens.iter().any(|token| agent.contains(token));
    if has(TELEVISIONS) || os == Some("tvOS") || (os == Some("Tizen") && agent.contains("TV")) {
        return Some("tv");
    }
    if has(CONSOLES) {
        return Some("console");
    }
    // `Tablet PC` is what old Windows calls a feature that every laptop has.
    if has(TABLETS) || agent.replace("Tablet PC", "").contains("Tablet") {
        return Some("tablet");
    }
    if os == Some("Android") {
        return Some(android(claims));
    }
    // A Mac never says `Mobile`; an iPad that asks for desktop sites, inside an app, does.
    if os == Some("macOS") && agent.contains("Mobile/") {
        return Some("tablet");
    }
    if has(PHONES) || claims.mobile() == Some(true) || os == Some("iOS") {
        return Some("mobile");
    }
    os.is_some_and(|os| COMPUTERS.contains(&os)).then_some("desktop")
}

/// Browsers say `Mobile` on phones and leave it out on tablets; other programs never say it.
fn android(claims: &Claims<'_>) -> &'static str {
    if let Some(mobile) = claims.mobile() {
        return if mobile { "mobile" } else { "tablet" };
    }
    let browser = claims.agent.starts_with("Mozilla/") && claims.agent.contains("Safari/");
    if browser && !claims.agent.contains("Mobile") { "tablet" } else { "mobile" }
}
