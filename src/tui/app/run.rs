//! What each command does that belongs to no single screen; the rest goes to overlay or screen.

use super::{approval, draft, effect::Effect, gate, model::Model, pointer, saved, toast::Tone, undo, verbs};
use crate::engine::{api::Request, model::sanitise::sanitise};
use crate::tui::{
    bulk,
    command::{Cmd, Ctx},
    options::Exit,
    overlay::{self, Finder, Overlay, Prompt, PromptFor, Viewer},
    screens::{self, ScreenId},
    theme::{Role, ThemeName},
};

/// Runs a command: the gate first, then whoever it belongs to. `arg` holds words after it in the palette.
pub fn run(model: &mut Model, cmd: Cmd, arg: Option<&str>) -> Vec<Effect> {
    model.session.options.trail.note(cmd.record().id);
    if let Some(filter) = arg.filter(|_| cmd.record().arg == Some(bulk::named::ARG)) {
        return bulk::named::ask(model, cmd, filter);
    }
    if !gate::admit(model, cmd) {
        return Vec::new();
    }
    model.touch();
    match cmd {
        Cmd::Repaint => vec![Effect::Repaint],
        Cmd::Suspend => suspend(model),
        Cmd::Stop => stop(model),
        Cmd::Quit => leave(model),
        _ if !model.overlays.is_empty() => overlay::update::run(model, cmd),
        Cmd::Back => back(model, false),
        Cmd::Close => back(model, true),
        Cmd::Palette => open_finder(model, Finder::palette(&model.keymap)),
        Cmd::Actions => {
            let about = about(model);
            let here = screens::live_contexts(model);
            open_finder(model, Finder::actions(&model.keymap, &here, &about))
        }
        Cmd::GoTicket => go_ticket(model, arg),
        Cmd::Help => {
            let live = Finder::help(&model.keymap, &super::contexts::stack(model));
            open_finder(model, live)
        }
        Cmd::Refresh => {
            screens::mark_stale(model);
            model.session.overview.mark_stale();
            let mut effects = screens::show_new(model);
            effects.extend(screens::ask_visible(model));
            effects
        }
        Cmd::Previous => match model.previous {
            Some(screen) => go(model, screen),
            None => Vec::new(),
        },
        Cmd::Messages => {
            let viewer = Viewer::messages(model);
            model.open(Overlay::Viewer(viewer));
            Vec::new()
        }
        Cmd::DraftList => {
            draft::list(model);
            Vec::new()
        }
        Cmd::Report => {
            model.open(Overlay::Report);
            Vec::new()
        }
        Cmd::MarkToggle | Cmd::MarkRange | Cmd::MarkAll | Cmd::MarkNone => bulk::marks::run(model, cmd),
        Cmd::ViewOpen => screens::tickets::views::open(model, arg),
        Cmd::ViewSave => screens::tickets::views::save(model, arg),
        Cmd::ViewDelete => screens::tickets::views::delete(model, arg),
        Cmd::Theme => theme(model, arg),
        Cmd::Mouse => pointer::toggle(model),
        Cmd::CopyShow => {
            show_copied(model);
            Vec::new()
        }
        Cmd::GoBoard => go(model, ScreenId::Board),
        Cmd::GoTickets => go(model, ScreenId::Tickets),
        Cmd::GoCampaigns => go(model, ScreenId::Campaigns),
        Cmd::GoGovernance => go(model, ScreenId::Governance),
        Cmd::GoQa => go(model, ScreenId::Qa),
        Cmd::GoDeploys => go(model, ScreenId::Deploys),
        Cmd::GoCopilot => {
            model.screens.copilot.from = None;
            go(model, ScreenId::Copilot)
        }
        Cmd::GoAudit => go(model, ScreenId::Audit),
        Cmd::GoLogs => go(model, ScreenId::Logs),
        Cmd::Filter => filter(model, arg),
        Cmd::TicketOpen => match screens::selected_card(model).map(|c| c.id) {
            Some(id) => screens::detail::update::open(model, id),
            None => Vec::new(),
        },
        Cmd::TicketNew => screens::compose::update::open(model, None),
        Cmd::CopyCli => vec![Effect::Copy(bulk::cli::of_screen(model))],
        Cmd::CopyRow => screens::row_text(model).map(Effect::Copy).into_iter().collect(),
        Cmd::Undo => undo::ask(model, false),
        Cmd::Redo => undo::ask(model, true),
        Cmd::GoApprovals => approval::queue(model),
        _ if cmd.record().contexts.contains(&Ctx::Ticket) => verbs::run(model, cmd),
        _ => screens::run(model, cmd),
    }
}

/// Shows a screen.
pub fn go(model: &mut Model, screen: ScreenId) -> Vec<Effect> {
    let mut effects = screens::leave_for(model, screen);
    effects.extend(screens::ask_visible(model));
    effects
}

/// Esc and q: the message, the filter, the screen; `q` at the root quits, because nothing is lost by it.
fn back(model: &mut Model, quits: bool) -> Vec<Effect> {
    if model.toasts.dismiss() {
        return Vec::new();
    }
    if let Some(effects) = screens::copilot::update::stop(model) {
        return effects;
    }
    if screens::filter_text(model).is_some_and(|f| !f.is_empty()) {
        return screens::set_filter(model, "").unwrap_or_default();
    }
    if model.screen == ScreenId::Detail {
        return screens::detail::update::close(model);
    }
    if model.screen != ScreenId::Board {
        // A question about a ticket leads back to where the ticket stood.
        let from = Some(&mut model.screens.copilot)
            .filter(|_| model.screen == ScreenId::Copilot)
            .and_then(|copilot| copilot.from.take());
        return go(model, from.unwrap_or(ScreenId::Board));
    }
    if quits {
        return leave(model);
    }
    model.say(Tone::Note, "q or Q leaves the console", "");
    Vec::new()
}

/// Leaves the console. It does not ask: what is open goes on, here or in a background engine.
fn leave(model: &mut Model) -> Vec<Effect> {
    let open = model.session.left_alone();
    quit(model, Exit::Quit { open })
}

/// Remembers where somebody was, and ends.
pub fn quit(model: &mut Model, exit: Exit) -> Vec<Effect> {
    let mut effects = saved::write(model);
    effects.extend(draft::write(model));
    effects.push(Effect::Quit(exit));
    effects
}

fn stop(model: &mut Model) -> Vec<Effect> {
    if matches!(model.overlays.last(), Some(Overlay::Form(f)) if f.form.touched) {
        // What was typed is never dropped by one key.
        return overlay::update::run(model, Cmd::FormCancel);
    }
    if model.overlays.pop().is_none() {
        if let Some(effects) = screens::copilot::update::stop(model) {
            return effects;
        }
        model.say(
            Tone::Note,
            "nothing runs here that could be stopped; q or Q leaves the console",
            "",
        );
    }
    Vec::new()
}

/// Puts the console to sleep. An engine in a sleeping process would hold up everybody, so it is handed over first.
pub(super) fn suspend(model: &mut Model) -> Vec<Effect> {
    if model.session.options.hand_over.is_none() || !model.session.runs_engine() {
        return vec![Effect::Suspend];
    }
    if std::mem::replace(&mut model.session.handing_over, true) {
        return Vec::new();
    }
    model.say(
        Tone::Note,
        "a background engine takes over, then this console sleeps",
        "",
    );
    vec![Effect::HandOver]
}

/// Sleeps, now that nobody needs this process; or stays awake and says why.
pub(super) fn handed_over(model: &mut Model, result: Result<(), String>) -> Vec<Effect> {
    model.session.handing_over = false;
    match result {
        Ok(()) => vec![Effect::Suspend],
        Err(why) => {
            model.say(
                Tone::Warn,
                &format!("not put to sleep, because that would stop the engine for everybody: {why}"),
                "run the engine as `omnitraffick serve`, and try again",
            );
            Vec::new()
        }
    }
}

fn open_finder(model: &mut Model, finder: Finder) -> Vec<Effect> {
    model.open(Overlay::Finder(finder));
    // Codes complete what is typed.
    screens::facts::ask_governance(model)
}

/// What the actions of a screen are for.
fn about(model: &Model) -> String {
    if bulk::marks::are_meant(model) {
        return format!("for {} marked", bulk::report::tickets(model.marks.len()));
    }
    screens::selected_card(model).map_or_else(|| "here".to_owned(), |c| format!("for {}", c.no))
}

/// Shows a ticket by its number; without one, lists those at hand.
fn go_ticket(model: &mut Model, arg: Option<&str>) -> Vec<Effect> {
    let Some(text) = arg else {
        return open_finder(model, Finder::asking(&model.keymap, Cmd::GoTicket));
    };
    let Ok(no) = text.parse() else {
        let words = format!("{text} is no ticket number");
        model.say(Tone::Warn, &words, "such as 1042");
        return Vec::new();
    };
    let mono = model.stamp.mono;
    model.screens.jump.ask(Request::TicketByNo(no), mono)
}

fn theme(model: &mut Model, arg: Option<&str>) -> Vec<Effect> {
    let own = &model.session.options.themes;
    let named = arg.and_then(|arg| own.iter().find(|(name, _)| name == arg.trim()));
    let chosen = match (arg.and_then(ThemeName::parse), named) {
        (Some(built_in), _) => Some((built_in, None)),
        (None, Some((_, own))) => Some((own.base(), Some(*own))),
        (None, None) => None,
    };
    let Some((name, own)) = chosen else {
        let built_in = ThemeName::ALL.map(ThemeName::as_str);
        let names: Vec<&str> = built_in
            .into_iter()
            .chain(own.iter().map(|(n, _)| n.as_str()))
            .collect();
        let words = format!("themes: {}; type :app.theme and a name", names.join(", "));
        model.say(Tone::Note, &words, "");
        return Vec::new();
    };
    model.theme = model.theme.renamed(name).with(own);
    vec![Effect::Repaint]
}

/// Shows what was copied last, or the selected row, for a terminal to select: copies do not arrive everywhere.
fn show_copied(model: &mut Model) {
    let Some(text) = model.copied.clone().or_else(|| screens::row_text(model)) else {
        model.say(Tone::Note, "nothing was copied and no row is selected", "");
        return;
    };
    let lines = text.lines().map(|line| (Role::Text, sanitise(line))).collect();
    model.open(Overlay::Viewer(Viewer::new("To be selected with the terminal", lines)));
}

fn filter(model: &mut Model, arg: Option<&str>) -> Vec<Effect> {
    let present = screens::filter_text(model).unwrap_or_default();
    let mut prompt = Prompt::new("Filter", &present, PromptFor::Filter);
    let Some(text) = arg else {
        model.open(Overlay::Prompt(prompt));
        // Codes that exist nowhere are told apart while they are typed.
        return screens::doubt::look_up(model);
    };
    match screens::set_filter(model, text) {
        Ok(effects) => effects,
        Err(problem) => {
            prompt.line.set(text);
            prompt.refuse(&problem);
            model.open(Overlay::Prompt(prompt));
            Vec::new()
        }
    }
}
