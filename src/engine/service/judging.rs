//! What QA would say of a payload that is being written.

use super::{Engine, ask::not_found};
use crate::engine::{
    api::{ApiError, judge::JudgeAsk},
    decide::{problems::Problems, ticket::payload},
    model::ticket::Finding,
    qa,
};

impl Engine {
    /// Judges a payload: as that of a ticket, or by the platform's fields alone. Changes nothing.
    pub(super) async fn judge_payload(&self, ask: &JudgeAsk) -> Result<Vec<Finding>, ApiError> {
        let mut problems = Problems::new();
        payload::check(&mut problems, &ask.payload);
        problems.check()?;
        if let Some(id) = ask.ticket {
            let mut ticket = self.ticket(id).await?.value;
            ticket.payload = ask.payload.clone();
            let judged = self.qa_of(&ticket).await?;
            let (_, findings) =
                judged.ok_or_else(|| not_found(format!("the campaign or channel of ticket {} is gone", ticket.no)))?;
            return Ok(findings);
        }
        let platform = self
            .platform(ask.platform)
            .ok_or_else(|| not_found(format!("this build cannot speak to {}", ask.platform)))?;
        Ok(qa::of_payload(
            ask.platform,
            platform.catalogue(),
            &ask.payload.value(),
            qa::rules_in_force(),
        ))
    }
}
