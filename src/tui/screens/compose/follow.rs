//! What follows when a field of the form changes: campaign, channel, account and target bring others with them, and
//! governed values that change meanwhile bring their lists.

use super::{
    content::{self, Parts},
    payload,
    update::{
        accounts, ask_preview, campaigns, channels, choose_only, chosen_account, chosen_campaign, chosen_channel,
        chosen_target, fill, focus, form, form_mut, request, set,
    },
};

use crate::{
    engine::{
        api::{ApiError, Reply, Request, SortKey, TicketWindow, filter::Filter, starting_payload},
        model::{platform::PlatformId, ticket::RequestType},
    },
    tui::{
        app::{Effect, Model},
        form::Choice,
        screens::facts,
    },
};

/// Most tickets a change request chooses from; typing finds the rest by narrowing campaign or channel.
const TARGETS: u32 = 500;
/// The field payload fields stand in front of.
const AFTER_PAYLOAD: &str = "notes";

/// A field changed: what hangs on it follows.
pub fn changed(model: &mut Model, key: &str) -> Vec<Effect> {
    let mut effects = match key {
        "request" => follow_request(model),
        "target" => follow_target(model),
        "campaign" => {
            follow_campaign(model);
            Vec::new()
        }
        "channel" => follow_channel(model),
        "account" => {
            follow_account(model);
            Vec::new()
        }
        _ => Vec::new(),
    };
    if matches!(key, "request" | "target" | "campaign" | "channel" | "account") {
        effects.extend(ask_preview(model));
    }
    refold(model);
    effects
}

fn refold(model: &mut Model) {
    let Some((_, catalogue)) = model.screens.compose.catalogue.take() else {
        return;
    };
    let platform = chosen_channel(model)
        .and_then(|id| model.screens.facts.channel(id))
        .map(|c| c.platform);
    if let Some(form) = form_mut(model)
        && form.fields.iter().any(|f| f.key.starts_with(payload::PREFIX))
    {
        payload::fold(form, &catalogue);
    }
    if let Some(platform) = platform {
        model.screens.compose.catalogue = Some((platform, catalogue));
    }
}

fn follow_request(model: &mut Model) -> Vec<Effect> {
    let request = request(model);
    let change = request != RequestType::Create;
    if let Some(form) = form_mut(model) {
        for (key, hidden) in [("target", !change), ("budget", !Parts::of(request).budget)] {
            if let Some(field) = form.field_mut(key) {
                field.hidden = hidden;
            }
        }
        for (key, hidden) in [
            ("budget.kind", !Parts::of(request).budget),
            ("flight.start", change),
            ("flight.end", change),
        ] {
            if let Some(field) = form.field_mut(key) {
                field.hidden = hidden;
            }
        }
        for key in ["campaign", "channel", "account"] {
            if let Some(field) = form.field_mut(key) {
                field.locked = change;
            }
        }
        if change {
            form.swap_fields(|k| k.starts_with(payload::PREFIX), AFTER_PAYLOAD, Vec::new());
            if let Some(fold) = form.field_mut(payload::FOLD) {
                fold.hidden = true;
            }
        } else {
            set(model, "target", "");
        }
    }
    focus(model, if change { "target" } else { "campaign" });
    if change {
        model.screens.compose.catalogue = None;
        return ask_targets(model);
    }
    follow_channel(model)
}

fn ask_targets(model: &mut Model) -> Vec<Effect> {
    let Ok(filter) = Filter::parse("status:trafficked-success request:create") else {
        return Vec::new();
    };
    let window = TicketWindow {
        filter,
        sort: SortKey::Updated,
        after: TARGETS,
        ..TicketWindow::default()
    };
    let mono = model.stamp.mono;
    model.screens.compose.targets.ask(Request::Tickets(window), mono)
}

/// Tickets that may be changed are here.
pub fn targets_answered(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let slot = &mut model.screens.compose.targets;
    let (fresh, next) = slot.answer(generation, result, mono, |r| match r {
        Reply::Tickets(rows) => Some(rows),
        _ => None,
    });
    if fresh && let Some(rows) = model.screens.compose.targets.get() {
        let options = rows
            .rows
            .iter()
            .filter(|c| c.objects > 0)
            .map(|c| {
                let budget = c.budget.map_or_else(String::new, |b| format!("  {}", b.money));
                Choice::new(
                    c.id.to_string(),
                    &format!("{} {}", c.no, c.name),
                    &format!("{}{budget}", c.account),
                )
            })
            .collect();
        if let Some(form) = form_mut(model) {
            content::set_options(form, "target", options);
        }
    }
    next
}

fn follow_target(model: &mut Model) -> Vec<Effect> {
    let Some(card) = chosen_target(model).cloned() else {
        return Vec::new();
    };
    set(model, "campaign", &card.campaign.to_string());
    follow_campaign(model);
    let channel = model.screens.facts.governance.get().and_then(|g| {
        let of = |c: &&crate::engine::api::Seen<crate::engine::model::governance::Channel>| {
            c.value.account(&card.account).is_some() && c.value.platform == card.platform
        };
        g.channels.iter().find(of).map(|c| c.value.id)
    });
    if let Some(channel) = channel {
        set(model, "channel", &channel.to_string());
    }
    let effects = follow_channel(model);
    set(model, "account", card.account.as_str());
    follow_account(model);
    effects
}

fn follow_campaign(model: &mut Model) {
    let facts = &model.screens.facts;
    let row = chosen_campaign(model).and_then(|id| facts.campaign(id));
    let (mut brand, mut market, mut flight, mut countries) = (String::new(), String::new(), None, String::new());
    if let Some(row) = row {
        flight = row.campaign.value.flight;
        if let Some(b) = facts.brand_of(row) {
            let family = if b.family_friendly { ", family-friendly" } else { "" };
            brand = format!("{}  {}{family}", b.code, b.name);
        }
        if let Some(m) = facts.market_of(row) {
            let cap = m.daily_cap.map_or_else(String::new, |c| format!(", at most {c} a day"));
            market = format!("{}  {}{cap}", m.code, m.name);
            countries = m.countries.join(", ");
        }
    }
    let accounts = accounts(facts, chosen_channel(model), chosen_campaign(model));
    if let Some(form) = form_mut(model) {
        content::set_options(form, "account", accounts);
    }
    set(model, "brand", &brand);
    set(model, "market", &market);
    fill(
        model,
        &payload::key("ad_set", "targeting.geo_locations.countries"),
        &countries,
    );
    if request(model) == RequestType::Create {
        let start = flight.map_or_else(String::new, |f| f.start.to_string());
        let end = flight.and_then(|f| f.end).map_or_else(String::new, |d| d.to_string());
        fill(model, "flight.start", &start);
        fill(model, "flight.end", &end);
    }
}

fn follow_channel(model: &mut Model) -> Vec<Effect> {
    let channel = chosen_channel(model);
    let options = accounts(&model.screens.facts, channel, chosen_campaign(model));
    let only = match options.as_slice() {
        [only] => Some(only.key.clone()),
        _ => None,
    };
    if let Some(form) = form_mut(model) {
        content::set_options(form, "account", options);
    }
    if let Some(only) = only {
        set(model, "account", &only);
    }
    follow_account(model);
    let platform = channel
        .and_then(|id| model.screens.facts.channel(id))
        .map(|c| c.platform);
    let Some(platform) = platform.filter(|_| Parts::of(request(model)).payload) else {
        return Vec::new();
    };
    let mut effects = facts::ask_fields(model, platform);
    effects.extend(fields_known(model));
    effects
}

fn follow_account(model: &mut Model) {
    let account = chosen_channel(model)
        .zip(chosen_account(model))
        .and_then(|(channel, id)| model.screens.facts.account(channel, &id));
    let currency = account.map(|a| a.currency);
    if let Some(form) = form_mut(model) {
        content::set_currency(form, currency);
    }
}

/// The platform's fields go into the form, starting from the catalogue's defaults, unless they stand there already.
pub fn fields_known(model: &mut Model) -> Vec<Effect> {
    let platform: Option<PlatformId> = chosen_channel(model)
        .and_then(|id| model.screens.facts.channel(id))
        .map(|c| c.platform)
        .filter(|_| Parts::of(request(model)).payload);
    let Some(platform) = platform else { return Vec::new() };
    if model
        .screens
        .compose
        .catalogue
        .as_ref()
        .is_some_and(|(p, _)| *p == platform)
    {
        return Vec::new();
    }
    let Some(catalogue) = model.screens.facts.fields_of(platform).cloned() else {
        return Vec::new();
    };
    let start = starting_payload(&catalogue).value();
    let fields = payload::fields(&catalogue, &start);
    let Some(form) = form_mut(model) else { return Vec::new() };
    form.swap_fields(|k| k.starts_with(payload::PREFIX), AFTER_PAYLOAD, fields);
    if model.screens.compose.catalogue.is_some() {
        for key in [payload::TEXT, payload::TYPED] {
            if let Some(field) = form_mut(model).and_then(|f| f.field_mut(key)) {
                field.set("");
            }
        }
    }
    model.screens.compose.catalogue = Some((platform, catalogue));
    follow_campaign(model);
    refold(model);
    model.touch();
    Vec::new()
}

/// Governed values changed while the form is open: lists follow, what is chosen stays if it may.
pub fn refresh(model: &mut Model) -> Vec<Effect> {
    if form(model).is_none() {
        return Vec::new();
    }
    let (campaigns, channels) = (campaigns(&model.screens.facts), channels(model));
    if let Some(form) = form_mut(model) {
        content::set_options(form, "campaign", campaigns);
        content::set_options(form, "channel", channels);
    }
    let mut effects = Vec::new();
    if request(model) == RequestType::Create {
        effects.extend(choose_only(model));
        // What hangs on the chosen ones may have changed with them: accounts, the market's cap.
        let (channel, campaign) = (chosen_channel(model), chosen_campaign(model));
        let accounts = accounts(&model.screens.facts, channel, campaign);
        if let Some(form) = form_mut(model) {
            content::set_options(form, "account", accounts);
        }
        follow_campaign(model);
        follow_account(model);
    }
    model.touch();
    effects.extend(ask_preview(model));
    effects
}
