//! What people get wrong: files and switches that make no sense are refused with file, line, field and reason, in
//! words, and leave nothing behind.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod program;

use program::{Home, talk};

const HEAD: &str = "campaign = \"MoanaLaunch\"\nchannel = \"META\"\n";
/// Below it a good ticket's rest, so that a case is refused for its own fault alone.
const REST: &str = r#"
[payload.ad_set.targeting]
geo_locations = { countries = ["US"] }
[payload.creative.object_story_spec]
page_id = "1000000001"
link_data = { link = "https://example.com/m", message = "Set sail" }
"#;

/// A file, its name, and what must be among the words (after the file's name).
struct Bad {
    what: &'static str,
    name: &'static str,
    bytes: Vec<u8>,
    words: &'static [&'static str],
}

fn raw(what: &'static str, name: &'static str, bytes: impl Into<Vec<u8>>, words: &'static [&'static str]) -> Bad {
    Bad {
        what,
        name,
        bytes: bytes.into(),
        words,
    }
}

/// A TOML ticket, good except for these lines; they begin at line 3.
fn toml(what: &'static str, lines: &str, words: &'static [&'static str]) -> Bad {
    raw(what, "t.toml", format!("{HEAD}{lines}\n{REST}"), words)
}

/// The same with a good budget: the wrong lines begin at line 4.
fn funded(what: &'static str, lines: &str, words: &'static [&'static str]) -> Bad {
    toml(what, &format!("budget.daily = \"10.00\"\n{lines}"), words)
}

fn json(what: &'static str, text: &str, words: &'static [&'static str]) -> Bad {
    raw(what, "t.json", text, words)
}

fn files() -> Vec<Bad> {
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(HEAD.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let latin1: Vec<u8> = [HEAD.as_bytes(), b"notes = \"caf\xe9\"\n"].concat();
    let nul = format!("{HEAD}notes = \"a\0b\"\n");
    let twins = format!("[[ticket]]\n{HEAD}budget.daily = \"1.00\"\n[[ticket]]\n{HEAD}budget.daily = \"2.00\"\n");
    let second = format!("[[ticket]]\n{HEAD}budget.daily = \"1.00\"\n[[ticket]]\n{HEAD}budget.daily = \"-2.00\"\n");
    vec![
        raw("empty", "t.toml", "", &["is empty"]),
        raw("only spaces", "t.toml", " \n\t\n", &["is empty"]),
        raw("only a comment", "t.toml", "# later\n", &["campaign"]),
        raw("10 MB", "t.toml", vec![b'#'; 10 * 1024 * 1024], &["larger than 1 MiB"]),
        raw(
            "10 MB of JSON",
            "t.json",
            vec![b'['; 10 * 1024 * 1024],
            &["larger than 1 MiB"],
        ),
        raw("UTF-16", "t.toml", utf16, &["UTF-16"]),
        raw("Latin-1", "t.toml", latin1, &[":3", "not UTF-8"]),
        raw("NUL", "t.toml", nul, &[":3"]),
        raw("binary", "t.toml", (0..=255).collect::<Vec<u8>>(), &[]),
        raw("no TOML", "t.toml", "campaign: MoanaLaunch\n", &[":1"]),
        raw(
            "an old Mac's lines",
            "t.toml",
            "campaign = \"a\"\rchannel = \"b\"\r",
            &[":1"],
        ),
        toml("ESC in text", "notes = \"\u{1b}]0;gone\u{7}\"", &[":3"]),
        funded("ESC by escape", "notes = \"\\u001b[2J\"", &["notes"]),
        toml("unknown field", "buget = 1", &[":3: buget: unknown field"]),
        toml(
            "unknown inner field",
            "budget = { dayly = \"1\" }",
            &[":3: budget.dayly: unknown field"],
        ),
        toml("number for text", "notes = 3", &[":3: notes: invalid type"]),
        toml("list for text", "assignee = [\"ana\"]", &[":3: assignee: invalid type"]),
        toml("text for number", "target = \"one\"", &[":3: target: invalid type"]),
        toml("table for list of budgets", "budget = [1]", &[":3: budget"]),
        toml("30 February", "flight.start = 2026-02-30", &[":3"]),
        funded(
            "30 February as text",
            "flight = { start = \"2026-02-30\" }",
            &[":4: flight.start"],
        ),
        funded(
            "13th month",
            "flight = { start = \"2026-13-01\" }",
            &[":4: flight.start"],
        ),
        funded(
            "29 February in a common year",
            "flight = { start = \"2027-02-29\" }",
            &[":4: flight.start"],
        ),
        funded(
            "the planner's own date",
            "flight = { start = \"01.12.2026\" }",
            &[":4: flight.start"],
        ),
        funded(
            "end before start",
            "flight = { start = 2030-12-02, end = 2030-12-01 }",
            &[":4: flight"],
        ),
        funded(
            "only an end",
            "flight = { end = 2030-12-01 }",
            &[":4: flight: missing field `start`"],
        ),
        toml("negative budget", "budget.daily = \"-5.00\"", &[":3: budget"]),
        toml("negative number", "budget.daily = -5", &[":3: budget"]),
        toml("float", "budget.daily = 10.10", &[":3: budget.daily", "in quotes"]),
        toml("too many decimals", "budget.daily = \"10.001\"", &[":3: budget"]),
        toml("no amount", "budget.daily = \"ten\"", &[":3: budget"]),
        toml("exponent", "budget.daily = \"1e9\"", &[":3: budget"]),
        toml("infinity", "budget.daily = inf", &[":3: budget"]),
        toml("not a number", "budget.daily = nan", &[":3: budget"]),
        toml(
            "too large for money",
            "budget.daily = \"99999999999999999999999999999999999999\"",
            &[":3: budget"],
        ),
        toml("too large for TOML", "budget.daily = 99999999999999999999999", &[":3"]),
        toml(
            "two budgets",
            "budget = { daily = \"1.00\", lifetime = \"2.00\" }",
            &[":3: budget"],
        ),
        toml("no budget in it", "budget = {}", &[":3: budget"]),
        toml("target too large", "target = 4294967296", &[":3: target"]),
        funded("target of a create", "target = 1", &[":4: target"]),
        funded("change without a target", "request = \"PAUSE\"", &["target"]),
        funded(
            "change of what is not there",
            "request = \"PAUSE\"\ntarget = 4711",
            &[":5: target"],
        ),
        funded("unknown request", "request = \"DELETE\"", &[":4: request"]),
        funded("unknown priority", "priority = \"ASAP\"", &[":4: priority"]),
        funded("unknown account", "account = \"act_9\"", &[":4: account"]),
        toml("the same key twice", "channel = \"META\"", &[":3: duplicate key"]),
        toml("cut off", "notes = \"", &[":3"]),
        toml(
            "deep nesting",
            &format!("notes = {}1{}", "[".repeat(500), "]".repeat(500)),
            &[":3"],
        ),
        raw(
            "deep tables",
            "t.toml",
            format!("{HEAD}[payload{}]\n", ".a".repeat(3000)),
            &[],
        ),
        raw(
            "unknown campaign",
            "t.toml",
            "campaign = \"Nobody\"\nchannel = \"META\"\n",
            &[":1: campaign", "Nobody"],
        ),
        raw(
            "unknown channel",
            "t.toml",
            "campaign = \"MoanaLaunch\"\nchannel = \"TV\"\n",
            &[":2: channel", "TV"],
        ),
        raw(
            "no campaign",
            "t.toml",
            "channel = \"META\"\n",
            &["missing field `campaign`"],
        ),
        raw(
            "no channel",
            "t.toml",
            "campaign = \"MoanaLaunch\"\n",
            &["missing field `channel`"],
        ),
        raw(
            "empty campaign",
            "t.toml",
            "campaign = \"\"\nchannel = \"META\"\n",
            &[":1: campaign"],
        ),
        raw("no ticket in the list", "t.toml", "ticket = []\n", &["ticket"]),
        raw("one name twice", "t.toml", twins, &["ticket[1].campaign", "same name"]),
        raw("the second is bad", "t.toml", second, &[":8: ticket[1].budget"]),
        json("cut JSON", "{\"campaign\": \"MoanaLaunch\",\n", &[":2"]),
        json("deep JSON", &"[".repeat(100_000), &[":1"]),
        json(
            "JSON float",
            "{\"campaign\":\"MoanaLaunch\",\"channel\":\"META\",\n\"budget\":{\"daily\":1.5}}",
            &[":2: budget.daily"],
        ),
        json(
            "JSON huge number",
            "{\"campaign\":\"MoanaLaunch\",\"channel\":\"META\",\n\"target\":1e999}",
            &[":2"],
        ),
        json(
            "JSON list of numbers",
            "[1, 2]",
            &[":1: [0]: invalid type", "expected fields with their names"],
        ),
        json("JSON fields without names", "[[\"MoanaLaunch\", \"META\"]]", &[":1"]),
        json("JSON text", "\"MoanaLaunch\"", &[":1"]),
        json("JSON with two documents", "{} {}", &[":1"]),
        json("lone surrogate", "{\"campaign\":\"\\ud800\"}", &[":1"]),
        json(
            "the same key twice",
            "{\"campaign\":\"a\",\n\"campaign\":\"b\",\"channel\":\"META\"}",
            &[":2"],
        ),
    ]
}

/// What a refusal must look like to whoever reads it, person or script; what is wrong with this one.
fn faults(home: &Home, line: &[&str], code: i32, words: &[&str], events: usize) -> Vec<String> {
    let ran = home.run(line);
    let said = talk(&ran);
    let mut faults = Vec::new();
    let mut must = |holds: bool, what: String| {
        if !holds {
            faults.push(what);
        }
    };
    must(
        ran.status.code() == Some(code),
        format!("{:?} instead of {code}", ran.status),
    );
    must(ran.stdout.is_empty(), "a refusal is not data".to_owned());
    for word in words {
        must(said.contains(word), format!("no \"{word}\""));
    }
    must(!said.contains("panicked"), "a panic".to_owned());
    must(said.len() < 4_000, format!("{} bytes", said.len()));
    let dangerous = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
    must(!said.contains(dangerous), format!("control characters: {said:?}"));
    must(home.events().len() == events, "something was written".to_owned());
    if !faults.is_empty() {
        faults.push(said);
    }
    faults
}

/// All cases at once, so that one run shows everything that is wrong.
fn hold_all<'c>(home: &Home, cases: impl IntoIterator<Item = (String, Vec<&'c str>, i32, Vec<&'c str>)>) {
    let events = home.events().len();
    let wrong: Vec<_> = cases
        .into_iter()
        .filter_map(|(what, line, code, words)| {
            let faults = faults(home, &line, code, &words, events);
            (!faults.is_empty()).then(|| format!("{what}: {}", faults.join("; ")))
        })
        .collect();
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

fn ready() -> Home {
    let home = Home::new();
    home.govern(&["act_1001"]);
    home.campaign("Moana launch");
    home
}

#[test]
fn bad_ticket_files_are_refused_in_words_and_change_nothing() {
    let home = ready();
    let files = files();
    let paths: Vec<_> = (0..)
        .zip(&files)
        .map(|(n, bad)| {
            let dir = home.path().join(format!("case{n}"));
            std::fs::create_dir(&dir).unwrap();
            let path = dir.join(bad.name);
            std::fs::write(&path, &bad.bytes).unwrap();
            path.to_str().unwrap().to_owned()
        })
        .collect();
    hold_all(
        &home,
        files.iter().zip(&paths).map(|(bad, path)| {
            let words = [path.as_str()].iter().chain(bad.words).copied().collect();
            (bad.what.to_owned(), vec!["ticket", "create", "--file", path], 3, words)
        }),
    );
    // The frame of the cases is a good ticket: they were refused for their own faults.
    let good = home.file("good.toml", format!("{HEAD}budget.daily = \"10.00\"\n{REST}"));
    home.good(&["ticket", "create", "--file", good.to_str().unwrap()]);
}

/// A draft may be unfinished, so what only the platform would refuse is QA's to say; it never gets further.
#[test]
fn what_a_draft_may_hold_qa_refuses() {
    let home = ready();
    let cases = [
        ("payload.adset.name = \"x\"\nbudget.daily = \"10.00\"", "payload.adset"),
        (
            "payload.ad_set.nmae = \"x\"\nbudget.daily = \"10.00\"",
            "payload.ad_set.nmae",
        ),
        ("budget.daily = \"0.00\"", "budget"),
        ("notes = \"no budget at all\"", "budget"),
    ];
    for (n, (lines, field)) in cases.into_iter().enumerate() {
        let words = format!("Draft {n}");
        home.campaign(&words);
        let text = format!("campaign = \"{words}\"\nchannel = \"META\"\n{lines}\n{REST}");
        let file = home.file("t.toml", text);
        let made = home.json(&["ticket", "create", "--file", file.to_str().unwrap()]);
        let no = made["data"]["ticket"]["no"].to_string();
        let judged = home.run(&["ticket", "qa", &no, "--wait"]);
        assert_eq!(judged.status.code(), Some(1), "{lines}");
        let said = talk(&judged);
        assert!(said.contains(&format!("error: {field}")), "{lines}: {said}");
        let events = home.events().len();
        let deployed = home.run(&["ticket", "deploy", &no, "--yes"]);
        assert_eq!(deployed.status.code(), Some(3), "{lines}");
        assert_eq!(home.events().len(), events, "{lines}");
    }
}

#[test]
fn files_that_are_no_files_are_refused() {
    let home = ready();
    let (gone, dir) = (home.path().join("gone.toml"), home.path());
    let paths = [gone.to_str().unwrap(), dir.to_str().unwrap()];
    hold_all(
        &home,
        paths.map(|path| (path.to_owned(), vec!["ticket", "create", "--file", path], 3, vec![path])),
    );
}

#[test]
fn bad_switches_are_refused_in_words_and_change_nothing() {
    let home = ready();
    let new = ["ticket", "create", "--campaign", "MoanaLaunch", "--channel", "META"];
    let cases: &[(&[&str], i32, &str)] = &[
        (&["--daily", "-5"], 3, "budget"),
        (&["--daily", "1.001"], 3, "budget"),
        (&["--daily", "ten"], 3, "budget"),
        (&["--daily", "1", "--lifetime", "2"], 2, "--lifetime"),
        (&["--daily", "1", "--start", "2026-02-30"], 3, "flight.start"),
        (&["--daily", "1", "--end", "2026-12-01"], 2, "--start"),
        (&["--daily", "1", "--target", "-1"], 2, "-1"),
        (&["--daily", "1", "--request", "DELETE"], 3, "request"),
        (&["--daily", "1", "--priority", "ASAP"], 3, "priority"),
        (&["--daily", "1", "--account", "act_9"], 3, "account"),
        (&["--daily", "1", "--set", "ad_set"], 3, "ad_set"),
        (&["--daily", "1", "--set", "no.such.object=1"], 3, "no"),
        (&["--daily", "1", "--notes", "\u{1b}[2J"], 3, "notes"),
        (&["--daily", "1", "--file", "t.toml"], 2, "--file"),
        (&["--dayly", "1"], 2, "--dayly"),
    ];
    let others: &[(&[&str], i32, &str)] = &[
        (&["ticket", "create"], 2, "--campaign"),
        (
            &[
                "ticket",
                "create",
                "--campaign",
                "Nobody",
                "--channel",
                "META",
                "--daily",
                "1",
            ],
            3,
            "Nobody",
        ),
        (
            &[
                "ticket",
                "create",
                "--campaign",
                "MoanaLaunch",
                "--channel",
                "TV",
                "--daily",
                "1",
            ],
            3,
            "TV",
        ),
        (&["ticket", "show", "99999999999999999999"], 3, "99999999999999999999"),
        (&["ticket", "show", "\u{1b}[2J"], 3, "no ticket"),
        (&["ticket", "qa", "4711"], 3, "4711"),
        (&["ticket", "deploy", "4711"], 3, "4711"),
        (&["ticket", "deploy"], 2, "--filter"),
        (&["ticket", "deploy", "--filter", "nonsense:1"], 3, "nonsense"),
        (&["ticket", "list", "--filter", "no-such-key:1"], 3, "no-such-key"),
        (&["ticket", "list", "-n", "many"], 2, "many"),
        (&["market", "create", "us!", "--name", "x", "--country", "US"], 3, "us!"),
        (&["market", "create", "XX", "--name", "x", "--country", "XX"], 3, "XX"),
        (
            &["market", "create", "US", "--name", "again", "--country", "US"],
            3,
            "US",
        ),
        (
            &[
                "campaign", "create", "--brand", "DIS", "--market", "US", "--year", "99999", "--name", "x",
            ],
            2,
            "year",
        ),
        (
            &[
                "campaign",
                "create",
                "--brand",
                "DIS",
                "--market",
                "US",
                "--year",
                "2026",
                "--name",
                "Moana launch",
            ],
            3,
            "Moana",
        ),
        (
            &[
                "campaign", "create", "--brand", "DIS", "--market", "US", "--year", "2026", "--name", "!!!",
            ],
            3,
            "name",
        ),
        (
            &["channel", "create", "TV", "--name", "x", "--platform", "telly"],
            3,
            "telly",
        ),
        (
            &[
                "channel",
                "create",
                "M2",
                "--name",
                "x",
                "--platform",
                "meta",
                "--account",
                "act_1",
            ],
            3,
            "act_1",
        ),
        (
            &[
                "channel",
                "create",
                "M2",
                "--name",
                "x",
                "--platform",
                "meta",
                "--account",
                "act_1,XXL,UTC,One",
            ],
            3,
            "XXL",
        ),
        (
            &[
                "channel",
                "create",
                "M2",
                "--name",
                "x",
                "--platform",
                "meta",
                "--account",
                "act_1,USD,Mars/Base,One",
            ],
            3,
            "Mars/Base",
        ),
        (&["events", "--after", "-1"], 2, "-1"),
        (&["--log-level", "loud", "market", "list"], 2, "loud"),
        (&["frobnicate"], 2, "frobnicate"),
    ];
    let cases = cases
        .iter()
        .map(|(more, code, word)| ([&new[..], more].concat(), *code, *word));
    let others = others.iter().map(|(line, code, word)| (line.to_vec(), *code, *word));
    hold_all(
        &home,
        cases
            .chain(others)
            .map(|(line, code, word)| (line.join(" "), line, code, vec![word])),
    );
}
