//! The Anthropic format: `POST {base}/v1/messages`, streamed.

use rust_decimal::prelude::ToPrimitive as _;
use serde_json::{Value, json};

use super::{
    Ask, Finish, KeyHeader, ModelRequest, OptionalFields,
    decoder::{State, count_at, parse, refuse_tool, text_at},
    refusal,
};

/// The version of the interface this was written against.
const VERSION: (&str, &str) = ("anthropic-version", "2023-06-01");

/// The request that asks. A shape is asked for by forcing one tool, whose input is then the answer.
pub fn request(ask: &Ask, fields: OptionalFields) -> ModelRequest {
    let turns: Vec<_> = ask
        .turns
        .iter()
        .map(|t| json!({"role": t.role.word(), "content": t.text}))
        .collect();
    let mut body = json!({"model": ask.model, "max_tokens": ask.answer_tokens, "stream": true, "messages": turns});
    if let Some(body) = body.as_object_mut() {
        let mut put = |key: &str, value: Value| body.insert(key.to_owned(), value);
        if !ask.system.is_empty() {
            put("system", json!(ask.system));
        }
        if let Some(t) = ask
            .temperature
            .and_then(|t| t.to_f64())
            .filter(|_| !fields.no_temperature)
        {
            put("temperature", json!(t));
        }
        if let Some(shape) = &ask.shape {
            put("tools", json!([{"name": shape.name, "input_schema": shape.schema}]));
            put("tool_choice", json!({"type": "tool", "name": shape.name}));
        }
    }
    ModelRequest {
        path: "v1/messages",
        headers: vec![
            ("content-type", "application/json"),
            ("accept", "text/event-stream"),
            VERSION,
        ],
        key: KeyHeader::Named("x-api-key"),
        body: Some(body.to_string().into_bytes()),
    }
}

/// The request that lists the models.
pub fn models() -> ModelRequest {
    ModelRequest {
        path: "v1/models",
        headers: vec![VERSION],
        key: KeyHeader::Named("x-api-key"),
        body: None,
    }
}

/// One event of the stream. What it is stands in its `type`; the event's name repeats it and is not read.
pub fn event(data: &str, state: &mut State) {
    let Some(json) = parse(data, state) else {
        return;
    };
    match text_at(&json, "type") {
        Some("message_start") => {
            let message = json.get("message").unwrap_or(&Value::Null);
            state.start(text_at(message, "id"), text_at(message, "model"));
            usage(message, state);
        }
        Some("content_block_start") => block(json.get("content_block").unwrap_or(&Value::Null), state),
        Some("content_block_delta") => delta(json.get("delta").unwrap_or(&Value::Null), state),
        Some("message_delta") => {
            usage(&json, state);
            stop(json.get("delta").unwrap_or(&Value::Null), state);
        }
        Some("message_stop") => state.done(),
        Some("error") => {
            if let Some(error) = refusal::inside(&json) {
                state.fail(error);
            }
        }
        _ => {}
    }
}

/// The whole answer as one document.
pub fn document(json: &Value, state: &mut State) {
    if let Some(error) = refusal::inside(json) {
        state.fail(error);
        return;
    }
    state.start(text_at(json, "id"), text_at(json, "model"));
    usage(json, state);
    for part in json.get("content").and_then(Value::as_array).into_iter().flatten() {
        block(part, state);
    }
    stop(json, state);
}

fn block(part: &Value, state: &mut State) {
    match text_at(part, "type") {
        Some("text") => state.text(text_at(part, "text").unwrap_or_default()),
        Some("thinking") => state.reasoning(text_at(part, "thinking").unwrap_or_default()),
        // The forced tool's input comes as deltas, or whole in a document.
        Some("tool_use") if state.takes_shape() => {
            if let Some(input) = part
                .get("input")
                .filter(|i| i.as_object().is_some_and(|o| !o.is_empty()))
            {
                state.text(&input.to_string());
            }
        }
        Some("tool_use" | "server_tool_use") => refuse_tool(state),
        _ => {}
    }
}

fn delta(delta: &Value, state: &mut State) {
    match text_at(delta, "type") {
        Some("text_delta") => state.text(text_at(delta, "text").unwrap_or_default()),
        Some("thinking_delta") => state.reasoning(text_at(delta, "thinking").unwrap_or_default()),
        Some("input_json_delta") => state.text(text_at(delta, "partial_json").unwrap_or_default()),
        _ => {}
    }
}

/// Input stands in the first event, output grows: the last figure of each counts. Tokens read from or written to the
/// cache are not in `input_tokens`; they are input all the same.
fn usage(holder: &Value, state: &mut State) {
    let Some(usage) = holder.get("usage").filter(|u| u.is_object()) else {
        return;
    };
    let counted = state.usage();
    if usage.get("input_tokens").is_some_and(Value::is_u64) {
        counted.cached = count_at(usage, "/cache_read_input_tokens");
        counted.input = count_at(usage, "/input_tokens")
            .saturating_add(counted.cached)
            .saturating_add(count_at(usage, "/cache_creation_input_tokens"));
    }
    if usage.get("output_tokens").is_some_and(Value::is_u64) {
        counted.output = count_at(usage, "/output_tokens");
    }
}

fn stop(holder: &Value, state: &mut State) {
    match text_at(holder, "stop_reason") {
        Some("end_turn" | "stop_sequence") => state.finish(Finish::Complete),
        Some("tool_use") if state.takes_shape() => state.finish(Finish::Complete),
        Some("max_tokens" | "model_context_window_exceeded") => state.finish(Finish::Truncated),
        Some("refusal") => state.finish(Finish::Filtered),
        Some(other) if !other.is_empty() => state.finish(Finish::Other(refusal::shown(other))),
        _ => {}
    }
}
