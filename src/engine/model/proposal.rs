//! A proposal: a change of one ticket that a rule or a model suggests and a person may apply.
//!
//! Why a row: what was proposed, by what, from which evidence, and what a person made of it must be told years later.
//!
//! Invariants
//! - It is made for exactly one content: it is stale as soon as the ticket's payload hash is another.
//! - It changes nothing by itself. Applying it is an ordinary edit by a person.
//! - Its patch pins what it replaces: each old value stands in it as a `test`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    ids::{TicketId, TicketNo},
    json::{CanonicalJson, Sha},
    path::FieldPath,
    ticket::Ticket,
    time::{Flight, Timestamp},
};

/// Which proposal: the n-th of a ticket, from 1. People say `1001.2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ProposalNo {
    /// The ticket.
    pub ticket: TicketNo,
    /// Which of its proposals, from 1.
    pub n: u32,
}

impl fmt::Display for ProposalNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{}", self.ticket, self.n))
    }
}

impl FromStr for ProposalNo {
    type Err = String;
    /// A leading `#` is ignored.
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let parts = s.trim().split_once('.');
        parts
            .and_then(|(no, n)| Some((no.parse().ok()?, n.parse().ok().filter(|n| *n > 0)?)))
            .map(|(ticket, n)| Self { ticket, n })
            .ok_or_else(|| {
                let said = super::sanitise::excerpt(s, 24);
                format!("\"{said}\" is not a proposal; write ticket and number, such as 1001.1")
            })
    }
}

/// Who says that something is wrong with the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Witness {
    /// The platform refused it.
    Platform,
    /// QA found it.
    Qa,
}

/// What is wrong with a ticket's content, from the ledger's evidence or from QA's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ailment {
    /// Who says so.
    pub witness: Witness,
    /// The platform's code, `100/1885621`, or QA's rule.
    pub code: String,
    /// The ledger step that was refused.
    pub step: Option<String>,
    /// The field to blame.
    pub field: Option<FieldPath>,
    /// The words of who says so, sanitised.
    pub words: String,
}

/// Where a proposal comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A fix from the program's table.
    Rule {
        /// Its name, `text_over_limit`; several with commas between.
        name: String,
    },
    /// A language model.
    Model {
        /// Its name.
        model: String,
        /// Hash of the bytes that were sent to it.
        asked: Sha,
        /// `low`, `medium`, `high`, as it said of itself: shown, never used.
        confidence: String,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule { name } => write!(f, "rule {name}"),
            Self::Model { model, .. } => write!(f, "model {model}"),
        }
    }
}

/// What a person made of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProposalState {
    /// Nothing yet.
    Open,
    /// Taken over.
    Applied {
        /// By whom.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// Not wanted.
    Declined {
        /// By whom.
        by: String,
        /// When.
        at: Timestamp,
        /// Why; may be empty.
        reason: String,
    },
}

/// Where a proposal stands, with the ticket as it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Can be applied.
    Open,
    /// Was applied.
    Applied,
    /// Was declined.
    Declined,
    /// The ticket is another by now.
    Stale,
}

impl Standing {
    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Applied => "applied",
            Self::Declined => "declined",
            Self::Stale => "stale",
        }
    }
}

/// The proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The ticket.
    pub ticket: TicketId,
    /// Its name for people.
    pub no: ProposalNo,
    /// Hash of the content it was made for ([`Ticket::payload_hash`]).
    pub payload_hash: Sha,
    /// RFC 6902 over [`Content`], with a `test` for each old value.
    pub patch: CanonicalJson,
    /// Why, for people; one sentence a change.
    pub reasons: String,
    /// The rules it rests on: snippet ids of guidelines, codes of platforms, rules of QA.
    pub cites: Vec<String>,
    /// What it comes from.
    pub origin: Origin,
    /// What it mends.
    pub mends: Vec<Ailment>,
    /// Who asked for it.
    pub asked_by: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// What a person made of it.
    pub state: ProposalState,
}

impl Proposal {
    /// Where it stands while the ticket's content has this hash.
    pub fn standing(&self, now: Sha) -> Standing {
        match self.state {
            ProposalState::Applied { .. } => Standing::Applied,
            ProposalState::Declined { .. } => Standing::Declined,
            ProposalState::Open if self.payload_hash == now => Standing::Open,
            ProposalState::Open => Standing::Stale,
        }
    }
}

/// What a proposal speaks about: everything a person may edit that voids QA, as one JSON document
/// `{"budget":…,"flight":…,"payload":…}`. Paths in it are the ticket's field paths.
#[derive(Clone, Debug, PartialEq)]
pub struct Content(Value);

impl Content {
    /// A ticket's.
    pub fn of(ticket: &Ticket) -> Self {
        Self(json!({
            "budget": ticket.budget,
            "flight": ticket.flight,
            "payload": ticket.payload.value(),
        }))
    }

    /// From a document of that shape.
    pub const fn from_value(value: Value) -> Self {
        Self(value)
    }

    /// The document.
    pub const fn value(&self) -> &Value {
        &self.0
    }

    /// The payload in it.
    pub fn payload(&self) -> CanonicalJson {
        CanonicalJson::new(self.0.get("payload").unwrap_or(&Value::Null))
    }

    /// The flight in it; says why when what stands there is none.
    pub fn flight(&self) -> Result<Option<Flight>, String> {
        let flight = self.0.get("flight").cloned().unwrap_or(Value::Null);
        serde_json::from_value(flight).map_err(|e| format!("flight: {e}"))
    }

    /// The document after a patch: all of it or nothing.
    pub fn patched(&self, patch: &Value) -> Result<Self, String> {
        let patch: json_patch::Patch = serde_json::from_value(patch.clone()).map_err(|e| e.to_string())?;
        let mut after = self.0.clone();
        json_patch::patch(&mut after, &patch).map_err(|e| e.to_string())?;
        Ok(Self(after))
    }

    /// A ticket with this content instead of its own; its budget stays, no proposal changes one.
    pub fn put_into(&self, ticket: &Ticket) -> Result<Ticket, String> {
        let mut ticket = ticket.clone();
        ticket.flight = self.flight()?;
        ticket.payload = self.payload();
        Ok(ticket)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("1001.2", Some((1001, 2)))]
    #[case(" #1001.1 ", Some((1001, 1)))]
    #[case("1001", None)]
    #[case("1001.0", None)]
    #[case(".1", None)]
    fn a_proposal_has_a_name(#[case] text: &str, #[case] want: Option<(u32, u32)>) {
        let got = text.parse::<ProposalNo>().ok().map(|p| (p.ticket.0, p.n));
        assert_eq!(got, want);
        if let Some((no, n)) = want {
            let no = ProposalNo {
                ticket: TicketNo(no),
                n,
            };
            assert_eq!(no.to_string().parse(), Ok(no));
        }
    }

    #[test]
    fn a_patch_that_fails_in_the_middle_changes_nothing() {
        let content = Content(json!({"payload": {"ad": {"text": "a"}}}));
        let patch = json!([
            {"op": "replace", "path": "/payload/ad/text", "value": "b"},
            {"op": "test", "path": "/payload/ad/text", "value": "c"},
        ]);
        assert!(content.patched(&patch).is_err());
        assert_eq!(content.value()["payload"]["ad"]["text"], "a");
    }
}
