//! One invocation: the engine, the output, the switches; and the few questions every noun asks.

use std::sync::Arc;

use super::{args::Globals, failure::Failure, output::Output, person::Person, stop::Stop};
use crate::engine::{
    api::{
        Command, CommandKind, Done, EngineClient, Governance, Impact, Overview, Request, TicketView, TicketWindow,
        card::Card, filter::Filter,
    },
    model::{
        catalogue::Catalogue,
        ids::{TicketId, TicketNo},
        platform::PlatformId,
        refusal::{Problem, RefusalCode},
    },
};

/// What the global switches decide inside a verb.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Switches {
    /// `--yes`.
    pub yes: bool,
    /// `--dry-run`.
    pub dry_run: bool,
}

impl Switches {
    /// From the command line.
    pub const fn of(globals: &Globals) -> Self {
        Self {
            yes: globals.yes,
            dry_run: globals.dry_run,
        }
    }
}

/// What came of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Acted {
    /// It is done.
    Done(Box<Done>),
    /// It would be done: a sentence a change.
    Would(Vec<String>),
}

/// Asks one thing and takes the one fitting reply.
macro_rules! ask {
    ($call:expr, $request:expr, $variant:ident) => {
        match $call.client.request($request).await? {
            $crate::engine::api::Reply::$variant(value) => Ok(value),
            _ => Err($crate::cli::failure::Failure::internal(
                "the engine answered another question",
            )),
        }
    };
}
pub(crate) use ask;

/// Rows asked for at once while a long list is read.
const PAGE: u32 = 500;

/// One invocation.
pub struct Call {
    /// The engine.
    pub client: Arc<dyn EngineClient>,
    /// Where to print.
    pub out: Output,
    /// The global switches.
    pub switches: Switches,
    /// Who answers questions.
    pub person: Person,
    /// Set when a signal came.
    pub stop: Stop,
}

impl Call {
    /// Everything governed.
    pub async fn governance(&self) -> Result<Governance, Failure> {
        ask!(self, Request::Governance, Governance).map(|g: Box<Governance>| *g)
    }

    /// The header.
    pub async fn overview(&self) -> Result<Overview, Failure> {
        ask!(self, Request::Overview, Overview).map(|o: Box<Overview>| *o)
    }

    /// The fields of a platform.
    pub async fn catalogue(&self, platform: PlatformId) -> Result<Catalogue, Failure> {
        ask!(self, Request::Catalogue(platform), Catalogue).map(|c: Box<Catalogue>| *c)
    }

    /// A ticket by number (`1042`, `#1042`), id or platform name.
    pub async fn ticket(&self, selector: &str) -> Result<TicketView, Failure> {
        let request = if let Ok(no) = selector.parse::<TicketNo>() {
            Request::TicketByNo(no)
        } else if let Ok(id) = selector.parse::<TicketId>() {
            Request::Ticket(id)
        } else {
            Request::TicketByName(selector.to_owned())
        };
        ask!(self, request, Ticket).map(|t: Box<TicketView>| *t)
    }

    /// A ticket by id.
    pub async fn ticket_by_id(&self, id: TicketId) -> Result<TicketView, Failure> {
        ask!(self, Request::Ticket(id), Ticket).map(|t: Box<TicketView>| *t)
    }

    /// Up to `limit` rows of a list, and how many match. `window` says which and in what order; read in pages, so no
    /// reply grows with the store.
    pub async fn cards(&self, mut window: TicketWindow, limit: usize) -> Result<(Vec<Card>, u64), Failure> {
        let mut cards: Vec<Card> = Vec::new();
        loop {
            let left = u32::try_from(limit.saturating_sub(cards.len())).unwrap_or(u32::MAX);
            // One more than wanted, because the anchor row comes again.
            window.after = left.min(PAGE).saturating_add(1);
            let rows = ask!(self, Request::Tickets(window.clone()), Tickets)?;
            let before = cards.len();
            let got = rows.rows.len();
            for card in rows.rows {
                if cards.len() < limit && !cards.iter().rev().take(got).any(|c| c.id == card.id) {
                    cards.push(card);
                }
            }
            window.anchor = cards.last().map(|c| c.id);
            if cards.len() >= limit || cards.len() == before || u32::try_from(got).unwrap_or(u32::MAX) < window.after {
                return Ok((cards, rows.matching));
            }
        }
    }

    /// Wraps an intention with its id.
    pub fn command(&self, kind: CommandKind) -> Command {
        Command {
            id: self.client.command_id(),
            kind,
        }
    }

    /// Carries out a change, or says what it would do.
    pub async fn act(&self, kind: CommandKind) -> Result<Acted, Failure> {
        if self.switches.dry_run {
            return self.would(kind).await.map(Acted::Would);
        }
        let command = Box::new(self.command(kind));
        ask!(self, Request::Do(command), Done).map(|done: Done| Acted::Done(Box::new(done)))
    }

    /// What a change would do, without doing it.
    pub async fn would(&self, kind: CommandKind) -> Result<Vec<String>, Failure> {
        ask!(self, Request::DryRun(Box::new(self.command(kind))), WouldDo)
    }

    /// What a change would touch.
    pub async fn impact(&self, kind: CommandKind) -> Result<Impact, Failure> {
        ask!(self, Request::Impact(Box::new(self.command(kind))), Impact).map(|i: Box<Impact>| *i)
    }

    /// Carries out a change that prints nothing but that it is done.
    pub async fn act_and_tell(&mut self, kind: CommandKind) -> Result<(), Failure> {
        match self.act(kind).await? {
            Acted::Would(lines) => self.out.would_do(&lines),
            Acted::Done(done) => {
                let mut table = super::output::Table::bare();
                let summary = done.event.as_ref().map_or("done", |e| e.summary.as_str());
                table.row([summary]);
                self.out.one("done", &*done, &table);
            }
        }
        Ok(())
    }

    /// Carries out a change and shows what became of what it changed.
    pub async fn act_and_show(
        &mut self,
        kind: CommandKind,
        show: impl FnOnce(&mut Self, &Governance) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        match self.act(kind).await? {
            Acted::Would(lines) => self.out.would_do(&lines),
            Acted::Done(_) => {
                let governance = self.governance().await?;
                show(self, &governance)?;
            }
        }
        Ok(())
    }

    /// Removes something for good, after saying what else that touches and asking. `what` is its noun and its name.
    pub async fn delete(&mut self, what: &str, kind: CommandKind) -> Result<(), Failure> {
        let impact = self.impact(kind.clone()).await?;
        self.confirm(&format!("delete {what}"), &impact.lines).await?;
        self.act_and_tell(kind).await
    }

    /// Asks before something that cannot be taken back. Without a terminal `--yes` is needed, except where every
    /// platform is a simulation and nothing real can break.
    pub async fn confirm(&mut self, what: &str, consequences: &[String]) -> Result<(), Failure> {
        if self.switches.yes || self.switches.dry_run {
            return Ok(());
        }
        let overview = self.overview().await?;
        if !self.person.is_there() {
            if overview.sandbox {
                return Ok(());
            }
            return Err(Failure::refused(
                RefusalCode::NotAllowed,
                Problem::whole(
                    format!(
                        "{what} in {} needs a yes, and stdin is not a terminal",
                        overview.environment
                    ),
                    "add --yes",
                ),
            ));
        }
        for line in consequences {
            self.out.say(line);
        }
        self.out.say(&format!(
            "{} in {}? Type y and Enter, anything else stops.",
            upper(what),
            overview.environment
        ));
        if self.person.says_yes().await {
            Ok(())
        } else {
            Err(Failure::refused(
                RefusalCode::NotAllowed,
                Problem::whole("nothing was changed: you did not say yes", ""),
            ))
        }
    }
}

fn upper(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|c| c.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

/// Parses a filter with the complaint at its switch.
pub fn filter(text: Option<&str>) -> Result<Filter, Failure> {
    Filter::parse(text.unwrap_or_default()).map_err(|e| {
        Failure::refused(
            RefusalCode::Invalid,
            Problem::at("filter", e, "such as status:ready-for-api platform:meta"),
        )
    })
}
