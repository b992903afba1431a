//! A lost request that may still be carried out, and what must wait for it.
//!
//! A step that sets a value is repeated when its answer is lost: the same value twice is the same value. That holds
//! only while no *other* value follows. A "hold" the platform carries out late, after the activation, leaves a ticket
//! live and its campaign paused. So whatever switches delivery on waits until the platform has surely forgotten the
//! earlier request: as long as a look-up would wait before it believes in absence.
//!
//! Other tickets may change the same object. Whatever they set waits for the lost request of an earlier deploy: a PAUSE
//! that is carried out after another ticket's RESUME is as wrong as inside one ticket. The store keeps which deploy lost
//! one on which object ([`lost_on`], `schema::keys::echo`), the later deploy asks that ledger ([`echo_of`]).

use std::collections::BTreeSet;

use crate::engine::{
    model::{
        deploy::{Attempt, Deploy, Outcome, OutcomeClass, Step, StepAction, Why},
        platform::ExternalId,
        time::Timestamp,
    },
    policy::Policy,
};

/// The object a step changes or reads: what another step made, or the ticket's target. `None` for a create.
pub fn object_of(deploy: &Deploy, step: &Step) -> Option<ExternalId> {
    if step.action == StepAction::Create {
        return None;
    }
    let parent = step.parent.as_ref();
    let made = parent.and_then(|p| deploy.steps.iter().find(|s| s.key == *p)?.external_id.clone());
    made.or_else(|| deploy.job.target.as_ref().map(|t| t.external_id.clone()))
}

/// Objects on which a request of this deploy was lost and may still be carried out.
pub fn lost_on(deploy: &Deploy, policy: &Policy, now: Timestamp) -> BTreeSet<ExternalId> {
    lost(&deploy.steps)
        .filter(|(_, attempt)| forgotten_at(attempt, policy) > now)
        .filter_map(|(step, _)| object_of(deploy, step))
        .collect()
}

/// What a deploy that sets something on an object has to wait for, if a request of an earlier one there may still be
/// carried out. A later deploy of the same ticket need not wait for the very values it sets itself.
pub fn echo_of(earlier: &Deploy, mine: &Deploy, object: &ExternalId, policy: &Policy, now: Timestamp) -> Option<Why> {
    let same = |d: &Deploy| (d.ticket, d.payload_hash);
    if earlier.id == mine.id || same(earlier) == same(mine) {
        return None;
    }
    let here = lost(&earlier.steps).filter(|(step, _)| object_of(earlier, step).as_ref() == Some(object));
    let (last, attempt) = here.max_by_key(|(_, a)| a.intent_at)?;
    let at = forgotten_at(attempt, policy);
    (at > now).then(|| Why::Processing {
        at,
        what: format!(
            "waits for the deploy of {} on the same object: its {} had no answer and may still be carried out",
            earlier.no, last.key
        ),
    })
}

/// When the platform has surely forgotten a request.
fn forgotten_at(attempt: &Attempt, policy: &Policy) -> Timestamp {
    attempt
        .intent_at
        .plus(policy.reconcile_reads.last().copied().unwrap_or_default())
}

/// Requests that set something and have no answer.
fn lost<'s>(steps: impl IntoIterator<Item = &'s Step>) -> impl Iterator<Item = (&'s Step, &'s Attempt)> {
    let sets = steps.into_iter().filter(|s| s.action == StepAction::Set);
    sets.flat_map(|s| {
        let open = s.attempts.iter().filter(|a| unanswered(a.outcome.as_ref()));
        open.map(move |a| (s, a))
    })
}

/// What a step has to wait for, if it switches something on that an earlier, unanswered step may still switch off.
pub fn echo(steps: &[Step], step: &Step, policy: &Policy, now: Timestamp) -> Option<Why> {
    if step.action != StepAction::Set || !step.key.starts_with("activate") {
        return None;
    }
    let others = steps.iter().filter(|s| s.key != step.key && s.parent == step.parent);
    let (last, attempt) = lost(others).max_by_key(|(_, a)| a.intent_at)?;
    let at = forgotten_at(attempt, policy);
    (at > now).then(|| Why::Processing {
        at,
        what: format!("an earlier {} had no answer and may still be carried out", last.key),
    })
}

/// True when nobody knows whether it was carried out. Of a step that sets a value "not executed" may also mean that no
/// answer came; a refusal (4xx) is an answer.
fn unanswered(outcome: Option<&Outcome>) -> bool {
    outcome.is_none_or(|o| {
        let refused = o.http_status.is_some_and(|s| (400..500).contains(&s));
        let open = matches!(
            o.class,
            OutcomeClass::Unknown | OutcomeClass::MaybeOurs | OutcomeClass::NotExecuted
        );
        open && !refused
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rstest::rstest;

    use super::*;
    use crate::engine::model::{json::Sha, platform::ObjectKind};

    fn t(seconds: u64) -> Timestamp {
        Timestamp::default().plus(Duration::from_secs(seconds))
    }

    fn set(key: &str, parent: &str, ended: &[(OutcomeClass, Option<u16>)]) -> Step {
        let mut step = Step::planned(key, ObjectKind::Campaign, StepAction::Set, String::new(), Some(parent));
        step.attempts = ended
            .iter()
            .zip(1..)
            .map(|((class, http_status), n)| Attempt {
                n,
                epoch: 1,
                intent_at: t(u64::from(n)),
                request_hash: Sha::default(),
                outcome: Some(Outcome {
                    class: *class,
                    http_status: *http_status,
                    ..Outcome::done(t(u64::from(n)))
                }),
                reads: Vec::new(),
            })
            .collect();
        step
    }

    /// TikTok: `hold` and `activate` both set the campaign. The last look-up of the house is 180 s after the last byte.
    #[rstest]
    #[case::answered(&[(OutcomeClass::Done, Some(200))], "activate", 10, None)]
    #[case::lost(&[(OutcomeClass::NotExecuted, None), (OutcomeClass::Done, Some(200))], "activate", 10, Some(181))]
    #[case::the_last_lost_one(&[(OutcomeClass::NotExecuted, None), (OutcomeClass::Unknown, None)], "activate", 10, Some(182))]
    #[case::broken_answer(&[(OutcomeClass::NotExecuted, Some(502)), (OutcomeClass::Done, Some(200))], "activate", 10, Some(181))]
    #[case::refused(&[(OutcomeClass::NotExecuted, Some(409)), (OutcomeClass::Done, Some(200))], "activate", 10, None)]
    #[case::over(&[(OutcomeClass::NotExecuted, None), (OutcomeClass::Done, Some(200))], "activate", 181, None)]
    #[case::putting_away_does_not_wait(&[(OutcomeClass::NotExecuted, None)], "archive_campaign", 10, None)]
    fn what_switches_on_waits_for_what_may_switch_off(
        #[case] hold: &[(OutcomeClass, Option<u16>)],
        #[case] key: &str,
        #[case] now: u64,
        #[case] until: Option<u64>,
    ) {
        let steps = [
            set("hold", "campaign", hold),
            set("activate_ad", "ad", &[(OutcomeClass::Unknown, None)]),
            set(key, "campaign", &[]),
        ];
        let why = echo(&steps, &steps[2], &Policy::default(), t(now));
        assert_eq!(why.and_then(|w| w.next_at()), until.map(t));
    }
}
