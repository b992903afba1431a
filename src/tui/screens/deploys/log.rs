//! Every attempt of a deploy: what was sent, what came back, what was looked up.

use std::fmt::Write as _;

use jiff::tz::TimeZone;

use crate::{
    engine::{
        api::TicketView,
        model::{
            deploy::{Attempt, Deploy, DeployState, OutcomeClass, Step, StepState},
            sanitise::{Shown, sanitise},
        },
    },
    tui::{
        app::Model,
        overlay::{Overlay, Viewer},
        theme::{Glyphs, Role},
        ui::when,
    },
};

/// Opens the attempts as a text.
pub fn open(model: &mut Model, view: &TicketView) {
    let zone = model.session.options.zone.clone();
    let glyphs = model.theme.glyphs;
    let title = format!("Attempts of {} {}", view.card.no, view.card.name);
    let lines = match &view.deploy {
        Some(deploy) => text(deploy, view, glyphs, &zone),
        None => vec![(Role::Muted, sanitise("it never had a deploy"))],
    };
    model.open(Overlay::Viewer(Viewer::new(&title, lines)));
}

/// The deploy as paragraphs.
pub fn text(deploy: &Deploy, view: &TicketView, glyphs: Glyphs, zone: &TimeZone) -> Vec<(Role, Shown)> {
    let mut out = Vec::new();
    let start = format!(
        "{} {}, started {}, {}",
        deploy.platform,
        deploy.account,
        when::full(deploy.started_at, zone),
        ended(deploy.state)
    );
    out.push((Role::Muted, sanitise(&start)));
    out.extend(view.why.iter().map(|w| (Role::Text, sanitise(&w.text))));
    for (i, step) in deploy.steps.iter().enumerate() {
        out.push((Role::Text, Shown::default()));
        out.push((Role::of_step(step.state), sanitise(&headline(i, step, glyphs))));
        if !step.name.is_empty() {
            out.push((Role::Muted, sanitise(&format!("    name {}", step.name))));
        }
        for attempt in &step.attempts {
            attempt_lines(&mut out, attempt, zone);
        }
    }
    out
}

const fn ended(state: DeployState) -> &'static str {
    match state {
        DeployState::Open => "not over",
        DeployState::Done => "done",
        DeployState::Failed => "failed",
        DeployState::Cancelled => "cancelled",
        DeployState::Recalled => "taken back",
    }
}

fn headline(i: usize, step: &Step, glyphs: Glyphs) -> String {
    let mut line = format!(
        "{} {}  {} {}",
        i + 1,
        step.key,
        glyphs.step(step.state),
        state(step.state)
    );
    if let Some(id) = &step.external_id {
        let _ = write!(line, "  id {id}");
    }
    if step.attempts.is_empty() {
        line.push_str("  nothing sent yet");
    }
    line
}

/// A step's state in words.
pub const fn state(state: StepState) -> &'static str {
    match state {
        StepState::Planned => "planned",
        StepState::Intent => "being sent",
        StepState::Unknown => "outcome unknown",
        StepState::Reconciling => "being looked up",
        StepState::Confirmed => "confirmed",
        StepState::Rejected => "rejected",
        StepState::NeedsOperator => "needs you",
        StepState::Abandoned => "given up",
        StepState::Compensated => "archived",
    }
}

const fn class(class: OutcomeClass) -> (Role, &'static str) {
    match class {
        OutcomeClass::Done => (Role::Ok, "done"),
        OutcomeClass::NotExecuted => (Role::Warn, "not executed"),
        OutcomeClass::RateLimited => (Role::Warn, "rate limited, no try spent"),
        OutcomeClass::Parked => (Role::Warn, "out of quota"),
        OutcomeClass::AuthExpired => (Role::Warn, "token expired"),
        OutcomeClass::LaneBlocked => (Role::Error, "account blocked"),
        OutcomeClass::Rejected => (Role::Error, "rejected"),
        OutcomeClass::MaybeOurs => (Role::Warn, "exists already, perhaps ours"),
        OutcomeClass::Unknown => (Role::Warn, "outcome unknown"),
        OutcomeClass::Adopted => (Role::Ok, "found by name and adopted"),
        OutcomeClass::Absent => (Role::Info, "proved absent"),
        OutcomeClass::Differs => (Role::Warn, "differs from what was asked"),
    }
}

fn attempt_lines(out: &mut Vec<(Role, Shown)>, attempt: &Attempt, zone: &TimeZone) {
    let mut say = |role, text: String| out.push((role, sanitise(&text)));
    let hash: String = attempt.request_hash.to_string().chars().take(12).collect();
    say(
        Role::Text,
        format!(
            "    attempt {}  sent {}  engine start {}  request {hash}",
            attempt.n,
            when::second(attempt.intent_at, zone),
            attempt.epoch
        ),
    );
    match &attempt.outcome {
        None => say(Role::Busy, "      no answer yet".to_owned()),
        Some(outcome) => {
            let (role, words) = class(outcome.class);
            let mut line = format!("      {}  {words}", when::second(outcome.at, zone));
            if let Some(status) = outcome.http_status {
                let _ = write!(line, "  HTTP {status}");
            }
            if let Some(code) = &outcome.code {
                let _ = write!(line, "  code {code}");
            }
            if let Some(id) = &outcome.external_id {
                let _ = write!(line, "  id {id}");
            }
            if let Some(id) = &outcome.request_id {
                let _ = write!(line, "  platform request {id}");
            }
            say(role, line);
            if !outcome.words.is_empty() {
                say(Role::Muted, format!("      {}", outcome.words));
            }
            if let Some(field) = &outcome.field {
                say(Role::Error, format!("      field {field}"));
            }
            if let Some(at) = outcome.wait_until {
                say(Role::Muted, format!("      wait until {}", when::full(at, zone)));
            }
        }
    }
    for read in &attempt.reads {
        let found = match read.found {
            None => "does not count".to_owned(),
            Some(0) => "found none".to_owned(),
            Some(n) => {
                let ids: Vec<String> = read.ids.iter().map(ToString::to_string).collect();
                format!("found {n}: {}", ids.join(", "))
            }
        };
        let note = if read.note.is_empty() {
            String::new()
        } else {
            format!("  {}", read.note)
        };
        say(
            Role::Info,
            format!("      look-up {}  {found}{note}", when::second(read.at, zone)),
        );
    }
}
