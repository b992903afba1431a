//! A console at the end of a pseudo-terminal, with somebody at its keys.

use std::{
    io::{Read, Write},
    num::NonZeroU16,
    sync::mpsc::{Receiver, RecvTimeoutError, sync_channel},
    time::Duration,
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::Pid;
use tokio::time::Instant;

use super::MODE;

pub fn cells(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n).unwrap()
}

pub struct Console {
    child: Box<dyn Child + Send + Sync>,
    pub master: Option<Box<dyn MasterPty + Send>>,
    pub keys: Option<Box<dyn Write + Send>>,
    bytes: Receiver<Vec<u8>>,
    pub seen: Vec<u8>,
    pub screen: vt100::Parser,
}

impl Console {
    pub fn start(mode: &str) -> Self {
        Self::run(Self::child(), mode)
    }

    pub fn child() -> CommandBuilder {
        let exe = std::env::current_exe().unwrap();
        let mut command = CommandBuilder::new(exe);
        command.args([
            "--exact",
            "tui::term::pty_tests::child::child",
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ]);
        command
    }

    /// The same under a shell that says afterwards how the terminal was left.
    pub fn start_in_shell(mode: &str) -> Self {
        let exe = std::env::current_exe().unwrap();
        let mut command = CommandBuilder::new("sh");
        let script = format!(
            "'{}' --exact tui::term::pty_tests::child::child --ignored --nocapture --test-threads=1; stty -a; echo all done",
            exe.display()
        );
        command.args(["-c", &script]);
        Self::run(command, mode)
    }

    pub fn run(command: CommandBuilder, mode: &str) -> Self {
        Self::over(command, mode, "xterm-256color", None)
    }

    /// The same under another terminal's name, and over a line that carries so many bytes in 50 ms.
    pub fn over(mut command: CommandBuilder, mode: &str, term: &str, line: Option<usize>) -> Self {
        let size = PtySize {
            rows: 30,
            cols: 110,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pty = native_pty_system().openpty(size).unwrap();
        command.env(MODE, mode);
        command.env("TERM", term);
        command.env("NO_COLOR", "1");
        let child = pty.slave.spawn_command(command).unwrap();
        drop(pty.slave);
        let mut reader = pty.master.try_clone_reader().unwrap();
        let (tx, bytes) = sync_channel(1024);
        std::thread::spawn(move || {
            let mut buffer = vec![0; line.unwrap_or(8192)];
            while let Ok(n @ 1..) = reader.read(&mut buffer) {
                if tx.send(buffer[..n].to_vec()).is_err() {
                    return;
                }
                if line.is_some() {
                    std::thread::sleep(Duration::from_millis(50));
                }
            }
        });
        let keys = pty.master.take_writer().unwrap();
        Self {
            child,
            master: Some(pty.master),
            keys: Some(keys),
            bytes,
            seen: Vec::new(),
            screen: vt100::Parser::new(cells(30), cells(110), 0),
        }
    }

    pub fn take(&mut self, wait: Duration) -> Result<usize, RecvTimeoutError> {
        let bytes = self.bytes.recv_timeout(wait)?;
        self.screen.process(&bytes);
        self.seen.extend(&bytes);
        Ok(bytes.len())
    }

    pub fn text(&self) -> String {
        self.screen.screen().contents()
    }

    pub fn until(&mut self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let began = Instant::now();
        while !holds(self) {
            assert!(
                began.elapsed() < Duration::from_secs(20),
                "never: {what} (process is {})\n{}\nsent: {:?}",
                self.state(),
                self.text(),
                String::from_utf8_lossy(&self.seen)
            );
            if let Err(RecvTimeoutError::Disconnected) = self.take(Duration::from_millis(50))
                && !holds(self)
            {
                panic!("ended before: {what}\n{}", String::from_utf8_lossy(&self.seen));
            }
        }
    }

    pub fn sees(&mut self, words: &str) {
        self.until(words, |c| c.text().contains(words));
    }

    pub fn sent(&self, bytes: &[u8]) -> bool {
        self.seen.windows(bytes.len()).any(|w| w == bytes)
    }

    pub fn press(&mut self, keys: &[u8]) {
        self.keys.as_mut().unwrap().write_all(keys).unwrap();
    }

    pub fn pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.child.process_id().unwrap()).unwrap()).unwrap()
    }

    pub fn code(&mut self) -> u32 {
        let began = Instant::now();
        loop {
            // Somebody must read, or the child's last words block it.
            let _ = self.take(Duration::from_millis(20));
            if let Some(status) = self.child.try_wait().unwrap() {
                self.rest(began);
                return status.exit_code();
            }
            assert!(began.elapsed() < Duration::from_secs(10), "the child does not end");
        }
    }

    /// Takes what lay on the line when the child ended: its last words may be read later than its exit code.
    pub fn rest(&mut self, began: Instant) {
        loop {
            match self.take(Duration::from_millis(50)) {
                Err(RecvTimeoutError::Disconnected) => return,
                _ => assert!(began.elapsed() < Duration::from_secs(10), "the line is never closed"),
            }
        }
    }

    /// `T` when stopped.
    pub fn state(&self) -> char {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid().as_raw_nonzero())).unwrap();
        stat.rsplit(") ").next().unwrap().chars().next().unwrap()
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
