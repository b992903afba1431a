//! Taking over what a person points to: a tree is its campaign and all below it.

use std::time::Duration;

use omnitraffick::{
    engine::{
        api::{CommandKind, Reply, Request},
        decide::command::{Command, Resolution},
        model::{
            deploy::StepState,
            json::CanonicalJson,
            platform::{ObjectKind, PlatformId},
            ticket::Status,
        },
    },
    platforms::{Body, Method, WireRequest},
};
use serde_json::json;

use crate::agency::Agency;

/// The answer is lost, and somebody changes the campaign before it is looked up: a look-up stops there, and the person
/// who takes it all the same takes its ad group and its ad as well.
#[tokio::test(start_paused = true)]
async fn an_adopted_tree_brings_its_children() {
    let lost = "[[rule]]\npath = \"*:mutate\"\nmethod = \"POST\"\nnth = 1\naction = \"drop_after\"\n";
    let agency = Agency::open(lost, 1, &[(PlatformId::GoogleAds, 1)]).await;
    let id = agency.deploy(1).await[0];
    let campaign = loop {
        let held = agency.sandbox.snapshot(agency.clock.now());
        if let Some(campaign) = held.into_iter().find(|o| o.kind == ObjectKind::Campaign) {
            break campaign;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    };
    let customer = campaign.account.to_string().replace('-', "");
    let change = json!({"mutateOperations": [{"campaignOperation": {
        "update": {"resourceName": format!("customers/{customer}/campaigns/{}", campaign.id), "endDateTime": "2026-12-30 23:59:59"},
        "updateMask": "endDateTime"}}]});
    let request = WireRequest {
        method: Method::Post,
        path: format!("/customers/{customer}/googleAds:mutate"),
        query: vec![],
        headers: vec![],
        body: Body::Json(CanonicalJson::new(&change)),
    };
    let now = agency.clock.now();
    let changed = agency.sandbox.receive(now, PlatformId::GoogleAds, &request, "by hand");
    assert_eq!(changed.response.map(|r| r.status), Some(200));
    agency.settle().await;
    let Reply::Ticket(view) = agency.client.request(Request::Ticket(id)).await.unwrap() else {
        panic!("no ticket")
    };
    let deploy = view.deploy.unwrap();
    let asks = deploy
        .steps
        .iter()
        .find(|s| s.state == StepState::NeedsOperator)
        .unwrap();
    let kind = CommandKind::DeployResolve {
        id,
        step: asks.key.clone(),
        resolution: Resolution::Adopt {
            id: campaign.id.clone(),
            force: true,
        },
        reason: "it is ours".into(),
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
    let made = |kind: ObjectKind| ticket.created.iter().any(|c| c.kind == kind);
    assert!(ticket.created.iter().any(|c| c.external_id == campaign.id));
    assert!(made(ObjectKind::AdSet) && made(ObjectKind::Ad), "{:?}", ticket.created);
}
