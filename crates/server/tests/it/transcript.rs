//! Transcripts: requests and the answers that they must get, as text files.
//!
//! ```text
//! === what is shown
//! POST /api/rules
//! x-api-key: <key>
//!
//! {"linkId":"<link>",
//!  "name":"…"}
//! --- 201
//! content-type: application/json
//! !set-cookie
//!
//! {"success":true,"data":{"id":"<rule:rule>",…}}
//! ```
//!
//! Lines of a body are put together without the space that they begin with, so that long JSON
//! can be broken where it says nothing; apart from that and the [holes](crate::pattern) it is
//! compared byte for byte. `!name` is a header that must not be there. An answer without a body
//! in the file may have any.

use std::{fs, path::Path};

use crate::{
    client::{self, Request},
    pattern::{self, Caught},
    world::World,
};

struct Step {
    /// `file:line name`.
    place: String,
    request: Request,
    status: u16,
    headers: Vec<(String, String)>,
    absent: Vec<String>,
    body: Option<String>,
}

/// Replays one file against a server; names every step whose answer differs.
pub(crate) fn replay(world: &World, path: &Path) -> Vec<String> {
    let mut caught = Caught::from([("key".to_owned(), world.key.clone())]);
    let failed = |step: &Step| {
        let why = play(world, step, &mut caught).err()?;
        Some(format!("{}\n{why}", step.place))
    };
    read(path).iter().filter_map(failed).collect()
}

fn play(world: &World, step: &Step, caught: &mut Caught) -> Result<(), String> {
    let fill = |text: &str| pattern::fill(text, caught);
    let sent = &step.request;
    let request = Request {
        method: sent.method.clone(),
        target: fill(&sent.target)?,
        headers: sent
            .headers
            .iter()
            .map(|(name, value)| Ok((name.clone(), fill(value)?)))
            .collect::<Result<_, String>>()?,
        body: bytes(&fill(std::str::from_utf8(&sent.body).unwrap())?),
    };
    let answer = client::send(world.address, &request);
    if answer.status != step.status {
        return Err(format!("expected {}, got {}: {}", step.status, answer.status, answer.body));
    }
    for (name, expected) in &step.headers {
        let found = answer.headers.iter().find(|(known, _)| known == name);
        let (_, value) = found.ok_or_else(|| format!("no header {name}"))?;
        pattern::matches(expected, value, caught).map_err(|why| format!("{name}: {why}"))?;
    }
    if let Some(name) =
        step.absent.iter().find(|name| answer.headers.iter().any(|(known, _)| known == *name))
    {
        return Err(format!("a header {name}"));
    }
    match &step.body {
        Some(body) => pattern::matches(body, &answer.body, caught),
        None => Ok(()),
    }
}

/// `\xff` is one byte.
fn bytes(text: &str) -> Vec<u8> {
    let mut parts = text.split("\\x");
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    bytes
}

fn read(path: &Path) -> Vec<Step> {
    let text = fs::read_to_string(path).unwrap();
    let file = path.file_name().unwrap().to_string_lossy();
    let lines: Vec<&str> = text.lines().collect();
    let starts: Vec<usize> = (0..lines.len()).filter(|&i| lines[i].starts_with("=== ")).collect();
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    let step = |(start, end): (&usize, usize)| {
        let place = format!("{file}:{} {}", start + 1, &lines[*start][4..]);
        step(place, &lines[start + 1..end])
    };
    let steps: Vec<Step> = starts.iter().zip(ends).map(step).collect();
    assert!(!steps.is_empty(), "{file} holds no step");
    steps
}

fn step(place: String, lines: &[&str]) -> Step {
    let cut = lines.iter().position(|line| line.starts_with("--- "));
    let cut = cut.unwrap_or_else(|| panic!("{place} expects nothing"));
    let (method, target) =
        lines[0].split_once(' ').unwrap_or_else(|| panic!("{place} asks nothing"));
    let (headers, body) = part(&lines[1..cut]);
    let request = Request {
        method: method.to_owned(),
        target: target.to_owned(),
        headers: headers.iter().map(|line| header(line)).collect(),
        body: body.unwrap_or_default().into_bytes(),
    };
    let (expected, body) = part(&lines[cut + 1..]);
    let (absent, headers): (Vec<&str>, Vec<&str>) =
        expected.into_iter().partition(|line| line.starts_with('!'));
    Step {
        place,
        request,
        status: lines[cut][4..].trim().parse().unwrap(),
        headers: headers.into_iter().map(header).collect(),
        absent: absent.iter().map(|line| line[1..].to_owned()).collect(),
        body,
    }
}

/// Header lines, and what follows the blank line after them.
fn part<'t>(lines: &[&'t str]) -> (Vec<&'t str>, Option<String>) {
    let blank = lines.iter().position(|line| line.trim().is_empty()).unwrap_or(lines.len());
    let body: String = lines.iter().skip(blank).map(|line| line.trim_start()).collect();
    (lines[..blank].to_vec(), (!body.is_empty()).then_some(body))
}

fn header(line: &str) -> (String, String) {
    let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("{line:?} is no header"));
    (name.to_lowercase(), value.trim().to_owned())
}
