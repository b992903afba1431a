//! A question to the copilot from end to end: what it brings, the model's part in it, its row in the journal.
//!
//! Invariants
//! - Every question that was taken has one row, also when it was stopped. An engine that cannot write asks no model.
//! - No snippet, no advice: whatever fails, what remains is the snippets and the reason.

use std::sync::Arc;

use super::{
    Engine,
    desk::{Open, Working},
};
use crate::engine::{
    api::{
        ApiError,
        asking::{
            AnswerSource, ContextShare, CopilotAnswer, CopilotAsk, EndState, Fate, Figures, Item, ModelText, News,
            Preview, WouldSend,
        },
        copilot::{GuidelineAnswer, SnippetView},
    },
    copilot::{
        client::Outcome,
        cost::Micros,
        exchange::{Answered, Exchange, Question, SnippetsOnly},
        facts::facts_of,
        prompt::{Fact, Material, Past, Prompt, SentSnippet, Share},
        purpose::Purpose,
        redact::Redacted,
    },
    model::{
        actor::Actor,
        event::Seq,
        ids::{TicketId, TicketNo},
    },
    store::{codec, schema::Counter, schema::keys},
};

/// Earlier questions sent along at most.
const HISTORY: usize = 4;

/// Why a session that only reads gets no answer of a model.
const READ_ONLY: &str = "this session is read-only, so no language model is asked";
/// Said of a question that comes again after its row was written and its answer has gone.
const RECORDED: &str = "this question is in the journal already, so no model was asked again; ask it anew";

/// What a question brings.
pub(super) struct Brought {
    pub(super) purpose: Purpose,
    /// What is asked, as it is sent.
    pub(super) question: String,
    pub(super) found: GuidelineAnswer,
    pub(super) ticket: Option<(TicketId, TicketNo)>,
    pub(super) facts: Vec<Fact>,
    pub(super) snippets: Vec<SentSnippet>,
    history: Vec<Past>,
    /// The installation's secrets, as they are now.
    secrets: Vec<String>,
}

impl Brought {
    pub(super) fn secrets(&self) -> Vec<&str> {
        self.secrets.iter().map(String::as_str).collect()
    }

    pub(super) fn material<'a>(&'a self, secrets: &'a [&'a str]) -> Material<'a> {
        Material {
            purpose: self.purpose,
            question: &self.question,
            facts: &self.facts,
            snippets: &self.snippets,
            history: &self.history,
            secrets,
        }
    }
}

/// How a question went.
pub(super) struct Went {
    pub(super) state: EndState,
    pub(super) reason: String,
    answer: Option<ModelText>,
    pub(super) sent: Option<(Prompt, Outcome)>,
    pub(super) flags: usize,
    cited: Vec<u32>,
    notes: Vec<String>,
    confirm: Option<Micros>,
}

impl Went {
    fn unsent(none: SnippetsOnly) -> Self {
        Self {
            confirm: none.confirm,
            sent: none.tried.map(|t| *t),
            ..Self::without_model(none.state, none.why)
        }
    }

    pub(super) fn without_model(state: EndState, reason: impl Into<String>) -> Self {
        Self {
            state,
            reason: reason.into(),
            answer: None,
            sent: None,
            flags: 0,
            cited: Vec::new(),
            notes: Vec::new(),
            confirm: None,
        }
    }
}

impl Engine {
    /// What a question would bring and send. Asks no model, except for the size of its window.
    pub(super) async fn preview_copilot(&self, ask: &CopilotAsk, actor: &Actor) -> Result<Preview, ApiError> {
        let brought = self.bring(ask).await?;
        let mut items = self.items(ask, &brought).await?;
        let exchange = match self.model_for(ask, &brought) {
            Ok(exchange) => exchange,
            Err((_, why_not)) => {
                return Ok(Preview {
                    items,
                    sends: None,
                    why_not,
                });
            }
        };
        let secrets = brought.secrets();
        let never = tokio_util::sync::CancellationToken::new();
        let prompt = match exchange.preview(&brought.material(&secrets), &never).await {
            Ok(prompt) => prompt,
            Err(why) => {
                return Ok(Preview {
                    items,
                    sends: None,
                    why_not: why.to_string(),
                });
            }
        };
        for item in items.iter_mut().filter(|i| i.fate != Fate::TakenOut) {
            let stays = prompt.withheld_snippets.contains(&item.key) || prompt.withheld_facts.contains(&item.key);
            item.fate = if stays {
                Fate::Stays
            } else if item.is_snippet && !prompt.sent.iter().any(|s| s.id == item.key) {
                Fate::NoRoom
            } else {
                Fate::Goes
            };
        }
        match self.would_send(exchange, &prompt, actor).await? {
            Ok(sends) => Ok(Preview {
                items,
                sends: Some(sends),
                why_not: String::new(),
            }),
            Err(why_not) => Ok(Preview {
                items,
                sends: None,
                why_not,
            }),
        }
    }

    /// What a prompt would send where, and what it may cost; or the words why it is not sent.
    pub(super) async fn would_send(
        &self,
        exchange: &Exchange,
        prompt: &Prompt,
        actor: &Actor,
    ) -> Result<Result<WouldSend, String>, ApiError> {
        let settings = exchange.settings();
        let cost = exchange.estimate(prompt);
        let asks_first = |cost| settings.limits.confirm_above.is_some_and(|above| cost > above);
        let spent = self.spent_today(actor).await?;
        let cap = settings.limits.day_cap;
        let over = |cost: Micros| cap.is_some_and(|cap| spent.saturating_add(cost) > cap);
        if cost.is_some_and(over) {
            let why = "the day's cap for questions (copilot.model.day_cap) is reached";
            return Ok(Err(why.to_owned()));
        }
        Ok(Ok(WouldSend {
            host: host_of(&settings.base_url),
            model: settings.model.clone(),
            local: settings.local,
            text: prompt.whole(),
            digest: exchange.digest(prompt),
            share: share(prompt.share),
            redacted: counts(&prompt.redacted),
            confirm: cost.is_some_and(asks_first),
            cost,
            currency: settings.price.map(|p| p.currency),
        }))
    }

    /// Starts a question; answers with what the guidelines say. The same id again gives the same question.
    pub(super) async fn start_copilot(self: &Arc<Self>, ask: CopilotAsk, actor: &Actor) -> Result<News, ApiError> {
        self.open_copilot(ask, actor, false).await
    }

    /// The same for a session that only reads: snippets, and no row.
    pub(super) async fn read_copilot(self: &Arc<Self>, ask: CopilotAsk, actor: &Actor) -> Result<News, ApiError> {
        self.open_copilot(ask, actor, true).await
    }

    async fn open_copilot(
        self: &Arc<Self>,
        ask: CopilotAsk,
        actor: &Actor,
        only_reads: bool,
    ) -> Result<News, ApiError> {
        if let Ok(open) = self.desk.find(ask.id, actor) {
            return Ok(open.begin());
        }
        let brought = self.bring(&ask).await?;
        let (open, is_new) = self.desk.take(ask.id, actor, brought.found.clone())?;
        let news = open.begin();
        if is_new {
            let (engine, actor) = (Arc::clone(self), actor.clone());
            tokio::spawn(async move {
                let working = Working(Arc::clone(&open));
                if only_reads {
                    // What would keep a model from being asked in any session is the better reason.
                    let why = match engine.model_for(&ask, &brought) {
                        Err((_, why)) => why,
                        Ok(_) => READ_ONLY.to_owned(),
                    };
                    engine.end_unasked(brought, &actor, &open, why).await;
                } else {
                    engine.answer_copilot(&ask, brought, &actor, &open).await;
                }
                drop(working);
            });
        }
        Ok(news)
    }

    async fn answer_copilot(&self, ask: &CopilotAsk, brought: Brought, actor: &Actor, open: &Open) {
        match self.is_recorded(ask.id).await {
            Ok(false) => {}
            Ok(true) => return self.end_unasked(brought, actor, open, RECORDED.to_owned()).await,
            Err(error) => return self.end_unasked(brought, actor, open, error.to_string()).await,
        }
        let went = self.ask_model(ask, &brought, actor, open).await;
        let row = self.row_of(&brought, &went);
        let recorded = self.record(open, row, actor).await;
        let mut went = went;
        let recorded = recorded.unwrap_or_else(|why| {
            went.notes.push(format!("this question could not be recorded: {why}"));
            None
        });
        let today = self.spent_today(actor).await.unwrap_or(0);
        open.end(self.answer_of(brought, went, today, recorded));
    }

    /// Ends a question without a model and without a row.
    async fn end_unasked(&self, brought: Brought, actor: &Actor, open: &Open, why: String) {
        let state = if brought.found.hits.is_empty() {
            EndState::NoRuleFound
        } else {
            EndState::SnippetsOnly
        };
        let went = Went::without_model(state, why);
        let today = self.spent_today(actor).await.unwrap_or(0);
        open.end(self.answer_of(brought, went, today, None));
    }

    /// The model to ask, or why none is asked.
    fn model_for(&self, ask: &CopilotAsk, brought: &Brought) -> Result<&Exchange, (EndState, String)> {
        let found = &brought.found;
        if brought.snippets.is_empty() && !found.hits.is_empty() {
            return Err((EndState::SnippetsOnly, "every snippet was taken out".to_owned()));
        }
        if found.hits.is_empty() && brought.snippets.is_empty() {
            let reason = if found.in_scope == 0 {
                format!("no guideline holds for {}", found.standing)
            } else {
                format!("none of {} snippets speaks of it", found.in_scope)
            };
            return Err((EndState::NoRuleFound, reason));
        }
        let only = |reason: &str| (EndState::SnippetsOnly, reason.to_owned());
        let Some(exchange) = &self.copilot.model else {
            return Err(only("no language model is configured"));
        };
        if ask.snippets_only {
            return Err(only("snippets were asked for"));
        }
        if !self.records() {
            return Err(only(
                "a question to a model is recorded, and nothing can be written here",
            ));
        }
        Ok(exchange)
    }

    pub(super) fn records(&self) -> bool {
        !self.info.still && self.store.read_only().is_none()
    }

    async fn ask_model(&self, ask: &CopilotAsk, brought: &Brought, actor: &Actor, open: &Open) -> Went {
        let exchange = match self.model_for(ask, brought) {
            Ok(exchange) => exchange,
            Err((state, reason)) => return Went::without_model(state, reason),
        };
        let spent_today = match self.spent_today(actor).await {
            Ok(spent) => spent,
            Err(error) => return Went::without_model(EndState::SnippetsOnly, error.to_string()),
        };
        let secrets = brought.secrets();
        let question = Question {
            material: brought.material(&secrets),
            spent_today,
            confirmed: ask.confirmed,
            seen: ask.seen,
        };
        let prompt = match exchange.prepare(&question, &open.cancel).await {
            Ok(prompt) => prompt,
            Err(none) => return Went::unsent(none),
        };
        if let Err(why) = self.note_leaving(brought, &prompt, open, actor).await {
            return Went::without_model(EndState::SnippetsOnly, why);
        }
        let material = &question.material;
        let tell = &mut |p| open.progress(p);
        match exchange.ask_prepared(prompt, material, &open.cancel, tell).await {
            Answered::SnippetsOnly(none) => Went::unsent(none),
            Answered::Model(model) => {
                let checked = model.checked;
                let flags = checked.flags().count();
                let reason = reason_of(checked.state, checked.why.as_deref(), flags);
                let mut notes = model.notes;
                notes.extend(left_behind(&model.prompt));
                let names = &model.prompt.redacted;
                let mut sentences = checked.sentences;
                for sentence in &mut sentences {
                    sentence.text = names.restore(&sentence.text);
                }
                Went {
                    state: checked.state,
                    reason,
                    answer: Some(ModelText {
                        model: model
                            .outcome
                            .model
                            .clone()
                            .unwrap_or_else(|| exchange.settings().model.clone()),
                        host: host_of(&exchange.settings().base_url),
                        text: model.shown,
                        sentences,
                    }),
                    flags,
                    cited: checked.cited,
                    notes,
                    confirm: None,
                    sent: Some((model.prompt, model.outcome)),
                }
            }
        }
    }

    /// Retrieval, the ticket's facts, secrets.
    pub(super) async fn bring(&self, ask: &CopilotAsk) -> Result<Brought, ApiError> {
        let found = self.search_guidelines(&ask.search).await?;
        let (ticket, mut facts) = match ask.search.ticket {
            None => (None, Vec::new()),
            Some(no) => {
                let ticket = self.ticket_by_no(no).await?;
                (Some((ticket.id, no)), facts_of(&ticket))
            }
        };
        facts.retain(|f| !ask.without.contains(&f.name));
        let wanted = found.outside.iter().filter(|s| ask.with.contains(&s.id));
        let snippets = found.hits.iter().chain(wanted);
        let snippets = snippets.filter(|s| !ask.without.contains(&s.id)).map(sendable);
        let history = ask.history.iter().take(HISTORY).map(|h| Past {
            question: h.question.clone(),
            answer: h.answer.clone(),
        });
        let mut secrets = Vec::new();
        for source in &self.copilot.secrets {
            // One that cannot be read is not in use either.
            if let Ok(secret) = source.read().await {
                secrets.push(secret.expose().to_owned());
            }
        }
        Ok(Brought {
            purpose: Purpose::Answer,
            question: found.question.clone(),
            snippets: snippets.collect(),
            history: history.collect(),
            found,
            ticket,
            facts,
            secrets,
        })
    }

    /// Everything the question could bring, in the order it is sent.
    async fn items(&self, ask: &CopilotAsk, brought: &Brought) -> Result<Vec<Item>, ApiError> {
        let facts = match ask.search.ticket {
            None => Vec::new(),
            Some(no) => facts_of(&self.ticket_by_no(no).await?),
        };
        let fate = |key: &str| {
            if ask.without.iter().any(|w| w == key) {
                Fate::TakenOut
            } else {
                Fate::Stays
            }
        };
        let facts = facts.into_iter().map(|f| Item {
            fate: fate(&f.name),
            title: f.name.clone(),
            key: f.name,
            text: f.value,
            is_snippet: false,
        });
        let wanted = brought.found.outside.iter().filter(|s| ask.with.contains(&s.id));
        let snippets = brought.found.hits.iter().chain(wanted).map(|s| Item {
            fate: fate(&s.id),
            key: s.id.clone(),
            title: s.place(),
            text: s.text.clone(),
            is_snippet: true,
        });
        Ok(facts.chain(snippets).collect())
    }

    pub(super) async fn spent_today(&self, actor: &Actor) -> Result<Micros, ApiError> {
        let row = self
            .row(&keys::copilot_spent(&self.today().to_string(), actor.uid))
            .await?;
        let spent = row.and_then(|row| codec::decode::<Counter>(&row.body).ok());
        Ok(spent.map_or(0, |c| c.n))
    }

    fn answer_of(&self, brought: Brought, went: Went, today: Micros, recorded: Option<Seq>) -> CopilotAnswer {
        let found = brought.found;
        let settings = self.copilot.model.as_ref().map(Exchange::settings);
        let leaves = settings.is_some_and(|s| !s.local);
        let numbers = went.sent.as_ref().map_or(&[][..], |(prompt, _)| &prompt.sent);
        let mut sources: Vec<AnswerSource> = found
            .hits
            .iter()
            .chain(&found.outside)
            .map(|s| {
                let number = numbers.iter().find(|n| n.id == s.id).map(|n| n.number);
                AnswerSource {
                    cited: number.is_some_and(|n| went.cited.contains(&n)),
                    left_host: leaves && number.is_some(),
                    number,
                    id: s.id.clone(),
                    title: s.place(),
                }
            })
            .collect();
        sources.sort_by_key(|s| s.number.unwrap_or(u32::MAX));
        let figures = went.sent.as_ref().zip(settings).map(|((prompt, o), settings)| Figures {
            model: o.model.clone().unwrap_or_else(|| settings.model.clone()),
            input: o.spent.usage.input,
            cached: o.spent.usage.cached,
            output: o.spent.usage.output,
            estimated: o.spent.estimated,
            cost: o.cost,
            today,
            currency: settings.price.map(|p| p.currency),
            first_token_ms: o.first_token.map(millis),
            total_ms: millis(o.total),
            share: share(prompt.share),
        });
        let for_the_owner = (went.state == EndState::NoRuleFound)
            .then(|| format!("Which rule holds for {}? Question: {}", found.standing, found.question));
        CopilotAnswer {
            state: went.state,
            reason: went.reason,
            found,
            for_the_owner,
            answer: went.answer,
            sources,
            figures,
            notes: went.notes,
            confirm: went.confirm,
            recorded,
        }
    }
}

fn reason_of(state: EndState, why: Option<&str>, flags: usize) -> String {
    let flagged = match flags {
        0 => None,
        1 => Some("1 sentence is not borne out by its sources".to_owned()),
        n => Some(format!("{n} statements are not borne out by their sources")),
    };
    let said = match state {
        EndState::NoRuleFound => Some("the model found no rule in the snippets, or cites none".to_owned()),
        _ => flagged,
    };
    let parts: Vec<String> = said.into_iter().chain(why.map(str::to_owned)).collect();
    parts.join("; ")
}

/// What did not come into the prompt, for people.
fn left_behind(prompt: &Prompt) -> Vec<String> {
    let mut notes = Vec::new();
    if prompt.left_out > 0 {
        let all = prompt.sent.len() + prompt.left_out;
        notes.push(format!(
            "{} of {all} snippets sent: no room for the rest",
            prompt.sent.len()
        ));
    }
    if !prompt.withheld_snippets.is_empty() {
        notes.push(format!("{} snippets stayed here", prompt.withheld_snippets.len()));
    }
    if !prompt.withheld_facts.is_empty() {
        notes.push(format!(
            "of the ticket stayed here: {}",
            prompt.withheld_facts.join(", ")
        ));
    }
    notes
}

fn sendable(s: &SnippetView) -> SentSnippet {
    SentSnippet {
        id: s.id.clone(),
        title: s.title.clone(),
        heading: s.path(),
        text: s.text.clone(),
        effective: s.effective_from,
        may_leave_host: s.may_leave_host,
        reviewed: s.reviewed,
    }
}

/// The host of an address; the address has been checked when the program started.
pub(super) fn host_of(base_url: &str) -> String {
    let rest = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default().to_owned()
}

pub(super) fn counts(redacted: &Redacted) -> Vec<(String, u32)> {
    let counts = redacted.counts().into_iter();
    counts
        .map(|(kind, n)| (kind.word().to_lowercase(), u32::try_from(n).unwrap_or(u32::MAX)))
        .collect()
}

const fn share(s: Share) -> ContextShare {
    ContextShare {
        window: s.window,
        answer: s.answer,
        question: s.system + s.question,
        ticket: s.ticket,
        rules: s.rules,
        history: s.history,
    }
}

pub(super) fn millis(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
