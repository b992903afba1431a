//! What the form of a new ticket does.

use super::{
    content::{self, Parts},
    follow::changed,
    model::Compose,
    payload,
};
use crate::{
    engine::{
        api::{ApiError, CommandKind, NewTicket, PreviewAsk, Reply, Request, card::Card},
        model::{
            ids::{CampaignId, ChannelId, TicketId, TicketNo},
            json::CanonicalJson,
            platform::AccountId,
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
pub(super) fn choose_only(model: &mut Model) -> Vec<Effect> {
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
pub(super) fn channels(model: &Model) -> Vec<Choice> {
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
pub(super) fn accounts(facts: &Facts, channel: Option<ChannelId>, campaign: Option<CampaignId>) -> Vec<Choice> {
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

pub(super) fn form(model: &Model) -> Option<&Form> {
    match model.overlays.last() {
        Some(Overlay::Form(o)) if o.purpose == FormFor::Compose => Some(&o.form),
        _ => None,
    }
}

pub(super) fn form_mut(model: &mut Model) -> Option<&mut Form> {
    match model.overlays.last_mut() {
        Some(Overlay::Form(o)) if o.purpose == FormFor::Compose => Some(&mut o.form),
        _ => None,
    }
}

fn value(model: &Model, key: &str) -> String {
    form(model).map(|f| f.value(key)).unwrap_or_default()
}

pub(super) fn set(model: &mut Model, key: &str, value: &str) {
    if let Some(field) = form_mut(model).and_then(|f| f.field_mut(key)) {
        field.set(value);
        field.problem = None;
    }
}

pub(super) fn focus(model: &mut Model, key: &str) {
    if let Some(form) = form_mut(model) {
        form.focus_on(key);
    }
}

/// Fills a field in unless a person has changed what stands there.
pub(super) fn fill(model: &mut Model, key: &str, with: &str) {
    let now = value(model, key);
    let ours = model.screens.compose.filled.get(key);
    if now.is_empty() || ours.is_some_and(|o| *o == now) {
        set(model, key, with);
        model.screens.compose.filled.insert(key.to_owned(), with.to_owned());
    }
}

pub(super) fn request(model: &Model) -> RequestType {
    value(model, "request").parse().unwrap_or(RequestType::Create)
}

pub(super) fn chosen_channel(model: &Model) -> Option<ChannelId> {
    value(model, "channel").parse().ok()
}

pub(super) fn chosen_campaign(model: &Model) -> Option<CampaignId> {
    value(model, "campaign").parse().ok()
}

pub(super) fn chosen_account(model: &Model) -> Option<AccountId> {
    value(model, "account").parse().ok()
}

pub(super) fn chosen_target(model: &Model) -> Option<&Card> {
    let id: TicketId = value(model, "target").parse().ok()?;
    let rows = &model.screens.compose.targets.get()?.rows;
    rows.iter().find(|c| c.id == id)
}

pub(super) fn ask_preview(model: &mut Model) -> Vec<Effect> {
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
