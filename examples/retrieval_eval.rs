//! Scores retrieval on a folder of test data: `cargo run --release --example retrieval_eval -- DIR --json`.
//!
//! The folder holds `corpus.jsonl` (`_id`, `text`, and if it has them `title`, `scope`), `queries.jsonl` (`_id`, `text`,
//! `scope`) and `qrels.tsv` (a head line, then query, document, score). A scope is a document's brand here, because
//! a brand is what house rules are most often limited to.
//!
//! nDCG@10 and recall@100 judge the joined ranking, before it is thinned for people; a query without a hit counts as 0.
//! Times are those of the whole pipeline a person waits for, in milliseconds.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measuring tool prints what it measured with the machine's clock"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context as _, Result, bail};
use omnitraffick::engine::{
    copilot::{
        chunk::Chunk,
        front::Kind,
        index::{Filter, terms::Terms},
        pipeline::{self, Question, SHOWN},
        scope::{Scope, Standing},
        shelf::Shelf,
        source::{Period, Source},
    },
    model::json::Sha,
};
use serde::Deserialize;

/// Hits taken from each ranking: enough for recall@100, far below the thousand the data's comparison figures allow.
const DEPTH: usize = 200;

#[derive(Deserialize)]
struct Line {
    #[serde(rename = "_id")]
    id: String,
    #[serde(default)]
    title: String,
    text: String,
    #[serde(default)]
    scope: Option<String>,
}

fn main() -> Result<()> {
    let mut dir = None;
    let mut is_json = false;
    for arg in std::env::args_os().skip(1) {
        if arg == "--json" {
            is_json = true;
        } else {
            dir = Some(PathBuf::from(arg));
        }
    }
    let Some(dir) = dir else {
        bail!("usage: retrieval_eval DIR [--json]")
    };
    let corpus = lines(&dir.join("corpus.jsonl"))?;
    let queries = lines(&dir.join("queries.jsonl"))?;
    let relevant = judgements(&dir.join("qrels.tsv"))?;

    let started = Instant::now();
    let shelf = shelf(&corpus)?;
    let build_ms = millis(started);

    let mut sums = (0.0, 0.0);
    let mut times = Vec::with_capacity(queries.len());
    for query in &queries {
        let standing = Standing {
            brand: query.scope.clone(),
            ..Standing::default()
        };
        let empty = BTreeSet::new();
        let wanted = relevant.get(&query.id).unwrap_or(&empty);
        let terms = Terms::of_question(&query.text, shelf.languages());
        let filter = Filter {
            standing: standing.clone(),
            ..Filter::default()
        };
        let ranked = pipeline::joined(&shelf, &terms, &filter, shelf.count_at(&standing), DEPTH)?;
        let found: Vec<&str> = ranked
            .iter()
            .filter_map(|r| shelf.source(shelf.snippet(r.snippet)?.source))
            .map(|s| s.id.as_str())
            .collect();
        sums.0 += ndcg(&found, wanted, 10);
        sums.1 += recall(&found, wanted, 100);

        let question = Question {
            text: query.text.clone(),
            standing,
            today: "2026-01-01".parse().map_err(anyhow::Error::msg)?,
            limit: SHOWN,
        };
        let asked = Instant::now();
        pipeline::search(&shelf, &question)?;
        times.push(millis(asked));
    }
    times.sort_by(f64::total_cmp);
    let n = f64::from(u32::try_from(queries.len().max(1))?);
    let report = serde_json::json!({
        "documents": corpus.len(),
        "queries": queries.len(),
        "ndcg_at_10": round(sums.0 / n),
        "recall_at_100": round(sums.1 / n),
        "p50_ms": round(percentile(&times, 50)),
        "p99_ms": round(percentile(&times, 99)),
        "build_ms": round(build_ms),
    });
    if is_json {
        println!("{report}");
    } else {
        for (name, value) in report.as_object().into_iter().flatten() {
            println!("{name:>14}  {value}");
        }
    }
    Ok(())
}

fn lines(path: &Path) -> Result<Vec<Line>> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let read = |(n, line)| serde_json::from_str(line).with_context(|| format!("{}:{}", path.display(), n + 1));
    let filled = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    filled.map(read).collect()
}

fn judgements(path: &Path) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let mut out: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let mut cells = line.split('\t');
        if let (Some(query), Some(document), Some(score)) = (cells.next(), cells.next(), cells.next())
            && score.trim() != "0"
        {
            out.entry(query.to_owned()).or_default().insert(document.to_owned());
        }
    }
    Ok(out)
}

/// Each document is a source of one snippet, title and text in one field.
fn shelf(corpus: &[Line]) -> Result<Shelf> {
    let read = corpus.iter().map(|line| {
        let source = Source {
            id: line.id.clone(),
            title: String::new(),
            kind: Kind::Brand,
            scope: Scope {
                brand: line.scope.iter().cloned().collect(),
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
        let piece = Chunk {
            heading: Vec::new(),
            text: format!("{} {}", line.title, line.text).trim().to_owned(),
            line: 1,
            page: None,
        };
        (source, vec![piece])
    });
    let shelf = Shelf::of_pieces(read.collect(), Vec::new(), |_, _| true)?;
    shelf.context("the index was given up")
}

/// Gain 1, discount 1/log2(rank + 1).
fn ndcg(found: &[&str], wanted: &BTreeSet<String>, k: u32) -> f64 {
    let discount = |rank: u32| 1.0 / f64::from(rank + 1).log2();
    let gain: f64 = (1..=k)
        .zip(found)
        .filter(|(_, id)| wanted.contains(**id))
        .map(|(rank, _)| discount(rank))
        .sum();
    let best: f64 = (1..=k).zip(wanted).map(|(rank, _)| discount(rank)).sum();
    if best > 0.0 { gain / best } else { 0.0 }
}

fn recall(found: &[&str], wanted: &BTreeSet<String>, k: usize) -> f64 {
    let hits = found.iter().take(k).filter(|id| wanted.contains(**id)).count();
    let all = wanted.len().max(1);
    f64::from(u32::try_from(hits).unwrap_or(u32::MAX)) / f64::from(u32::try_from(all).unwrap_or(u32::MAX))
}

fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or(0.0)
}

fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

fn round(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
