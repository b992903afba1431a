//! How the copilot looks. Read aloud it goes: question, state, why, words, what is wrong with them.

use ratatui::layout::Rect;

use super::model::{Copilot, Phase, Side, geometry};
use crate::{
    engine::api::{
        asking::{CopilotAnswer, EndState, Flag, Stage, micros_words},
        copilot::SnippetView,
    },
    tui::{
        app::Model,
        screens,
        theme::Role,
        ui::{
            layout::{inner, padded},
            pen::{Pen, rows},
            text::{Line, cut, left, unbroken, wrap},
        },
    },
};

/// The role of a state; its word always stands beside it.
const fn role(state: EndState) -> Role {
    match state {
        EndState::Grounded => Role::Ok,
        EndState::Partial => Role::Warn,
        EndState::SnippetsOnly => Role::Info,
        EndState::NoRuleFound => Role::Error,
    }
}

/// Draws the screen.
pub fn draw(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    let copilot = &model.screens.copilot;
    let (left, right) = geometry(area, copilot.side);
    if !left.is_empty() {
        answer(pen, left, model);
    }
    if !right.is_empty() {
        sources(pen, right, model);
    }
}

fn answer(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    let copilot = &model.screens.copilot;
    let mut title = Line::of(Role::Strong, " Copilot ");
    match copilot.ticket {
        Some((_, no)) => title.push(Role::Accent, format!(" about {no} ")),
        None => title.push(Role::Muted, " about everything "),
    }
    title.append(word(copilot));
    let inside = padded(pen.pane(area, &title, copilot.side == Side::Answer));
    let all = lines(copilot, usize::from(inside.width));
    let page = usize::from(inside.height);
    let last = all.len().saturating_sub(page);
    let top = copilot.top.unwrap_or(last).min(last);
    pen.lines(inside, all.iter().skip(top));
    if copilot.ask.is_none() && copilot.past.is_empty() {
        let keys = [
            ("i", "asks what the house's guidelines say"),
            ("H", "shows earlier questions"),
        ];
        for (row, (key, words)) in rows(inside).zip(keys) {
            pen.line(row, &Line::of(Role::Key, left_key(key)).add(Role::Muted, words));
        }
    }
    pen.pane_foot(area, &status(pen, model));
    if copilot.side == Side::Answer {
        pen.set_cursor(inside.x, inside.y);
    }
}

fn left_key(key: &str) -> String {
    left(key, 4, "")
}

/// The state word in the title.
fn word(copilot: &Copilot) -> Line {
    let (role, words) = match (copilot.phase, &copilot.answer) {
        (_, Some(answer)) => (role(answer.state), answer.state.as_str()),
        (Phase::Review, None) => (Role::Ready, "READY TO SEND"),
        (Phase::Looking, None) => (Role::Busy, "LOOKING"),
        (Phase::Running, None) => (Role::Busy, "ASKING"),
        (Phase::Stopping, None) => (Role::Warn, "STOPPING"),
        (Phase::Nothing | Phase::Over, None) => return Line::new(),
    };
    Line::of(Role::Text, " ").add(role, words).add(Role::Text, " ")
}

/// What it waits for, or what it took.
fn status(pen: &Pen<'_>, model: &Model) -> Line {
    let copilot = &model.screens.copilot;
    if let Some(f) = copilot.answer.as_ref().and_then(|a| a.figures.as_ref()) {
        let first = f.first_token_ms.map_or_else(|| "-".to_owned(), seconds);
        let estimated = if f.estimated { " est." } else { "" };
        return Line::of(
            Role::Muted,
            format!(
                " {}  first {first}, {} in all  {}+{} tok{estimated}  {}  ctx {}% ",
                f.model,
                seconds(f.total_ms),
                f.input,
                f.output,
                f.cost_words(),
                f.share.percent()
            ),
        );
    }
    if matches!(copilot.phase, Phase::Running | Phase::Stopping) {
        let since = copilot.sent_at.map_or(0, |at| model.stamp.mono.since(at));
        let what = match (&copilot.stage, copilot.phase) {
            (_, Phase::Stopping) => "stopping".to_owned(),
            (Stage::Preparing, _) => "preparing".to_owned(),
            (Stage::Connecting, _) => "connecting".to_owned(),
            (Stage::FirstToken, _) => "waiting for the first token".to_owned(),
            (Stage::Streaming, _) => "the answer comes, unchecked".to_owned(),
            (Stage::Over, _) => "checking".to_owned(),
            (
                Stage::Retry {
                    number, of, wait_ms, ..
                },
                _,
            ) => {
                format!("retry {number} of {of} in {}", seconds(*wait_ms))
            }
        };
        return Line::of(Role::Busy, pen.theme.glyphs.spinner(since / 250))
            .add(Role::Muted, format!(" {what}, {} s ", since / 1000));
    }
    if copilot.phase == Phase::Review
        && let Some(sends) = copilot.look.get().and_then(|p| p.sends.as_ref())
    {
        let cost = match (sends.cost, sends.currency) {
            (Some(cost), Some(currency)) => format!("at most {} {currency}", micros_words(cost)),
            _ => "cost unknown".to_owned(),
        };
        let words = format!(
            " {}  ctx {}% of {}  {cost} ",
            sends.model,
            sends.share.percent(),
            sends.share.window
        );
        return Line::of(Role::Muted, words);
    }
    Line::new()
}

fn seconds(ms: u64) -> String {
    format!("{}.{} s", ms / 1000, ms % 1000 / 100)
}

/// Where the present question begins.
pub fn present_starts(copilot: &Copilot) -> usize {
    copilot.past.len() * 2
}

/// The left pane, line by line: earlier questions in two lines each, then the present one.
pub fn lines(copilot: &Copilot, width: usize) -> Vec<Line> {
    let mut all = Vec::new();
    for past in &copilot.past {
        let ticket = past.ticket.map(|no| format!("{no}: ")).unwrap_or_default();
        let question = cut(&format!("{ticket}{}", past.question), width.saturating_sub(5), "…");
        all.push(Line::of(Role::Muted, "you  ").add(Role::Muted, question));
        let first = past.text.lines().next().unwrap_or_default().to_owned();
        all.push(
            Line::of(Role::Text, "     ")
                .add(role(past.state), past.state.as_str())
                .add(Role::Muted, format!("  {first}")),
        );
    }
    let Some(ask) = &copilot.ask else {
        return all;
    };
    let mut start = Line::of(Role::Strong, "you  ");
    for part in wrap(&ask.search.text, width.saturating_sub(5)) {
        all.push(start.add(Role::Strong, part));
        start = Line::of(Role::Text, "     ");
    }
    all.push(Line::new());
    match &copilot.answer {
        Some(answer) => over(&mut all, copilot, answer, width),
        None => under_way(&mut all, copilot, width),
    }
    all
}

fn paragraph(all: &mut Vec<Line>, role: Role, words: &str, width: usize) {
    all.extend(wrap(words, width).into_iter().map(|part| Line::of(role, part)));
}

fn under_way(all: &mut Vec<Line>, copilot: &Copilot, width: usize) {
    if copilot.phase == Phase::Review
        && let Some(sends) = copilot.look.get().and_then(|p| p.sends.as_ref())
    {
        let place = if sends.local {
            "on this machine"
        } else {
            "outside this host"
        };
        let words = format!("Ready to go to {} at {}, {place}.", sends.model, sends.host);
        paragraph(all, Role::Text, &words, width);
        if sends.confirm {
            paragraph(
                all,
                Role::Warn,
                "It may cost more than copilot.model.confirm_above.",
                width,
            );
        }
        for (key, what) in [
            ("Enter", "sends what is marked \"goes\""),
            ("Space", "takes the selected item out, or puts it back"),
            ("p", "shows every word that will be sent"),
            ("Esc", "sends nothing"),
        ] {
            all.push(Line::of(Role::Key, left(key, 7, "")).add(Role::Muted, what));
        }
        all.push(Line::new());
        snippets(all, copilot, width);
        return;
    }
    if copilot.flow.is_empty() {
        if copilot.search.get().is_some() {
            snippets(all, copilot, width);
        }
        return;
    }
    all.push(Line::of(Role::Warn, "unchecked until it is whole:"));
    all.extend(copilot.flow.lines().map(|l| Line::of(Role::Text, l.to_owned())));
}

fn over(all: &mut Vec<Line>, copilot: &Copilot, answer: &CopilotAnswer, width: usize) {
    let reason = if answer.reason.is_empty() {
        "every rule is cited, every figure was found where it is cited"
    } else {
        answer.reason.as_str()
    };
    all.push(Line::of(role(answer.state), answer.state.as_str()));
    paragraph(all, Role::Text, reason, width);
    all.push(Line::new());
    if let Some(text) = &answer.answer {
        let is_rule = answer.state != EndState::NoRuleFound;
        if is_rule || copilot.unfolded {
            if !is_rule {
                all.push(Line::of(Role::Warn, "not house rules, the model's own words:"));
            }
            all.extend(copilot.flow.lines().map(|l| Line::of(Role::Text, l.to_owned())));
            for sentence in text.sentences.iter().filter(|s| is_rule && !s.flags.is_empty()) {
                let wrong: Vec<_> = sentence.flags.iter().map(Flag::to_string).collect();
                let words = format!("! {}: {}", wrong.join(", "), sentence.text);
                paragraph(all, Role::Error, &words, width);
            }
        } else {
            let words = "The model's words are not house rules; . shows them.";
            paragraph(all, Role::Muted, words, width);
        }
        all.push(Line::new());
    }
    for note in &answer.notes {
        paragraph(all, Role::Warn, note, width);
    }
    if let Some(question) = &answer.for_the_owner {
        paragraph(
            all,
            Role::Accent,
            &format!("Ask the policy owner (y o copies): {question}"),
            width,
        );
        all.push(Line::new());
    }
    if answer.answer.is_none() || answer.state == EndState::NoRuleFound {
        snippets(all, copilot, width);
    }
}

/// The snippets themselves, the question's words marked.
fn snippets(all: &mut Vec<Line>, copilot: &Copilot, width: usize) {
    let Some(found) = copilot.found() else { return };
    if found.indexing.is_some() {
        paragraph(
            all,
            Role::Busy,
            "the guidelines are still being read; r asks again",
            width,
        );
    }
    let group = |all: &mut Vec<Line>, group: &[SnippetView]| {
        for s in group {
            paragraph(all, Role::Strong, &s.place(), width);
            if s.disagrees {
                paragraph(
                    all,
                    Role::Warn,
                    "rules disagree: another one gives other numbers",
                    width,
                );
            }
            paragraph(all, Role::Text, &unbroken(&marked(s)), width);
            all.push(Line::new());
        }
    };
    group(all, &found.hits);
    if !found.outside.is_empty() {
        paragraph(all, Role::Warn, &format!("outside {}:", found.standing), width);
        group(all, &found.outside);
    }
    for row in &found.not_in_force {
        paragraph(
            all,
            Role::Muted,
            &format!("not used: {}, {}", row.title, row.state.as_str()),
            width,
        );
    }
}

/// A snippet's text with the question's words `«so»`.
pub fn marked(s: &SnippetView) -> String {
    let mut out = String::with_capacity(s.text.len());
    let mut done = 0;
    for (from, to) in &s.marks {
        let (Ok(from), Ok(to)) = (usize::try_from(*from), usize::try_from(*to)) else {
            continue;
        };
        if let (Some(before), Some(word)) = (s.text.get(done..from), s.text.get(from..to)) {
            out.push_str(before);
            out.push('«');
            out.push_str(word);
            out.push('»');
            done = to;
        }
    }
    out.push_str(s.text.get(done..).unwrap_or_default());
    out
}

fn sources(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    let copilot = &model.screens.copilot;
    let all = copilot.rows();
    let what = if copilot.answer.is_some() {
        " Sources "
    } else {
        " What it brings "
    };
    let title = Line::of(Role::Strong, what).add(Role::Muted, format!("{} ", all.len()));
    let focused = copilot.side == Side::Sources;
    pen.pane(area, &title, focused);
    let inside = inner(area);
    let top = copilot.pick.top_for(usize::from(inside.height), all.len());
    let mark = pen.theme.glyphs.cut();
    for (row, source) in rows(inside).zip(all.iter().skip(top)) {
        let selected = copilot.pick.id().as_ref() == Some(&source.key);
        let cursor = if selected { pen.theme.glyphs.cursor() } else { " " };
        let (word_role, title_role) = if source.counts {
            (Role::Ok, Role::Text)
        } else {
            (Role::Muted, Role::Muted)
        };
        let number = source.number.map_or_else(String::new, |n| format!("[S{n}] "));
        let line = Line::of(Role::Key, cursor)
            .add(word_role, left(source.word, 11, mark))
            .add(Role::Accent, number)
            .add(title_role, source.title.clone());
        pen.line(row, &line);
        if selected {
            pen.select(row, focused);
        }
    }
    if all.is_empty() {
        screens::draw_empty(pen, padded(inside), model, "The sources of the answer stand here.");
    }
}
