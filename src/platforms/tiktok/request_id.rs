//! The client's `request_id` of a create: of two requests with one id TikTok carries out only one.
//!
//! Why derived and not drawn: a number drawn anew for every attempt would protect nothing, and one that is kept would be
//! a second truth beside the plan. This one follows from what is sent, so every attempt of a step has the same, after a
//! restart too, and any change of the ticket gives another.
//!
//! It is a second net only. TikTok documents ten seconds for it where it documents anything, so a lost answer is looked
//! up by name before anything is sent again; a "duplicate request" (40050) is looked up as well.

use crate::engine::model::{
    deploy::{Job, Step},
    json::{CanonicalJson, Sha},
};

/// Stands for an id that cannot be known yet, where a plan is only shown.
pub const PLACEHOLDER: &str = "<request id>";

/// The decimal text of a positive 64-bit integer, from the request's body and the step it belongs to.
pub fn of(job: &Job, step: &Step, body: &serde_json::Value) -> String {
    let seed = serde_json::json!({ "campaign": job.campaign.id, "step": step.key, "body": body });
    let Sha(bytes) = Sha::of(CanonicalJson::new(&seed).as_str().as_bytes());
    let number = bytes.iter().take(8).fold(0_u64, |n, b| (n << 8) | u64::from(*b));
    // Never negative when read as a signed integer, never zero.
    ((number >> 1) | 1).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::platforms::tiktok::testing::{job, step};

    #[test]
    fn one_step_keeps_its_id_and_any_other_content_has_another() {
        let job = job();
        let (campaign, ad_group) = (step(&job, "campaign"), step(&job, "ad_group"));
        let id = of(&job, &campaign, &json!({"a": 1, "b": 2}));
        assert_eq!(id, of(&job, &campaign, &json!({"b": 2, "a": 1})));
        assert_ne!(id, of(&job, &campaign, &json!({"a": 1, "b": 3})));
        assert_ne!(id, of(&job, &ad_group, &json!({"a": 1, "b": 2})));
        assert!(id.parse::<i64>().unwrap() > 0);
    }
}
