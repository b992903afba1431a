//! Which of the objects a look-up lists may be a step's.

use crate::{
    engine::model::{
        deploy::{Step, StepAction},
        difference::Difference,
        platform::ExternalId,
        refusal::Problem,
        time::Timestamp,
    },
    platforms::{Found, KnownIds},
};

/// Refuses to look for what a step does not make.
pub fn makes_object(step: &Step) -> Result<(), Problem> {
    if step.action == StepAction::Create && !step.name.is_empty() {
        return Ok(());
    }
    Err(Problem::whole(
        format!("step \"{}\" makes no object, so there is none to look up", step.key),
        "repeat the step; it sets an absolute value",
    ))
}

/// What a list says about one object.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its name.
    pub name: Option<String>,
    /// The parent it names, and the step that makes such a parent; `None` for what has none.
    pub parent: Option<(Option<String>, &'static str)>,
    /// When it was made, as far as that can be read.
    pub made: Option<Timestamp>,
}

impl Listed {
    /// Exact name, right parent, made after the step was meant.
    pub fn may_be(&self, step: &Step, ids: &KnownIds, since: Timestamp) -> bool {
        let right_parent = self
            .parent
            .as_ref()
            .is_none_or(|(have, key)| match (have, ids.get(*key)) {
                (Some(have), Some(ExternalId(want))) => have == want,
                // Nothing to compare with: rather ask a person about one too many than make a twin.
                _ => true,
            });
        // Platforms tell whole seconds. What does not say when it was made counts as new enough.
        let new_enough = self
            .made
            .is_none_or(|made| made.micros() >= since.micros().div_euclid(1_000_000) * 1_000_000);
        self.name.as_deref() == Some(&step.name) && right_parent && new_enough
    }

    /// Adds to what differs that nothing tells its age.
    pub fn age_told(&self, mut found: Found) -> Found {
        if self.made.is_none() {
            found
                .differences
                .push(Difference::whole("it does not say when it was made"));
        }
        found
    }
}
