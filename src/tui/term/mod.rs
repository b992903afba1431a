//! The terminal: the only place that reads keys from it and writes bytes to it.
//!
//! Why wrapped so tightly, each measured: crossterm spins for ever on a terminal that is gone; `Terminal::clear` asks the
//! terminal where its cursor is and may wait two seconds; stdout is a 1 KiB line buffer; an unchanged frame still sends
//! bytes, which trips activity alerts of tmux.
//!
//! Invariants
//! - Nothing is ever asked of the terminal.
//! - One `write` per frame, in synchronised-update brackets; none for an unchanged frame.
//! - Restoring is idempotent and infallible; a terminal that is gone is never written to.

pub mod clipboard;
pub mod guard;
pub mod input;
pub mod mouse;
pub mod notify;
pub mod output;
pub mod report;
pub mod signals;
pub mod tty;

use ratatui::layout::Size;

use super::{app::msg::Millis, command::Key};

/// What comes from the terminal and the operating system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key.
    Key {
        /// Which.
        key: Key,
        /// When it was read.
        read: Millis,
    },
    /// The mouse, when it is ours.
    Mouse {
        /// What was done with it.
        what: mouse::Pointer,
        /// The column, from 0.
        x: u16,
        /// The row, from 0.
        y: u16,
    },
    /// Bracketed paste.
    Paste(String),
    /// The size changed: read it anew.
    Resized,
    /// The last frame is out.
    Written,
    /// The terminal is gone.
    Gone,
    /// Told to terminate.
    Terminate,
    /// Told to stop (Ctrl-Z from outside).
    Stop,
    /// Woken after a stop.
    Continued,
}

/// Reads the terminal's size. Asks the kernel, never the terminal.
pub fn size() -> Size {
    let answer = rustix::termios::tcgetwinsize(std::io::stdout());
    answer.map_or(Size::new(80, 24), |w| {
        // Some serial lines and test harnesses report nothing.
        if w.ws_col == 0 || w.ws_row == 0 {
            Size::new(80, 24)
        } else {
            Size::new(w.ws_col, w.ws_row)
        }
    })
}

#[cfg(test)]
mod pty_tests;
