//! TikTok's requests over a real socket: the address, the slash, the header with the token, and the record.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use fastrand::Rng;
use omnitraffick::{
    engine::{
        clock::{Clock, SystemClock},
        model::{
            deploy::OutcomeClass,
            platform::PlatformId,
            ticket::RequestType,
            time::{Flight, Timestamp},
        },
    },
    platforms::{
        KnownIds, Platform,
        home::home,
        sandbox::{
            Sandbox,
            config::WorldConfig,
            record::{Entry, Recorder},
            server::serve,
        },
        tiktok::Tiktok,
        transport::{FixedToken, HttpSettings, HttpTransport, PlatformEndpoint, Secret, Transport},
    },
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

const TOKEN: &str = "0123456789abcdef0123456789abcdef01234567";

/// A transport to a sandbox on loopback, under TikTok's own path and a version.
async fn bench(version: &str) -> (HttpTransport, Arc<Mutex<Vec<Entry>>>, CancellationToken) {
    let entries: Arc<Mutex<Vec<Entry>>> = Arc::default();
    let kept = Arc::clone(&entries);
    let recorder: Recorder = Arc::new(move |entry: &Entry| kept.lock().unwrap().push(entry.clone()));
    let sandbox = Arc::new(Sandbox::new(&WorldConfig::default()).recorded(recorder));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    tokio::spawn(serve(listener, sandbox, clock, stop.clone()));
    let path = home(PlatformId::Tiktok)
        .unwrap()
        .base_url
        .strip_prefix("https://business-api.tiktok.com")
        .unwrap();
    let endpoint = PlatformEndpoint {
        base_url: format!("http://{address}{path}"),
        version: version.to_owned(),
        credentials: Arc::new(FixedToken(Secret::from_source(TOKEN).unwrap())),
    };
    let endpoints = BTreeMap::from([(PlatformId::Tiktok, endpoint)]);
    (
        HttpTransport::new(&HttpSettings::default(), endpoints).unwrap(),
        entries,
        stop,
    )
}

fn tomorrow() -> Flight {
    let now = SystemClock.now();
    let day = |t: Timestamp| t.jiff().to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
    let after = |days: u64| day(now.plus(std::time::Duration::from_secs(days * 86_400)));
    Flight {
        start: after(1).parse().unwrap(),
        end: Some(after(20).parse().unwrap()),
    }
}

#[tokio::test]
async fn a_ticket_travels_over_http() {
    let (transport, entries, stop) = bench(home(PlatformId::Tiktok).unwrap().version).await;
    let mut job = crate::tickets::job(&mut Rng::with_seed(3), RequestType::Create);
    // The world is one of dollars unless told otherwise.
    job.account.currency = "USD".parse().unwrap();
    let amount = job.budget.unwrap().money.amount();
    job.budget.as_mut().unwrap().money =
        omnitraffick::engine::model::money::Money::new(amount, job.account.currency).unwrap();
    job.flight = Some(tomorrow());
    let mut ids = KnownIds::new();
    for step in Tiktok.steps(&job).unwrap() {
        let request = Tiktok.plan(&job, &step, &ids).unwrap();
        let exchange = transport.send(PlatformId::Tiktok, &job.account.id, &request).await;
        let outcome = Tiktok.interpret(&job, &step, &exchange, SystemClock.now());
        assert_eq!(outcome.class, OutcomeClass::Done, "{}: {outcome:?}", step.key);
        if let Some(id) = outcome.external_id {
            ids.insert(step.key.clone(), id);
        }
    }
    let recorded = entries.lock().unwrap().clone();
    assert_eq!(recorded.len(), 7);
    for entry in &recorded {
        assert_eq!(entry.platform, PlatformId::Tiktok);
        assert!(
            entry.path.ends_with('/') && !entry.path.contains("open_api"),
            "{}",
            entry.path
        );
        assert!(!serde_json::json!(entry).to_string().contains(TOKEN));
    }
    stop.cancel();
}

#[tokio::test]
async fn probes_and_an_old_version_are_answered_in_tiktoks_words() {
    let account = crate::tickets::job(&mut Rng::with_seed(3), RequestType::Create).account;
    for (version, want) in [("v1.3", None), ("v1.2", Some("40051"))] {
        let (transport, _, stop) = bench(version).await;
        let mut answers = Vec::new();
        for request in Tiktok.probe(&account) {
            answers.push(transport.send(PlatformId::Tiktok, &account.id, &request).await);
        }
        let report = Tiktok.interpret_probe(&account, &answers);
        let told = |code: &str| report.problems.iter().any(|p| p.reason.contains(code));
        match want {
            Some(code) => assert!(told(code), "{report:?}"),
            None => assert!(!told("code") && !report.facts.is_empty(), "{report:?}"),
        }
        stop.cancel();
    }
}
