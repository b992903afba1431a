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

/// Messages, and how many nobody has read.
#[derive(Debug)]
pub struct News {
    from: Receiver<Notice>,
    kept: VecDeque<String>,
    unread: usize,
}

impl News {
    /// Listens from now on.
    pub const fn new(from: Receiver<Notice>) -> Self {
        Self {
            from,
            kept: VecDeque::new(),
            unread: 0,
        }
    }

    /// Takes what came, and says how much is unread.
    pub fn unread(&mut self) -> usize {
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
                    self.keep(format!("{n} messages came too fast to keep; audit has them"))
                }
                Err(TryRecvError::Empty | TryRecvError::Closed) => return self.unread.min(self.kept.len()),
            }
        }
    }

    /// Keeps a line.
    fn keep(&mut self, line: String) {
        self.kept.push_back(line);
        self.unread += 1;
        if self.kept.len() > KEPT {
            self.kept.pop_front();
        }
    }

    /// Everything kept, oldest first; it is read now.
    pub fn read(&mut self) -> Vec<String> {
        self.unread();
        self.unread = 0;
        self.kept.iter().cloned().collect()
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
