//! What the copilot's screen knows.

use ratatui::layout::Rect;

use super::flow::Flow;
use crate::{
    engine::{
        api::{
            asking::{CopilotAnswer, CopilotAsk, EndState, Fate, News, Preview, Stage},
            copilot::{GuidelineAnswer, SnippetView},
        },
        model::{
            event::Event,
            ids::{TicketId, TicketNo},
        },
    },
    tui::{
        app::{effect::SlotId, msg::Millis, slot::Slot},
        screens::ScreenId,
        ui::{
            layout::{panes, split_left},
            select::Selection,
        },
    },
};

/// Questions of this console kept.
pub const PAST: usize = 20;

/// Which pane has the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// Question and answer.
    #[default]
    Answer,
    /// What the question brings, then the sources.
    Sources,
}

/// How far the present question has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// There is none.
    #[default]
    Nothing,
    /// The snippets are looked for.
    Looking,
    /// A person says whether it is sent.
    Review,
    /// It is being answered.
    Running,
    /// A person stopped it, and the engine has not said so yet.
    Stopping,
    /// It is over.
    Over,
}

/// A question that was asked here before.
#[derive(Clone, Debug)]
pub struct Past {
    /// The question.
    pub question: String,
    /// The ticket it stood in.
    pub ticket: Option<TicketNo>,
    /// How it ended.
    pub state: EndState,
    /// The answer; empty when no model gave one.
    pub text: String,
}

/// A row of the right pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRow {
    /// A snippet's id or a fact's name.
    pub key: String,
    /// What happens or happened to it: a word of fixed width.
    pub word: &'static str,
    /// `[S3]`, when it has a number.
    pub number: Option<u32>,
    /// For people.
    pub title: String,
    /// It had or will have a part in the answer.
    pub counts: bool,
}

/// The copilot's screen.
#[derive(Debug)]
pub struct Copilot {
    /// The question being written; never lost.
    pub draft: String,
    /// The ticket questions stand in.
    pub ticket: Option<(TicketId, TicketNo)>,
    /// The screen a question about a ticket was begun on.
    pub from: Option<ScreenId>,
    /// The present question.
    pub ask: Option<CopilotAsk>,
    /// How far it has come.
    pub phase: Phase,
    /// The snippets, at once.
    pub search: Slot<GuidelineAnswer>,
    /// What would be sent.
    pub look: Slot<Preview>,
    /// The answer as it comes.
    pub news: Slot<News>,
    /// The stopping of it.
    pub stop: Slot<News>,
    /// Earlier questions, as the journal has them.
    pub history: Slot<Vec<Event>>,
    /// What the answer waits for.
    pub stage: Stage,
    /// When it was sent.
    pub sent_at: Option<Millis>,
    /// The words, unchecked while they come.
    pub flow: Flow,
    /// The answer, once it is over.
    pub answer: Option<CopilotAnswer>,
    /// Show words that are no house rules.
    pub unfolded: bool,
    /// Earlier questions of this console, oldest first.
    pub past: Vec<Past>,
    /// Which earlier question the prompt shows, counted back from the newest.
    pub recalled: usize,
    /// Which pane has the keys.
    pub side: Side,
    /// The row of the right pane.
    pub pick: Selection<String>,
    /// The first line of the left pane in view; `None` = its end.
    pub top: Option<usize>,
}

impl Default for Copilot {
    fn default() -> Self {
        Self {
            draft: String::new(),
            ticket: None,
            from: None,
            ask: None,
            phase: Phase::default(),
            search: Slot::new(SlotId::CopilotSearch),
            look: Slot::new(SlotId::CopilotLook),
            news: Slot::new(SlotId::CopilotNews),
            stop: Slot::new(SlotId::CopilotStop),
            history: Slot::new(SlotId::CopilotHistory),
            stage: Stage::default(),
            sent_at: None,
            flow: Flow::default(),
            answer: None,
            unfolded: false,
            past: Vec::new(),
            recalled: 0,
            side: Side::default(),
            pick: Selection::default(),
            top: None,
        }
    }
}

impl Copilot {
    /// What the guidelines say to the present question.
    pub fn found(&self) -> Option<&GuidelineAnswer> {
        self.answer.as_ref().map(|a| &a.found).or_else(|| self.search.get())
    }

    /// True while something is under way that can be stopped.
    pub const fn is_under_way(&self) -> bool {
        matches!(self.phase, Phase::Looking | Phase::Running | Phase::Stopping)
    }

    /// A snippet of the present question.
    pub fn snippet(&self, id: &str) -> Option<&SnippetView> {
        let found = self.found()?;
        found.hits.iter().chain(&found.outside).find(|s| s.id == id)
    }

    /// The rows of the right pane.
    pub fn rows(&self) -> Vec<SourceRow> {
        if let Some(answer) = &self.answer {
            let row = |s: &crate::engine::api::asking::AnswerSource| SourceRow {
                key: s.id.clone(),
                word: if s.cited {
                    "cited"
                } else if s.number.is_some() {
                    "sent"
                } else {
                    "found"
                },
                number: s.number,
                title: s.title.clone(),
                counts: s.cited || answer.figures.is_none(),
            };
            return answer.sources.iter().map(row).collect();
        }
        if let Some(preview) = self.look.get().filter(|_| self.phase != Phase::Looking) {
            let row = |i: &crate::engine::api::asking::Item| SourceRow {
                key: i.key.clone(),
                word: match i.fate {
                    Fate::Goes => "goes",
                    Fate::Stays => "stays here",
                    Fate::TakenOut => "taken out",
                    Fate::NoRoom => "no room",
                },
                number: None,
                title: i.title.clone(),
                counts: i.fate == Fate::Goes,
            };
            return preview.items.iter().map(row).collect();
        }
        let hits = self.search.get().map_or(&[][..], |f| &f.hits);
        let row = |s: &SnippetView| SourceRow {
            key: s.id.clone(),
            word: "found",
            number: None,
            title: s.title.clone(),
            counts: true,
        };
        hits.iter().map(row).collect()
    }
}

/// Where the panes stand: answer and sources. On a narrow screen only one has room.
pub fn geometry(area: Rect, side: Side) -> (Rect, Rect) {
    if panes(area.width) > 1 {
        return split_left(area, area.width / 5 * 3);
    }
    let nowhere = Rect {
        width: 0,
        height: 0,
        ..area
    };
    match side {
        Side::Answer => (area, nowhere),
        Side::Sources => (nowhere, area),
    }
}
