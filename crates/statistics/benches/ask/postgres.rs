//! The same questions, put to PostgreSQL with a row for each click.

use std::{
    error::Error,
    io::{BufWriter, Write},
    process::{Command, Stdio},
};

use statistics::{Group, Unit};

use crate::{FILTERS, View, data, views};

/// What the views ask about; a table of all that is kept would be twice as long.
const TABLE: &str = "
    create unlogged table clicks (
        at bigint not null, link bigint not null, class text not null, visitor bigint not null,
        country text, city text, device text, browser text, browser_version text,
        referrer text, referrer_domain text)";

/// Fills a table in the database at this URL and times every view, once it was read through; by what
/// one process of the server had of a processor, as for ours.
pub fn ask(url: &str, clicks: usize) -> Result<(), Box<dyn Error>> {
    query(url, TABLE)?;
    fill(url, clicks)?;
    query(url, "create index on clicks (link, at)")?;
    query(url, "create index on clicks (at)")?;
    query(url, "vacuum (analyze) clicks")?;
    query(url, "select count(visitor) from clicks")?;
    println!("\n{:<30} {:>14} {:>11}", "PostgreSQL, processor ms", "with visitors", "clicks only");
    for view in views()? {
        let visitors = milliseconds(url, &sql(&view, true))?;
        let clicks = milliseconds(url, &sql(&view, false))?;
        println!("{:<30} {visitors:>14.1} {clicks:>11.1}", view.0);
    }
    query(url, "drop table clicks").map(drop)
}

fn fill(url: &str, clicks: usize) -> Result<(), Box<dyn Error>> {
    let mut psql = psql(url, "copy clicks from stdin").stdin(Stdio::piped()).spawn()?;
    let mut rows = BufWriter::new(psql.stdin.take().ok_or("no pipe")?);
    for nth in 0..clicks {
        let drawn = data::drawn(nth, clicks);
        let click = drawn.click();
        let text = |text: Option<&str>| text.unwrap_or("\\N").to_owned();
        let country = click.country.map(|code| String::from_utf8_lossy(&code).into_owned());
        writeln!(
            rows,
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
            click.at,
            click.link,
            click.class.name(),
            click.visitor.unwrap_or_default() as i64,
            text(country.as_deref()),
            text(click.city),
            text(click.device),
            text(click.browser),
            text(click.browser_version),
            text(click.referrer),
            text(click.referrer_domain),
        )?;
    }
    drop(rows.into_inner()?);
    if psql.wait()?.success() { Ok(()) } else { Err("psql could not copy the clicks".into()) }
}

/// A hash is of one day, so different ones are the daily visitors, summed.
fn sql((_, group, filters, hot, days): &View, visitors: bool) -> String {
    let counts = if visitors { "count(*), count(distinct visitor)" } else { "count(*)" };
    let local = "(to_timestamp(at / 1000.0) at time zone 'Europe/Berlin')";
    let (key, end) = match group {
        Group::Total => (String::new(), ""),
        Group::Series(Unit::Hour) => (format!("date_trunc('hour', {local})"), "order by 1"),
        Group::Series(_) => (format!("date_trunc('day', {local})"), "order by 1"),
        Group::HourByDay => (
            format!("extract(isodow from {local}) * 24 + extract(hour from {local})"),
            "order by 1",
        ),
        Group::Breakdown { dimension, .. } => {
            let column = match dimension.name {
                "browserVersion" => "browser_version",
                "referrerDomain" => "referrer_domain",
                name => name,
            };
            (column.to_owned(), "order by 2 desc, 1 limit 8")
        }
        Group::Cities { .. } => ("(country, city)".to_owned(), "order by 2 desc limit 200"),
    };
    let (first, by) = match key.as_str() {
        "" => (String::new(), ""),
        key => (format!("{key}, "), "group by 1"),
    };
    let from = data::END - days * 86_400_000;
    let mut passes = format!("class = 'person' and {from} <= at and at < {}", data::END);
    if *hot {
        passes += &format!(" and link = {}", data::HOT_LINK);
    }
    for (name, values) in &FILTERS[..*filters] {
        let values = format!("'{}'", values.replace(',', "','"));
        passes += &match name.strip_suffix('!') {
            Some(name) => format!(" and {name} is distinct from {values}"),
            None => format!(" and {name} in ({values})"),
        };
    }
    format!("select {first}{counts} from clicks where {passes} {by} {end}")
}

/// What the process that answers has had of a processor, in hundredths of a second, as its server reads
/// it from Linux.
const PROCESSOR: &str = "
    select 'ticks ' || (split_part(told, ' ', 12)::bigint + split_part(told, ' ', 13)::bigint)
    from (select regexp_replace(pg_read_file('/proc/self/stat'), '^.*\\) ', '') as told) as it";

fn milliseconds(url: &str, sql: &str) -> Result<f64, Box<dyn Error>> {
    let mut psql = psql(url, "set max_parallel_workers_per_gather = 0");
    psql.args(["--command", PROCESSOR, "--command", sql, "--command", PROCESSOR]);
    let told = String::from_utf8(psql.output()?.stdout)?;
    let ticks: Vec<f64> =
        told.lines().filter_map(|line| line.strip_prefix("ticks ")?.parse().ok()).collect();
    match ticks[..] {
        [before, after] => Ok(10.0 * (after - before)),
        _ => Err(format!("no processor's time: {told}").into()),
    }
}

fn query(url: &str, sql: &str) -> Result<String, Box<dyn Error>> {
    let told = psql(url, sql).output()?;
    if told.status.success() {
        Ok(String::from_utf8(told.stdout)?)
    } else {
        Err(String::from_utf8_lossy(&told.stderr).into_owned().into())
    }
}

fn psql(url: &str, sql: &str) -> Command {
    let mut psql = Command::new("psql");
    psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--command", sql, url]);
    psql
}
