//! What forms and details look up: governed values, and the fields of a platform.
//!
//! A wish that needs them and comes before they are there is kept and carried out when they are.

use crate::{
    engine::{
        api::{ApiError, CampaignRow, Governance, Reply, Request, card::Card},
        model::{
            catalogue::Catalogue,
            event::{Event, Noun},
            governance::{Account, Brand, Channel, Market},
            ids::{CampaignId, ChannelId},
            platform::{AccountId, PlatformId},
        },
    },
    tui::app::{Effect, Model, effect::SlotId, slot::Slot},
};

/// What is to be done once governed values are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Then {
    /// Open the form of a new ticket, with a campaign chosen already.
    Compose(Option<CampaignId>),
    /// Ask which campaign a copy of this ticket is for.
    Clone(Box<Card>),
}

/// What was looked up.
#[derive(Debug)]
pub struct Facts {
    /// Everything governed.
    pub governance: Slot<Governance>,
    /// The fields of `platform`.
    pub catalogue: Slot<Catalogue>,
    /// The platform asked about last.
    platform: Option<PlatformId>,
    /// What waits for governed values.
    then: Option<Then>,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            governance: Slot::new(SlotId::Facts),
            catalogue: Slot::new(SlotId::Fields),
            platform: None,
            then: None,
        }
    }
}

impl Facts {
    /// A campaign with its codes.
    pub fn campaign(&self, id: CampaignId) -> Option<&CampaignRow> {
        let all = &self.governance.get()?.campaigns;
        all.iter().find(|c| c.campaign.value.id == id)
    }

    /// A campaign's brand.
    pub fn brand_of(&self, row: &CampaignRow) -> Option<&Brand> {
        let all = &self.governance.get()?.brands;
        let found = all.iter().find(|b| b.value.id == row.campaign.value.brand)?;
        Some(&found.value)
    }

    /// A campaign's market.
    pub fn market_of(&self, row: &CampaignRow) -> Option<&Market> {
        let all = &self.governance.get()?.markets;
        let found = all.iter().find(|m| m.value.id == row.campaign.value.market)?;
        Some(&found.value)
    }

    /// A channel.
    pub fn channel(&self, id: ChannelId) -> Option<&Channel> {
        let all = &self.governance.get()?.channels;
        all.iter().map(|c| &c.value).find(|c| c.id == id)
    }

    /// An account of a channel.
    pub fn account(&self, channel: ChannelId, id: &AccountId) -> Option<&Account> {
        self.channel(channel)?.account(id)
    }

    /// The fields of a platform, if they are the ones looked up.
    pub fn fields_of(&self, platform: PlatformId) -> Option<&Catalogue> {
        self.catalogue.get().filter(|_| self.platform == Some(platform))
    }

    /// True once the fields of a platform are here, or cannot be had.
    pub fn is_settled(&self, platform: PlatformId) -> bool {
        self.platform == Some(platform) && (self.catalogue.get().is_some() || self.catalogue.failure().is_some())
    }
}

/// Asks for governed values if they may be old.
pub fn ask_governance(model: &mut Model) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let facts = &mut model.screens.facts;
    if facts.governance.is_stale() {
        facts.governance.ask(Request::Governance, mono)
    } else {
        Vec::new()
    }
}

/// Asks for a platform's fields unless they are here: they never change while the engine runs.
pub fn ask_fields(model: &mut Model, platform: PlatformId) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let facts = &mut model.screens.facts;
    if facts.platform == Some(platform) && facts.catalogue.failure().is_none() {
        return Vec::new();
    }
    facts.platform = Some(platform);
    let mut effects = facts.catalogue.clear();
    effects.extend(facts.catalogue.ask(Request::Catalogue(platform), mono));
    effects
}

/// Does something as soon as governed values are known. Lists always show what the engine has now: old values are asked
/// for again. A form opens at once and takes the answer in, so that keys typed ahead go into it; a list to pick from
/// waits for it.
pub fn when_known(model: &mut Model, then: Then) -> Vec<Effect> {
    let governance = &model.screens.facts.governance;
    let takes_in = matches!(then, Then::Compose(_));
    let is_new = !governance.is_stale() && governance.loading_since().is_none();
    if governance.get().is_some() && (takes_in || is_new) {
        let mut effects = carry_out(model, then);
        effects.extend(ask_governance(model));
        return effects;
    }
    model.screens.facts.then = Some(then);
    ask_governance(model)
}

fn carry_out(model: &mut Model, then: Then) -> Vec<Effect> {
    match then {
        Then::Compose(campaign) => super::compose::update::begin(model, campaign),
        Then::Clone(card) => crate::tui::app::verbs::open_clone(model, &card),
    }
}

/// Governed values are here.
pub fn governance_answered(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let selected = model.screens.selected_governed();
    let facts = &mut model.screens.facts;
    let (fresh, mut effects) = facts.governance.answer(generation, result, mono, |r| match r {
        Reply::Governance(g) => Some(*g),
        _ => None,
    });
    let then = facts.then.take();
    if !fresh {
        if let (Some(_), Some(error)) = (then, model.screens.facts.governance.failure().cloned()) {
            model.say_error("governed values", &error);
        }
        return effects;
    }
    super::governance::update::refreshed(model, selected);
    if let Some(then) = then {
        effects.extend(carry_out(model, then));
    }
    effects.extend(super::compose::follow::refresh(model));
    effects.extend(super::detail::edit::open_pending(model));
    effects
}

/// A platform's fields are here.
pub fn fields_answered(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let facts = &mut model.screens.facts;
    let (_, mut effects) = facts.catalogue.answer(generation, result, mono, |r| match r {
        Reply::Catalogue(c) => Some(*c),
        _ => None,
    });
    if let Some(error) = model.screens.facts.catalogue.failure().cloned() {
        model.say_error("the platform's fields", &error);
    }
    crate::tui::bulk::ask::fields_known(model);
    effects.extend(super::compose::follow::fields_known(model));
    effects.extend(super::detail::edit::open_pending(model));
    effects
}

/// Governed values that changed are asked for again; tickets and deploys change nothing here.
pub fn on_event(model: &mut Model, event: &Event) {
    if matches!(
        event.subject.noun,
        Noun::Market | Noun::Brand | Noun::Channel | Noun::Campaign
    ) {
        model.screens.facts.governance.mark_stale();
    }
}
