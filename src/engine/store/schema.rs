//! Which value lives under which key, and what it can be found by.
//!
//! The model's structs *are* the newest schema: golden bytes in `tests/golden/` hold them still. To change one, copy
//! its present form to `old.rs` as `NameV<n>`, raise [`Stored::SCHEMA`], write the upcaster and add golden bytes.

use serde::{Deserialize, Serialize};

use super::{
    Columns, Key, Kind,
    codec::{self, CodecError, Stored},
    old::{HoldV1, TicketV1},
};
use crate::engine::model::{
    actor::Role,
    campaign::Campaign,
    code::{Code, Label},
    deploy::{Deploy, DeployState},
    event::Noun,
    exchange::OpenExchange,
    governance::{Brand, Channel, Market},
    house_rule::HouseRules,
    ids::{BrandId, CampaignId, ChannelId, CommandId, DeployId, MarketId, TicketId, TicketNo},
    platform::{AccountId, ExternalId, PlatformId},
    proposal::Proposal,
    ticket::Ticket,
    time::Timestamp,
    watch::Watchers,
};

/// Keys of the store. Each function names one family.
pub mod keys {
    use super::{
        AccountId, BrandId, CampaignId, ChannelId, Code, CommandId, DeployId, ExternalId, Key, Label, MarketId, Noun,
        PlatformId, TicketId, TicketNo,
    };

    /// A market's row.
    pub fn market(id: MarketId) -> Key {
        Key::new(format!("market/{id}"))
    }
    /// A brand's row.
    pub fn brand(id: BrandId) -> Key {
        Key::new(format!("brand/{id}"))
    }
    /// A channel's row.
    pub fn channel(id: ChannelId) -> Key {
        Key::new(format!("channel/{id}"))
    }
    /// A campaign's row.
    pub fn campaign(id: CampaignId) -> Key {
        Key::new(format!("campaign/{id}"))
    }
    /// A ticket's row.
    pub fn ticket(id: TicketId) -> Key {
        Key::new(format!("ticket/{id}"))
    }
    /// A deploy's row.
    pub fn deploy(id: DeployId) -> Key {
        Key::new(format!("deploy/{id}"))
    }
    /// The claim on a code inside a noun (aliases too).
    pub fn code(noun: Noun, code: &Code) -> Key {
        Key::new(format!("claim/code/{noun}/{code}"))
    }
    /// The claim on an account: it belongs to one channel.
    pub fn account(platform: PlatformId, account: &AccountId) -> Key {
        Key::new(format!("claim/account/{platform}/{account}"))
    }
    /// The claim on a campaign's identity.
    pub fn campaign_name(brand: BrandId, market: MarketId, year: u16, label: &Label) -> Key {
        Key::new(format!(
            "claim/campaign/{brand}/{market}/{year}/{}",
            label.as_str().to_ascii_lowercase()
        ))
    }
    /// The claim on a platform name on an account. Case-blind: some platforms are.
    pub fn platform_name(platform: PlatformId, account: &AccountId, name: &str) -> Key {
        Key::new(format!("claim/name/{platform}/{account}/{}", name.to_ascii_lowercase()))
    }
    /// The claim on a ticket number.
    pub fn ticket_no(no: TicketNo) -> Key {
        Key::new(format!("claim/no/{no}"))
    }
    /// The claim of an open change on an object: one lane per object.
    pub fn target(platform: PlatformId, account: &AccountId, id: &ExternalId) -> Key {
        Key::new(format!("claim/target/{platform}/{account}/{id}"))
    }
    /// The deploy that lost a request on an object: whoever changes the object next asks its ledger.
    pub fn echo(platform: PlatformId, account: &AccountId, id: &ExternalId) -> Key {
        Key::new(format!("claim/echo/{platform}/{account}/{id}"))
    }
    /// How many rows refer to an entity. Every referring create and delete writes it, so a delete that expects its
    /// version cannot miss one.
    pub fn refs(noun: Noun, id: impl std::fmt::Display) -> Key {
        Key::new(format!("refs/{noun}/{id}"))
    }
    /// How many tickets use an account.
    pub fn account_refs(platform: PlatformId, account: &AccountId) -> Key {
        Key::new(format!("refs/account/{platform}/{account}"))
    }
    /// The next ticket number.
    pub fn next_ticket_no() -> Key {
        Key::new("counter/ticket")
    }
    /// The n-th proposal of a ticket, from 1.
    pub fn proposal(id: TicketId, n: u32) -> Key {
        Key::new(format!("proposal/{id}/{n}"))
    }
    /// How many proposals a ticket has had.
    pub fn proposals(id: TicketId) -> Key {
        Key::new(format!("counter/proposal/{id}"))
    }
    /// Who hears of a ticket.
    pub fn watch(id: TicketId) -> Key {
        Key::new(format!("watch/{id}"))
    }
    /// The house's own QA rules, all in one row.
    pub fn house_rules() -> Key {
        Key::new("rules/house")
    }
    /// The engine's epoch.
    pub fn epoch() -> Key {
        Key::new("meta/epoch")
    }
    /// That the store was restored.
    pub fn restored() -> Key {
        Key::new("meta/restored")
    }
    /// What somebody spent on questions to the copilot in a day, micro-units.
    pub fn copilot_spent(day: &str, uid: Option<u32>) -> Key {
        let who = uid.map_or_else(|| "engine".to_owned(), |uid| uid.to_string());
        Key::new(format!("spent/copilot/{day}/{who}"))
    }
    /// A question to the copilot that has left for a model and has no end yet.
    pub fn open_exchange(id: CommandId) -> Key {
        Key::new(format!("open/copilot/{id}"))
    }
    /// A hold on everything.
    pub fn hold_all() -> Key {
        Key::new("hold/all")
    }
    /// A hold on a platform.
    pub fn hold_platform(platform: PlatformId) -> Key {
        Key::new(format!("hold/platform/{platform}"))
    }
    /// A hold on an account.
    pub fn hold_account(platform: PlatformId, account: &AccountId) -> Key {
        Key::new(format!("hold/account/{platform}/{account}"))
    }
}

/// A unique claim: whose key this is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The owner's UUID as text.
    pub id: String,
}

/// A number that goes up and down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    /// Its value.
    pub n: u64,
}

/// The engine's epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Epoch {
    /// Raised by every engine start.
    pub n: u64,
    /// The build that raised it.
    pub build: String,
}

/// Somebody stopped an account, a platform or everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
    /// What whoever placed it was then: nobody less may release it.
    pub role: Role,
}

/// The store came out of a backup: what was made on the platforms after that is unknown to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// When it was restored.
    pub at: Timestamp,
    /// When the backup was taken.
    pub taken_at: Timestamp,
    /// The newest engine start in the backup: attempts of later ones are this store's own.
    pub epoch: u64,
    /// Who restored it.
    pub by: String,
}

/// A stored body as a plain value, for people and other programs.
pub fn to_json(kind: Kind, body: &[u8]) -> Result<serde_json::Value, CodecError> {
    fn open<T: Stored>(body: &[u8]) -> Result<serde_json::Value, CodecError> {
        let value: T = codec::decode(body)?;
        serde_json::to_value(value).map_err(|e| CodecError::Encode(e.to_string()))
    }
    match kind {
        Kind::Market => open::<Market>(body),
        Kind::Brand => open::<Brand>(body),
        Kind::Channel => open::<Channel>(body),
        Kind::Campaign => open::<Campaign>(body),
        Kind::Ticket => open::<Ticket>(body),
        Kind::Deploy => open::<Deploy>(body),
        Kind::Claim => open::<Owner>(body),
        Kind::Counter => open::<Counter>(body),
        Kind::Epoch => open::<Epoch>(body),
        Kind::Hold => open::<Hold>(body),
        Kind::Proposal => open::<Proposal>(body),
        Kind::OpenExchange => open::<OpenExchange>(body),
        Kind::Restored => open::<Restored>(body),
        Kind::Rules => open::<HouseRules>(body),
        Kind::Watch => open::<Watchers>(body),
    }
}

/// The newest schema of a kind this build knows.
pub const fn newest(kind: Kind) -> u16 {
    match kind {
        Kind::Market => Market::SCHEMA,
        Kind::Brand => Brand::SCHEMA,
        Kind::Channel => Channel::SCHEMA,
        Kind::Campaign => Campaign::SCHEMA,
        Kind::Ticket => Ticket::SCHEMA,
        Kind::Deploy => Deploy::SCHEMA,
        Kind::Claim => Owner::SCHEMA,
        Kind::Counter => Counter::SCHEMA,
        Kind::Epoch => Epoch::SCHEMA,
        Kind::Hold => Hold::SCHEMA,
        Kind::Proposal => Proposal::SCHEMA,
        Kind::OpenExchange => OpenExchange::SCHEMA,
        Kind::Restored => Restored::SCHEMA,
        Kind::Rules => HouseRules::SCHEMA,
        Kind::Watch => Watchers::SCHEMA,
    }
}

impl Stored for Market {
    const KIND: Kind = Kind::Market;
    const SCHEMA: u16 = 1;
}

impl Stored for Brand {
    const KIND: Kind = Kind::Brand;
    const SCHEMA: u16 = 1;
}

impl Stored for Channel {
    const KIND: Kind = Kind::Channel;
    const SCHEMA: u16 = 1;
    fn columns(&self) -> Columns {
        Columns {
            platform: Some(self.platform),
            ..Columns::default()
        }
    }
}

impl Stored for Campaign {
    const KIND: Kind = Kind::Campaign;
    const SCHEMA: u16 = 1;
    fn columns(&self) -> Columns {
        Columns {
            brand: Some(self.brand.to_string()),
            market: Some(self.market.to_string()),
            ..Columns::default()
        }
    }
}

impl Stored for Ticket {
    const KIND: Kind = Kind::Ticket;
    const SCHEMA: u16 = 2;
    fn upcast(schema: u16, payload: &[u8]) -> Result<Self, CodecError> {
        match schema {
            1 => codec::from_payload::<TicketV1>(payload).map(Self::from),
            _ => Err(CodecError::Damaged(format!(
                "schema {schema} of a ticket was never released"
            ))),
        }
    }
    fn columns(&self) -> Columns {
        Columns {
            status: Some(self.status),
            platform: Some(self.platform),
            account: Some(self.account.clone()),
            priority: Some(self.priority),
            campaign: Some(self.campaign.to_string()),
            updated_at: Some(self.updated_at),
            ..Columns::default()
        }
    }
}

impl Stored for Deploy {
    const KIND: Kind = Kind::Deploy;
    const SCHEMA: u16 = 1;
    fn columns(&self) -> Columns {
        Columns {
            run_at: if self.state == DeployState::Open {
                self.run_at
            } else {
                None
            },
            platform: Some(self.platform),
            account: Some(self.account.clone()),
            priority: Some(self.priority),
            updated_at: if self.state == DeployState::Open {
                None
            } else {
                self.finished_at
            },
            ..Columns::default()
        }
    }
}

impl Stored for Owner {
    const KIND: Kind = Kind::Claim;
    const SCHEMA: u16 = 1;
}

impl Stored for Counter {
    const KIND: Kind = Kind::Counter;
    const SCHEMA: u16 = 1;
}

impl Stored for Epoch {
    const KIND: Kind = Kind::Epoch;
    const SCHEMA: u16 = 1;
}

impl Stored for Hold {
    const KIND: Kind = Kind::Hold;
    const SCHEMA: u16 = 2;
    fn upcast(schema: u16, payload: &[u8]) -> Result<Self, CodecError> {
        match schema {
            1 => codec::from_payload::<HoldV1>(payload).map(Self::from),
            _ => Err(CodecError::Damaged(format!(
                "schema {schema} of a hold was never released"
            ))),
        }
    }
}

impl Stored for Watchers {
    const KIND: Kind = Kind::Watch;
    const SCHEMA: u16 = 1;
}

impl Stored for Proposal {
    const KIND: Kind = Kind::Proposal;
    const SCHEMA: u16 = 1;
}

impl Stored for OpenExchange {
    const KIND: Kind = Kind::OpenExchange;
    const SCHEMA: u16 = 1;
}

impl Stored for Restored {
    const KIND: Kind = Kind::Restored;
    const SCHEMA: u16 = 1;
}

impl Stored for HouseRules {
    const KIND: Kind = Kind::Rules;
    const SCHEMA: u16 = 1;
}
