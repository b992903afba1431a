//! Handing a text to another program: how copies reach a clipboard no terminal carries them to.

use std::{process::Stdio, time::Duration};

use tokio::io::AsyncWriteExt as _;

/// A clipboard program that takes longer is not taking the text.
const PATIENCE: Duration = Duration::from_secs(3);

/// Runs a program with a text on its standard input until it ends; why not, in words.
pub async fn give(command: &[String], text: &str) -> Result<(), String> {
    let (program, arguments) = command.split_first().ok_or("no program is named")?;
    let run = async {
        let mut child = tokio::process::Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| format!("{program} cannot be started: {e}"))?;
        if let Some(mut stdin) = child.stdin.take() {
            let given = stdin.write_all(text.as_bytes()).await;
            drop(stdin);
            given.map_err(|e| format!("{program} does not take the text: {e}"))?;
        }
        let status = child.wait().await.map_err(|e| format!("{program}: {e}"))?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("{program} ended with {status}"))
        }
    };
    tokio::time::timeout(PATIENCE, run)
        .await
        .unwrap_or_else(|_| Err(format!("{program} does not end")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|w| (*w).to_owned()).collect()
    }

    #[tokio::test]
    async fn the_text_arrives_and_trouble_is_said() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("clip");
        let script = format!("cat > '{}'", path.display());
        give(&words(&["sh", "-c", &script]), "1042\tlive; 'all'").await.unwrap();
        assert_eq!(std::fs::read_to_string(path).unwrap(), "1042\tlive; 'all'");
        let failed = give(&words(&["sh", "-c", "cat > /dev/null; exit 3"]), "x")
            .await
            .unwrap_err();
        assert!(failed.contains('3'), "{failed}");
        let none = give(&words(&["/nonexistent/clip"]), "x").await.unwrap_err();
        assert!(none.contains("cannot be started"), "{none}");
        assert!(give(&[], "x").await.is_err());
    }
}
