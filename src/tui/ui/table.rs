//! Tables: columns go by rank as the terminal gets narrower; numbers and ids keep their width.

use ratatui::layout::Rect;

use super::{
    layout::split_top,
    pen::Pen,
    text::{Line, cut, left, right},
};
use crate::tui::theme::Role;

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The heading.
    pub title: &'static str,
    /// Columns of the terminal; 0 takes what the others leave.
    pub width: usize,
    /// Higher ranks go first when room is short; rank 0 never goes.
    pub rank: u8,
    /// Numbers stand at the right.
    pub right: bool,
}

impl Column {
    /// A column of words.
    pub const fn words(title: &'static str, width: usize, rank: u8) -> Self {
        Self {
            title,
            width,
            rank,
            right: false,
        }
    }

    /// A column of numbers.
    pub const fn number(title: &'static str, width: usize, rank: u8) -> Self {
        Self {
            right: true,
            ..Self::words(title, width, rank)
        }
    }
}

/// The columns that fit a width.
#[derive(Debug)]
pub struct Table {
    /// Position among all columns, the column, its width here.
    kept: Vec<(usize, Column, usize)>,
}

/// Cursor and air before the first column.
const LEAD: usize = 2;

impl Table {
    /// Chooses columns for a width; the column without a width of its own keeps at least `rest`.
    pub fn new(columns: &[Column], width: u16, rest: usize) -> Self {
        let width = usize::from(width).saturating_sub(LEAD);
        let mut limit = columns.iter().map(|c| c.rank).max().unwrap_or(0);
        loop {
            let kept = || columns.iter().enumerate().filter(|(_, c)| c.rank <= limit);
            let fixed: usize = kept().map(|(_, c)| c.width + 1).sum();
            if fixed + rest <= width + 1 || limit == 0 {
                let left = (width + 1).saturating_sub(fixed);
                let widths = |c: &Column| if c.width == 0 { left } else { c.width };
                return Self {
                    kept: kept().map(|(i, c)| (i, *c, widths(c))).collect(),
                };
            }
            limit = columns.iter().map(|c| c.rank).filter(|r| *r < limit).max().unwrap_or(0);
        }
    }

    /// The width a column has here; 0 when it went.
    pub fn width_of(&self, column: usize) -> usize {
        self.kept
            .iter()
            .find(|(i, _, _)| *i == column)
            .map_or(0, |(_, _, w)| *w)
    }

    /// Draws the heading; returns the area of the rows.
    pub fn heading(&self, pen: &mut Pen<'_>, area: Rect) -> Rect {
        let (head, body) = split_top(area, 1);
        let mut line = Line::of(Role::Text, "  ");
        for (_, column, width) in &self.kept {
            let text = if column.right {
                right(column.title, *width, "")
            } else {
                left(column.title, *width, "")
            };
            line.push(Role::Muted, text);
            line.push(Role::Text, " ");
        }
        pen.line(head, &line);
        body
    }

    /// Draws a row; `cells` are in the order of all columns.
    pub fn row(&self, pen: &mut Pen<'_>, row: Rect, cells: &[Line], selected: bool, focused: bool) {
        let mark = pen.theme.glyphs.cut();
        let cursor = if selected { pen.theme.glyphs.cursor() } else { " " };
        let mut line = Line::of(Role::Key, cursor).add(Role::Text, " ");
        for (i, column, width) in &self.kept {
            let cell = cells.get(*i).cloned().unwrap_or_default();
            let air = " ".repeat(width.saturating_sub(cell.width()));
            if column.right {
                line.push(Role::Text, air);
                line.append(fitted(cell, *width, mark));
            } else {
                line.append(fitted(cell, *width, mark));
                line.push(Role::Text, air);
            }
            line.push(Role::Text, " ");
        }
        pen.line(row, &line);
        if selected {
            pen.select(row, focused);
        }
    }
}

/// A line cut to a width.
pub fn fitted(line: Line, width: usize, mark: &str) -> Line {
    if line.width() <= width {
        return line;
    }
    let mut out = Line::new();
    for (role, words) in line.bits() {
        let room = width.saturating_sub(out.width());
        if words.width() <= room && out.width() + words.width() < width {
            out.push(*role, words.clone());
        } else {
            // A word that fits exactly is still cut: something follows it.
            out.push(*role, cut(&format!("{} ", words.as_str()), room, mark));
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 4] = [
        Column::number("#", 6, 0),
        Column::words("Name", 0, 0),
        Column::words("Owner", 10, 2),
        Column::words("State", 8, 1),
    ];

    #[rstest::rstest]
    #[case::all(60, &[0, 1, 2, 3])]
    #[case::owner_goes_first(40, &[0, 1, 3])]
    #[case::then_state(24, &[0, 1])]
    #[case::the_rest_stays(3, &[0, 1])]
    fn columns_go_by_rank(#[case] width: u16, #[case] expected: &[usize]) {
        let table = Table::new(&COLUMNS, width, 14);
        let kept: Vec<usize> = table.kept.iter().map(|(i, _, _)| *i).collect();
        assert_eq!(kept, expected);
        let used: usize = table.kept.iter().map(|(_, _, w)| w + 1).sum();
        assert!(used + LEAD <= usize::from(width) + 1 || width < 20);
    }

    #[test]
    fn a_cut_line_says_so() {
        let line = Line::of(Role::Text, "rate limited").add(Role::Strong, " 00:41");
        assert_eq!(fitted(line.clone(), 18, "…").width(), 18);
        assert!(fitted(line.clone(), 12, "…").width() <= 12);
        assert!(fitted(line, 14, "…").bits().last().unwrap().1.as_str().ends_with('…'));
    }
}
