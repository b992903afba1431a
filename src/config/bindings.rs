//! Keys of the console as written. Which commands and keys there are, the console knows: it says what cannot be and opens
//! all the same.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::textfile::TextFile;

/// `[keys]` as written.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeysSection {
    /// A set of keys to start from.
    pub preset: Option<String>,
    /// Chords nobody wants.
    pub unbind: Vec<String>,
    /// Chords by command.
    pub bind: BTreeMap<String, Vec<String>>,
}

/// Keys somebody wants, each with where it is written: `config.toml:12`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// A set of keys to start from.
    pub preset: Option<(String, String)>,
    /// Chords nobody wants.
    pub unbind: Vec<(String, String)>,
    /// Command, its chords, place.
    pub bind: Vec<(String, Vec<String>, String)>,
}

impl KeysSection {
    /// With the places of a file.
    pub fn placed(self, file: &TextFile) -> Keys {
        let places = file.places();
        let place = |field: &str| match places.line_of(field) {
            Some(line) => format!("{}:{line}", file.name()),
            None => file.name().to_owned(),
        };
        Keys {
            preset: self.preset.map(|name| (name, place("keys.preset"))),
            unbind: self
                .unbind
                .into_iter()
                .map(|chord| (chord, place("keys.unbind")))
                .collect(),
            bind: self
                .bind
                .into_iter()
                .map(|(command, chords)| {
                    let place = place(&format!("keys.bind.{command}"));
                    (command, chords, place)
                })
                .collect(),
        }
    }
}
