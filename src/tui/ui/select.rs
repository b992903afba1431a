//! A selection that follows an id while rows move, and a scroll position that follows the selection.

/// A movement in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// One row.
    Down,
    /// One row.
    Up,
    /// Half a page.
    HalfDown,
    /// Half a page.
    HalfUp,
    /// A page.
    PageDown,
    /// A page.
    PageUp,
    /// To the first row.
    Top,
    /// To the last row.
    Bottom,
}

impl Move {
    /// Where it leads from `index` in a list of `len` rows with `page` rows in view.
    pub fn target(self, index: usize, len: usize, page: usize) -> usize {
        let page = page.max(1);
        let to = match self {
            Self::Down => index.saturating_add(1),
            Self::Up => index.saturating_sub(1),
            Self::HalfDown => index.saturating_add(page.div_ceil(2)),
            Self::HalfUp => index.saturating_sub(page.div_ceil(2)),
            Self::PageDown => index.saturating_add(page),
            Self::PageUp => index.saturating_sub(page),
            Self::Top => 0,
            Self::Bottom => usize::MAX,
        };
        to.min(len.saturating_sub(1))
    }
}

/// The selected row of a list, known by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection<I> {
    id: Option<I>,
    index: usize,
    top: usize,
    /// Rows of the whole list before the first one at hand.
    before: usize,
    /// Rows that came above the selection and were not in view since.
    above: usize,
    /// The next rows are another list.
    is_other: bool,
}

impl<I> Default for Selection<I> {
    fn default() -> Self {
        Self {
            id: None,
            index: 0,
            top: 0,
            before: 0,
            above: 0,
            is_other: false,
        }
    }
}

impl<I: Clone + PartialEq> Selection<I> {
    /// The selected id.
    pub fn id(&self) -> Option<I> {
        self.id.clone()
    }

    /// The selected row.
    pub const fn index(&self) -> usize {
        self.index
    }

    /// Rows changed. The selection stays on its id and at its place on screen; if the id is gone, the neighbour is
    /// selected and the lost id returned, so that somebody can say why.
    pub fn sync(&mut self, ids: &[I]) -> Option<I> {
        self.sync_from(ids, 0)
    }

    /// The same for rows at hand that begin `before` rows after the list's start.
    pub fn sync_from(&mut self, ids: &[I], before: usize) -> Option<I> {
        let was = self.before + self.index;
        let offset = self.index.saturating_sub(self.top);
        let found = self.id.as_ref().and_then(|id| ids.iter().position(|i| i == id));
        let is_known = found.is_some();
        let lost = if is_known { None } else { self.id.take() };
        self.index = found.unwrap_or(self.index).min(ids.len().saturating_sub(1));
        self.id = ids.get(self.index).cloned();
        self.top = self.index.saturating_sub(offset);
        self.before = before;
        if std::mem::take(&mut self.is_other) {
            self.above = 0;
        } else if is_known {
            // What left from above is not new any more.
            self.above = (self.above + before + self.index).saturating_sub(was);
        }
        self.note_top();
        lost
    }

    /// Rows that came above the view and were not seen yet, with `page` rows of `len` in view: new ones never push away
    /// what somebody reads, so they are counted instead.
    pub fn new_above(&self, page: usize, len: usize) -> usize {
        self.above.min(self.before + self.top_for(page, len))
    }

    /// The list's first row in view means that nothing above is unseen.
    const fn note_top(&mut self) {
        if self.before + self.top == 0 {
            self.above = 0;
        }
    }

    /// Goes to a row.
    pub fn go(&mut self, ids: &[I], index: usize) {
        self.index = index.min(ids.len().saturating_sub(1));
        self.id = ids.get(self.index).cloned();
    }

    /// Goes to a row in view, counted from the first one in view. False when there is none.
    pub fn click(&mut self, ids: &[I], row: usize, page: usize) -> bool {
        let top = self.top_for(page, ids.len());
        let index = top + row;
        let is_there = row < page && index < ids.len();
        if is_there {
            self.go(ids, index);
            self.top = top;
        }
        is_there
    }

    /// Goes to an id, if it is there.
    pub fn go_to(&mut self, ids: &[I], id: &I) -> bool {
        let found = ids.iter().position(|i| i == id);
        if let Some(index) = found {
            self.go(ids, index);
        }
        found.is_some()
    }

    /// Wants this id, before any row is known.
    pub fn aim(&mut self, id: I) {
        self.id = Some(id);
    }

    /// Moves.
    pub fn step(&mut self, ids: &[I], step: Move, page: usize) {
        self.go(ids, step.target(self.index, ids.len(), page));
        self.top = self.top_for(page, ids.len());
        self.note_top();
    }

    /// The first row in view: the stored one, corrected so that the selection is in view and no room is wasted.
    pub fn top_for(&self, page: usize, len: usize) -> usize {
        let page = page.max(1);
        let lowest = (self.index + 1).saturating_sub(page);
        self.top
            .clamp(lowest, self.index.max(lowest))
            .min(len.saturating_sub(page))
    }

    /// Goes somewhere in rows that begin `before` rows after the list's start: a journey, no news.
    pub fn jump(&mut self, ids: &[I], before: usize, step: Move) {
        self.before = before;
        self.above = 0;
        self.step(ids, step, usize::MAX);
    }

    /// The next rows are another list: what stands above the selection there is no news.
    pub const fn other_list(&mut self) {
        self.is_other = true;
    }

    /// Forgets everything.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Selects an id before its rows are there.
    pub fn expect(&mut self, id: I) {
        self.id = Some(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_selection_follows_its_id_and_its_place_on_screen() {
        let mut s = Selection::default();
        let rows: Vec<u32> = (0..100).collect();
        s.sync(&rows);
        for _ in 0..30 {
            s.step(&rows, Move::Down, 10);
        }
        assert_eq!((s.id(), s.top_for(10, 100)), (Some(30), 21));
        let newer: Vec<u32> = (200..205).chain(0..100).collect();
        assert_eq!(s.sync(&newer), None);
        assert_eq!((s.id(), s.index(), s.top_for(10, 105)), (Some(30), 35, 26));
    }

    #[test]
    fn what_comes_above_is_counted_until_it_was_seen() {
        let mut s = Selection::default();
        s.sync(&[5, 4, 3, 2, 1]);
        assert_eq!(s.new_above(3, 5), 0);
        s.sync(&[7, 6, 5, 4, 3, 2, 1]);
        assert_eq!((s.id(), s.top_for(3, 7), s.new_above(3, 7)), (Some(5), 2, 2));
        assert_eq!(
            s.new_above(7, 7),
            0,
            "where everything is in view nothing is new above it"
        );
        s.sync(&[8, 6, 5, 4, 3, 2, 1]);
        assert_eq!(s.new_above(3, 7), 2, "one left, one came");
        s.step(&[8, 6, 5, 4, 3, 2, 1], Move::Top, 3);
        assert_eq!((s.id(), s.new_above(3, 7)), (Some(8), 0));
    }

    #[test]
    fn a_window_into_a_long_list_counts_from_its_place_in_it() {
        let mut s = Selection::default();
        s.sync_from(&[50, 49, 48], 100);
        s.sync_from(&[51, 50, 49], 102);
        assert_eq!((s.id(), s.new_above(2, 3)), (Some(50), 3));
        // Stepping through windows is no news.
        s.step(&[51, 50, 49], Move::Down, 2);
        s.sync_from(&[50, 49, 48], 103);
        assert_eq!((s.id(), s.new_above(2, 3)), (Some(49), 3));
    }

    #[test]
    fn a_lost_row_hands_over_to_its_neighbour_and_is_named() {
        let mut s = Selection::default();
        s.sync(&[1, 2, 3]);
        s.step(&[1, 2, 3], Move::Bottom, 5);
        assert_eq!(s.sync(&[1, 2]), Some(3));
        assert_eq!(s.id(), Some(2));
        assert_eq!(s.sync(&[]), Some(2));
        assert_eq!((s.id(), s.sync(&[])), (None, None));
    }

    proptest::proptest! {
        #[test]
        fn the_selected_row_is_always_in_view(len in 1_usize..60, page in 1_usize..20, steps in proptest::collection::vec(0_usize..8, 0..40)) {
            let ids: Vec<usize> = (0..len).collect();
            let moves = [Move::Down, Move::Up, Move::HalfDown, Move::HalfUp, Move::PageDown, Move::PageUp, Move::Top, Move::Bottom];
            let mut s = Selection::default();
            s.sync(&ids);
            for step in steps {
                s.step(&ids, moves[step], page);
                let top = s.top_for(page, len);
                proptest::prop_assert!(top <= s.index() && s.index() < top + page);
            }
        }
    }
}
