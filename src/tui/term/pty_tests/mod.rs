//! The console on a real pseudo-terminal: what only a terminal can show. The child is this test binary, running
//! [`child::child`] alone; [`line`] is the terminal it sits at.

mod child;
mod line;

use std::{io::Write, os::unix::fs::PermissionsExt as _, time::Duration};

use line::{Console, cells};
use portable_pty::PtySize;
use rustix::process::{Signal, kill_process};
use tokio::time::Instant;

/// What the child should do, by environment: only tests read it.
const MODE: &str = "OMNITRAFFICK_PTY_MODE";

const LEAVE: &[u8] = b"\x1b[?1049l";
const ENTER: &[u8] = b"\x1b[?1049h";

#[test]
fn quitting_leaves_the_terminal_as_it_was() {
    let mut c = Console::start_in_shell("board");
    c.sees("QA failed 6");
    assert!(c.sent(ENTER) && c.sent(b"\x1b[?2004h"));
    c.press(b"Q");
    c.until("the shell goes on", |c| c.sent(b"all done"));
    assert!(c.sent(LEAVE) && c.sent(b"\x1b[?2004l") && c.sent(b"\x1b[?25h"));
    assert!(c.sent(b" icanon") && !c.sent(b"-icanon"), "cooked again");
}

#[test]
fn a_panic_leaves_the_terminal_as_it_was_and_then_says_so() {
    let mut c = Console::start_in_shell("panic");
    for _ in 0..20 {
        let _ = c.keys.as_mut().unwrap().write_all(b"j");
    }
    c.until("the shell goes on", |c| c.sent(b"all done"));
    let at = |needle: &[u8]| c.seen.windows(needle.len()).position(|w| w == needle);
    assert!(
        at(LEAVE).unwrap() < at(b"the bomb of the test").unwrap(),
        "restored before it speaks"
    );
    assert!(c.sent(b" icanon") && !c.sent(b"-icanon"));
    let said = String::from_utf8_lossy(&c.seen).into_owned();
    let path = said
        .split("what the console knew is in ")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap();
    let report = std::fs::read_to_string(path.trim()).unwrap();
    let mode = std::fs::metadata(path.trim()).unwrap().permissions().mode();
    std::fs::remove_dir_all(std::path::Path::new(path.trim()).parent().unwrap()).unwrap();
    assert_eq!(mode & 0o777, 0o600);
    assert!(
        report.contains("the bomb of the test") && report.contains("terminal: 110x30"),
        "{report}"
    );
}

#[test]
fn a_call_reaches_the_terminal_between_frames_and_steers_nothing() {
    let mut c = Console::start("calls");
    c.sees("QA failed 6");
    c.until("the call", |c| {
        c.sent(b"\x1b]777;notify;OmniTraffick;1004 failed: the platform said")
    });
    assert!(!c.sent(b"\x1b]0;owned"), "{:?}", String::from_utf8_lossy(&c.seen));
    c.press(b"Q");
    assert_eq!(c.code(), 0);
}

#[test]
fn the_mouse_is_taken_when_wished_and_always_given_back() {
    let mut c = Console::start("board");
    c.sees("QA failed 6");
    assert!(!c.sent(b"\x1b[?1000h"), "off until somebody wants it");
    c.press(b":app.mouse\r");
    c.until("the mouse is taken", |c| c.sent(b"\x1b[?1000h\x1b[?1006h"));
    assert!(!c.sent(b"\x1b[?1003h"), "no motion");
    // A click on the second tab.
    c.press(b"\x1b[<0;13;2M");
    c.sees("Tickets  ");
    c.press(b"Q");
    c.until("given back", |c| c.sent(b"\x1b[?1006l\x1b[?1000l"));
}

#[test]
fn being_terminated_restores_and_says_143() {
    let mut c = Console::start("board");
    c.sees("QA failed 6");
    kill_process(c.pid(), Signal::TERM).unwrap();
    assert_eq!(c.code(), 143);
    c.until("restored", |c| c.sent(LEAVE));
}

#[test]
fn a_hang_up_ends_it_in_time_without_a_word() {
    let mut c = Console::start("quiet");
    c.sees("No tickets here yet");
    while c.take(Duration::from_millis(300)).is_ok() {}
    let before = c.seen.len();
    let began = Instant::now();
    kill_process(c.pid(), Signal::HUP).unwrap();
    assert_eq!(c.code(), 129);
    assert!(began.elapsed() < Duration::from_secs(2));
    assert_eq!(c.seen.len(), before, "nothing is written to a terminal that is gone");
}

/// Holds a line with a console on it until it is killed; says the console's process id.
#[test]
#[ignore = "runs as the child of the other tests"]
fn holder() {
    if std::env::var_os(MODE).is_none() {
        return;
    }
    let mut c = Console::start("board");
    c.sees("QA failed 6");
    eprintln!("console {}", c.pid().as_raw_nonzero());
    loop {
        let _ = c.take(Duration::from_secs(1));
    }
}

#[test]
fn a_dropped_line_ends_it_in_time() {
    use std::{
        io::{BufRead as _, BufReader},
        process::{Command, Stdio},
    };
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "tui::term::pty_tests::holder",
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(MODE, "board")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(holder.stderr.take().unwrap()).lines();
    let pid = lines
        .find_map(|l| l.unwrap().strip_prefix("console ").map(str::to_owned))
        .unwrap();
    let began = Instant::now();
    // SIGKILL: the line is gone at once, as when the other end of an SSH session dies.
    holder.kill().unwrap();
    holder.wait().unwrap();
    let alive = || {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // A zombie has ended; nobody here may be there to bury it.
        stat.rsplit(") ")
            .next()
            .is_some_and(|rest| !rest.is_empty() && !rest.starts_with('Z'))
    };
    while alive() {
        assert!(
            began.elapsed() < Duration::from_secs(2),
            "the console outlives its line"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn an_idle_console_is_silent_and_asks_nothing() {
    let mut c = Console::start("quiet");
    c.sees("No tickets here yet");
    // The last frame may still be in flight.
    while c.take(Duration::from_millis(500)).is_ok() {}
    let quiet = c.take(Duration::from_secs(3));
    // The header's clock may change its minute: a few cells, once.
    assert!(quiet.is_err() || quiet.is_ok_and(|n| n < 120), "{quiet:?}");
    for query in [b"\x1b[6n".as_slice(), b"\x1b[c", b"\x1b[>c", b"\x1b]11;?"] {
        assert!(!c.sent(query), "asked {query:?}");
    }
}

#[test]
fn no_color_keeps_the_selection() {
    let mut c = Console::start("mono");
    c.sees("QA failed 6");
    assert!(c.sent(b"\x1b[7m"), "reverse is there");
    assert!(!c.sent(b"\x1b[38;5;"), "colours are not");
    assert!(
        !c.sent(b"\x1b[;") && !c.sent(b"\x1b[m"),
        "and no empty colour that resets everything"
    );
}

#[test]
fn ctrl_z_stops_it_and_continuing_paints_it_again() {
    let mut c = Console::start("board");
    c.sees("QA failed 6");
    c.press(b"\x1a");
    c.until("it gave the terminal back", |c| c.sent(LEAVE));
    c.until("it stopped", |c| c.state() == 'T');
    c.seen.clear();
    kill_process(c.pid(), Signal::CONT).unwrap();
    c.until("it is back", |c| c.sent(ENTER) && c.sent(b"Deploying"));
    c.press(b"2");
    c.sees("row 1/40");
}

#[test]
fn a_new_size_is_drawn() {
    let mut c = Console::start("board");
    c.sees("5 of 7 in view");
    c.screen.screen_mut().set_size(cells(24), cells(80));
    let size = PtySize {
        rows: 24,
        cols: 80,
        pixel_width: 0,
        pixel_height: 0,
    };
    c.master.as_ref().unwrap().resize(size).unwrap();
    c.sees("3 of 7 in view");
    // A single key after a resize: it must not wait for the next one.
    c.press(b"2");
    c.sees("row 1/40");
}

#[test]
fn a_paste_goes_into_a_field_and_nowhere_else() {
    let mut c = Console::start("board");
    c.sees("QA failed 6");
    c.press(b"\x1b[200~QQQ\nq\x1b[201~");
    c.sees("pasted text was dropped");
    c.press(b"2/");
    c.sees("Filter");
    c.press(b"\x1b[200~market:DE\nstatus:draft\x1b[201~");
    c.sees("market:DE status:draft");
}

#[test]
fn esc_and_a_key_in_one_read_are_two_keys() {
    let mut c = Console::start("board");
    c.press(b"2/");
    c.sees("Filter");
    c.press(b"\x1b9");
    c.sees("Logs");
    c.until("the log screen", |c| c.text().contains("following"));
}

/// 25 KB a second, and a board that changes all the time: what is typed is seen after what was on its way, not after a
/// pile of frames that were true once.
#[test]
fn a_slow_line_carries_the_present_and_not_the_past() {
    let mut c = Console::over(Console::child(), "busy", "xterm-256color", Some(1250));
    c.sees("Turn");
    // Long enough for frames to pile up, if they did: every tenth of a second another kilobyte or more.
    let before = c.seen.len();
    c.until("the board is busy", |c| c.seen.len() > before + 40_000);
    let typed = c.seen.len();
    c.press(b"9");
    c.sees("following");
    let between = c.seen.len() - typed;
    // The kernel's buffer, the frame under way, the one that shows the answer: each less than a whole paint.
    assert!(between < 24_000, "{between} bytes lay before the answer to a key");
}

#[test]
fn a_storm_of_sizes_ends_in_the_last_one() {
    let mut c = Console::start("board");
    c.sees("QA failed 6");
    let mut last = (110, 30);
    for n in 0..60_u16 {
        last = if n == 59 { (80, 24) } else { (1 + n * 4, 1 + n * 7 % 60) };
        let size = PtySize {
            rows: last.1,
            cols: last.0,
            pixel_width: 0,
            pixel_height: 0,
        };
        c.master.as_ref().unwrap().resize(size).unwrap();
        let _ = c.take(Duration::from_millis(2));
    }
    c.screen.screen_mut().set_size(cells(last.1), cells(last.0));
    // Whole again at the last size, and keys still work.
    c.press(b"\x0c");
    c.sees("3 of 7 in view");
    c.press(b"2");
    c.sees("row 1/40");
}

#[test]
fn a_copy_reaches_the_terminals_clipboard() {
    let mut c = Console::start("board");
    c.press(b"2");
    c.sees("row 1/40");
    c.press(b"yi");
    // 1001
    c.until("copied by OSC 52", |c| c.sent(b"\x1b]52;c;MTAwMQ==\x1b\\"));
    c.sees("copied");
}

#[test]
fn a_multiplexer_on_a_light_ground_gets_what_it_understands() {
    let mut c = Console::over(Console::child(), "light", "screen-256color", None);
    c.sees("QA failed 6");
    assert!(c.sent(b"\x1b[38;5;"), "colours of the light table");
    assert!(!c.sent(b"\x1b[48;5;"), "the ground stays the terminal's");
    c.press(b"Q");
    assert_eq!(c.code(), 0);
    assert!(c.sent(ENTER) && c.sent(LEAVE));
    for asked in [b"\x1b[?1000h".as_slice(), b"\x1b[?1003h", b"\x1b[?1004h", b"\x1b[>1u"] {
        assert!(!c.sent(asked), "mouse, focus and keyboard stay the user's: {asked:?}");
    }
}

#[test]
fn the_editor_has_the_terminal_alone_and_its_text_comes_back() {
    let mut c = Console::start("editor");
    c.sees("QA failed 6");
    c.press(b"a");
    c.sees("New ticket");
    c.press(b"\x06");
    c.sees("Go to the field");
    c.press(b"notes\r");
    c.until("the field has the focus", |c| !c.text().contains("Go to the field"));
    c.press(b"\x1bOS");
    c.sees("the editor is here");
    assert!(c.sent(LEAVE), "the editor gets the normal screen");
    // Every key of it: a reader of ours that went on would steal some.
    c.press(b"typed into the editor\r");
    c.sees("typed into the editor");
    c.sees("New ticket");
    c.press(b"!");
    c.until("keys are ours again", |c| {
        let text = c.text();
        text.contains("typed into the editor!") || text.contains("!typed into the editor")
    });
}
