//! Two engines over one store: the one that was replaced writes nothing, takes nothing and sends nothing, however late
//! it notices.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    dead_code,
    reason = "test code; the simulation uses the rest"
)]

#[path = "../examples/chaos/sim/doors.rs"]
mod doors;
#[path = "../examples/chaos/sim/gate.rs"]
mod gate;
mod store_support;
mod support;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use doors::GatedStore;
use fastrand::Rng;
use gate::{Blow, Deed, Gate, Point};
use omnitraffick::engine::{
    api::{ApiError, BrandPatch, CommandKind},
    clock::SystemEntropy,
    host::Place,
    model::{refusal::RefusalCode, ticket::Status},
    store::{Kind, Store as _, codec, memory::MemoryStore, schema},
};
use store_support::Words as _;
use support::World;

fn store() -> Arc<MemoryStore> {
    let entropy = Arc::new(SystemEntropy::seeded(1));
    Arc::new(MemoryStore::new(support::clock(), entropy))
}

fn behind(gate: &Arc<Gate>, inner: &Arc<MemoryStore>) -> Place {
    Place::Open(Arc::new(GatedStore {
        inner: Arc::clone(inner),
        gate: Arc::clone(gate),
        rng: Mutex::new(Rng::with_seed(1)),
        busy_one_in: 0,
    }))
}

/// Stopped between a durable intent and its first byte, replaced, and continued: its successor has sent the same by then.
#[tokio::test(start_paused = true)]
async fn a_replaced_engine_sends_nothing_late() {
    let (sandbox, clock, inner, gate) = (support::sandbox(""), support::clock(), store(), Gate::new());
    let old = World::over(Arc::clone(&sandbox), Arc::clone(&clock), behind(&gate, &inner), 1).await;
    old.seed().await;
    let campaign = old.campaign(old.brand, "Trail season").await;
    let id = old.ticket(campaign).await;
    assert_eq!(old.qa(id).await, Status::ReadyForApi);
    gate.arm(Point::Durable(Deed::Intent), 1, Blow::Stop);
    old.deploy(id).await.unwrap();
    gate.struck().await;

    let new = World::over(Arc::clone(&sandbox), clock, Place::Open(inner), 2).await;
    assert_eq!(
        new.wait(id, |s| s != Status::Deploying).await,
        Status::TraffickedSuccess
    );
    gate.go_on();
    tokio::time::sleep(Duration::from_secs(300)).await;
    let ticket = new.view(id).await.ticket.value;
    for made in &ticket.created {
        assert_eq!(
            sandbox.creates(&ticket.account, made.kind, &made.name),
            1,
            "{}",
            made.name
        );
    }
}

/// An engine whose projection hears of its successor's start does not take that start for its own.
#[tokio::test(start_paused = true)]
async fn an_engine_keeps_its_own_epoch() {
    let inner = store();
    let old = World::over(support::sandbox(""), support::clock(), Place::Open(inner.clone()), 1).await;
    old.seed().await;
    let epoch = schema::Epoch {
        n: 2,
        build: "successor".into(),
    };
    let start = store_support::commit(1).epoch(2).put(
        schema::keys::epoch().as_str(),
        Kind::Epoch,
        &codec::encode(&epoch).unwrap(),
    );
    inner.commit(start).await.unwrap();
    let change = CommandKind::BrandUpdate {
        id: old.brand,
        version: 1,
        patch: BrandPatch {
            family_friendly: Some(true),
            ..BrandPatch::default()
        },
    };
    match old.act(change).await {
        Err(ApiError::Refused(r)) => assert_eq!(r.code, RefusalCode::Stale, "{r}"),
        other => panic!("{other:?}"),
    }
}
