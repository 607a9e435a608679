//! Licenses as an earlier or later desk would issue them, built without a desk: for a device of the trips, as files beside a trip.

use airlatch_core::format;
use airlatch_core::model::{
    ComponentKind, Features, HostFacts, Kind, LedgerMark, License, Lock, Period, Quantity, Term, Time,
};

use super::rules_room::{host_with, key, mac, seal_license, time};

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
        allow: airlatch_core::model::AllowedClasses::default(),
        advisory: false,
        memory_days: airlatch_core::model::MEMORY_DAYS,
        not_transferable: false,
        weak_lock: false,
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

/// 100 and a switch, then 50 and another, then nothing, then 10; two days of grace.
pub fn changing() -> License {
    License {
        term: Term { from: midnight("2026-12-01"), until: Some(midnight("2027-01-01")) },
        after: vec![
            period(Some("2027-02-01T00:00:00Z"), "sessions=50 video"),
            period(Some("2027-03-01T00:00:00Z"), ""),
            period(Some("2027-04-01T00:00:00Z"), "sessions=10"),
        ],
        grace_days: 2,
        drift_days: 0,
        allow: airlatch_core::model::AllowedClasses::default(),
        ..license("sessions=100 voicemail")
    }
}

pub fn text(license: &License) -> String {
    format::armor(Kind::License, seal_license(license).bytes(), &format::summary(license))
}

#[track_caller]
pub fn has(said: &str, wanted: &[&str]) {
    for words in wanted {
        assert!(said.contains(words), "`{words}` is not in\n{said}");
    }
}
