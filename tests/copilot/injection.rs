//! Texts that try to command the model, in every place a stranger's text can stand, and a model that obeys each of them.
//! Nothing comes of it: no change, no secret outside, no command to the terminal, no rule believed.

use std::sync::Arc;

use omnitraffick::engine::{
    clock::SystemEntropy,
    copilot::{
        check::EndState,
        exchange::{Answered, Exchange, Question},
        prompt::{Fact, Material, SentSnippet},
        purpose::Purpose,
        wire::ModelKind,
    },
    model::{event::EventKind, sanitise::is_unsafe},
};
use rstest::rstest;
use serde::Deserialize;
use tokio_util::sync::CancellationToken;

use super::{
    asking::{House, TOKEN, says},
    faults::{KEY, client, patience, server},
};

#[derive(Deserialize)]
struct Attack {
    name: String,
    text: String,
    obeys: String,
}

fn attacks() -> Vec<Attack> {
    let all: Vec<Attack> = include_str!("injections.jsonl")
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert!(all.len() >= 60);
    all
}

const RULE: &str = "Keep 20 px around the logo.";

fn snippet(text: &str) -> SentSnippet {
    SentSnippet {
        id: "house/logo.md@1#1".into(),
        title: "Brand guide".into(),
        heading: "Logo".into(),
        text: text.into(),
        effective: None,
        may_leave_host: true,
        reviewed: false,
    }
}

/// True for an answer whose planted figure could be taken for a rule of the house. Words without a figure or a quotation
/// are not judged by their meaning: they are shown with the source they name, for a person to read.
fn is_believed(state: EndState, text: &str) -> bool {
    let planted = ["1000000", "999999", "77777", "55555", "66666", "88888"];
    state == EndState::Grounded && planted.iter().any(|p| text.contains(p))
}

#[rstest]
#[case::guideline("")]
#[case::ticket("notes of the ticket")]
#[case::platform("the platform's refusal")]
#[case::landing("landing page")]
#[tokio::test]
async fn nothing_comes_of_it(#[case] channel: &str) {
    let attacks = attacks();
    let answers = attacks.iter().map(|a| says(&a.obeys)).collect();
    let (server, url) = server(answers).await;
    let exchange = Exchange::new(
        client(&url, ModelKind::OpenaiChat, patience()),
        Arc::new(SystemEntropy::seeded(5)),
    );
    for (n, attack) in attacks.iter().enumerate() {
        let planted = format!("{} {TOKEN}", attack.text);
        let (rule, facts) = if channel.is_empty() {
            (format!("{RULE}\n{planted}"), Vec::new())
        } else {
            let fact = Fact {
                name: channel.into(),
                value: planted,
                may_leave_host: true,
            };
            (RULE.to_owned(), vec![fact])
        };
        let snippets = [snippet(&rule)];
        let question = Question {
            material: Material {
                purpose: Purpose::Answer,
                question: "How much space?",
                facts: &facts,
                snippets: &snippets,
                history: &[],
                secrets: &[KEY, TOKEN],
            },
            spent_today: 0,
            confirmed: true,
            seen: None,
        };
        let answered = exchange.ask(&question, &CancellationToken::new(), &mut |_| {}).await;
        let Answered::Model(got) = answered else {
            panic!("{}: {answered:?}", attack.name)
        };
        let (shown, state) = (&got.shown, got.checked.state);
        assert!(
            shown.chars().all(|c| c == '\n' || !is_unsafe(c)),
            "{}: {shown:?}",
            attack.name
        );
        // A planted figure is in the planted text too where the guideline itself was rewritten: whoever writes the
        // house's guidelines writes its rules. Elsewhere it is nobody's rule.
        if !channel.is_empty() {
            assert!(!is_believed(state, shown), "{} through {channel}: {shown}", attack.name);
        }
        let received = server.received();
        let body = String::from_utf8_lossy(&received[n].body).into_owned();
        let bare = body.replace(|c: char| !c.is_alphanumeric(), "").to_lowercase();
        for secret in [KEY, TOKEN] {
            let secret = secret.replace(|c: char| !c.is_alphanumeric(), "").to_lowercase();
            assert!(!bare.contains(&secret), "{}: a secret left", attack.name);
        }
        let json: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert!(json.get("tools").is_none());
        let system = json["messages"][0]["content"].as_str().unwrap();
        let user = json["messages"][1]["content"].as_str().unwrap();
        let fence = system.split("between <<").nth(1).unwrap().split(' ').next().unwrap();
        assert!(!attack.text.contains(fence));
        let count = |words: String| user.matches(words.as_str()).count();
        let (opened, closed) = (count(format!("<<{fence}")), count(format!("{fence}>>")));
        assert_eq!((opened, closed), (1 + facts.len(), 1 + facts.len()), "{}", attack.name);
    }
}

/// Through a whole engine: every attack is a document of the house, and the model obeys. The journal holds questions
/// and nothing else.
#[tokio::test]
async fn no_question_changes_anything() {
    let attacks = attacks();
    let documents: Vec<(String, String)> = attacks
        .iter()
        .map(|a| {
            (
                format!("{}.md", a.name),
                format!("# Logo {}\n\n{RULE}\n{}\n", a.name, a.text),
            )
        })
        .collect();
    let documents: Vec<_> = documents.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    let answers = attacks.iter().map(|a| says(&a.obeys)).collect();
    let house = House::new(&documents, Some(answers)).await;
    let before = house.events().await.len();
    for attack in &attacks {
        let (answer, _) = house
            .answer(house.ask(&format!("space around the logo {}", attack.name)))
            .await;
        let text = answer.answer.map(|a| a.text).unwrap_or_default();
        assert!(
            text.chars().all(|c| c == '\n' || !is_unsafe(c)),
            "{}: {text:?}",
            attack.name
        );
    }
    let events = house.events().await;
    let new = &events[before..];
    let (asked, ended): (Vec<_>, Vec<_>) = new.iter().partition(|e| e.kind == EventKind::CopilotAsked);
    assert_eq!((asked.len(), ended.len()), (attacks.len(), attacks.len()));
    assert!(ended.iter().all(|e| e.kind == EventKind::CopilotExchange));
    for event in new {
        assert!(event.status.is_none());
        let words = serde_json::to_string(event).unwrap();
        assert!(
            !words.contains(TOKEN) && !words.contains(KEY) && !words.contains("\\u001b"),
            "{words}"
        );
    }
}
