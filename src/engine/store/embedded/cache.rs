//! Bodies of tickets and deploys that were read or written lately, bounded by bytes.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Arc,
};

use crate::engine::{
    model::event::{Event, Seq},
    store::Key,
};

struct Entry {
    version: u64,
    body: Arc<[u8]>,
    used: u64,
}

/// Least recently used goes first.
pub struct BodyCache {
    entries: HashMap<Key, Entry>,
    by_use: BTreeMap<u64, Key>,
    clock: u64,
    bytes: usize,
    max: usize,
}

impl BodyCache {
    /// One of at most `max` bytes of bodies.
    pub fn new(max: usize) -> Self {
        Self {
            entries: HashMap::new(),
            by_use: BTreeMap::new(),
            clock: 0,
            bytes: 0,
            max,
        }
    }

    /// Bytes of the bodies it keeps.
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// The body of a row of exactly this version.
    pub fn get(&mut self, key: &Key, version: u64) -> Option<Arc<[u8]>> {
        let entry = self.entries.get_mut(key).filter(|e| e.version == version)?;
        self.by_use.remove(&entry.used);
        self.clock += 1;
        entry.used = self.clock;
        self.by_use.insert(self.clock, key.clone());
        Some(entry.body.clone())
    }

    /// Keeps a body. An older version never replaces a newer one.
    pub fn put(&mut self, key: &Key, version: u64, body: Arc<[u8]>) {
        if self.entries.get(key).is_some_and(|e| e.version > version) {
            return;
        }
        self.remove(key);
        self.clock += 1;
        self.bytes += body.len();
        self.by_use.insert(self.clock, key.clone());
        let used = self.clock;
        self.entries.insert(key.clone(), Entry { version, body, used });
        while self.bytes > self.max
            && let Some((_, oldest)) = self.by_use.pop_first()
        {
            self.remove(&oldest);
        }
    }

    /// Drops a body: its row is gone.
    pub fn remove(&mut self, key: &Key) {
        if let Some(entry) = self.entries.remove(key) {
            self.by_use.remove(&entry.used);
            self.bytes -= entry.body.len();
        }
    }
}

/// The newest events, so that followers do not read files for them.
pub struct Recent {
    events: VecDeque<Arc<Event>>,
    max: usize,
}

impl Recent {
    /// One of at most `max` events.
    pub const fn new(max: usize) -> Self {
        Self {
            events: VecDeque::new(),
            max,
        }
    }

    /// The next event.
    pub fn push(&mut self, event: Arc<Event>) {
        if self.events.len() == self.max {
            self.events.pop_front();
        }
        self.events.push_back(event);
    }

    /// Events after a number, if all of them are here.
    pub fn after(&self, after: Seq, limit: usize) -> Option<Vec<Event>> {
        let first = self.events.front()?.seq.0;
        let skip = (after.0 + 1).checked_sub(first)?;
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        Some(
            self.events
                .iter()
                .skip(skip)
                .take(limit)
                .map(|e| (**e).clone())
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_used_body_goes_first_and_versions_count() {
        let body = |n: u8| -> Arc<[u8]> { Arc::from(vec![n; 10]) };
        let key = |n: u8| Key::new(format!("k{n}"));
        let mut cache = BodyCache::new(30);
        for n in 0..3 {
            cache.put(&key(n), 1, body(n));
        }
        assert!(cache.get(&key(0), 1).is_some());
        cache.put(&key(3), 1, body(3));
        assert!(cache.get(&key(1), 1).is_none(), "it was used longest ago");
        assert!(cache.get(&key(0), 1).is_some());
        assert!(cache.get(&key(0), 2).is_none(), "another version is another body");
        cache.put(&key(0), 3, body(9));
        cache.put(&key(0), 2, body(8));
        assert_eq!(cache.get(&key(0), 3), Some(body(9)));
        assert_eq!(cache.bytes, 30);
    }
}
