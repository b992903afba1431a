//! What the live objects of a ticket have different from what we sent. Reads only, and only when somebody asks.
//!
//! What we sent last counts: a status or budget set by a later step or a later ticket of ours is not drift.

use std::sync::Arc;

use super::{Engine, ask::not_found, snapshot::known_ids};
use crate::{
    engine::{
        api::{
            ApiError,
            drift::{Drift, DriftState, LiveObject},
        },
        deploy::calls::Calls,
        model::{
            deploy::{Deploy, Step, StepAction, StepState},
            difference::Difference,
            ids::TicketId,
            platform::ExternalId,
            refusal::{Problem, Refusal, RefusalCode},
            sanitise::excerpt,
            ticket::{RequestType, Status},
        },
    },
    platforms::{Exchange, Platform},
};

/// Later tickets looked at for changes of our own.
const LATER: usize = 64;

/// A value we set on an object, after it was made.
struct Set {
    deploy: Arc<Deploy>,
    step: Step,
    object: ExternalId,
}

impl Engine {
    /// Reads every object the ticket's deploy made or changed.
    pub(super) async fn drift(&self, id: TicketId) -> Result<Drift, ApiError> {
        let ticket = self.ticket(id).await?.value;
        let nothing = || {
            let reason = format!("ticket {} has made nothing on the platform yet", ticket.no);
            let problem = Problem::whole(reason, "deploy it first");
            ApiError::from(Refusal::new(RefusalCode::WrongState, problem))
        };
        let deploy = Arc::new(self.deploy(ticket.deploy.ok_or_else(nothing)?).await?);
        let platform = self
            .platform(deploy.platform)
            .ok_or_else(|| not_found(format!("this build cannot speak to {}", deploy.platform)))?;
        let calls = Calls::new(self, self.wire()?.as_ref());
        let sets = self.sets(&deploy).await?;
        let mut objects = Vec::new();
        for (step, object) in made(&deploy) {
            objects.push(self.look(calls, platform, &deploy, step, &object, &sets).await);
        }
        if objects.is_empty() {
            return Err(nothing());
        }
        Ok(Drift {
            ticket: id,
            no: ticket.no,
            name: ticket.name,
            platform: deploy.platform,
            account: deploy.account.clone(),
            objects,
        })
    }

    async fn look(
        &self,
        calls: Calls<'_>,
        platform: &Arc<dyn Platform>,
        deploy: &Deploy,
        step: &Step,
        object: &ExternalId,
        sets: &[Set],
    ) -> LiveObject {
        let request = platform.read(&deploy.job, step, object);
        let key = (deploy.platform, deploy.account.clone());
        let exchange: Exchange = calls.ask(&key, platform.as_ref(), &request).await;
        let now = self.clock.now();
        let mut live = LiveObject {
            word: platform.object_word(step.kind).to_owned(),
            step: step.key.clone(),
            id: object.clone(),
            state: DriftState::Same,
            differences: Vec::new(),
            words: String::new(),
        };
        match platform.interpret_read(&deploy.job, step, &exchange, now) {
            Ok(Some(found)) => live.differences = found.differences,
            Ok(None) => {
                live.state = DriftState::Gone;
                "the platform has no such object, or the token may not see it".clone_into(&mut live.words);
                return live;
            }
            Err(outcome) => {
                calls.observe(&key, platform.as_ref(), &exchange, &outcome);
                live.state = DriftState::Unread;
                live.words = excerpt(&outcome.words, 400);
                return live;
            }
        }
        for (is_it, last) in [
            (
                Difference::is_status as fn(&Difference) -> bool,
                sets.iter().rfind(|s| s.object == *object && s.step.key != "set_budget"),
            ),
            (
                Difference::is_budget,
                sets.iter().rfind(|s| s.object == *object && s.step.key == "set_budget"),
            ),
        ] {
            let Some(set) = last else { continue };
            live.differences.retain(|d| !is_it(d));
            if let Ok(Some(found)) = platform.interpret_read(&set.deploy.job, &set.step, &exchange, now) {
                live.differences.extend(found.differences.into_iter().filter(is_it));
            }
        }
        if !live.differences.is_empty() {
            live.state = DriftState::Differs;
        }
        live
    }

    /// Everything we set on these objects, oldest first: by this deploy, then by later tickets.
    async fn sets(&self, deploy: &Arc<Deploy>) -> Result<Vec<Set>, ApiError> {
        let mut sets = sets_of(deploy);
        let campaign = deploy.job.campaign.id;
        let mut later: Vec<_> = self.projection.read(|s| {
            s.cards
                .values()
                .filter(|c| c.campaign == campaign && c.status == Status::TraffickedSuccess)
                .filter(|c| c.request != RequestType::Create && c.no > deploy.no && c.account == deploy.account)
                .map(|c| (c.no, c.id))
                .collect()
        });
        later.sort_unstable();
        for (_, id) in later.into_iter().rev().take(LATER).rev() {
            if let Some(other) = self.ticket(id).await?.value.deploy {
                sets.extend(sets_of(&Arc::new(self.deploy(other).await?)));
            }
        }
        Ok(sets)
    }
}

/// The steps to read back, with their objects: what was made; of a change, the object it changed.
fn made(deploy: &Deploy) -> Vec<(&Step, ExternalId)> {
    let created = deploy
        .steps
        .iter()
        .filter(|s| s.action == StepAction::Create && s.state == StepState::Confirmed)
        .filter_map(|s| Some((s, s.external_id.clone()?)));
    let changed = deploy.job.target.iter().filter_map(|target| {
        let set = deploy
            .steps
            .iter()
            .rfind(|s| s.action == StepAction::Set && s.state == StepState::Confirmed)?;
        Some((set, target.external_id.clone()))
    });
    created.chain(changed).collect()
}

fn sets_of(deploy: &Arc<Deploy>) -> Vec<Set> {
    let ids = known_ids(&deploy.steps);
    let confirmed = |s: &&Step| s.action == StepAction::Set && s.state == StepState::Confirmed;
    deploy
        .steps
        .iter()
        .filter(confirmed)
        .filter_map(|step| {
            let parent = step.parent.as_ref().and_then(|p| ids.get(p));
            let object = parent.or(deploy.job.target.as_ref().map(|t| &t.external_id))?;
            Some(Set {
                deploy: Arc::clone(deploy),
                step: step.clone(),
                object: object.clone(),
            })
        })
        .collect()
}
