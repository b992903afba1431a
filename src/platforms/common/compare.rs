//! What an object has different from what a step asked for, as it is told.

use crate::engine::model::{
    deploy::{Job, Step},
    difference::Difference,
    money::Budget,
    sanitise::excerpt,
};

/// Differences, gathered one by one.
#[derive(Clone, Debug, Default)]
pub struct Differences(Vec<Difference>);

impl Differences {
    /// All of them.
    pub fn into_vec(self) -> Vec<Difference> {
        self.0
    }

    /// In words of its own.
    pub fn whole(&mut self, words: impl Into<String>) {
        self.0.push(Difference::whole(words));
    }

    /// One value that should be another, if it is not.
    pub fn differ(&mut self, what: &str, want: Option<impl AsRef<str>>, have: Option<impl AsRef<str>>) {
        let (want, have) = (want.as_ref().map(AsRef::as_ref), have.as_ref().map(AsRef::as_ref));
        if want != have {
            let show = |v: Option<&str>| v.map(|v| excerpt(v, 80));
            self.0
                .push(Difference::of(what, show(have).as_deref(), show(want).as_deref()));
        }
    }

    /// An object of another account.
    pub fn of_account(&mut self, other: &str, account: &str) {
        self.whole(format!("it belongs to account {}, not {account}", excerpt(other, 32)));
    }

    /// A ticket that was fine when its step was cut and is not any more.
    pub fn not_comparable(&mut self) {
        self.whole("the ticket can no longer be planned, so nothing could be compared");
    }

    /// What a set step sets: a status, or the job's budget. `have` is what the object shows.
    pub fn of_set(
        &mut self,
        job: &Job,
        step: &Step,
        status: (Option<&str>, Option<String>),
        budget: impl FnOnce() -> Option<Budget>,
    ) {
        if let (Some(want), Some(have)) = status
            && want != have
        {
            self.0
                .push(Difference::of("status", Some(&excerpt(&have, 32)), Some(want)));
        }
        if step.key == "set_budget"
            && let Some(want) = job.budget
        {
            let have = budget();
            if have != Some(want) {
                let shown = have.map_or_else(|| "none".to_owned(), |b| b.money.to_string());
                self.0
                    .push(Difference::of("budget", Some(&shown), Some(&want.money.to_string())));
            }
        }
    }
}

/// The status an object shows, without what a store that was lost since may have switched on after it made the object.
pub fn status_as_made(step: &Step, have: Option<String>, on: &str, off: &str) -> Option<String> {
    if step.is_forgotten() && have.as_deref() == Some(on) {
        Some(off.to_owned())
    } else {
        have
    }
}
