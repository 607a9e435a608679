//! The conformance vectors beside the specification: every one gets the answer in its head, and all are fresh.
//!
//! `AIRLATCH_BLESS=1 cargo test --test formats vectors` writes what the generator makes: read the difference before you commit it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Once;

use airlatch_core::crypto::{PublicKey, TrustedSet};
use airlatch_core::format;
use airlatch_core::model::Reason;

use crate::common::vector::{Vector, expected, folder, keys, on_disk};
use crate::common::vector_run::{run, run_all};
use crate::readers::READERS;
use crate::vectors_make;

/// Reasons that no vector can show: they belong to the machine, the command line or the person in front of it.
const NOT_OF_READERS: &[Reason] = &[
    // What is installed, and what somebody answered.
    Reason::ActivationPeriod,
    Reason::HostDrift,
    Reason::EndsSoon,
    Reason::NotStored,
    Reason::ClockRight,
    Reason::StaleReceipt,
    Reason::NotReleasable,
    Reason::Declined,
    Reason::NoTrust,
    Reason::BuiltInTrust,
    Reason::LostKey,
    Reason::PassphraseNeeded,
    // Orders, the catalog and the ledger.
    Reason::NotSold,
    Reason::NotBooked,
    Reason::OrderDiffers,
    Reason::AlreadyAdded,
    Reason::Cancelled,
    Reason::ShortPool,
    Reason::OverLimit,
    Reason::NotOnModel,
    Reason::UnknownModel,
    Reason::NeedsFeature,
    Reason::AlreadyHeld,
    Reason::WrongStep,
    Reason::WrongLock,
    Reason::AlreadyIssued,
    Reason::EvaluationUsed,
    Reason::ChangedMeanwhile,
    Reason::NotReversible,
    Reason::ClockAhead,
    Reason::DamagedLedger,
    Reason::RestoredLedger,
    Reason::ForkedLedger,
    Reason::BadCatalog,
    Reason::QuantityNeeded,
    Reason::BadBackup,
    Reason::NoDesk,
    Reason::NoWitness,
    Reason::NewerLedger,
    Reason::NotALedger,
    Reason::UnsafeFolder,
    // The command line.
    Reason::BadValue,
    Reason::Usage,
    Reason::NoTerminal,
    Reason::SameFile,
    // Files, folders and their rights.
    Reason::ExposedKey,
    Reason::Exists,
    Reason::NoHome,
    Reason::NotFound,
    Reason::ReadOnly,
    Reason::DiskFull,
    Reason::FileLimit,
    Reason::OpenLimit,
    Reason::NoMemory,
    Reason::NotAFile,
    Reason::BadName,
    Reason::Busy,
    Reason::OutputClosed,
    Reason::Io,
    // A defect has no file.
    Reason::Internal,
];

/// The files, written anew first where that is asked for.
fn vectors() -> BTreeMap<String, Vec<u8>> {
    static BLESS: Once = Once::new();
    BLESS.call_once(|| {
        if std::env::var_os("AIRLATCH_BLESS").is_none() {
            return;
        }
        let made = vectors_make::all();
        for path in on_disk().keys().filter(|path| !made.contains_key(*path)) {
            std::fs::remove_file(folder().join(path)).unwrap();
        }
        for (path, bytes) in made {
            let path = folder().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    });
    on_disk()
}

fn is_key(path: &str) -> bool {
    path.starts_with("keys/")
}

/// The readers of the desk's own files are with the tests of the desk.
const OF_THE_DESK: [&str; 4] = ["grant", "list", "fleet", "mac"];

#[test]
fn every_vector_gets_its_answer() {
    let files = vectors();
    let wrong = run_all(&files, READERS);
    assert!(wrong.is_empty(), "{} vectors fail\n{}", wrong.len(), wrong.join("\n"));
    let known = |path: &&String| {
        let folder = path.split('/').next().unwrap_or_default();
        is_key(path) || OF_THE_DESK.contains(&folder) || READERS.iter().any(|(ours, _)| *ours == folder)
    };
    let unread: Vec<&String> = files.keys().filter(|path| !known(path)).collect();
    assert!(unread.is_empty(), "nobody reads {unread:?}");
}

#[test]
fn every_reason_of_a_reader_has_a_vector() {
    let files = vectors();
    let mut shown = BTreeSet::new();
    for (_, bytes) in files.iter().filter(|(path, _)| !is_key(path)) {
        let mut vector = Vector::parse(bytes).unwrap();
        shown.extend(expected(&vector.must("expect").unwrap()).unwrap());
    }
    let missing: Vec<&str> = Reason::ALL
        .iter()
        .filter(|reason| !shown.contains(reason) && !NOT_OF_READERS.contains(reason))
        .map(|reason| reason.word())
        .collect();
    assert!(missing.is_empty(), "no vector shows {missing:?}");
    let both: Vec<&str> = NOT_OF_READERS.iter().filter(|r| shown.contains(r)).map(|r| r.word()).collect();
    assert!(both.is_empty(), "a vector shows {both:?}, which no reader gives");
}

#[test]
fn the_files_are_what_the_generator_makes() {
    let (disk, made) = (vectors(), vectors_make::all());
    let paths: BTreeSet<&String> = disk.keys().chain(made.keys()).collect();
    let difference = |path: &&String| match (disk.get(*path), made.get(*path)) {
        (Some(disk), Some(made)) if disk == made => None,
        (Some(_), Some(_)) => Some(format!("{path} differs from what is made now")),
        (None, _) => Some(format!("{path} is not there")),
        (_, None) => Some(format!("{path} is made no more, but a vector stays for ever")),
    };
    let stale: Vec<String> = paths.iter().filter_map(difference).collect();
    assert!(stale.is_empty(), "{}\nto write them: AIRLATCH_BLESS=1", stale.join("\n"));
}

/// The payloads were written by hand from the specification; the writer makes the same bytes of what was read.
#[test]
fn the_writer_writes_what_the_specification_says() {
    let files = vectors();
    let keys = keys(&files);
    let trusted: TrustedSet = [PublicKey::from_pem(&keys["vendor"]).unwrap()].into_iter().collect();
    for name in [
        "plain",
        "all-fields",
        "permanent",
        "host-differs-in-0",
        "locking-id",
        "mac",
        "site",
        "request-named",
        "model",
        "grace-days",
        "grace-days-most",
        "advisory",
        "transferable-false",
        "periods",
        "period-permanent",
        "period-gap",
        "ledger",
        "ledger-first-entry",
        "ledger-last-entry",
        "every-new-field",
    ] {
        let body = Vector::parse(&files[&format!("document/{name}")]).unwrap().body;
        let (sealed, repairs) = format::open_one(&body).unwrap();
        assert!(repairs.is_empty(), "{name}: {repairs:?}");
        let license = format::read_license(&sealed, &trusted).unwrap();
        let payload = format::write_license(license.get()).unwrap();
        assert_eq!(text(&payload), text(sealed.unverified_payload()), "{name}");
    }
    for name in ["receipt", "receipt-note"] {
        let body = Vector::parse(&files[&format!("document/{name}")]).unwrap().body;
        let (sealed, _) = format::open_one(&body).unwrap();
        let payload = format::write_receipt(format::read_receipt(&sealed).unwrap().get()).unwrap();
        assert_eq!(text(&payload), text(sealed.unverified_payload()), "{name}");
    }
    let body = Vector::parse(&files["document/clock-reset"]).unwrap().body;
    let (sealed, _) = format::open_one(&body).unwrap();
    let payload = format::write_reset(format::read_reset(&sealed, &trusted).unwrap().get()).unwrap();
    assert_eq!(text(&payload), text(sealed.unverified_payload()), "clock-reset");
}

/// All vectors of valid requests count, so that a new field is compared as soon as it has a vector. A writer does not repeat
/// the fields it does not know.
#[test]
fn the_writer_writes_requests_as_the_specification_says() {
    for (path, bytes) in &vectors() {
        if !path.starts_with("document/") {
            continue;
        }
        let mut vector = Vector::parse(bytes).unwrap();
        let is_valid = vector.must("expect").unwrap() == "valid";
        if !is_valid
            || vector.take("wanted").as_deref() != Some("request")
            || vector.take("unknown").is_some()
        {
            continue;
        }
        let (sealed, _) = format::open_one(&vector.body).unwrap();
        let payload = format::write_request(format::read_request(&sealed).unwrap().get()).unwrap();
        let (written, stored) = (text(&payload), text(sealed.unverified_payload()));
        if IN_ANOTHER_ORDER.contains(&path.as_str()) {
            assert_eq!(sorted(written), sorted(stored), "{path}");
        } else {
            assert_eq!(written, stored, "{path}");
        }
    }
}

/// Requests whose fields are not in the order of the specification; a reader accepts any order.
const IN_ANOTHER_ORDER: &[&str] = &["document/request-note-4096-bytes", "document/request-replaces"];

fn sorted(payload: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = payload.lines().collect();
    lines.sort_unstable();
    lines
}

#[test]
fn the_writer_writes_marks_as_the_specification_says() {
    let files = vectors();
    for name in ["clock-mark", "clock-mark-all-fields"] {
        let body = Vector::parse(&files[&format!("document/{name}")]).unwrap().body;
        let (sealed, _) = format::open_one(&body).unwrap();
        let payload = format::write_clock_mark(format::read_clock_mark(&sealed).unwrap().get()).unwrap();
        assert_eq!(text(&payload), text(sealed.unverified_payload()), "{name}");
    }
}

fn text(payload: &[u8]) -> &str {
    std::str::from_utf8(payload).unwrap()
}

#[test]
fn a_head_that_is_not_understood_is_refused() {
    let said = |text: &str| run("code/x", text.as_bytes(), &BTreeMap::new(), READERS).unwrap_err();
    let body = "\nkind: System ID\n\nH22QD-VQQAW-CRECM-P2JKY-ZPGXT\n";
    assert!(said(&format!("expect: vallid\ncomment: x{body}")).contains("no reason"));
    assert!(said(&format!("expect: valid\ncomment: x\ncolour: red{body}")).contains("not understood"));
    assert!(said(&format!("expect: valid\ncomment:{body}")).contains("comment"));
    assert!(said(&format!("expect: bad-code\ncomment: x{body}")).contains("valid came"));
    assert!(said("expect: valid\ncomment: x\nkind: System ID\n").contains("empty line"));
    assert!(said(&format!("expect: valid\ncomment: x\ncode: 0{body}")).contains("should be"));
}
