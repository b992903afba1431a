//! What happened to tickets this person watches: a message, and a line among the messages.
//!
//! The engine knows who watches what. It is asked when something happened that news is made of, at most once in the time
//! events are gathered in; and again after the way to it was lost, so that nothing is missed.

use super::{
    effect::{Effect, SlotId},
    model::Model,
    notify,
    slot::Slot,
    toast::Tone,
};
use crate::{
    engine::{
        api::{
            ApiError, Reply, Request,
            news::{Item, News, What, what},
        },
        model::{
            event::{Event, Seq},
            refusal::RefusalCode,
        },
    },
    tui::screens::ScreenId,
};

/// What is known of news.
#[derive(Debug)]
pub struct Gazette {
    slot: Slot<News>,
    /// Told up to here; `None` until the engine said where it stands.
    told: Option<Seq>,
    /// There may be some.
    wanted: bool,
    /// The engine is of a build that has none.
    mute: bool,
}

impl Default for Gazette {
    fn default() -> Self {
        Self {
            slot: Slot::new(SlotId::News),
            told: None,
            wanted: false,
            mute: false,
        }
    }
}

impl Gazette {
    /// The console knows everything up to here: what happened before it came is no news.
    pub fn begins(&mut self, head: Seq) {
        self.told.get_or_insert(head);
    }

    /// Something may have been missed.
    pub const fn missed(&mut self) {
        self.wanted = true;
        self.mute = false;
    }
}

/// Something happened.
pub fn on_event(model: &mut Model, event: &Event) {
    if event.actor.name != model.session.me() && what(event).is_some() {
        model.news.wanted = true;
    }
}

/// Asks, if there may be news.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let Some(after) = model.news.told.filter(|_| model.news.wanted && !model.news.mute) else {
        return Vec::new();
    };
    model.news.wanted = false;
    model.news.slot.ask(Request::News { after }, mono)
}

/// The news.
pub fn answered(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    model.news.mute |= matches!(&result, Err(ApiError::Refused(r)) if r.code == RefusalCode::Unsupported);
    let mono = model.stamp.mono;
    let (fresh, mut effects) = model.news.slot.answer(generation, result, mono, |r| match r {
        Reply::News(news) => Some(*news),
        _ => None,
    });
    let Some(news) = model.news.slot.get().filter(|_| fresh).cloned() else {
        return effects;
    };
    let told = model.news.told.unwrap_or_default();
    model.news.told = Some(told.max(news.at));
    if news.left_out > 0 {
        let words = format!(
            "{} older pieces of news about your tickets are not told one by one",
            news.left_out
        );
        model.say(Tone::Note, &words, "the filter watching:me lists the tickets");
    }
    // A question that was asked again is answered again.
    for item in news.items.iter().filter(|item| item.seq > told) {
        effects.extend(announce(model, item));
    }
    effects
}

/// Tells one piece of news. Everything that is to reach a person away from this screen begins here: each piece passes
/// once, in order.
fn announce(model: &mut Model, item: &Item) -> Vec<Effect> {
    let effects = notify::on_news(model, item);
    // The ticket in view says by itself how its deploy ended.
    let seen = model.screen == ScreenId::Detail && model.screens.detail.card().is_some_and(|c| c.no == item.no);
    if seen && matches!(item.what, What::Live | What::Failed) {
        return effects;
    }
    let (tone, remedy) = match item.what {
        What::Live => (Tone::Good, ""),
        What::Failed | What::NeedsYou | What::Declined => (Tone::Warn, "g t shows it"),
        What::Commented | What::Assigned | What::Approved => (Tone::Note, ""),
    };
    model.say(tone, &item.words, remedy);
    effects
}
