//! Which files under `assets/` no row refers to any more.
//!
//! Why by looking into the rows: an asset is referred to by its SHA-256 wherever a value needs it, as text or as bytes.
//! To look for the sum itself cannot miss a reference that a later build puts somewhere new.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use super::{Row, StoreError, backup::files_below, embedded::place::Place, journal::io_error};
use crate::engine::model::{json::Sha, time::Timestamp};

/// Digits of a sum in text.
const DIGITS: usize = 64;
/// Bytes of a sum.
const BYTES: usize = 32;

/// Files nobody was seen to refer to, so far.
#[derive(Debug, Default)]
pub struct Candidates(HashMap<Sha, PathBuf>);

impl Candidates {
    /// Every asset that was written before a time. Younger ones may belong to a commit that is still to come.
    pub fn older_than(dir: &Path, before: Timestamp) -> Result<Self, StoreError> {
        let assets = Place { dir: dir.to_owned() }.assets();
        let mut found = HashMap::new();
        for below in files_below(&assets)? {
            let path = assets.join(&below);
            let Some(sum) = below.file_name().and_then(|n| n.to_str()?.parse::<Sha>().ok()) else {
                continue;
            };
            let written = std::fs::metadata(&path)
                .and_then(|m| m.modified())
                .map_err(|e| io_error("look at", &path, &e))?;
            let micros = written
                .duration_since(std::time::UNIX_EPOCH)
                .unwrap_or_default()
                .as_micros();
            if Timestamp::from_micros(i64::try_from(micros).unwrap_or(i64::MAX)) < before {
                found.insert(sum, path);
            }
        }
        Ok(Self(found))
    }

    /// True when nothing is left to look for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
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
                self.0.remove(&sum);
            }
        }
        for window in row.body.windows(BYTES) {
            if let Ok(bytes) = window.try_into() {
                self.0.remove(&Sha(bytes));
            }
        }
    }

    /// Removes what is left; the paths removed and their bytes.
    pub fn remove(self) -> Result<(Vec<PathBuf>, u64), StoreError> {
        let mut removed: Vec<PathBuf> = self.0.into_values().collect();
        removed.sort();
        let mut bytes = 0;
        for path in &removed {
            let failed = |e: std::io::Error| io_error("remove", path, &e);
            bytes += std::fs::metadata(path).map_err(failed)?.len();
            std::fs::remove_file(path).map_err(failed)?;
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
        let sums = [Sha::of(b"a"), Sha::of(b"b"), Sha::of(b"c")];
        let mut left = Candidates(sums.iter().map(|s| (*s, PathBuf::from(s.to_string()))).collect());
        let mut body = format!("{{\"image\":\"{}\"}}", sums[0]).into_bytes();
        body.extend_from_slice(&sums[1].0);
        left.see(&Row {
            key: Key::new("ticket/1"),
            kind: Kind::Ticket,
            version: 1,
            columns: Columns::default(),
            body: Arc::from(body),
        });
        assert_eq!(left.0.keys().collect::<Vec<_>>(), [&sums[2]]);
    }
}
