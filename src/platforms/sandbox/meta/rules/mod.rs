//! What Meta refuses: first what the specification forbids, then the rules of the trade that it does not write down.
//!
//! Invariant: a rule judges a request and what already exists; it changes nothing.

mod ad_set;
mod campaign;
mod creative;
mod file;

pub(super) use ad_set::ad_set;
pub(super) use campaign::campaign;
pub(super) use creative::{ad, creative};
pub(super) use file::{image, video};

use super::{account::Account, call::Call, error::GraphError, object::Object, object::Status};
use crate::{
    engine::model::{platform::ObjectKind, time::Timestamp},
    platforms::{
        WireRequest,
        meta::spec::{self, FaultKind, Node, SpecFault},
    },
};

type Check = Result<(), GraphError>;

/// Parameters that belong to the caller and not to the operation.
pub(super) const OF_THE_CALLER: [&str; 3] = ["access_token", "appsecret_proof", "appsecret_time"];

/// Holds a request against the specification. `node` is what the path points at, where the path does not tell.
pub(super) fn against_spec(request: &WireRequest, node: Option<Node>) -> Check {
    let faults = match node {
        Some(node) => spec::check_request_on(node, request),
        None => spec::check_request(request),
    };
    let mut faults = faults
        .into_iter()
        .filter(|f| !OF_THE_CALLER.contains(&f.param.as_str()));
    faults.next().map_or(Ok(()), |f| Err(of_fault(request, &f)))
}

fn of_fault(request: &WireRequest, fault: &SpecFault) -> GraphError {
    let param = fault.param.as_str();
    match fault.kind {
        FaultKind::NoSuchOperation => {
            GraphError::unknown_path(request.path.trim_matches('/').rsplit('/').next().unwrap_or_default())
        }
        // The real service says no more than this when the status is missing.
        FaultKind::MissingRequired | FaultKind::MissingNeeded if param == "status" => {
            GraphError::invalid("status", "Status Is Missing", "State the status: ACTIVE or PAUSED.")
        }
        FaultKind::MissingRequired | FaultKind::MissingNeeded => GraphError::missing(param),
        FaultKind::UnknownField => GraphError::plain(&format!("Tried accessing nonexisting field: {}", fault.words)),
        FaultKind::UnknownParam => blamed(param, &format!("Unexpected parameter {param}: {}", fault.words)),
        FaultKind::TwiceGiven => blamed(param, &format!("Parameter {param} {}", fault.words)),
        FaultKind::WrongType => blamed(param, &format!("Param {param}: {}", fault.words)),
        FaultKind::WrongValue => blamed(
            param,
            &format!("Param {param} must be one of the allowed values: {}", fault.words),
        ),
    }
}

fn blamed(param: &str, message: &str) -> GraphError {
    GraphError {
        blame: Some(param.to_owned()),
        ..GraphError::plain(message)
    }
}

/// Names are free text of at most 400 characters.
pub(super) fn name(call: &Call<'_>) -> Check {
    match call.text("name").map(|n| n.chars().count()) {
        Some(n) if n > 400 => Err(GraphError::invalid(
            "name",
            "Name Too Long",
            &format!("The name has {n} characters; at most 400 are allowed."),
        )),
        _ => Ok(()),
    }
}

/// New objects are active or paused.
pub(super) fn first_status(call: &Call<'_>) -> Check {
    match call.text("status").and_then(Status::parse) {
        Some(Status::Active | Status::Paused) => Ok(()),
        _ => Err(GraphError::invalid(
            "status",
            "Invalid Status",
            "New objects can only be ACTIVE or PAUSED.",
        )),
    }
}

/// Only an active account takes new objects.
pub(super) fn account_is_open(account: &Account) -> Check {
    if account.status == 1 {
        return Ok(());
    }
    Err(GraphError {
        title: Some("Ad Account Not Active"),
        user_message: Some(format!(
            "This ad account has status {} and cannot create or change ads.",
            account.status
        )),
        ..GraphError::of_code(200, None, Some("(#200) The ad account is disabled or restricted"), None)
    })
}

/// The budget a request carries: its field and its amount in minor units. Never both.
pub(super) fn budget(call: &Call<'_>) -> Result<Option<(&'static str, u64)>, GraphError> {
    match (call.number("daily_budget"), call.number("lifetime_budget")) {
        (Some(_), Some(_)) => Err(GraphError::invalid(
            "lifetime_budget",
            "Two Budgets",
            "Set either a daily budget or a lifetime budget, not both.",
        )),
        (Some(amount), None) => Ok(Some(("daily_budget", amount))),
        (None, Some(amount)) => Ok(Some(("lifetime_budget", amount))),
        (None, None) => Ok(None),
    }
}

/// The lowest budget depends on what is billed and, over a lifetime, on the number of days.
pub(super) fn is_enough(account: &Account, field: &str, amount: u64, billing: Option<&str>, days: u64) -> Check {
    let per_day = match billing {
        Some("LINK_CLICKS" | "CLICKS" | "PAGE_LIKES" | "POST_ENGAGEMENT" | "THRUPLAY") => account.min_daily_budget * 5,
        _ => account.min_daily_budget,
    };
    let least = if field == "lifetime_budget" {
        per_day.saturating_mul(days.max(1))
    } else {
        per_day
    };
    if amount >= least {
        return Ok(());
    }
    Err(GraphError::invalid(
        field,
        "Budget Is Too Low",
        &format!(
            "Your budget of {amount} is below the minimum of {least} (in the smallest unit of {}).",
            account.currency
        ),
    )
    .sub(1_885_272))
}

/// Days from start to end, begun ones counted.
pub(super) fn days(start: Timestamp, end: Option<Timestamp>) -> u64 {
    end.map_or(1, |e| e.since(start).as_secs().div_ceil(86_400)).max(1)
}

fn read_time(call: &Call<'_>, account: &Account, field: &str) -> Result<Option<Timestamp>, GraphError> {
    call.text(field)
        .map(|text| {
            account.read_time(text).ok_or_else(|| {
                GraphError::invalid(field, "Invalid Time", "Write a time like 2026-12-01T00:00:00-0500.")
            })
        })
        .transpose()
}

/// Start and end of a schedule: the end after the start and in the future.
pub(super) fn schedule(
    call: &Call<'_>,
    account: &Account,
    end_field: &str,
    now: Timestamp,
) -> Result<(Timestamp, Option<Timestamp>), GraphError> {
    let start = read_time(call, account, "start_time")?.unwrap_or(now);
    let end = read_time(call, account, end_field)?;
    if let Some(end) = end {
        if end <= start {
            return Err(GraphError::invalid(
                end_field,
                "Invalid Schedule",
                "The end time must be after the start time.",
            ));
        }
        if end <= now {
            return Err(GraphError::invalid(
                end_field,
                "Invalid Schedule",
                "The end time must be in the future.",
            ));
        }
    }
    Ok((start, end))
}

/// Budgets live on the campaign or on its ad sets.
pub(super) fn both_levels(field: &str) -> GraphError {
    GraphError::invalid(
        field,
        "Cannot Set Budgets on Both Levels",
        "You can only set an ad set budget or a campaign budget.",
    )
    .sub(1_885_621)
}

/// Nothing can be added below something archived or deleted.
fn is_open(parent: &Object, field: &str) -> Check {
    if matches!(parent.status, Status::Active | Status::Paused) {
        return Ok(());
    }
    Err(GraphError::invalid(
        field,
        "Parent Not Available",
        &format!(
            "The object {} is {} and takes nothing new.",
            parent.id,
            parent.status.as_str()
        ),
    ))
}

/// Whether an object of this kind may take a status it does not have.
pub(super) fn next_status(object: &Object, next: Status) -> Check {
    match (object.status, next) {
        (Status::Deleted, _) => Err(gone(object)),
        (Status::Archived, Status::Active | Status::Paused) => Err(GraphError::invalid(
            "status",
            "Cannot Edit Archived Object",
            "An archived object can only be deleted.",
        )),
        (_, Status::Paused | Status::Archived) if object.kind == ObjectKind::Creative => Err(GraphError::invalid(
            "status",
            "Invalid Status",
            "A creative is ACTIVE or DELETED.",
        )),
        _ => Ok(()),
    }
}

/// Deleted objects can be read and nothing else.
pub(super) fn gone(object: &Object) -> GraphError {
    GraphError::invalid(
        "id",
        "Cannot Edit Deleted Object",
        &format!("The object {} was deleted and cannot be changed.", object.id),
    )
}
