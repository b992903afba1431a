//! What a model server means when it refuses: by status, by code, by wording.
//!
//! Codes are tried first and wordings last: a wording is what is left when a server sends nothing better.

use std::{collections::BTreeMap, sync::LazyLock};

use regex::Regex;
use serde_json::Value;

use super::{LlmError, OptionalFields, hints};
use crate::engine::model::{sanitise::excerpt, time::Timestamp};

/// Most bytes of a refusal that are read.
pub const MAX_REFUSAL: usize = 64 * 1024;

/// A refusal and whether the request can be changed so that it passes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What it means.
    pub error: LlmError,
    /// What to leave out from now on and send once more.
    pub without: Option<OptionalFields>,
}

/// How servers say that the context is too long, in small letters. Each is a part of the sentence that holds for every
/// length; the tests hold a whole sentence of each server.
const TOO_LONG: &[&str] = &[
    "maximum context length",               // OpenAI, vLLM, Azure, OpenRouter, Ollama, Mistral
    "context_length_exceeded",              // OpenAI's code, repeated by gateways in their message
    "prompt is too long",                   // Anthropic
    "exceed context limit",                 // Anthropic, input and answer together
    "exceeds the available context",        // llama.cpp
    "exceed_context_size",                  // llama.cpp's type
    "exceeds the context length",           // Ollama
    "greater than the context length",      // LM Studio
    "input is too long for",                // Bedrock
    "exceeds the maximum number of tokens", // Gemini
    "reduce the length of the messages",    // Groq
    "maximum prompt length",                // xAI
    "`inputs` tokens + `max_new_tokens`",   // TGI
    "longer than the maximum model length", // vLLM
    "context window",                       // gateways
    "too many tokens",                      // Cohere
];

/// Codes and types that mean money.
const NO_QUOTA: &[&str] = &[
    "insufficient_quota",
    "billing_error",
    "billing_hard_limit_reached",
    "billing_not_active",
    "enforced_spend_limit_reached",
    "spend_limit_reached",
];

/// What a server said about an error.
#[derive(Debug, Default)]
struct Said {
    message: String,
    /// Codes and types, in small letters.
    codes: Vec<String>,
    /// A code that is a status.
    status: Option<u16>,
    param: String,
}

/// Reads a refusal: an answer whose status is not 200. Header names are in small letters.
pub fn refusal(
    status: u16,
    headers: &BTreeMap<String, String>,
    body: &[u8],
    now: Timestamp,
    fields: OptionalFields,
) -> Refusal {
    let text = String::from_utf8_lossy(body);
    let said = serde_json::from_str::<Value>(&text).ok().and_then(|json| said(&json));
    let said = said.unwrap_or_else(|| Said {
        message: page(&text),
        ..Said::default()
    });
    let after = hints::after(headers, &said.message, now);
    let why = words(status, &said.message);
    let error = classify(status, &said, after, why);
    let may_change = matches!(error, LlmError::BadRequest { .. }) && [400, 422].contains(&status);
    let without = may_change.then(|| fields.without(&said.param, &said.message)).flatten();
    Refusal { error, without }
}

/// An error object inside an answer that began as a good one.
pub fn inside(json: &Value) -> Option<LlmError> {
    let is_error = json.get("error").is_some_and(|e| !e.is_null())
        || ["object", "type"]
            .iter()
            .any(|k| json.get(k).and_then(Value::as_str) == Some("error"));
    let said = is_error.then(|| said(json)).flatten()?;
    let after = hints::in_words(&said.message);
    let why = shown(if said.message.is_empty() {
        "an error without words"
    } else {
        &said.message
    });
    let status = said.status.unwrap_or_else(|| {
        let has = |part: &str| said.codes.iter().any(|c| c.contains(part));
        match () {
            () if has("rate_limit") => 429,
            () if has("authentication") || has("permission") || has("invalid_api_key") => 401,
            () if has("invalid_request") || has("bad_request") || has("badrequest") || has("not_found") => 400,
            // Overloaded, api_error, server_error and what nobody has seen yet: the server's trouble.
            () => 500,
        }
    });
    Some(classify(status, &said, after, why))
}

/// Words of a server, short and safe to show, without anything that looks like a key.
pub fn shown(text: &str) -> String {
    static KEYS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"\b(?:sk|pk|key|gsk|xai)[-_][A-Za-z0-9_*.-]{6,}").ok());
    let clean = KEYS
        .as_ref()
        .map_or_else(|| "(withheld)".into(), |k| k.replace_all(text, "(key)"));
    excerpt(clean.trim(), 240)
}

fn classify(status: u16, said: &Said, after: Option<std::time::Duration>, why: String) -> LlmError {
    let low = said.message.to_lowercase();
    let coded = |list: &[&str]| said.codes.iter().any(|c| list.contains(&c.as_str()));
    if status == 402 || coded(NO_QUOTA) {
        return LlmError::QuotaExhausted { why };
    }
    let by_code = coded(&[
        "context_length_exceeded",
        "exceed_context_size_error",
        "request_too_large",
    ]);
    if by_code || status == 413 || (status != 429 && status != 401 && TOO_LONG.iter().any(|w| low.contains(w))) {
        return LlmError::ContextTooLong { why };
    }
    match status {
        401 | 403 => LlmError::Auth { why },
        429 => LlmError::RateLimited { after, why },
        408 | 500..=599 => LlmError::Overloaded { after, why },
        _ => LlmError::BadRequest { why },
    }
}

/// Finds the error in every shape servers give it.
fn said(json: &Value) -> Option<Said> {
    let json = json.as_array().and_then(|list| list.first()).unwrap_or(json);
    let inner = match json.get("error") {
        Some(Value::String(text)) => {
            return Some(Said {
                message: text.clone(),
                ..Said::default()
            });
        }
        Some(inner) if inner.is_object() => inner,
        _ => json,
    };
    let text = |key: &str| inner.get(key).and_then(Value::as_str);
    let message = text("message").or_else(|| text("detail")).or_else(|| text("error"));
    let deep = inner.pointer("/details/error_code").and_then(Value::as_str);
    let codes = [text("code"), text("type"), text("status"), deep];
    let codes: Vec<_> = codes.into_iter().flatten().map(str::to_lowercase).collect();
    let status = inner
        .get("code")
        .and_then(Value::as_u64)
        .and_then(|c| u16::try_from(c).ok());
    (message.is_some() || !codes.is_empty()).then(|| Said {
        message: message.unwrap_or_default().to_owned(),
        codes,
        status,
        param: text("param").unwrap_or_default().to_owned(),
    })
}

/// What a body that is no JSON says: the title of a page, or its first words.
fn page(text: &str) -> String {
    static TITLE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?is)<title>\s*(.*?)\s*</title>").ok());
    let title = TITLE.as_ref().and_then(|t| t.captures(text)).and_then(|c| c.get(1));
    match title {
        Some(title) => format!("a web page titled \"{}\"", title.as_str()),
        None if text.trim_start().starts_with('<') => "a web page".to_owned(),
        None => text.trim().to_owned(),
    }
}

fn words(status: u16, message: &str) -> String {
    if message.is_empty() {
        format!("HTTP {status} without words")
    } else {
        format!("HTTP {status}: {}", shown(message))
    }
}
