//! Keeping a deploy's row small enough for its record.

use crate::engine::{
    model::{
        deploy::{Deploy, Step},
        sanitise::excerpt,
    },
    store::codec,
};

/// Bytes of ledger in a deploy's row. With the payload twice and a ticket's findings it stays under a record's limit.
const LEDGER_BYTES: u64 = 10 * 1024;

/// Characters an old answer's words are cut to when the ledger grows too large.
const OLD_WORDS: usize = 80;

/// Keeps the ledger small enough for its record: shortens the words of answers that are not the last of their step,
/// then drops the oldest attempts. The journal has them all; a step's last attempt always stays.
pub fn bound(deploy: &mut Deploy) {
    let fits = |steps: &[Step]| codec::payload_len(&steps).is_ok_and(|bytes| bytes <= LEDGER_BYTES);
    if fits(&deploy.steps) {
        return;
    }
    for step in &mut deploy.steps {
        let last = step.attempts.len().saturating_sub(1);
        for outcome in step.attempts.iter_mut().take(last).filter_map(|a| a.outcome.as_mut()) {
            outcome.words = excerpt(&outcome.words, OLD_WORDS);
        }
    }
    while !fits(&deploy.steps) {
        let longest = deploy.steps.iter_mut().max_by_key(|s| s.attempts.len());
        match longest.filter(|s| s.attempts.len() > 1) {
            Some(step) => drop(step.attempts.remove(0)),
            None => break,
        }
    }
    // One long answer a step can still be too much in all.
    if !fits(&deploy.steps) {
        for outcome in deploy
            .steps
            .iter_mut()
            .flat_map(|s| &mut s.attempts)
            .filter_map(|a| a.outcome.as_mut())
        {
            outcome.words = excerpt(&outcome.words, 4 * OLD_WORDS);
        }
    }
}
