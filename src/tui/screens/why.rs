//! Why a ticket is where it is, what comes next and who must act: the answer as a text.

use crate::{
    engine::{
        api::{ApiError, BreakerView, Reply, Stand, TicketView, WhyLine},
        model::{sanitise::sanitise, ticket::Severity},
    },
    tui::{
        app::{Effect, Model},
        overlay::{Overlay, Viewer},
        theme::Role,
        ui::when,
    },
};

/// Shows why a ticket is where it is.
pub fn answered(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let (fresh, next) = model.screens.why.answer(generation, result, mono, |r| match r {
        Reply::Ticket(t) => Some(*t),
        _ => None,
    });
    if let Some(error) = model.screens.why.failure().cloned() {
        model.say_error("why", &error);
    } else if fresh && let Some(view) = model.screens.why.get() {
        let viewer = text(model, view);
        model.open(Overlay::Viewer(viewer));
    }
    next
}

/// The engine's sentence; of a breaker its facts, with times as this person reads them.
pub fn words(why: &WhyLine, model: &Model) -> String {
    match &why.breaker {
        Some(breaker) if breaker.since.is_some() => {
            let whose = if breaker.platform { "platform" } else { "account" };
            format!(
                "The {whose} does not answer: breaker {}.",
                breaker_words(breaker, model)
            )
        }
        _ => why.text.clone(),
    }
}

/// `open since 02:58 after 5 x 503, probe in 02:10`: since when an account or a platform is left alone, what came before,
/// and what comes next.
pub fn breaker_words(breaker: &BreakerView, model: &Model) -> String {
    let now = model.stamp.now;
    let zone = &model.session.options.zone;
    let next = match breaker.next_probe.filter(|at| *at > now) {
        _ if breaker.stand == Stand::HalfOpen => ", a probe is out".to_owned(),
        Some(at) => format!(", probe in {}", when::until(at, now)),
        None => ", a probe is due".to_owned(),
    };
    match breaker.since {
        Some(since) => {
            let since = when::about(since, now, zone);
            format!("open since {since} after {}{next}", breaker.after)
        }
        None => format!("open{next}"),
    }
}

fn text(model: &Model, view: &TicketView) -> Viewer {
    let ticket = &view.ticket.value;
    let zone = &model.session.options.zone;
    let mut lines = vec![(Role::Strong, sanitise(&ticket.name))];
    match &view.why {
        None => lines.push((Role::Text, sanitise("Nothing is left to do."))),
        Some(why) => {
            lines.push((Role::Text, sanitise(&words(why, model))));
            if let Some(at) = why.next_at {
                let words = format!(
                    "Next by itself: {} (in {})",
                    when::full(at, zone),
                    when::until(at, model.stamp.now)
                );
                lines.push((Role::Info, sanitise(&words)));
            }
            if let Some(person) = &why.person {
                lines.push((Role::Warn, sanitise(&format!("Waits for: {person}"))));
            }
            if let Some(remedy) = &why.remedy {
                lines.push((Role::Accent, sanitise(&format!("What to do: {remedy}"))));
            }
        }
    }
    if let Some(failure) = &ticket.failure {
        lines.push((Role::Error, sanitise(&format!("{}: {}", failure.step, failure.reason))));
        lines.push((Role::Muted, sanitise(&failure.remedy)));
    }
    for finding in ticket.qa.iter().flat_map(|q| &q.findings) {
        let role = match finding.severity {
            Severity::Error => Role::Error,
            Severity::Warning => Role::Warn,
        };
        let field =
            super::compose::payload::named(model.screens.facts.fields_of(ticket.platform), finding.field.as_str());
        let words = format!("{field}: {} ({})", finding.message, finding.rule);
        lines.push((role, sanitise(&words)));
        lines.push((Role::Muted, sanitise(&finding.remedy)));
    }
    Viewer::new(
        &format!("Why is {} {}?", ticket.no, super::board::view::word(ticket.status)),
        lines,
    )
}
