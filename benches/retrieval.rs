//! How long retrieval takes on a large library: `cargo bench --bench retrieval [-- --quick]`. Prints one JSON document.
//!
//! 50,000 snippets of about 100 words (5,000 with `--quick`), drawn by a fixed seed from a vocabulary with the uneven
//! frequencies of a natural language, in scopes of 1,000 to 20,000 snippets. Measured is the whole pipeline a person
//! waits for, one thread; and how long the index takes to build. Every question is asked three times: `best_of_3` takes
//! the shortest of each, which leaves out what other work on the machine added.
#![allow(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measuring tool prints what it measured with the machine's clock"
)]

use std::time::Instant;

use anyhow::{Context as _, Result};
use omnitraffick::engine::{
    copilot::{
        chunk::Chunk,
        front::Kind,
        pipeline::{self, Question, SHOWN},
        scope::{Scope, Standing},
        shelf::Shelf,
        source::{Period, Source},
    },
    model::{json::Sha, time::Day},
};

/// Share of all snippets each brand has, in per cent: from 1,000 to 20,000 of 50,000.
const BRANDS: [(&str, u32); 5] = [("A", 2), ("B", 8), ("C", 20), ("D", 30), ("E", 40)];
/// Words of a snippet.
const WORDS: u32 = 100;
/// Words of the vocabulary.
const VOCABULARY: u32 = 30_000;

fn main() -> Result<()> {
    // Cargo hands `--bench` to every bench.
    let is_quick = std::env::args().any(|a| a == "--quick");
    let (snippets, questions) = if is_quick { (5_000, 200) } else { (50_000, 1_000) };
    let mut rng = fastrand::Rng::with_seed(7);
    let vocabulary: Vec<String> = (0..VOCABULARY).map(|_| word(&mut rng)).collect();
    let read = sources(&mut rng, &vocabulary, snippets);

    let started = Instant::now();
    let shelf = Shelf::of_pieces(read, Vec::new(), |_, _| true)?.context("the index was given up")?;
    let build_ms = millis(started);

    let today: Day = "2026-01-01".parse().map_err(anyhow::Error::msg)?;
    let mut report = serde_json::Map::new();
    report.insert("snippets".to_owned(), snippets.into());
    report.insert("questions".to_owned(), questions.into());
    report.insert("build_ms".to_owned(), round(build_ms).into());
    let mut ask = |name: &str, brand: fn(&mut fastrand::Rng) -> Option<&'static str>| -> Result<()> {
        let (mut times, mut best) = (Vec::new(), Vec::new());
        let mut taking_part = 0;
        for _ in 0..questions {
            let n = rng.u32(4..=14);
            let words: Vec<&str> = (0..n).map(|_| pick(&mut rng, &vocabulary)).collect();
            let standing = Standing {
                brand: brand(&mut rng).map(str::to_owned),
                ..Standing::default()
            };
            taking_part = taking_part.max(shelf.count_at(&standing));
            let question = Question {
                text: words.join(" "),
                standing,
                today,
                limit: SHOWN,
            };
            let mut shortest = f64::INFINITY;
            for _ in 0..3 {
                let asked = Instant::now();
                pipeline::search(&shelf, &question)?;
                let took = millis(asked);
                times.push(took);
                shortest = shortest.min(took);
            }
            best.push(shortest);
        }
        times.sort_by(f64::total_cmp);
        best.sort_by(f64::total_cmp);
        let figures = serde_json::json!({
            "snippets_in_scope_at_most": taking_part,
            "p50_ms": round(percentile(&times, 50)),
            "p99_ms": round(percentile(&times, 99)),
            "max_ms": round(percentile(&times, 100)),
            "best_of_3": {"p50_ms": round(percentile(&best, 50)), "p99_ms": round(percentile(&best, 99))},
        });
        report.insert(name.to_owned(), figures);
        Ok(())
    };
    ask("scoped", |rng| {
        let at = rng.usize(0..BRANDS.len());
        BRANDS.get(at).map(|(brand, _)| *brand)
    })?;
    ask("scoped_to_the_largest", |_| BRANDS.last().map(|(brand, _)| *brand))?;
    ask("unscoped", |_| None)?;
    println!("{}", serde_json::Value::Object(report));
    Ok(())
}

/// A hundred snippets a source.
fn sources(rng: &mut fastrand::Rng, vocabulary: &[String], snippets: u32) -> Vec<(Source, Vec<Chunk>)> {
    let mut out = Vec::new();
    for (brand, percent) in BRANDS {
        for n in 0..(snippets * percent / 10_000).max(1) {
            let pieces = (0..100).map(|section| {
                let words: Vec<&str> = (0..WORDS).map(|_| pick(rng, vocabulary)).collect();
                let heading: Vec<&str> = (0..3).map(|_| pick(rng, vocabulary)).collect();
                Chunk {
                    heading: vec![heading.join(" ")],
                    text: words.join(" "),
                    line: section,
                    page: None,
                }
            });
            let pieces = pieces.collect();
            let source = Source {
                id: format!("{brand}/{n}.md"),
                title: format!("{brand} {n}"),
                kind: Kind::Brand,
                scope: Scope {
                    brand: [brand.to_owned()].into(),
                    ..Scope::default()
                },
                version: "1".to_owned(),
                period: Period::default(),
                language: "en".to_owned(),
                owner: String::new(),
                may_leave_host: false,
                reviewed: false,
                references: Vec::new(),
                hash: Sha::default(),
                hidden: 0,
                quarantine: Vec::new(),
            };
            out.push((source, pieces));
        }
    }
    out
}

/// Syllables, so that words share letters as real ones do.
fn word(rng: &mut fastrand::Rng) -> String {
    const STARTS: [&str; 16] = [
        "b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "st", "tr", "ch", "",
    ];
    const MIDDLES: [&str; 8] = ["a", "e", "i", "o", "u", "ea", "ou", "io"];
    const ENDS: [&str; 10] = ["n", "r", "s", "t", "l", "nd", "ng", "", "", ""];
    let mut out = String::new();
    for _ in 0..rng.u32(1..=4) {
        for part in [&STARTS[..], &MIDDLES[..], &ENDS[..]] {
            out.push_str(part.get(rng.usize(0..part.len())).copied().unwrap_or_default());
        }
    }
    out
}

/// The word at rank r comes with a frequency near 1/r.
fn pick<'v>(rng: &mut fastrand::Rng, vocabulary: &'v [String]) -> &'v str {
    let size = f64::from(VOCABULARY);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rank between 0 and the vocabulary's size"
    )]
    let rank = size.powf(rng.f64()) as usize;
    vocabulary.get(rank.saturating_sub(1)).map_or("word", String::as_str)
}

fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or(0.0)
}

fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
