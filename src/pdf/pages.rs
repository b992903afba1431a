//! What is done to the pages of a PDF before anybody reads them, and whether they can be read at all. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::Refused;

/// A line on more than this many of a hundred pages is furniture: a running head, a footer, a number.
const FURNITURE_PERCENT: usize = 60;
/// Fewest pages on which furniture can be told from text.
const FURNITURE_PAGES: usize = 3;
/// More broken words than this among a hundred, and the text layer is poor.
const BROKEN_PERCENT: usize = 8;
/// Fewest words to judge by.
const BROKEN_WORDS: usize = 50;
/// Stands for a letter whose meaning the file does not give.
const UNKNOWN: char = '\u{fffd}';
/// A word longer than this is several run together, in characters.
const WORD_MAX: usize = 25;

/// One kind of line end, no page numbers, and running heads and footers once: they may be a rule.
pub fn tidy(pages: Vec<String>) -> Vec<String> {
    let lines: Vec<Vec<String>> = pages
        .iter()
        .map(|page| {
            let page = page
                .replace("\r\n", "\n")
                .replace(['\r', '\u{c}', '\u{2028}', '\u{2029}'], "\n");
            page.lines().map(|line| line.trim().to_owned()).collect()
        })
        .collect();
    let furniture = furniture(&lines);
    let mut seen = BTreeSet::new();
    let mut keep = |(at, page): (usize, &Vec<String>)| {
        let ends = ends(page);
        let mut kept = Vec::new();
        for (n, line) in page.iter().enumerate() {
            let shape = Shape::of(line, at);
            let is_furniture = ends.contains(&n) && furniture.contains(&shape);
            if !is_furniture || shape.number.is_none() && seen.insert(shape) {
                kept.push(line.as_str());
            }
        }
        kept.join("\n").trim().to_owned()
    };
    lines.iter().enumerate().map(&mut keep).collect()
}

/// The first and the last line that say something.
fn ends(page: &[String]) -> BTreeSet<usize> {
    let said = |line: &String| !line.is_empty();
    [page.iter().position(said), page.iter().rposition(said)]
        .into_iter()
        .flatten()
        .collect()
}

/// Lines that stand on most pages, as their first or last.
fn furniture(pages: &[Vec<String>]) -> BTreeSet<Shape> {
    if pages.len() < FURNITURE_PAGES {
        return BTreeSet::new();
    }
    let mut on: BTreeMap<Shape, usize> = BTreeMap::new();
    for (at, page) in pages.iter().enumerate() {
        let lines = ends(page).into_iter().filter_map(|n| page.get(n));
        let shapes: BTreeSet<Shape> = lines.map(|line| Shape::of(line, at)).collect();
        for shape in shapes {
            *on.entry(shape).or_default() += 1;
        }
    }
    let is_furniture = |n: usize| n * 100 > pages.len() * FURNITURE_PERCENT;
    on.into_iter()
        .filter(|(_, n)| is_furniture(*n))
        .map(|(s, _)| s)
        .collect()
}

/// What two lines have in common that are the same piece of furniture.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Shape {
    /// In small letters, without the number at its end.
    words: String,
    /// How far that number is ahead of the page's position: the same on every page for page numbers, and for no rule.
    number: Option<i64>,
}

impl Shape {
    fn of(line: &str, at: usize) -> Self {
        let words = line.trim_end_matches(|c: char| c.is_ascii_digit());
        let number = line.get(words.len()..).and_then(|n| n.parse::<i64>().ok());
        Self {
            words: words.to_lowercase(),
            number: number.zip(i64::try_from(at).ok()).map(|(n, at)| n.saturating_sub(at)),
        }
    }
}

/// Why these pages cannot be used; `None` = they can.
pub fn judge(pages: &[String]) -> Option<Refused> {
    let words: Vec<&str> = pages.iter().flat_map(|p| p.split_whitespace()).collect();
    if words.is_empty() {
        return Some(Refused::new(
            "has no text layer: its pages are pictures",
            "run a text recognition over it, or save its text as markdown beside it",
        ));
    }
    let broken = words.iter().filter(|word| is_broken(word)).count();
    let is_enough = words.len() >= BROKEN_WORDS || words.iter().any(|word| word.contains(UNKNOWN));
    if is_enough && broken * 100 > words.len() * BROKEN_PERCENT {
        return Some(Refused::new(
            format!(
                "has a poor text layer: {broken} of {} words are torn apart, run together or unreadable",
                words.len()
            ),
            "save its text as markdown beside it",
        ));
    }
    None
}

/// A lone letter that is no word, a letter nobody knows, or a run nobody writes. An address may be long.
fn is_broken(word: &str) -> bool {
    if word.contains(UNKNOWN) {
        return true;
    }
    let mut chars = word.chars();
    let lone = |c: char| c.is_alphabetic() && c.is_ascii() && !matches!(c, 'a' | 'A' | 'I' | 'i');
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return lone(c);
    }
    // Scripts behind these write no spaces between words.
    let is_spaced = word.chars().all(|c| c < '\u{590}');
    is_spaced && word.chars().count() > WORD_MAX && !word.contains(['/', '@', '.', '_', '-'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tidied(pages: &[&str]) -> Vec<String> {
        tidy(pages.iter().map(|p| (*p).to_owned()).collect())
    }

    #[test]
    fn what_stands_on_every_page_goes_and_rules_stay() {
        let page = |n: u32, rule: &str| format!("Harbour Lights brand guide\r\n\r\n{rule}\n\nPage {n}");
        let pages = [
            page(1, "Keep 24 px free."),
            page(2, "The logo is blue."),
            page(3, "The logo is blue."),
        ];
        let tidied = tidied(&pages.each_ref().map(String::as_str));
        let first = "Harbour Lights brand guide\n\nKeep 24 px free.";
        assert_eq!(tidied, [first, "The logo is blue.", "The logo is blue."]);
    }

    #[test]
    fn numbers_at_the_end_that_do_not_count_pages_are_rules() {
        let page = |n: u32| format!("Sizes of formats\n\nThe logo is wide, in px, at least {n}");
        let pages = [page(24), page(32), page(24), page(96)];
        let tidied = tidied(&pages.each_ref().map(String::as_str));
        for (page, n) in tidied.iter().zip([24, 32, 24, 96]) {
            assert!(page.ends_with(&format!("at least {n}")), "{tidied:?}");
        }
    }

    #[test]
    fn two_pages_tell_nothing_about_furniture() {
        assert_eq!(
            tidied(&["Logo\n\nBlue.", "Logo\n\nRed."]),
            ["Logo\n\nBlue.", "Logo\n\nRed."]
        );
    }

    #[test]
    fn a_line_within_a_page_is_no_furniture() {
        let page = |n: u32| format!("Chapter {n} opens\n\nNever on a dark ground.\n\nRule {n} ends here.");
        let pages = [page(1), page(2), page(3)];
        let tidied = tidied(&pages.each_ref().map(String::as_str));
        assert!(
            tidied.iter().all(|p| p.contains("Never on a dark ground.")),
            "{tidied:?}"
        );
    }

    #[test]
    fn pages_without_words_and_with_torn_ones_are_refused() {
        let judged = |text: &str| judge(&[text.to_owned()]).map(|r| r.reason);
        assert!(judged(" \n ").unwrap().contains("no text layer"));
        let torn = "T h e l o g o i s b l u e ".repeat(6);
        assert!(judged(&torn).unwrap().contains("poor text layer"));
        let glued = format!(
            "{} {}",
            "thelogoisalwaysblueandneverred ".repeat(6),
            "good words ".repeat(25)
        );
        assert!(judged(&glued).unwrap().contains("6 of 56 words"));
        assert!(judged("\u{fffd} \u{fffd}").unwrap().contains("2 of 2 words"));
        let good =
            "I keep a space of 24 px around the logo, see https://example.com/brand/guide/logo/space. ".repeat(9);
        assert_eq!(judged(&good), None);
        let unspaced = "ロゴのまわりには常に二十四ピクセルの余白を空けて他の要素を置かないこと ".repeat(60);
        assert_eq!(judged(&unspaced), None);
        // Too few words to judge by.
        assert_eq!(judged("A B C"), None);
    }
}
