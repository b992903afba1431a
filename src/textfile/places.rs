//! Where the fields of a TOML or JSON text stand, so that a complaint can name field and line whoever made it: the
//! parser, which knows an offset, or the engine, which knows a field.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::Format;

/// Deepest nesting looked at; the parsers refuse deeper input themselves.
const DEPTH: usize = 128;

/// Every field with the range of bytes it covers, outer before inner.
#[derive(Clone, Debug, Default)]
pub struct Places {
    fields: Vec<(String, Range<usize>)>,
    line_starts: Vec<usize>,
}

impl Places {
    /// Maps a text. Broken text is mapped as far as it can be read.
    pub fn of(text: &str, format: Format) -> Self {
        let line_starts = std::iter::once(0)
            .chain(
                text.bytes()
                    .enumerate()
                    .filter(|(_, b)| *b == b'\n')
                    .map(|(i, _)| i + 1),
            )
            .collect();
        let mut fields = Vec::new();
        match format {
            Format::Toml => {
                let (table, _) = DeTable::parse_recoverable(text);
                toml_table(&mut fields, "", table.get_ref(), 0);
            }
            Format::Json => {
                let mut scan = Scan {
                    bytes: text.as_bytes(),
                    at: 0,
                    fields: &mut fields,
                };
                let _ = scan.value(String::new(), 0, 0);
            }
        }
        Self { fields, line_starts }
    }

    /// The innermost field that covers the byte.
    pub fn field_at(&self, at: usize) -> Option<&str> {
        self.fields
            .iter()
            .filter(|(path, range)| !path.is_empty() && range.start <= at && at <= range.end)
            .min_by_key(|(_, range)| range.end - range.start)
            .map(|(path, _)| path.as_str())
    }

    /// The line of a field or, when it is not there, of the nearest field around it.
    pub fn line_of(&self, field: &str) -> Option<usize> {
        let mut field = field;
        loop {
            if let Some((_, range)) = self.fields.iter().find(|(path, _)| path == field) {
                return Some(self.line_at(range.start));
            }
            field = field.get(..field.rfind(['.', '['])?)?;
        }
    }

    /// The line a byte is on, from 1.
    pub fn line_at(&self, at: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= at).max(1)
    }
}

/// The byte offset of a line and column (both from 1, columns in bytes), as `serde_json` counts them.
pub fn offset(text: &str, line: usize, column: usize) -> usize {
    let start = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum::<usize>();
    (start + column.saturating_sub(1)).min(text.len())
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

fn toml_table(fields: &mut Vec<(String, Range<usize>)>, path: &str, table: &DeTable<'_>, depth: usize) {
    for (key, value) in table {
        let inner = join(path, key.get_ref());
        let (key, span) = (key.span(), value.span());
        // The value of a `[header]` spans its header only, and may start before its key.
        fields.push((inner.clone(), key.start.min(span.start)..span.end.max(key.end)));
        toml_value(fields, &inner, value.get_ref(), depth + 1);
    }
}

fn toml_value(fields: &mut Vec<(String, Range<usize>)>, path: &str, value: &DeValue<'_>, depth: usize) {
    if depth > DEPTH {
        return;
    }
    match value {
        DeValue::Table(table) => toml_table(fields, path, table, depth),
        DeValue::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                let inner = format!("{path}[{n}]");
                fields.push((inner.clone(), item.span()));
                toml_value(fields, &inner, item.get_ref(), depth + 1);
            }
        }
        _ => {}
    }
}

/// A reader of JSON that only cares where things are.
struct Scan<'t> {
    bytes: &'t [u8],
    at: usize,
    fields: &'t mut Vec<(String, Range<usize>)>,
}

impl Scan<'_> {
    fn peek(&mut self) -> Option<u8> {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// `start` is where the field begins: at its key, if it has one.
    fn value(&mut self, path: String, start: usize, depth: usize) -> Option<()> {
        let slot = self.fields.len();
        self.fields.push((path.clone(), start..self.bytes.len()));
        match self.peek()? {
            _ if depth > DEPTH => return None,
            b'{' => {
                self.eat(b'{')?;
                while self.peek()? != b'}' {
                    let start = self.at;
                    let key = self.string()?;
                    self.eat(b':')?;
                    self.value(join(&path, &key), start, depth + 1)?;
                    if self.peek()? == b',' {
                        self.eat(b',')?;
                    }
                }
                self.eat(b'}')?;
            }
            b'[' => {
                self.eat(b'[')?;
                let mut n = 0;
                while self.peek()? != b']' {
                    let start = self.at;
                    self.value(format!("{path}[{n}]"), start, depth + 1)?;
                    n += 1;
                    if self.peek()? == b',' {
                        self.eat(b',')?;
                    }
                }
                self.eat(b']')?;
            }
            b'"' => {
                self.string()?;
            }
            _ => {
                let start = self.at;
                while self
                    .bytes
                    .get(self.at)
                    .is_some_and(|b| !b.is_ascii_whitespace() && !b",]}".contains(b))
                {
                    self.at += 1;
                }
                // A stray delimiter where a value belongs would never be passed.
                (self.at > start).then_some(())?;
            }
        }
        self.fields.get_mut(slot)?.1.end = self.at;
        Some(())
    }

    fn string(&mut self) -> Option<String> {
        self.eat(b'"')?;
        let start = self.at;
        loop {
            match *self.bytes.get(self.at)? {
                b'\\' => self.at += 2,
                b'"' => break,
                _ => self.at += 1,
            }
        }
        let text = String::from_utf8_lossy(self.bytes.get(start..self.at)?).into_owned();
        self.at += 1;
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn toml_fields_are_found_both_ways() {
        let text = "a = 1\n[b.c]\nd = [1,\n 2]\n[[e]]\nf = 1\n[[e]]\nf = 2\n";
        let places = Places::of(text, Format::Toml);
        assert_eq!(places.line_of("a"), Some(1));
        assert_eq!(places.line_of("b.c.d[1]"), Some(4));
        assert_eq!(places.line_of("e[1].f"), Some(8));
        assert_eq!(places.line_of("b.c.missing"), Some(2));
        assert_eq!(places.line_of("nowhere"), None);
        assert_eq!(places.field_at(text.rfind('2').unwrap_or(0)), Some("e[1].f"));
    }

    #[test]
    fn json_fields_are_found_both_ways() {
        let text = "{\"a\": 1,\n \"b\": [{\"c\": \"x\\\"y\"},\n {\"c\": null}]}";
        let places = Places::of(text, Format::Json);
        assert_eq!(places.line_of("b[1].c"), Some(3));
        assert_eq!(places.line_of("b[0]"), Some(2));
        assert_eq!(places.field_at(text.find("null").unwrap_or(0)), Some("b[1].c"));
    }

    proptest! {
        #[test]
        fn rubbish_is_mapped_without_fuss(text in "[\\[\\]{}\",:a1\\\\ \n=é]{0,80}", at in 0_usize..100) {
            for format in [Format::Toml, Format::Json] {
                let places = Places::of(&text, format);
                let _ = places.field_at(at);
                prop_assert!(places.line_at(at) >= 1);
            }
        }
    }
}
