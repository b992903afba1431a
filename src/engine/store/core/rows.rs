//! A row in memory, small: a hundred thousand tickets and their claims must fit beside everything else.
//!
//! Texts of columns (accounts, brands, markets, campaigns) repeat in thousands of rows, so each is kept once and named
//! by a number; a row without columns (claims, counters) has none at all.

use std::{collections::HashMap, num::NonZeroU32, sync::Arc};

use crate::engine::{
    model::{
        event::Seq,
        platform::{AccountId, PlatformId},
        ticket::{Priority, Status},
        time::Timestamp,
    },
    store::{Columns, Key, Kind, Row, Scan},
};

/// A row without its key.
#[derive(Debug)]
pub struct Slot {
    /// The row's version.
    pub version: u64,
    /// The commit that wrote it: where the journal has its body.
    pub seq: Seq,
    /// What it holds.
    pub kind: Kind,
    /// What it can be found by; `None` = nothing.
    pub columns: Option<Box<Packed>>,
    /// The value, if it stays in memory.
    pub body: Option<Arc<[u8]>>,
}

impl Slot {
    /// When it ended, of a deploy that did; `None` of everything else.
    pub fn ended(&self) -> Option<Timestamp> {
        let columns = self.columns.as_ref().filter(|_| self.kind == Kind::Deploy)?;
        columns.updated_at
    }
}

/// The number of a text.
type TextNo = Option<NonZeroU32>;

/// [`Columns`] with numbers for texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    run_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    account: TextNo,
    brand: TextNo,
    market: TextNo,
    campaign: TextNo,
    status: Option<Status>,
    platform: Option<PlatformId>,
    priority: Option<Priority>,
}

/// Every text once. Only grows: there are as many as there are accounts, brands, markets and campaigns.
#[derive(Debug, Default)]
pub struct Texts {
    numbers: HashMap<Arc<str>, NonZeroU32>,
    texts: Vec<Arc<str>>,
}

impl Texts {
    fn number(&mut self, text: Option<&str>) -> TextNo {
        let text = text?;
        if let Some(n) = self.numbers.get(text) {
            return Some(*n);
        }
        let shared: Arc<str> = Arc::from(text);
        self.texts.push(shared.clone());
        let n = NonZeroU32::new(u32::try_from(self.texts.len()).ok()?)?;
        self.numbers.insert(shared, n);
        Some(n)
    }

    fn text(&self, n: TextNo) -> Option<&str> {
        let at = usize::try_from(n?.get()).ok()?.checked_sub(1)?;
        self.texts.get(at).map(|t| &**t)
    }

    /// Packs columns; `None` when they say nothing.
    pub fn pack(&mut self, c: &Columns) -> Option<Box<Packed>> {
        if *c == Columns::default() {
            return None;
        }
        Some(Box::new(Packed {
            run_at: c.run_at,
            updated_at: c.updated_at,
            account: self.number(c.account.as_ref().map(AccountId::as_str)),
            brand: self.number(c.brand.as_deref()),
            market: self.number(c.market.as_deref()),
            campaign: self.number(c.campaign.as_deref()),
            status: c.status,
            platform: c.platform,
            priority: c.priority,
        }))
    }

    fn unpack(&self, packed: Option<&Packed>) -> Columns {
        let Some(p) = packed else { return Columns::default() };
        let owned = |n| self.text(n).map(str::to_owned);
        Columns {
            status: p.status,
            run_at: p.run_at,
            platform: p.platform,
            // What was packed was an account id, so it parses.
            account: self.text(p.account).and_then(|t| t.parse().ok()),
            priority: p.priority,
            brand: owned(p.brand),
            market: owned(p.market),
            campaign: owned(p.campaign),
            updated_at: p.updated_at,
        }
    }

    /// The whole row.
    pub fn row(&self, key: &Key, slot: &Slot, body: Arc<[u8]>) -> Row {
        Row {
            key: key.clone(),
            kind: slot.kind,
            version: slot.version,
            columns: self.unpack(slot.columns.as_deref()),
            body,
        }
    }

    /// True when a slot belongs to a listing.
    pub fn matches(&self, slot: &Slot, scan: &Scan) -> bool {
        if scan.kind.is_some_and(|k| k != slot.kind) {
            return false;
        }
        let Some(p) = slot.columns.as_deref() else {
            return scan.status.is_none() && scan.due_by.is_none() && scan.campaign.is_none() && scan.account.is_none();
        };
        scan.status.is_none_or(|s| p.status == Some(s))
            && scan.due_by.is_none_or(|t| p.run_at.is_some_and(|r| r <= t))
            && scan
                .campaign
                .as_deref()
                .is_none_or(|c| self.text(p.campaign) == Some(c))
            && scan
                .account
                .as_ref()
                .is_none_or(|a| self.text(p.account) == Some(a.as_str()))
    }
}

/// True when a row belongs to a listing: the same rule as [`Texts::matches`], for rows read from elsewhere.
pub fn matches(row: &Row, scan: &Scan) -> bool {
    let c = &row.columns;
    scan.kind.is_none_or(|k| k == row.kind)
        && scan.status.is_none_or(|s| c.status == Some(s))
        && scan.due_by.is_none_or(|t| c.run_at.is_some_and(|r| r <= t))
        && scan.campaign.as_ref().is_none_or(|x| c.campaign.as_ref() == Some(x))
        && scan.account.as_ref().is_none_or(|x| c.account.as_ref() == Some(x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_loses_nothing() {
        let full = Columns {
            status: Some(Status::Deploying),
            run_at: Some(Timestamp::from_micros(7)),
            platform: Some(PlatformId::Meta),
            account: Some("act_1".parse().unwrap()),
            priority: Some(Priority::High),
            brand: Some("b".into()),
            market: Some("m".into()),
            campaign: Some("c".into()),
            updated_at: Some(Timestamp::from_micros(9)),
        };
        let mut texts = Texts::default();
        for columns in [full.clone(), Columns::default(), full] {
            let packed = texts.pack(&columns);
            assert_eq!(texts.unpack(packed.as_deref()), columns);
        }
        assert_eq!(texts.texts.len(), 4, "each text is kept once");
    }
}
