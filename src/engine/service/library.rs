//! The guidelines on disk, kept read: files in, a [`Shelf`] out.
//!
//! Reading and indexing happen on a thread of their own that exists only while there is something to do. Questions are
//! answered from the shelf at hand, or wait for the next one, as they wish.
//!
//! Invariants
//! - Nobody asks, nothing happens: files are looked at when a question comes, never on a timer.
//! - Files whose size and times did not change are not read again; a shelf is replaced only when contents changed.
//! - A question that waits is answered from files as they were after it was asked.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::SystemTime,
};

use tokio::sync::watch;

use crate::{
    engine::{
        api::copilot::Indexing,
        copilot::{
            shelf::Shelf,
            source::{Document, Folder},
            starter,
        },
        model::{json::Sha, sanitise::excerpt},
    },
    textfile::{FileProblem, TextFile},
};

/// Most files read below one folder.
const FILES_MAX: usize = 20_000;
/// How deep folders may lie in folders.
const DEPTH_MAX: usize = 16;
/// Progress is told after this many snippets.
const TELL_EVERY: u64 = 500;

/// What is at hand.
#[derive(Clone)]
pub(super) struct AtHand {
    /// The newest shelf.
    pub shelf: Arc<Shelf>,
    /// Work under way.
    pub indexing: Option<Indexing>,
    /// Why the last look failed.
    pub failure: Option<String>,
    /// The last look that ended.
    looked: u64,
}

/// The guidelines of one engine.
pub struct Library {
    shared: Arc<Shared>,
}

struct Shared {
    folders: Vec<Folder>,
    at_hand: watch::Sender<AtHand>,
    work: Mutex<Work>,
    closed: AtomicBool,
    /// Hears that there is a new shelf.
    tell: Box<dyn Fn() + Send + Sync>,
}

#[derive(Default)]
struct Work {
    /// Looks wanted so far.
    wanted: u64,
    /// True while the thread exists.
    is_running: bool,
    /// The files as they were at the last look, and what was wrong with finding them; `None` = never looked.
    seen: Option<(Vec<Stamp>, Vec<FileProblem>)>,
    /// What was in them, and what was wrong with finding and reading them.
    contents: (Vec<(usize, String, Sha)>, Vec<FileProblem>),
}

/// What tells a changed file without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp {
    folder: usize,
    path: PathBuf,
    bytes: u64,
    modified: Option<SystemTime>,
    changed: (i64, i64),
}

impl std::fmt::Debug for Library {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Library")
            .field("folders", &self.shared.folders)
            .finish_non_exhaustive()
    }
}

impl Library {
    /// Over these folders. Nothing is read before the first question.
    pub fn new(folders: Vec<Folder>, tell: Box<dyn Fn() + Send + Sync>) -> Self {
        let nothing = AtHand {
            shelf: Arc::new(Shelf::empty()),
            indexing: None,
            failure: None,
            looked: 0,
        };
        Self {
            shared: Arc::new(Shared {
                folders,
                at_hand: watch::channel(nothing).0,
                work: Mutex::default(),
                closed: AtomicBool::new(false),
                tell,
            }),
        }
    }

    /// What is at hand. With `fresh`, after every change up to now is read; otherwise at once, while a look is begun.
    pub(super) async fn at_hand(&self, fresh: bool) -> AtHand {
        let mut seen = self.shared.at_hand.subscribe();
        let look = self.look();
        if fresh && let Ok(at_hand) = seen.wait_for(|s| s.looked >= look).await {
            return at_hand.clone();
        }
        let now = seen.borrow();
        AtHand {
            // Before the first look has ended there is always work under way.
            indexing: now
                .indexing
                .or((now.looked == 0).then_some(Indexing { done: 0, of: 0 })),
            ..now.clone()
        }
    }

    /// Wants a look and gives its number.
    fn look(&self) -> u64 {
        let mut work = lock(&self.shared.work);
        work.wanted += 1;
        let wanted = work.wanted;
        if !work.is_running {
            work.is_running = true;
            drop(work);
            let shared = Arc::clone(&self.shared);
            let thread = std::thread::Builder::new().name("guidelines".to_owned());
            if let Err(error) = thread.spawn(move || shared.run()) {
                lock(&self.shared.work).is_running = false;
                self.shared.ended(
                    wanted,
                    Err(format!("there is no thread to read the guidelines: {error}")),
                );
            }
        }
        wanted
    }
}

impl Drop for Library {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::Relaxed);
    }
}

fn lock(work: &Mutex<Work>) -> MutexGuard<'_, Work> {
    // Every change below leaves it whole.
    work.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends the work whatever happens in it: a reader that broke must not leave questions waiting.
struct EndOfWork<'s>(&'s Shared);

impl Drop for EndOfWork<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let wanted = {
                let mut work = lock(&self.0.work);
                work.is_running = false;
                work.seen = None;
                work.wanted
            };
            self.0.ended(
                wanted,
                Err("reading the guidelines broke off; please report it".to_owned()),
            );
        }
    }
}

impl Shared {
    /// Looks until nobody wants another look.
    fn run(&self) {
        let _end = EndOfWork(self);
        loop {
            let wanted = lock(&self.work).wanted;
            let result = self.look_once();
            self.ended(wanted, result);
            let mut work = lock(&self.work);
            if work.wanted == wanted || self.closed.load(Ordering::Relaxed) {
                work.is_running = false;
                return;
            }
        }
    }

    /// Says how a look ended: with a new shelf, with the old one, or with a failure.
    fn ended(&self, look: u64, result: Result<Option<Shelf>, String>) {
        let mut is_new = false;
        self.at_hand.send_modify(|s| {
            s.looked = s.looked.max(look);
            s.indexing = None;
            s.failure = None;
            match result {
                Ok(Some(shelf)) => {
                    s.shelf = Arc::new(shelf);
                    is_new = true;
                }
                Ok(None) => {}
                Err(failure) => {
                    tracing::warn!(%failure, "guidelines");
                    s.failure = Some(failure);
                }
            }
        });
        if is_new {
            (self.tell)();
        }
    }

    /// Reads what changed. `None` = nothing did.
    fn look_once(&self) -> Result<Option<Shelf>, String> {
        let mut stamps = Vec::new();
        let mut problems = Vec::new();
        for (at, folder) in self.folders.iter().enumerate() {
            if let Some(path) = &folder.path {
                let before = stamps.len();
                let mut walk = Walk {
                    folder: at,
                    stamps: &mut stamps,
                    problems: &mut problems,
                };
                walk.start(path);
                if let Some(own) = stamps.get_mut(before..) {
                    own.sort_by(|a, b| a.path.cmp(&b.path));
                }
            }
        }
        let seen = (stamps, problems.clone());
        if lock(&self.work).seen.as_ref() == Some(&seen) {
            return Ok(None);
        }
        self.at_hand
            .send_modify(|s| s.indexing = Some(Indexing { done: 0, of: 0 }));
        let documents = self.read(&seen.0, &mut problems);
        let hashes = documents.iter().map(|d| (d.folder, d.path.clone(), d.hash)).collect();
        let contents = (hashes, problems.clone());
        {
            let mut work = lock(&self.work);
            if work.seen.replace(seen).is_some() && work.contents == contents {
                return Ok(None);
            }
            work.contents = contents;
        }
        let built = Shelf::build(&self.folders, &documents, problems, |done, of| {
            if done.is_multiple_of(TELL_EVERY) {
                self.at_hand.send_modify(|s| s.indexing = Some(Indexing { done, of }));
            }
            !self.closed.load(Ordering::Relaxed)
        });
        built.map_err(|error| {
            lock(&self.work).seen = None;
            error.to_string()
        })
    }

    fn read(&self, stamps: &[Stamp], problems: &mut Vec<FileProblem>) -> Vec<Document> {
        let mut out = Vec::new();
        for (at, folder) in self.folders.iter().enumerate() {
            let Some(root) = &folder.path else {
                out.extend(starter::documents(at));
                continue;
            };
            for stamp in stamps.iter().filter(|s| s.folder == at) {
                match TextFile::read(&stamp.path) {
                    Ok(file) => out.push(Document {
                        folder: at,
                        path: below(root, &stamp.path),
                        name: file.name().to_owned(),
                        text: file.text().to_owned(),
                        hash: Sha::of(file.text().as_bytes()),
                    }),
                    Err(problem) => problems.push(problem),
                }
            }
        }
        out
    }
}

/// A file's path below its folder, with `/`; its name when the folder is the file.
fn below(root: &Path, path: &Path) -> String {
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
enum Sort {
    Text,
    Pdf,
    Other,
}

fn sort_of(path: &Path) -> Sort {
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
struct Walk<'w> {
    folder: usize,
    stamps: &'w mut Vec<Stamp>,
    problems: &'w mut Vec<FileProblem>,
}

impl Walk<'_> {
    fn start(&mut self, path: &Path) {
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
        match sort_of(path) {
            Sort::Text => {}
            Sort::Pdf => {
                let remedy = "save its text as markdown beside it";
                return self.problem(path, "is a PDF, which this build does not read".to_owned(), remedy);
            }
            Sort::Other if was_named => {
                return self.problem(path, "is no text".to_owned(), "name a .md or .txt file, or a folder");
            }
            Sort::Other => return,
        }
        match std::fs::metadata(path) {
            Ok(meta) if meta.is_file() => {
                use std::os::unix::fs::MetadataExt as _;
                self.stamps.push(Stamp {
                    folder: self.folder,
                    path: path.to_owned(),
                    bytes: meta.len(),
                    modified: meta.modified().ok(),
                    changed: (meta.ctime(), meta.ctime_nsec()),
                });
            }
            Ok(_) => {}
            Err(error) => self.problem(path, format!("cannot be read: {error}"), "check its permissions"),
        }
    }

    fn problem(&mut self, path: &Path, reason: String, remedy: &str) {
        self.problems.push(FileProblem {
            file: excerpt(&path.display().to_string(), 200),
            line: None,
            field: None,
            reason,
            remedy: remedy.to_owned(),
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    fn library(dir: &Path) -> (Library, Arc<AtomicUsize>) {
        let folder = Folder {
            name: "house".to_owned(),
            path: Some(dir.to_owned()),
            ..Folder::default()
        };
        let told = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&told);
        let tell = Box::new(move || {
            count.fetch_add(1, Ordering::SeqCst);
        });
        (Library::new(vec![folder], tell), told)
    }

    fn ids(at_hand: &AtHand) -> Vec<&str> {
        at_hand.shelf.sources().iter().map(|s| s.id.as_str()).collect()
    }

    #[tokio::test]
    async fn files_are_read_when_somebody_asks_and_again_when_they_changed() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
        std::fs::create_dir(dir.path().join("sub")).unwrap();
        write("b.md", "Rule b.");
        write("sub/a.txt", "Rule a.");
        write(".hidden.md", "x");
        write("logo.png", "x");
        let (library, told) = library(dir.path());
        assert_eq!(told.load(Ordering::SeqCst), 0);
        let first = library.at_hand(true).await;
        assert_eq!(ids(&first), ["house/b.md", "house/sub/a.txt"]);
        let again = library.at_hand(true).await;
        assert!(Arc::ptr_eq(&first.shelf, &again.shelf), "nothing changed");
        // Touched, but the same text.
        write("b.md", "Rule b.");
        assert!(Arc::ptr_eq(&first.shelf, &library.at_hand(true).await.shelf));
        write("b.md", "Rule c.");
        let changed = library.at_hand(true).await;
        assert_eq!(changed.shelf.snippet(0).unwrap().text, "Rule c.");
        std::fs::remove_file(dir.path().join("b.md")).unwrap();
        assert_eq!(ids(&library.at_hand(true).await), ["house/sub/a.txt"]);
        assert_eq!(told.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn without_patience_the_answer_is_what_is_at_hand() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a.md"), "Rule a.").unwrap();
        let (library, _) = library(dir.path());
        let first = library.at_hand(false).await;
        // Either the look is still under way and says so, or it has ended and is the answer.
        assert_eq!(first.indexing.is_some(), first.shelf.is_empty());
        assert_eq!(library.at_hand(true).await.shelf.len(), 1);
        assert_eq!(library.at_hand(false).await.shelf.len(), 1);
    }

    #[tokio::test]
    async fn pdf_is_parsed_or_refused() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a.pdf"), "%PDF-1.7 Rule a.").unwrap();
        let (library, _) = library(dir.path());
        let at_hand = library.at_hand(true).await;
        assert!(at_hand.shelf.is_empty());
        let words = at_hand.shelf.problems()[0].to_string();
        assert!(
            words.contains("a.pdf: is a PDF, which this build does not read"),
            "{words}"
        );
    }

    #[tokio::test]
    async fn a_folder_that_is_not_there_is_a_problem_until_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("later");
        let (library, _) = library(&path);
        assert_eq!(library.at_hand(true).await.shelf.problems().len(), 1);
        std::fs::create_dir(&path).unwrap();
        std::fs::write(path.join("a.md"), "Rule a.").unwrap();
        let at_hand = library.at_hand(true).await;
        assert_eq!((at_hand.shelf.problems().len(), at_hand.shelf.len()), (0, 1));
    }
}
