//! The pen: the one way to put words on a frame.
//!
//! A blank is left alone: a styled blank is a cell that has to be sent.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
    widgets::{Block, Borders, Clear, Widget as _},
};
use unicode_width::UnicodeWidthStr as _;

use super::{
    cells,
    text::{Line, Words, cut},
};
use crate::tui::theme::{Role, Theme};

/// Draws into a buffer with a theme. Everything is clipped; nothing panics.
pub struct Pen<'a> {
    buf: &'a mut Buffer,
    /// How things look.
    pub theme: &'a Theme,
    cursor: Option<Position>,
}

impl<'a> Pen<'a> {
    /// A pen over a buffer.
    pub const fn new(buf: &'a mut Buffer, theme: &'a Theme) -> Self {
        Self {
            buf,
            theme,
            cursor: None,
        }
    }

    /// Where the terminal's cursor should be, if a field or row asked for it.
    pub const fn cursor(&self) -> Option<Position> {
        self.cursor
    }

    /// Puts the terminal's cursor there: screen readers follow it.
    pub const fn set_cursor(&mut self, x: u16, y: u16) {
        self.cursor = Some(Position { x, y });
    }

    /// Gives the whole area the theme's ground.
    pub fn ground(&mut self, area: Rect) {
        let style = self.theme.base();
        if style != Style::new() {
            self.buf.set_style(area.intersection(self.buf.area), style);
        }
    }

    /// Words at a place, at most `width` columns, cut with a mark. Returns the columns used.
    pub fn words(&mut self, x: u16, y: u16, width: u16, role: Role, words: &Words) -> u16 {
        self.put(x, y, width, self.theme.style(role), words.as_str())
    }

    fn put(&mut self, x: u16, y: u16, width: u16, style: Style, text: &str) -> u16 {
        let area = self.buf.area;
        if y < area.top() || y >= area.bottom() || x < area.left() || x >= area.right() {
            return 0;
        }
        let width = width.min(area.right() - x);
        let text = cut(text, usize::from(width), self.theme.glyphs.cut());
        let (end, _) = self.buf.set_stringn(x, y, &text, usize::from(width), style);
        end.saturating_sub(x)
    }

    /// A line at the start of an area.
    pub fn line(&mut self, area: Rect, line: &Line) {
        let mut x = area.x;
        for (role, words) in line.bits() {
            let room = area.right().saturating_sub(x);
            if room == 0 || area.height == 0 {
                return;
            }
            x = x.saturating_add(self.words(x, area.y, room, *role, words));
        }
    }

    /// A line at the right end of an area.
    pub fn line_right(&mut self, area: Rect, line: &Line) {
        let width = cells(line.width()).min(area.width);
        let x = area.right().saturating_sub(width);
        self.line(Rect { x, width, ..area }, line);
    }

    /// Lines below each other.
    pub fn lines<'l>(&mut self, area: Rect, lines: impl IntoIterator<Item = &'l Line>) {
        for (row, line) in rows(area).zip(lines) {
            self.line(row, line);
        }
    }

    /// A box with words in its top border. Returns the inside.
    pub fn pane(&mut self, area: Rect, title: &Line, focused: bool) -> Rect {
        let area = area.intersection(self.buf.area);
        let role = if focused { Role::Accent } else { Role::Muted };
        let block = Block::new()
            .borders(Borders::ALL)
            .border_set(self.theme.glyphs.border())
            .border_style(self.theme.style(role));
        let inner = block.inner(area);
        block.render(area, self.buf);
        if area.width > 4 && area.height > 0 {
            let title_area = Rect {
                x: area.x + 2,
                width: cells(title.width()).min(area.width - 4),
                height: 1,
                y: area.y,
            };
            self.line(title_area, title);
        }
        inner
    }

    /// Words on the border of a pane's bottom, at the right.
    pub fn pane_foot(&mut self, area: Rect, line: &Line) {
        if area.width > 4 && area.height > 0 {
            let row = Rect {
                x: area.x + 2,
                width: area.width - 4,
                y: area.bottom() - 1,
                height: 1,
            };
            self.line_right(row, line);
        }
    }

    /// A vertical line, and tees where it meets a border above and below.
    pub fn rule(&mut self, x: u16, top: u16, bottom: u16, role: Role) {
        let style = self.theme.style(role);
        let (tee_top, tee_bottom) = self.theme.glyphs.tees();
        for y in top..bottom {
            let mark = if y == top {
                tee_top
            } else if y + 1 == bottom {
                tee_bottom
            } else {
                self.theme.glyphs.bar()
            };
            self.put(x, y, 1, style, mark);
        }
    }

    /// A row of horizontal line.
    pub fn divider(&mut self, area: Rect, role: Role) {
        let text = self.theme.glyphs.dash().repeat(usize::from(area.width));
        if area.height > 0 {
            self.put(area.x, area.y, area.width, self.theme.style(role), &text);
        }
    }

    /// The bar over a selected row. Drawn after the row's words.
    pub fn select(&mut self, area: Rect, focused: bool) {
        let style = if focused {
            self.theme.selection()
        } else {
            self.theme.selection_away()
        };
        self.buf.set_style(area.intersection(self.buf.area), style);
        if focused && area.height > 0 {
            self.set_cursor(area.x, area.y);
        }
    }

    /// A row that just turned out well, for a moment. Drawn after the row's words, before the selection.
    pub fn pulse(&mut self, area: Rect) {
        let style = self.theme.pulse();
        self.buf.set_style(area.intersection(self.buf.area), style);
    }

    /// Words of an area drawn as old: new ones are on their way.
    pub fn dim(&mut self, area: Rect) {
        let style = self.theme.dimmed();
        self.buf.set_style(area.intersection(self.buf.area), style);
    }

    /// Empties an area, for an overlay.
    pub fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buf.area);
        Clear.render(area, self.buf);
        self.ground(area);
    }

    /// Draws a foreign widget (the multi-line editor).
    pub fn widget(&mut self, area: Rect, widget: impl ratatui::widgets::Widget) {
        widget.render(area.intersection(self.buf.area), self.buf);
    }
}

/// The rows of an area, top down.
pub fn rows(area: Rect) -> impl Iterator<Item = Rect> {
    (area.top()..area.bottom()).map(move |y| Rect { y, height: 1, ..area })
}

/// Columns a text occupies.
pub fn width(text: &str) -> usize {
    text.width()
}
