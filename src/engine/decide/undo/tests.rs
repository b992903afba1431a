//! Taking changes back, and again: every kind of change, in a small house.

use proptest::prelude::*;
use rstest::rstest;
use serde_json::json;

use super::{
    back::{No, Past, Thing, inverse},
    stack::stacks,
    *,
};
use crate::engine::{
    decide::{
        command::{BrandPatch, ChannelPatch, TicketPatch},
        testkit::{House, account, admin, person, trafficker},
    },
    model::{
        actor::{Actor, Role},
        governance::{Brand, Channel},
        ids::{DeployId, QaRunId, TicketId},
        json::CanonicalJson,
        money::{Budget, BudgetKind, Money},
        ticket::{Priority, Status, Ticket},
    },
    store::schema::keys,
};

/// A house that remembers what everything was.
struct Remembering {
    house: House,
    id: TicketId,
    events: Vec<Event>,
    forms: Vec<[Option<(u64, Thing)>; 3]>,
}

fn usd(text: &str) -> Budget {
    Budget {
        kind: BudgetKind::Daily,
        money: Money::parse(text, "USD".parse().unwrap()).unwrap(),
    }
}

impl Remembering {
    fn new() -> Self {
        let mut house = House::new().unwrap();
        let mut new = house.new_ticket();
        new.budget = Some(usd("900.00"));
        new.payload = CanonicalJson::new(&json!({"ad_set": {"targeting": {"age_min": 21}}}));
        let id = new.id;
        house.world.run(&trafficker(), CommandKind::TicketCreate(new)).unwrap();
        Self {
            house,
            id,
            events: Vec::new(),
            forms: Vec::new(),
        }
    }

    fn forms_now(&self) -> [Option<(u64, Thing)>; 3] {
        let world = &self.house.world;
        let ticket = world.ticket(self.id).map(|(v, t)| (v, Thing::Ticket(Box::new(t))));
        let brand: Option<(u64, Brand)> = world.get(&keys::brand(self.house.brand));
        let channel: Option<(u64, Channel)> = world.get(&keys::channel(self.house.channel));
        [
            ticket,
            brand.map(|(v, b)| (v, Thing::Brand(Box::new(b)))),
            channel.map(|(v, c)| (v, Thing::Channel(Box::new(c)))),
        ]
    }

    fn run(&mut self, actor: &Actor, kind: CommandKind) -> Result<Seq, Refusal> {
        let before = self.forms_now();
        let commit = self.house.world.run(actor, kind)?;
        let seq = Seq(self.events.len() as u64 + 1);
        let event = commit.event;
        self.events.push(Event {
            seq,
            at: commit.at,
            actor: actor.clone(),
            command: commit.command,
            kind: event.kind,
            also: event.also,
            subject: event.subject,
            status: event.status,
            summary: event.summary,
            changes: event.changes,
        });
        self.forms.push(before);
        Ok(seq)
    }

    fn edit(&mut self, actor: &Actor, patch: TicketPatch) -> Seq {
        let (version, _) = self.house.world.ticket(self.id).unwrap();
        let id = self.id;
        self.run(actor, CommandKind::TicketEdit { id, version, patch }).unwrap()
    }

    fn ticket(&self) -> Ticket {
        self.house.world.ticket(self.id).unwrap().1
    }

    fn opposite(&self, of: Seq) -> Result<(Inverse, u64), No> {
        let i = usize::try_from(of.0).unwrap() - 1;
        let event = &self.events[i];
        let at = match event.subject.noun.as_str() {
            "brand" => 1,
            "channel" => 2,
            _ => 0,
        };
        let now = self.forms_now();
        let after = self.forms.get(i + 1).unwrap_or(&now)[at].clone();
        let paused = self.ticket().deploy.is_some_and(|d| {
            let deploy: Option<(u64, crate::engine::model::deploy::Deploy)> = self.house.world.get(&keys::deploy(d));
            deploy.is_some_and(|(_, d)| d.paused_by.is_some())
        });
        let later: Vec<Event> = self.events[i + 1..]
            .iter()
            .filter(|e| e.subject == event.subject)
            .cloned()
            .collect();
        inverse(&Past {
            event,
            before: self.forms[i][at].clone().map(|(_, t)| t),
            after: after.map(|(_, t)| t),
            now: now[at].clone(),
            paused,
            later: &later,
            run: QaRunId::new(uuid::Uuid::from_u128(77)),
        })
    }

    fn undo(&mut self, actor: &Actor, of: Seq) -> Result<Seq, Refusal> {
        let (found, version) = self.opposite(of).map_err(No::into_refusal)?;
        let inverse = Some(Box::new(found));
        self.run(actor, CommandKind::Undo { of, version, inverse })
    }
}

fn budget(text: &str) -> TicketPatch {
    TicketPatch {
        budget: Some(Some(usd(text))),
        ..TicketPatch::default()
    }
}

fn payload(value: serde_json::Value) -> TicketPatch {
    TicketPatch {
        payload: Some(CanonicalJson::new(&value)),
        ..TicketPatch::default()
    }
}

#[test]
fn an_undo_is_an_ordinary_change_that_says_what_it_is() {
    let mut p = Remembering::new();
    let seq = p.edit(&trafficker(), budget("1200.00"));
    let undo = p.undo(&trafficker(), seq).unwrap();
    assert_eq!(p.ticket().budget, Some(usd("900.00")));
    let event = p.events.last().unwrap();
    assert_eq!(event.kind, EventKind::TicketEdited);
    assert_eq!(undone_by(event), Some(seq));
    assert!(event.summary.starts_with("undo of seq 1: ticket "), "{}", event.summary);
    let changes = without_note(&event.changes);
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].to.as_deref(), Some("USD 900.00 daily"));
    // The undo undone is the change made again.
    p.undo(&trafficker(), undo).unwrap();
    assert_eq!(p.ticket().budget, Some(usd("1200.00")));
    assert!(p.events.last().unwrap().summary.starts_with("redo of seq 1: "));
}

#[test]
fn what_somebody_changed_again_stays_and_is_told_with_name_and_time() {
    let mut p = Remembering::new();
    let seq = p.edit(&trafficker(), budget("1200.00"));
    p.edit(&person("ben", Role::Trafficker), budget("1300.00"));
    let refusal = p.undo(&trafficker(), seq).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::Stale);
    let said = refusal.to_string();
    assert!(
        said.contains("budget was changed again by ben at ") && said.contains("(seq 2)"),
        "{said}"
    );
    assert_eq!(p.ticket().budget, Some(usd("1300.00")));
}

#[test]
fn what_somebody_changed_beside_it_stays() {
    let mut p = Remembering::new();
    let seq = p.edit(
        &trafficker(),
        payload(json!({"ad_set": {"targeting": {"age_min": 30}}})),
    );
    p.edit(
        &person("ben", Role::Trafficker),
        payload(json!({"ad_set": {"targeting": {"age_min": 30, "age_max": 50}}})),
    );
    p.undo(&trafficker(), seq).unwrap();
    assert_eq!(
        p.ticket().payload.value(),
        json!({"ad_set": {"targeting": {"age_min": 21, "age_max": 50}}})
    );
}

#[rstest]
#[case::deploying(Status::Deploying, "deploy recall")]
#[case::live(
    Status::TraffickedSuccess,
    "reverting ticket: `ticket create --request UPDATE_BUDGET --target"
)]
#[case::cancelled(Status::Cancelled, "clone it")]
fn nothing_on_a_platform_is_ever_claimed(#[case] status: Status, #[case] remedy: &str) {
    let mut p = Remembering::new();
    let seq = p.edit(&trafficker(), budget("1200.00"));
    p.house.world.force_status(p.id, status);
    let Err(No::Stop(refusal)) = p.opposite(seq) else {
        panic!("{status}")
    };
    let said = refusal.to_string();
    assert!(
        said.contains("would change nothing on meta") && said.contains(remedy),
        "{said}"
    );
}

#[test]
fn care_is_taken_back_even_where_content_is_not() {
    let mut p = Remembering::new();
    let patch = TicketPatch {
        priority: Some(Priority::Urgent),
        assignee: Some("ana".to_owned()),
        ..TicketPatch::default()
    };
    let seq = p.edit(&trafficker(), patch);
    p.house.world.force_status(p.id, Status::TraffickedSuccess);
    p.undo(&trafficker(), seq).unwrap();
    assert_eq!(
        (p.ticket().priority, p.ticket().assignee),
        (Priority::Normal, String::new())
    );
}

#[test]
fn moves_are_taken_back_while_they_last() {
    let mut p = Remembering::new();
    let (id, run) = (p.id, QaRunId::new(uuid::Uuid::from_u128(5)));
    let asked = p.run(&trafficker(), CommandKind::TicketSubmitQa { id, run }).unwrap();
    let back = p.undo(&trafficker(), asked).unwrap();
    assert_eq!(p.ticket().status, Status::Draft);
    p.undo(&trafficker(), back).unwrap();
    assert_eq!(p.ticket().status, Status::QaTesting);
    p.house.world.force_status(p.id, Status::QaFailed);
    assert!(matches!(p.opposite(asked), Err(No::Nothing(_))), "QA has answered");
}

#[test]
fn a_pause_is_taken_back_and_made_again() {
    let mut p = Remembering::new();
    let (id, deploy) = (p.id, DeployId::new(uuid::Uuid::from_u128(9)));
    let run = QaRunId::new(uuid::Uuid::from_u128(5));
    p.run(&trafficker(), CommandKind::TicketSubmitQa { id, run }).unwrap();
    let ticket = p.ticket();
    let result = CommandKind::QaResult {
        id,
        run,
        payload_hash: ticket.payload_hash(),
        basis: p.house.world.basis(&ticket),
        findings: Vec::new(),
    };
    p.run(&Actor::engine("qa"), result).unwrap();
    let kind = CommandKind::TicketDeploy {
        id,
        deploy,
        not_before: None,
    };
    let started = p.run(&trafficker(), kind).unwrap();
    let Err(No::Stop(refusal)) = p.opposite(started) else {
        panic!("a deploy has no opposite")
    };
    assert!(refusal.to_string().contains("deploy recall"), "{refusal}");
    let paused = p.run(&trafficker(), CommandKind::DeployPause { id }).unwrap();
    let resumed = p.undo(&trafficker(), paused).unwrap();
    assert_eq!(p.events.last().unwrap().kind, EventKind::DeployResumed);
    p.undo(&trafficker(), resumed).unwrap();
    assert_eq!(p.events.last().unwrap().kind, EventKind::DeployPaused);
}

/// Paused by one, resumed and paused again by another: the first pause is gone, and the second is not theirs.
#[test]
fn a_move_of_another_person_is_not_taken_back_with_ones_own() {
    let mut p = Remembering::new();
    let (id, run) = (p.id, QaRunId::new(uuid::Uuid::from_u128(5)));
    let mine = p.run(&trafficker(), CommandKind::TicketSubmitQa { id, run }).unwrap();
    let ben = person("ben", Role::Trafficker);
    p.run(&ben, CommandKind::TicketWithdraw { id }).unwrap();
    let again = QaRunId::new(uuid::Uuid::from_u128(6));
    p.run(&ben, CommandKind::TicketSubmitQa { id, run: again }).unwrap();
    let Err(No::Stop(refusal)) = p.opposite(mine) else {
        panic!("ben's QA would be taken back")
    };
    assert_eq!(refusal.code, RefusalCode::Stale);
    assert!(refusal.to_string().contains("ben did something"), "{refusal}");
}

#[test]
fn governed_values_are_put_back_by_those_who_may() {
    let mut p = Remembering::new();
    let id = p.house.brand;
    let patch = BrandPatch {
        name: Some("Distant Isle".to_owned()),
        ..BrandPatch::default()
    };
    let version = 1;
    let seq = p
        .run(&admin(), CommandKind::BrandUpdate { id, version, patch })
        .unwrap();
    let refusal = p.undo(&trafficker(), seq).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::NotAllowed, "the role of the change itself");
    p.undo(&admin(), seq).unwrap();
    let (_, brand): (u64, Brand) = p.house.world.get(&keys::brand(id)).unwrap();
    assert_eq!(brand.name, "Distant Isle Studios");
    // A code stands in names: it is not changed in passing.
    let patch = BrandPatch {
        code: Some("ISL".parse().unwrap()),
        ..BrandPatch::default()
    };
    let version = 3;
    let seq = p
        .run(&admin(), CommandKind::BrandUpdate { id, version, patch })
        .unwrap();
    assert!(matches!(p.opposite(seq), Err(No::Stop(r)) if r.code == RefusalCode::Unsupported));
}

#[test]
fn accounts_come_and_go_again() {
    let mut p = Remembering::new();
    let id = p.house.channel;
    let patch = ChannelPatch {
        set_accounts: vec![account("act_2").unwrap()],
        ..ChannelPatch::default()
    };
    let version = 1;
    let seq = p
        .run(&admin(), CommandKind::ChannelUpdate { id, version, patch })
        .unwrap();
    let undo = p.undo(&admin(), seq).unwrap();
    let accounts = |p: &Remembering| {
        let (_, channel): (u64, Channel) = p.house.world.get(&keys::channel(id)).unwrap();
        channel.accounts.len()
    };
    assert_eq!(accounts(&p), 1);
    p.undo(&admin(), undo).unwrap();
    assert_eq!(accounts(&p), 2);
}

#[test]
fn steps_back_and_forth_follow_the_journal() {
    let mut p = Remembering::new();
    let tom = trafficker();
    let a = p.edit(&tom, budget("1000.00"));
    let b = p.edit(&tom, budget("1100.00"));
    assert_eq!(stacks(&p.events).undo, [a, b]);
    let back = p.undo(&tom, b).unwrap();
    assert_eq!((stacks(&p.events).undo, stacks(&p.events).redo), (vec![a], vec![back]));
    let further = p.undo(&tom, a).unwrap();
    assert_eq!(stacks(&p.events).redo, [back, further]);
    let again = p.undo(&tom, further).unwrap();
    assert_eq!(
        (stacks(&p.events).undo, stacks(&p.events).redo),
        (vec![again], vec![back])
    );
    assert_eq!(p.ticket().budget, Some(usd("1000.00")));
    // A change of one's own ends what could be made again; QA right after it belongs to it.
    let c = p.edit(&tom, budget("1500.00"));
    let run = QaRunId::new(uuid::Uuid::from_u128(5));
    let id = p.id;
    p.run(&tom, CommandKind::TicketSubmitQa { id, run }).unwrap();
    assert_eq!(
        (stacks(&p.events).undo, stacks(&p.events).redo),
        (vec![again, c], vec![])
    );
}

#[test]
fn an_undo_from_outside_says_nothing_of_itself() {
    let mut p = Remembering::new();
    let forged = CommandKind::Undo {
        of: Seq(1),
        version: 0,
        inverse: Some(Box::new(Inverse {
            kind: CommandKind::TicketDelete { id: p.id, version: 1 },
            again: None,
        })),
    };
    assert_eq!(p.run(&trafficker(), forged).unwrap_err().code, RefusalCode::Unsupported);
    let json = serde_json::to_string(&CommandKind::Undo {
        of: Seq(1),
        version: 0,
        inverse: Some(Box::new(Inverse {
            kind: CommandKind::DeployPause { id: p.id },
            again: None,
        })),
    })
    .unwrap();
    assert!(!json.contains("pause"), "{json}");
}

fn leaf() -> impl Strategy<Value = serde_json::Value> {
    let scalar = prop_oneof![
        (0..5_i64).prop_map(|n| json!(n)),
        "[a-c]{1,3}".prop_map(|s| json!(s)),
        prop::collection::vec(0..3_i64, 0..3).prop_map(|v| json!(v)),
    ];
    scalar.prop_recursive(3, 12, 4, |inner| {
        prop::collection::btree_map("[a-d]", inner, 0..4).prop_map(|m| json!(m))
    })
}

fn object() -> impl Strategy<Value = serde_json::Value> {
    prop::collection::btree_map("[a-d]", leaf(), 0..4).prop_map(|m| json!(m))
}

proptest! {
    /// Whatever was edited, undo gives the same content; redo gives the edit's.
    #[test]
    fn edit_and_undo_leave_the_same_content(first in object(), second in object(), amount in 1..5000_u32) {
        let mut p = Remembering::new();
        let start = payload(first.clone());
        if p.ticket().payload != CanonicalJson::new(&first) {
            p.edit(&trafficker(), start);
        }
        let before = p.ticket();
        let patch = TicketPatch { budget: Some(Some(usd(&format!("{amount}.00")))), ..payload(second) };
        prop_assume!(before.budget != patch.budget.unwrap() || Some(&before.payload) != patch.payload.as_ref());
        let seq = p.edit(&trafficker(), patch);
        let after = p.ticket();
        let undo = p.undo(&trafficker(), seq).unwrap();
        prop_assert_eq!(p.ticket().payload_hash(), before.payload_hash());
        p.undo(&trafficker(), undo).unwrap();
        prop_assert_eq!(p.ticket().payload_hash(), after.payload_hash());
    }
}
