//! What people do while the program is killed, and what they were told.

use std::{fs::File, os::unix::process::ExitStatusExt as _, path::PathBuf, time::Duration};

use fastrand::Rng;
use omnitraffick::engine::store::backup::restore;
use serde_json::Value;

use super::books::Books;
use crate::program::{Home, Running, fleet};

/// What was asked.
enum Asked {
    /// A campaign with this word.
    Campaign(String),
    /// One ticket on every account, with this word in its notes.
    Tickets,
    /// QA, a deploy, a question.
    Other,
    /// A copy of the store.
    Backup(PathBuf),
}

/// One run of the program.
pub struct Verb {
    asked: Asked,
    line: Vec<String>,
    child: Running,
    out: PathBuf,
    err: PathBuf,
}

impl Verb {
    fn start(home: &Home, slot: usize, asked: Asked, line: Vec<String>) -> Self {
        let (out, err) = (
            home.path().join(format!("out{slot}")),
            home.path().join(format!("err{slot}")),
        );
        let words: Vec<&str> = ["--json"].into_iter().chain(line.iter().map(String::as_str)).collect();
        let mut command = home.command(&words);
        let child = command
            .stdout(File::create(&out).unwrap())
            .stderr(File::create(&err).unwrap())
            .spawn()
            .unwrap();
        Self {
            asked,
            line,
            child: Running(child),
            out,
            err,
        }
    }

    /// Kills it; false = it had ended.
    pub fn kill_9(&mut self) -> bool {
        let alive = self.child.0.try_wait().unwrap().is_none();
        self.child.kill_9();
        alive
    }

    /// Waits for its own end; one that never ends is killed and shows as such.
    pub fn ends(&mut self) {
        for _ in 0..6_000 {
            if self.child.0.try_wait().unwrap().is_some() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("{:?} neither ended nor failed within a minute", self.line);
    }
}

/// Everything that is still to be done in a store.
pub struct Work {
    accounts: Vec<String>,
    most_tickets: usize,
    asked: usize,
    tickets: usize,
    /// Campaigns that were acknowledged and have no tickets.
    free: Vec<String>,
}

impl Work {
    /// For a house with these accounts.
    pub const fn new(accounts: Vec<String>, most_tickets: usize) -> Self {
        Self {
            accounts,
            most_tickets,
            asked: 0,
            tickets: 0,
            free: Vec::new(),
        }
    }

    /// Starts something.
    pub fn next(&mut self, home: &Home, slot: usize, rng: &mut Rng) -> Verb {
        self.asked += 1;
        let n = self.asked;
        let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        match rng.u8(..10) {
            0..=1 if self.tickets < self.most_tickets && !self.free.is_empty() => {
                let campaign = self.free.swap_remove(rng.usize(..self.free.len()));
                self.tickets += self.accounts.len();
                let text = fleet::tickets(&campaign, &self.accounts);
                let file = home.file(&format!("tickets{slot}.toml"), text);
                let line = format!("ticket create --file {}", file.display());
                Verb::start(home, slot, Asked::Tickets, words(&line))
            }
            2..=3 => Verb::start(home, slot, Asked::Other, words("ticket qa --filter status:draft")),
            4..=5 => {
                let line = words("ticket deploy --filter status:ready-for-api");
                Verb::start(home, slot, Asked::Other, line)
            }
            6 => {
                let dir = home.path().join(format!("backup{n}"));
                let line = format!("store backup {}", dir.display());
                Verb::start(home, slot, Asked::Backup(dir), words(&line))
            }
            _ => {
                let word = format!("Wave{n}");
                let line = format!("campaign create --brand DIS --market US --year 2026 --name {word}");
                Verb::start(home, slot, Asked::Campaign(word), words(&line))
            }
        }
    }

    /// Notes what a run that is over acknowledged, and says how it ended.
    pub fn read(&mut self, mut verb: Verb, books: &mut Books) -> Result<&'static str, String> {
        let status = verb.child.0.wait().unwrap();
        let said = std::fs::read_to_string(&verb.out).unwrap();
        // Half a document acknowledges nothing.
        let document: Option<Value> = serde_json::from_str(&said).ok();
        if let Some(document) = &document {
            match &verb.asked {
                Asked::Campaign(word) => {
                    books.promised_campaign(word);
                    self.free.push(word.clone());
                }
                Asked::Tickets => {
                    for item in document["data"].as_array().into_iter().flatten() {
                        if item["result"] == "created" {
                            books.promised_ticket(item["ticket"]["ticket"]["id"].as_str().unwrap());
                        }
                    }
                }
                Asked::Other | Asked::Backup(_) => {}
            }
        }
        if let Asked::Backup(dir) = &verb.asked {
            if document.is_some() || dir.join("manifest.json").exists() {
                let taken = restore::check(dir).map_err(|e| format!("the backup {}: {e}", dir.display()))?;
                books.backed_up(taken.head)?;
            }
            let _ = std::fs::remove_dir_all(dir);
        }
        let why = std::fs::read_to_string(&verb.err).unwrap();
        match (status.code(), status.signal()) {
            (None, Some(9)) => Ok("verb: killed"),
            (Some(0), _) => Ok("verb: done"),
            // In bulk: others were faster with some of them.
            (Some(1), _) if document.is_some() && !why.contains("internal") => Ok("verb: done in part"),
            // Refused, too late, or nobody to ask: it says so.
            (Some(3), _) => Ok("verb: refused"),
            (Some(4), _) => Ok("verb: conflict"),
            (Some(5), _) => Ok("verb: unavailable"),
            _ => Err(format!("{:?} ended with {status}: {said} {why}", verb.line)),
        }
    }
}
