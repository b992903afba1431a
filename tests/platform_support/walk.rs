//! Whole tickets walked through a platform's simulated world: what we plan it accepts, what it answers we understand, and
//! what it made we find again under its name, without a difference.

use omnitraffick::{
    engine::model::{
        deploy::{Job, Outcome, OutcomeClass, Step, StepAction},
        difference::Difference,
        ids::{TicketId, TicketNo},
        money::Budget,
        platform::{ExternalId, ObjectKind},
        ticket::{RequestType, Target},
        time::Timestamp,
    },
    platforms::{
        Exchange, KnownIds, LookUp, Platform, WireRequest,
        sandbox::{
            config::{AccountSpec, Limits, WorldConfig},
            world::World,
        },
    },
};

/// One ticket and its changes in a world of their own.
pub struct Walk {
    pub platform: &'static dyn Platform,
    pub world: World,
    pub now: Timestamp,
    pub job: Job,
    pub ids: KnownIds,
}

/// A world that has a job's account and limits that are not met.
pub fn world_of(job: &Job) -> WorldConfig {
    WorldConfig {
        limits: Limits {
            max_score: 1_000_000,
            ..Limits::default()
        },
        accounts: vec![AccountSpec {
            currency: Some(job.account.currency),
            timezone: Some(job.account.timezone.clone()),
            ..AccountSpec::new(job.account.id.clone())
        }],
        ..WorldConfig::default()
    }
}

impl Walk {
    pub fn new(platform: &'static dyn Platform, job: Job) -> Self {
        let config = world_of(&job);
        Self::within(platform, job, &config)
    }

    pub fn within(platform: &'static dyn Platform, job: Job, config: &WorldConfig) -> Self {
        Self {
            platform,
            world: World::new(config),
            now: Timestamp::parse("2026-11-20T12:00:00.5Z").unwrap(),
            job,
            ids: KnownIds::new(),
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "handed on as an exchange")]
    pub fn ask(&mut self, request: &WireRequest) -> Exchange {
        Ok(self.world.handle(self.now, self.platform.id(), request, "token"))
    }

    pub fn steps(&self) -> Vec<Step> {
        self.platform.steps(&self.job).unwrap()
    }

    /// Sends one step.
    pub fn send(&mut self, step: &Step) -> (Exchange, Outcome) {
        let request = self.platform.plan(&self.job, step, &self.ids).unwrap();
        let exchange = self.ask(&request);
        let outcome = self.platform.interpret(&self.job, step, &exchange, self.now);
        (exchange, outcome)
    }

    /// Sends every step of the job; all must be done. Their answers.
    pub fn go(&mut self) -> Vec<(Step, Exchange)> {
        let mut answers = Vec::new();
        for step in self.steps() {
            let (exchange, outcome) = self.send(&step);
            assert_eq!(outcome.class, OutcomeClass::Done, "{}: {outcome:?}", step.key);
            if step.action == StepAction::Create {
                assert!(outcome.external_id.is_some(), "{}: {outcome:?}", step.key);
            }
            if let Some(id) = outcome.external_id {
                self.ids.insert(step.key.clone(), id);
            }
            answers.push((step, exchange));
        }
        answers
    }

    /// The first refusal of a job whose steps are sent in order.
    pub fn refusal(&mut self) -> Outcome {
        for step in self.steps() {
            let (_, outcome) = self.send(&step);
            if outcome.class == OutcomeClass::Rejected {
                return outcome;
            }
            if let Some(id) = outcome.external_id {
                self.ids.insert(step.key.clone(), id);
            }
        }
        panic!("nothing was refused")
    }

    pub fn differences(&mut self, step: &Step, id: &ExternalId) -> Vec<Difference> {
        let request = self.platform.read(&self.job, step, id);
        let exchange = self.ask(&request);
        let found = self.platform.interpret_read(&self.job, step, &exchange, self.now);
        found.unwrap().unwrap().differences
    }

    /// Looks a step's object up as after a lost answer, page by page; `None` when the look does not count.
    pub fn find(&mut self, step: &Step, since: Timestamp) -> Option<Vec<(ExternalId, Vec<Difference>)>> {
        let mut found = Vec::new();
        let mut request = self.platform.look_up(&self.job, step, &self.ids, since).unwrap();
        for _ in 0..10 {
            let exchange = self.ask(&request);
            let look = self
                .platform
                .interpret_look_up(&self.job, step, &self.ids, since, &exchange, self.now);
            match look {
                LookUp::Counted(last) => {
                    found.extend(last);
                    return Some(found.into_iter().map(|f| (f.id, f.differences)).collect());
                }
                LookUp::More { found: page, next } => {
                    found.extend(page);
                    request = next;
                }
                LookUp::NotCounted(_) => return None,
            }
        }
        panic!("the pages do not end")
    }

    /// Turns the job into a change of what a step made.
    pub fn change(&mut self, request: RequestType, kind: ObjectKind, made_by: &str, budget: Option<Budget>) {
        self.job.request = request;
        self.job.target = Some(Target {
            ticket: TicketId::new(uuid::Uuid::from_u128(1)),
            no: TicketNo::FIRST,
            kind,
            external_id: self.ids[made_by].clone(),
            seen_budget: self.job.budget,
        });
        self.job.budget = budget.or(self.job.budget);
    }

    /// Changes the budget: the check reads the old one, and then nothing differs from the new.
    pub fn change_budget(&mut self, kind: ObjectKind, made_by: &str, budget: Budget) {
        let old = self.job.budget;
        self.change(RequestType::UpdateBudget, kind, made_by, Some(budget));
        let [check, set] = &self.steps()[..] else {
            panic!("check and set")
        };
        let (exchange, _) = self.send(check);
        assert_eq!(self.platform.read_budget(&self.job, &exchange), old);
        self.go();
        let id = self.job.target.clone().unwrap().external_id;
        assert_eq!(self.differences(set, &id), Vec::<String>::new());
    }
}
