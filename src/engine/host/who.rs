//! From what the kernel says about a peer to who it is in the journal.
//!
//! Invariant: nothing a client says about itself counts, except the word for the way it came (`console`, `cli`).

use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::engine::model::{
    actor::{Actor, Role},
    roles::{Directory, Login, Roles},
    time::Timestamp,
};

/// A user id that stands for "somebody the kernel cannot name here".
const OVERFLOW_UID: u32 = 65_534;
/// What the user database said stays good this long.
const KEEP: Duration = Duration::from_secs(60);

/// Who may come in, and as what.
pub struct Who {
    /// The user the engine runs as.
    owner: u32,
    directory: Box<dyn Directory>,
    roles: Roles,
    known: Mutex<HashMap<u32, (Timestamp, Login)>>,
}

impl fmt::Debug for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Who")
            .field("owner", &self.owner)
            .field("roles", &self.roles)
            .finish_non_exhaustive()
    }
}

impl Who {
    /// An engine that runs as `owner`.
    pub fn new(owner: u32, directory: Box<dyn Directory>, roles: Roles) -> Self {
        Self {
            owner,
            directory,
            roles,
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
        let (login, role) = if uid == 0 && self.owner != 0 {
            self.root(now)
        } else {
            let login = self.login(uid, now);
            let role = self.roles.of(&login, self.is_owner(uid));
            (login, role)
        };
        Ok(Actor {
            uid: Some(uid),
            name: login.name,
            role,
            client: if client == "console" { "console" } else { "cli" }.to_owned(),
        })
    }

    /// Behind uid 0 there is no person, so it only looks; unless the configuration says whose hand it is. The journal
    /// then carries that name beside uid 0.
    fn root(&self, now: Timestamp) -> (Login, Role) {
        let person = self.roles.root_is.as_deref().and_then(|n| self.directory.by_name(n));
        match person {
            Some(login) => {
                let role = self.roles.of(&login, false);
                (login, role)
            }
            None => (self.login(0, now), Role::Viewer),
        }
    }

    fn login(&self, uid: u32, now: Timestamp) -> Login {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((until, login)) = known.get(&uid)
            && *until > now
        {
            return login.clone();
        }
        let login = self.directory.by_uid(uid).unwrap_or_else(|| Login {
            name: format!("uid-{uid}"),
            groups: Vec::new(),
        });
        known.insert(uid, (now.plus(KEEP), login.clone()));
        login
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Knows ana (1000, in `ops`) and root.
    struct Few;

    impl Directory for Few {
        fn by_uid(&self, uid: u32) -> Option<Login> {
            let login = |name: &str, group: &str| Login {
                name: name.to_owned(),
                groups: vec![group.to_owned()],
            };
            match uid {
                0 => Some(login("root", "root")),
                1000 => Some(login("ana", "ops")),
                _ => None,
            }
        }

        fn by_name(&self, name: &str) -> Option<Login> {
            (name == "ana").then(|| self.by_uid(1000)).flatten()
        }
    }

    fn came(owner: u32, roles: Roles, uid: u32) -> Actor {
        let who = Who::new(owner, Box::new(Few), roles);
        who.actor(uid, "console", Timestamp::from_micros(0)).unwrap()
    }

    #[test]
    fn without_roles_the_owner_governs_and_others_look() {
        let owner = came(1000, Roles::default(), 1000);
        assert_eq!(
            (owner.name.as_str(), owner.uid, owner.role),
            ("ana", Some(1000), Role::Admin)
        );
        assert_eq!(owner.client, "console");
        let other = came(1000, Roles::default(), 1001);
        assert_eq!((other.name.as_str(), other.role), ("uid-1001", Role::Viewer));
        assert_eq!(came(0, Roles::default(), 0).role, Role::Admin);
    }

    #[test]
    fn roles_come_by_group() {
        let roles = Roles {
            groups: [("ops".to_owned(), Role::Trafficker)].into(),
            ..Roles::default()
        };
        assert_eq!(came(500, roles.clone(), 1000).role, Role::Trafficker);
        assert_eq!(came(500, roles, 1001).role, Role::Viewer);
    }

    #[test]
    fn root_looks_unless_it_is_said_whose_hand_it_is() {
        let roles = |root_is: Option<&str>| Roles {
            users: [("root".to_owned(), Role::Admin), ("ana".to_owned(), Role::Approver)].into(),
            root_is: root_is.map(str::to_owned),
            ..Roles::default()
        };
        assert_eq!(came(500, roles(None), 0).role, Role::Viewer);
        assert_eq!(came(500, roles(Some("nobody-known")), 0).role, Role::Viewer);
        let ana = came(500, roles(Some("ana")), 0);
        assert_eq!((ana.uid, ana.name.as_str(), ana.role), (Some(0), "ana", Role::Approver));
    }

    #[test]
    fn nobody_in_particular_stays_outside() {
        let who = Who::new(500, Box::new(Few), Roles::default());
        assert!(who.actor(OVERFLOW_UID, "cli", Timestamp::from_micros(0)).is_err());
        assert_eq!(
            who.actor(1000, "engine", Timestamp::from_micros(0)).unwrap().client,
            "cli"
        );
    }
}
