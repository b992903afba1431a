//! Proposals over the engine's door.

use serde::{Deserialize, Serialize};

use super::asking::WouldSend;
use crate::engine::model::{
    event::FieldChange,
    ids::{CommandId, TicketId, TicketNo},
    json::Sha,
    proposal::{Ailment, Proposal, Standing},
    ticket::Finding,
};

/// Which proposals to list, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProposalAsk {
    /// All of this ticket; otherwise the open ones of every ticket.
    pub ticket: Option<TicketId>,
    /// At most this many.
    pub limit: u32,
}

/// A proposal in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalRow {
    /// The proposal.
    pub proposal: Proposal,
    /// Where it stands now.
    pub standing: Standing,
}

/// A proposal with what a person needs to judge it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalView {
    /// The proposal.
    pub proposal: Proposal,
    /// Where it stands now.
    pub standing: Standing,
    /// Every leaf before and after; by the patch's own account once the ticket is another.
    pub changes: Vec<FieldChange>,
    /// What QA says of the ticket as it is.
    pub qa_before: Vec<Finding>,
    /// What QA would say after it.
    pub qa_after: Vec<Finding>,
    /// Other tickets that were refused with the same code.
    pub same_error: Vec<TicketNo>,
}

/// The wish to mend a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealAsk {
    /// The ticket.
    pub ticket: TicketId,
    /// Ask the language model where no rule knows a fix; absent = say what would be sent to it.
    pub model: Option<AskModel>,
}

impl HealAsk {
    /// By the table of fixes alone.
    pub const fn by_rule(ticket: TicketId) -> Self {
        Self { ticket, model: None }
    }
}

/// A person's word that a language model may be asked, having been shown what is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskModel {
    /// Made once per asking, reused on every resend. Its row in the journal carries it; stopping it takes it too.
    pub id: CommandId,
    /// The person agreed to the cost.
    pub confirmed: bool,
    /// [`WouldSend::digest`] of what the person was shown. The engine assembles anew; where something else would be sent,
    /// it sends nothing and refuses with `STALE`.
    pub seen: Sha,
}

/// What came of the wish to mend a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Healing {
    /// The ticket.
    pub ticket: TicketId,
    /// Its number.
    pub no: TicketNo,
    /// What is wrong with it, from the ledger or from QA.
    pub ailments: Vec<Ailment>,
    /// The proposal, if anything knew one: new, or the open one that says the same.
    pub proposal: Option<Box<ProposalView>>,
    /// What was tried and why it came to nothing, in words.
    pub told: Vec<String>,
    /// No rule knew a fix; a language model may be asked, and would be sent this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub would_send: Option<Box<WouldSend>>,
}
