//! A fleet of tickets on a platform that loses answers, and an engine in a hurry: what the kill tests and the kill loop
//! share.

use std::fmt::Write as _;

/// One answer in twenty is lost after a create, one request in ten is over the limit, and half of the others are carried
/// out 50 ms before their answer leaves: that is when a kill hurts.
pub const FAULTS: &str = r#"
[world]
listing_lag_seconds = 1
[[rule]]
label = "answer lost"
method = "POST"
path = "/act_*"
probability = 0.05
action = "drop_after"
[[rule]]
label = "over the limit"
probability = 0.1
action = { rate_limit = { seconds = 1 } }
[[rule]]
label = "answer under way"
method = "POST"
probability = 0.5
action = { delay = { seconds = 0.05 } }
"#;

/// The rule of [`FAULTS`] that makes an engine careful for minutes.
pub const LIMIT: &str = r#"[[rule]]
label = "over the limit"
probability = 0.1
action = { rate_limit = { seconds = 1 } }
"#;

/// Waits that fit a platform on this machine: what it does with a request is decided at once, and what it made is in its
/// listings a second later.
pub const ENGINE: &str = r#"
[environment]
name = "kill"
[engine]
early_look = "300ms"
reconcile_reads = ["1s", "2s", "3s"]
reconcile_again = "1s"
backoff_base = "100ms"
backoff_cap = "1s"
"#;

/// Where a ticket's objects are made.
pub const EDGES: [&str; 4] = ["campaigns", "adsets", "adcreatives", "ads"];

/// One ticket per account.
pub fn tickets(campaign: &str, accounts: &[String]) -> String {
    let mut text = String::new();
    for account in accounts {
        write!(
            text,
            r#"
[[ticket]]
campaign = "{campaign}"
channel = "META"
account = "{account}"
budget = {{ daily = "250.00" }}
flight = {{ start = 2030-12-01, end = 2030-12-31 }}
[ticket.payload.ad_set.targeting]
geo_locations = {{ countries = ["US"] }}
[ticket.payload.creative.object_story_spec]
page_id = "1000000001"
link_data = {{ link = "https://example.com/m", message = "Set sail", image_hash = "0123456789abcdef0123456789abcdef" }}
"#
        )
        .unwrap();
    }
    text
}
