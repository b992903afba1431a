//! What the form of a new ticket does.

use super::{
    content::{self, Parts},
    model::Compose,
    payload,
};
use crate::{
    engine::{
        api::{ApiError, CommandKind, NewTicket, PreviewAsk, Reply, Request, SortKey, TicketWindow, filter::Filter},
        api::{card::Card, starting_payload},
        model::{
            ids::{CampaignId, ChannelId, TicketId, TicketNo},
            json::CanonicalJson,
            platform::{AccountId, PlatformId},
            ticket::{Priority, RequestType},
        },
    },
    tui::{
        app::{
            Effect, Model,
            effect::Origin,
            gate::{self, Intent},
        },
        command::Cmd,
        form::{Choice, Field, FieldKind, Form},
        overlay::{FormFor, FormOverlay, Overlay},
        screens::facts::{self, Facts, Then},
    },
};

/// Most tickets a change request chooses from; typing finds the rest by narrowing campaign or channel.
const TARGETS: u32 = 500;
/// The field payload fields stand in front of.
const AFTER_PAYLOAD: &str = "notes";

/// Opens the form of a new ticket, perhaps with a campaign chosen already.
pub fn open(model: &mut Model, campaign: Option<CampaignId>) -> Vec<Effect> {
    facts::when_known(model, Then::Compose(campaign))
}

/// Governed values are known: the form opens.
pub fn begin(model: &mut Model, campaign: Option<CampaignId>) -> Vec<Effect> {
    model.screens.compose = Compose::default();
    let requests = [
        (RequestType::Create, "the whole chain, created paused, activated last"),
        (RequestType::UpdateBudget, "a new budget for what a live ticket created"),
        (RequestType::Pause, "stop what a live ticket created"),
        (RequestType::Resume, "start it again"),
        (RequestType::Archive, "put it away for good"),
    ];
    let requests = requests
        .map(|(r, detail)| Choice::new(r.as_str(), r.as_str(), detail))
        .to_vec();
    let from_list = "Type to find a row; only a row of this list can be taken. Missing? An admin adds it.";
    let mut fields = vec![
        Field::choice("request", "Request", requests, Some(RequestType::Create.as_str()))
            .help("What the ticket asks for."),
        Field::choice("target", "Changes", Vec::new(), None)
            .help("The live ticket whose objects are changed. Campaign, channel and account are its own.")
            .hidden(true),
        Field::choice("campaign", "Campaign", campaigns(&model.screens.facts), None).help(from_list),
        Field::note("Brand", "").keyed("brand"),
        Field::note("Market", "").keyed("market"),
        Field::choice("channel", "Channel", channels(model), None).help(from_list),
        Field::choice("account", "Account", Vec::new(), None)
            .help("The account that pays. It decides the currency and where a day begins."),
    ];
    fields.extend(content::budget_fields(None, None));
    fields.extend(content::flight_fields(None));
    fields.push(payload::fold_field());
    fields.extend(payload::text_fields());
    fields.extend(content::care_fields("", model.session.me(), Priority::Normal));
    fields.push(content::qa_field("Run QA on submit", model.session.qa_after_form));
    let mut form = Form::new("New ticket", "Write the ticket", fields);
    form.focus_on("campaign");
    model.open(Overlay::Form(Box::new(FormOverlay::new(form, FormFor::Compose))));
    let mut effects = Vec::new();
    if let Some(id) = campaign {
        set(model, "campaign", &id.to_string());
        effects.extend(changed(model, "campaign"));
        focus(model, "channel");
    }
    effects.extend(choose_only(model));
    effects.extend(ask_preview(model));
    effects
}

/// One row is no choice: it is chosen, while nothing else is.
fn choose_only(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    for key in ["campaign", "channel"] {
        let field = form_mut(model).and_then(|f| f.field_mut(key));
        if let Some(FieldKind::Choice(combo)) = field.map(|f| &mut f.kind)
            && combo.take_only()
        {
            effects.extend(changed(model, key));
        }
    }
    effects
}

/// Campaigns that take tickets, as rows.
pub fn campaigns(facts: &Facts) -> Vec<Choice> {
    let rows = facts.governance.get().map_or(&[][..], |g| &g.campaigns);
    rows.iter()
        .filter(|r| !r.campaign.value.retired)
        .map(|r| {
            let c = &r.campaign.value;
            let flight = c.flight.map(|f| {
                let end = f.end.map_or_else(|| "open end".to_owned(), |d| d.to_string());
                format!("  {} .. {end}", f.start)
            });
            Choice::new(
                c.id.to_string(),
                &r.name,
                &format!("{}{}", c.title, flight.unwrap_or_default()),
            )
        })
        .collect()
}

/// Channels a ticket may be for: in use, and of a platform the engine speaks to.
fn channels(model: &Model) -> Vec<Choice> {
    let rows = model.screens.facts.governance.get().map_or(&[][..], |g| &g.channels);
    rows.iter()
        .map(|c| &c.value)
        .filter(|c| !c.retired && model.session.speaks_to(c.platform))
        .map(|c| {
            Choice::new(
                c.id.to_string(),
                c.code.as_str(),
                &format!("{}, {}", c.name, c.platform),
            )
        })
        .collect()
}

/// Accounts of a channel; those of the campaign's own zone first.
fn accounts(facts: &Facts, channel: Option<ChannelId>, campaign: Option<CampaignId>) -> Vec<Choice> {
    let row = campaign.and_then(|id| facts.campaign(id));
    let zone = row.and_then(|r| facts.market_of(r)).map(|m| m.timezone.as_str());
    let Some(channel) = channel.and_then(|id| facts.channel(id)) else {
        return Vec::new();
    };
    let mut accounts: Vec<_> = channel.accounts.iter().collect();
    accounts.sort_by_key(|a| zone != Some(a.timezone.as_str()));
    accounts
        .into_iter()
        .map(|a| {
            Choice::new(
                a.id.as_str(),
                a.id.as_str(),
                &format!("{}, {}, {}", a.name, a.currency, a.timezone),
            )
        })
        .collect()
}

fn form(model: &Model) -> Option<&Form> {
    match model.overlays.last() {
        Some(Overlay::Form(o)) if o.purpose == FormFor::Compose => Some(&o.form),
        _ => None,
    }
}

fn form_mut(model: &mut Model) -> Option<&mut Form> {
    match model.overlays.last_mut() {
        Some(Overlay::Form(o)) if o.purpose == FormFor::Compose => Some(&mut o.form),
        _ => None,
    }
}

fn value(model: &Model, key: &str) -> String {
    form(model).map(|f| f.value(key)).unwrap_or_default()
}

fn set(model: &mut Model, key: &str, value: &str) {
    if let Some(field) = form_mut(model).and_then(|f| f.field_mut(key)) {
        field.set(value);
        field.problem = None;
    }
}

fn focus(model: &mut Model, key: &str) {
    if let Some(form) = form_mut(model) {
        form.focus_on(key);
    }
}

/// Fills a field in unless a person has changed what stands there.
fn fill(model: &mut Model, key: &str, with: &str) {
    let now = value(model, key);
    let ours = model.screens.compose.filled.get(key);
    if now.is_empty() || ours.is_some_and(|o| *o == now) {
        set(model, key, with);
        model.screens.compose.filled.insert(key.to_owned(), with.to_owned());
    }
}

fn request(model: &Model) -> RequestType {
    value(model, "request").parse().unwrap_or(RequestType::Create)
}

fn chosen_channel(model: &Model) -> Option<ChannelId> {
    value(model, "channel").parse().ok()
}

fn chosen_campaign(model: &Model) -> Option<CampaignId> {
    value(model, "campaign").parse().ok()
}

fn chosen_account(model: &Model) -> Option<AccountId> {
    value(model, "account").parse().ok()
}

fn chosen_target(model: &Model) -> Option<&Card> {
    let id: TicketId = value(model, "target").parse().ok()?;
    let rows = &model.screens.compose.targets.get()?.rows;
    rows.iter().find(|c| c.id == id)
}

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

fn ask_preview(model: &mut Model) -> Vec<Effect> {
    if form(model).is_none() {
        return Vec::new();
    }
    let ask = PreviewAsk {
        campaign: chosen_campaign(model),
        channel: chosen_channel(model),
        account: chosen_account(model),
        request: Some(request(model)),
    };
    let mono = model.stamp.mono;
    model.screens.compose.preview.ask(Request::Preview(ask), mono)
}

/// What the ticket would be called.
pub fn preview_answered(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let slot = &mut model.screens.compose.preview;
    let (_, next) = slot.answer(generation, result, mono, |r| match r {
        Reply::Preview(p) => Some(p),
        _ => None,
    });
    next
}

/// The form is handed in. What the engine could only refuse is said here, all at once.
pub fn submitted(model: &mut Model) -> Vec<Effect> {
    if Parts::of(request(model)).payload && crate::tui::payload::update::holds_back(model) {
        return Vec::new();
    }
    let request = request(model);
    let target = chosen_target(model).map(|c| c.no);
    let id = TicketId::new(model.stamp.ids.mint());
    let new = new_ticket(model, id, request, target);
    let platform = chosen_channel(model).and_then(|id| model.screens.facts.channel(id));
    let awaited = Parts::of(request).payload && platform.is_some_and(|c| !model.screens.facts.is_settled(c.platform));
    let Some(form) = form_mut(model) else { return Vec::new() };
    let mut bad = content::refuse_half_a_flight(form);
    if awaited {
        bad |= content::refuse(
            form,
            "channel",
            "the platform's fields are on their way; hand it in again",
        );
    }
    let wanted = [
        ("target", "choose the ticket to change", request != RequestType::Create),
        ("campaign", "choose a campaign from the list", true),
        ("channel", "choose a channel from the list", true),
        ("account", "choose an account from the list", true),
    ];
    for (key, words, _) in wanted.into_iter().filter(|w| w.2) {
        if form.value(key).is_empty() {
            bad |= content::refuse(form, key, words);
        }
    }
    let (Some(new), false) = (new, bad) else {
        form.focus_problem();
        return Vec::new();
    };
    form.busy = true;
    let qa = content::wants_qa(form);
    model.session.qa_after_form = qa;
    let mut intent = Intent::new(
        model,
        CommandKind::TicketCreate(new),
        "write the ticket",
        "the ticket is written",
    );
    intent.origin = Origin::NewTicket { id, qa, form: true };
    gate::pass(model, Cmd::TicketNew.record().danger, intent)
}

fn new_ticket(model: &Model, id: TicketId, request: RequestType, target: Option<TicketNo>) -> Option<NewTicket> {
    let form = form(model)?;
    let parts = Parts::of(request);
    let payload = match &model.screens.compose.catalogue {
        Some((_, catalogue)) if parts.payload => CanonicalJson::new(&payload::gather(
            form,
            catalogue,
            &serde_json::Value::Null,
            &std::collections::BTreeMap::new(),
        )),
        _ => CanonicalJson::default(),
    };
    Some(NewTicket {
        id,
        campaign: chosen_campaign(model)?,
        channel: chosen_channel(model)?,
        account: chosen_account(model),
        request,
        target,
        budget: content::budget(form).filter(|_| parts.budget),
        flight: content::flight(form).filter(|_| parts.flight),
        payload,
        notes: form.value("notes"),
        assignee: form.value("assignee"),
        priority: form.value("priority").parse().unwrap_or_default(),
    })
}
