//! `channel`: ad platforms as this house uses them, with their accounts.

use clap::{Args, Subcommand};

use super::{call::Call, channel_check, failure::Failure, gather::Gather, governed, output::Table};
use crate::engine::{
    api::{ChannelPatch, CommandKind, Governance, Seen},
    model::{
        governance::{Account, Channel},
        ids::ChannelId,
        sanitise::excerpt,
    },
};

/// What can be done with channels.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// List every channel
    List,
    /// Show one channel with its accounts
    Show {
        /// Code, former code or id
        channel: String,
    },
    /// Make a channel
    Create(Create),
    /// Change a channel
    Update(Update),
    /// Ask the platform whether token, access, status, currency and zone of the accounts are right; reads only
    Check {
        /// Code, former code or id
        channel: String,
        /// Only this account
        #[arg(long, value_name = "ID")]
        account: Option<String>,
    },
    /// Remove a channel nobody refers to
    Delete {
        /// Code, former code or id
        channel: String,
    },
}

/// A new channel.
#[derive(Debug, Args)]
pub struct Create {
    /// Code, part of every platform name: 2 to 16 of A-Z, 0-9 and _, such as META
    pub code: String,
    /// Full name
    #[arg(long)]
    pub name: String,
    /// Which platform: meta, tiktok, google_ads
    #[arg(long)]
    pub platform: String,
    /// An account as ID,CURRENCY,TIME ZONE,NAME, such as "act_123,USD,America/New_York,Acme US"; repeat it for more
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Vec<String>,
}

/// Changes to a channel; what is not given stays.
#[derive(Debug, Args)]
pub struct Update {
    /// Code, former code or id
    pub channel: String,
    /// New code; the old one stays known
    #[arg(long)]
    pub code: Option<String>,
    /// New name
    #[arg(long)]
    pub name: Option<String>,
    /// An account to add, or to change by its id; repeat it for more
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Vec<String>,
    /// Id of an account to take away; repeat it for more
    #[arg(long, value_name = "ID")]
    pub remove_account: Vec<String>,
    /// Retire it (true) or bring it back (false)
    #[arg(long, value_name = "true|false")]
    pub retired: Option<bool>,
    /// Refuse when it changed since this version
    #[arg(long, value_name = "N")]
    pub version: Option<u64>,
}

/// Carries out a verb; gives the exit code.
pub async fn run(call: &mut Call, verb: Verb) -> Result<u8, Failure> {
    match verb {
        Verb::List => list(call).await?,
        Verb::Show { channel } => {
            let g = call.governance().await?;
            let found = find(&g, &channel)?.clone();
            show(call, &found);
        }
        Verb::Create(args) => create(call, args).await?,
        Verb::Update(args) => update(call, args).await?,
        Verb::Check { channel, account } => return channel_check::run(call, &channel, account.as_deref()).await,
        Verb::Delete { channel } => {
            let g = call.governance().await?;
            let seen = find(&g, &channel)?;
            let kind = CommandKind::ChannelDelete {
                id: seen.value.id,
                version: seen.version,
            };
            call.delete(&format!("channel {}", seen.value.code), kind).await?;
        }
    }
    Ok(0)
}

/// The channel somebody named.
pub fn find<'g>(g: &'g Governance, text: &str) -> Result<&'g Seen<Channel>, Failure> {
    governed::channel(g, text).map_err(|e| governed::not_found("channel", e))
}

async fn list(call: &mut Call) -> Result<(), Failure> {
    let g = call.governance().await?;
    let mut table = Table::new(
        ["code", "name", "platform", "accounts", "state"],
        "no channels yet: make one with `channel create`",
    );
    for c in g.channels.iter().map(|s| &s.value) {
        let accounts: Vec<_> = c.accounts.iter().map(|a| a.id.as_str()).collect();
        table.row([
            c.code.as_str(),
            &c.name,
            c.platform.as_str(),
            &accounts.join(" "),
            governed::state(c.retired),
        ]);
    }
    call.out
        .many("channels", &g.channels, governed::count(g.channels.len()), &table);
    Ok(())
}

fn show(call: &mut Call, seen: &Seen<Channel>) {
    let c = &seen.value;
    let mut t = Table::bare();
    t.field("channel", c.code.as_str());
    t.field("name", &c.name);
    t.field("platform", c.platform.as_str());
    for a in &c.accounts {
        t.field(
            "account",
            format!("{}  {}  {}  {}", a.id, a.currency, a.timezone, a.name),
        );
    }
    t.field("former codes", governed::codes(&c.aliases));
    t.field("state", governed::state(c.retired));
    t.field("id", c.id.to_string());
    t.field("version", seen.version.to_string());
    call.out.one("channel", seen, &t);
}

async fn create(call: &mut Call, args: Create) -> Result<(), Failure> {
    let mut g = Gather::default();
    let code = g.parse("code", &args.code);
    let platform = g.parse("platform", &args.platform);
    let accounts = accounts(&mut g, &args.account);
    let (Some(code), Some(platform), true) = (code, platform, g.is_clean()) else {
        return Err(g.failure());
    };
    let id = ChannelId::new(call.client.new_uuid());
    let channel = Channel {
        id,
        code,
        name: args.name,
        platform,
        accounts,
        aliases: Vec::new(),
        retired: false,
    };
    change(call, CommandKind::ChannelCreate(channel), id).await
}

async fn update(call: &mut Call, args: Update) -> Result<(), Failure> {
    let governance = call.governance().await?;
    let seen = find(&governance, &args.channel)?;
    let mut g = Gather::default();
    let patch = ChannelPatch {
        code: g.parse_opt("code", args.code.as_deref()),
        name: args.name,
        set_accounts: accounts(&mut g, &args.account),
        remove_accounts: args
            .remove_account
            .iter()
            .filter_map(|id| g.parse("remove_account", id))
            .collect(),
        retired: args.retired,
    };
    if !g.is_clean() {
        return Err(g.failure());
    }
    governed::refuse_empty(patch == ChannelPatch::default())?;
    let kind = CommandKind::ChannelUpdate {
        id: seen.value.id,
        version: args.version.unwrap_or(seen.version),
        patch,
    };
    change(call, kind, seen.value.id).await
}

/// Acts, then shows what became of it.
async fn change(call: &mut Call, kind: CommandKind, id: ChannelId) -> Result<(), Failure> {
    call.act_and_show(kind, |call, g| {
        show(call, find(g, &id.to_string())?);
        Ok(())
    })
    .await
}

/// Parsed and sorted by id, as the model wants them.
fn accounts(g: &mut Gather, texts: &[String]) -> Vec<Account> {
    let mut list: Vec<_> = texts
        .iter()
        .filter_map(|text| g.take("account", account(text)))
        .collect();
    list.sort_by(|a, b| a.id.cmp(&b.id));
    list
}

/// `ID,CURRENCY,TIME ZONE,NAME`; the name may hold commas.
fn account(text: &str) -> Result<Account, String> {
    let mut parts = text.splitn(4, ',').map(str::trim);
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(id), Some(currency), Some(timezone), Some(name)) => Ok(Account {
            id: id.parse()?,
            name: name.to_owned(),
            currency: currency.parse()?,
            timezone: timezone.to_owned(),
        }),
        _ => Err(format!(
            "\"{}\" is not ID,CURRENCY,TIME ZONE,NAME, such as \"act_123,USD,America/New_York,Acme US\"",
            excerpt(text, 60)
        )),
    }
}
