//! The charging rules once more, written from the manual alone: random histories at the desk, compared act by act.

mod act;
mod bench;
mod calendar;
mod catalog;
mod compare;
mod everything;
mod issue;
mod level;
mod license;
mod model;
mod models;
mod orders;
mod random;
mod random_catalog;
mod shrink;
mod state;
mod steps;
mod trials;
mod view;

use compare::{Tally, run};

use crate::common::slow;

/// How many histories `cargo test` runs.
const SAMPLE: u64 = 40;

/// What has to happen in the sample.
const OFTEN: [&str; 23] = [
    "order done",
    "pass done",
    "pass short-pool",
    "renew done",
    "cancel done",
    "issue done",
    "issue short-pool",
    "issue over-limit",
    "issue expired",
    "issue cancelled",
    "issue needs-feature",
    "issue already-held",
    "issue unknown-model",
    "issue not-booked",
    "list done",
    "list short-pool",
    "trial done",
    "trial evaluation-used",
    "release done",
    "without done",
    "maximum done",
    "verdict grace",
    "verdict expired",
];

/// How many histories in which desk and model differ are made short and shown.
const SHOWN: usize = 3;

/// The seeds of `AIRLATCH_SEEDS=20000..22000`, to try others.
fn seeds() -> Option<std::ops::Range<u64>> {
    let text = std::env::var("AIRLATCH_SEEDS").ok()?;
    let (first, last) = text.split_once("..")?;
    Some(first.parse().ok()?..last.parse().ok()?)
}

#[test]
fn the_desk_does_what_the_manual_says() {
    let (mut tally, mut different) = (Tally::new(), Vec::new());
    for seed in seeds().unwrap_or(slow::or(0..SAMPLE, 20_000..22_000)) {
        let (catalog, acts) = random::history(seed);
        match run(&catalog, &acts) {
            Ok(told) => told.into_iter().for_each(|(what, many)| *tally.entry(what).or_default() += many),
            Err(_) => different.push(seed),
        }
    }
    let shrunk = different.iter().take(SHOWN).filter_map(|seed| {
        let (catalog, acts) = random::history(*seed);
        Some(shrink::difference(&catalog, &acts)?.shrunk().told(*seed))
    });
    let told: String = shrunk.collect();
    let many = different.len();
    assert!(different.is_empty(), "desk and model differ in {many} histories: {different:?}\n\n{told}");
    // An act that never happened was not tested.
    for what in OFTEN {
        assert!(tally.contains_key(what) || seeds().is_some(), "`{what}` never happened: {tally:#?}");
    }
}
