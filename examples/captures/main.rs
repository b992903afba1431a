//! Draws the screens of `docs/console.md`, as text and as images, from the demo at work.
//!
//! ```sh
//! cargo run --example captures            # writes docs/console.md and docs/console/*.svg
//! ```
//!
//! Everything in them is real: the demo's engine and its simulated platform, the console's own loop, the keys given beside
//! each screen.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a tool for developers: what goes wrong ends it"
)]

mod picture;

use std::{
    fmt::Write as _,
    io,
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use omnitraffick::{
    demo::Demo,
    engine::api::EngineClient,
    log_feed::LogFeed,
    logging,
    tui::{
        TuiOptions,
        app::{Model, msg::Millis},
        command::Key,
        runtime::{Console, Output},
        term::Input,
        theme::{Depth, ThemeName},
        ui::chrome,
    },
};
use ratatui::{Terminal, backend::TestBackend, buffer::Buffer, layout::Size};
use tokio::sync::mpsc;

const SIZE: Size = Size::new(120, 36);
/// The story has come to its middle by then: something of everything is on the board.
const STORY: Duration = Duration::from_secs(25);

/// A screen: its name, what it is for, the keys that lead there.
struct Shot {
    name: &'static str,
    title: &'static str,
    words: &'static str,
    keys: &'static str,
}

const SHOTS: [Shot; 16] = [
    Shot {
        name: "board",
        title: "Board",
        words: "The state of the house at a glance: a column per status, in the order a ticket takes. A card says what it waits \
                for; a deploy in trouble says what the platform said and when it is tried again.",
        keys: "1",
    },
    Shot {
        name: "tickets",
        title: "Tickets",
        words: "Every ticket as a row, filtered with `/`, sorted with `s`, marked with Space and handled many at a time. The \
                pane beside it shows the one under the cursor.",
        keys: "2",
    },
    Shot {
        name: "filter",
        title: "A filter",
        words: "The list narrows while the filter is typed; what is wrong with it stands below the line.",
        keys: "2 / \"status:qa-failed\"",
    },
    Shot {
        name: "ticket",
        title: "One ticket",
        words: "What is to run, what QA found, what was sent and what exists outside. Enter opens it from any list.",
        keys: "Enter Enter",
    },
    Shot {
        name: "campaigns",
        title: "Campaigns",
        words: "What was promised, with its budget and its tickets.",
        keys: "3",
    },
    Shot {
        name: "governance",
        title: "Governance",
        words: "What may be used in names, and what a change of it would touch.",
        keys: "4",
    },
    Shot {
        name: "qa",
        title: "QA",
        words: "What QA found in all tickets, grouped by rule or by ticket: Enter opens the field, `f` fixes one or many. Beside \
                it the rules, those of the house and those built in.",
        keys: "5",
    },
    Shot {
        name: "deploys",
        title: "Deploys",
        words: "The queue that explains itself: each deploy with its steps, why it does not run, and when it will.",
        keys: "6",
    },
    Shot {
        name: "copilot",
        title: "Copilot",
        words: "Questions to the guidelines in force. Without a model it shows the snippets it found.",
        keys: "7",
    },
    Shot {
        name: "audit",
        title: "Audit",
        words: "Who did what, newest first. `/` takes `actor:ana`, `entity:1042`, `since:2h`, `until:2026-11-20` and words; `V` checks the chain.",
        keys: "8",
    },
    Shot {
        name: "logs",
        title: "Logs",
        words: "The last lines of the program's own log, secrets masked; `,` and `.` show less and more.",
        keys: "9",
    },
    Shot {
        name: "palette",
        title: "Palette",
        words: "`:` finds every command by name, says why one is not possible, and completes what follows it.",
        keys: "2 Esc : \"ticket\"",
    },
    Shot {
        name: "help",
        title: "Help",
        words: "`?` lists what works here; typing searches it, Enter runs it.",
        keys: "Esc ?",
    },
    Shot {
        name: "keys",
        title: "A chord",
        words: "After the first key of a chord, what may follow.",
        keys: "Esc g",
    },
    Shot {
        name: "deploy",
        title: "Before something goes out",
        words: "What will happen, where, and for how much. In production the ticket's number must be typed; the demo takes `y`.",
        keys: "Esc 2 / \"status:ready-for-api\" Enter P",
    },
    Shot {
        name: "new",
        title: "A new ticket",
        words: "Chosen from what is governed; the name it will carry on the platform is shown while it is written.",
        keys: "n 2 Esc a",
    },
];

/// Keeps the last frame.
struct Kept {
    terminal: Terminal<TestBackend>,
    last: Arc<Mutex<(Instant, Buffer)>>,
}

impl Output for Kept {
    fn size(&mut self) -> Size {
        SIZE
    }
    fn is_free(&self) -> bool {
        true
    }
    fn written(&mut self) {}
    fn draw(&mut self, model: &Model) -> io::Result<()> {
        let frame = self
            .terminal
            .draw(|frame| chrome::draw(model, frame))
            .expect("a frame in memory");
        *self.last.lock().unwrap() = (Instant::now(), frame.buffer.clone());
        Ok(())
    }
    fn repaint(&mut self) -> io::Result<()> {
        Ok(())
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

/// Keys of a script, as the tests write them: names with blanks between, text in quotes.
fn keys(script: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    for part in script.split(' ') {
        match part.strip_prefix('"').and_then(|p| p.strip_suffix('"')) {
            Some(text) => keys.extend(text.chars().map(Key::Char)),
            None => keys.push(Key::parse(part).expect("a key")),
        }
    }
    keys
}

/// Opens a console on a thread of its own.
fn console(client: Arc<dyn EngineClient>, log_feed: LogFeed) -> (mpsc::Sender<Input>, Arc<Mutex<(Instant, Buffer)>>) {
    let (keys, inputs) = mpsc::channel(64);
    let last = Arc::new(Mutex::new((Instant::now(), Buffer::default())));
    let shared = Arc::clone(&last);
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let output = Kept {
            terminal: Terminal::new(TestBackend::new(SIZE.width, SIZE.height)).unwrap(),
            last: shared,
        };
        let options = TuiOptions {
            theme: ThemeName::House,
            color: Depth::Indexed,
            painted: true,
            environment: "demo".to_owned(),
            log_feed,
            ..TuiOptions::default()
        };
        runtime.block_on(async {
            let started = tokio::time::Instant::now();
            let console = Console::new(client, options, output, inputs, started);
            Box::pin(console.run()).await.unwrap();
        });
    });
    (keys, last)
}

fn main() {
    let logs = tempfile::tempdir().unwrap();
    let logging = logging::start(tracing::Level::INFO, logs.path());
    let engine = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let demo = engine.block_on(async {
        let demo = Demo::start(1000, "ana").await.unwrap();
        demo.seed().await.unwrap();
        tokio::time::sleep(STORY).await;
        demo
    });
    let started = Instant::now();
    let (to, last) = console(demo.client(), logging.feed.clone());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    std::fs::create_dir_all(root.join("console")).unwrap();
    let mut page = String::from(
        "# The console in pictures\n\n\
         Made by `cargo run --example captures` from the demo at work: nothing here is painted by hand. All keys are in\n\
         [keys.md](keys.md), how to begin is in the [README](../README.md).\n",
    );
    for shot in &SHOTS {
        for key in keys(shot.keys) {
            let read = Millis(u64::try_from(started.elapsed().as_millis()).unwrap());
            to.blocking_send(Input::Key { key, read }).unwrap();
            // Slow enough for every question, and for what comes after a pause.
            std::thread::sleep(Duration::from_millis(300));
        }
        std::thread::sleep(Duration::from_millis(700));
        let buffer = last.lock().unwrap().1.clone();
        std::fs::write(
            root.join(format!("console/{}.svg", shot.name)),
            picture::svg(&buffer, shot.title),
        )
        .unwrap();
        let _ = write!(
            page,
            "\n## {}\n\n{}\n\n![{}](console/{}.svg)\n\n<details><summary>the same as text</summary>\n\n```text\n{}```\n\n</details>\n",
            shot.title,
            shot.words,
            shot.title,
            shot.name,
            picture::text(&buffer)
        );
    }
    // What no picture shows.
    page.push_str(include_str!("manners.md"));
    std::fs::write(root.join("console.md"), page).unwrap();
    drop(to);
    engine.block_on(async { demo.close().await.unwrap() });
}
