//! The guidelines on disk, kept read: files in, a [`Shelf`] out.
//!
//! Reading and indexing happen on a thread of their own that exists only while there is something to do. Questions are
//! answered from the shelf at hand, or wait for the next one, as they wish.
//!
//! Invariants
//! - Nobody asks, nothing happens: files are looked at when a question comes, never on a timer.
//! - Files whose size and times did not change are not read again; a shelf is replaced only when contents changed.
//! - A question that waits is answered from files as they were after it was asked.

mod files;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::watch;

use files::{Mark, NAME_MAX, Sort, Stamp, Walk, below, of_file, sort_of};

use crate::{
    engine::{
        api::copilot::Indexing,
        copilot::{
            shelf::Shelf,
            source::{Document, Folder, Paged},
            starter,
        },
        model::{json::Sha, sanitise::excerpt},
    },
    pdf::{self, Refused},
    textfile::{FileProblem, TextFile},
};

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
    /// The PDF files of the last look, read: reading one takes long, and the others changed more often.
    read: Vec<(PathBuf, Mark, Read)>,
}

/// A PDF's hash and pages, or why there are none.
type Read = Result<(Sha, Vec<String>), Refused>;

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
                let opened = match sort_of(&stamp.path) {
                    Sort::Pdf => self.open_pdf(stamp, root),
                    Sort::Text | Sort::Other => TextFile::read(&stamp.path).map(|file| Document {
                        folder: at,
                        path: below(root, &stamp.path),
                        name: file.name().to_owned(),
                        text: file.text().to_owned(),
                        hash: Sha::of(file.text().as_bytes()),
                        paged: None,
                    }),
                };
                match opened {
                    Ok(document) => out.push(document),
                    Err(problem) => problems.push(problem),
                }
            }
        }
        let mut work = lock(&self.work);
        work.read
            .retain(|(path, mark, _)| stamps.iter().any(|s| s.path == *path && s.mark == *mark));
        drop(work);
        out
    }

    fn open_pdf(&self, stamp: &Stamp, root: &Path) -> Result<Document, FileProblem> {
        let said = match &stamp.beside {
            None => None,
            Some((path, _)) => {
                let file = TextFile::read(path)?;
                Some((file.name().to_owned(), file.text().to_owned()))
            }
        };
        let known = {
            let work = lock(&self.work);
            let same = work
                .read
                .iter()
                .find(|(path, mark, _)| *path == stamp.path && *mark == stamp.mark);
            same.map(|(_, _, read)| read.clone())
        };
        let read = known.unwrap_or_else(|| {
            let read = pdf::read(&stamp.path).and_then(|pages| {
                let bytes = std::fs::read(&stamp.path);
                let bytes = bytes.map_err(|e| Refused::new(format!("cannot be read: {e}"), "check its permissions"))?;
                Ok((Sha::of(&bytes), pages))
            });
            let mut work = lock(&self.work);
            work.read.push((stamp.path.clone(), stamp.mark.clone(), read.clone()));
            read
        });
        let (hash, pages) = read.map_err(|r| of_file(&stamp.path, r.reason, r.remedy))?;
        // Another word about a document is another edition of it, as it is where the word stands in the file.
        let hash = said
            .as_ref()
            .map_or(hash, |(_, text)| Sha::of(format!("{hash}\n{text}").as_bytes()));
        let (text, paged) = Paged::joined(&pages, said);
        Ok(Document {
            folder: stamp.folder,
            path: below(root, &stamp.path),
            name: excerpt(&stamp.path.display().to_string(), NAME_MAX),
            text,
            hash,
            paged: Some(paged),
        })
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
    async fn what_is_no_pdf_is_refused_with_or_without_a_reader() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a.pdf"), "%PDF-1.7 Rule a.").unwrap();
        let (library, _) = library(dir.path());
        let at_hand = library.at_hand(true).await;
        assert!(at_hand.shelf.is_empty());
        let words = at_hand.shelf.problems()[0].to_string();
        let not_read = words.contains("a.pdf: is a PDF, which this build does not read");
        assert_eq!(not_read, !pdf::IS_READ, "{words}");
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
