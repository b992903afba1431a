//! What is typed, line by line. Read on a thread of its own: a read of the terminal cannot be called off.

use std::io::{BufRead as _, Read as _};

use tokio::sync::mpsc;

/// Lines typed ahead that wait for us; a paste of more blocks its sender, not us.
const AHEAD: usize = 16;
/// Bytes taken at once; what is longer is no answer to any question here, and comes as further lines.
const LONGEST: usize = 4_096;

/// The lines of standard input.
#[derive(Debug)]
pub struct Lines(mpsc::Receiver<String>);

impl Lines {
    /// Begins to read.
    pub fn of_process() -> Self {
        let (to, lines) = mpsc::channel(AHEAD);
        std::thread::spawn(move || {
            let stdin = std::io::stdin();
            let mut line = Vec::new();
            loop {
                line.clear();
                let mut some = stdin.lock().take(LONGEST as u64);
                match some.read_until(b'\n', &mut line) {
                    Ok(0) | Err(_) => return,
                    Ok(_) => {}
                }
                let text = String::from_utf8_lossy(&line);
                let text = text.trim_end_matches(['\n', '\r']).to_owned();
                if to.blocking_send(text).is_err() {
                    return;
                }
            }
        });
        Self(lines)
    }

    /// The next line; `None` when there will be no more.
    pub async fn next(&mut self) -> Option<String> {
        self.0.recv().await
    }
}
