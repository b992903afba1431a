//! The other process: a PDF from standard input, its pages as JSON to standard output, and nothing else.
//!
//! Invariants
//! - Limits of memory and time are set before the first byte is read; the kernel ends the process that passes them.
//! - It opens no file, starts no process and knows no configuration.

use std::{
    ffi::OsString,
    io::{Cursor, Read as _},
    process::ExitCode,
};

use oxidize_pdf::{
    parser::{ParseError, PdfDocument, PdfReader},
    text::ExtractionOptions,
};
use rustix::process::{Resource, Rlimit, setrlimit};

use super::{Answer, BYTES_MAX, PAGES_MAX, Refused, TEXT_MAX, TIME_MAX, WORD};
use crate::engine::model::sanitise::excerpt;

/// The most memory, in bytes.
const MEMORY_MAX: u64 = 1024 * 1024 * 1024;
/// The longest words of the library, in characters.
const WORDS_MAX: usize = 120;

/// True when the command line makes this program the reader.
pub fn is_meant(args: &[OsString]) -> bool {
    matches!(args, [_, word] if word == WORD)
}

/// Reads, answers, ends.
pub fn run() -> ExitCode {
    if !limit() {
        return ExitCode::FAILURE;
    }
    let mut bytes = Vec::new();
    let answer = match std::io::stdin().lock().take(BYTES_MAX).read_to_end(&mut bytes) {
        Ok(_) => pages(bytes).map_or_else(Answer::Refused, Answer::Pages),
        Err(error) => Answer::Refused(Refused::because(format!("cannot be read: {error}"))),
    };
    if serde_json::to_writer(std::io::stdout(), &answer).is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn limit() -> bool {
    let at_most = |n: u64| Rlimit {
        current: Some(n),
        maximum: Some(n),
    };
    // Time of the processor: a hard limit kills without a name, so it stands a second later.
    let seconds = TIME_MAX.as_secs();
    let time = Rlimit {
        current: Some(seconds),
        maximum: Some(seconds + 1),
    };
    setrlimit(Resource::Cpu, time).is_ok()
        && setrlimit(Resource::Data, at_most(MEMORY_MAX)).is_ok()
        && setrlimit(Resource::Core, at_most(0)).is_ok()
}

fn pages(bytes: Vec<u8>) -> Result<Vec<String>, Refused> {
    let reader = PdfReader::new(Cursor::new(bytes)).map_err(|e| refused(&e))?;
    if !reader.is_unlocked() {
        return Err(refused(&ParseError::WrongPassword));
    }
    let document = PdfDocument::new(reader);
    let count = document.page_count().map_err(|e| refused(&e))?;
    if count > PAGES_MAX {
        return Err(Refused::new(
            format!("has {count} pages, more than {PAGES_MAX}"),
            "split it into several files",
        ));
    }
    let mut left = TEXT_MAX;
    let mut out = Vec::new();
    for at in 0..count {
        let options = ExtractionOptions {
            preserve_layout: true,
            detect_columns: true,
            reconstruct_paragraphs: true,
            max_extracted_bytes: Some(left),
            ..ExtractionOptions::default()
        };
        let page = document
            .extract_text_from_page_with_options(at, options)
            .map_err(|e| Refused::because(format!("cannot be read at p. {}: {}", at + 1, words(&e))))?;
        if page.truncated {
            return Err(Refused::new(
                format!("holds more than {} MiB of text", TEXT_MAX / 1024 / 1024),
                "split it into several files",
            ));
        }
        // A fragment is a paragraph.
        let paragraphs: Vec<&str> = page.fragments.iter().map(|f| f.text.trim()).collect();
        let text = if paragraphs.is_empty() {
            page.text
        } else {
            paragraphs.join("\n\n")
        };
        left = left.saturating_sub(text.len());
        out.push(text);
    }
    Ok(out)
}

fn refused(error: &ParseError) -> Refused {
    match error {
        ParseError::WrongPassword | ParseError::PdfLocked => {
            Refused::new("is locked with a password", "save it without one")
        }
        ParseError::EncryptionNotSupported => {
            Refused::new("is encrypted in a way that is not read", "save it without encryption")
        }
        ParseError::EmptyFile => Refused::because("is empty"),
        other => Refused::because(format!("is no PDF that can be read: {}", words(other))),
    }
}

fn words(error: &ParseError) -> String {
    excerpt(&error.to_string(), WORDS_MAX)
}
