//! People on the same tickets: who is there, and who hears what happens.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod support;

use std::{path::PathBuf, sync::Arc, time::Duration};

use omnitraffick::engine::{
    api::{
        Command, CommandKind, EngineClient, Notice, Reply, Request, TicketPatch, TicketWindow,
        filter::Filter,
        news::What,
        presence::{At, Present},
    },
    clock::{SystemClock, SystemEntropy},
    host::{
        socket::{
            client::RemoteClient,
            message::Hello,
            path::{Audience, bind},
            server::Server,
        },
        who::Who,
    },
    model::{
        actor::{Actor, Role},
        event::Seq,
        ids::TicketId,
        roles::{Directory, Login, Roles},
    },
};
use support::World;
use tokio::{sync::broadcast::Receiver, time::timeout};

/// Everybody who comes over the socket here is ana.
struct OnlyAna;

impl Directory for OnlyAna {
    fn by_uid(&self, _: u32) -> Option<Login> {
        self.by_name("ana")
    }

    fn by_name(&self, name: &str) -> Option<Login> {
        Some(Login {
            name: name.to_owned(),
            groups: Vec::new(),
        })
    }
}

/// An engine that listens, with one ticket.
struct House {
    world: World,
    server: Server,
    path: PathBuf,
    ticket: TicketId,
    _dir: tempfile::TempDir,
}

impl House {
    async fn new() -> Self {
        let world = World::new("").await;
        let campaign = world.campaign(world.brand, "Launch").await;
        let ticket = world.ticket(campaign).await;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("engine.sock");
        let own = rustix::process::geteuid().as_raw();
        let who = Who::new(own, Box::new(OnlyAna), Roles::default());
        let listener = bind(&path, &Audience::Owner).unwrap();
        let engine = Arc::clone(world.host.engine());
        Self {
            server: Server::start(engine, listener, path.clone(), who, "test".into()).unwrap(),
            world,
            path,
            ticket,
            _dir: dir,
        }
    }

    async fn attach(&self, hello: Hello) -> (RemoteClient, Receiver<Notice>) {
        let entropy = Arc::new(SystemEntropy::from_os());
        let joined = RemoteClient::connect(&self.path, hello, None, Arc::new(SystemClock), entropy).await;
        let (client, _, heard) = joined.unwrap();
        (client, heard)
    }

    const fn at(&self, editing: bool) -> At {
        At {
            ticket: self.ticket,
            editing,
        }
    }
}

async fn here(client: &dyn EngineClient, at: Option<At>) -> Vec<Present> {
    match client.request(Request::Here(at)).await.unwrap() {
        Reply::People(people) => people,
        other => panic!("{other:?}"),
    }
}

/// The next word that somebody moved; `false` = there was none in this time.
async fn hears(heard: &mut Receiver<Notice>, patience: Duration) -> bool {
    let moved = async {
        loop {
            if matches!(heard.recv().await.unwrap(), Notice::People) {
                return;
            }
        }
    };
    timeout(patience, moved).await.is_ok()
}

const SOON: Duration = Duration::from_secs(5);
/// Longer than a word takes on one machine.
const QUIET: Duration = Duration::from_millis(200);

#[tokio::test]
async fn who_is_on_a_ticket_is_known_to_the_others_and_goes_with_them() {
    let house = House::new().await;
    let (ben, mut ben_hears) = house.attach(Hello::new("console")).await;
    let (ana, _) = house.attach(Hello::new("console")).await;
    assert_eq!(here(&ana, Some(house.at(false))).await, [], "oneself is nobody else");
    assert!(hears(&mut ben_hears, SOON).await);
    let there = here(&ben, None).await;
    let [one] = there.as_slice() else { panic!("{there:?}") };
    assert_eq!(
        (one.name.as_str(), one.no.0, Some(one.at)),
        ("ana", 1001, Some(house.at(false)))
    );
    // The same again is no news; an open form is.
    here(&ana, Some(house.at(false))).await;
    assert!(!hears(&mut ben_hears, QUIET).await, "nobody moved, nothing is said");
    here(&ana, Some(house.at(true))).await;
    assert!(hears(&mut ben_hears, SOON).await);
    assert!(here(&ben, None).await[0].at.editing);
    // A ticket that does not exist is nowhere.
    let nowhere = At {
        ticket: TicketId::new(ana.new_uuid()),
        editing: true,
    };
    here(&ana, Some(nowhere)).await;
    assert!(hears(&mut ben_hears, SOON).await);
    assert_eq!(here(&ben, None).await, []);
    // Whoever drops out is gone without a word of theirs.
    here(&ana, Some(house.at(true))).await;
    assert!(hears(&mut ben_hears, SOON).await);
    drop(ana);
    assert!(hears(&mut ben_hears, SOON).await);
    assert_eq!(here(&ben, None).await, []);
    house.server.end("over").await;
}

#[tokio::test]
async fn twenty_consoles_on_one_ticket_see_each_other() {
    let house = House::new().await;
    let mut consoles = Vec::new();
    for n in 0..20 {
        let (client, heard) = house.attach(Hello::new("console")).await;
        // Many words in a row: the last one counts.
        for turn in 0..n {
            here(&client, Some(house.at(turn % 2 == 0))).await;
        }
        here(&client, Some(house.at(n % 2 == 0))).await;
        consoles.push((client, heard));
    }
    for (client, _) in &consoles {
        let Reply::People(others) = client.request(Request::People).await.unwrap() else {
            panic!("no people")
        };
        assert_eq!(others.len(), 19);
    }
    // The engine's own console sees all of them, and each of them it.
    let own = &house.world.client;
    let all = here(&**own, Some(house.at(false))).await;
    assert_eq!(all.iter().filter(|p| p.at.editing).count(), 10);
    assert_eq!(here(&consoles[0].0, Some(house.at(true))).await.len(), 20);
    house.server.end("over").await;
}

/// A build from before hears nothing it would not understand, and goes on.
#[tokio::test]
async fn an_older_console_is_told_nothing_of_it() {
    let house = House::new().await;
    let old = Hello {
        minor: 1,
        ..Hello::new("console")
    };
    let (old, mut old_hears) = house.attach(old).await;
    let (new, _) = house.attach(Hello::new("console")).await;
    here(&new, Some(house.at(true))).await;
    assert!(!hears(&mut old_hears, QUIET).await);
    assert!(old.request(Request::Overview).await.is_ok());
    house.server.end("over").await;
}

/// Somebody in the house.
fn actor(uid: u32, name: &str, role: Role) -> Actor {
    Actor {
        uid: Some(uid),
        name: name.into(),
        role,
        client: "console".into(),
    }
}

async fn act(client: &dyn EngineClient, kind: CommandKind) {
    let command = Command {
        id: client.command_id(),
        kind,
    };
    client.request(Request::Do(Box::new(command))).await.unwrap();
}

/// What somebody is told after a commit, and up to where.
async fn news(client: &dyn EngineClient, after: Seq) -> (Vec<(What, String)>, Seq) {
    match client.request(Request::News { after }).await.unwrap() {
        Reply::News(news) => {
            let items = news.items.into_iter().map(|item| (item.what, item.words));
            (items.collect(), news.at)
        }
        other => panic!("{other:?}"),
    }
}

async fn watched(client: &dyn EngineClient) -> u64 {
    let window = TicketWindow {
        filter: Filter::parse("watching:me").unwrap(),
        after: 10,
        ..TicketWindow::default()
    };
    match client.request(Request::Tickets(window)).await.unwrap() {
        Reply::Tickets(rows) => rows.matching,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn watchers_hear_what_happens_and_nobody_else() {
    let world = World::new("").await;
    let campaign = world.campaign(world.brand, "Launch").await;
    let id = world.ticket(campaign).await;
    let client = |uid, name, role| world.host.client(actor(uid, name, role), false);
    let ben = client(2001, "ben", Role::Trafficker);
    let cleo = client(2002, "cleo", Role::Trafficker);
    let dora = client(2003, "dora", Role::Trafficker);
    let author = &*world.client;
    assert_eq!(
        (watched(author).await, watched(&*ben).await),
        (1, 0),
        "whoever wrote it watches"
    );

    act(&*cleo, CommandKind::TicketWatch { id, watch: true }).await;
    assert_eq!(watched(&*cleo).await, 1);
    let view = world.view(id).await;
    let start = match author.request(Request::Overview).await.unwrap() {
        Reply::Overview(overview) => overview.head,
        other => panic!("{other:?}"),
    };
    let to_ben = TicketPatch {
        assignee: Some("ben".into()),
        ..TicketPatch::default()
    };
    let version = view.ticket.version;
    act(
        author,
        CommandKind::TicketEdit {
            id,
            version,
            patch: to_ben,
        },
    )
    .await;
    let text = "ready?".to_owned();
    act(&*cleo, CommandKind::TicketComment { id, text }).await;
    world.qa(id).await;
    world.deploy(id).await.unwrap();
    world
        .wait(id, |s| {
            s == omnitraffick::engine::model::ticket::Status::TraffickedSuccess
        })
        .await;

    let whats = |told: &[(What, String)]| told.iter().map(|(what, _)| *what).collect::<Vec<_>>();
    let (told, at) = news(&*ben, start).await;
    assert_eq!(whats(&told), [What::Assigned, What::Commented, What::Live]);
    assert!(
        told[0].1.contains("gave you 1001") && told[1].1.contains("cleo on 1001: ready?"),
        "{told:?}"
    );
    assert_eq!(told[2].1, "1001 is live");
    assert_eq!(news(&*ben, at).await, (vec![], at), "nothing is told twice");
    // Nobody hears of what they did themselves; who does not watch hears nothing.
    assert_eq!(whats(&news(&*cleo, start).await.0), [What::Assigned, What::Live]);
    assert_eq!(whats(&news(author, start).await.0), [What::Commented, What::Live]);
    assert_eq!(whats(&news(&*dora, start).await.0), []);
    // A word against it counts, also of whoever takes care of it.
    act(&*ben, CommandKind::TicketWatch { id, watch: false }).await;
    act(
        &*cleo,
        CommandKind::TicketComment {
            id,
            text: "done".into(),
        },
    )
    .await;
    assert_eq!(whats(&news(&*ben, at).await.0), []);
    assert_eq!((watched(&*ben).await, watched(&*cleo).await), (0, 1));
}

/// More than can be told one by one is counted.
#[tokio::test]
async fn much_news_is_told_short() {
    let world = World::new("").await;
    let campaign = world.campaign(world.brand, "Launch").await;
    let id = world.ticket(campaign).await;
    let ben = world.host.client(actor(2001, "ben", Role::Trafficker), false);
    for n in 0..30 {
        let text = format!("word {n}");
        act(&*ben, CommandKind::TicketComment { id, text }).await;
    }
    let Reply::News(news) = world.client.request(Request::News { after: Seq(0) }).await.unwrap() else {
        panic!("no news")
    };
    assert_eq!((news.items.len(), news.left_out), (20, 10));
    assert!(
        news.items[19].words.contains("word 29"),
        "the newest are told: {:?}",
        news.items[19]
    );
}
