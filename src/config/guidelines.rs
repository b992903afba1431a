//! Where the copilot's guidelines are, and what holds for whole folders of them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Deserializer, Serialize};

use crate::engine::copilot::{
    front::{Kind, values},
    scope::{Dimension, Scope},
    source::Folder,
    starter,
};

/// `[copilot.guidelines]` as written.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GuidelinesSection {
    /// Whether the documents this program comes with are read too.
    pub starter: Option<bool>,
    /// Folders by the name people call them.
    pub folders: BTreeMap<String, FolderSection>,
}

/// `[copilot.guidelines.folders.<folder>]` as written. What it says is stronger than what the files in it say.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FolderSection {
    /// A directory, or one file.
    pub path: PathBuf,
    /// Sort of its documents.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// Brand codes.
    #[serde(default, deserialize_with = "brand")]
    pub brand: Vec<String>,
    /// Platforms.
    #[serde(default, deserialize_with = "platform")]
    pub platform: Vec<String>,
    /// Market codes.
    #[serde(default, deserialize_with = "market")]
    pub market: Vec<String>,
    /// Objectives.
    #[serde(default, deserialize_with = "objective")]
    pub objective: Vec<String>,
    /// Who answers for it.
    #[serde(default)]
    pub owner: Option<String>,
    /// Language of documents that do not name theirs.
    #[serde(default)]
    pub language: Option<String>,
    /// Whether its documents may be sent to a language model on another host.
    #[serde(default)]
    pub may_leave_host: Option<bool>,
    /// Whether somebody reads every change before it gets there.
    #[serde(default)]
    pub reviewed: bool,
    /// Hashes of contents released from quarantine.
    #[serde(default)]
    pub released: Vec<String>,
}

impl GuidelinesSection {
    /// The folders to read, with paths meant from the file's directory.
    pub fn folders(self, base: &Path) -> Vec<Folder> {
        let starter = self.starter.unwrap_or(true).then(starter::folder);
        let own = self.folders.into_iter().map(|(name, f)| {
            let set = |values: Vec<String>| values.into_iter().collect();
            Folder {
                name,
                path: Some(base.join(f.path)),
                kind: f.kind,
                scope: Scope {
                    brand: set(f.brand),
                    platform: set(f.platform),
                    market: set(f.market),
                    objective: set(f.objective),
                },
                owner: f.owner,
                language: f.language,
                may_leave_host: f.may_leave_host,
                reviewed: f.reviewed,
                released: f.released,
            }
        });
        // The house's own come first: between equals, the earlier document wins.
        own.chain(starter).collect()
    }
}

/// What is wrong with a folder's settings: the key and why.
pub(super) fn check(folder: &Folder) -> Result<(), (&'static str, String)> {
    let name = &folder.name;
    if name.is_empty() || name.len() > 40 || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)) {
        return Err((
            "path",
            "its folder's name must be 1 to 40 letters, digits, - or _".to_owned(),
        ));
    }
    if folder.path.is_some() && *name == starter::folder().name {
        return Err((
            "path",
            "its folder has the name of the documents this program comes with".to_owned(),
        ));
    }
    let is_language = |l: &String| l.len() == 2 && l.bytes().all(|b| b.is_ascii_lowercase());
    if !folder.language.as_ref().is_none_or(is_language) {
        return Err(("language", "must have two small letters, such as \"en\"".to_owned()));
    }
    let is_hash =
        |h: &String| h.len() >= crate::engine::copilot::source::RELEASE_MIN && h.bytes().all(|b| b.is_ascii_hexdigit());
    if !folder.released.iter().all(is_hash) {
        return Err((
            "released",
            "must hold hashes as `guidelines check` prints them, 12 hex digits or more".to_owned(),
        ));
    }
    Ok(())
}

fn brand<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<String>, D::Error> {
    values(Dimension::Brand, d)
}

fn platform<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<String>, D::Error> {
    values(Dimension::Platform, d)
}

fn market<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<String>, D::Error> {
    values(Dimension::Market, d)
}

fn objective<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<String>, D::Error> {
    values(Dimension::Objective, d)
}
