//! The terminal as the loop sees it: take, draw, copy, stop, leave.

use std::io::{self, IsTerminal as _};

use ratatui::{
    Terminal,
    layout::{Rect, Size},
};
use tokio::{sync::mpsc, task::JoinHandle, time::Instant};

use super::{
    Input, clipboard,
    guard::{self, Guard},
    input::Reader,
    output::{FrameBackend, Writer},
    signals,
};
use crate::tui::{app::Model, options::TuiError, runtime::Output, ui::chrome};

/// The real terminal.
pub struct Tty {
    terminal: Terminal<FrameBackend>,
    writer: Writer,
    reader: Reader,
    listener: JoinHandle<()>,
    /// Bytes that are no frame (a copy), sent before the next one.
    extra: Vec<u8>,
    to: mpsc::Sender<Input>,
    started: Instant,
    // Dropped last: the terminal is given back when nobody writes any more.
    guard: Guard,
}

impl Tty {
    /// Takes the terminal and starts its threads.
    pub fn enter(to: mpsc::Sender<Input>, started: Instant) -> Result<Self, TuiError> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(TuiError::NoTerminal);
        }
        let refuse = |doing| move |source| TuiError::Terminal { doing, source };
        let guard = Guard::enter()?;
        let terminal = Terminal::new(FrameBackend::new(super::size())).map_err(refuse("draw"))?;
        Ok(Self {
            terminal,
            writer: Writer::start(to.clone()).map_err(refuse("be written to"))?,
            reader: Reader::start(&to, started).map_err(refuse("be read from"))?,
            listener: signals::listen(to.clone()).map_err(refuse("be watched for signals"))?,
            extra: Vec::new(),
            to,
            started,
            guard,
        })
    }

    fn flush(&mut self) {
        let mut bytes = std::mem::take(&mut self.extra);
        if let Some(frame) = self.terminal.backend_mut().take_frame() {
            bytes.extend(frame);
        }
        if !bytes.is_empty() {
            self.writer.send(bytes);
        }
    }
}

impl Output for Tty {
    fn size(&mut self) -> Size {
        let size = super::size();
        self.terminal.backend_mut().resize(size);
        size
    }

    fn is_free(&self) -> bool {
        self.writer.is_free()
    }

    fn written(&mut self) {
        self.writer.written();
        if !self.extra.is_empty() {
            self.flush();
        }
    }

    fn draw(&mut self, model: &Model) -> io::Result<()> {
        self.terminal.draw(|frame| chrome::draw(model, frame))?;
        self.flush();
        Ok(())
    }

    fn repaint(&mut self) -> io::Result<()> {
        let size = self.size();
        self.terminal.backend_mut().forget_cursor();
        // Not `Terminal::clear`: that asks the terminal for its cursor.
        self.terminal.resize(Rect::new(0, 0, size.width, size.height))
    }

    fn copy(&mut self, text: &str) -> Result<&'static str, String> {
        self.extra.extend(clipboard::bytes(text)?);
        if self.writer.is_free() {
            self.flush();
        }
        Ok(clipboard::WAY)
    }

    fn send(&mut self, bytes: Vec<u8>) {
        self.extra.extend(bytes);
        if self.writer.is_free() {
            self.flush();
        }
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.reader.stop();
        self.writer.stop();
        guard::restore();
        // SIGSTOP, because our own handler took SIGTSTP. It may be delivered to another of our threads, and then this
        // one runs on for a moment: nothing touches the terminal until SIGCONT has been seen.
        rustix::process::kill_current_process_group(rustix::process::Signal::STOP)?;
        Ok(())
    }

    fn lend(&mut self) -> io::Result<()> {
        self.reader.stop();
        self.writer.stop();
        guard::restore();
        Ok(())
    }

    fn resume(&mut self) -> io::Result<()> {
        guard::take().map_err(io::Error::other)?;
        self.writer = Writer::start(self.to.clone())?;
        self.reader = Reader::start(&self.to, self.started)?;
        self.repaint()
    }

    fn leave(&mut self, gone: bool) {
        self.listener.abort();
        if gone {
            guard::abandon();
            return;
        }
        self.reader.stop();
        self.writer.stop();
        guard::restore();
        let _ = &self.guard;
    }
}
