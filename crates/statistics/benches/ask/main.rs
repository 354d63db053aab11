//! How long the views of the statistics take, and what a click takes to keep.
//!
//! `cargo bench -p statistics --bench ask`; before it `CLICKS=10000000` for so many instead of a
//! million, `VIEW="city|filter"` for the views alone with one of these words in their names,
//! `BLOCKS=folder` to keep the blocks there and to read them instead of making them anew, and
//! `POSTGRES=URL` to put the same questions to a PostgreSQL server by `psql` (into a table `clicks`,
//! which is dropped again).
#![expect(clippy::print_stdout, reason = "its tables are what it is for")]

mod data;
mod postgres;

use std::{
    error::Error,
    fs,
    hint::black_box,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use jiff::tz::TimeZone;
use model::Id;
use statistics::{Builder, Columns, DIMENSIONS, Dimension, Filter, Group, Query, Unit};

/// Each view is asked so often; the fastest is told, and the mean of the processor's time.
const TIMES: usize = 11;

fn main() -> Result<(), Box<dyn Error>> {
    let clicks = std::env::var("CLICKS").ok().map_or(Ok(1_000_000), |clicks| clicks.parse())?;
    let blocks = match std::env::var("BLOCKS") {
        Ok(folder) => kept(Path::new(&folder), clicks)?,
        Err(_) => made(clicks)?,
    };
    let columns: Vec<Columns> =
        blocks.iter().map(|block| Columns::decode(block.clone())).collect::<Result<_, _>>()?;
    ask(&columns)?;
    memory(&columns, clicks);
    match std::env::var("POSTGRES") {
        Ok(url) => postgres::ask(&url, clicks),
        Err(_) => Ok(()),
    }
}

/// The blocks of a folder; they are made and written there where it is not there yet.
fn kept(folder: &Path, clicks: usize) -> Result<Vec<Bytes>, Box<dyn Error>> {
    let name = |nth: usize| folder.join(format!("{nth}.block"));
    if !folder.exists() {
        let blocks = made(clicks)?;
        fs::create_dir_all(folder)?;
        for (nth, block) in blocks.iter().enumerate() {
            fs::write(name(nth), block)?;
        }
        return Ok(blocks);
    }
    let blocks =
        (0..clicks.div_ceil(Builder::FULL)).map(|nth| fs::read(name(nth)).map(Bytes::from));
    Ok(blocks.collect::<Result<_, _>>()?)
}

/// Blocks that are made now, and how long that took.
fn made(clicks: usize) -> Result<Vec<Bytes>, Box<dyn Error>> {
    let blocks = seal(clicks)?;
    decode(&blocks, clicks)?;
    Ok(blocks)
}

/// Makes the clicks and seals them, block by block.
fn seal(clicks: usize) -> Result<Vec<Bytes>, Box<dyn Error>> {
    let (mut pushing, mut sorting, mut encoding) = Default::default();
    let mut blocks: Vec<Bytes> = Vec::new();
    for from in (0..clicks).step_by(Builder::FULL) {
        let drawn: Vec<_> =
            (from..clicks.min(from + Builder::FULL)).map(|nth| data::drawn(nth, clicks)).collect();
        let mut builder = Builder::default();
        timed(&mut pushing, || {
            drawn.iter().for_each(|drawn| builder.push(&drawn.click(), Some(drawn.id)));
        });
        let columns = timed(&mut sorting, || builder.columns());
        blocks.push(timed(&mut encoding, || columns.encode())?.into());
    }
    let sealed: usize = blocks.iter().map(Bytes::len).sum();
    let each = |time: Duration| format!("{:.0} ns", time.as_nanos() as f64 / clicks as f64);
    println!("{clicks} clicks in {} blocks", blocks.len());
    println!("sealed, bytes a click: {:.1}", sealed as f64 / clicks as f64);
    println!("pushed, a click:       {}", each(pushing));
    println!("sorted, a click:       {}", each(sorting));
    println!("encoded, a click:      {}", each(encoding));
    Ok(blocks)
}

/// Decodes each column alone.
fn decode(blocks: &[Bytes], clicks: usize) -> Result<(), Box<dyn Error>> {
    println!("\n{:<34} {:>9}", "decoded, a click", "ns");
    let mut opening = Duration::ZERO;
    for block in blocks {
        timed(&mut opening, || Columns::decode(block.clone()))?;
    }
    let each = |time: Duration| time.as_nanos() as f64 / clicks as f64;
    println!("{:<34} {:>9.1}", "checksum, footer, runs of links", each(opening));
    for dimension in DIMENSIONS.iter().filter(|dimension| dimension.has_column()) {
        let mut taken = Duration::ZERO;
        for block in blocks {
            let columns = Columns::decode(block.clone())?;
            timed(&mut taken, || columns.values(dimension).map(<[_]>::len))?;
        }
        if Duration::ZERO < taken && dimension.name != "link" {
            println!("{:<34} {:>9.1}", dimension.name, each(taken));
        }
    }
    Ok(())
}

const FILTERS: [(&str, &str); 3] =
    [("country", "US,DE,FR"), ("browser!", "Chrome"), ("device", "mobile")];

/// Name, group, how many filters, whether of the hot link alone, and how many days.
type View = (&'static str, Group, usize, bool, i64);

fn views() -> Result<Vec<View>, String> {
    let asked = std::env::var("VIEW").unwrap_or_default();
    let mut views = all_views()?;
    views.retain(|view| asked.split('|').any(|word| view.0.contains(word)));
    Ok(views)
}

fn all_views() -> Result<Vec<View>, String> {
    let (day, hour) = (Group::Series(Unit::Day), Group::Series(Unit::Hour));
    Ok(vec![
        ("total", Group::Total, 0, false, 90),
        ("by day", day, 0, false, 90),
        ("by hour", hour, 0, false, 90),
        ("by hour of the week", Group::HourByDay, 0, false, 90),
        ("by country", by("country")?, 0, false, 90),
        ("by city", by("city")?, 0, false, 90),
        ("by referrer's domain", by("referrerDomain")?, 0, false, 90),
        ("by referrer", by("referrer")?, 0, false, 90),
        ("by browser version", by("browserVersion")?, 0, false, 90),
        ("by link", by("link")?, 0, false, 90),
        ("total, 3 filters", Group::Total, 3, false, 90),
        ("by day, 1 filter", day, 1, false, 90),
        ("by day, 3 filters", day, 3, false, 90),
        ("by city, 1 filter", by("city")?, 1, false, 90),
        ("by city, 2 filters", by("city")?, 2, false, 90),
        ("by city, 3 filters", by("city")?, 3, false, 90),
        ("cities in countries", Group::Cities { limit: 200 }, 0, false, 90),
        ("7 days, by hour", hour, 0, false, 7),
        ("7 days, by country", by("country")?, 0, false, 7),
        ("hot link, by day", day, 0, true, 90),
        ("hot link, by city, 3 filters", by("city")?, 3, true, 90),
    ])
}

fn ask(columns: &[Columns]) -> Result<(), Box<dyn Error>> {
    println!(
        "\n{:<30} {:>9} {:>9} {:>9} {:>9} {:>11}",
        "ms", "clicks", "processor", "1 thread", "2 threads", "clicks only"
    );
    for (name, group, count, hot, days) in views()? {
        let workspace = Id::new(1).ok_or("an id")?;
        let mut query = Query {
            links: hot.then(|| Arc::new(Id::new(data::HOT_LINK).into_iter().collect())),
            filters: Filter::parse_all(FILTERS.into_iter().take(count))?,
            zone: TimeZone::get("Europe/Berlin")?,
            group,
            ..Query::total(workspace, data::END - days * 86_400_000, data::END)
        };
        let clicks = query.run(columns, 1)?.clicks();
        let before = processor();
        let one = fastest(&query, columns, 1);
        let processor = (processor() - before).as_secs_f64() * 1_000.0 / TIMES as f64;
        let two = fastest(&query, columns, 2);
        query.visitors = false;
        let fewer = fastest(&query, columns, 2);
        println!("{name:<30} {clicks:>9} {processor:>9.1} {one:>9.1} {two:>9.1} {fewer:>11.1}");
    }
    Ok(())
}

fn memory(columns: &[Columns], clicks: usize) {
    println!("\n{:<34} {:>9}", "in memory, a click", "bytes");
    let mut sums: Vec<(&str, usize)> = Vec::new();
    for (place, (name, bytes)) in
        columns.iter().flat_map(|columns| columns.bytes().into_iter().enumerate())
    {
        match sums.get_mut(place) {
            Some(sum) => sum.1 += bytes,
            None => sums.push((name, bytes)),
        }
    }
    for (name, bytes) in sums.into_iter().filter(|(_, bytes)| *bytes != 0) {
        println!("{name:<34} {:>9.2}", bytes as f64 / clicks as f64);
    }
}

fn by(name: &str) -> Result<Group, String> {
    let dimension = Dimension::named(name).ok_or_else(|| format!("no dimension `{name}`"))?;
    Ok(Group::Breakdown { dimension, limit: 8 })
}

/// In milliseconds.
fn fastest(query: &Query, columns: &[Columns], threads: usize) -> f64 {
    let times = (0..TIMES).map(|_| {
        let mut taken = Duration::ZERO;
        let answer = timed(&mut taken, || query.run(columns, threads));
        drop(black_box(answer));
        taken
    });
    times.min().unwrap_or_default().as_secs_f64() * 1_000.0
}

/// How long this thread has had a processor, which others on the machine do not sway as much as
/// what a clock on the wall says. Nothing where Linux does not tell.
fn processor() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = told.split(' ').next().and_then(|taken| taken.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or_default())
}

fn timed<T>(sum: &mut Duration, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = black_box(work());
    *sum += start.elapsed();
    done
}
