//! What update wants done, as plain data. Only the runtime awaits anything.

use std::{path::PathBuf, time::Duration};

use uuid::Uuid;

use crate::{
    engine::{
        api::{Command, Counted, Request},
        model::ids::{TicketId, TicketNo},
    },
    tui::options::Exit,
};

/// A query of which one answer at a time is wanted. A new screen adds its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SlotId {
    /// The header.
    Overview,
    /// The board.
    Board,
    /// The ticket table.
    Tickets,
    /// The audit trail.
    Audit,
    /// A check of the store.
    Verify,
    /// Why a ticket is where it is.
    Why,
    /// How accounts stand, asked of their platform.
    Check,
    /// Whether the platform would take a ticket's requests.
    Validation,
    /// What a change of a governed value would touch.
    Impact,
    /// Every QA rule.
    Rules,
    /// What a QA rule would find.
    Trial,
    /// Paths a QA rule may look at.
    RulePaths,
    /// The deploy queue.
    Deploys,
    /// The selected deploy with its ledger.
    DeployDetail,
    /// The ticket in detail.
    Detail,
    /// What a ticket will send.
    Plan,
    /// What happened to a ticket.
    History,
    /// What is proposed for a ticket.
    Proposal,
    /// Governed values, for forms and details.
    Facts,
    /// A platform's fields.
    Fields,
    /// What a new ticket would be called.
    Preview,
    /// Tickets a change request may name.
    Targets,
    /// The snippets to a question.
    CopilotSearch,
    /// What a question would send.
    CopilotLook,
    /// The copilot's answer as it comes.
    CopilotNews,
    /// The stopping of an answer.
    CopilotStop,
    /// Earlier questions.
    CopilotHistory,
    /// A ticket by its number.
    Jump,
    /// Tickets to mark.
    Marks,
    /// A ticket that is read before many are changed.
    BulkTicket,
    /// What QA found in all tickets.
    Findings,
    /// Tickets named by a filter, to do something to all of them.
    BulkFilter,
    /// Who else is where.
    People,
    /// What happened to watched tickets.
    News,
    /// What would be taken back.
    Undo,
    /// What QA says of a payload that is being written.
    Judged,
}

/// A timer. Setting one again moves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimerId {
    /// Stale queries are asked again.
    Requery,
    /// The toast goes.
    Toast,
    /// A pending chord shows what may follow.
    WhichKey,
    /// The keys of a filter rest: it is applied.
    Filter,
    /// What is remembered is written.
    Save,
    /// What was typed into a form is written.
    Draft,
    /// The keys of a payload's text rest: QA is asked about it.
    Judge,
    /// Something visible counts down.
    Countdown,
    /// The header's clock.
    Minute,
    /// Something visible loads for long enough to be said.
    Spinner,
    /// What somebody is called for was gathered long enough.
    Notify,
}

/// Who asked for a change, so that the answer finds its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A verb: the answer is a toast.
    Verb,
    /// The form on top of the stack: a refusal goes to its fields, success closes it.
    Form,
    /// The edit form on top of the stack, whose content changed: like a form, and then QA runs on the ticket.
    Saved {
        /// Its id.
        id: TicketId,
    },
    /// One of many.
    Bulk {
        /// Its place among them.
        index: usize,
        /// Its number.
        no: TicketNo,
    },
    /// A ticket that is new: success shows it, and runs QA if that was wished.
    NewTicket {
        /// Its id.
        id: TicketId,
        /// Run QA on it.
        qa: bool,
        /// Written in the form on top of the stack.
        form: bool,
    },
}

/// What update wants done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask the engine; an older asking of the same slot is dropped.
    Ask {
        /// Which query.
        slot: SlotId,
        /// Which asking of it.
        generation: u64,
        /// What.
        request: Request,
    },
    /// Forget an asking: its answer is not wanted any more.
    Forget(SlotId),
    /// Change something.
    Commit {
        /// The intention with its id.
        command: Box<Command>,
        /// What it was said to touch: it is refused once that moved.
        counted: Option<Box<Counted>>,
        /// Who asked.
        origin: Origin,
        /// What it is, for messages.
        label: String,
        /// What to say when it worked.
        done: String,
    },
    /// Wake up later.
    Timer {
        /// Which timer.
        timer: TimerId,
        /// After this long.
        after: Duration,
    },
    /// Read the log after a line.
    ReadLogs {
        /// The newest line known.
        after: u64,
    },
    /// Remember this for the next console.
    Save(String),
    /// Open a person's editor on a text.
    Edit {
        /// The name it comes back under.
        id: Uuid,
        /// The file's ending: what kind of text it is.
        ending: &'static str,
        /// The text.
        text: String,
    },
    /// What an editor left in this file stands in its form: the file may go.
    DropEdited(PathBuf),
    /// Keep what was typed into a form.
    KeepDraft {
        /// The draft's own name.
        id: Uuid,
        /// The file's text.
        text: String,
    },
    /// A draft is not wanted any more.
    DropDraft(Uuid),
    /// Put text on the clipboard.
    Copy(String),
    /// Call the person, who may look elsewhere.
    Notify(String),
    /// Take the mouse, or give it back to the terminal.
    Mouse(bool),
    /// Draw everything again.
    Repaint,
    /// Give the engine of this process to a background one.
    HandOver,
    /// Put the process to sleep.
    Suspend,
    /// Leave.
    Quit(Exit),
}
