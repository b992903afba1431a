//! A store with a team on it: an engine, four who follow what happens, one console, and whoever gives commands.

mod follower;

use std::{
    collections::BTreeMap,
    process::Stdio,
    time::{Duration, Instant},
};

use fastrand::Rng;
use omnitraffick::engine::store::verify::verify;
use rustix::process::{Pid, Signal, kill_process};

use self::follower::Follower;
use crate::program::{Home, Running, Sandbox, console::Console, fleet};

/// A console that shows nothing for so long has not opened.
const OPENS: Duration = Duration::from_secs(20);
/// How a verb ends that cannot be the engine, because somebody is.
const UNREACHABLE: i32 = 5;
/// Who follows, besides the console.
const FOLLOWERS: usize = 4;
/// Accounts of a store.
const ACCOUNTS: usize = 4;
/// Tickets a store gets: a life must end within a minute.
const TICKETS: usize = 60;

/// What came of it.
#[derive(Default)]
pub struct Told {
    /// From the end of the owner until somebody attached had heard of a command given after it.
    pub back: Vec<Duration>,
    pub counts: BTreeMap<String, u64>,
}

impl Told {
    pub fn add(&mut self, other: Self) {
        self.back.extend(other.back);
        for (what, n) in other.counts {
            *self.counts.entry(what).or_default() += n;
        }
    }

    fn count(&mut self, what: &str) {
        *self.counts.entry(what.to_owned()).or_default() += 1;
    }
}

/// See the module.
pub struct Team {
    home: Home,
    world: Sandbox,
    rng: Rng,
    serve: Option<Running>,
    console: Option<Console>,
    followers: Vec<Follower>,
    accounts: Vec<String>,
    /// Codes of brands that were acknowledged.
    promised: Vec<String>,
    tickets: usize,
    told: Told,
}

impl Team {
    /// A new store, governed, with a platform.
    pub fn begin(seed: u64) -> Self {
        let home = Home::new();
        let faults = fleet::FAULTS
            .replace("[world]", &format!("[world]\nseed = {seed}"))
            .replace(fleet::LIMIT, "");
        let world = Sandbox::start(&home, &faults, fleet::ENGINE);
        // An engine that was told to slow down does so for minutes, and that is not what is to be shown here.
        let text = std::fs::read_to_string(home.path().join("config.toml")).unwrap();
        home.configure(&format!("{text}account_rate = \"9000000/5m\"\n"));
        let accounts: Vec<_> = (1..=ACCOUNTS).map(|n| format!("act_{}", 1000 + n)).collect();
        home.govern(&accounts.iter().map(String::as_str).collect::<Vec<_>>());
        Self {
            home,
            world,
            rng: Rng::with_seed(seed),
            serve: None,
            console: None,
            followers: Vec::new(),
            accounts,
            promised: Vec::new(),
            tickets: 0,
            told: Told::default(),
        }
    }

    /// So many ends of an owner, and what is left.
    pub fn live(mut self, rounds: u64) -> Result<Told, String> {
        for n in 0..rounds {
            self.round().map_err(|why| format!("round {n}: {why}"))?;
        }
        self.end()
    }

    /// Everybody is there, and the engine works.
    fn gather(&mut self) -> Result<(), String> {
        if self.serve.as_mut().is_some_and(|s| s.0.try_wait().unwrap().is_some()) {
            self.serve = None;
        }
        if self.serve.is_none() {
            let mut command = self.home.command(&["serve"]);
            let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
            self.serve = Some(Running(quiet.spawn().unwrap()));
        }
        if self.console.as_mut().is_none_or(Console::has_ended) {
            let mut console = Console::open(&self.home);
            let began = Instant::now();
            while !console.sees("Board") {
                if console.has_ended() || began.elapsed() > OPENS {
                    return Err(format!("the console did not open: {}", console.contents()));
                }
                std::thread::sleep(Duration::from_millis(5));
            }
            self.console = Some(console);
        }
        self.followers.retain_mut(|f| !f.has_ended());
        while self.followers.len() < FOLLOWERS {
            self.followers.push(Follower::start(&self.home));
        }
        Ok(())
    }

    fn verb(&self, line: &str) -> Running {
        let words: Vec<&str> = ["--json"].into_iter().chain(line.split(' ')).collect();
        let mut command = self.home.command(&words);
        Running(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }

    /// Gives a command that must be acknowledged, whatever happens to the engine meanwhile.
    fn command(&mut self) -> Result<String, String> {
        let n = self.promised.len();
        let letter = |n: usize| char::from(b'A' + u8::try_from(n % 26).unwrap());
        let code = format!("{}{}{}", letter(n / 676 + 10), letter(n / 26), letter(n));
        let ran = self
            .home
            .run(&["--json", "brand", "create", &code, "--name", "Harbour Lights"]);
        if !ran.status.success() {
            return Err(format!("brand {code} was not taken: {ran:?}"));
        }
        self.promised.push(code.clone());
        Ok(code)
    }

    fn round(&mut self) -> Result<(), String> {
        self.gather()?;
        // Whoever was just started is there once it has heard something.
        let seen = self.command()?;
        for follower in &mut self.followers {
            follower.hears(&seen)?;
        }
        let mut verbs = Vec::new();
        if self.tickets < TICKETS && self.rng.u8(..3) == 0 {
            let word = format!("Wave{}", self.tickets);
            self.home.campaign(&word);
            let text = fleet::tickets(&word, &self.accounts);
            let file = self.home.file("tickets.toml", text);
            self.home.good(&["ticket", "create", "--file", file.to_str().unwrap()]);
            self.tickets += self.accounts.len();
        }
        verbs.push(self.verb("ticket qa --filter status:draft"));
        verbs.push(self.verb("ticket deploy --filter status:ready-for-api"));
        std::thread::sleep(Duration::from_millis(self.rng.u64(..800)));

        let Some(owner) = self.owner() else {
            return Err("nobody holds the store, and a serve runs".to_owned());
        };
        let (signal, how) = [
            (Signal::KILL, "killed"),
            (Signal::TERM, "quit"),
            (Signal::HUP, "hung up"),
        ][self.rng.usize(..3)];
        let ended = Instant::now();
        // It may have ended by itself just now.
        let _ = kill_process(owner, signal);
        self.told.count(how);
        let whose = self.whose(owner);
        self.told.count(whose);
        let code = self.command()?;
        self.all_hear(&code, ended)?;
        for mut verb in verbs {
            let _ = verb.0.wait();
        }
        Ok(())
    }

    /// The process that is the engine, as it says itself.
    fn owner(&self) -> Option<Pid> {
        let note = std::fs::read_to_string(self.home.store().join("engine.lock")).ok()?;
        Pid::from_raw(note.lines().next()?.trim().parse().ok()?)
    }

    fn whose(&self, pid: Pid) -> &'static str {
        let is = |id: u32| Some(pid) == i32::try_from(id).ok().and_then(Pid::from_raw);
        if self.serve.as_ref().is_some_and(|s| is(s.0.id())) {
            "owner: serve"
        } else if self.console.as_ref().and_then(Console::pid).is_some_and(is) {
            "owner: console"
        } else if self.followers.iter().any(|f| is(f.pid())) {
            "owner: follower"
        } else {
            "owner: in the background"
        }
    }

    /// Everybody who is still there hears of it, each event once and in order.
    fn all_hear(&mut self, code: &str, since: Instant) -> Result<(), String> {
        for follower in &mut self.followers {
            // One that is not there any more was the owner.
            if let Some(at) = follower.hears(code)? {
                self.told.back.push(at.saturating_duration_since(since));
            }
        }
        if self.console.as_mut().is_some_and(Console::has_ended) {
            self.told.count("consoles ended");
        }
        Ok(())
    }

    /// Nobody is ended any more: everything comes to its end, once, and nothing that was acknowledged is missing.
    fn end(mut self) -> Result<Told, String> {
        self.followers.clear();
        self.console = None;
        self.serve = None;
        // One that went to the background is in nobody's hands but its own.
        if let Some(owner) = self.owner() {
            let _ = kill_process(owner, Signal::KILL);
        }
        for line in [
            &["ticket", "qa", "--filter", "status:draft", "--wait"][..],
            &["ticket", "deploy", "--filter", "status:ready-for-api"],
            &["serve", "--until-idle"],
        ] {
            let mut ran = self.home.run(line);
            // The verb before may have left its deploys to an engine in the background.
            for _ in 0..5 {
                let refused = line.first() == Some(&"serve") && ran.status.code() == Some(UNREACHABLE);
                let Some(owner) = self.owner().filter(|_| refused) else {
                    break;
                };
                let _ = kill_process(owner, Signal::KILL);
                ran = self.home.run(line);
            }
            // A filter may find nothing.
            if !matches!(ran.status.code(), Some(0 | 3)) {
                return Err(format!("{line:?}: {ran:?}"));
            }
        }
        let problems = verify(&self.home.store()).problems;
        if !problems.is_empty() {
            return Err(format!("verify: {problems:?}"));
        }
        let brands = self.home.json(&["brand", "list"]).to_string();
        if let Some(lost) = self
            .promised
            .iter()
            .find(|code| !brands.contains(&format!("\"{code}\"")))
        {
            return Err(format!("brand {lost} was acknowledged and is not there"));
        }
        let tickets = self.home.tickets();
        if let Some(open) = tickets.iter().find(|t| t["status"] != "TRAFFICKED_SUCCESS") {
            return Err(format!("a ticket is not live: {open}"));
        }
        let made = self.world.made();
        if let Some((what, n)) = made.iter().find(|(_, n)| **n != 1) {
            return Err(format!("{what:?} was made {n} times"));
        }
        if made.len() != self.tickets * fleet::EDGES.len() {
            return Err(format!("{} objects for {} tickets", made.len(), self.tickets));
        }
        for (what, n) in [
            ("commands acknowledged", self.promised.len()),
            ("tickets live", tickets.len()),
            ("objects", made.len()),
        ] {
            *self.told.counts.entry(what.to_owned()).or_default() += n as u64;
        }
        Ok(self.told)
    }
}
