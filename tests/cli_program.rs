//! The program itself, as a shell sees it: exit codes, what is on which stream, a store that outlives the process, a
//! simulated platform at the other end of a socket.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;

/// A home of its own: nothing of the machine's configuration, store or log is touched.
struct Home {
    dir: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn command(&self, line: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_omnitraffick"));
        command
            .env_clear()
            .env("HOME", self.path())
            .env("OMNITRAFFICK_CONFIG", self.config())
            .args(line)
            .stdin(Stdio::null());
        command
    }

    fn config(&self) -> std::path::PathBuf {
        let path = self.path().join("config.toml");
        if !path.exists() {
            std::fs::write(&path, "[environment]\nname = \"test\"\n").unwrap();
        }
        path
    }

    fn run(&self, line: &[&str]) -> Output {
        self.command(line).output().unwrap()
    }

    fn good(&self, line: &[&str]) -> String {
        let ran = self.run(line);
        assert!(ran.status.success(), "{line:?}: {ran:?}");
        String::from_utf8(ran.stdout).unwrap()
    }

    fn json(&self, line: &[&str]) -> Value {
        let line: Vec<_> = ["--json"].iter().chain(line).copied().collect();
        serde_json::from_str(&self.good(&line)).unwrap()
    }

    fn govern(&self) {
        self.good(&["market", "create", "US", "--name", "United States", "--country", "US"]);
        self.good(&["brand", "create", "DIS", "--name", "Harbour Lights"]);
        let account = "act_1001,USD,America/New_York,One";
        self.good(&[
            "channel",
            "create",
            "META",
            "--name",
            "Meta",
            "--platform",
            "meta",
            "--account",
            account,
        ]);
        self.good(&[
            "campaign",
            "create",
            "--brand",
            "DIS",
            "--market",
            "US",
            "--year",
            "2026",
            "--name",
            "Moana launch",
        ]);
    }
}

fn talk(ran: &Output) -> String {
    String::from_utf8(ran.stderr.clone()).unwrap()
}

#[test]
fn what_was_created_is_there_in_the_next_process() {
    let home = Home::new();
    home.govern();
    let list = home.json(&["market", "list"]);
    assert_eq!(
        (&list["v"], &list["kind"], &list["total"]),
        (&1.into(), &"markets".into(), &1.into())
    );
    assert_eq!(list["data"][0]["code"], "US");
    let verify = home.json(&["store", "verify"]);
    assert_eq!(verify["data"]["problems"].as_array().map(Vec::len), Some(0), "{verify}");
    let audit = home.good(&["audit", "--text", "campaign"]);
    assert!(audit.contains("DIS_US_2026_MoanaLaunch"), "{audit}");
}

#[test]
fn a_ticket_goes_live_on_a_platform_behind_a_socket() {
    let home = Home::new();
    let record = home.path().join("record.jsonl");
    let world = Sandbox::start(&home, &record);
    std::fs::write(
        home.config(),
        format!("[platforms.meta]\nbase_url = \"{}\"\n", world.url),
    )
    .unwrap();
    home.govern();
    let file = home.path().join("ticket.toml");
    std::fs::write(
        &file,
        r#"
            campaign = "MoanaLaunch"
            channel = "META"
            budget.daily = "250.00"
            flight = { start = 2030-12-01, end = 2030-12-31 }
            [payload.ad_set.targeting]
            geo_locations = { countries = ["US"] }
            [payload.creative.object_story_spec]
            page_id = "1000000001"
            link_data = { link = "https://example.com/m", message = "Set sail", image_hash = "0123456789abcdef0123456789abcdef" }
        "#,
    )
    .unwrap();
    home.good(&["ticket", "create", "--file", file.to_str().unwrap()]);
    let judged = home.run(&["ticket", "qa", "1001", "--wait"]);
    assert_eq!(judged.status.code(), Some(0), "{}", talk(&judged));
    // Without --wait it is only queued: this verb must not start what it would break off.
    home.good(&["ticket", "deploy", "1001"]);
    let why = home.good(&["ticket", "why", "1001"]);
    assert!(why.contains("nothing goes out") && why.contains("serve"), "{why}");
    assert_eq!(std::fs::read_to_string(&record).unwrap(), "");
    home.good(&["serve", "--until-idle"]);
    let ticket = home.json(&["ticket", "show", "DIS_US_META_2026_MoanaLaunch"]);
    assert_eq!(ticket["data"]["ticket"]["status"], "TRAFFICKED_SUCCESS", "{ticket}");
    let sent = std::fs::read_to_string(&record).unwrap();
    assert!(
        sent.contains("DIS_US_META_2026_MoanaLaunch") && sent.contains("/act_1001/campaigns"),
        "{sent}"
    );
}

/// Nothing but the journal connects these processes: each undo finds in it what the change before has made.
#[test]
fn a_change_of_one_process_is_taken_back_by_another() {
    let home = Home::new();
    home.govern();
    let line = [
        "ticket",
        "create",
        "--campaign",
        "MoanaLaunch",
        "--channel",
        "META",
        "--daily",
        "250",
    ];
    home.good(&line);
    let hash = |home: &Home| home.json(&["ticket", "show", "1001"])["data"]["ticket"]["budget"].clone();
    let before = hash(&home);
    home.good(&["ticket", "update", "1001", "--daily", "300"]);
    home.good(&["campaign", "update", "MoanaLaunch", "--budget", "9000 USD"]);
    let after = hash(&home);
    let campaign = home.good(&["undo"]);
    assert!(
        campaign.contains("undo of seq") && campaign.contains("USD 9,000.00 -> -"),
        "{campaign}"
    );
    let ticket = home.good(&["undo"]);
    assert!(ticket.contains("USD 300.00 daily -> USD 250.00 daily"), "{ticket}");
    assert_eq!(hash(&home), before);
    let again = home.good(&["redo"]);
    assert!(again.contains("redo of seq"), "{again}");
    assert_eq!(hash(&home), after);
    let audit = home.good(&["audit", "--text", "undo of seq"]);
    assert_eq!(audit.matches("undo of seq").count(), 2, "{audit}");
    // The first event has no opposite, and says so.
    let none = home.run(&["undo", "1"]);
    assert_eq!(none.status.code(), Some(3), "{none:?}");
    assert!(talk(&none).contains("cannot be taken back"), "{}", talk(&none));
}

/// `omnitraffick sandbox` on a free port; ends with the test.
struct Sandbox {
    child: Child,
    url: String,
}

impl Sandbox {
    fn start(home: &Home, record: &Path) -> Self {
        let mut child = home
            .command(&[
                "--json",
                "sandbox",
                "--listen",
                "127.0.0.1:0",
                "--record",
                record.to_str().unwrap(),
            ])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        let url = said["data"]["url"].as_str().unwrap().to_owned();
        Self { child, url }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn exit_codes_and_streams() {
    let home = Home::new();
    let code = |line: &[&str]| home.run(line).status.code();
    assert_eq!(code(&["--help"]), Some(0));
    assert_eq!(code(&["--version"]), Some(0));
    // Looking makes no store: a typing error in its place must not look like an empty house.
    assert_eq!(code(&["market", "list"]), Some(5));
    assert_eq!(
        code(&["market", "create", "US", "--name", "United States", "--country", "US"]),
        Some(0)
    );
    assert_eq!(code(&["market", "list"]), Some(0));
    assert_eq!(code(&["--read-only", "market", "list"]), Some(0));
    assert_eq!(code(&["--read-only", "market", "delete", "US", "--yes"]), Some(3));
    assert_eq!(code(&["--read-only", "serve"]), Some(2));
    assert_eq!(code(&["no-such-noun"]), Some(2));
    assert_eq!(code(&["--log-level", "loud", "market", "list"]), Some(2));
    assert_eq!(code(&["market", "show", "XX"]), Some(3));
    assert_eq!(code(&["ticket", "deploy", "9999"]), Some(3));
    // The console needs a terminal, and says so instead of drawing into a pipe.
    assert_eq!(code(&[]), Some(2));
    let refused = home.run(&["--json", "market", "show", "XX"]);
    assert!(refused.stdout.is_empty());
    let error: Value = serde_json::from_slice(&refused.stderr).unwrap();
    assert_eq!((&error["kind"], &error["code"]), (&"error".into(), &"not_found".into()));
    let usage = home.run(&["--json", "market", "shwo"]);
    let error: Value = serde_json::from_slice(&usage.stderr).unwrap();
    assert_eq!((&error["code"], &error["exit_code"]), (&"usage".into(), &2.into()));
}

#[test]
fn a_bad_configuration_is_refused_with_its_line() {
    let home = Home::new();
    let path = home.config();
    std::fs::write(&path, "[engine]\nmax_tries = 0\n").unwrap();
    let ran = home.run(&["market", "list"]);
    assert_eq!(ran.status.code(), Some(3));
    let words = talk(&ran);
    assert!(
        words.contains("config.toml:2: engine.max_tries: must be from 1 to 100"),
        "{words}"
    );
    // Completions and manual need no configuration at all.
    assert!(home.good(&["completions", "bash"]).contains("omnitraffick"));
    assert!(home.good(&["man"]).contains(".TH omnitraffick"));
}

#[test]
fn secrets_are_shown_as_where_they_are() {
    let home = Home::new();
    std::fs::write(
        home.config(),
        "[platforms.meta]\ntoken = {env = \"META_TOKEN\"}\n[platforms.meta.accounts.act_1]\ntoken = {command = [\"vault\", \"hvs.secret\"]}\n",
    )
    .unwrap();
    let ran = home
        .command(&["config", "show"])
        .env("META_TOKEN", "EAABsecretsecret")
        .output()
        .unwrap();
    let shown = String::from_utf8(ran.stdout).unwrap();
    assert!(shown.contains("environment variable META_TOKEN"), "{shown}");
    assert!(
        !shown.contains("secretsecret") && !shown.contains("hvs.secret"),
        "{shown}"
    );
}

#[test]
fn files_that_are_no_text_are_refused_and_create_nothing() {
    let home = Home::new();
    home.govern();
    let path = home.path().join("t.toml");
    let mut files: Vec<(Vec<u8>, &str)> = vec![
        (Vec::new(), "is empty"),
        (b"\xff\xfec\0a\0".to_vec(), "is UTF-16, not UTF-8"),
        (b"campaign = \"caf\xe9\"".to_vec(), "is not UTF-8 text: byte 15"),
        (vec![b'#'; 10 * 1024 * 1024], "is larger than 1 MiB"),
        (b"campaign = \"a\0b\"".to_vec(), "t.toml:1"),
    ];
    for (bytes, expected) in files.drain(..) {
        std::fs::write(&path, bytes).unwrap();
        let ran = home.run(&["ticket", "create", "--file", path.to_str().unwrap()]);
        assert_eq!(ran.status.code(), Some(3), "{ran:?}");
        assert!(talk(&ran).contains(expected), "{expected}: {}", talk(&ran));
    }
    assert_eq!(home.json(&["ticket", "list"])["total"], 0);
}

#[test]
fn serve_ends_in_good_order_when_told_to() {
    let home = Home::new();
    let mut child = home.command(&["serve"]).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    let mut talk = BufReader::new(child.stderr.take().unwrap());
    talk.read_line(&mut said).unwrap();
    assert!(said.contains("the engine runs on"), "{said}");
    // A second process attaches; a second engine says that there is one.
    home.good(&["market", "list"]);
    let second = home.run(&["serve"]);
    assert_eq!(second.status.code(), Some(5), "{second:?}");
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    home.good(&["market", "list"]);
}

#[test]
fn a_damaged_store_is_named_with_an_exit_code_of_its_own() {
    let home = Home::new();
    home.govern();
    let journal = home.path().join(".local/share/omnitraffick/store/journal");
    let segment = std::fs::read_dir(journal).unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&segment).unwrap();
    bytes[1000] ^= 0xff;
    std::fs::write(&segment, bytes).unwrap();
    for line in [["market", "list"], ["store", "verify"]] {
        let ran = home.command(&["--json"]).args(line).output().unwrap();
        assert_eq!(ran.status.code(), Some(6), "{ran:?}");
        let error: Value = serde_json::from_slice(&ran.stderr).unwrap();
        assert_eq!(error["code"], "damaged", "{error}");
    }
}

#[test]
fn doctor_says_what_is_set_up() {
    let home = Home::new();
    let report = home.json(&["doctor"]);
    let states: Vec<_> = report["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| (&c["what"], &c["state"]))
        .collect();
    assert!(states.contains(&(&"store".into(), &"ok".into())), "{report}");
    assert!(home.path().join(".local/state/omnitraffick/log").exists());
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let home = Home::new();
    let mut child = home
        .command(&["man"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ran = child.wait_with_output().unwrap();
    assert_eq!((ran.status.code(), talk(&ran).as_str()), (Some(0), ""));
}
