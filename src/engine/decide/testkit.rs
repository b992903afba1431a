//! A small world for tests of decisions: rows in a map, commits applied the way a store would.
//!
//! Not part of the product; public (and hidden) because integration tests need it too.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{
    View,
    command::{Command, CommandKind, NewTicket},
    decide,
};
use crate::engine::{
    model::{
        actor::{Actor, Role},
        campaign::Campaign,
        deploy::{Job, Step, StepAction},
        governance::{Account, Brand, Channel, Market},
        ids::{BrandId, CampaignId, ChannelId, CommandId, MarketId, TicketId},
        json::CanonicalJson,
        json::Sha,
        platform::{ObjectKind, PlatformId},
        refusal::{Problem, Refusal, RefusalCode},
        ticket::{Priority, RequestType, Status, Ticket},
        time::Timestamp,
    },
    policy::Policy,
    store::{
        Commit, Key, Kind, Row,
        codec::{self, Stored},
        schema::keys,
    },
};

/// Rows and a policy; a clock that moves one second per command.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// Every row.
    pub rows: BTreeMap<Key, Row>,
    /// Limits in force.
    pub policy: Policy,
    /// The present time.
    pub now: Timestamp,
    /// Every commit so far.
    pub commits: Vec<Commit>,
    minted: u128,
}

impl World {
    /// What QA would judge a ticket by now; zero when something of it is gone.
    pub fn basis(&self, ticket: &Ticket) -> Sha {
        super::deploy::basis(&mut super::tx::Tx::new(self), ticket).unwrap_or_default()
    }
}

impl View for World {
    fn row(&self, key: &Key) -> Option<Row> {
        self.rows.get(key).cloned()
    }

    fn policy(&self) -> &Policy {
        &self.policy
    }

    fn epoch(&self) -> u64 {
        1
    }

    /// One object and its activation, or one change.
    fn steps(&self, _platform: PlatformId, job: &Job) -> Result<Vec<Step>, Vec<Problem>> {
        let step = |key, action, parent| Step::planned(key, ObjectKind::Campaign, action, job.name.clone(), parent);
        Ok(if job.request == RequestType::Create {
            vec![
                step("campaign", StepAction::Create, None),
                step("activate", StepAction::Set, Some("campaign")),
            ]
        } else {
            vec![step("set", StepAction::Set, None)]
        })
    }

    fn archive_steps(&self, _platform: PlatformId, _job: &Job, confirmed: &[Step]) -> Vec<Step> {
        let archive = |s: &Step| {
            let key = format!("archive_{}", s.key);
            Step::planned(&key, s.kind, StepAction::Set, String::new(), Some(&s.key))
        };
        confirmed
            .iter()
            .rev()
            .filter(|s| s.action == StepAction::Create)
            .map(archive)
            .collect()
    }

    fn request_hash(&self, _platform: PlatformId, job: &Job, step: &Step, _known: &[Step]) -> Option<Sha> {
        Some(Sha::of(format!("{}{}", step.key, job.payload.as_str()).as_bytes()))
    }

    fn rules(&self) -> Sha {
        crate::engine::qa::rules_in_force().version()
    }

    fn speaks(&self, platform: PlatformId) -> bool {
        platform == PlatformId::Meta
    }

    fn check_account(&self, account: &Account, _platform: PlatformId) -> Result<(), Problem> {
        if account.id.as_str().starts_with("act_") {
            Ok(())
        } else {
            Err(Problem::whole(
                "an account id starts with act_",
                "write act_ and the digits",
            ))
        }
    }
}

impl World {
    /// A UUID nobody has yet.
    pub const fn mint(&mut self) -> Uuid {
        self.minted += 1;
        Uuid::from_u128(self.minted)
    }

    /// Decides a command and applies what came of it.
    pub fn run(&mut self, actor: &Actor, kind: CommandKind) -> Result<Commit, Refusal> {
        self.now = self.now.plus(std::time::Duration::from_secs(1));
        let command = Command {
            id: CommandId::new(self.mint()),
            kind,
        };
        let commit = decide(self, &command, actor, self.now)?;
        self.apply(&commit)?;
        Ok(commit)
    }

    /// Applies a commit as a store does: only when everything it relied on still holds.
    pub fn apply(&mut self, commit: &Commit) -> Result<(), Refusal> {
        for expect in &commit.expect {
            let actual = self.rows.get(&expect.key).map_or(0, |r| r.version);
            if actual != expect.version {
                return Err(Refusal::new(
                    RefusalCode::Stale,
                    Problem::whole(format!("{} changed meanwhile", expect.key), "decide again"),
                ));
            }
        }
        for put in &commit.put {
            let version = self.rows.get(&put.key).map_or(0, |r| r.version) + 1;
            let row = Row {
                key: put.key.clone(),
                kind: put.kind,
                version,
                columns: put.columns.clone(),
                body: put.body.clone(),
            };
            self.rows.insert(put.key.clone(), row);
        }
        for key in &commit.del {
            self.rows.remove(key);
        }
        self.commits.push(commit.clone());
        Ok(())
    }

    /// A value and its version.
    pub fn get<T: Stored>(&self, key: &Key) -> Option<(u64, T)> {
        let row = self.rows.get(key)?;
        codec::decode(&row.body).ok().map(|value| (row.version, value))
    }

    /// A ticket and its version.
    pub fn ticket(&self, id: TicketId) -> Option<(u64, Ticket)> {
        self.get(&keys::ticket(id))
    }

    /// Every ticket with its version, oldest id first.
    pub fn tickets(&self) -> Vec<(u64, Ticket)> {
        let rows = self.rows.values().filter(|r| r.kind == Kind::Ticket);
        rows.filter_map(|r| codec::decode(&r.body).ok().map(|t| (r.version, t)))
            .collect()
    }

    /// Writes a value as it is, past every decision: for states a test wants to start from.
    pub fn force<T: Stored>(&mut self, key: Key, value: &T) {
        let Ok(body) = codec::encode(value) else { return };
        let version = self.rows.get(&key).map_or(0, |r| r.version) + 1;
        let row = Row {
            key: key.clone(),
            kind: T::KIND,
            version,
            columns: value.columns(),
            body,
        };
        self.rows.insert(key, row);
    }

    /// Puts a ticket into a status as it is.
    pub fn force_status(&mut self, id: TicketId, status: Status) {
        if let Some((_, mut ticket)) = self.ticket(id) {
            ticket.status = status;
            self.force(keys::ticket(id), &ticket);
        }
    }
}

/// A person with a role.
pub fn person(name: &str, role: Role) -> Actor {
    Actor {
        uid: Some(1000),
        name: name.to_owned(),
        role,
        client: "cli".to_owned(),
    }
}

/// Somebody who may govern.
pub fn admin() -> Actor {
    person("ada", Role::Admin)
}

/// Somebody who may write tickets.
pub fn trafficker() -> Actor {
    person("tom", Role::Trafficker)
}

/// The house most tests start in, made through commands: brand DIS (family-friendly), market US, channel META with one
/// account, campaign Moana launch 2026.
#[derive(Clone, Debug)]
pub struct House {
    /// The world.
    pub world: World,
    /// The brand.
    pub brand: BrandId,
    /// The market.
    pub market: MarketId,
    /// The channel.
    pub channel: ChannelId,
    /// The campaign.
    pub campaign: CampaignId,
}

impl House {
    /// Builds it.
    pub fn new() -> Result<Self, String> {
        let mut world = World {
            now: Timestamp::parse("2026-01-15T09:00:00Z").map_err(|e| e.to_string())?,
            ..World::default()
        };
        let brand = BrandId::new(world.mint());
        let market = MarketId::new(world.mint());
        let channel = ChannelId::new(world.mint());
        let campaign = CampaignId::new(world.mint());
        let values = [
            CommandKind::BrandCreate(Brand {
                id: brand,
                code: "DIS".parse()?,
                name: "Distant Isle Studios".to_owned(),
                family_friendly: true,
                aliases: Vec::new(),
                retired: false,
            }),
            CommandKind::MarketCreate(Market {
                id: market,
                code: "US".parse()?,
                name: "United States".to_owned(),
                countries: vec!["US".to_owned()],
                region: "AMER".to_owned(),
                timezone: "America/New_York".to_owned(),
                daily_cap: None,
                aliases: Vec::new(),
                retired: false,
            }),
            CommandKind::ChannelCreate(Channel {
                id: channel,
                code: "META".parse()?,
                name: "Meta".to_owned(),
                platform: PlatformId::Meta,
                accounts: vec![account("act_1")?],
                aliases: Vec::new(),
                retired: false,
            }),
            CommandKind::CampaignCreate(Campaign {
                id: campaign,
                brand,
                market,
                year: 2026,
                label: "MoanaLaunch".parse()?,
                title: "Moana launch".to_owned(),
                budget: None,
                flight: None,
                retired: false,
                created_at: Timestamp::default(),
            }),
        ];
        for kind in values {
            world.run(&admin(), kind).map_err(|e| e.to_string())?;
        }
        Ok(Self {
            world,
            brand,
            market,
            channel,
            campaign,
        })
    }

    /// A CREATE ticket's command for the house's campaign.
    pub fn new_ticket(&mut self) -> NewTicket {
        NewTicket {
            id: TicketId::new(self.world.mint()),
            campaign: self.campaign,
            channel: self.channel,
            account: None,
            request: RequestType::Create,
            target: None,
            budget: None,
            flight: None,
            payload: CanonicalJson::default(),
            notes: String::new(),
            assignee: String::new(),
            priority: Priority::Normal,
        }
    }

    /// Another campaign in the same brand, market and year.
    pub fn another_campaign(&mut self, title: &str) -> Result<CampaignId, String> {
        let id = CampaignId::new(self.world.mint());
        let (_, base): (u64, Campaign) = self
            .world
            .get(&keys::campaign(self.campaign))
            .ok_or("the house's campaign is gone")?;
        let campaign = Campaign {
            id,
            title: title.to_owned(),
            label: crate::engine::model::code::Label::from_words(title)?,
            ..base
        };
        self.world
            .run(&admin(), CommandKind::CampaignCreate(campaign))
            .map_err(|e| e.to_string())?;
        Ok(id)
    }
}

/// An account in US dollars.
pub fn account(id: &str) -> Result<Account, String> {
    Ok(Account {
        id: id.parse()?,
        name: format!("Account {id}"),
        currency: "USD".parse()?,
        timezone: "America/Los_Angeles".to_owned(),
    })
}
