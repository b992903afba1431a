//! What people say about a ticket: agree, refuse, comment; and the approver's queue.
//!
//! Invariant: a ticket is approved or declined only from where all of it is shown, with the hash of what is shown.

use super::{effect::Effect, gate, gate::Intent, model::Model, run::go, toast::Tone, verbs::what_goes_out};
use crate::{
    engine::{
        api::{CommandKind, card::Card},
        model::{
            ids::{TicketId, TicketNo},
            json::Sha,
        },
    },
    tui::{
        command::Cmd,
        overlay::{Overlay, Prompt, PromptFor},
        screens::{self, ScreenId},
    },
};

/// What the approver's queue is filtered by.
const QUEUE: &str = "needs:approval";

/// A ticket as it was shown when somebody began to speak about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// Which.
    pub id: TicketId,
    /// Its number.
    pub no: TicketNo,
    /// Hash of the content shown.
    pub payload_hash: Sha,
}

/// Shows what waits for approval.
pub fn queue(model: &mut Model) -> Vec<Effect> {
    let mut effects = go(model, ScreenId::Tickets);
    match screens::set_filter(model, QUEUE) {
        Ok(more) => effects.extend(more),
        Err(why) => model.say(Tone::Warn, &why, ""),
    }
    effects
}

/// Approve or decline. Elsewhere than in its detail the ticket is opened first: what is agreed to must have been seen.
pub fn judge(model: &mut Model, cmd: Cmd, card: &Card) -> Vec<Effect> {
    let shown = model.screens.detail.view().filter(|v| v.card.id == card.id);
    let shown = shown.filter(|_| model.screen == ScreenId::Detail);
    let Some(view) = shown else {
        let words = format!("read {} first, then press {} again", card.no, cmd.record().key());
        let effects = screens::detail::update::open(model, card.id);
        model.say(Tone::Note, &words, "");
        return effects;
    };
    let spoken = Spoken {
        id: card.id,
        no: card.no,
        payload_hash: view.ticket.value.payload_hash(),
    };
    if cmd == Cmd::TicketDecline {
        let title = format!("Why is {} declined?", card.no);
        model.open(Overlay::Prompt(Prompt::new(&title, "", PromptFor::Decline(spoken))));
        return Vec::new();
    }
    let Spoken { id, no, payload_hash } = spoken;
    let kind = CommandKind::TicketApprove {
        id,
        payload_hash,
        reason: String::new(),
    };
    let mut next = what_goes_out(card);
    next.push(match card.approvals.missing() {
        1 => "It may be deployed then.".to_owned(),
        n => format!("{} more have to agree after you.", n - 1),
    });
    let intent = Intent::new(model, kind, format!("approve {no}"), format!("{no} is approved")).asks(
        format!("Approve {no}?"),
        next,
        String::new(),
    );
    gate::pass(model, Cmd::TicketApprove.record().danger, intent)
}

/// The reason is known: sends the ticket back to its author.
pub fn decline(model: &mut Model, spoken: Spoken, reason: &str) -> Vec<Effect> {
    let Spoken { id, no, payload_hash } = spoken;
    let kind = CommandKind::TicketDecline {
        id,
        payload_hash,
        reason: reason.to_owned(),
    };
    let done = format!("{no} goes back to its author");
    let intent = Intent::new(model, kind, format!("decline {no}"), done);
    gate::pass(model, Cmd::TicketDecline.record().danger, intent)
}

/// Asks for the words of a comment.
pub fn ask_comment(model: &mut Model, card: &Card) {
    let title = format!("Comment on {} {}", card.no, card.name);
    let purpose = PromptFor::Comment(card.id, card.no);
    model.open(Overlay::Prompt(Prompt::new(&title, "", purpose)));
}

/// Writes the comment.
pub fn comment(model: &mut Model, id: TicketId, no: TicketNo, text: &str) -> Vec<Effect> {
    let kind = CommandKind::TicketComment {
        id,
        text: text.to_owned(),
    };
    let done = format!("said about {no}; its history shows it");
    let intent = Intent::new(model, kind, format!("comment on {no}"), done);
    gate::pass(model, Cmd::TicketComment.record().danger, intent)
}
