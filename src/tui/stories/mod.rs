//! What the console is for, as people would tell it: one file per story, from the first key to the last, with the keys
//! counted. The story of one ticket from nothing to live is told over the real engine in `tests/console_ticket.rs`.

mod fix_many;
mod market_code;
mod newcomer;
mod platform_down;
mod power_user;

use super::{
    command::Key,
    testkit::{Driver, World},
};
use crate::engine::api::CommandKind;

/// A person at the console. Keys are counted; what is typed into a line or a field is a value and counts for nothing.
struct Person {
    d: Driver,
    pressed: Vec<String>,
}

impl Person {
    fn sits_down(world: World, width: u16, height: u16) -> Self {
        Self {
            d: Driver::new(world, width, height),
            pressed: Vec::new(),
        }
    }

    fn presses(&mut self, keys: &str) -> &mut Self {
        self.pressed.extend(keys.split(' ').map(str::to_owned));
        self.d.keys(keys);
        self
    }

    fn types(&mut self, value: &str) -> &mut Self {
        for c in value.chars() {
            self.d.pass(80);
            self.d.key(Key::Char(c));
        }
        self
    }

    fn sees(&mut self, words: &str) -> &mut Self {
        assert!(self.d.sees(words), "\"{words}\" is not there:\n{}", self.d.screen());
        self
    }

    fn done(&self) -> Vec<CommandKind> {
        self.d.client.world.lock().unwrap().done.clone()
    }

    fn keys(&self) -> usize {
        self.pressed.len()
    }
}
