//! The event of a commit: a subject, a sentence and the fields before and after, all safe to show.

use std::fmt::Display;

use serde_json::Value;

use crate::engine::{
    model::{
        catalogue::show_value,
        event::{EventKind, FieldChange, Noun, Subject},
        ids::TicketNo,
        json::CanonicalJson,
        path::FieldPath,
        sanitise::{excerpt, sanitise},
        ticket::Status,
    },
    store::NewEvent,
};

/// Longest value shown in a change.
const SHOWN: usize = 80;
/// Most changes kept per event: a record has room for 64 KiB and the rows come first.
const MOST: usize = 40;

/// Fields before and after.
#[derive(Clone, Debug, Default)]
pub struct Changes(Vec<FieldChange>);

impl Changes {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// True when nothing changed.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Notes a field that always has a value, if it changed.
    pub fn value<T: PartialEq + Display>(&mut self, field: impl Into<FieldPath>, from: &T, to: &T) {
        if from != to {
            self.push(field.into(), Some(from.to_string()), Some(to.to_string()));
        }
    }

    /// Notes a field that may be empty, if it changed.
    pub fn option<T: PartialEq>(
        &mut self,
        field: impl Into<FieldPath>,
        from: Option<&T>,
        to: Option<&T>,
        show: impl Fn(&T) -> String,
    ) {
        if from != to {
            self.push(field.into(), from.map(&show), to.map(&show));
        }
    }

    /// Notes a field by its text before and after, if it changed.
    pub fn text(&mut self, field: impl Into<FieldPath>, from: String, to: String) {
        if from != to {
            self.push(field.into(), Some(from), Some(to));
        }
    }

    /// Notes every changed leaf of a payload under its own path. Lists are shown whole: their items have no names.
    pub fn payload(&mut self, from: &CanonicalJson, to: &CanonicalJson) {
        if from != to {
            self.json(&FieldPath::new("payload"), Some(&from.value()), Some(&to.value()));
        }
    }

    fn json(&mut self, at: &FieldPath, from: Option<&Value>, to: Option<&Value>) {
        if from == to {
            return;
        }
        match (from, to) {
            (Some(Value::Object(a)), Some(Value::Object(b))) => {
                let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
                for key in keys {
                    self.json(&at.field(&excerpt(key, SHOWN)), a.get(key), b.get(key));
                }
            }
            (None, Some(Value::Object(b))) if !b.is_empty() => {
                for (key, value) in b {
                    self.json(&at.field(&excerpt(key, SHOWN)), None, Some(value));
                }
            }
            (Some(Value::Object(a)), None) if !a.is_empty() => {
                for (key, value) in a {
                    self.json(&at.field(&excerpt(key, SHOWN)), Some(value), None);
                }
            }
            (from, to) => self.push(at.clone(), from.map(show_value), to.map(show_value)),
        }
    }

    fn push(&mut self, field: FieldPath, from: Option<String>, to: Option<String>) {
        let shown = |text: Option<String>| text.map(|t| excerpt(&t, SHOWN));
        self.0.push(FieldChange {
            field,
            from: shown(from),
            to: shown(to),
        });
    }

    /// The names of the changed fields, for a sentence: `budget, flight, payload`.
    fn words(&self) -> String {
        let mut words: Vec<&str> = Vec::new();
        for change in &self.0 {
            let word = change.field.as_str().split(['.', '[']).next().unwrap_or("");
            if !words.contains(&word) {
                words.push(word);
            }
        }
        words.join(", ")
    }

    /// The event. `{fields}` in the sentence becomes the names of what changed.
    pub fn event(self, kind: EventKind, subject: Subject, sentence: &str) -> NewEvent {
        let summary = sanitise(&sentence.replace("{fields}", &self.words())).into_string();
        let mut changes = self.0;
        changes.truncate(MOST);
        NewEvent {
            kind,
            also: Vec::new(),
            subject,
            status: None,
            summary,
            changes,
        }
    }
}

/// What an event about a governed value or a campaign is about.
pub fn subject(noun: Noun, id: impl Display, label: impl Display) -> Subject {
    Subject {
        noun,
        id: id.to_string(),
        label: label.to_string(),
        ticket: None,
    }
}

/// What an event about a ticket is about.
pub fn ticket_subject(id: impl Display, no: TicketNo) -> Subject {
    Subject {
        noun: Noun::Ticket,
        id: id.to_string(),
        label: no.to_string(),
        ticket: Some(no),
    }
}

/// An event of a ticket that moved, without field changes.
pub fn moved(kind: EventKind, subject: Subject, status: Status, summary: &str) -> NewEvent {
    NewEvent {
        status: Some(status),
        ..Changes::new().event(kind, subject, summary)
    }
}
