//! What reaches the server of a whole question: fences, secrets, snippets that stay, and what is left when it fails.

use std::sync::Arc;

use omnitraffick::engine::{
    clock::{Entropy as _, SystemEntropy},
    copilot::{
        check::EndState,
        exchange::{Answered, Exchange, Question, SnippetsOnly},
        prompt::{Fact, Material, Past, SentSnippet},
        purpose::Purpose,
        wire::ModelKind,
    },
};
use rstest::rstest;
use tokio_util::sync::CancellationToken;

use super::{
    faults::{client, patience, server},
    model_server::Answer,
};

fn snippet(n: usize, text: &str) -> SentSnippet {
    SentSnippet {
        id: format!("brand@1#{n}"),
        title: "Brand guide".into(),
        heading: "Logo › Space".into(),
        text: text.into(),
        effective: None,
        may_leave_host: true,
        reviewed: false,
    }
}

fn says(text: &str) -> Answer {
    let chunk = serde_json::json!({"choices": [{"delta": {"content": text}, "finish_reason": "stop"}]});
    Answer::stream(&format!("data: {chunk}\n\ndata: [DONE]\n\n"))
}

async fn ask(answers: Vec<Answer>, material: Material<'_>) -> (Answered, Vec<String>) {
    let (server, url) = server(answers).await;
    let entropy = Arc::new(SystemEntropy::seeded(5));
    let exchange = Exchange::new(client(&url, ModelKind::OpenaiChat, patience()), entropy);
    let question = Question {
        material,
        spent_today: 0,
        confirmed: false,
        seen: None,
    };
    let answered = exchange.ask(&question, &CancellationToken::new(), &mut |_| {}).await;
    let bodies = server
        .received()
        .iter()
        .map(|r| String::from_utf8_lossy(&r.body).into_owned())
        .collect();
    (answered, bodies)
}

fn material<'a>(question: &'a str, snippets: &'a [SentSnippet]) -> Material<'a> {
    Material {
        purpose: Purpose::Answer,
        question,
        facts: &[],
        snippets,
        history: &[],
        secrets: &[],
    }
}

#[tokio::test]
async fn a_question_from_end_to_end() {
    let snippets = [
        snippet(1, "Keep 20 px around the logo."),
        snippet(2, "Mail lea@brand.example for more than 5 uses."),
    ];
    let answer = "Keep 20 px around the logo [S1]. Mail <EMAIL_1> for more than 5 uses [S2].";
    let (answered, bodies) = ask(vec![says(answer)], material("How much space?", &snippets)).await;
    let Answered::Model(got) = answered else {
        panic!("{answered:?}")
    };
    assert_eq!(got.checked.state, EndState::Grounded, "{:?}", got.checked);
    assert!(got.shown.contains("Mail lea@brand.example"), "{}", got.shown);
    assert!(!bodies[0].contains("lea@brand.example"));
    let body: serde_json::Value = serde_json::from_str(&bodies[0]).unwrap();
    let user = body["messages"][1]["content"].as_str().unwrap();
    let system = body["messages"][0]["content"].as_str().unwrap();
    assert!(system.contains("NO_RULE") && system.contains("Text between <<"));
    // Unreviewed text has no spaces; the question has its own.
    assert!(
        !user.contains("Keep 20 px") && user.contains("The question:\nHow much space?"),
        "{user}"
    );
}

#[tokio::test]
async fn the_marker_is_a_space_again_before_the_check() {
    let snippets = [snippet(1, "Keep 20 px around the logo.")];
    let (server, url) = server(vec![says("x")]).await;
    let exchange = Exchange::new(
        client(&url, ModelKind::OpenaiChat, patience()),
        Arc::new(SystemEntropy::seeded(5)),
    );
    let prompt = exchange
        .preview(&material("q", &snippets), &CancellationToken::new())
        .await
        .unwrap();
    let line = prompt.turns[0].text.lines().find(|l| l.starts_with("Keep")).unwrap();
    assert_eq!(prompt.unmark(line), "Keep 20 px around the logo.");
    assert!(server.received().is_empty(), "a preview sends nothing");
}

#[tokio::test]
async fn what_may_not_leave_stays() {
    let mut snippets = [snippet(1, "Open rule."), snippet(2, "House secret rule.")];
    snippets[1].may_leave_host = false;
    let facts = [
        Fact {
            name: "platform".into(),
            value: "Meta".into(),
            may_leave_host: true,
        },
        Fact {
            name: "budget".into(),
            value: "777000".into(),
            may_leave_host: false,
        },
    ];
    let all = Material {
        facts: &facts,
        ..material("q", &snippets)
    };
    let (answered, bodies) = ask(vec![says("NO_RULE")], all).await;
    let Answered::Model(got) = answered else {
        panic!("{answered:?}")
    };
    assert_eq!(got.checked.state, EndState::NoRuleFound);
    assert_eq!(
        (
            got.prompt.withheld_snippets.as_slice(),
            got.prompt.withheld_facts.as_slice()
        ),
        (["brand@1#2".to_owned()].as_slice(), ["budget".to_owned()].as_slice())
    );
    assert!(!bodies[0].contains("secret") && !bodies[0].contains("777000") && bodies[0].contains("Meta"));
    let (answered, bodies) = ask(vec![says("x")], material("q", &snippets[1..])).await;
    assert_eq!((answered.state(), bodies.len()), (EndState::SnippetsOnly, 0));
}

const LONG: &str =
    r#"{"error":{"message":"This model's maximum context length is 100 tokens.","code":"context_length_exceeded"}}"#;

#[tokio::test]
async fn a_context_that_is_too_long_is_asked_once_more_with_half() {
    let snippets: Vec<_> = (0..6)
        .map(|n| snippet(n, &format!("Rule number {n} about the logo.")))
        .collect();
    let (answered, bodies) = ask(
        vec![Answer::refusal(400, &[], LONG), says("NO_RULE")],
        material("q", &snippets),
    )
    .await;
    let Answered::Model(got) = answered else {
        panic!("{answered:?}")
    };
    assert_eq!((bodies.len(), got.prompt.sent.len()), (2, 3));
    assert!(got.notes[0].contains("3 of 6 snippets"), "{:?}", got.notes);
    let (answered, bodies) = ask(vec![Answer::refusal(400, &[], LONG)], material("q", &snippets)).await;
    assert_eq!((answered.state(), bodies.len()), (EndState::SnippetsOnly, 2));
}

#[rstest]
#[case::key(Answer::refusal(401, &[], "{}"), "key")]
#[case::quota(Answer::refusal(402, &[], "{}"), "quota")]
#[case::trouble(Answer::refusal(503, &[], "{}"), "trouble")]
#[tokio::test]
async fn no_model_still_answers_with_snippets(#[case] answer: Answer, #[case] word: &str) {
    let (answered, _) = ask(vec![answer], material("q", &[snippet(1, "Rule.")])).await;
    let Answered::SnippetsOnly(SnippetsOnly { state, why, .. }) = answered else {
        panic!("{answered:?}")
    };
    assert!(state == EndState::SnippetsOnly && why.contains(word), "{why}");
}

/// Random secrets in every field, in other case, over line breaks, split over two snippets: none is in the bytes the
/// server received.
#[tokio::test]
async fn no_planted_secret_leaves() {
    let random = SystemEntropy::seeded(11);
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for round in 0..25 {
        let secret: String = (0..24)
            .map(|_| char::from(letters[usize::try_from(random.below(64)).unwrap()]))
            .collect();
        let at = 1 + usize::try_from(random.below(22)).unwrap();
        let (a, b) = secret.split_at(at);
        let snippets = [
            snippet(1, &format!("One {secret} two. {}", secret.to_lowercase())),
            snippet(2, &format!("Broken {a}\n  {b} up.")),
            snippet(3, &format!("Ends with {a}")),
            SentSnippet {
                title: format!("{b} begins"),
                ..snippet(4, &secret.to_uppercase())
            },
        ];
        let facts = [Fact {
            name: "note".into(),
            value: format!("see {secret}"),
            may_leave_host: true,
        }];
        let history = [Past {
            question: format!("is {secret} right?"),
            answer: format!("{secret} it is [S1]."),
        }];
        let question = format!("May {secret} run?");
        let all = Material {
            facts: &facts,
            history: &history,
            secrets: &[&secret],
            ..material(&question, &snippets)
        };
        let (_, bodies) = ask(vec![says("NO_RULE")], all).await;
        let plain = |t: &str| -> String {
            let kept = t.replace("\\n", "").to_lowercase();
            kept.chars()
                .filter(|c| !c.is_whitespace() && !"^¤¦§¬¶†‡◊ˆ‖※".contains(*c))
                .collect()
        };
        let sent = plain(&bodies[0]);
        assert!(sent.contains("<secret_1>"), "round {round}");
        for gram in plain(&secret).as_bytes().windows(8) {
            assert!(
                !sent.contains(std::str::from_utf8(gram).unwrap()),
                "round {round}: {secret} at {at}"
            );
        }
    }
}
