//! Which leaves a proposal may change, by request type and by what is wrong.
//!
//! The list is made of the platform's field catalogue: a leaf nobody described is not on it.

use serde_json::Value;

use super::{
    leaves::{LeafChange, leaves},
    never,
};
use crate::engine::model::{
    catalogue::{Catalogue, FieldSpec, FieldType},
    path::FieldPath,
    proposal::{Ailment, Content, Witness},
    ticket::RequestType,
};

/// What kind of trouble an ailment is: decides which leaves may mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorClass {
    /// One field, or everything below one.
    Field(FieldPath),
    /// No field was named: every field of the object that was refused.
    Section(Option<String>),
    /// The content breaks a policy or a brand's rules: the ad's texts.
    Policy,
    /// The first day is past.
    Start,
    /// Nothing a proposal may mend: budget, names, targets, the end of the schedule.
    Person,
}

impl ErrorClass {
    /// Of an ailment.
    pub fn of(ailment: &Ailment, catalogue: &Catalogue) -> Self {
        let policy = match ailment.witness {
            Witness::Platform => ailment.code.starts_with("policy"),
            Witness::Qa => ailment.code.starts_with("brand_safety."),
        };
        if policy {
            return Self::Policy;
        }
        let field = ailment.field.as_ref().map_or("", FieldPath::as_str);
        if field == "flight.start" || field == "flight" {
            return Self::Start;
        }
        if let Some(below) = field.strip_prefix("payload.") {
            // The section alone says no more than which object it was.
            return match catalogue.section(below) {
                Some(object) => Self::Section(Some(object.section.clone())),
                None => Self::Field(FieldPath::new(field)),
            };
        }
        match (field, ailment.witness) {
            ("" | "payload", Witness::Platform) => {
                let step = ailment.step.as_deref().and_then(|s| catalogue.section(s));
                Self::Section(step.map(|o| o.section.clone()))
            }
            _ => Self::Person,
        }
    }
}

/// Fields that mend what another one is blamed for.
const COMPANIONS: [(&str, &str); 4] = [
    ("100/4834005", "payload.campaign.is_adset_budget_sharing_enabled"),
    ("100/4834006", "payload.campaign.is_adset_budget_sharing_enabled"),
    (
        "campaignError.CANNOT_TARGET_SEARCH_NETWORK_WITHOUT_GOOGLE_SEARCH",
        "payload.campaign.networkSettings.targetGoogleSearch",
    ),
    ("100/1487678", "payload.ad_set.targeting.device_platforms"),
];

/// The allow-list of one proposal.
#[derive(Clone, Debug)]
pub struct Allow<'a> {
    request: RequestType,
    catalogue: &'a Catalogue,
    classes: Vec<ErrorClass>,
}

impl<'a> Allow<'a> {
    /// For everything that is wrong with a ticket.
    pub fn of(request: RequestType, catalogue: &'a Catalogue, ailments: &[Ailment]) -> Self {
        let mut classes: Vec<ErrorClass> = ailments.iter().map(|a| ErrorClass::of(a, catalogue)).collect();
        let companions = COMPANIONS
            .iter()
            .filter(|(code, _)| ailments.iter().any(|a| a.code == *code));
        classes.extend(companions.map(|(_, field)| ErrorClass::Field(FieldPath::new(*field))));
        Self {
            request,
            catalogue,
            classes,
        }
    }

    /// True when something is wrong that a guideline decides about: what mends it must name the guideline.
    pub fn is_policy(&self) -> bool {
        self.classes.contains(&ErrorClass::Policy)
    }

    /// True when a changed leaf is on the list. What is never acceptable is judged before ([`super::never`]).
    pub fn permits(&self, change: &LeafChange) -> bool {
        // Every other request carries a target, a budget or a status, and none of them is a proposal's affair.
        if self.request != RequestType::Create {
            return false;
        }
        let keys: Vec<&str> = change.path.keys().collect();
        match keys.as_slice() {
            ["flight", "start"] => {
                let is_day = |v: &Option<Value>| v.as_ref().is_some_and(Value::is_string);
                self.classes.contains(&ErrorClass::Start) && is_day(&change.from) && is_day(&change.to)
            }
            ["payload", section, rest @ ..] => {
                let Some(ty) = self.spec(section, rest).map(|f| f.ty) else {
                    return false;
                };
                let keyed = format!("payload.{section}.{}", rest.join("."));
                self.classes.iter().any(|class| match class {
                    ErrorClass::Field(field) => is_within(&keyed, &plain(field)),
                    ErrorClass::Section(only) => only.as_deref().is_none_or(|s| s == *section),
                    ErrorClass::Policy => is_text(section, ty),
                    ErrorClass::Start | ErrorClass::Person => false,
                })
            }
            _ => false,
        }
    }

    /// The described field a leaf belongs to.
    pub fn spec(&self, section: &str, rest: &[&str]) -> Option<&'a FieldSpec> {
        let object = self.catalogue.section(section)?;
        // A key that holds a dot would read as two.
        if rest.is_empty() || rest.iter().any(|k| k.contains('.')) {
            return None;
        }
        let path = rest.join(".");
        let open = |ty| matches!(ty, FieldType::Object | FieldType::ObjectList | FieldType::NamedIdList);
        let exact = object.fields.iter().find(|f| f.path == path);
        let above = || object.fields.iter().find(|f| open(f.ty) && is_within(&path, &f.path));
        exact.or_else(above)
    }
}

/// True for what no proposal may mend: money, names, targets, and every field that is never changed by one.
pub fn is_for_a_person(ailment: &Ailment, catalogue: &Catalogue, content: &Content) -> bool {
    match ErrorClass::of(ailment, catalogue) {
        ErrorClass::Person => true,
        ErrorClass::Field(field) => {
            let field = plain(&field);
            let all = leaves(content.value());
            let mut blamed = all
                .into_iter()
                .filter(|(path, _)| is_within(&plain(&path.field()), &field))
                .map(|(path, value)| LeafChange {
                    path,
                    from: Some(value.clone()),
                    to: Some(value.clone()),
                })
                .peekable();
            // A field that is not there can be added.
            blamed.peek().is_some() && blamed.all(|leaf| never::reason(&leaf).is_some())
        }
        ErrorClass::Section(_) | ErrorClass::Policy | ErrorClass::Start => false,
    }
}

/// What people read of an ad, and the words it is shown for.
fn is_text(section: &str, ty: FieldType) -> bool {
    matches!(ty, FieldType::Text | FieldType::TextList) && matches!(section, "creative" | "ad" | "ad_group")
}

/// True for the path itself and everything below it.
fn is_within(path: &str, above: &str) -> bool {
    path.strip_prefix(above)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// A field path without its list positions: `a.b[2].c` is `a.b.c`.
pub fn plain(field: &FieldPath) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in field.as_str().chars() {
        match c {
            '[' => inside = true,
            ']' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}
