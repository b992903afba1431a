//! What would be sent, and what a platform says of it without carrying it out.

use serde::{Deserialize, Serialize};

use crate::engine::model::{
    ids::{TicketId, TicketNo},
    path::FieldPath,
    platform::{AccountId, PlatformId},
    ticket::Status,
};

/// A request of the plan, as it would be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedCall {
    /// The step.
    pub step: String,
    /// `POST /act_1/campaigns`.
    pub line: String,
    /// Its fields in order; ids of steps not yet made appear as `<campaign id>`.
    pub fields: Vec<(String, String)>,
    /// `GET`, `POST` or `DELETE`.
    #[serde(default)]
    pub method: String,
    /// The whole address.
    #[serde(default)]
    pub url: String,
    /// Every header but those HTTP itself needs (host, length); secrets are named.
    #[serde(default)]
    pub headers: Vec<PlannedHeader>,
    /// The body, byte for byte but for ids of steps not yet made; `None` = there is none.
    #[serde(default)]
    pub body: Option<String>,
    /// The parts of a multipart body, which has no text of its own.
    #[serde(default)]
    pub form: Vec<PlannedPart>,
}

/// A part of a multipart body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedPart {
    /// The parameter.
    pub name: String,
    /// Its value, or what the file is called there.
    pub value: String,
    /// The file's type, `image/png`; `None` = it is no file.
    pub media: Option<String>,
}

/// A header of a [`PlannedCall`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedHeader {
    /// Its name, in small letters.
    pub name: String,
    /// Its value, or what stands before the secret: `Bearer `.
    pub value: String,
    /// The environment variable of the secret, if it has one.
    pub variable: Option<String>,
}

impl PlannedHeader {
    /// For people: `Bearer $META_TOKEN`.
    pub fn shown(&self) -> String {
        let secret = self.variable.as_ref().map(|v| format!("${v}")).unwrap_or_default();
        format!("{}{secret}", self.value)
    }
}

/// What a platform says of one step without carrying it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It would be carried out.
    Accepted,
    /// It would be refused.
    Refused,
    /// The platform gave no verdict: throttled, unreachable, or an answer nobody understands.
    Unclear,
    /// It was not asked.
    Skipped,
}

impl Verdict {
    /// The word in JSON and in lists.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Unclear => "unclear",
            Self::Skipped => "skipped",
        }
    }
}

/// One step of a [`Validation`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidatedStep {
    /// The step.
    pub step: String,
    /// What came of it.
    pub verdict: Verdict,
    /// The platform's words, or why it was not asked.
    pub words: String,
    /// The form field to blame, in the ticket's terms.
    pub field: Option<FieldPath>,
    /// The platform's code, `100/1885621`.
    pub code: Option<String>,
    /// The platform's request or trace id.
    pub request_id: Option<String>,
}

/// What a platform says of a ticket's requests without carrying any of them out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validation {
    /// The ticket.
    pub ticket: TicketId,
    /// Its number.
    pub no: TicketNo,
    /// Its platform name.
    pub name: String,
    /// Where it was asked.
    pub platform: PlatformId,
    /// With which account.
    pub account: AccountId,
    /// Where the ticket stands; asking changes nothing about it.
    pub status: Status,
    /// True when QA passed on exactly this content. A platform's yes replaces no QA.
    pub qa_passed: bool,
    /// The same in words.
    pub qa: String,
    /// Step by step, in the order of the deploy.
    pub steps: Vec<ValidatedStep>,
}

impl Validation {
    /// True when the platform had nothing against anything it was asked.
    pub fn is_good(&self) -> bool {
        let bad = |s: &ValidatedStep| matches!(s.verdict, Verdict::Refused | Verdict::Unclear);
        !self.steps.iter().any(bad)
    }
}
