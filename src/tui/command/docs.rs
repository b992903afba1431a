//! `docs/keys.md`, generated from the table so that it cannot lie.

use std::fmt::Write as _;

use super::{
    ctx::Ctx,
    table::{Danger, TABLE},
};

/// The page.
pub fn keys_markdown() -> String {
    let mut out = String::from(
        "# Keys\n\nGenerated from the command table (`src/tui/command/table.rs`) by its test; edit there.\n\n\
         Nothing that moves can harm: verbs that reach outside or are hard to take back are capitals and ask first.\n",
    );
    for ctx in Ctx::ALL {
        let _ = write!(
            out,
            "\n## {}\n\n| keys | command | what it does | asks |\n|---|---|---|---|\n",
            ctx.title()
        );
        for record in TABLE.iter().filter(|r| r.contexts.contains(&ctx)) {
            let keys: Vec<String> = record
                .keys
                .iter()
                .map(|k| format!("`{}`", k.replace('|', "\\|")))
                .collect();
            let keys = if keys.is_empty() {
                "only `:`".to_owned()
            } else {
                keys.join(" ")
            };
            let asks = match record.danger {
                Danger::None => "",
                Danger::Undoable => "no",
                Danger::Hard => "`y`",
                Danger::Outward => "the ticket's number; in demo and sandbox `y`",
            };
            let _ = writeln!(out, "| {keys} | `{}` | {} | {asks} |", record.id, record.doc);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_page_is_the_table() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/keys.md");
        let page = keys_markdown();
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/docs")).unwrap();
            std::fs::write(path, &page).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            page == committed,
            "docs/keys.md is old: run the tests once with UPDATE_DOCS=1"
        );
    }
}
