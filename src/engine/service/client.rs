//! The engine in this process behind the one door everybody uses.

use std::sync::Arc;

use tokio::sync::broadcast;

use super::Engine;
use crate::engine::{
    api::{Answer, ApiError, EngineClient, Notice, Request},
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
}

impl LocalClient {
    /// A client. `read_only` refuses every command whatever the role: a promise made once at the start of a session.
    pub const fn new(engine: Arc<Engine>, actor: Actor, read_only: bool) -> Self {
        Self {
            engine,
            actor,
            read_only,
        }
    }
}

impl EngineClient for LocalClient {
    fn request(&self, request: Request) -> Answer<'_> {
        Box::pin(async move {
            // Validation changes nothing if the platform keeps its word; a read-only session does not rest on that.
            if self.read_only && matches!(request, Request::Do(_) | Request::Validate(_)) {
                return Err(ApiError::from(Refusal::new(
                    RefusalCode::ReadOnly,
                    Problem::whole("this session is read-only", "start without --read-only"),
                )));
            }
            self.engine.ask(request, &self.actor).await
        })
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
