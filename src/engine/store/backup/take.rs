//! Taking a backup. Reads only files that do not change any more, and of the one that does what is surely on the disk:
//! so it needs neither the lock nor the engine's help, and stops nobody.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

use super::{FORMAT, FileSum, Manifest, files_below, is_empty};
use crate::engine::{
    model::{event::Seq, json::Sha, time::Timestamp},
    store::{
        Head, StoreError,
        embedded::place::{Identity, Place},
        journal::{
            self, damaged,
            disk::{self, Disk, RealDisk},
            io_error,
            replay::{self, before, judge_end},
            scan::{self, Fault},
        },
        snapshot::keeper,
    },
};

/// Copied in pieces of this size.
const PIECE: usize = 1 << 20;

/// Takes a backup of the store in `dir` into `target`, which must be absent or empty.
pub fn take(dir: &Path, target: &Path, now: Timestamp) -> Result<Manifest, StoreError> {
    let place = Place { dir: dir.to_owned() };
    let disk = RealDisk;
    let Some(identity) = Identity::read(&disk, &place)? else {
        return Err(StoreError::Io(format!("there is no store in {}", dir.display())));
    };
    if let Some(why) = identity.too_new() {
        return Err(StoreError::ReadOnly(why));
    }
    if !is_empty(target)? {
        return Err(StoreError::Io(format!(
            "{} is not empty; name a directory that is not there yet",
            target.display()
        )));
    }
    disk.create_dir(target).map_err(|e| io_error("make", target, &e))?;
    let real = |p: &Path| p.canonicalize().map_err(|e| io_error("look at", p, &e));
    if real(target)?.starts_with(real(dir)?) {
        // Undone: an empty directory in the store helps nobody.
        let _ = std::fs::remove_dir(target);
        return Err(StoreError::Io(format!(
            "{} lies inside the store; a backup belongs somewhere else",
            target.display()
        )));
    }
    let mut copy = Copy {
        from: dir.to_owned(),
        to: target.to_owned(),
        files: Vec::new(),
    };
    copy.whole(Path::new("store.json"))?;
    let head = copy.journal(&place, identity.id)?;
    // One that is whole and not newer than what was copied; the journal can do without.
    let skipped = &mut |why: String| tracing::warn!("{why}");
    if let Some(snapshot) = keeper::newest(&disk, &place.snapshots(), identity.id, skipped)?
        && snapshot.stand().head.seq <= head.seq
        && let Some(name) = snapshot.path().file_name()
    {
        copy.whole(&Path::new("snapshots").join(name))?;
    }
    // After the journal: whatever that refers to was on the disk before.
    for asset in files_below(&place.assets())? {
        copy.asset(&Path::new("assets").join(asset))?;
    }
    copy.settle()?;
    copy.files.sort_by(|a, b| a.path.cmp(&b.path));
    let manifest = Manifest {
        format: FORMAT,
        build: env!("CARGO_PKG_VERSION").to_owned(),
        store: identity.id,
        taken_at: now,
        head: head.seq,
        head_hash: head.hash,
        files: copy.files,
    };
    manifest.write(&disk, target)?;
    Ok(manifest)
}

struct Copy {
    from: PathBuf,
    to: PathBuf,
    files: Vec<FileSum>,
}

impl Copy {
    /// Copies a file that does not change.
    fn whole(&mut self, below: &Path) -> Result<&FileSum, StoreError> {
        let from = self.from.join(below);
        let file = RealDisk.open(&from, false).map_err(|e| io_error("read", &from, &e))?;
        let mut at = 0;
        let mut source = || {
            let piece = disk::read_some(&*file, at, PIECE).map_err(|e| io_error("read", &from, &e))?;
            at += piece.len() as u64;
            Ok(piece)
        };
        self.put(below, &mut source)
    }

    /// Writes what `source` gives, piece by piece until an empty one, and notes it.
    fn put(
        &mut self,
        below: &Path,
        source: &mut dyn FnMut() -> Result<Vec<u8>, StoreError>,
    ) -> Result<&FileSum, StoreError> {
        let to = self.to.join(below);
        let failed = |e: std::io::Error| io_error("write", &to, &e);
        if let Some(parent) = to.parent() {
            RealDisk.create_dir(parent).map_err(failed)?;
        }
        let file = RealDisk.create(&to).map_err(failed)?;
        let (mut sum, mut bytes) = (Sha256::new(), 0_u64);
        loop {
            let piece = source()?;
            if piece.is_empty() {
                break;
            }
            disk::write_all(&*file, &piece, bytes).map_err(failed)?;
            sum.update(&piece);
            bytes += piece.len() as u64;
        }
        file.sync_all().map_err(failed)?;
        let path = below.to_string_lossy().replace('\\', "/");
        self.files.push(FileSum {
            path,
            bytes,
            sha256: Sha(sum.finalize().into()),
        });
        self.files
            .last()
            .ok_or_else(|| StoreError::Io("a file was not noted".to_owned()))
    }

    /// A file that is named by its content must have that content. What has another name is still being written.
    fn asset(&mut self, below: &Path) -> Result<(), StoreError> {
        let Some(named) = below.file_name().and_then(|n| n.to_str()?.parse::<Sha>().ok()) else {
            return Ok(());
        };
        if self.whole(below)?.sha256 == named {
            return Ok(());
        }
        Err(StoreError::Damaged(format!(
            "{} does not have the content its name promises; nothing was backed up",
            self.from.join(below).display()
        )))
    }

    /// Copies the journal, each segment checked record by record, the last up to what is surely on the disk.
    fn journal(&mut self, place: &Place, store: crate::engine::model::ids::StoreId) -> Result<Head, StoreError> {
        let segments = journal::segments(&RealDisk, &place.journal())?;
        let count = segments.len();
        let mut head = Head::default();
        for (n, (first, path)) in segments.into_iter().enumerate() {
            let header = replay::header(&RealDisk, &path)?;
            if header.store != store || header.first != first || before(&header) != head {
                return Err(damaged(&path, 0, first, "it does not continue the segment before it"));
            }
            let file = RealDisk.open(&path, false).map_err(|e| io_error("read", &path, &e))?;
            let mut bytes = disk::read_all(&RealDisk, &path).map_err(|e| io_error("read", &path, &e))?;
            let walk = scan::walk(&bytes, head, &mut |_| Ok(()))?;
            if n + 1 == count {
                // Behind the last whole record a write may be under way; what was read becomes durable here and now,
                // so a backup never holds what the store itself could still lose.
                judge_end(&path, &bytes, &walk)?;
                file.sync_data().map_err(|e| io_error("sync", &path, &e))?;
                bytes.truncate(usize::try_from(walk.end).unwrap_or(usize::MAX));
            } else if let Some(fault) = &walk.fault {
                let (Fault::Broken(why) | Fault::TooNew(why)) = fault else {
                    return Err(damaged(
                        &path,
                        walk.end,
                        Seq(walk.head.seq.0 + 1),
                        "a record is not whole",
                    ));
                };
                return Err(damaged(&path, walk.end, Seq(walk.head.seq.0 + 1), why));
            }
            head = walk.head;
            let name = path.file_name().map(PathBuf::from).unwrap_or_default();
            let mut rest = Some(bytes);
            self.put(&Path::new("journal").join(name), &mut || {
                Ok(rest.take().unwrap_or_default())
            })?;
        }
        Ok(head)
    }

    /// Makes every new directory durable.
    fn settle(&self) -> Result<(), StoreError> {
        let mut dirs: Vec<PathBuf> = Vec::new();
        for file in &self.files {
            let path = Path::new(&file.path);
            dirs.extend(path.ancestors().skip(1).map(|below| self.to.join(below)));
        }
        dirs.extend(self.to.parent().map(Path::to_owned));
        dirs.sort();
        dirs.dedup();
        for dir in dirs.iter().filter(|d| !d.as_os_str().is_empty()) {
            File::open(dir)
                .and_then(|d| d.sync_all())
                .map_err(|e| io_error("sync", dir, &e))?;
        }
        Ok(())
    }
}
