//! A slice of `cargo run --release --example random_keys`, drawn by proptest: what breaks a promise is made as short as it
//! can be.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    dead_code,
    missing_docs,
    reason = "test code; the example uses the rest"
)]

#[path = "../examples/random_keys/typist/mod.rs"]
mod typist;

use omnitraffick::tui::command::Key;
use proptest::prelude::*;
use typist::{
    Diary, Typist,
    event::{Happening, NAMED, TEXTS, carried_through, chord, next, palette, typed},
};

fn happening() -> impl Strategy<Value = Happening> {
    let text = || proptest::sample::select(TEXTS.as_slice());
    prop_oneof![
        12 => proptest::char::range(' ', '~').prop_map(|c| Happening::Key(Key::Char(c))),
        8 => proptest::sample::select(NAMED.as_slice()).prop_map(Happening::Key),
        2 => proptest::char::range('a', 'z').prop_map(|c| Happening::Key(Key::Ctrl(c))),
        12 => (0_usize..400).prop_map(|n| Happening::Keys(chord(n))),
        3 => ((0_usize..400), text()).prop_map(|(n, t)| Happening::Keys(carried_through(n, t))),
        2 => ((0_usize..400), proptest::option::of(text())).prop_map(|(n, word)| Happening::Keys(palette(n, word))),
        2 => text().prop_map(|t| Happening::Keys(typed(t))),
        2 => text().prop_map(|t| Happening::Paste(t.to_owned())),
        3 => (0_u16..=300, 0_u16..=100).prop_map(|(w, h)| Happening::Resize(w, h)),
        5 => (1_u16..3000).prop_map(Happening::Wait),
        5 => (1_u8..20).prop_map(Happening::Answers),
        2 => Just(Happening::Shuffle),
        1 => Just(Happening::Fail),
        1 => Just(Happening::NoticesLost),
        1 => any::<u8>().prop_map(Happening::Colleague),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, max_shrink_iters: 200, ..ProptestConfig::default() })]
    #[test]
    fn whatever_is_typed_the_promises_hold(
        happenings in proptest::collection::vec(happening(), 50..150),
        read_only in proptest::bool::weighted(0.2),
    ) {
        typist::runtime().block_on(async {
            let mut typist = Typist::sit_down(1, read_only, Diary::default()).await;
            for happening in &happenings {
                typist.live(happening).await;
            }
            typist.rest().await;
        });
    }
}

/// Promises are worth what they were held against.
#[test]
fn a_sitting_meets_what_there_is() {
    let counts = typist::runtime().block_on(async {
        let mut typist = Typist::sit_down(1, false, Diary::default()).await;
        let mut rng = fastrand::Rng::with_seed(1);
        for _ in 0..1500 {
            typist.live(&next(&mut rng)).await;
        }
        typist.rest().await;
        typist.counts
    });
    assert!(counts.screens.len() >= 7, "{counts:?}");
    assert!(counts.overlays.len() >= 5, "{counts:?}");
    assert!(
        counts.commits > 0 && counts.answers > 50 && counts.notices > 50,
        "{counts:?}"
    );
}
