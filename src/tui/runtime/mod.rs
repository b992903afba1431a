//! The loop: waits, hands messages to update, does what update wants done, draws when something changed.
//!
//! Everything the outside does comes in through bounded channels; everything we do goes out through [`Output`] and the
//! engine client. Generic over both, so that tests run the real loop.
//!
//! Invariants
//! - No draw without a change, no draw while the last frame is not out.
//! - A flood cannot starve the screen: at most [`DRAIN`] messages or [`DRAIN_TIME`] between frames.
//! - A late answer of a dropped question never arrives: dropping the handle is the cancel.

mod editor;
mod memory;
mod pipe;

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use ratatui::layout::Size;
use tokio::{
    sync::{
        broadcast::{self, error::RecvError},
        mpsc, watch,
    },
    task::{AbortHandle, JoinHandle},
    time::{Instant, sleep_until},
};
use uuid::Uuid;

use super::{
    app::{
        Effect, Model, Msg, Stamp,
        draft::{self, Draft},
        effect::{SlotId, TimerId},
        msg::{Ids, Millis},
        saved,
        toast::Tone,
        update::update,
    },
    log_feed::LogFeed,
    options::{Exit, TuiError, TuiOptions},
    term::{self, Input, tty::Tty},
};
use crate::engine::api::{EngineClient, Notice, Request};

/// Most messages handled between two frames.
pub const DRAIN: usize = 256;
/// Longest time spent on messages between two frames.
pub const DRAIN_TIME: Duration = Duration::from_millis(4);
/// Least time between two frames, unless a key asks for one.
const FRAME: Duration = Duration::from_millis(33);
/// Keys wait for us here.
const INPUTS: usize = 256;
/// Answers wait for us here.
const ANSWERS: usize = 64;

/// Longest time the console waits for its file at the end.
const SAVE_TIME: Duration = Duration::from_secs(1);

/// Gives a text to tmux, and by it to the terminal around it.
const TMUX: [&str; 4] = ["tmux", "load-buffer", "-w", "-"];

/// What is said of a draft that cannot be written.
const DRAFT: &str = "what is typed into a form";

/// Where frames go.
pub trait Output {
    /// Reads the size anew.
    fn size(&mut self) -> Size;
    /// True when a frame may be drawn.
    fn is_free(&self) -> bool;
    /// The last frame is out.
    fn written(&mut self);
    /// Draws.
    fn draw(&mut self, model: &Model) -> io::Result<()>;
    /// The next frame is drawn whole.
    fn repaint(&mut self) -> io::Result<()>;
    /// Puts text on the clipboard; says by which way.
    fn copy(&mut self, text: &str) -> Result<&'static str, String>;
    /// Sends bytes that are no frame, made by [`term`]. Nothing where there is no terminal.
    fn send(&mut self, _bytes: Vec<u8>) {}
    /// Gives the terminal back and puts the process to sleep; may return before it sleeps.
    fn suspend(&mut self) -> io::Result<()>;
    /// Gives the terminal to another program: nothing of ours reads or writes it until [`Self::resume`].
    fn lend(&mut self) -> io::Result<()>;
    /// Takes the terminal again after it was lent or the process was woken.
    fn resume(&mut self) -> io::Result<()>;
    /// Gives the terminal back, or lets go of one that is gone.
    fn leave(&mut self, gone: bool);
}

/// Runs the console on this thread until it ends. The engine must live on another runtime: neither may stall the other.
pub fn run_blocking(client: Arc<dyn EngineClient>, options: TuiOptions) -> Result<Exit, TuiError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(TuiError::Runtime)?;
    let result = runtime.block_on(run(client, options));
    // Questions still on their way are not waited for.
    runtime.shutdown_background();
    result
}

/// Runs the console until it ends. Wants a current-thread runtime of its own; see [`run_blocking`].
pub async fn run(client: Arc<dyn EngineClient>, options: TuiOptions) -> Result<Exit, TuiError> {
    let (to, inputs) = mpsc::channel(INPUTS);
    let started = Instant::now();
    term::report::prepare(&options);
    let tty = Tty::enter(to, started)?;
    // Boxed: the model grows with every screen, and a future of that size does not belong on the stack.
    Box::pin(Console::new(client, options, tty, inputs, started).run())
        .await
        .map_err(|source| TuiError::Terminal { doing: "draw", source })
}

/// Where drafts are, given where the console remembers.
fn drafts_beside(state: &Path) -> PathBuf {
    state.with_extension("drafts")
}

/// The console as it was left, if it was left anywhere. A file that cannot be read is put aside, not overwritten.
fn remembered(options: TuiOptions, size: Size) -> Model {
    let (state, fresh) = (options.state.clone(), options.fresh);
    let mut model = Model::new(options, size);
    let Some(path) = state else { return model };
    let restored = match memory::read(&path) {
        Ok(None) => Ok(()),
        Ok(Some(text)) => saved::restore(&mut model, &text, fresh),
        Err(error) => Err(error.to_string()),
    };
    if let Err(why) = restored {
        put_aside(&mut model, &path, "where you were last time is not known", &why);
    }
    let mut left = Vec::new();
    for (file, text) in memory::read_all(&drafts_beside(&path)) {
        match text.map_err(|e| e.to_string()).and_then(|t| Draft::parse(&t)) {
            Ok(draft) => left.push(draft),
            Err(why) => put_aside(&mut model, &file, "a draft cannot be read", &why),
        }
    }
    draft::found(&mut model, left);
    model
}

fn put_aside(model: &mut Model, path: &Path, what: &str, why: &str) {
    let aside = path.with_extension("bad");
    let _ = std::fs::rename(path, &aside);
    let words = format!("{what}: {}: {why}", path.display());
    model.say(Tone::Warn, &words, &format!("it is kept as {}", aside.display()));
}

/// The loop and what it holds.
pub struct Console<O> {
    model: Model,
    client: Arc<dyn EngineClient>,
    output: O,
    inputs: mpsc::Receiver<Input>,
    answers: mpsc::Receiver<Msg>,
    answer_to: mpsc::Sender<Msg>,
    notices: broadcast::Receiver<Notice>,
    notices_open: bool,
    log: LogFeed,
    log_news: watch::Receiver<u64>,
    asked: BTreeMap<SlotId, AbortHandle>,
    timers: BTreeMap<TimerId, Instant>,
    started: Instant,
    last_draw: Option<Instant>,
    urgent: bool,
    asleep: bool,
    /// The terminal is an editor's.
    lent: bool,
    exit: Option<Exit>,
    saving: Option<JoinHandle<()>>,
}

impl<O: Output> Console<O> {
    /// A console over an output and a source of input.
    pub fn new(
        client: Arc<dyn EngineClient>,
        options: TuiOptions,
        mut output: O,
        inputs: mpsc::Receiver<Input>,
        started: Instant,
    ) -> Self {
        let (answer_to, answers) = mpsc::channel(ANSWERS);
        let log = options.log_feed.clone();
        let size = output.size();
        Self {
            model: remembered(options, size),
            notices: client.notices(),
            client,
            output,
            inputs,
            answers,
            answer_to,
            notices_open: true,
            log_news: log.watch(),
            log,
            asked: BTreeMap::new(),
            timers: BTreeMap::new(),
            started,
            last_draw: None,
            urgent: true,
            asleep: false,
            lent: false,
            exit: None,
            saving: None,
        }
    }

    /// Runs until it ends, whatever way; the terminal is given back.
    pub async fn run(mut self) -> io::Result<Exit> {
        let outcome = self.turn_until_exit().await;
        let gone = matches!(outcome, Ok(Exit::HungUp) | Err(_));
        self.output.leave(gone);
        if let Some(saving) = self.saving.take() {
            // What cannot be written in this time is not worth a console that does not end.
            let _ = tokio::time::timeout(SAVE_TIME, saving).await;
        }
        outcome
    }

    async fn turn_until_exit(&mut self) -> io::Result<Exit> {
        self.handle(Msg::Start)?;
        loop {
            self.draw_if_due()?;
            if let Some(exit) = self.exit {
                return Ok(exit);
            }
            let msg = self.wait().await;
            self.take(msg)?;
            self.drain()?;
        }
    }

    /// Waits for the next thing. The order matters: what people do goes before what the engine says.
    async fn wait(&mut self) -> Option<Woken> {
        let timer = self.timers.iter().min_by_key(|(_, at)| **at).map(|(id, at)| (*id, *at));
        let draw_at = self.due_at();
        tokio::select! {
            biased;
            input = self.inputs.recv() => Some(input.map_or(Woken::Msg(Msg::End(Exit::HungUp)), Woken::Input)),
            answer = self.answers.recv() => answer.map(Woken::Msg),
            notice = self.notices.recv(), if self.notices_open => Some(Woken::Notice(notice)),
            changed = self.log_news.changed() => changed.is_ok().then_some(Woken::Msg(Msg::LogsGrew)),
            () = sleep_until(timer.map_or(self.started, |(_, at)| at)), if timer.is_some() => {
                timer.map(|(id, _)| Woken::Timer(id))
            }
            () = sleep_until(draw_at.unwrap_or(self.started)), if draw_at.is_some() => None,
        }
    }

    fn take(&mut self, woken: Option<Woken>) -> io::Result<()> {
        match woken {
            None => Ok(()),
            Some(Woken::Msg(msg)) => self.msg(msg),
            Some(Woken::Timer(id)) => {
                self.timers.remove(&id);
                self.handle(Msg::Timer(id))
            }
            Some(Woken::Notice(Ok(notice))) => self.handle(Msg::Notice(notice)),
            Some(Woken::Notice(Err(RecvError::Lagged(_)))) => self.handle(Msg::NoticesLost),
            Some(Woken::Notice(Err(RecvError::Closed))) => {
                self.notices_open = false;
                self.handle(Msg::NoticesEnded)
            }
            Some(Woken::Input(input)) => self.input(input),
        }
    }

    fn input(&mut self, input: Input) -> io::Result<()> {
        match input {
            Input::Key { key, read } => {
                self.urgent = true;
                self.handle(Msg::Key { key, read })
            }
            Input::Mouse { what, x, y } => {
                self.urgent = true;
                self.handle(Msg::Mouse { what, x, y })
            }
            Input::Paste(text) => {
                self.urgent = true;
                self.handle(Msg::Paste(text))
            }
            Input::Resized => {
                let size = self.output.size();
                self.urgent = true;
                self.handle(Msg::Resize(size))
            }
            Input::Written => {
                self.output.written();
                Ok(())
            }
            Input::Gone => self.handle(Msg::End(Exit::HungUp)),
            Input::Terminate => self.handle(Msg::End(Exit::Terminated)),
            // The editor stops with all of us, and goes on with all of us: the terminal stays its own.
            Input::Stop if self.lent => self.output.suspend(),
            Input::Continued if self.lent => Ok(()),
            Input::Stop => self.handle(Msg::Suspend),
            Input::Continued if self.asleep => {
                self.asleep = false;
                self.resume()?;
                let size = self.output.size();
                self.handle(Msg::Resize(size))
            }
            // Somebody stopped us from outside: whatever they left on the screen is painted over.
            Input::Continued => self.effect(Effect::Repaint),
        }
    }

    /// Handles what is waiting already, within bounds.
    fn drain(&mut self) -> io::Result<()> {
        let began = Instant::now();
        for _ in 0..DRAIN {
            if self.exit.is_some() || began.elapsed() > DRAIN_TIME {
                break;
            }
            if let Ok(input) = self.inputs.try_recv() {
                self.input(input)?;
            } else if let Ok(msg) = self.answers.try_recv() {
                self.msg(msg)?;
            } else if let Ok(notice) = self.notices.try_recv() {
                self.handle(Msg::Notice(notice))?;
            } else {
                break;
            }
        }
        Ok(())
    }

    /// An answer. After the editor's the terminal is ours again.
    fn msg(&mut self, msg: Msg) -> io::Result<()> {
        if matches!(msg, Msg::Edited { .. }) && std::mem::take(&mut self.lent) {
            self.asleep = false;
            self.resume()?;
            let size = self.output.size();
            self.handle(Msg::Resize(size))?;
        }
        self.handle(msg)
    }

    /// Takes the terminal again, with the mouse if it was ours.
    fn resume(&mut self) -> io::Result<()> {
        self.output.resume()?;
        self.output.written();
        self.urgent = true;
        if self.model.mouse {
            self.output.send(term::mouse::bytes(true));
        }
        Ok(())
    }

    /// Copies a text: through the program that was named, else by the terminal, and through tmux where that is between.
    fn copy(&mut self, text: String) -> io::Result<()> {
        let set = self.model.session.options.clipboard.clone();
        let (command, way) = if let Some(command) = set.command {
            let program = command.first().cloned().unwrap_or_default();
            (command, Ok(format!("through {program}")))
        } else {
            let by_terminal = self.output.copy(&text).map(str::to_owned);
            if !set.in_tmux || by_terminal.is_err() {
                return self.handle(Msg::Copied(by_terminal));
            }
            let way = "to tmux's buffer and your terminal's clipboard".to_owned();
            (TMUX.map(str::to_owned).to_vec(), by_terminal.map(|_| way))
        };
        let (to, in_tmux) = (
            self.answer_to.clone(),
            set.in_tmux && command.first().is_some_and(|p| p == "tmux"),
        );
        tokio::spawn(async move {
            let outcome = match pipe::give(&command, &text).await {
                Ok(()) => way,
                // The terminal was told already.
                Err(why) if in_tmux => Ok(format!("{}; tmux's buffer has it not: {why}", term::clipboard::WAY)),
                Err(why) => Err(why),
            };
            let _ = to.send(Msg::Copied(outcome)).await;
        });
        Ok(())
    }

    /// Opens a person's editor on a text.
    fn edit(&mut self, id: Uuid, ending: &str, text: String) -> io::Result<()> {
        let not = |why| Msg::Edited { id, outcome: Err(why) };
        let Some(set) = self.model.session.options.editor.clone() else {
            return self.handle(not("no editor is set".to_owned()));
        };
        let path = match editor::lay_out(&set.dir, id, ending, &text) {
            Ok(path) => path,
            Err(error) => return self.handle(not(format!("no file for the editor: {error}"))),
        };
        self.asleep = true;
        self.lent = true;
        self.output.lend()?;
        let to = self.answer_to.clone();
        tokio::spawn(async move {
            let outcome = editor::run(set.command, path, &text).await;
            let _ = to.send(Msg::Edited { id, outcome }).await;
        });
        Ok(())
    }

    fn handle(&mut self, msg: Msg) -> io::Result<()> {
        let stamp = Stamp {
            now: self.client.now(),
            mono: Millis(u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)),
            ids: Ids::new(self.client.new_uuid()),
        };
        for effect in update(&mut self.model, stamp, msg) {
            self.effect(effect)?;
        }
        Ok(())
    }

    fn effect(&mut self, effect: Effect) -> io::Result<()> {
        match effect {
            Effect::Ask {
                slot,
                generation,
                request,
            } => self.ask(slot, generation, request),
            Effect::Forget(slot) => {
                if let Some(handle) = self.asked.remove(&slot) {
                    handle.abort();
                }
            }
            Effect::Commit {
                command,
                counted,
                origin,
                label,
                done,
            } => {
                let (client, to) = (Arc::clone(&self.client), self.answer_to.clone());
                // Not abortable: a change that was sent is answered, whatever screen is shown by then.
                tokio::spawn(async move {
                    let result = Box::new(client.request(Request::carrying_out(command, counted)).await);
                    let msg = Msg::Committed {
                        origin,
                        label,
                        done,
                        result,
                    };
                    let _ = to.send(msg).await;
                });
            }
            Effect::Timer { timer, after } => {
                self.timers.insert(timer, Instant::now() + after);
            }
            Effect::ReadLogs { after } => {
                self.log_news.mark_unchanged();
                let lines = self.log.after(after);
                return self.handle(Msg::Logs(lines));
            }
            Effect::Save(text) => {
                if let Some(path) = self.model.session.options.state.clone() {
                    self.on_disk("where the console was", move || memory::write(&path, &text));
                }
            }
            Effect::KeepDraft { id, text } => {
                if let Some(path) = self.draft_path(id) {
                    self.on_disk(DRAFT, move || memory::write(&path, &text));
                }
            }
            Effect::DropDraft(id) => {
                if let Some(path) = self.draft_path(id) {
                    self.on_disk(DRAFT, move || memory::remove(&path));
                }
            }
            Effect::Copy(text) => {
                return self.copy(text);
            }
            // A terminal that is somebody else's now is not written to.
            Effect::Notify(text) if !self.asleep => {
                let bytes = term::notify::bytes(&self.model.session.options.notify, &text);
                self.output.send(bytes);
            }
            Effect::Notify(_) => {}
            Effect::Mouse(take) => self.output.send(term::mouse::bytes(take)),
            Effect::Edit { id, ending, text } => return self.edit(id, ending, text),
            Effect::DropEdited(path) => self.on_disk("the editor's file", move || memory::remove(&path)),
            Effect::Repaint => {
                self.output.repaint()?;
                self.model.touch();
            }
            Effect::HandOver => self.hand_over(),
            Effect::Suspend => {
                self.asleep = true;
                self.output.suspend()?;
            }
            Effect::Quit(exit) => self.exit = Some(exit),
        }
        Ok(())
    }

    fn draft_path(&self, id: Uuid) -> Option<PathBuf> {
        let state = self.model.session.options.state.as_ref()?;
        Some(drafts_beside(state).join(format!("{id}.json")))
    }

    /// Writes away from this thread, one after the other.
    fn on_disk(&mut self, what: &'static str, job: impl FnOnce() -> io::Result<()> + Send + 'static) {
        let (before, to) = (self.saving.take(), self.answer_to.clone());
        self.saving = Some(tokio::spawn(async move {
            if let Some(before) = before {
                let _ = before.await;
            }
            if let Ok(Err(error)) = tokio::task::spawn_blocking(job).await {
                tracing::warn!(%error, "{what}: the disk does not take the change");
                if what == DRAFT {
                    // Never waits: at the end nobody takes messages any more.
                    let _ = to.try_send(Msg::NotKept(error.to_string()));
                }
            }
        }));
    }

    fn ask(&mut self, slot: SlotId, generation: u64, request: Request) {
        let (client, to) = (Arc::clone(&self.client), self.answer_to.clone());
        let task = tokio::spawn(async move {
            let result = Box::new(client.request(request).await);
            let msg = Msg::Reply {
                slot,
                generation,
                result,
            };
            let _ = to.send(msg).await;
        });
        if let Some(older) = self.asked.insert(slot, task.abort_handle()) {
            older.abort();
        }
    }

    fn hand_over(&self) {
        let Some(hand_over) = &self.model.session.options.hand_over else {
            return;
        };
        let (done, to) = ((hand_over.0)(), self.answer_to.clone());
        tokio::spawn(async move {
            let _ = to.send(Msg::HandedOver(done.await)).await;
        });
    }

    /// When the next frame may be drawn; `None` when there is nothing to draw or no room for it.
    fn due_at(&self) -> Option<Instant> {
        if self.asleep || !self.model.is_dirty() || !self.output.is_free() {
            return None;
        }
        let now = Instant::now();
        Some(match self.last_draw {
            Some(last) if !self.urgent => last + FRAME,
            _ => now,
        })
    }

    fn draw_if_due(&mut self) -> io::Result<()> {
        if self.due_at().is_some_and(|at| at <= Instant::now()) {
            self.output.draw(&self.model)?;
            self.model.drawn();
            self.last_draw = Some(Instant::now());
            self.urgent = false;
        }
        Ok(())
    }
}

enum Woken {
    Input(Input),
    Msg(Msg),
    Notice(Result<Notice, RecvError>),
    Timer(TimerId),
}

#[cfg(test)]
mod tests;
