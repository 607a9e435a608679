//! Licenses that only advise: an end, changed hardware and a wrong clock give a warning; anything else still refuses.

use super::Vector;
use super::cast::{OTHER_HOST, SHOWN, changed, license_payload, license_vector, of_payload, system_id};
use super::drift;
use super::mark::{document, remembering};

const UNTIL: &str = "until = \"2027-11-21T00:00:00Z\"\n";
const ENFORCEMENT: &str = "enforcement = \"advisory\"\n";

pub(crate) fn vectors() -> Vec<Vector> {
    let mut vectors = fields();
    vectors.extend(ends());
    vectors.extend(periods());
    vectors.extend(hardware());
    vectors.extend(clock());
    vectors
}

/// The plain license with `line` behind its end.
fn with(line: &str) -> String {
    changed(&license_payload(), UNTIL, &format!("{UNTIL}{line}"))
}

fn advisory(vector: Vector, reason: &str) -> Vector {
    vector.with("verdict", "advisory").with("grace", reason)
}

fn fields() -> Vec<Vector> {
    let bad = |condition: &str, comment: &str, line: &str| {
        of_payload(license_vector(condition, "bad-field", comment), with(line))
    };
    let starter = with(ENFORCEMENT);
    let lock = starter.find("kind = \"system-id\"").unwrap_or(starter.len());
    let starter = format!("{}kind = \"starter\"\ndays = 30\n", &starter[..lock]);
    vec![
        of_payload(license_vector("advisory", "valid", "Its limits only give warnings"), with(ENFORCEMENT)),
        bad("advisory-strict", "What every other license does is not written", "enforcement = \"strict\"\n"),
        bad("advisory-flag", "A word belongs here", "enforcement = true\n"),
        bad("advisory-grace-days", "It has no grace", &format!("grace-days = 30\n{ENFORCEMENT}")),
        bad("advisory-drift-days", "It has no drift days", &format!("drift-days = 30\n{ENFORCEMENT}")),
        of_payload(
            license_vector("advisory-starter", "bad-field", "The days of a starter are enforced"),
            starter,
        ),
    ]
}

fn ends() -> Vec<Vector> {
    let at = |condition: &str, expect, comment, at: &str| {
        of_payload(license_vector(condition, expect, comment).set("at", at), with(ENFORCEMENT))
    };
    let over = "2027-11-21T00:00:00Z";
    let other_host = at("advisory-other-host", "wrong-host", "Another host", over)
        .set("system-id", system_id(OTHER_HOST))
        .with("grace", "expired");
    vec![
        at("advisory-last-second", "valid", "The last second of its term", "2027-11-20T23:59:59Z"),
        advisory(at("advisory-expired", "valid", "The first second after its end", over), "expired"),
        advisory(
            at("advisory-long-ago", "valid", "Ten years after its end", "2037-11-21T00:00:00Z"),
            "expired",
        )
        .with("feature", "sessions=100"),
        at("advisory-feature-short", "quantity-short", "More than it ever had", over)
            .with("feature", "sessions=101"),
        of_payload(
            license_vector("advisory-not-yet", "not-yet-valid", "The second before its beginning")
                .set("at", "2027-01-31T23:59:59Z"),
            changed(&with(ENFORCEMENT), "from = \"2026-11-21T00:00:00Z\"", "from = \"2027-02-01T00:00:00Z\""),
        ),
        other_host,
    ]
}

/// Sessions first, from 2027-11-21 on nothing, from 2028-11-21 on video.
fn periods() -> Vec<Vector> {
    let gap = "\n[[after]]\nuntil = \"2028-11-21T00:00:00Z\"\n\n[[after]]\nuntil = \"2029-11-21T00:00:00Z\"\n\n\
               [after.features]\nsessions = 50\nvideo = true\n\n[lock]\n";
    let payload = changed(&with(ENFORCEMENT), "\n[lock]\n", gap);
    let at = |condition: &str, expect, comment, at: &str, feature: &str| {
        let vector = license_vector(condition, expect, comment).set("at", at).with("feature", feature);
        of_payload(vector, &payload)
    };
    let gap = "2027-11-21T00:00:00Z";
    vec![
        advisory(at("advisory-gap", "valid", "In a gap what ended works on", gap, "voicemail"), "expired"),
        at("advisory-gap-later", "feature-missing", "What has not begun does not", gap, "video")
            .with("grace", "expired"),
        advisory(
            at("advisory-part", "valid", "More than the period has", "2028-11-21T00:00:00Z", "sessions=100"),
            "expired",
        ),
    ]
}

/// The license for 3 of 5 components, without drift days, on a host that shows the first `same` of them.
fn hardware() -> Vec<Vector> {
    let payload = changed(&drift::payload(), "drift-days = 10\n", ENFORCEMENT);
    let on = |condition: &str, expect, comment, same: usize, more: &str| {
        let vector = of_payload(license_vector(condition, expect, comment), &payload);
        let vector = SHOWN[..same].iter().fold(vector, |vector, (kind, value)| vector.with(kind, *value));
        remembering(vector, more)
    };
    let was_valid = format!("[[drift]]\nlicense = \"{}\"\nused = 99999999\n", document(&payload));
    vec![
        advisory(
            on("advisory-drift", "valid", "Changed hardware of the licensed installation", 2, &was_valid),
            "host-drift",
        ),
        on("advisory-drift-none-same", "wrong-host", "All of it is other hardware", 0, &was_valid),
        on("advisory-never-valid", "wrong-host", "It was never valid on this host", 2, ""),
    ]
}

/// The plain license on a host that has seen a time after its end.
fn clock() -> Vec<Vector> {
    let of = |condition: &str, comment, latest: &str| {
        let vector = of_payload(license_vector(condition, "valid", comment), with(ENFORCEMENT));
        remembering(vector, &format!("latest = \"{latest}\"\n"))
    };
    vec![
        advisory(
            of("advisory-clock", "The clock is behind, in its term", "2027-06-01T00:00:00Z"),
            "clock-rollback",
        ),
        advisory(
            of("advisory-clock-expired", "The clock is behind, after its end", "2028-06-01T00:00:00Z"),
            "clock-rollback expired",
        ),
    ]
}
