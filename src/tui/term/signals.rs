//! Signals, turned into input. Handled beside the loop, so that a busy screen cannot delay a hang-up.

use std::io;

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
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
    Ok(tokio::spawn(async move {
        loop {
            let input = next(&mut resized, &mut hung_up, &mut terminated, &mut stopped).await;
            if to.send(input).await.is_err() {
                return;
            }
        }
    }))
}

async fn next(resized: &mut Signal, hung_up: &mut Signal, terminated: &mut Signal, stopped: &mut Signal) -> Input {
    tokio::select! {
        biased;
        _ = hung_up.recv() => Input::Gone,
        _ = terminated.recv() => Input::Terminate,
        _ = stopped.recv() => Input::Stop,
        _ = resized.recv() => Input::Resized,
    }
}
