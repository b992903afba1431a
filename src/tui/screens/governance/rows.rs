//! Governed values as rows: their columns and what stands in them.

use super::{
    find::Find,
    model::{List, RowId},
};
use crate::{
    engine::{
        api::{CampaignRow, Governance},
        model::{code::Code, ticket::Status},
    },
    tui::{
        theme::Role,
        ui::{grouped, table::Column, text::Line},
    },
};

/// A row of a list.
#[derive(Clone, Debug)]
pub struct Row {
    /// Which value.
    pub id: RowId,
    /// What people call it: its code, or the account's id.
    pub code: String,
    /// What stands in the columns.
    pub cells: Vec<Line>,
    /// Retired values are shown and cannot be used.
    pub retired: bool,
}

const MARKETS: &[Column] = &[
    Column::words("Code", 9, 0),
    Column::words("Name", 0, 0),
    Column::words("Countries", 14, 1),
    Column::words("Region", 8, 5),
    Column::words("Time zone", 19, 6),
    Column::number("Cap/day", 17, 3),
    Column::number("Campaigns", 9, 4),
    Column::number("Live", 5, 2),
];
const BRANDS: &[Column] = &[
    Column::words("Code", 9, 0),
    Column::words("Name", 0, 0),
    Column::words("Family", 6, 1),
    Column::words("Former codes", 16, 5),
    Column::number("Campaigns", 9, 3),
    Column::number("Live", 5, 2),
];
const CHANNELS: &[Column] = &[
    Column::words("Code", 9, 0),
    Column::words("Name", 0, 0),
    Column::words("Platform", 10, 1),
    Column::words("Former codes", 16, 5),
    Column::number("Accounts", 8, 2),
];
const ACCOUNTS: &[Column] = &[
    Column::words("Account", 22, 0),
    Column::words("Name", 0, 0),
    Column::words("Channel", 9, 1),
    Column::words("Platform", 10, 5),
    Column::words("Currency", 8, 2),
    Column::words("Time zone", 20, 4),
];

/// The columns of a list; the one without a width is the name.
pub const fn columns(list: List) -> &'static [Column] {
    match list {
        List::Markets => MARKETS,
        List::Brands => BRANDS,
        List::Channels => CHANNELS,
        List::Accounts => ACCOUNTS,
    }
}

/// The rows of a list that pass a filter.
pub fn rows(g: &Governance, list: List, find: &Find) -> Vec<Row> {
    let all: Vec<(Row, String)> = match list {
        List::Markets => markets(g),
        List::Brands => brands(g),
        List::Channels => channels(g),
        List::Accounts => accounts(g),
    };
    let fits = all.into_iter().filter(|(_, words)| find.fits(words, &[]));
    fits.map(|(row, _)| row).collect()
}

/// How many values a list has.
pub fn count(g: &Governance, list: List) -> usize {
    match list {
        List::Markets => g.markets.len(),
        List::Brands => g.brands.len(),
        List::Channels => g.channels.len(),
        List::Accounts => g.channels.iter().map(|c| c.value.accounts.len()).sum(),
    }
}

fn name(name: &str, retired: bool) -> Line {
    let line = Line::of(if retired { Role::Muted } else { Role::Text }, name.to_owned());
    if retired {
        return line.add(Role::Warn, "  retired");
    }
    line
}

fn code(code: &Code, retired: bool) -> Line {
    let role = if retired { Role::Muted } else { Role::Strong };
    Line::of(role, code.to_string())
}

fn muted(text: impl Into<String>) -> Line {
    Line::of(Role::Muted, text.into())
}

fn former(aliases: &[Code]) -> String {
    aliases.iter().map(Code::as_str).collect::<Vec<_>>().join(" ")
}

/// Campaigns and live tickets below a value.
fn usage<'g>(rows: impl Iterator<Item = &'g CampaignRow>) -> (Line, Line) {
    let (mut campaigns, mut live) = (0, 0);
    for row in rows {
        campaigns += 1;
        live += row
            .tickets
            .iter()
            .filter(|(s, _)| *s == Status::TraffickedSuccess)
            .map(|(_, n)| n)
            .sum::<u64>();
    }
    let show = |n: u64, role| {
        if n == 0 {
            Line::new()
        } else {
            Line::of(role, grouped(n))
        }
    };
    (show(campaigns, Role::Text), show(live, Role::Ok))
}

fn markets(g: &Governance) -> Vec<(Row, String)> {
    let row = |seen: &crate::engine::api::Seen<crate::engine::model::governance::Market>| {
        let m = &seen.value;
        let mine = g.campaigns.iter().filter(|c| c.campaign.value.market == m.id);
        let (campaigns, live) = usage(mine);
        let countries = m.countries.join(" ");
        let words = format!(
            "{} {} {countries} {} {} {}",
            m.code,
            m.name,
            m.region,
            m.timezone,
            former(&m.aliases)
        );
        let cells = vec![
            code(&m.code, m.retired),
            name(&m.name, m.retired),
            Line::of(Role::Text, countries),
            muted(&m.region),
            muted(&m.timezone),
            Line::of(Role::Text, m.daily_cap.map(|c| c.to_string()).unwrap_or_default()),
            campaigns,
            live,
        ];
        let row = Row {
            id: RowId::Market(m.id),
            code: m.code.to_string(),
            cells,
            retired: m.retired,
        };
        (row, words)
    };
    g.markets.iter().map(row).collect()
}

fn brands(g: &Governance) -> Vec<(Row, String)> {
    let row = |seen: &crate::engine::api::Seen<crate::engine::model::governance::Brand>| {
        let b = &seen.value;
        let mine = g.campaigns.iter().filter(|c| c.campaign.value.brand == b.id);
        let (campaigns, live) = usage(mine);
        let family = if b.family_friendly { "yes" } else { "no" };
        let words = format!("{} {} {}", b.code, b.name, former(&b.aliases));
        let cells = vec![
            code(&b.code, b.retired),
            name(&b.name, b.retired),
            Line::of(Role::Text, family),
            muted(former(&b.aliases)),
            campaigns,
            live,
        ];
        let row = Row {
            id: RowId::Brand(b.id),
            code: b.code.to_string(),
            cells,
            retired: b.retired,
        };
        (row, words)
    };
    g.brands.iter().map(row).collect()
}

fn channels(g: &Governance) -> Vec<(Row, String)> {
    let row = |seen: &crate::engine::api::Seen<crate::engine::model::governance::Channel>| {
        let c = &seen.value;
        let words = format!("{} {} {} {}", c.code, c.name, c.platform, former(&c.aliases));
        let cells = vec![
            code(&c.code, c.retired),
            name(&c.name, c.retired),
            Line::of(Role::Text, c.platform.as_str()),
            muted(former(&c.aliases)),
            Line::of(Role::Text, c.accounts.len().to_string()),
        ];
        let row = Row {
            id: RowId::Channel(c.id),
            code: c.code.to_string(),
            cells,
            retired: c.retired,
        };
        (row, words)
    };
    g.channels.iter().map(row).collect()
}

fn accounts(g: &Governance) -> Vec<(Row, String)> {
    let mut out = Vec::new();
    for channel in g.channels.iter().map(|c| &c.value) {
        for a in &channel.accounts {
            let words = format!(
                "{} {} {} {} {} {}",
                a.id, a.name, channel.code, channel.platform, a.currency, a.timezone
            );
            let cells = vec![
                Line::of(Role::Strong, a.id.to_string()),
                name(&a.name, channel.retired),
                Line::of(Role::Text, channel.code.to_string()),
                muted(channel.platform.as_str()),
                Line::of(Role::Text, a.currency.code()),
                muted(&a.timezone),
            ];
            let row = Row {
                id: RowId::Account(channel.id, a.id.clone()),
                code: a.id.to_string(),
                cells,
                retired: channel.retired,
            };
            out.push((row, words));
        }
    }
    out
}
