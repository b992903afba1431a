//! Where the focus of a form can go: field by field, by section, by finding. Pure: what leaving a field does is the
//! form's business.

use super::{field::Field, model::Form};

impl Form {
    /// The next field that takes the focus, around the ends; the submit row is one of the stops.
    pub(super) fn step(&mut self, by: isize) {
        let stops = self.fields.len() + 1;
        for _ in 0..stops {
            self.focus = self.focus.checked_add_signed(by).map_or(stops - 1, |i| i % stops);
            if self.fields.get(self.focus).is_none_or(Field::can_focus) {
                return;
            }
        }
    }

    /// The first field of the next section, or of the one before; the submit row lies after the last.
    pub(super) fn section(&mut self, forward: bool) {
        let heads = || self.fields.iter().enumerate().filter(|(_, f)| f.heading && !f.hidden);
        let mut starts: Vec<usize> = heads().map(|(i, _)| i + 1).collect();
        starts.insert(0, 0);
        starts.push(self.fields.len());
        let first = |start: usize| {
            let rest = self.fields.iter().enumerate().skip(start);
            rest.filter(|(_, f)| f.can_focus())
                .map(|(i, _)| i)
                .next()
                .unwrap_or(self.fields.len())
        };
        let firsts = starts.into_iter().map(first);
        let found = if forward {
            firsts.filter(|i| *i > self.focus).min()
        } else {
            firsts.filter(|i| *i < self.focus).max()
        };
        self.focus = found.unwrap_or(self.focus);
    }

    /// The next field about which something is said, around the ends.
    pub(super) fn mark(&mut self, forward: bool) {
        let marked: Vec<usize> = self
            .fields
            .iter()
            .enumerate()
            .filter(|(_, f)| f.is_editable() && (f.problem.is_some() || !f.remark.as_str().is_empty()))
            .map(|(i, _)| i)
            .collect();
        let found = if forward {
            marked.iter().find(|i| **i > self.focus).or_else(|| marked.first())
        } else {
            marked.iter().rev().find(|i| **i < self.focus).or_else(|| marked.last())
        };
        if let Some(i) = found {
            self.reveal(*i);
        }
    }
}
