//! What happened to tickets somebody watches. From the journal, so that nobody who was away misses it.

use super::Engine;
use crate::engine::{
    api::{
        ApiError,
        news::{News, item},
    },
    model::{actor::Actor, event::Seq},
};

/// Events read at a time.
const PAGE: usize = 512;
/// Events looked at for one question: whoever is further behind looks at the list, not at news.
const DEPTH: u64 = 20_000;
/// Pieces told one by one.
const MOST: usize = 20;

impl Engine {
    /// News for somebody after a commit.
    pub(super) async fn news(&self, after: Seq, actor: &Actor) -> Result<News, ApiError> {
        let head = self.projection.read(|s| s.seq);
        let mut news = News {
            at: Seq(after.0.max(head.0.saturating_sub(DEPTH)).min(head.0)),
            ..News::default()
        };
        while news.at < head {
            let events = self.events(news.at, PAGE).await?;
            let Some(last) = events.last() else { break };
            news.at = last.seq;
            let heard = self.projection.read(|s| {
                let watches = |no| {
                    let card = s.by_no.get(&no).and_then(|id| s.cards.get(id));
                    card.is_some_and(|card| card.watchers.iter().any(|w| **w == *actor.name))
                };
                let told = |event| item(event, &actor.name, event.subject.ticket.is_some_and(watches));
                events.iter().filter_map(told).collect::<Vec<_>>()
            });
            news.items.extend(heard);
            let over = news.items.len().saturating_sub(MOST);
            news.items.drain(..over);
            news.left_out += over as u64;
        }
        Ok(news)
    }
}
