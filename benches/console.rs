//! The console's budgets against an engine in memory: how fast a key becomes a frame, how many bytes a frame is, what an
//! idle console costs.
//!
//! `cargo bench --bench console [-- --quick] [--tickets N] [--moves N]`. One JSON line; exit code 1 when a bar was missed.
//!
//! The console is the whole of it: the real loop on its own thread, an engine on others, and an output that makes the
//! bytes a terminal would get and counts them instead of sending them. Bytes are those of 256 colours on the terminal's
//! own ground.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a tool for people at a keyboard: what goes wrong ends it with a message"
)]

mod common;

use std::{
    io,
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    time::{Duration, Instant},
};

use common::{Switches, house, support};
use omnitraffick::{
    engine::{
        api::{EngineClient, Reply, Request, SortKey, TicketWindow, filter::Filter},
        clock::{Clock, SystemClock, SystemEntropy},
        host::{Host, HostOptions, Place},
        store::memory::MemoryStore,
    },
    tui::{
        TuiOptions,
        app::{Model, msg::Millis},
        command::Key,
        runtime::{Console, Output},
        term::{Input, output::FrameBackend},
        theme::{Depth, ThemeName},
        ui::chrome,
    },
};
use ratatui::{
    Terminal,
    layout::{Rect, Size},
};

/// From a key to its frame, 95 of 100.
const KEY: Duration = Duration::from_millis(16);
/// From nothing to the first frame.
const FIRST: Duration = Duration::from_millis(150);
/// A filter over all tickets.
const FILTER: Duration = Duration::from_millis(50);
/// A step of the selection on the board at 200x60, in bytes.
const STEP: usize = 400;
/// Whole frames: width, height, bytes.
const WHOLE: [(u16, u16, usize); 4] = [(80, 24, 6_000), (120, 36, 12_000), (200, 60, 28_000), (250, 70, 35_000)];
/// Processor share of an idle console and its engine, in percent of a core.
const IDLE_PERCENT: f64 = 0.2;
/// Memory the console adds to a process that runs an engine, in MiB.
const MEMORY: u64 = 40;
/// The keys of the screens with a tab.
const SCREENS: [char; 8] = ['1', '2', '3', '4', '6', '7', '8', '9'];

/// A frame as it left: when, and how many bytes; `None` when drawing made none.
type Frame = (Instant, usize);

/// Counts frames instead of sending them.
struct Counter {
    terminal: Terminal<FrameBackend>,
    size: Arc<Mutex<Size>>,
    frames: Sender<Frame>,
}

impl Output for Counter {
    fn size(&mut self) -> Size {
        let size = *self.size.lock().unwrap();
        self.terminal.backend_mut().resize(size);
        size
    }
    fn is_free(&self) -> bool {
        true
    }
    fn written(&mut self) {}
    fn draw(&mut self, model: &Model) -> io::Result<()> {
        self.terminal.draw(|frame| chrome::draw(model, frame))?;
        if let Some(bytes) = self.terminal.backend_mut().take_frame() {
            let _ = self.frames.send((Instant::now(), bytes.len()));
        }
        Ok(())
    }
    fn repaint(&mut self) -> io::Result<()> {
        let size = self.size();
        self.terminal.backend_mut().forget_cursor();
        self.terminal.resize(Rect::new(0, 0, size.width, size.height))
    }
    fn copy(&mut self, _: &str) -> Result<&'static str, String> {
        Ok("nowhere")
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

/// A running console, its keyboard and its frames.
struct Desk {
    keys: tokio::sync::mpsc::Sender<Input>,
    frames: Receiver<Frame>,
    size: Arc<Mutex<Size>>,
    started: Instant,
    thread: std::thread::JoinHandle<()>,
}

impl Desk {
    fn open(client: Arc<dyn EngineClient>, size: Size) -> Self {
        let (frames_to, frames) = channel();
        let (keys, inputs) = tokio::sync::mpsc::channel(256);
        let size = Arc::new(Mutex::new(size));
        let started = Instant::now();
        let shared = Arc::clone(&size);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let size = *shared.lock().unwrap();
                let output = Counter {
                    terminal: Terminal::new(FrameBackend::new(size)).unwrap(),
                    size: shared,
                    frames: frames_to,
                };
                let options = TuiOptions {
                    theme: ThemeName::House,
                    color: Depth::Indexed,
                    ..TuiOptions::default()
                };
                let started = tokio::time::Instant::now();
                let console = Console::new(client, options, output, inputs, started);
                Box::pin(console.run()).await.unwrap();
            });
            runtime.shutdown_background();
        });
        Self {
            keys,
            frames,
            size,
            started,
            thread,
        }
    }

    fn next(&self, wait: Duration) -> Option<Frame> {
        match self.frames.recv_timeout(wait) {
            Ok(frame) => Some(frame),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => panic!("the console ended"),
        }
    }

    fn send(&self, input: Input) {
        self.keys.blocking_send(input).unwrap();
    }

    fn press(&self, key: Key) {
        let read = Millis(u64::try_from(self.started.elapsed().as_millis()).unwrap());
        self.send(Input::Key { key, read });
    }

    /// Waits until nothing is drawn for a while.
    fn rest(&self) {
        while self.next(Duration::from_millis(400)).is_some() {}
    }

    /// Presses a key and waits for its frame: how long, and how many bytes.
    fn answer(&self, key: Key) -> Option<(Duration, usize)> {
        let at = Instant::now();
        self.press(key);
        let (done, bytes) = self.next(Duration::from_millis(500))?;
        Some((done - at, bytes))
    }

    fn resize(&self, width: u16, height: u16) {
        *self.size.lock().unwrap() = Size::new(width, height);
        self.send(Input::Resized);
    }
}

/// Steps down and up again through a list: times, and the most bytes of one step.
fn steps(desk: &Desk, screen: char, count: usize) -> (Vec<Duration>, usize) {
    desk.press(Key::Char(screen));
    desk.rest();
    let mut times = Vec::with_capacity(count);
    let mut most = 0;
    for n in 0..count {
        // Down most of the way, so that windows are asked for as well.
        let key = if n % 8 == 7 { Key::Char('k') } else { Key::Char('j') };
        if let Some((took, bytes)) = desk.answer(key) {
            times.push(took);
            // A step that scrolls is another matter.
            if n > 0 && n < 8 {
                most = most.max(bytes);
            }
        }
        // What the engine answers meanwhile is not this key's frame.
        while desk.next(Duration::from_millis(12)).is_some() {}
    }
    times.sort();
    (times, most)
}

/// Filters a person would type, each over all tickets.
async fn filters(client: &dyn EngineClient) -> Vec<Duration> {
    let texts = [
        "status:live",
        "moana",
        "status:ready-for-api market:US",
        "nosuchname",
        "!owner:ana platform:meta",
        "Launch9999",
    ];
    let mut times = Vec::new();
    for round in 0..5 {
        for text in texts {
            let Ok(filter) = Filter::parse(text) else { continue };
            let window = TicketWindow {
                filter,
                sort: SortKey::default(),
                reverse: round % 2 == 1,
                anchor: None,
                before: 0,
                after: 180,
            };
            let start = Instant::now();
            let Reply::Tickets(_) = client.request(Request::Tickets(window)).await.unwrap() else {
                panic!("another answer")
            };
            times.push(start.elapsed());
        }
    }
    times.sort();
    times
}

fn ms(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e5).round() / 100.0
}

fn main() -> std::process::ExitCode {
    let switches = Switches::of_process();
    let quick = switches.has("--quick");
    let tickets = u32::try_from(switches.number("--tickets", if quick { 2_000 } else { 100_000 })).unwrap();
    let moves = usize::try_from(switches.number("--moves", if quick { 40 } else { 400 })).unwrap();
    let idle = Duration::from_secs(if quick { 1 } else { 5 });

    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store = Arc::new(MemoryStore::new(Arc::clone(&clock), Arc::new(SystemEntropy::from_os())));
    let life = Arc::new(house::Life::play());
    // One in four is live.
    let events = u64::from(tickets) * (life.events_ready() * 3 + life.events()) / 4;
    house::write(&life, &store, tickets, events);
    let engine = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let host = engine.block_on(async {
        Host::open(HostOptions {
            // Decides and answers; nothing is sent.
            transport: None,
            ..support::options(&support::sandbox(""), &clock, &clock, Place::Open(store), 1)
        })
        .await
        .unwrap()
    });
    let client = host.client(support::person(), false);
    let filter_times = engine.block_on(filters(&*client));
    let before = common::memory("VmRSS");

    let desk = Desk::open(Arc::clone(&client), Size::new(200, 60));
    let first = desk.next(Duration::from_secs(20)).expect("a first frame").0 - desk.started;
    desk.rest();

    let (board, board_bytes) = steps(&desk, '1', moves);
    let (table, table_bytes) = steps(&desk, '2', moves);

    let mut whole = Vec::new();
    for (width, height, bar) in WHOLE {
        desk.resize(width, height);
        desk.rest();
        let mut most = 0;
        for screen in SCREENS {
            desk.press(Key::Char(screen));
            desk.rest();
            desk.press(Key::Ctrl('l'));
            let bytes = desk.next(Duration::from_secs(1)).map_or(0, |f| f.1);
            most = most.max(bytes);
            desk.rest();
        }
        whole.push((format!("{width}x{height}"), most, bar));
    }

    let (mut idle_bytes, mut idle_cpu) = (0, Duration::ZERO);
    for screen in SCREENS {
        desk.press(Key::Char(screen));
        desk.rest();
        // The header's clock changes with the minute; that frame is its own.
        let second = SystemClock.now().micros().rem_euclid(60_000_000) / 1_000_000;
        if second > 53 {
            std::thread::sleep(Duration::from_secs(u64::try_from(61 - second).unwrap()));
            desk.rest();
        }
        let cpu = common::processor();
        let until = Instant::now() + idle;
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            idle_bytes += desk.next(left).map_or(0, |f| f.1);
        }
        idle_cpu += common::processor().saturating_sub(cpu);
    }
    let idle_percent = idle_cpu.as_secs_f64() / (idle.as_secs_f64() * SCREENS.len() as f64) * 100.0;
    let grown = common::memory("VmRSS").saturating_sub(before);
    desk.press(Key::Char('Q'));
    desk.thread.join().unwrap();
    engine.block_on(async { host.close().await.unwrap() });

    let p = common::percentile;
    let mut missed = Vec::new();
    let mut bar = |what: &str, holds: bool| {
        if !holds {
            missed.push(what.to_owned());
        }
    };
    bar("first frame", first <= FIRST);
    bar("key to frame, board", p(&board, 0.95) <= KEY);
    bar("key to frame, table", p(&table, 0.95) <= KEY);
    bar("filter", p(&filter_times, 0.95) <= FILTER);
    bar("bytes of a step", board_bytes <= STEP);
    for (size, bytes, most) in &whole {
        bar(&format!("bytes of a whole frame at {size}"), bytes <= most);
    }
    bar("silence", idle_bytes == 0);
    bar("idle processor", idle_percent <= IDLE_PERCENT);
    bar("memory", grown <= MEMORY);
    let figures = serde_json::json!({
        "tickets": tickets, "moves": moves,
        "first_frame_ms": ms(first),
        "key_to_frame_ms": {
            "board_p50": ms(p(&board, 0.5)), "board_p95": ms(p(&board, 0.95)),
            "table_p50": ms(p(&table, 0.5)), "table_p95": ms(p(&table, 0.95)),
        },
        "filter_ms": { "p50": ms(p(&filter_times, 0.5)), "p95": ms(p(&filter_times, 0.95)) },
        "step_bytes_200x60": { "board": board_bytes, "table": table_bytes },
        "whole_frame_bytes": whole.iter().map(|(size, bytes, _)| (size.clone(), *bytes)).collect::<Vec<_>>(),
        "idle_bytes": idle_bytes, "idle_seconds": idle.as_secs() * SCREENS.len() as u64,
        "idle_cpu_percent": (idle_percent * 100.0).round() / 100.0,
        "console_memory_mib": grown,
    });
    common::report("console", quick, figures, &missed)
}
