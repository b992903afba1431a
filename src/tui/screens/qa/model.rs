//! What the QA screen knows.

use ratatui::layout::Rect;

use super::findings::model::Findings;
use super::paths::Paths;
use crate::{
    engine::{
        api::rules::{
            BuiltIn, RulesView, Trial,
            house_rule::{HouseRule, RuleText},
        },
        model::ticket::Severity,
    },
    tui::{
        app::{effect::SlotId, slot::Slot},
        ui::{
            layout::{inner, panes, split_left, split_top},
            select::Selection,
        },
    },
};

/// Which pane has the cursor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// What was found.
    #[default]
    Findings,
    /// What is judged by.
    Rules,
}

/// What a dry run was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// To look at what a saved rule finds.
    Look(RuleText),
    /// To save the rule in the form on top afterwards. With the version that was seen.
    Save(RuleText, u64),
}

/// A rule of the list.
#[derive(Clone, Copy, Debug)]
pub enum Row<'a> {
    /// Of the house.
    House(&'a HouseRule),
    /// Built in.
    BuiltIn(&'a BuiltIn),
}

impl Row<'_> {
    /// Its name in findings and filters.
    pub fn id(&self) -> String {
        match self {
            Self::House(rule) => format!("house.{}", rule.text.name),
            Self::BuiltIn(rule) => rule.id.clone(),
        }
    }

    /// Where it stands, in a word.
    pub const fn state(&self) -> &'static str {
        use crate::engine::api::rules::house_rule::Effect;
        match self {
            Self::House(rule) if rule.retired => "retired",
            Self::House(rule) => match rule.text.then {
                Effect::Block => "blocks",
                Effect::Warn => "warns",
                Effect::Require(_) => "requires",
            },
            Self::BuiltIn(rule) => match rule.severity {
                Severity::Error => "blocks",
                Severity::Warning => "warns",
            },
        }
    }

    /// What it says; `gap` stands for what a check fills in.
    pub fn words(&self, gap: &str) -> String {
        match self {
            Self::House(rule) => rule.text.in_words(),
            Self::BuiltIn(rule) => with_gaps(&rule.message, gap),
        }
    }
}

/// A text with gaps where it has `{names}`: nobody who reads a list knows our names.
fn with_gaps(text: &str, gap: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, name, after)) = rest
        .split_once('{')
        .and_then(|(before, inner)| inner.split_once('}').map(|(name, after)| (before, name, after)))
    {
        out.push_str(before);
        if name.is_empty() || name.contains([' ', '{']) {
            out.extend(["{", name, "}"]);
        } else {
            out.push_str(gap);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The QA screen.
#[derive(Debug)]
pub struct Qa {
    /// Every rule.
    pub slot: Slot<RulesView>,
    /// The row under the cursor, by the rule's id.
    pub pick: Selection<String>,
    /// What a dry run found.
    pub trial: Slot<Trial>,
    /// What it was asked for; `None` once nobody waits for it any more.
    pub wish: Option<Wish>,
    /// The rule whose trial is shown.
    pub tried: Option<String>,
    /// The rule that was written last: selected as soon as the list has it.
    pub written: Option<String>,
    /// Where the cursor is.
    pub pane: Pane,
    /// What QA found.
    pub findings: Findings,
    /// The payload's paths a rule may look at.
    pub paths: Paths,
}

impl Default for Qa {
    fn default() -> Self {
        Self {
            slot: Slot::new(SlotId::Rules),
            pick: Selection::default(),
            trial: Slot::new(SlotId::Trial),
            wish: None,
            tried: None,
            written: None,
            pane: Pane::default(),
            findings: Findings::default(),
            paths: Paths::default(),
        }
    }
}

impl Qa {
    /// The rules in order: those of the house first.
    pub fn rows(&self) -> Vec<Row<'_>> {
        let Some(view) = self.slot.get() else { return Vec::new() };
        let house = view.house.rules.iter().map(Row::House);
        house.chain(view.built_in.iter().map(Row::BuiltIn)).collect()
    }

    /// Ids of the rows.
    pub fn ids(&self) -> Vec<String> {
        self.rows().iter().map(Row::id).collect()
    }

    /// The row under the cursor.
    pub fn selected(&self) -> Option<Row<'_>> {
        let id = self.pick.id()?;
        self.rows().into_iter().find(|r| r.id() == id)
    }

    /// The rule of the house under the cursor.
    pub fn house_rule(&self) -> Option<&HouseRule> {
        match self.selected()? {
            Row::House(rule) => Some(rule),
            Row::BuiltIn(_) => None,
        }
    }
}

/// Rows below a list on small terminals: the finding or the rule under its cursor.
const FOOT: u16 = 7;

/// Where the screen's parts are; empty where there is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// The findings.
    pub findings: Rect,
    /// The rules.
    pub rules: Rect,
    /// What is under the cursor, whole.
    pub side: Rect,
    /// Findings in view.
    pub found_page: usize,
    /// Rules in view.
    pub page: usize,
}

/// Findings at the left, rules at the right over what is under the cursor; one of the two where only one fits.
pub fn geometry(body: Rect, pane: Pane) -> Geometry {
    let none = Rect::default();
    let (findings, rules, side) = if panes(body.width) >= 2 {
        let (left, right) = split_left(body, body.width / 2 + body.width / 20);
        let (rules, side) = split_top(right, body.height / 2);
        (left, rules, side)
    } else {
        let (list, side) = if body.height >= 16 {
            split_top(body, body.height - FOOT)
        } else {
            (body, none)
        };
        match pane {
            Pane::Findings => (list, none, side),
            Pane::Rules => (none, list, side),
        }
    };
    Geometry {
        findings,
        rules,
        side,
        found_page: usize::from(inner(findings).height).max(1),
        page: usize::from(inner(rules).height.saturating_sub(1)).max(1),
    }
}

#[cfg(test)]
mod tests {
    use super::with_gaps;

    #[rstest::rstest]
    #[case("the {kind} budget {budget} is too much", "the … budget … is too much")]
    #[case("{title} is missing{because}", "… is missing…")]
    #[case("a { b } and {} and {open", "a { b } and {} and {open")]
    fn what_a_check_fills_in_is_a_gap(#[case] text: &str, #[case] shown: &str) {
        assert_eq!(with_gaps(text, "…"), shown);
    }
}
