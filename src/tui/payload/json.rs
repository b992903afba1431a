//! JSON that is being written: where the cursor stands and where everything is, also while half of it is missing.
//!
//! Never refuses anything: whether the text can be read is serde's affair ([`parse`]).

use serde_json::Value;

/// What may be written where the cursor stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A field's name.
    Name,
    /// A value.
    Value,
    /// Neither: a colon, a comma or a bracket is wanted.
    Nothing,
}

/// Where the cursor stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The path without list positions: of the field whose value is written, else of the object around.
    pub path: Vec<String>,
    /// The path of the object or list around, with positions: siblings are below it.
    pub around: String,
    /// What may be written.
    pub part: Part,
    /// What of it stands there, up to the cursor, without its quote.
    pub word: String,
    /// Columns of the whole word with its quotes, from 0.
    pub from: usize,
    /// Its end.
    pub to: usize,
    /// True when a colon follows already.
    pub has_colon: bool,
}

/// A field or list entry in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// `ad_set.targeting.interests[2].id`.
    pub path: String,
    /// Its line, from 0.
    pub line: usize,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// Every field and list entry, in order.
    pub places: Vec<Place>,
    /// Where the cursor stands.
    pub spot: Option<Spot>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Want {
    Name,
    Colon,
    Value,
    Comma,
}

#[derive(Debug)]
struct Frame {
    list: bool,
    name: Option<String>,
    at: usize,
    want: Want,
}

struct Reader {
    frames: Vec<Frame>,
    cursor: Option<(usize, usize)>,
    out: Read,
}

/// Reads lines; `cursor` is (line, column in characters).
pub fn read(lines: &[String], cursor: Option<(usize, usize)>) -> Read {
    let mut reader = Reader {
        frames: Vec::new(),
        cursor,
        out: Read::default(),
    };
    for (n, line) in lines.iter().enumerate() {
        reader.line(n, &line.chars().collect::<Vec<_>>());
    }
    reader.here(usize::MAX, 0);
    reader.out
}

impl Reader {
    fn line(&mut self, n: usize, line: &[char]) {
        let mut at = 0;
        while let Some(&c) = line.get(at) {
            if c.is_whitespace() {
                at += 1;
                continue;
            }
            self.here(n, at);
            at = match c {
                '"' => self.text(n, line, at),
                '{' | '[' => {
                    self.open(n, c == '[');
                    at + 1
                }
                '}' | ']' => {
                    self.frames.pop();
                    self.done();
                    at + 1
                }
                ':' => {
                    if let Some(frame) = self.frames.last_mut() {
                        frame.want = Want::Value;
                    }
                    at + 1
                }
                ',' => {
                    self.next();
                    at + 1
                }
                _ => self.bare(n, line, at),
            };
        }
    }

    /// The cursor stands before what comes next: nothing of it is written yet.
    fn here(&mut self, line: usize, column: usize) {
        let Some(cursor) = self.cursor.filter(|c| self.out.spot.is_none() && *c <= (line, column)) else {
            return;
        };
        let part = match self.frames.last().map(|f| f.want) {
            Some(Want::Name) => Part::Name,
            Some(Want::Value) => Part::Value,
            Some(Want::Colon | Want::Comma) | None => Part::Nothing,
        };
        let spot = self.spot(part, String::new(), cursor.1, cursor.1);
        self.out.spot = Some(spot);
    }

    fn spot(&self, part: Part, word: String, from: usize, to: usize) -> Spot {
        Spot {
            path: self.frames.iter().filter_map(|f| f.name.clone()).collect(),
            around: self.path(false),
            part,
            word,
            from,
            to,
            has_colon: false,
        }
    }

    /// Takes the word if the cursor stands in it. The cursor right behind the closing quote is no longer in it.
    fn take(&mut self, n: usize, (from, to, closed): (usize, usize, bool), line: &[char], part: Part) {
        let Some((row, column)) = self.cursor.filter(|c| c.0 == n && self.out.spot.is_none()) else {
            return;
        };
        let last = if closed { to - 1 } else { to };
        if row != n || column <= from || column > last {
            return;
        }
        let quoted = line.get(from) == Some(&'"');
        let begin = if quoted { from + 1 } else { from };
        let word = line.iter().take(column).skip(begin).collect();
        let mut spot = self.spot(part, word, from, to);
        let after = line.iter().skip(to).find(|c| !c.is_whitespace());
        spot.has_colon = part == Part::Name && after == Some(&':');
        self.out.spot = Some(spot);
    }

    fn text(&mut self, n: usize, line: &[char], from: usize) -> usize {
        let mut at = from + 1;
        let mut closed = false;
        while let Some(&c) = line.get(at) {
            at += if c == '\\' { 2 } else { 1 };
            if c == '"' {
                closed = true;
                break;
            }
        }
        let to = at.min(line.len());
        let names = self.frames.last().is_some_and(|f| !f.list && f.want == Want::Name);
        if names {
            self.take(n, (from, to, closed), line, Part::Name);
            let end = if closed { to - 1 } else { to };
            let name: String = line.iter().take(end).skip(from + 1).collect();
            if let Some(frame) = self.frames.last_mut() {
                frame.name = Some(name);
                frame.want = Want::Colon;
            }
            let path = self.path(true);
            self.out.places.push(Place { path, line: n });
        } else {
            let part = self.value_part();
            self.entry(n);
            self.take(n, (from, to, closed), line, part);
            self.done();
        }
        to
    }

    fn bare(&mut self, n: usize, line: &[char], from: usize) -> usize {
        let len = line
            .iter()
            .skip(from)
            .take_while(|c| !c.is_whitespace() && !matches!(c, '{' | '}' | '[' | ']' | ',' | ':' | '"'))
            .count();
        let to = from + len.max(1);
        let names = self.frames.last().is_some_and(|f| !f.list && f.want == Want::Name);
        let part = if names { Part::Name } else { self.value_part() };
        if !names {
            self.entry(n);
        }
        self.take(n, (from, to, false), line, part);
        if !names {
            self.done();
        }
        to
    }

    fn value_part(&self) -> Part {
        match self.frames.last() {
            Some(f) if f.want == Want::Value => Part::Value,
            _ => Part::Nothing,
        }
    }

    fn open(&mut self, n: usize, list: bool) {
        self.entry(n);
        self.frames.push(Frame {
            list,
            name: None,
            at: 0,
            want: if list { Want::Value } else { Want::Name },
        });
    }

    /// A list's entry begins on this line.
    fn entry(&mut self, n: usize) {
        if self.frames.last().is_some_and(|f| f.list) {
            let path = self.path(true);
            self.out.places.push(Place { path, line: n });
        }
    }

    fn done(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.want = Want::Comma;
        }
    }

    fn next(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.want = if frame.list { Want::Value } else { Want::Name };
            frame.at += 1;
            frame.name = None;
        }
    }

    /// The path so far; with or without what is written in the innermost object or list now.
    fn path(&self, innermost: bool) -> String {
        let mut out = String::new();
        let frames = if innermost {
            self.frames.as_slice()
        } else {
            self.frames.split_last().map_or(&[][..], |(_, outer)| outer)
        };
        for frame in frames {
            if frame.list {
                out.extend(["[", &frame.at.to_string(), "]"]);
            } else if let Some(name) = &frame.name {
                if !out.is_empty() {
                    out.push('.');
                }
                out.push_str(name);
            }
        }
        out
    }
}

/// The line of a path such as `payload.ad_set.targeting.age_min`: its own, else that of the nearest around it.
pub fn line_of(places: &[Place], path: &str) -> usize {
    let path = path.strip_prefix("payload").unwrap_or(path);
    let path = path.strip_prefix('.').unwrap_or(path);
    let around = |of: &str| {
        path.strip_prefix(of)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    places
        .iter()
        .filter(|p| around(&p.path))
        .max_by_key(|p| p.path.len())
        .map_or(0, |p| p.line)
}

/// The payload in a text, or the line (from 0), the column and what is wrong there.
pub fn parse(text: &str) -> Result<Value, (usize, usize, String)> {
    match serde_json::from_str::<Value>(text) {
        Ok(value) if value.is_object() => Ok(value),
        Ok(_) => Err((
            0,
            0,
            "a payload is an object: { ... } with a section for each platform object".to_owned(),
        )),
        Err(_) if text.trim().is_empty() => Ok(Value::Object(serde_json::Map::new())),
        Err(error) => {
            let words = error.to_string();
            let words = words.split(" at line ").next().unwrap_or(&words).to_owned();
            let line = error.line().saturating_sub(1);
            Err((line, error.column().saturating_sub(1), words))
        }
    }
}
