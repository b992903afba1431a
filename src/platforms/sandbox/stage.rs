//! World, faults and record together: what both doors hand their requests to.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{
    config::WorldConfig,
    faults::{Action, Faults},
    record::{Entry, Recorder},
    script::Script,
    world::{Injected, ObjectView, World},
};
use crate::{
    engine::model::{
        platform::{AccountId, ObjectKind, PlatformId},
        time::Timestamp,
    },
    platforms::{WireRequest, WireResponse},
};

/// How the body of an answer travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyManner {
    /// At once.
    Whole,
    /// After the head, so much later.
    Slow(Duration),
    /// Half of it, then the connection is closed.
    Cut,
}

/// What the door does with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The answer; `None` = the connection is closed without one.
    pub response: Option<WireResponse>,
    /// The answer begins only after so long.
    pub delay: Duration,
    /// How its body travels.
    pub body: BodyManner,
    /// The request is carried out then: the door calls [`Sandbox::tick`] at that time.
    pub late: Option<Timestamp>,
}

impl Reply {
    const fn whole(response: WireResponse) -> Self {
        Self {
            response: Some(response),
            delay: Duration::ZERO,
            body: BodyManner::Whole,
            late: None,
        }
    }

    const fn silence() -> Self {
        Self {
            response: None,
            delay: Duration::ZERO,
            body: BodyManner::Whole,
            late: None,
        }
    }
}

#[derive(Debug)]
struct Late {
    due: Timestamp,
    platform: PlatformId,
    request: WireRequest,
    token: String,
    fault: String,
}

#[derive(Debug)]
struct State {
    world: World,
    faults: Faults,
    late: Vec<Late>,
}

/// A simulated world with its faults. Shared by everybody who talks to it.
pub struct Sandbox {
    state: Mutex<State>,
    record: Option<Recorder>,
}

impl Sandbox {
    /// A world without faults.
    pub fn new(config: &WorldConfig) -> Self {
        Self::with_faults(World::new(config), Faults::default())
    }

    /// The world and the faults of a script.
    pub fn from_script(script: Script) -> Self {
        Self::with_faults(World::new(&script.world), script.faults)
    }

    fn with_faults(world: World, faults: Faults) -> Self {
        Self {
            state: Mutex::new(State {
                world,
                faults,
                late: Vec::new(),
            }),
            record: None,
        }
    }

    /// The same with somebody who is told every request.
    #[must_use]
    pub fn recorded(mut self, recorder: Recorder) -> Self {
        self.record = Some(recorder);
        self
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The world is only changed by whole requests, none of which panics half-way with a broken promise.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a request in: lets due late ones happen first, then asks the faults, then the world.
    pub fn receive(&self, now: Timestamp, platform: PlatformId, request: &WireRequest, token: &str) -> Reply {
        let state = &mut *self.lock();
        self.settle(state, now);
        let subject = state.world.subject(platform, request);
        let fired = state.faults.decide(request, &subject);
        let label = fired.as_ref().map(|f| f.label.clone());
        let world = &mut state.world;
        let mut reached = true;
        let mut refuse = |injected: Injected| {
            reached = false;
            Reply::whole(world.refuse(now, platform, &subject, &injected))
        };
        let reply = match fired.map(|f| f.action) {
            Some(Action::RateLimit {
                code,
                subcode,
                minutes,
                seconds,
            }) => refuse(Injected::RateLimit {
                code,
                subcode,
                minutes,
                seconds,
            }),
            Some(Action::Http {
                status,
                before: true,
                body,
            }) => refuse(Injected::Http { status, body }),
            Some(Action::BadToken) => refuse(Injected::BadToken),
            Some(Action::Error {
                code,
                subcode,
                status,
                message,
                field,
                transient,
            }) => refuse(Injected::Error {
                status,
                code,
                subcode,
                message,
                field,
                transient,
            }),
            Some(Action::DropBefore) => {
                reached = false;
                Reply::silence()
            }
            Some(Action::Late { seconds }) => {
                reached = false;
                let due = now.plus(seconds.0);
                state.late.push(Late {
                    due,
                    platform,
                    request: request.clone(),
                    token: token.to_owned(),
                    fault: format!("{}: carried out late", label.as_deref().unwrap_or("late")),
                });
                Reply {
                    late: Some(due),
                    ..Reply::silence()
                }
            }
            Some(Action::Twin) => {
                world.handle(now, platform, request, token);
                world.handle(now, platform, request, token);
                Reply::silence()
            }
            Some(Action::DropAfter) => {
                world.handle(now, platform, request, token);
                Reply::silence()
            }
            Some(Action::Http {
                status,
                before: false,
                body,
            }) => {
                world.handle(now, platform, request, token);
                Reply::whole(world.refuse(now, platform, &subject, &Injected::Http { status, body }))
            }
            Some(Action::SlowBody { seconds }) => Reply {
                body: BodyManner::Slow(seconds.0),
                ..Reply::whole(world.handle(now, platform, request, token))
            },
            Some(Action::CutBody) => Reply {
                body: BodyManner::Cut,
                ..Reply::whole(world.handle(now, platform, request, token))
            },
            Some(Action::Delay { seconds }) => Reply {
                delay: seconds.0,
                ..Reply::whole(world.handle(now, platform, request, token))
            },
            None => Reply::whole(world.handle(now, platform, request, token)),
        };
        self.tell(&Entry::new(
            now,
            platform,
            request,
            token,
            reply.response.as_ref(),
            label,
            reached,
        ));
        reply
    }

    /// Refuses a request that never reached the world: wrong version, unreadable.
    pub(super) fn turn_away(
        &self,
        now: Timestamp,
        platform: PlatformId,
        request: &WireRequest,
        token: &str,
        injected: &Injected,
    ) -> WireResponse {
        let state = &mut *self.lock();
        let subject = state.world.subject(platform, request);
        let response = state.world.refuse(now, platform, &subject, injected);
        self.tell(&Entry::new(now, platform, request, token, Some(&response), None, false));
        response
    }

    /// Lets every late request happen that is due.
    pub fn tick(&self, now: Timestamp) {
        let state = &mut *self.lock();
        self.settle(state, now);
    }

    fn settle(&self, state: &mut State, now: Timestamp) {
        state.late.sort_by_key(|l| l.due);
        let due = state.late.partition_point(|l| l.due <= now);
        for late in state.late.drain(..due) {
            let answer = state.world.handle(late.due, late.platform, &late.request, &late.token);
            let mut entry = Entry::new(
                late.due,
                late.platform,
                &late.request,
                &late.token,
                Some(&answer),
                Some(late.fault),
                true,
            );
            // Nobody is there to see the answer.
            entry.response_status = None;
            self.tell(&entry);
        }
    }

    fn tell(&self, entry: &Entry) {
        if let Some(record) = &self.record {
            record(entry);
        }
    }

    /// How many objects of this kind and exact name were ever created in an account.
    pub fn creates(&self, account: &AccountId, kind: ObjectKind, name: &str) -> usize {
        self.lock().world.creates(account, kind, name)
    }

    /// Every object, deleted ones too, oldest first.
    pub fn snapshot(&self, now: Timestamp) -> Vec<ObjectView> {
        self.lock().world.snapshot(now)
    }

    /// Late requests that are still to come.
    pub fn pending(&self) -> usize {
        self.lock().late.len()
    }
}
