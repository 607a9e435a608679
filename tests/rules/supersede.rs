//! Several licenses of one unit: which one is superseded, and what they allow together.

use airlatch_core::host::{self, JudgedLicense};
use airlatch_core::model::{Features, LedgerMark, License, Lock, Term, Verdict};
use airlatch_core::rules::Question;

use crate::common::licenses_room::{charged, device, features, license, midnight, text};
use crate::common::rules_room::{asking, key, mac, time, trusted};

fn question(asked: &str) -> Question {
    let asked: Features = features(asked);
    let asked = asked.iter().map(|(name, quantity)| (name.clone(), quantity)).collect();
    Question { features: asked, ..asking(time("2026-11-21T12:00:00Z")) }
}

fn judged(licenses: &[License], asked: &str) -> Vec<JudgedLicense> {
    let judge = |license: &License| {
        host::verify(text(license).as_bytes(), &trusted(), &device(), &question(asked)).unwrap()
    };
    licenses.iter().map(judge).collect()
}

fn word(judged: &JudgedLicense) -> String {
    match &judged.judgement.verdict {
        Verdict::Refused(reasons) => reasons.iter().map(|t| t.reason().word()).collect::<Vec<_>>().join(" "),
        works => works.word().into(),
    }
}

/// The words after they were judged beside each other, the same in both orders.
#[track_caller]
fn beside(licenses: &[License]) -> Vec<String> {
    let words = |mut all: Vec<JudgedLicense>| {
        host::supersede(&mut all.iter_mut().collect::<Vec<_>>());
        all.iter().map(word).collect::<Vec<_>>()
    };
    let forward = words(judged(licenses, ""));
    let mut backward = licenses.to_vec();
    backward.reverse();
    let mut backward = words(judged(&backward, ""));
    backward.reverse();
    assert_eq!(forward, backward);
    forward
}

fn with_mark(license: License, change: impl FnOnce(&mut LedgerMark)) -> License {
    let mut mark = license.ledger.unwrap();
    change(&mut mark);
    License { ledger: Some(mark), ..license }
}

#[test]
fn the_higher_number_supersedes() {
    assert_eq!(beside(&[charged("s=1", 4), charged("s=2", 5)]), ["superseded", "valid"]);
    let three = [charged("s=1", 4), charged("s=3", 6), charged("s=2", 5)];
    assert_eq!(beside(&three), ["superseded", "valid", "superseded"]);
    // A date in a file does not count where the ledger's order is known.
    let dated = License { issued: time("2026-11-21T13:00:00Z"), ..charged("s=1", 4) };
    assert_eq!(beside(&[dated, charged("s=2", 5)]), ["superseded", "valid"]);
}

#[test]
fn with_the_same_number_the_later_one_stays_and_else_both() {
    let later = License { issued: time("2026-11-21T12:00:01Z"), ..charged("s=1", 4) };
    assert_eq!(beside(&[charged("s=1", 4), later]), ["superseded", "valid"]);
    assert_eq!(beside(&[charged("s=1", 4), charged("s=2", 4)]), ["valid", "valid"]);
    assert_eq!(beside(&[charged("s=1", 4), charged("s=1", 4)]), ["valid", "valid"]);
}

#[test]
fn another_ledger_product_or_unit_and_no_mark_supersede_nothing() {
    let first = charged("s=1", 4);
    for other in [
        with_mark(charged("s=1", 5), |mark| mark.ledger = [8; 16]),
        License { product: "phone".into(), ..charged("s=1", 5) },
        License { lock: Lock::SystemId(key(2).public().system_id()), ..charged("s=1", 5) },
        License { issued: time("2026-11-21T15:00:00Z"), ..license("s=1") },
        License { unmetered: true, ..license("s=2") },
    ] {
        assert_eq!(beside(&[first.clone(), other.clone()]), ["valid", "valid"], "{other:?}");
    }
    let neighbour = License { lock: Lock::Mac(mac("0004f1144bd4")), ..charged("s=1", 5) };
    assert_eq!(beside(&[first.clone(), neighbour]), ["valid", "wrong-host"]);
    let version = License { version: Some("2".into()), ..charged("s=1", 5) };
    assert_eq!(beside(&[first, version]), ["superseded", "valid"]);
}

/// What the desk took away stays taken away, whether or not the later license holds at the moment.
#[test]
fn a_later_license_that_does_not_hold_supersedes_all_the_same() {
    let ended = Term { from: midnight("2026-01-01"), until: Some(midnight("2026-02-01")) };
    let later = License { term: ended, ..charged("s=1", 5) };
    assert_eq!(beside(&[charged("s=1", 4), later.clone()]), ["superseded", "expired"]);
    let earlier = License { term: ended, ..charged("s=1", 4) };
    assert_eq!(beside(&[earlier, charged("s=1", 5)]), ["superseded expired", "valid"]);
    let elsewhere = |number| License { lock: Lock::Mac(mac("0004f1144bd4")), ..charged("s=1", number) };
    assert_eq!(beside(&[elsewhere(4), elsewhere(5)]), ["superseded wrong-host", "wrong-host"]);
    let earlier = License { issued: time("2026-11-21T13:00:00Z"), ..charged("s=1", 4) };
    let mut all = judged(&[earlier, later], "");
    host::supersede(&mut all.iter_mut().collect::<Vec<_>>());
    let best = host::best(&all.iter().collect::<Vec<_>>()).unwrap();
    assert_eq!(word(best), "expired", "the later one decides");
    assert!(all[0].judgement.features.is_empty());
}

/// Another document with the same content: it was issued a second later.
fn copy(license: &License) -> License {
    License { issued: license.issued.plus_seconds(1), ..license.clone() }
}

/// What each license says when they are asked together, and how many products were added up.
fn together(licenses: &[License], asked: &str) -> (Vec<String>, usize) {
    let mut all = judged(licenses, asked);
    let mut refs: Vec<_> = all.iter_mut().collect();
    host::supersede(&mut refs);
    let added = host::answer_together(&mut refs, &question(asked));
    (all.iter().map(word).collect(), added.len())
}

#[test]
fn several_licenses_answer_what_none_holds_alone() {
    let (one, other) = (license("s=100 v"), license("s=50 x"));
    let pair = [one.clone(), other.clone()];
    let short = "quantity-short";
    for (asked, words, added) in [
        ("s=100", ["valid", short], 0),
        ("s=101", ["valid", "valid"], 1),
        ("s=150", ["valid", "valid"], 1),
        ("s=151", [short, short], 0),
        ("v x", ["valid", "valid"], 1),
        ("v x s=150", ["valid", "valid"], 1),
        ("v y", ["feature-missing", "feature-missing feature-missing"], 0),
        ("", ["valid", "valid"], 0),
    ] {
        assert_eq!(together(&pair, asked), (words.map(String::from).to_vec(), added), "{asked}");
    }
    // A license that has nothing to do with the question stays refused.
    let three = [one.clone(), other.clone(), license("y")];
    assert_eq!(together(&three, "s=150").0, ["valid", "valid", "feature-missing"]);
    // The unmetered count too; a copy of the same document does not.
    let unmetered = License { unmetered: true, ..other.clone() };
    assert_eq!(together(&[one.clone(), unmetered], "s=150").1, 1);
    assert_eq!(together(&[one.clone(), one.clone()], "s=200").1, 0);
    assert_eq!(together(&[one.clone(), copy(&one)], "s=200").1, 1);
}

#[test]
fn only_what_holds_here_and_now_for_one_product_adds_up() {
    let one = license("s=100");
    let phone = License { product: "phone".into(), ..license("s=50") };
    let elsewhere = License { lock: Lock::Mac(mac("0004f1144bd4")), ..license("s=50") };
    let early = Term { from: midnight("2027-01-01"), until: None };
    let early = License { term: early, ..license("s=50") };
    for other in [phone, elsewhere, early] {
        assert_eq!(together(&[one.clone(), other.clone()], "s=150").1, 0, "{other:?}");
    }
    let superseded = [charged("s=100", 4), charged("s=50", 5)];
    assert_eq!(together(&superseded, "s=150").0, ["superseded quantity-short", "quantity-short"]);
    let metered = [charged("s=100", 4), license("s=50")];
    assert_eq!(together(&metered, "s=150").0, ["valid", "valid"]);
}

#[test]
fn a_sum_that_needs_a_license_in_grace_is_grace() {
    let ended = Term { from: midnight("2026-01-01"), until: Some(midnight("2026-11-21")) };
    let grace = License { term: ended, grace_days: 30, ..license("s=50") };
    let (words, added) = together(&[license("s=100"), grace.clone()], "s=150");
    assert_eq!((words, added), (vec!["quantity-short".into(), "grace".into()], 1));
    let (words, _) = together(&[license("s=100"), grace, license("s=51")], "s=150");
    assert_eq!(words, ["valid", "quantity-short", "valid"], "valid ones first");
    let large = License { term: ended, grace_days: 30, ..license("s=500") };
    let (words, _) = together(&[license("s=100"), large, license("s=51")], "s=150");
    assert_eq!(words, ["valid", "grace", "valid"], "a sum that is valid goes before one license in grace");
}
