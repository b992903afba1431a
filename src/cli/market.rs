//! `market`: where ads run.

use clap::{Args, Subcommand};

use super::{
    call::Call,
    failure::Failure,
    gather::{Gather, money},
    governed,
    output::Table,
};
use crate::engine::{
    api::{CommandKind, Governance, MarketPatch, Seen},
    model::{governance::Market, ids::MarketId},
};

/// What can be done with markets.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// List every market
    List,
    /// Show one market
    Show {
        /// Code, former code or id
        market: String,
    },
    /// Make a market
    Create(Create),
    /// Change a market
    Update(Update),
    /// Remove a market nobody refers to
    Delete {
        /// Code, former code or id
        market: String,
    },
}

/// A new market.
#[derive(Debug, Args)]
pub struct Create {
    /// Code, part of every platform name: 2 to 16 of A-Z, 0-9 and _, such as US or US_EN
    pub code: String,
    /// Full name
    #[arg(long)]
    pub name: String,
    /// Countries that belong to it, ISO 3166-1 alpha-2; repeat it or separate by commas
    #[arg(long, required = true, value_delimiter = ',', value_name = "CC")]
    pub country: Vec<String>,
    /// A grouping for people, such as EMEA
    #[arg(long, default_value = "", hide_default_value = true)]
    pub region: String,
    /// IANA time zone, such as Europe/Berlin
    #[arg(long, default_value = "UTC")]
    pub timezone: String,
    /// Highest daily budget of one ticket here, such as "1000.00 EUR"
    #[arg(long, value_name = "MONEY", allow_hyphen_values = true)]
    pub daily_cap: Option<String>,
}

/// Changes to a market; what is not given stays.
#[derive(Debug, Args)]
pub struct Update {
    /// Code, former code or id
    pub market: String,
    /// New code; the old one stays known
    #[arg(long)]
    pub code: Option<String>,
    /// New name
    #[arg(long)]
    pub name: Option<String>,
    /// New countries, all of them
    #[arg(long, value_delimiter = ',', value_name = "CC")]
    pub country: Option<Vec<String>>,
    /// New region
    #[arg(long)]
    pub region: Option<String>,
    /// New time zone
    #[arg(long)]
    pub timezone: Option<String>,
    /// New daily cap, or none
    #[arg(long, value_name = "MONEY|none", allow_hyphen_values = true)]
    pub daily_cap: Option<String>,
    /// Retire it (true) or bring it back (false)
    #[arg(long, value_name = "true|false")]
    pub retired: Option<bool>,
    /// Refuse when it changed since this version
    #[arg(long, value_name = "N")]
    pub version: Option<u64>,
}

/// Carries out a verb.
pub async fn run(call: &mut Call, verb: Verb) -> Result<(), Failure> {
    match verb {
        Verb::List => list(call).await,
        Verb::Show { market } => {
            let g = call.governance().await?;
            let found = find(&g, &market)?.clone();
            show(call, &found);
            Ok(())
        }
        Verb::Create(args) => create(call, args).await,
        Verb::Update(args) => update(call, args).await,
        Verb::Delete { market } => {
            let g = call.governance().await?;
            let seen = find(&g, &market)?;
            let kind = CommandKind::MarketDelete {
                id: seen.value.id,
                version: seen.version,
            };
            call.delete(&format!("market {}", seen.value.code), kind).await
        }
    }
}

fn find<'g>(g: &'g Governance, text: &str) -> Result<&'g Seen<Market>, Failure> {
    governed::market(g, text).map_err(|e| governed::not_found("market", e))
}

async fn list(call: &mut Call) -> Result<(), Failure> {
    let g = call.governance().await?;
    let mut table = Table::new(
        ["code", "name", "countries", "region", "time zone", "daily cap", "state"],
        "no markets yet: make one with `market create`",
    );
    for m in g.markets.iter().map(|s| &s.value) {
        table.row([
            m.code.to_string(),
            m.name.clone(),
            m.countries.join(" "),
            m.region.clone(),
            m.timezone.clone(),
            m.daily_cap.map(|c| c.to_string()).unwrap_or_default(),
            governed::state(m.retired).to_owned(),
        ]);
    }
    call.out
        .many("markets", &g.markets, governed::count(g.markets.len()), &table);
    Ok(())
}

fn show(call: &mut Call, seen: &Seen<Market>) {
    let m = &seen.value;
    let mut t = Table::bare();
    t.field("market", m.code.as_str());
    t.field("name", &m.name);
    t.field("countries", m.countries.join(" "));
    t.field("region", &m.region);
    t.field("time zone", &m.timezone);
    t.field("daily cap", m.daily_cap.map(|c| c.to_string()).unwrap_or_default());
    t.field("former codes", governed::codes(&m.aliases));
    t.field("state", governed::state(m.retired));
    t.field("id", m.id.to_string());
    t.field("version", seen.version.to_string());
    call.out.one("market", seen, &t);
}

async fn create(call: &mut Call, args: Create) -> Result<(), Failure> {
    let mut g = Gather::default();
    let code = g.parse("code", &args.code);
    let daily_cap = args.daily_cap.as_deref().and_then(|t| g.take("daily_cap", money(t)));
    let (Some(code), true) = (code, g.is_clean()) else {
        return Err(g.failure());
    };
    let id = MarketId::new(call.client.new_uuid());
    let market = Market {
        id,
        code,
        name: args.name,
        countries: countries(args.country),
        region: args.region,
        timezone: args.timezone,
        daily_cap,
        aliases: Vec::new(),
        retired: false,
    };
    change(call, CommandKind::MarketCreate(market), id).await
}

async fn update(call: &mut Call, args: Update) -> Result<(), Failure> {
    let governance = call.governance().await?;
    let seen = find(&governance, &args.market)?;
    let mut g = Gather::default();
    let patch = MarketPatch {
        code: g.parse_opt("code", args.code.as_deref()),
        name: args.name,
        countries: args.country.map(countries),
        region: args.region,
        timezone: args.timezone,
        daily_cap: g.clearable("daily_cap", args.daily_cap.as_deref(), money),
        retired: args.retired,
    };
    if !g.is_clean() {
        return Err(g.failure());
    }
    governed::refuse_empty(patch == MarketPatch::default())?;
    let kind = CommandKind::MarketUpdate {
        id: seen.value.id,
        version: args.version.unwrap_or(seen.version),
        patch,
    };
    change(call, kind, seen.value.id).await
}

/// Acts, then shows what became of it.
async fn change(call: &mut Call, kind: CommandKind, id: MarketId) -> Result<(), Failure> {
    call.act_and_show(kind, |call, g| {
        show(call, find(g, &id.to_string())?);
        Ok(())
    })
    .await
}

/// Upper case and sorted, as the model wants them.
fn countries(mut list: Vec<String>) -> Vec<String> {
    for c in &mut list {
        *c = c.trim().to_ascii_uppercase();
    }
    list.sort();
    list.dedup();
    list
}
