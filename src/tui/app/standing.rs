//! Whether the engine's disk takes changes: said once when that changes, to whoever sits at a console.

use super::{model::Model, toast::Tone};
use crate::engine::api::Overview;

/// What the engine's disk lets anybody do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Everything.
    Sound,
    /// The disk is nearly full: open calls are finished, people wait.
    Short,
    /// Nothing any more.
    Stopped,
}

/// As the engine says.
pub const fn of(facts: &Overview) -> Standing {
    match (&facts.read_only, &facts.short) {
        (Some(_), _) => Standing::Stopped,
        (None, Some(_)) => Standing::Short,
        (None, None) => Standing::Sound,
    }
}

/// Says once that the disk failed, filled up or has room again. The header says which it is from then on.
pub fn tell(model: &mut Model, before: Option<Standing>) {
    let Some(facts) = model.session.overview.get() else {
        return;
    };
    let now = of(facts);
    if now == before.unwrap_or(Standing::Sound) {
        return;
    }
    let why = facts
        .read_only
        .as_ref()
        .or(facts.short.as_ref())
        .cloned()
        .unwrap_or_default();
    match now {
        Standing::Stopped => model.say(Tone::Bad, &format!("the engine takes no changes any more: {why}"), ""),
        Standing::Short => model.say(
            Tone::Warn,
            "the engine's disk is nearly full: changes wait, open calls are finished",
            &why,
        ),
        Standing::Sound => model.say(Tone::Note, "the engine takes changes again", ""),
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        engine::api::Notice,
        tui::{
            app::Msg,
            testkit::{Driver, World},
        },
    };

    const SHORT: &str = "the next 64 bytes of journal cannot be set aside; make room";

    fn becomes(d: &mut Driver, stopped: Option<&str>, short: Option<&str>) {
        {
            let mut world = d.client.world.lock().unwrap();
            world.stopped = stopped.map(str::to_owned);
            world.short = short.map(str::to_owned);
        }
        d.send(Msg::Notice(Notice::Health));
        d.pass(200);
    }

    #[test]
    fn a_disk_that_fills_up_is_said_once_and_stays_in_the_header() {
        for columns in [80, 120, 200] {
            let mut d = Driver::new(World::default(), columns, 36);
            becomes(&mut d, None, Some(SHORT));
            assert!(d.sees("! disk nearly full"), "{}", d.screen());
            assert!(d.sees("changes wait"), "{}", d.screen());
            if columns == 120 {
                insta::assert_snapshot!("disk_nearly_full", d.screen());
            }
            // The same state in other words is no news.
            d.keys("Esc");
            becomes(&mut d, None, Some("7 bytes are free"));
            assert!(!d.sees("changes wait"), "{}", d.screen());
            becomes(&mut d, None, None);
            assert!(!d.sees("! disk nearly full"), "{}", d.screen());
            assert!(d.sees("takes changes again"), "{}", d.screen());
        }
    }

    #[test]
    fn a_disk_that_failed_is_said_where_nobody_tries_to_change_anything() {
        let mut d = Driver::new(World::default(), 120, 36);
        becomes(&mut d, Some("the disk failed to sync the journal"), Some(SHORT));
        assert!(d.sees("takes no changes any more: the disk failed"), "{}", d.screen());
        assert!(d.sees(" RO") && !d.sees("nearly full"), "{}", d.screen());
    }

    #[test]
    fn a_sound_disk_says_nothing() {
        let mut d = Driver::new(World::default(), 120, 36);
        becomes(&mut d, None, None);
        assert!(!d.sees("takes changes"), "{}", d.screen());
    }
}
