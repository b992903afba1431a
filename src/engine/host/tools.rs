//! What is done to a store as a whole, without its engine: check, back up, restore, build its index again, hand it out.
//!
//! All but restoring, rebuilding and sweeping only read, and work beside a running engine. Everything here blocks.

use std::{path::Path, sync::Arc};

use super::{Host, HostError, HostOptions, Place, StoreOptions};
use crate::engine::{
    api::{BackupReport, Exported, RebuildReport, StoreFacts, SweepReport, VerifyReport},
    clock::{Clock, Entropy},
    decide::command::{Command, CommandKind},
    model::{actor::Actor, event::Seq, time::Timestamp},
    store::{
        Applied, Kind, LocalStore as _, Observer, StoreError, Wanted,
        assets::DirAssets,
        backup::{self, Manifest},
        embedded::{
            EmbeddedStore, Opened,
            place::{Lock, Place as Files},
        },
        inspect,
        sweep::Sweep,
        verify as check,
    },
};

/// Checks the store in a directory without opening it: frames, sums, numbers, the chain, snapshots, assets, and the index
/// against the journal when no engine holds it. Changes nothing; works beside a running engine.
pub fn verify(dir: &Path) -> VerifyReport {
    check::verify(dir)
}

/// Head, chain and sizes, from the files alone.
pub fn facts(dir: &Path) -> Result<StoreFacts, StoreError> {
    inspect::facts(dir)
}

/// Hands out every commit after a number, oldest first, until `visit` says stop.
pub fn export(dir: &Path, after: Seq, visit: &mut dyn FnMut(Exported) -> bool) -> Result<(), StoreError> {
    inspect::export(dir, after, visit)
}

/// Takes a backup into a directory that is absent or empty. Works beside a running engine.
pub fn back_up(dir: &Path, target: &Path, now: Timestamp) -> Result<BackupReport, StoreError> {
    let manifest = backup::take::take(dir, target, now)?;
    Ok(report(&manifest, target))
}

/// Checks every byte of a backup.
pub fn check_backup(dir: &Path) -> Result<BackupReport, StoreError> {
    let manifest = backup::restore::check(dir)?;
    Ok(report(&manifest, dir))
}

fn report(manifest: &Manifest, place: &Path) -> BackupReport {
    BackupReport {
        place: place.display().to_string(),
        store: manifest.store,
        taken_at: manifest.taken_at,
        head: manifest.head,
        head_hash: manifest.head_hash,
        files: manifest.files.len() as u64,
        bytes: manifest.bytes(),
    }
}

/// Lays a backup out as a store in `target`, which must be absent or empty, and marks it: from then on nothing is sent
/// before it was looked up. `options` say how an engine over it is made; it never sends. The target appears whole and
/// marked, or not at all.
pub async fn restore(
    from: &Path,
    target: &Path,
    how: StoreOptions,
    options: HostOptions,
    actor: &Actor,
) -> Result<BackupReport, HostError> {
    let (backup, place) = (from.to_owned(), target.to_owned());
    let laid_out = tokio::task::spawn_blocking(move || backup::restore::lay_out(&backup, &place));
    let (manifest, work) = laid_out
        .await
        .map_err(|e| StoreError::Io(format!("restoring failed: {e}")))??;
    let host = Host::open(HostOptions {
        place: Place::With(work.clone(), how),
        transport: None,
        read_only: false,
        ..options
    })
    .await?;
    let mark = Command {
        id: host.engine().command_id(),
        kind: CommandKind::StoreRestored {
            taken_at: manifest.taken_at,
        },
    };
    let marked = host.engine().execute(&mark, actor, None).await;
    host.close().await?;
    marked?;
    backup::restore::settle(&work, target)?;
    Ok(report(&manifest, target))
}

/// Builds the index of a store again. Nobody else may have it open.
pub fn rebuild(
    dir: &Path,
    how: StoreOptions,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<RebuildReport, StoreError> {
    let files = Files { dir: dir.to_owned() };
    {
        // Only the owner may declare the index bad.
        let _lock = Lock::take(&files)?;
        let stale = files.stale();
        std::fs::write(&stale, "somebody asked for a new one")
            .map_err(|e| StoreError::Io(format!("cannot write {}: {e}", stale.display())))?;
    }
    let Opened { store, healed } = EmbeddedStore::open(dir, how, clock, entropy)?;
    let report = RebuildReport {
        head: store.head().seq,
        rows: store.rows() as u64,
        replayed: healed.replayed,
        snapshots_skipped: healed.snapshots_skipped,
    };
    store.close()?;
    match healed.without_index {
        Some(why) => Err(StoreError::Io(format!("no index can be made: {why}"))),
        None => Ok(report),
    }
}

/// Removes assets nothing refers to that are older than a day. Nobody else may have the store open: another engine could
/// be about to refer to one.
pub fn sweep(
    dir: &Path,
    how: StoreOptions,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<SweepReport, StoreError> {
    struct Nobody;
    impl Observer for Nobody {
        fn applied(&self, _: &[&Applied]) {}
    }
    let now = clock.now();
    let Opened { store, .. } = EmbeddedStore::open(dir, how, clock, entropy)?;
    let files = Files { dir: dir.to_owned() };
    let mut sweep = Sweep::of(DirAssets::new(files.assets()))?;
    if !sweep.is_empty() {
        store.attach(&Wanted::all_of(Kind::ALL), Arc::new(Nobody), &mut |row| sweep.see(&row))?;
    }
    let (removed, bytes) = sweep.remove(now)?;
    store.close()?;
    Ok(SweepReport {
        removed: removed.iter().map(|p| p.display().to_string()).collect(),
        bytes,
    })
}
