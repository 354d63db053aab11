//! The bytes of a click.
//!
//! ```text
//! head     version u8 | class u8 | at i64 | workspace i64 | link i64     (little-endian)
//! body     revision | outcome u8 [rule] [variant] | flags u16 | present u32
//!          then each present field in the order of its bit
//! ```
//!
//! Version 2 has the time that the decision took; a click without that is written as version 1.
//!
//! Integers without a width are LEB128; texts and the trace are a length and their bytes. A click
//! of a person with place, agent and referrer takes about 150 bytes.
//!
//! **Invariant:** the head is the same in every version, so that a click which a newer version left
//! in the spool is stored and counted by an older one, and read whole when the newer is back.

use super::{Class, Click, NetworkFlags, Outcome, Utm};

/// The newest version.
const VERSION: u8 = 2;

/// A longer text is cut at the last whole character within; what visitors send has no bound.
const TEXT_BYTES: usize = 512;

/// What nearly every record has room in.
const USUAL_BYTES: usize = 512;

/// A longer trace is left out, since half a trace would explain another decision.
const TRACE_BYTES: usize = 4096;

/// Bits of `present` above those of the texts.
const COUNTRY: u32 = 1 << TEXTS;
const ASN: u32 = COUNTRY << 1;
const VISITOR: u32 = COUNTRY << 2;
const TRACE: u32 = COUNTRY << 3;
const TOOK: u32 = COUNTRY << 4;
const TEXTS: usize = 18;

/// Why some bytes are not a click.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("click record: version {0} is not known")]
    Version(u8),
    #[error("click record: ends in the middle of {0}")]
    Cut(&'static str),
    #[error("click record: {0} has a value that nothing writes")]
    Value(&'static str),
    #[error("click record: {0} bytes are left over")]
    Surplus(usize),
}

/// The part of a click that has a fixed place in every version, for whoever only counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The [class](Class)'s number; a newer version may know more of them.
    pub class: u8,
    /// Milliseconds since 1970 in UTC.
    pub at: i64,
    pub workspace: i64,
    pub link: i64,
}

impl Head {
    /// Reads the head of a click's record, whatever follows it and whichever version wrote it.
    pub fn read(record: &[u8]) -> Result<Head, Unreadable> {
        Input { rest: record }.head().map(|(_, head)| head)
    }
}

impl<'a> Click<'a> {
    /// Appends the click's record.
    pub fn encode(&self, out: &mut Vec<u8>) {
        // Room for all but long texts, so that nothing is moved while it is written.
        out.reserve(USUAL_BYTES);
        let version = if self.took.is_some() { VERSION } else { 1 };
        out.extend_from_slice(&[version, self.class.number()]);
        out.extend_from_slice(&self.at.to_le_bytes());
        out.extend_from_slice(&self.workspace.to_le_bytes());
        out.extend_from_slice(&self.link.to_le_bytes());

        put_number(out, self.revision as u64);
        put_outcome(out, self.outcome);
        out.extend_from_slice(&flags(self).to_le_bytes());

        // What is present is known when all is written.
        let place = out.len();
        out.extend_from_slice(&[0; 4]);
        let mut present = 0;
        let mut click = *self;
        for (bit, text) in click.texts_mut().into_iter().enumerate() {
            if let Some(text) = *text {
                present |= 1 << bit;
                put_bytes(out, short(text).as_bytes());
            }
        }
        if let Some(country) = self.country {
            present |= COUNTRY;
            out.extend_from_slice(&country);
        }
        if let Some(asn) = self.asn {
            present |= ASN;
            put_number(out, asn.into());
        }
        if let Some(visitor) = self.visitor {
            present |= VISITOR;
            out.extend_from_slice(&visitor.to_le_bytes());
        }
        if !self.trace.is_empty() && self.trace.len() <= TRACE_BYTES {
            present |= TRACE;
            put_bytes(out, self.trace);
        }
        if let Some(took) = self.took {
            present |= TOOK;
            put_number(out, took.into());
        }
        out[place..place + 4].copy_from_slice(&u32::to_le_bytes(present));
    }

    /// Reads what [`Click::encode`] wrote; any other bytes are an error.
    pub fn decode(record: &'a [u8]) -> Result<Click<'a>, Unreadable> {
        let mut input = Input { rest: record };
        let (version, Head { class, at, workspace, link }) = input.head()?;
        if VERSION < version {
            return Err(Unreadable::Version(version));
        }
        let class = Class::numbered(class).ok_or(Unreadable::Value("class"))?;
        let revision = input.number("revision")? as i64;
        let outcome = input.outcome()?;
        let flags = u16::from_le_bytes(input.array("flags")?);
        let present = u32::from_le_bytes(input.array("present")?);
        let highest = if version == 1 { TRACE } else { TOOK };
        if (highest << 1) <= present {
            return Err(Unreadable::Value("present"));
        }
        let has = |bit: u32| present & bit != 0;

        let mut click =
            Click { at, workspace, link, revision, outcome, class, ..Click::flagged(flags)? };
        for (bit, text) in click.texts_mut().into_iter().enumerate() {
            if has(1 << bit) {
                *text = Some(input.text()?);
            }
        }
        if has(COUNTRY) {
            click.country = Some(input.array("country")?);
        }
        if has(ASN) {
            let asn = input.number("asn")?;
            click.asn = Some(u32::try_from(asn).map_err(|_| Unreadable::Value("asn"))?);
        }
        if has(VISITOR) {
            click.visitor = Some(u64::from_le_bytes(input.array("visitor")?));
        }
        if has(TRACE) {
            click.trace = input.bytes("trace")?;
        }
        if has(TOOK) {
            let took = input.number("took")?;
            click.took = Some(u32::try_from(took).map_err(|_| Unreadable::Value("took"))?);
        }
        if input.rest.is_empty() { Ok(click) } else { Err(Unreadable::Surplus(input.rest.len())) }
    }

    /// Every text, in the order of its bit; a new one goes last, and makes a new version.
    fn texts_mut(&mut self) -> [&mut Option<&'a str>; TEXTS] {
        let Utm { source, medium, campaign, term, content } = &mut self.utm;
        [
            &mut self.reason,
            &mut self.region,
            &mut self.city,
            &mut self.isp,
            &mut self.device,
            &mut self.os,
            &mut self.os_version,
            &mut self.browser,
            &mut self.browser_version,
            &mut self.brand,
            &mut self.language,
            &mut self.referrer,
            &mut self.referrer_domain,
            source,
            medium,
            campaign,
            term,
            content,
        ]
    }

    /// A click of which only the flags are known.
    fn flagged(flags: u16) -> Result<Click<'a>, Unreadable> {
        if (1 << 11) <= flags {
            return Err(Unreadable::Value("flags"));
        }
        let known = |pair: u16| match flags >> (1 + 2 * pair) & 3 {
            0 => Ok(None),
            1 => Ok(Some(false)),
            2 => Ok(Some(true)),
            _ => Err(Unreadable::Value("flags")),
        };
        Ok(Click {
            qr: flags & 1 != 0,
            returning: known(0)?,
            network: NetworkFlags {
                vpn: known(1)?,
                proxy: known(2)?,
                tor: known(3)?,
                datacenter: known(4)?,
            },
            ..Click::default()
        })
    }
}

/// One bit for `qr`, then two for each thing that is false, true or not known.
fn flags(click: &Click<'_>) -> u16 {
    let NetworkFlags { vpn, proxy, tor, datacenter } = click.network;
    let mut flags = u16::from(click.qr);
    for (pair, known) in [click.returning, vpn, proxy, tor, datacenter].into_iter().enumerate() {
        flags |= known.map_or(0, |yes| 1 + u16::from(yes)) << (1 + 2 * pair);
    }
    flags
}

fn put_outcome(out: &mut Vec<u8>, outcome: Outcome) {
    match outcome {
        Outcome::Destination => out.push(0),
        Outcome::Rule { rule, variant: None } => {
            out.push(1);
            put_number(out, rule as u64);
        }
        Outcome::Rule { rule, variant: Some(variant) } => {
            out.push(2);
            put_number(out, rule as u64);
            put_number(out, variant.into());
        }
        Outcome::Blocked { rule } => {
            out.push(3);
            put_number(out, rule as u64);
        }
        Outcome::NotFound => out.push(4),
        Outcome::Expired => out.push(5),
        Outcome::Gone => out.push(6),
        Outcome::Password => out.push(7),
        Outcome::Card => out.push(8),
        Outcome::Split { variant } => {
            out.push(9);
            put_number(out, variant.into());
        }
        Outcome::Stayed => out.push(10),
    }
}

#[inline]
fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while 0x80 <= number {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[inline]
fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_number(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn short(text: &str) -> &str {
    &text[..text.floor_char_boundary(TEXT_BYTES)]
}

/// What is left of a record that is being read; each method names the field it reads.
struct Input<'a> {
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    /// The version and the head.
    fn head(&mut self) -> Result<(u8, Head), Unreadable> {
        let [version] = self.array("version")?;
        if version == 0 {
            return Err(Unreadable::Version(version));
        }
        let [class] = self.array("class")?;
        let head = Head {
            class,
            at: i64::from_le_bytes(self.array("at")?),
            workspace: i64::from_le_bytes(self.array("workspace")?),
            link: i64::from_le_bytes(self.array("link")?),
        };
        Ok((version, head))
    }

    fn outcome(&mut self) -> Result<Outcome, Unreadable> {
        let [tag] = self.array("outcome")?;
        Ok(match tag {
            0 => Outcome::Destination,
            1 => Outcome::Rule { rule: self.number("rule")? as i64, variant: None },
            2 => {
                let rule = self.number("rule")? as i64;
                Outcome::Rule { rule, variant: Some(self.variant()?) }
            }
            3 => Outcome::Blocked { rule: self.number("rule")? as i64 },
            4 => Outcome::NotFound,
            5 => Outcome::Expired,
            6 => Outcome::Gone,
            7 => Outcome::Password,
            8 => Outcome::Card,
            9 => Outcome::Split { variant: self.variant()? },
            10 => Outcome::Stayed,
            _ => return Err(Unreadable::Value("outcome")),
        })
    }

    fn variant(&mut self) -> Result<u32, Unreadable> {
        self.number("variant")?.try_into().map_err(|_| Unreadable::Value("variant"))
    }

    fn text(&mut self) -> Result<&'a str, Unreadable> {
        std::str::from_utf8(self.bytes("text")?).map_err(|_| Unreadable::Value("text"))
    }

    fn bytes(&mut self, field: &'static str) -> Result<&'a [u8], Unreadable> {
        let len = usize::try_from(self.number(field)?).map_err(|_| Unreadable::Cut(field))?;
        let (bytes, rest) = self.rest.split_at_checked(len).ok_or(Unreadable::Cut(field))?;
        self.rest = rest;
        Ok(bytes)
    }

    fn number(&mut self, field: &'static str) -> Result<u64, Unreadable> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let [byte] = self.array(field)?;
            let seven = u64::from(byte & 0x7f);
            if seven << shift >> shift != seven {
                return Err(Unreadable::Value(field));
            }
            number |= seven << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Unreadable::Value(field))
    }

    fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], Unreadable> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(Unreadable::Cut(field))?;
        self.rest = rest;
        Ok(*bytes)
    }
}

#[cfg(test)]
mod tests;
