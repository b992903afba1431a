//! What the Debian package is made of: everything it names is there, and its parts agree with each other. Where `cargo deb`
//! and `dpkg` are, it is built, installed below a scratch root, upgraded, removed and purged; elsewhere that says so.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

#[path = "package/scratch.rs"]
mod scratch;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// Source, destination and mode of everything in the package.
fn assets() -> Vec<(String, String, String)> {
    let cargo: toml::Table = text("Cargo.toml").parse().unwrap();
    let assets = cargo["package"]["metadata"]["deb"]["assets"]
        .as_array()
        .unwrap()
        .clone();
    let word = |row: &toml::Value, n: usize| row[n].as_str().unwrap().to_owned();
    assets
        .iter()
        .map(|row| (word(row, 0), word(row, 1), word(row, 2)))
        .collect()
}

/// The files a source stands for; only a last part may hold a star.
fn files(source: &str) -> Vec<PathBuf> {
    let path = root().join(source);
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    let Some((before, after)) = name.split_once('*') else {
        return vec![path];
    };
    let dir = std::fs::read_dir(path.parent().unwrap()).unwrap();
    let all = dir.map(|entry| entry.unwrap().path()).filter(|p| p.is_file());
    let fits = |p: &PathBuf| {
        let name = p.file_name().unwrap().to_str().unwrap();
        name.starts_with(before) && name.ends_with(after)
    };
    all.filter(fits).collect()
}

#[test]
fn everything_in_the_package_is_there() {
    for (source, to, mode) in assets() {
        assert!(!to.starts_with('/'), "{to} is below the root");
        if source == "target/release/omnitraffick" {
            assert_eq!((to.as_str(), mode.as_str()), ("usr/bin/", "755"));
            continue;
        }
        let found = files(&source);
        assert!(!found.is_empty(), "{source} stands for nothing");
        for file in found {
            assert!(file.is_file(), "{} is not there", file.display());
        }
        assert_eq!(mode, "644", "{source}: nobody but root writes what root installed");
    }
}

/// The value of a key in a unit.
fn unit(key: &str) -> String {
    let unit = text("assets/systemd/omnitraffick.service");
    let line = unit.lines().find_map(|l| l.strip_prefix(key)?.strip_prefix('='));
    line.unwrap_or_else(|| panic!("the unit has no {key}")).to_owned()
}

#[test]
fn unit_users_and_configuration_agree() {
    let (user, group) = (unit("User"), unit("Group"));
    let users = text("assets/systemd/omnitraffick.sysusers");
    let made = |line: String| users.lines().any(|l| l.starts_with(&line));
    assert!(made(format!("g {group} ")), "{users}");
    assert!(made(format!("u {user} -:{group} ")), "{users}");
    // Every directory of the unit that must exist before it is made for this user, and the socket's for the group.
    let places = text("assets/systemd/omnitraffick.tmpfiles");
    let rows: BTreeSet<Vec<&str>> = places
        .lines()
        .filter(|l| l.starts_with("d "))
        .map(|l| l.split_whitespace().take(5).collect())
        .collect();
    let run: Vec<&str> = vec!["d", "/run/omnitraffick", "0750", &user, &group];
    assert!(rows.contains(&run), "{places}");
    assert_eq!(unit("RuntimeDirectoryMode"), "0750");
    // The configuration that is installed puts store and socket where the unit lets the engine write.
    let config: toml::Table = text("assets/systemd/config.toml").parse().unwrap();
    assert!(
        config["store"]["dir"]
            .as_str()
            .unwrap()
            .starts_with(&format!("/var/lib/{}/", unit("StateDirectory")))
    );
    let socket = config["host"]["socket"].as_str().unwrap();
    assert!(
        socket.starts_with(&format!("/run/{}/", unit("RuntimeDirectory"))),
        "{socket}"
    );
    // What the unit runs is what the package installs, with the configuration it installs.
    let start = unit("ExecStart");
    assert!(start.starts_with("/usr/bin/omnitraffick "), "{start}");
    assert!(start.contains("--config /etc/omnitraffick/config.toml"), "{start}");
    assert!(assets().iter().any(|(_, to, _)| to == "etc/omnitraffick/config.toml"));
}

/// One manual page a verb, and the package takes them all.
#[test]
fn the_pages_of_every_verb_are_in() {
    let pages = files("assets/man/*.1");
    let names: BTreeSet<_> = pages.iter().map(|p| p.file_name().unwrap().to_str().unwrap()).collect();
    for page in [
        "omnitraffick.1",
        "omnitraffick-serve.1",
        "omnitraffick-engine-who.1",
        "omnitraffick-ticket-watch.1",
    ] {
        assert!(names.contains(page), "{page} of {names:?}");
    }
}

/// Without a directory of maintainer scripts nobody makes the user, the places it owns, or stops the unit.
#[test]
fn scripts_leave_a_place_for_what_the_unit_needs() {
    let cargo: toml::Table = text("Cargo.toml").parse().unwrap();
    let deb = cargo["package"]["metadata"]["deb"].as_table().unwrap();
    let dir = deb["maintainer-scripts"].as_str().unwrap();
    for script in ["postinst", "prerm", "postrm"] {
        let words = text(&format!("{dir}{script}"));
        assert!(words.lines().any(|l| l == "#DEBHELPER#"), "{script}: {words}");
        assert!(words.lines().any(|l| l == "set -e"), "{script}: {words}");
    }
    let copyright = text(deb["license-file"][0].as_str().unwrap());
    assert!(
        copyright.starts_with("Format: https://www.debian.org/"),
        "used as it is"
    );
    for specs in ["google_ads", "meta", "tiktok"] {
        assert!(
            copyright.contains(&format!("Files: assets/specs/{specs}/*")),
            "{specs} is in the program"
        );
    }
}
