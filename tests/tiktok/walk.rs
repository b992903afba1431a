//! Whole tickets walked through the simulated TikTok: what we plan it accepts, what it answers we understand, and what
//! it made we find again under its name, without a difference.

use fastrand::Rng;
use omnitraffick::{
    engine::model::{
        deploy::{Job, OutcomeClass, Step, StepAction},
        difference::Difference,
        ids::{TicketId, TicketNo},
        money::{Budget, Money},
        platform::{ExternalId, ObjectKind, PlatformId},
        ticket::{RequestType, Target},
        time::Timestamp,
    },
    platforms::{
        Exchange, KnownIds, LookUp, Platform, WireRequest,
        sandbox::{
            config::{AccountSpec, Limits, WorldConfig},
            world::World,
        },
        tiktok::{Tiktok, payload::BudgetLevel},
    },
};
use rust_decimal::Decimal;

const TICKETS: u32 = 300;

struct Walk {
    world: World,
    now: Timestamp,
    job: Job,
    ids: KnownIds,
}

impl Walk {
    fn new(job: Job) -> Self {
        Self::with(job, AccountSpec::new)
    }

    fn with(job: Job, spec: impl Fn(omnitraffick::engine::model::platform::AccountId) -> AccountSpec) -> Self {
        let config = WorldConfig {
            limits: Limits {
                max_score: 1_000_000,
                ..Limits::default()
            },
            accounts: vec![AccountSpec {
                currency: Some(job.account.currency),
                timezone: Some(job.account.timezone.clone()),
                ..spec(job.account.id.clone())
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
        Ok(self.world.handle(self.now, PlatformId::Tiktok, request, "token"))
    }

    /// Sends every step of the job; all must be done.
    fn go(&mut self) -> Vec<Step> {
        let steps = Tiktok.steps(&self.job).unwrap();
        for step in &steps {
            let request = Tiktok.plan(&self.job, step, &self.ids).unwrap();
            let exchange = self.ask(&request);
            let outcome = Tiktok.interpret(&self.job, step, &exchange, self.now);
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
        let request = Tiktok.read(&self.job, step, id);
        let exchange = self.ask(&request);
        let found = Tiktok.interpret_read(&self.job, step, &exchange, self.now).unwrap();
        found.unwrap().differences
    }

    /// Looks a step's object up as after a lost answer, page by page.
    fn find(&mut self, step: &Step, since: Timestamp) -> Vec<(ExternalId, Vec<Difference>)> {
        let mut found = Vec::new();
        let mut request = Tiktok.look_up(&self.job, step, &self.ids, since).unwrap();
        for _ in 0..10 {
            let exchange = self.ask(&request);
            match Tiktok.interpret_look_up(&self.job, step, &self.ids, since, &exchange, self.now) {
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
                .as_ref()
                .filter(|_| step.action == StepAction::Set)
                .unwrap_or(&step.key)]
            .clone();
            match (step.action, step.key.as_str()) {
                (StepAction::Create, _) => {
                    let found = walk.find(step, since);
                    assert_eq!(found.len(), 1, "{}: {found:?}", step.key);
                    assert_eq!(found[0].0, id);
                    // It is enabled by now, and that is all; a file has no status.
                    let enabled = (step.kind != ObjectKind::Asset)
                        .then(|| "operation_status is ENABLE, asked was DISABLE".to_owned());
                    assert_eq!(found[0].1, Vec::from_iter(enabled), "{}", step.key);
                }
                (_, "hold") => {}
                _ => assert_eq!(walk.differences(step, &id), Vec::<String>::new(), "{}", step.key),
            }
        }
        change(&mut walk, &job);
    }
}

/// Doubles the budget, then deletes the campaign.
fn change(walk: &mut Walk, job: &Job) {
    let (kind, key) = match BudgetLevel::of(job).unwrap() {
        BudgetLevel::Campaign => (ObjectKind::Campaign, "campaign"),
        BudgetLevel::AdGroup => (ObjectKind::AdSet, "ad_group"),
    };
    let old = job.budget.unwrap();
    let doubled = Money::new(old.money.amount() * Decimal::from(2), old.money.currency()).unwrap();
    walk.job = Job {
        request: RequestType::UpdateBudget,
        target: Some(Target {
            ticket: TicketId::new(uuid::Uuid::from_u128(1)),
            no: TicketNo::FIRST,
            kind,
            external_id: walk.ids[key].clone(),
            seen_budget: Some(old),
        }),
        budget: Some(Budget { money: doubled, ..old }),
        ..job.clone()
    };
    let [check, set] = &Tiktok.steps(&walk.job).unwrap()[..] else {
        panic!("check and set")
    };
    let request = Tiktok.plan(&walk.job, check, &walk.ids).unwrap();
    let exchange = walk.ask(&request);
    assert_eq!(Tiktok.read_budget(&walk.job, &exchange), Some(old));
    walk.go();
    let id = walk.job.target.clone().unwrap().external_id;
    assert_eq!(walk.differences(set, &id), Vec::<String>::new());

    walk.job.request = RequestType::Archive;
    walk.job.target.as_mut().unwrap().kind = ObjectKind::Campaign;
    walk.job.target.as_mut().unwrap().external_id = walk.ids["campaign"].clone();
    walk.go();
    // Once more, as after a lost answer: what is deleted is what was wanted.
    walk.go();
    walk.job.request = RequestType::UpdateBudget;
    let request = Tiktok.plan(&walk.job, check, &walk.ids).unwrap();
    let exchange = walk.ask(&request);
    let mut check = check.clone();
    check.kind = ObjectKind::Campaign;
    let outcome = Tiktok.interpret(&walk.job, &check, &exchange, walk.now);
    assert_eq!(
        outcome.class,
        OutcomeClass::Rejected,
        "a deleted campaign takes no budget: {outcome:?}"
    );
}

/// What the simulated TikTok refuses comes back to the field of the form.
#[test]
fn refusals_point_at_the_form() {
    let mut rng = Rng::with_seed(5);
    let job = crate::tickets::job(&mut rng, RequestType::Create);
    // Past what `check` can know: the account's own least is far higher.
    let mut walk = Walk::with(job.clone(), |id| AccountSpec {
        min_daily_budget: Some(50_000_000),
        ..AccountSpec::new(id)
    });
    for step in Tiktok.steps(&job).unwrap() {
        let request = Tiktok.plan(&job, &step, &walk.ids).unwrap();
        let exchange = walk.ask(&request);
        let outcome = Tiktok.interpret(&job, &step, &exchange, walk.now);
        if outcome.class == OutcomeClass::Rejected {
            assert_eq!(outcome.field, Some("budget".into()), "{outcome:?}");
            assert_eq!(outcome.code.as_deref(), Some("40002"));
            assert!(outcome.request_id.is_some());
            return;
        }
        if let Some(id) = outcome.external_id {
            walk.ids.insert(step.key.clone(), id);
        }
    }
    panic!("nothing was refused");
}

/// A colleague's look-alikes, and the same name in another account, are not ours.
#[test]
fn look_alikes_and_other_accounts_do_not_count() {
    let mut rng = Rng::with_seed(11);
    let job = crate::tickets::job(&mut rng, RequestType::Create);
    let mut walk = Walk::new(job.clone());
    let since = walk.now;
    let create = Tiktok.steps(&job).unwrap().remove(0);
    for name in ["COPIED_LUM_US_TIKTOK_2026_WinterSale", "LUM_US_TIKTOK_2026_WinterSale2"] {
        let other = Job {
            name: name.to_owned(),
            ..job.clone()
        };
        let request = Tiktok.plan(&other, &create, &KnownIds::new()).unwrap();
        walk.ask(&request).unwrap();
    }
    let mut elsewhere = job.clone();
    elsewhere.account.id = "7999999999999999999".parse().unwrap();
    walk.ask(&Tiktok.plan(&elsewhere, &create, &KnownIds::new()).unwrap())
        .unwrap();
    assert_eq!(walk.find(&create, since), []);
    // Ours, and a second one of the same name.
    walk.ask(&Tiktok.plan(&job, &create, &KnownIds::new()).unwrap())
        .unwrap();
    assert_eq!(walk.find(&create, since).len(), 1);
    let mut twin = job.clone();
    twin.campaign.id = omnitraffick::engine::model::ids::CampaignId::new(uuid::Uuid::from_u128(8));
    walk.ask(&Tiktok.plan(&twin, &create, &KnownIds::new()).unwrap())
        .unwrap();
    assert_eq!(walk.find(&create, since).len(), 2);
    // More than one page of look-alikes: every page is read.
    for n in 0..230 {
        let other = Job {
            name: format!("LUM_US_TIKTOK_2026_WinterSale{n}"),
            ..job.clone()
        };
        walk.ask(&Tiktok.plan(&other, &create, &KnownIds::new()).unwrap())
            .unwrap();
    }
    assert_eq!(walk.find(&create, since).len(), 2);
}
