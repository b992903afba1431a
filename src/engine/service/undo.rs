//! Reads from the journal what is needed to take a change back.

use super::{Engine, ask::not_found, refuse};
use crate::engine::{
    api::{
        ApiError,
        undo::{UndoAsk, UndoPlan},
    },
    decide::{
        command::{Command, CommandKind},
        undo::{
            Inverse,
            back::{self, No, Past, Thing},
            stack::{self, Stacks},
            without_note,
        },
    },
    model::{
        actor::Actor,
        event::{Event, Noun, Seq, Subject},
        ids::QaRunId,
        refusal::{Problem, Refusal, RefusalCode},
        ticket::Status,
    },
    store::{
        Key, Row,
        codec::{self, Stored},
        schema::keys,
    },
};

/// Events read at a time.
const PAGE: u64 = 512;
/// How far back one's own changes are looked for.
const OWN_DEPTH: u64 = 20_000;
/// How far back later changes of the same thing are looked for.
const LATER_DEPTH: u64 = 200_000;
/// Changes passed over because nothing of them is left.
const PASSED_OVER: usize = 64;

impl Engine {
    /// Puts the opposite of the change into an undo; whatever a client wrote there is gone. Other commands pass.
    pub(super) async fn with_inverse(&self, mut command: Box<Command>) -> Result<Box<Command>, ApiError> {
        if let CommandKind::Undo { of, version, inverse } = &mut command.kind {
            let (_, found) = self.opposite(*of).await?;
            let (found, is) = found.map_err(|no| ApiError::from(no.into_refusal()))?;
            if *version != 0 && *version != is {
                return Err(ApiError::from(Refusal::new(
                    RefusalCode::Stale,
                    Problem::whole(
                        format!(
                            "what seq {of} changed was changed since you looked: you saw version {version}, it is now version {is}"
                        ),
                        "look at what would be taken back, then do it again",
                    ),
                )));
            }
            *inverse = Some(Box::new(found));
        }
        Ok(command)
    }

    /// Which change would be taken back, and what that would change.
    pub(super) async fn plan_undo(&self, ask: &UndoAsk, actor: &Actor) -> Result<UndoPlan, ApiError> {
        let candidates = if let Some(seq) = ask.of {
            vec![seq]
        } else {
            let Stacks { undo, redo } = self.own_changes(ask, actor).await?;
            if ask.redo { redo } else { undo }
        };
        let mut first = None;
        for of in candidates.into_iter().rev().take(PASSED_OVER) {
            let (event, found) = self.opposite(of).await?;
            let (inverse, version) = match found {
                Ok(found) => found,
                Err(No::Nothing(refusal)) => {
                    first.get_or_insert(refusal);
                    continue;
                }
                Err(No::Stop(refusal)) => return Err(ApiError::from(refusal)),
            };
            let redo = inverse.again.is_some();
            let kind = CommandKind::Undo {
                of,
                version,
                inverse: Some(Box::new(inverse)),
            };
            let command = Command {
                id: self.command_id(),
                kind,
            };
            let commit = self.dry_run(&command, actor).await?;
            return Ok(UndoPlan {
                of,
                version,
                subject: event.subject,
                by: event.actor,
                at: event.at,
                summary: event.summary,
                would: commit.event.summary,
                changes: without_note(&commit.event.changes),
                redo,
            });
        }
        let nothing = || {
            let (what, remedy) = if ask.redo {
                ("nothing of yours was taken back that could be made again", "")
            } else {
                (
                    "there is no change of yours that could be taken back",
                    "`omnitraffick undo SEQ` takes any change back; the audit trail has the numbers",
                )
            };
            Refusal::new(RefusalCode::NotFound, Problem::whole(what, remedy))
        };
        Err(ApiError::from(first.unwrap_or_else(nothing)))
    }

    /// Somebody's own changes, from the journal's newest part.
    async fn own_changes(&self, ask: &UndoAsk, actor: &Actor) -> Result<Stacks, ApiError> {
        let head = self.projection.read(|s| s.seq);
        let oldest = Seq(head.0.saturating_sub(OWN_DEPTH));
        let own = |e: &Event| e.actor.name == actor.name && ask.ticket.is_none_or(|no| e.subject.ticket == Some(no));
        let events = self.back_to(oldest, own).await?;
        Ok(stack::stacks(&events))
    }

    /// Events after a number that fit, oldest first.
    async fn back_to(&self, after: Seq, fits: impl Fn(&Event) -> bool) -> Result<Vec<Event>, ApiError> {
        let head = self.projection.read(|s| s.seq);
        let mut at = after;
        let mut found = Vec::new();
        while at < head {
            let page = usize::try_from(PAGE.min(head.0 - at.0)).unwrap_or_default();
            let events = self.store.events(at, page).await.map_err(refuse)?;
            let Some(last) = events.last().map(|e| e.seq) else {
                break;
            };
            at = last;
            found.extend(events.into_iter().filter(|e| fits(e)));
        }
        Ok(found)
    }

    /// The opposite of a change, or why there is none.
    async fn opposite(&self, of: Seq) -> Result<(Event, Result<(Inverse, u64), No>), ApiError> {
        let before = Seq(of.0.saturating_sub(1));
        let mut page = if of.0 == 0 {
            Vec::new()
        } else {
            self.store.events(before, 1).await.map_err(refuse)?
        };
        let event = page
            .pop()
            .filter(|e| e.seq == of)
            .ok_or_else(|| not_found(format!("the journal has no seq {of}")))?;
        let key = self.key_of(&event.subject);
        let mut past = Past {
            event: &event,
            before: None,
            after: None,
            now: None,
            paused: false,
            later: &[],
            run: QaRunId::new(self.entropy.uuid(self.clock.now())),
        };
        let mut later = Vec::new();
        if let Some(key) = &key {
            past.now = self.row(key).await?.and_then(|r| thing(&r).map(|t| (r.version, t)));
            let at = self.store.written(key, of).await.map_err(refuse)?;
            if let Some((_, row)) = at.filter(|(seq, _)| *seq == of) {
                past.after = thing(&row);
                let row = self.store.written(key, before).await.map_err(refuse)?;
                past.before = row.and_then(|(_, row)| thing(&row));
            }
            let head = self.projection.read(|s| s.seq);
            let start = of.max(Seq(head.0.saturating_sub(LATER_DEPTH)));
            later = self.back_to(start, |e| is_same(&e.subject, &event.subject)).await?;
        }
        if let Some((_, Thing::Ticket(ticket))) = &past.now
            && ticket.status == Status::Deploying
            && let Some(deploy) = ticket.deploy
        {
            past.paused = self.deploy(deploy).await?.paused_by.is_some();
        }
        past.later = &later;
        let inverse = back::inverse(&past);
        Ok((event, inverse))
    }

    /// The row of what an event is about.
    fn key_of(&self, subject: &Subject) -> Option<Key> {
        if let Some(no) = subject.ticket {
            return self.projection.read(|s| s.by_no.get(&no).copied()).map(keys::ticket);
        }
        Some(match subject.noun {
            Noun::Market => keys::market(subject.id.parse().ok()?),
            Noun::Brand => keys::brand(subject.id.parse().ok()?),
            Noun::Channel => keys::channel(subject.id.parse().ok()?),
            Noun::Campaign => keys::campaign(subject.id.parse().ok()?),
            Noun::Ticket => keys::ticket(subject.id.parse().ok()?),
            Noun::Engine | Noun::Deploy | Noun::Rule => return None,
        })
    }
}

fn is_same(a: &Subject, b: &Subject) -> bool {
    match (a.ticket, b.ticket) {
        (None, None) => a.noun == b.noun && a.id == b.id,
        (a, b) => a == b,
    }
}

fn thing(row: &Row) -> Option<Thing> {
    fn open<T: Stored>(row: &Row) -> Option<Box<T>> {
        codec::decode(&row.body).ok().map(Box::new)
    }
    use crate::engine::store::Kind;
    match row.kind {
        Kind::Ticket => open(row).map(Thing::Ticket),
        Kind::Market => open(row).map(Thing::Market),
        Kind::Brand => open(row).map(Thing::Brand),
        Kind::Channel => open(row).map(Thing::Channel),
        Kind::Campaign => open(row).map(Thing::Campaign),
        _ => None,
    }
}
