//! Links as lines of a table: which column says what, and what is wrong with a cell.

use std::borrow::Cow;

use model::{Error, Result};
use serde_json::{Map, Value};

use super::export::harmless;

/// A table of links, as it was read.
pub(super) struct Sheet {
    /// What stands in the first line, and the key that it was taken for.
    pub(super) columns: Vec<(String, Option<&'static str>)>,
    pub(super) rows: Vec<Row>,
}

/// A line with what it says of a link, in the keys of our API.
pub(super) struct Row {
    /// Counted from 1 as editors count.
    pub(super) line: u64,
    pub(super) link: Map<String, Value>,
    pub(super) faults: Vec<Fault>,
}

/// What is wrong in a line; without a key, with all of it.
pub(super) struct Fault {
    pub(super) key: Option<String>,
    pub(super) why: String,
}

/// What the cells of a column are.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Text,
    /// A text whose spaces are its own.
    Words,
    Flag,
    Number,
    /// With commas, semicolons or bars between its parts; or a list in JSON.
    List,
    /// A moment, or a day, which begins in UTC.
    Time,
    Json,
    /// A short address, which says the domain and the slug.
    Address,
    /// Only we set it.
    Ours,
}

/// A column of exports, and what others call it, in small letters and digits alone.
struct Column {
    key: &'static str,
    kind: Kind,
    others: &'static [&'static str],
}

const fn column(key: &'static str, kind: Kind, others: &'static [&'static str]) -> Column {
    Column { key, kind, others }
}

/// Every column, in the order of exports.
const COLUMNS: &[Column] = &[
    column("id", Kind::Ours, &["linkid"]),
    column("domain", Kind::Text, &["host", "hostname", "shortdomain"]),
    column(
        "slug",
        Kind::Text,
        &["path", "keyword", "alias", "backhalf", "shortcode", "customslug", "ending", "code"],
    ),
    column("shortUrl", Kind::Address, &["shortlink", "short", "bitlink", "tinyurl"]),
    column(
        "destination",
        Kind::Text,
        &["longurl", "url", "targeturl", "target", "originalurl", "destinationurl", "longlink"],
    ),
    column("title", Kind::Words, &["name"]),
    column("description", Kind::Words, &["note", "notes", "comment", "comments"]),
    column("tags", Kind::List, &["tag", "labels", "label"]),
    column("folder", Kind::Text, &["group", "campaign"]),
    column("enabled", Kind::Flag, &["active"]),
    column("archived", Kind::Flag, &[]),
    column("status", Kind::Number, &["statuscode", "redirecttype", "redirectcode"]),
    column("forwardQuery", Kind::Flag, &["forwardparameters"]),
    column("startsAt", Kind::Time, &["starts", "startdate", "validsince"]),
    column(
        "expiresAt",
        Kind::Time,
        &["expires", "expiry", "expirationdate", "expirydate", "validuntil"],
    ),
    column("expiredDestination", Kind::Text, &["expiredurl", "expirationurl"]),
    column("clickLimit", Kind::Number, &["maxclicks", "maxvisits", "clickslimit"]),
    column("limitCounts", Kind::Text, &[]),
    column("hasPassword", Kind::Ours, &[]),
    column("redirectBehavior", Kind::Text, &[]),
    column("conversionTracking", Kind::Flag, &[]),
    column("cloaked", Kind::Flag, &["cloaking"]),
    column("deleteAt", Kind::Time, &[]),
    column("parameters", Kind::Json, &[]),
    column("defaultSplit", Kind::Json, &[]),
    column("card", Kind::Json, &[]),
    column("pixels", Kind::List, &[]),
    column("rules", Kind::Json, &[]),
    column("revision", Kind::Ours, &[]),
    column("clicks", Kind::Ours, &["visits", "hits", "totalclicks"]),
    column("createdAt", Kind::Ours, &["created", "datecreated", "creationdate"]),
    column("updatedAt", Kind::Ours, &["updated"]),
];

/// Lines of one table, but for the first.
pub(super) const MOST: usize = 10_000;

/// Every column's key, in the order of exports.
pub(super) fn keys() -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().map(|column| column.key)
}

/// Reads a table whose first line names its columns, with commas, semicolons or tabs between them.
/// A short address says its domain where `is_ours` knows it.
pub(super) fn read(text: &[u8], is_ours: &dyn Fn(&str) -> bool) -> Result<Sheet> {
    let text = std::str::from_utf8(text).map_err(|_| {
        Error::Malformed("the file is not UTF-8: save it so, and send it again".into())
    })?;
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = csv::ReaderBuilder::new()
        .delimiter(separator(text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
        .into_records();
    let head = lines.next().ok_or_else(|| Error::Malformed("the file is empty".to_owned()))?;
    let head = head.map_err(|error| Error::Malformed(error.to_string()))?;
    let columns: Vec<(String, Option<&Column>)> =
        head.iter().map(|header| (header.trim().to_owned(), Column::named(header))).collect();
    for (place, (header, column)) in columns.iter().enumerate() {
        let Some(column) = column else { continue };
        let before =
            columns[..place].iter().find(|(_, it)| it.is_some_and(|it| it.key == column.key));
        if let Some((other, _)) = before {
            let why = format!("means the same as the column {other:?}: {}", column.key);
            return Err(Error::invalid(header.as_str(), why));
        }
    }
    if !columns.iter().any(|(_, column)| column.is_some_and(|it| it.key == "destination")) {
        let why = "no column of the first line says where links lead: name one so, or \"Long URL\"";
        return Err(Error::invalid("destination", why));
    }
    let mut rows = Vec::new();
    for record in lines {
        if rows.len() == MOST {
            return Err(Error::invalid("", format!("must not have more than {MOST} lines")));
        }
        let record = record.map_err(|error| Error::Malformed(error.to_string()))?;
        rows.push(row(&columns, &record, is_ours));
    }
    let columns = columns.into_iter().map(|(header, it)| (header, it.map(|it| it.key))).collect();
    Ok(Sheet { columns, rows })
}

/// The cell of a link's key in an export; what a spreadsheet would run has an apostrophe before it,
/// and [`read`] takes that away.
pub(super) fn cell(value: Option<&Value>) -> String {
    let text = match value {
        None | Some(Value::Null) => return String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(list)) => match joined(list) {
            Some(text) => text,
            None => Value::Array(list.clone()).to_string(),
        },
        Some(other) => return other.to_string(),
    };
    if acts(&text) { format!("'{text}") } else { text }
}

/// A list with commas between its parts, where no part can be taken for two.
fn joined(list: &[Value]) -> Option<String> {
    let texts: Vec<&str> = list.iter().map(Value::as_str).collect::<Option<_>>()?;
    let is_plain = |text: &&str| !text.contains(PARTS) && text.trim() == *text && !text.is_empty();
    let begins = texts.first().is_none_or(|first| !first.starts_with('['));
    (begins && texts.iter().all(is_plain)).then(|| texts.join(","))
}

const PARTS: [char; 3] = [',', ';', '|'];

/// Whether a spreadsheet would run it, but for apostrophes before it.
fn acts(text: &str) -> bool {
    matches!(harmless(text.trim_start_matches('\'')), Cow::Owned(_))
}

/// The most frequent of those that may stand between columns.
fn separator(text: &str) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in text.bytes().take_while(|byte| *byte != b'\n') {
        quoted ^= byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(it, _)| *it == byte && !quoted) {
            *count += 1;
        }
    }
    // The first of those that are as many.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(byte, _)| *byte)
}

fn row(
    columns: &[(String, Option<&Column>)],
    record: &csv::StringRecord,
    is_ours: &dyn Fn(&str) -> bool,
) -> Row {
    let line = record.position().map_or(0, csv::Position::line);
    let mut row = Row { line, link: Map::new(), faults: Vec::new() };
    if columns.len() < record.len() {
        let why = format!("has {} cells, and the first line {}", record.len(), columns.len());
        row.faults.push(Fault { key: None, why });
    }
    let mut address = None;
    for ((_, column), cell) in columns.iter().zip(record) {
        let Some(column) = column else { continue };
        let cell = if column.kind == Kind::Words { cell } else { cell.trim() };
        let cell = cell.strip_prefix('\'').filter(|bare| acts(bare)).unwrap_or(cell);
        if cell.trim().is_empty() || column.kind == Kind::Ours {
            continue;
        }
        if column.kind == Kind::Address {
            address = Some(cell);
            continue;
        }
        match column.read(cell) {
            Ok(value) => drop(row.link.insert(column.key.to_owned(), value)),
            Err(why) => row.faults.push(Fault { key: Some(column.key.to_owned()), why }),
        }
    }
    if let Some(address) = address
        && !row.link.contains_key("slug")
    {
        place(address, &mut row, is_ours);
    }
    row
}

/// What a short address says that nothing else in the line does.
fn place(address: &str, row: &mut Row, is_ours: &dyn Fn(&str) -> bool) {
    let whole =
        if address.contains("://") { address.to_owned() } else { format!("https://{address}") };
    let read = url::Url::parse(&whole).ok();
    let parts = read.as_ref().and_then(|url| Some((url.host_str()?, url.path().trim_matches('/'))));
    let Some((host, slug)) = parts.filter(|(_, slug)| !slug.is_empty()) else {
        let why = format!("{address:?} is no short address");
        row.faults.push(Fault { key: Some("shortUrl".to_owned()), why });
        return;
    };
    row.link.insert("slug".to_owned(), slug.into());
    if is_ours(host) {
        row.link.entry("domain").or_insert_with(|| host.into());
    }
}

impl Column {
    fn named(header: &str) -> Option<&'static Column> {
        let plain = |text: &str| -> String {
            text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        let name = plain(header);
        let is = |column: &&Column| plain(column.key) == name || column.others.contains(&&*name);
        COLUMNS.iter().find(is)
    }

    fn read(&self, cell: &str) -> std::result::Result<Value, String> {
        match self.kind {
            Kind::Text | Kind::Words | Kind::Address | Kind::Ours => Ok(cell.into()),
            Kind::Flag => match cell.to_lowercase().as_str() {
                "true" | "yes" | "1" | "on" => Ok(true.into()),
                "false" | "no" | "0" | "off" => Ok(false.into()),
                _ => Err(format!("{cell:?} is neither true nor false")),
            },
            Kind::Number => {
                let number = cell.parse::<i64>().map(Value::from);
                number.map_err(|_| format!("{cell:?} is no whole number"))
            }
            Kind::List if cell.starts_with('[') => json(cell),
            Kind::List => {
                let parts = cell.split(PARTS).map(str::trim).filter(|part| !part.is_empty());
                Ok(parts.collect())
            }
            Kind::Time if cell.parse::<jiff::civil::Date>().is_ok() && cell.len() == 10 => {
                Ok(format!("{cell}T00:00:00Z").into())
            }
            Kind::Time => Ok(cell.into()),
            Kind::Json => json(cell),
        }
    }
}

fn json(cell: &str) -> std::result::Result<Value, String> {
    serde_json::from_str(cell).map_err(|error| format!("is no JSON: {error}"))
}

#[cfg(test)]
mod tests;
