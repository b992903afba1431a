//! The house's rules against a small platform: every rule fires on what it is for, and on nothing else.

mod fields;
mod hostile;
mod rules;
mod safety;
mod spend;

use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::engine::{
    decide::testkit::{account, trafficker},
    model::{
        ids::{BrandId, CampaignId, ChannelId, MarketId, TicketId, TicketNo},
        json::CanonicalJson,
        money::{Budget, BudgetKind, Money},
        platform::PlatformId,
        ticket::{Priority, Severity, Status},
        time::{Flight, Timestamp},
    },
};

/// A platform with every shape of field.
fn catalogue() -> Catalogue {
    toml::from_str(
        r#"
        version = "v1"
        checked = "2026-01-01"
        [[objects]]
        kind = "campaign"
        section = "campaign"
        word = "Campaign"
        name_max = 400
        fields = [
            { path = "objective", title = "Objective", type = "choice", required = "always", values = ["TRAFFIC", "SALES"], help = "choose what it is for", source = "test" },
            { path = "budget_level", title = "Budget level", type = "choice", values = ["campaign", "ad_set"], help = "-", source = "test" },
            { path = "special_country", title = "Special country", type = "country_list", help = "-", source = "test" },
        ]
        [[objects]]
        kind = "ad_set"
        section = "ad_set"
        word = "Ad set"
        name_max = 400
        fields = [
            { path = "bid_amount", title = "Bid", type = "amount", min = 1, max = 50, help = "-", source = "test" },
            { path = "pixel_id", title = "Pixel", type = "id", required = { when = { field = "campaign.objective", any_of = ["SALES"] } }, help = "choose the pixel", source = "test" },
            { path = "targeting.geo_locations.countries", title = "Countries", type = "country_list", help = "-", source = "test" },
            { path = "targeting.geo_locations.cities", title = "Cities", type = "object_list", help = "-", source = "test" },
            { path = "targeting.geo_locations.country_groups", title = "Groups", type = "text_list", help = "-", source = "test" },
            { path = "targeting.excluded_geo_locations.countries", title = "Excluded", type = "country_list", help = "-", source = "test" },
            { path = "targeting.age_min", title = "Youngest", type = "integer", min = 13, max = 65, help = "-", source = "test" },
            { path = "targeting.genders", title = "Genders", type = "integer_list", help = "-", source = "test" },
            { path = "targeting.interests", title = "Interests", type = "named_id_list", help = "-", source = "test" },
            { path = "targeting.flexible_spec", title = "Detailed targeting", type = "object_list", max = 3, help = "-", source = "test" },
            { path = "targeting.exclusions", title = "Exclusions", type = "object", help = "-", source = "test" },
            { path = "placements", title = "Placements", type = "choices", values = ["feed", "story"], help = "-", source = "test" },
            { path = "advantage", title = "Advantage", type = "bool", help = "-", source = "test" },
            { path = "tags", title = "Tags", type = "text_list", help = "-", source = "test" },
        ]
        [[objects]]
        kind = "creative"
        section = "creative"
        word = "Creative"
        name_max = 100
        fields = [
            { path = "message", title = "Text", type = "text", max = 20, help = "-", source = "test" },
            { path = "link", title = "Link", type = "url", required = { unless = { any_set = ["creative.post_id"] } }, help = "where a click leads", source = "test" },
            { path = "post_id", title = "Post", type = "id", help = "-", source = "test" },
        ]
        "#,
    )
    .unwrap()
}

struct Case {
    ticket: Ticket,
    campaign: Campaign,
    brand: Brand,
    market: Market,
    channel: Channel,
    codes: Codes,
    catalogue: Catalogue,
    problems: Vec<Problem>,
    policy: Policy,
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn money(amount: &str, currency: &str) -> Money {
    Money::parse(amount, currency.parse().unwrap()).unwrap()
}

impl Case {
    /// A ticket QA has nothing to say about.
    fn clean() -> Self {
        let id = Uuid::from_u128;
        let brand = Brand {
            id: BrandId::new(id(1)),
            code: "DIS".parse().unwrap(),
            name: "Distant Isle Studios".to_owned(),
            family_friendly: true,
            aliases: Vec::new(),
            retired: false,
        };
        let market = Market {
            id: MarketId::new(id(2)),
            code: "US".parse().unwrap(),
            name: "United States".to_owned(),
            countries: vec!["PR".to_owned(), "US".to_owned()],
            region: String::new(),
            timezone: "America/New_York".to_owned(),
            daily_cap: None,
            aliases: Vec::new(),
            retired: false,
        };
        let channel = Channel {
            id: ChannelId::new(id(3)),
            code: "META".parse().unwrap(),
            name: "Meta".to_owned(),
            platform: PlatformId::Meta,
            accounts: vec![account("act_1").unwrap()],
            aliases: Vec::new(),
            retired: false,
        };
        let flight = Some(Flight {
            start: day("2026-03-01"),
            end: Some(day("2026-03-31")),
        });
        let campaign = Campaign {
            id: CampaignId::new(id(4)),
            brand: brand.id,
            market: market.id,
            year: 2026,
            label: "MoanaLaunch".parse().unwrap(),
            title: "Moana launch".to_owned(),
            budget: None,
            flight,
            retired: false,
            created_at: Timestamp::default(),
        };
        let payload = json!({
            "campaign": {"objective": "TRAFFIC", "budget_level": "campaign"},
            "ad_set": {"targeting": {
                "geo_locations": {"countries": ["US"]},
                "age_min": 18,
                "interests": [{"id": "6003139266461", "name": "Movies"}],
            }},
            "creative": {"message": "Set sail", "link": "https://isle.example/moana"},
        });
        let ticket = Ticket {
            id: TicketId::new(id(5)),
            no: TicketNo(1001),
            campaign: campaign.id,
            channel: channel.id,
            platform: PlatformId::Meta,
            account: "act_1".parse().unwrap(),
            name: "DIS_US_META_2026_MoanaLaunch".to_owned(),
            request: RequestType::Create,
            target: None,
            status: Status::QaTesting,
            priority: Priority::Normal,
            budget: Some(Budget {
                kind: BudgetKind::Daily,
                money: money("1200", "USD"),
            }),
            flight,
            payload: CanonicalJson::new(&payload),
            notes: String::new(),
            assignee: String::new(),
            created_by: trafficker(),
            created_at: Timestamp::default(),
            updated_by: trafficker(),
            updated_at: Timestamp::default(),
            qa: None,
            deploy: None,
            created: Vec::new(),
            live_budget: None,
            failure: None,
            cloned_from: None,
            review: crate::engine::model::approval::Review::default(),
        };
        Self {
            codes: Codes::of([&brand], [&market], [&channel]),
            ticket,
            campaign,
            brand,
            market,
            channel,
            catalogue: catalogue(),
            problems: Vec::new(),
            policy: Policy::default(),
        }
    }

    /// The same with one payload value set.
    fn with(path: &str, value: Value) -> Self {
        let mut case = Self::clean();
        case.set(path, value);
        case
    }

    fn set(&mut self, path: &str, value: Value) {
        let Value::Object(mut root) = self.ticket.payload.value() else {
            panic!("the payload is an object")
        };
        crate::engine::model::catalogue::set_path(&mut root, path, value);
        self.ticket.payload = CanonicalJson::new(&Value::Object(root));
    }

    fn findings(&self) -> Vec<Finding> {
        self.findings_by(rules_in_force())
    }

    fn findings_by(&self, rules: &RuleSet) -> Vec<Finding> {
        let facts = Facts {
            campaign: &self.campaign,
            brand: &self.brand,
            market: &self.market,
            channel: &self.channel,
            codes: &self.codes,
            catalogue: &self.catalogue,
            lost_files: &[],
            platform: &self.problems,
            house: &HouseRules::default(),
            policy: &self.policy,
            today: day("2026-02-01"),
        };
        run(&self.ticket, &facts, rules)
    }

    /// `rule field: message (remedy)` of every finding.
    fn lines(&self) -> Vec<String> {
        let line = |f: Finding| format!("{} {}: {} ({})", f.rule, f.field, f.message, f.remedy);
        self.findings().into_iter().map(line).collect()
    }

    /// `rule field` of every finding.
    fn marks(&self) -> Vec<String> {
        self.findings()
            .iter()
            .map(|f| format!("{} {}", f.rule, f.field))
            .collect()
    }
}

#[test]
fn a_clean_ticket_has_no_findings() {
    assert_eq!(Case::clean().lines(), Vec::<String>::new());
}

#[test]
fn everything_at_once_errors_first_and_the_same_every_time() {
    let mut case = Case::clean();
    case.ticket.flight = Some(Flight {
        start: day("2026-01-01"),
        end: None,
    });
    case.ticket.budget = None;
    case.set("creative.message", json!("Beer and guns"));
    case.set("ad_set.targeting.geo_locations.countries", json!(["FR", "xx"]));
    case.set("campaign.unheard_of", json!(true));
    insta::assert_snapshot!(case.lines().join("\n"));
    assert_eq!(case.findings(), case.findings());
}
