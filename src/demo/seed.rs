//! Writes the demo's agency through ordinary requests and sets its story going.

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};

use super::{
    DemoError,
    agency::{self, Agency},
    story::Story,
};
use crate::engine::{
    api::{ApiError, Command, CommandKind, EngineClient, NewTicket, Notice, Reply, Request, starting_payload},
    model::{
        campaign::Campaign,
        code::{Code, Label},
        governance::{Account, Brand, Channel, Market},
        ids::{BrandId, CampaignId, ChannelId, DeployId, MarketId, QaRunId, TicketId, TicketNo},
        json::CanonicalJson,
        money::{Budget, BudgetKind, Money},
        platform::{AccountId, PlatformId},
        ticket::{Priority, RequestType, Status},
        time::{Day, Flight},
    },
};

/// Somebody takes care of every ticket: first names, in turn.
const CREW: [&str; 4] = ["ana", "ben", "chidi", "mei"];

/// A ticket of the demo.
#[derive(Clone, Debug)]
pub struct SeededTicket {
    /// Identity.
    pub id: TicketId,
    /// Its number.
    pub no: TicketNo,
    /// Its platform name.
    pub name: String,
    /// The account.
    pub account: AccountId,
    /// What it asks.
    pub request: RequestType,
    /// Its part.
    pub story: Story,
}

/// Everything that was written.
#[derive(Clone, Debug, Default)]
pub struct Seeded {
    /// The tickets, oldest first.
    pub tickets: Vec<SeededTicket>,
}

struct Writer<'c> {
    client: &'c dyn EngineClient,
    catalogue: Value,
    brands: BTreeMap<Code, BrandId>,
    markets: BTreeMap<Code, (MarketId, Vec<String>)>,
    channels: BTreeMap<Code, (ChannelId, Vec<Account>)>,
    flight: Flight,
    year: u16,
    tickets: Vec<SeededTicket>,
}

/// See [`super::Demo::seed`].
pub(super) async fn seed(client: &dyn EngineClient) -> Result<Seeded, DemoError> {
    let agency = agency::read()?;
    let catalogue = match client.request(Request::Catalogue(PlatformId::Meta)).await? {
        Reply::Catalogue(c) => starting_payload(&c).value(),
        other => return Err(unexpected(&other)),
    };
    let today = client.now().jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
    let later = |days: i64| today.saturating_add(jiff::Span::new().days(days));
    let flight = Flight {
        start: Day::new(later(10)),
        end: Some(Day::new(later(38))),
    };
    let mut writer = Writer {
        client,
        catalogue,
        brands: BTreeMap::new(),
        markets: BTreeMap::new(),
        channels: BTreeMap::new(),
        flight,
        year: u16::try_from(later(10).year()).unwrap_or(2026),
        tickets: Vec::new(),
    };
    writer.govern(&agency).await?;
    let campaigns = writer.campaigns(&agency).await?;
    // What is live already: written, deployed, and waited for.
    writer.write(&agency, &campaigns, |story| story == Story::Past).await?;
    writer.set_going().await?;
    writer.settled(Status::TraffickedSuccess).await?;
    let before = writer.tickets.len();
    writer.write(&agency, &campaigns, |story| story != Story::Past).await?;
    writer.changes(&agency).await?;
    let fresh = writer.tickets.split_off(before);
    let past = std::mem::replace(&mut writer.tickets, fresh);
    writer.set_going().await?;
    let tickets = past.into_iter().chain(writer.tickets).collect();
    Ok(Seeded { tickets })
}

fn unexpected(reply: &Reply) -> DemoError {
    DemoError::Agency(format!("an unexpected answer: {reply:?}"))
}

fn missing(what: &str, code: impl std::fmt::Display) -> DemoError {
    DemoError::Agency(format!("there is no {what} {code}"))
}

impl Writer<'_> {
    async fn act(&self, kind: CommandKind) -> Result<(), ApiError> {
        let command = Command {
            id: self.client.command_id(),
            kind,
        };
        self.client.request(Request::Do(Box::new(command))).await.map(drop)
    }

    async fn govern(&mut self, agency: &Agency) -> Result<(), DemoError> {
        for b in &agency.brand {
            let id = BrandId::new(self.client.new_uuid());
            self.brands.insert(b.code.clone(), id);
            self.act(CommandKind::BrandCreate(Brand {
                id,
                code: b.code.clone(),
                name: b.name.clone(),
                family_friendly: b.family_friendly,
                aliases: Vec::new(),
                retired: false,
            }))
            .await?;
        }
        for m in &agency.market {
            let id = MarketId::new(self.client.new_uuid());
            self.markets.insert(m.code.clone(), (id, m.countries.clone()));
            self.act(CommandKind::MarketCreate(Market {
                id,
                code: m.code.clone(),
                name: m.name.clone(),
                countries: m.countries.clone(),
                region: m.region.clone(),
                timezone: m.timezone.clone(),
                daily_cap: None,
                aliases: Vec::new(),
                retired: false,
            }))
            .await?;
        }
        for c in &agency.channel {
            let id = ChannelId::new(self.client.new_uuid());
            self.channels.insert(c.code.clone(), (id, c.account.clone()));
            self.act(CommandKind::ChannelCreate(Channel {
                id,
                code: c.code.clone(),
                name: c.name.clone(),
                platform: c.platform,
                accounts: c.account.clone(),
                aliases: Vec::new(),
                retired: false,
            }))
            .await?;
        }
        Ok(())
    }

    async fn campaigns(&self, agency: &Agency) -> Result<Vec<CampaignId>, DemoError> {
        let mut ids = Vec::new();
        for c in &agency.campaign {
            let id = CampaignId::new(self.client.new_uuid());
            let brand = *self.brands.get(&c.brand).ok_or_else(|| missing("brand", &c.brand))?;
            let (market, _) = self
                .markets
                .get(&c.market)
                .ok_or_else(|| missing("market", &c.market))?;
            self.act(CommandKind::CampaignCreate(Campaign {
                id,
                brand,
                market: *market,
                year: self.year,
                label: Label::from_words(&c.title).map_err(DemoError::Agency)?,
                title: c.title.clone(),
                budget: None,
                flight: Some(self.flight),
                retired: false,
                created_at: self.client.now(),
            }))
            .await?;
            ids.push(id);
        }
        Ok(ids)
    }

    /// Writes the CREATE tickets whose story fits.
    async fn write(
        &mut self,
        agency: &Agency,
        campaigns: &[CampaignId],
        fits: impl Fn(Story) -> bool,
    ) -> Result<(), DemoError> {
        for (campaign, id) in agency.campaign.iter().zip(campaigns) {
            for ticket in campaign.ticket.iter().filter(|t| fits(t.story)) {
                let payload = self.payload(campaign, ticket)?;
                let (channel, accounts) = self
                    .channels
                    .get(&ticket.channel)
                    .ok_or_else(|| missing("channel", &ticket.channel))?;
                let account = accounts.iter().find(|a| a.id == ticket.account);
                let account = account.ok_or_else(|| missing("account", &ticket.account))?;
                let new = NewTicket {
                    budget: Some(budget(&ticket.daily, account)?),
                    account: Some(account.id.clone()),
                    payload: CanonicalJson::new(&payload),
                    ..self.blank(*id, *channel)
                };
                self.create(new, ticket.story).await?;
            }
        }
        Ok(())
    }

    async fn changes(&mut self, agency: &Agency) -> Result<(), DemoError> {
        for change in &agency.change {
            let name = change.of.replace("2026", &self.year.to_string());
            let Reply::Ticket(origin) = self.client.request(Request::TicketByName(name)).await? else {
                return Err(missing("ticket", &change.of));
            };
            let origin = origin.ticket.value;
            let accounts = self.channels.values().flat_map(|(_, a)| a);
            let account = accounts.into_iter().find(|a| a.id == origin.account);
            let account = account.ok_or_else(|| missing("account", &origin.account))?;
            let money = change.daily.as_ref().map(|d| budget(d, account)).transpose()?;
            let new = NewTicket {
                account: Some(origin.account.clone()),
                request: change.request,
                target: Some(origin.no),
                budget: money,
                flight: None,
                ..self.blank(origin.campaign, origin.channel)
            };
            self.create(new, change.story).await?;
        }
        Ok(())
    }

    fn blank(&self, campaign: CampaignId, channel: ChannelId) -> NewTicket {
        let turn = self.tickets.len() % CREW.len();
        NewTicket {
            id: TicketId::new(self.client.new_uuid()),
            campaign,
            channel,
            account: None,
            request: RequestType::Create,
            target: None,
            budget: None,
            flight: Some(self.flight),
            payload: CanonicalJson::default(),
            notes: String::new(),
            assignee: CREW.get(turn).copied().unwrap_or_default().to_owned(),
            priority: Priority::Normal,
        }
    }

    async fn create(&mut self, new: NewTicket, story: Story) -> Result<(), DemoError> {
        let id = new.id;
        self.act(CommandKind::TicketCreate(new)).await?;
        let Reply::Ticket(view) = self.client.request(Request::Ticket(id)).await? else {
            return Err(missing("ticket", id));
        };
        let t = view.ticket.value;
        self.tickets.push(SeededTicket {
            id,
            no: t.no,
            name: t.name,
            account: t.account,
            request: t.request,
            story,
        });
        Ok(())
    }

    /// The form's starting values, filled in by somebody who knows the job, and spoilt where the story wants it.
    fn payload(&self, campaign: &agency::Campaign, ticket: &agency::Ticket) -> Result<Value, DemoError> {
        let (_, countries) = self
            .markets
            .get(&campaign.market)
            .ok_or_else(|| missing("market", &campaign.market))?;
        let mut payload = self.catalogue.clone();
        let mut set = |section: &str, path: &str, value: Value| {
            if let Some(section) = payload.get_mut(section).and_then(Value::as_object_mut) {
                crate::engine::model::catalogue::set_path(section, path, value);
            }
        };
        let brand = campaign.brand.as_str().to_ascii_lowercase();
        set("ad_set", "targeting.geo_locations.countries", json!(countries));
        set(
            "ad_set",
            "targeting.interests",
            json!([{"id": "6003139266461", "name": "Movies"}]),
        );
        if matches!(campaign.market.as_str(), "DE" | "FR") {
            set("ad_set", "dsa_beneficiary", json!("Northlight Media"));
            set("ad_set", "dsa_payor", json!("Northlight Media"));
        }
        set("creative", "object_story_spec.page_id", json!("100200300400"));
        set(
            "creative",
            "object_story_spec.link_data.link",
            json!(format!("https://{brand}.example/launch")),
        );
        set(
            "creative",
            "object_story_spec.link_data.message",
            json!(format!("{}: out now.", campaign.title)),
        );
        set(
            "creative",
            "object_story_spec.link_data.image_hash",
            json!("9fdba2b8a67f3d34b6a1c2e4d5f60718"),
        );
        match ticket.story {
            Story::AdultInterest => {
                set(
                    "ad_set",
                    "targeting.interests",
                    json!([{"id": "6003000000001", "name": "Adult entertainment"}]),
                );
            }
            Story::AlcoholInterest => {
                set(
                    "ad_set",
                    "targeting.interests",
                    json!([{"id": "6003000000002", "name": "Beer"}]),
                );
            }
            Story::NoGeo => set("ad_set", "targeting.geo_locations", json!({})),
            Story::WrongMarket => set("ad_set", "targeting.geo_locations.countries", json!(["FR", "NZ"])),
            Story::NoLink => set("creative", "object_story_spec.link_data.link", json!("")),
            _ => {}
        }
        Ok(payload)
    }

    /// Cancels, asks for QA, and deploys what passed, as the stories want it. Returns once everything is on its way.
    async fn set_going(&self) -> Result<(), DemoError> {
        for t in &self.tickets {
            if t.story == Story::Cancelled {
                let kind = CommandKind::TicketCancel {
                    id: t.id,
                    leftovers: None,
                    reason: "planner changed her mind".to_owned(),
                };
                self.act(kind).await?;
            }
            if t.story.sees_qa() {
                let run = QaRunId::new(self.client.new_uuid());
                self.act(CommandKind::TicketSubmitQa { id: t.id, run }).await?;
            }
        }
        for t in self.tickets.iter().filter(|t| t.story.deploys()) {
            let status = self.wait(t.id, |s| s != Status::QaTesting).await?;
            if status != Status::ReadyForApi {
                return Err(DemoError::Agency(format!("{} did not pass QA", t.name)));
            }
            let deploy = DeployId::new(self.client.new_uuid());
            self.act(CommandKind::TicketDeploy {
                id: t.id,
                deploy,
                not_before: None,
            })
            .await?;
        }
        Ok(())
    }

    /// Waits until every ticket written so far is in a status.
    async fn settled(&self, status: Status) -> Result<(), DemoError> {
        for t in &self.tickets {
            let ended = self.wait(t.id, |s| s == status || s == Status::Failed).await?;
            if ended != status {
                return Err(DemoError::Agency(format!("{} ended {ended}", t.name)));
            }
        }
        Ok(())
    }

    async fn wait(&self, id: TicketId, fits: impl Fn(Status) -> bool) -> Result<Status, DemoError> {
        let mut notices = self.client.notices();
        loop {
            let Reply::Ticket(view) = self.client.request(Request::Ticket(id)).await? else {
                return Err(missing("ticket", id));
            };
            if fits(view.ticket.value.status) {
                return Ok(view.ticket.value.status);
            }
            // A notice, a lag or a second: look again in any case.
            let _: Result<Result<Notice, _>, _> = tokio::time::timeout(Duration::from_secs(1), notices.recv()).await;
        }
    }
}

fn budget(daily: &str, account: &Account) -> Result<Budget, DemoError> {
    let money = Money::parse(daily, account.currency).map_err(DemoError::Agency)?;
    Ok(Budget {
        kind: BudgetKind::Daily,
        money,
    })
}
