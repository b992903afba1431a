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

use program::{Home, talk};

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
