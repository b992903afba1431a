//! A person's own editor on a text: a private file, a child on our terminal, and what it left.
//!
//! Invariants
//! - Readable by its owner only, from the first byte on; gone afterwards unless its text could not be taken.
//! - Nobody else reads the terminal while the editor has it.

use std::{
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use uuid::Uuid;

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

/// Runs the editor on a file until it ends, and reads what it left. The words name the file where its text is lost
/// otherwise.
pub async fn run(command: Vec<String>, path: PathBuf) -> Result<String, String> {
    let (program, arguments) = command.split_first().ok_or("no editor is set: set VISUAL or EDITOR")?;
    let ended = tokio::process::Command::new(program)
        .args(arguments)
        .arg(&path)
        .status()
        .await;
    let outcome = match ended {
        Err(error) => Err(format!("{program} cannot be started: {error}")),
        Ok(status) if !status.success() => Err(format!("{program} ended with {status}; nothing is taken from it")),
        Ok(_) => take_in(&path).map_err(|e| format!("{}: {e}", path.display())),
    };
    let _ = std::fs::remove_file(&path);
    outcome
}

fn take_in(path: &Path) -> io::Result<String> {
    if std::fs::metadata(path)?.len() > TEXT_MAX {
        return Err(io::Error::other("the text is too large"));
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
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[tokio::test]
    async fn what_the_editor_leaves_is_taken_and_the_file_goes() {
        let dir = tempfile::tempdir().unwrap();
        let path = lay_out(dir.path(), Uuid::from_u128(1), "txt", "one").unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let command = ["sh", "-c", "echo two >> $0; echo three >> $0"]
            .map(str::to_owned)
            .to_vec();
        assert_eq!(run(command, path.clone()).await.unwrap(), "onetwo\nthree");
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn an_editor_that_fails_or_is_not_there_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = lay_out(dir.path(), Uuid::from_u128(2), "txt", "one").unwrap();
        let said = run(vec!["false".to_owned()], path).await.unwrap_err();
        assert!(said.contains("nothing is taken"), "{said}");
        let path = lay_out(dir.path(), Uuid::from_u128(3), "txt", "one").unwrap();
        let said = run(vec!["/no/such/editor".to_owned()], path).await.unwrap_err();
        assert!(said.contains("cannot be started"), "{said}");
    }
}
