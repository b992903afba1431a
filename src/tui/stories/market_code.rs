//! A market's code changes: nothing is saved before what it touches was counted and the old code was typed.

use super::Person;
use crate::{
    engine::{
        api::{CommandKind, Impact, Request},
        model::{event::Seq, ticket::Status},
    },
    tui::screens::governance,
};

#[test]
fn what_a_new_code_touches_is_counted_by_a_dry_run_of_the_very_change() {
    let mut me = Person::sits_down(governance::tests::world(), 120, 36);
    me.d.client.world.lock().unwrap().impact = Impact {
        campaigns: 12,
        tickets: vec![(Status::TraffickedSuccess, 64)],
        lines: vec!["64 Live: keep their names on the platform".to_owned()],
        refusal: None,
        at: Seq(48_112),
    };
    me.presses("4 e Ctrl-u").types("GER").presses("Ctrl-s");
    me.sees("Change market DE to GER?")
        .sees("12 campaigns")
        .sees("64 Live")
        .sees("entry 48,112");
    assert!(me.done().is_empty(), "nothing is saved yet");
    me.sees("Type DE and Enter");
    me.d.pass(300);
    me.types("DE").presses("Enter");
    let world = me.d.client.world.lock().unwrap();
    let [change @ CommandKind::MarketUpdate { .. }] = &world.done[..] else {
        panic!("{:?}", world.done)
    };
    let counted = world.asked.iter().find_map(|r| match r {
        Request::Impact(command) => Some(&command.kind),
        _ => None,
    });
    assert_eq!(counted, Some(change), "what was counted is what was done");
}
