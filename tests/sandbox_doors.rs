//! Both doors to the sandbox, the loopback server through the real client and the in-memory transport, under the same
//! fault scripts: what the caller sees, what was created, what the record holds.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use omnitraffick::{
    engine::{
        clock::{Clock, ManualClock, SystemClock},
        model::{
            platform::{AccountId, ObjectKind, PlatformId},
            time::Timestamp,
        },
    },
    platforms::{
        Body, Exchange, Lost, Method, WireRequest,
        sandbox::{
            Sandbox,
            memory::MemoryTransport,
            record::Entry,
            script::Script,
            server::{self, SandboxError, SandboxOptions},
        },
        transport::{FixedToken, HttpSettings, HttpTransport, PlatformEndpoint, Secret, Transport},
    },
};
use rstest::rstest;
use serde_json::Value;
use tokio_util::sync::{CancellationToken, DropGuard};

const TOKEN: &str = "EAAB-very-secret";

fn account() -> AccountId {
    "act_1".parse().unwrap()
}

fn create() -> WireRequest {
    let form = [
        ("name", "Launch"),
        ("objective", "OUTCOME_TRAFFIC"),
        ("status", "PAUSED"),
        ("special_ad_categories", "[]"),
        ("is_adset_budget_sharing_enabled", "false"),
    ];
    WireRequest {
        method: Method::Post,
        path: "/act_1/campaigns".into(),
        query: vec![],
        headers: vec![],
        body: Body::Form(form.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect()),
    }
}

fn list() -> WireRequest {
    WireRequest {
        method: Method::Get,
        path: "/act_1/campaigns".into(),
        query: vec![("limit".into(), "1".into()), ("fields".into(), "id,name".into())],
        headers: vec![],
        body: Body::Empty,
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Door {
    Http,
    Memory,
}

struct House {
    sandbox: Arc<Sandbox>,
    transport: Box<dyn Transport>,
    record: Arc<Mutex<Vec<Entry>>>,
    clock: Arc<dyn Clock>,
    _stop: DropGuard,
}

impl House {
    async fn open(door: Door, script: &str) -> Self {
        let record: Arc<Mutex<Vec<Entry>>> = Arc::default();
        let sink = Arc::clone(&record);
        let script = Script::parse("test.toml", script).unwrap();
        let recorder = Arc::new(move |e: &Entry| sink.lock().unwrap().push(e.clone()));
        let sandbox = Arc::new(Sandbox::from_script(script).recorded(recorder));
        let credentials = Arc::new(FixedToken(Secret::from_source(TOKEN).unwrap()));
        let timeout = Duration::from_millis(400);
        let stop = CancellationToken::new();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let transport: Box<dyn Transport> = match door {
            Door::Memory => Box::new(
                MemoryTransport::new(Arc::clone(&sandbox), Arc::clone(&clock), credentials).with_timeout(timeout),
            ),
            Door::Http => {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                let base_url = format!("http://{}", listener.local_addr().unwrap());
                tokio::spawn(server::serve(
                    listener,
                    Arc::clone(&sandbox),
                    Arc::clone(&clock),
                    stop.clone(),
                ));
                let endpoint = PlatformEndpoint {
                    base_url,
                    version: "v25.0".into(),
                    credentials,
                };
                let settings = HttpSettings {
                    total_timeout: timeout,
                    ..HttpSettings::default()
                };
                Box::new(HttpTransport::new(&settings, BTreeMap::from([(PlatformId::Meta, endpoint)])).unwrap())
            }
        };
        Self {
            sandbox,
            transport,
            record,
            clock,
            _stop: stop.drop_guard(),
        }
    }

    async fn send(&self, request: &WireRequest) -> Exchange {
        self.transport.send(PlatformId::Meta, &account(), request).await
    }

    fn made(&self) -> usize {
        self.sandbox.creates(&account(), ObjectKind::Campaign, "Launch")
    }

    /// Waits until so many were made; a test that waits in vain fails after two seconds.
    async fn made_in_time(&self, count: usize) {
        for _ in 0..200 {
            if self.made() == count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{} made, {count} expected", self.made());
    }
}

/// What the caller learns.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Seen {
    Status(u16),
    InDoubt,
}

#[rstest]
#[case::nothing("", Seen::Status(200), 1)]
#[case::drop_after("[[rule]]\naction = \"drop_after\"", Seen::InDoubt, 1)]
#[case::drop_before("[[rule]]\naction = \"drop_before\"", Seen::InDoubt, 0)]
#[case::twin("[[rule]]\naction = \"twin\"", Seen::InDoubt, 2)]
#[case::cut_body("[[rule]]\naction = \"cut_body\"", Seen::InDoubt, 1)]
#[case::slow("[[rule]]\naction = { slow_body = { seconds = 5 } }", Seen::InDoubt, 1)]
#[case::a_little_slow("[[rule]]\naction = { slow_body = { seconds = 0.02 } }", Seen::Status(200), 1)]
#[case::delay("[[rule]]\naction = { delay = { seconds = 5 } }", Seen::InDoubt, 1)]
#[case::a_little_late("[[rule]]\naction = { delay = { seconds = 0.02 } }", Seen::Status(200), 1)]
#[case::error_after("[[rule]]\naction = { http = { status = 500 } }", Seen::Status(500), 1)]
#[case::error_before(
    "[[rule]]\naction = { http = { status = 500, before = true } }",
    Seen::Status(500),
    0
)]
#[case::ok_without_id(
    "[[rule]]\naction = { http = { status = 200, body = \"Service temporarily unavailable\" } }",
    Seen::Status(200),
    1
)]
#[case::rate_limit("[[rule]]\naction = { rate_limit = { minutes = 3 } }", Seen::Status(400), 0)]
#[case::bad_token("[[rule]]\naction = \"bad_token\"", Seen::Status(401), 0)]
#[case::error(
    "[[rule]]\naction = { error = { code = 2, status = 503, transient = true } }",
    Seen::Status(503),
    0
)]
#[case::other_kind("[[rule]]\nkind = \"ad\"\naction = \"drop_before\"", Seen::Status(200), 1)]
#[tokio::test]
async fn a_fault_looks_the_same_through_both_doors(
    #[case] script: &str,
    #[case] seen: Seen,
    #[case] made: usize,
    #[values(Door::Http, Door::Memory)] door: Door,
) {
    let house = House::open(door, script).await;
    let answer = house.send(&create()).await;
    let got = match &answer {
        Ok(response) => Seen::Status(response.status),
        Err(Lost::InDoubt { .. }) => Seen::InDoubt,
        Err(other) => panic!("{other:?}"),
    };
    assert_eq!(got, seen, "{answer:?}");
    assert_eq!(house.made(), made);
    let record = house.record.lock().unwrap();
    assert_eq!(record.len(), 1);
    assert_eq!(
        record[0].fault.is_some(),
        script.contains("action") && !script.contains("kind")
    );
    assert_eq!(record[0].reached_platform, made > 0);
    assert!(!serde_json::to_string(&*record).unwrap().contains(TOKEN));
}

#[rstest]
#[tokio::test]
async fn a_late_object_appears_after_its_caller_gave_up(#[values(Door::Http, Door::Memory)] door: Door) {
    let house = House::open(door, "[[rule]]\ntimes = 1\naction = { late = { seconds = 0.1 } }").await;
    assert!(matches!(house.send(&create()).await, Err(Lost::InDoubt { .. })));
    assert_eq!((house.made(), house.sandbox.pending()), (0, 1));
    house.made_in_time(1).await;
    let seen = house.sandbox.snapshot(house.clock.now());
    assert_eq!((seen.len(), seen[0].name.as_str()), (1, "Launch"));
    let record = house.record.lock().unwrap();
    let faults: Vec<_> = record.iter().map(|e| e.fault.as_deref().unwrap_or_default()).collect();
    assert_eq!(faults, ["late", "late: carried out late"]);
    assert_eq!(record[1].response_status, None);
}

#[rstest]
#[tokio::test]
async fn the_token_in_a_paging_link_reaches_the_caller_and_not_the_record(
    #[values(Door::Http, Door::Memory)] door: Door,
) {
    let house = House::open(door, "").await;
    house.send(&create()).await.unwrap();
    house.send(&create()).await.unwrap();
    let page = house.send(&list()).await.unwrap();
    assert!(String::from_utf8(page.body).unwrap().contains(TOKEN));
    let record = serde_json::to_string(&*house.record.lock().unwrap()).unwrap();
    assert!(record.contains("paging") && !record.contains(TOKEN), "{record}");
}

#[tokio::test(start_paused = true)]
async fn with_a_stopped_clock_minutes_pass_at_once() {
    let script = "[world]\nlisting_lag_seconds = 60\n[[rule]]\nnth = 1\naction = { late = { seconds = 600 } }";
    let sandbox = Arc::new(Sandbox::from_script(Script::parse("t", script).unwrap()));
    let clock = Arc::new(ManualClock::at(Timestamp::parse("2026-11-20T09:00:00Z").unwrap()));
    let credentials = Arc::new(FixedToken(Secret::from_source(TOKEN).unwrap()));
    let time: Arc<dyn Clock> = Arc::clone(&clock) as Arc<dyn Clock>;
    let transport = MemoryTransport::new(Arc::clone(&sandbox), time, credentials);
    let listed = async || {
        let answer = transport.send(PlatformId::Meta, &account(), &list()).await.unwrap();
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        body["data"].as_array().unwrap().len()
    };
    assert!(transport.send(PlatformId::Meta, &account(), &create()).await.is_err());
    // The clock alone is enough ...
    clock.advance(Duration::from_secs(601));
    assert_eq!((listed().await, sandbox.pending()), (0, 0));
    clock.advance(Duration::from_secs(60));
    assert_eq!(listed().await, 1);
    // ... and so is tokio's time.
    let script = "[[rule]]\naction = { late = { seconds = 600 } }";
    let sandbox = Arc::new(Sandbox::from_script(Script::parse("t", script).unwrap()));
    let credentials = Arc::new(FixedToken(Secret::from_source(TOKEN).unwrap()));
    let transport = MemoryTransport::new(Arc::clone(&sandbox), clock, credentials);
    assert!(transport.send(PlatformId::Meta, &account(), &create()).await.is_err());
    tokio::time::sleep(Duration::from_secs(601)).await;
    assert_eq!(sandbox.creates(&account(), ObjectKind::Campaign, "Launch"), 1);
}

fn options() -> SandboxOptions {
    SandboxOptions {
        listen: "127.0.0.1:0".parse().unwrap(),
        record: None,
        faults: None,
        accounts: vec![],
        auto_accounts: true,
    }
}

/// One plain HTTP exchange; the connection is closed by the caller's wish.
async fn plain(address: std::net::SocketAddr, head: &str, body: &str) -> (u16, Value) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let text = format!(
        "{head}\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    (status, serde_json::from_str(body).unwrap_or_else(|_| Value::from(body)))
}

#[tokio::test]
async fn the_server_runs_from_options_records_and_stops() {
    let dir = tempfile::tempdir().unwrap();
    let (faults, record) = (dir.path().join("faults.toml"), dir.path().join("record.jsonl"));
    std::fs::write(&faults, "[world]\ncurrency = \"EUR\"\n").unwrap();
    let stop = CancellationToken::new();
    let (told, address) = tokio::sync::oneshot::channel();
    let options = SandboxOptions {
        record: Some(record.clone()),
        faults: Some(faults),
        ..options()
    };
    let server = tokio::spawn(server::run(options, move |a| told.send(a).unwrap(), stop.clone()));
    let address = address.await.unwrap();
    let auth = format!("authorization: Bearer {TOKEN}");

    let head = format!("GET /v25.0/act_5?fields=currency HTTP/1.1\r\n{auth}");
    assert_eq!(plain(address, &head, "").await.1["currency"], "EUR");
    // A token may also come as a parameter.
    let head = format!("GET /v26.0/me?access_token={TOKEN} HTTP/1.1");
    assert_eq!(plain(address, &head, "").await.0, 200);
    assert_eq!(
        plain(address, "GET /v25.0/me HTTP/1.1", "").await.1["error"]["code"],
        190
    );
    for old in ["/v24.0/me", "/me", "/act_5/campaigns", "/v9.0/me"] {
        let (status, body) = plain(address, &format!("GET {old} HTTP/1.1\r\n{auth}"), "").await;
        assert_eq!((status, body["error"]["code"].as_i64()), (400, Some(2635)), "{old}");
    }
    for (head, code) in [
        ("PUT /v25.0/me HTTP/1.1", 100),
        (
            "POST /v25.0/act_5/adimages HTTP/1.1\r\ncontent-type: multipart/form-data; boundary=x",
            100,
        ),
        ("POST /v25.0/act_5/ads HTTP/1.1\r\ncontent-type: application/json", 100),
    ] {
        let (status, body) = plain(address, &format!("{head}\r\n{auth}"), "[1]").await;
        assert_eq!((status, body["error"]["code"].as_i64()), (400, Some(code)), "{head}");
    }
    stop.cancel();
    server.await.unwrap().unwrap();
    let text = std::fs::read_to_string(&record).unwrap();
    assert_eq!(text.lines().count(), 10);
    assert!(!text.contains(TOKEN) && text.contains("[redacted]"), "{text}");
    let first: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    for field in [
        "time",
        "platform",
        "method",
        "path",
        "query",
        "body",
        "response_status",
        "response_body",
        "fault",
    ] {
        assert!(first.get(field).is_some(), "{field}");
    }
    assert_eq!(
        (&first["path"], &first["method"]),
        (&Value::from("/act_5"), &Value::from("GET"))
    );
}

#[tokio::test]
async fn bad_options_are_refused_with_a_reason() {
    let run = async |o: SandboxOptions| server::run(o, |_| {}, CancellationToken::new()).await.unwrap_err();
    let open = SandboxOptions {
        listen: "0.0.0.0:0".parse().unwrap(),
        ..options()
    };
    assert!(matches!(run(open).await, SandboxError::NotLoopback(_)));
    let dir = tempfile::tempdir().unwrap();
    let faults = dir.path().join("f.toml");
    std::fs::write(&faults, "[[rule]]\naction = \"explode\"\n").unwrap();
    let words = run(SandboxOptions {
        faults: Some(faults),
        ..options()
    })
    .await
    .to_string();
    assert!(words.contains("f.toml:2: rule[0].action"), "{words}");
    let words = run(SandboxOptions {
        record: Some(dir.path().join("no/such")),
        ..options()
    })
    .await
    .to_string();
    assert!(words.contains("record"), "{words}");
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let words = run(SandboxOptions {
        listen: taken.local_addr().unwrap(),
        ..options()
    })
    .await
    .to_string();
    assert!(words.contains("cannot listen"), "{words}");
}
