//! `whoami`: as whom the engine sees you, and what that allows.

use serde::Serialize;

use super::{call::Call, failure::Failure, output::Table};
use crate::engine::model::actor::{Actor, Role};

/// The answer in JSON.
#[derive(Serialize)]
struct Me<'a> {
    #[serde(flatten)]
    actor: &'a Actor,
    may: &'static str,
    environment: &'a str,
    read_only: Option<&'a str>,
}

/// Carries it out.
pub async fn run(call: &mut Call) -> Result<(), Failure> {
    let overview = call.overview().await?;
    let me = Me {
        actor: &overview.actor,
        may: may(overview.actor.role),
        environment: &overview.environment,
        read_only: overview.read_only.as_deref(),
    };
    let mut table = Table::bare();
    table.field("name", &me.actor.name);
    table.field("uid", me.actor.uid.map(|uid| uid.to_string()).unwrap_or_default());
    table.field("role", me.actor.role.as_str());
    table.field("may", me.may);
    table.field("environment", me.environment);
    table.field("read-only", me.read_only.unwrap_or_default());
    call.out.one("whoami", &me, &table);
    Ok(())
}

/// What a role allows, in words.
const fn may(role: Role) -> &'static str {
    match role {
        Role::Viewer => "look and ask the copilot",
        Role::Trafficker => "write, deploy and stop tickets",
        Role::Approver => "write, deploy, stop and approve tickets",
        Role::Admin => "do everything, approving one's own work excepted",
    }
}
