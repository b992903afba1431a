//! The documents this program comes with: platform policies with their sources, runbooks for what this program does,
//! and the guides of the demo's invented brands. Useful on the first day, replaced or joined by the house's own.

use super::source::{Document, Folder};
use crate::engine::model::json::Sha;

macro_rules! files {
    ($($path:literal),+ $(,)?) => {
        /// Path below `assets/guidelines` and text.
        const FILES: &[(&str, &str)] = &[$((
            $path,
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/guidelines/", $path)),
        )),+];
    };
}

files! {
    "placeholder.md",
}

/// The folder they are in.
pub fn folder() -> Folder {
    Folder {
        name: "starter".to_owned(),
        reviewed: true,
        ..Folder::default()
    }
}

/// The documents. `folder` = the position of [`folder`] in the list of folders.
pub fn documents(folder: usize) -> impl Iterator<Item = Document> {
    FILES.iter().map(move |(path, text)| Document {
        folder,
        path: (*path).to_owned(),
        name: format!("assets/guidelines/{path}"),
        text: (*text).to_owned(),
        hash: Sha::of(text.as_bytes()),
    })
}
