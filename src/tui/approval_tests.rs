//! Approving, declining and commenting with keys, as an approver and as somebody who is none.

use rstest::rstest;

use super::testkit::{Driver, World};
use crate::engine::{
    api::CommandKind,
    model::{
        actor::Role,
        approval::{Declined, Standing},
        ticket::Status,
    },
};

/// A house where every ticket that is ready lacks one approval of two, at the table of those.
fn queue(role: Role) -> Driver {
    let mut world = World {
        role,
        environment: "demo".to_owned(),
        ..World::default()
    };
    for card in world.cards.iter_mut().filter(|c| c.status == Status::ReadyForApi) {
        card.approvals = Standing { given: 1, needed: 2 };
    }
    let mut d = Driver::new(world, 120, 36);
    d.keys("A");
    d
}

fn done(d: &Driver) -> Vec<CommandKind> {
    d.client.world.lock().unwrap().done.clone()
}

#[test]
fn the_queue_holds_what_waits_for_approval() {
    let d = queue(Role::Approver);
    assert!(d.sees("needs:approval"), "{}", d.screen());
    let world = d.client.world.lock().unwrap();
    let waiting: Vec<_> = world.cards.iter().filter(|c| c.waits_for_approval()).collect();
    assert!(!waiting.is_empty());
    drop(world);
    let mut d = d;
    d.keys("1");
    assert!(d.sees("needs approval"), "{}", d.screen());
}

/// From the table the first press opens the ticket; agreeing takes a second one and a yes.
#[test]
fn approving_shows_the_ticket_first() {
    let mut d = queue(Role::Approver);
    d.keys("b a");
    assert!(done(&d).is_empty());
    assert!(d.sees("1 of 2"), "{}", d.screen());
    d.keys("b a");
    assert!(d.sees("Approve "), "{}", d.screen());
    d.pass(1_000);
    d.keys("y");
    d.pass(1_000);
    let done = done(&d);
    assert!(
        matches!(done.as_slice(), [CommandKind::TicketApprove { .. }]),
        "{done:?}"
    );
}

#[test]
fn declining_needs_a_reason() {
    let mut d = queue(Role::Approver);
    d.keys("b d b d Enter");
    assert!(d.sees("a reason is needed"), "{}", d.screen());
    d.keys("\"twice\" Enter");
    let done = done(&d);
    let [CommandKind::TicketDecline { reason, .. }] = done.as_slice() else {
        panic!("{done:?}");
    };
    assert_eq!(reason, "twice");
}

#[rstest]
#[case::approve("b a")]
#[case::decline("b d")]
fn a_trafficker_does_not_judge(#[case] keys: &str) {
    let mut d = queue(Role::Trafficker);
    d.keys(keys);
    assert!(
        d.sees("asks for the role approver; yours is trafficker"),
        "{}",
        d.screen()
    );
    assert!(done(&d).is_empty());
}

#[test]
fn what_waits_for_approval_is_not_deployed() {
    let mut d = queue(Role::Trafficker);
    d.keys("P");
    assert!(d.sees("waits for approval: it has 1 of 2"), "{}", d.screen());
}

#[test]
fn a_comment_is_one_line_and_never_empty() {
    let mut d = queue(Role::Trafficker);
    d.keys("b c Enter");
    assert!(d.sees("write something"), "{}", d.screen());
    d.keys("\"mine?\" Enter");
    let done = done(&d);
    let [CommandKind::TicketComment { text, .. }] = done.as_slice() else {
        panic!("{done:?}");
    };
    assert_eq!(text, "mine?");
}

#[test]
fn the_author_reads_why_it_came_back() {
    let mut world = World::default();
    let card = world.cards.iter().find(|c| c.status == Status::Draft).unwrap().clone();
    let mut view = super::testkit::ticket_view(&card);
    view.ticket.value.review.declined = Some(Declined {
        by: super::testkit::actor("kim", Role::Approver),
        at: super::testkit::noon(),
        reason: "twice the plan".to_owned(),
    });
    world.views.push(view);
    let mut d = Driver::new(world, 120, 36);
    d.keys(&format!("2 / \"no:{}\" Enter Enter", card.no));
    assert!(d.sees("twice the plan"), "{}", d.screen());
}
