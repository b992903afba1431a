//! From a ticket in words to a ticket the engine takes: codes become ids, amounts get the account's currency, the
//! payload is laid over what the form would start with.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{
    payload,
    text::{AmountText, BudgetText, TicketText},
};
use crate::{
    cli::{
        gather::{Gather, amount},
        governed,
    },
    engine::{
        api::{Governance, NewTicket, starting_payload},
        model::{
            catalogue::Catalogue,
            governance::Channel,
            ids::{TicketId, TicketNo},
            json::CanonicalJson,
            money::{Budget, BudgetKind, Currency},
            platform::PlatformId,
            refusal::Problem,
            ticket::{Priority, RequestType},
        },
    },
};

/// The fields of every platform a ticket may be for.
pub type Catalogues = BTreeMap<PlatformId, Catalogue>;

/// Turns words into a ticket, or says everything that is wrong with them.
pub fn resolve(
    text: &TicketText,
    id: TicketId,
    governance: &Governance,
    catalogues: &Catalogues,
) -> Result<NewTicket, Vec<Problem>> {
    let mut g = Gather::default();
    let campaign = g.take("campaign", governed::campaign(governance, &text.campaign));
    let channel = g.take("channel", governed::channel(governance, &text.channel));
    let request = g
        .parse_opt("request", text.request.as_deref())
        .unwrap_or(RequestType::Create);
    let priority = g
        .parse_opt("priority", text.priority.as_deref())
        .unwrap_or(Priority::Normal);
    let account_id = g.parse_opt("account", text.account.as_deref());
    let account = channel.and_then(|c| {
        let (found, problem) = match (&account_id, c.value.accounts.as_slice()) {
            (Some(id), _) => (c.value.account(id), unknown_account(&c.value, id.as_str())),
            // One account needs no choice; between several nothing is guessed.
            (None, [only]) => (Some(only), no_account(&c.value)),
            (None, _) => (None, no_account(&c.value)),
        };
        if found.is_none() {
            g.add(problem);
        }
        found
    });
    let budget = text
        .budget
        .as_ref()
        .and_then(|b| budget(&mut g, b, account.map(|a| a.currency)));
    let flight = text.flight.as_ref();
    let flight = g.flight(
        flight.map(|f| f.start.0.as_str()),
        flight.and_then(|f| f.end.as_ref()).map(|d| d.0.as_str()),
    );
    let mut problems = Vec::new();
    let fields = channel
        .and_then(|c| catalogues.get(&c.value.platform))
        .map(|catalogue| fields(text, request, catalogue, &mut problems))
        .unwrap_or_default();
    for p in problems {
        g.add(p);
    }
    let (Some(campaign), Some(channel), true) = (campaign, channel, g.is_clean()) else {
        return Err(g.into_problems());
    };
    Ok(NewTicket {
        id,
        campaign: campaign.campaign.value.id,
        channel: channel.value.id,
        account: account_id,
        request,
        target: text.target.map(TicketNo),
        budget,
        flight,
        payload: CanonicalJson::new(&Value::Object(fields)),
        notes: text.notes.clone(),
        assignee: text.assignee.clone(),
        priority,
    })
}

fn fields(
    text: &TicketText,
    request: RequestType,
    catalogue: &Catalogue,
    problems: &mut Vec<Problem>,
) -> Map<String, Value> {
    // Only a new object starts from defaults: a change request sends what it says and nothing else.
    let mut fields = match starting_payload(catalogue).value() {
        Value::Object(start) if request == RequestType::Create => start,
        _ => Map::new(),
    };
    payload::overlay(&mut fields, text.payload.clone());
    payload::set(&mut fields, catalogue, &text.set, problems);
    fields
}

fn unknown_account(channel: &Channel, id: &str) -> Problem {
    Problem::at(
        "account",
        format!("\"{id}\" is not an account of channel {}", channel.code),
        known_accounts(channel),
    )
}

fn no_account(channel: &Channel) -> Problem {
    let reason = format!(
        "channel {} has {} accounts; name one",
        channel.code,
        channel.accounts.len()
    );
    Problem::at("account", reason, known_accounts(channel))
}

fn known_accounts(channel: &Channel) -> String {
    let known: Vec<_> = channel.accounts.iter().map(|a| a.id.as_str()).collect();
    if known.is_empty() {
        "the channel has no accounts yet: add one with `channel update`".to_owned()
    } else {
        format!("known: {}", known.join(", "))
    }
}

/// A budget in the account's currency.
pub fn budget(g: &mut Gather, text: &BudgetText, currency: Option<Currency>) -> Option<Budget> {
    let (kind, field, AmountText(text)) = match (&text.daily, &text.lifetime) {
        (Some(daily), None) => (BudgetKind::Daily, "budget.daily", daily),
        (None, Some(lifetime)) => (BudgetKind::Lifetime, "budget.lifetime", lifetime),
        (None, None) => {
            g.add(Problem::at("budget", "names no amount", "give daily or lifetime"));
            return None;
        }
        (Some(_), Some(_)) => {
            g.add(Problem::at(
                "budget",
                "is daily and lifetime at once",
                "a platform takes one of them",
            ));
            return None;
        }
    };
    // Without an account there is no currency to read the amount in, and that is a problem already told.
    let currency = currency?;
    g.take(field, amount(text, currency))
        .map(|money| Budget { kind, money })
}
