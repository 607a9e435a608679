//! What a host remembers, merged in any order.

use airlatch_core::crypto;
use airlatch_core::format;
use airlatch_core::model::{
    ClockJump, ClockMark, ClockReading, DocumentId, Drift, HostMemory, Kind, ReleasedLicense,
    SECONDS_PER_DAY, SystemId, Time,
};
use airlatch_core::rules::{
    remember::adds_nothing, remember::differs, remember::merge, remember::merge_marks,
};
use proptest::prelude::*;

use crate::common::rules_room::{key, time};

fn times() -> impl Strategy<Value = Option<Time>> {
    prop::option::of((0..5_i64).prop_map(|day| Time::from_seconds(day * SECONDS_PER_DAY)))
}

fn id(seed: u8) -> DocumentId {
    DocumentId::from_digest(&[seed; 32])
}

fn memories() -> impl Strategy<Value = HostMemory> {
    let drifts = prop::collection::btree_map(0..3_u8, (0..3_i64, times()), 0..3);
    let starts = prop::collection::btree_map("[ab]", 0..3_i64, 0..3);
    let released = prop::collection::btree_map(0..3_u8, (0..3_i64, prop::option::of(0..3_u64)), 0..3);
    let graces = prop::collection::btree_map(0..3_u8, (0..3_i64, times()), 0..3);
    let times = (times(), times(), times());
    (times, drifts, graces, starts, released).prop_map(|(times, drifts, graces, starts, released)| {
        let drift = |(seed, (used, last))| (id(seed), Drift { used_seconds: used, last_seen: last });
        let release = |(seed, (at, number)): (u8, (i64, Option<u64>))| ReleasedLicense {
            license: id(seed),
            product: "pbx".into(),
            ledger: number.map(|number| ([7; 16], number)),
            at: Time::from_seconds(at),
        };
        HostMemory {
            latest_time: times.0,
            jump: times.1.map(|from| ClockJump { from, to: from.plus_days(3) }),
            seen: times.2.map(ClockReading::from),
            set_back_seconds: times.2.map_or(0, Time::seconds),
            lost_at: times.2,
            signed_time: times.0,
            drifts: drifts.into_iter().map(drift).collect(),
            clock_graces: graces.into_iter().map(drift).collect(),
            first_installed: starts
                .into_iter()
                .map(|(product, at)| (product, Time::from_seconds(at)))
                .collect(),
            released: released.into_iter().map(release).collect(),
        }
    })
}

fn marks() -> impl Strategy<Value = ClockMark> {
    (memories(), 0..3_u64, 0..2_u8).prop_map(|(memory, resets, nonce)| ClockMark {
        system_id: SystemId::from_digest(&[1; 32]),
        nonce: [nonce; 16],
        resets,
        memory,
    })
}

/// Whether `more` knows all that `less` does, but for the time, of which the one that was reset last knows best.
fn knows(more: &HostMemory, less: &HostMemory) -> bool {
    less.drifts.iter().all(|(id, drift)| more.drifts.get(id).is_some_and(|found| found >= drift))
        && less
            .clock_graces
            .iter()
            .all(|(id, used)| more.clock_graces.get(id).is_some_and(|found| found >= used))
        && less
            .first_installed
            .iter()
            .all(|(product, start)| more.first_installed.get(product).is_some_and(|found| found <= start))
        && less.released.iter().all(|one| more.released.iter().any(|found| found.license == one.license))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_merging_makes_no_difference(a in marks(), b in marks(), c in marks()) {
        let ab = merge_marks(&a, &b);
        prop_assert_eq!(&ab, &merge_marks(&b, &a));
        prop_assert_eq!(merge_marks(&ab, &c), merge_marks(&a, &merge_marks(&b, &c)));
        prop_assert_eq!(&merge_marks(&ab, &a), &ab);
        prop_assert_eq!(&merge_marks(&ab, &ab), &ab);
        prop_assert!(adds_nothing(&a, &ab) && adds_nothing(&b, &ab));
        prop_assert_eq!(adds_nothing(&b, &a), ab == a);
    }

    #[test]
    fn nothing_that_is_counted_gets_lost_in_merging(a in marks(), b in marks()) {
        let both = merge_marks(&a, &b);
        for one in [&a, &b] {
            // A reset takes days on changed hardware back, and an older copy does not bring them up again.
            let drifts = if one.resets == both.resets { one.memory.drifts.clone() } else { Default::default() };
            let graces = one.memory.clock_graces.clone();
            let clock_graces = if one.resets == both.resets { graces } else { Default::default() };
            let counted = HostMemory { drifts, clock_graces, ..one.memory.clone() };
            prop_assert!(knows(&both.memory, &counted));
            prop_assert!(both.resets >= one.resets);
        }
        let last = if a.resets > b.resets { &a } else { &b };
        if a.resets != b.resets {
            let known = |mark: &ClockMark| (mark.memory.latest_time, mark.memory.lost_at, mark.memory.drifts.clone(), mark.nonce);
            prop_assert_eq!(known(&both), known(last));
        }
    }

    #[test]
    fn what_is_merged_again_is_not_worth_writing(a in memories(), b in memories()) {
        let ab = merge(&a, &b);
        prop_assert_eq!(&merge(&ab, &b), &ab);
        prop_assert!(!differs(&merge(&a, &a), &a, 0));
        prop_assert_eq!(differs(&a, &b, 0), differs(&b, &a, 0));
    }

    /// A mark comes back from its file as it was.
    #[test]
    fn every_mark_is_read_back(mark in marks()) {
        let owner = key(2);
        let mark = ClockMark { system_id: owner.public().system_id(), ..mark };
        let sealed = crypto::seal(Kind::ClockMark, &format::write_clock_mark(&mark).unwrap(), &owner);
        let read = format::read_clock_mark(&sealed).unwrap();
        prop_assert_eq!(read.get(), &mark);
    }
}

#[test]
fn an_hour_alone_is_not_worth_writing() {
    let now = time("2026-11-21T12:00:00Z");
    let drift = |used, last| [(id(1), Drift { used_seconds: used, last_seen: last })].into();
    let one = HostMemory { latest_time: Some(now), drifts: drift(5, Some(now)), ..HostMemory::default() };
    let later = now.plus_seconds(3600);
    let other =
        HostMemory { latest_time: Some(later), drifts: drift(3605, Some(later)), ..HostMemory::default() };
    assert!(!differs(&one, &other, 3600));
    assert!(differs(&one, &other, 3599));
    assert!(differs(&one, &HostMemory { drifts: drift(5, None), ..one.clone() }, i64::MAX));
}
