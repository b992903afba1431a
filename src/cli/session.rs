//! The one place where the command line gets its engine: this process becomes it, for as long as the verb takes.

use std::{sync::Arc, time::Duration};

use super::{failure::Failure, wiring};
use crate::{
    config::{Config, environment::Environment},
    engine::{
        api::{EngineClient, Notice, Reply, Request},
        clock::{SystemClock, SystemEntropy},
        deploy::executor::Concurrency,
        host::{Host, HostError, HostOptions, Place, StoreOptions},
        model::{
            actor::{Actor, Role},
            ticket::Status,
        },
    },
    platforms::{registry::registry, transport::Transport},
};

/// QA's work on what the verb asked for gets this long before the engine closes.
const QA_TIME: Duration = Duration::from_secs(10);

/// What a verb needs of the engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Refuse every change.
    pub read_only: bool,
    /// Make the store if there is none. A verb that only looks must not turn a typing error into an empty house.
    pub makes: bool,
    /// Speak to the platforms. A verb that only looks or queues must not start sending, to be broken off at once.
    pub sends: bool,
}

/// A running engine and a door to it.
pub struct Session {
    host: Host,
    client: Arc<dyn EngineClient>,
}

impl Session {
    /// Opens the store and starts the engine.
    pub async fn open(config: &Config, environment: &Environment, access: Access) -> Result<Self, Failure> {
        if !access.makes && !config.store.exists() {
            return Err(Failure::unavailable(format!(
                "there is no store in {}; the first thing you create makes one, or check --store",
                config.store.display()
            )));
        }
        let transport = if access.sends {
            Some(wiring::transport(config, environment, registry().keys().copied())?)
        } else {
            None
        };
        let options = host_options(config, transport, access.read_only);
        let host = Host::open(options).await.map_err(|e| match e {
            e if e.is_damage() => Failure::damaged(e.to_string()),
            HostError::Store(e) => Failure::unavailable(e.to_string()),
            HostError::Start(e) => e.into(),
        })?;
        let actor = actor(environment);
        let client = host.client(actor, access.read_only);
        Ok(Self { host, client })
    }

    /// The door.
    pub fn client(&self) -> Arc<dyn EngineClient> {
        Arc::clone(&self.client)
    }

    /// Closes the engine; QA finishes what it has begun first.
    pub async fn close(self) -> Result<(), Failure> {
        // Late is no failure: the next engine judges what is left.
        let _ = tokio::time::timeout(QA_TIME, judged(&*self.client)).await;
        drop(self.client);
        self.host
            .close()
            .await
            .map_err(|e| Failure::unavailable(format!("the store did not close in good order: {e}")))
    }
}

/// How the engine of this configuration is started.
pub fn host_options(config: &Config, transport: Option<Arc<dyn Transport>>, read_only: bool) -> HostOptions {
    HostOptions {
        place: Place::With(config.store.clone(), store_options(config)),
        environment: config.environment.clone(),
        sandbox: wiring::is_simulated(config),
        policy: config.policy.clone(),
        platforms: registry(),
        transport,
        read_only,
        concurrency: Concurrency::default(),
        qa_pace: Duration::ZERO,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy::from_os()),
        build: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// On what the store may lie.
pub fn store_options(config: &Config) -> StoreOptions {
    StoreOptions {
        allow_fuse: config.allow_fuse,
        ephemeral: config.ephemeral,
        ..StoreOptions::default()
    }
}

/// Who works here, by this machine.
pub fn actor(environment: &Environment) -> Actor {
    let (uid, name) = environment.who();
    Actor {
        uid: Some(uid),
        name,
        // Whoever can open the store's files can do everything to them.
        role: Role::Admin,
        client: "cli".to_owned(),
    }
}

/// Ends once no ticket is being judged.
async fn judged(client: &dyn EngineClient) {
    let mut notices = client.notices();
    while let Ok(Reply::Overview(o)) = client.request(Request::Overview).await {
        let judging = o.tickets.iter().any(|(s, n)| *s == Status::QaTesting && *n > 0);
        if !judging || o.read_only.is_some() {
            return;
        }
        let notice: Result<Notice, _> = notices.recv().await;
        if matches!(notice, Err(tokio::sync::broadcast::error::RecvError::Closed)) {
            return;
        }
    }
}
