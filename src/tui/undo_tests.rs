//! Taking back by key: what is asked of the engine, what is said, and many at once as one.

use super::testkit::{Driver, World, actor, card, id, noon};
use crate::engine::{
    api::{CommandKind, Request, undo::UndoPlan},
    model::{
        actor::Role,
        event::{FieldChange, Noun, Seq, Subject},
        ids::TicketNo,
        ticket::Status,
    },
};

fn plan(of: u64, redo: bool) -> UndoPlan {
    UndoPlan {
        of: Seq(of),
        version: 8,
        subject: Subject {
            noun: Noun::Ticket,
            id: id(1001).to_string(),
            label: "1001".to_owned(),
            ticket: Some(TicketNo(1001)),
        },
        by: actor("ana", Role::Trafficker),
        at: noon(),
        summary: "ticket 1001 edited: budget".to_owned(),
        would: format!("undo of seq {of}: ticket 1001 edited: budget"),
        changes: vec![FieldChange {
            field: "budget".into(),
            from: Some("EUR 1,200.00 daily".to_owned()),
            to: Some("EUR 900.00 daily".to_owned()),
        }],
        redo,
    }
}

fn done(d: &Driver) -> Vec<CommandKind> {
    d.client.world.lock().unwrap().done.clone()
}

#[test]
fn u_takes_the_last_change_back_and_names_it() {
    let world = World {
        undo: Some(plan(48_060, false)),
        ..World::default()
    };
    let mut d = Driver::new(world, 120, 36);
    d.keys("u");
    assert_eq!(
        done(&d),
        [CommandKind::Undo {
            of: Seq(48_060),
            version: 8,
            inverse: None
        }]
    );
    assert!(
        d.sees("taken back on 1001: budget EUR 1,200.00 daily -> EUR 900.00 daily"),
        "{}",
        d.screen()
    );
    d.client.world.lock().unwrap().undo = Some(plan(48_061, true));
    d.keys("Ctrl-r");
    assert!(d.sees("made again on 1001"), "{}", d.screen());
    let world = d.client.world.lock().unwrap();
    let asked: Vec<bool> = world
        .asked
        .iter()
        .filter_map(|r| match r {
            Request::Undo(ask) => Some(ask.redo),
            _ => None,
        })
        .collect();
    assert_eq!(asked, [false, true]);
}

#[test]
fn nothing_to_take_back_is_said_and_a_viewer_is_refused_before() {
    let mut d = Driver::new(World::default(), 120, 36);
    d.keys("u");
    assert!(
        d.sees("nothing is taken back: there is no change of yours"),
        "{}",
        d.screen()
    );
    assert!(done(&d).is_empty());
    let world = World {
        role: Role::Viewer,
        undo: Some(plan(1, false)),
        ..World::default()
    };
    let mut d = Driver::new(world, 120, 36);
    d.keys("u");
    assert!(done(&d).is_empty() && d.sees("your role is viewer"), "{}", d.screen());
}

#[test]
fn what_was_done_to_many_is_taken_back_as_one() {
    let cards = (1..=3).map(|n| card(1000 + n, Status::Draft, &format!("ACM_DE_META_2026_Spring{n}")));
    let world = World {
        cards: cards.collect(),
        undo: Some(plan(48_061, false)),
        ..World::default()
    };
    let mut d = Driver::new(world, 120, 36);
    d.keys("2 * e \"priority\" Enter \"urgent\" Ctrl-s");
    assert!(d.sees("Set the priority on 3 tickets?"), "{}", d.screen());
    d.keys("y");
    assert_eq!(done(&d).len(), 3, "{}", d.screen());
    d.keys("Esc u");
    assert!(
        d.sees("Take the last change back on 3 tickets?") && d.sees("Each on its own"),
        "{}",
        d.screen()
    );
    assert_eq!(done(&d).len(), 3, "nothing happens before the yes");
    d.keys("y");
    let undone = done(&d);
    assert_eq!(undone.len(), 6);
    assert!(
        undone.iter().skip(3).all(|k| matches!(
            k,
            CommandKind::Undo {
                of: Seq(48_061),
                version: 0,
                ..
            }
        )),
        "{undone:?}"
    );
    assert!(
        d.sees("Take the last change back on 3 tickets: 3 done"),
        "{}",
        d.screen()
    );
}
