//! Drafts: what was typed into a form and not handed in. Pure; the runtime keeps one file per draft beside the console's
//! own, so that a quit, a crash or a lost engine costs at most what was typed in the last [`REST_MS`].
//!
//! Invariants
//! - A draft holds what a person changed, with the value it stood on: taken up later it overwrites nothing of others
//!   without saying so.
//! - A draft goes when its form was handed in with success, or when somebody says so; never by itself.
//! - A value that finds no place in the form (a row that is gone, a field the platform dropped) stays in the draft.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    effect::{Effect, TimerId},
    model::Model,
    toast::Tone,
};
use crate::{
    engine::model::{
        ids::{TicketId, TicketNo},
        time::Timestamp,
    },
    tui::{
        form::{Choice, Field, Form},
        overlay::{FormFor, FormOverlay, Overlay, PickFor, Picker},
        screens::{self, ScreenId, compose, detail, facts, governance, qa},
        ui::when,
    },
};

/// The form of the file.
const VERSION: u32 = 1;
/// Written this long after the first change that is not written, milliseconds.
pub const REST_MS: u64 = 700;

/// What a draft is a form of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// A new ticket.
    NewTicket,
    /// A ticket's content and care.
    Ticket {
        /// Which.
        id: TicketId,
        /// Its number.
        no: TicketNo,
    },
    /// A market, brand, channel, account or campaign.
    Governed(governance::edit::What),
    /// A QA rule by name; empty for a new one.
    Rule(String),
}

impl About {
    /// What a form is about; `None` for one that is not worth a draft.
    pub fn of(purpose: &FormFor) -> Option<Self> {
        match purpose {
            FormFor::Compose => Some(Self::NewTicket),
            FormFor::EditTicket { id, no, .. } => Some(Self::Ticket { id: *id, no: *no }),
            FormFor::Governed(editing) => Some(Self::Governed(editing.what.clone())),
            FormFor::Rule { name, .. } => Some(Self::Rule(name.clone())),
            FormFor::Care { .. } | FormFor::BulkValue(_) | FormFor::Conflict { .. } => None,
        }
    }
}

/// A value somebody typed, and what stood there before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    /// Before.
    pub from: String,
    /// Now.
    pub to: String,
}

/// What was typed into one form, by field.
pub type Values = BTreeMap<String, Typed>;

/// A form that was not handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    v: u32,
    /// The name of its file.
    pub id: Uuid,
    /// What it is a form of.
    pub about: About,
    /// The form's title.
    pub title: String,
    /// When it was written.
    pub at: Timestamp,
    /// What was typed.
    pub values: Values,
}

impl Draft {
    /// Reads a file.
    pub fn parse(text: &str) -> Result<Self, String> {
        let draft: Self = serde_json::from_str(text).map_err(|e| e.to_string())?;
        if draft.v == VERSION {
            Ok(draft)
        } else {
            Err(format!("it has form {}, this build knows {VERSION}", draft.v))
        }
    }
}

/// Drafts of this console.
#[derive(Debug, Default)]
pub struct Drafts {
    /// Those no form is open for, the newest first.
    pub left: Vec<Draft>,
    /// Those an open form belongs to.
    open: Vec<Uuid>,
    /// The one somebody chose, while its form is on its way.
    wanted: Option<Uuid>,
}

/// A form's own part of its draft.
#[derive(Debug, Default)]
pub struct Keeping {
    /// The file, once there is one.
    pub id: Option<Uuid>,
    /// What the form was filled with.
    pub start: BTreeMap<String, String>,
    /// What is in the file.
    written: Values,
    /// When it was written.
    pub at: Option<Timestamp>,
    /// Values of the draft whose field or row is not there (yet).
    pub waiting: Values,
    offered: bool,
    /// What an editor has: the editing's name and the field's key. Fields may change places meanwhile.
    pub edited: Option<(Uuid, String)>,
}

impl Keeping {
    /// For a form as it opens.
    pub fn new(form: &Form) -> Self {
        Self {
            start: values_of(form),
            ..Self::default()
        }
    }
}

fn values_of(form: &Form) -> BTreeMap<String, String> {
    let fields = form.fields.iter().filter(|f| f.is_editable() && !f.key.is_empty());
    fields.map(|f| (f.key.clone(), f.value())).collect()
}

/// What was typed into a form so far, and what of its draft still waits.
pub fn typed(overlay: &FormOverlay) -> Values {
    let mut out = overlay.keeping.waiting.clone();
    for field in overlay
        .form
        .fields
        .iter()
        .filter(|f| f.is_editable() && !f.key.is_empty())
    {
        let from = overlay.keeping.start.get(&field.key).cloned().unwrap_or_default();
        let to = field.value();
        if from != to && !out.contains_key(&field.key) {
            out.insert(field.key.clone(), Typed { from, to });
        }
    }
    out
}

fn forms(model: &Model) -> impl Iterator<Item = &FormOverlay> {
    model.overlays.iter().filter_map(|o| match o {
        Overlay::Form(f) => Some(&**f),
        _ => None,
    })
}

fn is_unwritten(overlay: &FormOverlay) -> bool {
    (overlay.form.touched || !overlay.keeping.waiting.is_empty())
        && About::of(&overlay.purpose).is_some()
        && typed(overlay) != overlay.keeping.written
}

/// After a message: what was typed is written soon, and drafts whose form was handed in go.
pub fn notice(model: &mut Model) -> Vec<Effect> {
    if model.session.options.state.is_none() {
        return Vec::new();
    }
    let here: Vec<Uuid> = forms(model).filter_map(|f| f.keeping.id).collect();
    let gone: Vec<Uuid> = model
        .drafts
        .open
        .iter()
        .copied()
        .filter(|id| !here.contains(id))
        .collect();
    model.drafts.open.retain(|id| here.contains(id));
    let mut effects: Vec<Effect> = gone.into_iter().map(Effect::DropDraft).collect();
    if forms(model).any(is_unwritten) {
        effects.extend(model.arm(TimerId::Draft, REST_MS));
    }
    effects
}

/// Writes what is not written yet.
pub fn write(model: &mut Model) -> Vec<Effect> {
    if model.session.options.state.is_none() {
        return Vec::new();
    }
    let mut effects = Vec::new();
    let now = model.stamp.now;
    for overlay in &mut model.overlays {
        let Overlay::Form(overlay) = overlay else { continue };
        if !is_unwritten(overlay) {
            continue;
        }
        let id = *overlay.keeping.id.get_or_insert_with(|| model.stamp.ids.mint());
        let Some(draft) = draft_of(overlay, id, now) else {
            continue;
        };
        overlay.keeping.written.clone_from(&draft.values);
        overlay.keeping.at = Some(now);
        if !model.drafts.open.contains(&id) {
            model.drafts.open.push(id);
        }
        let text = serde_json::to_string_pretty(&draft).unwrap_or_default();
        effects.push(Effect::KeepDraft { id, text });
    }
    if !effects.is_empty() {
        model.touch();
    }
    effects
}

fn draft_of(overlay: &FormOverlay, id: Uuid, at: Timestamp) -> Option<Draft> {
    Some(Draft {
        v: VERSION,
        id,
        about: About::of(&overlay.purpose)?,
        title: overlay.form.title.as_str().to_owned(),
        at,
        values: typed(overlay),
    })
}

/// True when what was typed into the form on top can be kept for later.
pub fn can_keep(model: &Model) -> bool {
    model.session.options.state.is_some()
        && matches!(model.overlays.last(), Some(Overlay::Form(f)) if About::of(&f.purpose).is_some())
}

/// The form on top is left; what was typed stays as a draft.
pub fn keep(model: &mut Model) -> Vec<Effect> {
    if !can_keep(model) {
        return Vec::new();
    }
    let effects = write(model);
    let now = model.stamp.now;
    let Some(Overlay::Form(overlay)) = model.overlays.pop() else {
        return effects;
    };
    if let Some(draft) = overlay.keeping.id.and_then(|id| draft_of(&overlay, id, now)) {
        model.drafts.open.retain(|id| *id != draft.id);
        model.drafts.left.insert(0, draft);
    }
    let key = model.keymap.key(crate::tui::command::Cmd::DraftList);
    model.say(
        Tone::Note,
        "what was typed is kept as a draft",
        &format!("{key} lists drafts"),
    );
    effects
}

/// What an earlier console left. The console says so once.
pub fn found(model: &mut Model, mut left: Vec<Draft>) {
    left.sort_by_key(|d| std::cmp::Reverse(d.at));
    if let Some(newest) = left.first() {
        let words = match left.len() {
            1 => format!("a form that was not handed in is kept: {}", newest.title),
            n => format!(
                "{n} forms that were not handed in are kept, the newest: {}",
                newest.title
            ),
        };
        let key = model.keymap.key(crate::tui::command::Cmd::DraftList);
        model.say(Tone::Note, &words, &format!("{key} lists them"));
    }
    model.drafts.left = left;
}

/// A value as people read it: an id is the name of what it stands for, or nothing.
fn in_words(model: &Model, value: &str) -> Option<String> {
    if value.parse::<Uuid>().is_err() {
        return Some(value.to_owned());
    }
    let known = model.screens.facts.governance.get()?;
    let campaign = known
        .campaigns
        .iter()
        .find(|c| c.campaign.value.id.to_string() == value);
    let channel = known.channels.iter().find(|c| c.value.id.to_string() == value);
    campaign
        .map(|c| c.name.clone())
        .or_else(|| channel.map(|c| c.value.code.to_string()))
}

fn rows(model: &Model, drafts: &[&Draft]) -> Vec<(Choice, bool)> {
    let mut rows = Vec::new();
    for (verb, word) in [("take", "Go on with"), ("drop", "Drop")] {
        for draft in drafts {
            let age = when::passed(draft.at, model.stamp.now);
            let values: Vec<String> = draft.values.values().filter_map(|t| in_words(model, &t.to)).collect();
            let title = format!("{word} {}, {age}", draft.title);
            rows.push((
                Choice::new(format!("{verb} {}", draft.id), &title, &values.join(", ")),
                false,
            ));
        }
    }
    rows
}

/// Lists all drafts.
pub fn list(model: &mut Model) {
    let rows = rows(model, &model.drafts.left.iter().collect::<Vec<_>>());
    model.open(Overlay::Picker(Picker::new("Drafts", rows, PickFor::Draft)));
}

/// After a message: a form that has just opened is offered its draft, and values of a draft go where they now fit.
pub fn settle(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Form(overlay)) = model.overlays.last_mut() else {
        return Vec::new();
    };
    if !std::mem::replace(&mut overlay.keeping.offered, true)
        && let Some(about) = About::of(&overlay.purpose)
    {
        let fitting: Vec<&Draft> = model.drafts.left.iter().filter(|d| d.about == about).collect();
        if let Some(id) = model
            .drafts
            .wanted
            .take()
            .filter(|w| fitting.iter().any(|d| d.id == *w))
        {
            take(model, id);
        } else if !fitting.is_empty() {
            let mut rows = rows(model, &fitting);
            let anew = Choice::new("new", "Start anew", "what was typed before stays a draft");
            rows.insert(fitting.len(), (anew, false));
            let title = "This form was begun before and not handed in";
            model.open(Overlay::Picker(Picker::new(title, rows, PickFor::Draft)));
            return Vec::new();
        }
    }
    fill(model)
}

/// The form on top takes a draft's values over.
fn take(model: &mut Model, id: Uuid) {
    let Some(at) = model.drafts.left.iter().position(|d| d.id == id) else {
        return;
    };
    let draft = model.drafts.left.remove(at);
    model.drafts.open.push(id);
    model.touch();
    if let Some(Overlay::Form(overlay)) = model.overlays.last_mut() {
        overlay.form.touched = true;
        overlay.keeping.id = Some(id);
        overlay.keeping.at = Some(draft.at);
        overlay.keeping.written.clone_from(&draft.values);
        overlay.keeping.waiting = draft.values;
    }
}

/// A row of a list of drafts was chosen.
pub fn picked(model: &mut Model, key: &str) -> Vec<Effect> {
    let Some((verb, id)) = key.split_once(' ') else {
        return Vec::new();
    };
    let Some(draft) = id
        .parse()
        .ok()
        .and_then(|id: Uuid| model.drafts.left.iter().find(|d| d.id == id))
        .cloned()
    else {
        return Vec::new();
    };
    if verb == "drop" {
        model.drafts.left.retain(|d| d.id != draft.id);
        model.say(Tone::Note, &format!("the draft is dropped: {}", draft.title), "");
        return vec![Effect::DropDraft(draft.id)];
    }
    if matches!(model.overlays.last(), Some(Overlay::Form(f)) if About::of(&f.purpose).as_ref() == Some(&draft.about)) {
        take(model, draft.id);
        return Vec::new();
    }
    model.drafts.wanted = Some(draft.id);
    match draft.about {
        About::NewTicket => compose::update::open(model, None),
        About::Ticket { id, .. } => {
            let mut effects = detail::update::open(model, id);
            // The form opens as soon as the ticket is here.
            model.screens.detail.pending = Some(None);
            effects.extend(facts::ask_governance(model));
            effects.extend(detail::edit::open_pending(model));
            effects
        }
        About::Governed(what) => {
            governance::edit::open(model, what);
            Vec::new()
        }
        About::Rule(name) => {
            let view = model.screens.qa.slot.get();
            let rule = view.and_then(|v| v.house.find(&name)).cloned();
            if !name.is_empty() && rule.is_none() {
                model.drafts.wanted = None;
                model.say(
                    Tone::Note,
                    "the rules are asked for first; edit the rule, and its draft is offered",
                    "",
                );
                return super::run::go(model, ScreenId::Qa);
            }
            qa::form::open(model, rule.as_ref())
        }
    }
}

/// Puts values of a draft where they fit, in the form's order, because later fields hang on earlier ones.
fn fill(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    loop {
        let Some(Overlay::Form(overlay)) = model.overlays.last_mut() else {
            return effects;
        };
        let waiting = &overlay.keeping.waiting;
        let fits = |f: &&mut Field| f.is_editable() && waiting.get(&f.key).is_some_and(|t| f.takes(&t.to));
        let Some(field) = overlay.form.fields.iter_mut().find(fits) else {
            return effects;
        };
        let Some(typed) = overlay.keeping.waiting.remove(&field.key) else {
            return effects;
        };
        let key = field.key.clone();
        let theirs = field.value();
        field.set(&typed.to);
        let purpose = overlay.purpose.clone();
        effects.extend(screens::form_changed(model, &purpose, &key));
        if theirs != typed.from && theirs != typed.to {
            detail::conflict::since_the_draft(model, &purpose, &key, &theirs);
        }
        model.touch();
    }
}

/// A field was changed by hand: what the draft said of it is out of date.
pub fn overwritten(overlay: &mut FormOverlay, key: &str) {
    overlay.keeping.waiting.remove(key);
}
