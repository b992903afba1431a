//! Stops, allowances and breakers of lanes, one answer at a time.

use super::*;
use crate::engine::{deploy::pace::breaker::Stand, model::rate::Rate};

const META: PlatformId = PlatformId::Meta;
const TIKTOK: PlatformId = PlatformId::Tiktok;

fn t(seconds: u64) -> Timestamp {
    Timestamp::from_micros(0).plus(Duration::from_secs(seconds))
}

fn account() -> AccountId {
    "act_1".parse().unwrap()
}

fn key(n: u32) -> LaneKey {
    (META, format!("act_{n}").parse().unwrap())
}

fn paced() -> Lanes {
    let of = |account, app| Allowance { account, app };
    Lanes::new(BTreeMap::from([
        (META, of(Some(Rate::new(100, 100_000)), None)),
        (TIKTOK, of(None, Some(Rate::new(10, 10_000)))),
    ]))
}

fn see(lanes: &Lanes, class: OutcomeClass, wait: Option<u64>, usage: Option<Usage>) {
    let outcome = Outcome {
        class,
        at: t(0),
        http_status: None,
        code: None,
        request_id: None,
        words: "words".into(),
        field: None,
        external_id: None,
        wait_until: wait.map(t),
    };
    lanes.observe(&key(1), &outcome, usage.as_ref(), Duration::from_secs(300));
}

fn used(percent: u32, blocked_until: Option<u64>) -> Usage {
    Usage {
        percent,
        blocked_until: blocked_until.map(t),
        allowance: None,
    }
}

fn until(lanes: &Lanes) -> Option<Timestamp> {
    lanes.next_release(t(0))
}

#[test]
fn the_longer_wait_stands() {
    let lanes = Lanes::default();
    see(&lanes, OutcomeClass::RateLimited, None, Some(used(100, Some(1800))));
    assert_eq!(until(&lanes), Some(t(1800)), "the platform named a time");
    see(&lanes, OutcomeClass::RateLimited, Some(30), None);
    see(&lanes, OutcomeClass::LaneBlocked, None, None);
    assert_eq!(until(&lanes), Some(t(1800)));
    see(&lanes, OutcomeClass::Parked, Some(3600), None);
    assert_eq!(until(&lanes), Some(t(3600)));
}

#[test]
fn a_block_ends_with_a_call_that_works_or_a_person_a_rate_limit_with_neither() {
    let lanes = Lanes::default();
    see(&lanes, OutcomeClass::LaneBlocked, None, None);
    assert!(matches!(
        lanes.stopped(META, &account(), t(1)),
        Some(Why::LaneBlocked { .. })
    ));
    see(&lanes, OutcomeClass::Done, None, None);
    assert_eq!(until(&lanes), None);
    see(&lanes, OutcomeClass::LaneBlocked, None, None);
    lanes.release(META, &account());
    assert_eq!(until(&lanes), None);
    see(&lanes, OutcomeClass::RateLimited, Some(90), None);
    see(&lanes, OutcomeClass::Done, None, None);
    lanes.release(META, &account());
    assert_eq!(until(&lanes), Some(t(90)));
    assert_eq!(lanes.stopped(META, &account(), t(90)), None, "it ends by itself");
}

#[rstest::rstest]
#[case::low(40, 100, None)]
#[case::slow(80, 20, None)]
#[case::stop(96, 4, Some(60))]
fn usage_headers_slow_and_stop(#[case] percent: u32, #[case] left: u32, #[case] stop: Option<u64>) {
    let lanes = paced();
    see(&lanes, OutcomeClass::Done, None, Some(used(percent, None)));
    assert_eq!(lanes.pace(META, &account(), t(0)).unwrap().left, left);
    assert_eq!(until(&lanes), stop.map(t));
}

#[test]
fn where_the_platform_says_when_nothing_is_waited_for_after_that() {
    let lanes = paced();
    see(&lanes, OutcomeClass::Done, None, Some(used(100, Some(2))));
    assert_eq!(until(&lanes), Some(t(2)));
    assert_eq!(lanes.spend(&key(1), 1, Purpose::Work, t(2)), Ok(()));
}

#[test]
fn a_lower_tier_is_learnt_from_the_answer() {
    let lanes = paced();
    let usage = Usage {
        allowance: Some(Rate::new(10, 100_000)),
        ..used(10, None)
    };
    see(&lanes, OutcomeClass::Done, None, Some(usage));
    let pace = lanes.pace(META, &account(), t(0)).unwrap();
    assert_eq!((pace.left, pace.rate.tokens), (10, 10));
}

#[test]
fn accounts_share_what_the_application_has() {
    let lanes = paced();
    let on = |n: u32| (TIKTOK, n.to_string().parse().unwrap());
    for n in 0..8 {
        assert_eq!(lanes.spend(&on(n), 1, Purpose::Work, t(0)), Ok(()));
    }
    let short = Err(Short::App(Duration::from_secs(1)));
    assert_eq!(lanes.spend(&on(9), 1, Purpose::Work, t(0)), short);
    assert_eq!(lanes.spend(&on(9), 1, Purpose::Settle, t(0)), Ok(()), "the reserve");
    let first = on(0);
    assert!(lanes.pace(TIKTOK, &first.1, t(0)).unwrap().shared);
}

#[test]
fn an_accounts_spending_is_its_own() {
    let lanes = paced();
    lanes.spend(&key(1), 80, Purpose::Work, t(0)).unwrap();
    assert!(matches!(
        lanes.spend(&key(1), 1, Purpose::Work, t(0)),
        Err(Short::Account(_))
    ));
    assert_eq!(lanes.spend(&key(2), 80, Purpose::Work, t(0)), Ok(()));
}

fn fail(lanes: &Lanes, n: u32) {
    for _ in 0..5 {
        lanes.called(&key(n), Some(Silence::Status(503)), t(0));
    }
}

#[test]
fn an_open_breaker_stops_its_account_and_one_probe_opens_the_way() {
    let lanes = paced();
    fail(&lanes, 1);
    assert_eq!(lanes.gate(&key(1), t(1)), Gate::Shut);
    assert_eq!(lanes.gate(&key(2), t(1)), Gate::Open);
    assert_eq!(until(&lanes), Some(t(30)));
    assert_eq!(lanes.gate(&key(1), t(30)), Gate::Probe);
    assert_eq!(lanes.gate(&key(1), t(30)), Gate::Shut, "one probe at a time");
    lanes.probed(&key(1), false, t(31));
    assert_eq!(lanes.gate(&key(1), t(31)), Gate::Open);
}

#[test]
fn three_open_accounts_open_the_platform() {
    let lanes = paced();
    for n in 1..3 {
        fail(&lanes, n);
    }
    assert_eq!(lanes.gate(&key(9), t(1)), Gate::Open);
    fail(&lanes, 3);
    assert_eq!(lanes.gate(&key(9), t(1)), Gate::Shut);
    assert!(lanes.any_platform_down(t(1)));
    let view = lanes.breaker(META, &key(9).1);
    assert!(view.platform && view.stand == Stand::Open);
    assert_eq!((view.since, &*view.after), (Some(t(0)), "15 x 503"), "of all three");
    // Whoever comes first asks for all; the others still ask for themselves.
    assert_eq!(lanes.gate(&key(9), t(30)), Gate::Probe);
    assert_eq!(lanes.gate(&key(8), t(30)), Gate::Shut);
    lanes.probed(&key(9), false, t(31));
    assert_eq!(lanes.gate(&key(8), t(31)), Gate::Open);
    assert_eq!(lanes.gate(&key(1), t(31)), Gate::Probe);
}
