//! Events cut into messages that are short enough to be sent. Pure.
//!
//! Most events are a line. One of a ticket with a large payload names every leaf of it, and a few dozen of those in a row
//! are longer than the longest message.

use super::frame::MAX;
use crate::engine::model::event::Event;

/// Bytes of events in one message, as [`most`] counts them.
const ROOM: usize = MAX / 4 * 3;
/// What stands around an event's texts: names of fields, ids, numbers.
const AROUND: usize = 1024;
/// What stands around the texts of a changed field.
const AROUND_FIELD: usize = 64;
/// A byte of text takes so many at most when it is written: `\u001b`.
const ESCAPED: usize = 6;

/// The same events in the same order, in as few messages as are surely short enough. An event alone always is: it was in
/// one record of the journal.
pub(super) fn of(events: Vec<Event>) -> Vec<Vec<Event>> {
    let mut parts: Vec<Vec<Event>> = Vec::new();
    let mut room = 0;
    for event in events {
        let bytes = most(&event);
        if let Some(part) = parts.last_mut().filter(|_| bytes <= room) {
            room -= bytes;
            part.push(event);
        } else {
            room = ROOM.saturating_sub(bytes);
            parts.push(vec![event]);
        }
    }
    parts
}

/// No event takes more bytes in a message than this.
fn most(event: &Event) -> usize {
    let text = |t: &Option<String>| t.as_ref().map_or(0, String::len);
    let changes = event.changes.iter();
    let changed: usize = changes
        .map(|c| AROUND_FIELD + ESCAPED * (c.field.as_str().len() + text(&c.from) + text(&c.to)))
        .sum();
    let said = event.summary.len()
        + event.actor.name.len()
        + event.actor.client.len()
        + event.subject.id.len()
        + event.subject.label.len();
    AROUND + AROUND_FIELD * event.also.len() + ESCAPED * said + changed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::engine::{
        host::socket::{frame::encode, message::ToClient},
        model::{
            actor::Actor,
            event::{EventKind, FieldChange, Noun, Seq, Subject},
            ids::CommandId,
            time::Timestamp,
        },
    };

    fn event(seq: u64, leaves: usize, value: &str) -> Event {
        let change = |n: usize| FieldChange {
            field: format!("payload.targeting.leaf_{n}").as_str().into(),
            from: None,
            to: Some(value.to_owned()),
        };
        Event {
            seq: Seq(seq),
            at: Timestamp::from_micros(0),
            actor: Actor::engine("import"),
            command: CommandId::new(uuid::Uuid::nil()),
            kind: EventKind::TicketCreated,
            also: vec![EventKind::TicketCreated],
            subject: Subject {
                noun: Noun::Ticket,
                id: "1001".to_owned(),
                label: "1001".to_owned(),
                ticket: None,
            },
            status: None,
            summary: "ana wrote 1001".to_owned(),
            changes: (0..leaves).map(change).collect(),
        }
    }

    #[test]
    fn many_large_events_are_cut_and_small_ones_are_not() {
        let large: Vec<Event> = (0..256)
            .map(|n| event(n, 700, "a value of thirty-two characters"))
            .collect();
        assert!(
            encode(&ToClient::Events(large.clone())).is_err(),
            "the case this is for"
        );
        let parts = of(large.clone());
        for part in &parts {
            assert!(encode(&ToClient::Events(part.clone())).is_ok());
        }
        assert_eq!(parts.concat(), large);
        assert_eq!(of((0..256).map(|n| event(n, 5, "short")).collect()).len(), 1);
        assert!(of(Vec::new()).is_empty());
    }

    proptest! {
        /// Whatever stands in an event.
        #[test]
        fn no_event_is_longer_than_it_counts(leaves in 0..40_usize, value in "\\PC{0,40}|[\\x00-\\x1f\"\\\\]{0,40}") {
            let one = event(u64::MAX, leaves, &value);
            let written = serde_json::to_vec(&one).unwrap().len();
            prop_assert!(written <= most(&one), "{} > {}", written, most(&one));
        }
    }
}
