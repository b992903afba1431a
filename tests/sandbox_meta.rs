//! What we say to Meta and what the simulated Meta says back, side by side: every step of a ticket is carried out, its
//! answer understood, and its object found again without a difference.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

use std::{sync::Arc, time::Duration};

use omnitraffick::{
    engine::{
        clock::{Clock, ManualClock},
        model::{
            campaign::Campaign,
            deploy::{Job, OutcomeClass, Step, StepAction},
            governance::Account,
            ids::{BrandId, CampaignId, MarketId, TicketId, TicketNo},
            json::CanonicalJson,
            money::{Budget, BudgetKind, Money},
            platform::{ExternalId, ObjectKind, PlatformId},
            ticket::{RequestType, Target},
            time::{Flight, Timestamp},
        },
    },
    platforms::{
        Exchange, KnownIds, LookUp, Platform, WireRequest,
        meta::Meta,
        sandbox::{Sandbox, memory::MemoryTransport, script::Script},
        transport::{FixedToken, Secret, Transport},
    },
};
use rstest::rstest;
use serde_json::json;

fn budget(kind: BudgetKind, amount: &str, currency: &str) -> Budget {
    Budget {
        kind,
        money: Money::parse(amount, currency.parse().unwrap()).unwrap(),
    }
}

fn job(level: &str, budget: Budget, zone: &str) -> Job {
    let any = uuid::Uuid::from_u128(7);
    Job {
        request: RequestType::Create,
        account: Account {
            id: "act_1001".parse().unwrap(),
            name: "Lumen".to_owned(),
            currency: budget.money.currency(),
            timezone: zone.to_owned(),
        },
        name: "DIS_US_META_2026_MoanaLaunch".to_owned(),
        target: None,
        budget: Some(budget),
        flight: Some(Flight {
            start: "2026-12-01".parse().unwrap(),
            end: Some("2026-12-31".parse().unwrap()),
        }),
        payload: CanonicalJson::new(&json!({
            "campaign": {
                "objective": "OUTCOME_TRAFFIC", "budget_level": level, "bid_strategy": "LOWEST_COST_WITHOUT_CAP",
                "special_ad_categories": ["NONE"], "buying_type": "AUCTION", "is_adset_budget_sharing_enabled": false,
            },
            "ad_set": {
                "optimization_goal": "LINK_CLICKS", "billing_event": "IMPRESSIONS",
                "targeting": {
                    "geo_locations": {"countries": ["US"]}, "age_min": 18, "age_max": 65,
                    "targeting_automation": {"advantage_audience": 0},
                },
            },
            "creative": {"object_story_spec": {
                "page_id": "111",
                "link_data": {
                    "link": "https://example.com/launch", "message": "See it first", "name": "Launch week",
                    "image_hash": "9fdba2b8a67f3d34b6a1c2e4d5f60718", "call_to_action": {"type": "LEARN_MORE"},
                },
            }},
            "ad": {},
        })),
        campaign: Campaign {
            id: CampaignId::new(any),
            brand: BrandId::new(any),
            market: MarketId::new(any),
            year: 2026,
            label: "MoanaLaunch".parse().unwrap(),
            title: "Moana launch".to_owned(),
            budget: None,
            flight: None,
            retired: false,
            created_at: Timestamp::default(),
        },
    }
}

struct Bench {
    sandbox: Arc<Sandbox>,
    transport: MemoryTransport,
    clock: Arc<ManualClock>,
    ids: KnownIds,
}

impl Bench {
    fn new(script: &str) -> Self {
        let sandbox = Arc::new(Sandbox::from_script(Script::parse("test.toml", script).unwrap()));
        let clock = Arc::new(ManualClock::at(Timestamp::parse("2026-11-20T09:00:00.7Z").unwrap()));
        let credentials = Arc::new(FixedToken(Secret::from_source("EAAB-test").unwrap()));
        let time: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
        let transport = MemoryTransport::new(Arc::clone(&sandbox), time, credentials);
        Self {
            sandbox,
            transport,
            clock,
            ids: KnownIds::new(),
        }
    }

    async fn send(&self, job: &Job, request: &WireRequest) -> Exchange {
        self.transport.send(PlatformId::Meta, &job.account.id, request).await
    }

    /// Carries one step out and takes its id.
    async fn step(&mut self, job: &Job, step: &Step) -> OutcomeClass {
        let request = Meta.plan(job, step, &self.ids).unwrap();
        let answer = self.send(job, &request).await;
        let outcome = Meta.interpret(job, step, &answer, self.clock.now());
        if outcome.class != OutcomeClass::Done {
            return outcome.class;
        }
        if step.action == StepAction::Create {
            let id = outcome.external_id.expect("a create gives an id");
            self.ids.insert(step.key.clone(), id);
        }
        outcome.class
    }

    /// Looks a step's object up over all pages.
    async fn look_up(
        &self,
        job: &Job,
        step: &Step,
        since: Timestamp,
    ) -> Vec<(ExternalId, Vec<omnitraffick::engine::model::difference::Difference>)> {
        let mut request = Meta.look_up(job, step, &self.ids, since).unwrap();
        let mut all = Vec::new();
        for _ in 0..10 {
            let answer = self.send(job, &request).await;
            let (found, next) = match Meta.interpret_look_up(job, step, &self.ids, since, &answer, self.clock.now()) {
                LookUp::Counted(found) => (found, None),
                LookUp::More { found, next } => (found, Some(next)),
                LookUp::NotCounted(outcome) => panic!("{outcome:?}"),
            };
            all.extend(found.into_iter().map(|f| (f.id, f.differences)));
            match next {
                Some(next) => request = next,
                None => return all,
            }
        }
        panic!("the listing has no end");
    }
}

#[rstest]
#[tokio::test]
async fn every_step_is_carried_out_understood_and_found_again(
    #[values("campaign", "ad_set")] level: &str,
    #[values(BudgetKind::Daily, BudgetKind::Lifetime)] kind: BudgetKind,
    #[values(("USD", "America/New_York"), ("JPY", "Asia/Tokyo"), ("HUF", "Europe/Budapest"))] place: (&str, &str),
    #[values("", "[world]\nempty_first_page = true")] pages: &str,
) {
    let (currency, zone) = place;
    let account = format!("[[world.account]]\nid = \"act_1001\"\ncurrency = \"{currency}\"\ntimezone = \"{zone}\"\n");
    let mut bench = Bench::new(&format!("{pages}\n{account}"));
    let job = job(level, budget(kind, "120000", currency), zone);
    assert_eq!(Meta.check(&job), []);
    let since = bench.clock.now();
    for step in Meta.steps(&job).unwrap() {
        let class = bench.step(&job, &step).await;
        assert_eq!(class, OutcomeClass::Done, "{}", step.key);
        if step.action == StepAction::Create {
            let found = bench.look_up(&job, &step, since).await;
            let id = bench.ids[&step.key].clone();
            assert_eq!(found, [(id.clone(), vec![])], "{}", step.key);
            let answer = bench.send(&job, &Meta.read(&job, &step, &id)).await;
            let read = Meta.interpret_read(&job, &step, &answer, bench.clock.now()).unwrap();
            assert_eq!(read.map(|f| f.differences), Some(vec![]), "{}", step.key);
        }
    }
    // Everything runs once the last step is done.
    let seen = bench.sandbox.snapshot(bench.clock.now());
    assert_eq!(seen.len(), 4);
    assert!(seen.iter().all(|o| o.effective_status == "ACTIVE"), "{seen:?}");

    let mut answers = Vec::new();
    for probe in Meta.probe(&job.account) {
        answers.push(bench.send(&job, &probe).await);
    }
    assert_eq!(Meta.interpret_probe(&job.account, &answers).problems, []);
}

#[rstest]
#[case::lost("drop_after", 1)]
#[case::twin("twin", 2)]
#[case::nothing_made("drop_before", 0)]
#[tokio::test]
async fn a_lost_create_is_unknown_and_a_look_up_counts_what_there_is(#[case] fault: &str, #[case] count: usize) {
    let mut bench = Bench::new(&format!(
        "[world]\nlisting_lag_seconds = 20\n[[rule]]\nmethod = \"POST\"\ntimes = 1\naction = \"{fault}\""
    ));
    let job = job("campaign", budget(BudgetKind::Daily, "100", "USD"), "UTC");
    let step = Meta.steps(&job).unwrap().remove(0);
    let since = bench.clock.now();
    assert_eq!(bench.step(&job, &step).await, OutcomeClass::Unknown);
    assert_eq!(bench.look_up(&job, &step, since).await, [], "the listing lags");
    bench.clock.advance(Duration::from_secs(30));
    let found = bench.look_up(&job, &step, since).await;
    assert_eq!(found.len(), count, "{found:?}");
    assert!(found.iter().all(|(_, differences)| differences.is_empty()), "{found:?}");
}

#[rstest]
#[case::rate_limit("{ rate_limit = { minutes = 3 } }", &[OutcomeClass::RateLimited])]
#[case::too_many("{ http = { status = 429, before = true } }", &[OutcomeClass::RateLimited])]
#[case::after("{ http = { status = 500 } }", &[OutcomeClass::Unknown])]
#[case::before("{ http = { status = 503, before = true } }", &[OutcomeClass::Unknown])]
#[case::words("{ http = { status = 200, body = \"Service temporarily unavailable\" } }", &[OutcomeClass::Unknown])]
#[case::no_id("{ http = { status = 200, body = '{\"id\":null}' } }", &[OutcomeClass::Unknown])]
#[case::token("\"bad_token\"", &[OutcomeClass::AuthExpired, OutcomeClass::LaneBlocked])]
#[case::invalid("{ error = { code = 100, field = \"name\" } }", &[OutcomeClass::Rejected])]
#[case::permission("{ error = { code = 294 } }", &[OutcomeClass::LaneBlocked])]
#[tokio::test]
async fn faults_are_understood_for_what_they_are(#[case] action: &str, #[case] expected: &[OutcomeClass]) {
    let mut bench = Bench::new(&format!("[[rule]]\naction = {action}"));
    let job = job("campaign", budget(BudgetKind::Daily, "100", "USD"), "UTC");
    let step = Meta.steps(&job).unwrap().remove(0);
    let class = bench.step(&job, &step).await;
    assert!(expected.contains(&class), "{class:?}");
}

#[tokio::test]
async fn a_block_says_how_long_to_wait_and_is_over_then() {
    let mut bench = Bench::new("[world.limits]\nmax_score = 3\nblock_seconds = 300");
    let job = job("campaign", budget(BudgetKind::Daily, "100", "USD"), "UTC");
    let step = Meta.steps(&job).unwrap().remove(0);
    assert_eq!(bench.step(&job, &step).await, OutcomeClass::Done);
    let request = Meta.plan(&job, &step, &bench.ids).unwrap();
    let answer = bench.send(&job, &request).await;
    let outcome = Meta.interpret(&job, &step, &answer, bench.clock.now());
    assert_eq!(outcome.class, OutcomeClass::RateLimited);
    let wait = outcome.wait_until.unwrap().since(bench.clock.now());
    assert_eq!(wait, Duration::from_secs(300));
    bench.clock.advance(wait);
    assert_eq!(bench.step(&job, &step).await, OutcomeClass::Done);
}

#[rstest]
#[case::minutes("minutes = 3", 180)]
#[case::seconds("seconds = 5", 5)]
#[tokio::test]
async fn a_scripted_rate_limit_is_waited_for_as_long_as_it_says(#[case] wait: &str, #[case] seconds: u64) {
    let bench = Bench::new(&format!("[[rule]]\naction = {{ rate_limit = {{ {wait} }} }}"));
    let job = job("campaign", budget(BudgetKind::Daily, "100", "USD"), "UTC");
    let step = Meta.steps(&job).unwrap().remove(0);
    let request = Meta.plan(&job, &step, &bench.ids).unwrap();
    let answer = bench.send(&job, &request).await;
    let now = bench.clock.now();
    let outcome = Meta.interpret(&job, &step, &answer, now);
    assert_eq!(outcome.wait_until.unwrap().since(now), Duration::from_secs(seconds));
    // The whole account waits that long, too.
    let usage = Meta.usage(&answer.unwrap(), &job.account.id, now).unwrap();
    assert_eq!(usage.blocked_until, outcome.wait_until);
}

#[rstest]
#[case::budget(RequestType::UpdateBudget, "daily_budget", "15000")]
#[case::pause(RequestType::Pause, "", "PAUSED")]
#[case::resume(RequestType::Resume, "", "ACTIVE")]
#[case::archive(RequestType::Archive, "", "ARCHIVED")]
#[tokio::test]
async fn changes_take_effect(#[case] request: RequestType, #[case] field: &str, #[case] expected: &str) {
    let mut bench = Bench::new("");
    let create = job("campaign", budget(BudgetKind::Daily, "100", "USD"), "UTC");
    for step in Meta.steps(&create).unwrap() {
        bench.step(&create, &step).await;
    }
    let change = Job {
        request,
        target: Some(Target {
            ticket: TicketId::new(uuid::Uuid::from_u128(4)),
            no: TicketNo::FIRST,
            kind: ObjectKind::Campaign,
            external_id: bench.ids["campaign"].clone(),
            seen_budget: create.budget,
        }),
        budget: (request == RequestType::UpdateBudget).then(|| budget(BudgetKind::Daily, "150", "USD")),
        ..create
    };
    for step in Meta.steps(&change).unwrap() {
        assert_eq!(bench.step(&change, &step).await, OutcomeClass::Done, "{}", step.key);
    }
    let seen = bench.sandbox.snapshot(bench.clock.now()).remove(0);
    if field.is_empty() {
        assert_eq!(seen.effective_status, expected);
    } else {
        assert_eq!(seen.fields[field], expected);
    }
}
