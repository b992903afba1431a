//! One engine and several users of the machine: what each may, and what those hear who may not. Runs as root, which
//! alone can make users; elsewhere it says so and checks nothing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod program;

use std::{collections::BTreeSet, os::unix::fs::MetadataExt as _};

use program::{Running, console::Console, people::Team, until};

/// Everybody a team has. The last one is on the machine and not in the team.
const PEOPLE: &[(&str, bool)] = &[
    ("engine", true),
    ("vera", true),
    ("tess", true),
    ("tom", true),
    ("april", true),
    ("abel", true),
    ("ada", true),
    ("stranger", false),
];

const ROLES: &str = "\
[roles.groups]
{group} = \"trafficker\"
[roles.users]
{vera} = \"viewer\"
{april} = \"approver\"
{abel} = \"approver\"
{ada} = \"admin\"
[approvals.rules.all]
needs = 1
";

/// A team with its engine, a house to work in and one ticket of tess's that passed QA.
fn team() -> Option<(Team, Running)> {
    let team = Team::gather(PEOPLE)?;
    team.configure(ROLES);
    let serve = team.serve();
    Some((team, serve))
}

fn govern(team: &Team) {
    team.good(
        "ada",
        &["market", "create", "US", "--name", "United States", "--country", "US"],
    );
    team.good("ada", &["brand", "create", "DIS", "--name", "Harbour Lights"]);
    let account = "act_1001,USD,America/New_York,Harbour";
    let channel = [
        "channel",
        "create",
        "META",
        "--name",
        "Meta",
        "--platform",
        "meta",
        "--account",
        account,
    ];
    team.good("ada", &channel);
    campaign(team, "Moana Launch");
}

fn campaign(team: &Team, words: &str) {
    let line = [
        "campaign", "create", "--brand", "DIS", "--market", "US", "--year", "2026", "--name", words,
    ];
    team.good("tess", &line);
}

/// A ticket somebody writes; its number once QA passed.
fn ready(team: &Team, author: &str, label: &str) -> String {
    let text = include_str!("../assets/examples/ticket.toml").replace("MoanaLaunch", label);
    let file = team.file(&format!("{label}.toml"), &text);
    team.good(author, &["ticket", "create", "--file", &file]);
    let find = |filter: &str| {
        let all = team.json(author, &["ticket", "list", "-f", filter]);
        all["data"].as_array().unwrap().first().map(|t| t["no"].to_string())
    };
    let no = find(label).unwrap();
    team.good(author, &["ticket", "qa", &no]);
    until("QA", || find(&format!("no:{no} status:ready-for-api")).is_some());
    no
}

#[test]
fn files_and_socket_are_whose_they_should_be() {
    let Some((team, _serve)) = team() else { return };
    let engine = team.person("engine").uid;
    let look = |path: &std::path::Path| {
        let meta = std::fs::metadata(path).unwrap();
        (meta.uid(), meta.gid(), meta.mode() & 0o7777)
    };
    assert_eq!(look(&team.socket()), (engine, team.gid, 0o660));
    let run = look(team.socket().parent().unwrap());
    assert_eq!(run, (engine, team.gid, 0o2750), "to pass through, not to write in");
    let mut open = vec![team.store()];
    let mut seen = 0;
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(&dir).unwrap() {
            let path = entry.unwrap().path();
            let (uid, _, mode) = look(&path);
            assert_eq!((uid, mode & 0o022), (engine, 0), "{}", path.display());
            seen += 1;
            if path.is_dir() {
                open.push(path);
            }
        }
    }
    assert!(seen > 3, "the store has files");
    assert_eq!(look(&team.store()).2 & 0o077, 0, "nobody else looks into the store");
    // Nobody of the group can put a socket of theirs in its place.
    let put = std::process::Command::new("setpriv")
        .args([
            "--reuid",
            &team.person("tess").uid.to_string(),
            "--regid",
            &team.gid.to_string(),
        ])
        .args(["--clear-groups", "--", "touch"])
        .arg(team.socket().with_file_name("engine.new"))
        .output()
        .unwrap();
    assert!(!put.status.success(), "{put:?}");
}

#[test]
fn everybody_does_what_their_role_lets_them_and_the_journal_names_them() {
    let Some((team, _serve)) = team() else { return };
    for (who, role) in [
        ("vera", "viewer"),
        ("tess", "trafficker"),
        ("april", "approver"),
        ("ada", "admin"),
        // The engine's own user is in the group, and it is its engine.
        ("engine", "admin"),
    ] {
        let me = team.json(who, &["whoami"])["data"].clone();
        assert_eq!(
            (me["role"].as_str(), me["name"].as_str()),
            (Some(role), Some(team.login(who)))
        );
        assert_eq!(me["uid"], team.person(who).uid);
    }
    team.refused(
        "tess",
        &["brand", "create", "DIS", "--name", "Harbour Lights"],
        &["is a trafficker and may not change brands", "role admin"],
    );
    govern(&team);
    let no = ready(&team, "tess", "MoanaLaunch");

    // A viewer looks.
    assert_eq!(
        team.json("vera", &["ticket", "list"])["data"].as_array().unwrap().len(),
        1
    );
    team.refused(
        "vera",
        &["ticket", "comment", &no, "hello"],
        &["is a viewer and may not", "ask somebody with the role trafficker"],
    );
    // Root is nobody in particular.
    assert_eq!(team.json("root", &["whoami"])["data"]["role"], "viewer");
    team.refused("root", &["ticket", "comment", &no, "hello"], &["root is a viewer"]);
    // A trafficker writes, and approves nothing.
    team.refused("tess", &["ticket", "approve", &no], &["may not approve tickets"]);
    team.refused("tess", &["--yes", "ticket", "deploy", &no], &["needs 1 approval"]);
    // Approvers see their queue; the approval of another is one.
    let queue = |who: &str| team.json(who, &["ticket", "list", "-f", "needs:approval"])["data"].clone();
    assert_eq!(queue("april").as_array().unwrap().len(), 1);
    team.good("april", &["ticket", "approve", &no, "--reason", "as agreed"]);
    assert_eq!(queue("april").as_array().unwrap().len(), 0);

    // Nobody approves their own, not an approver and not an admin.
    for (author, other, words) in [("abel", "april", "Night Sail"), ("ada", "abel", "Day Sail")] {
        campaign(&team, words);
        let own = ready(&team, author, &words.replace(' ', ""));
        team.refused(
            author,
            &["ticket", "approve", &own],
            &["wrote ticket", "another approver"],
        );
        team.good(other, &["ticket", "approve", &own]);
    }

    // The journal has who did it, as the kernel knows them.
    let all = team.json("vera", &["events", "--after", "0", "-n", "1000"]);
    let of = |kind: &str| -> BTreeSet<(String, u64)> {
        let events = all["data"].as_array().unwrap().iter();
        let found = events.filter(|e| e["kind"] == kind).map(|e| &e["actor"]);
        let who = found.map(|a| (a["name"].as_str().unwrap().to_owned(), a["uid"].as_u64().unwrap()));
        who.collect()
    };
    let named = |names: &[&str]| -> BTreeSet<(String, u64)> {
        let people = names.iter().map(|n| team.person(n));
        people.map(|p| (p.login.clone(), u64::from(p.uid))).collect()
    };
    assert_eq!(of("ticket.created"), named(&["tess", "abel", "ada"]));
    assert_eq!(of("ticket.approved"), named(&["april", "abel"]));
    assert_eq!(of("ticket.commented"), named(&[]), "what was refused is not there");
}

#[test]
fn a_stranger_is_told_what_to_do() {
    let Some((team, serve)) = team() else { return };
    let me = team.login("stranger");
    let ask = format!("sudo usermod -aG {} {me}", team.group);
    team.refused(
        "stranger",
        &["whoami"],
        &[&format!("{me} may not use the engine's socket"), &ask],
    );
    team.refused("stranger", &["brand", "list"], &[&ask, "log in again"]);
    // With the engine gone it is the same to a stranger, and a member hears whose turn it is.
    drop(serve);
    team.refused("stranger", &["brand", "list"], &[&ask]);
    let owner = format!("{}'s, who alone can start it", team.login("engine"));
    team.refused("tess", &["brand", "list"], &["no engine runs", &owner]);
}

#[test]
fn root_is_whom_the_configuration_says() {
    let Some(team) = Team::gather(&PEOPLE[..3]) else { return };
    team.configure("[roles]\nroot_is = \"{tess}\"\n[roles.users]\n{tess} = \"admin\"\n");
    let _serve = team.serve();
    team.good("root", &["brand", "create", "DIS", "--name", "Harbour Lights"]);
    let all = team.json("tess", &["events", "--after", "0"]);
    let made = all["data"]
        .as_array()
        .unwrap()
        .iter()
        .find(|e| e["kind"] == "created")
        .unwrap();
    assert_eq!(
        (made["actor"]["name"].as_str(), made["actor"]["uid"].as_u64()),
        (Some(team.login("tess")), Some(0)),
        "the name it stands for, and that it was uid 0"
    );
}

#[test]
fn two_users_on_one_ticket_lose_neither_side() {
    let Some((team, _serve)) = team() else { return };
    govern(&team);
    let no = ready(&team, "tess", "MoanaLaunch");
    let version = team.json("tess", &["ticket", "show", &no])["data"]["ticket"]["version"].to_string();
    let set =
        |who: &str, notes: &str, at: &str| team.run(who, &["ticket", "update", &no, "--notes", notes, "--version", at]);
    assert!(set("tess", "from tess", &version).status.success());
    // Tom had the same version before him: his change is refused, and he hears whose is there.
    let late = set("tom", "from tom", &version);
    let words = program::talk(&late);
    assert!(!late.status.success() && words.contains("changed"), "{words}");
    let now = || team.json("tom", &["ticket", "show", &no])["data"]["ticket"].clone();
    assert_eq!(now()["notes"], "from tess");
    assert!(set("tom", "from both", &now()["version"].to_string()).status.success());
    let all = team.json("tom", &["events", "--after", "0", "-n", "1000"]);
    let notes: Vec<_> = all["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|e| e["changes"].as_array().unwrap().iter().any(|c| c["field"] == "notes"))
        .map(|e| e["actor"]["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        notes,
        [team.login("tess"), team.login("tom")],
        "both are in the journal"
    );
    assert_eq!(now()["notes"], "from both");
}

/// The engine is another user's and dies: the console says whose it was and waits; it goes on with the next one.
#[test]
fn a_console_of_another_user_waits_for_the_engine() {
    let Some((team, mut serve)) = team() else { return };
    govern(&team);
    let mut console = Console::run(&team.command("tess", &[]));
    until("the board", || console.sees("Board") && console.sees(" rw"));
    serve.kill_9();
    let engine = team.login("engine");
    let words = format!("{engine} ran it; waiting for {engine} to start it again");
    until("the words", || console.sees(&words));
    assert!(!console.sees("Permission denied"), "{}", console.contents());
    let _next = team.serve();
    until("the engine again", || {
        console.sees(" rw") && !console.sees("ENGINE LOST")
    });
    assert!(!console.has_ended());
}

/// Two users at one ticket, each in a console of their own: the other is named, on the screen and to a third.
#[test]
fn users_see_who_is_on_their_ticket() {
    let Some((team, _serve)) = team() else { return };
    govern(&team);
    let no = ready(&team, "tess", "MoanaLaunch");
    let at_the_ticket = |who: &str| {
        let mut console = Console::run(&team.command(who, &[]));
        until("the board", || console.sees("Board") && console.sees(" rw"));
        console.press("2");
        until("the table", || console.sees("Status") && console.sees(&no));
        console.press("\r");
        until("the ticket", || console.sees("Findings"));
        console
    };
    let mut tess = at_the_ticket("tess");
    let mut tom = at_the_ticket("tom");
    let (tess_login, tom_login) = (team.login("tess"), team.login("tom"));
    until("tess in tom's console", || tom.sees(&format!("{tess_login} is here")));
    until("tom in tess's console", || tess.sees(&format!("{tom_login} is here")));
    tess.press("e");
    until("that tess edits", || {
        tom.sees(&format!("{tess_login} is here, editing"))
    });
    let who = team.json("vera", &["engine", "who"])["data"].clone();
    let seen: BTreeSet<_> = who
        .as_array()
        .unwrap()
        .iter()
        .map(|p| {
            (
                p["name"].as_str().unwrap().to_owned(),
                p["uid"].as_u64().unwrap(),
                p["editing"].as_bool().unwrap(),
            )
        })
        .collect();
    let person = |name: &str, editing| {
        let p = team.person(name);
        (p.login.clone(), u64::from(p.uid), editing)
    };
    assert_eq!(seen, BTreeSet::from([person("tess", true), person("tom", false)]));
    // Whoever goes is gone, also without a word.
    tess.child.kill().unwrap();
    until("that tess left", || !tom.sees(&format!("{tess_login} is here")));
    let before = team.json("vera", &["engine", "status"])["data"]["head"].clone();
    tom.press("2");
    until("that nobody is there", || {
        team.json("vera", &["engine", "who"])["total"] == 0
    });
    let after = team.json("vera", &["engine", "status"])["data"]["head"].clone();
    assert_eq!(before, after, "nothing of it is in the journal");
}
