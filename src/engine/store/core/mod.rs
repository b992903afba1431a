//! What every store in this process has in common: versions, fences, repeated commands, the due queue.
//!
//! Why one state machine under both stores: the rules of a commit must not depend on where the bytes go. The memory
//! store is this and a list of events; the embedded store is this, a journal and an index.
//!
//! A group of commits walks in two steps, because durability lies between them: [`Core::stage`] checks each commit
//! *counting the earlier ones of its group* and makes its record, changing nothing; [`Core::apply`] takes a staged
//! commit over once its record is durable. Only one group may be on its way at a time.
//!
//! Invariants
//! - No IO, no clock: the time comes with every call.
//! - What was staged can always be applied.
//! - Small kinds keep their bodies here; tickets, deploys and claims keep only what they can be found by, unless the core
//!   was told to keep everything.

pub mod commands;
pub mod due;
#[cfg(test)]
mod fairness;
pub mod rows;

use std::{
    collections::{BTreeMap, HashMap},
    ops::Bound,
    sync::Arc,
};

use self::{
    commands::Commands,
    due::{Due, Turn},
    rows::{Slot, Texts},
};
use super::{
    Applied, Claim, Commit, Committed, Expect, Head, Key, Kind, Lease, Put, Row, Scan, StoreError, Wanted, codec,
    journal::record, schema,
};
use crate::engine::model::{
    event::{Event, Seq},
    ids::{CommandId, LeaseId},
    json::Sha,
    time::Timestamp,
};

/// Longest key, in bytes.
pub const KEY_MAX: usize = 256;

/// Which bodies stay in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resident {
    /// All of them.
    All,
    /// All but tickets' and deploys', which are large and many, and those of claims, which are many and asked for only
    /// when somebody else holds one: that there is none is known without.
    Small,
}

impl Resident {
    /// True when bodies of this kind are kept.
    pub const fn keeps(self, kind: Kind) -> bool {
        match self {
            Self::All => true,
            Self::Small => !matches!(kind, Kind::Ticket | Kind::Deploy | Kind::Claim),
        }
    }
}

/// A commit that was checked and has its record, and waits for it to be durable.
#[derive(Clone, Debug)]
pub struct Staged {
    /// The end of the chain after it.
    pub head: Head,
    /// The record's bytes, without the frame.
    pub payload: Vec<u8>,
    /// What the world hears, with the rows as they will be.
    pub applied: Applied,
    /// Hash of the command, to tell a repeat from a reuse.
    pub command_hash: Sha,
    /// The epoch known after it.
    pub epoch: u64,
}

/// The answer to one commit of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Takes part in the group; its answer holds once the group is durable.
    Written(Seq),
    /// Was already carried out under this number, which may be one of this very group.
    Repeated(Seq),
    /// Not carried out.
    Refused(StoreError),
}

impl Verdict {
    /// The answer, given how the group's write ended: `failed` touches only commits after `durable`.
    pub fn answer(self, durable: Seq, failed: Option<&StoreError>) -> Result<Committed, StoreError> {
        let (seq, repeated) = match self {
            Self::Refused(e) => return Err(e),
            Self::Written(seq) => (seq, false),
            Self::Repeated(seq) => (seq, true),
        };
        match failed {
            Some(e) if seq > durable => Err(e.clone()),
            _ => Ok(Committed { seq, repeated }),
        }
    }
}

/// A checked group: one verdict per commit, one staged commit per record.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// In the order the commits came.
    pub verdicts: Vec<Verdict>,
    /// In sequence order.
    pub staged: Vec<Staged>,
}

/// What staging a group needs to know.
pub struct Stage<'a> {
    /// The store's time, for leases.
    pub now: Timestamp,
    /// Where the group's first record will start in its file.
    pub group_start: u64,
    /// Asked for every commit that is not a repeat: may it be written now?
    pub admit: &'a dyn Fn(&Commit) -> Result<(), StoreError>,
}

/// What the earlier commits of a group changed.
#[derive(Default)]
struct Overlay {
    versions: HashMap<Key, u64>,
    commands: HashMap<CommandId, (Seq, Sha)>,
}

/// The state every store in this process shares. See the module.
#[derive(Debug)]
pub struct Core {
    rows: BTreeMap<Key, Slot>,
    /// First and last key ever seen of a kind: rows of a kind lie together, so this bounds a scan.
    spans: BTreeMap<Kind, (Key, Key)>,
    texts: Texts,
    commands: Commands,
    due: Due,
    head: Head,
    epoch: u64,
    resident: Resident,
}

impl Core {
    /// An empty one.
    pub fn new(resident: Resident) -> Self {
        Self {
            rows: BTreeMap::new(),
            spans: BTreeMap::new(),
            texts: Texts::default(),
            commands: Commands::default(),
            due: Due::default(),
            head: Head::default(),
            epoch: 0,
            resident,
        }
    }

    /// The newest commit.
    pub const fn head(&self) -> Head {
        self.head
    }

    /// The newest engine epoch seen.
    pub const fn epoch(&self) -> u64 {
        self.epoch
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True without any row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    // ---- writing -----------------------------------------------------------------------------------------------

    /// The answer to a command that was already carried out, if it was.
    pub fn known(&self, command: CommandId, hash: &Sha) -> Option<Verdict> {
        let (seq, same) = self.commands.get(command, hash)?;
        Some(if same {
            Verdict::Repeated(seq)
        } else {
            Verdict::Refused(StoreError::CommandIdReused(command))
        })
    }

    /// Checks a group and makes its records. Changes nothing.
    pub fn stage(&self, commits: Vec<Commit>, with: &Stage<'_>) -> Group {
        let mut group = Group::default();
        let mut overlay = Overlay::default();
        let (mut head, mut epoch) = (self.head, self.epoch);
        for commit in commits {
            let verdict = match self.stage_one(commit, with, &mut overlay, head, epoch) {
                Ok(staged) => {
                    head = staged.head;
                    epoch = staged.epoch;
                    group.staged.push(staged);
                    Verdict::Written(head.seq)
                }
                Err(verdict) => verdict,
            };
            group.verdicts.push(verdict);
        }
        group
    }

    fn stage_one(
        &self,
        mut commit: Commit,
        with: &Stage<'_>,
        overlay: &mut Overlay,
        head: Head,
        epoch: u64,
    ) -> Result<Staged, Verdict> {
        if let Some((seq, hash)) = overlay.commands.get(&commit.command) {
            return Err(if *hash == commit.command_hash {
                Verdict::Repeated(*seq)
            } else {
                Verdict::Refused(StoreError::CommandIdReused(commit.command))
            });
        }
        if let Some(verdict) = self.known(commit.command, &commit.command_hash) {
            return Err(verdict);
        }
        let refuse = Verdict::Refused;
        (with.admit)(&commit).map_err(refuse)?;
        self.check_fences(&commit, with.now, epoch).map_err(refuse)?;
        tidy(&mut commit).map_err(refuse)?;

        let version = |key: &Key| {
            let earlier = overlay.versions.get(key).copied();
            earlier.unwrap_or_else(|| self.rows.get(key).map_or(0, |s| s.version))
        };
        for Expect { key, version: expected } in &commit.expect {
            let actual = version(key);
            if actual != *expected {
                return Err(refuse(StoreError::Conflict {
                    key: key.clone(),
                    expected: *expected,
                    actual,
                }));
            }
        }
        let put: Vec<Row> = std::mem::take(&mut commit.put)
            .into_iter()
            .map(|p| Row {
                version: version(&p.key) + 1,
                key: p.key,
                kind: p.kind,
                columns: p.columns,
                body: p.body,
            })
            .collect();
        // Removing what is not there is nothing to write down.
        commit.del.retain(|key| version(key) != 0);

        let seq = Seq(head.seq.0 + 1);
        let payload = record::encode(&commit, &put, head.hash, with.group_start).map_err(refuse)?;
        let hash = record::chain(seq, &payload);
        let raised = put.iter().filter_map(epoch_of).fold(epoch.max(commit.epoch), u64::max);
        overlay.versions.extend(put.iter().map(|r| (r.key.clone(), r.version)));
        overlay.versions.extend(commit.del.iter().map(|k| (k.clone(), 0)));
        overlay.commands.insert(commit.command, (seq, commit.command_hash));
        let command_hash = commit.command_hash;
        Ok(Staged {
            head: Head { seq, hash },
            payload,
            command_hash,
            epoch: raised,
            applied: Applied {
                del: std::mem::take(&mut commit.del),
                put,
                event: Arc::new(event(seq, commit)),
            },
        })
    }

    fn check_fences(&self, commit: &Commit, now: Timestamp, epoch: u64) -> Result<(), StoreError> {
        check_epoch("write", commit.epoch, epoch)?;
        match commit.lease {
            Some(id) if !self.due.holds(id, now) => Err(StoreError::Fenced(format!(
                "lease {id} is lost: it ran out or was given back"
            ))),
            _ => Ok(()),
        }
    }

    /// Takes a durable commit over. Rows come in as they are; sequence order is the caller's duty.
    pub fn apply(&mut self, staged: &Staged) {
        let Applied { event, put, del } = &staged.applied;
        for key in del {
            self.remove(key);
        }
        for row in put {
            self.insert(row, event.seq);
        }
        self.commands
            .note(event.command, &staged.command_hash, event.seq, event.at);
        self.raise_epoch(staged.epoch);
        self.head = staged.head;
    }

    /// Puts a row in, as replay and loading do. The body is kept or dropped by kind.
    pub fn insert(&mut self, row: &Row, seq: Seq) {
        let slot = self.slot_of(row, seq);
        self.rows.insert(row.key.clone(), slot);
    }

    /// All rows of a core that has none yet, in key order, each with what [`Self::slot_of`] made of it. One tree made
    /// whole is smaller, and sooner there, than one that grew.
    pub fn begin_with(&mut self, slots: Vec<(Key, Slot)>) {
        self.rows = slots.into_iter().collect();
    }

    /// A row's place in memory, and notes what else is to know of the row: when it is due, where its kind ends.
    pub fn slot_of(&mut self, row: &Row, seq: Seq) -> Slot {
        let span = self
            .spans
            .entry(row.kind)
            .or_insert_with(|| (row.key.clone(), row.key.clone()));
        if row.key < span.0 {
            span.0 = row.key.clone();
        } else if row.key > span.1 {
            span.1 = row.key.clone();
        }
        self.due.set(&row.key, Turn::of(&row.columns));
        Slot {
            version: row.version,
            seq,
            kind: row.kind,
            columns: self.texts.pack(&row.columns),
            body: self.resident.keeps(row.kind).then(|| row.body.clone()),
        }
    }

    /// Takes a row out.
    pub fn remove(&mut self, key: &Key) {
        self.rows.remove(key);
        self.due.set(key, None);
    }

    /// Takes the commands that were read beside it.
    pub fn set_commands(&mut self, commands: Commands) {
        self.commands = commands;
    }

    /// Forgets commands older than a repeat may be.
    pub fn forget_commands(&mut self, now: Timestamp) {
        self.commands.forget(now);
    }

    /// Notes an engine start. A newer one ends every lease of an older.
    pub fn raise_epoch(&mut self, epoch: u64) {
        if epoch > self.epoch {
            self.epoch = epoch;
            self.due.drop_leases();
        }
    }

    /// Sets the end of the chain after loading.
    pub fn set_head(&mut self, head: Head) {
        self.head = head;
    }

    // ---- reading -----------------------------------------------------------------------------------------------

    /// A row's place in memory.
    pub fn slot(&self, key: &Key) -> Option<&Slot> {
        self.rows.get(key)
    }

    /// A row with its body, if the body is here.
    pub fn row(&self, key: &Key) -> Option<Row> {
        let slot = self.rows.get(key)?;
        let body = slot.body.clone()?;
        Some(self.texts.row(key, slot, body))
    }

    /// A row whose body the caller has, as long as it is still of that version.
    pub fn row_with(&self, key: &Key, version: u64, body: Arc<[u8]>) -> Option<Row> {
        let slot = self.rows.get(key).filter(|s| s.version == version)?;
        Some(self.texts.row(key, slot, body))
    }

    /// Every row's key and slot, in key order.
    pub fn slots(&self) -> impl Iterator<Item = (&Key, &Slot)> {
        self.rows.iter()
    }

    /// Keys of the rows of a kind that somebody who attaches begins with, in key order.
    pub fn wanted(&self, kind: Kind, wanted: &Wanted) -> Vec<Key> {
        let Some((first, last)) = self.spans.get(&kind).filter(|_| wanted.kinds.contains(&kind)) else {
            return Vec::new();
        };
        let rows = || self.rows.range(first..=last).filter(|(_, slot)| slot.kind == kind);
        let end = |(key, slot): (&Key, &Slot)| Some((slot.ended()?, key.clone()));
        let mut ends: Vec<(Timestamp, Key)> = rows().filter_map(end).collect();
        // The end of the newest that is not wanted.
        let before = match ends.len().checked_sub(wanted.ended) {
            None | Some(0) => None,
            Some(older) => Some(ends.select_nth_unstable(older - 1).1.clone()),
        };
        let is_wanted = |row: (&Key, &Slot)| end(row).is_none_or(|end| before.as_ref().is_none_or(|b| end > *b));
        rows()
            .filter(|row| is_wanted(*row))
            .map(|(key, _)| key.clone())
            .collect()
    }

    /// Keys of one page in key order, and where the next one starts.
    pub fn scan(&self, scan: &Scan) -> (Vec<Key>, Option<Key>) {
        let mut keys = Vec::new();
        let limit = scan.limit.max(1);
        // Rows of a kind lie together, so what was seen of the kind bounds the walk.
        let (first, last) = match scan.kind.map(|k| self.spans.get(&k)) {
            Some(None) => return (keys, None),
            Some(Some((first, last))) => (Some(first), Some(last)),
            None => (None, None),
        };
        let after = scan.after.as_ref().filter(|a| first.is_none_or(|f| *a >= f));
        if last.is_some_and(|l| after.is_some_and(|a| a > l)) {
            return (keys, None);
        }
        let from = match (after, first) {
            (Some(after), _) => Bound::Excluded(after),
            (None, Some(first)) => Bound::Included(first),
            (None, None) => Bound::Unbounded,
        };
        let to = last.map_or(Bound::Unbounded, Bound::Included);
        for (key, slot) in self.rows.range::<Key, _>((from, to)) {
            if !self.texts.matches(slot, scan) {
                continue;
            }
            if keys.len() == limit {
                // One more than asked for exists: the page ends here, after the last key handed out.
                let next = keys.last().cloned();
                return (keys, next);
            }
            keys.push(key.clone());
        }
        (keys, None)
    }

    /// True when a row, as it is given, belongs to a listing.
    pub fn matches(row: &Row, scan: &Scan) -> bool {
        rows::matches(row, scan)
    }

    /// Bytes its large parts take in memory, about, by name: what an allocator adds is not counted.
    pub fn bytes(&self) -> Vec<(&'static str, usize)> {
        let row = |(key, slot): (&Key, &Slot)| {
            let columns = slot.columns.as_ref().map_or(0, |_| size_of::<rows::Packed>());
            let body = slot.body.as_ref().map_or(0, |b| b.len());
            size_of::<Key>() + key.as_str().len() + size_of::<Slot>() + columns + body
        };
        vec![
            ("commands", self.commands.bytes()),
            ("rows", self.rows.iter().map(row).sum()),
        ]
    }

    // ---- the due queue -----------------------------------------------------------------------------------------

    /// Takes due rows. `mint` makes lease ids.
    pub fn claim(&mut self, claim: &Claim, mint: &mut dyn FnMut() -> LeaseId) -> Result<Vec<Lease>, StoreError> {
        check_epoch("claim", claim.epoch, self.epoch)?;
        Ok(self.due.claim(claim, mint))
    }

    /// Extends a lease that still holds.
    pub fn renew(&mut self, lease: &Lease, until: Timestamp, now: Timestamp) -> Result<Lease, StoreError> {
        self.due.renew(lease.id, until, now).ok_or_else(|| {
            StoreError::Fenced(format!(
                "the lease on {} is lost: it ran out or was given back",
                lease.key
            ))
        })
    }

    /// Gives a lease back.
    pub fn release(&mut self, lease: &Lease) {
        self.due.release(lease.id);
    }
}

/// An older engine start changes nothing any more.
fn check_epoch(what: &str, theirs: u64, newest: u64) -> Result<(), StoreError> {
    if theirs < newest {
        return Err(StoreError::Fenced(format!(
            "engine start {theirs} tried to {what}, but start {newest} has taken over"
        )));
    }
    Ok(())
}

/// The epoch a row raises, if it is the epoch's row.
pub fn epoch_of(row: &Row) -> Option<u64> {
    if row.kind != Kind::Epoch {
        return None;
    }
    codec::decode::<schema::Epoch>(&row.body).ok().map(|e| e.n)
}

/// The commit's event with its number.
fn event(seq: Seq, commit: Commit) -> Event {
    let new = commit.event;
    Event {
        seq,
        at: commit.at,
        actor: commit.actor,
        command: commit.command,
        kind: new.kind,
        also: new.also,
        subject: new.subject,
        status: new.status,
        summary: new.summary,
        changes: new.changes,
    }
}

/// Leaves one write per key: the last put wins, a put wins over a delete. Refuses keys the store cannot hold.
fn tidy(commit: &mut Commit) -> Result<(), StoreError> {
    let keys = commit.put.iter().map(|p| &p.key).chain(&commit.del);
    for key in keys {
        let text = key.as_str();
        if text.is_empty() || text.len() > KEY_MAX || !text.bytes().all(|b| (0x20..0x7f).contains(&b)) {
            return Err(StoreError::Io(format!(
                "the key \"{}\" cannot be stored: keys are printable ASCII of 1 to {KEY_MAX} bytes",
                crate::engine::model::sanitise::excerpt(text, 60)
            )));
        }
    }
    let mut last: BTreeMap<Key, Put> = BTreeMap::new();
    for put in std::mem::take(&mut commit.put) {
        last.insert(put.key.clone(), put);
    }
    commit.del.sort();
    commit.del.dedup();
    commit.del.retain(|key| !last.contains_key(key));
    commit.put = last.into_values().collect();
    Ok(())
}
