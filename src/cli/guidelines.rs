//! `guidelines`: the house rules the copilot answers from. Needs no store: a rule holds whatever stands in it.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;

use super::{
    call::{Call, ask},
    failure::{Complaint, Failure},
    output::Table,
};
use crate::engine::{
    api::{
        Request,
        copilot::{GuidelineAnswer, GuidelineRows, GuidelineSearch, GuidelineWindow, SnippetView, SourceRow, Standing},
    },
    copilot::source::Folder,
    model::time::Day,
};

/// Sources asked for at once.
const PAGE: u32 = 500;

/// What can be done with guidelines.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// What is read, and what holds for it
    List {
        /// Where to stand
        #[command(flatten)]
        standing: Place,
    },
    /// The snippets that speak of something, best first
    Search(Search),
    /// Read everything and name what is wrong, with file, line and field
    Check {
        /// Files and folders to check instead of the configured ones
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
}

/// Where a question stands.
#[derive(Clone, Debug, Default, Args)]
pub struct Place {
    /// Brand code
    #[arg(long, value_name = "CODE")]
    pub brand: Option<String>,
    /// Platform: meta, tiktok, google_ads
    #[arg(long, value_name = "NAME")]
    pub platform: Option<String>,
    /// Market code
    #[arg(long, value_name = "CODE")]
    pub market: Option<String>,
    /// Objective in the platform's word
    #[arg(long, value_name = "WORD")]
    pub objective: Option<String>,
}

impl From<Place> for Standing {
    fn from(place: Place) -> Self {
        Self {
            brand: place.brand,
            platform: place.platform,
            market: place.market,
            objective: place.objective,
        }
    }
}

/// A search.
#[derive(Debug, Args)]
pub struct Search {
    /// What to look for; `@brand:ACM @platform:meta` inside it say where
    #[arg(required = true, value_name = "TEXT")]
    pub text: Vec<String>,
    /// Where to stand
    #[command(flatten)]
    pub standing: Place,
    /// At most this many snippets
    #[arg(long, short = 'n', default_value_t = 8, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=8))]
    pub limit: u32,
    /// Say why each snippet is there: ranks, and the terms with their shares
    #[arg(long)]
    pub explain: bool,
}

impl Verb {
    /// The folders a verb is about, when not the configured ones.
    pub fn folders(&self) -> Option<Vec<Folder>> {
        match self {
            Self::Check { paths } if !paths.is_empty() => Some(paths.iter().map(|p| folder(p)).collect()),
            _ => None,
        }
    }
}

fn folder(path: &Path) -> Folder {
    Folder {
        name: path.file_name().map_or_else(
            || path.display().to_string(),
            |name| name.to_string_lossy().into_owned(),
        ),
        path: Some(path.to_owned()),
        ..Folder::default()
    }
}

/// Carries it out.
pub async fn run(call: &mut Call, verb: Verb) -> Result<(), Failure> {
    match verb {
        Verb::List { standing } => list(call, standing.into()).await,
        Verb::Search(search) => {
            let request = GuidelineSearch {
                text: search.text.join(" "),
                standing: search.standing.into(),
                ticket: None,
                limit: search.limit,
                explain: search.explain,
                fresh: true,
            };
            let answer = ask!(call, Request::SearchGuidelines(Box::new(request)), GuidelineAnswer)?;
            let mut table = Table::bare();
            render(&mut table, &answer);
            if answer.hits.is_empty() {
                table.row([format!(
                    "nothing found in {} ({} snippets)",
                    answer.standing, answer.in_scope
                )]);
            }
            call.out.one("guideline_answer", &*answer, &table);
            Ok(())
        }
        Verb::Check { .. } => check(call).await,
    }
}

async fn all(call: &Call, standing: Standing) -> Result<GuidelineRows, Failure> {
    let mut out = GuidelineRows::default();
    loop {
        let window = GuidelineWindow {
            standing: standing.clone(),
            after: out.rows.last().map(|r| r.id.clone()),
            limit: PAGE,
            fresh: out.rows.is_empty(),
        };
        let page: Box<GuidelineRows> = ask!(call, Request::Guidelines(window), Guidelines)?;
        let got = page.rows.len();
        let rows = std::mem::take(&mut out.rows);
        out = *page;
        out.rows.splice(0..0, rows);
        if got == 0 || out.rows.len() >= usize::try_from(out.matching).unwrap_or(usize::MAX) {
            return Ok(out);
        }
    }
}

async fn list(call: &mut Call, standing: Standing) -> Result<(), Failure> {
    let all = all(call, standing).await?;
    let mut table = Table::new(
        [
            "source",
            "kind",
            "holds for",
            "version",
            "days",
            "snippets",
            "leaves",
            "state",
        ],
        "no guidelines; see docs/guidelines.md",
    );
    for row in &all.rows {
        table.row([
            row.id.clone(),
            row.kind.to_string(),
            row.scope.to_string(),
            row.version.clone(),
            days(row),
            row.snippets.to_string(),
            if row.may_leave_host { "yes" } else { "no" }.to_owned(),
            row.state.as_str().to_owned(),
        ]);
    }
    call.out.many("guidelines", &all.rows, all.matching, &table);
    if all.problem_count > 0 {
        call.out.say(&format!(
            "{} files could not be read; `guidelines check` says why",
            all.problem_count
        ));
    }
    Ok(())
}

async fn check(call: &mut Call) -> Result<(), Failure> {
    let all = all(call, Standing::default()).await?;
    let mut complaints: Vec<Complaint> = all
        .problems
        .iter()
        .map(|p| Complaint {
            file: Some(p.file.clone()),
            line: p.line.and_then(|l| usize::try_from(l).ok()),
            field: p.field.clone(),
            reason: p.reason.clone(),
            remedy: p.remedy.clone(),
        })
        .collect();
    for row in &all.rows {
        complaints.extend(row.quarantine.iter().map(|s| Complaint {
            file: Some(match s.page {
                None => row.id.clone(),
                Some(page) => format!("{}, p. {page}", row.id),
            }),
            line: usize::try_from(s.line).ok(),
            field: None,
            reason: format!("quarantined: looks like {}: \"{}\"", s.looks_like, s.words),
            remedy: format!(
                "mend it, or read it and add \"{}\" to `released` of its folder",
                row.hash.short()
            ),
        }));
    }
    if !complaints.is_empty() {
        return Err(Failure::invalid(complaints));
    }
    let mut table = Table::bare();
    table.row([format!("{} sources, {} snippets: good", all.matching, all.snippets)]);
    for row in all.rows.iter().filter(|r| r.hidden > 0) {
        table.row([format!("{}: {} invisible runs removed", row.id, row.hidden)]);
    }
    let document = json!({"sources": all.matching, "snippets": all.snippets, "good": true});
    call.out.one("guidelines_check", &document, &table);
    Ok(())
}

fn days(row: &SourceRow) -> String {
    let day = |d: Option<Day>| d.map(|d| d.to_string()).unwrap_or_default();
    match (row.effective_from, row.effective_to) {
        (None, None) => "always".to_owned(),
        (from, to) => format!("{}..{}", day(from), day(to)),
    }
}

/// An answer for people: snippets with the question's words marked `«so»`.
pub(super) fn render(table: &mut Table, answer: &GuidelineAnswer) {
    for (n, hit) in (1..).zip(&answer.hits) {
        snippet(table, n, hit);
    }
    if !answer.outside.is_empty() {
        table.row([format!("outside {}:", answer.standing)]);
        table.row([""]);
        for (n, hit) in (answer.hits.len() + 1..).zip(&answer.outside) {
            snippet(table, n, hit);
        }
    }
    if !answer.not_in_force.is_empty() {
        let named: Vec<_> = answer
            .not_in_force
            .iter()
            .map(|row| format!("{} ({}, {})", row.title, row.state.as_str(), days(row)))
            .collect();
        table.row([format!("not used: {}", named.join("; "))]);
    }
}

fn snippet(table: &mut Table, n: usize, hit: &SnippetView) {
    table.row([format!("[{n}] {}", hit.place())]);
    let since = hit.effective_from.map(|d| format!(", since {d}")).unwrap_or_default();
    let conflict = if hit.disagrees { ", RULES DISAGREE" } else { "" };
    table.row([format!("    {} ({}){since}{conflict}", hit.id, hit.scope)]);
    for line in marked(hit).lines() {
        table.row([format!("    {line}")]);
    }
    if !hit.also_in.is_empty() {
        table.row([format!("    also in {}", hit.also_in.join(", "))]);
    }
    if let Some(why) = &hit.why {
        let [words, letters] = why.lines();
        table.row([format!("    why: {words}")]);
        table.row([format!("         {letters}")]);
    }
    table.row([""]);
}

fn marked(hit: &SnippetView) -> String {
    let mut out = String::with_capacity(hit.text.len());
    let mut done = 0;
    for (from, to) in &hit.marks {
        let (Ok(from), Ok(to)) = (usize::try_from(*from), usize::try_from(*to)) else {
            continue;
        };
        if let (Some(before), Some(word)) = (hit.text.get(done..from), hit.text.get(from..to)) {
            out.push_str(before);
            out.push('«');
            out.push_str(word);
            out.push('»');
            done = to;
        }
    }
    out.push_str(hit.text.get(done..).unwrap_or_default());
    out
}
