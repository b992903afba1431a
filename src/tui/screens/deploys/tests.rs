//! The queue, its accounts and the answers a person gives, over the canned engine.

use std::time::Duration;

use rstest::rstest;
use uuid::Uuid;

use crate::{
    engine::{
        api::{
            BreakerView, CommandKind, DeployRows, HoldScope, LaneView, PaceView, Resolution, Stand, TicketView,
            WhyLine,
            card::{DeployCard, DeployGlance},
        },
        model::{
            campaign::Campaign,
            deploy::{
                Attempt, Deploy, DeployState, Job, LookUpRead, Outcome, OutcomeClass, Step, StepAction, StepState, Why,
            },
            event::Seq,
            governance::Account,
            ids::{BrandId, CampaignId, DeployId, MarketId, TicketNo},
            json::{CanonicalJson, Sha},
            platform::{ExternalId, ObjectKind, PlatformId},
            rate::Rate,
            ticket::{Priority, RequestType, Status},
            time::Timestamp,
        },
    },
    tui::{
        app::effect::TimerId,
        testkit::{Driver, World, card, id, noon, ticket_view},
    },
};

fn later(seconds: u64) -> Timestamp {
    noon().plus(Duration::from_secs(seconds))
}

fn row(no: u32, name: &str, state: StepState, why: Why, last: &str) -> DeployCard {
    DeployCard {
        ticket: id(no),
        no: TicketNo(no),
        name: name.to_owned(),
        status: Status::Deploying,
        platform: PlatformId::Meta,
        account: "act_2044".parse().unwrap(),
        glance: DeployGlance {
            id: DeployId::new(Uuid::from_u128(u128::from(no))),
            step: 2,
            steps: 7,
            word: "ad_set".to_owned(),
            state,
            tries: 1,
            why,
        },
        max_tries: 6,
        since: noon().minus(Duration::from_secs(90)),
        last: last.to_owned(),
        ids: vec![("campaign".to_owned(), ExternalId("12021".to_owned()))],
    }
}

fn lane(account: &str, name: &str, used: Option<u32>, stopped: Option<Why>, hold: Option<HoldScope>) -> LaneView {
    LaneView {
        platform: PlatformId::Meta,
        account: account.parse().unwrap(),
        name: name.to_owned(),
        running: 1,
        queued: 4,
        used_percent: used,
        breaker: match &stopped {
            Some(Why::BreakerOpen { at }) => BreakerView {
                stand: Stand::Open,
                next_probe: Some(*at),
                since: Some(noon().minus(Duration::from_secs(600))),
                after: "5 x 503".to_owned(),
                ..BreakerView::default()
            },
            _ => BreakerView {
                failures: u32::from(used == Some(78)) * 2,
                ..BreakerView::default()
            },
        },
        pace: Some(PaceView {
            left: 9000 - used.unwrap_or(10) * 90,
            rate: Rate::new(9000, 300_000),
            shared: false,
        }),
        stopped,
        hold,
    }
}

/// A deploy whose first step asks: a lost answer, two objects found by name.
fn asking(no: u32, name: &str) -> TicketView {
    let mut view = ticket_view(&card(no, Status::Deploying, name));
    let id = |n: &str| ExternalId(n.to_owned());
    let mut step = Step::planned(
        "campaign",
        ObjectKind::Campaign,
        StepAction::Create,
        name.to_owned(),
        None,
    );
    step.state = StepState::NeedsOperator;
    step.attempts = vec![Attempt {
        n: 1,
        epoch: 31,
        intent_at: noon().minus(Duration::from_secs(80)),
        request_hash: Sha::of(b"request"),
        outcome: Some(Outcome {
            class: OutcomeClass::Unknown,
            at: noon().minus(Duration::from_secs(60)),
            http_status: Some(504),
            code: Some("2/0".to_owned()),
            request_id: Some("trace-77".to_owned()),
            words: "timeout after the body left \u{1b}[31m".to_owned(),
            field: None,
            external_id: None,
            wait_until: None,
        }),
        reads: vec![LookUpRead {
            at: noon().minus(Duration::from_secs(15)),
            found: Some(2),
            ids: vec![id("120280"), id("120281")],
            note: "2 objects have this name".to_owned(),
        }],
    }];
    let second = Step::planned(
        "ad_set",
        ObjectKind::AdSet,
        StepAction::Create,
        format!("{name}_AdSet01"),
        None,
    );
    let account = Account {
        id: "act_2044".parse().unwrap(),
        name: "Acme DE".to_owned(),
        currency: "EUR".parse().unwrap(),
        timezone: "Europe/Berlin".to_owned(),
    };
    let question = "2 objects have this name: 120280, 120281".to_owned();
    let why = Why::NeedsOperator {
        since: noon(),
        question: question.clone(),
    };
    view.deploy = Some(Deploy {
        id: DeployId::new(Uuid::from_u128(u128::from(no))),
        ticket: view.card.id,
        no: view.card.no,
        platform: PlatformId::Meta,
        account: account.id.clone(),
        priority: Priority::Normal,
        payload_hash: Sha::of(b"payload"),
        job: Job {
            request: RequestType::Create,
            account,
            name: name.to_owned(),
            target: None,
            budget: None,
            flight: None,
            payload: CanonicalJson::default(),
            campaign: Campaign {
                id: CampaignId::new(Uuid::nil()),
                brand: BrandId::new(Uuid::nil()),
                market: MarketId::new(Uuid::nil()),
                year: 2026,
                label: "X".parse().unwrap(),
                title: "X".to_owned(),
                budget: None,
                flight: None,
                retired: false,
                created_at: noon(),
            },
        },
        state: DeployState::Open,
        steps: vec![step, second],
        paused_by: None,
        cancel: None,
        not_before: None,
        run_at: None,
        why: why.clone(),
        started_at: noon().minus(Duration::from_secs(90)),
        finished_at: None,
    });
    view.why = Some(WhyLine {
        why: Some(why),
        text: question,
        person: Some("ana".to_owned()),
        remedy: Some("answer it in the deploy queue".to_owned()),
        ..WhyLine::default()
    });
    view
}

fn world() -> World {
    let needs = Why::NeedsOperator {
        since: noon(),
        question: "2 objects have this name".to_owned(),
    };
    let reconciling = Why::Reconciling {
        read: 1,
        of: 3,
        at: later(41),
    };
    let limited = || Why::RateLimited {
        at: later(12),
        source: "meta asked for 60 s".to_owned(),
    };
    let paused = |by: &str| Why::Paused { by: by.to_owned() };
    let held = HoldScope::Account(PlatformId::Meta, "act_2047".parse().unwrap());
    let mut live = row(
        1010,
        "ACM_DE_META_2026_NightRun",
        StepState::Confirmed,
        Why::Finished,
        "",
    );
    live.status = Status::TraffickedSuccess;
    let mut failed = row(
        1011,
        "ACM_FR_META_2026_NightRun",
        StepState::Rejected,
        Why::Finished,
        "Invalid parameter",
    );
    failed.status = Status::Failed;
    let name = "NOV_DE_META_2026_EasterDrop";
    let mut limited_view = ticket_view(&card(1039, Status::Deploying, "ACM_DE_META_2026_SummerSale"));
    limited_view.why = Some(WhyLine {
        why: Some(limited()),
        text: "rate limited: meta asked for 60 s; no try spent".to_owned(),
        next_at: Some(later(12)),
        ..WhyLine::default()
    });
    World {
        views: vec![asking(1028, name), limited_view],
        deploys: DeployRows {
            rows: vec![
                row(
                    1028,
                    name,
                    StepState::NeedsOperator,
                    needs,
                    "timeout after the body left",
                ),
                row(
                    1047,
                    "NOV_FR_META_2026_FallDrop",
                    StepState::Unknown,
                    reconciling,
                    "connection reset",
                ),
                row(
                    1050,
                    "ACM_GB_META_2026_FallDrop",
                    StepState::Intent,
                    Why::Running { step: "ad_set".into() },
                    "",
                ),
                row(
                    1039,
                    "ACM_DE_META_2026_SummerSale",
                    StepState::Planned,
                    limited(),
                    "rate limited: wait 60 s",
                ),
                row(1051, "ACM_US_META_2026_FallDrop", StepState::Planned, paused("ben"), ""),
                live,
                failed,
            ],
            matching: 7,
            lanes: vec![
                lane("act_2044", "Acme DE", Some(78), None, None),
                lane("act_2045", "Acme US", Some(100), Some(limited()), None),
                lane(
                    "act_2046",
                    "Acme FR",
                    None,
                    Some(Why::BreakerOpen { at: later(130) }),
                    None,
                ),
                lane(
                    "act_2047",
                    "Acme GB",
                    Some(3),
                    Some(paused("ben (quota test)")),
                    Some(held),
                ),
            ],
            last_ended: None,
            at: Seq(48_060),
        },
        ..World::default()
    }
}

fn console(script: &str) -> Driver {
    let mut d = Driver::new(world(), 120, 36);
    d.keys(script);
    d
}

fn done(d: &Driver) -> Vec<CommandKind> {
    d.client.world.lock().unwrap().done.clone()
}

#[test]
fn looks() {
    for (width, height) in [(80, 24), (120, 36), (200, 50)] {
        let mut d = Driver::new(world(), width, height);
        d.keys("6");
        insta::assert_snapshot!(format!("queue_{width}x{height}"), d.screen());
    }
    let mut d = Driver::new(world(), 80, 24);
    d.keys("6 Tab");
    insta::assert_snapshot!("accounts_80x24", d.screen());
    let mut d = Driver::new(world(), 120, 36);
    d.keys("6 Enter");
    insta::assert_snapshot!("question", d.screen());
    d.keys("Enter");
    insta::assert_snapshot!("attempts", d.screen());
}

#[test]
fn an_empty_queue_says_when_the_last_deploy_ended() {
    let mut world = world();
    world.deploys.rows.clear();
    world.deploys.matching = 0;
    world.deploys.last_ended = Some(noon().minus(Duration::from_secs(120)));
    let mut d = Driver::new(world, 80, 24);
    d.keys("6");
    assert!(d.sees("Nothing queued, last deploy 14:30."), "{}", d.screen());
    d.client.world.lock().unwrap().deploys.last_ended = None;
    d.keys("r");
    assert!(d.sees("no deploy has ended yet"), "{}", d.screen());
}

#[test]
fn finished_ones_are_shown_on_request() {
    let mut d = console("6");
    assert!(!d.sees("1010") && !d.sees("1011"));
    d.keys("'");
    assert!(d.sees("1010") && d.sees("Live") && d.sees("1011"), "{}", d.screen());
}

#[test]
fn countdowns_tick_only_while_they_are_seen() {
    let mut d = console("6");
    assert!(d.model.armed.contains(&TimerId::Countdown));
    assert!(d.sees("00:4"), "{}", d.screen());
    d.keys("4");
    d.pass(2000);
    assert!(!d.model.armed.contains(&TimerId::Countdown));
}

#[rstest]
#[case::adopt("Down", Resolution::Adopt { id: ExternalId("120280".to_owned()), force: false }, true)]
#[case::adopt_the_other("Down Down", Resolution::Adopt { id: ExternalId("120281".to_owned()), force: false }, true)]
#[case::none_exists("Down Down Down", Resolution::NoneExists, true)]
#[case::abandon("Down Down Down Down", Resolution::Abandon, false)]
fn a_question_is_answered_with_a_reason(#[case] keys: &str, #[case] expected: Resolution, #[case] outward: bool) {
    let mut d = console(&format!("6 A {keys} Enter"));
    assert!(d.sees("How do you know?"), "{}", d.screen());
    d.keys("Enter");
    assert!(d.sees("a reason is needed"), "{}", d.screen());
    d.keys("\"seen\" Enter");
    assert!(done(&d).is_empty());
    // Keys typed before the question can be read are no answer.
    d.pass(300);
    if outward {
        assert!(d.sees("Type 1028 and Enter"), "{}", d.screen());
        d.keys("\"1028\" Enter");
    } else {
        d.keys("y");
    }
    let done = done(&d);
    let [
        CommandKind::DeployResolve {
            step,
            resolution,
            reason,
            ..
        },
    ] = &done[..]
    else {
        panic!("{done:?} {}", d.screen())
    };
    assert_eq!(
        (step.as_str(), resolution, reason.as_str()),
        ("campaign", &expected, "seen")
    );
}

#[test]
fn going_on_all_the_same_is_offered_where_an_object_is_known() {
    let mut world = world();
    let deploy = world.views[0].deploy.as_mut().unwrap();
    deploy.steps[0].external_id = Some(ExternalId("120280".to_owned()));
    let mut d = Driver::new(world, 120, 36);
    d.keys("6 A");
    assert!(d.sees("Go on all the same"), "{}", d.screen());
}

#[test]
fn only_what_asks_can_be_answered() {
    let d = console("6 j A");
    assert!(d.sees("1047 does not wait for an answer"), "{}", d.screen());
}

#[test]
fn the_attempts_show_everything_and_no_escape_sequence() {
    let d = console("6 Enter Enter");
    for words in [
        "try 1",
        "HTTP 504",
        "code 2/0",
        "request trace-77",
        "found 2  120280  120281",
        "timeout after the body left",
    ] {
        assert!(d.sees(words), "{words}: {}", d.screen());
    }
    assert!(!d.screen().contains('\u{1b}'));
}

#[test]
fn p_puts_a_deploy_before_others() {
    let d = console("6 p \"urg\" Enter");
    let done = done(&d);
    let [CommandKind::TicketEdit { patch, .. }] = &done[..] else {
        panic!("{done:?} {}", d.screen())
    };
    assert_eq!(patch.priority, Some(Priority::Urgent));
}

#[rstest]
#[case::a_deploy("6 j Z", "pause")]
#[case::a_paused_deploy("6 j j j j Z", "resume")]
fn z_pauses_and_resumes_a_deploy(#[case] script: &str, #[case] what: &str) {
    let d = console(script);
    let done = done(&d);
    let fits = match &done[..] {
        [CommandKind::DeployPause { .. }] => what == "pause",
        [CommandKind::DeployResume { .. }] => what == "resume",
        _ => false,
    };
    assert!(fits, "{done:?} {}", d.screen());
}

#[test]
fn a_deploy_that_stands_because_of_its_account_says_so() {
    let mut world = world();
    let mut view = asking(1051, "ACM_US_META_2026_FallDrop");
    view.deploy.as_mut().unwrap().paused_by = None;
    world.views.push(view);
    let mut d = Driver::new(world, 120, 36);
    d.keys("6 j j j j Z");
    assert!(d.sees("1051 itself is not paused: its account is"), "{}", d.screen());
    assert!(done(&d).is_empty());
}

#[test]
fn z_on_an_account_holds_it_with_a_reason_and_lets_go() {
    let mut d = console("6 Tab G Z");
    assert!(d.sees("Pause what?"), "{}", d.screen());
    d.keys("Enter Enter");
    assert!(d.sees("a reason is needed"), "{}", d.screen());
    d.keys("\"quota\" Enter");
    let account = HoldScope::Account(PlatformId::Meta, "act_2044".parse().unwrap());
    assert_eq!(
        done(&d),
        [CommandKind::HoldPlace {
            scope: account,
            reason: "quota".to_owned()
        }]
    );
    // Stopped accounts stand first; the held one is the third of them.
    d.keys("g g j j Z");
    let last = done(&d).pop().unwrap();
    let held = HoldScope::Account(PlatformId::Meta, "act_2047".parse().unwrap());
    assert_eq!(last, CommandKind::HoldRelease { scope: held });
}

#[test]
fn releasing_everything_asks() {
    let mut world = world();
    world.deploys.lanes[3].hold = Some(HoldScope::Everything);
    let mut d = Driver::new(world, 120, 36);
    d.keys("6 Tab g g j j Z");
    assert!(d.sees("Let everything go on?"), "{}", d.screen());
    d.keys("y");
    assert_eq!(done(&d).len(), 1);
}

#[test]
fn retry_and_cancel_say_what_follows() {
    let mut d = console("6 j j j R");
    assert!(
        d.sees("Retry 1039") && d.sees("looked up, never re-sent"),
        "{}",
        d.screen()
    );
    d.keys("y X Down Enter");
    assert!(
        d.sees("Why is 1039 ACM_DE_META_2026_SummerSale cancelled?"),
        "{}",
        d.screen()
    );
    d.keys("\"gone\" Enter y");
    let done = done(&d);
    assert!(
        matches!(
            &done[..],
            [
                CommandKind::TicketRetry { .. },
                CommandKind::TicketCancel { leftovers: Some(_), .. }
            ]
        ),
        "{done:?}"
    );
}

#[test]
fn a_live_tickets_last_answer_is_that_it_is_done() {
    let mut world = world();
    for live in world
        .deploys
        .rows
        .iter_mut()
        .filter(|r| r.status == Status::TraffickedSuccess)
    {
        live.last = "connection reset".to_owned();
    }
    let mut d = Driver::new(world, 200, 50);
    d.keys("6 ' / \"1010\" Enter");
    assert!(d.sees("done") && !d.sees("connection reset"), "{}", d.screen());
}

#[rstest]
#[case::live("R", "1010 is Live and cannot be retried")]
#[case::live_pause("Z", "cannot be paused or resumed")]
#[case::live_cancel("X", "cannot be cancelled here")]
fn what_is_over_stays_over(#[case] key: &str, #[case] words: &str) {
    let d = console(&format!("6 ' / \"1010\" Enter {key}"));
    assert!(d.sees(words), "{}", d.screen());
    assert!(done(&d).is_empty());
}

#[test]
fn the_foot_follows_the_cursor() {
    let mut d = console("6");
    assert!(d.sees("Why is 1028 not running?") && d.sees("answer it in the deploy queue"));
    d.keys("j j j");
    assert!(
        d.sees("Why is 1039 not running?") && d.sees("no try spent") && d.sees("Nothing for you to do"),
        "{}",
        d.screen()
    );
    d.keys("k");
    assert!(d.sees("1050 is running"), "{}", d.screen());
}

#[test]
fn at_80_columns_why_is_an_overlay() {
    let mut d = Driver::new(world(), 80, 24);
    d.keys("6 w");
    assert!(
        d.sees("Why is 1028") && d.sees("answer it in the deploy queue"),
        "{}",
        d.screen()
    );
}
