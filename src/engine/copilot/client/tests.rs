//! Waits in virtual time, over answers from memory.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;

use super::*;
use crate::engine::{
    clock::{SystemClock, SystemEntropy},
    copilot::{
        cost::Limits,
        settings::OnSecret,
        transport::{Reading, Sending},
        wire::{ModelKind, Role, Turn},
    },
};

/// Pieces of an answer and how long each takes to come.
type Pieces = Vec<(Duration, &'static str)>;

/// Answers from memory, in virtual time.
struct Scripted(Mutex<VecDeque<(u16, &'static str, Pieces)>>);

struct Played(VecDeque<(Duration, &'static str)>);

impl ModelBody for Played {
    fn next(&mut self) -> Reading<'_> {
        let next = self.0.pop_front();
        Box::pin(async move {
            let Some((wait, text)) = next else { return Ok(None) };
            tokio::time::sleep(wait).await;
            Ok(Some(Bytes::from_static(text.as_bytes())))
        })
    }
}

impl ModelTransport for Scripted {
    fn send<'a>(&'a self, _: &'a ModelRequest) -> Sending<'a> {
        let (status, retry_after, pieces) = self.0.lock().unwrap().pop_front().unwrap();
        let headers = BTreeMap::from([("retry-after".to_owned(), retry_after.to_owned())]);
        Box::pin(async move {
            Ok(ModelAnswer {
                status,
                headers: if retry_after.is_empty() {
                    BTreeMap::new()
                } else {
                    headers
                },
                body: Box::new(Played(pieces.into())),
            })
        })
    }
}

const SOME: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
const END: &str = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";

async fn ask(local: bool, answers: Vec<(u16, &'static str, Pieces)>) -> Outcome {
    let settings = ModelSettings {
        kind: ModelKind::OpenaiChat,
        base_url: "http://127.0.0.1:1/v1".into(),
        model: "M".into(),
        local,
        context_tokens: None,
        answer_tokens: 800,
        temperature: None,
        price: None,
        limits: Limits::default(),
        on_secret: OnSecret::Replace,
    };
    let client = ModelClient::new(
        Arc::new(Scripted(Mutex::new(answers.into()))),
        settings,
        Arc::new(SystemClock),
        Arc::new(SystemEntropy::seeded(3)),
    );
    let question = Ask {
        model: "M".into(),
        system: String::new(),
        turns: vec![Turn {
            role: Role::User,
            text: "q".into(),
        }],
        answer_tokens: 800,
        temperature: None,
        shape: None,
    };
    client.ask(&question, &CancellationToken::new(), &mut |_| {}).await
}

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn good() -> (u16, &'static str, Pieces) {
    (200, "", vec![(s(0), SOME), (s(0), END)])
}

#[tokio::test(start_paused = true)]
async fn a_hint_is_waited_for_exactly_and_one_beyond_the_minute_is_final() {
    let waited = ask(false, vec![(429, "12", vec![]), good()]).await;
    assert_eq!(
        (waited.end, waited.retries, waited.total.as_secs()),
        (Ok(Finish::Complete), 1, 12)
    );
    let twice = ask(false, vec![(429, "40", vec![]), (429, "40", vec![])]).await;
    assert_eq!((twice.retries, twice.total.as_secs()), (1, 40));
    let far = ask(false, vec![(429, "61", vec![])]).await;
    assert_eq!((far.retries, far.total.as_secs()), (0, 0));
    assert_eq!(far.end.unwrap_err().hint(), Some(s(61)));
}

#[tokio::test(start_paused = true)]
async fn only_silence_ends_a_long_answer() {
    let slow = vec![(s(50), ": ping\n\n"), (s(50), SOME), (s(59), SOME), (s(59), END)];
    let outcome = ask(false, vec![(200, "", slow)]).await;
    assert_eq!(
        (outcome.end, outcome.total, outcome.first_token),
        (Ok(Finish::Complete), s(218), Some(s(100)))
    );
    let stalled = ask(false, vec![(200, "", vec![(s(0), SOME), (s(61), END)])]).await;
    assert!(
        matches!(stalled.end, Err(LlmError::Interrupted { chars: 1, .. })),
        "{stalled:?}"
    );
    assert_eq!((stalled.text.as_str(), stalled.total), ("a", s(60)));
}

#[tokio::test(start_paused = true)]
async fn a_local_model_may_take_minutes_to_load() {
    let loads = || vec![(200, "", vec![(s(299), SOME), (s(0), END)])];
    assert_eq!(ask(true, loads()).await.end, Ok(Finish::Complete));
    assert_eq!(
        ask(false, loads()).await.end,
        Err(LlmError::IdleTimeout { waited: s(60) })
    );
}

#[tokio::test(start_paused = true)]
async fn waits_without_a_hint_are_short_and_few() {
    let outcome = ask(false, vec![(500, "", vec![]); 4]).await;
    assert_eq!(outcome.retries, 3);
    assert!(outcome.total <= s(1 + 2 + 4), "{:?}", outcome.total);
}
