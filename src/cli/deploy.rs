//! `deploy`: tickets on their way to a platform, and the questions only a person can answer.

use clap::{Args, Subcommand};
use serde_json::json;

use super::{
    call::{Call, ask, filter},
    failure::Failure,
    gather::Gather,
    hold,
    output::{Table, word},
    ticket::{change, sheet, wait::state_word},
};
use crate::engine::{
    api::{CommandKind, DeployRows, LaneView, Request, Resolution, TicketPatch, TicketView, filter::Filter},
    model::{
        deploy::{Deploy, StepState},
        platform::ExternalId,
        refusal::{Problem, RefusalCode},
    },
};

/// What can be done with deploys. A deploy is named by its ticket: number, platform name or id.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// List the queue: what needs a person first
    List {
        /// Such as "state:needs-operator platform:meta"
        #[arg(long, short)]
        filter: Option<String>,
        /// Also those that are over
        #[arg(long)]
        finished: bool,
        /// At most this many
        #[arg(long, short = 'n', default_value_t = 50, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
    },
    /// Show the ledger of one deploy: every step, every attempt
    Show {
        /// Number, platform name or id of the ticket
        ticket: String,
    },
    /// Stop before the next step
    Pause {
        /// Number, platform name or id of the ticket
        ticket: String,
    },
    /// Go on
    Resume {
        /// Number, platform name or id of the ticket
        ticket: String,
    },
    /// Put it before or behind others on its account
    Priority {
        /// Number, platform name or id of the ticket
        ticket: String,
        /// low, normal, high or urgent
        priority: String,
    },
    /// Take a deploy back before anything was sent
    Recall {
        /// Number, platform name or id of the ticket
        ticket: String,
    },
    /// Answer what happened to a step that nobody knows the end of
    Resolve(Resolve),
}

/// An answer.
#[derive(Debug, Args)]
pub struct Resolve {
    /// Number, platform name or id of the ticket
    pub ticket: String,
    /// The step asked about; may be left out when only one asks
    #[arg(long)]
    pub step: Option<String>,
    /// The answer
    #[command(flatten)]
    pub answer: Answer,
    /// With --adopt: also if the object differs from what was asked; needs an approver and a reason
    #[arg(long, requires = "adopt", requires = "reason")]
    pub force: bool,
    /// Why, for the history
    #[arg(long, default_value = "", hide_default_value = true)]
    pub reason: String,
}

/// Exactly one of the answers there are.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Answer {
    /// This object is ours
    #[arg(long, value_name = "ID")]
    pub adopt: Option<String>,
    /// Nothing was created: look once more, then send it again
    #[arg(long)]
    pub none_exists: bool,
    /// What was found differs from what was expected; go on all the same
    #[arg(long)]
    pub proceed: bool,
    /// Give the step up; the ticket fails
    #[arg(long)]
    pub abandon: bool,
}

/// Carries out a verb.
pub async fn run(call: &mut Call, verb: Verb) -> Result<(), Failure> {
    match verb {
        Verb::List {
            filter,
            finished,
            limit,
        } => list(call, filter.as_deref(), finished, limit).await,
        Verb::Show { ticket } => {
            let view = call.ticket(&ticket).await?;
            let deploy = of(&view)?;
            let lane = lane_of(call, deploy).await?;
            let table = ledger(&view, deploy, lane.as_ref());
            let also = [("why", json!(view.why)), ("lane", json!(lane))];
            call.out.with("deploy", deploy, &also, &table);
            Ok(())
        }
        Verb::Pause { ticket } => {
            let id = call.ticket(&ticket).await?.card.id;
            change(call, CommandKind::DeployPause { id }, id).await
        }
        Verb::Resume { ticket } => {
            let id = call.ticket(&ticket).await?.card.id;
            change(call, CommandKind::DeployResume { id }, id).await
        }
        Verb::Recall { ticket } => {
            let id = call.ticket(&ticket).await?.card.id;
            change(call, CommandKind::DeployRecall { id }, id).await
        }
        Verb::Priority { ticket, priority } => {
            let mut g = Gather::default();
            let priority = g.parse_opt("priority", Some(&priority));
            if !g.is_clean() {
                return Err(g.failure());
            }
            let seen = call.ticket(&ticket).await?;
            let kind = CommandKind::TicketEdit {
                id: seen.card.id,
                version: seen.ticket.version,
                patch: TicketPatch {
                    priority,
                    ..TicketPatch::default()
                },
            };
            change(call, kind, seen.card.id).await
        }
        Verb::Resolve(args) => resolve(call, args).await,
    }
}

fn of(view: &TicketView) -> Result<&Deploy, Failure> {
    view.deploy.as_ref().ok_or_else(|| {
        Failure::refused(
            RefusalCode::NotFound,
            Problem::whole(
                format!("ticket {} never had a deploy", view.card.no),
                "start one with `ticket deploy`",
            ),
        )
    })
}

async fn list(call: &mut Call, text: Option<&str>, finished: bool, limit: u32) -> Result<(), Failure> {
    let request = Request::Deploys {
        filter: filter(text)?,
        finished,
        limit,
    };
    let rows: DeployRows = ask!(call, request, Deploys)?;
    let mut table = Table::new(
        ["no", "status", "name", "account", "step", "tries", "last"],
        "no deploys fit",
    );
    for d in &rows.rows {
        table.row([
            d.no.to_string(),
            d.status.to_string(),
            d.name.clone(),
            d.account.to_string(),
            sheet::glance(&d.glance),
            format!("{}/{}", d.glance.tries, d.max_tries),
            d.last.clone(),
        ]);
    }
    let lanes = json!(rows.lanes);
    let also = [("total", json!(rows.matching)), ("lanes", lanes)];
    call.out.with("deploys", &rows.rows, &also, &table);
    let shown = u64::try_from(rows.rows.len()).unwrap_or(u64::MAX);
    if shown < rows.matching && !call.out.is_json() {
        call.out.say(&format!("{shown} of {} shown", rows.matching));
    }
    Ok(())
}

/// The account a deploy is on, while it has work or trouble.
async fn lane_of(call: &Call, deploy: &Deploy) -> Result<Option<LaneView>, Failure> {
    let request = Request::Deploys {
        filter: Filter::default(),
        finished: false,
        limit: 0,
    };
    let rows: DeployRows = ask!(call, request, Deploys)?;
    let own = |l: &LaneView| l.platform == deploy.platform && l.account == deploy.account;
    Ok(rows.lanes.into_iter().find(own))
}

fn ledger(view: &TicketView, deploy: &Deploy, lane: Option<&LaneView>) -> Table {
    let mut t = Table::bare();
    t.row(["ticket", &format!("{} {}", deploy.no, deploy.job.name)]);
    t.row(["account", &format!("{} {}", deploy.platform, deploy.account)]);
    if let Some(why) = &view.why {
        t.row(["why", &why.text]);
        if let Some(at) = why.next_at {
            t.row(["next", &at.to_string()]);
        }
    }
    if let Some(lane) = lane {
        t.row(["pace", &hold::pace(lane)]);
        t.row(["breaker", &hold::breaker(lane)]);
    }
    for step in &deploy.steps {
        let id = step.external_id.as_ref().map(ToString::to_string).unwrap_or_default();
        t.row([step.key.as_str(), state_word(step.state), &id, &step.name]);
        for a in &step.attempts {
            let (end, words) = match &a.outcome {
                None => ("open".to_owned(), String::new()),
                Some(o) => {
                    let code = o.code.as_deref().unwrap_or_default();
                    let http = o.http_status.map(|s| s.to_string()).unwrap_or_default();
                    (word(&o.class), format!("{http} {code} {}", o.words))
                }
            };
            t.row(["", &format!("attempt {}", a.n), &end, words.trim()]);
            for r in &a.reads {
                let found = r
                    .found
                    .map_or_else(|| "did not count".to_owned(), |n| format!("found {n}"));
                t.row(["", "look-up", &found, &r.note]);
            }
        }
    }
    t
}

async fn resolve(call: &mut Call, args: Resolve) -> Result<(), Failure> {
    let view = call.ticket(&args.ticket).await?;
    let deploy = of(&view)?;
    let asking: Vec<_> = deploy
        .steps
        .iter()
        .filter(|s| s.state == StepState::NeedsOperator)
        .map(|s| s.key.as_str())
        .collect();
    let step = match (&args.step, asking.as_slice()) {
        (Some(step), _) => step.clone(),
        (None, [only]) => (*only).to_owned(),
        (None, []) => {
            return Err(Failure::refused(
                RefusalCode::WrongState,
                Problem::whole(format!("no step of ticket {} asks anything", deploy.no), ""),
            ));
        }
        (None, several) => {
            let reason = format!("{} steps ask: {}", several.len(), several.join(", "));
            return Err(Failure::refused(
                RefusalCode::Invalid,
                Problem::at("step", reason, "name one with --step"),
            ));
        }
    };
    let (resolution, word) = match args.answer {
        Answer { adopt: Some(id), .. } => {
            let word = format!("adopt {id}{}", if args.force { ", whatever differs," } else { "" });
            let id = ExternalId(id);
            let force = args.force;
            (Resolution::Adopt { id, force }, word)
        }
        Answer { none_exists: true, .. } => (Resolution::NoneExists, "look once more and send again".to_owned()),
        Answer { proceed: true, .. } => (Resolution::Proceed, "go on".to_owned()),
        Answer { .. } => (Resolution::Abandon, "give up".to_owned()),
    };
    call.confirm(
        &format!("{word} for step {step} of ticket {} {}", deploy.no, deploy.job.name),
        &[],
    )
    .await?;
    let kind = CommandKind::DeployResolve {
        id: deploy.ticket,
        step,
        resolution,
        reason: args.reason,
        evidence: None,
    };
    let id = deploy.ticket;
    change(call, kind, id).await
}
