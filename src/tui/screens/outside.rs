//! What a platform says when somebody asks it: how accounts stand, and whether it would take a ticket's requests.
//! Answers come when they come and open as texts; the console goes on meanwhile.

use super::governance::model::RowId;
use crate::{
    engine::{
        api::{AccountReport, AccountState, ApiError, Reply, Request, Validation, Verdict, card::Card},
        model::{
            refusal::Problem,
            sanitise::{Shown, sanitise},
        },
    },
    tui::{
        app::{Effect, Model, effect::SlotId, slot::Slot, toast::Tone},
        overlay::{Overlay, Viewer},
        theme::Role,
    },
};

/// The questions on their way.
#[derive(Debug)]
pub struct Outside {
    /// How accounts stand.
    pub check: Slot<Vec<AccountReport>>,
    /// Whether the platform would take a ticket's requests.
    pub validation: Slot<Validation>,
}

impl Default for Outside {
    fn default() -> Self {
        Self {
            check: Slot::new(SlotId::Check),
            validation: Slot::new(SlotId::Validation),
        }
    }
}

/// Asks about the selected account, or every account of the selected channel.
pub fn check(model: &mut Model) -> Vec<Effect> {
    let Some(row) = model.screens.selected_governed() else {
        return Vec::new();
    };
    let (channel, account) = match row.id {
        RowId::Channel(id) => (id, None),
        RowId::Account(id, account) => (id, Some(account)),
        RowId::Market(_) | RowId::Brand(_) => return Vec::new(),
    };
    model.say(Tone::Note, &format!("asking the platform about {}", row.code), "");
    let at = model.stamp.mono;
    let request = Request::CheckChannel { channel, account };
    model.screens.outside.check.ask(request, at)
}

/// Shows how the accounts stand.
pub fn checked(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let slot = &mut model.screens.outside.check;
    let (fresh, next) = slot.answer(generation, result, mono, |r| match r {
        Reply::Accounts(reports) => Some(reports),
        _ => None,
    });
    if let (false, Some(error)) = (fresh, slot.failure().cloned()) {
        model.say_error("check", &error);
    } else if let (true, Some(reports)) = (fresh, slot.get()) {
        let viewer = Viewer::new("What the accounts say", accounts_text(reports));
        model.open(Overlay::Viewer(viewer));
    }
    next
}

fn accounts_text(reports: &[AccountReport]) -> Vec<(Role, Shown)> {
    let mut lines = Vec::new();
    for (n, report) in reports.iter().enumerate() {
        if n > 0 {
            lines.push((Role::Text, sanitise("")));
        }
        let (role, word) = match report.state() {
            AccountState::Ok => (Role::Ok, "can be used"),
            AccountState::Warn => (Role::Warn, "can be used, for now"),
            AccountState::Fail => (Role::Error, "cannot be used"),
        };
        lines.push((role, sanitise(&format!("{} {word}", report.account))));
        let mut told = |role, problem: &Problem| {
            lines.push((role, sanitise(&problem.reason)));
            if !problem.remedy.is_empty() {
                lines.push((Role::Accent, sanitise(&format!("What to do: {}", problem.remedy))));
            }
        };
        report.problems.iter().for_each(|p| told(Role::Error, p));
        report.warnings.iter().for_each(|p| told(Role::Warn, p));
        let facts = report.facts.iter();
        lines.extend(facts.map(|(name, value)| (Role::Muted, sanitise(&format!("{name}: {value}")))));
    }
    lines
}

/// Asks whether the platform would take a ticket's requests.
pub fn validate(model: &mut Model, card: &Card) -> Vec<Effect> {
    let words = format!("asking {} about {}; nothing is carried out", card.platform, card.no);
    model.say(Tone::Note, &words, "");
    let at = model.stamp.mono;
    model.screens.outside.validation.ask(Request::Validate(card.id), at)
}

/// Shows what the platform says.
pub fn validated(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let slot = &mut model.screens.outside.validation;
    let (fresh, next) = slot.answer(generation, result, mono, |r| match r {
        Reply::Validation(v) => Some(*v),
        _ => None,
    });
    if let (false, Some(error)) = (fresh, slot.failure().cloned()) {
        model.say_error("validate", &error);
    } else if let (true, Some(told)) = (fresh, slot.get()) {
        let title = format!("What {} says of {}", told.platform, told.no);
        let viewer = Viewer::new(&title, validation_text(told));
        model.open(Overlay::Viewer(viewer));
    }
    next
}

fn validation_text(told: &Validation) -> Vec<(Role, Shown)> {
    let qa = if told.qa_passed { Role::Ok } else { Role::Warn };
    let mut lines = vec![(Role::Strong, sanitise(&told.name)), (qa, sanitise(&told.qa))];
    for step in &told.steps {
        let role = match step.verdict {
            Verdict::Accepted => Role::Ok,
            Verdict::Refused => Role::Error,
            Verdict::Unclear => Role::Warn,
            Verdict::Skipped => Role::Muted,
        };
        let words = if step.words.is_empty() {
            String::new()
        } else {
            format!(": {}", step.words)
        };
        let name = step.step.replace('_', " ");
        lines.push((role, sanitise(&format!("{name} {}{words}", step.verdict.as_str()))));
        if let Some(field) = &step.field {
            lines.push((Role::Accent, sanitise(&format!("  field: {}", field.as_str()))));
        }
        if let (Verdict::Refused, Some(id)) = (step.verdict, &step.request_id) {
            lines.push((Role::Muted, sanitise(&format!("  request id: {id}"))));
        }
    }
    lines.push((Role::Muted, sanitise("Nothing was created or changed.")));
    lines
}
