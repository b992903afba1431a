//! Pre-flight QA: what a ticket would get wrong on its platform or in the house, before anything is sent.
//!
//! Why before every deploy: a platform finds one error per attempt, hours later and in its own words; some errors it
//! never finds (a wrong market, alcohol on a family brand).
//!
//! Invariants
//! - Pure: the same ticket, facts and rules give the same findings in the same order, errors first.
//! - Everything at once, each finding with rule, severity, field, message and remedy.
//! - Rules are data ([`rules`]); a rule set that cannot be read lets nothing pass.
//! - What QA says fits into a ticket's row, whatever it was given ([`BYTES_MAX`]).

mod basis;
mod fields;
mod files;
mod geo;
pub mod house;
pub mod rules;
mod safety;
mod spend;
mod words;

pub use basis::basis;
pub use rules::{RuleSet, rules_in_force, version_in_force};

use super::{
    model::{
        campaign::Campaign,
        catalogue::Catalogue,
        governance::{Account, Brand, Channel, Market},
        house_rule::HouseRules,
        json::Sha,
        path::FieldPath,
        platform::PlatformId,
        refusal::Problem,
        sanitise::excerpt,
        ticket::{Finding, RequestType, Ticket},
        time::Day,
    },
    policy::Policy,
    taxonomy::{self, Codes},
};
use rules::{Check, Rule};
use serde_json::Value;

/// Most bytes of text in one run's findings: they live in the ticket's row, and a record has 64 KiB for everything.
pub const BYTES_MAX: usize = 8 * 1024;
/// Longest value quoted in a message, in characters.
const QUOTE: usize = 60;

/// What QA judges a ticket by, besides the ticket and the rules. Gathered by the caller: QA looks nothing up.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The ticket's campaign.
    pub campaign: &'a Campaign,
    /// The campaign's brand.
    pub brand: &'a Brand,
    /// The campaign's market.
    pub market: &'a Market,
    /// The ticket's channel, with its accounts.
    pub channel: &'a Channel,
    /// Every registered code: what names are read against.
    pub codes: &'a Codes,
    /// The platform's fields.
    pub catalogue: &'a Catalogue,
    /// What the platform's own check of the job found ([`crate::platforms::Platform::check`]).
    pub platform: &'a [Problem],
    /// Files of the payload that the store does not have.
    pub lost_files: &'a [Sha],
    /// Rules the house wrote for itself.
    pub house: &'a HouseRules,
    /// Limits in force.
    pub policy: &'a Policy,
    /// The present day at the account.
    pub today: Day,
}

impl Facts<'_> {
    /// The ticket's account.
    fn account(&self, ticket: &Ticket) -> Option<&Account> {
        self.channel.account(&ticket.account)
    }
}

/// One thing a check found: where, and the values for the rule's words.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Hit {
    field: FieldPath,
    words: Vec<(&'static str, String)>,
}

impl Hit {
    fn at(field: impl Into<FieldPath>) -> Self {
        Self {
            field: field.into(),
            words: Vec::new(),
        }
    }

    /// A value for a placeholder.
    fn with(mut self, word: &'static str, value: impl ToString) -> Self {
        self.words.push((word, value.to_string()));
        self
    }
}

/// Judges a ticket. An empty answer, or one with warnings only, is a pass.
pub fn run(ticket: &Ticket, facts: &Facts<'_>, rules: &RuleSet) -> Vec<Finding> {
    let payload = ticket.payload.value();
    let fields = fields::judge(facts.catalogue, &payload);
    let mut findings = Vec::new();
    for rule in rules
        .rules
        .iter()
        .filter(|r| r.applies(ticket.platform, ticket.request))
    {
        let hits = match &rule.check {
            Check::NameParses => name(ticket, facts),
            Check::BlockedTerms { list, family_only } => {
                let meant = facts.brand.family_friendly || !family_only;
                match rules.list(list).filter(|_| meant) {
                    Some(list) => safety::blocked(&payload, ticket.platform, facts.brand, list, &rules.excluding),
                    None => Vec::new(),
                }
            }
            Check::Unnamed { keys, family_only } => {
                if facts.brand.family_friendly || !family_only {
                    safety::unnamed(&payload, facts.brand, keys, &rules.excluding)
                } else {
                    Vec::new()
                }
            }
            Check::BudgetPresent => spend::budget_present(ticket),
            Check::BudgetPositive => spend::budget_positive(ticket),
            Check::BudgetCurrency => spend::budget_currency(ticket, facts),
            Check::BudgetLimit { daily, lifetime } => spend::budget_limit(ticket, facts, *daily, *lifetime),
            Check::MarketCap => spend::market_cap(ticket, facts),
            Check::FlightPresent => spend::flight_present(ticket),
            Check::FlightOrder => spend::flight_order(ticket, facts),
            Check::FlightEnd => spend::flight_end(ticket, facts),
            Check::FlightStart => spend::flight_start(ticket, facts),
            Check::FieldsPresent => fields.missing.clone(),
            Check::FieldsKnown => fields.unknown.clone(),
            Check::FieldsShape => fields.shape.clone(),
            Check::FieldsChoice => fields.choice.clone(),
            Check::FieldsBounds => fields.bounds.clone(),
            Check::FilesFit => files::unfit(facts.catalogue, &payload),
            Check::FilesKept => files::lost(facts.catalogue, &payload, facts.lost_files),
            // Where the catalogue asks for the field already, one finding says it.
            Check::GeoPresent => {
                let mut hits = geo::present(&payload, facts, rules);
                hits.retain(|hit| !fields.missing.iter().any(|m| m.field == hit.field));
                hits
            }
            Check::GeoCountry => geo::country(&payload, facts),
            Check::GeoMarket => geo::market(&payload, facts, rules),
            Check::GeoPlaced => geo::placed(&payload, facts, rules),
            Check::Platform => platform(facts),
            Check::Unused => unused(ticket),
            Check::Closed => vec![Hit::at("")],
        };
        findings.extend(hits.into_iter().map(|hit| finding(rule, hit)));
    }
    let looked = house::Looked {
        ticket,
        brand: facts.brand,
        market: facts.market,
        channel: facts.channel,
    };
    findings.extend(facts.house.in_force().filter_map(|rule| house::judge(rule, &looked)));
    // Stable: inside a severity the rules' order and the payload's order stay.
    findings.sort_by_key(|f| std::cmp::Reverse(f.severity));
    bounded(findings)
}

/// Judges a payload by the platform's fields alone: what can be said before there is a ticket.
pub fn of_payload(platform: PlatformId, catalogue: &Catalogue, payload: &Value, rules: &RuleSet) -> Vec<Finding> {
    let fields = fields::judge(catalogue, payload);
    let mut findings = Vec::new();
    let meant = |r: &&Rule| r.applies(platform, RequestType::Create);
    for rule in rules.rules.iter().filter(meant) {
        let hits = match &rule.check {
            Check::FieldsPresent => fields.missing.clone(),
            Check::FieldsKnown => fields.unknown.clone(),
            Check::FieldsShape => fields.shape.clone(),
            Check::FieldsChoice => fields.choice.clone(),
            Check::FieldsBounds => fields.bounds.clone(),
            Check::FilesFit => files::unfit(catalogue, payload),
            _ => continue,
        };
        findings.extend(hits.into_iter().map(|hit| finding(rule, hit)));
    }
    findings.sort_by_key(|f| std::cmp::Reverse(f.severity));
    bounded(findings)
}

fn finding(rule: &Rule, hit: Hit) -> Finding {
    let field = hit.field.clone();
    let mut words = hit.words;
    words.push(("field", field.to_string()));
    Finding {
        rule: rule.id.clone(),
        severity: rule.severity,
        field,
        message: fill(&rule.message, &words),
        remedy: fill(&rule.remedy, &words),
    }
}

/// Puts values into a rule's words. One pass: a value that holds braces stays what it is.
fn fill(template: &str, words: &[(&'static str, String)]) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((word, tail)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        if let Some((_, value)) = words.iter().find(|(w, _)| *w == word) {
            out.push_str(value);
        }
        rest = tail;
    }
    out.push_str(rest);
    // Values were quoted short where they came from outside; lists of choices may be long.
    excerpt(&out, 400)
}

/// Keeps what fits, errors first, and says how much was left out: a ticket with a thousand faults is mended in rounds.
fn bounded(findings: Vec<Finding>) -> Vec<Finding> {
    let size = |f: &Finding| f.rule.len() + f.field.as_str().len() + f.message.len() + f.remedy.len();
    let mut room = BYTES_MAX;
    let mut kept = Vec::new();
    let mut findings = findings.into_iter();
    for finding in findings.by_ref() {
        let needs = size(&finding);
        if needs > room {
            let left = 1 + findings.len();
            kept.push(Finding {
                rule: "qa.more".to_owned(),
                severity: finding.severity,
                field: FieldPath::default(),
                message: format!("and {left} more findings"),
                remedy: "mend these first, then send the ticket to QA again".to_owned(),
            });
            break;
        }
        room -= needs;
        kept.push(finding);
    }
    kept
}

fn name(ticket: &Ticket, facts: &Facts<'_>) -> Vec<Hit> {
    let expected = taxonomy::Expected {
        brand: facts.brand.id,
        market: facts.market.id,
        channel: facts.channel.id,
        year: facts.campaign.year,
        label: &facts.campaign.label,
    };
    match taxonomy::check(&ticket.name, facts.codes, expected) {
        Ok(_) => Vec::new(),
        Err(why) => vec![
            Hit::at("name")
                .with("name", excerpt(&ticket.name, 120))
                .with("fix", why.remedy())
                .with("why", why),
        ],
    }
}

fn platform(facts: &Facts<'_>) -> Vec<Hit> {
    let hit = |p: &Problem| {
        Hit::at(p.field.clone().unwrap_or_default())
            .with("why", excerpt(&p.reason, 300))
            .with("fix", excerpt(&p.remedy, 300))
    };
    facts.platform.iter().map(hit).collect()
}

/// What a change request carries besides what it sends.
fn unused(ticket: &Ticket) -> Vec<Hit> {
    let sends_budget = matches!(ticket.request, RequestType::Create | RequestType::UpdateBudget);
    let sends_rest = ticket.request == RequestType::Create;
    let payload = ticket.payload.value();
    let empty = payload.as_object().is_none_or(serde_json::Map::is_empty);
    [
        ("budget", ticket.budget.is_some() && !sends_budget),
        ("flight", ticket.flight.is_some() && !sends_rest),
        ("payload", !empty && !sends_rest),
    ]
    .into_iter()
    .filter(|(_, unused)| *unused)
    .map(|(field, _)| Hit::at(field).with("request", ticket.request))
    .collect()
}

/// True when a key is one of the patterns: the word itself, or everything beginning with it where it ends in `*`.
fn matches_key(patterns: &[String], key: &str) -> bool {
    patterns.iter().any(|p| match p.strip_suffix('*') {
        Some(start) => key.starts_with(start),
        None => key == p,
    })
}

/// A value quoted in a message.
fn quote(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => format!("\"{}\"", excerpt(text, QUOTE)),
        other => excerpt(&other.to_string(), QUOTE),
    }
}

#[cfg(test)]
mod tests;
