//! How many colours the terminal takes, and what becomes of a colour there.

use ratatui::style::Color;

/// Colour depth of the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// No colour at all; bold, reverse and underline stay.
    Mono,
    /// The 16 colours users define themselves.
    Ansi16,
    /// The 256-colour cube.
    #[default]
    Indexed,
    /// 24 bits.
    True,
}

/// A colour of the 256-colour table at a depth.
pub(super) fn colour(index: u8, depth: Depth) -> Color {
    match depth {
        Depth::True => {
            let (r, g, b) = cube(index);
            Color::Rgb(r, g, b)
        }
        _ => indexed(index),
    }
}

pub(super) const fn indexed(index: u8) -> Color {
    Color::Indexed(index)
}

/// The colour an index from 16 up stands for by xterm's convention; lower ones are the user's own and read as black.
pub(super) const fn cube(index: u8) -> (u8, u8, u8) {
    const fn step(n: u8) -> u8 {
        if n == 0 { 0 } else { 55 + n * 40 }
    }
    match index {
        0..=15 => (0, 0, 0),
        16..=231 => {
            let n = index - 16;
            (step(n / 36), step(n / 6 % 6), step(n % 6))
        }
        232..=255 => {
            let v = 8 + (index - 232) * 10;
            (v, v, v)
        }
    }
}
