//! From bytes on a socket to a [`WireRequest`], and which platform it was meant for.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Limited};
use hyper::{Request, body::Incoming, header};
use percent_encoding::percent_decode_str;

use super::world::Injected;
use crate::{
    engine::model::json::CanonicalJson,
    platforms::{Body, Method, WireRequest},
};

/// Larger requests are refused: an image as base64 text fits.
const MAX_REQUEST: usize = 8 * 1024 * 1024;

/// The oldest Marketing API version still served.
const OLDEST: u32 = 25;

/// A request as it came in.
pub(super) struct Arrived {
    /// Without version, query parameters decoded.
    pub(super) request: WireRequest,
    /// The caller's token; empty when there is none.
    pub(super) token: String,
    /// Why it cannot be given to the world.
    pub(super) refused: Option<Injected>,
}

/// Reads one HTTP request. `Err` = the connection broke while reading.
pub(super) async fn read(http: Request<Incoming>) -> std::io::Result<Arrived> {
    let (head, body) = http.into_parts();
    let mut refused = None;
    let mut refuse = |injected: Injected| {
        refused.get_or_insert(injected);
    };
    let unreadable = |why: &str| Injected::Unreadable { why: why.to_owned() };
    let method = match head.method.as_str() {
        "GET" => Method::Get,
        "POST" => Method::Post,
        "DELETE" => Method::Delete,
        _ => {
            refuse(unreadable("Unsupported method; use GET, POST or DELETE."));
            Method::Get
        }
    };
    let decoded = percent_decode_str(head.uri.path()).decode_utf8_lossy();
    let (version, path) = split_version(&decoded);
    match version {
        Some(v) if version_number(v).is_some_and(|n| n >= OLDEST) => {}
        other => refuse(Injected::BadVersion {
            version: other.map(str::to_owned),
        }),
    }
    let query = pairs(head.uri.query().unwrap_or_default().as_bytes());
    let header = |name: header::HeaderName| head.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let content_type = header(header::CONTENT_TYPE).to_ascii_lowercase();
    let body = match Limited::new(body, MAX_REQUEST).collect().await {
        Ok(all) => all.to_bytes(),
        Err(e) if e.is::<http_body_util::LengthLimitError>() => {
            refuse(Injected::Http {
                status: 413,
                body: Some("Request Entity Too Large".to_owned()),
            });
            Bytes::new()
        }
        Err(e) => return Err(std::io::Error::other(e)),
    };
    let body = if body.is_empty() {
        Body::Empty
    } else if content_type.starts_with("application/json") {
        match serde_json::from_slice::<serde_json::Value>(&body) {
            Ok(value) if value.is_object() => Body::Json(CanonicalJson::new(&value)),
            _ => {
                refuse(unreadable("The body is not a JSON object."));
                Body::Empty
            }
        }
    } else if content_type.starts_with("multipart/") {
        refuse(unreadable(
            "The sandbox reads form and JSON bodies only; send an image as base64 text in the parameter bytes.",
        ));
        Body::Empty
    } else {
        Body::Form(pairs(&body))
    };
    let authorization = header(header::AUTHORIZATION);
    let bearer = authorization
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim().to_owned());
    let form: &[(String, String)] = match &body {
        Body::Form(pairs) => pairs,
        Body::Empty | Body::Json(_) => &[],
    };
    let parameter = query.iter().chain(form).find(|(name, _)| name == "access_token");
    let token = bearer.or_else(|| parameter.map(|(_, t)| t.clone())).unwrap_or_default();
    Ok(Arrived {
        request: WireRequest {
            method,
            path: path.to_owned(),
            query,
            headers: Vec::new(),
            body,
        },
        token,
        refused,
    })
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(text).into_owned().collect()
}

/// `/v25.0/act_1/ads` as its version and `/act_1/ads`.
fn split_version(path: &str) -> (Option<&str>, &str) {
    let rest = path.strip_prefix('/').unwrap_or(path);
    let (first, after) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    if version_number(first).is_some() {
        (Some(first), after)
    } else {
        (None, path)
    }
}

/// 25 of `v25.0`.
fn version_number(text: &str) -> Option<u32> {
    let (major, minor) = text.strip_prefix('v')?.split_once('.')?;
    minor.parse::<u32>().ok()?;
    major.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_first_segment_or_there_is_none() {
        assert_eq!(split_version("/v25.0/act_1/ads"), (Some("v25.0"), "/act_1/ads"));
        assert_eq!(split_version("/v25.0"), (Some("v25.0"), ""));
        assert_eq!(split_version("/act_1/ads"), (None, "/act_1/ads"));
        assert_eq!(split_version("/v25/act_1"), (None, "/v25/act_1"));
        assert_eq!(version_number("v9.0"), Some(9));
    }
}
