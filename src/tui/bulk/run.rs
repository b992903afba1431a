//! Carrying it out: a few commands on their way at a time, an outcome for every ticket.

use std::collections::VecDeque;

use crate::{
    engine::{
        api::{ApiError, Command, CommandKind, Reply, Request, TicketView, card::Card},
        model::{
            event::Seq,
            ids::{CommandId, QaRunId, TicketNo},
            refusal::RefusalCode,
        },
    },
    tui::{
        app::{
            Effect, Model,
            effect::{Origin, SlotId, TimerId},
            slot::Slot,
            toast::{Tone, explain},
            update::REQUERY_MS,
        },
        bulk::{act::Act, named::Named},
        overlay::Overlay,
        screens,
    },
};

/// Commands on their way at once: enough to share the store's syncs, few enough to stop early.
const ON_THEIR_WAY: usize = 16;

/// How one ticket came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its turn has not come.
    Waiting,
    /// Read, sent or checked now.
    Running,
    /// Done; perhaps with a remark.
    Done(String),
    /// The engine said no: reason and remedy.
    Refused(String, String),
    /// Somebody changed it after it was marked.
    Conflict(String),
    /// No answer came: it may have been done or not.
    Unknown(String),
}

impl Outcome {
    /// The word in the report.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Waiting => "not sent",
            Self::Running => "running",
            Self::Done(_) => "done",
            Self::Refused(..) => "refused",
            Self::Conflict(_) => "conflict",
            Self::Unknown(_) => "unknown",
        }
    }

    /// What is said beside the word: the reason, and what to do.
    pub fn reason(&self) -> (&str, &str) {
        match self {
            Self::Waiting | Self::Running => ("", ""),
            Self::Done(words) => (words, ""),
            Self::Refused(reason, remedy) => (reason, remedy),
            Self::Conflict(reason) => (reason, "R does it again on what it is now"),
            Self::Unknown(reason) => (reason, "R sends it again under its id: it is done at most once"),
        }
    }

    /// True when it has to be done again to be done.
    pub const fn is_open(&self) -> bool {
        !matches!(self, Self::Done(_))
    }
}

/// One ticket on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The ticket as it was when it was marked.
    pub card: Card,
    /// How it came out.
    pub outcome: Outcome,
    /// The number of what was done to it in the journal.
    pub done: Option<Seq>,
    /// The command on its way or without an answer.
    command: Option<Box<Command>>,
    /// Read it anew and take what it is now, also if others changed it.
    anew: bool,
}

impl Item {
    const fn new(card: Card) -> Self {
        Self {
            card,
            outcome: Outcome::Waiting,
            done: None,
            command: None,
            anew: false,
        }
    }

    fn is_qa_after(&self) -> bool {
        matches!(
            self.command.as_deref(),
            Some(Command {
                kind: CommandKind::TicketSubmitQa { .. },
                ..
            })
        )
    }
}

/// Something done to many tickets.
#[derive(Clone, Debug, PartialEq)]
pub struct Bulk {
    /// What.
    pub act: Act,
    /// To which, by number.
    pub items: Vec<Item>,
    /// The filter that named them, if one did.
    pub filter: Option<String>,
    /// The row of the report under the cursor.
    pub row: usize,
    queue: VecDeque<usize>,
    reading: Option<usize>,
    running: usize,
}

impl Bulk {
    /// To these tickets.
    pub fn new(act: Act, cards: impl IntoIterator<Item = Card>) -> Self {
        let items: Vec<Item> = cards.into_iter().map(Item::new).collect();
        Self {
            act,
            queue: (0..items.len()).collect(),
            items,
            filter: None,
            row: 0,
            reading: None,
            running: 0,
        }
    }

    /// Named by a filter.
    #[must_use]
    pub fn named(self, filter: Option<String>) -> Self {
        Self { filter, ..self }
    }

    /// True while something is on its way.
    pub const fn is_running(&self) -> bool {
        self.running > 0 || self.reading.is_some()
    }

    /// How many came out so.
    pub fn count(&self, of: impl Fn(&Outcome) -> bool) -> usize {
        self.items.iter().filter(|i| of(&i.outcome)).count()
    }

    /// How many have to be done again.
    pub fn open(&self) -> usize {
        self.count(Outcome::is_open)
    }

    /// The same for what did not work: unknown ones keep their command, others are read anew.
    #[must_use]
    pub fn again(&self) -> Self {
        let open = self.items.iter().filter(|i| i.outcome.is_open()).cloned();
        let items: Vec<Item> = open
            .map(|mut item| {
                if !matches!(item.outcome, Outcome::Unknown(_)) {
                    item.command = None;
                }
                item.anew = item.anew || matches!(item.outcome, Outcome::Conflict(_));
                item.outcome = Outcome::Waiting;
                item
            })
            .collect();
        Self {
            act: self.act.clone(),
            queue: (0..items.len()).collect(),
            items,
            filter: None,
            row: 0,
            reading: None,
            running: 0,
        }
    }
}

/// What is done to many tickets now, and the last one's report.
#[derive(Debug)]
pub struct Bulks {
    /// The one at hand.
    pub last: Option<Box<Bulk>>,
    /// A ticket that is read before it is changed.
    pub ticket: Slot<TicketView>,
    /// A verb that waits for the tickets its filter names.
    pub named: Named,
}

impl Default for Bulks {
    fn default() -> Self {
        Self {
            last: None,
            ticket: Slot::new(SlotId::BulkTicket),
            named: Named::default(),
        }
    }
}

/// Starts, and shows the report filling.
pub fn start(model: &mut Model, bulk: Bulk) -> Vec<Effect> {
    model.bulk.last = Some(Box::new(bulk));
    if !matches!(model.overlays.last(), Some(Overlay::Report)) {
        model.open(Overlay::Report);
    }
    next(model)
}

/// Sends what may be sent now.
fn next(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    let mut ids = model.stamp.ids;
    let mono = model.stamp.mono;
    let Some(bulk) = model.bulk.last.as_deref_mut() else {
        return effects;
    };
    while bulk.running < ON_THEIR_WAY {
        let Some(index) = bulk.queue.front().copied() else {
            break;
        };
        let Some(item) = bulk.items.get_mut(index) else { break };
        let reads = item.command.is_none() && (bulk.act.needs_ticket() || item.anew);
        if reads && bulk.reading.is_some() {
            break;
        }
        bulk.queue.pop_front();
        item.outcome = Outcome::Running;
        if reads {
            bulk.reading = Some(index);
            effects.extend(model.bulk.ticket.ask(Request::Ticket(item.card.id), mono));
            continue;
        }
        let command = match item.command.take() {
            Some(command) => Ok(command),
            None => bulk
                .act
                .command(&item.card, None, &mut ids)
                .map(|kind| with_id(kind, &mut ids)),
        };
        match command {
            Ok(command) => {
                bulk.running += 1;
                effects.push(send(item, index, command));
            }
            Err(why) => item.outcome = Outcome::Refused(why, String::new()),
        }
    }
    model.stamp.ids = ids;
    effects
}

fn with_id(kind: CommandKind, ids: &mut crate::tui::app::msg::Ids) -> Box<Command> {
    let id = CommandId::new(ids.mint());
    Box::new(Command { id, kind })
}

fn send(item: &mut Item, index: usize, command: Box<Command>) -> Effect {
    item.command = Some(command.clone());
    Effect::Commit {
        command,
        counted: None,
        origin: Origin::Bulk {
            index,
            no: item.card.no,
        },
        label: String::new(),
        done: String::new(),
    }
}

/// A ticket was read.
pub fn ticket_answered(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let (fresh, mut effects) = model.bulk.ticket.answer(generation, result, mono, |r| match r {
        Reply::Ticket(t) => Some(*t),
        _ => None,
    });
    let failure = model.bulk.ticket.failure().cloned();
    let mut ids = model.stamp.ids;
    let view = model.bulk.ticket.get().filter(|_| fresh);
    if let Some(bulk) = model.bulk.last.as_deref_mut()
        && let Some(index) = bulk.reading.take()
        && let Some(item) = bulk.items.get_mut(index)
    {
        match view {
            None => {
                let error = failure.unwrap_or_else(|| ApiError::Internal("it could not be read".to_owned()));
                // Nothing was sent for it.
                let (reason, remedy) = explain(&error);
                item.outcome = Outcome::Refused(reason, remedy);
            }
            Some(view) if view.card.version != item.card.version && !item.anew => {
                item.outcome = Outcome::Conflict(format!(
                    "{} changed it after it was marked (v{}, marked v{})",
                    view.card.updated_by, view.card.version, item.card.version
                ));
            }
            Some(view) => match bulk.act.command(&item.card, Some(view), &mut ids) {
                Ok(kind) => {
                    bulk.running += 1;
                    effects.push(send(item, index, with_id(kind, &mut ids)));
                }
                Err(why) => item.outcome = Outcome::Refused(why, String::new()),
            },
        }
    }
    model.stamp.ids = ids;
    effects.extend(next(model));
    effects.extend(finish(model));
    effects
}

/// One command was answered.
pub fn committed(model: &mut Model, index: usize, no: TicketNo, result: Result<Reply, ApiError>) -> Vec<Effect> {
    model.touch();
    screens::mark_stale(model);
    model.session.overview.mark_stale();
    let mut effects = model.arm(TimerId::Requery, REQUERY_MS);
    let mut ids = model.stamp.ids;
    let Some(bulk) = model.bulk.last.as_deref_mut() else {
        return effects;
    };
    let Some(item) = bulk.items.get_mut(index).filter(|i| i.card.no == no) else {
        return effects;
    };
    bulk.running = bulk.running.saturating_sub(1);
    let after = bulk.act.then_qa() && item.is_qa_after();
    if let Ok(Reply::Done(done)) = &result
        && !after
    {
        item.done = Some(done.seq);
    }
    match result {
        Ok(_) if bulk.act.then_qa() && !after => {
            // The next command belongs to the same ticket: its content is new, so QA runs on it.
            let kind = CommandKind::TicketSubmitQa {
                id: item.card.id,
                run: QaRunId::new(ids.mint()),
            };
            bulk.running += 1;
            effects.push(send(item, index, with_id(kind, &mut ids)));
        }
        Ok(_) => item.outcome = Outcome::Done(if after { "QA runs" } else { "" }.to_owned()),
        Err(ApiError::Unavailable(why)) => {
            item.outcome = Outcome::Unknown(why);
            // Whoever is not there will not answer the rest either.
            bulk.queue.clear();
        }
        Err(error) if after => {
            let (reason, _) = explain(&error);
            item.outcome = Outcome::Done(format!("set, but QA did not start: {reason}"));
        }
        Err(error) => {
            let (reason, remedy) = explain(&error);
            let stale = matches!(&error, ApiError::Refused(r) if r.code == RefusalCode::Stale);
            item.outcome = if stale {
                Outcome::Conflict(reason)
            } else {
                Outcome::Refused(reason, remedy)
            };
        }
    }
    if matches!(item.outcome, Outcome::Done(_)) {
        item.command = None;
        model.marks.remove(no);
    }
    model.stamp.ids = ids;
    effects.extend(next(model));
    effects.extend(finish(model));
    effects
}

/// Says how it came out, where the report is not in view.
fn finish(model: &mut Model) -> Vec<Effect> {
    let Some(bulk) = model.bulk.last.as_deref().filter(|b| !b.is_running()) else {
        return Vec::new();
    };
    let seen = model.overlays.iter().any(|o| matches!(o, Overlay::Report));
    if !seen {
        let tone = if bulk.open() > 0 { Tone::Warn } else { Tone::Good };
        let words = super::report::headline(bulk);
        model.say(tone, &words, "g r shows the report");
    }
    Vec::new()
}
