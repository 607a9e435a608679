//! Licenses that no verb makes yet, for a device of the trips: what they hold, and as files beside a trip.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

use airlatch::format;
use airlatch::model::{
    ComponentKind, Features, HostFacts, Kind, LedgerMark, License, Lock, Period, Quantity, Term, Time,
};

use crate::common::trip::{Ran, Trip};
use crate::rules_room::{host_with, key, mac, seal_license, time};

/// A network card of the host `workshop-a`.
pub const CARD: &str = "3c2c30a1b2c3";

pub fn device() -> HostFacts {
    host_with([(ComponentKind::Nic, CARD)])
}

/// `sessions=100 voicemail` as features.
pub fn features(text: &str) -> Features {
    let mut features = Features::default();
    for word in text.split_whitespace() {
        let (name, quantity) = match word.split_once('=') {
            Some((name, count)) => (name, Quantity::Count(count.parse().unwrap())),
            None => (word, Quantity::On),
        };
        features.add(name.parse().unwrap(), quantity).unwrap();
    }
    features
}

pub fn period(until: Option<&str>, what: &str) -> Period {
    Period { until: until.map(time), features: features(what) }
}

pub fn midnight(date: &str) -> Time {
    Time::from_date(date).unwrap()
}

/// A permanent license for that device.
pub fn license(what: &str) -> License {
    License {
        issued: time("2026-11-21T12:00:00Z"),
        product: "pbx".into(),
        version: None,
        number: None,
        customer: None,
        order: None,
        unmetered: false,
        request: None,
        model: None,
        term: Term { from: time("2026-11-21T00:00:00Z"), until: None },
        features: features(what),
        after: Vec::new(),
        grace_days: 0,
        drift_days: 0,
        allow: airlatch::model::Allowed::default(),
        not_transferable: false,
        ledger: None,
        lock: Lock::Mac(mac(CARD)),
        unknown: Vec::new(),
    }
}

/// The same, charged in the ledger 7, after its entry `number`.
pub fn charged(what: &str, number: u64) -> License {
    let mark = LedgerMark { ledger: [7; 16], number, hash: [number as u8; 32] };
    License { ledger: Some(mark), ..license(what) }
}

pub fn text(license: &License) -> String {
    format::armor(Kind::License, seal_license(license).bytes(), &format::summary(license))
}

/// A trip with the vendor's key and these licenses as files.
pub fn trip(name: &str, files: &[(&str, &License)]) -> Trip {
    let trip = Trip::new(name);
    std::fs::write(trip.folder.join("acme.pub"), key(1).public().to_pem()).unwrap();
    for (name, license) in files {
        std::fs::write(trip.folder.join(name), text(license)).unwrap();
    }
    trip
}

/// Runs a line of words.
pub fn ran(trip: &Trip, line: &str) -> Ran {
    trip.airlatch(&line.split(' ').collect::<Vec<_>>(), Vec::new())
}

/// Runs a line that has to end with this exit code, and gives all that was said.
#[track_caller]
pub fn says(trip: &Trip, line: &str, exit: u8) -> String {
    let ran = ran(trip, line);
    assert_eq!(ran.exit, exit, "airlatch {line}\n{}", ran.both);
    ran.both
}

#[track_caller]
pub fn has(said: &str, wanted: &[&str]) {
    for words in wanted {
        assert!(said.contains(words), "`{words}` is not in\n{said}");
    }
}
