//! Asks a model server: patience, retries, cancel, usage. One question is one call of [`ModelClient::ask`].
//!
//! Invariants
//! - Nothing is sent again after the first delta, after a cancel, or when it may have been paid for.
//! - There is no limit on the whole answer, only on silence: the timer starts anew with every byte, keep-alive comments
//!   included.
//! - Whatever ends an answer, the text that had arrived is kept.
//! - A dropped or cancelled call closes its connection at once.

#[cfg(test)]
mod tests;

use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    cost::{Estimator, Micros, Spent},
    settings::ModelSettings,
    transport::{ModelAnswer, ModelBody, ModelTransport},
    wire::{
        Ask, Decoder, Ending, Event, Finish, LlmError, MAX_REFUSAL, ModelRequest, OptionalFields, Usage,
        context_window, refusal, served_window,
    },
};
use crate::engine::{
    clock::{Clock, Entropy},
    deploy::backoff,
};

/// How long to wait for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Silence before the first delta.
    pub first: Duration,
    /// Silence after it.
    pub idle: Duration,
    /// Retries of one question.
    pub retries: u32,
    /// First wait between tries; doubled, with full jitter.
    pub base: Duration,
    /// Longest wait without a hint.
    pub cap: Duration,
    /// All tries and waits together; a hint beyond it is an answer: not now.
    pub total: Duration,
}

impl Patience {
    /// The house's own. A model on this machine may have to be loaded first, which takes minutes.
    pub const fn usual(local: bool) -> Self {
        Self {
            first: Duration::from_secs(if local { 300 } else { 60 }),
            idle: Duration::from_secs(60),
            retries: 3,
            base: Duration::from_secs(1),
            cap: Duration::from_secs(20),
            total: Duration::from_secs(60),
        }
    }
}

/// What happens while one waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// A connection is being made.
    Connecting,
    /// The server has the question; nothing came back yet.
    FirstToken,
    /// It failed and will be tried again.
    Retry {
        /// Which retry, from 1.
        number: u32,
        /// Of how many.
        of: u32,
        /// After how long.
        wait: Duration,
        /// Why.
        why: LlmError,
    },
    /// The server refused an optional field; the question goes out once more without it.
    Adapted,
    /// More of the answer, unchecked.
    Text(String),
    /// More of the model's thinking.
    Reasoning(String),
}

/// How a question ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The answer as far as it came.
    pub text: String,
    /// Why it ended.
    pub end: Result<Finish, LlmError>,
    /// The server's name for the exchange.
    pub request_id: Option<String>,
    /// The model that answered.
    pub model: Option<String>,
    /// Tokens, counted or estimated; nothing when no server took the question.
    pub spent: Spent,
    /// What they cost; `None` = no price is configured.
    pub cost: Option<Micros>,
    /// Retries made.
    pub retries: u32,
    /// Until the first delta.
    pub first_token: Option<Duration>,
    /// From the call to the end.
    pub total: Duration,
}

/// What the client learns of its endpoint.
#[derive(Debug, Default)]
struct Learnt {
    fields: OptionalFields,
    estimator: Estimator,
    /// The window of the model, once the server was asked.
    window: Window,
}

/// What the server says of the model's context window, tokens.
#[derive(Clone, Copy, Debug, Default)]
enum Window {
    /// Not asked yet.
    #[default]
    Unasked,
    /// Asked; `None` = it does not say.
    Asked(Option<u32>),
}

/// A client of one endpoint and one model.
pub struct ModelClient {
    transport: Arc<dyn ModelTransport>,
    settings: ModelSettings,
    patience: Patience,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    learnt: Mutex<Learnt>,
}

/// Where progress is told.
pub type Tell<'a> = &'a mut (dyn FnMut(Progress) + Send);

/// One try.
enum Try {
    Over(Result<Finish, LlmError>),
    Failed(LlmError),
    Adapt(OptionalFields),
}

/// What one question gathers over its tries.
struct Run {
    start: Instant,
    text: String,
    request_id: Option<String>,
    model: Option<String>,
    usage: Option<Usage>,
    /// A server took the question, or may have.
    taken: bool,
    first_token: Option<Duration>,
}

impl ModelClient {
    /// A client with the usual patience.
    pub fn new(
        transport: Arc<dyn ModelTransport>,
        settings: ModelSettings,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self {
            transport,
            patience: Patience::usual(settings.local),
            settings,
            clock,
            entropy,
            learnt: Mutex::default(),
        }
    }

    /// The same with other patience.
    #[must_use]
    pub const fn with_patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// The endpoint's settings.
    pub const fn settings(&self) -> &ModelSettings {
        &self.settings
    }

    /// The estimate of tokens as learnt so far.
    pub fn estimator(&self) -> Estimator {
        self.learnt().estimator
    }

    /// Tokens this model takes. Asks the server once when the configuration does not say; a server that does not tell
    /// is no error.
    pub async fn window(&self, cancel: &CancellationToken) -> u32 {
        let declared = self.settings.context_tokens;
        let known = self.learnt().window;
        let served = match (declared, known) {
            (Some(_), _) => None,
            (None, Window::Asked(known)) => known,
            (None, Window::Unasked) => {
                let served = self.ask_window(cancel).await;
                self.learnt().window = Window::Asked(served);
                served
            }
        };
        context_window(declared, served, &self.settings.model)
    }

    async fn ask_window(&self, cancel: &CancellationToken) -> Option<u32> {
        let request = self.settings.kind.models();
        let short = self.patience.first.min(Duration::from_secs(5));
        let read = async {
            let mut answer = self.transport.send(&request).await.ok()?;
            let body = read_all(answer.body.as_mut(), 1024 * 1024).await;
            (answer.status == 200).then_some(body)
        };
        let body = until(cancel, short, read).await.ok()??;
        served_window(&body, &self.settings.model)
    }

    /// Asks, and tells what happens on the way. Never fails as a call: what went wrong is in [`Outcome::end`].
    pub async fn ask(&self, ask: &Ask, cancel: &CancellationToken, tell: Tell<'_>) -> Outcome {
        let mut run = Run {
            start: Instant::now(),
            text: String::new(),
            request_id: None,
            model: None,
            usage: None,
            taken: false,
            first_token: None,
        };
        let mut retries = 0;
        let end = loop {
            let fields = self.learnt().fields;
            let error = match self.once(ask, fields, cancel, tell, &mut run).await {
                Try::Over(end) => break end,
                Try::Adapt(next) => {
                    self.learnt().fields = next;
                    tell(Progress::Adapted);
                    continue;
                }
                Try::Failed(error) => error,
            };
            let Some(wait) = self.wait(&error, retries, run.start.elapsed()) else {
                break Err(error);
            };
            retries += 1;
            tell(Progress::Retry {
                number: retries,
                of: self.patience.retries,
                wait,
                why: error,
            });
            if cancel.run_until_cancelled(tokio::time::sleep(wait)).await.is_none() {
                break Err(LlmError::Cancelled { chars: 0 });
            }
        };
        self.outcome(ask, end, retries, run)
    }

    /// How long to wait before the next try; `None` = give up.
    fn wait(&self, error: &LlmError, retries: u32, elapsed: Duration) -> Option<Duration> {
        let p = &self.patience;
        if !error.may_retry() || retries >= p.retries {
            return None;
        }
        let jittered = || backoff::between(Duration::ZERO, retries, self.entropy.below(u64::MAX), p.base, p.cap);
        let wait = error.hint().unwrap_or_else(jittered);
        (elapsed + wait <= p.total).then_some(wait)
    }

    async fn once(
        &self,
        ask: &Ask,
        fields: OptionalFields,
        cancel: &CancellationToken,
        tell: Tell<'_>,
        run: &mut Run,
    ) -> Try {
        tell(Progress::Connecting);
        let request = self.settings.kind.request(ask, fields);
        let mut answer = match self.head(&request, cancel).await {
            Ok(answer) => answer,
            Err(error) => {
                let certain = matches!(error, LlmError::Network { sent: false, .. } | LlmError::Auth { .. });
                run.taken |= !certain;
                return if error.may_retry() {
                    Try::Failed(error)
                } else {
                    Try::Over(Err(error))
                };
            }
        };
        if answer.status != 200 {
            return self.refused(&mut answer, fields, cancel).await;
        }
        run.taken = true;
        tell(Progress::FirstToken);
        let named = ["x-request-id", "request-id"];
        let request_id = named.iter().find_map(|name| answer.headers.get(*name).cloned());
        let mut decoder = Decoder::new(self.settings.kind, request_id, ask.shape.is_some());
        loop {
            let silence = if decoder.any_delta() {
                self.patience.idle
            } else {
                self.patience.first
            };
            let piece = until(cancel, silence, answer.body.next()).await;
            let events = match piece.and_then(|read| read) {
                Ok(Some(bytes)) => decoder.push(&bytes),
                Ok(None) => decoder.end(Ending::Clean),
                Err(error) => decoder.end(Ending::Broken(error)),
            };
            for event in events {
                match event {
                    Event::Started { request_id, model } => {
                        run.request_id = request_id;
                        run.model = model;
                    }
                    Event::Text(text) => {
                        run.first_token.get_or_insert_with(|| run.start.elapsed());
                        run.text.push_str(&text);
                        tell(Progress::Text(text));
                    }
                    Event::Reasoning(text) => {
                        run.first_token.get_or_insert_with(|| run.start.elapsed());
                        tell(Progress::Reasoning(text));
                    }
                    Event::Usage(usage) => run.usage = Some(usage),
                    Event::Finished(finish) => return Try::Over(Ok(finish)),
                    Event::Failed(error) if decoder.any_delta() || !error.may_retry() => return Try::Over(Err(error)),
                    Event::Failed(error) => return Try::Failed(error),
                }
            }
        }
    }

    async fn head(&self, request: &ModelRequest, cancel: &CancellationToken) -> Result<ModelAnswer, LlmError> {
        until(cancel, self.patience.first, self.transport.send(request)).await?
    }

    async fn refused(&self, answer: &mut ModelAnswer, fields: OptionalFields, cancel: &CancellationToken) -> Try {
        let body = match until(cancel, self.patience.idle, read_all(answer.body.as_mut(), MAX_REFUSAL)).await {
            Ok(body) => body,
            Err(error @ LlmError::Cancelled { .. }) => return Try::Over(Err(error)),
            // The status says enough.
            Err(_) => Vec::new(),
        };
        let refusal = refusal(answer.status, &answer.headers, &body, self.clock.now(), fields);
        match refusal.without {
            Some(next) => Try::Adapt(next),
            None => Try::Failed(refusal.error),
        }
    }

    fn outcome(&self, ask: &Ask, end: Result<Finish, LlmError>, retries: u32, run: Run) -> Outcome {
        let asked = ask.system.chars().count() + ask.turns.iter().map(|t| t.text.chars().count()).sum::<usize>();
        let mut learnt = self.learnt();
        let spent = match run.usage {
            Some(usage) => {
                learnt.estimator.learn(asked, usage.input);
                Spent {
                    usage,
                    estimated: false,
                }
            }
            None if run.taken => Spent {
                usage: Usage {
                    input: learnt.estimator.tokens(asked),
                    output: learnt.estimator.tokens(run.text.chars().count()),
                    ..Usage::default()
                },
                estimated: true,
            },
            None => Spent {
                usage: Usage::default(),
                estimated: false,
            },
        };
        Outcome {
            text: run.text,
            end,
            request_id: run.request_id,
            model: run.model,
            spent,
            cost: self.settings.price.map(|p| p.of(spent.usage)),
            retries,
            first_token: run.first_token,
            total: run.start.elapsed(),
        }
    }

    fn learnt(&self) -> MutexGuard<'_, Learnt> {
        self.learnt.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for `work`, but not beyond a cancel nor longer than `silence`. What is given up is dropped, and with it its
/// connection.
async fn until<T>(cancel: &CancellationToken, silence: Duration, work: impl Future<Output = T>) -> Result<T, LlmError> {
    match cancel.run_until_cancelled(tokio::time::timeout(silence, work)).await {
        None => Err(LlmError::Cancelled { chars: 0 }),
        Some(Err(_)) => Err(LlmError::IdleTimeout { waited: silence }),
        Some(Ok(done)) => Ok(done),
    }
}

/// Reads a short body; what is beyond `cap`, or after a failure, is left.
async fn read_all(body: &mut dyn ModelBody, cap: usize) -> Vec<u8> {
    let mut all = Vec::new();
    while all.len() < cap
        && let Ok(Some(piece)) = body.next().await
    {
        all.extend_from_slice(&piece);
    }
    all.truncate(cap);
    all
}
