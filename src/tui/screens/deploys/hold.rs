//! Stopping and letting go: one deploy, an account, a platform, or everything.

use crate::{
    engine::{
        api::{CommandKind, HoldScope},
        model::deploy::Why,
    },
    tui::{
        app::{Effect, Model, gate, gate::Intent, toast::Tone},
        command::Danger,
        form::Choice,
        overlay::{Overlay, PickFor, Picker, Prompt, PromptFor},
    },
};

/// What a scope is called.
pub fn words(scope: &HoldScope) -> String {
    match scope {
        HoldScope::Everything => "everything".to_owned(),
        HoldScope::Platform(p) => format!("all of {p}"),
        HoldScope::Account(p, a) => format!("{p} account {a}"),
    }
}

/// `Z`: on an account places or releases a hold, on a deploy pauses or resumes it.
pub fn run(model: &mut Model) -> Vec<Effect> {
    let deploys = &model.screens.deploys;
    if let Some(lane) = deploys.selected_lane() {
        if let Some(scope) = lane.hold.clone() {
            return release(model, scope);
        }
        let account = HoldScope::Account(lane.platform, lane.account.clone());
        let platform = HoldScope::Platform(lane.platform);
        ask_scope(model, vec![account, platform, HoldScope::Everything]);
        return Vec::new();
    }
    let Some(card) = deploys.selected() else {
        return Vec::new();
    };
    let (id, no) = (card.ticket, card.no);
    let own = deploys
        .detail_of(id)
        .and_then(|d| d.deploy.as_ref())
        .map(|d| d.paused_by.is_some());
    let stands = matches!(card.glance.why, Why::Paused { .. });
    let intent = match (own, stands) {
        (Some(true), _) | (None, true) => {
            let kind = CommandKind::DeployResume { id };
            Intent::new(model, kind, format!("resume {no}"), format!("{no} goes on"))
        }
        (Some(false), true) => {
            let words = format!("{no} itself is not paused: its account is");
            model.say(Tone::Note, &words, "Tab goes to the accounts; Z there releases");
            return Vec::new();
        }
        (_, false) => {
            let kind = CommandKind::DeployPause { id };
            let done = format!("{no} stops before its next step; Z resumes");
            Intent::new(model, kind, format!("pause {no}"), done)
        }
    };
    gate::pass(model, Danger::Undoable, intent)
}

fn ask_scope(model: &mut Model, scopes: Vec<HoldScope>) {
    let detail = |scope: &HoldScope| match scope {
        HoldScope::Account(..) => "deploys on this account stop before their next step",
        HoldScope::Platform(_) => "deploys on every account of the platform stop",
        HoldScope::Everything => "no deploy takes another step anywhere",
    };
    let options = scopes
        .iter()
        .enumerate()
        .map(|(i, s)| (Choice::new(i.to_string(), &words(s), detail(s)), false))
        .collect();
    model.open(Overlay::Picker(Picker::new(
        "Pause what?",
        options,
        PickFor::Hold(scopes),
    )));
}

/// A scope was picked: the reason comes next.
pub fn picked(model: &mut Model, scopes: &[HoldScope], key: &str) -> Vec<Effect> {
    if let Some(scope) = key.parse().ok().and_then(|i: usize| scopes.get(i)) {
        let title = format!("Why is {} paused?", words(scope));
        let prompt = Prompt::new(&title, "", PromptFor::HoldReason(scope.clone()));
        model.open(Overlay::Prompt(prompt));
    }
    Vec::new()
}

/// Places a hold. The reason is the question: nothing more is asked, because letting go takes one key.
pub fn place(model: &mut Model, scope: HoldScope, reason: &str) -> Vec<Effect> {
    let name = words(&scope);
    let kind = CommandKind::HoldPlace {
        scope,
        reason: reason.to_owned(),
    };
    let intent = Intent::new(
        model,
        kind,
        format!("pause {name}"),
        format!("{name} is paused; Z releases"),
    );
    gate::pass(model, Danger::Undoable, intent)
}

/// Releases a hold. What stops more than one account asks: others may have placed it for a reason.
fn release(model: &mut Model, scope: HoldScope) -> Vec<Effect> {
    let name = words(&scope);
    let wide = !matches!(scope, HoldScope::Account(..));
    let kind = CommandKind::HoldRelease { scope };
    let danger = if wide { Danger::Hard } else { Danger::Undoable };
    let intent = Intent::new(model, kind, format!("release {name}"), format!("{name} goes on")).asks(
        format!("Let {name} go on?"),
        vec!["Every deploy that waits for it takes its next step.".to_owned()],
        String::new(),
    );
    gate::pass(model, danger, intent)
}
