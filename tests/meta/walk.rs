//! Whole tickets walked through the simulated Meta.

use fastrand::Rng;
use omnitraffick::{
    engine::model::{
        deploy::{Job, OutcomeClass, StepAction},
        money::{Budget, BudgetKind},
        platform::ObjectKind,
        ticket::RequestType,
    },
    platforms::{
        meta::{Meta, money, payload::BudgetLevel, plan},
        sandbox::config::WorldConfig,
    },
};

use crate::platform::walk::{Walk, world_of};

const TICKETS: u32 = 300;

fn walk(job: &Job) -> Walk {
    let config = WorldConfig {
        empty_first_page: true,
        ..world_of(job)
    };
    Walk::within(&Meta, job.clone(), &config)
}

#[test]
fn tickets_are_created_found_again_and_changed() {
    let mut rng = Rng::with_seed(20_261_121);
    for _ in 0..TICKETS {
        let job = crate::tickets::job(&mut rng, RequestType::Create);
        let mut walk = walk(&job);
        let since = walk.now;
        for (step, _) in walk.go() {
            let id = walk.ids[step
                .parent
                .as_deref()
                .filter(|_| step.action != StepAction::Create)
                .unwrap_or(&step.key)]
            .clone();
            if step.action != StepAction::Create {
                assert_eq!(walk.differences(&step, &id), Vec::<String>::new(), "{}", step.key);
                continue;
            }
            // The whole chain is active by now, and nothing else may differ.
            let found = walk.find(&step, since).unwrap();
            let [(found_id, differences)] = found.as_slice() else {
                panic!("{}: {found:?}", step.key)
            };
            assert_eq!(found_id, &id);
            let ageless = matches!(step.kind, ObjectKind::Creative | ObjectKind::Asset);
            let expected: &[&str] = if ageless {
                &[]
            } else {
                &["status is ACTIVE, asked was PAUSED"]
            };
            assert_eq!(differences, expected, "{}", step.key);
            let later = walk.now.plus(std::time::Duration::from_secs(3));
            // A creative does not say when it was made, and a file is ours however old it is.
            let found_later = walk.find(&step, later).unwrap().len();
            assert_eq!(found_later, usize::from(ageless), "{}", step.key);
        }

        let kind = match BudgetLevel::of(&job).unwrap() {
            BudgetLevel::Campaign => ObjectKind::Campaign,
            BudgetLevel::AdSet => ObjectKind::AdSet,
        };
        let old = job.budget.unwrap();
        let doubled = money::to_units(&old.money).unwrap() * 2;
        let money = money::from_units(doubled, job.account.currency).unwrap();
        walk.change_budget(kind, kind.as_str(), Budget { money, ..old });

        walk.change(RequestType::Archive, ObjectKind::Campaign, "campaign", None);
        walk.go();
        walk.change(RequestType::UpdateBudget, ObjectKind::Campaign, "campaign", None);
        let (_, outcome) = walk.send(&walk.steps()[0]);
        assert_eq!(
            outcome.class,
            OutcomeClass::Rejected,
            "an archived campaign takes no budget: {outcome:?}"
        );
    }
}

/// What the simulated Meta refuses comes back to the field of the form.
#[test]
fn refusals_point_at_the_form() {
    let mut job = crate::tickets::job(&mut Rng::with_seed(5), RequestType::Create);
    // Past what `check` can know: the account's own least is far higher.
    job.budget = Some(Budget {
        kind: BudgetKind::Daily,
        money: money::from_units(1_000_000, job.account.currency).unwrap(),
    });
    let mut config = world_of(&job);
    config.accounts[0].min_daily_budget = Some(1_000_001);
    let outcome = Walk::within(&Meta, job.clone(), &config).refusal();
    assert_eq!(outcome.field, Some("budget".into()), "{outcome:?}");
    assert_eq!(outcome.code.as_deref(), Some("100/1885272"));
    assert_eq!(plan::budget_param(&job).unwrap().0, "daily_budget");
}
