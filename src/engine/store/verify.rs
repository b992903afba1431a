//! `store verify`: reads the whole journal, snapshots and assets and, if nobody else has it, compares the index with the
//! journal. Changes nothing.
//!
//! Works beside a running engine: the end of the newest segment may then be a write under way, which is no problem.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{
    Key, Row, StoreError, backup,
    core::Resident,
    embedded::place::{Identity, Lock, Place},
    index::{Applied, Index, Loaded},
    journal::{
        self,
        disk::{self, RealDisk},
        replay::{self, before},
        scan::{self, Fault, Walk},
    },
    snapshot::{self, file::Snapshot},
};
use crate::engine::{
    api::VerifyReport,
    model::{event::Seq, ids::StoreId, json::Sha},
};

/// More problems than this are only counted.
const SHOWN: usize = 100;

/// What a row must look like by the journal: version, commit, checksum of the body.
type Expected = BTreeMap<Key, (u64, Seq, u32)>;

struct Check {
    place: Place,
    report: VerifyReport,
    rows: Expected,
    /// Problems beyond [`SHOWN`].
    more: usize,
    /// The chain at the end of each segment.
    ends: BTreeMap<Seq, Sha>,
    /// False once a part of the journal was skipped: versions and rows can no longer be told.
    whole: bool,
}

/// Checks the store in a directory: frames, checksums, contiguous numbers, the chain, row versions, and the index
/// against the journal. Reads only.
pub fn verify(dir: &Path) -> VerifyReport {
    let mut check = Check {
        place: Place { dir: dir.to_owned() },
        report: VerifyReport::default(),
        rows: Expected::new(),
        more: 0,
        ends: BTreeMap::new(),
        whole: true,
    };
    check.run();
    if check.more > 0 {
        let more = format!("and {} more problems", check.more);
        check.report.problems.push(more);
    }
    check.report
}

fn checksum(row: &Row) -> u32 {
    crc32c::crc32c(&row.body)
}

impl Check {
    fn problem(&mut self, text: String) {
        if self.report.problems.len() < SHOWN {
            self.report.problems.push(text);
        } else {
            self.more += 1;
        }
    }

    fn problem_at(&mut self, file: &Path, offset: u64, seq: Seq, why: &str) {
        self.whole = false;
        self.problem(format!(
            "{}, byte {offset}, commit {seq}: {why}; restore a backup",
            file.display()
        ));
    }

    fn note(&mut self, text: String) {
        self.report.notes.push(text);
    }

    fn run(&mut self) {
        let identity = match Identity::read(&RealDisk, &self.place) {
            Ok(Some(identity)) => identity,
            Ok(None) => {
                let path = self.place.identity();
                return self.problem(format!("{} is missing: this is no store", path.display()));
            }
            Err(e) => return self.problem(e.to_string()),
        };
        if let Some(why) = identity.too_new() {
            self.note(why);
        }
        // Without a lock file nobody has ever held it, and a check must not make one.
        let lock = if self.place.lock().exists() {
            Lock::take(&self.place)
        } else {
            Err(StoreError::Io("no engine ever opened this store".to_owned()))
        };
        let in_use = matches!(lock, Err(StoreError::Locked(_)));
        match journal::segments(&RealDisk, &self.place.journal()) {
            Ok(segments) => self.journal(segments, identity.id, in_use),
            Err(e) => self.problem(e.to_string()),
        }
        self.snapshots(identity.id);
        self.assets();
        match lock {
            Ok(_held) => self.index(identity.id),
            Err(e) => self.note(format!("the index was not compared: {e}")),
        }
    }

    fn journal(&mut self, segments: Vec<(Seq, PathBuf)>, store: StoreId, in_use: bool) {
        let count = segments.len();
        let mut head = super::Head::default();
        for (i, (first, path)) in segments.into_iter().enumerate() {
            let header = match replay::header(&RealDisk, &path) {
                Ok(header) => header,
                Err(e) => {
                    self.whole = false;
                    self.problem(e.to_string());
                    continue;
                }
            };
            if header.store != store {
                self.problem_at(&path, 0, first, "it belongs to another store");
            }
            if header.first != first {
                self.problem_at(&path, 0, first, "its name and its header do not agree");
            }
            if before(&header) != head {
                let why = format!("it does not continue the chain, which ends with commit {}", head.seq);
                self.problem_at(&path, 0, first, &why);
            }
            let bytes = match disk::read_all(&RealDisk, &path) {
                Ok(bytes) => bytes,
                Err(e) => {
                    self.problem_at(&path, 0, first, &format!("cannot be read: {e}"));
                    continue;
                }
            };
            self.report.segments += 1;
            self.report.bytes += bytes.len() as u64;
            let walk = scan::walk(&bytes, before(&header), &mut |scanned| {
                self.record(&path, &scanned);
                Ok(())
            });
            match walk {
                Ok(walk) => {
                    self.end(&path, &bytes, &walk, i + 1 == count, in_use);
                    head = walk.head;
                    self.ends.insert(head.seq, head.hash);
                }
                Err(e) => self.problem(e.to_string()),
            }
        }
        self.report.head = head.seq;
        self.report.head_hash = head.hash;
    }

    /// Snapshots must be whole and stand on the chain.
    fn snapshots(&mut self, store: StoreId) {
        let found = match snapshot::list(&RealDisk, &self.place.snapshots()) {
            Ok(found) => found,
            Err(e) => return self.problem(e.to_string()),
        };
        for (_, path) in found {
            let why = match Snapshot::check(&RealDisk, &path) {
                Err(why) => why,
                Ok(s) if s.stand().store != store => "it belongs to another store".to_owned(),
                Ok(s) => {
                    let head = s.stand().head;
                    if self.whole && self.ends.get(&head.seq) != Some(&head.hash) {
                        "it is not of this journal".to_owned()
                    } else {
                        self.report.snapshots += 1;
                        continue;
                    }
                }
            };
            self.problem(format!(
                "{}: {why}; remove it, the journal has everything",
                path.display()
            ));
        }
    }

    /// Files that are named by their content must have it.
    fn assets(&mut self) {
        let dir = self.place.assets();
        let found = match backup::files_below(&dir) {
            Ok(found) => found,
            Err(e) => return self.problem(e.to_string()),
        };
        for below in found {
            let path = dir.join(&below);
            let Some(named) = below.file_name().and_then(|n| n.to_str()?.parse::<Sha>().ok()) else {
                continue;
            };
            match disk::read_all(&RealDisk, &path) {
                Ok(bytes) if Sha::of(&bytes) == named => self.report.assets += 1,
                Ok(_) => self.problem(format!(
                    "{}: its content is not what its name promises; restore it from a backup",
                    path.display()
                )),
                Err(e) => self.problem(format!("{}: cannot be read: {e}", path.display())),
            }
        }
    }

    fn record(&mut self, path: &Path, scanned: &scan::Scanned) {
        self.report.records += 1;
        let seq = scanned.head.seq;
        let applied = &scanned.record.applied;
        for key in &applied.del {
            self.rows.remove(key);
        }
        for row in &applied.put {
            let before = self.rows.get(&row.key).map_or(0, |(version, ..)| *version);
            if self.whole && row.version != before + 1 {
                let why = format!("{} gets version {} after version {before}", row.key, row.version);
                self.problem_at(path, scanned.offset, seq, &why);
            }
            self.rows.insert(row.key.clone(), (row.version, seq, checksum(row)));
        }
    }

    /// Judges the end of a segment's good records.
    fn end(&mut self, path: &Path, bytes: &[u8], walk: &Walk, newest: bool, in_use: bool) {
        let seq = Seq(walk.head.seq.0 + 1);
        match &walk.fault {
            None => {}
            Some(Fault::Torn(why)) if newest => match scan::synced_after(bytes, walk.end, seq) {
                Some(later) => {
                    let why = format!("{why}, and byte {later} proves that it was whole once");
                    self.problem_at(path, walk.end, seq, &why);
                }
                None if in_use => self.note(format!("{}: commit {seq} is being written", path.display())),
                None => self.note(format!(
                    "{}, byte {}: {} bytes of an unfinished write, never acknowledged; the next start cuts them",
                    path.display(),
                    walk.end,
                    (bytes.len() as u64).saturating_sub(walk.end)
                )),
            },
            Some(Fault::Torn(why)) => self.problem_at(path, walk.end, seq, why),
            Some(Fault::Broken(why)) => self.problem_at(path, walk.end, seq, why),
            Some(Fault::TooNew(why)) => {
                let why = format!("{why}; check it with the build that wrote it");
                self.problem_at(path, walk.end, seq, &why);
            }
        }
    }

    fn index(&mut self, store: StoreId) {
        if !self.place.index().exists() {
            return self.note("there is no index; the next start builds one".to_owned());
        }
        if !self.whole {
            return self.note("the index was not compared: the journal is damaged".to_owned());
        }
        let compared = Index::open(&self.place.index(), store).and_then(|index| self.compare(&index, store));
        if let Err(why) = compared {
            self.note(format!(
                "the index cannot be used ({why}); the next start builds a new one"
            ));
        }
    }

    fn compare(&mut self, index: &Index, store: StoreId) -> Result<(), String> {
        let applied = match index.applied()? {
            Some(applied) => applied,
            None if index.is_empty()? => Applied::nothing(store),
            None => return Err("it does not say how far it is".to_owned()),
        };
        if applied.store != store {
            return Err("it belongs to another store".to_owned());
        }
        let head = self.report.head;
        if applied.seq > head {
            self.problem(format!(
                "the index has seen commit {}, the journal ends with {head}: acknowledged commits are missing; restore a backup",
                applied.seq
            ));
            return Ok(());
        }
        if applied.seq < head {
            self.note(format!(
                "the index was not compared: it ends with commit {}, the next start gives it the rest",
                applied.seq
            ));
            return Ok(());
        }
        let mut expected = std::mem::take(&mut self.rows);
        index.load(Resident::All, &mut |loaded| {
            let Loaded::Row(found) = loaded else { return };
            self.report.rows += 1;
            let have = (found.row.version, found.seq, checksum(&found.row));
            match expected.remove(&found.row.key) {
                Some(want) if want == have => {}
                Some((version, seq, _)) => self.problem(format!(
                    "index: {} is version {} of commit {}, the journal has version {version} of commit {seq}; stop the engine and move the index directory away, the next start builds it again",
                    found.row.key, have.0, have.1
                )),
                None => self.problem(format!(
                    "index: {} is not in the journal; stop the engine and move the index directory away, the next start builds it again",
                    found.row.key
                )),
            }
        })?;
        for key in expected.keys() {
            self.problem(format!("index: {key} is missing; stop the engine and move the index directory away, the next start builds it again"));
        }
        Ok(())
    }
}
