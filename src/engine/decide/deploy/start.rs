//! Starting a deploy, and taking a failed one up again.

use super::{deploy_of, event, status_change, ticket, wrong_state};
use crate::engine::{
    decide::{
        ticket::approve,
        tx::{Tx, Versioned},
    },
    deploy::ledger,
    model::{
        campaign::Campaign,
        deploy::{Deploy, DeployState, Job, Step, StepAction, StepState, Why},
        event::EventKind,
        governance::{Account, Brand, Channel, Market},
        house_rule::HouseRules,
        ids::{DeployId, TicketId},
        json::Sha,
        platform::ObjectKind,
        refusal::{Problem, Refusal, RefusalCode},
        ticket::{Status, Ticket},
        time::Timestamp,
    },
    qa,
    store::{
        NewEvent,
        schema::{Owner, keys},
    },
};

/// READY_FOR_API to DEPLOYING: ledger, due row and status in one commit.
pub(super) fn start(
    tx: &mut Tx<'_>,
    id: TicketId,
    deploy_id: DeployId,
    not_before: Option<Timestamp>,
    now: Timestamp,
) -> Result<NewEvent, Refusal> {
    let Versioned { value: mut t, .. } = ticket(tx, id)?;
    match t.status {
        Status::ReadyForApi => {}
        Status::Deploying => {
            return Err(wrong_state(
                &t,
                "a deploy is already open; one ticket has one deploy",
                "watch it, or cancel it",
            ));
        }
        Status::Failed => return Err(wrong_state(&t, "its deploy failed", "retry it, or edit it and run QA")),
        Status::TraffickedSuccess | Status::Cancelled => {
            return Err(wrong_state(&t, "it is over", "clone it into a new ticket"));
        }
        _ => {
            return Err(Refusal::new(
                RefusalCode::QaRequired,
                Problem::whole(
                    format!("ticket {} is {}: QA must pass first", t.no, t.status.word()),
                    "run QA",
                ),
            ));
        }
    }
    qa_holds(tx, &t)?;
    approve::holds(tx, &t)?;
    let job = freeze(tx, &t)?;
    let mut steps = tx.view().steps(t.platform, &job).map_err(Refusal::invalid)?;
    if t.deploy.is_some() {
        let before = deploy_of(tx, &t)?;
        keep_confirmed(tx, &t, &job, &mut steps, &before)?;
    }
    take_lane(tx, &t)?;

    let before = t.status;
    let waits = not_before.filter(|at| *at > now);
    let deploy = Deploy {
        id: deploy_id,
        ticket: t.id,
        no: t.no,
        platform: t.platform,
        account: t.account.clone(),
        priority: t.priority,
        payload_hash: t.payload_hash(),
        job,
        state: DeployState::Open,
        steps,
        paused_by: None,
        cancel: None,
        not_before: waits,
        run_at: Some(waits.unwrap_or(now)),
        why: waits.map_or(Why::Queued, |at| Why::NotBefore { at }),
        started_at: now,
        finished_at: None,
    };
    t.status = Status::Deploying;
    t.deploy = Some(deploy_id);
    t.failure = None;
    t.updated_at = now;
    let mut event = event(
        &t,
        EventKind::DeployStarted,
        format!("{} steps on {}", deploy.steps.len(), t.account),
    );
    event.status = Some(t.status);
    event.changes = status_change(before, t.status);
    if !tx.is_free(&keys::deploy(deploy_id)) {
        return Err(Refusal::new(
            RefusalCode::Duplicate,
            Problem::whole("this deploy exists already", "refresh"),
        ));
    }
    tx.save(&keys::deploy(deploy_id), &deploy)?;
    tx.save(&keys::ticket(t.id), &t)?;
    Ok(event)
}

/// QA passed on exactly this content, by the rules, limits and governed values in force.
fn qa_holds(tx: &mut Tx<'_>, t: &Ticket) -> Result<(), Refusal> {
    let required = |why: &str, remedy: &str| {
        Err(Refusal::new(
            RefusalCode::QaRequired,
            Problem::whole(format!("ticket {}: {why}", t.no), remedy),
        ))
    };
    match &t.qa {
        Some(qa) if !qa.passed() => required("QA has not passed", "run QA"),
        Some(qa) if qa.payload_hash != t.payload_hash() => required("the content changed after QA", "run QA again"),
        Some(qa) if qa.basis != basis(tx, t)? => required(
            "rules, limits or governed values changed since QA passed",
            "run QA again",
        ),
        Some(_) => Ok(()),
        None => required("QA was never run", "run QA"),
    }
}

/// What QA would judge the ticket by now.
pub(crate) fn basis(tx: &mut Tx<'_>, t: &Ticket) -> Result<Sha, Refusal> {
    let (campaign, channel, account) = place(tx, t)?;
    let brand: Option<Versioned<Brand>> = tx.load(&keys::brand(campaign.brand))?;
    let market: Option<Versioned<Market>> = tx.load(&keys::market(campaign.market))?;
    let (Some(brand), Some(market)) = (brand, market) else {
        return Err(gone("brand or market"));
    };
    let house: Option<Versioned<HouseRules>> = tx.load(&keys::house_rules())?;
    let house = house.map(|h| h.value).unwrap_or_default();
    let view = tx.view();
    Ok(qa::basis(
        qa::house::version(view.rules(), &house),
        view.policy(),
        &campaign,
        &brand.value,
        &market.value,
        &channel,
        &account,
    ))
}

fn gone(what: &str) -> Refusal {
    Refusal::new(
        RefusalCode::NotFound,
        Problem::whole(format!("the ticket's {what} is gone"), "clone the ticket"),
    )
}

/// The ticket's campaign, channel and account as they are now.
fn place(tx: &mut Tx<'_>, t: &Ticket) -> Result<(Campaign, Channel, Account), Refusal> {
    let channel: Versioned<Channel> = tx.load(&keys::channel(t.channel))?.ok_or_else(|| gone("channel"))?;
    let campaign: Versioned<Campaign> = tx.load(&keys::campaign(t.campaign))?.ok_or_else(|| gone("campaign"))?;
    let account = channel
        .value
        .account(&t.account)
        .cloned()
        .ok_or_else(|| gone("account"))?;
    Ok((campaign.value, channel.value, account))
}

/// What the platform needs, fixed at this moment.
fn freeze(tx: &mut Tx<'_>, t: &Ticket) -> Result<Job, Refusal> {
    let (campaign, _, account) = place(tx, t)?;
    Ok(Job {
        request: t.request,
        account,
        name: t.name.clone(),
        target: t.target.clone(),
        budget: t.budget,
        flight: t.flight,
        payload: t.payload.clone(),
        campaign,
    })
}

/// Objects an earlier deploy of this ticket created are kept when they still fit, and never made twice when they do not.
/// What was given up in doubt is looked up before it is sent again.
fn keep_confirmed(tx: &Tx<'_>, t: &Ticket, job: &Job, steps: &mut [Step], before: &Deploy) -> Result<(), Refusal> {
    let mut problems = Vec::new();
    let mut known: Vec<Step> = Vec::new();
    for step in steps.iter_mut() {
        // A file's name is made from its content: under another name it is another file, and the old one hurts nobody.
        let other_file = |s: &Step| s.kind == ObjectKind::Asset && s.name != step.name;
        let earlier = before.steps.iter().find(|s| s.key == step.key && !other_file(s));
        if let Some(given_up) = earlier.filter(|s| ledger::may_exist(s)) {
            step.state = StepState::Unknown;
            step.attempts.clone_from(&given_up.attempts);
            continue;
        }
        if step.action == StepAction::Set
            && let Some(told) = before.steps.iter().find(|s| s.key == step.key)
        {
            // Sent again, and not forgotten that it was sent before: see `ledger::may_deliver` and `ledger::echo`.
            step.attempts.clone_from(&told.attempts);
            continue;
        }
        let made = earlier
            .filter(|s| s.action == StepAction::Create && s.state == StepState::Confirmed && s.external_id.is_some());
        let Some(made) = made else { continue };
        let sent = made.attempts.last().map(|a| a.request_hash);
        if sent.is_some() && sent == tx.view().request_hash(t.platform, job, step, &known) {
            *step = made.clone();
            known.push(step.clone());
        } else {
            let id = made.external_id.as_ref().map_or_else(String::new, ToString::to_string);
            problems.push(Problem::whole(
                format!("{} exists already as {id}, made from other content", step.key),
                "put its fields back, or cancel this ticket with archive and clone it; budgets change by an UPDATE_BUDGET ticket",
            ));
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Refusal {
            code: RefusalCode::WrongState,
            ..Refusal::invalid(problems)
        })
    }
}

/// Two changes of one object never overlap: a late write would win.
fn take_lane(tx: &mut Tx<'_>, t: &Ticket) -> Result<(), Refusal> {
    let Some(target) = &t.target else { return Ok(()) };
    let key = keys::target(t.platform, &t.account, &target.external_id);
    let owner: Option<Versioned<Owner>> = tx.load(&key)?;
    let me = t.id.to_string();
    match owner {
        Some(o) if o.value.id != me => {
            let other = o.value.id.parse().ok().map(|id: TicketId| ticket(tx, id)).transpose()?;
            let no = other.map_or_else(String::new, |o| o.value.no.to_string());
            Err(Refusal::new(
                RefusalCode::InUse,
                Problem::at(
                    "target",
                    format!("ticket {no} is changing the same object"),
                    "wait until it is done",
                ),
            ))
        }
        _ => tx.save(&key, &Owner { id: me }),
    }
}

/// FAILED: goes on at the first unconfirmed step. DEPLOYING: drops the wait.
pub(super) fn retry(tx: &mut Tx<'_>, id: TicketId, now: Timestamp) -> Result<NewEvent, Refusal> {
    let Versioned { value: mut t, .. } = ticket(tx, id)?;
    match t.status {
        Status::Failed | Status::Deploying => {}
        _ => {
            return Err(wrong_state(
                &t,
                "there is nothing to retry",
                "only FAILED or DEPLOYING tickets are retried",
            ));
        }
    }
    let mut deploy = deploy_of(tx, &t)?;
    let before = t.status;
    if t.status == Status::Deploying {
        ledger::hurry(&mut deploy, now).map_err(super::not_now)?;
    } else {
        // A failed cancel goes on archiving what exists; that sends nothing of the ticket's content.
        if deploy.cancel.is_none() {
            qa_holds(tx, &t)?;
            approve::holds(tx, &t)?;
            if deploy.payload_hash != t.payload_hash() {
                return Err(wrong_state(
                    &t,
                    "its content changed since the deploy",
                    "edit it, run QA and deploy",
                ));
            }
        }
        take_lane(tx, &t)?;
        ledger::retry(&mut deploy, now);
        t.status = Status::Deploying;
        t.failure = None;
    }
    t.updated_at = now;
    let at = ledger::current(&deploy).map_or_else(String::new, |(_, s)| s.key.clone());
    let mut event = event(&t, EventKind::DeployRetried, format!("goes on at {at}"));
    event.status = (before != t.status).then_some(t.status);
    event.changes = status_change(before, t.status);
    tx.save(&keys::deploy(deploy.id), &deploy)?;
    tx.save(&keys::ticket(t.id), &t)?;
    Ok(event)
}
