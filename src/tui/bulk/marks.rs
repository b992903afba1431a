//! Marked tickets. A mark keeps the row as it was seen, so that a change names the version somebody looked at.

use std::collections::BTreeMap;

use crate::{
    engine::{
        api::{ApiError, Reply, Request, SortKey, TicketWindow, card::Card, filter::Filter},
        model::ids::{TicketId, TicketNo},
    },
    tui::{
        app::{Effect, Model, effect::SlotId, msg::Millis, slot::Slot, toast::Tone},
        command::Cmd,
        screens::{self, ScreenId, board::model::COLUMNS, qa::findings, qa::model::Pane},
        ui::grouped,
    },
};

/// Most tickets one `*` marks: what the engine gives in one answer, so that all of them are of one moment.
pub const AT_ONCE: u32 = 1000;

/// The marked tickets, by number. They survive filters and screens.
#[derive(Debug)]
pub struct Marks {
    cards: BTreeMap<TicketNo, Card>,
    /// The row marked last: where a range starts.
    last: Option<TicketId>,
    /// The filter that named all of them, while no other mark came or went.
    filter: Option<String>,
    /// The filter of the answer that is awaited.
    asked: Option<String>,
    /// The answer to "mark everything that fits".
    pub slot: Slot<crate::engine::api::TicketRows>,
}

impl Default for Marks {
    fn default() -> Self {
        Self {
            cards: BTreeMap::new(),
            last: None,
            filter: None,
            asked: None,
            slot: Slot::new(SlotId::Marks),
        }
    }
}

impl Marks {
    /// How many.
    pub fn len(&self) -> usize {
        self.cards.len()
    }

    /// True when nothing is marked.
    pub fn is_empty(&self) -> bool {
        self.cards.is_empty()
    }

    /// True when this ticket is marked.
    pub fn has(&self, no: TicketNo) -> bool {
        self.cards.contains_key(&no)
    }

    /// The marked tickets as they were seen, by number.
    pub fn cards(&self) -> impl Iterator<Item = &Card> {
        self.cards.values()
    }

    /// Marks a ticket as it is seen now.
    pub fn add(&mut self, card: &Card) {
        self.filter = None;
        self.last = Some(card.id);
        self.cards.insert(card.no, card.clone());
    }

    /// Takes a mark away.
    pub fn remove(&mut self, no: TicketNo) {
        self.filter = None;
        self.cards.remove(&no);
    }

    /// Takes all marks away.
    pub fn clear(&mut self) {
        self.cards.clear();
        self.last = None;
        self.filter = None;
    }

    /// The filter that named all of them.
    pub fn filter(&self) -> Option<&str> {
        self.filter.as_deref()
    }

    /// Asks for every ticket that fits, to mark it.
    pub fn ask(&mut self, filter: Filter, mono: Millis) -> Vec<Effect> {
        self.asked = self.cards.is_empty().then(|| filter.as_str().to_owned());
        let window = TicketWindow {
            filter,
            sort: SortKey::Number,
            after: AT_ONCE,
            ..TicketWindow::default()
        };
        self.slot.ask(Request::Tickets(window), mono)
    }
}

/// True where verbs mean the marked tickets: in the lists that show marks, while there are any.
pub fn are_meant(model: &Model) -> bool {
    !model.marks.is_empty()
        && match model.screen {
            ScreenId::Board | ScreenId::Tickets => true,
            ScreenId::Qa => model.screens.qa.pane == Pane::Findings,
            _ => false,
        }
}

/// A command about marks.
pub fn run(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::MarkToggle => toggle(model),
        Cmd::MarkRange => range(model),
        Cmd::MarkAll => ask_all(model),
        Cmd::MarkNone => {
            model.marks.clear();
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn toggle(model: &mut Model) -> Vec<Effect> {
    if model.screen == ScreenId::Qa && model.screens.qa.findings.card().is_none() {
        return findings::act::mark_group(model);
    }
    let Some(card) = screens::selected_card(model).cloned() else {
        return Vec::new();
    };
    if model.marks.has(card.no) {
        model.marks.remove(card.no);
    } else {
        model.marks.add(&card);
    }
    screens::run(model, Cmd::Down)
}

/// Marks every row between the one marked last and the cursor.
fn range(model: &mut Model) -> Vec<Effect> {
    let rows = match model.screen {
        ScreenId::Board => model.screens.board.cards(model.screens.board.column).0,
        _ => model.screens.tickets.rows(),
    };
    let at = |id: Option<TicketId>| rows.iter().position(|c| Some(c.id) == id);
    let here = at(screens::selected_card(model).map(|c| c.id));
    let (Some(from), Some(to)) = (at(model.marks.last), here) else {
        model.say(
            Tone::Note,
            "a range starts at the row marked last, which is not in this list",
            "Space marks one",
        );
        return Vec::new();
    };
    let all = rows.get(from.min(to)..=from.max(to)).unwrap_or_default().to_vec();
    for card in &all {
        model.marks.add(card);
    }
    Vec::new()
}

/// Asks the engine for everything in the list, whether it is in view or not.
fn ask_all(model: &mut Model) -> Vec<Effect> {
    if model.screen == ScreenId::Qa {
        return findings::act::mark_group(model);
    }
    let mono = model.stamp.mono;
    let filter = match model.screen {
        ScreenId::Board => {
            let board = &model.screens.board;
            let status = COLUMNS.get(board.column).map_or("draft", |s| s.as_str());
            Filter::parse(&format!("{} status:{status}", board.filter.as_str()))
        }
        _ => Ok(model.screens.tickets.filter.clone()),
    };
    let Ok(filter) = filter else {
        model.say(Tone::Warn, "the filter is too long to mark by it", "shorten it");
        return Vec::new();
    };
    model.marks.ask(filter, mono)
}

/// Everything that fits, as it is at one commit.
pub fn all_answered(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let (fresh, next) = model.marks.slot.answer(generation, result, mono, |r| match r {
        Reply::Tickets(rows) => Some(rows),
        _ => None,
    });
    if let Some(error) = model.marks.slot.failure().cloned() {
        model.say_error("mark all", &error);
    }
    let Some(found) = model.marks.slot.get().filter(|_| fresh).cloned() else {
        return next;
    };
    for card in &found.rows {
        model.marks.add(card);
    }
    model.marks.last = screens::selected_card(model).map(|c| c.id);
    let whole = found.rows.len() as u64 == found.matching && model.marks.len() == found.rows.len();
    model.marks.filter = model.marks.asked.take().filter(|_| whole);
    let marked = found.rows.len() as u64;
    if marked < found.matching {
        let words = format!("marked {} of {}", grouped(marked), grouped(found.matching));
        model.say(Tone::Warn, &words, "mark the rest after these, or narrow the filter");
    } else {
        let words = format!(
            "marked {}, as they are at commit {}",
            grouped(marked),
            grouped(found.at.0)
        );
        model.say(Tone::Note, &words, "- takes the marks away");
    }
    let mut next = next;
    next.extend(findings::act::marked(model));
    next
}
