//! TikTok API for Business (Marketing API) v1.3, as data and pure functions.
//!
//! Data: field catalogue, error table and country ids in `assets/platforms/tiktok`. Functions, by what the executor asks:
//!
//! - [`steps`]: how a job is cut; [`check`]: what only TikTok knows to be wrong with it
//! - [`plan`]: the request of a step, from [`payload`], [`money`], [`time`], [`countries`] and [`request_id`]
//! - [`interpret`]: what an answer means, from [`errors`] and [`blame`]
//! - [`media`]: files: upload, put into an ad
//! - [`look_up`], [`read`], [`compare`]: finding and reading objects, and what differs
//! - [`account`]: ids, probes, account states
//! - [`spec`]: the official field tables as an oracle for tests and sandbox
//!
//! The traps of this platform, each with a test: errors come as HTTP 200 with a code; paths without a trailing slash are
//! not found; new objects are ENABLEd unless told otherwise, and an older trap ignored being told; the name filter is
//! fuzzy and listings hide deleted objects; ids are text, budgets are decimals in main units, times are UTC.

pub mod account;
pub mod blame;
pub mod catalogue;
pub mod check;
pub mod compare;
pub mod countries;
pub mod errors;
pub mod interpret;
pub mod look_up;
pub mod media;
pub mod money;
pub mod names;
pub mod payload;
pub mod plan;
pub mod read;
pub mod request_id;
pub mod spec;
pub mod steps;
pub mod time;

#[cfg(test)]
mod testing;

use super::{AccountReport, Exchange, Found, KnownIds, LookUp, Platform, Usage, WireRequest, WireResponse};
use crate::engine::model::{
    catalogue::Catalogue,
    deploy::{Job, Outcome, Step},
    governance::Account,
    money::Budget,
    platform::{AccountId, ExternalId, ObjectKind, PlatformId},
    rate::{Allowance, Rate},
    refusal::Problem,
    time::Timestamp,
};

/// The TikTok platform. Holds nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tiktok;

impl Platform for Tiktok {
    fn id(&self) -> PlatformId {
        PlatformId::Tiktok
    }

    fn catalogue(&self) -> &Catalogue {
        catalogue::catalogue()
    }

    fn object_word(&self, kind: ObjectKind) -> &'static str {
        match kind {
            ObjectKind::Campaign | ObjectKind::Tree => "Campaign",
            ObjectKind::AdSet => "Ad group",
            ObjectKind::Asset => "File",
            ObjectKind::Creative => "Creative",
            ObjectKind::Ad => "Ad",
        }
    }

    fn check_account(&self, account: &Account) -> Result<(), Problem> {
        account::check_account(account)
    }

    fn check(&self, job: &Job) -> Vec<Problem> {
        check::check(job)
    }

    fn steps(&self, job: &Job) -> Result<Vec<Step>, Vec<Problem>> {
        steps::steps(job)
    }

    fn archive_steps(&self, _job: &Job, confirmed: &[Step]) -> Vec<Step> {
        steps::archive_steps(confirmed)
    }

    fn plan(&self, job: &Job, step: &Step, ids: &KnownIds) -> Result<WireRequest, Problem> {
        plan::plan(job, step, ids)
    }

    fn interpret(&self, job: &Job, step: &Step, exchange: &Exchange, now: Timestamp) -> Outcome {
        interpret::interpret(job, step, exchange, now)
    }

    fn allowance(&self) -> Allowance {
        // Basic tier, per developer application over all advertisers: 10 a second and 600 a minute (Business API,
        // "Rate limits", read 2026-08). A burst of 2 and 8 a second stay below both in every second and every minute.
        Allowance {
            account: None,
            app: Some(Rate::new(2, 250)),
        }
    }

    fn cost(&self, _request: &WireRequest) -> u32 {
        1
    }

    fn usage(&self, _response: &WireResponse, _account: &AccountId, _now: Timestamp) -> Option<Usage> {
        // TikTok sends no header about its limits.
        None
    }

    fn look_up(&self, job: &Job, step: &Step, ids: &KnownIds, _since: Timestamp) -> Result<WireRequest, Problem> {
        // The age is compared in the answer: a filter on it would trust TikTok's clock to agree with ours.
        look_up::look_up(job, step, ids)
    }

    fn interpret_look_up(
        &self,
        job: &Job,
        step: &Step,
        ids: &KnownIds,
        since: Timestamp,
        exchange: &Exchange,
        now: Timestamp,
    ) -> LookUp {
        look_up::interpret_look_up(job, step, ids, since, exchange, now)
    }

    fn read(&self, job: &Job, step: &Step, id: &ExternalId) -> WireRequest {
        read::read(job, step, id)
    }

    fn interpret_read(
        &self,
        job: &Job,
        step: &Step,
        exchange: &Exchange,
        now: Timestamp,
    ) -> Result<Option<Found>, Box<Outcome>> {
        read::interpret_read(job, step, exchange, now)
    }

    fn read_budget(&self, job: &Job, exchange: &Exchange) -> Option<Budget> {
        read::read_budget(job, exchange)
    }

    fn probe(&self, account: &Account) -> Vec<WireRequest> {
        account::probe(account)
    }

    fn interpret_probe(&self, account: &Account, answers: &[Exchange]) -> AccountReport {
        account::interpret_probe(account, answers)
    }
}
