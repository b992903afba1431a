//! The screens: one folder each, `model` (what it knows), `update` (what it does), `view` (how it looks).
//!
//! This file is the switchboard: every place where "which screen?" is asked. A new screen adds an arm to each match
//! below and nothing anywhere else but its commands, its slot and its folder.

mod arrivals;
pub mod audit;
pub mod board;
pub mod campaigns;
pub mod compose;
pub mod copilot;
pub mod deploys;
pub mod detail;
pub mod doubt;
pub mod facts;
pub mod first_steps;
pub mod governance;
mod jump;
pub mod logs;
pub mod outside;
mod pointing;
pub mod qa;
pub mod tickets;
pub mod waiting;
pub mod why;

pub use arrivals::{news, show_new};
pub use jump::jump_answered;
pub use pointing::click;
use pointing::clicked_row;
pub use waiting::{draw_empty, loading_mark};

use ratatui::layout::Rect;

use super::{
    app::{Effect, Model, effect::SlotId, msg::Millis, news, people, slot::Slot, toast::Tone},
    command::{Cmd, Ctx},
    overlay::{FormFor, Overlay},
    theme::Role,
    ui::{pen::Pen, select::Move, text::Line, when},
};
use crate::engine::api::{ApiError, CampaignRow, Request, TicketView, card::Card};

/// Which screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScreenId {
    /// The state of the house at a glance.
    #[default]
    Board,
    /// Find, sort, filter.
    Tickets,
    /// What was promised.
    Campaigns,
    /// What may be used in names.
    Governance,
    /// What tickets are judged by.
    Qa,
    /// The queue that explains itself.
    Deploys,
    /// What the guidelines say.
    Copilot,
    /// Who did what.
    Audit,
    /// The last lines of the log.
    Logs,
    /// One ticket; reached from a list, so it is no tab.
    Detail,
}

impl ScreenId {
    /// Every screen with a tab, in the order of the tabs.
    pub const ALL: [Self; 9] = [
        Self::Board,
        Self::Tickets,
        Self::Campaigns,
        Self::Governance,
        Self::Qa,
        Self::Deploys,
        Self::Copilot,
        Self::Audit,
        Self::Logs,
    ];

    /// The command that shows it: its title and key stand in the tabs.
    pub const fn command(self) -> Cmd {
        match self {
            Self::Board => Cmd::GoBoard,
            Self::Tickets => Cmd::GoTickets,
            Self::Campaigns => Cmd::GoCampaigns,
            Self::Governance => Cmd::GoGovernance,
            Self::Qa => Cmd::GoQa,
            Self::Deploys => Cmd::GoDeploys,
            Self::Copilot => Cmd::GoCopilot,
            Self::Audit => Cmd::GoAudit,
            Self::Logs => Cmd::GoLogs,
            Self::Detail => Cmd::TicketOpen,
        }
    }
}

/// One model per screen, and what several screens share.
#[derive(Debug)]
pub struct Screens {
    /// The board.
    pub board: board::model::Board,
    /// The ticket table.
    pub tickets: tickets::model::Tickets,
    /// The campaigns.
    pub campaigns: campaigns::model::Campaigns,
    /// The governed values.
    pub governed: governance::model::Governed,
    /// QA rules.
    pub qa: qa::model::Qa,
    /// The deploy queue.
    pub deploys: deploys::model::Deploys,
    /// The copilot.
    pub copilot: copilot::model::Copilot,
    /// The audit trail.
    pub audit: audit::model::Audit,
    /// The log.
    pub logs: logs::model::Logs,
    /// One ticket.
    pub detail: detail::model::Detail,
    /// A new ticket being written.
    pub compose: compose::model::Compose,
    /// What forms and details look up.
    pub facts: facts::Facts,
    /// Why a ticket is where it is.
    pub why: Slot<TicketView>,
    /// A ticket asked for by its number.
    pub jump: Slot<TicketView>,
    /// What platforms say when asked.
    pub outside: outside::Outside,
}

impl Default for Screens {
    fn default() -> Self {
        Self {
            board: board::model::Board::default(),
            tickets: tickets::model::Tickets::default(),
            campaigns: campaigns::model::Campaigns::default(),
            governed: governance::model::Governed::default(),
            qa: qa::model::Qa::default(),
            deploys: deploys::model::Deploys::default(),
            copilot: copilot::model::Copilot::default(),
            audit: audit::model::Audit::default(),
            logs: logs::model::Logs::default(),
            detail: detail::model::Detail::default(),
            compose: compose::model::Compose::default(),
            facts: facts::Facts::default(),
            why: Slot::new(SlotId::Why),
            jump: Slot::new(SlotId::Jump),
            outside: outside::Outside::default(),
        }
    }
}

impl Screens {
    /// The selected campaign: what a new ticket started from the campaigns screen belongs to.
    pub fn selected_campaign(&self) -> Option<&CampaignRow> {
        let id = self.campaigns.pick.id()?;
        let rows = &self.facts.governance.get()?.campaigns;
        rows.iter().find(|r| r.campaign.value.id == id)
    }
}

/// Contexts of a screen, nearest first, without those every screen has.
pub fn contexts(screen: ScreenId) -> Vec<Ctx> {
    match screen {
        ScreenId::Board => vec![Ctx::Board, Ctx::Ticket],
        ScreenId::Tickets => vec![Ctx::Tickets, Ctx::Ticket],
        ScreenId::Campaigns => vec![Ctx::Campaigns],
        ScreenId::Governance => vec![Ctx::Governance],
        ScreenId::Qa => vec![Ctx::Qa],
        ScreenId::Deploys => vec![Ctx::Deploys],
        ScreenId::Copilot => vec![Ctx::Copilot],
        ScreenId::Audit => vec![Ctx::Audit],
        ScreenId::Logs => vec![Ctx::Logs],
        ScreenId::Detail => vec![Ctx::Detail, Ctx::Ticket],
    }
}

/// Contexts of the screen as it is: a pane of its own has keys of its own.
pub fn live_contexts(model: &Model) -> Vec<Ctx> {
    if model.screen == ScreenId::Qa && model.screens.qa.pane == qa::model::Pane::Findings {
        return vec![Ctx::Findings, Ctx::Ticket];
    }
    contexts(model.screen)
}

/// The selected ticket, on screens that have one.
pub fn selected_card(model: &Model) -> Option<&Card> {
    match model.screen {
        ScreenId::Board => model.screens.board.selected(),
        ScreenId::Tickets => model.screens.tickets.selected(),
        ScreenId::Detail => model.screens.detail.card(),
        ScreenId::Qa if model.screens.qa.pane == qa::model::Pane::Findings => model.screens.qa.findings.card(),
        _ => None,
    }
}

/// The selected row as text, for the clipboard.
pub fn row_text(model: &Model) -> Option<String> {
    match model.screen {
        ScreenId::Board | ScreenId::Tickets | ScreenId::Detail => selected_card(model).map(|c| {
            let budget = c.budget.map_or_else(|| "-".to_owned(), |b| b.money.to_string());
            format!("{}\t{}\t{}\t{}\t{budget}", c.no, c.status, c.platform, c.name)
        }),
        ScreenId::Campaigns => model.screens.selected_campaign().map(|r| {
            let c = &r.campaign.value;
            let budget = c.budget.map_or_else(|| "-".to_owned(), |b| b.to_string());
            format!("{}\t{}\t{budget}", r.name, c.title)
        }),
        ScreenId::Governance => model.screens.selected_governed().map(|row| {
            let cells = row.cells.iter().map(Line::text).collect::<Vec<_>>();
            cells.join("\t")
        }),
        ScreenId::Qa if model.screens.qa.pane == qa::model::Pane::Findings => {
            let found = model.screens.qa.findings.found();
            found.map(|f| {
                format!(
                    "{}\t{}\t{}\t{}",
                    f.card.no, f.finding.rule, f.finding.field, f.finding.message
                )
            })
        }
        ScreenId::Qa => {
            let row = model.screens.qa.selected();
            row.map(|r| format!("{}\t{}\t{}", r.id(), r.state(), r.words("..")))
        }
        ScreenId::Deploys => deploys::view::plain(&model.screens.deploys),
        ScreenId::Copilot => copilot::verdict::with_sources(&model.screens.copilot),
        ScreenId::Audit => model.screens.audit.selected().map(audit::view::plain),
        ScreenId::Logs => model.screens.logs.selected().map(|l| {
            let at = when::full(l.at, &model.session.options.zone);
            format!("{at} {} {} {}", l.level.as_str(), l.target, l.text)
        }),
    }
}

/// The screen's filter as typed, if it has one.
pub fn filter_text(model: &Model) -> Option<String> {
    match model.screen {
        ScreenId::Board => Some(model.screens.board.filter.as_str().to_owned()),
        ScreenId::Tickets => Some(model.screens.tickets.filter.as_str().to_owned()),
        ScreenId::Campaigns => Some(model.screens.campaigns.find.as_str().to_owned()),
        ScreenId::Governance => Some(model.screens.governed.find.as_str().to_owned()),
        ScreenId::Deploys => Some(model.screens.deploys.filter.as_str().to_owned()),
        ScreenId::Audit => Some(model.screens.audit.filter.clone()),
        ScreenId::Logs => Some(model.screens.logs.filter.clone()),
        ScreenId::Qa => Some(model.screens.qa.findings.filter.as_str().to_owned()),
        ScreenId::Copilot | ScreenId::Detail => None,
    }
}

/// Sets the screen's filter, or says what is wrong with it; the last good one stays.
pub fn set_filter(model: &mut Model, text: &str) -> Result<Vec<Effect>, String> {
    model.touch();
    match model.screen {
        ScreenId::Board => board::update::filter(model, text),
        ScreenId::Tickets => tickets::update::filter(model, text),
        ScreenId::Campaigns => campaigns::update::filter(model, text),
        ScreenId::Governance => governance::update::filter(model, text),
        ScreenId::Deploys => deploys::update::filter(model, text),
        ScreenId::Audit => audit::update::filter(model, text),
        ScreenId::Logs => logs::update::filter(model, text),
        ScreenId::Qa => qa::findings::update::filter(model, text),
        ScreenId::Copilot | ScreenId::Detail => Ok(Vec::new()),
    }
}

/// A command of the present screen.
pub fn run(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match model.screen {
        ScreenId::Board => board::update::run(model, cmd),
        ScreenId::Tickets => tickets::update::run(model, cmd),
        ScreenId::Campaigns => campaigns::update::run(model, cmd),
        ScreenId::Governance => governance::update::run(model, cmd),
        ScreenId::Qa => qa::update::run(model, cmd),
        ScreenId::Deploys => deploys::update::run(model, cmd),
        ScreenId::Copilot => copilot::update::run(model, cmd),
        ScreenId::Audit => audit::update::run(model, cmd),
        ScreenId::Logs => logs::update::run(model, cmd),
        ScreenId::Detail => detail::update::run(model, cmd),
    }
}

/// Something happened: every answer may be old.
pub fn mark_stale(model: &mut Model) {
    model.screens.board.slot.mark_stale();
    model.screens.tickets.slot.mark_stale();
    model.screens.governed.counts_old = true;
    model.screens.qa.slot.mark_stale();
    model.screens.qa.findings.slot.mark_stale();
    model.screens.deploys.slot.mark_stale();
    model.screens.audit.slot.mark_stale();
    model.screens.detail.slot.mark_stale();
    model.screens.detail.plan.mark_stale();
    model.screens.detail.proposal.mark_stale();
    model.screens.detail.history.mark_stale();
}

/// Asks for what the present screen shows, as far as it is old; and for the header.
pub fn ask_visible(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    if model.session.overview.is_stale() {
        effects.extend(model.session.overview.ask(Request::Overview, model.stamp.mono));
    }
    effects.extend(match model.screen {
        ScreenId::Board if model.screens.board.slot.is_stale() => board::update::ask(model),
        ScreenId::Tickets if model.screens.tickets.slot.is_stale() => tickets::update::ask(model),
        ScreenId::Campaigns | ScreenId::Governance => governance::update::ask(model),
        ScreenId::Qa => qa::update::ask(model),
        ScreenId::Deploys if model.screens.deploys.slot.is_stale() => deploys::update::ask(model),
        ScreenId::Audit if model.screens.audit.slot.is_stale() => audit::update::ask(model),
        ScreenId::Logs => logs::update::ask(model),
        ScreenId::Detail => detail::update::ask(model),
        _ => Vec::new(),
    });
    effects.extend(people::ask(model));
    effects.extend(news::ask(model));
    // An open form's lists follow, whatever screen lies below it.
    if matches!(model.overlays.last(), Some(Overlay::Form(f)) if matches!(f.purpose, FormFor::Compose | FormFor::Governed(_)))
    {
        effects.extend(facts::ask_governance(model));
    }
    effects
}

/// The window grew: asks for rows that are missing now.
pub fn ask_more(model: &mut Model) -> Vec<Effect> {
    match model.screen {
        ScreenId::Board => board::update::ask_if_short(model),
        ScreenId::Tickets => tickets::update::ask_if_short(model),
        ScreenId::Detail => detail::update::ask(model),
        ScreenId::Qa => qa::findings::update::ask_if_short(model),
        ScreenId::Copilot => {
            copilot::update::sync(model);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// The present screen is left: answers on their way are not wanted any more.
fn leave(model: &mut Model) -> Vec<Effect> {
    match model.screen {
        ScreenId::Board => model.screens.board.slot.forget(),
        ScreenId::Tickets => model.screens.tickets.slot.forget(),
        ScreenId::Deploys => {
            model.screens.deploys.opening = None;
            let mut effects = model.screens.deploys.slot.forget();
            effects.extend(model.screens.deploys.detail.forget());
            effects
        }
        ScreenId::Qa => {
            let mut effects = model.screens.qa.slot.forget();
            effects.extend(model.screens.qa.findings.slot.forget());
            effects
        }
        ScreenId::Audit => model.screens.audit.slot.forget(),
        ScreenId::Detail => model.screens.detail.slot.forget(),
        // Governed values are everybody's: their answer is wanted wherever one goes. So is the copilot's.
        ScreenId::Campaigns | ScreenId::Governance | ScreenId::Copilot | ScreenId::Logs => Vec::new(),
    }
}

/// Goes from the present screen to another; asks nothing.
pub fn leave_for(model: &mut Model, screen: ScreenId) -> Vec<Effect> {
    if model.screen == screen {
        return Vec::new();
    }
    let effects = leave(model);
    model.previous = Some(model.screen);
    model.screen = screen;
    effects
}

/// Since when the present screen waits for an answer.
pub fn loading_since(model: &Model) -> Option<Millis> {
    match model.screen {
        ScreenId::Board => model.screens.board.slot.loading_since(),
        ScreenId::Tickets => model.screens.tickets.slot.loading_since(),
        ScreenId::Campaigns | ScreenId::Governance => model.screens.facts.governance.loading_since(),
        ScreenId::Qa => {
            let qa = &model.screens.qa;
            let found = qa.findings.slot.loading_since();
            qa.slot.loading_since().or(found).or_else(|| qa.trial.loading_since())
        }
        ScreenId::Deploys => model.screens.deploys.slot.loading_since(),
        ScreenId::Copilot => model.screens.copilot.look.loading_since(),
        ScreenId::Audit => model.screens.audit.loading_since(),
        ScreenId::Detail => model.screens.detail.slot.loading_since(),
        ScreenId::Logs => None,
    }
}

/// Why the present screen shows old rows, if its last question failed.
pub const fn failure(model: &Model) -> Option<&ApiError> {
    match model.screen {
        ScreenId::Board => model.screens.board.slot.failure(),
        ScreenId::Tickets => model.screens.tickets.slot.failure(),
        ScreenId::Campaigns | ScreenId::Governance => model.screens.facts.governance.failure(),
        ScreenId::Qa => match model.screens.qa.findings.slot.failure() {
            None => model.screens.qa.slot.failure(),
            failure => failure,
        },
        ScreenId::Deploys => model.screens.deploys.slot.failure(),
        ScreenId::Copilot => model.screens.copilot.search.failure(),
        ScreenId::Audit => model.screens.audit.slot.failure(),
        ScreenId::Detail => model.screens.detail.slot.failure(),
        ScreenId::Logs => None,
    }
}

/// True while something visible counts down.
pub fn counts_down(model: &Model) -> bool {
    let now = model.stamp.now;
    let counts = |card: &Card| {
        card.deploy
            .as_ref()
            .and_then(|d| d.why.next_at())
            .is_some_and(|at| at > now)
    };
    match model.screen {
        ScreenId::Board => board::update::visible(model).any(counts),
        ScreenId::Tickets => model.screens.tickets.selected().is_some_and(counts),
        ScreenId::Deploys => deploys::view::counts_down(model),
        // Seconds of waiting are shown.
        ScreenId::Copilot => model.screens.copilot.is_under_way(),
        ScreenId::Detail => {
            let view = model.screens.detail.view();
            view.and_then(|v| v.why.as_ref()?.next_at).is_some_and(|at| at > now)
        }
        _ => false,
    }
}

/// Draws the present screen.
pub fn draw(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    match model.screen {
        ScreenId::Board => board::view::draw(pen, area, model),
        ScreenId::Tickets => tickets::view::draw(pen, area, model),
        ScreenId::Campaigns => campaigns::view::draw(pen, area, model),
        ScreenId::Governance => governance::view::draw(pen, area, model),
        ScreenId::Qa => qa::view::draw(pen, area, model),
        ScreenId::Deploys => deploys::view::draw(pen, area, model),
        ScreenId::Copilot => copilot::view::draw(pen, area, model),
        ScreenId::Audit => audit::view::draw(pen, area, model),
        ScreenId::Logs => logs::view::draw(pen, area, model),
        ScreenId::Detail => detail::view::draw(pen, area, model),
    }
}

/// Where we are, at the right of the tabs.
pub fn crumb(model: &Model) -> Line {
    if model.screen == ScreenId::Detail {
        let no = model
            .screens
            .detail
            .card()
            .map_or_else(String::new, |c| c.no.to_string());
        let from = model.screens.detail.from.command().record().title;
        return Line::of(Role::Strong, from)
            .add(Role::Muted, " > ")
            .add(Role::Accent, no);
    }
    let mut line = Line::of(Role::Strong, model.screen.command().record().title);
    if let Some(filter) = filter_text(model).filter(|f| !f.is_empty()) {
        line.push(Role::Muted, " > ");
        line.push(Role::Accent, filter);
    }
    line
}

/// The pane that is not in view where only one is, and the key that shows it.
pub fn other_pane(model: &Model) -> Line {
    let (cmd, name) = match model.screen {
        ScreenId::Detail => {
            let detail = &model.screens.detail;
            let name = match detail.side {
                detail::model::Side::Form => detail.tab.title(),
                detail::model::Side::Tabs => "Fields",
            };
            (Cmd::DetailSwap, name)
        }
        ScreenId::Qa => {
            let name = match model.screens.qa.pane {
                qa::model::Pane::Findings => "Rules",
                qa::model::Pane::Rules => "Findings",
            };
            (Cmd::QaPane, name)
        }
        ScreenId::Deploys => {
            let name = match model.screens.deploys.pane {
                deploys::model::Pane::Queue => "Accounts",
                deploys::model::Pane::Lanes => "Queue",
            };
            (Cmd::DeployPane, name)
        }
        ScreenId::Copilot => {
            let name = match model.screens.copilot.side {
                copilot::model::Side::Answer => "Sources",
                copilot::model::Side::Sources => "Answer",
            };
            (Cmd::CopilotPane, name)
        }
        _ => return Line::new(),
    };
    Line::of(Role::Text, "  ")
        .add(Role::Key, model.keymap.key(cmd))
        .add(Role::Muted, format!(" {name}"))
}

/// A field of a form changed: forms whose fields depend on each other answer here.
pub fn form_changed(model: &mut Model, purpose: &FormFor, key: &str) -> Vec<Effect> {
    match purpose {
        FormFor::Care { .. } | FormFor::BulkValue(_) | FormFor::Conflict { .. } => Vec::new(),
        FormFor::Governed(editing) => {
            if let (Some(Overlay::Form(overlay)), Some(g)) =
                (model.overlays.last_mut(), model.screens.facts.governance.get())
            {
                governance::forms::changed(&mut overlay.form, &editing.what, key, g);
            }
            Vec::new()
        }
        FormFor::Rule { .. } => {
            qa::form::changed(model);
            Vec::new()
        }
        FormFor::EditTicket { .. } => detail::edit::changed(model, key),
        FormFor::Compose => compose::follow::changed(model, key),
    }
}

/// A form is handed in. Its overlay stays, busy, until the engine has answered.
pub fn form_submitted(model: &mut Model, purpose: &FormFor) -> Vec<Effect> {
    match purpose {
        FormFor::Care { id, no, version } => super::app::verbs::care(model, *id, *no, *version),
        FormFor::Governed(editing) => governance::submit::submit(model, editing),
        FormFor::EditTicket { id, no, version } => detail::edit::submitted(model, *id, *no, *version),
        FormFor::BulkValue(key) => super::bulk::ask::value_given(model, key),
        FormFor::Compose => compose::update::submitted(model),
        FormFor::Rule { version, .. } => qa::form::submitted(model, *version),
        FormFor::Conflict { id } => detail::conflict::chosen(model, *id),
    }
}

/// The form's own names for what a refusal speaks about: a name is made of a campaign, so that is the field to change.
pub fn form_path(purpose: &FormFor, path: &str) -> Option<&'static str> {
    match purpose {
        FormFor::Compose if path == "name" => Some("campaign"),
        _ => None,
    }
}

/// Where a form stands that does not stand in the middle; draws what belongs around it.
pub fn form_area(pen: &mut Pen<'_>, body: Rect, model: &Model, purpose: &FormFor) -> Option<Rect> {
    match purpose {
        FormFor::Care { .. }
        | FormFor::Governed(_)
        | FormFor::BulkValue(_)
        | FormFor::Conflict { .. }
        | FormFor::Rule { .. } => None,
        FormFor::EditTicket { .. } => Some(detail::view::edit_area(model)),
        FormFor::Compose => Some(compose::view::draw(pen, body, model)),
    }
}

/// The movement a list command stands for.
pub const fn movement(cmd: Cmd) -> Option<Move> {
    Some(match cmd {
        Cmd::Down => Move::Down,
        Cmd::Up => Move::Up,
        Cmd::Top => Move::Top,
        Cmd::Bottom => Move::Bottom,
        Cmd::HalfDown => Move::HalfDown,
        Cmd::HalfUp => Move::HalfUp,
        Cmd::PageDown => Move::PageDown,
        Cmd::PageUp => Move::PageUp,
        _ => return None,
    })
}

/// Says that a row left the list under the cursor.
pub fn say_left(model: &mut Model, no: impl std::fmt::Display, where_to: &str) {
    model.say(Tone::Note, &format!("{no} {where_to}"), "");
}
