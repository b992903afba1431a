//! Finding a command by a few letters of its title, id or sentence.

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{CaseMatching, Normalization, Pattern},
};

use super::table::{Cmd, Command, TABLE};

/// How well an item fits: its whole title, its title, anything about it.
type Rank = (bool, Option<u32>, u32);

/// Ranks items against a query, best first; all of them in their order for an empty query. An item is its title and
/// more words about it: a whole title goes first, a match in a title before any match in the rest. Returns indices.
pub fn rank<'a>(query: &str, items: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<usize> {
    let items = items.into_iter().enumerate();
    if query.trim().is_empty() {
        return items.map(|(i, _)| i).collect();
    }
    let pattern = Pattern::parse(query, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut buf = Vec::new();
    let mut score = |text: &str| pattern.score(Utf32Str::new(text, &mut buf), &mut matcher);
    let mut found: Vec<(Rank, usize)> = items
        .filter_map(|(i, (title, more))| {
            let whole = title.eq_ignore_ascii_case(query.trim());
            let in_title = score(title);
            let anywhere = score(&format!("{title} {more}"))?;
            Some(((whole, in_title, anywhere), i))
        })
        .collect();
    found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    found.into_iter().map(|(_, i)| i).collect()
}

/// Items that hold every word of the query, best first. For values: scattered letters that happen to fit would put a
/// wrong one under Enter.
pub fn holding<'a>(query: &str, items: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<usize> {
    let words: Vec<String> = query.split_whitespace().map(|w| format!("'{w}")).collect();
    rank(&words.join(" "), items)
}

/// What the palette line says: a command's letters, and words for it after its id. An id may be typed as on the command
/// line, `view save` for `view.save`.
pub fn split_line(line: &str) -> (&str, Option<&str>) {
    let line = line.trim_start();
    for record in TABLE {
        let Some(rest) = after_id(line, record.id) else {
            continue;
        };
        let Some(rest) = rest.strip_prefix(' ') else { continue };
        return (record.id, Some(rest.trim()).filter(|r| !r.is_empty()));
    }
    (line, None)
}

/// The command a line names that takes words, and what was typed of them; `None` until a blank follows the name.
pub fn argument(line: &str) -> Option<(&'static Command, &str)> {
    let line = line.trim_start();
    let takes = TABLE.iter().filter(|r| r.arg.is_some());
    let mut named = takes.filter_map(|r| Some((r, after_id(line, r.id)?.strip_prefix(' ')?)));
    named.next()
}

/// What follows an id at the start of a line.
fn after_id<'l>(line: &'l str, id: &str) -> Option<&'l str> {
    let start = line.get(..id.len())?;
    let same = start
        .chars()
        .zip(id.chars())
        .all(|(a, b)| a == b || (a == ' ' && b == '.'));
    if same { line.get(id.len()..) } else { None }
}

/// Commands of `among` that fit the query, best first. Titles count first, then ids and sentences.
pub fn find(query: &str, among: &[Cmd]) -> Vec<Cmd> {
    let (query, _) = split_line(query);
    let more: Vec<String> = among
        .iter()
        .map(|c| format!("{} {}", c.record().id, c.record().doc))
        .collect();
    let exact = among.iter().copied().filter(|c| c.record().id == query);
    let ranked = rank(
        query,
        among
            .iter()
            .map(|c| c.record().title)
            .zip(more.iter().map(String::as_str)),
    )
    .into_iter()
    .filter_map(|i| among.get(i).copied())
    .filter(|c| c.record().id != query);
    exact.chain(ranked).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Cmd> {
        TABLE.iter().filter(|r| r.is_in_palette()).map(|r| r.cmd).collect()
    }

    #[test]
    fn a_few_letters_find_a_command() {
        assert_eq!(find("deploy", &all()).first(), Some(&Cmd::TicketDeploy));
        assert_eq!(
            find("publish", &all()).first(),
            Some(&Cmd::TicketDeploy),
            "the other word people use"
        );
        assert_eq!(find("ticket.qa", &all()).first(), Some(&Cmd::TicketQa));
        assert_eq!(find("", &all()), all());
        assert!(find("zzzzqqq", &all()).is_empty());
    }

    #[test]
    fn a_value_must_hold_what_was_typed() {
        let rows = [
            ("LUM_US_Moana", "Moana launch"),
            ("ACM_JP_TrailSeason", "Trail season 2026-11-30"),
        ];
        assert_eq!(holding("sea tra", rows), [1]);
        assert!(holding("tsn", rows).is_empty(), "scattered letters are no value");
        assert!(!rank("tsn", rows).is_empty());
    }

    #[test]
    fn words_after_an_id_are_its_argument() {
        assert_eq!(split_line("app.theme light"), ("app.theme", Some("light")));
        assert_eq!(split_line("two words"), ("two words", None));
        assert_eq!(split_line("app theme light"), ("app.theme", Some("light")));
        assert_eq!(
            argument("app theme li").map(|(r, a)| (r.id, a)),
            Some(("app.theme", "li"))
        );
        assert!(argument("app.theme").is_none() && argument("app.quit now").is_none());
    }
}
