//! The one place where the command line gets its engine: it attaches to the one that runs, or becomes it for as long
//! as the verb takes.

use std::{sync::Arc, time::Duration};

use super::{failure::Failure, wiring};
use crate::{
    config::{
        Config,
        environment::{Environment, UserDatabase, group_id},
    },
    engine::{
        api::{EngineClient, Notice, Reply, Request},
        clock::{SystemClock, SystemEntropy},
        copilot::source::Folder,
        deploy::executor::Concurrency,
        host::{
            CopilotWays, Host, HostError, HostOptions, Place, StoreOptions,
            joint::{AudienceOf, Embed, Joint, JointError, Way},
            socket::{message::Hello, path::Audience},
            who::Who,
        },
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// Refuse every change.
    pub read_only: bool,
    /// Make the store if there is none. A verb that only looks must not turn a typing error into an empty house.
    pub makes: bool,
    /// How the journal names the way in: `console` or `cli`.
    pub client: &'static str,
    /// Use an engine that runs already. Without it, one that does is in the way.
    pub attaches: bool,
    /// Be the engine in place of one that runs.
    pub takes_over: bool,
    /// Have a way to the platforms, for questions and for what is shown of a request.
    pub asks: bool,
    /// Deploy. A verb that only looks or queues must not start sending, to be broken off at once.
    pub sends: bool,
}

/// A door to the engine, in this process or another.
pub struct Session {
    door: Door,
}

enum Door {
    /// To the store's engine.
    Store(Arc<Joint>),
    /// To an engine in memory, for this verb only.
    Beside(Host, Arc<dyn EngineClient>),
}

impl Session {
    /// Attaches to the store's engine, or becomes it.
    pub async fn open(config: &Config, environment: &Environment, access: Access) -> Result<Self, Failure> {
        let (uid, _) = environment.who();
        let roles = config.roles.clone();
        let way = Way {
            store: config.store.clone(),
            socket: config.socket.clone(),
            runtime_dir: environment.runtime_dir(),
            audience: audience(config),
            hello: Hello {
                read_only: access.read_only,
                serves: access.sends && !access.read_only,
                takes_over: access.takes_over,
                ..Hello::new(access.client)
            },
            uid,
            makes: access.makes,
            attaches: access.attaches,
            embed: embed(config, environment, access)?,
            who: Box::new(move || Who::new(uid, Box::new(UserDatabase), roles.clone())),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy::from_os()),
        };
        let joint = Joint::open(way).await.map_err(|e| match e {
            JointError::Host(e) => failed(e),
            e => Failure::unavailable(e.to_string()),
        })?;
        Ok(Self {
            door: Door::Store(Arc::new(joint)),
        })
    }

    /// Starts an engine in memory, beside whoever owns the store, for what needs nothing that is in it. `folders` stand
    /// in for the configured guidelines.
    pub async fn beside(
        config: &Config,
        environment: &Environment,
        folders: Option<Vec<Folder>>,
    ) -> Result<Self, Failure> {
        let options = HostOptions {
            place: Place::Memory,
            guidelines: folders.unwrap_or_else(|| config.guidelines.clone()),
            ..host_options(config, None, Arc::default(), true)
        };
        let host = Host::open(options).await.map_err(failed)?;
        let (uid, name) = environment.who();
        let actor = Actor {
            uid: Some(uid),
            name,
            role: Role::Viewer,
            client: "cli".to_owned(),
        };
        let client = host.client(actor, true);
        Ok(Self {
            door: Door::Beside(host, client),
        })
    }

    /// The door.
    pub fn client(&self) -> Arc<dyn EngineClient> {
        match &self.door {
            Door::Store(joint) => Arc::clone(joint) as Arc<dyn EngineClient>,
            Door::Beside(_, client) => Arc::clone(client),
        }
    }

    /// True when this process is the store's engine.
    pub fn is_engine(&self) -> bool {
        matches!(&self.door, Door::Store(joint) if joint.is_own())
    }

    /// The door to the store's engine.
    pub fn joint(&self) -> Option<Arc<Joint>> {
        match &self.door {
            Door::Store(joint) => Some(Arc::clone(joint)),
            Door::Beside(..) => None,
        }
    }

    /// Connections to the engine in this process.
    pub async fn connected(&self) -> usize {
        match &self.door {
            Door::Store(joint) => joint.connected().await,
            Door::Beside(..) => 0,
        }
    }

    /// Waits until the engine here has made way for another process; `true` = it has.
    pub async fn made_way(&self, patience: Duration) -> bool {
        match &self.door {
            Door::Store(joint) => joint.made_way(patience).await,
            Door::Beside(..) => false,
        }
    }

    /// Lets go. If this process is the engine, QA finishes what it has begun first, and the store is closed.
    pub async fn close(self) -> Result<(), Failure> {
        if self.is_engine() {
            // Late is no failure: the next engine judges what is left.
            let _ = tokio::time::timeout(QA_TIME, judged(&*self.client())).await;
        }
        let closed = match self.door {
            Door::Store(joint) => joint.close("the program that ran the engine was closed").await,
            Door::Beside(host, _) => host.close().await,
        };
        closed.map_err(|e| Failure::unavailable(format!("the store did not close in good order: {e}")))
    }
}

/// Who may connect, should this process become the engine.
fn audience(config: &Config) -> AudienceOf {
    let (named, group) = (config.socket.is_some(), config.group.clone());
    Box::new(move || match &group {
        None if named => Ok(Audience::OwnGroup),
        None => Ok(Audience::Owner),
        Some(name) => match group_id(name) {
            Some(gid) => Ok(Audience::Group {
                name: name.clone(),
                gid,
            }),
            None => Err(std::io::Error::other(format!(
                "there is no group {name} ([host] group); make it with `sudo groupadd {name}`, or name another"
            ))),
        },
    })
}

fn failed(error: HostError) -> Failure {
    if error.is_damage() {
        return Failure::damaged(error.to_string());
    }
    match error {
        HostError::Start(e) => e.into(),
        HostError::Untrusted(why) => Failure::unavailable(why),
        HostError::Store(e) => Failure::unavailable(e.to_string()),
    }
}

/// How this process becomes the engine, should nobody else be it.
fn embed(config: &Config, environment: &Environment, access: Access) -> Result<Embed, Failure> {
    // Others may attach and ask through this engine, so it has a way out whenever there is one; a verb that needs it
    // hears why there is none.
    let transport = match wiring::transport(config, environment, registry().keys().copied()) {
        Err(failure) if access.sends || access.asks => return Err(failure),
        transport => transport.ok(),
    };
    let copilot = wiring::copilot(config, environment)?;
    let config = config.clone();
    let (uid, _) = environment.who();
    Ok(Box::new(move |lock| {
        if let Err(why) = config.trusted_by(uid) {
            return Box::pin(async { Err(HostError::Untrusted(why)) });
        }
        let options = HostOptions {
            concurrency: if access.sends {
                Concurrency::default()
            } else {
                Concurrency::NONE
            },
            lock: Some(lock),
            ..host_options(&config, transport.clone(), Arc::clone(&copilot), access.read_only)
        };
        Box::pin(Host::open(options))
    }))
}

/// How the engine of this configuration is started.
pub fn host_options(
    config: &Config,
    transport: Option<Arc<dyn Transport>>,
    copilot: Arc<CopilotWays>,
    read_only: bool,
) -> HostOptions {
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
        lock: None,
        guidelines: config.guidelines.clone(),
        copilot,
    }
}

/// On what the store may lie.
pub fn store_options(config: &Config) -> StoreOptions {
    StoreOptions {
        allow_fuse: config.allow_fuse,
        ephemeral: config.ephemeral,
        segment_bytes: u64::from(config.segment_kib) << 10,
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
