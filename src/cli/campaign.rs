//! `campaign`: what was promised for a brand in a market and year.

use clap::{Args, Subcommand};

use super::{
    call::Call,
    failure::Failure,
    gather::{Gather, money},
    governed,
    output::Table,
};
use crate::engine::{
    api::{CampaignPatch, CampaignRow, CommandKind, Governance},
    model::{
        campaign::Campaign,
        code::Label,
        ids::CampaignId,
        refusal::Problem,
        time::{Day, Flight},
    },
};

/// What can be done with campaigns.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// List campaigns, newest first
    List {
        /// Only of this brand
        #[arg(long)]
        brand: Option<String>,
        /// Only of this market
        #[arg(long)]
        market: Option<String>,
    },
    /// Show one campaign
    Show {
        /// Name, label, the planner's words or id
        campaign: String,
    },
    /// Make a campaign
    Create(Create),
    /// Change a campaign
    Update(Update),
    /// Remove a campaign without tickets
    Delete {
        /// Name, label, the planner's words or id
        campaign: String,
    },
}

/// A new campaign.
#[derive(Debug, Args)]
pub struct Create {
    /// Brand code
    #[arg(long)]
    pub brand: String,
    /// Market code
    #[arg(long)]
    pub market: String,
    /// Four digits, the year in the name
    #[arg(long)]
    pub year: u16,
    /// The planner's words, such as "Moana launch"; letters and digits of it stand in the name
    #[arg(long)]
    pub name: String,
    /// What may be spent in all, such as "250000.00 USD"
    #[arg(long, value_name = "MONEY", allow_hyphen_values = true)]
    pub budget: Option<String>,
    /// First day, such as 2026-12-01
    #[arg(long, value_name = "DATE")]
    pub start: Option<String>,
    /// Last day
    #[arg(long, value_name = "DATE")]
    pub end: Option<String>,
}

/// Changes to a campaign; what is not given stays. Brand, market, year and name only while it has no ticket.
#[derive(Debug, Args)]
pub struct Update {
    /// Name, label, the planner's words or id
    pub campaign: String,
    /// Another brand
    #[arg(long)]
    pub brand: Option<String>,
    /// Another market
    #[arg(long)]
    pub market: Option<String>,
    /// Another year
    #[arg(long)]
    pub year: Option<u16>,
    /// Other words
    #[arg(long)]
    pub name: Option<String>,
    /// Another budget, or none
    #[arg(long, value_name = "MONEY|none", allow_hyphen_values = true)]
    pub budget: Option<String>,
    /// Another first day, or none for no flight
    #[arg(long, value_name = "DATE|none")]
    pub start: Option<String>,
    /// Another last day, or none for an open end
    #[arg(long, value_name = "DATE|none")]
    pub end: Option<String>,
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
        Verb::List { brand, market } => list(call, brand.as_deref(), market.as_deref()).await,
        Verb::Show { campaign } => {
            let g = call.governance().await?;
            let found = find(&g, &campaign)?.clone();
            show(call, &found);
            Ok(())
        }
        Verb::Create(args) => create(call, args).await,
        Verb::Update(args) => update(call, args).await,
        Verb::Delete { campaign } => {
            let g = call.governance().await?;
            let row = find(&g, &campaign)?;
            let kind = CommandKind::CampaignDelete {
                id: row.campaign.value.id,
                version: row.campaign.version,
            };
            call.delete(&format!("campaign {}", row.name), kind).await
        }
    }
}

fn find<'g>(g: &'g Governance, text: &str) -> Result<&'g CampaignRow, Failure> {
    governed::campaign(g, text).map_err(|e| governed::not_found("campaign", e))
}

async fn list(call: &mut Call, brand: Option<&str>, market: Option<&str>) -> Result<(), Failure> {
    let g = call.governance().await?;
    // Resolved first, so that a slip is refused instead of looking like an empty list.
    let brand = brand.map(|t| governed::brand(&g, t)).transpose();
    let brand = brand.map_err(|e| governed::not_found("brand", e))?;
    let market = market.map(|t| governed::market(&g, t)).transpose();
    let market = market.map_err(|e| governed::not_found("market", e))?;
    let rows: Vec<_> = g
        .campaigns
        .iter()
        .filter(|c| brand.is_none_or(|b| b.value.id == c.campaign.value.brand))
        .filter(|c| market.is_none_or(|m| m.value.id == c.campaign.value.market))
        .collect();
    let mut table = Table::new(
        ["name", "title", "flight", "budget", "tickets", "state"],
        "no campaigns fit: make one with `campaign create`",
    );
    for row in &rows {
        let c = &row.campaign.value;
        table.row([
            row.name.clone(),
            c.title.clone(),
            flight(c.flight.as_ref()),
            c.budget.map(|b| b.to_string()).unwrap_or_default(),
            governed::by_status(&row.tickets),
            governed::state(c.retired).to_owned(),
        ]);
    }
    call.out.many("campaigns", &rows, governed::count(rows.len()), &table);
    Ok(())
}

fn show(call: &mut Call, row: &CampaignRow) {
    let c = &row.campaign.value;
    let mut t = Table::bare();
    t.field("campaign", &row.name);
    t.field("title", &c.title);
    t.field("brand", &row.brand);
    t.field("market", &row.market);
    t.field("year", c.year.to_string());
    t.field("flight", flight(c.flight.as_ref()));
    t.field("budget", c.budget.map(|b| b.to_string()).unwrap_or_default());
    t.field("tickets", governed::by_status(&row.tickets));
    t.field("state", governed::state(c.retired));
    t.field("id", c.id.to_string());
    t.field("version", row.campaign.version.to_string());
    call.out.one("campaign", row, &t);
}

/// A flight in one cell.
pub fn flight(flight: Option<&Flight>) -> String {
    flight.map_or_else(String::new, |f| {
        let end = f.end.map_or_else(|| "open".to_owned(), |d| d.to_string());
        format!("{} to {end}", f.start)
    })
}

async fn create(call: &mut Call, args: Create) -> Result<(), Failure> {
    let governance = call.governance().await?;
    let mut g = Gather::default();
    let brand = g.take("brand", governed::brand(&governance, &args.brand));
    let market = g.take("market", governed::market(&governance, &args.market));
    let label = g.take("name", Label::from_words(&args.name));
    let budget = args.budget.as_deref().and_then(|t| g.take("budget", money(t)));
    let flight = g.flight(args.start.as_deref(), args.end.as_deref());
    let (Some(brand), Some(market), Some(label), true) = (brand, market, label, g.is_clean()) else {
        return Err(g.failure());
    };
    let id = CampaignId::new(call.client.new_uuid());
    let campaign = Campaign {
        id,
        brand: brand.value.id,
        market: market.value.id,
        year: args.year,
        label,
        title: args.name,
        budget,
        flight,
        retired: false,
        created_at: call.client.now(),
    };
    change(call, CommandKind::CampaignCreate(campaign), id).await
}

async fn update(call: &mut Call, args: Update) -> Result<(), Failure> {
    let governance = call.governance().await?;
    let row = find(&governance, &args.campaign)?;
    let seen = &row.campaign;
    let mut g = Gather::default();
    let brand = args.brand.as_deref();
    let brand = brand.and_then(|t| g.take("brand", governed::brand(&governance, t)));
    let market = args.market.as_deref();
    let market = market.and_then(|t| g.take("market", governed::market(&governance, t)));
    let patch = CampaignPatch {
        brand: brand.map(|b| b.value.id),
        market: market.map(|m| m.value.id),
        year: args.year,
        title: args.name,
        budget: g.clearable("budget", args.budget.as_deref(), money),
        flight: edit_flight(&mut g, seen.value.flight, args.start.as_deref(), args.end.as_deref()),
        retired: args.retired,
    };
    if !g.is_clean() {
        return Err(g.failure());
    }
    governed::refuse_empty(patch == CampaignPatch::default())?;
    let kind = CommandKind::CampaignUpdate {
        id: seen.value.id,
        version: args.version.unwrap_or(seen.version),
        patch,
    };
    change(call, kind, seen.value.id).await
}

/// One day may be changed alone; the other stays. `none` as start takes the whole flight away.
pub fn edit_flight(
    g: &mut Gather,
    present: Option<Flight>,
    start: Option<&str>,
    end: Option<&str>,
) -> Option<Option<Flight>> {
    if start.is_none() && end.is_none() {
        return None;
    }
    if start == Some("none") {
        return Some(None);
    }
    let start: Option<Day> = match start {
        Some(text) => Some(g.parse("flight.start", text)?),
        None => present.map(|f| f.start),
    };
    let Some(start) = start else {
        g.add(Problem::at(
            "flight.start",
            "an end without a start",
            "give the first day too",
        ));
        return None;
    };
    let end = match end {
        Some("none") => None,
        Some(text) => Some(g.parse("flight.end", text)?),
        None => present.and_then(|f| f.end),
    };
    Some(Some(Flight { start, end }))
}

/// Acts, then shows what became of it.
async fn change(call: &mut Call, kind: CommandKind, id: CampaignId) -> Result<(), Failure> {
    call.act_and_show(kind, |call, g| {
        show(call, find(g, &id.to_string())?);
        Ok(())
    })
    .await
}
