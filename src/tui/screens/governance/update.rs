//! What the governance screen does.

use super::{
    edit::{self, What},
    find::Find,
    impact,
    model::{List, RowId, geometry},
    rows::Row,
};
use crate::{
    engine::api::filter::Filter,
    tui::{
        app::{Effect, Model, run},
        command::Cmd,
        screens::{self, ScreenId, facts},
    },
};

/// Asks for everything governed, if it may be old.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    if std::mem::take(&mut model.screens.governed.counts_old) {
        model.screens.facts.governance.mark_stale();
    }
    facts::ask_governance(model)
}

fn ids(model: &Model) -> Vec<RowId> {
    let rows = model.screens.governed.rows(model.screens.facts.governance.get());
    rows.into_iter().map(|r| r.id).collect()
}

/// The governed values changed; `before` is the row that was selected.
pub fn refreshed(model: &mut Model, before: Option<Row>) {
    let ids = ids(model);
    let governed = &mut model.screens.governed;
    let lost = governed.pick.sync(&ids);
    if governed
        .landing
        .as_ref()
        .is_some_and(|id| governed.pick.go_to(&ids, id))
    {
        governed.landing = None;
    }
    let here = matches!(model.screen, ScreenId::Governance);
    if let Some(row) = before.filter(|b| here && Some(&b.id) == lost.as_ref()) {
        screens::say_left(model, row.code, "left this list");
    }
    screens::campaigns::update::sync(model);
    edit::rebase(model);
}

/// The list's first row gets the cursor.
fn from_start(model: &mut Model) {
    model.screens.governed.pick.reset();
    let ids = ids(model);
    model.screens.governed.pick.sync(&ids);
}

/// Sets the filter.
pub fn filter(model: &mut Model, text: &str) -> Result<Vec<Effect>, String> {
    let find = Find::parse(text, &[])?;
    model.screens.governed.find = find;
    from_start(model);
    Ok(Vec::new())
}

/// A command.
pub fn run(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    let governed = &mut model.screens.governed;
    match cmd {
        Cmd::GovernLeft | Cmd::GovernRight => {
            governed.list = governed.list.beside(cmd == Cmd::GovernRight);
            governed.find = Find::default();
            from_start(model);
            Vec::new()
        }
        Cmd::GovernAdd => {
            let what = match governed.list {
                List::Markets => What::NewMarket,
                List::Brands => What::NewBrand,
                List::Channels => What::NewChannel,
                List::Accounts => What::NewAccount,
            };
            edit::open(model, what);
            Vec::new()
        }
        Cmd::GovernEdit => {
            if let Some(id) = governed.pick.id() {
                edit::open(model, What::Row(id));
            }
            Vec::new()
        }
        Cmd::GovernDelete => match governed.pick.id() {
            Some(id) => impact::ask_remove(model, &id),
            None => Vec::new(),
        },
        Cmd::GovernUsage => usage(model),
        Cmd::GovernCheck => screens::outside::check(model),
        other => {
            if let Some(step) = screens::movement(other) {
                let page = geometry(model.regions().body).page;
                let ids = ids(model);
                model.screens.governed.pick.step(&ids, step, page);
            }
            Vec::new()
        }
    }
}

/// Shows what uses the selected value: campaigns of a market or brand, tickets of a channel or account.
fn usage(model: &mut Model) -> Vec<Effect> {
    let Some(row) = model.screens.selected_governed() else {
        return Vec::new();
    };
    let field = match &row.id {
        RowId::Market(_) => "market",
        RowId::Brand(_) => "brand",
        RowId::Channel(_) => "channel",
        RowId::Account(..) => "account",
    };
    let text = format!("{field}:{}", row.code);
    match row.id {
        RowId::Market(_) | RowId::Brand(_) => {
            let mut effects = run::go(model, ScreenId::Campaigns);
            effects.extend(screens::set_filter(model, &text).unwrap_or_default());
            effects
        }
        RowId::Channel(_) | RowId::Account(..) => show_tickets(model, &text),
    }
}

/// The ticket table, narrowed.
pub fn show_tickets(model: &mut Model, text: &str) -> Vec<Effect> {
    if let Ok(filter) = Filter::parse(text) {
        // Set before the screen is shown, so that it asks only once.
        model.screens.tickets.filter = filter;
        model.screens.tickets.pick.reset();
        model.screens.tickets.slot.mark_stale();
    }
    run::go(model, ScreenId::Tickets)
}
