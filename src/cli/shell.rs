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
    use super::*;

    #[test]
    fn every_verb_gets_a_page() {
        let dir = tempfile::tempdir().unwrap();
        man(Some(dir.path()), &mut Output::closed()).unwrap();
        for page in [
            "omnitraffick.1",
            "omnitraffick-ticket-deploy.1",
            "omnitraffick-market-create.1",
        ] {
            assert!(dir.path().join(page).exists(), "{page}");
        }
    }
}
