//! Clock marks and their effect on a verdict: clock rollback, activation periods, released licenses.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use airlatch_core::model::CodeKind;

use super::Vector;
use super::cast::{
    HOST, OTHER_HOST, VENDOR, changed, code, license_payload, license_vector, of_payload, of_sealed, sealed,
    system_id,
};

const NONCE: &str = "6e6f626f647920666f72657365657321";

pub(crate) fn vectors() -> Vec<Vector> {
    let mut vectors = marks();
    vectors.extend(owners());
    vectors.extend(clock());
    vectors.extend(set_back());
    vectors.extend(lost());
    vectors.extend(starter());
    vectors.extend(released());
    vectors
}

/// The payload of a mark of this installation, with `more` behind the nonce.
fn mark_of(seed: u8, more: &str) -> String {
    format!("system-id = \"{}\"\nnonce = \"{NONCE}\"\n{more}", system_id(seed))
}

/// A license judged by a host that remembers this.
pub(super) fn remembering(vector: Vector, more: &str) -> Vector {
    vector.with("mark", STANDARD.encode(sealed("clock mark", mark_of(HOST, more).as_bytes(), HOST)))
}

/// The document id of a license of the vendor.
pub(super) fn document(payload: &str) -> String {
    let bytes = sealed("license", payload.as_bytes(), VENDOR);
    code(CodeKind::Document, "airlatch document v1", &[b"license\n", &bytes[..]].concat())
}

fn mark(condition: &str, expect: &str, comment: &str, payload: &str, seed: u8) -> Vector {
    let vector = Vector::new(format!("document/clock-mark{condition}"), expect, comment);
    let vector = vector.with("wanted", "clock-mark");
    of_sealed(vector, "CLOCK MARK", &sealed("clock mark", payload.as_bytes(), seed))
}

/// Marks that name no host of their own, or nothing that makes a reset work once.
fn owners() -> Vec<Vector> {
    vec![
        mark(
            "-foreign",
            "foreign-request",
            "Signed by another host than it names",
            &mark_of(HOST, ""),
            OTHER_HOST,
        ),
        mark(
            "-by-vendor",
            "foreign-request",
            "Not even the vendor signs for a host",
            &mark_of(HOST, ""),
            VENDOR,
        ),
        mark(
            "-nonce-missing",
            "bad-field",
            "No nonce",
            &mark_of(HOST, "").replace(&format!("nonce = \"{NONCE}\"\n"), ""),
            HOST,
        ),
        mark(
            "-nonce-short",
            "bad-field",
            "A nonce of 15 bytes",
            &mark_of(HOST, "").replace(NONCE, &NONCE[2..]),
            HOST,
        ),
    ]
}

fn marks() -> Vec<Vector> {
    let with =
        |condition, expect, comment, more: &str| mark(condition, expect, comment, &mark_of(HOST, more), HOST);
    let id = document(&license_payload());
    let all = format!(
        "resets = 2\nlatest = \"2026-11-21T12:00:00Z\"\nlost = \"2026-11-20T12:00:00Z\"\n\n[jump]\nfrom = \"2026-11-01T12:00:00Z\"\n\
         to = \"2026-11-20T12:00:00Z\"\n\n[starts]\n\
         call-services = \"2026-11-01T00:00:00Z\"\n\n[[drift]]\nlicense = \"{id}\"\nused = 90061\n\
         last = \"2026-11-21T12:00:00Z\"\n\n[[clock-grace]]\nlicense = \"{id}\"\nused = 61\n\n[[released]]\nlicense = \"{id}\"\nproduct = \"call-services\"\n\
         ledger = \"00112233445566778899aabbccddeeff\"\nentry = 12\nat = \"2026-11-20T00:00:00Z\"\n"
    );
    let bad = |condition, comment, from: &str, to: &str| {
        with(condition, "bad-field", comment, &changed(&all, from, to))
    };
    vec![
        with("", "valid", "A host that remembers nothing yet", ""),
        with("-all-fields", "valid", "Every field is there", &all),
        with("-unknown-field", "valid", "A field nobody knows", "colour = \"red\"\n"),
        with(
            "-critical",
            "unknown-critical",
            "It is critical",
            "critical = [\"colour\"]\ncolour = \"red\"\n",
        ),
        with("-latest-bad-time", "bad-time", "No time", "latest = \"tomorrow\"\n"),
        bad("-jump-half", "A jump from nowhere", "from = \"2026-11-01T12:00:00Z\"\n", ""),
        bad("-resets-negative", "Negative resets", "resets = 2", "resets = -2"),
        bad("-used-negative", "Negative seconds", "used = 90061", "used = -1"),
        bad("-used-missing", "No seconds", "used = 90061\n", ""),
        bad("-used-above-limit", "More seconds than a number may be", "90061", "9007199254740992"),
        bad(
            "-drift-no-license",
            "A drift of no license",
            &format!("[[drift]]\nlicense = \"{id}\"\n"),
            "[[drift]]\n",
        ),
        bad("-start-bad-product", "No name of a product", "call-services = ", "\"Call Services\" = "),
        with(
            "-seen",
            "valid",
            "What its clocks showed, and how far one was set back",
            &format!(
                "set-back = 60\n\n[seen]\nclock = \"2026-11-21T12:00:00Z\"\nboot = \"{NONCE}\"\nrunning = 86400\n"
            ),
        ),
        with(
            "-seen-half",
            "bad-field",
            "The time since the start, without which start",
            "[seen]\nclock = \"2026-11-21T12:00:00Z\"\nrunning = 86400\n",
        ),
        with(
            "-seen-no-clock",
            "bad-field",
            "Nothing was seen",
            &format!("[seen]\nboot = \"{NONCE}\"\nrunning = 86400\n"),
        ),
        with("-set-back-negative", "bad-field", "A clock set back by less than nothing", "set-back = -1\n"),
        bad("-released-ledger-alone", "A ledger without an entry", "entry = 12\n", ""),
    ]
}

/// The license of a year; it was issued at the beginning of 2026-11-21, and is asked for on 2027-01-01.
fn clock() -> Vec<Vector> {
    let license = |condition, expect, comment, latest: &str, payload: &str| {
        let vector = of_payload(license_vector(condition, expect, comment), payload);
        remembering(vector, &format!("latest = \"{latest}\"\n"))
    };
    let plain = license_payload();
    let permanent = changed(&plain, "until = \"2027-11-21T00:00:00Z\"\n", "permanent = true\n");
    let at = "2027-01-01T00:00:00Z";
    vec![
        license("clock-right", "valid", "The latest known time is now", at, &plain),
        license(
            "clock-behind-a-day",
            "valid",
            "A day behind is within the tolerance",
            "2027-01-02T00:00:00Z",
            &plain,
        ),
        license("clock-rollback", "clock-rollback", "A second more is not", "2027-01-02T00:00:01Z", &plain),
        license(
            "clock-rollback-permanent",
            "valid",
            "Where the clock makes no difference",
            "2027-06-01T00:00:00Z",
            &permanent,
        )
        .with("verdict", "grace"),
        license(
            "clock-rollback-permanent-from-later",
            "clock-rollback",
            "It makes one while the license has not begun",
            "2027-06-01T00:00:00Z",
            &changed(&permanent, "from = \"2026-11-21T00:00:00Z\"", "from = \"2027-07-01T00:00:00Z\""),
        ),
        of_payload(
            license_vector("clock-before-issue-a-day", "valid", "Issued a day ahead of the clock"),
            changed(&plain, "issued = \"2026-11-21T00:00:00Z\"", "issued = \"2027-01-02T00:00:00Z\""),
        ),
        of_payload(
            license_vector(
                "clock-before-issue",
                "clock-rollback",
                "Issued more than a day ahead of the clock",
            ),
            changed(&plain, "issued = \"2026-11-21T00:00:00Z\"", "issued = \"2027-01-02T00:00:01Z\""),
        ),
    ]
}

/// The license of a year where the clock was set back in small steps.
fn set_back() -> Vec<Vector> {
    let set_back = |condition, expect, comment, seconds: i64, payload: &str| {
        let vector = of_payload(license_vector(condition, expect, comment), payload);
        remembering(vector, &format!("latest = \"2027-01-01T00:00:00Z\"\nset-back = {seconds}\n"))
    };
    let plain = license_payload();
    let permanent = changed(&plain, "until = \"2027-11-21T00:00:00Z\"\n", "permanent = true\n");
    vec![
        set_back("clock-set-back", "valid", "It was set back, in all by a day", 86_400, &plain),
        set_back("clock-set-back-more", "clock-rollback", "A second more", 86_401, &plain),
        set_back(
            "clock-set-back-permanent",
            "valid",
            "Where the clock makes no difference",
            86_401,
            &permanent,
        )
        .with("verdict", "grace"),
        set_back(
            "clock-set-back-expired",
            "expired",
            "So much time has passed that it has ended",
            3600,
            &changed(&plain, "until = \"2027-11-21T00:00:00Z\"", "until = \"2027-01-01T01:00:00Z\""),
        ),
    ]
}

/// The license of a year on a host that lost its mark.
fn lost() -> Vec<Vector> {
    let lost = |condition, expect, comment, at: &str, payload: &str| {
        let vector = of_payload(license_vector(condition, expect, comment), payload);
        remembering(vector, &format!("latest = \"2027-01-01T00:00:00Z\"\nlost = \"{at}\"\n"))
    };
    let plain = license_payload();
    let permanent = changed(&plain, "until = \"2027-11-21T00:00:00Z\"\n", "permanent = true\n");
    vec![
        lost(
            "lost-mark-first-day",
            "valid",
            "The mark was lost: it works for 14 days",
            "2026-12-31T23:59:59Z",
            &plain,
        )
        .with("grace", "lost-mark")
        .with("verdict", "grace"),
        lost("lost-mark-last-second", "valid", "The last second", "2026-12-18T00:00:01Z", &plain)
            .with("grace", "lost-mark")
            .with("verdict", "grace"),
        lost("lost-mark-over", "lost-mark", "The second after", "2026-12-18T00:00:00Z", &plain),
        lost(
            "lost-mark-permanent",
            "valid",
            "Where the time makes no difference",
            "2026-12-18T00:00:00Z",
            &permanent,
        ),
        lost(
            "lost-mark-two-days",
            "valid",
            "The license says how many days",
            "2026-12-30T00:00:01Z",
            &changed(
                &plain,
                "until = \"2027-11-21T00:00:00Z\"\n",
                "until = \"2027-11-21T00:00:00Z\"\nmemory-days = 2\n",
            ),
        )
        .with("grace", "lost-mark")
        .with("verdict", "grace"),
        lost(
            "lost-mark-two-days-over",
            "lost-mark",
            "They are over",
            "2026-12-30T00:00:00Z",
            &changed(
                &plain,
                "until = \"2027-11-21T00:00:00Z\"\n",
                "until = \"2027-11-21T00:00:00Z\"\nmemory-days = 2\n",
            ),
        ),
        remembering(
            of_payload(license_vector("lost-mark-signed", "valid", "Something signed arrived since"), &plain),
            "latest = \"2026-12-31T00:00:00Z\"\nlost = \"2026-12-18T00:00:00Z\"\nsigned = \"2026-12-18T00:00:00Z\"\n",
        ),
    ]
}

fn starter() -> Vec<Vector> {
    let plain = license_payload();
    let plain = changed(&plain, "until = \"2027-11-21T00:00:00Z\"\n", "permanent = true\n");
    let payload =
        format!("{}[lock]\nkind = \"starter\"\ndays = 30\n", &plain[..plain.find("[lock]").unwrap()]);
    let host = |condition, expect, comment, more: &str| {
        remembering(of_payload(license_vector(condition, expect, comment), &payload), more)
    };
    let start = |product: &str, time: &str| format!("[starts]\n{product} = \"{time}\"\n");
    vec![
        host(
            "starter",
            "valid",
            "The last second of 30 days",
            &start("call-services", "2026-12-02T00:00:01Z"),
        )
        .with("verdict", "grace"),
        host(
            "clock-grace-starter",
            "clock-rollback",
            "Its days are counted by the clock",
            &format!(
                "latest = \"2027-01-04T00:00:00Z\"\n\n[jump]\nfrom = \"2026-12-31T00:00:00Z\"\nto = \"2027-01-03T00:00:00Z\"\n\n{}",
                start("call-services", "2026-12-30T00:00:00Z")
            ),
        ),
        host(
            "starter-over",
            "not-activated",
            "They are over",
            &start("call-services", "2026-12-02T00:00:00Z"),
        ),
        host(
            "starter-lost-mark",
            "not-activated",
            "The mark was lost: no activation period begins, and the loss is reported",
            "lost = \"2026-12-20T00:00:00Z\"\n",
        )
        .with("lost-mark", "yes"),
        host("starter-not-installed", "not-activated", "It was never installed here", ""),
        host(
            "starter-other-product",
            "not-activated",
            "Another product was",
            &start("phone", "2026-12-31T00:00:00Z"),
        ),
        host(
            "starter-clock-rollback",
            "clock-rollback",
            "Its days need a clock, although it has no end",
            &format!(
                "latest = \"2027-01-03T00:00:00Z\"\n\n{}",
                start("call-services", "2026-12-31T00:00:00Z")
            ),
        ),
    ]
}

fn released() -> Vec<Vector> {
    let plain = license_payload();
    let ledger = |entry: u64| {
        let mark = format!(
            "\n[ledger]\nid = \"00112233445566778899aabbccddeeff\"\nentry = {entry}\nhead = \"{}\"\n\n[lock]",
            "ab".repeat(32)
        );
        changed(&plain, "\n[lock]", &mark)
    };
    let given = |payload: &str| {
        format!(
            "[[released]]\nlicense = \"{}\"\nproduct = \"call-services\"\n\
             ledger = \"00112233445566778899aabbccddeeff\"\nentry = 12\nat = \"2026-12-24T00:00:00Z\"\n",
            document(payload)
        )
    };
    let host = |condition, expect, comment, entry| {
        remembering(
            of_payload(license_vector(condition, expect, comment), ledger(entry)),
            &given(&ledger(12)),
        )
    };
    vec![
        host("given-back", "released", "This license was given back", 12),
        host("given-back-earlier", "released", "One that its ledger had issued before", 11),
        host("given-back-later", "valid", "One that was issued since", 13),
    ]
}
