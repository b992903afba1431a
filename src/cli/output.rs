//! What a verb prints: data on stdout, talk on stderr, for people or as JSON.
//!
//! Invariants
//! - Every cell and line for people is sanitised here, so no verb can forget it.
//! - A reader that went away (`| head`) is no failure; a full disk is.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use super::failure::Failure;
use crate::{engine::model::sanitise::sanitise, logging::redact};

/// The version of the JSON documents. Within a version, fields are only added.
pub const VERSION: u32 = 1;

/// Where a verb prints to.
pub struct Output {
    json: bool,
    data: Box<dyn Write + Send>,
    talk: Box<dyn Write + Send>,
    broken: Option<io::Error>,
}

impl Output {
    /// To this process's stdout and stderr.
    pub fn standard(json: bool) -> Self {
        Self::to(json, Box::new(io::stdout()), Box::new(io::stderr()))
    }

    /// Data and talk to stdout, in the order they are said: for whoever listens to one stream.
    pub fn one_stream() -> Self {
        Self::to(false, Box::new(io::stdout()), Box::new(io::stdout()))
    }

    /// To anything.
    pub fn to(json: bool, data: Box<dyn Write + Send>, talk: Box<dyn Write + Send>) -> Self {
        Self {
            json,
            data,
            talk,
            broken: None,
        }
    }

    /// To nowhere.
    pub fn closed() -> Self {
        Self::to(false, Box::new(io::sink()), Box::new(io::sink()))
    }

    /// True when JSON is wanted.
    pub const fn is_json(&self) -> bool {
        self.json
    }

    /// One thing: a document, or a table for people.
    pub fn one<T: Serialize + ?Sized>(&mut self, kind: &str, data: &T, table: &Table) {
        if self.json {
            self.document(&json!({"v": VERSION, "kind": kind, "data": data}));
        } else {
            self.data(&table.render());
        }
    }

    /// A list: a document with the number of all that match, or a table for people.
    pub fn many<T: Serialize>(&mut self, kind: &str, rows: &[T], total: u64, table: &Table) {
        if self.json {
            self.document(&json!({"v": VERSION, "kind": kind, "data": rows, "total": total}));
            return;
        }
        self.data(&table.render());
        let shown = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        if shown < total {
            self.say(&format!("{shown} of {total} shown"));
        }
    }

    /// A document with further parts beside its data.
    pub fn with<T: Serialize + ?Sized>(&mut self, kind: &str, data: &T, also: &[(&str, Value)], table: &Table) {
        if !self.json {
            self.data(&table.render());
            return;
        }
        let mut document = json!({"v": VERSION, "kind": kind, "data": data});
        if let Value::Object(parts) = &mut document {
            parts.extend(also.iter().map(|(key, part)| ((*key).to_owned(), part.clone())));
        }
        self.document(&document);
    }

    /// What a dry run would do.
    pub fn would_do(&mut self, lines: &[String]) {
        let mut table = Table::bare();
        for line in lines {
            table.row(["would", line.as_str()]);
        }
        self.one("would_do", lines, &table);
    }

    /// A line for the person, on stderr; nothing a script should read.
    pub fn say(&mut self, line: &str) {
        let _ = writeln!(self.talk, "{}", redact(sanitise(line).as_str()));
        let _ = self.talk.flush();
    }

    /// A line of data as it is, already safe: completion scripts, manual pages.
    pub fn raw(&mut self, text: &[u8]) {
        let written = self.data.write_all(text).and_then(|()| self.data.flush());
        self.note(written);
    }

    /// One JSON value on a line of its own, in either form of output: for programs. False once nobody reads any more.
    pub fn line<T: Serialize + ?Sized>(&mut self, data: &T) -> bool {
        let text = serde_json::to_string(data).map_err(io::Error::other);
        let written = text.and_then(|text| writeln!(self.data, "{}", escape_invisible(&text)));
        let good = written.is_ok();
        self.note(written);
        good
    }

    /// Stdout for whoever writes sanitised lines of their own as things happen.
    pub fn writer(&mut self) -> &mut (dyn Write + Send) {
        &mut *self.data
    }

    /// A failure, on stderr.
    pub fn failure(&mut self, failure: &Failure) {
        if self.json {
            let mut value = json!({"v": VERSION, "kind": "error"});
            if let (Some(into), Ok(serde_json::Value::Object(from))) =
                (value.as_object_mut(), serde_json::to_value(failure))
            {
                into.extend(from);
            }
            let _ = writeln!(self.talk, "{}", redact_strings(value));
            return;
        }
        for p in &failure.problems {
            let place = match (&p.file, p.line) {
                (Some(file), Some(line)) => format!("{file}:{line}: "),
                (Some(file), None) => format!("{file}: "),
                _ => String::new(),
            };
            let field = p.field.as_ref().map(|f| format!("{f}: ")).unwrap_or_default();
            // Usage errors come from the parser with lines of their own.
            for (n, line) in format!("{place}{field}{}", p.reason).lines().enumerate() {
                let start = if n == 0 && !line.starts_with("error: ") {
                    "error: "
                } else {
                    ""
                };
                self.say(&format!("{start}{line}"));
            }
            if !p.remedy.is_empty() {
                self.say(&format!("  to do: {}", p.remedy));
            }
        }
    }

    /// The exit code, which a full disk turns from done into failed.
    pub fn finish(mut self, code: u8) -> u8 {
        let flushed = self.data.flush();
        self.note(flushed);
        match self.broken.take() {
            Some(e) if code == 0 => {
                self.say(&format!("error: the output could not be written: {e}"));
                1
            }
            _ => code,
        }
    }

    fn data(&mut self, text: &str) {
        self.raw(text.as_bytes());
    }

    fn document(&mut self, value: &serde_json::Value) {
        self.raw(format!("{}\n", escape_invisible(&value.to_string())).as_bytes());
    }

    fn note(&mut self, result: io::Result<()>) {
        match result {
            Err(e) if e.kind() != io::ErrorKind::BrokenPipe => self.broken = self.broken.take().or(Some(e)),
            _ => {}
        }
    }
}

/// The word JSON uses for a value that is one word there.
pub fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}

/// JSON escapes C0 controls by itself; C1 controls, direction marks and their like are escaped here, because JSON too
/// is often looked at in a terminal. They can only stand inside strings, where `\u` is always right.
fn escape_invisible(json: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if crate::engine::model::sanitise::is_unsafe(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// Masks secrets inside the strings of a document, so that the document stays one.
fn redact_strings(value: serde_json::Value) -> String {
    use serde_json::Value;
    fn walk(value: Value) -> Value {
        match value {
            Value::String(s) => Value::String(redact(&s)),
            Value::Array(items) => items.into_iter().map(walk).collect(),
            Value::Object(map) => Value::Object(map.into_iter().map(|(k, v)| (k, walk(v))).collect()),
            other => other,
        }
    }
    escape_invisible(&walk(value).to_string())
}

/// Aligned columns. Cells are sanitised when they are put in.
#[derive(Clone, Debug, Default)]
pub struct Table {
    rows: Vec<Vec<String>>,
    empty: Option<&'static str>,
}

impl Table {
    /// With a header line, and a sentence for the case that nothing follows it.
    pub fn new<const N: usize>(header: [&str; N], empty: &'static str) -> Self {
        Self {
            rows: vec![header.iter().map(|h| h.to_uppercase()).collect()],
            empty: Some(empty),
        }
    }

    /// Without a header: labels and values.
    pub fn bare() -> Self {
        Self::default()
    }

    /// Adds a row.
    pub fn row<I: IntoIterator<Item = S>, S: AsRef<str>>(&mut self, cells: I) {
        self.rows
            .push(cells.into_iter().map(|c| sanitise(c.as_ref()).into_string()).collect());
    }

    /// Adds a label and its value, unless the value is empty.
    pub fn field(&mut self, label: &str, value: impl AsRef<str>) {
        if !value.as_ref().is_empty() {
            self.row([label, value.as_ref()]);
        }
    }

    /// The text, two spaces between columns, no spaces at line ends.
    pub fn render(&self) -> String {
        if let (Some(empty), 1) = (self.empty, self.rows.len()) {
            return format!("{empty}\n");
        }
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            self.rows
                .iter()
                .filter_map(|r| r.get(column))
                .map(|c| c.width())
                .max()
                .unwrap_or(0)
        };
        let widths: Vec<_> = (0..columns).map(width).collect();
        let mut out = String::new();
        for row in &self.rows {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_by_width_and_hold_no_escape() {
        let mut t = Table::new(["no", "name"], "none");
        t.row(["1", "日本"]);
        t.row(["1042", "\u{1b}[31mred"]);
        insta::assert_snapshot!(t.render(), @r"
        NO    NAME
        1     日本
        1042  ^[[31mred
        ");
        assert_eq!(Table::new(["no"], "no tickets").render(), "no tickets\n");
    }

    #[test]
    fn json_for_a_terminal_is_still_the_same_json() {
        let value = json!({"a": "\u{9b}2J\u{202e}x\u{e0041}"});
        let text = escape_invisible(&value.to_string());
        assert!(text.is_ascii(), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
