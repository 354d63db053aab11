//! What somebody is about to make of a link, kept until it is published or thrown away.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{LinkId, Plan, WorkspaceId};

/// The one draft of a link; it has no number, and no visitor sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedDraft {
    pub link: LinkId,
    pub workspace: WorkspaceId,
    /// The revision that it was begun from.
    pub base: i64,
    pub plan: Plan,
    /// Who saved it last.
    pub author: String,
    /// How often it was saved, from 1 on.
    pub version: i64,
    /// Everybody who saved it, each once, the last one last.
    pub editors: Vec<Editor>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Somebody who worked on a draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Editor {
    pub name: String,
    /// When they saved it last, in milliseconds since 1970.
    pub at: i64,
}

/// Editors that are remembered.
const MOST_EDITORS: usize = 20;

impl SavedDraft {
    /// The first state of a draft.
    pub fn begin(
        link: LinkId,
        workspace: WorkspaceId,
        base: i64,
        plan: Plan,
        author: &str,
        now: Timestamp,
    ) -> SavedDraft {
        let editors = vec![Editor { name: author.to_owned(), at: now.as_millisecond() }];
        let author = author.to_owned();
        let (created_at, updated_at) = (now, now);
        SavedDraft {
            link,
            workspace,
            base,
            plan,
            author,
            version: 1,
            editors,
            created_at,
            updated_at,
        }
    }

    /// The draft as somebody saves it again.
    #[must_use]
    pub fn saved(&self, base: i64, plan: Plan, author: &str, now: Timestamp) -> SavedDraft {
        let mut editors = self.editors.clone();
        editors.retain(|editor| editor.name != author);
        editors.push(Editor { name: author.to_owned(), at: now.as_millisecond() });
        editors.drain(..editors.len().saturating_sub(MOST_EDITORS));
        SavedDraft {
            base,
            plan,
            author: author.to_owned(),
            version: self.version + 1,
            editors,
            updated_at: now,
            ..self.clone()
        }
    }

    /// Everybody but this one who saved it.
    pub fn others(&self, name: &str) -> impl Iterator<Item = &Editor> {
        self.editors.iter().filter(move |editor| editor.name != name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Destination, Schemes};

    #[test]
    fn each_editor_is_remembered_once_and_told_of_the_others() {
        let plan = || Plan {
            destination: Destination::parse("", "https://example.com/", Schemes::WEB).unwrap(),
            default_split: Vec::new(),
            rules: Vec::new(),
        };
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        let (link, workspace) = (LinkId::new(1).unwrap(), WorkspaceId::new(2).unwrap());
        let draft = SavedDraft::begin(link, workspace, 3, plan(), "Ann", at(1));
        let draft = draft.saved(3, plan(), "Bob", at(2)).saved(4, plan(), "Ann", at(3));
        assert_eq!((draft.version, draft.base, draft.author.as_str()), (3, 4, "Ann"));
        assert_eq!((draft.created_at, draft.updated_at), (at(1), at(3)));
        let names =
            |name: &str| draft.others(name).map(|e| (e.name.clone(), e.at)).collect::<Vec<_>>();
        assert_eq!(names("Ann"), [("Bob".to_owned(), 2_000)]);
        assert_eq!(names("Bob"), [("Ann".to_owned(), 3_000)]);
        let crowd = (0..50).fold(draft, |draft, i| draft.saved(4, plan(), &format!("{i}"), at(4)));
        assert_eq!(crowd.editors.len(), MOST_EDITORS);
        assert_eq!(crowd.editors[MOST_EDITORS - 1].name, "49");
    }
}
