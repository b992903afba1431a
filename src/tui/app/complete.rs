//! Words after a command in the palette, completed from what is known now: views, themes, tickets, statuses, codes.

use std::collections::BTreeSet;

use super::model::Model;
use crate::{
    engine::{
        api::{card::Card, filter::FIELDS},
        model::{
            platform::PlatformId,
            ticket::{Priority, RequestType, Status},
        },
    },
    tui::{
        bulk,
        command::{Command, finder},
        form::Choice,
        screens::tickets::views,
        theme::ThemeName,
    },
};

/// Most rows offered: more are found by typing.
const ROWS_MAX: usize = 200;
/// Where the executor may stand, as `state:` takes it.
const STATES: [&str; 4] = ["open", "failed", "unknown", "needs-operator"];

/// What may follow a command, given what was typed of it. The key of a row is the whole text after the command.
pub fn rows(model: &Model, record: &Command, typed: &str) -> Vec<Choice> {
    let mut all = match record.arg {
        Some("theme") => {
            let built_in = ThemeName::ALL.iter().map(|t| Choice::new(t.as_str(), t.as_str(), ""));
            let own = model.session.options.themes.iter();
            let own = own.map(|(name, _)| Choice::new(name.clone(), name, "a file of yours"));
            built_in.chain(own).collect()
        }
        Some("view") => views::options(model).into_iter().map(|(choice, _)| choice).collect(),
        Some("number") => cards(model)
            .map(|c| Choice::new(c.no.to_string(), &c.no.to_string(), &c.name))
            .collect(),
        Some("filter" | bulk::named::ARG) => return filter(model, typed),
        _ => Vec::new(),
    };
    let found = finder::rank(typed, all.iter().map(|c| (c.title.as_str(), c.detail.as_str())));
    let mut all: Vec<Option<Choice>> = all.drain(..).map(Some).collect();
    let rows = found.into_iter().filter_map(|i| all.get_mut(i)?.take());
    rows.take(ROWS_MAX).collect()
}

/// True when a row of these is the whole argument: Enter takes it. A filter is built word by word.
pub fn is_whole(record: &Command) -> bool {
    !matches!(record.arg, Some("filter" | bulk::named::ARG))
}

/// Tickets at hand: in the lists that were read, once each.
fn cards(model: &Model) -> impl Iterator<Item = &Card> {
    let board = model.screens.board.slot.get().into_iter().flatten();
    let all = model.screens.tickets.rows().iter().chain(board.flat_map(|c| &c.cards));
    let mut seen = BTreeSet::new();
    all.filter(move |c| seen.insert(c.no))
}

/// The last word of a filter: a field, or a field's value.
fn filter(model: &Model, typed: &str) -> Vec<Choice> {
    let (before, last) = typed.rsplit_once(' ').map_or(("", typed), |(b, l)| (b, l));
    let (not, last) = last.strip_prefix('!').map_or(("", last), |rest| ("!", rest));
    let start = if before.is_empty() {
        not.to_owned()
    } else {
        format!("{before} {not}")
    };
    let Some((field, value)) = last.split_once(':') else {
        let fits = FIELDS.iter().filter(|(word, _)| word.starts_with(&last.to_lowercase()));
        return fits
            .map(|(word, help)| Choice::new(format!("{start}{word}:"), &format!("{word}:"), help))
            .collect();
    };
    let value = value.to_lowercase();
    values(model, &field.to_lowercase())
        .into_iter()
        .filter(|(word, _)| word.to_lowercase().starts_with(&value))
        .take(ROWS_MAX)
        .map(|(word, help)| Choice::new(format!("{start}{field}:{word} "), &word, &help))
        .collect()
}

/// What a filter's field can be, with a word about it.
fn values(model: &Model, field: &str) -> Vec<(String, String)> {
    let plain = |words: Vec<&str>| -> Vec<(String, String)> {
        let word = |w: &str| (w.to_lowercase().replace('_', "-"), String::new());
        words.into_iter().map(word).collect()
    };
    let seen = |pick: &dyn Fn(&Card) -> Vec<String>| -> Vec<(String, String)> {
        let all: BTreeSet<String> = cards(model).flat_map(pick).filter(|w| !w.is_empty()).collect();
        all.into_iter().map(|w| (w, String::new())).collect()
    };
    let governed = model.screens.facts.governance.get();
    match field {
        "status" => plain(Status::ALL.iter().map(|s| s.as_str()).collect()),
        "request" => plain(RequestType::ALL.iter().map(|r| r.as_str()).collect()),
        "priority" => plain(Priority::ALL.iter().map(|p| p.as_str()).collect()),
        "platform" => plain(PlatformId::ALL.iter().map(|p| p.as_str()).collect()),
        "state" => plain(STATES.to_vec()),
        "owner" => seen(&|c| vec![c.assignee.to_string()]),
        "by" => seen(&|c| vec![c.updated_by.to_string()]),
        "rule" => seen(&|c| c.rules.iter().map(ToString::to_string).collect()),
        "no" => seen(&|c| vec![c.no.to_string()]),
        "market" => governed.map_or_else(
            || seen(&|c| vec![c.market.to_string()]),
            |g| {
                g.markets
                    .iter()
                    .map(|m| (m.value.code.to_string(), m.value.name.clone()))
                    .collect()
            },
        ),
        "brand" => governed.map_or_else(
            || seen(&|c| vec![c.brand.to_string()]),
            |g| {
                g.brands
                    .iter()
                    .map(|b| (b.value.code.to_string(), b.value.name.clone()))
                    .collect()
            },
        ),
        "channel" => governed.map_or_else(
            || seen(&|c| vec![c.channel.to_string()]),
            |g| {
                let all = g.channels.iter();
                all.map(|c| (c.value.code.to_string(), c.value.platform.to_string()))
                    .collect()
            },
        ),
        "campaign" => governed.map_or_else(Vec::new, |g| {
            let all = g.campaigns.iter();
            all.map(|c| (c.name.clone(), c.campaign.value.title.clone())).collect()
        }),
        "account" => seen(&|c| vec![c.account.to_string()]),
        _ => Vec::new(),
    }
}
