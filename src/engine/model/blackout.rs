//! Blackout windows: times in which nothing new is sent, or nothing is switched on.
//!
//! Times are local to a zone. A time that a clock change leaves out moves forward; one that comes twice means the first.
//!
//! Invariant: a window never holds back what stops spending (a PAUSE ticket, putting away what a cancelled ticket made).

use jiff::{
    Timestamp as Moment,
    civil::{Date, DateTime, Time, Weekday},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

use super::{
    code::Code,
    deploy::{Deploy, Step},
    platform::PlatformId,
    ticket::RequestType,
    time::Timestamp,
};

/// Windows that follow on each other are followed this far.
const CHAIN: usize = 64;

/// What a window holds back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Every step.
    #[default]
    All,
    /// Only what switches something on: objects are made, and stay paused.
    Activate,
}

/// When it is in force, local time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// From one moment to another.
    Once {
        /// First moment.
        from: DateTime,
        /// First moment after it.
        to: DateTime,
    },
    /// Every day, or on the days it begins on; past midnight when `to` is not later than `from`.
    Daily {
        /// First moment.
        from: Time,
        /// First moment after it.
        to: Time,
        /// Days it begins on; empty = every day.
        days: Vec<Weekday>,
    },
}

/// One window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blackout {
    /// Only this platform.
    pub platform: Option<PlatformId>,
    /// Only this market.
    pub market: Option<Code>,
    /// Only this brand.
    pub brand: Option<Code>,
    /// Whose local time.
    pub zone: TimeZone,
    /// When.
    pub span: Span,
    /// What it holds back.
    pub scope: Scope,
}

/// Where a deploy goes, as far as windows ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The platform.
    pub platform: PlatformId,
    /// The campaign's market, by code.
    pub market: Option<Code>,
    /// The campaign's brand, by code.
    pub brand: Option<Code>,
}

/// What a step is to windows: [`Scope::Activate`] when it switches something on, else [`Scope::All`]. `None` = no window
/// holds it back.
pub fn scope_of(deploy: &Deploy, step: &Step) -> Option<Scope> {
    if deploy.cancel.is_some() || deploy.job.request == RequestType::Pause {
        return None;
    }
    let switches_on = step.key.starts_with("activate") || deploy.job.request == RequestType::Resume;
    Some(if switches_on { Scope::Activate } else { Scope::All })
}

/// Until when windows hold back a step at `now`; `None` = they do not. Windows that follow on each other count as one.
pub fn until(windows: &[Blackout], place: &Place, step: Scope, now: Timestamp) -> Option<Timestamp> {
    let fits = |w: &&Blackout| {
        (w.scope == Scope::All || step == Scope::Activate)
            && w.platform.is_none_or(|p| p == place.platform)
            && w.market.as_ref().is_none_or(|m| Some(m) == place.market.as_ref())
            && w.brand.as_ref().is_none_or(|b| Some(b) == place.brand.as_ref())
    };
    let mut end = None;
    let mut at = now;
    for _ in 0..CHAIN {
        let later = windows.iter().filter(fits).filter_map(|w| w.end_at(at)).max();
        let Some(later) = later else { break };
        end = Some(later);
        at = later;
    }
    end
}

impl Blackout {
    /// The end of the window that is in force at `now`.
    fn end_at(&self, now: Timestamp) -> Option<Timestamp> {
        let moment = now.jiff();
        let open = |(from, to): (Moment, Moment)| (from <= moment && moment < to).then(|| Timestamp::from(to));
        match &self.span {
            Span::Once { from, to } => open((self.moment(*from)?, self.moment(*to)?)),
            Span::Daily { from, to, days } => {
                let today = moment.to_zoned(self.zone.clone()).date();
                let began = |day: Date| {
                    if !days.is_empty() && !days.contains(&day.weekday()) {
                        return None;
                    }
                    let last = if to > from { day } else { day.tomorrow().ok()? };
                    open((
                        self.moment(day.to_datetime(*from))?,
                        self.moment(last.to_datetime(*to))?,
                    ))
                };
                // Yesterday's may reach into today.
                [Some(today), today.yesterday().ok()]
                    .into_iter()
                    .flatten()
                    .filter_map(began)
                    .max()
            }
        }
    }

    /// A local time as a moment: forward out of a gap, the first of two.
    fn moment(&self, local: DateTime) -> Option<Moment> {
        let zoned = self.zone.to_ambiguous_zoned(local).compatible().ok()?;
        Some(zoned.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn window(zone: &str, span: Span) -> Blackout {
        Blackout {
            platform: None,
            market: None,
            brand: None,
            zone: TimeZone::get(zone).unwrap(),
            span,
            scope: Scope::All,
        }
    }

    fn daily(from: &str, to: &str, days: &[Weekday]) -> Span {
        Span::Daily {
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
            days: days.to_vec(),
        }
    }

    fn once(from: &str, to: &str) -> Span {
        Span::Once {
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
        }
    }

    fn place() -> Place {
        Place {
            platform: PlatformId::Meta,
            market: Some("US".parse().unwrap()),
            brand: Some("ACM".parse().unwrap()),
        }
    }

    // Berlin: the clock went forward on 2026-03-29 at 02:00 and goes back on 2026-10-25 at 03:00.
    #[rstest]
    #[case::inside(daily("09:00", "17:00", &[]), "2026-06-01T10:00:00Z", Some("2026-06-01T15:00:00Z"))]
    #[case::before(daily("09:00", "17:00", &[]), "2026-06-01T06:59:59Z", None)]
    #[case::the_end_is_outside(daily("09:00", "17:00", &[]), "2026-06-01T15:00:00Z", None)]
    #[case::over_midnight(daily("22:00", "06:00", &[]), "2026-06-01T23:00:00Z", Some("2026-06-02T04:00:00Z"))]
    #[case::began_yesterday(daily("22:00", "06:00", &[]), "2026-06-02T03:00:00Z", Some("2026-06-02T04:00:00Z"))]
    #[case::its_day(daily("22:00", "06:00", &[Weekday::Friday]), "2026-06-06T02:00:00Z", Some("2026-06-06T04:00:00Z"))]
    #[case::another_day(daily("22:00", "06:00", &[Weekday::Friday]), "2026-06-07T02:00:00Z", None)]
    #[case::once(
        once("2026-12-24T18:00", "2026-12-27T06:00"),
        "2026-12-25T12:00:00Z",
        Some("2026-12-27T05:00:00Z")
    )]
    #[case::the_gap_moves_forward(once("2026-03-29T02:30", "2026-03-29T05:00"), "2026-03-29T01:00:00Z", None)]
    #[case::from_the_gap_on(
        once("2026-03-29T02:30", "2026-03-29T05:00"),
        "2026-03-29T01:30:00Z",
        Some("2026-03-29T03:00:00Z")
    )]
    #[case::the_doubled_hour_is_the_first(
        once("2026-10-25T00:00", "2026-10-25T02:30"),
        "2026-10-25T00:29:00Z",
        Some("2026-10-25T00:30:00Z")
    )]
    #[case::the_second_is_outside(once("2026-10-25T00:00", "2026-10-25T02:30"), "2026-10-25T00:30:00Z", None)]
    fn local_time(#[case] span: Span, #[case] now: &str, #[case] want: Option<&str>) {
        let windows = [window("Europe/Berlin", span)];
        assert_eq!(until(&windows, &place(), Scope::All, at(now)), want.map(at));
    }

    #[rstest]
    #[case::anywhere(None, None, None, Scope::All, Scope::All, true)]
    #[case::here(Some(PlatformId::Meta), Some("US"), Some("ACM"), Scope::All, Scope::All, true)]
    #[case::another_platform(Some(PlatformId::Tiktok), None, None, Scope::All, Scope::All, false)]
    #[case::another_market(None, Some("DE"), None, Scope::All, Scope::All, false)]
    #[case::another_brand(None, None, Some("FAM"), Scope::All, Scope::All, false)]
    #[case::making_is_free(None, None, None, Scope::Activate, Scope::All, false)]
    #[case::switching_on_is_not(None, None, None, Scope::Activate, Scope::Activate, true)]
    #[case::all_holds_back_switching_on(None, None, None, Scope::All, Scope::Activate, true)]
    fn windows_fit_places_and_steps(
        #[case] platform: Option<PlatformId>,
        #[case] market: Option<&str>,
        #[case] brand: Option<&str>,
        #[case] scope: Scope,
        #[case] step: Scope,
        #[case] stops: bool,
    ) {
        let w = Blackout {
            platform,
            market: market.map(|m| m.parse().unwrap()),
            brand: brand.map(|b| b.parse().unwrap()),
            scope,
            ..window("UTC", daily("00:00", "12:00", &[]))
        };
        let found = until(&[w], &place(), step, at("2026-06-01T10:00:00Z"));
        assert_eq!(found.is_some(), stops);
    }

    #[test]
    fn windows_that_follow_on_each_other_are_one() {
        let windows = [
            window("UTC", daily("08:00", "12:00", &[])),
            window("UTC", daily("12:00", "18:00", &[])),
        ];
        let end = until(&windows, &place(), Scope::All, at("2026-06-01T09:00:00Z"));
        assert_eq!(end, Some(at("2026-06-01T18:00:00Z")));
    }

    proptest! {
        /// The end is later than now, nothing holds back at it, and everything before it is held back.
        #[test]
        fn the_end_is_the_first_free_moment(
            from in 0_i8..24, to in 0_i8..24, start in 0_u64..400 * 86_400, part in 0.0_f64..1.0,
        ) {
            prop_assume!(from != to);
            let span = Span::Daily { from: Time::constant(from, 0, 0, 0), to: Time::constant(to, 0, 0, 0), days: vec![] };
            let windows = [window("America/New_York", span)];
            let now = at("2026-01-01T00:00:00Z").plus(std::time::Duration::from_secs(start));
            if let Some(end) = until(&windows, &place(), Scope::All, now) {
                prop_assert!(end > now);
                prop_assert_eq!(until(&windows, &place(), Scope::All, end), None);
                let between = now.plus(end.since(now).mul_f64(part * 0.999));
                prop_assert_eq!(until(&windows, &place(), Scope::All, between), Some(end));
            }
        }
    }
}
