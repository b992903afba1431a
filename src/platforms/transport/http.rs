//! Requests over HTTP, and how far each one got.
//!
//! The client is set up so that one call is at most one request: reqwest's and hyper's own retries are off, redirects
//! are off, every request has a fresh connection (a half-dead pooled socket would turn a clean failure into an unknown
//! one), and HTTP/1.1 only.

use std::{collections::BTreeMap, error::Error as _, sync::Arc, time::Duration};

use reqwest::{Url, header};

use super::{
    Assembled, Attached, Credentials, ExchangeFuture, FileContent, Files, HeaderText, OpenFile, Secret, Transport,
    assemble::assemble, with_own_token,
};
use crate::{
    engine::model::{
        platform::{AccountId, PlatformId},
        sanitise::excerpt,
    },
    failpoint::crash_point,
    platforms::{Body, Exchange, Lost, Method, Part, WireRequest, WireResponse},
};

/// The longest answer that is read, in bytes. A longer one counts as not readable.
pub const MAX_BODY: usize = 1024 * 1024;

/// How a platform wants the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthStyle {
    /// `Authorization: Bearer <token>`.
    Bearer,
    /// A header of this name whose value is the token, such as `access-token`.
    Header(&'static str),
}

impl AuthStyle {
    /// What each platform documents.
    pub const fn of(platform: PlatformId) -> Self {
        match platform {
            PlatformId::Meta | PlatformId::GoogleAds => Self::Bearer,
            PlatformId::Tiktok => Self::Header("access-token"),
        }
    }

    /// The header the token travels in.
    pub const fn header(self) -> &'static str {
        match self {
            Self::Bearer => "authorization",
            Self::Header(name) => name,
        }
    }
}

/// Where one platform is and how to get in.
#[derive(Clone)]
pub struct PlatformEndpoint {
    /// `https://graph.facebook.com`. Plain `http` only to this machine (the sandbox).
    pub base_url: String,
    /// The path prefix of the version, `v25.0`.
    pub version: String,
    /// Tokens.
    pub credentials: Arc<dyn Credentials>,
}

/// Settings of the client, the same for all platforms.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// Time for DNS, TCP and TLS.
    pub connect_timeout: Duration,
    /// Time for the whole exchange, without the time a file's content takes. Must stay below the engine's lease.
    pub total_timeout: Duration,
    /// A proxy for everything that is not on this machine. The environment's proxy variables are not read here: the
    /// configuration decides.
    pub proxy: Option<String>,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            total_timeout: Duration::from_secs(30),
            proxy: None,
        }
    }
}

/// The transport cannot be built from these settings.
#[derive(Debug, thiserror::Error)]
pub enum TransportSetupError {
    /// A base URL is unusable.
    #[error("the base URL of {platform}, \"{url}\", {why}")]
    BaseUrl {
        /// Of which platform.
        platform: PlatformId,
        /// As configured, shortened.
        url: String,
        /// What is wrong and what to write instead.
        why: String,
    },
    /// The address of the model server is unusable.
    #[error("the base URL of the model server, \"{url}\", {why}")]
    ModelUrl {
        /// As configured, shortened.
        url: String,
        /// What is wrong and what to write instead.
        why: String,
    },
    /// The version is unusable.
    #[error("the API version of {platform}, \"{version}\", is not one path segment such as v25.0")]
    Version {
        /// Of which platform.
        platform: PlatformId,
        /// As configured, shortened.
        version: String,
    },
    /// The proxy is unusable.
    #[error("the proxy setting is not a URL such as http://proxy.example:3128: {why}")]
    Proxy {
        /// What is wrong.
        why: String,
    },
    /// The client cannot be built (TLS roots of this machine, mostly).
    #[error("the HTTPS client cannot be set up: {why}")]
    Client {
        /// What is wrong.
        why: String,
    },
}

/// Bytes of a file a second, below which an upload is given up: a slow line, not a dead one.
const SLOWEST: u64 = 256 * 1024;

/// A multipart body ready to be sent.
struct Form {
    form: reqwest::multipart::Form,
    /// The sizes of its files in all.
    bytes: u64,
}

struct Endpoint {
    base: Url,
    credentials: Arc<dyn Credentials>,
}

/// Sends over HTTPS.
pub struct HttpTransport {
    client: reqwest::Client,
    endpoints: BTreeMap<PlatformId, Endpoint>,
    total_timeout: Duration,
    files: Attached,
}

impl HttpTransport {
    /// Builds the client. Checks every URL now, so that a typing error is found at start and not at the first deploy.
    pub fn new(
        settings: &HttpSettings,
        endpoints: BTreeMap<PlatformId, PlatformEndpoint>,
    ) -> Result<Self, TransportSetupError> {
        let builder = client_builder(settings.proxy.as_deref())?
            .connect_timeout(settings.connect_timeout)
            .timeout(settings.total_timeout);
        let client = builder
            .build()
            .map_err(|e| TransportSetupError::Client { why: in_words(e, &[]) })?;
        let endpoints = endpoints
            .into_iter()
            .map(|(platform, e)| {
                let base = base_url(platform, &e.base_url, &e.version)?;
                let credentials = e.credentials;
                Ok((platform, Endpoint { base, credentials }))
            })
            .collect::<Result<_, TransportSetupError>>()?;
        Ok(Self {
            client,
            endpoints,
            total_timeout: settings.total_timeout,
            files: Attached::default(),
        })
    }

    async fn exchange(&self, platform: PlatformId, account: &AccountId, request: &WireRequest) -> Exchange {
        let endpoint = self.endpoints.get(&platform).ok_or_else(|| Lost::NotSent {
            why: format!("{platform} has no endpoint in the configuration"),
        })?;
        let credentials = &endpoint.credentials;
        let token = credentials
            .token(platform, account)
            .await
            .map_err(|why| Lost::NoCredentials { why })?;
        let more = credentials
            .headers(platform, account)
            .await
            .map_err(|why| Lost::NoCredentials { why })?;
        let form = match &request.body {
            Body::Multipart(parts) => Some(self.form(parts).await?),
            _ => None,
        };
        let asked = with_own_token(request, &token);
        let assembled = assemble(platform, &endpoint.base, &asked, &credentials.named(platform, account))
            .map_err(|why| Lost::NotSent { why })?;
        let built = self.build(platform, &assembled, form, &token, &more)?;
        let secrets: Vec<Secret> = more.into_iter().map(|(_, value)| value).chain([token]).collect();
        crash_point!(cp05_connect_send);
        #[cfg(feature = "failpoints")]
        let built = super::halves::in_two_halves(built);
        let answer = self.client.execute(built);
        #[cfg(feature = "failpoints")]
        let answer = crate::failpoint::while_waiting("cp07_sent_no_answer", answer);
        let response = answer.await.map_err(|e| classify(e, &secrets))?;
        crash_point!(cp08_head_body);
        read(response, &secrets).await
    }

    /// Opens the files of a multipart body. A file that cannot be opened means that nothing was sent.
    async fn form(&self, parts: &[Part]) -> Result<Form, Lost> {
        let mut form = reqwest::multipart::Form::new();
        let mut all = 0;
        for part in parts {
            form = match part {
                Part::Text { name, value } => form.text(name.clone(), value.clone()),
                Part::File { name, file_name, asset } => {
                    let not_sent = |why: String| Lost::NotSent {
                        why: format!("{} was not sent: {why}", excerpt(&asset.name, 60)),
                    };
                    let OpenFile { bytes, content } = self.files.open(asset.sha256).await.map_err(not_sent)?;
                    all += bytes;
                    let body = match content {
                        FileContent::Disk(file) => reqwest::Body::from(tokio::fs::File::from_std(file)),
                        FileContent::Memory(content) => reqwest::Body::from(content.to_vec()),
                    };
                    let part = reqwest::multipart::Part::stream_with_length(body, bytes)
                        .file_name(file_name.clone())
                        .mime_str(asset.media.as_str())
                        .map_err(|e| not_sent(in_words(e, &[])))?;
                    form.part(name.clone(), part)
                }
            };
        }
        Ok(Form { form, bytes: all })
    }

    /// The secrets go where their names stand.
    fn build(
        &self,
        platform: PlatformId,
        assembled: &Assembled,
        form: Option<Form>,
        token: &Secret,
        more: &[(String, Secret)],
    ) -> Result<reqwest::Request, Lost> {
        let not_sent = |why: String| Lost::NotSent { why };
        let method = match assembled.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Delete => reqwest::Method::DELETE,
        };
        let auth = AuthStyle::of(platform).header();
        let mut builder = self.client.request(method, &assembled.url);
        for (name, text) in &assembled.headers {
            let value = match text {
                HeaderText::Open(value) => header::HeaderValue::from_str(value)
                    .map_err(|_| not_sent(format!("the value of {name} cannot be written as a header")))?,
                HeaderText::Secret { before, .. } => {
                    let secret = if name == auth {
                        Some(token)
                    } else {
                        more.iter().find(|(n, _)| n == name).map(|(_, secret)| secret)
                    };
                    let secret = secret.ok_or_else(|| not_sent(format!("{name} has no value")))?;
                    let mut value = header::HeaderValue::from_str(&format!("{before}{}", secret.expose()))
                        .map_err(|_| not_sent(format!("the secret of {name} cannot be written as a header")))?;
                    value.set_sensitive(true);
                    value
                }
            };
            builder = builder.header(name, value);
        }
        // What the credentials sent along without naming it.
        for (name, secret) in more
            .iter()
            .filter(|(n, _)| assembled.headers.iter().all(|(named, _)| named != n))
        {
            let mut value = header::HeaderValue::from_str(secret.expose())
                .map_err(|_| not_sent(format!("the value of {name} cannot be written as a header")))?;
            value.set_sensitive(true);
            builder = builder.header(name, value);
        }
        if let Some(body) = &assembled.body {
            builder = builder.body(body.clone());
        }
        if let Some(Form { form, bytes }) = form {
            let more = Duration::from_secs(bytes / SLOWEST);
            builder = builder.multipart(form).timeout(self.total_timeout + more);
        }
        builder
            .build()
            .map_err(|e| not_sent(in_words(e, std::slice::from_ref(token))))
    }
}

impl Transport for HttpTransport {
    fn send<'a>(
        &'a self,
        platform: PlatformId,
        account: &'a AccountId,
        request: &'a WireRequest,
    ) -> ExchangeFuture<'a> {
        Box::pin(self.exchange(platform, account, request))
    }

    fn attach(&self, files: Arc<dyn Files>) {
        self.files.set(files);
    }

    fn assemble(&self, platform: PlatformId, account: &AccountId, request: &WireRequest) -> Result<Assembled, String> {
        let endpoint = self
            .endpoints
            .get(&platform)
            .ok_or_else(|| format!("{platform} has no endpoint in the configuration"))?;
        assemble(
            platform,
            &endpoint.base,
            request,
            &endpoint.credentials.named(platform, account),
        )
    }
}

/// A client that sends what it is told once: no retries, no redirects, no pooled connections, no proxy but this one.
/// Timeouts are the caller's.
pub(super) fn client_builder(proxy: Option<&str>) -> Result<reqwest::ClientBuilder, TransportSetupError> {
    // A second install fails and changes nothing: the first provider, ours as well, stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder()
        .user_agent(concat!("omnitraffick/", env!("CARGO_PKG_VERSION")))
        .retry(reqwest::retry::never())
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .http1_only()
        .pool_max_idle_per_host(0)
        .no_proxy();
    let Some(proxy) = proxy else {
        return Ok(builder);
    };
    let proxy = reqwest::Proxy::all(proxy)
        .map_err(|e| TransportSetupError::Proxy { why: in_words(e, &[]) })?
        .no_proxy(reqwest::NoProxy::from_string("localhost,127.0.0.0/8,::1"));
    Ok(builder.proxy(proxy))
}

/// An address a secret may be sent to: https, or http inside this machine; or what is wrong with it.
pub(super) fn secure_base(text: &str) -> Result<Url, String> {
    let bad = |why: &str| Err(why.to_owned());
    let url = Url::parse(text).map_err(|e| format!("is not a URL: {e}"))?;
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return bad("must hold no user, password, query or fragment");
    }
    let here = match url.host_str() {
        Some("localhost") => true,
        Some(host) => host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback()),
        None => false,
    };
    match url.scheme() {
        "https" => Ok(url),
        "http" if here => Ok(url),
        "http" => bad("would send the token unencrypted; use https (http only for 127.0.0.1)"),
        _ => bad("must start with https://"),
    }
}

/// Base URL and version as one URL. A token may travel in the clear only inside this machine.
pub(super) fn base_url(platform: PlatformId, text: &str, version: &str) -> Result<Url, TransportSetupError> {
    let bad = |why: &str| TransportSetupError::BaseUrl {
        platform,
        url: excerpt(text, 80),
        why: why.to_owned(),
    };
    let mut url = secure_base(text).map_err(|why| bad(&why))?;
    let one_segment = version
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        && !version.starts_with('.');
    if !one_segment {
        return Err(TransportSetupError::Version {
            platform,
            version: excerpt(version, 24),
        });
    }
    url.path_segments_mut()
        .map_err(|()| bad("cannot carry a path"))?
        .pop_if_empty()
        .extend(Some(version).filter(|v| !v.is_empty()));
    Ok(url)
}

pub(super) fn request_url(base: &Url, request: &WireRequest) -> Result<Url, String> {
    let path = request
        .path
        .strip_prefix('/')
        .ok_or_else(|| format!("the path \"{}\" does not start with /", excerpt(&request.path, 80)))?;
    // TikTok's paths end in a slash and are not found without it.
    let named = path.strip_suffix('/').unwrap_or(path);
    if named.split('/').any(|s| matches!(s, "." | ".." | "")) {
        return Err(format!(
            "the path \"{}\" has an empty or a dot segment",
            excerpt(&request.path, 80)
        ));
    }
    let mut url = base.clone();
    url.path_segments_mut()
        .map_err(|()| "the base URL cannot carry a path".to_owned())?
        .extend(path.split('/'));
    if !request.query.is_empty() {
        url.query_pairs_mut().extend_pairs(&request.query);
    }
    Ok(url)
}

/// How far a request got, from the client's error. `is_connect` is asked first: a TLS handshake that stalls is both a
/// connect error and a timeout, and certainly nothing of the request was sent. Everything that is not certain is in
/// doubt: a reset may set no predicate at all.
fn classify(error: reqwest::Error, secrets: &[Secret]) -> Lost {
    let not_sent = error.is_builder() || error.is_connect();
    let timed_out = error.is_timeout();
    let why = in_words(error, secrets);
    if not_sent {
        Lost::NotSent { why }
    } else if timed_out {
        Lost::InDoubt {
            why: format!("no complete answer in time: {why}"),
        }
    } else {
        Lost::InDoubt { why }
    }
}

async fn read(mut response: reqwest::Response, secrets: &[Secret]) -> Exchange {
    let status = response.status().as_u16();
    let mut headers: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in response.headers() {
        let value = String::from_utf8_lossy(value.as_bytes());
        headers
            .entry(name.as_str().to_ascii_lowercase())
            .and_modify(|v| {
                v.push_str(", ");
                v.push_str(&value);
            })
            .or_insert_with(|| value.into_owned());
    }
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() <= MAX_BODY => body.extend_from_slice(&chunk),
            Ok(Some(_)) => {
                return Err(Lost::InDoubt {
                    why: format!(
                        "HTTP {status} with an answer longer than {MAX_BODY} bytes; it was not read to the end"
                    ),
                });
            }
            Ok(None) => return Ok(WireResponse { status, headers, body }),
            Err(e) => {
                return Err(Lost::InDoubt {
                    why: format!("HTTP {status}, then the answer broke off: {}", in_words(e, secrets)),
                });
            }
        }
    }
}

/// The error and its causes in one line, without URL and without secrets.
pub(super) fn in_words(error: reqwest::Error, secrets: &[Secret]) -> String {
    let error = error.without_url();
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(e) = cause {
        let text = e.to_string();
        if !words.contains(&text) {
            words.push_str(": ");
            words.push_str(&text);
        }
        cause = e.source();
    }
    excerpt(&secrets.iter().fold(words, |said, secret| secret.scrub(&said)), 400)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::platforms::Body;

    #[rstest]
    #[case::plain("https://graph.facebook.com", "v25.0", Ok("https://graph.facebook.com/v25.0"))]
    #[case::slash("https://graph.facebook.com/", "v25.0", Ok("https://graph.facebook.com/v25.0"))]
    #[case::sandbox("http://127.0.0.1:8099", "v25.0", Ok("http://127.0.0.1:8099/v25.0"))]
    #[case::sandbox6("http://[::1]:8099", "v25.0", Ok("http://[::1]:8099/v25.0"))]
    #[case::no_version("https://x.example/api", "", Ok("https://x.example/api"))]
    #[case::clear_text("http://graph.facebook.com", "v25.0", Err("unencrypted"))]
    #[case::lookalike("http://127.0.0.1.evil.example", "v25.0", Err("unencrypted"))]
    #[case::password("https://u:p@graph.facebook.com", "v25.0", Err("no user"))]
    #[case::no_url("graph.facebook.com", "v25.0", Err("is not a URL"))]
    #[case::file("file:///etc/passwd", "v25.0", Err("https://"))]
    #[case::version("https://graph.facebook.com", "v25.0/../x", Err("one path segment"))]
    fn base_urls(#[case] text: &str, #[case] version: &str, #[case] expected: Result<&str, &str>) {
        let got = base_url(PlatformId::Meta, text, version);
        match (got, expected) {
            (Ok(url), Ok(want)) => assert_eq!(url.as_str(), want),
            (Err(e), Err(part)) => assert!(e.to_string().contains(part), "{e}"),
            (got, _) => panic!("{got:?}"),
        }
    }

    fn get(path: &str) -> WireRequest {
        WireRequest {
            method: Method::Get,
            path: path.to_owned(),
            query: vec![("q".into(), "a&b=c é".into())],
            headers: vec![],
            body: Body::Empty,
        }
    }

    #[test]
    fn paths_cannot_leave_the_version_and_queries_are_encoded() {
        let base = base_url(PlatformId::Meta, "https://graph.facebook.com", "v25.0").unwrap();
        assert_eq!(
            request_url(&base, &get("/act_1/ads")).unwrap().as_str(),
            "https://graph.facebook.com/v25.0/act_1/ads?q=a%26b%3Dc+%C3%A9"
        );
        assert_eq!(request_url(&base, &get("/a?x#y")).unwrap().path(), "/v25.0/a%3Fx%23y");
        assert_eq!(request_url(&base, &get("/ad/get/")).unwrap().path(), "/v25.0/ad/get/");
        for bad in ["act_1", "/../me", "/a//b", "/a/./b", "/"] {
            assert!(request_url(&base, &get(bad)).is_err(), "{bad}");
        }
    }
}
