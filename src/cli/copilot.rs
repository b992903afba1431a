//! `copilot`: a question, and what the house's guidelines say to it.

use clap::{Args, Subcommand};

use super::{
    call::{Call, ask},
    failure::Failure,
    guidelines::{Place, render},
    output::Table,
};
use crate::engine::api::{
    Request,
    copilot::{CopilotAsk, GuidelineSearch},
};

/// What can be done with the copilot.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Ask what the guidelines say; it answers from them or says that no rule was found
    Ask(Ask),
}

/// A question.
#[derive(Debug, Args)]
pub struct Ask {
    /// The question; `@brand:ACM @platform:meta` inside it say where it stands
    #[arg(required = true, value_name = "TEXT")]
    pub text: Vec<String>,
    /// The ticket it stands in: its brand, platform, market and objective
    #[arg(long, value_name = "TICKET")]
    pub ticket: Option<String>,
    /// Where to stand; stronger than the ticket
    #[command(flatten)]
    pub standing: Place,
    /// Snippets only, no language model
    #[arg(long)]
    pub snippets: bool,
    /// Say why each snippet is there: ranks, and the terms with their shares
    #[arg(long)]
    pub explain: bool,
}

impl Verb {
    /// True when the answer needs nothing that is in the store.
    pub const fn needs_no_store(&self) -> bool {
        let Self::Ask(ask) = self;
        ask.ticket.is_none()
    }
}

/// Carries it out.
pub async fn run(call: &mut Call, verb: Verb) -> Result<(), Failure> {
    let Verb::Ask(args) = verb;
    let ticket = match &args.ticket {
        Some(selector) => Some(call.ticket(selector).await?.ticket.value.no),
        None => None,
    };
    let request = CopilotAsk {
        search: GuidelineSearch {
            text: args.text.join(" "),
            standing: args.standing.into(),
            ticket,
            limit: 0,
            explain: args.explain,
            fresh: true,
        },
        snippets_only: args.snippets,
    };
    let answer = ask!(call, Request::AskCopilot(Box::new(request)), CopilotAnswer)?;
    let mut table = Table::bare();
    table.row([format!("{}: {}", answer.state.as_str(), answer.reason)]);
    table.row([""]);
    render(&mut table, &answer.found);
    if let Some(question) = &answer.for_the_owner {
        table.row([format!("ask the policy owner: {question}")]);
    }
    call.out.one("copilot_answer", &*answer, &table);
    Ok(())
}
