//! Everything the console knows. Changed by update only, drawn by view only.

use std::collections::BTreeSet;

use ratatui::layout::Size;

use super::{
    draft::Drafts,
    effect::{Effect, SlotId, TimerId},
    msg::{Millis, Stamp},
    news::Gazette,
    notify::Call,
    people::People,
    pulse::Pulses,
    saved::{Saved, View},
    slot::Slot,
    toast::{Toasts, Tone},
};
use crate::{
    engine::{
        api::{ApiError, Link, Overview, undo::UndoPlan},
        model::{
            platform::PlatformId,
            ticket::{Finding, Status},
            time::Day,
        },
    },
    tui::{
        bulk::{marks::Marks, run::Bulks},
        command::{Key, Keymap, rebind},
        options::TuiOptions,
        overlay::Overlay,
        screens::{ScreenId, Screens},
        theme::Theme,
        ui::layout::{Regions, regions},
    },
};

/// Facts of this console's session.
#[derive(Debug)]
pub struct Session {
    /// What the console was told at its start.
    pub options: TuiOptions,
    /// The header's facts.
    pub overview: Slot<Overview>,
    /// Why the engine cannot be reached, while it cannot.
    pub lost: Option<String>,
    /// Where the engine is, as last heard.
    pub link: Option<Link>,
    /// Run QA once a ticket's form is handed in: as it was chosen last.
    pub qa_after_form: bool,
    /// The engine is being handed over, so that this console can sleep.
    pub handing_over: bool,
}

impl Session {
    /// True when nothing reaches a real platform: outward commands ask for `y` only.
    pub fn is_simulated(&self) -> bool {
        self.overview.get().is_some_and(|o| o.sandbox) || matches!(self.environment(), "demo" | "sandbox")
    }

    /// `demo`, `sandbox`, `prod`: the engine's word once it is known.
    pub fn environment(&self) -> &str {
        self.overview
            .get()
            .map_or(self.options.environment.as_str(), |o| o.environment.as_str())
    }

    /// Why nothing may be changed here, if so.
    pub fn read_only(&self) -> Option<String> {
        if self.options.read_only {
            return Some("this console is read-only (--read-only)".to_owned());
        }
        if let Some(why) = &self.lost {
            return Some(format!("the engine cannot be reached: {why}"));
        }
        let overview = self.overview.get()?;
        if let Some(why) = &overview.read_only {
            return Some(format!("the engine takes no changes: {why}"));
        }
        (overview.actor.role == crate::engine::model::actor::Role::Viewer)
            .then(|| "your role is viewer; an admin can change it".to_owned())
    }

    /// True when this console's process is the engine.
    pub fn runs_engine(&self) -> bool {
        match &self.link {
            Some(link) => matches!(link, Link::Embedded(_)),
            None => self.options.embeds_engine,
        }
    }

    /// Deploys that stand still when this console ends and nobody takes the engine over: it runs the engine, and they
    /// are not a demo's.
    pub fn left_alone(&self) -> u64 {
        if !self.runs_engine() || self.options.read_only || self.environment() == "demo" {
            return 0;
        }
        let counts = self.overview.get().map_or(&[][..], |o| &o.tickets);
        counts
            .iter()
            .filter(|(s, _)| *s == Status::Deploying)
            .map(|(_, n)| n)
            .sum()
    }

    /// True when the engine can speak to a platform, or has not said what it can.
    pub fn speaks_to(&self, platform: PlatformId) -> bool {
        let known = self.overview.get().map(|o| &o.platforms).filter(|p| !p.is_empty());
        known.is_none_or(|p| p.contains(&platform))
    }

    /// Login name, once known.
    pub fn me(&self) -> &str {
        self.overview.get().map_or("", |o| o.actor.name.as_str())
    }
}

/// Everything the console knows.
#[derive(Debug)]
pub struct Model {
    /// When the message at hand is handled.
    pub stamp: Stamp,
    /// The terminal's size.
    pub size: Size,
    /// Facts of the session.
    pub session: Session,
    /// How things look.
    pub theme: Theme,
    /// The screen shown.
    pub screen: ScreenId,
    /// The screen shown before.
    pub previous: Option<ScreenId>,
    /// One model per screen.
    pub screens: Box<Screens>,
    /// What lies over the screen, topmost last.
    pub overlays: Vec<Overlay>,
    /// Marked tickets.
    pub marks: Marks,
    /// What is done to many of them.
    pub bulk: Bulks,
    /// Who else is where.
    pub people: People,
    /// What happened to watched tickets.
    pub news: Gazette,
    /// The change that would be taken back.
    pub undo: Slot<UndoPlan>,
    /// What QA says of the payload that is being written as text.
    pub judged: Slot<Vec<Finding>>,
    /// Saved views of the ticket table, by name.
    pub views: Vec<View>,
    /// What is remembered already.
    pub saved: Option<Saved>,
    /// Forms that were not handed in.
    pub drafts: Drafts,
    /// What there is to say.
    pub toasts: Toasts,
    /// The mouse is ours: wheel and click.
    pub mouse: bool,
    /// What was copied last, to be shown where a copy does not arrive.
    pub copied: Option<String>,
    /// Rows that are bright for a moment.
    pub pulses: Pulses,
    /// What the person is called for in a moment.
    pub calls: Vec<Call>,
    /// Which keys run what.
    pub keymap: Keymap,
    /// Keys of a chord that is not complete.
    pub chord: Vec<Key>,
    /// True once a pending chord shows what may follow.
    pub which_key: bool,
    /// When the last key was read: a `y` inside a burst is not an answer.
    pub last_key: Option<Millis>,
    /// True after a key came too fast to be an answer, until the next one.
    pub hurried: bool,
    /// Timers that were set and have not run out.
    pub armed: BTreeSet<TimerId>,
    /// True when something visible changed.
    dirty: bool,
}

impl Model {
    /// A console before its first message.
    pub fn new(options: TuiOptions, size: Size) -> Self {
        let theme = Theme::new(options.theme, options.color, options.painted, options.ascii).with(options.own_theme);
        let (keymap, wrong) = rebind::apply(&options.keys);
        let mut model = Self {
            stamp: Stamp::default(),
            size,
            session: Session {
                options,
                overview: Slot::new(SlotId::Overview),
                lost: None,
                link: None,
                handing_over: false,
                qa_after_form: true,
            },
            theme,
            screen: ScreenId::Board,
            previous: None,
            screens: Box::default(),
            overlays: Vec::new(),
            marks: Marks::default(),
            bulk: Bulks::default(),
            people: People::default(),
            news: Gazette::default(),
            undo: Slot::new(SlotId::Undo),
            judged: Slot::new(SlotId::Judged),
            views: Vec::new(),
            saved: None,
            drafts: Drafts::default(),
            toasts: Toasts::default(),
            mouse: false,
            copied: None,
            pulses: Pulses::default(),
            calls: Vec::new(),
            keymap,
            chord: Vec::new(),
            which_key: false,
            last_key: None,
            hurried: false,
            armed: BTreeSet::new(),
            dirty: true,
        };
        // The console opens all the same: keys that cannot be are told, and the defaults stay.
        let weak = std::mem::take(&mut model.session.options.theme_problems);
        for problem in weak.iter().chain(&wrong) {
            model.say(Tone::Warn, problem, "g m lists all messages");
        }
        model
    }

    /// The parts of the frame, with the room its overlays leave: what a filter narrows stays in view above its line.
    pub fn regions(&self) -> Regions {
        let mut parts = regions(self.size);
        if let Some(Overlay::Prompt(prompt)) = self.overlays.last()
            && prompt.is_filter()
        {
            let rows = prompt.rows(parts.body.width).min(parts.body.height / 2);
            parts.body.height -= rows;
            parts.toast.y = parts.body.bottom().saturating_sub(1);
        }
        parts
    }

    /// Something visible changed.
    pub const fn touch(&mut self) {
        self.dirty = true;
    }

    /// True when something visible changed since it was last drawn.
    pub const fn is_dirty(&self) -> bool {
        self.dirty
    }

    /// It is drawn now.
    pub const fn drawn(&mut self) {
        self.dirty = false;
    }

    /// Sets a timer unless it runs already.
    pub fn arm(&mut self, timer: TimerId, after_ms: u64) -> Vec<Effect> {
        if !self.armed.insert(timer) {
            return Vec::new();
        }
        vec![Effect::Timer {
            timer,
            after: std::time::Duration::from_millis(after_ms),
        }]
    }

    /// Says something.
    pub fn say(&mut self, tone: Tone, words: &str, remedy: &str) {
        self.toasts.say(tone, words, remedy, self.stamp.now, self.stamp.mono);
        self.dirty = true;
    }

    /// Says why something did not work.
    pub fn say_error(&mut self, what: &str, error: &ApiError) {
        let (reason, remedy) = super::toast::explain(error);
        let words = if what.is_empty() {
            reason
        } else {
            format!("{what}: {reason}")
        };
        self.say(Tone::Bad, &words, &remedy);
    }

    /// Today in the console's zone.
    pub fn today(&self) -> Day {
        let zone = self.session.options.zone.clone();
        Day::new(self.stamp.now.jiff().to_zoned(zone).date())
    }

    /// Opens an overlay.
    pub fn open(&mut self, overlay: Overlay) {
        self.overlays.push(overlay);
        self.dirty = true;
    }
}
