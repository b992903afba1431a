//! Where the socket is, and whether that is a safe place.
//!
//! The owner of the store decides and writes the path into the lock file; whoever can read that finds it, whatever its
//! own environment says. A team gives one path in the configuration.
//!
//! Invariant: nothing but a socket of our own is ever replaced, in a directory where nobody else can put one.

use std::{
    fs::{self, DirBuilder, Permissions},
    io,
    os::unix::fs::{DirBuilderExt as _, FileTypeExt as _, MetadataExt as _, PermissionsExt as _},
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
            "the socket's path {} has {length} bytes and Linux takes {LONGEST}; set a shorter one in [host] socket",
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
    let found = fs::symlink_metadata(dir)?;
    if found.is_symlink() {
        return Err(refused(format!(
            "{} is a link, so the socket would lie where somebody else decides; name the directory itself in [host] socket",
            dir.display()
        )));
    }
    owned(dir, &found)?;
    if found.mode() & 0o022 != 0 {
        return Err(refused(format!(
            "others may write in {}, so somebody could put another socket there; run `chmod go-w` on it",
            dir.display()
        )));
    }
    [path, &passing(path)].into_iter().try_for_each(replaceable)
}

/// The name a socket has until it is ready.
fn passing(path: &Path) -> PathBuf {
    path.with_extension("new")
}

/// Nothing is there, or a socket that was ours: anything else is somebody's and stays.
fn replaceable(path: &Path) -> io::Result<()> {
    let found = match fs::symlink_metadata(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        found => found?,
    };
    if !found.file_type().is_socket() {
        return Err(refused(format!(
            "{} is there and is no socket, so it is not replaced; remove it or set another path in [host] socket",
            path.display()
        )));
    }
    owned(path, &found)
}

/// What is the system's or our own can be trusted not to change under us.
fn owned(path: &Path, found: &fs::Metadata) -> io::Result<()> {
    let (own, owner) = (rustix::process::geteuid().as_raw(), found.uid());
    if owner == own || owner == 0 {
        return Ok(());
    }
    Err(refused(format!(
        "{} belongs to user id {owner}, and this engine runs as {own}; whoever owns it decides who is asked; change its \
         owner or set another path in [host] socket",
        path.display()
    )))
}

fn refused(why: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, why)
}

/// Binds the socket under a passing name, sets who may connect, and moves it into place: nobody ever meets a socket
/// with the wrong mode, and a dead one is replaced. Only the holder of the store's lock may call this.
pub fn bind(path: &Path, group_may_connect: bool) -> io::Result<std::os::unix::net::UnixListener> {
    prepare(path)?;
    let passing = passing(path);
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
        assert!(why.contains("chmod go-w"), "{why}");
        let long = PathBuf::from(format!("/tmp/{}/{NAME}", "x".repeat(120)));
        let why = bind(&long, false).unwrap_err().to_string();
        assert!(why.contains("[host] socket"), "{why}");
    }

    /// `socket = "notes.txt"` must not cost anybody their notes.
    #[test]
    fn what_is_no_socket_is_never_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(NAME);
        for taken in [path.clone(), passing(&path)] {
            fs::write(&taken, "notes").unwrap();
            let why = bind(&path, false).unwrap_err().to_string();
            assert!(why.contains("is no socket"), "{why}");
            assert_eq!(fs::read(&taken).unwrap(), b"notes");
            fs::remove_file(&taken).unwrap();
        }
        std::os::unix::fs::symlink("/dev/null", &path).unwrap();
        let why = bind(&path, false).unwrap_err().to_string();
        assert!(why.contains("is no socket"), "{why}");
    }

    #[test]
    fn a_link_to_a_directory_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let real = dir.path().join("real");
        DirBuilder::new().mode(0o700).create(&real).unwrap();
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let why = bind(&link.join(NAME), false).unwrap_err().to_string();
        assert!(why.contains("is a link"), "{why}");
        assert_eq!(fs::read_dir(&real).unwrap().count(), 0);
    }

    #[test]
    fn a_directory_of_somebody_else_is_refused() {
        if !rustix::process::geteuid().is_root() {
            // Only root can give a directory away; `/proc/1` is root's, and root is trusted.
            return;
        }
        let dir = tempfile::tempdir().unwrap();
        let theirs = dir.path().join("theirs");
        DirBuilder::new().mode(0o755).create(&theirs).unwrap();
        std::os::unix::fs::chown(&theirs, Some(12_345), None).unwrap();
        let why = bind(&theirs.join(NAME), false).unwrap_err().to_string();
        assert!(why.contains("belongs to user id 12345"), "{why}");
    }
}
