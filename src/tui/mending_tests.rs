//! A fix is looked for with keys: nothing is sent to a model before what it is sent stood on the screen.

use super::testkit::{Driver, World, card};
use crate::engine::{
    api::{
        Request,
        asking::{ContextShare, WouldSend},
        proposal::{AskModel, Healing},
    },
    model::{json::Sha, ticket::Status},
};

fn desk() -> Driver {
    let refused = card(1001, Status::QaFailed, "FAM_DE_META_2026_Spring");
    let healing = Healing {
        ticket: refused.id,
        no: refused.no,
        ailments: vec![],
        proposal: None,
        told: vec!["no rule of the table fits what is wrong".to_owned()],
        would_send: Some(Box::new(WouldSend {
            host: "127.0.0.1:8791".to_owned(),
            model: "scripted".to_owned(),
            local: true,
            text: "You mend the content of a ticket.\n\u{1b}[2Jfield /payload/creative/body".to_owned(),
            digest: Sha::of(b"as shown"),
            share: ContextShare::default(),
            redacted: vec![("email".to_owned(), 1)],
            cost: None,
            currency: None,
            confirm: false,
        })),
    };
    let world = World {
        cards: vec![refused],
        environment: "demo".to_owned(),
        healing: Some(healing),
        ..World::default()
    };
    Driver::new(world, 120, 40)
}

fn agreed(d: &Driver) -> Vec<Option<AskModel>> {
    let world = d.client.world.lock().unwrap();
    let heals = world.asked.iter().filter_map(|r| match r {
        Request::Heal(ask) => Some(ask.model),
        _ => None,
    });
    heals.collect()
}

#[test]
fn what_a_model_would_be_sent_is_seen_before_it_is() {
    let mut d = desk();
    d.keys("2 Enter f f");
    assert_eq!(agreed(&d), [None], "{}", d.screen());
    for words in [
        "NO RULE KNOWS A FIX",
        "127.0.0.1:8791",
        "Taken out: 1 email",
        "You mend the content",
    ] {
        assert!(d.sees(words), "{words}\n{}", d.screen());
    }
    d.keys("f f");
    let agreed = agreed(&d);
    assert!(
        matches!(agreed.as_slice(), [None, Some(ask)] if ask.confirmed && ask.seen == Sha::of(b"as shown")),
        "{agreed:?}"
    );
}
