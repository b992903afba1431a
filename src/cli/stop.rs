//! Signals that ask the program to end.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::failure::Failure;

/// Set once a signal came. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    token: CancellationToken,
    code: Arc<AtomicU8>,
}

impl Stop {
    /// Listens for SIGINT, SIGTERM and SIGHUP. A second one ends the process at once: the store survives that, and
    /// somebody who asks twice means it. Except for SIGHUP: a lost line is told by the kernel and by the shell.
    pub fn on_signals() -> Result<Self, Failure> {
        let listen = |kind| signal(kind).map_err(|e| Failure::unavailable(format!("signals cannot be heard: {e}")));
        let mut interrupt = listen(SignalKind::interrupt())?;
        let mut terminate = listen(SignalKind::terminate())?;
        let mut hang_up = listen(SignalKind::hangup())?;
        let stop = Self::default();
        let told = stop.clone();
        tokio::spawn(async move {
            loop {
                let code = tokio::select! {
                    _ = interrupt.recv() => 130,
                    _ = terminate.recv() => 143,
                    _ = hang_up.recv() => 129,
                };
                if told.token.is_cancelled() && code == 129 {
                    continue;
                }
                if told.token.is_cancelled() {
                    std::process::exit(i32::from(code));
                }
                told.ask(code);
            }
        });
        Ok(stop)
    }

    /// Asks for the end, with the exit code of the signal.
    pub fn ask(&self, code: u8) {
        self.code.store(code, Ordering::SeqCst);
        self.token.cancel();
    }

    /// Waits until somebody asks; gives the exit code.
    pub async fn wait(&self) -> u8 {
        self.token.cancelled().await;
        self.code.load(Ordering::SeqCst)
    }
}
