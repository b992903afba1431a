//! Questions to the copilot that are being answered: who asked, what has come, who stops them.
//!
//! Invariants
//! - Only whoever asked hears of a question.
//! - A question has an end, also when its work breaks down.
//! - What is kept is bounded: the oldest ended questions go first.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::watch, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    engine::{
        api::{
            ApiError,
            asking::{CopilotAnswer, Mark, News, Stage},
            copilot::GuidelineAnswer,
        },
        copilot::{client::Progress, exchange::Exchange},
        model::{
            actor::Actor,
            ids::CommandId,
            refusal::{Problem, Refusal, RefusalCode},
        },
    },
    platforms::transport::SecretSource,
};

/// Whoever waits for news is answered at least so often.
const WAIT: Duration = Duration::from_secs(20);
/// Pieces of an answer that come closer together are told together: 20 times a second is fast enough to read.
const MERGE: Duration = Duration::from_millis(50);
/// Questions of one person under way at once.
const OPEN: usize = 4;
/// Questions kept, ended ones included.
const KEPT: usize = 64;
/// The end of what is under way gets this long when the engine closes.
const CLOSING: Duration = Duration::from_secs(5);

/// The ways of the copilot out of this program, and the secrets that must not take them.
#[derive(Default)]
pub struct CopilotWays {
    /// The model server; `None` = none is configured.
    pub model: Option<Exchange>,
    /// Secrets of this installation, kept out of every question.
    pub secrets: Vec<Arc<dyn SecretSource>>,
    /// Whether a refused deploy gets its proposal at once, where a rule knows a fix.
    pub heals: bool,
}

/// How a question stands.
#[derive(Debug, Default)]
struct Stand {
    changes: u64,
    stage: Stage,
    text: String,
    over: Option<Box<CopilotAnswer>>,
    /// Its work broke down.
    broken: bool,
}

/// A question that was asked.
pub(super) struct Open {
    pub(super) id: CommandId,
    asker: (Option<u32>, String),
    /// Stops it.
    pub(super) cancel: CancellationToken,
    stand: watch::Sender<Stand>,
    found: GuidelineAnswer,
}

impl Open {
    /// Notes what happens on the way.
    pub(super) fn progress(&self, progress: Progress) {
        self.stand.send_modify(|s| {
            s.changes += 1;
            match progress {
                Progress::Connecting | Progress::Adapted => s.stage = Stage::Connecting,
                Progress::FirstToken => s.stage = Stage::FirstToken,
                // That it thinks is seen; what it thinks is nobody's rule.
                Progress::Reasoning(_) => s.stage = Stage::Streaming,
                Progress::Text(text) => {
                    s.stage = Stage::Streaming;
                    s.text.push_str(&text);
                }
                Progress::Retry { number, of, wait, why } => {
                    s.stage = Stage::Retry {
                        number,
                        of,
                        wait_ms: u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                        why: why.to_string(),
                    };
                }
            }
        });
    }

    /// It has ended.
    pub(super) fn end(&self, answer: CopilotAnswer) {
        self.stand.send_modify(|s| {
            s.changes += 1;
            s.stage = Stage::Over;
            s.over = Some(Box::new(answer));
        });
    }

    /// The first news.
    pub(super) fn begin(&self) -> News {
        News {
            found: Some(Box::new(self.found.clone())),
            ..self.news(Mark::default())
        }
    }

    fn news(&self, after: Mark) -> News {
        let stand = self.stand.borrow();
        let from = usize::try_from(after.bytes).unwrap_or(usize::MAX);
        News {
            ask: self.id,
            mark: Mark {
                changes: stand.changes,
                bytes: u64::try_from(stand.text.len()).unwrap_or(u64::MAX),
            },
            stage: stand.stage.clone(),
            text: stand.text.get(from..).unwrap_or_default().to_owned(),
            found: None,
            over: stand.over.clone(),
        }
    }

    /// Waits for something new.
    pub(super) async fn follow(&self, after: Mark) -> Result<News, ApiError> {
        let mut stand = self.stand.subscribe();
        let has_ended = |s: &Stand| s.over.is_some() || s.broken;
        let is_new = timeout(WAIT, stand.wait_for(|s| s.changes > after.changes || has_ended(s)))
            .await
            .is_ok();
        if is_new && !has_ended(&self.stand.borrow()) {
            // Late is no failure: what has come by then is told.
            let _ = timeout(MERGE, stand.wait_for(has_ended)).await.is_ok();
        }
        if self.stand.borrow().broken {
            return Err(ApiError::Internal("answering broke off".to_owned()));
        }
        Ok(self.news(after))
    }

    /// Waits until it is over.
    pub(super) async fn ended(&self) {
        let mut stand = self.stand.subscribe();
        // The sender is ours, so it cannot be gone.
        let _ = stand.wait_for(|s| s.over.is_some() || s.broken).await.is_ok();
    }

    fn has_ended(&self) -> bool {
        let stand = self.stand.borrow();
        stand.over.is_some() || stand.broken
    }
}

/// Says that the work is done for, whatever way it ends.
pub(super) struct Working(pub(super) Arc<Open>);

impl Drop for Working {
    fn drop(&mut self) {
        if !self.0.has_ended() {
            self.0.stand.send_modify(|s| s.broken = true);
        }
    }
}

/// All questions that were asked.
#[derive(Default)]
pub(super) struct Desk {
    open: Mutex<Vec<Arc<Open>>>,
}

impl Desk {
    fn all(&self) -> MutexGuard<'_, Vec<Arc<Open>>> {
        // Every change leaves the list whole.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a question in. `false` beside it = it had been asked already.
    pub(super) fn take(
        &self,
        id: CommandId,
        actor: &Actor,
        found: GuidelineAnswer,
    ) -> Result<(Arc<Open>, bool), ApiError> {
        let asker = (actor.uid, actor.name.clone());
        let mut all = self.all();
        if let Some(open) = all.iter().find(|o| o.id == id && o.asker == asker) {
            return Ok((Arc::clone(open), false));
        }
        let busy = all.iter().filter(|o| o.asker == asker && !o.has_ended()).count();
        if busy >= OPEN {
            return Err(ApiError::from(Refusal::new(
                RefusalCode::Busy,
                Problem::whole(
                    format!("{busy} of your questions are still being answered"),
                    "wait for one, or stop one",
                ),
            )));
        }
        if all.len() >= KEPT
            && let Some(at) = all.iter().position(|o| o.has_ended())
        {
            all.remove(at);
        }
        let open = Arc::new(Open {
            id,
            asker,
            cancel: CancellationToken::new(),
            stand: watch::Sender::new(Stand::default()),
            found,
        });
        all.push(Arc::clone(&open));
        Ok((open, true))
    }

    /// A question of this person.
    pub(super) fn find(&self, id: CommandId, actor: &Actor) -> Result<Arc<Open>, ApiError> {
        let found = self
            .all()
            .iter()
            .find(|o| o.id == id && o.asker.0 == actor.uid && o.asker.1 == actor.name)
            .cloned();
        found.ok_or_else(|| {
            ApiError::from(Refusal::new(
                RefusalCode::NotFound,
                Problem::whole("this question is not open any more", "ask it again"),
            ))
        })
    }

    /// Stops everything under way and waits until it is recorded, for some seconds at most.
    pub(super) async fn close(&self) {
        let open: Vec<_> = self.all().iter().filter(|o| !o.has_ended()).cloned().collect();
        for one in &open {
            one.cancel.cancel();
        }
        let all = async {
            for one in &open {
                one.ended().await;
            }
        };
        if timeout(CLOSING, all).await.is_err() {
            tracing::warn!("questions to the copilot were cut off");
        }
    }
}
