//! What is asked again when the way to the engine breaks, and what is not.

use std::sync::atomic::AtomicUsize;

use rstest::rstest;

use super::*;
use crate::engine::{
    api::{
        asking::CopilotAsk,
        copilot::GuidelineSearch,
        proposal::{AskModel, HealAsk},
    },
    clock::{SystemClock, SystemEntropy},
    model::{
        ids::{CommandId, TicketId},
        json::Sha,
        roles::{Directory, Login, Roles},
    },
};

/// Nobody is asked who they are.
struct Nobody;

impl Directory for Nobody {
    fn by_uid(&self, _: u32) -> Option<Login> {
        None
    }
    fn by_name(&self, _: &str) -> Option<Login> {
        None
    }
}

/// An engine that takes a request and goes before it answers.
struct Goes {
    gone: CancellationToken,
    taken: Arc<AtomicUsize>,
}

impl EngineClient for Goes {
    fn request(&self, _: Request) -> Answer<'_> {
        Box::pin(async {
            self.taken.fetch_add(1, Ordering::Relaxed);
            self.gone.cancel();
            Err(ApiError::Unavailable("the engine has gone".to_owned()))
        })
    }
    fn keep_file(&self, _: String, _: std::fs::File) -> TakenIn<'_> {
        Box::pin(async { Err(ApiError::Unavailable("no files here".to_owned())) })
    }
    fn notices(&self) -> broadcast::Receiver<Notice> {
        broadcast::channel(1).1
    }
    fn new_uuid(&self) -> uuid::Uuid {
        uuid::Uuid::nil()
    }
    fn now(&self) -> Timestamp {
        SystemClock.now()
    }
}

/// Its successor: it answers.
struct Stays(Arc<AtomicUsize>);

impl EngineClient for Stays {
    fn request(&self, _: Request) -> Answer<'_> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(async { Ok(Reply::Events(Vec::new())) })
    }
    fn keep_file(&self, _: String, _: std::fs::File) -> TakenIn<'_> {
        Box::pin(async { Err(ApiError::Unavailable("no files here".to_owned())) })
    }
    fn notices(&self) -> broadcast::Receiver<Notice> {
        broadcast::channel(1).1
    }
    fn new_uuid(&self) -> uuid::Uuid {
        uuid::Uuid::nil()
    }
    fn now(&self) -> Timestamp {
        SystemClock.now()
    }
}

fn joint(first: CancellationToken, taken: &Arc<AtomicUsize>) -> Joint {
    let over = CancellationToken::new();
    let client: Arc<dyn EngineClient> = Arc::new(Goes {
        gone: first.clone(),
        taken: Arc::clone(taken),
    });
    let up = State::Up {
        client,
        gone: first,
        own: false,
    };
    let way = Way {
        store: PathBuf::new(),
        socket: None,
        runtime_dir: None,
        audience: Box::new(|| Ok(Audience::Owner)),
        hello: Hello::new("console"),
        uid: 1,
        makes: false,
        attaches: true,
        embed: Box::new(|_| Box::pin(async { Err(HostError::Store(StoreError::Busy)) })),
        who: Box::new(|| Who::new(1, Box::new(Nobody), Roles::default())),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy::seeded(1)),
    };
    Joint {
        inner: Arc::new(Inner {
            way,
            state: watch::Sender::new(up),
            notices: broadcast::channel(NOTICES).0,
            seen: AtomicU64::new(0),
            own: Mutex::new(None),
            asking: RwLock::new(()),
            over: over.clone(),
        }),
        _over: over.drop_guard(),
    }
}

fn id() -> CommandId {
    CommandId::new(uuid::Uuid::from_u128(7))
}

fn question(snippets_only: bool) -> Request {
    Request::AskCopilot(Box::new(CopilotAsk {
        id: id(),
        search: GuidelineSearch::default(),
        snippets_only,
        without: vec![],
        with: vec![],
        history: vec![],
        confirmed: true,
        seen: None,
    }))
}

fn heal(model: bool) -> Request {
    let model = model.then(|| AskModel {
        id: id(),
        confirmed: true,
        seen: Sha::of(b"shown"),
    });
    let ticket = TicketId::new(uuid::Uuid::from_u128(8));
    Request::Heal(HealAsk { ticket, model })
}

#[rstest]
#[case::overview(Request::Overview, true)]
#[case::snippets(question(true), true)]
#[case::question(question(false), false)]
#[case::rule(heal(false), true)]
#[case::model(heal(true), false)]
#[tokio::test]
async fn what_may_be_paid_for_is_not_sent_again(#[case] request: Request, #[case] again: bool) {
    let (gone, taken) = (CancellationToken::new(), Arc::new(AtomicUsize::new(0)));
    let joint = joint(gone.clone(), &taken);
    let answered = Arc::new(AtomicUsize::new(0));
    let successor = async {
        gone.cancelled().await;
        joint.inner.state.send_replace(State::Up {
            client: Arc::new(Stays(Arc::clone(&answered))),
            gone: CancellationToken::new(),
            own: false,
        });
    };
    let (answer, ()) = tokio::join!(joint.request(request), successor);
    assert_eq!(taken.load(Ordering::Relaxed), 1);
    assert_eq!(answered.load(Ordering::Relaxed), usize::from(again));
    match answer {
        Ok(_) => assert!(again),
        Err(error) => assert!(!again && error.to_string().contains("not sent again"), "{error}"),
    }
}
