//! A lost request that may still be carried out, and what must wait for it.
//!
//! A step that sets a value is repeated when its answer is lost: the same value twice is the same value. That holds
//! only while no *other* value follows. A "hold" the platform carries out late, after the activation, leaves a ticket
//! live and its campaign paused. So whatever switches delivery on waits until the platform has surely forgotten the
//! earlier request: as long as a look-up would wait before it believes in absence.

use crate::engine::{
    model::{
        deploy::{Outcome, OutcomeClass, Step, StepAction, Why},
        time::Timestamp,
    },
    policy::Policy,
};

/// What a step has to wait for, if it switches something on that an earlier, unanswered step may still switch off.
pub fn echo(steps: &[Step], step: &Step, policy: &Policy, now: Timestamp) -> Option<Why> {
    if step.action != StepAction::Set || !step.key.starts_with("activate") {
        return None;
    }
    let window = policy.reconcile_reads.last().copied().unwrap_or_default();
    let others = steps
        .iter()
        .filter(|s| s.key != step.key && s.action == StepAction::Set && s.parent == step.parent);
    let lost = others.flat_map(|s| {
        s.attempts
            .iter()
            .filter(|a| unanswered(a.outcome.as_ref()))
            .map(move |a| (s, a))
    });
    let (last, attempt) = lost.max_by_key(|(_, a)| a.intent_at)?;
    let at = attempt.intent_at.plus(window);
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
    use crate::engine::model::{deploy::Attempt, json::Sha, platform::ObjectKind};

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
