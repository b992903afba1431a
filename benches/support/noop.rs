//! A platform whose three steps mean nothing: what is left of a deploy is the engine's own work.

use omnitraffick::{
    engine::model::{
        catalogue::Catalogue,
        deploy::{Job, Outcome, OutcomeClass, Step, StepAction},
        governance::Account,
        money::Budget,
        platform::{AccountId, ExternalId, ObjectKind, PlatformId},
        rate::Allowance,
        refusal::Problem,
        time::Timestamp,
    },
    platforms::{
        AccountReport, Body, Exchange, Found, KnownIds, LookUp, Method, Platform, Usage, WireRequest, WireResponse,
    },
};

/// See the module.
pub struct Noop(Catalogue);

impl Noop {
    /// One without a single field.
    pub fn new() -> Self {
        Self(Catalogue {
            version: "none".into(),
            checked: "2026-11-20".into(),
            objects: Vec::new(),
        })
    }
}

const STEPS: [(&str, ObjectKind, Option<&str>); 3] = [
    ("campaign", ObjectKind::Campaign, None),
    ("ad_set", ObjectKind::AdSet, Some("campaign")),
    ("ad", ObjectKind::Ad, Some("ad_set")),
];

impl Platform for Noop {
    fn id(&self) -> PlatformId {
        PlatformId::Meta
    }

    fn catalogue(&self) -> &Catalogue {
        &self.0
    }

    fn object_word(&self, _kind: ObjectKind) -> &'static str {
        "Object"
    }

    fn check_account(&self, _account: &Account) -> Result<(), Problem> {
        Ok(())
    }

    fn check(&self, _job: &Job) -> Vec<Problem> {
        Vec::new()
    }

    fn steps(&self, job: &Job) -> Result<Vec<Step>, Vec<Problem>> {
        let step = |(key, kind, parent)| Step::planned(key, kind, StepAction::Create, job.name.clone(), parent);
        Ok(STEPS.map(step).into())
    }

    fn archive_steps(&self, _job: &Job, _confirmed: &[Step]) -> Vec<Step> {
        Vec::new()
    }

    fn plan(&self, job: &Job, step: &Step, _ids: &KnownIds) -> Result<WireRequest, Problem> {
        Ok(WireRequest {
            method: Method::Post,
            path: format!("/{}/{}", job.account.id, step.key),
            query: Vec::new(),
            headers: Vec::new(),
            body: Body::Form(vec![("name".into(), step.name.clone())]),
        })
    }

    fn interpret(&self, _job: &Job, _step: &Step, exchange: &Exchange, now: Timestamp) -> Outcome {
        let answer = exchange.as_ref().map(|r| String::from_utf8_lossy(&r.body).into_owned());
        Outcome {
            class: OutcomeClass::Done,
            at: now,
            http_status: Some(200),
            code: None,
            request_id: None,
            words: "created".into(),
            field: None,
            external_id: answer.ok().map(ExternalId),
            wait_until: None,
        }
    }

    /// No limit: the limit on calls is lifted here.
    fn allowance(&self) -> Allowance {
        Allowance {
            account: None,
            app: None,
        }
    }

    fn cost(&self, _request: &WireRequest) -> u32 {
        1
    }

    fn usage(&self, _response: &WireResponse, _account: &AccountId, _now: Timestamp) -> Option<Usage> {
        None
    }

    fn look_up(&self, _job: &Job, _step: &Step, _ids: &KnownIds, _since: Timestamp) -> Result<WireRequest, Problem> {
        Err(Problem::whole("nothing is ever in doubt here", ""))
    }

    fn interpret_look_up(
        &self,
        _job: &Job,
        _step: &Step,
        _ids: &KnownIds,
        _since: Timestamp,
        _exchange: &Exchange,
        _now: Timestamp,
    ) -> LookUp {
        LookUp::Counted(Vec::new())
    }

    fn read(&self, _job: &Job, _step: &Step, id: &ExternalId) -> WireRequest {
        WireRequest {
            method: Method::Get,
            path: format!("/{id}"),
            query: Vec::new(),
            headers: Vec::new(),
            body: Body::Empty,
        }
    }

    fn interpret_read(
        &self,
        _job: &Job,
        _step: &Step,
        _exchange: &Exchange,
        _now: Timestamp,
    ) -> Result<Option<Found>, Box<Outcome>> {
        Ok(None)
    }

    fn read_budget(&self, _job: &Job, _exchange: &Exchange) -> Option<Budget> {
        None
    }

    fn probe(&self, _account: &Account) -> Vec<WireRequest> {
        Vec::new()
    }

    fn interpret_probe(&self, account: &Account, _answers: &[Exchange]) -> AccountReport {
        AccountReport {
            platform: self.id(),
            account: account.id.clone(),
            problems: Vec::new(),
            warnings: Vec::new(),
            facts: Vec::new(),
            expiry: None,
        }
    }
}
