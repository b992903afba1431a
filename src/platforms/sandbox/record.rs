//! What was asked and what was answered, one JSON object a line, for people and for tests.
//!
//! Invariant: a record holds no token. Headers are not recorded at all, secret parameters are replaced by name, and the
//! token the request came with is replaced wherever it appears (the platform writes it into paging links).

use std::{
    fs::File,
    io::Write as _,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    engine::model::{platform::PlatformId, time::Timestamp},
    platforms::{Body, Method, Part, WireRequest, WireResponse},
};

/// One request and its answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// When it arrived; for a late one, when it was carried out.
    pub time: Timestamp,
    /// The platform.
    pub platform: PlatformId,
    /// The method.
    pub method: Method,
    /// The path without version.
    pub path: String,
    /// Query parameters; JSON text is parsed.
    pub query: Value,
    /// The body: form fields as an object with JSON text parsed, or the JSON body; null when there is none.
    pub body: Value,
    /// The status the caller could see; null when it got no answer.
    pub response_status: Option<u16>,
    /// The body the caller could see (the whole of it, also when it was cut on the way); null when it got no answer.
    pub response_body: Value,
    /// The fault rule that fired.
    pub fault: Option<String>,
    /// Whether the platform carried the request out or refused it by its own rules (`true`), or a fault came before.
    pub reached_platform: bool,
}

/// Takes entries as they happen. Must not block for long.
pub type Recorder = Arc<dyn Fn(&Entry) + Send + Sync>;

/// Parameters whose values are secrets, on every platform.
const SECRET: [&str; 6] = [
    "access_token",
    "appsecret_proof",
    "input_token",
    "client_secret",
    "fb_exchange_token",
    "code",
];
const REDACTED: &str = "[redacted]";
/// Uploads are named by their size.
const LONG: usize = 16 * 1024;

impl Entry {
    /// Makes the entry of one request.
    pub(super) fn new(
        time: Timestamp,
        platform: PlatformId,
        request: &WireRequest,
        token: &str,
        response: Option<&WireResponse>,
        fault: Option<String>,
        reached_platform: bool,
    ) -> Self {
        let mut query = params(&request.query);
        let mut body = match &request.body {
            Body::Empty => Value::Null,
            Body::Form(pairs) => params(pairs),
            Body::Json(json) => json.value(),
            Body::Multipart(parts) => multipart(parts),
        };
        let mut response_body = response.map_or(Value::Null, |r| {
            serde_json::from_slice(&r.body)
                .unwrap_or_else(|_| Value::from(String::from_utf8_lossy(&r.body).into_owned()))
        });
        redact(&mut query, token);
        redact(&mut body, token);
        redact(&mut response_body, token);
        Self {
            time,
            platform,
            method: request.method,
            path: scrub(&request.path, token),
            query,
            body,
            response_status: response.map(|r| r.status),
            response_body,
            fault,
            reached_platform,
        }
    }
}

/// The parts of a body: parameters as in a form, and each file under its parameter as `{"file": .., "sha256": ..}`.
fn multipart(parts: &[Part]) -> Value {
    let texts: Vec<(String, String)> = Part::texts(parts)
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut body = params(&texts);
    if let Value::Object(map) = &mut body {
        for (name, file_name, asset) in Part::files(parts) {
            let file = serde_json::json!({
                "file": file_name, "sha256": asset.sha256, "bytes": asset.bytes, "type": asset.media,
            });
            map.insert(name.to_owned(), file);
        }
    }
    body
}

/// Pairs as an object; JSON objects and lists inside text are parsed, a repeated name becomes a list.
fn params(pairs: &[(String, String)]) -> Value {
    let mut map: Map<String, Value> = Map::new();
    for (name, text) in pairs {
        let value = if text.starts_with(['{', '[']) {
            serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.as_str()))
        } else {
            Value::from(text.as_str())
        };
        match map.get_mut(name) {
            None => {
                map.insert(name.clone(), value);
            }
            Some(Value::Array(all)) if pairs.iter().filter(|(n, _)| n == name).count() > 1 => all.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
    Value::Object(map)
}

fn redact(value: &mut Value, token: &str) {
    match value {
        Value::Object(map) => {
            for (name, inner) in map {
                if SECRET.contains(&name.as_str()) && inner.is_string() {
                    *inner = Value::from(REDACTED);
                } else {
                    redact(inner, token);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|v| redact(v, token)),
        Value::String(text) if text.len() > LONG => *text = format!("[{} bytes]", text.len()),
        Value::String(text) => *text = scrub(text, token),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn scrub(text: &str, token: &str) -> String {
    if token.is_empty() {
        text.to_owned()
    } else {
        text.replace(token, REDACTED)
    }
}

/// A recorder that appends lines to a file only its owner can read. A line that cannot be written is told to the log
/// once; the sandbox goes on.
pub fn to_file(path: &Path) -> std::io::Result<Recorder> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let file = File::options().create(true).append(true).mode(0o600).open(path)?;
    let state = Mutex::new((file, false));
    Ok(Arc::new(move |entry| {
        let mut line = serde_json::json!(entry).to_string();
        line.push('\n');
        let (file, failed) = &mut *state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(e) = file.write_all(line.as_bytes())
            && !*failed
        {
            *failed = true;
            tracing::error!(error = %e, "the sandbox record cannot be written; later requests may be missing from it");
        }
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry(request: &WireRequest, body: &str) -> Value {
        let response = WireResponse {
            status: 200,
            headers: std::collections::BTreeMap::new(),
            body: body.as_bytes().to_vec(),
        };
        let at = Timestamp::parse("2026-11-20T09:00:00Z").unwrap();
        json!(Entry::new(
            at,
            PlatformId::Meta,
            request,
            "EAAB-secret",
            Some(&response),
            None,
            true
        ))
    }

    #[test]
    fn parameters_are_decoded_and_no_secret_is_kept() {
        let request = WireRequest {
            method: Method::Post,
            path: "/act_1/adsets".into(),
            query: vec![
                ("access_token".into(), "other".into()),
                ("q".into(), "EAAB-secret".into()),
            ],
            headers: vec![("authorization".into(), "Bearer EAAB-secret".into())],
            body: Body::Form(vec![
                ("targeting".into(), r#"{"age_min":18}"#.into()),
                ("name".into(), "[odd] name".into()),
                ("appsecret_proof".into(), "abc".into()),
                ("x".into(), "1".into()),
                ("x".into(), "2".into()),
                ("bytes".into(), "A".repeat(20_000)),
            ]),
        };
        let got = entry(
            &request,
            r#"{"paging":{"next":"https://h/?access_token=EAAB-secret&after=1"}}"#,
        );
        assert_eq!(got["body"]["targeting"], json!({"age_min": 18}));
        assert_eq!(got["body"]["name"], "[odd] name");
        assert_eq!(got["body"]["x"], json!(["1", "2"]));
        assert_eq!(got["body"]["bytes"], "[20000 bytes]");
        assert_eq!(got["query"]["access_token"], "[redacted]");
        let text = got.to_string();
        for secret in ["EAAB", "other", "abc"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert_eq!(entry(&request, "plain words")["response_body"], "plain words");
    }

    #[test]
    fn the_file_is_private_and_has_one_line_a_request() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("record.jsonl");
        let recorder = to_file(&path).unwrap();
        let request = WireRequest {
            method: Method::Get,
            path: "/me".into(),
            query: vec![],
            headers: vec![],
            body: Body::Empty,
        };
        let e = Entry::new(
            Timestamp::default(),
            PlatformId::Meta,
            &request,
            "t",
            None,
            Some("drop".into()),
            false,
        );
        recorder(&e);
        recorder(&e);
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), 2);
        let line: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        assert_eq!(
            (&line["response_status"], &line["fault"]),
            (&Value::Null, &json!("drop"))
        );
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
