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
        self.del.push(key.clone());
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
