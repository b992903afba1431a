//! Who hears of a ticket. Beside the ticket, like comments: in the way of nobody's edit.

use super::{
    super::{
        call::Call,
        changes::{Changes, ticket_subject},
    },
    load,
};
use crate::engine::{
    model::{
        event::EventKind,
        ids::TicketId,
        refusal::{Problem, Refusal, RefusalCode},
        watch::Watchers,
    },
    store::{Commit, schema::keys},
};

/// Takes the word of whoever gives the command, and of nobody else.
pub fn watch(call: &Call<'_>, id: TicketId, watch: bool) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    let ticket = load(&mut tx, id)?.value;
    let (no, name) = (ticket.no, &call.actor.name);
    if call.actor.is_engine() {
        return Err(Refusal::new(
            RefusalCode::NotAllowed,
            Problem::whole("only people watch tickets", "nothing to do"),
        ));
    }
    let key = keys::watch(id);
    let mut watchers = tx.load::<Watchers>(&key)?.map(|w| w.value).unwrap_or_default();
    let before = watchers.of(&ticket.created_by.name, &ticket.assignee);
    if before.contains(name) == watch {
        let words = if watch {
            format!("{name} watches ticket {no} already")
        } else {
            format!("{name} does not watch ticket {no}")
        };
        return Err(Refusal::new(
            RefusalCode::WrongState,
            Problem::whole(words, "nothing to do"),
        ));
    }
    watchers.say(name, watch);
    if watchers.len() > Watchers::MOST {
        return Err(Refusal::new(
            RefusalCode::TooLarge,
            Problem::whole(
                format!("{} people have said what they want of ticket {no}", Watchers::MOST),
                format!("look for it with the filter no:{no}"),
            ),
        ));
    }
    tx.save(&key, &watchers)?;
    let (kind, words) = if watch {
        (EventKind::Watched, "watches")
    } else {
        (EventKind::Unwatched, "does not watch")
    };
    let sentence = format!("{name} {words} ticket {no}");
    // As an argument, not in the template: a name may hold the template's own mark.
    let mut event = Changes::new().event(kind, ticket_subject(id, no), "");
    event.summary = crate::engine::model::sanitise::sanitise(&sentence).into_string();
    Ok(call.finish(tx, event))
}
