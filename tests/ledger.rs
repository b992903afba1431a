//! The ledger's moves: every outcome class, every way out of doubt, and what can never happen.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

use std::time::Duration;

use omnitraffick::engine::{
    decide::command::Resolution,
    deploy::ledger::{self, Look, Next},
    model::{
        campaign::Campaign,
        deploy::{
            Deploy, DeployState, Job, Leftovers, LookUpRead, Outcome, OutcomeClass, Step, StepAction, StepState, Why,
        },
        event::EventKind,
        governance::Account,
        ids::{BrandId, CampaignId, DeployId, MarketId, TicketId, TicketNo},
        json::{CanonicalJson, Sha},
        platform::{ExternalId, ObjectKind, PlatformId},
        ticket::{Priority, RequestType},
        time::Timestamp,
    },
    policy::Policy,
    store::{codec, schema::Restored},
};
use proptest::prelude::*;
use rstest::rstest;
use uuid::Uuid;

fn t(seconds: u64) -> Timestamp {
    Timestamp::parse("2026-11-20T10:00:00Z")
        .unwrap()
        .plus(Duration::from_secs(seconds))
}

fn step(key: &str, action: StepAction) -> Step {
    let name = if action == StepAction::Create {
        format!("N_{key}")
    } else {
        String::new()
    };
    Step::planned(key, ObjectKind::Campaign, action, name, None)
}

fn deploy() -> Deploy {
    let account = Account {
        id: "act_1".parse().unwrap(),
        name: "Acme".into(),
        currency: "USD".parse().unwrap(),
        timezone: "UTC".into(),
    };
    let campaign = Campaign {
        id: CampaignId::new(Uuid::from_u128(3)),
        brand: BrandId::new(Uuid::from_u128(4)),
        market: MarketId::new(Uuid::from_u128(5)),
        year: 2026,
        label: "X".parse().unwrap(),
        title: "X".into(),
        budget: None,
        flight: None,
        retired: false,
        created_at: t(0),
    };
    Deploy {
        id: DeployId::new(Uuid::from_u128(1)),
        ticket: TicketId::new(Uuid::from_u128(2)),
        no: TicketNo(1001),
        platform: PlatformId::Meta,
        account: account.id.clone(),
        priority: Priority::Normal,
        payload_hash: Sha::default(),
        job: Job {
            request: RequestType::Create,
            account,
            name: "N".into(),
            target: None,
            budget: None,
            flight: None,
            payload: CanonicalJson::default(),
            campaign,
        },
        state: DeployState::Open,
        steps: vec![
            step("campaign", StepAction::Create),
            step("ad_set", StepAction::Create),
            step("activate", StepAction::Set),
        ],
        paused_by: None,
        cancel: None,
        not_before: None,
        run_at: Some(t(0)),
        why: Why::Queued,
        started_at: t(0),
        finished_at: None,
    }
}

fn answer(class: OutcomeClass, at: Timestamp) -> Outcome {
    Outcome {
        class,
        at,
        http_status: Some(200),
        code: None,
        request_id: None,
        words: "words".into(),
        field: None,
        external_id: (class == OutcomeClass::Done).then(|| ExternalId("120".into())),
        wait_until: None,
    }
}

/// Sends the step at hand and records the answer.
fn send(d: &mut Deploy, class: OutcomeClass, at: Timestamp) -> ledger::Moved {
    let (_, s) = ledger::current(d).unwrap();
    let (key, n) = (s.key.clone(), ledger::next_attempt(s));
    ledger::intend(d, &key, n, Sha::default(), 1, at).unwrap();
    ledger::outcome(d, &key, n, answer(class, at), 7, &Policy::default()).unwrap()
}

fn look(d: &mut Deploy, found: Option<u32>, at: Timestamp) -> ledger::Moved {
    let key = ledger::current(d).unwrap().1.key.clone();
    let ids: Vec<_> = (0..found.unwrap_or(0)).map(|n| ExternalId(format!("9{n}"))).collect();
    let adopt = (found == Some(1)).then(|| ids[0].clone());
    let read = LookUpRead {
        at,
        found,
        ids,
        note: "note".into(),
    };
    ledger::looked(
        d,
        &key,
        Look {
            read,
            adopt,
            made: Vec::new(),
            mismatch: None,
        },
        &Policy::default(),
    )
    .unwrap()
}

#[test]
fn chain_has_one_ledger_row_per_step() {
    let mut d = deploy();
    for at in 0..3 {
        assert_eq!(ledger::next(&d, t(at)), Next::Send(usize::try_from(at).unwrap()));
        send(&mut d, OutcomeClass::Done, t(at));
    }
    assert_eq!(d.state, DeployState::Done);
    assert!(
        d.steps
            .iter()
            .all(|s| s.state == StepState::Confirmed && s.attempts.len() == 1)
    );
    assert_eq!(ledger::next(&d, t(9)), Next::Over);
}

#[rstest]
#[case::not_executed(OutcomeClass::NotExecuted, StepState::Planned, 1)]
#[case::rate_limited_costs_no_try(OutcomeClass::RateLimited, StepState::Planned, 0)]
#[case::parked_costs_no_try(OutcomeClass::Parked, StepState::Planned, 0)]
#[case::a_file_in_processing_costs_no_try(OutcomeClass::NotReady, StepState::Planned, 0)]
#[case::first_expired_token_is_sent_again(OutcomeClass::AuthExpired, StepState::Planned, 0)]
#[case::blocked_account_waits(OutcomeClass::LaneBlocked, StepState::Planned, 0)]
#[case::rejected_fails_fast(OutcomeClass::Rejected, StepState::Rejected, 0)]
#[case::maybe_ours_is_looked_up(OutcomeClass::MaybeOurs, StepState::Unknown, 0)]
#[case::unknown_is_looked_up(OutcomeClass::Unknown, StepState::Unknown, 0)]
#[case::differs_asks(OutcomeClass::Differs, StepState::NeedsOperator, 0)]
fn every_class_has_its_move(#[case] class: OutcomeClass, #[case] state: StepState, #[case] tries: u32) {
    let mut d = deploy();
    send(&mut d, class, t(0));
    assert_eq!(d.steps[0].state, state);
    assert_eq!(d.steps[0].tries, tries);
}

#[test]
fn first_429_does_not_fail_the_ticket() {
    let mut d = deploy();
    for n in 0..40 {
        send(&mut d, OutcomeClass::RateLimited, t(n * 60));
        assert_eq!(d.state, DeployState::Open);
    }
    send(&mut d, OutcomeClass::Done, t(41 * 60));
    assert_eq!(d.steps[0].state, StepState::Confirmed);
}

#[test]
fn a_file_in_processing_is_waited_for_in_sight_and_not_for_ever() {
    let mut d = deploy();
    send(&mut d, OutcomeClass::NotReady, t(0));
    assert!(matches!(&d.why, Why::Processing { .. }), "{:?}", d.why);
    assert!(d.run_at.is_some());
    send(&mut d, OutcomeClass::NotReady, t(7200));
    assert_eq!(d.state, DeployState::Open);
    send(&mut d, OutcomeClass::NotReady, t(7300));
    assert_eq!(d.state, DeployState::Failed);
}

#[test]
fn a_rate_limit_that_lasts_a_day_fails_after_all() {
    let mut d = deploy();
    for step in 0..=130 {
        if d.state == DeployState::Open {
            send(&mut d, OutcomeClass::RateLimited, t(step * 800));
        }
    }
    assert_eq!(d.state, DeployState::Failed);
}

#[test]
fn tries_are_spent_then_it_fails_with_the_last_reason() {
    let mut d = deploy();
    for n in 1..=6 {
        let moved = send(&mut d, OutcomeClass::NotExecuted, t(n * 1000));
        assert_eq!(d.state == DeployState::Failed, n == 6);
        assert_eq!(moved.failure.is_some(), n == 6);
    }
    assert!(ledger::current(&d).unwrap().1.state == StepState::Rejected);
}

#[test]
fn timeout_after_send_is_looked_up_not_resent() {
    let mut d = deploy();
    send(&mut d, OutcomeClass::Unknown, t(0));
    assert_eq!(ledger::next(&d, t(1)), Next::Wait);
    assert_eq!(ledger::next(&d, t(5)), Next::LookUp(0));
    look(&mut d, Some(1), t(5));
    assert_eq!(d.steps[0].state, StepState::Confirmed);
    assert_eq!(d.steps[0].external_id, Some(ExternalId("90".into())));
    assert_eq!(d.steps[0].attempts.len(), 1);
}

#[test]
fn absence_needs_every_planned_read() {
    let mut d = deploy();
    send(&mut d, OutcomeClass::Unknown, t(0));
    // The early look may find, but proves nothing.
    assert_eq!(look(&mut d, Some(0), t(5)).kind, EventKind::StepLookedUp);
    assert_eq!(look(&mut d, Some(0), t(45)).kind, EventKind::StepLookedUp);
    assert_eq!(
        look(&mut d, None, t(90)).kind,
        EventKind::StepLookedUp,
        "a failed read does not count"
    );
    assert_eq!(look(&mut d, Some(0), t(150)).kind, EventKind::StepLookedUp);
    assert_eq!(d.steps[0].state, StepState::Reconciling);
    assert_eq!(
        look(&mut d, Some(0), t(239)).kind,
        EventKind::StepLookedUp,
        "the last two are as far apart as planned"
    );
    assert_eq!(look(&mut d, Some(0), t(240)).kind, EventKind::StepAbsent);
    assert_eq!(ledger::next(&d, t(240)), Next::Send(0));
    assert_eq!(ledger::next_attempt(&d.steps[0]), 2);
}

#[test]
fn two_matches_ask_a_person() {
    let mut d = deploy();
    send(&mut d, OutcomeClass::Unknown, t(0));
    assert_eq!(look(&mut d, Some(2), t(5)).kind, EventKind::OperatorNeeded);
    assert_eq!((d.run_at, ledger::next(&d, t(9999))), (None, Next::Wait));
    let id = ExternalId("91".into());
    ledger::resolve(
        &mut d,
        "campaign",
        &Resolution::Adopt {
            id: id.clone(),
            force: false,
        },
        t(60),
    )
    .unwrap();
    assert_eq!(d.steps[0].external_id, Some(id));
    assert_eq!(ledger::next(&d, t(60)), Next::Send(1));
}

#[test]
fn an_open_intent_of_a_dead_engine_is_looked_up() {
    let mut d = deploy();
    ledger::intend(&mut d, "campaign", 1, Sha::default(), 1, t(0)).unwrap();
    assert_eq!(ledger::next(&d, t(1)), Next::Recover);
    ledger::recover(&mut d, &Policy::default(), t(1)).unwrap();
    assert_eq!(d.steps[0].state, StepState::Unknown);
    look(&mut d, Some(1), t(6));
    assert_eq!(d.steps[0].state, StepState::Confirmed);
}

#[test]
fn a_set_may_be_repeated_after_a_crash() {
    let mut d = deploy();
    send(&mut d, OutcomeClass::Done, t(0));
    send(&mut d, OutcomeClass::Done, t(1));
    ledger::intend(&mut d, "activate", 1, Sha::default(), 1, t(2)).unwrap();
    ledger::recover(&mut d, &Policy::default(), t(3)).unwrap();
    assert_eq!(ledger::next(&d, t(3)), Next::Send(2));
}

#[test]
fn retry_goes_on_at_the_first_unconfirmed_step() {
    let mut d = deploy();
    send(&mut d, OutcomeClass::Done, t(0));
    send(&mut d, OutcomeClass::Rejected, t(1));
    assert_eq!(d.state, DeployState::Failed);
    ledger::retry(&mut d, t(2));
    assert_eq!(ledger::next(&d, t(2)), Next::Send(1));
    assert_eq!(d.steps[0].attempts.len(), 1, "a confirmed step is never sent again");
}

#[test]
fn pause_stops_the_next_step_but_settles_what_is_in_doubt() {
    let mut d = deploy();
    send(&mut d, OutcomeClass::Unknown, t(0));
    ledger::pause(&mut d, "ana");
    assert_eq!(ledger::next(&d, t(5)), Next::LookUp(0));
    look(&mut d, Some(1), t(5));
    assert_eq!(ledger::next(&d, t(6)), Next::Wait);
    ledger::resume(&mut d, t(7));
    assert_eq!(ledger::next(&d, t(7)), Next::Send(1));
}

/// A due time on a paused deploy would have the executor claim it, find nothing to do, and claim it again, for ever.
#[rstest]
#[case::done(OutcomeClass::Done)]
#[case::not_executed(OutcomeClass::NotExecuted)]
#[case::rate_limited(OutcomeClass::RateLimited)]
#[case::expired(OutcomeClass::AuthExpired)]
#[case::blocked(OutcomeClass::LaneBlocked)]
fn a_pause_during_a_call_holds_after_it(#[case] class: OutcomeClass) {
    let mut d = deploy();
    ledger::intend(&mut d, "campaign", 1, Sha::default(), 1, t(0)).unwrap();
    ledger::pause(&mut d, "ana");
    ledger::outcome(&mut d, "campaign", 1, answer(class, t(1)), 7, &Policy::default()).unwrap();
    assert_eq!((d.run_at, &d.why), (None, &Why::Paused { by: "ana".into() }));
    assert!(ledger::hurry(&mut d, t(2)).is_err(), "it is resumed, not retried");
    ledger::resume(&mut d, t(400));
    assert!(matches!(ledger::next(&d, t(400)), Next::Send(_)));
}

#[test]
fn a_pause_in_doubt_holds_once_absence_is_believed() {
    let mut d = deploy();
    send(&mut d, OutcomeClass::Unknown, t(0));
    ledger::pause(&mut d, "ana");
    for at in [45, 90, 180] {
        look(&mut d, Some(0), t(at));
    }
    assert_eq!((d.run_at, &d.why), (None, &Why::Paused { by: "ana".into() }));
}

#[test]
fn what_was_given_up_in_doubt_is_looked_up_before_it_is_sent_again() {
    let mut d = deploy();
    send(&mut d, OutcomeClass::Unknown, t(0));
    look(&mut d, Some(2), t(5));
    ledger::resolve(&mut d, "campaign", &Resolution::Abandon, t(60)).unwrap();
    assert_eq!(d.state, DeployState::Failed);
    ledger::retry(&mut d, t(7200));
    assert_eq!(ledger::next(&d, t(7200)), Next::LookUp(0));
    // Long after the send, reads that count settle it without a person.
    for at in [7200, 7245] {
        assert_eq!(look(&mut d, Some(0), t(at)).kind, EventKind::StepLookedUp);
    }
    assert_eq!(look(&mut d, Some(0), t(7335)).kind, EventKind::StepAbsent);
    assert_eq!(ledger::next(&d, t(7335)), Next::Send(0));
}

/// A clock that jumps ahead makes every planned time past: reads one after the other prove nothing.
#[test]
fn absence_needs_the_planned_distances() {
    let mut d = deploy();
    send(&mut d, OutcomeClass::Unknown, t(0));
    let jump = 3600;
    look(&mut d, Some(0), t(jump));
    assert_eq!(d.steps[0].not_before, Some(t(jump + 45)));
    assert_eq!(look(&mut d, Some(0), t(jump + 1)).kind, EventKind::StepLookedUp);
    assert_eq!(look(&mut d, Some(0), t(jump + 45)).kind, EventKind::StepLookedUp);
    assert_eq!(look(&mut d, Some(0), t(jump + 134)).kind, EventKind::StepLookedUp);
    assert_eq!(look(&mut d, Some(0), t(jump + 135)).kind, EventKind::StepAbsent);
}

/// Whoever says that nothing was made may be wrong: what is found is asked about again, and only absence is sent again.
#[test]
fn none_exists_is_looked_up_once_more() {
    let mut d = deploy();
    send(&mut d, OutcomeClass::Unknown, t(0));
    look(&mut d, Some(0), t(45));
    look(&mut d, Some(2), t(90));
    ledger::resolve(&mut d, "campaign", &Resolution::NoneExists, t(100)).unwrap();
    assert_eq!(ledger::next(&d, t(100)), Next::LookUp(0), "looked up, not sent");
    assert_eq!(look(&mut d, Some(2), t(100)).kind, EventKind::OperatorNeeded);
    ledger::resolve(&mut d, "campaign", &Resolution::NoneExists, t(200)).unwrap();
    // What was there once needs the whole proof to be gone.
    for at in [200, 245] {
        assert_eq!(look(&mut d, Some(0), t(at)).kind, EventKind::StepLookedUp);
    }
    assert_eq!(look(&mut d, Some(0), t(335)).kind, EventKind::StepAbsent);
    assert_eq!(ledger::next(&d, t(335)), Next::Send(0));
}

/// "Go on all the same" with what was found makes that the step's object; with nothing it is no answer.
#[test]
fn going_on_takes_what_was_found() {
    let mut d = deploy();
    send(&mut d, OutcomeClass::Unknown, t(0));
    let read = LookUpRead {
        at: t(5),
        found: Some(1),
        ids: vec![ExternalId("77".into())],
        note: "differs".into(),
    };
    let differs = Look {
        read,
        adopt: None,
        made: Vec::new(),
        mismatch: Some("77 (status)".into()),
    };
    ledger::looked(&mut d, "campaign", differs, &Policy::default()).unwrap();
    ledger::resolve(&mut d, "campaign", &Resolution::Proceed, t(9)).unwrap();
    assert_eq!(d.steps[0].external_id, Some(ExternalId("77".into())));

    let mut d = deploy();
    send(&mut d, OutcomeClass::Unknown, t(0));
    look(&mut d, None, t(1900));
    assert!(ledger::resolve(&mut d, "campaign", &Resolution::Proceed, t(1901)).is_err());
    assert_eq!(d.steps[0].state, StepState::NeedsOperator);
}

/// A restored store may have sent this after the backup: it is looked up first, absence is believed as ever, and what
/// this store then sent itself is its own again.
#[rstest]
#[case::just_restored(0)]
#[case::long_after(90 * 24 * 3600)]
fn what_a_restored_store_may_have_forgotten_is_looked_up_first(#[case] later: u64) {
    let policy = Policy::default();
    let restored = Restored {
        at: t(100),
        taken_at: t(10),
        epoch: 4,
        by: "kim".into(),
    };
    let mut d = deploy();
    let now = t(100 + later);
    assert!(ledger::may_be_forgotten(&d.steps[0], &restored));
    // The same engine start that is in the backup cannot have been told apart.
    assert!(ledger::doubt_forgotten(&mut d, "campaign", &restored, 4, (&policy, now)).is_err());
    ledger::doubt_forgotten(&mut d, "campaign", &restored, 5, (&policy, now)).unwrap();
    assert_eq!(ledger::next(&d, now), Next::LookUp(0));
    assert_eq!(
        d.steps[0].attempts[0].intent_at, restored.taken_at,
        "objects made since then may be ours"
    );
    assert!(!ledger::may_be_forgotten(&d.steps[0], &restored), "once is enough");
    let mut at = now;
    for _ in 0..policy.reconcile_reads.len() + 2 {
        if d.steps[0].state == StepState::Planned {
            break;
        }
        look(&mut d, Some(0), at);
        at = d.run_at.unwrap();
    }
    assert_eq!(d.steps[0].state, StepState::Planned);
    assert_eq!(ledger::next(&d, at), Next::Send(0));
    let settled = *policy.reconcile_reads.last().unwrap();
    assert!(
        at >= restored.at.plus(settled),
        "what was sent last may still be on its way"
    );
    assert!(
        later == 0 || at.since(now) <= settled,
        "long after, only the distances between the looks remain"
    );
    // The next step may be forgotten too; a set may be repeated anyway.
    assert!(ledger::may_be_forgotten(&d.steps[1], &restored));
    assert!(!ledger::may_be_forgotten(&d.steps[2], &restored));
}

#[test]
fn look_ups_that_never_count_end_with_a_person() {
    let mut d = deploy();
    send(&mut d, OutcomeClass::Unknown, t(0));
    assert_eq!(look(&mut d, None, t(1700)).kind, EventKind::StepLookedUp);
    assert_eq!(look(&mut d, None, t(1900)).kind, EventKind::OperatorNeeded);
}

#[rstest]
#[case::leave_the_rest(Leftovers::KeepPaused)]
#[case::go_on_archiving(Leftovers::Archive)]
fn a_cancel_that_failed_while_archiving_can_be_asked_for_again(#[case] again: Leftovers) {
    let mut d = deploy();
    let archive = || vec![step("archive_campaign", StepAction::Set)];
    send(&mut d, OutcomeClass::Done, t(0));
    ledger::cancel(&mut d, Leftovers::Archive, archive(), t(1));
    send(&mut d, OutcomeClass::Rejected, t(2));
    assert!(!ledger::settle_cancel(&mut d, archive(), t(2)));
    assert_eq!(d.state, DeployState::Failed);
    let over = ledger::cancel(&mut d, again, archive(), t(3));
    if again == Leftovers::KeepPaused {
        assert!(over && d.state == DeployState::Cancelled);
    } else {
        assert!(!over && ledger::next(&d, t(3)) == Next::Send(1), "{d:?}");
        assert_eq!(d.cancel, Some(Leftovers::Archive));
    }
}

#[test]
fn cancel_waits_until_the_doubt_is_settled_then_archives() {
    let mut d = deploy();
    send(&mut d, OutcomeClass::Unknown, t(0));
    assert!(!ledger::cancel(&mut d, Leftovers::Archive, Vec::new(), t(1)));
    look(&mut d, Some(1), t(5));
    assert!(!ledger::settle_cancel(
        &mut d,
        vec![step("archive_campaign", StepAction::Set)],
        t(5)
    ));
    assert_eq!(
        d.steps.iter().map(|s| s.key.as_str()).collect::<Vec<_>>(),
        ["campaign", "archive_campaign"]
    );
    send(&mut d, OutcomeClass::Done, t(6));
    assert!(ledger::settle_cancel(&mut d, Vec::new(), t(6)));
    assert_eq!(d.state, DeployState::Cancelled);
}

/// A later deploy of a ticket may hold a step that was never sent before one that was given up in doubt.
#[rstest]
#[case(Leftovers::KeepPaused)]
#[case(Leftovers::Archive)]
fn a_cancel_settles_the_doubt_behind_an_unsent_step(#[case] leftovers: Leftovers) {
    let mut d = deploy();
    send(&mut d, OutcomeClass::Done, t(0));
    send(&mut d, OutcomeClass::Unknown, t(1));
    d.steps.insert(1, step("hold", StepAction::Set));
    assert!(!ledger::cancel(&mut d, leftovers, Vec::new(), t(100)));
    assert_eq!(ledger::next(&d, t(100)), Next::LookUp(1));
    look(&mut d, Some(1), t(100));
    assert!(ledger::settle_cancel(&mut d, Vec::new(), t(100)));
    assert_eq!(d.state, DeployState::Cancelled);
}

#[test]
fn a_long_story_fits_its_record() {
    let mut d = deploy();
    d.steps = (0..7).map(|n| step(&format!("step{n}"), StepAction::Set)).collect();
    for at in 0..7 {
        for n in 0..30 {
            let (key, attempt) = (d.steps[at].key.clone(), ledger::next_attempt(&d.steps[at]));
            ledger::intend(&mut d, &key, attempt, Sha::default(), 1, t(n)).unwrap();
            let class = if n == 29 {
                OutcomeClass::Done
            } else {
                OutcomeClass::RateLimited
            };
            let words = "w".repeat(2000);
            let o = Outcome {
                words,
                ..answer(class, t(n))
            };
            ledger::outcome(&mut d, &key, attempt, o, 7, &Policy::default()).unwrap();
            ledger::bound(&mut d);
        }
    }
    assert!(codec::to_payload(&d.steps).unwrap().len() <= 10 * 1024);
    assert!(d.steps.iter().all(|s| s.attempts.last().is_some_and(|a| a.n == 30)));
}

#[derive(Clone, Debug)]
enum Act {
    Send(u8),
    Look(Option<u32>),
    Crash,
    Pause,
    Resume,
    Retry,
    Abandon,
    Wait(u16),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (0_u8..9).prop_map(Act::Send),
        4 => proptest::option::of(0_u32..3).prop_map(Act::Look),
        1 => Just(Act::Crash),
        1 => Just(Act::Pause),
        1 => Just(Act::Resume),
        1 => Just(Act::Retry),
        1 => Just(Act::Abandon),
        3 => (1_u16..400).prop_map(Act::Wait),
    ]
}

const CLASSES: [OutcomeClass; 10] = [
    OutcomeClass::Done,
    OutcomeClass::NotExecuted,
    OutcomeClass::RateLimited,
    OutcomeClass::AuthExpired,
    OutcomeClass::LaneBlocked,
    OutcomeClass::Rejected,
    OutcomeClass::MaybeOurs,
    OutcomeClass::Unknown,
    OutcomeClass::Parked,
    OutcomeClass::NotReady,
];

/// A create may go out again only when its last attempt was certainly not executed or proved absent.
fn may_be_sent(step: &Step, policy: &Policy) -> bool {
    let Some(last) = step.attempts.last().filter(|_| step.action == StepAction::Create) else {
        return true;
    };
    let class = last.outcome.as_ref().unwrap().class;
    let doubt = matches!(class, OutcomeClass::Unknown | OutcomeClass::MaybeOurs);
    let empty_reads = last.reads.iter().filter(|r| r.found == Some(0)).count();
    !doubt || empty_reads >= policy.reconcile_reads.len()
}

proptest! {
    /// Whatever happens: a create in doubt is never sent before its absence was believed, a confirmed step is never
    /// sent again, and an open deploy always has a time or a person.
    #[test]
    fn nothing_is_sent_twice_and_nothing_is_forgotten(acts in proptest::collection::vec(act(), 1..80)) {
        let mut d = deploy();
        let mut now = t(0);
        let policy = Policy::default();
        for act in acts {
            now = now.plus(Duration::from_secs(1));
            let next = ledger::next(&d, now);
            match (act, next) {
                (Act::Send(class), Next::Send(at)) => {
                    prop_assert!(d.steps[at].state == StepState::Planned);
                    prop_assert!(may_be_sent(&d.steps[at], &policy), "sent again in doubt");
                    send(&mut d, CLASSES[usize::from(class)], now);
                }
                (Act::Look(found), Next::LookUp(_)) => drop(look(&mut d, found, now)),
                (Act::Crash, Next::Send(at)) => {
                    let (key, n) = (d.steps[at].key.clone(), ledger::next_attempt(&d.steps[at]));
                    ledger::intend(&mut d, &key, n, Sha::default(), 1, now).unwrap();
                    ledger::recover(&mut d, &policy, now).unwrap();
                }
                (Act::Pause, _) if d.state == DeployState::Open => ledger::pause(&mut d, "ana"),
                (Act::Resume, _) if d.paused_by.is_some() => ledger::resume(&mut d, now),
                (Act::Retry, _) if d.state == DeployState::Failed => ledger::retry(&mut d, now),
                (Act::Abandon, Next::Wait) if matches!(d.why, Why::NeedsOperator { .. }) => {
                    let key = ledger::current(&d).unwrap().1.key.clone();
                    ledger::resolve(&mut d, &key, &Resolution::Abandon, now).unwrap();
                }
                (Act::Wait(s), _) => now = now.plus(Duration::from_secs(u64::from(s))),
                _ => {}
            }
            if d.state == DeployState::Open {
                let person = matches!(d.why, Why::NeedsOperator { .. } | Why::Paused { .. });
                prop_assert!(d.run_at.is_some() || person, "forgotten: {:?}", d.why);
                let idle = ledger::next(&d, now) == Next::Wait;
                prop_assert!(!idle || d.run_at.is_none_or(|at| at > now), "due with nothing to do: {:?}", d.why);
            }
            for s in d.steps.iter().filter(|s| s.action == StepAction::Create && s.state == StepState::Confirmed) {
                prop_assert!(s.external_id.is_some());
            }
        }
    }
}

/// A late answer that names an object keeps the step from being sent again, however often nothing is found.
#[test]
fn a_late_answer_beats_an_empty_listing() {
    let mut d = deploy();
    send(&mut d, OutcomeClass::Unknown, t(0));
    let done = answer(OutcomeClass::Done, t(20));
    ledger::late(&mut d, "campaign", 1, &done).unwrap();
    for at in [45, 90, 180] {
        look(&mut d, Some(0), t(at));
    }
    assert_eq!(d.steps[0].state, StepState::NeedsOperator);
    assert!(matches!(&d.why, Why::NeedsOperator { question, .. } if question.contains("120")));
    assert!(ledger::seen_ids(&d.steps[0]).contains(&&ExternalId("120".into())));
}

/// A look-up says how the attempt ended.
#[test]
fn look_ups_settle_what_became_of_an_attempt() {
    let class = |d: &Deploy| d.steps[0].attempts[0].outcome.as_ref().unwrap().class;
    let mut d = deploy();
    send(&mut d, OutcomeClass::Unknown, t(0));
    look(&mut d, Some(1), t(45));
    assert_eq!(class(&d), OutcomeClass::Adopted);
    let mut d = deploy();
    send(&mut d, OutcomeClass::Unknown, t(0));
    for at in [45, 90, 180] {
        look(&mut d, Some(0), t(at));
    }
    assert_eq!(class(&d), OutcomeClass::Absent);
    assert_eq!(d.steps[0].state, StepState::Planned);
}

/// What was put away again says so.
#[test]
fn an_archived_step_is_compensated() {
    let mut d = deploy();
    send(&mut d, OutcomeClass::Done, t(0));
    let away = Step::planned(
        "archive_campaign",
        ObjectKind::Campaign,
        StepAction::Set,
        String::new(),
        Some("campaign"),
    );
    assert!(!ledger::cancel(&mut d, Leftovers::Archive, vec![away], t(1)));
    send(&mut d, OutcomeClass::Done, t(2));
    assert_eq!(d.steps[0].state, StepState::Compensated);
}

/// A window holds the step at hand back, and only that.
#[test]
fn a_window_moves_the_due_time_and_costs_no_try() {
    let mut d = deploy();
    ledger::wait(&mut d, &Why::Blackout { until: t(600) }).unwrap();
    assert_eq!((d.run_at, &d.why), (Some(t(600)), &Why::Blackout { until: t(600) }));
    assert_eq!(ledger::next(&d, t(599)), Next::Wait);
    assert_eq!(ledger::next(&d, t(600)), Next::Send(0));
    assert_eq!(d.steps[0].tries, 0);
    send(&mut d, OutcomeClass::Unknown, t(600));
    assert!(
        ledger::wait(&mut d, &Why::Blackout { until: t(900) }).is_err(),
        "a doubt is settled all the same"
    );
}

/// A campaign that was made, and switched on by a request nobody answered.
fn lost_activation() -> Deploy {
    let mut d = deploy();
    let mut made = step("campaign", StepAction::Create);
    made.state = StepState::Confirmed;
    made.external_id = Some(ExternalId("12".into()));
    let mut activate = step("activate", StepAction::Set);
    activate.parent = Some("campaign".into());
    d.steps = vec![made, activate];
    ledger::intend(&mut d, "activate", 1, Sha::of(b"on"), 1, t(0)).unwrap();
    let mut nobody = answer(OutcomeClass::NotExecuted, t(1));
    nobody.http_status = None;
    ledger::outcome(&mut d, "activate", 1, nobody, 0, &Policy::default()).unwrap();
    d
}

/// Until the platform has surely forgotten it, and only on that object, and only where other content is sent.
#[rstest]
#[case::another_ticket(9, b"pause", "12", 10, true)]
#[case::another_object(9, b"pause", "13", 10, false)]
#[case::forgotten(9, b"pause", "12", 180, false)]
#[case::the_same_values_again(2, b"", "12", 10, false)]
#[case::the_same_ticket_with_others(2, b"edited", "12", 10, true)]
fn what_another_deploy_lost_is_waited_for(
    #[case] ticket: u128,
    #[case] content: &[u8],
    #[case] object: &str,
    #[case] now: u64,
    #[case] waits: bool,
) {
    let (policy, lost) = (Policy::default(), lost_activation());
    let object: ExternalId = ExternalId(object.into());
    let mut mine = deploy();
    mine.id = DeployId::new(Uuid::from_u128(7));
    mine.ticket = TicketId::new(Uuid::from_u128(ticket));
    if !content.is_empty() {
        mine.payload_hash = Sha::of(content);
    }
    let why = ledger::echo_of(&lost, &mine, &object, &policy, t(now));
    assert_eq!(why.and_then(|w| w.next_at()), waits.then(|| t(180)));
    let noted = ledger::lost_on(&lost, &policy, t(now));
    assert_eq!(noted.contains(&object), now < 180 && object.0 == "12");
}
