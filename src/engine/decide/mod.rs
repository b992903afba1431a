//! Every decision of the house: `(view, command, actor, now) -> commit | refusal`.
//!
//! Why pure: the console's preview, the real commit, the seeded simulation and a future shared database must all get
//! the same answer from the same facts.
//!
//! Invariants
//! - No IO, no clock, no randomness, no tokio, no iteration over unordered maps.
//! - Every row a decision read is in the commit's `expect`, absence included ([`Tx`] sees to it).
//! - Authorisation is checked here, in the same step as the effect.
//! - All problems at once, each with a field, a reason and a remedy.

pub mod command;
pub mod deploy;
pub mod tx;

use crate::engine::{
    model::{
        actor::Actor,
        deploy::{Job, Step},
        json::Sha,
        platform::PlatformId,
        refusal::{Problem, Refusal},
        time::Timestamp,
    },
    policy::Policy,
    store::{Commit, Key, Row},
};

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
}

/// Decides one command. See the module for what it promises.
pub fn decide(view: &dyn View, command: &command::Command, actor: &Actor, now: Timestamp) -> Result<Commit, Refusal> {
    let _ = (view, command, actor, now);
    Err(Refusal::new(
        crate::engine::model::refusal::RefusalCode::Unsupported,
        Problem::whole("not decided yet", ""),
    ))
}
