//! Faults of the system this one replaces that decisions alone must make impossible.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

#[path = "support/life.rs"]
mod life;

use life::{Life, Op, any_op, engine, play, turn_to};
use omnitraffick::engine::{
    decide::{
        command::{BrandPatch, Command, CommandKind, TicketPatch},
        decide,
        testkit::{admin, trafficker},
    },
    model::{
        deploy::Deploy,
        ids::{CommandId, DeployId},
        refusal::RefusalCode,
        ticket::Status,
    },
    store::schema::keys,
};
use proptest::prelude::*;

/// A status is the result of decisions. No command, patch or new value has a place to write one into.
#[test]
fn no_command_carries_a_status() {
    let patch = serde_json::from_str::<TicketPatch>(r#"{"notes": "x", "status": "READY_FOR_API"}"#);
    assert!(patch.unwrap_err().to_string().contains("unknown field `status`"));
    let source = include_str!("../src/engine/decide/command.rs");
    let code = source.lines().filter(|l| !l.trim_start().starts_with("//"));
    let mentions: Vec<_> = code.filter(|l| l.contains("Status")).collect();
    assert!(mentions.is_empty(), "{mentions:?}");
}

/// Two clicks are two intentions: the second finds the deploy the first one made, whether it is decided after the
/// first commit or at the same moment on the same facts.
#[test]
fn double_deploy_is_one_deploy() {
    let mut life = Life::at(Status::ReadyForApi);
    let click = |life: &mut Life| Command {
        id: CommandId::new(life.house.world.mint()),
        kind: CommandKind::TicketDeploy {
            id: life.id,
            deploy: DeployId::new(life.house.world.mint()),
            not_before: None,
        },
    };
    let (one, two) = (click(&mut life), click(&mut life));
    let world = &mut life.house.world;
    let first = decide(world, &one, &trafficker(), world.now).unwrap();
    let second = decide(world, &two, &trafficker(), world.now).unwrap();
    world.apply(&first).unwrap();
    assert_eq!(world.apply(&second).unwrap_err().code, RefusalCode::Stale);
    let late = decide(world, &two, &trafficker(), world.now).unwrap_err();
    assert_eq!(late.code, RefusalCode::WrongState);
    let deploys = world.rows.keys().filter(|k| k.as_str().starts_with("deploy/")).count();
    assert_eq!(deploys, 1);
}

/// The properties below would be empty if random lives never got anywhere.
#[test]
fn random_lives_reach_every_status() {
    use proptest::{strategy::ValueTree as _, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..300 {
        let ops = proptest::collection::vec(any_op(), 1..50)
            .new_tree(&mut runner)
            .unwrap()
            .current();
        let mut life = Life::new();
        for op in ops {
            play(&mut life, op, &mut Vec::new());
            seen.extend(life.house.world.tickets().iter().map(|(_, t)| t.status));
        }
    }
    assert_eq!(seen.len(), Status::ALL.len(), "{seen:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// Whatever anybody does in whatever order: nothing is on its way to a platform, or ready for it, unless the
    /// engine's QA passed on exactly this content. The list of passes is kept beside the world, not read from it.
    #[test]
    fn no_path_to_a_platform_without_qa(ops in proptest::collection::vec(any_op(), 1..50)) {
        let mut life = Life::new();
        let mut passed = Vec::new();
        for op in ops {
            play(&mut life, op, &mut passed);
            for (_, t) in life.house.world.tickets() {
                let towards = matches!(t.status, Status::ReadyForApi | Status::Deploying | Status::TraffickedSuccess);
                prop_assert!(!towards || passed.contains(&(t.id, t.payload_hash())), "{} {} after {:?}", t.no, t.status, op);
                if t.status == Status::Deploying {
                    let (_, deploy): (_, Deploy) = life.house.world.get(&keys::deploy(t.deploy.unwrap())).unwrap();
                    prop_assert_eq!(deploy.payload_hash, t.payload_hash());
                    prop_assert!(passed.contains(&(t.id, deploy.payload_hash)));
                }
            }
        }
    }

    /// The same command on the same facts is the same commit, to the byte.
    #[test]
    fn decide_twice_is_equal(ops in proptest::collection::vec(any_op(), 1..12), last in any_op(), word in "[ -~]{0,40}") {
        let mut life = Life::new();
        for op in ops {
            play(&mut life, op, &mut Vec::new());
        }
        let mut kinds = vec![CommandKind::BrandUpdate {
            id: life.house.brand,
            version: 1,
            patch: BrandPatch { name: Some(word), ..BrandPatch::default() },
        }];
        if let Op::Ticket(n, word) = last && turn_to(&mut life, n) && word != "clone" {
            kinds.push(life.command(word));
        }
        kinds.push(CommandKind::TicketCreate(life.house.new_ticket()));
        for kind in kinds {
            let command = Command { id: CommandId::new(life.house.world.mint()), kind };
            let world = &life.house.world;
            for actor in [admin(), trafficker(), engine()] {
                prop_assert_eq!(
                    decide(world, &command, &actor, world.now),
                    decide(&world.clone(), &command.clone(), &actor, world.now)
                );
            }
        }
    }
}
