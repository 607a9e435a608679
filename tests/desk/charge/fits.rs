//! What a unit may have: by its model, its levels, `bounded-by` and `requires`.

use airlatch_core::model::{Error, Reason};
use airlatch_desk::catalog::{GrantEnd, Limit};
use airlatch_desk::charge::Wanted;

use super::scene::{Desk, features, name, said};

/// The error has the limit, what is held, and the rest.
#[test]
fn over_the_limit_the_answer_names_limit_held_and_rest() {
    let mut desk = Desk::with(&[("sessions", 20)]);
    desk.book(&[("sessions", 100)], GrantEnd::Permanent);
    desk.product.features[2].limit = Limit::AtMost(30);
    desk.these(&[0], "sessions 20").unwrap();
    let error = desk.refused(&[1], "sessions 15");
    assert_eq!(
        (error.reason(), error.message()),
        (Reason::OverLimit, "more `sessions` than the limit of the unit")
    );
    assert_eq!(error.details(), ["limit   30", "held    20", "rest    10", "wanted  15"]);
    desk.these(&[1], "sessions 4").unwrap();
    let rows = ["limit   30", "held    24", "rest    6", "wanted  15, 4 of them held from this code"];
    assert_eq!(desk.refused(&[1], "sessions 15").details(), rows);
    assert_eq!(said(&desk.these(&[1], "sessions 10").unwrap()), ["sessions 6 from 1"]);
}

/// The offers, before anything is wanted.
#[test]
fn only_what_is_possible_is_offered() {
    let mut desk = Desk::with(&[("sessions", 50)]);
    desk.these(&[0], "sessions 50").unwrap();
    desk.book(
        &[("PBX#15", 3), ("PBX#60@30", 3), ("registrations", 40), ("sessions", 100), ("uc", 1), ("fax", 1)],
        GrantEnd::Permanent,
    );
    let rows = |desk: &Desk| -> Vec<String> {
        let row = |offer: airlatch_desk::charge::Offer| {
            let why = offer.why_not.as_ref().map(|why| format!(", {}", why.reason())).unwrap_or_default();
            format!("{} {offer}{why}", offer.feature)
        };
        desk.offers(&[1]).unwrap().into_iter().map(row).collect()
    };
    let both = [
        "PBX#15 at most 1 (limit 1, held 0, left on the code 3)",
        "PBX#60@30 at most 0 (limit 1, held 0, left on the code 3), wrong-step",
        "registrations at most 15 (limit 15, held 0, left on the code 40)",
        "sessions at most 100 (limit 200, held from other codes 50, left on the code 100)",
    ];
    assert_eq!(rows(&desk)[..4], both);
    let ip800 = [
        "fax at most 1 (limit 1, held 0, left on the code 1)",
        "uc at most 1 (limit 1, held 0, left on the code 1)",
    ];
    assert_eq!(rows(&desk)[4..], ip800);
    desk.model = Some("IP24");
    let ip24 = [
        "fax at most 0 (limit 1, held 0, left on the code 1), needs-feature",
        "uc at most 0 (limit 0, held 0, left on the code 1), not-on-model",
    ];
    assert_eq!(rows(&desk)[..4], both);
    assert_eq!(rows(&desk)[4..], ip24);
}

/// `PBX#15` is a base of 15, `PBX#30@15` an upgrade from 15 to 30.
#[test]
fn an_upgrade_needs_the_exact_level_below_it() {
    let mut desk = Desk::with(&[("PBX#15", 2), ("PBX#30@15", 2), ("PBX#60@30", 2)]);
    let error = desk.refused(&[0], "PBX#30@15");
    assert_eq!(error.reason(), Reason::WrongStep);
    assert_eq!(error.details(), ["level needed  15", "level held    0"]);
    assert_eq!(desk.these(&[0], "PBX#15").unwrap().features, features("PBX 15, video"));
    let error = desk.refused(&[0], "PBX#60@30");
    assert_eq!(error.details(), ["level needed  30", "level held    15"]);
    let charge = desk.these(&[0], "PBX#30@15").unwrap();
    assert_eq!(said(&charge), ["PBX#30@15 1 from 0"]);
    assert_eq!(charge.features, features("PBX 30, video"));
    assert!(desk.these(&[0], "PBX#15, PBX#30@15").unwrap().charged.is_empty());
}

#[test]
fn a_second_base_of_the_same_size_is_refused() {
    let mut desk = Desk::with(&[("PBX#15", 2), ("PBX#30", 1)]);
    desk.book(&[("PBX#15", 1), ("PBX#30", 1)], GrantEnd::Permanent);
    assert_eq!(desk.refused(&[0], "PBX#30, PBX#15").reason(), Reason::OverLimit, "of other sizes");
    desk.these(&[0], "PBX#15").unwrap();
    assert_eq!(desk.refused(&[0], "PBX#15 2").reason(), Reason::AlreadyHeld);
    let error = desk.refused(&[1], "PBX#15");
    assert_eq!(error.reason(), Reason::AlreadyHeld);
    assert_eq!(error.details(), ["level wanted  15", "level held    15"]);
    assert_eq!(desk.these(&[1], "PBX#30").unwrap().features, features("PBX 30, video"));
    assert_eq!(desk.refused(&[0], "PBX#30").reason(), Reason::AlreadyHeld);
}

#[test]
fn a_level_by_its_number_takes_the_cheapest_way() {
    let mut desk = Desk::with(&[("PBX#15", 1), ("PBX#30", 1), ("PBX#30@15", 1)]);
    desk.book(&[("PBX#60@30", 1)], GrantEnd::Permanent);
    assert_eq!(said(&desk.ask(&[0], &Wanted::Features(&features("PBX 30"))).unwrap()), ["PBX#30 1 from 0"]);
    assert_eq!(said(&desk.these(&[0], "PBX 15").unwrap()), ["PBX#15 1 from 0"]);
    let charge = desk.these(&[0, 1], "PBX 60").unwrap();
    assert_eq!(said(&charge), ["PBX#30@15 1 from 0", "PBX#60@30 1 from 1"]);
    assert_eq!(charge.features, features("PBX 60, video"));
    let charge = desk.these(&[0], "PBX 15").unwrap();
    assert!(charge.charged.is_empty());
    assert_eq!(charge.notes, ["`PBX` stays at 60: a level can't be lowered"]);
}

#[test]
fn a_level_without_a_way_says_what_is_in_the_way() {
    let desk = Desk::with(&[("PBX#30@15", 1)]);
    let reason = |wanted: &str| desk.refused(&[0], wanted).reason();
    assert_eq!(reason("PBX 30"), Reason::WrongStep);
    assert_eq!(reason("PBX 15"), Reason::ShortPool);
    assert_eq!(reason("PBX 40"), Reason::NotSold);
    assert_eq!(reason("PBX#40"), Reason::NotSold);
    assert_eq!(reason("PBX"), Reason::QuantityNeeded);
    let small = Desk { model: Some("IP24"), ..Desk::with(&[("PBX#30", 1), ("PBX#60@30", 1)]) };
    let error = small.refused(&[0], "PBX 60");
    assert_eq!(error.reason(), Reason::OverLimit);
    assert_eq!(error.details(), ["limit   30", "held    0", "wanted  60"]);
}

/// The bound includes what the unit holds from all codes.
#[test]
fn an_amount_is_bounded_by_a_level() {
    let mut desk = Desk::with(&[("PBX#15", 1), ("registrations", 10)]);
    desk.book(&[("registrations", 10), ("PBX#30@15", 1)], GrantEnd::Permanent);
    let error = desk.refused(&[0], "registrations 10");
    assert_eq!(error.reason(), Reason::OverLimit);
    desk.these(&[0], "PBX 15, registrations 10").unwrap();
    let error = desk.refused(&[1], "registrations 6");
    assert_eq!(error.reason(), Reason::OverLimit);
    assert!(error.message().contains("`registrations` than the `PBX`"), "{error}");
    assert_eq!(error.details(), ["PBX     15", "held    10", "rest    5", "wanted  6"]);
    assert!(desk.ask(&[1], &Wanted::Features(&features("registrations 5"))).is_ok());
    let charge = desk.these(&[1], "PBX 30, registrations 10").unwrap();
    assert_eq!(charge.features, features("PBX 30, registrations 20, video"));
}

/// Any one of the required features is enough.
#[test]
fn what_a_feature_needs_has_to_be_there_or_come_along() {
    let mut desk = Desk::with(&[("fax", 5), ("groupware", 5), ("voicemail", 5)]);
    desk.these(&[0], "voicemail").unwrap();
    let error = desk.refused(&[0], "fax");
    assert_eq!(error.reason(), Reason::NeedsFeature);
    assert_eq!(error.message(), "`fax` requires `uc` or `groupware` on the same unit");
    assert_eq!(error.details(), ["with it  voicemail, video"]);
    desk.these(&[0], "fax, groupware").unwrap();
    // A free feature of the model counts too.
    let mut desk = Desk::with(&[("fax", 5)]);
    desk.product.features[4].requires = vec![name("video")];
    desk.these(&[0], "fax").unwrap();
}

#[test]
fn the_model_has_to_be_known_and_able() {
    let mut desk = Desk::with(&[("uc", 5), ("voicemail", 1), ("fax", 1)]);
    desk.model = Some("IP24");
    assert_eq!(desk.refused(&[0], "uc").reason(), Reason::NotOnModel);
    desk.model = Some("IP80");
    let error = desk.refused(&[0], "voicemail");
    assert_eq!(
        (error.reason(), error.message()),
        (Reason::NotSold, "there is no model `IP80`; did you mean `IP800`?")
    );
    desk.model = None;
    let error = desk.refused(&[0], "uc");
    assert_eq!(error.reason(), Reason::UnknownModel);
    assert_eq!(error.details(), ["models  IP24, IP800"]);
    assert_eq!(
        desk.refused(&[0], "fax").reason(),
        Reason::UnknownModel,
        "it needs uc, which depends on the model"
    );
    assert_eq!(desk.ask(&[0], &Wanted::All).map_err(|t: Error| t.reason()), Err(Reason::UnknownModel));
    assert_eq!(said(&desk.these(&[0], "voicemail").unwrap()), ["voicemail 1 from 0"]);
    desk.model = Some("IP800");
    desk.these(&[0], "uc").unwrap();
    desk.model = None;
    assert_eq!(desk.refused(&[0], "voicemail").reason(), Reason::UnknownModel, "what is held depends on it");
    desk.product.models.clear();
    desk.model = Some("anything");
    assert!(desk.these(&[0], "voicemail").unwrap().charged.is_empty());
}

#[test]
fn what_was_paid_for_stays_when_the_catalog_gets_stricter() {
    let mut desk = Desk::with(&[("sessions", 100), ("voicemail", 1)]);
    desk.these(&[0], "sessions 80").unwrap();
    desk.product.features[2].limit = Limit::AtMost(50);
    let charge = desk.these(&[0], "sessions 80, voicemail").unwrap();
    assert_eq!(charge.features, features("sessions 80, voicemail, video"));
    assert_eq!(
        charge.notes,
        ["already held, but against the rules of the catalog: more `sessions` than the limit of the unit"]
    );
    assert_eq!(desk.refused(&[0], "sessions 81").reason(), Reason::OverLimit);
}
