//! `brand`: whose ads they are.

use clap::{Args, Subcommand};

use super::{call::Call, failure::Failure, gather::Gather, governed, output::Table};
use crate::engine::{
    api::{BrandPatch, CommandKind, Governance, Seen},
    model::{governance::Brand, ids::BrandId},
};

/// What can be done with brands.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// List every brand
    List,
    /// Show one brand
    Show {
        /// Code, former code or id
        brand: String,
    },
    /// Make a brand
    Create(Create),
    /// Change a brand
    Update(Update),
    /// Remove a brand nobody refers to
    Delete {
        /// Code, former code or id
        brand: String,
    },
}

/// A new brand.
#[derive(Debug, Args)]
pub struct Create {
    /// Code, part of every platform name: 2 to 16 of A-Z, 0-9 and _, such as DIS
    pub code: String,
    /// Full name
    #[arg(long)]
    pub name: String,
    /// Judge its tickets by the brand-safety rules for family brands
    #[arg(long)]
    pub family_friendly: bool,
}

/// Changes to a brand; what is not given stays.
#[derive(Debug, Args)]
pub struct Update {
    /// Code, former code or id
    pub brand: String,
    /// New code; the old one stays known
    #[arg(long)]
    pub code: Option<String>,
    /// New name
    #[arg(long)]
    pub name: Option<String>,
    /// Family-friendly or not
    #[arg(long, value_name = "true|false")]
    pub family_friendly: Option<bool>,
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
        Verb::Show { brand } => {
            let g = call.governance().await?;
            let found = find(&g, &brand)?.clone();
            show(call, &found);
            Ok(())
        }
        Verb::Create(args) => create(call, args).await,
        Verb::Update(args) => update(call, args).await,
        Verb::Delete { brand } => {
            let g = call.governance().await?;
            let seen = find(&g, &brand)?;
            let kind = CommandKind::BrandDelete {
                id: seen.value.id,
                version: seen.version,
            };
            call.delete(&format!("brand {}", seen.value.code), kind).await
        }
    }
}

fn find<'g>(g: &'g Governance, text: &str) -> Result<&'g Seen<Brand>, Failure> {
    governed::brand(g, text).map_err(|e| governed::not_found("brand", e))
}

async fn list(call: &mut Call) -> Result<(), Failure> {
    let g = call.governance().await?;
    let mut table = Table::new(
        ["code", "name", "family-friendly", "state"],
        "no brands yet: make one with `brand create`",
    );
    for b in g.brands.iter().map(|s| &s.value) {
        table.row([
            b.code.as_str(),
            &b.name,
            yes_no(b.family_friendly),
            governed::state(b.retired),
        ]);
    }
    call.out
        .many("brands", &g.brands, governed::count(g.brands.len()), &table);
    Ok(())
}

fn show(call: &mut Call, seen: &Seen<Brand>) {
    let b = &seen.value;
    let mut t = Table::bare();
    t.field("brand", b.code.as_str());
    t.field("name", &b.name);
    t.field("family-friendly", yes_no(b.family_friendly));
    t.field("former codes", governed::codes(&b.aliases));
    t.field("state", governed::state(b.retired));
    t.field("id", b.id.to_string());
    t.field("version", seen.version.to_string());
    call.out.one("brand", seen, &t);
}

const fn yes_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

async fn create(call: &mut Call, args: Create) -> Result<(), Failure> {
    let mut g = Gather::default();
    let Some(code) = g.parse("code", &args.code) else {
        return Err(g.failure());
    };
    let id = BrandId::new(call.client.new_uuid());
    let brand = Brand {
        id,
        code,
        name: args.name,
        family_friendly: args.family_friendly,
        aliases: Vec::new(),
        retired: false,
    };
    change(call, CommandKind::BrandCreate(brand), id).await
}

async fn update(call: &mut Call, args: Update) -> Result<(), Failure> {
    let governance = call.governance().await?;
    let seen = find(&governance, &args.brand)?;
    let mut g = Gather::default();
    let patch = BrandPatch {
        code: g.parse_opt("code", args.code.as_deref()),
        name: args.name,
        family_friendly: args.family_friendly,
        retired: args.retired,
    };
    if !g.is_clean() {
        return Err(g.failure());
    }
    governed::refuse_empty(patch == BrandPatch::default())?;
    let kind = CommandKind::BrandUpdate {
        id: seen.value.id,
        version: args.version.unwrap_or(seen.version),
        patch,
    };
    change(call, kind, seen.value.id).await
}

/// Acts, then shows what became of it.
async fn change(call: &mut Call, kind: CommandKind, id: BrandId) -> Result<(), Failure> {
    call.act_and_show(kind, |call, g| {
        show(call, find(g, &id.to_string())?);
        Ok(())
    })
    .await
}
