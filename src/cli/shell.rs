//! Completion scripts and manual pages, made from the grammar.

use std::path::Path;

use clap::CommandFactory as _;

use super::{args::Args, failure::Failure, output::Output};

/// Prints the completion script.
pub fn completions(shell: clap_complete::Shell, out: &mut Output) {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "omnitraffick", &mut text);
    out.raw(&text);
}

/// Prints the manual page, or writes one per verb.
pub fn man(dir: Option<&Path>, out: &mut Output) -> Result<(), Failure> {
    let failed = |e: std::io::Error| Failure::failed(format!("the manual could not be written: {e}"), "");
    if let Some(dir) = dir {
        std::fs::create_dir_all(dir).map_err(failed)?;
        return clap_mangen::generate_to(Args::command(), dir).map_err(failed);
    }
    let mut text = Vec::new();
    clap_mangen::Man::new(Args::command())
        .render(&mut text)
        .map_err(failed)?;
    out.raw(&text);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, path::PathBuf};

    use clap_complete::Shell;

    use super::*;

    /// What the package installs, by path below `assets`.
    fn generated() -> BTreeMap<PathBuf, String> {
        let dir = tempfile::tempdir().unwrap();
        man(Some(dir.path()), &mut Output::closed()).unwrap();
        let pages = std::fs::read_dir(dir.path()).unwrap().map(|entry| {
            let entry = entry.unwrap();
            let text = std::fs::read_to_string(entry.path()).unwrap();
            (Path::new("man").join(entry.file_name()), text)
        });
        let scripts = [
            ("omnitraffick.bash", Shell::Bash),
            ("_omnitraffick", Shell::Zsh),
            ("omnitraffick.fish", Shell::Fish),
        ];
        let scripts = scripts.map(|(name, shell)| {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "omnitraffick", &mut text);
            (Path::new("completions").join(name), String::from_utf8(text).unwrap())
        });
        pages.chain(scripts).collect()
    }

    /// Manual pages and completions are in the package as the grammar makes them; `UPDATE_DOCS=1` writes them anew.
    #[test]
    fn manual_and_completions_are_as_made() {
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
        let made = generated();
        for page in [
            "omnitraffick.1",
            "omnitraffick-ticket-deploy.1",
            "omnitraffick-market-create.1",
        ] {
            assert!(made.contains_key(&Path::new("man").join(page)), "{page}");
        }
        if std::env::var_os("UPDATE_DOCS").is_some() {
            for folder in ["man", "completions"] {
                let _ = std::fs::remove_dir_all(assets.join(folder));
                std::fs::create_dir_all(assets.join(folder)).unwrap();
            }
            for (path, text) in &made {
                std::fs::write(assets.join(path), text).unwrap();
            }
        }
        let there = ["man", "completions"].into_iter().flat_map(|folder| {
            let entries = std::fs::read_dir(assets.join(folder)).unwrap();
            entries.map(move |e| Path::new(folder).join(e.unwrap().file_name()))
        });
        let there: BTreeMap<_, _> = there
            .map(|path| (path.clone(), std::fs::read_to_string(assets.join(path)).unwrap()))
            .collect();
        let stale: Vec<_> = made
            .keys()
            .chain(there.keys())
            .filter(|path| made.get(*path) != there.get(*path))
            .collect();
        assert!(stale.is_empty(), "run it with UPDATE_DOCS=1: {stale:?}");
    }
}
