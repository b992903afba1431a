//! The proposal under the findings: each field before and after, QA before and after, what it rests on, who has the same
//! trouble; and the verbs that ask for one, apply it and decline it.

use super::{ledger::Look, model::Detail};
use crate::{
    engine::{
        api::{
            ApiError, CommandKind, Reply, Request,
            asking::WouldSend,
            proposal::{AskModel, HealAsk, ProposalAsk, ProposalView},
        },
        model::{
            ids::{CommandId, TicketId},
            proposal::{ProposalNo, Standing, Witness},
            ticket::{Finding, Severity, Status},
        },
    },
    tui::{
        app::{
            Effect, Model,
            gate::{self, Intent},
            toast::explain,
        },
        command::Cmd,
        theme::Role,
        ui::text::{Line, wrap},
    },
};

/// What is known of proposals for the ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suggested {
    /// There is none that could be applied.
    None,
    /// There is one, and it is asked for.
    Named(ProposalNo),
    /// Here it is, with what was told beside it: what it leaves to a person.
    View(Box<ProposalView>, Vec<String>),
    /// A fix was looked for in vain: why.
    Told(Vec<String>),
    /// No rule knows a fix; a model may be asked, and this is what it would be sent.
    Offered(TicketId, Vec<String>, Box<WouldSend>),
}

impl Suggested {
    fn of(reply: Reply) -> Option<Self> {
        match reply {
            Reply::Proposals(rows) => {
                let open = rows.iter().find(|r| r.standing == Standing::Open);
                Some(open.map_or(Self::None, |r| Self::Named(r.proposal.no)))
            }
            Reply::Proposal(view) if view.standing == Standing::Open => Some(Self::View(view, Vec::new())),
            Reply::Proposal(_) => Some(Self::None),
            Reply::Healing(healing) => Some(match (healing.proposal, healing.would_send) {
                (Some(view), _) => Self::View(view, healing.told),
                (None, Some(sends)) => Self::Offered(healing.ticket, healing.told, sends),
                (None, None) => Self::Told(healing.told),
            }),
            _ => None,
        }
    }
}

/// The proposal that can be applied now.
pub fn open(detail: &Detail) -> Option<&ProposalView> {
    let ticket = detail.view()?.ticket.value.id;
    match detail.proposal.get() {
        Some(Suggested::View(view, _)) if view.proposal.ticket == ticket => Some(view),
        _ => None,
    }
}

/// Asks whether there is one, for a ticket that was refused.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let detail = &mut model.screens.detail;
    let Some((id, status)) = detail.view().map(|v| (v.ticket.value.id, v.ticket.value.status)) else {
        return Vec::new();
    };
    if !matches!(status, Status::QaFailed | Status::Failed) {
        return detail.proposal.clear();
    }
    if !detail.proposal.is_stale() {
        return Vec::new();
    }
    let ask = ProposalAsk {
        ticket: Some(id),
        limit: 10,
    };
    detail.proposal.ask(Request::Proposals(ask), mono)
}

/// The answer; one that only names a proposal is followed up.
pub fn answered(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let slot = &mut model.screens.detail.proposal;
    let before = slot.get().cloned();
    let (fresh, mut effects) = slot.answer(generation, result, mono, Suggested::of);
    let Some(now) = slot.get_mut().filter(|_| fresh) else {
        return effects;
    };
    // The same proposal looked at again says nothing of its making; what was told then still holds.
    if let (Some(Suggested::View(old, said)), Suggested::View(new, told)) = (&before, &mut *now)
        && old.proposal.no == new.proposal.no
        && told.is_empty()
    {
        told.clone_from(said);
    }
    match (before, &*now) {
        // What is shown stays until its successor is here.
        (before, Suggested::Named(no)) => {
            let request = Request::Proposal(*no);
            if let Some(view @ Suggested::View(..)) = before {
                *now = view;
            }
            effects.extend(slot.ask(request, mono));
        }
        // That nothing was found is still true: the slot is emptied when the ticket leaves its failure.
        (Some(told @ (Suggested::Told(_) | Suggested::Offered(..))), Suggested::None) => *now = told,
        _ => {}
    }
    effects
}

/// The verbs.
pub fn run(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    let Some(id) = model.screens.detail.view().map(|v| v.ticket.value.id) else {
        return Vec::new();
    };
    if cmd == Cmd::ProposalMake {
        let mono = model.stamp.mono;
        let slot = &model.screens.detail.proposal;
        // What would be sent is on the screen: asking once more sends it.
        let is_settled = slot.failure().is_none() && slot.loading_since().is_none();
        let seen = match slot.get() {
            Some(Suggested::Offered(ticket, _, sends)) if *ticket == id && is_settled => Some(sends.digest),
            _ => None,
        };
        let agreed = seen.map(|seen| AskModel {
            id: CommandId::new(model.stamp.ids.mint()),
            confirmed: true,
            seen,
        });
        let ask = HealAsk {
            ticket: id,
            model: agreed,
        };
        return model.screens.detail.proposal.ask(Request::Heal(ask), mono);
    }
    let Some(view) = open(&model.screens.detail) else {
        return Vec::new();
    };
    let (no, origin) = (view.proposal.no, view.proposal.origin.to_string());
    let changed: Vec<String> = view.changes.iter().map(|c| c.field.to_string()).collect();
    let intent = if cmd == Cmd::ProposalApply {
        let kind = CommandKind::ProposalApply { id, n: no.n };
        let next = vec![
            format!("It was made by {origin} and changes {}.", changed.join(", ")),
            "The ticket is a draft then, as after any edit of yours; QA starts anew.".to_owned(),
        ];
        Intent::new(
            model,
            kind,
            format!("apply {no}"),
            format!("{no} is applied; t runs QA"),
        )
        .asks(format!("Apply {no}?"), next, "")
    } else {
        let reason = String::new();
        let kind = CommandKind::ProposalDecline { id, n: no.n, reason };
        Intent::new(model, kind, format!("decline {no}"), format!("{no} is declined"))
    };
    gate::pass(model, cmd.record().danger, intent)
}

/// The proposal as lines; nothing where there is none.
pub fn lines(detail: &Detail, look: Look<'_>) -> Vec<Line> {
    if let Some(error) = detail.proposal.failure() {
        return words(Role::Warn, &format!("No proposal: {}", explain(error).0), look);
    }
    match detail.proposal.get() {
        Some(Suggested::Told(told)) => {
            let mut out = vec![Line::of(Role::Warn, "No proposal")];
            out.extend(told.iter().flat_map(|t| words(Role::Muted, t, look)));
            out
        }
        Some(Suggested::Offered(_, told, sends)) => offer(told, sends, detail.proposal.loading_since().is_some(), look),
        Some(Suggested::View(_, told)) => open(detail).map(|view| diff(view, told, look)).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// What a model would be sent, all of it, before it is.
fn offer(told: &[String], sends: &WouldSend, is_asking: bool, look: Look<'_>) -> Vec<Line> {
    if is_asking {
        let asking = format!(
            "Asking {} at {} for a fix {}",
            sends.model,
            sends.host,
            look.glyphs.cut()
        );
        return words(Role::Accent, &asking, look);
    }
    let mut out = vec![Line::of(Role::Accent, "NO RULE KNOWS A FIX")];
    out.extend(told.iter().flat_map(|t| words(Role::Muted, t, look)));
    out.extend(words(
        Role::Text,
        &format!("A model can be asked: {}.", sends.words()),
        look,
    ));
    if sends.confirm {
        let dear = "That is above copilot.model.confirm_above.";
        out.extend(words(Role::Warn, dear, look));
    }
    let taken: Vec<String> = sends.redacted.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
    if !taken.is_empty() {
        out.extend(words(Role::Muted, &format!("Taken out: {}.", taken.join(", ")), look));
    }
    out.extend(words(Role::Strong, "f f sends what follows, and nothing else:", look));
    out.extend(sends.text.lines().flat_map(|line| words(Role::Muted, line, look)));
    out
}

fn diff(view: &ProposalView, told: &[String], look: Look<'_>) -> Vec<Line> {
    let p = &view.proposal;
    let mut out = vec![
        Line::of(Role::Accent, "PROPOSED ")
            .add(Role::Strong, p.no.to_string())
            .add(Role::Muted, format!(" by {}", p.origin)),
    ];
    out.extend(words(Role::Text, &p.reasons, look));
    for change in &view.changes {
        out.extend(words(Role::Muted, change.field.as_str(), look));
        let side = |mark: &str, value: Option<&str>| format!("{mark} {}", value.unwrap_or("(not set)"));
        out.extend(words(Role::Error, &side("-", change.from.as_deref()), look));
        out.extend(words(Role::Ok, &side("+", change.to.as_deref()), look));
    }
    out.extend(told.iter().flat_map(|t| words(Role::Warn, t, look)));
    let qa = format!("QA now: {}; then: {}", found(&view.qa_before), found(&view.qa_after));
    out.extend(words(Role::Text, &qa, look));
    out.extend(words(Role::Muted, &format!("rests on {}", p.cites.join(", ")), look));
    if !view.same_error.is_empty() {
        let others: Vec<String> = view.same_error.iter().map(ToString::to_string).collect();
        out.extend(words(Role::Muted, &format!("same error: {}", others.join(", ")), look));
    }
    let by_platform = p.mends.iter().any(|m| m.witness == Witness::Platform);
    if by_platform {
        out.extend(words(
            Role::Muted,
            "it goes through QA again before it is deployed",
            look,
        ));
    }
    out
}

fn found(findings: &[Finding]) -> String {
    let count = |severity| findings.iter().filter(|f| f.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match (errors, warnings) {
        (0, 0) => "nothing".to_owned(),
        (0, w) => format!("{w} warning{}", if w == 1 { "" } else { "s" }),
        (e, _) => format!("{e} error{}", if e == 1 { "" } else { "s" }),
    }
}

fn words(role: Role, text: &str, look: Look<'_>) -> Vec<Line> {
    wrap(text, look.width.saturating_sub(2))
        .into_iter()
        .map(|t| Line::of(Role::Text, "  ").add(role, t))
        .collect()
}
