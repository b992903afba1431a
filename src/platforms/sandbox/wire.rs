//! From bytes on a socket to a [`WireRequest`] and the platform it was meant for.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Limited};
use hyper::{Request, body::Incoming, header};
use percent_encoding::percent_decode_str;

use super::{route::Route, upload, world::Injected};
use crate::{
    engine::model::{json::CanonicalJson, platform::PlatformId},
    platforms::{Body, Method, WireRequest, transport::AuthStyle},
};

/// Larger requests are refused: an image as base64 text fits.
const MAX_REQUEST: usize = 8 * 1024 * 1024;
/// Larger uploads are refused. Their content is looked at while it comes and never kept.
const MAX_UPLOAD: usize = 1024 * 1024 * 1024;

/// A request as it came in.
pub(super) struct Arrived {
    /// Whom it is meant for.
    pub(super) platform: PlatformId,
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
    let route = Route::of(&decoded);
    if !route.is_served() {
        refuse(Injected::BadVersion {
            version: route.version.map(str::to_owned),
        });
    }
    let query = pairs(head.uri.query().unwrap_or_default().as_bytes());
    let header = |name: &str| head.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let content_type = header(header::CONTENT_TYPE.as_str()).to_ascii_lowercase();
    let too_large = || Injected::Http {
        status: 413,
        body: Some("Request Entity Too Large".to_owned()),
    };
    // A boundary tells upper from lower case.
    let boundary = multer::parse_boundary(header(header::CONTENT_TYPE.as_str())).ok();
    let (body, parts) = if let Some(boundary) = boundary {
        match upload::read(body, boundary, MAX_UPLOAD).await? {
            Ok(parts) => (Bytes::new(), Some(parts)),
            Err(why) => {
                refuse(why.map_or_else(too_large, |why| Injected::Unreadable { why }));
                (Bytes::new(), None)
            }
        }
    } else {
        match Limited::new(body, MAX_REQUEST).collect().await {
            Ok(all) => (all.to_bytes(), None),
            Err(e) if e.is::<http_body_util::LengthLimitError>() => {
                refuse(too_large());
                (Bytes::new(), None)
            }
            Err(e) => return Err(std::io::Error::other(e)),
        }
    };
    let body = if let Some(parts) = parts {
        Body::Multipart(parts)
    } else if body.is_empty() {
        Body::Empty
    } else if content_type.starts_with("application/json") {
        match serde_json::from_slice::<serde_json::Value>(&body) {
            Ok(value) if value.is_object() => Body::Json(CanonicalJson::new(&value)),
            _ => {
                refuse(unreadable("The body is not a JSON object."));
                Body::Empty
            }
        }
    } else {
        Body::Form(pairs(&body))
    };
    let token = match AuthStyle::of(route.platform) {
        AuthStyle::Header(name) => header(name).trim().to_owned(),
        AuthStyle::Bearer => {
            let bearer = header(header::AUTHORIZATION.as_str())
                .split_once(' ')
                .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
                .map(|(_, token)| token.trim().to_owned());
            let form: &[(String, String)] = match &body {
                Body::Form(pairs) => pairs,
                Body::Empty | Body::Json(_) | Body::Multipart(_) => &[],
            };
            let parameter = query.iter().chain(form).find(|(name, _)| name == "access_token");
            bearer.or_else(|| parameter.map(|(_, t)| t.clone())).unwrap_or_default()
        }
    };
    Ok(Arrived {
        platform: route.platform,
        request: WireRequest {
            method,
            path: route.path.to_owned(),
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
