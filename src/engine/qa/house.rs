//! The house's own rules on one ticket. Pure; used by a QA run and by the dry run of a rule that is not saved yet.

use rust_decimal::Decimal;
use serde_json::Value;

use crate::engine::model::{
    governance::{Brand, Channel, Market},
    house_rule::{Condition, Effect, HouseRules, PAYLOAD, RuleText, Test},
    json::{CanonicalJson, Sha},
    money::{Budget, BudgetKind},
    path::FieldPath,
    sanitise::excerpt,
    ticket::{Finding, Severity, Ticket},
};

/// In front of a rule's name in findings.
pub const PREFIX: &str = "house.";
/// Keys that hold a campaign's objective, by platform: Meta, TikTok, Google Ads.
const OBJECTIVES: [&str; 3] = ["objective", "objective_type", "advertising_channel_type"];
/// Longest value quoted, in characters.
const QUOTE: usize = 60;

/// What conditions look at.
#[derive(Clone, Copy, Debug)]
pub struct Looked<'a> {
    /// The ticket.
    pub ticket: &'a Ticket,
    /// Its campaign's brand.
    pub brand: &'a Brand,
    /// Its campaign's market.
    pub market: &'a Market,
    /// Its channel.
    pub channel: &'a Channel,
}

/// Version of everything QA judges by: the rules built in and those of the house. Without any of the latter it is the
/// former, so that a house that writes none keeps its verdicts.
pub fn version(built_in: Sha, house: &HouseRules) -> Sha {
    let texts: Vec<&RuleText> = house.in_force().collect();
    if texts.is_empty() {
        return built_in;
    }
    let value = serde_json::json!({ "built_in": built_in, "house": texts });
    CanonicalJson::new(&value).hash()
}

/// What one rule finds, if anything.
pub fn judge(rule: &RuleText, looked: &Looked<'_>) -> Option<Finding> {
    let payload = looked.ticket.payload.value();
    let mut at = FieldPath::default();
    for condition in &rule.when {
        let found = values(&condition.field, looked, &payload);
        let hit = holds(condition, &found)?;
        // The last condition on what can be edited is where to look.
        if let Some(path) = hit.filter(|p| !p.as_str().is_empty()) {
            at = path;
        }
    }
    let (severity, said) = match &rule.then {
        Effect::Block => (Severity::Error, rule.in_words()),
        Effect::Warn => (Severity::Warning, rule.in_words()),
        Effect::Require(condition) => {
            let found = values(&condition.field, looked, &payload);
            if holds(condition, &found).is_some() {
                return None;
            }
            at = path_of(&condition.field, &found);
            let now: Vec<&str> = found.iter().map(|(_, v)| v.as_str()).collect();
            let now = if now.is_empty() {
                "nothing".to_owned()
            } else {
                now.join(", ")
            };
            (
                Severity::Error,
                format!("{condition} is needed; it is {}", excerpt(&now, QUOTE)),
            )
        }
    };
    let or = |text: &str, other: String| if text.is_empty() { other } else { text.to_owned() };
    let advice = format!("change the ticket, or ask an admin about the rule {}", rule.name);
    Some(Finding {
        rule: format!("{PREFIX}{}", rule.name),
        severity,
        field: at,
        message: excerpt(&or(&rule.message, said), 400),
        remedy: or(&rule.remedy, advice),
    })
}

/// Where a person edits the field.
fn path_of(field: &str, found: &[(FieldPath, String)]) -> FieldPath {
    match found.first() {
        Some((path, _)) => path.clone(),
        None if field.starts_with(PAYLOAD) => field.into(),
        None => own_path(field),
    }
}

/// The form's field for one of the named ones; empty where it is not the ticket's to change.
fn own_path(field: &str) -> FieldPath {
    match field {
        "budget.daily" | "budget.lifetime" => "budget.amount".into(),
        "budget.currency" | "notes" | "assignee" | "priority" | "payload" => field.into(),
        "flight.days" => "flight.end".into(),
        _ => FieldPath::default(),
    }
}

/// Values of a field with where each stands; empty text is nothing.
fn values(field: &str, looked: &Looked<'_>, payload: &Value) -> Vec<(FieldPath, String)> {
    let Looked {
        ticket,
        brand,
        market,
        channel,
    } = looked;
    let codes = |code: &dyn ToString, former: Vec<String>| [vec![code.to_string()], former].concat();
    let former = |aliases: &[crate::engine::model::code::Code]| aliases.iter().map(ToString::to_string).collect();
    let budget = |kind| {
        ticket
            .budget
            .filter(|b| b.kind == kind)
            .map(|b: Budget| b.money.amount().to_string())
    };
    let own: Vec<String> = match field {
        "brand" => codes(&brand.code, former(&brand.aliases)),
        "brand.family" => vec![if brand.family_friendly { "yes" } else { "no" }.to_owned()],
        "market" => codes(&market.code, former(&market.aliases)),
        "market.country" => market.countries.clone(),
        "market.region" => vec![market.region.clone()],
        "channel" => codes(&channel.code, former(&channel.aliases)),
        "platform" => vec![ticket.platform.to_string()],
        "account" => vec![ticket.account.to_string()],
        "request" => vec![ticket.request.to_string()],
        "name" => vec![ticket.name.clone()],
        "notes" => vec![ticket.notes.clone()],
        "assignee" => vec![ticket.assignee.clone()],
        "priority" => vec![ticket.priority.as_str().to_owned()],
        "budget.daily" => budget(BudgetKind::Daily).into_iter().collect(),
        "budget.lifetime" => budget(BudgetKind::Lifetime).into_iter().collect(),
        "budget.currency" => ticket
            .budget
            .iter()
            .map(|b| b.money.currency().code().to_owned())
            .collect(),
        "flight.days" => flight_days(ticket).into_iter().collect(),
        "objective" => {
            let mut found = Vec::new();
            leaves(&FieldPath::new("payload"), payload, &mut found);
            let is = |path: &FieldPath| {
                path.as_str()
                    .rsplit('.')
                    .next()
                    .is_some_and(|key| OBJECTIVES.contains(&key))
            };
            found.retain(|(path, _)| is(path));
            return found;
        }
        "payload" => {
            let mut found = Vec::new();
            leaves(&FieldPath::new("payload"), payload, &mut found);
            return found;
        }
        _ => {
            let mut found = Vec::new();
            if let Some(inner) = field.strip_prefix(PAYLOAD)
                && let Some(value) = crate::engine::model::catalogue::get_path(payload, inner)
            {
                leaves(&field.into(), value, &mut found);
            }
            return found;
        }
    };
    let at = own_path(field);
    own.into_iter()
        .filter(|v| !v.is_empty())
        .map(|v| (at.clone(), v))
        .collect()
}

/// Days of the flight, both ends counted; nothing without a last day.
fn flight_days(ticket: &Ticket) -> Option<String> {
    let flight = ticket.flight?;
    let days = flight.end?.date().since(flight.start.date()).ok()?.get_days();
    Some((days + 1).to_string())
}

/// Every text, number and truth value below a value.
fn leaves(at: &FieldPath, value: &Value, out: &mut Vec<(FieldPath, String)>) {
    match value {
        Value::Object(fields) => {
            for (key, inner) in fields {
                leaves(&at.field(&excerpt(key, QUOTE)), inner, out);
            }
        }
        Value::Array(items) => {
            for (n, inner) in items.iter().enumerate() {
                leaves(&at.item(n), inner, out);
            }
        }
        Value::String(text) if !text.is_empty() => out.push((at.clone(), text.clone())),
        Value::Number(n) => out.push((at.clone(), n.to_string())),
        Value::Bool(b) => out.push((at.clone(), if *b { "yes" } else { "no" }.to_owned())),
        Value::String(_) | Value::Null => {}
    }
}

/// `None` = it does not hold; else where it was met, if that is at one place.
#[allow(
    clippy::option_option,
    reason = "held or not, and where: two questions with one answer"
)]
fn holds(condition: &Condition, found: &[(FieldPath, String)]) -> Option<Option<FieldPath>> {
    let any = |fits: &dyn Fn(&str, &str) -> bool| {
        found
            .iter()
            .find(|(_, have)| {
                let have = have.to_lowercase();
                condition.values.iter().any(|want| fits(&have, &want.to_lowercase()))
            })
            .map(|(path, _)| path.clone())
    };
    let number = |above: bool| {
        any(&|have, want| {
            let (Ok(have), Ok(want)) = (have.parse::<Decimal>(), want.parse::<Decimal>()) else {
                return false;
            };
            if above { have > want } else { have < want }
        })
    };
    let none = |met: Option<FieldPath>| met.is_none().then_some(None);
    match condition.test {
        Test::Is => any(&|have, want| have == want).map(Some),
        Test::IsNot => none(any(&|have, want| have == want)),
        Test::Contains => any(&|have, want| have.contains(want)).map(Some),
        Test::Lacks => none(any(&|have, want| have.contains(want))),
        Test::IsSet => found.first().map(|(path, _)| Some(path.clone())),
        Test::IsEmpty => found.is_empty().then_some(None),
        Test::Above => number(true).map(Some),
        Test::Below => number(false).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::engine::{decide::testkit::House, store::schema::keys};

    /// What a rule says of a Meta ticket of brand DIS (once called OLD, family-friendly) in market US for 500 USD a day.
    fn judged(when: &[&str], then: &str) -> Option<String> {
        let mut house = House::new().unwrap();
        let new = house.new_ticket();
        let id = new.id;
        let kind = crate::engine::decide::command::CommandKind::TicketCreate(new);
        house
            .world
            .run(&crate::engine::decide::testkit::trafficker(), kind)
            .unwrap();
        let (_, mut ticket) = house.world.ticket(id).unwrap();
        let (_, mut brand): (u64, Brand) = house.world.get(&keys::brand(house.brand)).unwrap();
        let (_, market): (u64, Market) = house.world.get(&keys::market(house.market)).unwrap();
        let (_, channel): (u64, Channel) = house.world.get(&keys::channel(house.channel)).unwrap();
        brand.aliases.push("OLD".parse().unwrap());
        brand.family_friendly = true;
        ticket.payload = CanonicalJson::new(&serde_json::json!({
            "campaign": {"objective": "OUTCOME_SALES"},
            "ad_set": {"interests": [{"id": "1", "name": "Casino nights"}], "bid": 250},
        }));
        let money = crate::engine::model::money::Money::parse("500", "USD".parse().unwrap()).unwrap();
        ticket.budget = Some(Budget {
            kind: BudgetKind::Daily,
            money,
        });
        ticket.notes = String::new();
        let rule = RuleText {
            name: "r".to_owned(),
            when: when.iter().map(|c| c.parse().unwrap()).collect(),
            then: match then {
                "block" => Effect::Block,
                "warn" => Effect::Warn,
                condition => Effect::Require(condition.parse().unwrap()),
            },
            message: String::new(),
            remedy: String::new(),
        };
        let looked = Looked {
            ticket: &ticket,
            brand: &brand,
            market: &market,
            channel: &channel,
        };
        judge(&rule, &looked).map(|f| format!("{:?} {} {}", f.severity, f.rule, f.field))
    }

    #[rstest]
    #[case::brand(&["brand is dis"], "block", Some("Error house.r "))]
    #[case::former_code(&["brand is OLD"], "block", Some("Error house.r "))]
    #[case::a_rename_does_not_escape(&["brand is-not OLD"], "block", None)]
    #[case::family(&["brand.family is yes"], "warn", Some("Warning house.r "))]
    #[case::all_must_hold(&["brand is DIS", "platform is tiktok"], "block", None)]
    #[case::one_value_is_enough(&["platform is tiktok, meta"], "block", Some("Error house.r "))]
    #[case::objective(&["objective is outcome_sales"], "block", Some("Error house.r payload.campaign.objective"))]
    #[case::anywhere(&["payload contains casino"], "block", Some("Error house.r payload.ad_set.interests[0].name"))]
    #[case::nowhere(&["payload lacks casino"], "block", None)]
    #[case::path(&["payload.ad_set.bid above 249.5"], "block", Some("Error house.r payload.ad_set.bid"))]
    #[case::path_at_the_limit(&["payload.ad_set.bid above 250"], "block", None)]
    #[case::no_such_path(&["payload.ad_set.cap is-empty"], "block", Some("Error house.r "))]
    #[case::no_number(&["notes below 5"], "block", None)]
    #[case::needed_and_there(&[], "budget.daily below 501", None)]
    #[case::needed_and_missing(&["market is US"], "notes is-set", Some("Error house.r notes"))]
    #[case::needed_and_too_much(&[], "budget.daily below 500", Some("Error house.r budget.amount"))]
    #[case::needed_at_a_path(&[], "payload.ad_set.cap is-set", Some("Error house.r payload.ad_set.cap"))]
    #[case::not_asked_for(&["market is DE"], "notes is-set", None)]
    fn a_rule_finds_what_it_says(#[case] when: &[&str], #[case] then: &str, #[case] expected: Option<&str>) {
        let expected = expected.map(|e| e.trim_end().to_owned());
        assert_eq!(judged(when, then).map(|f| f.trim_end().to_owned()), expected);
    }
}
