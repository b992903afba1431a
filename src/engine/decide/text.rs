//! Limits of what people type, and of times, places and money in it. Refused, never silently cut or cleaned: what is
//! stored is what was typed.

use jiff::tz::TimeZoneDatabase;

use super::problems::Problems;
use crate::engine::model::{
    country::is_country,
    money::Money,
    sanitise::{excerpt, is_unsafe},
    time::Flight,
};

/// Longest name of a market, brand, channel, account or campaign, in characters.
pub const NAME_MAX: usize = 80;
/// Longest note on a ticket, in characters.
pub const NOTES_MAX: usize = 1000;
/// Longest login name.
pub const LOGIN_MAX: usize = 64;
/// Longest reason given for a decision, in characters.
pub const REASON_MAX: usize = 300;
/// Longest comment on a ticket, in characters.
pub const COMMENT_MAX: usize = 500;
/// Longest region, in characters.
pub const REGION_MAX: usize = 40;

/// One line: `min..=max` characters, nothing invisible, no space at an end.
pub fn line(problems: &mut Problems, field: &str, text: &str, min: usize, max: usize) {
    let length = text.chars().count();
    if length < min || (min > 0 && text.trim().is_empty()) {
        problems.invalid(field, "it is empty", format!("write {min} to {max} characters"));
    } else if length > max {
        problems.invalid(
            field,
            format!("it has {length} characters, at most {max} fit"),
            "shorten it",
        );
    }
    if let Some(bad) = text.chars().find(|c| is_unsafe(*c)) {
        problems.invalid(
            field,
            format!("it holds an invisible or control character (U+{:04X})", bad as u32),
            "remove it; it often comes along when text is pasted",
        );
    } else if text != text.trim() && !text.trim().is_empty() {
        problems.invalid(field, "it starts or ends with a space", "remove the space");
    }
}

/// Several lines: at most `max` characters, no control characters but newline and tab.
pub fn lines(problems: &mut Problems, field: &str, text: &str, max: usize) {
    let length = text.chars().count();
    if length > max {
        problems.invalid(
            field,
            format!("it has {length} characters, at most {max} fit"),
            "shorten it",
        );
    }
    if let Some(bad) = text.chars().find(|c| is_control(*c)) {
        problems.invalid(
            field,
            format!("it holds a control character (U+{:04X})", bad as u32),
            "remove it; it often comes along when text is pasted",
        );
    }
}

/// True for control characters that no text of a ticket may hold. Newline and tab may.
pub const fn is_control(c: char) -> bool {
    matches!(c, '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}')
}

/// An IANA time zone, spelled as IANA spells it. Looked up in the bundled database: the machine's own may differ, and
/// a decision must not.
pub fn zone(problems: &mut Problems, field: &str, name: &str) {
    let shown = excerpt(name, 40);
    match TimeZoneDatabase::bundled().get(name) {
        Ok(zone) if zone.iana_name() == Some(name) => {}
        Ok(zone) => {
            let right = zone.iana_name().unwrap_or("UTC").to_owned();
            problems.invalid(
                field,
                format!("\"{shown}\" is not how the zone is spelled"),
                format!("write {right}"),
            );
        }
        Err(_) => problems.invalid(
            field,
            format!("\"{shown}\" is not an IANA time zone"),
            "write one such as Europe/Berlin or America/New_York",
        ),
    }
}

/// Countries of a market: at least one, all assigned.
pub fn countries(problems: &mut Problems, field: &str, list: &[String]) {
    if list.is_empty() {
        problems.invalid(field, "a market has at least one country", "name it, such as US");
    }
    if list.len() > 250 {
        problems.invalid(
            field,
            format!("{} countries are more than there are", list.len()),
            "shorten the list",
        );
        return;
    }
    for country in list.iter().filter(|c| !is_country(c)) {
        let upper = country.to_ascii_uppercase();
        let remedy = match upper.as_str() {
            "UK" => "write GB".to_owned(),
            "EU" => "name the countries one by one".to_owned(),
            _ if is_country(&upper) => format!("write {upper}"),
            _ => "write a code such as US or DE".to_owned(),
        };
        problems.invalid(
            field,
            format!("\"{}\" is not an ISO 3166-1 country", excerpt(country, 12)),
            remedy,
        );
    }
}

/// A flight that does not end before it starts.
pub fn flight(problems: &mut Problems, flight: Option<Flight>) {
    if let Some(Flight { start, end: Some(end) }) = flight
        && end < start
    {
        problems.invalid(
            "flight.end",
            format!("the last day {end} is before the first day {start}"),
            "choose a last day on or after the first",
        );
    }
}

/// An amount above zero, where one is given.
pub fn positive(problems: &mut Problems, field: &str, money: Option<&Money>) {
    if let Some(money) = money.filter(|m| m.amount().is_zero()) {
        problems.invalid(
            field,
            format!("{money} is nothing"),
            "write an amount above zero, or leave it out",
        );
    }
}
