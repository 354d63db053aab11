//! The one name that rules and facts use for each system, browser and device.
//!
//! Agents, foreign APIs and people spell them in many ways; each table lists the spellings that
//! are known to occur. A name that no table lists stays as it is.

/// A table of spellings.
#[derive(Debug)]
pub struct Names {
    /// The first row that fits wins, so exceptions stand before their beginning.
    rows: &'static [Alias],
    /// Whether a name that is not listed cannot be right.
    pub closed: bool,
}

/// A spelling and the name that it means. A spelling that ends in `*` is a beginning.
type Alias = (&'static str, &'static str);

pub static SYSTEMS: Names = Names { rows: SYSTEM_ROWS, closed: false };
pub static BROWSERS: Names = Names { rows: BROWSER_ROWS, closed: false };
pub static DEVICES: Names = Names { rows: DEVICE_ROWS, closed: true };
pub static CONNECTIONS: Names = Names { rows: CONNECTION_ROWS, closed: true };

const SYSTEM_ROWS: &[Alias] = &[
    ("ios", "iOS"),
    ("iphone os", "iOS"),
    ("ipados", "iOS"),
    ("iphone", "iOS"),
    ("ipad", "iOS"),
    ("android", "Android"),
    ("android tv", "Android"),
    ("macos", "macOS"),
    ("mac os", "macOS"),
    ("mac os x", "macOS"),
    ("os x", "macOS"),
    ("osx", "macOS"),
    ("mac", "macOS"),
    ("macintosh", "macOS"),
    ("windows phone", "Windows Phone"),
    ("windows mobile", "Windows Phone"),
    ("windows", "Windows"),
    ("windows *", "Windows"),
    ("chrome os", "ChromeOS"),
    ("chromeos", "ChromeOS"),
    ("chromium os", "ChromeOS"),
    ("cros", "ChromeOS"),
    ("linux", "Linux"),
    ("gnu/linux", "Linux"),
    ("arch linux", "Linux"),
    ("centos", "Linux"),
    ("debian", "Linux"),
    ("fedora", "Linux"),
    ("gentoo", "Linux"),
    ("kubuntu", "Linux"),
    ("linux mint", "Linux"),
    ("mageia", "Linux"),
    ("mandriva", "Linux"),
    ("mint", "Linux"),
    ("opensuse", "Linux"),
    ("pclinuxos", "Linux"),
    ("puppy", "Linux"),
    ("red hat", "Linux"),
    ("slackware", "Linux"),
    ("suse", "Linux"),
    ("ubuntu", "Linux"),
    ("xubuntu", "Linux"),
    ("tvos", "tvOS"),
    ("atv os x", "tvOS"),
    ("watchos", "watchOS"),
    ("harmonyos", "HarmonyOS"),
    ("kaios", "KaiOS"),
    ("tizen", "Tizen"),
    ("webos", "webOS"),
    ("web0s", "webOS"),
    ("freebsd", "FreeBSD"),
    ("openbsd", "OpenBSD"),
    ("netbsd", "NetBSD"),
    ("blackberry os", "BlackBerry OS"),
    ("fire os", "Fire OS"),
    ("playstation", "PlayStation"),
];

const BROWSER_ROWS: &[Alias] = &[
    ("chrome", "Chrome"),
    ("google chrome", "Chrome"),
    ("chrome mobile", "Chrome"),
    ("chrome mobile ios", "Chrome"),
    ("chrome ios", "Chrome"),
    ("chrome mobile webview", "Chrome WebView"),
    ("chrome webview", "Chrome WebView"),
    ("android webview", "Chrome WebView"),
    ("headlesschrome", "Headless Chrome"),
    ("chromium", "Chromium"),
    ("safari", "Safari"),
    ("mobile safari", "Safari"),
    ("mobile safari ui/wkwebview", "Safari WebView"),
    ("firefox", "Firefox"),
    ("firefox mobile", "Firefox"),
    ("firefox ios", "Firefox"),
    ("firefox focus", "Firefox Focus"),
    ("mozilla firefox", "Firefox"),
    ("edge", "Edge"),
    ("edge mobile", "Edge"),
    ("edge ios", "Edge"),
    ("microsoft edge", "Edge"),
    ("opera", "Opera"),
    ("opera mobile", "Opera"),
    ("opera touch", "Opera"),
    ("opera gx", "Opera"),
    ("opera tablet", "Opera"),
    ("opera mini", "Opera Mini"),
    ("samsung internet", "Samsung Internet"),
    ("samsung browser", "Samsung Internet"),
    ("samsung internet for android", "Samsung Internet"),
    ("samsungbrowser", "Samsung Internet"),
    ("ie", "Internet Explorer"),
    ("ie mobile", "Internet Explorer"),
    ("msie", "Internet Explorer"),
    ("internet explorer", "Internet Explorer"),
    ("android", "Android Browser"),
    ("android browser", "Android Browser"),
    ("yandex browser", "Yandex Browser"),
    ("yandex", "Yandex Browser"),
    ("uc browser", "UC Browser"),
    ("ucbrowser", "UC Browser"),
    ("brave", "Brave"),
    ("vivaldi", "Vivaldi"),
    ("duckduckgo", "DuckDuckGo"),
    ("duckduckgo mobile", "DuckDuckGo"),
    ("ecosia *", "Ecosia"),
    ("google search", "Google"),
    ("facebook", "Facebook"),
    ("instagram", "Instagram"),
    ("whatsapp", "WhatsApp"),
    ("tiktok", "TikTok"),
];

const DEVICE_ROWS: &[Alias] = &[
    ("mobile", "mobile"),
    ("phone", "mobile"),
    ("smartphone", "mobile"),
    ("mobile phone", "mobile"),
    ("tablet", "tablet"),
    ("desktop", "desktop"),
    ("computer", "desktop"),
    ("pc", "desktop"),
    ("laptop", "desktop"),
    ("tv", "tv"),
    ("smart tv", "tv"),
    ("smarttv", "tv"),
    ("television", "tv"),
    ("console", "console"),
    ("game console", "console"),
    ("bot", "bot"),
    ("crawler", "bot"),
    ("spider", "bot"),
];

/// What MaxMind tells apart.
const CONNECTION_ROWS: &[Alias] = &[
    ("cellular", "cellular"),
    ("mobile", "cellular"),
    ("cable/dsl", "cable/dsl"),
    ("cable", "cable/dsl"),
    ("dsl", "cable/dsl"),
    ("broadband", "cable/dsl"),
    ("corporate", "corporate"),
    ("business", "corporate"),
    ("dialup", "dialup"),
    ("dial-up", "dialup"),
    ("satellite", "satellite"),
];

/// `macOS` for `Mac OS X`, `Linux` for `Ubuntu`, ...
pub fn os(name: &str) -> &str {
    SYSTEMS.canonical(name)
}

/// `Chrome` for `Chrome Mobile iOS`, `Safari` for `Mobile Safari`, ...
pub fn browser(name: &str) -> &str {
    BROWSERS.canonical(name)
}

/// `mobile`, `tablet`, `desktop`, `tv`, `console` or `bot`; `mobile` for `phone`.
pub fn device(name: &str) -> &str {
    DEVICES.canonical(name)
}

impl Names {
    /// The name that a spelling means; the spelling itself, trimmed, where none lists it.
    pub fn canonical<'a>(&self, spelling: &'a str) -> &'a str {
        let spelling = spelling.trim();
        self.listed(spelling).unwrap_or(spelling)
    }

    /// The name that a spelling means, if one lists it.
    pub fn listed(&self, spelling: &str) -> Option<&'static str> {
        let spelling = spelling.trim();
        let fits = |row: &str| match row.strip_suffix('*') {
            Some(beginning) => {
                let head = spelling.as_bytes().get(..beginning.len());
                head.is_some_and(|head| head.eq_ignore_ascii_case(beginning.as_bytes()))
            }
            None => spelling.eq_ignore_ascii_case(row),
        };
        self.rows.iter().find(|(row, _)| fits(row)).map(|(_, name)| *name)
    }

    /// Each canonical name once.
    pub fn all(&self) -> impl Iterator<Item = &'static str> {
        let first = |(i, name): &(usize, &str)| self.rows[..*i].iter().all(|row| row.1 != *name);
        self.rows.iter().map(|row| row.1).enumerate().filter(first).map(|(_, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_spelling_stands_once_and_each_name_means_itself() {
        for table in [&SYSTEMS, &BROWSERS, &DEVICES, &CONNECTIONS] {
            for (i, (spelling, name)) in table.rows.iter().enumerate() {
                assert_eq!(*spelling, spelling.to_lowercase());
                let twice = table.rows[..i].iter().any(|(other, _)| other == spelling);
                assert!(!twice, "{spelling} stands twice");
                assert_eq!(table.canonical(name), *name, "{spelling}");
            }
        }
        let devices: Vec<_> = DEVICES.all().collect();
        assert_eq!(devices, ["mobile", "tablet", "desktop", "tv", "console", "bot"]);
    }

    #[test]
    fn spellings_of_agents_and_people_are_read() {
        assert_eq!(os("Mac OS X"), "macOS");
        assert_eq!(os("iPhone OS"), "iOS");
        assert_eq!(os("Ubuntu"), "Linux");
        assert_eq!(os("Chrome OS"), "ChromeOS");
        assert_eq!(os("WINDOWS 10"), "Windows");
        assert_eq!(os("Windows Phone"), "Windows Phone");
        assert_eq!(browser("Chrome Mobile iOS"), "Chrome");
        assert_eq!(browser("Mobile Safari"), "Safari");
        assert_eq!(browser("Opera Mobile"), "Opera");
        assert_eq!(device("Phone"), "mobile");
    }

    #[test]
    fn an_unlisted_name_stays_as_it_is() {
        assert_eq!(os("TempleOS"), "TempleOS");
        assert_eq!(browser("Netscape"), "Netscape");
        assert_eq!(device(""), "");
        assert_eq!(os("éééé"), "éééé");
    }
}
