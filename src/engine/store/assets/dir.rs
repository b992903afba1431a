//! Files kept in a directory: `<2 hex>/<sha256>`.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{AssetError, Assets, Content, Held, Kept, read_through};
use crate::engine::{
    model::{asset::Asset, json::Sha, time::Timestamp},
    store::journal::disk::{Disk, RealDisk, write_all},
};

/// In front of the names of files that are being written; a leftover of a crash is written over or cleaned up.
const COMING: &str = "coming-";
/// The same of files that lose their name as soon as they are open.
const ASIDE: &str = "aside-";

/// Files in a directory, which is made with the first of them.
#[derive(Debug)]
pub struct DirAssets {
    dir: PathBuf,
    disk: Arc<dyn Disk>,
    /// Tells files that are being written at the same time apart.
    coming: AtomicU64,
}

impl DirAssets {
    /// Files in `dir`.
    pub fn new(dir: PathBuf) -> Self {
        Self::on(dir, RealDisk::shared())
    }

    /// The same, written by way of a disk that may fail.
    pub const fn on(dir: PathBuf, disk: Arc<dyn Disk>) -> Self {
        Self {
            dir,
            disk,
            coming: AtomicU64::new(0),
        }
    }

    /// Where a file is kept.
    pub fn path(&self, sha256: &Sha) -> PathBuf {
        let name = sha256.to_string();
        self.dir.join(name.get(..2).unwrap_or_default()).join(name)
    }

    /// Writes aside and syncs; the name it has in the end depends on the content.
    fn write(&self, coming: &Path, name: &str, source: &mut dyn Read) -> Result<Asset, AssetError> {
        let fail = || AssetError::io(format!("{} cannot be written", coming.display()));
        let file = self.disk.create(coming).map_err(fail())?;
        let mut at = 0;
        let inspection = read_through(source, |piece| {
            write_all(&*file, piece, at).map_err(fail())?;
            at += piece.len() as u64;
            Ok(())
        })?;
        let asset = inspection.finish(name).ok_or(AssetError::NotMedia)?;
        file.sync_all().map_err(fail())?;
        Ok(asset)
    }

    fn settle(&self, coming: &Path, sha256: &Sha) -> Result<(), AssetError> {
        let path = self.path(sha256);
        let fail = || AssetError::io(format!("{} cannot be kept", path.display()));
        let folder = path.parent().unwrap_or(&self.dir);
        self.disk.create_dir(folder).map_err(fail())?;
        self.disk.rename(coming, &path).map_err(fail())?;
        // The file's name, then the folder's, and the name of the directory itself.
        self.disk.sync_dir(folder).map_err(fail())?;
        self.disk.sync_dir(&self.dir).map_err(fail())?;
        match self.dir.parent() {
            Some(store) => self.disk.sync_dir(store).map_err(fail()),
            None => Ok(()),
        }
    }
}

impl Assets for DirAssets {
    fn put(&self, name: &str, source: &mut dyn Read, _now: Timestamp) -> Result<Asset, AssetError> {
        self.disk
            .create_dir(&self.dir)
            .map_err(AssetError::io(format!("{} cannot be made", self.dir.display())))?;
        let n = self.coming.fetch_add(1, Ordering::Relaxed);
        let coming = self.dir.join(format!("{COMING}{n}"));
        let kept = self
            .write(&coming, name, source)
            .and_then(|asset| self.settle(&coming, &asset.sha256).map(|()| asset));
        if kept.is_err() {
            // What is left of it means nothing; the next file of this number is written over it.
            let _ = self.disk.remove(&coming);
        }
        kept
    }

    fn aside(&self) -> Result<File, AssetError> {
        self.disk
            .create_dir(&self.dir)
            .map_err(AssetError::io(format!("{} cannot be made", self.dir.display())))?;
        let n = self.coming.fetch_add(1, Ordering::Relaxed);
        let aside = self.dir.join(format!("{ASIDE}{n}"));
        let fail = || AssetError::io(format!("{} cannot be written", aside.display()));
        let mut how = OpenOptions::new();
        how.read(true).write(true).create(true).truncate(true).mode(0o600);
        let file = how.open(&aside).map_err(fail())?;
        std::fs::remove_file(&aside).map_err(fail())?;
        Ok(file)
    }

    fn open(&self, sha256: &Sha) -> Result<Held, AssetError> {
        let path = self.path(sha256);
        let fail = || AssetError::io(format!("{} cannot be read", path.display()));
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Err(AssetError::Missing(*sha256)),
            Err(e) => return Err(fail()(e)),
        };
        let content = read_through(&mut file, |_| Ok(()))?;
        let bytes = file.stream_position().map_err(fail())?;
        if content.sha256() != *sha256 {
            let place = path.display().to_string();
            return Err(AssetError::Damaged { place });
        }
        file.rewind().map_err(fail())?;
        Ok(Held {
            bytes,
            content: Content::File(file),
        })
    }

    fn list(&self) -> Result<Vec<Kept>, AssetError> {
        let names = |dir: &Path| match self.disk.list(dir) {
            Ok(mut names) => {
                names.sort();
                Ok(names)
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(e) => Err(AssetError::io(format!("{} cannot be listed", dir.display()))(e)),
        };
        let mut kept = Vec::new();
        for folder in names(&self.dir)?.into_iter().filter(|n| n.len() == 2) {
            let folder = self.dir.join(folder);
            for name in names(&folder)? {
                let (Ok(sha256), Ok(meta)) = (name.parse::<Sha>(), std::fs::metadata(folder.join(&name))) else {
                    continue;
                };
                let since = meta.modified().ok().and_then(|t| jiff::Timestamp::try_from(t).ok());
                kept.push(Kept {
                    sha256,
                    bytes: meta.len(),
                    since: since.map_or_else(Timestamp::default, Timestamp::from),
                });
            }
        }
        Ok(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_file_is_named_and_mended_by_the_original() {
        let home = tempfile::tempdir().unwrap();
        let store = DirAssets::new(home.path().join("assets"));
        let picture = b"\xFF\xD8\xFF\xE0 a picture".as_slice();
        let asset = store.put("a.jpg", &mut &*picture, Timestamp::default()).unwrap();
        let path = store.path(&asset.sha256);
        assert!(path.ends_with(format!("{}/{}", &asset.sha256.to_string()[..2], asset.sha256)));
        std::fs::write(&path, b"\xFF\xD8\xFF\xE0 a picturE").unwrap();
        let said = store.open(&asset.sha256).unwrap_err().to_string();
        assert!(
            said.contains(&path.display().to_string()) && said.contains("damaged"),
            "{said}"
        );
        store.put("a.jpg", &mut &*picture, Timestamp::default()).unwrap();
        assert!(store.open(&asset.sha256).is_ok());
        let names: Vec<_> = std::fs::read_dir(home.path().join("assets")).unwrap().collect();
        assert_eq!(names.len(), 1, "nothing is left aside");
    }
}
