//! What can be told about a store from its files alone: beside a running engine, and when none can be started.

use std::{path::Path, sync::Arc};

use super::{
    StoreError, backup,
    embedded::place::{Identity, Place},
    journal::{
        self,
        catalog::Catalog,
        disk::{Disk as _, RealDisk},
        io_error,
        record::Record,
        replay::Journal,
    },
    schema, snapshot,
};
use crate::engine::{
    api::{Exported, ExportedRow, StoreFacts},
    model::event::Seq,
};

fn open(dir: &Path) -> Result<(Identity, Journal, Catalog), StoreError> {
    let place = Place { dir: dir.to_owned() };
    let Some(identity) = Identity::read(&RealDisk, &place)? else {
        return Err(StoreError::Io(format!("there is no store in {}", dir.display())));
    };
    let segments = journal::segments(&RealDisk, &place.journal())?;
    let catalog = Catalog::new(RealDisk::shared(), &segments);
    let journal = Journal::read(RealDisk::shared(), segments, identity.id, &catalog)?;
    Ok((identity, journal, catalog))
}

/// Head, chain, sizes. Reads the newest segment; closed ones are believed (a check of the whole store reads them).
pub fn facts(dir: &Path) -> Result<StoreFacts, StoreError> {
    let place = Place { dir: dir.to_owned() };
    let (identity, journal, _) = open(dir)?;
    let head = journal.head();
    let mut journal_bytes = 0;
    for (path, _) in journal.segments() {
        let file = RealDisk.open(path, false).map_err(|e| io_error("read", path, &e))?;
        journal_bytes += file.size().map_err(|e| io_error("read", path, &e))?;
    }
    let snapshots = snapshot::list(&RealDisk, &place.snapshots())?;
    Ok(StoreFacts {
        store: identity.id,
        format: identity.format,
        head: head.seq,
        head_hash: head.hash,
        segments: journal.segments().len() as u64,
        journal_bytes,
        snapshot: snapshots.last().map(|(seq, _)| *seq),
        assets: backup::files_below(&place.assets())?.len() as u64,
    })
}

/// Hands out every commit after a number with its rows as plain values, until `visit` says stop.
pub fn export(dir: &Path, after: Seq, visit: &mut dyn FnMut(Exported) -> bool) -> Result<(), StoreError> {
    let (_, journal, catalog) = open(dir)?;
    catalog.walk(after, journal.head().seq, &mut |_, record| visit(exported(record)))
}

fn exported(record: Record) -> Exported {
    let put = record.applied.put.into_iter().map(|row| ExportedRow {
        kind: format!("{:?}", row.kind).to_lowercase(),
        version: row.version,
        value: schema::to_json(row.kind, &row.body).ok(),
        key: row.key.to_string(),
    });
    Exported {
        put: put.collect(),
        del: record.applied.del.iter().map(ToString::to_string).collect(),
        epoch: record.epoch,
        prev: record.prev,
        event: Arc::unwrap_or_clone(record.applied.event),
    }
}
