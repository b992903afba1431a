//! Whole tickets walked through the simulated TikTok.

use fastrand::Rng;
use omnitraffick::{
    engine::model::{
        deploy::{Job, OutcomeClass, StepAction},
        money::{Budget, Money},
        platform::ObjectKind,
        ticket::RequestType,
    },
    platforms::{
        KnownIds, Platform as _,
        tiktok::{Tiktok, payload::BudgetLevel},
    },
};
use rust_decimal::Decimal;

use crate::platform::walk::{Walk, world_of};

const TICKETS: u32 = 300;

#[test]
fn tickets_are_created_found_again_and_changed() {
    let mut rng = Rng::with_seed(20_261_121);
    for _ in 0..TICKETS {
        let job = crate::tickets::job(&mut rng, RequestType::Create);
        let mut walk = Walk::new(&Tiktok, job.clone());
        let since = walk.now;
        for (step, _) in walk.go() {
            let id = walk.ids[step
                .parent
                .as_ref()
                .filter(|_| step.action == StepAction::Set)
                .unwrap_or(&step.key)]
            .clone();
            match (step.action, step.key.as_str()) {
                (StepAction::Create, _) => {
                    let found = walk.find(&step, since).unwrap();
                    assert_eq!(found.len(), 1, "{}: {found:?}", step.key);
                    assert_eq!(found[0].0, id);
                    // It is enabled by now, and that is all; a file has no status.
                    let enabled = (step.kind != ObjectKind::Asset)
                        .then(|| "operation_status is ENABLE, asked was DISABLE".to_owned());
                    assert_eq!(found[0].1, Vec::from_iter(enabled), "{}", step.key);
                }
                (_, "hold") => {}
                _ => assert_eq!(walk.differences(&step, &id), Vec::<String>::new(), "{}", step.key),
            }
        }
        change(&mut walk, &job);
    }
}

/// Doubles the budget, then deletes the campaign.
fn change(walk: &mut Walk, job: &Job) {
    let (kind, key) = match BudgetLevel::of(job).unwrap() {
        BudgetLevel::Campaign => (ObjectKind::Campaign, "campaign"),
        BudgetLevel::AdGroup => (ObjectKind::AdSet, "ad_group"),
    };
    let old = job.budget.unwrap();
    let money = Money::new(old.money.amount() * Decimal::from(2), old.money.currency()).unwrap();
    walk.change_budget(kind, key, Budget { money, ..old });

    walk.change(RequestType::Archive, ObjectKind::Campaign, "campaign", None);
    walk.go();
    // Once more, as after a lost answer: what is deleted is what was wanted.
    walk.go();
    walk.change(RequestType::UpdateBudget, ObjectKind::Campaign, "campaign", None);
    let (_, outcome) = walk.send(&walk.steps()[0]);
    assert_eq!(
        outcome.class,
        OutcomeClass::Rejected,
        "a deleted campaign takes no budget: {outcome:?}"
    );
}

/// What the simulated TikTok refuses comes back to the field of the form.
#[test]
fn refusals_point_at_the_form() {
    let job = crate::tickets::job(&mut Rng::with_seed(5), RequestType::Create);
    // Past what `check` can know: the account's own least is far higher.
    let mut config = world_of(&job);
    config.accounts[0].min_daily_budget = Some(50_000_000);
    let outcome = Walk::within(&Tiktok, job, &config).refusal();
    assert_eq!(outcome.field, Some("budget".into()), "{outcome:?}");
    assert_eq!(outcome.code.as_deref(), Some("40002"));
    assert!(outcome.request_id.is_some());
}

/// A colleague's look-alikes, and the same name in another account, are not ours.
#[test]
fn look_alikes_and_other_accounts_do_not_count() {
    let mut rng = Rng::with_seed(11);
    let job = crate::tickets::job(&mut rng, RequestType::Create);
    let mut walk = Walk::new(&Tiktok, job.clone());
    let since = walk.now;
    let create = Tiktok.steps(&job).unwrap().remove(0);
    for name in ["COPIED_LUM_US_TIKTOK_2026_WinterSale", "LUM_US_TIKTOK_2026_WinterSale2"] {
        let other = Job {
            name: name.to_owned(),
            ..job.clone()
        };
        let request = Tiktok.plan(&other, &create, &KnownIds::new()).unwrap();
        walk.ask(&request).unwrap();
    }
    let mut elsewhere = job.clone();
    elsewhere.account.id = "7999999999999999999".parse().unwrap();
    walk.ask(&Tiktok.plan(&elsewhere, &create, &KnownIds::new()).unwrap())
        .unwrap();
    assert_eq!(walk.find(&create, since).unwrap(), []);
    // Ours, and a second one of the same name.
    walk.ask(&Tiktok.plan(&job, &create, &KnownIds::new()).unwrap())
        .unwrap();
    assert_eq!(walk.find(&create, since).unwrap().len(), 1);
    let mut twin = job.clone();
    twin.campaign.id = omnitraffick::engine::model::ids::CampaignId::new(uuid::Uuid::from_u128(8));
    walk.ask(&Tiktok.plan(&twin, &create, &KnownIds::new()).unwrap())
        .unwrap();
    assert_eq!(walk.find(&create, since).unwrap().len(), 2);
    // More than one page of look-alikes: every page is read.
    for n in 0..230 {
        let other = Job {
            name: format!("LUM_US_TIKTOK_2026_WinterSale{n}"),
            ..job.clone()
        };
        walk.ask(&Tiktok.plan(&other, &create, &KnownIds::new()).unwrap())
            .unwrap();
    }
    assert_eq!(walk.find(&create, since).unwrap().len(), 2);
}
