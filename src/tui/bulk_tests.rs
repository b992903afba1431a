//! Many tickets at once: what a person marks and types, what each ticket gets, what the report says.

use rstest::rstest;

use super::{
    screens::ScreenId,
    testkit::{Driver, World, card, id},
};
use crate::engine::{
    api::{ApiError, CommandKind},
    model::{
        refusal::{Problem, Refusal, RefusalCode},
        ticket::{Priority, Status},
    },
};

fn done(d: &Driver) -> Vec<CommandKind> {
    d.client.world.lock().unwrap().done.clone()
}

fn stale() -> ApiError {
    Refusal::new(
        RefusalCode::Stale,
        Problem::whole("it changed since you looked: v8 by ben", "r reads it again"),
    )
    .into()
}

/// Forty tickets that failed QA, and two that wait elsewhere.
fn forty() -> World {
    let mut cards: Vec<_> = (1..=40)
        .map(|n| card(1000 + n, Status::QaFailed, &format!("ACM_DE_META_2026_Spring{n}")))
        .collect();
    cards.push(card(1041, Status::Draft, "ACM_DE_META_2026_Later"));
    cards.push(card(1042, Status::TraffickedSuccess, "ACM_DE_META_2026_Lived"));
    World {
        cards,
        ..World::default()
    }
}

#[test]
fn forty_qa_failures_are_fixed_with_one_value() {
    let mut d = Driver::new(forty(), 120, 36);
    // Narrow to what failed, mark everything, choose the field.
    d.keys("2 / \"status:qa-failed\" Enter *");
    assert!(d.sees("* 40 marked"), "{}", d.screen());
    d.keys("e \"priority\" Enter");
    // The question says what, how many, from what to what, where; it wants the count.
    d.keys("\"urgent\" Ctrl-s");
    assert!(d.sees("Set the priority on 40 tickets?"), "{}", d.screen());
    assert!(d.sees("40 QA failed, as they were marked."));
    assert!(
        d.sees("1001  NORMAL -> URGENT") && d.sees("and 37 more"),
        "{}",
        d.screen()
    );
    assert!(d.sees("PROD"));
    // Two were changed by others meanwhile.
    d.client.world.lock().unwrap().errors = vec![(id(1007), stale()), (id(1031), stale())];
    d.pass(300);
    d.keys("\"40\" Enter");
    assert!(
        d.sees("Set the priority on 40 tickets: 38 done, 2 changed by others"),
        "{}",
        d.screen()
    );
    assert!(d.sees("1007   conflict") && d.sees("v8 by ben"));
    insta::assert_snapshot!("bulk_report", d.screen());
    let sent = done(&d);
    assert_eq!(sent.len(), 38);
    let urgent = |k: &CommandKind| matches!(k, CommandKind::TicketEdit { version: 7, patch, .. } if patch.priority == Some(Priority::Urgent));
    assert!(sent.iter().all(urgent));
    // Once more for the failed ones only: they are read anew.
    d.keys("R");
    assert!(
        d.sees("Set the priority on 2 tickets?") && d.sees("y does it"),
        "{}",
        d.screen()
    );
    d.keys("y");
    assert!(d.sees("Set the priority on 2 tickets: 2 done"), "{}", d.screen());
    assert_eq!(done(&d).len(), 40);
    d.keys("Esc");
    assert!(!d.sees("marked"), "what is done is not marked any more");
}

#[test]
fn a_platform_down_leaves_failed_deploys_that_are_retried_together() {
    let mut d = Driver::new(World::default(), 80, 24);
    d.keys("2 / \"status:failed\" Space \"platform:meta\" Enter *");
    d.keys("R");
    assert!(
        d.sees("Retry 2 tickets?") && d.sees("what exists is kept"),
        "{}",
        d.screen()
    );
    insta::assert_snapshot!("bulk_question_80x24", d.screen());
    d.keys("Enter");
    assert!(done(&d).is_empty(), "Enter is no answer");
    d.keys("y");
    assert!(d.sees("Retry 2 tickets: 2 queued"), "{}", d.screen());
    assert!(done(&d).iter().all(|k| matches!(k, CommandKind::TicketRetry { .. })));
    d.keys("y j");
    assert!(
        d.copied[0].contains("\"outcome\": \"done\"") && d.copied[0].contains("\"no\": 1040"),
        "{}",
        d.copied[0]
    );
}

#[test]
fn marks_survive_filters_and_screens() {
    let mut d = Driver::new(World::default(), 120, 36);
    d.keys("2 Space Space / \"status:failed\" Enter Space");
    assert!(d.sees("* 3 marked"));
    d.keys("6 3 1");
    assert!(d.sees("* 3 marked") && d.model.screen == ScreenId::Board);
    d.keys("2 Esc");
    insta::assert_snapshot!("tickets_marked", d.screen());
    d.keys("-");
    assert!(!d.sees("marked"));
}

#[test]
fn a_range_goes_from_the_last_mark_to_the_cursor() {
    let mut d = Driver::new(World::default(), 120, 36);
    d.keys("2 v");
    assert!(d.sees("a range starts at the row marked last"), "{}", d.screen());
    d.keys("Space j j j v");
    assert_eq!(d.model.marks.len(), 5);
}

#[test]
fn the_board_marks_the_column() {
    let mut d = Driver::new(World::default(), 120, 36);
    d.keys("h h h *");
    assert_eq!(d.model.marks.len(), 9, "drafts");
    d.keys("t");
    assert!(d.sees("Run QA on 9 tickets?") && d.sees("y does it"), "{}", d.screen());
}

/// More than ten are a number that somebody has to have seen, whatever is done to them.
#[rstest]
#[case::ten(10, "y does it")]
#[case::eleven(11, "Type 11 and Enter")]
fn many_want_their_count(#[case] n: u32, #[case] words: &str) {
    let cards = (1..=n)
        .map(|n| card(1000 + n, Status::Draft, "ACM_DE_META_2026_X"))
        .collect();
    let mut d = Driver::new(
        World {
            cards,
            ..World::default()
        },
        120,
        36,
    );
    d.keys("2 * t");
    assert!(d.sees(words), "{}", d.screen());
}

#[test]
fn what_works_on_one_ticket_only_says_so() {
    let mut d = Driver::new(World::default(), 120, 36);
    d.keys("2 Space D");
    assert!(d.sees("works on one ticket, and one is marked"), "{}", d.screen());
    assert!(done(&d).is_empty());
}

#[test]
fn no_answer_is_unknown_and_sent_again_under_its_id() {
    let mut d = Driver::new(World::default(), 120, 36);
    d.keys("2 / \"status:draft\" Enter * t");
    d.client.world.lock().unwrap().errors = vec![(id(1003), ApiError::Unavailable("the engine ended".into()))];
    d.keys("y");
    assert!(d.sees("1 unknown"), "{}", d.screen());
    let lost = d.client.world.lock().unwrap().command_ids[2];
    d.keys("R y");
    let ids = d.client.world.lock().unwrap().command_ids.clone();
    assert_eq!(ids.iter().filter(|i| **i == lost).count(), 2);
    assert_eq!(ids.len(), 10, "the others were not sent again");
}

#[test]
fn a_field_of_the_platform_is_set_on_the_content_as_it_is() {
    let mut d = Driver::new(World::default(), 120, 36);
    d.keys("2 / \"status:qa-failed\" Enter * e \"url_tags\" Enter \"utm_source=meta\" Ctrl-s");
    assert!(d.sees("on 6 tickets?"), "{}", d.screen());
    d.keys("y");
    let sent = done(&d);
    assert_eq!(sent.len(), 12, "each is set, and QA runs on it: {sent:?}");
    let CommandKind::TicketEdit { patch, .. } = &sent[0] else {
        panic!("{sent:?}")
    };
    let payload = patch.payload.as_ref().unwrap().value().to_string();
    assert!(payload.contains("utm_source=meta"), "{payload}");
    assert!(d.sees("6 done") && d.sees("QA runs"));
}

#[test]
fn calling_off_asks_what_becomes_of_objects_and_why() {
    let mut d = Driver::new(World::default(), 120, 36);
    d.keys("2 / \"status:deploying\" Enter * X");
    assert!(d.sees("4 of the marked may have objects"), "{}", d.screen());
    d.keys("Enter \"budget\" Enter");
    assert!(
        d.sees("Cancel 4 tickets?") && d.sees("Reason: budget."),
        "{}",
        d.screen()
    );
    d.keys("y");
    assert_eq!(done(&d).len(), 4);
}

#[test]
fn a_read_only_console_marks_and_changes_nothing() {
    let world = World {
        role: crate::engine::model::actor::Role::Viewer,
        ..World::default()
    };
    let mut d = Driver::new(world, 120, 36);
    d.keys("2 * t");
    assert!(d.sees("your role is viewer"), "{}", d.screen());
    assert!(done(&d).is_empty());
}
