//! How long the tokens last, as the platforms last said: asked for by a check of the channel, kept while the engine runs.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::engine::{
    model::{
        account_report::{AccountReport, TokenExpiry},
        platform::{AccountId, PlatformId},
        refusal::Problem,
        time::Timestamp,
    },
    view::State,
};

/// An end this near is worth a warning: time enough for somebody else to make a new token.
const NEAR: Duration = Duration::from_secs(14 * DAY);
const DAY: u64 = 86_400;

/// The known ends.
#[derive(Debug, Default)]
pub(in crate::engine) struct Tokens(Mutex<BTreeMap<(PlatformId, AccountId), Timestamp>>);

impl Tokens {
    fn with<T>(&self, f: impl FnOnce(&mut BTreeMap<(PlatformId, AccountId), Timestamp>) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes in what a report says. `true` when that is news. A report that could not ask changes nothing.
    pub(super) fn learn(&self, report: &AccountReport) -> bool {
        let key = (report.platform, report.account.clone());
        self.with(|known| match &report.expiry {
            None => false,
            Some(TokenExpiry::At(at)) => known.insert(key, *at) != Some(*at),
            Some(TokenExpiry::Never | TokenExpiry::NotTold(_)) => known.remove(&key).is_some(),
        })
    }

    /// A line for every account whose token ends soon or has ended.
    pub(super) fn troubles(&self, state: &State, now: Timestamp) -> Vec<String> {
        let governed = |platform: PlatformId, account: &AccountId| {
            let mut channels = state.channels.values().map(|c| &c.value);
            channels.any(|c| c.platform == platform && c.account(account).is_some())
        };
        self.with(|known| {
            let mine = known
                .iter()
                .filter(|((p, a), at)| is_near(**at, now) && governed(*p, a));
            mine.map(|((platform, account), at)| format!("{platform} {account} token {}", when(*at, now)))
                .collect()
        })
    }
}

fn is_near(at: Timestamp, now: Timestamp) -> bool {
    at <= now.plus(NEAR)
}

/// `EXPIRED`, or how long it is to go in whole days.
fn when(at: Timestamp, now: Timestamp) -> String {
    match at.since(now).as_secs() / DAY {
        _ if at <= now => "EXPIRED".to_owned(),
        0 => "ends today".to_owned(),
        1 => "ends in 1 day".to_owned(),
        days => format!("ends in {days} days"),
    }
}

/// Adds what the end of the token means to a report: a fact always, a warning when it is near, a problem when it is past.
pub(super) fn judge(report: &mut AccountReport, now: Timestamp) {
    let remedy = "make a new token and set it where the configuration says; a running engine reads files and commands \
                  anew, for an environment variable it must be started again";
    let words = match report.expiry.clone() {
        None => return,
        Some(TokenExpiry::Never) => "does not expire; it lasts until it is revoked".to_owned(),
        Some(TokenExpiry::NotTold(why)) => why,
        Some(TokenExpiry::At(at)) => {
            let words = format!("{} ({})", at, when(at, now));
            if at <= now {
                let problem = Problem::whole(format!("the token expired at {at}"), remedy);
                report.problems.push(problem);
            } else if is_near(at, now) {
                let warning = Problem::whole(format!("the token {}: {at}", when(at, now)), remedy);
                report.warnings.push(warning);
            }
            words
        }
    };
    report.fact("token expiry", &words);
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::engine::model::account_report::AccountState;

    fn day(n: u64) -> Timestamp {
        Timestamp::parse("2026-11-20T10:00:00Z")
            .unwrap()
            .plus(Duration::from_secs(n * DAY))
    }

    #[rstest]
    #[case::far(100, AccountState::Ok, "ends in 85 days")]
    #[case::near(29, AccountState::Warn, "ends in 14 days")]
    #[case::tomorrow(16, AccountState::Warn, "ends in 1 day")]
    #[case::now(15, AccountState::Fail, "EXPIRED")]
    #[case::past(3, AccountState::Fail, "EXPIRED")]
    fn an_end_is_told_ahead_of_time(#[case] ends: u64, #[case] state: AccountState, #[case] words: &str) {
        let mut report = AccountReport::new(PlatformId::Meta, "act_1".parse().unwrap());
        report.expiry = Some(TokenExpiry::At(day(ends)));
        judge(&mut report, day(15));
        assert_eq!(report.state(), state, "{report:?}");
        assert!(report.facts[0].1.contains(words), "{report:?}");
    }

    #[test]
    fn a_platform_that_does_not_tell_says_so() {
        let mut report = AccountReport::new(PlatformId::GoogleAds, "1234567890".parse().unwrap());
        report.expiry = Some(TokenExpiry::NotTold("Google does not say".into()));
        judge(&mut report, day(0));
        assert_eq!(report.state(), AccountState::Ok);
        assert_eq!(
            report.facts,
            [("token expiry".to_owned(), "Google does not say".to_owned())]
        );
    }

    #[test]
    fn only_what_is_known_anew_is_news() {
        let tokens = Tokens::default();
        let mut report = AccountReport::new(PlatformId::Meta, "act_1".parse().unwrap());
        assert!(!tokens.learn(&report), "nothing was asked");
        report.expiry = Some(TokenExpiry::At(day(3)));
        assert!(tokens.learn(&report));
        assert!(!tokens.learn(&report));
        report.expiry = Some(TokenExpiry::Never);
        assert!(tokens.learn(&report), "a better token");
    }
}
