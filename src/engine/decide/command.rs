//! Every intention anybody can have: people through console and CLI, and the engine's own parts.
//!
//! A command carries ids and edits, never a status, and the version of what the person saw where it edits. It is plain
//! data: the same command decided twice on the same view gives the same commit.

use serde::{Deserialize, Serialize};

use crate::engine::model::{
    campaign::Campaign,
    code::Code,
    deploy::{Leftovers, LookUpRead, Made, Outcome, Why},
    event::Seq,
    exchange::{ExchangeRow, OpenExchange},
    governance::{Account, Brand, Channel, Market},
    house_rule::RuleText,
    ids::{BrandId, CampaignId, ChannelId, CommandId, DeployId, MarketId, QaRunId, TicketId, TicketNo},
    json::{CanonicalJson, Sha},
    money::{Budget, Money},
    platform::{AccountId, ExternalId, PlatformId},
    proposal::{Ailment, Origin},
    ticket::{Finding, Priority, RequestType},
    time::{Flight, Timestamp},
};

/// An intention with its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// Made once per intention, reused on every resend.
    pub id: CommandId,
    /// What is wanted.
    pub kind: CommandKind,
}

/// Fields of a market to change. `None` leaves a field alone; where a field may be empty, `Some(None)` empties it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MarketPatch {
    /// A new code; the old one stays an alias.
    pub code: Option<Code>,
    /// A new name.
    pub name: Option<String>,
    /// New countries.
    pub countries: Option<Vec<String>>,
    /// A new region.
    pub region: Option<String>,
    /// A new zone.
    pub timezone: Option<String>,
    /// A new cap, or none.
    pub daily_cap: Option<Option<Money>>,
    /// Retire or bring back.
    pub retired: Option<bool>,
}

/// Fields of a brand to change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BrandPatch {
    /// A new code; the old one stays an alias.
    pub code: Option<Code>,
    /// A new name.
    pub name: Option<String>,
    /// Family-friendly or not.
    pub family_friendly: Option<bool>,
    /// Retire or bring back.
    pub retired: Option<bool>,
}

/// Fields of a channel to change. The platform is fixed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChannelPatch {
    /// A new code; the old one stays an alias.
    pub code: Option<Code>,
    /// A new name.
    pub name: Option<String>,
    /// Accounts to add, or to change by id.
    pub set_accounts: Vec<Account>,
    /// Accounts to take away; refused while a ticket uses one.
    pub remove_accounts: Vec<AccountId>,
    /// Retire or bring back.
    pub retired: Option<bool>,
}

/// Fields of a campaign to change. Brand, market, year and words only while no ticket exists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CampaignPatch {
    /// Another brand.
    pub brand: Option<BrandId>,
    /// Another market.
    pub market: Option<MarketId>,
    /// Another year.
    pub year: Option<u16>,
    /// Other words; the label is made from them anew.
    pub title: Option<String>,
    /// Another budget, or none.
    pub budget: Option<Option<Money>>,
    /// Another flight, or none.
    pub flight: Option<Option<Flight>>,
    /// Retire or bring back.
    pub retired: Option<bool>,
}

/// What a new ticket says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTicket {
    /// Its id, minted at the edge.
    pub id: TicketId,
    /// The campaign.
    pub campaign: CampaignId,
    /// The channel.
    pub channel: ChannelId,
    /// The account; `None` takes the channel's only one, refused when there are several.
    pub account: Option<AccountId>,
    /// What is asked.
    pub request: RequestType,
    /// For change requests: the ticket whose objects are changed.
    pub target: Option<TicketNo>,
    /// The budget.
    pub budget: Option<Budget>,
    /// The flight; `None` takes the campaign's.
    pub flight: Option<Flight>,
    /// The platform's fields by object.
    pub payload: CanonicalJson,
    /// Free words.
    pub notes: String,
    /// Who takes care of it.
    pub assignee: String,
    /// Order in the queue.
    pub priority: Priority,
}

/// Fields of a ticket to change. Budget, flight and payload void QA; the rest does not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TicketPatch {
    /// Another budget, or none.
    pub budget: Option<Option<Budget>>,
    /// Another flight, or none.
    pub flight: Option<Option<Flight>>,
    /// Another payload, whole.
    pub payload: Option<CanonicalJson>,
    /// Other notes.
    pub notes: Option<String>,
    /// Another assignee.
    pub assignee: Option<String>,
    /// Another priority.
    pub priority: Option<Priority>,
}

impl TicketPatch {
    /// True when it touches what QA judged.
    pub const fn touches_content(&self) -> bool {
        self.budget.is_some() || self.flight.is_some() || self.payload.is_some()
    }
}

/// What is proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewProposal {
    /// The ticket.
    pub ticket: TicketId,
    /// Hash of the content it was made for.
    pub payload_hash: Sha,
    /// RFC 6902 over [`crate::engine::model::proposal::Content`].
    pub patch: CanonicalJson,
    /// Why.
    pub reasons: String,
    /// The rules it rests on.
    pub cites: Vec<String>,
    /// What it comes from.
    pub origin: Origin,
    /// What it mends.
    pub mends: Vec<Ailment>,
    /// Who asked for it.
    pub asked_by: String,
}

/// A person's answer to "what happened to this step?".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// This object is ours.
    Adopt {
        /// Its id.
        id: ExternalId,
        /// Also if it differs from what was asked; needs an approver and a reason.
        #[serde(default)]
        force: bool,
    },
    /// Nothing was created: looked up once more, and sent again when nothing is listed.
    NoneExists,
    /// What was found differs from what was expected; go on all the same, with it. No answer where several were found or
    /// none.
    Proceed,
    /// Give the step up; the ticket fails.
    Abandon,
}

/// What can be stopped as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldScope {
    /// Every platform.
    Everything,
    /// One platform.
    Platform(PlatformId),
    /// One account.
    Account(PlatformId, AccountId),
}

/// What is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommandKind {
    /// Make a market. `retired` and `aliases` of the value must be empty.
    MarketCreate(Market),
    /// Change a market.
    MarketUpdate {
        /// Which.
        id: MarketId,
        /// The version seen.
        version: u64,
        /// What to change.
        patch: MarketPatch,
    },
    /// Remove a market nobody refers to.
    MarketDelete {
        /// Which.
        id: MarketId,
        /// The version seen.
        version: u64,
    },
    /// Make a brand.
    BrandCreate(Brand),
    /// Change a brand.
    BrandUpdate {
        /// Which.
        id: BrandId,
        /// The version seen.
        version: u64,
        /// What to change.
        patch: BrandPatch,
    },
    /// Remove a brand nobody refers to.
    BrandDelete {
        /// Which.
        id: BrandId,
        /// The version seen.
        version: u64,
    },
    /// Make a channel.
    ChannelCreate(Channel),
    /// Change a channel.
    ChannelUpdate {
        /// Which.
        id: ChannelId,
        /// The version seen.
        version: u64,
        /// What to change.
        patch: ChannelPatch,
    },
    /// Remove a channel nobody refers to.
    ChannelDelete {
        /// Which.
        id: ChannelId,
        /// The version seen.
        version: u64,
    },
    /// Make a campaign.
    CampaignCreate(Campaign),
    /// Change a campaign.
    CampaignUpdate {
        /// Which.
        id: CampaignId,
        /// The version seen.
        version: u64,
        /// What to change.
        patch: CampaignPatch,
    },
    /// Remove a campaign without tickets.
    CampaignDelete {
        /// Which.
        id: CampaignId,
        /// The version seen.
        version: u64,
    },
    /// Write a ticket.
    TicketCreate(NewTicket),
    /// Change a ticket.
    TicketEdit {
        /// Which.
        id: TicketId,
        /// The version seen.
        version: u64,
        /// What to change.
        patch: TicketPatch,
    },
    /// Remove a ticket that never had a deploy.
    TicketDelete {
        /// Which.
        id: TicketId,
        /// The version seen.
        version: u64,
    },
    /// Copy a ticket into a new draft.
    TicketClone {
        /// Which.
        id: TicketId,
        /// The new one's id.
        new_id: TicketId,
        /// Another campaign for the copy: the name must be free on the account.
        campaign: Option<CampaignId>,
    },
    /// Ask for QA.
    TicketSubmitQa {
        /// Which.
        id: TicketId,
        /// The run's id.
        run: QaRunId,
    },
    /// Take a ticket back to draft.
    TicketWithdraw {
        /// Which.
        id: TicketId,
    },
    /// Deploy.
    TicketDeploy {
        /// Which.
        id: TicketId,
        /// The deploy's id.
        deploy: DeployId,
        /// Not before this time.
        not_before: Option<Timestamp>,
    },
    /// Take a deploy up again after a failure.
    TicketRetry {
        /// Which.
        id: TicketId,
    },
    /// Call a ticket off.
    TicketCancel {
        /// Which.
        id: TicketId,
        /// What to do with objects that exist; required when there are any.
        leftovers: Option<Leftovers>,
        /// Why, for the history.
        reason: String,
    },
    /// Stop a deploy before its next step.
    DeployPause {
        /// Which ticket's.
        id: TicketId,
    },
    /// Let a deploy go on.
    DeployResume {
        /// Which ticket's.
        id: TicketId,
    },
    /// Take a deploy back before anything was sent.
    DeployRecall {
        /// Which ticket's.
        id: TicketId,
    },
    /// Answer a question of the executor.
    DeployResolve {
        /// Which ticket's.
        id: TicketId,
        /// The step asked about.
        step: String,
        /// The answer.
        resolution: Resolution,
        /// Why, for the history.
        reason: String,
        /// What the engine found on the platform just before; nobody else can say it.
        #[serde(skip)]
        evidence: Option<Evidence>,
    },
    /// Stop an account, a platform or everything.
    HoldPlace {
        /// What.
        scope: HoldScope,
        /// Why.
        reason: String,
    },
    /// Release it.
    HoldRelease {
        /// What.
        scope: HoldScope,
    },
    /// Engine only: what QA found.
    QaResult {
        /// Which.
        id: TicketId,
        /// The run answered.
        run: QaRunId,
        /// Hash of what was judged.
        payload_hash: Sha,
        /// What it was judged by: rule set, limits, governed values.
        basis: Sha,
        /// Everything found.
        findings: Vec<Finding>,
    },
    /// Engine only: an engine opened the store.
    EngineStart {
        /// Build, for the journal.
        build: String,
        /// Bytes of an unfinished write that opening cut from the journal's end.
        tail_truncated: Option<u64>,
        /// Why opening had to build the index again, if it had.
        index_rebuilt: Option<String>,
    },
    /// Engine only: the intent to send one step.
    StepIntend {
        /// Which deploy.
        deploy: DeployId,
        /// Which step.
        step: String,
        /// Attempt number, from 1.
        attempt: u32,
        /// Hash of the request.
        request_hash: Sha,
    },
    /// Engine only: how an attempt ended.
    StepOutcome {
        /// Which deploy.
        deploy: DeployId,
        /// Which step.
        step: String,
        /// Which attempt.
        attempt: u32,
        /// The evidence.
        outcome: Outcome,
        /// What was made besides the step's own object.
        made: Vec<Made>,
        /// A random number for the backoff's jitter: `decide` has no randomness of its own.
        jitter: u64,
    },
    /// Engine only: a look-up was made.
    StepRead {
        /// Which deploy.
        deploy: DeployId,
        /// Which step.
        step: String,
        /// The evidence.
        read: LookUpRead,
        /// The one match, read back and found equal; absent when none, several or different.
        adopt: Option<ExternalId>,
        /// What was made along with that match.
        made: Vec<Made>,
        /// A match that differs from what was asked, in words: asks the operator.
        mismatch: Option<String>,
    },
    /// Engine only: after a start, every open intent of an older epoch becomes unknown.
    DeployRecover {
        /// Which deploy.
        deploy: DeployId,
    },
    /// Engine only: the next step has to wait: a blackout window is in force, or an earlier request may still be
    /// carried out.
    DeployWait {
        /// Which deploy.
        deploy: DeployId,
        /// What for: [`Why::Blackout`] or [`Why::Processing`].
        why: Why,
    },
    /// Engine only: an answer to an attempt that others have taken over meanwhile. Evidence, never a move.
    StepLate {
        /// Which deploy.
        deploy: DeployId,
        /// Which step.
        step: String,
        /// Which attempt.
        attempt: u32,
        /// The evidence.
        outcome: Outcome,
    },
    /// Engine only: the store was restored and may have forgotten that this step was carried out; look it up first.
    StepForgotten {
        /// Which deploy.
        deploy: DeployId,
        /// Which step.
        step: String,
    },
    /// The store was laid out from a backup. Given by the tool that did it, never at the engine's door.
    StoreRestored {
        /// When the backup was taken.
        taken_at: Timestamp,
    },
    /// Agree that a ticket may be deployed as it is.
    TicketApprove {
        /// Which.
        id: TicketId,
        /// Hash of the content the approver saw ([`crate::engine::model::ticket::Ticket::payload_hash`]).
        payload_hash: Sha,
        /// What the approver adds; may be empty.
        reason: String,
    },
    /// Refuse that a ticket is deployed as it is; it becomes a draft again.
    TicketDecline {
        /// Which.
        id: TicketId,
        /// Hash of the content the approver saw.
        payload_hash: Sha,
        /// Why, for the author.
        reason: String,
    },
    /// Say something about a ticket to colleagues. Changes nothing on it.
    TicketComment {
        /// Which.
        id: TicketId,
        /// What, one line.
        text: String,
    },
    /// Hear of what happens to a ticket, or do not any more. Changes nothing on it.
    TicketWatch {
        /// Which.
        id: TicketId,
        /// Hear of it.
        watch: bool,
    },
    /// Nothing made after a restored backup is unknown any more: steps are sent without looking first again.
    StoreSettle {
        /// Why this is certain.
        reason: String,
    },
    /// Engine only, in the name of whoever asked: a question to the copilot has ended.
    CopilotRecord(Box<ExchangeRow>),
    /// Says whether an answer of the copilot was of use.
    CopilotJudge {
        /// The number of the exchange in the journal.
        exchange: Seq,
        /// Whether it was.
        useful: bool,
    },
    /// Engine only: a change of a ticket is proposed. What may be proposed was judged before.
    ProposalMake(Box<NewProposal>),
    /// Apply a proposal: an ordinary edit of the ticket.
    ProposalApply {
        /// Which ticket's.
        id: TicketId,
        /// Which of its proposals.
        n: u32,
    },
    /// Decline a proposal.
    ProposalDecline {
        /// Which ticket's.
        id: TicketId,
        /// Which of its proposals.
        n: u32,
        /// Why, for the history; may be empty.
        reason: String,
    },
    /// Write a QA rule of the house, new or again.
    RulePut {
        /// What it says.
        rule: Box<RuleText>,
        /// The version seen; 0 for a new rule.
        version: u64,
    },
    /// Take a QA rule of the house out of force.
    RuleRetire {
        /// Its name.
        name: String,
        /// The version seen.
        version: u64,
    },
    /// Engine only, in the name of whoever asked: a question to the copilot is about to leave for a model.
    CopilotOpen(Box<OpenExchange>),
    /// Take an earlier change back, or make it again after it was taken back.
    Undo {
        /// The number of the change in the journal.
        of: Seq,
        /// The version of what it changed, as it was when the answer to "what would it do?" was seen; 0 = whichever.
        version: u64,
        /// What the engine worked out from the journal; nobody else can say it.
        #[serde(skip)]
        inverse: Option<Box<super::undo::Inverse>>,
    },
}

/// What the engine read on the platform before it takes a person's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The read, for the ledger.
    pub read: LookUpRead,
    /// What differs from what the step asked for; of the object to adopt.
    pub differences: Vec<String>,
    /// What was made along with it.
    pub made: Vec<Made>,
}
