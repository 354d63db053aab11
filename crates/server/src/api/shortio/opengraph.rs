//! `/links/opengraph`: a link's social card, as pairs of a property and its value.

use axum::{Json, extract::State};
use model::{Card, Change, Patch};
use serde_json::{Map, Value};

use super::{Authed, Body, Place, Result, ShortIo, on_domain};
use crate::{App, ops};

type Pairs = Vec<(String, String)>;

pub(super) async fn show(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place((domain, link), _): Place<ShortIo, (String, String)>,
) -> Result<Json<Pairs>> {
    let link = on_domain(&app, &caller, &domain, &link).await?;
    Ok(Json(link.card.map(pairs).unwrap_or_default()))
}

/// The whole card; an empty list takes it away.
pub(super) async fn replace(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place((domain, link), _): Place<ShortIo, (String, String)>,
    Body(pairs, _): Body<ShortIo, Pairs>,
) -> Result<Json<Map<String, Value>>> {
    let link = on_domain(&app, &caller, &domain, &link).await?;
    let card = card(pairs);
    let card = if card.is_empty() { Change::Clear } else { Change::Set(card) };
    let patch = |_: &model::Domain| Ok(Patch { card: card.clone(), ..Patch::default() });
    ops::patch_link(&app, &caller, link.id, None, Change::Keep, patch).await?;
    Ok(Json(Map::new()))
}

/// The first title, description and picture are the card's own; all else follows in its order.
fn card(pairs: Pairs) -> Card {
    let mut card = Card::default();
    for (name, value) in pairs {
        let own = match name.as_str() {
            "title" => Some(&mut card.title),
            "description" => Some(&mut card.description),
            "image" => Some(&mut card.image),
            _ => None,
        };
        match own {
            Some(own) if own.is_none() => *own = Some(value),
            _ => card.properties.push((name, value)),
        }
    }
    card
}

fn pairs(card: Card) -> Pairs {
    let own = [("title", card.title), ("description", card.description), ("image", card.image)];
    let own = own.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    own.chain(card.properties).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_make_a_card_and_come_back() {
        let all = [("title", "a"), ("image", "1"), ("image:width", "2"), ("image", "3")];
        let all: Pairs = all.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let made = card(all.clone());
        assert_eq!(made.image.as_deref(), Some("1"));
        assert_eq!(pairs(made), all);
        assert!(card(Pairs::new()).is_empty());
    }
}
