//! From a question to ranked snippets.
//!
//! 1. Scope and period decide who takes part, before anything is ranked: worth more than any ranking.
//! 2. Words and, where at most [`LETTERS_MAX`] snippets take part, 4-grams: [`DEPTH`] hits each.
//! 3. Joined by reciprocal rank, words once, letters twice.
//! 4. At most [`PER_SECTION`] of a section, [`SHOWN`] in all.
//! 5. Fewer than [`ENOUGH`]: words without scope, as a group of their own.
//! 6. What would have been found but does not hold today is named, not used.
//!
//! Invariants
//! - No score decides that a question has no answer: scores of good and bad questions overlap too much.
//! - Two rules of one heading that give different numbers are both shown, the newer first, and marked.

use std::collections::{BTreeSet, HashMap};

use super::{
    index::terms::{Terms, analyzer, each_word, identifiers},
    index::{By, Filter, Hit, RankError, Share},
    scope::Standing,
    shelf::{Shelf, Snippet},
};
use crate::engine::model::time::Day;

/// Hits taken from each ranking.
pub const DEPTH: usize = 50;
/// Snippets shown.
pub const SHOWN: usize = 8;
/// Snippets shown of one section.
const PER_SECTION: usize = 2;
/// With fewer hits than this the scope was perhaps too narrow.
const ENOUGH: usize = 3;
/// Most snippets 4-grams are asked about.
const LETTERS_MAX: u64 = 20_000;
/// The constant of reciprocal rank: how little the very first places count more than the next.
const RANK_CONSTANT: f64 = 60.0;
/// How often a rank by words counts, and one by letters.
const WEIGHTS: [(By, f64); 2] = [(By::Words, 1.0), (By::Letters, 2.0)];

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Its words.
    pub text: String,
    /// Where it stands.
    pub standing: Standing,
    /// The day it is asked.
    pub today: Day,
    /// Snippets wanted, at most [`SHOWN`].
    pub limit: usize,
}

/// A snippet that answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// The snippet's position.
    pub snippet: u32,
    /// Joined score.
    pub score: f64,
    /// Its rank by words, from 1.
    pub by_words: Option<usize>,
    /// Its rank by letters, from 1.
    pub by_letters: Option<usize>,
    /// True when another one under the same heading gives other numbers.
    pub disagrees: bool,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// In scope and in force, best first.
    pub hits: Vec<Ranked>,
    /// Outside the scope; only looked for when there are few hits.
    pub outside: Vec<Ranked>,
    /// Sources that speak of it and do not hold today.
    pub not_in_force: Vec<usize>,
    /// How many snippets took part.
    pub in_scope: u64,
    /// What was looked for.
    pub terms: Terms,
}

/// Answers a question.
pub fn search(shelf: &Shelf, question: &Question) -> Result<Found, RankError> {
    let terms = Terms::of_question(&question.text, shelf.languages());
    let mut found = Found {
        in_scope: shelf.count_at(&question.standing),
        terms,
        ..Found::default()
    };
    let Some(ranker) = shelf.ranker() else {
        return Ok(found);
    };
    let limit = question.limit.min(SHOWN);
    let filter = Filter {
        standing: question.standing.clone(),
        not_periods: shelf.not_in_force(question.today),
        ..Filter::default()
    };
    let joined = joined(shelf, &found.terms, &filter, found.in_scope, DEPTH)?;
    found.hits = spread(shelf, joined, limit);
    mark_disagreement(shelf, &mut found.hits);
    if found.hits.len() < ENOUGH && !question.standing.is_anywhere() {
        let anywhere = Filter {
            standing: Standing::default(),
            ..filter.clone()
        };
        let all = ranker.search(&found.terms, By::Words, &anywhere, DEPTH)?;
        let strange = |hit: &Hit| {
            let source = shelf.snippet(hit.snippet).and_then(|s| shelf.source(s.source));
            source.is_some_and(|s| !s.scope.holds_for(&question.standing))
        };
        let outside = all.into_iter().filter(strange).collect();
        found.outside = spread(shelf, join(&[(By::Words, outside)]), limit);
    }
    if !filter.not_periods.is_empty() {
        let whenever = Filter {
            not_periods: Vec::new(),
            ..filter.clone()
        };
        for hit in ranker.search(&found.terms, By::Words, &whenever, SHOWN)? {
            if let Some(snippet) = shelf.snippet(hit.snippet)
                && filter.not_periods.contains(&snippet.period)
                && !found.not_in_force.contains(&snippet.source)
            {
                found.not_in_force.push(snippet.source);
            }
        }
    }
    Ok(found)
}

/// Both rankings, joined. `taking_part` = how many snippets the filter lets through, `depth` = hits of each ranking.
pub fn joined(
    shelf: &Shelf,
    terms: &Terms,
    filter: &Filter,
    taking_part: u64,
    depth: usize,
) -> Result<Vec<Ranked>, RankError> {
    let Some(ranker) = shelf.ranker() else {
        return Ok(Vec::new());
    };
    let mut rankings = Vec::new();
    for (by, _) in WEIGHTS {
        if by == By::Words || taking_part <= LETTERS_MAX {
            rankings.push((by, ranker.search(terms, by, filter, depth)?));
        }
    }
    Ok(join(&rankings))
}

/// Joins rankings by reciprocal rank; ties in document order.
fn join(rankings: &[(By, Vec<Hit>)]) -> Vec<Ranked> {
    let mut by_snippet: HashMap<u32, Ranked> = HashMap::new();
    for (by, hits) in rankings {
        let weight = WEIGHTS.iter().find(|(b, _)| b == by).map_or(0.0, |(_, w)| *w);
        let mut place = RANK_CONSTANT;
        for (rank, hit) in (1..).zip(hits) {
            place += 1.0;
            let ranked = by_snippet.entry(hit.snippet).or_insert(Ranked {
                snippet: hit.snippet,
                score: 0.0,
                by_words: None,
                by_letters: None,
                disagrees: false,
            });
            ranked.score += weight / place;
            match by {
                By::Words => ranked.by_words = Some(rank),
                By::Letters => ranked.by_letters = Some(rank),
            }
        }
    }
    let mut out: Vec<_> = by_snippet.into_values().collect();
    out.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.snippet.cmp(&b.snippet)));
    out
}

/// The first ones, at most a few of one section.
fn spread(shelf: &Shelf, ranked: Vec<Ranked>, limit: usize) -> Vec<Ranked> {
    let mut of_section: HashMap<(usize, &[String], Option<u32>), usize> = HashMap::new();
    let mut out = Vec::new();
    for one in ranked {
        if out.len() >= limit {
            break;
        }
        let Some(snippet) = shelf.snippet(one.snippet) else {
            continue;
        };
        let n = of_section
            .entry((snippet.source, &snippet.heading, snippet.page))
            .or_default();
        *n += 1;
        if *n <= PER_SECTION {
            out.push(one);
        }
    }
    out
}

/// Marks hits of different sources that speak under one heading, to one question, with different numbers, and puts the
/// newer of two first.
fn mark_disagreement(shelf: &Shelf, hits: &mut [Ranked]) {
    for later in 1..hits.len() {
        for earlier in 0..later {
            let at = |n: usize| hits.get(n).and_then(|h| shelf.snippet(h.snippet));
            let (Some(a), Some(b)) = (at(earlier), at(later)) else {
                continue;
            };
            if !disagree(shelf, a, b) {
                continue;
            }
            let from = |s: &Snippet| shelf.source(s.source).and_then(|s| s.period.from);
            let is_newer = from(b) > from(a);
            for n in [earlier, later] {
                if let Some(hit) = hits.get_mut(n) {
                    hit.disagrees = true;
                }
            }
            if is_newer {
                hits.swap(earlier, later);
            }
        }
    }
}

fn disagree(shelf: &Shelf, a: &Snippet, b: &Snippet) -> bool {
    let (Some(of_a), Some(of_b)) = (shelf.source(a.source), shelf.source(b.source)) else {
        return false;
    };
    let one_heading = match (a.heading.last(), b.heading.last()) {
        (Some(x), Some(y)) => x.to_lowercase() == y.to_lowercase(),
        _ => false,
    };
    if a.source == b.source || !one_heading || of_a.kind != of_b.kind || !of_a.scope.meets(&of_b.scope) {
        return false;
    }
    let (x, y) = (numbers(&a.text), numbers(&b.text));
    !x.is_empty() && !y.is_empty() && x != y
}

/// The numbers of a text as written, without separators of thousands.
fn numbers(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')))
        .map(|n| n.trim_matches(['.', ',']).replace(',', ""))
        .filter(|n| !n.is_empty())
        .collect()
}

/// Which terms brought a snippet into the answer.
pub fn explain(shelf: &Shelf, terms: &Terms, snippet: u32) -> Result<Vec<Share>, RankError> {
    shelf
        .ranker()
        .map_or_else(|| Ok(Vec::new()), |ranker| ranker.explain(terms, snippet))
}

/// Where a snippet's text holds words of the question: byte ranges, in order.
pub fn marks(shelf: &Shelf, terms: &Terms, snippet: &Snippet) -> Vec<(usize, usize)> {
    let Some(source) = shelf.source(snippet.source) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    each_word(&mut analyzer(&source.language), &snippet.text, |stem, range| {
        if terms.words.contains_key(stem) {
            out.push(range);
        }
    });
    let lower = snippet.text.to_ascii_lowercase();
    let names: BTreeSet<String> = identifiers(&snippet.text).into_iter().collect();
    for name in names
        .iter()
        .filter(|n| n.is_ascii() && terms.identifiers.contains_key(*n))
    {
        out.extend(lower.match_indices(name.as_str()).map(|(at, _)| (at, at + name.len())));
    }
    out.sort_unstable();
    // Words inside an identifier that is marked whole are marked already.
    let mut joined: Vec<(usize, usize)> = Vec::with_capacity(out.len());
    for (from, to) in out {
        match joined.last_mut() {
            Some(last) if from < last.1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::engine::copilot::shelf::testing::shelf;

    fn ask(shelf: &Shelf, text: &str) -> Found {
        let (standing, text) = Standing::taken_from(text);
        let question = Question {
            text,
            standing,
            today: "2026-11-20".parse().unwrap(),
            limit: SHOWN,
        };
        search(shelf, &question).unwrap()
    }

    fn ids<'s>(shelf: &'s Shelf, ranked: &[Ranked]) -> Vec<&'s str> {
        let source = |r: &Ranked| shelf.source(shelf.snippet(r.snippet)?.source);
        ranked.iter().filter_map(source).map(|s| s.id.as_str()).collect()
    }

    const ACM: &str = "+++\nbrand = \"ACM\"\nplatform = \"meta\"\n+++\nLogos on video need clear space.";
    const NOV: &str = "+++\nbrand = \"NOV\"\n+++\nThe logo stands on white.";
    const ALL: &str = "Budgets are in minor units.";

    #[rstest]
    #[case::anywhere("which logo", &["house/nov.md", "house/acm.md"], &[])]
    #[case::brand("which logo @brand:ACM", &["house/acm.md"], &["house/nov.md"])]
    #[case::other_platform("which logo @brand:ACM @platform:tiktok", &[], &["house/nov.md", "house/acm.md"])]
    #[case::for_all("budget @brand:ACM", &["house/all.md"], &[])]
    #[case::nothing("weather tomorrow", &[], &[])]
    fn scope_comes_first(#[case] question: &str, #[case] hits: &[&str], #[case] outside: &[&str]) {
        let shelf = shelf(&[("acm.md", ACM), ("all.md", ALL), ("nov.md", NOV)]);
        let found = ask(&shelf, question);
        assert_eq!(ids(&shelf, &found.hits), hits);
        assert_eq!(ids(&shelf, &found.outside), outside);
    }

    #[test]
    fn what_does_not_hold_today_is_named_and_not_used() {
        let shelf = shelf(&[
            ("old.md", "+++\neffective_to = 2025-12-31\n+++\nThe logo is red."),
            ("new.md", "+++\neffective_from = 2027-01-01\n+++\nThe logo is green."),
            ("now.md", "+++\neffective_from = 2026-01-01\n+++\nThe logo is blue."),
        ]);
        let found = ask(&shelf, "logo");
        assert_eq!(ids(&shelf, &found.hits), ["house/now.md"]);
        let named: Vec<_> = found
            .not_in_force
            .iter()
            .map(|n| shelf.source(*n).unwrap().id.as_str())
            .collect();
        assert_eq!(named, ["house/old.md", "house/new.md"]);
        assert!(ask(&shelf, "budget").not_in_force.is_empty());
    }

    #[test]
    fn rules_that_disagree_are_shown_newest_first() {
        let old = "+++\nkind = \"brand\"\neffective_from = 2025-01-01\n+++\n# Old\n## Clear space\nThe logo keeps 10 px free around the logo.";
        let new = "+++\nkind = \"brand\"\neffective_from = 2026-01-01\n+++\n# New\n## Clear space\nKeep 24 px free around each logo mark and the signet.";
        let other = "+++\nkind = \"brand\"\nbrand = \"NOV\"\n+++\n# Nov\n## Clear space\nThe logo keeps 99 px.";
        let shelf = shelf(&[("old.md", old), ("new.md", new)]);
        let found = ask(&shelf, "logo space");
        assert_eq!(ids(&shelf, &found.hits), ["house/new.md", "house/old.md"]);
        assert!(found.hits.iter().all(|h| h.disagrees));
        let acm = old.replace("kind", "brand = \"ACM\"\nkind");
        let apart = self::shelf(&[("a.md", &acm), ("b.md", other)]);
        assert!(ask(&apart, "logo space").hits.iter().all(|h| !h.disagrees));
    }

    #[test]
    fn a_section_gives_two_and_an_answer_eight() {
        let words = vec!["logo"; 200].join(" ");
        let long = (0..6).map(|n| format!("{words} {n}")).collect::<Vec<_>>().join("\n\n");
        let many: Vec<_> = (0..12).map(|n| (format!("m{n}.md"), format!("A logo {n}."))).collect();
        let mut files: Vec<(&str, &str)> = vec![("long.md", long.as_str())];
        files.extend(many.iter().map(|(p, t)| (p.as_str(), t.as_str())));
        let shelf = shelf(&files);
        let found = ask(&shelf, "logo");
        assert_eq!(found.hits.len(), SHOWN);
        let of_long = ids(&shelf, &found.hits)
            .iter()
            .filter(|id| **id == "house/long.md")
            .count();
        assert_eq!(of_long, 2);
    }

    #[test]
    fn marks_cover_words_and_names() {
        let shelf = shelf(&[("a.md", "Logos in SIZE_1080x1350 are allowed, größe too.")]);
        let snippet = shelf.snippet(0).unwrap();
        let terms = Terms::of_question("logo size_1080x1350 größe", shelf.languages());
        let marked: Vec<_> = marks(&shelf, &terms, snippet)
            .into_iter()
            .map(|(a, b)| &snippet.text[a..b])
            .collect();
        assert_eq!(marked, ["Logos", "SIZE_1080x1350", "größe"]);
    }

    #[test]
    fn an_empty_shelf_finds_nothing() {
        assert_eq!(ask(&Shelf::empty(), "logo").hits, []);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        /// The same shelf and question, built and asked twice; and no hit outside the scope, whatever is asked.
        #[test]
        fn ranking_is_repeatable_and_stays_in_scope(
            texts in proptest::collection::vec(("[AB]{0,1}", "(logo|size|blue|red|text)( (logo|size|blue|red|text)){0,5}"), 1..12),
            question in "(logo|size|blue|red)( (logo|size|blue|red)){0,2}",
            brand in "[ABC]",
        ) {
            let files: Vec<(String, String)> = texts.iter().enumerate().map(|(n, (brand, text))| {
                let front = if brand.is_empty() { String::new() } else { format!("+++\nbrand = \"{brand}\"\n+++\n") };
                (format!("{n}.md"), format!("{front}{text}"))
            }).collect();
            let files: Vec<(&str, &str)> = files.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            let (one, two) = (shelf(&files), shelf(&files));
            let asked = format!("{question} @brand:{brand}");
            let found = ask(&one, &asked);
            prop_assert_eq!(&found, &ask(&two, &asked));
            for hit in &found.hits {
                let source = one.source(one.snippet(hit.snippet).unwrap().source).unwrap();
                prop_assert!(source.scope.brand.is_empty() || source.scope.brand.contains(&brand));
            }
        }
    }
}
