//! The same on the command line: what cron runs. Pure.

use super::{act::Act, run::Bulk};
use crate::{
    engine::{api::card::Card, model::deploy::Leftovers},
    tui::{app::Model, screens},
};

/// The program as people call it.
const PROGRAM: &str = "omnitraffick";

/// A word as a shell takes it.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// What was done to many tickets, as a line for a script; `None` where the command line says it otherwise.
pub fn of_bulk(bulk: &Bulk) -> Option<String> {
    let (verb, rest) = match &bulk.act {
        Act::Qa => ("ticket qa", String::new()),
        Act::Deploy => ("ticket deploy", String::new()),
        Act::Retry => ("ticket retry", String::new()),
        Act::Cancel { leftovers, reason } => {
            let archive = if *leftovers == Leftovers::Archive {
                " --archive"
            } else {
                ""
            };
            ("ticket cancel", format!("{archive} --reason {}", quoted(reason)))
        }
        Act::Pause | Act::Resume | Act::Withdraw | Act::Set(_) | Act::Undo { .. } => return None,
    };
    let which = match &bulk.filter {
        Some(filter) => format!("--filter {}", quoted(filter)),
        None => numbers(bulk.items.iter().map(|i| &i.card)),
    };
    Some(format!("{PROGRAM} {verb} {which}{rest} --json --yes"))
}

fn numbers<'c>(cards: impl Iterator<Item = &'c Card>) -> String {
    let all: Vec<String> = cards.map(|c| c.no.to_string()).collect();
    all.join(" ")
}

/// What the screen lists, as a line for a script.
pub fn of_screen(model: &Model) -> String {
    let noun = match model.screen {
        screens::ScreenId::Deploys => "deploy list",
        _ => "ticket list",
    };
    let filter = screens::filter_text(model).unwrap_or_default();
    if filter.is_empty() {
        return format!("{PROGRAM} {noun} --json");
    }
    format!("{PROGRAM} {noun} --filter {} --json", quoted(&filter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("status:failed", "'status:failed'")]
    #[case("1042", "1042")]
    #[case("it's", "'it'\\''s'")]
    #[case("", "''")]
    #[case("$(rm x)", "'$(rm x)'")]
    fn a_shell_takes_it_as_one_word(#[case] word: &str, #[case] expected: &str) {
        assert_eq!(quoted(word), expected);
    }
}
