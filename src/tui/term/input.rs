//! The input thread: keys and pastes, without ever spinning on a terminal that is gone.
//!
//! Invariants
//! - The thread sleeps in the kernel until there is input: nothing wakes it in between but the look whether to stop.
//! - A key is handled when it comes. crossterm must poll the terminal by level (its feature `use-dev-tty`): by edge it
//!   tells of a resize and forgets the key that woke it, until the next one comes.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::{sync::mpsc, time::Instant};

use super::{Input, mouse::Pointer};
use crate::tui::{app::msg::Millis, command::Key};

/// How long one wait for keys lasts; also how fast the thread can be stopped.
const WAIT_MS: i64 = 100;
/// How long crossterm may look for more after input came. Not zero: polling by level, it then does not look at all.
const LOOK: Duration = Duration::from_millis(1);
/// The watchdog looks this often whether it may end.
const WATCH_MS: i64 = 500;

/// The threads that read.
#[derive(Debug)]
pub struct Reader {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Reader {
    /// Starts reading. `started` is the console's zero of time.
    pub fn start(to: &mpsc::Sender<Input>, started: Instant) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut reader = Self {
            stop: Arc::clone(&stop),
            threads: Vec::new(),
        };
        let (tx, flag) = (to.clone(), Arc::clone(&stop));
        let keys = thread::Builder::new().name("tui-input".to_owned());
        reader.threads.push(keys.spawn(move || read(&tx, &flag, started))?);
        let (tx, flag) = (to.clone(), stop);
        let watchdog = thread::Builder::new().name("tui-watchdog".to_owned());
        reader.threads.push(watchdog.spawn(move || watch(&tx, &flag))?);
        Ok(reader)
    }

    /// Stops reading, so that another program can. Waits for the threads at most half a second: one may sit in a read of
    /// a key that came only half.
    pub fn stop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        for _ in 0..50 {
            if self.threads.iter().all(JoinHandle::is_finished) {
                break;
            }
            thread::sleep(Duration::from_millis(10));
        }
        self.threads.clear();
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
    }
}

enum Ready {
    Input,
    Nothing,
    Gone,
}

fn wait(flags: PollFlags, ms: i64) -> Ready {
    let stdin = io::stdin();
    let mut fds = [PollFd::new(&stdin, flags)];
    let timeout = Timespec {
        tv_sec: ms / 1000,
        tv_nsec: (ms % 1000) * 1_000_000,
    };
    match poll(&mut fds, Some(&timeout)) {
        Ok(0) | Err(rustix::io::Errno::INTR) => Ready::Nothing,
        Err(_) => Ready::Gone,
        Ok(_) => {
            let seen = fds.first().map_or(PollFlags::empty(), PollFd::revents);
            if seen.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
                Ready::Gone
            } else {
                Ready::Input
            }
        }
    }
}

/// The race that is left: the terminal goes between our poll and crossterm's read. This thread wakes on hang-up only.
fn watch(to: &mpsc::Sender<Input>, stop: &AtomicBool) {
    while !stop.load(Ordering::SeqCst) {
        if matches!(wait(PollFlags::empty(), WATCH_MS), Ready::Gone) {
            let _ = to.blocking_send(Input::Gone);
            return;
        }
    }
}

fn read(to: &mpsc::Sender<Input>, stop: &AtomicBool, started: Instant) {
    while !stop.load(Ordering::SeqCst) {
        match wait(PollFlags::IN, WAIT_MS) {
            Ready::Nothing => {}
            Ready::Gone => {
                let _ = to.blocking_send(Input::Gone);
                return;
            }
            Ready::Input => {
                if take(to, stop, started).is_err() {
                    return;
                }
            }
        }
    }
}

/// Everything crossterm has by now. `Err` when nobody listens or the terminal failed.
fn take(to: &mpsc::Sender<Input>, stop: &AtomicBool, started: Instant) -> Result<(), ()> {
    while !stop.load(Ordering::SeqCst) {
        match event::poll(LOOK) {
            Ok(true) => {}
            Ok(false) => break,
            Err(_) => {
                let _ = to.blocking_send(Input::Gone);
                return Err(());
            }
        }
        let Ok(event) = event::read() else {
            let _ = to.blocking_send(Input::Gone);
            return Err(());
        };
        let read = Millis(u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX));
        match event {
            Event::Key(key) => {
                for key in decode(key) {
                    to.blocking_send(Input::Key { key, read }).map_err(|_| ())?;
                }
            }
            Event::Paste(text) => to.blocking_send(Input::Paste(text)).map_err(|_| ())?,
            Event::Mouse(mouse) => {
                if let Some(what) = pointer(mouse.kind) {
                    let (x, y) = (mouse.column, mouse.row);
                    to.blocking_send(Input::Mouse { what, x, y }).map_err(|_| ())?;
                }
            }
            // The size is read on SIGWINCH; focus is never asked for.
            _ => {}
        }
    }
    Ok(())
}

/// Wheel and left button; nothing else means anything.
const fn pointer(kind: MouseEventKind) -> Option<Pointer> {
    match kind {
        MouseEventKind::ScrollUp => Some(Pointer::WheelUp),
        MouseEventKind::ScrollDown => Some(Pointer::WheelDown),
        MouseEventKind::Down(MouseButton::Left) => Some(Pointer::Click),
        _ => None,
    }
}

/// Characters, not keys; Alt-x is Esc and x; Ctrl-Alt-x is `AltGr` and counts as the character; releases are ignored.
pub fn decode(event: KeyEvent) -> Vec<Key> {
    if event.kind == KeyEventKind::Release {
        return Vec::new();
    }
    let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
    let alt = event.modifiers.contains(KeyModifiers::ALT);
    let key = match event.code {
        // What some terminals send for Backspace.
        KeyCode::Char('h') if ctrl && !alt => Key::Backspace,
        KeyCode::Char(c) if ctrl && !alt => Key::Ctrl(c.to_ascii_lowercase()),
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => Key::BackTab,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::F(n) => Key::F(n),
        _ => return Vec::new(),
    };
    if alt && !ctrl { vec![Key::Esc, key] } else { vec![key] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case::a_character(KeyCode::Char('?'), KeyModifiers::SHIFT, &[Key::Char('?')])]
    #[case::ctrl(KeyCode::Char('S'), KeyModifiers::CONTROL, &[Key::Ctrl('s')])]
    #[case::alt_is_esc_and_key(KeyCode::Char('x'), KeyModifiers::ALT, &[Key::Esc, Key::Char('x')])]
    #[case::altgr_is_a_character(KeyCode::Char('@'), KeyModifiers::CONTROL.union(KeyModifiers::ALT), &[Key::Char('@')])]
    #[case::some_backspaces(KeyCode::Char('h'), KeyModifiers::CONTROL, &[Key::Backspace])]
    fn decoding(#[case] code: KeyCode, #[case] modifiers: KeyModifiers, #[case] expected: &[Key]) {
        assert_eq!(decode(KeyEvent::new(code, modifiers)), expected);
    }

    #[test]
    fn releases_are_ignored() {
        let release = KeyEvent::new_with_kind(KeyCode::Char('P'), KeyModifiers::NONE, KeyEventKind::Release);
        assert!(decode(release).is_empty());
    }
}
