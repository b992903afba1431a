//! A person's own editor on a text: a private file, a child on our terminal, and what it left.
//!
//! Invariants
//! - Readable by its owner only, from the first byte on and whatever the editor put in its place.
//! - It goes only when nothing in it would be lost: its text was taken (the form says so), or it is as it was laid out.
//! - Nobody else reads the terminal while the editor has it.

use std::{
    fs::Permissions,
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use uuid::Uuid;

use crate::tui::app::msg::Left;

/// Largest text taken back.
const TEXT_MAX: u64 = 256 * 1024;

/// Writes the text to a new file of our own. The ending tells editors how to colour it.
pub fn lay_out(dir: &Path, id: Uuid, ending: &str, text: &str) -> io::Result<PathBuf> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    let path = dir.join(format!("edit-{id}.{ending}"));
    let mut file = std::fs::File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)?;
    file.write_all(text.as_bytes())?;
    Ok(path)
}

/// Runs the editor on a file until it ends, and reads what it left; `before` is what was laid out. The words of a failure
/// name the file where it holds something else by then.
pub async fn run(command: Vec<String>, path: PathBuf, before: &str) -> Result<Left, String> {
    let (program, arguments) = command.split_first().ok_or("no editor is set: set VISUAL or EDITOR")?;
    let ended = tokio::process::Command::new(program)
        .args(arguments)
        .arg(&path)
        .status()
        .await;
    // Some editors put a new file in the place of ours.
    let _ = std::fs::set_permissions(&path, Permissions::from_mode(0o600));
    let failed = match ended {
        Err(error) => format!("{program} cannot be started: {error}"),
        Ok(status) if !status.success() => format!("{program} ended with {status}; nothing is taken from it"),
        Ok(_) => match take_in(&path) {
            Ok(text) => return Ok(Left { text, path }),
            Err(error) => format!("the editor's text cannot be taken: {error}"),
        },
    };
    if is_still(&path, before) {
        let _ = std::fs::remove_file(&path);
        return Err(failed);
    }
    tracing::warn!("{failed}; what was written is kept in {}", path.display());
    Err(format!("kept in {}: {failed}", path.display()))
}

/// True when nothing was written to the file, or there is none.
fn is_still(path: &Path, before: &str) -> bool {
    match std::fs::metadata(path) {
        Ok(data) if data.len() == before.len() as u64 => std::fs::read(path).is_ok_and(|now| now == before.as_bytes()),
        Ok(_) => false,
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

fn take_in(path: &Path) -> io::Result<String> {
    if std::fs::metadata(path)?.len() > TEXT_MAX {
        return Err(io::Error::other(format!("it is larger than {} KiB", TEXT_MAX / 1024)));
    }
    let mut text = std::fs::read_to_string(path)?;
    // Editors end the last line; nobody typed that.
    if text.ends_with('\n') {
        text.pop();
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn shell(script: &str) -> Vec<String> {
        ["sh", "-c", script].map(str::to_owned).to_vec()
    }

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[tokio::test]
    async fn what_the_editor_leaves_is_taken_and_the_file_waits_until_it_is_in_the_form() {
        let dir = tempfile::tempdir().unwrap();
        let path = lay_out(dir.path(), Uuid::from_u128(1), "txt", "one").unwrap();
        assert_eq!(mode(&path), 0o600);
        let left = run(shell("echo two >> $0; echo three >> $0"), path.clone(), "one").await;
        let left = left.unwrap();
        assert_eq!((left.text.as_str(), &left.path), ("onetwo\nthree", &path));
        assert!(path.exists());
    }

    #[rstest]
    #[case::too_large("head -c 300000 /dev/zero > $0", "larger than 256 KiB")]
    #[case::not_utf8("printf '\\377' > $0", "UTF-8")]
    #[case::saved_then_killed("echo typed > $0; kill -9 $$", "nothing is taken")]
    #[case::replaced("echo typed > $0.new; chmod 644 $0.new; mv $0.new $0; exit 1", "nothing is taken")]
    #[tokio::test]
    async fn what_cannot_be_taken_is_kept_and_named(#[case] script: &str, #[case] why: &str) {
        let dir = tempfile::tempdir().unwrap();
        let path = lay_out(dir.path(), Uuid::from_u128(2), "txt", "one").unwrap();
        let said = run(shell(script), path.clone(), "one").await.unwrap_err();
        assert!(said.contains(why), "{said}");
        assert!(said.contains(&path.display().to_string()), "{said}");
        assert_eq!(mode(&path), 0o600);
        assert_ne!(std::fs::read(&path).unwrap(), b"one");
    }

    #[rstest]
    #[case("false", "nothing is taken")]
    #[case("/no/such/editor", "cannot be started")]
    #[tokio::test]
    async fn an_editor_that_fails_and_wrote_nothing_leaves_nothing(#[case] program: &str, #[case] why: &str) {
        let dir = tempfile::tempdir().unwrap();
        let path = lay_out(dir.path(), Uuid::from_u128(3), "txt", "one").unwrap();
        let said = run(vec![program.to_owned()], path.clone(), "one").await.unwrap_err();
        assert!(said.contains(why) && !said.contains("kept"), "{said}");
        assert!(!path.exists());
    }
}
