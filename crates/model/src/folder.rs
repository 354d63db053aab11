//! Folders: a name that links of a domain share, and what new links in it start with.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    DomainId, Draft, Error, Parameters, Result, Slug, Status, WorkspaceId, manner::check_kept,
};

/// A folder is there as soon as a link names it; one that was made also has settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Folder {
    pub workspace: WorkspaceId,
    pub domain: DomainId,
    /// What [`Link::folder`](crate::Link::folder) holds.
    pub name: String,
    pub settings: FolderSettings,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What new links in the folder have where their authors say nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FolderSettings {
    pub status: Option<u16>,
    pub expires_after_days: Option<u32>,
    pub parameters: Parameters,
    /// Stands before slugs that nobody chose.
    pub prefix: Option<String>,
    /// What clients of other services keep here; we hand it back and do nothing by it.
    pub kept: Map<String, Value>,
}

/// Bytes of a name.
pub(crate) const LONGEST_FOLDER: usize = 255;
const MOST_DAYS: u32 = 36_500;

impl Folder {
    pub fn new(
        workspace: WorkspaceId,
        domain: DomainId,
        name: &str,
        settings: FolderSettings,
        now: Timestamp,
    ) -> Result<Folder> {
        let name = name.trim();
        if name.is_empty() || LONGEST_FOLDER < name.len() {
            return Err(Error::invalid(
                "name",
                format!("must be 1 to {LONGEST_FOLDER} bytes long"),
            ));
        }
        if settings.expires_after_days.is_some_and(|days| !(1..=MOST_DAYS).contains(&days)) {
            let why = format!("must be a whole number from 1 to {MOST_DAYS}");
            return Err(Error::invalid("expiresAfterDays", why));
        }
        if let Some(code) = settings.status {
            Status::new("status", code.into())?;
        }
        if let Some(prefix) = &settings.prefix {
            Slug::parse(&format!("{prefix}1"), true).map_err(|error| match error {
                Error::Invalid(_) => Error::invalid("prefix", "must begin a slug"),
                other => other,
            })?;
        }
        settings.parameters.check()?;
        check_kept(&settings.kept)?;
        let name = name.to_owned();
        Ok(Folder { workspace, domain, name, settings, created_at: now, updated_at: now })
    }

    /// Fills in what a new link's author left open.
    pub fn complete(&self, draft: &mut Draft, now: Timestamp) {
        let FolderSettings { status, expires_after_days, parameters, .. } = &self.settings;
        if draft.status.is_none() {
            draft.status = status.and_then(|code| Status::new("status", code.into()).ok());
        }
        if let (None, Some(days)) = (draft.expires_at, expires_after_days) {
            let then = now.checked_add(SignedDuration::from_hours(i64::from(*days) * 24));
            draft.expires_at = then.ok();
        }
        for (name, value) in parameters.iter() {
            if draft.parameters.get(name).is_none() {
                draft.parameters.set(name, Some(value));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Destination, Schemes};

    fn folder(settings: FolderSettings) -> Result<Folder> {
        let (workspace, domain) = (WorkspaceId::new(1).unwrap(), DomainId::new(2).unwrap());
        Folder::new(workspace, domain, " Sale ", settings, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_folder_fills_in_what_a_link_leaves_open() {
        let mut settings = FolderSettings {
            status: Some(301),
            expires_after_days: Some(2),
            ..FolderSettings::default()
        };
        settings.parameters.set("a", Some("folder"));
        settings.parameters.set("b", Some("folder"));
        let folder = folder(settings).unwrap();
        assert_eq!(folder.name, "Sale");
        let to = Destination::parse("", "https://example.com/", Schemes::WEB).unwrap();
        let mut open = Draft::new(to.clone());
        folder.complete(&mut open, Timestamp::UNIX_EPOCH);
        assert_eq!(open.status.map(Status::code), Some(301));
        assert_eq!(open.expires_at.map(Timestamp::as_second), Some(2 * 86_400));
        let mut said = Draft::new(to);
        said.status = Some(Status::default());
        said.expires_at = Some(Timestamp::UNIX_EPOCH);
        said.parameters.set("b", Some("own"));
        folder.complete(&mut said, Timestamp::UNIX_EPOCH);
        assert_eq!(said.status.map(Status::code), Some(302));
        assert_eq!(said.expires_at, Some(Timestamp::UNIX_EPOCH));
        assert_eq!(said.parameters.iter().collect::<Vec<_>>(), [("b", "own"), ("a", "folder")]);
    }

    #[test]
    fn what_could_make_no_link_is_refused() {
        for (status, days, prefix, at) in [
            (Some(300), None, None, "status"),
            (None, Some(0), None, "expiresAfterDays"),
            (None, None, Some("a b"), "prefix"),
            (None, None, Some("api/"), "prefix"),
        ] {
            let settings = FolderSettings {
                status,
                expires_after_days: days,
                prefix: prefix.map(str::to_owned),
                ..FolderSettings::default()
            };
            let error = folder(settings).unwrap_err().to_string();
            assert!(error.starts_with(&format!("{at}: ")), "{error}");
        }
    }
}
