//! Meta's simulated world: accounts and objects that answer as the Marketing API does.
//!
//! Where the real service's behaviour is documented the world follows it; what is only known from the community, or
//! not at all, is the simplest thing that does not flatter the caller. Requests are judged first by the official
//! specification ([`crate::platforms::meta::spec`]), then by the business rules in [`rules`].
//!
//! Invariants
//! - Names are not unique and nothing is idempotent except image uploads, changes and deletes: a request sent twice
//!   makes two objects.
//! - Ids are digits beyond 2^53, and grow: their order is the order of creation.

mod account;
mod call;
mod change;
mod create;
mod error;
mod image;
mod listing;
mod object;
mod rules;
mod video;

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};

use self::{
    account::Account,
    call::Call,
    error::{GraphError, Outcome},
    object::Object,
    video::Video,
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
    platforms::{Method, WireRequest, WireResponse},
};

/// What an ad account that called too often is told.
const BUSINESS_LIMIT: i64 = 80004;

/// True for `act_` and digits.
pub(super) fn is_account_id(text: &str) -> bool {
    text.strip_prefix("act_")
        .is_some_and(|d| (1..=20).contains(&d.len()) && d.bytes().all(|b| b.is_ascii_digit()))
}

/// The world.
#[derive(Clone, Debug)]
pub(super) struct MetaWorld {
    config: WorldConfig,
    accounts: BTreeMap<AccountId, Account>,
    objects: BTreeMap<String, Object>,
    videos: BTreeMap<String, Video>,
    creates: BTreeMap<(AccountId, ObjectKind, String), usize>,
    /// Objects made so far.
    serial: u64,
    /// Answers given so far.
    traces: u64,
}

impl MetaWorld {
    pub(super) fn new(config: &WorldConfig) -> Self {
        let accounts = config
            .accounts
            .iter()
            .map(|spec| (spec.id.clone(), Account::new(spec, config)))
            .collect();
        Self {
            config: config.clone(),
            accounts,
            objects: BTreeMap::new(),
            videos: BTreeMap::new(),
            creates: BTreeMap::new(),
            serial: 0,
            traces: 0,
        }
    }

    /// Which account a call is about, making it if the world makes accounts.
    fn account_of(&mut self, call: &Call<'_>) -> Option<AccountId> {
        let first = call.segment(0)?;
        if let Some(object) = self.objects.get(first) {
            return Some(object.account.clone());
        }
        if let Some(video) = self.videos.get(first) {
            return Some(video.account.clone());
        }
        let id = image::account_in(first).unwrap_or_else(|| first.to_owned());
        let id: AccountId = id.parse().ok().filter(|_| is_account_id(&id))?;
        if self.config.auto_accounts && !self.accounts.contains_key(&id) {
            let account = Account::new(&AccountSpec::new(id.clone()), &self.config);
            self.accounts.insert(id.clone(), account);
        }
        self.accounts.contains_key(&id).then_some(id)
    }

    fn charge(&mut self, account: Option<&AccountId>, call: &Call<'_>, now: Timestamp) -> Result<(), GraphError> {
        let Some(account) = account.and_then(|a| self.accounts.get_mut(a)) else {
            return Ok(());
        };
        let cost = if call.request.method == Method::Get { 1 } else { 3 };
        if account.meter.charge(cost, now, &self.config.limits) {
            Ok(())
        } else {
            Err(GraphError::rate_limited(BUSINESS_LIMIT, Some(2_446_079)))
        }
    }

    fn route(&mut self, call: &Call<'_>, now: Timestamp) -> Outcome {
        let segments: Vec<&str> = call.segments().collect();
        match (call.request.method, segments.as_slice()) {
            (Method::Get, ["me"]) => Ok(json!({"id": "100000000000001", "name": "Sandbox System User"})),
            (Method::Get, ["me", "adaccounts"]) => Ok(self.list_accounts(call, now)),
            (Method::Get, ["debug_token"]) => Ok(debug_token(call, now)),
            (method, [first, rest @ ..]) if first.starts_with("act_") => {
                let id = call.account_segment().filter(|id| self.accounts.contains_key(id));
                let id = id.ok_or_else(|| GraphError::no_such_object(method, first))?;
                self.route_account(call, &id, rest, now)
            }
            (method, [first]) if first.contains(':') => self.read_image(call, method, first),
            (Method::Get, [id]) if self.videos.contains_key(*id) => self.read_video(call, id, now),
            (Method::Get, [_, edge]) => self.list_children(call, edge, now),
            (Method::Get, [id]) => self.read(call, id, now),
            (Method::Post, [id]) => self.change(call, id, now),
            (Method::Delete, [id]) => self.delete(id, now),
            (method, [id, ..]) if !self.objects.contains_key(*id) => Err(GraphError::no_such_object(method, id)),
            (_, [_, edge, ..]) => Err(GraphError::unknown_path(edge)),
            (_, []) => Err(GraphError::unknown_path("")),
        }
    }

    fn route_account(&mut self, call: &Call<'_>, id: &AccountId, rest: &[&str], now: Timestamp) -> Outcome {
        match (call.request.method, rest) {
            (Method::Get, []) => self.read_account(call, id, now),
            (Method::Get, ["minimum_budgets"]) => self.minimum_budgets(call, id),
            (Method::Get, ["adimages"]) => self.list_images(call, id, now),
            (Method::Post, ["adimages"]) => self.upload_image(call, id, now),
            (Method::Get, ["advideos"]) => self.list_videos(call, id, now),
            (Method::Post, ["advideos"]) => self.upload_video(call, id, now),
            (Method::Get, [edge]) => self.list_account(call, id, edge, now),
            (Method::Post, [edge]) => self.create(call, id, edge, now),
            (method, []) => Err(GraphError::no_such_object(method, id.as_str())),
            (_, [edge, ..]) => Err(GraphError::unknown_path(edge)),
        }
    }

    fn read(&self, call: &Call<'_>, id: &str, now: Timestamp) -> Outcome {
        let object = self
            .objects
            .get(id)
            .ok_or_else(|| GraphError::no_such_object(Method::Get, id))?;
        rules::against_spec(call.request, Some(object.node()))?;
        Ok(self.view(object, call.text("fields"), now))
    }

    fn next_id(&mut self) -> String {
        self.serial += 1;
        // 18 digits, so that text order is creation order; the seed keeps two worlds apart.
        let base = 120_200_000_000_000_000_u64 + (self.config.seed % 10_000) * 1_000_000_000;
        (base + self.serial * 10).to_string()
    }

    fn count(&mut self, account: &AccountId, kind: ObjectKind, name: &str) {
        *self
            .creates
            .entry((account.clone(), kind, name.to_owned()))
            .or_default() += 1;
    }

    /// An answer with its usage headers.
    fn respond(&mut self, now: Timestamp, account: Option<&AccountId>, status: u16, body: Vec<u8>) -> WireResponse {
        let mut headers = account
            .and_then(|a| self.accounts.get(a))
            .map(|a| a.usage_headers(now, &self.config.limits))
            .unwrap_or_default();
        headers.insert("content-type".into(), "application/json; charset=UTF-8".into());
        headers.insert("facebook-api-version".into(), "v25.0".into());
        headers.insert("x-fb-trace-id".into(), self.trace());
        WireResponse { status, headers, body }
    }

    fn respond_error(&mut self, now: Timestamp, account: Option<&AccountId>, error: &GraphError) -> WireResponse {
        let body = error.to_json(&self.trace()).to_string().into_bytes();
        let mut response = self.respond(now, account, error.status, body);
        if error.code == 190 {
            response.headers.insert(
                "www-authenticate".into(),
                "OAuth \"Facebook Platform\" \"invalid_token\"".into(),
            );
        }
        self.traces += 1;
        response
    }

    /// `A` and ten characters, different for every answer.
    fn trace(&self) -> String {
        let mixed = (self.config.seed.wrapping_add(self.traces)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        format!("A{:010x}", mixed & 0xff_ffff_ffff)
    }
}

impl PlatformWorld for MetaWorld {
    fn handle(&mut self, now: Timestamp, request: &WireRequest, token: &str) -> WireResponse {
        let call = Call::new(request, token);
        let account = self.account_of(&call);
        let result = check_token(token)
            .and_then(|()| self.charge(account.as_ref(), &call, now))
            .and_then(|()| self.route(&call, now));
        match result {
            Ok(value) => self.respond(now, account.as_ref(), 200, value.to_string().into_bytes()),
            Err(error) => self.respond_error(now, account.as_ref(), &error),
        }
    }

    fn refuse(&mut self, now: Timestamp, subject: &Subject, injected: &Injected) -> WireResponse {
        let account = subject.account.clone();
        let error = match injected {
            Injected::RateLimit {
                code,
                subcode,
                minutes,
                seconds,
            } => {
                let error = GraphError::rate_limited(code.unwrap_or(BUSINESS_LIMIT), *subcode);
                let mut response = self.respond_error(now, account.as_ref(), &error);
                if let Some(id) = &account {
                    let headers = account::blocked_headers(id, *minutes, *seconds, &self.config.limits);
                    response.headers.extend(headers);
                }
                return response;
            }
            Injected::Http { status, body } => {
                if let Some(text) = body {
                    return self.respond(now, account.as_ref(), *status, text.clone().into_bytes());
                }
                GraphError::of_status(*status)
            }
            Injected::BadToken => GraphError::token_expired(),
            Injected::Error {
                status,
                code,
                subcode,
                message,
                field,
                transient,
                ..
            } => GraphError {
                status: status.unwrap_or(400),
                transient: *transient,
                ..GraphError::of_code(*code, *subcode, message.as_deref(), field.as_deref())
            },
            Injected::BadVersion { version } => GraphError::bad_version(version.as_deref()),
            Injected::Unreadable { why } => GraphError::invalid("", "Unreadable request", why),
        };
        self.respond_error(now, account.as_ref(), &error)
    }

    fn subject(&self, request: &WireRequest) -> Subject {
        let call = Call::new(request, "");
        let known = call.segment(0).and_then(|id| self.objects.get(id));
        let video = call.segment(0).and_then(|id| self.videos.get(id));
        let account = known
            .map(|o| o.account.clone())
            .or_else(|| video.map(|v| v.account.clone()))
            .or_else(|| call.account_segment());
        let kind = call
            .segment(1)
            .and_then(object::kind_of_edge)
            .or_else(|| known.map(|o| o.kind))
            .or_else(|| video.map(|_| ObjectKind::Asset));
        Subject {
            account,
            kind,
            name: call
                .text("name")
                .or_else(|| call.file().map(|(name, _)| name))
                .map(str::to_owned),
        }
    }

    fn creates(&self, account: &AccountId, kind: ObjectKind, name: &str) -> usize {
        self.creates
            .get(&(account.clone(), kind, name.to_owned()))
            .copied()
            .unwrap_or(0)
    }

    fn snapshot(&self, now: Timestamp) -> Vec<ObjectView> {
        self.objects
            .values()
            .map(|o| ObjectView {
                platform: PlatformId::Meta,
                account: o.account.clone(),
                kind: o.kind,
                id: ExternalId(o.id.clone()),
                name: o.name().to_owned(),
                effective_status: self.effective_status(o, now).to_owned(),
                parent: o.parent().map(|p| ExternalId(p.to_owned())),
                created: o.created,
                fields: Value::Object(o.fields.clone()),
            })
            .collect()
    }
}

/// Any token is good except none, `expired...` and `revoked...`, so that both kinds of bad can be tried by hand.
fn check_token(token: &str) -> Result<(), GraphError> {
    if token.is_empty() {
        Err(GraphError::token_missing())
    } else if token.starts_with("expired") {
        Err(GraphError::token_expired())
    } else if token.starts_with("revoked") {
        Err(GraphError::token_revoked())
    } else {
        Ok(())
    }
}

/// `lasts10d...` is a token that ends in ten days; every other one has no end.
fn lasts_days(token: &str) -> Option<u64> {
    let (days, _) = token.strip_prefix("lasts")?.split_once('d')?;
    days.parse().ok()
}

fn debug_token(call: &Call<'_>, now: Timestamp) -> Value {
    let token = call.text("input_token").unwrap_or_default();
    let valid = check_token(token).is_ok();
    let ends = lasts_days(token).map_or(0, |days| {
        now.plus(Duration::from_secs(days.saturating_mul(86_400))).micros() / 1_000_000
    });
    json!({"data": {
        "app_id": "100000000000002",
        "type": "SYSTEM_USER",
        "application": "Sandbox",
        "is_valid": valid,
        "expires_at": ends,
        "data_access_expires_at": 0,
        "scopes": ["ads_management", "ads_read", "business_management"],
        "user_id": "100000000000001",
    }})
}
