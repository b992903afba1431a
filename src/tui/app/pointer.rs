//! What the mouse means, once somebody took it: the wheel scrolls, a click selects. Neither does anything that can harm.

use super::{contexts, effect::Effect, model::Model, run, toast::Tone};
use crate::tui::{
    command::{Key, keymap::Meaning, table::Danger},
    screens,
    term::mouse::Pointer,
    ui::{chrome, layout::regions},
};

/// Rows of a notch of the wheel.
const NOTCH: usize = 3;

/// Takes the mouse, or gives it back.
pub fn toggle(model: &mut Model) -> Vec<Effect> {
    model.mouse = !model.mouse;
    let words = if model.mouse {
        "the wheel scrolls and a click selects a row; :mouse gives the mouse back to the terminal"
    } else {
        "the mouse is the terminal's: it selects text again"
    };
    model.say(Tone::Good, words, "");
    vec![Effect::Mouse(model.mouse)]
}

/// Somebody used it.
pub fn on_pointer(model: &mut Model, what: Pointer, x: u16, y: u16) -> Vec<Effect> {
    if !model.mouse || !model.chord.is_empty() {
        return Vec::new();
    }
    match what {
        Pointer::WheelUp => wheel(model, Key::Up),
        Pointer::WheelDown => wheel(model, Key::Down),
        Pointer::Click if model.overlays.is_empty() => click(model, x, y),
        Pointer::Click => Vec::new(),
    }
}

/// A notch is the arrow key a few times, where the arrow moves something.
fn wheel(model: &mut Model, key: Key) -> Vec<Effect> {
    let Meaning::Run(cmd) = model.keymap.resolve(&contexts::stack(model), &[key]) else {
        return Vec::new();
    };
    if cmd.record().danger != Danger::None {
        return Vec::new();
    }
    (0..NOTCH).flat_map(|_| run::run(model, cmd, None)).collect()
}

fn click(model: &mut Model, x: u16, y: u16) -> Vec<Effect> {
    let tabs = regions(model.size).tabs;
    if tabs.height > 0 && y == tabs.y {
        return match chrome::tab_at(model, x) {
            Some(screen) => run::go(model, screen),
            None => Vec::new(),
        };
    }
    model.touch();
    screens::click(model, x, y)
}
