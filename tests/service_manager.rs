//! What the engine tells a service manager (`Type=notify`): that it is ready once questions are answered, and that it
//! stops. The unit promises no watchdog, so none is fed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod program;

use std::{os::unix::net::UnixDatagram, process::Stdio, time::Duration};

use program::{Home, Running};

/// The next message to the service manager.
fn next(manager: &UnixDatagram) -> String {
    let mut bytes = [0; 4096];
    let n = manager.recv(&mut bytes).expect("a word within two minutes");
    String::from_utf8(bytes[..n].to_vec()).unwrap()
}

#[test]
fn a_service_manager_hears_of_start_and_stop() {
    let mut home = Home::new();
    let path = home.path().join("notify.sock");
    let manager = UnixDatagram::bind(&path).unwrap();
    manager.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
    let own = path.to_str().unwrap().to_owned();
    home.vars.insert("NOTIFY_SOCKET".to_owned(), own);
    let mut serve = home.command(&["serve"]);
    let mut serve = Running(serve.stderr(Stdio::null()).spawn().unwrap());
    let ready = next(&manager);
    assert!(ready.lines().any(|line| line == "READY=1"), "{ready}");
    // Ready means that somebody who asks now is answered, by this process.
    home.vars.clear();
    let status = home.json(&["engine", "status"]);
    assert_eq!(status["data"]["pid"], serve.0.id(), "{status}");
    let pid = rustix::process::Pid::from_child(&serve.0);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let stopping = next(&manager);
    assert!(stopping.lines().any(|line| line == "STOPPING=1"), "{stopping}");
    assert!(serve.0.wait().unwrap().success());
    // The unit says the same: it waits for the first word, and for no watchdog's.
    let unit = include_str!("../assets/systemd/omnitraffick.service");
    assert!(unit.lines().any(|line| line == "Type=notify"));
    assert!(!unit.contains("WatchdogSec"), "a promise that nobody keeps");
}
