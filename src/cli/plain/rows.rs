//! A ticket in a sentence: what is read aloud needs no columns.

use crate::{
    cli::ticket::sheet,
    engine::{api::card::Card, model::sanitise::sanitise},
};

/// `1055, Deploying, campaign 1/7 needs operator: HAL_US_META_2026_EarlyBird, owner chidi`.
pub fn row(card: &Card) -> String {
    let mut line = format!("{}, {}", card.no, card.status.word());
    for trouble in troubles(card) {
        line.push_str(", ");
        line.push_str(&trouble);
    }
    line.push_str(": ");
    line.push_str(&card.name);
    if !card.assignee.is_empty() {
        line.push_str(", owner ");
        line.push_str(&card.assignee);
    }
    sanitise(&line).into_string()
}

fn troubles(card: &Card) -> Vec<String> {
    let count = |n: u32, one: &str, many: &str| match n {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {many}")),
    };
    let found = [
        count(card.errors, "error", "errors"),
        count(card.warnings, "warning", "warnings"),
    ];
    let deploy = card.deploy.as_deref().map(sheet::glance);
    found.into_iter().flatten().chain(deploy).collect()
}

/// How much of a list was said: `2 tickets.`, `20 of 63 tickets.`
pub fn count(said: usize, matching: u64) -> String {
    match (said, matching) {
        (0, _) => "No ticket.".to_owned(),
        (1, 1) => "1 ticket.".to_owned(),
        (n, all) if n as u64 == all => format!("{n} tickets."),
        (n, all) => format!("{n} of {all} tickets."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case(0, 0, "No ticket.")]
    #[case(1, 1, "1 ticket.")]
    #[case(2, 2, "2 tickets.")]
    #[case(20, 63, "20 of 63 tickets.")]
    fn counts(#[case] said: usize, #[case] matching: u64, #[case] words: &str) {
        assert_eq!(count(said, matching), words);
    }
}
