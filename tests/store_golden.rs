//! Bytes that were released stay readable. Every kind of value has its bytes of schema 1 in `tests/golden/`; so have a
//! journal record, a segment's header and the positions of every stored enum's variants.
//!
//! A file that is missing is written, and the test fails once, so that it gets looked at and committed. From the first
//! release on a file is never edited or removed: a changed value is a new schema with new bytes beside the old ones.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod store_support;

use std::{
    fmt::{Debug, Write as _},
    path::PathBuf,
};

use omnitraffick::engine::{
    model::{
        actor::{Actor, Role},
        approval::{Approval, Declined, Review},
        campaign::Campaign,
        deploy::{
            Attempt, Deploy, DeployState, Job, Leftovers, LookUpRead, Made, Outcome, OutcomeClass, Step, StepAction,
            StepState, Why,
        },
        event::{EventKind, FieldChange, Noun, Seq, Subject},
        exchange::{EndState, ExchangeRow, ModelUse, OpenExchange, SnippetUse},
        governance::{Account, Brand, Channel, Market},
        house_rule::{Effect, HouseRule, HouseRules, RuleText},
        ids::{
            BrandId, CampaignId, ChannelId, CommandId, DeployId, LeaseId, MarketId, QaRunId, StoreId, TicketId,
            TicketNo,
        },
        json::{CanonicalJson, Sha},
        money::{Budget, BudgetKind, Money},
        path::FieldPath,
        platform::{ExternalId, ObjectKind, PlatformId},
        proposal::{Ailment, Origin, Proposal, ProposalNo, ProposalState, Witness},
        ticket::{Created, FailureNote, Finding, Priority, QaRecord, RequestType, Severity, Status, Target, Ticket},
        time::{Flight, Timestamp},
        watch::Watchers,
    },
    store::{
        Columns, Key, Kind, NewEvent, Row,
        codec::{self, Stored},
        journal::{frame, record},
        schema::{Counter, Epoch, Hold, Owner, Restored},
    },
};
use serde::Serialize;
use store_support::{Words as _, commit};
use uuid::Uuid;

fn golden(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name)
}

/// The committed text, or the present one written down for the first time.
fn committed(name: &str, present: &str) -> String {
    let path = golden(name);
    std::fs::read_to_string(&path).unwrap_or_else(|_| {
        std::fs::write(&path, present).unwrap();
        panic!(
            "{} was missing and has been written; look at it and commit it",
            path.display()
        );
    })
}

fn to_hex(bytes: &[u8]) -> String {
    let mut out = String::new();
    for line in bytes.chunks(32) {
        for b in line {
            write!(out, "{b:02x}").unwrap();
        }
        out.push('\n');
    }
    out
}

fn from_hex(text: &str) -> Vec<u8> {
    let digits: String = text.split_whitespace().collect();
    let pairs = digits.as_bytes().chunks(2);
    pairs
        .map(|p| u8::from_str_radix(std::str::from_utf8(p).unwrap(), 16).unwrap())
        .collect()
}

/// The bytes of old open as this value, and this value still makes these bytes.
fn holds<T: Stored + PartialEq + Debug>(name: &str, value: &T) {
    let present = codec::encode(value).unwrap();
    let old = from_hex(&committed(&format!("{name}.v1.hex"), &to_hex(&present)));
    assert_eq!(&codec::decode::<T>(&old).unwrap(), value, "{name}");
    if T::SCHEMA == 1 {
        assert_eq!(&*present, old.as_slice(), "{name}: other bytes need another schema");
    }
}

/// The same for a value of a schema after the first: the newest form has its own bytes.
fn holds_newest<T: Stored + PartialEq + Debug>(name: &str, value: &T) {
    let present = codec::encode(value).unwrap();
    let bytes = from_hex(&committed(&format!("{name}.v{}.hex", T::SCHEMA), &to_hex(&present)));
    assert_eq!(&codec::decode::<T>(&bytes).unwrap(), value, "{name}");
    assert_eq!(&*present, bytes.as_slice(), "{name}: other bytes need another schema");
}

fn uuid(n: u128) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | n)
}

fn at(s: i64) -> Timestamp {
    Timestamp::from_micros(1_767_225_600_000_000 + s * 1_000_000)
}

fn money(amount: &str) -> Money {
    Money::parse(amount, "EUR".parse().unwrap()).unwrap()
}

fn budget() -> Budget {
    Budget {
        kind: BudgetKind::Daily,
        money: money("1200.50"),
    }
}

fn flight() -> Flight {
    Flight {
        start: "2026-12-01".parse().unwrap(),
        end: Some("2026-12-31".parse().unwrap()),
    }
}

fn kim() -> Actor {
    Actor {
        uid: Some(1000),
        name: "kim".into(),
        role: Role::Trafficker,
        client: "console".into(),
    }
}

fn account() -> Account {
    Account {
        id: "act_1".parse().unwrap(),
        name: "Main".into(),
        currency: "EUR".parse().unwrap(),
        timezone: "Europe/Berlin".into(),
    }
}

fn campaign() -> Campaign {
    Campaign {
        id: CampaignId::new(uuid(4)),
        brand: BrandId::new(uuid(2)),
        market: MarketId::new(uuid(1)),
        year: 2026,
        label: "SpringLaunch".parse().unwrap(),
        title: "Spring launch".into(),
        budget: Some(money("50000")),
        flight: Some(flight()),
        retired: false,
        created_at: at(0),
    }
}

fn target() -> Target {
    Target {
        ticket: TicketId::new(uuid(5)),
        no: TicketNo(1001),
        kind: ObjectKind::Campaign,
        external_id: ExternalId("238500000000001".into()),
        seen_budget: Some(budget()),
    }
}

fn ticket() -> Ticket {
    Ticket {
        id: TicketId::new(uuid(6)),
        no: TicketNo(1002),
        campaign: CampaignId::new(uuid(4)),
        channel: ChannelId::new(uuid(3)),
        platform: PlatformId::Meta,
        account: "act_1".parse().unwrap(),
        name: "NOV_DE_META_2026_SpringLaunch".into(),
        request: RequestType::UpdateBudget,
        target: Some(target()),
        status: Status::Failed,
        priority: Priority::High,
        budget: Some(budget()),
        flight: Some(flight()),
        payload: CanonicalJson::new(&serde_json::json!({"campaign": {"objective": "OUTCOME_TRAFFIC"}})),
        notes: "for the spring".into(),
        assignee: "kim".into(),
        created_by: kim(),
        created_at: at(0),
        updated_by: Actor::engine("executor"),
        updated_at: at(60),
        qa: Some(QaRecord {
            run: QaRunId::new(uuid(7)),
            payload_hash: Sha::of(b"payload"),
            basis: Sha::of(b"rules"),
            finished_at: Some(at(10)),
            findings: vec![Finding {
                rule: "budget.daily_limit".into(),
                severity: Severity::Warning,
                field: FieldPath::new("budget.daily"),
                message: "high".into(),
                remedy: "lower it".into(),
            }],
        }),
        deploy: Some(DeployId::new(uuid(8))),
        created: vec![Created {
            step: "campaign".into(),
            kind: ObjectKind::Campaign,
            name: "NOV_DE_META_2026_SpringLaunch".into(),
            external_id: ExternalId("238500000000001".into()),
        }],
        live_budget: Some(budget()),
        failure: Some(FailureNote {
            step: "ad_set".into(),
            reason: "refused".into(),
            field: Some(FieldPath::new("budget")),
            remedy: "mend it".into(),
        }),
        cloned_from: Some(TicketNo(1001)),
        // Released forms without it open with nothing said.
        review: Review::default(),
    }
}

/// A ticket approvers have spoken about.
fn reviewed() -> Ticket {
    Ticket {
        review: Review {
            approvals: vec![Approval {
                by: kim(),
                at: at(70),
                payload_hash: Sha::of(b"payload"),
                reason: "as agreed".into(),
            }],
            declined: Some(Declined {
                by: kim(),
                at: at(65),
                reason: "too much".into(),
            }),
        },
        ..ticket()
    }
}

fn deploy() -> Deploy {
    let outcome = Outcome {
        class: OutcomeClass::Rejected,
        at: at(30),
        http_status: Some(400),
        code: Some("100/1885621".into()),
        request_id: Some("trace".into()),
        words: "Invalid parameter".into(),
        field: Some(FieldPath::new("payload.ad_set.targeting")),
        external_id: Some(ExternalId("1".into())),
        wait_until: Some(at(90)),
    };
    let step = Step {
        key: "ad_set".into(),
        kind: ObjectKind::AdSet,
        action: StepAction::Create,
        name: "NOV_DE_META_2026_SpringLaunch".into(),
        parent: Some("campaign".into()),
        state: StepState::Rejected,
        external_id: Some(ExternalId("2".into())),
        made: vec![Made {
            kind: ObjectKind::Ad,
            name: String::new(),
            external_id: ExternalId("3".into()),
        }],
        attempts: vec![Attempt {
            n: 1,
            epoch: 3,
            intent_at: at(20),
            request_hash: Sha::of(b"request"),
            outcome: Some(outcome),
            reads: vec![LookUpRead {
                at: at(45),
                found: Some(1),
                ids: vec![ExternalId("2".into())],
                note: "one match".into(),
            }],
        }],
        tries: 1,
        not_before: Some(at(50)),
        held_since: Some(at(40)),
    };
    Deploy {
        id: DeployId::new(uuid(8)),
        ticket: TicketId::new(uuid(6)),
        no: TicketNo(1002),
        platform: PlatformId::Meta,
        account: "act_1".parse().unwrap(),
        priority: Priority::Urgent,
        payload_hash: Sha::of(b"payload"),
        job: Job {
            request: RequestType::Create,
            account: account(),
            name: "NOV_DE_META_2026_SpringLaunch".into(),
            target: Some(target()),
            budget: Some(budget()),
            flight: Some(flight()),
            payload: CanonicalJson::default(),
            campaign: campaign(),
        },
        state: DeployState::Open,
        steps: vec![step],
        paused_by: Some("kim".into()),
        cancel: Some(Leftovers::Archive),
        not_before: Some(at(5)),
        run_at: Some(at(50)),
        why: Why::Backoff {
            tries: 1,
            of: 6,
            at: at(50),
            last: "refused".into(),
        },
        started_at: at(1),
        finished_at: Some(at(99)),
    }
}

fn proposal(origin: Origin, state: ProposalState) -> Proposal {
    Proposal {
        ticket: TicketId::new(uuid(6)),
        no: ProposalNo {
            ticket: TicketNo(1002),
            n: 1,
        },
        payload_hash: Sha::of(b"payload"),
        patch: CanonicalJson::new(&serde_json::json!([{"op": "replace", "path": "/payload/ad/text", "value": "a"}])),
        reasons: "the text has spaces that do not belong there".into(),
        cites: vec!["meta 100".into()],
        origin,
        mends: vec![Ailment {
            witness: Witness::Platform,
            code: "100".into(),
            step: Some("ad".into()),
            field: Some(FieldPath::new("payload.ad.text")),
            words: "Invalid parameter".into(),
        }],
        asked_by: "kim".into(),
        made_at: at(7),
        state,
    }
}

#[test]
fn every_golden_value_opens() {
    for kind in Kind::ALL {
        match kind {
            Kind::Market => holds(
                "market",
                &Market {
                    id: MarketId::new(uuid(1)),
                    code: "DE".parse().unwrap(),
                    name: "Germany".into(),
                    countries: vec!["DE".into()],
                    region: "EMEA".into(),
                    timezone: "Europe/Berlin".into(),
                    daily_cap: Some(money("9000")),
                    aliases: vec!["GER".parse().unwrap()],
                    retired: true,
                },
            ),
            Kind::Brand => holds(
                "brand",
                &Brand {
                    id: BrandId::new(uuid(2)),
                    code: "NOV".parse().unwrap(),
                    name: "Novus Toys".into(),
                    family_friendly: true,
                    aliases: vec!["NVS".parse().unwrap()],
                    retired: false,
                },
            ),
            Kind::Channel => holds(
                "channel",
                &Channel {
                    id: ChannelId::new(uuid(3)),
                    code: "META".parse().unwrap(),
                    name: "Meta".into(),
                    platform: PlatformId::Meta,
                    accounts: vec![account()],
                    aliases: vec!["FB".parse().unwrap()],
                    retired: false,
                },
            ),
            Kind::Campaign => holds("campaign", &campaign()),
            Kind::Ticket => {
                holds("ticket", &ticket());
                holds_newest("ticket", &reviewed());
            }
            Kind::Deploy => holds("deploy", &deploy()),
            Kind::Claim => holds(
                "claim",
                &Owner {
                    id: uuid(6).to_string(),
                },
            ),
            Kind::Counter => holds("counter", &Counter { n: 1002 }),
            Kind::Epoch => holds(
                "epoch",
                &Epoch {
                    n: 3,
                    build: "0.1.0".into(),
                },
            ),
            Kind::Hold => {
                let hold = |role| Hold {
                    by: "kim".into(),
                    reason: "budget talks".into(),
                    since: at(7),
                    role,
                };
                holds("hold", &hold(Role::Trafficker));
                holds_newest("hold", &hold(Role::Approver));
            }
            Kind::Watch => holds(
                "watch",
                &Watchers {
                    on: ["ana".to_owned()].into(),
                    off: ["kim".to_owned()].into(),
                },
            ),
            Kind::Restored => holds(
                "restored",
                &Restored {
                    at: at(9),
                    taken_at: at(2),
                    epoch: 3,
                    by: "kim".into(),
                },
            ),
            Kind::Proposal => {
                holds(
                    "proposal",
                    &proposal(
                        Origin::Rule {
                            name: "stray_spaces".into(),
                        },
                        ProposalState::Open,
                    ),
                );
                let model = Origin::Model {
                    model: "house".into(),
                    asked: Sha::of(b"asked"),
                    confidence: "high".into(),
                };
                let declined = ProposalState::Declined {
                    by: "kim".into(),
                    at: at(8),
                    reason: "no".into(),
                };
                holds("proposal_of_model", &proposal(model, declined));
            }
            Kind::OpenExchange => holds("open_exchange", &open_exchange()),
            Kind::Rules => {
                let rule = |name: &str, then| HouseRule {
                    text: RuleText {
                        name: name.into(),
                        when: vec![
                            "brand is DIS, ACM".parse().unwrap(),
                            "budget.daily above 500".parse().unwrap(),
                        ],
                        then,
                        message: "not here".into(),
                        remedy: String::new(),
                    },
                    version: 2,
                    retired: false,
                    by: "kim".into(),
                    at: at(4),
                };
                let needs = Effect::Require("notes is-set".parse().unwrap());
                let rules = vec![
                    rule("a.one", Effect::Block),
                    rule("a.two", Effect::Warn),
                    rule("a.three", needs),
                ];
                holds("rules", &HouseRules { rules });
            }
        }
    }
}

fn open_exchange() -> OpenExchange {
    OpenExchange {
        id: CommandId::new(uuid(8)),
        by: "kim".into(),
        row: ExchangeRow {
            ticket: Some((TicketId::new(uuid(5)), TicketNo(1001))),
            standing: "brand ACM".into(),
            question: "may we?".into(),
            state: EndState::SnippetsOnly,
            why: "lost".into(),
            model: Some(ModelUse {
                host: "models.example".into(),
                model: "house".into(),
                template: 1,
                sent: Sha::of(b"sent"),
                answer: None,
                request_id: None,
                input: 0,
                cached: 0,
                output: 0,
                estimated: true,
                cost: None,
                currency: None,
                first_token_ms: None,
                total_ms: 0,
                finish: "lost".into(),
                flags: 0,
                lost: true,
            }),
            snippets: vec![SnippetUse {
                id: "house/a.md@1#0".into(),
                sha: Sha::of(b"text"),
                sent: true,
            }],
            withheld: 1,
            redacted: vec![("email".into(), 2)],
            day: "2026-11-20".into(),
        },
    }
}

/// bincode stores a variant's position: a new one goes last, or old values change their meaning.
#[test]
fn variants_keep_their_positions() {
    fn list<T: Serialize>(out: &mut String, name: &str, all: &[T]) {
        for value in all {
            let json = serde_json::to_value(value).unwrap();
            // A variant with fields is an object with one key.
            let word = json.as_object().and_then(|o| o.keys().next().cloned());
            let word = word.unwrap_or_else(|| json.as_str().unwrap().to_owned());
            let position = codec::to_payload(value).unwrap()[0];
            writeln!(out, "{name} {position} {word}").unwrap();
        }
    }
    let (s, t) = (String::new, at(0));
    let mut out = String::new();
    list(&mut out, "EventKind", EventKind::ALL);
    list(&mut out, "Status", Status::ALL);
    list(&mut out, "EndState", &EndState::ALL);
    list(&mut out, "RequestType", RequestType::ALL);
    list(&mut out, "Priority", Priority::ALL);
    list(&mut out, "PlatformId", &PlatformId::ALL);
    list(&mut out, "Severity", &[Severity::Warning, Severity::Error]);
    list(&mut out, "BudgetKind", &[BudgetKind::Daily, BudgetKind::Lifetime]);
    list(
        &mut out,
        "Role",
        &[Role::Viewer, Role::Trafficker, Role::Approver, Role::Admin],
    );
    {
        use Noun::{Brand, Campaign, Channel, Deploy, Engine, Market, Rule, Ticket};
        list(
            &mut out,
            "Noun",
            &[Engine, Market, Brand, Channel, Campaign, Ticket, Deploy, Rule],
        );
    }
    {
        use ObjectKind::{Ad, AdSet, Asset, Campaign, Creative, Tree};
        list(&mut out, "ObjectKind", &[Campaign, AdSet, Asset, Creative, Ad, Tree]);
    }
    list(
        &mut out,
        "StepAction",
        &[StepAction::Create, StepAction::Set, StepAction::Check],
    );
    {
        use StepState::{
            Abandoned, Compensated, Confirmed, Intent, NeedsOperator, Planned, Reconciling, Rejected, Unknown,
        };
        let all = [
            Planned,
            Intent,
            Unknown,
            Reconciling,
            Confirmed,
            Rejected,
            NeedsOperator,
            Abandoned,
            Compensated,
        ];
        list(&mut out, "StepState", &all);
    }
    {
        use OutcomeClass::{
            Absent, Adopted, AuthExpired, Differs, Done, LaneBlocked, MaybeOurs, NotExecuted, NotReady, Parked,
            RateLimited, Rejected, Unknown,
        };
        let all = [
            Done,
            NotExecuted,
            RateLimited,
            Parked,
            AuthExpired,
            LaneBlocked,
            Rejected,
            MaybeOurs,
            Unknown,
            Adopted,
            Absent,
            Differs,
            NotReady,
        ];
        list(&mut out, "OutcomeClass", &all);
    }
    {
        use DeployState::{Cancelled, Done, Failed, Open, Recalled};
        list(&mut out, "DeployState", &[Open, Done, Failed, Cancelled, Recalled]);
    }
    list(&mut out, "Witness", &[Witness::Platform, Witness::Qa]);
    let origin = Origin::Rule { name: s() };
    let model = Origin::Model {
        model: s(),
        asked: Sha::default(),
        confidence: s(),
    };
    list(&mut out, "Origin", &[origin, model]);
    let applied = ProposalState::Applied { by: s(), at: t };
    let declined = ProposalState::Declined {
        by: s(),
        at: t,
        reason: s(),
    };
    list(&mut out, "ProposalState", &[ProposalState::Open, applied, declined]);
    list(&mut out, "Leftovers", &[Leftovers::KeepPaused, Leftovers::Archive]);
    let why = [
        Why::Queued,
        Why::Running { step: s() },
        Why::Paused { by: s() },
        Why::NotBefore { at: t },
        Why::LaneBusy { ticket: TicketNo(1) },
        Why::Backoff {
            tries: 0,
            of: 0,
            at: t,
            last: s(),
        },
        Why::RateLimited { at: t, source: s() },
        Why::Parked { at: t, source: s() },
        Why::BreakerOpen { at: t },
        Why::LaneBlocked { reason: s() },
        Why::Reconciling { read: 0, of: 0, at: t },
        Why::NeedsOperator {
            since: t,
            question: s(),
        },
        Why::Draining,
        Why::ReadOnly { why: s() },
        Why::Finished,
        Why::Blackout { until: t },
        Why::Processing { at: t, what: s() },
        Why::WaitsApproval { given: 0, needed: 1 },
    ];
    list(&mut out, "Why", &why);
    // New lines may be added; a line that was there stays as it was.
    let known = committed("positions.txt", &out);
    for line in known.lines() {
        assert!(
            out.lines().any(|l| l == line),
            "{line:?} was released and is gone or moved"
        );
    }
    for line in out.lines() {
        assert!(
            known.lines().any(|l| l == line),
            "{line:?} is new: add it to tests/golden/positions.txt"
        );
    }
}

#[test]
fn a_journal_record_and_a_header_keep_their_bytes() {
    let mut c = commit(812).del("claim/old").epoch(3);
    c.actor = kim();
    c.lease = Some(LeaseId::new(uuid(9)));
    c.event = NewEvent {
        kind: EventKind::StepConfirmed,
        also: vec![EventKind::Trafficked],
        subject: Subject {
            noun: Noun::Ticket,
            id: uuid(6).to_string(),
            label: "1002".into(),
            ticket: Some(TicketNo(1002)),
        },
        status: Some(Status::TraffickedSuccess),
        summary: "ticket 1002 is live".into(),
        changes: vec![FieldChange {
            field: FieldPath::new("status"),
            from: Some("DEPLOYING".into()),
            to: None,
        }],
    };
    let row = Row {
        key: Key::new("ticket/a"),
        kind: Kind::Ticket,
        version: 7,
        columns: Columns {
            status: Some(Status::TraffickedSuccess),
            run_at: Some(at(1)),
            platform: Some(PlatformId::Meta),
            account: Some("act_1".parse().unwrap()),
            priority: Some(Priority::Low),
            brand: Some("b".into()),
            market: Some("m".into()),
            campaign: Some("c".into()),
            updated_at: Some(at(2)),
        },
        body: b"body".as_slice().into(),
    };
    let prev = Sha::of(b"before");
    let payload = record::encode(&c, std::slice::from_ref(&row), prev, 4711).unwrap();
    let mut bytes = Vec::new();
    frame::put_frame(&mut bytes, Seq(812), &payload);
    let old = from_hex(&committed("record.v1.hex", &to_hex(&bytes)));
    assert_eq!(bytes, old);
    let read = record::decode(Seq(812), frame::frame(&old).unwrap().payload).unwrap();
    assert_eq!((read.prev, read.group_start, read.epoch), (prev, 4711, 3));
    assert_eq!(read.command_hash, c.command_hash);
    assert_eq!((&read.applied.put, &read.applied.del), (&vec![row], &c.del));
    let event = &read.applied.event;
    assert_eq!(
        (event.seq, event.at, event.command, &event.actor),
        (Seq(812), c.at, c.command, &c.actor)
    );
    assert_eq!(
        (event.kind, &event.also, &event.subject),
        (c.event.kind, &c.event.also, &c.event.subject)
    );
    assert_eq!(
        (event.status, &event.summary, &event.changes),
        (c.event.status, &c.event.summary, &c.event.changes)
    );

    let header = frame::Header {
        store: StoreId::new(uuid(10)),
        first: Seq(812),
        prev,
    };
    let old = from_hex(&committed("segment.v1.hex", &to_hex(&header.to_bytes())));
    assert_eq!(header.to_bytes(), old);
    assert_eq!(frame::Header::parse(&old), Ok(header));
}
