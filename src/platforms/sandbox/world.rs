//! The simulated platforms behind one face. Each platform's own world has its own folder.
//!
//! Invariant: no IO, no clock, no randomness: the time of a request arrives with it.

use std::{collections::BTreeMap, fmt};

use serde_json::Value;

use super::{
    config::WorldConfig,
    google_ads::{self, GoogleAdsWorld},
    meta::{self, MetaWorld},
    tiktok::{self, TiktokWorld},
};
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
    /// Over the limit; the platform's usual code when there is none.
    RateLimit {
        code: Option<i64>,
        subcode: Option<i64>,
        minutes: u64,
        seconds: Option<u64>,
    },
    /// A bare HTTP status.
    Http { status: u16, body: Option<String> },
    /// The token has expired.
    BadToken,
    /// An error of the platform; with the HTTP status its errors usually have when there is none.
    Error {
        status: Option<u16>,
        code: i64,
        reason: Option<String>,
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

/// One platform's simulated world. Pure: the time of a request arrives with it.
pub(super) trait PlatformWorld: fmt::Debug + Send {
    /// Carries a request out and answers as the platform would.
    fn handle(&mut self, now: Timestamp, request: &WireRequest, token: &str) -> WireResponse;

    /// Answers with a refusal from outside, in the platform's own form.
    fn refuse(&mut self, now: Timestamp, subject: &Subject, injected: &Injected) -> WireResponse;

    /// What a request is about.
    fn subject(&self, request: &WireRequest) -> Subject;

    /// How many objects of this kind and exact name were ever created in an account.
    fn creates(&self, account: &AccountId, kind: ObjectKind, name: &str) -> usize;

    /// Every object, deleted ones too, oldest first.
    fn snapshot(&self, now: Timestamp) -> Vec<ObjectView>;
}

/// Whose ad account an id is, by its form; `None` = of no simulated platform.
pub fn owner_of(account: &str) -> Option<PlatformId> {
    if meta::is_account_id(account) {
        Some(PlatformId::Meta)
    } else if google_ads::is_account_id(account) {
        Some(PlatformId::GoogleAds)
    } else if tiktok::is_account_id(account) {
        Some(PlatformId::Tiktok)
    } else {
        None
    }
}

/// All simulated platforms. An account belongs to the platform whose form its id has.
#[derive(Debug)]
pub struct World {
    platforms: BTreeMap<PlatformId, Box<dyn PlatformWorld>>,
}

impl World {
    /// An empty world with its accounts.
    pub fn new(config: &WorldConfig) -> Self {
        let of = |platform: PlatformId| WorldConfig {
            accounts: config
                .accounts
                .iter()
                .filter(|a| owner_of(a.id.as_str()) == Some(platform))
                .cloned()
                .collect(),
            ..config.clone()
        };
        let meta: Box<dyn PlatformWorld> = Box::new(MetaWorld::new(&of(PlatformId::Meta)));
        let tiktok: Box<dyn PlatformWorld> = Box::new(TiktokWorld::new(&of(PlatformId::Tiktok)));
        let google: Box<dyn PlatformWorld> = Box::new(GoogleAdsWorld::new(&of(PlatformId::GoogleAds)));
        Self {
            platforms: BTreeMap::from([
                (PlatformId::Meta, meta),
                (PlatformId::Tiktok, tiktok),
                (PlatformId::GoogleAds, google),
            ]),
        }
    }

    /// Carries a request out and answers as the platform would.
    pub fn handle(&mut self, now: Timestamp, platform: PlatformId, request: &WireRequest, token: &str) -> WireResponse {
        match self.platforms.get_mut(&platform) {
            Some(world) => world.handle(now, request, token),
            None => not_simulated(platform),
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
        match self.platforms.get_mut(&platform) {
            Some(world) => world.refuse(now, subject, injected),
            None => not_simulated(platform),
        }
    }

    /// What a request is about.
    pub fn subject(&self, platform: PlatformId, request: &WireRequest) -> Subject {
        self.platforms
            .get(&platform)
            .map(|world| world.subject(request))
            .unwrap_or_default()
    }

    /// How many objects of this kind and exact name were ever created in an account.
    pub fn creates(&self, account: &AccountId, kind: ObjectKind, name: &str) -> usize {
        self.platforms.values().map(|w| w.creates(account, kind, name)).sum()
    }

    /// Every object, deleted ones too, by platform and then oldest first.
    pub fn snapshot(&self, now: Timestamp) -> Vec<ObjectView> {
        self.platforms.values().flat_map(|w| w.snapshot(now)).collect()
    }
}

fn not_simulated(platform: PlatformId) -> WireResponse {
    WireResponse {
        status: 501,
        headers: BTreeMap::new(),
        body: format!("The sandbox does not simulate {platform} yet.").into_bytes(),
    }
}
