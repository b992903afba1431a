//! Files that people write: configuration, tickets, fault scripts. Read with a cap, checked, and every complaint says
//! which file, which line, which field, what is wrong and what to do.
//!
//! Invariants
//! - Never more than [`MAX_BYTES`] are read, whatever is behind the path.
//! - A complaint quotes at most one excerpt of the content, sanitised, with anything that looks like a secret masked.

pub mod places;

use std::{
    fmt,
    io::{self, Read},
    path::Path,
};

use serde::de::DeserializeOwned;

use crate::{
    engine::model::{path::FieldPath, sanitise::excerpt},
    logging::redact,
};
use places::Places;

/// The most bytes read from one file: 1 MiB.
pub const MAX_BYTES: usize = 1024 * 1024;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// TOML.
    Toml,
    /// JSON.
    Json,
}

/// One thing wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProblem {
    /// The file, as the person named it.
    pub file: String,
    /// From 1; `None` when it is about the whole file.
    pub line: Option<usize>,
    /// The field, dotted; `None` when it is about the whole file.
    pub field: Option<FieldPath>,
    /// What is wrong.
    pub reason: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(field) = &self.field {
            write!(f, ": {field}")?;
        }
        write!(f, ": {}", self.reason)?;
        if !self.remedy.is_empty() {
            write!(f, " ({})", self.remedy)?;
        }
        Ok(())
    }
}

impl std::error::Error for FileProblem {}

/// A file's text, known to be UTF-8 and not too large.
#[derive(Clone, Debug)]
pub struct TextFile {
    name: String,
    text: String,
    format: Format,
}

impl TextFile {
    /// Reads a file. `-` is standard input.
    pub fn read(path: &Path) -> Result<Self, FileProblem> {
        let name = excerpt(&path.display().to_string(), 200);
        if path == Path::new("-") {
            return Self::from_reader("standard input", io::stdin().lock());
        }
        let whole = |e: io::Error| Self::unreadable(&name, &e);
        let file = std::fs::File::open(path).map_err(whole)?;
        if file.metadata().map_err(whole)?.is_dir() {
            return Err(problem(&name, "is a directory, not a file", "name a file"));
        }
        Self::from_reader(&name, file)
    }

    /// Reads from anything that gives bytes.
    pub fn from_reader(name: &str, reader: impl Read) -> Result<Self, FileProblem> {
        let mut bytes = Vec::new();
        let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
        reader
            .take(limit)
            .read_to_end(&mut bytes)
            .map_err(|e| Self::unreadable(name, &e))?;
        Self::from_bytes(name, bytes)
    }

    /// Checks size and encoding.
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Self, FileProblem> {
        if bytes.len() > MAX_BYTES {
            return Err(problem(
                name,
                "is larger than 1 MiB",
                "split it into several files; nothing was read from it",
            ));
        }
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return Err(problem(name, "is UTF-16, not UTF-8", "save it again as UTF-8"));
        }
        let text = String::from_utf8(bytes).map_err(|e| {
            let at = e.utf8_error().valid_up_to();
            let before = e.as_bytes().get(..at).unwrap_or_default();
            FileProblem {
                line: Some(before.split(|b| *b == b'\n').count()),
                ..problem(
                    name,
                    &format!("is not UTF-8 text: byte {at} (counted from 0) does not belong there"),
                    "save it again as UTF-8 (it may be Latin-1 or UTF-16)",
                )
            }
        })?;
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        if text.trim().is_empty() {
            return Err(problem(name, "is empty", "write at least one entry"));
        }
        let is_json = Path::new(name)
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("json"))
            || text.trim_start().starts_with('{');
        Ok(Self {
            name: name.to_owned(),
            text,
            format: if is_json { Format::Json } else { Format::Toml },
        })
    }

    /// The name, for messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How it is written: by its ending `.json`, or by starting with `{`; TOML otherwise.
    pub const fn format(&self) -> Format {
        self.format
    }

    /// Where each field stands.
    pub fn places(&self) -> Places {
        Places::of(&self.text, self.format)
    }

    /// Reads it as a value.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, FileProblem> {
        match self.format {
            Format::Toml => toml::from_str(&self.text).map_err(|e| {
                let at = e.span().map(|s| s.start);
                self.complaint(at, e.message())
            }),
            Format::Json => serde_json::from_str(&self.text).map_err(|e| {
                let at = places::offset(&self.text, e.line(), e.column());
                let words = e.to_string();
                let words = words.rsplit_once(" at line ").map_or(words.as_str(), |(w, _)| w);
                self.complaint(Some(at), words)
            }),
        }
    }

    /// A complaint about one field, with the line it (or what holds it) stands on.
    pub fn problem_at(&self, field: &FieldPath, reason: impl Into<String>, remedy: impl Into<String>) -> FileProblem {
        FileProblem {
            file: self.name.clone(),
            line: self.places().line_of(field.as_str()),
            field: Some(field.clone()),
            reason: reason.into(),
            remedy: remedy.into(),
        }
    }

    fn complaint(&self, at: Option<usize>, words: &str) -> FileProblem {
        let places = self.places();
        FileProblem {
            file: self.name.clone(),
            line: at.map(|at| places.line_at(at)),
            field: at.and_then(|at| places.field_at(at)).map(FieldPath::new),
            // The parser's words may quote the file, and the file may hold anything.
            reason: redact(&excerpt(words.trim_end(), 400)),
            remedy: String::new(),
        }
    }

    fn unreadable(name: &str, error: &io::Error) -> FileProblem {
        problem(
            name,
            &format!("cannot be read: {error}"),
            "check the path and its permissions",
        )
    }
}

fn problem(file: &str, reason: &str, remedy: &str) -> FileProblem {
    FileProblem {
        file: file.to_owned(),
        line: None,
        field: None,
        reason: reason.to_owned(),
        remedy: remedy.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[expect(dead_code, reason = "only its shape matters here")]
        inner: Inner,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only its shape matters here")]
        n: u8,
    }

    fn complaint(name: &str, bytes: &[u8]) -> String {
        TextFile::from_bytes(name, bytes.to_vec())
            .and_then(|f| f.parse::<Outer>())
            .unwrap_err()
            .to_string()
    }

    #[rstest]
    #[case::empty("f.toml", b" \n", "f.toml: is empty (write at least one entry)")]
    #[case::utf16("f.toml", b"\xff\xfea\0", "f.toml: is UTF-16, not UTF-8 (save it again as UTF-8)")]
    #[case::unknown_field(
        "f.toml",
        b"\n[inner]\nn = 1\nm = 2\n",
        "f.toml:4: inner.m: unknown field `m`, expected `n`"
    )]
    #[case::wrong_type(
        "f.toml",
        b"inner.n = \"x\"",
        "f.toml:1: inner.n: invalid type: string \"x\", expected u8"
    )]
    #[case::out_of_range(
        "f.toml",
        b"[inner]\nn = 256",
        "f.toml:2: inner.n: invalid value: integer `256`, expected u8"
    )]
    #[case::missing("f.toml", b"[inner]\n", "f.toml:1: inner: missing field `n`")]
    #[case::json_unknown(
        "f.json",
        b"{\"inner\":\n {\"n\": 1,\n \"m\": 2}}",
        "f.json:3: inner.m: unknown field `m`, expected `n`"
    )]
    #[case::json_type(
        "f.json",
        b"{\"inner\":\n {\"n\": \"x\"}}",
        "f.json:2: inner.n: invalid type: string \"x\", expected u8"
    )]
    #[case::json_syntax("f.json", b"{\"inner\": {\n", "f.json:2: inner: EOF while parsing an object")]
    fn complaints_name_file_line_and_field(#[case] name: &str, #[case] bytes: &[u8], #[case] expected: &str) {
        assert_eq!(complaint(name, bytes), expected);
    }

    #[test]
    fn latin_1_names_the_byte_and_the_line() {
        let words = complaint("f.toml", b"a = 1\nname = \"caf\xe9\"\n");
        assert!(words.starts_with("f.toml:2: is not UTF-8 text: byte 17"), "{words}");
    }

    #[test]
    fn ten_megabytes_are_not_read_to_the_end() {
        let words = TextFile::from_reader("big.toml", io::repeat(b'a').take(10 * 1024 * 1024))
            .unwrap_err()
            .to_string();
        assert!(words.contains("larger than 1 MiB"), "{words}");
    }

    #[test]
    fn a_byte_order_mark_is_no_content() {
        let file = TextFile::from_bytes("f.toml", b"\xef\xbb\xbfinner.n = 1".to_vec()).unwrap();
        assert!(file.parse::<Outer>().is_ok());
    }

    #[test]
    fn control_characters_and_secrets_do_not_get_out() {
        let words = complaint("f.toml", b"inner.n = \"\\u001b[2J EAAabcdefgh12345\"");
        assert!(!words.contains('\u{1b}') && !words.contains("abcdefgh"), "{words}");
    }
}
