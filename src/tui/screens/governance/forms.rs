//! The fields of every governed value: what each takes and what it says while it has the focus.

use super::{edit::What, model::RowId};
use crate::{
    engine::{
        api::Governance,
        model::{
            campaign::Campaign,
            code::Label,
            governance::{Account, Brand, Channel, Market},
            ids::{BrandId, CampaignId, MarketId},
            money::{Currency, Money},
            platform::PlatformId,
            time::Day,
        },
    },
    tui::form::{Choice, Field, FieldKind, Form},
};

/// A form, filled.
#[derive(Debug)]
pub struct Filled {
    /// Over the border.
    pub title: String,
    /// What the submit row says.
    pub submit: &'static str,
    /// The fields.
    pub fields: Vec<Field>,
    /// The version the values are from; 0 for something new.
    pub version: u64,
}

/// Key of a campaign's line that shows its name while it is typed.
const PREVIEW: &str = "preview";
/// Longest name, as the engine takes it.
const NAME: usize = 80;

/// The form for something as it is now; `None` when it is gone. `platforms` are those the engine can speak to.
pub fn fill(what: &What, g: &Governance, platforms: &[PlatformId], today: Day) -> Option<Filled> {
    let new = |title: &str, fields| {
        Some(Filled {
            title: title.to_owned(),
            submit: "Create",
            fields,
            version: 0,
        })
    };
    let old = |title: String, fields, version| {
        Some(Filled {
            title,
            submit: "Save",
            fields,
            version,
        })
    };
    match what {
        What::NewMarket => new("New market", market(g, None)),
        What::NewBrand => new("New brand", brand(None)),
        What::NewChannel => new("New channel", channel(None, platforms)),
        What::NewAccount => new("New account", new_account(g)),
        What::NewCampaign => new("New campaign", campaign(g, None, today)),
        What::Row(RowId::Market(id)) => {
            let seen = g.markets.iter().find(|m| m.value.id == *id)?;
            let fields = market(g, Some(&seen.value));
            old(format!("Market {}", seen.value.code), fields, seen.version)
        }
        What::Row(RowId::Brand(id)) => {
            let seen = g.brands.iter().find(|b| b.value.id == *id)?;
            old(
                format!("Brand {}", seen.value.code),
                brand(Some(&seen.value)),
                seen.version,
            )
        }
        What::Row(RowId::Channel(id)) => {
            let seen = g.channels.iter().find(|c| c.value.id == *id)?;
            old(
                format!("Channel {}", seen.value.code),
                channel(Some(&seen.value), platforms),
                seen.version,
            )
        }
        What::Row(RowId::Account(id, account)) => {
            let seen = g.channels.iter().find(|c| c.value.id == *id)?;
            let found = seen.value.account(account)?;
            let mut fields = vec![Field::note("Channel", seen.value.code.as_str())];
            fields.extend(account_fields(Some(found)));
            old(format!("Account {account}"), fields, seen.version)
        }
        What::Campaign(id) => {
            let row = g.campaigns.iter().find(|c| c.campaign.value.id == *id)?;
            let fields = campaign(g, Some(*id), today);
            old(format!("Campaign {}", row.name), fields, row.campaign.version)
        }
    }
}

fn code(value: &str) -> Field {
    Field::text("code", "Code", 16, value)
        .help("Part of every platform name: 2 to 16 of A-Z, 0-9 and _, such as US or US_EN. A former code stays known.")
}

fn name(value: &str) -> Field {
    Field::text("name", "Name", NAME, value).help("The full name, for people.")
}

fn retired(value: bool) -> Field {
    Field::flag("retired", "Retired", value).help("Space turns it. A retired value stays readable and is not offered.")
}

fn timezone(key: &str, value: &str) -> Field {
    // The bundled database: the engine judges by the same one.
    let db = jiff::tz::TimeZoneDatabase::bundled();
    let zones = db
        .available()
        .map(|z| Choice::new(z.as_str(), z.as_str(), ""))
        .collect();
    Field::choice(key, "Time zone", zones, Some(value)).help("Type letters to find a zone, such as berlin.")
}

/// Currencies this house uses already, and the common ones.
fn currencies(g: &Governance, also: Option<Currency>) -> Vec<Choice> {
    let used = g.channels.iter().flat_map(|c| &c.value.accounts).map(|a| a.currency);
    let caps = g.markets.iter().filter_map(|m| m.value.daily_cap).map(|c| c.currency());
    let common = ["USD", "EUR", "GBP"].iter().filter_map(|c| c.parse().ok());
    let mut codes: Vec<&str> = Vec::new();
    for currency in also.into_iter().chain(used).chain(caps).chain(common) {
        if !codes.contains(&currency.code()) {
            codes.push(currency.code());
        }
    }
    codes.into_iter().map(|c| Choice::new(c, c, "")).collect()
}

/// An optional amount, and its currency from a list. The list is never empty, so the amount never waits.
fn money(g: &Governance, key: &str, label: &str, value: Option<Money>, help: &str) -> [Field; 2] {
    let options = currencies(g, value.map(|m| m.currency()));
    let first = options.first().map(|c| c.key.clone()).unwrap_or_default();
    let chosen = first.parse().ok();
    let currency_key = format!("{key}.currency");
    [
        Field::money(key, &format!("{label} amount"), chosen, value).help(help),
        Field::choice(&currency_key, "Currency", options, Some(&first)).help("The currency of the amount."),
    ]
}

fn market(g: &Governance, market: Option<&Market>) -> Vec<Field> {
    let text = |f: fn(&Market) -> &str| market.map_or("", f);
    let countries = market.map(|m| m.countries.join(", ")).unwrap_or_default();
    let mut fields = vec![
        code(text(|m| m.code.as_str())),
        name(text(|m| &m.name)),
        Field::text("countries", "Countries", 1000, &countries)
            .help("ISO codes that belong to it, such as DE, AT: targeting is checked against them. GB, not UK."),
        Field::text("region", "Region", 40, text(|m| &m.region))
            .help("A grouping for people, such as EMEA; may be empty."),
        timezone("timezone", market.map_or("UTC", |m| &m.timezone)),
    ];
    let help = "Highest daily budget of one ticket here; empty leaves the house's general limit.";
    fields.extend(money(
        g,
        "daily_cap",
        "Daily cap",
        market.and_then(|m| m.daily_cap),
        help,
    ));
    fields.extend(market.map(|m| retired(m.retired)));
    fields
}

fn brand(brand: Option<&Brand>) -> Vec<Field> {
    let text = |f: fn(&Brand) -> &str| brand.map_or("", f);
    let mut fields = vec![
        code(text(|b| b.code.as_str())),
        name(text(|b| &b.name)),
        Field::flag(
            "family_friendly",
            "Family-friendly",
            brand.is_some_and(|b| b.family_friendly),
        )
        .help("Space turns it. QA then refuses adult, alcohol, gambling and the like in its targeting."),
    ];
    fields.extend(brand.map(|b| retired(b.retired)));
    fields
}

fn channel(channel: Option<&Channel>, platforms: &[PlatformId]) -> Vec<Field> {
    let text = |f: fn(&Channel) -> &str| channel.map_or("", f);
    let mut fields = vec![code(text(|c| c.code.as_str())), name(text(|c| &c.name))];
    let Some(channel) = channel else {
        let platforms = platforms.iter().map(|p| Choice::new(p.as_str(), p.as_str(), ""));
        fields.push(
            Field::choice("platform", "Platform", platforms.collect(), None)
                .help("Which platform it stands for; fixed once the channel is there."),
        );
        fields.push(Field::note(
            "",
            "First account; leave its id empty to add accounts later.",
        ));
        fields.extend(account_fields(None));
        return fields;
    };
    fields.push(Field::note("Platform", channel.platform.as_str()));
    let accounts = format!("{} in the list Accounts", channel.accounts.len());
    fields.push(Field::note("Accounts", &accounts));
    fields.push(retired(channel.retired));
    fields
}

fn new_account(g: &Governance) -> Vec<Field> {
    let channels: Vec<Choice> = g
        .channels
        .iter()
        .filter(|c| !c.value.retired)
        .map(|c| Choice::new(c.value.id.to_string(), c.value.code.as_str(), &c.value.name))
        .collect();
    let only = match channels.as_slice() {
        [only] => Some(only.key.clone()),
        _ => None,
    };
    let mut fields = vec![
        Field::choice("channel", "Channel", channels, only.as_deref())
            .help("The channel it belongs to; an account belongs to one channel."),
    ];
    fields.extend(account_fields(None));
    fields
}

/// The id's key is `accounts`: problems with an account name it by its id, which is no field here.
fn account_fields(account: Option<&Account>) -> Vec<Field> {
    let text = |f: fn(&Account) -> &str| account.map_or("", f);
    vec![
        Field::text("accounts", "Account id", 64, text(|a| a.id.as_str()))
            .help("In the platform's own form, such as act_123 on Meta.")
            .locked(account.is_some()),
        Field::text("account.name", "Account name", NAME, text(|a| &a.name)).help("What people call it."),
        Field::text(
            "account.currency",
            "Currency",
            3,
            account.map_or("", |a| a.currency.code()),
        )
        .help("The account's currency on the platform, such as USD; fixed once tickets use it."),
        timezone("account.timezone", account.map_or("UTC", |a| &a.timezone)),
    ]
}

fn campaign(g: &Governance, id: Option<CampaignId>, today: Day) -> Vec<Field> {
    let row = id.and_then(|id| g.campaigns.iter().find(|c| c.campaign.value.id == id));
    let c: Option<&Campaign> = row.map(|r| &r.campaign.value);
    // What names are made of is fixed once a ticket has one.
    let fixed = row.is_some_and(|r| r.tickets.iter().any(|(_, n)| *n > 0));
    let brands = g
        .brands
        .iter()
        .filter(|b| !b.value.retired || c.is_some_and(|c| c.brand == b.value.id))
        .map(|b| Choice::new(b.value.id.to_string(), b.value.code.as_str(), &b.value.name))
        .collect();
    let markets = g
        .markets
        .iter()
        .filter(|m| !m.value.retired || c.is_some_and(|c| c.market == m.value.id))
        .map(|m| Choice::new(m.value.id.to_string(), m.value.code.as_str(), &m.value.name))
        .collect();
    let year = c.map_or_else(|| today.date().year().to_string(), |c| c.year.to_string());
    let fixed_words = if fixed {
        "Tickets are named after it, so it is fixed. "
    } else {
        ""
    };
    let mut fields = vec![
        Field::choice("brand", "Brand", brands, c.map(|c| c.brand.to_string()).as_deref())
            .help("Whose campaign it is. Type letters to find a row; only a row can be chosen.")
            .locked(fixed),
        Field::choice("market", "Market", markets, c.map(|c| c.market.to_string()).as_deref())
            .help("Where it runs. Type letters to find a row; only a row can be chosen.")
            .locked(fixed),
        Field::text("year", "Year", 4, &year)
            .help("Four digits; part of every name.")
            .locked(fixed),
        Field::text("title", "Name", NAME, c.map_or("", |c| &c.title)).help(&format!(
            "{fixed_words}Your own words, such as Moana launch; the last part of every name is made of them."
        )),
    ];
    let mut preview = Field::note("Taxonomy name", "");
    PREVIEW.clone_into(&mut preview.key);
    fields.push(preview);
    let help = "What may be spent in all, if promised; may be empty.";
    fields.extend(money(g, "budget", "Budget", c.and_then(|c| c.budget), help));
    let flight = c.and_then(|c| c.flight);
    fields.push(
        Field::date("flight.start", "First day", flight.map(|f| f.start))
            .help("2026-12-01, +3d, +2w or mon. New tickets start from it; may be empty."),
    );
    fields.push(
        Field::date("flight.end", "Last day", flight.and_then(|f| f.end))
            .help("Included; may be empty: it then runs until stopped."),
    );
    fields.extend(c.map(|c| retired(c.retired)));
    if row.is_none() {
        take_only(&mut fields);
    }
    let mut form = Form::new("", "", fields);
    preview_name(&mut form, g, id);
    form.fields
}

/// One brand or one market is no choice.
fn take_only(fields: &mut [Field]) {
    for field in fields
        .iter_mut()
        .filter(|f| matches!(f.key.as_str(), "brand" | "market"))
    {
        if let FieldKind::Choice(combo) = &mut field.kind {
            combo.take_only();
        }
    }
}

/// Rows a form was opened without: its lists always show what there is now.
pub fn renew(form: &mut Form, now: Vec<Field>) {
    for new in now {
        if let (FieldKind::Choice(rows), Some(FieldKind::Choice(mine))) =
            (new.kind, form.field_mut(&new.key).map(|f| &mut f.kind))
        {
            mine.set_options(rows.options);
        }
    }
}

/// A value changed on which others depend: the currency of an amount, the parts of a name.
pub fn changed(form: &mut Form, what: &What, key: &str, g: &Governance) {
    if let Some(amount) = key.strip_suffix(".currency") {
        let chosen = form.value(key).parse().ok();
        if let Some(FieldKind::Money { currency, .. }) = form.field_mut(amount).map(|f| &mut f.kind) {
            *currency = chosen;
        }
    }
    match what {
        What::NewCampaign => preview_name(form, g, None),
        What::Campaign(id) => preview_name(form, g, Some(*id)),
        _ => {}
    }
}

/// The name as it would be, `???` for what is missing, and whether it is taken.
fn preview_name(form: &mut Form, g: &Governance, own: Option<CampaignId>) {
    let unknown = || "???".to_owned();
    let brand_id = form.value("brand").parse::<BrandId>().ok();
    let market_id = form.value("market").parse::<MarketId>().ok();
    let brand = g.brands.iter().find(|b| Some(b.value.id) == brand_id);
    let market = g.markets.iter().find(|m| Some(m.value.id) == market_id);
    let brand = brand.map_or_else(unknown, |b| b.value.code.to_string());
    let market = market.map_or_else(unknown, |m| m.value.code.to_string());
    let title = form.value("title");
    let (label, note) = match Label::from_words(&title) {
        Ok(label) => (label.to_string(), String::new()),
        Err(_) if title.is_empty() => (unknown(), String::new()),
        Err(why) => (unknown(), format!("   {why}")),
    };
    let year = form.value("year");
    let year = if year.is_empty() { unknown() } else { year };
    let name = format!("{brand}_{market}_{year}_{label}");
    let taken = g
        .campaigns
        .iter()
        .any(|c| c.name == name && Some(c.campaign.value.id) != own);
    let note = if taken { "   taken already".to_owned() } else { note };
    if let Some(field) = form.field_mut(PREVIEW) {
        field.kind = FieldKind::Note(crate::engine::model::sanitise::sanitise(&format!("{name}{note}")));
    }
}
