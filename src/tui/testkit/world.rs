//! What the canned engine holds: cards, events and answers with plausible contents.

use std::time::Duration;

use uuid::Uuid;

use crate::engine::{
    api::{
        ApiError, CommandKind, DeployRows, Governance, Impact, Request, TicketView,
        card::{Card, DeployGlance},
    },
    model::{
        actor::{Actor, Role},
        deploy::{StepState, Why},
        event::{Event, EventKind, FieldChange, Noun, Seq, Subject},
        ids::{CampaignId, CommandId, DeployId, TicketId, TicketNo},
        money::{Budget, BudgetKind, Money},
        platform::PlatformId,
        refusal::Refusal,
        ticket::{Priority, RequestType, Status},
        time::{Flight, Timestamp},
    },
};

/// 14:32:05 on a winter day.
pub fn noon() -> Timestamp {
    Timestamp::parse("2026-11-20T14:32:05Z").unwrap()
}

pub fn id(n: u32) -> TicketId {
    TicketId::new(Uuid::from_u128(u128::from(n)))
}

pub fn actor(name: &str, role: Role) -> Actor {
    Actor {
        uid: Some(1000),
        name: name.to_owned(),
        role,
        client: "console".to_owned(),
    }
}

/// A card with plausible contents for its status.
pub fn card(no: u32, status: Status, name: &str) -> Card {
    let mut parts = name.split('_');
    let brand = parts.next().unwrap_or_default().to_owned();
    let market = parts.next().unwrap_or_default().to_owned();
    let now = noon();
    let minutes = |m: u32| now.minus(Duration::from_secs(u64::from(m) * 60));
    let glance = |why, state, tries| DeployGlance {
        id: DeployId::new(Uuid::from_u128(u128::from(no))),
        step: 2,
        steps: 5,
        word: "ad set".to_owned(),
        state,
        tries,
        why,
    };
    let deploy = match status {
        Status::Deploying if no.is_multiple_of(3) => {
            let at = now.plus(Duration::from_secs(41));
            Some(glance(
                Why::RateLimited {
                    at,
                    source: "meta".into(),
                },
                StepState::Planned,
                1,
            ))
        }
        Status::Deploying => Some(glance(Why::Running { step: "ad_set".into() }, StepState::Intent, 0)),
        Status::TraffickedSuccess => Some(glance(Why::Finished, StepState::Confirmed, 0)),
        _ => None,
    };
    let failed = status == Status::QaFailed;
    Card {
        author: "".into(),
        watchers: Vec::new(),
        id: id(no),
        no: TicketNo(no),
        version: 7,
        status,
        request: RequestType::Create,
        name: name.to_owned(),
        campaign: CampaignId::new(Uuid::from_u128(1)),
        brand: brand.into(),
        market: market.into(),
        channel: "META".into(),
        platform: PlatformId::Meta,
        account: "act_2044".parse().unwrap(),
        budget: Some(Budget {
            kind: BudgetKind::Daily,
            money: Money::parse(&format!("{}.00", no % 17 * 100), "EUR".parse().unwrap()).unwrap(),
        }),
        flight: Some(Flight {
            start: "2026-12-01".parse().unwrap(),
            end: Some("2026-12-24".parse().unwrap()),
        }),
        priority: Priority::Normal,
        assignee: ["ana", "ben", "", "chi"][no as usize % 4].into(),
        errors: if failed { 2 } else { 0 },
        warnings: u32::from(failed || status == Status::ReadyForApi && no.is_multiple_of(2)),
        rules: if failed {
            vec!["budget.cap".into(), "utm.required".into()]
        } else {
            vec![]
        },
        failure: (status == Status::Failed).then(|| "budget too low: minimum is EUR 5.00".to_owned()),
        proposed: false,
        deploy: deploy.map(Box::new),
        objects: if status == Status::TraffickedSuccess { 5 } else { 0 },
        approvals: crate::engine::model::approval::Standing::default(),
        updated_by: "ana".into(),
        updated_at: minutes(no % 50),
    }
}

/// What the canned engine holds.
#[derive(Debug)]
pub struct World {
    pub cards: Vec<Card>,
    pub events: Vec<Event>,
    pub environment: String,
    pub role: Role,
    pub troubles: Vec<String>,
    /// Why nothing can be written.
    pub stopped: Option<String>,
    /// Why people's commands wait.
    pub short: Option<String>,
    pub down: Option<String>,
    pub refuse: Option<Refusal>,
    /// What is answered to commands about a ticket instead of doing them.
    pub errors: Vec<(TicketId, ApiError)>,
    pub governance: Governance,
    pub deploys: DeployRows,
    pub views: Vec<TicketView>,
    pub impact: Impact,
    pub rules: crate::engine::api::rules::RulesView,
    pub trial: crate::engine::api::rules::Trial,
    pub reports: Vec<crate::engine::api::AccountReport>,
    pub done: Vec<CommandKind>,
    pub command_ids: Vec<CommandId>,
    pub asked: Vec<Request>,
    pub guidelines: crate::engine::api::copilot::GuidelineAnswer,
    pub preview: Option<crate::engine::api::asking::Preview>,
    pub healing: Option<crate::engine::api::proposal::Healing>,
    pub undo: Option<crate::engine::api::undo::UndoPlan>,
    pub judged: Vec<crate::engine::model::ticket::Finding>,
    pub people: Vec<crate::engine::api::presence::Present>,
    pub news: crate::engine::api::news::News,
}

impl Default for World {
    fn default() -> Self {
        let labels = [
            "SpringSale",
            "SpringKids",
            "SummerSale",
            "FallDrop",
            "EasterDrop",
            "WinterWool",
            "NightRun",
        ];
        let statuses = [
            (Status::Draft, 9),
            (Status::QaTesting, 2),
            (Status::QaFailed, 6),
            (Status::ReadyForApi, 5),
            (Status::Deploying, 4),
            (Status::TraffickedSuccess, 12),
            (Status::Failed, 2),
        ];
        let mut cards = Vec::new();
        let mut no = 1001;
        for (status, count) in statuses {
            for n in 0..count {
                let brand = ["ACM", "NOV", "DIS"][n % 3];
                let market = ["DE", "US", "FR", "GB"][n % 4];
                cards.push(card(
                    no,
                    status,
                    &format!("{brand}_{market}_META_2026_{}", labels[n % 7]),
                ));
                no += 1;
            }
        }
        let events = (1..=60).rev().map(event).collect();
        Self {
            cards,
            events,
            environment: "prod".to_owned(),
            role: Role::Trafficker,
            troubles: vec![],
            stopped: None,
            short: None,
            down: None,
            refuse: None,
            errors: vec![],
            governance: Governance::default(),
            deploys: DeployRows::default(),
            views: vec![],
            impact: Impact::default(),
            rules: crate::engine::api::rules::RulesView::default(),
            trial: crate::engine::api::rules::Trial::default(),
            reports: vec![],
            done: vec![],
            command_ids: vec![],
            asked: vec![],
            guidelines: crate::engine::api::copilot::GuidelineAnswer::default(),
            preview: None,
            healing: None,
            undo: None,
            judged: vec![],
            people: Vec::new(),
            news: crate::engine::api::news::News::default(),
        }
    }
}

/// An event with plausible contents.
pub fn event(seq: u64) -> Event {
    let no = 1001 + u32::try_from(seq % 20).unwrap();
    let engine = seq.is_multiple_of(3);
    let kind = if engine {
        EventKind::StepConfirmed
    } else {
        EventKind::TicketEdited
    };
    Event {
        seq: Seq(48_000 + seq),
        at: noon().minus(Duration::from_secs((60 - seq.min(60)) * 300)),
        actor: if engine {
            Actor::engine("executor")
        } else {
            actor("ana", Role::Trafficker)
        },
        command: CommandId::new(Uuid::from_u128(u128::from(seq))),
        kind,
        also: vec![],
        subject: Subject {
            noun: Noun::Ticket,
            id: id(no).to_string(),
            label: no.to_string(),
            ticket: Some(TicketNo(no)),
        },
        status: None,
        summary: if engine {
            format!("{no} ad set exists as 12021{seq:04}")
        } else {
            format!("{no} budget.daily changed")
        },
        changes: if engine {
            vec![]
        } else {
            vec![FieldChange {
                field: "budget.daily".into(),
                from: Some("EUR 900.00".into()),
                to: Some("EUR 1,200.00".into()),
            }]
        },
    }
}
