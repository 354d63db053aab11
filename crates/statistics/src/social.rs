//! Social sites, told by the domain that a visitor comes from.

/// A site with the domains that it and its apps send visitors from; those below are it too.
const SITES: &[(&str, &[&str])] = &[
    ("Bluesky", &["bsky.app"]),
    ("Discord", &["discord.com", "discordapp.com"]),
    ("Facebook", &["facebook.com", "fb.com", "fb.me", "com.facebook.katana"]),
    ("Instagram", &["instagram.com", "com.instagram.android"]),
    ("Line", &["line.me"]),
    ("LinkedIn", &["linkedin.com", "lnkd.in", "com.linkedin.android"]),
    ("Mastodon", &["mastodon.social", "mastodon.online"]),
    ("Medium", &["medium.com"]),
    ("Messenger", &["messenger.com", "m.me", "com.facebook.orca"]),
    ("Odnoklassniki", &["ok.ru"]),
    ("Pinterest", &["pinterest.com", "pin.it", "com.pinterest"]),
    ("Quora", &["quora.com"]),
    ("Reddit", &["reddit.com", "redd.it", "com.reddit.frontpage"]),
    ("Slack", &["slack.com", "com.slack"]),
    ("Snapchat", &["snapchat.com", "com.snapchat.android"]),
    ("Telegram", &["telegram.org", "telegram.me", "t.me", "org.telegram.messenger"]),
    ("Threads", &["threads.net", "threads.com"]),
    ("TikTok", &["tiktok.com"]),
    ("Tumblr", &["tumblr.com"]),
    ("Twitch", &["twitch.tv"]),
    ("VK", &["vk.com", "vk.ru"]),
    ("Weibo", &["weibo.com", "weibo.cn"]),
    ("WhatsApp", &["whatsapp.com", "wa.me", "com.whatsapp"]),
    ("X", &["x.com", "twitter.com", "t.co"]),
    ("Xing", &["xing.com"]),
    ("YouTube", &["youtube.com", "youtu.be"]),
];

/// The name of the social site at a domain, if it is one.
pub fn site(domain: &str) -> Option<&'static str> {
    let is_at = |site: &&str| {
        let above = domain.strip_suffix(*site);
        above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
    };
    SITES.iter().find(|(_, domains)| domains.iter().any(|site| is_at(&site))).map(|row| row.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_told_by_its_domains_and_those_below() {
        for (domain, expected) in [
            ("facebook.com", Some("Facebook")),
            ("l.facebook.com", Some("Facebook")),
            ("com.facebook.katana", Some("Facebook")),
            ("t.co", Some("X")),
            ("pt.co", None),
            ("netflix.com", None),
            ("x.com", Some("X")),
            ("", None),
            (".", None),
        ] {
            assert_eq!(site(domain), expected, "{domain}");
        }
    }

    #[test]
    fn sites_are_in_order_and_no_domain_is_two_sites() {
        assert!(SITES.is_sorted_by_key(|(name, _)| name.to_lowercase()));
        for (name, domains) in SITES {
            for domain in *domains {
                assert_eq!(site(domain), Some(*name), "{domain}");
            }
        }
    }
}
