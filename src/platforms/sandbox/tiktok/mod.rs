//! TikTok's simulated world: accounts and objects that answer as the Marketing API v1.3 does.
//!
//! Where the real service's behaviour is documented the world follows it; what is only known from the community, or
//! not at all, is the simplest thing that does not flatter the caller. Requests are judged first by the official field
//! tables ([`crate::platforms::tiktok::spec`]), then by the business rules in [`rules`].
//!
//! Invariants
//! - Every answer is HTTP 200 with a code, except where no endpoint is: no trailing slash, wrong path, wrong method.
//! - New objects are ENABLEd unless the request says otherwise.
//! - Of two creates with one `request_id` within ten seconds one succeeds; after that both do.
//! - Ids are digits beyond 2^53, and grow: their order is the order of creation.

mod account;
mod change;
mod create;
mod error;
mod file;
mod listing;
mod object;
mod rules;

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Map, Value, json};

use self::{
    account::Account,
    error::{ApiError, Outcome},
    file::Material,
    object::Object,
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
        Body, Method, Part, WireRequest, WireResponse,
        tiktok::{account::is_advertiser_id, read::name_field, spec, time},
    },
};

/// How long a `request_id` is remembered.
const REMEMBERED: Duration = Duration::from_secs(10);

/// True for digits, as many as an advertiser id has.
pub(super) fn is_account_id(text: &str) -> bool {
    is_advertiser_id(text)
}

/// The world.
#[derive(Clone, Debug)]
pub(super) struct TiktokWorld {
    config: WorldConfig,
    accounts: BTreeMap<AccountId, Account>,
    objects: BTreeMap<String, Object>,
    materials: BTreeMap<String, Material>,
    creates: BTreeMap<(AccountId, ObjectKind, String), usize>,
    /// When a request id last made something, by account and path.
    request_ids: BTreeMap<(AccountId, String, String), Timestamp>,
    /// Objects made so far.
    serial: u64,
    /// Answers given so far.
    answers: u64,
}

/// A request as the rules read it.
struct Call<'a> {
    request: &'a WireRequest,
    account: AccountId,
    /// The JSON body; empty for reads.
    body: Map<String, Value>,
    now: Timestamp,
}

impl Call<'_> {
    fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str).filter(|t| !t.is_empty())
    }

    fn query(&self, name: &str) -> Option<&str> {
        let mut pairs = self.request.query.iter();
        pairs.find(|(k, _)| k == name).map(|(_, v)| v.as_str())
    }
}

impl TiktokWorld {
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
            materials: BTreeMap::new(),
            creates: BTreeMap::new(),
            request_ids: BTreeMap::new(),
            serial: 0,
            answers: 0,
        }
    }

    fn carry_out(&mut self, now: Timestamp, request: &WireRequest, token: &str) -> Outcome {
        if !spec::is_path(&request.path) {
            return Err(ApiError::no_endpoint());
        }
        if spec::operation(request.method, &request.path).is_none() {
            return Err(ApiError::wrong_method());
        }
        check_token(token)?;
        if request.path == "/advertiser/info/" {
            rules::against_spec(request)?;
            return self.advertisers(request);
        }
        let account =
            account_of(request).ok_or_else(|| ApiError::field("advertiser_id", "Missing data for required field."))?;
        let account = self.open_account(&account)?;
        let meter = self.accounts.get_mut(&account).map(|a| &mut a.meter);
        let cost = if request.method == Method::Get { 1 } else { 3 };
        if meter.is_some_and(|m| !m.charge(cost, now, &self.config.limits)) {
            return Err(ApiError::rate_limited(None));
        }
        rules::against_spec(request)?;
        let call = Call {
            request,
            account,
            body: body_of(request),
            now,
        };
        self.route(&call)
    }

    fn route(&mut self, call: &Call<'_>) -> Outcome {
        let segments: Vec<&str> = call.request.path.split('/').filter(|s| !s.is_empty()).collect();
        if let ["file", family, "ad", verb] = segments.as_slice() {
            return self.route_file(call, family, verb);
        }
        let Some(kind) = segments.first().and_then(|s| object::kind_of(s)) else {
            return Err(ApiError::no_endpoint());
        };
        if call.request.method == Method::Post {
            rules::account_is_open(self.account(call)?)?;
        }
        match (call.request.method, segments.as_slice()) {
            (Method::Get, [_, "get"]) => self.list(call, kind),
            (Method::Post, [_, "create"]) => self.create(call, kind),
            (Method::Post, [_, "update"]) => self.update(call, kind),
            (Method::Post, [_, "status", "update"]) => self.set_status(call, kind),
            _ => Err(ApiError::no_endpoint()),
        }
    }

    /// The account, making it if the world makes accounts.
    fn open_account(&mut self, id: &str) -> Result<AccountId, ApiError> {
        let no_access = || ApiError::no_permission(&format!("No permission to operate advertiser {id}."));
        let account: AccountId = id.parse().ok().filter(|_| is_account_id(id)).ok_or_else(no_access)?;
        if self.config.auto_accounts && !self.accounts.contains_key(&account) {
            let new = Account::new(&AccountSpec::new(account.clone()), &self.config);
            self.accounts.insert(account.clone(), new);
        }
        if self.accounts.contains_key(&account) {
            Ok(account)
        } else {
            Err(no_access())
        }
    }

    fn account(&self, call: &Call<'_>) -> Result<&Account, ApiError> {
        self.accounts
            .get(&call.account)
            .ok_or_else(|| ApiError::no_permission("No permission to operate this advertiser."))
    }

    fn advertisers(&mut self, request: &WireRequest) -> Outcome {
        let query = |name: &str| {
            let mut pairs = request.query.iter();
            let text = pairs.find(|(k, _)| k == name).map_or("[]", |(_, v)| v);
            serde_json::from_str::<Vec<String>>(text).unwrap_or_default()
        };
        let asked = query("fields");
        let mut list = Vec::new();
        for id in query("advertiser_ids") {
            let account = self.open_account(&id)?;
            list.extend(self.accounts.get(&account).map(|a| object::select(a.fields(), &asked)));
        }
        Ok(json!({ "list": list }))
    }

    fn next_id(&mut self) -> String {
        self.serial += 1;
        // 19 digits, so that text order is creation order; the seed keeps two worlds apart.
        let base = 1_800_000_000_000_000_000_u64 + (self.config.seed % 10_000) * 1_000_000_000;
        (base + self.serial * 10).to_string()
    }

    fn count(&mut self, account: &AccountId, kind: ObjectKind, name: &str) {
        *self
            .creates
            .entry((account.clone(), kind, name.to_owned()))
            .or_default() += 1;
    }

    /// The envelope, or the bare page of somebody in front of it.
    fn respond(&mut self, now: Timestamp, outcome: Outcome) -> WireResponse {
        self.answers += 1;
        let digits: String = time::write(now).chars().filter(char::is_ascii_digit).collect();
        let log_id = format!("{digits}{:08X}", (self.config.seed << 20) + self.answers);
        let (status, code, message, data) = match outcome {
            Ok(data) => (200, 0, "OK".to_owned(), data),
            Err(ApiError {
                page: Some(page),
                status,
                ..
            }) => return bare(status, &page),
            Err(error) => (error.status, error.code, error.message, json!({})),
        };
        let body = json!({"code": code, "message": message, "request_id": log_id, "data": data});
        let headers = [
            ("content-type", "application/json".to_owned()),
            ("x-tt-logid", log_id.clone()),
            ("x-tt-trace-id", format!("00-{log_id}-01")),
        ];
        WireResponse {
            status,
            headers: headers.into_iter().map(|(k, v)| (k.to_owned(), v)).collect(),
            body: body.to_string().into_bytes(),
        }
    }
}

/// An answer of the gateway, which knows no envelope.
fn bare(status: u16, page: &str) -> WireResponse {
    WireResponse {
        status,
        headers: BTreeMap::from([("content-type".to_owned(), "text/html".to_owned())]),
        body: page.as_bytes().to_vec(),
    }
}

fn body_of(request: &WireRequest) -> Map<String, Value> {
    match &request.body {
        Body::Json(json) => match json.value() {
            Value::Object(map) => map,
            _ => Map::new(),
        },
        Body::Multipart(parts) => Part::texts(parts)
            .map(|(k, v)| (k.to_owned(), Value::from(v)))
            .collect(),
        Body::Empty | Body::Form(_) => Map::new(),
    }
}

/// Which account a request is for, as it says.
fn account_of(request: &WireRequest) -> Option<String> {
    let in_query = request
        .query
        .iter()
        .find(|(k, _)| k == "advertiser_id")
        .map(|(_, v)| v.clone());
    in_query.or_else(|| body_of(request).get("advertiser_id")?.as_str().map(str::to_owned))
}

/// Any token is good except none, `expired...` and `revoked...`, so that both kinds of bad can be tried by hand.
fn check_token(token: &str) -> Result<(), ApiError> {
    if token.is_empty() {
        Err(ApiError::token_missing())
    } else if token.starts_with("expired") {
        Err(ApiError::token_expired())
    } else if token.starts_with("revoked") {
        Err(ApiError::token_wrong())
    } else {
        Ok(())
    }
}

impl PlatformWorld for TiktokWorld {
    fn handle(&mut self, now: Timestamp, request: &WireRequest, token: &str) -> WireResponse {
        let outcome = self.carry_out(now, request, token);
        self.respond(now, outcome)
    }

    fn refuse(&mut self, now: Timestamp, _subject: &Subject, injected: &Injected) -> WireResponse {
        let error = match injected {
            // TikTok names no time: the minutes and seconds of a script are for platforms that do.
            Injected::RateLimit { code, .. } => ApiError::rate_limited(*code),
            Injected::Http { status, body } => {
                let page = body
                    .clone()
                    .unwrap_or_else(|| format!("<html><body>HTTP {status}</body></html>"));
                return bare(*status, &page);
            }
            Injected::BadToken => ApiError::token_wrong(),
            Injected::Error {
                status,
                code,
                message,
                field,
                ..
            } => ApiError::injected(*status, *code, message.as_deref(), field.as_deref()),
            Injected::BadVersion { version } => ApiError::bad_version(version.as_deref()),
            Injected::Unreadable { why } => ApiError::unreadable(why),
        };
        self.respond(now, Err(error))
    }

    fn subject(&self, request: &WireRequest) -> Subject {
        let kind = request
            .path
            .split('/')
            .find(|s| !s.is_empty())
            .and_then(object::kind_of);
        let body = body_of(request);
        let name = kind.and_then(|k| {
            let own = body.get(name_field(k));
            let creative = body.get("creatives").and_then(|c| c.get(0)?.get("ad_name"));
            own.or(creative)
                .or_else(|| body.get("file_name"))?
                .as_str()
                .map(str::to_owned)
        });
        Subject {
            account: account_of(request).and_then(|a| a.parse().ok()),
            kind,
            name,
        }
    }

    fn creates(&self, account: &AccountId, kind: ObjectKind, name: &str) -> usize {
        let key = (account.clone(), kind, name.to_owned());
        self.creates.get(&key).copied().unwrap_or(0)
    }

    fn snapshot(&self, now: Timestamp) -> Vec<ObjectView> {
        self.objects
            .values()
            .map(|o| ObjectView {
                platform: PlatformId::Tiktok,
                account: o.account.clone(),
                kind: o.kind,
                id: ExternalId(o.id.clone()),
                name: o.name().to_owned(),
                effective_status: self.secondary_status(o, now).to_owned(),
                parent: o.parent().map(|p| ExternalId(p.to_owned())),
                created: o.created,
                fields: Value::Object(o.fields.clone()),
            })
            .collect()
    }
}
