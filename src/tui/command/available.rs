//! When a command is possible, and why not otherwise. Pure; the engine decides again, with the same words at best.

use super::table::Reason;
use crate::{
    engine::{
        api::card::Card,
        model::{deploy::Why, ticket::Status},
    },
    tui::{app::model::Model, screens},
};

/// Always.
pub fn always(_: &Model) -> Result<(), Reason> {
    Ok(())
}

fn card(model: &Model) -> Result<&Card, Reason> {
    screens::selected_card(model).ok_or_else(|| "no ticket is selected".to_owned())
}

fn expect(model: &Model, allowed: &[Status], can: &str) -> Result<(), Reason> {
    let card = card(model)?;
    if allowed.contains(&card.status) {
        return Ok(());
    }
    let words: Vec<_> = allowed.iter().map(|s| s.as_str()).collect();
    Err(format!(
        "{} is {}; only {} tickets can be {can}",
        card.no,
        card.status,
        words.join(", ")
    ))
}

/// A ticket is selected.
pub fn ticket(model: &Model) -> Result<(), Reason> {
    card(model).map(|_| ())
}

/// A row is selected.
pub fn row_selected(model: &Model) -> Result<(), Reason> {
    if screens::row_text(model).is_some() {
        Ok(())
    } else {
        Err("no row is selected".to_owned())
    }
}

/// The screen has a filter.
pub fn filterable(model: &Model) -> Result<(), Reason> {
    if screens::filter_text(model).is_some() {
        Ok(())
    } else {
        Err("nothing to filter here".to_owned())
    }
}

/// QA may run.
pub fn qa(model: &Model) -> Result<(), Reason> {
    expect(
        model,
        &[Status::Draft, Status::QaFailed, Status::ReadyForApi],
        "checked",
    )
}

/// The ticket may be deployed.
pub fn publish(model: &Model) -> Result<(), Reason> {
    expect(model, &[Status::ReadyForApi], "published (t runs QA)")
}

/// The deploy may be taken up again.
pub fn retry(model: &Model) -> Result<(), Reason> {
    expect(model, &[Status::Failed], "retried")
}

/// The ticket may be called off.
pub fn cancel(model: &Model) -> Result<(), Reason> {
    let card = card(model)?;
    if card.status == Status::Cancelled {
        return Err(format!("{} is cancelled already", card.no));
    }
    if card.status == Status::TraffickedSuccess {
        return Err(format!(
            "{} is live; write a pause or archive ticket for it instead",
            card.no
        ));
    }
    Ok(())
}

/// A deploy runs that may be stopped or let go on.
pub fn hold(model: &Model) -> Result<(), Reason> {
    expect(model, &[Status::Deploying], "paused or resumed")
}

/// True when the ticket's deploy is paused now.
pub fn is_paused(card: &Card) -> bool {
    card.deploy
        .as_ref()
        .is_some_and(|d| matches!(d.why, Why::Paused { .. }))
}

/// The ticket may go back to draft.
pub fn withdraw(model: &Model) -> Result<(), Reason> {
    expect(
        model,
        &[Status::QaTesting, Status::QaFailed, Status::ReadyForApi, Status::Failed],
        "taken back to draft",
    )
}

/// The ticket may be removed.
pub fn delete(model: &Model) -> Result<(), Reason> {
    let card = card(model)?;
    if card.deploy.is_some() || card.objects > 0 {
        return Err(format!("{} had a deploy and stays on record; X cancels it", card.no));
    }
    Ok(())
}
