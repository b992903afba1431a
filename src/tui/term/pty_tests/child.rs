//! What runs at the far end of the line: this test binary, as one console over a canned engine.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::sync::broadcast;

use super::MODE;
use crate::{
    engine::{
        api::{Answer, EngineClient, Notice, Request, TakenIn},
        model::{event::EventKind, time::Timestamp},
    },
    tui::{
        TuiOptions,
        app::notify::{Occasion, Way, Wishes},
        run_blocking,
        testkit::{FakeClient, World, event},
        theme::{Depth, ThemeName},
    },
};

struct Bomb {
    inner: FakeClient,
    fuse: AtomicUsize,
}

impl EngineClient for Bomb {
    fn request(&self, request: Request) -> Answer<'_> {
        self.inner.request(request)
    }
    fn keep_file(&self, name: String, file: std::fs::File) -> TakenIn<'_> {
        self.inner.keep_file(name, file)
    }
    fn notices(&self) -> broadcast::Receiver<Notice> {
        self.inner.notices()
    }
    fn new_uuid(&self) -> uuid::Uuid {
        self.inner.new_uuid()
    }
    fn now(&self) -> Timestamp {
        assert!(self.fuse.fetch_sub(1, Ordering::SeqCst) > 1, "the bomb of the test");
        self.inner.now()
    }
}

#[test]
#[ignore = "runs as the child of the other tests"]
fn child() {
    let Some(mode) = std::env::var_os(MODE) else { return };
    let quiet = World {
        cards: vec![],
        ..World::default()
    };
    let mut options = TuiOptions::default();
    let (world, fuse) = match mode.to_str() {
        Some("quiet") => (quiet, usize::MAX),
        Some("editor") => {
            // Says that it has the terminal, takes a line from it, and writes that to the file.
            let script = "echo the editor is here; read line; echo \"$line\" > $0";
            options.editor = Some(crate::tui::Editor {
                command: ["sh", "-c", script].map(str::to_owned).to_vec(),
                dir: std::env::temp_dir(),
            });
            (World::default(), usize::MAX)
        }
        Some("panic") => {
            let dir = std::env::temp_dir().join(format!("omnitraffick-panic-{}", std::process::id()));
            options.state = Some(dir.join("console.json"));
            (World::default(), 12)
        }
        Some("mono") => {
            options.color = Depth::Mono;
            (World::default(), usize::MAX)
        }
        Some("light") => {
            options.theme = ThemeName::Light;
            options.color = Depth::Indexed;
            (World::default(), usize::MAX)
        }
        Some("busy") => {
            options.color = Depth::Indexed;
            (World::default(), usize::MAX)
        }
        Some("calls") => {
            options.notify = Wishes {
                way: Way::Osc777,
                on: [Occasion::Failed].into(),
                in_tmux: false,
            };
            (World::default(), usize::MAX)
        }
        _ => (World::default(), usize::MAX),
    };
    let client = Arc::new(Bomb {
        inner: FakeClient::new(world),
        fuse: AtomicUsize::new(fuse),
    });
    if mode == "busy" {
        let client = Arc::clone(&client);
        std::thread::spawn(move || keep_busy(&client.inner));
    }
    if mode == "calls" {
        let client = Arc::clone(&client);
        std::thread::spawn(move || {
            let mut event = event(3);
            event.kind = EventKind::DeployFailed;
            event.summary = "the platform said \u{1b}]0;owned\u{7} no".to_owned();
            // Said until somebody hears it: the console may not be there yet.
            loop {
                client.inner.notify(Notice::Event(Arc::new(event.clone())));
                std::thread::sleep(Duration::from_millis(200));
            }
        });
    }
    let exit = run_blocking(client, options).unwrap();
    std::process::exit(i32::from(exit.code()));
}

/// Everything on the board changes all the time.
fn keep_busy(client: &FakeClient) {
    for turn in 1.. {
        {
            let mut world = client.world.lock().unwrap();
            world.asked.clear();
            for (n, card) in world.cards.iter_mut().enumerate() {
                card.name = format!("ACM_DE_META_2026_Turn{turn}N{n}");
            }
        }
        client.notify(Notice::Lanes);
        std::thread::sleep(Duration::from_millis(20));
    }
}
