//! How the deploys screen looks: accounts on top, the queue, and below it why the selected one is not running.

use ratatui::layout::Rect;

use super::{
    model::{Deploys, Pane, geometry},
    state::{State, counts},
};
use crate::{
    engine::{
        api::{BreakerView, DeployRows, LaneView, Stand, card::DeployCard},
        model::{deploy::Why, ticket::Status},
    },
    tui::{
        app::Model,
        screens::{
            self,
            board::view::{spaced, why_short},
        },
        theme::Role,
        ui::{
            grouped,
            layout::{inner, padded, panes},
            pen::{Pen, rows},
            table::{Column, Table, fitted},
            text::{Line, cut_name, left, wrap},
            when,
        },
    },
};

/// The columns: the last answer has what is left. Where it finds no room, the name has it, and the foot the answer.
const fn columns(width: u16) -> [Column; 9] {
    let (name, last, rank) = match width {
        0..100 => (0, LAST_MIN, 9),
        100..160 => (30, 0, 0),
        _ => (44, 0, 0),
    };
    [
        Column::words("#", 5, 0),
        Column::words("Ticket name", name, if name == 0 { 0 } else { 4 }),
        Column::words("Account", 18, 7),
        Column::words("Step", 16, 0),
        Column::words("State", 11, 0),
        Column::words("Try", 4, 1),
        Column::words("Since", 8, 5),
        Column::words("Next", 10, 0),
        Column::words("Last answer", last, rank),
    ]
}

/// Columns of an allowance gauge.
const GAUGE: usize = 10;
/// The last answer keeps at least this.
const LAST_MIN: usize = 20;
/// The name keeps at least this where it has what is left.
const NAME_MIN: usize = 28;

/// Draws the screen.
pub fn draw(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    let deploys = &model.screens.deploys;
    let place = geometry(area, deploys);
    if !place.lanes.is_empty() {
        lanes(pen, place.lanes, model, place.lane_page);
    }
    if !place.queue.is_empty() {
        queue(pen, place.queue, model, place.page);
    }
    if !place.foot.is_empty() {
        foot(pen, place.foot, model);
    }
}

/// The selected row as one line of text.
pub fn plain(deploys: &Deploys) -> Option<String> {
    if let Some(lane) = deploys.selected_lane() {
        return Some(format!("{}\t{}\t{}", lane.platform, lane.account, lane.name));
    }
    deploys.selected().map(|c| {
        let ids: Vec<String> = c.ids.iter().map(|(step, id)| format!("{step}={id}")).collect();
        format!("{}\t{}\t{}\t{}\t{}", c.no, c.status, c.name, c.last, ids.join(" "))
    })
}

/// True while a row or an account in view counts down.
pub fn counts_down(model: &Model) -> bool {
    let deploys = &model.screens.deploys;
    let place = geometry(model.regions().body, deploys);
    let later = |why: &Why| why.next_at().is_some_and(|at| at > model.stamp.now);
    let top = deploys.pick.top_for(place.page, deploys.rows().len());
    let queue = deploys.rows().iter().skip(top).take(place.page);
    let queue = !place.queue.is_empty() && queue.into_iter().any(|c| later(&c.glance.why));
    let top = deploys.lane.top_for(place.lane_page, deploys.lanes().len());
    let lanes = deploys.lanes().iter().skip(top).take(place.lane_page);
    let lanes = !place.lanes.is_empty() && lanes.filter_map(|l| l.stopped.as_ref()).any(later);
    let foot = !place.foot.is_empty()
        && deploys
            .picked()
            .and_then(|c| deploys.detail_of(c.ticket))
            .and_then(|d| d.why.as_ref()?.next_at)
            .is_some_and(|at| at > model.stamp.now);
    queue || lanes || foot
}

fn lanes(pen: &mut Pen<'_>, area: Rect, model: &Model, page: usize) {
    let deploys = &model.screens.deploys;
    let focused = deploys.pane == Pane::Lanes;
    let all = deploys.lanes();
    let stopped = all.iter().filter(|l| l.stopped.is_some()).count();
    let mut title = Line::of(Role::Strong, " Accounts ").add(Role::Text, format!("{} ", all.len()));
    if stopped > 0 {
        title.push(Role::Warn, format!(" {stopped} stopped "));
    }
    let inside = inner(area);
    pen.pane(area, &title, focused);
    let top = deploys.lane.top_for(page, all.len());
    for (row, lane) in rows(inside).zip(all.iter().skip(top)) {
        let selected = focused && deploys.lane.id() == Some((lane.platform, lane.account.clone()));
        let line = lane_line(pen, lane, model, usize::from(row.width));
        pen.line(row, &line);
        if selected {
            pen.select(row, true);
        }
    }
    if all.is_empty() {
        screens::draw_empty(pen, inside, model, "no account has work or trouble");
    }
    let hidden = all.len().saturating_sub(top + page);
    if hidden > 0 {
        pen.pane_foot(area, &Line::of(Role::Muted, format!(" {hidden} more below ")));
    }
}

fn lane_line(pen: &Pen<'_>, lane: &LaneView, model: &Model, width: usize) -> Line {
    let mark = pen.theme.glyphs.cut();
    let mut line = Line::of(Role::Text, " ")
        .add(Role::Text, left(lane.platform.as_str(), 10, mark))
        .add(Role::Strong, left(lane.account.as_str(), 18, mark))
        .add(Role::Text, " ");
    // Names give way to reasons: people look here for the cause.
    let stopped_any = model.screens.deploys.lanes().iter().any(|l| l.stopped.is_some());
    if width >= if stopped_any { 140 } else { 100 } {
        let room = if width >= 160 { 32 } else { 22 };
        line.push(Role::Muted, left(&lane.name, room, mark));
        line.push(Role::Text, "  ");
    }
    line.push(Role::Text, left(&format!("{} running", lane.running), 11, mark));
    line.push(Role::Text, left(&format!("{} queued", lane.queued), 11, mark));
    line.append(gauge(lane.used_percent.or_else(|| spent(lane)), width >= 100));
    if width >= 160 {
        line.push(Role::Muted, left(&tokens(lane), 24, mark));
    }
    match &lane.stopped {
        None => line.push(Role::Ok, "open"),
        Some(why) => line.append(stopped(why, lane, model)),
    }
    if lane.breaker.failures > 0 {
        line.push(Role::Warn, format!("  {}/10 unanswered", lane.breaker.failures));
    }
    fitted(line, width, mark)
}

/// The share of its own allowance an account has spent, where the platform does not say it.
fn spent(lane: &LaneView) -> Option<u32> {
    let pace = lane.pace.as_ref().filter(|p| !p.shared)?;
    let whole = pace.rate.tokens.max(1);
    Some(whole.saturating_sub(pace.left).saturating_mul(100) / whole)
}

/// Tokens left of those there are, and how fast they come back.
fn tokens(lane: &LaneView) -> String {
    let Some(pace) = &lane.pace else {
        return "not paced".to_owned();
    };
    let whose = if pace.shared { " (app)" } else { "" };
    format!("{} of {}{whose}", grouped(u64::from(pace.left)), pace.rate)
}

/// Pace and breaker of an account, in words.
fn health(lane: &LaneView, model: &Model) -> String {
    let pace = match &lane.pace {
        Some(p) if p.shared => format!("Pace: {} calls left, {} for the application.", p.left, p.rate),
        Some(p) => format!("Pace: {} calls left, {}.", grouped(u64::from(p.left)), p.rate),
        None => "Pace: as fast as the platform answers.".to_owned(),
    };
    let whose = if lane.breaker.platform {
        "The platform's breaker"
    } else {
        "Breaker"
    };
    let stand = match lane.breaker.stand {
        Stand::Closed => format!("closed, {} of the last 10 calls unanswered", lane.breaker.failures),
        Stand::Open | Stand::HalfOpen => screens::why::breaker_words(&lane.breaker, model),
    };
    format!("{pace} {whose}: {stand}.")
}

/// `[########..]  78%`, or the number alone where there is no room.
fn gauge(used: Option<u32>, bar: bool) -> Line {
    let Some(used) = used else {
        let (words, room) = if bar {
            ("usage unknown", GAUGE + 9)
        } else {
            ("    -", 7)
        };
        return Line::of(Role::Muted, left(words, room, ""));
    };
    let full = usize::try_from(used.min(100)).unwrap_or(100) * GAUGE / 100;
    let role = match used {
        0..75 => Role::Ok,
        75..90 => Role::Warn,
        _ => Role::Error,
    };
    if !bar {
        return Line::of(role, format!("{used:>4}%  "));
    }
    let bar = format!("[{}{}]", "#".repeat(full), ".".repeat(GAUGE - full));
    Line::of(role, bar).add(Role::Text, format!("{used:>4}%  "))
}

/// Why an account stands still, in full: its row is where people look for the cause.
fn stopped(why: &Why, lane: &LaneView, model: &Model) -> Line {
    let now = model.stamp.now;
    if matches!(why, Why::BreakerOpen { .. }) {
        return down(&lane.breaker, model);
    }
    let (role, words) = match why {
        Why::Paused { by } => (Role::Warn, format!("= PAUSED by {by}; Z releases")),
        Why::RateLimited { source, .. } => (Role::Warn, format!("rate limited: {source}")),
        Why::Parked { source, .. } => (Role::Warn, format!("out of quota: {source}")),
        Why::LaneBlocked { reason } => (Role::Error, format!("BLOCKED: {reason}")),
        other => return why_short(other, model),
    };
    let mut line = Line::new();
    if let Some(at) = why.next_at().filter(|at| *at > now) {
        line.push(Role::Strong, format!("{} ", when::until(at, now)));
    }
    line.add(role, words)
}

/// Nobody answers there: the countdown to the probe first, for narrow terminals.
fn down(breaker: &BreakerView, model: &Model) -> Line {
    let now = model.stamp.now;
    let mut line = Line::of(Role::Error, "DOWN");
    if let Some(at) = breaker.next_probe.filter(|at| *at > now) {
        line.push(Role::Error, ", probe in ");
        line.push(Role::Strong, when::until(at, now));
    }
    if let Some(since) = breaker.since {
        let since = when::about(since, now, &model.session.options.zone);
        line.push(Role::Error, format!("; {} since {since}", breaker.after));
    }
    line
}

fn queue(pen: &mut Pen<'_>, area: Rect, model: &Model, page: usize) {
    let deploys = &model.screens.deploys;
    let focused = deploys.pane == Pane::Queue;
    pen.pane(area, &title(deploys), focused);
    let inside = inner(area);
    let rest = if inside.width < 100 { NAME_MIN } else { LAST_MIN };
    let table = Table::new(&columns(inside.width), inside.width, rest);
    let body = table.heading(pen, inside);
    let all = deploys.rows();
    let top = deploys.pick.top_for(page, all.len());
    for (at, card) in rows(body).zip(all.iter().skip(top)) {
        let selected = deploys.pick.id() == Some(card.ticket);
        let cells = cells(pen, card, model, &table);
        table.row(pen, at, &cells, selected, focused);
    }
    if all.is_empty() {
        let words = match deploys.slot.get() {
            None => "asking the engine".to_owned(),
            Some(_) if !deploys.filter.is_empty() => {
                format!("No deploy fits \"{}\". Esc clears it.", deploys.filter.as_str())
            }
            Some(_) if deploys.finished => "No ticket was ever deployed. P on a ready ticket starts one.".to_owned(),
            Some(DeployRows {
                last_ended: Some(at), ..
            }) => {
                let at = when::about(*at, model.stamp.now, &model.session.options.zone);
                format!("Nothing queued, last deploy {at}. ' shows finished ones.")
            }
            Some(_) => "Nothing is queued, and no deploy has ended yet.".to_owned(),
        };
        screens::draw_empty(pen, body, model, &words);
    }
    let mut foot = screens::loading_mark(pen, model);
    if screens::failure(model).is_some() {
        foot.push(Role::Error, " old rows; r tries again ");
    }
    foot.append(screens::news(model));
    if let Some(found) = deploys.slot.get().filter(|f| f.matching > 0) {
        let at = deploys.pick.index() + 1;
        foot.push(Role::Muted, format!(" row {at}/{} ", grouped(found.matching)));
    }
    pen.pane_foot(area, &foot);
}

fn title(deploys: &Deploys) -> Line {
    let mut line = Line::of(Role::Strong, " Deploys ");
    if !deploys.filter.is_empty() {
        line.push(Role::Accent, format!(" {} ", deploys.filter.as_str()));
    }
    let Some(found) = deploys.slot.get() else {
        return line;
    };
    line.push(Role::Text, format!(" {} ", grouped(found.matching)));
    for (state, n) in counts(&found.rows) {
        let word = match state {
            State::NeedsYou if n == 1 => "needs an answer",
            State::NeedsYou => "need an answer",
            State::Unknown => "unknown",
            State::Blocked => "blocked",
            State::Paused => "paused",
            State::Running => "running",
            State::Waiting | State::Over(_) => "waiting",
        };
        line.push(state.role(), format!(" {n} {word} "));
    }
    if deploys.finished {
        line.push(Role::Muted, " finished too ");
    }
    line
}

fn cells(pen: &Pen<'_>, card: &DeployCard, model: &Model, table: &Table) -> Vec<Line> {
    let glyphs = pen.theme.glyphs;
    let now = model.stamp.now;
    let state = State::of(card);
    let (glyph, word) = state.words(glyphs);
    let over = matches!(state, State::Over(_));
    let glance = &card.glance;
    let step = if card.status == Status::TraffickedSuccess {
        Line::of(Role::Muted, format!("{} objects", card.ids.len()))
    } else {
        Line::of(
            Role::Text,
            format!("{}/{} {}", glance.step, glance.steps, spaced(&glance.word)),
        )
    };
    let tries = if over {
        String::new()
    } else {
        format!("{}/{}", glance.tries, card.max_tries)
    };
    let zone = &model.session.options.zone;
    vec![
        Line::of(Role::Strong, card.no.to_string()),
        Line::of(Role::Text, cut_name(&card.name, table.width_of(1))),
        Line::of(Role::Muted, card.account.to_string()),
        step,
        Line::of(state.role(), glyph).add(state.role(), format!(" {word}")),
        Line::of(Role::Muted, tries),
        Line::of(Role::Muted, when::recent(card.since, now, zone)),
        if over { Line::new() } else { next(card, model) },
        // What failed before it worked is in the attempts.
        match card.status {
            Status::TraffickedSuccess => Line::of(Role::Ok, "done"),
            _ => Line::of(Role::Muted, card.last.clone()),
        },
    ]
}

/// The countdown to what happens by itself; `-` when nothing does.
fn next(card: &DeployCard, model: &Model) -> Line {
    let now = model.stamp.now;
    let why = &card.glance.why;
    if let Why::LaneBusy { ticket } = why {
        return Line::of(Role::Muted, format!("after {ticket}"));
    }
    let Some(at) = why.next_at() else {
        let words = match why {
            Why::Running { .. } => "now",
            Why::Queued => "next",
            _ => "-",
        };
        return Line::of(Role::Muted, words);
    };
    let mut line = Line::new();
    if let Why::Reconciling { read, of, .. } = why {
        line.push(Role::Muted, format!("{read}/{of} "));
    }
    if at > now {
        line.add(Role::Strong, when::until(at, now))
    } else {
        line.add(Role::Muted, "now")
    }
}

/// The account under the cursor, with its reason in full.
fn lane_foot(pen: &mut Pen<'_>, area: Rect, model: &Model, lane: &LaneView) {
    let title = format!(" {} {} {} ", lane.platform, lane.account, lane.name);
    let inside = padded(pen.pane(area, &Line::of(Role::Strong, title), false));
    let (role, words) = match &lane.stopped {
        None => {
            let words = "Open: deploys on it take their steps. Z holds it, its platform or everything.";
            (Role::Muted, words.to_owned())
        }
        Some(why) => {
            let line = stopped(why, lane, model);
            let role = line.bits().last().map_or(Role::Text, |(role, _)| *role);
            (role, line.text())
        }
    };
    let width = usize::from(inside.width);
    let wrapped = |role, text: &str| wrap(text, width).into_iter().map(move |t| Line::of(role, t)).collect();
    let mut lines: Vec<Line> = wrapped(role, &words);
    lines.extend::<Vec<Line>>(wrapped(Role::Text, &health(lane, model)));
    pen.lines(inside, &lines);
}

fn foot(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    let deploys = &model.screens.deploys;
    if let Some(lane) = deploys.selected_lane() {
        return lane_foot(pen, area, model, lane);
    }
    let Some(card) = deploys.picked() else {
        pen.pane(area, &Line::of(Role::Muted, " nothing selected "), false);
        return;
    };
    let over = matches!(State::of(card), State::Over(_));
    let title = if over {
        format!(" {} is over ", card.no)
    } else if matches!(State::of(card), State::Running) {
        format!(" {} is running ", card.no)
    } else {
        format!(" Why is {} not running? ", card.no)
    };
    let inside = padded(pen.pane(area, &Line::of(Role::Strong, title), false));
    let lines = why_lines(card, model, usize::from(inside.width));
    pen.lines(inside, &lines);
    if panes(area.width) > 1 {
        let asks = matches!(State::of(card), State::NeedsYou);
        let keys = Line::of(Role::Key, " Enter").add(Role::Muted, if asks { " answers it " } else { " attempts " });
        pen.pane_foot(area, &keys);
    }
}

/// The engine's reason, what comes next, and who must act.
fn why_lines(card: &DeployCard, model: &Model, width: usize) -> Vec<Line> {
    let now = model.stamp.now;
    let zone = &model.session.options.zone;
    let Some(view) = model.screens.deploys.detail_of(card.ticket) else {
        return vec![why_short(&card.glance.why, model)];
    };
    let Some(why) = &view.why else {
        let ids: Vec<String> = card.ids.iter().map(|(step, id)| format!("{step} {id}")).collect();
        let words = if ids.is_empty() {
            "Nothing is left to do.".to_owned()
        } else {
            ids.join("   ")
        };
        return wrap(&words, width)
            .into_iter()
            .map(|t| Line::of(Role::Text, t))
            .collect();
    };
    let mut lines: Vec<Line> = wrap(&screens::why::words(why, model), width)
        .into_iter()
        .take(2)
        .map(|t| Line::of(State::of(card).role_in_text(), t))
        .collect();
    let mut next = Line::new();
    if let Some(at) = why.next_at.filter(|at| *at > now) {
        next.push(
            Role::Strong,
            format!("Next {} in {}. ", when::second(at, zone), when::until(at, now)),
        );
    }
    match (&why.person, &why.remedy) {
        (Some(person), Some(remedy)) => {
            next.push(Role::Warn, format!("{person}: "));
            next.push(Role::Text, remedy.clone());
        }
        (None, Some(remedy)) => next.push(Role::Text, remedy.clone()),
        (Some(person), None) => next.push(Role::Warn, format!("waits for {person}")),
        (None, None) => next.push(Role::Muted, "Nothing for you to do."),
    }
    lines.push(next);
    lines
}
