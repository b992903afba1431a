//! What the campaigns screen does.

use super::model::{FIELDS, geometry};
use crate::{
    engine::{
        api::{CampaignRow, Governance},
        model::ids::CampaignId,
    },
    tui::{
        app::{Effect, Model},
        command::Cmd,
        screens::{
            self,
            governance::{
                edit::{self, What},
                find::Find,
                impact,
                update::show_tickets,
            },
        },
    },
};

fn ids(model: &Model) -> Vec<CampaignId> {
    let rows = model.screens.campaigns.rows(model.screens.facts.governance.get());
    rows.iter().map(|r| r.campaign.value.id).collect()
}

/// The rows changed: the selection follows its campaign.
pub fn sync(model: &mut Model) {
    let ids = ids(model);
    let campaigns = &mut model.screens.campaigns;
    campaigns.pick.sync(&ids);
    if campaigns.landing.is_some_and(|id| campaigns.pick.go_to(&ids, &id)) {
        campaigns.landing = None;
    }
}

/// Sets the filter.
pub fn filter(model: &mut Model, text: &str) -> Result<Vec<Effect>, String> {
    model.screens.campaigns.find = Find::parse(text, &FIELDS)?;
    model.screens.campaigns.pick.reset();
    sync(model);
    Ok(Vec::new())
}

/// A command.
pub fn run(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::CampaignOpen => open_tickets(model),
        Cmd::CampaignAdd => {
            edit::open(model, What::NewCampaign);
            Vec::new()
        }
        Cmd::CampaignTicket => {
            let id = model.screens.campaigns.pick.id();
            screens::compose::update::open(model, id)
        }
        Cmd::CampaignEdit => {
            if let Some(id) = model.screens.campaigns.pick.id() {
                edit::open(model, What::Campaign(id));
            }
            Vec::new()
        }
        Cmd::CampaignDelete => impact::ask_remove_campaign(model),
        other => {
            if let Some(step) = screens::movement(other) {
                let (_, _, page) = geometry(model.regions().body);
                let ids = ids(model);
                model.screens.campaigns.pick.step(&ids, step, page);
            }
            Vec::new()
        }
    }
}

fn open_tickets(model: &mut Model) -> Vec<Effect> {
    let Some(text) = model
        .screens
        .facts
        .governance
        .get()
        .zip(model.screens.selected_campaign())
        .map(|(g, row)| tickets_filter(g, row))
    else {
        return Vec::new();
    };
    show_tickets(model, &text)
}

/// A filter for the campaign's tickets: its name, or its id once a code in it was changed, because tickets keep the
/// name they were made with.
fn tickets_filter(g: &Governance, row: &CampaignRow) -> String {
    let c = &row.campaign.value;
    let renamed = g
        .brands
        .iter()
        .any(|b| b.value.id == c.brand && !b.value.aliases.is_empty())
        || g.markets
            .iter()
            .any(|m| m.value.id == c.market && !m.value.aliases.is_empty());
    if renamed {
        format!("campaign:{}", c.id)
    } else {
        format!("campaign:{}", row.name)
    }
}
