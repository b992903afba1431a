//! The engine in this process behind the one door everybody uses.

use std::sync::Arc;

use tokio::sync::broadcast;

use super::{Engine, Incoming, presence::Seat};
use crate::engine::{
    api::{Answer, ApiError, EngineClient, Notice, Reply, Request, TakenIn, files::take_in},
    model::{
        actor::Actor,
        refusal::{Problem, Refusal, RefusalCode},
        time::Timestamp,
    },
};

/// A client of an engine in the same process, acting as one person.
#[derive(Clone, Debug)]
pub struct LocalClient {
    engine: Arc<Engine>,
    actor: Actor,
    read_only: bool,
    follows_paths: bool,
    seat: Arc<Seat>,
}

impl LocalClient {
    /// A client. `read_only` refuses whatever would change something, whatever the role, and has no language model asked: a
    /// question to the copilot gets its snippets and leaves no row. A promise made once at the start of a session.
    pub fn new(engine: Arc<Engine>, actor: Actor, read_only: bool) -> Self {
        Self {
            seat: Arc::new(engine.people.seat()),
            engine,
            actor,
            read_only,
            follows_paths: true,
        }
    }

    /// Begins to take in a file of this many bytes that comes in pieces. `name` is the file's own, for people.
    pub async fn begin_file(&self, name: String, bytes: u64) -> Result<Incoming, ApiError> {
        if self.read_only {
            return Err(read_only());
        }
        self.engine.begin_file(&self.actor, name, bytes).await
    }

    /// The same for somebody in another process: a path they send is theirs, and is not opened with our rights.
    #[must_use]
    pub fn from_afar(mut self) -> Self {
        self.follows_paths = false;
        self
    }
}

fn read_only() -> ApiError {
    ApiError::from(Refusal::new(
        RefusalCode::ReadOnly,
        Problem::whole("this session is read-only", "start without --read-only"),
    ))
}

impl EngineClient for LocalClient {
    fn request(&self, request: Request) -> Answer<'_> {
        Box::pin(async move {
            // Healing writes a proposal down. Validation changes nothing if the platform keeps its word; a read-only session does not rest on that.
            if self.read_only
                && matches!(
                    request,
                    Request::Do(_) | Request::DoCounted { .. } | Request::Validate(_) | Request::Heal(_)
                )
            {
                return Err(read_only());
            }
            if let Request::Here(at) = request {
                self.seat.sit(at, &self.actor, self.engine.clock.now());
                return Ok(Reply::People(self.engine.people.others(Some(&self.seat))));
            }
            let request = match request {
                Request::People => return Ok(Reply::People(self.engine.people.others(Some(&self.seat)))),
                Request::AskCopilot(ask) if self.read_only => {
                    let news = self.engine.read_copilot(*ask, &self.actor).await?;
                    return Ok(Reply::CopilotNews(Box::new(news)));
                }
                Request::PreviewCopilot(mut ask) if self.read_only => {
                    ask.snippets_only = true;
                    Request::PreviewCopilot(ask)
                }
                Request::Do(command) if self.follows_paths => {
                    Request::Do(Box::new(take_in(self, *command, true).await?))
                }
                Request::DoCounted { command, counted } if self.follows_paths => {
                    let command = Box::new(take_in(self, *command, true).await?);
                    Request::DoCounted { command, counted }
                }
                Request::DryRun(command) if self.follows_paths => {
                    Request::DryRun(Box::new(take_in(self, *command, false).await?))
                }
                other => other,
            };
            self.engine.ask(request, &self.actor).await
        })
    }

    fn keep_file(&self, name: String, file: std::fs::File) -> TakenIn<'_> {
        Box::pin(self.engine.keep_file(name, file))
    }

    fn notices(&self) -> broadcast::Receiver<Notice> {
        self.engine.projection.notices()
    }

    fn new_uuid(&self) -> uuid::Uuid {
        self.engine.entropy.uuid(self.engine.clock.now())
    }

    fn now(&self) -> Timestamp {
        self.engine.clock.now()
    }
}
