//! From what the kernel says about a peer to who it is in the journal.
//!
//! Invariants
//! - Nothing a client says about itself counts, except the word for the way it came (`console`, `cli`).
//! - The user database may be a directory service far away: it is asked away from the runtime's workers, by few at once,
//!   for so long, and no lock is held meanwhile.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

use crate::engine::model::{
    actor::{Actor, Role},
    roles::{Directory, Login, Roles},
    time::Timestamp,
};

/// A user id that stands for "somebody the kernel cannot name here".
const OVERFLOW_UID: u32 = 65_534;
/// What the user database said stays good this long.
const KEEP: Duration = Duration::from_secs(60);
/// A peer waits for the user database at most this long.
pub(super) const WAIT: Duration = Duration::from_secs(10);
/// Questions to the user database at once. One that hangs keeps its place and a thread until it ends.
const AT_ONCE: usize = 4;

/// Who may come in, and as what.
pub struct Who {
    /// The user the engine runs as.
    owner: u32,
    directory: Arc<dyn Directory>,
    asking: Arc<Semaphore>,
    wait: Duration,
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
            directory: Arc::from(directory),
            asking: Arc::new(Semaphore::new(AT_ONCE)),
            wait: WAIT,
            roles,
            known: Mutex::default(),
        }
    }

    /// True for the user the engine runs as.
    pub const fn is_owner(&self, uid: u32) -> bool {
        uid == self.owner
    }

    /// Who a peer is. `Err` = why it may not come in, in words. Must run inside a tokio runtime.
    pub async fn actor(&self, uid: u32, client: &str, now: Timestamp) -> Result<Actor, String> {
        if uid == OVERFLOW_UID && uid != self.owner {
            return Err(format!(
                "user id {uid} stands for nobody in particular; use a login of your own"
            ));
        }
        let known = timeout(self.wait, self.login_and_role(uid, now)).await;
        let (login, role) = known.unwrap_or_else(|_| {
            Err(format!(
                "the user database of the engine's machine did not say within {} s who you are; try again, or have its \
                 directory service looked at",
                self.wait.as_secs()
            ))
        })?;
        Ok(Actor {
            uid: Some(uid),
            name: login.name,
            role,
            client: if client == "console" { "console" } else { "cli" }.to_owned(),
        })
    }

    /// What a user is called, for words.
    pub(super) async fn name_of(&self, uid: u32) -> String {
        let asked = timeout(self.wait, self.ask(move |d| d.by_uid(uid))).await;
        let known = asked.ok().and_then(Result::ok).flatten();
        known.map_or_else(|| format!("uid {uid}"), |login| login.name)
    }

    /// What a group is called, for words.
    pub(super) async fn group_name(&self, gid: u32) -> String {
        let asked = timeout(self.wait, self.ask(move |d| d.group(gid))).await;
        let known = asked.ok().and_then(Result::ok).flatten();
        known.unwrap_or_else(|| format!("group {gid}"))
    }

    async fn login_and_role(&self, uid: u32, now: Timestamp) -> Result<(Login, Role), String> {
        if uid == 0 && self.owner != 0 {
            return self.root(now).await;
        }
        let login = self.login(uid, now).await?;
        let role = self.roles.of(&login, self.is_owner(uid));
        Ok((login, role))
    }

    /// Behind uid 0 there is no person, so it only looks; unless the configuration says whose hand it is. The journal
    /// then carries that name beside uid 0.
    async fn root(&self, now: Timestamp) -> Result<(Login, Role), String> {
        let person = match self.roles.root_is.clone() {
            Some(name) => self.ask(move |d| d.by_name(&name)).await?,
            None => None,
        };
        Ok(match person {
            Some(login) => {
                let role = self.roles.of(&login, false);
                (login, role)
            }
            None => (self.login(0, now).await?, Role::Viewer),
        })
    }

    async fn login(&self, uid: u32, now: Timestamp) -> Result<Login, String> {
        if let Some(login) = self.remembered(uid, now) {
            return Ok(login);
        }
        let found = self.ask(move |d| d.by_uid(uid)).await?;
        let login = found.unwrap_or_else(|| Login {
            name: format!("uid-{uid}"),
            groups: Vec::new(),
        });
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(uid, (now.plus(KEEP), login.clone()));
        drop(known);
        Ok(login)
    }

    fn remembered(&self, uid: u32, now: Timestamp) -> Option<Login> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (good_until, login) = known.get(&uid)?;
        (*good_until > now).then(|| login.clone())
    }

    /// Asks the user database on a thread where waiting is allowed.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Directory) -> T + Send + 'static,
    ) -> Result<T, String> {
        let place = Arc::clone(&self.asking).acquire_owned().await;
        let place = place.map_err(|e| e.to_string())?;
        let directory = Arc::clone(&self.directory);
        let asked = spawn_blocking(move || {
            let answer = question(&*directory);
            drop(place);
            answer
        });
        asked
            .await
            .map_err(|e| format!("the user database cannot be asked: {e}"))
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

    async fn came(owner: u32, roles: Roles, uid: u32) -> Actor {
        let who = Who::new(owner, Box::new(Few), roles);
        who.actor(uid, "console", Timestamp::from_micros(0)).await.unwrap()
    }

    #[tokio::test]
    async fn without_roles_the_owner_governs_and_others_look() {
        let owner = came(1000, Roles::default(), 1000).await;
        assert_eq!(
            (owner.name.as_str(), owner.uid, owner.role),
            ("ana", Some(1000), Role::Admin)
        );
        assert_eq!(owner.client, "console");
        let other = came(1000, Roles::default(), 1001).await;
        assert_eq!((other.name.as_str(), other.role), ("uid-1001", Role::Viewer));
        assert_eq!(came(0, Roles::default(), 0).await.role, Role::Admin);
    }

    #[tokio::test]
    async fn roles_come_by_group() {
        let roles = Roles {
            groups: [("ops".to_owned(), Role::Trafficker)].into(),
            ..Roles::default()
        };
        assert_eq!(came(500, roles.clone(), 1000).await.role, Role::Trafficker);
        assert_eq!(came(500, roles, 1001).await.role, Role::Viewer);
    }

    #[tokio::test]
    async fn root_looks_unless_it_is_said_whose_hand_it_is() {
        let roles = |root_is: Option<&str>| Roles {
            users: [("root".to_owned(), Role::Admin), ("ana".to_owned(), Role::Approver)].into(),
            root_is: root_is.map(str::to_owned),
            ..Roles::default()
        };
        assert_eq!(came(500, roles(None), 0).await.role, Role::Viewer);
        assert_eq!(came(500, roles(Some("nobody-known")), 0).await.role, Role::Viewer);
        let ana = came(500, roles(Some("ana")), 0).await;
        assert_eq!((ana.uid, ana.name.as_str(), ana.role), (Some(0), "ana", Role::Approver));
    }

    #[tokio::test]
    async fn nobody_in_particular_stays_outside() {
        let who = Who::new(500, Box::new(Few), Roles::default());
        assert!(who.actor(OVERFLOW_UID, "cli", Timestamp::from_micros(0)).await.is_err());
        assert_eq!(
            who.actor(1000, "engine", Timestamp::from_micros(0))
                .await
                .unwrap()
                .client,
            "cli"
        );
    }

    /// Answers once its test lets it.
    struct Slow(Mutex<std::sync::mpsc::Receiver<()>>);

    impl Directory for Slow {
        fn by_uid(&self, uid: u32) -> Option<Login> {
            if uid == 1000 {
                // An error is a test that is over.
                let _ = self.0.lock().unwrap().recv();
            }
            Few.by_uid(uid)
        }

        fn by_name(&self, name: &str) -> Option<Login> {
            Few.by_name(name)
        }
    }

    /// One worker: whoever blocked it would never be refused, and nobody else would come in.
    #[tokio::test]
    async fn a_slow_directory_holds_up_neither_the_runtime_nor_others() {
        let (go, wait) = std::sync::mpsc::sync_channel(1);
        let mut who = Who::new(500, Box::new(Slow(Mutex::new(wait))), Roles::default());
        who.wait = Duration::from_millis(20);
        let now = Timestamp::from_micros(0);
        let said = who.actor(1000, "cli", now).await.unwrap_err();
        assert!(said.contains("did not say within"), "{said}");
        who.wait = WAIT;
        assert_eq!(who.actor(0, "cli", now).await.unwrap().name, "root");
        go.send(()).unwrap();
        go.send(()).unwrap();
        assert_eq!(who.actor(1000, "cli", now).await.unwrap().name, "ana");
        // Known by now: nobody is asked.
        assert_eq!(who.actor(1000, "cli", now).await.unwrap().name, "ana");
    }

    #[tokio::test]
    async fn directories_that_hang_take_few_threads() {
        let (go, wait) = std::sync::mpsc::sync_channel(1);
        let mut who = Who::new(500, Box::new(Slow(Mutex::new(wait))), Roles::default());
        who.wait = Duration::from_millis(5);
        let now = Timestamp::from_micros(0);
        for _ in 0..AT_ONCE {
            assert!(who.actor(1000, "cli", now).await.is_err());
        }
        assert_eq!(who.asking.available_permits(), 0);
        assert!(who.actor(0, "cli", now).await.is_err(), "no further thread is taken");
        drop(go);
    }
}
