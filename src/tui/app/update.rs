//! `update`: one message in, the model changed, effects out. Pure.

use super::{
    contexts, draft,
    effect::{Effect, Origin, SlotId, TimerId},
    model::Model,
    msg::{Millis, Msg, Stamp},
    news, notify, people, pointer, pulse, run, saved, standing,
    toast::Tone,
    undo,
};
use crate::{
    engine::{
        api::{ApiError, Link, Notice, Reply},
        model::{event::Event, refusal::RefusalCode},
    },
    tui::{
        bulk,
        command::{Key, keymap::Meaning},
        overlay::{self, FormFor, Overlay},
        payload, screens,
    },
};

/// Events are merged into at most one asking per query in this time.
pub const REQUERY_MS: u64 = 100;
/// A pending chord shows what may follow after this time.
const WHICH_KEY_MS: u64 = 150;
/// Loading is said after this time.
pub const LOADING_MS: u64 = 300;

/// One message in, effects out.
pub fn update(model: &mut Model, stamp: Stamp, msg: Msg) -> Vec<Effect> {
    model.stamp = stamp;
    let mut effects = match msg {
        Msg::Start => screens::ask_visible(model),
        Msg::Key { key, read } => on_key(model, key, read),
        Msg::Mouse { what, x, y } => pointer::on_pointer(model, what, x, y),
        Msg::Paste(text) => on_paste(model, &text),
        Msg::Resize(size) => {
            model.size = size;
            model.touch();
            screens::ask_more(model)
        }
        Msg::Timer(timer) => on_timer(model, timer),
        Msg::Notice(notice) => on_notice(model, &notice),
        Msg::NoticesLost => {
            screens::mark_stale(model);
            // Among what was missed may be a governed value.
            model.screens.facts.governance.mark_stale();
            model.people.mark_stale();
            model.news.missed();
            model.session.overview.mark_stale();
            model.arm(TimerId::Requery, 0)
        }
        Msg::NoticesEnded => {
            lost(model, "the engine ended");
            Vec::new()
        }
        Msg::Reply {
            slot,
            generation,
            result,
        } => on_reply(model, slot, generation, *result),
        Msg::Committed {
            origin,
            label,
            done,
            result,
        } => on_committed(model, &origin, &label, &done, *result),
        Msg::LogsGrew => screens::logs::update::ask(model),
        Msg::Logs(lines) => {
            screens::logs::update::take(model, lines);
            Vec::new()
        }
        Msg::Copied(Ok(way)) => {
            model.say(Tone::Good, &format!("copied {way}"), "");
            Vec::new()
        }
        Msg::Copied(Err(why)) => {
            model.say(Tone::Warn, &format!("not copied: {why}"), "Y shows the text");
            Vec::new()
        }
        Msg::Suspend => run::suspend(model),
        Msg::HandedOver(result) => run::handed_over(model, result),
        Msg::Edited { id, outcome } => overlay::editor::edited(model, id, outcome),
        Msg::NotKept(why) => {
            let words = format!("what is typed into forms is not kept on disk: {why}");
            model.say(Tone::Warn, &words, "hand the form in before you leave");
            Vec::new()
        }
        Msg::End(exit) => run::quit(model, exit),
    };
    let copied = effects.iter().rev().find_map(|e| match e {
        Effect::Copy(text) => Some(text.clone()),
        _ => None,
    });
    if copied.is_some() {
        model.copied = copied;
    }
    if model.toasts.settle(model.screen, model.overlays.len()) {
        model.touch();
    }
    effects.extend(people::settle(model));
    effects.extend(draft::settle(model));
    effects.extend(draft::notice(model));
    effects.extend(saved::notice(model));
    effects.extend(keep_time(model));
    effects
}

fn on_key(model: &mut Model, key: Key, read: Millis) -> Vec<Effect> {
    let before = model.last_key.replace(read);
    if model.overlays.last().is_some_and(|o| o.ignores_key(key, read, before)) {
        model.hurried = true;
        model.touch();
        return Vec::new();
    }
    if std::mem::take(&mut model.hurried) {
        model.touch();
    }
    if key == Key::Esc && !model.chord.is_empty() {
        drop_chord(model);
        return Vec::new();
    }
    if let Key::Char(c) = key
        && model.chord.is_empty()
        && contexts::takes_text(model)
    {
        model.touch();
        return overlay::update::insert(model, c.encode_utf8(&mut [0; 4]));
    }
    model.chord.push(key);
    match model.keymap.resolve(&contexts::stack(model), &model.chord) {
        Meaning::Run(cmd) => {
            drop_chord(model);
            run::run(model, cmd, None)
        }
        Meaning::Pending(_) => {
            model.touch();
            model.arm(TimerId::WhichKey, WHICH_KEY_MS)
        }
        Meaning::Nothing => {
            if model.chord.len() > 1 {
                let keys: Vec<String> = model.chord.iter().map(ToString::to_string).collect();
                let words = format!("{} means nothing here; ? lists the keys", keys.join(" "));
                model.say(Tone::Note, &words, "");
            }
            drop_chord(model);
            Vec::new()
        }
    }
}

fn drop_chord(model: &mut Model) {
    if !model.chord.is_empty() {
        model.chord.clear();
        model.which_key = false;
        model.touch();
    }
}

fn on_paste(model: &mut Model, text: &str) -> Vec<Effect> {
    drop_chord(model);
    model.touch();
    if contexts::takes_text(model) && !matches!(model.overlays.last(), Some(Overlay::Typed(_))) {
        return overlay::update::insert(model, text);
    }
    // A multi-line paste into the wrong window must not run commands.
    model.say(Tone::Warn, "pasted text was dropped: no text field is open", "");
    Vec::new()
}

fn on_timer(model: &mut Model, timer: TimerId) -> Vec<Effect> {
    model.armed.remove(&timer);
    match timer {
        TimerId::Requery => screens::ask_visible(model),
        TimerId::Toast => {
            model.toasts.expire(model.stamp.mono);
            screens::board::update::forget_moves(model);
            model.pulses.expire(model.stamp.mono);
            model.touch();
            Vec::new()
        }
        TimerId::WhichKey => {
            if !model.chord.is_empty() {
                model.which_key = true;
                model.touch();
            }
            Vec::new()
        }
        TimerId::Save => saved::write(model),
        TimerId::Draft => draft::write(model),
        TimerId::Judge => payload::update::rested(model),
        TimerId::Notify => notify::send(model),
        TimerId::Filter => overlay::update::filter_rested(model),
        TimerId::Spinner if screens::loading_since(model).is_none() => Vec::new(),
        TimerId::Countdown | TimerId::Minute | TimerId::Spinner => {
            model.touch();
            Vec::new()
        }
    }
}

fn on_notice(model: &mut Model, notice: &Notice) -> Vec<Effect> {
    let was_lost = model.session.lost.take().is_some();
    if was_lost {
        model.touch();
    }
    let mut effects = Vec::new();
    match notice {
        Notice::Event(event) => effects = on_event(model, event),
        Notice::People => {
            model.people.mark_stale();
            return model.arm(TimerId::Requery, REQUERY_MS);
        }
        Notice::Lost => {
            model.people.mark_stale();
            model.news.missed();
        }
        Notice::Lanes | Notice::Health | Notice::Guidelines => {}
        Notice::Link(Link::Seeking(why)) => {
            model.session.link = None;
            lost(model, why);
            return Vec::new();
        }
        Notice::Link(link) => {
            if was_lost && matches!(link, Link::Embedded(_)) {
                model.say(Tone::Note, "this console runs the engine now", "");
            }
            model.session.link = Some(link.clone());
            model.people.forget_engine();
            model.news.missed();
            model.touch();
        }
    }
    screens::mark_stale(model);
    model.session.overview.mark_stale();
    effects.extend(model.arm(TimerId::Requery, REQUERY_MS));
    effects
}

fn on_event(model: &mut Model, event: &Event) -> Vec<Effect> {
    screens::board::update::on_event(model, event);
    screens::facts::on_event(model, event);
    news::on_event(model, event);
    pulse::on_event(model, event);
    notify::on_event(model, event)
}

fn lost(model: &mut Model, why: &str) {
    if model.session.lost.as_deref() != Some(why) {
        model.session.lost = Some(why.to_owned());
        model.touch();
    }
}

fn on_reply(model: &mut Model, slot: SlotId, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    match &result {
        Err(ApiError::Unavailable(why)) => lost(model, why),
        _ => model.session.lost = None,
    }
    model.touch();
    let mono = model.stamp.mono;
    match slot {
        SlotId::Overview => {
            let pick = |r| match r {
                Reply::Overview(o) => Some(*o),
                _ => None,
            };
            let before = model.session.overview.get().map(standing::of);
            let (fresh, next) = model.session.overview.answer(generation, result, mono, pick);
            standing::tell(model, before);
            if let Some(head) = model.session.overview.get().filter(|_| fresh).map(|o| o.head) {
                model.news.begins(head);
            }
            next
        }
        SlotId::Board => screens::board::update::reply(model, generation, result),
        SlotId::Tickets => screens::tickets::update::reply(model, generation, result),
        SlotId::Audit => screens::audit::update::reply(model, generation, result),
        SlotId::Verify => screens::audit::update::verified(model, generation, result),
        SlotId::Why => screens::why::answered(model, generation, result),
        SlotId::Check => screens::outside::checked(model, generation, result),
        SlotId::Validation => screens::outside::validated(model, generation, result),
        SlotId::Impact => screens::governance::impact::reply(model, generation, result),
        SlotId::Rules => screens::qa::update::reply(model, generation, result),
        SlotId::Trial => screens::qa::trial::reply(model, generation, result),
        SlotId::RulePaths => screens::qa::paths::answered(model, generation, result),
        SlotId::Deploys => screens::deploys::update::reply(model, generation, result),
        SlotId::DeployDetail => screens::deploys::update::detail(model, generation, result),
        SlotId::Detail => screens::detail::update::reply(model, generation, result),
        SlotId::Plan => screens::detail::update::plan_answered(model, generation, result),
        SlotId::History => screens::detail::update::history_answered(model, generation, result),
        SlotId::Proposal => screens::detail::update::proposal_answered(model, generation, result),
        SlotId::Facts => screens::facts::governance_answered(model, generation, result),
        SlotId::Fields => screens::facts::fields_answered(model, generation, result),
        SlotId::Preview => screens::compose::update::preview_answered(model, generation, result),
        SlotId::Jump => screens::jump_answered(model, generation, result),
        SlotId::Marks => bulk::marks::all_answered(model, generation, result),
        SlotId::BulkTicket => bulk::run::ticket_answered(model, generation, result),
        SlotId::Findings => screens::qa::findings::update::reply(model, generation, result),
        SlotId::BulkFilter => bulk::named::answered(model, generation, result),
        SlotId::Judged => payload::update::judged(model, generation, result),
        SlotId::Undo => undo::answered(model, generation, result),
        SlotId::Targets => screens::compose::follow::targets_answered(model, generation, result),
        SlotId::CopilotSearch => screens::copilot::update::found(model, generation, result),
        SlotId::CopilotLook => screens::copilot::update::looked(model, generation, result),
        SlotId::CopilotNews => screens::copilot::update::news(model, generation, result),
        SlotId::CopilotStop => screens::copilot::update::stopped(model, generation, result),
        SlotId::CopilotHistory => screens::copilot::update::history_answered(model, generation, result),
        SlotId::People => people::answered(model, generation, result),
        SlotId::News => news::answered(model, generation, result),
    }
}

fn on_committed(
    model: &mut Model,
    origin: &Origin,
    label: &str,
    done: &str,
    result: Result<Reply, ApiError>,
) -> Vec<Effect> {
    if let Origin::Bulk { index, no } = origin {
        if let Err(ApiError::Unavailable(why)) = &result {
            lost(model, why);
        }
        return bulk::run::committed(model, *index, *no, result);
    }
    let form = match (origin, model.overlays.last_mut()) {
        (Origin::Form | Origin::Saved { .. } | Origin::NewTicket { form: true, .. }, Some(Overlay::Form(form))) => {
            Some(form)
        }
        _ => None,
    };
    let mut effects = Vec::new();
    match (result, form) {
        (Ok(reply), form) => {
            if form.is_some() {
                model.overlays.pop();
            }
            let back = undo::offer(model, &reply);
            model.say(Tone::Good, done, &back);
            match origin {
                Origin::NewTicket { id, qa, .. } => effects = screens::detail::update::created(model, *id, *qa),
                Origin::Saved { id } => effects = screens::detail::update::saved(model, *id),
                Origin::Verb | Origin::Form | Origin::Bulk { .. } => {}
            }
        }
        (Err(ApiError::Refused(mut refusal)), Some(form)) => {
            for field in refusal.problems.iter_mut().filter_map(|p| p.field.as_mut()) {
                if let Some(own) = screens::form_path(&form.purpose, field.as_str()) {
                    *field = own.into();
                }
            }
            let contested = refusal.code == RefusalCode::Stale && matches!(form.purpose, FormFor::EditTicket { .. });
            form.form.refuse(&refusal);
            model.screens.detail.contested |= contested;
            model.touch();
        }
        (Err(error), form) => {
            if let Some(form) = form {
                form.form.busy = false;
            }
            if let ApiError::Unavailable(why) = &error {
                let why = why.clone();
                lost(model, &why);
            }
            model.say_error(label, &error);
        }
    }
    screens::mark_stale(model);
    model.session.overview.mark_stale();
    effects.extend(model.arm(TimerId::Requery, 0));
    effects
}

/// Timers follow from what is visible, so an idle console sets none but the clock's.
fn keep_time(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    let mono = model.stamp.mono;
    let ends = [
        model.toasts.until(),
        screens::board::update::moves_until(model),
        model.pulses.until(),
    ];
    if let Some(until) = ends.into_iter().flatten().min() {
        effects.extend(model.arm(TimerId::Toast, until.since(mono)));
    }
    if screens::counts_down(model) {
        let part = model.stamp.now.micros().rem_euclid(1_000_000).unsigned_abs() / 1000;
        effects.extend(model.arm(TimerId::Countdown, 1000_u64.saturating_sub(part).max(1)));
    }
    if let Some(since) = screens::loading_since(model) {
        let waited = mono.since(since);
        let wait = if waited < LOADING_MS { LOADING_MS - waited } else { 250 };
        effects.extend(model.arm(TimerId::Spinner, wait));
    }
    let part = model.stamp.now.micros().rem_euclid(60_000_000).unsigned_abs() / 1000;
    effects.extend(model.arm(TimerId::Minute, 60_000_u64.saturating_sub(part).max(1)));
    effects
}
