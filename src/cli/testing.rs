//! A bench for command lines: the real grammar, the real verbs, the real engine in memory with a simulated world.

use std::{
    collections::VecDeque,
    io::{self, Write},
    sync::{Arc, Mutex},
};

use clap::Parser as _;

use super::{
    args::Args,
    call::{Call, Switches},
    carry_out,
    failure::Failure,
    output::Output,
    person::Person,
    stop::Stop,
};
use crate::{
    engine::{
        clock::{Clock, SystemClock, SystemEntropy},
        copilot::starter,
        host::{Host, HostOptions, Place},
        model::actor::{Actor, Role},
    },
    platforms::{
        registry::registry,
        sandbox::{Sandbox, config::WorldConfig, memory::MemoryTransport},
        transport::{FixedToken, Secret},
    },
};

/// A running engine to run command lines against.
pub struct Bench {
    host: Host,
    /// What the person at the terminal answers; `None` = stdin is not a terminal.
    pub answers: Option<Vec<bool>>,
}

/// How a command line ended.
#[derive(Debug)]
pub struct Ran {
    /// Exit code.
    pub code: u8,
    /// stdout.
    pub out: String,
    /// stderr.
    pub talk: String,
}

impl Ran {
    /// stdout as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {} {}", self.out, self.talk))
    }

    /// stdout, after checking that it went well.
    pub fn good(self) -> String {
        assert_eq!(self.code, 0, "{}{}", self.out, self.talk);
        self.out
    }
}

impl Bench {
    /// An empty engine. `sandbox` = it says that every platform is simulated, so nothing is asked.
    pub async fn new(sandbox: bool) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let world = Arc::new(Sandbox::new(&WorldConfig::default()));
        let token = Arc::new(FixedToken(Secret::from_source("token").unwrap()));
        let transport = MemoryTransport::new(world, Arc::clone(&clock), token);
        let host = Host::open(HostOptions {
            sandbox,
            transport: Some(Arc::new(transport)),
            guidelines: vec![starter::folder()],
            ..HostOptions::simulated(
                "test",
                Place::Memory,
                registry(),
                clock,
                Arc::new(SystemEntropy::seeded(7)),
            )
        })
        .await
        .unwrap();
        Self { host, answers: None }
    }

    /// An engine with a market, a brand, a channel with two accounts and a campaign.
    pub async fn governed() -> Self {
        let bench = Self::new(true).await;
        for line in [
            &["market", "create", "US", "--name", "United States", "--country", "US"][..],
            &[
                "brand",
                "create",
                "DIS",
                "--name",
                "Harbour Lights",
                "--family-friendly",
            ],
            &[
                "channel",
                "create",
                "META",
                "--name",
                "Meta",
                "--platform",
                "meta",
                "--account",
                "act_1001,USD,America/New_York,One",
                "--account",
                "act_1002,EUR,Europe/Berlin,Two, the second",
            ],
            &[
                "campaign",
                "create",
                "--brand",
                "DIS",
                "--market",
                "US",
                "--year",
                "2026",
                "--name",
                "Moana launch",
            ],
        ] {
            bench.run(line).await.good();
        }
        bench
    }

    /// Runs one command line, without the program's name.
    pub async fn run(&self, line: &[&str]) -> Ran {
        let args = match Args::try_parse_from(std::iter::once(&"omnitraffick").chain(line)) {
            Ok(args) => args,
            Err(e) => {
                return Ran {
                    code: 2,
                    out: String::new(),
                    talk: e.to_string(),
                };
            }
        };
        let actor = Actor {
            uid: Some(1000),
            name: "ana".to_owned(),
            role: Role::Admin,
            client: "cli".to_owned(),
        };
        let (data, talk) = (Paper::default(), Paper::default());
        let mut call = Call {
            client: self.host.client(actor, args.globals.read_only),
            out: Output::to(args.globals.json, Box::new(data.clone()), Box::new(talk.clone())),
            switches: Switches::of(&args.globals),
            person: match &self.answers {
                None => Person::Absent,
                Some(answers) => Person::Scripted(VecDeque::from(answers.clone())),
            },
            stop: Stop::default(),
        };
        let result: Result<u8, Failure> = carry_out(&mut call, args.noun.unwrap()).await;
        let code = result.unwrap_or_else(|failure| {
            call.out.failure(&failure);
            failure.exit
        });
        let code = call.out.finish(code);
        Ran {
            code,
            out: data.text(),
            talk: talk.text(),
        }
    }
}

/// Where a test's output goes.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Paper {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
