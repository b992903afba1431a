//! Taking over what a person points to: a tree is its campaign and all below it.

use omnitraffick::{
    engine::{
        api::{CommandKind, Reply, Request},
        decide::command::{Command, Resolution},
        model::{
            deploy::StepState,
            platform::{ObjectKind, PlatformId},
            ticket::Status,
        },
    },
    platforms::sandbox::Sandbox,
};

use crate::agency::Agency;

/// The answer is lost, and two trees have the name: a look-up stops there, and the person who chooses one takes its ad
/// group and its ad as well.
#[tokio::test(start_paused = true)]
async fn an_adopted_tree_brings_its_children() {
    let twin = "[[rule]]\npath = \"*:mutate\"\nmethod = \"POST\"\nnth = 1\naction = \"twin\"\n";
    let agency = Agency::open(twin, 1, &[(PlatformId::GoogleAds, 1)]).await;
    let id = agency.deploy(1).await[0];
    agency.settle().await;
    let Reply::Ticket(view) = agency.client.request(Request::Ticket(id)).await.unwrap() else {
        panic!("no ticket")
    };
    let deploy = view.deploy.unwrap();
    let asks = deploy.steps.iter().find(|s| s.state == StepState::NeedsOperator).unwrap();
    let reads = asks.attempts.iter().flat_map(|a| &a.reads);
    let seen = reads.map(|r| r.ids.clone()).find(|ids| ids.len() == 2).unwrap();
    let kind = CommandKind::DeployResolve {
        id,
        step: asks.key.clone(),
        resolution: Resolution::Adopt {
            id: seen[1].clone(),
            force: false,
        },
        reason: String::new(),
        evidence: None,
    };
    let command = Command {
        id: agency.client.command_id(),
        kind,
    };
    agency.client.request(Request::Do(Box::new(command))).await.unwrap();
    agency.settle().await;
    let ticket = agency.ticket(id).await;
    assert_eq!(ticket.status, Status::TraffickedSuccess);
    let created = |kind| ticket.created.iter().find(|c| c.kind == kind).map(|c| c.external_id.clone());
    assert_eq!(created(ObjectKind::Campaign).as_ref(), Some(&seen[1]));
    let (group, ad) = (created(ObjectKind::AdSet).unwrap(), created(ObjectKind::Ad).unwrap());
    // And they are the children of the one that was chosen.
    let parent = |sandbox: &Sandbox, id| {
        let held = sandbox.snapshot(agency.clock.now());
        held.into_iter().find(|o| o.id == id).and_then(|o| o.parent)
    };
    assert_eq!(parent(&agency.sandbox, group.clone()), Some(seen[1].clone()));
    assert_eq!(parent(&agency.sandbox, ad), Some(group));
}
