//! Who may govern, what is refused, and that nothing referred to can disappear.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

use omnitraffick::engine::{
    decide::{
        command::{BrandPatch, CampaignPatch, ChannelPatch, CommandKind, MarketPatch},
        testkit::{House, account, admin, person, trafficker},
    },
    model::{
        actor::Role,
        campaign::Campaign,
        code::Label,
        event::{EventKind, Noun},
        governance::{Brand, Channel, Market},
        ids::{BrandId, CampaignId, ChannelId, MarketId},
        money::Money,
        platform::PlatformId,
        refusal::{Refusal, RefusalCode},
        time::{Flight, Timestamp},
    },
    store::schema::{Counter, Owner, keys},
};
use rstest::rstest;

fn house() -> House {
    House::new().unwrap()
}

fn brand(house: &mut House, code: &str) -> Brand {
    Brand {
        id: BrandId::new(house.world.mint()),
        code: code.parse().unwrap(),
        name: "Nova Toys".to_owned(),
        family_friendly: true,
        aliases: Vec::new(),
        retired: false,
    }
}

fn market(house: &mut House, code: &str) -> Market {
    Market {
        id: MarketId::new(house.world.mint()),
        code: code.parse().unwrap(),
        name: "Germany".to_owned(),
        countries: vec!["DE".to_owned()],
        region: "EMEA".to_owned(),
        timezone: "Europe/Berlin".to_owned(),
        daily_cap: None,
        aliases: Vec::new(),
        retired: false,
    }
}

fn channel(house: &mut House, code: &str, accounts: &[&str]) -> Channel {
    Channel {
        id: ChannelId::new(house.world.mint()),
        code: code.parse().unwrap(),
        name: "Meta EMEA".to_owned(),
        platform: PlatformId::Meta,
        accounts: accounts.iter().map(|a| account(a).unwrap()).collect(),
        aliases: Vec::new(),
        retired: false,
    }
}

fn campaign(house: &mut House, title: &str) -> Campaign {
    Campaign {
        id: CampaignId::new(house.world.mint()),
        brand: house.brand,
        market: house.market,
        year: 2026,
        label: Label::from_words(title).unwrap(),
        title: title.to_owned(),
        budget: None,
        flight: None,
        retired: false,
        created_at: Timestamp::default(),
    }
}

/// `field: reason (remedy)` of every problem.
fn lines(refusal: &Refusal) -> Vec<String> {
    let field = |p: &omnitraffick::engine::model::refusal::Problem| {
        p.field.as_ref().map_or(String::new(), |f| format!("{f}: "))
    };
    refusal
        .problems
        .iter()
        .map(|p| format!("{}{} ({})", field(p), p.reason, p.remedy))
        .collect()
}

fn refs(house: &House, noun: Noun, id: impl std::fmt::Display) -> u64 {
    house
        .world
        .get::<Counter>(&keys::refs(noun, id))
        .map_or(0, |(_, c)| c.n)
}

#[rstest]
#[case(Role::Viewer, false, false)]
#[case(Role::Trafficker, false, true)]
#[case(Role::Approver, false, true)]
#[case(Role::Admin, true, true)]
fn roles(#[case] role: Role, #[case] governs: bool, #[case] writes: bool) {
    let mut house = house();
    let actor = person("pat", role);
    let values = [
        CommandKind::MarketCreate(market(&mut house, "DE")),
        CommandKind::BrandCreate(brand(&mut house, "NOVA")),
        CommandKind::ChannelCreate(channel(&mut house, "META_EU", &["act_9"])),
        CommandKind::MarketUpdate {
            id: house.market,
            version: 1,
            patch: MarketPatch {
                retired: Some(true),
                ..MarketPatch::default()
            },
        },
        CommandKind::BrandUpdate {
            id: house.brand,
            version: 1,
            patch: BrandPatch {
                retired: Some(true),
                ..BrandPatch::default()
            },
        },
        CommandKind::ChannelUpdate {
            id: house.channel,
            version: 1,
            patch: ChannelPatch {
                retired: Some(true),
                ..ChannelPatch::default()
            },
        },
    ];
    for kind in values {
        let done = house.clone().world.run(&actor, kind.clone());
        assert_eq!(done.is_ok(), governs, "{kind:?}: {done:?}");
        if let Err(refusal) = done {
            assert_eq!(refusal.code, RefusalCode::NotAllowed);
        }
    }
    let kind = CommandKind::CampaignCreate(campaign(&mut house, "Another one"));
    assert_eq!(house.clone().world.run(&actor, kind).is_ok(), writes);
    let new = house.new_ticket();
    assert_eq!(house.world.run(&actor, CommandKind::TicketCreate(new)).is_ok(), writes);
}

#[test]
fn a_role_too_low_is_told_who_to_ask() {
    let mut house = house();
    let kind = CommandKind::BrandCreate(brand(&mut house, "NOVA"));
    let refusal = house.world.run(&trafficker(), kind).unwrap_err();
    assert_eq!(
        lines(&refusal),
        ["tom is a trafficker and may not change brands (ask somebody with the role admin, or have your role raised)"]
    );
}

#[test]
fn everything_wrong_with_a_market_is_said_at_once() {
    let mut house = house();
    let mut bad = market(&mut house, "US");
    bad.name = "\u{202e}evil".to_owned();
    bad.countries = vec!["UK".to_owned(), "de".to_owned(), "DE".to_owned()];
    bad.timezone = "europe/berlin".to_owned();
    bad.region = " x".to_owned();
    bad.daily_cap = Some(Money::parse("0", "EUR".parse().unwrap()).unwrap());
    bad.retired = true;
    bad.aliases = vec!["OLD".parse().unwrap()];
    let refusal = house.world.run(&admin(), CommandKind::MarketCreate(bad)).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::Invalid);
    insta::assert_snapshot!(lines(&refusal).join("\n"));
}

#[rstest]
#[case("Europe/Berlin", true)]
#[case("UTC", true)]
#[case("America/Argentina/Buenos_Aires", true)]
#[case("europe/berlin", false)]
#[case("Mars/Olympus", false)]
#[case("UTC+2", false)]
#[case("", false)]
#[case("../../etc/passwd", false)]
fn zones(#[case] zone: &str, #[case] exists: bool) {
    let mut house = house();
    let mut new = market(&mut house, "DE");
    new.timezone = zone.to_owned();
    assert_eq!(
        house.world.run(&admin(), CommandKind::MarketCreate(new)).is_ok(),
        exists
    );
}

#[test]
fn codes_are_unique_and_former_ones_stay_taken() {
    let mut house = house();
    let nova = brand(&mut house, "NOVA");
    let id = nova.id;
    house.world.run(&admin(), CommandKind::BrandCreate(nova)).unwrap();
    let twin = brand(&mut house, "NOVA");
    let refusal = house.world.run(&admin(), CommandKind::BrandCreate(twin)).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::Duplicate);

    let rename = |version, code: &str| CommandKind::BrandUpdate {
        id,
        version,
        patch: BrandPatch {
            code: Some(code.parse().unwrap()),
            ..BrandPatch::default()
        },
    };
    house.world.run(&admin(), rename(1, "NOVATOYS")).unwrap();
    let (_, renamed): (_, Brand) = house.world.get(&keys::brand(id)).unwrap();
    assert_eq!(renamed.aliases, ["NOVA".parse().unwrap()]);
    let twin = brand(&mut house, "NOVA");
    let refusal = house.world.run(&admin(), CommandKind::BrandCreate(twin)).unwrap_err();
    assert_eq!(
        refusal.code,
        RefusalCode::Duplicate,
        "a former code is never given to another brand"
    );
    let refusal = house.world.run(&admin(), rename(2, "DIS")).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::Duplicate);
    house.world.run(&admin(), rename(2, "NOVA")).unwrap();
    let (_, back): (_, Brand) = house.world.get(&keys::brand(id)).unwrap();
    assert_eq!(
        (back.code.as_str(), back.aliases),
        ("NOVA", vec!["NOVATOYS".parse().unwrap()])
    );

    house
        .world
        .run(&admin(), CommandKind::BrandDelete { id, version: 3 })
        .unwrap();
    for code in ["NOVA", "NOVATOYS"] {
        let free = house
            .world
            .get::<Owner>(&keys::code(Noun::Brand, &code.parse().unwrap()));
        assert!(free.is_none(), "{code} is free again");
    }
    let same = brand(&mut house, "NOVA");
    house.world.run(&admin(), CommandKind::BrandCreate(same)).unwrap();
}

#[test]
fn a_code_may_be_the_same_in_another_noun() {
    let mut house = house();
    let us = brand(&mut house, "US");
    house.world.run(&admin(), CommandKind::BrandCreate(us)).unwrap();
}

#[test]
fn what_is_referred_to_is_retired_not_removed() {
    let mut house = house();
    let id = house.brand;
    let refusal = house
        .world
        .run(&admin(), CommandKind::BrandDelete { id, version: 1 })
        .unwrap_err();
    assert_eq!(refusal.code, RefusalCode::InUse);
    assert_eq!(
        lines(&refusal),
        [
            "brand DIS cannot be removed: 1 campaign refers to it (retire it instead: it stays readable and cannot be used for anything new)"
        ]
    );
    let patch = BrandPatch {
        retired: Some(true),
        ..BrandPatch::default()
    };
    let commit = house
        .world
        .run(&admin(), CommandKind::BrandUpdate { id, version: 1, patch })
        .unwrap();
    assert_eq!(commit.event.kind, EventKind::Retired);

    let new = campaign(&mut house, "Too late");
    let refusal = house.world.run(&admin(), CommandKind::CampaignCreate(new)).unwrap_err();
    assert_eq!(
        lines(&refusal),
        ["brand: brand DIS is retired (choose another, or have an admin bring it back)"]
    );
    let new = house.new_ticket();
    let refusal = house.world.run(&admin(), CommandKind::TicketCreate(new)).unwrap_err();
    assert_eq!(
        lines(&refusal),
        ["brand: brand DIS is retired (choose another, or have an admin bring it back)"]
    );
}

#[test]
fn an_edit_of_something_that_changed_meanwhile_is_refused() {
    let mut house = house();
    let id = house.market;
    let rename = |version, name: &str| CommandKind::MarketUpdate {
        id,
        version,
        patch: MarketPatch {
            name: Some(name.to_owned()),
            ..MarketPatch::default()
        },
    };
    house.world.run(&admin(), rename(1, "USA")).unwrap();
    let refusal = house.world.run(&admin(), rename(1, "States")).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::Stale);
    assert_eq!(
        lines(&refusal),
        [
            "market US changed since you looked: you saw version 1, it is now version 2 (look at what changed, then make your change again)"
        ]
    );
    let refusal = house.world.run(&admin(), rename(2, "USA")).unwrap_err();
    assert_eq!(
        lines(&refusal),
        ["nothing would change on market US (change at least one field)"]
    );
}

#[test]
fn two_decisions_on_the_same_facts_cannot_both_be_committed() {
    use omnitraffick::engine::decide::{command::Command, decide};
    let mut house = house();
    let mut commits = Vec::new();
    for _ in 0..2 {
        let twin = brand(&mut house, "NOVA");
        let command = Command {
            id: omnitraffick::engine::model::ids::CommandId::new(house.world.mint()),
            kind: CommandKind::BrandCreate(twin),
        };
        commits.push(decide(&house.world, &command, &admin(), house.world.now).unwrap());
    }
    house.world.apply(&commits[0]).unwrap();
    assert_eq!(house.world.apply(&commits[1]).unwrap_err().code, RefusalCode::Stale);
}

#[test]
fn an_account_belongs_to_one_channel() {
    let mut house = house();
    let second = channel(&mut house, "META_EU", &["act_1", "act_2"]);
    let refusal = house
        .world
        .run(&admin(), CommandKind::ChannelCreate(second))
        .unwrap_err();
    assert_eq!(refusal.code, RefusalCode::Duplicate);
    assert_eq!(
        lines(&refusal),
        [
            "accounts.act_1: account act_1 belongs to channel META (take it away there first: an account belongs to one channel)"
        ]
    );
    let second = channel(&mut house, "META_EU", &["act_2", "act_2", "123"]);
    let refusal = house
        .world
        .run(&admin(), CommandKind::ChannelCreate(second))
        .unwrap_err();
    assert_eq!(
        lines(&refusal),
        [
            "accounts.123: an account id starts with act_ (write act_ and the digits)",
            "accounts.act_2: act_2 is in the list twice (name it once)",
        ]
    );
}

#[test]
fn accounts_tickets_use_stay_with_their_currency() {
    let mut house = house();
    let new = house.new_ticket();
    house.world.run(&trafficker(), CommandKind::TicketCreate(new)).unwrap();
    let mut euro = account("act_1").unwrap();
    euro.currency = "EUR".parse().unwrap();
    let update = |version, patch| CommandKind::ChannelUpdate {
        id: house.channel,
        version,
        patch,
    };
    let take = update(
        1,
        ChannelPatch {
            remove_accounts: vec!["act_1".parse().unwrap()],
            ..ChannelPatch::default()
        },
    );
    let turn = update(
        1,
        ChannelPatch {
            set_accounts: vec![euro.clone()],
            ..ChannelPatch::default()
        },
    );
    let add = update(
        1,
        ChannelPatch {
            set_accounts: vec![account("act_2").unwrap()],
            ..ChannelPatch::default()
        },
    );
    for kind in [take, turn] {
        let refusal = house.world.run(&admin(), kind).unwrap_err();
        assert_eq!(refusal.code, RefusalCode::InUse, "{refusal}");
    }
    house.world.run(&admin(), add).unwrap();
    let drop = CommandKind::ChannelUpdate {
        id: house.channel,
        version: 2,
        patch: ChannelPatch {
            remove_accounts: vec!["act_2".parse().unwrap()],
            ..ChannelPatch::default()
        },
    };
    house.world.run(&admin(), drop).unwrap();
    let other = channel(&mut house, "META_EU", &["act_2"]);
    house.world.run(&admin(), CommandKind::ChannelCreate(other)).unwrap();
}

#[test]
fn everything_wrong_with_a_campaign_is_said_at_once() {
    let mut house = house();
    let mut bad = campaign(&mut house, "Moana launch");
    bad.brand = BrandId::new(house.world.mint());
    bad.market = MarketId::new(house.world.mint());
    bad.year = 1999;
    bad.label = "Other".parse().unwrap();
    bad.budget = Some(Money::parse("0", "USD".parse().unwrap()).unwrap());
    bad.flight = Some(Flight {
        start: "2026-12-02".parse().unwrap(),
        end: Some("2026-12-01".parse().unwrap()),
    });
    let refusal = house
        .world
        .run(&trafficker(), CommandKind::CampaignCreate(bad))
        .unwrap_err();
    insta::assert_snapshot!(lines(&refusal).join("\n"));
    let twin = campaign(&mut house, "moana LAUNCH");
    let refusal = house
        .world
        .run(&trafficker(), CommandKind::CampaignCreate(twin))
        .unwrap_err();
    assert_eq!(
        refusal.code,
        RefusalCode::Duplicate,
        "names are compared without regard to case"
    );
}

#[test]
fn a_campaigns_identity_is_fixed_once_tickets_are_named_after_it() {
    let mut house = house();
    let id = house.campaign;
    let de = market(&mut house, "DE");
    let de_id = de.id;
    house.world.run(&admin(), CommandKind::MarketCreate(de)).unwrap();
    let update = |version, patch| CommandKind::CampaignUpdate { id, version, patch };
    let to_de = CampaignPatch {
        market: Some(de_id),
        title: Some("Voyage".to_owned()),
        ..CampaignPatch::default()
    };
    house.world.run(&trafficker(), update(1, to_de)).unwrap();
    assert_eq!(
        (
            refs(&house, Noun::Market, house.market),
            refs(&house, Noun::Market, de_id)
        ),
        (0, 1)
    );
    let (_, moved): (_, Campaign) = house.world.get(&keys::campaign(id)).unwrap();
    assert_eq!(moved.label.as_str(), "Voyage");

    let new = house.new_ticket();
    house.world.run(&trafficker(), CommandKind::TicketCreate(new)).unwrap();
    let back = CampaignPatch {
        market: Some(house.market),
        year: Some(2027),
        title: Some("Another voyage".to_owned()),
        ..CampaignPatch::default()
    };
    let refusal = house.world.run(&trafficker(), update(2, back)).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::InUse);
    let fields: Vec<_> = refusal
        .problems
        .iter()
        .map(|p| p.field.clone().unwrap().to_string())
        .collect();
    assert_eq!(fields, ["market", "year", "title"]);
    let spelling = CampaignPatch {
        title: Some("voyage".to_owned()),
        ..CampaignPatch::default()
    };
    house.world.run(&trafficker(), update(2, spelling)).unwrap();
    let refusal = house
        .world
        .run(&trafficker(), CommandKind::CampaignDelete { id, version: 3 })
        .unwrap_err();
    assert_eq!(refusal.code, RefusalCode::InUse);
}

#[test]
fn a_removed_campaign_frees_its_words_and_its_brand() {
    let mut house = house();
    let id = house.campaign;
    house
        .world
        .run(&trafficker(), CommandKind::CampaignDelete { id, version: 1 })
        .unwrap();
    assert_eq!(refs(&house, Noun::Brand, house.brand), 0);
    let again = campaign(&mut house, "Moana launch");
    house
        .world
        .run(&trafficker(), CommandKind::CampaignCreate(again))
        .unwrap();
}

#[test]
fn a_rename_changes_no_ticket_and_old_names_still_parse() {
    use omnitraffick::engine::taxonomy::{Codes, parse};
    let mut house = house();
    let new = house.new_ticket();
    let ticket = new.id;
    house.world.run(&trafficker(), CommandKind::TicketCreate(new)).unwrap();
    let patch = MarketPatch {
        code: Some("USA".parse().unwrap()),
        ..MarketPatch::default()
    };
    let kind = CommandKind::MarketUpdate {
        id: house.market,
        version: 1,
        patch,
    };
    house.world.run(&admin(), kind).unwrap();
    let name = house.world.ticket(ticket).unwrap().1.name;
    assert_eq!(name, "DIS_US_META_2026_MoanaLaunch");
    let brand: Brand = house.world.get(&keys::brand(house.brand)).unwrap().1;
    let market: Market = house.world.get(&keys::market(house.market)).unwrap().1;
    let channel: Channel = house.world.get(&keys::channel(house.channel)).unwrap().1;
    let parts = parse(&name, &Codes::of([&brand], [&market], [&channel])).unwrap();
    assert_eq!(parts.market.id, house.market);
}
