//! What the audit screen knows.

use jiff::tz::TimeZone;
use ratatui::layout::Rect;

use crate::{
    engine::{
        api::{AuditAsk, VerifyReport},
        model::{
            event::{Event, Seq},
            time::Timestamp,
        },
    },
    tui::{
        app::{effect::SlotId, msg::Millis, slot::Slot},
        ui::{
            layout::{inner, panes, split_left},
            select::Selection,
        },
    },
};

/// Rows asked for at a time.
pub const BATCH: u32 = 200;

/// The audit trail.
#[derive(Debug)]
pub struct Audit {
    /// The last batch that arrived.
    pub slot: Slot<Vec<Event>>,
    /// Everything at hand, newest first.
    pub rows: Vec<Event>,
    /// The filter as typed.
    pub filter: String,
    /// The filter as asked.
    pub asked: AuditAsk,
    /// True while the question in flight is for older rows.
    pub older: bool,
    /// True once the oldest row is at hand.
    pub complete: bool,
    /// The row under the cursor.
    pub pick: Selection<Seq>,
    /// A check of the store.
    pub verify: Slot<VerifyReport>,
}

impl Default for Audit {
    fn default() -> Self {
        Self {
            slot: Slot::new(SlotId::Audit),
            rows: Vec::new(),
            filter: String::new(),
            asked: AuditAsk::default(),
            older: false,
            complete: false,
            pick: Selection::default(),
            verify: Slot::new(SlotId::Verify),
        }
    }
}

impl Audit {
    /// The row under the cursor.
    pub fn selected(&self) -> Option<&Event> {
        let seq = self.pick.id()?;
        self.rows.iter().find(|e| e.seq == seq)
    }

    /// Ids of the rows.
    pub fn ids(&self) -> Vec<Seq> {
        self.rows.iter().map(|e| e.seq).collect()
    }

    /// Since when an answer is awaited.
    pub fn loading_since(&self) -> Option<Millis> {
        self.slot.loading_since().or_else(|| self.verify.loading_since())
    }
}

/// Parses `actor:ana entity:1042 since:2h until:2026-11-20 words`; moments as [`Timestamp::parse_about`] takes them.
pub fn parse(text: &str, now: Timestamp, zone: &TimeZone) -> Result<AuditAsk, String> {
    let mut ask = AuditAsk {
        limit: BATCH,
        ..AuditAsk::default()
    };
    let mut words = Vec::new();
    for part in text.split_whitespace() {
        match part.split_once(':') {
            Some(("actor" | "by", name)) if !name.is_empty() => ask.actor = Some(name.to_owned()),
            Some(("entity" | "ticket" | "no", no)) => {
                let no = no
                    .parse()
                    .map_err(|_| "entity: needs a ticket number, as in entity:1042".to_owned())?;
                ask.ticket = Some(no);
            }
            Some((field @ ("since" | "until"), moment)) => {
                let moment = Timestamp::parse_about(moment, now, zone).ok_or_else(|| {
                    format!("{field}: needs a moment, as in {field}:2h, {field}:3d or {field}:2026-11-20")
                })?;
                *(if field == "since" {
                    &mut ask.since
                } else {
                    &mut ask.until
                }) = Some(moment);
            }
            Some(("actor" | "by", _)) => return Err("actor: needs a name, as in actor:ana".to_owned()),
            _ => words.push(part),
        }
    }
    ask.text = (!words.is_empty()).then(|| words.join(" "));
    Ok(ask)
}

/// Where the audit's parts are: the list, and the entry beside it from two panes on.
pub fn geometry(body: Rect) -> (Rect, Rect, usize) {
    let (list, entry) = if panes(body.width) >= 2 {
        split_left(body, body.width / 8 * 5)
    } else {
        (body, Rect::default())
    };
    let page = usize::from(inner(list).height.saturating_sub(1)).max(1);
    (list, entry, page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::model::ids::TicketNo;

    #[test]
    fn the_filter_knows_actor_entity_and_time() {
        let now = Timestamp::parse("2026-11-20T14:32:05Z").unwrap();
        let parse = |text| parse(text, now, &TimeZone::UTC);
        let ask = parse("actor:ana entity:1042 since:2h until:2026-11-20 budget cap").unwrap();
        assert_eq!(ask.since, Timestamp::parse("2026-11-20T12:32:05Z").ok());
        assert_eq!(ask.until, Timestamp::parse("2026-11-20T00:00:00Z").ok());
        assert!(parse("since:soon").unwrap_err().contains("since:2h"));
        assert_eq!(ask.actor.as_deref(), Some("ana"));
        assert_eq!(ask.ticket, Some(TicketNo(1042)));
        assert_eq!(ask.text.as_deref(), Some("budget cap"));
        assert!(parse("entity:abc").unwrap_err().contains("1042"));
        assert!(parse("actor:").is_err());
    }
}
