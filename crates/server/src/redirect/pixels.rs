//! The page that fires a link's pixels for a person, and goes on.
//!
//! Where a service can be told by an image, it is: then none of its scripts runs here. What the page
//! may load is what the pixels of this very link need, and nothing else.

use std::{collections::BTreeSet, sync::Arc};

use maud::{DOCTYPE, PreEscaped, html};
use model::{Pixel, PixelKind};

use super::{Answer, answer, pages};

/// How a service is told.
enum Fires {
    Image(String),
    Script {
        source: String,
        /// The key under which [`SCRIPT`] finds the code.
        key: &'static str,
        code: String,
    },
}

/// Where a service's images, scripts and further requests lie; images may lead on to others of its
/// hosts.
#[derive(Default)]
struct Hosts {
    images: &'static [&'static str],
    scripts: &'static [&'static str],
    requests: &'static [&'static str],
}

/// Begins what the services' own scripts go on with, and goes to the destination as soon as all images
/// have been asked for; their scripts have nine tenths of a second.
const SCRIPT: &str = "\
(()=>{const a=document.getElementById('on'),d=a.dataset,w=window,l=w.dataLayer=[],ids=k=>(\
d[k]||'').split(' ').filter(Boolean);function g(){l.push(arguments)}g('js',new Date);ids('\
gtag').forEach(i=>g('config',i,{transport_type:'beacon'}));if(d.gtm)l.push({'gtm.start':Da\
te.now(),event:'gtm.js'});const k=ids('tiktok');if(k.length){const m=['page','track','iden\
tify','instances','debug','on','off','once','ready','alias','group','enableCookie','disabl\
eCookie'],s=q=>(m.forEach(n=>q[n]=(...x)=>q.push([n,...x])),q);w.TiktokAnalyticsObject='tt\
q';const q=w.ttq=s([]);q.methods=m;q._i={};q._t={};q._o={};q.instance=i=>s(q._i[i]||[]);k.\
forEach(i=>{q._i[i]=[];q._i[i]._u='https://analytics.tiktok.com/i18n/pixel/events.js';q._t\
[i]=Date.now();q._o[i]={}});q.page()}const go=()=>location.replace(a.href);setTimeout(go,9\
00);if(!(d.gtag||d.gtm||d.tiktok)){let n=document.images.length;for(const i of document.im\
ages){const f=()=>--n||go();i.complete?f():i.onload=i.onerror=f}}})()";

/// The hash of [`SCRIPT`].
const ITS_HASH: &str = "'sha256-vS8q+B1PYB7bDNxDu9Z9p5FNW1+a5N3knzbZ8tjOAzI='";

/// Seconds until a browser without scripts goes on.
const PATIENCE: &str = "1";

/// `location` is a web address, visible ASCII as the `url` crate writes it. Where the host is also the
/// dashboard's, the page is `apart`: an origin of its own, so that no service's script stands where
/// keys are.
pub(super) fn page(pixels: &[Arc<Pixel>], location: &str, apart: bool) -> Answer {
    let fires: Vec<Fires> = pixels.iter().flat_map(|pixel| fires(pixel)).collect();
    let codes = |wanted: &str| {
        let code = |fires: &Fires| match fires {
            Fires::Script { key, code, .. } if *key == wanted => Some(code.clone()),
            _ => None,
        };
        let codes: Vec<String> = fires.iter().filter_map(code).collect();
        (!codes.is_empty()).then(|| codes.join(" "))
    };
    let host = url::Url::parse(location).ok().and_then(|url| url.host_str().map(str::to_owned));
    let html = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                meta name="robots" content="noindex";
                meta http-equiv="refresh" content=(format!("{PATIENCE};url={location}"));
                title { "One moment" }
                style { (PreEscaped(pages::STYLE)) }
            }
            body {
                main {
                    h1 { "One moment" }
                    p {
                        "You are on your way to "
                        a #on href=(location) rel="noopener" data-gtag=[codes("gtag")]
                            data-gtm=[codes("gtm")] data-tiktok=[codes("tiktok")] {
                            (host.as_deref().unwrap_or(location))
                        }
                        "."
                    }
                }
                div hidden {
                    @for fires in &fires {
                        @if let Fires::Image(source) = fires {
                            img src=(source) width="1" height="1" alt="";
                        }
                    }
                }
                script { (PreEscaped(SCRIPT)) }
                @for fires in &fires {
                    @if let Fires::Script { source, .. } = fires {
                        script async src=(source) {}
                    }
                }
            }
        }
    };
    Answer {
        policy: Some(policy(pixels, apart).into()),
        referrer: answer::REFERRER,
        ..Answer::page(200, html.into_string())
    }
}

/// What a pixel has the browser ask for.
fn fires(pixel: &Pixel) -> Vec<Fires> {
    let code = pixel.tag.code();
    let image = |source: String| vec![Fires::Image(source)];
    let script = |source: String, key| vec![Fires::Script { source, key, code: code.to_owned() }];
    match pixel.tag.kind() {
        PixelKind::Facebook => {
            image(format!("https://www.facebook.com/tr?id={code}&ev=PageView&noscript=1"))
        }
        PixelKind::GoogleAds => {
            let number = code.trim_start_matches("AW-");
            let path = "pagead/viewthroughconversion";
            image(format!("https://googleads.g.doubleclick.net/{path}/{number}/?guid=ON&script=0"))
        }
        PixelKind::LinkedIn => {
            image(format!("https://px.ads.linkedin.com/collect/?pid={code}&fmt=gif"))
        }
        PixelKind::Twitter => {
            let asks = format!("/i/adsct?txn_id={code}&p_id=Twitter");
            ["https://analytics.twitter.com", "https://t.co"]
                .map(|host| Fires::Image(format!("{host}{asks}")))
                .into()
        }
        PixelKind::Pinterest => {
            image(format!("https://ct.pinterest.com/v3/?event=pagevisit&tid={code}&noscript=1"))
        }
        PixelKind::Bing => {
            image(format!("https://bat.bing.com/action/0?ti={code}&Ver=2&evt=pageLoad"))
        }
        PixelKind::Quora => {
            image(format!("https://q.quora.com/_/ad/{code}/pixel?tag=ViewContent&noscript=1"))
        }
        PixelKind::Image => image(code.to_owned()),
        PixelKind::GoogleAnalytics => {
            script(format!("https://www.googletagmanager.com/gtag/js?id={code}"), "gtag")
        }
        PixelKind::GoogleTagManager => {
            script(format!("https://www.googletagmanager.com/gtm.js?id={code}"), "gtm")
        }
        PixelKind::TikTok => {
            let path = "i18n/pixel/events.js";
            script(format!("https://analytics.tiktok.com/{path}?sdkid={code}&lib=ttq"), "tiktok")
        }
    }
}

fn hosts(kind: PixelKind) -> Hosts {
    let images = |images| Hosts { images, ..Hosts::default() };
    match kind {
        PixelKind::Facebook => images(&["www.facebook.com"]),
        PixelKind::GoogleAds => images(&["googleads.g.doubleclick.net", "www.google.com"]),
        PixelKind::LinkedIn => images(&["px.ads.linkedin.com", "www.linkedin.com"]),
        PixelKind::Twitter => images(&["analytics.twitter.com", "t.co"]),
        PixelKind::Pinterest => images(&["ct.pinterest.com"]),
        PixelKind::Bing => images(&["bat.bing.com"]),
        PixelKind::Quora => images(&["q.quora.com"]),
        // Its own host, which [`policy`] reads from the URL.
        PixelKind::Image => Hosts::default(),
        PixelKind::GoogleAnalytics | PixelKind::GoogleTagManager => Hosts {
            images: &["*.google-analytics.com", "www.googletagmanager.com"],
            scripts: &["www.googletagmanager.com"],
            requests: &[
                "*.google-analytics.com",
                "*.analytics.google.com",
                "www.googletagmanager.com",
            ],
        },
        PixelKind::TikTok => Hosts {
            images: &["analytics.tiktok.com"],
            scripts: &["analytics.tiktok.com"],
            requests: &["analytics.tiktok.com"],
        },
    }
}

/// `Content-Security-Policy`, with the hosts of these pixels and no other.
fn policy(pixels: &[Arc<Pixel>], apart: bool) -> String {
    let mut lists: [BTreeSet<String>; 3] = Default::default();
    for pixel in pixels {
        let Hosts { images, scripts, requests } = hosts(pixel.tag.kind());
        for (list, hosts) in lists.iter_mut().zip([images, scripts, requests]) {
            list.extend(hosts.iter().map(|host| format!("https://{host}")));
        }
        if pixel.tag.kind() == PixelKind::Image
            && let Ok(url) = url::Url::parse(pixel.tag.code())
        {
            lists[0].insert(url.origin().ascii_serialization());
        }
    }
    let [images, scripts, requests] =
        lists.map(|list| list.iter().map(|host| format!(" {host}")).collect::<String>());
    let none = |list: String| if list.is_empty() { " 'none'".to_owned() } else { list };
    let sandbox = if apart { "; sandbox allow-scripts" } else { "" };
    format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src {ITS_HASH}{scripts}; img-src{}; \
         connect-src{}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'{sandbox}",
        none(images),
        none(requests)
    )
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use model::{Id, PIXELS, Tag};
    use sha2::{Digest, Sha256};

    use super::*;
    use crate::redirect::Body;

    fn pixel(kind: PixelKind, code: &str) -> Arc<Pixel> {
        let time = jiff::Timestamp::UNIX_EPOCH;
        Arc::new(Pixel {
            id: Id::new(1).unwrap(),
            workspace: Id::new(2).unwrap(),
            name: "x".to_owned(),
            tag: Tag::parse(kind, code).unwrap(),
            created_at: time,
            updated_at: time,
        })
    }

    #[test]
    fn the_policy_allows_this_script() {
        assert_eq!(ITS_HASH, format!("'sha256-{}'", STANDARD.encode(Sha256::digest(SCRIPT))));
    }

    #[test]
    fn every_kind_asks_only_hosts_that_its_policy_allows() {
        for row in PIXELS {
            let pixel = pixel(row.kind, row.example);
            let asked = fires(&pixel);
            assert!(!asked.is_empty(), "{}", row.name);
            let policy = policy(std::slice::from_ref(&pixel), false);
            for fires in asked {
                let (directive, source) = match &fires {
                    Fires::Image(source) => ("img-src", source),
                    Fires::Script { source, .. } => ("script-src", source),
                };
                let origin = url::Url::parse(source).unwrap().origin().ascii_serialization();
                let list = policy.split("; ").find(|part| part.starts_with(directive)).unwrap();
                assert!(list.split(' ').any(|host| host == origin), "{}: {list}", row.name);
            }
        }
    }

    #[test]
    fn the_policy_names_the_hosts_of_these_pixels_once_and_no_others() {
        let image = pixel(PixelKind::Image, "https://example.com:8443/p.gif");
        let (one, two) = (pixel(PixelKind::Facebook, "11111"), pixel(PixelKind::Facebook, "22222"));
        assert_eq!(
            policy(&[image, one, two], true),
            format!(
                "default-src 'none'; style-src 'unsafe-inline'; script-src {ITS_HASH}; img-src \
                 https://example.com:8443 https://www.facebook.com; connect-src 'none'; base-uri \
                 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-scripts"
            )
        );
    }

    #[test]
    fn what_people_wrote_stays_within_its_quotes() {
        let image = pixel(PixelKind::Image, "https://example.com/p.gif?a=1&b=\"><script>");
        let answer = page(&[image], "https://example.com/?a=1&b='%22", true);
        let Body::Html(html) = answer.body else { panic!("no page") };
        assert!(
            html.contains(r#"src="https://example.com/p.gif?a=1&amp;b=%22%3E%3Cscript%3E""#),
            "{html}"
        );
        assert!(html.contains(r#"content="1;url=https://example.com/?a=1&amp;b='%22""#), "{html}");
        assert_eq!(html.matches("<script").count(), 1);
    }

    #[test]
    fn codes_reach_the_script_of_their_service() {
        let (one, two) = (
            pixel(PixelKind::GoogleAnalytics, "G-AAAA"),
            pixel(PixelKind::GoogleAnalytics, "G-BBBB"),
        );
        let answer = page(&[one, two], "https://example.com/", false);
        let Body::Html(html) = answer.body else { panic!("no page") };
        assert!(html.contains(r#"data-gtag="G-AAAA G-BBBB""#), "{html}");
        assert!(!html.contains("data-gtm") && !html.contains("data-tiktok"), "{html}");
    }
}
