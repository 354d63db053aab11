//! The class of device that an agent stands for.
//!
//! What is certain goes first: tables of marks, then what browsers of a system do by convention.
//! A row stands for a family of models or programs, never for a single agent.

use super::hints::Claims;

/// An agent that names another system than the one it runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Disguise {
    pub class: &'static str,
    pub os: &'static str,
}

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

/// Families of models that are tablets whatever else their agents say, and words that only tablets
/// use. Many of the old ones say `Mobile`, as phones do.
const TABLETS: &[&str] = &[
    // Samsung: Galaxy Tab of 2010 to 2013, Note 8.0 and 10.1, then Tab, Tab S and Note Pro. Phones
    // are GT-I, GT-S, GT-N7, SM-A, SM-G and so on.
    "GT-N5",
    "GT-N8",
    "GT-P",
    "SM-P",
    "SM-T",
    "SM-X",
    // Amazon gives all Fire tablets a model of KF and two to four letters, and no phone.
    "; KF",
    "Kindle",
    // Google.
    "Nexus 10",
    "Nexus 7",
    "Nexus 9",
    "Pixel C ",
    "Pixel Tablet",
    // Motorola numbered its Xoom tablets MZ5xx and MZ6xx.
    "; MZ5",
    "; MZ6",
    "Motorola MZ",
    "Xoom",
    // The only tablets of webOS.
    "TouchPad",
    "hp-tablet",
    // Asus, which named the keyboard that they come with; and the one tablet among Lumia phones.
    "Lumia 2520",
    "Transformer P",
    "Transformer TF",
    "MI PAD",
    "MediaPad",
    "Opera Tablet",
    "PlayBook",
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
    // Phones' own browsers and UC Browser write the maker in capitals.
    "NOKIA",
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

/// Systems that no tablet, television or computer had.
const PHONE_SYSTEMS: &[&str] = &["BREW", "Bada", "BlackBerry OS", "KaiOS", "Windows Phone"];

const COMPUTERS: &[&str] =
    &["Windows", "macOS", "Linux", "ChromeOS", "FreeBSD", "OpenBSD", "NetBSD", "Solaris"];

/// Puffin renders pages on Linux servers, whose system its agents name; letters behind its version
/// tell which app asked: iOS or Android, phone or tablet.
const PUFFINS: &[(&str, Disguise)] = &[
    ("AP", Disguise { class: "mobile", os: "Android" }),
    ("AT", Disguise { class: "tablet", os: "Android" }),
    ("IP", Disguise { class: "mobile", os: "iOS" }),
    ("IT", Disguise { class: "tablet", os: "iOS" }),
];

/// An iPad asks for desktop sites with the agent of a Mac. Safari's is the same to the letter; these
/// marks of apps and of other makers' browsers for iOS stay in theirs, and occur on no Mac.
const IOS_ON_A_MAC: &[&str] = &["CriOS/", "EdgiOS/", "FxiOS/", "GSA/", "Mobile/", "OPT/", "OPiOS/"];

/// What an agent is that gives away that it is not what it says, by its system or its maker.
pub(super) fn disguised(agent: &str) -> Option<Disguise> {
    if agent.contains("Macintosh") && IOS_ON_A_MAC.iter().any(|mark| agent.contains(mark)) {
        return Some(Disguise { class: "tablet", os: "iOS" });
    }
    let (_, version) = agent.split_once("Puffin/")?;
    let code = version.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    let code = code.split(' ').next()?;
    PUFFINS.iter().find(|(letters, _)| *letters == code).map(|(_, disguise)| *disguise)
}

/// `mobile`, `tablet`, `desktop`, `tv` or `console`; none where nothing tells.
///
/// `os` is the canonical name of the system, `maker` that of the device's. The exceptional classes
/// go first: a television or a console names a common system too.
pub(super) fn class(
    claims: &Claims<'_>,
    os: Option<&str>,
    maker: Option<&str>,
) -> Option<&'static str> {
    let agent = claims.agent;
    let has = |tokens: &[&str]| tokens.iter().any(|token| agent.contains(token));
    if has(TELEVISIONS) || os == Some("tvOS") || (os == Some("Tizen") && agent.contains("TV")) {
        return Some("tv");
    }
    if has(CONSOLES) {
        return Some("console");
    }
    if let Some(disguise) = disguised(agent) {
        return Some(disguise.class);
    }
    // `Tablet PC` is what old Windows calls a feature that every laptop has.
    if has(TABLETS) || agent.replace("Tablet PC", "").contains("Tablet") {
        return Some("tablet");
    }
    if os == Some("Android") {
        return Some(android(claims));
    }
    let phone = os.is_some_and(|os| os == "iOS" || PHONE_SYSTEMS.contains(&os));
    // Computers name no maker, but for Macs; phones older than phones' systems name little else.
    let handset = maker.is_some_and(|maker| maker != "Apple");
    if phone || handset || has(PHONES) || claims.mobile() == Some(true) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(agent: &str, expected: Option<(&'static str, &'static str)>) {
        let told = disguised(agent).map(|disguise| (disguise.class, disguise.os));
        assert_eq!(told, expected, "{agent}");
    }

    #[test]
    fn puffin_is_the_device_that_asked_for_it() {
        let puffin =
            |code| format!("Mozilla/5.0 (X11; U; Linux x86_64; ar-SA) Puffin/3.1154{code}");
        check(&puffin("IP"), Some(("mobile", "iOS")));
        check(&puffin("IT"), Some(("tablet", "iOS")));
        check(&puffin("AT Mobile"), Some(("tablet", "Android")));
        check(&puffin("AP"), Some(("mobile", "Android")));
        check(&puffin("MS"), None);
        check("Puffin/", None);
    }

    #[test]
    fn an_ipad_in_the_coat_of_a_mac_is_known_by_its_browser() {
        let mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15";
        check(&format!("{mac} CriOS/142 Version/11.1.1 Safari/605.1.15"), Some(("tablet", "iOS")));
        check(&format!("{mac} (KHTML, like Gecko) Mobile/15E148"), Some(("tablet", "iOS")));
        check(&format!("{mac} (KHTML, like Gecko) Version/26.0 Safari/605.1.15"), None);
    }

    #[track_caller]
    fn classed(agent: &str, os: Option<&str>, maker: Option<&str>, expected: &str) {
        let claims = Claims { agent, ..Claims::default() };
        assert_eq!(class(&claims, os, maker), Some(expected), "{agent}");
    }

    #[test]
    fn families_of_tablets_are_tablets_even_where_they_say_mobile() {
        for model in ["GT-P7503", "GT-N8000", "SM-T870", "KFTT", "KFSOWI", "MZ606", "Nexus 7"] {
            let agent = format!(
                "Mozilla/5.0 (Linux; Android 4.0.3; {model} Build/IML74K) AppleWebKit/535.19 \
                 (KHTML, like Gecko) Chrome/18.0.1025.166 Mobile Safari/535.19"
            );
            classed(&agent, Some("Android"), None, "tablet");
            let phone = agent.replace(model, "GT-N7000");
            classed(&phone, Some("Android"), None, "mobile");
        }
    }

    #[test]
    fn a_maker_other_than_apple_makes_a_handset() {
        classed("Opera/9.62 (X11;Linux i686)", Some("Linux"), Some("Samsung"), "mobile");
        classed("Opera/9.62 (X11;Linux i686)", Some("Linux"), None, "desktop");
        classed("Mozilla/5.0 (Macintosh)", Some("macOS"), Some("Apple"), "desktop");
    }
}
