//! The process's environment and home directory, read once.

use std::{
    collections::BTreeMap,
    ffi::CString,
    fmt,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use nix::unistd::{Gid, Group, Uid, User, getgrouplist};

use crate::engine::model::{
    roles::{Directory, Login},
    sanitise::sanitise,
};

/// The directories of this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dirs {
    /// Where `config.toml` is looked for: `~/.config/omnitraffick`.
    pub config: PathBuf,
    /// Where it is looked for next, the same for everybody on this machine: `/etc/omnitraffick`.
    pub machine: PathBuf,
    /// Where the store is by default: `~/.local/share/omnitraffick`.
    pub data: PathBuf,
    /// Where the log is by default: `~/.local/state/omnitraffick`.
    pub state: PathBuf,
}

/// A snapshot of the environment. Values may be secrets: `Debug` shows names only.
#[derive(Clone)]
pub struct Environment {
    vars: BTreeMap<String, String>,
    dirs: Option<Dirs>,
}

impl Environment {
    /// What this process was started with. Variables that are not UTF-8 are left out.
    pub fn of_process() -> Self {
        let vars = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let dirs = directories::ProjectDirs::from("", "", "omnitraffick").map(|d| Dirs {
            config: d.config_dir().to_owned(),
            machine: PathBuf::from("/etc/omnitraffick"),
            data: d.data_dir().to_owned(),
            state: d.state_dir().unwrap_or_else(|| d.data_dir()).to_owned(),
        });
        Self { vars, dirs }
    }

    /// A made-up environment with its directories below `home`.
    pub fn for_test<const N: usize>(vars: [(&str, &str); N], home: &str) -> Self {
        let home = Path::new(home);
        Self {
            vars: vars.into_iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect(),
            dirs: Some(Dirs {
                config: home.join("config"),
                machine: home.join("etc"),
                data: home.join("data"),
                state: home.join("state"),
            }),
        }
    }

    /// A variable's value; an empty one counts as not set, as `NO_COLOR` and XDG say.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.vars.get(name).map(String::as_str).filter(|v| !v.is_empty())
    }

    /// Who runs this process: user id and login name. The name comes from the user database; where that does not know
    /// the id (a directory service), `USER` is believed, because whoever can set it for this process is this user.
    pub fn who(&self) -> (u32, String) {
        let uid = rustix::process::geteuid().as_raw();
        let known = login_of(uid);
        let claimed = || self.var("USER").or_else(|| self.var("LOGNAME"));
        let name = known
            .or_else(|| claimed().map(|name| sanitise(name).into_string()))
            .unwrap_or_else(|| format!("uid-{uid}"));
        (uid, name)
    }

    /// The directory for sockets that end with the login, if the system has one and it is this user's.
    pub fn runtime_dir(&self) -> Option<PathBuf> {
        let dir = PathBuf::from(self.var("XDG_RUNTIME_DIR")?);
        let own = std::fs::metadata(&dir).is_ok_and(|m| m.uid() == rustix::process::geteuid().as_raw());
        own.then_some(dir)
    }

    /// The program's directories; `None` when there is no home.
    pub const fn dirs(&self) -> Option<&Dirs> {
        self.dirs.as_ref()
    }
}

/// The login name of a user id, from the user database.
pub fn login_of(uid: u32) -> Option<String> {
    User::from_uid(Uid::from_raw(uid)).ok().flatten().map(|user| user.name)
}

/// The id of a group, from the group database.
pub fn group_id(name: &str) -> Option<u32> {
    Group::from_name(name).ok().flatten().map(|group| group.gid.as_raw())
}

/// The machine's user database: files, or whatever directory service it is told to ask.
#[derive(Clone, Copy, Debug)]
pub struct UserDatabase;

impl Directory for UserDatabase {
    fn by_uid(&self, uid: u32) -> Option<Login> {
        let user = User::from_uid(Uid::from_raw(uid)).ok().flatten()?;
        Some(login(user))
    }

    fn by_name(&self, name: &str) -> Option<Login> {
        Some(login(User::from_name(name).ok().flatten()?))
    }

    fn group(&self, gid: u32) -> Option<String> {
        Group::from_gid(Gid::from_raw(gid)).ok().flatten().map(|g| g.name)
    }
}

/// A user with the names of their groups. Groups that cannot be looked up give no role.
fn login(user: User) -> Login {
    let ids = CString::new(user.name.as_str()).ok();
    let ids = ids
        .and_then(|name| getgrouplist(&name, user.gid).ok())
        .unwrap_or_default();
    let name = |id| Group::from_gid(id).ok().flatten().map(|g| g.name);
    Login {
        groups: ids.into_iter().filter_map(name).collect(),
        name: user.name,
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("names", &self.vars.keys())
            .field("dirs", &self.dirs)
            .finish()
    }
}
