//! What the engine reads on the platform before it takes a person's answer about a step nobody knows the end of.

use super::Engine;
use crate::{
    engine::{
        api::ApiError,
        decide::command::{Command, CommandKind, Evidence, Resolution},
        deploy::calls::{Calls, LookedUp},
        model::{
            deploy::{Deploy, LookUpRead, Made, Step, StepAction, StepState},
            difference::Difference,
            ids::TicketId,
            platform::ExternalId,
            sanitise::excerpt,
        },
    },
    platforms::Found,
};

impl Engine {
    /// Puts the engine's own evidence into an answer; whatever a client wrote there is gone. Other commands pass.
    pub(super) async fn with_evidence(&self, mut command: Box<Command>) -> Result<Box<Command>, ApiError> {
        if let CommandKind::DeployResolve {
            id,
            step,
            resolution,
            evidence,
            ..
        } = &mut command.kind
        {
            *evidence = self.evidence(*id, step, resolution).await?;
        }
        Ok(command)
    }

    async fn evidence(&self, id: TicketId, key: &str, answer: &Resolution) -> Result<Option<Evidence>, ApiError> {
        let Some(wire) = &self.wire else {
            return Ok(None);
        };
        let Some(deploy) = self.ticket(id).await?.value.deploy else {
            return Ok(None);
        };
        let deploy = self.deploy(deploy).await?;
        let asks = |s: &&Step| s.key == key && s.state == StepState::NeedsOperator && s.action == StepAction::Create;
        let Some(step) = deploy.steps.iter().find(asks) else {
            return Ok(None);
        };
        let calls = Calls::new(self, wire.as_ref());
        match answer {
            Resolution::NoneExists => {
                let looked = calls.look_up(&deploy, step).await?;
                Ok(Some(self.none(looked)))
            }
            Resolution::Adopt { id, .. } => self.one(calls, &deploy, step, id).await.map(Some),
            Resolution::Proceed | Resolution::Abandon => Ok(None),
        }
    }

    fn read(&self, found: Option<u32>, ids: Vec<ExternalId>, note: &str) -> LookUpRead {
        LookUpRead {
            at: self.clock.now(),
            found,
            ids,
            note: excerpt(note, 400),
        }
    }

    /// Is there really nothing with this name?
    fn none(&self, looked: LookedUp) -> Evidence {
        let read = match &looked.found {
            Some(found) => {
                let ids: Vec<ExternalId> = found.iter().take(8).map(|f| f.id.clone()).collect();
                let named: Vec<String> = ids.iter().map(ToString::to_string).collect();
                let note = match found.len() {
                    0 => "looked up for a person's answer: nothing has this name".to_owned(),
                    1 => format!("{} has this name", named.join(", ")),
                    n => format!("{n} objects have this name: {}", named.join(", ")),
                };
                self.read(Some(u32::try_from(found.len()).unwrap_or(u32::MAX)), ids, &note)
            }
            None => self.read(None, Vec::new(), &looked.note),
        };
        Evidence {
            read,
            differences: Vec::new(),
            made: Vec::new(),
        }
    }

    /// Does this object fit, and what came with it? The look-up by name knows account, parent, name and age; an object it
    /// does not find is read by its id, so that the person hears what is wrong with it.
    async fn one(&self, calls: Calls<'_>, deploy: &Deploy, step: &Step, id: &ExternalId) -> Result<Evidence, ApiError> {
        let by_name = calls.look_up(deploy, step).await?;
        let alone = by_name.found.as_ref().is_some_and(|f| f.len() == 1);
        let named = by_name.found.unwrap_or_default().into_iter().find(|f| f.id == *id);
        let found = if let Some(found) = named {
            if alone && !by_name.made.is_empty() {
                return Ok(self.judged(id, found, by_name.made));
            }
            found
        } else {
            let by_id = calls.read(deploy, step, id).await?;
            let Some(found) = by_id.found else {
                return Ok(self.unread(&by_id.note));
            };
            let Some(mut found) = found.into_iter().next() else {
                let note = format!("{id} was read for a person's answer: no such object");
                return Ok(Evidence {
                    read: self.read(Some(0), Vec::new(), &note),
                    differences: Vec::new(),
                    made: Vec::new(),
                });
            };
            let words = "no look-up by name finds it under the expected parent on this account";
            found.differences.push(Difference::whole(words));
            found
        };
        // A look-up reads on only below the one object that fits. Whoever takes another takes its children too.
        Ok(match calls.made_with(deploy, step, id).await? {
            Ok(made) => self.judged(id, found, made),
            Err(note) => self.unread(&note),
        })
    }

    /// Evidence that says nothing.
    fn unread(&self, note: &str) -> Evidence {
        Evidence {
            read: self.read(None, Vec::new(), note),
            differences: Vec::new(),
            made: Vec::new(),
        }
    }

    fn judged(&self, id: &ExternalId, found: Found, made: Vec<Made>) -> Evidence {
        let differences: Vec<String> = found.differences.into_iter().map(|d| d.words).collect();
        let note = if differences.is_empty() {
            format!("{id} was read for a person's answer: it fits")
        } else {
            format!("{id} was read for a person's answer: {}", differences.join("; "))
        };
        Evidence {
            read: self.read(Some(1), vec![id.clone()], &note),
            differences,
            made,
        }
    }
}
