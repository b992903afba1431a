//! Recorded streams and what they say, however they are cut.

use std::{collections::BTreeMap, time::Duration};

use rstest::rstest;

use super::*;
use crate::engine::model::time::Timestamp;

/// A stream as a server sends it, written with LF.
struct Recorded {
    name: &'static str,
    kind: ModelKind,
    bytes: &'static str,
    /// The events in short.
    says: &'static str,
}

const OPEN: &str = concat!(
    r#"data: {"id":"c1","object":"chat.completion.chunk","model":"M","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}"#,
    "\n\n",
    r#"data: {"id":"c1","model":"M","choices":[{"index":0,"delta":{"content":"Keep “20 px” "},"finish_reason":null}]}"#,
    "\n\n"
);

macro_rules! recorded {
    ($($name:literal $kind:ident: [$($line:expr),* $(,)?] => $says:literal;)+) => {
        const RECORDED: &[Recorded] = &[$(Recorded {
            name: $name,
            kind: ModelKind::$kind,
            bytes: concat!($($line, "\n\n"),*),
            says: $says,
        }),+];
    };
}

recorded! {
    "plain" OpenaiChat: [
        r#"data: {"id":"c1","model":"M","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}"#,
        r#"data: {"id":"c1","model":"M","choices":[{"index":0,"delta":{"content":"Keep “20 px” "}}]}"#,
        r#"data: {"id":"c1","model":"M","choices":[{"index":0,"delta":{"content":"free [S1]."}}]}"#,
        r#"data: {"id":"c1","model":"M","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
        r#"data: {"id":"c1","model":"M","choices":[],"usage":{"prompt_tokens":812,"completion_tokens":64,"prompt_tokens_details":{"cached_tokens":512},"completion_tokens_details":{"reasoning_tokens":3}}}"#,
        "data: [DONE]"
    ] => "start c1 M|Keep “20 px” |free [S1].|usage 812 512 64 3|complete";
    "done twice" OpenaiChat: [
        r#"data: {"id":"c1","choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}"#,
        "data: [DONE]", "data: [DONE]"
    ] => "start c1 -|a|complete";
    "done missing" OpenaiChat: [
        r#"data: {"choices":[{"delta":{"content":"a"}}]}"#,
        r#"data: {"choices":[{"delta":{},"finish_reason":"length"}]}"#
    ] => "start - -|a|truncated";
    "ended without a reason" OpenaiChat: [
        r#"data: {"choices":[{"delta":{"content":"ab"}}]}"#
    ] => "start - -|ab|Interrupted 2";
    "done without a reason" OpenaiChat: [
        r#"data: {"choices":[{"delta":{"content":"ab"}}]}"#, "data: [DONE]"
    ] => "start - -|ab|other no reason given";
    "choices empty, null, absent; content null" OpenaiChat: [
        r#"data: {"id":"x","choices":[]}"#, r#"data: {"choices":null}"#, r#"data: {"x":1}"#,
        r#"data: {"choices":[{"delta":{"content":null},"finish_reason":null}]}"#,
        r#"data: {"choices":[{"delta":{"content":"a"},"finish_reason":"content_filter"}],"usage":null}"#,
        "data: [DONE]"
    ] => "start x -|a|filtered";
    "usage on every chunk" OpenaiChat: [
        r#"data: {"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":5,"completion_tokens":1}}"#,
        r#"data: {"choices":[{"delta":{"content":"b"},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":2}}"#,
        "data: [DONE]"
    ] => "start - -|a|b|usage 5 0 2 0|complete";
    "reasoning by either name" OpenaiChat: [
        r#"data: {"choices":[{"delta":{"reasoning_content":"hm "}}]}"#,
        r#"data: {"choices":[{"delta":{"reasoning":"so"}}]}"#,
        r#"data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}"#
    ] => "start - -|(hm )|(so)|a|complete";
    "error before the first delta" OpenaiChat: [
        r#"data: {"error":{"message":"The server had an error","type":"server_error","code":null}}"#
    ] => "Overloaded";
    "error after the first delta" OpenaiChat: [
        r#"data: {"choices":[{"delta":{"content":"abc"}}]}"#,
        r#"data: {"object":"error","message":"out of memory","type":"InternalServerError","code":500}"#
    ] => "start - -|abc|Interrupted 3";
    "comments, names, ids, odd fields" OpenaiChat: [
        ": keep-alive", "event: x\nid: 7\nretry: 3\nfoo: bar\ndata:{\"choices\":[{\"delta\":\ndata:{\"content\":\"a\"},\"finish_reason\":\"tool\"}]}"
    ] => "start - -|a|other tool";
    "a tool nobody offered" OpenaiChat: [
        r#"data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"rm"}}]}}]}"#
    ] => "start - -|Protocol";
    "an event that is no JSON" OpenaiChat: [r"data: hello"] => "Protocol";
    "a document" OpenaiChat: [
        r#"{"id":"c2","model":"M","choices":[{"message":{"role":"assistant","content":"Whole."},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":2}}"#
    ] => "start c2 M|Whole.|usage 9 0 2 0|complete";
    "a document with an error" OpenaiChat: [
        r#"{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}"#
    ] => "QuotaExhausted";
    "a page" OpenaiChat: ["<!doctype html><html>"] => "Protocol";
    "messages" Anthropic: [
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"model\":\"M\",\"content\":[],\"usage\":{\"input_tokens\":300,\"cache_read_input_tokens\":512,\"output_tokens\":1}}}",
        "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
        "event: ping\ndata: {\"type\":\"ping\"}",
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"hm\"}}",
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":\"zz\"}}",
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Keep é \"}}",
        "event: something_new\ndata: {\"type\":\"something_new\"}",
        "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}",
        "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":64}}",
        "event: message_stop\ndata: {\"type\":\"message_stop\"}"
    ] => "start msg_1 M|(hm)|Keep é |usage 812 512 64 0|complete";
    "messages, an error first" Anthropic: [
        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"
    ] => "Overloaded";
    "messages, an error later" Anthropic: [
        "data: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"usage\":{\"input_tokens\":3}}}",
        "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"abcd\"}}",
        "data: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"Oh\"}}"
    ] => "start m -|abcd|usage 3 0 0 0|Interrupted 4";
    "messages, refused" Anthropic: [
        "data: {\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}",
        "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"refusal\"}}",
        "data: {\"type\":\"message_stop\"}"
    ] => "start m -|filtered";
    "messages, full" Anthropic: [
        "data: {\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}",
        "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"max_tokens\"}}"
    ] => "start m -|truncated";
    "messages, a document" Anthropic: [
        r#"{"id":"m","type":"message","model":"M","content":[{"type":"text","text":"Whole."}],"stop_reason":"end_turn","usage":{"input_tokens":4,"output_tokens":2}}"#
    ] => "start m M|Whole.|usage 4 0 2 0|complete";
}

fn short(events: &[Event]) -> String {
    let or = |t: &Option<String>| t.clone().unwrap_or_else(|| "-".to_owned());
    let mut parts: Vec<String> = Vec::new();
    for event in events {
        parts.push(match event {
            Event::Started { request_id, model } => format!("start {} {}", or(request_id), or(model)),
            Event::Text(text) => text.clone(),
            Event::Reasoning(text) => format!("({text})"),
            Event::Usage(u) => format!("usage {} {} {} {}", u.input, u.cached, u.output, u.reasoning),
            Event::Finished(Finish::Other(word)) => format!("other {word}"),
            Event::Finished(finish) => format!("{finish:?}").to_lowercase(),
            Event::Failed(LlmError::Interrupted { chars, .. }) => format!("Interrupted {chars}"),
            Event::Failed(error) => format!("{error:?}").split(' ').next().unwrap().to_owned(),
        });
    }
    parts.join("|")
}

fn decode<'p>(kind: ModelKind, pieces: impl IntoIterator<Item = &'p [u8]>) -> Vec<Event> {
    let mut decoder = Decoder::new(kind, None, false);
    let mut events = Vec::new();
    for piece in pieces {
        events.extend(decoder.push(piece));
    }
    events.extend(decoder.end(Ending::Clean));
    events.extend(decoder.end(Ending::Clean));
    events
}

/// The stream with each line ending, with and without a byte order mark, whole and without its last blank line.
fn variants(bytes: &str) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for ending in ["\n", "\r\n", "\r"] {
        for mark in ["", "\u{feff}"] {
            let text = format!("{mark}{}", bytes.replace('\n', ending));
            let cut = text.trim_end_matches(['\n', '\r']).as_bytes().to_vec();
            all.push(text.into_bytes());
            all.push(cut);
        }
    }
    all
}

#[test]
fn every_recorded_stream_says_what_it_says() {
    for r in RECORDED {
        for bytes in variants(r.bytes) {
            assert_eq!(short(&decode(r.kind, [bytes.as_slice()])), r.says, "{}", r.name);
        }
    }
}

#[test]
fn any_split_same_events() {
    let mut random = fastrand::Rng::with_seed(7);
    for r in RECORDED {
        for bytes in variants(r.bytes) {
            let whole = decode(r.kind, [bytes.as_slice()]);
            for at in 0..=bytes.len() {
                let (a, b) = bytes.split_at(at);
                assert_eq!(decode(r.kind, [a, b]), whole, "{} cut at {at}", r.name);
            }
            assert_eq!(decode(r.kind, bytes.chunks(1)), whole, "{} byte by byte", r.name);
            // 12 variants of each stream: a thousand random splits in all.
            for _ in 0..84 {
                let mut pieces = Vec::new();
                let mut rest = bytes.as_slice();
                while !rest.is_empty() {
                    let (piece, next) = rest.split_at(random.usize(1..=rest.len().min(90)));
                    pieces.push(piece);
                    rest = next;
                }
                assert_eq!(decode(r.kind, pieces), whole, "{} at random", r.name);
            }
        }
    }
}

#[test]
fn a_broken_connection_keeps_what_had_arrived() {
    let lost = || {
        Ending::Broken(LlmError::Interrupted {
            chars: 0,
            why: "reset".into(),
        })
    };
    let mut decoder = Decoder::new(ModelKind::OpenaiChat, Some("r-1".into()), false);
    let mut events = decoder.push(OPEN.as_bytes());
    events.extend(decoder.end(lost()));
    assert_eq!(short(&events), "start r-1 M|Keep “20 px” |Interrupted 13");
    // The reason to end had arrived: only the last words of the protocol were lost.
    let mut decoder = Decoder::new(ModelKind::OpenaiChat, None, false);
    let mut events = decoder.push(br#"data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}"#);
    events.extend(decoder.push(b"\n\n"));
    events.extend(decoder.end(lost()));
    assert_eq!(short(&events), "start - -|a|complete");
}

#[test]
fn endless_and_broken_bytes_are_bounded() {
    let mut decoder = Decoder::new(ModelKind::OpenaiChat, None, false);
    let line = vec![b'x'; 64 * 1024];
    let mut events = decoder.push(b"data: ");
    for _ in 0..80 {
        events.extend(decoder.push(&line));
    }
    assert_eq!(short(&events), "Protocol");
    let utf8 = decode(ModelKind::OpenaiChat, [b"data: {\"x\":\"\xff\"}\n\n".as_slice()]);
    assert_eq!(short(&utf8), "Protocol");
    let empty = "data: {\"choices\":[{\"delta\":{\"content\":\"\"}}]}\n\n".repeat(2_000);
    assert_eq!(
        short(&decode(ModelKind::OpenaiChat, [empty.as_bytes()])),
        "start - -|Interrupted 0"
    );
    assert_eq!(short(&decode(ModelKind::OpenaiChat, [])), "Interrupted 0");
}

#[test]
fn a_forced_tool_is_the_answer() {
    let stream = concat!(
        "data: {\"type\":\"content_block_start\",\"content_block\":{\"type\":\"tool_use\",\"name\":\"patch\",\"input\":{}}}\n\n",
        "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"a\\\":1}\"}}\n\n",
        "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"}}\n\n",
        "data: {\"type\":\"message_stop\"}\n\n"
    );
    let mut decoder = Decoder::new(ModelKind::Anthropic, None, true);
    assert_eq!(short(&decoder.push(stream.as_bytes())), "{\"a\":1}|complete");
    let mut unasked = Decoder::new(ModelKind::Anthropic, None, false);
    assert_eq!(short(&unasked.push(stream.as_bytes())), "Protocol");
}

proptest::proptest! {
    #[test]
    fn no_bytes_panic_and_the_end_is_single(bytes: Vec<u8>, anthropic: bool) {
        let kind = if anthropic { ModelKind::Anthropic } else { ModelKind::OpenaiChat };
        let events = decode(kind, bytes.chunks(7));
        let last = |e: &&Event| matches!(e, Event::Finished(_) | Event::Failed(_));
        proptest::prop_assert_eq!(events.iter().filter(last).count(), 1);
        proptest::prop_assert!(events.last().is_some_and(|e| last(&e)));
    }
}

fn ask() -> Ask {
    Ask {
        model: "M".into(),
        system: "Rules.".into(),
        turns: vec![Turn {
            role: Role::User,
            text: "May \"it\" run?".into(),
        }],
        answer_tokens: 800,
        temperature: None,
        shape: None,
    }
}

#[test]
fn the_requests_as_they_are_sent() {
    let mut full = ask();
    full.temperature = Some("0.2".parse().unwrap());
    full.shape = Some(Shape {
        name: "patch".into(),
        schema: serde_json::json!({"type": "object"}),
    });
    let all = OptionalFields {
        no_stream_options: true,
        completion_tokens: true,
        no_temperature: true,
        no_response_format: true,
    };
    let mut out = String::new();
    for kind in [ModelKind::OpenaiChat, ModelKind::Anthropic] {
        for (ask, fields) in [
            (&ask(), OptionalFields::default()),
            (&full, OptionalFields::default()),
            (&full, all),
        ] {
            let r = kind.request(ask, fields);
            let body: serde_json::Value = serde_json::from_slice(r.body.as_deref().unwrap()).unwrap();
            out = format!("{out}{} {:?} {:?}\n{body}\n", r.path, r.key, r.headers);
        }
    }
    insta::assert_snapshot!(out);
}

fn refused(status: u16, headers: &[(&str, &str)], body: &str) -> Refusal {
    let headers: BTreeMap<_, _> = headers
        .iter()
        .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
        .collect();
    let now = Timestamp::parse("2026-11-20T10:00:00Z").unwrap();
    refusal(status, &headers, body.as_bytes(), now, OptionalFields::default())
}

#[rstest]
#[case::wording(429, &[], r#"{"error":{"message":"Rate limit reached. Please try again in 1.898s.","type":"tokens","code":"rate_limit_exceeded"}}"#, "RateLimited", Some(1_898))]
#[case::seconds(429, &[("retry-after", "7")], "{}", "RateLimited", Some(7_000))]
#[case::no_hint(429, &[], r#"{"error":{"message":"Too many requests"}}"#, "RateLimited", None)]
#[case::quota(429, &[("retry-after", "7")], r#"{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}"#, "QuotaExhausted", None)]
#[case::spend(429, &[], r#"{"type":"error","error":{"type":"rate_limit_error","message":"Spend limit","details":{"error_code":"enforced_spend_limit_reached"}}}"#, "QuotaExhausted", None)]
#[case::billing(402, &[], r#"{"type":"error","error":{"type":"billing_error","message":"Pay"}}"#, "QuotaExhausted", None)]
#[case::key(401, &[], r#"{"error":{"message":"Incorrect API key provided: sk-abcdef123456.","code":"invalid_api_key"}}"#, "Auth", None)]
#[case::rights(403, &[], "", "Auth", None)]
#[case::path(404, &[], r#"{"detail":"Not Found"}"#, "BadRequest", None)]
#[case::html(502, &[], "<html><head><title>502 Bad Gateway</title></head></html>", "Overloaded", None)]
#[case::busy(529, &[], r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, "Overloaded", None)]
#[case::slow(408, &[], "", "Overloaded", None)]
#[case::list(400, &[], r#"[{"error":{"code":400,"message":"Bad field","status":"INVALID_ARGUMENT"}}]"#, "BadRequest", None)]
#[case::plain(400, &[], r#"{"error":"model 'x' not found"}"#, "BadRequest", None)]
fn a_refusal_is_understood(
    #[case] status: u16,
    #[case] headers: &[(&str, &str)],
    #[case] body: &str,
    #[case] kind: &str,
    #[case] millis: Option<u64>,
) {
    let error = refused(status, headers, body).error;
    assert!(format!("{error:?}").starts_with(kind), "{error:?}");
    assert_eq!(error.hint(), millis.map(Duration::from_millis));
    assert!(!error.to_string().contains("abcdef"), "{error}");
}

#[rstest]
#[case::openai(400, r#"{"error":{"message":"This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#)]
#[case::vllm(400, r#"{"object":"error","message":"This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4200 in the messages, 800 in the completion).","type":"BadRequestError","param":null,"code":400}"#)]
#[case::vllm_old(400, r#"{"object":"error","message":"The prompt (total length 9000) is longer than the maximum model length of 4096.","code":400}"#)]
#[case::anthropic(400, r#"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}"#)]
#[case::anthropic_both(400, r#"{"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 199500 + 800 > 200000"}}"#)]
#[case::llama_cpp(400, r#"{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error"}}"#)]
#[case::ollama(
    400,
    r#"{"error":{"message":"input length exceeds the context length","type":"api_error"}}"#
)]
#[case::lm_studio(400, r#"{"error":"Trying to keep the first 9000 tokens when the number of tokens to keep from the initial prompt is greater than the context length."}"#)]
#[case::gemini(400, r#"[{"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}]"#)]
#[case::groq(400, r#"{"error":{"message":"Please reduce the length of the messages or completion.","type":"invalid_request_error","code":"context_length_exceeded"}}"#)]
#[case::tgi(422, r#"{"error":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4000 `inputs` tokens and 800 `max_new_tokens`"}"#)]
#[case::xai(
    400,
    r#"{"error":"This model's maximum prompt length is 131072 but the request contains 140000 tokens."}"#
)]
#[case::bytes(
    413,
    r#"{"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}"#
)]
fn context_too_long_in_every_wording(#[case] status: u16, #[case] body: &str) {
    let refusal = refused(status, &[], body);
    assert!(matches!(refusal.error, LlmError::ContextTooLong { .. }), "{refusal:?}");
    assert_eq!(refusal.without, None, "no optional field is to blame");
}

#[rstest]
#[case::param(
    r#"{"error":{"message":"Unknown parameter","param":"stream_options"}}"#,
    "stream_options"
)]
#[case::renamed(r#"{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","param":"max_tokens"}}"#, "max_completion_tokens")]
#[case::temperature(
    r#"{"error":{"message":"Unsupported value: 'temperature' does not support 0.2 with this model."}}"#,
    "temperature"
)]
#[case::format(r#"{"error":"response_format json_schema is not supported"}"#, "response_format")]
#[case::other(r#"{"error":{"message":"model not found"}}"#, "")]
fn a_refused_optional_field_is_left_out_once(#[case] body: &str, #[case] field: &str) {
    let without = refused(400, &[], body).without;
    let Some(fields) = without else {
        assert_eq!(field, "");
        return;
    };
    let request = ModelKind::OpenaiChat.request(&ask(), fields);
    let sent = String::from_utf8(request.body.unwrap()).unwrap();
    assert_eq!(sent.contains(field), field == "max_completion_tokens", "{sent}");
    assert_eq!(fields.without("", body), None, "the same refusal again is final");
}
