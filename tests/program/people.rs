//! Real users of this machine, for tests that need several: made and removed again. Needs root; see [`Team::gather`].

use std::{
    collections::BTreeMap,
    fs::{self, Permissions},
    io::{BufRead as _, BufReader, Read as _},
    os::unix::fs::{PermissionsExt as _, chown},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;

use super::{Running, until};

/// Users and groups made here begin so; then comes the process, so that what a killed run left behind can be told from
/// what another run needs.
const PREFIX: &str = "omnit";

/// The user database takes one writer at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// A login of this machine.
#[derive(Clone, Debug)]
pub struct Person {
    /// What the machine calls them.
    pub login: String,
    pub uid: u32,
    pub gid: u32,
}

/// People of this machine, a group for some of them, and a place they all can look at.
pub struct Team {
    pub dir: tempfile::TempDir,
    pub group: String,
    pub gid: u32,
    people: BTreeMap<&'static str, Person>,
    _turn: MutexGuard<'static, ()>,
}

fn done(program: &str, line: &[&str]) -> bool {
    let ran = Command::new(program).args(line).output();
    ran.is_ok_and(|ran| ran.status.success())
}

fn number(program: &str, line: &[&str]) -> u32 {
    let ran = Command::new(program).args(line).output().unwrap();
    let text = String::from_utf8(ran.stdout).unwrap();
    text.trim().split(':').nth(2).unwrap().parse().unwrap()
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// What an earlier run left behind because it was killed.
fn sweep() {
    let ours = |line: &str| {
        let name = line.split(':').next()?.to_owned();
        let pid = name
            .strip_prefix(PREFIX)?
            .trim_end_matches(char::is_alphabetic)
            .to_owned();
        (pid.parse::<u32>().is_ok() && !Path::new("/proc").join(pid).exists()).then_some(name)
    };
    for (file, remove) in [("/etc/passwd", "userdel"), ("/etc/group", "groupdel")] {
        for name in fs::read_to_string(file).unwrap_or_default().lines().filter_map(ours) {
            done(remove, &[&name]);
        }
    }
}

impl Team {
    /// Makes these users; those with `true` are in the group. `None` = this cannot be done here, and it was said why.
    pub fn gather(people: &[(&'static str, bool)]) -> Option<Self> {
        if !rustix::process::geteuid().is_root() {
            println!("NOT RUN: making users needs root");
            return None;
        }
        for (tool, ask) in [("useradd", "--help"), ("setpriv", "--version"), ("getent", "--version")] {
            if !done(tool, &[ask]) {
                println!("NOT RUN: there is no {tool} on this machine");
                return None;
            }
        }
        let turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        sweep();
        let dir = tempfile::Builder::new().prefix(PREFIX).tempdir().unwrap();
        mode(dir.path(), 0o755);
        let mark = format!("{PREFIX}{}", std::process::id());
        let group = format!("{mark}team");
        // From here on whatever was made is removed, also when a later step fails.
        let mut team = Self {
            dir,
            gid: 0,
            group,
            people: BTreeMap::new(),
            _turn: turn,
        };
        if !done("groupadd", &[&team.group]) {
            println!("NOT RUN: this machine lets nobody make groups");
            return None;
        }
        team.gid = number("getent", &["group", &team.group]);
        // Everybody runs the same program, wherever it was built: a build directory may be shut to others.
        let program = team.program();
        fs::copy(super::program(), &program).unwrap();
        mode(&program, 0o755);
        for (n, (name, member)) in (b'a'..).zip(people) {
            let login = format!("{mark}{}", char::from(n));
            let home = team.path(&format!("home-{name}"));
            let home_text = home.to_str().unwrap();
            let mut line = vec!["-M", "-N", "-s", "/bin/sh", "-d", home_text];
            if *member {
                line.extend(["-G", &team.group]);
            }
            line.push(&login);
            // A group of their own, as most machines do it: nobody shares anything by accident.
            let made = done("groupadd", &[&login]);
            line.extend(["-g", &login]);
            assert!(made && done("useradd", &line), "{login} could not be made");
            let (uid, gid) = (
                number("getent", &["passwd", &login]),
                number("getent", &["group", &login]),
            );
            fs::create_dir(&home).unwrap();
            mode(&home, 0o700);
            chown(&home, Some(uid), Some(gid)).unwrap();
            team.people.insert(name, Person { login, uid, gid });
        }
        Some(team)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn program(&self) -> PathBuf {
        self.path("omnitraffick")
    }

    pub fn person(&self, name: &str) -> &Person {
        &self.people[name]
    }

    pub fn login(&self, name: &str) -> &str {
        &self.person(name).login
    }

    /// Where the engine's user keeps everything.
    pub fn store(&self) -> PathBuf {
        self.path("home-engine/store")
    }

    pub fn socket(&self) -> PathBuf {
        self.path("run/engine.sock")
    }

    /// One configuration for all, root's. `{name}` stands for a login, `{group}` for the group.
    pub fn configure(&self, text: &str) {
        let mut text = text.replace("{group}", &self.group);
        for (name, person) in &self.people {
            text = text.replace(&format!("{{{name}}}"), &person.login);
        }
        let (store, socket, group) = (self.store(), self.socket(), &self.group);
        let (store, socket) = (store.display(), socket.display());
        let whole = format!(
            "[environment]\nname = \"test\"\n[store]\ndir = \"{store}\"\n[host]\nsocket = \"{socket}\"\ngroup = \"{group}\"\n{text}"
        );
        fs::write(self.path("config.toml"), whole).unwrap();
        mode(&self.path("config.toml"), 0o644);
    }

    /// A file everybody can read.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        mode(&path, 0o644);
        path.to_str().unwrap().to_owned()
    }

    /// The program, run by one of them with the groups the machine says they have. `root` is root.
    pub fn command(&self, name: &str, line: &[&str]) -> Command {
        let (mut command, home) = if name == "root" {
            (Command::new(self.program()), self.path("home-root"))
        } else {
            let person = self.person(name);
            let (uid, gid) = (person.uid.to_string(), person.gid.to_string());
            let mut command = Command::new(which("setpriv"));
            command.args(["--reuid", &uid, "--regid", &gid, "--init-groups", "--"]);
            command.arg(self.program());
            (command, self.path(&format!("home-{name}")))
        };
        command
            .args(line)
            .env_clear()
            .env("HOME", home)
            .env("OMNITRAFFICK_CONFIG", self.path("config.toml"))
            .current_dir(self.dir.path())
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, name: &str, line: &[&str]) -> Output {
        self.command(name, line).output().unwrap()
    }

    /// What must succeed; its document.
    pub fn json(&self, name: &str, line: &[&str]) -> Value {
        let line: Vec<_> = ["--json"].iter().chain(line).copied().collect();
        let ran = self.run(name, &line);
        assert!(ran.status.success(), "{name}: {line:?}: {ran:?}");
        serde_json::from_slice(&ran.stdout).unwrap()
    }

    pub fn good(&self, name: &str, line: &[&str]) {
        let ran = self.run(name, line);
        assert!(ran.status.success(), "{name}: {line:?}: {ran:?}");
    }

    /// What must be refused, and with which words.
    pub fn refused(&self, name: &str, line: &[&str], words: &[&str]) {
        let ran = self.run(name, line);
        let said = super::talk(&ran);
        assert!(!ran.status.success(), "{name}: {line:?}");
        for words in words {
            assert!(said.contains(words), "{name}: {line:?}: no \"{words}\" in: {said}");
        }
    }

    /// The engine, run by its own user; answers once this returns.
    pub fn serve(&self) -> Running {
        let run = self.socket().parent().unwrap().to_owned();
        if !run.exists() {
            // As a service manager does it: the directory is the engine's, and the group may pass through.
            fs::create_dir(&run).unwrap();
            let engine = self.person("engine");
            chown(&run, Some(engine.uid), Some(self.gid)).unwrap();
            mode(&run, 0o2750);
        }
        let mut child = self
            .command("engine", &["serve"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (stderr, said) = (child.stderr.take().unwrap(), Arc::new(Mutex::new(String::new())));
        let running = Running(child);
        let heard = Arc::clone(&said);
        std::thread::spawn(move || {
            let mut lines = BufReader::new(stderr);
            let mut line = String::new();
            while lines.read_line(&mut line).is_ok_and(|n| n > 0) {
                heard.lock().unwrap().push_str(&line);
                line.clear();
            }
            let _ = lines.read_to_string(&mut line);
        });
        until("the engine", || {
            let said = said.lock().unwrap();
            assert!(!said.contains("error"), "{said}");
            said.contains("the engine runs")
        });
        running
    }
}

/// Programs are found by our own path: those who run them have none.
fn which(tool: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .map(|dir| dir.join(tool))
        .find(|p| p.exists());
    found.unwrap_or_else(|| PathBuf::from(tool))
}

impl Drop for Team {
    fn drop(&mut self) {
        for person in self.people.values() {
            done("userdel", &[&person.login]);
            // Some machines remove it with its user.
            done("groupdel", &[&person.login]);
        }
        done("groupdel", &[&self.group]);
    }
}
