//! Every decision of the house: `(view, command, actor, now) -> commit | refusal`.
//!
//! Why pure: the console's preview, the real commit, the seeded simulation and a future shared database must all get
//! the same answer from the same facts.
//!
//! Invariants
//! - No IO, no clock, no randomness, no tokio, no iteration over unordered maps.
//! - Every row a decision read is in the commit's `expect`, absence included ([`Tx`](tx::Tx) sees to it).
//! - Authorisation is checked here, in the same step as the effect, by one table: [`rights`].
//! - All problems at once, each with a field, a reason and a remedy.
//!
//! One file per noun: [`governance`] (markets, brands, channels), [`campaign`], [`ticket`], [`deploy`]. [`proposal`] is what was suggested for a ticket. What they
//! share: [`call`] (who asks and with which rights), [`changes`] and [`problems`] (what the answer is made of),
//! [`text`] (limits of what people type).

pub mod call;
pub mod campaign;
pub mod changes;
pub mod command;
pub mod deploy;
pub mod exchange;
pub mod governance;
pub mod problems;
pub mod proposal;
pub mod restored;
pub mod rights;
pub mod rule;
#[doc(hidden)]
pub mod testkit;
pub mod text;
pub mod ticket;
pub mod tx;
pub mod undo;

use crate::engine::{
    model::{
        actor::Actor,
        deploy::{Job, Step},
        governance::Account,
        json::Sha,
        platform::PlatformId,
        refusal::{Problem, Refusal},
        time::Timestamp,
    },
    policy::Policy,
    store::{Commit, Key, Row},
};
use call::Call;
use command::CommandKind;

/// The facts a decision may use: rows by key, the policy in force, and how a platform would cut a job into steps.
///
/// Rows not at hand may be answered with `None` and noted by the view: the caller fetches them and decides again.
/// That is safe because deciding has no effect.
pub trait View {
    /// The row under a key.
    fn row(&self, key: &Key) -> Option<Row>;
    /// Limits and schedules.
    fn policy(&self) -> &Policy;
    /// The engine start that decides.
    fn epoch(&self) -> u64;
    /// The ledger a platform needs for a job: its steps, all planned. Problems name ticket fields.
    fn steps(&self, platform: PlatformId, job: &Job) -> Result<Vec<Step>, Vec<Problem>>;
    /// The steps that archive what confirmed steps created, in reverse order.
    fn archive_steps(&self, platform: PlatformId, job: &Job, confirmed: &[Step]) -> Vec<Step>;
    /// Hash of the request a step would send: tells whether an object made earlier still fits the ticket.
    fn request_hash(&self, platform: PlatformId, job: &Job, step: &Step, known: &[Step]) -> Option<Sha>;
    /// Version of the QA rule set in force.
    fn rules(&self) -> Sha;
    /// True when this build can speak to the platform.
    fn speaks(&self, platform: PlatformId) -> bool;
    /// A platform's word on an account's id and currency ([`crate::platforms::Platform::check_account`]).
    fn check_account(&self, account: &Account, platform: PlatformId) -> Result<(), Problem>;
}

/// Decides one command. See the module for what it promises.
pub fn decide(view: &dyn View, command: &command::Command, actor: &Actor, now: Timestamp) -> Result<Commit, Refusal> {
    use CommandKind as C;
    let call = Call {
        view,
        command,
        actor,
        now,
    };
    rights::check(&call)?;
    match &command.kind {
        C::MarketCreate(market) => governance::market::create(&call, market),
        C::MarketUpdate { id, version, patch } => governance::market::update(&call, *id, *version, patch),
        C::MarketDelete { id, version } => governance::market::delete(&call, *id, *version),
        C::BrandCreate(brand) => governance::brand::create(&call, brand),
        C::BrandUpdate { id, version, patch } => governance::brand::update(&call, *id, *version, patch),
        C::BrandDelete { id, version } => governance::brand::delete(&call, *id, *version),
        C::ChannelCreate(channel) => governance::channel::create(&call, channel),
        C::ChannelUpdate { id, version, patch } => governance::channel::update(&call, *id, *version, patch),
        C::ChannelDelete { id, version } => governance::channel::delete(&call, *id, *version),
        C::CampaignCreate(campaign) => campaign::create(&call, campaign),
        C::CampaignUpdate { id, version, patch } => campaign::update(&call, *id, *version, patch),
        C::CampaignDelete { id, version } => campaign::delete(&call, *id, *version),
        C::TicketCreate(new) => ticket::create::create(&call, new),
        C::TicketClone { id, new_id, campaign } => ticket::create::copy(&call, *id, *new_id, *campaign),
        C::TicketEdit { id, version, patch } => ticket::edit::edit(&call, *id, *version, patch),
        C::TicketDelete { id, version } => ticket::leave::delete(&call, *id, *version),
        C::TicketSubmitQa { id, run } => ticket::review::submit(&call, *id, *run),
        C::QaResult {
            id,
            run,
            payload_hash,
            basis,
            findings,
        } => ticket::review::result(&call, *id, *run, *payload_hash, *basis, findings),
        C::TicketApprove {
            id,
            payload_hash,
            reason,
        } => ticket::approve::approve(&call, *id, *payload_hash, reason),
        C::TicketDecline {
            id,
            payload_hash,
            reason,
        } => ticket::approve::decline(&call, *id, *payload_hash, reason),
        C::TicketComment { id, text } => ticket::comment::comment(&call, *id, text),
        C::TicketWatch { id, watch } => ticket::watch::watch(&call, *id, *watch),
        C::TicketWithdraw { id } => ticket::review::withdraw(&call, *id),
        // A ticket nothing was ever done for is called off here; anything with a ledger is the ledger's affair.
        C::TicketCancel { id, .. } if ticket::leave::has_ledger(&call, *id)? => {
            deploy::decide(view, command, actor, now)
        }
        C::TicketCancel { id, reason, .. } => ticket::leave::cancel(&call, *id, reason),
        C::TicketDeploy { .. }
        | C::TicketRetry { .. }
        | C::DeployPause { .. }
        | C::DeployResume { .. }
        | C::DeployRecall { .. }
        | C::DeployResolve { .. }
        | C::HoldPlace { .. }
        | C::HoldRelease { .. }
        | C::EngineStart { .. }
        | C::StepIntend { .. }
        | C::StepOutcome { .. }
        | C::StepRead { .. }
        | C::DeployRecover { .. }
        | C::DeployWait { .. }
        | C::StepLate { .. }
        | C::StepForgotten { .. } => deploy::decide(view, command, actor, now),
        C::ProposalMake(new) => proposal::make(&call, new),
        C::ProposalApply { id, n } => proposal::apply(&call, *id, *n),
        C::ProposalDecline { id, n, reason } => proposal::decline(&call, *id, *n, reason),
        C::RulePut { rule, version } => rule::put(&call, rule, *version),
        C::RuleRetire { name, version } => rule::retire(&call, name, *version),
        C::Undo { of, inverse, .. } => undo::decide(&call, *of, inverse.as_deref()),
        C::StoreRestored { taken_at } => restored::restored(&call, *taken_at),
        C::StoreSettle { reason } => restored::settle(&call, reason),
        C::CopilotRecord(row) => exchange::record(&call, row),
        C::CopilotOpen(open) => exchange::open(&call, open),
        C::CopilotJudge { exchange, useful } => Ok(exchange::judge(&call, *exchange, *useful)),
    }
}
