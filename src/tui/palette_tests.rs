//! The palette completes words, the actions are listed for what is selected, help says the same from a shell.

use super::{
    TuiOptions,
    app::Msg,
    command::{KeyWishes, Wish},
    screens::ScreenId,
    testkit::{Driver, World},
};

fn wide() -> Driver {
    Driver::new(World::default(), 120, 36)
}

#[test]
fn a_filter_is_completed_word_by_word() {
    let mut d = wide();
    d.keys("2 : \"list.filter\" Space \"sta\"");
    assert!(d.sees("status:") && d.sees("state:"), "{}", d.screen());
    d.keys("Tab \"qa-f\" Tab");
    assert!(d.sees("list.filter status:qa-failed"), "{}", d.screen());
    d.keys("\"!own\" Tab \"b\"");
    insta::assert_snapshot!("palette_completes", d.screen());
    d.keys("Tab Enter");
    assert!(d.sees("filter: status:qa-failed !owner:ben"), "{}", d.screen());
}

#[test]
fn a_ticket_is_found_by_number_or_name() {
    let mut d = wide();
    d.keys("g t \"1018\" Enter");
    assert_eq!(d.model.screen, ScreenId::Detail);
    assert!(d.sees("1018"));
    d.keys("q : \"go\" Space \"ticket\" Space \"ninety\" Enter");
    assert!(d.sees("ninety is no ticket number"), "{}", d.screen());
}

#[test]
fn actions_are_those_of_the_selection_with_reasons() {
    let mut d = wide();
    d.keys("2 x");
    assert!(
        d.sees("Actions for 1001") && d.sees("in a shell: omnitraffick"),
        "{}",
        d.screen()
    );
    insta::assert_snapshot!("actions", d.screen());
    d.keys("\"withdraw\"");
    assert!(d.sees("1001 is Draft; only QA"), "{}", d.screen());
    d.keys("Esc Space x");
    assert!(d.sees("Actions for 1 ticket marked"), "{}", d.screen());
}

#[test]
fn help_says_the_same_from_a_shell_and_runs() {
    let mut d = wide();
    d.keys("2 ? \"ticket.qa\"");
    assert!(d.sees("in a shell: omnitraffick ticket qa 1001"), "{}", d.screen());
    d.keys("Enter");
    assert_eq!(d.client.world.lock().unwrap().done.len(), 1);
}

#[test]
fn chosen_keys_run_and_are_shown() {
    let wish = |command: &str, chord: &str| Wish {
        command: command.to_owned(),
        chords: vec![chord.to_owned()],
        place: "config.toml:7".to_owned(),
    };
    let options = TuiOptions {
        keys: KeyWishes {
            bind: vec![wish("ticket.why", "W"), wish("ticket.delete", "Down")],
            ..KeyWishes::default()
        },
        ..TuiOptions::default()
    };
    let mut d = Driver::before_start(World::default(), 120, 36, options);
    d.send(Msg::Start);
    assert!(
        d.sees("config.toml:7: ticket.delete: Down moves the cursor"),
        "{}",
        d.screen()
    );
    d.keys("Esc 2 W");
    assert!(d.sees("Why is 1001 Draft?"), "{}", d.screen());
    d.keys("Esc");
    assert!(d.sees("W why"), "the footer knows it: {}", d.screen());
}
