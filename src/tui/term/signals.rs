//! Signals, turned into input. Handled beside the loop, so that a busy screen cannot delay a hang-up.

use std::io;

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::mpsc,
    task::JoinHandle,
};

use super::Input;

/// Listens until the task is dropped or nobody reads.
pub fn listen(to: mpsc::Sender<Input>) -> io::Result<JoinHandle<()>> {
    let mut resized = signal(SignalKind::window_change())?;
    let mut hung_up = signal(SignalKind::hangup())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let mut stopped = signal(SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw()))?;
    let mut continued = signal(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()))?;
    Ok(tokio::spawn(async move {
        loop {
            let input = tokio::select! {
                biased;
                _ = hung_up.recv() => Input::Gone,
                _ = terminated.recv() => Input::Terminate,
                _ = continued.recv() => Input::Continued,
                _ = stopped.recv() => Input::Stop,
                _ = resized.recv() => Input::Resized,
            };
            if to.send(input).await.is_err() {
                return;
            }
        }
    }))
}
