//! Which kept files no row refers to.
//!
//! Why by looking into the rows: a file is referred to by its SHA-256 wherever a value needs it, as text or as bytes. To
//! look for the sum itself cannot miss a reference that a later build puts somewhere new.

use std::{collections::BTreeSet, path::PathBuf};

use super::{
    Row, StoreError,
    assets::{Assets as _, DirAssets, Kept, unreferenced},
    journal::io_error,
};
use crate::engine::model::{json::Sha, time::Timestamp};

/// Digits of a sum in text.
const DIGITS: usize = 64;
/// Bytes of a sum.
const BYTES: usize = 32;

/// The kept files of a store, and which of them were seen in a row so far.
#[derive(Debug)]
pub struct Sweep {
    assets: DirAssets,
    kept: Vec<Kept>,
    sums: BTreeSet<Sha>,
    referenced: BTreeSet<Sha>,
}

impl Sweep {
    /// Of what is kept in a directory now.
    pub fn of(assets: DirAssets) -> Result<Self, StoreError> {
        let kept = assets.list().map_err(|e| StoreError::Io(e.to_string()))?;
        Ok(Self {
            assets,
            sums: kept.iter().map(|k| k.sha256).collect(),
            kept,
            referenced: BTreeSet::new(),
        })
    }

    /// True when there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Keeps what a row refers to.
    pub fn see(&mut self, row: &Row) {
        let mut digits = 0;
        for (at, byte) in row.body.iter().enumerate() {
            digits = if byte.is_ascii_hexdigit() { digits + 1 } else { 0 };
            if digits >= DIGITS
                && let Some(text) = row.body.get(at + 1 - DIGITS..=at)
                && let Some(sum) = std::str::from_utf8(text).ok().and_then(|t| t.parse().ok())
            {
                self.note(sum);
            }
        }
        for window in row.body.windows(BYTES) {
            if let Ok(bytes) = window.try_into() {
                self.note(Sha(bytes));
            }
        }
    }

    fn note(&mut self, sum: Sha) {
        if self.sums.contains(&sum) {
            self.referenced.insert(sum);
        }
    }

    /// Removes what nothing refers to and nothing can any more; the paths removed and their bytes.
    pub fn remove(self, now: Timestamp) -> Result<(Vec<PathBuf>, u64), StoreError> {
        let mut removed = Vec::new();
        let mut bytes = 0;
        for sum in unreferenced(&self.kept, &self.referenced, now) {
            let path = self.assets.path(&sum);
            std::fs::remove_file(&path).map_err(|e| io_error("remove", &path, &e))?;
            bytes += self.kept.iter().find(|k| k.sha256 == sum).map_or(0, |k| k.bytes);
            removed.push(path);
        }
        Ok((removed, bytes))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::engine::store::{Columns, Key, Kind};

    #[test]
    fn a_sum_is_seen_as_text_and_as_bytes() {
        let dir = tempfile::tempdir().unwrap();
        let sums = [Sha::of(b"a"), Sha::of(b"b"), Sha::of(b"c")];
        for sum in sums {
            let folder = dir.path().join(&sum.to_string()[..2]);
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(sum.to_string()), b"content").unwrap();
        }
        let mut sweep = Sweep::of(DirAssets::new(dir.path().to_owned())).unwrap();
        let mut body = format!("{{\"image\":\"{}\"}}", sums[0]).into_bytes();
        body.extend_from_slice(&sums[1].0);
        sweep.see(&Row {
            key: Key::new("ticket/1"),
            kind: Kind::Ticket,
            version: 1,
            columns: Columns::default(),
            body: Arc::from(body),
        });
        let later = Timestamp::parse("2096-01-01T00:00:00Z").unwrap();
        let (removed, bytes) = sweep.remove(later).unwrap();
        assert_eq!(bytes, 7);
        assert!(
            removed.len() == 1 && removed[0].ends_with(sums[2].to_string()),
            "{removed:?}"
        );
    }
}
