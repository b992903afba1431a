//! Forty tickets failed the same rule: one field is set on all of them, and QA runs again by itself.

use super::Person;
use crate::{
    engine::{
        api::{ApiError, CommandKind},
        model::{
            refusal::{Problem, Refusal, RefusalCode},
            ticket::Status,
        },
    },
    tui::{
        bulk::run::Outcome,
        testkit::{World, card, id},
    },
};

fn house() -> World {
    let failed = |n: u32| {
        let mut card = card(1000 + n, Status::QaFailed, &format!("ACM_DE_META_2026_Spring{n}"));
        card.rules = vec!["house.utm.required".into()];
        card
    };
    let mut cards: Vec<_> = (1..=40).map(failed).collect();
    // What failed for another reason, and what did not fail, is left alone.
    cards.push(card(1041, Status::Draft, "ACM_DE_META_2026_Later"));
    let mut other = failed(42);
    other.rules = vec!["budget.cap".into()];
    cards.push(other);
    World {
        cards,
        ..World::default()
    }
}

fn changed_by_ben() -> ApiError {
    let problem = Problem::whole("it changed since you looked: v8 by ben", "r reads it again");
    Refusal::new(RefusalCode::Stale, problem).into()
}

#[test]
fn forty_failures_of_one_rule_take_twelve_keys_and_each_has_an_outcome() {
    let mut me = Person::sits_down(house(), 120, 36);
    me.presses("2 /")
        .types("status:qa-failed rule:utm.required")
        .presses("Enter *")
        .sees("* 40 marked");
    me.presses("x")
        .types("set field")
        .presses("Enter")
        .sees("Set which field on 40 tickets?");
    me.types("url_tags")
        .presses("Enter")
        .types("utm_source=meta")
        .presses("Ctrl-s");
    me.sees("on 40 tickets?")
        .sees("40 QA failed, as they were marked.")
        .sees("and 37 more")
        .sees("QA runs on it")
        .sees("PROD");
    me.d.client.world.lock().unwrap().errors = vec![(id(1007), changed_by_ben()), (id(1031), changed_by_ben())];
    me.presses("4 0 Enter").sees("38 done, 2 changed by others");
    assert!(me.keys() <= 12, "{} keys: {:?}", me.keys(), me.pressed);

    let outcomes: Vec<_> = me.d.model.bulk.last.iter().flat_map(|b| &b.items).collect();
    assert_eq!(outcomes.len(), 40);
    let settled = |o: &Outcome| matches!(o, Outcome::Done(_) | Outcome::Conflict(_));
    assert!(outcomes.iter().all(|i| settled(&i.outcome)));
    let count = |f: fn(&CommandKind) -> bool| me.done().iter().filter(|k| f(k)).count();
    let set = |k: &CommandKind| match k {
        CommandKind::TicketEdit { patch, .. } => {
            let payload = patch.payload.as_ref().map(|p| p.value().to_string());
            payload.is_some_and(|p| p.contains("utm_source=meta"))
        }
        _ => false,
    };
    let judged = |k: &CommandKind| matches!(k, CommandKind::TicketSubmitQa { .. });
    assert_eq!((count(set), count(judged)), (38, 38), "QA runs again by itself");

    // Once more, for the failed ones only.
    me.presses("R").sees("on 2 tickets?").presses("y").sees("2 done");
    let count = |f: fn(&CommandKind) -> bool| me.done().iter().filter(|k| f(k)).count();
    assert_eq!((count(set), count(judged)), (40, 40));
}

#[test]
fn the_findings_lead_to_the_same_question_in_one_key() {
    let mut me = Person::sits_down(house(), 120, 36);
    me.presses("5").sees("Findings").sees("house.utm.required");
    // The cursor stands on the first group, `budget.cap`; the next one is the rule's, and its heading means all of it.
    me.presses("n n").sees("1001").presses("k f");
    me.sees("Set which field on 40 tickets?").sees("url_tags");
    me.presses("Enter")
        .types("utm_source=meta")
        .presses("Ctrl-s")
        .sees("on 40 tickets?");
    me.presses("4 0 Enter").sees("40 done");
}
