//! A window over tickets: the rows around one of them, in an order, out of those a filter lets through.
//!
//! Only the window is put in order. Finding where it begins takes one pass, so a step through 100,000 tickets costs no
//! sorting of them all.

use std::{
    cmp::{Ordering, Reverse},
    sync::Arc,
};

use super::{lists::Row, state::State};
use crate::engine::api::{SortKey, TicketRows, TicketWindow, card::Card};

impl State {
    /// A window over tickets.
    pub fn tickets(&self, ask: &TicketWindow) -> TicketRows {
        let anchor = ask.anchor.and_then(|id| self.cards.get(&id));
        let anchor = anchor.filter(|c| ask.filter.matches(c));
        if ask.filter.is_empty() && ask.sort == SortKey::Updated {
            return self.by_change(ask, anchor);
        }
        let may_hold = |status| ask.filter.may_hold(status);
        let found = self.lists.newest_first(may_hold).filter(|row| row.passes(&ask.filter));
        let mut cards: Vec<&Arc<Card>> = found.map(Row::card).collect();
        let order = |a: &Card, b: &Card| {
            let order = compare(ask.sort, a, b);
            if ask.reverse { order.reverse() } else { order }
        };
        let at = match anchor {
            None => 0,
            Some(anchor) if ask.sort == SortKey::Updated => {
                let newer = cards.iter().position(|c| Arc::ptr_eq(c, anchor)).unwrap_or(0);
                if ask.reverse { cards.len() - 1 - newer } else { newer }
            }
            Some(anchor) => cards.iter().filter(|c| order(c, anchor).is_lt()).count(),
        };
        let (first, last) = bounds(ask, at, cards.len());
        if ask.sort != SortKey::Updated {
            let by = |a: &&Arc<Card>, b: &&Arc<Card>| order(a, b);
            if last < cards.len() {
                cards.select_nth_unstable_by(last, by);
            }
            let head = cards.get_mut(..last).unwrap_or_default();
            if first < head.len() {
                head.select_nth_unstable_by(first, by);
            }
            head.get_mut(first..).unwrap_or_default().sort_unstable_by(by);
        } else if ask.reverse {
            cards.reverse();
        }
        self.rows(
            cards.get(first..last).unwrap_or_default().iter().copied(),
            first,
            cards.len(),
        )
    }

    /// Every ticket in the order it is kept in: nothing is collected.
    fn by_change(&self, ask: &TicketWindow, anchor: Option<&Arc<Card>>) -> TicketRows {
        let matching = self.cards.len();
        let at = anchor.map_or(0, |card| {
            let newer = self.lists.ahead_of(card);
            if ask.reverse { matching - 1 - newer } else { newer }
        });
        let (first, last) = bounds(ask, at, matching);
        if ask.reverse {
            let cards = self.lists.oldest_first().map(Row::card).skip(first).take(last - first);
            return self.rows(cards, first, matching);
        }
        let cards = self
            .lists
            .newest_first(|_| true)
            .map(Row::card)
            .skip(first)
            .take(last - first);
        self.rows(cards, first, matching)
    }

    fn rows<'a>(&self, cards: impl Iterator<Item = &'a Arc<Card>>, first: usize, matching: usize) -> TicketRows {
        TicketRows {
            rows: cards.map(|c| Card::clone(c)).collect(),
            first: first as u64,
            matching: matching as u64,
            total: self.cards.len() as u64,
            at: self.seq,
        }
    }
}

/// The window around a place, within what there is.
fn bounds(ask: &TicketWindow, at: usize, matching: usize) -> (usize, usize) {
    let first = at.saturating_sub(ask.before as usize);
    let last = at.saturating_add(ask.after as usize).min(matching);
    (first.min(last), last)
}

/// The order of two cards. Never equal for two tickets: the later change goes first, as everywhere.
fn compare(sort: SortKey, a: &Card, b: &Card) -> Ordering {
    let by_sort = match sort {
        SortKey::Updated => Ordering::Equal,
        SortKey::Number => b.no.cmp(&a.no),
        SortKey::Name => a.name.cmp(&b.name),
        SortKey::Status => a.status.cmp(&b.status),
        SortKey::Budget => {
            let key = |c: &Card| c.budget.map(|b| (b.money.currency(), b.money.amount()));
            match (key(a), key(b)) {
                (Some((ca, xa)), Some((cb, xb))) => ca.cmp(&cb).then(xb.cmp(&xa)),
                (a, b) => b.is_some().cmp(&a.is_some()),
            }
        }
    };
    by_sort.then_with(|| Reverse((a.updated_at, a.no)).cmp(&Reverse((b.updated_at, b.no))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{
        api::filter::Filter,
        model::{
            approval::Standing,
            ids::{CampaignId, TicketId, TicketNo},
            platform::PlatformId,
            ticket::{Priority, RequestType, Status},
            time::Timestamp,
        },
    };
    use proptest::prelude::*;
    use uuid::Uuid;

    const FILTERS: [&str; 11] = [
        "market:de !brand:nov",
        "platform:meta priority:normal request:create",
        "!owner:ana !market:us",
        "s 1003",
        "",
        "status:draft",
        "!status:draft",
        "status:draft status:failed",
        "spring",
        "!owner:ana spring",
        "no:1003",
    ];

    /// Rules as cards hold them, and as people ask for them: a rule of the house also without its first word.
    const RULES: [&str; 4] = ["house.utm.required", "budget.cap", "house.Größe", "platform.check"];
    const ASKED: [&str; 6] = [
        "house.utm.required",
        "utm.required",
        "budget.cap",
        "größe",
        "house.größe",
        "house.budget.cap",
    ];
    const PEOPLE: [&str; 5] = ["ana", "Ben", "Änne", "dora.k", "eve-2"];

    fn card(no: u32, status: Status, name: &str, assignee: &str, updated_at: Timestamp) -> Card {
        let uuid = Uuid::from_u128(u128::from(no));
        Card {
            id: TicketId::new(uuid),
            no: TicketNo(no),
            version: 1,
            status,
            request: RequestType::Create,
            name: name.to_owned(),
            campaign: CampaignId::new(uuid),
            brand: "ACM".into(),
            market: "DE".into(),
            channel: "META".into(),
            platform: PlatformId::Meta,
            account: "act_1".parse().unwrap(),
            budget: None,
            flight: None,
            priority: Priority::default(),
            assignee: assignee.into(),
            errors: 0,
            warnings: 0,
            rules: Vec::new(),
            failure: None,
            proposed: false,
            deploy: None,
            objects: 0,
            approvals: Standing::default(),
            updated_by: "ana".into(),
            author: "ana".into(),
            watchers: Vec::new(),
            updated_at,
        }
    }

    fn state(cards: &[(u8, u8, u8, bool)]) -> State {
        let mut state = State::default();
        for (no, (status, at, name, ana)) in (1000_u32..).zip(cards) {
            let status = Status::ALL[usize::from(*status) % Status::ALL.len()];
            let name = ["ACM_Spring", "NOV_spring", "HAL_Fall"][usize::from(*name) % 3];
            let assignee = if *ana { "ana" } else { "ben" };
            state.take_card(card(
                no,
                status,
                name,
                assignee,
                Timestamp::from_micros(i64::from(*at % 8)),
            ));
        }
        state.refresh_touched();
        state
    }

    /// The same answer the long way: everything sorted, then cut.
    fn long_way(state: &State, ask: &TicketWindow) -> (Vec<TicketId>, u64, u64) {
        let mut cards: Vec<_> = state.cards.values().filter(|c| ask.filter.matches(c)).collect();
        cards.sort_by_key(|c| std::cmp::Reverse((c.updated_at, c.no)));
        match ask.sort {
            SortKey::Updated => {}
            SortKey::Number => cards.sort_by_key(|c| Reverse(c.no)),
            SortKey::Name => cards.sort_by(|a, b| a.name.cmp(&b.name)),
            SortKey::Status => cards.sort_by_key(|c| c.status),
            SortKey::Budget => cards.sort_by_key(|c| c.budget.is_none()),
        }
        if ask.reverse {
            cards.reverse();
        }
        let anchor = ask.anchor.and_then(|id| cards.iter().position(|c| c.id == id));
        let first = anchor.unwrap_or(0).saturating_sub(ask.before as usize);
        let last = anchor.unwrap_or(0).saturating_add(ask.after as usize).min(cards.len());
        let rows = cards
            .get(first..last)
            .unwrap_or_default()
            .iter()
            .map(|c| c.id)
            .collect();
        (rows, first as u64, cards.len() as u64)
    }

    proptest! {
        #[test]
        fn a_window_is_the_same_as_the_long_way(
            cards in proptest::collection::vec(any::<(u8, u8, u8, bool)>(), 0..40),
            (filter, sort, reverse) in (0..FILTERS.len(), 0_usize..5, any::<bool>()),
            (anchor, before, after) in (proptest::option::of(0_usize..45), 0_u32..12, 0_u32..12),
        ) {
            let state = state(&cards);
            let sorts = [SortKey::Updated, SortKey::Number, SortKey::Name, SortKey::Status, SortKey::Budget];
            let mut ids: Vec<TicketId> = state.by_no.values().copied().collect();
            ids.push(TicketId::new(Uuid::nil()));
            let ask = TicketWindow {
                filter: Filter::parse(FILTERS[filter]).unwrap(),
                sort: sorts[sort],
                reverse,
                anchor: anchor.and_then(|a| ids.get(a).copied()),
                before,
                after,
            };
            let rows = state.tickets(&ask);
            let ids = rows.rows.iter().map(|c| c.id).collect();
            prop_assert_eq!((ids, rows.first, rows.matching), long_way(&state, &ask));

            let board = state.board(&ask.filter, after);
            for column in board {
                let mut all: Vec<_> = state.cards.values()
                    .filter(|c| c.status == column.status && ask.filter.matches(c))
                    .collect();
                all.sort_by_key(|c| Reverse((c.updated_at, c.no)));
                prop_assert_eq!(column.count, all.len() as u64);
                let wanted: Vec<_> = all.iter().take(after as usize).map(|c| c.id).collect();
                prop_assert_eq!(column.cards.iter().map(|c| c.id).collect::<Vec<_>>(), wanted);
            }
        }

        /// What is known of a card without looking never rules out what the card would let through, nor lets through
        /// what it would not.
        #[test]
        fn a_glance_says_what_a_look_would(
            (rules, author, watchers) in (
                proptest::sample::subsequence(RULES.to_vec(), 0..=RULES.len()),
                proptest::sample::select(&PEOPLE),
                proptest::sample::subsequence(PEOPLE.to_vec(), 0..=3),
            ),
            terms in proptest::collection::vec(
                (any::<bool>(), 0_usize..5, 0_usize..40, any::<bool>()),
                1..4,
            ),
            me in proptest::sample::select(&PEOPLE),
        ) {
            let mut card = card(1000, Status::QaFailed, "ACM_Spring", author, Timestamp::from_micros(1));
            card.rules = rules.into_iter().map(Into::into).collect();
            card.author = author.into();
            card.updated_by = author.into();
            card.watchers = watchers.into_iter().map(Into::into).collect();
            let mut state = State::default();
            state.take_card(card.clone());
            let mut text = String::new();
            for (not, field, value, loud) in terms {
                let field = ["rule", "author", "watching", "owner", "by"][field];
                let value = match field {
                    "rule" => ASKED[value % ASKED.len()],
                    _ => PEOPLE.iter().copied().chain(["me"]).nth(value % (PEOPLE.len() + 1)).unwrap_or("me"),
                };
                let value = if loud { value.to_uppercase() } else { value.to_owned() };
                text.extend([if not { "!" } else { "" }, field, ":", &value, " "]);
            }
            let filter = Filter::parse(&text).unwrap().asked_by(me);
            let row = state.lists.of(Status::QaFailed).next().unwrap();
            prop_assert_eq!(row.passes(&filter), filter.matches(&card), "{} asked by {}", text, me);
        }

        #[test]
        fn lists_follow_what_leaves_and_changes(
            cards in proptest::collection::vec(any::<(u8, u8, u8, bool)>(), 1..30),
            changes in proptest::collection::vec((0_usize..30, any::<bool>(), 0_usize..8), 0..30),
        ) {
            let mut state = state(&cards);
            let ids: Vec<TicketId> = state.by_no.values().copied().collect();
            for (which, leaves, status) in changes {
                let Some(id) = ids.get(which).copied() else { continue };
                let Some(mut card) = state.cards.get(&id).map(|c| Card::clone(c)) else { continue };
                state.drop_card(id);
                if !leaves {
                    card.status = Status::ALL[status];
                    state.take_card(card);
                    state.amend(id, |c| c.proposed = true);
                }
            }
            let listed: Vec<_> = state.lists.newest_first(|_| true).map(Row::card).collect();
            prop_assert_eq!(listed.len(), state.cards.len());
            for card in listed {
                prop_assert!(Arc::ptr_eq(card, &state.cards[&card.id]));
            }
            let counted: u64 = state.lists.counts().map(|(_, n)| n).sum();
            prop_assert_eq!(counted, state.cards.len() as u64);
        }
    }
}
