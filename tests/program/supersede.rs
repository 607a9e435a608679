//! Several licenses of one unit in the verbs: which one supersedes, what install refuses, and the sum that is shown.

use airlatch_core::model::{License, Term};

use crate::common::licenses_room::{charged, license, midnight};
use crate::common::rules_room::time;
use crate::says::{has, ran, says, trip};

#[test]
fn verify_and_status_name_the_license_that_supersedes() {
    let later = License { issued: time("2026-11-21T14:00:00Z"), ..charged("sessions=150", 5) };
    let trip =
        trip("supersede-verify", &[("old.license", &charged("sessions=100", 4)), ("new.license", &later)]);
    let both = "verify old.license new.license --trust acme.pub";
    let said = says(&trip, both, 0);
    has(
        &said,
        &["note: old.license: a later license of the same unit replaces it", "  file       new.license"],
    );
    has(&says(&trip, "verify old.license --trust acme.pub", 0), &["valid: pbx"]);
    // Its features do not count, not even in a sum.
    has(
        &says(&trip, &format!("{both} --feature sessions=151"), 1),
        &["of the same unit replaces it", "[quantity-short]"],
    );
    has(&says(&trip, "install old.license --trust acme.pub", 0), &["installed license"]);
    let said = says(&trip, "install new.license", 0);
    has(&said, &["note: it supersedes license ", "installed license"]);
    let said = says(&trip, "status", 0);
    has(&said, &["replaced by a later one: 1 license, ", "  sessions 150      licensed for ever"]);
    assert!(!said.contains("together"), "{said}");
    let said = says(&trip, "verify", 0);
    assert!(!said.contains("note:"), "what is installed and settled is no news: {said}");
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
    has(&said, &["error: a later license of the same unit replaces it", "old.license", "[superseded]"]);
    has(&says(&trip, "verify --feature sessions=51", 1), &["quantity-short"]);
    let again = says(&trip, "install new.license", 0);
    assert!(!again.contains("supersedes"), "{again}");
    assert_eq!(std::fs::read_dir(trip.folder.join("home-workshop-a/licenses")).unwrap().count(), 1);
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
        "pbx: 2 valid licenses\n",
        "  sessions 150      licensed through 31 Dec 2026 (UTC), 40 days left; then 100\n",
        "  voicemail         licensed through 31 Dec 2026 (UTC), 40 days left\n",
    ];
    has(&says(&trip, "status", 0), &sum);
    has(&says(&trip, "status --json", 0), &["\"licenses\": 2", "\"quantity\": 150"]);
    let ran = ran(&trip, "verify --feature sessions=150");
    assert_eq!(ran.exit, 0, "{}", ran.both);
    has(&ran.stdout, &["valid: pbx\n"]);
    let sum = "note: pbx: 2 licenses together: sessions 150 through 31 Dec 2026 (UTC), less of it for ever; \
               voicemail through 31 Dec 2026 (UTC)\n";
    has(&ran.both, &[sum]);
    has(
        &says(&trip, "verify --feature sessions=150 --json", 0),
        &["\"verdict\": \"valid\"", "\"quantity\": 150", "\"together\": [\n"],
    );
    has(&says(&trip, "verify --feature sessions=150 --at 2027-01-01", 1), &["quantity-short", "expired"]);
}
