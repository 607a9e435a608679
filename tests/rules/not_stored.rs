//! A host that can't store what it remembers: no days that are counted, and few for a license with an end.

use airlatch_core::model::{HostMemory, License, Lock, Term, Time, Verdict};
use airlatch_core::rules::{self, Question};

use crate::common::licenses_room::{device, license};
use crate::common::rules_room::verified;

/// The verdict of a host that remembers `memory` and has stored `stored` of it, so many days after the issue.
fn word(license: &License, memory: &HostMemory, stored: &HostMemory, days: i64) -> String {
    let mut facts = device();
    (facts.memory, facts.stored) = (memory.clone(), Some(stored.clone()));
    let now = license.issued.plus_days(days);
    match rules::judge(&verified(license), &facts, &Question::now(now)).verdict {
        Verdict::Valid => "valid".into(),
        Verdict::Refused(reasons) => reasons[0].reason().word().into(),
        works => format!("{} {}", works.word(), works.warning().unwrap().reason()),
    }
}

fn since(latest: Time) -> HostMemory {
    HostMemory { latest_time: Some(latest), ..HostMemory::default() }
}

#[test]
fn a_license_with_an_end_needs_a_memory() {
    let permanent = license("sessions=100");
    let term = Term { until: Some(permanent.issued.plus_days(365)), ..permanent.term };
    let yearly = License { term, ..permanent.clone() };
    let never = HostMemory::default();
    for (license, stored, days, expected) in [
        (&yearly, never.clone(), 0, "grace not-stored"),
        (&yearly, never.clone(), 13, "grace not-stored"),
        (&yearly, never.clone(), 14, "not-stored"),
        (&License { memory_days: 0, ..yearly.clone() }, never.clone(), 0, "not-stored"),
        (&License { memory_days: 100, ..yearly.clone() }, never.clone(), 99, "grace not-stored"),
        (&License { advisory: true, ..yearly.clone() }, never.clone(), 99, "valid"),
        (&permanent, never, 300, "valid"),
        // A service reads what somebody else stores every day.
        (&yearly, since(yearly.issued.plus_days(100)), 101, "valid"),
        (&yearly, since(yearly.issued.plus_days(100)), 102, "grace not-stored"),
        (&yearly, since(yearly.issued.plus_days(100)), 114, "not-stored"),
    ] {
        assert_eq!(word(license, &stored, &stored, days), expected, "{days} {stored:?}");
    }
}

/// The beginning of an activation period that nobody could store would begin again at the next look.
#[test]
fn days_are_counted_only_where_the_count_is_stored() {
    let starter = License { lock: Lock::Starter(30), ..license("sessions=100") };
    let mut begun = since(starter.issued);
    begun.first_installed.insert("pbx".into(), starter.issued);
    assert_eq!(word(&starter, &begun, &since(starter.issued), 1), "not-stored");
    assert_eq!(word(&starter, &begun, &begun, 1), "grace activation-period");
}
