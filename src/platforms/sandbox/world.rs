//! The simulated platforms behind one face. Each platform's own world has its own folder.
//!
//! Invariant: no IO, no clock, no randomness: the time of a request arrives with it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{config::WorldConfig, meta::MetaWorld};
use crate::{
    engine::model::{
        platform::{AccountId, ExternalId, ObjectKind, PlatformId},
        time::Timestamp,
    },
    platforms::{WireRequest, WireResponse},
};

/// What a request is about, as far as the world can tell before it is carried out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// The account, from the path or from the object the path names.
    pub account: Option<AccountId>,
    /// The kind of object.
    pub kind: Option<ObjectKind>,
    /// The name the request carries.
    pub name: Option<String>,
}

/// A refusal that the world did not think of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Injected {
    /// Over the limit.
    RateLimit {
        code: i64,
        subcode: Option<i64>,
        minutes: u64,
        seconds: Option<u64>,
    },
    /// A bare HTTP status.
    Http { status: u16, body: Option<String> },
    /// The token has expired.
    BadToken,
    /// An error of the platform.
    Error {
        status: u16,
        code: i64,
        subcode: Option<i64>,
        message: Option<String>,
        field: Option<String>,
        transient: bool,
    },
    /// The API version in the path is missing or no longer served.
    BadVersion { version: Option<String> },
    /// The request cannot be read.
    Unreadable { why: String },
}

/// One object of a world, for tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectView {
    /// Where it is.
    pub platform: PlatformId,
    /// In which account.
    pub account: AccountId,
    /// What it is.
    pub kind: ObjectKind,
    /// Its id.
    pub id: ExternalId,
    /// Its name.
    pub name: String,
    /// Its status as the platform derives it, `CAMPAIGN_PAUSED`.
    pub effective_status: String,
    /// The object that contains it.
    pub parent: Option<ExternalId>,
    /// When it was created.
    pub created: Timestamp,
    /// Everything it holds, as a read shows it.
    pub fields: Value,
}

/// All simulated platforms.
#[derive(Clone, Debug)]
pub struct World {
    meta: MetaWorld,
}

impl World {
    /// An empty world with its accounts.
    pub fn new(config: &WorldConfig) -> Self {
        Self {
            meta: MetaWorld::new(config),
        }
    }

    /// Carries a request out and answers as the platform would.
    pub fn handle(&mut self, now: Timestamp, platform: PlatformId, request: &WireRequest, token: &str) -> WireResponse {
        match platform {
            PlatformId::Meta => self.meta.handle(now, request, token),
            PlatformId::Tiktok | PlatformId::GoogleAds => not_simulated(platform),
        }
    }

    /// Answers with a refusal from outside, in the platform's own form.
    pub(super) fn refuse(
        &mut self,
        now: Timestamp,
        platform: PlatformId,
        subject: &Subject,
        injected: &Injected,
    ) -> WireResponse {
        match platform {
            PlatformId::Meta => self.meta.refuse(now, subject, injected),
            PlatformId::Tiktok | PlatformId::GoogleAds => not_simulated(platform),
        }
    }

    /// What a request is about.
    pub fn subject(&self, platform: PlatformId, request: &WireRequest) -> Subject {
        match platform {
            PlatformId::Meta => self.meta.subject(request),
            PlatformId::Tiktok | PlatformId::GoogleAds => Subject::default(),
        }
    }

    /// How many objects of this kind and exact name were ever created in an account.
    pub fn creates(&self, account: &AccountId, kind: ObjectKind, name: &str) -> usize {
        self.meta.creates(account, kind, name)
    }

    /// Every object, deleted ones too, oldest first.
    pub fn snapshot(&self, now: Timestamp) -> Vec<ObjectView> {
        self.meta.snapshot(now)
    }
}

fn not_simulated(platform: PlatformId) -> WireResponse {
    WireResponse {
        status: 501,
        headers: BTreeMap::new(),
        body: format!("The sandbox does not simulate {platform} yet.").into_bytes(),
    }
}
