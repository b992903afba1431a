//! What the copilot's screen does.

use super::model::{Copilot, PAST, Past, Phase, Side, geometry};
use crate::{
    engine::{
        api::{
            ApiError, AuditAsk, Reply, Request,
            asking::{CopilotAsk, Earlier, EndState, Stage},
            card::Card,
            copilot::GuidelineSearch,
        },
        model::{ids::CommandId, sanitise::sanitise, ticket::Status},
    },
    tui::{
        app::{Effect, Model, run, toast},
        command::Cmd,
        form::LineEdit,
        overlay::{Overlay, Prompt, PromptFor, Viewer},
        screens::{self, ScreenId},
        theme::Role,
        ui::{
            layout::{inner, padded},
            text::unbroken,
        },
    },
};

/// Longest question, characters.
const QUESTION: usize = 2_000;
/// Earlier questions sent along.
const ALONG: usize = 3;
/// Earlier questions of a ticket shown.
const HISTORY: u32 = 20;

/// Opens the question about a ticket.
pub fn about(model: &mut Model, card: &Card) -> Vec<Effect> {
    let copilot = &mut model.screens.copilot;
    if model.screen != ScreenId::Copilot {
        copilot.from = Some(model.screen);
    }
    let is_other = copilot.ticket.is_none_or(|(id, _)| id != card.id);
    copilot.ticket = Some((card.id, card.no));
    if is_other && copilot.draft.is_empty() && card.status == Status::QaFailed {
        // The question most people come with; one key empties the line.
        if let Some(rule) = card.rules.first() {
            copilot.draft = format!("Why does QA say {rule}, and what is allowed?");
        }
    }
    let effects = run::go(model, ScreenId::Copilot);
    write(model);
    effects
}

/// Opens the line a question is written in.
fn write(model: &mut Model) {
    let copilot = &mut model.screens.copilot;
    copilot.recalled = 0;
    let title = match copilot.ticket {
        Some((_, no)) => format!("Ask about {no}"),
        None => "Ask".to_owned(),
    };
    let mut prompt = Prompt::new(&title, "", PromptFor::Ask);
    prompt.line = LineEdit::new(QUESTION).with(&copilot.draft);
    model.open(Overlay::Prompt(prompt));
}

/// An earlier or a later question, in the line.
pub fn recall(model: &mut Model, older: bool) {
    let copilot = &mut model.screens.copilot;
    let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() else {
        return;
    };
    if copilot.recalled == 0 {
        prompt.line.text().clone_into(&mut copilot.draft);
    }
    let asked: Vec<&str> = copilot
        .past
        .iter()
        .map(|p| p.question.as_str())
        .chain(copilot.ask.as_ref().map(|a| a.search.text.as_str()))
        .collect();
    let to = if older {
        (copilot.recalled + 1).min(asked.len())
    } else {
        copilot.recalled.saturating_sub(1)
    };
    copilot.recalled = to;
    let text = asked.len().checked_sub(to).and_then(|at| asked.get(at).copied());
    prompt.line.set(if to == 0 {
        copilot.draft.as_str()
    } else {
        text.unwrap_or_default()
    });
}

/// The line is left: what was written waits for the next time.
pub fn keep_draft(model: &mut Model, text: &str) {
    text.clone_into(&mut model.screens.copilot.draft);
}

/// A question was written: its snippets and what would be sent are asked for.
pub fn asked(model: &mut Model, text: &str) -> Vec<Effect> {
    let id = CommandId::new(model.stamp.ids.mint());
    let copilot = &mut model.screens.copilot;
    let mut effects = stop_work(copilot);
    put_away(copilot);
    copilot.draft.clear();
    let history = copilot
        .past
        .iter()
        .rev()
        .filter(|p| p.ticket == copilot.ticket.map(|(_, no)| no))
        .filter(|p| matches!(p.state, EndState::Grounded | EndState::Partial))
        .take(ALONG)
        .map(|p| Earlier {
            question: p.question.clone(),
            answer: p.text.clone(),
        })
        .collect();
    copilot.ask = Some(CopilotAsk {
        id,
        search: GuidelineSearch {
            text: text.to_owned(),
            ticket: copilot.ticket.map(|(_, no)| no),
            // "No rule" is said only after every document was read.
            fresh: true,
            // The window of a source says why it is there.
            explain: true,
            ..GuidelineSearch::default()
        },
        snippets_only: false,
        without: Vec::new(),
        with: Vec::new(),
        history,
        confirmed: false,
        seen: None,
    });
    copilot.pick.reset();
    // What is to be agreed to is read from its start.
    copilot.top = Some(super::view::present_starts(copilot));
    effects.extend(look(model, true));
    effects
}

/// Asks what the question would bring; `anew` = its snippets too.
fn look(model: &mut Model, anew: bool) -> Vec<Effect> {
    let mono = model.stamp.mono;
    model.touch();
    let copilot = &mut model.screens.copilot;
    let Some(ask) = &copilot.ask else {
        return Vec::new();
    };
    let mut effects = Vec::new();
    if anew {
        copilot.phase = Phase::Looking;
        effects.extend(copilot.search.clear());
        effects.extend(copilot.look.clear());
        let at_hand = GuidelineSearch {
            fresh: false,
            ..ask.search.clone()
        };
        effects.extend(copilot.search.ask(Request::SearchGuidelines(Box::new(at_hand)), mono));
    }
    effects.extend(copilot.look.ask(Request::PreviewCopilot(Box::new(ask.clone())), mono));
    effects
}

/// The present question becomes one of the earlier ones.
fn put_away(copilot: &mut Copilot) {
    if let (Some(ask), Some(answer)) = (copilot.ask.take(), copilot.answer.take()) {
        copilot.past.push(Past {
            question: ask.search.text,
            ticket: ask.search.ticket,
            state: answer.state,
            text: answer.answer.map(|a| a.text).unwrap_or_default(),
        });
        let over = copilot.past.len().saturating_sub(PAST);
        copilot.past.drain(..over);
    }
    copilot.answer = None;
    copilot.flow.set("");
    copilot.unfolded = false;
    copilot.top = None;
    copilot.phase = Phase::Nothing;
}

/// The snippets are there.
pub fn found(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let (_, next) = model
        .screens
        .copilot
        .search
        .answer(generation, result, mono, |r| match r {
            Reply::GuidelineAnswer(found) => Some(*found),
            _ => None,
        });
    if let Some(error) = model.screens.copilot.search.failure().cloned() {
        model.say_error("ask", &error);
    }
    sync(model);
    next
}

/// What would be sent is known. Where nothing would, the question is asked at once: the snippets are its answer.
pub fn looked(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let copilot = &mut model.screens.copilot;
    let (fresh, mut effects) = copilot.look.answer(generation, result, mono, |r| match r {
        Reply::CopilotPreview(preview) => Some(*preview),
        _ => None,
    });
    if let Some(error) = copilot.look.failure().cloned() {
        copilot.phase = Phase::Nothing;
        model.say_error("ask", &error);
        return effects;
    }
    if fresh && matches!(copilot.phase, Phase::Looking) {
        if copilot.look.get().is_some_and(|p| p.sends.is_some()) {
            copilot.phase = Phase::Review;
            // What was at hand at first may have been less than there is.
            if let Some(ask) = copilot
                .ask
                .as_ref()
                .filter(|_| copilot.search.get().is_none_or(|f| f.indexing.is_some()))
            {
                let request = Request::SearchGuidelines(Box::new(ask.search.clone()));
                effects.extend(copilot.search.ask(request, mono));
            }
        } else {
            effects.extend(send(model));
        }
    }
    sync(model);
    effects
}

/// Sends the question: what the preview on the screen says, or nothing but the search for snippets.
fn send(model: &mut Model) -> Vec<Effect> {
    let mono = model.stamp.mono;
    fit(model);
    let copilot = &mut model.screens.copilot;
    let Some(mut ask) = copilot.ask.clone() else {
        return Vec::new();
    };
    let sends = copilot.look.get().and_then(|p| p.sends.as_ref());
    ask.seen = sends.map(|s| s.digest);
    // Where nothing would be sent, nothing is, even if a model could be asked by now.
    ask.snippets_only |= sends.is_none();
    // The cost stood beside the key that sends it.
    ask.confirmed = true;
    copilot.phase = Phase::Running;
    copilot.stage = Stage::Preparing;
    copilot.sent_at = Some(mono);
    copilot.flow.set("");
    copilot.top = None;
    copilot.side = Side::Answer;
    let request = Request::AskCopilot(Box::new(ask));
    copilot.news.ask(request, mono)
}

/// More of the answer, or its end.
pub fn news(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let copilot = &mut model.screens.copilot;
    let (fresh, mut effects) = copilot.news.answer(generation, result, mono, |r| match r {
        Reply::CopilotNews(news) => Some(*news),
        _ => None,
    });
    if let Some(error) = copilot.news.failure().cloned() {
        // The words that came stay, and so does the question: it can be asked again.
        copilot.phase = Phase::Nothing;
        model.say_error("the answer broke off", &error);
        return effects;
    }
    let Some(news) = copilot.news.get().filter(|_| fresh).cloned() else {
        return effects;
    };
    copilot.stage = news.stage;
    copilot.flow.push(&news.text);
    match news.over {
        None => {
            let request = Request::FollowCopilot {
                ask: news.ask,
                after: news.mark,
            };
            effects.extend(copilot.news.ask(request, mono));
        }
        Some(answer) => {
            copilot.phase = Phase::Over;
            copilot.flow.set(answer.answer.as_ref().map_or("", |a| a.text.as_str()));
            // An answer is read from its start, where the state stands.
            copilot.top = Some(super::view::present_starts(copilot));
            copilot.answer = Some(*answer);
        }
    }
    sync(model);
    effects
}

/// It was stopped; the news say how it ended.
pub fn stopped(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let pick = |r| match r {
        Reply::CopilotNews(news) => Some(*news),
        _ => None,
    };
    model.screens.copilot.stop.answer(generation, result, mono, pick).1
}

/// Stops what is under way, if anything is. The question stays.
pub fn stop(model: &mut Model) -> Option<Vec<Effect>> {
    if model.screen != ScreenId::Copilot {
        return None;
    }
    let mono = model.stamp.mono;
    let copilot = &mut model.screens.copilot;
    let effects = match copilot.phase {
        Phase::Looking => {
            copilot.phase = Phase::Nothing;
            stop_work(copilot)
        }
        Phase::Review => {
            copilot.phase = Phase::Nothing;
            Vec::new()
        }
        Phase::Running => {
            copilot.phase = Phase::Stopping;
            let id = copilot.ask.as_ref()?.id;
            copilot.stop.ask(Request::StopCopilot(id), mono)
        }
        // A second one leaves the pane.
        Phase::Stopping | Phase::Nothing | Phase::Over => return None,
    };
    model.touch();
    Some(effects)
}

/// Nobody waits for the present question any more.
fn stop_work(copilot: &mut Copilot) -> Vec<Effect> {
    let mut effects = copilot.search.forget();
    effects.extend(copilot.look.forget());
    if matches!(copilot.phase, Phase::Running | Phase::Stopping) {
        effects.extend(copilot.news.forget());
        if let Some(ask) = &copilot.ask {
            effects.extend(
                copilot
                    .stop
                    .ask(Request::StopCopilot(ask.id), copilot.sent_at.unwrap_or_default()),
            );
        }
    }
    effects
}

/// Rows or size changed.
pub fn sync(model: &mut Model) {
    fit(model);
    let copilot = &mut model.screens.copilot;
    let ids: Vec<String> = copilot.rows().into_iter().map(|r| r.key).collect();
    copilot.pick.sync(&ids);
    model.touch();
}

fn fit(model: &mut Model) {
    let (left, _) = geometry(model.regions().body, Side::Answer);
    model.screens.copilot.flow.fit(usize::from(padded(inner(left)).width));
}

/// A command.
pub fn run(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::CopilotAsk => {
            write(model);
            Vec::new()
        }
        Cmd::CopilotSend => match model.screens.copilot.phase {
            // The next preview is on its way: what is on the screen is not what would be sent.
            Phase::Review if model.screens.copilot.look.loading_since().is_some() => Vec::new(),
            Phase::Review => send(model),
            _ if model.screens.copilot.side == Side::Sources => open_source(model),
            _ => {
                write(model);
                Vec::new()
            }
        },
        Cmd::CopilotSource => open_source(model),
        Cmd::CopilotTake => take(model),
        Cmd::CopilotShow => {
            show(model);
            Vec::new()
        }
        Cmd::CopilotStop => stop(model).unwrap_or_default(),
        Cmd::CopilotRetry => again(model),
        Cmd::CopilotEdit => {
            if let Some(ask) = &model.screens.copilot.ask {
                model.screens.copilot.draft.clone_from(&ask.search.text);
            }
            write(model);
            Vec::new()
        }
        Cmd::CopilotPane => {
            let copilot = &mut model.screens.copilot;
            copilot.side = match copilot.side {
                Side::Answer => Side::Sources,
                Side::Sources => Side::Answer,
            };
            Vec::new()
        }
        Cmd::CopilotUnfold => {
            model.screens.copilot.unfolded ^= true;
            Vec::new()
        }
        Cmd::CopilotAlone => {
            model.screens.copilot.ticket = None;
            Vec::new()
        }
        Cmd::CopilotHistory => history(model),
        Cmd::CopilotCopyAnswer => super::verdict::answer_text(&model.screens.copilot)
            .map(Effect::Copy)
            .into_iter()
            .collect(),
        Cmd::CopilotCopyOwner => {
            let answer = model.screens.copilot.answer.as_ref();
            let words = answer.and_then(|a| a.for_the_owner.clone());
            words.map(Effect::Copy).into_iter().collect()
        }
        Cmd::CopilotUseful => super::verdict::judge(model, cmd, true),
        Cmd::CopilotWrong => super::verdict::judge(model, cmd, false),
        other => {
            if let Some(step) = screens::movement(other) {
                move_by(model, step);
            }
            Vec::new()
        }
    }
}

fn move_by(model: &mut Model, step: crate::tui::ui::select::Move) {
    let (left, right) = geometry(model.regions().body, model.screens.copilot.side);
    let copilot = &mut model.screens.copilot;
    if copilot.side == Side::Sources {
        let ids: Vec<String> = copilot.rows().into_iter().map(|r| r.key).collect();
        copilot.pick.step(&ids, step, usize::from(inner(right).height).max(1));
        return;
    }
    let page = usize::from(inner(left).height).max(1);
    let width = usize::from(padded(inner(left)).width);
    let last = super::view::lines(copilot, width).len().saturating_sub(page);
    let to = step.target(copilot.top.unwrap_or(last).min(last), last + 1, page);
    // At the end it follows what still comes.
    copilot.top = (to < last).then_some(to);
}

/// Takes an item out of the question, or puts it back.
fn take(model: &mut Model) -> Vec<Effect> {
    let copilot = &mut model.screens.copilot;
    let (Some(key), Some(ask)) = (copilot.pick.id(), &mut copilot.ask) else {
        return Vec::new();
    };
    match ask.without.iter().position(|w| *w == key) {
        Some(at) => {
            ask.without.remove(at);
        }
        None => ask.without.push(key),
    }
    look(model, false)
}

/// The same question again, as a new one; the former answer becomes an earlier one.
fn again(model: &mut Model) -> Vec<Effect> {
    let id = CommandId::new(model.stamp.ids.mint());
    let copilot = &mut model.screens.copilot;
    let Some(ask) = copilot.ask.clone() else {
        return Vec::new();
    };
    put_away(copilot);
    copilot.ask = Some(CopilotAsk { id, ..ask });
    look(model, true)
}

/// Shows every word that would be sent.
fn show(model: &mut Model) {
    let Some(preview) = model.screens.copilot.look.get() else {
        return;
    };
    let Some(sends) = &preview.sends else {
        let words = format!("nothing would be sent: {}", preview.why_not);
        model.say(toast::Tone::Note, &words, "");
        return;
    };
    let place = if sends.local {
        "on this machine"
    } else {
        "outside this host"
    };
    let mut lines = vec![(
        Role::Strong,
        sanitise(&format!("To {} at {}, {place}.", sends.model, sends.host)),
    )];
    let taken: Vec<String> = sends.redacted.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
    if !taken.is_empty() {
        let words = format!("Taken out: {}.", taken.join(", "));
        lines.push((Role::Warn, sanitise(&words)));
    }
    lines.extend(sends.text.lines().map(|l| (Role::Text, sanitise(l))));
    model.open(Overlay::Viewer(Viewer::new("What will be sent", lines)));
}

/// Shows a source whole.
fn open_source(model: &mut Model) -> Vec<Effect> {
    let copilot = &model.screens.copilot;
    let Some(key) = copilot.pick.id() else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    if let Some(s) = copilot.snippet(&key) {
        lines.push((Role::Strong, sanitise(&s.place())));
        let since = s.effective_from.map(|d| format!(", since {d}")).unwrap_or_default();
        let leaves = if s.may_leave_host {
            "may leave this host"
        } else {
            "stays on this host"
        };
        let page = s.page.map(|page| format!(" p. {page}")).unwrap_or_default();
        let words = format!("{}{page} line {} ({}){since}; {leaves}", s.id, s.line, s.scope);
        lines.push((Role::Muted, sanitise(&words)));
        if s.disagrees {
            lines.push((
                Role::Warn,
                sanitise("another rule under this heading gives other numbers"),
            ));
        }
        lines.extend(
            unbroken(&super::view::marked(s))
                .lines()
                .map(|l| (Role::Text, sanitise(l))),
        );
        if let Some(why) = &s.why {
            let [words, letters] = why.lines();
            lines.push((Role::Text, sanitise("")));
            lines.push((Role::Muted, sanitise("Why it is here:")));
            lines.extend([words, letters].map(|l| (Role::Muted, sanitise(&l))));
        }
    } else if let Some(item) = copilot.look.get().and_then(|p| p.items.iter().find(|i| i.key == key)) {
        lines.extend(item.text.lines().map(|l| (Role::Text, sanitise(l))));
    }
    if !lines.is_empty() {
        model.open(Overlay::Viewer(Viewer::new("Source", lines)));
    }
    Vec::new()
}

/// Asks the journal for earlier questions.
fn history(model: &mut Model) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let copilot = &mut model.screens.copilot;
    let request = AuditAsk {
        ticket: copilot.ticket.map(|(_, no)| no),
        text: Some("copilot.exchange".to_owned()),
        limit: HISTORY,
        ..AuditAsk::default()
    };
    copilot.history.ask(Request::Audit(request), mono)
}

/// Shows earlier questions.
pub fn history_answered(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let slot = &mut model.screens.copilot.history;
    let (fresh, next) = slot.answer(generation, result, mono, |r| match r {
        Reply::Events(events) => Some(events),
        _ => None,
    });
    if let Some(error) = slot.failure().cloned() {
        model.say_error("history", &error);
    } else if fresh {
        let zone = model.session.options.zone.clone();
        let events = model.screens.copilot.history.get().map_or(&[][..], Vec::as_slice);
        let mut lines = Vec::new();
        for event in events {
            lines.extend(screens::audit::view::entry(event, &zone));
            lines.push((Role::Text, sanitise("")));
        }
        if lines.is_empty() {
            lines.push((Role::Muted, sanitise("nothing was asked yet")));
        }
        model.open(Overlay::Viewer(Viewer::new("Earlier questions", lines)));
    }
    next
}
