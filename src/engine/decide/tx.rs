//! A commit being put together. Reading through it notes what the decision relied on.

use std::collections::BTreeMap;

use super::{View, command::Command};
use crate::engine::{
    model::{
        actor::Actor,
        json::Sha,
        refusal::{Problem, Refusal, RefusalCode},
        time::Timestamp,
    },
    store::{
        Commit, Expect, Key, NewEvent, Put,
        codec::{self, Stored},
        schema::{Counter, Owner},
    },
};

/// A value and the version it was read at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned<T> {
    /// The row's version.
    pub version: u64,
    /// The value.
    pub value: T,
}

/// Reads through a view, collects writes, and becomes a [`Commit`].
pub struct Tx<'v> {
    view: &'v dyn View,
    expect: BTreeMap<Key, u64>,
    put: BTreeMap<Key, Put>,
    del: Vec<Key>,
}

impl<'v> Tx<'v> {
    /// An empty one.
    pub fn new(view: &'v dyn View) -> Self {
        Self {
            view,
            expect: BTreeMap::new(),
            put: BTreeMap::new(),
            del: Vec::new(),
        }
    }

    /// The view it reads from.
    pub const fn view(&self) -> &'v dyn View {
        self.view
    }

    /// Reads a value; presence or absence becomes something the commit relies on.
    pub fn load<T: Stored>(&mut self, key: &Key) -> Result<Option<Versioned<T>>, Refusal> {
        let row = self.view.row(key);
        self.expect.insert(key.clone(), row.as_ref().map_or(0, |r| r.version));
        let Some(row) = row else { return Ok(None) };
        let value = codec::decode(&row.body).map_err(|e| {
            Refusal::new(
                RefusalCode::ReadOnly,
                Problem::whole(format!("{key} cannot be read: {e}"), "run `omnitraffick store verify`"),
            )
        })?;
        Ok(Some(Versioned {
            version: row.version,
            value,
        }))
    }

    /// Reads a value without relying on it: for words in a refusal only.
    pub fn peek<T: Stored>(&self, key: &Key) -> Option<T> {
        self.view.row(key).and_then(|row| codec::decode(&row.body).ok())
    }

    /// True when nothing lives under the key; the commit relies on it.
    pub fn is_free(&mut self, key: &Key) -> bool {
        let version = self.view.row(key).map_or(0, |r| r.version);
        self.expect.insert(key.clone(), version);
        version == 0
    }

    /// Writes a value. A later save of the same key replaces the earlier one.
    pub fn save<T: Stored>(&mut self, key: &Key, value: &T) -> Result<(), Refusal> {
        let body = codec::encode(value)
            .map_err(|e| Refusal::new(RefusalCode::TooLarge, Problem::whole(e.to_string(), "make it smaller")))?;
        self.del.retain(|k| k != key);
        self.put.insert(
            key.clone(),
            Put {
                key: key.clone(),
                kind: T::KIND,
                columns: value.columns(),
                body,
            },
        );
        Ok(())
    }

    /// Removes a row.
    pub fn delete(&mut self, key: &Key) {
        self.put.remove(key);
        if !self.del.contains(key) {
            self.del.push(key.clone());
        }
    }

    /// Whose claim lives under a key, as the owner's UUID in text.
    pub fn owner(&mut self, key: &Key) -> Result<Option<String>, Refusal> {
        Ok(self.load::<Owner>(key)?.map(|o| o.value.id))
    }

    /// Claims a key for an owner. The caller has looked whether it is free.
    pub fn claim(&mut self, key: &Key, owner: impl std::fmt::Display) -> Result<(), Refusal> {
        self.save(key, &Owner { id: owner.to_string() })
    }

    /// A counter's value; absent is zero.
    pub fn count(&mut self, key: &Key) -> Result<u64, Refusal> {
        Ok(self.load::<Counter>(key)?.map_or(0, |c| c.value.n))
    }

    /// Counts one more reference. One bump per key and commit: it reads the view, not what this commit wrote.
    pub fn refer(&mut self, key: &Key) -> Result<(), Refusal> {
        let n = self.count(key)?;
        self.save(key, &Counter { n: n.saturating_add(1) })
    }

    /// Counts one reference less.
    pub fn unrefer(&mut self, key: &Key) -> Result<(), Refusal> {
        let n = self.count(key)?;
        self.save(key, &Counter { n: n.saturating_sub(1) })
    }

    /// Removes a row if it is there; absence becomes something the commit relies on.
    pub fn delete_if_there(&mut self, key: &Key) {
        if !self.is_free(key) {
            self.delete(key);
        }
    }

    /// The commit.
    pub fn finish(self, command: &Command, actor: &Actor, now: Timestamp, event: NewEvent) -> Commit {
        Commit {
            command: command.id,
            command_hash: hash(command),
            actor: actor.clone(),
            at: now,
            epoch: self.view.epoch(),
            expect: self
                .expect
                .into_iter()
                .map(|(key, version)| Expect { key, version })
                .collect(),
            lease: None,
            put: self.put.into_values().collect(),
            del: self.del,
            event,
        }
    }
}

/// Hash of a command's content, to tell a repeat from a reuse of its id.
pub fn hash(command: &Command) -> Sha {
    Sha::of(&codec::to_payload(&command.kind).unwrap_or_default())
}
