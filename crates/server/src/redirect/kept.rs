//! What stays of a visit: the click.

use std::{borrow::Cow, sync::LazyLock};

use model::{Class, Click, ClickId, Outcome, Utm};
use targeting::{Field, FieldRef, Region, Visitor};

use super::visit::Visit;

/// Bytes of the texts that anonymous visitors choose.
const LONGEST: usize = 512;
/// The parameter that marks a scanned QR code; ours say it alone.
pub const SCANNED: &str = "qr";

impl Visit<'_> {
    /// Keeps the click, and answers its id where somebody is to be told it. HEAD is none.
    pub(super) fn record(&self, outcome: Outcome, trace: &[u8]) -> Option<ClickId> {
        if self.is_head {
            return None;
        }
        let visitor = &self.visitor;
        let has_parameters = !visitor.query.is_empty();
        let kept: [Option<Cow<'_, str>>; 7] = std::array::from_fn(|i| {
            let is_there = has_parameters || i < PARAMETERS;
            is_there.then(|| kept(&FIELDS[i], visitor))?
        });
        let text = |i: usize| kept[i].as_deref();
        let country = visitor.place.country;
        let country = country.and_then(|country| country.as_str().as_bytes().try_into().ok());
        let mut region = [0; Region::LONGEST];
        let region = visitor.place.region.as_ref().map(|known| known.write(&mut region));
        let languages = (visitor.header)("accept-language").unwrap_or_default();
        let end = languages.bytes().position(|byte| byte == b',' || byte == b';');
        let language = Some(languages[..end.unwrap_or(languages.len())].trim());
        let language = language.filter(|tag| !tag.is_empty());
        let class = self.class;
        let reason = match class {
            Class::Prefetch => Some("prefetch"),
            _ => self.bot_facts().map(|bot| &*bot.reason),
        };
        self.keep(&Click {
            at: visitor.now.as_millisecond(),
            workspace: self.route.workspace.number(),
            link: self.route.link.number(),
            revision: self.route.revision,
            outcome,
            class,
            reason,
            country,
            region,
            city: visitor.place.city,
            asn: visitor.place.asn,
            isp: visitor.place.isp,
            network: model::NetworkFlags {
                vpn: visitor.network.vpn,
                proxy: visitor.network.proxy,
                tor: visitor.network.tor,
                datacenter: visitor.network.datacenter,
            },
            device: visitor.agent.device,
            os: visitor.agent.os,
            os_version: self.agent.and_then(|agent| agent.os_version_text.as_deref()),
            browser: visitor.agent.browser,
            browser_version: self.agent.and_then(|agent| agent.browser_version_text.as_deref()),
            brand: visitor.agent.brand,
            language: language.map(|tag| cut(tag, 35)),
            referrer: text(0),
            referrer_domain: text(1),
            utm: Utm {
                source: text(2),
                medium: text(3),
                campaign: text(4),
                term: text(5),
                content: text(6),
            },
            qr: is_scanned(visitor.query),
            returning: visitor.returning,
            visitor: self.hash,
            took: self.took(),
            trace,
        })
    }
}

impl Visit<'_> {
    /// How many microseconds it took to gather what is known of the visitor and to decide; the clock
    /// that tells the day is of whole milliseconds, which is a thousand times too coarse.
    fn took(&self) -> Option<u32> {
        self.begun?.elapsed().as_micros().try_into().ok()
    }
}

/// The fields that a click keeps as text, in the order in which `record` reads them.
static FIELDS: LazyLock<[FieldRef; 7]> = LazyLock::new(|| {
    ["referrer", "referrerDomain", "utmSource", "utmMedium", "utmCampaign", "utmTerm", "utmContent"]
        .map(|name| Field::parse(name).expect("a test finds these in the table of fields"))
});

/// The first of those fields that is a parameter of the query, as are all that follow.
const PARAMETERS: usize = 2;

/// A field's text as it is kept: short and without control characters; none where it is empty.
fn kept<'v>(field: &FieldRef, visitor: &Visitor<'v>) -> Option<Cow<'v, str>> {
    let text = field.text(visitor)?;
    let short = match text {
        Cow::Borrowed(text) => Cow::Borrowed(cut(text, LONGEST)),
        Cow::Owned(text) => Cow::Owned(cut(&text, LONGEST).to_owned()),
    };
    // Without an early end, so that many bytes are looked at at a time. Nearly all are plain.
    let plain = short.bytes().fold(true, |plain, byte| plain & (0x20..0x7F).contains(&byte));
    let short = if !plain && short.contains(char::is_control) {
        Cow::Owned(short.replace(char::is_control, ""))
    } else {
        short
    };
    (!short.is_empty()).then_some(short)
}

/// Whether the visitor came by a code of ours.
fn is_scanned(query: &str) -> bool {
    !query.is_empty() && query.split('&').any(|pair| pair == SCANNED || pair.starts_with("qr="))
}

/// The longest beginning of at most `most` bytes.
fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kept_fields_are_in_the_table() {
        let is_parameter = |field: &FieldRef| field.name().starts_with("utm");
        assert!(!FIELDS[..PARAMETERS].iter().any(is_parameter));
        assert!(FIELDS[PARAMETERS..].iter().all(is_parameter));
    }

    #[test]
    fn texts_are_cut_between_characters() {
        assert_eq!(cut("aé", 2), "a");
        assert_eq!(cut("aé", 3), "aé");
    }
}
