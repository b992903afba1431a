//! A platform's data files, built into the program.

use serde::{Deserialize, de::DeserializeOwned};

use crate::engine::model::catalogue::Catalogue;

/// A field catalogue. The file is part of the program and a test loads it; were it broken, the form would be empty and QA
/// refuse all.
pub fn catalogue(text: &str) -> Catalogue {
    toml::from_str(text).unwrap_or_else(|_| Catalogue {
        version: String::new(),
        checked: String::new(),
        objects: Vec::new(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table<R> {
    rows: Vec<R>,
}

/// The rows of an error table, in file order. Here too a test loads the file; were it broken, an error would be judged by
/// what is known without it.
pub fn rows<R: DeserializeOwned>(text: &str) -> Vec<R> {
    toml::from_str(text).map_or_else(|_| Vec::new(), |table: Table<R>| table.rows)
}
