//! What was acknowledged, kept outside of the program, and the journal and the platform held against it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use omnitraffick::engine::{
    api::Exported,
    model::{event::Seq, json::Sha},
    store::inspect::export,
};
use serde_json::Value;

use crate::program::{Sandbox, fleet};

/// See the module.
#[derive(Default)]
pub struct Books {
    campaigns: BTreeSet<String>,
    tickets: BTreeSet<String>,
    /// Rows of the journal: word of the campaign, or id of the ticket, with its key.
    there: BTreeMap<String, String>,
    /// Newest commit read, with the hash of the one before.
    last: Option<(Seq, Sha)>,
    /// The end of the chain in backups cannot be past what the journal has.
    backed_up: Seq,
    seen: BTreeMap<&'static str, u64>,
}

impl Books {
    /// A campaign was acknowledged.
    pub fn promised_campaign(&mut self, word: &str) {
        self.campaigns.insert(word.to_owned());
    }

    /// A ticket was acknowledged.
    pub fn promised_ticket(&mut self, id: &str) {
        self.tickets.insert(id.to_owned());
    }

    /// A backup was acknowledged.
    pub fn backed_up(&mut self, head: Seq) -> Result<(), String> {
        if head < self.last.map_or(Seq(0), |(seq, _)| seq) && self.backed_up > head {
            return Err(format!(
                "a backup ends with {head}, an earlier one with {}",
                self.backed_up
            ));
        }
        self.backed_up = self.backed_up.max(head);
        *self.seen.entry("backups").or_default() += 1;
        Ok(())
    }

    /// Acknowledgements.
    pub fn acknowledged(&self) -> u64 {
        (self.campaigns.len() + self.tickets.len()) as u64
    }

    /// Events of the store.
    pub fn events(&self) -> u64 {
        self.last.map_or(0, |(seq, _)| seq.0)
    }

    /// How often the journal tells of something a kill should lead to.
    pub fn seen(&self) -> BTreeMap<&'static str, u64> {
        self.seen.clone()
    }

    /// Reads on in the journal, from the newest commit that was read: that one must be what it was.
    pub fn read_journal(&mut self, dir: &Path) -> Result<(), String> {
        let from = self.last.map_or(Seq(0), |(seq, _)| Seq(seq.0 - 1));
        let mut wrong = None;
        export(dir, from, &mut |commit| {
            wrong = self.take(&commit).err();
            wrong.is_none()
        })
        .map_err(|e| e.to_string())?;
        if let Some(why) = wrong {
            return Err(why);
        }
        if self.backed_up > Seq(self.events()) {
            return Err(format!(
                "a backup has {} commits, the store {}",
                self.backed_up,
                self.events()
            ));
        }
        let missing = |promised: &BTreeSet<String>| promised.iter().find(|p| !self.there.contains_key(*p)).cloned();
        match missing(&self.campaigns).or_else(|| missing(&self.tickets)) {
            Some(lost) => Err(format!("{lost} was acknowledged and is not in the journal")),
            None => Ok(()),
        }
    }

    fn take(&mut self, commit: &Exported) -> Result<(), String> {
        let seq = commit.event.seq;
        match self.last {
            Some((last, prev)) if seq == last => {
                return if prev == commit.prev {
                    Ok(())
                } else {
                    Err(format!("history before commit {seq} has changed"))
                };
            }
            Some((last, _)) if seq.0 == last.0 + 1 => {}
            None if seq.0 == 1 => {}
            _ => return Err(format!("commit {seq} follows {:?}", self.last)),
        }
        self.last = Some((seq, commit.prev));
        let kind = serde_json::to_value(commit.event.kind).unwrap();
        let what = match kind.as_str().unwrap_or_default() {
            "engine.started" => Some("engine starts"),
            "step.unknown" => Some("calls cut off"),
            "step.adopted" => Some("adopted"),
            "step.absent" => Some("proved absent"),
            "journal.tail_truncated" => Some("tails cut"),
            "index.rebuilt" => Some("indexes built again"),
            _ => None,
        };
        if let Some(what) = what {
            *self.seen.entry(what).or_default() += 1;
        }
        for row in commit.put.iter().filter(|row| row.version == 1) {
            let id = row.key.rsplit('/').next().unwrap_or_default().to_owned();
            let word = match (row.kind.as_str(), &row.value) {
                ("campaign", Some(value)) => {
                    word_of(value).ok_or_else(|| format!("a campaign without a word: {value}"))?
                }
                ("ticket", _) => id,
                _ => continue,
            };
            if let Some(other) = self.there.insert(word.clone(), row.key.clone()) {
                return Err(format!("{word} is there twice: {other} and {}", row.key));
            }
        }
        Ok(())
    }

    /// Every ticket is live, and the platform has each of its objects once.
    pub fn compare(&self, tickets: &[Value], world: &Sandbox) -> Result<(), String> {
        let there: BTreeSet<&str> = tickets.iter().filter_map(|t| t["id"].as_str()).collect();
        if let Some(lost) = self.tickets.iter().find(|id| !there.contains(id.as_str())) {
            return Err(format!("ticket {lost} was acknowledged and is not listed"));
        }
        if let Some(open) = tickets.iter().find(|t| t["status"] != "TRAFFICKED_SUCCESS") {
            return Err(format!("a ticket is not live: {open}"));
        }
        let made = world.made();
        if let Some((what, n)) = made.iter().find(|(_, n)| **n != 1) {
            return Err(format!("{what:?} was made {n} times"));
        }
        if made.len() != tickets.len() * fleet::EDGES.len() {
            return Err(format!("{} objects for {} tickets", made.len(), tickets.len()));
        }
        Ok(())
    }
}

/// The planner's word in a campaign's row.
fn word_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => text.starts_with("Wave").then(|| text.clone()),
        Value::Object(fields) => fields.values().find_map(word_of),
        _ => None,
    }
}
