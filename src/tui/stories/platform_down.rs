//! A platform is down at three in the morning: the cause is there at once, everything is stopped and let go with one
//! hand, and what failed is taken up again.

use std::time::Duration;

use super::Person;
use crate::{
    engine::{
        api::{BreakerView, CommandKind, HoldScope, LaneView, Stand},
        model::{deploy::Why, platform::PlatformId, ticket::Status},
    },
    tui::testkit::{World, card, noon},
};

fn lane(account: &str, hold: Option<HoldScope>) -> LaneView {
    let at = noon().plus(Duration::from_secs(130));
    LaneView {
        platform: PlatformId::Tiktok,
        account: account.parse().unwrap(),
        name: "Acme".to_owned(),
        running: 0,
        queued: 6,
        used_percent: None,
        stopped: Some(Why::BreakerOpen { at }),
        hold,
        pace: None,
        breaker: BreakerView {
            stand: Stand::Open,
            failures: 5,
            next_probe: Some(at),
            platform: true,
            since: Some(noon().minus(Duration::from_secs(3))),
            after: "5 x 503".to_owned(),
        },
    }
}

fn night() -> World {
    let mut world = World {
        troubles: vec!["tiktok DOWN 02:10".to_owned()],
        ..World::default()
    };
    for n in 0..17 {
        let mut failed = card(2000 + n, Status::Failed, &format!("ACM_DE_TTOK_2026_Night{n}"));
        failed.platform = PlatformId::Tiktok;
        world.cards.push(failed);
    }
    world.deploys.lanes = ["7012", "7013", "7014"].iter().map(|a| lane(a, None)).collect();
    world
}

#[test]
fn the_cause_is_read_at_once_and_no_key_needs_both_hands() {
    let mut me = Person::sits_down(night(), 80, 24);
    me.sees("tiktok DOWN 02:10");
    me.presses("6 Tab").sees("7012").sees("DOWN").sees("02:10");
    // Pause the whole platform, with a reason.
    me.presses("Z").sees("Pause what?").sees("all of tiktok");
    me.presses("Down Enter").types("outage").presses("Enter");
    me.sees("all of tiktok is paused; Z releases");
    let hold = HoldScope::Platform(PlatformId::Tiktok);
    {
        let mut world = me.d.client.world.lock().unwrap();
        world.deploys.lanes = ["7012", "7013", "7014"]
            .iter()
            .map(|a| lane(a, Some(hold.clone())))
            .collect();
    }
    me.presses("r Z").sees("Let all of tiktok go on?").presses("y");
    let done = me.done();
    assert!(
        matches!(&done[..], [CommandKind::HoldPlace { scope, reason }, CommandKind::HoldRelease { scope: again }]
            if *scope == hold && *again == hold && reason == "outage"),
        "{done:?}"
    );
    // What failed meanwhile goes on where it stands.
    me.presses("2 /")
        .types("state:failed platform:tiktok")
        .presses("Enter * R");
    me.sees("Retry 17 tickets?").sees("what exists is kept");
    me.presses("1 7 Enter").sees("17 queued");
    let retried: Vec<_> = me.done().into_iter().skip(2).collect();
    assert!(
        retried.iter().all(|k| matches!(k, CommandKind::TicketRetry { .. })),
        "only taken up again"
    );
    assert_eq!(retried.len(), 17);
    let both_hands = |k: &String| k.starts_with("Ctrl-") || k.starts_with("Alt-");
    assert!(!me.pressed.iter().any(both_hands), "{:?}", me.pressed);
}
