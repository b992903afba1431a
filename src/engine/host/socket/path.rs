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

/// Who may connect besides the engine's own user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Audience {
    /// Nobody.
    #[default]
    Owner,
    /// The group this process runs as: a service manager chose it.
    OwnGroup,
    /// The members of a named group.
    Group {
        /// Its name, for words.
        name: String,
        /// Its id.
        gid: u32,
    },
}

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

/// Checks the path and makes its directory where there is none: for the owner, and for the group to pass through if one
/// may connect. Never for the group to write in, although a shared directory usually is: whoever can put a socket there
/// is asked in the engine's place.
pub fn prepare(path: &Path, audience: &Audience) -> io::Result<()> {
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
        make(dir, audience)?;
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
    if let Audience::Group { name, gid } = audience
        && found.mode() & 0o001 == 0
        && (found.mode() & 0o010 == 0 || found.gid() != *gid)
    {
        let dir = dir.display();
        return Err(refused(format!(
            "members of {name} may connect and cannot pass through {dir}; run `chgrp {name} {dir} && chmod g+x {dir}`"
        )));
    }
    [path, &passing(path)].into_iter().try_for_each(replaceable)
}

/// Makes the socket's directory. For a group only the last one, because those above would be shut to it.
fn make(dir: &Path, audience: &Audience) -> io::Result<()> {
    let Audience::Group { name, gid } = audience else {
        return DirBuilder::new().recursive(true).mode(0o700).create(dir);
    };
    DirBuilder::new().mode(0o700).create(dir).map_err(|e| {
        refused(format!(
            "{} cannot be made: {e}; make the directory above it first, open for {name} to pass through",
            dir.display()
        ))
    })?;
    give(dir, name, *gid)?;
    // What is made in it later is the group's too.
    fs::set_permissions(dir, Permissions::from_mode(0o2750))
}

/// Hands something of ours to a group.
fn give(path: &Path, name: &str, gid: u32) -> io::Result<()> {
    std::os::unix::fs::chown(path, None, Some(gid)).map_err(|e| {
        refused(format!(
            "{} cannot be given to the group {name} ([host] group): {e}; the user the engine runs as must be a member of it",
            path.display()
        ))
    })
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
pub fn bind(path: &Path, audience: &Audience) -> io::Result<std::os::unix::net::UnixListener> {
    prepare(path, audience)?;
    let passing = passing(path);
    match fs::remove_file(&passing) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let listener = std::os::unix::net::UnixListener::bind(&passing)?;
    let mode = match audience {
        Audience::Owner => 0o600,
        Audience::OwnGroup => 0o660,
        Audience::Group { name, gid } => {
            give(&passing, name, *gid)?;
            0o660
        }
    };
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
        drop(bind(&path, &Audience::Owner).unwrap());
        let again = bind(&path, &Audience::OwnGroup).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o660);
        assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().mode() & 0o777, 0o700);
        assert!(std::os::unix::net::UnixStream::connect(&path).is_ok());
        drop(again);
    }

    /// Needs two groups of its own to be told from the process's.
    #[test]
    fn a_named_group_may_pass_and_connect_and_not_write() {
        if !rustix::process::geteuid().is_root() {
            println!("not run: only root can give files to any group");
            return;
        }
        let dir = tempfile::tempdir().unwrap();
        let ops = Audience::Group {
            name: "ops".to_owned(),
            gid: 12_345,
        };
        let path = dir.path().join("team").join(NAME);
        drop(bind(&path, &ops).unwrap());
        let (socket, team) = (
            fs::metadata(&path).unwrap(),
            fs::metadata(path.parent().unwrap()).unwrap(),
        );
        assert_eq!((socket.mode() & 0o7777, socket.gid()), (0o660, 12_345));
        assert_eq!((team.mode() & 0o7777, team.gid()), (0o2750, 12_345));
        // Again, over the dead one, in the directory that is there.
        drop(bind(&path, &ops).unwrap());
        // A directory the group can write in is refused, however sticky its group is.
        fs::set_permissions(path.parent().unwrap(), Permissions::from_mode(0o2770)).unwrap();
        let why = bind(&path, &ops).unwrap_err().to_string();
        assert!(why.contains("chmod go-w"), "{why}");
        // One it cannot pass through would shut everybody out without a word.
        for mode in [0o700, 0o740] {
            fs::set_permissions(path.parent().unwrap(), Permissions::from_mode(mode)).unwrap();
            let why = bind(&path, &ops).unwrap_err().to_string();
            assert!(why.contains("chgrp ops"), "{why}");
        }
        let why = bind(&dir.path().join("none/deep").join(NAME), &ops).unwrap_err();
        assert!(why.to_string().contains("make the directory above it first"), "{why}");
    }

    #[test]
    fn unsafe_and_impossible_places_are_refused_in_words() {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), Permissions::from_mode(0o777)).unwrap();
        let why = bind(&dir.path().join(NAME), &Audience::Owner).unwrap_err().to_string();
        assert!(why.contains("chmod go-w"), "{why}");
        let long = PathBuf::from(format!("/tmp/{}/{NAME}", "x".repeat(120)));
        let why = bind(&long, &Audience::Owner).unwrap_err().to_string();
        assert!(why.contains("[host] socket"), "{why}");
    }

    /// `socket = "notes.txt"` must not cost anybody their notes.
    #[test]
    fn what_is_no_socket_is_never_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(NAME);
        for taken in [path.clone(), passing(&path)] {
            fs::write(&taken, "notes").unwrap();
            let why = bind(&path, &Audience::Owner).unwrap_err().to_string();
            assert!(why.contains("is no socket"), "{why}");
            assert_eq!(fs::read(&taken).unwrap(), b"notes");
            fs::remove_file(&taken).unwrap();
        }
        std::os::unix::fs::symlink("/dev/null", &path).unwrap();
        let why = bind(&path, &Audience::Owner).unwrap_err().to_string();
        assert!(why.contains("is no socket"), "{why}");
    }

    #[test]
    fn a_link_to_a_directory_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let real = dir.path().join("real");
        DirBuilder::new().mode(0o700).create(&real).unwrap();
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let why = bind(&link.join(NAME), &Audience::Owner).unwrap_err().to_string();
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
        let why = bind(&theirs.join(NAME), &Audience::Owner).unwrap_err().to_string();
        assert!(why.contains("belongs to user id 12345"), "{why}");
    }
}
