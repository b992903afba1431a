//! What is asked before anything is done, and what is no answer.

use rstest::rstest;

use crate::{
    engine::{
        api::CommandKind,
        model::{
            actor::Role,
            refusal::{Problem, Refusal, RefusalCode},
        },
    },
    tui::{
        TuiOptions,
        app::Msg,
        command::Key,
        testkit::{Driver, World, id},
    },
};

use super::{demo, on, wide};

#[test]
fn deploying_in_production_wants_the_number_typed() {
    let mut d = on("ready-for-api");
    d.keys("P");
    assert!(d.sees("Type 1018 and Enter"), "{}", d.screen());
    assert!(
        d.sees("CREATE on meta, account act_2044.") && d.sees("EUR 1,500.00 per day, 2026-12-01 .. 2026-12-24."),
        "{}",
        d.screen()
    );
    d.keys("\"1019\" Enter");
    assert!(d.sees("that is another word"));
    d.keys("Ctrl-u \"1018\" Enter");
    let done = std::mem::take(&mut d.client.world.lock().unwrap().done);
    assert!(matches!(&done[..], [CommandKind::TicketDeploy { id: i, .. }] if *i == id(1018)));
    assert!(d.sees("1018 is queued to deploy"));
}

#[test]
fn deploying_in_the_demo_wants_a_y() {
    let mut d = Driver::new(demo(), 120, 36);
    d.keys("2 / \"status:ready-for-api\" Enter P");
    assert!(d.sees("y does it"), "{}", d.screen());
    d.keys("Enter");
    assert!(d.client.world.lock().unwrap().done.is_empty(), "Enter does nothing");
    d.keys("y");
    assert_eq!(d.client.world.lock().unwrap().done.len(), 1);
}

#[test]
fn keys_typed_into_a_question_before_it_can_be_read_are_no_answer() {
    let mut d = on("failed");
    d.keys("R");
    d.key(Key::Char('y'));
    assert!(d.sees("y does it"), "queued before it opened");
    d.pass(300);
    d.key(Key::Char('x'));
    d.pass(10);
    d.key(Key::Char('y'));
    assert!(d.sees("y does it"), "part of a burst");
    assert!(d.sees("too fast to be an answer"), "and it is said");
    d.pass(300);
    d.key(Key::Char('y'));
    assert_eq!(d.client.world.lock().unwrap().done.len(), 1);
}

#[test]
fn a_command_id_is_made_once_per_intention() {
    let mut d = on("failed");
    d.keys("R y R y");
    let ids = d.client.world.lock().unwrap().command_ids.clone();
    assert_eq!(ids.len(), 2);
    assert_ne!(ids[0], ids[1]);
}

#[rstest]
#[case::draft("draft", "P", "1001 is Draft; only Ready tickets can be deployed")]
#[case::live_retry("trafficked_success", "R", "only Failed or Deploying tickets can be retried")]
#[case::live_cancel("trafficked_success", "X", "write a pause or archive ticket")]
#[case::live_delete("trafficked_success", "D", "stays on record")]
fn what_is_not_possible_says_why(#[case] status: &str, #[case] key: &str, #[case] words: &str) {
    let mut d = on(status);
    d.keys(key);
    assert!(d.sees(words), "{}", d.screen());
    assert!(d.client.world.lock().unwrap().done.is_empty());
}

#[test]
fn a_read_only_console_refuses_every_change_and_says_why() {
    let options = TuiOptions {
        read_only: true,
        ..TuiOptions::default()
    };
    let mut d = Driver::with(World::default(), 120, 36, options);
    d.keys("2 / \"status:failed\" Enter R");
    assert!(d.sees("read-only") && d.sees(" RO"));
    d.keys("Esc t D");
    assert!(d.client.world.lock().unwrap().done.is_empty());
}

#[test]
fn a_viewer_reads() {
    let world = World {
        role: Role::Viewer,
        ..World::default()
    };
    let mut d = Driver::new(world, 120, 36);
    d.keys("2 t");
    assert!(d.sees("your role is viewer"));
}

#[test]
fn a_refusal_shows_reason_and_remedy_and_stays() {
    let mut d = on("draft");
    d.client.world.lock().unwrap().refuse = Some(Refusal::new(
        RefusalCode::Stale,
        Problem::whole("ben changed it a moment ago", "r loads it"),
    ));
    d.keys("t");
    assert!(d.sees("ben changed it a moment ago") && d.sees("r loads it"));
    d.pass(10_000);
    assert!(d.sees("ben changed it a moment ago"), "errors do not vanish");
    d.keys("Esc");
    assert!(!d.sees("ben changed it"));
    d.keys("g m");
    assert!(d.sees("ben changed it a moment ago"), "and are in the list of messages");
}

#[test]
fn success_goes_by_itself() {
    let mut d = on("draft");
    d.keys("t");
    assert!(d.sees("QA runs on 1001"));
    d.pass(3100);
    assert!(!d.sees("QA runs on 1001"));
}

#[test]
fn cancelling_asks_what_to_do_with_objects_then_why_then_for_sure() {
    let mut d = on("deploying");
    d.keys("X");
    assert!(d.sees("Leave them paused"), "{}", d.screen());
    d.keys("Down Enter Enter");
    assert!(d.sees("a reason is needed"));
    d.keys("\"wrong-market\" Enter");
    assert!(d.sees("archived on the platform"));
    d.keys("y");
    let done = d.client.world.lock().unwrap().done.clone();
    assert!(
        matches!(&done[..], [CommandKind::TicketCancel { leftovers: Some(_), reason, .. }] if reason == "wrong-market")
    );
}

#[test]
fn a_form_shows_a_refusal_at_its_field_and_keeps_what_was_typed() {
    let mut d = on("draft");
    d.keys("O Ctrl-u \"dora\"");
    d.client.world.lock().unwrap().refuse = Some(Refusal::invalid(vec![Problem::at(
        "assignee",
        "nobody is called dora",
        "",
    )]));
    d.keys("Ctrl-s");
    assert!(d.sees("nobody is called dora") && d.sees("1 to fix"), "{}", d.screen());
    d.keys("Ctrl-u \"ben\" Ctrl-s");
    assert!(d.sees("1001 is saved"));
    let done = d.client.world.lock().unwrap().done.clone();
    assert!(
        matches!(&done[..], [CommandKind::TicketEdit { version: 7, patch, .. }] if patch.assignee.as_deref() == Some("ben"))
    );
}

#[test]
fn one_esc_does_not_drop_what_was_typed() {
    let mut d = on("draft");
    for chord in ["Esc", "Ctrl-c"] {
        d.keys(&format!("O \"x\" {chord}"));
        d.pass(10_000);
        assert!(
            d.sees("drop what was typed?"),
            "it stays until it is answered: {}",
            d.screen()
        );
        d.keys("\"z\"");
        assert!(d.sees("drop what was typed?"), "and takes no other key");
        d.keys("n");
        assert!(!d.sees("drop what was typed?") && d.sees("( Save )"));
        d.keys(chord);
        d.key(Key::Char('y'));
        assert!(d.sees("( Save )"), "a y typed before it could be read is none");
        d.keys("y");
        assert!(!d.sees("( Save )"));
    }
}

#[test]
fn pasted_text_runs_no_commands() {
    let mut d = wide();
    d.send(Msg::Paste("P\ny\nD\ny\n".to_owned()));
    assert!(d.sees("pasted text was dropped"));
    assert!(d.client.world.lock().unwrap().done.is_empty());
    d.keys("2 /");
    d.send(Msg::Paste("market:DE\nstatus:draft".to_owned()));
    d.keys("Enter");
    assert!(d.sees("filter: market:DE status:draft"), "{}", d.screen());
}

#[test]
fn moving_shows_every_way_and_why_one_is_barred() {
    let mut d = on("draft");
    d.keys("m");
    assert!(d.sees("only Ready tickets"), "{}", d.screen());
    d.keys("\"qa\" Enter");
    assert!(d.sees("QA runs on"));
}
