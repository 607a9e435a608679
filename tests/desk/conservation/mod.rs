//! Nothing sold appears or vanishes: random histories of all acts at the desk, compared with a model of sums.

mod corrections;
mod history;
mod model;
mod once;
mod releases;
mod requests;

use history::{History, Tally};

use crate::common::slow;

const ACTS: usize = 60;

#[test]
fn no_act_creates_or_loses_articles() {
    let mut tally = Tally::new();
    // The sample is chosen so that all acts below happen.
    for seed in slow::or(21..45, 0..150) {
        let told = std::panic::catch_unwind(|| {
            let mut history = History::new(seed);
            (0..ACTS).for_each(|_| history.act());
            history.ends_well();
            history.tally
        });
        let told = told.unwrap_or_else(|_| panic!("history {seed} went wrong, see above"));
        told.into_iter().for_each(|(what, many)| *tally.entry(what).or_default() += many);
    }
    // An act that never happened was not tested.
    let often = [
        "order done",
        "order again done",
        "order again order-differs",
        "account done",
        "add done",
        "pass done",
        "renew done",
        "cancel done",
        "issue done",
        "issue found",
        "again found",
        "issue clock-rollback",
        "issue short-pool",
        "issue over-limit",
        "issue wrong-host",
        "issue evaluation-used",
        "release done",
        "release already",
        "release again",
        "release stale-receipt",
        "release wrong-host",
        "release not-releasable",
        "again released",
        "reverse done",
        "reverse not-reversible",
        "reverse ordered",
        "reverse added",
        "reverse passed",
        "reverse cancelled",
        "reverse renewed",
        "reverse activated",
        "reverse returns seats",
        "correct done",
        "correct short-pool",
        "overdrawn",
        "taken again",
        "evaluation",
        "fingerprint",
        "system-id",
        "locking-id",
        "mac",
        "site",
    ];
    for what in often {
        let enough = slow::or(1, 10);
        assert!(tally.get(what).is_some_and(|many| *many >= enough), "`{what}` hardly ever: {tally:#?}");
    }
}
