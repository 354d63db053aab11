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
    pub folder: Option<String>,
    /// A part of a slug, the destination, the title or the description. ASCII letters match in
    /// either case; whether others do is the database's affair.
    pub search: Option<String>,
    pub archived: Option<bool>,
    pub enabled: Option<bool>,
    pub created_from: Option<Timestamp>,
    pub created_before: Option<Timestamp>,
    pub oldest_first: bool,
}

/// A growing `where` with its arguments.
struct Where {
    sql: String,
    args: Vec<Value>,
}

enum Value {
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
    fn chosen(&self, workspace: WorkspaceId) -> Where {
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
        if let Some(tag) = &self.tag {
            let tagged = "exists (select 1 from link_tags t
                                  where t.workspace_id = l.workspace_id and t.link_id = l.id
                                    and t.tag = $)";
            chosen.and(tagged, Value::Text(tag.clone()));
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

    /// The placeholder of a further value.
    fn place(&mut self, value: Value) -> String {
        self.args.push(value);
        format!("${}", self.args.len())
    }

    fn args(&self) -> Vec<Arg<'_>> {
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
