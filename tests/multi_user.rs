//! Roles, approvals and comments through the real program, as the user who runs the tests.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod program;

use std::{fs::Permissions, os::unix::fs::PermissionsExt as _};

use program::{Home, console::Console, fleet, talk, until};

/// The login name the engine gives whoever runs this.
fn me(home: &Home) -> String {
    // The engine in question needs a store.
    home.good(&["brand", "create", "DIS", "--name", "Harbour Lights"]);
    let me = home.json(&["whoami"]);
    assert_eq!(me["data"]["role"], "admin", "the owner of an engine governs it: {me}");
    me["data"]["name"].as_str().unwrap().to_owned()
}

/// Writes the configuration as its owner would: nobody else may write it.
fn configure(home: &Home, text: &str) {
    home.configure(text);
    mode(home, 0o600);
}

fn mode(home: &Home, mode: u32) {
    std::fs::set_permissions(home.path().join("config.toml"), Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_role_from_the_configuration_holds() {
    let home = Home::new();
    let me = me(&home);
    for (role, brand, exit) in [("viewer", "ACM", 3), ("trafficker", "ACM", 3), ("admin", "ACM", 0)] {
        configure(&home, &format!("[roles.users]\n\"{me}\" = \"{role}\"\n"));
        assert_eq!(home.json(&["whoami"])["data"]["role"], role);
        let ran = home.run(&["brand", "create", brand, "--name", "Acorn Mills"]);
        assert_eq!(ran.status.code(), Some(exit), "{ran:?}");
        if exit == 3 {
            let words = talk(&ran);
            assert!(
                words.contains(&format!("{me} is a {role} and may not change brands")),
                "{words}"
            );
        }
    }
}

#[test]
fn a_file_others_can_write_gives_out_no_roles() {
    let home = Home::new();
    let me = me(&home);
    configure(&home, &format!("[roles.users]\n\"{me}\" = \"admin\"\n"));
    mode(&home, 0o666);
    let ran = home.run(&["whoami"]);
    assert_eq!(ran.status.code(), Some(5), "{ran:?}");
    assert!(talk(&ran).contains("chmod go-w"), "{ran:?}");
}

#[test]
fn a_team_has_no_single_operator() {
    let home = Home::new();
    configure(
        &home,
        "[roles.users]\nana = \"admin\"\n[approvals]\nsingle_operator = true\n",
    );
    let ran = home.run(&["config", "check"]);
    assert!(!ran.status.success());
    assert!(talk(&ran).contains("approvals.single_operator"), "{ran:?}");
}

/// What a key does and what a line does is one command: one refusal, and one entry in the journal but for the client.
#[test]
fn a_key_and_a_line_are_refused_and_written_down_alike() {
    let home = Home::new();
    home.configure("[approvals.rules.all]\nneeds = 1\n");
    home.govern(&["act_1"]);
    home.campaign("Wave 1");
    let file = home.file("tickets.toml", fleet::tickets("Wave 1", &["act_1".to_owned()]));
    home.good(&["ticket", "create", "--file", file.to_str().unwrap()]);
    home.good(&["ticket", "qa", "1001", "--wait"]);

    let ran = home.run(&["--json", "--yes", "ticket", "approve", "1001"]);
    assert_eq!(ran.status.code(), Some(3), "{ran:?}");
    let words = talk(&ran);
    let said = "wrote it";
    let mut console = Console::open(&home);
    until("the ticket", || console.sees("1001"));
    console.press("2");
    until("the list", || console.sees("row 1/1"));
    console.press("\r");
    until("it is open", || console.sees("Ledger"));
    console.press("ba");
    until("the question", || console.sees("Approve 1001?"));
    // The question ignores keys that came with the one that opened it.
    std::thread::sleep(std::time::Duration::from_millis(400));
    console.press("y");
    until("the refusal", || console.sees(said));
    assert!(words.contains(said), "{words}");

    home.good(&["ticket", "comment", "1001", "looks good"]);
    console.press("\x1b");
    std::thread::sleep(std::time::Duration::from_millis(300));
    console.press("bc");
    std::thread::sleep(std::time::Duration::from_millis(600));
    console.press("looks good\r");
    let comments = || -> Vec<serde_json::Value> {
        let all = home.events();
        all.into_iter().filter(|e| e["kind"] == "commented").collect()
    };
    until("both are written down", || comments().len() == 2);
    let alike = |mut event: serde_json::Value| {
        let o = event.as_object_mut().unwrap();
        for own in ["seq", "at", "command"] {
            assert!(o.remove(own).is_some(), "{own}");
        }
        let client = event["actor"].as_object_mut().unwrap().remove("client").unwrap();
        (client, event)
    };
    let both: Vec<_> = comments().into_iter().map(alike).collect();
    assert_ne!(both[0].0, both[1].0, "one by line, one by key");
    assert_eq!(both[0].1, both[1].1);
}
