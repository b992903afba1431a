//! `hold`: stop an account, a platform or everything; what runs finishes its call first.

use clap::{Args, Subcommand};

use super::{
    call::{Call, ask},
    failure::Failure,
    gather::Gather,
    governed,
    output::{Table, word},
};
use crate::engine::{
    api::{CommandKind, DeployRows, HoldScope, LaneView, Request, Stand, filter::Filter},
    model::deploy::Why,
};

/// What can be done with holds.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// List every account with work or trouble, and what stops it
    List,
    /// Stop
    Place {
        /// What
        #[command(flatten)]
        scope: Scope,
        /// Why, for colleagues
        #[arg(long, default_value = "", hide_default_value = true)]
        reason: String,
    },
    /// Go on
    Release {
        /// What
        #[command(flatten)]
        scope: Scope,
    },
}

/// What is stopped.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub struct Scope {
    /// Every platform
    #[arg(long, conflicts_with_all = ["platform", "account"])]
    pub everything: bool,
    /// One platform: meta, tiktok, google_ads
    #[arg(long)]
    pub platform: Option<String>,
    /// One account of the platform
    #[arg(long, requires = "platform")]
    pub account: Option<String>,
}

impl Scope {
    fn parse(&self) -> Result<HoldScope, Failure> {
        let mut g = Gather::default();
        let platform = g.parse_opt("platform", self.platform.as_deref());
        let account = g.parse_opt("account", self.account.as_deref());
        if !g.is_clean() {
            return Err(g.failure());
        }
        Ok(match (platform, account) {
            (Some(platform), Some(account)) => HoldScope::Account(platform, account),
            (Some(platform), None) => HoldScope::Platform(platform),
            (None, _) => HoldScope::Everything,
        })
    }
}

/// Carries out a verb.
pub async fn run(call: &mut Call, verb: Verb) -> Result<(), Failure> {
    match verb {
        Verb::List => list(call).await,
        Verb::Place { scope, reason } => {
            let scope = scope.parse()?;
            call.act_and_tell(CommandKind::HoldPlace { scope, reason }).await
        }
        Verb::Release { scope } => {
            let scope = scope.parse()?;
            call.act_and_tell(CommandKind::HoldRelease { scope }).await
        }
    }
}

async fn list(call: &mut Call) -> Result<(), Failure> {
    let request = Request::Deploys {
        filter: Filter::default(),
        finished: false,
        limit: 0,
    };
    let rows: DeployRows = ask!(call, request, Deploys)?;
    let mut table = Table::new(
        [
            "platform",
            "account",
            "name",
            "running",
            "queued",
            "used",
            "pace",
            "breaker",
            "stopped by",
        ],
        "no account has work or trouble",
    );
    for lane in &rows.lanes {
        table.row([
            lane.platform.to_string(),
            lane.account.to_string(),
            lane.name.clone(),
            lane.running.to_string(),
            lane.queued.to_string(),
            lane.used_percent.map(|p| format!("{p} %")).unwrap_or_default(),
            pace(lane),
            breaker(lane),
            lane.stopped.as_ref().map(stopped).unwrap_or_default(),
        ]);
    }
    call.out
        .many("lanes", &rows.lanes, governed::count(rows.lanes.len()), &table);
    Ok(())
}

/// What an account may still spend, in words.
pub(super) fn pace(lane: &LaneView) -> String {
    match &lane.pace {
        Some(p) if p.shared => format!("{} left of {} (application)", p.left, p.rate),
        Some(p) => format!("{} left of {}", p.left, p.rate),
        None => "-".to_owned(),
    }
}

/// Whether an account answers, in words.
pub(super) fn breaker(lane: &LaneView) -> String {
    let b = &lane.breaker;
    let whose = if b.platform { "platform " } else { "" };
    let stand = match b.stand {
        Stand::Closed => format!("closed, {}/10 failed", b.failures),
        Stand::Open => format!("{whose}open"),
        Stand::HalfOpen => format!("{whose}half-open"),
    };
    let since = b
        .since
        .map_or_else(String::new, |at| format!(" since {at} after {}", b.after));
    match b.next_probe {
        Some(at) => format!("{stand}{since}, next probe {at}"),
        None => stand,
    }
}

fn stopped(why: &Why) -> String {
    match why {
        Why::Paused { by } => format!("held by {by}"),
        Why::BreakerOpen { at } => format!("breaker, next probe {at}"),
        Why::RateLimited { at, source } => format!("rate limit until {at} ({source})"),
        Why::Parked { at, source } => format!("quota until {at} ({source})"),
        Why::LaneBlocked { reason } => format!("blocked: {reason}"),
        Why::ReadOnly { why } => format!("read-only: {why}"),
        Why::Draining => "the engine is stopping".to_owned(),
        other => word(other),
    }
}
