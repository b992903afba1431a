//! Whole tickets walked through the simulated Google Ads.

use std::time::Duration;

use fastrand::Rng;
use omnitraffick::{
    engine::model::{
        deploy::{Job, OutcomeClass, StepAction},
        money::Budget,
        platform::ObjectKind,
        ticket::RequestType,
    },
    platforms::{
        Platform as _,
        google_ads::GoogleAds,
        sandbox::config::{Limits, WorldConfig},
    },
};
use serde_json::json;

use crate::{
    platform::walk::{Walk, world_of},
    tickets::amount,
};

const TICKETS: u32 = 300;

fn change(walk: &mut Walk, request: RequestType) {
    walk.change(request, ObjectKind::Tree, "tree", None);
}

#[test]
fn tickets_are_created_found_again_and_changed() {
    let mut rng = Rng::with_seed(20_261_121);
    for _ in 0..TICKETS {
        let job = crate::tickets::job(&mut rng, RequestType::Create);
        let mut walk = Walk::new(&GoogleAds, job.clone());
        let steps = walk.go();
        let (tree, answer) = &steps[0];
        assert_eq!(tree.action, StepAction::Create);
        let made = GoogleAds.made(&walk.job, tree, answer);
        let kinds: Vec<_> = made.iter().map(|m| m.kind).collect();
        assert_eq!(kinds, [ObjectKind::AdSet, ObjectKind::Ad]);
        let id = walk.ids["tree"].clone();
        // The campaign runs by now, and nothing else may differ.
        let found = walk.find(tree, walk.now).unwrap();
        let [(found_id, differences)] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert_eq!(found_id, &id);
        assert_eq!(differences, &["status is ENABLED, asked was PAUSED"]);
        assert_eq!(walk.differences(&steps[1].0, &id), Vec::<String>::new());

        let old = job.budget.unwrap();
        let money = amount(12_345_678, job.account.currency);
        walk.change_budget(ObjectKind::Tree, "tree", Budget { money, ..old });

        for request in [RequestType::Pause, RequestType::Resume, RequestType::Archive] {
            change(&mut walk, request);
            let [(step, _)] = &walk.go()[..] else {
                panic!("one step")
            };
            assert_eq!(walk.differences(step, &id), Vec::<String>::new(), "{request}");
        }
        // Removing twice is fine; changing what is removed is not.
        walk.go();
        for request in [RequestType::UpdateBudget, RequestType::Pause] {
            change(&mut walk, request);
            let (_, outcome) = walk.send(&walk.steps()[0]);
            assert_eq!(outcome.class, OutcomeClass::Rejected, "{outcome:?}");
            assert_eq!(outcome.field, Some("target".into()));
        }
        // Its name is free again.
        walk.job = job;
        walk.go();
    }
}

/// While the list lags a look finds nothing; it never finds half a tree.
#[test]
fn a_look_up_under_listing_lag() {
    let job = crate::tickets::job(&mut Rng::with_seed(3), RequestType::Create);
    let config = WorldConfig {
        listing_lag_seconds: 20,
        ..world_of(&job)
    };
    let mut walk = Walk::within(&GoogleAds, job, &config);
    let tree = walk.steps().remove(0);
    walk.send(&tree).0.unwrap();
    assert_eq!(walk.find(&tree, walk.now), Some(vec![]));
    walk.now = walk.now.plus(Duration::from_secs(20));
    let found = walk.find(&tree, walk.now).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].1, Vec::<String>::new());
}

/// The same name in another account is somebody else's.
#[test]
fn a_namesake_in_another_account_is_not_found() {
    let job = crate::tickets::job(&mut Rng::with_seed(4), RequestType::Create);
    let mut walk = Walk::new(&GoogleAds, job.clone());
    walk.job.account.id = "1000000001".parse().unwrap();
    walk.job.account.currency = "USD".parse().unwrap();
    walk.job.budget = Some(Budget {
        money: amount(5_000, walk.job.account.currency),
        ..job.budget.unwrap()
    });
    let steps = walk.go();
    walk.job = job;
    assert_eq!(walk.find(&steps[0].0, walk.now), Some(vec![]));
}

#[test]
fn a_throttled_look_up_does_not_count() {
    let job = crate::tickets::job(&mut Rng::with_seed(5), RequestType::Create);
    let config = WorldConfig {
        limits: Limits {
            max_score: 3,
            ..Limits::default()
        },
        ..WorldConfig::default()
    };
    let mut walk = Walk::within(&GoogleAds, job, &config);
    let tree = walk.steps().remove(0);
    let looks: Vec<_> = (0..5).map(|_| walk.find(&tree, walk.now).is_some()).collect();
    assert_eq!(looks, [true, true, true, false, false]);
}

/// What the simulated Google refuses comes back to the field of the form.
#[test]
fn refusals_point_at_the_form() {
    let good = crate::tickets::job(&mut Rng::with_seed(6), RequestType::Create);
    let least = |job: &mut Job| {
        let kind = job.budget.unwrap().kind;
        job.budget = Some(Budget {
            kind,
            money: amount(1, job.account.currency),
        });
    };
    let past = |job: &mut Job| job.flight.as_mut().unwrap().start = "2026-01-01".parse().unwrap();
    let refused = |spoil: &dyn Fn(&mut Job)| {
        let mut walk = Walk::new(&GoogleAds, good.clone());
        spoil(&mut walk.job);
        let outcome = walk.refusal();
        assert!(outcome.request_id.is_some_and(|id| id.starts_with("req")));
        assert!(walk.world.snapshot(walk.now).is_empty(), "all or nothing");
        outcome.field.unwrap().0
    };
    assert_eq!(refused(&least), "budget");
    assert_eq!(refused(&past), "flight.start");
    // A keyword our notation lets through.
    let keyword = |job: &mut Job| {
        let mut payload = job.payload.value();
        payload["ad_group"]["keywords"] = json!(["fine", "50% off"]);
        job.payload = omnitraffick::engine::model::json::CanonicalJson::new(&payload);
    };
    assert_eq!(refused(&keyword), "payload.ad_group.keywords[1]");
}
