//! Tickets as planners might write them, made from a field catalogue by a seeded generator.

use fastrand::Rng;
use omnitraffick::{
    engine::model::{
        asset::inspect,
        campaign::Campaign,
        catalogue::{Catalogue, FieldSpec, Required, get_path, parse_value, set_path},
        deploy::Job,
        governance::Account,
        ids::{BrandId, CampaignId, MarketId, TicketId, TicketNo},
        json::CanonicalJson,
        money::{Budget, BudgetKind, Currency, Money},
        platform::{ExternalId, ObjectKind},
        ticket::{RequestType, Target},
        time::{Flight, Timestamp},
    },
    platforms::KnownIds,
};
use serde_json::{Map, Value, json};

/// The fields of a payload by section.
pub type Root = Map<String, Value>;

pub fn pick<'a, T>(rng: &mut Rng, from: &'a [T]) -> &'a T {
    &from[rng.usize(..from.len())]
}

/// What a person leaves behind who clears a field.
pub fn cleared(rng: &mut Rng) -> Value {
    pick(rng, &[json!(null), json!(""), json!([]), json!({})]).clone()
}

fn is_set(value: &Value) -> bool {
    ![json!(null), json!(""), json!([]), json!({})].contains(value)
}

/// A file as the form takes it in.
pub fn file(name: &str, content: &[u8]) -> Value {
    inspect(name, content).unwrap().to_value()
}

/// A picture.
pub fn image() -> Value {
    file("hero.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x08\0\0\0\x04")
}

/// A video.
pub fn video() -> Value {
    file("film.mp4", b"\0\0\0\x20ftypisom")
}

/// Every field of a catalogue with its path in a payload.
pub fn fields(catalogue: &Catalogue) -> impl Iterator<Item = (String, &FieldSpec)> {
    let objects = catalogue.objects.iter();
    objects.flat_map(|o| o.fields.iter().map(move |f| (format!("{}.{}", o.section, f.path), f)))
}

/// The payload a fresh form starts with.
pub fn defaults(catalogue: &Catalogue) -> Root {
    let mut root = Map::new();
    for (path, field) in fields(catalogue) {
        if let Some(default) = &field.default {
            set_path(&mut root, &path, parse_value(field, default).unwrap());
        }
    }
    root
}

/// A payload as the form would start it, with some fields filled in or changed, and some of those that `may_clear` cleared.
pub fn payload(
    catalogue: &Catalogue,
    rng: &mut Rng,
    value: impl Fn(&mut Rng, &FieldSpec) -> Value,
    may_clear: impl Fn(&FieldSpec) -> bool,
) -> Root {
    let mut root = defaults(catalogue);
    for (path, field) in fields(catalogue) {
        if field.required == Required::Always || rng.u8(..4) == 0 {
            set_path(&mut root, &path, value(rng, field));
        } else if may_clear(field) && rng.u8(..10) == 0 {
            set_path(&mut root, &path, cleared(rng));
        }
    }
    root
}

/// Fills in what other fields make necessary, as QA would ask.
pub fn complete(catalogue: &Catalogue, rng: &mut Rng, root: &mut Root, value: impl Fn(&mut Rng, &FieldSpec) -> Value) {
    for (path, field) in fields(catalogue) {
        let whole = Value::Object(root.clone());
        let at = |path: &str| get_path(&whole, path).cloned().unwrap_or_default();
        let needed = match &field.required {
            Required::When { field, any_of } => {
                let other = at(field);
                let one = other.get(0).unwrap_or(&other).as_str().unwrap_or_default();
                any_of.iter().any(|v| v == one)
            }
            Required::Unless { any_set } => !any_set.iter().any(|p| is_set(&at(p))),
            Required::Always => true,
            Required::Never => false,
        };
        if needed && !is_set(&at(&path)) {
            set_path(root, &path, value(rng, field));
        }
    }
}

/// What a ticket holds besides its payload, chosen by chance.
pub struct Draft {
    pub currency: Currency,
    pub timezone: String,
    pub kind: BudgetKind,
    pub flight: Flight,
}

impl Draft {
    /// A flight of at least so many days after the first; accounts of these currencies and zones.
    pub fn new(rng: &mut Rng, accounts: &[(&str, &str)], days: i64) -> Self {
        let (currency, timezone) = *pick(rng, accounts);
        let kind = *pick(rng, &[BudgetKind::Daily, BudgetKind::Lifetime]);
        let start = jiff::civil::date(2026, 12, 1).saturating_add(jiff::Span::new().days(rng.i64(0..200)));
        let end = start.saturating_add(jiff::Span::new().days(rng.i64(days..90)));
        Self {
            currency: currency.parse().unwrap(),
            timezone: timezone.to_owned(),
            kind,
            flight: Flight {
                start: start.to_string().parse().unwrap(),
                end: Some(end.to_string().parse().unwrap()),
            },
        }
    }

    /// The job of a ticket. A change is of `target`, whose budget was `seen`.
    pub fn job(
        self,
        request: RequestType,
        (account, name): (&str, &str),
        (kind, target): (ObjectKind, String),
        (budget, seen): (Money, Money),
        payload: Root,
    ) -> Job {
        let uuid = uuid::Uuid::from_u128(7);
        let of_kind = |money| Budget { kind: self.kind, money };
        Job {
            request,
            account: Account {
                id: account.parse().unwrap(),
                name: "Lumen".to_owned(),
                currency: self.currency,
                timezone: self.timezone,
            },
            name: name.to_owned(),
            target: (request != RequestType::Create).then(|| Target {
                ticket: TicketId::new(uuid::Uuid::from_u128(1)),
                no: TicketNo::FIRST,
                kind,
                external_id: ExternalId(target),
                seen_budget: Some(of_kind(seen)),
            }),
            budget: Some(of_kind(budget)),
            flight: Some(self.flight),
            payload: CanonicalJson::new(&Value::Object(payload)),
            campaign: Campaign {
                id: CampaignId::new(uuid),
                brand: BrandId::new(uuid),
                market: MarketId::new(uuid),
                year: 2026,
                label: "MoanaLaunch".parse().unwrap(),
                title: "Moana launch".to_owned(),
                budget: None,
                flight: None,
                retired: false,
                created_at: Timestamp::default(),
            },
        }
    }
}

/// Ids as the steps with these keys would have left them, counted up from the first.
pub fn ids(keys: &[&str], first: u64) -> KnownIds {
    let ids = keys.iter().zip(first..);
    ids.map(|(k, n)| ((*k).to_owned(), ExternalId(n.to_string()))).collect()
}
