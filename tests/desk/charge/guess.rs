//! Charges without stated quantities: the default, everything, and the same for each of many units.

use airlatch_core::model::Reason;
use airlatch_desk::catalog::GrantEnd;
use airlatch_desk::charge::Wanted;

use super::scene::{Desk, name, said};

#[test]
fn a_count_is_asked_for_with_what_can_be_had() {
    let mut desk = Desk::with(&[("sessions", 50)]);
    desk.these(&[0], "sessions 50").unwrap();
    desk.book(
        &[("PBX#15", 1), ("registrations", 40), ("sessions", 100), ("voicemail", 1)],
        GrantEnd::Permanent,
    );
    let error = desk.ask(&[1], &Wanted::Unspecified).unwrap_err();
    assert_eq!(error.reason(), Reason::QuantityNeeded);
    assert_eq!(error.message(), "the quantity of `registrations`, `sessions` is missing");
    let rows = [
        "registrations  at most 15 (limit 15, held 0, left on the code 40)",
        "sessions       at most 100 (limit 200, held from other codes 50, left on the code 100)",
    ];
    assert_eq!(error.details(), rows);
}

#[test]
fn a_count_that_is_held_stays_and_a_single_one_is_taken() {
    let mut desk = Desk::with(&[("sessions", 100), ("voicemail", 1)]);
    desk.these(&[0], "sessions 60").unwrap();
    let charge = desk.charge(&[0], &Wanted::Unspecified).unwrap();
    assert_eq!(said(&charge), ["voicemail 1 from 0"]);
    assert_eq!(charge.features.to_string(), "sessions 60, video, voicemail");
    desk.book(&[("sessions", 1)], GrantEnd::Permanent);
    let charge = desk.charge(&[1], &Wanted::Unspecified).unwrap();
    assert_eq!(said(&charge), ["sessions 1 from 1"]);
    assert!(desk.charge(&[1], &Wanted::Unspecified).unwrap().charged.is_empty());
}

/// A feature that depends on more of a count is not taken if the count stays as it is.
#[test]
fn a_switch_that_needs_more_of_a_count_is_not_taken() {
    let mut desk = Desk::with(&[("registrations", 10), ("PBX#15", 1), ("sessions", 1)]);
    desk.book(&[("sessions", 2)], GrantEnd::Permanent);
    desk.product.features[2].bounded_by = Some("registrations".parse().unwrap());
    desk.these(&[0], "PBX 15, registrations 2").unwrap();
    desk.these(&[1], "sessions 2").unwrap();
    let charge = desk.ask(&[0], &Wanted::Unspecified).unwrap();
    assert_eq!(said(&charge), [""; 0]);
    assert!(
        charge.notes[0].starts_with("`sessions` stays on the code: more `sessions` than the `registrations`")
    );
    let charge = desk.ask(&[0], &Wanted::All).unwrap();
    assert_eq!(said(&charge), ["registrations 8 from 0", "sessions 1 from 0"]);
}

#[test]
fn a_step_is_taken_where_counts_stay() {
    let mut desk = Desk::with(&[("registrations", 10), ("PBX#15", 1), ("PBX#30@15", 1), ("sessions", 9)]);
    desk.product.features[2].bounded_by = Some("registrations".parse().unwrap());
    desk.these(&[0], "PBX#15, registrations 2, sessions 1").unwrap();
    let charge = desk.charge(&[0], &Wanted::Unspecified).unwrap();
    assert_eq!(said(&charge), ["PBX#30@15 1 from 0"]);
    let charge = desk.charge(&[0], &Wanted::All).unwrap();
    assert_eq!(said(&charge), ["registrations 8 from 0", "sessions 8 from 0"]);
}

#[test]
fn everything_is_what_limits_allow_and_the_rest_stays_with_a_note() {
    let mut desk = Desk::with(&[
        ("PBX#15", 2),
        ("PBX#30@15", 2),
        ("PBX#60@30", 2),
        ("registrations", 40),
        ("sessions", 300),
        ("fax", 2),
        ("uc", 2),
    ]);
    desk.model = Some("IP24");
    let charge = desk.charge(&[0], &Wanted::All).unwrap();
    let charged = ["PBX#15 1 from 0", "PBX#30@15 1 from 0", "registrations 30 from 0", "sessions 200 from 0"];
    assert_eq!(said(&charge), charged);
    let notes = [
        "10 of `registrations` stay on the code: more `registrations` than the `PBX` of the unit, which bounds it",
        "`fax` stays on the code: `fax` requires `uc` or `groupware` on the same unit",
    ];
    assert_eq!(charge.notes, notes);
    let unavailable: Vec<_> = charge.unavailable.iter().map(ToString::to_string).collect();
    assert_eq!(
        unavailable,
        [
            "100 of `sessions` stay on the code: model IP24 has at most 200",
            "`PBX#60@30` stays on the code: model IP24 has at most 30",
            "`uc` stays on the code: not available for model IP24",
        ]
    );
    let again = desk.charge(&[0], &Wanted::All).unwrap();
    assert_eq!((again.charged.len(), again.features), (0, charge.features));
}

#[test]
fn of_several_ways_to_a_level_one_is_taken() {
    let mut desk = Desk::with(&[("PBX#15", 1), ("PBX#30@15", 1), ("PBX#30", 1)]);
    let charge = desk.charge(&[0], &Wanted::All).unwrap();
    assert_eq!(said(&charge), ["PBX#30 1 from 0"]);
    let notes = ["PBX#15", "PBX#30@15"]
        .map(|step| format!("`{step}` stays on the code: another step leads to the same level"));
    assert_eq!(charge.notes, notes);
}

#[test]
fn when_nothing_can_be_had_the_first_reason_is_told() {
    let mut desk = Desk::with(&[("fax", 1), ("uc", 1)]);
    desk.model = Some("IP24");
    for wanted in [Wanted::All, Wanted::Unspecified] {
        assert_eq!(desk.ask(&[0], &wanted).unwrap_err().reason(), Reason::NeedsFeature);
    }
    desk.sources[0].pool.left.clear();
    assert_eq!(desk.ask(&[0], &Wanted::All).unwrap_err().reason(), Reason::ShortPool);
    desk.sources[0].pool.order.lines.clear();
    let error = desk.ask(&[0], &Wanted::All).unwrap_err();
    assert_eq!((error.reason(), error.message()), (Reason::ShortPool, "nothing is left on the code"));
    desk.sources[0].pool.left.insert("telex".parse().unwrap(), 1);
    assert_eq!(desk.ask(&[0], &Wanted::All).unwrap_err().reason(), Reason::NotSold);
}

#[test]
fn each_of_many_units_gets_the_same_or_a_refusal() {
    let mut desk = Desk::with(&[("PBX#15", 2), ("PBX#30@15", 2), ("sessions", 10), ("voicemail", 2)]);
    let charge = desk.charge(&[0], &Wanted::PerUnit(4)).unwrap();
    let charged = ["PBX#15 1 from 0", "PBX#30@15 1 from 0", "sessions 4 from 0", "voicemail 1 from 0"];
    assert_eq!(said(&charge), charged);
    assert!(desk.charge(&[0], &Wanted::PerUnit(4)).unwrap().charged.is_empty());
    let fresh = |desk: &mut Desk| desk.sources[0].held.clear();
    fresh(&mut desk);
    assert_eq!(desk.charge(&[0], &Wanted::PerUnit(4)).unwrap().charged.len(), 4);
    fresh(&mut desk);
    for gone in ["PBX#15", "PBX#30@15", "voicemail"] {
        let error = desk.ask(&[0], &Wanted::PerUnit(2)).unwrap_err();
        assert_eq!(error.message(), format!("none of `{gone}` is left on the code"));
        desk.sources[0].pool.left.insert(gone.parse().unwrap(), 1);
    }
    assert!(desk.ask(&[0], &Wanted::PerUnit(2)).is_ok());
    assert_eq!(desk.ask(&[0], &Wanted::PerUnit(0)).unwrap_err().reason(), Reason::BadValue);
}

/// What it goes without stays what it goes without, also when other units took all of that.
#[test]
fn a_unit_with_a_higher_level_is_not_refused_for_the_base_it_goes_without() {
    let mut desk = Desk::with(&[("PBX#30", 1)]);
    desk.these(&[0], "PBX#30").unwrap();
    let code = desk.until(&[("PBX#15", 1), ("sessions", 8)], "2030-01-01T00:00:00Z");
    assert_eq!(said(&desk.charge(&[code], &Wanted::PerUnit(4)).unwrap()), ["sessions 4 from 1"]);
    desk.sources[code].pool.left.remove(&name("PBX#15"));
    assert!(desk.charge(&[code], &Wanted::PerUnit(4)).unwrap().charged.is_empty());
    // A new unit needs it.
    desk.sources[0].held.clear();
    assert_eq!(desk.ask(&[code], &Wanted::PerUnit(4)).unwrap_err().reason(), Reason::ShortPool);
}

#[test]
fn a_code_that_was_passed_on_gives_nothing_to_a_batch() {
    let mut desk = Desk::with(&[("sessions", 10)]);
    desk.sources[0].pool.left.clear();
    desk.sources[0].pool.passed = crate::scene::lines(&[("sessions", 10)]);
    for wanted in [Wanted::PerUnit(1), Wanted::PerUnit(2), Wanted::All, Wanted::Unspecified] {
        let error = desk.ask(&[0], &wanted).unwrap_err();
        assert_eq!((error.reason(), error.message()), (Reason::ShortPool, "nothing is left on the code"));
    }
    desk.sources[0].pool.left.insert("telex".parse().unwrap(), 1);
    assert_eq!(desk.ask(&[0], &Wanted::PerUnit(1)).unwrap_err().reason(), Reason::NotSold);
}

#[test]
fn each_unit_of_a_batch_is_held_to_its_limits() {
    let mut desk = Desk::with(&[("sessions", 1000), ("PBX#30", 5), ("PBX#60@30", 5)]);
    assert_eq!(desk.ask(&[0], &Wanted::PerUnit(201)).unwrap_err().reason(), Reason::OverLimit);
    desk.model = Some("IP24");
    let charge = desk.ask(&[0], &Wanted::PerUnit(200)).unwrap();
    assert_eq!(said(&charge), ["PBX#30 1 from 0", "sessions 200 from 0"]);
    assert_eq!(charge.notes, ["`PBX#60@30` stays on the code: this unit can't use it"]);
    let small = Desk { model: Some("IP24"), ..Desk::with(&[("PBX#60@30", 5)]) };
    assert_eq!(small.ask(&[0], &Wanted::PerUnit(1)).unwrap_err().reason(), Reason::WrongStep);
    desk.product.features[0].on_model.insert("IP24".into(), airlatch_desk::catalog::Limit::Never);
    assert_eq!(desk.ask(&[0], &Wanted::PerUnit(1)).unwrap_err().reason(), Reason::NotOnModel);
}
