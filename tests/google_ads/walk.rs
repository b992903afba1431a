//! Whole tickets walked through the simulated Google Ads: what we plan it accepts, what it answers we understand, and what
//! it made we find again under its name, without a difference.

use std::time::Duration;

use fastrand::Rng;
use omnitraffick::{
    engine::model::{
        deploy::{Job, OutcomeClass, Step, StepAction},
        difference::Difference,
        ids::{TicketId, TicketNo},
        money::Budget,
        platform::{ExternalId, ObjectKind, PlatformId},
        ticket::{RequestType, Target},
        time::Timestamp,
    },
    platforms::{
        Exchange, KnownIds, LookUp, Platform, WireRequest,
        google_ads::GoogleAds,
        sandbox::{
            config::{AccountSpec, Limits, WorldConfig},
            world::World,
        },
    },
};
use serde_json::json;

use crate::tickets::amount;

const TICKETS: u32 = 300;

pub struct Walk {
    pub world: World,
    pub now: Timestamp,
    pub job: Job,
    pub ids: KnownIds,
}

impl Walk {
    pub fn new(job: Job) -> Self {
        Self::with(job, 0)
    }

    pub fn with(job: Job, listing_lag_seconds: u64) -> Self {
        let config = WorldConfig {
            limits: Limits {
                max_score: 1_000_000,
                ..Limits::default()
            },
            listing_lag_seconds,
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
    pub fn ask(&mut self, request: &WireRequest) -> Exchange {
        Ok(self.world.handle(self.now, PlatformId::GoogleAds, request, "token"))
    }

    /// Sends every step of the job; all must be done.
    pub fn go(&mut self) -> Vec<Step> {
        let steps = GoogleAds.steps(&self.job).unwrap();
        for step in &steps {
            let request = GoogleAds.plan(&self.job, step, &self.ids).unwrap();
            let exchange = self.ask(&request);
            let outcome = GoogleAds.interpret(&self.job, step, &exchange, self.now);
            assert_eq!(
                outcome.class,
                OutcomeClass::Done,
                "{}: {outcome:?}\n{request:?}",
                step.key
            );
            if let Some(id) = outcome.external_id {
                self.ids.insert(step.key.clone(), id);
            }
            if step.action == StepAction::Create {
                let kinds: Vec<_> = GoogleAds
                    .made(&self.job, step, &exchange)
                    .iter()
                    .map(|m| m.kind)
                    .collect();
                assert_eq!(kinds, [ObjectKind::AdSet, ObjectKind::Ad]);
            }
        }
        steps
    }

    pub fn differences(&mut self, step: &Step, id: &ExternalId) -> Vec<Difference> {
        let request = GoogleAds.read(&self.job, step, id);
        let exchange = self.ask(&request);
        let found = GoogleAds.interpret_read(&self.job, step, &exchange, self.now).unwrap();
        found.unwrap().differences
    }

    /// Looks the tree up as after a lost answer; `None` when the look does not count.
    pub fn find(&mut self, step: &Step) -> Option<Vec<(ExternalId, Vec<Difference>)>> {
        let mut found = Vec::new();
        let mut request = GoogleAds.look_up(&self.job, step, &self.ids, self.now).unwrap();
        for _ in 0..10 {
            let exchange = self.ask(&request);
            match GoogleAds.interpret_look_up(&self.job, step, &self.ids, self.now, &exchange, self.now) {
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

    pub fn change(&mut self, request: RequestType, budget: Option<Budget>) {
        self.job.request = request;
        self.job.target = Some(Target {
            ticket: TicketId::new(uuid::Uuid::from_u128(1)),
            no: TicketNo::FIRST,
            kind: ObjectKind::Tree,
            external_id: self.ids["tree"].clone(),
            seen_budget: self.job.budget,
        });
        self.job.budget = budget.or(self.job.budget);
    }
}

#[test]
fn tickets_are_created_found_again_and_changed() {
    let mut rng = Rng::with_seed(20_261_121);
    for _ in 0..TICKETS {
        let job = crate::tickets::job(&mut rng, RequestType::Create);
        let mut walk = Walk::new(job.clone());
        let steps = walk.go();
        let id = walk.ids["tree"].clone();
        // The campaign runs by now, and nothing else may differ.
        let found = walk.find(&steps[0]).unwrap();
        let [(found_id, differences)] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert_eq!(found_id, &id);
        assert_eq!(differences, &["status is ENABLED, asked was PAUSED"]);
        assert_eq!(walk.differences(&steps[1], &id), Vec::<String>::new());

        let old = job.budget.unwrap();
        let new = Budget {
            money: amount(12_345_678, job.account.currency),
            ..old
        };
        walk.change(RequestType::UpdateBudget, Some(new));
        let [check, set] = &GoogleAds.steps(&walk.job).unwrap()[..] else {
            panic!("check and set")
        };
        let request = GoogleAds.plan(&walk.job, check, &walk.ids).unwrap();
        let exchange = walk.ask(&request);
        assert_eq!(GoogleAds.read_budget(&walk.job, &exchange), Some(old));
        walk.go();
        assert_eq!(walk.differences(set, &id), Vec::<String>::new());

        for request in [RequestType::Pause, RequestType::Resume, RequestType::Archive] {
            walk.change(request, None);
            let [step] = &walk.go()[..] else { panic!("one step") };
            assert_eq!(walk.differences(step, &id), Vec::<String>::new(), "{request}");
        }
        // Removing twice is fine; changing what is removed is not.
        walk.go();
        for request in [RequestType::UpdateBudget, RequestType::Pause] {
            walk.change(request, None);
            let first = GoogleAds.steps(&walk.job).unwrap().remove(0);
            let request = GoogleAds.plan(&walk.job, &first, &walk.ids).unwrap();
            let exchange = walk.ask(&request);
            let outcome = GoogleAds.interpret(&walk.job, &first, &exchange, walk.now);
            assert_eq!(outcome.class, OutcomeClass::Rejected, "{outcome:?}");
            assert_eq!(outcome.field, Some("target".into()));
        }
        // Its name is free again.
        walk.job = job;
        walk.go();
    }
}

/// While the list lags a look finds nothing; it never finds half a tree.
#[test]
fn a_look_up_under_listing_lag() {
    let job = crate::tickets::job(&mut Rng::with_seed(3), RequestType::Create);
    let mut walk = Walk::with(job, 20);
    let steps = GoogleAds.steps(&walk.job).unwrap();
    let request = GoogleAds.plan(&walk.job, &steps[0], &walk.ids).unwrap();
    walk.ask(&request).unwrap();
    assert_eq!(walk.find(&steps[0]), Some(vec![]));
    walk.now = walk.now.plus(Duration::from_secs(20));
    let found = walk.find(&steps[0]).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].1, Vec::<String>::new());
}

/// The same name in another account is somebody else's.
#[test]
fn a_namesake_in_another_account_is_not_found() {
    let job = crate::tickets::job(&mut Rng::with_seed(4), RequestType::Create);
    let mut walk = Walk::new(job.clone());
    walk.job.account.id = "1000000001".parse().unwrap();
    walk.job.account.currency = "USD".parse().unwrap();
    walk.job.budget = Some(Budget {
        money: amount(5_000, walk.job.account.currency),
        ..job.budget.unwrap()
    });
    let steps = walk.go();
    walk.job = job;
    assert_eq!(walk.find(&steps[0]), Some(vec![]));
}

#[test]
fn a_throttled_look_up_does_not_count() {
    let job = crate::tickets::job(&mut Rng::with_seed(5), RequestType::Create);
    let mut walk = Walk::new(job.clone());
    walk.world = World::new(&WorldConfig {
        limits: Limits {
            max_score: 3,
            ..Limits::default()
        },
        ..WorldConfig::default()
    });
    let step = GoogleAds.steps(&walk.job).unwrap().remove(0);
    let looks: Vec<_> = (0..5).map(|_| walk.find(&step).is_some()).collect();
    assert_eq!(looks, [true, true, true, false, false]);
}

/// What the simulated Google refuses comes back to the field of the form.
#[test]
fn refusals_point_at_the_form() {
    let good = crate::tickets::job(&mut Rng::with_seed(6), RequestType::Create);
    let least = |job: &mut Job| {
        let kind = job.budget.unwrap().kind;
        job.budget = Some(Budget {
            kind,
            money: amount(1, job.account.currency),
        });
    };
    let past = |job: &mut Job| job.flight.as_mut().unwrap().start = "2026-01-01".parse().unwrap();
    let refused = |spoil: &dyn Fn(&mut Job)| {
        let mut walk = Walk::new(good.clone());
        spoil(&mut walk.job);
        let step = GoogleAds.steps(&walk.job).unwrap().remove(0);
        let request = GoogleAds.plan(&walk.job, &step, &walk.ids).unwrap();
        let exchange = walk.ask(&request);
        let outcome = GoogleAds.interpret(&walk.job, &step, &exchange, walk.now);
        assert_eq!(outcome.class, OutcomeClass::Rejected, "{outcome:?}");
        assert!(outcome.request_id.is_some_and(|id| id.starts_with("req")));
        assert!(walk.world.snapshot(walk.now).is_empty(), "all or nothing");
        outcome.field.unwrap().0
    };
    assert_eq!(refused(&least), "budget");
    assert_eq!(refused(&past), "flight.start");
    // A keyword our notation lets through.
    let keyword = |job: &mut Job| {
        let mut payload = job.payload.value();
        payload["ad_group"]["keywords"] = json!(["fine", "50% off"]);
        job.payload = omnitraffick::engine::model::json::CanonicalJson::new(&payload);
    };
    assert_eq!(refused(&keyword), "payload.ad_group.keywords[1]");
}
