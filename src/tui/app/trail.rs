//! The commands run last, for the report of a panic. Shared with the panic hook, because the command that panics is the
//! one worth knowing; nothing decides by it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

/// Commands kept.
pub const KEPT: usize = 50;

/// Ids of commands, oldest first. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Trail(Arc<Mutex<VecDeque<&'static str>>>);

impl Trail {
    /// This command is run now.
    pub fn note(&self, id: &'static str) {
        let mut ids = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if ids.len() >= KEPT {
            ids.pop_front();
        }
        ids.push_back(id);
    }

    /// All of them; none while one is being noted.
    pub fn ids(&self) -> Vec<&'static str> {
        match self.0.try_lock() {
            Ok(ids) => ids.iter().copied().collect(),
            Err(std::sync::TryLockError::Poisoned(held)) => held.into_inner().iter().copied().collect(),
            Err(std::sync::TryLockError::WouldBlock) => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_fifty_stay() {
        let trail = Trail::default();
        trail.note("app.help");
        for _ in 0..KEPT {
            trail.clone().note("list.down");
        }
        assert_eq!(trail.ids(), vec!["list.down"; KEPT]);
    }
}
