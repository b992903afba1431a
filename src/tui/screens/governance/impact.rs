//! What a change would touch, asked of the engine before it is done.
//!
//! Removing asks first whether anything refers to the value; if so, retiring is offered instead. A change of a code in
//! use, or retiring a value in use, says what it leaves alone and what it changes.

use super::model::RowId;
use crate::{
    engine::{
        api::{
            ApiError, BrandPatch, CampaignPatch, ChannelPatch, Command, CommandKind, Impact, MarketPatch, Reply,
            Request,
        },
        model::{ids::CommandId, refusal::RefusalCode, ticket::Status},
    },
    tui::{
        app::{Effect, Model, effect::SlotId, gate, gate::Intent, slot::Slot, toast::Tone},
        command::Danger,
        overlay::Overlay,
        ui::grouped,
    },
};

/// What retiring means.
const RETIRED: &str = "A retired value stays readable and cannot be used for anything new; e brings it back.";

/// Why it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Remove it; if that is refused, this retires it. `None` where nothing can be retired or is already.
    Remove {
        /// Retires it.
        retire: Option<Box<CommandKind>>,
    },
    /// A form's change of a code or of being retired.
    Change {
        /// The code it gets, if it gets another.
        to: Option<String>,
    },
}

/// The question on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    /// The command it is about.
    pub kind: CommandKind,
    /// `market UK`.
    pub title: String,
    /// The code as it is: to be typed when the change reaches outside.
    pub code: String,
    /// Why.
    pub wish: Wish,
}

impl Asking {
    const fn is_change(&self) -> bool {
        matches!(self.wish, Wish::Change { .. })
    }
}

/// The latest question and its answer.
#[derive(Debug)]
pub struct Impacts {
    slot: Slot<Impact>,
    asking: Option<Asking>,
}

impl Default for Impacts {
    fn default() -> Self {
        Self {
            slot: Slot::new(SlotId::Impact),
            asking: None,
        }
    }
}

/// Asks what a command would touch.
pub fn ask(model: &mut Model, asking: Asking) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let command = Command {
        id: CommandId::new(model.stamp.ids.mint()),
        kind: asking.kind.clone(),
    };
    let impacts = &mut model.screens.governed.impacts;
    impacts.asking = Some(asking);
    impacts.slot.ask(Request::Impact(Box::new(command)), mono)
}

/// Asks what removing a governed value would touch.
pub fn ask_remove(model: &mut Model, id: &RowId) -> Vec<Effect> {
    let Some(asking) = removal(model, id) else {
        return Vec::new();
    };
    ask(model, asking)
}

fn removal(model: &Model, row: &RowId) -> Option<Asking> {
    let g = model.screens.facts.governance.get()?;
    let (kind, title, code, retire) = match row {
        RowId::Market(id) => {
            let seen = g.markets.iter().find(|m| m.value.id == *id)?;
            let (id, version, m) = (*id, seen.version, &seen.value);
            let patch = MarketPatch {
                retired: Some(true),
                ..MarketPatch::default()
            };
            let retire = (!m.retired).then_some(CommandKind::MarketUpdate { id, version, patch });
            let kind = CommandKind::MarketDelete { id, version };
            (kind, format!("market {}", m.code), m.code.to_string(), retire)
        }
        RowId::Brand(id) => {
            let seen = g.brands.iter().find(|b| b.value.id == *id)?;
            let (id, version, b) = (*id, seen.version, &seen.value);
            let patch = BrandPatch {
                retired: Some(true),
                ..BrandPatch::default()
            };
            let retire = (!b.retired).then_some(CommandKind::BrandUpdate { id, version, patch });
            let kind = CommandKind::BrandDelete { id, version };
            (kind, format!("brand {}", b.code), b.code.to_string(), retire)
        }
        RowId::Channel(id) => {
            let seen = g.channels.iter().find(|c| c.value.id == *id)?;
            let (id, version, c) = (*id, seen.version, &seen.value);
            let patch = ChannelPatch {
                retired: Some(true),
                ..ChannelPatch::default()
            };
            let retire = (!c.retired).then_some(CommandKind::ChannelUpdate { id, version, patch });
            let kind = CommandKind::ChannelDelete { id, version };
            (kind, format!("channel {}", c.code), c.code.to_string(), retire)
        }
        RowId::Account(id, account) => {
            let seen = g.channels.iter().find(|c| c.value.id == *id)?;
            let patch = ChannelPatch {
                remove_accounts: vec![account.clone()],
                ..ChannelPatch::default()
            };
            let kind = CommandKind::ChannelUpdate {
                id: *id,
                version: seen.version,
                patch,
            };
            let title = format!("account {account} of channel {}", seen.value.code);
            (kind, title, account.to_string(), None)
        }
    };
    Some(Asking {
        kind,
        title,
        code,
        wish: Wish::Remove {
            retire: retire.map(Box::new),
        },
    })
}

/// Asks what removing the selected campaign would touch.
pub fn ask_remove_campaign(model: &mut Model) -> Vec<Effect> {
    let Some(row) = model.screens.selected_campaign() else {
        return Vec::new();
    };
    let (id, version) = (row.campaign.value.id, row.campaign.version);
    let patch = CampaignPatch {
        retired: Some(true),
        ..CampaignPatch::default()
    };
    let retire = (!row.campaign.value.retired).then(|| Box::new(CommandKind::CampaignUpdate { id, version, patch }));
    let asking = Asking {
        kind: CommandKind::CampaignDelete { id, version },
        title: format!("campaign {}", row.name),
        code: row.name.clone(),
        wish: Wish::Remove { retire },
    };
    ask(model, asking)
}

/// The answer: asks the person, or says why it cannot be.
pub fn reply(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let impacts = &mut model.screens.governed.impacts;
    let (fresh, mut effects) = impacts.slot.answer(generation, result, mono, |r| match r {
        Reply::Impact(i) => Some(*i),
        _ => None,
    });
    if impacts.slot.loading_since().is_some() {
        return effects;
    }
    let failure = impacts.slot.failure().cloned();
    let impact = impacts.slot.get().cloned();
    let Some(asking) = impacts.asking.take() else {
        return effects;
    };
    let form = match model.overlays.last_mut() {
        Some(Overlay::Form(form)) if asking.is_change() => Some(&mut form.form),
        _ => None,
    };
    let from_form = form.is_some();
    if let Some(form) = form {
        form.busy = false;
        if let Some(refusal) = impact.as_ref().filter(|_| fresh).and_then(|i| i.refusal.as_ref()) {
            form.refuse(refusal);
            return effects;
        }
    } else if asking.is_change() {
        // The form was left while the question was on its way: nothing is wanted any more.
        return effects;
    }
    match (failure, impact) {
        (None, Some(impact)) if fresh => effects.extend(decide(model, asking, &impact, from_form)),
        (Some(error), _) => model.say_error(&asking.title, &error),
        _ => {}
    }
    effects
}

fn decide(model: &mut Model, asking: Asking, impact: &Impact, from_form: bool) -> Vec<Effect> {
    let Asking {
        kind,
        title,
        code,
        wish,
    } = asking;
    let in_use = impact.refusal.as_ref().filter(|r| r.code == RefusalCode::InUse);
    match (wish, &impact.refusal) {
        (Wish::Change { to }, _) => {
            let used = impact.campaigns > 0 || impact.tickets.iter().any(|(_, n)| *n > 0);
            let mut next = lines(impact, true);
            let (question, last) = match to {
                Some(to) => (
                    format!("Change {title} to {to}?"),
                    format!("{code} stays known, so old names still parse."),
                ),
                None => (format!("Retire {title}?"), RETIRED.to_owned()),
            };
            next.push(last);
            let intent = Intent::new(model, kind, format!("change {title}"), format!("{title} is changed"));
            let mut intent = intent.asks(question, next, code).counted(impact);
            if from_form {
                intent = intent.from_form();
            }
            let danger = if used { Danger::Outward } else { Danger::Undoable };
            gate::pass(model, danger, intent)
        }
        (Wish::Remove { .. }, None) => {
            let next = vec!["Nothing refers to it. The audit trail keeps what it was.".to_owned()];
            let intent = Intent::new(model, kind, format!("delete {title}"), format!("{title} is deleted")).asks(
                format!("Delete {title}?"),
                next,
                code,
            );
            gate::pass(model, Danger::Hard, intent.counted(impact))
        }
        (Wish::Remove { retire: Some(retire) }, Some(_)) if in_use.is_some() => {
            let mut next = vec![format!("It cannot be deleted: {}.", reasons(impact))];
            next.extend(lines(impact, false));
            next.push(RETIRED.to_owned());
            let intent = Intent::new(model, *retire, format!("retire {title}"), format!("{title} is retired")).asks(
                format!("Retire {title} instead of deleting it?"),
                next,
                code,
            );
            gate::pass(model, Danger::Hard, intent.counted(impact))
        }
        (Wish::Remove { .. }, Some(refusal)) => {
            let error = ApiError::from(refusal.clone());
            let (reason, remedy) = crate::tui::app::toast::explain(&error);
            model.say(Tone::Warn, &format!("{title} cannot be deleted: {reason}"), &remedy);
            Vec::new()
        }
    }
}

fn reasons(impact: &Impact) -> String {
    let problems = impact.refusal.iter().flat_map(|r| &r.problems);
    problems.map(|p| p.reason.clone()).collect::<Vec<_>>().join("; ")
}

/// Counts and consequences, a line each, with the number of the commit they were counted at.
fn lines(impact: &Impact, with_campaigns: bool) -> Vec<String> {
    let mut out = Vec::new();
    if with_campaigns && impact.campaigns > 0 {
        out.push(format!("{} campaigns refer to it.", grouped(impact.campaigns)));
    }
    if impact.lines.is_empty() {
        let counted = impact.tickets.iter().filter(|(s, n)| *n > 0 && *s != Status::Cancelled);
        out.extend(counted.map(|(status, n)| format!("{} {status}", grouped(*n))));
    }
    out.extend(impact.lines.iter().cloned());
    out.push(format!("Counted by the engine at entry {}.", grouped(impact.at.0)));
    out
}
