//! Geometry: pure functions of the size, used by update (page sizes) and view alike.

use ratatui::layout::{Rect, Size};

/// The parts of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Regions {
    /// Who, where, troubles.
    pub header: Rect,
    /// The screens; empty on small terminals.
    pub tabs: Rect,
    /// The screen.
    pub body: Rect,
    /// Covers the body's last row while there is something to say.
    pub toast: Rect,
    /// Keys.
    pub footer: Rect,
}

/// Below this nothing useful fits: the console says so and waits.
pub const SMALLEST: Size = Size { width: 40, height: 10 };

/// True when only the size and `q` can be shown.
pub const fn is_too_small(size: Size) -> bool {
    size.width < SMALLEST.width || size.height < SMALLEST.height
}

/// How many panes stand side by side.
pub const fn panes(width: u16) -> u16 {
    match width {
        0..100 => 1,
        100..160 => 2,
        _ => 3,
    }
}

/// Cuts the screen. At 80 columns the tabs give way: `g` shows them.
pub const fn regions(size: Size) -> Regions {
    const fn row(width: u16, y: u16, height: u16) -> Rect {
        Rect { x: 0, y, width, height }
    }
    let Size { width, height } = size;
    let header = if height > 0 { 1 } else { 0 };
    let tabs = if width >= 100 && height > 4 { 1 } else { 0 };
    let footer = if height > 1 { 1 } else { 0 };
    let top = header + tabs;
    let body = height.saturating_sub(top + footer);
    Regions {
        header: row(width, 0, header),
        tabs: row(width, header, tabs),
        body: row(width, top, body),
        toast: row(width, (top + body).saturating_sub(1), if body > 0 { 1 } else { 0 }),
        footer: row(width, top + body, footer),
    }
}

/// An area without its border.
pub const fn inner(area: Rect) -> Rect {
    if area.width < 2 || area.height < 2 {
        return Rect {
            width: 0,
            height: 0,
            ..area
        };
    }
    Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width - 2,
        height: area.height - 2,
    }
}

/// Splits off `rows` at the top.
pub const fn split_top(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = if rows < area.height { rows } else { area.height };
    (
        Rect { height: rows, ..area },
        Rect {
            y: area.y + rows,
            height: area.height - rows,
            ..area
        },
    )
}

/// Splits off `cols` at the left.
pub const fn split_left(area: Rect, cols: u16) -> (Rect, Rect) {
    let cols = if cols < area.width { cols } else { area.width };
    (
        Rect { width: cols, ..area },
        Rect {
            x: area.x + cols,
            width: area.width - cols,
            ..area
        },
    )
}

/// Narrowed by a column of air on both sides.
pub const fn padded(area: Rect) -> Rect {
    if area.width < 3 {
        return area;
    }
    Rect {
        x: area.x + 1,
        width: area.width - 2,
        ..area
    }
}

/// An area of at most this size in the middle of another.
pub const fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let width = if width < area.width { width } else { area.width };
    let height = if height < area.height { height } else { area.height };
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    }
}
