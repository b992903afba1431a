//! A canned engine and a driver: type keys at a model, see the screen as text. No time passes but what a test says.

mod client;
mod world;

pub use client::{FakeClient, ticket_view};
pub use world::{World, actor, card, event, id, noon};

use std::{
    collections::{BTreeMap, VecDeque},
    path::PathBuf,
    time::Duration,
};

use ratatui::{Terminal, backend::TestBackend, buffer::Buffer, layout::Size};
use uuid::Uuid;

use super::{
    TuiOptions,
    app::{
        Effect, Model, Msg, Stamp,
        effect::{SlotId, TimerId},
        msg::{Ids, Left, Millis},
        update::update,
    },
    command::Key,
    log_feed::Level,
    theme::{Depth, ThemeName},
    ui::chrome,
};
use crate::engine::api::{ApiError, Reply, Request};

/// The file of an editor.
pub const EDITED: &str = "edit.txt";

/// A model over the canned engine: effects are carried out at once, timers when the test lets time pass.
pub struct Driver {
    pub model: Model,
    pub client: FakeClient,
    pub copied: Vec<String>,
    pub saved: Vec<String>,
    pub drafts: BTreeMap<Uuid, String>,
    /// What a person's editor makes of a text.
    pub editor: fn(String) -> Result<String, String>,
    /// True while the editor stays open: what it leaves waits in `edited`.
    pub editing: bool,
    pub edited: Option<Msg>,
    /// Files of editors that may go.
    pub dropped: Vec<PathBuf>,
    pub quit: Option<super::Exit>,
    /// How often the engine was to be handed over.
    pub handed_over: usize,
    /// What the person was called for.
    pub called: Vec<String>,
    /// How often the console was to sleep.
    pub suspended: usize,
    /// A question to the copilot the engine has not answered yet.
    pub open: Option<u64>,
    /// True while the engine is slow: its answers wait until [`Driver::arrive`].
    pub slow: bool,
    late: VecDeque<Effect>,
    timers: BTreeMap<TimerId, u64>,
    mono: u64,
    seed: u128,
}

impl Driver {
    pub fn new(world: World, width: u16, height: u16) -> Self {
        Self::with(
            world,
            width,
            height,
            TuiOptions {
                theme: ThemeName::House,
                color: Depth::Indexed,
                ..TuiOptions::default()
            },
        )
    }

    pub fn with(world: World, width: u16, height: u16, options: TuiOptions) -> Self {
        let mut driver = Self::before_start(world, width, height, options);
        driver.send(Msg::Start);
        driver
    }

    /// A console that has handled no message yet.
    pub fn before_start(world: World, width: u16, height: u16, options: TuiOptions) -> Self {
        for (i, level) in [Level::Info, Level::Warn, Level::Debug, Level::Error]
            .into_iter()
            .enumerate()
        {
            let text = format!("line {i}: rate limited by meta, wait 60 s");
            options
                .log_feed
                .push(noon(), level, "omnitraffick::engine::deploy", text);
        }
        Self {
            model: Model::new(options, Size::new(width, height)),
            client: FakeClient::new(world),
            copied: vec![],
            saved: vec![],
            drafts: BTreeMap::new(),
            editor: Ok,
            editing: false,
            edited: None,
            dropped: Vec::new(),
            quit: None,
            handed_over: 0,
            called: Vec::new(),
            suspended: 0,
            open: None,
            slow: false,
            late: VecDeque::new(),
            timers: BTreeMap::new(),
            mono: 1000,
            seed: 0x0198_f300_0000_7000_8000_0000_0000_0000,
        }
    }

    pub fn send(&mut self, msg: Msg) {
        self.seed += 0x1_0000;
        let stamp = Stamp {
            now: noon().plus(Duration::from_millis(self.mono - 1000)),
            mono: Millis(self.mono),
            ids: Ids::new(Uuid::from_u128(self.seed)),
        };
        for effect in update(&mut self.model, stamp, msg) {
            self.effect(effect);
        }
    }

    /// The answers a slow engine owes come in, and those to what they lead to.
    pub fn arrive(&mut self) {
        self.slow = false;
        while let Some(effect) = self.late.pop_front() {
            self.effect(effect);
        }
    }

    fn effect(&mut self, effect: Effect) {
        match effect {
            late @ Effect::Ask { .. } if self.slow => self.late.push_back(late),
            Effect::Ask {
                slot: SlotId::CopilotNews,
                generation,
                request,
            } => {
                self.client.world.lock().unwrap().asked.push(request);
                self.open = Some(generation);
            }
            Effect::Ask {
                slot: SlotId::CopilotStop,
                request,
                ..
            } => self.client.world.lock().unwrap().asked.push(request),
            Effect::Ask {
                slot,
                generation,
                request,
            } => {
                let result = Box::new(self.client.answer(request));
                self.send(Msg::Reply {
                    slot,
                    generation,
                    result,
                });
            }
            Effect::Commit {
                command,
                counted,
                origin,
                label,
                done,
            } => {
                let result = Box::new(self.client.answer(Request::carrying_out(command, counted)));
                self.send(Msg::Committed {
                    origin,
                    label,
                    done,
                    result,
                });
            }
            Effect::Timer { timer, after } => {
                let ms = u64::try_from(after.as_millis()).unwrap();
                self.timers.insert(timer, self.mono + ms);
            }
            Effect::ReadLogs { after } => {
                let lines = self.model.session.options.log_feed.after(after);
                self.send(Msg::Logs(lines));
            }
            Effect::Copy(text) => {
                self.copied.push(text);
                self.send(Msg::Copied(Ok("in a test".to_owned())));
            }
            Effect::Save(text) => self.saved.push(text),
            Effect::Edit { id, text, .. } => {
                let outcome = (self.editor)(text).map(|text| Left {
                    text,
                    path: EDITED.into(),
                });
                if self.editing {
                    self.edited = Some(Msg::Edited { id, outcome });
                } else {
                    self.send(Msg::Edited { id, outcome });
                }
            }
            Effect::DropEdited(path) => self.dropped.push(path),
            Effect::KeepDraft { id, text } => {
                self.drafts.insert(id, text);
            }
            Effect::DropDraft(id) => {
                self.drafts.remove(&id);
            }
            Effect::Quit(exit) => self.quit = Some(exit),
            Effect::HandOver => self.handed_over += 1,
            Effect::Suspend => self.suspended += 1,
            Effect::Notify(text) => self.called.push(text),
            Effect::Forget(_) | Effect::Repaint | Effect::Mouse(_) => {}
        }
    }

    /// The copilot's next news.
    pub fn tell(&mut self, news: Result<crate::engine::api::asking::News, ApiError>) {
        let generation = self.open.take().expect("nobody waits for the copilot");
        self.send(Msg::Reply {
            slot: SlotId::CopilotNews,
            generation,
            result: Box::new(news.map(|n| Reply::CopilotNews(Box::new(n)))),
        });
    }

    /// Lets time pass; timers run out in their order.
    pub fn pass(&mut self, ms: u64) {
        let end = self.mono + ms;
        while let Some((timer, at)) = self.timers.iter().min_by_key(|(_, at)| **at).map(|(t, at)| (*t, *at)) {
            if at > end {
                break;
            }
            self.timers.remove(&timer);
            self.mono = self.mono.max(at);
            self.send(Msg::Timer(timer));
        }
        self.mono = end;
    }

    /// Types keys by name with blanks between, slowly enough for every dialog: `2 / "status:draft" Enter`. Words in
    /// quotes are typed character by character.
    pub fn keys(&mut self, script: &str) -> &mut Self {
        for part in script.split(' ') {
            if let Some(text) = part.strip_prefix('"').and_then(|p| p.strip_suffix('"')) {
                for c in text.chars() {
                    self.pass(80);
                    self.key(Key::Char(c));
                }
            } else {
                self.pass(300);
                self.key(Key::parse(part).unwrap_or_else(|| panic!("no key {part}")));
            }
        }
        self
    }

    pub fn key(&mut self, key: Key) {
        let read = Millis(self.mono);
        self.send(Msg::Key { key, read });
    }

    pub fn resize(&mut self, width: u16, height: u16) {
        self.send(Msg::Resize(Size::new(width, height)));
    }

    pub fn buffer(&self) -> Buffer {
        let mut terminal = Terminal::new(TestBackend::new(self.model.size.width, self.model.size.height)).unwrap();
        terminal.draw(|frame| chrome::draw(&self.model, frame)).unwrap();
        terminal.backend().buffer().clone()
    }

    /// The screen as text.
    pub fn screen(&self) -> String {
        let buffer = self.buffer();
        let mut out = String::new();
        for y in 0..buffer.area.height {
            let mut row = String::new();
            let mut skip = 0;
            for x in 0..buffer.area.width {
                let symbol = buffer[(x, y)].symbol();
                if skip == 0 {
                    row.push_str(symbol);
                    skip = super::ui::pen::width(symbol).saturating_sub(1);
                } else {
                    skip -= 1;
                }
            }
            out.push_str(row.trim_end());
            out.push('\n');
        }
        out
    }

    pub fn sees(&self, words: &str) -> bool {
        self.screen().contains(words)
    }
}
