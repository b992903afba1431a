//! The way from an empty house to the first ticket: what is still missing, in the order it is needed.

use crate::{
    engine::api::Governance,
    tui::{command::Cmd, theme::Role, ui::text::Line},
};

/// The steps that are left, for the empty board.
pub fn lines(known: &Governance) -> Vec<Line> {
    let mut missing = Vec::new();
    if known.markets.is_empty() {
        missing.push("a market");
    }
    if known.brands.is_empty() {
        missing.push("a brand");
    }
    if known.channels.is_empty() {
        missing.push("a channel with an account");
    } else if known.channels.iter().all(|c| c.value.accounts.is_empty()) {
        missing.push("an account of a channel");
    }
    let mut lines = vec![
        Line::of(Role::Strong, "No tickets here yet. The way to the first one:"),
        Line::new(),
    ];
    if !missing.is_empty() {
        let add = Cmd::GovernAdd.record().key();
        lines.push(step(
            Cmd::GoGovernance,
            &format!("{add} there adds {}", missing.join(", ")),
        ));
    }
    if known.campaigns.is_empty() {
        let add = Cmd::CampaignAdd.record().key();
        lines.push(step(
            Cmd::GoCampaigns,
            &format!("{add} there adds a campaign of a brand and a market"),
        ));
    }
    let then = format!(
        " writes a ticket for a campaign; {} checks it, {} deploys it",
        Cmd::TicketQa.record().key(),
        Cmd::TicketDeploy.record().key()
    );
    lines.push(Line::of(Role::Key, Cmd::TicketNew.record().key()).add(Role::Text, then));
    lines
}

fn step(go: Cmd, what: &str) -> Line {
    let record = go.record();
    Line::of(Role::Key, record.key()).add(Role::Text, format!(" {}: {what}", record.title))
}
