//! Jobs, answers and rules for the tests of every platform.
#![allow(clippy::missing_panics_doc, reason = "test code")]

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    engine::model::{
        campaign::Campaign,
        catalogue::{Catalogue, FieldSpec, FieldType, Required, parse_value, set_path},
        code::Label,
        deploy::{Attempt, Job, Outcome, Step},
        governance::Account,
        ids::{BrandId, CampaignId, MarketId, TicketId, TicketNo},
        json::{CanonicalJson, Sha},
        money::{Budget, BudgetKind, Money},
        platform::{ExternalId, ObjectKind},
        refusal::Problem,
        ticket::{RequestType, Target},
        time::{Flight, Timestamp},
    },
    platforms::{Exchange, KnownIds, WireResponse},
};

/// A create with a daily budget in dollars, all December in New York.
pub fn create(account: &str, name: &str, daily: &str, payload: &Value) -> Job {
    let label = name.rsplit('_').next().unwrap();
    Job {
        request: RequestType::Create,
        account: Account {
            id: account.parse().unwrap(),
            name: "Lumen US".to_owned(),
            currency: "USD".parse().unwrap(),
            timezone: "America/New_York".to_owned(),
        },
        name: name.to_owned(),
        target: None,
        budget: Some(budget(BudgetKind::Daily, daily)),
        flight: Some(Flight {
            start: "2026-12-01".parse().unwrap(),
            end: Some("2026-12-31".parse().unwrap()),
        }),
        payload: CanonicalJson::new(payload),
        campaign: Campaign {
            id: CampaignId::new(uuid::Uuid::from_u128(1)),
            brand: BrandId::new(uuid::Uuid::from_u128(2)),
            market: MarketId::new(uuid::Uuid::from_u128(3)),
            year: 2026,
            label: label.parse::<Label>().unwrap(),
            title: label.to_owned(),
            budget: None,
            flight: None,
            retired: false,
            created_at: Timestamp::default(),
        },
    }
}

/// A change of what an earlier ticket created with this id; a budget changes to `daily` dollars a day.
pub fn change(create: Job, request: RequestType, kind: ObjectKind, id: &str, daily: &str) -> Job {
    Job {
        request,
        target: Some(Target {
            ticket: TicketId::new(uuid::Uuid::from_u128(4)),
            no: TicketNo::FIRST,
            kind,
            external_id: ExternalId(id.to_owned()),
            seen_budget: create.budget,
        }),
        budget: (request == RequestType::UpdateBudget).then(|| budget(BudgetKind::Daily, daily)),
        ..create
    }
}

/// A budget in dollars.
pub fn budget(kind: BudgetKind, amount: &str) -> Budget {
    Budget {
        kind,
        money: Money::parse(amount, "USD".parse().unwrap()).unwrap(),
    }
}

/// Sets a payload field, path from the payload's root.
pub fn set(job: &mut Job, path: &str, value: Value) {
    let Value::Object(mut root) = job.payload.value() else {
        panic!("the payload is an object")
    };
    set_path(&mut root, path, value);
    job.payload = CanonicalJson::new(&Value::Object(root));
}

/// The step with this key.
pub fn step(steps: Result<Vec<Step>, Vec<Problem>>, key: &str) -> Step {
    let mut steps = steps.unwrap().into_iter();
    steps.find(|s| s.key == key).unwrap_or_else(|| panic!("no step {key}"))
}

/// Ids as the steps with these keys would have left them.
pub fn ids(pairs: &[(&str, &str)]) -> KnownIds {
    let pairs = pairs.iter();
    pairs
        .map(|(k, v)| ((*k).to_owned(), ExternalId((*v).to_owned())))
        .collect()
}

/// A step after attempts that ended so.
pub fn attempted(step: Step, outcomes: &[Outcome]) -> Step {
    let attempts = (1..).zip(outcomes).map(|(n, outcome)| Attempt {
        n,
        epoch: 1,
        intent_at: outcome.at,
        request_hash: Sha::default(),
        outcome: Some(outcome.clone()),
        reads: Vec::new(),
    });
    Step {
        attempts: attempts.collect(),
        ..step
    }
}

/// The fields that problems name, in order; empty for the whole.
pub fn fields(problems: Vec<Problem>) -> Vec<String> {
    let problems = problems.into_iter();
    problems.map(|p| p.field.map(|f| f.0).unwrap_or_default()).collect()
}

/// An answer with any text as its body and no headers.
pub fn text(status: u16, body: &str) -> Exchange {
    Ok(WireResponse {
        status,
        headers: BTreeMap::new(),
        body: body.as_bytes().to_vec(),
    })
}

/// An answer with a JSON body and no headers.
pub fn answer(status: u16, body: &Value) -> Exchange {
    text(status, &body.to_string())
}

/// Every field of a catalogue with its section.
pub fn fields_of(catalogue: &Catalogue) -> impl Iterator<Item = (&str, &FieldSpec)> {
    let objects = catalogue.objects.iter();
    objects.flat_map(|o| o.fields.iter().map(move |f| (o.section.as_str(), f)))
}

/// What holds for every catalogue: fields stand once and are explained, defaults parse, conditions point at fields,
/// choices have words. `is_object` knows the paths that are asked for as a whole.
pub fn check_catalogue(catalogue: &Catalogue, is_object: impl Fn(&str) -> bool) {
    let mut seen = std::collections::BTreeSet::new();
    for (section, field) in fields_of(catalogue) {
        let full = format!("{section}.{}", field.path);
        assert!(seen.insert(full.clone()), "{full} stands twice");
        assert!(
            !field.help.is_empty() && !field.source.is_empty(),
            "{full} explains nothing"
        );
        if let Some(default) = &field.default {
            parse_value(field, default).unwrap_or_else(|e| panic!("{full}: {e}"));
        }
        match &field.required {
            Required::When { field: other, any_of } => {
                let (_, spec) = catalogue.field(other).unwrap_or_else(|| panic!("{other} is no field"));
                for v in any_of {
                    assert!(spec.values.contains(v), "{other} cannot be {v}");
                }
            }
            Required::Unless { any_set } => {
                for other in any_set {
                    assert!(
                        catalogue.field(other).is_some() || is_object(other),
                        "{other} is no field"
                    );
                }
            }
            Required::Always | Required::Never => {}
        }
        if matches!(field.ty, FieldType::Choice | FieldType::Choices) {
            assert!(!field.values.is_empty(), "{full} has no words");
        }
    }
    assert!(!seen.is_empty(), "the catalogue is empty");
}

/// The steps every platform cuts a change into: their keys, and that they act on what the ticket names.
/// `budget_on` is the step a new budget goes by, where that is not the target.
pub fn check_changes(cut: impl Fn(RequestType) -> Vec<Step>, kind: ObjectKind, budget_on: Option<&str>) {
    for (request, want) in [
        (RequestType::UpdateBudget, &["check", "set_budget"][..]),
        (RequestType::Pause, &["pause"]),
        (RequestType::Resume, &["resume"]),
        (RequestType::Archive, &["archive"]),
    ] {
        let steps = cut(request);
        assert_eq!(steps.iter().map(|s| s.key.as_str()).collect::<Vec<_>>(), want);
        for step in &steps {
            let parent = budget_on.filter(|_| step.key == "set_budget");
            assert_eq!((step.kind, step.parent.as_deref()), (kind, parent), "{request}");
        }
    }
}
