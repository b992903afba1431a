//! The copilot through the real program: nothing leaves for a model without a yes to exactly what was shown, and an
//! engine killed in the middle of an answer leaves a row that says so.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

#[allow(dead_code, reason = "one module for several tests")]
#[path = "support/model_server.rs"]
mod model_server;
mod program;

use std::{
    io::{BufRead as _, BufReader},
    process::Stdio,
};

use model_server::{Answer, ModelServer, Step};
use program::{Home, Running, talk, until};
use rstest::rstest;
use serde_json::Value;

const QUESTION: &str = "how much space around the logo?";

/// A home with one rule, and a model server that answers it. The runtime carries the server.
struct House {
    home: Home,
    server: ModelServer,
    _runtime: tokio::runtime::Runtime,
}

impl House {
    fn new(is_local: bool, answers: Vec<Answer>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let server = runtime
            .block_on(ModelServer::start("127.0.0.1:0".parse().unwrap(), answers))
            .unwrap();
        let home = Home::new();
        std::fs::create_dir(home.path().join("rules")).unwrap();
        home.file("rules/logo.md", "# Logo\n\nKeep 24 px free around the logo.\n");
        home.configure(&format!(
            "[copilot.guidelines]\nstarter = false\n[copilot.guidelines.folders.house]\npath = \"rules\"\n\
             may_leave_host = true\nreviewed = true\n[copilot.model]\nkind = \"openai_chat\"\nbase_url = \"http://{}/v1\"\n\
             model = \"scripted\"\nlocal = {is_local}\ncontext_tokens = 8000\n",
            server.address
        ));
        home.good(&["market", "create", "US", "--name", "United States", "--country", "US"]);
        Self {
            home,
            server,
            _runtime: runtime,
        }
    }

    /// Questions the model was sent.
    fn asked(&self) -> usize {
        let all = self.server.received();
        all.iter().filter(|r| r.head.starts_with("POST ")).count()
    }

    fn ask(&self, more: &[&str]) -> Value {
        let line: Vec<_> = ["copilot", "ask", QUESTION].iter().chain(more).copied().collect();
        self.home.json(&line)["data"].clone()
    }
}

fn says(text: &str) -> Answer {
    Answer::stream(&format!("{}data: [DONE]\n\n", chunk(text, Some("stop"))))
}

fn chunk(text: &str, finish: Option<&str>) -> String {
    let chunk = serde_json::json!({"choices": [{"delta": {"content": text}, "finish_reason": finish}]});
    format!("data: {chunk}\n\n")
}

fn good() -> Vec<Answer> {
    vec![says("Keep 24 px free around the logo [S1].")]
}

#[test]
fn without_a_yes_nothing_leaves_and_the_answer_is_snippets() {
    let house = House::new(false, good());
    let ran = house.home.run(&["--json", "copilot", "ask", QUESTION]);
    assert!(ran.status.success(), "{ran:?}");
    assert!(
        talk(&ran).contains("nothing was sent to scripted at 127.0.0.1"),
        "{}",
        talk(&ran)
    );
    assert!(talk(&ran).contains("--yes") && talk(&ran).contains("--seen"));
    let answer: Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(answer["data"]["state"], "SNIPPETS_ONLY");
    assert_eq!(answer["data"]["found"]["hits"].as_array().unwrap().len(), 1);
    assert_eq!(house.asked(), 0);
    let kinds: Vec<_> = house.home.events().iter().map(|e| e["kind"].clone()).collect();
    assert!(!kinds.contains(&"copilot.asked".into()), "{kinds:?}");
}

#[test]
fn a_preview_sends_nothing_and_its_hash_is_a_yes_to_it_alone() {
    let house = House::new(false, good());
    let preview = house.ask(&["--preview"]);
    assert_eq!(house.asked(), 0);
    let hash = preview["sends"]["digest"].as_str().unwrap();
    assert!(preview["sends"]["text"].as_str().unwrap().contains("Keep 24 px free"));
    let answer = house.ask(&["--seen", hash]);
    assert_eq!((&answer["state"], house.asked()), (&"GROUNDED".into(), 1));
    // What was shown is not what would go now.
    house
        .home
        .file("rules/logo.md", "# Logo\n\nKeep 32 px free around the logo.\n");
    let ran = house.home.run(&["--json", "copilot", "ask", QUESTION, "--seen", hash]);
    let told = format!("{}{}", talk(&ran), String::from_utf8_lossy(&ran.stdout));
    assert!(!told.contains("GROUNDED"), "{told}");
    assert_eq!(house.asked(), 1, "{told}");
}

#[rstest]
#[case::agreed_beforehand(false, &["--yes"])]
#[case::on_this_machine(true, &[])]
fn a_yes_or_a_local_model_is_asked_at_once(#[case] is_local: bool, #[case] more: &[&str]) {
    let house = House::new(is_local, good());
    let answer = house.ask(more);
    assert_eq!((&answer["state"], house.asked()), (&"GROUNDED".into(), 1), "{answer}");
    let kinds: Vec<_> = house
        .home
        .events()
        .iter()
        .map(|e| e["kind"].as_str().unwrap().to_owned())
        .collect();
    let at = |kind: &str| kinds.iter().position(|k| k == kind).unwrap();
    assert!(at("copilot.asked") < at("copilot.exchange"), "{kinds:?}");
}

/// The change of an event with this name.
fn told<'e>(event: &'e Value, name: &str) -> &'e str {
    let all = event["changes"].as_array().unwrap();
    let change = all.iter().find(|c| c["field"] == name).unwrap();
    change["to"].as_str().unwrap()
}

#[test]
fn an_engine_killed_in_the_middle_of_an_answer_leaves_its_row() {
    let slow = Answer::steps([Step::Text(chunk("Keep 24 px", None)), Step::Stall]);
    let house = House::new(true, vec![slow]);
    let mut serve = house
        .home
        .command(&["serve"])
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(serve.stderr.take().unwrap()).lines();
    let mut serve = Running(serve);
    assert!(lines.any(|l| l.unwrap().contains("the engine runs")));
    let asking = house
        .home
        .command(&["copilot", "ask", QUESTION])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let mut asking = Running(asking.unwrap());
    until("the question at the model", || house.asked() == 1);
    // The asker dies with it: it must not become the next engine, and ask again.
    asking.kill_9();
    serve.kill_9();
    let events = house.home.events();
    let of = |kind: &str| events.iter().filter(|e| e["kind"] == kind).collect::<Vec<_>>();
    let (asked, rows) = (of("copilot.asked"), of("copilot.exchange"));
    assert_eq!((asked.len(), rows.len()), (1, 1), "{events:?}");
    assert_eq!(told(rows[0], "finish"), "lost with the engine");
    assert_eq!((told(rows[0], "cost"), told(rows[0], "tokens")), ("unknown", "unknown"));
    assert_eq!(told(rows[0], "sent.sha256"), told(asked[0], "sent.sha256"));
    assert_eq!(house.asked(), 1, "no model is asked twice");
}
