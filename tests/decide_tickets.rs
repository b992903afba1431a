//! The life of a ticket: the whole transition table, and what no sequence of commands can bring about.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

#[path = "support/life.rs"]
mod life;

use life::{Life, any_op, error, lines, play, usd};
use omnitraffick::engine::{
    decide::{
        command::{CommandKind, NewTicket, TicketPatch},
        testkit::{House, account, admin, trafficker},
        ticket::{payload, table::Act},
    },
    model::{
        catalogue::set_path,
        deploy::{Deploy, OutcomeClass},
        event::{EventKind, Noun},
        governance::{Brand, Channel, Market},
        ids::{BrandId, ChannelId, MarketId, TicketId, TicketNo},
        json::{CanonicalJson, Sha},
        platform::{ExternalId, ObjectKind, PlatformId},
        refusal::RefusalCode,
        ticket::{Created, Finding, Priority, RequestType, Severity, Status, Target, Ticket},
        time::Flight,
    },
    store::schema::{Counter, Owner, keys},
};
use proptest::prelude::*;
use rstest::rstest;
use serde_json::json;

/// Every status against every command about a ticket: where it leads, or `-` for refused. `gone` = removed, `new` =
/// another ticket was written and this one stays.
const TABLE: &str = "
    command    DRAFT       QA_TESTING    QA_FAILED   READY_FOR_API DEPLOYING     TRAFFICKED_SUCCESS FAILED    CANCELLED
    edit       DRAFT       DRAFT         DRAFT       DRAFT         -             -                  DRAFT     -
    note       DRAFT       QA_TESTING    QA_FAILED   READY_FOR_API DEPLOYING     TRAFFICKED_SUCCESS FAILED    CANCELLED
    delete     gone        -             gone        gone          -             -                  -         gone
    clone      -           -             -           -             -             new                -         new
    submit     QA_TESTING  -             QA_TESTING  QA_TESTING    -             -                  -         -
    qa_passes  -           READY_FOR_API -           -             -             -                  -         -
    qa_fails   -           QA_FAILED     -           -             -             -                  -         -
    withdraw   -           DRAFT         -           DRAFT         -             -                  -         -
    cancel     CANCELLED   CANCELLED     CANCELLED   CANCELLED     CANCELLED     -                  CANCELLED -
    deploy     -           -             -           DEPLOYING     -             -                  -         -
    retry      -           -             -           -             DEPLOYING     -                  DEPLOYING -
    pause      -           -             -           -             DEPLOYING     -                  -         -
    recall     -           -             -           -             READY_FOR_API -                  -         -
    resume     -           -             -           -             -             -                  -         -
";

#[test]
fn transition_table_is_complete() {
    let mut rows = TABLE.lines().filter(|l| !l.trim().is_empty());
    let statuses: Vec<Status> = rows
        .next()
        .unwrap()
        .split_whitespace()
        .skip(1)
        .map(|s| s.parse().unwrap())
        .collect();
    assert_eq!(statuses.len(), Status::ALL.len());
    let mut checked = 0;
    for row in rows {
        let mut cells = row.split_whitespace();
        let word = cells.next().unwrap().replace('_', " ");
        for (status, expected) in statuses.iter().zip(cells) {
            let mut life = Life::at(*status);
            let before = life.house.world.tickets().len();
            let kind = life.command(&word);
            let case = format!("{word} in {status}");
            match life.run(kind) {
                Err(refusal) => {
                    assert_eq!(expected, "-", "{case}: {refusal}");
                    let fits = matches!(refusal.code, RefusalCode::WrongState | RefusalCode::QaRequired);
                    assert!(fits, "{case}: {:?} {refusal}", refusal.code);
                    assert!(
                        refusal
                            .problems
                            .iter()
                            .all(|p| !p.reason.is_empty() && !p.remedy.is_empty()),
                        "{case}: {refusal}"
                    );
                    assert_eq!(life.ticket().status, *status, "{case}");
                }
                Ok(()) => match (expected, life.house.world.ticket(life.id)) {
                    ("gone", found) => assert!(found.is_none(), "{case}"),
                    ("new", Some((_, same))) => {
                        assert_eq!(same.status, *status, "{case}");
                        assert_eq!(life.house.world.tickets().len(), before + 1, "{case}");
                    }
                    (expected, Some((_, now))) => assert_eq!(now.status.as_str(), expected, "{case}"),
                    (_, None) => panic!("{case}: it is gone"),
                },
            }
            checked += 1;
        }
    }
    assert_eq!(checked, 14 * Status::ALL.len());
}

#[test]
fn what_is_offered_is_what_is_decided() {
    let acts = [
        ("edit", Act::Edit),
        ("note", Act::EditAside),
        ("delete", Act::Delete),
        ("clone", Act::Clone),
        ("submit", Act::SubmitQa),
        ("qa passes", Act::QaResult),
        ("withdraw", Act::Withdraw),
        ("cancel", Act::Cancel),
        ("deploy", Act::Deploy),
        ("retry", Act::Retry),
        ("pause", Act::Pause),
        ("recall", Act::Recall),
    ];
    for status in Status::ALL {
        for (word, act) in acts {
            let mut life = Life::at(*status);
            let kind = life.command(word);
            assert_eq!(life.run(kind).is_ok(), act.works_in(*status), "{word} in {status}");
        }
    }
}

#[test]
fn a_new_ticket_gets_its_number_its_name_and_its_claims() {
    let mut life = Life::new();
    let ticket = life.ticket();
    assert_eq!(ticket.no, TicketNo::FIRST);
    assert_eq!(ticket.name, "DIS_US_META_2026_MoanaLaunch");
    assert_eq!((ticket.status, ticket.account.as_str()), (Status::Draft, "act_1"));
    assert_eq!(ticket.created_by, trafficker());

    let twin = life.house.new_ticket();
    let refusal = life
        .house
        .world
        .run(&trafficker(), CommandKind::TicketCreate(twin))
        .unwrap_err();
    assert_eq!(refusal.code, RefusalCode::Duplicate);
    assert_eq!(
        lines(&refusal),
        [
            "name: DIS_US_META_2026_MoanaLaunch is taken on account act_1 by ticket 1001 (work with ticket 1001, or choose another campaign, channel or account)"
        ]
    );
    let kind = life.command("delete");
    life.run(kind).unwrap();
    let next = life.house.new_ticket();
    let id = next.id;
    life.house
        .world
        .run(&trafficker(), CommandKind::TicketCreate(next))
        .unwrap();
    assert_eq!(
        life.house.world.ticket(id).unwrap().1.no,
        TicketNo(1002),
        "a number is never given twice"
    );
}

#[test]
fn everything_wrong_with_a_ticket_is_said_at_once() {
    let mut house = House::new().unwrap();
    let bad = NewTicket {
        channel: ChannelId::new(house.world.mint()),
        campaign: omnitraffick::engine::model::ids::CampaignId::new(house.world.mint()),
        payload: CanonicalJson::new(&json!({"ad_set": {"tags": ["ok\n", "bad\u{7}"]}, "x\u{1b}": 1})),
        notes: "x".repeat(1001),
        assignee: "tom\u{200b}".to_owned(),
        ..house.new_ticket()
    };
    let refusal = house
        .world
        .run(&trafficker(), CommandKind::TicketCreate(bad))
        .unwrap_err();
    insta::assert_snapshot!(lines(&refusal).join("\n"));
}

#[rstest]
#[case(json!([]), RefusalCode::Invalid)]
#[case(json!("text"), RefusalCode::Invalid)]
#[case(json!({"a": "x".repeat(payload::BYTES_MAX)}), RefusalCode::TooLarge)]
#[case((0..12).fold(json!(1), |v, _| json!({"a": v})), RefusalCode::Invalid)]
fn payloads_nobody_could_keep_are_refused(#[case] value: serde_json::Value, #[case] code: RefusalCode) {
    let mut house = House::new().unwrap();
    let new = NewTicket {
        payload: CanonicalJson::new(&value),
        ..house.new_ticket()
    };
    let refusal = house
        .world
        .run(&trafficker(), CommandKind::TicketCreate(new))
        .unwrap_err();
    assert_eq!(refusal.code, code, "{refusal}");
    let deep_enough = (0..11).fold(json!(1), |v, _| json!({"a": v}));
    let new = NewTicket {
        payload: CanonicalJson::new(&deep_enough),
        ..house.new_ticket()
    };
    house.world.run(&trafficker(), CommandKind::TicketCreate(new)).unwrap();
}

#[test]
fn the_largest_payload_can_still_be_deployed() {
    let mut life = Life::new();
    let mut root = serde_json::Map::new();
    set_path(
        &mut root,
        "creative.message",
        json!("x".repeat(payload::BYTES_MAX - 40)),
    );
    let (id, version) = (life.id, life.version());
    let patch = TicketPatch {
        payload: Some(CanonicalJson::new(&serde_json::Value::Object(root))),
        notes: Some("é".repeat(1000)),
        ..TicketPatch::default()
    };
    life.run(CommandKind::TicketEdit { id, version, patch }).unwrap();
    life.submit();
    let warning = Finding {
        severity: Severity::Warning,
        message: "m".repeat(omnitraffick::engine::qa::BYTES_MAX),
        ..error()
    };
    let CommandKind::QaResult {
        id,
        run,
        payload_hash,
        basis,
        ..
    } = life.command("qa passes")
    else {
        panic!()
    };
    life.run(CommandKind::QaResult {
        id,
        run,
        payload_hash,
        basis,
        findings: vec![warning],
    })
    .unwrap();
    life.deploy();
    let commit = life.house.world.commits.last().unwrap();
    let bytes: usize = commit.put.iter().map(|p| p.body.len() + p.key.as_str().len()).sum();
    assert!(bytes < 60 * 1024, "{bytes} bytes leave no room in a record of 64 KiB");
}

#[test]
fn an_account_is_chosen_where_there_are_several() {
    let mut house = House::new().unwrap();
    let patch = omnitraffick::engine::decide::command::ChannelPatch {
        set_accounts: vec![account("act_2").unwrap()],
        ..Default::default()
    };
    let id = house.channel;
    house
        .world
        .run(&admin(), CommandKind::ChannelUpdate { id, version: 1, patch })
        .unwrap();
    let new = house.new_ticket();
    let refusal = house
        .world
        .run(&trafficker(), CommandKind::TicketCreate(new.clone()))
        .unwrap_err();
    assert_eq!(
        lines(&refusal),
        ["account: channel META has several accounts (choose one of act_1, act_2)"]
    );
    let second = NewTicket {
        account: Some("act_2".parse().unwrap()),
        ..new
    };
    house
        .world
        .run(&trafficker(), CommandKind::TicketCreate(second))
        .unwrap();
    let first = NewTicket {
        account: Some("act_1".parse().unwrap()),
        ..house.new_ticket()
    };
    house
        .world
        .run(&trafficker(), CommandKind::TicketCreate(first))
        .unwrap();
}

#[test]
fn a_name_with_two_readings_is_refused_where_it_would_be_made() {
    let mut house = House::new().unwrap();
    let brand = Brand {
        id: BrandId::new(house.world.mint()),
        code: "DIS_US".parse().unwrap(),
        name: "Distant US".to_owned(),
        family_friendly: false,
        aliases: Vec::new(),
        retired: false,
    };
    let market = Market {
        id: MarketId::new(house.world.mint()),
        code: "EN".parse().unwrap(),
        name: "English".to_owned(),
        countries: vec!["US".to_owned()],
        region: String::new(),
        timezone: "UTC".to_owned(),
        daily_cap: None,
        aliases: Vec::new(),
        retired: false,
    };
    let channel = Channel {
        id: ChannelId::new(house.world.mint()),
        code: "EN_META".parse().unwrap(),
        name: "Meta in English".to_owned(),
        platform: PlatformId::Meta,
        accounts: vec![account("act_9").unwrap()],
        aliases: Vec::new(),
        retired: false,
    };
    let second = channel.id;
    for kind in [
        CommandKind::BrandCreate(brand),
        CommandKind::MarketCreate(market),
        CommandKind::ChannelCreate(channel),
    ] {
        house.world.run(&admin(), kind).unwrap();
    }
    let new = NewTicket {
        channel: second,
        ..house.new_ticket()
    };
    let refusal = house
        .world
        .run(&trafficker(), CommandKind::TicketCreate(new))
        .unwrap_err();
    assert_eq!(
        lines(&refusal),
        [
            "name: DIS_US_EN_META_2026_MoanaLaunch: the name has 2 readings: brand DIS, market US, channel EN_META; or brand DIS_US, market EN, channel META (give one of these codes another spelling, so that the name has one reading)"
        ]
    );
}

#[test]
fn a_flight_comes_from_the_campaign_unless_given() {
    let mut house = House::new().unwrap();
    let flight = Flight {
        start: "2026-12-01".parse().unwrap(),
        end: None,
    };
    let patch = omnitraffick::engine::decide::command::CampaignPatch {
        flight: Some(Some(flight)),
        ..Default::default()
    };
    let id = house.campaign;
    house
        .world
        .run(&admin(), CommandKind::CampaignUpdate { id, version: 1, patch })
        .unwrap();
    let new = house.new_ticket();
    let id = new.id;
    house.world.run(&trafficker(), CommandKind::TicketCreate(new)).unwrap();
    assert_eq!(house.world.ticket(id).unwrap().1.flight, Some(flight));
}

fn change(life: &mut Life, request: RequestType) -> NewTicket {
    NewTicket {
        request,
        target: Some(life.ticket().no),
        ..life.house.new_ticket()
    }
}

/// A live ticket with a campaign and an ad set on the platform.
fn live(budget_level: &str) -> Life {
    let mut life = Life::at(Status::TraffickedSuccess);
    let mut ticket = life.ticket();
    ticket.payload = CanonicalJson::new(&json!({"campaign": {"budget_level": budget_level}}));
    ticket.created.push(Created {
        step: "ad_set".to_owned(),
        kind: ObjectKind::AdSet,
        name: format!("{}_AdSet01", ticket.name),
        external_id: ExternalId("ext-ad_set".to_owned()),
    });
    life.house.world.force(keys::ticket(life.id), &ticket);
    life
}

#[rstest]
#[case(RequestType::UpdateBudget, "campaign", "ext-campaign")]
#[case(RequestType::UpdateBudget, "ad_set", "ext-ad_set")]
#[case(RequestType::Pause, "ad_set", "ext-campaign")]
#[case(RequestType::Resume, "ad_set", "ext-campaign")]
#[case(RequestType::Archive, "campaign", "ext-campaign")]
fn a_change_aims_at_what_carries_it(#[case] request: RequestType, #[case] level: &str, #[case] object: &str) {
    let mut life = live(level);
    let new = change(&mut life, request);
    let id = new.id;
    life.house
        .world
        .run(&trafficker(), CommandKind::TicketCreate(new))
        .unwrap();
    let ticket = life.house.world.ticket(id).unwrap().1;
    let target = ticket.target.unwrap();
    assert_eq!(target.external_id.0, object);
    assert_eq!(target.seen_budget, Some(usd("100")));
    assert_eq!(
        ticket.name,
        life.ticket().name,
        "a change works under the name of what it changes"
    );
}

#[test]
fn only_what_is_live_can_be_changed() {
    for status in Status::ALL.iter().filter(|s| **s != Status::TraffickedSuccess) {
        let mut life = Life::at(*status);
        let new = change(&mut life, RequestType::Pause);
        let refusal = life
            .house
            .world
            .run(&trafficker(), CommandKind::TicketCreate(new))
            .unwrap_err();
        assert_eq!(
            lines(&refusal),
            [format!(
                "target: ticket 1001 is {status}; only what is live can be changed (wait until it is TRAFFICKED_SUCCESS, or edit that ticket itself)"
            )]
        );
    }
    let mut life = live("campaign");
    let pause = change(&mut life, RequestType::Pause);
    life.house
        .world
        .run(&trafficker(), CommandKind::TicketCreate(pause))
        .unwrap();
    let of_a_change = NewTicket {
        target: Some(TicketNo(1002)),
        ..change(&mut life, RequestType::Pause)
    };
    let refusal = life
        .house
        .world
        .run(&trafficker(), CommandKind::TicketCreate(of_a_change))
        .unwrap_err();
    assert_eq!(
        lines(&refusal),
        ["target: ticket 1002 is a PAUSE ticket and created nothing (name the ticket that created the object: 1001)"]
    );
    let of_nothing = NewTicket {
        target: Some(TicketNo(7)),
        ..change(&mut life, RequestType::Pause)
    };
    let refusal = life
        .house
        .world
        .run(&trafficker(), CommandKind::TicketCreate(of_nothing))
        .unwrap_err();
    assert_eq!(
        lines(&refusal),
        ["target: there is no ticket 7 (name the ticket that created it)"]
    );
    let with_target = change(&mut life, RequestType::Create);
    let refusal = life
        .house
        .world
        .run(&trafficker(), CommandKind::TicketCreate(with_target))
        .unwrap_err();
    assert!(
        lines(&refusal)[0].starts_with("target: a CREATE ticket changes nothing"),
        "{refusal}"
    );
}

#[test]
fn notes_void_nothing_and_content_voids_everything() {
    let mut life = Life::at(Status::ReadyForApi);
    let hash = life.ticket().payload_hash();
    let (id, version, budget) = (life.id, life.version(), life.ticket().budget);
    // A form that sends its content back unchanged, with another note.
    let patch = TicketPatch {
        budget: Some(budget),
        notes: Some("x".to_owned()),
        assignee: Some("ana".to_owned()),
        priority: Some(Priority::Urgent),
        ..TicketPatch::default()
    };
    life.run(CommandKind::TicketEdit { id, version, patch }).unwrap();
    let ticket = life.ticket();
    assert_eq!((ticket.status, ticket.payload_hash()), (Status::ReadyForApi, hash));
    assert!(ticket.qa.is_some());
    let kind = life.command("edit");
    life.run(kind).unwrap();
    let ticket = life.ticket();
    assert_eq!((ticket.status, ticket.qa), (Status::Draft, None));
    let event = &life.house.world.commits.last().unwrap().event;
    assert_eq!(
        (event.kind, event.summary.as_str()),
        (EventKind::TicketEdited, "ticket 1001 edited: budget")
    );
    assert_eq!(event.changes[0].from.as_deref(), Some("USD 100.00 daily"));
}

/// The last look before a call: what the ticket says is what was frozen. It must notice whatever the hash of the content
/// notices, and nothing else.
#[rstest]
#[case::notes(false, |t: &mut Ticket| t.notes.push('x'))]
#[case::priority(false, |t: &mut Ticket| t.priority = Priority::Urgent)]
#[case::request(true, |t: &mut Ticket| t.request = RequestType::Pause)]
#[case::platform(true, |t: &mut Ticket| t.platform = PlatformId::Tiktok)]
#[case::account(true, |t: &mut Ticket| t.account = "act_9".parse().unwrap())]
#[case::name(true, |t: &mut Ticket| t.name.push('x'))]
#[case::budget(true, |t: &mut Ticket| t.budget = None)]
#[case::flight(true, |t: &mut Ticket| t.flight = Some(Flight { start: "2027-01-01".parse().unwrap(), end: None }))]
#[case::payload(true, |t: &mut Ticket| t.payload = CanonicalJson::new(&json!({"other": 1})))]
#[case::target(true, |t: &mut Ticket| t.target = Some(Target {
    ticket: t.id,
    no: t.no,
    kind: ObjectKind::Campaign,
    external_id: ExternalId("7".into()),
    seen_budget: None,
}))]
fn a_step_is_sent_only_while_the_ticket_says_what_was_frozen(#[case] content: bool, #[case] change: fn(&mut Ticket)) {
    let mut life = Life::at(Status::Deploying);
    let mut ticket = life.ticket();
    let before = ticket.payload_hash();
    change(&mut ticket);
    assert_eq!(ticket.payload_hash() != before, content);
    life.house.world.force(keys::ticket(life.id), &ticket);
    let sent = life.step(OutcomeClass::Done);
    assert_eq!(sent.is_err(), content, "{sent:?}");
}

#[test]
fn a_payload_edit_names_the_leaves_that_changed() {
    let mut life = Life::new();
    for (message, age) in [("one", 18), ("one", 21)] {
        let (id, version) = (life.id, life.version());
        let patch = TicketPatch {
            payload: Some(CanonicalJson::new(
                &json!({"creative": {"message": message}, "ad_set": {"targeting": {"age_min": age}}}),
            )),
            ..TicketPatch::default()
        };
        life.run(CommandKind::TicketEdit { id, version, patch }).unwrap();
    }
    let changes = &life.house.world.commits.last().unwrap().event.changes;
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].field.as_str(), "payload.ad_set.targeting.age_min");
    assert_eq!(
        (changes[0].from.as_deref(), changes[0].to.as_deref()),
        (Some("18"), Some("21"))
    );
}

#[test]
fn an_open_deploy_follows_its_tickets_priority() {
    let mut life = Life::at(Status::Deploying);
    let (id, version) = (life.id, life.version());
    let patch = TicketPatch {
        priority: Some(Priority::Urgent),
        ..TicketPatch::default()
    };
    life.run(CommandKind::TicketEdit { id, version, patch }).unwrap();
    let deploy = life.ticket().deploy.unwrap();
    let (_, row): (_, Deploy) = life.house.world.get(&keys::deploy(deploy)).unwrap();
    assert_eq!(row.priority, Priority::Urgent);
}

#[test]
fn a_qa_result_counts_only_for_the_run_and_content_asked_about() {
    let mut life = Life::at(Status::QaTesting);
    let old = life.command("qa passes");
    let edit = life.command("edit");
    life.run(edit).unwrap();
    assert_eq!(life.run(old.clone()).unwrap_err().code, RefusalCode::WrongState);
    life.submit();
    assert_eq!(life.run(old).unwrap_err().code, RefusalCode::Stale);
    // The same content, but another run: the answer may be of a rule set that is no longer in force.
    let earlier = life.command("qa passes");
    let withdraw = life.command("withdraw");
    life.run(withdraw).unwrap();
    life.submit();
    assert_eq!(life.run(earlier).unwrap_err().code, RefusalCode::Stale);
    let mut mine = life.command("qa passes");
    let by_hand = life.house.world.run(&admin(), mine.clone()).unwrap_err();
    assert_eq!(
        by_hand.code,
        RefusalCode::NotAllowed,
        "not even an admin says what QA found"
    );
    if let CommandKind::QaResult { payload_hash, .. } = &mut mine {
        *payload_hash = Sha::default();
    }
    assert_eq!(life.run(mine).unwrap_err().code, RefusalCode::Stale);
    life.fail_qa();
    let event = &life.house.world.commits.last().unwrap().event;
    assert_eq!(event.summary, "ticket 1001 failed QA: 1 error");
}

#[test]
fn a_cancelled_ticket_without_objects_frees_its_name_and_a_live_one_keeps_it() {
    let mut life = Life::at(Status::Cancelled);
    let again = life.house.new_ticket();
    life.house
        .world
        .run(&trafficker(), CommandKind::TicketCreate(again))
        .unwrap();

    let mut life = Life::at(Status::TraffickedSuccess);
    let (id, new_id) = (life.id, TicketId::new(life.house.world.mint()));
    let clone = CommandKind::TicketClone {
        id,
        new_id,
        campaign: None,
    };
    assert_eq!(life.run(clone).unwrap_err().code, RefusalCode::Duplicate);
    let clone = life.command("clone");
    life.run(clone).unwrap();
    let copy = life.house.world.tickets().pop().unwrap().1;
    assert_eq!((copy.cloned_from, copy.status), (Some(TicketNo(1001)), Status::Draft));
    assert_eq!(copy.name, "DIS_US_META_2026_SecondWave");
    assert!(copy.created.is_empty() && copy.deploy.is_none() && copy.qa.is_none());
}

#[test]
fn what_was_deployed_once_is_not_removed() {
    let mut life = Life::at(Status::Deploying);
    let cancel = life.command("cancel");
    life.run(cancel).unwrap();
    let delete = life.command("delete");
    let refusal = life.run(delete).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::InUse);
    assert_eq!(
        lines(&refusal),
        ["ticket 1001 was deployed once; its ledger must stay (leave it; it is cancelled)"]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// However commands follow each other: what counts adds up, and every claim has exactly the owner it should.
    #[test]
    fn counters_and_claims_match_the_rows(ops in proptest::collection::vec(any_op(), 1..40)) {
        let mut life = Life::new();
        for op in ops {
            play(&mut life, op, &mut Vec::new());
        }
        let world = &life.house.world;
        let tickets = world.tickets();
        let count = |key| world.get::<Counter>(&key).map_or(0, |(_, c)| c.n);
        let n = tickets.len() as u64;
        prop_assert_eq!(count(keys::refs(Noun::Campaign, life.house.campaign)), n);
        prop_assert_eq!(count(keys::refs(Noun::Channel, life.house.channel)), n);
        prop_assert_eq!(count(keys::account_refs(PlatformId::Meta, &"act_1".parse().unwrap())), n);
        prop_assert_eq!(count(keys::refs(Noun::Brand, life.house.brand)), 1);
        let mut holders = Vec::new();
        for (_, t) in &tickets {
            prop_assert_eq!(world.get::<Owner>(&keys::ticket_no(t.no)).unwrap().1.id, t.id.to_string());
            let gone = t.status == Status::Cancelled && t.created.is_empty();
            if t.request == RequestType::Create && !gone {
                let owner = world.get::<Owner>(&keys::platform_name(t.platform, &t.account, &t.name));
                prop_assert_eq!(owner.unwrap().1.id, t.id.to_string());
                holders.push(&t.name);
            }
        }
        let claims = world.rows.keys().filter(|k| k.as_str().starts_with("claim/name/")).count();
        prop_assert_eq!(claims, holders.len());
    }
}
