//! A form handed in becomes a command: everything for something new, the fields a person changed for something old.

use super::{
    edit::{Editing, What},
    impact::{self, Asking, Wish},
    model::RowId,
};
use crate::{
    engine::{
        api::{BrandPatch, CampaignPatch, ChannelPatch, CommandKind, Governance, MarketPatch},
        model::{
            campaign::Campaign,
            code::{Code, Label},
            governance::{Account, Brand, Channel, Market},
            ids::{BrandId, CampaignId, ChannelId, MarketId},
            money::Money,
            sanitise::sanitise,
            time::Flight,
        },
    },
    tui::{
        app::{Effect, Model, gate, gate::Intent, toast::Tone},
        command::Danger,
        form::Form,
        overlay::Overlay,
    },
};

/// What a form asks for.
struct Wanted {
    kind: CommandKind,
    /// `market UK`.
    title: String,
    /// When the change is one that others feel, another code or retiring: the code as it was and as it will be.
    felt: Option<(String, Option<String>)>,
}

/// Takes a field's text apart; problems are kept for the fields.
struct Reader<'f> {
    form: &'f Form,
    editing: &'f Editing,
    problems: Vec<(&'static str, String)>,
}

impl Reader<'_> {
    fn text(&self, key: &str) -> String {
        self.form.value(key)
    }

    fn required(&mut self, key: &'static str, why: &str) -> String {
        let text = self.text(key);
        if text.is_empty() {
            self.problems.push((key, why.to_owned()));
        }
        text
    }

    fn parse<T>(&mut self, key: &'static str, text: &str) -> Option<T>
    where
        T: std::str::FromStr,
        T::Err: ToString,
    {
        text.parse()
            .map_err(|e: T::Err| self.problems.push((key, e.to_string())))
            .ok()
    }

    fn code(&mut self) -> Option<Code> {
        let text = self.required("code", "a code is needed").to_ascii_uppercase();
        if text.is_empty() {
            return None;
        }
        self.parse("code", &text)
    }

    /// A row chosen from a list.
    fn chosen<T: std::str::FromStr>(&mut self, key: &'static str) -> Option<T> {
        let found = self.text(key).parse().ok();
        if found.is_none() {
            self.problems
                .push((key, "choose a row: type letters, Enter takes it".to_owned()));
        }
        found
    }

    fn money(&mut self, key: &'static str) -> Option<Money> {
        let read = self
            .form
            .field(key)
            .map_or(Ok(None), crate::tui::form::Field::money_value);
        read.map_err(|e| self.problems.push((key, e))).ok().flatten()
    }

    fn flight(&mut self) -> Option<Flight> {
        let day = |key| self.form.field(key).and_then(|f| f.date_value().ok().flatten());
        let (start, end) = (day("flight.start"), day("flight.end"));
        match (start, end) {
            (Some(start), end) => Some(Flight { start, end }),
            (None, Some(_)) => {
                self.problems
                    .push(("flight.start", "a last day needs a first day".to_owned()));
                None
            }
            (None, None) => None,
        }
    }

    fn countries(&mut self) -> Vec<String> {
        let text = self.required("countries", "at least one country is needed, such as DE");
        let mut list: Vec<String> = text
            .split([',', ' ', ';'])
            .filter(|c| !c.is_empty())
            .map(str::to_ascii_uppercase)
            .collect();
        list.sort();
        list.dedup();
        list
    }

    fn year(&mut self) -> Option<u16> {
        let text = self.text("year");
        let year = text.parse().ok();
        if year.is_none() {
            self.problems
                .push(("year", format!("\"{text}\" is not a year; write four digits")));
        }
        year
    }

    fn account(&mut self) -> Option<Account> {
        let id = self.required("accounts", "an account needs its id");
        let id = if id.is_empty() {
            None
        } else {
            self.parse("accounts", &id)
        };
        let name = self.required("account.name", "an account needs a name");
        let currency = self.text("account.currency").to_ascii_uppercase();
        let currency = self.parse("account.currency", &currency);
        let timezone = self.required("account.timezone", "choose a zone");
        Some(Account {
            id: id?,
            name,
            currency: currency?,
            timezone,
        })
    }

    fn changed(&self, key: &str) -> bool {
        self.editing.changed(self.form, key)
    }

    /// The amount or its currency changed.
    fn money_changed(&self, key: &str) -> bool {
        // A currency alone, without an amount on either side, is no change.
        let amount = !self.text(key).is_empty() || !self.editing.base_of(key).is_empty();
        self.changed(key) || (amount && self.changed(&format!("{key}.currency")))
    }

    fn retired(&self) -> Option<bool> {
        self.changed("retired").then(|| self.text("retired") == "yes")
    }
}

/// Hands in the form on top.
pub fn submit(model: &mut Model, editing: &Editing) -> Vec<Effect> {
    let mut ids = model.stamp.ids;
    let (Some(Overlay::Form(overlay)), Some(g)) = (model.overlays.last(), model.screens.facts.governance.get()) else {
        return Vec::new();
    };
    let mut reader = Reader {
        form: &overlay.form,
        editing,
        problems: Vec::new(),
    };
    let wanted = read(&mut reader, g, &mut ids);
    let problems = reader.problems;
    model.stamp.ids = ids;
    if let (Some((first, _)), Some(Overlay::Form(overlay))) = (problems.first(), model.overlays.last_mut()) {
        overlay.form.focus_on(first);
        for (key, words) in &problems {
            if let Some(field) = overlay.form.field_mut(key) {
                field.problem = Some(sanitise(words));
            }
        }
        return Vec::new();
    }
    let Some(wanted) = wanted else {
        model.overlays.pop();
        model.say(Tone::Note, "nothing was changed", "");
        return Vec::new();
    };
    land(model, &wanted.kind);
    send(model, wanted)
}

/// The cursor goes to what was made, once it is there.
fn land(model: &mut Model, kind: &CommandKind) {
    let governed = &mut model.screens.governed;
    match kind {
        CommandKind::MarketCreate(m) => governed.landing = Some(RowId::Market(m.id)),
        CommandKind::BrandCreate(b) => governed.landing = Some(RowId::Brand(b.id)),
        CommandKind::ChannelCreate(c) => governed.landing = Some(RowId::Channel(c.id)),
        CommandKind::ChannelUpdate { id, patch, .. } => {
            let set = patch.set_accounts.first();
            governed.landing = set.map(|a| RowId::Account(*id, a.id.clone()));
        }
        CommandKind::CampaignCreate(c) => model.screens.campaigns.landing = Some(c.id),
        _ => {}
    }
}

fn send(model: &mut Model, wanted: Wanted) -> Vec<Effect> {
    let Wanted { kind, title, felt } = wanted;
    let effects = match felt {
        Some((code, to)) if model.session.read_only().is_none() => impact::ask(
            model,
            Asking {
                kind,
                title,
                code,
                wish: Wish::Change { to },
            },
        ),
        _ => {
            let intent = Intent::new(model, kind, format!("save {title}"), format!("{title} is saved")).from_form();
            gate::pass(model, Danger::Undoable, intent)
        }
    };
    if let (false, Some(Overlay::Form(overlay))) = (effects.is_empty(), model.overlays.last_mut()) {
        overlay.form.busy = true;
    }
    effects
}

fn read(r: &mut Reader<'_>, g: &Governance, ids: &mut crate::tui::app::msg::Ids) -> Option<Wanted> {
    match &r.editing.what {
        What::NewMarket => new_market(r, MarketId::new(ids.mint())),
        What::NewBrand => new_brand(r, BrandId::new(ids.mint())),
        What::NewChannel => new_channel(r, ChannelId::new(ids.mint())),
        What::NewAccount => new_account(r, g),
        What::NewCampaign => new_campaign(r, CampaignId::new(ids.mint())),
        What::Row(RowId::Market(id)) => market(r, *id),
        What::Row(RowId::Brand(id)) => brand(r, *id),
        What::Row(RowId::Channel(id)) => channel(r, *id),
        What::Row(RowId::Account(id, _)) => account(r, *id),
        What::Campaign(id) => campaign(r, *id),
    }
}

const fn plain(kind: CommandKind, title: String) -> Wanted {
    Wanted {
        kind,
        title,
        felt: None,
    }
}

fn new_market(r: &mut Reader<'_>, id: MarketId) -> Option<Wanted> {
    let code = r.code();
    let name = r.required("name", "a name is needed");
    let countries = r.countries();
    let daily_cap = r.money("daily_cap");
    let timezone = r.required("timezone", "choose a zone");
    let market = Market {
        id,
        code: code?,
        name,
        countries,
        region: r.text("region"),
        timezone,
        daily_cap,
        aliases: Vec::new(),
        retired: false,
    };
    let title = format!("market {}", market.code);
    Some(plain(CommandKind::MarketCreate(market), title))
}

fn new_brand(r: &mut Reader<'_>, id: BrandId) -> Option<Wanted> {
    let code = r.code();
    let name = r.required("name", "a name is needed");
    let brand = Brand {
        id,
        code: code?,
        name,
        family_friendly: r.text("family_friendly") == "yes",
        aliases: Vec::new(),
        retired: false,
    };
    let title = format!("brand {}", brand.code);
    Some(plain(CommandKind::BrandCreate(brand), title))
}

fn new_channel(r: &mut Reader<'_>, id: ChannelId) -> Option<Wanted> {
    let code = r.code();
    let name = r.required("name", "a name is needed");
    let platform = r.chosen("platform");
    let wants_account = !r.text("accounts").is_empty() || !r.text("account.name").is_empty();
    let account = if wants_account { Some(r.account()?) } else { None };
    let channel = Channel {
        id,
        code: code?,
        name,
        platform: platform?,
        accounts: account.into_iter().collect(),
        aliases: Vec::new(),
        retired: false,
    };
    let title = format!("channel {}", channel.code);
    Some(plain(CommandKind::ChannelCreate(channel), title))
}

fn new_account(r: &mut Reader<'_>, g: &Governance) -> Option<Wanted> {
    let channel: Option<ChannelId> = r.chosen("channel");
    let account = r.account()?;
    let seen = g.channels.iter().find(|c| Some(c.value.id) == channel)?;
    if seen.value.account(&account.id).is_some() {
        let why = format!("{} has this account already; e on its row changes it", seen.value.code);
        r.problems.push(("accounts", why));
        return None;
    }
    let title = format!("account {}", account.id);
    let kind = CommandKind::ChannelUpdate {
        id: seen.value.id,
        version: seen.version,
        patch: ChannelPatch {
            set_accounts: vec![account],
            ..ChannelPatch::default()
        },
    };
    Some(plain(kind, title))
}

fn new_campaign(r: &mut Reader<'_>, id: CampaignId) -> Option<Wanted> {
    let (brand, market, year) = (r.chosen("brand"), r.chosen("market"), r.year());
    let title = r.required("title", "a title is needed: the name is made of it");
    let label = if title.is_empty() {
        None
    } else {
        let made = Label::from_words(&title);
        made.map_err(|e| r.problems.push(("title", e))).ok()
    };
    let (budget, flight) = (r.money("budget"), r.flight());
    let campaign = Campaign {
        id,
        brand: brand?,
        market: market?,
        year: year?,
        label: label?,
        title,
        budget,
        flight,
        retired: false,
        // The engine's clock decides, whatever stands here.
        created_at: crate::engine::model::time::Timestamp::default(),
    };
    let title = format!("campaign {}", campaign.label);
    Some(plain(CommandKind::CampaignCreate(campaign), title))
}

/// The code was changed, or the value is to be retired: others feel it.
fn felt(r: &Reader<'_>, to: Option<&Code>) -> Option<(String, Option<String>)> {
    let old = r.editing.base_of("code").to_owned();
    (to.is_some() || r.retired() == Some(true)).then(|| (old, to.map(Code::to_string)))
}

fn changed_code(r: &mut Reader<'_>) -> Option<Code> {
    if r.changed("code") { r.code() } else { None }
}

fn changed_name(r: &mut Reader<'_>) -> Option<String> {
    r.changed("name").then(|| r.required("name", "a name is needed"))
}

fn market(r: &mut Reader<'_>, id: MarketId) -> Option<Wanted> {
    let text = |r: &Reader<'_>, key| r.changed(key).then(|| r.text(key));
    let patch = MarketPatch {
        code: changed_code(r),
        name: changed_name(r),
        countries: r.changed("countries").then(|| r.countries()),
        region: text(r, "region"),
        timezone: text(r, "timezone"),
        daily_cap: r.money_changed("daily_cap").then(|| r.money("daily_cap")),
        retired: r.retired(),
    };
    let version = r.editing.version;
    (patch != MarketPatch::default()).then(|| Wanted {
        title: format!("market {}", r.editing.base_of("code")),
        felt: felt(r, patch.code.as_ref()),
        kind: CommandKind::MarketUpdate { id, version, patch },
    })
}

fn brand(r: &mut Reader<'_>, id: BrandId) -> Option<Wanted> {
    let patch = BrandPatch {
        code: changed_code(r),
        name: changed_name(r),
        family_friendly: r.changed("family_friendly").then(|| r.text("family_friendly") == "yes"),
        retired: r.retired(),
    };
    let version = r.editing.version;
    (patch != BrandPatch::default()).then(|| Wanted {
        title: format!("brand {}", r.editing.base_of("code")),
        felt: felt(r, patch.code.as_ref()),
        kind: CommandKind::BrandUpdate { id, version, patch },
    })
}

fn channel(r: &mut Reader<'_>, id: ChannelId) -> Option<Wanted> {
    let patch = ChannelPatch {
        code: changed_code(r),
        name: changed_name(r),
        retired: r.retired(),
        ..ChannelPatch::default()
    };
    let version = r.editing.version;
    (patch != ChannelPatch::default()).then(|| Wanted {
        title: format!("channel {}", r.editing.base_of("code")),
        felt: felt(r, patch.code.as_ref()),
        kind: CommandKind::ChannelUpdate { id, version, patch },
    })
}

fn account(r: &mut Reader<'_>, id: ChannelId) -> Option<Wanted> {
    let keys = ["account.name", "account.currency", "account.timezone"];
    let changed = keys.iter().any(|k| r.changed(k));
    let account = r.account()?;
    let version = r.editing.version;
    changed.then(|| {
        let title = format!("account {}", account.id);
        let patch = ChannelPatch {
            set_accounts: vec![account],
            ..ChannelPatch::default()
        };
        plain(CommandKind::ChannelUpdate { id, version, patch }, title)
    })
}

fn campaign(r: &mut Reader<'_>, id: CampaignId) -> Option<Wanted> {
    let flight_changed = r.changed("flight.start") || r.changed("flight.end");
    let patch = CampaignPatch {
        brand: if r.changed("brand") { r.chosen("brand") } else { None },
        market: if r.changed("market") { r.chosen("market") } else { None },
        year: if r.changed("year") { r.year() } else { None },
        title: r
            .changed("title")
            .then(|| r.required("title", "a title is needed: the name is made of it")),
        budget: r.money_changed("budget").then(|| r.money("budget")),
        flight: flight_changed.then(|| r.flight()),
        retired: r.retired(),
    };
    let version = r.editing.version;
    (patch != CampaignPatch::default()).then(|| {
        let title = format!("campaign {}", r.editing.base_of("title"));
        plain(CommandKind::CampaignUpdate { id, version, patch }, title)
    })
}
