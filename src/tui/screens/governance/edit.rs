//! A form over a governed value: what it was filled from, what a person changed in it, and what happens when somebody
//! else changes the same value meanwhile.
//!
//! Invariants
//! - The version sent is the one whose values stand in the form.
//! - What was typed is never dropped: a change by somebody else fills only fields nobody touched here, and says so at
//!   the others.

use serde::{Deserialize, Serialize};

use super::{forms, model::RowId};
use crate::{
    engine::model::{ids::CampaignId, platform::PlatformId, sanitise::sanitise},
    tui::{
        app::{Model, model::Session, toast::Tone},
        form::{Field, Form},
        overlay::{FormFor, FormOverlay, Overlay},
    },
};

/// What a form makes or changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A new market.
    NewMarket,
    /// A new brand.
    NewBrand,
    /// A new channel with its first account.
    NewChannel,
    /// A new account of a channel.
    NewAccount,
    /// A governed value.
    Row(RowId),
    /// A new campaign.
    NewCampaign,
    /// A campaign.
    Campaign(CampaignId),
}

/// A form's purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editing {
    /// What it makes or changes.
    pub what: What,
    /// The version its values are from; 0 for something new.
    pub version: u64,
    /// The values it was filled with, by field.
    pub base: Vec<(String, String)>,
}

impl Editing {
    /// True when a person changed this field.
    pub fn changed(&self, form: &Form, key: &str) -> bool {
        form.field(key).is_some_and(|f| f.value() != self.base_of(key))
    }

    /// What the field was filled with.
    pub fn base_of(&self, key: &str) -> &str {
        self.base.iter().find(|(k, _)| k == key).map_or("", |(_, v)| v)
    }
}

/// The fields of a form as `(key, value)`.
pub fn values(fields: &[Field]) -> Vec<(String, String)> {
    fields
        .iter()
        .filter(|f| !f.key.is_empty())
        .map(|f| (f.key.clone(), f.value()))
        .collect()
}

fn platforms(session: &Session) -> Vec<PlatformId> {
    PlatformId::ALL.into_iter().filter(|p| session.speaks_to(*p)).collect()
}

/// Opens the form for something, as far as everything it needs is known.
pub fn open(model: &mut Model, what: What) {
    let today = model.today();
    let Some(g) = model.screens.facts.governance.get() else {
        model.say(Tone::Note, "the governed values are not here yet", "r asks again");
        return;
    };
    let Some(filled) = forms::fill(&what, g, &platforms(&model.session), today) else {
        return;
    };
    let editing = Editing {
        what,
        version: filled.version,
        base: values(&filled.fields),
    };
    let form = Form::new(&filled.title, filled.submit, filled.fields);
    let overlay = FormOverlay::new(form, FormFor::Governed(editing));
    model.open(Overlay::Form(Box::new(overlay)));
}

/// The governed values changed: an open form takes in what nobody touched here.
pub fn rebase(model: &mut Model) {
    let today = model.today();
    let Some(g) = model.screens.facts.governance.get() else {
        return;
    };
    let platforms = platforms(&model.session);
    for overlay in &mut model.overlays {
        let Overlay::Form(overlay) = overlay else { continue };
        let FormFor::Governed(editing) = &mut overlay.purpose else {
            continue;
        };
        let theirs = forms::fill(&editing.what, g, &platforms, today);
        if editing.version == 0 {
            forms::renew(&mut overlay.form, theirs.map(|t| t.fields).unwrap_or_default());
            continue;
        }
        let Some(theirs) = theirs else {
            let gone = sanitise("it was removed by somebody else; Esc leaves");
            if !overlay.form.problems.contains(&gone) {
                overlay.form.problems.push(gone);
            }
            continue;
        };
        if theirs.version == editing.version {
            continue;
        }
        merge(&mut overlay.form, editing, &theirs.fields);
        overlay.keeping.start.extend(values(&theirs.fields));
        editing.version = theirs.version;
        editing.base = values(&theirs.fields);
    }
}

/// Fields nobody touched take the new value; a field changed on both sides keeps what was typed and says what it is now.
fn merge(form: &mut Form, editing: &Editing, theirs: &[Field]) {
    let mut clash = false;
    for new in theirs.iter().filter(|f| !f.key.is_empty()) {
        let base = editing.base_of(&new.key).to_owned();
        let Some(mine) = form.field_mut(&new.key) else { continue };
        mine.locked = new.locked;
        if mine.value() == base {
            mine.kind = new.kind.clone();
        } else if new.value() != base && new.value() != mine.value() {
            clash = true;
            mine.contest(&new.value());
        }
    }
    form.problems.clear();
    let words = if clash {
        "changed elsewhere while you edited; submitting again writes what stands here"
    } else {
        "changed elsewhere while you edited; the new values stand here beside yours"
    };
    form.problems.push(sanitise(words));
}
