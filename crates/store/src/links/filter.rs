//! Lists of links.

use std::collections::BTreeSet;

use jiff::Timestamp;
use model::{DomainId, Link, LinkId, Result, WorkspaceId};
use sqlx::AssertSqlSafe;

use super::select;
use crate::{Store, db::Arg, failure::Failure, value};

/// Which links a list shows, and in which order. The default is all of them, newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    pub domain: Option<DomainId>,
    /// The only domains that there are; none: all of the workspace.
    pub domains: Option<Vec<DomainId>>,
    pub tag: Option<String>,
    /// Of each of these lists one of the tags.
    pub tags: Vec<Vec<String>>,
    /// What has become of them by this moment.
    pub state: Option<(State, Timestamp)>,
    pub folder: Option<String>,
    /// A part of a slug, the destination, the title or the description. ASCII letters match in
    /// either case; whether others do is the database's affair.
    pub search: Option<String>,
    pub archived: Option<bool>,
    pub enabled: Option<bool>,
    /// Only those with a rule.
    pub with_rules: bool,
    pub created_from: Option<Timestamp>,
    pub created_before: Option<Timestamp>,
    pub oldest_first: bool,
}

/// What becomes of visitors of a link; each link is in one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Active,
    Disabled,
    Archived,
    Expired,
    /// It does not lead anywhere yet.
    Scheduled,
    /// It has had all the clicks that it may.
    UsedUp,
}

/// Each state, its name on the wire, and when a link is in it: `$` is now.
pub const STATES: &[(State, &str, &str)] = &[
    (
        State::Active,
        "active",
        "l.archived = 0 and l.enabled = 1 and (l.starts_at is null or l.starts_at <= $)
         and (l.expires_at is null or $ < l.expires_at)
         and (l.click_limit is null or not exists
              (select 1 from click_limits c where c.link_id = l.id and l.click_limit <= c.used))",
    ),
    (State::Disabled, "disabled", "l.archived = 0 and l.enabled = 0"),
    (State::Archived, "archived", "l.archived = 1"),
    (
        State::Expired,
        "expired",
        "l.archived = 0 and l.enabled = 1 and (l.starts_at is null or l.starts_at <= $)
         and l.expires_at <= $",
    ),
    (State::Scheduled, "scheduled", "l.archived = 0 and l.enabled = 1 and $ < l.starts_at"),
    (
        State::UsedUp,
        "usedUp",
        "l.archived = 0 and l.enabled = 1 and (l.starts_at is null or l.starts_at <= $)
         and (l.expires_at is null or $ < l.expires_at)
         and l.click_limit is not null and exists
              (select 1 from click_limits c where c.link_id = l.id and l.click_limit <= c.used)",
    ),
];

/// A growing `where` with its arguments.
pub(super) struct Where {
    pub(super) sql: String,
    args: Vec<Value>,
}

pub(super) enum Value {
    Int(i64),
    Text(String),
}

impl Store {
    /// A page of the links of a workspace: those that follow the link `after`, at most `limit`.
    pub async fn links(
        &self,
        workspace: WorkspaceId,
        filter: &Filter,
        after: Option<LinkId>,
        limit: i64,
    ) -> Result<Vec<Link>> {
        let mut chosen = filter.chosen(workspace);
        let (follows, order) =
            if filter.oldest_first { ("$ < l.id", "asc") } else { ("l.id < $", "desc") };
        if let Some(after) = after {
            chosen.and(follows, Value::Int(after.number()));
        }
        let limit = chosen.place(Value::Int(limit));
        let sql = format!("where {} order by l.id {order} limit {limit}", chosen.sql);
        self.many_links(select(&sql), &chosen.args()).await
    }

    /// The links that are on some domains.
    pub async fn links_on(
        &self,
        workspace: WorkspaceId,
        domains: &[DomainId],
    ) -> Result<BTreeSet<LinkId>> {
        let sql = "
            select link_id from addresses where domain_id = $1 and workspace_id = $2";
        let mut conn = self.db.read().await?;
        let mut links = BTreeSet::new();
        for domain in domains {
            let args = [domain.number().into(), workspace.number().into()];
            for row in conn.fetch_all(sql, &args).await? {
                links.insert(value::id(row.int("link_id")?)?);
            }
        }
        Ok(links)
    }

    /// How many links there are on all pages, as far as they are no more than `most`.
    pub async fn count_links_to(
        &self,
        workspace: WorkspaceId,
        filter: &Filter,
        most: i64,
    ) -> Result<i64> {
        let mut chosen = filter.chosen(workspace);
        let most = chosen.place(Value::Int(most));
        let sql = AssertSqlSafe(format!(
            "select count(*) as n
             from (select 1 from links l where {} order by l.id limit {most}) as chosen",
            chosen.sql
        ));
        let row = self.db.read().await?.fetch_optional(sql, &chosen.args()).await?;
        let missing = || Failure::internal("a count without a row");
        Ok(row.ok_or_else(missing)?.int("n")?)
    }

    /// How many links there are on all pages.
    pub async fn count_links(&self, workspace: WorkspaceId, filter: &Filter) -> Result<i64> {
        let chosen = filter.chosen(workspace);
        let sql = AssertSqlSafe(format!("select count(*) as n from links l where {}", chosen.sql));
        let row = self.db.read().await?.fetch_optional(sql, &chosen.args()).await?;
        let missing = || Failure::internal("a count without a row");
        Ok(row.ok_or_else(missing)?.int("n")?)
    }
}

impl Filter {
    /// The placeholder of the workspace.
    pub(super) const WORKSPACE: &str = "$1";

    /// Whether links are likely to be few among all.
    pub(super) fn chooses_few(&self) -> bool {
        self.tag.is_some() || !self.tags.is_empty() || self.folder.is_some()
    }

    pub(super) fn chosen(&self, workspace: WorkspaceId) -> Where {
        let mut chosen = Where { sql: "l.deleted_at is null".to_owned(), args: Vec::new() };
        chosen.and("l.workspace_id = $", Value::Int(workspace.number()));
        if let Some(domain) = self.domain {
            let on =
                "exists (select 1 from addresses a where a.link_id = l.id and a.domain_id = $)";
            chosen.and(on, Value::Int(domain.number()));
        }
        if let Some(domains) = &self.domains {
            let places: Vec<String> =
                domains.iter().map(|id| chosen.place(Value::Int(id.number()))).collect();
            let list = if places.is_empty() { "null".to_owned() } else { places.join(", ") };
            chosen.sql.push_str(&format!(
                " and exists (select 1 from addresses d
                              where d.link_id = l.id and d.domain_id in ({list}))"
            ));
        }
        let tag = self.tag.iter().map(std::slice::from_ref);
        for tags in tag.chain(self.tags.iter().map(Vec::as_slice)) {
            let places: Vec<String> =
                tags.iter().map(|tag| chosen.place(Value::Text(tag.clone()))).collect();
            let list = if places.is_empty() { "null".to_owned() } else { places.join(", ") };
            // Named by id, so that the few links of a tag need not be looked for among all.
            chosen.also(&format!(
                "l.id in (select t.link_id from link_tags t
                          where t.workspace_id = {} and t.tag in ({list}))",
                Filter::WORKSPACE
            ));
        }
        if let Some((state, now)) = self.state
            && let Some((.., is)) = STATES.iter().find(|row| row.0 == state)
        {
            match is.contains('$') {
                true => chosen.and(is, Value::Int(now.as_millisecond())),
                false => chosen.also(is),
            }
        }
        if let Some(folder) = &self.folder {
            chosen.and("l.folder = $", Value::Text(folder.clone()));
        }
        if let Some(archived) = self.archived {
            chosen.and("l.archived = $", Value::Int(archived.into()));
        }
        if let Some(enabled) = self.enabled {
            chosen.and("l.enabled = $", Value::Int(enabled.into()));
        }
        if self.with_rules {
            chosen.sql.push_str(" and exists (select 1 from rules u where u.link_id = l.id)");
        }
        if let Some(from) = self.created_from {
            chosen.and("$ <= l.created_at", Value::Int(from.as_millisecond()));
        }
        if let Some(end) = self.created_before {
            chosen.and("l.created_at < $", Value::Int(end.as_millisecond()));
        }
        if let Some(search) = &self.search {
            let holds = "(lower(l.destination) like lower($) escape '!'
                          or lower(l.title) like lower($) escape '!'
                          or lower(l.description) like lower($) escape '!'
                          or exists (select 1 from addresses s
                                     where s.link_id = l.id
                                       and lower(s.shown) like lower($) escape '!'))";
            chosen.and(holds, Value::Text(contains(search)));
        }
        chosen
    }
}

impl Where {
    /// Adds a condition in which every `$` stands for the value.
    fn and(&mut self, condition: &str, value: Value) {
        let place = self.place(value);
        self.sql.push_str(" and ");
        self.sql.push_str(&condition.replace('$', &place));
    }

    /// Adds a condition whose values have their places.
    pub(super) fn also(&mut self, condition: &str) {
        self.sql.push_str(" and ");
        self.sql.push_str(condition);
    }

    /// The placeholder of a further value.
    pub(super) fn place(&mut self, value: Value) -> String {
        self.args.push(value);
        format!("${}", self.args.len())
    }

    pub(super) fn args(&self) -> Vec<Arg<'_>> {
        let arg = |value| match value {
            &Value::Int(number) => Arg::from(number),
            Value::Text(text) => Arg::from(text),
        };
        self.args.iter().map(arg).collect()
    }
}

/// A pattern for texts that hold `part` as it is.
fn contains(part: &str) -> String {
    let mut pattern = "%".to_owned();
    for c in part.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_searched_for_is_no_pattern() {
        assert_eq!(contains("100%_off!"), "%100!%!_off!!%");
    }
}
