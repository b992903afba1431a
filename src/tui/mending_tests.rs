//! A fix is looked for with keys: nothing is sent to a model before what it is sent stood on the screen.

use super::testkit::{Driver, World, card};
use crate::engine::{
    api::{
        Request,
        asking::{ContextShare, WouldSend},
        proposal::{AskModel, Healing, ProposalView},
    },
    model::{
        event::FieldChange,
        ids::TicketNo,
        json::{CanonicalJson, Sha},
        path::FieldPath,
        proposal::{Origin, Proposal, ProposalNo, ProposalState, Standing},
        ticket::Status,
        time::Timestamp,
    },
};

fn desk() -> Driver {
    desk_with(|_| {})
}

/// The same with another answer to the wish for a fix.
fn desk_with(change: impl FnOnce(&mut Healing)) -> Driver {
    let refused = card(1001, Status::QaFailed, "FAM_DE_META_2026_Spring");
    let mut healing = Healing {
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
    change(&mut healing);
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

/// What a proposal leaves to a person must not be hidden by the proposal itself.
#[test]
fn what_was_told_stands_beside_the_proposal() {
    let told = "the budget is above the cap: that is for a person to change";
    let mut d = desk_with(|healing| {
        healing.told = vec![told.to_owned()];
        healing.would_send = None;
        healing.proposal = Some(Box::new(ProposalView {
            proposal: Proposal {
                ticket: healing.ticket,
                no: ProposalNo {
                    ticket: TicketNo(1001),
                    n: 1,
                },
                payload_hash: Sha::of(b"payload"),
                patch: CanonicalJson::new(
                    &serde_json::json!([{"op": "replace", "path": "/payload/ad/text", "value": "Cold drinks"}]),
                ),
                reasons: "the beer is taken out".to_owned(),
                cites: vec![],
                origin: Origin::Rule {
                    name: "brand_safety".to_owned(),
                },
                mends: vec![],
                asked_by: "ana".to_owned(),
                made_at: Timestamp::from_micros(0),
                state: ProposalState::Open,
            },
            standing: Standing::Open,
            changes: vec![FieldChange {
                field: FieldPath::new("payload.ad.text"),
                from: Some("Cold beer".to_owned()),
                to: Some("Cold drinks".to_owned()),
            }],
            qa_before: vec![],
            qa_after: vec![],
            same_error: vec![],
        }));
    });
    d.keys("2 Enter f f");
    for words in [
        "Cold beer",
        "Cold drinks",
        "the beer is taken out",
        "the budget is above the cap",
    ] {
        assert!(d.sees(words), "{words}\n{}", d.screen());
    }
}

/// What comes of a wish for a fix is brought into view: it is agreed to by the same keys.
#[test]
fn a_wish_for_a_fix_brings_its_answer_into_view() {
    let mut d = desk();
    d.keys("2 Enter .");
    assert!(!d.sees("NO RULE KNOWS A FIX"), "{}", d.screen());
    d.keys("f f");
    for words in ["NO RULE KNOWS A FIX", "f f sends what follows", "You mend the content"] {
        assert!(d.sees(words), "{words}\n{}", d.screen());
    }
}
