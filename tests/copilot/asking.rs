//! Questions through a whole engine: what is told on the way, how they end, and their one row in the journal.

use std::sync::Arc;

use omnitraffick::{
    config::environment::UserDatabase,
    engine::{
        api::{
            ApiError, EngineClient, Reply, Request,
            asking::{CopilotAnswer, CopilotAsk, EndState, Mark, News, Preview, Stage},
            copilot::GuidelineSearch,
        },
        clock::{SystemClock, SystemEntropy},
        copilot::{exchange::Exchange, source::Folder, wire::ModelKind},
        deploy::executor::Concurrency,
        host::{
            CopilotWays, Host, HostOptions, Place,
            socket::{
                client::RemoteClient,
                message::Hello,
                path::{Audience, bind},
                server::Server,
            },
            who::Who,
        },
        model::{
            actor::{Actor, Role},
            event::{Event, EventKind, Seq},
        },
    },
    platforms::{
        registry::registry,
        transport::{FixedToken, Secret},
    },
};
use rstest::rstest;

use super::{
    faults::{client, patience, server},
    model_server::{Answer, ModelServer, Step},
};

/// A secret of the installation that somebody wrote into a guideline.
pub const TOKEN: &str = "omni-house-secret-4711-alpha";

/// An engine in memory over a folder of guidelines and a model server that says what it is told.
pub struct House {
    pub host: Option<Host>,
    pub client: Arc<dyn EngineClient>,
    pub server: Option<ModelServer>,
    dir: tempfile::TempDir,
}

pub fn person(name: &str, uid: u32) -> Actor {
    Actor {
        uid: Some(uid),
        name: name.into(),
        role: Role::Viewer,
        client: "cli".into(),
    }
}

impl House {
    pub async fn new(rules: &[(&str, &str)], answers: Option<Vec<Answer>>) -> Self {
        Self::at(Place::Memory, rules, answers).await
    }

    /// The same over a store that is somewhere.
    pub async fn at(place: Place, rules: &[(&str, &str)], answers: Option<Vec<Answer>>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in rules {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
        let mut model = None;
        let mut running = None;
        if let Some(answers) = answers {
            let (server, url) = server(answers).await;
            let entropy = Arc::new(SystemEntropy::seeded(5));
            model = Some(Exchange::new(client(&url, ModelKind::OpenaiChat, patience()), entropy));
            running = Some(server);
        }
        let secret = FixedToken(Secret::from_source(TOKEN).unwrap());
        let host = Host::open(HostOptions {
            concurrency: Concurrency::NONE,
            guidelines: vec![Folder {
                name: "house".into(),
                path: Some(dir.path().to_owned()),
                may_leave_host: Some(true),
                ..Folder::default()
            }],
            copilot: Arc::new(CopilotWays {
                model,
                secrets: vec![Arc::new(secret)],
                heals: false,
            }),
            ..HostOptions::simulated(
                "test",
                place,
                registry(),
                Arc::new(SystemClock),
                Arc::new(SystemEntropy::seeded(7)),
            )
        })
        .await
        .unwrap();
        let client = host.client(person("ana", 1), false);
        Self {
            host: Some(host),
            client,
            server: running,
            dir,
        }
    }

    pub fn ask(&self, text: &str) -> CopilotAsk {
        CopilotAsk {
            id: self.client.command_id(),
            search: GuidelineSearch {
                text: text.into(),
                fresh: true,
                ..GuidelineSearch::default()
            },
            snippets_only: false,
            without: vec![],
            with: vec![],
            history: vec![],
            confirmed: false,
            seen: None,
        }
    }

    pub async fn news(&self, request: Request) -> Result<News, ApiError> {
        match self.client.request(request).await? {
            Reply::CopilotNews(news) => Ok(*news),
            other => panic!("{other:?}"),
        }
    }

    /// Asks and follows to the end; the answer, and the text as it was told.
    pub async fn answer(&self, ask: CopilotAsk) -> (CopilotAnswer, String) {
        let mut news = self.news(Request::AskCopilot(Box::new(ask))).await.unwrap();
        let mut told = String::new();
        loop {
            told += &news.text;
            if let Some(over) = news.over {
                return (*over, told);
            }
            let request = Request::FollowCopilot {
                ask: news.ask,
                after: news.mark,
            };
            news = self.news(request).await.unwrap();
        }
    }

    pub async fn events(&self) -> Vec<Event> {
        let request = Request::Events {
            after: Seq(0),
            limit: 1000,
        };
        match self.client.request(request).await.unwrap() {
            Reply::Events(events) => events,
            other => panic!("{other:?}"),
        }
    }

    pub async fn rows(&self) -> Vec<Event> {
        let mut all = self.events().await;
        all.retain(|e| e.kind == EventKind::CopilotExchange);
        all
    }
}

pub fn says(text: &str) -> Answer {
    let chunk = serde_json::json!({"choices": [{"delta": {"content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 300, "completion_tokens": 12}});
    Answer::stream(&format!("data: {chunk}\n\ndata: [DONE]\n\n"))
}

fn begins(text: &str) -> Answer {
    let chunk = serde_json::json!({"choices": [{"delta": {"content": text}}]});
    Answer::steps([Step::Text(format!("data: {chunk}\n\n")), Step::Stall])
}

const LOGO: &[(&str, &str)] = &[(
    "logo.md",
    "# Logo\n\n## Clear space\n\nKeep 24 px free around the logo.\n",
)];

fn field<'e>(event: &'e Event, name: &str) -> &'e str {
    let change = event.changes.iter().find(|c| c.field.as_str() == name);
    change.and_then(|c| c.to.as_deref()).unwrap_or_default()
}

#[tokio::test]
async fn a_question_is_answered_checked_and_recorded() {
    let house = House::new(LOGO, Some(vec![says("Keep 24 px free around the logo [S1].")])).await;
    let (answer, told) = house
        .answer(house.ask("how much space around the logo? mail lea@brand.example"))
        .await;
    assert_eq!(answer.state, EndState::Grounded, "{answer:?}");
    assert_eq!(told, "Keep 24 px free around the logo [S1].");
    assert!(answer.sources[0].cited && answer.sources[0].left_host && answer.sources[0].number == Some(1));
    let rows = house.rows().await;
    assert_eq!((rows.len(), Some(rows[0].seq)), (1, answer.recorded));
    let row = &rows[0];
    assert_eq!(row.actor.name, "ana");
    assert_eq!(field(row, "question"), "how much space around the logo? mail <EMAIL_1>");
    assert_eq!(field(row, "state"), "GROUNDED");
    assert_eq!(field(row, "tokens"), "300 in, 0 of them cached, 12 out");
    assert_eq!(field(row, "redacted.email"), "1");
    assert_eq!(field(row, "sent.sha256").len(), 64);
    assert!(field(row, "snippet.1").ends_with(" sent"), "{row:?}");
    let words = serde_json::to_string(row).unwrap();
    assert!(!words.contains("lea@brand") && !words.contains("Keep 24"), "{words}");
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Play {
    Answer,
    NoRule,
    Refused,
    Nothing,
    NoModel,
    Stop,
}

#[rstest]
#[case(Play::Answer, EndState::Grounded)]
#[case(Play::NoRule, EndState::NoRuleFound)]
#[case(Play::Refused, EndState::SnippetsOnly)]
#[case(Play::Nothing, EndState::NoRuleFound)]
#[case(Play::NoModel, EndState::SnippetsOnly)]
#[case(Play::Stop, EndState::Partial)]
#[tokio::test]
async fn every_ask_has_one_audit_row(#[case] play: Play, #[case] state: EndState) {
    let answers = match play {
        Play::NoModel => None,
        Play::Refused => Some(vec![Answer::refusal(401, &[], "{}")]),
        Play::NoRule => Some(vec![says("NO_RULE")]),
        Play::Stop => Some(vec![begins("Keep 24 px free around the logo [S1]. And")]),
        Play::Answer | Play::Nothing => Some(vec![says("Keep 24 px free around the logo [S1].")]),
    };
    let house = House::new(LOGO, answers).await;
    let ask = house.ask(if play == Play::Nothing {
        "щюжъя"
    } else {
        "space around the logo"
    });
    let id = ask.id;
    if play == Play::Stop {
        house.news(Request::AskCopilot(Box::new(ask.clone()))).await.unwrap();
        let mut mark = Mark::default();
        while mark.bytes == 0 {
            let news = house
                .news(Request::FollowCopilot { ask: id, after: mark })
                .await
                .unwrap();
            mark = news.mark;
        }
        house.news(Request::StopCopilot(id)).await.unwrap();
        house.server.as_ref().unwrap().until(|all| all[0].left.is_some()).await;
    }
    // Asked again under its id, it is the same question.
    let (answer, _) = house.answer(ask).await;
    assert_eq!(answer.state, state, "{answer:?}");
    if play == Play::Stop {
        assert!(answer.reason.contains("stopped by you at"), "{}", answer.reason);
        assert_eq!(answer.answer.unwrap().text, "Keep 24 px free around the logo [S1]. And");
    }
    let rows = house.rows().await;
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(field(&rows[0], "state"), state.as_str());
    assert_eq!(rows[0].command, id);
    let asked = house.server.as_ref().map_or(0, |s| s.received().len());
    assert_eq!(asked, usize::from(!matches!(play, Play::NoModel | Play::Nothing)));
}

/// The engine has forgotten the question, the journal has not: the model is not asked a second time under its id.
#[tokio::test]
async fn what_is_recorded_is_not_sent_again() {
    let house = House::new(LOGO, Some(vec![says("Keep 24 px free around the logo [S1].")])).await;
    let ask = house.ask("space around the logo");
    house.answer(ask.clone()).await;
    // Nothing but snippets: these put the first one out of the engine's memory.
    for _ in 0..64 {
        let mut other = house.ask("space around the logo");
        other.snippets_only = true;
        house.answer(other).await;
    }
    let (again, _) = house.answer(ask).await;
    assert_eq!(again.state, EndState::SnippetsOnly);
    assert!(again.reason.contains("in the journal already"), "{}", again.reason);
    assert_eq!(again.recorded, None);
    assert_eq!(house.server.as_ref().unwrap().received().len(), 1);
    assert_eq!(house.rows().await.len(), 65);
}

/// Words of a model server: none of them brings a secret into the journal, and of an error its kind is enough.
#[rstest]
#[case::words(
    Answer::stream(&format!("data: {}\n\ndata: [DONE]\n\n", serde_json::json!({"id": format!("r {TOKEN}"),
        "model": format!("M {TOKEN}"), "choices": [{"delta": {"content": "Keep 24 px free around the logo [S1]."},
        "finish_reason": format!("odd {TOKEN}")}]}))),
    "odd <"
)]
#[case::refusal(
    Answer::refusal(401, &[], &format!(r#"{{"error": {{"message": "babble {TOKEN}"}}}}"#)),
    "the key was not accepted, HTTP 401"
)]
#[tokio::test]
async fn a_server_writes_no_secret_into_the_journal(#[case] answer: Answer, #[case] finish: &str) {
    let house = House::new(LOGO, Some(vec![answer])).await;
    house.answer(house.ask("space around the logo")).await;
    let rows = serde_json::to_string(&house.rows().await).unwrap();
    assert!(rows.contains(finish), "{rows}");
    assert!(!rows.contains(TOKEN) && !rows.contains("babble"), "{rows}");
}

/// A session that only reads gets its snippets: no model is asked, nothing is written.
#[tokio::test]
async fn a_read_only_session_asks_no_model() {
    let mut house = House::new(LOGO, Some(vec![says("Keep 24 px free around the logo [S1].")])).await;
    house.client = house.host.as_ref().unwrap().client(person("ana", 1), true);
    let ask = house.ask("space around the logo");
    let look = house
        .client
        .request(Request::PreviewCopilot(Box::new(ask.clone())))
        .await;
    assert!(matches!(look, Ok(Reply::CopilotPreview(p)) if p.sends.is_none()));
    let (answer, _) = house.answer(ask).await;
    assert_eq!((answer.state, answer.recorded), (EndState::SnippetsOnly, None));
    assert!(answer.reason.contains("read-only"), "{}", answer.reason);
    assert_eq!(answer.found.hits.len(), 1);
    assert!(house.rows().await.is_empty() && house.server.as_ref().unwrap().received().is_empty());
}

/// An engine that closes stops what is under way, and records it first.
#[tokio::test]
async fn closing_ends_a_question_in_good_order() {
    let mut house = House::new(LOGO, Some(vec![begins("Keep")])).await;
    let ask = house.ask("space around the logo");
    let id = ask.id;
    house.news(Request::AskCopilot(Box::new(ask))).await.unwrap();
    house.server.as_ref().unwrap().until(|all| !all.is_empty()).await;
    let engine = Arc::clone(house.host.as_ref().unwrap().engine());
    house.host.take().unwrap().close().await.unwrap();
    let rows = engine.events(Seq(0), 1000).await.unwrap();
    let rows: Vec<_> = rows.iter().filter(|e| e.kind == EventKind::CopilotExchange).collect();
    assert_eq!((rows.len(), rows[0].command), (1, id));
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The disk as a killed engine leaves it: the question stands there, and the next engine closes it. Whoever asks again
/// under its id is told, and no model is asked twice.
#[tokio::test]
async fn a_question_whose_engine_was_killed_is_closed_by_the_next() {
    let disks = tempfile::tempdir().unwrap();
    let (first, second) = (disks.path().join("first"), disks.path().join("second"));
    let house = House::at(Place::Dir(first.clone()), LOGO, Some(vec![begins("Keep")])).await;
    let ask = house.ask("space around the logo for lea@brand.example");
    house.news(Request::AskCopilot(Box::new(ask.clone()))).await.unwrap();
    house.server.as_ref().unwrap().until(|all| !all.is_empty()).await;
    copy(&first, &second);

    let next = House::at(Place::Dir(second), LOGO, Some(vec![says("Keep 24 px [S1].")])).await;
    let events = next.events().await;
    let asked: Vec<_> = events.iter().filter(|e| e.kind == EventKind::CopilotAsked).collect();
    assert_eq!((asked.len(), asked[0].actor.name.as_str()), (1, "ana"));
    let rows = next.rows().await;
    assert_eq!((rows.len(), rows[0].command), (1, ask.id));
    let told = ["finish", "cost", "tokens", "state"].map(|name| field(&rows[0], name));
    assert_eq!(told, ["lost with the engine", "unknown", "unknown", "SNIPPETS_ONLY"]);
    assert!(field(&rows[0], "why").contains("asked by ana"), "{rows:?}");
    assert_eq!(field(asked[0], "sent.sha256"), field(&rows[0], "sent.sha256"));
    assert!(!serde_json::to_string(&events).unwrap().contains("lea@brand.example"));

    let (answer, _) = next.answer(ask).await;
    assert!(answer.reason.contains("in the journal already"), "{}", answer.reason);
    assert!(next.server.as_ref().unwrap().received().is_empty());
    assert_eq!(next.rows().await.len(), 1);
}

/// Whatever fails, no sentence of the answer is ours or the model's: what remains is snippets and the reason.
#[rstest]
#[case::key(vec![Answer::refusal(401, &[], "{}")], "key")]
#[case::quota(vec![Answer::refusal(402, &[], "{}")], "quota")]
#[case::rubbish(vec![Answer::stream("<html>busy</html>")], "")]
#[case::silence(vec![Answer::steps([Step::Head, Step::Stall])], "sent nothing")]
#[case::reset(vec![Answer::steps([Step::Head, Step::Reset])], "")]
#[tokio::test]
async fn failure_never_becomes_advice(#[case] answers: Vec<Answer>, #[case] word: &str) {
    let house = House::new(LOGO, Some(answers)).await;
    let (answer, told) = house.answer(house.ask("space around the logo")).await;
    assert_eq!(
        (answer.state, told.as_str()),
        (EndState::SnippetsOnly, ""),
        "{answer:?}"
    );
    assert!(
        answer.answer.is_none() && answer.reason.contains(word),
        "{}",
        answer.reason
    );
    assert_eq!(answer.found.hits[0].source, "house/logo.md");
}

#[tokio::test]
async fn every_answer_lists_its_sources() {
    let rules = &[
        ("a.md", "# Logo\n\nKeep 24 px free around the logo.\n"),
        ("b.md", "# Colour\n\nThe logo is blue.\n"),
    ];
    let house = House::new(rules, Some(vec![says("The logo is blue [S2]. Never use [S7].")])).await;
    let (answer, _) = house.answer(house.ask("logo")).await;
    assert_eq!(answer.state, EndState::Partial);
    let numbers: Vec<_> = answer.sources.iter().map(|s| s.number).collect();
    assert_eq!(numbers, [Some(1), Some(2)]);
    for source in &answer.sources {
        assert!(answer.found.hits.iter().any(|h| h.id == source.id));
    }
}

#[tokio::test]
async fn a_preview_says_what_goes_and_sends_nothing() {
    let rules = &[
        ("a.md", "# Logo\n\nKeep 24 px free around the logo.\n"),
        ("b.md", "# Colour\n\nThe logo is blue.\n"),
    ];
    let house = House::new(rules, Some(vec![says("x")])).await;
    let mut ask = house.ask("logo");
    let look = async |ask: &CopilotAsk| -> Preview {
        match house
            .client
            .request(Request::PreviewCopilot(Box::new(ask.clone())))
            .await
            .unwrap()
        {
            Reply::CopilotPreview(p) => *p,
            other => panic!("{other:?}"),
        }
    };
    let all = look(&ask).await;
    assert_eq!(all.items.len(), 2);
    let sends = all.sends.unwrap();
    assert!(sends.text.contains("\n[S2]\n") && sends.share.percent() > 0 && sends.model == "M");
    ask.without = vec![all.items[0].key.clone()];
    let less = look(&ask).await.sends.unwrap();
    assert!(!less.text.contains("\n[S2]\n"));
    ask.without.push(all.items[1].key.clone());
    let none = look(&ask).await;
    assert_eq!(
        (none.sends, none.why_not.as_str()),
        (None, "every snippet was taken out")
    );
    assert!(house.server.as_ref().unwrap().received().is_empty() && house.rows().await.is_empty());
}

#[tokio::test]
async fn only_whoever_asked_hears_the_answer() {
    let house = House::new(LOGO, Some(vec![begins("Keep")])).await;
    let ask = house.ask("space around the logo");
    let id = ask.id;
    let first = house.news(Request::AskCopilot(Box::new(ask))).await.unwrap();
    assert_eq!(first.found.unwrap().hits.len(), 1);
    let other = house.host.as_ref().unwrap().client(person("ben", 2), false);
    for request in [
        Request::StopCopilot(id),
        Request::FollowCopilot {
            ask: id,
            after: Mark::default(),
        },
    ] {
        assert!(matches!(other.request(request).await, Err(ApiError::Refused(_))));
    }
    let over = house.news(Request::StopCopilot(id)).await.unwrap();
    assert!(over.stage != Stage::Streaming || over.over.is_none());
}

/// From another process it is the same: pieces as they come, and a stop that is heard at once.
#[tokio::test]
async fn an_answer_streams_over_a_socket() {
    let mut house = House::new(LOGO, Some(vec![begins("Keep 24 px free around the logo [S1]. And")])).await;
    let path = house.dir.path().join("engine.sock");
    let own = rustix::process::geteuid().as_raw();
    let who = Who::new(
        own,
        Box::new(UserDatabase),
        omnitraffick::engine::model::roles::Roles::default(),
    );
    let engine = Arc::clone(house.host.as_ref().unwrap().engine());
    let server = Server::start(
        engine,
        bind(&path, &Audience::Owner).unwrap(),
        path.clone(),
        who,
        "test".into(),
    )
    .unwrap();
    let entropy = Arc::new(SystemEntropy::from_os());
    let joined = RemoteClient::connect(&path, Hello::new("console"), None, Arc::new(SystemClock), entropy).await;
    house.client = Arc::new(joined.unwrap().0);

    let ask = house.ask("space around the logo");
    let id = ask.id;
    let mut news = house.news(Request::AskCopilot(Box::new(ask))).await.unwrap();
    assert_eq!(
        news.found.as_ref().unwrap().hits.len(),
        1,
        "snippets before any word of a model"
    );
    let mut told = news.text.clone();
    while told.is_empty() {
        let request = Request::FollowCopilot {
            ask: id,
            after: news.mark,
        };
        news = house.news(request).await.unwrap();
        told += &news.text;
    }
    assert_eq!(told, "Keep 24 px free around the logo [S1]. And");
    let request = Request::FollowCopilot {
        ask: id,
        after: news.mark,
    };
    let (end, stopped) = tokio::join!(house.news(request), house.news(Request::StopCopilot(id)));
    stopped.unwrap();
    assert_eq!(end.unwrap().over.unwrap().state, EndState::Partial);
    assert_eq!(house.rows().await.len(), 1);
    server.end("over").await;
}
