//! What happened meanwhile, kept until somebody asks: nothing interrupts a line that is being typed or read aloud.

use std::{collections::VecDeque, sync::Arc};

use tokio::sync::broadcast::{Receiver, error::TryRecvError};

use crate::engine::{
    api::{Link, Notice},
    model::{
        event::{Event, EventKind},
        sanitise::sanitise,
    },
};

/// Messages kept.
const KEPT: usize = 200;
/// Messages said at a time.
const PAGE: usize = 20;

/// Messages nobody has read, and how many of them nobody was told of.
#[derive(Debug)]
pub struct News {
    from: Receiver<Notice>,
    unread: VecDeque<String>,
    untold: usize,
}

impl News {
    /// Listens from now on.
    pub const fn new(from: Receiver<Notice>) -> Self {
        Self {
            from,
            unread: VecDeque::new(),
            untold: 0,
        }
    }

    /// How many came since this was asked last: each is announced once, not at every question.
    pub fn came(&mut self) -> usize {
        self.take();
        std::mem::take(&mut self.untold)
    }

    /// Takes what came.
    fn take(&mut self) {
        loop {
            match self.from.try_recv() {
                Ok(Notice::Event(event)) => {
                    if let Some(line) = line(&event) {
                        self.keep(line);
                    }
                }
                Ok(Notice::Link(Link::Seeking(why))) => self.keep(format!("the engine is being looked for: {why}")),
                Ok(_) => {}
                Err(TryRecvError::Lagged(n)) => {
                    self.keep(format!("{n} messages came too fast to keep; audit has them"));
                }
                Err(TryRecvError::Empty | TryRecvError::Closed) => return,
            }
        }
    }

    /// Keeps a line.
    fn keep(&mut self, line: String) {
        self.unread.push_back(line);
        self.untold += 1;
        if self.unread.len() > KEPT {
            self.unread.pop_front();
        }
    }

    /// The newest of what is unread, newest first, and how many older ones are left; the audit trail has them all.
    pub fn read(&mut self) -> (Vec<String>, usize) {
        self.take();
        self.untold = 0;
        let rest = self.unread.len().saturating_sub(PAGE);
        let newest = self.unread.split_off(rest);
        (newest.into_iter().rev().collect(), rest)
    }
}

/// A line for what moves a ticket or asks somebody; steps of a deploy are in its ledger.
fn line(event: &Arc<Event>) -> Option<String> {
    let asks = matches!(event.kind, EventKind::OperatorNeeded | EventKind::Commented);
    if event.status.is_none() && !asks {
        return None;
    }
    let about = event.subject.ticket.map(|no| no.to_string());
    let words = format!(
        "{} {}: {} by {}",
        event.at.jiff().strftime("%H:%M:%S UTC"),
        about.unwrap_or_else(|| event.subject.label.clone()),
        event.summary,
        event.actor.name
    );
    Some(sanitise(&words).into_string())
}

#[cfg(test)]
mod tests {
    use tokio::sync::broadcast;

    use super::*;

    #[test]
    fn messages_are_announced_once_and_read_newest_first_a_page_at_a_time() {
        let (_to, from) = broadcast::channel(1);
        let mut news = News::new(from);
        for n in 0..45 {
            news.keep(n.to_string());
        }
        assert_eq!((news.came(), news.came()), (45, 0));
        let (first, older) = news.read();
        assert_eq!((first.len(), first[0].as_str(), older), (20, "44", 25));
        news.keep("new".to_owned());
        assert_eq!(news.came(), 1);
        let (second, older) = news.read();
        assert_eq!((second[0].as_str(), second[1].as_str(), older), ("new", "24", 6));
        assert_eq!(news.read().0.len(), 6);
        assert_eq!(news.read(), (Vec::new(), 0));
    }

    #[test]
    fn a_flood_keeps_the_newest() {
        let (_to, from) = broadcast::channel(1);
        let mut news = News::new(from);
        for n in 0..=KEPT {
            news.keep(n.to_string());
        }
        assert_eq!(
            news.read(),
            ((181..=200).rev().map(|n: usize| n.to_string()).collect(), 180)
        );
    }
}
