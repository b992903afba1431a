//! What goes wrong on the platforms in one run: rules drawn from the seed. Each ends after a while, so that every run
//! can come to rest.
//!
//! Kept inside the claim: a lost create happens, and is listed, well before the last look-up that proves absence.

use fastrand::Rng;
use omnitraffick::{
    engine::model::platform::ObjectKind,
    platforms::{
        Method,
        sandbox::{
            config::WorldConfig,
            faults::{Action, Faults, Match, Rule, Seconds},
            script::Script,
        },
    },
};

/// A lost create happens this much later at most, in seconds ...
const LATEST: u64 = 100;
/// ... and a listing is behind by this much at most. Together with what a request needs on its way they stay below the
/// 180 s of the last look-up.
const MOST_LAG: u64 = 50;

/// World and faults of a seed. Where the engine's clock jumps ahead, it may believe in absence after 135 s: what happens
/// late happens sooner there.
pub fn weather(rng: &mut Rng, jumps: bool) -> Script {
    let share = if jumps { 2 } else { 1 };
    let mut world = WorldConfig {
        seed: rng.u64(..),
        listing_lag_seconds: if rng.bool() { rng.u64(..=MOST_LAG / share) } else { 0 },
        empty_first_page: rng.u8(..4) == 0,
        ignores_disable: rng.u8(..8) == 0,
        ..WorldConfig::default()
    };
    if rng.u8(..4) == 0 {
        // A small allowance: the accounts run into their limits by themselves.
        world.limits.max_score = rng.u64(20..200);
        world.limits.block_seconds = rng.u64(10..300);
    }
    let rules = (0..rng.usize(3..12)).map(|_| rule(rng, LATEST / share)).collect();
    Script {
        world,
        faults: Faults::new(rng.u64(..), rules),
    }
}

fn seconds(rng: &mut Rng, most: u64) -> Seconds {
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    Seconds::try_from(rng.u64(..=most * 10) as f64 / 10.0).unwrap()
}

fn rule(rng: &mut Rng, latest: u64) -> Rule {
    let (action, only_creates) = action(rng, latest);
    let mut matches = Match::default();
    if only_creates {
        matches.method = Some(Method::Post);
        matches.name = Some("*".to_owned());
    } else {
        match rng.u8(..6) {
            0 | 1 => matches.method = Some(Method::Post),
            2 => matches.method = Some(Method::Get),
            _ => {}
        }
    }
    if rng.u8(..3) == 0 {
        let kinds = [
            ObjectKind::Campaign,
            ObjectKind::AdSet,
            ObjectKind::Creative,
            ObjectKind::Ad,
        ];
        matches.kind = rng.choice(kinds);
    }
    let frequent = rng.u8(..4) == 0;
    Rule {
        label: None,
        matches,
        nth: None,
        after: rng.bool().then(|| rng.u64(..60)),
        before: None,
        times: Some(rng.u64(1..if frequent { 40 } else { 8 })),
        probability: Some(if frequent { 0.5 } else { 0.1 }),
        action,
    }
}

/// An action, and whether it may befall creates only: a set that lands after a later one is outside the claim.
fn action(rng: &mut Rng, latest: u64) -> (Action, bool) {
    let http = |status, before| Action::Http {
        status,
        before,
        body: None,
    };
    let limit = |rng: &mut Rng| Action::RateLimit {
        code: None,
        subcode: None,
        minutes: rng.u64(..6),
        seconds: None,
    };
    let action = match rng.u8(..24) {
        0..=2 => Action::DropAfter,
        3 => Action::DropBefore,
        4..=6 => {
            return (
                Action::Late {
                    seconds: seconds(rng, latest),
                },
                true,
            );
        }
        7 | 8 => http(500, false),
        9 => http(rng.choice([502, 503, 504]).unwrap(), false),
        10 => http(rng.choice([500, 503]).unwrap(), true),
        11 => http(429, true),
        12 | 13 => limit(rng),
        14 => Action::RateLimit {
            code: None,
            subcode: None,
            minutes: 0,
            seconds: Some(rng.u64(..120)),
        },
        15 => Action::SlowBody {
            seconds: seconds(rng, 40),
        },
        16 => Action::Delay {
            seconds: seconds(rng, 40),
        },
        17 | 18 => Action::CutBody,
        19 => Action::BadToken,
        20 => return (Action::Twin, true),
        21 => Action::Http {
            status: 200,
            before: false,
            body: Some(rng.choice(["", "{}", "<html>", r#"{"id":null}"#]).unwrap().to_owned()),
        },
        _ => Action::Error {
            code: rng
                .choice([
                    1, 2, 4, 17, 77, 100, 190, 200, 368, 613, 80_004, 40_002, 40_050, 40_100, 40_105, 50_002,
                ])
                .unwrap(),
            reason: rng
                .choice([
                    None,
                    Some("campaignError.DUPLICATE_CAMPAIGN_NAME"),
                    Some("internalError.TRANSIENT_ERROR"),
                    Some("databaseError.CONCURRENT_MODIFICATION"),
                    Some("quotaError.RESOURCE_EXHAUSTED"),
                ])
                .unwrap()
                .map(str::to_owned),
            subcode: None,
            status: None,
            message: Some("Simulated".to_owned()),
            field: None,
            transient: rng.bool(),
        },
    };
    (action, false)
}
