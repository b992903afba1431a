//! The house's rules against a small platform: every rule fires on what it is for, and on nothing else.

use rstest::rstest;
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
fn the_built_in_rules_are_whole() {
    let set = rules_in_force();
    assert_eq!(set.problems(), Vec::<String>::new());
    assert_eq!(set.title, "House rules");
    assert!(set.rules.iter().all(|r| r.check != Check::Closed));
    let used: Vec<_> = set
        .rules
        .iter()
        .filter_map(|r| match &r.check {
            Check::BlockedTerms { list, .. } => Some(list.as_str()),
            _ => None,
        })
        .collect();
    let there: Vec<_> = set.lists.iter().map(|l| l.id.as_str()).collect();
    assert_eq!(used, there, "a list no rule uses is a rule somebody thinks they have");
}

#[test]
fn a_rule_set_survives_json_and_bincode_and_a_change_is_a_new_version() {
    let set = rules_in_force();
    let json = serde_json::to_string(set).unwrap();
    assert_eq!(&serde_json::from_str::<RuleSet>(&json).unwrap(), set);
    let bytes = crate::engine::store::codec::to_payload(set).unwrap();
    let back: RuleSet = crate::engine::store::codec::from_payload(&bytes).unwrap();
    assert_eq!(back.version(), set.version());
    let mut other = set.clone();
    other.lists[0].terms.push("one more".to_owned());
    assert_ne!(other.version(), set.version());
}

#[rstest]
#[case("title = \"x\"\nrule = []", "would let everything pass")]
#[case(
    "title = \"x\"\n[[rule]]\nid = \"a\"\nseverity = \"error\"\ncheck = \"budget_present\"\nmessage = \"{nope}\"\nremedy = \"r\"",
    "uses {nope}"
)]
#[case(
    "title = \"x\"\n[[rule]]\nid = \"a\"\nseverity = \"error\"\ncheck = { blocked_terms = { list = \"l\", family_only = true } }\nmessage = \"m\"\nremedy = \"r\"",
    "the list l, which is not there"
)]
#[case("title = \"x\"\n[[rule]]\nid = \"a\"\nseverity = \"fatal\"", "fatal")]
fn a_faulty_rule_set_is_refused(#[case] text: &str, #[case] says: &str) {
    let err = RuleSet::from_toml(text).unwrap_err();
    assert!(err.contains(says), "{err}");
}

#[test]
fn rules_that_cannot_be_read_let_nothing_pass() {
    let findings = Case::clean().findings_by(&RuleSet::closed("line 3: {odd}"));
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].severity, Severity::Error);
    assert_eq!(findings[0].message, "the QA rules cannot be read: line 3: odd");
}

#[test]
fn a_clean_ticket_has_no_findings() {
    assert_eq!(Case::clean().lines(), Vec::<String>::new());
}

#[rstest]
#[case("ad_set.targeting.interests", json!([{"id": "1", "name": "Movies"}, {"id": "2", "name": "Craft Beer"}]),
    "brand_safety.alcohol payload.ad_set.targeting.interests[1]")]
#[case("ad_set.targeting.flexible_spec", json!([{"interests": [{"id": "1", "name": "Films"}, {"id": "2", "name": "Online Casinos"}]}]),
    "brand_safety.gambling payload.ad_set.targeting.flexible_spec[0].interests[1]")]
#[case("ad_set.targeting.interests", json!([{"id": "2", "name": "Speed dating"}]),
    "brand_safety.dating payload.ad_set.targeting.interests[0]")]
#[case("ad_set.tags", json!(["vaping"]), "brand_safety.tobacco payload.ad_set.tags[0]")]
#[case("creative.message", json!("Guns for all"), "brand_safety.weapons payload.creative.message")]
#[case("creative.message", json!("XXX"), "brand_safety.adult payload.creative.message")]
#[case("creative.message", json!("gore and more"), "brand_safety.violence payload.creative.message")]
#[case("creative.message", json!("CBD oil"), "brand_safety.drugs payload.creative.message")]
#[case("creative.link", json!("https://poker.example/"), "brand_safety.gambling payload.creative.link")]
fn a_family_brand_keeps_away_from(#[case] path: &str, #[case] value: Value, #[case] mark: &str) {
    let mut case = Case::with(path, value);
    assert_eq!(case.marks(), [mark]);
    case.brand.family_friendly = false;
    assert_eq!(case.marks(), Vec::<String>::new());
}

#[test]
fn naming_what_to_exclude_is_welcome() {
    let case = Case::with(
        "ad_set.targeting.exclusions",
        json!({"interests": [{"id": "2", "name": "Beer"}]}),
    );
    assert_eq!(case.marks(), Vec::<String>::new());
}

#[rstest]
#[case("ad_set.targeting.interests", json!([{"id": "7"}]), "payload.ad_set.targeting.interests[0]")]
#[case("ad_set.targeting.flexible_spec", json!([{"interests": ["7"]}]), "payload.ad_set.targeting.flexible_spec[0].interests[0]")]
#[case("ad_set.targeting.flexible_spec", json!([{"behaviors": [{"id": "7", "name": " "}]}]), "payload.ad_set.targeting.flexible_spec[0].behaviors[0]")]
fn what_has_no_name_cannot_be_judged(#[case] path: &str, #[case] value: Value, #[case] at: &str) {
    let mut case = Case::with(path, value);
    assert_eq!(case.marks(), [format!("brand_safety.unnamed {at}")]);
    case.brand.family_friendly = false;
    assert_eq!(case.marks(), Vec::<String>::new());
}

#[test]
fn blocked_ids_need_no_name() {
    let mut rules = rules_in_force().clone();
    let list = rules.lists.iter_mut().find(|l| l.id == "alcohol").unwrap();
    list.ids.push(super::rules::PlatformIds {
        platform: PlatformId::Meta,
        ids: vec!["6003000000001".to_owned()],
    });
    let case = Case::with(
        "ad_set.targeting.flexible_spec",
        json!([{"interests": [{"id": "6003000000001"}, {"id": 6_003_000_000_001_i64, "name": "x"}]}]),
    );
    let findings = case.findings_by(&rules);
    let blocked = findings.iter().filter(|f| f.rule == "brand_safety.alcohol");
    let fields: Vec<_> = blocked.map(|f| f.field.to_string()).collect();
    let at = "payload.ad_set.targeting.flexible_spec[0].interests";
    assert_eq!(fields, [format!("{at}[0].id"), format!("{at}[1]")]);
}

#[rstest]
#[case("USD", "100000", BudgetKind::Daily, &[])]
#[case("USD", "100000.01", BudgetKind::Daily, &["budget.limit budget.amount"])]
#[case("USD", "1000000", BudgetKind::Lifetime, &[])]
#[case("USD", "1000000.01", BudgetKind::Lifetime, &["budget.limit budget.amount"])]
#[case("USD", "0", BudgetKind::Daily, &["budget.zero budget.amount"])]
#[case("EUR", "10", BudgetKind::Daily, &["budget.currency budget.currency"])]
fn budgets(#[case] currency: &str, #[case] amount: &str, #[case] kind: BudgetKind, #[case] marks: &[&str]) {
    let mut case = Case::clean();
    case.ticket.budget = Some(Budget {
        kind,
        money: money(amount, currency),
    });
    assert_eq!(case.marks(), marks);
}

#[test]
fn a_limit_is_in_the_tickets_own_currency_and_says_so() {
    let mut case = Case::clean();
    case.channel.accounts[0].currency = "JPY".parse().unwrap();
    case.ticket.budget = Some(Budget {
        kind: BudgetKind::Daily,
        money: money("100001", "JPY"),
    });
    assert_eq!(
        case.lines(),
        [
            "budget.limit budget.amount: the daily budget JPY 100,001 is above the limit of JPY 100,000 (lower it to JPY 100,000 or less, or split it over several tickets)"
        ]
    );
}

#[test]
fn a_markets_cap_counts_in_its_own_currency_only() {
    let mut case = Case::clean();
    case.market.daily_cap = Some(money("1000", "USD"));
    assert_eq!(case.marks(), ["budget.market_cap budget.amount"]);
    case.market.daily_cap = Some(money("1000", "EUR"));
    assert_eq!(case.marks(), Vec::<String>::new());
}

#[rstest]
#[case("2026-03-01", Some("2026-02-28"), BudgetKind::Daily, &["flight.order flight.end"])]
#[case("2026-03-01", Some("2026-03-01"), BudgetKind::Daily, &[])]
#[case("2026-03-01", None, BudgetKind::Daily, &[])]
#[case("2026-03-01", None, BudgetKind::Lifetime, &["flight.end flight.end"])]
#[case("2026-01-31", None, BudgetKind::Daily, &["flight.past flight.start"])]
#[case("2026-02-01", None, BudgetKind::Daily, &[])]
fn flights(#[case] start: &str, #[case] end: Option<&str>, #[case] kind: BudgetKind, #[case] marks: &[&str]) {
    let mut case = Case::clean();
    case.ticket.flight = Some(Flight {
        start: day(start),
        end: end.map(day),
    });
    case.ticket.budget = case.ticket.budget.map(|b| Budget { kind, ..b });
    assert_eq!(case.marks(), marks);
}

#[test]
fn a_create_needs_budget_and_flight_and_a_pause_neither() {
    let mut case = Case::clean();
    case.ticket.budget = None;
    case.ticket.flight = None;
    assert_eq!(case.marks(), ["budget.required budget", "flight.required flight.start"]);
    case.ticket.request = RequestType::Pause;
    case.ticket.payload = CanonicalJson::default();
    assert_eq!(case.marks(), Vec::<String>::new());
}

#[test]
fn what_a_change_request_does_not_send_is_told() {
    let mut case = Case::clean();
    case.ticket.request = RequestType::UpdateBudget;
    assert_eq!(case.marks(), ["request.unused flight", "request.unused payload"]);
    assert!(case.findings().iter().all(|f| f.severity == Severity::Warning));
}

#[rstest]
#[case("ad_set.targeting.geo_locations.countries", json!([]), &["geo.required payload.ad_set.targeting.geo_locations.countries"])]
#[case("ad_set.targeting.geo_locations.countries", json!(["US", "PR"]), &[])]
#[case("ad_set.targeting.geo_locations.countries", json!(["US", "CA"]), &["geo.market payload.ad_set.targeting.geo_locations.countries[1]"])]
#[case("ad_set.targeting.geo_locations.countries", json!(["us"]), &["geo.country payload.ad_set.targeting.geo_locations.countries[0]"])]
#[case("ad_set.targeting.geo_locations.countries", json!(["UK"]), &["geo.country payload.ad_set.targeting.geo_locations.countries[0]"])]
#[case("ad_set.targeting.geo_locations.cities", json!([{"key": "1", "country": "FR"}]), &["geo.market payload.ad_set.targeting.geo_locations.cities[0]"])]
#[case("ad_set.targeting.geo_locations.cities", json!([{"key": "1", "name": "Springfield"}]), &["geo.unplaced payload.ad_set.targeting.geo_locations.cities[0]"])]
#[case("ad_set.targeting.geo_locations.cities", json!([{"key": "US:90210"}]), &[])]
#[case("ad_set.targeting.geo_locations", json!({"cities": [{"key": "1", "country": "US"}]}), &[])]
#[case("ad_set.targeting.geo_locations", json!({"cities": [{"key": "1"}]}), &["geo.required payload.ad_set.targeting.geo_locations.countries", "geo.unplaced payload.ad_set.targeting.geo_locations.cities[0]"])]
#[case("ad_set.targeting.geo_locations.country_groups", json!(["worldwide"]), &["geo.market payload.ad_set.targeting.geo_locations.country_groups[0]"])]
#[case("ad_set.targeting.excluded_geo_locations.countries", json!(["CA"]), &[])]
#[case("campaign.special_country", json!(["CA"]), &[])]
#[case("campaign.special_country", json!(["ca"]), &["geo.country payload.campaign.special_country[0]"])]
fn places(#[case] path: &str, #[case] value: Value, #[case] marks: &[&str]) {
    assert_eq!(Case::with(path, value).marks(), marks);
}

#[rstest]
#[case("campaign.objective", json!("trafic"), "payload.choice payload.campaign.objective: Objective: \"trafic\" is not one of the platform's choices (choose one of TRAFFIC)")]
#[case("campaign.objective", json!(""), "payload.required payload.campaign.objective: Objective is missing (choose what it is for)")]
#[case("campaign.objective", json!("SALES"), "payload.required payload.ad_set.pixel_id: Pixel is missing: it is needed while campaign.objective is SALES (choose the pixel)")]
#[case("creative.link", json!(null), "payload.required payload.creative.link: Link is missing, and so is creative.post_id (where a click leads)")]
#[case("creative.link", json!("javascript:alert(1)"), "payload.type payload.creative.link: Link: \"javascript:alert(1)\" is not a web address starting with https:// (write a web address starting with https://)")]
#[case("creative.mesage", json!("x"), "payload.unknown payload.creative.mesage: the platform has no field mesage here (write message, if that was meant)")]
#[case("campaign.age_min", json!(18), "payload.unknown payload.campaign.age_min: the platform has no field age_min here (it belongs to ad_set.targeting)")]
#[case("ad_set.targeting.zodiac", json!("leo"), "payload.unknown payload.ad_set.targeting.zodiac: the platform has no field zodiac here (take it out; known here: geo_locations, excluded_geo_locations, age_min, genders, interests, flexible_spec, exclusions)")]
#[case("adset", json!({}), "payload.unknown payload.adset: the platform has no field adset here (write ad_set, if that was meant)")]
#[case("ad_set.targeting.age_min", json!("18"), "payload.type payload.ad_set.targeting.age_min: Youngest: \"18\" is not a whole number without quotes (write a whole number without quotes)")]
#[case("ad_set.targeting.age_min", json!(18.5), "payload.type payload.ad_set.targeting.age_min: Youngest: 18.5 is not a whole number without quotes (write a whole number without quotes)")]
#[case("ad_set.targeting.age_min", json!(12), "payload.range payload.ad_set.targeting.age_min: Youngest: 12 is out of bounds (it must be 13 to 65)")]
#[case("ad_set.targeting.age_min", json!(u64::MAX), "payload.range payload.ad_set.targeting.age_min: Youngest: 18446744073709551615 is out of bounds (it must be 13 to 65)")]
#[case("ad_set.targeting.genders", json!([1, "2"]), "payload.type payload.ad_set.targeting.genders[1]: Genders: \"2\" is not a whole number without quotes (write a whole number without quotes)")]
#[case("ad_set.targeting.interests", json!([{"id": 7, "name": "x"}]), "payload.type payload.ad_set.targeting.interests[0]: Interests: {\"id\":7,\"name\":\"x\"} is not {\"id\": \"..\", \"name\": \"..\"} with the id's digits in quotes (write {\"id\": \"..\", \"name\": \"..\"} with the id's digits in quotes)")]
#[case("ad_set.targeting.flexible_spec", json!([{}, {}, {}, {}]), "payload.range payload.ad_set.targeting.flexible_spec: Detailed targeting: [{},{},{},{}] with 4 entries is out of bounds (it must be at most 3 entries)")]
#[case("ad_set.targeting.exclusions", json!([1]), "payload.type payload.ad_set.targeting.exclusions: Exclusions: [1] is not an object (write an object)")]
#[case("ad_set.placements", json!(["feed", "moon"]), "payload.choice payload.ad_set.placements[1]: Placements: \"moon\" is not one of the platform's choices (choose one of feed, story)")]
#[case("ad_set.advantage", json!("yes"), "payload.type payload.ad_set.advantage: Advantage: \"yes\" is not true or false without quotes (write true or false without quotes)")]
#[case("ad_set.bid_amount", json!("51"), "payload.range payload.ad_set.bid_amount: Bid: \"51\" is out of bounds (it must be 1 to 50)")]
#[case("ad_set.bid_amount", json!("1e1"), "payload.type payload.ad_set.bid_amount: Bid: \"1e1\" is not an amount in quotes, such as \"1200.00\" (write an amount in quotes, such as \"1200.00\")")]
#[case("ad_set.pixel_id", json!("12a"), "payload.type payload.ad_set.pixel_id: Pixel: \"12a\" is not an id: digits in quotes (write an id: digits in quotes)")]
#[case("creative.message", json!("twenty-one characters"), "payload.range payload.creative.message: Text: \"twenty-one characters\" with 21 characters is out of bounds (it must be at most 20 characters)")]
fn the_platforms_fields(#[case] path: &str, #[case] value: Value, #[case] line: &str) {
    assert_eq!(Case::with(path, value).lines(), [line]);
}

#[test]
fn a_section_is_an_object() {
    assert_eq!(
        Case::with("creative", json!("x")).marks(),
        [
            "payload.required payload.creative.link",
            "payload.type payload.creative"
        ]
    );
}

#[test]
fn a_dotted_key_is_no_path() {
    let mut case = Case::clean();
    let mut payload = case.ticket.payload.value();
    payload["ad_set"]["targeting.age_min"] = json!(18);
    case.ticket.payload = CanonicalJson::new(&payload);
    assert_eq!(case.marks(), ["payload.unknown payload.ad_set.targeting.age_min"]);
}

#[test]
fn a_platforms_own_problems_become_findings() {
    let mut case = Case::clean();
    case.problems = vec![
        Problem::at("budget", "below the platform's minimum", "raise it"),
        Problem::whole("the account {is} odd", ""),
    ];
    assert_eq!(
        case.lines(),
        [
            "platform.check budget: below the platform's minimum (raise it)",
            "platform.check : the account {is} odd ()"
        ]
    );
}

#[test]
fn a_name_must_be_its_campaigns() {
    let mut case = Case::clean();
    case.campaign.label = "Other".parse().unwrap();
    assert_eq!(
        case.lines(),
        [
            "taxonomy.name name: the name DIS_US_META_2026_MoanaLaunch is not valid: the name says label MoanaLaunch, its ticket says otherwise (the name belongs to another campaign or channel: write a new ticket there)"
        ]
    );
    let mut case = Case::clean();
    case.brand.aliases = vec![std::mem::replace(&mut case.brand.code, "DISTANT".parse().unwrap())];
    case.codes = Codes::of([&case.brand], [&case.market], [&case.channel]);
    assert_eq!(case.lines(), Vec::<String>::new(), "a former code still parses");
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

#[test]
fn what_qa_says_fits_into_a_row_and_says_what_it_left_out() {
    let mut case = Case::clean();
    let tags: Vec<String> = (0..500).map(|n| format!("beer number {n}")).collect();
    case.set("ad_set.tags", json!(tags));
    let findings = case.findings();
    let last = findings.last().unwrap();
    assert_eq!(last.rule, "qa.more");
    assert_eq!(last.severity, Severity::Error);
    assert_eq!(last.message, format!("and {} more findings", 501 - findings.len()));
    let bytes = serde_json::to_string(&findings).unwrap().len();
    assert!(bytes < 2 * BYTES_MAX, "{bytes}");
}

#[test]
fn nothing_from_a_payload_reaches_a_terminal_raw() {
    let mut case = Case::clean();
    case.set("creative.\u{1b}[2J", json!("x\u{1b}]0;beer\u{7}"));
    let text = case.lines().join("\n");
    assert!(
        !text.is_empty() && !text.contains('\u{1b}') && !text.contains('\u{7}'),
        "{text:?}"
    );
}

proptest::proptest! {
    /// Whatever is in a payload, QA answers, and answers the same twice.
    #[test]
    fn any_payload_gets_an_answer(payload in any_json()) {
        let mut case = Case::clean();
        case.ticket.payload = CanonicalJson::new(&payload);
        proptest::prop_assert_eq!(case.findings(), case.findings());
    }
}

fn any_json() -> impl proptest::strategy::Strategy<Value = Value> {
    use proptest::prelude::*;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(json!("Beer")),
    ];
    let key = proptest::sample::select(vec![
        "campaign",
        "ad_set",
        "creative",
        "targeting",
        "geo_locations",
        "countries",
        "interests",
        "objective",
        "id",
        "name",
        "a.b",
        "exclusions",
    ]);
    leaf.prop_recursive(5, 48, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::btree_map(key.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}
