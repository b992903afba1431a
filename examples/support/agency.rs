//! A whole agency in simulated time: engine, executor and the sandbox worlds of three platforms in one process.
//!
//! Every call is noted on its way, so that a run can be judged by what the platforms saw and not by what the engine says.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a bench: whatever goes wrong ends it"
)]
#![allow(dead_code, reason = "every run uses its own part")]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use omnitraffick::{
    engine::{
        api::{CommandKind, DeployRows, EngineClient, NewTicket, Reply, Request, filter::Filter, starting_payload},
        clock::{Clock, SystemEntropy, TokioClock},
        decide::command::Command,
        host::{Host, HostOptions, Place},
        model::{
            actor::{Actor, Role},
            campaign::Campaign,
            code::Label,
            deploy::Why,
            governance::{Account, Brand, Channel, Market},
            ids::{BrandId, CampaignId, ChannelId, DeployId, MarketId, QaRunId, TicketId},
            json::CanonicalJson,
            money::{Budget, BudgetKind, Money},
            platform::{AccountId, PlatformId},
            ticket::{Priority, RequestType, Status, Ticket},
            time::{Flight, Timestamp},
        },
    },
    platforms::{
        Exchange, Platform, WireRequest,
        registry::registry,
        sandbox::{Sandbox, memory::MemoryTransport, script::Script},
        transport::{ExchangeFuture, FixedToken, Secret, Transport},
    },
};
use serde_json::{Value, json};

/// One call as it left.
#[derive(Clone, Debug)]
pub struct Sent {
    pub at: Timestamp,
    pub platform: PlatformId,
    pub account: AccountId,
    /// What it costs of the platform's allowance.
    pub cost: u32,
    /// Refused as too many.
    pub limited: bool,
}

/// Notes every call on its way into the sandbox.
struct Noted {
    inner: MemoryTransport,
    clock: Arc<dyn Clock>,
    platforms: BTreeMap<PlatformId, Arc<dyn Platform>>,
    sent: Arc<Mutex<Vec<Sent>>>,
}

fn is_limited(exchange: &Exchange) -> bool {
    let Ok(response) = exchange else { return false };
    let body = String::from_utf8_lossy(&response.body);
    let code: Value = serde_json::from_str(&body).unwrap_or_default();
    response.status == 429 || code["code"] == 40100 || code["error"]["code"] == 80004
}

impl Transport for Noted {
    fn send<'a>(
        &'a self,
        platform: PlatformId,
        account: &'a AccountId,
        request: &'a WireRequest,
    ) -> ExchangeFuture<'a> {
        Box::pin(async move {
            let at = self.clock.now();
            let exchange = self.inner.send(platform, account, request).await;
            self.sent.lock().unwrap().push(Sent {
                at,
                platform,
                account: account.clone(),
                cost: self.platforms[&platform].cost(request),
                limited: is_limited(&exchange),
            });
            exchange
        })
    }
}

/// The agency.
pub struct Agency {
    pub host: Host,
    pub client: Arc<dyn EngineClient>,
    pub sandbox: Arc<Sandbox>,
    pub clock: Arc<dyn Clock>,
    pub sent: Arc<Mutex<Vec<Sent>>>,
    brand: BrandId,
    market: MarketId,
    channels: BTreeMap<PlatformId, ChannelId>,
    accounts: Vec<(PlatformId, AccountId)>,
    payloads: BTreeMap<PlatformId, CanonicalJson>,
}

fn account_id(platform: PlatformId, n: usize) -> AccountId {
    match platform {
        PlatformId::Meta => format!("act_{}", 1000 + n),
        PlatformId::Tiktok => format!("{}", 7_000_000_000_000_000_000_u64 + n as u64),
        PlatformId::GoogleAds => format!("123-456-{:04}", 1000 + n),
    }
    .parse()
    .unwrap()
}

impl Agency {
    /// Opens one with so many accounts per platform, over a world that follows a script.
    pub async fn open(script: &str, seed: u64, accounts: &[(PlatformId, usize)]) -> Self {
        let sandbox = Arc::new(Sandbox::from_script(Script::parse("run.toml", script).unwrap()));
        let start = Timestamp::parse("2026-11-20T10:00:00Z").unwrap();
        let clock: Arc<dyn Clock> = Arc::new(TokioClock::at(start));
        let token = Arc::new(FixedToken(Secret::from_source("simulated-token").unwrap()));
        let sent = Arc::new(Mutex::new(Vec::new()));
        let transport = Noted {
            inner: MemoryTransport::new(Arc::clone(&sandbox), Arc::clone(&clock), token),
            clock: Arc::clone(&clock),
            platforms: registry(),
            sent: Arc::clone(&sent),
        };
        let host = Host::open(HostOptions {
            transport: Some(Arc::new(transport)),
            ..HostOptions::simulated(
                "simulation",
                Place::Memory,
                registry(),
                Arc::clone(&clock),
                Arc::new(SystemEntropy::seeded(seed)),
            )
        })
        .await
        .unwrap();
        let person = Actor {
            uid: Some(1000),
            name: "ana".into(),
            role: Role::Admin,
            client: "run".into(),
        };
        let client = host.client(person, false);
        let mut agency = Self {
            brand: BrandId::new(client.new_uuid()),
            market: MarketId::new(client.new_uuid()),
            channels: BTreeMap::new(),
            accounts: Vec::new(),
            payloads: BTreeMap::new(),
            host,
            client,
            sandbox,
            clock,
            sent,
        };
        agency.govern(accounts).await;
        agency
    }

    async fn act(&self, kind: CommandKind) {
        let command = Command {
            id: self.client.command_id(),
            kind,
        };
        self.client.request(Request::Do(Box::new(command))).await.unwrap();
    }

    async fn govern(&mut self, accounts: &[(PlatformId, usize)]) {
        self.act(CommandKind::BrandCreate(Brand {
            id: self.brand,
            code: "ACM".parse().unwrap(),
            name: "Acme".into(),
            family_friendly: false,
            aliases: vec![],
            retired: false,
        }))
        .await;
        self.act(CommandKind::MarketCreate(Market {
            id: self.market,
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
        for (platform, count) in accounts {
            let id = ChannelId::new(self.client.new_uuid());
            let ids: Vec<AccountId> = (0..*count).map(|n| account_id(*platform, n)).collect();
            let account = |id: &AccountId| Account {
                id: id.clone(),
                name: format!("Acme {id}"),
                currency: "USD".parse().unwrap(),
                timezone: "UTC".into(),
            };
            let code = match platform {
                PlatformId::Meta => "META",
                PlatformId::Tiktok => "TIKTOK",
                PlatformId::GoogleAds => "GADS",
            };
            self.act(CommandKind::ChannelCreate(Channel {
                id,
                code: code.parse().unwrap(),
                name: code.into(),
                platform: *platform,
                accounts: ids.iter().map(account).collect(),
                aliases: vec![],
                retired: false,
            }))
            .await;
            self.channels.insert(*platform, id);
            self.accounts.extend(ids.into_iter().map(|id| (*platform, id)));
            let payload = self.payload(*platform).await;
            self.payloads.insert(*platform, payload);
        }
    }

    /// A payload that passes QA.
    async fn payload(&self, platform: PlatformId) -> CanonicalJson {
        let Reply::Catalogue(c) = self.client.request(Request::Catalogue(platform)).await.unwrap() else {
            panic!("no catalogue")
        };
        let mut p = starting_payload(&c).value();
        match platform {
            PlatformId::Meta => {
                p["ad_set"]["targeting"]["geo_locations"]["countries"] = json!(["US"]);
                p["creative"]["object_story_spec"] = json!({"page_id": "111222333", "link_data": {
                    "link": "https://acme.example/launch", "message": "Out now",
                    "image_hash": "9fdba2b8a67f3d34b6a1c2e4d5f60718", "call_to_action": {"type": "LEARN_MORE"}}});
            }
            PlatformId::Tiktok => {
                p["ad_group"]["locations"] = json!({"countries": ["US"]});
                for (field, value) in [
                    ("identity_id", json!("7100000000000000009")),
                    ("video_id", json!("v10033g50000abc")),
                    ("image_ids", json!(["ad-site-i18n-sg/2026abc"])),
                    ("ad_text", json!("Out now")),
                    ("landing_page_url", json!("https://acme.example/launch")),
                ] {
                    p["ad"][field] = value;
                }
            }
            PlatformId::GoogleAds => {
                p["campaign"]["locations"] = json!({"countries": ["US"]});
                p["ad_group"]["keywords"] = json!(["\"trail shoes\"", "[acme trail]"]);
                p["ad"] = json!({"final_url": "https://acme.example/launch",
                    "headlines": ["Acme Trail", "Out Now", "Order Today"],
                    "description1": "Made for the long way.", "description2": "Thirty days to return."});
            }
        }
        CanonicalJson::new(&p)
    }

    /// Writes, judges and queues so many tickets, evenly over the accounts.
    pub async fn deploy(&self, tickets: usize) -> Vec<TicketId> {
        let flight = Flight {
            start: "2026-12-01".parse().unwrap(),
            end: Some("2026-12-24".parse().unwrap()),
        };
        let mut ids = Vec::new();
        let mut campaign = None;
        for n in 0..tickets {
            let (platform, account) = &self.accounts[n % self.accounts.len()];
            if n % self.accounts.len() == 0 {
                // One name per account and campaign.
                let title = format!("Wave {}", n / self.accounts.len());
                let id = CampaignId::new(self.client.new_uuid());
                self.act(CommandKind::CampaignCreate(Campaign {
                    id,
                    brand: self.brand,
                    market: self.market,
                    year: 2026,
                    label: Label::from_words(&title).unwrap(),
                    title,
                    budget: None,
                    flight: Some(flight),
                    retired: false,
                    created_at: self.clock.now(),
                }))
                .await;
                campaign = Some(id);
            }
            let id = TicketId::new(self.client.new_uuid());
            self.act(CommandKind::TicketCreate(NewTicket {
                id,
                campaign: campaign.unwrap(),
                channel: self.channels[platform],
                account: Some(account.clone()),
                request: RequestType::Create,
                target: None,
                budget: Some(Budget {
                    kind: BudgetKind::Daily,
                    money: Money::parse("120.00", "USD".parse().unwrap()).unwrap(),
                }),
                flight: None,
                payload: self.payloads[platform].clone(),
                notes: String::new(),
                assignee: String::new(),
                priority: Priority::Normal,
            }))
            .await;
            let run = QaRunId::new(self.client.new_uuid());
            self.act(CommandKind::TicketSubmitQa { id, run }).await;
            ids.push(id);
        }
        for id in &ids {
            while self.ticket(*id).await.status == Status::QaTesting {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            let deploy = DeployId::new(self.client.new_uuid());
            let start = CommandKind::TicketDeploy {
                id: *id,
                deploy,
                not_before: None,
            };
            self.act(start).await;
        }
        ids
    }

    pub async fn ticket(&self, id: TicketId) -> Ticket {
        match self.client.request(Request::Ticket(id)).await.unwrap() {
            Reply::Ticket(view) => view.ticket.value,
            other => panic!("{other:?}"),
        }
    }

    pub async fn queue(&self) -> DeployRows {
        let request = Request::Deploys {
            filter: Filter::default(),
            finished: false,
            limit: 1000,
        };
        match self.client.request(request).await.unwrap() {
            Reply::Deploys(rows) => rows,
            other => panic!("{other:?}"),
        }
    }

    /// Lets simulated time pass until nothing is left but questions to people. Panics after three simulated days.
    pub async fn settle(&self) {
        let limit = self.clock.now().plus(Duration::from_secs(3 * 24 * 3600));
        loop {
            let rows = self.queue().await;
            let asking = rows
                .rows
                .iter()
                .filter(|r| matches!(r.glance.why, Why::NeedsOperator { .. }))
                .count();
            if rows.matching == asking as u64 {
                break;
            }
            assert!(
                self.clock.now() < limit,
                "{} deploys never ended: {:?}",
                rows.matching,
                rows.rows[0]
            );
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
        // What a platform carries out late is carried out before anybody judges.
        while self.sandbox.pending() > 0 {
            tokio::time::sleep(Duration::from_secs(5)).await;
            self.sandbox.tick(self.clock.now());
        }
    }
}
