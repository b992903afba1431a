//! The plain console as a person at a line-by-line terminal meets it: the program itself, driven through its standard
//! input.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "test code"
)]

mod program;

use std::{
    io::{Read as _, Write as _},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use program::{Home, fleet};

const PROGRAM: &str = env!("CARGO_BIN_EXE_omnitraffick");

/// A program at the other end of a line.
struct Talk {
    child: Child,
    to: Option<ChildStdin>,
    bytes: Receiver<Vec<u8>>,
    all: String,
    read: usize,
}

impl Talk {
    fn start(home: &Path, line: &[&str]) -> Self {
        let mut command = Command::new(PROGRAM);
        command.env_clear().env("HOME", home).args(line);
        Self::with(command)
    }

    fn with(mut command: Command) -> Self {
        let mut child = command
            .env("TERM", "dumb")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut out = child.stdout.take().unwrap();
        let (tx, bytes) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(n @ 1..) = out.read(&mut buffer) {
                if tx.send(buffer[..n].to_vec()).is_err() {
                    return;
                }
            }
        });
        let to = child.stdin.take();
        Self {
            child,
            to,
            bytes,
            all: String::new(),
            read: 0,
        }
    }

    /// Waits for words; gives everything said since the last wait, up to and with them.
    fn until(&mut self, words: &str) -> String {
        let began = Instant::now();
        loop {
            let new = &self.all[self.read..];
            if let Some(at) = new.find(words) {
                let said = new[..at + words.len()].to_owned();
                self.read += said.len();
                return said;
            }
            assert!(began.elapsed() < Duration::from_secs(60), "never {words:?} in:\n{new}");
            if let Ok(bytes) = self.bytes.recv_timeout(Duration::from_millis(100)) {
                self.all.push_str(&String::from_utf8_lossy(&bytes));
            }
        }
    }

    fn say(&mut self, line: &str) {
        writeln!(self.to.as_mut().unwrap(), "{line}").unwrap();
    }

    /// Says a line and waits for the question after it.
    fn answer(&mut self, line: &str, question: &str) -> String {
        self.say(line);
        self.until(question)
    }

    fn end(mut self) -> (Option<i32>, String) {
        drop(self.to.take());
        let began = Instant::now();
        loop {
            while let Ok(bytes) = self.bytes.try_recv() {
                self.all.push_str(&String::from_utf8_lossy(&bytes));
            }
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status.code(), std::mem::take(&mut self.all));
            }
            assert!(began.elapsed() < Duration::from_secs(30), "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const MAIN: &str = "Your choice:";
const NUMBER: &str = "Enter to go back:";

/// The first ticket a filter finds, once there is one: the demo's agency is still being written.
fn find(talk: &mut Talk, filter: &str) -> String {
    for _ in 0..200 {
        talk.answer("1", "Enter for all:");
        let list = talk.answer(filter, NUMBER);
        let first = list
            .lines()
            .filter_map(|l| l.split(',').next())
            .find(|w| w.len() == 4 && w.parse::<u32>().is_ok());
        if let Some(no) = first {
            return no.to_owned();
        }
        talk.answer("", MAIN);
        std::thread::sleep(Duration::from_millis(200));
    }
    panic!("no ticket for {filter}");
}

#[test]
fn from_a_list_to_a_live_ad_in_lines() {
    let home = tempfile::tempdir().unwrap();
    let mut talk = Talk::start(home.path(), &["demo", "--plain"]);
    let greeting = talk.until(MAIN);
    assert!(greeting.contains("DEMO"), "{greeting}");
    let none = talk.answer("99", MAIN);
    assert!(
        none.contains("There is no \"99\": 1 to 6") && none.lines().count() < 4,
        "{none}"
    );
    assert!(
        talk.answer("", MAIN).contains("1  Tickets"),
        "Enter says the choices again"
    );

    // A draft goes through QA; what it finds stands with the ticket.
    let no = find(&mut talk, "status:draft");
    let choice = format!("Ticket {no}, your choice:");
    let sheet = talk.answer(&no, &choice);
    assert!(sheet.contains("Draft"), "{sheet}");
    let judged = talk.answer("2", &choice);
    assert!(
        judged.contains("status Ready.") || judged.contains("status QA failed."),
        "{judged}"
    );
    // What was done is not buried under the whole menu again.
    assert!(!judged.contains("What was said about it"), "{judged}");
    assert!(talk.answer("", &choice).contains("What was said about it"));
    talk.answer("0", NUMBER);
    // A wrong number asks again, without the list.
    let wrong = talk.answer("status:draft", NUMBER);
    assert!(wrong.contains("error") && !wrong.contains("tickets."), "{wrong}");
    talk.answer("", MAIN);

    // A ready one is deployed, but only by its number.
    let no = find(&mut talk, "status:ready-for-api");
    let choice = format!("Ticket {no}, your choice:");
    talk.answer(&no, &choice);
    let sure = talk.answer("6", "leaves everything as it is:");
    assert!(
        sure.contains(&format!("Deploy {no} ")) && sure.contains("budget"),
        "{sure}"
    );
    let not = talk.answer("y", &choice);
    assert!(
        not.contains("Nothing was changed.") && not.contains("status Ready."),
        "{not}"
    );
    talk.answer("6", "leaves everything as it is:");
    let gone = talk.answer(&no, &choice);
    assert!(!gone.contains("status Ready."), "{gone}");
    let why = talk.answer("7", &choice);
    assert!(why.contains("status"), "{why}");
    // A person says no: the refusal is in words and the menu comes again.
    let refused = talk.answer("2", &choice);
    assert!(refused.contains("refused") || refused.contains("error"), "{refused}");
    // What is typed is an argument, never a switch.
    talk.answer("13", "One line:");
    talk.answer("--yes looks good; \"all\" of it", &choice);
    let said = talk.answer("12", &choice);
    assert!(said.contains("--yes looks good; \"all\" of it"), "{said}");
    talk.answer("0", NUMBER);
    talk.answer("", MAIN);

    let mut messages = talk.answer("5", MAIN);
    while messages.contains("older:") && !messages.contains(&format!(" {no}: ")) {
        messages = talk.answer("5", MAIN);
    }
    assert!(messages.contains(&format!(" {no}: ")), "{messages}");
    talk.answer("6", NUMBER);
    let markets = talk.answer("market list", MAIN);
    assert!(markets.contains("US"), "{markets}");
    talk.answer("6", NUMBER);
    let own = talk.answer("serve", MAIN);
    assert!(own.contains("program of its own"), "{own}");
    talk.answer("3", NUMBER);
    talk.answer("", MAIN);
    talk.say("0");
    let (code, all) = talk.end();
    assert_eq!(code, Some(0), "{all}");
    assert!(!all.contains('\u{1b}') && !all.contains('\r'), "nothing moves a cursor");
    assert!(
        !all.chars().any(|c| ('\u{2500}'..='\u{259f}').contains(&c)),
        "no borders"
    );
}

#[test]
fn a_ticket_is_agreed_to_by_its_number_and_once() {
    let home = Home::new();
    home.configure("[approvals]\nsingle_operator = true\n[approvals.rules.all]\nneeds = 1\n");
    home.govern(&["act_1"]);
    home.campaign("Wave 1");
    let file = home.file("tickets.toml", fleet::tickets("Wave 1", &["act_1".to_owned()]));
    home.good(&["ticket", "create", "--file", file.to_str().unwrap()]);
    home.good(&["ticket", "qa", "1001", "--wait"]);

    let mut talk = Talk::with(home.command(&["--plain"]));
    talk.until(MAIN);
    // Who is waited for finds it in the menu of what waits.
    let waiting = talk.answer("4", NUMBER);
    assert!(waiting.contains("1001"), "{waiting}");
    let choice = "Ticket 1001, your choice:";
    let sheet = talk.answer("1001", choice);
    assert!(sheet.contains("has 0 of 1"), "{sheet}");
    let sure = talk.answer("4", "leaves everything as it is:");
    assert!(sure.contains("1001") && sure.contains("pprove"), "{sure}");
    let not = talk.answer("yes", choice);
    assert!(not.contains("Nothing was changed."), "{not}");
    talk.answer("4", "leaves everything as it is:");
    let agreed = talk.answer("1001", choice);
    assert!(!agreed.contains("has 0 of 1"), "{agreed}");
    // A second time there is nothing to agree to, and that is said.
    talk.answer("4", "leaves everything as it is:");
    let again = talk.answer("1001", choice);
    assert!(again.contains("it has all 1 approvals already"), "{again}");
    talk.answer("0", NUMBER);
    talk.answer("", MAIN);
    talk.say("0");
    let (code, all) = talk.end();
    assert_eq!(code, Some(0), "{all}");
}

#[test]
fn the_end_of_input_is_the_end() {
    let home = tempfile::tempdir().unwrap();
    let mut talk = Talk::start(home.path(), &["--plain"]);
    talk.until(MAIN);
    let (code, all) = talk.end();
    assert_eq!(code, Some(0), "{all}");
}

#[test]
fn a_terminal_that_cannot_place_text_is_offered_lines() {
    let home = tempfile::tempdir().unwrap();
    let size = PtySize {
        rows: 24,
        cols: 200,
        pixel_width: 0,
        pixel_height: 0,
    };
    let pty = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(PROGRAM);
    command.env_clear();
    command.env("HOME", home.path());
    command.env("TERM", "dumb");
    let mut child = pty.slave.spawn_command(command).unwrap();
    drop(pty.slave);
    let mut reader = pty.master.try_clone_reader().unwrap();
    let mut said = Vec::new();
    // The other end is gone: that is how a pseudo-terminal says end of file.
    let _ = reader.read_to_end(&mut said);
    assert_eq!(child.wait().unwrap().exit_code(), 2);
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(said.contains("omnitraffick --plain"), "{said}");
    assert!(!said.contains('\u{1b}'), "{said:?}");

    let piped = Command::new(PROGRAM)
        .env_clear()
        .env("HOME", home.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(piped.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&piped.stderr).contains("--plain"), "{piped:?}");
}
