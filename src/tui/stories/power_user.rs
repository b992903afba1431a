//! Whoever lives in the palette: every word completes, and what was done is a line for a script.

use super::Person;
use crate::{
    engine::{
        api::{CommandKind, filter::Filter},
        model::ticket::Status,
    },
    tui::testkit::{World, card},
};

fn house() -> World {
    let mut cards: Vec<_> = (1..=12)
        .map(|n| card(1000 + n, Status::Failed, &format!("ACM_DE_META_2026_Spring{n}")))
        .collect();
    cards.push(card(1020, Status::Draft, "ACM_DE_META_2026_Later"));
    World {
        cards,
        ..World::default()
    }
}

#[test]
fn every_word_of_a_retry_completes_and_the_same_line_runs_in_cron() {
    let mut me = Person::sits_down(house(), 120, 36);
    me.presses(":").types("deploy.ret").presses("Tab").sees("deploy.retry ");
    me.types("state").presses("Tab").sees("deploy.retry state:");
    me.types("fai").presses("Tab").sees("deploy.retry state:failed");
    me.types("plat").presses("Tab").types("met").presses("Tab");
    me.sees("deploy.retry state:failed platform:meta").presses("Enter");
    // It asks like anything done to more than ten: the count is typed.
    me.sees("Retry 12 tickets?").sees("Type 12 and Enter");
    assert!(me.done().is_empty());
    me.presses("1 2 Enter").sees("Retry 12 tickets: 12 queued");
    assert!(me.done().iter().all(|k| matches!(k, CommandKind::TicketRetry { .. })));
    assert_eq!(me.done().len(), 12);

    me.presses("y c");
    let line = me.d.copied.last().unwrap();
    assert_eq!(
        line,
        "omnitraffick ticket retry --filter 'state:failed platform:meta' --json --yes"
    );
    let filter = line.split('\'').nth(1).unwrap();
    assert!(Filter::parse(filter).is_ok());
}

#[test]
fn a_filter_that_names_nothing_or_is_none_asks_nothing() {
    let mut me = Person::sits_down(house(), 120, 36);
    me.presses(":").types("ticket.retry status:deploying").presses("Enter");
    me.sees("no ticket fits \"status:deploying\"");
    me.presses(":").types("ticket.retry stauts:failed").presses("Enter");
    me.sees("is not a filter field");
    assert!(me.done().is_empty() && me.d.model.overlays.is_empty());
}

#[test]
fn the_list_in_view_is_a_line_too() {
    let mut me = Person::sits_down(house(), 120, 36);
    me.presses("2 /").types("status:failed").presses("Enter y c");
    assert_eq!(
        me.d.copied,
        ["omnitraffick ticket list --filter status:failed --json".replace("status:failed", "'status:failed'")]
    );
}
