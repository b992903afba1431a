//! Guideline files on disk: which there are, and what tells a changed one without reading it.

use std::{
    fs::Metadata,
    path::{Path, PathBuf},
    time::SystemTime,
};

use crate::{engine::model::sanitise::excerpt, pdf, textfile::FileProblem};

/// Most files read below one folder.
const FILES_MAX: usize = 20_000;
/// How deep folders may lie in folders.
const DEPTH_MAX: usize = 16;
/// Longest name in a complaint, in characters.
pub(super) const NAME_MAX: usize = 200;

/// A file that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    /// The folder, as a position.
    pub folder: usize,
    /// Where it is.
    pub path: PathBuf,
    /// What tells that it changed.
    pub mark: Mark,
    /// The file beside it that says what it is; only a PDF has one.
    pub beside: Option<(PathBuf, Mark)>,
}

/// What tells a changed file without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    bytes: u64,
    modified: Option<SystemTime>,
    changed: (i64, i64),
}

impl Mark {
    fn of(meta: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self {
            bytes: meta.len(),
            modified: meta.modified().ok(),
            changed: (meta.ctime(), meta.ctime_nsec()),
        }
    }
}

/// A complaint about a whole file.
pub(super) fn of_file(path: &Path, reason: String, remedy: impl Into<String>) -> FileProblem {
    FileProblem {
        file: excerpt(&path.display().to_string(), NAME_MAX),
        line: None,
        field: None,
        reason,
        remedy: remedy.into(),
    }
}

/// The file that says what a PDF is: `guide.pdf.toml` beside `guide.pdf`.
fn beside(path: &Path) -> Option<(PathBuf, Mark)> {
    let mut name = path.file_name()?.to_owned();
    name.push(".toml");
    let path = path.with_file_name(name);
    let meta = std::fs::metadata(&path).ok().filter(Metadata::is_file)?;
    Some((path, Mark::of(&meta)))
}

/// A file's path below its folder, with `/`; its name when the folder is the file.
pub(super) fn below(root: &Path, path: &Path) -> String {
    let rest = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = rest.iter().map(|p| p.to_string_lossy()).collect();
    if parts.is_empty() {
        return path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
    }
    parts.join("/")
}

/// What a file is by its name.
pub(super) enum Sort {
    /// Markdown or plain text.
    Text,
    /// PDF.
    Pdf,
    /// Nothing that is read.
    Other,
}

pub(super) fn sort_of(path: &Path) -> Sort {
    let is = |word: &str| path.extension().is_some_and(|e| e.eq_ignore_ascii_case(word));
    if is("md") || is("markdown") || is("txt") {
        Sort::Text
    } else if is("pdf") {
        Sort::Pdf
    } else {
        Sort::Other
    }
}

/// Finds files. Hidden ones and linked folders are passed over.
pub(super) struct Walk<'w> {
    /// The folder, as a position.
    pub folder: usize,
    /// What is found.
    pub stamps: &'w mut Vec<Stamp>,
    /// What is wrong.
    pub problems: &'w mut Vec<FileProblem>,
}

impl Walk<'_> {
    /// Looks at a folder, or at one file.
    pub fn start(&mut self, path: &Path) {
        match std::fs::metadata(path) {
            Ok(meta) if meta.is_dir() => self.dir(path),
            Ok(_) => self.file(path, true),
            Err(error) => self.problem(
                path,
                format!("cannot be read: {error}"),
                "check copilot.guidelines.folders",
            ),
        }
    }

    fn dir(&mut self, root: &Path) {
        let mut open = vec![(root.to_owned(), 0)];
        let mut count = 0;
        while let Some((dir, depth)) = open.pop() {
            let entries = match std::fs::read_dir(&dir) {
                Ok(entries) => entries,
                Err(error) => {
                    self.problem(&dir, format!("cannot be read: {error}"), "check its permissions");
                    continue;
                }
            };
            for entry in entries.flatten() {
                if entry.file_name().as_encoded_bytes().starts_with(b".") {
                    continue;
                }
                let path = entry.path();
                if entry.file_type().is_ok_and(|t| t.is_dir()) {
                    if depth < DEPTH_MAX {
                        open.push((path, depth + 1));
                    } else {
                        self.problem(&path, format!("lies deeper than {DEPTH_MAX} folders"), "move it up");
                    }
                    continue;
                }
                count += 1;
                if count > FILES_MAX {
                    let reason = format!("holds more than {FILES_MAX} files; the rest is not read");
                    self.problem(root, reason, "name a smaller folder");
                    return;
                }
                self.file(&path, false);
            }
        }
    }

    fn file(&mut self, path: &Path, was_named: bool) {
        let mut said = None;
        match sort_of(path) {
            Sort::Text => {}
            Sort::Pdf if pdf::IS_READ => said = beside(path),
            Sort::Pdf => {
                let refused = pdf::not_built();
                return self.problem(path, refused.reason, &refused.remedy);
            }
            Sort::Other if was_named => {
                return self.problem(
                    path,
                    "is no text".to_owned(),
                    "name a .md, .txt or .pdf file, or a folder",
                );
            }
            Sort::Other => return,
        }
        match std::fs::metadata(path) {
            Ok(meta) if meta.is_file() => self.stamps.push(Stamp {
                folder: self.folder,
                path: path.to_owned(),
                mark: Mark::of(&meta),
                beside: said,
            }),
            Ok(_) => {}
            Err(error) => self.problem(path, format!("cannot be read: {error}"), "check its permissions"),
        }
    }

    fn problem(&mut self, path: &Path, reason: String, remedy: &str) {
        self.problems.push(of_file(path, reason, remedy));
    }
}
