//! What a verb on the selected ticket becomes. The words of its question live here too.

use super::{
    approval,
    effect::{Effect, Origin},
    gate,
    gate::Intent,
    model::Model,
};
use crate::{
    engine::{
        api::{CommandKind, Request, TicketPatch, card::Card},
        model::{
            deploy::Leftovers,
            ids::{DeployId, QaRunId, TicketId, TicketNo},
            money::BudgetKind,
            ticket::{Priority, RequestType, Status},
        },
    },
    tui::{
        bulk,
        command::{Cmd, available},
        form::{Choice, Field, Form},
        overlay::{FormFor, FormOverlay, Overlay, PickFor, Picker, Prompt, PromptFor},
        screens,
        screens::facts::Then,
    },
};

/// Runs a ticket verb on the selected ticket. The gate has admitted it.
pub fn run(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    if bulk::marks::are_meant(model) && cmd.record().bulk {
        return bulk::ask::verb(model, cmd);
    }
    let Some(card) = screens::selected_card(model).cloned() else {
        return Vec::new();
    };
    run_on(model, cmd, &card)
}

/// Runs a ticket verb on a ticket.
pub fn run_on(model: &mut Model, cmd: Cmd, card: &Card) -> Vec<Effect> {
    match cmd {
        Cmd::TicketMove => {
            open_moves(model);
            return Vec::new();
        }
        Cmd::TicketCancel => {
            let may_exist = card.objects > 0 || card.status == Status::Deploying;
            open_cancel(model, card.id, format!("{} {}", card.no, card.name), may_exist);
            return Vec::new();
        }
        Cmd::TicketCare => {
            open_care(model, card);
            return Vec::new();
        }
        Cmd::TicketAsk => return screens::copilot::update::about(model, card),
        Cmd::TicketApprove | Cmd::TicketDecline => return approval::judge(model, cmd, card),
        Cmd::TicketComment => {
            approval::ask_comment(model, card);
            return Vec::new();
        }
        Cmd::TicketWhy => return why(model, card.id),
        Cmd::TicketValidate => return screens::outside::validate(model, card),
        Cmd::TicketEdit => {
            let mut effects = screens::detail::update::open(model, card.id);
            // The gate judged the list's row; the ticket itself may still be on its way.
            effects.extend(screens::detail::edit::open_admitted(model, None));
            return effects;
        }
        Cmd::TicketClone => return screens::facts::when_known(model, Then::Clone(Box::new(card.clone()))),
        Cmd::CopyNo => return vec![Effect::Copy(card.no.to_string())],
        Cmd::CopyName => return vec![Effect::Copy(card.name.clone())],
        _ => {}
    }
    let Some(intent) = intent(model, cmd, card) else {
        return Vec::new();
    };
    gate::pass(model, cmd.record().danger, intent)
}

/// What a deploy reaches and spends: what somebody must see before they say yes.
pub(super) fn what_goes_out(card: &Card) -> Vec<String> {
    let budget = card.budget.map(|b| match b.kind {
        BudgetKind::Daily => format!("{} per day", b.money),
        BudgetKind::Lifetime => format!("{} in all", b.money),
    });
    let flight = card.flight.map(|f| match f.end {
        Some(end) => format!("{} .. {end}", f.start),
        None => format!("from {} without an end", f.start),
    });
    let spent: Vec<String> = budget.into_iter().chain(flight).collect();
    let mut lines = vec![format!(
        "{} on {}, account {}.",
        card.request, card.platform, card.account
    )];
    if !spent.is_empty() {
        lines.push(format!("{}.", spent.join(", ")));
    }
    let governed = format!(
        "Brand {}, market {}, channel {}.",
        card.brand, card.market, card.channel
    );
    lines.extend([governed, format!("Name {}.", card.name)]);
    lines
}

fn intent(model: &mut Model, cmd: Cmd, card: &Card) -> Option<Intent> {
    let (id, no, name) = (card.id, card.no, &card.name);
    let word = no.to_string();
    Some(match cmd {
        Cmd::TicketWatch => {
            let watch = !card.watchers.iter().any(|name| **name == *model.session.me());
            let kind = CommandKind::TicketWatch { id, watch };
            let (label, done) = if watch {
                (format!("watch {no}"), format!("you hear of {no} from now on"))
            } else {
                (format!("unwatch {no}"), format!("you do not hear of {no} any more"))
            };
            Intent::new(model, kind, label, done)
        }
        Cmd::TicketQa => {
            let run = QaRunId::new(model.stamp.ids.mint());
            let kind = CommandKind::TicketSubmitQa { id, run };
            Intent::new(model, kind, format!("QA {no}"), format!("QA runs on {no}"))
        }
        Cmd::TicketDeploy => {
            let deploy = DeployId::new(model.stamp.ids.mint());
            let kind = CommandKind::TicketDeploy {
                id,
                deploy,
                not_before: None,
            };
            let mut next = what_goes_out(card);
            if card.request == RequestType::Create {
                next.push("Everything is created paused; the last step activates it.".to_owned());
            }
            Intent::new(model, kind, format!("deploy {no}"), format!("{no} is queued to deploy")).asks(
                format!("Deploy {no}?"),
                next,
                word,
            )
        }
        Cmd::TicketRetry => {
            let mut next =
                vec!["It goes on where it stands, now; what exists is kept, nothing is created twice.".to_owned()];
            next.extend(card.failure.iter().map(|f| format!("It failed with: {f}")));
            let kind = CommandKind::TicketRetry { id };
            Intent::new(model, kind, format!("retry {no}"), format!("{no} goes on")).asks(
                format!("Retry {no} {name}?"),
                next,
                word,
            )
        }
        Cmd::TicketHold if available::is_paused(card) => {
            let kind = CommandKind::DeployResume { id };
            Intent::new(model, kind, format!("resume {no}"), format!("{no} goes on"))
        }
        Cmd::TicketHold => {
            let kind = CommandKind::DeployPause { id };
            Intent::new(
                model,
                kind,
                format!("pause {no}"),
                format!("{no} stops before its next step; Z resumes"),
            )
        }
        Cmd::TicketWithdraw => {
            let kind = CommandKind::TicketWithdraw { id };
            Intent::new(
                model,
                kind,
                format!("withdraw {no}"),
                format!("{no} is a draft again; t runs QA"),
            )
        }
        Cmd::TicketDelete => {
            let kind = CommandKind::TicketDelete {
                id,
                version: card.version,
            };
            let next = vec!["The ticket goes for good; the audit trail keeps what it was.".to_owned()];
            Intent::new(model, kind, format!("delete {no}"), format!("{no} is deleted")).asks(
                format!("Delete {no} {name}?"),
                next,
                word,
            )
        }
        _ => return None,
    })
}

/// The moves of a ticket as a list; refused ones say why.
const MOVES: [Cmd; 7] = [
    Cmd::TicketWithdraw,
    Cmd::TicketQa,
    Cmd::TicketApprove,
    Cmd::TicketDecline,
    Cmd::TicketDeploy,
    Cmd::TicketRetry,
    Cmd::TicketCancel,
];

fn open_moves(model: &mut Model) {
    let options = MOVES.iter().map(|cmd| {
        let record = cmd.record();
        let refused = gate::refusal(model, *cmd);
        let detail = refused.as_deref().unwrap_or(record.doc);
        (Choice::new(record.id, record.title, detail), refused.is_some())
    });
    let picker = Picker::new("Move to", options.collect(), PickFor::Move);
    model.open(Overlay::Picker(picker));
}

/// Carries out a picked move.
pub fn run_move(model: &mut Model, id: &str) -> Vec<Effect> {
    let Some(cmd) = MOVES.into_iter().find(|c| c.record().id == id) else {
        return Vec::new();
    };
    if gate::admit(model, cmd) {
        run(model, cmd)
    } else {
        Vec::new()
    }
}

/// Asks which campaign a copy is for: a name belongs to one ticket on an account, so the same one would be refused.
pub fn open_clone(model: &mut Model, card: &Card) -> Vec<Effect> {
    let same = card.campaign.to_string();
    let change = card.request != RequestType::Create;
    let options = screens::compose::update::campaigns(&model.screens.facts)
        .into_iter()
        .filter(|c| !change || c.key == same)
        .map(|c| {
            let taken = !change && card.status != Status::Cancelled && c.key == same;
            if taken {
                let why = format!("{} has this name already", card.no);
                (Choice::new(c.key, c.title.as_str(), &why), true)
            } else {
                (c, false)
            }
        })
        .collect();
    let title = format!("Copy {} for the campaign", card.no);
    let picker = Picker::new(&title, options, PickFor::CloneInto(card.id, card.no));
    model.open(Overlay::Picker(picker));
    Vec::new()
}

/// Copies a ticket for a campaign; the copy is shown.
pub fn clone_into(model: &mut Model, id: TicketId, no: TicketNo, campaign: &str) -> Vec<Effect> {
    let new_id = TicketId::new(model.stamp.ids.mint());
    let kind = CommandKind::TicketClone {
        id,
        new_id,
        campaign: campaign.parse().ok(),
    };
    let mut intent = Intent::new(model, kind, format!("copy {no}"), format!("this is the copy of {no}"));
    intent.origin = Origin::NewTicket {
        id: new_id,
        qa: false,
        form: false,
    };
    gate::pass(model, Cmd::TicketClone.record().danger, intent)
}

/// What is needed to call a ticket off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancelling {
    /// Which.
    pub id: TicketId,
    /// Its number and name, for questions.
    pub title: String,
    /// What to do with what exists.
    pub leftovers: Option<Leftovers>,
}

/// Asks what is needed to call a ticket off: what to do with objects, if any may exist, and why.
pub fn open_cancel(model: &mut Model, id: TicketId, title: String, may_exist: bool) {
    let mut cancelling = Cancelling {
        id,
        title,
        leftovers: None,
    };
    if !may_exist {
        return ask_reason(model, cancelling);
    }
    cancelling.leftovers = Some(Leftovers::KeepPaused);
    let options = vec![
        (
            Choice::new(
                "keep",
                "Leave them paused",
                "nothing delivers; they stay on the platform",
            ),
            false,
        ),
        (
            Choice::new("archive", "Archive them", "in reverse order, ads first"),
            false,
        ),
    ];
    let title = format!("{}: objects that exist", cancelling.title);
    model.open(Overlay::Picker(Picker::new(
        &title,
        options,
        PickFor::Leftovers(cancelling),
    )));
}

/// The next question after what to do with objects: why.
pub fn ask_reason(model: &mut Model, cancelling: Cancelling) {
    let title = format!("Why is {} cancelled?", cancelling.title);
    let prompt = Prompt::new(&title, "", PromptFor::CancelReason(cancelling));
    model.open(Overlay::Prompt(prompt));
}

/// Everything is known: asks for the last time.
pub fn cancel(model: &mut Model, cancelling: Cancelling, reason: &str) -> Vec<Effect> {
    let next = match cancelling.leftovers {
        None => "Nothing of it exists on a platform.",
        Some(Leftovers::KeepPaused) => "What exists stays on the platform, paused.",
        Some(Leftovers::Archive) => "What exists is archived on the platform.",
    };
    let kind = CommandKind::TicketCancel {
        id: cancelling.id,
        leftovers: cancelling.leftovers,
        reason: reason.to_owned(),
    };
    let title = &cancelling.title;
    let intent = Intent::new(model, kind, format!("cancel {title}"), format!("{title} is called off")).asks(
        format!("Cancel {title}?"),
        vec![next.to_owned()],
        String::new(),
    );
    gate::pass(model, Cmd::TicketCancel.record().danger, intent)
}

fn open_care(model: &mut Model, card: &Card) {
    let priorities = Priority::ALL
        .iter()
        .map(|p| Choice::new(p.as_str(), p.as_str(), ""))
        .collect();
    let form = Form::new(
        &format!("{} {}", card.no, card.name),
        "Save",
        vec![
            Field::text("assignee", "Owner", 60, &card.assignee)
                .help("Login name of who takes care of it; empty for nobody."),
            Field::choice("priority", "Priority", priorities, Some(card.priority.as_str()))
                .help("Which ticket goes first on its account. Changes no content, so QA stays valid."),
        ],
    );
    let purpose = FormFor::Care {
        id: card.id,
        no: card.no,
        version: card.version,
    };
    model.open(Overlay::Form(Box::new(FormOverlay::new(form, purpose))));
}

/// Hands in who takes care of a ticket.
pub fn care(model: &mut Model, id: TicketId, no: TicketNo, version: u64) -> Vec<Effect> {
    let Some(Overlay::Form(overlay)) = model.overlays.last_mut() else {
        return Vec::new();
    };
    overlay.form.busy = true;
    let patch = TicketPatch {
        assignee: Some(overlay.form.value("assignee")),
        priority: overlay.form.value("priority").parse().ok(),
        ..TicketPatch::default()
    };
    let kind = CommandKind::TicketEdit { id, version, patch };
    let intent = Intent::new(model, kind, format!("save {no}"), format!("{no} is saved")).from_form();
    gate::pass(model, Cmd::TicketCare.record().danger, intent)
}

/// Asks why a ticket is where it is; the answer opens a text.
pub fn why(model: &mut Model, id: TicketId) -> Vec<Effect> {
    let at = model.stamp.mono;
    model.screens.why.ask(Request::Ticket(id), at)
}
