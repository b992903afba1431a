//! Google Ads API v25 (REST/JSON), as data and pure functions: search campaigns.
//!
//! Data: the field catalogue and the error table in `assets/platforms/google_ads`. Functions, by what the executor asks:
//!
//! - [`steps`]: how a job is cut; [`check`]: what only Google knows to be wrong with it
//! - [`plan`]: the request of a step, from [`tree`] (everything a CREATE makes), [`money`], [`time`], [`keywords`] and
//!   [`countries`]
//! - [`interpret`]: what an answer means, from [`answer`], [`errors`] and [`blame`]
//! - [`look_up`], [`read`], [`compare`], [`gaql`]: finding and reading objects, and what differs
//! - [`account`]: ids, probes, account states
//! - [`spec`]: the official specification as an oracle for tests and sandbox
//!
//! The traps of this platform, each with a test: one request makes the whole tree or nothing; budgets are shared unless
//! said otherwise; a campaign is ENABLED unless said otherwise; ids are stripped of dashes; names are unique among what
//! is not removed; a query's error is a list; error paths are in snake case; several errors come in one answer.

pub mod account;
pub mod answer;
pub mod blame;
pub mod catalogue;
pub mod check;
pub mod compare;
pub mod countries;
pub mod errors;
pub mod gaql;
pub mod interpret;
pub mod keywords;
pub mod look_up;
pub mod money;
pub mod plan;
pub mod read;
pub mod spec;
pub mod steps;
pub mod time;
pub mod tree;
pub mod validation;

#[cfg(test)]
mod testing;

use super::{AccountReport, Exchange, KnownIds, LookUp, Platform, Usage, WireRequest, WireResponse};
use crate::engine::model::{
    catalogue::Catalogue,
    deploy::{Job, Made, Outcome, Step, StepAction},
    governance::Account,
    money::Budget,
    platform::{AccountId, ExternalId, ObjectKind, PlatformId},
    rate::Allowance,
    refusal::Problem,
    time::Timestamp,
};

/// The Google Ads platform. Holds nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct GoogleAds;

impl Platform for GoogleAds {
    fn id(&self) -> PlatformId {
        PlatformId::GoogleAds
    }

    fn catalogue(&self) -> &Catalogue {
        catalogue::catalogue()
    }

    fn object_word(&self, kind: ObjectKind) -> &'static str {
        match kind {
            ObjectKind::Campaign | ObjectKind::Tree => "Campaign",
            ObjectKind::AdSet => "Ad group",
            ObjectKind::Asset => "Asset",
            ObjectKind::Creative | ObjectKind::Ad => "Ad",
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
        // Per customer and per cloud project, but unpublished and variable: one writer per customer, and the wait the
        // error names ("Rate limits", read 2026-11). Operations a day come back as an error, too.
        Allowance::default()
    }

    fn cost(&self, _request: &WireRequest) -> u32 {
        1
    }

    fn validates(&self) -> bool {
        true
    }

    fn validation(&self, request: &WireRequest) -> Option<WireRequest> {
        validation::validation(request)
    }

    fn interpret_validation(&self, job: &Job, step: &Step, exchange: &Exchange, now: Timestamp) -> Outcome {
        validation::interpret(job, step, exchange, now)
    }

    fn usage(&self, _response: &WireResponse, _account: &AccountId, _now: Timestamp) -> Option<Usage> {
        // Google says nothing about the allowance until it is used up; then the error says how long to wait.
        None
    }

    fn look_up(&self, job: &Job, step: &Step, _ids: &KnownIds, _since: Timestamp) -> Result<WireRequest, Problem> {
        // A campaign does not say when it was made; its name is unique instead.
        look_up::look_up(job, step)
    }

    fn interpret_look_up(
        &self,
        job: &Job,
        step: &Step,
        _ids: &KnownIds,
        _since: Timestamp,
        exchange: &Exchange,
        now: Timestamp,
    ) -> LookUp {
        look_up::interpret_look_up(job, step, exchange, now)
    }

    fn made(&self, job: &Job, _step: &Step, exchange: &Exchange) -> Vec<Made> {
        read::made(job, exchange)
    }

    fn read_made(&self, job: &Job, step: &Step, id: &ExternalId) -> Option<WireRequest> {
        // The id goes into a query: only what can be a campaign's is asked about.
        let digits = !id.0.is_empty() && id.0.bytes().all(|b| b.is_ascii_digit());
        (digits && step.action == StepAction::Create).then(|| look_up::below(&job.account.id, id))
    }

    fn read(&self, job: &Job, _step: &Step, id: &ExternalId) -> WireRequest {
        read::read(&job.account.id, id)
    }

    fn interpret_read(
        &self,
        job: &Job,
        step: &Step,
        exchange: &Exchange,
        now: Timestamp,
    ) -> Result<Option<super::Found>, Box<Outcome>> {
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
