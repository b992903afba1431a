//! What every platform is put to from outside. A new platform fills in one [`Fixture`] and calls
//!
//! - [`conformance::holds`]: every request it plans is one its specification knows, the same job gives the same bytes, and
//!   a fresh form needs few edits
//! - [`walk::Walk`]: whole tickets through its simulated world
//!
//! with tickets from [`tickets`], which fills its catalogue's fields in by chance.
#![allow(dead_code, reason = "every platform uses a part of it")]

pub mod conformance;
pub mod tickets;
pub mod walk;

use fastrand::Rng;
use omnitraffick::{
    engine::model::{deploy::Job, deploy::Step, ticket::RequestType},
    platforms::{KnownIds, Platform, WireRequest},
};
use serde_json::Value;

/// Why a request is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A step.
    Plan,
    /// A step that takes back what another made.
    Undo,
    /// What a lost answer left.
    LookUp,
    /// An object by its id.
    Read,
    /// Whether the account can be used.
    Probe,
}

/// What a platform brings to the tests: everything that is its own.
pub trait Fixture {
    /// The platform.
    const PLATFORM: &dyn Platform;
    /// An id of an object there.
    const OBJECT: &str;
    /// Requests a ticket makes at the least, on average.
    const REQUESTS: u32;
    /// What is filled in on a fresh form before a ticket can go.
    const EDITS: &[(&str, &str)];

    /// A ticket as planners might write it.
    fn job(rng: &mut Rng, request: RequestType) -> Job;

    /// Ids as the steps of a create would have left them.
    fn ids() -> KnownIds;

    /// The account and budget a fresh form is tried with.
    fn plain(_job: &mut Job) {}

    /// Holds a request against the platform's specification, and against what must never leave us. `step` is `None` for
    /// a probe.
    fn hold(job: &Job, ask: Ask, step: Option<&Step>, request: &WireRequest);

    /// How often a request names a budget, where one ticket must name its budget exactly once.
    fn budgets(_request: &WireRequest) -> Option<usize> {
        None
    }
}

/// A value of an edit.
fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}
