//! Dates.

use serde_json::json;

use super::{Case, Edit, Fix};

/// The first day is past: today is the nearest day that is not. The last day is never moved, so a flight that is over
/// gets no fix.
pub fn start_in_the_past(case: &Case<'_>) -> Option<Fix> {
    let field = case.ailment.field.as_ref()?.as_str();
    if !matches!(field, "flight.start" | "flight") {
        return None;
    }
    let flight = case.content.flight().ok()??;
    if flight.start >= case.today || flight.end.is_some_and(|end| end < case.today) {
        return None;
    }
    let because = format!("the first day {} is past; today is {}", flight.start, case.today);
    Some(Fix::one(
        Edit::Set("flight.start".to_owned(), json!(case.today)),
        because,
    ))
}
