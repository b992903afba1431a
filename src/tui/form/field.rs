//! One field of a form: what it takes and what it holds.

use tui_textarea::{TextArea, WrapMode};

use super::line::LineEdit;
use crate::{
    engine::model::{
        catalogue::{FieldSpec, parse_value},
        money::{Currency, Money},
        sanitise::{Shown, sanitise},
        time::Day,
    },
    tui::command::finder,
};

/// A row of a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What the value is to the program: an id, a code.
    pub key: String,
    /// What people read.
    pub title: Shown,
    /// More of it.
    pub detail: Shown,
}

impl Choice {
    /// A row.
    pub fn new(key: impl Into<String>, title: &str, detail: &str) -> Self {
        Self {
            key: key.into(),
            title: sanitise(title),
            detail: sanitise(detail),
        }
    }
}

/// A choice with its finder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Combo {
    /// Everything that may be chosen.
    pub options: Vec<Choice>,
    /// The key of the chosen row.
    pub chosen: Option<String>,
    /// Letters typed to find a row.
    pub query: LineEdit,
    /// The row under the cursor among those found.
    pub row: usize,
    /// True while the list is open.
    pub open: bool,
    /// True once somebody moved in the open list: the row is meant, not only lit.
    pub moved: bool,
}

/// A list this short is shown as soon as its empty field has the focus.
const SHORT_LIST: usize = 8;

impl Combo {
    /// The rows that fit what was typed, best first.
    pub fn found(&self) -> Vec<&Choice> {
        finder::holding(
            self.query.text(),
            self.options.iter().map(|o| (o.title.as_str(), o.detail.as_str())),
        )
        .into_iter()
        .filter_map(|i| self.options.get(i))
        .collect()
    }

    /// The chosen row.
    pub fn choice(&self) -> Option<&Choice> {
        self.chosen
            .as_ref()
            .and_then(|k| self.options.iter().find(|o| o.key == *k))
    }

    /// Takes the row under the cursor. Returns true when the choice changed. Letters that fit no row stay: they are
    /// somebody's, and [`Self::unfit`] says what is wrong with them.
    pub fn take(&mut self) -> bool {
        let Some(picked) = self.found().get(self.row).map(|c| c.key.clone()) else {
            return false;
        };
        self.close();
        let changed = self.chosen.as_ref() != Some(&picked);
        self.chosen = Some(picked);
        changed
    }

    /// Opens the list at the chosen row, or at the best one for what was typed.
    pub fn unfold(&mut self) {
        let chosen = self.choice().map(|c| c.key.clone());
        let at = self.found().iter().position(|o| Some(&o.key) == chosen.as_ref());
        self.row = at.unwrap_or(0);
        self.open = true;
        self.moved = false;
    }

    /// Closes the list and drops the letters.
    pub fn close(&mut self) {
        self.open = false;
        self.moved = false;
        self.query.set("");
        self.row = 0;
    }

    /// True when the row under the cursor is somebody's wish: they typed, or moved to it.
    pub fn is_meant(&self) -> bool {
        (self.open && self.moved) || self.is_typed()
    }

    /// True while letters stand in it.
    pub fn is_typed(&self) -> bool {
        !self.query.text().trim().is_empty()
    }

    /// What is wrong with letters that chose no row.
    pub fn unfit(&self) -> Option<String> {
        let typed = self.query.text().trim();
        if typed.is_empty() {
            None
        } else if self.options.is_empty() {
            Some(format!("\"{typed}\" fits no row: there is nothing to choose from yet"))
        } else if self.found().is_empty() {
            Some(format!(
                "\"{typed}\" fits no row; Backspace widens the search, Esc drops it"
            ))
        } else {
            Some(format!("\"{typed}\" is not chosen yet; Enter takes a row"))
        }
    }

    /// True when its rows stand below the focused field though nobody opened the list: it is empty and they are few.
    pub fn shows_itself(&self) -> bool {
        !self.open && self.chosen.is_none() && !self.is_typed() && (1..=SHORT_LIST).contains(&self.options.len())
    }

    /// Other options; a choice that is no longer among them is dropped, the cursor stays on its row.
    pub fn set_options(&mut self, options: Vec<Choice>) {
        let lit = self.found().get(self.row).map(|c| c.key.clone());
        self.options = options;
        if self.choice().is_none() {
            self.chosen = None;
        }
        let at = self.found().iter().position(|o| Some(&o.key) == lit.as_ref());
        self.row = at.unwrap_or(0);
        self.moved &= at.is_some();
    }

    /// Takes the only row there is, if nothing is chosen or typed: one row is no choice. True when it did.
    pub fn take_only(&mut self) -> bool {
        match self.options.as_slice() {
            [only] if self.chosen.is_none() && !self.is_typed() => {
                self.chosen = Some(only.key.clone());
                true
            }
            _ => false,
        }
    }
}

/// What a field takes.
#[derive(Clone, Debug)]
pub enum FieldKind {
    /// One line of free text.
    Text(LineEdit),
    /// One of a list.
    Choice(Combo),
    /// An amount in a currency decided elsewhere; without one the field waits.
    Money {
        /// The amount.
        line: LineEdit,
        /// Its currency, once known.
        currency: Option<Currency>,
    },
    /// A day, `2026-12-01`, or `+3d` from today, or a weekday's first letters.
    Date(LineEdit),
    /// Yes or no.
    Flag(bool),
    /// Several lines of free text.
    Area(Box<TextArea<'static>>),
    /// A heading or a fact: cannot be focused.
    Note(Shown),
}

/// A field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name for the program and for problems: `budget.amount`.
    pub key: String,
    /// What people read.
    pub label: Shown,
    /// What it takes and holds.
    pub kind: FieldKind,
    /// What is wrong with it, shown below it.
    pub problem: Option<Shown>,
    /// One or two sentences, shown while it has the focus.
    pub help: Shown,
    /// Shown, not editable.
    pub locked: bool,
    /// Not shown: folded away until it is wanted.
    pub hidden: bool,
    /// A section begins here.
    pub heading: bool,
    /// What somebody else has to say about it (a finding, another person's change); blocks nothing.
    pub remark: Shown,
    /// Another person's value that what stands here would overwrite, until handing in has asked about it.
    pub unseen: Option<String>,
    /// The platform's shape of the value: what was typed is checked against it when the focus leaves.
    pub shape: Option<Box<FieldSpec>>,
}

impl Field {
    fn new(key: &str, label: &str, kind: FieldKind) -> Self {
        Self {
            key: key.to_owned(),
            label: sanitise(label),
            kind,
            problem: None,
            help: Shown::default(),
            locked: false,
            hidden: false,
            heading: false,
            remark: Shown::default(),
            unseen: None,
            shape: None,
        }
    }

    /// Free text of at most `limit` characters.
    pub fn text(key: &str, label: &str, limit: usize, value: &str) -> Self {
        Self::new(key, label, FieldKind::Text(LineEdit::new(limit).with(value)))
    }

    /// One of `options`, with the key chosen already.
    pub fn choice(key: &str, label: &str, options: Vec<Choice>, chosen: Option<&str>) -> Self {
        let combo = Combo {
            chosen: chosen
                .map(str::to_owned)
                .filter(|c| options.iter().any(|o| o.key == *c)),
            options,
            ..Combo::default()
        };
        Self::new(key, label, FieldKind::Choice(combo))
    }

    /// An amount.
    pub fn money(key: &str, label: &str, currency: Option<Currency>, value: Option<Money>) -> Self {
        let text = value.map(|m| m.amount().to_string()).unwrap_or_default();
        let line = LineEdit::new(32).with(&text);
        Self::new(key, label, FieldKind::Money { line, currency })
    }

    /// A day.
    pub fn date(key: &str, label: &str, value: Option<Day>) -> Self {
        let text = value.map(|d| d.to_string()).unwrap_or_default();
        Self::new(key, label, FieldKind::Date(LineEdit::new(10).with(&text)))
    }

    /// Yes or no.
    pub fn flag(key: &str, label: &str, value: bool) -> Self {
        Self::new(key, label, FieldKind::Flag(value))
    }

    /// Several lines.
    pub fn area(key: &str, label: &str, value: &str) -> Self {
        Self::new(key, label, FieldKind::Area(Box::new(text_area(value))))
    }

    /// A heading or a fact.
    pub fn note(label: &str, text: &str) -> Self {
        Self::new("", label, FieldKind::Note(sanitise(text)))
    }

    /// The heading of a section.
    pub fn heading(key: &str, words: &str) -> Self {
        let mut field = Self::new(key, words, FieldKind::Note(Shown::default()));
        field.heading = true;
        field
    }

    /// With a sentence of help.
    #[must_use]
    pub fn help(mut self, help: &str) -> Self {
        self.help = sanitise(help);
        self
    }

    /// With a key of its own, for a fact that changes.
    #[must_use]
    pub fn keyed(mut self, key: &str) -> Self {
        key.clone_into(&mut self.key);
        self
    }

    /// Shown, not editable.
    #[must_use]
    pub const fn locked(mut self, locked: bool) -> Self {
        self.locked = locked;
        self
    }

    /// Folded away at first.
    #[must_use]
    pub const fn hidden(mut self, hidden: bool) -> Self {
        self.hidden = hidden;
        self
    }

    /// Checked against a platform's field.
    #[must_use]
    pub fn shaped(mut self, spec: &FieldSpec) -> Self {
        self.shape = Some(Box::new(spec.clone()));
        self
    }

    /// True when the focus may rest on it.
    pub const fn can_focus(&self) -> bool {
        !self.hidden && self.is_editable()
    }

    /// True when a person may change it, folded away or not.
    pub const fn is_editable(&self) -> bool {
        !self.locked && !matches!(self.kind, FieldKind::Note(_))
    }

    /// Puts a value in, as [`Self::value`] would give it back. A choice only takes keys it has.
    pub fn set(&mut self, value: &str) {
        match &mut self.kind {
            FieldKind::Text(line) | FieldKind::Date(line) | FieldKind::Money { line, .. } => line.set(value),
            FieldKind::Choice(combo) => {
                combo.close();
                combo.chosen = Some(value.to_owned()).filter(|v| combo.options.iter().any(|o| o.key == *v));
            }
            FieldKind::Flag(on) => *on = value == "yes",
            FieldKind::Area(area) => **area = text_area(value),
            FieldKind::Note(text) => *text = sanitise(value),
        }
    }

    /// True when [`Self::set`] would take this value.
    pub fn takes(&self, value: &str) -> bool {
        match &self.kind {
            FieldKind::Choice(combo) => value.is_empty() || combo.options.iter().any(|o| o.key == value),
            FieldKind::Flag(_) => matches!(value, "yes" | "no"),
            FieldKind::Note(_) => false,
            FieldKind::Text(_) | FieldKind::Date(_) | FieldKind::Money { .. } | FieldKind::Area(_) => true,
        }
    }

    /// Its value as text: the typed text, the chosen key, `yes` or `no`. Empty when nothing is there.
    pub fn value(&self) -> String {
        match &self.kind {
            FieldKind::Text(line) | FieldKind::Date(line) | FieldKind::Money { line, .. } => {
                line.text().trim().to_owned()
            }
            FieldKind::Choice(combo) => combo.chosen.clone().unwrap_or_default(),
            FieldKind::Flag(on) => if *on { "yes" } else { "no" }.to_owned(),
            FieldKind::Area(area) => area.lines().join("\n"),
            FieldKind::Note(_) => String::new(),
        }
    }

    /// The amount, if there is one and it can be read.
    pub fn money_value(&self) -> Result<Option<Money>, String> {
        match &self.kind {
            FieldKind::Money { line, .. } if line.text().trim().is_empty() => Ok(None),
            FieldKind::Money {
                line,
                currency: Some(currency),
            } => Money::parse(without_code(line.text(), *currency), *currency).map(Some),
            FieldKind::Money { currency: None, .. } => {
                Err("choose an account first: it decides the currency".to_owned())
            }
            _ => Ok(None),
        }
    }

    /// The day, if there is one and it can be read.
    pub fn date_value(&self) -> Result<Option<Day>, String> {
        match &self.kind {
            FieldKind::Date(line) if line.text().trim().is_empty() => Ok(None),
            FieldKind::Date(line) => line.text().trim().parse().map(Some),
            _ => Ok(None),
        }
    }

    /// A value as people read it: a choice by its title.
    pub fn titled(&self, value: &str) -> String {
        let options = match &self.kind {
            FieldKind::Choice(combo) => combo.options.as_slice(),
            _ => &[],
        };
        let option = options.iter().find(|o| o.key == value);
        option.map_or_else(|| value.to_owned(), |o| o.title.as_str().to_owned())
    }

    /// Says what somebody else made of it meanwhile; what was typed stays.
    pub fn contest(&mut self, theirs: &str) {
        let now = if theirs.is_empty() {
            "empty".to_owned()
        } else {
            self.titled(theirs)
        };
        self.problem = Some(sanitise(&format!("now {now}, changed elsewhere")));
        if self.unseen.is_some() {
            self.unseen = Some(theirs.to_owned());
        }
    }

    /// As [`Self::contest`], and the form is handed in only after it was said once more.
    pub fn contest_unseen(&mut self, theirs: &str) {
        self.unseen = Some(theirs.to_owned());
        self.contest(theirs);
    }

    /// Turns what was typed into its full form when the focus leaves: `+3d` and `mon` become days. Says what is wrong.
    pub fn settle(&mut self, today: Day) {
        self.problem = None;
        if let FieldKind::Date(line) = &mut self.kind
            && let Some(day) = relative_day(line.text(), today)
        {
            line.set(&day.to_string());
        }
        let problem = self
            .money_value()
            .err()
            .or_else(|| self.date_value().err())
            .or_else(|| self.shape_problem())
            .or_else(|| match &self.kind {
                FieldKind::Choice(combo) => combo.unfit(),
                _ => None,
            });
        self.problem = problem.map(|p| sanitise(&p));
    }

    /// Why the platform cannot take what was typed. Limits that only make QA frown are left to QA.
    fn shape_problem(&self) -> Option<String> {
        let (spec, text) = (self.shape.as_ref()?, self.value());
        if text.trim().is_empty() {
            return None;
        }
        let value = match parse_value(spec, &text) {
            Ok(value) => value,
            Err(problem) => return Some(problem),
        };
        let n = value.as_i64()?;
        let (least, most) = (spec.min.unwrap_or(i64::MIN), spec.max.unwrap_or(i64::MAX));
        if (least..=most).contains(&n) {
            return None;
        }
        Some(match (spec.min, spec.max) {
            (Some(least), Some(most)) => format!("{n} is not between {least} and {most}"),
            (Some(least), None) => format!("{n} is less than {least}"),
            _ => format!("{n} is more than {most}"),
        })
    }

    /// True when it takes printable characters.
    pub const fn takes_text(&self) -> bool {
        !matches!(self.kind, FieldKind::Flag(_) | FieldKind::Note(_))
    }
}

fn text_area(value: &str) -> TextArea<'static> {
    let mut area = TextArea::new(value.lines().map(|l| sanitise(l).into_string()).collect());
    area.set_wrap_mode(WrapMode::WordOrGlyph);
    area.set_cursor_line_style(ratatui::style::Style::new());
    area
}

/// `+3d`, `+2w`, `today`, or the next weekday by its first three letters.
fn relative_day(text: &str, today: Day) -> Option<Day> {
    use jiff::{ToSpan as _, civil::Weekday};
    let text = text.trim().to_ascii_lowercase();
    if text == "today" {
        return Some(today);
    }
    if let Some(rest) = text.strip_prefix('+') {
        let (number, unit) = rest.split_at_checked(rest.len().checked_sub(1)?)?;
        let n: i32 = number.parse().ok().filter(|n| (0..=3650).contains(n))?;
        let days = match unit {
            "d" => n,
            "w" => n * 7,
            _ => return None,
        };
        return today.date().checked_add(days.days()).ok().map(Day::new);
    }
    let weekday = match text.as_str() {
        "mon" => Weekday::Monday,
        "tue" => Weekday::Tuesday,
        "wed" => Weekday::Wednesday,
        "thu" => Weekday::Thursday,
        "fri" => Weekday::Friday,
        "sat" => Weekday::Saturday,
        "sun" => Weekday::Sunday,
        _ => return None,
    };
    today.date().nth_weekday(1, weekday).ok().map(Day::new)
}

/// An amount without the account's own currency before it: the field shows the code, so people type it too.
fn without_code(text: &str, currency: Currency) -> &str {
    let text = text.trim();
    let code = currency.code();
    match text.get(..code.len()) {
        Some(head) if head.eq_ignore_ascii_case(code) => text.get(code.len()..).unwrap_or_default(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case::full("2026-12-01", "2026-12-01", None)]
    #[case::in_three_days("+3d", "2026-11-23", None)]
    #[case::in_two_weeks("+2w", "2026-12-04", None)]
    #[case::next_monday("mon", "2026-11-23", None)]
    #[case::rubbish("soon", "soon", Some("\"soon\" is not a date"))]
    #[case::no_such_day("2026-02-30", "2026-02-30", Some("\"2026-02-30\" is not a date"))]
    fn dates_are_written_out(#[case] typed: &str, #[case] full: &str, #[case] problem: Option<&str>) {
        let mut field = Field::date("flight.start", "Start", None);
        let FieldKind::Date(line) = &mut field.kind else {
            panic!()
        };
        line.set(typed);
        field.settle("2026-11-20".parse().unwrap());
        assert_eq!(field.value(), full);
        let said = field.problem.map(Shown::into_string);
        assert_eq!(said.is_some(), problem.is_some(), "{said:?}");
        if let Some(start) = problem {
            assert!(said.unwrap().starts_with(start));
        }
    }

    #[test]
    fn typed_letters_never_become_a_value() {
        let mut combo = Combo {
            options: vec![Choice::new("1", "ACM", "Acme Outdoor"), Choice::new("2", "NOV", "Nova")],
            ..Combo::default()
        };
        combo.query.set("nova");
        assert!(combo.take());
        assert_eq!(combo.chosen.as_deref(), Some("2"));
        combo.query.set("nothing like it");
        assert!(!combo.take());
        assert_eq!(combo.chosen.as_deref(), Some("2"));
        assert_eq!(combo.query.text(), "nothing like it", "and are not dropped");
        assert!(combo.unfit().unwrap().contains("fits no row"));
        combo.set_options(vec![Choice::new("1", "ACM", "")]);
        assert_eq!(combo.chosen, None);
    }

    #[test]
    fn money_waits_for_its_currency() {
        let mut field = Field::money("budget", "Daily", None, None);
        assert_eq!(field.money_value(), Ok(None));
        let FieldKind::Money { line, currency } = &mut field.kind else {
            panic!()
        };
        line.set("1,200.5");
        *currency = None;
        assert!(field.money_value().unwrap_err().contains("account"));
        let FieldKind::Money { currency, .. } = &mut field.kind else {
            panic!()
        };
        *currency = Some("EUR".parse().unwrap());
        assert_eq!(field.money_value().unwrap().unwrap().to_string(), "EUR 1,200.50");
    }
}
