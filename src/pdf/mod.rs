//! PDF files into text, page by page.
//!
//! Why a process of its own: a PDF is a program in all but name, and what reads it may loop, panic, run out of stack or
//! eat all memory. The reader is this same program started again with one word; it has nothing but the open file, and
//! limits the kernel holds. Whatever happens to it, here it is one file that could not be read.
//!
//! Invariants
//! - Never more than [`BYTES_MAX`] are read, never longer than [`TIME_MAX`] is waited, never more than [`TEXT_MAX`] taken.
//! - Words of the reader are shortened and sanitised before a person sees them.
//! - Text that is torn or run together is refused: half a rule is another rule.

pub mod pages;
#[cfg(feature = "pdf")]
pub mod reader;

use std::{
    fs::File,
    io::Read as _,
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{RecvTimeoutError, sync_channel},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::engine::model::sanitise::excerpt;

/// True when this program was built to read PDF.
pub const IS_READ: bool = cfg!(feature = "pdf");
/// The largest file: 50 MB.
pub const BYTES_MAX: u64 = 50_000_000;
/// The most pages.
pub const PAGES_MAX: u32 = 2_000;
/// The most text of all pages together, in bytes.
pub const TEXT_MAX: usize = 8 * 1024 * 1024;
/// The longest wait for one file.
pub const TIME_MAX: Duration = Duration::from_secs(60);
/// The word that makes this program the reader.
pub const WORD: &str = "--read-pdf-from-stdin";

/// The most bytes the reader may answer: the text, with every character escaped at worst.
const ANSWER_MAX: u64 = 6 * TEXT_MAX as u64 + 1_000_000;
/// The longest reason of the reader's own, in characters.
const REASON_MAX: usize = 200;

/// What the reader answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The text of each page.
    Pages(Vec<String>),
    /// Why there is none, and what to do.
    Refused(Refused),
}

/// Why a file gives no text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// What is wrong, as the end of a sentence that begins with the file.
    pub reason: String,
    /// What to do.
    pub remedy: String,
}

impl Refused {
    /// With these words.
    pub fn new(reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            remedy: remedy.into(),
        }
    }

    /// Because of what is inside it: another form of the same text helps.
    pub fn because(reason: impl Into<String>) -> Self {
        Self::new(reason, "save it again, or its text as markdown beside it")
    }
}

/// Reads a file in a process of its own and waits for it: call it from a thread that may block.
pub fn read(path: &Path) -> Result<Vec<String>, Refused> {
    if !IS_READ {
        return Err(not_built());
    }
    let unreadable = |e: std::io::Error| Refused::new(format!("cannot be read: {e}"), "check its permissions");
    let file = File::open(path).map_err(unreadable)?;
    let meta = file.metadata().map_err(unreadable)?;
    if !meta.is_file() {
        return Err(Refused::new("is no file", "name a file"));
    }
    if meta.len() > BYTES_MAX {
        return Err(Refused::new(
            "is larger than 50 MB",
            "take its pictures out, or save its text as markdown beside it",
        ));
    }
    let pages = match ask(Command::new(this_program()).arg(WORD), file, TIME_MAX)? {
        Answer::Pages(pages) => pages,
        Answer::Refused(refused) => {
            return Err(Refused::new(
                excerpt(&refused.reason, REASON_MAX),
                excerpt(&refused.remedy, REASON_MAX),
            ));
        }
    };
    let pages = pages::tidy(pages);
    match pages::judge(&pages) {
        None => Ok(pages),
        Some(refused) => Err(refused),
    }
}

/// What is said of a PDF by a program that does not read them.
pub fn not_built() -> Refused {
    Refused::new(
        "is a PDF, which this build does not read",
        "save its text as markdown beside it, or build with `--features pdf`",
    )
}

/// This program: by the kernel's name for it, which stays right when the file was replaced by a newer one.
fn this_program() -> PathBuf {
    let kernels = Path::new("/proc/self/exe");
    if kernels.exists() {
        return kernels.to_owned();
    }
    std::env::current_exe().unwrap_or_else(|_| PathBuf::from("omnitraffick"))
}

fn ask(reader: &mut Command, file: File, time: Duration) -> Result<Answer, Refused> {
    let started = reader
        .env_clear()
        .current_dir("/")
        .stdin(file)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child = started.map_err(|e| {
        Refused::new(
            format!("cannot be read: its reader does not start: {e}"),
            "start the program again",
        )
    })?;
    let heard = listen(&mut child, time);
    if heard.is_err() {
        // It may have ended by itself; then there is nothing to kill.
        let _ = child.kill();
    }
    let ended = child.wait();
    let bytes = heard?;
    match ended {
        Ok(status) if status.success() => {
            serde_json::from_slice(&bytes).map_err(|_| Refused::because("cannot be read: its reader answered nonsense"))
        }
        Ok(status) if status.signal() == Some(rustix::process::Signal::XCPU.as_raw()) => Err(too_long()),
        _ => Err(Refused::because("breaks the PDF reader, so it is not used")),
    }
}

fn too_long() -> Refused {
    Refused::because(format!("takes longer than {} s to read", TIME_MAX.as_secs()))
}

/// Everything the reader says, within the time.
fn listen(child: &mut Child, time: Duration) -> Result<Vec<u8>, Refused> {
    let broken = || Refused::because("cannot be read: its reader cannot be heard");
    let out = child.stdout.take().ok_or_else(broken)?;
    let (told, heard) = sync_channel(1);
    let thread = std::thread::Builder::new().name("pdf".to_owned());
    thread
        .spawn(move || {
            let mut bytes = Vec::new();
            let read = out.take(ANSWER_MAX).read_to_end(&mut bytes);
            // Nobody listens any more when the time was over.
            let _ = told.send(read.map(|_| bytes));
        })
        .map_err(|_| broken())?;
    match heard.recv_timeout(time) {
        Ok(Ok(bytes)) => Ok(bytes),
        Err(RecvTimeoutError::Timeout) => Err(too_long()),
        Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => Err(broken()),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// A reader that is a line of shell.
    fn asked(line: &str, time: Duration) -> Result<Answer, Refused> {
        let file = File::open("/dev/null").unwrap();
        ask(Command::new("/bin/sh").args(["-c", line]), file, time)
    }

    #[rstest]
    #[case::crashed("kill -SEGV $$", "breaks the PDF reader")]
    #[case::panicked("exit 101", "breaks the PDF reader")]
    #[case::out_of_time("kill -XCPU $$", "takes longer than 60 s")]
    #[case::talks_nonsense("echo rules", "answered nonsense")]
    #[case::says_nothing("true", "answered nonsense")]
    fn whatever_happens_to_the_reader_is_said_of_the_file(#[case] line: &str, #[case] words: &str) {
        let refused = asked(line, TIME_MAX).unwrap_err();
        assert!(refused.reason.contains(words), "{refused:?}");
    }

    #[test]
    fn a_reader_that_hangs_is_ended() {
        let refused = asked("exec sleep 600", Duration::from_millis(50)).unwrap_err();
        assert!(refused.reason.contains("takes longer"), "{refused:?}");
    }

    #[test]
    fn a_reader_that_never_stops_talking_is_ended() {
        let refused = asked("exec cat /dev/zero", TIME_MAX).unwrap_err();
        assert!(!refused.reason.is_empty());
    }

    #[test]
    fn an_answer_is_an_answer() {
        let pages = asked(r#"echo '{"pages":["One."]}'"#, TIME_MAX);
        assert_eq!(pages, Ok(Answer::Pages(vec!["One.".to_owned()])));
    }
}
