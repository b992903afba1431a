//! A ticket and everything that can happen to it, as commands: shared by the tests of decisions.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]
#![allow(dead_code, reason = "every test file uses its own part")]

use omnitraffick::engine::{
    decide::{
        command::{BrandPatch, CommandKind, NewTicket, TicketPatch},
        testkit::{House, admin, trafficker},
    },
    model::{
        actor::Actor,
        deploy::{Deploy, Outcome, OutcomeClass},
        governance::Brand,
        ids::{DeployId, QaRunId, TicketId},
        json::Sha,
        money::{Budget, BudgetKind, Money},
        platform::ExternalId,
        refusal::{Problem, Refusal},
        ticket::{Finding, RequestType, Severity, Status, Ticket},
    },
    store::schema::keys,
};
use proptest::prelude::*;

pub fn engine() -> Actor {
    Actor::engine("test")
}

pub fn error() -> Finding {
    Finding {
        rule: "test".to_owned(),
        severity: Severity::Error,
        field: "budget".into(),
        message: "no".to_owned(),
        remedy: "mend".to_owned(),
    }
}

pub fn usd(amount: &str) -> Budget {
    Budget {
        kind: BudgetKind::Daily,
        money: Money::parse(amount, "USD".parse().unwrap()).unwrap(),
    }
}

/// `field: reason (remedy)` of every problem.
pub fn lines(refusal: &Refusal) -> Vec<String> {
    let line = |p: &Problem| {
        let field = p.field.as_ref().map_or(String::new(), |f| format!("{f}: "));
        format!("{field}{} ({})", p.reason, p.remedy)
    };
    refusal.problems.iter().map(line).collect()
}

/// A house with steps for a ticket's whole way.
pub struct Life {
    pub house: House,
    pub id: TicketId,
}

impl Life {
    pub fn new() -> Self {
        let mut house = House::new().unwrap();
        let new = NewTicket {
            budget: Some(usd("100")),
            ..house.new_ticket()
        };
        let id = new.id;
        house.world.run(&trafficker(), CommandKind::TicketCreate(new)).unwrap();
        Self { house, id }
    }

    /// A ticket that came to a status the way tickets do.
    pub fn at(status: Status) -> Self {
        let mut life = Self::new();
        let path: &[fn(&mut Self)] = match status {
            Status::Draft => &[],
            Status::QaTesting => &[Self::submit],
            Status::QaFailed => &[Self::submit, Self::fail_qa],
            Status::ReadyForApi => &[Self::submit, Self::pass_qa],
            Status::Deploying => &[Self::submit, Self::pass_qa, Self::deploy],
            Status::TraffickedSuccess => &[Self::submit, Self::pass_qa, Self::deploy, Self::confirm, Self::confirm],
            Status::Failed => &[Self::submit, Self::pass_qa, Self::deploy, Self::reject],
            Status::Cancelled => &[Self::cancel],
        };
        for step in path {
            step(&mut life);
        }
        assert_eq!(life.ticket().status, status);
        life
    }

    pub fn ticket(&self) -> Ticket {
        self.house.world.ticket(self.id).unwrap().1
    }

    pub fn version(&self) -> u64 {
        self.house.world.ticket(self.id).unwrap().0
    }

    pub fn run(&mut self, kind: CommandKind) -> Result<(), Refusal> {
        let actor = match kind {
            CommandKind::QaResult { .. } | CommandKind::StepIntend { .. } | CommandKind::StepOutcome { .. } => engine(),
            _ => trafficker(),
        };
        self.house.world.run(&actor, kind).map(|_| ())
    }

    pub fn submit(&mut self) {
        let kind = self.command("submit");
        self.run(kind).unwrap();
    }

    pub fn pass_qa(&mut self) {
        let kind = self.command("qa passes");
        self.run(kind).unwrap();
    }

    pub fn fail_qa(&mut self) {
        let kind = self.command("qa fails");
        self.run(kind).unwrap();
    }

    pub fn deploy(&mut self) {
        let kind = self.command("deploy");
        self.run(kind).unwrap();
    }

    pub fn cancel(&mut self) {
        let kind = self.command("cancel");
        self.run(kind).unwrap();
    }

    pub fn confirm(&mut self) {
        self.step(OutcomeClass::Done).unwrap();
    }

    pub fn reject(&mut self) {
        self.step(OutcomeClass::Rejected).unwrap();
    }

    /// Sends the deploy's next step and answers it.
    pub fn step(&mut self, class: OutcomeClass) -> Result<(), Refusal> {
        let deploy = self.ticket().deploy.unwrap();
        let (_, row): (_, Deploy) = self.house.world.get(&keys::deploy(deploy)).unwrap();
        let next = row.steps.iter().find(|s| !s.is_settled()).unwrap();
        let (step, attempt) = (next.key.clone(), u32::try_from(next.attempts.len()).unwrap() + 1);
        let intend = CommandKind::StepIntend {
            deploy,
            step: step.clone(),
            attempt,
            request_hash: Sha::of(step.as_bytes()),
        };
        self.run(intend)?;
        let outcome = Outcome {
            class,
            at: self.house.world.now,
            http_status: Some(200),
            code: None,
            request_id: None,
            words: "test".to_owned(),
            field: None,
            external_id: (class == OutcomeClass::Done).then(|| ExternalId(format!("ext-{step}"))),
            wait_until: None,
        };
        let kind = CommandKind::StepOutcome {
            deploy,
            step,
            attempt,
            outcome,
            jitter: 0,
        };
        self.run(kind)
    }

    /// A command about the ticket as it is now.
    pub fn command(&mut self, word: &str) -> CommandKind {
        let (id, version) = (self.id, self.version());
        let ticket = self.ticket();
        let patch = |patch| CommandKind::TicketEdit { id, version, patch };
        let result = |findings| CommandKind::QaResult {
            id,
            run: ticket.qa.as_ref().map_or(QaRunId::new(uuid::Uuid::nil()), |q| q.run),
            payload_hash: ticket.payload_hash(),
            basis: self.house.world.basis(&ticket),
            findings,
        };
        match word {
            "edit" => patch(TicketPatch {
                budget: Some(Some(usd("7"))),
                ..TicketPatch::default()
            }),
            "note" => patch(TicketPatch {
                notes: Some("call Ana".to_owned()),
                ..TicketPatch::default()
            }),
            "delete" => CommandKind::TicketDelete { id, version },
            "clone" => {
                let other = self.house.another_campaign("Second wave").unwrap();
                CommandKind::TicketClone {
                    id,
                    new_id: TicketId::new(self.house.world.mint()),
                    campaign: Some(other),
                }
            }
            "submit" => CommandKind::TicketSubmitQa {
                id,
                run: QaRunId::new(self.house.world.mint()),
            },
            "qa passes" => result(Vec::new()),
            "qa fails" => result(vec![error()]),
            "withdraw" => CommandKind::TicketWithdraw { id },
            "cancel" => CommandKind::TicketCancel {
                id,
                leftovers: None,
                reason: "called off".to_owned(),
            },
            "deploy" => CommandKind::TicketDeploy {
                id,
                deploy: DeployId::new(self.house.world.mint()),
                not_before: None,
            },
            "retry" => CommandKind::TicketRetry { id },
            "pause" => CommandKind::DeployPause { id },
            "resume" => CommandKind::DeployResume { id },
            "recall" => CommandKind::DeployRecall { id },
            other => panic!("{other}"),
        }
    }
}

/// One random command. Numbers choose the ticket and the variant.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    New(bool),
    Ticket(usize, &'static str),
    Step(usize, OutcomeClass),
    Foreign(usize),
    RetireBrand(bool),
}

pub fn any_op() -> impl Strategy<Value = Op> {
    let word = proptest::sample::select(vec![
        "edit",
        "note",
        "delete",
        "clone",
        "submit",
        "submit",
        "qa passes",
        "qa passes",
        "qa fails",
        "withdraw",
        "cancel",
        "deploy",
        "deploy",
        "retry",
        "pause",
        "resume",
        "recall",
    ]);
    let class = proptest::sample::select(vec![
        OutcomeClass::Done,
        OutcomeClass::Rejected,
        OutcomeClass::NotExecuted,
    ]);
    prop_oneof![
        1 => any::<bool>().prop_map(Op::New),
        12 => (0..3_usize, word).prop_map(|(n, w)| Op::Ticket(n, w)),
        3 => (0..3_usize, class).prop_map(|(n, c)| Op::Step(n, c)),
        1 => (0..3_usize).prop_map(Op::Foreign),
        1 => any::<bool>().prop_map(Op::RetireBrand),
    ]
}

/// A life whose current ticket is the n-th there is.
pub fn turn_to(life: &mut Life, n: usize) -> bool {
    let ids: Vec<TicketId> = life.house.world.tickets().iter().map(|(_, t)| t.id).collect();
    let Some(id) = ids.get(n % ids.len().max(1)) else {
        return false;
    };
    life.id = *id;
    true
}

pub fn play(life: &mut Life, op: Op, passed: &mut Vec<(TicketId, Sha)>) {
    match op {
        Op::New(paused) => {
            let mut new = life.house.new_ticket();
            if paused {
                new.request = RequestType::Pause;
                new.target = life.house.world.tickets().first().map(|(_, t)| t.no);
            }
            let _ = life.run(CommandKind::TicketCreate(new));
        }
        Op::Ticket(n, word) if turn_to(life, n) => {
            if word == "clone" && life.house.world.tickets().len() > 6 {
                return;
            }
            let kind = match word {
                // The house can only make this campaign once.
                "clone" => CommandKind::TicketClone {
                    id: life.id,
                    new_id: TicketId::new(life.house.world.mint()),
                    campaign: None,
                },
                _ => life.command(word),
            };
            let judged = life.ticket().payload_hash();
            if life.run(kind).is_ok() && word == "qa passes" {
                passed.push((life.id, judged));
            }
        }
        // A result for another content than the present one.
        Op::Foreign(n) if turn_to(life, n) => {
            let mut kind = life.command("qa passes");
            if let CommandKind::QaResult { payload_hash, .. } = &mut kind {
                *payload_hash = Sha::of(b"something else");
            }
            assert!(life.run(kind).is_err());
        }
        Op::Step(n, class) if turn_to(life, n) => {
            let Some(deploy) = life.ticket().deploy else { return };
            let Some((_, row)) = life.house.world.get::<Deploy>(&keys::deploy(deploy)) else {
                return;
            };
            // Refused while paused, over, or while an earlier intent is open: all of that may happen here.
            if row.steps.iter().any(|s| !s.is_settled()) {
                let _ = life.step(class);
            }
        }
        Op::RetireBrand(retired) => {
            let id = life.house.brand;
            let (version, _): (_, Brand) = life.house.world.get(&keys::brand(id)).unwrap();
            let patch = BrandPatch {
                retired: Some(retired),
                ..BrandPatch::default()
            };
            let _ = life
                .house
                .world
                .run(&admin(), CommandKind::BrandUpdate { id, version, patch });
        }
        Op::Ticket(..) | Op::Step(..) | Op::Foreign(..) => {}
    }
}
