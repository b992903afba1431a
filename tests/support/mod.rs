//! What the black-box tests share: an engine over a simulated platform, and the few words to talk to it.
#![allow(dead_code, reason = "every test binary uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

use std::sync::Arc;

use omnitraffick::{
    engine::{
        api::{
            ApiError, CommandKind, Done, EngineClient, NewTicket, Notice, Reply, Request, TicketPatch, TicketView,
            starting_payload,
        },
        clock::{Clock, SystemEntropy, TokioClock},
        decide::command::Command,
        host::{Host, HostOptions, Place},
        model::{
            actor::{Actor, Role},
            campaign::Campaign,
            governance::{Account, Brand, Channel, Market},
            ids::{BrandId, CampaignId, ChannelId, DeployId, MarketId, QaRunId, TicketId},
            json::CanonicalJson,
            money::{Budget, BudgetKind, Money},
            platform::PlatformId,
            ticket::{Priority, RequestType, Status, Ticket},
            time::{Flight, Timestamp},
        },
    },
    platforms::{
        registry::registry,
        sandbox::{Sandbox, memory::MemoryTransport, script::Script},
        transport::{Credentials, FixedToken, Secret, Transport},
    },
};

/// The time every simulation starts at.
pub const START: &str = "2026-11-20T10:00:00Z";

pub struct World {
    pub host: Host,
    pub client: Arc<dyn EngineClient>,
    pub sandbox: Arc<Sandbox>,
    pub clock: Arc<dyn Clock>,
    pub brand: BrandId,
    pub family: BrandId,
    pub market: MarketId,
    pub channel: ChannelId,
}

pub fn person() -> Actor {
    Actor {
        uid: Some(1000),
        name: "ana".into(),
        role: Role::Admin,
        client: "test".into(),
    }
}

pub fn clock() -> Arc<dyn Clock> {
    Arc::new(TokioClock::at(Timestamp::parse(START).unwrap()))
}

/// A sandbox that follows a fault script.
pub fn sandbox(script: &str) -> Arc<Sandbox> {
    Arc::new(Sandbox::from_script(Script::parse("test.toml", script).unwrap()))
}

/// Opens an engine over a sandbox.
pub async fn open(sandbox: &Arc<Sandbox>, clock: &Arc<dyn Clock>, place: Place, seed: u64) -> Host {
    open_with(sandbox, clock, clock, place, seed).await
}

/// Opens an engine over a sandbox that has a clock of its own.
pub async fn open_with(
    sandbox: &Arc<Sandbox>,
    clock: &Arc<dyn Clock>,
    platform_clock: &Arc<dyn Clock>,
    place: Place,
    seed: u64,
) -> Host {
    Host::open(options(sandbox, clock, platform_clock, place, seed))
        .await
        .unwrap()
}

/// How a test engine is started.
pub fn options(
    sandbox: &Arc<Sandbox>,
    clock: &Arc<dyn Clock>,
    platform_clock: &Arc<dyn Clock>,
    place: Place,
    seed: u64,
) -> HostOptions {
    let credentials: Arc<dyn Credentials> = Arc::new(FixedToken(Secret::from_source("test-token-000").unwrap()));
    let transport = MemoryTransport::new(Arc::clone(sandbox), Arc::clone(platform_clock), credentials);
    HostOptions {
        transport: Some(Arc::new(transport) as Arc<dyn Transport>),
        ..HostOptions::simulated(
            "test",
            place,
            registry(),
            Arc::clone(clock),
            Arc::new(SystemEntropy::seeded(seed)),
        )
    }
}

impl World {
    /// A fresh agency: brands ACM and FAM (family-friendly), market US, channel META with one USD account.
    pub async fn new(script: &str) -> Self {
        let world = Self::over(sandbox(script), clock(), Place::Memory, 1).await;
        world.seed().await;
        world
    }

    /// The usual agency with one more channel, of another platform, which its tickets go to.
    pub async fn on(script: &str, platform: PlatformId, code: &str, account: &str, zone: &str) -> Self {
        let mut world = Self::new(script).await;
        let channel = Channel {
            id: ChannelId::new(world.client.new_uuid()),
            code: code.parse().unwrap(),
            name: code.into(),
            platform,
            accounts: vec![Account {
                id: account.parse().unwrap(),
                name: "Acme US".into(),
                currency: "USD".parse().unwrap(),
                timezone: zone.into(),
            }],
            aliases: vec![],
            retired: false,
        };
        world.channel = channel.id;
        world.act(CommandKind::ChannelCreate(channel)).await.unwrap();
        world
    }

    /// What a fresh ticket's payload holds on a platform.
    pub async fn starting(&self, platform: PlatformId) -> serde_json::Value {
        let Reply::Catalogue(c) = self.client.request(Request::Catalogue(platform)).await.unwrap() else {
            panic!("no catalogue")
        };
        starting_payload(&c).value()
    }

    /// Changes the payload of a ticket as it is now.
    pub async fn edit_payload(&self, id: TicketId, edit: impl FnOnce(&mut serde_json::Value)) {
        let seen = self.view(id).await.ticket;
        let mut payload = seen.value.payload.value();
        edit(&mut payload);
        let patch = TicketPatch {
            payload: Some(CanonicalJson::new(&payload)),
            ..TicketPatch::default()
        };
        let version = seen.version;
        let edit = CommandKind::TicketEdit { id, version, patch };
        self.act(edit).await.unwrap();
    }

    /// An engine over a sandbox that lives longer than it; nothing is seeded.
    pub async fn over(sandbox: Arc<Sandbox>, clock: Arc<dyn Clock>, place: Place, seed: u64) -> Self {
        let host = open(&sandbox, &clock, place, seed).await;
        Self::of(host, sandbox, clock)
    }

    /// An engine that is open already; nothing is seeded.
    pub fn of(host: Host, sandbox: Arc<Sandbox>, clock: Arc<dyn Clock>) -> Self {
        let client = host.client(person(), false);
        Self {
            brand: BrandId::new(client.new_uuid()),
            family: BrandId::new(client.new_uuid()),
            market: MarketId::new(client.new_uuid()),
            channel: ChannelId::new(client.new_uuid()),
            host,
            client,
            sandbox,
            clock,
        }
    }

    pub async fn seed(&self) {
        for (id, code, family_friendly) in [(self.brand, "ACM", false), (self.family, "FAM", true)] {
            let brand = Brand {
                id,
                code: code.parse().unwrap(),
                name: code.into(),
                family_friendly,
                aliases: vec![],
                retired: false,
            };
            self.act(CommandKind::BrandCreate(brand)).await.unwrap();
        }
        let market = Market {
            id: self.market,
            code: "US".parse().unwrap(),
            name: "United States".into(),
            countries: vec!["US".into()],
            region: "AMER".into(),
            timezone: "America/New_York".into(),
            daily_cap: None,
            aliases: vec![],
            retired: false,
        };
        self.act(CommandKind::MarketCreate(market)).await.unwrap();
        let account = Account {
            id: "act_1001".parse().unwrap(),
            name: "Acme US".into(),
            currency: "USD".parse().unwrap(),
            timezone: "America/New_York".into(),
        };
        let channel = Channel {
            id: self.channel,
            code: "META".parse().unwrap(),
            name: "Meta".into(),
            platform: PlatformId::Meta,
            accounts: vec![account],
            aliases: vec![],
            retired: false,
        };
        self.act(CommandKind::ChannelCreate(channel)).await.unwrap();
    }

    pub async fn act(&self, kind: CommandKind) -> Result<Done, ApiError> {
        let command = Command {
            id: self.client.command_id(),
            kind,
        };
        match self.client.request(Request::Do(Box::new(command))).await? {
            Reply::Done(done) => Ok(done),
            other => panic!("{other:?}"),
        }
    }

    pub async fn campaign(&self, brand: BrandId, title: &str) -> CampaignId {
        let campaign = Campaign {
            id: CampaignId::new(self.client.new_uuid()),
            brand,
            market: self.market,
            year: 2026,
            label: omnitraffick::engine::model::code::Label::from_words(title).unwrap(),
            title: title.into(),
            budget: None,
            flight: Some(flight()),
            retired: false,
            created_at: self.client.now(),
        };
        let id = campaign.id;
        self.act(CommandKind::CampaignCreate(campaign)).await.unwrap();
        id
    }

    /// A payload that passes QA.
    pub async fn payload(&self) -> serde_json::Value {
        let Reply::Catalogue(c) = self.client.request(Request::Catalogue(PlatformId::Meta)).await.unwrap() else {
            panic!("no catalogue")
        };
        let mut payload = starting_payload(&c).value();
        payload["ad_set"]["targeting"]["geo_locations"]["countries"] = serde_json::json!(["US"]);
        let story = serde_json::json!({
            "page_id": "111222333",
            "link_data": {
                "link": "https://acme.example/launch",
                "message": "Out now",
                "image_hash": "9fdba2b8a67f3d34b6a1c2e4d5f60718",
                "call_to_action": {"type": "LEARN_MORE"},
            },
        });
        payload["creative"]["object_story_spec"] = story;
        payload
    }

    pub async fn ticket(&self, campaign: CampaignId) -> TicketId {
        let payload = self.payload().await;
        self.ticket_with(campaign, "120.00", &payload).await
    }

    pub async fn ticket_with(&self, campaign: CampaignId, daily: &str, payload: &serde_json::Value) -> TicketId {
        let id = TicketId::new(self.client.new_uuid());
        let new = NewTicket {
            id,
            campaign,
            channel: self.channel,
            account: None,
            request: RequestType::Create,
            target: None,
            budget: Some(budget(daily)),
            flight: None,
            payload: CanonicalJson::new(payload),
            notes: String::new(),
            assignee: String::new(),
            priority: Priority::Normal,
        };
        self.act(CommandKind::TicketCreate(new)).await.unwrap();
        id
    }

    pub async fn qa(&self, id: TicketId) -> Status {
        let run = QaRunId::new(self.client.new_uuid());
        self.act(CommandKind::TicketSubmitQa { id, run }).await.unwrap();
        self.wait(id, |s| s != Status::QaTesting).await
    }

    /// A ticket that passed QA.
    pub async fn ready(&self) -> TicketId {
        let campaign = self.campaign(self.brand, "Trail season").await;
        let id = self.ticket(campaign).await;
        let status = self.qa(id).await;
        let found = self.view(id).await.ticket.value.qa;
        assert_eq!(status, Status::ReadyForApi, "{found:#?}");
        id
    }

    /// A ticket that passed QA and is being deployed.
    pub async fn deploying(&self) -> TicketId {
        let id = self.ready().await;
        self.deploy(id).await.unwrap();
        id
    }

    /// Waits until a deploy ended live, with one object of every step.
    pub async fn live(&self, id: TicketId) -> Ticket {
        let status = self.wait(id, |s| s != Status::Deploying).await;
        let ticket = self.view(id).await.ticket.value;
        assert_eq!(status, Status::TraffickedSuccess, "{:?}", ticket.failure);
        for made in &ticket.created {
            let creates = self.sandbox.creates(&ticket.account, made.kind, &made.name);
            assert_eq!(creates, 1, "{}", made.name);
        }
        ticket
    }

    pub async fn deploy(&self, id: TicketId) -> Result<Done, ApiError> {
        let deploy = DeployId::new(self.client.new_uuid());
        self.act(CommandKind::TicketDeploy {
            id,
            deploy,
            not_before: None,
        })
        .await
    }

    pub async fn view(&self, id: TicketId) -> TicketView {
        match self.client.request(Request::Ticket(id)).await.unwrap() {
            Reply::Ticket(view) => *view,
            other => panic!("{other:?}"),
        }
    }

    /// Waits, in the simulation's time, until the status fits.
    pub async fn wait(&self, id: TicketId, fits: impl Fn(Status) -> bool) -> Status {
        self.until(id, |v| fits(v.ticket.value.status))
            .await
            .ticket
            .value
            .status
    }

    /// Waits until the ticket fits; gives up after two simulated days.
    pub async fn until(&self, id: TicketId, fits: impl Fn(&TicketView) -> bool) -> TicketView {
        let mut notices = self.client.notices();
        let limit = tokio::time::sleep(std::time::Duration::from_secs(2 * 24 * 3600));
        tokio::pin!(limit);
        loop {
            let view = self.view(id).await;
            if fits(&view) {
                return view;
            }
            tokio::select! {
                notice = notices.recv() => drop::<Result<Notice, _>>(notice),
                () = &mut limit => panic!("waited in vain: {:?} {:?}", view.ticket.value.status, view.why),
            }
        }
    }
}

pub fn flight() -> Flight {
    Flight {
        start: "2026-12-01".parse().unwrap(),
        end: Some("2026-12-24".parse().unwrap()),
    }
}

pub fn budget(daily: &str) -> Budget {
    Budget {
        kind: BudgetKind::Daily,
        money: Money::parse(daily, "USD".parse().unwrap()).unwrap(),
    }
}
