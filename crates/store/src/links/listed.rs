//! Lists of links in any order, page by page.

use std::collections::HashMap;

use model::{Link, LinkId, Result, WorkspaceId};
use sqlx::AssertSqlSafe;

use super::{
    filter::{Filter, Value},
    select,
};
use crate::{Store, db::Row, failure, value};

/// What links are ordered by; those that are alike go by when they were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Created,
    Updated,
    /// Of people.
    Clicks,
    Slug,
    /// Without a title first.
    Title,
    /// Those that never expire last.
    Expires,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    pub by: By,
    pub descending: bool,
}

/// A link's place in an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub key: Key,
    pub link: LinkId,
}

/// What a link is ordered by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    Number(i64),
    Text(String),
}

/// How an order is asked for.
struct Ordered {
    by: By,
    /// The name on the wire.
    name: &'static str,
    /// Where the key is, beside the link (`l`); what has an index in the order goes first.
    with: Option<With>,
    key: &'static str,
    id: &'static str,
    is_text: bool,
}

struct With {
    table: &'static str,
    on: &'static str,
}

const ORDERS: &[Ordered] = &[
    of_link(By::Created, "created", "l.id", false),
    of_link(By::Updated, "updated", "l.updated_at", false),
    of_link(By::Title, "title", "coalesce(lower(l.title), '')", true),
    of_link(By::Expires, "expires", "coalesce(l.expires_at, 9223372036854775807)", false),
    Ordered {
        by: By::Clicks,
        name: "clicks",
        with: Some(With {
            table: "link_clicks o",
            on: "o.link_id = l.id and o.class = 0 and o.workspace_id = l.workspace_id",
        }),
        key: "o.n",
        id: "o.link_id",
        is_text: false,
    },
    Ordered {
        by: By::Slug,
        name: "slug",
        with: Some(With {
            table: "addresses o",
            on: "o.link_id = l.id and o.position = 0 and o.workspace_id = l.workspace_id",
        }),
        key: "o.key",
        id: "o.link_id",
        is_text: true,
    },
];

const fn of_link(by: By, name: &'static str, key: &'static str, is_text: bool) -> Ordered {
    Ordered { by, name, with: None, key, id: "l.id", is_text }
}

impl Order {
    /// Reads a name such as `clicks`, or `-clicks` from the most to the least.
    pub fn named(name: &str) -> Option<Order> {
        let bare = name.strip_prefix('-').unwrap_or(name);
        let row = ORDERS.iter().find(|row| row.name == bare)?;
        Some(Order { by: row.by, descending: bare != name })
    }

    /// Every name.
    pub fn names() -> impl Iterator<Item = &'static str> {
        ORDERS.iter().map(|row| row.name)
    }

    /// Reads the text of a [`Place`].
    pub fn place(self, text: &str) -> Option<Place> {
        let (id, key) = text.split_once('.').unwrap_or((text, ""));
        let link = LinkId::parse(id)?;
        let key = match self.by {
            By::Created => Key::Number(link.number()),
            _ if self.row().is_text => Key::Text(key.to_owned()),
            _ => Key::Number(key.parse().ok()?),
        };
        Some(Place { key, link })
    }

    fn row(self) -> &'static Ordered {
        let row = ORDERS.iter().find(|row| row.by == self.by);
        row.expect("every order is in the table")
    }
}

impl Place {
    /// The link's id, and what it is ordered by where that is another thing.
    pub fn text(&self, order: Order) -> String {
        let id = self.link.split("lnk");
        match (&self.key, order.by) {
            (_, By::Created) => id,
            (Key::Number(key), _) => format!("{id}.{key}"),
            (Key::Text(key), _) => format!("{id}.{key}"),
        }
    }
}

impl Store {
    /// A page of the links of a workspace in an order: those that follow a place, at most `limit`,
    /// each with its own place.
    pub async fn links_in_order(
        &self,
        workspace: WorkspaceId,
        filter: &Filter,
        order: Order,
        after: Option<&Place>,
        limit: i64,
    ) -> Result<Vec<(Link, Place)>> {
        if order.by == By::Clicks {
            self.count_recent().await;
        }
        let places = self.places(workspace, filter, order, after, limit).await?;
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let list: Vec<String> = (1..=places.len()).map(|place| format!("${place}")).collect();
        let args: Vec<_> = places.iter().map(|place| place.link.number().into()).collect();
        let sql = select(&format!("where l.deleted_at is null and l.id in ({})", list.join(", ")));
        let found = self.many_links(sql, &args).await?;
        let mut found: HashMap<LinkId, Link> =
            found.into_iter().map(|link| (link.id, link)).collect();
        // One that was deleted between the two is not there any more.
        let link = |place: Place| found.remove(&place.link).map(|link| (link, place));
        Ok(places.into_iter().filter_map(link).collect())
    }

    async fn places(
        &self,
        workspace: WorkspaceId,
        filter: &Filter,
        order: Order,
        after: Option<&Place>,
        limit: i64,
    ) -> Result<Vec<Place>> {
        let row @ Ordered { key, id, .. } = order.row();
        let mut chosen = filter.chosen(workspace);
        let direction = if order.descending { "desc" } else { "asc" };
        if let Some(Place { key: last, link }) = after {
            let last = chosen.place(match last {
                Key::Number(number) => Value::Int(*number),
                Key::Text(text) => Value::Text(text.clone()),
            });
            let link = chosen.place(Value::Int(link.number()));
            // The first half says nothing new, but it is what SQLite finds its place in the index of
            // an expression by.
            chosen.also(&if order.descending {
                format!("{key} <= {last} and ({key}, {id}) < ({last}, {link})")
            } else {
                format!("{last} <= {key} and ({last}, {link}) < ({key}, {id})")
            });
        }
        let limit = chosen.place(Value::Int(limit));
        let from = match &row.with {
            None => "links l".to_owned(),
            Some(With { table, on }) => {
                chosen.also(on);
                chosen.also(&format!("o.workspace_id = {}", Filter::WORKSPACE));
                // SQLite takes the tables of a cross join as they stand: the one that has an index in
                // this order first, unless few links are chosen.
                if filter.chooses_few() {
                    format!("links l cross join {table}")
                } else {
                    format!("{table} cross join links l")
                }
            }
        };
        let sql = AssertSqlSafe(format!(
            "select l.id, {key} as key from {from} where {}
             order by {key} {direction}, {id} {direction} limit {limit}",
            chosen.sql
        ));
        let read = |found: &Row| {
            let key = if row.is_text {
                Key::Text(found.text("key")?.to_owned())
            } else {
                Key::Number(found.int("key")?)
            };
            Ok(Place { key, link: value::id(found.int("id")?)? })
        };
        let rows = self.db.read().await?.fetch_all(sql, &chosen.args()).await?;
        Ok(rows.iter().map(read).collect::<failure::Result<_>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_is_read_in_both_directions_and_so_are_its_places() {
        for row in ORDERS {
            for (name, descending) in
                [(row.name.to_owned(), false), (format!("-{}", row.name), true)]
            {
                let order = Order::named(&name).unwrap();
                assert_eq!(order, Order { by: row.by, descending });
                let link = LinkId::new(12_345).unwrap();
                let key = match row.by {
                    By::Created => Key::Number(12_345),
                    _ if row.is_text => Key::Text("a.b~ü ".to_owned()),
                    _ => Key::Number(-7),
                };
                let place = Place { key, link };
                assert_eq!(order.place(&place.text(order)), Some(place));
            }
        }
        assert_eq!(Order::named("mood"), None);
        assert_eq!(Order::named("--slug"), None);
        assert_eq!(Order::named("clicks").unwrap().place("lnk_0000_003D7.many"), None);
    }
}
