//! Proposals: from what a ticket was refused for to a patch that passed the gate, written down for a person to judge.
//!
//! Nothing here changes a ticket. The evidence is the ledger's and QA's own; what is proposed is judged by the gate, and
//! what would become of the ticket by QA, before anybody sees it.

use std::sync::Arc;

use super::{Engine, ask::not_found, mending::Refused, qa_runner::today_at};
use crate::engine::{
    api::{
        ApiError,
        proposal::{HealAsk, Healing, ProposalAsk, ProposalRow, ProposalView},
    },
    copilot::{
        heal::{self, Case},
        propose::{
            self, Accepted, Objection,
            allow::{Allow, is_for_a_person},
            leaves,
        },
    },
    decide::command::{Command, CommandKind, NewProposal},
    model::{
        actor::{Actor, Role},
        catalogue::show_value,
        deploy::{Deploy, OutcomeClass, StepState},
        event::FieldChange,
        ids::{TicketId, TicketNo},
        json::Sha,
        path::FieldPath,
        proposal::{Ailment, Content, Origin, Proposal, ProposalNo, Standing, Witness},
        refusal::{Problem, Refusal, RefusalCode},
        sanitise::excerpt,
        ticket::{Finding, Severity, Status, Ticket},
    },
    store::{
        codec,
        schema::{Counter, keys},
    },
};

/// Most proposals a list answers with.
const LIST_MAX: usize = 100;
/// Other tickets with the same error that are named.
const SAME_MAX: usize = 8;
/// Longest value shown of a leaf, in characters.
const SHOWN: usize = 400;

impl Engine {
    /// Looks for a fix of what a ticket was refused for, and writes it down as a proposal.
    pub(super) async fn heal(self: &Arc<Self>, ask: &HealAsk, actor: &Actor) -> Result<Healing, ApiError> {
        if actor.role < Role::Trafficker {
            let reason = format!("{} may not ask for proposals", actor.name);
            return Err(refused(RefusalCode::NotAllowed, reason, "ask a trafficker"));
        }
        let (case, mut healing) = self.diagnosed(ask.ticket).await?;
        if healing.ailments.is_empty() {
            let (no, status) = (case.ticket.no, case.ticket.status);
            let why = match status {
                Status::QaFailed | Status::Failed => "nothing says what is wrong with it",
                _ => "it was not refused by a platform or by QA",
            };
            healing.told.push(format!("ticket {no} is {status}: {why}"));
            return Ok(healing);
        }
        let (mendable, left) = self.parted(&case.ticket, &healing.ailments);
        if !mendable.is_empty() {
            healing.told.extend(left.iter().map(|a| {
                let field = a.field.as_ref().map(|f| format!(" at {f}")).unwrap_or_default();
                excerpt(
                    &format!("left to a person: {}{field}: {}", cite(&case.ticket, a), a.words),
                    400,
                )
            }));
        }
        let mut no = self.proposed_by_rule(&case, &mut healing, &actor.name).await?;
        if no.is_none() {
            no = self.by_model(case, ask.model, actor, &mut healing).await?;
        }
        if let Some(no) = no {
            healing.proposal = Some(Box::new(self.proposal_view(no).await?));
        }
        Ok(healing)
    }

    /// The same as far as the table of fixes goes, for a ticket that has just been refused.
    pub(super) async fn heal_at_once(&self, id: TicketId) -> Result<Option<ProposalNo>, ApiError> {
        let (case, mut healing) = self.diagnosed(id).await?;
        self.proposed_by_rule(&case, &mut healing, "the engine").await
    }

    /// What is wrong with a ticket.
    async fn diagnosed(&self, id: TicketId) -> Result<(Refused, Healing), ApiError> {
        let ticket = self.ticket(id).await?.value;
        let deploy = match ticket.deploy {
            Some(id) => Some(self.deploy(id).await?),
            None => None,
        };
        let healing = Healing {
            ticket: ticket.id,
            no: ticket.no,
            ailments: ailments(&ticket, deploy.as_ref()),
            proposal: None,
            told: Vec::new(),
            would_send: None,
        };
        Ok((Refused { ticket, deploy }, healing))
    }

    /// What a proposal may mend, and what is left to a person.
    pub(super) fn parted(&self, ticket: &Ticket, ailments: &[Ailment]) -> (Vec<Ailment>, Vec<Ailment>) {
        let content = Content::of(ticket);
        let platform = self.platform(ticket.platform);
        let mends = |a: &Ailment| platform.is_none_or(|p| !is_for_a_person(a, p.catalogue(), &content));
        ailments.iter().cloned().partition(mends)
    }

    async fn proposed_by_rule(
        &self,
        case: &Refused,
        healing: &mut Healing,
        asked_by: &str,
    ) -> Result<Option<ProposalNo>, ApiError> {
        let ticket = &case.ticket;
        let fixed = self.by_rule(ticket, case.deploy.as_ref(), healing).await?;
        let Some((names, because, accepted)) = fixed else {
            return Ok(None);
        };
        let (mends, _) = self.parted(ticket, &healing.ailments);
        let new = NewProposal {
            ticket: ticket.id,
            payload_hash: ticket.payload_hash(),
            patch: accepted.patch,
            reasons: because,
            cites: mends.iter().map(|a| cite(ticket, a)).collect(),
            origin: Origin::Rule { name: names },
            mends,
            asked_by: asked_by.to_owned(),
        };
        Ok(Some(self.write_down(ticket, new).await?))
    }

    /// One patch from the table for everything that is wrong, through the gate: names of the rules, their reasons, the
    /// patch. What came to nothing is told.
    async fn by_rule(
        &self,
        ticket: &Ticket,
        deploy: Option<&Deploy>,
        healing: &mut Healing,
    ) -> Result<Option<(String, String, Accepted)>, ApiError> {
        let platform = self
            .platform(ticket.platform)
            .ok_or_else(|| not_found(format!("this build cannot speak to {}", ticket.platform)))?;
        let catalogue = platform.catalogue();
        let zone = self.job(ticket)?.account.timezone;
        let before = Content::of(ticket);
        // Each fix sees what the ones before it did: two findings of one field are mended once.
        let mut at = before.clone();
        let (mut names, mut reasons, mut operations) = (Vec::new(), Vec::new(), Vec::new());
        let (mendable, left) = self.parted(ticket, &healing.ailments);
        for ailment in &mendable {
            let case = Case {
                platform: ticket.platform,
                catalogue,
                content: &at,
                ailment,
                today: today_at(self.clock.now(), &zone),
            };
            let Some((rule, fix)) = heal::heal(&case) else {
                continue;
            };
            let now: Vec<_> = fix.edits.iter().map(|e| e.operation(at.value())).collect();
            let Ok(next) = at.patched(&serde_json::Value::Array(now.clone())) else {
                continue;
            };
            operations.extend(now);
            at = next;
            if !names.contains(&rule.name) {
                names.push(rule.name);
            }
            reasons.push(fix.because);
        }
        if names.is_empty() {
            healing.told.push("no rule of the table fits what is wrong".to_owned());
            return Ok(None);
        }
        let allow = Allow::of(ticket.request, catalogue, &mendable);
        let judged = propose::judge(&before, &serde_json::Value::Array(operations), &allow);
        let judged = match judged {
            Ok(accepted) => self.settled(ticket, deploy, accepted, &left).await?,
            Err(objection) => Err(objection),
        };
        match judged {
            Ok(accepted) => Ok(Some((names.join(", "), reasons.join(". "), accepted))),
            Err(objection) => {
                let told = format!("{} was not accepted: {objection}", names.join(", "));
                healing.told.push(excerpt(&told, 600));
                Ok(None)
            }
        }
    }

    /// The second half of the gate: was the result refused before, and does QA find nothing but what is left to a person?
    pub(super) async fn settled(
        &self,
        ticket: &Ticket,
        deploy: Option<&Deploy>,
        accepted: Accepted,
        left: &[Ailment],
    ) -> Result<Result<Accepted, Objection>, ApiError> {
        let after = match accepted.after.put_into(ticket) {
            Ok(after) => after,
            Err(why) => return Ok(Err(Objection::Unfit(why))),
        };
        let mut refused: Vec<Sha> = vec![ticket.payload_hash()];
        refused.extend(deploy.map(|d| d.payload_hash));
        let earlier = self.proposals_of(ticket.id).await?;
        refused.extend(
            earlier
                .iter()
                .filter(|p| p.mends.iter().any(|m| m.witness == Witness::Platform))
                .map(|p| p.payload_hash),
        );
        let findings = self.qa_of(&after).await?.map(|(_, f)| f).unwrap_or_default();
        Ok(propose::settle(after.payload_hash(), &refused, &findings, left).map(|()| accepted))
    }

    /// Makes a proposal a row; the one that is open already when it says the same.
    pub(super) async fn write_down(&self, ticket: &Ticket, new: NewProposal) -> Result<ProposalNo, ApiError> {
        let same = |p: &&Proposal| p.patch == new.patch && p.payload_hash == new.payload_hash;
        if let Some(old) = self.proposals_of(ticket.id).await?.iter().find(same) {
            return Ok(old.no);
        }
        let command = Command {
            id: self.command_id(),
            kind: CommandKind::ProposalMake(Box::new(new)),
        };
        self.execute(&command, &Actor::engine("copilot"), None).await?;
        let newest = self.proposals_of(ticket.id).await?;
        let newest = newest.last().map(|p| p.no);
        newest.ok_or_else(|| ApiError::Internal("a proposal that was just made is not there".to_owned()))
    }

    /// Every proposal a ticket ever had, oldest first.
    pub(super) async fn proposals_of(&self, ticket: TicketId) -> Result<Vec<Proposal>, ApiError> {
        let Some(row) = self.row(&keys::proposals(ticket)).await? else {
            return Ok(Vec::new());
        };
        let unreadable = |e: codec::CodecError| ApiError::Unavailable(e.to_string());
        let count: Counter = codec::decode(&row.body).map_err(unreadable)?;
        let mut out = Vec::new();
        for n in 1..=u32::try_from(count.n).unwrap_or(u32::MAX) {
            if let Some(row) = self.row(&keys::proposal(ticket, n)).await? {
                out.push(codec::decode(&row.body).map_err(unreadable)?);
            }
        }
        Ok(out)
    }

    /// A list, newest first.
    pub(super) async fn proposals(&self, ask: &ProposalAsk) -> Result<Vec<ProposalRow>, ApiError> {
        let limit = usize::try_from(ask.limit).unwrap_or(LIST_MAX).clamp(1, LIST_MAX);
        let mut found = match ask.ticket {
            Some(id) => self.proposals_of(id).await?,
            None => self
                .projection
                .read(|s| s.proposals.values().map(|p| Proposal::clone(p)).collect()),
        };
        found.sort_by_key(|p| std::cmp::Reverse((p.made_at, p.no)));
        found.truncate(limit);
        let mut rows = Vec::new();
        for proposal in found {
            let ticket = self.ticket(proposal.ticket).await?.value;
            let standing = proposal.standing(ticket.payload_hash());
            rows.push(ProposalRow { proposal, standing });
        }
        Ok(rows)
    }

    /// One proposal with everything needed to judge it.
    pub(super) async fn proposal_view(&self, no: ProposalNo) -> Result<ProposalView, ApiError> {
        let id = self.projection.read(|s| s.by_no.get(&no.ticket).copied());
        let missing = || not_found(format!("there is no proposal {no}"));
        let id = id.ok_or_else(missing)?;
        let row = self.row(&keys::proposal(id, no.n)).await?.ok_or_else(missing)?;
        let proposal: Proposal = codec::decode(&row.body).map_err(|e| ApiError::Unavailable(e.to_string()))?;
        let ticket = self.ticket(id).await?.value;
        let standing = proposal.standing(ticket.payload_hash());
        let before = Content::of(&ticket);
        // On another content the patch says nothing any more.
        let after = before
            .patched(&proposal.patch.value())
            .ok()
            .filter(|_| standing == Standing::Open);
        let (mut changes, mut qa_after) = (Vec::new(), Vec::new());
        if let Some(after) = &after {
            changes = leaves::changed(before.value(), after.value())
                .iter()
                .map(shown)
                .collect();
            if let Ok(then) = after.put_into(&ticket) {
                qa_after = self.findings(&then).await?;
            }
        }
        if standing != Standing::Open {
            changes = of_patch(&proposal.patch.value());
        }
        let qa_before = self.findings(&ticket).await?;
        let same_error = self.same_error(&proposal);
        Ok(ProposalView {
            proposal,
            standing,
            changes,
            qa_before,
            qa_after,
            same_error,
        })
    }

    async fn findings(&self, ticket: &Ticket) -> Result<Vec<Finding>, ApiError> {
        Ok(self.qa_of(ticket).await?.map(|(_, f)| f).unwrap_or_default())
    }

    /// Other tickets whose deploys, as far as they are at hand, were refused with one of the same codes; newest first.
    fn same_error(&self, proposal: &Proposal) -> Vec<TicketNo> {
        let codes: Vec<&str> = proposal
            .mends
            .iter()
            .filter(|m| m.witness == Witness::Platform && !m.code.is_empty())
            .map(|m| m.code.as_str())
            .collect();
        let met = |deploy: &Deploy| {
            let mut outcomes = deploy.steps.iter().filter_map(|s| s.attempts.last()?.outcome.as_ref());
            outcomes.any(|o| o.code.as_deref().is_some_and(|c| codes.contains(&c)))
        };
        let mut found: Vec<TicketNo> = self.projection.read(|s| {
            let open = s.deploys.values().map(|d| &d.deploy);
            let all = open.chain(s.finished.iter().map(|(_, d)| &d.deploy));
            all.filter(|d| d.ticket != proposal.ticket && met(d))
                .map(|d| d.no)
                .collect()
        });
        found.sort_unstable_by_key(|no| std::cmp::Reverse(*no));
        found.dedup();
        found.truncate(SAME_MAX);
        found
    }
}

pub(super) fn refused(code: RefusalCode, reason: String, remedy: &str) -> ApiError {
    ApiError::from(Refusal::new(code, Problem::whole(reason, remedy)))
}

/// What a citation of an ailment reads: `meta 100/1885621`, `qa fields.bounds`.
pub(super) fn cite(ticket: &Ticket, ailment: &Ailment) -> String {
    match ailment.witness {
        Witness::Platform => format!("{} {}", ticket.platform, ailment.code),
        Witness::Qa => format!("qa {}", ailment.code),
    }
}

/// What is wrong with a ticket: what its platform refused, from the ledger; otherwise what QA found.
fn ailments(ticket: &Ticket, deploy: Option<&Deploy>) -> Vec<Ailment> {
    match ticket.status {
        Status::Failed => deploy.map(of_ledger).unwrap_or_default(),
        Status::QaFailed => ticket
            .qa
            .iter()
            .flat_map(|qa| &qa.findings)
            .filter(|f| f.severity == Severity::Error)
            .map(|f| Ailment {
                witness: Witness::Qa,
                code: f.rule.clone(),
                step: None,
                field: Some(f.field.clone()).filter(|f| !f.as_str().is_empty()),
                words: f.message.clone(),
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn of_ledger(deploy: &Deploy) -> Vec<Ailment> {
    let refused = deploy.steps.iter().filter(|s| s.state == StepState::Rejected);
    refused
        .filter_map(|step| {
            let outcome = step.attempts.last()?.outcome.as_ref()?;
            (outcome.class == OutcomeClass::Rejected).then(|| Ailment {
                witness: Witness::Platform,
                code: outcome.code.clone().unwrap_or_default(),
                step: Some(step.key.clone()),
                field: outcome.field.clone(),
                words: excerpt(&outcome.words, 600),
            })
        })
        .collect()
}

/// What a patch changes by its own account: the value it pins before each operation, and the one it puts there.
fn of_patch(patch: &serde_json::Value) -> Vec<FieldChange> {
    let mut pinned = None;
    let mut out = Vec::new();
    for operation in patch.as_array().into_iter().flatten() {
        let text = |key: &str| {
            operation
                .get(key)
                .and_then(serde_json::Value::as_str)
                .unwrap_or_default()
        };
        let value = || operation.get("value");
        if text("op") == "test" {
            pinned = Some((text("path"), value()));
            continue;
        }
        let from = pinned.take().filter(|(path, _)| *path == text("path"));
        let (from, to) = sides(from.and_then(|(_, value)| value), value());
        out.push(FieldChange {
            field: FieldPath::of_pointer(text("path")),
            from,
            to,
        });
    }
    out
}

fn shown(change: &leaves::LeafChange) -> FieldChange {
    let (from, to) = sides(change.from.as_ref(), change.to.as_ref());
    FieldChange {
        field: change.path.field(),
        from,
        to,
    }
}

/// Both sides of a change in words. Where only the type differs, `"21"` and `21`, both stand as JSON: otherwise the change
/// would show nothing.
fn sides(from: Option<&serde_json::Value>, to: Option<&serde_json::Value>) -> (Option<String>, Option<String>) {
    let plain = |v: &serde_json::Value| show_value(v);
    let json = |v: &serde_json::Value| v.to_string();
    let same = from.map(plain) == to.map(plain);
    let text = |v: &serde_json::Value| excerpt(&if same { json(v) } else { plain(v) }, SHOWN);
    (from.map(text), to.map(text))
}
