//! Whole tickets walked through the simulated Meta: what we plan it accepts, what it answers we understand, and what it
//! made we find again under its name, without a difference.

use fastrand::Rng;
use omnitraffick::{
    engine::model::{
        deploy::{Job, OutcomeClass, Step, StepAction},
        difference::Difference,
        ids::{TicketId, TicketNo},
        money::{Budget, BudgetKind},
        platform::{ExternalId, ObjectKind, PlatformId},
        ticket::{RequestType, Target},
        time::Timestamp,
    },
    platforms::{
        Exchange, KnownIds, LookUp, Platform, WireRequest,
        meta::{Meta, money, payload::BudgetLevel, plan},
        sandbox::{
            config::{AccountSpec, Limits, WorldConfig},
            world::World,
        },
    },
};

const TICKETS: u32 = 300;

struct Walk {
    world: World,
    now: Timestamp,
    job: Job,
    ids: KnownIds,
}

impl Walk {
    fn new(job: Job) -> Self {
        let config = WorldConfig {
            empty_first_page: true,
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
        };
        Self {
            world: World::new(&config),
            now: Timestamp::parse("2026-11-20T12:00:00.5Z").unwrap(),
            job,
            ids: KnownIds::new(),
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "handed on as an exchange")]
    fn ask(&mut self, request: &WireRequest) -> Exchange {
        Ok(self.world.handle(self.now, PlatformId::Meta, request, "token"))
    }

    /// Sends every step of the job; all must be done.
    fn go(&mut self) -> Vec<Step> {
        let steps = Meta.steps(&self.job).unwrap();
        for step in &steps {
            let request = Meta.plan(&self.job, step, &self.ids).unwrap();
            let exchange = self.ask(&request);
            let outcome = Meta.interpret(&self.job, step, &exchange, self.now);
            assert_eq!(
                outcome.class,
                OutcomeClass::Done,
                "{}: {outcome:?}\n{request:?}",
                step.key
            );
            if step.action == StepAction::Create {
                self.ids.insert(step.key.clone(), outcome.external_id.unwrap());
            }
        }
        steps
    }

    fn differences(&mut self, step: &Step, id: &ExternalId) -> Vec<Difference> {
        let request = Meta.read(&self.job, step, id);
        let exchange = self.ask(&request);
        let found = Meta.interpret_read(&self.job, step, &exchange, self.now).unwrap();
        found.unwrap().differences
    }

    /// Looks a step's object up as after a lost answer, page by page.
    fn find(&mut self, step: &Step, since: Timestamp) -> Vec<(ExternalId, Vec<Difference>)> {
        let mut found = Vec::new();
        let mut request = Meta.look_up(&self.job, step, &self.ids, since).unwrap();
        for _ in 0..10 {
            let exchange = self.ask(&request);
            match Meta.interpret_look_up(&self.job, step, &self.ids, since, &exchange, self.now) {
                LookUp::Counted(last) => {
                    found.extend(last);
                    return found.into_iter().map(|f| (f.id, f.differences)).collect();
                }
                LookUp::More { found: page, next } => {
                    found.extend(page);
                    request = next;
                }
                LookUp::NotCounted(outcome) => panic!("{outcome:?}"),
            }
        }
        panic!("the pages do not end")
    }
}

#[test]
fn tickets_are_created_found_again_and_changed() {
    let mut rng = Rng::with_seed(20_261_121);
    for _ in 0..TICKETS {
        let job = crate::tickets::job(&mut rng, RequestType::Create);
        let mut walk = Walk::new(job.clone());
        let since = walk.now;
        let steps = walk.go();
        for step in &steps {
            let id = walk.ids[step
                .parent
                .as_deref()
                .filter(|_| step.action != StepAction::Create)
                .unwrap_or(&step.key)]
            .clone();
            if step.action != StepAction::Create {
                assert_eq!(walk.differences(step, &id), Vec::<String>::new(), "{}", step.key);
                continue;
            }
            // The whole chain is active by now, and nothing else may differ.
            let found = walk.find(step, since);
            let [(found_id, differences)] = found.as_slice() else {
                panic!("{}: {found:?}", step.key)
            };
            assert_eq!(found_id, &id);
            let expected: &[&str] = match step.kind {
                ObjectKind::Creative | ObjectKind::Asset => &[],
                _ => &["status is ACTIVE, asked was PAUSED"],
            };
            assert_eq!(differences, expected, "{}", step.key);
            let later = walk.now.plus(std::time::Duration::from_secs(3));
            // A creative does not say when it was made, and a file is ours however old it is.
            let found_later = walk.find(step, later).len();
            assert_eq!(
                found_later,
                usize::from(matches!(step.kind, ObjectKind::Creative | ObjectKind::Asset)),
                "{}",
                step.key
            );
        }

        let kind = match BudgetLevel::of(&job).unwrap() {
            BudgetLevel::Campaign => ObjectKind::Campaign,
            BudgetLevel::AdSet => ObjectKind::AdSet,
        };
        let old = job.budget.unwrap();
        let doubled = money::to_units(&old.money).unwrap() * 2;
        walk.job = Job {
            request: RequestType::UpdateBudget,
            target: Some(Target {
                ticket: TicketId::new(uuid::Uuid::from_u128(1)),
                no: TicketNo::FIRST,
                kind,
                external_id: walk.ids[kind.as_str()].clone(),
                seen_budget: Some(old),
            }),
            budget: Some(Budget {
                money: money::from_units(doubled, job.account.currency).unwrap(),
                ..old
            }),
            ..job
        };
        let [check, set] = &Meta.steps(&walk.job).unwrap()[..] else {
            panic!("check and set")
        };
        let request = Meta.plan(&walk.job, check, &walk.ids).unwrap();
        let exchange = walk.ask(&request);
        assert_eq!(Meta.read_budget(&walk.job, &exchange), Some(old));
        walk.go();
        let id = walk.job.target.clone().unwrap().external_id;
        assert_eq!(walk.differences(set, &id), Vec::<String>::new());

        walk.job.request = RequestType::Archive;
        walk.job.target.as_mut().unwrap().kind = ObjectKind::Campaign;
        walk.job.target.as_mut().unwrap().external_id = walk.ids["campaign"].clone();
        walk.go();
        walk.job.request = RequestType::UpdateBudget;
        let request = Meta.plan(&walk.job, check, &walk.ids).unwrap();
        let exchange = walk.ask(&request);
        let outcome = Meta.interpret(&walk.job, check, &exchange, walk.now);
        assert_eq!(
            outcome.class,
            OutcomeClass::Rejected,
            "an archived campaign takes no budget: {outcome:?}"
        );
    }
}

/// What the simulated Meta refuses comes back to the field of the form.
#[test]
fn refusals_point_at_the_form() {
    let mut rng = Rng::with_seed(5);
    let mut job = crate::tickets::job(&mut rng, RequestType::Create);
    // Past what `check` can know: the account's own least is far higher.
    job.budget = Some(Budget {
        kind: BudgetKind::Daily,
        money: money::from_units(1_000_000, job.account.currency).unwrap(),
    });
    let mut walk = Walk::new(job.clone());
    walk.world = World::new(&WorldConfig {
        accounts: vec![AccountSpec {
            currency: Some(job.account.currency),
            timezone: Some(job.account.timezone.clone()),
            min_daily_budget: Some(1_000_001),
            ..AccountSpec::new(job.account.id.clone())
        }],
        ..WorldConfig::default()
    });
    for step in Meta.steps(&job).unwrap() {
        let request = Meta.plan(&job, &step, &walk.ids).unwrap();
        let exchange = walk.ask(&request);
        let outcome = Meta.interpret(&job, &step, &exchange, walk.now);
        if outcome.class == OutcomeClass::Rejected {
            assert_eq!(outcome.field, Some("budget".into()), "{outcome:?}");
            assert_eq!(outcome.code.as_deref(), Some("100/1885272"));
            assert_eq!(plan::budget_param(&job).unwrap().0, "daily_budget");
            return;
        }
        walk.ids.insert(step.key.clone(), outcome.external_id.unwrap());
    }
    panic!("nothing was refused");
}
