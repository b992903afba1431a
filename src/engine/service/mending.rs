//! A language model is asked to mend a ticket no rule knows a fix for.
//!
//! Invariants
//! - Nothing is sent but what a person was shown: their word carries its hash.
//! - What goes is what may change and what is wrong with it, redacted, and the guidelines that speak of it.
//! - One row in the journal for each asking, whatever came of it. What was paid for is judged and written down even when
//!   the person who asked is gone.
//! - Whatever fails, there are words and no proposal.

use std::sync::Arc;

use super::{
    Engine,
    asking::{Brought, Went},
    desk::{Open, Working},
    proposals::{cite, refused},
};
use crate::engine::{
    api::{
        ApiError,
        asking::{CopilotAsk, EndState},
        copilot::GuidelineSearch,
        proposal::{AskModel, Healing},
    },
    copilot::{
        client::Outcome,
        exchange::{Exchange, Question, SnippetsOnly},
        prompt::{Fact, Prompt},
        propose::{
            allow::Allow,
            open::{OpenLeaf, open_leaves},
        },
        purpose::Purpose,
        suggest::{self, NoSuggestion, Suggestion},
    },
    decide::{command::NewProposal, proposal::OF_MODEL},
    model::{
        actor::Actor,
        catalogue::Catalogue,
        deploy::Deploy,
        json::Sha,
        proposal::{Ailment, Content, Origin, Proposal, ProposalNo, Witness},
        refusal::RefusalCode,
        sanitise::excerpt,
        ticket::Ticket,
    },
};

/// Longest search for guidelines, characters.
const SEARCH: usize = 400;

/// Said of an asking that comes again after its row was written.
const RECORDED: &str = "this asking is in the journal already, so no model was asked again";

/// A ticket that was refused, with its deploy if it had one.
#[derive(Clone, Debug)]
pub(super) struct Refused {
    pub(super) ticket: Ticket,
    pub(super) deploy: Option<Deploy>,
}

/// All that an asking needs.
struct Asking {
    case: Refused,
    /// What is to be mended.
    ailments: Vec<Ailment>,
    /// What is left to a person.
    left: Vec<Ailment>,
    brought: Brought,
    actor: Actor,
    word: AskModel,
}

/// Why there is no proposal.
struct Vain {
    why: String,
    /// What would be sent is not what the person was shown.
    is_stale: bool,
}

impl From<String> for Vain {
    fn from(why: String) -> Self {
        Self { why, is_stale: false }
    }
}

impl Engine {
    /// A proposal of the model: its number; otherwise what would be sent, or why there is none, in `healing`.
    pub(super) async fn by_model(
        self: &Arc<Self>,
        case: Refused,
        ask: Option<AskModel>,
        actor: &Actor,
        healing: &mut Healing,
    ) -> Result<Option<ProposalNo>, ApiError> {
        let Some(exchange) = &self.copilot.model else {
            return Ok(None);
        };
        if !self.records() {
            let why = "no language model is asked: that is recorded, and nothing can be written here";
            healing.told.push(why.to_owned());
            return Ok(None);
        }
        if let Some(ask) = &ask
            && let Ok(open) = self.desk.find(ask.id, actor)
        {
            // The same asking again, over another connection.
            open.ended().await;
            return Ok(self.of_model(&case.ticket).await?.last().map(|p| p.no));
        }
        if let Some(ask) = &ask
            && self.is_recorded(ask.id).await?
        {
            healing.told.push(RECORDED.to_owned());
            return Ok(self.of_model(&case.ticket).await?.last().map(|p| p.no));
        }
        let (ailments, left) = self.parted(&case.ticket, &healing.ailments);
        let brought = match self.bring_to_mend(&case.ticket, &ailments).await? {
            Ok(brought) => brought,
            Err(why) => {
                healing.told.push(why);
                return Ok(None);
            }
        };
        let Some(ask) = ask else {
            match self.preview_mending(exchange, &brought, actor).await? {
                Ok(sends) => healing.would_send = Some(Box::new(sends)),
                Err(why) => healing.told.push(why),
            }
            return Ok(None);
        };
        let (open, is_new) = self.desk.take(ask.id, actor, brought.found.clone())?;
        if !is_new {
            let why = "this is being asked already".to_owned();
            return Err(refused(RefusalCode::Busy, why, "wait for its answer"));
        }
        let asking = Asking {
            case,
            ailments,
            left,
            brought,
            actor: actor.clone(),
            word: ask,
        };
        let engine = Arc::clone(self);
        // Of its own: it is judged and recorded even when nobody waits for it any more.
        let asked = tokio::spawn(async move {
            let working = Working(Arc::clone(&open));
            let came = engine.ask_to_mend(asking, &open).await;
            drop(working);
            came
        });
        let (came, unrecorded) = asked
            .await
            .map_err(|e| ApiError::Internal(format!("asking broke off: {e}")))?;
        let no = match came {
            Ok(no) => Some(no),
            Err(vain) if vain.is_stale => {
                let remedy = "look at what would be sent now, and agree to that";
                return Err(refused(RefusalCode::Stale, vain.why, remedy));
            }
            Err(vain) => {
                healing.told.push(vain.why);
                None
            }
        };
        healing.told.extend(unrecorded);
        Ok(no)
    }

    async fn preview_mending(
        &self,
        exchange: &Exchange,
        brought: &Brought,
        actor: &Actor,
    ) -> Result<Result<crate::engine::api::asking::WouldSend, String>, ApiError> {
        let secrets = brought.secrets();
        let never = tokio_util::sync::CancellationToken::new();
        match exchange.preview(&brought.material(&secrets), &never).await {
            Ok(prompt) => self.would_send(exchange, &prompt, actor).await,
            Err(why) => Ok(Err(why.to_string())),
        }
    }

    /// Asks, judges, writes the proposal and the row; the proposal's number, or why there is none. Beside it why there is
    /// no row: the proposal stands all the same.
    async fn ask_to_mend(&self, asking: Asking, open: &Open) -> (Result<ProposalNo, Vain>, Option<String>) {
        let (sent, came) = self.proposed(&asking, open).await;
        let (state, reason) = match &came {
            Ok(no) => (EndState::Grounded, format!("proposed {no}")),
            // Its words are not for a journal that cannot be erased.
            Err(_) if sent.is_some() => (EndState::Partial, "no proposal came of the answer".to_owned()),
            Err(vain) => (EndState::SnippetsOnly, vain.why.clone()),
        };
        let mut went = Went::without_model(state, reason);
        went.sent = sent;
        let row = self.row_of(&asking.brought, &went);
        let recorded = self.record(open, row, &asking.actor).await;
        let unrecorded = recorded.err().map(|why| {
            tracing::error!(%why, "an asking of a model was not recorded");
            format!("this asking could not be recorded: {why}")
        });
        (came, unrecorded)
    }

    async fn proposed(&self, asking: &Asking, open: &Open) -> (Option<(Prompt, Outcome)>, Result<ProposalNo, Vain>) {
        let Some(exchange) = &self.copilot.model else {
            return (None, Err("no language model is configured".to_owned().into()));
        };
        let spent_today = match self.spent_today(&asking.actor).await {
            Ok(spent) => spent,
            Err(error) => return (None, Err(error.to_string().into())),
        };
        let secrets = asking.brought.secrets();
        let question = Question {
            material: asking.brought.material(&secrets),
            spent_today,
            confirmed: asking.word.confirmed,
            seen: Some(asking.word.seen),
        };
        let vain = |none: SnippetsOnly| Vain {
            why: none.why,
            is_stale: none.is_stale,
        };
        let prompt = match exchange.prepare(&question, &open.cancel).await {
            Ok(prompt) => prompt,
            Err(none) => return (None, Err(vain(none))),
        };
        if let Err(why) = self.note_leaving(&asking.brought, &prompt, open, &asking.actor).await {
            return (None, Err(why.into()));
        }
        let material = &question.material;
        let tell = &mut |p| open.progress(p);
        let (prompt, outcome) = match exchange.send(prompt, material, &open.cancel, tell).await {
            Ok((prompt, outcome, _)) => (prompt, outcome),
            Err(none) => return (None, Err(vain(none))),
        };
        let model = outcome.model.clone();
        let origin = Origin::Model {
            model: asking
                .brought
                .clean(&model.unwrap_or_else(|| exchange.settings().model.clone())),
            asked: Sha::of(prompt.whole().as_bytes()),
            confidence: String::new(),
        };
        let ticket = &asking.case.ticket;
        let judged = self.platform(ticket.platform).map(|platform| {
            let allow = Allow::of(ticket.request, platform.catalogue(), &asking.ailments);
            suggest::judge(&prompt, &outcome, &Content::of(ticket), &allow)
        });
        let came = match judged {
            None => Err(format!("this build cannot speak to {}", ticket.platform)),
            Some(Err(why)) => Err(excerpt(&why.to_string(), 600)),
            Some(Ok(suggestion)) => self.keep(asking, suggestion, origin).await,
        };
        (Some((prompt, outcome)), came.map_err(Vain::from))
    }

    /// The second half of the gate, and the row.
    async fn keep(&self, asking: &Asking, suggestion: Suggestion, origin: Origin) -> Result<ProposalNo, String> {
        let (ticket, deploy) = (&asking.case.ticket, asking.case.deploy.as_ref());
        let settled = self.settled(ticket, deploy, suggestion.accepted, &asking.left).await;
        let accepted = settled
            .map_err(|e| e.to_string())?
            .map_err(|o| excerpt(&NoSuggestion::Objection(o).to_string(), 600))?;
        let origin = match origin {
            Origin::Model { model, asked, .. } => Origin::Model {
                model,
                asked,
                confidence: suggestion.confidence,
            },
            rule @ Origin::Rule { .. } => rule,
        };
        let of_it = asking.ailments.iter().map(|a| cite(ticket, a));
        let new = NewProposal {
            ticket: ticket.id,
            payload_hash: ticket.payload_hash(),
            patch: accepted.patch,
            reasons: suggestion.reasons,
            cites: of_it.chain(suggestion.cites).collect(),
            origin,
            mends: asking.ailments.clone(),
            asked_by: asking.actor.name.clone(),
        };
        self.write_down(ticket, new).await.map_err(|e| e.to_string())
    }

    /// What a model made for the ticket as it is, oldest first.
    async fn of_model(&self, ticket: &Ticket) -> Result<Vec<Proposal>, ApiError> {
        let now = ticket.payload_hash();
        let mut all = self.proposals_of(ticket.id).await?;
        all.retain(|p| p.payload_hash == now && matches!(p.origin, Origin::Model { .. }));
        Ok(all)
    }

    /// The leaves that may change, what is wrong with them, the guidelines that speak of it; or why there is nothing to
    /// ask a model.
    async fn bring_to_mend(&self, ticket: &Ticket, ailments: &[Ailment]) -> Result<Result<Brought, String>, ApiError> {
        let Some(platform) = self.platform(ticket.platform) else {
            return Ok(Err(format!("this build cannot speak to {}", ticket.platform)));
        };
        let catalogue: &Catalogue = platform.catalogue();
        let allow = Allow::of(ticket.request, catalogue, ailments);
        let leaves = open_leaves(&Content::of(ticket), &allow);
        if leaves.is_empty() {
            let why = "what was found is for a person to mend: no proposal may change it; edit the ticket";
            return Ok(Err(why.to_owned()));
        }
        let made = self.of_model(ticket).await?.len();
        if made >= OF_MODEL {
            return Ok(Err(format!(
                "a model has made {made} proposals for this content already; edit the ticket"
            )));
        }
        let ask = CopilotAsk {
            id: self.command_id(),
            search: GuidelineSearch {
                text: search_words(ailments),
                ticket: Some(ticket.no),
                // A fix rests on the rules as they are now, also in an engine that has just started.
                fresh: true,
                ..GuidelineSearch::default()
            },
            snippets_only: false,
            without: Vec::new(),
            with: Vec::new(),
            history: Vec::new(),
            confirmed: false,
            seen: None,
        };
        let mut brought = self.bring(&ask).await?;
        if allow.is_policy() && brought.snippets.is_empty() {
            let why = "no guideline speaks of what was found, so no model is asked to mend it; ask the policy owner";
            return Ok(Err(why.to_owned()));
        }
        brought.purpose = Purpose::Mend;
        brought.question = task(ticket, ailments);
        brought.facts = facts(ticket, ailments, leaves);
        Ok(Ok(brought))
    }
}

/// What guidelines are searched for. The words are strangers': no scope is taken from them.
fn search_words(ailments: &[Ailment]) -> String {
    let words = ailments
        .iter()
        .map(|a| format!("{} {}", a.code.replace(['.', '_'], " "), a.words));
    let all = words.collect::<Vec<_>>().join(" ").replace('@', " ");
    excerpt(&all, SEARCH)
}

/// The task in words of ours: codes keep letters, figures and the signs of codes alone.
fn task(ticket: &Ticket, ailments: &[Ailment]) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '/' | '-' | '[' | ']');
    let code = |text: &str| text.chars().filter(plain).take(120).collect::<String>();
    let mut out = format!("Mend this {} ticket. It was refused for:\n", ticket.platform);
    for ailment in ailments {
        let by = match ailment.witness {
            Witness::Platform => "the platform",
            Witness::Qa => "QA",
        };
        let field = ailment.field.as_ref().map(|f| code(f.as_str())).unwrap_or_default();
        out = format!("{out}- {by}, {} {field}\n", code(&ailment.code));
    }
    out
}

fn facts(ticket: &Ticket, ailments: &[Ailment], leaves: Vec<OpenLeaf>) -> Vec<Fact> {
    let mut out = Vec::new();
    for (n, ailment) in (1..).zip(ailments) {
        out.push(Fact {
            name: format!("what was refused, {n} ({})", cite_kind(ailment)),
            value: format!("{}: {}", cite(ticket, ailment), ailment.words),
            may_leave_host: true,
        });
    }
    for leaf in leaves {
        let value = match leaf.value {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        out.push(Fact {
            name: format!("field {} ({})", leaf.pointer, leaf.shape),
            value,
            // Addresses stay on this host, like accounts and ids.
            may_leave_host: !leaf.names_host,
        });
    }
    out
}

const fn cite_kind(ailment: &Ailment) -> &'static str {
    match ailment.witness {
        Witness::Platform => "the platform's words",
        Witness::Qa => "QA's words",
    }
}
