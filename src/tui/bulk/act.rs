//! What can be done to many tickets, and the command it is for one of them. Pure.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    engine::{
        api::{CommandKind, TicketPatch, TicketView, card::Card},
        model::{
            catalogue::set_path,
            deploy::Leftovers,
            event::Seq,
            ids::{DeployId, QaRunId, TicketNo},
            json::CanonicalJson,
            money::{Budget, BudgetKind, Money},
            ticket::{Priority, RequestType, Status},
            time::{Day, Flight},
        },
    },
    tui::{app::msg::Ids, command::Danger},
};

/// What to do to every marked ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Run QA.
    Qa,
    /// Deploy.
    Deploy,
    /// Take a failed deploy up again.
    Retry,
    /// Stop before the next step.
    Pause,
    /// Let it go on.
    Resume,
    /// Back to draft.
    Withdraw,
    /// Call off.
    Cancel {
        /// What happens to objects, where any may exist.
        leftovers: Leftovers,
        /// Why.
        reason: String,
    },
    /// Set one field.
    Set(Change),
    /// Take back what was done to many at once, one by one.
    Undo {
        /// What was done to each, by its number in the journal.
        of: BTreeMap<TicketNo, Seq>,
        /// It makes again what was taken back.
        redo: bool,
    },
}

/// One field and what it becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Who takes care of it.
    Owner(String),
    /// How soon.
    Priority(Priority),
    /// The amount of its budget, main units of its own currency.
    Budget(String),
    /// First day of delivery.
    Start(Day),
    /// Last day of delivery.
    End(Option<Day>),
    /// Notes.
    Notes(String),
    /// A field of the platform.
    Payload {
        /// Section and path: `creative.url_tags`.
        path: String,
        /// What people call it.
        title: String,
        /// The new value; `None` takes it out.
        value: Option<Value>,
    },
}

impl Act {
    /// For questions and the report: `Run QA on`.
    pub fn verb(&self) -> String {
        match self {
            Self::Qa => "Run QA on".to_owned(),
            Self::Deploy => "Deploy".to_owned(),
            Self::Retry => "Retry".to_owned(),
            Self::Pause => "Pause".to_owned(),
            Self::Resume => "Resume".to_owned(),
            Self::Withdraw => "Take back to draft".to_owned(),
            Self::Cancel { .. } => "Cancel".to_owned(),
            Self::Set(change) => format!("Set {} on", change.title()),
            Self::Undo { redo: false, .. } => "Take the last change back on".to_owned(),
            Self::Undo { redo: true, .. } => "Make the change again on".to_owned(),
        }
    }

    /// How much it can hurt when done to one ticket; many at once ask more.
    pub const fn danger(&self) -> Danger {
        match self {
            Self::Deploy => Danger::Outward,
            Self::Retry | Self::Cancel { .. } => Danger::Hard,
            _ => Danger::Undoable,
        }
    }

    /// What an accepted command means: where more happens afterwards, that is all that is known.
    pub const fn done_word(&self) -> &'static str {
        match self {
            Self::Qa => "given to QA",
            Self::Deploy | Self::Retry => "queued",
            _ => "done",
        }
    }

    /// What happens next, a sentence each.
    pub fn consequences(&self) -> Vec<String> {
        match self {
            Self::Qa => vec!["The checks run on the present content.".to_owned()],
            Self::Deploy => {
                vec!["Each that is Ready is queued to create its objects on its platform and to spend its budget; others are \
                      refused."
                    .to_owned()]
            }
            Self::Retry => {
                vec!["Each goes on where it stands; what exists is kept, nothing is created twice.".to_owned()]
            }
            Self::Pause => vec!["Each stops before its next step.".to_owned()],
            Self::Resume => vec!["Each goes on with its next step.".to_owned()],
            Self::Withdraw => vec!["Their QA results are void.".to_owned()],
            Self::Cancel { leftovers, reason } => {
                let what = match leftovers {
                    Leftovers::KeepPaused => "What exists stays on the platform, paused.",
                    Leftovers::Archive => "What exists is archived on the platform.",
                };
                vec![what.to_owned(), format!("Reason: {reason}.")]
            }
            Self::Set(change) if change.is_content() => {
                vec!["Each becomes a draft with the new value, and QA runs on it.".to_owned()]
            }
            Self::Undo { .. } => {
                vec![
                    "Each on its own: what somebody changed again meanwhile stays and is named in the report."
                        .to_owned(),
                ]
            }
            Self::Set(_) => vec!["Changes no content, so QA stays valid.".to_owned()],
        }
    }

    /// True when the whole ticket must be read before it can be changed.
    pub const fn needs_ticket(&self) -> bool {
        matches!(self, Self::Set(Change::Payload { .. }))
    }

    /// True when QA runs on what was changed.
    pub const fn then_qa(&self) -> bool {
        match self {
            Self::Set(change) => change.is_content(),
            _ => false,
        }
    }

    /// The command for one ticket, or why there is none. `whole` is the ticket, where it had to be read.
    pub fn command(&self, card: &Card, whole: Option<&TicketView>, ids: &mut Ids) -> Result<CommandKind, String> {
        let id = card.id;
        Ok(match self {
            Self::Qa => CommandKind::TicketSubmitQa {
                id,
                run: QaRunId::new(ids.mint()),
            },
            Self::Deploy => CommandKind::TicketDeploy {
                id,
                deploy: DeployId::new(ids.mint()),
                not_before: None,
            },
            Self::Retry => CommandKind::TicketRetry { id },
            Self::Pause => CommandKind::DeployPause { id },
            Self::Resume => CommandKind::DeployResume { id },
            Self::Withdraw => CommandKind::TicketWithdraw { id },
            Self::Cancel { leftovers, reason } => CommandKind::TicketCancel {
                id,
                leftovers: may_exist(card).then_some(*leftovers),
                reason: reason.clone(),
            },
            Self::Set(change) => CommandKind::TicketEdit {
                id,
                version: whole.map_or(card.version, |w| w.ticket.version),
                patch: change.patch(card, whole)?,
            },
            Self::Undo { of, .. } => CommandKind::Undo {
                of: *of.get(&card.no).ok_or("nothing was done to it")?,
                version: 0,
                inverse: None,
            },
        })
    }
}

/// True when objects of a ticket may exist on its platform.
pub fn may_exist(card: &Card) -> bool {
    card.request == RequestType::Create && (card.objects > 0 || card.status == Status::Deploying)
}

impl Change {
    /// The field as people know it.
    pub fn title(&self) -> &str {
        match self {
            Self::Owner(_) => "the owner",
            Self::Priority(_) => "the priority",
            Self::Budget(_) => "the budget",
            Self::Start(_) => "the first day",
            Self::End(_) => "the last day",
            Self::Notes(_) => "the notes",
            Self::Payload { title, .. } => title,
        }
    }

    /// True when it touches what QA judges.
    pub const fn is_content(&self) -> bool {
        !matches!(self, Self::Owner(_) | Self::Priority(_) | Self::Notes(_))
    }

    /// What the field is on a ticket now, as far as its row says, and what it becomes.
    pub fn before_after(&self, card: &Card) -> (Option<String>, String) {
        let day = |d: Option<Day>| d.map_or_else(|| "none".to_owned(), |d| d.to_string());
        let text = |s: &str| {
            if s.is_empty() {
                "nobody".to_owned()
            } else {
                s.to_owned()
            }
        };
        match self {
            Self::Owner(name) => (Some(text(&card.assignee)), text(name)),
            Self::Priority(p) => (Some(card.priority.to_string()), p.to_string()),
            Self::Budget(amount) => {
                let now = card.budget.map(|b| b.money.to_string());
                let currency = card.budget.map(|b| b.money.currency());
                let to = currency.and_then(|c| Money::parse(amount, c).ok());
                (now, to.map_or_else(|| amount.clone(), |m| m.to_string()))
            }
            Self::Start(d) => (Some(day(card.flight.map(|f| f.start))), d.to_string()),
            Self::End(d) => (Some(day(card.flight.and_then(|f| f.end))), day(*d)),
            Self::Notes(words) => (None, words.clone()),
            Self::Payload { value, .. } => (None, value.as_ref().map_or_else(|| "none".to_owned(), Value::to_string)),
        }
    }

    fn patch(&self, card: &Card, whole: Option<&TicketView>) -> Result<TicketPatch, String> {
        let mut patch = TicketPatch::default();
        let (card, whole) = (whole.map_or(card, |w| &w.card), whole.map(|w| &w.ticket.value));
        match self {
            Self::Owner(name) => patch.assignee = Some(name.clone()),
            Self::Priority(p) => patch.priority = Some(*p),
            Self::Notes(words) => patch.notes = Some(words.clone()),
            Self::Budget(amount) => {
                let Some(budget) = card.budget else {
                    return Err("it has no budget yet, so whether daily or lifetime is open".to_owned());
                };
                let money = Money::parse(amount, budget.money.currency())?;
                patch.budget = Some(Some(Budget { money, ..budget }));
            }
            Self::Start(start) => {
                let end = card.flight.and_then(|f| f.end);
                patch.flight = Some(Some(Flight { start: *start, end }));
            }
            Self::End(end) => {
                let Some(flight) = card.flight else {
                    return Err("it has no first day yet".to_owned());
                };
                if end.is_none() && card.budget.is_some_and(|b| b.kind == BudgetKind::Lifetime) {
                    return Err("a lifetime budget needs a last day".to_owned());
                }
                patch.flight = Some(Some(Flight { end: *end, ..flight }));
            }
            Self::Payload { path, value, .. } => {
                let Some(ticket) = whole else {
                    return Err("it was not read".to_owned());
                };
                let mut payload = ticket.payload.value();
                let Value::Object(root) = &mut payload else {
                    return Err("its payload is no object".to_owned());
                };
                match value {
                    Some(value) => set_path(root, path, value.clone()),
                    None => crate::tui::screens::compose::payload::remove_path(root, path),
                }
                patch.payload = Some(CanonicalJson::new(&payload));
            }
        }
        Ok(patch)
    }
}
