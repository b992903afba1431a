//! Somebody who is attached and hears everything: `events --follow` in a process of its own.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader},
    process::Stdio,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::program::{Home, Running};

#[derive(Default)]
struct Heard {
    last: Option<u64>,
    /// Brands by code.
    codes: BTreeMap<String, Instant>,
    broken: Option<String>,
}

impl Heard {
    fn take(&mut self, line: &str) {
        let Ok(event) = serde_json::from_str::<Value>(line) else {
            return;
        };
        let Some(seq) = event["data"]["seq"].as_u64() else {
            return;
        };
        if let Some(last) = self.last
            && seq != last + 1
        {
            self.broken = Some(format!("event {seq} was heard after {last}"));
        }
        self.last = Some(seq);
        // A code stands in quotes, three capitals long.
        for word in line
            .split('"')
            .filter(|w| w.len() == 3 && w.bytes().all(|b| b.is_ascii_uppercase()))
        {
            self.codes.entry(word.to_owned()).or_insert_with(Instant::now);
        }
    }
}

/// See the module.
pub struct Follower {
    child: Running,
    heard: Arc<Mutex<Heard>>,
}

impl Follower {
    pub fn start(home: &Home) -> Self {
        let mut command = home.command(&["--json", "events", "--follow", "--after", "0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let out = child.stdout.take().unwrap();
        let heard = Arc::new(Mutex::new(Heard::default()));
        let ear = Arc::clone(&heard);
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                ear.lock().unwrap().take(&line);
            }
        });
        Self {
            child: Running(child),
            heard,
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.0.id()
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.0.try_wait().unwrap().is_some()
    }

    /// When it heard of this brand; `None` = it has ended. Waits for half a minute.
    pub fn hears(&mut self, code: &str) -> Result<Option<Instant>, String> {
        for _ in 0..15_000 {
            let heard = self.heard.lock().unwrap();
            if let Some(why) = &heard.broken {
                return Err(why.clone());
            }
            if let Some(at) = heard.codes.get(code) {
                return Ok(Some(*at));
            }
            drop(heard);
            if self.has_ended() {
                return Ok(None);
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Err(format!("somebody attached never heard of {code}"))
    }
}
