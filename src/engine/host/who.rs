//! From what the kernel says about a peer to who it is in the journal.
//!
//! Invariant: nothing a client says about itself counts, except the word for the way it came (`console`, `cli`).

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::engine::model::{
    actor::{Actor, Role},
    time::Timestamp,
};

/// A user id that stands for "somebody the kernel cannot name here".
const OVERFLOW_UID: u32 = 65_534;
/// Names looked up stay good this long.
const KEEP: Duration = Duration::from_secs(60);

/// Looks a login name up by user id; `None` = nobody is known by it.
pub type NameOf = Box<dyn Fn(u32) -> Option<String> + Send + Sync>;

/// Who may come in, and as what.
pub struct Who {
    /// The user the engine runs as.
    owner: u32,
    name_of: NameOf,
    known: Mutex<HashMap<u32, (Timestamp, String)>>,
}

impl std::fmt::Debug for Who {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Who")
            .field("owner", &self.owner)
            .finish_non_exhaustive()
    }
}

impl Who {
    /// An engine that runs as `owner`.
    pub fn new(owner: u32, name_of: NameOf) -> Self {
        Self {
            owner,
            name_of,
            known: Mutex::default(),
        }
    }

    /// True for the user the engine runs as.
    pub const fn is_owner(&self, uid: u32) -> bool {
        uid == self.owner
    }

    /// Who a peer is. `Err` = why it may not come in, in words.
    pub fn actor(&self, uid: u32, client: &str, now: Timestamp) -> Result<Actor, String> {
        if uid == OVERFLOW_UID && uid != self.owner {
            return Err(format!(
                "user id {uid} stands for nobody in particular; use a login of your own"
            ));
        }
        Ok(Actor {
            uid: Some(uid),
            name: self.name(uid, now),
            role: self.role(uid),
            client: if client == "console" { "console" } else { "cli" }.to_owned(),
        })
    }

    /// Whoever may connect may do everything, as with the store's files; except that behind uid 0 there is no person,
    /// so it only looks, unless the engine itself is root's.
    const fn role(&self, uid: u32) -> Role {
        if uid == 0 && self.owner != 0 {
            Role::Viewer
        } else {
            Role::Admin
        }
    }

    fn name(&self, uid: u32, now: Timestamp) -> String {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((until, name)) = known.get(&uid)
            && *until > now
        {
            return name.clone();
        }
        let name = (self.name_of)(uid).unwrap_or_else(|| format!("uid-{uid}"));
        known.insert(uid, (now.plus(KEEP), name.clone()));
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(owner: u32) -> Who {
        Who::new(owner, Box::new(|uid| (uid == 1000).then(|| "ana".to_owned())))
    }

    #[test]
    fn a_name_comes_from_the_user_database_and_a_role_from_the_house() {
        let now = Timestamp::from_micros(0);
        let ana = who(500).actor(1000, "console", now).unwrap();
        assert_eq!((ana.name.as_str(), ana.uid, ana.role), ("ana", Some(1000), Role::Admin));
        assert_eq!(ana.client, "console");
        let other = who(500).actor(1001, "engine", now).unwrap();
        assert_eq!((other.name.as_str(), other.client.as_str()), ("uid-1001", "cli"));
        assert_eq!(who(500).actor(0, "cli", now).unwrap().role, Role::Viewer);
        assert_eq!(who(0).actor(0, "cli", now).unwrap().role, Role::Admin);
        assert!(who(500).actor(OVERFLOW_UID, "cli", now).is_err());
    }
}
