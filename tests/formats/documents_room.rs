//! Licenses and requests by chance: every field there or not, at its limits and between them.

use airlatch_core::model::{
    ClockResetRequest, ComponentKind, DocumentId, FeatureName, Features, Fingerprint, HostClass, HostKind,
    LedgerMark, License, Lock, LockingId, MAX_GRACE_DAYS, Mac, OrderCode, Period, Quantity, Request,
    SiteSerial, SystemId, Term, Time, Tolerance, ValueRule,
};
use proptest::prelude::*;

use crate::common::rules_room::key;

fn text() -> impl Strategy<Value = String> {
    let c = prop_oneof![
        any::<char>(),
        prop::sample::select("\"'\\\r\n\t\u{0}\u{1b}[]#={}é🙂\u{202e}".chars().collect::<Vec<_>>())
    ];
    prop::collection::vec(c, 1..40).prop_map(|chars| chars.into_iter().collect())
}

fn maybe_text() -> impl Strategy<Value = Option<String>> {
    prop::option::of(text())
}

fn times() -> impl Strategy<Value = Time> {
    (0..253_402_300_799i64).prop_map(Time::from_seconds)
}

fn terms() -> impl Strategy<Value = Term> {
    (times(), prop::option::of(times())).prop_map(|(one, other)| match other {
        Some(other) if other != one => Term { from: one.min(other), until: Some(one.max(other)) },
        _ => Term { from: one, until: None },
    })
}

/// A term, and periods after it whose ends climb; the last one allows something.
fn spans() -> impl Strategy<Value = (Term, Vec<Period>)> {
    let steps = prop::collection::vec((1..9_000_000i64, features()), 0..=Period::MAX);
    (terms(), steps, any::<bool>()).prop_map(|(term, mut steps, is_permanent)| {
        while steps.last().is_some_and(|(_, features)| features.is_empty()) {
            steps.pop();
        }
        let Some(mut end) = term.until.filter(|end| end.plus_seconds(300_000_000).in_range().is_ok()) else {
            return (term, Vec::new());
        };
        let period = |(seconds, features)| {
            end = end.plus_seconds(seconds);
            Period { until: Some(end), features }
        };
        let mut after: Vec<Period> = steps.into_iter().map(period).collect();
        if let Some(last) = after.last_mut().filter(|_| is_permanent) {
            last.until = None;
        }
        (term, after)
    })
}

fn marks() -> impl Strategy<Value = LedgerMark> {
    (any::<[u8; 16]>(), 0..=9_007_199_254_740_991u64, any::<[u8; 32]>())
        .prop_map(|(ledger, number, hash)| LedgerMark { ledger, number, hash })
}

fn features() -> impl Strategy<Value = Features> {
    let quantity = prop_oneof![
        Just(Quantity::On),
        (1..=9_007_199_254_740_991u64).prop_map(Quantity::Count),
        Just(Quantity::Count(1)),
        Just(Quantity::Count(9_007_199_254_740_991)),
    ];
    prop::collection::btree_map("[A-Za-z0-9._+#@-]{1,64}", quantity, 0..8).prop_map(|map| {
        let mut features = Features::default();
        for (name, quantity) in map {
            features.add(name.parse::<FeatureName>().unwrap(), quantity).unwrap();
        }
        features
    })
}

fn product() -> impl Strategy<Value = String> {
    "[a-z0-9][a-z0-9._-]{0,63}"
}

fn fingerprints() -> impl Strategy<Value = Fingerprint> {
    let hashes = prop::collection::vec(any::<[u8; 16]>(), 1..4).prop_map(|mut hashes| {
        hashes.sort_unstable();
        hashes
    });
    let kinds = prop::sample::select(ComponentKind::HARDWARE.to_vec());
    (any::<[u8; 16]>(), prop::collection::btree_map(kinds, hashes, 0..=5)).prop_map(|(salt, mut hashes)| {
        hashes.iter_mut().for_each(|(kind, hashes)| hashes.truncate(kind.max_values()));
        Fingerprint { salt, hashes }
    })
}

/// Each component is required, optional or neither.
fn tolerances() -> impl Strategy<Value = Tolerance> {
    (any::<[u8; 5]>(), any::<prop::sample::Index>()).prop_filter_map(
        "nothing has to match",
        |(places, minimum)| {
            let of = |place| {
                ComponentKind::HARDWARE.into_iter().filter(move |kind| places[*kind as usize] % 3 == place)
            };
            let minimum = minimum.index(of(1).count() + 1);
            Tolerance::new(of(0), of(1), minimum).ok()
        },
    )
}

fn digests<T: std::fmt::Debug>(make: fn(&[u8; 32]) -> T) -> impl Strategy<Value = T> {
    any::<[u8; 32]>().prop_map(move |digest| make(&digest))
}

fn locking_ids() -> impl Strategy<Value = LockingId> {
    let kinds = [HostKind::BareMetal, HostKind::VirtualMachine, HostKind::Container];
    (prop::sample::select(kinds.to_vec()), prop::array::uniform5(prop_oneof![Just(0), 0..1u32 << 20]))
        .prop_map(|(kind, groups)| LockingId::of_host(kind, groups))
}

fn locks() -> impl Strategy<Value = Lock> {
    let locks = prop_oneof![
        (digests(SystemId::from_digest), locking_ids(), fingerprints(), tolerances()).prop_map(
            |(system_id, locking_id, fingerprint, tolerance)| Lock::Fingerprint {
                system_id,
                locking_id,
                values: ValueRule::for_new(&fingerprint),
                fingerprint,
                tolerance,
            }
        ),
        (locking_ids(), tolerances())
            .prop_map(|(locking_id, tolerance)| Lock::LockingId { locking_id, tolerance }),
        digests(SystemId::from_digest).prop_map(Lock::SystemId),
        any::<[u8; 6]>().prop_map(|bytes| Lock::Mac(Mac(bytes))),
        digests(SiteSerial::from_digest).prop_map(Lock::Site),
    ];
    locks.prop_filter("no host can match", |lock| match lock {
        Lock::Fingerprint { fingerprint, tolerance, .. } => {
            tolerance.is_met_by(&fingerprint.hashes.keys().copied().collect())
        }
        Lock::LockingId { locking_id, tolerance } => tolerance.is_met_by(&locking_id.components().collect()),
        _ => true,
    })
}

pub fn licenses() -> impl Strategy<Value = License> {
    let names = (maybe_text(), maybe_text(), maybe_text(), maybe_text());
    let request = prop::option::of(digests(DocumentId::from_digest));
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let extras = (maybe_text(), prop_oneof![Just(0), 1..=MAX_GRACE_DAYS], prop::option::of(marks()));
    let time = (times(), spans());
    (time, product(), names, flags, request, extras, features(), locks()).prop_map(
        |((issued, (term, after)), product, names, flags, request, extras, features, lock)| {
            let (version, number, customer, order) = names;
            let (unmetered, not_transferable, advisory, weak_lock) = flags;
            let (model, grace_days, ledger) = extras;
            License {
                issued,
                product,
                version,
                number,
                customer,
                order,
                unmetered,
                request,
                model,
                term,
                features,
                after,
                grace_days,
                drift_days: 0,
                advisory: advisory && grace_days == 0 && !matches!(lock, Lock::Starter(_)),
                memory_days: airlatch_core::model::MEMORY_DAYS,
                allow: airlatch_core::model::AllowedClasses::default(),
                not_transferable,
                weak_lock,
                ledger,
                lock,
                unknown: Vec::new(),
            }
        },
    )
}

fn classes() -> impl Strategy<Value = String> {
    prop::sample::select(&HostClass::WORDS[..]).prop_map(str::to_owned)
}

pub fn requests() -> impl Strategy<Value = Request> {
    let names = (text(), product(), maybe_text(), maybe_text(), maybe_text(), classes());
    let replaces = prop::option::of(digests(DocumentId::from_digest));
    let clock = prop::option::of(
        (any::<[u8; 16]>(), times())
            .prop_map(|(nonce, latest_time)| ClockResetRequest { nonce, latest_time }),
    );
    let codes = prop::collection::vec(digests(OrderCode::from_digest), 0..4);
    let site = prop::option::of(digests(SiteSerial::from_digest));
    (times(), names, codes, features(), locking_ids(), site, fingerprints(), replaces, clock).prop_map(
        |(
            made,
            (tool, product, version, model, note, class),
            codes,
            wanted,
            locking_id,
            site,
            fingerprint,
            replaces,
            clock,
        )| {
            Request {
                made,
                tool,
                product,
                version,
                model,
                codes,
                wanted,
                note,
                replaces,
                clock,
                locking_id,
                class,
                site,
                fingerprint,
                system_id: key(2).public().system_id(),
                unknown: Vec::new(),
            }
        },
    )
}
