//! What a power cut, or anything else, may do to the index: it is sled's, syncs when it likes, and may be lost.

use std::{fs, io, path::Path};

use fastrand::Rng;
use tempfile::TempDir;

/// The index as it is now. `None` when it changes too fast to be copied.
pub fn copy(index: &Path) -> Option<TempDir> {
    let to = TempDir::new().unwrap();
    copy_dir(index, to.path()).ok()?;
    Some(to)
}

fn copy_dir(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_dir(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

fn files(dir: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()) {
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    // The order of a directory is not the seed's.
    found.sort();
    found
}

/// Does one thing to the index and says what.
pub fn harm(index: &Path, older: Option<&Path>, rng: &mut Rng) -> &'static str {
    let all = files(index);
    let some = (!all.is_empty()).then(|| all[rng.usize(..all.len())].clone());
    match (rng.u8(..8), some, older) {
        (0 | 1, _, Some(older)) => {
            let _ = fs::remove_dir_all(index);
            copy_dir(older, index).unwrap();
            "index: older"
        }
        (2, Some(file), Some(older)) => {
            // One file of another time among the others.
            let _ = fs::copy(older.join(file.strip_prefix(index).unwrap()), &file);
            "index: of two times"
        }
        (3, Some(file), _) => {
            let bytes = fs::read(&file).unwrap();
            fs::write(&file, &bytes[..rng.usize(..=bytes.len())]).unwrap();
            "index: truncated"
        }
        (4, Some(file), _) => {
            let mut bytes = fs::read(&file).unwrap();
            for _ in 0..=rng.u8(..8) {
                if !bytes.is_empty() {
                    let at = rng.usize(..bytes.len());
                    bytes[at] ^= 1 << rng.u8(..8);
                }
            }
            fs::write(&file, bytes).unwrap();
            "index: bits flipped"
        }
        (5, Some(file), _) => {
            fs::remove_file(file).unwrap();
            "index: a file gone"
        }
        (6, ..) => {
            let _ = fs::remove_dir_all(index);
            "index: gone"
        }
        _ => "index: as it was",
    }
}
