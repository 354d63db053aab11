//! Keys of Short.io's that are kept and handed back, since its clients set them and look for them,
//! and that nothing is done by.

use model::{Error, Result};
use serde_json::{Map, Value};

/// A key with the form that its value must have.
pub(super) type Key = (&'static str, fn(&Value) -> bool);

/// Takes over the keys of a request; `null` and `""` remove one. What is not in the table is ignored,
/// as Short.io does.
pub(super) fn change(
    keys: &[Key],
    request: &Map<String, Value>,
    kept: &mut Map<String, Value>,
) -> Result<()> {
    for (key, fits) in keys {
        match request.get(*key) {
            None => (),
            Some(value) if value.is_null() || value.as_str() == Some("") => {
                kept.shift_remove(*key);
            }
            Some(value) if fits(value) => {
                kept.insert((*key).to_owned(), value.clone());
            }
            Some(_) => return Err(Error::invalid(*key, "is of another type")),
        }
    }
    Ok(())
}

/// What is kept of a table's keys.
pub(super) fn shown<'k>(
    keys: &'k [Key],
    kept: &'k Map<String, Value>,
) -> impl Iterator<Item = (String, Value)> + 'k {
    keys.iter().filter_map(|(key, _)| Some(((*key).to_owned(), kept.get(*key)?.clone())))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const KEYS: &[Key] = &[("text", Value::is_string), ("truth", Value::is_boolean)];

    #[test]
    fn known_keys_are_kept_and_removed_and_others_are_ignored() {
        let mut kept = Map::new();
        let mut send = |body: Value| {
            change(KEYS, body.as_object().unwrap(), &mut kept).map(|()| Value::from(kept.clone()))
        };
        let both = json!({"text": "a", "truth": true});
        assert_eq!(send(json!({"truth": true, "text": "a", "x": 1})).unwrap(), both);
        assert_eq!(send(json!({})).unwrap(), both);
        assert_eq!(send(json!({"text": null})).unwrap(), json!({"truth": true}));
        assert_eq!(send(json!({"truth": ""})).unwrap(), json!({}));
        assert_eq!(send(json!({"truth": 1})).unwrap_err().to_string(), "truth: is of another type");
    }
}
