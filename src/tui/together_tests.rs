//! Several people on one ticket, as a console shows it: who is there, and what happened to watched tickets.

use super::{
    app::{
        Msg,
        notify::{Occasion, Way, Wishes},
    },
    command::Key,
    testkit::{Driver, World, actor, noon},
};
use crate::engine::{
    api::{
        CommandKind, Notice,
        news::{Item, News, What},
        presence::{At, Present},
    },
    model::{
        actor::Role,
        event::{Event, EventKind, Noun, Seq, Subject},
        ids::CommandId,
    },
};

fn house(columns: u16) -> Driver {
    let world = World {
        environment: "demo".to_owned(),
        ..World::default()
    };
    let mut d = Driver::new(world, columns, 36);
    d.keys("2 Enter");
    d
}

/// Somebody comes to the first ticket of the world, and the engine says that somebody moved.
fn comes(d: &mut Driver, name: &str, editing: bool) {
    let ticket = d.model.screens.detail.ticket.expect("a ticket is shown");
    {
        let mut world = d.client.world.lock().unwrap();
        let no = world.cards.iter().find(|c| c.id == ticket).unwrap().no;
        world.people.push(Present {
            name: name.to_owned(),
            uid: Some(2001),
            client: "console".to_owned(),
            no,
            at: At { ticket, editing },
            since: noon(),
        });
    }
    d.send(Msg::Notice(Notice::People));
    d.pass(200);
}

#[test]
fn others_on_the_ticket_are_named() {
    for columns in [80, 120, 200] {
        let mut d = house(columns);
        assert!(!d.sees("is here"), "{}", d.screen());
        comes(&mut d, "ben", true);
        assert!(d.sees("ben is here, editing"), "{}", d.screen());
        comes(&mut d, "cleo", false);
        assert!(d.sees("cleo is here"), "{}", d.screen());
        comes(&mut d, "dora", false);
        assert!(d.sees("1 more"), "{}", d.screen());
        // With two consoles somebody is still one person.
        comes(&mut d, "dora", false);
        assert!(d.sees("1 more"), "{}", d.screen());
    }
}

/// In the table a mark stands at the row, and the pane beside it says who it is.
#[test]
fn rows_of_the_table_are_marked() {
    for columns in [80, 120] {
        let mut d = house(columns);
        let no = {
            let ticket = d.model.screens.detail.ticket;
            let cards = &d.client.world.lock().unwrap().cards;
            cards.iter().find(|c| Some(c.id) == ticket).unwrap().no
        };
        comes(&mut d, "ben", false);
        d.keys("Esc");
        let row = |d: &Driver| {
            let text = d.screen();
            text.lines().find(|l| l.contains(&format!(" {no}"))).unwrap().to_owned()
        };
        assert!(row(&d).contains(&format!("{no} @ ")), "{}", d.screen());
        assert_eq!(d.screen().matches('@').count(), 1, "nobody is at the others");
        d.keys("Enter");
        comes(&mut d, "cleo", true);
        d.keys("Esc");
        assert!(row(&d).contains(&format!("{no} e ")), "{}", d.screen());
        insta::assert_snapshot!(format!("rows_with_people_{columns}"), d.screen());
        // They leave.
        d.client.world.lock().unwrap().people.clear();
        d.send(Msg::Notice(Notice::People));
        d.pass(200);
        assert!(row(&d).contains(&format!("{no}   ")), "{}", d.screen());
    }
}

/// What a console that fell behind may have missed is in no journal: it asks anew.
#[rstest::rstest]
#[case::told_by_the_engine(Msg::Notice(Notice::Lost))]
#[case::its_own_queue_ran_over(Msg::NoticesLost)]
fn who_is_here_is_asked_again_after_a_gap(#[case] gap: Msg) {
    let mut d = house(120);
    comes(&mut d, "ben", true);
    d.client.world.lock().unwrap().people.clear();
    d.send(gap);
    d.pass(200);
    assert!(!d.sees("ben is here"), "{}", d.screen());
}

#[test]
fn a_name_from_outside_draws_nothing() {
    let mut d = house(120);
    comes(&mut d, "\u{1b}[31mben\u{202e}", false);
    assert!(d.sees("is here") && !d.screen().contains('\u{1b}'), "{}", d.screen());
}

fn tell(d: &mut Driver, what: What, words: &str) {
    let no = {
        let mut world = d.client.world.lock().unwrap();
        let no = world.cards[0].no;
        let at = Seq(world.news.at.0.max(50_000) + 1);
        let item = Item {
            seq: at,
            at: noon(),
            no,
            what,
            words: words.to_owned(),
            mine: false,
        };
        world.news = News {
            items: vec![item],
            left_out: 0,
            at,
        };
        no
    };
    let kind = match what {
        What::Failed => EventKind::DeployFailed,
        _ => EventKind::Commented,
    };
    let event = Event {
        seq: Seq(50_000),
        at: noon(),
        actor: actor("ben", Role::Trafficker),
        command: CommandId::new(uuid::Uuid::from_u128(7)),
        kind,
        also: Vec::new(),
        subject: Subject {
            noun: Noun::Ticket,
            id: String::new(),
            label: no.to_string(),
            ticket: Some(no),
        },
        status: None,
        summary: String::new(),
        changes: Vec::new(),
    };
    d.send(Msg::Notice(Notice::Event(std::sync::Arc::new(event))));
    d.pass(200);
}

#[test]
fn news_is_said_and_kept_among_the_messages() {
    let mut d = house(120);
    d.keys("1");
    tell(&mut d, What::Commented, "ben on 1001: ready?");
    assert!(d.sees("ben on 1001: ready?"), "{}", d.screen());
    tell(&mut d, What::Failed, "1001 failed: no such page");
    assert!(d.sees("1001 failed: no such page"), "{}", d.screen());
    // The same answer twice is told once.
    d.send(Msg::Notice(Notice::Lost));
    d.pass(200);
    d.keys("Esc g m");
    let said = d.screen();
    assert_eq!(said.matches("1001 failed").count(), 1, "{said}");
    assert!(said.contains("ready?"), "{said}");
}

#[test]
fn news_of_a_watched_ticket_calls_when_it_is_wished_and_once_for_one_thing() {
    let calls = |on: &[Occasion]| {
        let mut d = house(120);
        d.model.session.options.notify = Wishes {
            way: Way::Bell,
            on: on.iter().copied().collect(),
            in_tmux: false,
        };
        d.keys("1");
        tell(&mut d, What::Commented, "ben on 1001: ready?");
        d.pass(600);
        tell(&mut d, What::Failed, "1001 failed: no such page");
        d.pass(600);
        d.called.clone()
    };
    let comment = "1001 has news: ben on 1001: ready?";
    let (watched, failed) = (Occasion::Watched, Occasion::Failed);
    assert_eq!(calls(&[watched]), [comment, "1001 has news: 1001 failed: no such page"]);
    assert_eq!(calls(&[watched, failed]), [comment, "1001 failed: "]);
    assert_eq!(calls(&[]), [""; 0]);
}

#[test]
fn a_ticket_in_view_calls_too() {
    let mut d = house(120);
    d.model.session.options.notify = Wishes {
        way: Way::Bell,
        on: [Occasion::Watched].into(),
        in_tmux: false,
    };
    d.keys("2 /");
    for c in "no:1001".chars() {
        d.key(Key::Char(c));
    }
    d.keys("Enter Enter");
    let no = d.model.screens.detail.card().unwrap().no;
    assert_eq!(
        no,
        d.client.world.lock().unwrap().cards[0].no,
        "the one that is told of"
    );
    tell(&mut d, What::Failed, "it failed");
    d.pass(600);
    assert_eq!(d.called, [format!("{no} has news: it failed")]);
}

#[test]
fn watching_is_turned_on_and_off() {
    let mut d = house(120);
    d.keys("b w");
    let no = {
        let mut world = d.client.world.lock().unwrap();
        let done = world.done.clone();
        assert!(
            matches!(done.as_slice(), [CommandKind::TicketWatch { watch: true, .. }]),
            "{done:?}"
        );
        let me = d.model.session.me().to_owned();
        let ticket = d.model.screens.detail.ticket.unwrap();
        let card = world.cards.iter_mut().find(|c| c.id == ticket).unwrap();
        card.watchers.push(me.into());
        card.no
    };
    assert!(d.sees(&format!("you hear of {no} from now on")), "{}", d.screen());
    d.keys("r b w");
    let done = d.client.world.lock().unwrap().done.clone();
    assert!(
        matches!(done.last(), Some(CommandKind::TicketWatch { watch: false, .. })),
        "{done:?}"
    );
}
