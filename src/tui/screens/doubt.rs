//! What looks wrong with a filter and may be right: a code that nobody governs finds nothing, and an empty list alone
//! does not say why. Only a doubt, because old tickets may carry what is not governed any more.

use super::{ScreenId, facts};
use crate::{
    engine::api::Governance,
    tui::app::{Effect, Model},
};

const fn has_codes(screen: ScreenId) -> bool {
    matches!(screen, ScreenId::Board | ScreenId::Tickets | ScreenId::Deploys)
}

/// Asks for the codes a filter is compared with.
pub fn look_up(model: &mut Model) -> Vec<Effect> {
    if has_codes(model.screen) {
        facts::ask_governance(model)
    } else {
        Vec::new()
    }
}

/// The codes of a filter's text that exist nowhere, if any: `no brand NOPE`.
pub fn about(model: &Model, text: &str) -> Option<String> {
    let known = model.screens.facts.governance.get()?;
    if !has_codes(model.screen) {
        return None;
    }
    let unknown: Vec<String> = text
        .split_whitespace()
        .filter_map(|term| term.trim_start_matches('!').split_once(':'))
        .filter(|(field, value)| !exists(known, &field.to_lowercase(), value))
        .map(|(field, value)| format!("no {} {value}", field.to_lowercase()))
        .collect();
    (!unknown.is_empty()).then(|| format!("there is {}", unknown.join(", ")))
}

/// True for every field that is not governed.
fn exists(known: &Governance, field: &str, value: &str) -> bool {
    let is = |code: &str| code.eq_ignore_ascii_case(value);
    match field {
        "brand" => known.brands.iter().any(|b| is(b.value.code.as_str())),
        "market" => known.markets.iter().any(|m| is(m.value.code.as_str())),
        "channel" => known.channels.iter().any(|c| is(c.value.code.as_str())),
        "account" => {
            let mut accounts = known.channels.iter().flat_map(|c| &c.value.accounts);
            accounts.any(|a| is(a.id.as_str()))
        }
        _ => true,
    }
}
