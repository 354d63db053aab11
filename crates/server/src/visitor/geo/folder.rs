//! The geo folder: which files lie in it, and what is in them.

use std::{cmp::Reverse, fs, io, path::Path, sync::Arc, time::SystemTime};

use super::{
    database::Database,
    list,
    source::{Fact, Problem, Source},
};
use crate::visitor::ranges::{Kind, Ranges};

/// The texts that come in an archive with a database; they are no lists of networks.
const PAPERS: &[&str] = &["attribution", "copyright", "licence", "license", "notice", "readme"];

/// What tells that a file has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    name: String,
    len: u64,
    modified: Option<SystemTime>,
}

/// A file in use.
pub(super) struct File {
    stamp: Stamp,
    pub(super) content: Content,
}

pub(super) enum Content {
    Database(Database),
    List(Kind, Ranges),
}

/// The files that a source could be in, by name. The error is one line.
pub(super) fn scan(folder: &Path) -> Result<Vec<Stamp>, String> {
    let scan = || -> io::Result<Vec<Stamp>> {
        let mut stamps = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if is_source(&name) {
                // Through links: a downloader may switch one from the old file to the new.
                let meta = fs::metadata(entry.path())?;
                stamps.push(Stamp { name, len: meta.len(), modified: meta.modified().ok() });
            }
        }
        stamps.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(stamps)
    };
    scan().map_err(|error| error.to_string())
}

fn is_source(name: &str) -> bool {
    match name.rsplit_once('.') {
        Some((stem, "mmdb")) => !stem.starts_with('.'),
        Some((stem, "txt")) => {
            let is_paper = PAPERS.iter().any(|paper| stem.eq_ignore_ascii_case(paper));
            !stem.starts_with('.') && !is_paper
        }
        _ => false,
    }
}

/// Reads what has changed since `old`, in the order in which sources are asked.
pub(super) fn load(
    folder: &Path,
    stamps: &[Stamp],
    old: &[Arc<File>],
) -> (Vec<Arc<File>>, Vec<Problem>) {
    let mut files = Vec::new();
    let mut problems = Vec::new();
    for stamp in stamps {
        let earlier = old.iter().find(|file| file.stamp.name == stamp.name);
        if let Some(same) = earlier.filter(|file| file.stamp == *stamp) {
            files.push(Arc::clone(same));
            continue;
        }
        match read(folder, stamp) {
            Ok(content) => files.push(Arc::new(File { stamp: stamp.clone(), content })),
            Err(error) => {
                files.extend(earlier.cloned());
                problems.push(Problem { file: stamp.name.clone(), error, kept: earlier.is_some() });
            }
        }
    }
    files.sort_by_cached_key(|file| {
        let source = file.source();
        (file.rank(), Reverse(source.built), source.name)
    });
    (files, problems)
}

fn read(folder: &Path, stamp: &Stamp) -> Result<Content, String> {
    let bytes = fs::read(folder.join(&stamp.name)).map_err(|error| error.to_string())?;
    if stamp.name.ends_with(".mmdb") {
        return Database::read(bytes).map(Content::Database);
    }
    let text = String::from_utf8(bytes).map_err(|_| "it is no UTF-8 text".to_owned())?;
    list::read(&stamp.name, &text).map(|(kind, ranges)| Content::List(kind, ranges))
}

impl File {
    pub(super) fn database(&self) -> Option<&Database> {
        match &self.content {
            Content::Database(database) => Some(database),
            Content::List(..) => None,
        }
    }

    pub(super) fn source(&self) -> Source {
        let name = self.stamp.name.clone();
        match &self.content {
            Content::Database(database) => Source {
                name,
                kind: database.kind().to_owned(),
                knows: database.knows.clone(),
                built: database.built(),
            },
            Content::List(..) => Source {
                name,
                kind: "network list".to_owned(),
                knows: vec![Fact::Anonymity],
                built: None,
            },
        }
    }

    /// The most special sort first.
    fn rank(&self) -> u8 {
        let Content::Database(database) = &self.content else { return 0 };
        let knows = |facts: &[Fact]| facts.iter().any(|fact| database.knows(*fact));
        match () {
            () if knows(&[Fact::City, Fact::Region, Fact::Coordinates]) => 1,
            () if knows(&[Fact::Anonymity]) => 2,
            () if knows(&[Fact::Isp]) => 3,
            () if !knows(&[Fact::Country]) => 4,
            () => 5,
        }
    }
}
