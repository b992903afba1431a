//! What is asked before many tickets are changed: which field, which value, and whether it is meant.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{
    act::{Act, Change, may_exist},
    marks, report,
    run::Bulk,
};
use crate::{
    engine::{
        api::card::Card,
        model::{
            catalogue::{FieldSpec, parse_value},
            deploy::Leftovers,
            money::{BudgetKind, Money},
            platform::PlatformId,
            refusal::{Problem, Refusal},
            ticket::{Priority, Status},
        },
    },
    tui::{
        app::{
            Effect, Model,
            gate::{self, Intent},
            toast::Tone,
        },
        command::{Cmd, Danger, available},
        form::{Choice, Field, Form},
        overlay::{FormFor, FormOverlay, Overlay, PickFor, Picker, Prompt, PromptFor},
        screens::{
            board::view::word,
            compose::payload::{self, PREFIX},
            facts,
        },
    },
};

/// More than this many need the count typed.
pub const FEW: usize = 10;
/// Pairs of before and after shown in the question.
const PAIRS: usize = 3;
/// Key of the only field of the form for a value.
const VALUE: &str = "value";

/// A verb on the marked tickets. The gate has admitted it.
pub fn verb(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::TicketQa => sure(model, Act::Qa),
        Cmd::TicketDeploy => sure(model, Act::Deploy),
        Cmd::TicketRetry => sure(model, Act::Retry),
        Cmd::TicketWithdraw => sure(model, Act::Withdraw),
        Cmd::TicketHold if model.marks.cards().all(available::is_paused) => sure(model, Act::Resume),
        Cmd::TicketHold => sure(model, Act::Pause),
        Cmd::TicketCancel => cancel(model),
        Cmd::TicketCare | Cmd::TicketEdit => fields(model, cmd),
        _ => Vec::new(),
    }
}

/// Asks for the last time: what, how many, where, what happens next.
fn sure(model: &mut Model, act: Act) -> Vec<Effect> {
    let cards: Vec<Card> = model.marks.cards().cloned().collect();
    let filter = model.marks.filter().map(str::to_owned);
    sure_of(model, act, cards, filter)
}

/// The same for tickets that are not marked. `filter` is what named them.
pub fn sure_of(model: &mut Model, act: Act, cards: Vec<Card>, filter: Option<String>) -> Vec<Effect> {
    confirm(model, Bulk::new(act, cards).named(filter))
}

/// Asks for one field of all marked tickets, the one at fault first.
pub fn set_field(model: &mut Model, at_fault: &str) -> Vec<Effect> {
    let effects = fields(model, Cmd::TicketEdit);
    // Its last word finds it, whatever object of the platform it belongs to.
    let words = match at_fault.rsplit('.').next().unwrap_or_default() {
        "amount" | "daily" | "lifetime" => "budget",
        last => last,
    };
    if let Some(Overlay::Picker(picker)) = model.overlays.last_mut() {
        picker.query.set(words);
        picker.row = 0;
    }
    effects
}

/// The failed ones again: asks as it did the first time.
pub fn again(model: &mut Model) -> Vec<Effect> {
    let Some(bulk) = model.bulk.last.as_deref() else {
        return Vec::new();
    };
    if bulk.is_running() {
        model.say(Tone::Note, "it still runs; R is for what did not work", "");
        return Vec::new();
    }
    if bulk.open() == 0 {
        model.say(Tone::Note, "everything was done; nothing is left to do again", "");
        return Vec::new();
    }
    let next = bulk.again();
    confirm(model, next)
}

/// Asks whether it is meant, and does it on a yes.
pub fn confirm(model: &mut Model, bulk: Bulk) -> Vec<Effect> {
    if model.bulk.last.as_ref().is_some_and(|b| b.is_running()) {
        model.say(Tone::Warn, "another bulk is still running", "g r shows it");
        return Vec::new();
    }
    let count = bulk.items.len();
    // Ten can be read in the question; more are a number that somebody has to have seen.
    let danger = if count > FEW {
        Danger::Outward
    } else {
        bulk.act.danger().max(Danger::Hard)
    };
    let tickets = if count == 1 { "ticket" } else { "tickets" };
    let question = format!("{} {count} {tickets}?", bulk.act.verb());
    let mut words = vec![statuses(&bulk)];
    words.extend(pairs(&bulk));
    words.extend(bulk.act.consequences());
    if bulk.act == Act::Deploy {
        words.extend(budgets(&bulk));
    }
    let intent = Intent::bulk(bulk, question.trim_end_matches('?')).asks(question.clone(), words, count.to_string());
    gate::pass(model, danger, intent)
}

/// `38 QA failed, 2 Ready, as they were marked.`
fn statuses(bulk: &Bulk) -> String {
    let parts: Vec<String> = Status::ALL
        .iter()
        .filter_map(|s| {
            let n = bulk.items.iter().filter(|i| i.card.status == *s).count();
            (n > 0).then(|| format!("{n} {}", word(*s)))
        })
        .collect();
    format!("{}, as they were marked.", parts.join(", "))
}

/// `In all USD 750.00 a day.`: what the tickets that can be deployed would spend, by currency and kind of budget.
fn budgets(bulk: &Bulk) -> Option<String> {
    let mut sums: BTreeMap<(String, &str), Decimal> = BTreeMap::new();
    for card in bulk.items.iter().map(|i| &i.card) {
        if card.status != Status::ReadyForApi {
            continue;
        }
        let Some(budget) = card.budget else { continue };
        let per = match budget.kind {
            BudgetKind::Daily => "a day",
            BudgetKind::Lifetime => "in their lifetime",
        };
        *sums.entry((budget.money.currency().to_string(), per)).or_default() += budget.money.amount();
    }
    let parts: Vec<String> = sums
        .into_iter()
        .map(|((currency, per), sum)| format!("{currency} {sum} {per}"))
        .collect();
    (!parts.is_empty()).then(|| format!("In all {}.", parts.join(", ")))
}

/// The first tickets, with the field before and after where one is set.
fn pairs(bulk: &Bulk) -> Vec<String> {
    let line = |card: &Card| match &bulk.act {
        Act::Set(change) => match change.before_after(card) {
            (Some(before), after) => format!("{}  {before} -> {after}", card.no),
            (None, after) => format!("{}  -> {after}", card.no),
        },
        _ => format!("{}  {}", card.no, card.name),
    };
    let mut lines: Vec<String> = bulk.items.iter().take(PAIRS).map(|i| line(&i.card)).collect();
    if bulk.items.len() > PAIRS {
        lines.push(format!("and {} more", bulk.items.len() - PAIRS));
    }
    lines
}

fn cancel(model: &mut Model) -> Vec<Effect> {
    let exist = model.marks.cards().filter(|c| may_exist(c)).count();
    if exist == 0 {
        return reason(model, Leftovers::KeepPaused);
    }
    let options = vec![
        (
            Choice::new(
                "keep",
                "Leave them paused",
                "nothing delivers; they stay on the platform",
            ),
            false,
        ),
        (
            Choice::new("archive", "Archive them", "in reverse order, ads first"),
            false,
        ),
    ];
    let title = format!("{exist} of the marked may have objects on a platform");
    model.open(Overlay::Picker(Picker::new(&title, options, PickFor::BulkLeftovers)));
    Vec::new()
}

/// What happens to objects was picked.
pub fn leftovers_picked(model: &mut Model, key: &str) -> Vec<Effect> {
    let archive = key == "archive";
    reason(
        model,
        if archive {
            Leftovers::Archive
        } else {
            Leftovers::KeepPaused
        },
    )
}

fn reason(model: &mut Model, leftovers: Leftovers) -> Vec<Effect> {
    let title = format!("Why are {} cancelled?", report::tickets(model.marks.len()));
    let prompt = Prompt::new(&title, "", PromptFor::BulkReason(leftovers));
    model.open(Overlay::Prompt(prompt));
    Vec::new()
}

/// Why they are called off was said.
pub fn reason_given(model: &mut Model, leftovers: Leftovers, text: &str) -> Vec<Effect> {
    let reason = text.trim_end_matches('.').to_owned();
    sure(model, Act::Cancel { leftovers, reason })
}

/// The platform all marked tickets share, if they do.
fn platform(model: &Model) -> Option<PlatformId> {
    let mut all = model.marks.cards().map(|c| c.platform);
    let first = all.next()?;
    all.all(|p| p == first).then_some(first)
}

const OWN: [(&str, &str, &str); 6] = [
    ("owner", "Owner", "login name of who takes care"),
    ("priority", "Priority", "low, normal, high, urgent"),
    ("budget", "Budget", "amount in each ticket's own currency"),
    ("flight.start", "First day", "2026-12-01, +3d, mon"),
    ("flight.end", "Last day", "2026-12-24, +3d; empty for no end"),
    ("notes", "Notes", "free text"),
];

/// Lists the fields that can be set on all marked tickets.
fn fields(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    let effects = platform(model).map_or_else(Vec::new, |p| facts::ask_fields(model, p));
    let picker = Picker::new(
        &format!("Set which field on {}?", report::tickets(model.marks.len())),
        options(model, cmd),
        PickFor::BulkField,
    );
    model.open(Overlay::Picker(picker));
    effects
}

/// The platform's fields are here: an open list of fields gets them.
pub fn fields_known(model: &mut Model) {
    let all = options(model, Cmd::TicketEdit);
    if let Some(Overlay::Picker(picker)) = model.overlays.last_mut()
        && picker.purpose == PickFor::BulkField
        && picker.options.len() > 2
    {
        picker.options = all;
    }
}

fn options(model: &Model, cmd: Cmd) -> Vec<(Choice, bool)> {
    // Owner and priority have a key of their own, as on one ticket.
    let own = if cmd == Cmd::TicketCare { 2 } else { OWN.len() };
    let mut all: Vec<(Choice, bool)> = OWN
        .iter()
        .take(own)
        .map(|(key, title, detail)| (Choice::new(*key, title, detail), false))
        .collect();
    if cmd == Cmd::TicketCare {
        return all;
    }
    let known = platform(model).and_then(|p| model.screens.facts.fields_of(p));
    match (platform(model), known) {
        (None, _) => {
            let why = "the marked tickets are for several platforms; mark those of one";
            all.push((Choice::new("", "Fields of the platform", why), true));
        }
        (Some(_), None) => all.push((Choice::new("", "Fields of the platform", "being read"), true)),
        (Some(_), Some(catalogue)) => {
            let objects = catalogue.objects.iter();
            all.extend(
                objects
                    .flat_map(|o| o.fields.iter().map(move |f| (o, f)))
                    .map(|(o, f)| {
                        let detail = format!("{} {}.{}", o.word.to_lowercase(), o.section, f.path);
                        (Choice::new(payload::key(&o.section, &f.path), &f.title, &detail), false)
                    }),
            );
        }
    }
    all
}

fn spec<'m>(model: &'m Model, key: &str) -> Option<&'m FieldSpec> {
    let path = key.strip_prefix(PREFIX)?;
    let catalogue = model.screens.facts.fields_of(platform(model)?)?;
    let mut all = catalogue
        .objects
        .iter()
        .flat_map(|o| o.fields.iter().map(move |f| (o, f)));
    all.find(|(o, f)| format!("{}.{}", o.section, f.path) == path)
        .map(|(_, f)| f)
}

/// A field was picked: asks for its value.
pub fn field_picked(model: &mut Model, key: &str) -> Vec<Effect> {
    let field = match key {
        "owner" => Field::text(VALUE, "Owner", 60, "").help("Login name of who takes care of them; empty for nobody."),
        "priority" => {
            let all = Priority::ALL.iter();
            let options = all.map(|p| Choice::new(p.as_str(), p.as_str(), "")).collect();
            Field::choice(VALUE, "Priority", options, None).help("Which ticket goes first on its account.")
        }
        "budget" => Field::text(VALUE, "Budget", 20, "")
            .help("Amount in main units of each ticket's own currency; daily stays daily, lifetime stays lifetime."),
        "flight.start" => Field::date(VALUE, "First day", None).help("Such as 2026-12-01, +3d or mon."),
        "flight.end" => Field::date(VALUE, "Last day", None).help("Such as 2026-12-24 or +3d; empty for no end."),
        "notes" => Field::text(VALUE, "Notes", 2000, "").help("Replaces the notes of every marked ticket."),
        other => match spec(model, other) {
            Some(spec) => payload::field(VALUE, spec, ""),
            None => return Vec::new(),
        },
    };
    let title = format!("Set on {}", report::tickets(model.marks.len()));
    let form = Form::new(&title, "Go on", vec![field]);
    let purpose = FormFor::BulkValue(key.to_owned());
    model.open(Overlay::Form(Box::new(FormOverlay::new(form, purpose))));
    Vec::new()
}

/// The value was given: asks whether it is meant.
pub fn value_given(model: &mut Model, key: &str) -> Vec<Effect> {
    let Some(Overlay::Form(overlay)) = model.overlays.last() else {
        return Vec::new();
    };
    let text = overlay.form.value(VALUE);
    let day = overlay.form.field(VALUE).and_then(|f| f.date_value().ok().flatten());
    let change = match key {
        "owner" => Ok(Change::Owner(text)),
        "priority" => text.parse().map(Change::Priority).map_err(|_| "choose one".to_owned()),
        "budget" => budget(model, &text),
        "flight.start" => day.map(Change::Start).ok_or_else(|| "a first day is needed".to_owned()),
        "flight.end" => Ok(Change::End(day)),
        "notes" => Ok(Change::Notes(text)),
        other => platform_field(model, other, &text),
    };
    match change {
        Ok(change) => {
            model.overlays.pop();
            sure(model, Act::Set(change))
        }
        Err(reason) => {
            if let Some(Overlay::Form(overlay)) = model.overlays.last_mut() {
                overlay
                    .form
                    .refuse(&Refusal::invalid(vec![Problem::at(VALUE, reason, "")]));
            }
            Vec::new()
        }
    }
}

/// The amount must be one in every currency among the marked tickets.
fn budget(model: &Model, text: &str) -> Result<Change, String> {
    for card in model.marks.cards() {
        if let Some(budget) = card.budget {
            Money::parse(text, budget.money.currency()).map_err(|why| format!("{}: {why}", card.no))?;
        }
    }
    if text.is_empty() {
        return Err("an amount is needed".to_owned());
    }
    Ok(Change::Budget(text.to_owned()))
}

fn platform_field(model: &Model, key: &str, text: &str) -> Result<Change, String> {
    let spec = spec(model, key).ok_or_else(|| "the platform's fields are not here".to_owned())?;
    let value = if text.is_empty() {
        None
    } else {
        Some(parse_value(spec, text)?)
    };
    Ok(Change::Payload {
        path: key.strip_prefix(PREFIX).unwrap_or(key).to_owned(),
        title: spec.title.clone(),
        value,
    })
}

/// Why a command does nothing while tickets are marked, if so.
pub fn refusal(model: &Model, cmd: Cmd) -> Option<String> {
    let record = cmd.record();
    (marks::are_meant(model)
        && !record.bulk
        && record.danger > Danger::None
        && record.contexts.contains(&crate::tui::command::Ctx::Ticket))
    .then(|| {
        format!(
            "works on one ticket, and {} marked; - takes the marks away",
            if model.marks.len() == 1 {
                "one is".to_owned()
            } else {
                format!("{} are", model.marks.len())
            }
        )
    })
}
