//! What people ask before they deploy: whether the accounts can be used, what would be sent, and what the platform says
//! of it. In memory over all three simulated platforms, and through the program against a sandbox of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod program;
mod support;

use std::sync::{Arc, Mutex};

use omnitraffick::{
    engine::{
        api::{ApiError, CommandKind, HoldScope, PlannedCall, Reply, Request, Validation, Verdict, starting_payload},
        host::Place,
        model::{
            governance::{Account, Channel},
            ids::{ChannelId, TicketId},
            platform::PlatformId,
            refusal::RefusalCode,
            ticket::Status,
        },
    },
    platforms::sandbox::{Sandbox as SandboxWorld, record::Entry, script::Script},
};
use program::{Home, Sandbox, talk};
use rstest::rstest;
use serde_json::{Map, Value, json};
use support::{World, clock};

type Entries = Arc<Mutex<Vec<Entry>>>;

/// An agency with a channel on the platform, and everything that platform is sent.
async fn agency(platform: PlatformId, script: &str) -> (World, Entries) {
    let entries: Entries = Arc::default();
    let record = Arc::clone(&entries);
    let sandbox = SandboxWorld::from_script(Script::parse("test.toml", script).unwrap())
        .recorded(Arc::new(move |e: &Entry| record.lock().unwrap().push(e.clone())));
    let mut world = World::over(Arc::new(sandbox), clock(), Place::Memory, 1).await;
    world.seed().await;
    let account = match platform {
        PlatformId::Meta => return (world, entries),
        PlatformId::Tiktok => "7000000000000000001",
        PlatformId::GoogleAds => "123-456-7890",
    };
    let channel = Channel {
        id: ChannelId::new(world.client.new_uuid()),
        code: "OTHER".parse().unwrap(),
        name: "Another platform".into(),
        platform,
        accounts: vec![Account {
            id: account.parse().unwrap(),
            name: "Acme US".into(),
            currency: "USD".parse().unwrap(),
            timezone: "UTC".into(),
        }],
        aliases: vec![],
        retired: false,
    };
    world.channel = channel.id;
    world.act(CommandKind::ChannelCreate(channel)).await.unwrap();
    (world, entries)
}

async fn draft(world: &World, platform: PlatformId) -> TicketId {
    let campaign = world.campaign(world.brand, "Trail & season").await;
    let Reply::Catalogue(c) = world.client.request(Request::Catalogue(platform)).await.unwrap() else {
        panic!("no catalogue")
    };
    let mut payload = starting_payload(&c).value();
    match platform {
        PlatformId::Meta => payload = world.payload().await,
        PlatformId::Tiktok => {
            payload["ad_group"]["locations"] = json!({"countries": ["US"]});
            for (field, value) in [
                ("identity_id", json!("7100000000000000009")),
                ("video_id", json!("v10033g50000abc")),
                ("image_ids", json!(["ad-site-i18n-sg/2026abc"])),
                ("ad_text", json!("It's \"out\" now")),
                ("landing_page_url", json!("https://acme.example/launch")),
            ] {
                payload["ad"][field] = value;
            }
        }
        PlatformId::GoogleAds => {
            payload["campaign"]["locations"] = json!({"countries": ["US"]});
            payload["ad_group"]["keywords"] = json!(["\"trail shoes\"", "[acme trail]"]);
            payload["ad"] = json!({
                "final_url": "https://acme.example/launch",
                "headlines": ["Acme Trail", "Out Now", "Order Today"],
                "description1": "Made for the long way.",
                "description2": "Thirty days to return.",
            });
        }
    }
    world.ticket_with(campaign, "120.00", &payload).await
}

async fn plan(world: &World, id: TicketId) -> Vec<PlannedCall> {
    match world.client.request(Request::Plan(id)).await.unwrap() {
        Reply::Plan(calls) => calls,
        other => panic!("{other:?}"),
    }
}

async fn validate(world: &World, id: TicketId) -> Result<Validation, ApiError> {
    match world.client.request(Request::Validate(id)).await? {
        Reply::Validation(told) => Ok(*told),
        other => panic!("{other:?}"),
    }
}

/// A body as the record has it: form fields by name, JSON text inside them parsed.
fn as_recorded(body: Option<&str>, is_form: bool) -> Value {
    match body {
        None => Value::Null,
        Some(text) if is_form => {
            let value = |text: &str| {
                let json = text.starts_with(['{', '[']).then(|| serde_json::from_str(text).ok());
                json.flatten().unwrap_or_else(|| json!(text))
            };
            let pairs = form_urlencoded::parse(text.as_bytes());
            Value::Object(pairs.map(|(k, v)| (k.into_owned(), value(&v))).collect::<Map<_, _>>())
        }
        Some(text) => serde_json::from_str(text).unwrap(),
    }
}

#[rstest]
#[case::meta(PlatformId::Meta, 7)]
#[case::tiktok(PlatformId::Tiktok, 6)]
#[case::google_ads(PlatformId::GoogleAds, 2)]
#[tokio::test(start_paused = true)]
async fn what_is_previewed_is_what_is_sent(#[case] platform: PlatformId, #[case] at_least: usize) {
    let (world, entries) = agency(platform, "").await;
    let id = draft(&world, platform).await;
    assert_eq!(
        world.qa(id).await,
        Status::ReadyForApi,
        "{:#?}",
        world.view(id).await.ticket.value.qa
    );
    let calls = plan(&world, id).await;
    assert!(calls.len() >= at_least, "{calls:?}");
    assert_eq!(entries.lock().unwrap().len(), 0, "a preview sends nothing");
    world.deploy(id).await.unwrap();
    assert_eq!(
        world.wait(id, |s| s != Status::Deploying).await,
        Status::TraffickedSuccess
    );

    let deploy = world.view(id).await.deploy.unwrap();
    let sent = entries.lock().unwrap().clone();
    assert_eq!(sent.len(), calls.len());
    for (call, entry) in calls.iter().zip(&sent) {
        let fill = |text: &str| {
            let ids = deploy
                .steps
                .iter()
                .filter_map(|s| Some((&s.key, s.external_id.as_ref()?)));
            let text = ids.fold(text.to_owned(), |t, (key, id)| t.replace(&format!("<{key} id>"), &id.0));
            match entry.body["request_id"].as_str() {
                Some(request) => text.replace("<request id>", request),
                None => text,
            }
        };
        let url = fill(&call.url);
        let (path, query) = url.split_once('?').unwrap_or((&url, ""));
        assert!(
            path.starts_with("https://") && path.ends_with(&entry.path),
            "{path} {}",
            entry.path
        );
        assert_eq!(as_recorded(Some(query), true), entry.query);
        assert_eq!(json!(call.method), json!(entry.method));
        let form = |h: &omnitraffick::engine::api::PlannedHeader| h.value.ends_with("urlencoded");
        let body = call.body.as_deref().map(fill);
        assert_eq!(
            as_recorded(body.as_deref(), call.headers.iter().any(form)),
            entry.body,
            "{}",
            call.step
        );
        let secret = call.headers.iter().filter(|h| h.variable.is_some()).count();
        assert_eq!(secret, 1, "{:?}", call.headers);
        let shown = format!("{}{}", json!(call), call.curl());
        assert!(!shown.contains("test-token-000"), "{shown}");
        assert!(call.curl().contains("_TOKEN}\""), "{}", call.curl());
    }
}

#[rstest]
#[case::meta(PlatformId::Meta, &[("campaign", Verdict::Accepted), ("ad_set", Verdict::Skipped), ("creative", Verdict::Accepted), ("ad", Verdict::Skipped)])]
#[case::google_ads(PlatformId::GoogleAds, &[("tree", Verdict::Accepted), ("activate", Verdict::Skipped)])]
#[tokio::test(start_paused = true)]
async fn a_draft_is_judged_and_nothing_is_made(#[case] platform: PlatformId, #[case] want: &[(&str, Verdict)]) {
    let (world, entries) = agency(platform, "").await;
    let id = draft(&world, platform).await;
    let before = world.view(id).await.ticket;
    let told = validate(&world, id).await.unwrap();
    for (step, verdict) in want {
        let got = told.steps.iter().find(|s| s.step == *step).unwrap();
        assert_eq!(got.verdict, *verdict, "{got:?}");
    }
    assert!(
        told.is_good() && !told.qa_passed && told.qa.contains("not judged"),
        "{told:?}"
    );
    assert_eq!(world.view(id).await.ticket, before, "nothing is committed");
    assert_eq!(world.sandbox.snapshot(world.clock.now()).len(), 0, "nothing is made");
    let asked = entries.lock().unwrap().len();
    let accepted = want.iter().filter(|(_, v)| *v == Verdict::Accepted).count();
    assert_eq!(asked, accepted);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_blames_the_form_field_and_an_account_in_trouble_ends_the_asking() {
    let script = "[[world.account]]\nid = \"act_1001\"\ntimezone = \"America/New_York\"\nmin_daily_budget = 9000000\n";
    let (world, _) = agency(PlatformId::Meta, script).await;
    let id = draft(&world, PlatformId::Meta).await;
    let told = validate(&world, id).await.unwrap();
    let campaign = &told.steps[0];
    assert_eq!(campaign.verdict, Verdict::Refused, "{told:?}");
    assert!(
        campaign.field.as_ref().unwrap().as_str().contains("budget"),
        "{campaign:?}"
    );
    assert!(campaign.request_id.is_some() && !told.is_good());

    let (world, entries) = agency(PlatformId::Meta, "[[rule]]\naction = \"bad_token\"\n").await;
    let id = draft(&world, PlatformId::Meta).await;
    let told = validate(&world, id).await.unwrap();
    assert_eq!(told.steps[0].verdict, Verdict::Refused);
    assert_eq!(
        entries.lock().unwrap().len(),
        1,
        "one answer of this kind is enough: {told:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn no_mode_a_hold_and_an_open_deploy_are_refused_in_words() {
    let refusal = |error: ApiError| match error {
        ApiError::Refused(r) => (r.code, r.problems[0].reason.clone()),
        other => panic!("{other:?}"),
    };
    let (world, entries) = agency(PlatformId::Tiktok, "").await;
    let id = draft(&world, PlatformId::Tiktok).await;
    let (code, why) = refusal(validate(&world, id).await.unwrap_err());
    assert_eq!(code, RefusalCode::Unsupported);
    assert!(why.contains("tiktok has no mode"), "{why}");
    assert_eq!(entries.lock().unwrap().len(), 0);

    let (world, entries) = agency(PlatformId::Meta, "").await;
    let id = draft(&world, PlatformId::Meta).await;
    let hold = CommandKind::HoldPlace {
        scope: HoldScope::Platform(PlatformId::Meta),
        reason: "freeze".into(),
    };
    world.act(hold).await.unwrap();
    let (code, why) = refusal(validate(&world, id).await.unwrap_err());
    assert_eq!(code, RefusalCode::WrongState);
    assert!(why.contains("held by ana"), "{why}");
    world.qa(id).await;
    world.deploy(id).await.unwrap();
    let (code, why) = refusal(validate(&world, id).await.unwrap_err());
    assert_eq!(code, RefusalCode::WrongState);
    assert!(why.contains("DEPLOYING"), "{why}");
    assert_eq!(entries.lock().unwrap().len(), 0);
}

const TOKENS: [(&str, &str, &str); 6] = [
    ("act_1", "GOOD", "EAABgood1a2b3c4d"),
    ("act_2", "EXPIRED", "expired5e6f7a8b"),
    ("act_3", "REVOKED", "revoked9c0d1e2f"),
    ("act_4", "ENDING", "lasts5d3a4b5c6d"),
    ("act_5", "WRONG", "EAABwrong7e8f9a0b"),
    ("act_6", "CLOSED", "EAABclosed1c2d3e4f"),
];

const ACCOUNTS: &str = r#"
[world]
timezone = "America/New_York"
[[world.account]]
id = "act_5"
currency = "EUR"
timezone = "Europe/Berlin"
[[world.account]]
id = "act_6"
status = 101
"#;

/// A house with an account for every way an account can be; `act_7` has no token at all.
fn house() -> (Home, Sandbox) {
    use std::fmt::Write as _;
    let mut home = Home::new();
    let world = Sandbox::start(&home, ACCOUNTS, "");
    let mut config = format!("[platforms.meta]\nbase_url = \"{}\"\n", world.url);
    for (account, name, token) in TOKENS {
        home.vars.insert(name.into(), token.into());
        writeln!(
            config,
            "[platforms.meta.accounts.{account}]\ntoken = {{ env = \"{name}\" }}"
        )
        .unwrap();
    }
    writeln!(
        config,
        "[platforms.meta.accounts.act_7]\ntoken = {{ env = \"NOWHERE\" }}"
    )
    .unwrap();
    home.configure(&config);
    home.govern(&["act_1", "act_2", "act_3", "act_4", "act_5", "act_6", "act_7"]);
    (home, world)
}

#[test]
fn every_account_says_what_is_wrong_with_it() {
    let (home, world) = house();
    let ran = home.run(&["--json", "channel", "check", "META"]);
    assert_eq!(ran.status.code(), Some(1), "{ran:?}");
    let said: Value = serde_json::from_slice(&ran.stdout).unwrap();
    let reports = said["data"].as_array().unwrap();
    let of = |account: &str| reports.iter().find(|r| r["account"] == account).unwrap();
    for (account, problem, warning) in [
        ("act_1", "", ""),
        ("act_2", "190/463", ""),
        ("act_3", "190/458", ""),
        ("act_4", "", "ends in 4 days"),
        ("act_5", "billed in EUR", ""),
        ("act_6", "closed", ""),
        ("act_7", "NOWHERE is not set", ""),
    ] {
        let report = of(account);
        for (list, want) in [("problems", problem), ("warnings", warning)] {
            let told = report[list].as_array().unwrap();
            assert_eq!(told.is_empty(), want.is_empty(), "{report}");
            if let Some(first) = told.first() {
                assert!(first["reason"].as_str().unwrap().contains(want), "{report}");
                assert!(!first["remedy"].as_str().unwrap().is_empty(), "{report}");
            }
        }
    }
    assert_eq!(of("act_1")["expiry"], "never");
    assert_eq!(
        of("act_5")["problems"].as_array().unwrap().len(),
        2,
        "currency and zone"
    );
    assert!(world.record().iter().all(|l| l["method"] == "GET"), "reads only");

    assert_eq!(
        home.run(&["channel", "check", "META", "--account", "act_1"])
            .status
            .code(),
        Some(0)
    );
    assert_eq!(
        home.run(&["channel", "check", "META", "--account", "act_4"])
            .status
            .code(),
        Some(0)
    );
    let unknown = home.run(&["channel", "check", "META", "--account", "act_99"]);
    assert_eq!(unknown.status.code(), Some(3));
    assert!(talk(&unknown).contains("has no account act_99"), "{}", talk(&unknown));

    let asked = world.requests();
    home.run(&["doctor"]);
    assert_eq!(world.requests(), asked, "doctor asks nobody unless told to");
    let ran = home.run(&["doctor", "--online"]);
    assert_eq!(ran.status.code(), Some(1));
    let said = String::from_utf8(ran.stdout).unwrap();
    for words in [
        "META act_1\n",
        "META act_6: the account is closed",
        "META act_4: the token ends in 4 days",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn a_ticket_is_shown_and_judged_from_the_command_line_without_a_secret() {
    let (home, world) = house();
    home.campaign("Moana launch");
    let ticket = r#"
campaign = "MoanaLaunch"
channel = "META"
account = "act_1"
budget.daily = "250.00"
flight = { start = 2030-12-01, end = 2030-12-31 }
[payload.ad_set.targeting]
geo_locations = { countries = ["US"] }
[payload.creative.object_story_spec]
page_id = "1000000001"
link_data = { link = "https://example.com/m", message = "It's time", image_hash = "0123456789abcdef0123456789abcdef" }
"#;
    let file = home.file("ticket.toml", ticket);
    home.good(&["ticket", "create", "--file", file.to_str().unwrap()]);

    let shown = home.good(&["ticket", "preview", "1001"]);
    let first = format!("POST {}/v25.0/act_1/campaigns", world.url);
    assert!(shown.contains(&first) && shown.contains("Bearer $GOOD"), "{shown}");
    assert!(shown.contains("<ad_set id>"), "{shown}");
    let curl = home.good(&["ticket", "preview", "DIS_US_META_2026_MoanaLaunch", "--curl"]);
    assert!(curl.contains("--header \"authorization: Bearer ${GOOD}\""), "{curl}");
    assert!(curl.contains(r"It'\''s time"), "{curl}");
    let calls = home.json(&["ticket", "preview", "1001", "--curl"]);
    assert!(
        calls["data"][0]["curl"]
            .as_str()
            .unwrap()
            .starts_with("curl --request POST")
    );
    assert_eq!(world.requests(), 0, "a preview sends nothing");

    let judged = home.run(&["ticket", "deploy", "1001", "--validate-only"]);
    assert_eq!(judged.status.code(), Some(0), "{judged:?}");
    let said = String::from_utf8(judged.stdout.clone()).unwrap();
    assert!(
        said.contains("accepted") && said.contains("QA has not judged"),
        "{said}"
    );
    assert_eq!(
        world.names("act_1", "campaigns"),
        Vec::<String>::new(),
        "nothing is made"
    );
    assert_eq!(
        home.json(&["ticket", "show", "1001"])["data"]["ticket"]["status"],
        "DRAFT"
    );
    let refused = home.run(&["--read-only", "ticket", "deploy", "1001", "--validate-only"]);
    assert_eq!(refused.status.code(), Some(3));
    let check = home.good(&["channel", "check", "META", "--account", "act_4"]);

    let everything = [shown, curl, calls.to_string(), said, check].concat();
    for (_, _, token) in TOKENS {
        assert!(!everything.contains(token), "{token}");
        assert!(!world.record().iter().any(|l| l.to_string().contains(token)), "{token}");
    }
    for (path, bytes) in home.every_file().iter().filter(|(p, _)| !p.ends_with("config.toml")) {
        for (_, _, token) in TOKENS {
            let found = bytes.windows(token.len()).any(|w| w == token.as_bytes());
            assert!(!found, "{token} is in {}", path.display());
        }
    }
}
