//! The payload's paths a rule may look at, from the field lists of every platform the engine speaks to.

use std::collections::BTreeMap;

use crate::{
    engine::{
        api::{ApiError, Reply, Request, rules::house_rule::PAYLOAD},
        model::{
            catalogue::{Catalogue, FieldSpec},
            platform::PlatformId,
        },
    },
    tui::{
        app::{Effect, Model, effect::SlotId, slot::Slot},
        form::Choice,
    },
};

/// What is known of the paths.
#[derive(Debug)]
pub struct Paths {
    slot: Slot<Catalogue>,
    /// Platforms that were not asked about yet, the next one last.
    left: Vec<PlatformId>,
    asked: Option<PlatformId>,
    known: Vec<(PlatformId, Catalogue)>,
}

impl Default for Paths {
    fn default() -> Self {
        Self {
            slot: Slot::new(SlotId::RulePaths),
            left: Vec::new(),
            asked: None,
            known: Vec::new(),
        }
    }
}

impl Paths {
    /// The paths as rows, each once, with what platforms call the field.
    pub fn choices(&self) -> Vec<Choice> {
        let mut rows: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (platform, catalogue) in &self.known {
            for object in &catalogue.objects {
                for spec in &object.fields {
                    let words = format!("{platform}: {}{}", spec.title, values(spec));
                    rows.entry(format!("{PAYLOAD}{}.{}", object.section, spec.path))
                        .or_default()
                        .push(words);
                }
            }
        }
        rows.into_iter()
            .map(|(path, words)| Choice::new(path.clone(), &path, &words.join("; ")))
            .collect()
    }
}

fn values(spec: &FieldSpec) -> String {
    match spec.values.as_slice() {
        [] => String::new(),
        [first, second, _, _, _, ..] => format!(" ({first}, {second}, ...)"),
        all => format!(" ({})", all.join(", ")),
    }
}

/// Asks for the field lists, one platform after the other, unless they are here.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    let platforms = model
        .session
        .overview
        .get()
        .map(|o| o.platforms.clone())
        .unwrap_or_default();
    let paths = &mut model.screens.qa.paths;
    if paths.asked.is_some() || !paths.known.is_empty() {
        return Vec::new();
    }
    paths.left = platforms;
    paths.left.reverse();
    next(model)
}

fn next(model: &mut Model) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let paths = &mut model.screens.qa.paths;
    paths.asked = paths.left.pop();
    match paths.asked {
        Some(platform) => paths.slot.ask(Request::Catalogue(platform), mono),
        None => Vec::new(),
    }
}

/// One list is here; one that cannot be had is passed over.
pub fn answered(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let paths = &mut model.screens.qa.paths;
    let (fresh, mut effects) = paths.slot.answer(generation, result, mono, |r| match r {
        Reply::Catalogue(c) => Some(*c),
        _ => None,
    });
    if fresh && let (Some(platform), Some(catalogue)) = (paths.asked, paths.slot.get().cloned()) {
        paths.known.push((platform, catalogue));
    }
    effects.extend(next(model));
    if model.screens.qa.paths.asked.is_none() {
        super::form::paths_known(model);
    }
    effects
}
