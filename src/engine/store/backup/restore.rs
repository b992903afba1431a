//! Checking a backup, and laying it out as a store under a name that is no store's yet.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

use super::{FileSum, MANIFEST, Manifest, damaged, files_below, is_empty};
use crate::engine::{
    model::json::Sha,
    store::{
        StoreError,
        journal::{
            disk::{self, Disk, RealDisk},
            io_error,
        },
        verify::verify,
    },
};

/// Read in pieces of this size.
const PIECE: usize = 1 << 20;

/// Checks every file of a backup against its manifest, and that nothing else lies there. Names the first that differs.
pub fn check(dir: &Path) -> Result<Manifest, StoreError> {
    let manifest = Manifest::read(&RealDisk, dir)?;
    for file in &manifest.files {
        copy(dir, None, file)?;
    }
    let known: BTreeSet<&str> = manifest.files.iter().map(|f| f.path.as_str()).collect();
    for path in files_below(dir)? {
        let name = path.to_string_lossy();
        if name != MANIFEST && !known.contains(&*name) {
            return Err(damaged(&dir.join(&path), "the manifest does not know this file"));
        }
    }
    Ok(manifest)
}

/// The name a store has while it is being restored.
pub fn unfinished(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".restoring");
    target.with_file_name(name)
}

/// Checks a backup and copies it to [`unfinished`]; the target itself must be absent or empty.
pub fn lay_out(backup: &Path, target: &Path) -> Result<(Manifest, PathBuf), StoreError> {
    if !is_empty(target)? {
        return Err(StoreError::Io(format!(
            "{} is not empty: a backup is restored into an empty place only; name another with --store",
            target.display()
        )));
    }
    let manifest = check(backup)?;
    let work = unfinished(target);
    if work.exists() {
        return Err(StoreError::Io(format!(
            "{} is left from a restore that was broken off; remove it and try again",
            work.display()
        )));
    }
    RealDisk.create_dir(&work).map_err(|e| io_error("make", &work, &e))?;
    for file in &manifest.files {
        copy(backup, Some(&work), file)?;
    }
    let report = verify(&work);
    if let Some(problem) = report.problems.first() {
        return Err(StoreError::Damaged(format!(
            "the backup {} does not verify: {problem}",
            backup.display()
        )));
    }
    if (report.head, report.head_hash) != (manifest.head, manifest.head_hash) {
        return Err(damaged(
            &backup.join(MANIFEST),
            "it names another commit as the newest than the journal has",
        ));
    }
    Ok((manifest, work))
}

/// Gives a restored store its name, durably.
pub fn settle(work: &Path, target: &Path) -> Result<(), StoreError> {
    std::fs::rename(work, target).map_err(|e| io_error("rename", work, &e))?;
    let parent = target
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    RealDisk.sync_dir(parent).map_err(|e| io_error("sync", parent, &e))
}

/// Reads a file of a backup, copies it if there is where to, and checks length and sum.
fn copy(from: &Path, to: Option<&Path>, file: &FileSum) -> Result<(), StoreError> {
    let path = from.join(&file.path);
    let source = match RealDisk.open(&path, false) {
        Ok(source) => source,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(damaged(&path, "it is missing")),
        Err(e) => return Err(io_error("read", &path, &e)),
    };
    let target = to.map(|to| to.join(&file.path));
    let written = |e: std::io::Error| io_error("write", target.as_deref().unwrap_or(&path), &e);
    let out = match &target {
        None => None,
        Some(target) => {
            if let Some(parent) = target.parent() {
                RealDisk.create_dir(parent).map_err(written)?;
            }
            Some(RealDisk.create(target).map_err(written)?)
        }
    };
    let (mut at, mut sum) = (0, Sha256::new());
    loop {
        let piece = disk::read_some(&*source, at, PIECE).map_err(|e| io_error("read", &path, &e))?;
        if piece.is_empty() {
            break;
        }
        sum.update(&piece);
        if let Some(out) = &out {
            disk::write_all(&**out, &piece, at).map_err(written)?;
        }
        at += piece.len() as u64;
    }
    if let Some(out) = &out {
        out.sync_all().map_err(written)?;
    }
    if at != file.bytes {
        return Err(damaged(
            &path,
            &format!("it has {at} bytes, the manifest says {}", file.bytes),
        ));
    }
    if Sha(sum.finalize().into()) != file.sha256 {
        return Err(damaged(&path, "its content is not what the manifest says"));
    }
    Ok(())
}
