//! Licenses with what a ledger needs: periods, grace, model, transfer, and the mark.

use super::Vector;
use super::cast::{changed, license_payload, license_vector, of_payload};

const UNTIL: &str = "until = \"2027-11-21T00:00:00Z\"\n";
const FROM: &str = "from = \"2026-11-21T00:00:00Z\"\n";
const LOCK: &str = "\n[lock]\n";
const FIELD: &str = "bad-field";

const ID: &str = "000102030405060708090a0b0c0d0e0f";
const HEAD: &str = "00112233445566778899aabbccddeeffffeeddccbbaa99887766554433221100";

pub(crate) fn vectors() -> Vec<Vector> {
    let mut vectors = scalars();
    vectors.extend(periods());
    vectors.extend(unordered());
    vectors.extend(when());
    vectors.extend(grace());
    vectors.extend(marks());
    vectors
}

/// A period with an end, or with `permanent = true`, and with features where there are any.
fn period(end: &str, features: &str) -> String {
    let features =
        if features.is_empty() { String::new() } else { format!("\n[after.features]\n{features}\n") };
    format!("\n[[after]]\n{end}\n{features}")
}

fn until(end: &str, features: &str) -> String {
    period(&format!("until = \"{end}T00:00:00Z\""), features)
}

/// The plain license with tables in front of its lock.
fn with_tables(tables: &str) -> String {
    changed(&license_payload(), LOCK, &format!("{tables}{LOCK}"))
}

fn mark(id: &str, entry: &str, head: &str) -> String {
    format!("\n[ledger]\nid = \"{id}\"\nentry = {entry}\nhead = \"{head}\"\n")
}

fn vector(condition: &str, expect: &str, comment: &str, payload: String) -> Vector {
    of_payload(license_vector(condition, expect, comment), payload)
}

fn scalars() -> Vec<Vector> {
    let before_from = |condition, expect, comment, line: &str| {
        vector(condition, expect, comment, changed(&license_payload(), FROM, &format!("{line}{FROM}")))
    };
    let after_until = |condition, expect, comment, line: &str| {
        vector(condition, expect, comment, changed(&license_payload(), UNTIL, &format!("{UNTIL}{line}")))
    };
    vec![
        before_from("model", "valid", "The hardware model it was issued for", "model = \"IP800\"\n"),
        before_from("model-empty", FIELD, "A model of 0 bytes", "model = \"\"\n"),
        before_from("model-is-number", FIELD, "A model without quotes", "model = 800\n"),
        after_until("grace-days", "valid", "30 days of grace", "grace-days = 30\n"),
        after_until("grace-days-most", "valid", "As many days as may be", "grace-days = 3660\n"),
        after_until("grace-days-zero", FIELD, "0 days of grace do not stand there", "grace-days = 0\n"),
        after_until("grace-days-3661", FIELD, "One day too many", "grace-days = 3661\n"),
        after_until("grace-days-negative", FIELD, "-1 days", "grace-days = -1\n"),
        after_until("grace-days-is-text", FIELD, "Days in quotes", "grace-days = \"30\"\n"),
        after_until("transferable-false", "valid", "It may not move", "transferable = false\n"),
        after_until(
            "transferable-true",
            "valid",
            "`transferable = true` says nothing",
            "transferable = true\n",
        ),
        after_until("transferable-is-text", FIELD, "`transferable` in quotes", "transferable = \"false\"\n"),
        vector("every-new-field", "valid", "Model, grace, transfer, periods and ledger in one", every()),
    ]
}

fn every() -> String {
    let tables = until("2028-11-21", "sessions = 50") + &mark(ID, "7", HEAD);
    let payload = changed(&with_tables(&tables), FROM, &format!("model = \"IP800\"\n{FROM}"));
    changed(&payload, UNTIL, &format!("{UNTIL}grace-days = 30\ntransferable = false\n"))
}

fn periods() -> Vec<Vector> {
    let with =
        |condition, expect, comment, tables: String| vector(condition, expect, comment, with_tables(&tables));
    let one = until("2028-11-21", "sessions = 50");
    let permanent = period("permanent = true", "sessions = 10");
    let unknown = one.replace("Z\"\n", "Z\"\ncolour = \"red\"\n");
    let critical = changed(&with_tables(&unknown), FROM, &format!("critical = [\"after.colour\"]\n{FROM}"));
    vec![
        with(
            "periods",
            "valid",
            "Fewer, then still fewer",
            format!("{one}{}", until("2029-11-21", "sessions = 5")),
        ),
        with("period-permanent", "valid", "The last period has no end", format!("{one}{permanent}")),
        with(
            "period-gap",
            "valid",
            "Two terms that don't meet",
            until("2028-11-21", "") + &until("2029-11-21", "sessions = 5"),
        ),
        with("periods-32", "valid", "As many periods as may be", climbing(32)),
        with("period-unknown-field-ignored", "valid", "A field nobody knows, in a period", unknown)
            .with("unknown", "after.colour"),
        vector(
            "period-critical-unknown",
            "unknown-critical",
            "A critical field nobody knows, in a period",
            critical,
        ),
    ]
}

/// So many periods, each a year.
fn climbing(count: i32) -> String {
    (1..=count).map(|year| until(&format!("{}-11-21", 2027 + year), "sessions = 1")).collect()
}

/// Periods that don't follow each other.
fn unordered() -> Vec<Vector> {
    let with =
        |condition, expect, comment, tables: String| vector(condition, expect, comment, with_tables(&tables));
    let one = until("2028-11-21", "sessions = 50");
    let permanent = period("permanent = true", "sessions = 10");
    let beside_permanent = changed(&with_tables(&one), UNTIL, "permanent = true\n");
    vec![
        with("periods-33", FIELD, "One period too many", climbing(33)),
        with("period-not-later", FIELD, "It ends where it begins", until("2027-11-21", "sessions = 50")),
        with("period-earlier", FIELD, "It ends before it begins", until("2027-11-20", "sessions = 50")),
        with(
            "period-not-later-than-period",
            FIELD,
            "The second ends where the first one does",
            format!("{one}{one}"),
        ),
        with(
            "period-permanent-not-last",
            FIELD,
            "A period after one without an end",
            format!("{permanent}{one}"),
        ),
        with(
            "period-until-and-permanent",
            FIELD,
            "A period with an end that is permanent",
            period("until = \"2028-11-21T00:00:00Z\"\npermanent = true", "sessions = 50"),
        ),
        with(
            "period-without-end",
            FIELD,
            "A period without an end that is not permanent",
            period("permanent = false", "sessions = 50"),
        ),
        with(
            "period-last-empty",
            FIELD,
            "The last period allows nothing",
            format!("{one}{}", until("2029-11-21", "")),
        ),
        with("period-feature-zero", FIELD, "A count of 0 in a period", until("2028-11-21", "sessions = 0")),
        with("periods-no-array", FIELD, "`after` is one table", one.replace("[[after]]", "[after]")),
        vector("period-after-permanent", FIELD, "A period after a term without an end", beside_permanent),
    ]
}

/// The seconds around the ends of periods.
fn when() -> Vec<Vector> {
    let two = until("2028-11-21", "sessions = 150\nvideo = true");
    let gap = until("2028-11-21", "") + &until("2029-11-21", "sessions = 5");
    let at = |condition, expect, comment, tables: &str, at: &str, feature: &str| {
        let vector = license_vector(condition, expect, comment).set("at", at);
        let vector = if feature.is_empty() { vector } else { vector.with("feature", feature) };
        of_payload(vector, with_tables(tables))
    };
    let (last, first) = ("2027-11-20T23:59:59Z", "2027-11-21T00:00:00Z");
    vec![
        at("period-first-last-second", "valid", "The last second of the term", &two, last, "voicemail"),
        at(
            "period-first-over",
            "feature-missing",
            "The term had it, the period does not",
            &two,
            first,
            "voicemail",
        ),
        at(
            "period-second-not-yet",
            "quantity-short",
            "The period will hold as many",
            &two,
            last,
            "sessions=150",
        ),
        at(
            "period-second-first-second",
            "valid",
            "The first second of the period",
            &two,
            first,
            "sessions=150",
        ),
        at("period-second-no-switch-yet", "feature-missing", "The period will have it", &two, last, "video"),
        at(
            "period-last-second",
            "valid",
            "The last second of the last period",
            &two,
            "2028-11-20T23:59:59Z",
            "video",
        ),
        at(
            "period-expired",
            "expired",
            "The second in which the last period ends",
            &two,
            "2028-11-21T00:00:00Z",
            "video",
        ),
        at("gap-first-second", "not-yet-valid", "Nothing is allowed until the next term", &gap, first, ""),
        at(
            "gap-last-second",
            "not-yet-valid",
            "The second before it begins again",
            &gap,
            "2028-11-20T23:59:59Z",
            "sessions=5",
        ),
        at("gap-over", "valid", "It begins again", &gap, "2028-11-21T00:00:00Z", "sessions=5"),
    ]
}

fn grace() -> Vec<Vector> {
    let tables = until("2028-11-21", "sessions = 50");
    let payload = changed(&with_tables(&tables), UNTIL, &format!("{UNTIL}grace-days = 30\n"));
    let at = |condition, expect, comment, at: &str| {
        of_payload(license_vector(condition, expect, comment).set("at", at), payload.clone())
    };
    let graceful = |vector: Vector| vector.with("verdict", "grace");
    vec![
        at("grace-not-needed", "valid", "The last second before grace", "2028-11-20T23:59:59Z"),
        graceful(at("grace-first-second", "valid", "The first second of grace", "2028-11-21T00:00:00Z")),
        graceful(at("grace-last-second", "valid", "The last second of grace", "2028-12-20T23:59:59Z")),
        at("grace-over", "expired", "The first second after grace", "2028-12-21T00:00:00Z"),
        graceful(at("grace-feature", "valid", "What the last period held", "2028-11-21T00:00:00Z"))
            .with("feature", "sessions=50"),
        at("grace-feature-short", "quantity-short", "More than the last period held", "2028-11-21T00:00:00Z")
            .with("feature", "sessions=51"),
        at(
            "grace-not-between-periods",
            "feature-missing",
            "Grace is for the last end alone",
            "2027-11-21T00:00:00Z",
        )
        .with("feature", "voicemail"),
    ]
}

fn marks() -> Vec<Vector> {
    let with =
        |condition, expect, comment, table: String| vector(condition, expect, comment, with_tables(&table));
    let whole = mark(ID, "41", HEAD);
    let without = |start: &str| {
        let line = whole.lines().find(|line| line.starts_with(start)).unwrap();
        whole.replace(&format!("{line}\n"), "")
    };
    vec![
        with("ledger", "valid", "Where the ledger stood", whole.clone()),
        with("ledger-first-entry", "valid", "Nothing was booked before it", mark(ID, "0", HEAD)),
        with("ledger-last-entry", "valid", "2^53 - 1", mark(ID, "9007199254740991", HEAD)),
        with("ledger-entry-too-large", FIELD, "2^53", mark(ID, "9007199254740992", HEAD)),
        with("ledger-entry-negative", FIELD, "-1", mark(ID, "-1", HEAD)),
        with("ledger-entry-is-text", FIELD, "A number in quotes", mark(ID, "\"41\"", HEAD)),
        with("ledger-id-missing", FIELD, "There is no `id`", without("id")),
        with("ledger-entry-missing", FIELD, "There is no `entry`", without("entry")),
        with("ledger-head-missing", FIELD, "There is no `head`", without("head")),
        with("ledger-id-short", FIELD, "31 digits", mark(&ID[1..], "41", HEAD)),
        with("ledger-id-in-capitals", FIELD, "Capital digits", mark(&ID.to_uppercase(), "41", HEAD)),
        with("ledger-head-short", FIELD, "63 digits", mark(ID, "41", &HEAD[1..])),
        with("ledger-head-long", FIELD, "65 digits", mark(ID, "41", &format!("{HEAD}0"))),
        with("ledger-head-no-digit", FIELD, "A letter g", mark(ID, "41", &HEAD.replacen('f', "g", 1))),
        with("ledger-no-table", FIELD, "`ledger` is an array", whole.replace("[ledger]", "[[ledger]]")),
        with(
            "ledger-unknown-field-ignored",
            "valid",
            "A field nobody knows, in the mark",
            format!("{whole}colour = 1\n"),
        )
        .with("unknown", "ledger.colour"),
    ]
}
