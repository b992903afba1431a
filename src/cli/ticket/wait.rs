//! `--wait`: follow tickets until each has ended or needs a person, and say on the way where they stand.
//!
//! Invariants
//! - Notices only wake; what is true is asked. A lost notice costs seconds, never an answer.
//! - What only a person can end ends the wait, with what that person can do.

use std::{collections::BTreeMap, time::Duration};

use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::sheet::glance;
use crate::{
    cli::{
        call::Call,
        failure::{Complaint, Failure},
    },
    engine::{
        api::{Notice, TicketView},
        model::{
            deploy::{StepState, Why},
            ids::TicketId,
            refusal::Problem,
            ticket::{Severity, Status},
        },
    },
};

/// Asked again this often without any notice: live facts such as a breaker change without a commit.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// QA's verdict.
    Judged,
    /// Live on the platform.
    Live,
    /// Called off, with everything archived that was to be.
    Over,
}

/// Where a ticket stands on the way to a goal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// On its way, in words.
    Going(String),
    /// There.
    Reached,
    /// Not going to get there by itself; everything that is wrong.
    Ended(Vec<Complaint>),
}

/// Judges one ticket.
pub fn judge(goal: Goal, view: &TicketView) -> Verdict {
    let t = &view.ticket.value;
    let ended = |reason: String, remedy: &str| Verdict::Ended(vec![Problem::whole(reason, remedy).into()]);
    match (goal, t.status) {
        (Goal::Judged, Status::QaTesting) => Verdict::Going("QA is looking at it".to_owned()),
        (_, Status::QaFailed) => Verdict::Ended(findings(view)),
        // A ticket that is ready, under way or live has passed.
        (Goal::Judged, Status::ReadyForApi | Status::Deploying | Status::TraffickedSuccess)
        | (Goal::Live, Status::TraffickedSuccess)
        | (Goal::Over, Status::Cancelled) => Verdict::Reached,
        (Goal::Live | Goal::Over, Status::Deploying) => deploying(view),
        (_, Status::Failed) => match &t.failure {
            Some(f) => Verdict::Ended(vec![Complaint {
                file: None,
                line: None,
                field: f.field.as_ref().map(|f| f.0.clone()),
                reason: format!("{}: {}", f.step, f.reason),
                remedy: f.remedy.clone(),
            }]),
            None => ended("failed".to_owned(), "look at it with `deploy show`"),
        },
        (_, status) => ended(format!("is {status} and not on its way any more"), "look at `events`"),
    }
}

/// A deploy goes on by itself unless what it waits for is a person.
fn deploying(view: &TicketView) -> Verdict {
    let line = view.why.as_ref();
    let text = line.map(|w| w.text.clone()).unwrap_or_default();
    let live = line.and_then(|w| w.why.as_ref());
    let needs_person = line.is_some_and(|w| w.person.is_some() && w.next_at.is_none())
        || matches!(
            live,
            Some(Why::NeedsOperator { .. } | Why::Paused { .. } | Why::LaneBlocked { .. } | Why::ReadOnly { .. })
        );
    if needs_person {
        let who = line.and_then(|w| w.person.clone());
        let remedy = line.and_then(|w| w.remedy.clone()).unwrap_or_default();
        let reason = match who {
            Some(who) => format!("waits for {who}: {text}"),
            None => format!("waits for a person: {text}"),
        };
        return Verdict::Ended(vec![Problem::whole(reason, remedy).into()]);
    }
    let step = view.card.deploy.as_deref().map(glance).unwrap_or_default();
    Verdict::Going(if text.is_empty() {
        step
    } else {
        format!("{step}: {text}")
    })
}

fn findings(view: &TicketView) -> Vec<Complaint> {
    let errors = view.ticket.value.qa.iter().flat_map(|qa| &qa.findings);
    let mut list: Vec<Complaint> = errors
        .filter(|f| f.severity == Severity::Error)
        .map(|f| Problem::at(f.field.as_str(), format!("{}: {}", f.rule, f.message), f.remedy.clone()).into())
        .collect();
    if list.is_empty() {
        list.push(Problem::whole("QA failed", "see `ticket show`").into());
    }
    list
}

/// A step's state as a word.
pub fn state_word(state: StepState) -> &'static str {
    match state {
        StepState::Planned => "planned",
        StepState::Intent => "sending",
        StepState::Unknown => "unknown",
        StepState::Reconciling => "reconciling",
        StepState::Confirmed => "confirmed",
        StepState::Rejected => "rejected",
        StepState::NeedsOperator => "needs operator",
        StepState::Abandoned => "abandoned",
        StepState::Compensated => "archived",
    }
}

/// Follows the tickets to their ends. `notices` must have been subscribed before the act, so that no end is missed.
pub async fn until_ended(
    call: &mut Call,
    mut notices: Receiver<Notice>,
    goal: Goal,
    tickets: &[TicketId],
) -> Result<BTreeMap<TicketId, (TicketView, Verdict)>, Failure> {
    let mut ends = BTreeMap::new();
    let mut said: BTreeMap<TicketId, String> = BTreeMap::new();
    loop {
        for id in tickets {
            if ends.contains_key(id) {
                continue;
            }
            let view = call.ticket_by_id(*id).await?;
            match judge(goal, &view) {
                Verdict::Going(stage) => {
                    let line = format!("{} {} {stage}", view.card.no, view.card.status);
                    if said.get(id) != Some(&line) {
                        call.out.say(&line);
                        said.insert(*id, line);
                    }
                }
                verdict => {
                    call.out.say(&format!("{} {}", view.card.no, view.card.status));
                    ends.insert(*id, (view, verdict));
                }
            }
        }
        if tickets.iter().all(|id| ends.contains_key(id)) {
            return Ok(ends);
        }
        // Elapsed means looking again; so does every notice, also the one that some were lost.
        match tokio::time::timeout(LOOK_AGAIN, notices.recv()).await {
            Ok(Err(RecvError::Closed)) => {
                return Err(Failure::unavailable(
                    "the engine has gone; look at the tickets before you repeat anything",
                ));
            }
            _ => while notices.try_recv().is_ok() {},
        }
    }
}
