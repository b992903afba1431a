//! What a platform says of a ticket's requests without carrying them out.
//!
//! Only what needs no id of an object yet to be made can be asked. Nothing is committed: the ticket, its QA and its
//! deploy stay as they are. A draft may be asked about too; a platform's yes replaces no QA.

use super::{Engine, ask::not_found, snapshot::known_ids, why};
use crate::engine::{
    api::{ApiError, ValidatedStep, Validation, Verdict},
    deploy::calls::Calls,
    model::{
        actor::{Actor, Role},
        deploy::{Outcome, OutcomeClass, Step, StepAction, Why},
        ids::TicketId,
        refusal::{Problem, Refusal, RefusalCode},
        sanitise::excerpt,
        ticket::{Status, Ticket},
    },
};

impl Engine {
    /// Asks step by step, until an answer says that asking on is no use.
    pub(super) async fn validate(&self, id: TicketId, actor: &Actor) -> Result<Validation, ApiError> {
        if actor.role < Role::Trafficker {
            let reason = format!("{} may not ask a platform to validate a ticket", actor.name);
            return Err(refused(RefusalCode::NotAllowed, reason, "ask a trafficker"));
        }
        let ticket = self.ticket(id).await?.value;
        may_be_asked(&ticket)?;
        let (code, account) = (ticket.platform, &ticket.account);
        let platform = self
            .platform(code)
            .ok_or_else(|| not_found(format!("this build cannot speak to {code}")))?;
        if !platform.validates() {
            let reason = format!("{code} has no mode in which it judges a request without carrying it out");
            let remedy = "`ticket preview` shows what would be sent; QA judges it by the platform's own field list";
            return Err(refused(RefusalCode::Unsupported, reason, remedy));
        }
        let calls = Calls::new(self, self.wire()?.as_ref());
        let now = self.clock.now();
        let stop = self
            .projection
            .read(|s| why::stopped(s, &self.lanes, code, account, now));
        match stop {
            Some(Why::Paused { by }) => {
                let reason = format!("account {account} is held by {by}");
                return Err(refused(RefusalCode::WrongState, reason, "release the hold first"));
            }
            Some(Why::RateLimited { at, .. } | Why::Parked { at, .. }) => {
                let reason = format!("account {account} must wait until {at}");
                return Err(refused(RefusalCode::Busy, reason, "ask again then"));
            }
            _ => {}
        }
        let job = self.job(&ticket)?;
        let mut steps = platform.steps(&job).map_err(|p| ApiError::from(Refusal::invalid(p)))?;
        self.take_over_ids(&ticket, &mut steps).await?;

        let key = (code, account.clone());
        let mut told: Vec<ValidatedStep> = Vec::new();
        let mut over: Option<&str> = None;
        for at in 0..steps.len() {
            let ids = known_ids(&steps);
            let Some(step) = steps.get_mut(at) else { continue };
            if let Some(why) = over {
                told.push(skipped(step, why));
                continue;
            }
            if let Some(id) = &step.external_id {
                told.push(skipped(step, &format!("it exists already: {id}")));
                continue;
            }
            let request = match platform.plan(&job, step, &ids) {
                Ok(request) => request,
                Err(problem) => {
                    told.push(skipped(step, &problem.reason));
                    continue;
                }
            };
            let reads = step.action == StepAction::Check;
            // A read changes nothing: it is sent as it is.
            let asked = if reads {
                Some(request)
            } else {
                platform.validation(&request)
            };
            let Some(asked) = asked else {
                told.push(skipped(step, "it cannot be judged without carrying it out"));
                continue;
            };
            let exchange = calls.ask(&key, platform.as_ref(), &asked).await;
            let now = self.clock.now();
            let outcome = if reads {
                platform.interpret(&job, step, &exchange, now)
            } else {
                platform.interpret_validation(&job, step, &exchange, now)
            };
            calls.observe(&key, platform.as_ref(), &exchange, &outcome);
            let step_told = verdict(step, &outcome);
            if reads && step_told.verdict == Verdict::Accepted {
                step.external_id.clone_from(&outcome.external_id);
            }
            over = match (step_told.verdict, outcome.class) {
                (Verdict::Unclear, _) => Some("not asked after an answer that is no verdict"),
                (_, OutcomeClass::LaneBlocked | OutcomeClass::AuthExpired) => {
                    Some("not asked: the account cannot be used")
                }
                _ => None,
            };
            told.push(step_told);
        }
        let (qa_passed, qa) = qa_words(&ticket);
        Ok(Validation {
            ticket: id,
            no: ticket.no,
            name: ticket.name,
            platform: code,
            account: ticket.account,
            status: ticket.status,
            qa_passed,
            qa,
            steps: told,
        })
    }

    /// What an earlier deploy of the ticket made exists: later steps can be asked about with its ids.
    async fn take_over_ids(&self, ticket: &Ticket, steps: &mut [Step]) -> Result<(), ApiError> {
        let Some(id) = ticket.deploy else { return Ok(()) };
        let before = self.deploy(id).await?;
        for step in steps.iter_mut().filter(|s| s.action == StepAction::Create) {
            let made = before.steps.iter().find(|b| b.key == step.key && b.is_settled());
            step.external_id = made.and_then(|b| b.external_id.clone());
        }
        Ok(())
    }
}

fn refused(code: RefusalCode, reason: String, remedy: &str) -> ApiError {
    ApiError::from(Refusal::new(code, Problem::whole(reason, remedy)))
}

fn may_be_asked(ticket: &Ticket) -> Result<(), ApiError> {
    let why = match ticket.status {
        Status::Draft | Status::QaTesting | Status::QaFailed | Status::ReadyForApi | Status::Failed => return Ok(()),
        Status::Deploying => "its deploy is open and the platform is asked in earnest",
        Status::TraffickedSuccess | Status::Cancelled => "it is over",
    };
    let reason = format!("ticket {} is {}: {why}", ticket.no, ticket.status);
    Err(refused(RefusalCode::WrongState, reason, "look at its deploy instead"))
}

fn skipped(step: &Step, why: &str) -> ValidatedStep {
    ValidatedStep {
        step: step.key.clone(),
        verdict: Verdict::Skipped,
        words: why.to_owned(),
        field: None,
        code: None,
        request_id: None,
    }
}

fn verdict(step: &Step, outcome: &Outcome) -> ValidatedStep {
    let made = outcome
        .external_id
        .as_ref()
        .filter(|_| step.action == StepAction::Create);
    let (verdict, words) = match (made, outcome.class) {
        // Never seen, and never to be passed over in silence.
        (Some(id), _) => (
            Verdict::Unclear,
            format!("the platform answered with the id {id}: it may have made the object; look at it there"),
        ),
        (None, OutcomeClass::Done) => (Verdict::Accepted, outcome.words.clone()),
        (
            None,
            OutcomeClass::Rejected
            | OutcomeClass::Differs
            | OutcomeClass::MaybeOurs
            | OutcomeClass::LaneBlocked
            | OutcomeClass::AuthExpired,
        ) => (Verdict::Refused, outcome.words.clone()),
        (None, _) => (Verdict::Unclear, outcome.words.clone()),
    };
    ValidatedStep {
        step: step.key.clone(),
        verdict,
        words: excerpt(&words, 2000),
        field: outcome.field.clone(),
        code: outcome.code.clone(),
        request_id: outcome.request_id.clone(),
    }
}

fn qa_words(ticket: &Ticket) -> (bool, String) {
    let of_this = ticket.qa.as_ref().filter(|qa| qa.payload_hash == ticket.payload_hash());
    match of_this {
        Some(qa) if qa.passed() => (true, "QA passed on this content".to_owned()),
        Some(qa) if qa.finished_at.is_some() => (false, "QA did not pass; a deploy needs a pass".to_owned()),
        _ => (
            false,
            "QA has not judged this content; a deploy needs a pass".to_owned(),
        ),
    }
}
