//! What must hold at the end of every run.

use std::collections::{BTreeMap, BTreeSet};

use omnitraffick::{
    engine::{
        api::TicketView,
        deploy::ledger,
        model::{
            deploy::{DeployState, Leftovers, StepAction, StepState, Why},
            event::{Event, EventKind, Seq},
            ids::CommandId,
            platform::{AccountId, ObjectKind, PlatformId},
            ticket::{RequestType, Status},
            time::Timestamp,
        },
    },
    platforms::sandbox::world::ObjectView,
};

/// Everything there is to look at once a run is at rest.
pub struct Evidence<'e> {
    pub views: &'e [TicketView],
    pub objects: &'e [ObjectView],
    pub events: &'e [Event],
    pub acknowledged: &'e [(CommandId, Seq)],
    /// Bodies of requests the platform itself carried out twice.
    pub twins: &'e [String],
    pub now: Timestamp,
    /// The platforms make objects paused when they are told to.
    pub obeys: bool,
}

/// Every promise that was broken, in words.
pub fn judge(e: &Evidence<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    at_most_one_object(e, &mut wrong);
    the_ledger_agrees(e, &mut wrong);
    no_event_is_missing(e, &mut wrong);
    for view in e.views {
        ends_or_asks(view, e.now, &mut wrong);
    }
    delivery_is_what_was_asked(e, &mut wrong);
    wrong
}

/// What is live delivers, and what never got as far as its activation does not.
fn delivery_is_what_was_asked(e: &Evidence<'_>, wrong: &mut Vec<String>) {
    let there: BTreeMap<_, _> = e.objects.iter().map(|o| ((o.platform, &o.id), o)).collect();
    for view in e.views {
        let t = &view.ticket.value;
        let changed = e.views.iter().any(|v| {
            let target = v.ticket.value.target.as_ref();
            target.is_some_and(|target| target.ticket == t.id)
        });
        let Some(deploy) = view
            .deploy
            .as_ref()
            .filter(|_| t.request == RequestType::Create && !changed)
        else {
            continue;
        };
        let top = t
            .created
            .iter()
            .find(|c| matches!(c.kind, ObjectKind::Campaign | ObjectKind::Tree));
        let Some(top) = top.and_then(|c| there.get(&(t.platform, &c.external_id))) else {
            continue;
        };
        let delivers = ["ACTIVE", "ENABLE"].iter().any(|w| top.effective_status.contains(w));
        // An earlier deploy of the ticket may have got further than the last.
        let label = t.no.to_string();
        let starts = e
            .events
            .iter()
            .filter(|e| e.kind == EventKind::DeployStarted && e.subject.label == label);
        let tried = starts.count() > 1
            || deploy
                .steps
                .iter()
                .any(|s| s.key.starts_with("activate") && !s.attempts.is_empty());
        if t.status == Status::TraffickedSuccess && !delivers {
            wrong.push(format!(
                "ticket {} is live and {} is {}",
                t.no, top.id, top.effective_status
            ));
        }
        if matches!(t.status, Status::Failed | Status::Cancelled) && !tried && delivers && e.obeys {
            wrong.push(format!(
                "ticket {} is {} and {} is {}",
                t.no, t.status, top.id, top.effective_status
            ));
        }
    }
}

type Place<'o> = (PlatformId, &'o AccountId, ObjectKind, &'o str);

fn at_most_one_object(e: &Evidence<'_>, wrong: &mut Vec<String>) {
    let mut made: BTreeMap<Place<'_>, Vec<&str>> = BTreeMap::new();
    for o in e.objects.iter().filter(|o| !o.name.is_empty()) {
        made.entry((o.platform, &o.account, o.kind, &o.name))
            .or_default()
            .push(&o.id.0);
    }
    for ((platform, account, kind, name), ids) in made {
        let quoted = format!("\"{name}\"");
        let allowed = 1 + e.twins.iter().filter(|t| t.contains(&quoted)).count();
        if ids.len() > allowed {
            wrong.push(format!(
                "twins: {platform} {account} {kind} {name} exists as {}",
                ids.join(", ")
            ));
        }
    }
}

fn the_ledger_agrees(e: &Evidence<'_>, wrong: &mut Vec<String>) {
    let there: BTreeMap<_, _> = e.objects.iter().map(|o| ((o.platform, &o.id), o)).collect();
    let mut owned = BTreeSet::new();
    for view in e.views {
        let t = &view.ticket.value;
        for made in &t.created {
            match there.get(&(t.platform, &made.external_id)) {
                Some(o) if o.name == made.name || made.name.is_empty() => {}
                Some(o) => wrong.push(format!(
                    "ticket {}: {} is called {} there",
                    t.no, made.external_id, o.name
                )),
                None => wrong.push(format!(
                    "ticket {}: {} {} does not exist",
                    t.no, made.kind, made.external_id
                )),
            }
            if !owned.insert((t.platform, &made.external_id)) {
                wrong.push(format!("{} belongs to two tickets", made.external_id));
            }
        }
        if let Some(deploy) = &view.deploy {
            for step in &deploy.steps {
                let object = step.external_id.as_ref().and_then(|id| there.get(&(t.platform, id)));
                let archived = step.key.starts_with("archive_") && step.state == StepState::Confirmed;
                if archived
                    && deploy.cancel == Some(Leftovers::Archive)
                    && let Some(o) = object
                    && !gone(&o.effective_status)
                {
                    wrong.push(format!(
                        "ticket {}: {} is {} though archived",
                        t.no, o.id, o.effective_status
                    ));
                }
            }
        }
    }
    orphans(e, &owned, wrong);
}

/// Google Ads shows its customers with and without hyphens.
fn bare(account: &AccountId) -> String {
    account.as_str().replace('-', "")
}

fn gone(status: &str) -> bool {
    ["ARCHIVED", "DELETE", "REMOVED"].iter().any(|w| status.contains(w))
}

/// Objects of which no ticket knows, though no question about them was ever left open.
fn orphans(
    e: &Evidence<'_>,
    owned: &BTreeSet<(PlatformId, &omnitraffick::engine::model::platform::ExternalId)>,
    wrong: &mut Vec<String>,
) {
    for o in e
        .objects
        .iter()
        .filter(|o| !o.name.is_empty() && !owned.contains(&(o.platform, &o.id)))
    {
        let quoted = format!("\"{}\"", o.name);
        if e.twins.iter().any(|t| t.contains(&quoted)) {
            continue;
        }
        let whose = e.views.iter().find(|v| {
            let t = &v.ticket.value;
            t.platform == o.platform
                && bare(&t.account) == bare(&o.account)
                && t.request == RequestType::Create
                && o.name.starts_with(&t.name)
        });
        let Some(view) = whose else {
            wrong.push(format!("{} {} {} belongs to no ticket", o.kind, o.id, o.name));
            continue;
        };
        let open = view.deploy.as_ref().is_some_and(|d| {
            d.steps
                .iter()
                .any(|s| s.is_in_doubt() || s.state == StepState::NeedsOperator || ledger::may_exist(s))
        });
        if !open {
            let t = &view.ticket.value;
            wrong.push(format!(
                "ticket {} ({}) forgot {} {} {}",
                t.no, t.status, o.kind, o.id, o.name
            ));
        }
    }
}

fn no_event_is_missing(e: &Evidence<'_>, wrong: &mut Vec<String>) {
    if let Some((n, event)) = (1_u64..).zip(e.events).find(|(n, event)| event.seq.0 != *n) {
        wrong.push(format!("event {n} is called {}", event.seq));
    }
    let mut commands = BTreeSet::new();
    for event in e.events {
        if !commands.insert(event.command) {
            wrong.push(format!("command {} was carried out twice", event.command));
        }
    }
    let by_seq: BTreeMap<_, _> = e.events.iter().map(|event| (event.seq, event.command)).collect();
    for (command, seq) in e.acknowledged {
        if by_seq.get(seq) != Some(command) {
            wrong.push(format!("acknowledged commit {seq} of command {command} is not there"));
        }
    }
}

/// A ticket that is not over says why, with a time that is not past or a person.
fn ends_or_asks(view: &TicketView, now: Timestamp, wrong: &mut Vec<String>) {
    let t = &view.ticket.value;
    let over = !t.status.is_open();
    if let Some(deploy) = &view.deploy
        && over
        && t.deploy == Some(deploy.id)
        && deploy.state == DeployState::Open
    {
        wrong.push(format!("ticket {} is {} and its deploy open", t.no, t.status));
    }
    if t.status == Status::TraffickedSuccess
        && let Some(deploy) = &view.deploy
    {
        let without = |s: &&omnitraffick::engine::model::deploy::Step| {
            s.state != StepState::Confirmed || (s.action == StepAction::Create && s.external_id.is_none())
        };
        if let Some(step) = deploy.steps.iter().find(without) {
            wrong.push(format!("ticket {} is live and {} is {:?}", t.no, step.key, step.state));
        }
    }
    speaks(view, wrong);
    if t.status == Status::Deploying {
        let asks = view.why.as_ref().is_some_and(|w| w.person.is_some());
        // An account that is out of quota again every day is waited for as long.
        let parked = view.why.as_ref().is_some_and(|w| {
            matches!(w.why, Some(Why::Parked { .. } | Why::RateLimited { .. })) && w.next_at.is_some_and(|at| at > now)
        });
        if !asks && !parked {
            wrong.push(format!("ticket {} never came to an end: {:?}", t.no, view.why));
        }
        if let Some(at) = view.why.as_ref().and_then(|w| w.next_at)
            && at.plus(std::time::Duration::from_secs(65)) < now
        {
            wrong.push(format!("ticket {} is overdue since {at}", t.no));
        }
    }
}

/// Holds at every moment, not only at rest: an open ticket has a time or a person.
pub fn speaks(view: &TicketView, wrong: &mut Vec<String>) {
    let t = &view.ticket.value;
    let said = view
        .why
        .as_ref()
        .is_some_and(|w| w.next_at.is_some() || w.person.is_some());
    if t.status.is_open() && !said {
        wrong.push(format!(
            "ticket {} ({}) has neither time nor person: {:?}",
            t.no, t.status, view.why
        ));
    }
}
