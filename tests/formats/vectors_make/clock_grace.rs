//! The grace for a clock that was ahead once: a license of a year on a host whose clock is three days behind.

use super::Vector;
use super::cast::{changed, license_payload, license_vector, of_payload};
use super::mark::{document, remembering};

pub(crate) fn vectors() -> Vec<Vector> {
    let plain = license_payload();
    let id = document(&plain);
    let of = |condition: &str, expect, comment, payload: &str, before: &str, more: &str| {
        let name = format!("clock-grace{condition}");
        let vector = of_payload(license_vector(&name, expect, comment), payload);
        let mark = format!(
            "latest = \"2027-01-04T00:00:00Z\"\n\n[jump]\nfrom = \"{before}\"\nto = \"2027-01-04T00:00:00Z\"\n{more}"
        );
        remembering(vector, &mark)
    };
    let used = |used: i64, last: &str| {
        let last = if last.is_empty() { String::new() } else { format!("last = \"{last}\"\n") };
        format!("\n[[clock-grace]]\nlicense = \"{id}\"\nused = {used}\n{last}")
    };
    let rollback = "clock-rollback";
    let jump = "2026-12-31T00:00:00Z";
    let grace = |vector: Vector| vector.with("verdict", "grace");
    vec![
        grace(of("", "valid", "The clock was ahead once", &plain, jump, "")),
        grace(of(
            "-a-day-behind",
            "valid",
            "A day behind the time before",
            &plain,
            "2027-01-02T00:00:00Z",
            "",
        )),
        of("-before-jump", rollback, "A second more", &plain, "2027-01-02T00:00:01Z", ""),
        grace(of("-last-second", "valid", "One second is left", &plain, jump, &used(604_799, ""))),
        of("-used-up", rollback, "None is left", &plain, jump, &used(604_800, "")),
        grace(of(
            "-running",
            "valid",
            "What was used, and the time since the last look",
            &plain,
            jump,
            &used(100, "2026-12-25T00:01:41Z"),
        )),
        of("-ran-out", rollback, "A second earlier", &plain, jump, &used(100, "2026-12-25T00:01:40Z")),
        of("-set-back", rollback, "The way back counts", &plain, jump, &used(100, "2027-01-07T23:58:20Z")),
        of(
            "-issued-later",
            rollback,
            "A vendor's clock is no jump of the host's",
            &changed(&plain, "issued = \"2026-11-21T00:00:00Z\"", "issued = \"2027-01-02T00:00:01Z\""),
            jump,
            "",
        ),
        of(
            "-expired",
            "expired",
            "It has ended by the clock",
            &changed(&plain, "until = \"2027-11-21T00:00:00Z\"", "until = \"2027-01-01T00:00:00Z\""),
            jump,
            "",
        ),
        of(
            "-expired-before-jump",
            "expired",
            "It had ended before the clock jumped",
            &changed(&plain, "until = \"2027-11-21T00:00:00Z\"", "until = \"2027-01-01T12:00:00Z\""),
            "2027-01-01T12:00:00Z",
            "",
        ),
    ]
}
