//! Everything a CREATE makes, as the operations of one atomic request.
//!
//! Invariants
//! - Made once or not at all: the request never asks for partial results.
//! - Parents come before their children; every temporary id is negative and used for one object only.
//! - The campaign says PAUSED, its budget says it is not shared, and the EU declaration is always there.
//! - Each operation knows the ticket's field it comes from, so that an error can point there.
//! - What is empty in a ticket (null, "", [], {}) is left out; `false` and `0` are not empty.

use serde_json::{Map, Value, json};

use super::{account::customer_id, countries, keywords, money, steps, time};
use crate::{
    engine::model::{
        catalogue::get_path,
        deploy::Job,
        money::{Budget, BudgetKind, Money},
        path::FieldPath,
        refusal::Problem,
        sanitise::excerpt,
        time::Flight,
    },
    platforms::common::{budget::counted, flight},
};

/// One operation of the request.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// The member of a `MutateOperation`, in snake case as error paths have it: `campaign_operation`.
    pub member: &'static str,
    /// What it creates.
    pub create: Value,
    /// The ticket's field it is made from.
    pub origin: FieldPath,
}

impl Operation {
    /// `{"campaignOperation": {"create": {..}}}`.
    pub fn to_json(&self) -> Value {
        let mut out = Map::new();
        out.insert(camel(self.member), json!({ "create": self.create }));
        Value::Object(out)
    }
}

/// `campaign_operation` as `campaignOperation`.
pub fn camel(snake: &str) -> String {
    let mut parts = snake.split('_');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut chars = part.chars();
        out.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        out.push_str(chars.as_str());
    }
    out
}

/// Temporary ids, unique over all kinds.
const BUDGET: i8 = -1;
const CAMPAIGN: i8 = -2;
const AD_GROUP: i8 = -3;

/// Reads a ticket's payload and gathers what is wrong with it.
struct Reader<'j> {
    job: &'j Job,
    payload: Value,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn get(&self, path: &str) -> Option<&Value> {
        get_path(&self.payload, path).filter(|v| match v {
            Value::Null => false,
            Value::String(s) => !s.trim().is_empty(),
            Value::Array(items) => !items.is_empty(),
            Value::Object(fields) => !fields.is_empty(),
            Value::Bool(_) | Value::Number(_) => true,
        })
    }

    fn text(&self, path: &str) -> Option<&str> {
        self.get(path).and_then(Value::as_str)
    }

    fn wrong(&mut self, at: FieldPath, reason: impl Into<String>, remedy: impl Into<String>) {
        self.problems.push(Problem::at(at, reason, remedy));
    }

    /// An amount in main units as micros, written as text because Google's numbers have 64 bits.
    fn amount(&mut self, path: &str) -> Option<Value> {
        let value = self.get(path)?.clone();
        let currency = self.job.account.currency;
        let micros = match &value {
            Value::String(text) => Money::parse(text, currency).and_then(|m| money::to_micros(&m)),
            other => Err(format!("{other} is not an amount written as text")),
        };
        match micros {
            Ok(micros) => Some(json!(micros.to_string())),
            Err(reason) => {
                let remedy = format!("write it in {currency}, in quotes: \"2.50\", not in micros");
                self.wrong(at(path), reason, remedy);
                None
            }
        }
    }

    fn number(&mut self, path: &str) -> Option<u32> {
        let value = self.get(path)?.clone();
        let number = value.as_u64().and_then(|n| u32::try_from(n).ok());
        if number.is_none() {
            self.wrong(
                at(path),
                format!("{value} is not a whole number"),
                "enter a whole number",
            );
        }
        number
    }

    /// The texts of a list, each with its place.
    fn list(&self, path: &str) -> Vec<(FieldPath, Value)> {
        let items = self.get(path).and_then(Value::as_array);
        let items = items.into_iter().flatten().cloned().enumerate();
        items.map(|(n, v)| (at(path).item(n), v)).collect()
    }
}

fn at(path: &str) -> FieldPath {
    FieldPath::new(format!("payload.{path}"))
}

/// The operations of a CREATE, in the order they are sent.
pub fn operations(job: &Job) -> Result<Vec<Operation>, Vec<Problem>> {
    let mut reader = Reader {
        job,
        payload: job.payload.value(),
        problems: Vec::new(),
    };
    let customer = format!("customers/{}", customer_id(&job.account.id));
    let mut out = Vec::new();
    let mut push = |member, create, origin| out.push(Operation { member, create, origin });

    let budget = budget(&mut reader, &customer);
    push("campaign_budget_operation", budget, "budget".into());
    let campaign = campaign(&mut reader, &customer);
    push("campaign_operation", campaign, "payload.campaign".into());
    let parent = format!("{customer}/campaigns/{CAMPAIGN}");
    for (origin, criterion, negative) in criteria(&mut reader) {
        let mut create = json!({ "campaign": parent });
        merge(&mut create, criterion);
        if negative {
            merge(&mut create, json!({ "negative": true }));
        }
        push("campaign_criterion_operation", create, origin);
    }
    let group = ad_group(&mut reader, &customer);
    push("ad_group_operation", group, "payload.ad_group".into());
    let parent = format!("{customer}/adGroups/{AD_GROUP}");
    let ad = ad(&mut reader);
    let create = json!({"adGroup": parent, "status": "ENABLED", "ad": ad});
    push("ad_group_ad_operation", create, "payload.ad".into());
    for (path, negative) in [("ad_group.keywords", false), ("ad_group.excluded_keywords", true)] {
        for (origin, written) in reader.list(path) {
            match keywords::parse(written.as_str().unwrap_or_default()) {
                Ok(keyword) => {
                    let mut create = json!({"adGroup": parent, "status": "ENABLED", "keyword": keyword});
                    if negative {
                        merge(&mut create, json!({ "negative": true }));
                    }
                    push("ad_group_criterion_operation", create, origin);
                }
                Err(why) => reader.wrong(
                    origin,
                    format!("the keyword {} {why}", excerpt(&written.to_string(), 90)),
                    "write shoes, \"trail shoes\" or [trail shoes]",
                ),
            }
        }
    }
    if reader.problems.is_empty() {
        Ok(out)
    } else {
        Err(reader.problems)
    }
}

fn merge(into: &mut Value, from: Value) {
    if let (Some(into), Value::Object(from)) = (into.as_object_mut(), from) {
        into.extend(from);
    }
}

/// The member of a budget that carries the amount.
pub const fn amount_name(kind: BudgetKind) -> &'static str {
    match kind {
        BudgetKind::Daily => "amountMicros",
        BudgetKind::Lifetime => "totalAmountMicros",
    }
}

/// A budget's amount in micros.
pub fn budget_micros(budget: Option<Budget>) -> Result<(BudgetKind, u64), Problem> {
    match counted(budget, "Google", money::to_micros)? {
        (_, 0) => Err(Problem::at("budget", "the budget is nothing", "enter a budget")),
        (budget, micros) => Ok((budget.kind, micros)),
    }
}

/// A budget of its own: unless said otherwise Google makes budgets shared, and a shared one stays so. It has no name:
/// Google gives it the campaign's.
fn budget(reader: &mut Reader<'_>, customer: &str) -> Value {
    let mut out = json!({
        "resourceName": format!("{customer}/campaignBudgets/{BUDGET}"),
        "deliveryMethod": "STANDARD",
        "explicitlyShared": false,
    });
    match budget_micros(reader.job.budget) {
        Ok((kind, micros)) => {
            let mut amount = Map::new();
            amount.insert(amount_name(kind).to_owned(), json!(micros.to_string()));
            if kind == BudgetKind::Lifetime {
                amount.insert("period".to_owned(), json!("CUSTOM_PERIOD"));
            }
            merge(&mut out, Value::Object(amount));
        }
        Err(problem) => reader.problems.push(problem),
    }
    out
}

fn campaign(reader: &mut Reader<'_>, customer: &str) -> Value {
    let mut out = json!({
        "resourceName": format!("{customer}/campaigns/{CAMPAIGN}"),
        "name": reader.job.name,
        "status": "PAUSED",
        "campaignBudget": format!("{customer}/campaignBudgets/{BUDGET}"),
    });
    for field in [
        "advertisingChannelType",
        "containsEuPoliticalAdvertising",
        "networkSettings",
        "geoTargetTypeSetting",
        "finalUrlSuffix",
        "trackingUrlTemplate",
    ] {
        let mut one = Map::new();
        one.extend(
            reader
                .get(&format!("campaign.{field}"))
                .map(|v| (field.to_owned(), v.clone())),
        );
        merge(&mut out, Value::Object(one));
    }
    let bidding = bidding(reader);
    merge(&mut out, bidding);
    match times(reader.job) {
        Ok((start, end)) => {
            merge(&mut out, json!({ "startDateTime": start }));
            if let Some(end) = end {
                merge(&mut out, json!({ "endDateTime": end }));
            }
        }
        Err(problem) => reader.problems.push(problem),
    }
    out
}

/// First and last second, in the account's zone.
pub fn times(job: &Job) -> Result<(String, Option<String>), Problem> {
    let Flight { start, end } = flight::of(job)?;
    Ok((time::day_start(start.date()), end.map(|e| time::day_end(e.date()))))
}

/// The one member of the bidding oneof; targets that do not belong to the strategy are left out.
fn bidding(reader: &mut Reader<'_>) -> Value {
    let strategy = reader.text("campaign.bidding.strategy").unwrap_or_default().to_owned();
    let amount = |reader: &mut Reader<'_>, name: &str, path: &str| {
        let value = reader.amount(path);
        let pairs = value.into_iter().map(|v| (name.to_owned(), v));
        pairs.collect::<Map<_, _>>()
    };
    let roas = |reader: &mut Reader<'_>| {
        let percent = reader.number("campaign.bidding.target_roas_percent");
        let pairs = percent
            .into_iter()
            .map(|p| ("targetRoas".to_owned(), json!(f64::from(p) / 100.0)));
        pairs.collect::<Map<_, _>>()
    };
    let (cpa, ceiling) = ("campaign.bidding.target_cpa", "campaign.bidding.cpc_ceiling");
    match strategy.as_str() {
        "MAXIMIZE_CONVERSIONS" => json!({"maximizeConversions": amount(reader, "targetCpaMicros", cpa)}),
        "TARGET_CPA" => json!({"targetCpa": amount(reader, "targetCpaMicros", cpa)}),
        "MAXIMIZE_CONVERSION_VALUE" => json!({"maximizeConversionValue": roas(reader)}),
        "TARGET_ROAS" => json!({"targetRoas": roas(reader)}),
        "TARGET_SPEND" => json!({"targetSpend": amount(reader, "cpcBidCeilingMicros", ceiling)}),
        "MANUAL_CPC" => json!({"manualCpc": {}}),
        "TARGET_IMPRESSION_SHARE" => {
            let mut share = amount(reader, "cpcBidCeilingMicros", ceiling);
            let location = reader.get("campaign.bidding.impression_share_location").cloned();
            share.extend(location.map(|l| ("location".to_owned(), l)));
            let percent = reader.number("campaign.bidding.impression_share_percent");
            share.extend(percent.map(|p| {
                let micros = u64::from(p) * 10_000;
                ("locationFractionMicros".to_owned(), json!(micros.to_string()))
            }));
            json!({ "targetImpressionShare": share })
        }
        other => {
            let reason = format!("\"{}\" is not a bidding strategy", excerpt(other, 40));
            reader.wrong(at("campaign.bidding.strategy"), reason, "choose one of the list");
            json!({})
        }
    }
}

/// Countries, places, excluded places and languages: origin, criterion, negative or not.
fn criteria(reader: &mut Reader<'_>) -> Vec<(FieldPath, Value, bool)> {
    let mut out = Vec::new();
    let location = |id: &str| json!({"location": {"geoTargetConstant": format!("geoTargetConstants/{id}")}});
    for (origin, country) in reader.list("campaign.locations.countries") {
        match country.as_str().and_then(countries::geo_target) {
            Some(id) => out.push((origin, location(&id.to_string()), false)),
            None => reader.wrong(
                origin,
                format!("{} is not a country", excerpt(&country.to_string(), 24)),
                "write two capital letters, such as US or DE",
            ),
        }
    }
    for (path, negative) in [
        ("campaign.locations.places", false),
        ("campaign.excluded_locations", true),
    ] {
        for (origin, place) in reader.list(path) {
            match id_of(place.get("id")) {
                Some(id) => out.push((origin, location(&id), negative)),
                None => reader.wrong(
                    origin,
                    "this place has no geo target id",
                    "write {\"id\": \"1003854\", \"name\": \"Berlin\", \"country\": \"DE\"}",
                ),
            }
        }
    }
    for (origin, language) in reader.list("campaign.languages") {
        match id_of(Some(&language)) {
            Some(id) => {
                let constant = format!("languageConstants/{id}");
                out.push((origin, json!({"language": {"languageConstant": constant}}), false));
            }
            None => reader.wrong(
                origin,
                format!("{} is not a language id", excerpt(&language.to_string(), 24)),
                "write its number, such as 1000 for English",
            ),
        }
    }
    out
}

/// Digits, as number or text.
fn id_of(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::Number(n) => n.as_u64()?.to_string(),
        Value::String(s) => s.trim().to_owned(),
        _ => return None,
    };
    let fits = (1..=19).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    fits.then_some(text)
}

fn ad_group(reader: &mut Reader<'_>, customer: &str) -> Value {
    let mut out = json!({
        "resourceName": format!("{customer}/adGroups/{AD_GROUP}"),
        "campaign": format!("{customer}/campaigns/{CAMPAIGN}"),
        "name": steps::ad_group_name(reader.job),
        "status": "ENABLED",
    });
    if let Some(kind) = reader.get("ad_group.type").cloned() {
        merge(&mut out, json!({ "type": kind }));
    }
    if let Some(bid) = reader.amount("ad_group.cpc_bid") {
        merge(&mut out, json!({ "cpcBidMicros": bid }));
    }
    out
}

/// The paths of the descriptions, in order.
pub const DESCRIPTIONS: [&str; 4] = [
    "ad.description1",
    "ad.description2",
    "ad.description3",
    "ad.description4",
];

fn ad(reader: &mut Reader<'_>) -> Value {
    let asset = |text: &Value| json!({ "text": text });
    let headlines: Vec<_> = reader.list("ad.headlines").iter().map(|(_, t)| asset(t)).collect();
    let descriptions: Vec<_> = DESCRIPTIONS.iter().filter_map(|p| reader.get(p)).map(asset).collect();
    let mut search = json!({"headlines": headlines, "descriptions": descriptions});
    for path in ["path1", "path2"] {
        if let Some(text) = reader.text(&format!("ad.{path}")) {
            let mut one = Map::new();
            one.insert(path.to_owned(), json!(text));
            merge(&mut search, Value::Object(one));
        }
    }
    let urls: Vec<_> = reader.text("ad.final_url").into_iter().collect();
    json!({"finalUrls": urls, "responsiveSearchAd": search})
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::platforms::google_ads::testing::{budget, job, set};

    fn made(job: &Job, member: &str) -> Vec<Value> {
        let all = operations(job).unwrap();
        all.into_iter()
            .filter(|o| o.member == member)
            .map(|o| o.create)
            .collect()
    }

    #[test]
    fn parents_come_first_and_each_temporary_id_is_used_once() {
        let all = operations(&job()).unwrap();
        let mut known = std::collections::BTreeSet::new();
        for operation in &all {
            for (key, value) in operation.create.as_object().unwrap() {
                let Some(name) = value.as_str().filter(|v| v.starts_with("customers/")) else {
                    continue;
                };
                assert!(name.starts_with("customers/1234567890/"), "{name}");
                if key == "resourceName" {
                    let temporary = name.rsplit('/').next().unwrap().to_owned();
                    assert!(temporary.starts_with('-') && known.insert(temporary), "{name}");
                } else {
                    assert!(
                        known.contains(name.rsplit('/').next().unwrap()),
                        "{name} before it is made"
                    );
                }
            }
        }
    }

    #[test]
    fn nothing_delivers_and_nothing_is_shared_by_default() {
        let campaign = &made(&job(), "campaign_operation")[0];
        assert_eq!(campaign["status"], "PAUSED");
        assert_eq!(campaign["startDateTime"], "2026-12-01 00:00:00");
        assert_eq!(campaign["endDateTime"], "2026-12-31 23:59:59");
        assert!(campaign.get("containsEuPoliticalAdvertising").is_some());
        let budget = &made(&job(), "campaign_budget_operation")[0];
        assert_eq!(budget["explicitlyShared"], false);
        assert_eq!(budget["amountMicros"], "1200000000");
        assert!(budget.get("period").is_none() && budget.get("name").is_none());
    }

    #[test]
    fn a_lifetime_budget_has_its_own_amount_and_period() {
        let mut job = job();
        job.budget = Some(budget(BudgetKind::Lifetime, "5000"));
        let budget = &made(&job, "campaign_budget_operation")[0];
        assert_eq!(
            (&budget["totalAmountMicros"], &budget["period"]),
            (&json!("5000000000"), &json!("CUSTOM_PERIOD"))
        );
        assert!(budget.get("amountMicros").is_none());
    }

    #[rstest]
    #[case("MAXIMIZE_CONVERSIONS", json!({"maximizeConversions": {"targetCpaMicros": "15000000"}}))]
    #[case("TARGET_CPA", json!({"targetCpa": {"targetCpaMicros": "15000000"}}))]
    #[case("MAXIMIZE_CONVERSION_VALUE", json!({"maximizeConversionValue": {"targetRoas": 3.5}}))]
    #[case("TARGET_ROAS", json!({"targetRoas": {"targetRoas": 3.5}}))]
    #[case("TARGET_SPEND", json!({"targetSpend": {"cpcBidCeilingMicros": "2000000"}}))]
    #[case("MANUAL_CPC", json!({"manualCpc": {}}))]
    #[case("TARGET_IMPRESSION_SHARE", json!({"targetImpressionShare": {"cpcBidCeilingMicros": "2000000",
        "location": "TOP_OF_PAGE", "locationFractionMicros": "800000"}}))]
    fn one_strategy_with_its_own_targets(#[case] strategy: &str, #[case] want: Value) {
        let mut job = job();
        for (path, value) in [
            ("strategy", json!(strategy)),
            ("target_cpa", json!("15")),
            ("target_roas_percent", json!(350)),
            ("cpc_ceiling", json!("2.00")),
            ("impression_share_location", json!("TOP_OF_PAGE")),
            ("impression_share_percent", json!(80)),
        ] {
            set(&mut job, &format!("campaign.bidding.{path}"), value);
        }
        let campaign = &made(&job, "campaign_operation")[0];
        for (key, value) in want.as_object().unwrap() {
            assert_eq!(&campaign[key], value);
        }
    }

    #[test]
    fn places_and_languages_become_criteria_with_their_origin() {
        let mut job = job();
        set(
            &mut job,
            "campaign.locations.places",
            json!([{"id": 1_003_854, "country": "DE"}]),
        );
        set(&mut job, "campaign.excluded_locations", json!([{"id": "1003855"}]));
        let all = operations(&job).unwrap();
        let of = |origin: &str| all.iter().find(|o| o.origin.as_str() == origin).unwrap().create.clone();
        assert_eq!(
            of("payload.campaign.locations.countries[0]")["location"]["geoTargetConstant"],
            "geoTargetConstants/2840"
        );
        assert!(of("payload.campaign.locations.places[0]").get("negative").is_none());
        assert_eq!(of("payload.campaign.excluded_locations[0]")["negative"], true);
        assert_eq!(
            of("payload.campaign.languages[0]")["language"]["languageConstant"],
            "languageConstants/1000"
        );
        assert_eq!(of("payload.ad_group.excluded_keywords[0]")["negative"], true);
    }

    #[rstest]
    #[case("campaign.locations.countries", json!(["UK"]), "payload.campaign.locations.countries[0]")]
    #[case("campaign.locations.places", json!([{"name": "Berlin"}]), "payload.campaign.locations.places[0]")]
    #[case("campaign.languages", json!(["en"]), "payload.campaign.languages[0]")]
    #[case("campaign.bidding.strategy", json!("LUCK"), "payload.campaign.bidding.strategy")]
    #[case("campaign.bidding.target_cpa", json!(15), "payload.campaign.bidding.target_cpa")]
    #[case("ad_group.cpc_bid", json!("1.005"), "payload.ad_group.cpc_bid")]
    #[case("ad_group.keywords", json!(["fine", "[open"]), "payload.ad_group.keywords[1]")]
    fn what_cannot_be_sent_is_told_with_its_field(#[case] path: &str, #[case] value: Value, #[case] want: &str) {
        let mut job = job();
        set(&mut job, path, value);
        let fields: Vec<_> = operations(&job)
            .unwrap_err()
            .into_iter()
            .filter_map(|p| p.field)
            .collect();
        assert_eq!(fields, [FieldPath::from(want)]);
    }
}
