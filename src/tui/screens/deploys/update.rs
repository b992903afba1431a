//! What the deploys screen does.

use super::{
    answer, hold, log,
    model::{Pane, geometry},
    priority,
};
use crate::{
    engine::{
        api::{ApiError, CommandKind, Reply, Request, filter::Filter},
        model::{ids::TicketId, ticket::Status},
    },
    tui::{
        app::{Effect, Model, gate, gate::Intent, verbs},
        command::Cmd,
        overlay::Overlay,
        screens,
    },
};

/// Rows asked for: more than anybody reads, less than a slow line feels.
const ROWS: u32 = 300;

/// Rows that came above the view.
pub fn new_above(model: &Model) -> usize {
    let deploys = &model.screens.deploys;
    let page = geometry(model.regions().body, deploys).page;
    deploys.pick.new_above(page, deploys.rows().len())
}

/// A click selects the deploy under it.
pub fn click(model: &mut Model, x: u16, y: u16) -> Vec<Effect> {
    let place = geometry(model.regions().body, &model.screens.deploys);
    let deploys = &mut model.screens.deploys;
    let Some(row) = screens::clicked_row(place.queue, x, y) else {
        return Vec::new();
    };
    let ids = deploys.ids();
    if !deploys.pick.click(&ids, row, place.page) {
        return Vec::new();
    }
    deploys.pane = Pane::Queue;
    ask_detail(model)
}

/// Asks for the queue.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let deploys = &mut model.screens.deploys;
    let request = Request::Deploys {
        filter: deploys.filter.clone(),
        finished: deploys.finished,
        limit: ROWS,
    };
    deploys.slot.ask(request, mono)
}

/// The queue's answer.
pub fn reply(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let deploys = &mut model.screens.deploys;
    let before = deploys.picked().map(|r| (r.ticket, r.no));
    let (fresh, mut effects) = deploys.slot.answer(generation, result, mono, |r| match r {
        Reply::Deploys(rows) => Some(rows),
        _ => None,
    });
    if !fresh {
        return effects;
    }
    if let Some(found) = deploys.slot.get_mut() {
        // Trouble first: a stopped account must not hide below the ones that run.
        found.lanes.sort_by_key(|l| l.stopped.is_none());
    }
    let ids = deploys.ids();
    let lost = deploys.pick.sync(&ids);
    let lane_ids = deploys.lane_ids();
    deploys.lane.sync(&lane_ids);
    if let Some((_, no)) = before.filter(|(id, _)| Some(*id) == lost) {
        screens::say_left(model, no, "left the queue; ' shows finished ones");
    }
    model.screens.deploys.detail.mark_stale();
    effects.extend(ask_detail(model));
    effects
}

/// Asks for the selected deploy's detail, if what is at hand is old or another's.
fn ask_detail(model: &mut Model) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let deploys = &mut model.screens.deploys;
    let Some(id) = deploys.pick.id() else {
        return Vec::new();
    };
    if deploys.detail_of(id).is_some() && !deploys.detail.is_stale() {
        return Vec::new();
    }
    deploys.detail.ask(Request::Ticket(id), mono)
}

/// The detail's answer; opens what waits for it.
pub fn detail(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let deploys = &mut model.screens.deploys;
    let (fresh, effects) = deploys.detail.answer(generation, result, mono, |r| match r {
        Reply::Ticket(t) => Some(*t),
        _ => None,
    });
    if deploys.detail.loading_since().is_some() {
        return effects;
    }
    let Some(id) = deploys.opening.take() else {
        return effects;
    };
    if let Some(error) = deploys.detail.failure().cloned() {
        model.say_error("attempts", &error);
    } else if let Some(view) = deploys.detail_of(id).cloned().filter(|_| fresh) {
        match answer::picker(&view) {
            Some(picker) => model.open(Overlay::Picker(picker)),
            None => log::open(model, &view),
        }
    }
    effects
}

/// Shows the attempts of a deploy, or the question about it, from a fresh detail.
fn open_detail(model: &mut Model, id: TicketId) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let deploys = &mut model.screens.deploys;
    deploys.opening = Some(id);
    deploys.detail.ask(Request::Ticket(id), mono)
}

/// Sets the filter.
pub fn filter(model: &mut Model, text: &str) -> Result<Vec<Effect>, String> {
    model.screens.deploys.filter = Filter::parse(text)?;
    model.screens.deploys.pick.reset();
    Ok(ask(model))
}

/// A command.
pub fn run(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::DeployPane => {
            let deploys = &mut model.screens.deploys;
            deploys.pane = match deploys.pane {
                Pane::Queue => Pane::Lanes,
                Pane::Lanes => Pane::Queue,
            };
            Vec::new()
        }
        Cmd::DeployFinished => {
            model.screens.deploys.pick.other_list();
            model.screens.deploys.finished = !model.screens.deploys.finished;
            ask(model)
        }
        Cmd::DeployHold => hold::run(model),
        _ => match screens::movement(cmd) {
            Some(step) => {
                let place = geometry(model.regions().body, &model.screens.deploys);
                let deploys = &mut model.screens.deploys;
                match deploys.pane {
                    Pane::Queue => {
                        let ids = deploys.ids();
                        deploys.pick.step(&ids, step, place.page);
                        ask_detail(model)
                    }
                    Pane::Lanes => {
                        let ids = deploys.lane_ids();
                        deploys.lane.step(&ids, step, place.lane_page);
                        Vec::new()
                    }
                }
            }
            None => verb(model, cmd),
        },
    }
}

/// A verb on the selected deploy. The gate has admitted it.
fn verb(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    let Some(card) = model.screens.deploys.selected().cloned() else {
        return Vec::new();
    };
    let (id, no) = (card.ticket, card.no);
    match cmd {
        Cmd::DeployOpen | Cmd::DeployAnswer => open_detail(model, id),
        Cmd::DeployTicket => screens::detail::update::open(model, id),
        Cmd::DeployPriority => {
            priority::open(model);
            Vec::new()
        }
        Cmd::DeployWhy => verbs::why(model, id),
        Cmd::DeployRetry => {
            let next = if card.status == Status::Failed {
                "It goes on where it stopped; what exists is kept, nothing is created twice."
            } else {
                "It drops the wait and tries at once. A step whose outcome is unknown is looked up, never re-sent."
            };
            let mut next = vec![next.to_owned()];
            if !card.last.is_empty() {
                next.push(format!("The platform said last: {}", card.last));
            }
            let intent = Intent::new(
                model,
                CommandKind::TicketRetry { id },
                format!("retry {no}"),
                format!("{no} goes on now"),
            )
            .asks(format!("Retry {no} {}?", card.name), next, no.to_string());
            gate::pass(model, cmd.record().danger, intent)
        }
        Cmd::DeployCancel => {
            let may_exist = !card.ids.is_empty() || card.status == Status::Deploying;
            verbs::open_cancel(model, id, format!("{no} {}", card.name), may_exist);
            Vec::new()
        }
        _ => Vec::new(),
    }
}
