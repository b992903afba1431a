//! A typist who hits anything: the console's `update` and its frames over a whole simulated agency, in simulated time on
//! one thread.
//!
//! Answers are held back and handed over late and out of order, deploys go on in between, other people change the same
//! tickets. What must hold after every message and at every rest is in [`promises`].
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    dead_code,
    missing_docs,
    reason = "a tool for developers: what goes wrong ends it; the test and the example each use a part"
)]

#[path = "../../support/agency.rs"]
mod agency;
pub mod event;
mod promises;

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, VecDeque},
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use omnitraffick::{
    engine::{
        api::{ApiError, CommandKind, EngineClient, Notice, Request},
        decide::command::Command,
        model::{
            ids::{CommandId, TicketId},
            platform::PlatformId,
        },
    },
    tui::{
        TuiOptions,
        app::{
            Effect, Model, Msg, Stamp,
            effect::{SlotId, TimerId},
            msg::{Ids, Millis},
            saved,
            update::update,
        },
        command::Key,
        overlay::Overlay,
        screens::{self, ScreenId},
        term::output::FrameBackend,
        theme::{Depth, ThemeName},
        ui::chrome,
    },
};
use ratatui::{
    Terminal,
    layout::{Rect, Size},
};
use tokio::{
    sync::{broadcast, mpsc},
    task::AbortHandle,
};

use self::{agency::Agency, event::Happening};

/// Tickets there are.
const TICKETS: usize = 18;
/// What happened last, kept for the report.
const REMEMBERED: usize = 60;
/// More overlays than this on each other are no way to work.
const DEEPEST: usize = 8;
/// A rest comes after so many happenings.
const REST: u64 = 120;

/// Something in the world went wrong while the agency was slow: faults of the simulated platforms.
const FAULTS: &str = r#"
[[rule]]
label = "refused"
probability = 0.1
action = { http = { status = 500 } }
[[rule]]
label = "too many"
probability = 0.1
action = { rate_limit = { seconds = 20 } }
"#;

/// How often what was met: a run that met nothing proves nothing.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    pub happenings: u64,
    pub keys: u64,
    pub frames: u64,
    pub frame_bytes: u64,
    pub commits: u64,
    pub answers: u64,
    pub notices: u64,
    pub rests: u64,
    pub restarts: u64,
    pub deepest: usize,
    pub screens: BTreeSet<&'static str>,
    pub overlays: BTreeSet<&'static str>,
}

impl Counts {
    /// Both together.
    pub fn add(&mut self, other: &Self) {
        self.happenings += other.happenings;
        self.keys += other.keys;
        self.frames += other.frames;
        self.frame_bytes += other.frame_bytes;
        self.commits += other.commits;
        self.answers += other.answers;
        self.notices += other.notices;
        self.rests += other.rests;
        self.restarts += other.restarts;
        self.deepest = self.deepest.max(other.deepest);
        self.screens.extend(&other.screens);
        self.overlays.extend(&other.overlays);
    }
}

/// The person at the keyboard, the console and the agency behind it.
pub struct Typist {
    agency: Agency,
    client: Arc<dyn EngineClient>,
    notices: broadcast::Receiver<Notice>,
    tickets: Vec<TicketId>,
    options: TuiOptions,
    model: Model,
    terminal: Terminal<FrameBackend>,
    answer_to: mpsc::UnboundedSender<Msg>,
    answers: mpsc::UnboundedReceiver<Msg>,
    held: VecDeque<Msg>,
    asked: BTreeMap<SlotId, AbortHandle>,
    timers: BTreeMap<TimerId, u64>,
    mono: u64,
    saved: Option<String>,
    commands: BTreeSet<CommandId>,
    diary: Diary,
    pub counts: Counts,
}

/// What happened last, oldest first; outlives a typist whom a broken promise ended.
pub type Diary = Rc<RefCell<VecDeque<Happening>>>;

/// A runtime in simulated time.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap()
}

impl Typist {
    /// Sits down before an agency at work.
    pub async fn sit_down(seed: u64, read_only: bool, diary: Diary) -> Self {
        let agency = Agency::open(FAULTS, seed, &[(PlatformId::Meta, 3), (PlatformId::Tiktok, 3)]).await;
        let tickets = agency.deploy(TICKETS).await;
        let client = Arc::clone(&agency.client);
        let options = TuiOptions {
            read_only,
            theme: ThemeName::House,
            color: Depth::Indexed,
            environment: "prod".to_owned(),
            ..TuiOptions::default()
        };
        let (answer_to, answers) = mpsc::unbounded_channel();
        let size = Size::new(120, 36);
        let mut typist = Self {
            notices: client.notices(),
            agency,
            client,
            tickets,
            model: Model::new(options.clone(), size),
            options,
            terminal: Terminal::new(FrameBackend::new(size)).unwrap(),
            answer_to,
            answers,
            held: VecDeque::new(),
            asked: BTreeMap::new(),
            timers: BTreeMap::new(),
            mono: 1000,
            saved: None,
            commands: BTreeSet::new(),
            diary,
            counts: Counts::default(),
        };
        typist.tell(Msg::Start);
        typist.hand_over(usize::MAX).await;
        typist
    }

    /// Something happens; then a frame, if anything changed.
    pub async fn live(&mut self, happening: &Happening) {
        {
            let mut diary = self.diary.borrow_mut();
            if diary.len() == REMEMBERED {
                diary.pop_front();
            }
            diary.push_back(happening.clone());
        }
        self.counts.happenings += 1;
        match happening {
            Happening::Key(key) => self.key(*key),
            Happening::Keys(keys) => {
                for key in keys {
                    self.pass(70).await;
                    self.key(*key);
                    self.hand_over(usize::MAX).await;
                }
            }
            Happening::Paste(text) => self.tell(Msg::Paste(text.clone())),
            Happening::Resize(width, height) => self.resize(Size::new(*width, *height)),
            Happening::Wait(ms) => {
                self.pass(u64::from(*ms)).await;
                if ms % 4 != 0 {
                    self.hand_over(usize::MAX).await;
                }
            }
            Happening::Answers(count) => self.hand_over(usize::from(*count)).await,
            Happening::Shuffle => {
                self.collect().await;
                if let Some(first) = self.held.pop_front() {
                    self.held.push_back(first);
                }
            }
            Happening::Fail => self.fail_one().await,
            Happening::NoticesLost => self.tell(Msg::NoticesLost),
            Happening::Colleague(which) => self.colleague(usize::from(*which)).await,
        }
        self.draw();
        if self.counts.happenings.is_multiple_of(REST) {
            self.rest().await;
        }
    }

    fn key(&mut self, key: Key) {
        self.counts.keys += 1;
        let read = Millis(self.mono);
        self.tell(Msg::Key { key, read });
    }

    fn resize(&mut self, size: Size) {
        self.terminal.backend_mut().resize(size);
        self.terminal
            .resize(Rect::new(0, 0, size.width, size.height))
            .expect("a frame in memory");
        self.tell(Msg::Resize(size));
    }

    /// One message, and what update wants done about it.
    fn tell(&mut self, msg: Msg) {
        let stamp = Stamp {
            now: self.client.now(),
            mono: Millis(self.mono),
            ids: Ids::new(self.client.new_uuid()),
        };
        let kind = promises::Kind::of(&msg);
        let before = promises::Before::of(&self.model);
        let effects = update(&mut self.model, stamp, msg);
        promises::keeps_its_hands_still(kind, &effects, &self.options);
        before.still_holds(kind, &self.model);
        promises::is_bounded(&self.model, DEEPEST);
        self.counts.deepest = self.counts.deepest.max(self.model.overlays.len());
        self.counts.screens.insert(self.model.screen.command().record().id);
        if let Some(top) = self.model.overlays.last() {
            self.counts.overlays.insert(promises::name(top));
        }
        for effect in effects {
            self.carry_out(effect);
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Ask {
                slot,
                generation,
                request,
            } => {
                let (client, to) = (Arc::clone(&self.client), self.answer_to.clone());
                let task = tokio::spawn(async move {
                    let result = Box::new(client.request(request).await);
                    let _ = to.send(Msg::Reply {
                        slot,
                        generation,
                        result,
                    });
                });
                if let Some(older) = self.asked.insert(slot, task.abort_handle()) {
                    older.abort();
                }
            }
            Effect::Forget(slot) => {
                if let Some(task) = self.asked.remove(&slot) {
                    task.abort();
                }
            }
            Effect::Commit {
                command,
                counted,
                origin,
                label,
                done,
            } => {
                self.counts.commits += 1;
                assert!(
                    self.commands.insert(command.id),
                    "{label}: one command id for two commits"
                );
                let (client, to) = (Arc::clone(&self.client), self.answer_to.clone());
                tokio::spawn(async move {
                    let result = Box::new(client.request(Request::carrying_out(command, counted)).await);
                    let _ = to.send(Msg::Committed {
                        origin,
                        label,
                        done,
                        result,
                    });
                });
            }
            Effect::Timer { timer, after } => {
                let ms = u64::try_from(after.as_millis()).unwrap();
                self.timers.insert(timer, self.mono + ms);
            }
            Effect::ReadLogs { after } => {
                let lines = self.options.log_feed.after(after);
                self.tell(Msg::Logs(lines));
            }
            Effect::Copy(_) => self.tell(Msg::Copied(Ok("in a test".to_owned()))),
            Effect::Save(text) => self.saved = Some(text),
            Effect::Quit(_) => self.restart(),
            Effect::Repaint => {
                let size = self.model.size;
                self.terminal
                    .resize(Rect::new(0, 0, size.width, size.height))
                    .expect("a frame in memory");
                self.model.touch();
            }
            // An editor that changes nothing, and a disk nobody reads again.
            Effect::Edit { id, .. } => self.tell(Msg::Edited {
                id,
                outcome: Err("no editor here".to_owned()),
            }),
            Effect::HandOver => self.tell(Msg::HandedOver(Ok(()))),
            Effect::KeepDraft { .. }
            | Effect::DropDraft(_)
            | Effect::DropEdited(_)
            | Effect::Notify(_)
            | Effect::Mouse(_)
            | Effect::Suspend => {}
        }
    }

    /// They left, and come back: what was remembered is taken up again.
    fn restart(&mut self) {
        self.counts.restarts += 1;
        for (_, task) in std::mem::take(&mut self.asked) {
            task.abort();
        }
        self.timers.clear();
        self.held.clear();
        while self.answers.try_recv().is_ok() {}
        self.model = Model::new(self.options.clone(), self.model.size);
        if let Some(text) = &self.saved {
            saved::restore(&mut self.model, text, false).expect("what it saved itself");
        }
        self.tell(Msg::Start);
    }

    /// Time goes by; timers run out in their order, the agency works, its news come in.
    async fn pass(&mut self, ms: u64) {
        let end = self.mono + ms;
        while let Some((timer, at)) = self
            .timers
            .iter()
            .min_by_key(|(_, at)| **at)
            .map(|(t, at)| (*t, *at))
            .filter(|(_, at)| *at <= end)
        {
            let at = at.max(self.mono);
            tokio::time::sleep(Duration::from_millis(at - self.mono)).await;
            self.mono = at;
            self.timers.remove(&timer);
            self.tell(Msg::Timer(timer));
        }
        tokio::time::sleep(Duration::from_millis(end - self.mono)).await;
        self.mono = end;
        loop {
            match self.notices.try_recv() {
                Ok(notice) => {
                    self.counts.notices += 1;
                    self.tell(Msg::Notice(notice));
                }
                Err(broadcast::error::TryRecvError::Lagged(_)) => self.tell(Msg::NoticesLost),
                Err(_) => break,
            }
        }
    }

    /// Takes in what the agency answered by now.
    async fn collect(&mut self) {
        for _ in 0..4 {
            tokio::task::yield_now().await;
        }
        while let Ok(msg) = self.answers.try_recv() {
            self.held.push_back(msg);
        }
    }

    /// Hands over answers, and those their handling leads to, up to a number.
    async fn hand_over(&mut self, most: usize) {
        for _ in 0..most.min(1000) {
            self.collect().await;
            let Some(msg) = self.held.pop_front() else { return };
            self.counts.answers += 1;
            self.tell(msg);
        }
    }

    /// The next answer is lost on its way: the line is cut.
    async fn fail_one(&mut self) {
        self.collect().await;
        let cut = || Box::new(Err(ApiError::Unavailable("the line was cut".to_owned())));
        match self.held.pop_front() {
            Some(Msg::Reply { slot, generation, .. }) => self.tell(Msg::Reply {
                slot,
                generation,
                result: cut(),
            }),
            Some(Msg::Committed {
                origin, label, done, ..
            }) => self.tell(Msg::Committed {
                origin,
                label,
                done,
                result: cut(),
            }),
            _ => {}
        }
    }

    /// Somebody else does something to a ticket; it may be refused.
    async fn colleague(&self, which: usize) {
        let id = self.tickets[which % self.tickets.len()];
        let kind = match which % 3 {
            0 => CommandKind::TicketRetry { id },
            1 => CommandKind::TicketComment {
                id,
                text: "\u{1b}[2J\u{202e}look here".to_owned(),
            },
            _ => CommandKind::TicketSubmitQa {
                id,
                run: omnitraffick::engine::model::ids::QaRunId::new(self.client.new_uuid()),
            },
        };
        let command = Command {
            id: self.client.command_id(),
            kind,
        };
        let _ = self.client.request(Request::Do(Box::new(command))).await;
    }

    fn draw(&mut self) {
        if !self.model.is_dirty() {
            return;
        }
        let frame = self
            .terminal
            .draw(|frame| chrome::draw(&self.model, frame))
            .expect("a frame in memory");
        promises::is_clean(frame.buffer);
        self.model.drawn();
        self.counts.frames += 1;
        if let Some(bytes) = self.terminal.backend_mut().take_frame() {
            self.counts.frame_bytes += bytes.len() as u64;
        }
    }

    /// A rest: everything asked is answered, and from wherever the keys led, Esc leads out.
    pub async fn rest(&mut self) {
        self.counts.rests += 1;
        self.pass(400).await;
        self.hand_over(usize::MAX).await;
        for _ in 0..40 {
            if self.model.overlays.is_empty() && self.model.chord.is_empty() {
                break;
            }
            self.pass(400).await;
            let asks_to_drop = matches!(self.model.overlays.last(), Some(Overlay::Form(f)) if f.leaving.is_some());
            self.key(if asks_to_drop { Key::Char('y') } else { Key::Esc });
            self.hand_over(usize::MAX).await;
            self.draw();
        }
        assert!(
            self.model.overlays.is_empty(),
            "Esc does not lead out of {}",
            self.model.overlays.last().map_or("", promises::name)
        );
        self.pass(400).await;
        self.key(Key::Char('1'));
        self.hand_over(usize::MAX).await;
        self.draw();
        assert_eq!(self.model.screen, ScreenId::Board, "1 leads home");
        self.pass(400).await;
        self.hand_over(usize::MAX).await;
        assert_eq!(
            screens::loading_since(&self.model),
            None,
            "the board waits for an answer that does not come"
        );
    }
}
