//! One store and its platform, from the first command to the last comparison.

mod books;
mod verbs;

use std::{
    collections::BTreeMap,
    process::Stdio,
    time::{Duration, Instant},
};

use fastrand::Rng;
use omnitraffick::engine::store::verify::verify;

use self::{
    books::Books,
    verbs::{Verb, Work},
};
use crate::program::{Home, Running, Sandbox, fleet};

/// How often something happened.
pub type Counts = BTreeMap<&'static str, u64>;

/// When the kills come.
#[derive(Clone, Copy, Debug)]
pub enum Pace {
    /// As soon as something may be under way.
    Hurried,
    /// After so long.
    Every(Duration),
}

/// Accounts of a store.
const ACCOUNTS: usize = 4;
/// Tickets a store gets: a life must end within seconds.
const TICKETS: usize = 60;
/// Rounds between two checks of the whole store.
const VERIFY_EVERY: u64 = 10;

/// See the module.
pub struct Life {
    home: Home,
    world: Sandbox,
    rng: Rng,
    pace: Pace,
    books: Books,
    work: Work,
    engine: Option<Running>,
    rounds: u64,
    counts: Counts,
    /// How long one verb takes when nobody is killed.
    verb_takes: Duration,
}

impl Life {
    /// A new store, governed, with a platform.
    pub fn begin(seed: u64, pace: Pace) -> Self {
        let home = Home::new();
        let faults = fleet::FAULTS
            .replace("[world]", &format!("[world]\nseed = {seed}"))
            .replace(fleet::LIMIT, "");
        // Small segments: rotations, lists of commands and snapshots happen all the time.
        let engine = format!("{}\n[store]\nsegment_kib = 64\n", fleet::ENGINE);
        let world = Sandbox::start(&home, &faults, &engine);
        // Pace is not what is to be shown here: an engine that was told to slow down does so for minutes.
        let file = home.path().join("config.toml");
        let text = std::fs::read_to_string(file).unwrap();
        home.configure(&format!("{text}account_rate = \"9000000/5m\"\n"));
        let began = Instant::now();
        let accounts: Vec<_> = (1..=ACCOUNTS).map(|n| format!("act_{}", 1000 + n)).collect();
        home.govern(&accounts.iter().map(String::as_str).collect::<Vec<_>>());
        let verb_takes = began.elapsed() / 3;
        let most = if matches!(pace, Pace::Hurried) {
            TICKETS
        } else {
            usize::MAX
        };
        Self {
            home,
            world,
            rng: Rng::with_seed(seed),
            pace,
            books: Books::default(),
            work: Work::new(accounts, most),
            engine: None,
            rounds: 0,
            counts: Counts::new(),
            verb_takes,
        }
    }

    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    fn serve(&self, line: &[&str]) -> Running {
        let mut command = self.home.command(line);
        let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
        Running(quiet.spawn().unwrap())
    }

    /// Some verbs and mostly an engine, then the kill, then a look at what is left.
    pub fn round(&mut self) -> Result<(), String> {
        self.rounds += 1;
        self.count("rounds");
        if self.engine.as_mut().is_some_and(|e| e.0.try_wait().unwrap().is_some()) {
            self.engine = None;
        }
        // Without an engine the verbs find out among themselves who is one.
        let mut successor = None;
        match &self.engine {
            None if self.rng.u8(..4) > 0 => self.engine = Some(self.serve(&["serve"])),
            Some(_) if self.rng.u8(..3) == 0 => successor = Some(self.serve(&["serve", "--take-over"])),
            _ => {}
        }
        let mut verbs: Vec<Verb> = (0..self.rng.usize(1..=3))
            .map(|slot| self.work.next(&self.home, slot, &mut self.rng))
            .collect();
        let wait = match self.pace {
            Pace::Hurried => {
                // In the start, in the middle, near the end of what was begun; several begin at once.
                let most = [0.3, 1.0, 2.0, 4.0][self.rng.usize(..4)];
                self.verb_takes.mul_f64(most * self.rng.f64())
            }
            Pace::Every(wait) => wait,
        };
        std::thread::sleep(wait);
        self.kill(&mut verbs, successor);
        for verb in verbs {
            let told = self.work.read(verb, &mut self.books)?;
            self.count(told);
        }
        self.look()
    }

    fn kill(&mut self, verbs: &mut [Verb], successor: Option<Running>) {
        match self.rng.u8(..8) {
            // The engine only: those attached look for another one and go on.
            0 if self.engine.is_some() => {
                if let Some(mut engine) = self.engine.take() {
                    engine.kill_9();
                    self.count("engine killed under its clients");
                }
                self.engine = successor;
                verbs.iter_mut().for_each(Verb::ends);
            }
            // Those attached only: the engine goes on into the next round.
            1 => {
                let killed: usize = verbs.iter_mut().map(|v| usize::from(v.kill_9())).sum();
                *self.counts.entry("verbs killed").or_default() += killed as u64;
                self.engine = self.engine.take().or(successor);
            }
            _ => {
                self.rng.shuffle(verbs);
                let last = self.rng.bool();
                if !last {
                    self.kill_engines(successor);
                    let killed: usize = verbs.iter_mut().map(|v| usize::from(v.kill_9())).sum();
                    *self.counts.entry("verbs killed").or_default() += killed as u64;
                    return;
                }
                let killed: usize = verbs.iter_mut().map(|v| usize::from(v.kill_9())).sum();
                *self.counts.entry("verbs killed").or_default() += killed as u64;
                self.kill_engines(successor);
            }
        }
    }

    fn kill_engines(&mut self, successor: Option<Running>) {
        for mut engine in self.engine.take().into_iter().chain(successor) {
            engine.kill_9();
            self.count("engines killed");
        }
    }

    /// What was acknowledged is in the journal, once, and the journal only grew.
    fn look(&mut self) -> Result<(), String> {
        let dir = self.home.store();
        self.books
            .read_journal(&dir)
            .map_err(|e| format!("round {}: {e}", self.rounds))?;
        if self.rounds.is_multiple_of(VERIFY_EVERY) {
            let problems = verify(&dir).problems;
            self.count("verified");
            if !problems.is_empty() {
                return Err(format!("round {}: verify: {problems:?}", self.rounds));
            }
        }
        Ok(())
    }

    /// Nobody is killed any more: everything comes to its end, and nothing was made twice.
    pub fn end(mut self) -> Result<Counts, String> {
        self.kill_engines(None);
        let filter = |status| ["--filter", status];
        for line in [
            [&["ticket", "qa"][..], &filter("status:draft"), &["--wait"]].concat(),
            [&["ticket", "deploy"][..], &filter("status:ready-for-api")].concat(),
            vec!["serve", "--until-idle"],
        ] {
            let ran = self.home.run(&line);
            // A filter may find nothing.
            if !matches!(ran.status.code(), Some(0 | 3)) {
                return Err(format!("{line:?}: {ran:?}"));
            }
        }
        self.rounds = VERIFY_EVERY;
        self.look()?;
        let tickets = self.home.tickets();
        self.books.compare(&tickets, &self.world)?;
        *self.counts.entry("acknowledged").or_default() += self.books.acknowledged();
        *self.counts.entry("events").or_default() += self.books.events();
        *self.counts.entry("tickets live").or_default() += tickets.len() as u64;
        *self.counts.entry("objects").or_default() += self.world.made().len() as u64;
        for (what, n) in self.books.seen() {
            *self.counts.entry(what).or_default() += n;
        }
        self.count("stores");
        Ok(self.counts)
    }
}
