//! Why something is not running, and when it will: one sentence for every unfinished ticket.

use std::collections::BTreeMap;

use crate::engine::{
    api::{BreakerView, HoldScope, LaneView, WhyLine},
    deploy::lanes::Lanes,
    model::{
        approval::Standing,
        deploy::{Deploy, Why},
        ids::TicketNo,
        platform::{AccountId, PlatformId},
        ticket::{Status, Ticket},
        time::Timestamp,
    },
    store::schema::{Hold, keys},
    view::{OpenDeploy, State},
};

/// The widest hold on an account.
fn held<'s>(state: &'s State, platform: PlatformId, account: &AccountId) -> Option<(HoldScope, &'s Hold)> {
    if state.holds.is_empty() {
        return None;
    }
    let holds = [
        (keys::hold_all(), HoldScope::Everything),
        (keys::hold_platform(platform), HoldScope::Platform(platform)),
        (
            keys::hold_account(platform, account),
            HoldScope::Account(platform, account.clone()),
        ),
    ];
    holds
        .into_iter()
        .find_map(|(key, scope)| state.holds.get(key.as_str()).map(|h| (scope, h)))
}

/// A hold or the lane's own trouble, if the account stands still.
pub(crate) fn stopped(
    state: &State,
    lanes: &Lanes,
    platform: PlatformId,
    account: &AccountId,
    now: Timestamp,
) -> Option<Why> {
    held(state, platform, account)
        .map(|(_, h)| Why::Paused {
            by: format!("{} ({})", h.by, h.reason),
        })
        .or_else(|| lanes.stopped(platform, account, now))
}

/// Who is at work on which account: others on it wait for that ticket's next pause.
pub(crate) fn at_work(state: &State) -> BTreeMap<(PlatformId, AccountId), TicketNo> {
    let running = |d: &&OpenDeploy| matches!(d.deploy.why, Why::Running { .. });
    let key = |d: &OpenDeploy| ((d.deploy.platform, d.deploy.account.clone()), d.deploy.no);
    state.deploys.values().filter(running).map(key).collect()
}

/// Lanes with work or trouble, by platform and account.
pub(crate) fn lanes(state: &State, lanes: &Lanes, now: Timestamp) -> Vec<LaneView> {
    let mut out = Vec::new();
    for channel in state.channels.values() {
        for account in &channel.value.accounts {
            let platform = channel.value.platform;
            let mine = || {
                state
                    .deploys
                    .values()
                    .filter(|d| d.deploy.platform == platform && d.deploy.account == account.id)
            };
            let stop = stopped(state, lanes, platform, &account.id, now);
            let running = mine().filter(|d| matches!(d.deploy.why, Why::Running { .. })).count();
            let open = mine().count();
            let used = lanes.usage(platform, &account.id);
            if open == 0 && stop.is_none() && used.is_none() {
                continue;
            }
            out.push(LaneView {
                platform,
                account: account.id.clone(),
                name: account.name.clone(),
                running: u32::try_from(running).unwrap_or(u32::MAX),
                queued: u32::try_from(open.saturating_sub(running)).unwrap_or(u32::MAX),
                used_percent: used,
                stopped: stop,
                hold: held(state, platform, &account.id).map(|(scope, _)| scope),
                pace: lanes.pace(platform, &account.id, now),
                breaker: lanes.breaker(platform, &account.id),
            });
        }
    }
    out.sort_by(|a, b| (a.platform, &a.account).cmp(&(b.platform, &b.account)));
    out
}

/// Troubles worth a line in the header.
pub(crate) fn troubles(state: &State, lanes: &Lanes, now: Timestamp) -> Vec<String> {
    let mut out: Vec<String> = self::lanes(state, lanes, now)
        .into_iter()
        .filter_map(|l| {
            l.stopped
                .map(|why| format!("{} {} {}", l.platform, l.account, word(&why)))
        })
        .collect();
    let asking = state
        .deploys
        .values()
        .filter(|d| matches!(d.deploy.why, Why::NeedsOperator { .. }))
        .count();
    let waiting = state.awaiting.len();
    if waiting > 0 {
        let verb = if waiting == 1 { "needs" } else { "need" };
        out.push(format!("{waiting} {verb} approval"));
    }
    if asking > 0 {
        let verb = if asking == 1 { "needs" } else { "need" };
        out.push(format!("{asking} {verb} an answer"));
    }
    out
}

/// One or two words for a header.
fn word(why: &Why) -> &'static str {
    match why {
        Why::Paused { .. } => "PAUSED",
        Why::RateLimited { .. } | Why::Parked { .. } => "rate limited",
        Why::BreakerOpen { .. } => "DOWN",
        Why::LaneBlocked { .. } => "BLOCKED",
        _ => "waits",
    }
}

/// The line of one ticket; `None` when it is over. `stop` is the lane's trouble, if it explains more.
pub(crate) fn line(
    ticket: &Ticket,
    approvals: Standing,
    deploy: Option<&Deploy>,
    stop: Option<Why>,
) -> Option<WhyLine> {
    let owner = if ticket.assignee.is_empty() {
        &ticket.created_by.name
    } else {
        &ticket.assignee
    };
    let person = |text: String, remedy: &str| WhyLine {
        why: None,
        text,
        next_at: None,
        person: Some(owner.clone()),
        remedy: Some(remedy.to_owned()),
        breaker: None,
    };
    Some(match ticket.status {
        Status::Draft if let Some(no) = &ticket.review.declined => person(
            format!("declined by {}: {}", no.by.name, no.reason),
            "mend it and run QA",
        ),
        Status::Draft => person("a draft: QA has not seen it yet".to_owned(), "fill it in and run QA"),
        Status::QaTesting => WhyLine {
            text: "QA is looking at it".to_owned(),
            next_at: Some(ticket.updated_at),
            ..WhyLine::default()
        },
        Status::QaFailed => {
            let errors = ticket.qa.as_ref().map_or(0, |q| {
                q.findings
                    .iter()
                    .filter(|f| f.severity == crate::engine::model::ticket::Severity::Error)
                    .count()
            });
            let noun = if errors == 1 { "error" } else { "errors" };
            person(format!("QA found {errors} {noun}"), "mend them and run QA again")
        }
        Status::ReadyForApi if approvals.missing() > 0 => waits_approval(approvals),
        Status::ReadyForApi => person("ready: waits for somebody to deploy it".to_owned(), "deploy it"),
        Status::Failed => {
            let note = ticket.failure.as_ref();
            let text = note.map_or_else(
                || "failed".to_owned(),
                |f| format!("failed at {}: {}", f.step, f.reason),
            );
            person(text, note.map_or("retry it", |f| f.remedy.as_str()))
        }
        Status::Deploying => {
            let why = stop.or_else(|| deploy.map(|d| d.why.clone())).unwrap_or(Why::Queued);
            deploying(why, deploy, owner)
        }
        Status::TraffickedSuccess | Status::Cancelled => return None,
    })
}

/// The line of a ticket that approvers have to agree to first.
fn waits_approval(Standing { given, needed }: Standing) -> WhyLine {
    let person = match needed - given {
        1 => "an approver".to_owned(),
        n => format!("{n} approvers"),
    };
    WhyLine {
        why: Some(Why::WaitsApproval { given, needed }),
        text: format!("waits for approval: has {given} of {needed}"),
        next_at: None,
        person: Some(person),
        remedy: Some("approve or decline it".to_owned()),
        breaker: None,
    }
}

/// The line of a ticket that is due in an engine without an executor: a command line that only queues or looks.
pub(crate) fn nobody_sends(why: Option<Why>) -> WhyLine {
    WhyLine {
        why,
        text: "queued: nothing goes out while no engine runs that sends".to_owned(),
        next_at: None,
        person: Some("whoever starts the engine".to_owned()),
        remedy: Some("open the console, or run `omnitraffick serve`".to_owned()),
        breaker: None,
    }
}

fn deploying(why: Why, deploy: Option<&Deploy>, owner: &str) -> WhyLine {
    let mut person = None;
    let mut remedy = None;
    let mut next_at = why.next_at();
    let text = match &why {
        Why::Queued => {
            next_at = deploy.and_then(|d| d.run_at);
            "queued: runs as soon as its account is free".to_owned()
        }
        Why::Running { step } => {
            next_at = deploy.and_then(|d| d.run_at);
            format!("running: {step}")
        }
        Why::Paused { by } => {
            person = Some(by.clone());
            let held = deploy.is_some_and(|d| d.paused_by.is_none());
            let words = if held { "release the hold" } else { "resume it" };
            remedy = Some(words.to_owned());
            format!("paused by {by}")
        }
        Why::NotBefore { .. } => "scheduled".to_owned(),
        Why::LaneBusy { ticket } => {
            next_at = deploy.and_then(|d| d.run_at);
            format!("queued behind ticket {ticket}, which is on the same account")
        }
        Why::Backoff { tries, of, last, .. } => format!("try {tries} of {of} failed: {last}"),
        Why::RateLimited { source, .. } => format!("rate limited: {source}; no try spent"),
        Why::Parked { source, .. } => format!("out of quota: {source}"),
        Why::BreakerOpen { .. } => "the account's breaker is open after failed calls; a probe comes first".to_owned(),
        Why::LaneBlocked { reason } => {
            person = Some("whoever manages the account".to_owned());
            remedy = Some("mend the account or its token, then retry".to_owned());
            next_at = next_at.or_else(|| deploy.and_then(|d| d.run_at));
            format!("the account cannot be used: {reason}")
        }
        Why::Reconciling { read, of, .. } => format!("outcome unknown: looked up {read} of {of} times by name"),
        Why::NeedsOperator { question, .. } => {
            person = Some(owner.to_owned());
            remedy = Some("answer it in the deploy queue".to_owned());
            question.clone()
        }
        Why::Draining => "the engine is stopping".to_owned(),
        Why::ReadOnly { why } => format!("the engine is read-only: {why}"),
        Why::Processing { what, .. } => format!("the platform is not done yet: {what}"),
        Why::Finished => "finished".to_owned(),
        // Never of a deploy: it started with its approvals.
        Why::WaitsApproval { given, needed } => format!("waits for approval: has {given} of {needed}"),
        Why::Blackout { .. } => "a blackout window holds it back".to_owned(),
    };
    WhyLine {
        why: Some(why),
        text,
        next_at,
        person,
        remedy,
        breaker: None,
    }
}

/// The same with the facts of the breaker it waits for.
pub(crate) fn with_breaker(mut line: WhyLine, breaker: BreakerView) -> WhyLine {
    if !matches!(line.why, Some(Why::BreakerOpen { .. })) {
        return line;
    }
    if let Some(since) = breaker.since {
        let whose = if breaker.platform { "platform" } else { "account" };
        line.text = format!(
            "the {whose} does not answer: its breaker is open since {since} after {}; one read asks again first",
            breaker.after
        );
    }
    line.breaker = Some(breaker);
    line
}
