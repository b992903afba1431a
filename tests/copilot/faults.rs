//! A model server that fails in every way one can, over real sockets. Times are short: the waits themselves are tested
//! in virtual time where the hints are read.

use std::{sync::Arc, time::Duration};

use omnitraffick::{
    engine::{
        clock::{SystemClock, SystemEntropy},
        copilot::{
            client::{ModelClient, Outcome, Patience, Progress},
            cost::Limits,
            settings::{ModelSettings, OnSecret},
            wire::{Ask, Finish, LlmError, ModelKind, Role, Turn},
        },
    },
    platforms::transport::{FixedToken, HttpModelTransport, Secret, SecretSource},
};
use rstest::rstest;
use tokio_util::sync::CancellationToken;

use super::model_server::{Answer, ModelServer, Step};

pub const KEY: &str = "sk-test-0123456789abcdef";

pub fn patience() -> Patience {
    Patience {
        first: Duration::from_millis(150),
        idle: Duration::from_millis(150),
        retries: 3,
        base: Duration::from_millis(1),
        cap: Duration::from_millis(4),
        total: Duration::from_secs(2),
    }
}

pub fn settings(base_url: &str, kind: ModelKind) -> ModelSettings {
    ModelSettings {
        kind,
        base_url: base_url.to_owned(),
        model: "M".to_owned(),
        local: false,
        context_tokens: Some(8_000),
        answer_tokens: 800,
        temperature: None,
        price: None,
        limits: Limits::default(),
        on_secret: OnSecret::Replace,
    }
}

pub fn client(base_url: &str, kind: ModelKind, patience: Patience) -> ModelClient {
    let key: Arc<dyn SecretSource> = Arc::new(FixedToken(Secret::from_source(KEY).unwrap()));
    let transport = HttpModelTransport::new(base_url, Some(key), None).unwrap();
    ModelClient::new(
        Arc::new(transport),
        settings(base_url, kind),
        Arc::new(SystemClock),
        Arc::new(SystemEntropy::seeded(1)),
    )
    .with_patience(patience)
}

pub async fn server(answers: Vec<Answer>) -> (ModelServer, String) {
    let server = ModelServer::start("127.0.0.1:0".parse().unwrap(), answers)
        .await
        .unwrap();
    let url = format!("http://{}/v1", server.address);
    (server, url)
}

fn ask() -> Ask {
    Ask {
        model: "M".into(),
        system: "Rules.".into(),
        turns: vec![Turn {
            role: Role::User,
            text: "May it run?".into(),
        }],
        answer_tokens: 800,
        temperature: None,
        shape: None,
    }
}

async fn run(answers: Vec<Answer>) -> (Outcome, usize, Vec<Progress>) {
    let (server, url) = server(answers).await;
    let mut told = Vec::new();
    let outcome = client(&url, ModelKind::OpenaiChat, patience())
        .ask(&ask(), &CancellationToken::new(), &mut |p| told.push(p))
        .await;
    let said = format!("{outcome:?}");
    assert!(!said.contains(KEY), "{said}");
    (outcome, server.received().len(), told)
}

const A: &str = "data: {\"id\":\"c1\",\"model\":\"M\",\"choices\":[{\"delta\":{\"content\":\"Keep \"}}]}\n\n";
const END: &str = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n";

fn good() -> Answer {
    Answer::stream(&format!("{A}{END}"))
}

fn text(t: &str) -> Step {
    Step::Text(t.to_owned())
}

const QUOTA: &str = r#"{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}"#;
const SPEND: &str =
    r#"{"type":"error","error":{"type":"rate_limit_error","details":{"error_code":"enforced_spend_limit_reached"}}}"#;
const STREAM_ERROR: &str = "data: {\"error\":{\"message\":\"oh\",\"type\":\"server_error\"}}\n\n";

/// First answer, then good ones: how many requests arrive, and whether it ends well.
#[rstest]
#[case::error_object_first(Answer::stream(STREAM_ERROR), 2, true)]
#[case::retry_after_ms(Answer::refusal(429, &[("retry-after-ms", "5")], "{}"), 2, true)]
#[case::retry_after(Answer::refusal(429, &[("retry-after", "0.01")], "{}"), 2, true)]
#[case::retry_after_date(Answer::refusal(429, &[("retry-after", "Fri, 20 Nov 2026 10:00:00 GMT"), ("date", "Fri, 20 Nov 2026 10:00:00 GMT")], "{}"), 2, true)]
#[case::wording(Answer::refusal(429, &[], r#"{"error":{"message":"Please try again in 5ms."}}"#), 2, true)]
#[case::too_far(Answer::refusal(429, &[("retry-after", "3600")], "{}"), 1, false)]
#[case::no_hint(Answer::refusal(429, &[], "{}"), 1, false)]
#[case::quota(Answer::refusal(429, &[("retry-after-ms", "5")], QUOTA), 1, false)]
#[case::spend_limit(Answer::refusal(429, &[], SPEND), 1, false)]
#[case::trouble(Answer::refusal(500, &[], "{}"), 2, true)]
#[case::page(Answer::refusal(502, &[("content-type", "text/html")], "<html><title>Bad Gateway</title>"), 2, true)]
#[case::overloaded(Answer::refusal(529, &[], "{}"), 2, true)]
#[case::slow(Answer::refusal(408, &[], "{}"), 2, true)]
#[case::key(Answer::refusal(401, &[], r#"{"error":{"message":"bad key sk-test-0123456789abcdef"}}"#), 1, false)]
#[case::path(Answer::refusal(404, &[], "{}"), 1, false)]
#[case::redirect(Answer::refusal(302, &[("location", "http://127.0.0.1:1/")], ""), 1, false)]
#[case::optional(Answer::refusal(400, &[], r#"{"error":{"message":"Unknown field stream_options"}}"#), 2, true)]
#[case::reset_before_the_head(Answer::steps([Step::Reset]), 1, false)]
#[case::closed_before_the_head(Answer::steps([Step::Close]), 1, false)]
#[tokio::test]
async fn what_is_tried_again(#[case] first: Answer, #[case] requests: usize, #[case] ends_well: bool) {
    let (outcome, seen, told) = run(vec![first, good()]).await;
    assert_eq!(seen, requests, "{outcome:?}");
    assert_eq!(outcome.end == Ok(Finish::Complete), ends_well, "{outcome:?}");
    assert_eq!(outcome.text, if ends_well { "Keep " } else { "" });
    if ends_well {
        assert!(
            told.iter()
                .any(|p| matches!(p, Progress::Retry { number: 1, of: 3, .. } | Progress::Adapted))
        );
    }
}

#[tokio::test]
async fn three_retries_and_no_more() {
    let (outcome, seen, _) = run(vec![Answer::refusal(500, &[], "{}")]).await;
    assert_eq!((seen, outcome.retries), (4, 3));
    assert!(matches!(outcome.end, Err(LlmError::Overloaded { .. })), "{outcome:?}");
    assert_eq!(outcome.spent.usage.input, 0, "nobody took the question");
}

#[tokio::test]
async fn a_refused_field_is_remembered() {
    let refusal = Answer::refusal(
        400,
        &[],
        r#"{"error":{"message":"Use max_completion_tokens instead","param":"max_tokens"}}"#,
    );
    let (server, url) = server(vec![refusal, good()]).await;
    let client = client(&url, ModelKind::OpenaiChat, patience());
    for _ in 0..2 {
        let outcome = client.ask(&ask(), &CancellationToken::new(), &mut |_| {}).await;
        assert_eq!(outcome.end, Ok(Finish::Complete));
    }
    let bodies: Vec<_> = server
        .received()
        .iter()
        .map(|r| String::from_utf8_lossy(&r.body).into_owned())
        .collect();
    let renamed: Vec<_> = bodies.iter().map(|b| b.contains("max_completion_tokens")).collect();
    assert_eq!(renamed, [false, true, true]);
}

/// After the first delta nothing is sent again, and the text stays.
#[rstest]
#[case::error_object(vec![text(A), text(STREAM_ERROR)], "Interrupted")]
#[case::closed(vec![text(A), Step::Close], "Interrupted")]
#[case::reset(vec![text(A), Step::Reset], "Interrupted")]
#[case::clean_end_without_a_word(vec![text(A)], "Interrupted")]
#[case::stalled(vec![Step::Repeat(A.to_owned(), 1), Step::Stall], "Interrupted")]
#[case::bad_utf8(vec![text(A), Step::Hex("646174613a20ff0a0a".into())], "Interrupted")]
#[case::long_line(vec![text(A), text("data: "), Step::Repeat("x".repeat(65_536), 80)], "Interrupted")]
#[tokio::test]
async fn an_interruption_keeps_the_text(#[case] steps: Vec<Step>, #[case] kind: &str) {
    let (outcome, seen, _) = run(vec![Answer::steps(steps)]).await;
    assert_eq!((seen, outcome.text.as_str()), (1, "Keep "), "{outcome:?}");
    let error = outcome.end.unwrap_err();
    assert!(format!("{error:?}").starts_with(kind), "{error:?}");
    assert!(outcome.spent.estimated, "tokens were spent, nobody said how many");
}

#[rstest]
#[case::before_the_head(vec![Step::Stall])]
#[case::before_the_first_byte(vec![Step::Head, Step::Stall])]
#[tokio::test]
async fn silence_ends_the_wait(#[case] steps: Vec<Step>) {
    let (outcome, seen, _) = run(vec![Answer::steps(steps)]).await;
    assert_eq!(seen, 1);
    assert!(matches!(outcome.end, Err(LlmError::IdleTimeout { .. })), "{outcome:?}");
}

#[tokio::test]
async fn comments_keep_a_connection_alive() {
    let mut steps = Vec::new();
    // 240 ms of comments against 150 ms of patience.
    for _ in 0..8 {
        steps.extend([Step::Delay(30), text(": ping\n\n")]);
    }
    steps.extend([text(A), text(END)]);
    let (outcome, ..) = run(vec![Answer::steps(steps)]).await;
    assert_eq!(outcome.end, Ok(Finish::Complete), "{outcome:?}");
}

#[rstest]
#[case::counted(format!("{A}{END}"), false, 9)]
#[case::twice_done(format!("{A}{END}data: [DONE]\n\n"), false, 9)]
#[case::no_last_blank_line(format!("{A}{}", END.trim_end()), false, 9)]
#[case::not_counted(format!("{A}data: {{\"choices\":[{{\"delta\":{{}},\"finish_reason\":\"stop\"}}]}}\n\n"), true, 5)]
#[case::document("{\"choices\":[{\"message\":{\"content\":\"Keep \"},\"finish_reason\":\"stop\"}]}".to_owned(), true, 5)]
#[tokio::test]
async fn a_whole_answer_is_complete(#[case] stream: String, #[case] estimated: bool, #[case] input: u64) {
    let (outcome, seen, _) = run(vec![Answer::stream(&stream)]).await;
    assert_eq!(
        (outcome.end, outcome.text.as_str(), seen),
        (Ok(Finish::Complete), "Keep ", 1)
    );
    assert_eq!((outcome.spent.estimated, outcome.spent.usage.input), (estimated, input));
}

#[tokio::test]
async fn nobody_listens_and_no_tls() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    // Somebody who hangs up on the first word of TLS.
    let rude = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hangs_up = rude.local_addr().unwrap();
    tokio::spawn(async move { while rude.accept().await.is_ok() {} });
    for url in [format!("http://{address}/v1"), format!("https://{hangs_up}/v1")] {
        let outcome = client(&url, ModelKind::OpenaiChat, patience())
            .ask(&ask(), &CancellationToken::new(), &mut |_| {})
            .await;
        assert!(
            matches!(outcome.end, Err(LlmError::Network { sent: false, .. })),
            "{outcome:?}"
        );
        assert_eq!((outcome.retries, outcome.spent.usage.input), (3, 0));
    }
}

/// Cancelled at each stage: the server sees the connection close, and the text stays.
#[rstest]
#[case::before_the_head(vec![Step::Stall], "")]
#[case::before_the_first_byte(vec![Step::Head, Step::Stall], "")]
#[case::in_the_stream(vec![text(A), Step::Stall], "Keep ")]
#[tokio::test]
async fn a_cancel_closes_the_connection_and_keeps_the_text(#[case] steps: Vec<Step>, #[case] kept: &str) {
    let (server, url) = server(vec![Answer::steps(steps)]).await;
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    let patient = Patience {
        first: Duration::from_secs(20),
        idle: Duration::from_secs(20),
        ..patience()
    };
    let asked = tokio::spawn(async move {
        client(&url, ModelKind::OpenaiChat, patient)
            .ask(&ask(), &cancel, &mut |_| {})
            .await
    });
    server.until(|all| all.len() == 1).await;
    // Time for what was sent to be read.
    tokio::time::sleep(Duration::from_millis(40)).await;
    stop.cancel();
    let outcome = asked.await.unwrap();
    assert_eq!(outcome.text, kept);
    assert_eq!(
        outcome.end,
        Err(LlmError::Cancelled {
            chars: kept.chars().count()
        }),
        "{:?}",
        outcome.text
    );
    server.until(|all| all.iter().any(|r| r.left.is_some())).await;
}

#[tokio::test]
async fn a_cancel_ends_the_wait_for_a_retry() {
    let (_server, url) = server(vec![Answer::refusal(429, &[("retry-after", "1.5")], "{}")]).await;
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    let outcome = client(&url, ModelKind::OpenaiChat, patience())
        .ask(&ask(), &cancel, &mut |p| {
            if let Progress::Retry { .. } = p {
                stop.cancel();
            }
        })
        .await;
    assert_eq!(outcome.end, Err(LlmError::Cancelled { chars: 0 }));
}

#[tokio::test]
async fn the_request_on_the_wire() {
    for (kind, line, header) in [
        (
            ModelKind::OpenaiChat,
            "POST /v1/chat/completions HTTP/1.1",
            format!("authorization: bearer {KEY}"),
        ),
        (
            ModelKind::Anthropic,
            "POST /v1/v1/messages HTTP/1.1",
            format!("x-api-key: {KEY}"),
        ),
    ] {
        let (server, url) = server(vec![good()]).await;
        client(&url, kind, patience())
            .ask(&ask(), &CancellationToken::new(), &mut |_| {})
            .await;
        let one = server.received().remove(0);
        assert_eq!(one.head.lines().next(), Some(line));
        assert_eq!(
            one.head.to_ascii_lowercase().matches(&header).count(),
            1,
            "{}",
            one.head
        );
        assert!(!String::from_utf8_lossy(&one.body).contains(KEY));
    }
}
