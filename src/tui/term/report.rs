//! What is left for those who mend the program when the console panics: one file, readable by its owner only.
//!
//! Written away from the thread that panicked, and not waited for long: that thread may hold what the report wants to
//! read.

use std::{
    backtrace::Backtrace,
    fmt::Write as _,
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError, mpsc::sync_channel},
    time::Duration,
};

use ratatui::layout::Size;

use crate::{
    engine::model::sanitise::sanitise,
    tui::{LogFeed, TuiOptions, app::trail::Trail},
};

/// Lines of the log in a report.
const LINES: usize = 200;
/// Longest wait for the file.
const PATIENCE: Duration = Duration::from_secs(2);
/// Reports of one process.
const MOST: u32 = 20;

/// What a report needs, laid out before anything goes wrong.
#[derive(Clone, Debug)]
struct Facts {
    dir: PathBuf,
    terminal: String,
    mask: fn(&str) -> String,
    log: LogFeed,
    commands: Trail,
}

static FACTS: Mutex<Option<Facts>> = Mutex::new(None);

/// Lays out what a report needs. A console that leaves nothing behind leaves no report either.
pub fn prepare(options: &TuiOptions) {
    let dir = options.state.as_deref().and_then(Path::parent);
    *FACTS.lock().unwrap_or_else(PoisonError::into_inner) = dir.map(|dir| Facts {
        dir: dir.to_owned(),
        terminal: format!(
            "{}; colours {:?}, theme {}, painted {}, ASCII {}",
            options.terminal,
            options.color,
            options.theme.as_str(),
            options.painted,
            options.ascii
        ),
        mask: options.mask,
        log: options.log_feed.clone(),
        commands: options.trail.clone(),
    });
}

/// A panic's words as the terminal may have them: they can quote a ticket or a secret.
pub fn said(panic: &str) -> String {
    let mask = FACTS.try_lock().ok().and_then(|facts| facts.as_ref().map(|f| f.mask));
    let lines = panic.lines().map(|line| {
        let line = mask.map_or_else(|| line.to_owned(), |mask| mask(line));
        sanitise(&line).into_string()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Writes the report of a panic. `None` when there is no place for one.
pub fn write(panic: &str) -> Option<io::Result<PathBuf>> {
    // Never waits: the panic may have come while this was held.
    let facts = FACTS.try_lock().ok()?.clone()?;
    let (panic, trace, size) = (panic.to_owned(), Backtrace::force_capture(), super::size());
    let (done, written) = sync_channel(1);
    std::thread::spawn(move || {
        let text = text(&facts, &panic, &trace.to_string(), size);
        let _ = done.send(keep(&facts.dir, &text));
    });
    written.recv_timeout(PATIENCE).ok()
}

/// The report. Nothing in it steers a terminal or opens an account.
fn text(facts: &Facts, panic: &str, trace: &str, size: Size) -> String {
    let mut out = format!("omnitraffick {}\n", env!("CARGO_PKG_VERSION"));
    let _ = writeln!(out, "terminal: {}x{}, {}", size.width, size.height, facts.terminal);
    let _ = writeln!(out, "\npanic\n{panic}\n\nlast commands, oldest first");
    for id in facts.commands.ids() {
        let _ = writeln!(out, "  {id}");
    }
    let lines = facts.log.after(0);
    let _ = writeln!(out, "\nlast lines of the log");
    for line in lines.iter().skip(lines.len().saturating_sub(LINES)) {
        let at = line.at.to_string();
        let _ = writeln!(
            out,
            "{at} {} {} {}",
            line.level.as_str(),
            line.target,
            line.text.replace('\n', " ")
        );
    }
    let _ = writeln!(out, "\nwhere\n{trace}");
    let clean = |line: &str| sanitise(&(facts.mask)(line)).into_string();
    out.lines().map(|line| clean(line) + "\n").collect()
}

/// Writes a new file; one that is there is another report's.
fn keep(dir: &Path, text: &str) -> io::Result<PathBuf> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
    for n in 1..=MOST {
        let path = dir.join(format!("panic-{}-{n}.txt", std::process::id()));
        match std::fs::File::options()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
        {
            Ok(mut file) => return file.write_all(text.as_bytes()).map(|()| path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::tui::{log_feed::Level, testkit::noon};

    #[test]
    fn a_report_is_private_masked_and_steers_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let log = LogFeed::new();
        for n in 0..300 {
            log.push(noon(), Level::Info, "deploy", format!("line {n} \u{1b}[2J key=hunter2"));
        }
        let facts = Facts {
            dir: dir.path().join("state"),
            terminal: "TERM xterm".to_owned(),
            mask: |text| text.replace("hunter2", "***"),
            log,
            commands: Trail::default(),
        };
        facts.commands.note("ticket.retry");
        facts.commands.note("app.quit");
        let text = text(&facts, "at x.rs:1: hunter2", "0: main", Size::new(80, 24));
        assert!(text.contains("80x24, TERM xterm") && text.contains("  ticket.retry\n  app.quit"));
        assert!(text.contains("line 299") && text.contains("line 100 ") && !text.contains("line 99 "));
        assert!(!text.contains("hunter2") && !text.contains('\u{1b}'), "{text}");
        let (one, two) = (keep(&facts.dir, &text).unwrap(), keep(&facts.dir, &text).unwrap());
        assert_ne!(one, two);
        let mode = |p: &Path| std::fs::metadata(p).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&one), mode(&facts.dir)), (0o600, 0o700));
        assert_eq!(std::fs::read_to_string(one).unwrap(), text);
    }
}
