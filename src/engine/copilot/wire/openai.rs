//! The OpenAI-compatible format: `POST {base}/chat/completions`, streamed.
//!
//! Servers of this format differ in every optional part; what we need is read wherever it stands and everything else is
//! ignored.

use rust_decimal::prelude::ToPrimitive as _;
use serde_json::{Value, json};

use super::{
    Ask, Finish, KeyHeader, ModelRequest, OptionalFields,
    decoder::{State, count_at, parse, refuse_tool, text_at},
    refusal,
};

/// The request that asks.
pub fn request(ask: &Ask, fields: OptionalFields) -> ModelRequest {
    let system = (!ask.system.is_empty()).then(|| json!({"role": "system", "content": ask.system}));
    let turns = ask
        .turns
        .iter()
        .map(|t| json!({"role": t.role.word(), "content": t.text}));
    let messages: Vec<_> = system.into_iter().chain(turns).collect();
    let limit = if fields.completion_tokens {
        "max_completion_tokens"
    } else {
        "max_tokens"
    };
    let mut body = json!({"model": ask.model, "stream": true, limit: ask.answer_tokens, "messages": messages});
    if let Some(body) = body.as_object_mut() {
        let mut put = |key: &str, value: Value| body.insert(key.to_owned(), value);
        if !fields.no_stream_options {
            put("stream_options", json!({"include_usage": true}));
        }
        if let Some(t) = ask
            .temperature
            .and_then(|t| t.to_f64())
            .filter(|_| !fields.no_temperature)
        {
            put("temperature", json!(t));
        }
        if let Some(shape) = ask.shape.as_ref().filter(|_| !fields.no_response_format) {
            let schema = json!({"name": shape.name, "schema": shape.schema});
            put("response_format", json!({"type": "json_schema", "json_schema": schema}));
        }
    }
    ModelRequest {
        path: "chat/completions",
        headers: vec![("content-type", "application/json"), ("accept", "text/event-stream")],
        key: KeyHeader::Bearer,
        body: Some(body.to_string().into_bytes()),
    }
}

/// The request that lists the models.
pub const fn models() -> ModelRequest {
    ModelRequest {
        path: "models",
        headers: Vec::new(),
        key: KeyHeader::Bearer,
        body: None,
    }
}

/// One event of the stream.
pub fn event(data: &str, state: &mut State) {
    if data.trim() == "[DONE]" {
        state.done();
        return;
    }
    let Some(chunk) = parse(data, state) else {
        return;
    };
    if let Some(error) = refusal::inside(&chunk) {
        state.fail(error);
        return;
    }
    read(&chunk, "delta", state);
}

/// The whole answer as one document.
pub fn document(json: &Value, state: &mut State) {
    match refusal::inside(json) {
        Some(error) => state.fail(error),
        None => read(json, "message", state),
    }
}

fn read(chunk: &Value, part: &str, state: &mut State) {
    state.start(text_at(chunk, "id"), text_at(chunk, "model"));
    if let Some(usage) = chunk.get("usage").filter(|u| u.is_object()) {
        let counted = state.usage();
        counted.input = count_at(usage, "/prompt_tokens");
        counted.output = count_at(usage, "/completion_tokens");
        counted.cached = count_at(usage, "/prompt_tokens_details/cached_tokens");
        counted.reasoning = count_at(usage, "/completion_tokens_details/reasoning_tokens");
    }
    let Some(choice) = chunk.pointer("/choices/0") else {
        return;
    };
    if let Some(delta) = choice.get(part) {
        let called = delta.get("tool_calls").and_then(Value::as_array);
        if called.is_some_and(|calls| !calls.is_empty()) || delta.get("function_call").is_some_and(Value::is_object) {
            refuse_tool(state);
            return;
        }
        let thought = text_at(delta, "reasoning_content").or_else(|| text_at(delta, "reasoning"));
        state.reasoning(thought.unwrap_or_default());
        match delta.get("content") {
            Some(Value::String(text)) => state.text(text),
            // Some gateways send the parts of the content instead of its text.
            Some(Value::Array(parts)) => parts
                .iter()
                .filter_map(|p| text_at(p, "text"))
                .for_each(|t| state.text(t)),
            _ => {}
        }
    }
    match text_at(choice, "finish_reason") {
        Some("stop") => state.finish(Finish::Complete),
        Some("length") => state.finish(Finish::Truncated),
        Some("content_filter") => state.finish(Finish::Filtered),
        Some(other) if !other.is_empty() => state.finish(Finish::Other(refusal::shown(other))),
        _ => {}
    }
}
