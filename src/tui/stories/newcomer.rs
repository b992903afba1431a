//! Somebody who never saw it: where they are stands there, the next key does too, and leaving leaves nothing behind.

use super::Person;
use crate::{
    engine::api::CommandKind,
    tui::{Exit, testkit::World},
};

#[test]
fn a_demo_says_so_shows_the_next_key_and_ends_without_a_trace() {
    let world = World {
        environment: "demo".to_owned(),
        ..World::default()
    };
    let mut me = Person::sits_down(world, 120, 36);
    me.sees("DEMO").sees("? help");
    let footer = |me: &Person| me.d.screen().lines().last().unwrap_or_default().to_owned();
    // The footer follows the ticket: a draft is checked, a ready one deployed.
    me.presses("2 /").types("status:draft").presses("Enter");
    assert!(
        footer(&me).contains("t qa") && !footer(&me).contains("P deploy"),
        "{}",
        footer(&me)
    );
    me.presses("Esc /").types("status:ready-for-api").presses("Enter");
    assert!(footer(&me).contains("P deploy"), "{}", footer(&me));
    // Nothing here can hurt, so no number is typed.
    me.presses("P y");
    assert!(matches!(&me.done()[..], [CommandKind::TicketDeploy { .. }]));
    me.presses("Q");
    assert_eq!(me.d.quit, Some(Exit::Quit { open: 0 }));
    assert!(me.d.drafts.is_empty() && me.d.model.drafts.left.is_empty());
}
