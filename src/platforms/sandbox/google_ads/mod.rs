//! Google Ads' simulated world: accounts and search campaigns that answer as the Google Ads API does.
//!
//! Where the real service's behaviour is documented the world follows it; what is not is the simplest thing that does
//! not flatter the caller. Requests are judged first by the official specification
//! ([`crate::platforms::google_ads::spec`]), then by the business rules in [`rules`].
//!
//! Invariants
//! - A mutate is carried out whole or not at all.
//! - A campaign's name is unique among those of its account that are not removed; nothing else keeps a request that is
//!   sent twice from making things twice.
//! - What is not said has Google's default: a campaign is ENABLED, a budget is shared.
//! - Ids are digits, and grow: their order is the order of creation.

mod error;
mod mutate;
mod object;
mod rules;
mod search;

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};

use self::{
    error::{AdsError, Fault, Outcome},
    object::{Account, Object},
};
use super::{
    config::{AccountSpec, WorldConfig},
    world::{Injected, ObjectView, PlatformWorld, Subject},
};
use crate::{
    engine::model::{
        platform::{AccountId, ExternalId, ObjectKind, PlatformId},
        time::Timestamp,
    },
    platforms::{
        Body, Method, WireRequest, WireResponse,
        google_ads::{account, spec},
    },
};

/// True for ten digits, with or without the dashes people write.
pub(super) fn is_account_id(text: &str) -> bool {
    account::is_customer_id(text)
}

/// The world.
#[derive(Clone, Debug)]
pub(super) struct GoogleAdsWorld {
    config: WorldConfig,
    /// By the ten digits.
    accounts: BTreeMap<String, Account>,
    /// By resource name.
    objects: BTreeMap<String, Object>,
    creates: BTreeMap<(String, ObjectKind, String), usize>,
    /// Objects made so far.
    serial: u64,
    /// Answers given so far.
    answers: u64,
}

impl GoogleAdsWorld {
    pub(super) fn new(config: &WorldConfig) -> Self {
        let accounts = config.accounts.iter().map(|spec| {
            let account = Account::new(spec, config);
            (account.digits.clone(), account)
        });
        Self {
            accounts: accounts.collect(),
            config: config.clone(),
            objects: BTreeMap::new(),
            creates: BTreeMap::new(),
            serial: 0,
            answers: 0,
        }
    }

    /// The account a path is about, made if the world makes accounts.
    fn account_of(&mut self, request: &WireRequest) -> Option<String> {
        let digits = customer_of(request)?;
        if self.config.auto_accounts && !self.accounts.contains_key(&digits) {
            let id: AccountId = digits.parse().ok()?;
            let account = Account::new(&AccountSpec::new(id), &self.config);
            self.accounts.insert(digits.clone(), account);
        }
        self.accounts.contains_key(&digits).then_some(digits)
    }

    fn route(&mut self, request: &WireRequest, now: Timestamp) -> Outcome {
        if let Some(error) = AdsError::against_spec(&spec::check_request(request)) {
            return Err(error);
        }
        let Some(customer) = self.account_of(request) else {
            if request.method == Method::Get {
                let names = self.accounts.keys().map(|d| format!("customers/{d}"));
                return Ok(json!({"resourceNames": names.collect::<Vec<_>>()}));
            }
            let words = "The caller does not have permission: no such customer, or login-customer-id is missing.";
            return Err(AdsError::denied("authorizationError", "USER_PERMISSION_DENIED", words));
        };
        self.charge(&customer, request, now)?;
        let body = match &request.body {
            Body::Json(json) => json.value(),
            Body::Empty | Body::Form(_) | Body::Multipart(_) => Value::Null,
        };
        if request.path.ends_with(":mutate") {
            self.mutate(&customer, &body, now)
        } else {
            self.search(
                &customer,
                body.get("query").and_then(Value::as_str).unwrap_or_default(),
                now,
            )
        }
    }

    /// Every operation counts, a query is one.
    fn charge(&mut self, customer: &str, request: &WireRequest, now: Timestamp) -> Result<(), AdsError> {
        let cost = if request.path.ends_with(":mutate") { 3 } else { 1 };
        let Some(account) = self.accounts.get_mut(customer) else {
            return Ok(());
        };
        if account.meter.charge(cost, now, &self.config.limits) {
            return Ok(());
        }
        let wait = account.meter.blocked_for(now);
        Err(AdsError::rate_limited(Some(wait)))
    }

    fn next_id(&mut self) -> u64 {
        self.serial += 1;
        // 11 digits, so that text order is creation order; the seed keeps two worlds apart.
        20_000_000_000 + (self.config.seed % 1_000) * 10_000_000 + self.serial
    }

    fn count(&mut self, customer: &str, kind: ObjectKind, name: &str) {
        let key = (customer.to_owned(), kind, name.to_owned());
        *self.creates.entry(key).or_default() += 1;
    }

    fn respond(&mut self, status: u16, body: Vec<u8>) -> WireResponse {
        let mut headers = BTreeMap::new();
        headers.insert("content-type".to_owned(), "application/json; charset=UTF-8".to_owned());
        headers.insert("request-id".to_owned(), self.request_id());
        self.answers += 1;
        WireResponse { status, headers, body }
    }

    fn respond_error(&mut self, error: &AdsError) -> WireResponse {
        let body = error.to_json(&self.request_id()).to_string().into_bytes();
        self.respond(error.http, body)
    }

    /// Different for every answer.
    fn request_id(&self) -> String {
        let mixed = (self.config.seed.wrapping_add(self.answers)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        format!("req{mixed:016x}")
    }
}

/// The ten digits in `/customers/1234567890/...`.
fn customer_of(request: &WireRequest) -> Option<String> {
    let rest = request.path.strip_prefix("/customers/")?;
    let digits = rest.split('/').next()?;
    (digits.len() == 10 && is_account_id(digits)).then(|| digits.to_owned())
}

/// Any token is good except none, `expired...` and `revoked...`, so that both kinds of bad can be tried by hand.
fn check_token(token: &str) -> Result<(), AdsError> {
    let refuse = |value, words| Err(AdsError::unauthenticated(value, words));
    if token.is_empty() {
        refuse("OAUTH_TOKEN_HEADER_INVALID", "The request has no access token.")
    } else if token.starts_with("expired") {
        refuse("OAUTH_TOKEN_EXPIRED", "The access token has expired.")
    } else if token.starts_with("revoked") {
        refuse("OAUTH_TOKEN_REVOKED", "The access token was revoked.")
    } else {
        Ok(())
    }
}

impl PlatformWorld for GoogleAdsWorld {
    fn handle(&mut self, now: Timestamp, request: &WireRequest, token: &str) -> WireResponse {
        match check_token(token).and_then(|()| self.route(request, now)) {
            Ok(value) => self.respond(200, value.to_string().into_bytes()),
            Err(error) => self.respond_error(&error),
        }
    }

    fn refuse(&mut self, _now: Timestamp, _subject: &Subject, injected: &Injected) -> WireResponse {
        let error = match injected {
            Injected::RateLimit { minutes, seconds, .. } => {
                let wait = seconds.unwrap_or_else(|| minutes.saturating_mul(60));
                AdsError::rate_limited((wait > 0).then(|| Duration::from_secs(wait)))
            }
            Injected::Http { status, body } => {
                if let Some(text) = body {
                    return self.respond(*status, text.clone().into_bytes());
                }
                AdsError::of_http(*status)
            }
            Injected::BadToken => AdsError::unauthenticated("OAUTH_TOKEN_EXPIRED", "The access token has expired."),
            Injected::Error {
                status,
                reason,
                message,
                field,
                transient,
                ..
            } => AdsError::injected(
                *status,
                reason.as_deref(),
                message.as_deref(),
                field.as_deref(),
                *transient,
            ),
            Injected::BadVersion { version } => {
                let version = version.as_deref().unwrap_or("none");
                let words = format!("Version {version} is deprecated. Requests to this version will be blocked.");
                AdsError::of_faults(vec![Fault::new("requestError", "UNSUPPORTED_VERSION", &words)])
            }
            Injected::Unreadable { why } => AdsError::bad_json("", why),
        };
        self.respond_error(&error)
    }

    fn subject(&self, request: &WireRequest) -> Subject {
        let body = match &request.body {
            Body::Json(json) => json.value(),
            Body::Empty | Body::Form(_) | Body::Multipart(_) => Value::Null,
        };
        let operations = body.get("mutateOperations").and_then(Value::as_array);
        let mut campaigns = operations
            .into_iter()
            .flatten()
            .filter_map(|o| o.get("campaignOperation"));
        let campaign = campaigns.next();
        let created = campaign.and_then(|c| c.get("create"));
        let kind = match (created, operations) {
            (Some(_), _) => Some(ObjectKind::Tree),
            (None, Some(_)) => Some(ObjectKind::Campaign),
            (None, None) => None,
        };
        Subject {
            account: customer_of(request).and_then(|d| d.parse().ok()),
            kind,
            name: created
                .and_then(|c| c.get("name"))
                .and_then(Value::as_str)
                .map(str::to_owned),
        }
    }

    fn creates(&self, account: &AccountId, kind: ObjectKind, name: &str) -> usize {
        // A tree is known by its campaign.
        let kind = if kind == ObjectKind::Tree {
            ObjectKind::Campaign
        } else {
            kind
        };
        let key = (account::customer_id(account), kind, name.to_owned());
        self.creates.get(&key).copied().unwrap_or(0)
    }

    fn snapshot(&self, _now: Timestamp) -> Vec<ObjectView> {
        let mut all: Vec<&Object> = self.objects.values().collect();
        all.sort_by_key(|o| o.serial);
        let view = |o: &Object| {
            let parent = o.parent().and_then(|name| self.objects.get(name));
            let effective = match parent.map(Object::status) {
                Some("REMOVED") => "CAMPAIGN_REMOVED",
                Some("PAUSED") => "CAMPAIGN_PAUSED",
                _ => o.status(),
            };
            Some(ObjectView {
                platform: PlatformId::GoogleAds,
                account: o.customer.parse().ok()?,
                kind: o.kind()?,
                id: ExternalId(o.id().to_owned()),
                name: o.text("name").unwrap_or_default().to_owned(),
                effective_status: effective.to_owned(),
                parent: parent.map(|p| ExternalId(p.id().to_owned())),
                created: o.created,
                fields: Value::Object(o.fields.clone()),
            })
        };
        all.into_iter().filter_map(view).collect()
    }
}
