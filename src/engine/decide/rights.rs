//! Who may do what: the one table from a command to the least role that may give it.
//!
//! Invariants
//! - Every command passes here before anything about it is looked at ([`super::decide`]).
//! - The match names every command: a new one does not compile without a decision about who may give it.

use super::{
    call::Call,
    command::{CommandKind, Resolution},
};
use crate::engine::model::{
    actor::{Actor, Role},
    refusal::{Problem, Refusal, RefusalCode},
};

/// Who may give a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// People with this role or a higher one. The words complete "may not ...".
    Person(Role, &'static str),
    /// Only the engine's own parts. The words complete "may not ...".
    Engine(&'static str),
}

/// Who may give this command.
pub const fn right(kind: &CommandKind) -> Right {
    use CommandKind as C;
    let (role, what) = match kind {
        C::MarketCreate(_) | C::MarketUpdate { .. } => (Role::Admin, "change markets"),
        C::MarketDelete { .. } => (Role::Admin, "remove markets"),
        C::BrandCreate(_) | C::BrandUpdate { .. } => (Role::Admin, "change brands"),
        C::BrandDelete { .. } => (Role::Admin, "remove brands"),
        C::ChannelCreate(_) | C::ChannelUpdate { .. } => (Role::Admin, "change channels"),
        C::ChannelDelete { .. } => (Role::Admin, "remove channels"),
        C::RulePut { .. } | C::RuleRetire { .. } => (Role::Admin, "change QA rules"),
        C::StoreRestored { .. } => (Role::Admin, "restore the store"),
        C::StoreSettle { .. } => (Role::Admin, "settle a restore"),
        C::TicketApprove { .. } => (Role::Approver, "approve tickets"),
        C::TicketDecline { .. } => (Role::Approver, "decline tickets"),
        // A wrong "none exists" makes a twin that spends; a forced adoption steers an object that is not as asked.
        C::DeployResolve {
            resolution: Resolution::NoneExists | Resolution::Adopt { force: true, .. },
            ..
        } => (Role::Approver, "give this answer"),
        C::DeployResolve { .. } => (Role::Trafficker, "give this answer"),
        C::CampaignCreate(_) => (Role::Trafficker, "write campaigns"),
        C::CampaignUpdate { .. } => (Role::Trafficker, "change campaigns"),
        C::CampaignDelete { .. } => (Role::Trafficker, "remove campaigns"),
        C::TicketCreate(_) => (Role::Trafficker, "write tickets"),
        C::TicketClone { .. } => (Role::Trafficker, "clone tickets"),
        C::TicketEdit { .. } => (Role::Trafficker, "change tickets"),
        C::TicketDelete { .. } => (Role::Trafficker, "remove tickets"),
        C::TicketSubmitQa { .. } => (Role::Trafficker, "send tickets to QA"),
        C::TicketWithdraw { .. } => (Role::Trafficker, "withdraw tickets"),
        C::TicketCancel { .. } => (Role::Trafficker, "cancel tickets"),
        C::TicketComment { .. } => (Role::Trafficker, "write comments"),
        C::TicketWatch { .. } => (Role::Trafficker, "watch tickets"),
        C::TicketDeploy { .. } => (Role::Trafficker, "deploy tickets"),
        C::TicketRetry { .. } => (Role::Trafficker, "retry deploys"),
        // Anybody who may start spend may stop it.
        C::DeployPause { .. } | C::DeployResume { .. } => (Role::Trafficker, "pause or resume deploys"),
        C::DeployRecall { .. } => (Role::Trafficker, "recall deploys"),
        C::HoldPlace { .. } | C::HoldRelease { .. } => (Role::Trafficker, "hold or release accounts"),
        C::ProposalApply { .. } => (Role::Trafficker, "apply proposals"),
        C::ProposalDecline { .. } => (Role::Trafficker, "decline proposals"),
        // Whoever may read may ask; the service lets nobody from outside record a question.
        C::CopilotRecord(_) | C::CopilotOpen(_) => (Role::Viewer, "ask the copilot"),
        C::CopilotJudge { .. } => (Role::Viewer, "judge the copilot"),
        // What it takes back needs its own role, asked when that is decided.
        C::Undo { .. } => (Role::Trafficker, "take changes back"),
        C::ProposalMake(_) => return Right::Engine("make proposals"),
        C::QaResult { .. } => return Right::Engine("say what QA found"),
        C::EngineStart { .. } => return Right::Engine("record the start of an engine"),
        C::StepIntend { .. }
        | C::StepOutcome { .. }
        | C::StepRead { .. }
        | C::DeployRecover { .. }
        | C::DeployWait { .. }
        | C::StepLate { .. }
        | C::StepForgotten { .. } => return Right::Engine("record what a platform answered"),
    };
    Right::Person(role, what)
}

/// Refuses whoever may not give the command of this call.
pub(super) fn check(call: &Call<'_>) -> Result<(), Refusal> {
    check_kind(&call.command.kind, call.actor)
}

/// Refuses whoever may not give a command, before anything is read or asked because of it.
pub fn check_kind(kind: &CommandKind, actor: &Actor) -> Result<(), Refusal> {
    match right(kind) {
        Right::Person(least, what) => check_person(actor, least, what),
        Right::Engine(_) if actor.is_engine() => Ok(()),
        Right::Engine(what) => Err(Refusal::new(
            RefusalCode::NotAllowed,
            Problem::whole(
                format!("{} may not {what}: only the engine itself does", actor.name),
                "nothing to do; the engine does it by itself",
            ),
        )),
    }
}

/// Refuses whoever is less than this. The words complete "may not ...".
pub fn check_person(actor: &Actor, least: Role, what: &str) -> Result<(), Refusal> {
    if actor.role >= least {
        return Ok(());
    }
    let reason = format!("{} is {} and may not {what}", actor.name, with_article(actor.role));
    let remedy = format!("ask somebody with the role {least}, or have your role raised");
    Err(Refusal::new(RefusalCode::NotAllowed, Problem::whole(reason, remedy)))
}

/// `a viewer`, `an admin`.
fn with_article(role: Role) -> String {
    let article = match role {
        Role::Viewer | Role::Trafficker => "a",
        Role::Approver | Role::Admin => "an",
    };
    format!("{article} {role}")
}
