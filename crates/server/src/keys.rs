//! The API keys of this node: in memory, so that an API call asks no database who calls.
//!
//! A key that is made, revoked or changed raises the version counter, as a link does, and so every
//! node hears of it within a quarter of a second.

use std::sync::Arc;

use jiff::Timestamp;
use model::{ApiKey, Key, KeyId};
use subtle::ConstantTimeEq;

use crate::rate::{Calls, Rate, Who};

/// Every key that there is, revoked ones too.
pub struct Keys {
    /// Each with what the version counter stood at when it was written.
    known: papaya::HashMap<KeyId, (i64, Arc<Key>)>,
    /// How often it may be looked whether there are new ones.
    looks: Calls,
}

/// Ids that nobody has heard of cost a query each, and anybody can make some up.
const LOOKS: Rate = Rate::of(20, 1);

impl Default for Keys {
    fn default() -> Keys {
        Keys { known: papaya::HashMap::new(), looks: Calls::new(LOOKS) }
    }
}

impl Keys {
    /// Takes over a key, unless a newer state of it is here already.
    pub fn put(&self, change: i64, key: Key) {
        let (id, new) = (key.id, (change, Arc::new(key)));
        let newer = |old: &(i64, Arc<Key>)| if change < old.0 { old.clone() } else { new.clone() };
        self.known.pin().update_or_insert(id, newer, new.clone());
    }

    /// Forgets every key: what the database has now is of another past.
    pub fn clear(&self) {
        self.known.pin().clear();
    }

    pub fn get(&self, id: KeyId) -> Option<Arc<Key>> {
        self.known.pin().get(&id).map(|(_, key)| key.clone())
    }

    /// The key that somebody holds: it is known, its secret is right, and it may be used.
    pub fn proven(&self, key: &ApiKey, now: Timestamp) -> Option<Arc<Key>> {
        let known = self.get(key.id())?;
        let matches: bool = known.hash.ct_eq(&key.hash()).into();
        (matches && known.is_live(now)).then_some(known)
    }

    /// Whether to look for a key that nobody has heard of.
    pub fn may_be_new(&self, now: Timestamp) -> bool {
        let Some(everybody) = KeyId::new(0) else { return false };
        self.looks.take(Who::Key(everybody), now).wait.is_none()
    }
}

#[cfg(test)]
mod tests {
    use model::{Scope, WorkspaceId};

    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);

    fn key(secret: &ApiKey) -> Key {
        Key {
            id: secret.id(),
            workspace: WorkspaceId::new(1).unwrap(),
            name: "test".to_owned(),
            hash: secret.hash(),
            scopes: vec![Scope::Admin],
            domains: None,
            expires_at: None,
            created_at: NOW,
            last_used_at: None,
            revoked_at: None,
        }
    }

    #[test]
    fn a_key_is_proven_by_its_secret_until_it_is_revoked() {
        let (keys, id) = (Keys::default(), KeyId::new(7).unwrap());
        let (secret, guess) = (ApiKey::new(id, [1; 32]), ApiKey::new(id, [2; 32]));
        assert_eq!(keys.proven(&secret, NOW), None);
        keys.put(3, key(&secret));
        assert_eq!(keys.proven(&secret, NOW).as_deref(), Some(&key(&secret)));
        assert_eq!(keys.proven(&guess, NOW), None);
        keys.put(5, Key { revoked_at: Some(NOW), ..key(&secret) });
        // What was read before it was revoked comes late.
        keys.put(3, key(&secret));
        assert_eq!(keys.proven(&secret, NOW), None);
    }

    #[test]
    fn ids_that_nobody_has_heard_of_are_looked_for_so_often_and_no_more() {
        let keys = Keys::default();
        assert_eq!((0..1_000).filter(|_| keys.may_be_new(NOW)).count(), 20);
    }
}
