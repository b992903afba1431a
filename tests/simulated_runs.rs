//! Short slices of the long runs in `examples/`: the same worlds, faults and judgement, in simulated time.

#[path = "../examples/support/agency.rs"]
mod agency;
#[path = "../examples/support/runs.rs"]
mod runs;

#[tokio::test(start_paused = true)]
async fn a_fault_mix_makes_nothing_twice_and_loses_nothing() {
    let verdict = runs::fault_mix(60, 7).await;
    assert!(verdict.good, "{}", verdict.report);
}

#[tokio::test(start_paused = true)]
async fn three_platforms_at_once_stay_inside_their_rates() {
    let verdict = runs::three_platforms(48, 7).await;
    assert!(verdict.good, "{}", verdict.report);
}

#[tokio::test(start_paused = true)]
async fn accounts_use_what_they_may_and_no_more() {
    let verdict = runs::pace(6, 6, 7).await;
    assert!(verdict.good, "{}", verdict.report);
}
