//! Every card in its status, in order of its last change: what makes a column O(its window) and a count O(1).

use std::{collections::BTreeMap, iter::Peekable, sync::Arc};

use crate::engine::{
    api::{
        card::Card,
        filter::{
            Filter,
            sketch::{Sketch, Verdict},
        },
    },
    model::{ids::TicketNo, ticket::Status, time::Timestamp},
};

/// Where a card stands in the order of changes.
type Place = (Timestamp, TicketNo);

fn place(card: &Card) -> Place {
    (card.updated_at, card.no)
}

/// A card in its list, with what a filter can know of it without looking.
#[derive(Debug)]
pub struct Row {
    card: Arc<Card>,
    sketch: Sketch,
}

impl Row {
    /// The card.
    pub const fn card(&self) -> &Arc<Card> {
        &self.card
    }

    /// True when the card passes a filter.
    pub fn passes(&self, filter: &Filter) -> bool {
        match filter.glance(&self.sketch) {
            Verdict::No => false,
            Verdict::Yes => true,
            Verdict::Look => filter.matches(&self.card),
        }
    }
}

/// Cards by status, each status ordered by last change.
#[derive(Debug, Default)]
pub struct Lists(BTreeMap<Status, BTreeMap<Place, Row>>);

impl Lists {
    /// Takes a card, or another form of one that stands at the same place.
    pub(super) fn put(&mut self, card: &Arc<Card>) {
        let list = self.0.entry(card.status).or_default();
        let row = Row {
            card: Arc::clone(card),
            sketch: Sketch::of(card),
        };
        list.insert(place(card), row);
    }

    /// Takes a card out.
    pub(super) fn remove(&mut self, card: &Card) {
        if let Some(list) = self.0.get_mut(&card.status) {
            list.remove(&place(card));
            if list.is_empty() {
                self.0.remove(&card.status);
            }
        }
    }

    /// How many cards there are per status; statuses without any are left out.
    pub fn counts(&self) -> impl Iterator<Item = (Status, u64)> {
        self.0.iter().map(|(status, list)| (*status, list.len() as u64))
    }

    /// How many cards are in a status.
    pub fn count(&self, status: Status) -> u64 {
        self.0.get(&status).map_or(0, |list| list.len() as u64)
    }

    /// The cards of a status, newest change first.
    pub fn of(&self, status: Status) -> impl Iterator<Item = &Row> {
        self.0.get(&status).into_iter().flat_map(|list| list.values().rev())
    }

    /// How many cards changed later than this one.
    pub fn ahead_of(&self, card: &Card) -> usize {
        use std::ops::Bound::{Excluded, Unbounded};
        let later = (Excluded(place(card)), Unbounded);
        self.0.values().map(|list| list.range(later).count()).sum()
    }

    /// Cards of the statuses that are wanted, newest change first.
    pub fn newest_first(&self, wanted: impl Fn(Status) -> bool) -> impl Iterator<Item = &Row> {
        let lists = self.0.iter().filter(|(status, _)| wanted(**status));
        Merged::new(lists.map(|(_, list)| list.iter().rev()), |a, b| a > b)
    }

    /// Cards of every status, oldest change first.
    pub fn oldest_first(&self) -> impl Iterator<Item = &Row> {
        Merged::new(self.0.values().map(BTreeMap::iter), |a, b| a < b)
    }
}

/// A few ordered lists as one.
struct Merged<I: Iterator> {
    lists: Vec<Peekable<I>>,
    is_before: fn(&Place, &Place) -> bool,
}

impl<'a, I: Iterator<Item = (&'a Place, &'a Row)>> Merged<I> {
    fn new(lists: impl Iterator<Item = I>, is_before: fn(&Place, &Place) -> bool) -> Self {
        Self {
            lists: lists.map(Iterator::peekable).collect(),
            is_before,
        }
    }
}

impl<'a, I: Iterator<Item = (&'a Place, &'a Row)>> Iterator for Merged<I> {
    type Item = &'a Row;

    fn next(&mut self) -> Option<Self::Item> {
        let mut best: Option<(usize, &Place)> = None;
        for (i, list) in self.lists.iter_mut().enumerate() {
            if let Some((place, _)) = list.peek()
                && best.is_none_or(|(_, b)| (self.is_before)(place, b))
            {
                best = Some((i, place));
            }
        }
        let (_, row) = self.lists.get_mut(best?.0)?.next()?;
        Some(row)
    }
}
