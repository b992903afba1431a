//! The agency of a run: one brand and market, three platforms, six accounts, and a few campaigns with a ticket for every
//! account.

use std::sync::Arc;

use omnitraffick::engine::{
    api::{ApiError, CommandKind, Done, EngineClient, NewTicket, Reply, Request, TicketView, starting_payload},
    decide::command::Command,
    model::{
        campaign::Campaign,
        code::Label,
        governance::{Account, Brand, Channel, Market},
        ids::{BrandId, CampaignId, ChannelId, MarketId, TicketId},
        json::CanonicalJson,
        money::{Budget, BudgetKind, Money},
        platform::{AccountId, PlatformId},
        ticket::{Priority, RequestType},
        time::Flight,
    },
};
use serde_json::{Value, json};

/// Platform, code, accounts.
const CHANNELS: [(PlatformId, &str, [&str; 2]); 3] = [
    (PlatformId::Meta, "META", ["act_1001", "act_1002"]),
    (
        PlatformId::Tiktok,
        "TIKTOK",
        ["7000000000000000001", "7000000000000000002"],
    ),
    (PlatformId::GoogleAds, "GADS", ["123-456-7890", "123-456-7891"]),
];

/// Carries a command out.
pub async fn act(client: &Arc<dyn EngineClient>, kind: CommandKind) -> Result<Done, ApiError> {
    let command = Command {
        id: client.command_id(),
        kind,
    };
    send(client, command).await
}

/// Sends a command, perhaps not for the first time.
pub async fn send(client: &Arc<dyn EngineClient>, command: Command) -> Result<Done, ApiError> {
    match client.request(Request::Do(Box::new(command))).await? {
        Reply::Done(done) => Ok(done),
        other => panic!("{other:?}"),
    }
}

/// A ticket as it is.
pub async fn view(client: &Arc<dyn EngineClient>, id: TicketId) -> Result<TicketView, ApiError> {
    match client.request(Request::Ticket(id)).await? {
        Reply::Ticket(view) => Ok(*view),
        other => panic!("{other:?}"),
    }
}

/// Sets the agency up and writes its tickets.
pub async fn found(client: &Arc<dyn EngineClient>, campaigns: usize) -> Vec<TicketId> {
    let (brand, market) = (BrandId::new(client.new_uuid()), MarketId::new(client.new_uuid()));
    let acme = Brand {
        id: brand,
        code: "ACM".parse().unwrap(),
        name: "Acme".into(),
        family_friendly: false,
        aliases: vec![],
        retired: false,
    };
    act(client, CommandKind::BrandCreate(acme)).await.unwrap();
    let us = Market {
        id: market,
        code: "US".parse().unwrap(),
        name: "United States".into(),
        countries: vec!["US".into()],
        region: "AMER".into(),
        timezone: "America/New_York".into(),
        daily_cap: None,
        aliases: vec![],
        retired: false,
    };
    act(client, CommandKind::MarketCreate(us)).await.unwrap();
    let mut places = Vec::new();
    for (platform, code, accounts) in CHANNELS {
        let id = ChannelId::new(client.new_uuid());
        let account = |id: &str| Account {
            id: id.parse().unwrap(),
            name: "Acme US".into(),
            currency: "USD".parse().unwrap(),
            timezone: "UTC".into(),
        };
        let channel = Channel {
            id,
            code: code.parse().unwrap(),
            name: code.into(),
            platform,
            accounts: accounts.map(account).to_vec(),
            aliases: vec![],
            retired: false,
        };
        act(client, CommandKind::ChannelCreate(channel)).await.unwrap();
        places.extend(accounts.map(|a| (platform, id, a.parse::<AccountId>().unwrap())));
    }
    let mut tickets = Vec::new();
    for n in 0..campaigns {
        let title = format!("Wave {n}");
        let campaign = Campaign {
            id: CampaignId::new(client.new_uuid()),
            brand,
            market,
            year: 2026,
            label: Label::from_words(&title).unwrap(),
            title,
            budget: None,
            flight: Some(flight()),
            retired: false,
            created_at: client.now(),
        };
        let id = campaign.id;
        act(client, CommandKind::CampaignCreate(campaign)).await.unwrap();
        for (platform, channel, account) in &places {
            let payload = payload(client, *platform, 0).await;
            let new = NewTicket {
                id: TicketId::new(client.new_uuid()),
                campaign: id,
                channel: *channel,
                account: Some(account.clone()),
                request: RequestType::Create,
                target: None,
                budget: Some(budget(120)),
                flight: None,
                payload,
                notes: String::new(),
                assignee: String::new(),
                priority: Priority::Normal,
            };
            tickets.push(new.id);
            act(client, CommandKind::TicketCreate(new)).await.unwrap();
        }
    }
    tickets
}

/// A payload that passes QA, in one of two wordings.
pub async fn payload(client: &Arc<dyn EngineClient>, platform: PlatformId, wording: u8) -> CanonicalJson {
    let Reply::Catalogue(c) = client.request(Request::Catalogue(platform)).await.unwrap() else {
        panic!("no catalogue")
    };
    let mut p: Value = starting_payload(&c).value();
    let words = if wording == 0 { "Out now" } else { "Out tomorrow" };
    match platform {
        PlatformId::Meta => {
            p["ad_set"]["targeting"]["geo_locations"]["countries"] = json!(["US"]);
            p["creative"]["object_story_spec"] = json!({
                "page_id": "111222333",
                "link_data": {
                    "link": "https://acme.example/launch",
                    "message": words,
                    "image_hash": "9fdba2b8a67f3d34b6a1c2e4d5f60718",
                    "call_to_action": {"type": "LEARN_MORE"},
                },
            });
        }
        PlatformId::Tiktok => {
            p["ad_group"]["locations"] = json!({"countries": ["US"]});
            for (field, value) in [
                ("identity_id", json!("7100000000000000009")),
                ("video_id", json!("v10033g50000abc")),
                ("image_ids", json!(["ad-site-i18n-sg/2026abc"])),
                ("ad_text", json!(words)),
                ("landing_page_url", json!("https://acme.example/launch")),
            ] {
                p["ad"][field] = value;
            }
        }
        PlatformId::GoogleAds => {
            p["campaign"]["locations"] = json!({"countries": ["US"]});
            p["ad_group"]["keywords"] = json!(["\"trail shoes\"", "[acme trail]"]);
            p["ad"] = json!({
                "final_url": "https://acme.example/launch",
                "headlines": ["Acme Trail", words, "Order Today"],
                "description1": "Made for the long way.",
                "description2": "Thirty days to return.",
            });
        }
    }
    CanonicalJson::new(&p)
}

/// A daily budget in whole dollars.
pub fn budget(dollars: u32) -> Budget {
    Budget {
        kind: BudgetKind::Daily,
        money: Money::parse(&format!("{dollars}.00"), "USD".parse().unwrap()).unwrap(),
    }
}

fn flight() -> Flight {
    Flight {
        start: "2026-12-01".parse().unwrap(),
        end: Some("2026-12-24".parse().unwrap()),
    }
}
