//! A person at a console: the console's real loop over an engine, with a screen that can be read.
#![allow(dead_code, reason = "every test binary uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use omnitraffick::{
    engine::api::EngineClient,
    tui::{
        Exit, TuiOptions,
        app::{Model, msg::Millis},
        command::Key,
        runtime::{Console, Output},
        term::Input,
        theme::Depth,
        ui::chrome,
    },
};
use ratatui::{Terminal, backend::TestBackend, buffer::Buffer, layout::Size};
use tokio::{sync::mpsc, task::JoinHandle, time::Instant};

use crate::support::World;

/// What the terminal shows.
pub struct Screen {
    size: Size,
    buffer: Arc<Mutex<Buffer>>,
}

impl Output for Screen {
    fn size(&mut self) -> Size {
        self.size
    }
    fn is_free(&self) -> bool {
        true
    }
    fn written(&mut self) {}
    fn draw(&mut self, model: &Model) -> io::Result<()> {
        let mut terminal = Terminal::new(TestBackend::new(self.size.width, self.size.height)).unwrap();
        terminal.draw(|f| chrome::draw(model, f)).unwrap();
        *self.buffer.lock().unwrap() = terminal.backend().buffer().clone();
        Ok(())
    }
    fn repaint(&mut self) -> io::Result<()> {
        Ok(())
    }
    fn copy(&mut self, _: &str) -> Result<&'static str, String> {
        Ok("in a test")
    }
    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }
    fn lend(&mut self) -> io::Result<()> {
        Ok(())
    }
    fn resume(&mut self) -> io::Result<()> {
        Ok(())
    }
    fn leave(&mut self, _: bool) {}
}

/// A person at a console.
pub struct Person {
    pub buffer: Arc<Mutex<Buffer>>,
    keys: mpsc::Sender<Input>,
    started: Instant,
    running: JoinHandle<io::Result<Exit>>,
    /// Keys pressed; what is typed into a field or a line is a value and counts for nothing.
    pub pressed: AtomicUsize,
}

impl Person {
    pub fn sit_down(world: &World, width: u16, height: u16, color: Depth) -> Self {
        let options = TuiOptions {
            color,
            ..TuiOptions::default()
        };
        Self::sit_down_as(&world.client, options, width, height)
    }

    /// Somebody else, with a console of their own making.
    pub fn sit_down_as(client: &Arc<dyn EngineClient>, options: TuiOptions, width: u16, height: u16) -> Self {
        let size = Size { width, height };
        let buffer = Arc::new(Mutex::new(Buffer::default()));
        let screen = Screen {
            size,
            buffer: Arc::clone(&buffer),
        };
        let (keys, inputs) = mpsc::channel(64);
        let started = Instant::now();
        let console = Console::new(Arc::clone(client), options, screen, inputs, started);
        Self {
            buffer,
            keys,
            started,
            running: tokio::spawn(console.run()),
            pressed: AtomicUsize::new(0),
        }
    }

    pub fn text(&self) -> String {
        let buffer = self.buffer.lock().unwrap();
        let mut out = String::new();
        for y in 0..buffer.area.height {
            let row: String = (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect();
            out.push_str(row.trim_end());
            out.push('\n');
        }
        // The hash of the rules changes with every rule: no picture depends on it.
        if let Some((before, after)) = out.split_once("basis ")
            && after
                .get(..12)
                .is_some_and(|h| h.bytes().all(|b| b.is_ascii_hexdigit()))
        {
            out = format!("{before}basis ............{}", &after[12..]);
        }
        out
    }

    pub async fn sees(&self, words: &str) {
        for _ in 0..2000 {
            if self.text().contains(words) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("\"{words}\" never came:\n{}", self.text());
    }

    /// Presses a key, slowly enough for every question.
    pub async fn press(&self, name: &str) {
        self.pressed.fetch_add(1, Ordering::Relaxed);
        self.tap(name).await;
    }

    async fn tap(&self, name: &str) {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let key = Key::parse(name).unwrap();
        let read = Millis(u64::try_from(self.started.elapsed().as_millis()).unwrap());
        self.keys.send(Input::Key { key, read }).await.unwrap();
        tokio::time::sleep(Duration::from_millis(40)).await;
    }

    pub async fn keys(&self, names: &str) {
        for name in names.split(' ') {
            self.press(name).await;
        }
    }

    pub async fn type_in(&self, text: &str) {
        for c in text.chars() {
            let name = if c == ' ' { "Space".to_owned() } else { c.to_string() };
            self.tap(&name).await;
        }
    }

    /// Walks to a field of the form.
    pub async fn go_to(&self, label: &str) {
        let here = format!("›{label}");
        for _ in 0..120 {
            if self.text().contains(&here) {
                return;
            }
            self.press("Tab").await;
        }
        panic!("no field {label}:\n{}", self.text());
    }

    pub async fn fill(&self, label: &str, text: &str) {
        self.go_to(label).await;
        self.press("Ctrl-u").await;
        self.type_in(text).await;
    }

    /// The line drops: the console is gone between two of its steps, without a word.
    pub fn hang_up(self) {
        self.running.abort();
    }

    pub async fn leave(self) {
        self.press("Q").await;
        let exit = self.running.await.unwrap().unwrap();
        assert!(matches!(exit, Exit::Quit { .. }), "{exit:?}");
    }
}

/// Writes a ticket for the family brand that QA cannot like, and hands it in.
pub async fn write_a_bad_ticket(me: &Person) {
    me.sees("Draft").await;
    me.press("a").await;
    me.sees("New ticket").await;
    me.type_in("holiday").await;
    me.press("Enter").await;
    me.sees("FAM_US_META_2026_Holiday").await;
    me.sees("family-friendly").await;
    me.fill("Budget", "250000").await;
    me.fill("Page *", "111222333").await;
    me.fill("Link *", "https://fam.example/launch").await;
    me.fill("Primary text *", "Out now").await;
    me.press("Ctrl-f").await;
    me.type_in("image hash").await;
    me.press("Enter").await;
    me.fill("Image hash", "9fdba2b8a67f3d34b6a1c2e4d5f60718").await;
    me.fill("Interests", "6003000000001:Adult entertainment").await;
    me.press("Ctrl-s").await;
    me.sees("QA failed").await;
}
