//! Several licenses of one unit: which one is superseded, what install refuses, and what they allow together.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

mod common;
mod licenses_room;
mod rules_room;

use airlatch::host::{self, Judged};
use airlatch::model::{Features, LedgerMark, License, Lock, Term, Verdict};
use airlatch::rules::Question;
use licenses_room::{charged, device, features, has, license, midnight, ran, says, text, trip};
use rules_room::{asking, key, mac, time, trusted};

fn question(asked: &str) -> Question {
    let asked: Features = features(asked);
    let asked = asked.iter().map(|(name, quantity)| (name.clone(), quantity)).collect();
    Question { features: asked, ..asking(time("2026-11-21T12:00:00Z")) }
}

fn judged(licenses: &[License], asked: &str) -> Vec<Judged> {
    let judge = |license: &License| {
        host::verify(text(license).as_bytes(), &trusted(), &device(), &question(asked)).unwrap()
    };
    licenses.iter().map(judge).collect()
}

fn word(judged: &Judged) -> String {
    match &judged.judgement.verdict {
        Verdict::Valid => "valid".into(),
        Verdict::Grace(_) => "grace".into(),
        Verdict::Refused(reasons) => reasons.iter().map(|t| t.reason().word()).collect::<Vec<_>>().join(" "),
    }
}

/// The words after they were judged beside each other, the same in both orders.
#[track_caller]
fn beside(licenses: &[License]) -> Vec<String> {
    let words = |mut all: Vec<Judged>| {
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

#[test]
fn verify_and_status_say_which_license_took_the_place() {
    let later = License { issued: time("2026-11-21T14:00:00Z"), ..charged("sessions=150", 5) };
    let trip =
        trip("supersede-verify", &[("old.license", &charged("sessions=100", 4)), ("new.license", &later)]);
    let both = "verify old.license new.license --trust acme.pub";
    let said = says(&trip, both, 0);
    has(
        &said,
        &[
            "note: old.license: a later license of the same unit has taken its place",
            "  file       new.license",
        ],
    );
    has(&says(&trip, "verify old.license --trust acme.pub", 0), &["valid: pbx"]);
    // Its features don't count any more, not even to be added up.
    has(
        &says(&trip, &format!("{both} --feature sessions=151"), 1),
        &["has taken its place", "[quantity-short]"],
    );
    has(&says(&trip, "install old.license --trust acme.pub", 0), &["installed license"]);
    let said = says(&trip, "install new.license", 0);
    has(&said, &["note: it takes the place of license ", "installed license"]);
    let said = says(&trip, "status", 0);
    has(
        &said,
        &["pbx: not licensed: a later license of the same unit", "  sessions 150      licensed for ever"],
    );
    assert!(!said.contains("together"), "{said}");
    let id = says(&trip, "inspect new.license", 0);
    let id = id.lines().find_map(|line| line.strip_prefix("  id         ")).unwrap().to_owned();
    has(
        &says(&trip, "status --json", 0),
        &[
            "\"reason\": \"superseded\"",
            "\"entry      4, issued 2026-11-21T12:00:00Z\"",
            "\"later      5, issued 2026-11-21T14:00:00Z\"",
            &format!("\"license    {id}\""),
        ],
    );
}

#[test]
fn install_refuses_to_undo_a_later_license() {
    let trip = trip(
        "supersede-install",
        &[("old.license", &charged("sessions=100", 4)), ("new.license", &charged("sessions=50", 5))],
    );
    says(&trip, "install new.license --trust acme.pub", 0);
    let said = says(&trip, "install old.license", 1);
    has(
        &said,
        &["error: a later license of the same unit has taken its place", "old.license", "[superseded]"],
    );
    has(&says(&trip, "verify --feature sessions=51", 1), &["quantity-short"]);
    let again = says(&trip, "install new.license", 0);
    assert!(!again.contains("takes the place"), "{again}");
    assert_eq!(std::fs::read_dir(trip.folder.join("home-workshop-a/licenses")).unwrap().count(), 1);
}

/// Another document with the same content: it was issued a second later.
fn copy(license: &License) -> License {
    License { issued: license.issued.plus(1), ..license.clone() }
}

/// What each license says when they are asked together, and how many products were added up.
fn together(licenses: &[License], asked: &str) -> (Vec<String>, usize) {
    let mut all = judged(licenses, asked);
    let mut refs: Vec<_> = all.iter_mut().collect();
    host::supersede(&mut refs);
    let added = host::add_up(&mut refs, &question(asked));
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

#[test]
fn status_and_verify_show_the_sum() {
    let until = Term { from: midnight("2026-11-01"), until: Some(midnight("2027-01-01")) };
    let short = License { term: until, ..license("sessions=50 voicemail") };
    let trip = trip("supersede-sum", &[("a.license", &license("sessions=100")), ("b.license", &short)]);
    says(&trip, "install a.license --trust acme.pub", 0);
    let alone = says(&trip, "status", 0);
    assert!(!alone.contains("together"), "{alone}");
    says(&trip, "install b.license", 0);
    let sum = [
        "pbx: 2 licenses hold\n",
        "  sessions 150      licensed until 2027-01-01T00:00:00Z, 40 days left; then 100\n",
        "  voicemail         licensed until 2027-01-01T00:00:00Z, 40 days left\n",
    ];
    has(&says(&trip, "status", 0), &sum);
    has(&says(&trip, "status --json", 0), &["\"licenses\": 2", "\"quantity\": 150"]);
    let ran = ran(&trip, "verify --feature sessions=150");
    assert_eq!(ran.exit, 0, "{}", ran.both);
    has(&ran.stdout, &["valid: pbx\n"]);
    let sum = "note: pbx: 2 licenses together: sessions 150 until 2027-01-01T00:00:00Z, less of it for ever; \
               voicemail until 2027-01-01T00:00:00Z\n";
    has(&ran.both, &[sum]);
    has(
        &says(&trip, "verify --feature sessions=150 --json", 0),
        &["\"verdict\": \"valid\"", "\"quantity\": 150", "\"together\": [\n"],
    );
    has(&says(&trip, "verify --feature sessions=150 --at 2027-01-01", 1), &["quantity-short", "expired"]);
}
