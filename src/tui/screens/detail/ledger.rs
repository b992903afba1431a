//! The ledger in words: every step, every attempt with its evidence, every look-up, and when it goes on.

use jiff::tz::TimeZone;

use crate::{
    engine::{
        api::TicketView,
        model::{
            asset::{self, Asset},
            deploy::{Attempt, Deploy, DeployState, LookUpRead, OutcomeClass, Step, StepAction, StepState},
            platform::ObjectKind,
            time::Timestamp,
        },
    },
    tui::{
        theme::{Glyphs, Role},
        ui::{
            text::{Line, left, wrap},
            when,
        },
    },
};

/// What a step's state is called.
pub const fn word(state: StepState) -> &'static str {
    match state {
        StepState::Planned => "PLANNED",
        StepState::Intent => "SENDING",
        StepState::Confirmed => "CONFIRMED",
        StepState::Rejected => "REJECTED",
        StepState::Unknown => "UNKNOWN",
        StepState::Reconciling => "LOOKING UP",
        StepState::NeedsOperator => "NEEDS YOU",
        StepState::Abandoned => "ABANDONED",
        StepState::Compensated => "ARCHIVED",
    }
}

/// What an outcome means.
pub const fn meaning(class: OutcomeClass) -> (&'static str, Role) {
    match class {
        OutcomeClass::Done => ("done", Role::Ok),
        OutcomeClass::NotExecuted => ("not carried out", Role::Warn),
        OutcomeClass::RateLimited => ("rate limited, no try spent", Role::Warn),
        OutcomeClass::Parked => ("out of quota", Role::Warn),
        OutcomeClass::AuthExpired => ("token expired", Role::Warn),
        OutcomeClass::LaneBlocked => ("account blocked", Role::Error),
        OutcomeClass::Rejected => ("refused", Role::Error),
        OutcomeClass::MaybeOurs => ("exists already, ours?", Role::Warn),
        OutcomeClass::Unknown => ("answer lost", Role::Warn),
        OutcomeClass::Adopted => ("found and taken as ours", Role::Ok),
        OutcomeClass::Absent => ("proved absent", Role::Info),
        OutcomeClass::Differs => ("differs from what was sent", Role::Error),
        OutcomeClass::NotReady => ("not ready yet, no try spent", Role::Info),
    }
}

/// How a deploy stands, in a word.
const fn state(state: DeployState) -> (&'static str, Role) {
    match state {
        DeployState::Open => ("open", Role::Busy),
        DeployState::Done => ("done", Role::Ok),
        DeployState::Failed => ("failed", Role::Error),
        DeployState::Cancelled => ("cancelled", Role::Muted),
        DeployState::Recalled => ("recalled before anything was sent", Role::Muted),
    }
}

/// Everything around the words.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// Columns.
    pub width: usize,
    /// Marks.
    pub glyphs: Glyphs,
    /// The zone times are shown in.
    pub zone: &'a TimeZone,
    /// The present.
    pub now: Timestamp,
}

/// The ledger of a ticket.
pub fn lines(view: &TicketView, look: Look<'_>) -> Vec<Line> {
    let Some(deploy) = &view.deploy else {
        return vec![Line::of(
            Role::Muted,
            "Nothing was sent yet. Once QA has passed, P deploys it.",
        )];
    };
    let mut out = vec![head(deploy, look)];
    for (i, step) in deploy.steps.iter().enumerate() {
        step_lines(&mut out, i, step, look);
        if let Some(asset) = sent(deploy, step) {
            out.push(Line::of(Role::Text, "  ").add(Role::Muted, format!("file {}, {}", asset.name, asset.facts())));
            out.push(Line::of(Role::Text, "  ").add(Role::Muted, format!("sha256 {}", asset.sha256)));
        }
    }
    out
}

/// The file an upload step sends.
fn sent(deploy: &Deploy, step: &Step) -> Option<Asset> {
    let uploads = step.kind == ObjectKind::Asset && step.action == StepAction::Create;
    uploads
        .then(|| asset::uploaded_as(&deploy.job.payload.value(), &step.name))
        .flatten()
}

fn head(deploy: &Deploy, look: Look<'_>) -> Line {
    let (words, role) = state(deploy.state);
    let mut line = Line::of(Role::Muted, "deploy ").add(role, words).add(
        Role::Muted,
        format!("  since {}", when::recent(deploy.started_at, look.now, look.zone)),
    );
    if let Some(end) = deploy.finished_at {
        line.push(
            Role::Muted,
            format!("  ended {}", when::recent(end, look.now, look.zone)),
        );
    }
    if let Some(by) = &deploy.paused_by {
        line.push(Role::Warn, format!("  paused by {by}"));
    }
    line
}

fn step_lines(out: &mut Vec<Line>, i: usize, step: &Step, look: Look<'_>) {
    let role = Role::of_step(step.state);
    let mut line = Line::of(Role::Muted, format!("{} ", i + 1))
        .add(Role::Strong, left(&step.key.replace('_', " "), 16, look.glyphs.cut()))
        .add(role, look.glyphs.step(step.state))
        .add(role, format!(" {}", word(step.state)));
    if let Some(at) = step.not_before.filter(|at| *at > look.now && !step.is_settled()) {
        line.push(Role::Info, format!("  in {}", when::until(at, look.now)));
    }
    if step.tries > 1 || !step.is_settled() && step.tries > 0 {
        line.push(Role::Muted, format!("  tries {}", step.tries));
    }
    // The id is what people carry elsewhere: never cut, on a line of its own where it does not fit.
    if let Some(id) = &step.external_id {
        let words = format!("id {id}");
        if line.width() + words.len() + 2 <= look.width {
            line.push(Role::Text, "  ");
            line.push(Role::Ok, words);
            out.push(line);
        } else {
            out.push(line);
            out.push(Line::of(Role::Text, "  ").add(Role::Ok, words));
        }
    } else {
        out.push(line);
    }
    for attempt in &step.attempts {
        attempt_lines(out, attempt, look);
    }
}

fn attempt_lines(out: &mut Vec<Line>, attempt: &Attempt, look: Look<'_>) {
    let mut line = Line::of(
        Role::Muted,
        format!(
            "  try {} {} ",
            attempt.n,
            when::recent(attempt.intent_at, look.now, look.zone)
        ),
    );
    match &attempt.outcome {
        None => {
            line.push(Role::Busy, "on its way");
            out.push(line);
        }
        Some(outcome) => {
            let (words, role) = meaning(outcome.class);
            line.push(role, words);
            let mut facts = Vec::new();
            facts.extend(outcome.http_status.map(|s| format!("HTTP {s}")));
            facts.extend(outcome.code.as_ref().map(|c| format!("code {c}")));
            if !facts.is_empty() {
                line.push(Role::Muted, format!("  {}", facts.join(", ")));
            }
            out.push(line);
            let indent = "    ";
            let room = look.width.saturating_sub(indent.len());
            if !outcome.words.is_empty() && outcome.class != OutcomeClass::Done {
                for part in wrap(&outcome.words, room) {
                    out.push(Line::of(Role::Text, indent).add(Role::Text, part));
                }
            }
            if let Some(field) = &outcome.field {
                out.push(Line::of(Role::Text, indent).add(Role::Warn, format!("blames {field}")));
            }
            if let Some(id) = &outcome.request_id {
                out.push(Line::of(Role::Text, indent).add(Role::Muted, format!("request {id}")));
            }
        }
    }
    for read in &attempt.reads {
        read_lines(out, read, look);
    }
}

fn read_lines(out: &mut Vec<Line>, read: &LookUpRead, look: Look<'_>) {
    let (words, role) = match read.found {
        None => ("look-up does not count".to_owned(), Role::Warn),
        Some(0) => ("looked up: nothing of this name".to_owned(), Role::Info),
        Some(1) => ("looked up: found one".to_owned(), Role::Ok),
        Some(n) => (format!("looked up: found {n}"), Role::Error),
    };
    let mut line = Line::of(
        Role::Muted,
        format!("    {} ", when::recent(read.at, look.now, look.zone)),
    )
    .add(role, words);
    for id in &read.ids {
        line.push(Role::Text, format!("  {id}"));
    }
    out.push(line);
    for part in wrap(&read.note, look.width.saturating_sub(6)) {
        if !part.is_empty() {
            out.push(Line::of(Role::Text, "      ").add(Role::Muted, part));
        }
    }
}
