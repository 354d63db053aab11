//! A link in bytes: all that a [`Route`](crate::redirect::Route) is compiled from, and no more.
//!
//! Texts have their length before them, numbers are as short as they can be, and what is rarely set
//! costs one bit where it is not. Reading is total: bytes that no link was written to are none.

pub(super) mod condition;

use jiff::Timestamp;
use model::{
    Action, Card, Counted, Destination, DomainId, Id, Link, LinkId, Parameters, PixelId, Redirects,
    Rule, Schemes, Status, Tier, Variant,
};
use serde_json::Map;

use super::bytes::{Reader, Writer};

/// What the bytes mean; a snapshot with another number is of no use.
pub(crate) const FORMAT: u32 = 2;

/// Where a link answers: the domain, and the slug as that compares it.
pub(crate) type Place = (DomainId, Box<str>);

/// What stands first in a record, and is all that keeping it asks for.
#[derive(Debug, PartialEq)]
pub(super) struct Head {
    pub link: LinkId,
    pub version: i64,
    pub places: Vec<Place>,
}

const ENABLED: u64 = 1;
const ARCHIVED: u64 = 1 << 1;
const FORWARDS_QUERY: u64 = 1 << 2;
const CLOAKED: u64 = 1 << 3;
const TRACKS_CONVERSIONS: u64 = 1 << 4;
const COUNTS_EVERYONE: u64 = 1 << 5;
const STARTS: u64 = 1 << 6;
const EXPIRES: u64 = 1 << 7;
const EXPIRES_TO: u64 = 1 << 8;
const DELETES: u64 = 1 << 9;
const LIMITED: u64 = 1 << 10;
const LOCKED: u64 = 1 << 11;
const CARD: u64 = 1 << 12;
const TITLED: u64 = 1 << 13;
const SPLITS: u64 = 1 << 14;
const PARAMETERS: u64 = 1 << 15;
const PIXELS: u64 = 1 << 16;
const REDIRECTS: u64 = 1 << 17;
const RULES: u64 = 1 << 18;

/// Writes a link that answers at these places.
pub(super) fn write(link: &Link, places: &[Place]) -> Vec<u8> {
    let mut to = Writer::default();
    to.fixed(link.id.number());
    to.signed(link.version);
    to.list(places, |to, (domain, key)| {
        to.signed(domain.number());
        to.text(key);
    });
    to.number(flags(link));
    to.signed(link.workspace.number());
    to.signed(link.revision);
    to.number(link.status.code().into());
    write_destination(&mut to, &link.destination);
    for time in [link.starts_at, link.expires_at, link.delete_at].into_iter().flatten() {
        to.signed(time.as_millisecond());
    }
    if let Some(destination) = &link.expired_destination {
        write_destination(&mut to, destination);
    }
    if let Some(limit) = link.click_limit {
        to.number(limit);
    }
    for text in [&link.password_hash, &link.title].into_iter().flatten() {
        to.text(text);
    }
    if let Some(card) = &link.card {
        write_card(&mut to, card);
    }
    if !link.default_split.is_empty() {
        to.list(&link.default_split, write_variant);
    }
    if !link.parameters.is_empty() {
        let pairs: Vec<(&str, &str)> = link.parameters.iter().collect();
        to.list(&pairs, |to, (name, value)| {
            to.text(name);
            to.text(value);
        });
    }
    if !link.pixels.is_empty() {
        to.list(&link.pixels, |to, pixel| to.signed(pixel.number()));
    }
    if link.redirects != Redirects::default() {
        to.signed(link.redirects.number());
    }
    if !link.rules.is_empty() {
        to.list(&link.rules, write_rule);
    }
    to.bytes
}

/// The id of a record's link.
pub(super) fn link(bytes: &[u8]) -> Option<LinkId> {
    Reader::new(bytes).fixed().and_then(LinkId::new)
}

pub(super) fn head(bytes: &[u8]) -> Option<Head> {
    read_head(&mut Reader::new(bytes))
}

/// The link of a record and where it answers. What no redirect needs is as if it had never been
/// said: names, descriptions, tags, when it was made, and its addresses as their author wrote them.
pub(super) fn read(bytes: &[u8]) -> Option<(Link, Vec<Place>)> {
    let mut from = Reader::new(bytes);
    let Head { link: id, version, places } = read_head(&mut from)?;
    let flags = from.number()?;
    let has = |flag: u64| flags & flag != 0;
    let workspace = read_id(&mut from)?;
    let revision = from.signed()?;
    let status = Status::new("", from.number()?.try_into().ok()?).ok()?;
    let destination = read_destination(&mut from)?;
    let mut time = |flag| if has(flag) { read_time(&mut from).map(Some) } else { Some(None) };
    let (starts_at, expires_at, delete_at) = (time(STARTS)?, time(EXPIRES)?, time(DELETES)?);
    let from = &mut from;
    let link = Link {
        id,
        workspace,
        addresses: Vec::new(),
        destination,
        enabled: has(ENABLED),
        archived: has(ARCHIVED),
        status,
        forward_query: has(FORWARDS_QUERY),
        cloaked: has(CLOAKED),
        tracks_conversions: has(TRACKS_CONVERSIONS),
        limit_counts: if has(COUNTS_EVERYONE) { Counted::Everyone } else { Counted::People },
        starts_at,
        expires_at,
        delete_at,
        // In the order in which they are written.
        expired_destination: from.maybe(has(EXPIRES_TO), read_destination)?,
        click_limit: from.maybe(has(LIMITED), Reader::number)?,
        password_hash: from.maybe(has(LOCKED), Reader::text)?.map(str::to_owned),
        title: from.maybe(has(TITLED), Reader::text)?.map(str::to_owned),
        card: from.maybe(has(CARD), read_card)?,
        default_split: from.maybe(has(SPLITS), read_variants)?.unwrap_or_default(),
        parameters: from.maybe(has(PARAMETERS), read_parameters)?.unwrap_or_default(),
        pixels: from.maybe(has(PIXELS), read_pixels)?.unwrap_or_default(),
        redirects: from.maybe(has(REDIRECTS), read_redirects)?.unwrap_or_default(),
        rules: from.maybe(has(RULES), |from| from.list(read_rule))?.unwrap_or_default(),
        description: None,
        tags: Vec::new(),
        folder: None,
        kept: Map::new(),
        revision,
        version,
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    };
    from.is_empty().then_some((link, places))
}

fn flags(link: &Link) -> u64 {
    let flags = [
        (ENABLED, link.enabled),
        (ARCHIVED, link.archived),
        (FORWARDS_QUERY, link.forward_query),
        (CLOAKED, link.cloaked),
        (TRACKS_CONVERSIONS, link.tracks_conversions),
        (COUNTS_EVERYONE, link.limit_counts == Counted::Everyone),
        (STARTS, link.starts_at.is_some()),
        (EXPIRES, link.expires_at.is_some()),
        (EXPIRES_TO, link.expired_destination.is_some()),
        (DELETES, link.delete_at.is_some()),
        (LIMITED, link.click_limit.is_some()),
        (LOCKED, link.password_hash.is_some()),
        (CARD, link.card.is_some()),
        (TITLED, link.title.is_some()),
        (SPLITS, !link.default_split.is_empty()),
        (PARAMETERS, !link.parameters.is_empty()),
        (PIXELS, !link.pixels.is_empty()),
        (REDIRECTS, link.redirects != Redirects::default()),
        (RULES, !link.rules.is_empty()),
    ];
    flags.into_iter().filter(|(_, is_set)| *is_set).map(|(flag, _)| flag).sum()
}

fn write_rule(to: &mut Writer, rule: &Rule) {
    to.signed(rule.id.number());
    to.number(rule.enabled.into());
    to.maybe_text(rule.timezone.as_deref());
    condition::write(to, &rule.when);
    match &rule.action {
        Action::Redirect(destination) => {
            to.number(0);
            write_destination(to, destination);
        }
        Action::Split(variants) => {
            to.number(1);
            to.list(variants, write_variant);
        }
        // No status is below 2.
        Action::Block(status) => to.number((*status).into()),
    }
}

fn read_rule(from: &mut Reader<'_>) -> Option<Rule> {
    Some(Rule {
        id: read_id(from)?,
        enabled: from.number()? != 0,
        timezone: from.maybe_text()?.map(str::to_owned),
        when: condition::read(from)?,
        action: match from.number()? {
            0 => Action::Redirect(read_destination(from)?),
            1 => Action::Split(read_variants(from)?),
            status => Action::Block(status.try_into().ok()?),
        },
        name: String::new(),
        description: None,
        tier: Tier::default(),
        priority: 0,
        origin: None,
        kept: Map::new(),
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    })
}

fn write_variant(to: &mut Writer, variant: &Variant) {
    to.number(variant.weight.into());
    write_destination(to, &variant.destination);
}

fn read_variants(from: &mut Reader<'_>) -> Option<Vec<Variant>> {
    from.list(|from| {
        let weight = from.number()?.try_into().ok()?;
        Some(Variant { weight, destination: read_destination(from)? })
    })
}

fn write_card(to: &mut Writer, card: &Card) {
    for text in [&card.title, &card.description, &card.image] {
        to.maybe_text(text.as_deref());
    }
    to.list(&card.properties, |to, (name, value)| {
        to.text(name);
        to.text(value);
    });
}

fn read_card(from: &mut Reader<'_>) -> Option<Card> {
    let mut text = || from.maybe_text().map(|text| text.map(str::to_owned));
    let (title, description, image) = (text()?, text()?, text()?);
    Some(Card { title, description, image, properties: from.list(read_pair)? })
}

fn read_parameters(from: &mut Reader<'_>) -> Option<Parameters> {
    let mut parameters = Parameters::default();
    for (name, value) in from.list(read_pair)? {
        parameters.set(&name, Some(&value));
    }
    Some(parameters)
}

fn read_pair(from: &mut Reader<'_>) -> Option<(String, String)> {
    Some((from.text()?.to_owned(), from.text()?.to_owned()))
}

fn read_pixels(from: &mut Reader<'_>) -> Option<Vec<PixelId>> {
    from.list(read_id)
}

fn read_redirects(from: &mut Reader<'_>) -> Option<Redirects> {
    Redirects::numbered(from.signed()?)
}

fn read_head(from: &mut Reader<'_>) -> Option<Head> {
    let link = LinkId::new(from.fixed()?)?;
    let version = from.signed()?;
    let places = from.list(|from| Some((read_id(from)?, from.text()?.into())))?;
    Some(Head { link, version, places })
}

/// Nearly all are whole, and need not be parsed once more when their link is compiled.
fn write_destination(to: &mut Writer, destination: &Destination) {
    let whole = destination.whole();
    to.number(whole.is_some().into());
    to.text(whole.unwrap_or_else(|| destination.authored()));
}

fn read_destination(from: &mut Reader<'_>) -> Option<Destination> {
    match from.number()? {
        0 => Destination::parse("", from.text()?, Schemes::AsSaved).ok(),
        1 => Destination::of_whole(from.text()?),
        _ => None,
    }
}

fn read_time(from: &mut Reader<'_>) -> Option<Timestamp> {
    Timestamp::from_millisecond(from.signed()?).ok()
}

fn read_id<T>(from: &mut Reader<'_>) -> Option<Id<T>> {
    Id::new(from.signed()?)
}

#[cfg(test)]
pub(super) mod tests;
