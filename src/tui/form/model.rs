//! A form: fields, the focus, and what its keys do. Knows nothing of what the form is for.

use tui_textarea::CursorMove;

use super::field::{Field, FieldKind};
use crate::{
    engine::model::{
        refusal::Refusal,
        sanitise::{Shown, sanitise},
        time::Day,
    },
    tui::command::{Cmd, Ctx},
};

/// Said when handing in would overwrite what somebody else wrote.
const OVERWRITES: &str = "changed elsewhere meanwhile; submitting again writes what stands here";

/// What a key did to a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormEvent {
    /// Nothing the owner must know.
    None,
    /// This field's value changed.
    Changed(String),
    /// This field's value changed by handing the form in: first what hangs on it follows, then it is handed in.
    ChangedThenSubmit(String),
    /// Hand it in.
    Submit,
    /// List the fields, to go to one.
    Find,
    /// Leave it.
    Cancel,
}

/// A form.
#[derive(Clone, Debug)]
pub struct Form {
    /// Over the border.
    pub title: Shown,
    /// What the submit row says: `Create`.
    pub submit: &'static str,
    /// The fields, in order.
    pub fields: Vec<Field>,
    /// Problems with the whole, shown above the submit row.
    pub problems: Vec<Shown>,
    /// True while a submitted form waits for the engine: keys other than leaving do nothing.
    pub busy: bool,
    /// True once something was changed by hand.
    pub touched: bool,
    pub(super) focus: usize,
}

impl Form {
    /// A form with the focus on its first field.
    pub fn new(title: &str, submit: &'static str, fields: Vec<Field>) -> Self {
        let mut form = Self {
            title: sanitise(title),
            submit,
            fields,
            problems: Vec::new(),
            busy: false,
            touched: false,
            focus: 0,
        };
        if !form.fields.first().is_some_and(Field::can_focus) {
            form.step(1);
        }
        form
    }

    /// The focused field; `None` on the submit row.
    pub fn focused(&self) -> Option<&Field> {
        self.fields.get(self.focus)
    }

    /// Position of the focus; the number of fields on the submit row.
    pub const fn focus(&self) -> usize {
        self.focus
    }

    /// A field by key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.key == key)
    }

    /// A field by key.
    pub fn field_mut(&mut self, key: &str) -> Option<&mut Field> {
        self.fields.iter_mut().find(|f| f.key == key)
    }

    /// A field's value; empty when there is no such field.
    pub fn value(&self, key: &str) -> String {
        self.field(key).map(Field::value).unwrap_or_default()
    }

    /// The field a path speaks about: the one of that name, else the nearest above it (`budget` for `budget.amount`),
    /// else the first below it (`flight.start` for `flight`).
    fn position_of(&self, path: &str) -> Option<usize> {
        let under = |inner: &str, outer: &str| {
            !outer.is_empty()
                && inner
                    .strip_prefix(outer)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let fields = || self.fields.iter().enumerate().filter(|(_, f)| f.is_editable());
        fields()
            .filter(|(_, f)| under(path, &f.key))
            .max_by_key(|(_, f)| f.key.len())
            .or_else(|| fields().find(|(_, f)| under(&f.key, path)))
            .map(|(i, _)| i)
    }

    /// Puts the focus on the field a path speaks about, unfolding it.
    pub fn focus_on(&mut self, path: &str) -> bool {
        let found = self.position_of(path);
        if let Some(i) = found {
            self.reveal(i);
        }
        found.is_some()
    }

    /// The field a path speaks about.
    pub fn field_at(&mut self, path: &str) -> Option<&mut Field> {
        let i = self.position_of(path)?;
        self.fields.get_mut(i)
    }

    pub(super) fn reveal(&mut self, i: usize) {
        if let Some(field) = self.fields.get_mut(i) {
            field.hidden = false;
        }
        self.focus = i;
    }

    /// Puts the focus on the first field with a problem. False when there is none.
    pub fn focus_problem(&mut self) -> bool {
        let bad = self.fields.iter().position(|f| f.problem.is_some());
        if let Some(i) = bad {
            self.reveal(i);
        }
        bad.is_some()
    }

    /// Rows have unfolded below the field that was just left: the focus goes to the first of them, not past them.
    pub fn not_past(&mut self, key: &str) {
        let Some(at) = self.fields.iter().position(|f| f.key == key) else {
            return;
        };
        let first = self.fields.iter().skip(at + 1).position(Field::can_focus);
        if let Some(next) = first.map(|n| at + 1 + n).filter(|n| *n < self.focus) {
            self.focus = next;
        }
    }

    /// Puts other fields in the place of those whose key fits, before the field with the key `before`. The focus stays
    /// on its field.
    pub fn swap_fields(&mut self, out: impl Fn(&str) -> bool, before: &str, fields: Vec<Field>) {
        let focused = self.focused().map(|f| f.key.clone());
        self.fields.retain(|f| !out(&f.key));
        let at = self
            .fields
            .iter()
            .position(|f| f.key == before)
            .unwrap_or(self.fields.len());
        self.fields.splice(at..at, fields);
        self.focus = match focused {
            None => self.fields.len(),
            Some(key) => self
                .fields
                .iter()
                .position(|f| f.key == key && f.can_focus())
                .unwrap_or(0),
        };
        if self.fields.get(self.focus).is_some_and(|f| !f.can_focus()) {
            self.step(1);
        }
    }

    /// Shows a refusal: each problem at its field, the rest above the submit row; the focus goes to the first.
    pub fn refuse(&mut self, refusal: &Refusal) {
        self.busy = false;
        self.problems.clear();
        let mut first = None;
        for problem in &refusal.problems {
            let words = if problem.remedy.is_empty() {
                problem.reason.clone()
            } else {
                format!("{} ({})", problem.reason, problem.remedy)
            };
            let path = problem.field.as_ref().map(|p| p.as_str().to_owned());
            let at = path.as_deref().and_then(|p| self.position_of(p));
            match at.and_then(|i| self.fields.get_mut(i).map(|f| (i, f))) {
                Some((i, field)) => {
                    field.problem = Some(sanitise(&words));
                    first = first.or(Some(i));
                }
                None => self.problems.push(sanitise(&match path {
                    Some(p) => format!("{p}: {words}"),
                    None => words,
                })),
            }
        }
        if let Some(i) = first {
            self.reveal(i);
        }
    }

    /// How many problems are shown.
    pub fn problem_count(&self) -> usize {
        self.problems.len() + self.fields.iter().filter(|f| f.problem.is_some()).count()
    }

    /// Contexts of the focused field, nearest first.
    pub fn contexts(&self) -> Vec<Ctx> {
        match self.focused().map(|f| &f.kind) {
            Some(FieldKind::Area(_)) => vec![Ctx::Area, Ctx::Form, Ctx::Field],
            _ => vec![Ctx::Form, Ctx::Field],
        }
    }

    /// True when printable characters are typed text here.
    pub fn takes_text(&self) -> bool {
        !self.busy && self.focused().is_some_and(Field::takes_text)
    }

    /// Typed or pasted text.
    pub fn insert(&mut self, text: &str) -> FormEvent {
        if self.busy {
            return FormEvent::None;
        }
        let Some(field) = self.fields.get_mut(self.focus) else {
            return FormEvent::None;
        };
        field.problem = None;
        match &mut field.kind {
            FieldKind::Text(line) | FieldKind::Date(line) | FieldKind::Money { line, .. } => {
                line.insert(text);
            }
            FieldKind::Choice(combo) => {
                if !combo.open && text == " " {
                    combo.unfold();
                    return FormEvent::None;
                }
                combo.open = true;
                combo.row = 0;
                combo.query.insert(text);
                self.touched = true;
                // Letters only find a row: nothing changed yet.
                return FormEvent::None;
            }
            FieldKind::Area(area) => {
                for (i, line) in text.lines().enumerate() {
                    if i > 0 {
                        area.insert_newline();
                    }
                    area.insert_str(sanitise(line).as_str());
                }
            }
            FieldKind::Flag(_) | FieldKind::Note(_) => return FormEvent::None,
        }
        self.touched = true;
        FormEvent::Changed(field.key.clone())
    }

    fn toggle(&mut self) -> FormEvent {
        let Some(field) = self.fields.get_mut(self.focus) else {
            return FormEvent::None;
        };
        let FieldKind::Flag(on) = &mut field.kind else {
            return FormEvent::None;
        };
        *on = !*on;
        self.touched = true;
        FormEvent::Changed(field.key.clone())
    }

    /// Carries out a command.
    pub fn run(&mut self, cmd: Cmd, today: Day) -> FormEvent {
        if self.busy && cmd != Cmd::FormCancel {
            return FormEvent::None;
        }
        let open = self.open_list();
        match cmd {
            Cmd::FormSubmit => self.hand_in(today),
            Cmd::FormCancel if open || self.is_unfit() => {
                self.close_list();
                FormEvent::None
            }
            Cmd::FormCancel => FormEvent::Cancel,
            Cmd::FormEnter if self.focus >= self.fields.len() => self.hand_in(today),
            Cmd::FormEnter => {
                let event = self.leave(today, open);
                if !self.is_unfit() {
                    self.step(1);
                }
                event
            }
            Cmd::FormDown | Cmd::FormUp if open && self.has_rows() => self.option(cmd == Cmd::FormDown),
            Cmd::FormNext | Cmd::FormDown => self.walk(today, |form| form.step(1)),
            Cmd::FormBack | Cmd::FormUp => self.walk(today, |form| form.step(-1)),
            Cmd::FormSectionNext => self.walk(today, |form| form.section(true)),
            Cmd::FormSectionBack => self.walk(today, |form| form.section(false)),
            Cmd::FormMarkNext => self.walk(today, |form| form.mark(true)),
            Cmd::FormMarkBack => self.walk(today, |form| form.mark(false)),
            Cmd::FormFind => {
                let event = self.leave(today, false);
                if event == FormEvent::None {
                    FormEvent::Find
                } else {
                    event
                }
            }
            Cmd::FormToggle => self.toggle(),
            Cmd::FormOptionDown | Cmd::FormOptionUp => self.option(cmd == Cmd::FormOptionDown),
            other => self.edit(other),
        }
    }

    /// Leaves the field, then goes elsewhere.
    fn walk(&mut self, today: Day, to: impl FnOnce(&mut Self)) -> FormEvent {
        let event = self.leave(today, false);
        to(self);
        event
    }

    /// True when letters in the focused choice chose no row.
    fn is_unfit(&self) -> bool {
        matches!(self.focused().map(|f| &f.kind), Some(FieldKind::Choice(c)) if c.unfit().is_some())
    }

    fn hand_in(&mut self, today: Day) -> FormEvent {
        if let FormEvent::Changed(key) = self.leave(today, false) {
            return FormEvent::ChangedThenSubmit(key);
        }
        let mut asked = false;
        for field in &mut self.fields {
            field.settle(today);
            if let Some(theirs) = field.unseen.take()
                && theirs != field.value()
                && field.problem.is_none()
            {
                field.contest(&theirs);
                asked = true;
            }
        }
        let again = sanitise(OVERWRITES);
        self.problems.retain(|p| *p != again);
        if asked {
            self.problems.push(again);
        }
        if self.focus_problem() {
            return FormEvent::None;
        }
        FormEvent::Submit
    }

    fn edit(&mut self, cmd: Cmd) -> FormEvent {
        let Some(field) = self.fields.get_mut(self.focus) else {
            return FormEvent::None;
        };
        let changed = match &mut field.kind {
            FieldKind::Text(line) | FieldKind::Date(line) | FieldKind::Money { line, .. } => line.run(cmd),
            FieldKind::Choice(combo) => {
                let edited = combo.query.run(cmd);
                if edited {
                    combo.row = 0;
                    // A list that letters opened goes with the last of them: arrows walk through the form again.
                    combo.open &= combo.moved || combo.is_typed();
                    field.problem = None;
                } else if matches!(cmd, Cmd::FieldBackspace | Cmd::FieldDelete) && combo.chosen.take().is_some() {
                    self.touched = true;
                    return FormEvent::Changed(field.key.clone());
                }
                return FormEvent::None;
            }
            FieldKind::Area(area) => edit_area(area, cmd),
            FieldKind::Flag(_) | FieldKind::Note(_) => false,
        };
        if changed {
            field.problem = None;
            self.touched = true;
            return FormEvent::Changed(field.key.clone());
        }
        FormEvent::None
    }

    /// Rows of a choice's list; a closed one opens.
    fn option(&mut self, down: bool) -> FormEvent {
        if let Some(Field {
            kind: FieldKind::Choice(combo),
            ..
        }) = self.fields.get_mut(self.focus)
        {
            if !combo.open {
                combo.unfold();
                return FormEvent::None;
            }
            let last = combo.found().len().saturating_sub(1);
            combo.moved = true;
            combo.row = if down {
                (combo.row + 1).min(last)
            } else {
                combo.row.saturating_sub(1)
            };
        }
        FormEvent::None
    }

    fn open_list(&self) -> bool {
        matches!(self.focused().map(|f| &f.kind), Some(FieldKind::Choice(c)) if c.open)
    }

    /// True when the focused choice has rows to walk through.
    fn has_rows(&self) -> bool {
        matches!(self.focused().map(|f| &f.kind), Some(FieldKind::Choice(c)) if !c.found().is_empty())
    }

    fn close_list(&mut self) {
        if let Some(field) = self.fields.get_mut(self.focus)
            && let FieldKind::Choice(combo) = &mut field.kind
        {
            combo.close();
            field.problem = None;
        }
    }

    /// The focus leaves a field: what was typed is settled, the row of an open list is taken if it is meant (`take`: in
    /// any case). Letters that fit no row stay, with a problem.
    fn leave(&mut self, today: Day, take: bool) -> FormEvent {
        let Some(field) = self.fields.get_mut(self.focus) else {
            return FormEvent::None;
        };
        let mut changed = false;
        if let FieldKind::Choice(combo) = &mut field.kind {
            changed = (take || combo.is_meant()) && combo.take();
            if combo.unfit().is_none() {
                combo.close();
            } else {
                combo.open = false;
            }
        }
        field.settle(today);
        if changed {
            self.touched = true;
            return FormEvent::Changed(field.key.clone());
        }
        FormEvent::None
    }
}

/// The multi-line editor gets commands, never keys: its own key bindings are not ours.
pub fn edit_area(area: &mut tui_textarea::TextArea<'static>, cmd: Cmd) -> bool {
    let step = match cmd {
        Cmd::FieldLeft => CursorMove::Back,
        Cmd::FieldRight => CursorMove::Forward,
        Cmd::FieldHome => CursorMove::Head,
        Cmd::FieldEnd => CursorMove::End,
        Cmd::AreaUp => CursorMove::Up,
        Cmd::AreaDown => CursorMove::Down,
        Cmd::FieldBackspace => return area.delete_char(),
        Cmd::FieldDelete => return area.delete_next_char(),
        Cmd::FieldWordBack => return area.delete_word(),
        Cmd::FieldKillStart => return area.delete_line_by_head(),
        Cmd::FieldKillEnd => return area.delete_line_by_end(),
        Cmd::AreaNewline => {
            area.insert_newline();
            return true;
        }
        _ => return false,
    };
    area.move_cursor(step);
    false
}
