//! What the plain console offers, as data: each item is a verb of the command line, spelled out.

/// What a menu offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// What people read beside its number.
    pub title: &'static str,
    /// The verb: words between blanks, with `{no}` for the ticket and `{text}` for what is asked for.
    pub verb: &'static str,
    /// What is asked for first; nothing typed goes back.
    pub asks: Option<&'static str>,
    /// The ticket's number must be typed before it is done.
    pub typed: bool,
}

impl Item {
    const fn new(title: &'static str, verb: &'static str) -> Self {
        Self {
            title,
            verb,
            asks: None,
            typed: false,
        }
    }

    const fn asks(self, prompt: &'static str) -> Self {
        Self {
            asks: Some(prompt),
            ..self
        }
    }

    const fn typed(self) -> Self {
        Self { typed: true, ..self }
    }

    /// The words of the verb for a ticket, with what was typed.
    pub fn words(&self, no: &str, text: &str) -> Vec<String> {
        let filled = |word: &str| word.replace("{no}", no).replace("{text}", text);
        self.verb.split_whitespace().map(filled).collect()
    }
}

/// What can be done with one ticket, in the order of a ticket's life.
pub const TICKET: &[Item] = &[
    Item::new("All about it, with its findings", "ticket show {no}"),
    Item::new("Run QA", "ticket qa {no}"),
    Item::new("What a deploy would send", "ticket preview {no}"),
    Item::new("Approve", "ticket approve {no}").typed(),
    Item::new("Send back to its author", "ticket decline {no} --reason={text}").asks("Why, for the author:"),
    Item::new("Deploy", "ticket deploy {no}").typed(),
    Item::new("Why it is where it is, and what comes next", "ticket why {no}"),
    Item::new("The deploy's ledger, every attempt", "deploy show {no}"),
    Item::new("Take a failed deploy up again", "ticket retry {no}").typed(),
    Item::new("Stop the deploy before its next step", "deploy pause {no}"),
    Item::new("Let a stopped deploy go on", "deploy resume {no}"),
    Item::new("What was said about it", "ticket comments {no}"),
    Item::new("Say something about it", "ticket comment {no} -- {text}").asks("One line:"),
];

/// The first menu.
pub const MAIN: &[&str] = &[
    "Tickets",
    "One ticket by its number",
    "Deploys under way, and why they wait",
    "Waiting for approval",
    "Messages: what happened since you came",
    "Any verb of the command line",
];

/// The lines of a menu; 0 is always the way out.
pub fn lines<'a>(titles: impl IntoIterator<Item = &'a str>, way_out: &str) -> Vec<String> {
    let numbered = titles.into_iter().enumerate();
    let mut lines: Vec<String> = numbered.map(|(n, title)| format!("{}  {title}", n + 1)).collect();
    lines.push(format!("0  {way_out}"));
    lines
}

/// What somebody chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Out of this menu.
    Out,
    /// An item by its place, from 0.
    Item(usize),
    /// Nothing typed: the menu once more.
    Again,
    /// Nothing there is.
    Unknown,
}

/// Reads a choice out of so many items; `q` is 0, as in the console.
pub fn choice(typed: &str, items: usize) -> Choice {
    let typed = typed.trim();
    match typed.parse::<usize>() {
        _ if typed.is_empty() => Choice::Again,
        _ if typed == "q" => Choice::Out,
        Ok(0) => Choice::Out,
        Ok(n) if n <= items => Choice::Item(n - 1),
        _ => Choice::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::args::Args;

    #[test]
    fn every_item_is_a_verb_the_command_line_knows() {
        for item in TICKET {
            assert_eq!(item.verb.contains("{text}"), item.asks.is_some(), "{}", item.title);
            let words = item.words("1042", "-- it's \"odd\"; --yes");
            let line = std::iter::once("omnitraffick".to_owned()).chain(words);
            let parsed = Args::try_parse_from(line).unwrap_or_else(|e| panic!("{}: {e}", item.title));
            assert!(!parsed.globals.yes, "what is typed never becomes a switch");
        }
    }

    #[rstest::rstest]
    #[case("0", Choice::Out)]
    #[case(" 2 ", Choice::Item(1))]
    #[case("7", Choice::Unknown)]
    #[case("-1", Choice::Unknown)]
    #[case("", Choice::Again)]
    #[case(" q", Choice::Out)]
    #[case("99999999999999999999999", Choice::Unknown)]
    fn choices(#[case] typed: &str, #[case] chosen: Choice) {
        assert_eq!(choice(typed, 6), chosen);
    }
}
