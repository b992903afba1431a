//! How many colours the terminal takes, and what becomes of a colour there.

use ratatui::style::Color;

/// Colour depth of the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

/// What the environment says about the terminal. Read by the caller: this room reads no environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TermFacts {
    /// `TERM`.
    pub term: String,
    /// `COLORTERM`.
    pub colorterm: String,
    /// `NO_COLOR` is set and not empty.
    pub no_color: bool,
    /// The session came over SSH, where 256 colours are enough and cheaper.
    pub ssh: bool,
}

impl TermFacts {
    /// The depth these facts stand for; `None` when there is no terminal to draw a console on.
    pub fn depth(&self) -> Option<Depth> {
        if self.term.is_empty() || self.term == "dumb" {
            return None;
        }
        if self.no_color {
            return Some(Depth::Mono);
        }
        let says_true = matches!(self.colorterm.as_str(), "truecolor" | "24bit") || self.term.ends_with("-direct");
        Some(if says_true && !self.ssh {
            Depth::True
        } else if says_true || self.term.ends_with("-256color") {
            Depth::Indexed
        } else {
            Depth::Ansi16
        })
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case::nothing_known("", "", false, false, None)]
    #[case::dumb("dumb", "truecolor", false, false, None)]
    #[case::no_color_wins("xterm-256color", "truecolor", true, false, Some(Depth::Mono))]
    #[case::local_truecolor("xterm-256color", "truecolor", false, false, Some(Depth::True))]
    #[case::ssh_stays_at_256("xterm-256color", "truecolor", false, true, Some(Depth::Indexed))]
    #[case::tmux("tmux-256color", "", false, false, Some(Depth::Indexed))]
    #[case::plain("xterm", "", false, false, Some(Depth::Ansi16))]
    fn the_environment_decides_the_depth(
        #[case] term: &str,
        #[case] colorterm: &str,
        #[case] no_color: bool,
        #[case] ssh: bool,
        #[case] expected: Option<Depth>,
    ) {
        let facts = TermFacts {
            term: term.to_owned(),
            colorterm: colorterm.to_owned(),
            no_color,
            ssh,
        };
        assert_eq!(facts.depth(), expected);
    }
}
