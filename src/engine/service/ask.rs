//! Answers to requests.

use std::{collections::BTreeMap, sync::Arc};

use super::{Engine, refuse, why};
use crate::engine::{
    api::{ApiError, AuditAsk, Done, Overview, Reply, Request, Seen, TicketView, VerifyReport, card::Card},
    decide::{
        command::{Command, CommandKind},
        rights,
    },
    model::{
        actor::{Actor, Role},
        deploy::{Deploy, Job, Why},
        event::{Event, Seq},
        ids::{DeployId, TicketId, TicketNo},
        platform::{AccountId, PlatformId},
        refusal::{Problem, Refusal, RefusalCode},
        ticket::Ticket,
    },
    store::{codec, schema::keys, verify},
};

/// Most rows any list answers with.
const LIST_MAX: u32 = 1000;
/// Events read from the store at a time while looking for matches.
const AUDIT_PAGE: usize = 512;
/// Events looked at for one audit question before answering with what was found.
const AUDIT_DEPTH: usize = 200_000;

impl Engine {
    /// Answers one request as one actor.
    pub async fn ask(self: &Arc<Self>, request: Request, actor: &Actor) -> Result<Reply, ApiError> {
        Ok(match request {
            Request::Do(command) => Reply::Done(self.carry_out(command, actor).await?),
            Request::DoCounted { command, counted } => {
                if let Some(done) = self.counts_moved(&command, &counted).await? {
                    return Ok(Reply::Done(done));
                }
                Reply::Done(self.carry_out(command, actor).await?)
            }
            Request::DryRun(command) => {
                engine_commands_are_the_engines(&command)?;
                rights::check_kind(&command.kind, actor)?;
                let command = self.with_evidence(command).await?;
                let command = self.with_inverse(command).await?;
                let commit = self.dry_run(&command, actor).await?;
                let mut lines = vec![format!("{}: {}", commit.event.kind, commit.event.summary)];
                lines.extend(commit.event.changes.iter().map(|c| {
                    format!(
                        "{}: {} -> {}",
                        c.field,
                        c.from.as_deref().unwrap_or("-"),
                        c.to.as_deref().unwrap_or("-")
                    )
                }));
                Reply::WouldDo(lines)
            }
            Request::Overview => Reply::Overview(Box::new(self.overview(actor))),
            Request::Governance => {
                Reply::Governance(Box::new(self.projection.read(crate::engine::view::State::governance)))
            }
            Request::Tickets(mut window) => {
                window.filter = window.filter.asked_by(&actor.name);
                window.before = window.before.min(LIST_MAX);
                window.after = window.after.min(LIST_MAX);
                Reply::Tickets(self.projection.read(|s| s.tickets(&window)))
            }
            Request::Board { filter, per_column } => {
                let filter = filter.asked_by(&actor.name);
                Reply::Board(self.projection.read(|s| s.board(&filter, per_column.min(LIST_MAX))))
            }
            Request::Ticket(id) => Reply::Ticket(Box::new(self.ticket_view(id).await?)),
            Request::TicketByNo(no) => {
                let id = self.projection.read(|s| s.by_no.get(&no).copied());
                let id = id.ok_or_else(|| not_found(format!("there is no ticket {no}")))?;
                Reply::Ticket(Box::new(self.ticket_view(id).await?))
            }
            Request::TicketByName(name) => Reply::Ticket(Box::new(self.ticket_view(self.by_name(&name)?).await?)),
            Request::Deploys {
                filter,
                finished,
                limit,
            } => {
                let filter = filter.asked_by(&actor.name);
                let mut rows = self
                    .projection
                    .read(|s| s.deploys(&filter, finished, limit.min(LIST_MAX), &self.policy));
                let at_work = self.projection.read(why::at_work);
                for row in &mut rows.rows {
                    if let Some(stop) = self.stop_of((row.platform, &row.account), row.no, &row.glance.why, &at_work) {
                        row.glance.why = stop;
                    }
                }
                rows.lanes = self.projection.read(|s| why::lanes(s, &self.lanes, self.clock.now()));
                Reply::Deploys(rows)
            }
            Request::Deploy(id) => Reply::Deploy(Box::new(self.deploy(id).await?)),
            Request::Events { after, limit } => {
                let limit = limit.clamp(1, LIST_MAX) as usize;
                Reply::Events(self.events(after, limit).await?)
            }
            Request::Audit(ask) => Reply::Events(self.audit(&ask).await?),
            Request::Preview(ask) => {
                let name_max = |p: PlatformId| {
                    let platform = self.platforms.get(&p)?;
                    platform.catalogue().objects.iter().map(|o| o.name_max).min()
                };
                Reply::Preview(self.projection.read(|s| s.preview(&ask, name_max)))
            }
            Request::Impact(command) => Reply::Impact(Box::new(self.impact(&command, actor).await)),
            Request::Catalogue(platform) => Reply::Catalogue(Box::new(
                self.platforms
                    .get(&platform)
                    .map(|p| p.catalogue().clone())
                    .ok_or_else(|| not_found(format!("this build cannot speak to {platform}")))?,
            )),
            Request::Plan(id) => Reply::Plan(self.plan(id).await?),
            Request::Validate(id) => Reply::Validation(Box::new(self.validate(id, actor).await?)),
            Request::Drift(id) => Reply::Drift(Box::new(self.drift(id).await?)),
            Request::CheckChannel { channel, account } => {
                Reply::Accounts(self.check_channel(channel, account.as_ref()).await?)
            }
            Request::Verify => Reply::Verify(self.verify().await?),
            Request::Guidelines(window) => Reply::Guidelines(Box::new(self.guidelines(&window).await?)),
            Request::SearchGuidelines(search) => {
                Reply::GuidelineAnswer(Box::new(self.search_guidelines(&search).await?))
            }
            Request::PreviewCopilot(ask) => Reply::CopilotPreview(Box::new(self.preview_copilot(&ask, actor).await?)),
            Request::AskCopilot(ask) => Reply::CopilotNews(Box::new(self.start_copilot(*ask, actor).await?)),
            Request::FollowCopilot { ask, after } => {
                Reply::CopilotNews(Box::new(self.desk.find(ask, actor)?.follow(after).await?))
            }
            Request::StopCopilot(ask) => {
                let open = self.desk.find(ask, actor)?;
                open.cancel.cancel();
                Reply::CopilotNews(Box::new(open.begin()))
            }
            Request::Rules => Reply::Rules(Box::new(self.rules_view())),
            Request::TryRule(text) => {
                // It reads every open ticket.
                rights::check_person(actor, Role::Admin, "try rules")?;
                Reply::Trial(Box::new(self.try_rule(&text).await?))
            }
            Request::Findings(ask) => Reply::Findings(Box::new(self.findings_window(&ask).await?)),
            Request::Undo(ask) => {
                // It reads far back in the journal.
                rights::check_person(actor, Role::Trafficker, "take changes back")?;
                Reply::Undo(Box::new(self.plan_undo(&ask, actor).await?))
            }
            Request::Judge(ask) => Reply::Judged(self.judge_payload(&ask).await?),
            Request::Heal(ask) => Reply::Healing(Box::new(self.heal(&ask, actor).await?)),
            Request::Proposals(ask) => Reply::Proposals(self.proposals(&ask).await?),
            Request::News { after } => Reply::News(Box::new(self.news(after, actor).await?)),
            // Whoever has a seat is answered before they come here.
            Request::Here(_) | Request::People => Reply::People(self.people.others(None)),
            Request::Proposal(no) => Reply::Proposal(Box::new(self.proposal_view(no).await?)),
        })
    }

    fn overview(&self, actor: &Actor) -> Overview {
        let now = self.clock.now();
        let (head, epoch, tickets, troubles) = self.projection.read(|s| {
            (s.seq, s.epoch.n, s.lists.counts().collect(), {
                let mut troubles = why::troubles(s, &self.lanes, now);
                troubles.extend(self.tokens.troubles(s, now));
                troubles
            })
        });
        Overview {
            store: self.info.store,
            place: self.info.place.clone(),
            environment: self.info.environment.clone(),
            sandbox: self.info.sandbox,
            actor: actor.clone(),
            head,
            epoch,
            read_only: self.store.read_only(),
            tickets,
            troubles,
            platforms: self.platforms.keys().copied().collect(),
            link: None,
            short: self.store.short(),
            disk_failed: !self.info.shut && self.store.read_only().is_some(),
        }
    }

    fn by_name(&self, name: &str) -> Result<TicketId, ApiError> {
        let mut ids: Vec<(_, TicketId)> = self.projection.read(|s| {
            s.cards
                .values()
                .filter(|c| c.name.eq_ignore_ascii_case(name))
                .map(|c| (c.no, c.id))
                .collect()
        });
        ids.sort_unstable();
        match ids.as_slice() {
            [(_, id)] => Ok(*id),
            [] => Err(not_found(format!(
                "no ticket is called \"{}\"",
                crate::engine::model::sanitise::excerpt(name, 80)
            ))),
            several => {
                let nos: Vec<String> = several.iter().take(8).map(|(no, _)| no.to_string()).collect();
                Err(ApiError::from(Refusal::new(
                    RefusalCode::Invalid,
                    Problem::whole(
                        format!("{} tickets have this name", several.len()),
                        format!("use a number: {}", nos.join(", ")),
                    ),
                )))
            }
        }
    }

    pub(crate) async fn ticket(&self, id: TicketId) -> Result<Seen<Ticket>, ApiError> {
        let row = self
            .row(&keys::ticket(id))
            .await?
            .ok_or_else(|| not_found(format!("there is no ticket {id}")))?;
        let value = codec::decode(&row.body).map_err(|e| ApiError::Unavailable(e.to_string()))?;
        Ok(Seen {
            version: row.version,
            value,
        })
    }

    pub(crate) async fn deploy(&self, id: DeployId) -> Result<Deploy, ApiError> {
        let row = self
            .row(&keys::deploy(id))
            .await?
            .ok_or_else(|| not_found(format!("there is no deploy {id}")))?;
        codec::decode(&row.body).map_err(|e| ApiError::Unavailable(e.to_string()))
    }

    async fn ticket_view(&self, id: TicketId) -> Result<TicketView, ApiError> {
        let ticket = self.ticket(id).await?;
        let card = self.projection.read(|s| s.cards.get(&id).cloned());
        let card: Arc<Card> = card.ok_or_else(|| not_found(format!("there is no ticket {id}")))?;
        let deploy = match ticket.value.deploy {
            Some(id) => Some(self.deploy(id).await?),
            None => None,
        };
        let stop = deploy.as_ref().and_then(|d| {
            self.stop_of(
                (d.platform, &d.account),
                d.no,
                &d.why,
                &self.projection.read(why::at_work),
            )
        });
        let due = |d: &Deploy| d.run_at.is_some_and(|at| at <= self.clock.now());
        let why = if !self.info.sends && stop.is_none() && deploy.as_ref().is_some_and(due) {
            Some(why::nobody_sends(deploy.as_ref().map(|d| d.why.clone())))
        } else {
            why::line(&ticket.value, card.approvals, deploy.as_ref(), stop)
        };
        let (platform, account) = (ticket.value.platform, &ticket.value.account);
        let why = why.map(|line| why::with_breaker(line, self.lanes.breaker(platform, account)));
        Ok(TicketView {
            card: Card::clone(&card),
            ticket,
            deploy,
            why,
        })
    }

    /// Carries out what a person or a program wants.
    async fn carry_out(self: &Arc<Self>, command: Box<Command>, actor: &Actor) -> Result<Done, ApiError> {
        engine_commands_are_the_engines(&command)?;
        // Evidence costs calls to a platform: nobody has them made for a command that is not theirs.
        rights::check_kind(&command.kind, actor)?;
        let command = self.with_evidence(command).await?;
        let command = match self.with_inverse(command.clone()).await {
            Ok(command) => command,
            // A resend finds its own effect in the way.
            Err(refusal) => return self.first_answer(&command).await?.ok_or(refusal),
        };
        let done = self.execute(&command, actor, None).await?;
        if let CommandKind::TicketRetry { id } = &command.kind {
            self.free_lane_of(*id);
        }
        Ok(done)
    }

    /// Why a deploy that is due stands still: its account's lane, the whole engine, or another ticket before it.
    fn stop_of(
        &self,
        (platform, account): (PlatformId, &AccountId),
        no: TicketNo,
        own: &Why,
        at_work: &BTreeMap<(PlatformId, AccountId), TicketNo>,
    ) -> Option<Why> {
        let now = self.clock.now();
        // A wait whose time has passed explains nothing any more.
        let due = matches!(own, Why::Queued) || own.next_at().is_some_and(|at| at <= now);
        if !due {
            return None;
        }
        if let Some(why) = self.store.read_only() {
            return Some(Why::ReadOnly { why });
        }
        if self.is_draining() {
            return Some(Why::Draining);
        }
        let first = at_work.get(&(platform, account.clone())).filter(|other| **other != no);
        self.projection
            .read(|s| why::stopped(s, &self.lanes, platform, account, now))
            .or_else(|| first.map(|ticket| Why::LaneBusy { ticket: *ticket }))
    }

    /// Newest first, filtered.
    async fn audit(&self, ask: &AuditAsk) -> Result<Vec<Event>, ApiError> {
        let head = self.projection.read(|s| s.seq);
        let limit = ask.limit.clamp(1, LIST_MAX) as usize;
        let text = ask.text.as_ref().map(|t| t.to_lowercase());
        let fits = |e: &Event| {
            ask.ticket.is_none_or(|no| e.subject.ticket == Some(no))
                && ask.actor.as_ref().is_none_or(|a| e.actor.name.eq_ignore_ascii_case(a))
                && ask.since.is_none_or(|t| e.at >= t)
                && ask.until.is_none_or(|t| e.at < t)
                && text.as_ref().is_none_or(|t| {
                    e.summary.to_lowercase().contains(t)
                        || e.kind.as_str().contains(t.as_str())
                        || e.subject.label.to_lowercase().contains(t)
                })
        };
        let mut end = ask.before.map_or(head.0.saturating_add(1), |b| b.0);
        let mut found = Vec::new();
        let mut looked = 0;
        while end > 1 && found.len() < limit && looked < AUDIT_DEPTH {
            let start = end.saturating_sub(AUDIT_PAGE as u64).max(1);
            let count = usize::try_from(end - start).unwrap_or(AUDIT_PAGE);
            let page = self.store.events(Seq(start - 1), count).await.map_err(refuse)?;
            looked += page.len();
            // A whole page rather than one event: a clock that was set back must not hide what lies behind it.
            let is_past = ask.since.is_some_and(|t| page.iter().all(|e| e.at < t));
            found.extend(page.into_iter().rev().filter(|e| fits(e)).take(limit - found.len()));
            end = if is_past { 0 } else { start };
        }
        Ok(found)
    }

    /// The job of a ticket as a deploy started now would freeze it.
    pub(crate) fn job(&self, ticket: &Ticket) -> Result<Job, ApiError> {
        self.projection.read(|s| {
            let channel = s.channels.get(&ticket.channel).map(|c| &c.value);
            let account = channel.and_then(|c| c.account(&ticket.account)).cloned();
            let campaign = s.campaigns.get(&ticket.campaign).map(|c| c.value.clone());
            match (account, campaign) {
                (Some(account), Some(campaign)) => Ok(Job {
                    request: ticket.request,
                    account,
                    name: ticket.name.clone(),
                    target: ticket.target.clone(),
                    budget: ticket.budget,
                    flight: ticket.flight,
                    payload: ticket.payload.clone(),
                    campaign,
                }),
                _ => Err(not_found(format!(
                    "ticket {}: its account or campaign is gone",
                    ticket.no
                ))),
            }
        })
    }

    /// Checks journal, chain and index. A store in memory has no files: its head is all there is to say.
    async fn verify(&self) -> Result<VerifyReport, ApiError> {
        let head = *self.store.watch().borrow();
        let Some(dir) = self.info.dir.clone() else {
            return Ok(VerifyReport {
                records: head.seq.0,
                head: head.seq,
                head_hash: head.hash,
                ..VerifyReport::default()
            });
        };
        let check = tokio::task::spawn_blocking(move || verify::verify(&dir));
        check.await.map_err(|e| ApiError::Internal(e.to_string()))
    }
}

pub(super) fn not_found(reason: String) -> ApiError {
    ApiError::from(Refusal::new(
        RefusalCode::NotFound,
        Problem::whole(reason, "check the number or refresh"),
    ))
}

/// What only the engine may command is refused at the door, whatever the actor's role.
fn engine_commands_are_the_engines(command: &Command) -> Result<(), ApiError> {
    let internal = matches!(
        command.kind,
        CommandKind::QaResult { .. }
            | CommandKind::ProposalMake(_)
            | CommandKind::EngineStart { .. }
            | CommandKind::StepIntend { .. }
            | CommandKind::StepOutcome { .. }
            | CommandKind::StepRead { .. }
            | CommandKind::DeployRecover { .. }
            | CommandKind::StepForgotten { .. }
            | CommandKind::StoreRestored { .. }
            | CommandKind::DeployWait { .. }
            | CommandKind::StepLate { .. }
            | CommandKind::CopilotRecord(_)
            | CommandKind::CopilotOpen(_)
    );
    if internal {
        return Err(ApiError::from(Refusal::new(
            RefusalCode::NotAllowed,
            Problem::whole("only the engine itself may record this", ""),
        )));
    }
    Ok(())
}
