//! The opposite of one change, from what the journal has of it and what there is now.

use super::{Inverse, fields::Fields, stack::is_edit, undone_by};
use crate::engine::{
    decide::{
        command::{BrandPatch, CampaignPatch, ChannelPatch, CommandKind, MarketPatch, TicketPatch},
        ticket::table::Act,
    },
    model::{
        campaign::Campaign,
        event::{Event, EventKind, FieldChange, Seq},
        governance::{Brand, Channel, Market},
        ids::QaRunId,
        json::CanonicalJson,
        path::FieldPath,
        refusal::{Problem, Refusal, RefusalCode},
        ticket::{RequestType, Status, Ticket},
    },
};

/// Something that was changed, in one of its forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A ticket.
    Ticket(Box<Ticket>),
    /// A market.
    Market(Box<Market>),
    /// A brand.
    Brand(Box<Brand>),
    /// A channel.
    Channel(Box<Channel>),
    /// A campaign.
    Campaign(Box<Campaign>),
}

/// A change with everything needed to take it back.
#[derive(Clone, Debug)]
pub struct Past<'a> {
    /// The change.
    pub event: &'a Event,
    /// What it changed, before it. `None` = the journal has it no more at hand.
    pub before: Option<Thing>,
    /// The same after it.
    pub after: Option<Thing>,
    /// The same now, with its version. `None` = gone.
    pub now: Option<(u64, Thing)>,
    /// True while the ticket's deploy is paused.
    pub paused: bool,
    /// What happened to it since, oldest first.
    pub later: &'a [Event],
    /// The id of a QA run, should one be asked for.
    pub run: QaRunId,
}

/// Why a change is not taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum No {
    /// Nothing of it is left: whoever goes back step by step goes on to the one before.
    Nothing(Refusal),
    /// It cannot be, or somebody's later change is in the way.
    Stop(Refusal),
}

impl No {
    /// The words.
    pub fn into_refusal(self) -> Refusal {
        match self {
            Self::Nothing(r) | Self::Stop(r) => r,
        }
    }
}

fn stop(code: RefusalCode, reason: impl Into<String>, remedy: impl Into<String>) -> No {
    No::Stop(Refusal::new(code, Problem::whole(reason, remedy)))
}

fn nothing(reason: impl Into<String>) -> No {
    No::Nothing(Refusal::new(
        RefusalCode::WrongState,
        Problem::whole(reason, "nothing is left to take back"),
    ))
}

/// The command that takes a change back, and the version of what it is for.
pub fn inverse(past: &Past<'_>) -> Result<(Inverse, u64), No> {
    let event = past.event;
    let (kind, version) = if is_edit(event) { edit(past)? } else { moved(past)? };
    let again = undone_by(event);
    Ok((Inverse { kind, again }, version))
}

fn edit(past: &Past<'_>) -> Result<(CommandKind, u64), No> {
    let (event, about) = (past.event, &past.event.subject);
    let Some((version, now)) = past.now.clone() else {
        return Err(nothing(format!("{} {} is gone", about.noun, about.label)));
    };
    let (Some(before), Some(after)) = (&past.before, &past.after) else {
        return Err(stop(
            RefusalCode::NotFound,
            format!(
                "what {} {} was before seq {} is too far back",
                about.noun, about.label, event.seq
            ),
            "look at the change in the audit trail and edit it by hand",
        ));
    };
    let mut fields = Fields::default();
    let kind = match (before, after, now) {
        (Thing::Ticket(b), Thing::Ticket(a), Thing::Ticket(n)) => ticket(&mut fields, past, b, a, &n, version)?,
        (Thing::Market(b), Thing::Market(a), Thing::Market(n)) => {
            same_code(event, b.code == a.code)?;
            let patch = MarketPatch {
                code: None,
                name: fields.field("name", &b.name, &a.name, &n.name),
                countries: fields.field("countries", &b.countries, &a.countries, &n.countries),
                region: fields.field("region", &b.region, &a.region, &n.region),
                timezone: fields.field("timezone", &b.timezone, &a.timezone, &n.timezone),
                daily_cap: fields.field("daily_cap", &b.daily_cap, &a.daily_cap, &n.daily_cap),
                retired: fields.field("retired", &b.retired, &a.retired, &n.retired),
            };
            let id = n.id;
            CommandKind::MarketUpdate { id, version, patch }
        }
        (Thing::Brand(b), Thing::Brand(a), Thing::Brand(n)) => {
            same_code(event, b.code == a.code)?;
            let friendly = fields.field(
                "family_friendly",
                &b.family_friendly,
                &a.family_friendly,
                &n.family_friendly,
            );
            let patch = BrandPatch {
                code: None,
                name: fields.field("name", &b.name, &a.name, &n.name),
                family_friendly: friendly,
                retired: fields.field("retired", &b.retired, &a.retired, &n.retired),
            };
            let id = n.id;
            CommandKind::BrandUpdate { id, version, patch }
        }
        (Thing::Channel(b), Thing::Channel(a), Thing::Channel(n)) => {
            same_code(event, b.code == a.code)?;
            let patch = channel(&mut fields, b, a, &n);
            let id = n.id;
            CommandKind::ChannelUpdate { id, version, patch }
        }
        (Thing::Campaign(b), Thing::Campaign(a), Thing::Campaign(n)) => {
            let patch = CampaignPatch {
                brand: fields.field("brand", &b.brand, &a.brand, &n.brand),
                market: fields.field("market", &b.market, &a.market, &n.market),
                year: fields.field("year", &b.year, &a.year, &n.year),
                title: fields.field("title", &b.title, &a.title, &n.title),
                budget: fields.field("budget", &b.budget, &a.budget, &n.budget),
                flight: fields.field("flight", &b.flight, &a.flight, &n.flight),
                retired: fields.field("retired", &b.retired, &a.retired, &n.retired),
            };
            let id = n.id;
            CommandKind::CampaignUpdate { id, version, patch }
        }
        _ => {
            return Err(stop(
                RefusalCode::NotFound,
                format!("seq {} does not fit what there is now", event.seq),
                "edit it by hand",
            ));
        }
    };
    if !fields.in_the_way.is_empty() {
        return Err(in_the_way(past, &fields.in_the_way));
    }
    if fields.put_back == 0 {
        let by = past.later.iter().find(|e| undone_by(e) == Some(event.seq));
        let why = by.map_or_else(
            || format!("{} {} is as it was before seq {}", about.noun, about.label, event.seq),
            |e| format!("seq {} was taken back by {} (seq {})", event.seq, e.actor.name, e.seq),
        );
        return Err(nothing(why));
    }
    Ok((kind, version))
}

fn ticket(
    fields: &mut Fields,
    past: &Past<'_>,
    b: &Ticket,
    a: &Ticket,
    n: &Ticket,
    version: u64,
) -> Result<CommandKind, No> {
    let patch = TicketPatch {
        budget: fields.field("budget", &b.budget, &a.budget, &n.budget),
        flight: fields.field("flight", &b.flight, &a.flight, &n.flight),
        payload: fields
            .payload(&b.payload.value(), &a.payload.value(), &n.payload.value())
            .map(|v| CanonicalJson::new(&v)),
        notes: fields.field("notes", &b.notes, &a.notes, &n.notes),
        assignee: fields.field("assignee", &b.assignee, &a.assignee, &n.assignee),
        priority: fields.field("priority", &b.priority, &a.priority, &n.priority),
    };
    if patch.touches_content() && !Act::Edit.works_in(n.status) && fields.in_the_way.is_empty() {
        return Err(beyond_reach(past.event.seq, n, patch.budget.is_some()));
    }
    let id = n.id;
    Ok(CommandKind::TicketEdit { id, version, patch })
}

fn channel(fields: &mut Fields, b: &Channel, a: &Channel, n: &Channel) -> ChannelPatch {
    let mut patch = ChannelPatch {
        name: fields.field("name", &b.name, &a.name, &n.name),
        retired: fields.field("retired", &b.retired, &a.retired, &n.retired),
        ..ChannelPatch::default()
    };
    let mut ids: Vec<_> = b.accounts.iter().chain(&a.accounts).map(|x| &x.id).collect();
    ids.sort();
    ids.dedup();
    for id in ids {
        let name = format!("accounts.{id}");
        match fields.field(&name, &b.account(id), &a.account(id), &n.account(id)) {
            Some(Some(account)) => patch.set_accounts.push(account.clone()),
            Some(None) => patch.remove_accounts.push(id.clone()),
            None => {}
        }
    }
    patch
}

/// A code stands in names on platforms: whoever changes it is asked what that touches.
fn same_code(event: &Event, same: bool) -> Result<(), No> {
    if same {
        return Ok(());
    }
    let about = &event.subject;
    Err(stop(
        RefusalCode::Unsupported,
        format!("seq {} changed the code of {} {}", event.seq, about.noun, about.label),
        format!(
            "change the code again (`{} update {} --code ...`): it shows what that touches first",
            about.noun, about.label
        ),
    ))
}

/// A ticket whose content is out of reach: on its way, live or over.
fn beyond_reach(seq: Seq, ticket: &Ticket, budget: bool) -> No {
    let no = ticket.no;
    let remedy = match ticket.status {
        Status::TraffickedSuccess if ticket.request == RequestType::Create && budget => {
            format!(
                "write a reverting ticket: `ticket create --request UPDATE_BUDGET --target {no}` with the former budget"
            )
        }
        Status::TraffickedSuccess if ticket.request == RequestType::Create => {
            format!(
                "write a PAUSE or ARCHIVE ticket for it (`ticket create --request PAUSE --target {no}`), or clone it"
            )
        }
        Status::TraffickedSuccess => "write another ticket that changes it back".to_owned(),
        Status::Deploying => format!("recall it while nothing was sent (`deploy recall {no}`), or cancel it"),
        _ => "clone it and change the copy".to_owned(),
    };
    stop(
        RefusalCode::WrongState,
        format!(
            "ticket {no} is {}: taking seq {seq} back would change nothing on {}",
            ticket.status, ticket.platform
        ),
        remedy,
    )
}

/// Who changed what again, and when.
fn in_the_way(past: &Past<'_>, fields: &[FieldPath]) -> No {
    let mut problems = Vec::new();
    for field in fields.iter().take(8) {
        let touches = |c: &&FieldChange| is_about(c.field.as_str(), field.as_str());
        let later = past
            .later
            .iter()
            .rev()
            .find_map(|e| e.changes.iter().find(touches).map(|c| (e, c)));
        let reason = match later {
            Some((e, c)) => format!(
                "{field} was changed again by {} at {} (seq {}): {} -> {}",
                e.actor.name,
                e.at,
                e.seq,
                c.from.as_deref().unwrap_or("-"),
                c.to.as_deref().unwrap_or("-")
            ),
            None => format!("{field} was changed again since seq {}", past.event.seq),
        };
        problems.push(Problem::at(
            field.clone(),
            reason,
            "take that change back first, or edit the field",
        ));
    }
    let mut refusal = Refusal::invalid(problems);
    refusal.code = RefusalCode::Stale;
    No::Stop(refusal)
}

fn is_about(a: &str, b: &str) -> bool {
    let under = |a: &str, b: &str| {
        a.strip_prefix(b)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    under(a, b) || under(b, a)
}

/// Moves: back to draft, to QA, paused, going on.
fn moved(past: &Past<'_>) -> Result<(CommandKind, u64), No> {
    let (event, about) = (past.event, &past.event.subject);
    let known = matches!(
        event.kind,
        EventKind::QaStarted | EventKind::TicketWithdrawn | EventKind::DeployPaused | EventKind::DeployResumed
    );
    if !known || about.ticket.is_none() {
        return Err(not_reversible(event));
    }
    let Some((version, Thing::Ticket(ticket))) = &past.now else {
        return Err(nothing(format!("{} {} is gone", about.noun, about.label)));
    };
    let (id, no, status, version) = (ticket.id, ticket.no, ticket.status, *version);
    let now = || nothing(format!("ticket {no} is {status} now"));
    let kind = match event.kind {
        EventKind::QaStarted if Act::Withdraw.works_in(status) => CommandKind::TicketWithdraw { id },
        EventKind::TicketWithdrawn if status == Status::Draft => CommandKind::TicketSubmitQa { id, run: past.run },
        EventKind::DeployPaused if status == Status::Deploying && past.paused => CommandKind::DeployResume { id },
        EventKind::DeployResumed if status == Status::Deploying && !past.paused => CommandKind::DeployPause { id },
        _ => return Err(now()),
    };
    if let Some(other) = past.later.iter().rev().find(|later| is_of_another(later, event)) {
        return Err(stop(
            RefusalCode::Stale,
            format!(
                "{} did something to ticket {no} after it, at {} (seq {}): {}",
                other.actor.name, other.at, other.seq, other.summary
            ),
            "look at the ticket, and do by hand what is still right",
        ));
    }
    Ok((kind, version))
}

/// True for what another person did to a ticket: taking an earlier move back would take that with it. Words about it are
/// no such thing.
fn is_of_another(later: &Event, than: &Event) -> bool {
    let words = matches!(
        later.kind,
        EventKind::Commented | EventKind::Watched | EventKind::Unwatched
    );
    !words && !later.actor.is_engine() && later.actor.name != than.actor.name
}

/// Why a change has no opposite, and what to do instead.
fn not_reversible(event: &Event) -> No {
    use EventKind as K;
    let label = &event.subject.label;
    let remedy = match event.kind {
        K::DeployStarted | K::DeployRetried => {
            format!("`deploy recall {label}` works while nothing was sent; what is live is changed by a ticket")
        }
        K::Trafficked | K::StepConfirmed | K::StepAdopted => {
            format!("write a PAUSE or ARCHIVE ticket: `ticket create --request PAUSE --target {label}`")
        }
        K::TicketCreated | K::TicketCloned => format!("remove the ticket: `ticket delete {label}`"),
        K::Created => format!("remove or retire {label} where it is listed"),
        K::Deleted | K::TicketDeleted => "what was removed does not come back; make it anew".to_owned(),
        K::Cancelled | K::CancelAsked => format!("copy it into a new draft: `ticket clone {label}`"),
        K::DeployPaused | K::DeployResumed => "see `hold list`, `hold place` and `hold release`".to_owned(),
        _ => "it changed no field that could be put back".to_owned(),
    };
    stop(
        RefusalCode::Unsupported,
        format!(
            "seq {} ({}) cannot be taken back: {}",
            event.seq, event.kind, event.summary
        ),
        remedy,
    )
}
