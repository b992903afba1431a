//! The backend wrapper and the writer thread: one buffer, one write per frame, never a question to the terminal.

use std::{
    cell::RefCell,
    io::{self, Write},
    os::fd::AsFd as _,
    rc::Rc,
    sync::mpsc::{SyncSender, TrySendError, sync_channel},
    thread::{self, JoinHandle},
    time::Duration,
};

use crossterm::{
    queue,
    terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate},
};
use ratatui::{
    backend::{Backend, ClearType, CrosstermBackend, WindowSize},
    buffer::Cell,
    layout::{Position, Size},
};
use tokio::sync::mpsc;

use super::Input;

/// Bytes of the frame being made.
#[derive(Clone, Default)]
struct Bytes(Rc<RefCell<Vec<u8>>>);

impl Write for Bytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A backend that collects a frame's bytes. Size and cursor are answered from memory, `flush` does nothing, repeated
/// cursor calls and frames without cells make no bytes.
pub struct FrameBackend {
    inner: CrosstermBackend<Bytes>,
    bytes: Bytes,
    size: Size,
    cursor: Option<Position>,
    shown: bool,
}

impl FrameBackend {
    /// For a terminal of a size, cursor hidden.
    pub fn new(size: Size) -> Self {
        let bytes = Bytes::default();
        Self {
            inner: CrosstermBackend::new(bytes.clone()),
            bytes,
            size,
            cursor: None,
            shown: false,
        }
    }

    /// The terminal has another size.
    pub const fn resize(&mut self, size: Size) {
        self.size = size;
    }

    /// The frame's bytes in synchronised-update brackets; `None` when nothing changed.
    pub fn take_frame(&mut self) -> Option<Vec<u8>> {
        let cells = std::mem::take(&mut *self.bytes.0.borrow_mut());
        if cells.is_empty() {
            return None;
        }
        let mut frame = Vec::with_capacity(cells.len() + 16);
        queue!(frame, BeginSynchronizedUpdate).ok()?;
        frame.extend_from_slice(&cells);
        queue!(frame, EndSynchronizedUpdate).ok()?;
        Some(frame)
    }

    /// The terminal was taken anew: nothing is known of its cursor but that it is hidden.
    pub const fn forget_cursor(&mut self) {
        self.cursor = None;
        self.shown = false;
    }
}

impl Backend for FrameBackend {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        self.cursor = None;
        self.inner.draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if !self.shown {
            return Ok(());
        }
        self.shown = false;
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if self.shown {
            return Ok(());
        }
        self.shown = true;
        self.inner.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.cursor == Some(position) {
            return Ok(());
        }
        self.cursor = Some(position);
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.inner.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: self.size,
            pixels: Size::default(),
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The writer thread behind a mailbox of one frame. While it is busy nobody draws, so a stalled link freezes pixels and
/// nothing else.
#[derive(Debug)]
pub struct Writer {
    mailbox: Option<SyncSender<Vec<u8>>>,
    thread: Option<JoinHandle<()>>,
    busy: bool,
}

impl Writer {
    /// Starts the thread on standard output. It says `Written` after each frame, `Gone` when writing failed.
    pub fn start(to: mpsc::Sender<Input>) -> io::Result<Self> {
        let file = std::fs::File::from(io::stdout().as_fd().try_clone_to_owned()?);
        Self::over(file, to)
    }

    fn over(mut out: impl Write + Send + 'static, to: mpsc::Sender<Input>) -> io::Result<Self> {
        let (mailbox, frames) = sync_channel::<Vec<u8>>(1);
        let thread = thread::Builder::new().name("tui-writer".to_owned()).spawn(move || {
            for frame in frames {
                let outcome = match out.write_all(&frame) {
                    Ok(()) => Input::Written,
                    Err(_) => Input::Gone,
                };
                let gone = outcome == Input::Gone;
                if to.blocking_send(outcome).is_err() || gone {
                    return;
                }
            }
        })?;
        Ok(Self {
            mailbox: Some(mailbox),
            thread: Some(thread),
            busy: false,
        })
    }

    /// True when a frame may be handed over.
    pub const fn is_free(&self) -> bool {
        !self.busy
    }

    /// The last frame is out.
    pub const fn written(&mut self) {
        self.busy = false;
    }

    /// Hands over a frame. Only when free.
    pub fn send(&mut self, frame: Vec<u8>) {
        if let Some(mailbox) = &self.mailbox {
            self.busy = !matches!(mailbox.try_send(frame), Err(TrySendError::Disconnected(_)));
        }
    }

    /// Ends the thread. Waits for its last frame a moment, not for a dead link.
    pub fn stop(&mut self) {
        self.mailbox = None;
        if let Some(thread) = self.thread.take() {
            for _ in 0..30 {
                if thread.is_finished() {
                    return;
                }
                thread::sleep(Duration::from_millis(10));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::{Terminal, layout::Rect, style::Style};

    use super::*;

    fn terminal() -> Terminal<FrameBackend> {
        Terminal::new(FrameBackend::new(Size::new(20, 3))).unwrap()
    }

    fn draw(t: &mut Terminal<FrameBackend>, text: &str) -> Option<Vec<u8>> {
        t.draw(|f| {
            f.buffer_mut().set_string(0, 0, text, Style::new());
            f.set_cursor_position((1, 1));
        })
        .unwrap();
        t.backend_mut().take_frame()
    }

    #[test]
    fn an_unchanged_frame_sends_nothing() {
        let mut t = terminal();
        let first = draw(&mut t, "hello").unwrap();
        assert!(first.starts_with(b"\x1b[?2026h") && first.ends_with(b"\x1b[?2026l"));
        assert_eq!(draw(&mut t, "hello"), None);
        assert!(draw(&mut t, "hallo").unwrap().len() < 80);
    }

    #[test]
    fn a_repaint_asks_the_terminal_nothing() {
        let mut t = terminal();
        draw(&mut t, "hello");
        t.resize(Rect::new(0, 0, 20, 3)).unwrap();
        let again = draw(&mut t, "hello").unwrap();
        // No "where is the cursor", no "who are you".
        assert!(!again.windows(4).any(|w| w == b"\x1b[6n") && !again.windows(3).any(|w| w == b"\x1b[c"));
        assert!(again.windows(5).any(|w| w == b"hello"));
    }

    #[tokio::test]
    async fn the_writer_writes_whole_frames_and_says_so() {
        let (tx, mut rx) = mpsc::channel(4);
        let mut writer = Writer::over(io::sink(), tx).unwrap();
        assert!(writer.is_free());
        writer.send(vec![0; 100_000]);
        assert!(!writer.is_free());
        assert_eq!(rx.recv().await, Some(Input::Written));
        writer.written();
        assert!(writer.is_free());
        writer.stop();
    }
}
