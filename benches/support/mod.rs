//! What the benchmarks of the executor share: a house full of tickets in a store on disk, a platform that means
//! nothing, and a transport that answers from memory.
#![allow(dead_code, reason = "every benchmark uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a benchmark reads the machine's clock and stops at the first surprise"
)]

pub mod noop;
pub mod wire;

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use omnitraffick::{
    engine::{
        api::{CommandKind, Done, EngineClient, NewTicket, Reply, Request, starting_payload},
        clock::{SystemClock, SystemEntropy},
        decide::command::Command,
        deploy::executor::Concurrency,
        host::{Host, HostOptions, Place},
        model::{
            actor::{Actor, Role},
            campaign::Campaign,
            code::Label,
            governance::{Account, Brand, Channel, Market},
            ids::{BrandId, CampaignId, ChannelId, DeployId, MarketId, QaRunId, TicketId},
            json::CanonicalJson,
            money::{Budget, BudgetKind, Money},
            platform::{AccountId, PlatformId},
            rate::{Allowance, Rate},
            ticket::{Priority, RequestType, Status},
            time::Flight,
        },
        policy::Policy,
        service::Registry,
    },
    platforms::{Platform, transport::Transport},
};

/// Accounts of one channel: its row must fit a record.
const ACCOUNTS_PER_CHANNEL: usize = 64;

/// The house's limits without any pace: what is measured is the engine, not the platforms' allowances.
fn unpaced() -> Policy {
    let wide = Some(Rate::new(u32::MAX, 1));
    let allowance = Allowance {
        account: wide,
        app: wide,
    };
    Policy {
        pace: PlatformId::ALL.iter().map(|p| (*p, allowance)).collect(),
        ..Policy::default()
    }
}

/// Opens an engine on a directory.
pub async fn open(dir: &Path, platforms: Registry, transport: Arc<dyn Transport>, calls: usize) -> House {
    let host = Host::open(HostOptions {
        policy: unpaced(),
        transport: Some(transport),
        concurrency: Concurrency {
            total: calls,
            per_account: 1,
        },
        ..HostOptions::simulated(
            "bench",
            Place::Dir(dir.to_path_buf()),
            platforms,
            Arc::new(SystemClock),
            Arc::new(SystemEntropy::seeded(1)),
        )
    })
    .await
    .unwrap();
    let actor = Actor {
        uid: Some(1000),
        name: "bench".into(),
        role: Role::Admin,
        client: "bench".into(),
    };
    let client = host.client(actor, false);
    House { host, client }
}

/// A running engine and a door to it.
pub struct House {
    pub host: Host,
    pub client: Arc<dyn EngineClient>,
}

impl House {
    /// Carries a command out.
    pub async fn act(&self, kind: CommandKind) -> Done {
        act(&*self.client, kind).await
    }

    /// `count` tickets over `accounts` accounts that passed QA, written and judged as people's are.
    pub async fn ready_tickets(&self, count: usize, accounts: usize, payload: &serde_json::Value) -> Vec<TicketId> {
        let (brand, market) = self.brand_and_market().await;
        let mut places: Vec<(ChannelId, AccountId)> = Vec::new();
        for first in (0..accounts).step_by(ACCOUNTS_PER_CHANNEL) {
            let ids = first..accounts.min(first + ACCOUNTS_PER_CHANNEL);
            places.extend(self.channel(ids).await);
        }
        let mut tickets = Vec::with_capacity(count);
        let mut campaign = None;
        for n in 0..count {
            if n % accounts == 0 {
                campaign = Some(self.campaign(brand, market, n / accounts).await);
            }
            let (channel, account) = &places[n % accounts];
            let new = self.new_ticket(campaign.unwrap(), *channel, account, payload);
            tickets.push(new.id);
            // One after the other: every ticket takes the next number.
            self.act(CommandKind::TicketCreate(new)).await;
        }
        self.all(&tickets, |client, id| CommandKind::TicketSubmitQa {
            id,
            run: QaRunId::new(client.new_uuid()),
        })
        .await;
        self.wait_for(Status::ReadyForApi, count).await;
        tickets
    }

    /// Starts a deploy of every ticket.
    pub async fn start_deploys(&self, tickets: &[TicketId]) {
        self.all(tickets, |client, id| CommandKind::TicketDeploy {
            id,
            deploy: DeployId::new(client.new_uuid()),
            not_before: None,
        })
        .await;
    }

    /// One command per ticket, many at once.
    async fn all(&self, tickets: &[TicketId], command: fn(&dyn EngineClient, TicketId) -> CommandKind) {
        let mut set = tokio::task::JoinSet::new();
        for id in tickets {
            while set.len() >= 256 {
                set.join_next().await.unwrap().unwrap();
            }
            let (client, id) = (Arc::clone(&self.client), *id);
            set.spawn(async move {
                let kind = command(&*client, id);
                drop(act(&*client, kind).await);
            });
        }
        while let Some(done) = set.join_next().await {
            done.unwrap();
        }
    }

    /// How many tickets are in a status.
    pub fn in_status(&self, status: Status) -> usize {
        let count = |s: &omnitraffick::engine::view::State| s.lists.count(status);
        usize::try_from(self.host.engine().projection().read(count)).unwrap()
    }

    /// Waits until `count` tickets are in a status.
    pub async fn wait_for(&self, status: Status, count: usize) {
        let limit = Instant::now() + Duration::from_secs(600);
        while self.in_status(status) < count {
            assert!(Instant::now() < limit, "waited in vain for {count} x {status}");
            let lost = self.in_status(Status::QaFailed) + self.in_status(Status::Failed);
            assert_eq!(lost, 0, "every ticket passes QA and goes live");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    async fn brand_and_market(&self) -> (BrandId, MarketId) {
        let (brand, market) = (
            BrandId::new(self.client.new_uuid()),
            MarketId::new(self.client.new_uuid()),
        );
        self.act(CommandKind::BrandCreate(Brand {
            id: brand,
            code: "ACM".parse().unwrap(),
            name: "Acme".into(),
            family_friendly: false,
            aliases: vec![],
            retired: false,
        }))
        .await;
        self.act(CommandKind::MarketCreate(Market {
            id: market,
            code: "US".parse().unwrap(),
            name: "United States".into(),
            countries: vec!["US".into()],
            region: "AMER".into(),
            timezone: "America/New_York".into(),
            daily_cap: None,
            aliases: vec![],
            retired: false,
        }))
        .await;
        (brand, market)
    }

    async fn channel(&self, accounts: std::ops::Range<usize>) -> Vec<(ChannelId, AccountId)> {
        let id = ChannelId::new(self.client.new_uuid());
        let code = format!("CH{}", accounts.start / ACCOUNTS_PER_CHANNEL);
        let accounts: Vec<Account> = accounts
            .map(|n| Account {
                id: format!("act_{}", 100_001 + n).parse().unwrap(),
                name: format!("Acme {n}"),
                currency: "USD".parse().unwrap(),
                timezone: "America/New_York".into(),
            })
            .collect();
        let places = accounts.iter().map(|a| (id, a.id.clone())).collect();
        self.act(CommandKind::ChannelCreate(Channel {
            id,
            code: code.parse().unwrap(),
            name: code,
            platform: PlatformId::Meta,
            accounts,
            aliases: vec![],
            retired: false,
        }))
        .await;
        places
    }

    async fn campaign(&self, brand: BrandId, market: MarketId, n: usize) -> CampaignId {
        let id = CampaignId::new(self.client.new_uuid());
        let title = format!("Burn Down {n}");
        self.act(CommandKind::CampaignCreate(Campaign {
            id,
            brand,
            market,
            year: 2026,
            label: Label::from_words(&title).unwrap(),
            title,
            budget: None,
            flight: Some(flight(self.client.now())),
            retired: false,
            created_at: self.client.now(),
        }))
        .await;
        id
    }

    fn new_ticket(
        &self,
        campaign: CampaignId,
        channel: ChannelId,
        account: &AccountId,
        payload: &serde_json::Value,
    ) -> NewTicket {
        NewTicket {
            id: TicketId::new(self.client.new_uuid()),
            campaign,
            channel,
            account: Some(account.clone()),
            request: RequestType::Create,
            target: None,
            budget: Some(Budget {
                kind: BudgetKind::Daily,
                money: Money::parse("120.00", "USD".parse().unwrap()).unwrap(),
            }),
            flight: None,
            payload: CanonicalJson::new(payload),
            notes: String::new(),
            assignee: String::new(),
            priority: Priority::Normal,
        }
    }
}

async fn act(client: &dyn EngineClient, kind: CommandKind) -> Done {
    let command = Command {
        id: client.command_id(),
        kind,
    };
    match client.request(Request::Do(Box::new(command))).await.unwrap() {
        Reply::Done(done) => done,
        other => panic!("{other:?}"),
    }
}

/// From a week from now on, for three weeks.
fn flight(now: omnitraffick::engine::model::time::Timestamp) -> Flight {
    let day = |days: u64| {
        let text = now.plus(Duration::from_secs(days * 24 * 3600)).to_string();
        text.get(..10).unwrap().parse().unwrap()
    };
    Flight {
        start: day(7),
        end: Some(day(28)),
    }
}

/// A runtime as the program's own.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// A directory on the disk the build is on, never one in memory: syncs must mean something.
pub fn store_dir() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

/// Median and 99th percentile of some durations, in milliseconds.
pub fn percentiles(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e3;
    (at(50), at(99))
}

/// What a bare append with `fdatasync` costs on the same disk, median in milliseconds: the unit everything durable is
/// made of.
pub fn bare_sync_ms(dir: &Path) -> f64 {
    use std::os::unix::fs::FileExt as _;
    let file = std::fs::File::create(dir.join("bare")).unwrap();
    let block = [7_u8; 4096];
    let times = (0..64_u64).map(|n| {
        let start = Instant::now();
        file.write_all_at(&block, n * 4096).unwrap();
        file.sync_data().unwrap();
        start.elapsed()
    });
    percentiles(times.collect()).0
}

/// Processor time this process has used, all threads, in seconds (proc(5): `utime` and `stime`, 100 ticks a second).
pub fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let mut fields = after_name.split_whitespace().skip(11);
    let mut ticks = || fields.next().and_then(|f| f.parse::<u32>().ok()).unwrap_or(0);
    f64::from(ticks() + ticks()) / 100.0
}

/// How often threads of this process went to sleep so far, by the kernel's count (proc(5): voluntary context switches).
/// Whatever sleeps again has been awake.
pub fn sleeps() -> u64 {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap().flatten();
    let of = |task: std::fs::DirEntry| {
        let status = std::fs::read_to_string(task.path().join("status")).unwrap_or_default();
        let line = status.lines().find_map(|l| l.strip_prefix("voluntary_ctxt_switches:"));
        line.and_then(|n| n.trim().parse::<u64>().ok()).unwrap_or(0)
    };
    tasks.map(of).sum()
}

/// To three places.
pub fn round(x: f64) -> f64 {
    (x * 1000.0).round() / 1000.0
}

/// A payload for Meta that passes QA.
pub fn meta_payload(platform: &dyn Platform) -> serde_json::Value {
    let mut payload = starting_payload(platform.catalogue()).value();
    payload["ad_set"]["targeting"]["geo_locations"]["countries"] = serde_json::json!(["US"]);
    payload["creative"]["object_story_spec"] = serde_json::json!({
        "page_id": "111222333",
        "link_data": {
            "link": "https://acme.example/launch",
            "message": "Out now",
            "image_hash": "9fdba2b8a67f3d34b6a1c2e4d5f60718",
            "call_to_action": {"type": "LEARN_MORE"},
        },
    });
    payload
}

/// Cores, for the line every benchmark prints.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(0, usize::from)
}

/// The value of `--name value`, or a default.
pub fn argument<T: std::str::FromStr>(name: &str, default: T) -> T {
    let mut args = std::env::args().skip_while(|a| a != name).skip(1);
    args.next().and_then(|v| v.parse().ok()).unwrap_or(default)
}

/// True when a flag was given.
pub fn flag(name: &str) -> bool {
    std::env::args().any(|a| a == name)
}
