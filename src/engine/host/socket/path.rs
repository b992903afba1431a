//! Where the socket is, and whether that is a safe place.
//!
//! The owner of the store decides and writes the path into the lock file; whoever can read that finds it, whatever its
//! own environment says. A team gives one path in the configuration.

use std::{
    fs::{self, DirBuilder, Permissions},
    io,
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use crate::engine::model::json::Sha;

/// Longest path of a Unix socket on Linux, in bytes, without the closing zero.
const LONGEST: usize = 107;
/// The socket's name in its directory.
const NAME: &str = "engine.sock";

/// Where an owner listens: the configured path, else below the user's runtime directory, else in the store.
pub fn choose(configured: Option<&Path>, runtime_dir: Option<&Path>, store: &Path) -> PathBuf {
    if let Some(path) = configured {
        return path.to_owned();
    }
    let in_store = store.join("run").join(NAME);
    let Some(runtime) = runtime_dir else { return in_store };
    // One directory per store: two stores of one person have two engines.
    let whole = fs::canonicalize(store).unwrap_or_else(|_| store.to_owned());
    let mark = Sha::of(whole.as_os_str().as_encoded_bytes()).to_string();
    runtime
        .join("omnitraffick")
        .join(mark.get(..16).unwrap_or(&mark))
        .join(NAME)
}

/// Checks the path and makes its directory, for the owner only, where there is none.
pub fn prepare(path: &Path) -> io::Result<()> {
    let length = path.as_os_str().len();
    if length > LONGEST {
        return Err(refused(format!(
            "the socket's path {} has {length} bytes and Linux takes {LONGEST}; set a shorter one in host.socket",
            path.display()
        )));
    }
    let dir = path
        .parent()
        .filter(|d| !d.as_os_str().is_empty())
        .ok_or_else(|| refused(format!("the socket {} needs a directory", path.display())))?;
    if !dir.exists() {
        DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    }
    let mode = fs::metadata(dir)?.mode();
    if mode & 0o002 != 0 {
        return Err(refused(format!(
            "everybody may write in {}, so anybody could put another socket there; run `chmod o-w` on it",
            dir.display()
        )));
    }
    Ok(())
}

fn refused(why: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, why)
}

/// Binds the socket under a passing name, sets who may connect, and moves it into place: nobody ever meets a socket
/// with the wrong mode, and a dead one is replaced. Only the holder of the store's lock may call this.
pub fn bind(path: &Path, group_may_connect: bool) -> io::Result<std::os::unix::net::UnixListener> {
    prepare(path)?;
    let passing = path.with_extension("new");
    match fs::remove_file(&passing) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let listener = std::os::unix::net::UnixListener::bind(&passing)?;
    let mode = if group_may_connect { 0o660 } else { 0o600 };
    fs::set_permissions(&passing, Permissions::from_mode(mode))?;
    fs::rename(&passing, path)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configured_path_goes_first_then_the_runtime_directory_then_the_store() {
        let (run, store) = (Path::new("/run/user/7"), Path::new("/no/such/store"));
        let team = Path::new("/run/omnitraffick/engine.sock");
        assert_eq!(choose(Some(team), Some(run), store), team);
        assert_eq!(choose(None, None, store), Path::new("/no/such/store/run/engine.sock"));
        let own = choose(None, Some(run), store);
        assert!(own.starts_with("/run/user/7/omnitraffick"), "{}", own.display());
        assert_ne!(own, choose(None, Some(run), Path::new("/another")));
    }

    #[test]
    fn a_socket_is_for_its_owner_and_replaces_a_dead_one() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("deep").join(NAME);
        drop(bind(&path, false).unwrap());
        let again = bind(&path, true).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o660);
        assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().mode() & 0o777, 0o700);
        assert!(std::os::unix::net::UnixStream::connect(&path).is_ok());
        drop(again);
    }

    #[test]
    fn unsafe_and_impossible_places_are_refused_in_words() {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), Permissions::from_mode(0o777)).unwrap();
        let why = bind(&dir.path().join(NAME), false).unwrap_err().to_string();
        assert!(why.contains("chmod o-w"), "{why}");
        let long = PathBuf::from(format!("/tmp/{}/{NAME}", "x".repeat(120)));
        let why = bind(&long, false).unwrap_err().to_string();
        assert!(why.contains("host.socket"), "{why}");
    }
}
