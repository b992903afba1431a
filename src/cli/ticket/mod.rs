//! `ticket`: requests to create or change something on a platform.

pub mod create;
pub mod drift;
pub mod payload;
pub mod preview;
pub mod resolve;
pub mod sheet;
pub mod talk;
pub mod text;
pub mod update;
pub mod validate;
pub mod wait;

use clap::{Args, Subcommand, ValueEnum};

use super::{
    bulk::{self, Which},
    call::{Acted, Call, filter},
    failure::Failure,
    governed,
    output::Table,
    proposal,
};
use crate::engine::{
    api::{CommandKind, SortKey, TicketWindow},
    model::{
        deploy::Leftovers,
        ids::{DeployId, QaRunId, TicketId},
        refusal::{Problem, RefusalCode},
        ticket::Status,
        time::Timestamp,
    },
};

/// What can be done with tickets. A ticket is named by its number (1042), its platform name or its id.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// List tickets
    List(List),
    /// Show one ticket with its QA findings, its deploy and what it created
    Show {
        /// Number, platform name or id
        ticket: String,
    },
    /// Write a ticket, with switches or from a file
    Create(Box<create::Create>),
    /// Change a ticket
    Update(Box<update::Update>),
    /// Remove a ticket that never had a deploy
    Delete {
        /// Number, platform name or id
        ticket: String,
    },
    /// Have QA judge tickets
    Qa(Act),
    /// Deploy tickets that passed QA
    Deploy(Deploy),
    /// Take up failed deploys again
    Retry(Act),
    /// Call a ticket off
    Cancel(Cancel),
    /// Agree that a ticket is deployed as it is, where a rule asks for approval
    Approve(talk::Approve),
    /// Send a ticket back to its author
    Decline(talk::Decline),
    /// Say something about a ticket to colleagues
    Comment(talk::Comment),
    /// List what was said about a ticket, newest first
    Comments(talk::Comments),
    /// Hand a ticket to somebody; voids nothing
    Assign(talk::Assign),
    /// Be told in your console what happens to a ticket; authors and owners are without asking
    Watch {
        /// Number, platform name or id
        ticket: String,
    },
    /// Be told no more
    Unwatch {
        /// Number, platform name or id
        ticket: String,
    },
    /// Take your newest change of a ticket back
    Undo(super::undo::OfTicket),
    /// Take a ticket back to draft
    Withdraw {
        /// Number, platform name or id
        ticket: String,
    },
    /// Copy a ticket into a new draft
    Clone {
        /// Number, platform name or id
        ticket: String,
        /// Another campaign for the copy: its name must be free on the account
        #[arg(long)]
        campaign: Option<String>,
    },
    /// Say why a ticket is where it is, and what comes next
    Why {
        /// Number, platform name or id
        ticket: String,
    },
    /// Propose a fix for what the platform or QA refused; changes nothing
    Heal {
        /// Number, platform name or id
        ticket: String,
        /// Ask the language model where no rule knows a fix; without this, what it would be sent is shown
        #[arg(long)]
        model: bool,
    },
    /// Read the live objects and show what differs from what was sent
    Drift {
        /// Number, platform name or id
        ticket: String,
    },
    /// Show every request a deploy would make, as it would be sent; sends nothing
    Preview(preview::Preview),
}

impl Verb {
    /// True when the verb stays until a deploy has ended.
    pub const fn sends(&self) -> bool {
        match self {
            Self::Deploy(Deploy { act, .. }) | Self::Retry(act) | Self::Cancel(Cancel { act, .. }) => act.wait,
            _ => false,
        }
    }

    /// True when the verb asks a platform something, or shows what it would be sent, and deploys nothing.
    pub const fn asks(&self) -> bool {
        matches!(
            self,
            Self::Preview(_)
                | Self::Drift { .. }
                | Self::Deploy(Deploy {
                    validate_only: true,
                    ..
                })
        )
    }
}

/// Which tickets to list.
#[derive(Debug, Args)]
pub struct List {
    /// Such as "status:qa-failed platform:meta !owner:ana spring"
    #[arg(long, short)]
    pub filter: Option<String>,
    /// Order
    #[arg(long, value_enum, default_value_t)]
    pub sort: Sort,
    /// Turn the order around
    #[arg(long)]
    pub reverse: bool,
    /// At most this many
    #[arg(long, short = 'n', default_value_t = 50, value_name = "N")]
    pub limit: usize,
    /// All of them
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
}

/// How a list is ordered.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Sort {
    /// Last change, newest first
    #[default]
    Updated,
    /// Number, newest first
    Number,
    /// Name, A to Z
    Name,
    /// Status, in flow order
    Status,
    /// Budget, largest first
    Budget,
}

impl From<Sort> for SortKey {
    fn from(s: Sort) -> Self {
        match s {
            Sort::Updated => Self::Updated,
            Sort::Number => Self::Number,
            Sort::Name => Self::Name,
            Sort::Status => Self::Status,
            Sort::Budget => Self::Budget,
        }
    }
}

/// An act on one or several tickets.
#[derive(Debug, Args)]
pub struct Act {
    /// Which tickets
    #[command(flatten)]
    pub which: Which,
    /// Wait until it has ended or a person is needed; ends with 1 when it did not work out
    #[arg(long)]
    pub wait: bool,
}

/// A deploy of one or several tickets.
#[derive(Debug, Args)]
pub struct Deploy {
    /// Which tickets, and whether to wait
    #[command(flatten)]
    pub act: Act,
    /// Not before this time, such as 2026-12-01T06:00:00Z
    #[arg(long, value_name = "TIME")]
    pub not_before: Option<String>,
    /// Ask the platform whether it would take the requests, and carry out nothing; works on drafts too
    #[arg(long, conflicts_with_all = ["wait", "not_before"])]
    pub validate_only: bool,
}

/// How to call a ticket off.
#[derive(Debug, Args)]
pub struct Cancel {
    /// Which tickets, and whether to wait
    #[command(flatten)]
    pub act: Act,
    /// Leave what exists on the platform, paused
    #[arg(long, conflicts_with = "archive")]
    pub keep_paused: bool,
    /// Archive what exists on the platform
    #[arg(long)]
    pub archive: bool,
    /// Why, for the history
    #[arg(long, default_value = "", hide_default_value = true)]
    pub reason: String,
}

/// Carries out a verb; gives the exit code.
pub async fn run(call: &mut Call, verb: Verb) -> Result<u8, Failure> {
    match verb {
        Verb::List(args) => list(call, args).await?,
        Verb::Show { ticket } => {
            let view = call.ticket(&ticket).await?;
            sheet::show(call, &view);
        }
        Verb::Create(args) => return create::run(call, *args).await,
        Verb::Update(args) => update::run(call, *args).await?,
        Verb::Delete { ticket } => delete(call, &ticket).await?,
        Verb::Qa(act) => {
            // QA takes no longer than the process lives: its verdict is always waited for.
            let goal = Some(wait::Goal::Judged);
            return bulk::run(
                call,
                act.which,
                bulk::Deed {
                    word: "qa",
                    asks: false,
                    joins: None,
                    goal,
                },
                |call, id| CommandKind::TicketSubmitQa {
                    id,
                    run: QaRunId::new(call.client.new_uuid()),
                },
            )
            .await;
        }
        Verb::Deploy(args) => return deploy(call, args).await,
        Verb::Retry(act) => {
            let goal = act.wait.then_some(wait::Goal::Live);
            return bulk::run(
                call,
                act.which,
                bulk::Deed {
                    word: "retry",
                    asks: true,
                    joins: None,
                    goal,
                },
                |_, id| CommandKind::TicketRetry { id },
            )
            .await;
        }
        Verb::Cancel(args) => return cancel(call, args).await,
        Verb::Approve(args) => talk::approve(call, args).await?,
        Verb::Decline(args) => talk::decline(call, args).await?,
        Verb::Comment(args) => talk::comment(call, args).await?,
        Verb::Comments(args) => talk::comments(call, args).await?,
        Verb::Undo(args) => super::undo::of_ticket(call, args).await?,
        Verb::Assign(args) => talk::assign(call, args).await?,
        Verb::Watch { ticket } => talk::watch(call, &ticket, true).await?,
        Verb::Unwatch { ticket } => talk::watch(call, &ticket, false).await?,
        Verb::Withdraw { ticket } => {
            let id = call.ticket(&ticket).await?.ticket.value.id;
            change(call, CommandKind::TicketWithdraw { id }, id).await?;
        }
        Verb::Clone { ticket, campaign } => clone(call, &ticket, campaign.as_deref()).await?,
        Verb::Why { ticket } => why(call, &ticket).await?,
        Verb::Heal { ticket, model } => {
            let yes = call.switches.yes;
            return proposal::heal(call, &ticket, model, yes).await;
        }
        Verb::Drift { ticket } => return drift::run(call, &ticket).await,
        Verb::Preview(args) => preview::run(call, &args).await?,
    }
    Ok(0)
}

async fn list(call: &mut Call, args: List) -> Result<(), Failure> {
    let window = TicketWindow {
        filter: filter(args.filter.as_deref())?,
        sort: args.sort.into(),
        reverse: args.reverse,
        ..TicketWindow::default()
    };
    let limit = if args.all { usize::MAX } else { args.limit };
    let (cards, matching) = call.cards(window, limit).await?;
    let table = sheet::table(&cards, call.client.now());
    call.out.many("tickets", &cards, matching, &table);
    Ok(())
}

async fn delete(call: &mut Call, ticket: &str) -> Result<(), Failure> {
    let seen = call.ticket(ticket).await?.ticket;
    let kind = CommandKind::TicketDelete {
        id: seen.value.id,
        version: seen.version,
    };
    call.confirm(&format!("delete ticket {} {}", seen.value.no, seen.value.name), &[])
        .await?;
    call.act_and_tell(kind).await
}

async fn deploy(call: &mut Call, args: Deploy) -> Result<u8, Failure> {
    if args.validate_only {
        return validate::run(call, &args.act.which).await;
    }
    let not_before = args
        .not_before
        .as_deref()
        .map(|text| {
            Timestamp::parse(text).map_err(|_| {
                let reason = format!(
                    "\"{}\" is not a time with its zone",
                    crate::engine::model::sanitise::excerpt(text, 40)
                );
                Failure::refused(
                    RefusalCode::Invalid,
                    Problem::at("not_before", reason, "such as 2026-12-01T06:00:00Z"),
                )
            })
        })
        .transpose()?;
    let goal = args.act.wait.then_some(wait::Goal::Live);
    let deed = bulk::Deed {
        word: "deploy",
        asks: true,
        joins: Some(Status::Deploying),
        goal,
    };
    bulk::run(call, args.act.which, deed, move |call, id| CommandKind::TicketDeploy {
        id,
        deploy: DeployId::new(call.client.new_uuid()),
        not_before,
    })
    .await
}

async fn cancel(call: &mut Call, args: Cancel) -> Result<u8, Failure> {
    let leftovers = match (args.keep_paused, args.archive) {
        (true, _) => Some(Leftovers::KeepPaused),
        (_, true) => Some(Leftovers::Archive),
        _ => None,
    };
    let deed = bulk::Deed {
        word: "cancel",
        asks: true,
        joins: None,
        goal: args.act.wait.then_some(wait::Goal::Over),
    };
    bulk::run(call, args.act.which, deed, move |_, id| CommandKind::TicketCancel {
        id,
        leftovers,
        reason: args.reason.clone(),
    })
    .await
}

async fn clone(call: &mut Call, ticket: &str, campaign: Option<&str>) -> Result<(), Failure> {
    let id = call.ticket(ticket).await?.ticket.value.id;
    let campaign = match campaign {
        None => None,
        Some(text) => {
            let g = call.governance().await?;
            let row = governed::campaign(&g, text).map_err(|e| governed::not_found("campaign", e))?;
            Some(row.campaign.value.id)
        }
    };
    let new_id = TicketId::new(call.client.new_uuid());
    change(call, CommandKind::TicketClone { id, new_id, campaign }, new_id).await
}

async fn why(call: &mut Call, ticket: &str) -> Result<(), Failure> {
    let view = call.ticket(ticket).await?;
    let mut table = Table::bare();
    table.field("ticket", format!("{} {}", view.card.no, view.card.name));
    table.field("status", view.card.status.as_str());
    if let Some(why) = &view.why {
        table.field("why", &why.text);
        table.field("next", why.next_at.map(|t| t.to_string()).unwrap_or_default());
        table.field("who", why.person.as_deref().unwrap_or_default());
        table.field("to do", why.remedy.as_deref().unwrap_or_default());
    }
    call.out.one("why", &view.why, &table);
    Ok(())
}

/// Acts, then shows what became of the ticket.
pub async fn change(call: &mut Call, kind: CommandKind, id: TicketId) -> Result<(), Failure> {
    match call.act(kind).await? {
        Acted::Would(lines) => call.out.would_do(&lines),
        Acted::Done(_) => {
            let view = call.ticket_by_id(id).await?;
            sheet::show(call, &view);
        }
    }
    Ok(())
}
