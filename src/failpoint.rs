//! Named crash points: the places between two writes where the proof kit lets the process die, fail or stand still.
//!
//! They exist in builds with the feature `failpoints` only; without it [`crash_point`] is nothing at all, not even the
//! name. What a point does is told by the environment when the program starts:
//!
//! ```text
//! FAILPOINTS='cp03_sync_index=5*off->return(abort)'     dies at the sixth passage
//!            'cp02_append_sync=return(err)'             fails there, where failing means something
//!            'cp04_intent_connect=1*return(stop)'       stops itself (SIGSTOP); somebody else continues it
//!            'cp13_between_reads=sleep(200)'            and whatever else the `fail` crate knows
//! ```
//!
//! `tests/crash_points.rs` goes through all of them.

/// Passes a point. `true` = it was told to fail.
#[cfg(feature = "failpoints")]
pub(crate) fn reach(name: &str) -> bool {
    let told = fail::eval(name, |order| match order.as_deref() {
        Some("abort") => std::process::abort(),
        Some("stop") => {
            // Refused only when the process may not signal itself, which no system does.
            let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::STOP);
            false
        }
        order => order == Some("err"),
    });
    told.unwrap_or(false)
}

/// Passes a point a moment after a future began to wait, and goes on waiting: for what happens elsewhere meanwhile.
#[cfg(feature = "failpoints")]
pub(crate) async fn while_waiting<T>(name: &str, future: impl Future<Output = T>) -> T {
    tokio::pin!(future);
    tokio::select! {
        biased;
        done = &mut future => return done,
        () = tokio::time::sleep(std::time::Duration::from_millis(20)) => reach(name),
    };
    future.await
}

/// A crash point: `crash_point!(name)` may end the process, `crash_point!(name, error)` may also leave the function
/// with that error, `crash_point!(name => block)` runs the block where it is told to fail.
macro_rules! crash_point {
    ($name:ident) => {
        #[cfg(feature = "failpoints")]
        let _ = $crate::failpoint::reach(stringify!($name));
    };
    ($name:ident, $error:expr) => {
        #[cfg(feature = "failpoints")]
        if $crate::failpoint::reach(stringify!($name)) {
            return Err($error);
        }
    };
    ($name:ident => $block:block) => {
        #[cfg(feature = "failpoints")]
        if $crate::failpoint::reach(stringify!($name)) $block
    };
}
pub(crate) use crash_point;
