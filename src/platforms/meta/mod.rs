//! Meta (Facebook, Instagram) Marketing API v25.0, as data and pure functions.
//!
//! Data: the field catalogue and the error table in `assets/platforms/meta`. Functions, by what the executor asks:
//!
//! - [`steps`]: how a job is cut; [`check`]: what only Meta knows to be wrong with it
//! - [`plan`]: the request of a step, from [`payload`], [`money`] and [`time`]
//! - [`interpret`]: what an answer means, from [`errors`], [`usage`] headers and [`blame`]
//! - [`media`]: files: upload, wait for a video, put into a creative
//! - [`look_up`], [`read`], [`compare`]: finding and reading objects, and what differs
//! - [`account`], [`token`]: ids, probes, account states, how long a token lasts
//! - [`validation`]: a request that Meta judges and does not carry out
//! - [`spec`]: the official specification as an oracle for tests and sandbox
//!
//! The traps of this platform, each with a test: rate limits come as HTTP 400; errors come as HTTP 200; names are not
//! unique; budgets are in Meta's own units, not ISO's; regain times are minutes.

pub mod account;
pub mod blame;
pub mod catalogue;
pub mod check;
pub mod compare;
pub mod errors;
pub mod interpret;
pub mod look_up;
pub mod media;
pub mod money;
pub mod payload;
pub mod plan;
pub mod read;
pub mod spec;
pub mod steps;
pub mod time;
pub mod token;
pub mod usage;
pub mod validation;

#[cfg(test)]
mod testing;

use super::{AccountReport, Exchange, KnownIds, LookUp, Platform, Usage, WireRequest, WireResponse};
use crate::engine::model::{
    catalogue::Catalogue,
    deploy::{Job, Outcome, Step},
    governance::Account,
    money::Budget,
    platform::{AccountId, ExternalId, ObjectKind, PlatformId},
    rate::Allowance,
    refusal::Problem,
    time::Timestamp,
};

/// Longest name of an object, in characters.
pub const MAX_NAME: usize = 400;

/// The Meta platform. Holds nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Meta;

impl Platform for Meta {
    fn id(&self) -> PlatformId {
        PlatformId::Meta
    }

    fn catalogue(&self) -> &Catalogue {
        catalogue::catalogue()
    }

    fn object_word(&self, kind: ObjectKind) -> &'static str {
        match kind {
            ObjectKind::Campaign | ObjectKind::Tree => "Campaign",
            ObjectKind::AdSet => "Ad set",
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
        Allowance {
            account: Some(usage::FULL),
            app: None,
        }
    }

    fn cost(&self, request: &WireRequest) -> u32 {
        usage::cost(request)
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

    fn usage(&self, response: &WireResponse, account: &AccountId, now: Timestamp) -> Option<Usage> {
        usage::usage(response, account, now)
    }

    fn look_up(&self, job: &Job, step: &Step, _ids: &KnownIds, _since: Timestamp) -> Result<WireRequest, Problem> {
        // Parent and age are compared in the answer: filters on them are as undeclared as the one on the name.
        look_up::look_up(job, step)
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
