//! The real loop over a fake terminal and the canned engine.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use ratatui::layout::Size;
use tokio::{sync::mpsc, time::Instant};

use super::{Console, Output};
use crate::{
    engine::api::Notice,
    tui::{
        Exit, TuiOptions,
        app::{Model, msg::Millis},
        command::Key,
        log_feed::Level,
        term::Input,
        testkit::{FakeClient, World, noon},
        ui::chrome,
    },
};

#[derive(Default)]
struct Seen {
    frames: usize,
    text: String,
    left: Option<bool>,
    copied: Vec<String>,
}

struct FakeOutput {
    seen: Arc<Mutex<Seen>>,
    free: bool,
    /// A link that never takes the next frame.
    stalls: bool,
}

impl Output for FakeOutput {
    fn size(&mut self) -> Size {
        Size::new(100, 30)
    }
    fn is_free(&self) -> bool {
        self.free
    }
    fn written(&mut self) {
        self.free = true;
    }
    fn draw(&mut self, model: &Model) -> io::Result<()> {
        let backend = ratatui::backend::TestBackend::new(100, 30);
        let mut terminal = ratatui::Terminal::new(backend).unwrap();
        terminal.draw(|f| chrome::draw(model, f)).unwrap();
        let mut seen = self.seen.lock().unwrap();
        seen.frames += 1;
        seen.text = terminal.backend().to_string();
        self.free = !self.stalls;
        Ok(())
    }
    fn repaint(&mut self) -> io::Result<()> {
        Ok(())
    }
    fn copy(&mut self, text: &str) -> Result<&'static str, String> {
        self.seen.lock().unwrap().copied.push(text.to_owned());
        Ok("in a test")
    }
    fn suspend(&mut self) -> io::Result<()> {
        self.seen.lock().unwrap().text.clear();
        Ok(())
    }
    fn lend(&mut self) -> io::Result<()> {
        Ok(())
    }
    fn resume(&mut self) -> io::Result<()> {
        Ok(())
    }
    fn leave(&mut self, gone: bool) {
        self.seen.lock().unwrap().left = Some(gone);
    }
}

struct Running {
    seen: Arc<Mutex<Seen>>,
    keys: mpsc::Sender<Input>,
    client: Arc<FakeClient>,
    options: TuiOptions,
    task: tokio::task::JoinHandle<io::Result<Exit>>,
}

fn start(stalls: bool, world: World) -> Running {
    let seen = Arc::new(Mutex::new(Seen::default()));
    let output = FakeOutput {
        seen: Arc::clone(&seen),
        free: true,
        stalls,
    };
    let client = Arc::new(FakeClient::new(world));
    let (keys, inputs) = mpsc::channel(16);
    let options = TuiOptions::default();
    let console = Console::new(client.clone(), options.clone(), output, inputs, Instant::now());
    Running {
        seen,
        keys,
        client,
        options,
        task: tokio::spawn(console.run()),
    }
}

impl Running {
    async fn key(&self, key: Key) {
        let read = Millis(1_000_000);
        self.keys.send(Input::Key { key, read }).await.unwrap();
    }

    /// Waits for words on the screen; time is paused, so this takes none.
    async fn until(&self, words: &str) {
        for _ in 0..500 {
            if self.seen.lock().unwrap().text.contains(words) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("never saw {words:?} in\n{}", self.seen.lock().unwrap().text);
    }

    fn frames(&self) -> usize {
        self.seen.lock().unwrap().frames
    }
}

fn quiet() -> World {
    World {
        cards: vec![],
        ..World::default()
    }
}

#[tokio::test(start_paused = true)]
async fn keys_move_and_quitting_gives_the_terminal_back() {
    let console = start(false, World::default());
    console.until("Draft 9").await;
    console.key(Key::Char('2')).await;
    console.until("row 1/40").await;
    console.key(Key::Char('Q')).await;
    assert_eq!(console.task.await.unwrap().unwrap(), Exit::Quit { open: 0 });
    assert_eq!(console.seen.lock().unwrap().left, Some(false));
}

#[tokio::test(start_paused = true)]
async fn an_idle_console_draws_nothing() {
    let console = start(false, quiet());
    console.until("No tickets here yet").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let before = console.frames();
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(console.frames(), before);
}

#[tokio::test(start_paused = true)]
async fn a_hang_up_writes_nothing_more() {
    let console = start(false, quiet());
    console.until("No tickets here yet").await;
    let before = console.frames();
    console.keys.send(Input::Gone).await.unwrap();
    assert_eq!(console.task.await.unwrap().unwrap(), Exit::HungUp);
    assert_eq!(console.seen.lock().unwrap().left, Some(true));
    assert_eq!(console.seen.lock().unwrap().frames, before);
}

#[tokio::test(start_paused = true)]
async fn being_terminated_gives_the_terminal_back() {
    let console = start(false, quiet());
    console.keys.send(Input::Terminate).await.unwrap();
    assert_eq!(console.task.await.unwrap().unwrap(), Exit::Terminated);
    assert_eq!(console.seen.lock().unwrap().left, Some(false));
}

#[tokio::test(start_paused = true)]
async fn a_stalled_link_freezes_pixels_not_keys() {
    let console = start(true, World::default());
    for _ in 0..200 {
        console.key(Key::Char('j')).await;
    }
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(console.frames(), 1, "one frame pending, no more");
    console.keys.send(Input::Written).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(console.frames(), 2, "and the newest state after it");
    console.key(Key::Char('Q')).await;
    assert_eq!(console.task.await.unwrap().unwrap(), Exit::Quit { open: 0 });
}

#[tokio::test(start_paused = true)]
async fn events_and_log_lines_reach_the_screen() {
    let console = start(false, World::default());
    console.until("Draft 9").await;
    console.client.world.lock().unwrap().cards.clear();
    console.client.notify(Notice::Lanes);
    console.until("No tickets here yet").await;
    console.key(Key::Char('9')).await;
    console.until("Logs").await;
    console
        .options
        .log_feed
        .push(noon(), Level::Warn, "store", "sync took 812 ms");
    console.until("sync took 812 ms").await;
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_notices_is_few_frames() {
    let console = start(false, World::default());
    console.until("Draft 9").await;
    let before = console.frames();
    for _ in 0..1000 {
        console.client.notify(Notice::Lanes);
        tokio::time::sleep(Duration::from_micros(100)).await;
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(console.frames() - before < 30, "{}", console.frames() - before);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_drawn_between_going_to_sleep_and_being_woken() {
    let console = start(false, World::default());
    console.until("Draft 9").await;
    console.key(Key::Ctrl('z')).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let before = console.frames();
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(console.frames(), before);
    console.keys.send(Input::Continued).await.unwrap();
    console.until("Draft 9").await;
}
