//! Requests to a model server, and their answers as they arrive.
//!
//! The same client discipline as for platforms: no retries, no redirects, no pooled connections (a dead one would cost
//! a whole idle timeout), no proxy but the configured. There is no limit on the time of an answer: silence is judged by
//! whoever reads, because only they know what they wait for.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use bytes::Bytes;
use reqwest::{Url, header};

use super::{
    Secret, SecretSource, TransportSetupError,
    http::{client_builder, in_words, secure_base},
};
use crate::engine::copilot::{
    transport::{ModelAnswer, ModelBody, ModelTransport, Reading, Sending},
    wire::{KeyHeader, LlmError, MAX_REFUSAL, ModelRequest},
};

/// Time for DNS, TCP and TLS.
const CONNECT: Duration = Duration::from_secs(10);
/// Time for the words of a refusal; its status is known by then.
const REFUSAL: Duration = Duration::from_secs(5);
/// Longest answer, bytes. A long one is some 100 kB of stream.
pub const MAX_ANSWER: usize = 4 * 1024 * 1024;

/// Sends to one model server.
pub struct HttpModelTransport {
    client: reqwest::Client,
    base: Url,
    key: Option<Arc<dyn SecretSource>>,
}

impl HttpModelTransport {
    /// Builds the client and checks the address. Without a key none is sent, as local servers want it.
    pub fn new(
        base_url: &str,
        key: Option<Arc<dyn SecretSource>>,
        proxy: Option<&str>,
    ) -> Result<Self, TransportSetupError> {
        let base = secure_base(base_url).map_err(|why| TransportSetupError::ModelUrl {
            url: crate::engine::model::sanitise::excerpt(base_url, 80),
            why,
        })?;
        let client = client_builder(proxy)?
            .connect_timeout(CONNECT)
            .build()
            .map_err(|e| TransportSetupError::Client { why: in_words(e, &[]) })?;
        Ok(Self { client, base, key })
    }

    async fn exchange(&self, request: &ModelRequest) -> Result<ModelAnswer, LlmError> {
        let key = match &self.key {
            Some(source) => Some(source.read().await.map_err(|why| LlmError::Auth { why })?),
            None => None,
        };
        let secrets: Vec<Secret> = key.into_iter().collect();
        let built = self.build(request, secrets.first())?;
        let response = self.client.execute(built).await.map_err(|e| LlmError::Network {
            sent: !(e.is_builder() || e.is_connect()),
            why: in_words(e, &secrets),
        })?;
        let status = response.status().as_u16();
        let headers: BTreeMap<_, _> = response
            .headers()
            .iter()
            .map(|(name, value)| {
                (
                    name.as_str().to_owned(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            })
            .collect();
        let mut body: Box<dyn ModelBody> = Box::new(Streamed {
            response,
            secrets: secrets.clone(),
            read: 0,
        });
        if status != 200 {
            // A server may repeat the key it refuses; taken out here, where it is known.
            let words = refusal(body.as_mut()).await;
            let words = secrets.iter().fold(words, |said, secret| secret.scrub(&said));
            body = Box::new(Whole(Some(words.into())));
        }
        Ok(ModelAnswer { status, headers, body })
    }

    fn build(&self, request: &ModelRequest, key: Option<&Secret>) -> Result<reqwest::Request, LlmError> {
        let bad = |why: &str| LlmError::BadRequest { why: why.to_owned() };
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| bad("the base URL cannot carry a path"))?
            .pop_if_empty()
            .extend(request.path.split('/'));
        let mut builder = match &request.body {
            Some(body) => self.client.post(url).body(body.clone()),
            None => self.client.get(url),
        };
        for (name, value) in &request.headers {
            builder = builder.header(*name, *value);
        }
        if let Some(key) = key {
            let (name, value) = match request.key {
                KeyHeader::Bearer => ("authorization", format!("Bearer {}", key.expose())),
                KeyHeader::Named(name) => (name, key.expose().to_owned()),
            };
            let mut value =
                header::HeaderValue::from_str(&value).map_err(|_| bad("the key cannot be written as a header"))?;
            value.set_sensitive(true);
            builder = builder.header(name, value);
        }
        builder.build().map_err(|e| LlmError::Network {
            sent: false,
            why: in_words(e, key.map(std::slice::from_ref).unwrap_or_default()),
        })
    }
}

impl ModelTransport for HttpModelTransport {
    fn send<'a>(&'a self, request: &'a ModelRequest) -> Sending<'a> {
        Box::pin(self.exchange(request))
    }
}

/// The words of a refusal as far as they come soon and are short.
async fn refusal(body: &mut dyn ModelBody) -> String {
    let mut all = Vec::new();
    let read = async {
        while all.len() < MAX_REFUSAL
            && let Ok(Some(piece)) = body.next().await
        {
            all.extend_from_slice(&piece);
        }
    };
    // Late words are no words; the status counts.
    let _ = tokio::time::timeout(REFUSAL, read).await;
    all.truncate(MAX_REFUSAL);
    String::from_utf8_lossy(&all).into_owned()
}

/// A body off the wire.
struct Streamed {
    response: reqwest::Response,
    secrets: Vec<Secret>,
    read: usize,
}

impl ModelBody for Streamed {
    fn next(&mut self) -> Reading<'_> {
        Box::pin(async {
            match self.response.chunk().await {
                Ok(Some(piece)) => {
                    self.read = self.read.saturating_add(piece.len());
                    if self.read > MAX_ANSWER {
                        return Err(LlmError::Protocol {
                            why: format!("it is longer than {MAX_ANSWER} bytes"),
                        });
                    }
                    Ok(Some(piece))
                }
                Ok(None) => Ok(None),
                Err(e) => Err(LlmError::Interrupted {
                    chars: 0,
                    why: in_words(e, &self.secrets),
                }),
            }
        })
    }
}

/// A body that was read already.
struct Whole(Option<Bytes>);

impl ModelBody for Whole {
    fn next(&mut self) -> Reading<'_> {
        let piece = self.0.take().filter(|p| !p.is_empty());
        Box::pin(async { Ok(piece) })
    }
}
