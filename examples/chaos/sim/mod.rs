//! One seeded run: an engine over a simulated agency and simulated platforms, in simulated time on one thread, while
//! everything goes wrong that may. The same seed gives the same run to the last byte of its trace.
//!
//! - [`gate`]: where an engine is stopped or killed; the clock.
//! - [`doors`]: its store and its wire.
//! - [`weather`]: what goes wrong on the platforms.
//! - [`agency`], [`people`]: what is to be done, and who gets in the way.
//! - [`oracle`]: what must hold at the end.

pub mod agency;
pub mod doors;
pub mod gate;
pub mod oracle;
pub mod people;
pub mod weather;

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{Arc, Mutex},
    time::Duration,
};

use fastrand::Rng;
use omnitraffick::{
    engine::{
        api::{CommandKind, EngineClient, Reply, Request, TicketView},
        clock::{Clock, SystemEntropy},
        decide::command::HoldScope,
        host::{Host, HostOptions, Place},
        model::{
            event::{Event, EventKind, Seq},
            platform::PlatformId,
            ticket::Status,
            time::Timestamp,
        },
        store::{Store as _, memory::MemoryStore},
    },
    platforms::{
        registry::registry,
        sandbox::{Sandbox, memory::MemoryTransport, record::Entry},
        transport::{Credentials, FixedToken, Secret, Transport},
    },
};
use sha2::{Digest as _, Sha256};

use self::{
    doors::{GatedStore, GatedTransport, Heads},
    gate::{Blow, Gate, POINTS, SimClock},
    people::Memory,
};

const START: &str = "2026-11-20T10:00:00Z";
/// A run that is not at rest after so long never will be: rate limits give up after a day.
const PATIENCE: Duration = Duration::from_secs(30 * 3600);

/// How large a run is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Campaigns; each has a ticket on every one of the six accounts.
    pub campaigns: usize,
    /// How long things go wrong, in simulated seconds.
    pub seconds: u64,
}

impl Size {
    pub const FULL: Self = Self {
        campaigns: 4,
        seconds: 3600,
    };
    pub const QUICK: Self = Self {
        campaigns: 2,
        seconds: 1800,
    };
}

/// How often what happened in a run.
pub type Counts = BTreeMap<&'static str, u64>;

/// What a run left behind.
#[derive(Debug)]
pub struct Report {
    /// SHA-256 over every request and every event.
    pub hash: String,
    /// Broken promises.
    pub violations: Vec<String>,
    pub counts: Counts,
    /// Requests and events in order of time, if asked for.
    pub trace: Vec<String>,
}

/// Runs one seed.
pub fn run(seed: u64, size: Size, traced: bool) -> Report {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async { Run::new(seed, size, traced).play().await })
}

/// What the recorder keeps.
struct Wire {
    hash: Sha256,
    requests: u64,
    faults: u64,
    twins: Vec<String>,
    lines: Vec<(Timestamp, String)>,
}

struct Engine {
    host: Host,
    client: Arc<dyn EngineClient>,
    gate: Arc<Gate>,
}

struct Run {
    rng: Rng,
    size: Size,
    clock: Arc<SimClock>,
    platform_clock: Arc<SimClock>,
    sandbox: Arc<Sandbox>,
    wire: Arc<Mutex<Wire>>,
    store: Arc<MemoryStore>,
    heads: Arc<Heads>,
    memory: Arc<Mutex<Memory>>,
    /// Stopped engines that were taken over and may come back.
    zombies: Vec<Engine>,
    engines: u64,
    violations: Vec<String>,
    counts: Counts,
    busy_one_in: u32,
    /// The engine's clock is set, ahead or back, while it runs.
    jumps: bool,
    obeys: bool,
    traced: bool,
}

impl Run {
    fn new(seed: u64, size: Size, traced: bool) -> Self {
        let mut rng = Rng::with_seed(seed);
        let start = Timestamp::parse(START).unwrap();
        let clock = SimClock::new(start, 0);
        let skew = if rng.u8(..4) == 0 { rng.i64(-7200..7200) } else { 0 };
        let platform_clock = SimClock::new(start, skew);
        let wire = Arc::new(Mutex::new(Wire {
            hash: Sha256::new(),
            requests: 0,
            faults: 0,
            twins: Vec::new(),
            lines: Vec::new(),
        }));
        let jumps = rng.u8(..5) == 0;
        let weather = weather::weather(&mut rng, jumps);
        let obeys = !weather.world.ignores_disable;
        let sandbox = Sandbox::from_script(weather).recorded(recorder(&wire, traced, skew));
        let entropy = Arc::new(SystemEntropy::seeded(rng.u64(..)));
        let store = Arc::new(MemoryStore::new(Arc::clone(&clock) as Arc<dyn Clock>, entropy));
        let busy_one_in = if rng.u8(..4) == 0 { rng.u32(20..300) } else { 0 };
        Self {
            rng,
            size,
            clock,
            platform_clock,
            sandbox: Arc::new(sandbox),
            wire,
            store,
            heads: Arc::default(),
            memory: Arc::default(),
            zombies: Vec::new(),
            engines: 0,
            violations: Vec::new(),
            counts: Counts::new(),
            busy_one_in,
            jumps,
            obeys,
            traced,
        }
    }

    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    async fn play(mut self) -> Report {
        let busy = std::mem::take(&mut self.busy_one_in);
        let mut engine = self.start().await;
        let tickets = agency::found(&engine.client, self.size.campaigns).await;
        self.memory.lock().unwrap().tickets = tickets;
        self.busy_one_in = busy;
        engine = self.storm(engine).await;
        engine = self.calm(engine).await;
        self.rest(&engine).await;
        self.report(engine).await
    }

    /// Starts an engine; one that dies while it starts is followed by the next.
    async fn start(&mut self) -> Engine {
        loop {
            let gate = Gate::new();
            self.engines += 1;
            if self.engines > 1 && self.rng.u8(..8) == 0 {
                let point = if self.rng.bool() {
                    gate::Point::Decided(gate::Deed::Start)
                } else {
                    gate::Point::Durable(gate::Deed::Outcome)
                };
                gate.arm(point, self.rng.u32(1..3), Blow::Kill);
            }
            let options = self.options(&gate);
            let host = tokio::select! {
                biased;
                () = gate.struck() => {
                    self.count("killed while starting");
                    continue;
                }
                host = Host::open(options) => host,
            };
            match host {
                Ok(host) => {
                    let client = host.client(people::person(), false);
                    return Engine { host, client, gate };
                }
                // The start could not be recorded because the store was busy: started again, as people do.
                Err(_) => self.count("starts refused"),
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    fn options(&mut self, gate: &Arc<Gate>) -> HostOptions {
        let credentials: Arc<dyn Credentials> = Arc::new(FixedToken(Secret::from_source("chaos-token-000").unwrap()));
        let inner = MemoryTransport::new(
            Arc::clone(&self.sandbox),
            Arc::clone(&self.platform_clock) as Arc<dyn Clock>,
            credentials,
        );
        let transport: Arc<dyn Transport> = Arc::new(GatedTransport {
            inner: Arc::new(inner),
            gate: Arc::clone(gate),
            rng: Mutex::new(self.rng.fork()),
        });
        let store = GatedStore {
            inner: Arc::clone(&self.store),
            gate: Arc::clone(gate),
            rng: Mutex::new(self.rng.fork()),
            busy_one_in: self.busy_one_in,
            heads: Arc::clone(&self.heads),
        };
        HostOptions {
            transport: Some(transport),
            ..HostOptions::simulated(
                "chaos",
                Place::Open(Arc::new(store)),
                registry(),
                Arc::clone(&self.clock) as Arc<dyn Clock>,
                Arc::new(SystemEntropy::seeded(self.rng.u64(..))),
            )
        }
    }

    /// Everything goes wrong for a while.
    async fn storm(&mut self, mut engine: Engine) -> Engine {
        let end = tokio::time::Instant::now() + Duration::from_secs(self.size.seconds);
        let rough = self.rng.u64(20..400);
        while tokio::time::Instant::now() < end {
            if self.rng.u64(..rough) == 0 {
                engine = self.strike_at_once(engine).await;
                continue;
            }
            if self.rng.u64(..rough) < 4 {
                let point = self.rng.choice(POINTS).unwrap();
                let blow = if self.rng.u8(..4) == 0 { Blow::Stop } else { Blow::Kill };
                engine.gate.arm(point, self.rng.u32(1..12), blow);
            }
            if self.jumps && self.rng.u64(..100) == 0 {
                self.count("clock set");
                self.clock.step(self.rng.i64(-1800..3600));
            }
            let pause = Duration::from_millis(self.rng.u64(50..12_000));
            let gate = Arc::clone(&engine.gate);
            if tokio::time::timeout(pause, gate.struck()).await.is_ok() {
                engine = self.after_the_blow(engine).await;
                continue;
            }
            for _ in 0..self.rng.u8(..4) {
                let rng = self.rng.fork();
                tokio::spawn(people::meddle(
                    Arc::clone(&engine.client),
                    Arc::clone(&self.memory),
                    rng,
                ));
            }
            if self.rng.u8(..30) == 0 {
                let views = self.views(&engine).await;
                for view in &views {
                    oracle::speaks(view, &mut self.violations);
                }
            }
        }
        engine
    }

    async fn strike_at_once(&mut self, engine: Engine) -> Engine {
        if self.rng.u8(..4) == 0 {
            engine.gate.stop();
        } else {
            engine.gate.kill();
        }
        self.after_the_blow(engine).await
    }

    async fn after_the_blow(&mut self, engine: Engine) -> Engine {
        if engine.gate.is_dead() {
            self.count("killed");
            engine.host.kill().await;
            let down = if self.rng.bool() { 0 } else { self.rng.u64(1..120_000) };
            tokio::time::sleep(Duration::from_millis(down)).await;
            return self.start().await;
        }
        self.count("stopped");
        let long = Duration::from_secs(self.rng.u64(1..400));
        if self.rng.bool() {
            tokio::time::sleep(long).await;
            engine.gate.go_on();
            return engine;
        }
        // Somebody else takes over; the stopped one comes back later and believes it is still the one.
        self.count("taken over");
        let gate = Arc::clone(&engine.gate);
        tokio::spawn(async move {
            tokio::time::sleep(long).await;
            gate.go_on();
        });
        self.zombies.push(engine);
        if let Some(old) = (self.zombies.len() > 2).then(|| self.zombies.remove(0)) {
            old.gate.kill();
            old.host.kill().await;
        }
        tokio::time::sleep(Duration::from_secs(self.rng.u64(..120))).await;
        self.start().await
    }

    /// The last restart; nobody gets in the way any more.
    async fn calm(&mut self, engine: Engine) -> Engine {
        engine.gate.kill();
        engine.host.kill().await;
        for zombie in std::mem::take(&mut self.zombies) {
            zombie.gate.kill();
            zombie.host.kill().await;
        }
        self.busy_one_in = 0;
        self.start_calmly().await
    }

    async fn start_calmly(&mut self) -> Engine {
        let gate = Gate::new();
        let options = self.options(&gate);
        let host = Host::open(options).await.unwrap();
        let client = host.client(people::person(), false);
        Engine { host, client, gate }
    }

    /// Lets everything come to rest: holds are released, pauses ended, questions stay open.
    async fn rest(&mut self, engine: &Engine) {
        let mut scopes = vec![HoldScope::Everything];
        scopes.extend([PlatformId::Meta, PlatformId::Tiktok, PlatformId::GoogleAds].map(HoldScope::Platform));
        for view in self.views(engine).await {
            let t = view.ticket.value;
            let account = HoldScope::Account(t.platform, t.account);
            if !scopes.contains(&account) {
                scopes.push(account);
            }
        }
        for scope in scopes {
            // Refused where there is none.
            let _ = agency::act(&engine.client, CommandKind::HoldRelease { scope }).await;
        }
        let end = tokio::time::Instant::now() + PATIENCE;
        while tokio::time::Instant::now() < end {
            let (mut moving, mut next) = (false, self.clock.now().plus(Duration::from_secs(3600)));
            for view in self.views(engine).await {
                let t = &view.ticket.value;
                let id = t.id;
                if view.deploy.as_ref().is_some_and(|d| d.paused_by.is_some()) {
                    let _ = agency::act(&engine.client, CommandKind::DeployResume { id }).await;
                    moving = true;
                }
                let asks = view
                    .why
                    .as_ref()
                    .is_some_and(|w| w.person.is_some() && w.next_at.is_none());
                if matches!(t.status, Status::Deploying | Status::QaTesting) && !asks {
                    moving = true;
                    next = next.min(view.why.and_then(|w| w.next_at).unwrap_or_default());
                }
            }
            if !moving {
                break;
            }
            // Until something is due, and then until it is done.
            let wait = next.since(self.clock.now()).max(Duration::from_secs(60));
            tokio::time::sleep(wait).await;
        }
        // Whatever is still on its way arrives.
        tokio::time::sleep(Duration::from_secs(600)).await;
    }

    async fn views(&mut self, engine: &Engine) -> Vec<TicketView> {
        let ids = self.memory.lock().unwrap().tickets.clone();
        let mut views = Vec::new();
        for id in ids {
            if engine.gate.is_dead() || engine.gate.stands() {
                break;
            }
            let asked = tokio::time::timeout(Duration::from_secs(40), agency::view(&engine.client, id)).await;
            match asked {
                Ok(Ok(view)) => views.push(view),
                Ok(Err(error)) => self.violations.push(format!("ticket {id} is not there: {error}")),
                Err(_) => {}
            }
        }
        views
    }

    async fn events(&self, engine: &Engine) -> Vec<Event> {
        let ask = Request::Events {
            after: Seq(0),
            limit: u32::MAX,
        };
        match engine.client.request(ask).await {
            Ok(Reply::Events(events)) => events,
            other => panic!("{other:?}"),
        }
    }

    async fn report(mut self, engine: Engine) -> Report {
        let views = self.views(&engine).await;
        let mut events = self.events(&engine).await;
        while let Ok(more) = self.store.events(events.last().map_or(Seq(0), |e| e.seq), 10_000).await
            && !more.is_empty()
        {
            events.extend(more);
        }
        let objects = self.sandbox.snapshot(self.platform_clock.now());
        let memory = std::mem::take(&mut *self.memory.lock().unwrap());
        let mut wire = self.wire.lock().unwrap();
        self.violations.extend(oracle::judge(&oracle::Evidence {
            views: &views,
            objects: &objects,
            events: &events,
            acknowledged: &memory.acknowledged,
            twins: &wire.twins,
            now: self.clock.now(),
            obeys: self.obeys,
        }));
        self.violations.extend(memory.alarms);
        let mut lines = std::mem::take(&mut wire.lines);
        for e in &events {
            let line = format!(
                "{} {} {} {} {}",
                e.seq, e.kind, e.subject.label, e.actor.name, e.summary
            );
            wire.hash.update(e.at.micros().to_le_bytes());
            wire.hash.update(line.as_bytes());
            if self.traced {
                lines.push((e.at, line));
            }
        }
        lines.sort_by_key(|(at, _)| *at);
        let mut hash = String::new();
        for byte in wire.hash.clone().finalize() {
            let _ = write!(hash, "{byte:02x}");
        }
        let kind = |k: EventKind| events.iter().filter(|e| e.kind == k).count() as u64;
        for (what, n) in [
            ("engines", self.engines),
            ("requests", wire.requests),
            ("faults", wire.faults),
            ("events", events.len() as u64),
            ("tickets", views.len() as u64),
            ("objects", objects.len() as u64),
            ("adopted", kind(EventKind::StepAdopted)),
            ("proved absent", kind(EventKind::StepAbsent)),
            ("questions", kind(EventKind::OperatorNeeded)),
            ("commands", u64::from(memory.done)),
            ("commands refused", u64::from(memory.refused)),
            (
                "live",
                views
                    .iter()
                    .filter(|v| v.ticket.value.status == Status::TraffickedSuccess)
                    .count() as u64,
            ),
        ] {
            *self.counts.entry(what).or_default() += n;
        }
        Report {
            hash,
            violations: std::mem::take(&mut self.violations),
            counts: std::mem::take(&mut self.counts),
            trace: lines.into_iter().map(|(at, line)| format!("{at} {line}")).collect(),
        }
    }
}

/// Every request goes into the hash, and into the trace if somebody wants to read it.
fn recorder(wire: &Arc<Mutex<Wire>>, traced: bool, skew: i64) -> omnitraffick::platforms::sandbox::record::Recorder {
    let wire = Arc::clone(wire);
    Arc::new(move |e: &Entry| {
        let mut wire = wire.lock().unwrap();
        let fault = e.fault.as_deref().unwrap_or("");
        wire.requests += 1;
        wire.faults += u64::from(!fault.is_empty());
        let line = format!(
            "  {:?} {} {} {} -> {:?} {fault}",
            e.method, e.path, e.query, e.body, e.response_status
        );
        wire.hash.update(e.time.micros().to_le_bytes());
        wire.hash.update(line.as_bytes());
        if fault == "twin" {
            wire.twins.push(e.body.to_string());
        }
        if traced {
            let at = Timestamp::from_micros(e.time.micros() - skew * 1_000_000);
            let answer: String = e.response_body.to_string().chars().take(300).collect();
            wire.lines.push((at, format!("{line} {answer}")));
        }
    })
}
