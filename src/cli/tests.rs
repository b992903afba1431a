//! Command lines against a real engine in memory: what goes in, what comes out, how it ends.

use std::path::PathBuf;

use rstest::rstest;
use serde_json::{Value, json};

use super::testing::Bench;

const TICKET: &[&str] = &[
    "ticket",
    "create",
    "--campaign",
    "MoanaLaunch",
    "--channel",
    "META",
    "--account",
    "act_1001",
    "--daily",
    "250",
    "--start",
    "2030-12-01",
    "--end",
    "2030-12-31",
    "--set",
    "ad_set.targeting.geo_locations.countries=US",
    "--set",
    "creative.object_story_spec.page_id=1000000001",
    "--set",
    "creative.object_story_spec.link_data.link=https://example.com/moana",
    "--set",
    "creative.object_story_spec.link_data.message=Set sail",
    "--set",
    "creative.object_story_spec.link_data.image_hash=0123456789abcdef0123456789abcdef",
];

fn with<'a>(line: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    line.iter().chain(more).copied().collect()
}

#[tokio::test]
async fn governed_values_come_and_go() {
    let b = Bench::governed().await;
    let list = b.run(&["market", "list"]).await.good();
    assert!(list.contains("US    United States  US"), "{list}");
    let changed = b
        .run(&["market", "update", "us", "--code", "USA", "--daily-cap", "1000 USD"])
        .await
        .good();
    assert!(
        changed.contains("former codes  US") && changed.contains("USD 1,000.00"),
        "{changed}"
    );
    let found = b.run(&["--json", "market", "show", "US"]).await.json();
    assert_eq!(found["kind"], "market");
    assert_eq!(found["data"]["code"], "USA");
    let freed = b.run(&["market", "update", "USA", "--daily-cap", "none"]).await.good();
    assert!(!freed.contains("1,000.00"), "{freed}");
    let used = b.run(&["market", "delete", "USA"]).await;
    assert_eq!(used.code, 3, "{}", used.talk);
    b.run(&["market", "create", "DE", "--name", "Germany", "--country", "de"])
        .await
        .good();
    b.run(&["market", "delete", "DE"]).await.good();
    assert_eq!(b.run(&["market", "show", "DE"]).await.code, 3);
}

#[rstest]
#[case::code(&["market", "create", "us", "--name", "x", "--country", "US"], "code: \"us\" may hold only A-Z")]
#[case::cap(&["market", "create", "XY", "--name", "x", "--country", "US", "--daily-cap", "-5 EUR"], "daily_cap: -5 EUR is negative")]
#[case::cap_currency(&["market", "create", "XY", "--name", "x", "--country", "US", "--daily-cap", "5"], "daily_cap: \"5\" is not an amount with")]
#[case::country(&["market", "create", "XY", "--name", "x", "--country", "UK"], "UK")]
#[case::platform(&["channel", "create", "XY", "--name", "x", "--platform", "myspace"], "platform: \"myspace\" is not a platform")]
#[case::account(&["channel", "create", "XY", "--name", "x", "--platform", "meta", "--account", "act_1"], "account: \"act_1\" is not ID,CURRENCY")]
#[case::day(&["campaign", "create", "--brand", "DIS", "--market", "US", "--year", "2026", "--name", "x", "--start", "2026-02-30"], "flight.start: \"2026-02-30\" is not a date")]
#[case::brand(&["campaign", "create", "--brand", "ACM", "--market", "US", "--year", "2026", "--name", "x"], "brand: \"ACM\" is not a brand; known: DIS")]
#[case::campaign(&["campaign", "show", "nothing"], "known: DIS_US_2026_MoanaLaunch")]
#[case::field(&["ticket", "create", "--campaign", "MoanaLaunch", "--channel", "META", "--account", "act_1001", "--set", "ad_set.age_min=3"], "do you mean ad_set.targeting.age_min?")]
#[case::which_account(&["ticket", "create", "--campaign", "MoanaLaunch", "--channel", "META"], "account: channel META has 2 accounts")]
#[case::filter(&["ticket", "list", "--filter", "statsu:draft"], "\"statsu\" is not a filter field")]
#[case::no_ticket(&["ticket", "show", "4711"], "4711")]
#[tokio::test]
async fn bad_values_are_refused_in_words(#[case] line: &[&str], #[case] expected: &str) {
    let b = Bench::governed().await;
    let ran = b.run(line).await;
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.talk);
    assert!(ran.talk.contains(expected), "{}", ran.talk);
    let ran = b.run(&with(line, &["--json"])).await;
    let error: Value = serde_json::from_str(&ran.talk).unwrap();
    assert_eq!(
        (&error["v"], &error["kind"], &error["exit_code"]),
        (&json!(1), &json!("error"), &json!(3))
    );
    assert!(error["problems"][0]["reason"].is_string(), "{error}");
}

#[rstest]
#[case(&["market"])]
#[case(&["ticket", "deploy"])]
#[case(&["ticket", "create"])]
#[case(&["ticket", "create", "--file", "x", "--campaign", "y"])]
#[case(&["deploy", "resolve", "1001", "--abandon", "--none-exists"])]
#[case(&["hold", "place"])]
#[case(&["no-such-noun"])]
#[tokio::test]
async fn other_lines_are_usage_errors(#[case] line: &[&str]) {
    assert_eq!(Bench::new(true).await.run(line).await.code, 2);
}

#[tokio::test]
async fn a_ticket_walks_from_words_to_live_objects() {
    let b = Bench::governed().await;
    let would = b.run(&with(TICKET, &["--dry-run"])).await.good();
    assert!(would.starts_with("would"), "{would}");
    assert_eq!(b.run(&["--json", "ticket", "list"]).await.json()["total"], 0);

    let made = b.run(&with(TICKET, &["--json"])).await.json();
    assert_eq!(made["kind"], "ticket");
    assert_eq!(made["data"]["ticket"]["name"], "DIS_US_META_2026_MoanaLaunch");
    assert_eq!(made["data"]["ticket"]["status"], "DRAFT");
    let judged = b.run(&["ticket", "qa", "1001", "--wait"]).await;
    assert_eq!(judged.code, 0, "{}{}", judged.out, judged.talk);
    assert!(judged.out.contains("READY_FOR_API"), "{}", judged.out);
    let calls = b.run(&["ticket", "preview", "1001"]).await.good();
    assert!(
        calls.contains("POST https://graph.facebook.com/v25.0/act_1001/campaigns"),
        "{calls}"
    );
    let live = b.run(&["ticket", "deploy", "1001", "--wait"]).await;
    assert_eq!(live.code, 0, "{}{}", live.out, live.talk);
    assert!(
        live.out.contains("TRAFFICKED_SUCCESS") && live.out.contains("created"),
        "{}",
        live.out
    );
    let list = b
        .run(&["--json", "ticket", "list", "--filter", "status:trafficked-success"])
        .await
        .json();
    assert_eq!((&list["kind"], &list["total"]), (&json!("tickets"), &json!(1)));
    let ledger = b.run(&["deploy", "show", "DIS_US_META_2026_MoanaLaunch"]).await.good();
    assert!(ledger.contains("ad_set") && ledger.contains("confirmed"), "{ledger}");
    let audit = b.run(&["audit", "--ticket", "1001"]).await.good();
    assert!(audit.contains("ticket.trafficked"), "{audit}");
}

#[tokio::test]
async fn qa_failures_end_a_wait_with_1_and_every_finding() {
    let b = Bench::governed().await;
    b.run(TICKET).await.good();
    b.run(&["ticket", "update", "1001", "--daily", "999999"]).await.good();
    let ran = b.run(&["ticket", "qa", "1001", "--wait"]).await;
    assert_eq!(ran.code, 1, "{}", ran.talk);
    assert!(ran.talk.contains("budget"), "{}", ran.talk);
    let not_ready = b.run(&["ticket", "deploy", "1001"]).await;
    assert_eq!(not_ready.code, 3, "{}", not_ready.talk);
}

#[tokio::test]
async fn bulk_reports_each_and_fails_if_one_does() {
    let b = Bench::governed().await;
    b.run(TICKET).await.good();
    let mut second = TICKET.to_vec();
    second[7] = "act_1002";
    b.run(&second).await.good();
    b.run(&["ticket", "qa", "1001", "--wait"]).await.good();
    let ran = b.run(&["--json", "ticket", "deploy", "1001", "1002", "1001"]).await;
    assert_eq!(ran.code, 1, "{}", ran.talk);
    let report = ran.json();
    assert_eq!(report["total"], 2);
    assert_eq!(report["data"][0]["result"], "done");
    assert_eq!(report["data"][1]["result"], "refused");
    assert!(report["data"][1]["problems"][0]["reason"].is_string());
    let none = b.run(&["ticket", "retry", "--filter", "status:cancelled"]).await.good();
    assert_eq!(none, "no tickets fit\n");
}

/// What the console copies for a script runs as it is: the engine's own refusals, and the same entry in the journal.
#[tokio::test]
async fn a_line_the_console_copied_runs_in_cron() {
    let b = Bench::governed().await;
    b.run(TICKET).await.good();
    let line = |status: &'static str| ["ticket", "deploy", "--filter", status, "--json", "--yes"];
    let refused = b.run(&line("status:draft platform:meta")).await;
    assert_eq!(refused.code, 1, "{}", refused.talk);
    let report = refused.json();
    let reason = report["data"][0]["problems"][0]["reason"].as_str().unwrap_or_default();
    assert!(reason.contains("1001 is Draft"), "{report}");
    b.run(&["ticket", "qa", "1001", "--wait"]).await.good();
    let done = b.run(&line("status:ready-for-api platform:meta")).await;
    assert_eq!(
        (done.code, &done.json()["data"][0]["result"]),
        (0, &json!("done")),
        "{}",
        done.talk
    );
    let audit = b.run(&["audit", "--ticket", "1001"]).await.good();
    assert!(audit.contains("deploy"), "{audit}");
}

#[tokio::test]
async fn hard_verbs_ask_and_take_no_for_an_answer() {
    let mut b = Bench::new(false).await;
    b.run(&["brand", "create", "ACM", "--name", "Acme"]).await.good();
    let nobody = b.run(&["brand", "delete", "ACM"]).await;
    assert_eq!(nobody.code, 3);
    assert!(nobody.talk.contains("add --yes"), "{}", nobody.talk);
    b.answers = Some(vec![false]);
    let no = b.run(&["brand", "delete", "ACM"]).await;
    assert_eq!(no.code, 3);
    assert!(no.talk.contains("Delete brand ACM in test?"), "{}", no.talk);
    b.answers = Some(vec![true]);
    b.run(&["brand", "delete", "ACM"]).await.good();
}

#[tokio::test]
async fn read_only_and_stale_versions_are_told_apart() {
    let b = Bench::governed().await;
    let line = ["brand", "update", "DIS", "--name", "Other"];
    assert_eq!(b.run(&with(&line, &["--read-only"])).await.code, 3);
    assert_eq!(b.run(&with(&line, &["--version", "99"])).await.code, 4);
    assert_eq!(b.run(&line).await.code, 0);
}

fn file(name: &str, text: &str) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, text).unwrap();
    (dir, path)
}

const GOOD: &str = "campaign = \"MoanaLaunch\"\nchannel = \"META\"\naccount = \"act_1001\"\nbudget.daily = \"10\"\n";

#[rstest]
#[case::one_bad_of_two(&format!("[[ticket]]\n{GOOD}[[ticket]]\n{}", GOOD.replace("\"10\"", "\"-10\"")), "t.toml:10: ticket[1].budget.daily: -10 USD is negative")]
#[case::twins(&format!("[[ticket]]\n{GOOD}[[ticket]]\n{GOOD}"), "ticket[1].campaign: would get the same name on the same account as ticket[0]")]
#[case::no_such_day(&format!("{GOOD}flight.start = \"2026-02-30\""), "t.toml:5: flight.start: \"2026-02-30\" is not a date")]
#[case::decimals(&GOOD.replace("\"10\"", "\"10.001\""), "t.toml:4: budget.daily: 10.001 has more decimals than USD has")]
#[case::huge(&GOOD.replace("\"10\"", "\"99999999999999999\""), "t.toml:4: budget.daily: ")]
#[case::unknown_channel(&GOOD.replace("META", "METAA"), "t.toml:2: channel: \"METAA\" is not a channel; known: META")]
#[case::request(&format!("{GOOD}request = \"DELETE\""), "t.toml:5: request: \"DELETE\" is not a request type")]
#[case::escape(&format!("{GOOD}priority = \"\\u001b[2J\""), "t.toml:5: priority: \"^[[2J\" is not a priority")]
#[tokio::test]
async fn a_bad_file_creates_nothing(#[case] text: &str, #[case] expected: &str) {
    let b = Bench::governed().await;
    let (_dir, path) = file("t.toml", text);
    let ran = b.run(&["ticket", "create", "--file", path.to_str().unwrap()]).await;
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.talk);
    assert!(ran.talk.contains(expected), "{}", ran.talk);
    assert!(!ran.talk.contains('\u{1b}'));
    assert_eq!(b.run(&["--json", "ticket", "list"]).await.json()["total"], 0);
}

#[tokio::test]
async fn a_good_file_creates_all() {
    let b = Bench::governed().await;
    let (_dir, path) = file("t.toml", include_str!("../../assets/examples/tickets.toml"));
    let ran = b
        .run(&["--json", "ticket", "create", "--file", path.to_str().unwrap()])
        .await;
    let report = ran.json();
    assert_eq!(report["total"], 2, "{}", ran.talk);
    assert_eq!(report["data"][1]["result"], "created");
    let cards = b
        .run(&["--json", "ticket", "list", "--sort", "number", "--reverse"])
        .await
        .json();
    assert_eq!(cards["data"][0]["account"], "act_1001");
    assert_eq!(
        cards["data"][1]["budget"]["money"],
        json!({"amount": "5000.00", "currency": "EUR"})
    );
}

#[tokio::test]
async fn a_list_longer_than_a_page_is_whole() {
    let b = Bench::governed().await;
    for n in 0..12 {
        let name = format!("Wave {n}");
        b.run(&[
            "campaign", "create", "--brand", "DIS", "--market", "US", "--year", "2026", "--name", &name,
        ])
        .await
        .good();
        let mut line = TICKET.to_vec();
        line[3] = &name;
        b.run(&line).await.good();
    }
    let some = b.run(&["--json", "ticket", "list", "-n", "5"]).await.json();
    assert_eq!(
        (some["data"].as_array().map(Vec::len), &some["total"]),
        (Some(5), &json!(12))
    );
    let all = b.run(&["--json", "ticket", "list", "--all"]).await.json();
    assert_eq!(all["data"].as_array().map(Vec::len), Some(12));
}

#[tokio::test]
async fn a_change_is_taken_back_and_made_again() {
    let b = Bench::governed().await;
    b.run(TICKET).await.good();
    let none = b.run(&["redo"]).await;
    assert_eq!(none.code, 3, "{}{}", none.out, none.talk);
    b.run(&["ticket", "update", "1001", "--daily", "300"]).await.good();
    b.run(&["ticket", "update", "1001", "--notes", "by hand"]).await.good();
    let dry = b.run(&["--dry-run", "undo"]).await.good();
    assert!(
        dry.contains("undo of seq") && dry.contains("notes: by hand ->"),
        "{dry}"
    );
    let first = b.run(&["undo"]).await.good();
    assert!(first.contains("notes: by hand ->"), "{first}");
    let second = b.run(&["ticket", "undo", "1001"]).await.good();
    assert!(
        second.contains("budget: USD 300.00 daily -> USD 250.00 daily"),
        "{second}"
    );
    let show = b.run(&["--json", "ticket", "show", "1001"]).await.json();
    assert!(show.to_string().contains("250"), "{show}");
    let again = b.run(&["redo"]).await.good();
    assert!(
        again.contains("redo of seq") && again.contains("-> USD 300.00 daily"),
        "{again}"
    );
    let done = b.run(&["--json", "audit", "-n", "1"]).await.json();
    assert!(done.to_string().contains("change.undone"), "{done}");
    let gone = b.run(&["undo", "999999"]).await;
    assert!(gone.code == 3 && gone.talk.contains("no seq 999999"), "{}", gone.talk);
    // What has no opposite says what to do instead.
    let made = b.run(&["undo", "6"]).await;
    assert!(
        made.code == 3 && made.talk.contains("cannot be taken back"),
        "{}",
        made.talk
    );
}
