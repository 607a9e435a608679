//! Clock resets: what the vendor signs for one mark of one host.

use airlatch_core::model::CodeKind;

use super::Vector;
use super::cast::{HOST, STRANGER, VENDOR, changed, code, license_sealed, of_sealed, sealed, system_id};
use super::request::request_sealed;

/// The payload of a reset for the host, whose mark has this nonce.
fn payload() -> String {
    let request = [b"request\n", &request_sealed()[..]].concat();
    format!(
        "issued = \"2026-11-21T12:00:00Z\"\nproduct = \"call-services\"\nsystem-id = \"{}\"\nnonce = \"{NONCE}\"\n\
         request = \"{}\"\n",
        system_id(HOST),
        code(CodeKind::Document, "airlatch document v1", &request)
    )
}

const NONCE: &str = "000102030405060708090a0b0c0d0e0f";

/// A vector for a reset; the body is still missing.
fn vector(condition: &str, expect: &str, comment: &str) -> Vector {
    Vector::new(format!("document/{condition}"), expect, comment)
        .with("wanted", "clock-reset")
        .with("trusted", "vendor")
}

fn signed(condition: &str, expect: &str, comment: &str, payload: &str, seed: u8) -> Vector {
    let sealed = sealed("clock reset", payload.as_bytes(), seed);
    of_sealed(vector(condition, expect, comment), "CLOCK RESET", &sealed)
}

pub(crate) fn vectors() -> Vec<Vector> {
    let plain = payload();
    let with = |condition, expect, comment, from: &str, to: &str| {
        signed(condition, expect, comment, &changed(&plain, from, to), VENDOR)
    };
    let mut vectors = vec![
        signed("clock-reset", "valid", "A clock reset as it was written", &plain, VENDOR),
        with(
            "clock-reset-unknown-field",
            "valid",
            "A field nobody knows",
            "nonce =",
            "why = \"rtc\"\nnonce =",
        ),
        with(
            "clock-reset-critical-unknown",
            "unknown-critical",
            "A critical field nobody knows",
            "nonce =",
            "critical = [\"why\"]\nwhy = \"rtc\"\nnonce =",
        ),
        signed(
            "clock-reset-stranger",
            "untrusted-key",
            "A vendor whom nobody trusts signed it",
            &plain,
            STRANGER,
        ),
        signed("clock-reset-by-host", "untrusted-key", "The host itself signed it", &plain, HOST),
        with("clock-reset-nonce-short", "bad-field", "A byte of the nonce is missing", "0e0f\"", "0e\""),
        with("clock-reset-nonce-upper", "bad-field", "A nonce in capitals", "0a0b", "0A0B"),
        with(
            "clock-reset-issued-in-1969",
            "bad-time",
            "Issued before the first second",
            "2026-11",
            "1969-11",
        ),
        with(
            "clock-reset-request-other-code",
            "wrong-code",
            "A System ID where a document id belongs",
            "request =",
            &format!("request = \"{}\"\nwas =", system_id(HOST)),
        ),
        of_sealed(
            vector("clock-reset-relabelled-license", "wrong-kind", "A license that calls itself a reset"),
            "CLOCK RESET",
            &license_sealed(),
        ),
        of_sealed(
            vector("clock-reset-is-license", "wrong-kind", "A license, where a reset is asked for"),
            "LICENSE",
            &license_sealed(),
        ),
    ];
    for field in ["issued", "product", "system-id", "nonce", "request"] {
        let line = plain.lines().find(|line| line.starts_with(&format!("{field} = "))).unwrap();
        let (condition, comment) = (format!("clock-reset-{field}-missing"), format!("There is no `{field}`"));
        let without = changed(&plain, &format!("{line}\n"), "");
        vectors.push(signed(&condition, "bad-field", &comment, &without, VENDOR));
    }
    vectors
}
