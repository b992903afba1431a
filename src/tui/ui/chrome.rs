//! The frame around every screen: header, tabs, footer, the message line, which-key. And the whole picture.

use ratatui::{Frame, layout::Rect};
use unicode_width::UnicodeWidthStr as _;

use super::{
    cells, grouped,
    layout::{Regions, is_too_small, split_left, split_top},
    pen::{Pen, rows, width},
    text::{Line, cut, left},
    when,
};
use crate::{
    engine::api::Link,
    tui::{
        app::{Model, contexts, gate, toast::Tone},
        command::{Key, keymap::Meaning},
        overlay, screens,
        screens::ScreenId,
        theme::Role,
    },
};

/// Draws everything. Changes nothing.
pub fn draw(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    let mut pen = Pen::new(frame.buffer_mut(), &model.theme);
    pen.ground(area);
    if is_too_small(area.as_size()) {
        let words = format!("{}x{} is too small; q leaves", area.width, area.height);
        pen.line(area, &Line::of(Role::Text, words));
        return;
    }
    let whole = super::layout::regions(area.as_size());
    let regions = model.regions();
    header(&mut pen, regions.header, model);
    tabs(&mut pen, regions.tabs, model);
    screens::draw(&mut pen, regions.body, model);
    for over in &model.overlays {
        overlay::view::draw(&mut pen, whole.body, model, over);
    }
    if model.which_key {
        which_key(&mut pen, &regions, model);
    }
    toast(&mut pen, regions.toast, model);
    footer(&mut pen, regions.footer, model);
    let cursor = pen.cursor();
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
}

fn header(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    let session = &model.session;
    let wide = area.width >= 100;
    let mut line = Line::of(Role::Text, " ");
    if wide {
        line.push(Role::Accent, "OMNITRAFFICK");
    }
    let (env_role, env) = overlay::view::environment(model);
    line.push(Role::Text, " ");
    line.push(env_role, env);
    // Where there is no room for the tabs, the place is named here.
    if super::layout::regions(model.size).tabs.height == 0 {
        line.push(Role::Text, "  ");
        line.append(screens::crumb(model));
        line.append(screens::other_pane(model));
    }
    match session.overview.get() {
        None => line.push(Role::Muted, "  opening the store"),
        Some(facts) => {
            line.push(Role::Text, format!("  {}", facts.actor.name));
            let role = facts.actor.role;
            if wide {
                line.push(Role::Muted, format!(" {role}"));
            }
            if session.read_only().is_some() {
                line.push(Role::Warn, " RO");
            } else {
                line.push(Role::Muted, " rw");
            }
            if wide {
                line.push(Role::Muted, format!("  {}", grouped(facts.head.0)));
                // Not while it is looked for: the line would say both.
                if session.lost.is_none()
                    && let Some(seat) = seat(facts.link.as_ref().or(session.link.as_ref()))
                {
                    line.push(Role::Muted, format!("  {seat}"));
                }
            }
            if !model.marks.is_empty() {
                line.push(
                    Role::Accent,
                    format!("  * {} marked", grouped(model.marks.len() as u64)),
                );
            }
            // At every width: nobody may take a simulation for the real thing.
            if facts.sandbox && !session.environment().eq_ignore_ascii_case("sandbox") {
                line.push(Role::Warn, "  SANDBOX");
            }
            if facts.short.is_some() && facts.read_only.is_none() {
                line.push(Role::Error, "  ! disk nearly full");
            }
            for trouble in &facts.troubles {
                line.push(Role::Error, format!("  ! {trouble}"));
            }
        }
    }
    let clock = Line::of(
        Role::Muted,
        format!(" {} ", when::minute(model.stamp.now, &session.options.zone)),
    );
    let used = cells(clock.width());
    if let Some(why) = &session.lost {
        let words = format!("  ENGINE LOST: {why} ");
        let room = usize::from(area.width.saturating_sub(used)).saturating_sub(line.width());
        // Half a reason is none: where it does not fit, the message line has it whole.
        if super::pen::width(&words) <= room {
            line.push(Role::Alarm, words);
        } else {
            line.push(Role::Alarm, "  ENGINE LOST ");
        }
    }
    pen.line(
        Rect {
            width: area.width.saturating_sub(used),
            ..area
        },
        &line,
    );
    pen.line_right(area, &clock);
}

/// Where the engine is, when others may be there too.
fn seat(link: Option<&Link>) -> Option<String> {
    match link? {
        Link::Attached => Some("attached".to_owned()),
        Link::Embedded(0) | Link::Seeking(_) => None,
        Link::Embedded(n) => Some(format!("engine here, {n} attached")),
    }
}

fn tabs(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    if area.height == 0 {
        return;
    }
    let mut line = Line::new();
    for screen in ScreenId::ALL {
        let record = screen.command().record();
        let here = screen == model.screen;
        line.push(Role::Text, " ");
        line.push(if here { Role::Key } else { Role::Muted }, model.keymap.key(record.cmd));
        line.push(Role::Text, " ");
        line.push(if here { Role::Key } else { Role::Text }, record.title);
        line.push(Role::Text, " ");
    }
    let crumb = screens::crumb(model).add(Role::Text, " ");
    let room = usize::from(area.width).saturating_sub(line.width() + 1);
    let (tabs, rest) = split_left(area, cells(line.width()));
    pen.line(tabs, &line);
    if crumb.width() <= room {
        pen.line_right(rest, &crumb);
    }
}

/// The tab at a column of the row of tabs.
pub fn tab_at(model: &Model, x: u16) -> Option<ScreenId> {
    let mut end = 0;
    ScreenId::ALL.into_iter().find(|screen| {
        let record = screen.command().record();
        end += width(&model.keymap.key(record.cmd)) + width(record.title) + 3;
        usize::from(x) < end
    })
}

fn footer(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    let stack = contexts::stack(model);
    let mut hints: Vec<_> = model
        .keymap
        .live(&stack)
        .into_iter()
        .filter(|(cmd, _)| cmd.record().hint > 0 && gate::refusal(model, *cmd).is_none())
        .collect();
    hints.sort_by_key(|(cmd, _)| cmd.record().hint);
    let mut line = Line::of(Role::Text, " ");
    let room = usize::from(area.width);
    let mut left_out = 0;
    for (cmd, key) in hints {
        let title = cmd.record().title.to_lowercase();
        if line.width() + super::pen::width(&key) + super::pen::width(&title) + 6 > room {
            left_out += 1;
            continue;
        }
        line.push(Role::Key, key);
        line.push(Role::Muted, format!(" {title}  "));
    }
    pen.line(area, &line);
    if left_out > 0 {
        pen.line_right(area, &Line::of(Role::Muted, format!("+{left_out} ")));
    }
}

fn toast(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    let Some(toast) = model.toasts.current() else {
        if let Some(why) = &model.session.lost {
            let line = Line::of(Role::Warn, " ! ").add(Role::Warn, format!("the engine cannot be reached: {why}"));
            pen.clear(area);
            pen.line(area, &line);
        }
        return;
    };
    let (role, word) = match toast.tone {
        Tone::Good => (
            Role::Ok,
            pen.theme
                .glyphs
                .status(crate::engine::model::ticket::Status::TraffickedSuccess),
        ),
        Tone::Note => (Role::Info, "-"),
        Tone::Warn => (Role::Warn, "!"),
        Tone::Bad => (Role::Error, pen.theme.glyphs.problem()),
    };
    let start = Line::of(Role::Text, " ").add(role, word).add(Role::Text, " ");
    let end = if toast.tone >= Tone::Warn { "  (Esc)" } else { "" };
    // The cause keeps most of the line, and the key that reads it away is always in view; the list of messages has all.
    let mark = pen.theme.glyphs.cut();
    let room = usize::from(area.width).saturating_sub(start.width() + end.len());
    let remedy = match toast.remedy.as_str() {
        "" => String::new(),
        remedy => format!("  {remedy}"),
    };
    let words = cut(
        toast.words.as_str(),
        room.saturating_sub(remedy.width()).max(room.saturating_mul(3) / 4),
        mark,
    );
    let remedy = cut(&remedy, room.saturating_sub(words.width()), mark);
    let line = start.add(role, words).add(Role::Text, remedy).add(Role::Muted, end);
    pen.clear(area);
    pen.line(area, &line);
}

/// Columns of one chord in the which-key box.
const CELL: u16 = 28;

fn which_key(pen: &mut Pen<'_>, regions: &Regions, model: &Model) {
    let Meaning::Pending(next) = model.keymap.resolve(&contexts::stack(model), &model.chord) else {
        return;
    };
    let columns = (regions.body.width.saturating_sub(2) / CELL).max(1);
    let needed = cells(next.len())
        .div_ceil(columns)
        .saturating_add(2)
        .min(regions.body.height);
    let area = Rect {
        y: regions.body.bottom() - needed,
        height: needed,
        ..regions.body
    };
    pen.clear(area);
    let typed: Vec<String> = model.chord.iter().map(Key::to_string).collect();
    let title = Line::of(Role::Key, format!(" {} ", typed.join(" "))).add(Role::Muted, "and then (Esc drops it) ");
    let inside = pen.pane(area, &title, true);
    let mark = pen.theme.glyphs.cut();
    let mut next = next.into_iter();
    for row in rows(inside) {
        let mut rest = row;
        for (key, cmd) in next.by_ref().take(usize::from(columns)) {
            let (cell, after) = split_left(rest, CELL);
            let (cell, _) = split_top(cell, 1);
            pen.line(
                cell,
                &Line::of(Role::Key, left(&format!(" {key}"), 4, mark)).add(Role::Text, cmd.record().title),
            );
            rest = after;
        }
    }
}
