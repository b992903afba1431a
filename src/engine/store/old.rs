//! Released forms of stored values that have changed since, and the way from each to the present one.
//!
//! Invariant: nothing here is ever edited. The bytes in `tests/golden/` hold every form still.

use serde::Deserialize;

use super::schema::Hold;
use crate::engine::model::{
    actor::{Actor, Role},
    approval::Review,
    ids::{CampaignId, ChannelId, DeployId, TicketId, TicketNo},
    json::CanonicalJson,
    money::Budget,
    platform::{AccountId, PlatformId},
    ticket::{Created, FailureNote, Priority, QaRecord, RequestType, Status, Target, Ticket},
    time::{Flight, Timestamp},
};

/// A hold before it said what its owner was.
#[derive(Deserialize)]
pub(super) struct HoldV1 {
    by: String,
    reason: String,
    since: Timestamp,
}

impl From<HoldV1> for Hold {
    fn from(old: HoldV1) -> Self {
        Self {
            by: old.by,
            reason: old.reason,
            since: old.since,
            // Whoever could place one could release it.
            role: Role::Trafficker,
        }
    }
}

/// A ticket before approvals.
#[derive(Deserialize)]
pub(super) struct TicketV1 {
    id: TicketId,
    no: TicketNo,
    campaign: CampaignId,
    channel: ChannelId,
    platform: PlatformId,
    account: AccountId,
    name: String,
    request: RequestType,
    target: Option<Target>,
    status: Status,
    priority: Priority,
    budget: Option<Budget>,
    flight: Option<Flight>,
    payload: CanonicalJson,
    notes: String,
    assignee: String,
    created_by: Actor,
    created_at: Timestamp,
    updated_by: Actor,
    updated_at: Timestamp,
    qa: Option<QaRecord>,
    deploy: Option<DeployId>,
    created: Vec<Created>,
    live_budget: Option<Budget>,
    failure: Option<FailureNote>,
    cloned_from: Option<TicketNo>,
}

impl From<TicketV1> for Ticket {
    fn from(old: TicketV1) -> Self {
        Self {
            id: old.id,
            no: old.no,
            campaign: old.campaign,
            channel: old.channel,
            platform: old.platform,
            account: old.account,
            name: old.name,
            request: old.request,
            target: old.target,
            status: old.status,
            priority: old.priority,
            budget: old.budget,
            flight: old.flight,
            payload: old.payload,
            notes: old.notes,
            assignee: old.assignee,
            created_by: old.created_by,
            created_at: old.created_at,
            updated_by: old.updated_by,
            updated_at: old.updated_at,
            qa: old.qa,
            deploy: old.deploy,
            created: old.created,
            live_budget: old.live_budget,
            failure: old.failure,
            cloned_from: old.cloned_from,
            review: Review::default(),
        }
    }
}
