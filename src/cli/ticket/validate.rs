//! `ticket deploy --validate-only`: what the platform says of a ticket's requests without carrying any of them out.

use crate::{
    cli::{
        bulk::{self, Which},
        call::{Call, ask},
        failure::Failure,
        governed,
        output::Table,
    },
    engine::api::{Request, Validation, Verdict},
};

/// Asks ticket by ticket; gives the exit code: 1 when a platform would refuse something, or gave no verdict.
pub async fn run(call: &mut Call, which: &Which) -> Result<u8, Failure> {
    let mut told: Vec<Validation> = Vec::new();
    for id in bulk::ids(call, which).await? {
        let validation: Box<Validation> = ask!(call, Request::Validate(id), Validation)?;
        told.push(*validation);
    }
    let mut table = Table::bare();
    for (n, validation) in told.iter().enumerate() {
        if n > 0 {
            table.row([""]);
        }
        rows(&mut table, validation);
    }
    call.out.many("validations", &told, governed::count(told.len()), &table);
    call.out.say("validate only: nothing was created or changed");
    Ok(u8::from(!told.iter().all(Validation::is_good)))
}

fn rows(table: &mut Table, v: &Validation) {
    table.field("ticket", format!("{} {}", v.no, v.name));
    table.field("account", format!("{} {}", v.platform, v.account));
    table.field("status", v.status.as_str());
    table.field("qa", &v.qa);
    for step in &v.steps {
        let mut words = step.verdict.as_str().to_owned();
        if step.verdict != Verdict::Accepted || !step.words.is_empty() {
            words = format!("{words}: {}", step.words);
        }
        let code = step.code.as_ref().map(|c| format!(" (error {c})")).unwrap_or_default();
        table.row([&step.step, &format!("{words}{code}")]);
        if let Some(field) = &step.field {
            table.row(["  field", field.as_str()]);
        }
        if step.verdict == Verdict::Refused
            && let Some(id) = &step.request_id
        {
            table.row(["  request id", id]);
        }
    }
}
