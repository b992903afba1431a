//! Tokens go to the platform and nowhere else: a whole run with a token from every kind of source, good and refused,
//! then every file the program wrote and every word it said is searched for each of them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod program;

use std::{fmt::Write as _, os::unix::fs::PermissionsExt as _, path::Path};

use program::{Home, Sandbox};

const FROM_ENV: &str = "EAABenvA7c1d9e2f4b6";
const FROM_FILE: &str = "EAABfileB8d2e0f3a5c7";
const FROM_COMMAND: &str = "EAABcommandC9e3f1a4b6d8";
/// The platform answers 190 to these.
const EXPIRED: &str = "expiredD0f4a2b5c7e9";
const REVOKED: &str = "revokedE1a5b3c6d8f0";
const OPEN_FILE: &str = "EAABopenF2b6c4d7e9a1";
/// An argument of the token command, a secret of its own.
const ARGUMENT: &str = "hvs.argumentA3c7d5e8f0b2";
const SECRETS: [&str; 7] = [FROM_ENV, FROM_FILE, FROM_COMMAND, EXPIRED, REVOKED, OPEN_FILE, ARGUMENT];

const ACCOUNTS: [&str; 6] = ["act_1", "act_2", "act_3", "act_4", "act_5", "act_6"];

fn write(home: &Home, name: &str, text: &str, mode: u32) {
    let path = home.file(name, text);
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// Files in which secrets are meant to stand: the sources themselves.
fn is_source(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_str().unwrap();
    name.starts_with("token") || name == "config.toml"
}

#[test]
fn no_token_is_anywhere_but_on_its_way() {
    let mut home = Home::new();
    let world = Sandbox::start(&home, "", "");
    write(&home, "token_good", &format!("{FROM_FILE}\n"), 0o600);
    write(&home, "token_expired", &format!("{EXPIRED}\n"), 0o600);
    write(&home, "token_open", &format!("{OPEN_FILE}\n"), 0o644);
    write(
        &home,
        "token_command",
        &format!("#!/bin/sh\necho {FROM_COMMAND}\necho {FROM_COMMAND} >&2\n"),
        0o700,
    );
    write(
        &home,
        "token_failing",
        &format!("#!/bin/sh\necho {REVOKED}\nexit 1\n"),
        0o700,
    );
    let dir = home.path().to_str().unwrap().to_owned();
    let mut config = format!(
        "[log]\nlevel = \"trace\"\n[platforms.meta]\nbase_url = \"{}\"\n",
        world.url
    );
    for (account, source) in ACCOUNTS.iter().zip([
        "env = \"GOOD_TOKEN\"".to_owned(),
        "file = \"token_good\"".to_owned(),
        format!("command = [\"{dir}/token_command\", \"{ARGUMENT}\"]"),
        "file = \"token_expired\"".to_owned(),
        "file = \"token_open\"".to_owned(),
        "env = \"REVOKED_TOKEN\"".to_owned(),
    ]) {
        writeln!(config, "[platforms.meta.accounts.{account}]\ntoken = {{ {source} }}").unwrap();
    }
    home.configure(&config);
    home.vars.insert("GOOD_TOKEN".into(), FROM_ENV.into());
    home.vars.insert("REVOKED_TOKEN".into(), REVOKED.into());
    home.vars.insert("XDG_STATE_HOME".into(), format!("{dir}/state"));

    home.govern(&ACCOUNTS);
    home.campaign("Moana launch");
    let mut tickets = String::new();
    for account in ACCOUNTS {
        write!(
            tickets,
            r#"
[[ticket]]
campaign = "MoanaLaunch"
channel = "META"
account = "{account}"
budget = {{ daily = "250.00" }}
flight = {{ start = 2030-12-01, end = 2030-12-31 }}
[ticket.payload.ad_set.targeting]
geo_locations = {{ countries = ["US"] }}
[ticket.payload.creative.object_story_spec]
page_id = "1000000001"
link_data = {{ link = "https://example.com/m", message = "Set sail" }}
"#
        )
        .unwrap();
    }
    let file = home.file("tickets.toml", tickets);
    home.good(&["ticket", "create", "--file", file.to_str().unwrap()]);
    home.good(&["ticket", "qa", "--filter", "status:draft", "--wait"]);
    home.good(&["ticket", "deploy", "--filter", "status:ready-for-api"]);

    // Everything the program says from here on, in both languages, is searched.
    let mut said = String::new();
    let mut ask = |line: &[&str]| {
        for json in [&["--json"][..], &[]] {
            let ran = home.run(&[json, line].concat());
            said += &String::from_utf8(ran.stdout).unwrap();
            said += &String::from_utf8(ran.stderr).unwrap();
        }
    };
    ask(&["serve", "--until-idle"]);
    for line in [
        &["ticket", "list", "--all"][..],
        &["deploy", "list", "--finished"],
        &["events", "--after", "0", "-n", "10000"],
        &["audit", "-n", "1000"],
        &["config", "show"],
        &["config", "check"],
        &["doctor"],
        &["store", "verify"],
        &["store", "info"],
    ] {
        ask(line);
    }
    for no in 1001..=1006 {
        let no = no.to_string();
        for verb in [
            &["ticket", "show"][..],
            &["ticket", "why"],
            &["ticket", "preview"],
            &["deploy", "show"],
        ] {
            ask(&[verb, &[no.as_str()]].concat());
        }
    }

    // Each source did what it is for: three go live, one account is refused for every other reason.
    let cards = home.tickets();
    let of = |account: &str| cards.iter().find(|c| c["account"] == account).unwrap();
    for live in &ACCOUNTS[..3] {
        assert_eq!(of(live)["status"], "TRAFFICKED_SUCCESS", "{}", of(live));
    }
    for stopped in &ACCOUNTS[3..] {
        assert_eq!(
            of(stopped)["status"],
            "DEPLOYING",
            "an account in trouble waits: {}",
            of(stopped)
        );
    }
    let why = |account: &str| home.good(&["ticket", "why", &of(account)["no"].to_string()]);
    assert!(why("act_4").contains("token"), "{}", why("act_4"));
    assert!(
        why("act_5").contains("mode 0644, others could read it: run chmod 600"),
        "an open token file is refused in words: {}",
        why("act_5")
    );
    assert!(why("act_6").contains("token"), "{}", why("act_6"));

    // A command that fails prints its token all the same; a token in the wrong place is not quoted.
    home.configure(&config.replace("token_command", "token_failing"));
    home.campaign("Second wave");
    let text = std::fs::read_to_string(&file)
        .unwrap()
        .replace("MoanaLaunch", "SecondWave");
    let file = home.file("tickets.toml", text);
    home.good(&["ticket", "create", "--file", file.to_str().unwrap()]);
    home.good(&["ticket", "qa", "--filter", "status:draft", "--wait"]);
    let mut ask = |line: &[&str]| {
        let ran = home.run(line);
        said += &String::from_utf8(ran.stdout).unwrap();
        said += &String::from_utf8(ran.stderr).unwrap();
        ran.status.code()
    };
    ask(&["ticket", "deploy", "--filter", "status:ready-for-api"]);
    ask(&["serve", "--until-idle"]);
    ask(&["ticket", "why", "1009"]);
    for wrong in [
        format!("token = \"{FROM_ENV}\""),
        // No name of a variable is as long as a token.
        format!("token = {{ env = \"{}\" }}", FROM_ENV.repeat(5)),
        format!("token = {{ token = \"{FROM_FILE}\" }}"),
        format!("tokn = \"{FROM_FILE}\""),
        format!("base_url = \"http://user:{FROM_FILE}@127.0.0.1:1\""),
        format!("token = {{ file = \"{FROM_FILE}\""),
    ] {
        home.configure(&format!("[platforms.meta]\n{wrong}\n"));
        for line in [&["config", "check"][..], &["config", "show"], &["market", "list"]] {
            let code = ask(line);
            assert_eq!(code, Some(3), "{wrong}");
        }
    }

    for secret in SECRETS {
        let near = said.find(secret).map(|at| &said[at.saturating_sub(200)..at]);
        assert_eq!(near, None, "{secret} was said");
    }
    let files = home.every_file();
    for place in ["store", "state/omnitraffick", "record.jsonl"] {
        let bytes: usize = files
            .iter()
            .filter(|(path, _)| path.starts_with(home.path().join(place)))
            .map(|(_, bytes)| bytes.len())
            .sum();
        assert!(bytes > 1_000, "{place} was not searched: {bytes} bytes");
    }
    for (path, bytes) in files.iter().filter(|(path, _)| !is_source(path)) {
        for secret in SECRETS {
            let at = bytes.windows(secret.len()).position(|w| w == secret.as_bytes());
            assert_eq!(at, None, "{secret} is in {}", path.display());
        }
    }
    // The search can find: the platform did get the tokens, as its answers show.
    let record = world.record();
    assert!(
        record
            .iter()
            .any(|l| l["response_body"]["error"]["error_subcode"] == 463),
        "no expired token arrived"
    );
    assert!(
        record
            .iter()
            .any(|l| l["response_body"]["error"]["error_subcode"] == 458),
        "no revoked token arrived"
    );
}
