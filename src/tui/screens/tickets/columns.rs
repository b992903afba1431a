//! The columns of the ticket table: which there are, which somebody wants, which fit.

use std::collections::BTreeSet;

use crate::tui::{
    app::Model,
    form::Choice,
    overlay::{Overlay, PickFor, Picker},
};

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Ticket number.
    Number,
    /// Status.
    Status,
    /// Platform.
    Platform,
    /// Market code.
    Market,
    /// Brand code.
    Brand,
    /// Platform name.
    Name,
    /// Budget.
    Budget,
    /// QA findings.
    Findings,
    /// Who takes care.
    Owner,
    /// Priority.
    Priority,
    /// Account.
    Account,
    /// Last change.
    Updated,
}

/// Columns in order with their heading, width (0 = what is left) and rank: higher ranks go first when room is short.
const COLUMNS: [(Column, &str, usize, u8); 12] = [
    (Column::Number, "#", 6, 0),
    (Column::Status, "Status", 12, 0),
    (Column::Platform, "Platform", 10, 6),
    (Column::Market, "Market", 7, 4),
    (Column::Brand, "Brand", 6, 7),
    (Column::Name, "Name", 0, 0),
    (Column::Budget, "Budget", 19, 5),
    (Column::Findings, "Findings", 13, 1),
    (Column::Owner, "Owner", 9, 8),
    (Column::Priority, "Priority", 8, 9),
    (Column::Account, "Account", 14, 10),
    (Column::Updated, "Updated", 7, 2),
];

/// The name keeps at least this.
const NAME_MIN: usize = 32;

/// Not shown until somebody wants them.
pub fn hidden_at_first() -> BTreeSet<String> {
    ["Priority", "Account"].map(str::to_owned).into()
}

/// Columns to draw in this many cells, with their widths.
pub fn fitting(width: usize, hidden: &BTreeSet<String>) -> Vec<(Column, &'static str, usize)> {
    let wanted = || COLUMNS.iter().filter(|c| c.3 == 0 || !hidden.contains(c.1));
    let mut rank = u8::MAX;
    loop {
        let kept: Vec<_> = wanted().filter(|c| c.3 <= rank).collect();
        let fixed: usize = kept.iter().map(|c| c.2 + 1).sum();
        if fixed + NAME_MIN <= width || rank == 0 {
            let name = width.saturating_sub(fixed);
            return kept
                .iter()
                .map(|c| (c.0, c.1, if c.2 == 0 { name } else { c.2 }))
                .collect();
        }
        rank = kept.iter().map(|c| c.3).max().unwrap_or(0).saturating_sub(1);
    }
}

/// Lists the columns that can go, each with what it is now.
pub fn open(model: &mut Model, row: usize) {
    let hidden = &model.screens.tickets.hidden;
    let options = COLUMNS.iter().filter(|c| c.3 > 0).map(|c| {
        let state = if hidden.contains(c.1) {
            "hidden"
        } else {
            "shown where there is room"
        };
        (Choice::new(c.1, c.1, state), false)
    });
    let mut picker = Picker::new("Show or hide a column", options.collect(), PickFor::Column);
    picker.row = row;
    model.open(Overlay::Picker(picker));
}

/// Shows or hides a column; the list stays open for the next one.
pub fn toggle(model: &mut Model, name: &str, row: usize) {
    let hidden = &mut model.screens.tickets.hidden;
    if !hidden.remove(name) {
        hidden.insert(name.to_owned());
    }
    open(model, row);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case::wide(200, "", 12)]
    #[case::one_less(200, "Owner", 11)]
    #[case::narrow(76, "", 5)]
    fn what_is_wanted_and_fits(#[case] width: usize, #[case] hidden: &str, #[case] n: usize) {
        let hidden = hidden.split(' ').map(str::to_owned).collect();
        let found = fitting(width, &hidden);
        assert_eq!(found.len(), n, "{found:?}");
        let used: usize = found.iter().map(|c| c.2 + 1).sum();
        assert!(used <= width);
    }

    #[test]
    fn number_status_and_name_stay() {
        let hidden = COLUMNS.iter().map(|c| c.1.to_owned()).collect();
        let found: Vec<_> = fitting(120, &hidden).into_iter().map(|c| c.0).collect();
        assert_eq!(found, [Column::Number, Column::Status, Column::Name]);
    }
}
