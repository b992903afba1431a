//! What each ad platform needs and says.
//!
//! A platform is data and pure functions: a field [`Catalogue`], and `steps`, `plan`, `interpret`, `look_up`. What is
//! decided alike on all of them stands once, in [`common`]. Adding one means adding one folder. Only [`transport`] touches the network; [`sandbox`] is a simulated world of them all.
//!
//! Invariants
//! - `steps`, `plan`, `interpret` and the look-up pair do no IO and read no clock: same input, same output.
//! - A request never holds a secret: the transport adds credentials on the way out.
//! - Nothing here knows the engine's state, only its nouns.

pub mod common;
pub mod days;
pub mod files;
pub mod google_ads;
pub mod home;
pub mod meta;
pub mod probe;
pub mod registry;
pub mod sandbox;
pub mod tiktok;
pub mod transport;
pub mod words;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use crate::engine::model::account_report::{AccountReport, TokenExpiry};
use crate::engine::model::{
    asset::Asset,
    catalogue::Catalogue,
    deploy::{Job, Made, Outcome, Step},
    difference::Difference,
    governance::Account,
    json::{CanonicalJson, Sha},
    money::Budget,
    platform::{AccountId, ExternalId, ObjectKind, PlatformId},
    rate::{Allowance, Rate},
    refusal::Problem,
    time::Timestamp,
};

/// HTTP method, as far as the platforms use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads.
    Get,
    /// Creates and changes.
    Post,
    /// Removes.
    Delete,
}

/// As the whole value of a query parameter: the account's own token. The transport puts it there on the way out, for
/// the one question that names it: how long it lasts. The control character keeps it apart from any other value.
pub const OWN_TOKEN: &str = "\u{1}own token";

/// What a request carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// Nothing.
    Empty,
    /// `application/x-www-form-urlencoded`, in order.
    Form(Vec<(String, String)>),
    /// `application/json`.
    Json(CanonicalJson),
    /// `multipart/form-data`, in order.
    Multipart(Vec<Part>),
}

/// One part of a multipart body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A parameter.
    Text {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// A file, named by its content: the transport reads it when it sends.
    File {
        /// The parameter's name.
        name: String,
        /// What the file is called there.
        file_name: String,
        /// What it is.
        asset: Asset,
    },
}

impl Part {
    /// A parameter.
    pub fn text(name: &str, value: impl Into<String>) -> Self {
        Self::Text {
            name: name.to_owned(),
            value: value.into(),
        }
    }

    /// The parameters among some parts, in order.
    pub fn texts(parts: &[Self]) -> impl Iterator<Item = (&str, &str)> {
        parts.iter().filter_map(|part| match part {
            Self::Text { name, value } => Some((name.as_str(), value.as_str())),
            Self::File { .. } => None,
        })
    }

    /// The files among some parts with the names of their parameters and their own.
    pub fn files(parts: &[Self]) -> impl Iterator<Item = (&str, &str, &Asset)> {
        parts.iter().filter_map(|part| match part {
            Self::File { name, file_name, asset } => Some((name.as_str(), file_name.as_str(), asset)),
            Self::Text { .. } => None,
        })
    }
}

/// One request as a platform's `plan` wants it sent, without host and without credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireRequest {
    /// The method.
    pub method: Method,
    /// Path below the base URL and version: `/act_1/campaigns`.
    pub path: String,
    /// Query parameters, in order, not yet encoded.
    pub query: Vec<(String, String)>,
    /// Headers besides the content type and the credentials.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
}

impl WireRequest {
    /// A question: nothing but a path and parameters.
    pub const fn get(path: String, query: Vec<(String, String)>) -> Self {
        Self {
            method: Method::Get,
            path,
            query,
            headers: Vec::new(),
            body: Body::Empty,
        }
    }

    /// A request that carries something.
    pub const fn post(path: String, body: Body) -> Self {
        Self {
            method: Method::Post,
            path,
            query: Vec::new(),
            headers: Vec::new(),
            body,
        }
    }

    /// SHA-256 over method, path, query and body, the hash of a file included: what the ledger keeps to prove what was
    /// sent.
    pub fn hash(&self) -> Sha {
        Sha::of(serde_json::json!(self).to_string().as_bytes())
    }
}

/// How far a request got when no answer came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lost {
    /// Certainly before the first byte: refused, DNS, TLS, connect timeout.
    NotSent {
        /// In words.
        why: String,
    },
    /// Bytes left and no complete answer came back.
    InDoubt {
        /// In words.
        why: String,
    },
    /// No credentials could be read for the account; nothing was sent.
    NoCredentials {
        /// In the operator's words.
        why: String,
    },
}

/// An answer as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireResponse {
    /// HTTP status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body, at most 1 MiB.
    pub body: Vec<u8>,
}

/// What came of sending a request.
pub type Exchange = Result<WireResponse, Lost>;

/// How much of an account's allowance is used, from usage headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// 0 to 100 (may pass 100).
    pub percent: u32,
    /// The block ends then, if the platform says the account is blocked.
    pub blocked_until: Option<Timestamp>,
    /// What the account may do, where the answer tells (a lower access tier than the usual one).
    pub allowance: Option<Rate>,
}

/// One object found by a look-up, or read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its id.
    pub id: ExternalId,
    /// What differs from what the step asked for; empty = it fits.
    pub differences: Vec<Difference>,
}

/// What a look-up's answer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookUp {
    /// A complete answer: these objects have the exact name, the right parent and account, and are new enough.
    Counted(Vec<Found>),
    /// More pages: ask this next, then count all of them together with what was found so far.
    More {
        /// Found on this page.
        found: Vec<Found>,
        /// The next request.
        next: WireRequest,
    },
    /// Does not count as a look: failed, throttled, unreadable. The outcome says why and how long to wait.
    NotCounted(Box<Outcome>),
}

/// Ids of confirmed steps, by step key.
pub type KnownIds = BTreeMap<String, ExternalId>;

/// One platform: data and pure functions.
pub trait Platform: Send + Sync {
    /// Which it is.
    fn id(&self) -> PlatformId;

    /// Its fields.
    fn catalogue(&self) -> &Catalogue;

    /// The platform's own word for a kind of object: "Ad set", "Ad group".
    fn object_word(&self, kind: ObjectKind) -> &'static str;

    /// Checks an account id's form and currency.
    fn check_account(&self, account: &Account) -> Result<(), Problem>;

    /// Checks what only this platform knows about a job: money in its minor units, minimums, name lengths, times.
    /// The catalogue's own rules are QA's work.
    fn check(&self, job: &Job) -> Vec<Problem>;

    /// Cuts a job into the steps of its ledger, all planned, in order.
    fn steps(&self, job: &Job) -> Result<Vec<Step>, Vec<Problem>>;

    /// The steps that put away what a deploy created, in reverse order, all planned, keys `archive_<step>`. `confirmed`
    /// are its confirmed steps.
    fn archive_steps(&self, job: &Job, confirmed: &[Step]) -> Vec<Step>;

    /// The request of one step. `ids` holds what the steps before it created.
    fn plan(&self, job: &Job, step: &Step, ids: &KnownIds) -> Result<WireRequest, Problem>;

    /// What an answer means for a step. Decided by the platform's own words and by how far the request got.
    fn interpret(&self, job: &Job, step: &Step, exchange: &Exchange, now: Timestamp) -> Outcome;

    /// How often it may be called, as published; the configuration may say otherwise.
    fn allowance(&self) -> Allowance;

    /// What a request costs of the allowance.
    fn cost(&self, request: &WireRequest) -> u32;

    /// True when the platform has a mode in which it judges a request and carries out nothing.
    fn validates(&self) -> bool {
        false
    }

    /// The request of a step with the platform told to judge it and to carry out nothing; `None` where it cannot.
    fn validation(&self, _request: &WireRequest) -> Option<WireRequest> {
        None
    }

    /// What the answer to a [`Self::validation`] means for the step. `Done` = it would be carried out; there is no id then.
    fn interpret_validation(&self, job: &Job, step: &Step, exchange: &Exchange, now: Timestamp) -> Outcome {
        self.interpret(job, step, exchange, now)
    }

    /// The allowance used, if the answer's headers tell.
    fn usage(&self, response: &WireResponse, account: &AccountId, now: Timestamp) -> Option<Usage>;

    /// The request that finds a step's object by its exact name. `since` = created at or after this.
    fn look_up(&self, job: &Job, step: &Step, ids: &KnownIds, since: Timestamp) -> Result<WireRequest, Problem>;

    /// What a look-up's answer says, compared with what the step asked for.
    fn interpret_look_up(
        &self,
        job: &Job,
        step: &Step,
        ids: &KnownIds,
        since: Timestamp,
        exchange: &Exchange,
        now: Timestamp,
    ) -> LookUp;

    /// What an answer says was made besides the step's own object, for platforms that create a tree in one call. Asked
    /// of the answer to a create that is done, and of the last page of a look-up.
    fn made(&self, _job: &Job, _step: &Step, _exchange: &Exchange) -> Vec<Made> {
        Vec::new()
    }

    /// The request for what was made along with an object that a person takes as a step's, for platforms that create a
    /// tree in one call. Its answer goes through [`Self::interpret_look_up`] and [`Self::made`], like the last page of a
    /// look-up.
    fn read_made(&self, _job: &Job, _step: &Step, _id: &ExternalId) -> Option<WireRequest> {
        None
    }

    /// The request that reads one object by id, for adoption, for checks before a change and for drift.
    fn read(&self, job: &Job, step: &Step, id: &ExternalId) -> WireRequest;

    /// What a read says, compared with what the step asked for. `Ok(None)` = there is no such object.
    fn interpret_read(
        &self,
        job: &Job,
        step: &Step,
        exchange: &Exchange,
        now: Timestamp,
    ) -> Result<Option<Found>, Box<Outcome>>;

    /// The budget an object carries now, from a read of it; `None` when it carries none.
    fn read_budget(&self, job: &Job, exchange: &Exchange) -> Option<Budget>;

    /// Read-only requests that prove an account usable, and what their answers say.
    fn probe(&self, account: &Account) -> Vec<WireRequest>;

    /// What the probes' answers say.
    fn interpret_probe(&self, account: &Account, answers: &[Exchange]) -> AccountReport;
}
