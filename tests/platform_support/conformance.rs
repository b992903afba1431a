//! Thousands of tickets through every request type, their look-ups, reads and probes: what must hold for each request.

use fastrand::Rng;
use omnitraffick::engine::model::{
    catalogue::set_path,
    deploy::{Job, StepAction},
    json::CanonicalJson,
    platform::ExternalId,
    ticket::RequestType,
    time::Timestamp,
};
use serde_json::Value;

use super::{Ask, Fixture, json, tickets};

const VARIANTS: u32 = 2_500;

/// Everything a platform's requests are held to. The one entry point.
pub fn holds<F: Fixture>() {
    every_planned_request_is_one_the_specification_knows::<F>();
    the_same_job_plans_the_same_bytes::<F>();
    a_fresh_ticket_needs_few_edits::<F>();
}

fn every_planned_request_is_one_the_specification_knows<F: Fixture>() {
    let mut rng = Rng::with_seed(20_261_120);
    let ids = F::ids();
    let mut requests = 0_u32;
    for planned in 0..VARIANTS {
        let request_type = RequestType::ALL[planned as usize % RequestType::ALL.len()];
        // Creates are where the payload matters: every variant is one, change requests come on top.
        for request in [RequestType::Create, request_type] {
            let job = F::job(&mut rng, request);
            let steps = F::PLATFORM
                .steps(&job)
                .unwrap_or_else(|p| panic!("{p:?}\n{:?}\n{:?}", job.payload, job.budget));
            let mut budgets = None;
            for step in &steps {
                let wire = F::PLATFORM.plan(&job, step, &ids).unwrap();
                F::hold(&job, Ask::Plan, Some(step), &wire);
                if let Some(n) = F::budgets(&wire) {
                    *budgets.get_or_insert(0) += n;
                }
                if step.action == StepAction::Create {
                    let look = F::PLATFORM.look_up(&job, step, &ids, Timestamp::default()).unwrap();
                    F::hold(&job, Ask::LookUp, Some(step), &look);
                }
                let read = F::PLATFORM.read(&job, step, &ExternalId(F::OBJECT.to_owned()));
                F::hold(&job, Ask::Read, Some(step), &read);
                requests += 2;
            }
            if let Some(budgets) = budgets {
                let want = usize::from(matches!(request, RequestType::Create | RequestType::UpdateBudget));
                assert_eq!(budgets, want, "a budget is sent once: {:?}", job.payload);
            }
            for undo in F::PLATFORM.archive_steps(&job, &steps) {
                let wire = F::PLATFORM.plan(&job, &undo, &ids).unwrap();
                F::hold(&job, Ask::Undo, Some(&undo), &wire);
            }
            for probe in F::PLATFORM.probe(&job.account) {
                F::hold(&job, Ask::Probe, None, &probe);
            }
        }
    }
    assert!(requests > F::REQUESTS * VARIANTS, "only {requests} requests");
}

fn the_same_job_plans_the_same_bytes<F: Fixture>() {
    let mut rng = Rng::with_seed(7);
    for _ in 0..50 {
        let job = F::job(&mut rng, RequestType::Create);
        // Through the store's form of a job, as after a restart.
        let again: Job = serde_json::from_str(&serde_json::to_string(&job).unwrap()).unwrap();
        for step in F::PLATFORM.steps(&job).unwrap() {
            let hash = |job: &Job| F::PLATFORM.plan(job, &step, &F::ids()).unwrap().hash();
            assert_eq!(hash(&job), hash(&again));
        }
    }
}

/// The form's defaults and the fewest edits a planner must make give a ticket that can go.
fn a_fresh_ticket_needs_few_edits<F: Fixture>() {
    let mut root = tickets::defaults(F::PLATFORM.catalogue());
    for (path, value) in F::EDITS {
        set_path(&mut root, path, json(value));
    }
    let mut fresh = F::job(&mut Rng::with_seed(1), RequestType::Create);
    fresh.payload = CanonicalJson::new(&Value::Object(root));
    F::plain(&mut fresh);
    assert_eq!(F::PLATFORM.check(&fresh), []);
    for step in F::PLATFORM.steps(&fresh).unwrap() {
        let wire = F::PLATFORM.plan(&fresh, &step, &F::ids()).unwrap();
        F::hold(&fresh, Ask::Plan, Some(&step), &wire);
    }
}
