//! Operators who press whatever the console offers, at any moment, and send again what got no answer.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use fastrand::Rng;
use omnitraffick::engine::{
    api::{ApiError, CommandKind, EngineClient, NewTicket, TicketView},
    decide::command::{Command, HoldScope, Resolution, TicketPatch},
    model::{
        actor::{Actor, Role},
        deploy::{Deploy, Leftovers, StepState},
        event::Seq,
        ids::{CommandId, DeployId, QaRunId, TicketId},
        json::CanonicalJson,
        ticket::{Priority, RequestType, Status, Ticket},
    },
};

use super::agency;

/// How long somebody waits for an answer.
const PATIENCE: Duration = Duration::from_secs(40);

/// What people know: their tickets, and what they were told.
#[derive(Debug, Default)]
pub struct Memory {
    pub tickets: Vec<TicketId>,
    /// Commands that were acknowledged, and with which number.
    pub acknowledged: Vec<(CommandId, Seq)>,
    /// Commands without an answer.
    pub unanswered: Vec<Command>,
    /// Answers no person should ever get.
    pub alarms: Vec<String>,
    /// How often each kind of answer came.
    pub done: u32,
    pub refused: u32,
}

/// Who they are.
pub fn person() -> Actor {
    Actor {
        uid: Some(1000),
        name: "ana".into(),
        role: Role::Admin,
        client: "chaos".into(),
    }
}

/// Sends a command and remembers what came of it.
pub async fn tell(client: &Arc<dyn EngineClient>, memory: &Mutex<Memory>, command: Command) {
    let answer = tokio::time::timeout(PATIENCE, agency::send(client, command.clone())).await;
    let mut memory = memory.lock().unwrap();
    match answer {
        Ok(Ok(done)) => {
            memory.done += 1;
            if let CommandKind::TicketCreate(new) = &command.kind {
                memory.tickets.push(new.id);
            }
            memory.acknowledged.push((command.id, done.seq));
        }
        Ok(Err(ApiError::Refused(_))) => memory.refused += 1,
        Ok(Err(error)) => memory.alarms.push(format!("{:?} was answered: {error}", command.kind)),
        Err(_) => memory.unanswered.push(command),
    }
}

/// One person does one thing.
pub async fn meddle(client: Arc<dyn EngineClient>, memory: Arc<Mutex<Memory>>, mut rng: Rng) {
    let (id, again) = {
        let mut memory = memory.lock().unwrap();
        let again = if rng.u8(..4) == 0 {
            memory.unanswered.pop()
        } else {
            None
        };
        (rng.choice(memory.tickets.iter().copied()), again)
    };
    if let Some(command) = again {
        return tell(&client, &memory, command).await;
    }
    let Some(id) = id else { return };
    let Ok(Ok(view)) = tokio::time::timeout(PATIENCE, agency::view(&client, id)).await else {
        return;
    };
    // Between looking and pressing things change.
    if rng.bool() {
        tokio::time::sleep(Duration::from_millis(rng.u64(1..3_000))).await;
    }
    if let Some(kind) = wish(&client, &view, &mut rng).await {
        let command = Command {
            id: client.command_id(),
            kind,
        };
        tell(&client, &memory, command).await;
    }
}

async fn wish(client: &Arc<dyn EngineClient>, view: &TicketView, rng: &mut Rng) -> Option<CommandKind> {
    let ticket = &view.ticket.value;
    let id = ticket.id;
    if rng.u8(..40) == 0 {
        return Some(hold(ticket, rng));
    }
    let cancel = |rng: &mut Rng| {
        CommandKind::TicketCancel {
            id,
            leftovers: rng.choice([None, Some(Leftovers::KeepPaused), Some(Leftovers::Archive)])?,
            reason: String::new(),
        }
        .into()
    };
    let qa = || CommandKind::TicketSubmitQa {
        id,
        run: QaRunId::new(client.new_uuid()),
    };
    match (ticket.status, rng.u8(..100)) {
        (Status::Draft | Status::QaFailed, 0..90) => Some(qa()),
        (Status::QaTesting, 0..10) | (Status::ReadyForApi, 85..88) => Some(CommandKind::TicketWithdraw { id }),
        (Status::ReadyForApi, 0..85) => Some(CommandKind::TicketDeploy {
            id,
            deploy: DeployId::new(client.new_uuid()),
            not_before: (rng.u8(..6) == 0).then(|| client.now().plus(Duration::from_secs(rng.u64(1..900)))),
        }),
        (Status::Failed, 0..50) => Some(CommandKind::TicketRetry { id }),
        (Status::Failed, 50..60) | (Status::Draft | Status::ReadyForApi, 99) => cancel(rng),
        (Status::Deploying, _) => deploying(view, rng),
        (Status::TraffickedSuccess, 0..25) if ticket.request == RequestType::Create => change(client, ticket, rng),
        (Status::Draft | Status::QaFailed | Status::QaTesting | Status::ReadyForApi | Status::Failed, 90..99) => {
            let patch = edit(client, ticket, rng).await;
            Some(CommandKind::TicketEdit {
                id,
                version: view.ticket.version,
                patch,
            })
        }
        _ => None,
    }
}

fn deploying(view: &TicketView, rng: &mut Rng) -> Option<CommandKind> {
    let id = view.ticket.value.id;
    let deploy = view.deploy.as_ref()?;
    if let Some(step) = deploy.steps.iter().find(|s| s.state == StepState::NeedsOperator)
        && rng.u8(..3) > 0
    {
        return Some(CommandKind::DeployResolve {
            id,
            step: step.key.clone(),
            resolution: answer(deploy, rng)?,
            reason: String::new(),
            evidence: None,
        });
    }
    match rng.u8(..100) {
        _ if deploy.paused_by.is_some() && rng.bool() => Some(CommandKind::DeployResume { id }),
        0..6 => Some(CommandKind::DeployPause { id }),
        6..10 => Some(CommandKind::DeployRecall { id }),
        10..25 => Some(CommandKind::TicketRetry { id }),
        25..29 => Some(CommandKind::TicketCancel {
            id,
            leftovers: rng.choice([None, Some(Leftovers::KeepPaused), Some(Leftovers::Archive)])?,
            reason: "called off".into(),
        }),
        29..31 => Some(CommandKind::TicketEdit {
            id,
            version: view.ticket.version,
            patch: TicketPatch {
                priority: rng.choice([Priority::Low, Priority::Normal, Priority::High]),
                ..TicketPatch::default()
            },
        }),
        _ => None,
    }
}

/// Right or wrong, as people's answers are.
fn answer(deploy: &Deploy, rng: &mut Rng) -> Option<Resolution> {
    let step = deploy.steps.iter().find(|s| s.state == StepState::NeedsOperator)?;
    let seen: Vec<_> = step
        .attempts
        .iter()
        .flat_map(|a| &a.reads)
        .flat_map(|r| &r.ids)
        .collect();
    match rng.u8(..4) {
        0 => Some(Resolution::NoneExists),
        1 => Some(Resolution::Abandon),
        2 => Some(Resolution::Proceed),
        _ => Some(Resolution::Adopt {
            id: (*rng.choice(seen.iter())?).clone(),
            force: false,
        }),
    }
}

fn hold(ticket: &Ticket, rng: &mut Rng) -> CommandKind {
    let scope = match rng.u8(..3) {
        0 => HoldScope::Everything,
        1 => HoldScope::Platform(ticket.platform),
        _ => HoldScope::Account(ticket.platform, ticket.account.clone()),
    };
    if rng.u8(..3) == 0 {
        CommandKind::HoldPlace {
            scope,
            reason: "audit".into(),
        }
    } else {
        CommandKind::HoldRelease { scope }
    }
}

async fn edit(client: &Arc<dyn EngineClient>, ticket: &Ticket, rng: &mut Rng) -> TicketPatch {
    let creates = ticket.request == RequestType::Create;
    TicketPatch {
        payload: if creates && rng.bool() {
            Some(agency::payload(client, ticket.platform, rng.u8(..2)).await)
        } else {
            None
        },
        budget: (ticket.budget.is_some() && rng.u8(..3) == 0).then(|| Some(agency::budget(rng.u32(1..4) * 60))),
        notes: Some(format!("seen {}", rng.u16(..))),
        ..TicketPatch::default()
    }
}

/// A change of what is live.
fn change(client: &Arc<dyn EngineClient>, of: &Ticket, rng: &mut Rng) -> Option<CommandKind> {
    let request = rng.choice([
        RequestType::UpdateBudget,
        RequestType::Pause,
        RequestType::Resume,
        RequestType::Archive,
    ])?;
    let budget = (request == RequestType::UpdateBudget).then(|| agency::budget(rng.u32(2..9) * 30));
    Some(CommandKind::TicketCreate(NewTicket {
        id: TicketId::new(client.new_uuid()),
        campaign: of.campaign,
        channel: of.channel,
        account: Some(of.account.clone()),
        request,
        target: Some(of.no),
        budget,
        flight: None,
        payload: CanonicalJson::new(&serde_json::json!({})),
        notes: String::new(),
        assignee: String::new(),
        priority: Priority::Normal,
    }))
}
