//! Several programs on one store: the first is the engine, the others attach, and whichever dies, work goes on.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod program;

use std::{
    io::{BufRead as _, BufReader},
    os::unix::fs::PermissionsExt as _,
    process::Stdio,
    sync::{Arc, Mutex},
};

use program::{Home, Running, Sandbox, console::Console, talk, until};
use serde_json::Value;

/// A program in the background and what it has said so far.
struct Background {
    child: Running,
    said: Arc<Mutex<String>>,
}

impl Background {
    fn start(home: &Home, line: &[&str]) -> Self {
        let mut command = home.command(line);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let both: [Box<dyn std::io::Read + Send>; 2] = [Box::new(out), Box::new(err)];
        for stream in both {
            let said = Arc::clone(&said);
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    let mut said = said.lock().unwrap();
                    *said += &line;
                    said.push('\n');
                }
            });
        }
        Self {
            child: Running(child),
            said,
        }
    }

    /// The engine without a console, running.
    fn serve(home: &Home, more: &[&str]) -> Self {
        let line: Vec<_> = ["serve"].iter().chain(more).copied().collect();
        let serve = Self::start(home, &line);
        serve.waits_for("the engine runs");
        serve
    }

    fn has_said(&self, words: &str) -> bool {
        self.said.lock().unwrap().contains(words)
    }

    fn waits_for(&self, words: &str) {
        until(words, || self.has_said(words));
    }

    fn ends(&mut self) -> i32 {
        until("its end", || self.child.0.try_wait().unwrap().is_some());
        self.child.0.wait().unwrap().code().unwrap()
    }
}

fn make_brand(home: &Home, code: &str) {
    home.good(&["brand", "create", code, "--name", "Harbour Lights"]);
}

fn epoch(home: &Home) -> u64 {
    home.events().iter().filter(|e| e["kind"] == "engine.started").count() as u64
}

#[test]
fn a_verb_works_beside_a_running_engine_and_is_heard_there() {
    let home = Home::new();
    let _serve = Background::serve(&home, &[]);
    let follow = Background::start(&home, &["--json", "events", "--follow", "--after", "0"]);
    make_brand(&home, "DIS");
    follow.waits_for("\"DIS\"");
    assert_eq!(home.json(&["brand", "list"])["data"].as_array().unwrap().len(), 1);
    assert_eq!(epoch(&home), 1, "there was one engine all the time");
    // Its socket is nobody else's.
    let mode = std::fs::metadata(home.store().join("run/engine.sock"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_second_engine_is_refused_with_what_to_do() {
    let home = Home::new();
    let serve = Background::serve(&home, &[]);
    let second = home.run(&["serve"]);
    assert_eq!(second.status.code(), Some(5));
    let words = talk(&second);
    let pid = serve.child.0.id().to_string();
    assert!(words.contains(&pid) && words.contains("engine upgrade"), "{words}");
}

/// An engine nobody can reach is no service: it says why and does not start.
#[test]
fn an_unsafe_place_is_refused_at_the_start() {
    let home = Home::new();
    let notes = home.file("notes.txt", "do not lose this");
    let open = home.path().join("open");
    std::fs::create_dir(&open).unwrap();
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o770)).unwrap();
    for (socket, words) in [
        (notes.clone(), "is no socket"),
        (open.join("engine.sock"), "chmod go-w"),
    ] {
        home.configure(&format!(
            "[environment]\nname = \"test\"\n[host]\nsocket = {socket:?}\n"
        ));
        let ran = home.run(&["serve"]);
        assert_eq!(ran.status.code(), Some(5), "{ran:?}");
        assert!(talk(&ran).contains(words), "{ran:?}");
        // A verb needs nobody to attach.
        home.good(&["brand", "list"]);
    }
    assert_eq!(std::fs::read(notes).unwrap(), b"do not lose this");
}

/// A place that was named is the team's: its group may connect, others may not.
#[test]
fn a_named_socket_is_open_to_its_group() {
    let home = Home::new();
    let socket = home.path().join("team/engine.sock");
    home.configure(&format!(
        "[environment]\nname = \"test\"\n[host]\nsocket = {socket:?}\n"
    ));
    let _serve = Background::serve(&home, &[]);
    let mode = std::fs::metadata(&socket).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o660);
    make_brand(&home, "DIA");
}

#[test]
fn taking_over_loses_nothing_for_those_attached() {
    let home = Home::new();
    let mut first = Background::serve(&home, &[]);
    let follow = Background::start(&home, &["--json", "events", "--follow", "--after", "0"]);
    make_brand(&home, "DIA");
    follow.waits_for("\"DIA\"");
    let _second = Background::serve(&home, &["--take-over"]);
    assert_eq!(first.ends(), 0);
    make_brand(&home, "DIB");
    follow.waits_for("\"DIB\"");
    assert_eq!(epoch(&home), 2);
    let said = follow.said.lock().unwrap().clone();
    let seqs: Vec<u64> = said
        .lines()
        .map(|l| {
            serde_json::from_str::<Value>(l).unwrap()["data"]["seq"]
                .as_u64()
                .unwrap()
        })
        .collect();
    assert!(
        seqs.windows(2).all(|w| w[1] == w[0] + 1),
        "no gap, nothing twice: {seqs:?}"
    );
}

#[test]
fn one_that_only_looks_makes_way_for_one_that_works() {
    let home = Home::new();
    make_brand(&home, "DIA");
    let follow = Background::start(&home, &["--json", "events", "--follow", "--after", "0"]);
    make_brand(&home, "DIB");
    follow.waits_for("\"DIB\"");
    assert_eq!(epoch(&home), 0, "nobody works yet");
    let _serve = Background::serve(&home, &[]);
    make_brand(&home, "DIC");
    follow.waits_for("\"DIC\"");
    assert_eq!(epoch(&home), 1);
}

#[test]
fn when_the_owner_is_killed_somebody_else_goes_on() {
    let home = Home::new();
    let mut serve = Background::serve(&home, &[]);
    let follow = Background::start(&home, &["--json", "events", "--follow", "--after", "0"]);
    for (n, code) in ["DIA", "DIB", "DIC"].into_iter().enumerate() {
        make_brand(&home, code);
        follow.waits_for(&format!("\"{code}\""));
        serve.child.kill_9();
        if n == 1 {
            // Nobody is the engine for a while but the one who only looks.
            make_brand(&home, "DIX");
            follow.waits_for("\"DIX\"");
        }
        serve = Background::serve(&home, &[]);
    }
    assert_eq!(home.json(&["brand", "list"])["data"].as_array().unwrap().len(), 4);
}

/// The console that is the engine is left in the middle of a deploy: a background engine finishes it, and ends.
#[test]
fn leaving_the_console_leaves_the_work_going() {
    let home = Home::new();
    let faults = "[[rule]]\nmethod = \"POST\"\naction = { delay = { seconds = 0.3 } }\n";
    let world = Sandbox::start(&home, faults, "[environment]\nname = \"test\"\n");
    home.govern(&["act_1001"]);
    home.campaign("Moana Launch");
    let file = home.file("ticket.toml", include_str!("../assets/examples/ticket.toml"));
    home.good(&["ticket", "create", "--file", file.to_str().unwrap()]);
    let no = home.tickets()[0]["no"].to_string();
    home.good(&["ticket", "qa", &no]);
    until("QA", || home.tickets()[0]["status"] == "READY_FOR_API");
    home.good(&["--yes", "ticket", "deploy", &no]);

    let mut console = Console::open(&home);
    until("the board", || console.sees("Board") && console.sees(" rw"));
    until("the first request", || world.requests() > 0);
    console.press("q");
    until("the console's end", || console.has_ended());
    until("the last word", || console.sees("go on in the background engine"));
    until("the end of the deploy", || {
        home.tickets()[0]["status"] == "TRAFFICKED_SUCCESS"
    });
    assert_eq!(world.names("act_1001", "campaigns").len(), 1, "made once");
    end_the_engine(&home);
}

/// The process that holds the store, as it names itself in the lock.
fn engine(home: &Home) -> Option<rustix::process::Pid> {
    let holder = std::fs::read_to_string(home.store().join("engine.lock")).ok()?;
    holder
        .lines()
        .next()?
        .parse()
        .ok()
        .and_then(rustix::process::Pid::from_raw)
}

/// A background engine is nobody's child: the test ends it.
fn end_the_engine(home: &Home) {
    if let Some(pid) = engine(home) {
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
    }
}

/// `T` = stopped, `S` = asleep.
fn state(pid: u32) -> String {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let rest = stat.rsplit(')').next().unwrap_or_default();
    rest.split_whitespace().next().unwrap_or_default().to_owned()
}

/// A lost line ends the console and not the engine, also when the end is told twice, by the kernel and by the shell.
#[test]
fn losing_the_line_leaves_the_engine_to_those_attached() {
    let home = Home::new();
    make_brand(&home, "DIA");
    let mut console = Console::open(&home);
    until("the board", || console.sees("Board") && console.sees(" rw"));
    let follow = Background::start(&home, &["--json", "events", "--follow", "--after", "0"]);
    follow.waits_for("\"DIA\"");
    let pid = console.child.process_id().unwrap();
    let own = rustix::process::Pid::from_raw(pid.try_into().unwrap()).unwrap();
    assert_eq!(engine(&home), Some(own));
    for _ in 0..2 {
        rustix::process::kill_process(own, rustix::process::Signal::HUP).unwrap();
    }
    until("the console's end", || console.child.try_wait().unwrap().is_some());
    assert_eq!(console.child.wait().unwrap().exit_code(), 129);
    let follower = rustix::process::Pid::from_child(&follow.child.0);
    // The one who only looks may be the engine for a moment, until it makes way.
    until("the background engine", || {
        engine(&home).is_some_and(|pid| pid != own && pid != follower)
    });
    let next = engine(&home);
    make_brand(&home, "DIB");
    follow.waits_for("\"DIB\"");
    assert_eq!(engine(&home), next, "the background engine stays");
    drop(follow);
    end_the_engine(&home);
}

/// Ctrl-Z in the console that is the engine: a background engine takes over before the console stops, and the console
/// comes back attached to it.
#[test]
fn a_sleeping_console_holds_nobody_up() {
    let home = Home::new();
    make_brand(&home, "DIA");
    let mut console = Console::open(&home);
    until("the board", || console.sees("Board") && console.sees(" rw"));
    let pid = console.child.process_id().unwrap();
    let own = rustix::process::Pid::from_raw(pid.try_into().unwrap()).unwrap();
    assert_eq!(engine(&home), Some(own));
    console.press("\x1a");
    until("the console's sleep", || state(pid) == "T");
    assert_ne!(engine(&home), Some(own));
    make_brand(&home, "DIB");
    rustix::process::kill_process(own, rustix::process::Signal::CONT).unwrap();
    until("the console's return", || {
        let attached = home.json(&["engine", "status"])["data"]["attached"].clone();
        attached
            .as_array()
            .is_some_and(|all| all.iter().any(|p| p["client"] == "console"))
    });
    console.press("q");
    until("the console's end", || console.child.try_wait().unwrap().is_some());
    assert_ne!(engine(&home), Some(own));
    end_the_engine(&home);
}

#[test]
fn status_names_who_is_attached() {
    let home = Home::new();
    let _serve = Background::serve(&home, &[]);
    make_brand(&home, "DIA");
    let follow = Background::start(&home, &["--read-only", "events", "--follow", "--after", "0"]);
    follow.waits_for("DIA");
    let status = home.json(&["engine", "status"]);
    let attached = status["data"]["attached"].as_array().unwrap();
    assert_eq!(attached.len(), 1, "whoever asks is not listed: {status}");
    assert_eq!(attached[0]["uid"], rustix::process::geteuid().as_raw());
    assert_eq!(
        (&attached[0]["client"], &attached[0]["read_only"]),
        (&"cli".into(), &true.into())
    );
    assert!(status["data"]["note"].is_null(), "{status}");
    let told = home.good(&["engine", "status"]);
    assert!(told.contains("attached") && told.contains(", read-only"), "{told}");
}
