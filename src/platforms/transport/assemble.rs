//! What a request looks like when it leaves: address, headers and body, with every secret named and none written.
//!
//! Why apart from sending: a preview must show what would be sent, not something like it. So there is one assembly;
//! [`super::HttpTransport`] puts the secrets into it and sends, everybody else shows it.

use std::borrow::Cow;

use reqwest::Url;

use super::{AuthStyle, Secret, http};
use crate::{
    engine::model::platform::PlatformId,
    platforms::{Body, Method, OWN_TOKEN, WireRequest, home::home},
};

/// Who we say we are, in every request.
const USER_AGENT: &str = concat!("omnitraffick/", env!("CARGO_PKG_VERSION"));

/// A header's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderText {
    /// As it is.
    Open(String),
    /// A secret.
    Secret {
        /// What stands before it: `Bearer `.
        before: &'static str,
        /// The environment variable it is read from, or the one to put it into to send the request by hand.
        variable: String,
    },
}

/// What credentials add to a request, by name; nothing of it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedCredentials {
    /// The environment variable of the token.
    pub token: String,
    /// Further headers.
    pub headers: Vec<(String, HeaderText)>,
}

impl NamedCredentials {
    /// A token whose variable is `own`, or the usual one.
    pub fn new(platform: PlatformId, own: Option<String>) -> Self {
        Self {
            token: own.unwrap_or_else(|| variable(platform, "token")),
            headers: Vec::new(),
        }
    }

    /// Adds a header that is no secret.
    pub fn open(&mut self, name: &str, value: &str) {
        self.headers.push((name.to_owned(), HeaderText::Open(value.to_owned())));
    }

    /// Adds a secret header whose variable is `own`, or the usual one.
    pub fn secret(&mut self, platform: PlatformId, name: &str, own: Option<String>) {
        let variable = own.unwrap_or_else(|| variable(platform, name));
        self.headers
            .push((name.to_owned(), HeaderText::Secret { before: "", variable }));
    }
}

/// The environment variable of a secret that is not read from one: `OMNITRAFFICK_META_TOKEN`.
fn variable(platform: PlatformId, what: &str) -> String {
    format!("OMNITRAFFICK_{platform}_{what}")
        .to_uppercase()
        .replace('-', "_")
}

/// A request as it leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assembled {
    /// The method.
    pub method: Method,
    /// The whole address.
    pub url: String,
    /// Every header but those HTTP itself needs (host, length).
    pub headers: Vec<(String, HeaderText)>,
    /// The body; `None` = there is none, or it is multipart: its parts are in the request.
    pub body: Option<String>,
}

/// Puts a request together. The error is in words.
pub(super) fn assemble(
    platform: PlatformId,
    base: &Url,
    request: &WireRequest,
    named: &NamedCredentials,
) -> Result<Assembled, String> {
    let url = http::request_url(base, request)?;
    let style = AuthStyle::of(platform);
    let before = match style {
        AuthStyle::Bearer => "Bearer ",
        AuthStyle::Header(_) => "",
    };
    let open = |name: &str, value: &str| (name.to_owned(), HeaderText::Open(value.to_owned()));
    let token = HeaderText::Secret {
        before,
        variable: named.token.clone(),
    };
    let mut headers = vec![open("user-agent", USER_AGENT), (style.header().to_owned(), token)];
    headers.extend(named.headers.iter().cloned());
    headers.extend(request.headers.iter().map(|(name, value)| open(name, value)));
    let body = match &request.body {
        // The content type of a multipart body names a boundary that is drawn when it is sent.
        Body::Empty | Body::Multipart(_) => None,
        Body::Form(pairs) => {
            headers.push(open("content-type", "application/x-www-form-urlencoded"));
            let mut form = form_urlencoded::Serializer::new(String::new());
            Some(form.extend_pairs(pairs).finish())
        }
        Body::Json(json) => {
            headers.push(open("content-type", "application/json"));
            Some(json.as_str().to_owned())
        }
    };
    Ok(Assembled {
        method: request.method,
        url: url.into(),
        headers,
        body,
    })
}

/// The request as it would leave for the platform's own address, with the usual names for its secrets: what is shown
/// where no way out is configured.
pub fn assemble_at_home(platform: PlatformId, request: &WireRequest) -> Result<Assembled, String> {
    let home = home(platform).ok_or_else(|| format!("this build knows no address of {platform}"))?;
    let base = http::base_url(platform, home.base_url, home.version).map_err(|e| e.to_string())?;
    assemble(platform, &base, request, &NamedCredentials::new(platform, None))
}

/// The request with the account's own token where it asks for it.
pub fn with_own_token<'r>(request: &'r WireRequest, token: &Secret) -> Cow<'r, WireRequest> {
    if request.query.iter().all(|(_, value)| value != OWN_TOKEN) {
        return Cow::Borrowed(request);
    }
    let mut request = request.clone();
    for (_, value) in request.query.iter_mut().filter(|(_, value)| value == OWN_TOKEN) {
        token.expose().clone_into(value);
    }
    Cow::Owned(request)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::model::json::CanonicalJson;

    fn request(body: Body) -> WireRequest {
        WireRequest {
            method: Method::Post,
            path: "/act_1/campaigns".into(),
            query: vec![("q".into(), "a b".into())],
            headers: vec![("x-more".into(), "1".into())],
            body,
        }
    }

    #[test]
    fn a_form_is_shown_as_it_leaves_with_its_token_named() {
        let form = Body::Form(vec![("name".into(), "A & B".into())]);
        let got = assemble_at_home(PlatformId::Meta, &request(form)).unwrap();
        assert_eq!(got.url, "https://graph.facebook.com/v25.0/act_1/campaigns?q=a+b");
        assert_eq!(got.body.as_deref(), Some("name=A+%26+B"));
        let header = |name: &str| got.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
        let token = HeaderText::Secret {
            before: "Bearer ",
            variable: "OMNITRAFFICK_META_TOKEN".into(),
        };
        assert_eq!(header("authorization"), Some(token));
        assert_eq!(header("x-more"), Some(HeaderText::Open("1".into())));
        assert!(matches!(header("content-type"), Some(HeaderText::Open(t)) if t.contains("form")));
    }

    #[test]
    fn every_platform_has_its_own_token_header() {
        let json = Body::Json(CanonicalJson::new(&serde_json::json!({"a": 1})));
        for (platform, name, variable) in [
            (PlatformId::Tiktok, "access-token", "OMNITRAFFICK_TIKTOK_TOKEN"),
            (PlatformId::GoogleAds, "authorization", "OMNITRAFFICK_GOOGLE_ADS_TOKEN"),
        ] {
            let got = assemble_at_home(platform, &request(json.clone())).unwrap();
            let of = |v: &HeaderText| matches!(v, HeaderText::Secret { variable: v, .. } if v == variable);
            assert!(got.headers.iter().any(|(n, v)| n == name && of(v)), "{got:?}");
            assert_eq!(got.body.as_deref(), Some(r#"{"a":1}"#));
        }
        let mut named = NamedCredentials::new(PlatformId::GoogleAds, Some("MINE".into()));
        named.secret(PlatformId::GoogleAds, "developer-token", None);
        assert_eq!(named.token, "MINE");
        assert!(matches!(&named.headers[0].1, HeaderText::Secret { variable, .. }
            if variable == "OMNITRAFFICK_GOOGLE_ADS_DEVELOPER_TOKEN"));
    }

    #[test]
    fn the_token_goes_only_where_it_is_asked_for() {
        let token = Secret::from_source("EAAB-own").unwrap();
        let plain = request(Body::Form(vec![("x".into(), OWN_TOKEN.into())]));
        assert_eq!(*with_own_token(&plain, &token), plain, "never into a body");
        let mut asks = plain;
        asks.query.push(("input_token".into(), OWN_TOKEN.into()));
        assert_eq!(with_own_token(&asks, &token).query[1].1, "EAAB-own");
    }
}
