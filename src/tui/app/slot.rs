//! A query's latest answer: at most one asking in flight, one waiting, and the newest wins.
//!
//! Old rows stay visible while new ones load: a blank flash reads as data loss.

use super::{
    effect::{Effect, SlotId},
    msg::Millis,
};
use crate::engine::api::{ApiError, Reply, Request};

/// What is asked and what was answered.
#[derive(Clone, Debug)]
pub struct Slot<T> {
    id: SlotId,
    value: Option<T>,
    failed: Option<ApiError>,
    generation: u64,
    in_flight: Option<Millis>,
    waiting: Option<Request>,
    stale: bool,
}

impl<T> Slot<T> {
    /// Never asked.
    pub const fn new(id: SlotId) -> Self {
        Self {
            id,
            value: None,
            failed: None,
            generation: 0,
            in_flight: None,
            waiting: None,
            stale: true,
        }
    }

    /// The latest answer, possibly old.
    pub const fn get(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// The latest answer, to be amended.
    pub const fn get_mut(&mut self) -> Option<&mut T> {
        self.value.as_mut()
    }

    /// Why the last asking failed.
    pub const fn failure(&self) -> Option<&ApiError> {
        self.failed.as_ref()
    }

    /// Since when an answer is awaited.
    pub const fn loading_since(&self) -> Option<Millis> {
        self.in_flight
    }

    /// True when something happened since it was asked.
    pub const fn is_stale(&self) -> bool {
        self.stale
    }

    /// Something happened: the answer may be old.
    pub const fn mark_stale(&mut self) {
        self.stale = true;
    }

    /// Asks, or lets the question wait while one is in flight; a newer question takes the waiting one's place.
    pub fn ask(&mut self, request: Request, at: Millis) -> Vec<Effect> {
        self.stale = false;
        if self.in_flight.is_some() {
            self.waiting = Some(request);
            return Vec::new();
        }
        self.generation += 1;
        self.in_flight = Some(at);
        vec![Effect::Ask {
            slot: self.id,
            generation: self.generation,
            request,
        }]
    }

    /// Takes an answer; an old one is dropped. Returns true when the value changed, and what to ask next.
    pub fn answer(
        &mut self,
        generation: u64,
        result: Result<Reply, ApiError>,
        at: Millis,
        pick: impl FnOnce(Reply) -> Option<T>,
    ) -> (bool, Vec<Effect>) {
        if generation != self.generation || self.in_flight.is_none() {
            return (false, Vec::new());
        }
        self.in_flight = None;
        let fresh = match result.map(pick) {
            Ok(Some(value)) => {
                self.value = Some(value);
                self.failed = None;
                true
            }
            Ok(None) => {
                self.failed = Some(ApiError::Internal(
                    "an answer that does not fit its question".to_owned(),
                ));
                false
            }
            Err(error) => {
                self.failed = Some(error);
                false
            }
        };
        let stale = self.stale;
        let next = match self.waiting.take() {
            Some(request) => self.ask(request, at),
            None => Vec::new(),
        };
        self.stale = stale;
        (fresh, next)
    }

    /// Forgets everything: the next question is about something else.
    pub fn clear(&mut self) -> Vec<Effect> {
        self.value = None;
        self.failed = None;
        self.stale = true;
        self.forget()
    }

    /// Nobody wants the answer any more; the value stays.
    pub fn forget(&mut self) -> Vec<Effect> {
        self.waiting = None;
        if self.in_flight.take().is_some() {
            self.generation += 1;
            self.stale = true;
            return vec![Effect::Forget(self.id)];
        }
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(effects: &[Effect]) -> Option<u64> {
        effects.iter().find_map(|e| match e {
            Effect::Ask { generation, .. } => Some(*generation),
            _ => None,
        })
    }

    fn plan(reply: Reply) -> Option<usize> {
        match reply {
            Reply::Plan(p) => Some(p.len()),
            _ => None,
        }
    }

    #[test]
    fn one_in_flight_one_waiting_newest_wins() {
        let mut slot: Slot<usize> = Slot::new(SlotId::Board);
        assert_eq!(asked(&slot.ask(Request::Overview, Millis(0))), Some(1));
        assert!(slot.ask(Request::Governance, Millis(1)).is_empty());
        assert!(slot.ask(Request::Verify, Millis(2)).is_empty());
        let (fresh, next) = slot.answer(1, Ok(Reply::Plan(vec![])), Millis(3), plan);
        assert!(fresh);
        assert_eq!(
            next,
            [Effect::Ask {
                slot: SlotId::Board,
                generation: 2,
                request: Request::Verify
            }]
        );
    }

    #[test]
    fn an_answer_nobody_waits_for_is_dropped() {
        let mut slot: Slot<usize> = Slot::new(SlotId::Board);
        slot.ask(Request::Overview, Millis(0));
        assert_eq!(slot.forget(), [Effect::Forget(SlotId::Board)]);
        let (fresh, _) = slot.answer(1, Ok(Reply::Plan(vec![])), Millis(1), plan);
        assert!(!fresh && slot.get().is_none() && slot.is_stale());
    }

    #[test]
    fn a_failure_keeps_the_old_rows() {
        let mut slot: Slot<usize> = Slot::new(SlotId::Board);
        slot.ask(Request::Overview, Millis(0));
        slot.answer(1, Ok(Reply::Plan(vec![])), Millis(1), plan);
        slot.ask(Request::Overview, Millis(2));
        slot.answer(2, Err(ApiError::Unavailable("gone".into())), Millis(3), plan);
        assert_eq!(slot.get(), Some(&0));
        assert!(slot.failure().is_some());
    }

    #[test]
    fn what_happened_while_asking_leaves_it_stale() {
        let mut slot: Slot<usize> = Slot::new(SlotId::Board);
        slot.ask(Request::Overview, Millis(0));
        slot.mark_stale();
        slot.answer(1, Ok(Reply::Plan(vec![])), Millis(1), plan);
        assert!(slot.is_stale());
    }
}
