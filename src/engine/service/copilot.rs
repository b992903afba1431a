//! Answers about the guidelines. Ranking is work for a processor, so it happens on a thread that may be busy.

use std::sync::Arc;

use super::{Engine, library::AtHand};
use crate::{
    engine::{
        api::{
            ApiError,
            copilot::{
                Dimension, GuidelineAnswer, GuidelineRows, GuidelineSearch, GuidelineWindow, SnippetView,
                SourceProblem, SourceRow, SourceState, Standing, TermShare, WhySnippet,
            },
        },
        copilot::{
            facts::objective,
            index::Share,
            pipeline::{self, Found, Question, Ranked, SHOWN},
            shelf::Shelf,
            source::Source,
        },
        model::{
            ids::TicketNo,
            refusal::{Problem, Refusal, RefusalCode},
            ticket::{Status, Ticket},
            time::Day,
        },
    },
    textfile::FileProblem,
};

/// Most sources a window holds.
const ROWS_MAX: usize = 500;
/// Most problems a window tells.
const PROBLEMS_MAX: usize = 200;
/// Longest question, in characters.
const QUESTION_MAX: usize = 2_000;
/// 4-grams told when somebody asks why.
const LETTERS_TOLD: usize = 8;

impl Engine {
    /// A window over the sources.
    pub(super) async fn guidelines(&self, window: &GuidelineWindow) -> Result<GuidelineRows, ApiError> {
        let standing = window.standing.checked().map_err(unknown_value)?;
        let at_hand = self.read_guidelines(window.fresh).await?;
        let shelf = &at_hand.shelf;
        let today = self.today();
        let matching: Vec<usize> = (0..)
            .zip(shelf.sources())
            .filter(|(_, source)| source.scope.holds_for(&standing))
            .map(|(at, _)| at)
            .collect();
        let is_anchor = |at: &usize| shelf.source(*at).map(|s| &s.id) == window.after.as_ref();
        let first = window
            .after
            .as_ref()
            .map_or(0, |_| matching.iter().position(is_anchor).map_or(0, |at| at + 1));
        let limit = usize::try_from(window.limit).unwrap_or(ROWS_MAX).min(ROWS_MAX);
        Ok(GuidelineRows {
            rows: matching
                .iter()
                .skip(first)
                .take(limit)
                .filter_map(|at| row(shelf, *at, today))
                .collect(),
            matching: count(matching.len()),
            snippets: shelf.len(),
            problems: shelf.problems().iter().take(PROBLEMS_MAX).map(problem).collect(),
            problem_count: count(shelf.problems().len()),
            indexing: at_hand.indexing,
        })
    }

    /// Ranked snippets.
    pub(super) async fn search_guidelines(&self, search: &GuidelineSearch) -> Result<GuidelineAnswer, ApiError> {
        let (said, text) = Standing::taken_from(&search.text);
        if text.chars().count() > QUESTION_MAX {
            return Err(invalid(
                "text",
                format!("is longer than {QUESTION_MAX} characters"),
                "ask more shortly",
            ));
        }
        let mut standing = said.or(&search.standing.checked().map_err(unknown_value)?);
        let mut text = text;
        if let Some(no) = search.ticket {
            standing = standing.or(&self.standing_of(no).await?);
            text.push_str(&self.rules_failed(no));
        }
        let at_hand = self.read_guidelines(search.fresh).await?;
        let question = Question {
            text,
            standing,
            today: self.today(),
            limit: match usize::try_from(search.limit) {
                Ok(0) | Err(_) => SHOWN,
                Ok(n) => n.min(SHOWN),
            },
        };
        let explain = search.explain;
        let answer = tokio::task::spawn_blocking(move || answer(&at_hand, question, explain)).await;
        answer.map_err(|e| ApiError::Internal(format!("ranking broke off: {e}")))?
    }

    /// The shelf, or why there is none.
    async fn read_guidelines(&self, fresh: bool) -> Result<AtHand, ApiError> {
        let at_hand = self.library.at_hand(fresh).await;
        match &at_hand.failure {
            // An older shelf is better than none.
            Some(failure) if at_hand.shelf.sources().is_empty() => Err(ApiError::Unavailable(failure.clone())),
            _ => Ok(at_hand),
        }
    }

    /// The rules that failed a ticket, to be looked for beside the question: "why?" is about them.
    fn rules_failed(&self, no: TicketNo) -> String {
        let card = self
            .projection
            .read(|s| s.by_no.get(&no).and_then(|id| s.cards.get(id)).cloned());
        let rules = card.filter(|c| c.status == Status::QaFailed).map(|c| c.rules.clone());
        rules.into_iter().flatten().fold(String::new(), |text, rule| {
            let words = rule.replace(['.', '_'], " ");
            format!("{text}\n{rule} {words}")
        })
    }

    /// Where a ticket stands.
    async fn standing_of(&self, no: TicketNo) -> Result<Standing, ApiError> {
        let ticket = self.ticket_by_no(no).await?;
        let mut standing = Standing::default();
        standing.set(Dimension::Platform, ticket.platform.as_str().to_owned());
        self.projection.read(|s| {
            let campaign = s.campaigns.get(&ticket.campaign)?;
            let brand = s.brands.get(&campaign.value.brand)?;
            standing.set(Dimension::Brand, brand.value.code.as_str().to_owned());
            let market = s.markets.get(&campaign.value.market)?;
            standing.set(Dimension::Market, market.value.code.as_str().to_owned());
            Some(())
        });
        if let Some(Ok(objective)) = objective(&ticket).map(|o| Dimension::Objective.value(&o)) {
            standing.set(Dimension::Objective, objective);
        }
        Ok(standing)
    }

    pub(super) async fn ticket_by_no(&self, no: TicketNo) -> Result<Ticket, ApiError> {
        let id = self.projection.read(|s| s.by_no.get(&no).copied());
        let id = id.ok_or_else(|| {
            ApiError::from(Refusal::new(
                RefusalCode::NotFound,
                Problem::at(
                    "ticket",
                    format!("there is no ticket {no}"),
                    "see `omnitraffick ticket list`",
                ),
            ))
        })?;
        Ok(self.ticket(id).await?.value)
    }

    /// The day in UTC: a guideline's period has no zone.
    pub(super) fn today(&self) -> Day {
        Day::new(self.clock.now().jiff().to_zoned(jiff::tz::TimeZone::UTC).date())
    }
}

fn answer(at_hand: &AtHand, question: Question, explain: bool) -> Result<GuidelineAnswer, ApiError> {
    let shelf = &at_hand.shelf;
    let found = pipeline::search(shelf, &question).map_err(|e| ApiError::Internal(e.to_string()))?;
    let views = |ranked: &[Ranked]| -> Result<Vec<SnippetView>, ApiError> {
        let views = ranked
            .iter()
            .filter_map(|r| view(shelf, &found, r, explain).transpose());
        views.collect()
    };
    Ok(GuidelineAnswer {
        hits: views(&found.hits)?,
        outside: views(&found.outside)?,
        not_in_force: found
            .not_in_force
            .iter()
            .filter_map(|at| row(shelf, *at, question.today))
            .collect(),
        in_scope: found.in_scope,
        indexing: at_hand.indexing,
        question: question.text,
        standing: question.standing,
    })
}

fn view(shelf: &Arc<Shelf>, found: &Found, ranked: &Ranked, explain: bool) -> Result<Option<SnippetView>, ApiError> {
    let Some(snippet) = shelf.snippet(ranked.snippet) else {
        return Ok(None);
    };
    let Some(source) = shelf.source(snippet.source) else {
        return Ok(None);
    };
    let rank = |n: Option<usize>| n.map(|n| u32::try_from(n).unwrap_or(u32::MAX));
    let why = if explain {
        let shares = pipeline::explain(shelf, &found.terms, ranked.snippet);
        let shares = shares.map_err(|e| ApiError::Internal(e.to_string()))?;
        let (letters, words): (Vec<_>, Vec<_>) = shares.into_iter().partition(|s| s.at == "letters");
        let mut letters = percents(letters);
        letters.truncate(LETTERS_TOLD);
        Some(WhySnippet {
            words_rank: rank(ranked.by_words),
            letters_rank: rank(ranked.by_letters),
            words: percents(words),
            letters,
        })
    } else {
        None
    };
    let at = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(Some(SnippetView {
        id: snippet.id.clone(),
        source: source.id.clone(),
        title: source.title.clone(),
        kind: source.kind,
        scope: source.scope.clone(),
        heading: snippet.heading.clone(),
        version: source.version.clone(),
        effective_from: source.period.from,
        line: count(snippet.line),
        page: snippet.page,
        text: snippet.text.clone(),
        hash: snippet.hash,
        marks: pipeline::marks(shelf, &found.terms, snippet)
            .into_iter()
            .map(|(from, to)| (at(from), at(to)))
            .collect(),
        may_leave_host: source.may_leave_host,
        reviewed: source.reviewed,
        also_in: snippet
            .also
            .iter()
            .filter_map(|at| shelf.source(*at).map(|s| s.id.clone()))
            .collect(),
        disagrees: ranked.disagrees,
        why,
    }))
}

fn percents(shares: Vec<Share>) -> Vec<TermShare> {
    let all: f32 = shares.iter().map(|s| s.score).sum();
    let percent = |score: f32| {
        if all > 0.0 {
            (score / all * 1000.0).round() / 10.0
        } else {
            0.0
        }
    };
    let share = |s: Share| TermShare {
        percent: percent(s.score),
        at: s.at.to_owned(),
        term: s.term,
    };
    shares.into_iter().map(share).collect()
}

fn row(shelf: &Shelf, at: usize, today: Day) -> Option<SourceRow> {
    let source: &Source = shelf.source(at)?;
    let state = if !source.quarantine.is_empty() {
        SourceState::Quarantined
    } else if source.period.from.is_some_and(|from| today < from) {
        SourceState::NotYet
    } else if source.period.to.is_some_and(|to| to < today) {
        SourceState::Expired
    } else {
        SourceState::InForce
    };
    Some(SourceRow {
        id: source.id.clone(),
        title: source.title.clone(),
        kind: source.kind,
        scope: source.scope.clone(),
        version: source.version.clone(),
        effective_from: source.period.from,
        effective_to: source.period.to,
        state,
        language: source.language.clone(),
        owner: source.owner.clone(),
        may_leave_host: source.may_leave_host,
        reviewed: source.reviewed,
        references: source.references.clone(),
        hash: source.hash,
        hidden: source.hidden,
        snippets: shelf.count_of(at),
        quarantine: source.quarantine.clone(),
    })
}

fn problem(problem: &FileProblem) -> SourceProblem {
    SourceProblem {
        file: problem.file.clone(),
        line: problem.line.map(count),
        field: problem.field.as_ref().map(|f| f.as_str().to_owned()),
        reason: problem.reason.clone(),
        remedy: problem.remedy.clone(),
    }
}

fn unknown_value((dimension, reason): (Dimension, String)) -> ApiError {
    invalid(dimension.as_str(), reason, "")
}

fn invalid(field: &str, reason: String, remedy: &str) -> ApiError {
    ApiError::from(Refusal::new(RefusalCode::Invalid, Problem::at(field, reason, remedy)))
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
