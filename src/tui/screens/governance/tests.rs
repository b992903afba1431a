//! Governed values and campaigns by keyboard, over the canned engine.

use rstest::rstest;
use uuid::Uuid;

use crate::{
    engine::{
        api::{CampaignRow, CommandKind, Governance, Impact, Notice, Seen, filter::Filter},
        model::{
            actor::Role,
            campaign::Campaign,
            event::Seq,
            governance::{Account, Brand, Channel, Market},
            ids::{BrandId, CampaignId, ChannelId, MarketId},
            money::Money,
            platform::PlatformId,
            refusal::{Problem, Refusal, RefusalCode},
            ticket::Status,
            time::Flight,
        },
    },
    tui::{
        TuiOptions,
        app::draft::{self, Draft},
        testkit::{Driver, World, card, noon},
        theme::{Depth, ThemeName},
    },
};

fn seen<T>(version: u64, value: T) -> Seen<T> {
    Seen { version, value }
}

fn uuid(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub fn house() -> Governance {
    let market = |n, code: &str, name: &str, countries: &[&str], region: &str, zone: &str| Market {
        id: MarketId::new(uuid(n)),
        code: code.parse().unwrap(),
        name: name.to_owned(),
        countries: countries.iter().map(|c| (*c).to_owned()).collect(),
        region: region.to_owned(),
        timezone: zone.to_owned(),
        daily_cap: None,
        aliases: vec![],
        retired: false,
    };
    let mut gb = market(3, "GB", "United Kingdom", &["GB"], "EMEA", "Europe/London");
    gb.aliases = vec!["UK".parse().unwrap()];
    gb.daily_cap = Some(Money::parse("1500", "GBP".parse().unwrap()).unwrap());
    let mut old = market(4, "XX", "Nowhere", &["US"], "", "UTC");
    old.retired = true;
    let brand = |n, code: &str, name: &str, family| Brand {
        id: BrandId::new(uuid(n)),
        code: code.parse().unwrap(),
        name: name.to_owned(),
        family_friendly: family,
        aliases: vec![],
        retired: false,
    };
    let account = |id: &str, name: &str, currency: &str| Account {
        id: id.parse().unwrap(),
        name: name.to_owned(),
        currency: currency.parse().unwrap(),
        timezone: "Europe/Berlin".to_owned(),
    };
    let channel = Channel {
        id: ChannelId::new(uuid(30)),
        code: "META".parse().unwrap(),
        name: "Meta feeds".to_owned(),
        platform: PlatformId::Meta,
        accounts: vec![
            account("act_2044", "Acme DE", "EUR"),
            account("act_2045", "Acme US", "USD"),
        ],
        aliases: vec![],
        retired: false,
    };
    let campaign = |n: u128, brand: u128, market: u128, name: &str, title: &str, tickets: &[(Status, u64)]| {
        let (codes, label) = name.rsplit_once('_').unwrap();
        let mut codes = codes.split('_');
        CampaignRow {
            brand: codes.next().unwrap().to_owned(),
            market: codes.next().unwrap().to_owned(),
            name: name.to_owned(),
            tickets: tickets.to_vec(),
            campaign: seen(
                5,
                Campaign {
                    id: CampaignId::new(uuid(n)),
                    brand: BrandId::new(uuid(brand)),
                    market: MarketId::new(uuid(market)),
                    year: 2026,
                    label: label.parse().unwrap(),
                    title: title.to_owned(),
                    budget: Some(Money::parse("90000", "EUR".parse().unwrap()).unwrap()),
                    flight: Some(Flight {
                        start: "2026-12-01".parse().unwrap(),
                        end: Some("2026-12-24".parse().unwrap()),
                    }),
                    retired: false,
                    created_at: noon(),
                },
            ),
        }
    };
    Governance {
        markets: vec![
            seen(3, market(1, "DE", "Germany", &["DE"], "EMEA", "Europe/Berlin")),
            seen(9, gb),
            seen(2, market(2, "US", "United States", &["US"], "AMER", "America/New_York")),
            seen(1, old),
        ],
        brands: vec![
            seen(1, brand(20, "ACM", "Acme Outdoor", false)),
            seen(4, brand(21, "KID", "Kite Toys", true)),
        ],
        channels: vec![seen(7, channel)],
        campaigns: vec![
            campaign(
                50,
                20,
                1,
                "ACM_DE_2026_SpringSale",
                "Spring sale",
                &[
                    (Status::Draft, 4),
                    (Status::QaFailed, 3),
                    (Status::TraffickedSuccess, 41),
                ],
            ),
            campaign(51, 21, 3, "KID_GB_2026_KiteWeek", "Kite week", &[(Status::Failed, 2)]),
            campaign(52, 20, 2, "ACM_US_2026_FallDrop", "Fall drop", &[]),
        ],
        at: Seq(48_060),
    }
}

pub fn world() -> World {
    World {
        role: Role::Admin,
        governance: house(),
        ..World::default()
    }
}

fn console(script: &str) -> Driver {
    let mut d = Driver::new(world(), 120, 36);
    d.keys(script);
    d
}

fn done(d: &Driver) -> Vec<CommandKind> {
    d.client.world.lock().unwrap().done.clone()
}

#[rstest]
#[case::markets("4", "markets")]
#[case::accounts("4 l l l", "accounts")]
#[case::campaigns("3", "campaigns")]
#[case::form("3 a", "campaign_form")]
fn looks(#[case] script: &str, #[case] name: &str) {
    for (width, height) in [(80, 24), (120, 36), (200, 50)] {
        let mut d = Driver::new(world(), width, height);
        d.keys(script);
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), d.screen());
    }
}

#[rstest]
#[case::mono(Depth::Mono)]
#[case::sixteen(Depth::Ansi16)]
#[case::colour(Depth::Indexed)]
fn the_selected_row_is_seen_in_any_depth(#[case] depth: Depth) {
    let options = TuiOptions {
        theme: ThemeName::House,
        color: depth,
        ..TuiOptions::default()
    };
    for keys in ["3", "4"] {
        let mut d = Driver::with(world(), 80, 24, options.clone());
        d.keys(keys);
        let buffer = d.buffer();
        let y = (0..24).find(|y| buffer[(1, *y)].symbol() == "›").unwrap();
        let (row, other) = (buffer[(10, y)].clone(), buffer[(10, y + 1)].clone());
        assert!(
            row.modifier != other.modifier || row.bg != other.bg,
            "{keys}: the bar over the selected row"
        );
    }
}

#[test]
fn brand_market_channel_and_campaign_are_made_by_keyboard() {
    let world = World {
        role: Role::Admin,
        ..World::default()
    };
    let mut d = Driver::new(world, 120, 36);
    d.keys("3");
    assert!(d.sees("4 adds those first"), "{}", d.screen());
    d.keys("4 a \"de\" Tab \"Germany\" Tab \"de,at\" Tab Tab \"berlin\" Tab \"1000\" Ctrl-s");
    assert!(d.sees("market DE is saved"), "{}", d.screen());
    d.keys("l a \"DIS\" Tab \"Distant\" Tab Space Ctrl-s");
    d.keys("l a \"META\" Tab \"Feeds\" Tab \"meta\" Tab \"act_7\" Tab \"Seven\" Tab \"eur\" Tab \"berlin\" Ctrl-s");
    d.keys("l");
    assert!(d.sees("act_7") && d.sees("Europe/Berlin"), "{}", d.screen());
    d.keys("3 a");
    assert!(
        d.sees("DIS_DE_2026_???"),
        "the only brand and market are chosen: {}",
        d.screen()
    );
    d.keys("Tab Tab Tab \"Moana\" Space \"launch\"");
    assert!(d.sees("DIS_DE_2026_MoanaLaunch"), "{}", d.screen());
    d.keys("Tab \"500\" Tab Tab \"+3d\" Tab \"+1w\" Ctrl-s");
    assert!(d.sees("campaign MoanaLaunch is saved"), "{}", d.screen());
    let done = done(&d);
    let [
        CommandKind::MarketCreate(market),
        CommandKind::BrandCreate(brand),
        CommandKind::ChannelCreate(channel),
        CommandKind::CampaignCreate(campaign),
    ] = &done[..]
    else {
        panic!("{done:?}")
    };
    assert_eq!(market.code.as_str(), "DE");
    assert_eq!(market.countries, ["AT", "DE"]);
    assert_eq!(market.timezone, "Europe/Berlin");
    assert_eq!(market.daily_cap.unwrap().to_string(), "USD 1,000.00");
    assert!(brand.family_friendly);
    assert_eq!(channel.accounts[0].id.as_str(), "act_7");
    assert_eq!(channel.accounts[0].currency.code(), "EUR");
    assert_eq!((campaign.brand, campaign.market), (brand.id, market.id));
    assert_eq!(campaign.budget.unwrap().to_string(), "EUR 500.00");
    assert_eq!(campaign.flight.unwrap().start.to_string(), "2026-11-23");
}

#[rstest]
#[case::no_code("4 a Ctrl-s", "a code is needed")]
#[case::bad_code("4 a \"D-E\" Ctrl-s", "may hold only A-Z")]
#[case::no_country("4 a \"DE\" Tab \"G\" Ctrl-s", "at least one country")]
#[case::no_brand("3 a Ctrl-s", "choose a row")]
#[case::end_without_start(
    "3 a \"acm\" Tab \"germ\" Tab Tab \"X\" Tab Tab Tab Tab \"+3d\" Ctrl-s",
    "needs a first day"
)]
#[case::account_twice(
    "4 l l l a Tab \"act_2044\" Tab \"A\" Tab \"EUR\" Ctrl-s",
    "has this account already"
)]
fn what_is_wrong_stands_at_its_field(#[case] script: &str, #[case] words: &str) {
    let d = console(script);
    assert!(d.sees(words), "{}", d.screen());
    assert!(done(&d).is_empty());
}

#[test]
fn an_edit_sends_only_what_changed_and_the_version_seen() {
    let d = console("4 e Tab Ctrl-u \"Deutschland\" Ctrl-s");
    let done = done(&d);
    let [CommandKind::MarketUpdate { version, patch, .. }] = &done[..] else {
        panic!("{done:?}")
    };
    assert_eq!(*version, 3);
    assert_eq!(patch.name.as_deref(), Some("Deutschland"));
    let rest = crate::engine::api::MarketPatch {
        name: None,
        ..patch.clone()
    };
    assert_eq!(rest, crate::engine::api::MarketPatch::default());
}

#[test]
fn nothing_changed_sends_nothing() {
    let d = console("4 e Ctrl-s");
    assert!(d.sees("nothing was changed"));
    assert!(done(&d).is_empty());
}

#[test]
fn a_change_of_a_used_code_shows_what_it_touches_and_wants_the_old_code() {
    let mut d = console("1");
    d.client.world.lock().unwrap().impact = Impact {
        campaigns: 12,
        tickets: vec![(Status::TraffickedSuccess, 64)],
        lines: vec!["64 TRAFFICKED_SUCCESS: keep their names on the platform".to_owned()],
        refusal: None,
        at: Seq(48_112),
    };
    d.keys("4 e Ctrl-u \"GER\" Ctrl-s");
    for words in [
        "Change market DE to GER?",
        "12 campaigns refer to it",
        "64 TRAFFICKED_SUCCESS",
        "entry 48,112",
        "Type DE and Enter",
    ] {
        assert!(d.sees(words), "{words}: {}", d.screen());
    }
    d.keys("\"GER\" Enter");
    assert!(done(&d).is_empty(), "the new code is not the answer");
    d.keys("Ctrl-u \"DE\" Enter");
    assert!(matches!(&done(&d)[..], [CommandKind::MarketUpdate { patch, .. }] if patch.code.is_some()));
    assert!(d.sees("market DE is changed"), "{}", d.screen());
}

#[test]
fn no_leaves_the_form_as_it_was() {
    let mut d = console("1");
    d.client.world.lock().unwrap().impact.campaigns = 1;
    d.keys("4 e Ctrl-u \"GER\" Ctrl-s Esc");
    assert!(d.sees("( Save )") && d.sees("GER"), "{}", d.screen());
    d.keys("Ctrl-s");
    assert!(d.sees("Type DE and Enter"), "it can be handed in again");
}

#[test]
fn a_change_of_an_unused_code_is_saved_at_once() {
    let d = console("4 e Ctrl-u \"GER\" Ctrl-s");
    assert_eq!(done(&d).len(), 1);
}

#[rstest]
#[case::unused(None, "Delete market DE?", Some("delete"))]
#[case::in_use(Some(RefusalCode::InUse), "Retire market DE instead", Some("retire"))]
#[case::not_allowed(Some(RefusalCode::NotAllowed), "cannot be deleted: because", None)]
fn removing_asks_what_it_touches(
    #[case] code: Option<RefusalCode>,
    #[case] words: &str,
    #[case] outcome: Option<&str>,
) {
    let mut d = console("1");
    let refusal = code.map(|c| Refusal::new(c, Problem::whole("because", "")));
    d.client.world.lock().unwrap().impact.refusal = refusal;
    d.keys("4 D");
    assert!(d.sees(words), "{}", d.screen());
    d.keys("y");
    let done = done(&d);
    match outcome {
        Some("delete") => assert!(matches!(&done[..], [CommandKind::MarketDelete { version: 3, .. }])),
        Some(_) => assert!(
            matches!(&done[..], [CommandKind::MarketUpdate { patch, .. }] if patch.retired == Some(true)),
            "{done:?}"
        ),
        None => assert!(done.is_empty()),
    }
}

#[test]
fn a_change_by_somebody_else_keeps_what_was_typed() {
    let mut d = console("4 e Tab Ctrl-u \"Mine\"");
    {
        let mut world = d.client.world.lock().unwrap();
        let problem = Problem::whole("market DE changed since you looked", "look again");
        world.refuse = Some(Refusal::new(RefusalCode::Stale, problem));
        let seen = &mut world.governance.markets[0];
        seen.version = 4;
        seen.value.name = "Theirs".to_owned();
        seen.value.region = "DACH".to_owned();
    }
    d.keys("Ctrl-s");
    d.pass(200);
    for words in ["Mine", "now Theirs", "DACH", "changed elsewhere"] {
        assert!(d.sees(words), "{words}: {}", d.screen());
    }
    d.keys("Ctrl-s");
    let done = done(&d);
    let [CommandKind::MarketUpdate { version, patch, .. }] = &done[..] else {
        panic!("{done:?} {}", d.screen())
    };
    assert_eq!(
        (*version, patch.name.as_deref(), &patch.region),
        (4, Some("Mine"), &None)
    );
}

#[test]
fn an_open_form_follows_what_others_change() {
    let mut d = console("4 e");
    {
        let mut world = d.client.world.lock().unwrap();
        world.governance.markets[0].version = 4;
        world.governance.markets[0].value.name = "Theirs".to_owned();
    }
    d.send(crate::tui::app::Msg::Notice(Notice::Health));
    d.pass(200);
    assert!(d.sees("Theirs") && d.sees("changed elsewhere"), "{}", d.screen());
}

/// A draft was begun on the name as it was; then somebody else changed it.
#[test]
fn a_draft_overwrites_another_persons_change_only_after_it_was_said() {
    let console = |house: Governance| {
        let options = TuiOptions {
            state: Some("kept by the test".into()),
            ..TuiOptions::default()
        };
        let world = World {
            governance: house,
            role: Role::Admin,
            ..World::default()
        };
        Driver::with(world, 120, 36, options)
    };
    let mut before = console(house());
    before.keys("4 e Tab Ctrl-u \"Mine\"");
    before.pass(1000);
    let mut changed = house();
    changed.markets[0].version = 4;
    changed.markets[0].value.name = "Theirs".to_owned();
    let mut d = console(changed);
    let left = before.drafts.values().map(|text| Draft::parse(text).unwrap()).collect();
    draft::found(&mut d.model, left);
    d.keys("4 e Enter");
    assert!(
        d.sees("Mine") && d.sees("now Theirs, changed elsewhere"),
        "{}",
        d.screen()
    );
    d.keys("Ctrl-s");
    assert!(done(&d).is_empty(), "{}", d.screen());
    assert!(d.sees("submitting again writes"), "{}", d.screen());
    d.keys("Ctrl-s");
    let done = done(&d);
    assert!(
        matches!(&done[..], [CommandKind::MarketUpdate { version: 4, patch, .. }] if patch.name.as_deref() == Some("Mine")),
        "{done:?}"
    );
}

#[test]
fn governing_asks_for_the_role() {
    let mut d = Driver::new(
        World {
            governance: house(),
            ..World::default()
        },
        120,
        36,
    );
    d.keys("4 a");
    assert!(d.sees("asks for the role admin; yours is trafficker"), "{}", d.screen());
    d.keys("Esc 3 a");
    assert!(d.sees("New campaign"), "campaigns are a trafficker's: {}", d.screen());
}

#[test]
fn what_names_are_made_of_is_locked_once_tickets_have_them() {
    let d = console("3 e");
    assert!(
        d.sees("›Name"),
        "brand, market and year cannot be reached: {}",
        d.screen()
    );
    let d = console("3 G e");
    assert!(d.sees("›Brand"), "{}", d.screen());
}

#[test]
fn a_name_that_is_taken_says_so_while_it_is_typed() {
    let d = console("3 a \"acm\" Tab \"germ\" Tab Tab \"spring\" Space \"sale\"");
    assert!(d.sees("ACM_DE_2026_SpringSale   taken already"), "{}", d.screen());
}

#[rstest]
#[case::campaign("3 Enter", "campaign:ACM_DE_2026_SpringSale")]
#[case::campaign_of_a_renamed_market("3 j Enter", "campaign:00000000-0000-0000-0000-000000000033")]
#[case::account("4 l l l Enter", "account:act_2044")]
#[case::channel("4 l l Enter", "channel:META")]
fn enter_shows_what_is_below(#[case] script: &str, #[case] filter: &str) {
    let d = console(script);
    assert_eq!(d.model.screen, crate::tui::screens::ScreenId::Tickets);
    assert_eq!(d.model.screens.tickets.filter.as_str(), filter);
}

#[test]
fn a_market_leads_to_its_campaigns() {
    let d = console("4 Enter");
    assert!(
        d.sees("ACM_DE_2026_SpringSale") && !d.sees("KID_GB_2026_KiteWeek"),
        "{}",
        d.screen()
    );
}

#[rstest]
#[case::word("kite", &["KID_GB_2026_KiteWeek"])]
#[case::brand("brand:acm", &["ACM_DE_2026_SpringSale", "ACM_US_2026_FallDrop"])]
#[case::not("brand:acm !fall", &["ACM_DE_2026_SpringSale"])]
fn campaigns_are_found(#[case] filter: &str, #[case] names: &[&str]) {
    let mut d = console("3 /");
    for part in filter.split(' ') {
        d.keys(&format!("\"{part}\" Space"));
    }
    d.keys("Enter");
    let rows = d.model.screens.campaigns.rows(d.model.screens.facts.governance.get());
    let found: Vec<&str> = rows.iter().map(|r| r.name.as_str()).collect();
    assert_eq!(found, names);
}

#[rstest]
#[case::name("campaign:ACM_DE_2026_SpringSale", true)]
#[case::last_part("campaign:springsale", true)]
#[case::id("campaign:00000000-0000-0000-0000-000000000001", true)]
#[case::another("campaign:ACM_DE_2026_Spring", false)]
#[case::with_channel("campaign:ACM_DE_META_2026_SpringSale", false)]
fn tickets_are_found_by_campaign(#[case] filter: &str, #[case] fits: bool) {
    let card = card(1042, Status::Draft, "ACM_DE_META_2026_SpringSale");
    assert_eq!(Filter::parse(filter).unwrap().matches(&card), fits);
}

#[test]
fn only_platforms_the_engine_speaks_to_are_offered() {
    let d = console("4 l l a Tab Tab");
    let names = d.screen();
    assert!(names.contains("meta") && !names.contains("tiktok"), "{names}");
}

#[test]
fn the_lists_of_an_open_form_follow_what_the_engine_has() {
    let mut d = console("3 a Tab Tab Tab \"typed\" Shift-Tab Shift-Tab Shift-Tab");
    d.client.world.lock().unwrap().governance.brands.push(Seen {
        version: 1,
        value: Brand {
            id: BrandId::new(uuid(77)),
            code: "NEW".parse().unwrap(),
            name: "Newcomer".to_owned(),
            family_friendly: false,
            aliases: vec![],
            retired: false,
        },
    });
    let mut event = crate::tui::testkit::event(61);
    event.subject.noun = crate::engine::model::event::Noun::Brand;
    d.send(crate::tui::app::Msg::Notice(Notice::Event(std::sync::Arc::new(event))));
    d.pass(200);
    d.keys("\"newc\" Enter");
    assert!(d.sees("NEW  Newcomer") && d.sees("typed"), "{}", d.screen());
}

#[test]
fn the_accounts_of_a_channel_are_checked_and_told_in_a_text() {
    let mut d = console("4 c");
    assert!(!asked_to_check(&d), "a market is known to no platform");
    let mut report = crate::engine::api::AccountReport::new(PlatformId::Meta, "act_2044".parse().unwrap());
    report.fact("status", "closed");
    report.problems.push(Problem::whole(
        "the account is closed",
        "clear it in Meta's account settings",
    ));
    d.client.world.lock().unwrap().reports.push(report);
    d.keys("l l c");
    assert!(asked_to_check(&d));
    for words in [
        "act_2044 cannot be used",
        "the account is closed",
        "What to do",
        "status: closed",
    ] {
        assert!(d.sees(words), "{words}: {}", d.screen());
    }
    d.keys("Esc");
    assert!(!d.sees("What the accounts say"), "{}", d.screen());
}

fn asked_to_check(d: &Driver) -> bool {
    let world = d.client.world.lock().unwrap();
    let mut asked = world.asked.iter();
    asked.any(|r| matches!(r, crate::engine::api::Request::CheckChannel { account: None, .. }))
}
