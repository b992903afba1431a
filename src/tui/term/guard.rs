//! Entering and leaving: whatever happens, the shell gets its terminal back.

use std::{
    io::{self, Write as _},
    os::fd::AsFd as _,
    sync::{
        Mutex, Once, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::ThreadId,
};

use crossterm::{
    cursor::{Hide, SetCursorStyle, Show},
    event::{DisableBracketedPaste, EnableBracketedPaste},
    queue,
    terminal::{self, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen},
};

use super::{mouse, report};
use crate::tui::options::TuiError;

static ENTERED: AtomicBool = AtomicBool::new(false);
static UI_THREAD: Mutex<Option<ThreadId>> = Mutex::new(None);
static HOOK: Once = Once::new();

/// The terminal is ours while this lives.
#[derive(Debug)]
pub struct Guard(());

impl Guard {
    /// Takes the terminal: raw mode, alternate screen, bracketed paste, no cursor. Nothing is asked, the mouse stays the
    /// user's.
    pub fn enter() -> Result<Self, TuiError> {
        *UI_THREAD.lock().unwrap_or_else(PoisonError::into_inner) = Some(std::thread::current().id());
        HOOK.call_once(install_hook);
        take()?;
        Ok(Self(()))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// Takes the terminal, at the start and after a stop.
pub fn take() -> Result<(), TuiError> {
    let refuse = |doing| move |source| TuiError::Terminal { doing, source };
    terminal::enable_raw_mode().map_err(refuse("enter raw mode"))?;
    ENTERED.store(true, Ordering::SeqCst);
    let mut bytes = Vec::new();
    // Without this, NO_COLOR makes crossterm send "reset all" where a colour was meant, and the selection bar vanishes.
    crossterm::style::force_color_output(true);
    let queued = queue!(bytes, EnterAlternateScreen, EnableBracketedPaste, Hide);
    queued
        .and_then(|()| write(&bytes))
        .map_err(refuse("open the alternate screen"))
}

/// Gives the terminal back. Safe to call at any time, from any thread, any number of times.
pub fn restore() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut bytes = Vec::new();
    let _ = queue!(
        bytes,
        EndSynchronizedUpdate,
        DisableBracketedPaste,
        SetCursorStyle::DefaultUserShape,
        Show,
        LeaveAlternateScreen
    );
    bytes.extend_from_slice(mouse::GIVE_BACK);
    let _ = write(&bytes);
    let _ = terminal::disable_raw_mode();
}

/// The terminal is gone: there is nothing to give back and nothing may be written.
pub fn abandon() {
    ENTERED.store(false, Ordering::SeqCst);
}

fn write(bytes: &[u8]) -> io::Result<()> {
    // A plain file over the same descriptor: std's stdout would cut the bytes into kilobytes.
    let mut file = std::fs::File::from(io::stdout().as_fd().try_clone_to_owned()?);
    file.write_all(bytes)
}

/// A panic of the console gives the terminal back before its words are printed. A panic elsewhere (a job of the engine)
/// must not tear the picture: it goes to the log.
fn install_hook() {
    std::panic::set_hook(Box::new(move |info| {
        let ours = *UI_THREAD.lock().unwrap_or_else(PoisonError::into_inner) == Some(std::thread::current().id());
        if ENTERED.load(Ordering::SeqCst) && !ours {
            tracing::error!(target: "panic", "{info}");
            return;
        }
        restore();
        let _ = writeln!(io::stderr(), "{}", report::said(&info.to_string()));
        let words = match report::write(&info.to_string()) {
            Some(Ok(path)) => format!("what the console knew is in {}", path.display()),
            Some(Err(error)) => format!("no report could be written: {error}"),
            None => return,
        };
        let _ = writeln!(io::stderr(), "{words}");
    }));
}
